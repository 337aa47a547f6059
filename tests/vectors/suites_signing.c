/* SPDX-License-Identifier: MIT */

/* What people sign: typed data, sign-in messages and the forms of a signature (signing.mjs). */

#include "vectors.h"

#include "crypto/secp256k1.h"
#include "openledger/openledger.h"

#include <stdlib.h>

/* Signs without entropy, as every wallet does. Returns: false when there is no such key. */
static bool sign(ol_signature *out, const ol_hash *digest, ol_slice key) {
  static const uint8_t seed[32] = {1};
  ol_secp256k1_signer signer;
  ol_ecdsa_signature plain;
  ol_error error;
  ol_secp256k1_signer_init(&signer, seed);
  if (key.len != 32 || ol_ecdsa_sign(&error, &plain, &signer, digest, key.data, NULL) != OL_OK) return false;
  memcpy(out->r.bytes, plain.r, 32);
  memcpy(out->s.bytes, plain.s, 32);
  out->y_parity = plain.y_parity;
  return true;
}

/* Whether a key makes exactly this signature, and recovering it gives the key's account. */
static bool is_signature(ol_slice expected, const ol_hash *digest, ol_slice key) {
  ol_secp256k1_signer signer;
  ol_secp256k1_pubkey pubkey;
  ol_signature made, read;
  ol_address account;
  ol_error error;
  uint8_t bytes[65];
  static const uint8_t seed[32] = {2};
  if (!sign(&made, digest, key)) return false;
  ol_signature_write(bytes, &made);
  if (!vector_same(expected, ol_slice_of(bytes, sizeof bytes))) return false;
  ol_secp256k1_signer_init(&signer, seed);
  if (ol_secp256k1_pubkey_create(&error, &pubkey, &signer, key.data) != OL_OK) return false;
  ol_secp256k1_address(&account, &pubkey);
  return ol_signature_read(&error, &read, expected.data, expected.len) == OL_OK &&
         ol_signature_check(&error, digest, &read, &account) == OL_OK;
}

static bool is_hash(ol_slice expected, const ol_hash *hash) {
  return vector_same(expected, ol_slice_of(hash->bytes, sizeof hash->bytes));
}

/* Why a document is not what the case says; NULL when it is. */
static const char *fault_of(vector_file *file, ol_json one, const char *form, void *memory, size_t len) {
  ol_error error;
  ol_typed_data data;
  ol_hash hash;
  ol_slice text = vector_text(file, one, form), told;
  ol_slice digest = vector_bytes(file, one, "digest"), encoded = vector_bytes(file, one, "encoded");
  ol_slice key = vector_bytes(file, one, "privateKey"), signature = vector_bytes(file, one, "signature");
  if (ol_typed_data_read(&error, &data, text, memory, len / 2) != OL_OK) return error.reason;
  ol_keccak256(&hash, encoded.data, encoded.len);
  if (encoded.len > 0 && !ol_hash_equal(&hash, &data.message_hash)) return "is encoded otherwise";
  if (digest.len > 0 && !is_hash(digest, &data.digest)) return "has another digest";
  if (signature.len > 0 && !is_signature(signature, &data.digest, key)) return "is signed otherwise";
  if (digest.len + signature.len == 0) return "says nothing";
  void *rest = (uint8_t *)memory + len / 2;
  return ol_typed_data_explain(&error, &told, &data, rest, len / 2) == OL_OK ? NULL : error.reason;
}

#define MEMORY ((size_t)1 << 20)

void run_typed_data(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_json one;
  if (!vector_open(&file, tally, json, len)) return;
  void *memory = malloc(MEMORY);
  ol_json_items cases = vector_items(&file, file.root, "cases");
  while (memory != NULL && ol_json_next(&one, NULL, &cases)) {
    const char *why = fault_of(&file, one, "document", memory, MEMORY);
    if (why == NULL) why = fault_of(&file, one, "declared", memory, MEMORY);
    vector_count(tally, why == NULL, vector_text(&file, one, "name"), why == NULL ? "" : why);
  }
  free(memory);
  vector_close(&file);
}

/* Whether a message reads as the examples are meant, and is written as it was. */
static bool is_example(ol_slice text, ol_slice domain) {
  ol_error error;
  ol_siwe message;
  ol_slice uri;
  uint8_t again[1024];
  size_t len, resources = 0;
  if (ol_siwe_read(&error, &message, text) != OL_OK || !vector_same(message.domain, domain)) return false;
  for (ol_slice list = message.resources; ol_siwe_resource_next(&list, &uri);) resources++;
  return resources == 2 && message.chain_id == 1 &&
         ol_siwe_write(&error, again, sizeof again, &len, &message) == OL_OK &&
         vector_same(text, ol_slice_of(again, len));
}

void run_siwe(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_json one;
  if (!vector_open(&file, tally, json, len)) return;
  ol_json_items cases = vector_items(&file, file.root, "cases");
  while (ol_json_next(&one, NULL, &cases)) {
    ol_slice domain = vector_text(&file, one, "domain");
    vector_count(tally, is_example(vector_text(&file, one, "text"), domain), domain, "is read otherwise");
  }
  vector_close(&file);
}

/* {privateKey, message, signature, compact} */
void run_signature(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_json one;
  ol_error error;
  ol_signature read;
  if (!vector_open(&file, tally, json, len)) return;
  ol_json_items cases = vector_items(&file, file.root, "cases");
  while (ol_json_next(&one, NULL, &cases)) {
    ol_slice message = vector_text(&file, one, "message"), compact = vector_bytes(&file, one, "compact");
    ol_slice whole = vector_bytes(&file, one, "signature");
    uint8_t bytes[65] = {0}, short_form[64] = {0};
    ol_hash digest;
    ol_message_digest(&digest, message.data, message.len);
    bool good = is_signature(whole, &digest, vector_bytes(&file, one, "privateKey")) &&
                ol_signature_read(&error, &read, compact.data, compact.len) == OL_OK;
    if (good) ol_signature_write(bytes, &read);
    if (good) ol_signature_write_compact(short_form, &read);
    good = good && vector_same(whole, ol_slice_of(bytes, sizeof bytes)) &&
           vector_same(compact, ol_slice_of(short_form, sizeof short_form));
    vector_count(tally, good, message, "has other forms");
  }
  vector_close(&file);
}
