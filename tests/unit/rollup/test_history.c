/* SPDX-License-Identifier: MIT */
#include "rollup/history.h"

#include "rollup/u256.h"
#include "unit/bytes.h"

static uint64_t slot_of(uint64_t number) {
  ol_u256 slot;
  ol_history_slot(&slot, number);
  assert_true(ol_is_zero(ol_slice_of(slot.bytes, 24)));
  return ol_load_be64(slot.bytes + 24);
}

static void finds_the_slot_of_a_block(void **state) {
  (void)state;
  assert_bytes(ol_history_address.bytes, 20, "0000f90827f1c53a10cb7a02335b175320002935");
  assert_int_equal(slot_of(0), 0);
  assert_int_equal(slot_of(8190), 8190);
  assert_int_equal(slot_of(8191), 0);
  assert_int_equal(slot_of(8192), 1);
  assert_int_equal(slot_of(UINT64_MAX), 4095); /* 2^64 is 2^12 modulo 2^13 - 1 */
}

static void knows_which_blocks_a_state_tells(void **state) {
  (void)state;
  assert_false(ol_history_tells(0, 0));
  assert_true(ol_history_tells(1, 0));
  assert_false(ol_history_tells(1, 1)); /* its own hash is not known yet */
  assert_false(ol_history_tells(1, 2));
  assert_true(ol_history_tells(8191, 0));
  assert_false(ol_history_tells(8192, 0)); /* its place is block 8191's */
  assert_true(ol_history_tells(8192, 1));
  assert_true(ol_history_tells(8192, 8191));
  assert_false(ol_history_tells(0, UINT64_MAX));
  assert_true(ol_history_tells(UINT64_MAX, UINT64_MAX - 8191));
  assert_false(ol_history_tells(UINT64_MAX, UINT64_MAX - 8192));
  assert_false(ol_history_tells(UINT64_MAX, UINT64_MAX));
}

/* Each block that a state can tell has a slot of its own. */
static void tells_no_two_blocks_by_one_slot(void **state) {
  (void)state;
  static const uint64_t heads[] = {8191, 8192, 20000, UINT64_MAX};
  for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
    bool seen[OL_HISTORY_WINDOW] = {false};
    for (uint64_t back = 1; ol_history_tells(heads[i], heads[i] - back); back++) {
      uint64_t slot = slot_of(heads[i] - back);
      assert_false(seen[slot]);
      seen[slot] = true;
      if (back == heads[i]) break;
    }
    for (size_t slot = 0; slot < OL_HISTORY_WINDOW; slot++) assert_true(seen[slot]);
  }
}

static void reads_a_hash(void **state) {
  (void)state;
  ol_error error;
  ol_hash hash;
  ol_u256 value;
  count_up(value.bytes, sizeof value, 1);
  assert_int_equal(ol_history_read(&error, &hash, &value), OL_OK);
  assert_memory_equal(hash.bytes, value.bytes, 32);
  value = ol_u256_of(1);
  assert_int_equal(ol_history_read(&error, &hash, &value), OL_OK);
}

static void refuses_a_slot_that_is_empty(void **state) {
  (void)state;
  ol_error error;
  ol_hash hash;
  ol_u256 zero = ol_u256_of(0);
  ol_error_clear(&error);
  assert_int_equal(ol_history_read(&error, &hash, &zero), OL_ERR_PROOF);
  assert_string_equal(error.part, "history");
}

static void hops_back_to_a_block(void **state) {
  (void)state;
  assert_int_equal(ol_history_hop(1, 0), 0);
  assert_int_equal(ol_history_hop(8191, 0), 0);
  assert_int_equal(ol_history_hop(8192, 0), 1);
  assert_int_equal(ol_history_hop(8192, 1), 1);
  assert_int_equal(ol_history_hop(100000, 99999), 99999);
  assert_int_equal(ol_history_hop(100000, 91809), 91809);
  assert_int_equal(ol_history_hop(100000, 91808), 91809);
  assert_int_equal(ol_history_hop(UINT64_MAX, 0), UINT64_MAX - 8191);
  assert_int_equal(ol_history_hop(UINT64_MAX, UINT64_MAX - 8191), UINT64_MAX - 8191);
  uint64_t at = 1000000, hops = 0;
  for (; at != 5; hops++) {
    uint64_t next = ol_history_hop(at, 5);
    assert_true(ol_history_tells(at, next) && next >= 5);
    at = next;
  }
  assert_int_equal(hops, 123); /* 999,995 / 8191, rounded up */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds_the_slot_of_a_block),       cmocka_unit_test(knows_which_blocks_a_state_tells),
      cmocka_unit_test(tells_no_two_blocks_by_one_slot), cmocka_unit_test(reads_a_hash),
      cmocka_unit_test(refuses_a_slot_that_is_empty),    cmocka_unit_test(hops_back_to_a_block),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
