/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_ORIGIN_H
#define OL_PROVIDER_ORIGIN_H

/*
 * The L1 origin of an L2 block: what its first transaction says of L1 (openledger/fee.h), which must be a block of the
 * L1 that is proven, as far as that is known. Two blocks of L1 are known by themselves, the newest and the finalized
 * one. Where the caller wants to know what an answer rests on, those between are proven by the hashes in L1's newest
 * state (EIP-2935), which takes one more round trip; for other answers that is not worth it.
 */

#include "client/fetch.h"
#include "openledger/fee.h"

typedef struct ol_origin {
  bool is_read;   /* what the block says was looked at */
  bool has;       /* it says something */
  bool is_asked;  /* L1 is asked for the hash, */
  bool is_done;   /* or it need not be, or cannot */
  bool is_proven; /* it is a block of the L1 that is proven */
  ol_l1_attributes attributes;
  ol_read history;
} ol_origin;

#endif
