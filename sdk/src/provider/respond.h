/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_RESPOND_H
#define OL_PROVIDER_RESPOND_H

/* The text of requests and responses: JSON-RPC 2.0. */

#include "encoding/jsonrpc.h"
#include "provider/provider.h"

/*
 * Takes a text: one request, or a batch, whose requests are found in it. What is no JSON at all, too long, or an empty
 * batch, is answered with one error. Returns: false when there is no room for another text.
 */
bool ol_request_split(ol_provider *provider, ol_slice request) OL_NONNULL_ARGS(1);

/* Returns: the text that a request is of. */
ol_text *ol_text_of(ol_provider *provider, uint32_t request) OL_NONNULL;

/* Reads one request into a job: ready to be worked at, or failed. In: the text it is of; its own, inside of all. */
void ol_request_read(ol_job *job, const ol_text *whole, ol_slice text, const uint8_t *all,
                     ol_arena arena) OL_NONNULL;

/* Writes the response of a job that is ready or has failed, and ends that of a text with its last. */
void ol_respond(ol_provider *provider, ol_job *job) OL_NONNULL;

#endif
