/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_BEACON_NODE_H
#define OL_TESTS_BEACON_NODE_H

/*
 * What a beacon node says of a chain in the minimal preset: of Altair, whose objects are easily encoded, and in its
 * last period of Gloas, which tells execution blocks.
 */

#include "beacon.h"

#include <stdio.h>

#define NODE_PERIODS 35u /* more than a batch, and the last one, which goes on */
#define NODE_PERIOD 64u  /* slots */
#define NODE_UPDATE_LEN (2 * 112 + 33 * 48 + (5 + 6) * 32 + 4 + 96 + 8)
#define NODE_MEMBERS 32u

static const char node_network_json[] =
    "{\"PRESET_BASE\":\"minimal\",\"SECONDS_PER_SLOT\":\"6\",\"genesis_time\":\"1000000\","
    "\"genesis_validators_root\":\"0x0700000000000000000000000000000000000000000000000000000000000000\","
    "\"GENESIS_FORK_VERSION\":\"0x00000000\",\"ALTAIR_FORK_VERSION\":\"0x01000000\",\"ALTAIR_FORK_EPOCH\":"
    "\"0\",\"GLOAS_FORK_VERSION\":\"0x07000000\",\"GLOAS_FORK_EPOCH\":\"280\"}";

/* Bytes or text that grow. */
typedef struct node_text {
  uint8_t data[512 << 10];
  size_t len;
} node_text;

/* Update i finalizes slot 20 of period i and says the committee of period i + 1; heads are of the last period. */
typedef struct beacon_node {
  ol_beacon_network network;
  ol_hash checkpoint;
  beacon_committee committees[NODE_PERIODS + 1];
  uint8_t updates[NODE_PERIODS][NODE_UPDATE_LEN];
  node_text bootstrap, finality, optimistic;
  node_text json_bootstrap;
} beacon_node;

static inline void node_put(node_text *to, const void *data, size_t len) {
  if (len > sizeof to->data - to->len) abort();
  memcpy(to->data + to->len, data, len);
  to->len += len;
}

static inline void node_put_u64(node_text *to, uint64_t number) {
  for (int i = 0; i < 8; i++) node_put(to, &(uint8_t){(uint8_t)(number >> 8 * i)}, 1);
}

static inline void node_put_header(node_text *to, const ol_light_header *header) {
  uint8_t beacon[OL_BEACON_HEADER_BYTES];
  ol_beacon_header_encode(beacon, &header->beacon);
  node_put(to, beacon, sizeof beacon);
}

/* The same in the form of Gloas. */
static inline void node_put_gloas_header(node_text *to, const ol_light_header *header) {
  const uint8_t branch[11 * 32] = {0};
  node_put_header(to, header);
  node_put(to, header->block_hash.bytes, sizeof header->block_hash);
  node_put(to, branch, sizeof branch);
}

static inline void node_put_signed(node_text *to, const beacon_update *update) {
  node_put(to, update->bits, NODE_MEMBERS / 8);
  node_put(to, update->signature, sizeof update->signature);
  node_put_u64(to, update->update.signature_slot);
}

static inline void node_put_update(node_text *to, const beacon_update *update) {
  node_put_header(to, &update->update.attested);
  node_put(to, update->update.next_committee.data, 33 * 48);
  node_put(to, update->committee_branch + 6 * 32, 5 * 32);
  node_put_header(to, &update->update.finalized);
  node_put(to, update->finality_branch + 3 * 32, 6 * 32);
  node_put_signed(to, update);
}

static inline void node_put_frame(node_text *to, const uint8_t *ssz, size_t len) {
  node_put_u64(to, len + 4);
  node_put(to, "fork", 4);
  node_put(to, ssz, len);
}

static inline void node_make_bootstrap(beacon_node *node) {
  static ol_hash nodes[BEACON_NODES];
  uint8_t branch[5 * 32];
  ol_hash root;
  const ol_hash salt = {{0x5a}};
  ol_slice committee = beacon_committee_slice(&node->committees[0], &node->network);
  ol_committee_root(&root, &node->network, committee);
  beacon_set_node(nodes, 4, &salt);
  beacon_set_node(nodes, 54, &root);
  beacon_branch(branch, 5, nodes, 54);
  ol_light_header header = beacon_header(10, &nodes[1]);
  node->checkpoint = header.root;
  node_put_header(&node->bootstrap, &header);
  node_put(&node->bootstrap, committee.data, committee.len);
  node_put(&node->bootstrap, branch, sizeof branch);
}

/* JSON as the Beacon API has it; the lists are of fixed size. */
static inline void node_put_text(node_text *to, const char *string) {
  node_put(to, string, strlen(string));
}

static inline const uint8_t *node_put_hex(node_text *to, const uint8_t *bytes, size_t len) {
  char digits[3];
  node_put_text(to, "\"0x");
  for (size_t i = 0; i < len; i++) {
    snprintf(digits, sizeof digits, "%02x", bytes[i]);
    node_put_text(to, digits);
  }
  node_put_text(to, "\"");
  return bytes + len;
}

static inline const uint8_t *node_put_list(node_text *to, const char *name, const uint8_t *bytes,
                                           size_t count, size_t size) {
  node_put_text(to, name);
  for (size_t i = 0; i < count; i++) {
    node_put_text(to, i == 0 ? "[" : ",");
    bytes = node_put_hex(to, bytes, size);
  }
  node_put_text(to, "]");
  return bytes;
}

static inline const uint8_t *node_put_json_u64(node_text *to, const char *name, const uint8_t *bytes) {
  char number[32];
  uint64_t value = 0;
  for (int i = 7; i >= 0; i--) value = value << 8 | bytes[i];
  snprintf(number, sizeof number, "\"%llu\"", (unsigned long long)value);
  node_put_text(to, name);
  node_put_text(to, number);
  return bytes + 8;
}

static inline const uint8_t *node_put_json_header(node_text *to, const char *name, const uint8_t *ssz) {
  node_put_text(to, name);
  ssz = node_put_json_u64(to, "{\"beacon\":{\"slot\":", ssz);
  ssz = node_put_json_u64(to, ",\"proposer_index\":", ssz);
  node_put_text(to, ",\"parent_root\":");
  ssz = node_put_hex(to, ssz, 32);
  node_put_text(to, ",\"state_root\":");
  ssz = node_put_hex(to, ssz, 32);
  node_put_text(to, ",\"body_root\":");
  ssz = node_put_hex(to, ssz, 32);
  node_put_text(to, "}}");
  return ssz;
}

static inline const uint8_t *node_put_json_committee(node_text *to, const char *name, const uint8_t *ssz) {
  node_put_text(to, name);
  ssz = node_put_list(to, "{\"pubkeys\":", ssz, NODE_MEMBERS, 48);
  node_put_text(to, ",\"aggregate_pubkey\":");
  ssz = node_put_hex(to, ssz, 48);
  node_put_text(to, "}");
  return ssz;
}

static inline void node_put_json_bootstrap(node_text *to, const uint8_t *ssz) {
  node_put_text(to, " {\"version\":\"altair\",\"data\":{");
  ssz = node_put_json_header(to, "\"header\":", ssz);
  ssz = node_put_json_committee(to, ",\"current_sync_committee\":", ssz);
  node_put_list(to, ",\"current_sync_committee_branch\":", ssz, 5, 32);
  node_put_text(to, "}}");
}

static inline void node_put_json_update(node_text *to, const uint8_t *ssz) {
  node_put_text(to, "{\"version\":\"altair\",\"data\":{");
  ssz = node_put_json_header(to, "\"attested_header\":", ssz);
  ssz = node_put_json_committee(to, ",\"next_sync_committee\":", ssz);
  ssz = node_put_list(to, ",\"next_sync_committee_branch\":", ssz, 5, 32);
  ssz = node_put_json_header(to, ",\"finalized_header\":", ssz);
  ssz = node_put_list(to, ",\"finality_branch\":", ssz, 6, 32);
  node_put_text(to, ",\"sync_aggregate\":{\"sync_committee_bits\":");
  ssz = node_put_hex(to, ssz, 4);
  node_put_text(to, ",\"sync_committee_signature\":");
  ssz = node_put_hex(to, ssz, 96);
  node_put_text(to, "}");
  node_put_json_u64(to, ",\"signature_slot\":", ssz);
  node_put_text(to, "}}");
}

static inline ol_slice node_slice(const node_text *of) {
  return ol_slice_of(of->data, of->len);
}

/* Makes the update of a period anew: with finality or without, and signed by so many. */
static inline void node_make_update(beacon_node *node, uint32_t period, bool with_finality,
                                    uint32_t signers) {
  static node_text ssz;
  beacon_update update;
  uint64_t start = (uint64_t)period * NODE_PERIOD;
  ssz.len = 0;
  beacon_make_update(&update, &node->network, start + 40, with_finality ? start + 20 : 0,
                     &node->committees[period + 1]);
  beacon_sign(&update, &node->network, &node->committees[period], signers);
  node_put_update(&ssz, &update);
  if (ssz.len != NODE_UPDATE_LEN) abort();
  memcpy(node->updates[period], ssz.data, ssz.len);
}

/* Makes the heads: of a slot in the last period, which finalizes another (0: nothing). */
static inline void node_make_heads(beacon_node *node, uint64_t slot, uint64_t finalized) {
  const beacon_committee *committee = &node->committees[NODE_PERIODS];
  const uint64_t start = NODE_PERIODS * NODE_PERIOD;
  beacon_update update;
  node->finality.len = node->optimistic.len = 0;
  beacon_make_update(&update, &node->network, start + slot, start + finalized, NULL);
  beacon_sign(&update, &node->network, committee, 23);
  node_put_gloas_header(&node->finality, &update.update.attested);
  node_put_gloas_header(&node->finality, &update.update.finalized);
  node_put(&node->finality, update.finality_branch, 9 * 32);
  node_put_signed(&node->finality, &update);
  beacon_make_update(&update, &node->network, start + slot + 1, 0, NULL);
  beacon_sign(&update, &node->network, committee, 24);
  node_put_gloas_header(&node->optimistic, &update.update.attested);
  node_put_signed(&node->optimistic, &update);
}

static inline void node_make(beacon_node *node) {
  static uint8_t memory[64 << 10];
  ol_error error;
  ol_json json;
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  const uint8_t *config = (const uint8_t *)node_network_json;
  memset(node, 0, sizeof *node);
  if (ol_json_read(&error, &json, &arena, config, strlen(node_network_json)) != OL_OK ||
      ol_beacon_network_from_json(&error, &node->network, json) != OL_OK)
    abort();
  for (uint32_t i = 0; i <= NODE_PERIODS; i++)
    beacon_make_committee(&node->committees[i], &node->network, (uint8_t)i);
  node_make_bootstrap(node);
  node_put_json_bootstrap(&node->json_bootstrap, node->bootstrap.data);
  for (uint32_t i = 0; i < NODE_PERIODS; i++) node_make_update(node, i, true, 22);
  node_make_heads(node, 40, 24);
}

/* What the node answers for `count` periods from `first` on. */
static inline void node_put_updates(node_text *to, const beacon_node *node, uint64_t first, uint64_t count) {
  for (uint64_t i = first; i < first + count && i < NODE_PERIODS; i++)
    node_put_frame(to, node->updates[i], NODE_UPDATE_LEN);
}

static inline void node_put_json_updates(node_text *to, const beacon_node *node, uint64_t first,
                                         uint64_t count) {
  node_put_text(to, "[");
  for (uint64_t i = first; i < first + count && i < NODE_PERIODS; i++) {
    if (i > first) node_put_text(to, ",");
    node_put_json_update(to, node->updates[i]);
  }
  node_put_text(to, "]\n");
}

#endif
