/* SPDX-License-Identifier: MIT */
#include "openledger/witness.h"

#include "unit/attribution/proofs.h"
#include "unit/bytes.h"

/* Proofs that another implementation made (proofs.mjs), as they are and changed. */

#define TIME 1700000000u
#define DASH "\xe2\x80\x94 "

static ol_error error;
static ol_witness_policy policy;
static ol_witness_batch batch;
static ol_witness_report report;
static char edited[OL_WITNESS_PROOF_BYTES + 256];

static int make(void **state) {
  static const char *const texts[] = {witness_text_0, witness_text_1, witness_text_2};
  (void)state;
  memset(&policy, 0, sizeof policy);
  memset(&report, 0, sizeof report);
  policy.quorum = policy.witness_count = 3;
  assert_int_equal(ol_witness_key_read(&error, &policy.log, text_of(log_text), OL_WITNESS_LOG), OL_OK);
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(
        ol_witness_key_read(&error, &policy.witnesses[i], text_of(texts[i]), OL_WITNESS_COSIGNER), OL_OK);
  batch = (ol_witness_batch){.chain_id = 1612, .batch_id = 7};
  memset(&batch.registry, 0x77, sizeof batch.registry);
  memset(&batch.root, 0x11, sizeof batch.root);
  return 0;
}

static ol_status verify(const char *proof) {
  return ol_witness_verify(&error, &report, &policy, &batch, text_of(proof));
}

/* Returns: a text in which the first of something is something else. */
static const char *with(const char *text, const char *what, const char *by) {
  const char *at = strstr(text, what);
  assert_non_null(at);
  const size_t before = (size_t)(at - text), behind = strlen(at + strlen(what));
  assert_true(before + strlen(by) + behind < sizeof edited);
  memmove(edited + before + strlen(by), at + strlen(what), behind + 1); /* the text may be `edited` itself */
  if (text != edited) memcpy(edited, text, before);
  memcpy(edited + before, by, strlen(by));
  return edited;
}

static void refused(const char *proof, ol_status status, uint32_t line, const char *reason) {
  const ol_witness_report before = report;
  assert_int_equal(verify(proof), status);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, line == OL_NOWHERE ? "" : "line");
  assert_int_equal(error.item, line);
  assert_memory_equal(&before, &report, sizeof report);
}

static void verifies_what_others_have_made(void **state) {
  (void)state;
  static const struct {
    const char *text;
    uint64_t index, size;
  } proofs[] = {{proof_0_of_1, 0, 1},           {proof_1_of_2, 1, 2},  {proof_2_of_3, 2, 3},
                {proof_4_of_6, 4, 6},           {proof_6_of_7, 6, 7},  {proof_0_of_8, 0, 8},
                {proof_777_of_1000, 777, 1000}, {proof_with_all, 3, 5}};
  for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++) {
    assert_int_equal(verify(proofs[i].text), OL_OK);
    assert_int_equal(report.index, proofs[i].index);
    assert_int_equal(report.size, proofs[i].size);
    assert_int_equal(report.time, TIME + 2);
    assert_int_equal(report.seen_by, 7);
    assert_int_equal(report.count, 3);
  }
  assert_bytes(report.root.bytes, 4, "4843aa64");
}

/* The entry says which batch of which registry on which chain; another is not in the log. */
static void an_entry_is_of_one_batch(void **state) {
  static const char reason[] = "checkpoint does not have the entry";
  uint8_t entry[OL_WITNESS_ENTRY];
  ol_witness_entry(entry, &batch);
  assert_bytes(entry, sizeof entry,
               "415452312e6261746368000000000000064c77777777777777777777777777777777777777770000000000000007"
               "1111111111111111111111111111111111111111111111111111111111111111");
  batch.chain_id++;
  refused(proof_0_of_1, OL_ERR_PROOF, 6, reason);
  make(state);
  batch.registry.bytes[19]++;
  refused(proof_0_of_1, OL_ERR_PROOF, 6, reason);
  make(state);
  batch.batch_id++;
  refused(proof_0_of_1, OL_ERR_PROOF, 6, reason);
  make(state);
  batch.root.bytes[31]++;
  refused(proof_0_of_1, OL_ERR_PROOF, 6, reason);
}

/* Lines: 1 form, 2 index, 3 and 4 hashes, 6 origin, 7 size, 8 root, 10 the log's signature, 11 to 13 cosignatures. */
static void refuses_what_is_not_of_the_form(void **state) {
  (void)state;
  static const char not_text[] = "proof is not UTF-8, or has control characters";
  static const char name[] = "name of a key has a space, a plus, or is not UTF-8";
  static const char zero[] = "number has no digits, or a leading zero";
  static const struct {
    const char *what, *by;
    uint32_t line;
    const char *reason;
  } cases[] = {
      {"@v1\n", "@v2\n", 1, "proof is not of the form c2sp.org/tlog-proof@v1"},
      {"c2sp", "\tc2sp", 1, not_text},
      {"index", "\tindex", 2, not_text},
      {"index", "extra AA==\n\tindex", 3, not_text},
      {"n/U3", "\tn/U3", 3, not_text},
      {"batches\n6\n", "batches\n\t6\n", 7, not_text},
      {"batches\n6\n", "batches\n6\n\t", 8, not_text},
      {"batches\n6\n", "batches\n6\nA", 8, "base64 is not a multiple of 4 characters"},
      {"\n" DASH "log", "\t\n" DASH "log", 9, not_text},
      {DASH "log", "\t" DASH "log", 10, not_text},
      {"@v1\n", "@v1 \n", 1, "proof is not of the form c2sp.org/tlog-proof@v1"},
      {"index", "extra \nindex", 2, "base64 is missing"},
      {"index", "extra AAA\nindex", 2, "base64 is not a multiple of 4 characters"},
      {"index", "extra AA==\nextra AA==\nindex", 3, "proof has no index where it belongs"},
      {"index 4", "Index 4", 2, "proof has no index where it belongs"},
      {"index 4", "index ", 2, zero},
      {"index 4", "index 04", 2, zero},
      {"index 4", "index 4x", 2, "character is not a decimal digit"},
      {"index 4", "index +4", 2, "character is not a decimal digit"},
      {"index 4", "index 18446744073709551616", 2, "number has more than 64 bits"},
      {"index 4", "index 4\r", 2, not_text},
      {"n/U3", "", 3, "hash has not 32 bytes"},
      {"n/U3", "n U3", 3, "character is not base64"},
      {"YyLM=", "YyLN=", 3, "unused bits of base64 are not zero"},
      {"\nlog.example", "\nlog\x01.example", 6, not_text},
      {"\nlog.example", "\nlog\xff.example", 6, not_text},
      {"batches\n6\n", "batches\n06\n", 7, zero},
      {"batches\n6\n", "batches\n\n", 7, zero},
      {DASH "log", "- log", 10, "line is not a signature"},
      {DASH "witness.example/1 ", DASH "witness+example/1 ", 11, name},
      {DASH "witness.example/1 ",
       DASH "witness\xc2\xa0"
            "example/1 ",
       11, name},
      {DASH "witness.example/1 ",
       DASH "witness\xe2\x80\x8a"
            "example/1 ",
       11, name},
      {DASH "witness.example/1 ", DASH " ", 11, "name of a key has not 1 to 255 bytes"},
      {DASH "witness.example/1 ", DASH "witness.example/1  ", 11, "base64 is not a multiple of 4 characters"},
      {DASH "witness.example/1 ", DASH "other\n" DASH "witness.example/1 ", 11,
       "line has no signature behind a name"},
      {DASH "witness.example/1 ", DASH "witness.example/1 \n" DASH "other ", 11, "base64 is missing"},
      {DASH "witness.example/1 ", DASH "other AAAAAA==\n" DASH "witness.example/1 ", 11,
       "signature has no bytes behind its id"},
      {DASH "witness.example/1 ", "\n" DASH "witness.example/1 ", 11, "line is not a signature"},
      {"witness.example/1 FlcUyA", "witness.example/1 FlcUyI", 11,
       "time of a cosignature has more than 63 bits"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    refused(with(proof_4_of_6, cases[i].what, cases[i].by), OL_ERR_ENCODING, cases[i].line, cases[i].reason);
  }
  char more[1024] = "other ";
  for (size_t i = 0; i < 252 / 4; i++) strcat(more, "AAAA");
  strcat(more, "\n" DASH "witness.example/1 ");
  assert_int_equal(verify(with(proof_4_of_6, "witness.example/1 ", more)), OL_OK);
  more[6 + 126] = '=', more[6 + 127] = '='; /* padding within */
  assert_int_equal(verify(with(proof_4_of_6, "witness.example/1 ", more)), OL_ERR_ENCODING);
  assert_int_equal(error.item, 11);
}

static void refuses_signatures_of_other_lengths(void **state) {
  (void)state;
  char *line_end = strchr(strstr(with(proof_4_of_6, "@v1", "@v1"), "batches TsZi"), '\n');
  memmove(line_end - 4, line_end, strlen(line_end) + 1);
  refused(edited, OL_ERR_ENCODING, 10, "signature has another length");
  line_end = strchr(strstr(with(proof_4_of_6, "@v1", "@v1"), "witness.example/2"), '\n');
  memmove(line_end - 4, line_end, strlen(line_end) + 1);
  refused(edited, OL_ERR_ENCODING, 12, "cosignature has another length");
}

/* All of it is needed, to the last line end. */
static void refuses_what_is_cut(void **state) {
  (void)state;
  for (size_t len = 0; len < sizeof proof_with_all - 1; len++)
    assert_int_not_equal(
        ol_witness_verify(&error, &report, &policy, &batch, ol_slice_of(proof_with_all, len)), OL_OK);
  *strstr(with(proof_4_of_6, "@v1", "@v1"), DASH) = '\0';
  refused(edited, OL_ERR_ENCODING, 9, "checkpoint has no signatures");
  edited[strlen(edited) - 1] = '\0';
  refused(edited, OL_ERR_ENCODING, 9, "proof ends within, or before, a line");
}

static void refuses_what_is_too_much(void **state) {
  (void)state;
  static char many[OL_WITNESS_PROOF_BYTES];
  for (int count = 60; count <= 61; count++) { /* beside four */
    *many = '\0';
    for (int i = 0; i < count; i++) strcat(many, DASH "other AAAAAAAA\n");
    strcat(many, DASH "log");
    const char *text = with(proof_4_of_6, DASH "log", many);
    if (count == 60)
      assert_int_equal(verify(text), OL_OK);
    else
      refused(text, OL_ERR_LIMIT, 9 + 65, "checkpoint has more than 64 signatures");
  }
  *many = '\0';
  for (int i = 0; i < 65; i++) strcat(many, "n/U3thiiV++CkIxFkVrLrrbZ3qA11tk5ZPyIwZ6YyLM=\n");
  refused(with(proof_0_of_1, "\n\n", strcat(strcpy(many + 4096, "\n"), strcat(many, "\n"))), OL_ERR_LIMIT,
          2 + 65, "proof has more than 64 hashes");
  memset(many, 'x', 4096);
  strcpy(many + 4096, "\n\n" DASH "log");
  refused(with(proof_4_of_6, "\n" DASH "log", many), OL_ERR_LIMIT, 9, "checkpoint has more than 4,096 bytes");
  memset(edited, 'x', OL_WITNESS_PROOF_BYTES + 1);
  edited[OL_WITNESS_PROOF_BYTES + 1] = '\0';
  refused(edited, OL_ERR_LIMIT, OL_NOWHERE, "proof has more than 64 KiB");
}

static void refuses_what_the_checkpoint_does_not_have(void **state) {
  (void)state;
  static const char hash[] = "n/U3thiiV++CkIxFkVrLrrbZ3qA11tk5ZPyIwZ6YyLM=\n";
  static const struct {
    const char *what, *by;
    uint32_t line;
    const char *reason;
  } cases[] = {
      {"index 4", "index 5", 8, "checkpoint does not have the entry"},
      {"index 4", "index 6", 8, "index is behind the end of the log"},
      {"index 4", "index 18446744073709551615", 8, "index is behind the end of the log"},
      {"index 4", "index 0", 8, "proof has too few hashes"},
      {"batches\n6\n", "batches\n5\n", 8, "proof has a hash too many"},
      {"batches\n6\n", "batches\n7\n", 8, "proof has too few hashes"},
      {"batches\n6\n", "batches\n0\n", 8, "index is behind the end of the log"},
      {"l5nz", "l5nx", 8, "checkpoint does not have the entry"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    refused(with(proof_4_of_6, cases[i].what, cases[i].by), OL_ERR_PROOF, cases[i].line, cases[i].reason);
  }
  refused(with(proof_4_of_6, hash, ""), OL_ERR_PROOF, 7, "proof has too few hashes");
  char twice[2 * sizeof hash] = "";
  strcat(strcat(twice, hash), hash);
  refused(with(proof_4_of_6, hash, twice), OL_ERR_PROOF, 9, "proof has a hash too many");
}

/* --- Whose signatures --- */

static void refuses_what_is_signed_otherwise(void **state) {
  (void)state;
  static const char not_its[] = "the signature is not this key's";
  refused(with(proof_4_of_6, "\n\n" DASH "log", "\nan extension\n\n" DASH "log"), OL_ERR_CRYPTO, 11, not_its);
  for (int i = 0; i < 4; i++) { /* each of them that is known */
    static const char *const lines[] = {"batches TsZi", "example/1 FlcU", "example/2 xrO1", "example/3 imb4"};
    char *at = strstr(with(proof_4_of_6, "@v1", "@v1"), lines[i]) + 40;
    *at = *at == 'A' ? 'B' : 'A';
    refused(edited, OL_ERR_CRYPTO, 10 + (uint32_t)i, not_its);
  }
  char *at = strstr(with(proof_4_of_6, "@v1", "@v1"), "example/1 FlcUyAAAAABlU/EA");
  memcpy(at + 24, "F", 1); /* another time than was signed */
  refused(edited, OL_ERR_CRYPTO, 11, not_its);
}

/* A witness signs another message than the log: neither signature stands for the other. */
static void a_witness_is_no_log(void **state) {
  (void)state;
  policy.log.key[0] ^= 1; /* its id changes too: the line is a stranger's */
  refused(proof_4_of_6, OL_ERR_CRYPTO, 13, "log has not signed the checkpoint");
  make(state);
  char *begin = strstr(with(proof_4_of_6, "@v1", "@v1"), DASH "log");
  char *end = strchr(begin, '\n') + 1;
  memmove(begin, end, strlen(end) + 1);
  refused(edited, OL_ERR_CRYPTO, 12, "log has not signed the checkpoint");
  policy.log.name = text_of("log.example/other");
  refused(proof_4_of_6, OL_ERR_MISMATCH, 6, "checkpoint is of another log");
}

static void a_quorum_is_of_witnesses_that_are_known_and_differ(void **state) {
  (void)state;
  static const char too_few[] = "too few of the witnesses that are known have cosigned";
  char line[256] = {0};
  *strstr(with(proof_4_of_6, "@v1", "@v1"), DASH "witness.example/3") = '\0';
  refused(edited, OL_ERR_QUORUM, OL_NOWHERE, too_few);
  const char *first = strstr(edited, DASH "witness.example/1");
  memcpy(line, first, (size_t)(strchr(first, '\n') + 1 - first));
  strcat(edited, line); /* the first one once more */
  refused(edited, OL_ERR_QUORUM, OL_NOWHERE, too_few);
  policy.quorum = 2;
  assert_int_equal(verify(edited), OL_OK);
  assert_int_equal(report.count, 2);
  assert_int_equal(report.seen_by, 3);
  assert_int_equal(report.time, TIME + 1);
  policy.quorum = policy.witness_count = 2; /* the third is a stranger */
  assert_int_equal(verify(proof_4_of_6), OL_OK);
  assert_int_equal(report.count, 2);
  make(state); /* the id alone is not enough, nor is the name */
  refused(with(proof_4_of_6, "witness.example/1 ", "witness.example/9 "), OL_ERR_QUORUM, OL_NOWHERE, too_few);
  policy.witnesses[1].key[0] ^= 1;
  refused(proof_4_of_6, OL_ERR_QUORUM, OL_NOWHERE, too_few);
}

static void times_to_come_count_for_nothing(void **state) {
  (void)state;
  policy.not_after = TIME + 1;
  refused(proof_4_of_6, OL_ERR_QUORUM, OL_NOWHERE, "too few of the witnesses that are known have cosigned");
  policy.quorum = 2;
  assert_int_equal(verify(proof_4_of_6), OL_OK);
  assert_int_equal(report.seen_by, 3);
  assert_int_equal(report.time, TIME + 1);
  policy.not_after = TIME + 2;
  policy.quorum = 3;
  assert_int_equal(verify(proof_4_of_6), OL_OK);
}

static void policy_refused(const char *part, uint32_t item, ol_status status, const char *reason) {
  assert_int_equal(verify(proof_4_of_6), status);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, part);
  assert_int_equal(error.item, item);
  make(NULL);
}

static void a_policy_has_each_name_and_each_key_once(void **state) {
  (void)state;
  static const char quorum[] = "quorum is not from 1 to the number of witnesses";
  static const char twice[] = "name or key is there twice";
  policy.quorum = 0;
  policy_refused("", OL_NOWHERE, OL_ERR_ARGUMENT, quorum);
  policy.quorum = 4;
  policy_refused("", OL_NOWHERE, OL_ERR_ARGUMENT, quorum);
  policy.witness_count = OL_WITNESS_KEYS + 1;
  policy_refused("", OL_NOWHERE, OL_ERR_ARGUMENT, quorum);
  policy.witnesses[2].name = policy.witnesses[0].name;
  policy_refused("witness", 2, OL_ERR_ARGUMENT, twice);
  memcpy(policy.witnesses[2].key, policy.witnesses[1].key, 32);
  policy_refused("witness", 2, OL_ERR_ARGUMENT, twice);
  memcpy(policy.witnesses[1].key, policy.log.key, 32);
  policy_refused("witness", 1, OL_ERR_ARGUMENT, twice);
  policy.witnesses[0].name = policy.log.name;
  policy_refused("witness", 0, OL_ERR_ARGUMENT, twice);
  policy.witnesses[0].name = text_of("a name");
  policy_refused("witness", 0, OL_ERR_ENCODING, "name of a key has a space, a plus, or is not UTF-8");
  policy.log.name.len = 0;
  policy_refused("log", OL_NOWHERE, OL_ERR_ENCODING, "name of a key has not 1 to 255 bytes");
}

/* --- Keys --- */

static void key_refused(const char *text, ol_witness_kind kind, ol_status status, const char *reason) {
  ol_witness_key key;
  assert_int_equal(ol_witness_key_read(&error, &key, text_of(text), kind), status);
  assert_string_equal(error.reason, reason);
}

static void reads_keys_as_they_are_published(void **state) {
  (void)state;
  assert_int_equal(policy.log.name.len, strlen("log.example/batches"));
  assert_memory_equal(policy.log.name.data, "log.example/batches", policy.log.name.len);
  assert_bytes(policy.log.key, 32, "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c");
  key_refused(log_text, OL_WITNESS_COSIGNER, OL_ERR_MISMATCH, "key is of another kind");
  key_refused(witness_text_0, OL_WITNESS_LOG, OL_ERR_MISMATCH, "key is of another kind");
  key_refused(with(log_text, "4ec662d2", "4ec662d3"), OL_WITNESS_LOG, OL_ERR_MISMATCH,
              "id is not that of the key");
  key_refused(with(log_text, "4ec662d2", "4EC662D2"), OL_WITNESS_LOG, OL_ERR_MISMATCH,
              "id is not that of the key");
  key_refused(with(log_text, "log.", "log1."), OL_WITNESS_LOG, OL_ERR_MISMATCH, "id is not that of the key");
  key_refused(with(log_text, "AYqI", ""), OL_WITNESS_LOG, OL_ERR_MISMATCH, "key is of another kind");
  key_refused("+", OL_WITNESS_LOG, OL_ERR_ENCODING, "name of a key has not 1 to 255 bytes");
  key_refused("log", OL_WITNESS_LOG, OL_ERR_ENCODING,
              "key is not a name, an id and base64 with '+' between them");
  key_refused("log+4ec662d2", OL_WITNESS_LOG, OL_ERR_ENCODING,
              "key is not a name, an id and base64 with '+' between them");
  key_refused("log+4ec662d2+", OL_WITNESS_LOG, OL_ERR_ENCODING, "base64 is missing");
}

/* --- Two roots --- */

static ol_witness_conflict conflict;

static ol_status compare(const char *proof, const char *other, uint8_t root) {
  ol_hash second;
  memset(&second, root, sizeof second);
  return ol_witness_conflict_verify(&error, &conflict, &policy, &batch, &second, text_of(proof),
                                    text_of(other));
}

static void two_roots_of_a_batch_are_evidence(void **state) {
  (void)state;
  assert_int_equal(compare(one_root, other_root, 0x22), OL_OK);
  assert_false(conflict.is_split_view);
  assert_int_equal(conflict.one.index, 2);
  assert_int_equal(conflict.other.index, 7);
  assert_int_equal(conflict.other.count, 3);
  assert_int_equal(compare(one_root, other_view, 0x22), OL_OK);
  assert_true(conflict.is_split_view);
  assert_int_equal(compare(proof_0_of_8, other_view, 0x22), OL_OK);
  assert_false(conflict.is_split_view); /* a log that has grown */
  assert_int_equal(compare(one_root, other_root, 0x11), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "roots are the same");
  assert_int_equal(compare(one_root, one_root, 0x22), OL_ERR_PROOF);
  assert_string_equal(error.part, "proof");
  assert_int_equal(error.item, 1);
  assert_int_equal(compare(other_root, other_root, 0x22), OL_ERR_PROOF);
  assert_int_equal(error.item, 0);
  *strstr(with(other_root, "@v1", "@v1"), DASH "witness") = '\0'; /* what the log has signed is enough */
  assert_int_equal(compare(one_root, edited, 0x22), OL_OK);
  assert_int_equal(conflict.other.count, 0);
  *strstr(edited, DASH "log") = '\0';
  strcat(edited, DASH "other AAAAAAAA\n");
  assert_int_equal(compare(one_root, edited, 0x22), OL_ERR_CRYPTO);
  policy.quorum = 0;
  assert_int_equal(compare(one_root, other_root, 0x22), OL_ERR_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup(name, make)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(verifies_what_others_have_made),
      TEST(an_entry_is_of_one_batch),
      TEST(refuses_what_is_not_of_the_form),
      TEST(refuses_signatures_of_other_lengths),
      TEST(refuses_what_is_cut),
      TEST(refuses_what_is_too_much),
      TEST(refuses_what_the_checkpoint_does_not_have),
      TEST(refuses_what_is_signed_otherwise),
      TEST(a_witness_is_no_log),
      TEST(a_quorum_is_of_witnesses_that_are_known_and_differ),
      TEST(times_to_come_count_for_nothing),
      TEST(a_policy_has_each_name_and_each_key_once),
      TEST(reads_keys_as_they_are_published),
      TEST(two_roots_of_a_batch_are_evidence),
  };
  return cmocka_run_group_tests_name("attribution.witness", tests, NULL, NULL);
}
