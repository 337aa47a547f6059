/* SPDX-License-Identifier: MIT */
#include "crypto/keccak.h"

#include "crypto/keccak_round.h"

#include "base/poison.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KECCAK_WIDE 1
#else
#define KECCAK_WIDE 0
#endif

#if KECCAK_WIDE

/*
 * Vectors permute 4 or 8 states in less than twice the time of one; SSE2 and WASM's 128-bit vectors permute
 * two in no less than the time of two, so they are not used.
 */
typedef uint64_t lanes4 __attribute__((vector_size(32)));
typedef uint64_t lanes8 __attribute__((vector_size(64)));

__attribute__((target("avx2"))) static void permute4(lanes4 state[25]) {
  KECCAK_PERMUTE(lanes4, state);
}

__attribute__((target("avx512f"))) static void permute8(lanes8 state[25]) {
  KECCAK_PERMUTE(lanes8, state);
}

/* Up to 8 messages side by side: word i of the message in column c is words[i * ways + c]. */
typedef struct columns {
  union {
    uint64_t words[25 * 8];
    lanes4 by4[25];
    lanes8 by8[25];
  } state;
  size_t ways;
  size_t active;
  size_t message[8]; /* which message is in the column */
  ol_slice rest[8];  /* what of it is not absorbed yet; NULL for a column that is idle */
  bool last[8];      /* its padding is absorbed: the next permutation gives its hash */
} columns;

static const uint8_t nothing[1] = {0};

static void start_column(columns *all, size_t column, const ol_slice *inputs, size_t index) {
  for (size_t i = 0; i < 25; i++) all->state.words[i * all->ways + column] = 0;
  all->message[column] = index;
  all->rest[column] = inputs[index];
  if (inputs[index].len == 0) all->rest[column].data = nothing;
  all->last[column] = false;
}

static void absorb_column(columns *all, size_t column) {
  uint8_t padded[OL_KECCAK_RATE] = {0};
  ol_slice *rest = &all->rest[column];
  const uint8_t *block = rest->data;
  if (rest->len < OL_KECCAK_RATE) {
    memcpy(padded, rest->data, rest->len);
    padded[rest->len] = 0x01;
    padded[OL_KECCAK_RATE - 1] |= 0x80;
    block = padded;
    all->last[column] = true;
  } else {
    rest->data += OL_KECCAK_RATE;
    rest->len -= OL_KECCAK_RATE;
  }
  uint64_t *words = all->state.words + column;
  for (size_t i = 0; i < OL_KECCAK_RATE / 8; i++) words[i * all->ways] ^= keccak_load(block + 8 * i);
}

/* The last message left is not worth a vector. */
static void permute_column(columns *all, size_t column) {
  uint64_t state[25];
  for (size_t i = 0; i < 25; i++) state[i] = all->state.words[i * all->ways + column];
  ol_keccak_f1600(state);
  for (size_t i = 0; i < 25; i++) all->state.words[i * all->ways + column] = state[i];
}

static void permute_columns(columns *all) {
  size_t first = 0;
  while (all->rest[first].data == NULL) first++;
  if (all->active == 1) {
    permute_column(all, first);
  } else if (all->ways == 8) {
    permute8(all->state.by8);
  } else {
    permute4(all->state.by4);
  }
}

static void each_in_columns(size_t ways, ol_hash *out, const ol_slice *inputs, size_t count) {
  columns all;
  memset(&all, 0, sizeof all);
  all.ways = ways;
  size_t next = 0;
  for (; next < ways && next < count; next++) start_column(&all, next, inputs, next);
  for (all.active = next; all.active > 0;) {
    for (size_t column = 0; column < ways; column++) {
      if (all.rest[column].data != NULL) absorb_column(&all, column);
    }
    permute_columns(&all);
    for (size_t column = 0; column < ways; column++) {
      if (!all.last[column]) continue;
      uint8_t *hash = out[all.message[column]].bytes;
      for (size_t i = 0; i < 4; i++) keccak_store(hash + 8 * i, all.state.words[i * ways + column]);
      if (next < count) {
        start_column(&all, column, inputs, next++);
      } else {
        all.rest[column] = (ol_slice){.data = NULL, .len = 0};
        all.last[column] = false;
        all.active--;
      }
    }
  }
}

/* The bytes behind the last whole word, and the padding. Bytes that were just stored are slow to load as a word. */
static uint64_t last_word(ol_slice message) {
  size_t rest = message.len % 8;
  uint64_t word = 0;
  if (message.len >= 8 && rest > 0) {
    word = keccak_load(message.data + message.len - 8) >> (64 - 8 * rest);
  } else {
    for (size_t i = message.len - rest; i < message.len; i++)
      word |= (uint64_t)message.data[i] << (8 * (i % 8));
  }
  return word | UINT64_C(0x01) << (8 * rest);
}

/* Lays a message that one block holds into a column, with its padding. */
static void lay_column(columns *all, size_t column, ol_slice message) {
  uint64_t *words = all->state.words + column;
  size_t whole = message.len / 8;
  for (size_t i = 0; i < whole; i++) words[i * all->ways] = keccak_load(message.data + 8 * i);
  words[whole * all->ways] = last_word(message);
  for (size_t i = whole + 1; i < 25; i++) words[i * all->ways] = 0;
  words[(OL_KECCAK_RATE / 8 - 1) * all->ways] ^= UINT64_C(0x80) << 56;
}

/* Messages of one block each: no column waits for another. In: a multiple of `ways`. */
static void each_of_one_block(size_t ways, ol_hash *out, const ol_slice *inputs, size_t count) {
  columns all;
  all.ways = ways;
  for (size_t first = 0; first < count; first += ways) {
    for (size_t column = 0; column < ways; column++) lay_column(&all, column, inputs[first + column]);
    if (ways == 8) {
      permute8(all.state.by8);
    } else {
      permute4(all.state.by4);
    }
    for (size_t column = 0; column < ways; column++) {
      uint8_t *hash = out[first + column].bytes;
      for (size_t i = 0; i < 4; i++) keccak_store(hash + 8 * i, all.state.words[i * ways + column]);
    }
  }
}

/* Returns: how many of the first messages fill columns and take one block each. */
static size_t count_of_one_block(size_t ways, const ol_slice *inputs, size_t count) {
  size_t short_ones = 0;
  while (short_ones < count && inputs[short_ones].len < OL_KECCAK_RATE) short_ones++;
  return short_ones / ways * ways;
}

#endif

size_t ol_keccak_ways(void) {
#if KECCAK_WIDE
  if (__builtin_cpu_supports("avx512f")) return 8;
  if (__builtin_cpu_supports("avx2")) return 4;
#endif
  return 1;
}

void ol_keccak256_each_by(size_t ways, ol_hash *out, const ol_slice *inputs, size_t count) {
  OL_ASSERT((ways == 1 || ways == 4 || ways == 8) && ways <= ol_keccak_ways());
#if KECCAK_WIDE
  if (ways > 1 && count > 1) {
    size_t done = count_of_one_block(ways, inputs, count);
    each_of_one_block(ways, out, inputs, done);
    each_in_columns(ways, out + done, inputs + done, count - done);
    return;
  }
#endif
  for (size_t i = 0; i < count; i++) ol_keccak256(&out[i], inputs[i].data, inputs[i].len);
}

void ol_keccak256_each(ol_hash *out, const ol_slice *inputs, size_t count) {
  ol_keccak256_each_by(ol_keccak_ways(), out, inputs, count);
}
