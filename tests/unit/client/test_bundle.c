/* SPDX-License-Identifier: MIT */
#include "client/bundle.h"

#include "crypto/sha2.h"
#include "unit/client/session.h"

/* Bundles: their form, which is strict, and a question that is answered by one. */

#define ROOM (1u << 16)

static uint8_t bytes[ROOM], copy[ROOM], memory[ROOM];
static size_t len;
static ol_bundle bundle;

static ol_want get(const char *path) {
  return (ol_want){
      .source = OL_SOURCE_BEACON, .method = OL_HTTP_GET, .format = OL_FORMAT_SSZ, .path = text_of(path)};
}

static ol_want post(uint64_t id, const char *body) {
  return (ol_want){.id = id,
                   .source = OL_SOURCE_L1,
                   .method = OL_HTTP_POST,
                   .format = OL_FORMAT_JSON,
                   .body = text_of(body)};
}

/* Three answers, given in no order. */
static int make(void **state) {
  (void)state;
  static uint8_t kept[3][64];
  const ol_bundle_about about = {.made = 1700000000,
                                 .l1_chain_id = 1,
                                 .l2_chain_id = 1612,
                                 .checkpoint = {{0xcc}},
                                 .question = text_of("account 0x01")};
  const ol_want wants[3] = {get("/a"),
                            post(7, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[1]}"),
                            get("/eth/v1/beacon/light_client/updates?start_period=3&count=14")};
  const ol_slice responses[3] = {text_of("ssz"), text_of("{\"id\":7, \"result\": {\"a b\" : \"\\\" c\" } }"),
                                 text_of("update")};
  ol_bundle_entry entries[3];
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(
        ol_bundle_entry_of(&error, &entries[i], &wants[i], responses[i], kept[i], sizeof kept[i]), OL_OK);
  len = ol_bundle_size(&about, entries, 3);
  assert_true(len > 0 && len <= sizeof bytes);
  assert_int_equal(ol_bundle_write(&error, bytes, len, &about, entries, 3), OL_OK);
  assert_int_equal(ol_bundle_read(&error, &bundle, ol_slice_of(bytes, len)), OL_OK);
  return 0;
}

/* Makes the checksum of a changed bundle right. */
static void seal(uint8_t *of, size_t all) {
  ol_hash checksum;
  ol_sha256(&checksum, of, all - sizeof checksum);
  memcpy(of + all - sizeof checksum, checksum.bytes, sizeof checksum);
}

static void assert_refused(const uint8_t *of, size_t all, ol_status status, size_t offset,
                           const char *reason) {
  ol_bundle out = {.count = 77};
  uint8_t *exact = malloc(all + 1);
  memcpy(exact, of, all);
  assert_int_equal(ol_bundle_read(&error, &out, ol_slice_of(exact, all)), status);
  free(exact);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, "bundle");
  assert_int_equal(error.offset, offset);
  assert_int_equal(out.count, 77);
}

static void assert_answer(const ol_want *want, const char *text) {
  ol_slice answer;
  assert_int_equal(ol_bundle_answer(&error, &answer, &bundle, want, 0, memory, sizeof memory), OL_OK);
  assert_int_equal(answer.len, strlen(text));
  assert_memory_equal(answer.data, text, answer.len);
}

static void what_was_written_is_read(void **state) {
  (void)state;
  assert_int_equal(bundle.count, 3);
  assert_int_equal(bundle.about.made, 1700000000);
  assert_int_equal(bundle.about.l1_chain_id, 1);
  assert_int_equal(bundle.about.l2_chain_id, 1612);
  assert_int_equal(bundle.about.checkpoint.bytes[0], 0xcc);
  assert_int_equal(bundle.about.question.len, 12);
  assert_memory_equal(bundle.about.question.data, "account 0x01", 12);
  ol_hash id, expected;
  ol_bundle_id(&id, ol_slice_of(bytes, len));
  ol_sha256(&expected, bytes, len);
  assert_memory_equal(&id, &expected, sizeof id);
}

static void an_answer_is_found_by_its_request(void **state) {
  (void)state;
  ol_want want = get("/a");
  assert_answer(&want, "ssz");
  want.endpoint = 3; /* whoever gave it */
  want.id = 99;
  want.max_len = 5;
  assert_answer(&want, "ssz");
  want = post(18446744073709551615u,
              "{\"jsonrpc\":\"2.0\",\"id\":18446744073709551615,\"method\":\"m\",\"params\":[1]}");
  assert_answer(&want, "{\"jsonrpc\":\"2.0\",\"id\":18446744073709551615,\"result\":{\"a b\":\"\\\" c\"}}");
}

/* Of a batch the ids are part of the request, and what comes back is kept whole. */
static void a_batch_is_kept_whole(void **state) {
  (void)state;
  static const char body[] = "[{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"m\",\"params\":[\"0x3\"]},"
                             "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"m\",\"params\":[\"0x4\"]}]";
  static const char other[] = "[{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"m\",\"params\":[\"0x3\"]}]";
  uint8_t kept[64];
  char text[128];
  ol_bundle_entry entry;
  const ol_bundle_about about = {.made = 1};
  ol_want want = post(9, body);
  assert_int_equal(
      ol_bundle_entry_of(&error, &entry, &want, text_of("[ {\"id\": 4}, {\"id\": 3} ]"), kept, sizeof kept),
      OL_OK);
  len = ol_bundle_size(&about, &entry, 1);
  assert_int_equal(ol_bundle_write(&error, bytes, len, &about, &entry, 1), OL_OK);
  assert_int_equal(ol_bundle_read(&error, &bundle, ol_slice_of(bytes, len)), OL_OK);
  want.id = 10;
  assert_answer(&want, "[{\"id\":4},{\"id\":3}]");
  ol_want_text(text, sizeof text, &want);
  assert_string_equal(text, "l1: m [\"0x3\"], and those after it");
  ol_slice answer;
  want = post(9, other);
  assert_int_equal(ol_bundle_answer(&error, &answer, &bundle, &want, 0, memory, sizeof memory),
                   OL_ERR_MISMATCH);
  ol_hash request;
  want = post(9, "[1]");
  assert_int_equal(ol_bundle_request(&error, &request, &want), OL_ERR_ARGUMENT);
}

static void assert_lacks(const ol_want *want, uint64_t now_ms, ol_status status, const char *reason) {
  ol_slice answer = {bytes, 77};
  assert_int_equal(ol_bundle_answer(&error, &answer, &bundle, want, now_ms, memory, sizeof memory), status);
  assert_string_equal(error.part, "bundle");
  assert_string_equal(error.reason, reason);
  assert_int_equal(answer.len, 77);
}

static void another_request_has_no_answer(void **state) {
  (void)state;
  static const char none[] = "has no answer to a request of this question";
  const char *const bodies[] = {"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[2]}",
                                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"n\",\"params\":[1]}",
                                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[1]"};
  for (size_t i = 0; i < 3; i++) {
    const ol_want want = post(7, bodies[i]);
    assert_lacks(&want, 0, OL_ERR_MISMATCH, none);
  }
  ol_want changed[4] = {get("/a"), get("/a"), get("/a"), get("/b")};
  changed[0].source = OL_SOURCE_L1;
  changed[1].method = OL_HTTP_POST;
  changed[2].format = OL_FORMAT_JSON;
  for (size_t i = 0; i < 4; i++) assert_lacks(&changed[i], 0, OL_ERR_MISMATCH, none);
  const ol_want foreign = post(7, "{\"id\":7}");
  assert_lacks(&foreign, 0, OL_ERR_ARGUMENT, "body is not JSON-RPC as an engine writes it");
}

static void a_period_that_it_does_not_have_makes_it_stale(void **state) {
  (void)state;
  const ol_want later = get("/eth/v1/beacon/light_client/updates?start_period=4&count=14");
  static const char old[] =
      "has no update of a sync committee period that is over: it is too old, or not whole";
  assert_lacks(&later, 1700000001000, OL_ERR_STALE, old);
  assert_lacks(&later, 1700000000999, OL_ERR_MISMATCH, "has no answer to a request of this question");
  const ol_want head = get("/eth/v1/beacon/light_client/finality_update");
  assert_lacks(&head, 1700000001000, OL_ERR_MISMATCH, "has no answer to a request of this question");
}

static void an_answer_needs_memory(void **state) {
  (void)state;
  ol_slice answer;
  const ol_want want = post(1, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":[1]}");
  size_t need = strlen("{\"a b\":\"\\\" c\"}") + OL_BUNDLE_AROUND;
  for (size_t room = 0; room < need; room++)
    assert_int_equal(ol_bundle_answer(&error, &answer, &bundle, &want, 0, memory, room), OL_ERR_MEMORY);
  assert_int_equal(ol_bundle_answer(&error, &answer, &bundle, &want, 0, memory, need), OL_OK);
}

static void every_bit_that_changes_is_noticed(void **state) {
  (void)state;
  for (size_t i = 0; i < 8 * len; i++) {
    bytes[i / 8] ^= (uint8_t)(1 << i % 8);
    assert_int_equal(ol_bundle_read(&error, &bundle, ol_slice_of(bytes, len)), OL_ERR_ENCODING);
    bytes[i / 8] ^= (uint8_t)(1 << i % 8);
  }
  bytes[100] ^= 1;
  assert_refused(bytes, len, OL_ERR_ENCODING, len - 32, "is damaged, or was never a bundle");
}

static void every_length_but_its_own_is_refused(void **state) {
  (void)state;
  for (size_t all = 0; all < len; all++) {
    memcpy(copy, bytes, all);
    if (all >= OL_BUNDLE_HEAD + 32) seal(copy, all); /* so that it is the form that is refused */
    uint8_t *exact = malloc(all + 1);
    memcpy(exact, copy, all);
    assert_int_not_equal(ol_bundle_read(&error, &bundle, ol_slice_of(exact, all)), OL_OK);
    free(exact);
  }
  assert_refused(bytes, 7, OL_ERR_ENCODING, 0, "is no bundle");
  assert_refused(bytes, OL_BUNDLE_HEAD + 31, OL_ERR_ENCODING, OL_BUNDLE_HEAD + 31, "ends too early");
  memcpy(copy, bytes, len);
  seal(copy, len + 1);
  assert_refused(copy, len + 1, OL_ERR_ENCODING, len - 32, "has bytes behind its last answer");
  static uint8_t huge[OL_BUNDLE_MAX + 1];
  memcpy(huge, bytes, len);
  assert_refused(huge, sizeof huge, OL_ERR_LIMIT, OL_BUNDLE_MAX, "is longer than 16 MiB");
}

/* Writes a number into a copy, with a checksum that is right. */
static const uint8_t *with(size_t at, uint32_t number) {
  memcpy(copy, bytes, len);
  for (size_t i = 0; i < 4; i++) copy[at + i] = (uint8_t)(number >> (24 - 8 * i));
  seal(copy, len);
  return copy;
}

static void each_bound_is_kept(void **state) {
  (void)state;
  static const char order[] = "requests are not in their order, or one is there twice";
  static const char ends[] = "answer is empty, or ends behind the bundle";
  const size_t index = OL_BUNDLE_HEAD + 12, second = index + OL_BUNDLE_INDEX;
  assert_refused(with(8, 2), len, OL_ERR_ENCODING, 8, "is of a version that is not known here");
  assert_refused(with(12, 0), len, OL_ERR_LIMIT, 12, "number of answers is not 1 to 256");
  assert_refused(with(12, 257), len, OL_ERR_LIMIT, 12, "number of answers is not 1 to 256");
  assert_refused(with(12, 256), len, OL_ERR_ENCODING, 12, "has fewer bytes than its answers need");
  assert_refused(with(72, 513), len, OL_ERR_LIMIT, 72, "question is longer than accepted");
  assert_refused(with(72, 512), len, OL_ERR_LIMIT, 72,
                 "question is longer than accepted"); /* than it is itself */
  assert_refused(with(76, 0x61621f63), len, OL_ERR_ENCODING, 76, "question is not printable ASCII");
  assert_refused(with(76, 0x61627f63), len, OL_ERR_ENCODING, 76, "question is not printable ASCII");
  assert_refused(with(index + 32, 0), len, OL_ERR_ENCODING, index + 32, ends);
  assert_refused(with(second + 32, 3), len, OL_ERR_ENCODING, second + 32, ends);
  assert_refused(with(second + 32, 0xffffffff), len, OL_ERR_ENCODING, second + 32, ends);
  memcpy(copy, bytes, len);
  memcpy(copy + second, copy + index, 32); /* twice the same */
  seal(copy, len);
  assert_refused(copy, len, OL_ERR_ENCODING, second, order);
  memcpy(copy, bytes, len);
  memset(copy + index, 0xff, 32); /* the first behind the others */
  seal(copy, len);
  assert_refused(copy, len, OL_ERR_ENCODING, second, order);
}

static void assert_not_written(const ol_bundle_about *about, const ol_bundle_entry *entries, size_t count,
                               ol_status status, const char *reason) {
  assert_int_equal(ol_bundle_write(&error, copy, sizeof copy, about, entries, count), status);
  assert_string_equal(error.reason, reason);
}

static void what_does_not_fit_is_not_written(void **state) {
  (void)state;
  static const char too_many[] = "answers are none, too many or too long for a bundle";
  static ol_bundle_entry many[OL_BUNDLE_ENTRIES + 1];
  static uint8_t text[OL_BUNDLE_QUESTION + 1];
  ol_bundle_about about = {.made = 1};
  for (size_t i = 0; i < OL_BUNDLE_ENTRIES + 1; i++) {
    ol_store_be64(many[i].request.bytes, 7919 * i % 1000);
    many[i].answer = text_of("x");
  }
  assert_not_written(&about, many, 0, OL_ERR_LIMIT, too_many);
  assert_not_written(&about, many, OL_BUNDLE_ENTRIES + 1, OL_ERR_LIMIT, too_many);
  assert_int_equal(ol_bundle_write(&error, copy, sizeof copy, &about, many, OL_BUNDLE_ENTRIES), OL_OK);
  size_t size = ol_bundle_size(&about, many, OL_BUNDLE_ENTRIES);
  assert_int_equal(ol_bundle_read(&error, &bundle, ol_slice_of(copy, size)), OL_OK);
  assert_int_equal(ol_bundle_write(&error, copy, size - 1, &about, many, OL_BUNDLE_ENTRIES), OL_ERR_MEMORY);
  many[0].answer = ol_slice_of(bytes, OL_BUNDLE_MAX);
  assert_not_written(&about, many, 1, OL_ERR_LIMIT, too_many);
  many[0].answer = ol_slice_of(bytes, 0);
  assert_not_written(&about, many, 2, OL_ERR_ARGUMENT, "an answer is empty");
  many[0] = many[1];
  assert_not_written(&about, many, 2, OL_ERR_ARGUMENT, "a request is there twice");
  about.question = ol_slice_of(text, sizeof text);
  assert_not_written(&about, many, 1, OL_ERR_LIMIT, too_many);
  about.question.len = 1;
  assert_not_written(&about, many, 1, OL_ERR_ARGUMENT, "question is not printable ASCII");
}

static void an_entry_is_of_a_response_with_a_result(void **state) {
  (void)state;
  ol_bundle_entry entry;
  const ol_want want = post(1, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":[1]}"),
                foreign = post(1, "{\"id\":1}");
  const ol_slice good = text_of("{\"result\":\"abc\"}");
  assert_int_equal(ol_bundle_entry_of(&error, &entry, &want, text_of("{\"error\":1}"), memory, 64),
                   OL_ERR_ENCODING);
  assert_string_equal(error.part, "response");
  assert_int_equal(ol_bundle_entry_of(&error, &entry, &foreign, good, memory, 64), OL_ERR_ARGUMENT);
  assert_int_equal(ol_bundle_entry_of(&error, &entry, &want, good, memory, 4), OL_ERR_MEMORY);
  assert_int_equal(ol_bundle_entry_of(&error, &entry, &want, good, memory, 5), OL_OK);
  assert_int_equal(entry.answer.len, 5);
  /* Quotes that are not closed are no one's business but the engine's; they are not read beyond. */
  assert_int_equal(
      ol_bundle_entry_of(&error, &entry, &want, text_of("{\"result\":[ \"a\\\\\" , 1 ]}"), memory, 64),
      OL_OK);
  assert_int_equal(entry.answer.len, strlen("[\"a\\\\\",1]"));
}

static void a_want_is_written_for_people(void **state) {
  (void)state;
  char text[64];
  ol_want want = post(5, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"eth_getCode\",\"params\":[\"0x1\"]}");
  assert_int_equal(ol_want_text(text, sizeof text, &want), strlen("l1: eth_getCode [\"0x1\"]"));
  assert_string_equal(text, "l1: eth_getCode [\"0x1\"]");
  assert_int_equal(ol_want_text(text, 8, &want), strlen("l1: eth_getCode [\"0x1\"]"));
  assert_string_equal(text, "l1: eth");
  want = get("/eth/v1");
  want.source = 9;
  (void)ol_want_text(text, sizeof text, &want);
  assert_string_equal(text, "server: /eth/v1");
  assert_int_equal(ol_want_text(text, 0, &want), strlen("server: /eth/v1"));
}

/* --- A question that is answered by one --- */

static ol_bundle_entry taken[32];
static uint8_t taken_bytes[32][1 << 15];
static size_t taken_count;

/* Keeps what the question's endpoint answers. */
static bool keep(const ol_want *want, ol_slice *answer) {
  assert_int_equal(ol_bundle_entry_of(&error, &taken[taken_count], want, *answer, taken_bytes[taken_count],
                                      sizeof taken_bytes[0]),
                   OL_OK);
  taken_count++;
  return true;
}

static bool from_bundle(const ol_want *want, ol_slice *answer) {
  return ol_bundle_answer(&error, answer, &bundle, want, NOW_MS, memory, sizeof memory) == OL_OK;
}

static void a_question_is_answered_by_a_bundle(void **state) {
  (void)state;
  const ol_bundle_about about = {.made = NOW_S};
  start(1, 1);
  taken_count = 0;
  now.lie = keep;
  now.question.with_code = 1;
  const ol_account_answer first = expect_answer();
  len = ol_bundle_size(&about, taken, taken_count);
  assert_true(len > 0 && len <= sizeof bytes);
  assert_int_equal(ol_bundle_write(&error, bytes, len, &about, taken, taken_count), OL_OK);
  assert_int_equal(ol_bundle_read(&error, &bundle, ol_slice_of(bytes, len)), OL_OK);
  now.lie = from_bundle; /* the second question's wants have other ids */
  const ol_account_answer again = expect_answer();
  assert_memory_equal(&again, &first, sizeof first);
  expect_no_blame();
  now.question.address = world_address(5);
  expect_failure(OL_ERR_TRANSPORT, "connection failed");
}

#define FORM(name) cmocka_unit_test_setup(name, make)

int main(void) {
  const struct CMUnitTest tests[] = {
      FORM(what_was_written_is_read),
      FORM(an_answer_is_found_by_its_request),
      FORM(another_request_has_no_answer),
      FORM(a_period_that_it_does_not_have_makes_it_stale),
      FORM(an_answer_needs_memory),
      FORM(every_bit_that_changes_is_noticed),
      FORM(every_length_but_its_own_is_refused),
      FORM(each_bound_is_kept),
      FORM(what_does_not_fit_is_not_written),
      FORM(an_entry_is_of_a_response_with_a_result),
      FORM(a_want_is_written_for_people),
      TEST(a_batch_is_kept_whole),
      TEST(a_question_is_answered_by_a_bundle),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
