/* SPDX-License-Identifier: MIT */
#include "openledger/keystore.h"

#include "crypto/aes.h"
#include "crypto/kdf.h"
#include "unit/bytes.h"

static ol_error error;
static uint8_t parse[65536 * 17 + 4096];

/* A small one, of the key 4242..., from the tests of ethers; weak, so that it opens fast. */
#define ADDRESS "\"address\":\"17c5185167401ed00cf5f5b2fc97d9bbfdb7d025\","
#define PARAMS "{\"salt\":\"abcd1abcd2abcd3abcd4abcd5abcd6ef\",\"n\":1024,\"dklen\":32,\"p\":2,\"r\":4}"
#define CIPHER                                                                                               \
  "\"cipher\":\"aes-128-ctr\",\"cipherparams\":{\"iv\":\"deadbeef1deadbeef2deadbeef301234\"},"               \
  "\"ciphertext\":\"cea502df4b9405fa2b6d8d19ec4e2953c5ce08e0e01d4c0292512ce62baef8f3\","
#define MAC "\"mac\":\"6e0a8e2409261d464e35a251f4b1fddd6ad0f7045a18d3957c127387f1c0de72\""
#define CRYPTO "\"crypto\":{" CIPHER "\"kdf\":\"scrypt\",\"kdfparams\":" PARAMS "," MAC "}"
#define WHOLE "{" ADDRESS "\"version\":3," CRYPTO "}"

#define PRESALE                                                                                              \
  "{\"encseed\": "                                                                                           \
  "\"3a7cc89f7d53d44d6e6445a2cf7fa359598f7914e1b4f808a1b55a13ea4cc71a5529782ba169bb0b169b29e4160c2d4d3167e"  \
  "d282267634ae326379cdf400bf82bc9512be11169bc1822fef4a17b9cf4ad685544ddfc793eafee573650f19185\", "          \
  "\"ethaddr\": \"0b88d4b324ec24c8c078551e6e5075547157e5b6\"}"

static ol_status read_text(ol_keystore *out, const char *text) {
  return ol_keystore_read(&error, out, text_of(text), parse, sizeof parse);
}

static ol_status open_keystore(uint8_t key[32], const ol_keystore *keystore, const char *password) {
  ol_derivation *derivation;
  ol_address address;
  uint8_t entropy[32];
  size_t len = ol_keystore_open_memory(keystore), entropy_len = 0;
  uint8_t *memory = calloc(1, len);
  ol_status status = ol_keystore_open_begin(&error, &derivation, keystore, text_of(password), memory, len);
  if (status == OL_OK) {
    assert_int_equal(ol_keystore_open_begin(&error, &derivation, keystore, text_of(password), memory, 100),
                     OL_ERR_MEMORY);
    assert_int_equal(
        ol_keystore_open_begin(&error, &derivation, keystore, text_of(password), memory, len - 32),
        OL_ERR_MEMORY);
    assert_int_equal(ol_keystore_open_begin(&error, &derivation, keystore, text_of(password), memory, len),
                     OL_OK);
    while (ol_derivation_step(derivation)) {
    }
    status = ol_keystore_open_end(&error, derivation, key, &address, entropy, &entropy_len);
    assert_true(ol_is_zero(ol_slice_of(memory, len)));
    assert_int_equal(entropy_len, 0);
  }
  free(memory);
  return status;
}

static void opens(void **state) {
  (void)state;
  ol_keystore keystore;
  uint8_t key[32];
  const char *texts[] = {
      WHOLE,
      "{\"version\":3," CRYPTO "}",
      "{\"version\":3,\"Crypto\":{" CIPHER "\"kdf\":\"scrypt\",\"kdfparams\":" PARAMS "," MAC "}}",
      "{\"address\":\"0x17C5185167401ED00CF5F5B2FC97D9BBFDB7D025\",\"name\":[{}],\"version\":3," CRYPTO "}",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    assert_int_equal(read_text(&keystore, texts[i]), OL_OK);
    assert_int_equal(keystore.has_address, i == 0 || i == 3);
    assert_int_equal(keystore.weak, 1);
    assert_int_equal(open_keystore(key, &keystore, "foo"), OL_OK);
    for (size_t k = 0; k < 32; k++) assert_int_equal(key[k], 0x42);
  }
  assert_int_equal(read_text(&keystore, PRESALE), OL_OK);
  assert_int_equal(keystore.weak, 1);
  assert_int_equal(open_keystore(key, &keystore, ""), OL_OK);
  assert_bytes(key, 32, "d4375d2a931db84ea8825b69a3128913597744d9236cacec675cc18e1bda4446");
}

static void tells_a_wrong_password(void **state) {
  (void)state;
  ol_keystore keystore;
  uint8_t key[32] = {0};
  assert_int_equal(read_text(&keystore, WHOLE), OL_OK);
  assert_int_equal(open_keystore(key, &keystore, "fooo"), OL_ERR_CRYPTO);
  assert_string_equal(error.reason, "the password is wrong, or the text was changed");
  /* What the MAC is over, and the MAC. */
  ol_keystore changed = keystore;
  changed.sealed[31] ^= 1;
  assert_int_equal(open_keystore(key, &changed, "foo"), OL_ERR_CRYPTO);
  changed = keystore;
  changed.mac[0] ^= 1;
  assert_int_equal(open_keystore(key, &changed, "foo"), OL_ERR_CRYPTO);
  changed = keystore;
  changed.mac[31] ^= 1;
  assert_int_equal(open_keystore(key, &changed, "foo"), OL_ERR_CRYPTO);
  changed = keystore;
  changed.salt[0] ^= 1;
  assert_int_equal(open_keystore(key, &changed, "foo"), OL_ERR_CRYPTO);
  /* What it is not over shows by the address. */
  changed = keystore;
  changed.iv[0] ^= 1;
  assert_int_equal(open_keystore(key, &changed, "foo"), OL_ERR_MISMATCH);
  changed = keystore;
  changed.address.bytes[0] ^= 1;
  assert_int_equal(open_keystore(key, &changed, "foo"), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "key is not of the address in the text");
  assert_true(ol_is_zero(ol_slice_of(key, sizeof key)));

  assert_int_equal(read_text(&keystore, PRESALE), OL_OK);
  for (char c = 'a'; c <= 'z'; c++) {
    const char password[2] = {c, '\0'};
    assert_int_equal(open_keystore(key, &keystore, password), OL_ERR_CRYPTO);
  }
  keystore.address.bytes[0] ^= 1;
  assert_int_equal(open_keystore(key, &keystore, ""), OL_ERR_CRYPTO);
}

/* Sealed with the right password, and authentic, but zero. */
static void refuses_what_is_no_key(void **state) {
  (void)state;
  static uint8_t memory[1 << 20];
  ol_keystore keystore;
  uint8_t derived[32], joined[48] = {0}, key[32];
  ol_hash mac;
  assert_int_equal(read_text(&keystore, WHOLE), OL_OK);
  const ol_kdf_params params = {.kind = OL_KDF_SCRYPT,
                                .cost = 1024,
                                .size = 4,
                                .lanes = 2,
                                .key_len = 32,
                                .salt = ol_slice_of(keystore.salt, keystore.salt_len)};
  assert_int_equal(ol_kdf_run(&error, derived, &params, text_of("foo"), memory, sizeof memory), OL_OK);
  memcpy(joined, derived + 16, 16);
  ol_aes_ctr(joined + 16, ol_slice_of(joined + 16, 32), ol_slice_of(derived, 16), keystore.iv);
  memcpy(keystore.sealed, joined + 16, 32);
  ol_keccak256(&mac, joined, sizeof joined);
  memcpy(keystore.mac, mac.bytes, 32);
  keystore.has_address = 0;
  assert_int_equal(open_keystore(key, &keystore, "foo"), OL_ERR_CRYPTO);
  assert_string_not_equal(error.reason, "the password is wrong, or the text was changed");
}

static void says_what_is_weak(void **state) {
  (void)state;
  const struct {
    const char *kdf;
    uint32_t weak;
  } cases[] = {
      {"\"kdf\":\"scrypt\",\"kdfparams\":{\"salt\":\"ab\",\"dklen\":32,\"n\":131072,\"r\":8,\"p\":1}", 0},
      {"\"kdf\":\"scrypt\",\"kdfparams\":{\"salt\":\"ab\",\"dklen\":32,\"n\":65536,\"r\":8,\"p\":1}", 1},
      {"\"kdf\":\"scrypt\",\"kdfparams\":{\"salt\":\"ab\",\"dklen\":32,\"n\":262144,\"r\":1,\"p\":8}", 0},
      {"\"kdf\":\"scrypt\",\"kdfparams\":{\"salt\":\"ab\",\"dklen\":32,\"n\":262144,\"r\":1,\"p\":3}", 1},
      {"\"kdf\":\"pbkdf2\",\"kdfparams\":{\"salt\":\"ab\",\"dklen\":32,\"c\":262144,\"prf\":\"hmac-sha256\"}",
       0},
      {"\"kdf\":\"pbkdf2\",\"kdfparams\":{\"salt\":\"ab\",\"dklen\":32,\"c\":262143,\"prf\":\"hmac-sha256\"}",
       1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[1024];
    ol_keystore keystore;
    snprintf(text, sizeof text, "{\"version\":3,\"crypto\":{%s%s,%s}}", CIPHER, cases[i].kdf, MAC);
    assert_int_equal(read_text(&keystore, text), OL_OK);
    assert_int_equal(keystore.weak, cases[i].weak);
  }
}

#define WITH(kdf) "{\"version\":3,\"crypto\":{" CIPHER kdf "," MAC "}}"
#define SCRYPT(params) WITH("\"kdf\":\"scrypt\",\"kdfparams\":{" params "}")
#define PBKDF2(params) WITH("\"kdf\":\"pbkdf2\",\"kdfparams\":{" params "}")
#define SALT64 "abababababababababababababababababababababababababababababababab"
#define EXTRA(members) "{\"version\":3," CRYPTO ",\"x-ethers\":{" members "}}"
#define COUNTER "\"mnemonicCounter\":\"70224accc00e35328a010a19fef51121\","
#define SEALED "\"mnemonicCiphertext\":\"cf835e13e4f90b190052263dbd24b020\""

static void refuses_other_texts(void **state) {
  (void)state;
  const struct {
    const char *text;
    ol_status status;
    const char *part, *reason;
  } cases[] = {
      {"", OL_ERR_ENCODING, "", NULL},
      {"{", OL_ERR_ENCODING, "", NULL},
      {"[]", OL_ERR_ENCODING, "version", "is missing"},
      {"{}", OL_ERR_ENCODING, "version", "is missing"},
      {"{\"version\":\"3\"," CRYPTO "}", OL_ERR_ENCODING, "version", "JSON value is not a number"},
      {"{\"version\":4294967299," CRYPTO "}", OL_ERR_LIMIT, "version", "is too large"},
      {"{\"version\":1," CRYPTO "}", OL_ERR_ENCODING, "version", "is not 3"},
      {"{\"version\":3}", OL_ERR_ENCODING, "crypto", "is missing"},
      {"{\"version\":3,\"Crypto\":{}," CRYPTO "}", OL_ERR_ENCODING, "crypto", "is there twice"},
      {"{\"version\":3," CRYPTO "," CRYPTO "}", OL_ERR_ENCODING, "", NULL},
      {"{\"version\":3,\"crypto\":{}}", OL_ERR_ENCODING, "cipher", "is missing"},
      {"{\"version\":3,\"crypto\":{\"cipher\":\"aes-128-cbc\"}}", OL_ERR_ENCODING, "cipher",
       "is not one that is known"},
      {"{\"version\":3,\"crypto\":{\"cipher\":\"aes-128-ctr\"}}", OL_ERR_ENCODING, "cipherparams",
       "is missing"},
      {"{\"version\":3,\"crypto\":{\"cipher\":\"aes-128-ctr\",\"cipherparams\":{\"iv\":\"ab\"}}}",
       OL_ERR_ENCODING, "iv", "has another length"},
      {"{\"version\":3,\"crypto\":{\"cipher\":\"aes-128-ctr\",\"cipherparams\":{\"iv\":"
       "\"deadbeef1deadbeef2deadbeef30123g\"}}}",
       OL_ERR_ENCODING, "iv", NULL},
      {"{\"version\":3,\"crypto\":{\"cipher\":\"aes-128-ctr\",\"cipherparams\":{\"iv\":"
       "\"deadbeef1deadbeef2deadbeef301234\"},\"ciphertext\":\"ab\"}}",
       OL_ERR_ENCODING, "ciphertext", "has another length"},
      {"{\"version\":3,\"crypto\":{" CIPHER "\"kdf\":\"scrypt\"}}", OL_ERR_ENCODING, "mac", "is missing"},
      {WITH("\"kdfparams\":{}"), OL_ERR_ENCODING, "kdf", "is missing"},
      {WITH("\"kdf\":\"scrypt\""), OL_ERR_ENCODING, "kdfparams", "is missing"},
      {WITH("\"kdf\":\"argon2id\",\"kdfparams\":" PARAMS), OL_ERR_ENCODING, "kdf",
       "is not one that is known"},
      {SCRYPT("\"salt\":\"ab\""), OL_ERR_ENCODING, "dklen", "is missing"},
      {SCRYPT("\"dklen\":16,\"salt\":\"ab\""), OL_ERR_ENCODING, "dklen", "is not 32"},
      {SCRYPT("\"dklen\":32"), OL_ERR_ENCODING, "salt", "is missing"},
      {SCRYPT("\"dklen\":32,\"salt\":7"), OL_ERR_ENCODING, "salt", NULL},
      {SCRYPT("\"dklen\":32,\"salt\":\"" SALT64 SALT64 "ab\""), OL_ERR_ENCODING, "salt",
       "has another length"},
      {SCRYPT("\"dklen\":32,\"salt\":\"ab\""), OL_ERR_ENCODING, "n", "is missing"},
      {SCRYPT("\"dklen\":32,\"salt\":\"ab\",\"n\":1024"), OL_ERR_ENCODING, "r", "is missing"},
      {SCRYPT("\"dklen\":32,\"salt\":\"ab\",\"n\":1024,\"r\":8"), OL_ERR_ENCODING, "p", "is missing"},
      {SCRYPT("\"dklen\":32,\"salt\":\"ab\",\"n\":1024,\"r\":8,\"p\":0"), OL_ERR_ARGUMENT, "kdfparams",
       "scrypt's r and p are at least one"},
      {SCRYPT("\"dklen\":32,\"salt\":\"ab\",\"n\":1000,\"r\":8,\"p\":1"), OL_ERR_ARGUMENT, "kdfparams",
       "scrypt's N is no power of two above one"},
      {SCRYPT("\"dklen\":32,\"salt\":\"ab\",\"n\":1048576,\"r\":8,\"p\":1"), OL_ERR_LIMIT, "kdfparams",
       "scrypt needs too much memory"},
      {SCRYPT("\"dklen\":32,\"salt\":\"ab\",\"n\":262144,\"r\":8,\"p\":64"), OL_ERR_LIMIT, "kdfparams",
       "scrypt needs too much work"},
      {PBKDF2("\"dklen\":32,\"salt\":\"ab\",\"c\":1000"), OL_ERR_ENCODING, "prf", "is missing"},
      {PBKDF2("\"dklen\":32,\"salt\":\"ab\",\"c\":1000,\"prf\":\"hmac-sha1\""), OL_ERR_ENCODING, "prf",
       "is not one that is known"},
      {PBKDF2("\"dklen\":32,\"salt\":\"ab\",\"prf\":\"hmac-sha256\""), OL_ERR_ENCODING, "c", "is missing"},
      {PBKDF2("\"dklen\":32,\"salt\":\"ab\",\"c\":99999999,\"prf\":\"hmac-sha256\""), OL_ERR_LIMIT,
       "kdfparams", "PBKDF2 has too many rounds"},
      {"{\"address\":\"17\",\"version\":3," CRYPTO "}", OL_ERR_ENCODING, "address", "has another length"},
      {"{\"address\":17,\"version\":3," CRYPTO "}", OL_ERR_ENCODING, "address", NULL},
      {EXTRA("\"version\":\"9\"," COUNTER SEALED), OL_ERR_ENCODING, "version", "is not one that is known"},
      {EXTRA("\"version\":\"0.1\",\"locale\":7," COUNTER SEALED), OL_ERR_ENCODING, "locale",
       "JSON value is not a string"},
      {EXTRA("\"version\":\"0.1\",\"path\":7," COUNTER SEALED), OL_ERR_ENCODING, "path",
       "JSON value is not a string"},
      {EXTRA("\"version\":\"0.1\",\"path\":\"m/x\"," COUNTER SEALED), OL_ERR_ENCODING, "path",
       "step of the path is no number"},
      {EXTRA("\"version\":\"0.1\"," SEALED), OL_ERR_ENCODING, "mnemonicCounter", "is missing"},
      {EXTRA("\"version\":\"0.1\"," COUNTER "\"mnemonicCiphertext\":\"cf\""), OL_ERR_ENCODING,
       "mnemonicCiphertext", "has another length"},
      {EXTRA("\"version\":\"0.1\"," COUNTER "\"mnemonicCiphertext\":\"cf835e13e4f90b190052263dbd24b02000\""),
       OL_ERR_ENCODING, "mnemonicCiphertext", "has another length"},
      {"{\"encseed\":\"ab\",\"ethaddr\":\"0b88d4b324ec24c8c078551e6e5075547157e5b6\"}", OL_ERR_ENCODING,
       "encseed", "has another length"},
      {"{\"encseed\":\"" SALT64 "ab\",\"ethaddr\":\"0b88d4b324ec24c8c078551e6e5075547157e5b6\"}",
       OL_ERR_ENCODING, "encseed", "has another length"},
      {"{\"encseed\":\"" SALT64 "\",\"ethaddr\":\"0b\"}", OL_ERR_ENCODING, "ethaddr", "has another length"},
      {"{\"encseed\":\"" SALT64 "\"}", OL_ERR_ENCODING, "ethaddr", "is missing"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ol_keystore keystore = {.kdf = 77};
    assert_int_equal(read_text(&keystore, cases[i].text), cases[i].status);
    assert_string_equal(error.part, cases[i].part);
    if (cases[i].reason != NULL) assert_string_equal(error.reason, cases[i].reason);
    assert_int_equal(keystore.kdf, 77);
  }
  char *large = malloc(OL_KEYSTORE_TEXT + 1);
  ol_keystore keystore;
  memset(large, ' ', OL_KEYSTORE_TEXT + 1);
  memcpy(large, WHOLE, sizeof WHOLE - 1);
  assert_int_equal(
      ol_keystore_read(&error, &keystore, ol_slice_of(large, OL_KEYSTORE_TEXT), parse, sizeof parse), OL_OK);
  assert_int_equal(
      ol_keystore_read(&error, &keystore, ol_slice_of(large, OL_KEYSTORE_TEXT + 1), parse, sizeof parse),
      OL_ERR_LIMIT);
  assert_int_equal(ol_keystore_read(&error, &keystore, text_of(WHOLE), parse, 64), OL_ERR_MEMORY);
  free(large);
}

static void opens_nothing_that_was_not_read(void **state) {
  (void)state;
  ol_keystore read, keystore = {0};
  ol_derivation *derivation;
  uint8_t key[32];
  assert_int_equal(ol_keystore_open_memory(&keystore), 0);
  assert_int_equal(read_text(&read, WHOLE), OL_OK);
  ol_keystore broken[5] = {read, read, read, read, read};
  broken[0].kdf = 0;
  broken[1].kdf = 4;
  broken[2].salt_len = OL_KEYSTORE_SALT + 1;
  broken[3].sealed_len = OL_KEYSTORE_SEED + 1;
  broken[4].entropy_len = 33;
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(
        ol_keystore_open_begin(&error, &derivation, &broken[i], text_of("foo"), parse, sizeof parse),
        OL_ERR_ARGUMENT);
    assert_string_equal(error.reason, "keystore was not read");
  }
  read.p = 0;
  assert_int_equal(ol_keystore_open_memory(&read), 0);
  assert_int_equal(open_keystore(key, &read, "foo"), OL_ERR_MEMORY);
}

/* Made with the mnemonic's words for the key, and with another key. */
static void checks_the_mnemonic_beside_a_key(void **state) {
  (void)state;
  ol_keystore keystore;
  ol_derivation *derivation;
  ol_address address;
  uint8_t key[32] = {0}, entropy[32];
  size_t entropy_len = 0;
  assert_int_equal(read_text(&keystore, EXTRA("\"version\":\"0.1\"," COUNTER SEALED)), OL_OK);
  assert_int_equal(keystore.entropy_len, 16);
  assert_int_equal(keystore.path.depth, 5);
  size_t len = ol_keystore_open_memory(&keystore);
  void *memory = malloc(len);
  assert_int_equal(ol_keystore_open_begin(&error, &derivation, &keystore, text_of("foo"), memory, len),
                   OL_OK);
  assert_int_equal(ol_keystore_open_end(&error, derivation, key, &address, entropy, &entropy_len),
                   OL_ERR_ARGUMENT);
  char text[OL_KEYSTORE_MADE];
  size_t text_len = 0;
  while (ol_derivation_step(derivation)) {
  }
  assert_int_equal(ol_keystore_make_end(&error, derivation, text, sizeof text, &text_len), OL_ERR_ARGUMENT);
  assert_int_equal(ol_keystore_open_end(&error, derivation, key, &address, entropy, &entropy_len),
                   OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "mnemonic is another key's");
  assert_true(ol_is_zero(ol_slice_of(key, sizeof key)));
  assert_int_equal(ol_keystore_open_end(&error, derivation, key, &address, entropy, &entropy_len),
                   OL_ERR_ARGUMENT);
  free(memory);
  /* Other languages are left out. */
  assert_int_equal(read_text(&keystore, EXTRA("\"version\":\"0.1\",\"locale\":\"fr\"," COUNTER SEALED)),
                   OL_OK);
  assert_int_equal(keystore.entropy_len, 0);
  assert_int_equal(
      read_text(&keystore, EXTRA("\"version\":\"0.1\",\"locale\":\"en\",\"path\":\"m/1'\"," COUNTER SEALED)),
      OL_OK);
  assert_true(keystore.entropy_len == 16 && keystore.path.depth == 1);
}

static void makes_what_it_opens(void **state) {
  (void)state;
  uint8_t key[32], again[32], entropy[64], none[64] = {0};
  char text[OL_KEYSTORE_MADE];
  ol_derivation *derivation;
  ol_keystore keystore;
  size_t len = ol_keystore_make_memory(), text_len = 0;
  uint8_t *memory = malloc(len);
  count_up(key, sizeof key, 1);
  count_up(entropy, sizeof entropy, 0xc0);
  ol_slice password = text_of("foo");
  assert_int_equal(ol_keystore_make_begin(&error, &derivation, key, text_of(""), entropy, memory, len),
                   OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "password is empty");
  assert_int_equal(ol_keystore_make_begin(&error, &derivation, key, password, none, memory, len),
                   OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "entropy is zero");
  assert_int_equal(ol_keystore_make_begin(&error, &derivation, none, password, entropy, memory, len),
                   OL_ERR_CRYPTO);
  assert_int_equal(ol_keystore_make_begin(&error, &derivation, key, password, entropy, memory, 64),
                   OL_ERR_MEMORY);
  assert_int_equal(ol_keystore_make_begin(&error, &derivation, key, password, entropy, memory, len - 64),
                   OL_ERR_MEMORY);
  assert_int_equal(ol_keystore_make_begin(&error, &derivation, key, password, entropy, memory, len), OL_OK);
  assert_int_equal(ol_keystore_make_end(&error, derivation, text, sizeof text, &text_len), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "the key is not derived yet");
  ol_address address;
  size_t entropy_len = 0;
  while (ol_derivation_step(derivation)) {
  }
  assert_int_equal(ol_keystore_open_end(&error, derivation, again, &address, none, &entropy_len),
                   OL_ERR_ARGUMENT);
  assert_int_equal(ol_keystore_make_end(&error, derivation, text, sizeof text - 1, &text_len), OL_ERR_MEMORY);
  assert_int_equal(ol_keystore_make_end(&error, derivation, text, sizeof text, &text_len), OL_OK);
  assert_int_equal(ol_keystore_make_end(&error, derivation, text, sizeof text, &text_len), OL_ERR_ARGUMENT);
  free(memory);

  const char *begin = "{\"address\":\"",
             *end = ",\"id\":\"f0f1f2f3-f4f5-46f7-b8f9-fafbfcfdfeff\",\"version\":3}";
  assert_memory_equal(text, begin, strlen(begin));
  assert_memory_equal(text + text_len - strlen(end), end, strlen(end));
  assert_int_equal(ol_keystore_read(&error, &keystore, ol_slice_of(text, text_len), parse, sizeof parse),
                   OL_OK);
  assert_true(keystore.weak == 0 && keystore.cost == 131072 && keystore.r == 8 && keystore.p == 1);
  assert_true(keystore.has_address == 1 && keystore.salt_len == 32);
  assert_memory_equal(keystore.salt, entropy, 32);
  assert_memory_equal(keystore.iv, entropy + 32, 16);
  assert_int_equal(open_keystore(again, &keystore, "foo"), OL_OK);
  assert_memory_equal(again, key, 32);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(opens),
      cmocka_unit_test(tells_a_wrong_password),
      cmocka_unit_test(refuses_what_is_no_key),
      cmocka_unit_test(says_what_is_weak),
      cmocka_unit_test(refuses_other_texts),
      cmocka_unit_test(opens_nothing_that_was_not_read),
      cmocka_unit_test(checks_the_mnemonic_beside_a_key),
      cmocka_unit_test(makes_what_it_opens),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
