/* SPDX-License-Identifier: MIT */
#include "encoding/json.h"
#include "encoding/text.h"
#include "openledger/text.h"
#include "wallet/policy.h"

#include "base/poison.h"

/* A member that an object may have, and who reads it into `out`. */
typedef struct member {
  const char *name;
  ol_status (*read)(ol_error *error, void *out, ol_json value);
  size_t offset; /* of what is read in the structure */
} member;

/* Reads the members of an object by a table; what is not in it is refused. */
static ol_status read_members(ol_error *error, void *out, ol_json object, const member *members,
                              size_t count) {
  ol_json_items items;
  ol_json value;
  ol_slice name;
  OL_TRY(ol_json_object(error, &items, object));
  while (ol_json_next(&value, &name, &items)) {
    size_t i = 0;
    while (i < count && !ol_slice_is(name, members[i].name)) i++;
    if (i == count)
      return ol_fail(error, OL_ERR_ENCODING, value.offset, "policy has a member that is not known");
    ol_status status = members[i].read(error, (uint8_t *)out + members[i].offset, value);
    OL_TRY(ol_error_in(error, status, members[i].name, OL_NOWHERE));
  }
  return OL_OK;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- Values --- */

static ol_status read_number(ol_error *error, void *out, ol_json value) {
  return ol_json_u64(error, (uint64_t *)out, value);
}

static ol_status read_truth(ol_error *error, void *out, ol_json value) {
  return ol_json_bool(error, (bool *)out, value);
}

static ol_status read_verdict(ol_error *error, uint32_t *out, ol_json value) {
  ol_slice text;
  OL_TRY(ol_json_string(error, &text, value));
  for (uint32_t verdict = OL_VERDICT_ALLOW; verdict <= OL_VERDICT_DENY; verdict++) {
    if (!ol_slice_is(text, ol_verdict_name((ol_verdict)verdict))) continue;
    *out = verdict;
    return OL_OK;
  }
  return ol_fail(error, OL_ERR_ENCODING, value.offset, "is none of allow, ask and deny");
}

static ol_status read_verdict_word(ol_error *error, void *out, ol_json value) {
  return read_verdict(error, (uint32_t *)out, value);
}

static ol_status read_rule(ol_error *error, void *out, ol_json value) {
  uint32_t verdict;
  OL_TRY(read_verdict(error, &verdict, value));
  *(uint8_t *)out = (uint8_t)verdict;
  return OL_OK;
}

static ol_status read_address(ol_error *error, void *out, ol_json value) {
  ol_slice text;
  OL_TRY(ol_json_string(error, &text, value));
  return ol_address_from_text(error, (ol_address *)out, (const char *)text.data, text.len);
}

static ol_status read_asset_name(ol_error *error, void *out, ol_json value) {
  ol_slice text;
  OL_TRY(ol_json_string(error, &text, value));
  if (ol_slice_is(text, "native")) {
    memset(out, 0, sizeof(ol_address));
    return OL_OK;
  }
  OL_TRY(ol_address_from_text(error, (ol_address *)out, (const char *)text.data, text.len));
  if (ol_address_is_zero((const ol_address *)out))
    return ol_fail(error, OL_ERR_ENCODING, value.offset, "the native asset is called native");
  return OL_OK;
}

static ol_status read_amount(ol_error *error, void *out, ol_json value) {
  ol_slice text;
  OL_TRY(ol_json_string(error, &text, value));
  return ol_u256_from_text(error, (ol_u256 *)out, (const char *)text.data, text.len);
}

/* --- Lists: each reads one element into the place behind those that are there --- */

static ol_status read_list(ol_error *error, ol_policy *policy, ol_json list, uint32_t *count, uint32_t most,
                           ol_status (*read)(ol_error *error, ol_policy *policy, uint32_t index,
                                             ol_json value)) {
  ol_json_items items;
  ol_json value;
  OL_TRY(ol_json_array(error, &items, list));
  if (items.left > most)
    return ol_fail(error, OL_ERR_LIMIT, list.offset, "has more elements than a policy can");
  for (uint32_t i = 0; ol_json_next(&value, NULL, &items); i++) {
    OL_TRY(ol_error_within(error, read(error, policy, i, value), "policy", i));
    *count = i + 1;
  }
  return OL_OK;
}

static ol_status read_chain(ol_error *error, ol_policy *policy, uint32_t index, ol_json value) {
  OL_TRY(ol_json_u64(error, &policy->chains[index], value));
  if (policy->chains[index] == 0) return ol_fail(error, OL_ERR_ENCODING, value.offset, "there is no chain 0");
  return OL_OK;
}

static ol_status read_chains(ol_error *error, void *out, ol_json value) {
  ol_policy *policy = (ol_policy *)out;
  return read_list(error, policy, value, &policy->chain_count, OL_POLICY_CHAINS, read_chain);
}

static ol_status need_address(ol_error *error, const ol_address *address, ol_json value) {
  if (!ol_address_is_zero(address)) return OL_OK;
  return ol_fail(error, OL_ERR_ENCODING, value.offset, "has no address");
}

static ol_status read_payee(ol_error *error, ol_policy *policy, uint32_t index, ol_json value) {
  static const member members[] = {
      {"address", read_address, offsetof(ol_policy_payee, address)},
      {"since", read_number, offsetof(ol_policy_payee, since)},
      {"rule", read_verdict_word, offsetof(ol_policy_payee, rule)},
  };
  OL_TRY(read_members(error, &policy->payees[index], value, members, COUNT(members)));
  return need_address(error, &policy->payees[index].address, value);
}

static ol_status read_payees(ol_error *error, void *out, ol_json value) {
  ol_policy *policy = (ol_policy *)out;
  return read_list(error, policy, value, &policy->payee_count, OL_POLICY_PAYEES, read_payee);
}

static ol_status read_selectors(ol_error *error, void *out, ol_json list) {
  ol_policy_target *target = (ol_policy_target *)out;
  ol_json_items items;
  ol_json value;
  OL_TRY(ol_json_array(error, &items, list));
  if (items.left > OL_POLICY_SELECTORS)
    return ol_fail(error, OL_ERR_LIMIT, list.offset, "has more selectors than a policy can");
  if (items.left == 0)
    return ol_fail(error, OL_ERR_ENCODING, list.offset, "is empty: leave it out for all functions");
  while (ol_json_next(&value, NULL, &items)) {
    uint8_t bytes[4];
    OL_TRY(ol_json_hex_fixed(error, bytes, sizeof bytes, value));
    target->selectors[target->selector_count++] = ol_load_be32(bytes);
  }
  return OL_OK;
}

static ol_status read_target(ol_error *error, ol_policy *policy, uint32_t index, ol_json value) {
  static const member members[] = {
      {"address", read_address, offsetof(ol_policy_target, address)},
      {"selectors", read_selectors, 0},
      {"rule", read_verdict_word, offsetof(ol_policy_target, rule)},
  };
  OL_TRY(read_members(error, &policy->targets[index], value, members, COUNT(members)));
  return need_address(error, &policy->targets[index].address, value);
}

static ol_status read_targets(ol_error *error, void *out, ol_json value) {
  ol_policy *policy = (ol_policy *)out;
  return read_list(error, policy, value, &policy->target_count, OL_POLICY_TARGETS, read_target);
}

#define CAP_AT(cap) (offsetof(ol_policy_asset, caps) + (cap) * sizeof(ol_u256))

static ol_status read_asset(ol_error *error, ol_policy *policy, uint32_t index, ol_json value) {
  static const member members[] = {
      {"asset", read_asset_name, offsetof(ol_policy_asset, address)},
      {"chain", read_number, offsetof(ol_policy_asset, chain_id)},
      {"transaction", read_amount, CAP_AT(OL_CAP_TRANSACTION)},
      {"hour", read_amount, CAP_AT(OL_CAP_HOUR)},
      {"day", read_amount, CAP_AT(OL_CAP_DAY)},
      {"lifetime", read_amount, CAP_AT(OL_CAP_LIFETIME)},
      {"askAbove", read_amount, CAP_AT(OL_CAP_ASK_ABOVE)},
  };
  ol_policy_asset *asset = &policy->assets[index];
  ol_json name;
  memset(asset->caps, 0xff, sizeof asset->caps);
  OL_TRY(read_members(error, asset, value, members, COUNT(members)));
  return ol_json_need(error, &name, value, "asset", "has no asset");
}

static ol_status read_assets(ol_error *error, void *out, ol_json value) {
  ol_policy *policy = (ol_policy *)out;
  return read_list(error, policy, value, &policy->asset_count, OL_POLICY_ASSETS, read_asset);
}

static ol_status read_rates(ol_error *error, void *out, ol_json value) {
  static const member members[OL_POLICY_RATES] = {
      {"minute", read_number, 0},
      {"hour", read_number, sizeof(uint64_t)},
      {"day", read_number, 2 * sizeof(uint64_t)},
  };
  return read_members(error, out, value, members, COUNT(members));
}

static ol_status read_version(ol_error *error, void *out, ol_json value) {
  uint64_t version;
  (void)out;
  OL_TRY(ol_json_u64(error, &version, value));
  return version == 1 ? OL_OK
                      : ol_fail(error, OL_ERR_ENCODING, value.offset, "is of a version that is not known");
}

/* --- All of it --- */

#define RULE(name, rule)                                                                                     \
  { name, read_rule, offsetof(ol_policy, rules) + (rule) }

static const member policy_members[] = {
    {"version", read_version, 0},
    {"chains", read_chains, 0},
    {"from", read_number, offsetof(ol_policy, from)},
    {"until", read_number, offsetof(ol_policy, until)},
    {"stopped", read_truth, offsetof(ol_policy, stopped)},
    RULE("messages", OL_RULE_MESSAGES),
    RULE("signIns", OL_RULE_SIGN_INS),
    RULE("knownTypes", OL_RULE_KNOWN_TYPES),
    RULE("unknownTypes", OL_RULE_UNKNOWN_TYPES),
    RULE("authorizations", OL_RULE_AUTHORIZATIONS),
    RULE("creations", OL_RULE_CREATIONS),
    RULE("unknownCalls", OL_RULE_UNKNOWN_CALLS),
    RULE("unlimitedApprovals", OL_RULE_UNLIMITED),
    RULE("otherPayees", OL_RULE_OTHER_PAYEES),
    RULE("otherTargets", OL_RULE_OTHER_TARGETS),
    RULE("otherAssets", OL_RULE_OTHER_ASSETS),
    {"payees", read_payees, 0},
    {"coolDown", read_number, offsetof(ol_policy, cool_down)},
    {"targets", read_targets, 0},
    {"assets", read_assets, 0},
    {"gas", read_number, offsetof(ol_policy, gas)},
    {"rate", read_rates, offsetof(ol_policy, rates)},
};

static const uint8_t default_rules[OL_RULE_COUNT] = {
    [OL_RULE_MESSAGES] = OL_VERDICT_ASK,        [OL_RULE_SIGN_INS] = OL_VERDICT_ASK,
    [OL_RULE_KNOWN_TYPES] = OL_VERDICT_ASK,     [OL_RULE_UNKNOWN_TYPES] = OL_VERDICT_DENY,
    [OL_RULE_AUTHORIZATIONS] = OL_VERDICT_DENY, [OL_RULE_CREATIONS] = OL_VERDICT_DENY,
    [OL_RULE_UNKNOWN_CALLS] = OL_VERDICT_ASK,   [OL_RULE_UNLIMITED] = OL_VERDICT_DENY,
    [OL_RULE_OTHER_PAYEES] = OL_VERDICT_ASK,    [OL_RULE_OTHER_TARGETS] = OL_VERDICT_ASK,
    [OL_RULE_OTHER_ASSETS] = OL_VERDICT_ASK,
};

static ol_status read_policy(ol_error *error, ol_policy *out, ol_json json) {
  ol_json value;
  memset(out, 0, sizeof *out);
  out->until = out->gas = UINT64_MAX;
  memset(out->rates, 0xff, sizeof out->rates);
  memcpy(out->rules, default_rules, sizeof out->rules);
  OL_TRY(ol_json_need(error, &value, json, "version", "policy has no version"));
  OL_TRY(read_members(error, out, json, policy_members, COUNT(policy_members)));
  if (out->chain_count == 0) return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "policy names no chains");
  for (uint32_t i = 0; i < out->asset_count; i++) {
    if (out->assets[i].chain_id == 0) out->assets[i].chain_id = out->chains[0];
  }
  return OL_OK;
}

size_t ol_policy_size(size_t len) {
  return sizeof(ol_policy) + ol_json_memory(len);
}

ol_status ol_policy_read(ol_error *error, ol_policy **out, ol_slice json, void *memory, size_t len) {
  ol_policy *policy = (ol_policy *)memory;
  ol_json root;
  ol_error_clear(error);
  if (len < ol_policy_size(json.len))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "memory is too small for a policy");
  ol_arena arena = ol_arena_of(policy + 1, len - sizeof *policy);
  OL_TRY(ol_json_read(error, &root, &arena, json.data, json.len));
  OL_TRY(read_policy(error, policy, root));
  *out = policy;
  return OL_OK;
}
