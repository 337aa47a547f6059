/* SPDX-License-Identifier: MIT */
#include "openledger/transaction.h"

#include "transactions.h"
#include "unit/bytes.h"

/* Transactions before they are signed, signatures put into them, and the lists they are made with. */

static ol_error error;

#define SIGNED_TYPES (SAMPLE_TYPES - 1) /* but for deposits */
#define ALL_ALLOWED (OL_SIGN_ANY_CHAIN | OL_SIGN_BLOBS)

static ol_transaction unsigned_sample(uint32_t type) {
  ol_transaction out = sample_transaction(type);
  out.y_parity = 0;
  memset(&out.r, 0, sizeof out.r);
  memset(&out.s, 0, sizeof out.s);
  return out;
}

static size_t unsigned_bytes(uint8_t out[1024], const ol_transaction *transaction) {
  size_t len = 0;
  assert_int_equal(ol_transaction_encode_unsigned(&error, out, 1024, &len, transaction), OL_OK);
  return len;
}

static void write_rsv(uint8_t out[65], const ol_transaction *from, uint8_t base) {
  memcpy(out, from->r.bytes, 32);
  memcpy(out + 32, from->s.bytes, 32);
  out[64] = (uint8_t)(from->y_parity + base);
}

static void encodes_what_it_decodes_unsigned(void **state) {
  (void)state;
  for (size_t i = 0; i < SIGNED_TYPES; i++) {
    ol_transaction sample = unsigned_sample(sample_types[i]), again;
    uint8_t bytes[1024], encoded[1024];
    size_t len = unsigned_bytes(bytes, &sample), again_len;
    assert_int_equal(ol_transaction_decode_unsigned(&error, &again, bytes, len), OL_OK);
    assert_int_equal(again.chain_id, sample.chain_id);
    assert_int_equal(again.nonce, sample.nonce);
    assert_true(ol_u256_is_zero(&again.r) && ol_u256_is_zero(&again.s) && again.y_parity == 0);
    assert_int_equal(unsigned_bytes(encoded, &again), len);
    assert_memory_equal(encoded, bytes, len);
    ol_hash digest, expected;
    ol_keccak256(&expected, bytes, len);
    assert_int_equal(ol_transaction_to_sign(&error, &digest, &again, SAMPLE_CHAIN, ALL_ALLOWED), OL_OK);
    assert_memory_equal(&digest, &expected, sizeof digest);
    assert_int_equal(ol_transaction_encode_unsigned(&error, encoded, len - 1, &again_len, &again),
                     OL_ERR_MEMORY);
    assert_int_equal(again_len, len);
    for (size_t cut = 0; cut < len; cut++)
      assert_int_equal(ol_transaction_decode_unsigned(&error, &again, bytes, cut), OL_ERR_ENCODING);
    bytes[len] = 0;
    assert_int_equal(ol_transaction_decode_unsigned(&error, &again, bytes, len + 1), OL_ERR_ENCODING);
    /* What is signed is not unsigned, nor the other way around. */
    sample = sample_transaction(sample_types[i]);
    ol_slice whole = sample_bytes(&sample);
    assert_int_equal(ol_transaction_decode_unsigned(&error, &again, whole.data, whole.len), OL_ERR_ENCODING);
    ol_address sender;
    ol_status status = ol_transaction_decode(&error, &again, bytes, len);
    /* Of a legacy one the chain id is read as a v; nobody has signed it. */
    if (sample.type == OL_TX_LEGACY) {
      assert_int_equal(status, OL_OK);
      status = ol_transaction_sender(&error, &sender, &again, 0);
    }
    assert_int_equal(status, sample.type == OL_TX_LEGACY ? OL_ERR_CRYPTO : OL_ERR_ENCODING);
    free((void *)(uintptr_t)whole.data);
  }
}

/* Nine fields, the last three as given. */
static ol_status decode_nine(const char *last, size_t len) {
  ol_transaction sample = unsigned_sample(OL_TX_LEGACY), out;
  uint8_t six[1024], nine[1024];
  sample.chain_id = 0;
  ol_slice bytes = ol_slice_of(six, unsigned_bytes(six, &sample));
  ol_rlp_writer to = {.out = nine, .len = sizeof nine};
  ol_rlp_put_list(&to, bytes.len - 1 + len);
  ol_rlp_put_raw(&to, bytes.data + 1, bytes.len - 1);
  ol_rlp_put_raw(&to, (const uint8_t *)last, len);
  ol_status status = ol_transaction_decode_unsigned(&error, &out, nine, to.used);
  if (status == OL_OK) assert_int_equal(out.chain_id, 5);
  return status;
}

static void takes_six_fields_or_nine(void **state) {
  (void)state;
  static const struct {
    const char *last;
    size_t len;
    const char *reason;
  } bad[] = {
      {"\x80\x80\x80", 3, "chain id is zero, or too large for a signature's v (EIP-2294)"},
      {"\x88\x7f\xff\xff\xff\xff\xff\xff\xdc\x80\x80", 11,
       "chain id is zero, or too large for a signature's v (EIP-2294)"},
      {"\x05\x01\x80", 3, "something is where a signature's zeros belong (EIP-155)"},
      {"\x05\x80\x01", 3, "something is where a signature's zeros belong (EIP-155)"},
      {"\x05\x80", 2, "RLP item is missing"},
      {"\x05", 1, "RLP item is missing"},
      {"\x05\x80\x80\x80", 4, "bytes follow where the RLP ends"},
      {"\x82\x00\x05\x80\x80", 5, "RLP scalar has a leading zero"},
  };
  ol_transaction out;
  ol_address sender, expected;
  uint8_t bytes[] = {0xc6, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
  assert_int_equal(ol_transaction_decode_unsigned(&error, &out, bytes, sizeof bytes), OL_OK);
  assert_true(out.chain_id == 0 && out.is_create == 1);
  assert_int_equal(decode_nine("\x05\x80\x80", 3), OL_OK);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(decode_nine(bad[i].last, bad[i].len), OL_ERR_ENCODING);
    assert_string_equal(error.reason, bad[i].reason);
    assert_string_equal(error.part, "transaction");
  }
  /* The largest chain id whose v fits is signed and read again. */
  out = unsigned_sample(OL_TX_LEGACY);
  out.chain_id = UINT64_MAX / 2 - 36;
  sign_sample(&out);
  expected = sample_sender();
  ol_slice whole = sample_bytes(&out);
  assert_int_equal(ol_transaction_decode(&error, &out, whole.data, whole.len), OL_OK);
  assert_int_equal(ol_transaction_sender(&error, &sender, &out, UINT64_MAX / 2 - 36), OL_OK);
  assert_memory_equal(&sender, &expected, sizeof sender);
  ol_hash digest;
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &out, out.chain_id, 0), OL_OK);
  out.chain_id++;
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &out, out.chain_id, 0), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "chain id is too large for a signature's v (EIP-2294)");
  free((void *)(uintptr_t)whole.data);
}

static void signs_no_deposit(void **state) {
  (void)state;
  ol_transaction sample = sample_transaction(OL_TX_DEPOSIT), out;
  ol_hash digest;
  ol_address signer = sample_sender();
  uint8_t bytes[1024], signature[65] = {0};
  size_t len;
  ol_slice whole = sample_bytes(&sample);
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &sample, 0, ALL_ALLOWED), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "a deposit is not signed: L1 makes it");
  assert_int_equal(ol_transaction_encode_unsigned(&error, bytes, sizeof bytes, &len, &sample),
                   OL_ERR_ARGUMENT);
  assert_int_equal(ol_transaction_put_signature(&error, &out, &sample, &signer, signature), OL_ERR_ARGUMENT);
  assert_int_equal(ol_transaction_decode_unsigned(&error, &out, whole.data, whole.len), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "a deposit is not signed: L1 makes it");
  free((void *)(uintptr_t)whole.data);
  sample.type = 5;
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &sample, 0, ALL_ALLOWED), OL_ERR_ARGUMENT);
  assert_int_equal(ol_transaction_put_signature(&error, &out, &sample, &signer, signature), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "type of the transaction is not known");
}

static void signs_for_one_chain(void **state) {
  (void)state;
  ol_hash digest;
  for (size_t i = 0; i < SIGNED_TYPES; i++) {
    ol_transaction sample = unsigned_sample(sample_types[i]);
    assert_int_equal(ol_transaction_to_sign(&error, &digest, &sample, 1, ALL_ALLOWED), OL_ERR_MISMATCH);
    assert_string_equal(error.field, "chainId");
    assert_string_equal(error.reason, "transaction is for another chain");
  }
  ol_transaction sample = unsigned_sample(OL_TX_LEGACY);
  sample.chain_id = 0;
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &sample, SAMPLE_CHAIN, OL_SIGN_BLOBS),
                   OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "transaction would be good on any chain (EIP-155)");
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &sample, SAMPLE_CHAIN, OL_SIGN_ANY_CHAIN), OL_OK);
  /* A typed one is never without. */
  sample = unsigned_sample(OL_TX_DYNAMIC_FEE);
  sample.chain_id = 0;
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &sample, SAMPLE_CHAIN, ALL_ALLOWED),
                   OL_ERR_MISMATCH);
}

static void signs_blobs_only_when_asked(void **state) {
  (void)state;
  ol_hash digest;
  ol_transaction sample = unsigned_sample(OL_TX_BLOB);
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &sample, SAMPLE_CHAIN, 0), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "the OP Stack takes no blobs");
  assert_int_equal(ol_transaction_to_sign(&error, &digest, &sample, SAMPLE_CHAIN, OL_SIGN_BLOBS), OL_OK);
}

static void expect_unsignable(const ol_transaction *transaction, const char *field, const char *reason) {
  ol_hash digest;
  assert_int_equal(ol_transaction_to_sign(&error, &digest, transaction, SAMPLE_CHAIN, ALL_ALLOWED),
                   OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "transaction");
  assert_string_equal(error.field, field);
  assert_string_equal(error.reason, reason);
}

static void signs_only_what_can_be_decoded(void **state) {
  (void)state;
  ol_transaction sample = unsigned_sample(OL_TX_DYNAMIC_FEE);
  sample.nonce = UINT64_MAX;
  expect_unsignable(&sample, "nonce", "nonce is 2^64-1 (EIP-2681)");
  sample = unsigned_sample(OL_TX_DYNAMIC_FEE);
  sample.max_priority_fee_per_gas.bytes[0] = 1;
  expect_unsignable(&sample, "maxPriorityFeePerGas", "priority fee is above the whole fee (EIP-1559)");
  static const uint32_t calls[] = {OL_TX_BLOB, OL_TX_SET_CODE};
  for (size_t i = 0; i < 2; i++) {
    sample = unsigned_sample(calls[i]);
    memset(&sample.to, 0, sizeof sample.to);
    sample.is_create = 1;
    expect_unsignable(&sample, "to", "transaction of this type creates no contract");
  }
  sample = unsigned_sample(OL_TX_LEGACY);
  sample.is_create = 1;
  expect_unsignable(&sample, "to", "transaction creates a contract and is to somebody");
  sample = unsigned_sample(OL_TX_SET_CODE);
  sample.authorizations.len = 0;
  expect_unsignable(&sample, "authorizationList", "list may not be empty in a transaction of this type");
  sample = unsigned_sample(OL_TX_BLOB);
  sample.blob_hashes.len = 0;
  expect_unsignable(&sample, "blobVersionedHashes", "list may not be empty in a transaction of this type");
  sample = unsigned_sample(OL_TX_ACCESS_LIST);
  sample.access_list.len--;
  expect_unsignable(&sample, "accessList", "RLP item is longer than its input");
}

static void leaves_nothing_out_in_silence(void **state) {
  (void)state;
  ol_transaction sample = unsigned_sample(OL_TX_DYNAMIC_FEE);
  sample.gas_price.bytes[31] = 1;
  expect_unsignable(&sample, "gasPrice", "transaction of this type has no such field");
  sample = unsigned_sample(OL_TX_LEGACY);
  sample.access_list = sample_access_list();
  expect_unsignable(&sample, "accessList", "transaction of this type has no such field");
  sample = unsigned_sample(OL_TX_ACCESS_LIST);
  sample.max_fee_per_gas.bytes[31] = 1;
  expect_unsignable(&sample, "maxFeePerGas", "transaction of this type has no such field");
  sample = unsigned_sample(OL_TX_DYNAMIC_FEE);
  sample.authorizations = sample_authorizations();
  expect_unsignable(&sample, "authorizationList", "transaction of this type has no such field");
  sample = unsigned_sample(OL_TX_DYNAMIC_FEE);
  sample.from.bytes[0] = 1;
  expect_unsignable(&sample, "from", "transaction of this type has no such field");
  sample = unsigned_sample(OL_TX_DYNAMIC_FEE);
  sample.is_system = 1;
  expect_unsignable(&sample, "isSystemTx", "transaction of this type has no such field");
}

static void puts_a_signature(void **state) {
  (void)state;
  const ol_address signer = sample_sender();
  for (size_t i = 0; i < SIGNED_TYPES; i++) {
    const ol_transaction expected = sample_transaction(sample_types[i]);
    for (uint8_t base = 0; base <= 27; base += 27) {
      ol_transaction out = unsigned_sample(sample_types[i]);
      uint8_t signature[65];
      write_rsv(signature, &expected, base);
      assert_int_equal(ol_transaction_put_signature(&error, &out, &out, &signer, signature), OL_OK);
      ol_slice bytes = sample_bytes(&out), whole = sample_bytes(&expected);
      assert_int_equal(bytes.len, whole.len);
      assert_memory_equal(bytes.data, whole.data, whole.len);
      free((void *)(uintptr_t)bytes.data);
      free((void *)(uintptr_t)whole.data);
    }
  }
}

static ol_status put_changed(size_t at, uint8_t flip) {
  ol_transaction sample = sample_transaction(OL_TX_DYNAMIC_FEE), out = {.nonce = 77};
  const ol_address signer = sample_sender();
  uint8_t signature[65];
  write_rsv(signature, &sample, 0);
  signature[at] ^= flip;
  ol_status status = ol_transaction_put_signature(&error, &out, &sample, &signer, signature);
  if (status != OL_OK) assert_int_equal(out.nonce, 77);
  return status;
}

static void refuses_what_is_not_the_signers(void **state) {
  (void)state;
  assert_int_equal(put_changed(0, 0), OL_OK);
  assert_int_equal(put_changed(64, 0x02), OL_ERR_ENCODING); /* parity 2 or 3 */
  assert_string_equal(error.reason, "the last byte of a signature is 0, 1, 27 or 28");
  assert_int_equal(put_changed(64, 0x1c), OL_ERR_ENCODING); /* 28 and 29 with the parity's bit */
  assert_int_equal(put_changed(32, 0x80), OL_ERR_CRYPTO);   /* a high s */
  assert_string_equal(error.part, "signature");
  assert_int_equal(put_changed(64, 0x01), OL_ERR_MISMATCH); /* the other point: somebody else's */
  assert_string_equal(error.reason, "somebody else signed");
}

static void puts_an_authorization(void **state) {
  (void)state;
  const ol_authorization expected = sample_authorization();
  ol_authorization blank = expected, out;
  ol_address signer = sample_sender();
  uint8_t signature[65];
  memset(&blank.r, 0, sizeof blank.r);
  memset(&blank.s, 0, sizeof blank.s);
  blank.y_parity = 0;
  memcpy(signature, expected.r.bytes, 32);
  memcpy(signature + 32, expected.s.bytes, 32);
  signature[64] = (uint8_t)expected.y_parity;
  assert_int_equal(ol_authorization_put_signature(&error, &out, &blank, &signer, signature), OL_OK);
  assert_memory_equal(&out.r, &expected.r, sizeof out.r);
  assert_memory_equal(&out.s, &expected.s, sizeof out.s);
  assert_int_equal(out.y_parity, expected.y_parity);
  signer.bytes[0] ^= 1;
  assert_int_equal(ol_authorization_put_signature(&error, &out, &blank, &signer, signature), OL_ERR_MISMATCH);
  signature[64] = 2;
  assert_int_equal(ol_authorization_put_signature(&error, &out, &blank, &signer, signature), OL_ERR_ENCODING);
  signature[64] = 0;
  signature[32] |= 0x80;
  assert_int_equal(ol_authorization_put_signature(&error, &out, &blank, &signer, signature), OL_ERR_CRYPTO);
}

static void writes_lists_as_they_are_decoded(void **state) {
  (void)state;
  ol_hash keys[2] = {{{0}}, {{0}}};
  ol_access entries[2];
  uint8_t keys_memory[66], memory[256];
  ol_slice out, expected = sample_access_list();
  sample_word(keys[0].bytes, 1);
  sample_word(keys[1].bytes, 2);
  memset(entries, 0, sizeof entries);
  memset(entries[0].address.bytes, 0xa1, 20);
  memset(entries[1].address.bytes, 0xa2, 20);
  assert_int_equal(ol_hash_list_write(&error, &entries[0].keys, keys, 2, keys_memory, 66), OL_OK);
  assert_int_equal(ol_hash_list_write(&error, &out, keys, 2, keys_memory, 65), OL_ERR_MEMORY);
  assert_int_equal(ol_hash_list_write(&error, &out, NULL, 0, NULL, 0), OL_OK);
  assert_int_equal(out.len, 0);
  assert_int_equal(ol_access_list_write(&error, &out, entries, 2, memory, sizeof memory), OL_OK);
  assert_int_equal(out.len, expected.len);
  assert_memory_equal(out.data, expected.data, expected.len);
  assert_int_equal(ol_access_list_write(&error, &out, entries, 2, memory, expected.len - 1), OL_ERR_MEMORY);
  entries[0].keys.len--;
  assert_int_equal(ol_access_list_write(&error, &out, entries, 2, memory, sizeof memory), OL_ERR_ARGUMENT);
  assert_int_equal(error.item, 0);
  assert_string_equal(error.reason, "keys are no list of hashes");

  ol_authorization one = sample_authorization();
  expected = sample_authorizations();
  assert_int_equal(ol_authorization_list_write(&error, &out, &one, 1, memory, sizeof memory), OL_OK);
  assert_int_equal(out.len, expected.len);
  assert_memory_equal(out.data, expected.data, expected.len);
  assert_int_equal(ol_authorization_list_write(&error, &out, &one, 1, memory, expected.len - 1),
                   OL_ERR_MEMORY);
  one.y_parity = 256;
  assert_int_equal(ol_authorization_list_write(&error, &out, &one, 1, memory, sizeof memory),
                   OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "parity of an authorization needs more than 8 bits");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(encodes_what_it_decodes_unsigned),
      cmocka_unit_test(takes_six_fields_or_nine),
      cmocka_unit_test(signs_no_deposit),
      cmocka_unit_test(signs_for_one_chain),
      cmocka_unit_test(signs_blobs_only_when_asked),
      cmocka_unit_test(signs_only_what_can_be_decoded),
      cmocka_unit_test(leaves_nothing_out_in_silence),
      cmocka_unit_test(puts_a_signature),
      cmocka_unit_test(refuses_what_is_not_the_signers),
      cmocka_unit_test(puts_an_authorization),
      cmocka_unit_test(writes_lists_as_they_are_decoded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
