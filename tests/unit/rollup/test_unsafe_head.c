/* SPDX-License-Identifier: MIT */
#include "openledger/envelope.h"

#include "envelopes.h"
#include "unit/bytes.h"

static ol_error error;
static _Alignas(16) uint8_t memory[16384];
static ol_unsafe_head *head;

/* Messages of one height and more, verified. */
typedef struct told {
  uint8_t bytes[2048];
  ol_envelope envelope;
} told;

static void tell_by(told *out, uint64_t number, uint8_t flavour, const ol_hash *parent, uint8_t signer) {
  static const ol_slice deposit = {(const uint8_t *)"\x7e deposit", 9};
  ol_header header = envelope_header(4, false);
  header.number = number;
  header.gas_used += flavour;
  if (parent != NULL) header.parent_hash = *parent;
  size_t len = envelope_write(out->bytes, 4, &header, &deposit, 1);
  envelope_sign(out->bytes, len, ENVELOPE_CHAIN_ID, signer);
  ol_envelope_rules rules = {.chain_id = ENVELOPE_CHAIN_ID, .any_time = 1};
  envelope_signer(&rules.signer, signer);
  assert_int_equal(ol_envelope_verify(&error, &out->envelope, &rules, ol_slice_of(out->bytes, len), 4),
                   OL_OK);
}

static void tell(told *out, uint64_t number, uint8_t flavour, const ol_hash *parent) {
  tell_by(out, number, flavour, parent, 1);
}

static uint32_t take(const told *from) {
  uint32_t event = 0;
  assert_int_equal(ol_unsafe_head_take(&error, head, &event, &from->envelope), OL_OK);
  return event;
}

static uint64_t newest(void) {
  ol_unsafe_block block;
  assert_int_equal(ol_unsafe_head_newest(head, &block), 1);
  return block.number;
}

static int make_head(void **state) {
  (void)state;
  ol_address signer;
  envelope_signer(&signer, 1);
  return ol_unsafe_head_init(&error, &head, ENVELOPE_CHAIN_ID, &signer, memory, sizeof memory);
}

static void wants_memory_and_a_chain(void **state) {
  (void)state;
  ol_address signer;
  envelope_signer(&signer, 1);
  size_t size = ol_unsafe_head_size();
  assert_true(size <= sizeof memory - 16);
  assert_int_equal(ol_unsafe_head_init(&error, &head, 1612, &signer, memory, size), OL_OK);
  assert_int_equal(ol_unsafe_head_init(&error, &head, 1612, &signer, memory, size - 1), OL_ERR_MEMORY);
  assert_int_equal(ol_unsafe_head_init(&error, &head, 1612, &signer, memory + 8, size), OL_ERR_ARGUMENT);
  assert_int_equal(ol_unsafe_head_init(&error, &head, 0, &signer, memory, size), OL_ERR_ARGUMENT);
}

static void follows_the_blocks(void **state) {
  (void)state;
  static told a, b, c;
  ol_unsafe_block block;
  assert_int_equal(ol_unsafe_head_newest(head, &block), 0);
  assert_int_equal(ol_unsafe_head_find(head, &block, 0), 0);
  tell(&a, 100, 0, NULL);
  tell(&b, 101, 0, &a.envelope.hash);
  tell(&c, 102, 0, &b.envelope.hash);
  assert_int_equal(take(&a), OL_UNSAFE_NEW);
  assert_int_equal(newest(), 100);
  assert_int_equal(take(&c), OL_UNSAFE_NEW);
  assert_int_equal(newest(), 102);
  assert_int_equal(ol_unsafe_head_find(head, &block, 101), 0);
  assert_int_equal(take(&b), OL_UNSAFE_NEW); /* late, and the head does not go back */
  assert_int_equal(newest(), 102);
  assert_int_equal(take(&b), OL_UNSAFE_SAME);
  assert_int_equal(ol_unsafe_head_find(head, &block, 101), 1);
  assert_int_equal(block.number, 101);
  assert_int_equal(block.timestamp, b.envelope.header.timestamp);
  assert_memory_equal(&block.hash, &b.envelope.hash, sizeof block.hash);
  assert_memory_equal(&block.parent_hash, &a.envelope.hash, sizeof block.hash);
  assert_memory_equal(&block.payload_hash, &b.envelope.payload_hash, sizeof block.hash);
  assert_memory_equal(block.signature, b.bytes, sizeof block.signature);
}

static void tells_a_conflict(void **state) {
  (void)state;
  static told a, other;
  ol_unsafe_block block;
  tell(&a, 7, 0, NULL);
  tell(&other, 7, 1, NULL);
  assert_int_equal(take(&a), OL_UNSAFE_NEW);
  assert_int_equal(take(&other), OL_UNSAFE_CONFLICT);
  assert_int_equal(take(&a), OL_UNSAFE_SAME);
  assert_int_equal(ol_unsafe_head_find(head, &block, 7), 1);
  assert_memory_equal(&block.hash, &a.envelope.hash, sizeof block.hash); /* the first stays */
}

static void tells_a_branch(void **state) {
  (void)state;
  static told a, child, stranger, before;
  static const ol_hash nobody = {{1}};
  tell(&a, 50, 0, NULL);
  tell(&child, 51, 0, &a.envelope.hash);
  tell(&stranger, 52, 0, &nobody);
  tell(&before, 49, 0, NULL);
  assert_int_equal(take(&a), OL_UNSAFE_NEW);
  assert_int_equal(take(&child), OL_UNSAFE_NEW);
  assert_int_equal(take(&stranger), OL_UNSAFE_BRANCH);
  assert_int_equal(newest(), 52);
  assert_int_equal(take(&before), OL_UNSAFE_BRANCH); /* block 50 has another parent */
}

static void keeps_so_many_heights(void **state) {
  (void)state;
  static told of;
  ol_unsafe_block block;
  for (uint64_t number = 1000; number < 1000 + OL_UNSAFE_HEIGHTS; number++) {
    tell(&of, number, 0, number > 1000 ? &of.envelope.hash : NULL);
    assert_int_equal(take(&of), OL_UNSAFE_NEW);
  }
  for (uint64_t number = 1000; number < 1000 + OL_UNSAFE_HEIGHTS; number++)
    assert_int_equal(ol_unsafe_head_find(head, &block, number), 1);
  tell(&of, 999, 0, NULL);
  assert_int_equal(take(&of), OL_UNSAFE_OLD);
  tell(&of, 1000 + OL_UNSAFE_HEIGHTS, 0, &of.envelope.hash);
  assert_int_equal(take(&of), OL_UNSAFE_BRANCH);
  assert_int_equal(ol_unsafe_head_find(head, &block, 1000), 0);
  tell(&of, 1000, 1, NULL);
  assert_int_equal(take(&of), OL_UNSAFE_OLD);
  tell(&of, 5000, 0, NULL);
  assert_int_equal(take(&of), OL_UNSAFE_NEW);
  assert_int_equal(ol_unsafe_head_find(head, &block, 1063), 0); /* still in its place, but no longer kept */
  tell(&of, 1063, 1, NULL);
  assert_int_equal(take(&of), OL_UNSAFE_OLD);
  assert_int_equal(newest(), 5000);
}

static void knows_the_ends_of_the_numbers(void **state) {
  (void)state;
  static told of;
  ol_unsafe_block block;
  tell(&of, 0, 0, NULL);
  assert_int_equal(take(&of), OL_UNSAFE_NEW);
  assert_int_equal(newest(), 0);
  tell(&of, UINT64_MAX, 0, NULL);
  assert_int_equal(take(&of), OL_UNSAFE_NEW);
  assert_int_equal(newest(), UINT64_MAX);
  assert_int_equal(ol_unsafe_head_find(head, &block, 0), 0);
  tell(&of, 0, 0, NULL);
  assert_int_equal(take(&of), OL_UNSAFE_OLD);
}

static void takes_only_what_was_verified_for_it(void **state) {
  (void)state;
  static told of;
  uint32_t event = 77;
  ol_envelope unverified;
  tell_by(&of, 1, 0, NULL, 2);
  assert_int_equal(ol_unsafe_head_take(&error, head, &event, &of.envelope), OL_ERR_ARGUMENT);
  tell(&of, 1, 0, NULL);
  assert_int_equal(ol_envelope_decode(&error, &unverified, of.envelope.message, 4), OL_OK);
  assert_int_equal(ol_unsafe_head_take(&error, head, &event, &unverified), OL_ERR_ARGUMENT);
  of.envelope.chain_id++;
  assert_int_equal(ol_unsafe_head_take(&error, head, &event, &of.envelope), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "message was not verified, or for another chain or signer");
  assert_int_equal(event, 77);
}

/* --- Evidence of equivocation --- */

static told first, second;
static uint8_t evidence[8192];
static size_t evidence_len;
static ol_envelope_rules rules;

static int make_pair(void **state) {
  (void)state;
  tell(&first, 9, 0, NULL);
  tell(&second, 9, 1, NULL);
  if (memcmp(first.envelope.hash.bytes, second.envelope.hash.bytes, 32) > 0) {
    tell(&first, 9, 1, NULL);
    tell(&second, 9, 0, NULL);
  }
  rules = (ol_envelope_rules){.chain_id = ENVELOPE_CHAIN_ID, .now_s = 0};
  envelope_signer(&rules.signer, 1);
  return ol_equivocation_make(&error, evidence, sizeof evidence, &evidence_len, &first.envelope,
                              &second.envelope);
}

static ol_status verify(void) {
  ol_envelope found[2];
  return ol_equivocation_verify(&error, found, &rules, ol_slice_of(evidence, evidence_len));
}

static void assert_no_evidence(ol_status status, size_t offset, const char *reason) {
  assert_int_equal(verify(), status);
  assert_string_equal(error.part, "evidence");
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.offset, offset);
}

static void shows_both_messages(void **state) {
  (void)state;
  ol_envelope found[2];
  uint8_t again[8192];
  size_t len;
  assert_int_equal(evidence_len, 8 + 5 + first.envelope.message.len + 5 + second.envelope.message.len);
  assert_int_equal(ol_equivocation_verify(&error, found, &rules, ol_slice_of(evidence, evidence_len)), OL_OK);
  assert_memory_equal(&found[0].hash, &first.envelope.hash, sizeof(ol_hash));
  assert_memory_equal(&found[1].hash, &second.envelope.hash, sizeof(ol_hash));
  assert_memory_equal(&found[0].signer, &rules.signer, sizeof(ol_address));
  assert_memory_equal(found[0].message.data, first.bytes, found[0].message.len);
  assert_memory_equal(found[1].message.data, second.bytes, found[1].message.len);
  /* The order in which they are given does not matter. */
  assert_int_equal(ol_equivocation_make(&error, again, sizeof again, &len, &second.envelope, &first.envelope),
                   OL_OK);
  assert_int_equal(len, evidence_len);
  assert_memory_equal(again, evidence, len);
  assert_int_equal(ol_equivocation_make(&error, NULL, 0, &len, &second.envelope, &first.envelope),
                   OL_ERR_MEMORY);
  assert_int_equal(len, evidence_len);
  assert_int_equal(ol_equivocation_make(&error, again, len - 1, &len, &second.envelope, &first.envelope),
                   OL_ERR_MEMORY);
}

static ol_status make_of(const ol_envelope *a, const ol_envelope *b) {
  size_t len;
  return ol_equivocation_make(&error, evidence, sizeof evidence, &len, a, b);
}

static void makes_no_evidence_of_honest_blocks(void **state) {
  (void)state;
  static told other;
  ol_envelope unverified;
  assert_int_equal(make_of(&first.envelope, &first.envelope), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "the blocks are the same, or out of order");
  tell(&other, 10, 0, &first.envelope.hash);
  assert_int_equal(make_of(&first.envelope, &other.envelope), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "the blocks are of different heights");
  tell_by(&other, 9, 1, NULL, 2);
  assert_int_equal(make_of(&first.envelope, &other.envelope), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "the messages are of different signers or chains");
  tell(&other, 9, 2, NULL);
  other.envelope.chain_id++;
  assert_int_equal(make_of(&first.envelope, &other.envelope), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "the messages are of different signers or chains");
  assert_int_equal(ol_envelope_decode(&error, &unverified, second.envelope.message, 4), OL_OK);
  assert_int_equal(make_of(&first.envelope, &unverified), OL_ERR_ARGUMENT);
  assert_int_equal(make_of(&unverified, &first.envelope), OL_ERR_ARGUMENT);
  assert_int_equal(make_of(&unverified, &unverified), OL_ERR_ARGUMENT);
}

/* Writes evidence as it would be of any two messages. */
static void write_evidence(const told *a, const told *b) {
  memcpy(evidence, "OLEQUIV1", 8);
  evidence_len = 8;
  for (size_t i = 0; i < 2; i++) {
    ol_slice message = (i == 0 ? a : b)->envelope.message;
    const uint8_t part[5] = {4, 0, 0, (uint8_t)(message.len >> 8), (uint8_t)message.len};
    memcpy(evidence + evidence_len, part, 5);
    memcpy(evidence + evidence_len + 5, message.data, message.len);
    evidence_len += 5 + message.len;
  }
}

static void refuses_evidence_of_honest_blocks(void **state) {
  (void)state;
  static told other;
  write_evidence(&first, &second);
  assert_int_equal(verify(), OL_OK);
  write_evidence(&second, &first);
  assert_no_evidence(OL_ERR_MISMATCH, OL_NOWHERE, "the blocks are the same, or out of order");
  write_evidence(&first, &first);
  assert_no_evidence(OL_ERR_MISMATCH, OL_NOWHERE, "the blocks are the same, or out of order");
  tell(&other, 10, 0, NULL);
  write_evidence(&first, &other);
  assert_no_evidence(OL_ERR_MISMATCH, OL_NOWHERE, "the blocks are of different heights");
  tell_by(&other, 9, 3, NULL, 2);
  write_evidence(&first, &other);
  assert_no_evidence(OL_ERR_MISMATCH, OL_NOWHERE, "signed by another key, or for another chain");
  assert_int_equal(error.item, 1);
  write_evidence(&other, &first);
  assert_no_evidence(OL_ERR_MISMATCH, OL_NOWHERE, "signed by another key, or for another chain");
  assert_int_equal(error.item, 0);
}

static void refuses_evidence_that_is_damaged(void **state) {
  (void)state;
  size_t whole = evidence_len, half = 8 + 5 + first.envelope.message.len;
  for (evidence_len = 0; evidence_len < 8; evidence_len++)
    assert_no_evidence(OL_ERR_ENCODING, 0, "this is no evidence of equivocation");
  for (; evidence_len < 13; evidence_len++)
    assert_no_evidence(OL_ERR_ENCODING, evidence_len, "evidence is cut short");
  for (; evidence_len < half; evidence_len++)
    assert_no_evidence(OL_ERR_ENCODING, 8, "message is longer than the evidence");
  for (; evidence_len < half + 5; evidence_len++)
    assert_no_evidence(OL_ERR_ENCODING, evidence_len, "evidence is cut short");
  for (; evidence_len < whole; evidence_len++)
    assert_no_evidence(OL_ERR_ENCODING, half, "message is longer than the evidence");
  evidence[evidence_len++] = 0;
  assert_no_evidence(OL_ERR_ENCODING, whole, "bytes follow where the evidence ends");
  evidence_len = whole;
  evidence[8] = 0;
  assert_no_evidence(OL_ERR_ENCODING, 8, "version of the message is not 1 to 4");
  evidence[8] = 5;
  assert_no_evidence(OL_ERR_ENCODING, 8, "version of the message is not 1 to 4");
  evidence[8] = 4;
  for (size_t at = 0; at < whole; at += 7) {
    evidence[at] ^= 1;
    assert_int_not_equal(verify(), OL_OK);
    evidence[at] ^= 1;
  }
  assert_int_equal(verify(), OL_OK);
  rules.chain_id++;
  assert_no_evidence(OL_ERR_MISMATCH, OL_NOWHERE, "signed by another key, or for another chain");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(wants_memory_and_a_chain),
      cmocka_unit_test_setup(follows_the_blocks, make_head),
      cmocka_unit_test_setup(tells_a_conflict, make_head),
      cmocka_unit_test_setup(tells_a_branch, make_head),
      cmocka_unit_test_setup(keeps_so_many_heights, make_head),
      cmocka_unit_test_setup(knows_the_ends_of_the_numbers, make_head),
      cmocka_unit_test_setup(takes_only_what_was_verified_for_it, make_head),
      cmocka_unit_test_setup(shows_both_messages, make_pair),
      cmocka_unit_test_setup(makes_no_evidence_of_honest_blocks, make_pair),
      cmocka_unit_test_setup(refuses_evidence_of_honest_blocks, make_pair),
      cmocka_unit_test_setup(refuses_evidence_that_is_damaged, make_pair),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
