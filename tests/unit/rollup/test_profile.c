/* SPDX-License-Identifier: MIT */
#include "openledger/rollup.h"

#include "rollup/release.h"
#include "unit/bytes.h"

static ol_error error;
static ol_rollup rollup;
static uint8_t memory[64 << 10];

static ol_status read_text(const char *text) {
  memset(&rollup, 0xee, sizeof rollup);
  return ol_rollup_read(&error, &rollup, text_of(text), memory, sizeof memory);
}

static void knows_rollups_by_name(void **state) {
  (void)state;
  assert_int_equal(read_text("openledger"), OL_OK);
  assert_int_equal(rollup.chain_id, 1612);
  assert_int_equal(rollup.l1_chain_id, 1);
  assert_true(
      ol_is_zero(ol_slice_of(rollup.optimism_portal.bytes, 20))); /* its contracts are not published */
  assert_int_equal(read_text("openledger-testnet"), OL_OK);
  assert_int_equal(rollup.chain_id, 161201);
  assert_bytes(rollup.optimism_portal.bytes, 20, "2241bde3a85be011bc4685d54cfe9829b5d66a5e");
  assert_int_equal(read_text("op-mainnet"), OL_OK);
  assert_bytes(rollup.dispute_game_factory.bytes, 20, "e5965ab5962edc7477c8520243a95517cd252fa9");
  assert_int_equal(read_text("base"), OL_OK);
  assert_int_equal(rollup.chain_id, 8453);
}

#define ADDRESS "\"0x2222222222222222222222222222222222222222\""
#define HASH "\"0x3333333333333333333333333333333333333333333333333333333333333333\""
#define HEAD "{\"name\":\"x\",\"l2\":{\"chainId\":7},\"l1\":{\"chainId\":9}"

static void reads_a_profile(void **state) {
  (void)state;
  assert_int_equal(
      read_text(HEAD ",\"contracts\":{\"systemConfig\":" ADDRESS ",\"optimismPortal\":" ADDRESS
                     ",\"disputeGameFactory\":" ADDRESS ",\"anchorStateRegistry\":" ADDRESS
                     ",\"l2OutputOracle\":" ADDRESS "},\"implementations\":[{\"codeHash\":" HASH
                     ",\"as\":\"contracts-bedrock 0.17.3 OptimismPortal2\",\"finalityDelaySeconds\":302400,"
                     "\"maturityDelaySeconds\":604800},"
                     "{\"codeHash\":" HASH ",\"as\":\"contracts-bedrock 0.17.3 FaultDisputeGame\"},"
                     "{\"codeHash\":" HASH ",\"as\":\"supersim 0.1.0-alpha.58 OptimismPortal2\","
                     "\"maturityDelaySeconds\":7},"
                     "{\"codeHash\":" HASH ",\"as\":\"supersim 0.1.0-alpha.58 AnchorStateRegistry\","
                     "\"finalityDelaySeconds\":8,\"maturityDelaySeconds\":9}]}"),
      OL_OK);
  assert_string_equal((const char *)rollup.name, "x");
  assert_int_equal(rollup.chain_id, 7);
  assert_int_equal(rollup.l1_chain_id, 9);
  const ol_address *addresses[] = {&rollup.system_config, &rollup.optimism_portal,
                                   &rollup.dispute_game_factory, &rollup.anchor_state_registry,
                                   &rollup.l2_output_oracle};
  for (size_t i = 0; i < 5; i++)
    assert_bytes(addresses[i]->bytes, 20, "2222222222222222222222222222222222222222");
  assert_int_equal(rollup.pin_count, 4);
  assert_int_equal(rollup.pins[0].finality_delay_s, 302400);
  assert_int_equal(rollup.pins[0].maturity_delay_s, 604800);
  assert_int_equal(rollup.pins[1].finality_delay_s, 0);
  assert_int_equal(rollup.pins[2].finality_delay_s, 0);
  assert_int_equal(rollup.pins[2].maturity_delay_s, 7);
  assert_int_equal(rollup.pins[3].finality_delay_s, 8);
  assert_int_equal(rollup.pins[3].maturity_delay_s, 0); /* it has none */
  assert_int_equal(ol_release_at(rollup.pins[0].release)->contract, OL_CONTRACT_PORTAL2);
  assert_int_equal(ol_release_at(rollup.pins[1].release)->contract, OL_CONTRACT_FAULT_GAME);
  assert_int_equal(read_text(HEAD "}"), OL_OK);
  assert_int_equal(rollup.pin_count, 0);
  assert_true(ol_address_is_zero(&rollup.l2_output_oracle));
}

static void refuses_what_is_no_profile(void **state) {
  (void)state;
  static const struct {
    const char *text;
    ol_status status;
    const char *line;
  } cases[] = {
      {"", OL_ERR_ARGUMENT, "is not openledger, openledger-testnet, op-mainnet, base or JSON"},
      {"optimism", OL_ERR_ARGUMENT, "is not openledger, openledger-testnet, op-mainnet, base or JSON"},
      {"{", OL_ERR_ENCODING, "byte 1: text is not JSON"},
      {"{}", OL_ERR_ENCODING, "byte 0: profile has no name"},
      {"{\"name\":7}", OL_ERR_ENCODING, "name byte 8: JSON value is not a string"},
      {"{\"name\":\"01234567890123456789012345678901\"}", OL_ERR_LIMIT,
       "name byte 9: is longer than 31 bytes"},
      {"{\"name\":\"x\"}", OL_ERR_ENCODING, "l2 byte 0: is missing in the profile"},
      {"{\"name\":\"x\",\"l2\":{}}", OL_ERR_ENCODING, "l2 byte 13: has no chainId"},
      {"{\"name\":\"x\",\"l2\":{\"chainId\":\"7\"}}", OL_ERR_ENCODING,
       "l2 byte 29: JSON value is not a number"},
      {"{\"name\":\"x\",\"l2\":{\"chainId\":7}}", OL_ERR_ENCODING, "l1 byte 0: is missing in the profile"},
      {HEAD ",\"contracts\":{\"systemConfig\":\"0x12\"}}", OL_ERR_ENCODING,
       "systemConfig byte 79: hex has the wrong length"},
      {HEAD ",\"contracts\":{\"staking\":" ADDRESS "}}", OL_ERR_ENCODING,
       "staking byte 74: JSON value is not an array"},
      {HEAD ",\"contracts\":{\"staking\":[\"0x12\"]}}", OL_ERR_ENCODING,
       "staking byte 75: hex has the wrong length"},
      {HEAD ",\"contracts\":{\"staking\":[" ADDRESS "," ADDRESS "," ADDRESS "," ADDRESS "," ADDRESS "]}}",
       OL_ERR_LIMIT, "staking byte 64: has more than 4 staking contracts"},
      {HEAD ",\"implementations\":{}}", OL_ERR_ENCODING,
       "implementations byte 51: JSON value is not an array"},
      {HEAD ",\"implementations\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}", OL_ERR_LIMIT,
       "implementations byte 51: has more than 16 implementations"},
      {HEAD ",\"implementations\":[{\"as\":\"contracts-bedrock 0.17.3 FaultDisputeGame\"}]}", OL_ERR_ENCODING,
       "implementations[0]: implementation has no codeHash"},
      {HEAD
       ",\"implementations\":[{\"codeHash\":\"0x\",\"as\":\"contracts-bedrock 0.17.3 FaultDisputeGame\"}]}",
       OL_ERR_ENCODING, "implementations[0] byte 82: hex has the wrong length"},
      {HEAD ",\"implementations\":[{\"codeHash\":" HASH "}]}", OL_ERR_ENCODING,
       "implementations[0]: implementation says not which release it is as"},
      {HEAD ",\"implementations\":[{\"codeHash\":" HASH ",\"as\":1}]}", OL_ERR_ENCODING,
       "implementations[0] byte 155: JSON value is not a string"},
      {HEAD ",\"implementations\":[{\"codeHash\":" HASH ",\"as\":\"v2\"}]}", OL_ERR_ENCODING,
       "implementations[0] byte 156: is not the name of a known release"},
      {HEAD ",\"implementations\":[{\"codeHash\":" HASH
            ",\"as\":\"contracts-bedrock 0.17.3 OptimismPortal2\"}]}",
       OL_ERR_ENCODING, "implementations[0]: portal has no finalityDelaySeconds"},
      {HEAD ",\"implementations\":[{\"codeHash\":" HASH
            ",\"as\":\"contracts-bedrock 0.17.3 OptimismPortal2\",\"finalityDelaySeconds\":\"1\"}]}",
       OL_ERR_ENCODING, "implementations[0] byte 222: JSON value is not a number"},
      {HEAD ",\"implementations\":[{\"codeHash\":" HASH
            ",\"as\":\"supersim 0.1.0-alpha.58 AnchorStateRegistry\"}]}",
       OL_ERR_ENCODING, "implementations[0]: registry has no finalityDelaySeconds"},
      {HEAD ",\"implementations\":[{\"codeHash\":" HASH
            ",\"as\":\"supersim 0.1.0-alpha.58 OptimismPortal2\",\"maturityDelaySeconds\":\"1\"}]}",
       OL_ERR_ENCODING, "implementations[0] byte 221: JSON value is not a number"},
      {HEAD ",\"forks\":{\"canyon\":\"1\"}}", OL_ERR_ENCODING, "canyon byte 69: JSON value is not a number"},
      {HEAD ",\"forks\":{\"ecotone\":8,\"fjord\":7}}", OL_ERR_ENCODING,
       "forks byte 79: fork is before one that it follows"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char line[256];
    uint8_t untouched[sizeof rollup];
    memset(untouched, 0xee, sizeof untouched);
    assert_int_equal(read_text(cases[i].text), cases[i].status);
    assert_memory_equal(&rollup, untouched, sizeof rollup);
    ol_error_text(&error, line, sizeof line);
    assert_string_equal(line, cases[i].line);
  }
}

static void knows_which_forks_are_active(void **state) {
  (void)state;
  assert_int_equal(
      read_text(HEAD ",\"forks\":{\"canyon\":0,\"ecotone\":100,\"granite\":200,\"jovian\":300}}"), OL_OK);
  static const struct {
    uint64_t time;
    int active[OL_ROLLUP_FORKS];
  } cases[] = {
      {0, {1, 1, -1, 0, 0, 0, 0, 0, 0}},   {99, {1, 1, -1, 0, 0, 0, 0, 0, 0}},
      {100, {1, 1, 1, 1, -1, 0, 0, 0, 0}}, {200, {1, 1, 1, 1, 1, 1, -1, -1, 0}},
      {300, {1, 1, 1, 1, 1, 1, 1, 1, 1}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (uint32_t fork = 0; fork < OL_ROLLUP_FORKS; fork++)
      assert_int_equal(ol_rollup_fork_active(&rollup, (ol_rollup_fork)fork, cases[i].time),
                       cases[i].active[fork]);
  }
  assert_int_equal(read_text(HEAD "}"), OL_OK);
  assert_int_equal(ol_rollup_fork_active(&rollup, OL_ROLLUP_REGOLITH, UINT64_MAX), -1);
  assert_int_equal(read_text("base"), OL_OK);
  assert_int_equal(ol_rollup_fork_active(&rollup, OL_ROLLUP_FJORD, 1720627200), 0);
  assert_int_equal(ol_rollup_fork_active(&rollup, OL_ROLLUP_FJORD, 1720627201), 1);
}

#define URLS HEAD ",\"endpoints\":{\"l2\":[\"https://a/\",\"http://b\"],\"beacon\":[]}}"

static void reads_endpoints(void **state) {
  (void)state;
  ol_slice urls[2];
  uint32_t count = 7;
  assert_int_equal(ol_rollup_endpoints(&error, urls, &count, 2, text_of(URLS), "l2", memory, sizeof memory),
                   OL_OK);
  assert_int_equal(count, 2);
  assert_string_equal((const char *)urls[0].data, "https://a/");
  assert_string_equal((const char *)urls[1].data, "http://b");
  assert_int_equal(urls[1].len, 8);
  static const struct {
    const char *profile, *kind;
  } none[] = {{URLS, "beacon"}, {URLS, "l1"}, {HEAD "}", "l2"}, {"base", "l2"}, {"", "l2"}};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    count = 7;
    assert_int_equal(ol_rollup_endpoints(&error, urls, &count, 2, text_of(none[i].profile), none[i].kind,
                                         memory, sizeof memory),
                     OL_OK);
    assert_int_equal(count, 0);
  }
  static const struct {
    const char *profile;
    ol_status status;
    const char *line;
  } wrong[] = {
      {"{", OL_ERR_ENCODING, "byte 1: text is not JSON"},
      {"{\"endpoints\":{\"l2\":{}}}", OL_ERR_ENCODING, "l2 byte 15: JSON value is not an array"},
      {"{\"endpoints\":{\"l2\":[\"a\",\"b\",\"c\"]}}", OL_ERR_LIMIT,
       "l2 byte 15: more endpoints than accepted"},
      {"{\"endpoints\":{\"l2\":[\"a\",7]}}", OL_ERR_ENCODING, "l2[1] byte 24: JSON value is not a string"},
      {"{\"endpoints\":{\"l2\":[\"\"]}}", OL_ERR_ENCODING, "l2[0] byte 21: URL is empty"},
      {"{\"endpoints\":{\"l2\":[\"a b\"]}}", OL_ERR_ENCODING,
       "l2[0] byte 21: URL has other than printable ASCII"},
      {"{\"endpoints\":{\"l2\":[\"a\\u0000\"]}}", OL_ERR_ENCODING,
       "l2[0] byte 21: URL has other than printable ASCII"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char line[256];
    assert_int_equal(
        ol_rollup_endpoints(&error, urls, &count, 2, text_of(wrong[i].profile), "l2", memory, sizeof memory),
        wrong[i].status);
    ol_error_text(&error, line, sizeof line);
    assert_string_equal(line, wrong[i].line);
  }
  size_t len = 0;
  while (ol_rollup_endpoints(&error, urls, &count, 2, text_of(URLS), "l2", memory, len) == OL_ERR_MEMORY)
    len += 16;
  assert_string_equal((const char *)urls[1].data, "http://b");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(knows_rollups_by_name),
      cmocka_unit_test(reads_a_profile),
      cmocka_unit_test(refuses_what_is_no_profile),
      cmocka_unit_test(knows_which_forks_are_active),
      cmocka_unit_test(reads_endpoints),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
