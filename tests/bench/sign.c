/* SPDX-License-Identifier: MIT */
#include "crypto/keccak.h"
#include "nodes.h"
#include "openledger/transaction.h"
#include "wallet/wallet.h"

#include <string.h>

#define SIGNED_MAX 256
#define NOW_MS 1800000000000u
#define STEP_MS 240000 /* between signatures: a budget remembers 360 of a day */

static const uint8_t blind[32] = {1};

/* An unlocked wallet of one key, whose policy lets pass what is signed here, and what it decodes with. */
static struct {
  ol_wallet *wallet;
  ol_address account;
  uint64_t now_ms;
} own;

static _Alignas(16) uint8_t memory[64 << 10];

static bool open_wallet(void) {
  static _Alignas(16) uint8_t block[sizeof(ol_wallet)];
  const ol_wallet_config config = {.idle_ms = 0};
  const ol_slice key = work_input("sign", "key"), policy = work_input("sign", "policy");
  const ol_path none = {.depth = 0};
  ol_error error;
  ol_wallet_account account;
  uint32_t secret, index;
  if (own.wallet != NULL) return true;
  own.now_ms = NOW_MS;
  if (key.len != 32 ||
      ol_wallet_init(&error, &own.wallet, &config, blind, NOW_MS, block, sizeof block) != OL_OK ||
      ol_wallet_add_key(&error, own.wallet, &secret, key.data, NOW_MS) != OL_OK ||
      ol_wallet_add_account(&error, own.wallet, &index, secret, &none, ol_slice_of("main", 4), NOW_MS) !=
          OL_OK ||
      ol_wallet_set_policy(&error, own.wallet, policy, NOW_MS, memory, sizeof memory) != OL_OK ||
      !ol_wallet_account_at(own.wallet, &account, index))
    return false;
  own.account = account.address;
  return true;
}

/* Out: keccak-256 of what is made, which is compared with the peers'. */
static bool tell(work_answer *answer, const uint8_t *bytes, size_t len) {
  ol_hash hash;
  ol_keccak256(&hash, bytes, len);
  memcpy(answer->bytes, hash.bytes, sizeof hash.bytes);
  return true;
}

/* --- The work that others do: they neither decide nor look at who signed --- */

static bool bare_signature(ol_ecdsa_signature *out, const ol_hash *digest) {
  static ol_secp256k1_signer signer;
  static bool has_signer;
  ol_error error;
  if (!has_signer) ol_secp256k1_signer_init(&signer, blind);
  has_signer = true;
  return ol_ecdsa_sign(&error, out, &signer, digest, work_input("sign", "key").data, NULL) == OL_OK;
}

/* From the bytes without a signature to those with one. */
bool sign_tx_1559(work_answer *answer, size_t count) {
  const ol_slice bytes = work_input("sign", "transaction");
  uint8_t out[SIGNED_MAX];
  size_t len = 0;
  for (size_t i = 0; i < count; i++) {
    ol_error error;
    ol_transaction transaction;
    ol_ecdsa_signature signature;
    ol_hash digest;
    if (ol_transaction_decode_unsigned(&error, &transaction, bytes.data, bytes.len) != OL_OK ||
        ol_transaction_to_sign(&error, &digest, &transaction, 1612, 0) != OL_OK ||
        !bare_signature(&signature, &digest))
      return false;
    memcpy(transaction.r.bytes, signature.r, sizeof signature.r);
    memcpy(transaction.s.bytes, signature.s, sizeof signature.s);
    transaction.y_parity = signature.y_parity;
    if (ol_transaction_encode(&error, out, sizeof out, &len, &transaction) != OL_OK) return false;
  }
  return tell(answer, out, len);
}

/* From a document's text to r, s and v. */
bool sign_typed_data(work_answer *answer, size_t count) {
  const ol_slice document = work_input("sign", "document");
  uint8_t out[65];
  for (size_t i = 0; i < count; i++) {
    ol_error error;
    ol_typed_data data;
    ol_ecdsa_signature signature;
    if (ol_typed_data_read(&error, &data, document, memory, sizeof memory) != OL_OK ||
        !bare_signature(&signature, &data.digest))
      return false;
    memcpy(out, signature.r, sizeof signature.r);
    memcpy(out + 32, signature.s, sizeof signature.s);
    out[64] = (uint8_t)(27 + signature.y_parity);
  }
  return tell(answer, out, sizeof out);
}

/* --- The way that a wallet's user goes --- */

static bool approved_signature(uint8_t out[65], const ol_decision *proposed) {
  ol_error error;
  ol_decision decision;
  ol_signature signature;
  if (proposed->verdict != OL_VERDICT_ALLOW ||
      ol_wallet_approve(&error, own.wallet, &proposed->digest, own.now_ms) != OL_OK ||
      ol_wallet_sign(&error, own.wallet, &signature, &decision, &proposed->digest, own.now_ms,
                     (ol_slice){0}) != OL_OK)
    return false;
  ol_signature_write(out, &signature);
  return true;
}

/* The same by propose, approve and sign; then the signature is put where it belongs, which finds who made it. */
bool sign_tx_1559_wallet(work_answer *answer, size_t count) {
  const ol_slice bytes = work_input("sign", "transaction");
  uint8_t out[SIGNED_MAX], signature[65];
  size_t len = 0;
  if (!open_wallet()) return false;
  for (size_t i = 0; i < count; i++) {
    ol_error error;
    ol_decision proposed;
    ol_transaction transaction;
    own.now_ms += STEP_MS;
    if (ol_wallet_propose_transaction(&error, own.wallet, &proposed, &own.account, bytes, own.now_ms, memory,
                                      sizeof memory) != OL_OK ||
        !approved_signature(signature, &proposed) ||
        ol_transaction_decode_unsigned(&error, &transaction, bytes.data, bytes.len) != OL_OK ||
        ol_transaction_put_signature(&error, &transaction, &transaction, &own.account, signature) != OL_OK ||
        ol_transaction_encode(&error, out, sizeof out, &len, &transaction) != OL_OK)
      return false;
  }
  return tell(answer, out, len);
}

/* The same by propose, approve and sign. */
bool sign_typed_data_wallet(work_answer *answer, size_t count) {
  const ol_slice document = work_input("sign", "document");
  uint8_t out[65];
  if (!open_wallet()) return false;
  for (size_t i = 0; i < count; i++) {
    ol_error error;
    ol_decision proposed;
    own.now_ms += STEP_MS;
    if (ol_wallet_propose_typed_data(&error, own.wallet, &proposed, &own.account, document, 1612, own.now_ms,
                                     memory, sizeof memory) != OL_OK ||
        !approved_signature(out, &proposed))
      return false;
  }
  return tell(answer, out, sizeof out);
}

/* Answers: bytes of a wallet, of what of that its budget is, and for reading a policy as long as one may be. */
bool wallet_memory(work_answer *answer, size_t count) {
  (void)count;
  nodes_tell(answer, (uint64_t[]){ol_wallet_size(), ol_budget_size(), ol_policy_size(OL_WALLET_POLICY)}, 3);
  return true;
}
