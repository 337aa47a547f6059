/* SPDX-License-Identifier: MIT */
#include "openledger/evidence.h"

#include "base/base.h"

#include "base/poison.h"

static const char *const names[] = {
    [OL_REASON_NONE] = "none",
    [OL_REASON_FORMAT] = "format",
    [OL_REASON_VERSION] = "version",
    [OL_REASON_FLAGS] = "flags",
    [OL_REASON_SIGNATURE] = "signature",
    [OL_REASON_SIGNER_UNREGISTERED] = "signer unregistered",
    [OL_REASON_SIGNER_REVOKED] = "signer revoked",
    [OL_REASON_REPLAYED_NONCE] = "replayed nonce",
    [OL_REASON_WRONG_PAYER] = "wrong payer",
    [OL_REASON_WRONG_DOMAIN] = "wrong domain",
    [OL_REASON_REQUEST] = "request",
    [OL_REASON_RESPONSE] = "response",
    [OL_REASON_STREAM] = "stream",
    [OL_REASON_POLICY] = "policy",
    [OL_REASON_MODEL] = "model",
    [OL_REASON_ADAPTER] = "adapter",
    [OL_REASON_CORPUS_EPOCH] = "corpus epoch",
    [OL_REASON_CORPUS_DISPUTED] = "corpus disputed",
    [OL_REASON_PROOF_SHAPE] = "proof shape",
    [OL_REASON_SUFFIX_ROOT] = "suffix root",
    [OL_REASON_TEXT_ROOT] = "text root",
    [OL_REASON_INDEX_RANGE] = "index range",
    [OL_REASON_NOT_ADJACENT] = "not adjacent",
    [OL_REASON_ORDER] = "order",
    [OL_REASON_UNDECIDED] = "undecided",
    [OL_REASON_SPAN_BOUNDS] = "span bounds",
    [OL_REASON_SPAN_LOWER] = "span lower",
    [OL_REASON_SPAN_UPPER] = "span upper",
    [OL_REASON_SPAN_DUPLICATE] = "span duplicate",
    [OL_REASON_NOT_LEFT_MAXIMAL] = "not left-maximal",
    [OL_REASON_NOT_RIGHT_MAXIMAL] = "not right-maximal",
    [OL_REASON_INCOMPLETE] = "incomplete",
    [OL_REASON_OWNER] = "owner",
    [OL_REASON_RANGE_MIN] = "range-min",
    [OL_REASON_INFLUENCE_RANGE] = "influence range",
    [OL_REASON_INFLUENCE_TABLE] = "influence table",
    [OL_REASON_WEIGHT] = "weight",
    [OL_REASON_OVERFLOW] = "overflow",
    [OL_REASON_PHANTOM_CONTRIBUTOR] = "phantom contributor",
    [OL_REASON_MISSING_CONTRIBUTOR] = "missing contributor",
    [OL_REASON_AMOUNT] = "amount",
    [OL_REASON_POOL] = "pool",
    [OL_REASON_TOTAL] = "total",
    [OL_REASON_SPLIT_ROOT] = "split root",
    [OL_REASON_BATCH_INCLUSION] = "batch inclusion",
    [OL_REASON_WITNESS_QUORUM] = "witness quorum",
    [OL_REASON_EQUIVOCATION] = "equivocation",
    [OL_REASON_STATE] = "state",
    [OL_REASON_NOT_ANCHORED] = "not anchored",
    [OL_REASON_DISPUTED] = "disputed",
    [OL_REASON_SLASHED] = "slashed",
};

const char *ol_attribution_reason_name(uint32_t reason) {
  return reason < sizeof names / sizeof *names ? names[reason] : "unknown";
}
