/* SPDX-License-Identifier: MIT */
#include "crypto/kdf.h"

#include "base/limits.h"
#include "unit/bytes.h"

#include <sodium/crypto_pwhash_argon2id.h>

static ol_error error;

static ol_kdf_params params_of(ol_kdf_kind kind, uint32_t cost, size_t key_len, const char *salt) {
  return (ol_kdf_params){
      .kind = kind, .cost = cost, .size = 8, .lanes = 1, .key_len = key_len, .salt = text_of(salt)};
}

/* Derives in as many steps as it takes, and looks for what is left behind. Returns: how many steps. */
static uint32_t derive(uint8_t *out, const ol_kdf_params *params, ol_slice password) {
  size_t len = 0;
  uint32_t steps = 0;
  ol_kdf kdf;
  assert_int_equal(ol_kdf_memory(&error, &len, params), OL_OK);
  uint8_t *memory = malloc(len), *late = malloc(1);
  uint64_t done = 0;
  assert_int_equal(ol_kdf_begin(&error, &kdf, params, password, memory, len), OL_OK);
  for (bool more = true; more; steps++) {
    assert_int_equal(ol_kdf_end(&error, &kdf, late), OL_ERR_ARGUMENT);
    more = ol_kdf_step(&kdf);
    assert_true(kdf.done > done && kdf.done <= kdf.total && more == (kdf.done < kdf.total));
    done = kdf.done;
  }
  assert_int_equal(ol_kdf_end(&error, &kdf, out), OL_OK);
  size_t first = (64 - (uintptr_t)memory % 64) % 64;
  assert_true(ol_is_zero(ol_slice_of(memory + first, len - 64)));
  assert_true(ol_is_zero(ol_slice_of(&kdf, sizeof kdf)));
  free(memory);
  free(late);
  return steps;
}

static void derives_by_pbkdf2(void **state) {
  (void)state;
  uint8_t key[64];
  ol_kdf_params params = params_of(OL_KDF_PBKDF2_SHA256, 3, 40, "salt");
  assert_int_equal(derive(key, &params, text_of("password")), 2);
  assert_bytes(key, 40, "ad35240ac683febfaf3cd49d845473fbbbaa2437f5f82d5a415ae00ac76c6bfccf9a9b8d6d2fe4a1");
  params = params_of(OL_KDF_PBKDF2_SHA512, 2048, 64, "salt");
  assert_int_equal(derive(key, &params, text_of("password")), 1);
  assert_bytes(key, 64,
               "91be23564f09fc855c82ce84a223ebe7d63d8b49d69372593a0d9ed39e143c83"
               "e1ab2f722a5ddb969feefc88403f7e2afe1afb8b2f0e6b20add0fb7b28368807");
}

/* RFC 7914, section 12. */
static void derives_by_scrypt(void **state) {
  (void)state;
  uint8_t key[64];
  ol_kdf_params params = params_of(OL_KDF_SCRYPT, 16, 64, "");
  params.size = 1;
  derive(key, &params, ol_slice_of(NULL, 0));
  assert_bytes(key, 64,
               "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
               "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
  params = params_of(OL_KDF_SCRYPT, 1024, 64, "NaCl");
  params.lanes = 16;
  derive(key, &params, text_of("password"));
  assert_bytes(key, 64,
               "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
               "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
}

static void derives_by_argon2id_as_libsodium_does(void **state) {
  (void)state;
  const struct {
    uint32_t passes, kib, key_len;
    const char *password;
  } cases[] = {{1, 8, 16, "x"},    {2, 64, 32, "password"}, {2, 64, 32, ""},
               {3, 71, 33, "odd"}, {1, 4096, 64, "more"},   {4, 1023, 128, "and more"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint8_t ours[128], theirs[128];
    ol_kdf_params params = params_of(OL_KDF_ARGON2ID, cases[i].passes, cases[i].key_len, "0123456789abcdef");
    params.size = cases[i].kib;
    uint32_t steps = derive(ours, &params, text_of(cases[i].password));
    assert_true(steps == 4 * cases[i].passes || steps == 1);
    assert_int_equal(crypto_pwhash_argon2id(theirs, cases[i].key_len, cases[i].password,
                                            strlen(cases[i].password), params.salt.data, cases[i].passes,
                                            cases[i].kib * 1024u, 2),
                     0);
    assert_memory_equal(ours, theirs, cases[i].key_len);
  }
  uint8_t salt[16], key[32];
  count_up(salt, sizeof salt, 1);
  ol_kdf_params params = {
      .kind = OL_KDF_ARGON2ID, .cost = 2, .size = 64, .key_len = 32, .salt = ol_slice_of(salt, 16)};
  derive(key, &params, text_of("password"));
  assert_bytes(key, 32, "ad019494418c2a187529166633c0cfa9201d46bb4ab1c56ec166003765764cc8");
}

static void does_a_bounded_part_in_a_step(void **state) {
  (void)state;
  uint8_t key[64], again[64];
  ol_kdf_params params = params_of(OL_KDF_PBKDF2_SHA256, 20000, 32, "salt");
  assert_int_equal(derive(key, &params, text_of("password")), 3);
  params = params_of(OL_KDF_SCRYPT, 16384, 64, "salt");
  assert_int_equal(derive(key, &params, text_of("password")), 8);
  size_t len = 0;
  assert_int_equal(ol_kdf_memory(&error, &len, &params), OL_OK);
  uint8_t *memory = malloc(len);
  assert_int_equal(ol_kdf_run(&error, again, &params, text_of("password"), memory, len), OL_OK);
  assert_memory_equal(key, again, 64);
  free(memory);
}

static void erases_what_is_given_up(void **state) {
  (void)state;
  ol_kdf kdf;
  size_t len = 0;
  ol_kdf_params params = params_of(OL_KDF_SCRYPT, 1024, 32, "salt");
  assert_int_equal(ol_kdf_memory(&error, &len, &params), OL_OK);
  uint8_t *memory = malloc(len);
  assert_int_equal(ol_kdf_begin(&error, &kdf, &params, text_of("password"), memory, len), OL_OK);
  ol_kdf_step(&kdf);
  uint8_t *used = kdf.memory;
  size_t used_len = kdf.len;
  assert_false(ol_is_zero(ol_slice_of(used, used_len)));
  ol_kdf_drop(&kdf);
  assert_true(ol_is_zero(ol_slice_of(used, used_len)));
  assert_true(ol_is_zero(ol_slice_of(&kdf, sizeof kdf)));
  assert_false(ol_kdf_step(&kdf));
  assert_int_equal(ol_kdf_end(&error, &kdf, used), OL_ERR_ARGUMENT);
  assert_int_equal(ol_kdf_begin(&error, &kdf, &params, text_of("password"), memory, len - 1), OL_ERR_MEMORY);
  free(memory);
}

static void refuses_a_password_beyond_32_bits(void **state) {
  (void)state;
  ol_kdf kdf;
  size_t len = 0;
  ol_kdf_params params = params_of(OL_KDF_ARGON2ID, 1, 32, "0123456789abcdef");
  assert_int_equal(ol_kdf_memory(&error, &len, &params), OL_OK);
  void *memory = malloc(len);
  const ol_slice longest = ol_slice_of("x", (size_t)UINT32_MAX + 1);
  assert_int_equal(ol_kdf_begin(&error, &kdf, &params, longest, memory, len), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "the password is too long");
  free(memory);
}

static void refuses_parameters(void **state) {
  (void)state;
  static const char salt[] = "0123456789abcdef";
  const struct {
    uint32_t kind, cost, size, lanes;
    size_t key_len, salt_len;
    ol_status status;
    const char *reason;
  } cases[] = {
      {1, 0, 0, 0, 32, 16, OL_ERR_ARGUMENT, "PBKDF2 needs at least one round"},
      {2, OL_LIMIT_KDF_ROUNDS + 1, 0, 0, 32, 16, OL_ERR_LIMIT, "PBKDF2 has too many rounds"},
      {1, 1, 0, 0, 0, 16, OL_ERR_ARGUMENT, "no key of this length can be derived"},
      {1, 1, 0, 0, OL_LIMIT_KDF_KEY + 1, 16, OL_ERR_ARGUMENT, "no key of this length can be derived"},
      {0, 1, 8, 1, 32, 16, OL_ERR_ARGUMENT, "no such derivation of keys"},
      {5, 1, 8, 1, 32, 16, OL_ERR_ARGUMENT, "no such derivation of keys"},
      {3, 0, 8, 1, 32, 16, OL_ERR_ARGUMENT, "scrypt's N is no power of two above one"},
      {3, 1, 8, 1, 32, 16, OL_ERR_ARGUMENT, "scrypt's N is no power of two above one"},
      {3, 1000, 8, 1, 32, 16, OL_ERR_ARGUMENT, "scrypt's N is no power of two above one"},
      {3, 1024, 0, 1, 32, 16, OL_ERR_ARGUMENT, "scrypt's r and p are at least one"},
      {3, 1024, 8, 0, 32, 16, OL_ERR_ARGUMENT, "scrypt's r and p are at least one"},
      {3, 1 << 20, 8, 1, 32, 16, OL_ERR_LIMIT, "scrypt needs too much memory"},
      {3, 2, UINT32_MAX, 1, 32, 16, OL_ERR_LIMIT, "scrypt needs too much memory"},
      {3, 1 << 18, 8, 100, 32, 16, OL_ERR_LIMIT, "scrypt needs too much work"},
      {3, 2, 8, 1 << 20, 32, 16, OL_ERR_LIMIT, "scrypt needs too much work"},
      {4, 1, 64, 1, 15, 16, OL_ERR_ARGUMENT, "Argon2id cannot derive a key of this length"},
      {4, 1, 64, 1, 32, 15, OL_ERR_ARGUMENT, "Argon2id's salt is not 16 bytes long"},
      {4, 0, 64, 1, 32, 16, OL_ERR_ARGUMENT, "Argon2id needs at least one pass"},
      {4, 1, 7, 1, 32, 16, OL_ERR_ARGUMENT, "Argon2id needs at least 8 KiB"},
      {4, 1, (512 << 10) + 1, 1, 32, 16, OL_ERR_LIMIT, "Argon2id needs too much memory"},
      {4, 17, 512 << 10, 1, 32, 16, OL_ERR_LIMIT, "Argon2id needs too much work"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    size_t len = 0;
    uint8_t memory[64];
    ol_kdf kdf;
    ol_kdf_params params = {
        (ol_kdf_kind)cases[i].kind,          cases[i].cost, cases[i].size, cases[i].lanes, cases[i].key_len,
        ol_slice_of(salt, cases[i].salt_len)};
    assert_int_equal(ol_kdf_memory(&error, &len, &params), cases[i].status);
    assert_string_equal(error.reason, cases[i].reason);
    assert_int_equal(ol_kdf_begin(&error, &kdf, &params, text_of("x"), memory, sizeof memory),
                     cases[i].status);
    assert_int_equal(ol_kdf_run(&error, memory, &params, text_of("x"), memory, sizeof memory),
                     cases[i].status);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(derives_by_pbkdf2),
      cmocka_unit_test(derives_by_scrypt),
      cmocka_unit_test(derives_by_argon2id_as_libsodium_does),
      cmocka_unit_test(does_a_bounded_part_in_a_step),
      cmocka_unit_test(erases_what_is_given_up),
      cmocka_unit_test(refuses_a_password_beyond_32_bits),
      cmocka_unit_test(refuses_parameters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
