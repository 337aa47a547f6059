/* SPDX-License-Identifier: MIT */
#include "rollup/hint.h"

#include "unit/bytes.h"

/* What contracts return to the hints' code; that the code asks them right is shown on a chain (tests/devnet). */

static ol_error error;
static ol_hint hint;
static uint8_t words[10][32];

static int games(void **state) {
  (void)state;
  memset(words, 0, sizeof words);
  words[0][31] = words[2][31] = words[8][31] = 0x20;
  words[1][31] = 1;
  words[4][3] = 1;
  memset(words[4] + 12, 0x44, 20);
  memset(words[6], 0x66, 32);
  words[7][31] = 0xa0;
  words[9][30] = 1;
  return 0;
}

static ol_slice returned(size_t count) {
  return ol_slice_of(words, 32 * count);
}

static void assert_no_game(ol_status status, size_t count) {
  const ol_hint nothing = {.index = 0};
  memset(&hint, 0, sizeof hint);
  assert_int_equal(ol_hint_read_newest_game(&error, &hint, returned(count)), status);
  assert_memory_equal(&hint, &nothing, sizeof hint);
}

static void reads_the_newest_game(void **state) {
  (void)state;
  assert_int_equal(ol_hint_read_newest_game(&error, &hint, returned(10)), OL_OK);
  assert_int_equal(hint.claim.game_type, 1);
  assert_int_equal(hint.claim.l2_block, 256);
  assert_int_equal(hint.claim.root.bytes[7], 0x66);
  assert_int_equal(hint.game.bytes[0], 0x44);
}

static void refuses_lists_of_another_form(void **state) {
  (void)state;
  assert_no_game(OL_ERR_REMOTE, 0);
  for (size_t i = 1; i < 10; i++) assert_no_game(OL_ERR_ENCODING, i);
  words[1][31] = 0;
  assert_no_game(OL_ERR_REMOTE, 2);
  const size_t checked[] = {0, 2, 7, 8};
  for (size_t i = 0; i < 4; i++) {
    games(NULL);
    words[checked[i]][31] ^= 1;
    assert_no_game(OL_ERR_ENCODING, 10);
  }
  games(NULL);
  words[9][0] = 1;
  assert_no_game(OL_ERR_ENCODING, 10);
  games(NULL);
  memset(words[6], 0, 32);
  assert_no_game(OL_ERR_REMOTE, 10);
}

static void reads_the_anchor(void **state) {
  (void)state;
  memset(words, 0, sizeof words);
  words[0][31] = 1;
  memset(words[1], 0x66, 32);
  words[2][31] = 9;
  memset(words[3] + 12, 0x44, 20);
  assert_int_equal(ol_hint_read_anchor_game(&error, &hint, returned(4)), OL_OK);
  assert_int_equal(hint.claim.game_type, 1);
  assert_int_equal(hint.claim.l2_block, 9);
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(ol_hint_read_anchor_game(&error, &hint, returned(i)), OL_ERR_ENCODING);
  words[0][27] = 1;
  assert_int_equal(ol_hint_read_anchor_game(&error, &hint, returned(4)), OL_ERR_ENCODING);
  words[0][27] = 0;
  memset(words[3], 0, 32);
  assert_int_equal(ol_hint_read_anchor_game(&error, &hint, returned(4)), OL_ERR_REMOTE);
  words[3][0] = 1;
  assert_int_equal(ol_hint_read_anchor_game(&error, &hint, returned(4)), OL_ERR_ENCODING);
  memset(words[1], 0, 32);
  assert_int_equal(ol_hint_read_anchor_game(&error, &hint, returned(4)), OL_ERR_REMOTE);
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
  words[0][0] = 1;
  assert_int_equal(ol_hint_read_output(&error, &hint, returned(4)), OL_ERR_ENCODING);
  words[0][0] = 0;
  memset(words[1], 0, 32);
  assert_int_equal(ol_hint_read_output(&error, &hint, returned(4)), OL_ERR_REMOTE);
}

static void code_fits_its_room(void **state) {
  (void)state;
  uint8_t code[OL_HINT_CODE];
  const ol_address address = {{0}};
  assert_true(ol_hint_newest_game(code, &address, &address) < sizeof code);
  assert_true(ol_hint_anchor_game(code, &address, &address, &address) < sizeof code);
  assert_true(ol_hint_output(code, &address, UINT64_MAX, true) < sizeof code);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(reads_the_newest_game, games),
      cmocka_unit_test_setup(refuses_lists_of_another_form, games),
      cmocka_unit_test(reads_the_anchor),
      cmocka_unit_test(reads_an_output),
      cmocka_unit_test(code_fits_its_room),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
