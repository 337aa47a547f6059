/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "unit/provider/session.h"

#include "ledger/asks.h"
#include "rollup/u256.h"

/*
 * Proposals as a governor stores them, right and wrong. The contract of the world is the governor, its token and its
 * timelock; each proposal makes one call, to account 3.
 */

enum { PROPOSALS = 4, DETAILS = 11, TIMELOCK = 13, OPERATIONS = 14 }; /* slots of the governor */

typedef enum fault {
  NONE,
  OTHER_NUMBER,    /* the proposal is stored under another one */
  OTHER_OPERATION, /* the timelock has something else */
  NO_TARGET,       /* the call is to the zero address, which none can be */
  EXECUTED_TWICE,  /* a flag that is neither 0 nor 1 */
  UNEQUAL_LISTS,
  FAULTS
} fault;

static ol_u256 ids[FAULTS];

static ol_u256 placed(const ol_u256 *slot, uint64_t offset) {
  const ol_u256 by = ol_u256_of(offset);
  ol_u256 out;
  (void)ol_u256_add(&out, slot, &by);
  return out;
}

static ol_u256 word_of(const ol_address *address) {
  ol_u256 out = {{0}};
  memcpy(out.bytes + 12, address->bytes, sizeof *address);
  return out;
}

static void put(world_chain *world, const ol_u256 *slot, uint64_t offset, ol_u256 value) {
  const ol_u256 at = placed(slot, offset);
  if (!ol_u256_is_zero(&value)) world_put_slot(&world->storage, &at, &value);
}

static void store(world_chain *world, fault kind) {
  ol_hash description = {{(uint8_t)(kind + 1)}}, id, operation, salt;
  uint8_t memory[4096];
  const ol_call call = {.to = world_address(3)};
  if (ol_proposal_id(&(ol_error){0}, &id, &call, 1, &description, memory, sizeof memory) != OL_OK ||
      ol_proposal_operation(&(ol_error){0}, &operation, &salt, &world->contract, &call, 1, &description,
                            memory, sizeof memory) != OL_OK)
    abort();
  if (kind == OTHER_NUMBER) id.bytes[31] ^= 1;
  if (kind == OTHER_OPERATION) operation.bytes[31] ^= 1;
  memcpy(ids[kind].bytes, id.bytes, sizeof id);
  const ol_u256 core = ol_place_of(PROPOSALS, &ids[kind]), details = ol_place_of(DETAILS, &ids[kind]);
  const ol_u256 targets = ol_elements_of(&details, 0), queued = ol_place_of(OPERATIONS, &ids[kind]);
  ol_u256 head = word_of(&world->contract), word;
  head.bytes[11] = 100; /* when votes begin; */
  head.bytes[5] = 50;   /* for how long */
  if (kind == EXECUTED_TWICE) head.bytes[1] = 2;
  put(world, &core, 0, head);
  for (uint64_t i = 0; i < 3; i++)
    put(world, &details, i, ol_u256_of(kind == UNEQUAL_LISTS && i == 1 ? 2 : 1));
  memcpy(word.bytes, description.bytes, sizeof word);
  put(world, &details, 3, word);
  if (kind != NO_TARGET) put(world, &targets, 0, word_of(&call.to));
  memcpy(word.bytes, operation.bytes, sizeof word);
  if (kind == NONE || kind == OTHER_OPERATION) put(world, &queued, 0, word);
}

static void store_all(world_chain *world) {
  const ol_u256 timelock = ol_u256_of(TIMELOCK);
  put(world, &timelock, 0, word_of(&world->contract));
  for (int i = 0; i < FAULTS; i++) store(world, (fault)i);
}

static const char *params_of(fault kind) {
  static char text[256];
  char id[67], contract[43];
  ol_hex_text(id, ids[kind].bytes, sizeof ids[kind]);
  const size_t zeros = strspn(id + 2, "0");
  ol_hex_text(contract, earth.base.contract.bytes, sizeof earth.base.contract.bytes);
  snprintf(text, sizeof text, "\"0x%s\",null,null,{\"governor\":\"%s\",\"gopen\":\"%s\"}", id + 2 + zeros,
           contract, contract);
  return text;
}

static void a_proposal_does_what_its_number_says(void **state) {
  (void)state;
  start(1, 1);
  const char *response = call("openledger_getProposal", params_of(NONE));
  assert_non_null(strstr(response, "\"calls\":[{\"to\":\"0x"));
  assert_non_null(strstr(response, "\"value\":\"0x0\",\"data\":\"0x\"}]"));
  expect_error("openledger_getProposal", params_of(OTHER_NUMBER), -32002,
               "proposal's calls do not hash to its number");
  expect_error("openledger_getProposal", params_of(OTHER_OPERATION), -32002,
               "proposal's calls do not hash to the timelock's operation");
  expect_error("openledger_getProposal", params_of(NO_TARGET), -32002, "is to the zero address");
}

static void a_proposal_that_cannot_be_is_refused(void **state) {
  (void)state;
  start(1, 1);
  expect_error("openledger_getProposal", params_of(EXECUTED_TWICE), -32002,
               "slot holds what the contract never writes");
  expect_error("openledger_getProposal", params_of(UNEQUAL_LISTS), -32002,
               "proposal's lists are of different lengths");
}

static int make_governor(void **state) {
  world_store = store_all;
  return make_chain(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_proposal_does_what_its_number_says),
      TEST(a_proposal_that_cannot_be_is_refused),
  };
  return cmocka_run_group_tests_name("provider.proposals", tests, make_governor, end_chain);
}
