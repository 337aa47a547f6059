/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_KECCAK_ROUND_H
#define OL_CRYPTO_KECCAK_ROUND_H

/*
 * The rounds of Keccak-f[1600], as macros because `lane` is a 64-bit word, or a vector of such words of
 * several states, and the text is the same for all.
 *
 * Six lanes are kept complemented (KECCAK_COMPLEMENT before the first and after the last round): then most
 * of chi's "not a and b" become plain "and" or "or", and five complements a round are left of twenty-five.
 * This is section 2.2 of the Keccak implementation overview. Lane x + 5y of the standard is `in[x + 5 * y]`.
 */

#include "base/base.h"

#define KECCAK_ROTATE(word, by) ((word) << (by) | (word) >> (64 - (by)))

#define KECCAK_COMPLEMENT(s)                                                                                 \
  ((s)[1] = ~(s)[1], (s)[2] = ~(s)[2], (s)[8] = ~(s)[8], (s)[12] = ~(s)[12], (s)[17] = ~(s)[17],             \
   (s)[20] = ~(s)[20])

/* theta's parity of a column */
#define KECCAK_PARITY(in, x) ((in)[x] ^ (in)[(x) + 5] ^ (in)[(x) + 10] ^ (in)[(x) + 15] ^ (in)[(x) + 20])

/* theta's last step on one lane, then rho */
#define KECCAK_LANE(to, from, theta, by)                                                                     \
  (to) = (from) ^ (theta);                                                                                   \
  (to) = KECCAK_ROTATE(to, by)

/* theta, rho, pi, chi and iota (FIPS 202, 3.2) of one round, one row of the output at a time. */
#define KECCAK_ROUND(lane, in, out, constant)                                                                \
  do {                                                                                                       \
    lane b0, b1, b2, b3, b4, not_b;                                                                          \
    lane c0 = KECCAK_PARITY(in, 0), c1 = KECCAK_PARITY(in, 1), c2 = KECCAK_PARITY(in, 2);                    \
    lane c3 = KECCAK_PARITY(in, 3), c4 = KECCAK_PARITY(in, 4);                                               \
    lane d0 = c4 ^ KECCAK_ROTATE(c1, 1), d1 = c0 ^ KECCAK_ROTATE(c2, 1), d2 = c1 ^ KECCAK_ROTATE(c3, 1);     \
    lane d3 = c2 ^ KECCAK_ROTATE(c4, 1), d4 = c3 ^ KECCAK_ROTATE(c0, 1);                                     \
                                                                                                             \
    b0 = (in)[0] ^ d0;                                                                                       \
    KECCAK_LANE(b1, (in)[6], d1, 44);                                                                        \
    KECCAK_LANE(b2, (in)[12], d2, 43);                                                                       \
    KECCAK_LANE(b3, (in)[18], d3, 21);                                                                       \
    KECCAK_LANE(b4, (in)[24], d4, 14);                                                                       \
    (out)[0] = b0 ^ (b1 | b2) ^ (constant);                                                                  \
    (out)[1] = b1 ^ (~b2 | b3);                                                                              \
    (out)[2] = b2 ^ (b3 & b4);                                                                               \
    (out)[3] = b3 ^ (b4 | b0);                                                                               \
    (out)[4] = b4 ^ (b0 & b1);                                                                               \
                                                                                                             \
    KECCAK_LANE(b0, (in)[3], d3, 28);                                                                        \
    KECCAK_LANE(b1, (in)[9], d4, 20);                                                                        \
    KECCAK_LANE(b2, (in)[10], d0, 3);                                                                        \
    KECCAK_LANE(b3, (in)[16], d1, 45);                                                                       \
    KECCAK_LANE(b4, (in)[22], d2, 61);                                                                       \
    (out)[5] = b0 ^ (b1 | b2);                                                                               \
    (out)[6] = b1 ^ (b2 & b3);                                                                               \
    (out)[7] = b2 ^ (b3 | ~b4);                                                                              \
    (out)[8] = b3 ^ (b4 | b0);                                                                               \
    (out)[9] = b4 ^ (b0 & b1);                                                                               \
                                                                                                             \
    KECCAK_LANE(b0, (in)[1], d1, 1);                                                                         \
    KECCAK_LANE(b1, (in)[7], d2, 6);                                                                         \
    KECCAK_LANE(b2, (in)[13], d3, 25);                                                                       \
    KECCAK_LANE(b3, (in)[19], d4, 8);                                                                        \
    KECCAK_LANE(b4, (in)[20], d0, 18);                                                                       \
    not_b = ~b3;                                                                                             \
    (out)[10] = b0 ^ (b1 | b2);                                                                              \
    (out)[11] = b1 ^ (b2 & b3);                                                                              \
    (out)[12] = b2 ^ (not_b & b4);                                                                           \
    (out)[13] = not_b ^ (b4 | b0);                                                                           \
    (out)[14] = b4 ^ (b0 & b1);                                                                              \
                                                                                                             \
    KECCAK_LANE(b0, (in)[4], d4, 27);                                                                        \
    KECCAK_LANE(b1, (in)[5], d0, 36);                                                                        \
    KECCAK_LANE(b2, (in)[11], d1, 10);                                                                       \
    KECCAK_LANE(b3, (in)[17], d2, 15);                                                                       \
    KECCAK_LANE(b4, (in)[23], d3, 56);                                                                       \
    not_b = ~b3;                                                                                             \
    (out)[15] = b0 ^ (b1 & b2);                                                                              \
    (out)[16] = b1 ^ (b2 | b3);                                                                              \
    (out)[17] = b2 ^ (not_b | b4);                                                                           \
    (out)[18] = not_b ^ (b4 & b0);                                                                           \
    (out)[19] = b4 ^ (b0 | b1);                                                                              \
                                                                                                             \
    KECCAK_LANE(b0, (in)[2], d2, 62);                                                                        \
    KECCAK_LANE(b1, (in)[8], d3, 55);                                                                        \
    KECCAK_LANE(b2, (in)[14], d4, 39);                                                                       \
    KECCAK_LANE(b3, (in)[15], d0, 41);                                                                       \
    KECCAK_LANE(b4, (in)[21], d1, 2);                                                                        \
    not_b = ~b1;                                                                                             \
    (out)[20] = b0 ^ (not_b & b2);                                                                           \
    (out)[21] = not_b ^ (b2 | b3);                                                                           \
    (out)[22] = b2 ^ (b3 & b4);                                                                              \
    (out)[23] = b3 ^ (b4 | b0);                                                                              \
    (out)[24] = b4 ^ (b0 & b1);                                                                              \
  } while (0)

/*
 * The loop over the rounds, on copies `a` and `b` that live in registers. Two rounds go round without moving a
 * lane; in WASM one round and a copy (which is only a renaming to the engine) is faster: 255 to 285 ns in V8.
 */
#if defined(__wasm__)
#define KECCAK_ROUNDS(lane, a, b)                                                                            \
  for (size_t round = 0; round < 24; round++) {                                                              \
    KECCAK_ROUND(lane, a, b, keccak_constants[round]);                                                       \
    for (size_t i = 0; i < 25; i++) (a)[i] = (b)[i];                                                         \
  }
#else
#define KECCAK_ROUNDS(lane, a, b)                                                                            \
  for (size_t round = 0; round < 24; round += 2) {                                                           \
    KECCAK_ROUND(lane, a, b, keccak_constants[round]);                                                       \
    KECCAK_ROUND(lane, b, a, keccak_constants[round + 1]);                                                   \
  }
#endif

/* The body of a permutation of `state`, an array of 25 lanes. */
#define KECCAK_PERMUTE(lane, state)                                                                          \
  do {                                                                                                       \
    lane a[25], b[25];                                                                                       \
    for (size_t i = 0; i < 25; i++) a[i] = (state)[i];                                                       \
    KECCAK_COMPLEMENT(a);                                                                                    \
    KECCAK_ROUNDS(lane, a, b);                                                                               \
    KECCAK_COMPLEMENT(a);                                                                                    \
    for (size_t i = 0; i < 25; i++) (state)[i] = a[i];                                                       \
  } while (0)

/* iota's constants (FIPS 202, 3.2.5). */
static const uint64_t keccak_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

static inline uint64_t keccak_load(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

static inline void keccak_store(uint8_t *bytes, uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  memcpy(bytes, &word, sizeof word);
}

#endif
