/* SPDX-License-Identifier: MIT */
#include "base/writer.h"
#include "openledger/envelope.h"

#include "base/poison.h"

static const uint8_t magic[8] = {'O', 'L', 'E', 'Q', 'U', 'I', 'V', '1'};

#define PART_HEAD 5u /* version and length in front of a message */

/* Whether two verified messages are evidence, in this order: by which no block conflicts with itself. */
static ol_status check_pair(ol_error *error, const ol_envelope *first, const ol_envelope *second) {
  if (first->header.number != second->header.number)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "the blocks are of different heights");
  if (memcmp(first->hash.bytes, second->hash.bytes, sizeof first->hash.bytes) >= 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "the blocks are the same, or out of order");
  return OL_OK;
}

static void put_message(ol_writer *to, const ol_envelope *envelope) {
  ol_write_be(to, envelope->version, 1);
  ol_write_be(to, envelope->message.len, 4);
  ol_write_slice(to, envelope->message);
}

ol_status ol_equivocation_make(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                               const ol_envelope *a, const ol_envelope *b) {
  ol_error_clear(error);
  bool swap = memcmp(a->hash.bytes, b->hash.bytes, sizeof a->hash.bytes) > 0;
  const ol_envelope *first = swap ? b : a, *second = swap ? a : b;
  if (a->chain_id == 0 || b->chain_id == 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "message was not verified");
  if (a->chain_id != b->chain_id || memcmp(a->signer.bytes, b->signer.bytes, sizeof a->signer.bytes) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "the messages are of different signers or chains");
  OL_TRY(check_pair(error, first, second));
  size_t whole = sizeof magic + PART_HEAD + first->message.len + PART_HEAD + second->message.len;
  *out_len = whole;
  if (len < whole) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no room for the evidence");
  ol_writer to = {.out = out, .len = len};
  ol_write_bytes(&to, magic, sizeof magic);
  put_message(&to, first);
  put_message(&to, second);
  return OL_OK;
}

/* Reads the next message of evidence, and verifies it. */
static ol_status read_message(ol_error *error, ol_envelope *out, const ol_envelope_rules *rules,
                              ol_slice evidence, size_t *at) {
  size_t left = evidence.len - *at, len = 0;
  if (left < PART_HEAD) return ol_fail(error, OL_ERR_ENCODING, evidence.len, "evidence is cut short");
  const uint8_t *head = evidence.data + *at;
  for (size_t i = 1; i < PART_HEAD; i++) len = len << 8 | head[i];
  if (len > left - PART_HEAD)
    return ol_fail(error, OL_ERR_ENCODING, *at, "message is longer than the evidence");
  if (head[0] < 1 || head[0] > OL_ENVELOPE_VERSIONS)
    return ol_fail(error, OL_ERR_ENCODING, *at, "version of the message is not 1 to 4");
  *at += PART_HEAD + len;
  return ol_envelope_verify(error, out, rules, ol_slice_of(head + PART_HEAD, len), head[0]);
}

ol_status ol_equivocation_verify(ol_error *error, ol_envelope out[2], const ol_envelope_rules *rules,
                                 ol_slice evidence) {
  ol_error_clear(error);
  size_t at = sizeof magic;
  ol_envelope found[2];
  ol_envelope_rules timeless = *rules;
  timeless.any_time = 1;
  if (evidence.len < sizeof magic || memcmp(evidence.data, magic, sizeof magic) != 0)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, 0, "this is no evidence of equivocation"),
                       "evidence", OL_NOWHERE);
  for (uint32_t i = 0; i < 2; i++)
    OL_TRY(ol_error_within(error, read_message(error, &found[i], &timeless, evidence, &at), "evidence", i));
  if (at != evidence.len)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, at, "bytes follow where the evidence ends"),
                       "evidence", OL_NOWHERE);
  OL_TRY(ol_error_in(error, check_pair(error, &found[0], &found[1]), "evidence", OL_NOWHERE));
  memcpy(out, found, sizeof found);
  return OL_OK;
}
