/* SPDX-License-Identifier: MIT */
#include "base/base.h"
#include "openledger/fee.h"

#include "base/poison.h"

/*
 * FastLZ, level 1, as far as it tells the length of its output (OP Stack specification, "Fjord: fees"). Runs of
 * bytes that are not found again are cut into pieces of 32, each behind a byte; what is found again costs two bytes,
 * or three from a length of 9 on, for each 262 bytes.
 */
#define HASH_BITS 13
#define MOST_DISTANCE 0x1fff
#define RUN 32
#define MATCH 262
#define TAIL 13 /* bytes at the end in which no match begins */

static uint32_t three_bytes(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16;
}

static uint32_t slot_of(uint32_t three) {
  return three * 2654435769u >> (32 - HASH_BITS);
}

static size_t run_cost(size_t len) {
  size_t rest = len % RUN;
  return (RUN + 1) * (len / RUN) + (rest > 0 ? rest + 1 : 0);
}

static size_t match_cost(size_t len) {
  return 3 * (len / MATCH) + (len % MATCH >= 6 ? 3 : 2);
}

uint32_t ol_fastlz_size(const uint8_t *bytes, size_t len) {
  uint32_t seen[1 << HASH_BITS] = {0}; /* where three bytes of this hash were last */
  size_t limit = len < TAIL ? 0 : len - TAIL, done = 0, cost = 0, at = 2;
  while (at < limit) {
    uint32_t three = three_bytes(bytes + at), slot = slot_of(three), before = seen[slot];
    seen[slot] = (uint32_t)at;
    bool found = at - before <= MOST_DISTANCE && three_bytes(bytes + before) == three;
    /* The last place of all is looked up, but nothing begins there. */
    if (!found || at + 1 == limit) {
      at++;
      continue;
    }
    cost += run_cost(at - done);
    size_t more = 0, most = limit + 9 - (at + 3); /* bytes of the match behind the first three */
    while (more < most && bytes[before + 3 + more] == bytes[at + 3 + more]) more++;
    /* The reference counts the byte that differs too, and from there subtracts one. */
    size_t match = more < most ? more + 1 : most;
    cost += match_cost(match - 1);
    at += match;
    for (size_t i = 0; i < 2; i++, at++) seen[slot_of(three_bytes(bytes + at))] = (uint32_t)at;
    done = at;
  }
  cost += run_cost(len - done);
  return cost < UINT32_MAX ? (uint32_t)cost : UINT32_MAX;
}
