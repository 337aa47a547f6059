/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_POLICY_H
#define OPENLEDGER_POLICY_H

/*
 * A policy says what may be signed: by itself, after asking somebody, or not at all. It is written as JSON, judged
 * against intents, and remembers in a budget what was signed before.
 *
 *     {"version": 1,
 *      "chains": [1612],                 which chains; required
 *      "from": 0, "until": 1900000000,   when it holds, in Unix seconds; always without
 *      "stopped": false,                 true: nothing is signed
 *      "messages": "ask",                EIP-191 messages            RULE: "allow", "ask" or "deny"
 *      "signIns": "ask",                 EIP-4361                    RULE
 *      "knownTypes": "ask",              typed data that is known    RULE
 *      "unknownTypes": "deny",           typed data that is not      RULE
 *      "authorizations": "deny",         EIP-7702                    RULE
 *      "creations": "deny",              contracts                   RULE
 *      "unknownCalls": "ask",            calls that are not known    RULE
 *      "unlimitedApprovals": "deny",     allowances without bound    RULE
 *      "otherPayees": "ask",             who is not among "payees"   RULE
 *      "otherTargets": "ask",            who is not among "targets"  RULE
 *      "otherAssets": "ask",             what is not among "assets"  RULE
 *      "payees": [{"address": "0x..", "since": 0, "rule": "allow"}],
 *      "coolDown": 86400,                seconds for which a payee is new after "since", and asked about
 *      "targets": [{"address": "0x..", "selectors": ["0xa9059cbb"], "rule": "allow"}],
 *      "assets": [{"asset": "native" or "0x..", "chain": 1612, "transaction": "100", "hour": .., "day": ..,
 *                  "lifetime": .., "askAbove": ..}],     smallest units, as text
 *      "gas": 1000000,                   the most that a transaction may have
 *      "rate": {"minute": 3, "hour": 20, "day": 50}}   signatures
 *
 * What is not said has the values that are shown for rules, and no bound for numbers; an asset's chain is the first of
 * "chains". Payees are those who get or may take something; targets are contracts that are called, and whom typed data is
 * for; what one of them is sent with a call is not looked for among "payees". Where a target's selectors are named, those are vouched for,
 * known or not, and no others. Allowances count like spending, and fees count as spending of the native asset.
 */

#include "openledger/intent.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_POLICY_CHAINS 8
#define OL_POLICY_PAYEES 64
#define OL_POLICY_TARGETS 64
#define OL_POLICY_SELECTORS 16 /* of one target */
#define OL_POLICY_ASSETS 16

/* How a rule decides. The higher number wins. */
typedef enum ol_verdict {
  OL_VERDICT_ALLOW = 0,
  OL_VERDICT_ASK = 1,
  OL_VERDICT_DENY = 2,
} ol_verdict;

/* What decided. The numbers are stable. */
typedef enum ol_policy_reason {
  OL_POLICY_FITS = 0,      /* nothing stood against it */
  OL_POLICY_STOPPED = 1,   /* "stopped" */
  OL_POLICY_TOO_EARLY = 2, /* before "from" */
  OL_POLICY_EXPIRED = 3,   /* after "until" */
  OL_POLICY_CHAIN = 4,     /* for a chain that is not among "chains" */
  OL_POLICY_KIND = 5,      /* a message, a sign-in, typed data, an authorization or a creation, by its rule */
  OL_POLICY_UNKNOWN = 6,   /* what it does is not known, by the rule for that */
  OL_POLICY_TARGET = 7,    /* by the target's rule, or as it is none of them */
  OL_POLICY_SELECTOR = 8,  /* calls a function that is not among the target's */
  OL_POLICY_PAYEE = 9,     /* by the payee's rule, or as it is none of them */
  OL_POLICY_NEW_PAYEE = 10, /* in its time of cooling down */
  OL_POLICY_UNLIMITED = 11, /* an allowance without bound */
  OL_POLICY_GAS = 12,
  OL_POLICY_ASSET = 13, /* of an asset that is none of "assets" */
  OL_POLICY_TRANSACTION_CAP = 14,
  OL_POLICY_HOUR_CAP = 15,
  OL_POLICY_DAY_CAP = 16,
  OL_POLICY_LIFETIME_CAP = 17,
  OL_POLICY_ASK_ABOVE = 18,
  OL_POLICY_MINUTE_RATE = 19,
  OL_POLICY_HOUR_RATE = 20,
  OL_POLICY_DAY_RATE = 21,
  OL_POLICY_FULL = 22,   /* the budget remembers no more signatures of a day */
  OL_POLICY_CLOCK = 23,  /* the clock is behind what the budget remembers */
  OL_POLICY_ABSENT = 24, /* there is no policy, so that somebody is asked about all */
} ol_policy_reason;

/* What a policy decides of an intent. */
typedef struct ol_decision {
  uint32_t verdict; /* an ol_verdict */
  uint32_t reason;  /* an ol_policy_reason */
  uint32_t effect;  /* the effect that decided, counted from 0; OL_NOWHERE for none */
  uint32_t padding;
  ol_hash digest; /* of the intent */
} ol_decision;

typedef struct ol_policy ol_policy;
typedef struct ol_budget ol_budget;

/* Returns: bytes of memory for a policy, aligned to 16, and for reading it from JSON of `len` bytes. */
OL_API size_t ol_policy_size(size_t len);

/*
 * Reads a policy into `memory`. In: JSON as above. Members that are not known are refused: what is misspelt would not
 * hold.
 * Returns: OL_ERR_ENCODING with the member at fault, OL_ERR_LIMIT, OL_ERR_ARGUMENT for less memory than ol_policy_size.
 */
OL_API OL_CHECKED ol_status ol_policy_read(ol_error *error, ol_policy **out, ol_slice json, void *memory,
                                           size_t len) OL_NONNULL_ARGS(1, 2, 4);

/* Returns: a reason in words, e.g. "more than the policy lets go in an hour"; "unknown" for a number that is none. */
OL_API const char *ol_policy_reason_text(ol_policy_reason reason);

/* Returns: "allow", "ask" or "deny". */
OL_API const char *ol_verdict_name(ol_verdict verdict);

/*
 * Out: what the policy decides of an intent, given what the budget remembers: the first denial of the order of
 * ol_policy_reason, or else the first question. In: the clock, in Unix seconds.
 */
OL_API void ol_policy_decide(ol_decision *out, const ol_policy *policy, const ol_budget *budget,
                             const ol_intent *intent, uint64_t now_s) OL_NONNULL;

#define OL_BUDGET_RECORDS 512          /* of a day; a signature has one for each asset, or one */
#define OL_BUDGET_ASSETS 128           /* of all time */
#define OL_BUDGET_SNAPSHOT (64 * 1024) /* bytes at most */

/* Returns: bytes of memory for a budget, aligned to 16. */
OL_API size_t ol_budget_size(void);

/* Makes a budget that remembers nothing. Returns: OL_ERR_ARGUMENT for less memory than ol_budget_size. */
OL_API OL_CHECKED ol_status ol_budget_init(ol_error *error, ol_budget **out, void *memory,
                                           size_t len) OL_NONNULL;

/*
 * Remembers that an intent is signed. Of transactions with one nonce only one takes effect, so one that replaces
 * another counts by what it spends more.
 * Returns: OL_ERR_LIMIT when there is no room, OL_ERR_STALE when the clock is behind what is remembered.
 */
OL_API OL_CHECKED ol_status ol_budget_add(ol_error *error, ol_budget *budget, const ol_intent *intent,
                                          uint64_t now_s) OL_NONNULL;

/* Returns: how many signatures it remembers since ever: a snapshot with a smaller number is an older one. */
OL_API uint64_t ol_budget_sequence(const ol_budget *budget) OL_NONNULL;

/* Out: what was spent and allowed of an asset in the last `seconds`, up to a day; since ever for 0. */
OL_API void ol_budget_spent(ol_u256 *out, const ol_budget *budget, uint64_t chain_id, const ol_address *asset,
                            uint64_t seconds, uint64_t now_s) OL_NONNULL;

/* Writes a budget as bytes. Out: *out_len. Returns: OL_ERR_MEMORY when `len` is less. */
OL_API OL_CHECKED ol_status ol_budget_write(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                            const ol_budget *budget) OL_NONNULL;

/*
 * Reads what ol_budget_write wrote into a budget. In: the least sequence that it may have, from whoever remembers it.
 * Returns: OL_ERR_ENCODING for what is damaged, OL_ERR_STALE for a sequence below that or below that of `out`, as it is
 * after ol_wallet_open; the budget is then as it was.
 */
OL_API OL_CHECKED ol_status ol_budget_read(ol_error *error, ol_budget *out, const uint8_t *bytes, size_t len,
                                           uint64_t least_sequence) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
