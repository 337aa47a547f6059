/* SPDX-License-Identifier: MIT */
#include "openledger/evidence.h"

#include "unit/bytes.h"

static ol_error error;
static uint8_t bytes[OL_ATTRIBUTION_POLICY_BYTES + 1];

/* Writes a policy by the table of docs/attribution.md, section 1.4. */
static void make(void) {
  static const char digits[] = "01000100"
                               "00280000"
                               "000003e8"
                               "000000000000000000000000000186a0"
                               "800000000000000000000000000493e0"
                               "03e8044c04b01a2c"
                               "07d00000"
                               "1111111111111111111111111111111111111111";
  from_hex(bytes, OL_ATTRIBUTION_POLICY_BYTES, digits);
}

static ol_status read_policy(ol_attribution_policy *out) {
  return ol_attribution_policy_read(&error, out, ol_slice_of(bytes, OL_ATTRIBUTION_POLICY_BYTES));
}

static void reads_and_writes(void **state) {
  (void)state;
  ol_attribution_policy policy;
  uint8_t again[OL_ATTRIBUTION_POLICY_BYTES];
  make();
  assert_int_equal(read_policy(&policy), OL_OK);
  assert_int_equal(policy.owner_rule, OL_OWNER_EARLIEST);
  assert_int_equal(policy.clipping, OL_CLIP_DATANET);
  assert_int_equal(policy.min_span, 40);
  assert_int_equal(policy.max_count, 1000);
  assert_int_equal(ol_load_be64(policy.price_in.bytes + 24), 100000);
  assert_int_equal(policy.price_out.bytes[16], 0x80);
  assert_int_equal(ol_load_be64(policy.price_out.bytes + 24), 300000);
  assert_int_equal(policy.platform_bps, 1000);
  assert_int_equal(policy.model_bps, 1100);
  assert_int_equal(policy.stakers_bps, 1200);
  assert_int_equal(policy.contributors_bps, 6700);
  assert_int_equal(policy.influence_bps, 2000);
  assert_int_equal(policy.sink.bytes[19], 0x11);
  assert_int_equal(ol_attribution_policy_write(&error, again, &policy), OL_OK);
  assert_memory_equal(again, bytes, sizeof again);
  ol_hash id, expected;
  uint8_t named[11 + OL_ATTRIBUTION_POLICY_BYTES];
  memcpy(named, "ATR1.policy", 11);
  memcpy(named + 11, bytes, OL_ATTRIBUTION_POLICY_BYTES);
  ol_keccak256(&expected, named, sizeof named);
  ol_attribution_policy_id(&id, bytes);
  assert_memory_equal(id.bytes, expected.bytes, 32);
}

/* Bytes that are put into a good policy, and where the fault is then. */
static void expect_fault(size_t at, const char *digits, size_t offset, const char *reason) {
  ol_attribution_policy policy;
  make();
  from_hex(bytes + at, strlen(digits) / 2, digits);
  assert_int_equal(read_policy(&policy), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.offset, offset);
  assert_string_equal(error.part, "policy");
}

static void expect_good(size_t at, const char *digits) {
  ol_attribution_policy policy;
  make();
  from_hex(bytes + at, strlen(digits) / 2, digits);
  assert_int_equal(read_policy(&policy), OL_OK);
}

static void refuses_what_is_out_of_range(void **state) {
  (void)state;
  expect_fault(0, "00", 0, "unknown version of a policy");
  expect_fault(0, "02", 0, "unknown version of a policy");
  expect_fault(1, "02", 1, "unknown owner rule");
  expect_fault(2, "02", 2, "unknown clipping");
  expect_fault(3, "01", 3, "reserved byte is not zero");
  expect_good(4, "0008");
  expect_fault(4, "0007", 4, "K is not from 8 to 4,096");
  expect_good(4, "1000");
  expect_fault(4, "1001", 4, "K is not from 8 to 4,096");
  expect_fault(6, "0100", 6, "reserved bytes are not zero");
  expect_fault(6, "0001", 6, "reserved bytes are not zero");
  expect_fault(8, "00000000", 8, "maxCount is not from 1 to 2^31 - 1");
  expect_good(8, "00000001");
  expect_good(8, "7fffffff");
  expect_fault(8, "80000000", 8, "maxCount is not from 1 to 2^31 - 1");
  expect_fault(44, "03e9", 44, "shares are not 10,000 basis points");
  /* Of a sum that is right modulo 2^16 each share is looked at. */
  expect_fault(44, "2711", 44, "share is above 10,000 basis points");
  expect_fault(50, "2711", 50, "share is above 10,000 basis points");
  expect_good(52, "2710");
  expect_fault(52, "2711", 52, "influence is above 10,000 basis points");
  expect_fault(54, "0100", 54, "reserved bytes are not zero");
  expect_fault(54, "0001", 54, "reserved bytes are not zero");
}

static void bounds_occurrences(void **state) {
  (void)state;
  ol_attribution_policy policy;
  make();
  bytes[1] = OL_OWNER_OCCURRENCE;
  assert_int_equal(read_policy(&policy), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "maxCount is above 64 where each occurrence is credited");
  from_hex(bytes + 8, 4, "00000041");
  assert_int_equal(read_policy(&policy), OL_ERR_ENCODING);
  from_hex(bytes + 8, 4, "00000040");
  assert_int_equal(read_policy(&policy), OL_OK);
}

static void refuses_another_length(void **state) {
  (void)state;
  ol_attribution_policy policy;
  make();
  assert_int_equal(ol_attribution_policy_read(&error, &policy, ol_slice_of(bytes, 75)), OL_ERR_ENCODING);
  assert_int_equal(ol_attribution_policy_read(&error, &policy, ol_slice_of(bytes, 77)), OL_ERR_ENCODING);
  assert_int_equal(ol_attribution_policy_read(&error, &policy, (ol_slice){0}), OL_ERR_ENCODING);
}

static void writes_no_policy_that_cannot_be_read(void **state) {
  (void)state;
  ol_attribution_policy good, policy;
  uint8_t out[OL_ATTRIBUTION_POLICY_BYTES];
  make();
  assert_int_equal(read_policy(&good), OL_OK);
  policy = good;
  policy.price_in.bytes[15] = 1;
  assert_int_equal(ol_attribution_policy_write(&error, out, &policy), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "price_in");
  policy = good;
  policy.price_out.bytes[0] = 1;
  assert_int_equal(ol_attribution_policy_write(&error, out, &policy), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "price_out");
  policy = good;
  policy.owner_rule = 256;
  assert_int_equal(ol_attribution_policy_write(&error, out, &policy), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "owner_rule");
  /* Shares whose sum comes round to 10,000. */
  policy = good;
  policy.model_bps = 0u - 1000u;
  policy.stakers_bps = 3300;
  assert_int_equal(ol_attribution_policy_write(&error, out, &policy), OL_ERR_ARGUMENT);
  assert_string_equal(error.part, "model_bps");
}

/* --- Headers of corpora --- */

static void make_header(uint8_t out[OL_CORPUS_HEADER_BYTES]) {
  for (size_t i = 0; i < OL_CORPUS_HEADER_BYTES; i++) out[i] = (uint8_t)i;
  ol_store_be64(out, 1000);
  ol_store_be64(out + 104, 999);
  ol_store_be64(out + 144, 1000);
  ol_store_be64(out + 152, 7);
}

static void reads_and_writes_headers(void **state) {
  (void)state;
  uint8_t header[OL_CORPUS_HEADER_BYTES], again[OL_CORPUS_HEADER_BYTES];
  uint8_t named[11 + OL_CORPUS_HEADER_BYTES];
  ol_corpus_header read;
  ol_hash id, expected;
  make_header(header);
  assert_int_equal(ol_corpus_header_read(&error, &read, header), OL_OK);
  assert_int_equal(read.n, 1000);
  assert_int_equal(read.text_root.bytes[0], 8);
  assert_int_equal(read.suffix_root.bytes[0], 40);
  assert_int_equal(read.first_root.bytes[0], 72);
  assert_int_equal(read.i0, 999);
  assert_int_equal(read.document_root.bytes[0], 112);
  assert_int_equal(read.documents, 1000);
  assert_int_equal(read.epoch, 7);
  ol_corpus_header_write(again, &read);
  assert_memory_equal(again, header, sizeof header);
  memcpy(named, "ATR1.corpus", 11);
  memcpy(named + 11, header, sizeof header);
  ol_keccak256(&expected, named, sizeof named);
  ol_corpus_id(&id, &read);
  assert_memory_equal(id.bytes, expected.bytes, 32);
}

static void refuse_header(size_t at, uint64_t value) {
  uint8_t header[OL_CORPUS_HEADER_BYTES];
  ol_corpus_header read;
  make_header(header);
  ol_store_be64(header + at, value);
  assert_int_equal(ol_corpus_header_read(&error, &read, header), OL_ERR_ENCODING);
  assert_int_equal(error.offset, at);
}

static void refuses_headers_that_nobody_could_refute(void **state) {
  (void)state;
  refuse_header(0, 0);
  refuse_header(0, UINT64_C(1) << 48);
  refuse_header(104, 1000);
  refuse_header(144, 0);
  refuse_header(144, 1001);
}

static void names_reasons(void **state) {
  (void)state;
  assert_string_equal(ol_attribution_reason_name(OL_REASON_NONE), "none");
  assert_string_equal(ol_attribution_reason_name(OL_REASON_FORMAT), "format");
  assert_string_equal(ol_attribution_reason_name(30), "not right-maximal");
  assert_string_equal(ol_attribution_reason_name(50), "slashed");
  assert_string_equal(ol_attribution_reason_name(51), "unknown");
  assert_string_equal(ol_attribution_reason_name(UINT32_MAX), "unknown");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_and_writes),
      cmocka_unit_test(refuses_what_is_out_of_range),
      cmocka_unit_test(bounds_occurrences),
      cmocka_unit_test(refuses_another_length),
      cmocka_unit_test(writes_no_policy_that_cannot_be_read),
      cmocka_unit_test(reads_and_writes_headers),
      cmocka_unit_test(refuses_headers_that_nobody_could_refute),
      cmocka_unit_test(names_reasons),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
