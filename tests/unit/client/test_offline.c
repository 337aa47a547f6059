/* SPDX-License-Identifier: MIT */
#include "openledger/client.h"

#include "openledger/text.h"
#include "unit/bytes.h"
#include "world.h"

/* A header and a proof from files, without a client. */

static world_chain earth;
static ol_error error;
static ol_account_answer answer;
static uint8_t memory[1 << 20];
static char header_text[8192], proof_text[1 << 16];

static void write_to(char *out, size_t size, ol_slice text) {
  assert_true(text.len < size);
  memcpy(out, text.data, text.len);
  out[text.len] = '\0';
}

static int make_texts(void **state) {
  (void)state;
  ol_json_writer to;
  ol_slice text;
  ol_header header = world_block(&earth, 1000, 1);
  const ol_u256 keys[2] = {world_word(4), world_word(77)};
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_json_write_begin(&to, &arena);
  world_write_block(&to, NULL, &header);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  write_to(header_text, sizeof header_text, text);
  arena = ol_arena_of(memory, sizeof memory);
  ol_json_write_begin(&to, &arena);
  world_write_proof(&to, NULL, &earth, &earth.contract, keys, 2);
  assert_int_equal(ol_json_write_end(&error, &text, &to), OL_OK);
  write_to(proof_text, sizeof proof_text, text);
  return 0;
}

static ol_status verify(const ol_account_question *question) {
  return ol_account_verify_text(&error, &answer, question, text_of(header_text), text_of(proof_text), memory,
                                sizeof memory);
}

static ol_account_question question_about(const ol_address *address, size_t slots) {
  ol_account_question question;
  ol_account_question_init(&question, address);
  question.trust = OL_TRUST_GIVEN;
  question.slot_count = (uint32_t)slots;
  question.slots[0] = world_word(4);
  question.slots[1] = world_word(77);
  return question;
}

static void answers_what_the_proof_is_about(void **state) {
  (void)state;
  assert_int_equal(verify(NULL), OL_OK);
  assert_memory_equal(&answer.address, &earth.contract, sizeof answer.address);
  assert_int_equal(answer.slot_count, 2);
  ol_u256 expected = world_word(1004);
  assert_memory_equal(&answer.slots[0].value, &expected, sizeof expected);
  assert_int_equal(answer.trust, OL_TRUST_GIVEN);
  assert_int_equal(answer.block_number, 1000);
}

static void answers_the_question_and_no_other(void **state) {
  (void)state;
  ol_account_question question = question_about(&earth.contract, 2);
  assert_int_equal(verify(&question), OL_OK);
  ol_address other = world_address(1);
  question = question_about(&other, 2);
  assert_int_equal(verify(&question), OL_ERR_MISMATCH);
  question = question_about(&earth.contract, 1);
  assert_int_equal(verify(&question), OL_ERR_MISMATCH);
  question = question_about(&earth.contract, 2);
  question.block = OL_BLOCK_NUMBER;
  question.number = 1001;
  assert_int_equal(verify(&question), OL_ERR_MISMATCH);
  question.number = 1000;
  assert_int_equal(verify(&question), OL_OK);
  question.block = OL_BLOCK_HASH;
  assert_int_equal(verify(&question), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "block has another hash than the one asked");
}

static void claims_no_trust_and_no_code(void **state) {
  (void)state;
  ol_account_question question = question_about(&earth.contract, 2);
  question.trust = OL_TRUST_QUORUM;
  assert_int_equal(verify(&question), OL_ERR_ARGUMENT);
  question = question_about(&earth.contract, 2);
  question.with_code = 1;
  assert_int_equal(verify(&question), OL_ERR_ARGUMENT);
}

static void refuses_a_proof_under_another_header(void **state) {
  (void)state;
  ol_header header = world_block(&earth, 1000, 1);
  uint8_t rlp[2048];
  size_t len;
  header.state_root.bytes[0] ^= 1;
  assert_int_equal(ol_header_encode(&error, rlp, sizeof rlp, &len, &header), OL_OK);
  ol_hex_text(header_text, rlp, len);
  assert_int_equal(verify(NULL), OL_ERR_PROOF);
  assert_string_equal(error.part, "accountProof");
}

static void refuses_a_proof_that_names_nothing(void **state) {
  (void)state;
  strcpy(proof_text, "{}");
  assert_int_equal(verify(NULL), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "proof names no address");
  strcpy(proof_text, "{\"address\":\"00\"}");
  assert_int_equal(verify(NULL), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "hex does not begin with 0x");
  strcpy(proof_text, "{\"address\":\"0x0000000000000000000000000000000000000000\"}");
  assert_int_equal(verify(NULL), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "storage proofs are missing");
  assert_string_equal(error.part, "proof");
  strcpy(proof_text, "{\"address\":\"0x0000000000000000000000000000000000000000\",\"storageProof\":7}");
  assert_int_equal(verify(NULL), OL_ERR_ENCODING);
  assert_string_equal(error.part, "proof");
  assert_string_equal(error.reason, "JSON value is not an array");
  strcpy(proof_text,
         "{\"address\":\"0x0000000000000000000000000000000000000000\",\"storageProof\":[{\"key\":\"7\"}]}");
  assert_int_equal(verify(NULL), OL_ERR_ENCODING);
  assert_string_equal(error.part, "proof");
  strcpy(proof_text, "{\"address\":\"0x0000000000000000000000000000000000000000\",\"storageProof\":[{}]}");
  assert_int_equal(verify(NULL), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "storage key is missing");
  size_t used = strlen(
      strcpy(proof_text, "{\"address\":\"0x0000000000000000000000000000000000000000\",\"storageProof\":[{}"));
  for (int i = 0; i < OL_MAX_SLOTS; i++, used += 3) strcpy(proof_text + used, ",{}");
  strcpy(proof_text + used, "]}");
  assert_int_equal(verify(NULL), OL_ERR_LIMIT);
}

static void refuses_a_header_that_is_none(void **state) {
  (void)state;
  strcpy(header_text, "0xc0");
  assert_int_equal(verify(NULL), OL_ERR_ENCODING);
  assert_string_equal(error.part, "header");
  strcpy(header_text, "{}");
  assert_int_equal(verify(NULL), OL_ERR_ENCODING);
  assert_string_equal(error.part, "parentHash");
}

/* The memory that it asks for is enough, and less than the texts themselves is refused cleanly. */
static void says_how_much_memory_it_takes(void **state) {
  (void)state;
  ol_slice header = text_of(header_text), proof = text_of(proof_text);
  size_t need = ol_account_verify_memory(header.len, proof.len);
  uint8_t *exact = malloc(need);
  assert_int_equal(ol_account_verify_text(&error, &answer, NULL, header, proof, exact, need), OL_OK);
  free(exact);
  for (size_t len = 0; len < proof.len; len += 97)
    assert_int_equal(ol_account_verify_text(&error, &answer, NULL, header, proof, memory, len),
                     OL_ERR_MEMORY);
}

static void writes_the_answer_as_json(void **state) {
  (void)state;
  assert_int_equal(verify(NULL), OL_OK);
  ol_slice text, code = ol_slice_of("\x60\x00", 2);
  assert_int_equal(ol_account_answer_json(&error, &text, &answer, code, memory, 16384), OL_OK);
  static const char start[] = "{\"address\":\"0x000102030405060708090a0b0c0d0e0f10111213\",\"exists\":true,"
                              "\"balance\":\"0x0\",\"nonce\":\"0x1\",";
  assert_memory_equal(text.data, start, strlen(start));
  static const char end[] = "\"trust\":{\"level\":\"given\"}}";
  assert_memory_equal(text.data + text.len - strlen(end), end, strlen(end));
  answer.trust = OL_TRUST_QUORUM;
  answer.agreed = 2;
  answer.asked = 3;
  answer.chain_id = 1612;
  answer.with_code = 1;
  assert_int_equal(ol_account_answer_json(&error, &text, &answer, code, memory, 16384), OL_OK);
  static const char more[] = "\"trust\":{\"level\":\"quorum\",\"agreed\":2,\"asked\":3}}";
  assert_memory_equal(text.data + text.len - strlen(more), more, strlen(more));
  char copy[4096];
  write_to(copy, sizeof copy, text);
  assert_non_null(strstr(copy, "\"code\":\"0x6000\",\"chainId\":\"0x64c\",\"block\":{\"number\":\"0x3e8\""));
  assert_int_equal(ol_account_answer_json(&error, &text, &answer, code, memory, 100), OL_ERR_MEMORY);
  /* The memory that the header promises to be enough, for the longest answer. */
  static uint8_t longest_code[OL_MAX_CODE], enough[(32u << 10) + 16 * OL_MAX_CODE];
  code = ol_slice_of(longest_code, sizeof longest_code);
  answer.slot_count = OL_MAX_SLOTS;
  for (size_t i = 0; i < OL_MAX_SLOTS; i++) memset(&answer.slots[i], 0xff, sizeof answer.slots[i]);
  assert_int_equal(ol_account_answer_json(&error, &text, &answer, code, enough, sizeof enough), OL_OK);
  code.len = 0;
  assert_int_equal(ol_account_answer_json(&error, &text, &answer, code, enough, 32u << 10), OL_OK);
  answer.slot_count = OL_MAX_SLOTS + 1;
  assert_int_equal(ol_account_answer_json(&error, &text, &answer, code, memory, 16384), OL_ERR_ARGUMENT);
}

static int make_world(void **state) {
  (void)state;
  world_make(&earth);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, make_texts)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(answers_what_the_proof_is_about), TEST(answers_the_question_and_no_other),
      TEST(claims_no_trust_and_no_code),     TEST(refuses_a_proof_under_another_header),
      TEST(refuses_a_header_that_is_none),   TEST(refuses_a_proof_that_names_nothing),
      TEST(says_how_much_memory_it_takes),   TEST(writes_the_answer_as_json),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
