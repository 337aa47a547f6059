/* SPDX-License-Identifier: MIT */
#include "crypto/scrypt.h"

#include "base/poison.h"

/*
 * The Salsa20/8 core, on words: four of them are mixed at a time that do not wait for each other, and processors rotate
 * a word at once but not a vector, so that vectors of 128 bits take longer.
 */
#define ROTATE(x, bits) ((x) << (bits) | (x) >> (32 - (bits)))

/* What the core is about: 64 bytes. */
typedef struct chunk {
  uint32_t w[16];
} chunk;

#define QUARTER(a, b, c, d)                                                                                  \
  do {                                                                                                       \
    (b) ^= ROTATE((a) + (d), 7);                                                                             \
    (c) ^= ROTATE((b) + (a), 9);                                                                             \
    (d) ^= ROTATE((c) + (b), 13);                                                                            \
    (a) ^= ROTATE((d) + (c), 18);                                                                            \
  } while (0)

#define EACH(DO)                                                                                             \
  DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11) DO(12) DO(13) DO(14) DO(15)

/* x becomes the core of x ^ in ^ more, which is written to `out` as well. */
static inline void salsa(chunk *x, chunk *out, const chunk *in, const chunk *more) {
#define MIX(i) x->w[i] ^= in->w[i] ^ (more != NULL ? more->w[i] : 0);
#define LOAD(i) uint32_t x##i = x->w[i];
#define STORE(i) out->w[i] = x->w[i] += x##i;
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

/* scryptBlockMix (section 4) of `in` ^ `more`; blocks with even numbers come first, then those with odd ones. */
static inline void block_mix(chunk *out, const chunk *in, const chunk *more, size_t r) {
  const size_t last = 2 * r - 1;
  chunk x = in[last];
  for (size_t i = 0; more != NULL && i < 16; i++) x.w[i] ^= more[last].w[i];
  for (size_t i = 0; i <= last; i++) {
    salsa(&x, &out[i / 2 + i % 2 * r], &in[i], more == NULL ? NULL : &more[i]);
  }
}

static chunk *chunks(uint32_t *words) {
  return (chunk *)(void *)words;
}

void ol_romix_begin(const ol_romix *mix, const uint8_t *in_secret) {
  const size_t words = (size_t)32 * mix->r;
  for (size_t i = 0; i < words; i++) {
    const uint8_t *from = in_secret + 4 * i;
    mix->table[i] =
        (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
  }
}

void ol_romix_run(const ol_romix *mix, uint32_t from, uint32_t to) {
  const size_t r = mix->r, len = 2 * r;
  chunk *table = chunks(mix->table), *block = chunks(mix->block), *next = block + len;
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
    chunk *now = step % 2 == 0 ? block : next;
    const size_t j = now[len - 1].w[0] & (mix->n - 1);
    block_mix(step % 2 == 0 ? next : block, now, table + j * len, r);
  }
}

void ol_romix_end(const ol_romix *mix, uint8_t *out_secret) {
  const size_t words = (size_t)32 * mix->r;
  for (size_t i = 0; i < words; i++) {
    uint8_t *to = out_secret + 4 * i;
    for (size_t k = 0; k < 4; k++) to[k] = (uint8_t)(mix->block[i] >> 8 * k);
  }
}
