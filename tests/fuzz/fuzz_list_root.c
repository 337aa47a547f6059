/* SPDX-License-Identifier: MIT */

/* The input cut into the items of a list, each behind a byte with its length: root, and the proof of one item,
 * which proves that item alone. The first two bytes choose the item and a bit to be flipped. */

#include "fuzz/fuzz.h"
#include "trie/trie.h"

#define ITEMS_MAX 400

static size_t cut_items(ol_slice items[ITEMS_MAX], fuzz_input *in) {
  size_t count = 0;
  while (in->left > 1 && count < ITEMS_MAX) {
    size_t len = fuzz_u8(in);
    /* An item that is said to be empty is one of 200 bytes and more, where there are so many. */
    items[count++] = fuzz_cut(in, len > 0 ? len : 200u + fuzz_u8(in));
    if (items[count - 1].len == 0) count--;
  }
  return count;
}

static void check_proof(const ol_slice *items, size_t count, size_t index, const ol_hash *root,
                        const fuzz_proof *proof, uint8_t flip) {
  ol_error error;
  ol_slice value = {NULL, 0};
  FUZZ_REQUIRE(ol_trie_list_prove(&error, &value, root, index, proof->nodes, proof->count) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(value, items[index]));

  const uint64_t others[] = {0, index + 1, index + 128, index * 256, UINT64_MAX - index};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    ol_status status = ol_trie_list_prove(&error, &value, root, others[i], proof->nodes, proof->count);
    if (status != OL_OK)
      fuzz_refused(&error, status, 1 << 16);
    else if (others[i] < count)
      FUZZ_REQUIRE(fuzz_same(value, items[others[i]]));
    else
      FUZZ_REQUIRE(value.data == NULL);
  }

  ol_slice node = proof->nodes[flip % proof->count];
  uint8_t *byte = (uint8_t *)(uintptr_t)node.data + (size_t)flip * 7 % node.len;
  *byte ^= (uint8_t)(1u << flip % 8);
  ol_status status = ol_trie_list_prove(&error, &value, root, index, proof->nodes, proof->count);
  FUZZ_REQUIRE(status == OL_ERR_PROOF);
  fuzz_refused(&error, status, 1 << 16);
  *byte ^= (uint8_t)(1u << flip % 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_input in = {data, len};
  static ol_slice items[ITEMS_MAX];
  ol_hash root, again;
  size_t index = fuzz_u8(&in);
  uint8_t flip = fuzz_u8(&in);
  size_t count = cut_items(items, &in);
  ol_trie_list_root(&root, items, count, NULL);
  FUZZ_REQUIRE((count == 0) == ol_hash_equal(&root, &ol_trie_empty_root));
  if (count == 0) return 0;
  index = (index + (count > 256 ? (size_t)flip : 0)) % count;

  fuzz_proof proof = {.count = 0};
  const ol_trie_sink sink = {.node = fuzz_take_node, .context = &proof, .index = index};
  ol_trie_list_root(&again, items, count, &sink);
  FUZZ_REQUIRE(ol_hash_equal(&again, &root));
  check_proof(items, count, index, &root, &proof, flip);
  fuzz_free_proof(&proof);

  ol_slice kept = items[index];
  uint8_t *changed = fuzz_copy(kept.data, kept.len);
  changed[kept.len / 2] ^= 1;
  items[index] = ol_slice_of(changed, kept.len);
  ol_trie_list_root(&again, items, count, NULL);
  FUZZ_REQUIRE(!ol_hash_equal(&again, &root));
  items[index] = kept;
  free(changed);
  ol_trie_list_root(&again, items, count - 1, NULL);
  FUZZ_REQUIRE(!ol_hash_equal(&again, &root));
  return 0;
}
