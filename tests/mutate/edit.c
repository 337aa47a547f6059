/* SPDX-License-Identifier: MIT */
#include "mutate/edit.h"

#include <stdlib.h>
#include <string.h>

static void restore(edited *of) {
  memcpy(of->bytes, of->original.data, of->original.len);
  of->len = of->original.len;
}

void edit_cut(campaign *run, edited *of) {
  bool accepted;
  selection chosen = campaign_choose(run, of->original.len);
  restore(of);
  for (size_t cut = chosen.first; cut < of->original.len; cut += chosen.step) {
    of->len = cut;
    const char *complaint = of->verify(of, &accepted);
    campaign_count(run, false, accepted ? "ACCEPTED though cut short" : complaint, cut);
  }
}

static void change_byte(campaign *run, edited *of, size_t at, uint8_t value, size_t index) {
  bool accepted;
  uint8_t kept = of->bytes[at];
  of->bytes[at] = value;
  const char *complaint = of->verify(of, &accepted);
  campaign_count(run, accepted, complaint, index);
  of->bytes[at] = kept;
}

static uint8_t other_value(campaign *run, uint8_t of) {
  return (uint8_t)(of + 1 + campaign_random(run, 255));
}

void edit_flip(campaign *run, edited *of) {
  selection chosen = campaign_choose(run, 9 * of->original.len);
  restore(of);
  for (size_t i = chosen.first; i < 9 * of->original.len; i += chosen.step) {
    uint8_t kept = of->bytes[i / 9];
    change_byte(run, of, i / 9, i % 9 < 8 ? (uint8_t)(kept ^ 1u << i % 9) : other_value(run, kept), i);
  }
}

void edit_flip_some(campaign *run, edited *of) {
  selection chosen = campaign_choose(run, 2 * of->original.len);
  restore(of);
  for (size_t i = chosen.first; i < 2 * of->original.len; i += chosen.step) {
    uint8_t kept = of->bytes[i / 2];
    uint8_t flipped = (uint8_t)(kept ^ 1u << campaign_random(run, 8));
    change_byte(run, of, i / 2, i % 2 == 0 ? flipped : other_value(run, kept), i);
  }
}

/* Makes room for, or closes, a gap; keeps the length within the room. */
static void insert(edited *of, size_t at, const uint8_t *bytes, size_t len) {
  if (of->len + len > of->original.len + EDIT_ROOM) return;
  memmove(of->bytes + at + len, of->bytes + at, of->len - at);
  memcpy(of->bytes + at, bytes, len);
  of->len += len;
}

static void erase(edited *of, size_t at, size_t len) {
  if (len > of->len - at) len = of->len - at;
  memmove(of->bytes + at, of->bytes + at + len, of->len - at - len);
  of->len -= len;
}

static void edit_text_once(campaign *run, edited *of) {
  static const char symbols[] = "\"\\{}[],:0x \n9eEfF-tnu";
  static const char digits[] = "0123456789abcdefABCDEF";
  uint8_t bytes[256];
  if (of->len == 0) return;
  size_t at = campaign_random(run, of->len), other = campaign_random(run, of->len);
  size_t len = 1 + campaign_random(run, campaign_random(run, 4) == 0 ? 200 : 8);
  size_t longest = of->len - (at > other ? at : other);
  len = len < longest ? len : longest;
  memcpy(bytes, of->bytes + at, len);
  switch (campaign_random(run, 8)) {
  case 0: /* other bytes in between */
    for (size_t i = 0; i < len; i++) bytes[i] = (uint8_t)campaign_random(run, 256);
    insert(of, at, bytes, len);
    break;
  case 1:
    bytes[0] = (uint8_t)symbols[campaign_random(run, sizeof symbols - 1)];
    insert(of, at, bytes, 1);
    break;
  case 2: erase(of, at, len); break;
  case 3: /* swap two ranges */
    memmove(of->bytes + at, of->bytes + other, len);
    memcpy(of->bytes + other, bytes, len);
    break;
  case 4: insert(of, other, bytes, len); break; /* a range twice */
  case 5: memcpy(of->bytes + other, bytes, len); break;
  case 6: of->bytes[at] = (uint8_t)symbols[campaign_random(run, sizeof symbols - 1)]; break;
  default: /* another digit where a digit is */
    while (at + 1 < of->len && memchr(digits, of->bytes[at], sizeof digits - 1) == NULL) at++;
    of->bytes[at] = (uint8_t)digits[campaign_random(run, sizeof digits - 1)];
    break;
  }
}

/* A little-endian number somewhere, more often where offsets and lengths are: changed a little, or to a limit. */
static void edit_number(campaign *run, edited *of) {
  static const uint32_t limits[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};
  size_t width = of->len < 300 || campaign_random(run, 2) == 0 ? of->len : 300;
  if (of->len < 4) return;
  uint8_t *place = of->bytes + campaign_random(run, width - 3);
  uint32_t value = 0, kind = campaign_random(run, 8);
  for (int i = 3; i >= 0; i--) value = value << 8 | place[i];
  if (kind < 5)
    value = limits[kind];
  else if (kind == 5)
    value = (uint32_t)of->len;
  else
    value += campaign_random(run, 129) - 64;
  for (int i = 0; i < 4; i++) place[i] = (uint8_t)(value >> 8 * i);
}

/* Whole chunks of 32 bytes: exchanged, copied, cleared. */
static void edit_chunk(campaign *run, edited *of) {
  uint8_t chunk[32];
  if (of->len < 64) return;
  size_t at = campaign_random(run, of->len - 31), other = campaign_random(run, of->len - 31);
  memcpy(chunk, of->bytes + at, sizeof chunk);
  switch (campaign_random(run, 3)) {
  case 0: memmove(of->bytes + at, of->bytes + other, sizeof chunk); /* fall through */
  case 1: memcpy(of->bytes + other, chunk, sizeof chunk); break;
  default: memset(of->bytes + at, campaign_random(run, 2) == 0 ? 0 : 0xff, sizeof chunk); break;
  }
}

static void edit_ssz_once(campaign *run, edited *of) {
  if (of->len == 0) return;
  size_t at = campaign_random(run, of->len);
  uint8_t block[64];
  switch (campaign_random(run, 6)) {
  case 0: of->bytes[at] ^= (uint8_t)(1u << campaign_random(run, 8)); break;
  case 1: of->bytes[at] = other_value(run, of->bytes[at]); break;
  case 2: edit_number(run, of); break;
  case 3: edit_chunk(run, of); break;
  case 4:
    for (size_t i = 0; i < sizeof block; i++) block[i] = (uint8_t)campaign_random(run, 256);
    insert(of, at, block, 1 + campaign_random(run, sizeof block));
    break;
  default: erase(of, at, 1 + campaign_random(run, 64)); break;
  }
}

static bool is_changed(const edited *of) {
  return of->len != of->original.len || memcmp(of->bytes, of->original.data, of->len) != 0;
}

static void edit_by(campaign *run, edited *of, void (*once)(campaign *run, edited *of)) {
  bool accepted;
  for (size_t i = 0; i < run->options->edits; i++) {
    restore(of);
    for (size_t edits = 1 + campaign_random(run, 3); edits > 0; edits--) once(run, of);
    while (!is_changed(of)) once(run, of);
    const char *complaint = of->verify(of, &accepted);
    campaign_count(run, accepted, complaint, i);
  }
}

void edit_text(campaign *run, edited *of) {
  edit_by(run, of, edit_text_once);
}

void edit_ssz(campaign *run, edited *of) {
  edit_by(run, of, edit_ssz_once);
}

bool edit_begin(campaign *run, edited *of, ol_slice original,
                const char *(*verify)(edited *of, bool *accepted)) {
  bool accepted = false;
  *of = (edited){.original = original, .verify = verify, .bytes = malloc(original.len + EDIT_ROOM)};
  if (of->bytes != NULL) {
    restore(of);
    if (verify(of, &accepted) == NULL && accepted) return true;
  }
  vector_count(&run->tally->groups, false, ol_slice_of("original", 8), "is refused");
  edit_end(of);
  return false;
}

void edit_end(edited *of) {
  free(of->bytes);
  of->bytes = NULL;
}
