/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_BUNDLE_H
#define OL_CLIENT_BUNDLE_H

/* Where things are in a bundle; openledger/bundle.h has the form. */

#include "base/base.h"
#include "openledger/bundle.h"

enum {
  OL_BUNDLE_AT_VERSION = 8,
  OL_BUNDLE_AT_COUNT = 12,
  OL_BUNDLE_AT_MADE = 16,
  OL_BUNDLE_AT_L1 = 24,
  OL_BUNDLE_AT_L2 = 32,
  OL_BUNDLE_AT_CHECKPOINT = 40,
  OL_BUNDLE_AT_QUESTION_LEN = 72,
  OL_BUNDLE_HEAD = 76 /* and the question follows */
};

#define OL_BUNDLE_VERSION 1u
#define OL_BUNDLE_INDEX 36u /* bytes for each answer: its request's hash, and where it ends */

/* What every body of JSON-RPC begins with that an engine writes (ol_jsonrpc_begin); the id's digits follow. */
#define OL_BUNDLE_BODY "{\"jsonrpc\":\"2.0\",\"id\":"

#endif
