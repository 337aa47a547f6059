/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_UNIT_LEDGER_STORAGE_H
#define OL_TESTS_UNIT_LEDGER_STORAGE_H

/* Storage that readers read: what is not put there is zero. */

#include "ledger/asks.h"
#include "rollup/u256.h"
#include "unit/bytes.h"

#define STORED 512

static ol_error error;

static struct {
  size_t count;
  ol_address of[STORED];
  ol_slot slots[STORED];
  uint32_t rounds;
  uint32_t most; /* slots of a round */
} storage;

static inline ol_u256 number(uint64_t value) {
  return ol_u256_of(value);
}

static inline ol_address address_of(uint8_t byte) {
  ol_address out;
  memset(&out, byte, sizeof out);
  return out;
}

static inline ol_u256 word_of(const ol_address *address) {
  ol_u256 out = {{0}};
  memcpy(out.bytes + 12, address->bytes, sizeof *address);
  return out;
}

/* Out: a word whose bytes from `offset` on, counted from the low end, are a number of `len` bytes. */
static inline ol_u256 part(ol_u256 word, size_t offset, size_t len, uint64_t value) {
  for (size_t i = 0; i < len; i++, value >>= 8) word.bytes[31 - offset - i] = (uint8_t)value;
  return word;
}

/* Puts a value `offset` slots behind a slot of a contract, in place of what was there. */
static inline void put_at(const ol_address *of, const ol_u256 *slot, uint64_t offset, ol_u256 value) {
  const ol_u256 by = number(offset);
  ol_u256 key;
  (void)ol_u256_add(&key, slot, &by);
  size_t i = 0;
  while (i < storage.count && (memcmp(&storage.of[i], of, sizeof *of) != 0 ||
                               memcmp(&storage.slots[i].key, &key, sizeof key) != 0))
    i++;
  assert_true(i < STORED);
  storage.of[i] = *of;
  storage.slots[i] = (ol_slot){.key = key, .value = value};
  if (i == storage.count) storage.count++;
}

static inline void put(const ol_address *of, uint64_t slot, ol_u256 value) {
  const ol_u256 zero = {{0}};
  put_at(of, &zero, slot, value);
}

static inline void answer(ol_asks *asks) {
  for (uint32_t i = 0; i < asks->count; i++) {
    for (size_t k = 0; k < storage.count; k++) {
      if (memcmp(&storage.of[k], &asks->accounts[asks->of[i]].address, sizeof(ol_address)) == 0 &&
          memcmp(&storage.slots[k].key, &asks->slots[i].key, sizeof(ol_u256)) == 0)
        asks->slots[i].value = storage.slots[k].value;
    }
  }
  asks->answered = true;
}

/* Calls a reader in rounds, until it is done or fails. */
static inline ol_status read_all(ol_status (*visit)(ol_error *error, void *reader, ol_asks *asks),
                                 void *reader) {
  ol_asks asks;
  storage.rounds = storage.most = 0;
  ol_error_clear(&error);
  for (;;) {
    ol_asks_begin(&asks);
    ol_status status = visit(&error, reader, &asks);
    if (status != OL_OK || asks.count == 0) return status;
    if (asks.count > storage.most) storage.most = asks.count;
    assert_true(storage.rounds++ < 64);
    answer(&asks);
    status = visit(&error, reader, &asks);
    if (status != OL_OK) return status;
  }
}

static inline int empty_storage(void **state) {
  (void)state;
  memset(&storage, 0, sizeof storage);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, empty_storage)

#endif
