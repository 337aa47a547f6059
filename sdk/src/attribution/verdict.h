/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_VERDICT_H
#define OL_ATTRIBUTION_VERDICT_H

/* What a verdict is made in, and its checks, in the order of section 9 of docs/attribution.md. */

#include "openledger/attribution.h"

#include "base/base.h"

typedef struct ol_verifier {
  const ol_attribution_input *in;
  const ol_attribution_expected *expected;
  const ol_attribution_receipt *receipt; /* in the result */
  ol_error *error;
  ol_attribution_result result;
  ol_slice gradient_header; /* in the evidence */
  ol_slice vector;
  bool is_pending;
  void *evidence_memory;
  void *influence_memory;
  ol_attribution_weight *influence; /* OL_SPLIT_ROWS of them, in the order of rows */
  uint32_t influence_len;
} ol_verifier;

/* Notes a rejection, and where. Returns: false, so that no check comes behind it. */
bool ol_reject(ol_verifier *v, ol_attribution_reason reason, const char *part, const char *text) OL_NONNULL;

/* The same of a file that could not be read, which has the error already. In: how that failed. */
bool ol_reject_file(ol_verifier *v, const char *part) OL_NONNULL;

/* The checks. Return: whether the next may come. */
OL_CHECKED bool ol_verify_parties(ol_verifier *v) OL_NONNULL;   /* 1 to 9 */
OL_CHECKED bool ol_verify_answer(ol_verifier *v) OL_NONNULL;    /* 10 to 17 */
OL_CHECKED bool ol_verify_influence(ol_verifier *v) OL_NONNULL; /* 34, 35 */
OL_CHECKED bool ol_verify_split(ol_verifier *v) OL_NONNULL;     /* 36 to 43 */
OL_CHECKED bool ol_verify_chain(ol_verifier *v) OL_NONNULL;     /* 44 to 50 */

/* Returns: whether the policy has this part decide on something. */
static inline bool ol_has_part(const ol_verifier *v, uint32_t flag) {
  return (v->receipt->flags & flag) != 0;
}

#endif
