/* SPDX-License-Identifier: MIT */
#include "residue/residue.h"

#define MASK 0xa5u
#define NEEDLES 600u
#define LONGEST 128u
#define WINDOWS 32768u
#define BUCKETS 65536u
#define LEAST_DIFFERENT 8 /* bytes of a window */

typedef struct needle {
  const char *name, *form;
  size_t len;
  uint8_t masked[LONGEST];
} needle;

static needle needles[NEEDLES];
static struct window { uint16_t needle, at, next; /* the next of the bucket, plus one */ } windows[WINDOWS];
static uint16_t buckets[BUCKETS]; /* the first, plus one */
static size_t needle_count, window_count;

void residue_fill(uint8_t *out, size_t len, uint64_t number) {
  uint64_t state = number * 0x9e3779b97f4a7c15u + 1;
  for (size_t i = 0; i < len; i++) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    out[i] = (uint8_t)(state >> 24);
  }
}

void residue_forget(void) {
  memset(buckets, 0, sizeof buckets);
  needle_count = window_count = 0;
}

/* By the first four bytes, masked. */
static uint32_t bucket_of(uint32_t four) {
  return (four * 2654435761u) >> 16;
}

static uint32_t four_of(const uint8_t *bytes) {
  uint32_t four;
  memcpy(&four, bytes, sizeof four);
  return four;
}

static bool differs_enough(const uint8_t *bytes) {
  size_t different = 0;
  for (size_t i = 0; i < RESIDUE_WINDOW; i++) {
    size_t k = 0;
    while (k < i && bytes[k] != bytes[i]) k++;
    different += k == i;
  }
  return different >= LEAST_DIFFERENT;
}

static void add_form(const char *name, const char *form, const uint8_t *bytes, size_t len, size_t word,
                     uint8_t pad) {
  OL_ASSERT(needle_count < NEEDLES && len <= LONGEST);
  needle *to = &needles[needle_count];
  *to = (needle){.name = name, .form = form, .len = len};
  for (size_t i = 0; i < len; i++) {
    size_t from = i / word * word + word - 1 - i % word;
    uint8_t byte = from < len ? bytes[from] : 0;
    to->masked[i] = (uint8_t)(byte ^ pad ^ MASK);
  }
  for (size_t at = 0; at + RESIDUE_WINDOW <= len; at++) {
    if (!differs_enough(to->masked + at)) continue;
    OL_ASSERT(window_count < WINDOWS - 1);
    uint16_t *bucket = &buckets[bucket_of(four_of(to->masked + at))];
    windows[window_count] = (struct window){(uint16_t)needle_count, (uint16_t)at, *bucket};
    *bucket = (uint16_t)++window_count;
  }
  needle_count++;
}

void residue_add(const char *name, const void *bytes, size_t len) {
  static const struct {
    const char *form;
    uint8_t pad;
  } pads[] = {{"", 0}, {", inner pad", 0x36}, {", outer pad", 0x5c}};
  for (size_t i = 0; i < sizeof pads / sizeof pads[0]; i++) {
    add_form(name, pads[i].form, bytes, len, 1, pads[i].pad);
    add_form(name, i == 0 ? ", turned around" : pads[i].form, bytes, len, len, pads[i].pad);
    add_form(name, i == 0 ? ", words of 4" : pads[i].form, bytes, len, 4, pads[i].pad);
    add_form(name, i == 0 ? ", words of 8" : pads[i].form, bytes, len, 8, pads[i].pad);
  }
}

/* Returns: how many bytes can be passed over, as they and those behind them are zero; most memory is. */
static size_t zeros_at(const uint8_t *memory, size_t len) {
  uint64_t words[8];
  if (len < sizeof words + RESIDUE_WINDOW) return 0;
  memcpy(words, memory, sizeof words);
  const uint64_t any = words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] | words[7];
  return any == 0 ? sizeof words - RESIDUE_WINDOW : 0;
}

bool residue_search(residue_find *out, const uint8_t *memory, size_t len, ol_slice except) {
  for (size_t at = 0; at + RESIDUE_WINDOW <= len; at++) {
    const size_t zeros = zeros_at(memory + at, len - at);
    at += zeros;
    if (zeros > 0) continue;
    const uint32_t four = four_of(memory + at) ^ MASK * 0x01010101u;
    for (uint32_t next = buckets[bucket_of(four)]; next != 0; next = windows[next - 1].next) {
      const needle *of = &needles[windows[next - 1].needle];
      const uint8_t *masked = of->masked + windows[next - 1].at, *here = memory + at;
      size_t same = 0;
      while (same < RESIDUE_WINDOW && (here[same] ^ MASK) == masked[same]) same++;
      if (same < RESIDUE_WINDOW) continue;
      if (here >= except.data && here < except.data + except.len) continue;
      *out = (residue_find){.secret = of->name, .form = of->form, .at = here};
      return true;
    }
  }
  return false;
}
