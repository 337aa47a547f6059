/* SPDX-License-Identifier: MIT */
#include "provider/filter.h"

#include "base/poison.h"

/* Reads one value of `size` bytes or a list of them. Out: how many; none, too, where one in the list is null. */
static ol_status read_values(ol_error *error, uint32_t *out_count, uint8_t *out, size_t size, size_t limit,
                             ol_json json) {
  ol_json item;
  ol_json_items items;
  bool any = false;
  *out_count = 0;
  if (ol_json_kind_of(json) == OL_JSON_STRING) {
    OL_TRY(ol_json_hex_fixed(error, out, size, json));
    *out_count = 1;
    return OL_OK;
  }
  OL_TRY(ol_json_array(error, &items, json));
  if (items.left > limit)
    return ol_fail(error, OL_ERR_LIMIT, json.offset, "filter has more values than are supported");
  for (size_t i = 0; ol_json_next(&item, NULL, &items); i++) {
    if (ol_json_kind_of(item) == OL_JSON_NULL)
      any = true;
    else
      OL_TRY(ol_error_in(error, ol_json_hex_fixed(error, out + i * size, size, item), "value", (uint32_t)i));
    *out_count = (uint32_t)i + 1;
  }
  if (any) *out_count = 0;
  return OL_OK;
}

static ol_status read_topics(ol_error *error, ol_log_filter *out, ol_json json) {
  ol_json item;
  ol_json_items items;
  OL_TRY(ol_json_array(error, &items, json));
  if (items.left > OL_LOG_TOPICS)
    return ol_fail(error, OL_ERR_LIMIT, json.offset, "filter has more than 4 positions of topics");
  for (uint32_t i = 0; ol_json_next(&item, NULL, &items); i++) {
    out->position_count = i + 1;
    if (ol_json_kind_of(item) == OL_JSON_NULL) continue;
    ol_status status = read_values(error, &out->topic_counts[i], out->topics[i][0].bytes, sizeof(ol_hash),
                                   OL_FILTER_TOPICS, item);
    OL_TRY(ol_error_within(error, status, "topics", i));
  }
  return OL_OK;
}

ol_status ol_log_filter_read(ol_error *error, ol_log_filter *out, ol_json object) {
  ol_error_clear(error);
  ol_log_filter filter;
  ol_json member;
  memset(&filter, 0, sizeof filter);
  if (ol_json_kind_of(object) != OL_JSON_OBJECT)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, object.offset, "filter is not an object"),
                       "filter", OL_NOWHERE);
  if (ol_json_find(&member, object, "address")) {
    ol_status status = read_values(error, &filter.address_count, filter.addresses[0].bytes,
                                   sizeof(ol_address), OL_FILTER_ADDRESSES, member);
    OL_TRY(ol_error_within(error, status, "address", OL_NOWHERE));
  }
  if (ol_json_find(&member, object, "topics"))
    OL_TRY(ol_error_in(error, read_topics(error, &filter, member), "topics", OL_NOWHERE));
  *out = filter;
  return OL_OK;
}

/* Whether one of the values may be below the bloom; true where there are none. */
static bool any_may_be(const uint8_t bloom[OL_BLOOM_BYTES], const uint8_t *values, size_t size,
                       uint32_t count) {
  for (size_t i = 0; i < count; i++) {
    if (ol_bloom_may_have(bloom, values + i * size, size)) return true;
  }
  return count == 0;
}

bool ol_log_filter_may_match(const ol_log_filter *filter, const uint8_t bloom[OL_BLOOM_BYTES]) {
  if (!any_may_be(bloom, filter->addresses[0].bytes, sizeof(ol_address), filter->address_count)) return false;
  for (size_t i = 0; i < filter->position_count; i++) {
    if (!any_may_be(bloom, filter->topics[i][0].bytes, sizeof(ol_hash), filter->topic_counts[i]))
      return false;
  }
  return true;
}

static bool any_is(const uint8_t *value, const uint8_t *values, size_t size, uint32_t count) {
  for (size_t i = 0; i < count; i++) {
    if (memcmp(value, values + i * size, size) == 0) return true;
  }
  return count == 0;
}

bool ol_log_filter_matches(const ol_log_filter *filter, const ol_log *log) {
  if (!any_is(log->address.bytes, filter->addresses[0].bytes, sizeof(ol_address), filter->address_count))
    return false;
  if (log->topic_count < filter->position_count) return false;
  for (size_t i = 0; i < filter->position_count; i++) {
    if (!any_is(log->topics[i].bytes, filter->topics[i][0].bytes, sizeof(ol_hash), filter->topic_counts[i]))
      return false;
  }
  return true;
}
