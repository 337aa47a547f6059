/* SPDX-License-Identifier: MIT */
#include "crypto/sha2.h"
#include "unit/attribution/signing.h"

/* Answers that come piece by piece (docs/attribution.md, section 5.4). */

static uint8_t memory[512];
static ol_attribution_stream *stream;

static void begin_at(uint8_t *at) {
  const ol_hash parts[4] = {hash_of(1), hash_of(2), hash_of(3), hash_of(4)};
  assert_int_equal(ol_attribution_stream_new(&error, &stream, &parts[0], &parts[1], &parts[2], &parts[3], at,
                                             ol_attribution_stream_size()),
                   OL_OK);
}

static void begin(void) {
  begin_at(memory);
}

/* Out: the heads, computed as the document has them. */
static ol_hash first_head(void) {
  uint8_t bytes[11 + 4 * 32] = "ATR1.stream";
  ol_hash head;
  for (uint8_t i = 0; i < 4; i++) memset(bytes + 11 + 32 * i, i + 1, 32);
  ol_keccak256(&head, bytes, sizeof bytes);
  return head;
}

static ol_hash next_head(ol_hash head, const char *piece) {
  uint8_t bytes[256];
  const size_t len = strlen(piece);
  memcpy(bytes, head.bytes, 32);
  ol_store_be32(bytes + 32, (uint32_t)len);
  memcpy(bytes + 36, piece, len);
  ol_keccak256(&head, bytes, 36 + len);
  return head;
}

static ol_status add(const char *piece, const ol_hash *head) {
  return ol_attribution_stream_add(&error, stream, NULL, text_of(piece), head);
}

static void heads_follow_the_pieces(void **state) {
  (void)state;
  ol_attribution_stream_end end;
  ol_hash head = first_head(), got, sha256;
  for (size_t shift = 0; shift < 16; shift++) {
    begin_at(memory + shift);
    head = next_head(first_head(), "one");
    assert_int_equal(ol_attribution_stream_add(&error, stream, &got, text_of("one"), &head), OL_OK);
    assert_memory_equal(&got, &head, sizeof head);
    head = next_head(head, " two");
    assert_int_equal(add(" two", &head), OL_OK);
    assert_int_equal(ol_attribution_stream_finish(&error, stream, &end), OL_OK);
    assert_memory_equal(&end.head, &head, sizeof head);
    assert_int_equal(end.response_bytes, 7);
    ol_sha256(&sha256, (const uint8_t *)"one two", 7);
    assert_memory_equal(&end.response_sha256, &sha256, sizeof sha256);
  }
}

static void empty_answer_is_no_piece(void **state) {
  (void)state;
  ol_attribution_stream_end end;
  const ol_hash head = first_head();
  begin();
  assert_int_equal(ol_attribution_stream_finish(&error, stream, &end), OL_OK);
  assert_memory_equal(&end.head, &head, sizeof head);
  assert_int_equal(end.response_bytes, 0);
  begin();
  assert_int_equal(add("", NULL), OL_ERR_ARGUMENT);
}

/* Cut, in another order, cut elsewhere, or edited: it shows with the event, and the stream stays failed. */
static void lies_show_at_once(void **state) {
  (void)state;
  const ol_hash one = next_head(first_head(), "one"), two = next_head(one, "two");
  ol_attribution_stream_end end;
  static const struct {
    const char *first, *second;
  } cases[] = {{"onet", "wo"}, {"two", "one"}, {"one", "twO"}, {"on", "etwo"}, {"one", "tw"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    begin();
    ol_status status = add(cases[i].first, &one);
    if (status == OL_OK) status = add(cases[i].second, &two);
    assert_int_equal(status, OL_ERR_MISMATCH);
    assert_int_equal(add("one", NULL), OL_ERR_MISMATCH);
    assert_int_equal(ol_attribution_stream_finish(&error, stream, &end), OL_ERR_MISMATCH);
  }
}

/* Each way to cut a text into pieces of one byte and more is the same text. */
static void characters_may_be_cut(void **state) {
  (void)state;
  static const char text[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\xa6\x89z";
  ol_attribution_stream_end end;
  for (uint32_t cuts = 0; cuts < 1u << (sizeof text - 2); cuts++) {
    size_t from = 0;
    begin();
    for (size_t i = 1; i < sizeof text; i++) {
      if (i < sizeof text - 1 && (cuts >> (i - 1) & 1) == 0) continue;
      assert_int_equal(
          ol_attribution_stream_add(&error, stream, NULL, ol_slice_of(text + from, i - from), NULL), OL_OK);
      from = i;
    }
    assert_int_equal(ol_attribution_stream_finish(&error, stream, &end), OL_OK);
  }
}

static void what_is_no_text_is_refused(void **state) {
  (void)state;
  static const char *const cases[] = {"\xff",      "a\xc3",         "\xe2\x82", "\xed\xa0\x80",
                                      "\xc0\x80",  "\xc3(ab",       "\x80",     "\xf4\x90\x80\x80",
                                      "\xe2\x82z", "ab\xf0\x9f\xa6"};
  ol_attribution_stream_end end;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    begin();
    for (const char *at = cases[i]; *at != '\0'; at++)
      assert_int_equal(ol_attribution_stream_add(&error, stream, NULL, ol_slice_of(at, 1), NULL), OL_OK);
    assert_int_equal(ol_attribution_stream_finish(&error, stream, &end), OL_ERR_ENCODING);
  }
}

static void streams_have_an_end(void **state) {
  (void)state;
  static uint8_t much[OL_EVIDENCE_RESPONSE];
  ol_attribution_stream_end end;
  memset(much, 'x', sizeof much);
  begin();
  assert_int_equal(ol_attribution_stream_add(&error, stream, NULL, ol_slice_of(much, sizeof much), NULL),
                   OL_OK);
  assert_int_equal(ol_attribution_stream_finish(&error, stream, &end), OL_OK);
  assert_int_equal(ol_attribution_stream_finish(&error, stream, &end), OL_ERR_ARGUMENT);
  assert_int_equal(add("x", NULL), OL_ERR_ARGUMENT);
  begin();
  assert_int_equal(ol_attribution_stream_add(&error, stream, NULL, ol_slice_of(much, sizeof much), NULL),
                   OL_OK);
  assert_int_equal(add("x", NULL), OL_ERR_LIMIT);
  const ol_hash any = hash_of(0);
  assert_int_equal(ol_attribution_stream_new(&error, &stream, &any, &any, &any, &any, memory,
                                             ol_attribution_stream_size() - 1),
                   OL_ERR_MEMORY);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(heads_follow_the_pieces),    cmocka_unit_test(empty_answer_is_no_piece),
      cmocka_unit_test(lies_show_at_once),          cmocka_unit_test(characters_may_be_cut),
      cmocka_unit_test(what_is_no_text_is_refused), cmocka_unit_test(streams_have_an_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
