/* SPDX-License-Identifier: MIT */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

/* What a receipt's page is made of: its head, escaped text, colours of owners. */

#include "attribution.h"

#define COLOURS 8 /* the last is of all others */
#define NO_SPAN UINT32_MAX

/* Who owns what of an answer. */
typedef struct page_owner {
  ol_address address;
  uint32_t spans;
  uint64_t credited; /* bytes */
} page_owner;

typedef struct page {
  FILE *to;
  const cli_attribution *told;
  page_owner *owners; /* who earns most first: the order of colours */
  uint32_t owner_count;
  uint32_t *order; /* of the split's rows, by what they weigh */
} page;

/* Orders rows and owners. Returns: EXIT_VERIFIED or, once that was reported, another code; page_end is due. */
int page_begin(page *of);
void page_end(page *of);

/* Returns: the colour of an owner, from 0. */
unsigned page_colour(const page *of, const ol_address *owner);

/* Adds a number to a sum. */
void page_add(ol_u256 *sum, const ol_u256 *number);

/* Out: for each byte of the answer the span that it counts for (docs/attribution.md, section 2.5), or NO_SPAN. */
void page_credit(const cli_attribution *told, uint32_t *out);

/* Writes text from outside, escaped, with all of it visible; line ends and tabs stay if `keeps_lines`. */
void page_text(FILE *to, ol_slice text, bool keeps_lines);

/* Writes all down to the first heading. */
void page_head(FILE *to, const char *digest);

#endif
