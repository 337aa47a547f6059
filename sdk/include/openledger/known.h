/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_KNOWN_H
#define OPENLEDGER_KNOWN_H

/* The contracts of OpenLedger, and of the bridge, that a user knows by their addresses. */

#include "openledger/rollup.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a contract is. */
typedef enum ol_known_kind {
  OL_KNOWN_OPEN = 0, /* OPEN on L1: an ERC-20 */
  OL_KNOWN_GOPEN = 1,
  OL_KNOWN_WOPEN = 2,
  OL_KNOWN_GOVERNOR = 3,
  OL_KNOWN_TIMELOCK = 4,
  OL_KNOWN_STAKING = 5,
  OL_KNOWN_BANK = 6,
  OL_KNOWN_DISPERSAL = 7,
  OL_KNOWN_DATANETS = 8,
  OL_KNOWN_MODELS = 9,
  OL_KNOWN_NODES = 10,
  OL_KNOWN_ATTRIBUTION = 11,
  OL_KNOWN_GRANTS = 12,
  OL_KNOWN_BRIDGE = 13, /* StandardBridge, on either layer */
  OL_KNOWN_PORTAL = 14,
  OL_KNOWN_PASSER = 15, /* L2ToL1MessagePasser */
} ol_known_kind;

#define OL_KNOWN_KINDS 16

/* A contract at its address. */
typedef struct ol_known_contract {
  uint64_t chain_id;
  ol_address address;
  uint32_t kind;    /* an ol_known_kind */
  ol_address asset; /* the token that it takes; zero for the native asset, or none */
} ol_known_contract;

/*
 * Gives a contract of L2 that a rollup names, for wallets that are to know what is signed for it. A stake is taken to be of
 * GOPEN: which token a staking contract takes, a profile does not say. In: which of them, counted from 0.
 * Returns: 1; 0 when there are not so many.
 */
OL_API OL_CHECKED int ol_known_contract_at(ol_known_contract *out, const ol_rollup *rollup,
                                           uint32_t index) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
