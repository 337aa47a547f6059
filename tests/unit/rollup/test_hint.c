/* SPDX-License-Identifier: MIT */
#include "rollup/hint.h"

#include "unit/bytes.h"

/* What contracts return to the hints' code; that the code asks them right is shown on a chain (tests/devnet). */

static ol_error error;
static ol_hint hint;
static uint8_t words[6][32];

static ol_slice returned(size_t count) {
  return ol_slice_of(words, 32 * count);
}

static void reads_a_game(void **state) {
  (void)state;
  memset(words, 0, sizeof words);
  words[0][31] = 1;
  memset(words[1], 0x66, 32);
  words[2][31] = 9;
  memset(words[3] + 12, 0x44, 20);
  words[4][31] = 7;
  words[5][31] = 8;
  assert_int_equal(ol_hint_read_game(&error, &hint, returned(6)), OL_OK);
  assert_int_equal(hint.claim.game_type, 1);
  assert_int_equal(hint.claim.l2_block, 9);
  assert_int_equal(hint.registry.bytes[19], 7);
  assert_int_equal(hint.index, 8);
  assert_false(hint.is_bare);
  for (size_t i = 0; i < 6; i++)
    assert_int_equal(ol_hint_read_game(&error, &hint, returned(i)), OL_ERR_ENCODING);
  assert_int_equal(ol_hint_read_game(&error, &hint, ol_slice_of(words, 191)), OL_ERR_ENCODING);
  /* the type, the L2 block, the addresses and the index: each with a byte in front of it */
  static const size_t words_of[][2] = {{0, 27}, {0, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 23}};
  for (size_t i = 0; i < sizeof words_of / sizeof *words_of; i++) {
    uint8_t *byte = &words[words_of[i][0]][words_of[i][1]];
    *byte = 1;
    assert_int_equal(ol_hint_read_game(&error, &hint, returned(6)), OL_ERR_ENCODING);
    *byte = 0;
  }
  memset(words[1], 0, 32);
  assert_int_equal(ol_hint_read_game(&error, &hint, returned(6)), OL_ERR_REMOTE);
}

static void reads_an_output(void **state) {
  (void)state;
  memset(words, 0, sizeof words);
  words[0][31] = 3;
  memset(words[1], 0x66, 32);
  words[3][31] = 8;
  assert_int_equal(ol_hint_read_output(&error, &hint, returned(4)), OL_OK);
  assert_int_equal(hint.index, 3);
  assert_int_equal(hint.claim.l2_block, 8);
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(ol_hint_read_output(&error, &hint, returned(i)), OL_ERR_ENCODING);
  for (size_t i = 0; i < 4; i += 3) {
    words[i][0] = 1;
    assert_int_equal(ol_hint_read_output(&error, &hint, returned(4)), OL_ERR_ENCODING);
    words[i][0] = 0;
  }
  memset(words[1], 0, 32);
  assert_int_equal(ol_hint_read_output(&error, &hint, returned(4)), OL_ERR_REMOTE);
}

static void code_fits_its_room(void **state) {
  (void)state;
  uint8_t code[OL_HINT_CODE];
  const ol_address address = {{0}};
  assert_true(ol_hint_game(code, &address, &address, UINT64_MAX, false) < sizeof code);
  assert_true(ol_hint_game(code, &address, &address, UINT64_MAX, true) < sizeof code);
  assert_true(ol_hint_output(code, &address, UINT64_MAX, true) < sizeof code);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_a_game),
      cmocka_unit_test(reads_an_output),
      cmocka_unit_test(code_fits_its_room),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
