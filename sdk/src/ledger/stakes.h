/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_STAKES_H
#define OL_LEDGER_STAKES_H

/*
 * Stakes as storage has them: a reader (ledger/asks.h) over the layout of OpenLedger's published staking contract
 * (tests/devnet/contracts/README.md has the slots). No list says which stakes are whose: they are asked for by their
 * numbers, or looked for from the newest down, so many at a time.
 */

#include "ledger/asks.h"

#define OL_STAKES 8             /* that are read at once */
#define OL_STAKES_ROUND 64      /* whose recipients are looked at in one round */
#define OL_STAKES_LOOKED_AT 512 /* the same in all */

typedef enum ol_stake_stage {
  OL_STAKE_NONE = 0,      /* there was none, or it was paid */
  OL_STAKE_COMMITTED = 1, /* privately: nothing else is known of it */
  OL_STAKE_GROWING = 2,
  OL_STAKE_REQUESTED = 3, /* it grows no more, and is paid after the cool-down */
} ol_stake_stage;

/* What a configuration says. */
typedef struct ol_stake_config {
  ol_address bank;
  ol_address manager;
  ol_address token;
  ol_u256 rate;       /* a year, in units of 1e-18, compounded continuously */
  ol_u256 duration_s; /* that a stake is locked, and grows at most; 0: neither */
  ol_u256 cooldown_s;
  ol_u256 most; /* of one recipient */
  ol_u256 least;
  bool is_active;
  bool has_topups;
  bool is_public;
} ol_stake_config;

typedef struct ol_stake_position {
  ol_u256 id;
  ol_stake_stage stage;
  ol_address recipient;
  ol_u256 config_id;
  ol_u256 updated_at;
  ol_u256 amount; /* at that time */
  ol_u256 started_at;
  ol_u256 principal;
  ol_u256 requested_at; /* of OL_STAKE_REQUESTED */
  ol_stake_config config;
  bool has_worth;
  ol_u256 worth; /* now; none where the contract would revert */
} ol_stake_position;

typedef struct ol_stakes {
  ol_target staking;
  uint64_t now; /* of the block, in Unix seconds */
  bool is_search;
  ol_address account;
  uint32_t step;
  uint64_t looked_at;
  uint64_t below; /* of a search: stakes from here on were looked at, or are not to be */
  /* Once it is done: */
  uint64_t total; /* numbers that were given out */
  uint32_t count;
  ol_stake_position list[OL_STAKES];
} ol_stakes;

/* Begins with stakes by their numbers, at most OL_STAKES. */
void ol_stakes_init(ol_stakes *stakes, const ol_address *staking, uint64_t now, const ol_u256 *ids,
                    uint32_t count) OL_NONNULL_ARGS(1, 2);

/*
 * Begins with those of an account, the newest first. In: below which number; UINT64_MAX for the newest. It ends with
 * OL_STAKES of them, or when OL_STAKES_LOOKED_AT were looked at; `below` says where to go on.
 */
void ol_stakes_search(ol_stakes *stakes, const ol_address *staking, uint64_t now, const ol_address *account,
                      uint64_t below) OL_NONNULL;

OL_CHECKED ol_status ol_stakes_visit(ol_error *error, ol_stakes *stakes, ol_asks *asks) OL_NONNULL;

#endif
