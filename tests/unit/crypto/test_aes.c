/* SPDX-License-Identifier: MIT */
#include "crypto/aes.h"

#include "unit/bytes.h"

#define PLAIN                                                                                                \
  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"                                         \
  "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"

static const char key128[] = "2b7e151628aed2a6abf7158809cf4f3c";
static const char key256[] = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";

/* SP 800-38A, F.5.1 and F.5.5, whole and cut within a block. */
static void counts(void **state) {
  (void)state;
  uint8_t key[32], counter[16], bytes[64], out[64];
  from_hex(counter, 16, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  from_hex(bytes, 64, PLAIN);
  from_hex(key, 16, key128);
  ol_aes_ctr(out, ol_slice_of(bytes, 64), ol_slice_of(key, 16), counter);
  assert_bytes(out, 64,
               "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
               "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee");
  ol_aes_ctr(out, ol_slice_of(out, 21), ol_slice_of(key, 16), counter);
  assert_memory_equal(out, bytes, 21);
  from_hex(key, 32, key256);
  ol_aes_ctr(out, ol_slice_of(bytes, 64), ol_slice_of(key, 32), counter);
  assert_bytes(out, 16, "601ec313775789a5b7a7f504bbf3d228");
  /* The counter goes over all 128 bits. */
  memset(counter, 0xff, sizeof counter);
  uint8_t zeros[32] = {0}, after[16] = {0};
  ol_aes_ctr(out, ol_slice_of(zeros, 32), ol_slice_of(key, 32), counter);
  ol_aes_ctr(after, ol_slice_of(zeros, 16), ol_slice_of(key, 32), zeros);
  assert_memory_equal(out + 16, after, 16);
}

/* SP 800-38A, F.2.2. */
static void decrypts_chains(void **state) {
  (void)state;
  uint8_t key[16], iv[16], bytes[64], out[64];
  count_up(iv, sizeof iv, 0);
  from_hex(key, 16, key128);
  from_hex(bytes, 64,
           "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
           "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7");
  ol_aes_cbc_decrypt(out, ol_slice_of(bytes, 64), ol_slice_of(key, 16), iv);
  assert_bytes(out, 64, PLAIN);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(counts),
      cmocka_unit_test(decrypts_chains),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
