/* SPDX-License-Identifier: MIT */
#include "openledger/block.h"
#include "base/base.h"
#include "trie/trie.h"

#include "base/poison.h"

void ol_list_root(ol_hash *out, const ol_slice *items, size_t items_len) {
  ol_trie_list_root(out, items, items_len, NULL);
}

ol_status ol_list_prove(ol_error *error, ol_slice *out, const ol_hash *root, uint64_t index,
                        const ol_slice *proof, size_t proof_len) {
  ol_error_clear(error);
  ol_slice item;
  OL_TRY(ol_trie_list_prove(error, &item, root, index, proof, proof_len));
  if (item.data == NULL) return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "list has no item with this index");
  *out = item;
  return OL_OK;
}

static ol_status prove_transaction(ol_error *error, ol_transaction *out, const ol_header *header,
                                   uint64_t index, const ol_hash *hash, const ol_slice *proof,
                                   size_t proof_len) {
  ol_slice bytes;
  ol_hash proven;
  OL_TRY(ol_list_prove(error, &bytes, &header->transactions_root, index, proof, proof_len));
  ol_keccak256(&proven, bytes.data, bytes.len);
  if (!ol_hash_equal(&proven, hash))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "another transaction has this index");
  return ol_transaction_decode(error, out, bytes.data, bytes.len);
}

static ol_status prove_receipt(ol_error *error, ol_receipt *out, const ol_header *header, uint64_t index,
                               uint32_t type, const ol_slice *proof, size_t proof_len) {
  ol_slice bytes;
  OL_TRY(ol_list_prove(error, &bytes, &header->receipts_root, index, proof, proof_len));
  OL_TRY(ol_receipt_decode(error, out, bytes.data, bytes.len));
  if (out->type != type)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "receipt is of another type than its transaction");
  return OL_OK;
}

ol_status ol_inclusion_verify(ol_error *error, ol_transaction *out_transaction, ol_receipt *out_receipt,
                              const ol_header *header, uint64_t index, const ol_hash *transaction_hash,
                              const ol_slice *transaction_proof, size_t transaction_proof_len,
                              const ol_slice *receipt_proof, size_t receipt_proof_len) {
  ol_error_clear(error);
  ol_transaction transaction;
  ol_receipt receipt;
  OL_TRY(ol_error_in(error,
                     prove_transaction(error, &transaction, header, index, transaction_hash,
                                       transaction_proof, transaction_proof_len),
                     "transactionProof", OL_NOWHERE));
  OL_TRY(ol_error_in(
      error,
      prove_receipt(error, &receipt, header, index, transaction.type, receipt_proof, receipt_proof_len),
      "receiptProof", OL_NOWHERE));
  *out_transaction = transaction;
  *out_receipt = receipt;
  return OL_OK;
}
