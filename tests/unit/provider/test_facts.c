/* SPDX-License-Identifier: MIT */
#include "crypto/secp256k1.h"
#include "openledger/provider.h"
#include "openledger/text.h"

#include "unit/bytes.h"

/* Facts about a receipt: what is asked, and what is taken of an answer. Providers are asked in test_ledger.c. */

#define ADDRESS(digit) "0x" digit digit digit digit digit
#define H8(digits) digits digits digits digits digits digits digits digits

static ol_error error;
static ol_receipt_question question;
static ol_attribution_facts facts;
static uint8_t memory[64 << 10];
static uint8_t receipt_file[OL_ATTRIBUTION_RECEIPT_BYTES], evidence[6 + OL_CORPUS_HEADER_BYTES];
static ol_batch_proof batch;
static ol_attribution_input input;
static ol_hash name, digest;
static ol_address signer_address;
static ol_signed_receipt receipt;
static char text[4096];

static void sign(void) {
  static ol_secp256k1_signer signer;
  const uint8_t seed[32] = {1}, key[32] = {7};
  ol_secp256k1_pubkey pubkey;
  ol_ecdsa_signature signature;
  ol_secp256k1_signer_init(&signer, seed);
  assert_int_equal(ol_secp256k1_pubkey_create(&error, &pubkey, &signer, key), OL_OK);
  ol_secp256k1_address(&signer_address, &pubkey);
  ol_attribution_receipt_digest(&digest, &receipt.domain, &receipt.receipt);
  assert_int_equal(ol_ecdsa_sign(&error, &signature, &signer, &digest, key, NULL), OL_OK);
  memcpy(receipt.signature, signature.r, 32);
  memcpy(receipt.signature + 32, signature.s, 32);
  receipt.signature[64] = (uint8_t)(27 + signature.y_parity);
  assert_int_equal(ol_attribution_receipt_write(&error, receipt_file, &receipt), OL_OK);
}

static int make(void **state) {
  (void)state;
  memset(&receipt, 0, sizeof receipt);
  memset(&name, 0x31, sizeof name);
  receipt.domain.chain_id = 1612;
  memset(&receipt.domain.registry, 0x77, sizeof receipt.domain.registry);
  receipt.receipt.version = 1;
  receipt.receipt.flags = OL_ATTRIBUTION_SPANS;
  memset(&receipt.receipt.split_root, 0x51, sizeof(ol_hash));
  sign();
  const ol_corpus_header header = {.n = 100, .documents = 1, .epoch = 9};
  memcpy(evidence, "ATRE\x01\x01", 6);
  ol_corpus_header_write(evidence + 6, &header);
  memset(&batch, 0, sizeof batch);
  batch.batch_id.bytes[31] = 5;
  memset(&input, 0, sizeof input);
  input.receipt = ol_slice_of(receipt_file, sizeof receipt_file);
  input.evidence = ol_slice_of(evidence, sizeof evidence);
  input.batch = &batch;
  return 0;
}

/* --- Questions --- */

static void a_receipt_says_what_to_ask(void **state) {
  (void)state;
  char expected[1024], signer[43], digest_text[67];
  ol_slice json;
  assert_int_equal(ol_receipt_question_of(&error, &question, &input, &name), OL_OK);
  assert_memory_equal(&question.signer, &signer_address, 20);
  assert_memory_equal(&question.domain, &receipt.domain, sizeof receipt.domain);
  ol_hex_text(signer, signer_address.bytes, 20);
  ol_hex_text(digest_text, digest.bytes, 32);
  snprintf(expected, sizeof expected,
           "{\"signer\":\"%s\",\"digest\":\"%s\",\"splitRoot\":\"0x" H8(
               "51515151") "\",\"batchId\":\"0x5\",\"corpusName\":\"0x" H8("31313131") "\",\"corpusEpoch\":"
                                                                                       "\"0x9\"}",
           signer, digest_text);
  assert_int_equal(ol_receipt_question_json(&error, &json, &question, memory, 1024), OL_OK);
  assert_int_equal(json.len, strlen(expected));
  assert_memory_equal(json.data, expected, json.len);
  assert_int_equal(ol_receipt_question_json(&error, &json, &question, memory, 100), OL_ERR_MEMORY);
  input.batch = NULL;
  assert_int_equal(ol_receipt_question_of(&error, &question, &input, NULL), OL_OK);
  assert_int_equal(question.has_batch, 0);
  assert_int_equal(question.has_corpus, 0);
  *strstr(expected, ",\"batchId\"") = '}';
  assert_int_equal(ol_receipt_question_json(&error, &json, &question, memory, 1024), OL_OK);
  assert_memory_equal(json.data, expected, json.len);
}

/* A corpus is asked about where it decides, and where evidence has one. */
static void a_corpus_is_that_of_the_evidence(void **state) {
  (void)state;
  receipt.receipt.flags = OL_ATTRIBUTION_INFLUENCE;
  sign();
  assert_int_equal(ol_receipt_question_of(&error, &question, &input, &name), OL_OK);
  assert_int_equal(question.has_corpus, 0);
  make(state);
  input.evidence.len--;
  assert_int_equal(ol_receipt_question_of(&error, &question, &input, &name), OL_OK);
  assert_int_equal(question.has_corpus, 0);
  make(state);
  memset(evidence + 6, 0, 8); /* a corpus without bytes */
  assert_int_equal(ol_receipt_question_of(&error, &question, &input, &name), OL_OK);
  assert_int_equal(question.has_corpus, 0);
}

static void nothing_is_asked_about_what_is_no_receipt(void **state) {
  (void)state;
  input.receipt.len--;
  assert_int_equal(ol_receipt_question_of(&error, &question, &input, &name), OL_ERR_ENCODING);
  assert_string_equal(error.part, "");
  make(state);
  receipt_file[sizeof receipt_file - 1] = 29;
  assert_int_equal(ol_receipt_question_of(&error, &question, &input, &name), OL_ERR_ENCODING);
  assert_string_equal(error.part, "signature");
}

/* --- Answers --- */

#define DISPUTED(which)                                                                                      \
  "{\"dispute\":\"" which "\",\"disputer\":\"" ADDRESS("00000001") "\",\"disputedAt\":\"0x1\","

/* Returns: facts about the receipt, of what a provider says. */
static const char *answer(void) {
  char signer[43], digest_text[67];
  ol_hex_text(signer, signer_address.bytes, 20);
  ol_hex_text(digest_text, digest.bytes, 32);
  snprintf(text, sizeof text,
           "{\"chainId\":\"0x64c\",\"registry\":\"" ADDRESS("77777777") "\",\"nodes\":\"" ADDRESS("66666666") "\",\"signer\":" DISPUTED("upheld") "\"address\":\"%s\",\"operator\":\"" ADDRESS(
               "01010101") "\",\"registeredAt\":\"0x11\",\"revokedAt\":\"0x12\",\"bond\":\"0x13\","
                           "\"slashed\":\"0x14\",\"minBond\":\"0x15\"},"
                           "\"receipt\":" DISPUTED(
                               "open") "\"digest\":\"%s\"},"
                                       "\"split\":" DISPUTED("dismissed") "\"root\":\"0x" H8(
                                           "51515151") "\"},"
                                                       "\"batch\":{\"dispute\":\"none\",\"id\":\"0x5\","
                                                       "\"root\":\"0x" H8(
                                                           "61616161") "\",\"signer\":"
                                                                       "\"" ADDRESS(
                                                                           "01010101") "\","
                                                                                       "\"rece"
                                                                                       "ipts\""
                                                                                       ":\"0x1"
                                                                                       "6\"},"
                                                                                       "\"corp"
                                                                                       "us\""
                                                                                       ":" DISPUTED("upheld") "\"name\":\"0x" H8("31313131") "\",\"epoch\":\"0x9\",\"corpusId\":\"0x" H8(
                                                                                           "71717171") "\","
                                                                                                       "\"new"
                                                                                                       "est\""
                                                                                                       ":\"0x"
                                                                                                       "17\","
                                                                                                       "\"pub"
                                                                                                       "lishe"
                                                                                                       "r\":"
                                                                                                       "\"" ADDRESS(
                                                                                                           "0"
                                                                                                           "1"
                                                                                                           "0"
                                                                                                           "1"
                                                                                                           "0"
                                                                                                           "1"
                                                                                                           "0"
                                                                                                           "1") "\"},"
                                                                                                                "\"layout\":\"pinned\",\"trust\":\"proposed\",\"block\":{\"number\":\"0x18\",\"hash\":\"0x" H8(
                                                                                                                    "01010101") "\",\"timestamp\":\"0x19\"}}",
           signer, digest_text);
  return text;
}

static ol_status read_text(const char *json) {
  return ol_receipt_facts_read(&error, &facts, &question, text_of(json), memory, sizeof memory);
}

static int make_answer(void **state) {
  make(state);
  memset(&facts, 0, sizeof facts);
  assert_int_equal(ol_receipt_question_of(&error, &question, &input, &name), OL_OK);
  return answer() == NULL;
}

static void takes_all_of_an_answer(void **state) {
  (void)state;
  assert_int_equal(read_text(text), OL_OK);
  assert_int_equal(facts.trust, OL_TRUST_PROPOSED);
  assert_int_equal(facts.has_signer + facts.has_corpus + facts.has_batch + facts.has_disputes, 4);
  assert_int_equal(facts.witnesses, 0);
  assert_int_equal(facts.signer_registered_at, 0x11);
  assert_int_equal(facts.signer_revoked_at, 0x12);
  assert_int_equal(facts.signer_bond.bytes[31], 0x13);
  assert_int_equal(facts.signer_slashed.bytes[31], 0x14);
  assert_int_equal(facts.min_bond.bytes[31], 0x15);
  assert_int_equal(facts.batch_leaves, 0x16);
  assert_int_equal(facts.batch_root.bytes[31], 0x61);
  assert_int_equal(facts.batch_signer.bytes[19], 0x01);
  assert_int_equal(facts.corpus_id.bytes[31], 0x71);
  assert_int_equal(facts.corpus_epoch, 9);
  assert_int_equal(facts.corpus_newest, 0x17);
  assert_int_equal(facts.block_number, 0x18);
  assert_int_equal(facts.block_timestamp, 0x19);
  assert_int_equal(facts.signer_dispute, OL_DISPUTE_STATUS_UPHELD);
  assert_int_equal(facts.receipt_dispute, OL_DISPUTE_STATUS_OPEN);
  assert_int_equal(facts.split_dispute, OL_DISPUTE_STATUS_DISMISSED);
  assert_int_equal(facts.batch_dispute, OL_DISPUTE_STATUS_NONE);
  assert_int_equal(facts.corpus_dispute, OL_DISPUTE_STATUS_UPHELD);
}

/* Puts other text in place of the first of something behind the first of something else. */
static void change(const char *behind, const char *what, const char *by) {
  char *at = strstr(text, behind);
  assert_non_null(at);
  at = strstr(at, what);
  assert_non_null(at);
  assert_int_equal(strlen(what), strlen(by));
  memcpy(at, by, strlen(by));
}

static void refuses_facts_about_something_else(void **state) {
  static const struct {
    const char *behind, *what, *by, *part;
  } cases[] = {
      {"\"chainId\"", "64c", "64d", "chainId"},
      {"\"registry\"", "7777", "7778", "registry"},
      {"\"receipt\"", "\"digest\":\"0x", NULL, "receipt"},
      {"\"address\"", "\"address\":\"0x", NULL, "signer"},
      {"\"split\"", "5151", "5251", "split"},
      {"\"batch\"", "\"0x5\"", "\"0x6\"", "batch"},
      {"\"corpus\"", "3131", "3130", "corpus"},
      {"\"epoch\"", "\"0x9\"", "\"0x8\"", "corpus"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    make_answer(state);
    if (cases[i].by != NULL) {
      change(cases[i].behind, cases[i].what, cases[i].by);
    } else {
      char *digit = strstr(strstr(text, cases[i].behind), cases[i].what) + strlen(cases[i].what);
      *digit = *digit == '0' ? '1' : '0';
    }
    assert_int_equal(read_text(text), OL_ERR_MISMATCH);
    assert_string_equal(error.reason, "facts are about something else");
    assert_string_equal(error.part, cases[i].part);
    assert_int_equal(facts.has_signer, 0);
  }
}

static void refuses_facts_that_lack_something(void **state) {
  static const char *const members[] = {
      "chainId", "registry", "signer",   "dispute", "address",  "registeredAt", "revokedAt",
      "bond",    "slashed",  "minBond",  "receipt", "digest",   "split",        "root",
      "batch",   "id",       "receipts", "corpus",  "name",     "epoch",        "corpusId",
      "newest",  "trust",    "block",    "number",  "timestamp"};
  for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
    char member[32], other[32];
    make_answer(state);
    snprintf(member, sizeof member, "\"%s\":", members[i]);
    snprintf(other, sizeof other, "\"%.*s_\":", (int)strlen(members[i]) - 1, members[i]);
    change("{", member, other);
    assert_int_equal(read_text(text), OL_ERR_ENCODING);
    assert_string_equal(error.reason, "facts lack a member");
  }
  make_answer(state);
  change("\"batch\"", "root", "ruut");
  assert_int_equal(read_text(text), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "facts lack a member");
  make_answer(state);
  change("\"batch\"", "\"signer\"", "\"sogner\"");
  assert_int_equal(read_text(text), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "facts lack a member");
}

static void refuses_words_that_are_not_known(void **state) {
  static const char reason[] = "facts have a word that is not known";
  static const char *const places[] = {"\"signer\"", "\"receipt\"", "\"split\"", "\"batch\"", "\"corpus\""};
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    make_answer(state);
    char *word = strstr(strstr(text, places[i]), "\"dispute\":\"") + 11;
    *word = 'x';
    assert_int_equal(read_text(text), OL_ERR_ENCODING);
    assert_string_equal(error.reason, reason);
  }
  make_answer(state);
  change("\"trust\"", "proposed", "supposed");
  assert_int_equal(read_text(text), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  make_answer(state);
  memcpy(strstr(text, "\"trust\":\"proposed\""), "\"trust\":\"given\"   ", 18); /* nothing was proven */
  assert_int_equal(read_text(text), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  make_answer(state);
  memcpy(strstr(text, "\"open\""), "123456", 6);
  assert_int_equal(read_text(text), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "JSON value is not a string");
  assert_int_equal(read_text("null"), OL_ERR_ENCODING);
  assert_int_equal(ol_receipt_facts_read(&error, &facts, &question, text_of(answer()), memory, 256),
                   OL_ERR_MEMORY);
}

/* What was not asked about is not taken, though it be told. */
static void takes_what_was_asked(void **state) {
  (void)state;
  question.has_batch = question.has_corpus = 0;
  assert_int_equal(read_text(text), OL_OK);
  assert_int_equal(facts.has_batch + facts.has_corpus, 0);
  assert_int_equal(facts.corpus_dispute, OL_DISPUTE_STATUS_NONE);
  assert_int_equal(facts.has_signer + facts.has_disputes, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_receipt_says_what_to_ask, make),
      cmocka_unit_test_setup(a_corpus_is_that_of_the_evidence, make),
      cmocka_unit_test_setup(nothing_is_asked_about_what_is_no_receipt, make),
      cmocka_unit_test_setup(takes_all_of_an_answer, make_answer),
      cmocka_unit_test_setup(refuses_facts_about_something_else, make_answer),
      cmocka_unit_test_setup(refuses_facts_that_lack_something, make_answer),
      cmocka_unit_test_setup(refuses_words_that_are_not_known, make_answer),
      cmocka_unit_test_setup(takes_what_was_asked, make_answer),
  };
  return cmocka_run_group_tests_name("provider.facts", tests, NULL, NULL);
}
