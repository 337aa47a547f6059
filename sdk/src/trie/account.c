/* SPDX-License-Identifier: MIT */
#include "openledger/account.h"

#include "crypto/keccak.h"
#include "encoding/rlp.h"
#include "trie/account.h"
#include "trie/trie.h"

#include "base/poison.h"

const ol_hash ol_empty_code_hash = {{0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d,
                                     0xb2, 0xdc, 0xc7, 0x03, 0xc0, 0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82,
                                     0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70}};

/* Reads rlp([nonce, balance, storageRoot, codeHash]) (Yellow Paper, 4.1). */
static ol_status decode_account(ol_error *error, ol_account *out, ol_slice bytes) {
  ol_rlp cursor = ol_rlp_of(bytes), fields;
  OL_TRY(ol_rlp_list(error, &fields, &cursor));
  OL_TRY(ol_rlp_end(error, &cursor));
  out->exists = 1;
  OL_TRY(ol_rlp_u64(error, &out->nonce, &fields));
  OL_TRY(ol_rlp_u256(error, &out->balance, &fields));
  OL_TRY(ol_rlp_fixed(error, out->storage_root.bytes, sizeof out->storage_root.bytes, &fields));
  OL_TRY(ol_rlp_fixed(error, out->code_hash.bytes, sizeof out->code_hash.bytes, &fields));
  return ol_rlp_end(error, &fields);
}

ol_status ol_account_verify(ol_error *error, ol_account *out, const ol_hash *state_root,
                            const ol_address *address, const ol_slice *proof, size_t proof_len) {
  ol_error_clear(error);
  ol_hash key;
  ol_slice value;
  ol_keccak256(&key, address->bytes, sizeof address->bytes);
  OL_TRY(ol_trie_prove(error, &value, state_root, key.bytes, sizeof key.bytes, proof, proof_len));
  ol_account account = {.storage_root = ol_trie_empty_root, .code_hash = ol_empty_code_hash};
  if (value.data != NULL)
    OL_TRY(ol_error_in(error, decode_account(error, &account, value), "account", OL_NOWHERE));
  *out = account;
  return OL_OK;
}

ol_status ol_storage_verify(ol_error *error, ol_u256 *out, const ol_hash *storage_root, const ol_u256 *key,
                            const ol_slice *proof, size_t proof_len) {
  ol_error_clear(error);
  ol_hash hashed;
  ol_slice bytes;
  ol_keccak256(&hashed, key->bytes, sizeof key->bytes);
  OL_TRY(ol_trie_prove(error, &bytes, storage_root, hashed.bytes, sizeof hashed.bytes, proof, proof_len));
  ol_u256 value = {{0}};
  if (bytes.data != NULL) {
    /*
     * The trie holds the value's own RLP. Ethereum deletes a slot that becomes zero; nodes for development are known to
     * keep it, and that says the same.
     */
    ol_rlp cursor = ol_rlp_of(bytes);
    ol_status status = ol_rlp_u256(error, &value, &cursor);
    if (status == OL_OK) status = ol_rlp_end(error, &cursor);
    OL_TRY(ol_error_in(error, status, "storage value", OL_NOWHERE));
  }
  *out = value;
  return OL_OK;
}
