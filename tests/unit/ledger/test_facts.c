/* SPDX-License-Identifier: MIT */
#include "ledger/facts.h"

#include "unit/ledger/storage.h"

static ol_address registry, nodes, signer, other;
static ol_facts_question question;
static ol_facts facts;
static ol_u256 key, batch, name, digest, split, root, corpus_id;

static ol_u256 filled(uint8_t byte) {
  ol_u256 out;
  memset(&out, byte, sizeof out);
  return out;
}

static ol_u256 put_in(uint64_t mapping, const ol_u256 *of, uint64_t offset, ol_u256 value) {
  const ol_u256 place = ol_place_of(mapping, of);
  put_at(mapping == 2 && of == &key ? &nodes : &registry, &place, offset, value);
  return place;
}

/* Puts the corpusId of an epoch. */
static void put_epoch(uint64_t epoch, ol_u256 value) {
  const ol_u256 ids = ol_place_of(5, &name), number_of = number(epoch);
  uint8_t preimage[64];
  ol_hash hash;
  ol_u256 place;
  memcpy(preimage, &number_of, 32);
  memcpy(preimage + 32, &ids, 32);
  ol_keccak256(&hash, preimage, sizeof preimage);
  memcpy(&place, &hash, 32);
  put_at(&registry, &place, 0, value);
}

/* A node with all it can have, a batch, two epochs of a corpus. */
static int make(void **state) {
  empty_storage(state);
  registry = address_of(0x77), nodes = address_of(0x66), signer = address_of(0xa1), other = address_of(0xb2);
  key = word_of(&signer), batch = number(9), name = filled(0x31), digest = filled(0x41), split = filled(0x51);
  root = filled(0x61), corpus_id = filled(0x71);
  question = (ol_facts_question){.registry = registry,
                                 .nodes = nodes,
                                 .signer = signer,
                                 .has_batch = true,
                                 .batch_id = batch,
                                 .has_corpus = true,
                                 .corpus_epoch = 2};
  memcpy(&question.digest, &digest, 32);
  memcpy(&question.split_root, &split, 32);
  memcpy(&question.corpus_name, &name, 32);
  put(&nodes, 1, number(100));
  put_in(2, &key, 0, part(part(word_of(&other), 20, 6, 0x010203040506), 26, 6, 0x060504030201));
  put_in(2, &key, 1, part(number(70), 16, 16, 30));
  put_in(2, &batch, 0, root);
  put_in(3, &batch, 0, part(word_of(&signer), 20, 8, 0x0102030405060708));
  put_in(4, &name, 0, part(word_of(&other), 20, 8, 3));
  put_epoch(2, corpus_id);
  put_epoch(3, filled(0x72));
  return 0;
}

static ol_status visit(ol_error *out, void *reader, ol_asks *asks) {
  return ol_facts_visit(out, reader, asks);
}

static ol_status read_facts(void) {
  ol_facts_init(&facts, &question);
  return read_all(visit, &facts);
}

static void reads_all_of_it_in_two_rounds(void **state) {
  (void)state;
  const ol_u256 bond = number(70), slashed = number(30), least = number(100);
  assert_int_equal(read_facts(), OL_OK);
  assert_int_equal(storage.rounds, 2);
  assert_memory_equal(&facts.operator_, &other, 20);
  assert_int_equal(facts.registered_at, 0x010203040506);
  assert_int_equal(facts.revoked_at, 0x060504030201);
  assert_memory_equal(&facts.bond, &bond, 32);
  assert_memory_equal(&facts.slashed, &slashed, 32);
  assert_memory_equal(&facts.min_bond, &least, 32);
  assert_memory_equal(&facts.batch_root, &root, 32);
  assert_memory_equal(&facts.batch_signer, &signer, 20);
  assert_int_equal(facts.batch_receipts, 0x0102030405060708);
  assert_memory_equal(&facts.corpus_publisher, &other, 20);
  assert_int_equal(facts.corpus_newest, 3);
  assert_memory_equal(&facts.corpus_id, &corpus_id, 32);
  for (size_t i = 0; i < OL_DISPUTED_SUBJECTS; i++) assert_int_equal(facts.disputes[i].status, 0);
}

/* Each subject has its own, and nothing else has. */
static void reads_each_dispute(void **state) {
  const ol_u256 *const keys[OL_DISPUTED_SUBJECTS] = {
      [OL_DISPUTED_RECEIPT] = &digest, [OL_DISPUTED_SPLIT] = &split,      [OL_DISPUTED_SIGNER] = &key,
      [OL_DISPUTED_BATCH] = &root,     [OL_DISPUTED_CORPUS] = &corpus_id,
  };
  static const char *const parts[] = {"receipt", "split", "signer", "batch", "corpus"};
  for (size_t i = 0; i < OL_DISPUTED_SUBJECTS; i++) {
    make(state);
    put_in(6, keys[i], 0, part(part(word_of(&other), 20, 6, 77 + i), 26, 1, 3));
    assert_int_equal(read_facts(), OL_OK);
    for (size_t k = 0; k < OL_DISPUTED_SUBJECTS; k++) {
      assert_int_equal(facts.disputes[k].status, k == i ? 3 : 0);
      assert_int_equal(facts.disputes[k].opened_at, k == i ? 77 + i : 0);
      assert_int_equal(facts.disputes[k].disputer.bytes[0], k == i ? 0xb2 : 0);
    }
    put_in(6, keys[i], 0, part(word_of(&other), 26, 1, 4));
    assert_int_equal(read_facts(), OL_ERR_PROOF);
    assert_string_equal(error.reason, "slot holds what the contract never writes");
    assert_string_equal(error.part, parts[i]);
    put_in(6, keys[i], 0, part(word_of(&other), 27, 1, 1));
    assert_int_equal(read_facts(), OL_ERR_PROOF);
  }
}

/* What the registry does not have is zero, and what hangs on it is not asked about: nobody disputes zero. */
static void what_is_not_there_is_zero(void **state) {
  (void)state;
  const ol_u256 zero = {{0}};
  put_in(6, &zero, 0, part(word_of(&other), 26, 1, 3));
  question.batch_id = number(10);
  question.corpus_epoch = 4;
  question.signer = other;
  assert_int_equal(read_facts(), OL_OK);
  assert_int_equal(storage.rounds, 1);
  assert_true(ol_u256_is_zero(&facts.batch_root) && ol_u256_is_zero(&facts.corpus_id));
  assert_int_equal(facts.registered_at, 0);
  assert_int_equal(facts.batch_receipts, 0);
  assert_int_equal(facts.corpus_newest, 3);
  for (size_t i = 0; i < OL_DISPUTED_SUBJECTS; i++) assert_int_equal(facts.disputes[i].status, 0);
}

static void asks_for_what_is_asked(void **state) {
  (void)state;
  question.has_batch = question.has_corpus = false;
  assert_int_equal(read_facts(), OL_OK);
  assert_int_equal(storage.rounds, 1);
  assert_int_equal(storage.most, 6);
  assert_true(ol_u256_is_zero(&facts.batch_root) && ol_u256_is_zero(&facts.corpus_id));
  assert_int_equal(facts.registered_at, 0x010203040506);
}

static void slots_have_nothing_beside(void **state) {
  put(&nodes, 1, part(number(100), 16, 1, 1));
  assert_int_equal(read_facts(), OL_ERR_PROOF);
  assert_string_equal(error.part, "minBond");
  make(state);
  put_in(3, &batch, 0, part(word_of(&signer), 28, 1, 1));
  assert_int_equal(read_facts(), OL_ERR_PROOF);
  assert_string_equal(error.part, "batch");
  make(state);
  put_in(4, &name, 0, part(word_of(&signer), 28, 1, 1));
  assert_int_equal(read_facts(), OL_ERR_PROOF);
  assert_string_equal(error.part, "corpus");
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup(name, make)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(reads_all_of_it_in_two_rounds), TEST(reads_each_dispute),        TEST(what_is_not_there_is_zero),
      TEST(asks_for_what_is_asked),        TEST(slots_have_nothing_beside),
  };
  return cmocka_run_group_tests_name("ledger.facts", tests, NULL, NULL);
}
