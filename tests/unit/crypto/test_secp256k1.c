/* SPDX-License-Identifier: MIT */
#include "crypto/secp256k1.h"

#include "crypto/sha2.h"

#include "unit/bytes.h"

static const char order[] = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

static ol_error error;
static ol_secp256k1_signer signer;
static uint8_t one[32], key[32], other_key[32];
static ol_secp256k1_pubkey pubkey;
static ol_hash digest;

static int make_keys(void **state) {
  (void)state;
  uint8_t seed[32];
  count_up(seed, sizeof seed, 77);
  count_up(key, sizeof key, 1);
  count_up(other_key, sizeof other_key, 0xa0);
  one[31] = 1;
  ol_secp256k1_signer_init(&signer, seed);
  ol_sha256(&digest, (const uint8_t *)"OpenLedger", 10);
  return ol_secp256k1_pubkey_create(&error, &pubkey, &signer, key);
}

static void assert_signature(const ol_ecdsa_signature *signature, const char *rs, uint8_t y_parity) {
  uint8_t bytes[64];
  memcpy(bytes, signature->r, 32);
  memcpy(bytes + 32, signature->s, 32);
  assert_bytes(bytes, 64, rs);
  assert_int_equal(signature->y_parity, y_parity);
}

/* Out: the second signature that belongs to the same nonce, (r, n - s). */
static void negate_s(ol_ecdsa_signature *signature) {
  uint8_t n[32];
  int borrow = 0;
  from_hex(n, 32, order);
  for (int i = 31; i >= 0; i--) {
    int difference = n[i] - signature->s[i] - borrow;
    borrow = difference < 0;
    signature->s[i] = (uint8_t)(difference + 256 * borrow);
  }
  signature->y_parity ^= 1;
}

static void makes_public_keys_and_addresses(void **state) {
  (void)state;
  ol_secp256k1_pubkey of_one;
  ol_address address;
  uint8_t bytes[65];
  ol_secp256k1_pubkey_write_compressed(bytes, &pubkey);
  assert_bytes(bytes, 33, "0284bf7562262bbd6940085748f3be6afa52ae317155181ece31b66351ccffa4b0");
  ol_secp256k1_pubkey_write(bytes, &pubkey);
  assert_bytes(bytes, 65,
               "0484bf7562262bbd6940085748f3be6afa52ae317155181ece31b66351ccffa4b0"
               "8cc43d63b2859d469fee15f31c9edb5324266e6fd0407e87382d60fc4511acd8");
  ol_secp256k1_address(&address, &pubkey);
  assert_bytes(address.bytes, 20, "6370ef2f4db3611d657b90667de398a2cc2a370c");
  assert_int_equal(ol_secp256k1_pubkey_create(&error, &of_one, &signer, one), OL_OK);
  ol_secp256k1_address(&address, &of_one);
  assert_bytes(address.bytes, 20, "7e5f4552091a69125d5dfcb7b8c2659029395bdf");
}

static void signs_as_rfc_6979_says(void **state) {
  (void)state;
  ol_ecdsa_signature signature;
  ol_hash satoshi;
  ol_sha256(&satoshi, (const uint8_t *)"Satoshi Nakamoto", 16);
  assert_int_equal(ol_ecdsa_sign(&error, &signature, &signer, &satoshi, one, NULL), OL_OK);
  assert_signature(&signature,
                   "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                   "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
                   1);
  assert_int_equal(ol_ecdsa_sign(&error, &signature, &signer, &digest, key, NULL), OL_OK);
  assert_signature(&signature,
                   "651e8f17a32fa5a158b3591b8a1dbb3747ad315657a24161877f80aef0c279d7"
                   "248c6567692d9a14dcc776034bcbacc7b5d62a5832def4c33598cd90f24aac3e",
                   0);
}

static void signs_with_extra_entropy(void **state) {
  (void)state;
  ol_ecdsa_signature signature;
  assert_int_equal(ol_ecdsa_sign(&error, &signature, &signer, &digest, key, other_key), OL_OK);
  assert_signature(&signature,
                   "6447383e8e2cfdcae6fa3eb46d4b901ed83542d309f530665bbe49a98504481c"
                   "75a8052b1a0973fa0342a06a62826137adc649a25c53466e80b202d395b8b0c4",
                   1);
}

static void blinding_changes_no_signature(void **state) {
  (void)state;
  ol_secp256k1_signer copy = signer, other;
  ol_ecdsa_signature signature, again;
  ol_secp256k1_signer_init(&other, key);
  assert_int_equal(ol_ecdsa_sign(&error, &signature, &copy, &digest, key, NULL), OL_OK);
  assert_int_equal(ol_ecdsa_sign(&error, &again, &other, &digest, key, NULL), OL_OK);
  assert_memory_equal(&signature, &again, sizeof again);
  assert_memory_not_equal(&signer, &other, sizeof other);
}

static void recovers_what_it_signed(void **state) {
  (void)state;
  for (uint8_t i = 0; i < 50; i++) {
    ol_hash message = digest;
    ol_ecdsa_signature signature;
    ol_secp256k1_pubkey recovered;
    uint8_t rs[64];
    message.bytes[0] = i;
    assert_int_equal(ol_ecdsa_sign(&error, &signature, &signer, &message, key, NULL), OL_OK);
    assert_int_equal(ol_ecdsa_recover(&error, &recovered, &message, &signature, OL_ECDSA_LOW_S), OL_OK);
    assert_memory_equal(&recovered, &pubkey, sizeof pubkey);
    memcpy(rs, signature.r, 32);
    memcpy(rs + 32, signature.s, 32);
    assert_int_equal(ol_ecdsa_verify(&error, &pubkey, &message, rs, OL_ECDSA_LOW_S), OL_OK);
    message.bytes[1] ^= 1;
    assert_int_equal(ol_ecdsa_verify(&error, &pubkey, &message, rs, OL_ECDSA_LOW_S), OL_ERR_CRYPTO);
  }
}

static void admits_a_high_s_only_where_asked(void **state) {
  (void)state;
  ol_ecdsa_signature signature;
  ol_secp256k1_pubkey recovered;
  uint8_t rs[64];
  assert_int_equal(ol_ecdsa_sign(&error, &signature, &signer, &digest, key, NULL), OL_OK);
  negate_s(&signature);
  memcpy(rs, signature.r, 32);
  memcpy(rs + 32, signature.s, 32);
  assert_int_equal(ol_ecdsa_verify(&error, &pubkey, &digest, rs, OL_ECDSA_LOW_S), OL_ERR_CRYPTO);
  assert_int_equal(ol_ecdsa_verify(&error, &pubkey, &digest, rs, OL_ECDSA_ANY_S), OL_OK);
  assert_int_equal(ol_ecdsa_recover(&error, &recovered, &digest, &signature, OL_ECDSA_LOW_S), OL_ERR_CRYPTO);
  assert_int_equal(ol_ecdsa_recover(&error, &recovered, &digest, &signature, OL_ECDSA_ANY_S), OL_OK);
  assert_memory_equal(&recovered, &pubkey, sizeof pubkey);
}

static void refuses_scalars_out_of_range(void **state) {
  (void)state;
  ol_ecdsa_signature signature, wrong;
  ol_secp256k1_pubkey recovered;
  assert_int_equal(ol_ecdsa_sign(&error, &signature, &signer, &digest, key, NULL), OL_OK);
  wrong = signature;
  from_hex(wrong.r, 32, order);
  assert_int_equal(ol_ecdsa_recover(&error, &recovered, &digest, &wrong, OL_ECDSA_ANY_S), OL_ERR_CRYPTO);
  memset(wrong.r, 0, 32);
  assert_int_equal(ol_ecdsa_recover(&error, &recovered, &digest, &wrong, OL_ECDSA_ANY_S), OL_ERR_CRYPTO);
  wrong = signature;
  from_hex(wrong.s, 32, order);
  assert_int_equal(ol_ecdsa_recover(&error, &recovered, &digest, &wrong, OL_ECDSA_ANY_S), OL_ERR_CRYPTO);
  memset(wrong.s, 0, 32);
  assert_int_equal(ol_ecdsa_recover(&error, &recovered, &digest, &wrong, OL_ECDSA_ANY_S), OL_ERR_CRYPTO);
  for (unsigned parity = 2; parity < 256; parity++) {
    wrong = signature;
    wrong.y_parity = (uint8_t)parity;
    assert_int_equal(ol_ecdsa_recover(&error, &recovered, &digest, &wrong, OL_ECDSA_ANY_S), OL_ERR_CRYPTO);
    assert_string_equal(error.reason, "the parity of a signature is 0 or 1");
  }
}

static void refuses_bad_private_keys(void **state) {
  (void)state;
  uint8_t zero[32] = {0}, n[32], below[32], shared[32];
  ol_ecdsa_signature signature;
  ol_secp256k1_pubkey made;
  from_hex(n, 32, order);
  memcpy(below, n, 32);
  below[31]--;
  const uint8_t *bad[] = {zero, n};
  for (size_t i = 0; i < 2; i++) {
    assert_int_equal(ol_secp256k1_key_check(&error, bad[i]), OL_ERR_CRYPTO);
    assert_int_equal(ol_secp256k1_pubkey_create(&error, &made, &signer, bad[i]), OL_ERR_CRYPTO);
    assert_int_equal(ol_ecdsa_sign(&error, &signature, &signer, &digest, bad[i], NULL), OL_ERR_CRYPTO);
    assert_int_equal(ol_secp256k1_ecdh(&error, shared, &pubkey, bad[i]), OL_ERR_CRYPTO);
    assert_int_equal(ol_secp256k1_ecdh_x(&error, shared, &pubkey, bad[i]), OL_ERR_CRYPTO);
  }
  assert_int_equal(ol_secp256k1_key_check(&error, below), OL_OK);
}

static void adds_private_keys(void **state) {
  (void)state;
  uint8_t sum[32], minus_one[32];
  memcpy(sum, key, 32);
  assert_int_equal(ol_secp256k1_key_add(&error, sum, other_key), OL_OK);
  assert_bytes(sum, 32, "a1a3a5a7a9abadafb1b3b5b7b9bbbdbfc1c3c5c7c9cbcdcfd1d3d5d7d9dbdddf");
  from_hex(minus_one, 32, order);
  minus_one[31]--;
  memcpy(sum, one, 32);
  assert_int_equal(ol_secp256k1_key_add(&error, sum, minus_one), OL_ERR_CRYPTO);
  assert_memory_equal(sum, one, 32);
}

static void reads_only_points_of_the_curve(void **state) {
  (void)state;
  uint8_t bytes[65];
  ol_secp256k1_pubkey read;
  ol_secp256k1_pubkey_write(bytes, &pubkey);
  assert_int_equal(ol_secp256k1_pubkey_read(&error, &read, bytes, 65), OL_OK);
  assert_memory_equal(&read, &pubkey, sizeof read);
  assert_int_equal(ol_secp256k1_pubkey_read(&error, &read, bytes, 64), OL_ERR_CRYPTO);
  assert_int_equal(ol_secp256k1_pubkey_read(&error, &read, NULL, 0), OL_ERR_CRYPTO);
  bytes[0] = 6; /* the hybrid form, y is even */
  assert_int_equal(ol_secp256k1_pubkey_read(&error, &read, bytes, 65), OL_ERR_CRYPTO);
  bytes[0] = 4;
  bytes[64] ^= 1;
  assert_int_equal(ol_secp256k1_pubkey_read(&error, &read, bytes, 65), OL_ERR_CRYPTO);
  ol_secp256k1_pubkey_write_compressed(bytes, &pubkey);
  assert_int_equal(ol_secp256k1_pubkey_read(&error, &read, bytes, 33), OL_OK);
  assert_memory_equal(&read, &pubkey, sizeof read);
  bytes[0] = 4;
  assert_int_equal(ol_secp256k1_pubkey_read(&error, &read, bytes, 33), OL_ERR_CRYPTO);
}

static void reads_signatures_of_65_bytes(void **state) {
  (void)state;
  static const struct {
    uint8_t v, y_parity;
    ol_status status;
  } cases[] = {{0, 0, OL_OK},           {1, 1, OL_OK},           {27, 0, OL_OK},
               {28, 1, OL_OK},          {2, 0, OL_ERR_ENCODING}, {26, 0, OL_ERR_ENCODING},
               {29, 0, OL_ERR_ENCODING}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint8_t bytes[65];
    ol_ecdsa_signature signature;
    count_up(bytes, sizeof bytes, 3);
    bytes[64] = cases[i].v;
    assert_int_equal(ol_ecdsa_read_rsv(&error, &signature, bytes), cases[i].status);
    if (cases[i].status != OL_OK) continue;
    assert_memory_equal(signature.r, bytes, 32);
    assert_memory_equal(signature.s, bytes + 32, 32);
    assert_int_equal(signature.y_parity, cases[i].y_parity);
  }
}

static void reads_der(void **state) {
  (void)state;
  uint8_t der[10], rs[64], expected[64] = {0};
  from_hex(der, 8, "3006020103020105");
  expected[31] = 3;
  expected[63] = 5;
  assert_int_equal(ol_ecdsa_read_der(&error, rs, der, 8), OL_OK);
  assert_memory_equal(rs, expected, 64);
  for (size_t len = 0; len < 8; len++) {
    assert_int_equal(ol_ecdsa_read_der(&error, rs, len == 0 ? NULL : der, len), OL_ERR_ENCODING);
  }
  from_hex(der, 9, "300602010302010500"); /* a byte behind it */
  assert_int_equal(ol_ecdsa_read_der(&error, rs, der, 9), OL_ERR_ENCODING);
}

static void agrees_on_a_shared_secret(void **state) {
  (void)state;
  ol_secp256k1_pubkey other;
  uint8_t mine[32], theirs[32];
  assert_int_equal(ol_secp256k1_pubkey_create(&error, &other, &signer, other_key), OL_OK);
  assert_int_equal(ol_secp256k1_ecdh(&error, mine, &other, key), OL_OK);
  assert_int_equal(ol_secp256k1_ecdh(&error, theirs, &pubkey, other_key), OL_OK);
  assert_bytes(mine, 32, "861c2eb5372cd806fbe996024f6b6390f13f916848ed10832657f512b977952f");
  assert_memory_equal(mine, theirs, 32);
  assert_int_equal(ol_secp256k1_ecdh_x(&error, mine, &other, key), OL_OK);
  assert_bytes(mine, 32, "eb6e96d39e68721f79886ae03d5be0903ebf6fa270b87342b6961ecb791f0f8d");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(makes_public_keys_and_addresses),
      cmocka_unit_test(signs_as_rfc_6979_says),
      cmocka_unit_test(signs_with_extra_entropy),
      cmocka_unit_test(blinding_changes_no_signature),
      cmocka_unit_test(recovers_what_it_signed),
      cmocka_unit_test(admits_a_high_s_only_where_asked),
      cmocka_unit_test(refuses_scalars_out_of_range),
      cmocka_unit_test(refuses_bad_private_keys),
      cmocka_unit_test(adds_private_keys),
      cmocka_unit_test(reads_only_points_of_the_curve),
      cmocka_unit_test(reads_signatures_of_65_bytes),
      cmocka_unit_test(reads_der),
      cmocka_unit_test(agrees_on_a_shared_secret),
  };
  return cmocka_run_group_tests(tests, make_keys, NULL);
}
