/* SPDX-License-Identifier: MIT */
#include "ledger/growth.h"
#include "ledger/stakes.h"
#include "unit/ledger/storage.h"

#define WAD 1000000000000000000u
#define YEAR 31536000u
#define NOW 2000000000u

static ol_address staking, alice, bob;
static ol_stakes stakes;

static int make(void **state) {
  const ol_u256 zero = number(0), config = ol_place_of(4, &zero);
  empty_storage(state);
  staking = address_of(0x57);
  alice = address_of(0xa1);
  bob = address_of(0xb2);
  put(&staking, 2, number(3)); /* numbers given out */
  for (uint64_t i = 0; i < 3; i++) put_at(&staking, &config, i, word_of(&bob));
  put_at(&staking, &config, 3, number(WAD)); /* 100 percent a year */
  put_at(&staking, &config, 5, number(600));
  put_at(&staking, &config, 6, number(1000));
  put_at(&staking, &config, 7, number(10));
  put_at(&staking, &config, 8, part(number(1), 2, 1, 1));
  return 0;
}

/* Puts the fields of a stake, or of one in a request behind its time. */
static void put_stake(const ol_u256 *place, uint64_t offset, const ol_address *of, uint64_t updated_at,
                      uint64_t amount) {
  put_at(&staking, place, offset, word_of(of));
  put_at(&staking, place, offset + 2, number(updated_at));
  put_at(&staking, place, offset + 3, number(amount));
  put_at(&staking, place, offset + 4, number(updated_at));
  put_at(&staking, place, offset + 5, number(amount));
}

static ol_status visit(ol_error *out, void *reader, ol_asks *asks) {
  return ol_stakes_visit(out, reader, asks);
}

static ol_status search(const ol_address *account, uint64_t below) {
  ol_stakes_search(&stakes, &staking, NOW, account, below);
  return read_all(visit, &stakes);
}

static ol_status read_one(uint64_t stake) {
  const ol_u256 id = number(stake);
  ol_stakes_init(&stakes, &staking, NOW, &id, 1);
  return read_all(visit, &stakes);
}

static void reads_stakes_in_all_their_stages(void **state) {
  (void)state;
  const ol_u256 zero = number(0), one = number(1), two = number(2);
  const ol_u256 growing = ol_place_of(0, &zero), request = ol_place_of(3, &one),
                commitment = ol_place_of(1, &two);
  put_stake(&growing, 0, &alice, NOW - YEAR, WAD);
  put_at(&staking, &request, 0, number(NOW - 5));
  put_stake(&request, 1, &alice, NOW - 5, 77);
  put_at(&staking, &commitment, 0, number(131));
  assert_int_equal(search(&alice, UINT64_MAX), OL_OK);
  assert_int_equal(stakes.total, 3);
  assert_int_equal(stakes.count, 2);
  assert_int_equal(stakes.below, 0);
  const ol_stake_position *requested = &stakes.list[0], *grown = &stakes.list[1];
  assert_int_equal(requested->stage, OL_STAKE_REQUESTED);
  assert_int_equal(requested->worth.bytes[31], 77); /* it grows no more */
  assert_int_equal(ol_load_be64(requested->requested_at.bytes + 24), NOW - 5);
  assert_int_equal(grown->stage, OL_STAKE_GROWING);
  assert_int_equal(ol_load_be64(grown->worth.bytes + 24), 2718281828459045235u); /* e, as solady has it */
  assert_true(grown->config.is_active && grown->config.is_public && !grown->config.has_topups);
  assert_memory_equal(&grown->config.token, &bob, sizeof bob);
  assert_int_equal(read_one(2), OL_OK);
  assert_int_equal(stakes.list[0].stage, OL_STAKE_COMMITTED);
  assert_int_equal(read_one(9), OL_OK);
  assert_int_equal(stakes.list[0].stage, OL_STAKE_NONE);
}

static void a_search_goes_on_where_it_ended(void **state) {
  (void)state;
  put(&staking, 2, number(700));
  for (uint64_t i = 0; i < 10; i++) {
    const ol_u256 id = number(10 * i), place = ol_place_of(0, &id);
    put_stake(&place, 0, &alice, NOW, 1 + i);
  }
  assert_int_equal(search(&bob, UINT64_MAX), OL_OK);
  assert_int_equal(stakes.count, 0);
  assert_int_equal(stakes.below, 700 - OL_STAKES_LOOKED_AT);
  assert_int_equal(search(&alice, stakes.below), OL_OK);
  assert_int_equal(stakes.count, OL_STAKES);
  assert_int_equal(stakes.below, 20);
  assert_int_equal(search(&alice, 20), OL_OK);
  assert_int_equal(stakes.count, 2);
  assert_int_equal(stakes.below, 0);
}

static void worth_that_the_contract_cannot_tell_is_none(void **state) {
  (void)state;
  const ol_u256 zero = number(0), place = ol_place_of(0, &zero), config = ol_place_of(4, &zero);
  put_stake(&place, 0, &alice, NOW + 1, WAD); /* a private stake that starts later */
  assert_int_equal(read_one(0), OL_OK);
  assert_false(stakes.list[0].has_worth);
  put_stake(&place, 0, &alice, NOW - YEAR, WAD);
  put_at(&staking, &config, 3, part(number(0), 8, 8, 8)); /* exp(147) is too much */
  assert_int_equal(read_one(0), OL_OK);
  assert_false(stakes.list[0].has_worth);
}

static void refuses_what_staking_never_writes(void **state) {
  (void)state;
  const ol_u256 zero = number(0), place = ol_place_of(0, &zero), config = ol_place_of(4, &zero);
  const ol_u256 request = ol_place_of(3, &zero);
  put_stake(&place, 0, &alice, NOW, WAD);
  put_at(&staking, &config, 8, number(2));
  assert_int_equal(read_one(0), OL_ERR_PROOF);
  put_at(&staking, &config, 8, part(number(0), 3, 1, 1));
  assert_int_equal(read_one(0), OL_ERR_PROOF);
  assert_string_equal(error.part, "stake");
  put_at(&staking, &config, 8, number(0));
  for (uint64_t i = 0; i < 3; i++) {
    put_at(&staking, &config, i, part(word_of(&bob), 20, 1, 1));
    assert_int_equal(read_one(0), OL_ERR_PROOF);
    put_at(&staking, &config, i, word_of(&bob));
  }
  assert_int_equal(read_one(0), OL_OK);
  put_at(&staking, &place, 0, part(word_of(&alice), 20, 1, 1));
  assert_int_equal(read_one(0), OL_ERR_PROOF);
  assert_int_equal(search(&alice, UINT64_MAX), OL_ERR_PROOF);
  put_at(&staking, &place, 0, word_of(&alice));
  assert_int_equal(search(&alice, UINT64_MAX), OL_OK);
  put_at(&staking, &request, 1, part(word_of(&alice), 20, 1, 1)); /* whose request it is */
  assert_int_equal(search(&alice, UINT64_MAX), OL_ERR_PROOF);
  put(&staking, 2, part(number(0), 8, 1, 1));
  assert_int_equal(search(&alice, UINT64_MAX), OL_ERR_PROOF);
}

/* Values that solady's FixedPointMathLib gives; growth.test.mjs compares many more. */
static void exp_is_that_of_solady(void **state) {
  (void)state;
  const ol_u256 most = part(number(6178790852926370276u), 8, 8, 7);
  ol_u256 x = number(0), out;
  assert_true(ol_exp_wad(&out, &x));
  assert_int_equal(ol_load_be64(out.bytes + 24), WAD);
  x = number(WAD);
  assert_true(ol_exp_wad(&out, &x));
  assert_int_equal(ol_load_be64(out.bytes + 24), 2718281828459045235u);
  assert_true(ol_exp_wad(&out, &most));
  x = part(number(6178790852926370277u), 8, 8, 7);
  assert_false(ol_exp_wad(&out, &x));
  memset(&x, 0xff, sizeof x); /* -1e-18 */
  assert_true(ol_exp_wad(&out, &x));
  assert_int_equal(ol_load_be64(out.bytes + 24), WAD - 1);
  x = number(0);
  x.bytes[0] = 0x80;
  assert_true(ol_exp_wad(&out, &x));
  assert_true(ol_u256_is_zero(&out));
}

static void growth_ends_with_its_duration(void **state) {
  (void)state;
  const ol_u256 amount = number(WAD), rate = number(WAD), year = number(YEAR), more = number(2 * YEAR);
  const ol_u256 never = number(0);
  ol_u256 out, huge;
  memset(&huge, 0xff, sizeof huge);
  assert_true(ol_growth(&out, &amount, &rate, &more, &year));
  assert_int_equal(ol_load_be64(out.bytes + 24), 2718281828459045235u);
  assert_true(ol_growth(&out, &amount, &rate, &more, &never));
  assert_int_equal(ol_load_be64(out.bytes + 24), 7389056098930650227u);
  assert_false(ol_growth(&out, &huge, &rate, &year, &never));
  assert_false(ol_growth(&out, &amount, &huge, &year, &never));
  assert_false(ol_growth(&out, &amount, &rate, &huge, &never));
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup(name, make)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(reads_stakes_in_all_their_stages),
      TEST(a_search_goes_on_where_it_ended),
      TEST(worth_that_the_contract_cannot_tell_is_none),
      TEST(refuses_what_staking_never_writes),
      TEST(exp_is_that_of_solady),
      TEST(growth_ends_with_its_duration),
  };
  return cmocka_run_group_tests_name("ledger.stakes", tests, NULL, NULL);
}
