/* SPDX-License-Identifier: MIT */
#include "openledger/envelope.h"

#include "envelopes.h"
#include "unit/bytes.h"

static ol_error error;

/* A message that a test may change, and what it was made of. */
static struct {
  uint8_t bytes[8192];
  size_t len;
  uint32_t version;
  ol_header header;
} made;

static const ol_slice transactions[] = {
    {(const uint8_t *)"\x7e\xf8 the deposit that every block begins with", 44},
    {(const uint8_t *)"\x02", 1},
    {(const uint8_t *)"\x02\xf8 a transaction", 16},
};
#define TRANSACTIONS (sizeof transactions / sizeof transactions[0])

static void make_from(uint32_t version, const ol_header *header, size_t count) {
  made.header = *header;
  made.version = version;
  made.len = envelope_write(made.bytes, version, &made.header, transactions, count);
}

static void make(uint32_t version) {
  ol_header header = envelope_header(version, false);
  make_from(version, &header, TRANSACTIONS);
}

static void make_jovian(void) {
  ol_header header = envelope_header(4, true);
  make_from(4, &header, TRANSACTIONS);
}

static uint8_t *payload(void) {
  return made.bytes + envelope_payload_at(made.version);
}

static uint32_t offset_at(size_t at) {
  const uint8_t *bytes = payload() + at;
  return (uint32_t)(bytes[0] | bytes[1] << 8 | bytes[2] << 16) | (uint32_t)bytes[3] << 24;
}

static ol_slice message(void) {
  return ol_slice_of(made.bytes, made.len);
}

static ol_envelope_rules rules_of_tests(void) {
  ol_envelope_rules rules = {.chain_id = ENVELOPE_CHAIN_ID, .now_s = 1763600001};
  envelope_signer(&rules.signer, 1);
  return rules;
}

static ol_status verify(ol_envelope *out) {
  ol_envelope_rules rules = rules_of_tests();
  return ol_envelope_verify(&error, out, &rules, message(), made.version);
}

static void assert_refused(ol_status status, const char *part, const char *field, const char *reason) {
  ol_envelope envelope;
  memset(&envelope, 0xee, sizeof envelope);
  assert_int_equal(verify(&envelope), status);
  assert_int_equal(error.status, status);
  assert_string_equal(error.part, part);
  assert_string_equal(error.field, field);
  assert_string_equal(error.reason, reason);
  for (size_t i = 0; i < sizeof envelope; i++) assert_int_equal(((uint8_t *)&envelope)[i], 0xee);
}

/* The same of a message that was changed, and is signed again. */
static void assert_refused_signed(ol_status status, const char *field, size_t offset, const char *reason) {
  envelope_sign(made.bytes, made.len, ENVELOPE_CHAIN_ID, 1);
  assert_refused(status, "payload", field, reason);
  assert_int_equal(error.offset, offset);
}

static void assert_verified(ol_fork fork) {
  ol_envelope envelope;
  ol_address signer;
  ol_hash hash, payload_hash;
  envelope_signer(&signer, 1);
  assert_int_equal(verify(&envelope), OL_OK);
  assert_memory_equal(&envelope.header, &made.header, sizeof made.header);
  ol_header_hash(&hash, &made.header);
  assert_memory_equal(&envelope.hash, &hash, sizeof hash);
  ol_keccak256(&payload_hash, made.bytes + 65, made.len - 65);
  assert_memory_equal(&envelope.payload_hash, &payload_hash, sizeof payload_hash);
  assert_memory_equal(&envelope.signer, &signer, sizeof signer);
  assert_int_equal(envelope.chain_id, ENVELOPE_CHAIN_ID);
  assert_int_equal(envelope.version, made.version);
  assert_int_equal(ol_header_op_fork(&envelope.header), fork);
  assert_ptr_equal(envelope.message.data, made.bytes);
  assert_int_equal(envelope.message.len, made.len);
}

static void verifies_every_version(void **state) {
  (void)state;
  static const ol_fork forks[] = {0, OL_FORK_BEDROCK, OL_FORK_CANYON, OL_FORK_ECOTONE, OL_FORK_ISTHMUS};
  for (uint32_t version = 1; version <= OL_ENVELOPE_VERSIONS; version++) {
    make(version);
    assert_verified(forks[version]);
  }
  make_jovian();
  assert_verified(OL_FORK_JOVIAN);
  ol_header holocene = envelope_header(3, false), isthmus = envelope_header(4, false);
  memcpy(holocene.extra_data, isthmus.extra_data, sizeof holocene.extra_data);
  holocene.extra_data_len = isthmus.extra_data_len;
  make_from(3, &holocene, TRANSACTIONS);
  assert_verified(OL_FORK_HOLOCENE);
}

static void lists_the_transactions(void **state) {
  (void)state;
  ol_envelope envelope;
  ol_slice one;
  make(4);
  assert_int_equal(verify(&envelope), OL_OK);
  assert_int_equal(envelope.transaction_count, TRANSACTIONS);
  for (uint32_t i = 0; i < TRANSACTIONS; i++) {
    assert_int_equal(ol_envelope_transaction(&envelope, &one, i), 1);
    assert_int_equal(one.len, transactions[i].len);
    assert_memory_equal(one.data, transactions[i].data, one.len);
  }
  assert_int_equal(ol_envelope_transaction(&envelope, &one, TRANSACTIONS), 0);
  assert_int_equal(ol_envelope_transaction(&envelope, &one, UINT32_MAX), 0);
  ol_header header = envelope_header(1, false);
  make_from(1, &header, 0);
  assert_int_equal(verify(&envelope), OL_OK);
  assert_int_equal(envelope.transaction_count, 0);
  assert_memory_equal(&envelope.header.transactions_root, &ol_trie_empty_root, sizeof(ol_hash));
}

static void decodes_without_verifying(void **state) {
  (void)state;
  ol_envelope envelope;
  ol_address signer, expected;
  static const ol_hash zero;
  make(3);
  envelope_signer(&expected, 1);
  assert_int_equal(ol_envelope_decode(&error, &envelope, message(), 3), OL_OK);
  assert_int_equal(envelope.chain_id, 0);
  assert_memory_equal(&envelope.header.transactions_root, &zero, sizeof zero);
  assert_memory_equal(&envelope.header.state_root, &made.header.state_root, sizeof(ol_hash));
  assert_int_equal(ol_envelope_signer(&error, &signer, &envelope, ENVELOPE_CHAIN_ID), OL_OK);
  assert_memory_equal(&signer, &expected, sizeof signer);
  assert_int_equal(ol_envelope_signer(&error, &signer, &envelope, ENVELOPE_CHAIN_ID + 1), OL_OK);
  assert_memory_not_equal(&signer, &expected, sizeof signer);
  memset(&envelope, 0, sizeof envelope);
  assert_int_equal(ol_envelope_signer(&error, &signer, &envelope, ENVELOPE_CHAIN_ID), OL_ERR_ARGUMENT);
}

static void wants_a_version_and_a_chain(void **state) {
  (void)state;
  make(4);
  static const uint32_t wrong[] = {0, 5, UINT32_MAX};
  for (size_t i = 0; i < 3; i++) {
    made.version = wrong[i];
    assert_refused(OL_ERR_ARGUMENT, "", "", "version of the message is not 1 to 4");
  }
  made.version = 4;
  ol_envelope envelope;
  ol_envelope_rules rules = rules_of_tests();
  rules.chain_id = 0;
  envelope_sign(made.bytes, made.len, 0, 1);
  assert_int_equal(ol_envelope_verify(&error, &envelope, &rules, message(), 4), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "chain id is missing");
}

/* Under another version than its own the offsets do not fit; nor does what is signed come to the block's hash. */
static void refuses_another_version(void **state) {
  (void)state;
  for (uint32_t own = 1; own <= OL_ENVELOPE_VERSIONS; own++) {
    for (uint32_t other = 1; other <= OL_ENVELOPE_VERSIONS; other++) {
      ol_envelope envelope;
      make(own);
      made.version = other;
      if (own != other) assert_int_equal(verify(&envelope), OL_ERR_ENCODING);
    }
  }
}

static void refuses_what_is_cut_short_or_too_long(void **state) {
  (void)state;
  for (uint32_t version = 1; version <= OL_ENVELOPE_VERSIONS; version++) {
    make(version);
    size_t whole = made.len, before = envelope_payload_at(version);
    ol_envelope envelope;
    for (made.len = 0; made.len < before; made.len++)
      assert_refused(OL_ERR_ENCODING, "message", "", "message ends before its payload");
    for (; made.len < before + envelope_fixed[version]; made.len++)
      assert_refused(OL_ERR_ENCODING, "payload", "", "SSZ container has the wrong length");
    for (; made.len < whole; made.len++) assert_int_not_equal(verify(&envelope), OL_OK);
    made.len = whole;
  }
  made.bytes[made.len++] = 0;
  envelope_sign(made.bytes, made.len, ENVELOPE_CHAIN_ID, 1);
  assert_refused(OL_ERR_ENCODING, "payload", "withdrawals", "there are withdrawals");
  static uint8_t large[OL_ENVELOPE_MAX + 1];
  ol_envelope envelope;
  assert_int_equal(ol_envelope_decode(&error, &envelope, ol_slice_of(large, sizeof large), 4), OL_ERR_LIMIT);
}

static void refuses_wrong_offsets(void **state) {
  (void)state;
  make(4);
  payload()[AT_EXTRA]++;
  assert_refused_signed(OL_ERR_ENCODING, "", AT_EXTRA, "SSZ offset leaves a gap or goes back");
  make(4);
  payload()[AT_TRANSACTIONS + 2] = 1;
  assert_refused_signed(OL_ERR_ENCODING, "", AT_TRANSACTIONS, "SSZ offset is beyond the end");
  make(4);
  envelope_store_le(payload() + AT_TRANSACTIONS, 559, 4);
  assert_refused_signed(OL_ERR_ENCODING, "", AT_TRANSACTIONS, "SSZ offset leaves a gap or goes back");
  make(4);
  envelope_store_le(payload() + AT_WITHDRAWALS, offset_at(AT_WITHDRAWALS) + 1, 4);
  assert_refused_signed(OL_ERR_ENCODING, "", AT_WITHDRAWALS, "SSZ offset is beyond the end");
}

static void refuses_wrong_offsets_of_transactions(void **state) {
  (void)state;
  static const char gap[] = "SSZ offset leaves a gap or is beyond the end";
  static const char back[] = "SSZ offset goes back or is beyond the end";
  make(2);
  uint32_t list = offset_at(AT_TRANSACTIONS), len = offset_at(AT_WITHDRAWALS) - list;
  static const uint32_t wrong[] = {0, 13, 1 << 16};
  for (size_t i = 0; i < 3; i++) {
    make(2);
    envelope_store_le(payload() + list, wrong[i], 4);
    assert_refused_signed(OL_ERR_ENCODING, "transactions", list, gap);
  }
  make(2);
  envelope_store_le(payload() + list + 4, 11, 4);
  assert_refused_signed(OL_ERR_ENCODING, "transactions", list, back);
  make(2);
  envelope_store_le(payload() + list + 8, len + 1, 4);
  assert_refused_signed(OL_ERR_ENCODING, "transactions", list + 4, back);
  make(2);
  envelope_store_le(payload() + list + 8, len, 4);
  assert_refused_signed(OL_ERR_ENCODING, "transactions", list + len, "transaction is empty");
  make(2);
  envelope_store_le(payload() + list + 4, 12, 4);
  assert_refused_signed(OL_ERR_ENCODING, "transactions", list + 12, "transaction is empty");
  for (size_t cut = 1; cut < 4; cut++) { /* a list shorter than one offset */
    ol_header header = envelope_header(1, false);
    make_from(1, &header, 0);
    memset(made.bytes + made.len, 0, cut);
    made.len += cut;
    assert_refused_signed(OL_ERR_ENCODING, "transactions", 508, gap);
  }
}

static void bounds_the_number_of_transactions(void **state) {
  (void)state;
  enum { MOST = 1 << 20, BEFORE = 65 + 508 };
  static uint8_t large[BEFORE + (MOST + 1) * 5];
  ol_envelope envelope;
  make(1);
  memcpy(large, made.bytes, BEFORE);
  for (size_t count = MOST; count <= MOST + 1; count++) {
    memset(large + BEFORE + 4 * count, 1, count);
    for (size_t i = 0; i < count; i++) envelope_store_le(large + BEFORE + 4 * i, 4 * count + i, 4);
    ol_status status = ol_envelope_decode(&error, &envelope, ol_slice_of(large, BEFORE + 5 * count), 1);
    assert_int_equal(status, count == MOST ? OL_OK : OL_ERR_ENCODING);
  }
  assert_string_equal(error.reason, "SSZ list is longer than its limit");
  assert_string_equal(error.field, "transactions");
}

static void refuses_withdrawals(void **state) {
  (void)state;
  for (uint32_t version = 2; version <= OL_ENVELOPE_VERSIONS; version++) {
    make(version);
    memset(made.bytes + made.len, 1, 44);
    size_t at = made.len - envelope_payload_at(version);
    made.len += 44;
    assert_refused_signed(OL_ERR_ENCODING, "withdrawals", at, "there are withdrawals");
  }
}

static void refuses_long_extra_data(void **state) {
  (void)state;
  make(1);
  size_t end = made.len - 65;
  memmove(payload() + 508 + 33, payload() + 508, end - 508);
  memset(payload() + 508, 'x', 33);
  envelope_store_le(payload() + AT_TRANSACTIONS, 508 + 33, 4);
  made.len += 33;
  assert_refused_signed(OL_ERR_ENCODING, "", 508, "SSZ list is longer than its limit");
  ol_header header = envelope_header(1, false);
  memset(header.extra_data, 'x', 32);
  header.extra_data_len = 32;
  make_from(1, &header, TRANSACTIONS);
  assert_verified(OL_FORK_BEDROCK);
}

static ol_status verify_at(uint64_t now_s, uint32_t any_time) {
  ol_envelope envelope;
  ol_envelope_rules rules = rules_of_tests();
  rules.now_s = now_s;
  rules.any_time = any_time;
  return ol_envelope_verify(&error, &envelope, &rules, message(), made.version);
}

static void compares_the_time_with_now(void **state) {
  (void)state;
  make(4);
  uint64_t time = made.header.timestamp;
  assert_int_equal(verify_at(time, 0), OL_OK);
  assert_int_equal(verify_at(time + 60, 0), OL_OK);
  assert_int_equal(verify_at(time - 5, 0), OL_OK);
  assert_int_equal(verify_at(time + 61, 0), OL_ERR_STALE);
  assert_string_equal(error.reason, "block is more than 60 s old");
  assert_string_equal(error.part, "payload");
  assert_string_equal(error.field, "timestamp");
  assert_int_equal(verify_at(time - 6, 0), OL_ERR_STALE);
  assert_string_equal(error.reason, "block is more than 5 s ahead of now");
  assert_int_equal(verify_at(0, 0), OL_ERR_STALE);
  assert_int_equal(verify_at(UINT64_MAX, 0), OL_ERR_STALE);
  assert_int_equal(verify_at(0, 1), OL_OK);
  assert_int_equal(verify_at(UINT64_MAX, 1), OL_OK);
}

static void refuses_other_signers_and_chains(void **state) {
  (void)state;
  static const char other[] = "signed by another key, or for another chain";
  make(4);
  envelope_sign(made.bytes, made.len, ENVELOPE_CHAIN_ID, 2);
  assert_refused(OL_ERR_MISMATCH, "signature", "", other);
  envelope_sign(made.bytes, made.len, ENVELOPE_CHAIN_ID + 1, 1);
  assert_refused(OL_ERR_MISMATCH, "signature", "", other);
  envelope_sign(made.bytes, made.len, ENVELOPE_CHAIN_ID, 1);
  assert_verified(OL_FORK_ISTHMUS);
}

/* Every byte behind the signature is signed; in front of the payload, the parent beacon block root too. */
static void refuses_what_was_changed_after_signing(void **state) {
  (void)state;
  ol_envelope envelope;
  make(4);
  for (size_t at = 0; at < made.len; at++) {
    made.bytes[at] ^= 4;
    assert_int_not_equal(verify(&envelope), OL_OK);
    made.bytes[at] ^= 4;
  }
  made.bytes[65] ^= 1;
  assert_refused(OL_ERR_MISMATCH, "signature", "", "signed by another key, or for another chain");
}

static void refuses_signatures_that_nobody_makes(void **state) {
  (void)state;
  make(4);
  memset(made.bytes, 0, 64);
  assert_refused(OL_ERR_CRYPTO, "signature", "", "no key can have made this signature");
  memset(made.bytes, 0xff, 64);
  assert_refused(OL_ERR_CRYPTO, "signature", "", "r or s is not below the order of the curve");
}

/* The parity is 0 or 1. Ethereum's older 27 and 28 are two more names of the same signature. */
static void refuses_another_form_of_parity(void **state) {
  (void)state;
  static const uint8_t wrong[] = {2, 3, 27, 28, 255};
  make(4);
  for (size_t i = 0; i < sizeof wrong; i++) {
    make(4);
    made.bytes[64] = wrong[i] == 27 || wrong[i] == 28 ? (uint8_t)(27 + made.bytes[64]) : wrong[i];
    assert_refused(OL_ERR_CRYPTO, "signature", "", "the parity of a signature is 0 or 1");
  }
}

/* The same signature, turned: r, n - s, the other parity. Anyone can do it, so it would be a second message. */
static void refuses_a_high_s(void **state) {
  (void)state;
  uint8_t order[32];
  from_hex(order, 32, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  make(4);
  int borrow = 0;
  for (int i = 31; i >= 0; i--) {
    int digit = order[i] - made.bytes[32 + i] - borrow;
    borrow = digit < 0;
    made.bytes[32 + i] = (uint8_t)(digit + (borrow ? 256 : 0));
  }
  made.bytes[64] ^= 1;
  assert_refused(OL_ERR_CRYPTO, "signature", "", "s is above half the order of the curve");
}

/* Every field of the payload is in the block's hash, so a sequencer cannot sign two payloads with one hash. */
static void binds_every_field_to_the_block_hash(void **state) {
  (void)state;
  static const size_t places[] = {
      AT_PARENT_HASH, AT_COINBASE, AT_STATE_ROOT, AT_RECEIPTS_ROOT,   AT_BLOOM,
      AT_RANDAO,      AT_NUMBER,   AT_GAS_LIMIT,  AT_GAS_USED,        AT_TIME,
      AT_BASE_FEE,    AT_HASH,     AT_BLOB_GAS,   AT_EXCESS_BLOB_GAS, AT_WITHDRAWALS_ROOT};
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    make_jovian();
    payload()[places[i]] ^= 1;
    assert_refused_signed(OL_ERR_MISMATCH, "blockHash", OL_NOWHERE, "the block's header does not hash to it");
  }
  make_jovian();
  payload()[560 + 16] ^= 1; /* extraData */
  assert_refused_signed(OL_ERR_MISMATCH, "blockHash", OL_NOWHERE, "the block's header does not hash to it");
  make_jovian();
  made.bytes[made.len - 1] ^= 1; /* the last transaction */
  assert_refused_signed(OL_ERR_MISMATCH, "blockHash", OL_NOWHERE, "the block's header does not hash to it");
  make_jovian();
  made.bytes[65] ^= 1; /* the parent beacon block root */
  assert_refused_signed(OL_ERR_MISMATCH, "blockHash", OL_NOWHERE, "the block's header does not hash to it");
}

static void refuses_blobs(void **state) {
  (void)state;
  for (uint32_t version = 3; version <= OL_ENVELOPE_VERSIONS; version++) {
    ol_header header = envelope_header(version, false);
    header.excess_blob_gas = 1;
    make_from(version, &header, TRANSACTIONS);
    assert_refused(OL_ERR_ENCODING, "payload", "excessBlobGas", "must be zero, as there are no blobs");
    header = envelope_header(version, false);
    header.blob_gas_used = 1;
    make_from(version, &header, TRANSACTIONS);
    assert_refused(OL_ERR_ENCODING, "payload", "blobGasUsed", "must be zero before Jovian");
  }
  ol_header jovian = envelope_header(4, true);
  jovian.excess_blob_gas = 1;
  make_from(4, &jovian, TRANSACTIONS);
  assert_refused(OL_ERR_ENCODING, "payload", "excessBlobGas", "must be zero, as there are no blobs");
}

static void refuses_extra_data_of_no_fork(void **state) {
  (void)state;
  static const struct {
    uint32_t version, len;
    const char *extra_data;
  } wrong[] = {
      {3, 4, "abcd"},                                  /* Ecotone has none */
      {3, 17, "\1\0\0\0\xfa\0\0\0\6\0\0\0\0\0\0\0\7"}, /* Jovian's is for version 4 */
      {4, 0, ""},                                      /* from Holocene on there are parameters */
      {4, 9, "\0\0\0\0\0\0\0\0\6"},                    /* denominator 0 */
      {4, 9, "\0\0\0\0\xfa\0\0\0\0"},                  /* elasticity 0 */
      {4, 9, "\1\0\0\0\xfa\0\0\0\6"},                  /* version of Jovian, length of Holocene */
      {4, 17, "\0\0\0\0\xfa\0\0\0\6\0\0\0\0\0\0\0\7"}, /* the other way round */
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    ol_header header = envelope_header(wrong[i].version, false);
    memset(header.extra_data, 0, sizeof header.extra_data);
    memcpy(header.extra_data, wrong[i].extra_data, wrong[i].len);
    header.extra_data_len = wrong[i].len;
    make_from(wrong[i].version, &header, TRANSACTIONS);
    assert_refused(OL_ERR_ENCODING, "payload", "extraData", "the form is of no fork with this version");
  }
}

/* --- As it is gossiped --- */

static void unpacks_what_is_gossiped(void **state) {
  (void)state;
  uint8_t gossiped[8192], out[8192];
  size_t len = 0;
  make(4);
  ol_slice block = {gossiped, envelope_pack(gossiped, made.bytes, made.len)};
  assert_int_equal(ol_envelope_unpack(&error, NULL, 0, &len, block), OL_ERR_MEMORY);
  assert_int_equal(len, made.len);
  assert_int_equal(ol_envelope_unpack(&error, out, len - 1, &len, block), OL_ERR_MEMORY);
  assert_int_equal(ol_envelope_unpack(&error, out, sizeof out, &len, block), OL_OK);
  assert_int_equal(len, made.len);
  assert_memory_equal(out, made.bytes, len);
}

static void refuses_gossip_that_is_damaged(void **state) {
  (void)state;
  static uint8_t out[OL_ENVELOPE_MAX + 8];
  size_t len = 77;
  assert_int_equal(ol_envelope_unpack(&error, out, sizeof out, &len, text_of("\x80")), OL_ERR_ENCODING);
  assert_int_equal(len, 77);
  assert_string_equal(error.part, "message");
  assert_int_equal(error.offset, 1);
  assert_int_equal(ol_envelope_unpack(&error, out, sizeof out, &len, text_of("\x05\x10hell")),
                   OL_ERR_ENCODING);
  assert_string_equal(error.part, "message");
  assert_string_equal(error.reason, "snappy literal is cut short");
  /* 10 MiB and a byte more, of which nothing else is said. */
  assert_int_equal(ol_envelope_unpack(&error, out, sizeof out, &len, text_of("\x81\x80\x80\x05")),
                   OL_ERR_LIMIT);
  assert_int_equal(ol_envelope_unpack(&error, out, sizeof out, &len, ol_slice_of("\x80\x80\x80\x05", 4)),
                   OL_ERR_ENCODING);
  static uint8_t large[OL_ENVELOPE_MAX + 1] = {5};
  assert_int_equal(ol_envelope_unpack(&error, out, sizeof out, &len, ol_slice_of(large, sizeof large)),
                   OL_ERR_LIMIT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(verifies_every_version),
      cmocka_unit_test(lists_the_transactions),
      cmocka_unit_test(decodes_without_verifying),
      cmocka_unit_test(wants_a_version_and_a_chain),
      cmocka_unit_test(refuses_another_version),
      cmocka_unit_test(refuses_what_is_cut_short_or_too_long),
      cmocka_unit_test(refuses_wrong_offsets),
      cmocka_unit_test(refuses_wrong_offsets_of_transactions),
      cmocka_unit_test(bounds_the_number_of_transactions),
      cmocka_unit_test(refuses_withdrawals),
      cmocka_unit_test(refuses_long_extra_data),
      cmocka_unit_test(compares_the_time_with_now),
      cmocka_unit_test(refuses_other_signers_and_chains),
      cmocka_unit_test(refuses_what_was_changed_after_signing),
      cmocka_unit_test(refuses_signatures_that_nobody_makes),
      cmocka_unit_test(refuses_another_form_of_parity),
      cmocka_unit_test(refuses_a_high_s),
      cmocka_unit_test(binds_every_field_to_the_block_hash),
      cmocka_unit_test(refuses_blobs),
      cmocka_unit_test(refuses_extra_data_of_no_fork),
      cmocka_unit_test(unpacks_what_is_gossiped),
      cmocka_unit_test(refuses_gossip_that_is_damaged),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
