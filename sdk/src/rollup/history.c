/* SPDX-License-Identifier: MIT */
#include "rollup/history.h"

#include "rollup/u256.h"

#include "base/poison.h"

const ol_address ol_history_address = {{0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5, 0x3a, 0x10, 0xcb,
                                        0x7a, 0x02, 0x33, 0x5b, 0x17, 0x53, 0x20, 0x00, 0x29, 0x35}};

void ol_history_slot(ol_u256 *out, uint64_t number) {
  *out = ol_u256_of(number % OL_HISTORY_WINDOW);
}

bool ol_history_tells(uint64_t at, uint64_t number) {
  return number < at && at - number <= OL_HISTORY_WINDOW;
}

ol_status ol_history_read(ol_error *error, ol_hash *out, const ol_u256 *value) {
  if (ol_u256_is_zero(value))
    return ol_error_in(error,
                       ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "state does not have the block's hash"),
                       "history", OL_NOWHERE);
  memcpy(out->bytes, value->bytes, sizeof out->bytes);
  return OL_OK;
}

uint64_t ol_history_hop(uint64_t from, uint64_t to) {
  OL_ASSERT(to < from);
  return ol_history_tells(from, to) ? to : from - OL_HISTORY_WINDOW;
}
