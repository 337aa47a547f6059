/* SPDX-License-Identifier: MIT */

/* A user's program that makes a table of influence of one sample. */

#include <openledger/influence_table.h>

int main(void) {
  const uint64_t parameters = 2;
  const ol_influence_options options = {.d = 4, .layers = 1, .layer_len = &parameters};
  const ol_address address = {{1}};
  const double gradient[] = {1, 2};
  ol_error error;
  ol_influence_maker *maker;
  ol_slice file;
  if (ol_influence_maker_new(&error, &maker, &options) != OL_OK) return 1;
  int good = ol_influence_maker_add(&error, maker, &address, 1, gradient) == OL_OK &&
             ol_influence_maker_again(&error, maker, gradient) == OL_OK &&
             ol_influence_maker_payout(&error, maker, 1, &address) == OL_OK &&
             ol_influence_maker_finish(&error, maker) == OL_OK &&
             ol_influence_maker_file(&error, maker, &file, ol_influence_maker_scale(maker)) == OL_OK &&
             file.len == 5 + OL_GRADIENT_HEADER_BYTES + 28 + 2 * 4;
  ol_influence_maker_free(maker);
  return good ? 0 : 1;
}
