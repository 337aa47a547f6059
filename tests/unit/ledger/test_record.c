/* SPDX-License-Identifier: MIT */
#include "ledger/layout.h"
#include "ledger/record.h"
#include "trie/account.h"
#include "unit/ledger/storage.h"

static ol_address registry, alice;
static ol_record record;

static int make(void **state) {
  empty_storage(state);
  registry = address_of(0x77);
  alice = address_of(0xa1);
  return 0;
}

static ol_status visit(ol_error *out, void *reader, ol_asks *asks) {
  return ol_record_visit(out, reader, asks);
}

static ol_status read_entry_of(ol_record_kind kind, const ol_u256 *key, const ol_u256 *second) {
  ol_record_init(&record, kind, &registry, key, second);
  return read_all(visit, &record);
}

static ol_status read_entry(ol_record_kind kind, const ol_u256 *key) {
  return read_entry_of(kind, key, NULL);
}

/* Returns: where the mapping in another mapping keeps a key's value. */
static ol_u256 place_in(const ol_u256 *mapping, const ol_u256 *key) {
  uint8_t preimage[64];
  ol_hash hash;
  ol_u256 out;
  memcpy(preimage, key->bytes, 32);
  memcpy(preimage + 32, mapping->bytes, 32);
  ol_keccak256(&hash, preimage, sizeof preimage);
  memcpy(out.bytes, hash.bytes, 32);
  return out;
}

/* Returns: a field's value, of up to 8 bytes. */
static uint64_t value_of(const char *name) {
  const ol_record_layout *layout = ol_record_layout_of(record.kind);
  size_t i = 0;
  while (i < layout->field_count && strcmp(layout->fields[i].name, name) != 0) i++;
  assert_true(i < layout->field_count && ol_record_has(&record, &layout->fields[i]));
  return ol_load_be64(record.values[i].bytes + 24);
}

/* Fields lie in their slots without touching one another. */
static void fields_do_not_overlap(void **state) {
  (void)state;
  for (int kind = 0; kind < OL_RECORD_KINDS; kind++) {
    const ol_record_layout *layout = ol_record_layout_of((ol_record_kind)kind);
    assert_true(layout->field_count <= OL_RECORD_FIELDS);
    for (size_t i = 0; i < layout->field_count; i++) {
      const ol_field *one = &layout->fields[i];
      assert_true(one->len > 0 && one->offset + one->len <= 32);
      for (size_t k = 0; k < i; k++) {
        const ol_field *other = &layout->fields[k];
        assert_true(other->mapping != one->mapping || other->slot != one->slot ||
                    other->offset + other->len <= one->offset || one->offset + one->len <= other->offset);
      }
    }
  }
}

static void reads_fields_out_of_their_slots(void **state) {
  (void)state;
  const ol_u256 key = number(5), place = ol_place_of(3, &key);
  assert_int_equal(read_entry(OL_RECORD_DATANET, &key), OL_OK);
  assert_false(record.exists);
  put_at(&registry, &place, 0, part(word_of(&alice), 20, 8, 0x0102030405060708));
  put_at(&registry, &place, 3, part(number(9), 16, 8, 7)); /* what is beside it is not its */
  assert_int_equal(read_entry(OL_RECORD_DATANET, &key), OL_OK);
  assert_true(record.exists);
  const ol_u256 owner = word_of(&alice), version = number(0x0102030405060708), stake = number(9);
  assert_memory_equal(&record.values[0], &owner, 32);
  assert_memory_equal(&record.values[1], &version, 32);
  assert_memory_equal(&record.values[4], &stake, 32);
}

static void reads_texts_of_all_lengths(void **state) {
  (void)state;
  const ol_u256 key = word_of(&alice), place = ol_place_of(2, &key), words = ol_elements_of(&place, 2);
  put_at(&registry, &place, 0, word_of(&alice));
  for (size_t len = 0; len <= OL_RECORD_TEXT; len += len < 70 ? 1 : 221) {
    ol_u256 head = {{0}};
    for (size_t i = 0; i < len; i += 32) {
      ol_u256 word = {{0}};
      for (size_t k = i; k < len && k < i + 32; k++) word.bytes[k - i] = (uint8_t)('a' + k % 26);
      if (len < 32) head = word;
      put_at(&registry, &words, i / 32, word);
    }
    if (len < 32) head.bytes[31] = (uint8_t)(2 * len);
    put_at(&registry, &place, 2, len < 32 ? head : number(2 * len + 1));
    assert_int_equal(read_entry(OL_RECORD_NODE, &key), OL_OK);
    assert_int_equal(record.text_len, len);
    for (size_t k = 0; k < len; k++) assert_int_equal(record.text[k], 'a' + k % 26);
  }
  put_at(&registry, &place, 2, number(2 * (OL_RECORD_TEXT + 1) + 1));
  assert_int_equal(read_entry(OL_RECORD_NODE, &key), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "text has more than 512 bytes");
  assert_string_equal(error.part, "endpoint");
  put_at(&registry, &place, 2, number(2 * 31 + 1)); /* so few would stand in the slot */
  assert_int_equal(read_entry(OL_RECORD_NODE, &key), OL_ERR_PROOF);
  assert_string_equal(error.part, "endpoint");
}

static void reads_a_grant_with_its_milestones(void **state) {
  (void)state;
  const ol_u256 key = number(1), place = ol_place_of(2, &key), list = ol_place_of(3, &key);
  const ol_u256 head = part(part(word_of(&alice), 20, 1, 2), 21, 4, 2);
  put_at(&registry, &place, 0, head);
  for (uint64_t i = 0; i < 2; i++) {
    const ol_u256 index = number(i), milestone = place_in(&list, &index);
    put_at(&registry, &milestone, 0, part(part(number(50 + i), 16, 6, 9), 22, 1, i));
    put_at(&registry, &milestone, 1, number(60 + i));
  }
  assert_int_equal(read_entry(OL_RECORD_GRANT, &key), OL_OK);
  assert_int_equal(record.element_count, 2);
  for (uint8_t i = 0; i < 2; i++) {
    assert_int_equal(record.elements[i][0].bytes[31], 50 + i);
    assert_int_equal(record.elements[i][1].bytes[31], 9);
    assert_int_equal(record.elements[i][2].bytes[31], i);
    assert_int_equal(record.elements[i][3].bytes[31], 60 + i);
  }
  const ol_u256 index = number(1), last = place_in(&list, &index);
  put_at(&registry, &last, 0, part(number(51), 22, 1, 3));
  assert_int_equal(read_entry(OL_RECORD_GRANT, &key), OL_ERR_PROOF);
  assert_string_equal(error.part, "milestones");
  assert_int_equal(error.item, 1);
  put_at(&registry, &place, 0, part(head, 20, 1, 5));
  assert_int_equal(read_entry(OL_RECORD_GRANT, &key), OL_ERR_PROOF);
  assert_string_equal(error.part, "state");
  put_at(&registry, &place, 0, part(head, 21, 4, 33));
  assert_int_equal(read_entry(OL_RECORD_GRANT, &key), OL_ERR_PROOF);
  assert_string_equal(error.reason, "list is longer than it can be");
}

/* --- What was paid, claimed and allowed --- */

static void reads_a_payout_and_the_dispute_of_its_split(void **state) {
  (void)state;
  const ol_u256 key = number(2), place = ol_place_of(8, &key), root = word_of(&registry);
  const ol_u256 dispute = ol_place_of(6, &root);
  put_at(&registry, &dispute, 0, part(part(word_of(&alice), 20, 6, 77), 26, 1, 3));
  assert_int_equal(read_entry(OL_RECORD_PAYOUT, &key), OL_OK);
  assert_false(record.exists);
  put_at(&registry, &place, 0, root);
  put_at(&registry, &place, 1, part(word_of(&alice), 20, 8, 300));
  put_at(&registry, &place, 2, part(number(50), 16, 16, 7));
  put_at(&registry, &place, 3, part(word_of(&alice), 20, 6, 99));
  assert_int_equal(read_entry(OL_RECORD_PAYOUT, &key), OL_OK);
  assert_true(record.exists);
  assert_memory_equal(&record.values[0], &root, 32);
  assert_int_equal(value_of("leaves"), 300);
  assert_int_equal(value_of("total"), 50);
  assert_int_equal(value_of("paid"), 7);
  assert_int_equal(value_of("claimableAt"), 99);
  assert_int_equal(value_of("disputedAt"), 77);
  assert_int_equal(value_of("dispute"), 3);
  put_at(&registry, &dispute, 0, part(word_of(&alice), 26, 1, 4));
  assert_int_equal(read_entry(OL_RECORD_PAYOUT, &key), OL_ERR_PROOF);
  assert_string_equal(error.reason, "slot holds what the contract never writes");
  assert_string_equal(error.part, "dispute");
}

/* 256 of them are in a slot; neighbours, and the same row of other payouts, are something else. */
static void reads_whether_a_row_is_claimed(void **state) {
  (void)state;
  const ol_u256 key = number(2), other = number(3), rows = ol_place_of(9, &key);
  const ol_u256 payout = ol_place_of(8, &key), beside = ol_place_of(8, &other);
  const uint64_t claimed[] = {0, 3, 255, 256, 70000};
  put_at(&registry, &payout, 0, number(1));
  put_at(&registry, &beside, 0, number(1));
  for (size_t i = 0; i < sizeof claimed / sizeof *claimed; i++) {
    const ol_u256 word = number(claimed[i] / 256), place = place_in(&rows, &word);
    const uint64_t bit = claimed[i] % 256;
    put_at(&registry, &place, 0, part((ol_u256){{0}}, bit / 8, 1, 1u << bit % 8));
    for (uint64_t row = claimed[i] > 0 ? claimed[i] - 1 : 0; row <= claimed[i] + 1; row++) {
      const ol_u256 second = number(row);
      assert_int_equal(read_entry_of(OL_RECORD_PAYOUT, &key, &second), OL_OK);
      assert_int_equal(value_of("claimed"), row == claimed[i]);
      assert_int_equal(read_entry_of(OL_RECORD_PAYOUT, &other, &second), OL_OK);
      assert_int_equal(value_of("claimed"), 0);
    }
    put_at(&registry, &place, 0, number(0));
  }
  assert_int_equal(read_entry(OL_RECORD_PAYOUT, &key), OL_OK);
  assert_false(ol_record_has(&record, &ol_record_layout_of(OL_RECORD_PAYOUT)->fields[7]));
}

static void reads_a_claim_of_an_account_and_of_no_other(void **state) {
  (void)state;
  const ol_address bob = address_of(0xb0);
  const ol_u256 batch = word_of(&registry), claims = ol_place_of(3, &batch);
  const ol_u256 hers = word_of(&alice), his = word_of(&bob), place = place_in(&claims, &hers);
  const ol_u256 enabled = ol_place_of(4, &batch), fee = ol_place_of(5, &batch);
  put_at(&registry, &place, 0, number(1234));
  put_at(&registry, &fee, 0, number(9));
  put_at(&registry, &enabled, 0, number(1));
  put(&registry, 0, word_of(&alice));
  put(&registry, 1, part(word_of(&bob), 20, 1, 1));
  put(&registry, 2, word_of(&registry));
  assert_int_equal(read_entry_of(OL_RECORD_CLAIM, &batch, &hers), OL_OK);
  assert_true(record.exists);
  assert_int_equal(value_of("claimBlock"), 1234);
  assert_int_equal(value_of("enabled"), 1);
  assert_int_equal(value_of("fee"), 9);
  assert_int_equal(value_of("active"), 1);
  assert_memory_equal(&record.values[3], &hers, 32);
  assert_memory_equal(&record.values[4], &his, 32);
  assert_memory_equal(&record.values[6], &batch, 32);
  assert_int_equal(storage.rounds, 1);
  assert_int_equal(read_entry_of(OL_RECORD_CLAIM, &batch, &his), OL_OK);
  assert_true(record.exists); /* that there is no claim is an answer */
  assert_int_equal(value_of("claimBlock"), 0);
  assert_int_equal(read_entry_of(OL_RECORD_CLAIM, &his, &hers), OL_OK);
  assert_int_equal(value_of("claimBlock"), 0);
  assert_int_equal(value_of("enabled"), 0);
  put_at(&registry, &enabled, 0, number(2));
  assert_int_equal(read_entry_of(OL_RECORD_CLAIM, &batch, &hers), OL_ERR_PROOF);
  assert_string_equal(error.part, "enabled");
  put_at(&registry, &enabled, 0, number(0));
  put(&registry, 1, part(word_of(&bob), 20, 1, 2));
  assert_int_equal(read_entry_of(OL_RECORD_CLAIM, &batch, &hers), OL_ERR_PROOF);
  assert_string_equal(error.part, "active");
}

static void reads_an_allowance_by_owner_and_spender(void **state) {
  (void)state;
  const ol_address bob = address_of(0xb0);
  const ol_u256 hers = word_of(&alice), his = word_of(&bob), allowed = ol_place_of(1, &hers);
  const ol_u256 place = place_in(&allowed, &his);
  put_at(&registry, &place, 0, number(77));
  assert_int_equal(read_entry_of(OL_RECORD_ALLOWANCE, &hers, &his), OL_OK);
  assert_int_equal(value_of("allowance"), 77);
  assert_int_equal(read_entry_of(OL_RECORD_ALLOWANCE, &his, &hers), OL_OK);
  assert_true(record.exists);
  assert_int_equal(value_of("allowance"), 0);
}

/* --- Corpora and disputes --- */

static void reads_a_corpus_and_the_id_of_an_epoch(void **state) {
  (void)state;
  const ol_u256 name = word_of(&registry), other = word_of(&alice), place = ol_place_of(4, &name);
  const ol_u256 ids = ol_place_of(5, &name), epoch = number(2), next = number(3), at = place_in(&ids, &epoch);
  put_at(&registry, &place, 0, part(word_of(&alice), 20, 8, 3));
  put_at(&registry, &at, 0, number(55));
  assert_int_equal(read_entry_of(OL_RECORD_CORPUS, &name, &epoch), OL_OK);
  assert_true(record.exists);
  assert_memory_equal(&record.values[0], &other, 32);
  assert_int_equal(value_of("newest"), 3);
  assert_int_equal(value_of("corpusId"), 55);
  assert_int_equal(read_entry_of(OL_RECORD_CORPUS, &name, &next), OL_OK);
  assert_int_equal(value_of("corpusId"), 0);
  assert_int_equal(read_entry(OL_RECORD_CORPUS, &name), OL_OK);
  assert_false(ol_record_has(&record, &ol_record_layout_of(OL_RECORD_CORPUS)->fields[2]));
  assert_int_equal(read_entry_of(OL_RECORD_CORPUS, &other, &epoch), OL_OK);
  assert_false(record.exists);
}

static void reads_a_dispute(void **state) {
  (void)state;
  const ol_u256 subject = word_of(&alice), other = word_of(&registry), place = ol_place_of(6, &subject);
  put_at(&registry, &place, 0, part(part(word_of(&registry), 20, 6, 77), 26, 1, 2));
  assert_int_equal(read_entry(OL_RECORD_DISPUTE, &subject), OL_OK);
  assert_true(record.exists);
  assert_memory_equal(&record.values[0], &other, 32);
  assert_int_equal(value_of("disputedAt"), 77);
  assert_int_equal(value_of("dispute"), 2);
  assert_int_equal(read_entry(OL_RECORD_DISPUTE, &other), OL_OK);
  assert_false(record.exists);
  put_at(&registry, &place, 0, part(word_of(&registry), 26, 1, 4));
  assert_int_equal(read_entry(OL_RECORD_DISPUTE, &subject), OL_ERR_PROOF);
  assert_string_equal(error.part, "dispute");
}

static void reads_a_node_with_the_least_bond(void **state) {
  (void)state;
  const ol_u256 key = word_of(&alice), place = ol_place_of(2, &key);
  put(&registry, 1, number(100));
  put_at(&registry, &place, 0, part(part(word_of(&alice), 20, 6, 5), 26, 6, 6));
  put_at(&registry, &place, 1, part(number(70), 16, 16, 30));
  assert_int_equal(read_entry(OL_RECORD_NODE, &key), OL_OK);
  assert_int_equal(value_of("registeredAt"), 5);
  assert_int_equal(value_of("revokedAt"), 6);
  assert_int_equal(value_of("bond"), 70);
  assert_int_equal(value_of("slashed"), 30);
  assert_int_equal(value_of("minBond"), 100);
}

/* --- Layouts --- */

static uint32_t release_of(uint32_t contract) {
  for (uint32_t i = 0; ol_release_at(i) != NULL; i++) {
    if (ol_release_at(i)->contract == contract) return i;
  }
  fail();
  return 0;
}

static void a_layout_is_that_of_code_that_somebody_vouches_for(void **state) {
  (void)state;
  const ol_target target = {.address = alice, .contract = OL_CONTRACT_STAKING};
  ol_account account = {.exists = 1, .code_hash = {{1}}};
  static ol_rollup rollup;
  ol_layout layout = OL_LAYOUT_PINNED;
  memset(&rollup, 0, sizeof rollup);
  assert_int_equal(ol_layout_of(&error, &layout, NULL, &target, &account), OL_OK);
  assert_int_equal(layout, OL_LAYOUT_ASSUMED);
  assert_string_equal(ol_layout_name(layout), "assumed");
  rollup.pin_count = 1; /* for another contract */
  rollup.pins[0] = (ol_rollup_pin){.code_hash = {{1}}, .release = release_of(OL_CONTRACT_GOPEN)};
  assert_int_equal(ol_layout_of(&error, &layout, &rollup, &target, &account), OL_OK);
  assert_int_equal(layout, OL_LAYOUT_ASSUMED);
  rollup.pins[0].release = release_of(OL_CONTRACT_STAKING);
  assert_int_equal(ol_layout_of(&error, &layout, &rollup, &target, &account), OL_OK);
  assert_int_equal(layout, OL_LAYOUT_PINNED);
  assert_string_equal(ol_layout_name(layout), "pinned");
  account.code_hash.bytes[31] = 1;
  assert_int_equal(ol_layout_of(&error, &layout, &rollup, &target, &account), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "contract has other code than the profile vouches for");
  account.code_hash = ol_empty_code_hash;
  assert_int_equal(ol_layout_of(&error, &layout, NULL, &target, &account), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "there is no contract at this address");
  account.exists = 0;
  account.code_hash.bytes[0] = 1;
  assert_int_equal(ol_layout_of(&error, &layout, NULL, &target, &account), OL_ERR_MISMATCH);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup(name, make)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(fields_do_not_overlap),
      TEST(reads_fields_out_of_their_slots),
      TEST(reads_texts_of_all_lengths),
      TEST(reads_a_grant_with_its_milestones),
      TEST(reads_a_payout_and_the_dispute_of_its_split),
      TEST(reads_whether_a_row_is_claimed),
      TEST(reads_a_claim_of_an_account_and_of_no_other),
      TEST(reads_an_allowance_by_owner_and_spender),
      TEST(reads_a_corpus_and_the_id_of_an_epoch),
      TEST(reads_a_dispute),
      TEST(reads_a_node_with_the_least_bond),
      TEST(a_layout_is_that_of_code_that_somebody_vouches_for),
  };
  return cmocka_run_group_tests_name("ledger.record", tests, NULL, NULL);
}
