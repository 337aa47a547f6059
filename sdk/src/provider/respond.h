/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_RESPOND_H
#define OL_PROVIDER_RESPOND_H

/* The text of requests and responses: JSON-RPC 2.0. */

#include "encoding/jsonrpc.h"
#include "provider/provider.h"

/*
 * Takes a text: one request, or a batch, whose requests are found in it. What is no JSON at all, too long, or an empty
 * batch, is answered with one error.
 */
void ol_request_split(ol_provider *provider, ol_slice request) OL_NONNULL_ARGS(1);

/* Reads one request into a job: ready to be worked at, or failed. In: its text, inside of all that was asked. */
void ol_request_read(ol_job *job, ol_slice text, const uint8_t *all, ol_arena arena) OL_NONNULL;

/* Writes the response of a job that is ready or has failed. */
void ol_respond(ol_provider *provider, ol_job *job) OL_NONNULL;

/* Ends the responses. */
void ol_respond_end(ol_provider *provider) OL_NONNULL;

#endif
