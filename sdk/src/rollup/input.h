/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_INPUT_H
#define OL_ROLLUP_INPUT_H

#include "encoding/json.h"

/* What people paste and files hold: bytes in hex, or JSON that may be inside a JSON-RPC envelope. */
typedef struct ol_input {
  bool is_hex;
  ol_slice bytes; /* where it is hex */
  ol_json json;   /* where it is not */
} ol_input;

/* Reads either, with space around it. In: `part` is what an error names. */
OL_CHECKED ol_status ol_input_read(ol_error *error, ol_input *out, ol_arena *arena, ol_slice text,
                                   const char *part) OL_NONNULL_ARGS(1, 2, 3, 5);

#endif
