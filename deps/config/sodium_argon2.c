/* SPDX-License-Identifier: MIT */

/*
 * libsodium's core of Argon2, and three doors into it: what its own argon2_ctx() does between allocating memory and
 * giving it back, cut where a page can draw in between.
 */
#include "argon2-core.c"

#include "sodium_argon2.h"

static argon2_instance_t instance_of(const crypto_pwhash_argon2id_job *job, block_region *region) {
  argon2_instance_t instance = {0};
  region->base = region->memory = (block *)job->blocks;
  instance.region = region;
  instance.pseudo_rands = job->addresses;
  instance.passes = job->passes;
  instance.segment_length = job->kib / ARGON2_SYNC_POINTS;
  instance.lane_length = instance.segment_length * ARGON2_SYNC_POINTS;
  instance.memory_blocks = instance.lane_length;
  instance.lanes = instance.threads = 1;
  instance.type = Argon2_id;
  return instance;
}

void crypto_pwhash_argon2id_begin(const crypto_pwhash_argon2id_job *job, const uint8_t *password,
                                  uint32_t password_len, const uint8_t *salt, uint32_t salt_len) {
  uint8_t hash[ARGON2_PREHASH_SEED_LENGTH] = {0};
  block_region region;
  argon2_instance_t instance = instance_of(job, &region);
  argon2_context context = {0};
  context.outlen = job->out_len;
  context.pwd = (uint8_t *)password;
  context.pwdlen = password_len;
  context.salt = (uint8_t *)salt;
  context.saltlen = salt_len;
  context.t_cost = job->passes;
  context.m_cost = job->kib;
  context.lanes = context.threads = 1;
  initial_hash(hash, &context, Argon2_id);
  fill_first_blocks(hash, &instance);
  sodium_memzero(hash, sizeof hash);
}

void crypto_pwhash_argon2id_segment(const crypto_pwhash_argon2id_job *job, uint32_t pass, uint32_t slice) {
  block_region region;
  argon2_instance_t instance = instance_of(job, &region);
  argon2_position_t position = {.pass = pass, .lane = 0, .slice = (uint8_t)slice, .index = 0};
  fill_segment(&instance, position);
}

void crypto_pwhash_argon2id_end(uint8_t *out, const crypto_pwhash_argon2id_job *job) {
  block_region region;
  argon2_instance_t instance = instance_of(job, &region);
  uint8_t bytes[ARGON2_BLOCK_SIZE];
  store_block(bytes, instance.region->memory + instance.lane_length - 1);
  blake2b_long(out, job->out_len, bytes, sizeof bytes);
  sodium_memzero(bytes, sizeof bytes);
}
