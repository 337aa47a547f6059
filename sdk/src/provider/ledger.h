/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_LEDGER_H
#define OL_PROVIDER_LEDGER_H

/*
 * What OpenLedger's own contracts say, by proofs of their storage (openledger_getGovernance and those behind it): readers of
 * the room ledger name slots in rounds, and all that a round needs goes out at once.
 */

#include "client/reads.h"
#include "ledger/facts.h"
#include "ledger/governor.h"
#include "ledger/layout.h"
#include "ledger/record.h"
#include "ledger/stakes.h"

/* What is asked about. */
typedef enum ol_topic {
  OL_TOPIC_GOVERNANCE,
  OL_TOPIC_PROPOSAL,
  OL_TOPIC_PROPOSALS,
  OL_TOPIC_VOTES,
  OL_TOPIC_POSITIONS,
  OL_TOPIC_FACTS,
  OL_TOPIC_RECORD /* from here on entries, by ol_record_kind */
} ol_topic;

/* Contracts that a request may name. */
typedef struct ol_ledger_contracts {
  ol_address governor;
  ol_address gopen;
  ol_address staking;
  ol_address dispersal;
  ol_address registry; /* for facts, AttributionRegistry */
  ol_address nodes;    /* for facts alone */
} ol_ledger_contracts;

typedef struct ol_ledger_work {
  bool asking;
  ol_layout layout; /* the least of those that were read */
  ol_asks asks;
  ol_reads reads;
  ol_voter voter; /* of a proposal too */
  union {
    ol_governor governor;
    struct {
      ol_motion motion;
      ol_motion_details details;
    };
    ol_motions motions;
    ol_stakes stakes;
    ol_record record;
    ol_facts facts;
  };
} ol_ledger_work;

_Static_assert(OL_ASK_SLOTS / OL_MAX_SLOTS + OL_ASK_ACCOUNTS <= OL_READS,
               "what a round asks for is read at once");

#endif
