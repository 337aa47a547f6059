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
  SUB = 0x03,
  GT = 0x11,
  ISZERO = 0x15,
  SHL = 0x1b,
  RETURNDATASIZE = 0x3d,
  RETURNDATACOPY = 0x3e,
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
  const uint8_t push[] = {PUSH4, (uint8_t)(selector >> 24), (uint8_t)(selector >> 16),
                          (uint8_t)(selector >> 8), (uint8_t)selector};
  put(to, push, sizeof push);
  PUT(to, PUSH1, 0xe0, SHL, PUSH1, 0, MSTORE);
}

/* mem[at] = mem[from] */
static void put_copy(program *to, uint8_t at, uint16_t from) {
  const uint8_t code[] = {PUSH_AT(from), MLOAD, PUSH1, at, MSTORE};
  put(to, code, sizeof code);
}

/* mem[at] = value */
static void put_set(program *to, uint8_t at, uint8_t value) {
  const uint8_t code[] = {PUSH1, value, PUSH1, at, MSTORE};
  put(to, code, sizeof code);
}

/* Calls with mem[0 .. in_len), and has what comes at mem[out .. out + out_len). Failure shows as zeros. */
static void put_call(program *to, const ol_address *contract, uint8_t in_len, uint16_t out, uint8_t out_len) {
  const uint8_t arguments[] = {PUSH1, out_len, PUSH_AT(out), PUSH1, in_len, PUSH1, 0, PUSH20};
  put(to, arguments, sizeof arguments);
  put(to, contract->bytes, sizeof contract->bytes);
  PUT(to, GAS, STATICCALL, POP);
}

/* Selectors: keccak-256 of the signatures in the comments */
#define RESPECTED_GAME_TYPE 0x3c9f397cu /* respectedGameType() */
#define GAME_COUNT 0x4d1975b4u          /* gameCount() */
#define FIND_LATEST_GAMES 0x254bd683u   /* findLatestGames(uint32,uint256,uint256) */
#define ANCHORS 0x7258a807u             /* anchors(uint32) */
#define GAMES 0x5f0150cbu               /* games(uint32,bytes32,bytes) */
#define LATEST_OUTPUT_INDEX 0x69f16eecu /* latestOutputIndex() */
#define GET_L2_OUTPUT 0xa25ae557u       /* getL2Output(uint256) */
#define FINALIZATION_PERIOD 0xf4daa291u /* FINALIZATION_PERIOD_SECONDS() */

/* Arguments lie behind the selector in mem[0 ..); what is kept lies from here on. */
#define KEPT 0xc0

size_t ol_hint_newest_game(uint8_t out[OL_HINT_CODE], const ol_address *factory, const ol_address *portal) {
  program to = {.code = out};
  put_selector(&to, RESPECTED_GAME_TYPE);
  put_call(&to, portal, 4, KEPT, WORD);
  put_selector(&to, GAME_COUNT);
  put_call(&to, factory, 4, KEPT + 0x20, WORD);
  put_selector(&to, FIND_LATEST_GAMES);
  put_copy(&to, 4, KEPT);
  PUT(&to, PUSH1, 1, PUSH_AT(KEPT + 0x20), MLOAD, SUB, PUSH1, 0x24, MSTORE); /* from the last one back */
  put_set(&to, 0x44, 1);                                                     /* one of them */
  put_call(&to, factory, 0x64, 0, 0);
  PUT(&to, RETURNDATASIZE, PUSH1, 0, PUSH1, 0, RETURNDATACOPY, RETURNDATASIZE, PUSH1, 0, RETURN);
  return to.len;
}

size_t ol_hint_anchor_game(uint8_t out[OL_HINT_CODE], const ol_address *factory, const ol_address *portal,
                           const ol_address *registry) {
  program to = {.code = out};
  put_selector(&to, RESPECTED_GAME_TYPE);
  put_call(&to, portal, 4, KEPT, WORD);
  put_selector(&to, ANCHORS);
  put_copy(&to, 4, KEPT);
  put_call(&to, registry, 0x24, KEPT + 0x20, 2 * WORD); /* its root, and its L2 block number */
  put_selector(&to, GAMES);
  put_copy(&to, 4, KEPT);
  put_copy(&to, 0x24, KEPT + 0x20);
  put_set(&to, 0x44, 0x60); /* where extraData is, behind the selector; its length; the number */
  put_set(&to, 0x64, 0x20);
  put_copy(&to, 0x84, KEPT + 0x40);
  put_call(&to, factory, 0xa4, 0, WORD); /* the game */
  PUT(&to, PUSH1, 0, MLOAD, PUSH_AT(KEPT + 0x60), MSTORE);
  PUT(&to, PUSH1, 0x80, PUSH_AT(KEPT), RETURN); /* type, root, number, game */
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

/* Checks that a word is a number that the encoding asks for. */
static ol_status expect(ol_error *error, ol_slice returned, size_t at, uint64_t value) {
  uint64_t found;
  OL_TRY(ol_abi_read_u64(error, &found, returned, at));
  return found == value ? OL_OK : ol_fail(error, OL_ERR_ENCODING, at, "is not encoded as a list of games");
}

static ol_status read_root(ol_error *error, ol_hash *out, ol_slice returned, size_t at) {
  ol_u256 word;
  OL_TRY(ol_abi_read_word(error, &word, returned, at));
  if (ol_u256_is_zero(&word)) return nothing(error);
  memcpy(out->bytes, word.bytes, sizeof out->bytes);
  return OL_OK;
}

/* A list of GameSearchResult: index, metadata, timestamp, rootClaim, extraData. */
ol_status ol_hint_read_newest_game(ol_error *error, ol_hint *out, ol_slice returned) {
  ol_hint hint = {.index = 0};
  ol_u256 id;
  uint64_t count;
  if (returned.len == 0) return nothing(error); /* the factory did not answer */
  OL_TRY(expect(error, returned, 0, 0x20));
  OL_TRY(ol_abi_read_u64(error, &count, returned, 0x20));
  if (count == 0) return nothing(error);
  OL_TRY(expect(error, returned, 0x40, 0x20));
  OL_TRY(ol_abi_read_word(error, &id, returned, 0x80));
  OL_TRY(read_root(error, &hint.claim.root, returned, 0xc0));
  OL_TRY(expect(error, returned, 0xe0, 0xa0));
  OL_TRY(expect(error, returned, 0x100, 0x20));
  OL_TRY(ol_abi_read_u64(error, &hint.claim.l2_block, returned, 0x120));
  hint.claim.game_type = ol_game_id_type(&id);
  memcpy(hint.game.bytes, id.bytes + 12, sizeof hint.game.bytes);
  *out = hint;
  return OL_OK;
}

ol_status ol_hint_read_anchor_game(ol_error *error, ol_hint *out, ol_slice returned) {
  ol_hint hint = {.index = 0};
  uint64_t type;
  OL_TRY(ol_abi_read_u64(error, &type, returned, 0));
  OL_TRY(read_root(error, &hint.claim.root, returned, 0x20));
  OL_TRY(ol_abi_read_u64(error, &hint.claim.l2_block, returned, 0x40));
  OL_TRY(ol_abi_read_address(error, &hint.game, returned, 0x60));
  if (ol_address_is_zero(&hint.game)) return nothing(error); /* an anchor that the chain began with */
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
