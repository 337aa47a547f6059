/* SPDX-License-Identifier: MIT */
#include "encoding/rlp.h"
#include "openledger/header.h"
#include "openledger/withdrawal.h"
#include "trie/trie.h"
#include "unit/bytes.h"
#include "world.h"

/* The inputs that are expected were encoded by viem; that the contracts take them is shown on a chain (tests/devnet). */

static ol_error error;
static ol_call call;
static uint8_t memory[4096];
static ol_withdrawal withdrawal;
static ol_address portal;

#define WITHDRAWAL_WORDS                                                                                     \
  "0001000000000000000000000000000000000000000000000000000000000005"                                         \
  "000000000000000000000000a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"                                         \
  "000000000000000000000000b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"                                         \
  "0000000000000000000000000000000000000000000000000000000000000007"                                         \
  "00000000000000000000000000000000000000000000000000000000000186a0"                                         \
  "00000000000000000000000000000000000000000000000000000000000000c0"                                         \
  "0000000000000000000000000000000000000000000000000000000000000005"                                         \
  "68656c6c6f000000000000000000000000000000000000000000000000000000"

static int fill(void **state) {
  (void)state;
  memset(&withdrawal, 0, sizeof withdrawal);
  withdrawal.nonce.bytes[1] = 1;
  withdrawal.nonce.bytes[31] = 5;
  memset(withdrawal.sender.bytes, 0xa1, 20);
  memset(withdrawal.target.bytes, 0xb2, 20);
  withdrawal.value.bytes[31] = 7;
  ol_store_be64(withdrawal.gas_limit.bytes + 24, 100000);
  withdrawal.data = ol_slice_of("hello", 5);
  memset(portal.bytes, 0x99, 20);
  memset(&call, 0, sizeof call);
  return 0;
}

static void assert_call(const char *input) {
  assert_memory_equal(&call.to, &portal, sizeof portal);
  assert_bytes(call.data.data, call.data.len, input);
  assert_ptr_equal(call.data.data, memory);
}

/* --- Finalizing --- */

static ol_status finalize(ol_portal_kind kind, const ol_address *submitter, size_t len) {
  return ol_withdrawal_finalize_call(&error, &call, &portal, kind, &withdrawal, submitter, memory, len);
}

static void writes_what_finalizes(void **state) {
  (void)state;
  ol_address submitter;
  memset(submitter.bytes, 0xc3, 20);
  for (int kind = OL_PORTAL_OUTPUTS; kind <= OL_PORTAL_REGISTRY; kind++) {
    assert_int_equal(finalize((ol_portal_kind)kind, NULL, sizeof memory), OL_OK);
    assert_call("8c3152e9"
                "0000000000000000000000000000000000000000000000000000000000000020" WITHDRAWAL_WORDS);
    assert_true(ol_u256_is_zero(&call.value));
  }
  assert_int_equal(finalize(OL_PORTAL_GAMES, &submitter, sizeof memory), OL_OK);
  assert_call("43ca1c50"
              "0000000000000000000000000000000000000000000000000000000000000040"
              "000000000000000000000000c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3" WITHDRAWAL_WORDS);
  assert_int_equal(finalize(OL_PORTAL_OUTPUTS, &submitter, sizeof memory), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "portal of outputs knows no submitters");
}

static void refuses_memory_that_is_too_small(void **state) {
  (void)state;
  const size_t need = 4 + 9 * 32;
  assert_int_equal(finalize(OL_PORTAL_GAMES, NULL, need), OL_OK);
  memset(&call, 0, sizeof call);
  for (size_t len = 0; len < need; len++) {
    memory[len] = 0x5a;
    assert_int_equal(finalize(OL_PORTAL_GAMES, NULL, len), OL_ERR_MEMORY);
    assert_string_equal(error.reason, "memory is too small for the input");
    assert_null(call.data.data);
    assert_int_equal(memory[len], 0x5a);
  }
}

static void refuses_withdrawals_to_the_portal(void **state) {
  (void)state;
  const ol_withdrawal_output none = {.index = 0};
  const ol_slice proof = {0};
  withdrawal.target = portal;
  assert_int_equal(finalize(OL_PORTAL_GAMES, NULL, sizeof memory), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "withdrawal is to the portal, which takes none");
  assert_int_equal(
      ol_withdrawal_prove_call(&error, &call, &portal, &withdrawal, &none, &proof, 1, memory, sizeof memory),
      OL_ERR_ARGUMENT);
}

/* --- Proving --- */

static world_trie trie;
static world_proof proven;
static ol_withdrawal_output output;

/* Fills the trie with the withdrawal's slot and a neighbour that has its first `shared` nibbles; and the output. */
static void send(size_t shared, const char *value, size_t value_len) {
  ol_hash hash;
  ol_u256 slot;
  memset(&trie, 0, sizeof trie);
  proven.count = 0;
  ol_withdrawal_hash(&hash, &withdrawal);
  ol_withdrawal_slot(&slot, &hash);
  world_insert(&trie, slot.bytes, sizeof slot, (const uint8_t *)value, value_len);
  ol_trie_entry *own = &trie.entries[0], *other = &trie.entries[1];
  *other = *own;
  other->key[shared / 2] ^= shared % 2 == 0 ? 0x10 : 0x01;
  bool second = memcmp(own->key, other->key, 32) > 0;
  if (second) {
    const ol_trie_entry swapped = *own;
    *own = *other;
    *other = swapped;
  }
  trie.count = 2;
  const ol_trie_source source = {.entry = world_entry, .context = &trie, .count = 2};
  const ol_trie_sink sink = {.node = world_collect, .context = &proven, .index = second ? 1 : 0};
  assert_int_equal(ol_trie_root(&error, &trie.root, &source, &sink), OL_OK);
  memset(&output, 0, sizeof output);
  output.index = 0x1234;
  memset(output.state_root.bytes, 0x51, 32);
  output.message_passer_root = trie.root;
  memset(output.block_hash.bytes, 0x53, 32);
  ol_output_root_v0(&output.root, &output.state_root, &output.message_passer_root, &output.block_hash);
}

static ol_status prove(void) {
  return ol_withdrawal_prove_call(&error, &call, &portal, &withdrawal, &output, proven.nodes, proven.count,
                                  memory, sizeof memory);
}

/* The word at an offset behind the selector, as a small number. */
static uint64_t number_at(size_t offset) {
  assert_true(offset + 36 <= call.data.len);
  assert_true(ol_is_zero(ol_slice_of(call.data.data + 4 + offset, 24)));
  return ol_load_be64(call.data.data + 4 + offset + 24);
}

/* Checks the list of nodes at an offset behind the selector: it ends the input. */
static void assert_nodes(size_t offset, const ol_slice *nodes, size_t count) {
  assert_int_equal(number_at(offset), count);
  size_t first = offset + 32, at = first + 32 * count;
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(first + number_at(first + 32 * i), at);
    assert_int_equal(number_at(at), nodes[i].len);
    assert_memory_equal(call.data.data + 4 + at + 32, nodes[i].data, nodes[i].len);
    size_t padding = -nodes[i].len % 32;
    assert_true(ol_is_zero(ol_slice_of(call.data.data + 4 + at + 32 + nodes[i].len, padding)));
    at += 32 + nodes[i].len + padding;
  }
  assert_int_equal(call.data.len, 4 + at);
}

static void writes_what_proves(void **state) {
  (void)state;
  send(0, "\x01", 1);
  assert_int_equal(proven.count, 2);
  assert_int_equal(prove(), OL_OK);
  assert_memory_equal(&call.to, &portal, sizeof portal);
  assert_true(ol_u256_is_zero(&call.value));
  assert_bytes(call.data.data, 4, "4870496f");
  assert_int_equal(number_at(0), 7 * 32);
  assert_int_equal(number_at(32), 0x1234);
  assert_int_equal(number_at(64), 0);
  assert_memory_equal(call.data.data + 4 + 96, output.state_root.bytes, 32);
  assert_memory_equal(call.data.data + 4 + 128, output.message_passer_root.bytes, 32);
  assert_memory_equal(call.data.data + 4 + 160, output.block_hash.bytes, 32);
  assert_bytes(call.data.data + 4 + 7 * 32, 8 * 32, WITHDRAWAL_WORDS);
  assert_int_equal(number_at(192), 15 * 32);
  assert_nodes(15 * 32, proven.nodes, proven.count);
  withdrawal.data.len = 0;
  send(0, "\x01", 1);
  assert_int_equal(prove(), OL_OK);
  assert_int_equal(number_at(192), 14 * 32);
  assert_nodes(14 * 32, proven.nodes, proven.count);
}

static void repeats_nodes_that_are_embedded(void **state) {
  (void)state;
  /* A leaf of 55 nibbles and one byte has 31 bytes, and is inside its branch. */
  for (size_t shared = 7; shared <= 10; shared++) {
    send(shared, "\x01", 1);
    assert_int_equal(proven.count, shared < 8 ? 3 : 2);
    assert_int_equal(prove(), OL_OK);
    ol_slice nodes[3] = {proven.nodes[0], proven.nodes[1]};
    if (shared < 8) {
      assert_nodes(15 * 32, proven.nodes, 3);
      continue;
    }
    assert_int_equal(number_at(15 * 32), 3);
    size_t at = 16 * 32 + (size_t)number_at(16 * 32 + 64);
    nodes[2] = ol_slice_of(call.data.data + 4 + at + 32, (size_t)number_at(at));
    assert_in_range(nodes[2].len, 4, 31);
    assert_nodes(15 * 32, nodes, 3);
    /* It is the withdrawal's own leaf: the key's last nibbles, and 1. */
    ol_hash hash, key;
    ol_u256 slot;
    ol_withdrawal_hash(&hash, &withdrawal);
    ol_withdrawal_slot(&slot, &hash);
    ol_keccak256(&key, slot.bytes, sizeof slot.bytes);
    size_t tail = (63 - shared) / 2;
    assert_memory_equal(nodes[2].data + nodes[2].len - 1 - tail, key.bytes + 32 - tail, tail);
    assert_int_equal(nodes[2].data[nodes[2].len - 1], 1);
  }
}

static void refuses_what_was_not_sent(void **state) {
  (void)state;
  send(0, "\x02", 1);
  assert_int_equal(prove(), OL_ERR_PROOF);
  assert_string_equal(error.part, "storageProof");
  assert_string_equal(error.reason, "withdrawal's slot does not hold 1");
  send(0, "\x01\x01", 2);
  assert_int_equal(prove(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "withdrawal's slot does not hold 1");
  send(0, "\x01", 1);
  proven.count--;
  assert_int_equal(prove(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "proof ends before the key is decided");
  send(0, "\x01", 1);
  output.block_hash.bytes[0] ^= 1;
  assert_int_equal(prove(), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "output root is made of other parts");
  /* The proof of another slot, at whose place there is nothing. */
  send(0, "\x01", 1);
  trie.count = 0;
  proven.count = 0;
  const uint8_t one = 1;
  for (uint8_t i = 0; i < 20; i++) world_insert(&trie, &i, 1, &one, 1);
  world_seal(&trie);
  ol_hash hash;
  ol_u256 slot;
  ol_withdrawal_hash(&hash, &withdrawal);
  ol_withdrawal_slot(&slot, &hash);
  world_prove(&proven, &trie, slot.bytes, sizeof slot);
  output.message_passer_root = trie.root;
  ol_output_root_v0(&output.root, &output.state_root, &output.message_passer_root, &output.block_hash);
  assert_int_equal(prove(), OL_ERR_PROOF);
  assert_string_equal(error.reason, "withdrawal was not sent");
}

/* --- Deposits --- */

static ol_deposit sample(void) {
  ol_deposit deposit = {.gas_limit = 50000, .data = ol_slice_of("\xde\xad\xbe\xef", 4)};
  memset(deposit.to.bytes, 0x70, 20);
  deposit.mint.bytes[31] = 12;
  deposit.value.bytes[31] = 11;
  return deposit;
}

static ol_status make(ol_portal_kind kind, ol_gas_scheme scheme, const ol_deposit *deposit) {
  return ol_deposit_call(&error, &call, &portal, kind, scheme, deposit, memory, sizeof memory);
}

#define DEPOSIT_TAIL                                                                                         \
  "0000000000000000000000000000000000000000000000000000000000000004"                                         \
  "deadbeef00000000000000000000000000000000000000000000000000000000"

static void writes_deposits(void **state) {
  (void)state;
  ol_deposit deposit = sample();
  assert_int_equal(make(OL_PORTAL_GAMES, OL_GAS_ETHER, &deposit), OL_OK);
  assert_call("e9e05c42"
              "0000000000000000000000007070707070707070707070707070707070707070"
              "000000000000000000000000000000000000000000000000000000000000000b"
              "000000000000000000000000000000000000000000000000000000000000c350"
              "0000000000000000000000000000000000000000000000000000000000000000"
              "00000000000000000000000000000000000000000000000000000000000000a0" DEPOSIT_TAIL);
  assert_int_equal(call.value.bytes[31], 12);
  assert_int_equal(make(OL_PORTAL_OUTPUTS, OL_GAS_ERC20, &deposit), OL_OK);
  assert_call("149f2f22"
              "0000000000000000000000007070707070707070707070707070707070707070"
              "000000000000000000000000000000000000000000000000000000000000000c"
              "000000000000000000000000000000000000000000000000000000000000000b"
              "000000000000000000000000000000000000000000000000000000000000c350"
              "0000000000000000000000000000000000000000000000000000000000000000"
              "00000000000000000000000000000000000000000000000000000000000000c0" DEPOSIT_TAIL);
  assert_true(ol_u256_is_zero(&call.value));
  memset(&deposit.mint, 0, sizeof deposit.mint);
  memset(&deposit.to, 0, sizeof deposit.to);
  deposit.is_create = 1;
  assert_int_equal(make(OL_PORTAL_REGISTRY, OL_GAS_NATIVE, &deposit), OL_OK);
  assert_bytes(call.data.data, 4, "e9e05c42");
  assert_int_equal(number_at(0), 0);
  assert_int_equal(number_at(96), 1);
  assert_true(ol_u256_is_zero(&call.value));
}

static void refuse(ol_portal_kind kind, ol_gas_scheme scheme, const ol_deposit *deposit, const char *reason) {
  assert_int_equal(make(kind, scheme, deposit), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, reason);
}

static void refuses_deposits_that_the_portal_refuses(void **state) {
  (void)state;
  static uint8_t large[OL_DEPOSIT_DATA + 1];
  ol_deposit deposit = sample();
  deposit.is_create = 1;
  refuse(OL_PORTAL_GAMES, OL_GAS_ETHER, &deposit, "deposit that creates a contract has a receiver");
  deposit.is_create = 2;
  refuse(OL_PORTAL_GAMES, OL_GAS_ETHER, &deposit, "deposit's is_create is neither 0 nor 1");
  deposit = sample();
  deposit.gas_limit = UINT64_MAX;
  deposit.data = ol_slice_of(large, sizeof large);
  refuse(OL_PORTAL_GAMES, OL_GAS_ETHER, &deposit, "deposit has more than 120000 bytes of data");
  deposit.data.len--;
  assert_int_equal(make(OL_PORTAL_GAMES, OL_GAS_ETHER, &deposit), OL_ERR_MEMORY);
  deposit = sample();
  deposit.gas_limit = 21064;
  assert_int_equal(make(OL_PORTAL_GAMES, OL_GAS_ETHER, &deposit), OL_OK);
  refuse(OL_PORTAL_REGISTRY, OL_GAS_ETHER, &deposit, "deposit has less gas than the portal takes");
  deposit.gas_limit--;
  refuse(OL_PORTAL_GAMES, OL_GAS_ETHER, &deposit, "deposit has less gas than the portal takes");
  deposit = sample();
  refuse(OL_PORTAL_GAMES, OL_GAS_ERC20, &deposit, "portal of games knows no token");
  refuse(OL_PORTAL_REGISTRY, OL_GAS_NATIVE, &deposit,
         "portal takes nothing where the gas token is made on L2");
}

static void writes_what_allows_the_portal(void **state) {
  (void)state;
  ol_address token;
  ol_u256 amount = {{[31] = 12}};
  memset(token.bytes, 0x22, 20);
  assert_int_equal(ol_deposit_approve_call(&error, &call, &token, &portal, &amount, memory, sizeof memory),
                   OL_OK);
  assert_memory_equal(&call.to, &token, sizeof token);
  assert_true(ol_u256_is_zero(&call.value));
  assert_bytes(call.data.data, call.data.len,
               "095ea7b3"
               "0000000000000000000000009999999999999999999999999999999999999999"
               "000000000000000000000000000000000000000000000000000000000000000c");
  assert_int_equal(ol_deposit_approve_call(&error, &call, &token, &portal, &amount, memory, 67),
                   OL_ERR_MEMORY);
}

#define TEST(name) cmocka_unit_test_setup(name, fill)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(writes_what_finalizes),
      TEST(refuses_memory_that_is_too_small),
      TEST(refuses_withdrawals_to_the_portal),
      TEST(writes_what_proves),
      TEST(repeats_nodes_that_are_embedded),
      TEST(refuses_what_was_not_sent),
      TEST(writes_deposits),
      TEST(refuses_deposits_that_the_portal_refuses),
      TEST(writes_what_allows_the_portal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
