/* SPDX-License-Identifier: MIT */
#include "ledger/known.h"
#include "unit/bytes.h"

/* A signature is canonical when names and spaces are gone: "approve(address spender,...)" is "approve(address,...)". */
static size_t without_names(char *out, size_t size, const char *signature) {
  size_t len = 0;
  bool in_name = false;
  for (const char *at = signature; *at != '\0'; at++) {
    if (*at == ' ') in_name = true;
    if (*at == ',' || *at == ')' || *at == '(') in_name = false;
    if (in_name) continue;
    assert_true(len < size);
    out[len++] = *at;
  }
  return len;
}

static uint32_t selector_of(const char *signature) {
  char text[512];
  ol_hash hash;
  ol_keccak256(&hash, (const uint8_t *)text, without_names(text, sizeof text, signature));
  return ol_load_be32(hash.bytes);
}

static void selectors_are_those_of_the_signatures(void **state) {
  (void)state;
  size_t count = 0;
  for (const ol_known *one = ol_known_at(0); one != NULL; one = ol_known_at(++count)) {
    if (one->selector != selector_of(one->signature)) print_message("%s\n", one->signature);
    assert_int_equal(one->selector, selector_of(one->signature));
    assert_true(one->kinds != 0 && one->effects < 8);
  }
  assert_int_equal(count, 89);
}

/* In a kind of contract, a selector means one thing. */
static void no_kind_has_a_selector_twice(void **state) {
  (void)state;
  for (size_t i = 0; ol_known_at(i) != NULL; i++) {
    for (size_t k = 0; k < i; k++)
      assert_true(ol_known_at(i)->selector != ol_known_at(k)->selector ||
                  (ol_known_at(i)->kinds & ol_known_at(k)->kinds) == 0);
  }
}

static void a_selector_is_looked_up_in_its_kind(void **state) {
  (void)state;
  assert_string_equal(ol_known_of(OL_KNOWN_GOPEN, 0x095ea7b3)->signature,
                      "approve(address spender,uint256 amount)");
  assert_null(ol_known_of(OL_KNOWN_GOVERNOR, 0x095ea7b3));
  assert_null(ol_known_of(OL_KNOWN_GOPEN, 0x12345678));
  /* execute(uint256) is the governor's; approve(uint256) grants', and another of the bank */
  assert_non_null(ol_known_of(OL_KNOWN_GOVERNOR, 0xfe0d94c1));
  assert_null(ol_known_of(OL_KNOWN_TIMELOCK, 0xfe0d94c1));
  assert_int_equal(ol_known_of(OL_KNOWN_GOPEN, 0xd0e30db0)->effects, OL_KNOWN_PAYS);
  assert_int_equal(ol_known_of(OL_KNOWN_STAKING, 0x6e9c931c)->effects, OL_KNOWN_SPENDS);
  assert_int_equal(ol_known_of(OL_KNOWN_GOPEN, 0x5c19a95c)->effects, OL_KNOWN_ALLOWS);
  assert_int_equal(ol_known_of(OL_KNOWN_GOVERNOR, 0x56781388)->effects, 0);
}

static void kinds_have_names(void **state) {
  (void)state;
  for (int kind = 0; kind < OL_KNOWN_KINDS; kind++)
    assert_true(strlen(ol_known_name((ol_known_kind)kind)) > 3);
  assert_string_equal(ol_known_name(OL_KNOWN_OPEN), "OPEN");
  assert_string_equal(ol_known_name(OL_KNOWN_PASSER), "L2ToL1MessagePasser");
}

/* The published ones (their documentation and source). */
static void published_selectors_are_there(void **state) {
  (void)state;
  static const struct {
    ol_known_kind kind;
    uint32_t selector;
  } published[] = {
      {OL_KNOWN_GOPEN, 0xd0e30db0},     {OL_KNOWN_GOPEN, 0x2e1a7d4d},    {OL_KNOWN_GOPEN, 0x5c19a95c},
      {OL_KNOWN_GOVERNOR, 0x7d5e81e2},  {OL_KNOWN_GOVERNOR, 0x56781388}, {OL_KNOWN_GOVERNOR, 0x8ff262e3},
      {OL_KNOWN_STAKING, 0x6e9c931c},   {OL_KNOWN_STAKING, 0x08c3c4d5},  {OL_KNOWN_STAKING, 0xd2406a4f},
      {OL_KNOWN_STAKING, 0x50027f84},   {OL_KNOWN_STAKING, 0x23095721},  {OL_KNOWN_STAKING, 0x2e17de78},
      {OL_KNOWN_DISPERSAL, 0x12f908ad}, {OL_KNOWN_PASSER, 0xc2b3e5ac},   {OL_KNOWN_PORTAL, 0x149f2f22},
      {OL_KNOWN_PORTAL, 0xe9e05c42},
  };
  for (size_t i = 0; i < sizeof published / sizeof *published; i++)
    assert_non_null(ol_known_of(published[i].kind, published[i].selector));
}

#define NONE "0000000000000000000000000000000000000000"

/* Each is told as what it is, in an order of its own; those that are not named are left out. */
static void tells_the_contracts_of_l2(void **state) {
  (void)state;
  static const struct {
    ol_known_kind kind;
    const char *address, *asset;
  } expected[] = {
      {OL_KNOWN_GOPEN, "0101010101010101010101010101010101010101", NONE},
      {OL_KNOWN_GOVERNOR, "0202020202020202020202020202020202020202", NONE},
      {OL_KNOWN_DATANETS, "0303030303030303030303030303030303030303", NONE},
      {OL_KNOWN_MODELS, "0404040404040404040404040404040404040404", NONE},
      {OL_KNOWN_NODES, "0505050505050505050505050505050505050505", NONE},
      {OL_KNOWN_ATTRIBUTION, "0606060606060606060606060606060606060606", NONE},
      {OL_KNOWN_GRANTS, "0707070707070707070707070707070707070707", NONE},
      {OL_KNOWN_DISPERSAL, "0808080808080808080808080808080808080808", NONE},
      {OL_KNOWN_STAKING, "0909090909090909090909090909090909090909",
       "0101010101010101010101010101010101010101"},
      {OL_KNOWN_STAKING, "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
       "0101010101010101010101010101010101010101"},
  };
  const uint32_t count = sizeof expected / sizeof *expected;
  ol_known_contract contract;
  static ol_rollup rollup;
  rollup = (ol_rollup){.chain_id = 7, .l1_chain_id = 9, .staking_count = 2};
  assert_int_equal(ol_known_contract_at(&contract, &rollup, 0), 0);
  ol_address *const addresses[] = {
      &rollup.gopen,          &rollup.governor,      &rollup.datanet_registry,
      &rollup.model_registry, &rollup.node_registry, &rollup.attribution_registry,
      &rollup.grant_registry, &rollup.sig_dispersal, &rollup.staking[0],
      &rollup.staking[1],
  };
  for (uint32_t i = 0; i < count; i++) memset(addresses[i], (int)i + 1, sizeof *addresses[i]);
  memset(&rollup.optimism_portal, 0x22, sizeof rollup.optimism_portal);
  for (uint32_t i = 0; i < count; i++) {
    assert_int_equal(ol_known_contract_at(&contract, &rollup, i), 1);
    assert_int_equal(contract.kind, expected[i].kind);
    assert_int_equal(contract.chain_id, 7);
    assert_bytes(contract.address.bytes, 20, expected[i].address);
    assert_bytes(contract.asset.bytes, 20, expected[i].asset);
  }
  assert_int_equal(ol_known_contract_at(&contract, &rollup, count), 0);
  memset(&rollup.governor, 0, sizeof rollup.governor);
  memset(&rollup.staking[0], 0, sizeof rollup.staking[0]);
  assert_int_equal(ol_known_contract_at(&contract, &rollup, 1), 1);
  assert_int_equal(contract.kind, OL_KNOWN_DATANETS);
  assert_int_equal(ol_known_contract_at(&contract, &rollup, 7), 1);
  assert_bytes(contract.address.bytes, 20, expected[9].address);
  assert_int_equal(ol_known_contract_at(&contract, &rollup, 8), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(selectors_are_those_of_the_signatures), cmocka_unit_test(no_kind_has_a_selector_twice),
      cmocka_unit_test(a_selector_is_looked_up_in_its_kind),   cmocka_unit_test(kinds_have_names),
      cmocka_unit_test(published_selectors_are_there),         cmocka_unit_test(tells_the_contracts_of_l2),
  };
  return cmocka_run_group_tests_name("ledger.known", tests, NULL, NULL);
}
