/* SPDX-License-Identifier: MIT */

/* Clock, entropy and files. */

#define _DEFAULT_SOURCE /* getentropy */
#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

/* What getentropy gives at most in one call. */
#define ENTROPY_PIECE 256u
#define FILE_PIECE (64u << 10)

uint64_t ol_host_now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

ol_status ol_host_entropy(ol_error *error, uint8_t *out, size_t len) {
  while (len > 0) {
    size_t piece = len < ENTROPY_PIECE ? len : ENTROPY_PIECE;
    if (getentropy(out, piece) != 0)
      return host_fail(error, OL_ERR_CRYPTO, "entropy", "the system has none to give");
    out += piece;
    len -= piece;
  }
  return OL_OK;
}

static const char *file_reason(int number) {
  switch (number) {
  case ENOENT: return "there is no such file";
  case EACCES: return "reading it is not permitted";
  case EISDIR: return "it is a directory";
  default: return "it cannot be read";
  }
}

static ol_status read_all(ol_error *error, uint8_t **out, size_t *out_len, FILE *file, size_t max_len) {
  size_t len = 0, capacity = 0;
  uint8_t *bytes = NULL;
  for (;;) {
    if (len == capacity) {
      /* One byte more than allowed shows that a file is too long. */
      size_t larger = capacity == 0 ? FILE_PIECE : 2 * capacity;
      if (larger > max_len) larger = max_len + 1;
      uint8_t *moved = realloc(bytes, larger);
      if (moved == NULL) {
        free(bytes);
        return host_fail(error, OL_ERR_MEMORY, "", "out of memory");
      }
      bytes = moved;
      capacity = larger;
    }
    errno = 0;
    size_t got = fread(bytes + len, 1, capacity - len, file);
    int number = errno;
    len += got;
    if (len > max_len) {
      free(bytes);
      return host_fail(error, OL_ERR_LIMIT, "", "it is longer than accepted");
    }
    if (ferror(file)) {
      free(bytes);
      return host_fail(error, OL_ERR_ARGUMENT, "", file_reason(number));
    }
    if (got == 0) break;
  }
  *out = bytes;
  *out_len = len;
  return OL_OK;
}

ol_status ol_host_read_file(ol_error *error, uint8_t **out, size_t *out_len, const char *path,
                            size_t max_len) {
  if (max_len == SIZE_MAX) max_len--;
  if (strcmp(path, "-") == 0) return read_all(error, out, out_len, stdin, max_len);
  FILE *file = fopen(path, "rb");
  if (file == NULL) return host_fail(error, OL_ERR_ARGUMENT, "", file_reason(errno));
  ol_status status = read_all(error, out, out_len, file, max_len);
  fclose(file);
  return status;
}

void ol_host_free_file(uint8_t *bytes) {
  free(bytes);
}
