/* SPDX-License-Identifier: MIT */

/*
 * The module's heap: emmalloc over memory.grow. It imports nothing, tells nobody when memory grows (the
 * host takes a fresh view for each access), and needs no initialising call before the first export is used.
 */

#include <stddef.h>
#include <stdint.h>

#define PAGE 65536u
#define GROWTH_PAGES 16u

extern unsigned char __heap_base;
void __wasm_call_ctors(void);

void *emmalloc_memalign(size_t alignment, size_t len);
void *emmalloc_malloc(size_t len);
void *emmalloc_calloc(size_t count, size_t len);
void *emmalloc_realloc(void *block, size_t len);
void emmalloc_free(void *block);

void *malloc(size_t len);
void *calloc(size_t count, size_t len);
void *realloc(void *block, size_t len);
int posix_memalign(void **out, size_t alignment, size_t len);
void free(void *block);
void *sbrk(intptr_t increment);
void *emscripten_memcpy_big(void *restrict out, const void *restrict in, size_t len);
_Noreturn void abort(void);

/* emmalloc sets up its lists in a constructor; there is no start function to run it. */
static void ready(void) {
  static int called;
  if (called) return;
  called = 1;
  __wasm_call_ctors();
}

void *malloc(size_t len) {
  ready();
  return emmalloc_malloc(len);
}

void *calloc(size_t count, size_t len) {
  ready();
  return emmalloc_calloc(count, len);
}

void *realloc(void *block, size_t len) {
  ready();
  return emmalloc_realloc(block, len);
}

int posix_memalign(void **out, size_t alignment, size_t len) {
  ready();
  *out = emmalloc_memalign(alignment, len);
  return *out == NULL ? 12 : 0; /* ENOMEM */
}

void free(void *block) {
  emmalloc_free(block);
}

/* Returns: the old end of the heap, or (void *)-1 when memory cannot grow. The heap never shrinks. */
void *sbrk(intptr_t increment) {
  static uintptr_t end;
  if (end == 0) end = (uintptr_t)&__heap_base;
  uintptr_t have = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE;
  uintptr_t grown = (uintptr_t)increment;
  if (increment < 0 || grown > UINTPTR_MAX - PAGE - end) return (void *)-1;
  grown += end;
  if (grown > have) {
    uintptr_t pages = (grown - have + PAGE - 1) / PAGE;
    uintptr_t ample = pages < GROWTH_PAGES ? GROWTH_PAGES : pages;
    if (__builtin_wasm_memory_grow(0, ample) == SIZE_MAX &&
        __builtin_wasm_memory_grow(0, pages) == SIZE_MAX) {
      return (void *)-1;
    }
  }
  void *start = (void *)end;
  end = grown;
  return start;
}

/* memcpy hands long copies to this. The compiler must not turn the loop back into a memcpy. */
__attribute__((no_builtin("memcpy"))) void *emscripten_memcpy_big(void *restrict out, const void *restrict in,
                                                                  size_t len) {
  unsigned char *to = (unsigned char *)out;
  const unsigned char *from = (const unsigned char *)in;
  for (; len >= 16; len -= 16, to += 16, from += 16) {
    uint64_t pair[2];
    __builtin_memcpy(pair, from, 16);
    __builtin_memcpy(to, pair, 16);
  }
  for (; len > 0; len--) *to++ = *from++;
  return out;
}

void abort(void) {
  __builtin_trap();
}
