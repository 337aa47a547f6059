/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_CTIME_H
#define OL_TESTS_CTIME_H

/*
 * Memcheck follows what is undefined through every computation, and reports where it decides: a branch, or an address.
 * So what is secret is made undefined here, and every report is a leak.
 */

#include "base/base.h"

typedef struct ctime_check {
  const char *name;
  bool (*run)(void); /* Returns: whether it did what it was to do */
  bool leaks;        /* a plant, which must be reported */
} ctime_check;

extern const ctime_check ctime_core[], ctime_wallet[], ctime_planted[];
extern const size_t ctime_core_count, ctime_wallet_count, ctime_planted_count;

/* From here on these bytes are secret, or are public. */
void ctime_hide(const void *bytes, size_t len);
void ctime_show(const void *bytes, size_t len);

/* Of text only the five low bits of each letter: that it is one shows, and where the words end, but not which. */
void ctime_hide_letters(uint8_t *text, size_t len);

#endif
