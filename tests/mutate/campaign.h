/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_CAMPAIGN_H
#define OL_TESTS_CAMPAIGN_H

/* A run of the campaign: its random numbers, the group of changes that is under way, and how they are counted. */

#include "mutate/mutate.h"

typedef struct campaign {
  mutate_tally *tally;
  const mutate_options *options;
  uint64_t random;
  mutate_kind kind;
  uint32_t wrong_before;
  char why[128];
} campaign;

campaign campaign_of(mutate_tally *tally, const mutate_options *options);
uint32_t campaign_random(campaign *of, size_t limit);

/* What is counted in between belongs to one group, which passes if nothing in it was wrong. */
void campaign_begin_group(campaign *of, mutate_kind kind);
void campaign_end_group(campaign *of);

/* Counts a change that was refused, or neutral; or wrong, if `complaint` says how. */
void campaign_count(campaign *of, bool neutral, const char *complaint, size_t index);

/* The changes to be made of `total` that there are: every `step`th from `first` on. */
typedef struct selection {
  size_t first;
  size_t step;
} selection;

selection campaign_choose(campaign *of, size_t total);

/* Returns: what is wrong with a refusal, or NULL. In: the length of the input. */
const char *campaign_flaw(const ol_error *error, ol_status status, size_t len);

/* What outputs are filled with beforehand, to see that a refusal leaves them alone. */
#define UNTOUCHED 0xa5
bool campaign_untouched(const void *memory, size_t len);

#endif
