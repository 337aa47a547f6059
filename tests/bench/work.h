/* SPDX-License-Identifier: MIT */
#ifndef OL_BENCH_WORK_H
#define OL_BENCH_WORK_H

/*
 * Work that is measured, by name, and what it reads, by name too. It is the same native and in WebAssembly:
 * main_native.c and main_wasm.c are only the doors.
 */

#include "base/base.h"

/* What the work came to, to be compared with others' results. Zeros where there is nothing to compare. */
typedef struct work_answer {
  uint8_t bytes[64];
} work_answer;

typedef struct work {
  const char *name;
  /* Does it `count` times. Returns: false if it went wrong even once. */
  bool (*run)(work_answer *answer, size_t count);
} work;

/* Returns: NULL if there is no such work. */
const work *work_named(const char *name);

/* Keeps an input: "GROUP.PART". Neither name nor data is copied. Returns: false when there are too many. */
bool work_give(const char *name, ol_slice data);

/* Returns: the input GROUP.PART, empty if it was not given. */
ol_slice work_input(const char *group, const char *part);

/* Returns: memory aligned to 16, the same whenever no more is asked for; NULL when there is none. */
void *work_memory(size_t len);

uint32_t work_u32(const uint8_t *le);
uint64_t work_u64(const uint8_t *le);

/* Proves the account GROUP.address with GROUP.nodes, each after its length in four bytes. */
bool work_account(work_answer *answer, const char *group, const ol_hash *state_root);

bool keccak_own(work_answer *answer, size_t count);
bool keccak_reference(work_answer *answer, size_t count);
bool account_proof(work_answer *answer, size_t count);
bool envelope_check(work_answer *answer, size_t count);
bool pairing_check(work_answer *answer, size_t count);
bool beacon_sync(work_answer *answer, size_t count);
bool beacon_sync_ssz(work_answer *answer, size_t count);
bool sync_memory(work_answer *answer, size_t count);
bool sync_memory_ssz(work_answer *answer, size_t count);
bool update_single(work_answer *answer, size_t count);
bool update_batched(work_answer *answer, size_t count);
bool head_and_account(work_answer *answer, size_t count);
bool head_and_account_cold(work_answer *answer, size_t count);
bool balance_warm(work_answer *answer, size_t count);
bool balance_memory(work_answer *answer, size_t count);
bool balance_finalized(work_answer *answer, size_t count);
bool receipts_root(work_answer *answer, size_t count);
bool receipts_memory(work_answer *answer, size_t count);
bool receipt_verify(work_answer *answer, size_t count);
bool derive_2000(work_answer *answer, size_t count);
bool scrypt_131072(work_answer *answer, size_t count);
bool argon2id(work_answer *answer, size_t count);
bool kdf_memory(work_answer *answer, size_t count);
bool sign_tx_1559(work_answer *answer, size_t count);
bool sign_tx_1559_wallet(work_answer *answer, size_t count);
bool sign_typed_data(work_answer *answer, size_t count);
bool sign_typed_data_wallet(work_answer *answer, size_t count);
bool wallet_memory(work_answer *answer, size_t count);
bool influence_1000x512(work_answer *answer, size_t count);
bool influence_table_1000x512(work_answer *answer, size_t count);

#endif
