/* SPDX-License-Identifier: MIT */
#include "rollup/transaction.h"

#include "transactions.h"
#include "unit/bytes.h"

static ol_error error;

static ol_status read_text(ol_transaction *out, ol_slice *out_bytes, ol_hash *hash, const char *text) {
  static uint8_t memory[1 << 18];
  return ol_transaction_from_text(&error, out, out_bytes, hash, text_of(text), memory, sizeof memory);
}

static void reads_what_a_node_says_in_every_type(void **state) {
  (void)state;
  for (size_t i = 0; i < SAMPLE_TYPES; i++) {
    ol_transaction sample = sample_transaction(sample_types[i]), out;
    ol_slice expected = sample_bytes(&sample), bytes;
    ol_hash hash, own;
    char *json = sample_json(&sample);
    assert_int_equal(read_text(&out, &bytes, &hash, json), OL_OK);
    assert_int_equal(bytes.len, expected.len);
    assert_memory_equal(bytes.data, expected.data, bytes.len);
    ol_transaction_hash(&own, &sample);
    assert_memory_equal(&hash, &own, sizeof hash);
    char *digits = malloc(2 * expected.len + 3);
    ol_hex_text(digits, expected.data, expected.len);
    assert_int_equal(read_text(&out, &bytes, &hash, digits), OL_OK);
    assert_memory_equal(&hash, &own, sizeof hash);
    assert_memory_equal(bytes.data, expected.data, bytes.len);
    digits[4] = 'g';
    assert_int_equal(read_text(&out, &bytes, &hash, digits), OL_ERR_ENCODING);
    assert_int_equal(read_text(&out, &bytes, &hash, "0x05"), OL_ERR_ENCODING);
    free(digits);
    free(json);
    free((void *)(uintptr_t)expected.data);
  }
}

static void reads_what_may_be_left_out(void **state) {
  (void)state;
  ol_transaction sample = sample_transaction(OL_TX_DEPOSIT), out;
  ol_slice bytes;
  ol_hash hash;
  sample.is_create = 1;
  memset(&sample.to, 0, sizeof sample.to);
  memset(&sample.mint, 0, sizeof sample.mint);
  char *json = sample_json(&sample);
  char *less = sample_edit(json, "\"mint\"", "\"other\""),
       *least = sample_edit(less, "\"isSystemTx\"", "\"more\"");
  assert_int_equal(read_text(&out, &bytes, &hash, least), OL_OK);
  assert_int_equal(out.is_create, 1);
  free(json);
  free(less);
  free(least);
  sample.is_system = 1;
  json = sample_json(&sample);
  assert_int_equal(read_text(&out, &bytes, &hash, json), OL_OK);
  assert_int_equal(out.is_system, 1);
  free(json);

  sample = sample_transaction(OL_TX_LEGACY);
  json = sample_json(&sample);
  less = sample_edit(json, "\"type\":", "\"kind\":");
  assert_int_equal(read_text(&out, &bytes, &hash, less), OL_OK);
  free(less);
  less = sample_edit(json, "\"chainId\":", "\"chain\":");
  assert_int_equal(read_text(&out, &bytes, &hash, less), OL_OK);
  free(json);
  free(less);

  sample.chain_id = 0;
  sign_sample(&sample);
  json = sample_json(&sample); /* a server may write its own chain's id */
  less = sample_edit(json, "\"nonce\":", "\"chainId\":\"0x5\",\"nonce\":");
  assert_int_equal(read_text(&out, &bytes, &hash, less), OL_OK);
  free(json);
  free(less);

  const char *const either[] = {"\"yParity\":", "\"v\":"};
  sample = sample_transaction(OL_TX_DYNAMIC_FEE);
  for (size_t i = 0; i < 2; i++) {
    json = sample_json(&sample);
    less = sample_edit(json, either[i], "\"w\":");
    assert_int_equal(read_text(&out, &bytes, &hash, less), OL_OK);
    free(json);
    free(less);
  }
  sample = sample_transaction(OL_TX_SET_CODE);
  json = sample_json(&sample);
  less = sample_edit(json, "\"yParity\":", "\"v\":"); /* the first is the authorization's */
  assert_int_equal(read_text(&out, &bytes, &hash, less), OL_OK);
  free(json);
  free(less);
}

static const struct {
  uint32_t type;
  const char *from, *to;
  ol_status status;
  const char *part, *reason;
} lies[] = {
    {OL_TX_LEGACY, "\"type\":\"0x0\"", "\"type\":\"0x5\"", OL_ERR_ENCODING, "type",
     "type of the transaction is not known"},
    {OL_TX_LEGACY, "\"type\":\"0x0\"", "\"type\":\"0x10000000000000000\"", OL_ERR_ENCODING, "type",
     "quantity needs more than 64 bits"},
    {OL_TX_LEGACY, "\"type\":\"0x0\"", "\"type\":\"0x100000000\"", OL_ERR_ENCODING, "type",
     "type of the transaction is not known"},
    {OL_TX_LEGACY, "\"nonce\"", "\"other\"", OL_ERR_ENCODING, "nonce", "field of the transaction is missing"},
    {OL_TX_LEGACY, "\"nonce\":\"0x5\"", "\"nonce\":5", OL_ERR_ENCODING, "nonce",
     "JSON value is not a string"},
    {OL_TX_LEGACY, "\"nonce\":\"0x5\"", "\"nonce\":\"0x6\"", OL_ERR_MISMATCH, "hash",
     "transaction's fields do not hash to it"},
    {OL_TX_LEGACY, "\"nonce\":\"0x5\"", "\"nonce\":\"0xffffffffffffffff\"", OL_ERR_ENCODING, "transaction",
     "nonce is 2^64-1 (EIP-2681)"},
    {OL_TX_LEGACY, "\"v\":\"0xc", "\"v\":\"xc", OL_ERR_ENCODING, "v", "hex does not begin with 0x"},
    {OL_TX_LEGACY, "\"v\":\"0xc", "\"v\":\"0x1d\",\"w\":\"0xc", OL_ERR_ENCODING, "v",
     "v is neither 27 nor 28, nor of a chain (EIP-155)"},
    {OL_TX_LEGACY, "\"chainId\":\"0x64c\"", "\"chainId\":\"0x64d\"", OL_ERR_MISMATCH, "chainId",
     "transaction is signed for another chain"},
    {OL_TX_LEGACY, "\"chainId\":\"0x64c\"", "\"chainId\":\"64c\"", OL_ERR_ENCODING, "chainId",
     "hex does not begin with 0x"},
    {OL_TX_LEGACY, "\"hash\":\"0x", "\"other\":\"0x", OL_ERR_ENCODING, "hash",
     "field of the transaction is missing"},
    {OL_TX_LEGACY, "\"hash\":\"0x", "\"hash\":\"0x0", OL_ERR_ENCODING, "hash", "hex has the wrong length"},
    {OL_TX_LEGACY, "\"from\":\"0x", "\"other\":\"0x", OL_ERR_ENCODING, "from",
     "field of the transaction is missing"},
    {OL_TX_LEGACY, "\"from\":\"0x", "\"from\":\"0x0", OL_ERR_ENCODING, "from", "hex has the wrong length"},
    {OL_TX_LEGACY, "\"to\":\"0x", "\"to\":\"0x0", OL_ERR_ENCODING, "to", "hex has the wrong length"},
    {OL_TX_LEGACY, "\"input\":\"0x", "\"input\":\"0x0", OL_ERR_ENCODING, "input",
     "hex has an odd number of digits"},
    {OL_TX_ACCESS_LIST, "\"accessList\":[", "\"accessList\":[[],", OL_ERR_ENCODING, "accessList",
     "field of the transaction is missing"},
    {OL_TX_ACCESS_LIST, "\"accessList\":[", "\"accessList\":0,\"other\":[", OL_ERR_ENCODING, "accessList",
     "JSON value is not an array"},
    {OL_TX_ACCESS_LIST, "\"address\":\"0x", "\"address\":\"0x0", OL_ERR_ENCODING, "accessList",
     "hex has the wrong length"},
    {OL_TX_ACCESS_LIST, "\"storageKeys\"", "\"other\"", OL_ERR_ENCODING, "accessList",
     "field of the transaction is missing"},
    {OL_TX_ACCESS_LIST, "\"storageKeys\":[", "\"storageKeys\":[0,", OL_ERR_ENCODING, "accessList",
     "JSON value is not a string"},
    {OL_TX_DYNAMIC_FEE, "\"yParity\":\"0x", "\"yParity\":\"0x2", OL_ERR_ENCODING, "yParity",
     "bit is neither 0 nor 1"},
    {OL_TX_DYNAMIC_FEE, "\"yParity\":\"0x", "\"yParity\":\"", OL_ERR_ENCODING, "yParity",
     "hex does not begin with 0x"},
    {OL_TX_DYNAMIC_FEE, "\"yParity\"", "\"v2\"", OL_OK, "", ""},
    {OL_TX_BLOB, "\"blobVersionedHashes\":[", "\"blobVersionedHashes\":[\"0x\",", OL_ERR_ENCODING,
     "blobVersionedHashes", "hex has the wrong length"},
    {OL_TX_BLOB, "\"maxFeePerBlobGas\"", "\"other\"", OL_ERR_ENCODING, "maxFeePerBlobGas",
     "field of the transaction is missing"},
    {OL_TX_SET_CODE, "\"authorizationList\":[", "\"authorizationList\":[{},", OL_ERR_ENCODING,
     "authorizationList", "field of the transaction is missing"},
    {OL_TX_SET_CODE, "\"address\":\"0xc0", "\"other\":\"0xc0", OL_ERR_ENCODING, "authorizationList",
     "field of the transaction is missing"},
    {OL_TX_ACCESS_LIST, "\"storageKeys\":[", "\"storageKeys\":0,\"other\":[", OL_ERR_ENCODING, "accessList",
     "JSON value is not an array"},
    {OL_TX_SET_CODE, "[{\"chainId\":\"0x", "[{\"chainId\":\"", OL_ERR_ENCODING, "authorizationList",
     "hex does not begin with 0x"},
    {OL_TX_SET_CODE, "\",\"nonce\":\"0x3\"", "\",\"other\":\"0x3\"", OL_ERR_ENCODING, "authorizationList",
     "field of the transaction is missing"},
    {OL_TX_DEPOSIT, "\"isSystemTx\":false", "\"isSystemTx\":\"0x0\"", OL_ERR_ENCODING, "isSystemTx",
     "JSON value is not true or false"},
    {OL_TX_DEPOSIT, "\"sourceHash\":\"0x", "\"sourceHash\":\"0x0", OL_ERR_ENCODING, "sourceHash",
     "hex has the wrong length"},
    {OL_TX_DEPOSIT, "\"from\":\"0xf", "\"from\":\"0xe", OL_ERR_MISMATCH, "hash",
     "transaction's fields do not hash to it"},
};

static void refuses_each_lie(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
    ol_transaction sample = sample_transaction(lies[i].type), out;
    ol_slice bytes;
    ol_hash hash;
    char *json = sample_json(&sample), *changed = sample_edit(json, lies[i].from, lies[i].to);
    assert_int_equal(read_text(&out, &bytes, &hash, changed), lies[i].status);
    assert_string_equal(error.reason, lies[i].reason);
    assert_string_equal(error.part, lies[i].part);
    free(json);
    free(changed);
  }
}

static void refuses_another_sender(void **state) {
  (void)state;
  ol_transaction sample = sample_transaction(OL_TX_DYNAMIC_FEE), out;
  ol_slice bytes;
  ol_hash hash;
  char *json = sample_json(&sample), from[64], other[64];
  ol_address sender = sample_sender();
  ol_hex_text(from, sender.bytes, sizeof sender.bytes);
  sender.bytes[19] ^= 1;
  ol_hex_text(other, sender.bytes, sizeof sender.bytes);
  char *changed = sample_edit(json, from, other);
  assert_int_equal(read_text(&out, &bytes, &hash, changed), OL_ERR_MISMATCH);
  assert_string_equal(error.part, "from");
  free(json);
  free(changed);
  /* Nobody's signature, with the hash that it has. */
  memset(sample.r.bytes, 0, sizeof sample.r.bytes);
  json = sample_json(&sample);
  assert_int_equal(read_text(&out, &bytes, &hash, json), OL_ERR_CRYPTO);
  free(json);
}

static void refuses_parities_that_differ(void **state) {
  (void)state;
  ol_transaction sample = sample_transaction(OL_TX_DYNAMIC_FEE), out;
  ol_slice bytes;
  ol_hash hash;
  char *json = sample_json(&sample);
  char *changed = sample_edit(json, sample.y_parity ? "\"v\":\"0x1\"" : "\"v\":\"0x0\"",
                              sample.y_parity ? "\"v\":\"0x0\"" : "\"v\":\"0x1\"");
  assert_int_equal(read_text(&out, &bytes, &hash, changed), OL_ERR_MISMATCH);
  assert_string_equal(error.part, "yParity");
  free(changed);
  changed = sample_edit(json, "\"v\":", "\"w\":");
  free(json);
  json = sample_edit(changed, "\"yParity\":", "\"x\":");
  assert_int_equal(read_text(&out, &bytes, &hash, json), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "field of the transaction is missing");
  free(json);
  free(changed);
}

/* Whatever is too little memory is said to be, and never written behind. */
static void needs_memory(void **state) {
  (void)state;
  for (size_t i = 0; i < SAMPLE_TYPES; i++) {
    ol_transaction sample = sample_transaction(sample_types[i]), out;
    ol_slice bytes;
    ol_hash hash;
    char *json = sample_json(&sample);
    ol_status status = OL_ERR_MEMORY;
    size_t len = 0;
    for (; status == OL_ERR_MEMORY; len += 16) {
      uint8_t *memory = malloc(len + 1);
      status = ol_transaction_from_text(&error, &out, &bytes, &hash, text_of(json), memory, len);
      free(memory);
    }
    assert_int_equal(status, OL_OK);
    assert_true(len <= 16 * strlen(json) + 4096);
    free(json);
  }
  uint8_t memory[8];
  ol_transaction out;
  ol_slice bytes;
  ol_hash hash;
  assert_int_equal(ol_transaction_from_text(&error, &out, &bytes, &hash, text_of("0x0102030405060708090a"),
                                            memory, sizeof memory),
                   OL_ERR_MEMORY);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_what_a_node_says_in_every_type),
      cmocka_unit_test(reads_what_may_be_left_out),
      cmocka_unit_test(refuses_each_lie),
      cmocka_unit_test(refuses_another_sender),
      cmocka_unit_test(refuses_parities_that_differ),
      cmocka_unit_test(needs_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
