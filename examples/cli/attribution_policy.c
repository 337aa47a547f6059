/* SPDX-License-Identifier: MIT */

/* Policies of attribution: 76 bytes, JSON for people, or a few options. */

#include "attribution.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Without a policy: all of the pool to whoever was first, for passages of 40 bytes on, however frequent they are. */
static const ol_attribution_policy plain = {
    .owner_rule = OL_OWNER_EARLIEST, .min_span = 40, .max_count = INT32_MAX, .contributors_bps = 10000};

static const struct {
  const char *name;
  size_t at;
  enum { SMALL, LARGE, ADDRESS, OWNER, CLIPPING } kind;
} members[] = {
    {"owner", offsetof(ol_attribution_policy, owner_rule), OWNER},
    {"clipping", offsetof(ol_attribution_policy, clipping), CLIPPING},
    {"minSpan", offsetof(ol_attribution_policy, min_span), SMALL},
    {"maxCount", offsetof(ol_attribution_policy, max_count), SMALL},
    {"priceIn", offsetof(ol_attribution_policy, price_in), LARGE},
    {"priceOut", offsetof(ol_attribution_policy, price_out), LARGE},
    {"platform", offsetof(ol_attribution_policy, platform_bps), SMALL},
    {"model", offsetof(ol_attribution_policy, model_bps), SMALL},
    {"stakers", offsetof(ol_attribution_policy, stakers_bps), SMALL},
    {"contributors", offsetof(ol_attribution_policy, contributors_bps), SMALL},
    {"influence", offsetof(ol_attribution_policy, influence_bps), SMALL},
    {"sink", offsetof(ol_attribution_policy, sink), ADDRESS},
};
#define MEMBERS (sizeof members / sizeof *members)

/* A member whose value is a name, one of two, or an address. */
static int read_text(cli_scan *scan, ol_attribution_policy *out, size_t member) {
  static const char *const words[][2] = {{"earliest", "occurrence"}, {"contributor", "datanet"}};
  void *to = (char *)out + members[member].at;
  char *text;
  int result = cli_scan_text(scan, &text);
  if (result != EXIT_VERIFIED) return result;
  if (members[member].kind == ADDRESS) {
    ol_error error;
    if (ol_address_from_text(&error, to, text, strlen(text)) != OL_OK)
      result = cli_scan_fault(scan, "not an address");
  } else {
    const char *const *of = words[members[member].kind == CLIPPING];
    *(uint32_t *)to = strcmp(text, of[1]) == 0;
    if (strcmp(text, of[0]) != 0 && strcmp(text, of[1]) != 0)
      result = cli_scan_fault(scan, members[member].kind == OWNER ? "not \"earliest\" or \"occurrence\""
                                                                  : "not \"contributor\" or \"datanet\"");
  }
  free(text);
  return result;
}

static int read_member(cli_scan *scan, ol_attribution_policy *out, bool seen[MEMBERS]) {
  char *name;
  size_t member = 0;
  uint64_t small;
  ol_u256 number;
  int result = cli_scan_text(scan, &name);
  if (result != EXIT_VERIFIED) return result;
  while (member < MEMBERS && strcmp(members[member].name, name) != 0) member++;
  free(name);
  if (member == MEMBERS) return cli_scan_fault(scan, "no member of a policy");
  if (seen[member]) return cli_scan_fault(scan, "the same member twice");
  seen[member] = true;
  result = cli_scan_expect(scan, ':');
  if (result != EXIT_VERIFIED) return result;
  if (members[member].kind >= ADDRESS) return read_text(scan, out, member);
  result = cli_scan_number(scan, &number);
  if (result != EXIT_VERIFIED) return result;
  if (members[member].kind == LARGE) {
    memcpy((char *)out + members[member].at, &number, sizeof number);
  } else {
    if (!cli_u64_of(&small, &number) || small > UINT32_MAX) return cli_scan_fault(scan, "too large");
    *(uint32_t *)((char *)out + members[member].at) = (uint32_t)small;
  }
  return EXIT_VERIFIED;
}

/* What is left out is zero, but for the rule of owners, which is then the first. */
static int read_json(ol_attribution_policy *out, const char *file, ol_slice text) {
  cli_scan scan = {.file = file, .text = text};
  bool seen[MEMBERS] = {false};
  *out = (ol_attribution_policy){.max_count = INT32_MAX};
  int result = cli_scan_expect(&scan, '{');
  for (bool more = true; result == EXIT_VERIFIED && more;) {
    result = read_member(&scan, out, seen);
    more = result == EXIT_VERIFIED && cli_scan_mark(&scan, ',');
  }
  if (result == EXIT_VERIFIED) result = cli_scan_expect(&scan, '}');
  return result == EXIT_VERIFIED ? cli_scan_end(&scan) : result;
}

static int read_file(ol_attribution_policy *out, const char *path) {
  char name[512];
  ol_error error;
  cli_files files = {.count = 0};
  ol_slice bytes;
  snprintf(name, sizeof name, "--policy %s", path);
  int result = cli_files_read(&files, &bytes, "--policy", path, true);
  if (result == EXIT_VERIFIED && bytes.len > 0 && bytes.data[0] != 1)
    result = read_json(out, name, bytes);
  else if (result == EXIT_VERIFIED && ol_attribution_policy_read(&error, out, bytes) != OL_OK)
    result = cli_error(name, &error);
  cli_files_free(&files);
  return result;
}

int cli_policy_read(ol_attribution_policy *out, uint8_t out_bytes[OL_ATTRIBUTION_POLICY_BYTES],
                    const cli_args *args, bool is_needed) {
  const cli_attribution_args *by = &args->atr;
  ol_error error;
  int result = EXIT_VERIFIED;
  *out = plain;
  if (by->policy_file == NULL && is_needed) return cli_usage_error("--policy", "missing");
  if (by->policy_file != NULL) {
    if (by->has_min_span || by->has_max_count || by->has_owner_rule)
      return cli_usage_error("--policy", "says it all: not with --min-span, --max-count or --owner");
    result = read_file(out, by->policy_file);
  } else {
    if (by->has_owner_rule) out->owner_rule = (uint32_t)by->owner_rule;
    if (out->owner_rule == OL_OWNER_OCCURRENCE) out->max_count = 64;
    if (by->has_min_span) out->min_span = (uint32_t)by->min_span;
    if (by->has_max_count) out->max_count = (uint32_t)by->max_count;
  }
  if (result == EXIT_VERIFIED && ol_attribution_policy_write(&error, out_bytes, out) != OL_OK)
    result = cli_error(by->policy_file != NULL ? by->policy_file : "policy", &error);
  return result;
}
