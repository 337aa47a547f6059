/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_FETCH_H
#define OL_CLIENT_FETCH_H

/*
 * What is read below a block that is proven: older blocks, their transactions and receipts, runs of headers. Each of
 * these is a part of an engine's user, who gives it the wants of its kinds; the item of a want is the user's number for
 * it. Whoever sends something wrong is blamed, and another endpoint asked.
 */

#include "client/view.h"

/* What a want is for, behind those of a view. */
typedef enum ol_fetch_want {
  OL_FETCH_ACCOUNT = OL_WANT_VIEW_KINDS,
  OL_FETCH_CODE,
  OL_FETCH_HISTORY,
  OL_FETCH_HISTORY_CODE, /* never asked */
  OL_FETCH_HEADER,
  OL_FETCH_BLOCK,
  OL_FETCH_RECEIPTS,
  OL_FETCH_RUN,
  OL_FETCH_L1, /* from here on of L1: a proxy, and what a withdrawal was proven by */
  OL_FETCH_PROXY = OL_FETCH_L1,
  OL_FETCH_PROXY_CODE, /* never asked */
  OL_FETCH_PROXY_IMPLEMENTATION,
  OL_FETCH_PROXY_IMPLEMENTATION_CODE,
  OL_FETCH_GAME,
  OL_FETCH_GAME_CODE,
  OL_FETCH_GAME_TYPE,
  OL_FETCH_CONTRACT,
  OL_FETCH_CONTRACT_CODE,
  OL_FETCH_IMPLEMENTATION,
  OL_FETCH_IMPLEMENTATION_CODE,
  OL_FETCH_KINDS /* where the user's own begin */
} ol_fetch_want;

typedef enum ol_fetch_step {
  OL_FETCH_WAIT,
  OL_FETCH_DONE,
  OL_FETCH_STUCK, /* nobody is left to ask */
  OL_FETCH_FAR    /* what is proven does not reach back so far */
} ol_fetch_step;

#endif
