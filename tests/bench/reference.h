/* SPDX-License-Identifier: MIT */
#ifndef OL_BENCH_REFERENCE_H
#define OL_BENCH_REFERENCE_H

#include <stdint.h>

/* Keccak-f[1600] as textbooks have it, for a compiler to make the best of. */
void reference_keccak_f1600(uint64_t state[25]);

#endif
