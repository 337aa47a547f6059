/* SPDX-License-Identifier: MIT */
#include "peers/peers.h"

#include "crypto/secp256k1.h"
#include "openledger/openledger.h"
#include "provider/render.h"
#include "wallet/request.h"

#include <stdlib.h>

#define MEMORY ((size_t)1 << 21)

static ol_error error;

static ol_status member(ol_json *out, ol_json object, const char *name) {
  return ol_json_need(&error, out, object, name, "member is missing");
}

static ol_status read_key(uint8_t out[32], ol_json question) {
  ol_json value;
  ol_status status = member(&value, question, "key");
  return status == OL_OK ? ol_json_hex_fixed(&error, out, 32, value) : status;
}

static ol_address account_of(const uint8_t key[32]) {
  static ol_secp256k1_signer signer;
  const uint8_t seed[32] = {1};
  ol_secp256k1_pubkey pubkey;
  ol_address out = {{0}};
  ol_secp256k1_signer_init(&signer, seed);
  if (ol_secp256k1_pubkey_create(&error, &pubkey, &signer, key) == OL_OK) ol_secp256k1_address(&out, &pubkey);
  return out;
}

static ol_status sign(uint8_t out[65], const ol_hash *digest, const uint8_t key[32]) {
  static ol_secp256k1_signer signer;
  const uint8_t seed[32] = {2};
  ol_ecdsa_signature signature;
  ol_secp256k1_signer_init(&signer, seed);
  ol_status status = ol_ecdsa_sign(&error, &signature, &signer, digest, key, NULL);
  if (status != OL_OK) return status;
  memcpy(out, signature.r, 32);
  memcpy(out + 32, signature.s, 32);
  out[64] = (uint8_t)(27 + signature.y_parity);
  return OL_OK;
}

typedef ol_status encoder(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                          const ol_transaction *transaction);

static ol_status encode(ol_slice *out, ol_arena *arena, encoder *form, const ol_transaction *transaction) {
  size_t len = 0;
  (void)!form(&error, NULL, 0, &len, transaction);
  uint8_t *bytes = ol_arena_take(arena, len);
  if (bytes == NULL) return OL_ERR_MEMORY;
  *out = ol_slice_of(bytes, len);
  return form(&error, bytes, len, &len, transaction);
}

/* Decodes what was encoded, and requires that it encodes to the same. */
static ol_status encode_unsigned(ol_slice *out, ol_arena *arena, const ol_transaction *transaction) {
  ol_transaction again;
  ol_slice bytes;
  ol_status status = encode(out, arena, ol_transaction_encode_unsigned, transaction);
  if (status == OL_OK) status = ol_transaction_decode_unsigned(&error, &again, out->data, out->len);
  if (status == OL_OK) status = encode(&bytes, arena, ol_transaction_encode_unsigned, &again);
  if (status == OL_OK && (bytes.len != out->len || memcmp(bytes.data, out->data, bytes.len) != 0))
    status = ol_fail(&error, OL_ERR_MISMATCH, OL_NOWHERE, "does not encode to what it was decoded from");
  return status;
}

static ol_status answer_sign(ol_json_writer *to, ol_arena *arena, ol_json question, ol_json asked) {
  ol_json value;
  ol_transaction_request request;
  ol_transaction transaction;
  ol_slice without, whole;
  ol_hash digest;
  uint64_t missing;
  uint8_t key[32], signature[65];
  ol_status status = read_key(key, question);
  if (status == OL_OK) status = member(&value, question, "missing");
  if (status == OL_OK) status = ol_json_u64(&error, &missing, value);
  if (status == OL_OK) status = ol_transaction_request_from_json(&error, &request, arena, asked);
  if (status == OL_OK && request.missing != missing)
    status = ol_fail(&error, OL_ERR_MISMATCH, OL_NOWHERE, "something else is missing");
  if (status == OL_OK)
    status = ol_transaction_to_sign(&error, &digest, &request.transaction, request.transaction.chain_id,
                                    OL_SIGN_BLOBS | (missing != 0 ? OL_SIGN_ANY_CHAIN : 0));
  if (status == OL_OK) status = encode_unsigned(&without, arena, &request.transaction);
  if (status == OL_OK) status = sign(signature, &digest, key);
  const ol_address account = account_of(key);
  if (status == OL_OK)
    status = ol_transaction_put_signature(&error, &transaction, &request.transaction, &account, signature);
  if (status == OL_OK) status = encode(&whole, arena, ol_transaction_encode, &transaction);
  if (status != OL_OK) return status;
  ol_transaction_hash(&digest, &transaction);
  ol_json_write_hex(to, "unsigned", without.data, without.len);
  ol_json_write_hex(to, "signed", whole.data, whole.len);
  ol_json_write_hex(to, "hash", digest.bytes, sizeof digest.bytes);
  ol_json_write_hex(to, "from", account.bytes, sizeof account.bytes);
  return OL_OK;
}

static ol_status answer_authorize(ol_json_writer *to, ol_json question, ol_json asked) {
  ol_json value;
  ol_authorization one;
  ol_address account, authority;
  ol_hash digest;
  uint8_t key[32], signature[65];
  memset(&one, 0, sizeof one);
  ol_status status = read_key(key, question);
  if (status == OL_OK) status = member(&value, asked, "chainId");
  if (status == OL_OK) status = ol_json_quantity(&error, &one.chain_id, value);
  if (status == OL_OK) status = member(&value, asked, "nonce");
  if (status == OL_OK) status = ol_json_u64(&error, &one.nonce, value);
  if (status == OL_OK) status = member(&value, asked, "address");
  if (status == OL_OK) status = ol_json_hex_fixed(&error, one.address.bytes, 20, value);
  account = account_of(key);
  ol_authorization_signing_hash(&digest, &one);
  if (status == OL_OK) status = sign(signature, &digest, key);
  if (status == OL_OK) status = ol_authorization_put_signature(&error, &one, &one, &account, signature);
  if (status == OL_OK) status = ol_authorization_authority(&error, &authority, &one);
  if (status != OL_OK) return status;
  ol_json_write_u64(to, "yParity", one.y_parity);
  ol_json_write_quantity(to, "r", &one.r);
  ol_json_write_quantity(to, "s", &one.s);
  ol_json_write_hex(to, "authority", authority.bytes, sizeof authority.bytes);
  return OL_OK;
}

static ol_status answer_read(ol_json_writer *to, ol_arena *arena, ol_json asked) {
  ol_transaction transaction;
  ol_slice bytes, again, without;
  ol_header header;
  const ol_hash hash = {{0}};
  memset(&header, 0, sizeof header);
  ol_status status = ol_json_hex(&error, &bytes, arena, asked);
  if (status == OL_OK) status = ol_transaction_decode(&error, &transaction, bytes.data, bytes.len);
  if (status == OL_OK) status = encode(&again, arena, ol_transaction_encode, &transaction);
  if (status == OL_OK && (again.len != bytes.len || memcmp(again.data, bytes.data, bytes.len) != 0))
    status = ol_fail(&error, OL_ERR_MISMATCH, OL_NOWHERE, "does not encode to what it was decoded from");
  if (status == OL_OK) status = encode_unsigned(&without, arena, &transaction);
  if (status != OL_OK) return status;
  ol_json_write_hex(to, "unsigned", without.data, without.len);
  const ol_rpc_block block = {
      .header = &header, .hash = &hash, .transactions = &bytes, .transaction_count = 1};
  return ol_rpc_write_transaction(&error, to, "transaction", &block, 0);
}

static ol_status answer(ol_json_writer *to, ol_arena *arena, const uint8_t *question, size_t len) {
  ol_json root, asked;
  ol_status status = ol_json_read(&error, &root, arena, question, len);
  if (status != OL_OK) return status;
  if (ol_json_find(&asked, root, "sign")) return answer_sign(to, arena, root, asked);
  if (ol_json_find(&asked, root, "authorize")) return answer_authorize(to, root, asked);
  status = member(&asked, root, "read");
  return status == OL_OK ? answer_read(to, arena, asked) : status;
}

size_t peers_answer(char out[PEERS_ANSWER], const uint8_t *question, size_t len) {
  static uint8_t memory[MEMORY];
  char line[256];
  ol_arena arena = ol_arena_of(memory, sizeof memory), text_arena = ol_arena_of(out, PEERS_ANSWER);
  ol_json_writer to;
  ol_slice text;
  ol_error_clear(&error);
  ol_json_write_begin(&to, &text_arena);
  ol_json_write_object(&to, NULL);
  if (answer(&to, &arena, question, len) != OL_OK) {
    ol_json_write_drop(&to);
    ol_error_text(&error, line, sizeof line);
    ol_json_write_begin(&to, &text_arena);
    ol_json_write_object(&to, NULL);
    ol_json_write_text(&to, "error", line);
  }
  ol_json_write_close(&to);
  if (ol_json_write_end(&error, &text, &to) != OL_OK) abort();
  memmove(out, text.data, text.len);
  return text.len;
}
