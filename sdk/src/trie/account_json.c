/* SPDX-License-Identifier: MIT */
#include "trie/account.h"

#include "trie/trie.h"

#include "base/poison.h"

/* Reads an array of hex strings into slices. Out: `nodes`, and how many. */
static ol_status read_nodes(ol_error *error, ol_slice nodes[OL_LIMIT_TRIE_NODES], size_t *out_count,
                            ol_arena *arena, ol_json array) {
  ol_json_items items;
  ol_json item;
  OL_TRY(ol_json_array(error, &items, array));
  if (items.left > OL_LIMIT_TRIE_NODES)
    return ol_fail(error, OL_ERR_LIMIT, array.offset, "proof has too many nodes");
  size_t count = 0;
  while (ol_json_next(&item, NULL, &items)) {
    ol_status status = ol_json_hex(error, &nodes[count], arena, item);
    if (status != OL_OK) {
      error->node = (uint32_t)count;
      return status;
    }
    count++;
  }
  *out_count = count;
  return OL_OK;
}

static ol_status read_proof(ol_error *error, ol_slice nodes[OL_LIMIT_TRIE_NODES], size_t *out_count,
                            ol_arena *arena, ol_json object, const char *name) {
  ol_json array;
  OL_TRY(ol_json_need(error, &array, object, name, "proof is missing"));
  return read_nodes(error, nodes, out_count, arena, array);
}

/* Compares a 32-byte claim with what was proven. */
static ol_status check_hash(ol_error *error, ol_json result, const char *name, const ol_hash *proven,
                            bool exists) {
  ol_json claim;
  ol_hash claimed;
  static const ol_hash zero;
  OL_TRY(ol_json_need(error, &claim, result, name, "claim is missing"));
  OL_TRY(ol_json_hex_fixed(error, claimed.bytes, sizeof claimed.bytes, claim));
  /* For an absent account some servers claim hashes of zero. */
  if (ol_hash_equal(&claimed, proven) || (!exists && ol_hash_equal(&claimed, &zero))) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, claim.offset, "claimed hash is not the proven one");
}

static ol_status check_u256(ol_error *error, ol_json object, const char *name, const ol_u256 *proven) {
  ol_json claim;
  ol_u256 claimed;
  OL_TRY(ol_json_need(error, &claim, object, name, "claim is missing"));
  OL_TRY(ol_json_hex_u256(error, &claimed, claim));
  if (memcmp(claimed.bytes, proven->bytes, sizeof claimed.bytes) == 0) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, claim.offset, "claimed value is not the proven one");
}

static ol_status check_address(ol_error *error, ol_json result, const ol_address *address) {
  ol_json claim;
  ol_address claimed;
  OL_TRY(ol_json_need(error, &claim, result, "address", "claim is missing"));
  OL_TRY(ol_json_hex_fixed(error, claimed.bytes, sizeof claimed.bytes, claim));
  if (memcmp(claimed.bytes, address->bytes, sizeof claimed.bytes) == 0) return OL_OK;
  return ol_fail(error, OL_ERR_MISMATCH, claim.offset, "proof is for another address");
}

static ol_status check_claims(ol_error *error, ol_json result, const ol_account *account) {
  ol_u256 nonce = {{0}};
  ol_store_be64(nonce.bytes + 24, account->nonce);
  bool exists = account->exists != 0;
  OL_TRY(ol_error_in(error, check_u256(error, result, "balance", &account->balance), "balance", OL_NOWHERE));
  OL_TRY(ol_error_in(error, check_u256(error, result, "nonce", &nonce), "nonce", OL_NOWHERE));
  OL_TRY(ol_error_in(error, check_hash(error, result, "storageHash", &account->storage_root, exists),
                     "storageHash", OL_NOWHERE));
  return ol_error_in(error, check_hash(error, result, "codeHash", &account->code_hash, exists), "codeHash",
                     OL_NOWHERE);
}

/* Reads one element of storageProof, which must be for the key in `slot`, and proves its value. */
static ol_status verify_slot(ol_error *error, ol_slot *slot, ol_arena *arena, const ol_hash *storage_root,
                             ol_json element) {
  ol_slice nodes[OL_LIMIT_TRIE_NODES];
  size_t count;
  ol_json key;
  ol_u256 claimed;
  OL_TRY(ol_json_need(error, &key, element, "key", "storage key is missing"));
  OL_TRY(ol_json_hex_u256(error, &claimed, key));
  if (memcmp(claimed.bytes, slot->key.bytes, sizeof claimed.bytes) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, key.offset, "storage proof is for another slot");
  OL_TRY(read_proof(error, nodes, &count, arena, element, "proof"));
  OL_TRY(ol_storage_verify(error, &slot->value, storage_root, &slot->key, nodes, count));
  return check_u256(error, element, "value", &slot->value);
}

static ol_status read_slots(ol_error *error, ol_json_items *out, ol_json *out_array, ol_json result) {
  OL_TRY(ol_json_need(error, out_array, result, "storageProof", "storage proofs are missing"));
  return ol_json_array(error, out, *out_array);
}

ol_status ol_storage_proof_nodes(ol_error *error, ol_slice out[OL_LIMIT_TRIE_NODES], size_t *out_count,
                                 ol_arena *arena, ol_json result, size_t index) {
  ol_json array, element;
  ol_json_items items;
  OL_TRY(read_slots(error, &items, &array, result));
  while (ol_json_next(&element, NULL, &items)) {
    if (index-- == 0) return read_proof(error, out, out_count, arena, element, "proof");
  }
  return ol_fail(error, OL_ERR_ENCODING, array.offset, "result has no proof of this slot");
}

static ol_status verify_slots(ol_error *error, ol_slot *slots, size_t slot_count, ol_arena *arena,
                              const ol_hash *storage_root, ol_json result) {
  ol_json array, element;
  ol_json_items items;
  ol_status status = read_slots(error, &items, &array, result);
  if (status == OL_OK && items.left != slot_count)
    status =
        ol_fail(error, OL_ERR_MISMATCH, array.offset, "number of storage proofs is not that of slots asked");
  OL_TRY(ol_error_in(error, status, "storageProof", OL_NOWHERE));
  for (size_t i = 0; ol_json_next(&element, NULL, &items); i++) {
    ol_arena scratch = *arena; /* the nodes of one proof are not needed for the next */
    OL_TRY(ol_error_in(error, verify_slot(error, &slots[i], &scratch, storage_root, element), "storageProof",
                       (uint32_t)i));
  }
  return OL_OK;
}

ol_status ol_account_verify_json(ol_error *error, ol_account *out, ol_slot *slots, size_t slot_count,
                                 ol_arena *arena, const ol_hash *state_root, const ol_address *address,
                                 ol_json result) {
  ol_error_clear(error);
  ol_slice nodes[OL_LIMIT_TRIE_NODES];
  size_t count;
  ol_account account;
  ol_arena scratch = *arena;
  OL_TRY(ol_error_in(error, check_address(error, result, address), "address", OL_NOWHERE));
  ol_status status = read_proof(error, nodes, &count, &scratch, result, "accountProof");
  if (status == OL_OK) status = ol_account_verify(error, &account, state_root, address, nodes, count);
  OL_TRY(ol_error_in(error, status, "accountProof", OL_NOWHERE));
  OL_TRY(check_claims(error, result, &account));
  OL_TRY(verify_slots(error, slots, slot_count, arena, &account.storage_root, result));
  *out = account;
  return OL_OK;
}
