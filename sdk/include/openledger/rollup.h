/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_ROLLUP_H
#define OPENLEDGER_ROLLUP_H

/* Which rollup: its chain, and where its contracts are on L1. Whoever names them wrong proves another rollup. */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_ROLLUP_NAME 32
#define OL_ROLLUP_PINS 16
#define OL_ROLLUP_STAKING 4

/* An implementation that the user vouches for: it has the storage layout of a known one. */
typedef struct ol_rollup_pin {
  ol_hash code_hash;
  uint64_t finality_delay_s; /* of who judges games: its DISPUTE_GAME_FINALITY_DELAY_SECONDS */
  uint64_t
      maturity_delay_s; /* of a portal of games: its PROOF_MATURITY_DELAY_SECONDS; 0 when nobody said it */
  uint32_t release;     /* index in the table of releases */
} ol_rollup_pin;

/* Forks of the OP Stack, in their order. */
typedef enum ol_rollup_fork {
  OL_ROLLUP_REGOLITH = 0,
  OL_ROLLUP_CANYON = 1,
  OL_ROLLUP_DELTA = 2,
  OL_ROLLUP_ECOTONE = 3,
  OL_ROLLUP_FJORD = 4,
  OL_ROLLUP_GRANITE = 5,
  OL_ROLLUP_HOLOCENE = 6,
  OL_ROLLUP_ISTHMUS = 7,
  OL_ROLLUP_JOVIAN = 8,
} ol_rollup_fork;
#define OL_ROLLUP_FORKS 9

/* Addresses are zero where there is no such contract, or it is not known. */
typedef struct ol_rollup {
  uint8_t name[OL_ROLLUP_NAME]; /* ends in a zero byte */
  uint64_t chain_id;
  uint64_t l1_chain_id;
  ol_address system_config;
  ol_address optimism_portal;
  ol_address dispute_game_factory;
  ol_address anchor_state_registry;
  ol_address l2_output_oracle;
  uint32_t pin_count;
  uint32_t known_forks;                 /* bit i says that the time of fork i is known */
  uint64_t fork_times[OL_ROLLUP_FORKS]; /* of activation, Unix seconds */
  ol_rollup_pin pins[OL_ROLLUP_PINS];
  ol_address gopen; /* from here on of L2 */
  ol_address governor;
  ol_address datanet_registry;
  ol_address model_registry;
  ol_address node_registry;
  ol_address attribution_registry;
  ol_address grant_registry;
  uint32_t staking_count;
  ol_address staking[OL_ROLLUP_STAKING];
} ol_rollup;

/*
 * Reads a rollup: "openledger", "openledger-testnet", "op-mainnet" or "base"; or a profile in JSON:
 *
 *   { "name": "...", "l2": { "chainId": 1612 }, "l1": { "chainId": 1, "network": ... },
 *     "contracts": { "systemConfig": "0x...", "optimismPortal": "0x...", "disputeGameFactory": "0x...",
 *                    "anchorStateRegistry": "0x...", "l2OutputOracle": "0x...",
 *                    "gopen": "0x...", "governor": "0x...", "staking": ["0x..."], "datanetRegistry": "0x...",
 *                    "modelRegistry": "0x...", "nodeRegistry": "0x...", "attributionRegistry": "0x...",
 *                    "grantRegistry": "0x..." },
 *     "implementations": [{ "codeHash": "0x...", "as": "a release's name", "finalityDelaySeconds": 302400,
 *                           "maturityDelaySeconds": 604800 }],
 *     "forks": { "regolith": 0, "canyon": 1704992401, ... },
 *     "endpoints": { "l2": ["https://..."], "l1": [...], "beacon": [...], "sequencer": [...] } }
 *
 * "network" is for ol_sync_config, which takes a profile as well. Contracts and implementations may be left out; those from
 * "gopen" on are on L2, all others on L1. An implementation "as" "openledger 1 GOPEN", "... OpenLedgerGovernor", "... Staking" and so on vouches for a contract's own
 * code: that its storage is laid out as that of the reference contract of this name.
 * Who judges games - OptimismPortal2 to 3, AnchorStateRegistry from 3 - must have its finality delay; the maturity delay
 * of a portal of games is needed for withdrawals alone. Forks may be left out too: what they tell is what a block itself does
 * not - the L1 fee from before Holocene - and the version of the sequencer's messages. Endpoints are for ol_rollup_endpoints.
 * In: memory for parsing, 16 times the text and 1 KiB. Returns: OL_ERR_ARGUMENT for an unknown name,
 * OL_ERR_ENCODING.
 */
OL_API OL_CHECKED ol_status ol_rollup_read(ol_error *error, ol_rollup *out, ol_slice profile, void *memory,
                                           size_t len) OL_NONNULL_ARGS(1, 2, 4);

/*
 * Reads the endpoints of one kind that a profile names. Out: `most` URLs at most, each with a zero byte behind it, in
 * `memory`; how many; none where it names none, or is the name of a rollup.
 * In: "l2", "l1", "beacon" or "sequencer"; memory for parsing and for them, 17 times the profile and 2 KiB.
 * Returns: OL_ERR_ENCODING, also for what has other than printable ASCII; OL_ERR_LIMIT for more than `most`;
 * OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_rollup_endpoints(ol_error *error, ol_slice *out, uint32_t *out_count,
                                                uint32_t most, ol_slice profile, const char *kind,
                                                void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 3, 6, 7);

/*
 * Returns: 1 when a fork is active at a time, in Unix seconds; 0 when it is not yet; -1 when that is not known. Where one
 * is active, so are those before it; where one is not, nor are those after it.
 */
OL_API OL_CHECKED int ol_rollup_fork_active(const ol_rollup *rollup, ol_rollup_fork fork,
                                            uint64_t time) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
