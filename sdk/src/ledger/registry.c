/* SPDX-License-Identifier: MIT */
#include "openledger/registry.h"

#include "ledger/args.h"
#include "rollup/u256.h"

#include "base/poison.h"

/* Selectors: keccak-256 of the signatures in the comments (ledger/known.c has the names of their arguments). */
#define NODE_REGISTER 0x58086775u /* register(address,string,bytes) */
#define NODE_ENDPOINT 0x4229217au /* setEndpoint(address,string) */
#define GRANT_PROPOSE 0x0a7c155eu /* propose(bytes32,uint128[]) */
#define PAYOUT_CLAIM                                                                                         \
  0x4125a8b3u /* claim(uint256,uint64,(address,uint64,uint128,uint128),(bytes32,uint128)[]) */

/* --- Functions of words --- */

/*
 * What each word is: a and A an address, w and r any word, 8 and n a number of 64 bits, o one of 128, b a bool; a, r and n
 * are not zero.
 */
static const struct {
  uint32_t selector;
  const char *words;
} functions[] = {
    [OL_DATANET_CREATE] = {0x9168d484u, "wr8o"},      /* create(bytes32,bytes32,uint64,uint128) */
    [OL_DATANET_UPDATE] = {0xbbe5ace1u, "nr8"},       /* update(uint64,bytes32,uint64) */
    [OL_DATANET_SET_METADATA] = {0x3825d093u, "nw"},  /* setMetadata(uint64,bytes32) */
    [OL_DATANET_SET_MIN_STAKE] = {0xbccdab97u, "no"}, /* setMinStake(uint64,uint128) */
    [OL_DATANET_COMMIT] = {0x681e19b6u, "nr"},        /* commit(uint64,bytes32) */
    [OL_DATANET_REVEAL] = {0x421ef18au, "rr8w"},      /* reveal(uint256,bytes32,uint64,bytes32) */
    [OL_DATANET_APPROVE] = {0x93cdd68bu, "rr"},       /* approve(uint256,bytes32) */
    [OL_DATANET_REJECT] = {0x77d5b82fu, "rb"},        /* reject(uint256,bool) */
    [OL_DATANET_EXPIRE] = {0xbf81bf43u, "r"},         /* expire(uint256) */
    [OL_MODEL_REGISTER] = {0x23bfaecdu,
                           "rwwwoo"}, /* register(bytes32,bytes32,bytes32,bytes32,uint128,uint128) */
    [OL_MODEL_SET_PRICE] = {0xc2c033d9u, "roo"},  /* setPrice(bytes32,uint128,uint128) */
    [OL_MODEL_DEPLOY] = {0x2b85ba38u, "r"},       /* deploy(bytes32) */
    [OL_MODEL_UNDEPLOY] = {0x1edee27bu, "r"},     /* undeploy(bytes32) */
    [OL_NODE_ADD_BOND] = {0x12522ec0u, "a"},      /* addBond(address) */
    [OL_NODE_REVOKE] = {0x74a8f103u, "a"},        /* revoke(address) */
    [OL_NODE_WITHDRAW_BOND] = {0x7529d9dfu, "a"}, /* withdrawBond(address) */
    [OL_BATCH_POST] = {0x9f8c2f87u, "arn"},       /* postBatch(address,bytes32,uint64) */
    [OL_CORPUS_PUBLISH] = {0x70ff241du, "wr"},    /* publishCorpus(bytes32,bytes32) */
    [OL_DISPUTE_OPEN] = {0xadd98c70u, "r"},       /* dispute(bytes32) */
    [OL_DISPUTE_SETTLE] = {0xfc361c38u, "rb"},    /* settle(bytes32,bool) */
    [OL_PAYOUT_FUND] = {0xab272ba8u, "rnAo"},     /* fund(bytes32,uint64,address,uint128) */
    [OL_PAYOUT_RECLAIM] = {0x2dabbeedu, "r"},     /* reclaim(uint256) */
    [OL_GRANT_APPROVE] = {0xb759f954u, "r"},      /* approve(uint256) */
    [OL_GRANT_SUBMIT] = {0xc2b68536u, "rwr"},     /* submit(uint256,uint256,bytes32) */
    [OL_GRANT_REFUSE] = {0x7db8112du, "rw"},      /* refuse(uint256,uint256) */
    [OL_GRANT_ACCEPT] = {0x5477cbdbu, "rwr"},     /* accept(uint256,uint256,bytes32) */
    [OL_GRANT_CANCEL] = {0x40e58ee5u, "r"},       /* cancel(uint256) */
};

/* Returns: bytes of a word that must be zero. */
static size_t padding_of(char kind) {
  switch (kind) {
  case 'a':
  case 'A': return 12;
  case '8':
  case 'n': return 24;
  case 'o': return 16;
  case 'b': return 31;
  default: return 0;
  }
}

static ol_status check_word(ol_error *error, char kind, const ol_u256 *word) {
  const bool has_zero = kind != 'a' && kind != 'r' && kind != 'n';
  if (!ol_is_zero(ol_slice_of(word->bytes, padding_of(kind))) || (kind == 'b' && word->bytes[31] > 1))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "is out of the range of its type");
  if (!has_zero && ol_u256_is_zero(word)) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "is zero");
  return OL_OK;
}

ol_status ol_registry_call(ol_error *error, ol_call *out, const ol_address *registry,
                           ol_registry_function which, const ol_u256 *value, const ol_u256 *words,
                           size_t words_len, void *memory, size_t len) {
  ol_arg args[6];
  ol_error_clear(error);
  if ((size_t)which >= sizeof functions / sizeof *functions)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "function is not known");
  const char *kinds = functions[which].words;
  if (words_len != ol_text_len(kinds))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "function has another number of arguments");
  for (size_t i = 0; i < words_len; i++) {
    OL_TRY(ol_error_in(error, check_word(error, kinds[i], &words[i]), "argument", (uint32_t)i));
    args[i] = (ol_arg){OL_ARG_WORD, "", &words[i], 0};
  }
  return ol_args_call(error, out, registry, value, functions[which].selector, args, words_len, memory, len);
}

/* --- Hashes of words --- */

static void hash_words(ol_hash *out, const ol_u256 *words, size_t count) {
  ol_keccak256(out, words->bytes, count * sizeof *words);
}

static ol_u256 word_of(const ol_hash *hash) {
  ol_u256 word;
  memcpy(word.bytes, hash->bytes, sizeof word.bytes);
  return word;
}

void ol_datanet_commitment(ol_hash *out, uint64_t datanet, const ol_address *contributor,
                           const ol_hash *content, uint64_t size, const ol_hash *salt) {
  const ol_u256 words[] = {ol_abi_u64(datanet), ol_abi_address(contributor), word_of(content),
                           ol_abi_u64(size), word_of(salt)};
  hash_words(out, words, sizeof words / sizeof *words);
}

void ol_model_id(ol_hash *out, const ol_address *owner, const ol_hash *base_model,
                 const ol_hash *adapter_hash) {
  const ol_u256 words[] = {ol_abi_address(owner), word_of(base_model), word_of(adapter_hash)};
  hash_words(out, words, sizeof words / sizeof *words);
}

/* --- Nodes --- */

static ol_status check_endpoint(ol_error *error, ol_slice endpoint) {
  if (endpoint.len > 0) return OL_OK;
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "node has no endpoint");
}

ol_status ol_node_register_call(ol_error *error, ol_call *out, const ol_address *registry,
                                const ol_address *signer, ol_slice endpoint, ol_slice consent,
                                const ol_u256 *bond, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_ADDRESS, "signer", signer, 0},
                         {OL_ARG_TEXT, "endpoint", &endpoint, OL_NODE_ENDPOINT},
                         {consent.len == 0 ? OL_ARG_BYTES : OL_ARG_RSV, "consent", &consent, 0}};
  ol_error_clear(error);
  OL_TRY(check_endpoint(error, endpoint));
  return ol_args_call(error, out, registry, bond, NODE_REGISTER, OL_ARGS(args), memory, len);
}

ol_status ol_node_endpoint_call(ol_error *error, ol_call *out, const ol_address *registry,
                                const ol_address *signer, ol_slice endpoint, void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_ADDRESS, "signer", signer, 0},
                         {OL_ARG_TEXT, "endpoint", &endpoint, OL_NODE_ENDPOINT}};
  ol_error_clear(error);
  OL_TRY(check_endpoint(error, endpoint));
  return ol_args_call(error, out, registry, &ol_nothing, NODE_ENDPOINT, OL_ARGS(args), memory, len);
}

/* --- Grants --- */

static ol_status check_milestones(ol_error *error, const ol_u256 *amounts, size_t count) {
  ol_u256 total = {{0}};
  if (count == 0 || count > OL_GRANT_MILESTONES)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "grant has no milestones, or more than 32");
  for (uint32_t i = 0; i < count; i++) {
    OL_TRY(ol_error_in(error, check_word(error, 'o', &amounts[i]), "amount", i));
    OL_TRY(ol_error_in(error, check_word(error, 'r', &amounts[i]), "amount", i));
    (void)ol_u256_add(&total, &total, &amounts[i]); /* 32 numbers of 128 bits fit */
  }
  return ol_error_in(error, check_word(error, 'o', &total), "total", OL_NOWHERE);
}

ol_status ol_grant_propose_call(ol_error *error, ol_call *out, const ol_address *registry,
                                const ol_hash *metadata, const ol_u256 *amounts, size_t amounts_len,
                                void *memory, size_t len) {
  const ol_arg args[] = {{OL_ARG_WORD, "metadata", metadata, 0},
                         {OL_ARG_WORDS, "amounts", amounts, amounts_len}};
  ol_error_clear(error);
  OL_TRY(check_milestones(error, amounts, amounts_len));
  return ol_args_call(error, out, registry, &ol_nothing, GRANT_PROPOSE, OL_ARGS(args), memory, len);
}

/* --- Payouts --- */

ol_status ol_payout_claim_call(ol_error *error, ol_call *out, const ol_address *registry,
                               const ol_u256 *payout_id, uint64_t index, const ol_split_row *row,
                               const ol_split_sibling *path, size_t path_len, void *memory, size_t len) {
  _Static_assert(sizeof *path == 2 * sizeof(ol_u256), "a sibling is two words");
  const ol_arg args[] = {{OL_ARG_AMOUNT, "payout", payout_id, 0},
                         {OL_ARG_NUMBER, "index", NULL, index},
                         {OL_ARG_ADDRESS, "contributor", &row->contributor, 0},
                         {OL_ARG_NUMBER, "datanet", NULL, row->datanet},
                         {OL_ARG_WORD, "weight", &row->weight, 0},
                         {OL_ARG_WORD, "amount", &row->amount, 0},
                         {OL_ARG_PAIRS, "path", path, path_len}};
  ol_error_clear(error);
  OL_TRY(ol_error_in(error, check_word(error, 'o', &row->weight), "weight", OL_NOWHERE));
  OL_TRY(ol_error_in(error, check_word(error, 'o', &row->amount), "amount", OL_NOWHERE));
  if (path_len > OL_SPLIT_PATH)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "path has more than 64 siblings");
  for (uint32_t i = 0; i < path_len; i++)
    OL_TRY(ol_error_in(error, check_word(error, 'o', &path[i].sum), "sibling", i));
  return ol_args_call(error, out, registry, &ol_nothing, PAYOUT_CLAIM, OL_ARGS(args), memory, len);
}
