/* SPDX-License-Identifier: MIT */
#include "attribution/world.h"
#include "unit/bytes.h"

/* Evidence that is not of its form (docs/attribution.md, section 6): reasons format, version and flags. */

static const char song[] = "Row, row, row your boat, gently down the stream. Merrily, merrily, merrily, "
                           "merrily, life is but a dream; "
                           "and then the boat goes under a bridge, where somebody who fishes for eels looks "
                           "up, waves, and sings along.";
static const char said[] = "Sing: gently down the stream. But: goes under a bridge, where somebody who "
                           "fishes for eels looks up. Yes.";

static world w;
static world_plan plan;
static world_draft draft;
static uint8_t bytes[WORLD_BYTES];
static size_t bytes_len;
static ol_error error;
static ol_evidence *evidence;
static uint32_t reason;

static int make(void **state) {
  (void)state;
  world_add(&w, song, strlen(song), 7, 9);
  world_add(&w, "another song", 12, 8, 9);
  world_make(&w);
  return 0;
}

static int destroy(void **state) {
  (void)state;
  world_draft_free(&draft);
  world_free(&w);
  return 0;
}

static void start_over(void) {
  ol_attribution_policy policy = world_policy(12, 1000, OL_OWNER_EARLIEST);
  world_plan_honest(&w, &plan, &policy, said, strlen(said));
  world_draft_free(&draft);
  world_draft_make(&w, &draft, &plan);
  bytes_len = world_write(&draft, bytes);
}

static void expect_bytes(ol_status status, uint32_t expected, const char *part, const char *text) {
  assert_int_equal(world_verify_bytes(&error, &evidence, &reason, &plan, bytes, bytes_len), status);
  assert_int_equal(reason, expected);
  assert_string_equal(error.reason, text);
  assert_string_equal(error.part, part);
}

/* Expects a malformed draft. */
static void expect(const char *part, const char *text) {
  bytes_len = world_write(&draft, bytes);
  expect_bytes(OL_ERR_ENCODING, OL_REASON_FORMAT, part, text);
}

static void good_form_is_taken(void **state) {
  (void)state;
  start_over();
  assert_true(draft.chunks_len > 0);
  assert_int_equal(world_verify_bytes(&error, &evidence, &reason, &plan, bytes, bytes_len), OL_OK);
}

static void cut_anywhere(void **state) {
  (void)state;
  start_over();
  draft.rows_len = 1;
  bytes_len = world_write(&draft, bytes);
  for (size_t len = bytes_len; len-- > 0;) {
    assert_int_equal(world_verify_bytes(&error, &evidence, &reason, &plan, bytes, len), OL_ERR_ENCODING);
    assert_int_equal(reason, OL_REASON_FORMAT);
    assert_string_equal(error.reason, "evidence is cut");
    assert_true(error.offset <= len);
  }
}

static void longer_than_it_is(void **state) {
  (void)state;
  start_over();
  bytes[bytes_len++] = 0;
  expect_bytes(OL_ERR_ENCODING, OL_REASON_FORMAT, "evidence", "evidence goes on behind its end");
  bytes_len = OL_EVIDENCE_BYTES;
  expect_bytes(OL_ERR_ENCODING, OL_REASON_FORMAT, "evidence", "evidence goes on behind its end");
  bytes_len = OL_EVIDENCE_BYTES + 1;
  expect_bytes(OL_ERR_LIMIT, OL_REASON_FORMAT, "evidence", "evidence is longer than 256 KiB");
}

static void something_else(void **state) {
  (void)state;
  for (size_t i = 0; i < 4; i++) {
    start_over();
    draft.magic[i] ^= 0x20;
    expect("evidence", "this is no evidence");
  }
}

static void another_version(void **state) {
  (void)state;
  start_over();
  for (uint32_t version = 0; version < 256; version++) {
    if (version == 1) continue;
    bytes[4] = (uint8_t)version;
    expect_bytes(OL_ERR_ENCODING, OL_REASON_VERSION, "evidence", "unknown version of evidence");
  }
}

static void other_flags_than_the_policy(void **state) {
  (void)state;
  start_over();
  for (uint32_t influence = 0; influence <= 10000; influence += 5000) {
    plan.policy.influence_bps = influence;
    uint32_t right = (influence < 10000 ? 1u : 0u) | (influence > 0 ? 2u : 0u);
    for (uint32_t flags = 0; flags < 256; flags++) {
      bytes[5] = (uint8_t)flags;
      if (flags == right) continue;
      expect_bytes(OL_ERR_ENCODING, OL_REASON_FLAGS, "evidence",
                   "evidence has other parts than the policy asks for");
    }
  }
}

static void an_answer_that_is_not_utf8(void **state) {
  (void)state;
  static const char *const texts[] = {"\xff", "ok\xc0\x80", "ok\xe2\x82", "\xed\xa0\x80",
                                      "ok\xf4\x90\x80\x80"};
  for (size_t i = 0; i < 5; i++) {
    start_over();
    plan.response = (const uint8_t *)texts[i];
    plan.response_len = (uint32_t)strlen(texts[i]);
    expect_bytes(OL_ERR_ENCODING, OL_REASON_FORMAT, "response", "answer is not UTF-8");
    assert_int_equal(error.offset, texts[i][0] == 'o' ? 2 : 0);
  }
}

static void an_answer_that_is_too_long(void **state) {
  (void)state;
  static uint8_t text[OL_EVIDENCE_RESPONSE + 1];
  start_over();
  memset(text, '?', sizeof text);
  plan.response = text;
  plan.response_len = OL_EVIDENCE_RESPONSE + 1;
  expect_bytes(OL_ERR_LIMIT, OL_REASON_FORMAT, "response", "answer is longer than 64 KiB");
  /* One that is as long as it may be is verified: a byte that T lacks is in each window, so the claim needs many words. */
  plan.response_len = OL_EVIDENCE_RESPONSE;
  assert_int_not_equal(world_verify_bytes(&error, &evidence, &reason, &plan, bytes, bytes_len), OL_OK);
  assert_int_not_equal(reason, OL_REASON_FORMAT);
}

static void a_header_that_is_out_of_range(void **state) {
  (void)state;
  start_over();
  memset(draft.header, 0, 8);
  expect("header", "a corpus has from 1 to 2^48 - 1 bytes");
  start_over();
  memset(draft.header + 104, 0xff, 8);
  expect("header", "the first suffix has a rank behind the last");
  start_over();
  memset(draft.header + 144, 0, 8);
  expect("header", "a corpus has from 1 to n documents");
}

static void more_than_are_allowed(void **state) {
  (void)state;
  static const char *const parts[] = {"spans", "words", "leaves", "text", "documents", "split"};
  static const uint32_t bounds[] = {OL_EVIDENCE_SPANS,  OL_EVIDENCE_WORDS,     OL_EVIDENCE_LEAVES,
                                    OL_EVIDENCE_CHUNKS, OL_EVIDENCE_DOCUMENTS, OL_SPLIT_ROWS};
  for (size_t i = 0; i < 6; i++) {
    start_over();
    uint32_t *const lens[] = {&draft.spans_len,  &draft.words_len,     &draft.leaves_len,
                              &draft.chunks_len, &draft.documents_len, &draft.rows_len};
    *lens[i] = bounds[i] + 1;
    bytes_len = world_write(&draft, bytes);
    expect_bytes(OL_ERR_LIMIT, OL_REASON_FORMAT, parts[i], "there are more than are allowed");
    /* As many as may be fail elsewhere, but for rows, which nobody looks at here. */
    *lens[i] = bounds[i];
    bytes_len = world_write(&draft, bytes);
    ol_status status = world_verify_bytes(&error, &evidence, &reason, &plan, bytes, bytes_len);
    assert_true(i == 5 ? status == OL_OK : status != OL_OK && status != OL_ERR_LIMIT);
  }
}

/* Puts bytes behind the header, where the number of spans is. */
static void expect_number(const char *digits, const char *part, const char *text) {
  start_over();
  size_t len = strlen(digits) / 2;
  from_hex(bytes + 166, len, digits);
  bytes_len = 166 + len;
  assert_int_not_equal(world_verify_bytes(&error, &evidence, &reason, &plan, bytes, bytes_len), OL_OK);
  assert_int_equal(reason, OL_REASON_FORMAT);
  assert_string_equal(error.reason, text);
  assert_string_equal(error.part, part);
}

static void numbers_in_another_form(void **state) {
  (void)state;
  expect_number("8000", "spans", "number is not in its shortest form");
  expect_number("818000", "spans", "number is not in its shortest form");
  expect_number("ffffffffffffffff00", "spans", "number is not in its shortest form");
  expect_number("ffffffffffffffff7f", "spans", "there are more than are allowed"); /* 2^63 - 1 */
  expect_number("ffffffffffffffffff01", "spans", "number has more than 63 bits");
  expect_number("8080808080808080808001", "spans", "number has more than 63 bits");
  static const char *const spans[] = {"018000", "01008000", "0100008000", "010000008000"};
  static const char *const words[] = {"00018000", "0001008000", "000100008000"};
  for (size_t i = 0; i < 4; i++) expect_number(spans[i], "span", "number is not in its shortest form");
  for (size_t i = 0; i < 3; i++) expect_number(words[i], "word", "number is not in its shortest form");
  expect_number("01", "span", "evidence is cut");
  expect_number("80", "spans", "evidence is cut");
}

static void proofs_of_more_than_there_is(void **state) {
  (void)state;
  /* No spans, words or leaves, and as many siblings as overflow when they are counted in bytes. */
  expect_number("000000ffffffffffffffff7f", "leaves", "evidence is cut");
  expect_number("00000080808080808080800801", "leaves", "evidence is cut"); /* 2^59: 32 of which are 2^64 */
  expect_number("00000001", "leaves", "evidence is cut");
}

static void suffixes_of_another_form(void **state) {
  (void)state;
  start_over();
  draft.leaves[2].position = w.n;
  expect("leaf", "a suffix begins behind the text");
  assert_int_equal(error.item, 2);
  start_over();
  draft.leaves[2].next = w.n + 1;
  expect("leaf", "a successor has a rank behind the last");
  start_over();
  draft.leaves[0].shared = 1;
  expect("leaf", "more is shared than there is");
  start_over();
  draft.leaves[1].shared = 33;
  expect("leaf", "more is shared than there is");
}

/* The suffixes of T's last bytes are shorter than the leaves that are opened before them. */
static void shared_with_what_is_shorter(void **state) {
  (void)state;
  start_over();
  draft.leaves_len = draft.words_len = draft.spans_len = draft.chunks_len = draft.documents_len = 0;
  uint64_t rank = 0;
  while (w.sa[rank] != w.n - 3) rank++; /* "ng" and the end */
  world_open_leaf(&w, &draft, rank);
  world_open_leaf(&w, &draft, rank - 1);
  draft.leaves[1].shared = 4;
  expect("leaf", "more is shared than there is");
  start_over();
  draft.leaves_len = draft.words_len = draft.spans_len = draft.chunks_len = draft.documents_len = 0;
  world_open_leaf(&w, &draft, rank);
  world_open_leaf(&w, &draft, rank + 1);
  draft.leaves[1].shared = 4;
  expect("leaf", "more is shared than there is");
}

static void less_is_shared_than_could_be(void **state) {
  (void)state;
  start_over();
  uint32_t i = 1;
  while (draft.leaves[i].prefix[0] != draft.leaves[i - 1].prefix[0]) i++;
  draft.leaves[i].shared = 0;
  expect("leaf", "less is shared than could be");
  assert_int_equal(error.item, i);
}

static void an_index_that_is_there_twice(void **state) {
  (void)state;
  static const char text[] = "an index is there twice";
  start_over();
  draft.leaves[1].index = draft.leaves[0].index;
  expect("leaf", text);
  start_over();
  draft.chunks[1] = draft.chunks[0];
  draft.chunks_len = 2;
  expect("chunk", text);
  start_over();
  draft.documents[1] = draft.documents[0];
  draft.documents_len = 2;
  expect("document", text);
}

static void vectors_of_no_dimensions_or_too_many(void **state) {
  (void)state;
  static const uint32_t dimensions[] = {0, 4097, 65535};
  start_over();
  plan.policy.influence_bps = 1;
  draft.flags = 3;
  ol_slice header, vector, rows;
  draft.gradient_header[64] = 0x10; /* 4,096 */
  bytes_len = world_write(&draft, bytes);
  assert_int_equal(world_verify_bytes(&error, &evidence, &reason, &plan, bytes, bytes_len), OL_OK);
  ol_evidence_rest(evidence, &header, &vector, &rows);
  assert_int_equal(vector.len, 8192);
  for (size_t i = 0; i < 3; i++) {
    size_t at = bytes_len - 1 - 8192 - 106 + 64;
    bytes[at] = (uint8_t)(dimensions[i] >> 8);
    bytes[at + 1] = (uint8_t)dimensions[i];
    expect_bytes(OL_ERR_ENCODING, OL_REASON_FORMAT, "influence", "d is not from 1 to 4,096");
  }
  for (size_t kept = 0; kept < 106; kept += 35) {
    bytes_len = world_write(&draft, bytes) - 1 - 8192 - 106 + kept;
    expect_bytes(OL_ERR_ENCODING, OL_REASON_FORMAT, "influence", "evidence is cut");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(good_form_is_taken),
      cmocka_unit_test(cut_anywhere),
      cmocka_unit_test(longer_than_it_is),
      cmocka_unit_test(something_else),
      cmocka_unit_test(another_version),
      cmocka_unit_test(other_flags_than_the_policy),
      cmocka_unit_test(an_answer_that_is_not_utf8),
      cmocka_unit_test(an_answer_that_is_too_long),
      cmocka_unit_test(a_header_that_is_out_of_range),
      cmocka_unit_test(more_than_are_allowed),
      cmocka_unit_test(numbers_in_another_form),
      cmocka_unit_test(proofs_of_more_than_there_is),
      cmocka_unit_test(suffixes_of_another_form),
      cmocka_unit_test(shared_with_what_is_shorter),
      cmocka_unit_test(less_is_shared_than_could_be),
      cmocka_unit_test(an_index_that_is_there_twice),
      cmocka_unit_test(vectors_of_no_dimensions_or_too_many),
  };
  return cmocka_run_group_tests(tests, make, destroy);
}
