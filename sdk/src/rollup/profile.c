/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "encoding/json.h"
#include "openledger/rollup.h"
#include "rollup/release.h"

#include "base/poison.h"

/* Of OP Mainnet and Base (superchain-registry): Regolith to Jovian. */
#define SUPERCHAIN_FORKS                                                                                     \
  .known_forks = (1u << OL_ROLLUP_FORKS) - 1,                                                                \
  .fork_times = {0,          1704992401, 1708560000, 1710374401, 1720627201,                                 \
                 1726070401, 1736445601, 1746806401, 1764691201}

/* clang-format off */
static const ol_rollup built_in[] = {
    {.name = "openledger", .chain_id = 1612, .l1_chain_id = 1},
    {.name = "openledger-testnet", .chain_id = 161201, .l1_chain_id = 11155111,
     .optimism_portal = {{0x22, 0x41, 0xbd, 0xe3, 0xa8, 0x5b, 0xe0, 0x11, 0xbc, 0x46, 0x85, 0xd5, 0x4c, 0xfe, 0x98, 0x29, 0xb5, 0xd6, 0x6a, 0x5e}}},
    {.name = "op-mainnet", .chain_id = 10, .l1_chain_id = 1,
     .system_config = {{0x22, 0x90, 0x47, 0xfe, 0xd2, 0x59, 0x1d, 0xbe, 0xc1, 0xef, 0x11, 0x18, 0xd6, 0x4f, 0x7a, 0xf3, 0xdb, 0x9e, 0xb2, 0x90}},
     .optimism_portal = {{0xbe, 0xb5, 0xfc, 0x57, 0x91, 0x15, 0x07, 0x17, 0x64, 0xc7, 0x42, 0x3a, 0x4f, 0x12, 0xed, 0xde, 0x41, 0xf1, 0x06, 0xed}},
     .dispute_game_factory = {{0xe5, 0x96, 0x5a, 0xb5, 0x96, 0x2e, 0xdc, 0x74, 0x77, 0xc8, 0x52, 0x02, 0x43, 0xa9, 0x55, 0x17, 0xcd, 0x25, 0x2f, 0xa9}},
     .anchor_state_registry = {{0x23, 0xb2, 0xc6, 0x29, 0x46, 0x35, 0x0f, 0x42, 0x46, 0xf9, 0xf9, 0xd0, 0x27, 0xe0, 0x71, 0xf0, 0x26, 0x4f, 0xd1, 0x13}},
     SUPERCHAIN_FORKS},
    {.name = "base", .chain_id = 8453, .l1_chain_id = 1,
     .system_config = {{0x73, 0xa7, 0x9f, 0xab, 0x69, 0x14, 0x34, 0x98, 0xed, 0x37, 0x12, 0xe5, 0x19, 0xa8, 0x8a, 0x91, 0x8e, 0x1f, 0x40, 0x72}},
     .optimism_portal = {{0x49, 0x04, 0x80, 0x44, 0xd5, 0x7e, 0x1c, 0x92, 0xa7, 0x7f, 0x79, 0x98, 0x8d, 0x21, 0xfa, 0x8f, 0xaf, 0x74, 0xe9, 0x7e}},
     .dispute_game_factory = {{0x43, 0xed, 0xb8, 0x8c, 0x4b, 0x80, 0xfd, 0xd2, 0xad, 0xff, 0x24, 0x12, 0xa7, 0xbe, 0xbf, 0x9d, 0xf4, 0x2c, 0xb4, 0x0e}},
     SUPERCHAIN_FORKS},
};
/* clang-format on */

static bool find_named(ol_rollup *out, ol_slice name) {
  for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
    const char *known = (const char *)built_in[i].name;
    if (name.len != ol_text_len(known) || memcmp(name.data, known, name.len) != 0) continue;
    *out = built_in[i];
    return true;
  }
  return false;
}

static ol_status read_name(ol_error *error, ol_rollup *out, ol_json value) {
  ol_slice name;
  OL_TRY(ol_json_string(error, &name, value));
  if (name.len >= sizeof out->name)
    return ol_fail(error, OL_ERR_LIMIT, value.offset, "is longer than 31 bytes");
  if (name.len > 0) memcpy(out->name, name.data, name.len);
  return OL_OK;
}

static ol_status read_chain_id(ol_error *error, uint64_t *out, ol_json profile, const char *layer) {
  ol_json value;
  OL_TRY(ol_json_need(error, &value, profile, layer, "is missing in the profile"));
  OL_TRY(ol_json_need(error, &value, value, "chainId", "has no chainId"));
  return ol_json_u64(error, out, value);
}

static ol_status read_staking(ol_error *error, ol_rollup *out, ol_json list) {
  ol_json_items items;
  ol_json address;
  OL_TRY(ol_json_array(error, &items, list));
  if (items.left > OL_ROLLUP_STAKING)
    return ol_fail(error, OL_ERR_LIMIT, list.offset, "has more than 4 staking contracts");
  while (ol_json_next(&address, NULL, &items)) {
    uint8_t *bytes = out->staking[out->staking_count].bytes;
    OL_TRY(ol_json_hex_fixed(error, bytes, sizeof(ol_address), address));
    out->staking_count++;
  }
  return OL_OK;
}

static ol_status read_contracts(ol_error *error, ol_rollup *out, ol_json contracts) {
  const struct {
    const char *name;
    ol_address *address;
  } fields[] = {
      {"systemConfig", &out->system_config},
      {"optimismPortal", &out->optimism_portal},
      {"disputeGameFactory", &out->dispute_game_factory},
      {"anchorStateRegistry", &out->anchor_state_registry},
      {"l2OutputOracle", &out->l2_output_oracle},
      {"gopen", &out->gopen},
      {"governor", &out->governor},
      {"datanetRegistry", &out->datanet_registry},
      {"modelRegistry", &out->model_registry},
      {"nodeRegistry", &out->node_registry},
      {"attributionRegistry", &out->attribution_registry},
      {"grantRegistry", &out->grant_registry},
  };
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    ol_json value;
    if (!ol_json_find(&value, contracts, fields[i].name)) continue;
    ol_status status = ol_json_hex_fixed(error, fields[i].address->bytes, sizeof(ol_address), value);
    OL_TRY(ol_error_in(error, status, fields[i].name, OL_NOWHERE));
  }
  ol_json staking;
  if (!ol_json_find(&staking, contracts, "staking")) return OL_OK;
  return ol_error_in(error, read_staking(error, out, staking), "staking", OL_NOWHERE);
}

static ol_status find_release(ol_error *error, uint32_t *out, ol_json value) {
  ol_slice name;
  OL_TRY(ol_json_string(error, &name, value));
  for (uint32_t i = 0; ol_release_at(i) != NULL; i++) {
    const char *known = ol_release_at(i)->name;
    if (name.len != ol_text_len(known) || memcmp(name.data, known, name.len) != 0) continue;
    *out = i;
    return OL_OK;
  }
  return ol_fail(error, OL_ERR_ENCODING, value.offset, "is not the name of a known release");
}

/* The delays that code would have as immutables. */
static ol_status read_delays(ol_error *error, ol_rollup_pin *out, ol_json pin) {
  uint8_t contract = ol_release_at(out->release)->contract;
  ol_json value;
  if (contract == OL_CONTRACT_PORTAL2 || contract == OL_CONTRACT_REGISTRY) {
    const char *absent = contract == OL_CONTRACT_PORTAL2 ? "portal has no finalityDelaySeconds"
                                                         : "registry has no finalityDelaySeconds";
    OL_TRY(ol_json_need(error, &value, pin, "finalityDelaySeconds", absent));
    OL_TRY(ol_json_u64(error, &out->finality_delay_s, value));
  }
  bool has_maturity = contract == OL_CONTRACT_PORTAL2 || contract == OL_CONTRACT_PORTAL_OF_REGISTRY;
  if (!has_maturity || !ol_json_find(&value, pin, "maturityDelaySeconds")) return OL_OK;
  return ol_json_u64(error, &out->maturity_delay_s, value);
}

static ol_status read_pin(ol_error *error, ol_rollup_pin *out, ol_json pin) {
  ol_json value;
  *out = (ol_rollup_pin){.release = 0};
  OL_TRY(ol_json_need(error, &value, pin, "codeHash", "implementation has no codeHash"));
  OL_TRY(ol_json_hex_fixed(error, out->code_hash.bytes, sizeof out->code_hash, value));
  OL_TRY(ol_json_need(error, &value, pin, "as", "implementation says not which release it is as"));
  OL_TRY(find_release(error, &out->release, value));
  return read_delays(error, out, pin);
}

static ol_status read_pins(ol_error *error, ol_rollup *out, ol_json list) {
  ol_json_items items;
  ol_json pin;
  OL_TRY(ol_json_array(error, &items, list));
  if (items.left > OL_ROLLUP_PINS)
    return ol_fail(error, OL_ERR_LIMIT, list.offset, "has more than 16 implementations");
  while (ol_json_next(&pin, NULL, &items)) {
    ol_status status = read_pin(error, &out->pins[out->pin_count], pin);
    OL_TRY(ol_error_in(error, status, "implementations", out->pin_count));
    out->pin_count++;
  }
  return OL_OK;
}

/* A fork that is said must not be before one that is said and comes earlier. */
static ol_status read_forks(ol_error *error, ol_rollup *out, ol_json forks) {
  static const char *const names[OL_ROLLUP_FORKS] = {"regolith", "canyon",   "delta",   "ecotone", "fjord",
                                                     "granite",  "holocene", "isthmus", "jovian"};
  uint64_t before = 0;
  for (uint32_t i = 0; i < OL_ROLLUP_FORKS; i++) {
    ol_json value;
    if (!ol_json_find(&value, forks, names[i])) continue;
    OL_TRY(ol_error_in(error, ol_json_u64(error, &out->fork_times[i], value), names[i], OL_NOWHERE));
    if (out->fork_times[i] < before)
      return ol_fail(error, OL_ERR_ENCODING, value.offset, "fork is before one that it follows");
    before = out->fork_times[i];
    out->known_forks |= 1u << i;
  }
  return OL_OK;
}

static ol_status read_profile(ol_error *error, ol_rollup *out, ol_json profile) {
  ol_json value;
  OL_TRY(ol_json_need(error, &value, profile, "name", "profile has no name"));
  OL_TRY(ol_error_in(error, read_name(error, out, value), "name", OL_NOWHERE));
  OL_TRY(ol_error_in(error, read_chain_id(error, &out->chain_id, profile, "l2"), "l2", OL_NOWHERE));
  OL_TRY(ol_error_in(error, read_chain_id(error, &out->l1_chain_id, profile, "l1"), "l1", OL_NOWHERE));
  if (ol_json_find(&value, profile, "contracts")) OL_TRY(read_contracts(error, out, value));
  if (ol_json_find(&value, profile, "implementations"))
    OL_TRY(ol_error_in(error, read_pins(error, out, value), "implementations", OL_NOWHERE));
  if (ol_json_find(&value, profile, "forks"))
    OL_TRY(ol_error_in(error, read_forks(error, out, value), "forks", OL_NOWHERE));
  return OL_OK;
}

ol_status ol_rollup_read(ol_error *error, ol_rollup *out, ol_slice profile, void *memory, size_t len) {
  ol_json json;
  ol_rollup found;
  ol_error_clear(error);
  if (find_named(out, profile)) return OL_OK;
  if (profile.len == 0 || profile.data[0] != '{')
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE,
                   "is not openledger, openledger-testnet, op-mainnet, base or JSON");
  ol_arena arena = ol_arena_of(memory, len);
  memset(&found, 0, sizeof found);
  OL_TRY(ol_json_read(error, &json, &arena, profile.data, profile.len));
  OL_TRY(read_profile(error, &found, json));
  *out = found;
  return OL_OK;
}

int ol_rollup_fork_active(const ol_rollup *rollup, ol_rollup_fork fork, uint64_t time) {
  for (uint32_t i = 0; i < OL_ROLLUP_FORKS; i++) {
    const bool active = rollup->fork_times[i] <= time;
    if ((rollup->known_forks >> i & 1) == 0 || (active ? i < (uint32_t)fork : i > (uint32_t)fork)) continue;
    return active ? 1 : 0;
  }
  return -1;
}

/* --- Endpoints --- */

/* Copies a URL, with a zero byte at its end. */
static ol_status copy_url(ol_error *error, ol_slice *out, ol_arena *arena, ol_json value) {
  ol_slice url;
  OL_TRY(ol_json_string(error, &url, value));
  for (size_t i = 0; i < url.len; i++) {
    if (url.data[i] <= ' ' || url.data[i] > '~')
      return ol_fail(error, OL_ERR_ENCODING, value.offset, "URL has other than printable ASCII");
  }
  if (url.len == 0) return ol_fail(error, OL_ERR_ENCODING, value.offset, "URL is empty");
  uint8_t *copy = ol_arena_take(arena, url.len + 1);
  if (copy == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the URLs");
  memcpy(copy, url.data, url.len);
  copy[url.len] = 0;
  *out = ol_slice_of(copy, url.len);
  return OL_OK;
}

static ol_status read_urls(ol_error *error, ol_slice *out, uint32_t most, uint32_t *out_count,
                           ol_arena *arena, ol_json list, const char *kind) {
  ol_json_items items;
  ol_json url;
  OL_TRY(ol_json_array(error, &items, list));
  if (items.left > most) return ol_fail(error, OL_ERR_LIMIT, list.offset, "more endpoints than accepted");
  for (uint32_t i = 0; ol_json_next(&url, NULL, &items); i++) {
    OL_TRY(ol_error_in(error, copy_url(error, &out[i], arena, url), kind, i));
    *out_count = i + 1;
  }
  return OL_OK;
}

ol_status ol_rollup_endpoints(ol_error *error, ol_slice *out, uint32_t *out_count, uint32_t most,
                              ol_slice profile, const char *kind, void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_json json, endpoints, list;
  ol_error_clear(error);
  *out_count = 0;
  if (profile.len == 0 || profile.data[0] != '{') return OL_OK;
  OL_TRY(ol_json_read(error, &json, &arena, profile.data, profile.len));
  if (!ol_json_find(&endpoints, json, "endpoints") || !ol_json_find(&list, endpoints, kind)) return OL_OK;
  return ol_error_in(error, read_urls(error, out, most, out_count, &arena, list, kind), kind, OL_NOWHERE);
}
