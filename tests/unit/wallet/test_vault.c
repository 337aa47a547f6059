/* SPDX-License-Identifier: MIT */
#include "openledger/vault.h"

#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "unit/bytes.h"

#define PASSWORD "correct horse battery staple"
#define CONTENT "what an owner keeps"
#define CONTENT_LEN (sizeof CONTENT - 1)
#define VAULT_LEN (OL_VAULT_OVERHEAD + CONTENT_LEN)

static ol_error error;
static const ol_vault_params least = {OL_VAULT_PASSES_LEAST, OL_VAULT_KIB_LEAST};
static uint8_t *memory, entropy[64], vault[VAULT_LEN];
static size_t memory_len;

static ol_status seal(uint8_t *out, size_t len, size_t *out_len, ol_slice content, const char *password) {
  ol_derivation *derivation;
  ol_status status = ol_vault_seal_begin(&error, &derivation, &least, content, text_of(password), entropy,
                                         memory, memory_len);
  if (status != OL_OK) return status;
  while (ol_derivation_step(derivation)) {
  }
  status = ol_vault_seal_end(&error, derivation, out, len, out_len);
  if (status == OL_OK) assert_true(ol_is_zero(ol_slice_of(memory, memory_len)));
  return status;
}

static ol_status open_with(uint8_t *out, size_t len, size_t *out_len, ol_slice sealed, const char *password) {
  ol_derivation *derivation;
  ol_status status = ol_vault_open_begin(&error, &derivation, sealed, text_of(password), memory, memory_len);
  if (status != OL_OK) return status;
  while (ol_derivation_step(derivation)) {
  }
  status = ol_vault_open_end(&error, derivation, out, len, out_len);
  if (status == OL_OK || status == OL_ERR_CRYPTO) assert_true(ol_is_zero(ol_slice_of(memory, memory_len)));
  return status;
}

static void mend(uint8_t *bytes, size_t len) {
  ol_hash checksum;
  ol_keccak256(&checksum, bytes, len - 32);
  memcpy(bytes + len - 32, checksum.bytes, 32);
}

static int make_vault(void **state) {
  (void)state;
  size_t len = 0;
  memory_len = ol_vault_memory(&least);
  memory = calloc(1, memory_len);
  count_up(entropy, sizeof entropy, 0x21);
  if (memory == NULL || seal(vault, sizeof vault, &len, text_of(CONTENT), PASSWORD) != OL_OK) return -1;
  return len == sizeof vault ? 0 : -1;
}

static int free_memory(void **state) {
  (void)state;
  free(memory);
  return 0;
}

/* The form, taken apart by hand. */
static void has_the_form_that_is_documented(void **state) {
  (void)state;
  uint8_t key[32], opened[CONTENT_LEN];
  ol_hash checksum;
  assert_memory_equal(vault, "OLVAULT\x01", 8);
  assert_bytes(vault + 8, 8, "0000000200004c00");
  assert_memory_equal(vault + 16, entropy, 40);
  assert_bytes(vault + 56, 4, "00000013");
  const ol_kdf_params params = {.kind = OL_KDF_ARGON2ID,
                                .cost = 2,
                                .size = 19 << 10,
                                .key_len = 32,
                                .salt = ol_slice_of(vault + 16, 16)};
  assert_int_equal(ol_kdf_run(&error, key, &params, text_of(PASSWORD), memory, memory_len), OL_OK);
  assert_int_equal(ol_aead_open(&error, opened, ol_slice_of(vault + 60, CONTENT_LEN),
                                vault + 60 + CONTENT_LEN, ol_slice_of(vault, 60), vault + 32, key),
                   OL_OK);
  assert_memory_equal(opened, CONTENT, CONTENT_LEN);
  ol_keccak256(&checksum, vault, sizeof vault - 32);
  assert_memory_equal(checksum.bytes, vault + sizeof vault - 32, 32);
}

static void opens_what_it_sealed(void **state) {
  (void)state;
  uint8_t opened[CONTENT_LEN];
  size_t len = 0;
  ol_vault read;
  assert_int_equal(ol_vault_read(&error, &read, ol_slice_of(vault, sizeof vault)), OL_OK);
  assert_int_equal(read.content_len, CONTENT_LEN);
  assert_memory_equal(&read.params, &least, sizeof least);
  assert_int_equal(open_with(opened, sizeof opened, &len, ol_slice_of(vault, sizeof vault), PASSWORD), OL_OK);
  assert_int_equal(len, CONTENT_LEN);
  assert_memory_equal(opened, CONTENT, CONTENT_LEN);
}

static void tells_a_wrong_password(void **state) {
  (void)state;
  uint8_t opened[CONTENT_LEN] = {0};
  size_t len = 7;
  const char *wrong[] = {"", "correct horse battery stapl", PASSWORD "\n", "Correct horse battery staple"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    assert_int_equal(open_with(opened, sizeof opened, &len, ol_slice_of(vault, sizeof vault), wrong[i]),
                     OL_ERR_CRYPTO);
    assert_string_equal(error.reason, "the password is wrong");
    assert_true(len == 7 && ol_is_zero(ol_slice_of(opened, sizeof opened)));
  }
}

/* Every bit of every byte, without a password. */
static void tells_every_damage(void **state) {
  (void)state;
  uint8_t bytes[VAULT_LEN];
  ol_vault read;
  for (size_t at = 0; at < sizeof bytes; at++) {
    for (int bit = 0; bit < 8; bit++) {
      memcpy(bytes, vault, sizeof bytes);
      bytes[at] ^= (uint8_t)(1 << bit);
      ol_status status = ol_vault_read(&error, &read, ol_slice_of(bytes, sizeof bytes));
      const bool grown = at >= 56 && at < 60 && bytes[at] > vault[at];
      const char *reason = at < 7               ? "bytes are no vault"
                           : at < 56 || at > 59 ? "vault is damaged: its checksum is wrong"
                           : grown              ? "vault is cut short"
                                                : "vault has bytes behind its end";
      assert_string_equal(error.reason, reason);
      assert_int_equal(status, at >= 7 && (at < 56 || at > 59) ? OL_ERR_MISMATCH : OL_ERR_ENCODING);
    }
  }
}

/* Changed by somebody who mends the checksum: what is authenticated is all before the tag's end. */
static void authenticates_the_header_and_the_content(void **state) {
  (void)state;
  uint8_t bytes[VAULT_LEN], opened[CONTENT_LEN];
  size_t len = 0;
  const size_t places[] = {15, 16, 31, 32, 55, 60, 60 + CONTENT_LEN - 1, 60 + CONTENT_LEN, VAULT_LEN - 33};
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    memcpy(bytes, vault, sizeof bytes);
    bytes[places[i]] ^= 4; /* of the KiB too, which are then 19 MiB and 4 KiB */
    mend(bytes, sizeof bytes);
    uint8_t *more = calloc(1, memory_len + 8192);
    ol_derivation *derivation;
    assert_int_equal(ol_vault_open_begin(&error, &derivation, ol_slice_of(bytes, sizeof bytes),
                                         text_of(PASSWORD), more, memory_len + 8192),
                     OL_OK);
    while (ol_derivation_step(derivation)) {
    }
    assert_int_equal(ol_vault_open_end(&error, derivation, opened, sizeof opened, &len), OL_ERR_CRYPTO);
    free(more);
  }
}

static void refuses_other_lengths(void **state) {
  (void)state;
  uint8_t bytes[VAULT_LEN + 1] = {0};
  ol_vault read;
  memcpy(bytes, vault, sizeof vault);
  for (size_t len = 0; len < sizeof vault; len++) {
    assert_int_equal(ol_vault_read(&error, &read, ol_slice_of(bytes, len)), OL_ERR_ENCODING);
    assert_string_equal(error.reason, len < 7 ? "bytes are no vault" : "vault is cut short");
  }
  assert_int_equal(ol_vault_read(&error, &read, ol_slice_of(bytes, sizeof bytes)), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "vault has bytes behind its end");
  assert_int_equal(error.offset, sizeof vault);
}

/* With the checksum right, so that it is not damage. */
static void refuses_other_headers(void **state) {
  (void)state;
  const struct {
    size_t at;
    const char *digits;
    ol_status status;
    const char *reason;
  } cases[] = {
      {7, "00", OL_ERR_ENCODING, "vault is of a version that is not known"},
      {7, "02", OL_ERR_ENCODING, "vault is of a version that is not known"},
      {8, "00000000", OL_ERR_ENCODING, "vault is sealed too weakly"},
      {8, "00000001", OL_ERR_ENCODING, "vault is sealed too weakly"},
      {12, "00004bff", OL_ERR_ENCODING, "vault is sealed too weakly"},
      {12, "00080001", OL_ERR_LIMIT, "Argon2id needs too much memory"},
      {8, "00010000", OL_ERR_LIMIT, "Argon2id needs too much work"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint8_t bytes[VAULT_LEN];
    ol_vault read;
    ol_derivation *derivation;
    memcpy(bytes, vault, sizeof bytes);
    from_hex(bytes + cases[i].at, strlen(cases[i].digits) / 2, cases[i].digits);
    mend(bytes, sizeof bytes);
    assert_int_equal(ol_vault_read(&error, &read, ol_slice_of(bytes, sizeof bytes)), cases[i].status);
    assert_string_equal(error.reason, cases[i].reason);
    assert_int_equal(ol_vault_open_begin(&error, &derivation, ol_slice_of(bytes, sizeof bytes),
                                         text_of(PASSWORD), memory, memory_len),
                     cases[i].status);
  }
}

static void refuses_content_that_is_too_long(void **state) {
  (void)state;
  const size_t len = OL_VAULT_CONTENT, whole = OL_VAULT_OVERHEAD + len;
  uint8_t *content = calloc(1, len + 1), *sealed = malloc(whole + 1);
  size_t out_len = 0;
  ol_vault read;
  assert_int_equal(seal(sealed, whole, &out_len, ol_slice_of(content, len + 1), "x"), OL_ERR_LIMIT);
  assert_int_equal(seal(sealed, whole, &out_len, ol_slice_of(content, len), "x"), OL_OK);
  assert_int_equal(out_len, whole);
  assert_int_equal(ol_vault_read(&error, &read, ol_slice_of(sealed, whole)), OL_OK);
  assert_int_equal(open_with(content, len, &out_len, ol_slice_of(sealed, whole), "x"), OL_OK);
  assert_true(out_len == len && ol_is_zero(ol_slice_of(content, len)));
  sealed[59]++; /* one byte more than is admitted */
  mend(sealed, whole + 1);
  assert_int_equal(ol_vault_read(&error, &read, ol_slice_of(sealed, whole + 1)), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "content of the vault is too long");
  free(content);
  free(sealed);
}

static void seals_nothing_and_refuses_bad_arguments(void **state) {
  (void)state;
  uint8_t bytes[OL_VAULT_OVERHEAD], opened[1], none[64] = {0};
  size_t len = 0;
  ol_derivation *derivation;
  ol_slice nothing = ol_slice_of(NULL, 0);
  assert_int_equal(seal(bytes, sizeof bytes, &len, nothing, "x"), OL_OK);
  assert_int_equal(open_with(opened, 0, &len, ol_slice_of(bytes, sizeof bytes), "x"), OL_OK);
  assert_int_equal(len, 0);
  assert_int_equal(seal(bytes, sizeof bytes, &len, nothing, ""), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "password is empty");
  assert_int_equal(
      ol_vault_seal_begin(&error, &derivation, &least, nothing, text_of("x"), none, memory, memory_len),
      OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "entropy is zero");
  const struct {
    ol_vault_params params;
    ol_status status;
  } cases[] = {{{1, OL_VAULT_KIB_LEAST}, OL_ERR_ARGUMENT},
               {{2, OL_VAULT_KIB_LEAST - 1}, OL_ERR_ARGUMENT},
               {{3, (512 << 10) + 1}, OL_ERR_LIMIT},
               {{UINT32_MAX, 64 << 10}, OL_ERR_LIMIT}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(ol_vault_memory(&cases[i].params), 0);
    assert_int_equal(ol_vault_seal_begin(&error, &derivation, &cases[i].params, nothing, text_of("x"),
                                         entropy, memory, memory_len),
                     cases[i].status);
  }
  ol_vault_params usual;
  ol_vault_params_init(&usual);
  assert_true(usual.passes == 3 && usual.memory_kib == 65536 && ol_vault_memory(&usual) > 65536 * 1024);
}

static void needs_memory(void **state) {
  (void)state;
  ol_derivation *derivation;
  const ol_slice whole = ol_slice_of(vault, sizeof vault);
  for (size_t len = 0; len < memory_len - 200; len += 1000000) {
    assert_int_equal(ol_vault_open_begin(&error, &derivation, whole, text_of(PASSWORD), memory, len),
                     OL_ERR_MEMORY);
    assert_int_equal(
        ol_vault_seal_begin(&error, &derivation, &least, whole, text_of(PASSWORD), entropy, memory, len),
        OL_ERR_MEMORY);
  }
  assert_true(ol_is_zero(ol_slice_of(memory, memory_len)));
}

/* Ended too early, with too little room, for another purpose, twice. */
static void keeps_the_order_of_calls(void **state) {
  (void)state;
  ol_derivation *derivation;
  uint8_t opened[CONTENT_LEN];
  size_t len = 0;
  uint64_t done = 0, total = 0;
  const ol_slice whole = ol_slice_of(vault, sizeof vault);
  assert_int_equal(ol_vault_open_begin(&error, &derivation, whole, text_of(PASSWORD), memory, memory_len),
                   OL_OK);
  ol_derivation_progress(derivation, &done, &total);
  assert_true(done == 0 && total > 0);
  assert_int_equal(ol_vault_open_end(&error, derivation, opened, sizeof opened, &len), OL_ERR_ARGUMENT);
  while (ol_derivation_step(derivation)) {
  }
  ol_derivation_progress(derivation, &done, &total);
  assert_true(done == total);
  assert_false(ol_derivation_step(derivation));
  assert_int_equal(ol_vault_seal_end(&error, derivation, opened, sizeof opened, &len), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "derivation was not begun for this");
  assert_int_equal(ol_vault_open_end(&error, derivation, opened, sizeof opened - 1, &len), OL_ERR_MEMORY);
  assert_int_equal(ol_vault_open_end(&error, derivation, opened, sizeof opened, &len), OL_OK);
  assert_int_equal(ol_vault_open_end(&error, derivation, opened, sizeof opened, &len), OL_ERR_ARGUMENT);

  uint8_t sealed[VAULT_LEN];
  assert_int_equal(ol_vault_seal_begin(&error, &derivation, &least, text_of(CONTENT), text_of(PASSWORD),
                                       entropy, memory, memory_len),
                   OL_OK);
  assert_int_equal(ol_vault_seal_end(&error, derivation, sealed, sizeof sealed, &len), OL_ERR_ARGUMENT);
  assert_int_equal(ol_vault_open_end(&error, derivation, opened, sizeof opened, &len), OL_ERR_ARGUMENT);
  while (ol_derivation_step(derivation)) {
  }
  assert_int_equal(ol_vault_seal_end(&error, derivation, sealed, sizeof sealed - 1, &len), OL_ERR_MEMORY);
  assert_int_equal(ol_vault_seal_end(&error, derivation, sealed, sizeof sealed, &len), OL_OK);
  assert_memory_equal(sealed, vault, sizeof vault);
}

static void erases_what_is_given_up(void **state) {
  (void)state;
  ol_derivation *derivation;
  assert_int_equal(ol_vault_open_begin(&error, &derivation, ol_slice_of(vault, sizeof vault),
                                       text_of(PASSWORD), memory, memory_len),
                   OL_OK);
  ol_derivation_step(derivation);
  ol_derivation_drop(derivation);
  assert_true(ol_is_zero(ol_slice_of(memory, memory_len)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(has_the_form_that_is_documented),
      cmocka_unit_test(opens_what_it_sealed),
      cmocka_unit_test(tells_a_wrong_password),
      cmocka_unit_test(tells_every_damage),
      cmocka_unit_test(authenticates_the_header_and_the_content),
      cmocka_unit_test(refuses_other_lengths),
      cmocka_unit_test(refuses_other_headers),
      cmocka_unit_test(refuses_content_that_is_too_long),
      cmocka_unit_test(seals_nothing_and_refuses_bad_arguments),
      cmocka_unit_test(needs_memory),
      cmocka_unit_test(keeps_the_order_of_calls),
      cmocka_unit_test(erases_what_is_given_up),
  };
  return cmocka_run_group_tests(tests, make_vault, free_memory);
}
