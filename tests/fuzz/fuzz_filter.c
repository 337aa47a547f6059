/* SPDX-License-Identifier: MIT */

/* The input as a filter of logs. Of what is accepted: counts are within their bounds, and a log of its own values
 * matches, below a bloom that may. */

#include "fuzz/fuzz.h"
#include "provider/filter.h"

static ol_log log_of(const ol_log_filter *filter) {
  ol_log out;
  memset(&out, 0, sizeof out);
  out.topic_count = filter->position_count;
  if (filter->address_count > 0) out.address = filter->addresses[filter->address_count - 1];
  for (size_t i = 0; i < filter->position_count; i++) {
    uint32_t count = filter->topic_counts[i];
    FUZZ_REQUIRE(count <= OL_FILTER_TOPICS);
    if (count > 0) out.topics[i] = filter->topics[i][count - 1];
  }
  return out;
}

static void check(const ol_log_filter *filter) {
  uint8_t bloom[OL_BLOOM_BYTES] = {0};
  FUZZ_REQUIRE(filter->address_count <= OL_FILTER_ADDRESSES && filter->position_count <= OL_LOG_TOPICS);
  ol_log log = log_of(filter);
  ol_bloom_add(bloom, &log);
  FUZZ_REQUIRE(ol_log_filter_matches(filter, &log) && ol_log_filter_may_match(filter, bloom));
  if (log.topic_count == 0) return;
  log.topic_count--;
  FUZZ_REQUIRE(!ol_log_filter_matches(filter, &log));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_json root;
  ol_log_filter filter;
  size_t memory_len = ol_json_memory(len);
  uint8_t *memory = fuzz_block(memory_len);
  ol_arena arena = ol_arena_of(memory, memory_len);
  ol_status status = ol_json_read(&error, &root, &arena, data, len);
  if (status == OL_OK) status = ol_log_filter_read(&error, &filter, root);
  if (status == OL_OK)
    check(&filter);
  else
    fuzz_refused(&error, status, len);
  free(memory);
  return 0;
}
