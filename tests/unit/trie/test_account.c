/* SPDX-License-Identifier: MIT */
#include "trie/account.h"

#include "openledger/text.h"

#include "unit/bytes.h"
#include "world.h"

/* The result of eth_getProof is bound to the question field by field. */

static world_chain earth;
static ol_error error;
static ol_account account;
static ol_slot slots[4];
static uint8_t text_memory[1 << 18], parse_memory[1 << 19];

/* An honest result for the contract and slots 1 and 99 (absent), as text that a test may change. */
static char *honest(size_t slot_count) {
  ol_arena arena = ol_arena_of(text_memory, sizeof text_memory);
  ol_json_writer to;
  ol_slice text;
  slots[0].key = world_word(1);
  slots[1].key = world_word(99);
  const ol_u256 keys[2] = {slots[0].key, slots[1].key};
  ol_json_write_begin(&to, &arena);
  world_write_proof(&to, NULL, &earth, &earth.contract, keys, slot_count);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  static char copy[1 << 16];
  assert_true(text.len < sizeof copy);
  memcpy(copy, text.data, text.len);
  copy[text.len] = '\0';
  return copy;
}

/* Replaces the first `from` at or behind `after` by `to` of the same length. */
static void replace(char *text, const char *after, const char *from, const char *to) {
  assert_int_equal(strlen(from), strlen(to));
  char *place = strstr(text, after);
  assert_non_null(place);
  place = strstr(place, from);
  assert_non_null(place);
  memcpy(place, to, strlen(to));
}

static ol_status verify(const char *text, size_t slot_count, const ol_address *address) {
  ol_arena arena = ol_arena_of(parse_memory, sizeof parse_memory);
  ol_json result;
  assert_int_equal(ol_json_read(&error, &result, &arena, (const uint8_t *)text, strlen(text)), OL_OK);
  return ol_account_verify_json(&error, &account, slots, slot_count, &arena, &earth.state.root, address,
                                result);
}

static void expect_refusal(const char *text, size_t slot_count, ol_status status, const char *part,
                           const char *reason) {
  ol_status found = verify(text, slot_count, &earth.contract);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, part);
  assert_int_equal(found, status);
}

static void accepts_an_honest_result(void **state) {
  (void)state;
  assert_int_equal(verify(honest(2), 2, &earth.contract), OL_OK);
  ol_u256 expected = world_word(1001);
  assert_memory_equal(&slots[0].value, &expected, sizeof expected);
  assert_true(ol_u256_is_zero(&slots[1].value));
  assert_int_equal(account.exists, 1);
}

static void refuses_the_proof_of_another_address(void **state) {
  (void)state;
  ol_address other = world_address(1);
  assert_int_equal(verify(honest(0), 0, &other), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "proof is for another address");
  /* The same with the address changed to the one asked: then the nodes give it away. */
  char *text = honest(0), from[43], to[43];
  ol_address_text(from, &earth.contract);
  ol_address_text(to, &other);
  for (size_t i = 2; i < 42; i++) {
    from[i] = (char)(from[i] >= 'A' && from[i] <= 'F' ? from[i] - 'A' + 'a' : from[i]);
    to[i] = (char)(to[i] >= 'A' && to[i] <= 'F' ? to[i] - 'A' + 'a' : to[i]);
  }
  replace(text, "\"address\"", from, to);
  assert_int_equal(verify(text, 0, &other), OL_ERR_PROOF);
  assert_string_equal(error.part, "accountProof");
}

static void refuses_a_missing_or_stripped_storage_proof(void **state) {
  (void)state;
  char *text = honest(0); /* none */
  expect_refusal(text, 1, OL_ERR_MISMATCH, "storageProof",
                 "number of storage proofs is not that of slots asked");
  text = honest(1); /* one where two were asked */
  expect_refusal(text, 2, OL_ERR_MISMATCH, "storageProof",
                 "number of storage proofs is not that of slots asked");
  text = honest(2);
  expect_refusal(text, 1, OL_ERR_MISMATCH, "storageProof",
                 "number of storage proofs is not that of slots asked");
  replace(text, "\"storageProof\"", "\"storageProof\"", "\"storageproof\"");
  expect_refusal(text, 2, OL_ERR_ENCODING, "storageProof", "storage proofs are missing");
  text = honest(1); /* the element is there, its nodes are not */
  char *nodes = strstr(strstr(text, "\"storageProof\""), "\"proof\":[") + strlen("\"proof\":[");
  memmove(nodes, strchr(nodes, ']'), strlen(strchr(nodes, ']')) + 1);
  expect_refusal(text, 1, OL_ERR_PROOF, "storageProof", "proof is empty");
  assert_int_equal(error.item, 0);
}

static void refuses_the_proof_of_another_slot(void **state) {
  (void)state;
  char *text = honest(1);
  slots[0].key = world_word(2);
  expect_refusal(text, 1, OL_ERR_MISMATCH, "storageProof", "storage proof is for another slot");
  text = honest(2);
  ol_slot first = slots[0]; /* swapped */
  slots[0] = slots[1];
  slots[1] = first;
  expect_refusal(text, 2, OL_ERR_MISMATCH, "storageProof", "storage proof is for another slot");
}

static void refuses_claims_that_the_proof_does_not_show(void **state) {
  (void)state;
  char *text = honest(1);
  replace(text, "\"balance\"", "0x0", "0x1");
  expect_refusal(text, 1, OL_ERR_MISMATCH, "balance", "claimed value is not the proven one");
  text = honest(1);
  replace(text, "\"nonce\"", "0x1", "0x2");
  expect_refusal(text, 1, OL_ERR_MISMATCH, "nonce", "claimed value is not the proven one");
  text = honest(1);
  replace(text, "\"value\"", "0x3e9", "0x3ea");
  expect_refusal(text, 1, OL_ERR_MISMATCH, "storageProof", "claimed value is not the proven one");
  const char *const hashes[2] = {"codeHash", "storageHash"};
  for (size_t i = 0; i < 2; i++) {
    text = honest(1);
    char *digit = strstr(text, hashes[i]) + strlen(hashes[i]) + 5;
    *digit = *digit == '0' ? '1' : '0';
    expect_refusal(text, 1, OL_ERR_MISMATCH, hashes[i], "claimed hash is not the proven one");
  }
}

static void refuses_missing_fields(void **state) {
  (void)state;
  static const struct {
    const char *name, *changed, *part, *reason;
  } fields[] = {
      {"\"address\"", "\"addresz\"", "address", "claim is missing"},
      {"\"accountProof\"", "\"accountProoz\"", "accountProof", "proof is missing"},
      {"\"balance\"", "\"balancz\"", "balance", "claim is missing"},
      {"\"nonce\"", "\"noncz\"", "nonce", "claim is missing"},
      {"\"codeHash\"", "\"codeHasz\"", "codeHash", "claim is missing"},
      {"\"storageHash\"", "\"storageHasz\"", "storageHash", "claim is missing"},
      {"\"key\"", "\"kez\"", "storageProof", "storage key is missing"},
      {"\"value\"", "\"valuz\"", "storageProof", "claim is missing"},
      {"\"proof\"", "\"prooz\"", "storageProof", "proof is missing"},
  };
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    char *text = honest(1);
    replace(text, fields[i].name, fields[i].name, fields[i].changed);
    expect_refusal(text, 1, OL_ERR_ENCODING, fields[i].part, fields[i].reason);
  }
}

/* Out of a result, the nodes of a slot's proof prove it again. */
static void gives_the_nodes_of_a_slot(void **state) {
  (void)state;
  ol_slice nodes[OL_LIMIT_TRIE_NODES];
  size_t count;
  ol_u256 value;
  ol_json result;
  char *text = honest(2);
  for (size_t i = 0; i < 3; i++) {
    ol_arena arena = ol_arena_of(parse_memory, sizeof parse_memory);
    assert_int_equal(ol_json_read(&error, &result, &arena, (const uint8_t *)text, strlen(text)), OL_OK);
    ol_status status = ol_storage_proof_nodes(&error, nodes, &count, &arena, result, i);
    assert_int_equal(status, i < 2 ? OL_OK : OL_ERR_ENCODING);
    if (i == 2) break;
    assert_int_equal(ol_storage_verify(&error, &value, &earth.storage.root, &slots[i].key, nodes, count),
                     OL_OK);
  }
  assert_string_equal(error.reason, "result has no proof of this slot");
  replace(text, "\"storageProof\"", "storageProof", "storageProoz");
  ol_arena arena = ol_arena_of(parse_memory, sizeof parse_memory);
  assert_int_equal(ol_json_read(&error, &result, &arena, (const uint8_t *)text, strlen(text)), OL_OK);
  assert_int_equal(ol_storage_proof_nodes(&error, nodes, &count, &arena, result, 0), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "storage proofs are missing");
}

static void names_the_node_and_the_byte_at_fault(void **state) {
  (void)state;
  char *text = honest(1);
  char *second = strstr(strstr(text, "\"accountProof\""), ",\"0x") + 4;
  second[7] = 'g';
  expect_refusal(text, 1, OL_ERR_ENCODING, "accountProof", "character is not a hex digit");
  assert_int_equal(error.node, 1);
  assert_int_equal(error.offset, second + 7 - text);
}

static void refuses_too_many_nodes(void **state) {
  (void)state;
  static char text[1 << 16];
  char *honest_text = honest(0), *nodes = strstr(honest_text, "\"accountProof\":[") + 16;
  size_t used = (size_t)(nodes - honest_text);
  memcpy(text, honest_text, used);
  for (size_t i = 0; i < 4 * OL_LIMIT_TRIE_NODES; i++, used += 7) memcpy(text + used, "\"0x80\",", 7);
  strcpy(text + used, nodes);
  expect_refusal(text, 0, OL_ERR_LIMIT, "accountProof", "proof has too many nodes");
}

/* Servers differ in what they claim about an account that is not there. */
static void accepts_both_claims_about_an_absent_account(void **state) {
  (void)state;
  ol_address absent = world_address(200);
  ol_arena arena = ol_arena_of(text_memory, sizeof text_memory);
  ol_json_writer to;
  ol_slice result;
  ol_json_write_begin(&to, &arena);
  world_write_proof(&to, NULL, &earth, &absent, NULL, 0);
  assert_int_equal(ol_json_write_end(&error, &result, &to), OL_OK);
  char text[1 << 14];
  assert_true(result.len < sizeof text);
  memcpy(text, result.data, result.len);
  text[result.len] = '\0';
  assert_int_equal(verify(text, 0, &absent), OL_OK);
  assert_int_equal(account.exists, 0);
  for (size_t i = 0; i < 64; i++) {
    strstr(text, "codeHash\":\"0x")[13 + i] = '0';
    strstr(text, "storageHash\":\"0x")[16 + i] = '0';
  }
  assert_int_equal(verify(text, 0, &absent), OL_OK);
  assert_true(ol_hash_equal(&account.code_hash, &ol_empty_code_hash));
}

/* Roots that commit to values which are not what a state holds. */
static ol_status verify_value(const uint8_t *value, size_t len, bool as_storage) {
  static world_trie trie;
  memset(&trie, 0, sizeof trie);
  ol_u256 key = world_word(1);
  ol_address address = world_address(0);
  world_proof proof = {.count = 0};
  ol_u256 found;
  if (as_storage)
    world_insert(&trie, key.bytes, sizeof key, value, len);
  else
    world_insert(&trie, address.bytes, sizeof address, value, len);
  const ol_trie_source source = {.entry = world_entry, .context = &trie, .count = 1};
  const ol_trie_sink sink = {.node = world_collect, .context = &proof};
  assert_int_equal(ol_trie_root(&error, &trie.root, &source, &sink), OL_OK);
  return as_storage ? ol_storage_verify(&error, &found, &trie.root, &key, proof.nodes, proof.count)
                    : ol_account_verify(&error, &account, &trie.root, &address, proof.nodes, proof.count);
}

/* A root commits to it as to any other value, even if Ethereum would have deleted the slot. */
static void takes_a_zero_that_is_stored_for_zero(void **state) {
  (void)state;
  assert_int_equal(verify_value((const uint8_t *)"\x80", 1, true), OL_OK);
  assert_int_equal(verify_value((const uint8_t *)"\x80\x80", 2, true), OL_ERR_ENCODING);
}

static void refuses_storage_values_that_are_not_canonical(void **state) {
  (void)state;
  uint8_t long_value[34] = {0xa1, 1};
  assert_int_equal(verify_value(long_value, sizeof long_value, true), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP scalar is too large");
  assert_string_equal(error.part, "storage value");
  assert_int_equal(verify_value((const uint8_t *)"\x82\x00\x01", 3, true), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP scalar has a leading zero");
  assert_int_equal(verify_value((const uint8_t *)"\x05\x05", 2, true), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "bytes follow where the RLP ends");
}

static void refuses_accounts_of_another_shape(void **state) {
  (void)state;
  const ol_trie_entry *entry = &earth.state.entries[3];
  uint8_t bytes[128];
  size_t len = entry->value.len;
  memcpy(bytes, entry->value.data, len);
  assert_int_equal(verify_value(bytes, len, false), OL_OK);
  bytes[len] = 0x80;
  assert_int_equal(verify_value(bytes, len + 1, false), OL_ERR_ENCODING); /* behind the list */
  assert_string_equal(error.part, "account");
  bytes[1]++;
  assert_int_equal(verify_value(bytes, len + 1, false), OL_ERR_ENCODING); /* a fifth field */
  assert_string_equal(error.reason, "bytes follow where the RLP ends");
}

/* Encodes [nonce, balance, storageRoot, codeHash], each given as RLP already. */
static ol_status verify_fields(const char *nonce, size_t nonce_len, const char *balance, size_t balance_len,
                               const char *root, const char *code_hash) {
  uint8_t payload[128], bytes[128];
  ol_rlp_writer fields = {.out = payload, .len = sizeof payload}, to = {.out = bytes, .len = sizeof bytes};
  ol_rlp_put_raw(&fields, (const uint8_t *)nonce, nonce_len);
  ol_rlp_put_raw(&fields, (const uint8_t *)balance, balance_len);
  ol_rlp_put_string(&fields, (const uint8_t *)root, strlen(root));
  ol_rlp_put_string(&fields, (const uint8_t *)code_hash, strlen(code_hash));
  ol_rlp_put_list(&to, fields.used);
  ol_rlp_put_raw(&to, payload, fields.used);
  return verify_value(bytes, to.used, false);
}

static void refuses_accounts_with_fields_that_are_not_canonical(void **state) {
  (void)state;
  const char *hash = "0123456789abcdef0123456789abcdef", *shorter = hash + 1;
  assert_int_equal(verify_fields("\x05", 1, "\x06", 1, hash, hash), OL_OK);
  assert_int_equal(verify_fields("\x00", 1, "\x06", 1, hash, hash), OL_ERR_ENCODING);
  assert_int_equal(verify_fields("\x05", 1, "\x00", 1, hash, hash), OL_ERR_ENCODING);
  assert_int_equal(verify_fields("\x05", 1, "\x06", 1, shorter, hash), OL_ERR_ENCODING);
  assert_int_equal(verify_fields("\x05", 1, "\x06", 1, hash, shorter), OL_ERR_ENCODING);
  assert_int_equal(verify_value((const uint8_t *)"text, and no list of anything here", 34, false),
                   OL_ERR_ENCODING);
  assert_string_equal(error.part, "account");
  assert_int_equal(verify_value((const uint8_t *)"\xa2 a string where a list is expected", 35, false),
                   OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP string where a list belongs");
}

static void refuses_claims_of_another_kind(void **state) {
  (void)state;
  static const struct {
    const char *after, *from, *to, *part;
  } changes[] = {
      {"\"address\"", "0x", "0g", "address"},
      {"\"balance\"", "0x", "0g", "balance"},
      {"\"nonce\"", "0x", "0g", "nonce"},
      {"\"codeHash\"", "0x", "0g", "codeHash"},
      {"\"storageHash\"", "0x", "0g", "storageHash"},
      {"\"key\"", "0x", "0g", "storageProof"},
      {"\"value\"", "0x", "0g", "storageProof"},
      {"\"proof\"", "0x", "0g", "storageProof"},
  };
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    char *text = honest(1);
    replace(text, changes[i].after, changes[i].from, changes[i].to);
    expect_refusal(text, 1, OL_ERR_ENCODING, changes[i].part, "hex does not begin with 0x");
  }
  static char text[1 << 16];
  char *nodes = strstr(honest(1), "\"accountProof\":") + strlen("\"accountProof\":");
  char *end = strchr(nodes, ']') + 1;
  snprintf(text, sizeof text, "%.*s\"0x80\"%s", (int)(nodes - honest(1)), honest(1), end);
  expect_refusal(text, 1, OL_ERR_ENCODING, "accountProof", "JSON value is not an array");
}

static int make_world(void **state) {
  (void)state;
  world_make(&earth);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(accepts_an_honest_result),
      cmocka_unit_test(refuses_the_proof_of_another_address),
      cmocka_unit_test(refuses_a_missing_or_stripped_storage_proof),
      cmocka_unit_test(refuses_the_proof_of_another_slot),
      cmocka_unit_test(refuses_claims_that_the_proof_does_not_show),
      cmocka_unit_test(refuses_missing_fields),
      cmocka_unit_test(gives_the_nodes_of_a_slot),
      cmocka_unit_test(names_the_node_and_the_byte_at_fault),
      cmocka_unit_test(refuses_too_many_nodes),
      cmocka_unit_test(accepts_both_claims_about_an_absent_account),
      cmocka_unit_test(takes_a_zero_that_is_stored_for_zero),
      cmocka_unit_test(refuses_storage_values_that_are_not_canonical),
      cmocka_unit_test(refuses_accounts_of_another_shape),
      cmocka_unit_test(refuses_accounts_with_fields_that_are_not_canonical),
      cmocka_unit_test(refuses_claims_of_another_kind),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
