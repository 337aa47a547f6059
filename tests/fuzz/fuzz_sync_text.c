/* SPDX-License-Identifier: MIT */

/*
 * A beacon node's answers in files, as a program would bring them: the time, whether it insists, a checkpoint, the
 * lengths of five texts, and the texts - the network's configuration, bootstrap, updates, finality, optimistic
 * update; each in JSON or SSZ.
 */

#include "encoding/json.h"
#include "openledger/sync.h"

#include "fuzz/fuzz.h"

#define TEXTS 5u
#define HEAD (8u + 1u + 32u + 3u * TEXTS)
#define LONGEST (1u << 18)

typedef struct answers {
  uint64_t now_ms;
  uint8_t insist;
  ol_hash checkpoint;
  ol_slice texts[TEXTS];
} answers;

static answers read_answers(const uint8_t *data, size_t len) {
  answers out = {0};
  fuzz_input in = {data, len};
  size_t lengths[TEXTS];
  for (int i = 0; i < 8; i++) out.now_ms |= (uint64_t)fuzz_u8(&in) << 8 * i;
  out.insist = fuzz_u8(&in) & 1;
  fuzz_fill(&in, out.checkpoint.bytes, sizeof out.checkpoint);
  for (size_t i = 0; i < TEXTS; i++) {
    lengths[i] = fuzz_u16(&in);
    lengths[i] |= (size_t)fuzz_u8(&in) << 16;
  }
  for (size_t i = 0; i < TEXTS; i++) out.texts[i] = fuzz_cut(&in, lengths[i]);
  return out;
}

/* --- The check --- */

static size_t longest_of(const answers *of) {
  size_t longest = 0;
  for (size_t i = 0; i < TEXTS; i++) longest = of->texts[i].len > longest ? of->texts[i].len : longest;
  return longest;
}

/* In: what memory is filled with beforehand, and how much more of it there is than is needed. */
static ol_status verify(ol_error *error, ol_sync_status *status, const answers *of, uint8_t fill,
                        size_t more) {
  uint8_t *exact[TEXTS];
  ol_slice texts[TEXTS];
  size_t len = ol_sync_verify_memory(longest_of(of)) + more;
  uint8_t *memory = fuzz_block(len);
  memset(memory, fill, len);
  memset(status, fill, sizeof *status);
  for (size_t i = 0; i < TEXTS; i++) {
    exact[i] = fuzz_copy(of->texts[i].data, of->texts[i].len);
    texts[i] = ol_slice_of(exact[i], of->texts[i].len);
  }
  const ol_sync_config config = {
      .network = texts[0], .checkpoint = of->checkpoint, .now_ms = of->now_ms, .insist = of->insist};
  const ol_sync_texts given = {
      .bootstrap = texts[1], .updates = texts[2], .finality = texts[3], .optimistic = texts[4]};
  ol_status found = ol_sync_verify_text(error, status, &config, &given, memory, len);
  const uint8_t *bytes = (const uint8_t *)status;
  for (size_t i = 0; found != OL_OK && i < sizeof *status; i++) FUZZ_REQUIRE(bytes[i] == fill);
  for (size_t i = 0; i < TEXTS; i++) free(exact[i]);
  free(memory);
  return found;
}

static bool same_head(const ol_beacon_head *a, const ol_beacon_head *b) {
  return a->slot == b->slot && ol_hash_equal(&a->root, &b->root) &&
         ol_hash_equal(&a->block_hash, &b->block_hash) && ol_hash_equal(&a->state_root, &b->state_root);
}

static void check_status(const ol_sync_status *status, const answers *of) {
  FUZZ_REQUIRE(status->committee_size == 32 || status->committee_size == 512);
  FUZZ_REQUIRE(status->participants <= status->committee_size);
  FUZZ_REQUIRE((status->participants == 0) == (status->updates == 0));
  FUZZ_REQUIRE(status->optimistic.slot >= status->finalized.slot);
  if (status->updates > 0) return;
  FUZZ_REQUIRE(of->texts[2].len <= 32 && of->texts[3].len == 0 && of->texts[4].len == 0); /* at most "[]" */
  FUZZ_REQUIRE(same_head(&status->finalized, &status->optimistic));
  FUZZ_REQUIRE(ol_hash_equal(&status->finalized.root, &of->checkpoint));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error errors[2];
  ol_sync_status statuses[2];
  answers of = read_answers(data, len);
  ol_status first = verify(&errors[0], &statuses[0], &of, 0x00, 0);
  ol_status second = verify(&errors[1], &statuses[1], &of, 0xff, 4096);
  FUZZ_REQUIRE(first == second && first != OL_ERR_MEMORY);
  if (first != OL_OK) {
    fuzz_refused(&errors[0], first, longest_of(&of));
    FUZZ_REQUIRE(errors[0].offset == errors[1].offset && errors[0].item == errors[1].item);
    FUZZ_REQUIRE(strcmp(errors[0].reason, errors[1].reason) == 0);
    FUZZ_REQUIRE(strcmp(errors[0].part, errors[1].part) == 0);
    return 0;
  }
  check_status(&statuses[0], &of);
  FUZZ_REQUIRE(same_head(&statuses[0].finalized, &statuses[1].finalized));
  FUZZ_REQUIRE(same_head(&statuses[0].optimistic, &statuses[1].optimistic));
  FUZZ_REQUIRE(statuses[0].period == statuses[1].period && statuses[0].updates == statuses[1].updates);
  FUZZ_REQUIRE(statuses[0].participants == statuses[1].participants);
  return 0;
}

/* --- Changes that know what a text is made of --- */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t room); /* libFuzzer's */

#define TOKENS 8192

typedef struct text {
  uint8_t bytes[LONGEST];
  size_t len;
} text;

/* Replaces a part of a text, where there is room. */
static void put(text *to, size_t at, size_t len, const void *bytes, size_t bytes_len) {
  static uint8_t kept[LONGEST];
  if (to->len - len + bytes_len > sizeof to->bytes) return;
  if (bytes_len > 0) memcpy(kept, bytes, bytes_len); /* it may lie in the text */
  memmove(to->bytes + at + bytes_len, to->bytes + at + len, to->len - at - len);
  if (bytes_len > 0) memcpy(to->bytes + at, kept, bytes_len);
  to->len = to->len - len + bytes_len;
}

static void mutate_part(text *to, size_t at, size_t len, uint32_t more) {
  static uint8_t part[LONGEST];
  memcpy(part, to->bytes + at, len);
  size_t room = len + more < sizeof part ? len + more : sizeof part;
  put(to, at, len, part, LLVMFuzzerMutate(part, len, room));
}

/* Strings, and runs of all else that is not white or a bracket, a comma or a colon; these are tokens themselves. */
static size_t tokens_of(ol_slice *out, const text *of) {
  size_t count = 0, at = 0;
  while (at < of->len && count < TOKENS) {
    size_t end = at + 1;
    if (of->bytes[at] == '"') {
      while (end < of->len && of->bytes[end] != '"')
        end += of->bytes[end] == '\\' && end + 1 < of->len ? 2 : 1;
      end += end < of->len;
    } else if (memchr("{}[],: \n", of->bytes[at], 8) == NULL) {
      while (end < of->len && memchr("{}[],: \n\"", of->bytes[end], 9) == NULL) end++;
    }
    if (of->bytes[at] != ' ' && of->bytes[at] != '\n') out[count++] = ol_slice_of(of->bytes + at, end - at);
    at = end;
  }
  return count;
}

static void mutate_json(text *to, uint32_t *random) {
  static const char *const values[] = {"null",
                                       "true",
                                       "0",
                                       "-1",
                                       "1e9",
                                       "\"\"",
                                       "\"0x\"",
                                       "\"0\"",
                                       "[]",
                                       "{}",
                                       "\"18446744073709551615\"",
                                       "\"18446744073709551616\"",
                                       "\"0x00\"",
                                       "\"data\"",
                                       "\"slot\"",
                                       "\"beacon\"",
                                       " ",
                                       ",",
                                       "]",
                                       "}",
                                       "\\u0000"};
  static ol_slice tokens[TOKENS];
  size_t count = tokens_of(tokens, to);
  if (count == 0) return;
  ol_slice token = tokens[fuzz_draw(random) % count], other = tokens[fuzz_draw(random) % count];
  size_t at = (size_t)(token.data - to->bytes);
  const char *value = values[fuzz_draw(random) % (sizeof values / sizeof values[0])];
  size_t run = token.len;
  switch (fuzz_draw(random) % 8) {
  case 0: put(to, at, token.len, value, strlen(value)); break;
  case 1: put(to, at, 0, value, strlen(value)); break;
  case 2: put(to, at, token.len, other.data, other.len); break;
  case 3: put(to, at, 0, other.data, other.len); break;
  case 4: /* from one token to another: gone, or twice */
    if (other.data > token.data) run = (size_t)(other.data - token.data);
    put(to, at, fuzz_draw(random) % 2 == 0 ? run : 0, token.data, fuzz_draw(random) % 2 == 0 ? run : 0);
    break;
  case 5: /* another digit, or another case */
    at += fuzz_draw(random) % token.len;
    to->bytes[at] = fuzz_draw(random) % 4 == 0 ? to->bytes[at] ^ 0x20
                                               : (uint8_t) "0123456789abcdefx"[fuzz_draw(random) % 17];
    break;
  default: mutate_part(to, at, token.len, 16); break;
  }
}

static void mutate_ssz(text *to, uint32_t *random) {
  size_t at = fuzz_draw(random) % to->len, other = fuzz_draw(random) % to->len;
  size_t near = fuzz_draw(random) % (to->len < 300 ? to->len : 300),
         len = to->len - (at > other ? at : other);
  switch (fuzz_draw(random) % 8) {
  case 0: to->bytes[at] ^= (uint8_t)(1u << fuzz_draw(random) % 8); break;
  case 1: to->bytes[near] = (uint8_t)(to->bytes[near] + fuzz_draw(random) % 9 - 4); break;
  case 2: put(to, at, len < 32 ? len : 32, to->bytes + other, len < 32 ? len : 32); break;
  case 3: put(to, to->len, 0, to->bytes, to->len); break; /* a frame again */
  case 4: to->len = at + 1; break;
  case 5: put(to, at, len < 4 ? len : 4, "\0\0\0", len < 4 ? len : 4); break;
  default: mutate_part(to, near, to->len - near < 64 ? to->len - near : 64, 8); break;
  }
}

/* Out: the input of answers. Returns: its length, or 0 where there is no room. */
static size_t write_answers(uint8_t *out, size_t room, const answers *of) {
  static uint8_t bytes[TEXTS * LONGEST];
  size_t used = 0, at = 9 + 32;
  for (int i = 0; i < 8; i++) out[i] = (uint8_t)(of->now_ms >> 8 * i);
  out[8] = of->insist;
  memcpy(out + 9, of->checkpoint.bytes, 32);
  for (size_t i = 0; i < TEXTS; i++) {
    for (int k = 0; k < 3; k++) out[at++] = (uint8_t)(of->texts[i].len >> 8 * k);
    if (of->texts[i].len > 0) memcpy(bytes + used, of->texts[i].data, of->texts[i].len);
    used += of->texts[i].len;
  }
  if (used > room - HEAD) return 0;
  memcpy(out + HEAD, bytes, used);
  return HEAD + used;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t room, unsigned seed) {
  static text changed;
  uint32_t random = seed * 2654435761u | 1;
  answers of = read_answers(data, len);
  size_t which = fuzz_draw(&random) % TEXTS, other = fuzz_draw(&random) % TEXTS;
  if (room < HEAD || len > LONGEST) return len;
  uint32_t kind = fuzz_draw(&random) % 32;
  changed.len = of.texts[which].len;
  if (changed.len > 0) memcpy(changed.bytes, of.texts[which].data, changed.len);
  if (kind == 0)
    of.now_ms += (uint64_t)fuzz_draw(&random) % 2000000 - 1000000;
  else if (kind == 1)
    of.insist ^= 1;
  else if (kind == 2)
    of.checkpoint.bytes[fuzz_draw(&random) % 32] ^= 1;
  else if (kind == 3)
    of.texts[which].len = 0;
  else if (kind == 4)
    of.texts[which] = of.texts[other];
  else if (changed.len == 0)
    return len;
  else if (changed.bytes[0] == '{' || changed.bytes[0] == '[')
    mutate_json(&changed, &random);
  else
    mutate_ssz(&changed, &random);
  if (kind > 4) of.texts[which] = ol_slice_of(changed.bytes, changed.len);
  size_t written = write_answers(data, room, &of);
  return written == 0 ? len : written;
}
