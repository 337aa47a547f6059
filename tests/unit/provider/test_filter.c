/* SPDX-License-Identifier: MIT */
#include "provider/filter.h"

#include "receipts.h"
#include "unit/bytes.h"

static ol_error error;
static ol_log_filter filter;
static uint8_t memory[1 << 16];

static ol_status read_filter(const char *text) {
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_json json;
  assert_int_equal(ol_json_read(&error, &json, &arena, (const uint8_t *)text, strlen(text)), OL_OK);
  return ol_log_filter_read(&error, &filter, json);
}

#define ADDRESS "\"0x6060606060606060606060606060606060606060\""
#define OTHER "\"0x6161616161616161616161616161616161616161\""
#define TOPIC(digits)                                                                                        \
  "\"0x" digits digits digits digits digits digits digits digits digits digits digits digits digits digits   \
      digits digits digits digits digits digits digits digits digits digits digits digits digits digits      \
          digits digits digits digits "\""

/* Reads a filter. Returns: which of the three sample logs match, as bits; they have 0, 2 and 4 topics. */
static unsigned matching(const char *text) {
  unsigned out = 0;
  assert_int_equal(read_filter(text), OL_OK);
  for (uint8_t i = 0; i < 3; i++) {
    ol_log log = sample_log(i);
    uint8_t bloom[OL_BLOOM_BYTES] = {0};
    ol_bloom_add(bloom, &log);
    bool matches = ol_log_filter_matches(&filter, &log);
    /* What matches is never excluded by its bloom. */
    assert_true(!matches || ol_log_filter_may_match(&filter, bloom));
    if (matches) out |= 1u << i;
  }
  return out;
}

static void matches_anything_where_nothing_is_named(void **state) {
  (void)state;
  assert_int_equal(matching("{}"), 7);
  assert_int_equal(matching("{\"address\":null,\"topics\":null,\"fromBlock\":\"0x1\",\"toBlock\":7}"), 7);
  assert_int_equal(matching("{\"address\":[],\"topics\":[]}"), 7);
}

static void matches_addresses(void **state) {
  (void)state;
  assert_int_equal(matching("{\"address\":" ADDRESS "}"), 1);
  assert_int_equal(matching("{\"address\":[" OTHER "]}"), 2);
  assert_int_equal(matching("{\"address\":[" OTHER "," ADDRESS "]}"), 3);
  assert_int_equal(matching("{\"address\":\"0x6060606060606060606060606060606060606061\"}"), 0);
  assert_int_equal(matching("{\"address\":[" OTHER ",null]}"), 7);
}

/* Positions count: the topics of the logs are 10, 11 and 20, 21, 22, 23. */
static void matches_topics_by_position(void **state) {
  (void)state;
  assert_int_equal(matching("{\"topics\":[" TOPIC("10") "]}"), 2);
  assert_int_equal(matching("{\"topics\":[null," TOPIC("11") "]}"), 2);
  assert_int_equal(matching("{\"topics\":[" TOPIC("11") "]}"), 0);
  assert_int_equal(matching("{\"topics\":[[" TOPIC("20") "," TOPIC("10") "]]}"), 6);
  assert_int_equal(matching("{\"topics\":[[" TOPIC("20") "," TOPIC("10") "],[" TOPIC("21") "]]}"), 4);
  assert_int_equal(matching("{\"topics\":[[],null,[" TOPIC("22") "]]}"), 4);
  assert_int_equal(matching("{\"topics\":[null,null,null," TOPIC("23") "]}"), 4);
  assert_int_equal(matching("{\"topics\":[[" TOPIC("99") ",null]]}"), 6); /* null in a list is anything */
}

/* A log must have a topic wherever the filter has a position. */
static void needs_as_many_topics(void **state) {
  (void)state;
  assert_int_equal(matching("{\"topics\":[null]}"), 6);
  assert_int_equal(matching("{\"topics\":[null,[]]}"), 6);
  assert_int_equal(matching("{\"topics\":[null,null,null]}"), 4);
}

static void matches_all_that_is_named(void **state) {
  (void)state;
  assert_int_equal(matching("{\"address\":" OTHER ",\"topics\":[" TOPIC("10") "]}"), 2);
  assert_int_equal(matching("{\"address\":" ADDRESS ",\"topics\":[" TOPIC("10") "]}"), 0);
}

static void a_bloom_excludes(void **state) {
  (void)state;
  ol_log log = sample_log(1);
  uint8_t bloom[OL_BLOOM_BYTES] = {0};
  ol_bloom_add(bloom, &log);
  static const struct {
    const char *text;
    bool may;
  } cases[] = {
      {"{}", true},
      {"{\"topics\":[null,null,null]}", true}, /* the number of topics is in no bloom */
      {"{\"address\":" OTHER "}", true},
      {"{\"address\":" ADDRESS "}", false},
      {"{\"address\":[" ADDRESS "," OTHER "]}", true},
      {"{\"topics\":[" TOPIC("11") "]}", true}, /* nor is their order */
      {"{\"topics\":[" TOPIC("20") "]}", false},
      {"{\"topics\":[[" TOPIC("20") "," TOPIC("10") "]]}", true},
      {"{\"topics\":[" TOPIC("10") "," TOPIC("20") "]}", false},
      {"{\"address\":" OTHER ",\"topics\":[null," TOPIC("20") "]}", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(read_filter(cases[i].text), OL_OK);
    assert_int_equal(ol_log_filter_may_match(&filter, bloom), cases[i].may);
  }
}

/* A list of `count` values; in: what comes before and behind the list. */
static ol_status read_list(const char *before, const char *value, size_t count, const char *behind) {
  static char text[8192];
  strcpy(text, before);
  for (size_t i = 0; i < count; i++) {
    if (i > 0) strcat(text, ",");
    strcat(text, value);
  }
  strcat(text, behind);
  return read_filter(text);
}

static void is_bounded(void **state) {
  (void)state;
  assert_int_equal(read_list("{\"address\":[", ADDRESS, OL_FILTER_ADDRESSES, "]}"), OL_OK);
  assert_int_equal(filter.address_count, OL_FILTER_ADDRESSES);
  assert_int_equal(read_list("{\"address\":[", ADDRESS, OL_FILTER_ADDRESSES + 1, "]}"), OL_ERR_LIMIT);
  assert_string_equal(error.part, "address");
  assert_string_equal(error.reason, "filter has more values than are supported");
  assert_int_equal(read_list("{\"topics\":[null,[", TOPIC("10"), OL_FILTER_TOPICS, "]]}"), OL_OK);
  assert_int_equal(filter.topic_counts[1], OL_FILTER_TOPICS);
  assert_int_equal(read_list("{\"topics\":[null,[", TOPIC("10"), OL_FILTER_TOPICS + 1, "]]}"), OL_ERR_LIMIT);
  assert_string_equal(error.part, "topics");
  assert_int_equal(error.item, 1);
  assert_int_equal(read_list("{\"topics\":[", "null", OL_LOG_TOPICS, "]}"), OL_OK);
  assert_int_equal(filter.position_count, OL_LOG_TOPICS);
  assert_int_equal(read_list("{\"topics\":[", "null", OL_LOG_TOPICS + 1, "]}"), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "filter has more than 4 positions of topics");
}

static void refuses_what_is_no_filter(void **state) {
  (void)state;
  static const struct {
    const char *text, *part;
  } cases[] = {
      {"[]", "filter"},
      {"\"0x\"", "filter"},
      {"{\"address\":{}}", "address"},
      {"{\"address\":7}", "address"},
      {"{\"address\":\"0x60\"}", "address"},
      {"{\"address\":" TOPIC("60") "}", "address"},
      {"{\"address\":[" ADDRESS ",7]}", "address"},
      {"{\"address\":[[" ADDRESS "]]}", "address"},
      {"{\"topics\":" TOPIC("10") "}", "topics"},
      {"{\"topics\":{}}", "topics"},
      {"{\"topics\":[" ADDRESS "]}", "topics"},
      {"{\"topics\":[true]}", "topics"},
      {"{\"topics\":[[" TOPIC("10") "," ADDRESS "]]}", "topics"},
      {"{\"topics\":[[null,[]]]}", "topics"},
  };
  memset(&filter, 0x55, sizeof filter);
  const ol_log_filter before = filter;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(read_filter(cases[i].text), OL_ERR_ENCODING);
    assert_string_equal(error.part, cases[i].part);
    assert_memory_equal(&filter, &before, sizeof filter);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(matches_anything_where_nothing_is_named),
      cmocka_unit_test(matches_addresses),
      cmocka_unit_test(matches_topics_by_position),
      cmocka_unit_test(needs_as_many_topics),
      cmocka_unit_test(matches_all_that_is_named),
      cmocka_unit_test(a_bloom_excludes),
      cmocka_unit_test(is_bounded),
      cmocka_unit_test(refuses_what_is_no_filter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
