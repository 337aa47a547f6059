/* SPDX-License-Identifier: MIT */

/*
 * yyjson without conversions of fractions: numbers are read as they are written, and only whole ones are written
 * (sdk/src/encoding/json.c). Its own conversion takes a table of 10 kB; the one from libc, which it takes instead,
 * stops if it is ever reached.
 */
#include <stdio.h>
#include <stdlib.h>

static double no_fraction(const char *text, char **end) {
  (void)text;
  (void)end;
  __builtin_trap();
}

static int no_fraction_text(char *out, size_t len, const char *format, ...) {
  (void)out;
  (void)len;
  (void)format;
  __builtin_trap();
}

#define YYJSON_DISABLE_FAST_FP_CONV 1
#define strtod no_fraction
#define snprintf no_fraction_text
#include "yyjson.c"
