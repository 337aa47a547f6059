/* SPDX-License-Identifier: MIT */
#include "crypto/aead.h"

#include "unit/bytes.h"

#define MESSAGE "a message for a vault"
#define MESSAGE_LEN (sizeof MESSAGE - 1)

static ol_error error;
static uint8_t key[32], nonce[24];

static int make_keys(void **state) {
  (void)state;
  count_up(key, sizeof key, 0xa0);
  count_up(nonce, sizeof nonce, 1);
  return 0;
}

static void seals_as_others_do(void **state) {
  (void)state;
  uint8_t sealed[MESSAGE_LEN], tag[16], opened[MESSAGE_LEN];
  ol_aead_seal(sealed, tag, text_of(MESSAGE), text_of("attached"), nonce, key);
  assert_bytes(sealed, MESSAGE_LEN, "24a9bf0e7d012fcdd6138a97e2668b4befe3a1a741");
  assert_bytes(tag, 16, "a5560e3f936422d153d1559bbb69ef0b");
  assert_int_equal(
      ol_aead_open(&error, opened, ol_slice_of(sealed, MESSAGE_LEN), tag, text_of("attached"), nonce, key),
      OL_OK);
  assert_memory_equal(opened, MESSAGE, MESSAGE_LEN);
}

static void seals_in_place_and_nothing(void **state) {
  (void)state;
  uint8_t bytes[MESSAGE_LEN], tag[16];
  memcpy(bytes, MESSAGE, MESSAGE_LEN);
  ol_slice place = ol_slice_of(bytes, MESSAGE_LEN), none = ol_slice_of(NULL, 0);
  ol_aead_seal(bytes, tag, place, none, nonce, key);
  assert_memory_not_equal(bytes, MESSAGE, MESSAGE_LEN);
  assert_int_equal(ol_aead_open(&error, bytes, place, tag, none, nonce, key), OL_OK);
  assert_memory_equal(bytes, MESSAGE, MESSAGE_LEN);
  ol_aead_seal(NULL, tag, none, none, nonce, key);
  assert_int_equal(ol_aead_open(&error, NULL, none, tag, none, nonce, key), OL_OK);
  tag[3] ^= 1;
  assert_int_equal(ol_aead_open(&error, NULL, none, tag, none, nonce, key), OL_ERR_CRYPTO);
}

/* Every byte of everything; and a wrong key must not destroy what it cannot open. */
static void refuses_changes_and_leaves_the_output(void **state) {
  (void)state;
  uint8_t sealed[MESSAGE_LEN], tag[16], before[MESSAGE_LEN];
  uint8_t attached[] = {1, 2, 3};
  ol_slice place = ol_slice_of(sealed, MESSAGE_LEN), with = ol_slice_of(attached, sizeof attached);
  ol_aead_seal(sealed, tag, text_of(MESSAGE), with, nonce, key);
  const struct {
    uint8_t *bytes;
    size_t len;
  } parts[] = {{sealed, sizeof sealed}, {tag, 16}, {attached, sizeof attached}, {nonce, 24}, {key, 32}};
  for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
    for (size_t i = 0; i < parts[part].len; i++) {
      parts[part].bytes[i] ^= 0x10;
      memcpy(before, sealed, sizeof sealed);
      assert_int_equal(ol_aead_open(&error, sealed, place, tag, with, nonce, key), OL_ERR_CRYPTO);
      assert_memory_equal(sealed, before, sizeof sealed);
      parts[part].bytes[i] ^= 0x10;
    }
  }
  assert_int_equal(ol_aead_open(&error, sealed, place, tag, with, nonce, key), OL_OK);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(seals_as_others_do),
      cmocka_unit_test(seals_in_place_and_nothing),
      cmocka_unit_test(refuses_changes_and_leaves_the_output),
  };
  return cmocka_run_group_tests(tests, make_keys, NULL);
}
