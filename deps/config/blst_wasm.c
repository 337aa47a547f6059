/* SPDX-License-Identifier: MIT */

/*
 * blst for WebAssembly. Its field arithmetic in C takes the number of limbs as an argument; where the compiler sees
 * it, the loops unroll, and a pairing takes a quarter less time for 2 kB more. So these are inlined, and nothing
 * else is (CMakeLists.txt).
 */
#include "vect.h"

#define INLINED static inline __attribute__((always_inline)) void

INLINED mul_mont_n(limb_t ret[], const limb_t a[], const limb_t b[], const limb_t p[], limb_t n0, size_t n);
INLINED mul_mont_nonred_n(limb_t ret[], const limb_t a[], const limb_t b[], const limb_t p[], limb_t n0,
                          size_t n);
INLINED add_mod_n(limb_t ret[], const limb_t a[], const limb_t b[], const limb_t p[], size_t n);
INLINED sub_mod_n(limb_t ret[], const limb_t a[], const limb_t b[], const limb_t p[], size_t n);

#include "server.c"
