/* SPDX-License-Identifier: MIT */
#include "attribution/policy.h"

#include "crypto/keccak.h"

#include "base/poison.h"

/* Where the fields are (docs/attribution.md, section 1.4). */
enum {
  AT_VERSION = 0,
  AT_OWNER = 1,
  AT_CLIPPING = 2,
  AT_ZERO = 3,
  AT_MIN_SPAN = 4,
  AT_ZEROS = 6,
  AT_MAX_COUNT = 8,
  AT_PRICE_IN = 12,
  AT_PRICE_OUT = 28,
  AT_SHARES = 44,
  AT_INFLUENCE = 52,
  AT_ZEROS_BEHIND = 54,
  AT_SINK = 56
};

#define VERSION 1
#define OCCURRENCES_MAX 64u

static uint32_t load_be16(const uint8_t bytes[2]) {
  return (uint32_t)bytes[0] << 8 | bytes[1];
}

static void store_be16(uint8_t bytes[2], uint32_t value) {
  bytes[0] = (uint8_t)(value >> 8);
  bytes[1] = (uint8_t)value;
}

/* A rule that a policy breaks: which field, and where that begins. */
typedef struct fault {
  const char *field;
  const char *reason;
  size_t offset;
} fault;

static bool is_wide(const ol_u256 *value) {
  return !ol_is_zero(ol_slice_of(value->bytes, 16));
}

/* Returns: what is wrong with the values of a policy; without a field when nothing is. */
static fault find_fault(const ol_attribution_policy *policy) {
  if (policy->owner_rule > OL_OWNER_OCCURRENCE) return (fault){"owner_rule", "unknown owner rule", AT_OWNER};
  if (policy->clipping > OL_CLIP_DATANET) return (fault){"clipping", "unknown clipping", AT_CLIPPING};
  if (policy->min_span < 8 || policy->min_span > 4096)
    return (fault){"min_span", "K is not from 8 to 4,096", AT_MIN_SPAN};
  if (policy->max_count < 1 || policy->max_count > INT32_MAX)
    return (fault){"max_count", "maxCount is not from 1 to 2^31 - 1", AT_MAX_COUNT};
  if (policy->owner_rule == OL_OWNER_OCCURRENCE && policy->max_count > OCCURRENCES_MAX)
    return (fault){"max_count", "maxCount is above 64 where each occurrence is credited", AT_MAX_COUNT};
  if (is_wide(&policy->price_in)) return (fault){"price_in", "price has more than 128 bits", AT_PRICE_IN};
  if (is_wide(&policy->price_out)) return (fault){"price_out", "price has more than 128 bits", AT_PRICE_OUT};
  /* Each is looked at by itself, so that the sum cannot overflow. */
  const uint32_t shares[4] = {policy->platform_bps, policy->model_bps, policy->stakers_bps,
                              policy->contributors_bps};
  static const char *const names[4] = {"platform_bps", "model_bps", "stakers_bps", "contributors_bps"};
  uint32_t sum = 0;
  for (size_t i = 0; i < 4; i++) {
    if (shares[i] > OL_BASIS_POINTS)
      return (fault){names[i], "share is above 10,000 basis points", AT_SHARES + 2 * i};
    sum += shares[i];
  }
  if (sum != OL_BASIS_POINTS) return (fault){names[3], "shares are not 10,000 basis points", AT_SHARES};
  if (policy->influence_bps > OL_BASIS_POINTS)
    return (fault){"influence_bps", "influence is above 10,000 basis points", AT_INFLUENCE};
  return (fault){0};
}

ol_status ol_attribution_policy_check(ol_error *error, const ol_attribution_policy *policy) {
  fault found = find_fault(policy);
  if (found.field == NULL) return OL_OK;
  return ol_error_in(error, ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, found.reason), found.field,
                     OL_NOWHERE);
}

static ol_status refuse(ol_error *error, size_t offset, const char *reason) {
  return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, offset, reason), "policy", OL_NOWHERE);
}

ol_status ol_attribution_policy_read(ol_error *error, ol_attribution_policy *out, ol_slice bytes) {
  const uint8_t *at = bytes.data;
  if (bytes.len != OL_ATTRIBUTION_POLICY_BYTES) {
    size_t common = bytes.len < OL_ATTRIBUTION_POLICY_BYTES ? bytes.len : OL_ATTRIBUTION_POLICY_BYTES;
    return refuse(error, common, "policy is not 76 bytes long");
  }
  if (at[AT_VERSION] != VERSION) return refuse(error, AT_VERSION, "unknown version of a policy");
  if (at[AT_ZERO] != 0) return refuse(error, AT_ZERO, "reserved byte is not zero");
  if (load_be16(at + AT_ZEROS) != 0) return refuse(error, AT_ZEROS, "reserved bytes are not zero");
  if (load_be16(at + AT_ZEROS_BEHIND) != 0)
    return refuse(error, AT_ZEROS_BEHIND, "reserved bytes are not zero");
  ol_attribution_policy policy = {
      .owner_rule = at[AT_OWNER],
      .clipping = at[AT_CLIPPING],
      .min_span = load_be16(at + AT_MIN_SPAN),
      .max_count = ol_load_be32(at + AT_MAX_COUNT),
      .platform_bps = load_be16(at + AT_SHARES),
      .model_bps = load_be16(at + AT_SHARES + 2),
      .stakers_bps = load_be16(at + AT_SHARES + 4),
      .contributors_bps = load_be16(at + AT_SHARES + 6),
      .influence_bps = load_be16(at + AT_INFLUENCE),
  };
  memcpy(policy.price_in.bytes + 16, at + AT_PRICE_IN, 16);
  memcpy(policy.price_out.bytes + 16, at + AT_PRICE_OUT, 16);
  memcpy(policy.sink.bytes, at + AT_SINK, sizeof policy.sink.bytes);
  fault found = find_fault(&policy);
  if (found.field != NULL) return refuse(error, found.offset, found.reason);
  *out = policy;
  return OL_OK;
}

ol_status ol_attribution_policy_write(ol_error *error, uint8_t out[OL_ATTRIBUTION_POLICY_BYTES],
                                      const ol_attribution_policy *policy) {
  OL_TRY(ol_attribution_policy_check(error, policy));
  memset(out, 0, OL_ATTRIBUTION_POLICY_BYTES);
  out[AT_VERSION] = VERSION;
  out[AT_OWNER] = (uint8_t)policy->owner_rule;
  out[AT_CLIPPING] = (uint8_t)policy->clipping;
  store_be16(out + AT_MIN_SPAN, policy->min_span);
  ol_store_be32(out + AT_MAX_COUNT, policy->max_count);
  memcpy(out + AT_PRICE_IN, policy->price_in.bytes + 16, 16);
  memcpy(out + AT_PRICE_OUT, policy->price_out.bytes + 16, 16);
  store_be16(out + AT_SHARES, policy->platform_bps);
  store_be16(out + AT_SHARES + 2, policy->model_bps);
  store_be16(out + AT_SHARES + 4, policy->stakers_bps);
  store_be16(out + AT_SHARES + 6, policy->contributors_bps);
  store_be16(out + AT_INFLUENCE, policy->influence_bps);
  memcpy(out + AT_SINK, policy->sink.bytes, sizeof policy->sink.bytes);
  return OL_OK;
}

void ol_attribution_policy_id(ol_hash *out, const uint8_t policy[OL_ATTRIBUTION_POLICY_BYTES]) {
  static const uint8_t domain[11] = {'A', 'T', 'R', '1', '.', 'p', 'o', 'l', 'i', 'c', 'y'};
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, domain, sizeof domain);
  ol_keccak_update(&keccak, policy, OL_ATTRIBUTION_POLICY_BYTES);
  ol_keccak_final(&keccak, out);
}
