/* SPDX-License-Identifier: MIT */
#include "consensus/network.h"

#include "base/poison.h"

#define CLOCK_DISPARITY_MS 500u
#define TWO_WEEKS_S (14u * 24 * 60 * 60)

/* clang-format off */
static const ol_beacon_network built_in[] = {
    {.name = "mainnet",
     .genesis_time = 1606824023,
     .genesis_validators_root = {{0x4b, 0x36, 0x3d, 0xb9, 0x4e, 0x28, 0x61, 0x20, 0xd7, 0x6e, 0xb9, 0x05, 0x34, 0x0f, 0xdd, 0x4e,
                                  0x54, 0xbf, 0xe9, 0xf0, 0x6b, 0xf3, 0x3f, 0xf6, 0xcf, 0x5a, 0xd2, 0x7f, 0x51, 0x1b, 0xfe, 0x95}},
     .forks = {{0, {0, 0, 0, 0}}, {74240, {1, 0, 0, 0}}, {144896, {2, 0, 0, 0}}, {194048, {3, 0, 0, 0}}, {269568, {4, 0, 0, 0}},
               {364032, {5, 0, 0, 0}}, {411392, {6, 0, 0, 0}}, {OL_BEACON_NEVER, {7, 0, 0, 0}}}},
    {.name = "sepolia",
     .genesis_time = 1655733600,
     .genesis_validators_root = {{0xd8, 0xea, 0x17, 0x1f, 0x3c, 0x94, 0xae, 0xa2, 0x1e, 0xbc, 0x42, 0xa1, 0xed, 0x61, 0x05, 0x2a,
                                  0xcf, 0x3f, 0x92, 0x09, 0xc0, 0x0e, 0x4e, 0xfb, 0xaa, 0xdd, 0xac, 0x09, 0xed, 0x9b, 0x80, 0x78}},
     .forks = {{0, {0x90, 0, 0, 0x69}}, {50, {0x90, 0, 0, 0x70}}, {100, {0x90, 0, 0, 0x71}}, {56832, {0x90, 0, 0, 0x72}},
               {132608, {0x90, 0, 0, 0x73}}, {222464, {0x90, 0, 0, 0x74}}, {272640, {0x90, 0, 0, 0x75}},
               {353024, {0x90, 0, 0, 0x76}}}},
    {.name = "hoodi",
     .genesis_time = 1742213400,
     .genesis_validators_root = {{0x21, 0x2f, 0x13, 0xfc, 0x4d, 0xf0, 0x78, 0xb6, 0xcb, 0x7d, 0xb2, 0x28, 0xf1, 0xc8, 0x30, 0x75,
                                  0x66, 0xdc, 0xec, 0xf9, 0x00, 0x86, 0x74, 0x01, 0xa9, 0x20, 0x23, 0xd7, 0xba, 0x99, 0xcb, 0x5f}},
     .forks = {{0, {0x10, 0, 0x09, 0x10}}, {0, {0x20, 0, 0x09, 0x10}}, {0, {0x30, 0, 0x09, 0x10}}, {0, {0x40, 0, 0x09, 0x10}},
               {0, {0x50, 0, 0x09, 0x10}}, {2048, {0x60, 0, 0x09, 0x10}}, {50688, {0x70, 0, 0x09, 0x10}},
               {OL_BEACON_NEVER, {0x80, 0, 0x09, 0x10}}}},
};
/* clang-format on */

static void set_preset(ol_beacon_network *network, bool minimal) {
  network->slots_per_epoch = minimal ? 8 : 32;
  network->epochs_per_period = minimal ? 8 : 256;
  network->committee_size = minimal ? 32 : 512;
  network->max_checkpoint_age_s = TWO_WEEKS_S;
}

bool ol_beacon_network_named(ol_beacon_network *out, ol_slice name) {
  for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
    if (name.len != ol_text_len(built_in[i].name) || memcmp(name.data, built_in[i].name, name.len) != 0)
      continue;
    *out = built_in[i];
    set_preset(out, false);
    out->seconds_per_slot = 12;
    return true;
  }
  return false;
}

/* Reads a decimal string or number. */
static ol_status read_number(ol_error *error, uint64_t *out, ol_json value) {
  ol_slice digits;
  if (ol_json_kind_of(value) == OL_JSON_NUMBER) return ol_json_u64(error, out, value);
  OL_TRY(ol_json_string(error, &digits, value));
  *out = 0;
  if (digits.len == 0 || digits.len > 20)
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "not a number of 64 bits");
  for (size_t i = 0; i < digits.len; i++) {
    uint64_t digit = (uint64_t)digits.data[i] - '0';
    if (digit > 9 || *out > (UINT64_MAX - digit) / 10)
      return ol_fail(error, OL_ERR_ENCODING, value.offset, "not a number of 64 bits");
    *out = 10 * *out + digit;
  }
  return OL_OK;
}

static ol_status need_number(ol_error *error, uint64_t *out, ol_json config, const char *name) {
  ol_json value;
  ol_status status = ol_json_need(error, &value, config, name, "is missing in the network's configuration");
  if (status == OL_OK) status = read_number(error, out, value);
  return ol_error_in(error, status, name, OL_NOWHERE);
}

static ol_status need_hex(ol_error *error, uint8_t *out, size_t len, ol_json config, const char *name) {
  ol_json value;
  ol_status status = ol_json_need(error, &value, config, name, "is missing in the network's configuration");
  if (status == OL_OK) status = ol_json_hex_fixed(error, out, len, value);
  return ol_error_in(error, status, name, OL_NOWHERE);
}

static ol_status read_preset(ol_error *error, ol_beacon_network *out, ol_json config) {
  ol_json value;
  ol_slice preset;
  OL_TRY(ol_json_need(error, &value, config, "PRESET_BASE", "is missing in the network's configuration"));
  OL_TRY(ol_json_string(error, &preset, value));
  bool minimal = preset.len == 7 && memcmp(preset.data, "minimal", 7) == 0;
  if (!minimal && (preset.len != 7 || memcmp(preset.data, "mainnet", 7) != 0))
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "is neither \"mainnet\" nor \"minimal\"");
  set_preset(out, minimal);
  return OL_OK;
}

ol_status ol_beacon_network_from_json(ol_error *error, ol_beacon_network *out, ol_json config) {
  static const struct {
    const char *version, *epoch;
  } names[OL_BEACON_FORKS] = {
      {"GENESIS_FORK_VERSION", NULL},
      {"ALTAIR_FORK_VERSION", "ALTAIR_FORK_EPOCH"},
      {"BELLATRIX_FORK_VERSION", "BELLATRIX_FORK_EPOCH"},
      {"CAPELLA_FORK_VERSION", "CAPELLA_FORK_EPOCH"},
      {"DENEB_FORK_VERSION", "DENEB_FORK_EPOCH"},
      {"ELECTRA_FORK_VERSION", "ELECTRA_FORK_EPOCH"},
      {"FULU_FORK_VERSION", "FULU_FORK_EPOCH"},
      {"GLOAS_FORK_VERSION", "GLOAS_FORK_EPOCH"},
  };
  ol_beacon_network network = {.name = "custom"};
  uint64_t number;
  ol_json value;
  OL_TRY(ol_error_in(error, read_preset(error, &network, config), "PRESET_BASE", OL_NOWHERE));
  OL_TRY(need_number(error, &number, config, "SECONDS_PER_SLOT"));
  if (number < 1 || number > 3600)
    return ol_fail(error, OL_ERR_ENCODING, config.offset, "SECONDS_PER_SLOT is not 1 to 3600");
  network.seconds_per_slot = (uint32_t)number;
  OL_TRY(need_number(error, &network.genesis_time, config, "genesis_time"));
  OL_TRY(need_hex(error, network.genesis_validators_root.bytes, sizeof(ol_hash), config,
                  "genesis_validators_root"));
  OL_TRY(need_hex(error, network.forks[0].version, 4, config, names[0].version));
  uint64_t before = 0;
  for (size_t i = 1; i < OL_BEACON_FORKS; i++) {
    network.forks[i].epoch = OL_BEACON_NEVER;
    if (!ol_json_find(&value, config, names[i].epoch)) continue;
    OL_TRY(need_number(error, &network.forks[i].epoch, config, names[i].epoch));
    OL_TRY(need_hex(error, network.forks[i].version, 4, config, names[i].version));
    if (network.forks[i].epoch < before)
      return ol_error_in(error,
                         ol_fail(error, OL_ERR_ENCODING, value.offset, "fork comes before an older one"),
                         names[i].epoch, OL_NOWHERE);
    before = network.forks[i].epoch;
  }
  *out = network;
  return OL_OK;
}

uint64_t ol_beacon_epoch(const ol_beacon_network *network, uint64_t slot) {
  return slot / network->slots_per_epoch;
}

uint64_t ol_beacon_period(const ol_beacon_network *network, uint64_t slot) {
  return ol_beacon_epoch(network, slot) / network->epochs_per_period;
}

ol_beacon_fork ol_beacon_fork_at(const ol_beacon_network *network, uint64_t slot) {
  uint64_t epoch = ol_beacon_epoch(network, slot);
  size_t fork = OL_BEACON_FORKS - 1;
  while (fork > 0 && network->forks[fork].epoch > epoch) fork--;
  return (ol_beacon_fork)fork;
}

uint64_t ol_beacon_slot_at(const ol_beacon_network *network, uint64_t now_ms) {
  uint64_t now = (now_ms + CLOCK_DISPARITY_MS) / 1000;
  return now < network->genesis_time ? 0 : (now - network->genesis_time) / network->seconds_per_slot;
}

uint64_t ol_beacon_slot_time(const ol_beacon_network *network, uint64_t slot) {
  return network->genesis_time + slot * network->seconds_per_slot;
}
