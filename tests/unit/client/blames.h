/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_CLIENT_BLAMES_H
#define OL_TESTS_UNIT_CLIENT_BLAMES_H

/* Who is blamed by an engine, and for what. */

#include "openledger/engine.h"
#include "unit/bytes.h"

/* Takes the next blame, which must fall on this endpoint, in these words. */
static inline void assert_blame(ol_engine *engine, ol_source source, uint32_t endpoint, const char *text) {
  ol_blame blame;
  char line[256];
  assert_int_equal(ol_engine_next_blame(engine, &blame), 1);
  ol_error_text(&blame.error, line, sizeof line);
  assert_string_equal(line, text);
  assert_int_equal(blame.source, source);
  assert_int_equal(blame.endpoint, endpoint);
}

static inline void assert_no_blame(ol_engine *engine) {
  ol_blame blame;
  assert_int_equal(ol_engine_next_blame(engine, &blame), 0);
}

#endif
