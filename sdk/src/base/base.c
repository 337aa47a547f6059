/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/arena.h"
#include "base/poison.h"

#define OL_VERSION "0.1.0"

const char *ol_version(void) {
  return OL_VERSION;
}

const char *ol_status_name(ol_status status) {
  switch (status) {
  case OL_OK: return "ok";
  case OL_ERR_ARGUMENT: return "argument";
  case OL_ERR_MEMORY: return "memory";
  case OL_ERR_LIMIT: return "limit";
  case OL_ERR_ENCODING: return "encoding";
  case OL_ERR_PROOF: return "proof";
  case OL_ERR_MISMATCH: return "mismatch";
  case OL_ERR_STALE: return "stale";
  case OL_ERR_QUORUM: return "quorum";
  case OL_ERR_TRANSPORT: return "transport";
  case OL_ERR_REMOTE: return "remote";
  case OL_ERR_CRYPTO: return "crypto";
  }
  return "unknown";
}

/* Compilers would see what the loop does, and call strlen. */
#if defined(__clang__)
__attribute__((no_builtin("strlen")))
#elif defined(__GNUC__)
__attribute__((optimize("no-tree-loop-distribute-patterns")))
#endif
size_t
ol_text_len(const char *text) {
  size_t len = 0;
  while (text[len] != '\0') len++;
  return len;
}

void ol_error_clear(ol_error *error) {
  *error = (ol_error){.status = OL_OK,
                      .item = OL_NOWHERE,
                      .node = OL_NOWHERE,
                      .offset = OL_NOWHERE,
                      .part = "",
                      .field = "",
                      .reason = ""};
}

void ol_error_set(ol_error *error, ol_status status, size_t offset, const char *reason) {
  ol_error_clear(error);
  error->status = status;
  error->offset = offset < OL_NOWHERE ? (uint32_t)offset : OL_NOWHERE;
  error->reason = reason;
}

ol_status ol_error_in(ol_error *error, ol_status status, const char *part, uint32_t item) {
  if (status != OL_OK && error->part[0] == '\0') {
    error->part = part;
    error->item = item;
  }
  return status;
}

ol_status ol_error_within(ol_error *error, ol_status status, const char *part, uint32_t item) {
  if (status != OL_OK) {
    error->field = error->part;
    if (error->item != OL_NOWHERE) error->node = error->item;
    error->part = part;
    error->item = item;
  }
  return status;
}

/* A line of text that is cut where its memory ends, but counted to its end. */
typedef struct line {
  char *out;
  size_t len;
  size_t used;
} line;

static void put_char(line *to, char c) {
  if (to->used + 1 < to->len) to->out[to->used] = c;
  to->used++;
}

static void put_text(line *to, const char *text) {
  for (; *text != '\0'; text++) put_char(to, *text);
}

static void put_number(line *to, uint32_t number) {
  char digits[10];
  size_t count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (count > 0) put_char(to, digits[--count]);
}

/* Puts "name[3] ", or "name " if nothing is counted. */
static void put_counted(line *to, const char *name, uint32_t count) {
  put_text(to, name);
  if (count != OL_NOWHERE) {
    put_char(to, '[');
    put_number(to, count);
    put_char(to, ']');
  }
  put_char(to, ' ');
}

size_t ol_error_text(const ol_error *error, char *out, size_t len) {
  line to = {.out = out, .len = len, .used = 0};
  bool has_field = error->field[0] != '\0';
  if (error->part[0] != '\0') put_counted(&to, error->part, error->item);
  if (has_field) put_counted(&to, error->field, error->node);
  if (!has_field && error->node != OL_NOWHERE) {
    put_text(&to, "node ");
    put_number(&to, error->node);
    put_char(&to, ' ');
  }
  if (error->offset != OL_NOWHERE) {
    put_text(&to, "byte ");
    put_number(&to, error->offset);
    put_char(&to, ' ');
  }
  if (to.used > 0) {
    to.used--; /* the place ends in a colon instead of a space */
    put_text(&to, ": ");
  }
  put_text(&to, error->reason[0] != '\0' ? error->reason : ol_status_name((ol_status)error->status));
  if (len > 0) out[to.used < len ? to.used : len - 1] = '\0';
  return to.used;
}

void ol_wipe(void *memory, size_t len) {
  memset(memory, 0, len);
  /* The barrier makes the store visible to code that the compiler cannot see, so it must happen. */
  __asm__ __volatile__("" : : "r"(memory) : "memory");
}

/* Libsecp256k1's multiplication, the deepest, takes 5 kB. */
#define STACK_BELOW 12288

__attribute__((noinline)) void ol_wipe_stack(void) {
  uint8_t below[STACK_BELOW];
  ol_wipe(below, sizeof below);
}

bool ol_equal_secret(const void *a, const void *b, size_t len) {
  const uint8_t *left = (const uint8_t *)a, *right = (const uint8_t *)b;
  volatile uint8_t difference = 0;
  for (size_t i = 0; i < len; i++) difference |= (uint8_t)(left[i] ^ right[i]);
  return ol_disclose(difference == 0) != 0;
}

#define ARENA_ALIGNMENT 16u

void *ol_arena_take(ol_arena *arena, size_t len) {
  size_t address = (size_t)(uintptr_t)(arena->memory + arena->used);
  size_t padding = (ARENA_ALIGNMENT - address % ARENA_ALIGNMENT) % ARENA_ALIGNMENT;
  size_t left = arena->len - arena->used;
  if (padding > left || len > left - padding) return NULL;
  void *block = arena->memory + arena->used + padding;
  arena->used += padding + len;
  return block;
}

void *ol_arena_resize(ol_arena *arena, void *block, size_t old_len, size_t len) {
  uint8_t *start = (uint8_t *)block;
  if (start + old_len == arena->memory + arena->used) {
    size_t before = (size_t)(start - arena->memory);
    if (len > arena->len - before) return NULL;
    arena->used = before + len;
    return block;
  }
  if (len <= old_len) return block;
  void *larger = ol_arena_take(arena, len);
  if (larger != NULL) memcpy(larger, block, old_len);
  return larger;
}
