/* SPDX-License-Identifier: MIT */
#ifndef OL_ATTRIBUTION_STREAM_H
#define OL_ATTRIBUTION_STREAM_H

/* The heads of a stream (docs/attribution.md, section 5.4). */

#include "base/base.h"

/* Out: the head before the first piece. */
void ol_stream_begin(ol_hash *out, const ol_hash *client_nonce, const ol_hash *request_sha256,
                     const ol_hash *model_id, const ol_hash *adapter_id) OL_NONNULL;

/* Moves a head on by a piece. */
void ol_stream_next(ol_hash *head, ol_slice piece) OL_NONNULL;

#endif
