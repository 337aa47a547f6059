/* SPDX-License-Identifier: MIT */
#ifndef OL_CONSENSUS_NETWORK_H
#define OL_CONSENSUS_NETWORK_H

/* What a beacon chain is configured with: its preset, its clock, its forks (consensus-specs, configs/ and presets/). */

#include "encoding/json.h"

typedef enum ol_beacon_fork {
  OL_BEACON_PHASE0,
  OL_BEACON_ALTAIR,
  OL_BEACON_BELLATRIX,
  OL_BEACON_CAPELLA,
  OL_BEACON_DENEB,
  OL_BEACON_ELECTRA,
  OL_BEACON_FULU,
  OL_BEACON_GLOAS,
  OL_BEACON_FORKS
} ol_beacon_fork;

#define OL_BEACON_NEVER UINT64_MAX /* the epoch of a fork that is not scheduled */

typedef struct ol_beacon_network {
  char name[16];
  uint64_t genesis_time; /* Unix seconds */
  ol_hash genesis_validators_root;
  uint32_t seconds_per_slot;
  uint32_t slots_per_epoch;
  uint32_t epochs_per_period;    /* EPOCHS_PER_SYNC_COMMITTEE_PERIOD */
  uint32_t committee_size;       /* SYNC_COMMITTEE_SIZE, 512 or 32 */
  uint32_t max_checkpoint_age_s; /* weak subjectivity: older checkpoints are refused */
  struct {
    uint64_t epoch;
    uint8_t version[4];
  } forks[OL_BEACON_FORKS];
} ol_beacon_network;

/* Finds a built-in network: "mainnet", "sepolia", "hoodi". Returns: false for any other name. */
bool ol_beacon_network_named(ol_beacon_network *out, ol_slice name) OL_NONNULL;

/*
 * Reads a network from JSON: the names and decimal strings of the Beacon API's /eth/v1/config/spec (PRESET_BASE,
 * SECONDS_PER_SLOT, ..., GLOAS_FORK_EPOCH) and of /eth/v1/beacon/genesis, in one object. A fork without an epoch
 * is not scheduled. Returns: OL_ERR_ENCODING.
 */
OL_CHECKED ol_status ol_beacon_network_from_json(ol_error *error, ol_beacon_network *out, ol_json config)
    OL_NONNULL_ARGS(1, 2);

uint64_t ol_beacon_epoch(const ol_beacon_network *network, uint64_t slot) OL_NONNULL;

/* Returns: the sync committee period of a slot (compute_sync_committee_period_at_slot). */
uint64_t ol_beacon_period(const ol_beacon_network *network, uint64_t slot) OL_NONNULL;

/* Returns: the fork at a slot. */
ol_beacon_fork ol_beacon_fork_at(const ol_beacon_network *network, uint64_t slot) OL_NONNULL;

/*
 * Returns: the slot at a time, 0 before genesis. Clocks differ: what is due within 500 ms is due
 * (MAXIMUM_GOSSIP_CLOCK_DISPARITY).
 */
uint64_t ol_beacon_slot_at(const ol_beacon_network *network, uint64_t now_ms) OL_NONNULL;

/* Returns: when a slot begins, in Unix seconds. */
uint64_t ol_beacon_slot_time(const ol_beacon_network *network, uint64_t slot) OL_NONNULL;

#endif
