/* SPDX-License-Identifier: MIT */
#include "mutate/campaign.h"

#include <string.h>

#define MUTATE_NAME(id, text) text,
const char *const mutate_kind_names[MUTATE_KIND_COUNT] = {MUTATE_KINDS(MUTATE_NAME)};
#undef MUTATE_NAME

campaign campaign_of(mutate_tally *tally, const mutate_options *options) {
  return (campaign){.tally = tally, .options = options, .random = options->seed * 0x9e3779b97f4a7c15u | 1u};
}

/* xorshift64* */
uint32_t campaign_random(campaign *of, size_t limit) {
  of->random ^= of->random >> 12;
  of->random ^= of->random << 25;
  of->random ^= of->random >> 27;
  return (uint32_t)(((of->random * 0x2545f4914f6cdd1du) >> 33) % limit);
}

void campaign_begin_group(campaign *of, mutate_kind kind) {
  of->kind = kind;
  of->wrong_before = of->tally->kinds[kind].wrong;
  of->why[0] = '\0';
}

void campaign_end_group(campaign *of) {
  const char *name = mutate_kind_names[of->kind];
  bool good = of->tally->kinds[of->kind].wrong == of->wrong_before;
  vector_count(&of->tally->groups, good, ol_slice_of(name, strlen(name)), of->why);
}

void campaign_count(campaign *of, bool neutral, const char *complaint, size_t index) {
  mutate_counts *counts = &of->tally->kinds[of->kind];
  counts->made++;
  if (complaint == NULL) {
    counts->refused += !neutral;
    counts->neutral += neutral;
    return;
  }
  if (counts->wrong++ > of->wrong_before) return;
  size_t used = strlen(complaint), digits = 1;
  if (used > 90) used = 90;
  memcpy(of->why, complaint, used);
  memcpy(of->why + used, ", change ", 9);
  used += 9;
  for (size_t rest = index; rest > 9; rest /= 10) digits++;
  of->why[used + digits] = '\0';
  for (size_t rest = index; digits > 0; rest /= 10) of->why[used + --digits] = (char)('0' + rest % 10);
}

selection campaign_choose(campaign *of, size_t total) {
  uint32_t each = of->options->each;
  if (each == 0 || total <= each) return (selection){.first = 0, .step = 1};
  size_t step = total / each + 1;
  return (selection){.first = campaign_random(of, step), .step = step};
}

const char *campaign_flaw(const ol_error *error, ol_status status, size_t len) {
  if (status >= 0 || error->status != (int32_t)status) return "status is not that of the error";
  if (error->part == NULL || error->reason == NULL || error->reason[0] == '\0')
    return "refused without a reason";
  if (error->offset != OL_NOWHERE && error->offset > len) return "refused at a place behind the input";
  return NULL;
}

bool campaign_untouched(const void *memory, size_t len) {
  const uint8_t *bytes = memory;
  size_t i = 0;
  while (i < len && bytes[i] == UNTOUCHED) i++;
  return i == len;
}
