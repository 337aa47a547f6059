/* SPDX-License-Identifier: MIT */

/*
 * The input as each of the files of ATR-1 but evidence, as a receipt's JSON, and as a stream; what is read is written
 * again to the same bytes. Where the first byte is 'V', what is behind it is a receipt, a policy and evidence to judge.
 */

#include "crypto/sha2.h"
#include "fuzz/fuzz.h"
#include "openledger/attribution.h"

static void read_receipt(const uint8_t *data, size_t len) {
  ol_error error;
  ol_signed_receipt receipt, back;
  ol_address signer;
  ol_slice text;
  uint8_t bytes[OL_ATTRIBUTION_RECEIPT_BYTES];
  static uint8_t json[OL_ATTRIBUTION_JSON], memory[1 << 17];
  ol_status status = ol_attribution_receipt_read(&error, &receipt, ol_slice_of(data, len));
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  FUZZ_REQUIRE(ol_attribution_receipt_write(&error, bytes, &receipt) == OL_OK);
  FUZZ_REQUIRE(len == sizeof bytes && memcmp(bytes, data, len) == 0);
  FUZZ_REQUIRE(ol_attribution_receipt_json(&error, &text, &receipt, json, sizeof json) == OL_OK);
  FUZZ_REQUIRE(ol_attribution_receipt_from_json(&error, &back, text, memory, sizeof memory) == OL_OK);
  FUZZ_REQUIRE(memcmp(&back, &receipt, sizeof back) == 0);
  status = ol_attribution_receipt_signer(&error, &signer, &receipt);
  if (status != OL_OK) fuzz_refused(&error, status, sizeof receipt.signature);
}

static void read_json(const uint8_t *data, size_t len) {
  ol_error error;
  ol_signed_receipt receipt;
  uint8_t bytes[OL_ATTRIBUTION_RECEIPT_BYTES];
  const size_t room = 20 * len + 4096;
  uint8_t *memory = fuzz_block(room);
  ol_status status = ol_attribution_receipt_from_json(&error, &receipt, ol_slice_of(data, len), memory, room);
  FUZZ_REQUIRE(status != OL_ERR_MEMORY);
  if (status != OL_OK)
    fuzz_refused(&error, status, len);
  else
    FUZZ_REQUIRE(ol_attribution_receipt_write(&error, bytes, &receipt) == OL_OK);
  free(memory);
}

static void read_split(const uint8_t *data, size_t len) {
  ol_error error;
  ol_split split;
  ol_split_row row;
  ol_share share, back;
  ol_slice file;
  ol_hash root;
  ol_status status = ol_split_open(&error, &split, ol_slice_of(data, len));
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  uint8_t *memory = fuzz_block(len);
  /* What is added to nothing stays as it was. */
  FUZZ_REQUIRE(ol_split_sum(&error, &file, &split, 1, memory, len) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(file, ol_slice_of(data, len)));
  free(memory);
  status = ol_split_root(&error, &root, NULL, NULL, &split);
  FUZZ_REQUIRE(status == OL_OK || status == OL_ERR_LIMIT);
  if (split.count == 0 || status != OL_OK) return;
  uint8_t bytes[OL_SHARE_BYTES];
  const uint32_t last = split.count - 1;
  FUZZ_REQUIRE(ol_split_at(&split, &row, last) == 1);
  FUZZ_REQUIRE(ol_share_make(&error, &share, &split, last) == OL_OK);
  FUZZ_REQUIRE(memcmp(&share.row, &row, sizeof row) == 0 &&
               memcmp(&share.split_root, &root, sizeof root) == 0);
  FUZZ_REQUIRE(ol_share_write(&error, &file, &share, bytes, sizeof bytes) == OL_OK);
  FUZZ_REQUIRE(ol_share_read(&error, &back, file) == OL_OK);
}

static void read_share(const uint8_t *data, size_t len) {
  ol_error error;
  ol_share share;
  ol_slice file;
  uint8_t bytes[OL_SHARE_BYTES];
  ol_status status = ol_share_read(&error, &share, ol_slice_of(data, len));
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  FUZZ_REQUIRE(ol_share_write(&error, &file, &share, bytes, sizeof bytes) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(file, ol_slice_of(data, len)));
}

static void read_equivocation(const uint8_t *data, size_t len) {
  ol_error error;
  ol_address signer;
  ol_slice file;
  uint8_t bytes[OL_EQUIVOCATION_BYTES];
  ol_status status = ol_equivocation_read(&error, &signer, NULL, ol_slice_of(data, len));
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  FUZZ_REQUIRE(ol_equivocation_write(
                   &error, &file, ol_slice_of(data + 5, OL_ATTRIBUTION_RECEIPT_BYTES),
                   ol_slice_of(data + 5 + OL_ATTRIBUTION_RECEIPT_BYTES, OL_ATTRIBUTION_RECEIPT_BYTES), bytes,
                   sizeof bytes) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(file, ol_slice_of(data, len)));
}

static void read_policy(const uint8_t *data, size_t len) {
  ol_error error;
  ol_attribution_policy policy;
  uint8_t bytes[OL_ATTRIBUTION_POLICY_BYTES];
  ol_status status = ol_attribution_policy_read(&error, &policy, ol_slice_of(data, len));
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  FUZZ_REQUIRE(ol_attribution_policy_write(&error, bytes, &policy) == OL_OK);
  FUZZ_REQUIRE(len == sizeof bytes && memcmp(bytes, data, len) == 0);
}

/* Pieces of as many bytes as each first byte says give what the whole gives. */
static void read_stream(const uint8_t *data, size_t len) {
  static uint8_t memory[1024];
  ol_error error;
  ol_attribution_stream *stream;
  ol_attribution_stream_end end;
  const ol_hash any = {{1}};
  ol_sha256_state whole;
  ol_hash sha256;
  uint64_t total = 0;
  fuzz_input in = {data, len};
  FUZZ_REQUIRE(ol_attribution_stream_new(&error, &stream, &any, &any, &any, &any, memory, sizeof memory) ==
               OL_OK);
  ol_sha256_init(&whole);
  while (in.left > 1) {
    const ol_slice piece = fuzz_cut(&in, (size_t)fuzz_u8(&in) % 8 + 1);
    if (ol_attribution_stream_add(&error, stream, NULL, piece, NULL) != OL_OK) return;
    ol_sha256_update(&whole, piece.data, piece.len);
    total += piece.len;
  }
  if (ol_attribution_stream_finish(&error, stream, &end) != OL_OK) return;
  ol_sha256_final(&whole, &sha256);
  FUZZ_REQUIRE(memcmp(&sha256, &end.response_sha256, sizeof sha256) == 0 && end.response_bytes == total);
}

static void judge(const uint8_t *data, size_t len) {
  static uint8_t memory[256 << 10], told[1 << 20];
  static const char response[] = "nobody said so";
  ol_error error;
  ol_attribution_result result;
  ol_slice text;
  fuzz_input in = {data, len};
  ol_attribution_input input = {.receipt = fuzz_cut(&in, OL_ATTRIBUTION_RECEIPT_BYTES),
                                .policy = fuzz_cut(&in, OL_ATTRIBUTION_POLICY_BYTES),
                                .response = ol_slice_of(response, sizeof response - 1)};
  input.evidence = ol_slice_of(in.data, in.left);
  FUZZ_REQUIRE(ol_attribution_verify(&error, &result, &input, memory, sizeof memory) == OL_OK);
  FUZZ_REQUIRE((result.verdict == OL_VERDICT_REJECTED) == (result.reason != OL_REASON_NONE));
  if (result.verdict == OL_VERDICT_REJECTED) fuzz_refused(&error, (ol_status)error.status, SIZE_MAX);
  FUZZ_REQUIRE(ol_attribution_explain(&error, &text, &result, input.response, told, sizeof told) == OL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  read_receipt(data, len);
  read_json(data, len);
  read_split(data, len);
  read_share(data, len);
  read_equivocation(data, len);
  read_policy(data, len);
  read_stream(data, len);
  if (len > 0 && data[0] == 'V') judge(data + 1, len - 1);
  return 0;
}
