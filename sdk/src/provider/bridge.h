/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_BRIDGE_H
#define OL_PROVIDER_BRIDGE_H

/*
 * What L1 is asked for, and what goes there: SystemConfig (openledger_getSystemConfig), and a withdrawal, from the
 * transaction that made it to the calls that prove and finalize it (openledger_getWithdrawal).
 *
 * Which withdrawal it is, is read of the transaction's receipt; that it can be proven, by a proof of its slot under the
 * newest block that is proposed ("safe"); how far it is on L1, as client/withdrawal.h says. The latter two are asked for
 * at the same time.
 */

#include "client/withdrawal.h"

typedef struct ol_bridge {
  ol_proxied system_config;
  bool has_withdrawal;
  ol_withdrawal
      withdrawal; /* but for its data: that is in the job's keep, and behind it the proof of its slot */
  ol_withdrawing l1;
  bool proving; /* its slot is asked for */
} ol_bridge;

#endif
