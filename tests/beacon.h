/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_BEACON_H
#define OL_TESTS_BEACON_H

/*
 * A beacon chain as far as a light client sees it: committees with keys, states and bodies of which only the
 * leaves that are proven are real, and updates signed by whoever a test says. Everything can be lied about.
 */

#include "consensus/store.h"
#include "crypto/bls.h"
#include "crypto/sha2.h"

#include <stdlib.h>

#define BEACON_MEMBERS 512
#define BEACON_NODES 4096 /* a tree as an array: node i has the children 2i and 2i + 1 */

typedef struct beacon_committee {
  uint8_t secrets[BEACON_MEMBERS][32];
  uint8_t bytes[OL_COMMITTEE_BYTES]; /* SyncCommittee in SSZ */
} beacon_committee;

/* What an update is made of; a test changes it before it is signed, or after. */
typedef struct beacon_update {
  ol_light_update update;
  uint8_t committee_branch[11 * 32];
  uint8_t finality_branch[9 * 32];
  uint8_t bits[BEACON_MEMBERS / 8];
  uint8_t signature[96];
} beacon_update;

static inline ol_hash beacon_pair(const ol_hash *left, const ol_hash *right) {
  uint8_t both[64];
  ol_hash out;
  memcpy(both, left->bytes, 32);
  memcpy(both + 32, right->bytes, 32);
  ol_sha256(&out, both, sizeof both);
  return out;
}

/* Members' keys follow from the period and their place. */
static inline void beacon_make_committee(beacon_committee *out, const ol_beacon_network *network,
                                         uint8_t period) {
  ol_error error;
  ol_bls_pubkey keys[BEACON_MEMBERS], sum;
  memset(out, 0, sizeof *out);
  for (uint32_t i = 0; i < network->committee_size; i++) {
    out->secrets[i][29] = (uint8_t)(period + 1);
    out->secrets[i][30] = (uint8_t)(i >> 8);
    out->secrets[i][31] = (uint8_t)(i + 1);
    if (ol_bls_pubkey_create(&error, &keys[i], out->secrets[i]) != OL_OK) abort();
    ol_bls_pubkey_write(out->bytes + i * OL_BLS_KEY, &keys[i]);
  }
  if (ol_bls_aggregate_pubkeys(&error, &sum, keys, network->committee_size) != OL_OK) abort();
  ol_bls_pubkey_write(out->bytes + network->committee_size * OL_BLS_KEY, &sum);
}

static inline ol_slice beacon_committee_slice(const beacon_committee *committee,
                                              const ol_beacon_network *network) {
  return ol_slice_of(committee->bytes, ol_committee_bytes(network));
}

/* Sets a node and all above it; what was not set is zero. */
static inline void beacon_set_node(ol_hash nodes[BEACON_NODES], size_t index, const ol_hash *value) {
  nodes[index] = *value;
  for (size_t i = index / 2; i > 0; i /= 2) nodes[i] = beacon_pair(&nodes[2 * i], &nodes[2 * i + 1]);
}

/* Out: the branch of a node, zeros in front where `depth` is more than it needs. */
static inline void beacon_branch(uint8_t *out, size_t depth, const ol_hash nodes[BEACON_NODES],
                                 size_t index) {
  size_t own = 0;
  for (size_t i = index; i > 1; i /= 2) own++;
  memset(out, 0, (depth - own) * 32);
  for (size_t i = 0; i < own; i++, index /= 2)
    memcpy(out + (depth - own + i) * 32, nodes[index ^ 1].bytes, 32);
}

/* Out: the hash of a slot's execution block. A test may put blocks of its own there. */
static inline ol_hash beacon_any_block(uint64_t slot) {
  ol_hash hash;
  memset(hash.bytes, (int)(slot & 0xff), sizeof hash.bytes);
  return hash;
}
static ol_hash (*beacon_block_hash)(uint64_t slot) = beacon_any_block;

/* The body that commits to an execution block as Gloas has it; all else in it is zero, and so is the branch. */
static inline ol_hash beacon_body_root(const ol_hash *block_hash) {
  const ol_hash zero = {{0}};
  ol_hash node = *block_hash;
  for (size_t index = 2856; index > 1; index /= 2)
    node = index % 2 == 1 ? beacon_pair(&zero, &node) : beacon_pair(&node, &zero);
  return node;
}

/* A header of the form that the rules see, valid for its slot. */
static inline ol_light_header beacon_header(uint64_t slot, const ol_hash *state_root) {
  ol_light_header header = {.beacon = {.slot = slot, .state_root = *state_root}, .is_valid = true};
  header.block_hash = beacon_block_hash(slot);
  header.beacon.body_root = beacon_body_root(&header.block_hash);
  uint8_t leaves[8][32] = {{0}};
  for (int i = 0; i < 8; i++) leaves[0][i] = (uint8_t)(slot >> 8 * i);
  memcpy(leaves[3], state_root->bytes, 32);
  memcpy(leaves[4], header.beacon.body_root.bytes, 32);
  ol_hash level[8];
  for (int i = 0; i < 8; i++) memcpy(level[i].bytes, leaves[i], 32);
  for (int width = 4; width >= 1; width /= 2) {
    for (int i = 0; i < width; i++) level[i] = beacon_pair(&level[2 * i], &level[2 * i + 1]);
  }
  header.root = level[0];
  return header;
}

/* The generalized indices of a fork's state. */
static inline void beacon_indices(const ol_beacon_network *network, uint64_t slot, size_t *finalized,
                                  size_t *next) {
  ol_beacon_fork fork = ol_beacon_fork_at(network, slot);
  *finalized = fork >= OL_BEACON_GLOAS ? 735 : fork >= OL_BEACON_ELECTRA ? 169 : 105;
  *next = fork >= OL_BEACON_GLOAS ? 2946 : fork >= OL_BEACON_ELECTRA ? 87 : 55;
}

/* What a store begins with; a test may change it, or the branch. */
typedef struct beacon_start {
  ol_light_bootstrap bootstrap;
  uint8_t branch[11 * 32];
} beacon_start;

/* Makes the bootstrap of a slot, with the committee of its period. */
static inline void beacon_make_bootstrap(beacon_start *out, const ol_beacon_network *network, uint64_t slot,
                                         const beacon_committee *committee) {
  static ol_hash nodes[BEACON_NODES];
  ol_hash root;
  memset(nodes, 0, sizeof nodes);
  ol_beacon_fork fork = ol_beacon_fork_at(network, slot);
  size_t index = fork >= OL_BEACON_GLOAS ? 2945 : fork >= OL_BEACON_ELECTRA ? 86 : 54;
  ol_slice keys = beacon_committee_slice(committee, network);
  ol_committee_root(&root, network, keys);
  beacon_set_node(nodes, index, &root);
  beacon_branch(out->branch, 11, nodes, index);
  out->bootstrap = (ol_light_bootstrap){.header = beacon_header(slot, &nodes[1]),
                                        .committee = keys,
                                        .committee_branch = ol_slice_of(out->branch, sizeof out->branch)};
}

static inline void beacon_begin(ol_light_store *out, const ol_beacon_network *network, uint64_t slot,
                                const beacon_committee *committee) {
  ol_error error;
  beacon_start start;
  beacon_make_bootstrap(&start, network, slot, committee);
  if (ol_light_store_init(&error, out, network, &start.bootstrap.header.root, &start.bootstrap) != OL_OK)
    abort();
}

/* Makes an update that attests `slot` and finalizes `finalized` (0: without finality), unsigned. */
static inline void beacon_make_update(beacon_update *out, const ol_beacon_network *network, uint64_t slot,
                                      uint64_t finalized, const beacon_committee *next) {
  static ol_hash nodes[BEACON_NODES];
  size_t finalized_index, next_index;
  const ol_hash salt = {{0x5a}};
  ol_hash root;
  memset(out, 0, sizeof *out);
  memset(nodes, 0, sizeof nodes);
  beacon_indices(network, slot, &finalized_index, &next_index);
  beacon_set_node(nodes, 4, &salt); /* so that no branch is all zeros */
  out->update.finalized = (ol_light_header){.is_default = true};
  if (finalized != 0) {
    const ol_hash state = {{(uint8_t)finalized, 1}};
    out->update.finalized = beacon_header(finalized, &state);
    beacon_set_node(nodes, finalized_index, &out->update.finalized.root);
  }
  if (next != NULL) {
    out->update.next_committee = beacon_committee_slice(next, network);
    ol_committee_root(&root, network, out->update.next_committee);
    beacon_set_node(nodes, next_index, &root);
  }
  out->update.attested = beacon_header(slot, &nodes[1]);
  if (finalized != 0) {
    beacon_branch(out->finality_branch, 9, nodes, finalized_index);
    out->update.finality_branch = ol_slice_of(out->finality_branch, 9 * 32);
  }
  if (next != NULL) {
    beacon_branch(out->committee_branch, 11, nodes, next_index);
    out->update.next_committee_branch = ol_slice_of(out->committee_branch, 11 * 32);
  }
  out->update.signature_slot = slot + 1;
  out->update.bits = ol_slice_of(out->bits, network->committee_size / 8);
  out->update.signature = ol_slice_of(out->signature, sizeof out->signature);
}

/* Out: what a committee signs of a header: compute_signing_root in a domain made here, apart from the core's. */
static inline ol_hash beacon_signing_root(const ol_hash *header_root, const uint8_t version[4],
                                          const ol_hash *genesis_validators_root, uint8_t domain_type) {
  ol_hash fork = {{0}}, domain = {{0}};
  memcpy(fork.bytes, version, 4);
  ol_hash fork_data_root = beacon_pair(&fork, genesis_validators_root);
  domain.bytes[0] = domain_type;
  memcpy(domain.bytes + 4, fork_data_root.bytes, 28);
  return beacon_pair(header_root, &domain);
}

/* Signs by the first `count` members, who set their bits. */
static inline void beacon_sign_root(beacon_update *update, const beacon_committee *committee, uint32_t count,
                                    const ol_hash *root) {
  ol_error error;
  static ol_bls_signature each[BEACON_MEMBERS];
  ol_bls_signature all;
  memset(update->bits, 0, sizeof update->bits);
  for (uint32_t i = 0; i < count; i++) {
    update->bits[i / 8] |= (uint8_t)(1 << i % 8);
    if (ol_bls_sign(&error, &each[i], ol_bls_ethereum, committee->secrets[i], ol_slice_of(root->bytes, 32)) !=
        OL_OK)
      abort();
  }
  if (ol_bls_aggregate_signatures(&error, &all, each, count) != OL_OK) abort();
  ol_bls_signature_write(update->signature, &all);
}

static inline void beacon_sign(beacon_update *update, const ol_beacon_network *network,
                               const beacon_committee *committee, uint32_t count) {
  ol_beacon_fork fork = ol_beacon_fork_at(network, update->update.signature_slot - 1);
  ol_hash root = beacon_signing_root(&update->update.attested.root, network->forks[fork].version,
                                     &network->genesis_validators_root, 7);
  beacon_sign_root(update, committee, count, &root);
}

#endif
