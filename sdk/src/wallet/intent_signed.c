/* SPDX-License-Identifier: MIT */
#include "encoding/text.h"
#include "ledger/known.h"
#include "openledger/message.h"
#include "wallet/intent.h"

#include "base/poison.h"

/* --- Authorizations --- */

/* A chain whose id needs more than 64 bits is none that a policy can name. */
static uint64_t chain_of(const ol_u256 *id) {
  uint64_t chain = UINT64_MAX;
  (void)ol_u256_to_u64(&chain, id);
  return chain;
}

void ol_intent_of_authorization(ol_intent *out, const ol_authorization *authorization,
                                const ol_address *account) {
  ol_intent intent = {.kind = OL_INTENT_AUTHORIZATION,
                      .is_known = 1,
                      .account = *account,
                      .target = authorization->address,
                      .chain_id = chain_of(&authorization->chain_id),
                      .has_nonce = 1,
                      .nonce = authorization->nonce};
  ol_authorization_signing_hash(&intent.digest, authorization);
  ol_intent_effect(&intent, OL_EFFECT_CODE)->party = authorization->address;
  *out = intent;
}

/* --- Typed data --- */

/* What a known type does, by the paths of its members; what it does not have is NULL. */
typedef struct recipe {
  uint8_t kind;      /* an ol_typed_kind */
  uint8_t effect;    /* an ol_effect_kind; 0 for none */
  uint8_t bits;      /* of the type of the amount, by 8 */
  const char *list;  /* an array; the asset, amount and until are those of each element */
  const char *owner; /* whose it must be */
  const char *asset; /* the verifying contract without */
  const char *party; /* the verifying contract without */
  const char *amount;
  const char *until;
} recipe;

#define SPEND OL_EFFECT_SPEND
#define ALLOW OL_EFFECT_ALLOW
#define VOTE OL_EFFECT_VOTE

/* clang-format off */
static const recipe recipes[] = {
    {OL_TYPED_BALLOT, VOTE, 0, NULL, "voter", NULL, NULL, NULL, NULL},
    {OL_TYPED_EXTENDED_BALLOT, VOTE, 0, NULL, "voter", NULL, NULL, NULL, NULL},
    {OL_TYPED_DELEGATION, VOTE, 0, NULL, NULL, NULL, "delegatee", NULL, NULL},
    {OL_TYPED_PERMIT, ALLOW, 256 / 8, NULL, "owner", NULL, "spender", "value", NULL},
    {OL_TYPED_PERMIT_DAI, ALLOW, 0, NULL, "holder", NULL, "spender", "allowed", NULL},
    {OL_TYPED_PERMIT2_SINGLE, ALLOW, 160 / 8, NULL, NULL, "details.token", "spender", "details.amount", "details.expiration"},
    {OL_TYPED_PERMIT2_BATCH, ALLOW, 160 / 8, "details", NULL, "token", "spender", "amount", "expiration"},
    {OL_TYPED_PERMIT2_TRANSFER, ALLOW, 256 / 8, NULL, NULL, "permitted.token", "spender", "permitted.amount", "deadline"},
    {OL_TYPED_PERMIT2_TRANSFERS, ALLOW, 256 / 8, "permitted", NULL, "token", "spender", "amount", NULL},
    {OL_TYPED_PERMIT2_WITNESS, SPEND, 256 / 8, NULL, NULL, "permitted.token", "witness.to", "permitted.amount", "deadline"},
    {OL_TYPED_TRANSFER_AUTHORIZATION, SPEND, 256 / 8, NULL, "from", NULL, "to", "value", "validBefore"},
    {OL_TYPED_RECEIVE_AUTHORIZATION, SPEND, 256 / 8, NULL, "from", NULL, "to", "value", "validBefore"},
    {OL_TYPED_CANCEL_AUTHORIZATION, 0, 0, NULL, "authorizer", NULL, NULL, NULL, NULL},
};
/* clang-format on */

static const recipe *recipe_of(uint32_t kind) {
  for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++) {
    if (recipes[i].kind == kind) return &recipes[i];
  }
  return NULL;
}

#define PATH_MAX 64

/* Out: the path of a member, in element `index` of a list if there is one. Lists have fewer than ten elements here. */
static const char *path_of(char out[PATH_MAX], const recipe *of, const char *member, size_t index) {
  if (of->list == NULL) return member;
  const size_t list = ol_text_len(of->list), len = ol_text_len(member);
  OL_ASSERT(list + len + 4 <= PATH_MAX && index < 10);
  memcpy(out, of->list, list);
  out[list] = '.';
  out[list + 1] = (char)('0' + index);
  out[list + 2] = '.';
  memcpy(out + list + 3, member, len + 1);
  return out;
}

/* Reads a member of a type that is known, so that it is there. */
static ol_u256 word_of(const ol_typed_data *data, const char *path) {
  ol_error unused;
  ol_u256 word;
  OL_ASSERT(ol_typed_data_word(&unused, &word, data, path) == OL_OK);
  return word;
}

static ol_address address_of(const ol_typed_data *data, const char *path) {
  const ol_u256 word = word_of(data, path);
  ol_address address;
  memcpy(address.bytes, word.bytes + 12, sizeof address.bytes);
  return address;
}

/* Unix seconds; what is later than those are counted is for ever. */
static uint64_t time_of(const ol_u256 *word) {
  uint64_t time = 0;
  (void)ol_u256_to_u64(&time, word);
  return time;
}

static void add_effect(ol_intent *intent, const ol_typed_data *data, const recipe *of, size_t index) {
  char path[PATH_MAX];
  ol_effect *effect = ol_intent_effect(intent, (ol_effect_kind)of->effect);
  effect->party = of->party == NULL ? intent->target : address_of(data, of->party);
  if (of->amount == NULL) return;
  effect->asset = of->asset == NULL ? intent->target : address_of(data, path_of(path, of, of->asset, index));
  effect->amount = word_of(data, path_of(path, of, of->amount, index));
  if (of->bits == 0) { /* a truth: all or nothing */
    effect->unlimited = ol_u256_is_zero(&effect->amount) ? 0 : 1;
    if (effect->unlimited != 0) memset(&effect->amount, 0xff, sizeof effect->amount);
  } else if (of->effect == ALLOW) {
    effect->unlimited = ol_is_unlimited(&effect->amount, (uint32_t)of->bits * 8);
  }
  if (of->until == NULL) return;
  const ol_u256 until = word_of(data, path_of(path, of, of->until, index));
  effect->until = time_of(&until);
}

static bool is_owner(const ol_typed_data *data, const recipe *of, const ol_address *account) {
  if (of->owner == NULL) return true;
  const ol_address owner = address_of(data, of->owner);
  return ol_address_equal(&owner, account);
}

/* Returns: whether all that it does is said. */
static bool add_effects(ol_intent *intent, const ol_typed_data *data) {
  const recipe *of = recipe_of(data->kind);
  const uint32_t needed = OL_TYPED_CHAIN_ID | OL_TYPED_CONTRACT;
  ol_error unused;
  size_t count = 1;
  if (of == NULL || (data->domain.fields & needed) != needed || !is_owner(data, of, &intent->account))
    return false;
  if (of->list != NULL) OL_ASSERT(ol_typed_data_count(&unused, &count, data, of->list) == OL_OK);
  if (count > OL_INTENT_EFFECTS) return false;
  for (size_t i = 0; i < count && of->effect != 0; i++) add_effect(intent, data, of, i);
  return true;
}

void ol_intent_of_typed_data(ol_intent *out, const ol_typed_data *data, const ol_address *account,
                             const ol_known_contract *contracts, size_t contracts_len) {
  ol_intent intent = {.kind = OL_INTENT_TYPED_DATA,
                      .digest = data->digest,
                      .type_hash = data->type_hash,
                      .account = *account,
                      .target = data->domain.verifying_contract,
                      .chain_id = chain_of(&data->domain.chain_id),
                      .signature = data->encoded_type};
  const ol_known_contract *contract =
      ol_known_find(contracts, contracts_len, intent.chain_id, &intent.target);
  if (contract != NULL) intent.contract = ol_slice_text(ol_known_name((ol_known_kind)contract->kind));
  intent.is_known = add_effects(&intent, data) ? 1 : 0;
  if (intent.is_known == 0) ol_intent_effect(&intent, OL_EFFECT_UNKNOWN)->party = intent.target;
  *out = intent;
}

/* --- Messages --- */

ol_status ol_intent_of_message(ol_error *error, ol_intent *out, const uint8_t *bytes, size_t len,
                               const ol_address *account) {
  ol_intent intent = {.kind = OL_INTENT_MESSAGE, .is_known = 1, .account = *account};
  ol_error_clear(error);
  ol_message_digest(&intent.digest, bytes, len);
  if (ol_siwe_is(ol_slice_of(bytes, len))) {
    ol_siwe message;
    OL_TRY(ol_siwe_read(error, &message, ol_slice_of(bytes, len)));
    if (!ol_address_equal(&message.address, account))
      return ol_error_in(error,
                         ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "is not the account that is to sign"),
                         "address", OL_NOWHERE);
    intent.kind = OL_INTENT_SIGN_IN;
    intent.chain_id = message.chain_id;
  }
  *out = intent;
  return OL_OK;
}
