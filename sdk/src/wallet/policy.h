/* SPDX-License-Identifier: MIT */
#ifndef OL_WALLET_POLICY_H
#define OL_WALLET_POLICY_H

/* What a policy and a budget are made of. */

#include "base/base.h"
#include "openledger/policy.h"

#define OL_POLICY_DAY 86400u /* seconds for which a budget remembers signatures one by one */

typedef enum ol_policy_rule {
  OL_RULE_MESSAGES,
  OL_RULE_SIGN_INS,
  OL_RULE_KNOWN_TYPES,
  OL_RULE_UNKNOWN_TYPES,
  OL_RULE_AUTHORIZATIONS,
  OL_RULE_CREATIONS,
  OL_RULE_UNKNOWN_CALLS,
  OL_RULE_UNLIMITED,
  OL_RULE_OTHER_PAYEES,
  OL_RULE_OTHER_TARGETS,
  OL_RULE_OTHER_ASSETS,
  OL_RULE_COUNT,
} ol_policy_rule;

/* An asset's bounds; the highest number is none. */
typedef enum ol_policy_cap {
  OL_CAP_TRANSACTION,
  OL_CAP_HOUR,
  OL_CAP_DAY,
  OL_CAP_LIFETIME,
  OL_CAP_ASK_ABOVE,
  OL_CAP_COUNT,
} ol_policy_cap;

typedef struct ol_policy_payee {
  ol_address address;
  uint32_t rule; /* an ol_verdict */
  uint64_t since;
} ol_policy_payee;

typedef struct ol_policy_target {
  ol_address address;
  uint32_t rule;
  uint32_t selector_count; /* 0 for all */
  uint32_t selectors[OL_POLICY_SELECTORS];
} ol_policy_target;

typedef struct ol_policy_asset {
  uint64_t chain_id;
  ol_address address;
  ol_u256 caps[OL_CAP_COUNT];
} ol_policy_asset;

/* The times for which signatures are counted: a minute, an hour, a day. */
#define OL_POLICY_RATES 3

struct ol_policy {
  uint64_t from;
  uint64_t until;
  uint64_t gas;
  uint64_t cool_down;
  uint64_t rates[OL_POLICY_RATES];
  uint64_t chains[OL_POLICY_CHAINS];
  uint32_t chain_count;
  uint32_t payee_count;
  uint32_t target_count;
  uint32_t asset_count;
  bool stopped;
  uint8_t rules[OL_RULE_COUNT]; /* an ol_verdict each */
  ol_policy_payee payees[OL_POLICY_PAYEES];
  ol_policy_target targets[OL_POLICY_TARGETS];
  ol_policy_asset assets[OL_POLICY_ASSETS];
};

/* What a signature spent of one asset. */
typedef struct ol_budget_record {
  uint64_t at_s;
  uint64_t chain_id;
  uint64_t nonce;
  ol_address asset;
  ol_address account;
  ol_u256 amount;
  bool first; /* of its signature's records */
  bool has_nonce;
} ol_budget_record;

typedef struct ol_budget_asset {
  uint64_t chain_id;
  ol_address address;
  ol_u256 amount; /* since ever */
} ol_budget_asset;

struct ol_budget {
  uint64_t sequence;
  uint64_t last_s; /* when the last signature was made */
  uint32_t record_count;
  uint32_t asset_count;
  ol_budget_record records[OL_BUDGET_RECORDS]; /* the oldest first */
  ol_budget_asset assets[OL_BUDGET_ASSETS];
};

/* Returns: how many signatures were made in the last `seconds`, up to a day. */
uint64_t ol_budget_signatures(const ol_budget *budget, uint64_t seconds, uint64_t now_s) OL_NONNULL;

/* Out: all that an intent spends of the asset of one of its effects; the highest number stands for sums beyond it. */
void ol_intent_amount(ol_u256 *out, const ol_intent *intent, uint32_t effect) OL_NONNULL;

/* Out: by how much that raises what was spent: less what signatures of the same nonce spend of the asset. */
void ol_budget_rise(ol_u256 *out, const ol_budget *budget, const ol_intent *intent,
                    uint32_t effect) OL_NONNULL;

/* Returns: whether an effect spends, and none before it is of the same asset: each asset is counted once. */
bool ol_intent_spends(const ol_intent *intent, uint32_t effect) OL_NONNULL;

/* Returns: whether there is room to remember an intent, once what is older than a day is forgotten. */
bool ol_budget_has_room(const ol_budget *budget, const ol_intent *intent, uint64_t now_s) OL_NONNULL;

/* Adds numbers; the highest stands for sums beyond it. */
void ol_amount_add(ol_u256 *to, const ol_u256 *amount) OL_NONNULL;

#endif
