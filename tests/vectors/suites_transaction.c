/* SPDX-License-Identifier: MIT */

/* Transactions as other wallets encode and sign them: the test cases of ethers, and one on which five agree. */

#include "vectors.h"

#include "crypto/secp256k1.h"
#include "openledger/openledger.h"
#include "wallet/request.h"

#include <stdlib.h>

static ol_slice label_of(const char *text) {
  return ol_slice_of(text, strlen(text));
}

/* Calls `check` for each element of the file's array. */
static void for_each(vector_tally *tally, const uint8_t *json, size_t len,
                     void (*check)(vector_file *file, ol_json test)) {
  vector_file file;
  ol_error error;
  ol_json_items tests;
  ol_json test;
  if (!vector_open(&file, tally, json, len)) return;
  if (ol_json_array(&error, &tests, file.root) != OL_OK) {
    vector_count(tally, false, label_of("file"), error.reason);
    tests.left = 0;
  }
  while (ol_json_next(&test, NULL, &tests)) check(&file, test);
  vector_close(&file);
}

/* A key, its account, and what it is to sign. */
typedef struct signing {
  uint8_t key[32];
  ol_address account;
  uint64_t chain_id;
  ol_slice without;
  ol_slice signed_bytes;
} signing;

static bool read_fixed(uint8_t *out, size_t len, ol_slice bytes) {
  if (bytes.len == len) memcpy(out, bytes.data, len);
  return bytes.len == len;
}

static ol_status fail(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, reason);
}

static ol_status sign(ol_error *error, uint8_t out[65], const signing *of, const ol_hash *digest) {
  static ol_secp256k1_signer signer;
  static bool ready;
  const uint8_t seed[32] = {1};
  ol_ecdsa_signature signature;
  if (!ready) ol_secp256k1_signer_init(&signer, seed);
  ready = true;
  ol_status status = ol_ecdsa_sign(error, &signature, &signer, digest, of->key, NULL);
  if (status != OL_OK) return status;
  memcpy(out, signature.r, 32);
  memcpy(out + 32, signature.s, 32);
  out[64] = signature.y_parity;
  return OL_OK;
}

/* From the unsigned bytes to the signed ones and back: each step gives what the other wallets give. */
static ol_status check_signing(ol_error *error, ol_transaction *out, const signing *of) {
  ol_transaction again;
  ol_hash digest;
  ol_address sender;
  uint8_t signature[65], *bytes = malloc(of->signed_bytes.len);
  size_t size = 0;
  if (bytes == NULL) return OL_ERR_MEMORY;
  ol_status status = ol_transaction_decode_unsigned(error, out, of->without.data, of->without.len);
  if (status == OL_OK)
    status = ol_transaction_encode_unsigned(error, bytes, of->signed_bytes.len, &size, out);
  if (status == OL_OK && !vector_same(ol_slice_of(bytes, size), of->without))
    status = fail(error, "does not encode to the same unsigned bytes");
  if (status == OL_OK) status = ol_transaction_to_sign(error, &digest, out, of->chain_id, OL_SIGN_ANY_CHAIN);
  if (status == OL_OK) status = sign(error, signature, of, &digest);
  if (status == OL_OK) status = ol_transaction_put_signature(error, out, out, &of->account, signature);
  if (status == OL_OK) status = ol_transaction_encode(error, bytes, of->signed_bytes.len, &size, out);
  if (status == OL_OK && !vector_same(ol_slice_of(bytes, size), of->signed_bytes))
    status = fail(error, "is signed to other bytes");
  free(bytes);
  if (status != OL_OK) return status;
  status = ol_transaction_decode(error, &again, of->signed_bytes.data, of->signed_bytes.len);
  if (status == OL_OK) status = ol_transaction_sender(error, &sender, &again, of->chain_id);
  if (status == OL_OK && memcmp(&sender, &of->account, sizeof sender) != 0)
    status = fail(error, "has another sender");
  return status;
}

/* A number of a case: a number of JSON, or hex, in which "0x" is zero as an absent one is. */
static bool read_number(ol_u256 *out, ol_json object, const char *name) {
  ol_error error;
  ol_json value;
  ol_slice text;
  uint64_t number;
  memset(out, 0, sizeof *out);
  if (!ol_json_find(&value, object, name)) return true;
  if (ol_json_kind_of(value) == OL_JSON_NUMBER) {
    if (ol_json_u64(&error, &number, value) != OL_OK) return false;
    ol_store_be64(out->bytes + 24, number);
    return true;
  }
  if (ol_json_string(&error, &text, value) != OL_OK) return false;
  return text.len == 2 || ol_json_hex_u256(&error, out, value) == OL_OK;
}

static bool is_number(ol_json object, const char *name, const ol_u256 *expected) {
  ol_u256 value;
  return read_number(&value, object, name) && memcmp(&value, expected, sizeof value) == 0;
}

static bool is_u64(ol_json object, const char *name, uint64_t expected) {
  ol_u256 word = {{0}};
  ol_store_be64(word.bytes + 24, expected);
  return is_number(object, name, &word);
}

/* Whether what was decoded is what the case was made from. */
static bool has_fields(vector_file *file, ol_json from, const ol_transaction *of) {
  ol_json value;
  const bool is_old = of->type <= OL_TX_ACCESS_LIST;
  ol_slice to = {NULL, 0}, data = {NULL, 0};
  if (ol_json_find(&value, from, "to")) to = vector_bytes_of(file, value);
  if (ol_json_find(&value, from, "data")) data = vector_bytes_of(file, value);
  return is_u64(from, "nonce", of->nonce) && is_u64(from, "gasLimit", of->gas_limit) &&
         is_number(from, "value", &of->value) && (!is_old || is_number(from, "gasPrice", &of->gas_price)) &&
         (is_old || (is_number(from, "maxFeePerGas", &of->max_fee_per_gas) &&
                     is_number(from, "maxPriorityFeePerGas", &of->max_priority_fee_per_gas))) &&
         vector_same(data, of->data) && (to.len == 0) == (of->is_create != 0) &&
         (to.len == 0 || vector_same(to, ol_slice_of(of->to.bytes, sizeof of->to.bytes)));
}

/* Whether the list of a case is that of the transaction, written from values. */
static bool has_accesses(vector_file *file, ol_json from, const ol_transaction *of) {
  enum { ENTRIES = 16, KEYS = 16 };
  ol_error error;
  ol_access entries[ENTRIES];
  ol_hash keys[KEYS];
  ol_json value, entry, key;
  ol_slice list = {NULL, 0};
  size_t count = 0;
  if (!ol_json_find(&value, from, "accessList")) return of->access_list.len == 0;
  ol_json_items items = vector_items(file, from, "accessList");
  for (; count < ENTRIES && ol_json_next(&entry, NULL, &items); count++) {
    size_t key_count = 0;
    ol_json_items key_items = vector_items(file, entry, "storageKeys");
    if (!read_fixed(entries[count].address.bytes, 20, vector_bytes(file, entry, "address"))) return false;
    for (; key_count < KEYS && ol_json_next(&key, NULL, &key_items); key_count++)
      if (!read_fixed(keys[key_count].bytes, 32, vector_bytes_of(file, key))) return false;
    void *memory = ol_arena_take(&file->arena, 33 * KEYS);
    if (ol_hash_list_write(&error, &entries[count].keys, keys, key_count, memory, 33 * KEYS) != OL_OK)
      return false;
  }
  void *memory = ol_arena_take(&file->arena, 4096);
  return items.left == 0 && ol_access_list_write(&error, &list, entries, count, memory, 4096) == OL_OK &&
         vector_same(list, of->access_list);
}

/* The gas of a transaction has 64 bits: nodes refuse what needs more, though it can be signed. */
static bool has_too_much_gas(ol_json test) {
  ol_u256 gas;
  return read_number(&gas, test, "gasLimit") && !ol_is_zero(ol_slice_of(gas.bytes, 24));
}

static bool refuses_gas(const signing *of) {
  ol_error error;
  ol_transaction out;
  return ol_transaction_decode_unsigned(&error, &out, of->without.data, of->without.len) == OL_ERR_ENCODING &&
         strcmp(error.field, "gas") == 0 &&
         ol_transaction_decode(&error, &out, of->signed_bytes.data, of->signed_bytes.len) ==
             OL_ERR_ENCODING &&
         strcmp(error.field, "gas") == 0;
}

static void check_legacy(vector_file *file, ol_json test) {
  static const char *const members[2][2] = {{"unsignedTransaction", "signedTransaction"},
                                            {"unsignedTransactionChainId5", "signedTransactionChainId5"}};
  const ol_slice name = vector_text(file, test, "name");
  const size_t used = file->arena.used;
  const char *why = "has no key or no account";
  ol_error error;
  ol_error_clear(&error);
  signing of = {.chain_id = 0};
  bool good = read_fixed(of.key, 32, vector_bytes(file, test, "privateKey")) &&
              read_fixed(of.account.bytes, 20, vector_bytes(file, test, "accountAddress"));
  for (size_t i = 0; i < 2 && good; i++) {
    ol_transaction out;
    of.chain_id = i == 0 ? 0 : 5;
    of.without = vector_bytes(file, test, members[i][0]);
    of.signed_bytes = vector_bytes(file, test, members[i][1]);
    if (has_too_much_gas(test)) {
      good = refuses_gas(&of);
      why = "is accepted";
      continue;
    }
    good = check_signing(&error, &out, &of) == OL_OK;
    why = error.reason;
    if (good && !has_fields(file, test, &out)) {
      good = false;
      why = "has other fields";
    }
  }
  file->arena.used = used;
  vector_count(file->tally, good, name, why);
}

/* ethers' transactions.json: legacy ones, each without a chain and for chain 5. */
void run_ethers_transactions(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_legacy);
}

static void check_typed(vector_file *file, ol_json test) {
  const ol_slice name = vector_text(file, test, "name");
  const size_t used = file->arena.used;
  ol_error error;
  ol_transaction out;
  ol_json fields;
  signing of = {.chain_id = 0};
  const char *why = "lacks a member";
  ol_error_clear(&error);
  bool good = read_fixed(of.key, 32, vector_bytes(file, test, "key")) &&
              read_fixed(of.account.bytes, 20, vector_bytes(file, test, "address")) &&
              ol_json_find(&fields, test, "tx");
  if (good) {
    ol_json value;
    if (ol_json_find(&value, fields, "chainId")) of.chain_id = vector_u64(file, fields, "chainId");
    of.without = vector_bytes(file, test, "unsigned");
    of.signed_bytes = vector_bytes(file, test, "signed");
    good = check_signing(&error, &out, &of) == OL_OK;
    why = error.reason;
  }
  if (good && !(out.type == vector_u64(file, fields, "type") && has_fields(file, fields, &out) &&
                has_accesses(file, fields, &out))) {
    good = false;
    why = "has other fields";
  }
  file->arena.used = used;
  vector_count(file->tally, good, name, why);
}

/* ethers' typed-transactions.json: types 1 and 2. */
void run_ethers_typed_transactions(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_typed);
}

/* Checksums (EIP-55), and accounts of keys. ICAP, which the cases have as well, is no part of the SDK. */
static void check_account(vector_file *file, ol_json test) {
  static ol_secp256k1_signer signer;
  const uint8_t seed[32] = {2};
  ol_error error;
  ol_address address, again, of_key;
  ol_secp256k1_pubkey pubkey;
  ol_json value;
  char text[43];
  const ol_slice name = vector_text(file, test, "name");
  const ol_slice checked = vector_text(file, test, "checksumAddress");
  const size_t used = file->arena.used;
  bool good = read_fixed(address.bytes, 20, vector_bytes(file, test, "address"));
  ol_address_text(text, &address);
  good = good && vector_same(checked, label_of(text)) &&
         ol_address_from_text(&error, &again, (const char *)checked.data, checked.len) == OL_OK &&
         memcmp(&again, &address, sizeof again) == 0;
  if (good && ol_json_find(&value, test, "privateKey")) {
    const ol_slice key = vector_bytes_of(file, value);
    ol_secp256k1_signer_init(&signer, seed);
    good = key.len == 32 && ol_secp256k1_pubkey_create(&error, &pubkey, &signer, key.data) == OL_OK;
    if (good) ol_secp256k1_address(&of_key, &pubkey);
    good = good && memcmp(&of_key, &address, sizeof of_key) == 0;
  }
  file->arena.used = used;
  vector_count(file->tally, good, name, "has another address or checksum");
}

/* ethers' accounts.json */
void run_ethers_accounts(vector_tally *tally, const uint8_t *json, size_t len) {
  for_each(tally, json, len, check_account);
}

/* Whether a request, which is written as people write one, is for a transaction. */
static bool asks_for(vector_file *file, ol_json json, ol_slice without) {
  ol_error error;
  ol_json asked;
  ol_transaction_request request;
  uint8_t bytes[1024];
  size_t size = 0;
  return ol_json_find(&asked, json, "request") &&
         ol_transaction_request_from_json(&error, &request, &file->arena, asked) == OL_OK &&
         request.missing == 0 &&
         ol_transaction_encode_unsigned(&error, bytes, sizeof bytes, &size, &request.transaction) == OL_OK &&
         vector_same(ol_slice_of(bytes, size), without);
}

/* {key, address, unsigned, signed, request}: a transaction that ethers, viem and others sign to the same bytes. */
void run_interop_transaction(vector_tally *tally, const uint8_t *json, size_t len) {
  vector_file file;
  ol_error error;
  ol_transaction out;
  signing of = {.chain_id = 1612};
  if (!vector_open(&file, tally, json, len)) return;
  ol_error_clear(&error);
  of.without = vector_bytes(&file, file.root, "unsigned");
  of.signed_bytes = vector_bytes(&file, file.root, "signed");
  bool good = read_fixed(of.key, 32, vector_bytes(&file, file.root, "key")) &&
              read_fixed(of.account.bytes, 20, vector_bytes(&file, file.root, "address")) &&
              check_signing(&error, &out, &of) == OL_OK;
  vector_count(tally, good, label_of("interop transaction"), error.reason);
  vector_count(tally, asks_for(&file, file.root, of.without), label_of("interop request"),
               "asks for something else");
  vector_close(&file);
}
