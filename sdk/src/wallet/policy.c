/* SPDX-License-Identifier: MIT */
#include "wallet/policy.h"

#include "base/poison.h"

const char *ol_verdict_name(ol_verdict verdict) {
  static const char *const names[] = {"allow", "ask", "deny"};
  return (uint32_t)verdict < sizeof names / sizeof *names ? names[verdict] : "unknown";
}

const char *ol_policy_reason_text(ol_policy_reason reason) {
  static const char *const texts[] = {
      [OL_POLICY_FITS] = "nothing in the policy is against it",
      [OL_POLICY_STOPPED] = "the policy is stopped",
      [OL_POLICY_TOO_EARLY] = "the policy does not hold yet",
      [OL_POLICY_EXPIRED] = "the policy does not hold any longer",
      [OL_POLICY_CHAIN] = "for a chain that the policy does not name",
      [OL_POLICY_KIND] = "by the policy's rule for what is of this kind",
      [OL_POLICY_UNKNOWN] = "what it does is not known",
      [OL_POLICY_TARGET] = "by the policy's rule for this contract",
      [OL_POLICY_SELECTOR] = "calls a function of the contract that the policy does not name",
      [OL_POLICY_PAYEE] = "by the policy's rule for this payee",
      [OL_POLICY_NEW_PAYEE] = "the payee is new",
      [OL_POLICY_UNLIMITED] = "an allowance without bound",
      [OL_POLICY_GAS] = "more gas than the policy lets a transaction have",
      [OL_POLICY_ASSET] = "of an asset that the policy does not name",
      [OL_POLICY_TRANSACTION_CAP] = "more than the policy lets go at once",
      [OL_POLICY_HOUR_CAP] = "more than the policy lets go in an hour",
      [OL_POLICY_DAY_CAP] = "more than the policy lets go in a day",
      [OL_POLICY_LIFETIME_CAP] = "more than the policy lets go in all",
      [OL_POLICY_ASK_ABOVE] = "more than the policy lets go unasked",
      [OL_POLICY_MINUTE_RATE] = "more signatures than the policy admits in a minute",
      [OL_POLICY_HOUR_RATE] = "more signatures than the policy admits in an hour",
      [OL_POLICY_DAY_RATE] = "more signatures than the policy admits in a day",
      [OL_POLICY_FULL] = "the budget remembers no more signatures",
      [OL_POLICY_CLOCK] = "the clock is behind what the budget remembers",
      [OL_POLICY_ABSENT] = "there is no policy",
  };
  return (uint32_t)reason < sizeof texts / sizeof *texts ? texts[reason] : "unknown";
}

/* An intent before a policy. What is against it first stands, unless something worse comes. */
typedef struct trial {
  const ol_policy *policy;
  const ol_budget *budget;
  const ol_intent *intent;
  const ol_policy_target *target; /* the policy's entry; NULL for none */
  uint64_t now_s;
  ol_decision *out;
} trial;

static void against(const trial *of, uint32_t verdict, ol_policy_reason reason, uint32_t effect) {
  if (verdict <= of->out->verdict) return;
  of->out->verdict = verdict;
  of->out->reason = reason;
  of->out->effect = effect;
}

static bool exceeds(const ol_u256 *amount, const ol_u256 *bound) {
  return memcmp(amount, bound, sizeof *amount) > 0;
}

static void judge_time_and_chain(const trial *of) {
  const ol_policy *policy = of->policy;
  if (policy->stopped) against(of, OL_VERDICT_DENY, OL_POLICY_STOPPED, OL_NOWHERE);
  if (of->now_s < policy->from) against(of, OL_VERDICT_DENY, OL_POLICY_TOO_EARLY, OL_NOWHERE);
  if (of->now_s > policy->until) against(of, OL_VERDICT_DENY, OL_POLICY_EXPIRED, OL_NOWHERE);
  uint32_t kind = of->intent->kind;
  if (kind == OL_INTENT_MESSAGE) return; /* names no chain */
  for (uint32_t i = 0; i < policy->chain_count; i++) {
    if (policy->chains[i] == of->intent->chain_id) return;
  }
  against(of, OL_VERDICT_DENY, OL_POLICY_CHAIN, OL_NOWHERE);
}

static bool has_effect(const ol_intent *intent, ol_effect_kind kind, uint32_t *out) {
  for (uint32_t i = 0; i < intent->effect_count; i++) {
    if (intent->effects[i].kind != (uint32_t)kind) continue;
    *out = i;
    return true;
  }
  return false;
}

static void judge_kind(const trial *of) {
  const uint8_t *rules = of->policy->rules;
  const ol_intent *intent = of->intent;
  uint32_t effect;
  switch (intent->kind) {
  case OL_INTENT_TRANSACTION: break;
  case OL_INTENT_AUTHORIZATION: against(of, rules[OL_RULE_AUTHORIZATIONS], OL_POLICY_KIND, OL_NOWHERE); break;
  case OL_INTENT_MESSAGE: against(of, rules[OL_RULE_MESSAGES], OL_POLICY_KIND, OL_NOWHERE); break;
  case OL_INTENT_SIGN_IN: against(of, rules[OL_RULE_SIGN_INS], OL_POLICY_KIND, OL_NOWHERE); break;
  case OL_INTENT_TYPED_DATA:
    if (intent->is_known != 0)
      against(of, rules[OL_RULE_KNOWN_TYPES], OL_POLICY_KIND, OL_NOWHERE);
    else
      against(of, rules[OL_RULE_UNKNOWN_TYPES], OL_POLICY_UNKNOWN, OL_NOWHERE);
    break;
  default: against(of, OL_VERDICT_DENY, OL_POLICY_KIND, OL_NOWHERE);
  }
  if (has_effect(intent, OL_EFFECT_CREATE, &effect))
    against(of, rules[OL_RULE_CREATIONS], OL_POLICY_KIND, effect);
}

static const ol_policy_target *target_of(const ol_policy *policy, const ol_address *address) {
  for (uint32_t i = 0; i < policy->target_count; i++) {
    if (ol_address_equal(&policy->targets[i].address, address)) return &policy->targets[i];
  }
  return NULL;
}

static bool names_selector(const ol_policy_target *target, uint32_t selector) {
  for (uint32_t i = 0; i < target->selector_count; i++) {
    if (target->selectors[i] == selector) return true;
  }
  return false;
}

/* Whether it is for a contract, so that targets are looked at. */
static bool is_for_contract(const ol_intent *intent) {
  return intent->kind == OL_INTENT_TYPED_DATA ||
         (intent->kind == OL_INTENT_TRANSACTION && intent->has_call != 0);
}

static void judge_target(const trial *of) {
  const ol_intent *intent = of->intent;
  const ol_policy_target *target = of->target;
  uint32_t effect;
  bool vouched =
      target != NULL && intent->kind == OL_INTENT_TRANSACTION && names_selector(target, intent->selector);
  if (intent->kind == OL_INTENT_TRANSACTION && intent->is_known == 0 && !vouched) {
    effect = OL_NOWHERE;
    (void)has_effect(intent, OL_EFFECT_UNKNOWN, &effect);
    against(of, of->policy->rules[OL_RULE_UNKNOWN_CALLS], OL_POLICY_UNKNOWN, effect);
  }
  if (!is_for_contract(intent)) return;
  if (target == NULL) {
    against(of, of->policy->rules[OL_RULE_OTHER_TARGETS], OL_POLICY_TARGET, OL_NOWHERE);
    return;
  }
  against(of, target->rule, OL_POLICY_TARGET, OL_NOWHERE);
  if (intent->kind == OL_INTENT_TRANSACTION && target->selector_count > 0 && !vouched)
    against(of, OL_VERDICT_DENY, OL_POLICY_SELECTOR, OL_NOWHERE);
}

/* Whether an effect has somebody else get something, or be able to take it. An allowance of nothing ends one. */
static bool has_payee(const ol_intent *intent, const ol_effect *effect) {
  if (ol_address_equal(&effect->party, &intent->account)) return false;
  return effect->kind == OL_EFFECT_SPEND || effect->kind == OL_EFFECT_ALLOW_ALL ||
         (effect->kind == OL_EFFECT_ALLOW && !ol_u256_is_zero(&effect->amount));
}

static void judge_payee(const trial *of, uint32_t index) {
  const ol_policy *policy = of->policy;
  const ol_effect *effect = &of->intent->effects[index];
  if (!has_payee(of->intent, effect)) return;
  /* What a call sends to the contract itself: the target was looked at. */
  if (is_for_contract(of->intent) && effect->kind == OL_EFFECT_SPEND &&
      ol_address_equal(&effect->party, &of->intent->target))
    return;
  for (uint32_t i = 0; i < policy->payee_count; i++) {
    const ol_policy_payee *payee = &policy->payees[i];
    if (!ol_address_equal(&payee->address, &effect->party)) continue;
    against(of, payee->rule, OL_POLICY_PAYEE, index);
    if (of->now_s < payee->since || of->now_s - payee->since < policy->cool_down)
      against(of, OL_VERDICT_ASK, OL_POLICY_NEW_PAYEE, index);
    return;
  }
  against(of, policy->rules[OL_RULE_OTHER_PAYEES], OL_POLICY_PAYEE, index);
}

static void judge_bounds(const trial *of) {
  const ol_intent *intent = of->intent;
  for (uint32_t i = 0; i < intent->effect_count; i++) {
    const ol_effect *effect = &intent->effects[i];
    if (effect->kind == OL_EFFECT_ALLOW_ALL || effect->unlimited != 0)
      against(of, of->policy->rules[OL_RULE_UNLIMITED], OL_POLICY_UNLIMITED, i);
  }
  if (intent->kind == OL_INTENT_TRANSACTION && intent->gas_limit > of->policy->gas)
    against(of, OL_VERDICT_DENY, OL_POLICY_GAS, OL_NOWHERE);
}

static const ol_policy_asset *asset_of(const ol_policy *policy, uint64_t chain_id,
                                       const ol_address *address) {
  for (uint32_t i = 0; i < policy->asset_count; i++) {
    const ol_policy_asset *asset = &policy->assets[i];
    if (asset->chain_id == chain_id && ol_address_equal(&asset->address, address)) return asset;
  }
  return NULL;
}

static void judge_assets(const trial *of) {
  for (uint32_t i = 0; i < of->intent->effect_count; i++) {
    const ol_effect *effect = &of->intent->effects[i];
    bool takes_all = effect->kind == OL_EFFECT_ALLOW_ALL;
    if (!takes_all && !ol_intent_spends(of->intent, i)) continue;
    if (asset_of(of->policy, of->intent->chain_id, &effect->asset) == NULL)
      against(of, of->policy->rules[OL_RULE_OTHER_ASSETS], OL_POLICY_ASSET, i);
  }
}

/* Judges what an intent adds to what was spent of an asset before. In: seconds, 0 for all that there were. */
static void judge_window(const trial *of, uint32_t index, const ol_u256 *bound, uint64_t seconds,
                         ol_policy_reason reason) {
  ol_u256 sum, rise;
  ol_budget_spent(&sum, of->budget, of->intent->chain_id, &of->intent->effects[index].asset, seconds,
                  of->now_s);
  ol_budget_rise(&rise, of->budget, of->intent, index);
  ol_amount_add(&sum, &rise);
  if (exceeds(&sum, bound)) against(of, OL_VERDICT_DENY, reason, index);
}

static void judge_caps(const trial *of) {
  static const struct {
    uint8_t cap;
    uint8_t reason;
    uint32_t seconds;
  } windows[] = {
      {OL_CAP_HOUR, OL_POLICY_HOUR_CAP, 3600},
      {OL_CAP_DAY, OL_POLICY_DAY_CAP, OL_POLICY_DAY},
      {OL_CAP_LIFETIME, OL_POLICY_LIFETIME_CAP, 0},
  };
  for (uint32_t i = 0; i < of->intent->effect_count; i++) {
    if (!ol_intent_spends(of->intent, i)) continue;
    const ol_policy_asset *asset = asset_of(of->policy, of->intent->chain_id, &of->intent->effects[i].asset);
    if (asset == NULL) continue;
    ol_u256 amount;
    ol_intent_amount(&amount, of->intent, i);
    if (exceeds(&amount, &asset->caps[OL_CAP_TRANSACTION]))
      against(of, OL_VERDICT_DENY, OL_POLICY_TRANSACTION_CAP, i);
    for (size_t j = 0; j < sizeof windows / sizeof *windows; j++)
      judge_window(of, i, &asset->caps[windows[j].cap], windows[j].seconds,
                   (ol_policy_reason)windows[j].reason);
    if (exceeds(&amount, &asset->caps[OL_CAP_ASK_ABOVE])) against(of, OL_VERDICT_ASK, OL_POLICY_ASK_ABOVE, i);
  }
}

static void judge_rates(const trial *of) {
  static const uint32_t seconds[OL_POLICY_RATES] = {60, 3600, OL_POLICY_DAY};
  for (uint32_t i = 0; i < OL_POLICY_RATES; i++) {
    if (ol_budget_signatures(of->budget, seconds[i], of->now_s) >= of->policy->rates[i])
      against(of, OL_VERDICT_DENY, (ol_policy_reason)(OL_POLICY_MINUTE_RATE + i), OL_NOWHERE);
  }
  if (!ol_budget_has_room(of->budget, of->intent, of->now_s))
    against(of, OL_VERDICT_DENY, OL_POLICY_FULL, OL_NOWHERE);
  if (of->now_s < of->budget->last_s) against(of, OL_VERDICT_DENY, OL_POLICY_CLOCK, OL_NOWHERE);
}

void ol_policy_decide(ol_decision *out, const ol_policy *policy, const ol_budget *budget,
                      const ol_intent *intent, uint64_t now_s) {
  const trial of = {.policy = policy,
                    .budget = budget,
                    .intent = intent,
                    .target = target_of(policy, &intent->target),
                    .now_s = now_s,
                    .out = out};
  *out = (ol_decision){.effect = OL_NOWHERE, .digest = intent->digest};
  judge_time_and_chain(&of);
  judge_kind(&of);
  judge_target(&of);
  for (uint32_t i = 0; i < intent->effect_count; i++) judge_payee(&of, i);
  judge_bounds(&of);
  judge_assets(&of);
  judge_caps(&of);
  judge_rates(&of);
}
