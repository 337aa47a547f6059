/* SPDX-License-Identifier: MIT */
#include "wallet/intent.h"

#include "encoding/abi.h"
#include "ledger/known.h"
#include "openledger/abi.h"
#include "rollup/u256.h"

#include "base/poison.h"

ol_effect *ol_intent_effect(ol_intent *intent, ol_effect_kind kind) {
  OL_ASSERT(intent->effect_count < OL_INTENT_EFFECTS);
  ol_effect *effect = &intent->effects[intent->effect_count++];
  *effect = (ol_effect){.kind = kind};
  return effect;
}

bool ol_is_unlimited(const ol_u256 *amount, uint32_t bits) {
  if (!ol_is_zero(ol_slice_of(amount->bytes, 16))) return true;
  for (size_t i = sizeof amount->bytes - bits / 8; i < sizeof amount->bytes; i++) {
    if (amount->bytes[i] != 0xff) return false;
  }
  return true;
}

const ol_known_contract *ol_known_find(const ol_known_contract *contracts, size_t count, uint64_t chain_id,
                                       const ol_address *address) {
  for (size_t i = 0; i < count; i++) {
    if (contracts[i].chain_id == chain_id && ol_address_equal(&contracts[i].address, address))
      return &contracts[i];
  }
  return NULL;
}

/* --- What calls do --- */

/*
 * Where a recipe finds what an effect needs: in a word of the head of the arguments, or apart from them. Heads of
 * tuples and arrays count as the words that they are.
 */
enum {
  TARGET = 16, /* the contract that is called */
  ASSET,       /* the token that it takes */
  SELF,        /* the account */
  NATIVE,      /* the native asset */
  VALUE,       /* what the transaction pays */
  ONE,         /* 1, of what cannot be divided */
  NONE,
};

/* What a function does. It is of any contract, or of the kinds of contract in `kinds`. */
typedef struct recipe {
  uint32_t selector;
  uint16_t kinds; /* bits; ANY for all */
  uint8_t effect; /* an ol_effect_kind; 0 for none */
  uint8_t asset;
  uint8_t party;
  uint8_t amount;
  uint8_t owner;  /* whose it must be that there is an effect; NONE for the account's */
  uint8_t empty;  /* a value of type bytes that must be empty, or what is done is not known; NONE for none */
  uint8_t within; /* a number that must not be above the amount, the same */
  const char *signature; /* of those of ANY; the others are in the table of known functions */
} recipe;

#define ANY 0
#define KIND(kind) (uint16_t)(1u << (kind))
#define WRAPPERS (KIND(OL_KNOWN_GOPEN) | KIND(OL_KNOWN_WOPEN))
#define GOVERNOR KIND(OL_KNOWN_GOVERNOR)
#define STAKING KIND(OL_KNOWN_STAKING)
#define BRIDGE KIND(OL_KNOWN_BRIDGE)
#define PORTAL KIND(OL_KNOWN_PORTAL)
#define SPEND OL_EFFECT_SPEND
#define ALLOW OL_EFFECT_ALLOW
#define ALLOW_ALL OL_EFFECT_ALLOW_ALL
#define VOTE OL_EFFECT_VOTE

/* clang-format off */
static const recipe recipes[] = {
    /* ERC-20, and what ERC-721 has of the same form */
    {0xa9059cbb, ANY, SPEND, TARGET, 0, 1, NONE, NONE, NONE, "transfer(address to,uint256 amount)"},
    {0x23b872dd, ANY, SPEND, TARGET, 1, 2, 0, NONE, NONE, "transferFrom(address from,address to,uint256 amount)"},
    {0x095ea7b3, ANY, ALLOW, TARGET, 0, 1, NONE, NONE, NONE, "approve(address spender,uint256 amount)"},
    {0x39509351, ANY, ALLOW, TARGET, 0, 1, NONE, NONE, NONE, "increaseAllowance(address spender,uint256 added)"},
    {0xa457c2d7, ANY, 0, NONE, NONE, NONE, NONE, NONE, NONE, "decreaseAllowance(address spender,uint256 subtracted)"},
    {0xd505accf, ANY, ALLOW, TARGET, 1, 2, 0, NONE, NONE, "permit(address owner,address spender,uint256 amount,uint256 deadline,uint8 v,bytes32 r,bytes32 s)"},
    /* ERC-721, ERC-1155 */
    {0x42842e0e, ANY, SPEND, TARGET, 1, ONE, 0, NONE, NONE, "safeTransferFrom(address from,address to,uint256 id)"},
    {0xb88d4fde, ANY, SPEND, TARGET, 1, ONE, 0, NONE, NONE, "safeTransferFrom(address from,address to,uint256 id,bytes data)"},
    {0xf242432a, ANY, SPEND, TARGET, 1, 3, 0, NONE, NONE, "safeTransferFrom(address from,address to,uint256 id,uint256 amount,bytes data)"},
    {0xa22cb465, ANY, ALLOW_ALL, TARGET, 0, 1, NONE, NONE, NONE, "setApprovalForAll(address operator,bool approved)"},
    /* OpenLedger's, where there is more to say than that they pay */
    {0x42966c68, KIND(OL_KNOWN_OPEN), SPEND, TARGET, NONE, 0, NONE, NONE, NONE, NULL},
    {0x2e1a7d4d, WRAPPERS, SPEND, TARGET, SELF, 0, NONE, NONE, NONE, NULL},
    {0x5c19a95c, KIND(OL_KNOWN_GOPEN), VOTE, NONE, 0, NONE, NONE, NONE, NONE, NULL},
    {0xc3cda520, KIND(OL_KNOWN_GOPEN), 0, NONE, NONE, NONE, NONE, NONE, NONE, NULL},
    {0x56781388, GOVERNOR, VOTE, NONE, TARGET, NONE, NONE, NONE, NONE, NULL},
    {0x7b3c71d3, GOVERNOR, VOTE, NONE, TARGET, NONE, NONE, NONE, NONE, NULL},
    {0x5f398a14, GOVERNOR, VOTE, NONE, TARGET, NONE, NONE, NONE, NONE, NULL},
    {0x6e9c931c, STAKING, SPEND, ASSET, 1, 2, NONE, NONE, NONE, NULL},
    {0x08c3c4d5, STAKING, SPEND, ASSET, TARGET, 1, NONE, NONE, NONE, NULL},
    {0xab272ba8, KIND(OL_KNOWN_ATTRIBUTION), SPEND, 2, TARGET, 3, NONE, NONE, NONE, NULL},
    /* what crosses between the layers goes to whom it is for there; a call that comes along does what is not known */
    {0x540abf73, BRIDGE, SPEND, 0, 2, 3, NONE, 5, NONE, NULL},
    {0x87087623, BRIDGE, SPEND, 0, SELF, 2, NONE, 4, NONE, NULL},
    {0xe11013dd, BRIDGE, SPEND, NATIVE, 0, VALUE, NONE, 2, NONE, NULL},
    {0x09fc8843, BRIDGE, SPEND, NATIVE, SELF, VALUE, NONE, 1, NONE, NULL},
    {0xc2b3e5ac, KIND(OL_KNOWN_PASSER), SPEND, NATIVE, 0, VALUE, NONE, 2, NONE, NULL},
    {0xe9e05c42, PORTAL, SPEND, NATIVE, 0, VALUE, NONE, 4, 1, NULL},
    {0x149f2f22, PORTAL, SPEND, ASSET, 0, 1, NONE, 5, 2, NULL},
};
/* clang-format on */

static const recipe *recipe_of(uint32_t selector, const ol_known_contract *contract) {
  for (size_t i = 0; i < sizeof recipes / sizeof *recipes; i++) {
    const recipe *of = &recipes[i];
    if (of->selector != selector) continue;
    if (of->kinds == ANY || (contract != NULL && (of->kinds >> contract->kind & 1) != 0)) return of;
  }
  return NULL;
}

/* A call whose input was read, and is canonical. */
typedef struct call {
  const ol_intent *intent;
  const ol_known_contract *contract;
  ol_slice input;
} call;

static ol_u256 word_at(const call *of, uint8_t index) {
  ol_u256 word;
  memcpy(word.bytes, of->input.data + 4 + index * sizeof word, sizeof word);
  return word;
}

static ol_address address_at(const call *of, uint8_t place) {
  ol_address address = {{0}};
  if (place == TARGET) return of->intent->target;
  if (place == SELF) return of->intent->account;
  if (place == ASSET && of->contract != NULL) return of->contract->asset;
  if (place >= TARGET) return address;
  const ol_u256 word = word_at(of, place);
  memcpy(address.bytes, word.bytes + 12, sizeof address.bytes);
  return address;
}

static ol_u256 amount_at(const call *of, uint8_t place) {
  if (place == VALUE) return of->intent->value;
  if (place == ONE) return ol_abi_u64(1);
  return place < TARGET ? word_at(of, place) : ol_abi_u64(0);
}

/* Whether the value of type bytes that a word of the head leads to is empty. */
static bool is_empty_at(const call *of, uint8_t index) {
  const ol_u256 offset = word_at(of, index);
  const uint8_t *length = of->input.data + 4 + ol_load_be64(offset.bytes + 24);
  return ol_is_zero(ol_slice_of(length, sizeof(ol_u256)));
}

static void add_unknown(ol_intent *intent) {
  ol_intent_effect(intent, OL_EFFECT_UNKNOWN)->party = intent->target;
  intent->is_known = 0;
}

/* Adds what a recipe says. Returns: whether it says where the transaction's value goes. */
static bool follow(ol_intent *intent, const recipe *of, const call *from) {
  const ol_u256 amount = amount_at(from, of->amount), within = amount_at(from, of->within);
  if ((of->empty != NONE && !is_empty_at(from, of->empty)) || memcmp(&within, &amount, sizeof amount) > 0)
    add_unknown(intent);
  if (of->effect == 0) return false;
  const ol_address owner = of->owner == NONE ? intent->account : address_at(from, of->owner);
  if (!ol_address_equal(&owner, &intent->account)) return false;
  if ((of->effect == ALLOW_ALL || of->effect == SPEND) && ol_u256_is_zero(&amount)) return false;
  ol_effect *effect = ol_intent_effect(intent, (ol_effect_kind)of->effect);
  effect->asset = address_at(from, of->asset);
  effect->party = address_at(from, of->party);
  if (of->effect == SPEND || of->effect == ALLOW) effect->amount = amount;
  if (of->effect == ALLOW) effect->unlimited = ol_is_unlimited(&amount, 256);
  return of->amount == VALUE;
}

/* Reads the input of a call by its signature. What cannot be read, or in two ways, is not known. */
static ol_status read_input(ol_error *error, ol_intent *intent, bool *out_read, const char *signature,
                            ol_slice input, void *memory, size_t len) {
  const ol_slice text = ol_slice_of(signature, ol_text_len(signature));
  ol_abi_decoded decoded;
  ol_status status = ol_abi_decode_text(error, &decoded, text, OL_ABI_INPUT, input, memory, len);
  *out_read = status == OL_OK && decoded.canonical != 0;
  if (status == OL_ERR_MEMORY) return status;
  ol_error_clear(error);
  if (!*out_read) return OL_OK;
  intent->signature = text;
  intent->arguments = decoded.json;
  return OL_OK;
}

/*
 * Reads what is called, and adds what it does. Without a recipe, what is known of OpenLedger's contracts has no effect
 * but what it pays, unless the table says that it spends or allows.
 * Out: whether it says where the transaction's value goes.
 */
static ol_status decode_call(ol_error *error, ol_intent *intent, bool *out_sent,
                             const ol_known_contract *contract, ol_slice input, void *memory, size_t len) {
  const call from = {.intent = intent, .contract = contract, .input = input};
  const ol_known *known = NULL;
  if (contract != NULL) {
    const char *name = ol_known_name((ol_known_kind)contract->kind);
    known = ol_known_of((ol_known_kind)contract->kind, intent->selector);
    intent->contract = ol_slice_of(name, ol_text_len(name));
  }
  const recipe *of = recipe_of(intent->selector, contract);
  bool read = false;
  if (known != NULL || of != NULL)
    OL_TRY(read_input(error, intent, &read, known != NULL ? known->signature : of->signature, input, memory,
                      len));
  const bool harmless = of == NULL && known != NULL && (known->effects & ~OL_KNOWN_PAYS) == 0;
  if (!read || (of == NULL && !harmless))
    add_unknown(intent);
  else if (of != NULL)
    *out_sent = follow(intent, of, &from);
  return OL_OK;
}

/* --- Transactions --- */

#define GAS_PER_BLOB 131072u /* EIP-4844 */

/* What gas and blobs cost at most. */
static ol_status add_fee(ol_error *error, ol_intent *intent, const ol_transaction *of) {
  const ol_u256 gas = ol_u256_of(of->gas_limit);
  const bool priced = of->type == OL_TX_LEGACY || of->type == OL_TX_ACCESS_LIST;
  ol_slice hashes = of->blob_hashes;
  uint64_t blob_gas = 0;
  for (ol_hash hash; ol_hash_next(&hashes, &hash);) blob_gas += GAS_PER_BLOB;
  ol_u256 fee, blobs = ol_u256_of(blob_gas);
  if (!ol_u256_mul(&fee, &gas, priced ? &of->gas_price : &of->max_fee_per_gas) ||
      !ol_u256_mul(&blobs, &blobs, &of->max_fee_per_blob_gas) || !ol_u256_add(&fee, &fee, &blobs))
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "the fee needs more than 256 bits");
  ol_intent_effect(intent, OL_EFFECT_FEE)->amount = fee;
  return OL_OK;
}

static void add_value(ol_intent *intent) {
  if (ol_u256_is_zero(&intent->value)) return;
  ol_effect *effect = ol_intent_effect(intent, OL_EFFECT_SPEND);
  effect->party = intent->target;
  effect->amount = intent->value;
}

ol_status ol_intent_of_transaction(ol_error *error, ol_intent *out, const ol_transaction *transaction,
                                   const ol_address *account, const ol_known_contract *contracts,
                                   size_t contracts_len, void *memory, size_t len) {
  ol_intent intent = {.kind = OL_INTENT_TRANSACTION,
                      .is_known = 1,
                      .chain_id = transaction->chain_id,
                      .account = *account,
                      .target = transaction->to,
                      .has_nonce = 1,
                      .nonce = transaction->nonce,
                      .gas_limit = transaction->gas_limit,
                      .value = transaction->value};
  ol_error_clear(error);
  if (transaction->type == OL_TX_DEPOSIT)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "deposits are not signed");
  ol_transaction_signing_hash(&intent.digest, transaction);
  OL_TRY(add_fee(error, &intent, transaction));
  bool sent = false;
  if (transaction->is_create != 0) {
    ol_intent_effect(&intent, OL_EFFECT_CREATE);
  } else if (transaction->data.len > 0) {
    const ol_known_contract *contract =
        ol_known_find(contracts, contracts_len, transaction->chain_id, &transaction->to);
    intent.has_call = 1;
    for (size_t i = 0; i < 4 && i < transaction->data.len; i++)
      intent.selector |= (uint32_t)transaction->data.data[i] << (24 - 8 * i);
    OL_TRY(decode_call(error, &intent, &sent, contract, transaction->data, memory, len));
  }
  if (!sent) add_value(&intent);
  *out = intent;
  return OL_OK;
}
