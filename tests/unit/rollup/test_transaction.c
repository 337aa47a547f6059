/* SPDX-License-Identifier: MIT */
#include "openledger/transaction.h"

#include "transactions.h"
#include "unit/bytes.h"

static ol_error error;

/* Out: bytes whose list (behind a type, if one is in front) has RLP in the place of an item; to be freed. */
static ol_slice with_item(ol_slice bytes, size_t index, ol_slice rlp) {
  size_t type_len = bytes.data[0] < 0xc0;
  ol_rlp cursor = ol_rlp_of(ol_slice_of(bytes.data + type_len, bytes.len - type_len)), list;
  uint8_t *out = malloc(bytes.len + rlp.len + 16), *payload = malloc(bytes.len + rlp.len);
  assert_true(out != NULL && payload != NULL);
  ol_rlp_writer fields = {.out = payload, .len = bytes.len + rlp.len};
  assert_int_equal(ol_rlp_list(&error, &list, &cursor), OL_OK);
  for (size_t i = 0; ol_rlp_more(&list); i++) {
    ol_rlp_item item;
    assert_int_equal(ol_rlp_next(&error, &item, &list), OL_OK);
    if (i == index)
      ol_rlp_put_raw(&fields, rlp.data, rlp.len);
    else
      ol_rlp_put_raw(&fields, item.whole.data, item.whole.len);
  }
  if (index == SIZE_MAX) ol_rlp_put_raw(&fields, rlp.data, rlp.len);
  ol_rlp_writer to = {.out = out, .len = bytes.len + rlp.len + 16};
  ol_rlp_put_raw(&to, bytes.data, type_len);
  ol_rlp_put_list(&to, fields.used);
  ol_rlp_put_raw(&to, payload, fields.used);
  free(payload);
  return ol_slice_of(out, to.used);
}

static void release(ol_slice bytes) {
  free((void *)(uintptr_t)bytes.data);
}

static void encodes_what_it_decodes_in_every_type(void **state) {
  (void)state;
  for (size_t i = 0; i < SAMPLE_TYPES; i++) {
    ol_transaction sample = sample_transaction(sample_types[i]), again;
    ol_slice bytes = sample_bytes(&sample);
    assert_int_equal(ol_transaction_decode(&error, &again, bytes.data, bytes.len), OL_OK);
    assert_int_equal(again.type, sample.type);
    assert_int_equal(again.nonce, sample.nonce);
    assert_int_equal(again.chain_id, sample.chain_id);
    assert_int_equal(again.gas_limit, sample.gas_limit);
    assert_memory_equal(&again.to, &sample.to, sizeof again.to);
    assert_memory_equal(&again.value, &sample.value, sizeof again.value);
    assert_memory_equal(&again.mint, &sample.mint, sizeof again.mint);
    ol_slice encoded = sample_bytes(&again);
    assert_int_equal(encoded.len, bytes.len);
    assert_memory_equal(encoded.data, bytes.data, bytes.len);
    ol_hash hash, expected;
    ol_transaction_hash(&hash, &again);
    ol_keccak256(&expected, bytes.data, bytes.len);
    assert_memory_equal(&hash, &expected, sizeof hash);
    size_t len;
    uint8_t room[1024];
    assert_int_equal(ol_transaction_encode(&error, room, bytes.len - 1, &len, &again), OL_ERR_MEMORY);
    assert_int_equal(len, bytes.len);
    for (size_t cut = 0; cut < bytes.len; cut++)
      assert_int_equal(ol_transaction_decode(&error, &again, bytes.data, cut), OL_ERR_ENCODING);
    release(bytes);
    release(encoded);
  }
}

static void knows_no_other_type(void **state) {
  (void)state;
  ol_transaction sample = sample_transaction(OL_TX_DYNAMIC_FEE);
  ol_slice bytes = sample_bytes(&sample);
  uint8_t *first = (uint8_t *)(uintptr_t)bytes.data;
  for (unsigned type = 0; type < 0xc0; type++) {
    *first = (uint8_t)type;
    if (type == OL_TX_DYNAMIC_FEE) continue;
    assert_int_equal(ol_transaction_decode(&error, &sample, bytes.data, bytes.len), OL_ERR_ENCODING);
  }
  release(bytes);
  sample = sample_transaction(OL_TX_LEGACY);
  bytes = sample_bytes(&sample);
  uint8_t typed[256] = {0};
  memcpy(typed + 1, bytes.data, bytes.len);
  assert_int_equal(ol_transaction_decode(&error, &sample, typed, bytes.len + 1), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "legacy transaction has a type in front");
  release(bytes);
  sample.type = 5;
  size_t len;
  assert_int_equal(ol_transaction_encode(&error, typed, sizeof typed, &len, &sample), OL_ERR_ARGUMENT);
}

/* Decodes with RLP in the place of one item. */
static ol_status decode_with(uint32_t type, size_t index, const char *rlp, size_t len) {
  ol_transaction sample = sample_transaction(type), out;
  ol_slice bytes = sample_bytes(&sample), changed = with_item(bytes, index, ol_slice_of(rlp, len));
  ol_status status = ol_transaction_decode(&error, &out, changed.data, changed.len);
  release(bytes);
  release(changed);
  return status;
}

#define LONG_33                                                                                              \
  "\xa1"                                                                                                     \
  "123456789012345678901234567890123"

static const struct {
  uint32_t type;
  size_t index;
  const char *rlp;
  size_t len;
  const char *field, *reason;
} bad_items[] = {
    {OL_TX_LEGACY, 0, "\xc0", 1, "nonce", "RLP list where a string belongs"},
    {OL_TX_LEGACY, 0, "\x89\1\1\1\1\1\1\1\1\1", 10, "nonce", "RLP scalar is too large"},
    {OL_TX_LEGACY, 0, "\x88\xff\xff\xff\xff\xff\xff\xff\xff", 9, "", "nonce is 2^64-1 (EIP-2681)"},
    {OL_TX_LEGACY, 1, LONG_33, 34, "gasPrice", "RLP scalar is too large"},
    {OL_TX_LEGACY, 2, "\x82\0\1", 3, "gas", "RLP scalar has a leading zero"},
    {OL_TX_LEGACY, 3, "\x93", 1, "to", "RLP string has the wrong length"},
    {OL_TX_LEGACY, 4, "\xc0", 1, "value", "RLP list where a string belongs"},
    {OL_TX_LEGACY, 5, "\xc0", 1, "input", "RLP list where a string belongs"},
    {OL_TX_LEGACY, 6, "\xc0", 1, "v", "RLP list where a string belongs"},
    {OL_TX_LEGACY, 6, "\x1d", 1, "v", "v is neither 27 nor 28, nor of a chain (EIP-155)"},
    {OL_TX_LEGACY, 6, "\x80", 1, "v", "v is neither 27 nor 28, nor of a chain (EIP-155)"},
    {OL_TX_LEGACY, 6, "\x23", 1, "v", "v is neither 27 nor 28, nor of a chain (EIP-155)"},
    {OL_TX_LEGACY, 6, "\x24", 1, "v", "v is neither 27 nor 28, nor of a chain (EIP-155)"},
    {OL_TX_LEGACY, 7, LONG_33, 34, "r", "RLP scalar is too large"},
    {OL_TX_LEGACY, 8, "\x82\0\1", 3, "s", "RLP scalar has a leading zero"},
    {OL_TX_LEGACY, SIZE_MAX, "\x80", 1, "", "bytes follow where the RLP ends"},
    {OL_TX_ACCESS_LIST, 7, "\x80", 1, "accessList", "RLP string where a list belongs"},
    {OL_TX_ACCESS_LIST, 8, "\x02", 1, "yParity", "bit is neither 0 nor 1"},
    {OL_TX_ACCESS_LIST, 8, "\xc0", 1, "yParity", "RLP list where a string belongs"},
    {OL_TX_DYNAMIC_FEE, 2, "\x79", 1, "", "priority fee is above the whole fee (EIP-1559)"},
    {OL_TX_BLOB, 5, "\x80", 1, "to", "RLP string has the wrong length"},
    {OL_TX_BLOB, 10, "\xc0", 1, "blobVersionedHashes", "list may not be empty in a transaction of this type"},
    {OL_TX_BLOB, 10, "\xc1\x01", 2, "blobVersionedHashes", "RLP string has the wrong length"},
    {OL_TX_BLOB, 10, "\x01", 1, "blobVersionedHashes", "RLP string where a list belongs"},
    {OL_TX_SET_CODE, 5, "\x80", 1, "to", "RLP string has the wrong length"},
    {OL_TX_SET_CODE, 9, "\xc0", 1, "authorizationList",
     "list may not be empty in a transaction of this type"},
    {OL_TX_SET_CODE, 9, "\x01", 1, "authorizationList", "RLP string where a list belongs"},
    {OL_TX_SET_CODE, 9, "\xc1\x01", 2, "authorizationList", "RLP string where a list belongs"},
    {OL_TX_DEPOSIT, 0, "\x80", 1, "sourceHash", "RLP string has the wrong length"},
    {OL_TX_DEPOSIT, 1, "\x80", 1, "from", "RLP string has the wrong length"},
    {OL_TX_DEPOSIT, 3, "\x81\x00", 2, "", "RLP string of one byte below 0x80 has a prefix"},
    {OL_TX_DEPOSIT, 6, "\x02", 1, "isSystemTx", "bit is neither 0 nor 1"},
};

static void refuses_each_bad_item(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof bad_items / sizeof bad_items[0]; i++) {
    ol_status status = decode_with(bad_items[i].type, bad_items[i].index, bad_items[i].rlp, bad_items[i].len);
    assert_int_equal(status, OL_ERR_ENCODING);
    assert_string_equal(error.reason, bad_items[i].reason);
    assert_string_equal(error.part, "transaction");
    if (bad_items[i].field[0] != '\0') assert_string_equal(error.field, bad_items[i].field);
  }
}

static void refuses_the_form_of_the_network(void **state) {
  (void)state;
  ol_transaction sample = sample_transaction(OL_TX_BLOB);
  ol_slice bytes = sample_bytes(&sample);
  uint8_t wrapped[1024] = {OL_TX_BLOB};
  ol_rlp_writer to = {.out = wrapped + 1, .len = sizeof wrapped - 1};
  ol_rlp_put_list(&to, bytes.len - 1 + 3);
  ol_rlp_put_raw(&to, bytes.data + 1, bytes.len - 1);
  ol_rlp_put_raw(&to, (const uint8_t *)"\xc0\xc0\xc0", 3);
  assert_int_equal(ol_transaction_decode(&error, &sample, wrapped, 1 + to.used), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP list where a string belongs");
  release(bytes);
}

static void refuses_what_is_behind(void **state) {
  (void)state;
  ol_transaction sample = sample_transaction(OL_TX_DYNAMIC_FEE);
  ol_slice bytes = sample_bytes(&sample);
  uint8_t longer[1024];
  memcpy(longer, bytes.data, bytes.len);
  longer[bytes.len] = 0;
  assert_int_equal(ol_transaction_decode(&error, &sample, longer, bytes.len + 1), OL_ERR_ENCODING);
  assert_int_equal(error.offset, bytes.len);
  assert_int_equal(ol_transaction_decode(&error, &sample, longer, 0), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "transaction is empty");
  assert_int_equal(ol_transaction_decode(&error, &sample, (const uint8_t *)"\x02\x80", 2), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP string where a list belongs");
  release(bytes);
}

/* Puts RLP in the place of an item of the first entry of a list of lists, and of the list into a transaction. */
static void refuse_entry(uint32_t type, size_t list, size_t index, const char *rlp, size_t len,
                         const char *reason) {
  ol_transaction sample = sample_transaction(type), out;
  ol_slice entries = type == OL_TX_SET_CODE ? sample.authorizations : sample.access_list;
  ol_rlp cursor = ol_rlp_of(entries);
  ol_rlp_item first;
  assert_int_equal(ol_rlp_next(&error, &first, &cursor), OL_OK);
  ol_slice entry = with_item(first.whole, index, ol_slice_of(rlp, len));
  uint8_t item[512];
  ol_rlp_writer to = {.out = item, .len = sizeof item};
  ol_rlp_put_list(&to, entry.len);
  ol_rlp_put_raw(&to, entry.data, entry.len);
  ol_slice bytes = sample_bytes(&sample), changed = with_item(bytes, list, ol_slice_of(item, to.used));
  assert_int_equal(ol_transaction_decode(&error, &out, changed.data, changed.len), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  release(entry);
  release(bytes);
  release(changed);
}

static void refuses_each_bad_entry_of_an_access_list(void **state) {
  (void)state;
  assert_int_equal(decode_with(OL_TX_ACCESS_LIST, 7, "\xc1\x80", 2), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP string where a list belongs");
  refuse_entry(OL_TX_ACCESS_LIST, 7, 0, "\x80", 1, "RLP string has the wrong length");
  refuse_entry(OL_TX_ACCESS_LIST, 7, 1, "\x80", 1, "RLP string where a list belongs");
  refuse_entry(OL_TX_ACCESS_LIST, 7, 1, "\xc1\x80", 2, "RLP string has the wrong length");
  refuse_entry(OL_TX_ACCESS_LIST, 7, SIZE_MAX, "\x80", 1, "bytes follow where the RLP ends");
}

static void refuses_each_bad_entry_of_an_authorization_list(void **state) {
  (void)state;
  refuse_entry(OL_TX_SET_CODE, 9, 0, LONG_33, 34, "RLP scalar is too large");
  refuse_entry(OL_TX_SET_CODE, 9, 1, "\x80", 1, "RLP string has the wrong length");
  refuse_entry(OL_TX_SET_CODE, 9, 2, "\x82\0\1", 3, "RLP scalar has a leading zero");
  refuse_entry(OL_TX_SET_CODE, 9, 3, "\x82\1\0", 3, "parity of an authorization needs more than 8 bits");
  refuse_entry(OL_TX_SET_CODE, 9, 3, "\x82\0\1", 3, "RLP scalar has a leading zero");
  refuse_entry(OL_TX_SET_CODE, 9, 4, LONG_33, 34, "RLP scalar is too large");
  refuse_entry(OL_TX_SET_CODE, 9, 5, LONG_33, 34, "RLP scalar is too large");
  refuse_entry(OL_TX_SET_CODE, 9, SIZE_MAX, "\x80", 1, "bytes follow where the RLP ends");
}

static void walks_its_lists(void **state) {
  (void)state;
  ol_slice list = sample_access_list();
  ol_access access;
  ol_hash hash;
  assert_true(ol_access_next(&list, &access));
  assert_int_equal(access.address.bytes[0], 0xa1);
  assert_true(ol_hash_next(&access.keys, &hash));
  assert_int_equal(hash.bytes[31], 1);
  assert_true(ol_hash_next(&access.keys, &hash));
  assert_false(ol_hash_next(&access.keys, &hash));
  assert_true(ol_access_next(&list, &access));
  assert_int_equal(access.address.bytes[19], 0xa2);
  assert_false(ol_hash_next(&access.keys, &hash));
  assert_false(ol_access_next(&list, &access));
  list = ol_slice_of("\x01", 1); /* what was not decoded */
  assert_false(ol_access_next(&list, &access));
  list = sample_authorizations();
  ol_authorization one, expected = sample_authorization();
  ol_address authority, sender = sample_sender();
  assert_true(ol_authorization_next(&list, &one));
  assert_memory_equal(&one.r, &expected.r, sizeof one.r);
  assert_int_equal(one.nonce, 3);
  assert_false(ol_authorization_next(&list, &one));
  assert_int_equal(ol_authorization_authority(&error, &authority, &expected), OL_OK);
  assert_memory_equal(&authority, &sender, sizeof sender);
  expected.y_parity = 2;
  assert_int_equal(ol_authorization_authority(&error, &authority, &expected), OL_ERR_CRYPTO);
  assert_string_equal(error.reason, "parity is neither 0 nor 1");
  expected.y_parity = 0;
  memset(expected.r.bytes, 0, sizeof expected.r.bytes);
  assert_int_equal(ol_authorization_authority(&error, &authority, &expected), OL_ERR_CRYPTO);
  assert_string_equal(error.part, "authorization");
}

static void finds_the_sender(void **state) {
  (void)state;
  ol_address sender, expected = sample_sender();
  for (size_t i = 0; i < SAMPLE_TYPES; i++) {
    ol_transaction sample = sample_transaction(sample_types[i]);
    if (sample.type == OL_TX_DEPOSIT) expected = sample.from;
    assert_int_equal(ol_transaction_sender(&error, &sender, &sample, 0), OL_OK);
    assert_memory_equal(&sender, &expected, sizeof sender);
    assert_int_equal(ol_transaction_sender(&error, &sender, &sample, SAMPLE_CHAIN), OL_OK);
    ol_status other = ol_transaction_sender(&error, &sender, &sample, 1);
    assert_int_equal(other, sample.type == OL_TX_DEPOSIT ? OL_OK : OL_ERR_MISMATCH);
  }
}

static void takes_a_transaction_without_a_chain_on_any(void **state) {
  (void)state;
  ol_transaction sample = sample_transaction(OL_TX_LEGACY), again;
  ol_address sender, expected = sample_sender();
  sample.chain_id = 0;
  sign_sample(&sample);
  ol_slice bytes = sample_bytes(&sample);
  assert_int_equal(ol_transaction_decode(&error, &again, bytes.data, bytes.len), OL_OK);
  assert_int_equal(again.chain_id, 0);
  assert_int_equal(ol_transaction_sender(&error, &sender, &again, 1), OL_OK);
  assert_memory_equal(&sender, &expected, sizeof sender);
  release(bytes);
  /* A typed one is never without. */
  sample = sample_transaction(OL_TX_DYNAMIC_FEE);
  sample.chain_id = 0;
  sign_sample(&sample);
  assert_int_equal(ol_transaction_sender(&error, &sender, &sample, 1), OL_ERR_MISMATCH);
}

static void refuses_a_high_s(void **state) {
  (void)state;
  /* n, of which the other signature has n - s */
  uint8_t n[32];
  from_hex(n, 32, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  ol_transaction sample = sample_transaction(OL_TX_DYNAMIC_FEE);
  ol_address sender;
  int borrow = 0;
  for (size_t i = 32; i-- > 0;) {
    int digit = n[i] - sample.s.bytes[i] - borrow;
    borrow = digit < 0;
    sample.s.bytes[i] = (uint8_t)(digit + 256 * borrow);
  }
  sample.y_parity ^= 1;
  assert_int_equal(ol_transaction_sender(&error, &sender, &sample, 0), OL_ERR_CRYPTO);
  assert_string_equal(error.part, "signature");
}

static void creates_contracts(void **state) {
  (void)state;
  const uint32_t types[] = {OL_TX_LEGACY, OL_TX_ACCESS_LIST, OL_TX_DYNAMIC_FEE, OL_TX_DEPOSIT};
  for (size_t i = 0; i < 4; i++) {
    ol_transaction sample = sample_transaction(types[i]), again;
    sample.is_create = 1;
    memset(&sample.to, 0, sizeof sample.to);
    ol_slice bytes = sample_bytes(&sample);
    assert_int_equal(ol_transaction_decode(&error, &again, bytes.data, bytes.len), OL_OK);
    assert_int_equal(again.is_create, 1);
    release(bytes);
  }
}

/* The example of EIP-155. */
static void signs_as_the_eip_does(void **state) {
  (void)state;
  uint8_t bytes[110];
  ol_transaction transaction;
  ol_hash hash;
  ol_address sender;
  from_hex(bytes, sizeof bytes,
           "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef613"
           "40bd939bc"
           "2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214"
           "b297fb196"
           "6a3b6d83");
  assert_int_equal(ol_transaction_decode(&error, &transaction, bytes, sizeof bytes), OL_OK);
  ol_transaction_signing_hash(&hash, &transaction);
  assert_bytes(hash.bytes, 32, "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53");
  assert_int_equal(ol_transaction_sender(&error, &sender, &transaction, 1), OL_OK);
  assert_bytes(sender.bytes, 20, "9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(encodes_what_it_decodes_in_every_type),
      cmocka_unit_test(knows_no_other_type),
      cmocka_unit_test(refuses_each_bad_item),
      cmocka_unit_test(refuses_the_form_of_the_network),
      cmocka_unit_test(refuses_what_is_behind),
      cmocka_unit_test(refuses_each_bad_entry_of_an_access_list),
      cmocka_unit_test(refuses_each_bad_entry_of_an_authorization_list),
      cmocka_unit_test(walks_its_lists),
      cmocka_unit_test(finds_the_sender),
      cmocka_unit_test(takes_a_transaction_without_a_chain_on_any),
      cmocka_unit_test(refuses_a_high_s),
      cmocka_unit_test(creates_contracts),
      cmocka_unit_test(signs_as_the_eip_does),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
