/* SPDX-License-Identifier: MIT */
#include "crypto/keccak.h"

#include "crypto/keccak_round.h"

#include "base/poison.h"

void ol_keccak_f1600(uint64_t state[25]) {
  KECCAK_PERMUTE(uint64_t, state);
}

/* Adds bytes that fit into the current block to the state. */
static void absorb(ol_keccak *keccak, const uint8_t *data, size_t len) {
  size_t at = keccak->used;
  keccak->used += (uint32_t)len;
  for (; len > 0 && at % 8 != 0; at++, data++, len--) {
    keccak->state[at / 8] ^= (uint64_t)*data << at % 8 * 8;
  }
  for (; len >= 8; at += 8, data += 8, len -= 8) keccak->state[at / 8] ^= keccak_load(data);
  for (; len > 0; at++, data++, len--) keccak->state[at / 8] ^= (uint64_t)*data << at % 8 * 8;
}

static void squeeze(ol_keccak *keccak, ol_hash *out) {
  keccak->state[keccak->used / 8] ^= (uint64_t)0x01 << keccak->used % 8 * 8;
  keccak->state[OL_KECCAK_RATE / 8 - 1] ^= (uint64_t)0x80 << 56;
  ol_keccak_f1600(keccak->state);
  for (size_t i = 0; i < 4; i++) keccak_store(out->bytes + 8 * i, keccak->state[i]);
}

void ol_keccak_init(ol_keccak *keccak) {
  memset(keccak, 0, sizeof *keccak);
}

void ol_keccak_update(ol_keccak *keccak, const uint8_t *data, size_t len) {
  while (len >= OL_KECCAK_RATE - keccak->used) {
    size_t take = OL_KECCAK_RATE - keccak->used;
    absorb(keccak, data, take);
    ol_keccak_f1600(keccak->state);
    keccak->used = 0;
    data += take;
    len -= take;
  }
  if (len > 0) absorb(keccak, data, len);
}

void ol_keccak_final(ol_keccak *keccak, ol_hash *out) {
  squeeze(keccak, out);
  ol_wipe(keccak, sizeof *keccak);
}

void ol_keccak256(ol_hash *out, const uint8_t *data, size_t len) {
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, data, len);
  squeeze(&keccak, out);
}
