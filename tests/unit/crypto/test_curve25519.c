/* SPDX-License-Identifier: MIT */
#include "crypto/curve25519.h"

#include "unit/bytes.h"

static ol_error error;
static uint8_t key[32], other_key[32];

static int make_keys(void **state) {
  (void)state;
  count_up(key, sizeof key, 1);
  count_up(other_key, sizeof other_key, 0xa0);
  return 0;
}

/* RFC 8032, 7.1, test 2. */
static void signs_as_published(void **state) {
  (void)state;
  uint8_t secret[32], pubkey[32], signature[64];
  from_hex(secret, 32, "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  ol_ed25519_pubkey(pubkey, secret);
  assert_bytes(pubkey, 32, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  ol_ed25519_sign(signature, secret, ol_slice_of("\x72", 1));
  assert_bytes(signature, 64,
               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
               "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

static void signs_as_others_do(void **state) {
  (void)state;
  uint8_t pubkey[32], signature[64];
  ol_ed25519_pubkey(pubkey, key);
  assert_bytes(pubkey, 32, "79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664");
  ol_ed25519_sign(signature, key, text_of("OpenLedger"));
  assert_bytes(signature, 64,
               "ee77e26e318c59ed213d61f4e06d37a1711116eee3807c890b12945adf1cf79e"
               "b5d640e4f3e236613691b16ac85973d4777da875527fd6598c10e92abf018d03");
}

static void verifies_nothing_else(void **state) {
  (void)state;
  uint8_t pubkey[32], signature[64];
  ol_ed25519_pubkey(pubkey, key);
  ol_ed25519_sign(signature, key, text_of("OpenLedger"));
  assert_int_equal(ol_ed25519_verify(&error, pubkey, text_of("OpenLedger"), signature), OL_OK);
  assert_int_equal(ol_ed25519_verify(&error, pubkey, text_of("openLedger"), signature), OL_ERR_CRYPTO);
  for (size_t i = 0; i < 64; i++) {
    signature[i] ^= 4;
    assert_int_equal(ol_ed25519_verify(&error, pubkey, text_of("OpenLedger"), signature), OL_ERR_CRYPTO);
    signature[i] ^= 4;
  }
  memset(pubkey, 0, sizeof pubkey); /* a point of order 4 */
  assert_int_equal(ol_ed25519_verify(&error, pubkey, text_of("OpenLedger"), signature), OL_ERR_CRYPTO);
}

/* RFC 7748, 5.2. */
static void multiplies_as_published(void **state) {
  (void)state;
  uint8_t scalar[32], point[32], shared[32];
  from_hex(scalar, 32, "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
  from_hex(point, 32, "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
  assert_int_equal(ol_x25519(&error, shared, point, scalar), OL_OK);
  assert_bytes(shared, 32, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
}

/* The values are those of npm @noble/curves. */
static void agrees_on_a_shared_secret(void **state) {
  (void)state;
  uint8_t pubkey[32], other[32], shared[32], theirs[32];
  ol_x25519_pubkey(pubkey, key);
  assert_bytes(pubkey, 32, "07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c");
  ol_x25519_pubkey(other, other_key);
  assert_int_equal(ol_x25519(&error, shared, other, key), OL_OK);
  assert_bytes(shared, 32, "caa14fedd7bf6bb2504b5c4df39c84b9c8e6848b6e06d9d0fbbc5eabcaaa1759");
  assert_int_equal(ol_x25519(&error, theirs, pubkey, other_key), OL_OK);
  assert_memory_equal(shared, theirs, 32);
}

static void refuses_points_of_low_order(void **state) {
  (void)state;
  uint8_t zero[32] = {0}, shared[32];
  assert_int_equal(ol_x25519(&error, shared, zero, key), OL_ERR_CRYPTO);
  zero[0] = 1;
  assert_int_equal(ol_x25519(&error, shared, zero, key), OL_ERR_CRYPTO);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(signs_as_published),        cmocka_unit_test(signs_as_others_do),
      cmocka_unit_test(verifies_nothing_else),     cmocka_unit_test(multiplies_as_published),
      cmocka_unit_test(agrees_on_a_shared_secret), cmocka_unit_test(refuses_points_of_low_order),
  };
  return cmocka_run_group_tests(tests, make_keys, NULL);
}
