/* SPDX-License-Identifier: MIT */
#include "crypto/bls.h"

#include "unit/bytes.h"

#define MEMBERS 40

static ol_error error;
static uint8_t secrets[MEMBERS][32];
static ol_bls_pubkey keys[MEMBERS];
static ol_bls_signature signatures[MEMBERS]; /* of `messages`, one each */
static ol_slice messages[MEMBERS];
static uint8_t message_bytes[MEMBERS][32];
static ol_bls_claim claims[MEMBERS];
static const uint8_t seed[32] = {7};

static const char infinity_key[] = "c00000000000000000000000000000000000000000000000"
                                   "000000000000000000000000000000000000000000000000";
/* x = 4 is on the curve, in no subgroup that is used. */
static const char foreign_key[] = "800000000000000000000000000000000000000000000000"
                                  "000000000000000000000000000000000000000000000004";

static int make_members(void **state) {
  (void)state;
  int failed = 0;
  for (size_t i = 0; i < MEMBERS; i++) {
    count_up(secrets[i], 32, (uint8_t)(1 + i));
    message_bytes[i][5] = (uint8_t)i;
    messages[i] = ol_slice_of(message_bytes[i], 32);
    failed |= ol_bls_pubkey_create(&error, &keys[i], secrets[i]);
    failed |= ol_bls_sign(&error, &signatures[i], ol_bls_ethereum, secrets[i], messages[i]);
    claims[i] = (ol_bls_claim){.key = &keys[i], .message = messages[i], .signature = &signatures[i]};
  }
  return failed;
}

/* Out: one signature of one message by the first `count` members. */
static ol_bls_signature sign_together(size_t count, ol_slice message) {
  ol_bls_signature each[MEMBERS], all;
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(ol_bls_sign(&error, &each[i], ol_bls_ethereum, secrets[i], message), OL_OK);
  }
  assert_int_equal(ol_bls_aggregate_signatures(&error, &all, each, count), OL_OK);
  return all;
}

static ol_bls_signature read_infinity(void) {
  uint8_t bytes[96] = {0xc0};
  ol_bls_signature infinity;
  assert_int_equal(ol_bls_signature_read(&error, &infinity, bytes), OL_OK);
  return infinity;
}

static void signs_as_others_do(void **state) {
  (void)state;
  uint8_t bytes[96];
  ol_bls_signature signature;
  ol_bls_pubkey_write(bytes, &keys[0]);
  assert_bytes(bytes, 48,
               "96a20bb9485ff6d8950955a629e8043a43775968ac133eb7b19c5f0389a2253676abdd6c86c7b68d"
               "38a1b7f6af8650e7");
  assert_int_equal(ol_bls_sign(&error, &signature, ol_bls_ethereum, secrets[0], text_of("OpenLedger")),
                   OL_OK);
  ol_bls_signature_write(bytes, &signature);
  assert_bytes(bytes, 96,
               "b1b41b394f86abc0246a7afc694d84bdbc1fb7c1d59edff94fa88a410b821ebdde461e49123834c5"
               "24163f49ea4ed5d61711c1c27561f12631322189181a4b2ef8466e821b418b78191bfae3ad9ab6a9"
               "cc975753ca52f9e19010126a09c864b0");
}

static void reads_what_it_wrote(void **state) {
  (void)state;
  for (size_t i = 0; i < 5; i++) {
    uint8_t bytes[96];
    ol_bls_pubkey key;
    ol_bls_signature signature;
    ol_bls_pubkey_write(bytes, &keys[i]);
    assert_int_equal(ol_bls_pubkey_read(&error, &key, bytes), OL_OK);
    assert_memory_equal(&key, &keys[i], sizeof key);
    ol_bls_signature_write(bytes, &signatures[i]);
    assert_int_equal(ol_bls_signature_read(&error, &signature, bytes), OL_OK);
    assert_memory_equal(&signature, &signatures[i], sizeof signature);
  }
}

static void admits_only_keys_of_the_subgroup(void **state) {
  (void)state;
  uint8_t bytes[48];
  ol_bls_pubkey key;
  ol_bls_pubkey_unchecked unchecked;
  from_hex(bytes, 48, infinity_key);
  assert_int_equal(ol_bls_pubkey_decompress(&error, &unchecked, bytes), OL_OK);
  assert_true(ol_bls_pubkey_is_infinity(&unchecked));
  assert_int_equal(ol_bls_pubkey_admit(&error, &key, &unchecked), OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_pubkey_read(&error, &key, bytes), OL_ERR_CRYPTO);
  assert_string_equal(error.reason, "the public key is infinity");

  from_hex(bytes, 48, foreign_key);
  assert_int_equal(ol_bls_pubkey_decompress(&error, &unchecked, bytes), OL_OK);
  assert_false(ol_bls_pubkey_is_infinity(&unchecked));
  assert_int_equal(ol_bls_pubkey_admit(&error, &key, &unchecked), OL_ERR_CRYPTO);
  assert_string_equal(error.reason, "the public key is not in the subgroup");

  ol_bls_pubkey_write(bytes, &keys[3]);
  assert_int_equal(ol_bls_pubkey_decompress(&error, &unchecked, bytes), OL_OK);
  assert_int_equal(ol_bls_pubkey_admit(&error, &key, &unchecked), OL_OK);
  assert_memory_equal(&key, &keys[3], sizeof key);
  bytes[0] &= 0x7f;
  assert_int_equal(ol_bls_pubkey_decompress(&error, &unchecked, bytes), OL_ERR_ENCODING);
  memset(bytes, 0xff, sizeof bytes);
  assert_int_equal(ol_bls_pubkey_decompress(&error, &unchecked, bytes), OL_ERR_ENCODING);
}

/* Only one point in 2^125 is in the subgroup: nearly all x that are on the curve at all give another. */
static void refuses_signatures_of_other_subgroups(void **state) {
  (void)state;
  size_t foreign = 0;
  for (uint8_t x = 1; x < 40; x++) {
    uint8_t bytes[96] = {0x80};
    ol_bls_signature signature;
    bytes[95] = x;
    ol_status status = ol_bls_signature_read(&error, &signature, bytes);
    assert_true(status == OL_ERR_CRYPTO || status == OL_ERR_ENCODING);
    if (status == OL_ERR_CRYPTO) foreign++;
  }
  assert_true(foreign > 5);
}

static void adds_equal_and_opposite_keys(void **state) {
  (void)state;
  ol_bls_pubkey_sum sum;
  ol_bls_pubkey added, aggregated, twice[2] = {keys[0], keys[0]};
  ol_bls_pubkey_sum_init(&sum);
  assert_int_equal(ol_bls_pubkey_sum_end(&error, &added, &sum), OL_ERR_CRYPTO);
  ol_bls_pubkey_sum_add(&sum, &keys[0]);
  ol_bls_pubkey_sum_add(&sum, &keys[0]);
  assert_int_equal(ol_bls_pubkey_sum_end(&error, &added, &sum), OL_OK);
  assert_int_equal(ol_bls_aggregate_pubkeys(&error, &aggregated, twice, 2), OL_OK);
  assert_memory_equal(&added, &aggregated, sizeof added);
  assert_memory_not_equal(&added, &keys[0], sizeof added);

  ol_bls_pubkey_sum_subtract(&sum, &keys[0]);
  assert_int_equal(ol_bls_pubkey_sum_end(&error, &added, &sum), OL_OK);
  assert_memory_equal(&added, &keys[0], sizeof added);
  ol_bls_pubkey_sum_subtract(&sum, &keys[0]);
  assert_int_equal(ol_bls_pubkey_sum_end(&error, &added, &sum), OL_ERR_CRYPTO);
  ol_bls_pubkey_sum_subtract(&sum, &keys[0]);
  ol_bls_pubkey_sum_add(&sum, &keys[0]);
  assert_int_equal(ol_bls_pubkey_sum_end(&error, &added, &sum), OL_ERR_CRYPTO);
}

/* The participants of a committee: all but some, or some. Long lists are added in parts. */
static void subtracts_the_absent(void **state) {
  (void)state;
  static ol_bls_pubkey committee[512], present[512];
  ol_bls_pubkey aggregate, expected, participants;
  ol_bls_pubkey_sum sum;
  size_t count = 0;
  for (size_t i = 0; i < 512; i++) committee[i] = keys[i * i % MEMBERS];
  assert_int_equal(ol_bls_aggregate_pubkeys(&error, &aggregate, committee, 512), OL_OK);
  ol_bls_pubkey_sum_init(&sum);
  ol_bls_pubkey_sum_add(&sum, &aggregate);
  for (size_t i = 0; i < 512; i++) {
    if (i % 100 == 7) {
      ol_bls_pubkey_sum_subtract(&sum, &committee[i]);
    } else {
      present[count++] = committee[i];
    }
  }
  assert_int_equal(ol_bls_pubkey_sum_end(&error, &participants, &sum), OL_OK);
  assert_int_equal(ol_bls_aggregate_pubkeys(&error, &expected, present, count), OL_OK);
  assert_memory_equal(&participants, &expected, sizeof expected);
  ol_bls_pubkey_sum_init(&sum);
  for (size_t i = 0; i < count; i++) ol_bls_pubkey_sum_add(&sum, &present[i]);
  assert_int_equal(ol_bls_pubkey_sum_end(&error, &participants, &sum), OL_OK);
  assert_memory_equal(&participants, &expected, sizeof expected);
}

static void refuses_to_add_nothing(void **state) {
  (void)state;
  ol_bls_pubkey key;
  ol_bls_signature signature;
  assert_int_equal(ol_bls_aggregate_pubkeys(&error, &key, keys, 0), OL_ERR_ARGUMENT);
  assert_int_equal(ol_bls_aggregate_signatures(&error, &signature, signatures, 0), OL_ERR_ARGUMENT);
  assert_int_equal(ol_bls_verify_batch(&error, ol_bls_ethereum, claims, 0, seed), OL_ERR_ARGUMENT);
}

static void verifies_one(void **state) {
  (void)state;
  const ol_slice other_tag = text_of("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_");
  const ol_bls_signature *signature = &signatures[0];
  ol_bls_signature infinity = read_infinity();
  assert_int_equal(ol_bls_verify(&error, ol_bls_ethereum, &keys[0], messages[0], signature), OL_OK);
  assert_int_equal(ol_bls_verify(&error, ol_bls_ethereum, &keys[0], messages[1], signature), OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_verify(&error, ol_bls_ethereum, &keys[1], messages[0], signature), OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_verify(&error, ol_bls_ethereum, &keys[0], messages[0], &signatures[1]),
                   OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_verify(&error, other_tag, &keys[0], messages[0], signature), OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_verify(&error, ol_bls_ethereum, &keys[0], messages[0], &infinity), OL_ERR_CRYPTO);
}

static void verifies_many_of_one_message(void **state) {
  (void)state;
  ol_bls_signature together = sign_together(20, messages[0]);
  ol_slice message = messages[0];
  assert_int_equal(ol_bls_fast_aggregate_verify(&error, ol_bls_ethereum, keys, 20, message, &together),
                   OL_OK);
  assert_int_equal(ol_bls_eth_fast_aggregate_verify(&error, keys, 20, message, &together), OL_OK);
  assert_int_equal(ol_bls_eth_fast_aggregate_verify(&error, keys, 19, message, &together), OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_eth_fast_aggregate_verify(&error, keys, 20, messages[1], &together), OL_ERR_CRYPTO);
}

static void nobody_signs_only_where_ethereum_says_so(void **state) {
  (void)state;
  ol_bls_signature infinity = read_infinity();
  ol_slice message = messages[0];
  assert_int_equal(ol_bls_eth_fast_aggregate_verify(&error, NULL, 0, message, &infinity), OL_OK);
  assert_int_equal(ol_bls_eth_fast_aggregate_verify(&error, NULL, 0, message, &signatures[0]), OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_eth_fast_aggregate_verify(&error, keys, 1, message, &infinity), OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_fast_aggregate_verify(&error, ol_bls_ethereum, NULL, 0, message, &infinity),
                   OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_aggregate_verify(&error, ol_bls_ethereum, NULL, NULL, 0, &infinity), OL_ERR_CRYPTO);
}

/* Counts around the number of pairs that are collected. */
static void verifies_many_of_a_message_each(void **state) {
  (void)state;
  static const size_t counts[] = {1, 2, 15, 16, 17, 32, MEMBERS};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    size_t count = counts[i];
    ol_bls_signature together;
    ol_slice swapped[MEMBERS];
    memcpy(swapped, messages, sizeof swapped);
    assert_int_equal(ol_bls_aggregate_signatures(&error, &together, signatures, count), OL_OK);
    assert_int_equal(ol_bls_aggregate_verify(&error, ol_bls_ethereum, keys, messages, count, &together),
                     OL_OK);
    swapped[count - 1] = messages[(count + 3) % MEMBERS];
    assert_int_equal(ol_bls_aggregate_verify(&error, ol_bls_ethereum, keys, swapped, count, &together),
                     OL_ERR_CRYPTO);
  }
}

static void verifies_a_batch(void **state) {
  (void)state;
  static const size_t counts[] = {1, 2, 16, 31, 32, 33, MEMBERS};
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    size_t count = counts[i];
    assert_int_equal(ol_bls_verify_batch(&error, ol_bls_ethereum, claims, count, seed), OL_OK);
    ol_bls_claim wrong[MEMBERS];
    memcpy(wrong, claims, sizeof wrong);
    wrong[count - 1].message = messages[(count + 3) % MEMBERS];
    assert_int_equal(ol_bls_verify_batch(&error, ol_bls_ethereum, wrong, count, seed), OL_ERR_CRYPTO);
  }
}

/*
 * Two wrong signatures whose errors cancel in a plain sum: s0 + d and s1 - d, with d = s2. A batch without
 * random scalars would accept them, as the aggregate of the two does.
 */
static void a_batch_refuses_errors_that_cancel(void **state) {
  (void)state;
  uint8_t bytes[96];
  ol_bls_signature negative, pair[2], forged[2], sum;
  ol_bls_signature_write(bytes, &signatures[2]);
  bytes[0] ^= 0x20; /* the other y */
  assert_int_equal(ol_bls_signature_read(&error, &negative, bytes), OL_OK);
  pair[0] = signatures[0];
  pair[1] = signatures[2];
  assert_int_equal(ol_bls_aggregate_signatures(&error, &forged[0], pair, 2), OL_OK);
  pair[0] = signatures[1];
  pair[1] = negative;
  assert_int_equal(ol_bls_aggregate_signatures(&error, &forged[1], pair, 2), OL_OK);
  assert_int_equal(ol_bls_aggregate_signatures(&error, &sum, forged, 2), OL_OK);
  assert_int_equal(ol_bls_aggregate_verify(&error, ol_bls_ethereum, keys, messages, 2, &sum), OL_OK);

  ol_bls_claim wrong[2] = {claims[0], claims[1]};
  wrong[0].signature = &forged[0];
  wrong[1].signature = &forged[1];
  assert_int_equal(ol_bls_verify_batch(&error, ol_bls_ethereum, wrong, 2, seed), OL_ERR_CRYPTO);
}

static void a_batch_refuses_an_infinite_signature(void **state) {
  (void)state;
  ol_bls_signature infinity = read_infinity();
  ol_bls_claim wrong[3] = {claims[0], claims[1], claims[2]};
  wrong[1].signature = &infinity;
  assert_int_equal(ol_bls_verify_batch(&error, ol_bls_ethereum, wrong, 3, seed), OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_verify_batch(&error, ol_bls_ethereum, wrong + 1, 1, seed), OL_ERR_CRYPTO);
}

/* x = 1 is the x of no point of either curve. */
static void tells_why_bytes_are_no_point(void **state) {
  (void)state;
  uint8_t bytes[96] = {0x80};
  ol_bls_pubkey key;
  ol_bls_signature signature;
  bytes[47] = 1;
  assert_int_equal(ol_bls_pubkey_read(&error, &key, bytes), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "the point is not on the curve");
  bytes[47] = 0;
  bytes[95] = 1;
  assert_int_equal(ol_bls_signature_read(&error, &signature, bytes), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "the point is not on the curve");
  bytes[0] = 0;
  assert_int_equal(ol_bls_pubkey_read(&error, &key, bytes), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "the bytes are not a compressed point");
  assert_int_equal(ol_bls_signature_read(&error, &signature, bytes), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "the bytes are not a compressed point");
}

static void refuses_keys_that_cancel(void **state) {
  (void)state;
  uint8_t bytes[48];
  ol_bls_pubkey pair[2] = {keys[0], keys[0]};
  ol_bls_pubkey_write(bytes, &keys[0]);
  bytes[0] ^= 0x20; /* the other y */
  assert_int_equal(ol_bls_pubkey_read(&error, &pair[1], bytes), OL_OK);
  ol_bls_signature infinity = read_infinity();
  assert_int_equal(ol_bls_fast_aggregate_verify(&error, ol_bls_ethereum, pair, 2, messages[0], &infinity),
                   OL_ERR_CRYPTO);
  assert_string_equal(error.reason, "the public key is infinity");
}

static void refuses_bad_private_keys(void **state) {
  (void)state;
  uint8_t bad[32] = {0};
  ol_bls_pubkey key;
  ol_bls_signature signature;
  assert_int_equal(ol_bls_pubkey_create(&error, &key, bad), OL_ERR_CRYPTO);
  assert_int_equal(ol_bls_sign(&error, &signature, ol_bls_ethereum, bad, messages[0]), OL_ERR_CRYPTO);
  from_hex(bad, 32, "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001"); /* the order */
  assert_int_equal(ol_bls_pubkey_create(&error, &key, bad), OL_ERR_CRYPTO);
  bad[31] = 0;
  assert_int_equal(ol_bls_pubkey_create(&error, &key, bad), OL_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(signs_as_others_do),
      cmocka_unit_test(reads_what_it_wrote),
      cmocka_unit_test(admits_only_keys_of_the_subgroup),
      cmocka_unit_test(refuses_signatures_of_other_subgroups),
      cmocka_unit_test(adds_equal_and_opposite_keys),
      cmocka_unit_test(subtracts_the_absent),
      cmocka_unit_test(refuses_to_add_nothing),
      cmocka_unit_test(verifies_one),
      cmocka_unit_test(verifies_many_of_one_message),
      cmocka_unit_test(nobody_signs_only_where_ethereum_says_so),
      cmocka_unit_test(verifies_many_of_a_message_each),
      cmocka_unit_test(verifies_a_batch),
      cmocka_unit_test(a_batch_refuses_errors_that_cancel),
      cmocka_unit_test(a_batch_refuses_an_infinite_signature),
      cmocka_unit_test(tells_why_bytes_are_no_point),
      cmocka_unit_test(refuses_keys_that_cancel),
      cmocka_unit_test(refuses_bad_private_keys),
  };
  return cmocka_run_group_tests(tests, make_members, NULL);
}
