/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_TRANSACTIONS_H
#define OL_TESTS_TRANSACTIONS_H

/* Transactions and receipts of every type, signed by one key, and what a node says of them. */

#include "crypto/secp256k1.h"
#include "encoding/rlp.h"
#include "openledger/openledger.h"

#include <stdio.h>
#include <stdlib.h>

static const uint32_t sample_types[] = {OL_TX_LEGACY, OL_TX_ACCESS_LIST, OL_TX_DYNAMIC_FEE,
                                        OL_TX_BLOB,   OL_TX_SET_CODE,    OL_TX_DEPOSIT};
#define SAMPLE_TYPES (sizeof sample_types / sizeof sample_types[0])
#define SAMPLE_CHAIN 1612

/* A text that grows; whoever begins it frees it. */
typedef struct sample_text {
  char *text;
  size_t used;
  size_t len;
} sample_text;

static inline void put_sample(sample_text *to, const char *format, const char *argument) {
  size_t more = strlen(format) + strlen(argument) + 1;
  if (to->used + more > to->len) {
    to->len = 2 * (to->len + more);
    to->text = realloc(to->text, to->len);
    if (to->text == NULL) abort();
  }
  to->used += (size_t)snprintf(to->text + to->used, to->len - to->used, format, argument);
}

static inline void put_sample_hex(sample_text *to, const char *format, const void *bytes, size_t len) {
  char *text = malloc(2 * len + 3);
  if (text == NULL) abort();
  ol_hex_text(text, bytes, len);
  put_sample(to, format, text);
  free(text);
}

static inline void put_sample_number(sample_text *to, const char *format, uint64_t number) {
  char text[24];
  snprintf(text, sizeof text, "0x%llx", (unsigned long long)number);
  put_sample(to, format, text);
}

static inline void sample_word(uint8_t word[32], uint8_t last) {
  memset(word, 0, 32);
  word[31] = last;
}

/* Signs a digest with the one key of these tests, 32 bytes of 7. */
static inline ol_ecdsa_signature sample_signature(const ol_hash *digest) {
  static ol_secp256k1_signer signer;
  static bool ready;
  uint8_t key[32], seed[32] = {1};
  ol_error error;
  ol_ecdsa_signature out;
  memset(key, 7, sizeof key);
  if (!ready) ol_secp256k1_signer_init(&signer, seed);
  ready = true;
  if (ol_ecdsa_sign(&error, &out, &signer, digest, key, NULL) != OL_OK) abort();
  return out;
}

static inline ol_address sample_sender(void) {
  static ol_secp256k1_signer signer;
  uint8_t key[32], seed[32] = {1};
  ol_error error;
  ol_secp256k1_pubkey pubkey;
  ol_address out;
  memset(key, 7, sizeof key);
  ol_secp256k1_signer_init(&signer, seed);
  if (ol_secp256k1_pubkey_create(&error, &pubkey, &signer, key) != OL_OK) abort();
  ol_secp256k1_address(&out, &pubkey);
  return out;
}

/* Two entries, the first with two keys. */
static inline ol_slice sample_access_list(void) {
  static uint8_t bytes[256];
  uint8_t item[32];
  ol_rlp_writer to = {.out = bytes, .len = sizeof bytes};
  ol_rlp_put_list(&to, 21 + 2 + 66);
  memset(item, 0xa1, sizeof item);
  ol_rlp_put_string(&to, item, 20);
  ol_rlp_put_list(&to, 66);
  for (uint8_t i = 1; i <= 2; i++) {
    sample_word(item, i);
    ol_rlp_put_string(&to, item, 32);
  }
  ol_rlp_put_list(&to, 22);
  memset(item, 0xa2, sizeof item);
  ol_rlp_put_string(&to, item, 20);
  ol_rlp_put_list(&to, 0);
  return ol_slice_of(bytes, to.used);
}

static inline ol_slice sample_blob_hashes(void) {
  static uint8_t bytes[66];
  uint8_t hash[32] = {1};
  ol_rlp_writer to = {.out = bytes, .len = sizeof bytes};
  ol_rlp_put_string(&to, hash, sizeof hash);
  hash[31] = 9;
  ol_rlp_put_string(&to, hash, sizeof hash);
  return ol_slice_of(bytes, to.used);
}

/* One for this chain, signed. */
static inline ol_authorization sample_authorization(void) {
  ol_authorization out = {.nonce = 3};
  memset(out.address.bytes, 0xc0, sizeof out.address.bytes);
  out.chain_id.bytes[30] = SAMPLE_CHAIN >> 8;
  out.chain_id.bytes[31] = SAMPLE_CHAIN & 255;
  uint8_t message[64] = {5};
  ol_rlp_writer fields = {.used = 0}, to = {.out = message + 1, .len = sizeof message - 1};
  for (int pass = 0; pass < 2; pass++) {
    ol_rlp_writer *writer = pass == 0 ? &fields : &to;
    if (pass == 1) ol_rlp_put_list(&to, fields.used);
    ol_rlp_put_u256(writer, &out.chain_id);
    ol_rlp_put_string(writer, out.address.bytes, sizeof out.address.bytes);
    ol_rlp_put_u64(writer, out.nonce);
  }
  ol_hash digest;
  ol_keccak256(&digest, message, 1 + to.used);
  ol_ecdsa_signature signature = sample_signature(&digest);
  memcpy(out.r.bytes, signature.r, 32);
  memcpy(out.s.bytes, signature.s, 32);
  out.y_parity = signature.y_parity;
  return out;
}

static inline ol_slice sample_authorizations(void) {
  static uint8_t bytes[160];
  ol_authorization one = sample_authorization();
  ol_rlp_writer fields = {.used = 0}, to = {.out = bytes, .len = sizeof bytes};
  for (int pass = 0; pass < 2; pass++) {
    ol_rlp_writer *writer = pass == 0 ? &fields : &to;
    if (pass == 1) ol_rlp_put_list(&to, fields.used);
    ol_rlp_put_u256(writer, &one.chain_id);
    ol_rlp_put_string(writer, one.address.bytes, sizeof one.address.bytes);
    ol_rlp_put_u64(writer, one.nonce);
    ol_rlp_put_u64(writer, one.y_parity);
    ol_rlp_put_u256(writer, &one.r);
    ol_rlp_put_u256(writer, &one.s);
  }
  return ol_slice_of(bytes, to.used);
}

static inline void sign_sample(ol_transaction *transaction) {
  ol_hash digest;
  ol_transaction_signing_hash(&digest, transaction);
  ol_ecdsa_signature signature = sample_signature(&digest);
  memcpy(transaction->r.bytes, signature.r, 32);
  memcpy(transaction->s.bytes, signature.s, 32);
  transaction->y_parity = signature.y_parity;
}

/* A transaction of a type in which every field has a value, signed. */
static inline ol_transaction sample_transaction(uint32_t type) {
  static const uint8_t data[] = {0xde, 0xad, 0, 0xbe, 0xef};
  ol_transaction out;
  memset(&out, 0, sizeof out);
  out.type = type;
  out.gas_limit = 50000;
  out.data = ol_slice_of(data, sizeof data);
  sample_word(out.value.bytes, 11);
  memset(out.to.bytes, 0x70, sizeof out.to.bytes);
  if (type == OL_TX_DEPOSIT) {
    memset(out.source_hash.bytes, 0x50, sizeof out.source_hash.bytes);
    memset(out.from.bytes, 0xf0, sizeof out.from.bytes);
    sample_word(out.mint.bytes, 12);
    return out;
  }
  out.chain_id = SAMPLE_CHAIN;
  out.nonce = 5;
  if (type <= OL_TX_ACCESS_LIST) {
    sample_word(out.gas_price.bytes, 100);
  } else {
    sample_word(out.max_priority_fee_per_gas.bytes, 2);
    sample_word(out.max_fee_per_gas.bytes, 120);
  }
  if (type >= OL_TX_ACCESS_LIST) out.access_list = sample_access_list();
  if (type == OL_TX_BLOB) {
    sample_word(out.max_fee_per_blob_gas.bytes, 13);
    out.blob_hashes = sample_blob_hashes();
  }
  if (type == OL_TX_SET_CODE) out.authorizations = sample_authorizations();
  sign_sample(&out);
  return out;
}

/* Out: its canonical form, to be freed. */
static inline ol_slice sample_bytes(const ol_transaction *transaction) {
  ol_error error;
  size_t len = 0;
  (void)!ol_transaction_encode(&error, NULL, 0, &len, transaction);
  uint8_t *bytes = malloc(len);
  if (bytes == NULL || ol_transaction_encode(&error, bytes, len, &len, transaction) != OL_OK) abort();
  return ol_slice_of(bytes, len);
}

static inline void put_sample_lists(sample_text *to, const ol_transaction *transaction) {
  ol_slice list = transaction->access_list;
  ol_access access;
  ol_hash hash;
  const char *comma = "";
  if (transaction->type >= OL_TX_ACCESS_LIST) {
    put_sample(to, ",\"accessList\":[%s", "");
    for (; ol_access_next(&list, &access); comma = ",") {
      put_sample(to, "%s", comma);
      put_sample_hex(to, "{\"address\":\"%s\",\"storageKeys\":[", access.address.bytes, 20);
      for (comma = ""; ol_hash_next(&access.keys, &hash); comma = ",") {
        put_sample(to, "%s", comma);
        put_sample_hex(to, "\"%s\"", hash.bytes, 32);
      }
      put_sample(to, "]}%s", "");
    }
    put_sample(to, "]%s", "");
  }
  if (transaction->type == OL_TX_BLOB) {
    list = transaction->blob_hashes;
    put_sample_hex(to, ",\"maxFeePerBlobGas\":\"%s\",\"blobVersionedHashes\":[",
                   transaction->max_fee_per_blob_gas.bytes, 32);
    for (comma = ""; ol_hash_next(&list, &hash); comma = ",") {
      put_sample(to, "%s", comma);
      put_sample_hex(to, "\"%s\"", hash.bytes, 32);
    }
    put_sample(to, "]%s", "");
  }
  if (transaction->type == OL_TX_SET_CODE) {
    ol_authorization one;
    list = transaction->authorizations;
    put_sample(to, ",\"authorizationList\":[%s", "");
    for (comma = ""; ol_authorization_next(&list, &one); comma = ",") {
      put_sample(to, "%s", comma);
      put_sample_hex(to, "{\"chainId\":\"%s\"", one.chain_id.bytes, 32);
      put_sample_hex(to, ",\"address\":\"%s\"", one.address.bytes, 20);
      put_sample_number(to, ",\"nonce\":\"%s\"", one.nonce);
      put_sample_number(to, ",\"yParity\":\"%s\"", one.y_parity);
      put_sample_hex(to, ",\"r\":\"%s\"", one.r.bytes, 32);
      put_sample_hex(to, ",\"s\":\"%s\"}", one.s.bytes, 32);
    }
    put_sample(to, "]%s", "");
  }
}

/* What eth_getTransactionByHash says of a transaction, without its last brace: its place may follow. */
static inline sample_text sample_json_open(const ol_transaction *transaction) {
  sample_text to = {.text = NULL};
  ol_hash hash;
  ol_address from = transaction->type == OL_TX_DEPOSIT ? transaction->from : sample_sender();
  ol_transaction_hash(&hash, transaction);
  put_sample_number(&to, "{\"type\":\"%s\"", transaction->type);
  put_sample_hex(&to, ",\"hash\":\"%s\"", hash.bytes, 32);
  put_sample_hex(&to, ",\"from\":\"%s\"", from.bytes, 20);
  if (transaction->is_create)
    put_sample(&to, ",\"to\":null%s", "");
  else
    put_sample_hex(&to, ",\"to\":\"%s\"", transaction->to.bytes, 20);
  put_sample_number(&to, ",\"gas\":\"%s\"", transaction->gas_limit);
  put_sample_hex(&to, ",\"value\":\"%s\"", transaction->value.bytes, 32);
  put_sample_hex(&to, ",\"input\":\"%s\"", transaction->data.data, transaction->data.len);
  put_sample_number(&to, ",\"nonce\":\"%s\"", transaction->nonce);
  if (transaction->type == OL_TX_DEPOSIT) {
    put_sample_hex(&to, ",\"sourceHash\":\"%s\"", transaction->source_hash.bytes, 32);
    put_sample_hex(&to, ",\"mint\":\"%s\"", transaction->mint.bytes, 32);
    put_sample(&to, ",\"isSystemTx\":%s", transaction->is_system ? "true" : "false");
    return to;
  }
  uint64_t v = transaction->y_parity;
  if (transaction->type == OL_TX_LEGACY) v += transaction->chain_id ? 2 * transaction->chain_id + 35 : 27;
  if (transaction->chain_id || transaction->type != OL_TX_LEGACY)
    put_sample_number(&to, ",\"chainId\":\"%s\"", transaction->chain_id);
  if (transaction->type <= OL_TX_ACCESS_LIST) {
    put_sample_hex(&to, ",\"gasPrice\":\"%s\"", transaction->gas_price.bytes, 32);
  } else {
    put_sample_hex(&to, ",\"maxPriorityFeePerGas\":\"%s\"", transaction->max_priority_fee_per_gas.bytes, 32);
    put_sample_hex(&to, ",\"maxFeePerGas\":\"%s\"", transaction->max_fee_per_gas.bytes, 32);
  }
  put_sample_lists(&to, transaction);
  put_sample_number(&to, ",\"v\":\"%s\"", v);
  if (transaction->type != OL_TX_LEGACY) put_sample_number(&to, ",\"yParity\":\"%s\"", transaction->y_parity);
  put_sample_hex(&to, ",\"r\":\"%s\"", transaction->r.bytes, 32);
  put_sample_hex(&to, ",\"s\":\"%s\"", transaction->s.bytes, 32);
  return to;
}

static inline char *sample_json(const ol_transaction *transaction) {
  sample_text to = sample_json_open(transaction);
  put_sample(&to, "}%s", "");
  return to.text;
}

/* Out: the text with `from` in it, which must be there, replaced; to be freed. */
static inline char *sample_edit(const char *text, const char *from, const char *to) {
  const char *at = strstr(text, from);
  if (at == NULL) {
    fprintf(stderr, "%s is not in %s\n", from, text);
    abort();
  }
  char *out = malloc(strlen(text) + strlen(to) + 1);
  if (out == NULL) abort();
  memcpy(out, text, (size_t)(at - text));
  strcpy(out + (at - text), to);
  strcat(out, at + strlen(from));
  return out;
}

#endif
