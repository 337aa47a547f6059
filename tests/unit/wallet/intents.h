/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_INTENTS_H
#define OL_TESTS_INTENTS_H

/* Intents as they come out of decoding, for those who judge them. */

#include "encoding/abi.h"
#include "wallet/policy.h"

#include "unit/bytes.h"

static inline ol_address address_of(uint8_t byte) {
  ol_address address;
  memset(&address, byte, sizeof address);
  return address;
}

/* The native asset. */
static const ol_address NATIVE;

#define ALICE address_of(0xa1)
#define BOB address_of(0xb0)
#define CAROL address_of(0xca)
#define TOKEN address_of(0x70)

/* Alice sends Bob so much of the native asset, for a fee of 21. */
static inline ol_intent a_transfer(uint64_t amount) {
  ol_intent intent = {.kind = OL_INTENT_TRANSACTION,
                      .is_known = 1,
                      .chain_id = 1612,
                      .account = ALICE,
                      .target = BOB,
                      .has_nonce = 1,
                      .effect_count = 2,
                      .gas_limit = 21000,
                      .value = ol_abi_u64(amount)};
  memset(&intent.digest, 0xd1, sizeof intent.digest);
  intent.effects[0] = (ol_effect){.kind = OL_EFFECT_SPEND, .party = BOB, .amount = ol_abi_u64(amount)};
  intent.effects[1] = (ol_effect){.kind = OL_EFFECT_FEE, .amount = ol_abi_u64(21)};
  return intent;
}

/* Alice sends Bob so much of a token, without a fee. */
static inline ol_intent a_token_transfer(uint64_t amount) {
  ol_intent intent = a_transfer(0);
  intent.target = TOKEN;
  intent.has_call = 1;
  intent.selector = 0xa9059cbb;
  intent.effect_count = 1;
  intent.effects[0] =
      (ol_effect){.kind = OL_EFFECT_SPEND, .asset = TOKEN, .party = BOB, .amount = ol_abi_u64(amount)};
  return intent;
}

/* Alice lets Bob take so much of a token. */
static inline ol_intent an_approval(uint64_t amount) {
  ol_intent intent = a_token_transfer(amount);
  intent.selector = 0x095ea7b3;
  intent.effects[0].kind = OL_EFFECT_ALLOW;
  return intent;
}

static inline ol_intent a_message(void) {
  return (ol_intent){.kind = OL_INTENT_MESSAGE, .is_known = 1, .account = ALICE};
}

#endif
