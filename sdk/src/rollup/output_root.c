/* SPDX-License-Identifier: MIT */
#include "base/base.h"
#include "openledger/header.h"

#include "base/poison.h"

void ol_output_root_v0(ol_hash *out, const ol_hash *state_root, const ol_hash *message_passer_root,
                       const ol_hash *block_hash) {
  uint8_t preimage[4 * sizeof(ol_hash)] = {0};
  memcpy(preimage + 32, state_root->bytes, sizeof state_root->bytes);
  memcpy(preimage + 64, message_passer_root->bytes, sizeof message_passer_root->bytes);
  memcpy(preimage + 96, block_hash->bytes, sizeof block_hash->bytes);
  ol_keccak256(out, preimage, sizeof preimage);
}
