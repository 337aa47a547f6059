/* SPDX-License-Identifier: MIT */

/* Clock and entropy. */

#define _DEFAULT_SOURCE /* getentropy */
#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <sys/random.h>
#endif

/* What getentropy gives at most in one call. */
#define ENTROPY_PIECE 256u

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
