/* SPDX-License-Identifier: MIT */

/*
 * libsecp256k1 for WebAssembly. Its table of multiples of the generator, which no compression makes smaller, is computed by
 * its own code when the first signer is made, which takes less than a millisecond, instead of being downloaded. Nothing is
 * allocated for it. And its hashes are made by blst's SHA-256 (CMakeLists.txt takes its own out of hash_impl.h).
 */
#define SECP256K1_BUILD
#define SECP256K1_PRECOMPUTED_ECMULT_GEN_H
#include "../include/secp256k1.h"

#include "util.h"

/* Adds a block to a state. */
void blst_sha256_block_data_order(unsigned int *state, const void *blocks, size_t count);

static void secp256k1_sha256_transform(uint32_t *state, const unsigned char *block) {
  blst_sha256_block_data_order(state, block, 1);
}

#include "hash_impl.h"

#include "ecmult_gen.h"
#include "field_impl.h"
#include "group_impl.h"
#include "scalar_impl.h"

static secp256k1_ge_storage secp256k1_ecmult_gen_prec_table[COMB_BLOCKS][COMB_POINTS];

#include "ecmult_gen_impl.h"

#define POINTS (COMB_BLOCKS * COMB_POINTS)

/* What computing takes for a while: the points in two forms, and the teeth of a block. */
static union {
  unsigned char bytes[POINTS * (sizeof(secp256k1_ge) + sizeof(secp256k1_gej)) +
                      COMB_TEETH * sizeof(secp256k1_gej) + 64];
  unsigned long long aligned;
} room;
static size_t room_used;

static void *take(size_t len) {
  void *out = room.bytes + room_used;
  room_used += (len + 15) / 16 * 16;
  return out;
}

#define checked_malloc(callback, len) take(len)
#define free(block) ((void)(block))
#include "ecmult_gen_compute_table_impl.h"
#undef checked_malloc
#undef free

static void build_with_table(secp256k1_ecmult_gen_context *context) {
  static int computed;
  if (!computed) {
    secp256k1_ecmult_gen_compute_table(&secp256k1_ecmult_gen_prec_table[0][0], &secp256k1_ge_const_g,
                                       COMB_BLOCKS, COMB_TEETH, COMB_SPACING);
    computed = 1;
  }
  secp256k1_ecmult_gen_context_build(context);
}

#define secp256k1_ecmult_gen_context_build build_with_table
#include "secp256k1.c"
