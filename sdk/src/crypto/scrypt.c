/* SPDX-License-Identifier: MIT */
#include "crypto/scrypt.h"

#include "base/poison.h"

/*
 * The Salsa20/8 core works on the diagonals of a square of 4 by 4 words. Where there are vectors, each diagonal is one,
 * and blocks are kept that way from the beginning to the end: word i of a diagonal form is word 5i mod 16. Without
 * vectors the same code is about words, and blocks are as they come.
 */
#if defined(__SSE2__) || defined(__ARM_NEON)
#define VECTORS 1
#else
#define VECTORS 0
#endif

#define ROTATE(x, bits) ((x) << (bits) | (x) >> (32 - (bits)))

#if VECTORS

typedef uint32_t row __attribute__((vector_size(16)));
#if defined(__clang__)
#define TURN(x, by) __builtin_shufflevector(x, x, (by) % 4, ((by) + 1) % 4, ((by) + 2) % 4, ((by) + 3) % 4)
#else
#define TURN(x, by) __builtin_shuffle(x, (row){(by) % 4, ((by) + 1) % 4, ((by) + 2) % 4, ((by) + 3) % 4})
#endif

/* x becomes the core of (x ^ in ^ more), which is written to `out` as well. */
static inline void salsa(row x[4], row *out, const row *in, const row *more) {
  row a = x[0] ^ in[0], b = x[1] ^ in[1], c = x[2] ^ in[2], d = x[3] ^ in[3];
  if (more != NULL) a ^= more[0], b ^= more[1], c ^= more[2], d ^= more[3];
  row a0 = a, b0 = b, c0 = c, d0 = d;
  for (int i = 0; i < 8; i += 2) {
    b ^= ROTATE(a + d, 7);
    c ^= ROTATE(b + a, 9);
    d ^= ROTATE(c + b, 13);
    a ^= ROTATE(d + c, 18);
    b = TURN(b, 3), c = TURN(c, 2), d = TURN(d, 1);
    d ^= ROTATE(a + b, 7);
    c ^= ROTATE(d + a, 9);
    b ^= ROTATE(c + d, 13);
    a ^= ROTATE(b + c, 18);
    b = TURN(b, 1), c = TURN(c, 2), d = TURN(d, 3);
  }
  out[0] = x[0] = a + a0, out[1] = x[1] = b + b0, out[2] = x[2] = c + c0, out[3] = x[3] = d + d0;
}

#define PLACE(i) (5 * (i) % 16)

#else

typedef struct row {
  uint32_t w[4];
} row;

#define QUARTER(a, b, c, d)                                                                                  \
  do {                                                                                                       \
    b ^= ROTATE(a + d, 7);                                                                                   \
    c ^= ROTATE(b + a, 9);                                                                                   \
    d ^= ROTATE(c + b, 13);                                                                                  \
    a ^= ROTATE(d + c, 18);                                                                                  \
  } while (0)

#define EACH(DO)                                                                                             \
  DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14) DO(15)
#define AT(from, i) (from)[(i) / 4].w[(i) % 4]

static inline void salsa(row x[4], row *out, const row *in, const row *more) {
#define MIX(i) AT(x, i) ^= AT(in, i) ^ (more != NULL ? AT(more, i) : 0);
#define LOAD(i) uint32_t x##i = AT(x, i);
#define STORE(i) AT(out, i) = AT(x, i) += x##i;
  EACH(MIX)
  EACH(LOAD)
  for (int i = 0; i < 8; i += 2) {
    QUARTER(x0, x4, x8, x12);
    QUARTER(x5, x9, x13, x1);
    QUARTER(x10, x14, x2, x6);
    QUARTER(x15, x3, x7, x11);
    QUARTER(x0, x1, x2, x3);
    QUARTER(x5, x6, x7, x4);
    QUARTER(x10, x11, x8, x9);
    QUARTER(x15, x12, x13, x14);
  }
  EACH(STORE)
#undef MIX
#undef LOAD
#undef STORE
}

#define PLACE(i) (i)

#endif

/* scryptBlockMix (section 4) of `in` ^ `more`; blocks with even numbers come first, then those with odd ones. */
static inline void block_mix(row *out, const row *in, const row *more, size_t r) {
  row x[4];
  const size_t last = 4 * (2 * r - 1);
  for (size_t i = 0; i < 4; i++) x[i] = in[last + i];
  if (more != NULL) {
#if VECTORS
    for (size_t i = 0; i < 4; i++) x[i] ^= more[last + i];
#else
    for (size_t i = 0; i < 16; i++) AT(x, i) ^= AT(more + last, i);
#endif
  }
  for (size_t i = 0; i < 2 * r; i++) {
    salsa(x, out + 4 * (i / 2 + i % 2 * r), in + 4 * i, more == NULL ? NULL : more + 4 * i);
  }
}

static row *rows(uint32_t *words) {
  return (row *)(void *)words;
}

void ol_romix_begin(const ol_romix *mix, const uint8_t *in_secret) {
  const size_t words = (size_t)32 * mix->r;
  for (size_t i = 0; i < words; i++) {
    const uint8_t *from = in_secret + 4 * (i / 16 * 16 + PLACE(i % 16));
    mix->table[i] =
        (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
  }
}

void ol_romix_run(const ol_romix *mix, uint32_t from, uint32_t to) {
  const size_t r = mix->r, words = 32 * r;
  const size_t integer =
      words - 16; /* of the last 64 bytes the first word, which has its own place in both forms */
  row *table = rows(mix->table), *block = rows(mix->block), *next = rows(mix->block + words);
  const size_t len = words / 4;
  uint32_t step = from;
  for (; step < to && step + 1 < mix->n; step++) {
    block_mix(table + (step + 1) * len, table + step * len, NULL, r);
  }
  if (step < to && step + 1 == mix->n) {
    block_mix(block, table + step * len, NULL, r);
    step++;
  }
  for (; step < to; step++) {
    /* They change places at every step, and their number is even. */
    row *now = step % 2 == 0 ? block : next;
    const size_t j = ((const uint32_t *)(const void *)now)[integer] & (mix->n - 1);
    block_mix(step % 2 == 0 ? next : block, now, table + j * len, r);
  }
}

void ol_romix_end(const ol_romix *mix, uint8_t *out_secret) {
  const size_t words = (size_t)32 * mix->r;
  for (size_t i = 0; i < words; i++) {
    uint8_t *to = out_secret + 4 * (i / 16 * 16 + PLACE(i % 16));
    for (size_t k = 0; k < 4; k++) to[k] = (uint8_t)(mix->block[i] >> 8 * k);
  }
}
