/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_FILTER_H
#define OL_PROVIDER_FILTER_H

/* Which logs are asked for: the "address" and "topics" of eth_getLogs (Execution APIs, "Filter"). */

#include "encoding/json.h"
#include "openledger/receipt.h"

#define OL_FILTER_ADDRESSES 32
#define OL_FILTER_TOPICS 16 /* at one position */

/* Of a list the log must have one; where there is none, anything matches. */
typedef struct ol_log_filter {
  uint32_t address_count;
  uint32_t position_count; /* a log must have as many topics, even if anything matches there */
  uint32_t topic_counts[OL_LOG_TOPICS];
  ol_address addresses[OL_FILTER_ADDRESSES];
  ol_hash topics[OL_LOG_TOPICS][OL_FILTER_TOPICS];
} ol_log_filter;

/*
 * Reads a filter: an address or a list of them; for each position null, a topic or a list of them, of which null
 * matches anything. Which blocks it is about - "fromBlock", "toBlock", "blockHash" - is not read here.
 * Returns: OL_ERR_ENCODING; OL_ERR_LIMIT for more addresses, positions or topics than there is room for.
 */
OL_CHECKED ol_status ol_log_filter_read(ol_error *error, ol_log_filter *out, ol_json object)
    OL_NONNULL_ARGS(1, 2);

/* Returns: false when no log below the bloom can match. */
bool ol_log_filter_may_match(const ol_log_filter *filter, const uint8_t bloom[OL_BLOOM_BYTES]) OL_NONNULL;

bool ol_log_filter_matches(const ol_log_filter *filter, const ol_log *log) OL_NONNULL;

#endif
