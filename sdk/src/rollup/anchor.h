/* SPDX-License-Identifier: MIT */
#ifndef OL_ROLLUP_ANCHOR_H
#define OL_ROLLUP_ANCHOR_H

/*
 * What anchors an L2 block on L1: a dispute game, or an output of the L2OutputOracle. Pure functions: they say which
 * storage slots are to be proven at an L1 block, and judge what was proven there.
 *
 * An output root is *proposed* when the portal would let a withdrawal be proven by it, and *finalized* when it would
 * let one be finalized by it (OptimismPortal2: proveWithdrawalTransaction, checkWithdrawal).
 */

#include "rollup/release.h"
#include "rollup/slots.h"

/* OP Stack predeploy: L2ToL1MessagePasser, whose storage root is part of an output root. */
extern const ol_address ol_message_passer;

/* An output root and its L2 block, as somebody claims that they were proposed. */
typedef struct ol_output_claim {
  ol_hash root;
  uint64_t l2_block;
  uint32_t game_type;
} ol_output_claim;

/* How far a claim has come, at the L1 block at which it was proven. */
typedef struct ol_output_state {
  uint64_t proposed_at;  /* seconds since the Unix epoch */
  uint64_t finalizes_at; /* from this time on, if nothing changes; 0 while that is open */
  bool finalized;
  uint64_t delay_s; /* of an output: the oracle's finalization period */
  ol_address game;  /* zero for an output of the oracle */
} ol_output_state;

/* --- Dispute games --- */

/* The slots of a game's claim, each of another contract. */
typedef struct ol_game_slots {
  ol_u256 game;      /* DisputeGameFactory: _disputeGames[uuid] */
  ol_u256 respected; /* OptimismPortal2: respectedGameType */
  ol_u256 status;    /* the game: createdAt, resolvedAt, status */
} ol_game_slots;

void ol_game_slots_of(ol_game_slots *out, const ol_output_claim *claim) OL_NONNULL;

/* Out: OptimismPortal2's disputeGameBlacklist[game]. */
void ol_blacklist_slot_of(ol_u256 *out, const ol_address *game) OL_NONNULL;

/* Out: the slot of DisputeGameFactory's _disputeGameList[index], which holds the GameId that `game` holds too. */
void ol_game_list_slot_of(ol_u256 *out, uint64_t index) OL_NONNULL;

/*
 * Reads the code of a game: a clone with immutable arguments, which says its implementation, and of what it is but for
 * the type: its implementation has that. Returns: OL_ERR_PROOF when it is no such clone.
 */
OL_CHECKED ol_status ol_game_claim_read(ol_error *error, ol_address *out_implementation,
                                        ol_output_claim *out_claim, ol_slice code) OL_NONNULL;

/*
 * Reads the code of a game that is said to be of a claim.
 * Returns: OL_ERR_MISMATCH when it is of another claim, OL_ERR_PROOF when it is no such clone.
 */
OL_CHECKED ol_status ol_game_code_read(ol_error *error, ol_address *out_implementation, ol_slice code,
                                       const ol_output_claim *claim) OL_NONNULL;

/* Reads a GameId. Returns: OL_ERR_MISMATCH for zero, as there is no such game, and for another type. */
OL_CHECKED ol_status ol_game_id_read(ol_error *error, ol_address *out_game, uint64_t *out_created_at,
                                     const ol_u256 *game_id, const ol_output_claim *claim) OL_NONNULL;

/* What was proven of a game at one L1 block. */
typedef struct ol_game_proof {
  ol_u256 game_id;
  ol_u256 respected;
  ol_u256 status;
  ol_u256 blacklisted;
  uint64_t finality_delay_s; /* the portal's */
  uint64_t l1_time;          /* of the block, in seconds since the Unix epoch */
} ol_game_proof;

/*
 * Judges a game. Returns: OL_ERR_MISMATCH when there is no such game; OL_ERR_PROOF when it is of a type that is not
 * respected, blacklisted, retired, or lost to a challenger.
 */
OL_CHECKED ol_status ol_game_judge(ol_error *error, ol_output_state *out, const ol_output_claim *claim,
                                   const ol_game_proof *proof) OL_NONNULL;

/* What a game's implementation was built for. */
typedef struct ol_game_terms {
  uint64_t l2_chain_id;
  uint32_t game_type;
  ol_address registry;
} ol_game_terms;

/* Reads them from code of a release. Returns: OL_ERR_MISMATCH, OL_ERR_LIMIT, OL_ERR_PROOF. */
OL_CHECKED ol_status ol_game_terms_read(ol_error *error, ol_game_terms *out, const ol_release *release,
                                        ol_slice code) OL_NONNULL;

/* Checks that a game is of its claim's type and of this chain. Returns: OL_ERR_MISMATCH. */
OL_CHECKED ol_status ol_game_terms_check(ol_error *error, const ol_game_terms *terms,
                                         const ol_output_claim *claim, uint64_t l2_chain_id) OL_NONNULL;

/* --- Dispute games that AnchorStateRegistry judges: OptimismPortal2 from 4 --- */

/* What is read besides `game` and `status` of ol_game_slots. */
typedef struct ol_registry_slots {
  ol_u256 registry;    /* OptimismPortal2: anchorStateRegistry */
  ol_u256 super_roots; /* OptimismPortal2: superRootsActive */
  ol_u256 factory;     /* AnchorStateRegistry: disputeGameFactory */
  ol_u256 retirement;  /* AnchorStateRegistry: retirementTimestamp */
  ol_u256 blacklisted; /* AnchorStateRegistry: disputeGameBlacklist[game] */
  ol_u256 respected;   /* the game: wasRespectedGameTypeWhenCreated */
} ol_registry_slots;

void ol_registry_slots_of(ol_registry_slots *out, const ol_address *game) OL_NONNULL;

/* What was proven of a game at one L1 block: by the slots above, and of whom. */
typedef struct ol_registry_proof {
  ol_address factory; /* the contracts whose slots were read */
  ol_address registry;
  ol_registry_slots values;
  ol_u256 game_id;
  ol_u256 status;
  bool remembers;            /* the game's release has the form OL_FORM_REMEMBERS */
  ol_address game_registry;  /* of its terms; of an implementation that is vouched for, `registry` */
  uint64_t finality_delay_s; /* the registry's */
  uint64_t l1_time;          /* of the block, in seconds since the Unix epoch */
} ol_registry_proof;

/*
 * Judges a game by the rules of OptimismPortal2.proveWithdrawalTransaction and AnchorStateRegistry.isGameClaimValid,
 * but for the pause: it ends by itself, stops withdrawals alone, and says nothing of a root.
 * Returns: OL_ERR_MISMATCH when there is no such game, or the portal asks another registry; OL_ERR_PROOF when the game
 * is not proper, not respected, or lost to a challenger.
 */
OL_CHECKED ol_status ol_registry_judge(ol_error *error, ol_output_state *out, const ol_output_claim *claim,
                                       const ol_registry_proof *proof) OL_NONNULL;

/* --- What new games start from, which need not be final --- */

/* The slots of AnchorStateRegistry that hold an anchor. */
typedef struct ol_anchor_slots {
  ol_u256 root;
  ol_u256 l2_block;
  ol_u256 game; /* a registry that judges games: whose claim is the anchor, if there is one */
} ol_anchor_slots;

/* In: OL_CONTRACT_ANCHORS, which has an anchor for each type of game, or OL_CONTRACT_REGISTRY, which has one. */
void ol_anchor_slots_of(ol_anchor_slots *out, ol_contract contract, uint32_t game_type) OL_NONNULL;

/* An anchor: an output root, or the game whose root claim it is (ol_game_code_read compares that). */
typedef struct ol_anchor_root {
  ol_hash root;      /* zero with a game */
  uint64_t l2_block; /* the same */
  ol_address game;   /* zero where there is none */
} ol_anchor_root;

/* Reads what was proven. Returns: OL_ERR_PROOF when the registry has no anchor, or no valid one. */
OL_CHECKED ol_status ol_anchor_root_read(ol_error *error, ol_anchor_root *out, ol_contract contract,
                                         const ol_anchor_slots *values) OL_NONNULL;

/* --- L2OutputOracle --- */

extern const ol_u256 ol_oracle_slot_length;
extern const ol_u256 ol_oracle_slot_finalization_period;

/* Out: the slots of l2Outputs[index]: outputRoot; timestamp (low half) and l2BlockNumber. */
void ol_oracle_slots_of(ol_u256 *out_root, ol_u256 *out_place, uint64_t index) OL_NONNULL;

/* What was proven of an output at one L1 block. */
typedef struct ol_oracle_proof {
  uint64_t index;
  ol_u256 length;
  ol_u256 root;
  ol_u256 place;
  ol_u256 finalization_period;
  uint64_t l1_time;
} ol_oracle_proof;

/* Reads and judges an output. Out: the claim that it is. Returns: OL_ERR_MISMATCH when there is none at the index. */
OL_CHECKED ol_status ol_oracle_judge(ol_error *error, ol_output_claim *out_claim, ol_output_state *out,
                                     const ol_oracle_proof *proof) OL_NONNULL;

#endif
