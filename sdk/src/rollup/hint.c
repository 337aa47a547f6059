/* SPDX-License-Identifier: MIT */
#include "rollup/hint.h"

#include "encoding/abi.h"

#include "base/poison.h"

#define WORD 32u

/* Code that is being written; memory of the program is laid out by who writes it. */
typedef struct program {
  uint8_t *code;
  size_t len;
} program;

static void put(program *to, const void *bytes, size_t len) {
  OL_ASSERT(len <= OL_HINT_CODE - to->len);
  memcpy(to->code + to->len, bytes, len);
  to->len += len;
}

#define PUT(to, ...)                                                                                         \
  do {                                                                                                       \
    static const uint8_t put_bytes[] = {__VA_ARGS__};                                                        \
    put(to, put_bytes, sizeof put_bytes);                                                                    \
  } while (0)

/* Pushes a place in memory. */
#define PUSH_AT(place) PUSH2, (uint8_t)((place) >> 8), (uint8_t)((place)&0xff)

/* The opcodes used (Ethereum yellow paper, appendix H). */
enum {
  ADD = 0x01,
  MUL = 0x02,
  SUB = 0x03,
  LT = 0x10,
  GT = 0x11,
  EQ = 0x14,
  ISZERO = 0x15,
  AND = 0x16,
  OR = 0x17,
  SHL = 0x1b,
  POP = 0x50,
  MLOAD = 0x51,
  MSTORE = 0x52,
  JUMP = 0x56,
  JUMPI = 0x57,
  GAS = 0x5a,
  JUMPDEST = 0x5b,
  PUSH1 = 0x60,
  PUSH2 = 0x61,
  PUSH4 = 0x63,
  PUSH8 = 0x67,
  PUSH20 = 0x73,
  DUP1 = 0x80,
  SWAP1 = 0x90,
  RETURN = 0xf3,
  STATICCALL = 0xfa
};

/* mem[0] = selector, in the high four bytes */
static void put_selector(program *to, uint32_t selector) {
  uint8_t push[5] = {PUSH4};
  ol_store_be32(push + 1, selector);
  put(to, push, sizeof push);
  PUT(to, PUSH1, 0xe0, SHL, PUSH1, 0, MSTORE);
}

/* mem[at] = mem[from] */
static void put_copy(program *to, uint8_t at, uint16_t from) {
  const uint8_t code[] = {PUSH_AT(from), MLOAD, PUSH1, at, MSTORE};
  put(to, code, sizeof code);
}

/* Calls with mem[0 .. in_len), and has what comes at mem[out .. out + out_len). Failure shows as zeros. */
static void put_call(program *to, const ol_address *contract, uint8_t in_len, uint16_t out, uint8_t out_len) {
  const uint8_t arguments[] = {PUSH1, out_len, PUSH_AT(out), PUSH1, in_len, PUSH1, 0, PUSH20};
  put(to, arguments, sizeof arguments);
  put(to, contract->bytes, sizeof contract->bytes);
  PUT(to, GAS, STATICCALL, POP);
}

/* The same of a contract whose address is in mem[contract]. */
static void put_call_at(program *to, uint16_t contract, uint8_t in_len, uint16_t out, uint8_t out_len) {
  const uint8_t code[] = {PUSH1, out_len,           PUSH_AT(out), PUSH1, in_len,     PUSH1,
                          0,     PUSH_AT(contract), MLOAD,        GAS,   STATICCALL, POP};
  put(to, code, sizeof code);
}

/* Jumps if the top of the stack is not zero. */
static void put_jump_if(program *to, size_t target) {
  const uint8_t code[] = {PUSH_AT(target), JUMPI};
  put(to, code, sizeof code);
}

/* Selectors: keccak-256 of the signatures in the comments */
#define RESPECTED_GAME_TYPE 0x3c9f397cu   /* respectedGameType() */
#define RESPECTED_SINCE 0x4fd0434cu       /* respectedGameTypeUpdatedAt() */
#define ANCHOR_STATE_REGISTRY 0x5c0cba33u /* anchorStateRegistry() */
#define RETIREMENT 0x4086d183u            /* retirementTimestamp() */
#define WAS_RESPECTED 0x250e69bdu         /* wasRespectedGameTypeWhenCreated() */
#define FINALITY_DELAY 0x952b2797u        /* disputeGameFinalityDelaySeconds() */
#define IS_BLACKLISTED 0x45884d32u        /* disputeGameBlacklist(address) */
#define GAME_COUNT 0x4d1975b4u            /* gameCount() */
#define GAME_AT_INDEX 0xbb8aa1fcu         /* gameAtIndex(uint256) */
#define STATUS 0x200d2ed2u                /* status() */
#define RESOLVED_AT 0x19effeb4u           /* resolvedAt() */
#define ROOT_CLAIM 0xbcef3b55u            /* rootClaim() */
#define L2_BLOCK_NUMBER 0x8b85902bu       /* l2BlockNumber() */
#define LATEST_OUTPUT_INDEX 0x69f16eecu   /* latestOutputIndex() */
#define GET_L2_OUTPUT 0xa25ae557u         /* getL2Output(uint256) */
#define FINALIZATION_PERIOD 0xf4daa291u   /* FINALIZATION_PERIOD_SECONDS() */

/* Arguments lie behind the selector in mem[0 ..); what is kept lies from here on. */
#define KEPT 0xc0

/* Where the search for a game keeps what: the result - type, root, L2 block, game, registry, index -, and behind it the search. */
enum {
  KEPT_TYPE = KEPT,
  KEPT_ROOT = KEPT + 0x20,
  KEPT_NUMBER = KEPT + 0x40,
  KEPT_GAME = KEPT + 0x60,
  REGISTRY = KEPT + 0x80,
  INDEX = KEPT + 0xa0,
  FOUND_TYPE = KEPT + 0xc0, /* what gameAtIndex returns: type, timestamp, game */
  FOUND_TIME = KEPT + 0xe0,
  FOUND_GAME = KEPT + 0x100,
  FOUND_STATUS = KEPT + 0x120,
  FOUND_RESOLVED = KEPT + 0x140,
  LIMIT = KEPT + 0x160,
  SINCE = KEPT + 0x180,
  BLACKLISTED = KEPT + 0x1a0,
  JUDGE = KEPT + 0x1c0,
  RESPECTED_TYPE = KEPT + 0x1e0,
  WAS = KEPT + 0x200
};

/* Finds who judges games, and what it goes by. */
static void put_judge(program *to, const ol_address *portal) {
  const uint8_t itself[] = {PUSH20};
  put_selector(to, ANCHOR_STATE_REGISTRY);
  put_call(to, portal, 4, REGISTRY, WORD);
  put(to, itself, sizeof itself);
  put(to, portal->bytes, sizeof portal->bytes);
  PUT(to, PUSH_AT(REGISTRY), MLOAD, ISZERO, MUL, PUSH_AT(REGISTRY), MLOAD, ADD, PUSH_AT(JUDGE), MSTORE);
  put_selector(to, RESPECTED_GAME_TYPE);
  put_call_at(to, JUDGE, 4, RESPECTED_TYPE, WORD);
  put_selector(to, RESPECTED_SINCE); /* a portal has this one */
  put_call_at(to, JUDGE, 4, SINCE, WORD);
  put_selector(to, RETIREMENT); /* and a registry that one, to which games of the same second fall as well */
  put_call_at(to, JUDGE, 4, SINCE, WORD);
  PUT(to, PUSH_AT(REGISTRY), MLOAD, ISZERO, ISZERO, PUSH_AT(SINCE), MLOAD, ADD, PUSH_AT(SINCE), MSTORE);
  put_selector(to, FINALITY_DELAY);
  put_call_at(to, JUDGE, 4, LIMIT, WORD);
}

/*
 * Back to the game before, unless this one is not blacklisted, and of the respected type - or where there is a registry,
 * of one that was respected when it was created; out when it is retired, as all before it are.
 */
static void put_game_checks(program *to, size_t loop, size_t out) {
  PUT(to, PUSH_AT(SINCE), MLOAD, PUSH_AT(FOUND_TIME), MLOAD, LT);
  put_jump_if(to, out);
  PUT(to, PUSH1, 0, PUSH_AT(WAS), MSTORE); /* what the game before said; an older one says nothing */
  put_selector(to, WAS_RESPECTED);
  put_call_at(to, FOUND_GAME, 4, WAS, WORD);
  PUT(to, PUSH_AT(FOUND_TYPE), MLOAD, PUSH_AT(RESPECTED_TYPE), MLOAD, EQ, PUSH_AT(REGISTRY), MLOAD, ISZERO,
      AND);
  PUT(to, PUSH_AT(REGISTRY), MLOAD, ISZERO, ISZERO, PUSH_AT(WAS), MLOAD, AND, OR, ISZERO);
  put_jump_if(to, loop);
  put_selector(to, IS_BLACKLISTED);
  put_copy(to, 4, FOUND_GAME);
  put_call_at(to, JUDGE, 0x24, BLACKLISTED, WORD);
  PUT(to, PUSH_AT(BLACKLISTED), MLOAD);
  put_jump_if(to, loop);
}

/* Back to the game before, unless this one is resolved for the defender and its delay is over; or not yet lost. */
static void put_status_checks(program *to, bool finalized, size_t loop) {
  put_selector(to, STATUS);
  put_call_at(to, FOUND_GAME, 4, FOUND_STATUS, WORD);
  if (!finalized) {
    PUT(to, PUSH1, 1, PUSH_AT(FOUND_STATUS), MLOAD, EQ); /* CHALLENGER_WINS */
    put_jump_if(to, loop);
    return;
  }
  PUT(to, PUSH1, 2, PUSH_AT(FOUND_STATUS), MLOAD, EQ, ISZERO); /* DEFENDER_WINS */
  put_jump_if(to, loop);
  put_selector(to, RESOLVED_AT);
  put_call_at(to, FOUND_GAME, 4, FOUND_RESOLVED, WORD);
  PUT(to, PUSH_AT(LIMIT), MLOAD, PUSH_AT(FOUND_RESOLVED), MLOAD, LT, ISZERO);
  put_jump_if(to, loop);
}

size_t ol_hint_game(uint8_t out[OL_HINT_CODE], const ol_address *factory, const ol_address *portal,
                    uint64_t now, bool finalized) {
  program to = {.code = out};
  uint8_t time[9] = {PUSH8};
  const size_t end = 4;
  PUT(&to, PUSH2, 0, 4 + 7, JUMP);
  PUT(&to, JUMPDEST, PUSH1, 0xc0, PUSH_AT(KEPT), RETURN, JUMPDEST); /* the end; and behind it the beginning */
  put_judge(&to, portal);
  PUT(&to, PUSH_AT(LIMIT), MLOAD);
  ol_store_be64(time + 1, now);
  put(&to, time, sizeof time);
  PUT(&to, SUB, PUSH_AT(LIMIT), MSTORE); /* games that were resolved before this are final */
  put_selector(&to, GAME_COUNT);
  put_call(&to, factory, 4, INDEX, WORD);
  const size_t loop = to.len;
  PUT(&to, JUMPDEST, PUSH_AT(INDEX), MLOAD, ISZERO);
  put_jump_if(&to, end);
  PUT(&to, PUSH1, 1, PUSH_AT(INDEX), MLOAD, SUB, PUSH_AT(INDEX), MSTORE);
  put_selector(&to, GAME_AT_INDEX);
  put_copy(&to, 4, INDEX);
  put_call(&to, factory, 0x24, FOUND_TYPE, 3 * WORD);
  put_game_checks(&to, loop, end);
  put_status_checks(&to, finalized, loop);
  put_selector(&to, ROOT_CLAIM);
  put_call_at(&to, FOUND_GAME, 4, KEPT_ROOT, WORD);
  put_selector(&to, L2_BLOCK_NUMBER);
  put_call_at(&to, FOUND_GAME, 4, KEPT_NUMBER, WORD);
  PUT(&to, PUSH_AT(FOUND_TYPE), MLOAD, PUSH_AT(KEPT_TYPE), MSTORE);
  PUT(&to, PUSH_AT(FOUND_GAME), MLOAD, PUSH_AT(KEPT_GAME), MSTORE, PUSH1, 1);
  put_jump_if(&to, end);
  return to.len;
}

size_t ol_hint_output(uint8_t out[OL_HINT_CODE], const ol_address *oracle, uint64_t now, bool finalized) {
  program to = {.code = out};
  uint8_t time[9] = {PUSH8};
  ol_store_be64(time + 1, finalized && now > 0 ? now - 1 : now); /* final is what is more than a period old */
  if (finalized) {
    put_selector(&to, FINALIZATION_PERIOD);
    put_call(&to, oracle, 4, KEPT + 0x80, WORD);
  }
  put_selector(&to, LATEST_OUTPUT_INDEX);
  put_call(&to, oracle, 4, KEPT, WORD);
  const uint8_t loop[] = {PUSH1, (uint8_t)to.len, JUMP};
  PUT(&to, JUMPDEST);
  put_selector(&to, GET_L2_OUTPUT);
  put_copy(&to, 4, KEPT);
  put_call(&to, oracle, 0x24, KEPT + 0x20, 3 * WORD); /* root, time, L2 block number */
  PUT(&to, PUSH_AT(KEPT + 0x80), MLOAD);
  put(&to, time, sizeof time);
  PUT(&to, SUB, PUSH_AT(KEPT + 0x40), MLOAD, GT, ISZERO); /* the output's time is not above the limit */
  const uint8_t finish = (uint8_t)(to.len + 3 + 5 + 4 + 8 + sizeof loop);
  const uint8_t done[] = {PUSH1, finish, JUMPI};
  put(&to, done, sizeof done);
  PUT(&to, PUSH_AT(KEPT), MLOAD, DUP1); /* the index; there is none before 0 */
  const uint8_t stop[] = {ISZERO, PUSH1, finish, JUMPI};
  put(&to, stop, sizeof stop);
  PUT(&to, PUSH1, 1, SWAP1, SUB, PUSH_AT(KEPT), MSTORE);
  put(&to, loop, sizeof loop);
  OL_ASSERT(to.len == finish);
  PUT(&to, JUMPDEST, PUSH1, 0x80, PUSH_AT(KEPT), RETURN); /* index, root, time, number */
  return to.len;
}

/* --- What comes back --- */

static ol_status nothing(ol_error *error) {
  return ol_fail(error, OL_ERR_REMOTE, OL_NOWHERE, "endpoint knows of no such output root");
}

static ol_status read_root(ol_error *error, ol_hash *out, ol_slice returned, size_t at) {
  ol_u256 word;
  OL_TRY(ol_abi_read_word(error, &word, returned, at));
  if (ol_u256_is_zero(&word)) return nothing(error);
  memcpy(out->bytes, word.bytes, sizeof out->bytes);
  return OL_OK;
}

ol_status ol_hint_read_game(ol_error *error, ol_hint *out, ol_slice returned) {
  ol_hint hint = {.index = 0};
  uint64_t type;
  OL_TRY(ol_abi_read_u64(error, &type, returned, 0));
  OL_TRY(read_root(error, &hint.claim.root, returned, 0x20));
  OL_TRY(ol_abi_read_u64(error, &hint.claim.l2_block, returned, 0x40));
  OL_TRY(ol_abi_read_address(error, &hint.game, returned, 0x60));
  OL_TRY(ol_abi_read_address(error, &hint.registry, returned, 0x80));
  OL_TRY(ol_abi_read_u64(error, &hint.index, returned, 0xa0));
  if (type > UINT32_MAX) return ol_fail(error, OL_ERR_ENCODING, 0, "game type has more than 32 bits");
  hint.claim.game_type = (uint32_t)type;
  *out = hint;
  return OL_OK;
}

ol_status ol_hint_read_output(ol_error *error, ol_hint *out, ol_slice returned) {
  ol_hint hint = {.index = 0};
  OL_TRY(ol_abi_read_u64(error, &hint.index, returned, 0));
  OL_TRY(read_root(error, &hint.claim.root, returned, 0x20));
  OL_TRY(ol_abi_read_u64(error, &hint.claim.l2_block, returned, 0x60));
  *out = hint;
  return OL_OK;
}
