/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "unit/bytes.h"

static void names_every_status(void **state) {
  (void)state;
  for (int status = 0; status >= OL_ERR_CRYPTO; status--)
    assert_string_not_equal(ol_status_name((ol_status)status), "unknown");
  assert_string_equal(ol_status_name((ol_status)(OL_ERR_CRYPTO - 1)), "unknown");
  assert_string_equal(ol_status_name((ol_status)1), "unknown");
}

static void writes_the_place_of_an_error(void **state) {
  (void)state;
  ol_error error;
  char line[100];
  assert_int_equal(ol_fail(&error, OL_ERR_PROOF, 17, "reason"), OL_ERR_PROOF);
  assert_int_equal(ol_error_text(&error, line, sizeof line), strlen("byte 17: reason"));
  assert_string_equal(line, "byte 17: reason");
  error.node = 3;
  (void)ol_error_in(&error, OL_ERR_PROOF, "storageProof", 1);
  ol_error_text(&error, line, sizeof line);
  assert_string_equal(line, "storageProof[1] node 3 byte 17: reason");
  (void)ol_error_in(&error, OL_ERR_PROOF, "outer", OL_NOWHERE); /* the innermost name stays */
  assert_string_equal(error.part, "storageProof");
  assert_int_equal(ol_error_within(&error, OL_ERR_PROOF, "updates", 3), OL_ERR_PROOF);
  ol_error_text(&error, line, sizeof line);
  assert_string_equal(line, "updates[3] storageProof[1] byte 17: reason");
  (void)ol_fail(&error, OL_ERR_PROOF, OL_NOWHERE, "reason");
  assert_int_equal(ol_error_within(&error, OL_OK, "outer", 1), OL_OK);
  assert_string_equal(error.part, "");
  (void)ol_error_within(&error, OL_ERR_PROOF, "outer", OL_NOWHERE);
  ol_error_text(&error, line, sizeof line);
  assert_string_equal(line, "outer: reason");
  (void)ol_fail(&error, OL_ERR_QUORUM, OL_NOWHERE, "reason");
  ol_error_text(&error, line, sizeof line);
  assert_string_equal(line, "reason");
  ol_error_clear(&error);
  ol_error_text(&error, line, sizeof line);
  assert_string_equal(line, "ok");
}

static void cuts_a_line_where_its_memory_ends(void **state) {
  (void)state;
  ol_error error;
  char line[8] = "1234567";
  (void)ol_fail(&error, OL_ERR_PROOF, OL_NOWHERE, "a longer reason");
  assert_int_equal(ol_error_text(&error, line, 5), strlen("a longer reason"));
  assert_string_equal(line, "a lo");
  assert_int_equal(line[5], '6');
  assert_int_equal(ol_error_text(&error, line, 0), strlen("a longer reason"));
  assert_string_equal(line, "a lo");
}

static void keeps_large_offsets_apart_from_nowhere(void **state) {
  (void)state;
  ol_error error;
  (void)ol_fail(&error, OL_ERR_LIMIT, (size_t)OL_NOWHERE + 5, "reason");
  assert_int_equal(error.offset, OL_NOWHERE);
}

static void gives_aligned_memory_until_it_is_full(void **state) {
  (void)state;
  _Alignas(16) uint8_t memory[100];
  ol_arena arena = ol_arena_of(memory + 1, 99);
  uint8_t *first = ol_arena_take(&arena, 1), *second = ol_arena_take(&arena, 20);
  assert_int_equal((uintptr_t)first % 16, 0);
  assert_ptr_equal(second, first + 16);
  assert_null(ol_arena_take(&arena, 60)); /* 99 - 15 - 36 = 48 are left */
  assert_null(ol_arena_take(&arena, SIZE_MAX));
  assert_non_null(ol_arena_take(&arena, 36));
  assert_null(ol_arena_take(&arena, 1));
}

static void resizes_the_last_block_in_place(void **state) {
  (void)state;
  _Alignas(16) uint8_t memory[128];
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  uint8_t *first = ol_arena_take(&arena, 16), *second = ol_arena_take(&arena, 16);
  memset(first, 7, 16);
  assert_ptr_equal(ol_arena_resize(&arena, second, 16, 100), second);
  assert_null(ol_arena_resize(&arena, second, 100, 113));
  assert_ptr_equal(ol_arena_resize(&arena, second, 100, 16), second);
  uint8_t *moved = ol_arena_resize(&arena, first, 16, 32);
  assert_ptr_equal(moved, second + 16);
  assert_int_equal(moved[15], 7);
  assert_ptr_equal(ol_arena_resize(&arena, second, 16, 8), second); /* an inner block shrinks where it is */
}

static void wipes_and_compares(void **state) {
  (void)state;
  uint8_t secret[3] = {1, 2, 3};
  assert_true(ol_equal_secret(secret, "\1\2\3", 3));
  assert_false(ol_equal_secret(secret, "\1\2\4", 3));
  assert_false(ol_equal_secret(secret, "\0\2\3", 3));
  ol_wipe(secret, 2);
  assert_memory_equal(secret, "\0\0\3", 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_every_status),
      cmocka_unit_test(writes_the_place_of_an_error),
      cmocka_unit_test(cuts_a_line_where_its_memory_ends),
      cmocka_unit_test(keeps_large_offsets_apart_from_nowhere),
      cmocka_unit_test(gives_aligned_memory_until_it_is_full),
      cmocka_unit_test(resizes_the_last_block_in_place),
      cmocka_unit_test(wipes_and_compares),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
