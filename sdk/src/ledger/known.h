/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_KNOWN_H
#define OL_LEDGER_KNOWN_H

/*
 * The functions of OpenLedger's contracts, and of the bridge's, by which a wallet names and decodes calls. A selector says
 * nothing before it is known what kind of contract is called: one has many meanings.
 */

#include "base/base.h"

typedef enum ol_known_kind {
  OL_KNOWN_OPEN, /* OPEN on L1: an ERC-20 */
  OL_KNOWN_GOPEN,
  OL_KNOWN_WOPEN,
  OL_KNOWN_GOVERNOR,
  OL_KNOWN_TIMELOCK,
  OL_KNOWN_STAKING,
  OL_KNOWN_BANK,
  OL_KNOWN_DISPERSAL,
  OL_KNOWN_DATANETS,
  OL_KNOWN_MODELS,
  OL_KNOWN_NODES,
  OL_KNOWN_ATTRIBUTION,
  OL_KNOWN_GRANTS,
  OL_KNOWN_BRIDGE, /* StandardBridge, on either layer */
  OL_KNOWN_PORTAL,
  OL_KNOWN_PASSER, /* L2ToL1MessagePasser */
  OL_KNOWN_KINDS
} ol_known_kind;

/* What a call does with what the caller has, beside gas. */
#define OL_KNOWN_PAYS 1u   /* it takes native tokens along */
#define OL_KNOWN_SPENDS 2u /* it moves other tokens, or those of the contract */
#define OL_KNOWN_ALLOWS 4u /* it lets others do so later, or changes who may, or what the rules are */

typedef struct ol_known {
  uint32_t selector;     /* the first 4 bytes of keccak-256 of the signature without names */
  uint16_t kinds;        /* bit i: contracts of kind i have it */
  uint8_t effects;       /* of OL_KNOWN_ */
  const char *signature; /* with the names of its arguments */
} ol_known;

/* Returns: the function of a kind of contract, or NULL. */
const ol_known *ol_known_of(ol_known_kind kind, uint32_t selector);

/* Returns: function `index` of the table; NULL behind its end. */
const ol_known *ol_known_at(size_t index);

/* Returns: what a kind is called. */
const char *ol_known_name(ol_known_kind kind);

#endif
