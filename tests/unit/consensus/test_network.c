/* SPDX-License-Identifier: MIT */
#include "consensus/network.h"

#include "unit/bytes.h"

static ol_error error;
static ol_beacon_network network;
static uint8_t memory[1 << 16];

static const char config[] =
    "{\"PRESET_BASE\":\"minimal\",\"SECONDS_PER_SLOT\":\"6\",\"genesis_time\":\"1000\",\"genesis_validators_"
    "root\":"
    "\"0x0101010101010101010101010101010101010101010101010101010101010101\",\"GENESIS_FORK_VERSION\":"
    "\"0x00000001\","
    "\"ALTAIR_FORK_VERSION\":\"0x01000001\",\"ALTAIR_FORK_EPOCH\":\"0\",\"BELLATRIX_FORK_VERSION\":"
    "\"0x02000001\","
    "\"BELLATRIX_FORK_EPOCH\":\"3\",\"CAPELLA_FORK_VERSION\":\"0x03000001\",\"CAPELLA_FORK_EPOCH\":4}";

static ol_status read_config(const char *text) {
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_json json;
  assert_int_equal(ol_json_read(&error, &json, &arena, (const uint8_t *)text, strlen(text)), OL_OK);
  return ol_beacon_network_from_json(&error, &network, json);
}

static void knows_the_public_networks(void **state) {
  (void)state;
  static const struct {
    const char *name;
    uint64_t genesis_time, slot;
    ol_beacon_fork fork;
  } known[] = {{"mainnet", 1606824023, UINT64_C(411392) * 32, OL_BEACON_FULU},
               {"mainnet", 1606824023, UINT64_C(411392) * 32 - 1, OL_BEACON_ELECTRA},
               {"mainnet", 1606824023, 0, OL_BEACON_PHASE0},
               {"sepolia", 1655733600, UINT64_C(353024) * 32, OL_BEACON_GLOAS},
               {"sepolia", 1655733600, UINT64_C(353024) * 32 - 1, OL_BEACON_FULU},
               {"hoodi", 1742213400, UINT64_C(50688) * 32, OL_BEACON_FULU},
               {"hoodi", 1742213400, 0, OL_BEACON_DENEB}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    assert_true(ol_beacon_network_named(&network, text_of(known[i].name)));
    assert_int_equal(network.genesis_time, known[i].genesis_time);
    assert_int_equal(ol_beacon_fork_at(&network, known[i].slot), known[i].fork);
    assert_int_equal(network.committee_size, 512);
  }
  assert_false(ol_beacon_network_named(&network, text_of("mainne")));
  assert_false(ol_beacon_network_named(&network, text_of("mainnet2")));
}

static void counts_slots_epochs_and_periods(void **state) {
  (void)state;
  assert_true(ol_beacon_network_named(&network, text_of("mainnet")));
  uint64_t genesis_ms = network.genesis_time * 1000;
  assert_int_equal(ol_beacon_slot_at(&network, 0), 0);
  assert_int_equal(ol_beacon_slot_at(&network, genesis_ms - 1000), 0);
  assert_int_equal(ol_beacon_slot_at(&network, genesis_ms + 12000 * 5), 5);
  assert_int_equal(ol_beacon_slot_at(&network, genesis_ms + 12000 * 5 - 500), 5); /* clocks differ */
  assert_int_equal(ol_beacon_slot_at(&network, genesis_ms + 12000 * 5 - 501), 4);
  assert_int_equal(ol_beacon_epoch(&network, 63), 1);
  assert_int_equal(ol_beacon_period(&network, 8191), 0);
  assert_int_equal(ol_beacon_period(&network, 8192), 1);
}

static void reads_a_network_of_ones_own(void **state) {
  (void)state;
  assert_int_equal(read_config(config), OL_OK);
  assert_int_equal(network.committee_size, 32);
  assert_int_equal(network.seconds_per_slot, 6);
  assert_int_equal(network.genesis_time, 1000);
  assert_int_equal(ol_beacon_fork_at(&network, 0), OL_BEACON_ALTAIR);
  assert_int_equal(ol_beacon_fork_at(&network, 8 * 3), OL_BEACON_BELLATRIX);
  assert_int_equal(ol_beacon_fork_at(&network, UINT32_MAX),
                   OL_BEACON_CAPELLA); /* later ones are not scheduled */
  assert_int_equal(network.forks[OL_BEACON_GLOAS].epoch, OL_BEACON_NEVER);
}

static void refuses_configurations_with_faults(void **state) {
  (void)state;
  static const struct {
    const char *from, *to, *part, *reason;
  } faults[] = {{"minimal", "minimax", "PRESET_BASE", NULL},
                {"\"minimal\"", "[1234567]", "PRESET_BASE", "JSON value is not a string"},
                {"PRESET_BASE", "PRESET_BASS", "PRESET_BASE", "is missing in the network's configuration"},
                {"SECONDS_PER_SLOT\":\"6\"", "SECONDS_PER_SLOT\":\"0\"", "", NULL},
                {"SECONDS_PER_SLOT\":\"6\"", "SECONDS_PER_SLOT\":\"x\"", "SECONDS_PER_SLOT", NULL},
                {"SECONDS_PER_SLOT\":\"6\"", "SECONDS_PER_SLOT\":[6]", "SECONDS_PER_SLOT",
                 "JSON value is not a string"},
                {"SECONDS_PER_SLOT", "SECONDS_PER_SLOW", "SECONDS_PER_SLOT", NULL},
                {"genesis_time\":\"1000", "genesis_time\":\"-100", "genesis_time", NULL},
                {"\"genesis_validators_root\":\"0x", "\"genesis_validators_root\":\"0y",
                 "genesis_validators_root", NULL},
                {"GENESIS_FORK_VERSION\":\"0x", "GENESIS_FORK_VERSION\":\"0y", "GENESIS_FORK_VERSION", NULL},
                {"ALTAIR_FORK_VERSION\":\"0x", "ALTAIR_FORK_VERSION\":\"0y", "ALTAIR_FORK_VERSION", NULL},
                {"ALTAIR_FORK_EPOCH\":\"0\"", "ALTAIR_FORK_EPOCH\":\"\"", "ALTAIR_FORK_EPOCH", NULL},
                {"BELLATRIX_FORK_EPOCH\":\"3\"", "BELLATRIX_FORK_EPOCH\":\"5\"", "CAPELLA_FORK_EPOCH", NULL}};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    char text[sizeof config + 16];
    const char *place = strstr(config, faults[i].from);
    assert_non_null(place);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(place - config), config, faults[i].to,
             place + strlen(faults[i].from));
    assert_int_equal(read_config(text), OL_ERR_ENCODING);
    assert_string_equal(error.part, faults[i].part);
    if (faults[i].reason != NULL) assert_string_equal(error.reason, faults[i].reason);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(knows_the_public_networks),
      cmocka_unit_test(counts_slots_epochs_and_periods),
      cmocka_unit_test(reads_a_network_of_ones_own),
      cmocka_unit_test(refuses_configurations_with_faults),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
