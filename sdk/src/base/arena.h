/* SPDX-License-Identifier: MIT */
#ifndef OL_BASE_ARENA_H
#define OL_BASE_ARENA_H

/* Memory from the caller, given out from one end. Nothing is freed but by going back to a mark. */

#include "base/base.h"

typedef struct ol_arena {
  uint8_t *memory;
  size_t len;
  size_t used;
} ol_arena;

static inline ol_arena ol_arena_of(void *memory, size_t len) {
  return (ol_arena){.memory = (uint8_t *)memory, .len = len, .used = 0};
}

/* Returns: `len` bytes aligned to 16, or NULL when the arena is full. */
void *ol_arena_take(ol_arena *arena, size_t len) OL_NONNULL;

/* Grows or shrinks the block last taken in place; any other block is copied. Returns: NULL when full. */
void *ol_arena_resize(ol_arena *arena, void *block, size_t old_len, size_t len) OL_NONNULL;

#endif
