/* SPDX-License-Identifier: MIT */
#include "openledger/refutation.h"

#include "attribution/rules.h"
#include "attribution/tree.h"
#include "crypto/keccak.h"

#include "base/poison.h"

/* The numbers of trees in a file are those of the trees. */
_Static_assert((int)OL_OPENED_TEXT == OL_TREE_TEXT && (int)OL_OPENED_SUFFIXES == OL_TREE_SUFFIXES &&
                   (int)OL_OPENED_FIRST == OL_TREE_FIRST && (int)OL_OPENED_DOCUMENTS == OL_TREE_DOCUMENTS,
               "trees of a corpus");

#define FRONT_BYTES (4 + 1 + OL_CORPUS_HEADER_BYTES + 1 + 1)
#define LEVEL_BYTES 48 /* of first occurrences */
#define TOP_BYTES 8

static const char magic[5] = {'A', 'T', 'R', 'F', 1};

/*
 * Numbers that are out of range are not refused here, as ol_corpus_header_read may: that they are is what a refutation
 * can show.
 */
static void read_header(ol_corpus_header *out, const uint8_t *bytes) {
  out->n = ol_load_be64(bytes);
  memcpy(out->text_root.bytes, bytes + 8, 32);
  memcpy(out->suffix_root.bytes, bytes + 40, 32);
  memcpy(out->first_root.bytes, bytes + 72, 32);
  out->i0 = ol_load_be64(bytes + 104);
  memcpy(out->document_root.bytes, bytes + 112, 32);
  out->documents = ol_load_be64(bytes + 144);
  out->epoch = ol_load_be64(bytes + 152);
}

static void write_header(uint8_t *out, const ol_corpus_header *header) {
  ol_store_be64(out, header->n);
  memcpy(out + 8, header->text_root.bytes, 32);
  memcpy(out + 40, header->suffix_root.bytes, 32);
  memcpy(out + 72, header->first_root.bytes, 32);
  ol_store_be64(out + 104, header->i0);
  memcpy(out + 112, header->document_root.bytes, 32);
  ol_store_be64(out + 144, header->documents);
  ol_store_be64(out + 152, header->epoch);
}

static void corpus_id(ol_hash *out, const uint8_t *header) {
  static const uint8_t tag[] = {'A', 'T', 'R', '1', '.', 'c', 'o', 'r', 'p', 'u', 's'};
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, tag, sizeof tag);
  ol_keccak_update(&keccak, header, OL_CORPUS_HEADER_BYTES);
  ol_keccak_final(&keccak, out);
}

/* --- Openings --- */

uint64_t ol_opening_leaves(const ol_corpus_header *header, uint32_t tree) {
  switch (tree) {
  case OL_OPENED_TEXT: return header->n / OL_RULE_CHUNK_BYTES + (header->n % OL_RULE_CHUNK_BYTES != 0);
  case OL_OPENED_SUFFIXES:
  case OL_OPENED_FIRST: return header->n;
  case OL_OPENED_DOCUMENTS: return header->documents;
  default: return 0;
  }
}

static size_t level_bytes(uint32_t tree) {
  return tree == OL_OPENED_FIRST ? LEVEL_BYTES : sizeof(ol_hash);
}

static size_t top_bytes(uint32_t tree) {
  return tree == OL_OPENED_FIRST ? TOP_BYTES : 0;
}

size_t ol_opening_path_len(const ol_corpus_header *header, uint32_t tree, uint64_t index) {
  uint64_t leaves = ol_opening_leaves(header, tree);
  if (index >= leaves) return 0;
  size_t levels = 0;
  for (uint64_t last = leaves - 1; last != 0; index >>= 1, last >>= 1) {
    if (index != last || (index & 1) != 0) levels++;
  }
  return levels * level_bytes(tree) + top_bytes(tree);
}

static const ol_hash *root_of(const ol_corpus_header *header, uint32_t tree) {
  switch (tree) {
  case OL_OPENED_TEXT: return &header->text_root;
  case OL_OPENED_SUFFIXES: return &header->suffix_root;
  case OL_OPENED_FIRST: return &header->first_root;
  default: return &header->document_root;
  }
}

/* The minima are those that are recorded: a node gets its own from the level above. In: a path of the right length. */
static void opened_root(ol_hash *out, const ol_opening *opening, uint64_t leaves) {
  ol_tree_kind kind = (ol_tree_kind)opening->tree;
  bool is_first = opening->tree == OL_OPENED_FIRST;
  const uint8_t *at = opening->path.data;
  uint64_t index = opening->index;
  ol_tree_node node = {.high = 0, .low = 0};
  ol_tree_leaf_hash(&node.hash, kind, index, opening->payload);
  for (uint64_t last = leaves - 1; last != 0; index >>= 1, last >>= 1) {
    if (index == last && (index & 1) == 0) continue;
    if (is_first) {
      node.low = ol_load_be64(at);
      at += 8;
    }
    ol_tree_node sibling;
    ol_tree_read(&sibling, kind, at);
    at += ol_tree_annotation_len(kind) + sizeof(ol_hash);
    bool is_right = (index & 1) != 0;
    ol_tree_node parent = {.high = 0, .low = 0};
    ol_tree_join_as(&parent, kind, is_right ? &sibling : &node, is_right ? &node : &sibling);
    node = parent;
  }
  if (is_first) node.low = ol_load_be64(at);
  ol_tree_root(out, kind, leaves, &node);
}

ol_status ol_opening_check(ol_error *error, const ol_corpus_header *header, const ol_opening *opening) {
  if (opening->tree >= OL_OPENED_TREES)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there is no such tree");
  uint64_t leaves = ol_opening_leaves(header, opening->tree);
  if (opening->index >= leaves) {
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "the index is behind the last leaf");
  }
  if (opening->path.len != ol_opening_path_len(header, opening->tree, opening->index)) {
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "the path has not as many levels as the index has");
  }
  ol_hash root;
  opened_root(&root, opening, leaves);
  if (ol_hash_equal(&root, root_of(header, opening->tree))) return OL_OK;
  return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "the opening is not under the header's root");
}

/* --- The file --- */

typedef struct reader {
  ol_slice bytes;
  size_t at;
} reader;

/* Returns: where `len` bytes lie, which are behind now; NULL where the file ends before. */
static const uint8_t *take(reader *in, size_t len) {
  if (in->bytes.len - in->at < len) return NULL;
  const uint8_t *at = in->bytes.data + in->at;
  in->at += len;
  return at;
}

static ol_status cut(ol_error *error, const reader *in) {
  return ol_fail(error, OL_ERR_ENCODING, in->at, "the refutation is cut");
}

static ol_status read_opening(ol_error *error, ol_opening *out, reader *in) {
  const uint8_t *front = take(in, 11);
  if (front == NULL) return cut(error, in);
  out->tree = front[0];
  if (out->tree >= OL_OPENED_TREES)
    return ol_fail(error, OL_ERR_ENCODING, in->at - 11, "there is no such tree");
  out->index = ol_load_be64(front + 1);
  out->payload.len = (size_t)front[9] << 8 | front[10];
  out->payload.data = take(in, out->payload.len);
  if (out->payload.data == NULL) return cut(error, in);
  const uint8_t *levels = take(in, 1);
  if (levels == NULL) return cut(error, in);
  out->path.len = *levels * level_bytes(out->tree) + top_bytes(out->tree);
  out->path.data = take(in, out->path.len);
  return out->path.data == NULL ? cut(error, in) : OL_OK;
}

static ol_status read_file(ol_error *error, ol_refutation *out, ol_slice bytes) {
  reader in = {bytes, 0};
  const uint8_t *front = take(&in, FRONT_BYTES);
  if (front == NULL) return cut(error, &in);
  for (size_t i = 0; i < sizeof magic; i++) {
    if (front[i] == (uint8_t)magic[i]) continue;
    return ol_fail(error, OL_ERR_ENCODING, i, i < 4 ? "this is no refutation" : "the version is not 1");
  }
  read_header(&out->header, front + sizeof magic);
  corpus_id(&out->corpus_id, front + sizeof magic);
  out->rule = front[FRONT_BYTES - 2];
  out->count = front[FRONT_BYTES - 1];
  if (out->rule >= OL_CORPUS_RULES) {
    return ol_fail(error, OL_ERR_ENCODING, FRONT_BYTES - 2, "there is no such rule");
  }
  if (out->count > OL_REFUTATION_OPENINGS) {
    return ol_fail(error, OL_ERR_ENCODING, FRONT_BYTES - 1, "there are more than three openings");
  }
  for (uint32_t i = 0; i < out->count; i++) OL_TRY(read_opening(error, &out->openings[i], &in));
  if (in.at != bytes.len) return ol_fail(error, OL_ERR_ENCODING, in.at, "bytes are left over");
  return OL_OK;
}

ol_status ol_refutation_read(ol_error *error, ol_refutation *out, ol_slice bytes) {
  ol_refutation refutation = {.text = "", .place = OL_RULE_NOWHERE};
  OL_TRY(read_file(error, &refutation, bytes));
  for (uint32_t i = 0; i < refutation.count; i++) {
    ol_status status = ol_opening_check(error, &refutation.header, &refutation.openings[i]);
    OL_TRY(ol_error_in(error, status, "opening", i));
  }
  OL_TRY(ol_refutation_judge(error, &refutation));
  ol_error_clear(error);
  *out = refutation;
  return OL_OK;
}

static ol_status check_opening(ol_error *error, const ol_opening *opening, size_t *levels) {
  if (opening->tree >= OL_OPENED_TREES)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there is no such tree");
  if (opening->payload.len > OL_REFUTATION_PAYLOAD) {
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "a payload is longer than can be opened");
  }
  size_t top = top_bytes(opening->tree);
  size_t level = level_bytes(opening->tree);
  if (opening->path.len < top || (opening->path.len - top) % level != 0 ||
      (opening->path.len - top) / level > OL_REFUTATION_LEVELS) {
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "a path has not the length of one");
  }
  *levels = (opening->path.len - top) / level;
  return OL_OK;
}

static uint8_t *put(uint8_t *at, ol_slice bytes) {
  if (bytes.len > 0) memcpy(at, bytes.data, bytes.len);
  return at + bytes.len;
}

ol_status ol_refutation_write(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                              const ol_corpus_header *header, uint32_t rule, const ol_opening *openings,
                              size_t openings_len) {
  size_t levels[OL_REFUTATION_OPENINGS];
  if (rule >= OL_CORPUS_RULES) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there is no such rule");
  if (openings_len > OL_REFUTATION_OPENINGS) {
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "there are more than three openings");
  }
  size_t needed = FRONT_BYTES;
  for (size_t i = 0; i < openings_len; i++) {
    ol_status status = check_opening(error, &openings[i], &levels[i]);
    OL_TRY(ol_error_in(error, status, "opening", (uint32_t)i));
    needed += 12 + openings[i].payload.len + openings[i].path.len;
  }
  if (needed > len)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "the refutation is longer than its memory");
  uint8_t *at = put(out, ol_slice_of(magic, sizeof magic));
  write_header(at, header);
  at += OL_CORPUS_HEADER_BYTES;
  *at++ = (uint8_t)rule;
  *at++ = (uint8_t)openings_len;
  for (size_t i = 0; i < openings_len; i++) {
    const ol_opening *opening = &openings[i];
    *at++ = (uint8_t)opening->tree;
    ol_store_be64(at, opening->index);
    at[8] = (uint8_t)(opening->payload.len >> 8);
    at[9] = (uint8_t)opening->payload.len;
    at = put(at + 10, opening->payload);
    *at++ = (uint8_t)levels[i];
    at = put(at, opening->path);
  }
  *out_len = needed;
  return OL_OK;
}
