/* SPDX-License-Identifier: MIT */
#ifndef OL_WALLET_OUTBOX_H
#define OL_WALLET_OUTBOX_H

#include "base/base.h"
#include "openledger/outbox.h"

struct ol_outbox {
  uint64_t chain_id;
  uint64_t nonce; /* as it is proven */
  ol_address account;
  uint32_t count;
  ol_outbox_entry entries[OL_OUTBOX_MOST];
};

/* Returns: why an entry cannot be the next one of an outbox; NULL when it can. Its state is not looked at. */
const char *ol_outbox_fault(const ol_outbox *outbox, const ol_outbox_entry *entry) OL_NONNULL;

#endif
