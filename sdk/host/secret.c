/* SPDX-License-Identifier: MIT */

/* Memory for secrets: between pages that nobody may touch, kept out of swap and of core dumps. */

#define _DEFAULT_SOURCE /* MADV_DONTDUMP, explicit_bzero */
#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#if !defined(MAP_ANONYMOUS)
#define MAP_ANONYMOUS MAP_ANON
#endif

/* What is in front of the memory that is given out, inside of the same pages. */
typedef struct block {
  _Alignas(16) uint8_t *pages; /* the first guard */
  size_t mapped;               /* bytes, with both guards */
  uint8_t *inside;
  size_t inside_len;
} block;

#define ALIGNMENT 16u
_Static_assert(sizeof(block) % ALIGNMENT == 0, "what follows a block is aligned");

static ol_status no_memory(ol_error *error) {
  return host_fail(error, OL_ERR_MEMORY, "memory", "the system has no memory for secrets");
}

/* Opens what is between the guards, and keeps it where it is. Returns: false when the system does not do it. */
static bool open_inside(uint8_t *inside, size_t len, int *out_locked) {
  if (mprotect(inside, len, PROT_READ | PROT_WRITE) != 0) return false;
#if defined(MADV_DONTDUMP)
  if (madvise(inside, len, MADV_DONTDUMP) != 0) return false;
#endif
  *out_locked = mlock(inside, len) == 0;
  return true;
}

ol_status ol_host_secret_new(ol_error *error, void **out, int *out_locked, size_t len) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  if (len == 0 || len > SIZE_MAX / 4) return host_fail(error, OL_ERR_ARGUMENT, "memory", "no such length");
  size_t inside = (room + sizeof(block) + page - 1) / page * page, mapped = inside + 2 * page;
  uint8_t *pages = (uint8_t *)mmap(NULL, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if ((void *)pages == MAP_FAILED) return no_memory(error);
  if (!open_inside(pages + page, inside, out_locked)) {
    munmap(pages, mapped);
    return no_memory(error);
  }
  uint8_t *given = pages + page + inside - room; /* against the guard, which the first byte too far is in */
  ((block *)(void *)given)[-1] =
      (block){.pages = pages, .mapped = mapped, .inside = pages + page, .inside_len = inside};
  *out = given;
  return OL_OK;
}

void ol_host_secret_free(void *memory) {
  if (memory == NULL) return;
  const block of = ((const block *)memory)[-1];
  explicit_bzero(of.inside, of.inside_len);
  munmap(of.pages, of.mapped);
}

ol_status ol_host_keep_secrets(ol_error *error) {
  const struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0)
    return host_fail(error, OL_ERR_ARGUMENT, "process", "core dumps cannot be turned off");
#if defined(__linux__)
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return host_fail(error, OL_ERR_ARGUMENT, "process", "cannot be kept from others' debuggers");
#endif
  return OL_OK;
}
