/* SPDX-License-Identifier: MIT */
#include "wallet/wallet.h"

#include "base/poison.h"

static ol_status refuse(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
}

/* --- What waits --- */

static ol_wallet_proposal *waiting(ol_wallet *wallet, const ol_hash *digest, uint64_t now_ms) {
  for (uint32_t i = 0; i < OL_WALLET_PROPOSALS; i++) {
    ol_wallet_proposal *of = &wallet->proposals[i];
    if (!of->is_waiting || !ol_hash_equal(&of->intent.digest, digest)) continue;
    const uint64_t age = now_ms > of->at_ms ? now_ms - of->at_ms : 0;
    return age < OL_WALLET_PROPOSAL_MS ? of : NULL;
  }
  return NULL;
}

/* Returns: where a proposal goes: to that of the same digest, a free place, or the oldest. */
static ol_wallet_proposal *place_for(ol_wallet *wallet, const ol_hash *digest) {
  ol_wallet_proposal *place = &wallet->proposals[0];
  for (uint32_t i = 0; i < OL_WALLET_PROPOSALS; i++) {
    ol_wallet_proposal *of = &wallet->proposals[i];
    if (of->is_waiting && ol_hash_equal(&of->intent.digest, digest)) return of;
    if (place->is_waiting && (!of->is_waiting || of->at_ms < place->at_ms)) place = of;
  }
  return place;
}

static void decide(const ol_wallet *wallet, ol_decision *out, const ol_intent *intent, uint64_t now_ms) {
  if (wallet->policy_len > 0) {
    ol_policy_decide(out, &wallet->policy, &wallet->budget, intent, now_ms / 1000);
    return;
  }
  *out = (ol_decision){
      .verdict = OL_VERDICT_ASK, .reason = OL_POLICY_ABSENT, .effect = OL_NOWHERE, .digest = intent->digest};
}

static void propose(ol_wallet *wallet, ol_decision *out, const ol_intent *intent, uint32_t account,
                    uint64_t now_ms) {
  decide(wallet, out, intent, now_ms);
  if (out->verdict == OL_VERDICT_DENY) return;
  ol_wallet_proposal *place = place_for(wallet, &intent->digest);
  *place = (ol_wallet_proposal){.is_waiting = true, .at_ms = now_ms, .account = account, .intent = *intent};
  place->intent.contract = place->intent.signature = place->intent.arguments = (ol_slice){0};
}

/* --- Proposing --- */

static ol_status use_account(ol_error *error, ol_wallet *wallet, uint32_t *out, const ol_address *account,
                             uint64_t now_ms) {
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  *out = ol_wallet_account_of(wallet, account);
  return *out == OL_NOWHERE ? refuse(error, "the wallet has no such account") : OL_OK;
}

ol_status ol_wallet_propose_transaction(ol_error *error, ol_wallet *wallet, ol_decision *out,
                                        const ol_address *account, ol_slice unsigned_bytes, uint64_t now_ms,
                                        void *memory, size_t len) {
  ol_transaction transaction;
  ol_intent intent;
  ol_hash digest;
  uint32_t index;
  OL_TRY(use_account(error, wallet, &index, account, now_ms));
  OL_TRY(ol_transaction_decode_unsigned(error, &transaction, unsigned_bytes.data, unsigned_bytes.len));
  OL_TRY(ol_transaction_to_sign(error, &digest, &transaction, transaction.chain_id, 0));
  OL_TRY(ol_intent_of_transaction(error, &intent, &transaction, account, wallet->config.contracts,
                                  wallet->config.contracts_len, memory, len));
  OL_ASSERT(ol_hash_equal(&digest, &intent.digest));
  propose(wallet, out, &intent, index, now_ms);
  return OL_OK;
}

ol_status ol_wallet_propose_typed_data(ol_error *error, ol_wallet *wallet, ol_decision *out,
                                       const ol_address *account, ol_slice document, uint64_t chain_id,
                                       uint64_t now_ms, void *memory, size_t len) {
  ol_address own[OL_WALLET_ACCOUNTS];
  ol_typed_data data;
  ol_intent intent;
  uint32_t index;
  OL_TRY(use_account(error, wallet, &index, account, now_ms));
  OL_TRY(ol_typed_data_read(error, &data, document, memory, len));
  for (uint32_t i = 0; i < wallet->account_count; i++) own[i] = wallet->accounts[i].address;
  OL_TRY(ol_typed_data_check(error, &data, chain_id, own, wallet->account_count));
  ol_intent_of_typed_data(&intent, &data, account, wallet->config.contracts, wallet->config.contracts_len);
  propose(wallet, out, &intent, index, now_ms);
  return OL_OK;
}

ol_status ol_wallet_propose_message(ol_error *error, ol_wallet *wallet, ol_decision *out,
                                    const ol_address *account, ol_slice message, uint64_t now_ms) {
  ol_intent intent;
  uint32_t index;
  OL_TRY(use_account(error, wallet, &index, account, now_ms));
  OL_TRY(ol_intent_of_message(error, &intent, message.data, message.len, account));
  propose(wallet, out, &intent, index, now_ms);
  return OL_OK;
}

ol_status ol_wallet_propose_authorization(ol_error *error, ol_wallet *wallet, ol_decision *out,
                                          const ol_address *account, const ol_authorization *authorization,
                                          uint64_t now_ms) {
  ol_intent intent;
  uint32_t index;
  OL_TRY(use_account(error, wallet, &index, account, now_ms));
  ol_intent_of_authorization(&intent, authorization, account);
  propose(wallet, out, &intent, index, now_ms);
  return OL_OK;
}

/* --- Signing --- */

ol_status ol_wallet_approve(ol_error *error, ol_wallet *wallet, const ol_hash *digest, uint64_t now_ms) {
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  ol_wallet_proposal *of = waiting(wallet, digest, now_ms);
  if (of == NULL) return refuse(error, "nothing waits by this digest");
  of->is_approved = true;
  return OL_OK;
}

void ol_wallet_reject(ol_wallet *wallet, const ol_hash *digest) {
  for (uint32_t i = 0; i < OL_WALLET_PROPOSALS; i++) {
    ol_wallet_proposal *of = &wallet->proposals[i];
    if (of->is_waiting && ol_hash_equal(&of->intent.digest, digest)) ol_wipe(of, sizeof *of);
  }
}

ol_status ol_wallet_sign(ol_error *error, ol_wallet *wallet, ol_signature *out, ol_decision *out_decision,
                         const ol_hash *digest, uint64_t now_ms, ol_slice extra_secret) {
  ol_ecdsa_signature signature;
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  ol_wallet_proposal *of = waiting(wallet, digest, now_ms);
  if (of == NULL) return refuse(error, "nothing waits by this digest");
  if (extra_secret.len != 0 && extra_secret.len != 32) return refuse(error, "entropy has 32 bytes, or none");
  decide(wallet, out_decision, &of->intent, now_ms);
  if (out_decision->verdict == OL_VERDICT_DENY)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE,
                   ol_policy_reason_text((ol_policy_reason)out_decision->reason));
  if (out_decision->verdict == OL_VERDICT_ASK && !of->is_approved)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "somebody is to be asked, and has not said yes");
  OL_TRY(ol_ecdsa_sign(error, &signature, &wallet->signer, &of->intent.digest, wallet->keys[of->account],
                       extra_secret.len == 0 ? NULL : extra_secret.data));
  if (wallet->policy_len > 0) OL_TRY(ol_budget_add(error, &wallet->budget, &of->intent, now_ms / 1000));
  memcpy(out->r.bytes, signature.r, sizeof signature.r);
  memcpy(out->s.bytes, signature.s, sizeof signature.s);
  out->y_parity = signature.y_parity;
  ol_wipe(of, sizeof *of);
  return OL_OK;
}
