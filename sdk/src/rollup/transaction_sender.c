/* SPDX-License-Identifier: MIT */
#include "crypto/keccak.h"
#include "crypto/secp256k1.h"
#include "encoding/rlp.h"
#include "rollup/transaction.h"

#include "base/poison.h"

static ol_status recover(ol_error *error, ol_address *out, const ol_hash *digest, const ol_u256 *r,
                         const ol_u256 *s, uint32_t y_parity) {
  ol_ecdsa_signature signature = {.y_parity = (uint8_t)y_parity};
  ol_secp256k1_pubkey key;
  memcpy(signature.r, r->bytes, sizeof signature.r);
  memcpy(signature.s, s->bytes, sizeof signature.s);
  OL_TRY(ol_ecdsa_recover(error, &key, digest, &signature, OL_ECDSA_LOW_S));
  ol_secp256k1_address(out, &key);
  return OL_OK;
}

ol_status ol_transaction_sender(ol_error *error, ol_address *out, const ol_transaction *transaction,
                                uint64_t chain_id) {
  ol_error_clear(error);
  if (transaction->type == OL_TX_DEPOSIT) {
    *out = transaction->from;
    return OL_OK;
  }
  bool of_any = transaction->type == OL_TX_LEGACY && transaction->chain_id == 0;
  if (chain_id != 0 && !of_any && transaction->chain_id != chain_id)
    return ol_error_in(error, ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "transaction is for another chain"),
                       "chainId", OL_NOWHERE);
  ol_hash digest;
  ol_transaction_signing_hash(&digest, transaction);
  return ol_error_in(error,
                     recover(error, out, &digest, &transaction->r, &transaction->s, transaction->y_parity),
                     "signature", OL_NOWHERE);
}

/* EIP-7702: what is signed begins with a byte that is no transaction's type. */
#define AUTHORIZATION_MAGIC 5

void ol_authorization_signing_hash(ol_hash *out, const ol_authorization *authorization) {
  uint8_t fields[80], message[80];
  ol_rlp_writer payload = {.out = fields, .len = sizeof fields};
  ol_rlp_put_u256(&payload, &authorization->chain_id);
  ol_rlp_put_string(&payload, authorization->address.bytes, sizeof authorization->address.bytes);
  ol_rlp_put_u64(&payload, authorization->nonce);
  ol_rlp_writer to = {.out = message + 1, .len = sizeof message - 1};
  message[0] = AUTHORIZATION_MAGIC;
  ol_rlp_put_list(&to, payload.used);
  ol_rlp_put_raw(&to, fields, payload.used);
  ol_keccak256(out, message, 1 + to.used);
}

ol_status ol_authorization_authority(ol_error *error, ol_address *out,
                                     const ol_authorization *authorization) {
  ol_error_clear(error);
  ol_hash digest;
  ol_authorization_signing_hash(&digest, authorization);
  ol_status status =
      authorization->y_parity > 1
          ? ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, "parity is neither 0 nor 1")
          : recover(error, out, &digest, &authorization->r, &authorization->s, authorization->y_parity);
  return ol_error_in(error, status, "authorization", OL_NOWHERE);
}
