/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <stdlib.h>
#include <string.h>

#define INPUTS_MAX 64

static const work works[] = {
    {"keccak_own", keccak_own},
    {"keccak_reference", keccak_reference},
    {"account_proof", account_proof},
    {"envelope_check", envelope_check},
    {"pairing_check", pairing_check},
    {"beacon_sync", beacon_sync},
    {"beacon_sync_ssz", beacon_sync_ssz},
    {"sync_memory", sync_memory},
    {"sync_memory_ssz", sync_memory_ssz},
    {"update_single", update_single},
    {"update_batched", update_batched},
    {"head_and_account", head_and_account},
    {"head_and_account_cold", head_and_account_cold},
    {"balance_warm", balance_warm},
    {"balance_memory", balance_memory},
    {"balance_finalized", balance_finalized},
    {"receipts_root", receipts_root},
    {"receipts_memory", receipts_memory},
    {"receipt_verify", receipt_verify},
    {"derive_2000", derive_2000},
    {"scrypt_131072", scrypt_131072},
    {"argon2id", argon2id},
    {"kdf_memory", kdf_memory},
    {"sign_tx_1559", sign_tx_1559},
    {"sign_tx_1559_wallet", sign_tx_1559_wallet},
    {"sign_typed_data", sign_typed_data},
    {"sign_typed_data_wallet", sign_typed_data_wallet},
    {"wallet_memory", wallet_memory},
    {"influence_1000x512", influence_1000x512},
    {"influence_table_1000x512", influence_table_1000x512},
};

static struct {
  const char *name;
  ol_slice data;
} inputs[INPUTS_MAX];
static size_t input_count;

const work *work_named(const char *name) {
  for (size_t i = 0; i < sizeof works / sizeof works[0]; i++)
    if (strcmp(works[i].name, name) == 0) return &works[i];
  return NULL;
}

bool work_give(const char *name, ol_slice data) {
  if (input_count == INPUTS_MAX) return false;
  inputs[input_count].name = name;
  inputs[input_count++].data = data;
  return true;
}

ol_slice work_input(const char *group, const char *part) {
  size_t len = strlen(group);
  for (size_t i = 0; i < input_count; i++) {
    const char *name = inputs[i].name;
    if (strncmp(name, group, len) == 0 && name[len] == '.' && strcmp(name + len + 1, part) == 0)
      return inputs[i].data;
  }
  return (ol_slice){NULL, 0};
}

void *work_memory(size_t len) {
  static uint8_t *block;
  static size_t block_len;
  if (len > block_len) {
    free(block);
    block = (uint8_t *)malloc(len + 15);
    block_len = block == NULL ? 0 : len;
  }
  return block == NULL ? NULL : block + (16 - (uintptr_t)block % 16) % 16;
}

uint32_t work_u32(const uint8_t *le) {
  return (uint32_t)le[0] | (uint32_t)le[1] << 8 | (uint32_t)le[2] << 16 | (uint32_t)le[3] << 24;
}

uint64_t work_u64(const uint8_t *le) {
  return work_u32(le) | (uint64_t)work_u32(le + 4) << 32;
}
