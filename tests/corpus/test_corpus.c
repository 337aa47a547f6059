/* SPDX-License-Identifier: MIT */

/* Building corpora: what is refused, what interrupts it, and that each way gives the same file. truth.c has the rest. */

#include "openledger/corpus.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define TEXT_LEN 60000

static char directory[] = "/tmp/openledger-corpus-XXXXXX";
static char path[64];
static char other[64];
static uint8_t text[TEXT_LEN];

/* --- A disk that is full from some byte on, and writes that are short --- */

static uint64_t room; /* bytes that may still be written; UINT64_MAX for a disk that is never full */
static size_t longest;

ssize_t __real_pwrite(int file, const void *bytes, size_t len, off_t at);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t len, off_t at);
ssize_t __wrap_pwrite(int file, const void *bytes, size_t len, off_t at) {
  if (room == 0) {
    errno = ENOSPC;
    return -1;
  }
  if (len > longest) len = longest;
  if (len > room) len = (size_t)room;
  if (room != UINT64_MAX) room -= len;
  return __real_pwrite(file, bytes, len, at);
}

/* --- Documents --- */

/* Words of a small stock, and copies of whole documents: much is repeated, over more than a block. */
static void make_text(void) {
  static const char *const words[] = {"the ", "sea ", "rose ", "and ", "fell ", "\xC3\xA9t\xC3\xA9 ",
                                      "a",    "ab "};
  uint32_t chance = 7;
  size_t at = 0;
  while (at < TEXT_LEN) {
    chance = chance * 1664525 + 1013904223;
    const char *word = words[chance >> 29];
    size_t len = strlen(word);
    if (at + len > TEXT_LEN) break;
    memcpy(text + at, word, len);
    at += len;
  }
  memset(text + at, 'x', TEXT_LEN - at);
}

#define DOCUMENTS 5
static const struct {
  size_t from, len;
} documents[DOCUMENTS] = {{0, 20000}, {0, 0}, {0, 20000}, {20000, 40000}, {0, 20000}};

static ol_slice document(size_t i) {
  size_t from = documents[i].from, end = from + documents[i].len;
  while (from < end && (text[from] & 0xC0) == 0x80) from++;
  while (end < TEXT_LEN && (text[end] & 0xC0) == 0x80) end++;
  return (ol_slice){text + from, end - from};
}

static ol_status add(ol_error *error, ol_corpus_builder *builder, size_t i) {
  ol_address contributor = {{(uint8_t)i}};
  ol_hash licence = {{1}};
  return ol_corpus_builder_add(error, builder, &contributor, i % 2, &licence, document(i));
}

static ol_corpus_builder *begin(const char *at, const ol_corpus_options *options) {
  ol_error error;
  ol_corpus_builder *builder = NULL;
  assert_int_equal(ol_corpus_builder_new(&error, &builder, at, options), OL_OK);
  for (size_t i = 0; i < DOCUMENTS; i++) assert_int_equal(add(&error, builder, i), OL_OK);
  return builder;
}

static void build(const char *at, const ol_corpus_options *options) {
  ol_error error;
  ol_corpus_header header;
  ol_corpus_builder *builder = begin(at, options);
  assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL), OL_OK);
  ol_corpus_builder_free(builder);
}

static uint8_t *contents(const char *at, size_t *out_len) {
  FILE *file = fopen(at, "rb");
  assert_non_null(file);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  long len = ftell(file);
  assert_true(len > 0);
  rewind(file);
  uint8_t *bytes = malloc((size_t)len);
  assert_non_null(bytes);
  assert_int_equal(fread(bytes, 1, (size_t)len, file), (size_t)len);
  fclose(file);
  *out_len = (size_t)len;
  return bytes;
}

static void assert_same_files(const char *a, const char *b) {
  size_t a_len = 0, b_len = 0;
  uint8_t *left = contents(a, &a_len);
  uint8_t *right = contents(b, &b_len);
  assert_int_equal(a_len, b_len);
  assert_memory_equal(left, right, a_len);
  free(left);
  free(right);
}

static bool is_there(const char *at) {
  return access(at, F_OK) == 0;
}

static bool is_being_built(const char *at) {
  char building[80];
  snprintf(building, sizeof building, "%s.building", at);
  return is_there(building);
}

/* --- Tests --- */

static void test_blocks_give_the_same_file(void **state) {
  (void)state;
  build(path, NULL);
  static const uint64_t blocks[] = {1000, 4096, 19999, 20001, 33333, 50000, 100000, 200000};
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    ol_corpus_options options = {.block = blocks[i]};
    build(other, &options);
    assert_same_files(path, other);
    assert_false(is_being_built(other));
  }
}

static void test_little_memory_gives_the_same_file(void **state) {
  (void)state;
  ol_corpus_options options = {.memory = 1 << 20};
  static uint8_t much[700000]; /* more than can be sorted at once in that */
  memset(much, 'a', sizeof much);
  ol_error error;
  const ol_address nobody = {{0}};
  const ol_hash none = {{0}};
  ol_corpus_header headers[2];
  for (int i = 0; i < 2; i++) {
    ol_corpus_builder *builder = NULL;
    const char *at = i == 0 ? path : other;
    assert_int_equal(ol_corpus_builder_new(&error, &builder, at, i == 0 ? NULL : &options), OL_OK);
    assert_int_equal(ol_corpus_builder_add(&error, builder, &nobody, 0, &none, (ol_slice){much, sizeof much}),
                     OL_OK);
    assert_int_equal(ol_corpus_builder_finish(&error, builder, &headers[i], NULL, NULL), OL_OK);
    ol_corpus_builder_free(builder);
  }
  assert_same_files(path, other);
}

static void test_text_that_is_not_utf8_is_refused(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t len;
    size_t at;
  } bad[] = {{"abc\xFF", 4, 3},
             {"0123456789\x80", 11, 10},
             {"\xC0\xAF", 2, 0},
             {"a\xE0\x80\x80", 4, 1},
             {"\xED\xA0\x80", 3, 0},
             {"ab\xF4\x90\x80\x80", 6, 2},
             {"\xF8\x88\x80\x80", 4, 0},
             {"abc\xE2\x82", 5, 3},
             {"\xC3", 1, 0},
             {"\xE2\x28\xA1", 3, 0},
             {"12345678\xF0\x80\x80\x80", 12, 8}};
  ol_error error;
  ol_corpus_builder *builder = begin(other, NULL);
  const ol_address nobody = {{0}};
  const ol_hash none = {{0}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const ol_slice slice = {(const uint8_t *)bad[i].text, bad[i].len};
    assert_int_equal(ol_corpus_builder_add(&error, builder, &nobody, 0, &none, slice), OL_ERR_ENCODING);
    assert_string_equal(error.part, "document");
    assert_int_equal(error.item, DOCUMENTS);
    assert_int_equal(error.offset, bad[i].at);
  }
  /* They have left nothing behind. */
  ol_corpus_header header;
  assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL), OL_OK);
  ol_corpus_builder_free(builder);
  build(path, NULL);
  assert_same_files(path, other);
}

static void test_utf8_of_each_length_is_taken(void **state) {
  (void)state;
  static const char good[] =
      "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";
  ol_error error;
  ol_corpus_builder *builder = NULL;
  const ol_address nobody = {{0}};
  const ol_hash none = {{0}};
  assert_int_equal(ol_corpus_builder_new(&error, &builder, other, NULL), OL_OK);
  const ol_slice slice = {(const uint8_t *)good, sizeof good - 1};
  assert_int_equal(ol_corpus_builder_add(&error, builder, &nobody, 0, &none, slice), OL_OK);
  ol_corpus_builder_free(builder);
}

/* --- Killed builders --- */

typedef struct death {
  uint32_t stage;
  uint32_t calls; /* of that stage, before */
} death;

static void die(void *context, uint32_t stage, uint64_t done, uint64_t total) {
  death *when = context;
  (void)done;
  (void)total;
  if (stage == when->stage && when->calls-- == 0) _exit(42);
}

static void build_and_die(death when, const ol_corpus_options *options) {
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    ol_error error;
    ol_corpus_header header;
    ol_corpus_builder *builder = begin(other, options);
    (void)!ol_corpus_builder_finish(&error, builder, &header, die, &when);
    _exit(1);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(WEXITSTATUS(status), 42);
}

static void test_a_killed_build_is_taken_up(void **state) {
  (void)state;
  static const death deaths[] = {{OL_CORPUS_SORTING, 0},
                                 {OL_CORPUS_SORTING, 3},
                                 {OL_CORPUS_RANKING, 0},
                                 {OL_CORPUS_HASHING, 0},
                                 {OL_CORPUS_HASHING, 1}};
  build(path, NULL);
  const ol_corpus_options options = {.block = 9000};
  for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++) {
    (void)remove(other);
    build_and_die(deaths[i], &options);
    assert_false(is_there(other)); /* what is not complete has not the name */
    ol_error error;
    ol_corpus_builder *builder = NULL;
    assert_int_equal(ol_corpus_builder_resume(&error, &builder, other, NULL), OL_OK);
    assert_non_null(builder);
    assert_int_equal(add(&error, builder, 0), OL_ERR_ARGUMENT);
    ol_corpus_header header;
    assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL), OL_OK);
    ol_corpus_builder_free(builder);
    assert_same_files(path, other);
    assert_false(is_being_built(other));
  }
}

typedef struct passed {
  bool stages[OL_CORPUS_FINISHED + 1];
  uint64_t sorted; /* the least that sorting said was done */
} passed;

static void note(void *context, uint32_t stage, uint64_t done, uint64_t total) {
  passed *all = context;
  assert_true(done <= total);
  if (stage == OL_CORPUS_SORTING && !all->stages[stage]) all->sorted = done;
  all->stages[stage] = true;
}

static void test_what_is_done_is_not_done_again(void **state) {
  (void)state;
  const ol_corpus_options options = {.block = 9000};
  ol_error error;
  ol_corpus_header header;
  for (uint32_t stage = OL_CORPUS_SORTING; stage <= OL_CORPUS_HASHING; stage++) {
    build_and_die((death){stage, stage == OL_CORPUS_SORTING ? 4 : 0}, &options);
    ol_corpus_builder *builder = NULL;
    passed all = {0};
    assert_int_equal(ol_corpus_builder_resume(&error, &builder, other, &options), OL_OK);
    assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, note, &all), OL_OK);
    ol_corpus_builder_free(builder);
    for (uint32_t before = OL_CORPUS_SORTING; before < stage; before++) assert_false(all.stages[before]);
    assert_true(all.stages[stage]);
    if (stage == OL_CORPUS_SORTING) assert_true(all.sorted >= 2 * UINT64_C(9000));
  }
}

static void test_nothing_to_take_up(void **state) {
  (void)state;
  ol_error error;
  (void)remove(other);
  ol_corpus_builder *builder = begin(other, NULL);
  ol_corpus_builder_free(builder); /* its documents were not complete */
  assert_int_equal(ol_corpus_builder_resume(&error, &builder, other, NULL), OL_OK);
  assert_null(builder);
  build(other, NULL);
  assert_int_equal(ol_corpus_builder_resume(&error, &builder, other, NULL), OL_OK);
  assert_null(builder);
}

static void test_a_cut_file_is_not_taken_up(void **state) {
  (void)state;
  build_and_die((death){OL_CORPUS_HASHING, 0}, NULL);
  char inner[96];
  snprintf(inner, sizeof inner, "%s.building/corpus", other);
  assert_int_equal(truncate(inner, 9999), 0);
  ol_error error;
  ol_corpus_builder *builder = NULL;
  assert_int_equal(ol_corpus_builder_resume(&error, &builder, other, NULL), OL_ERR_ENCODING);
}

/* --- Disks --- */

static void test_a_full_disk_is_an_error_and_can_be_gone_on_from(void **state) {
  (void)state;
  build(path, NULL);
  size_t len = 0;
  free(contents(path, &len));
  const ol_corpus_options options = {.block = 30000};
  for (uint64_t some = 110000; some < 2 * len; some += len / 7) {
    (void)remove(other);
    ol_error error;
    ol_corpus_header header;
    ol_corpus_builder *builder = begin(other, &options);
    room = some;
    ol_status status = ol_corpus_builder_finish(&error, builder, &header, NULL, NULL);
    bool was_full = room == 0;
    room = UINT64_MAX;
    assert_int_equal(status, was_full ? OL_ERR_ARGUMENT : OL_OK);
    if (was_full) {
      assert_string_equal(error.reason, "the disk is full");
      assert_false(is_there(other));
      assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL), OL_OK);
    }
    ol_corpus_builder_free(builder);
    assert_same_files(path, other);
  }
}

static void test_a_full_disk_while_documents_are_added(void **state) {
  (void)state;
  build(path, NULL);
  ol_error error;
  ol_corpus_header header;
  ol_corpus_builder *builder = NULL;
  assert_int_equal(ol_corpus_builder_new(&error, &builder, other, NULL), OL_OK);
  for (size_t i = 0; i < DOCUMENTS; i++) {
    room = document(i).len / 2;
    assert_int_equal(add(&error, builder, i), OL_ERR_ARGUMENT);
    room = UINT64_MAX;
    assert_int_equal(add(&error, builder, i), OL_OK);
  }
  assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL), OL_OK);
  ol_corpus_builder_free(builder);
  assert_same_files(path, other);
}

static void test_short_writes_are_gone_on_with(void **state) {
  (void)state;
  build(path, NULL);
  longest = 777;
  build(other, NULL);
  longest = SIZE_MAX;
  assert_same_files(path, other);
}

/* --- Arguments and files --- */

static void test_arguments(void **state) {
  (void)state;
  ol_error error;
  ol_corpus_header header;
  ol_corpus_builder *builder = NULL;
  const ol_corpus_options small = {.memory = 1000};
  assert_int_equal(ol_corpus_builder_new(&error, &builder, other, &small), OL_ERR_ARGUMENT);
  assert_int_equal(ol_corpus_builder_new(&error, &builder, "/nowhere/at/all", NULL), OL_ERR_ARGUMENT);
  assert_int_equal(ol_corpus_builder_new(&error, &builder, other, NULL), OL_OK);
  assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL),
                   OL_ERR_ARGUMENT); /* no documents */
  ol_corpus_builder_free(builder);
  builder = begin(other, NULL);
  assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL), OL_OK);
  assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL),
                   OL_ERR_ARGUMENT); /* twice */
  assert_int_equal(add(&error, builder, 0), OL_ERR_ARGUMENT);
  ol_corpus_builder_free(builder);
}

static void write_file(const char *at, const uint8_t *bytes, size_t len) {
  FILE *file = fopen(at, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, len, file), len);
  assert_int_equal(fclose(file), 0);
}

static void test_files_that_are_no_corpus(void **state) {
  (void)state;
  build(path, NULL);
  size_t len = 0;
  uint8_t *bytes = contents(path, &len);
  ol_error error;
  ol_corpus *corpus = NULL;
  assert_int_equal(ol_corpus_open(&error, &corpus, "/nowhere"), OL_ERR_ARGUMENT);
  assert_int_equal(ol_corpus_open(&error, &corpus, directory), OL_ERR_ARGUMENT);
  const size_t lengths[] = {0, 100, 4096, len - 1};
  for (size_t i = 0; i < 4; i++) {
    write_file(other, bytes, lengths[i]);
    assert_int_equal(ol_corpus_open(&error, &corpus, other), OL_ERR_ENCODING);
  }
  for (size_t at = 0; at < 200; at++) { /* the head has a hash */
    bytes[at] ^= 1;
    write_file(other, bytes, len);
    assert_int_equal(ol_corpus_open(&error, &corpus, other), OL_ERR_ENCODING);
    bytes[at] ^= 1;
  }
  write_file(other, bytes, len);
  assert_int_equal(ol_corpus_open(&error, &corpus, other), OL_OK);
  ol_corpus_free(corpus);
  free(bytes);
}

/* What is proven from it will not verify; but nothing is read that is not in it. */
static void test_a_wrong_file_does_no_harm(void **state) {
  (void)state;
  build(path, NULL);
  size_t len = 0;
  uint8_t *bytes = contents(path, &len);
  memset(bytes + 4096, 0xFF, len - 4096);
  for (size_t at = 4096; at < len; at += 7) bytes[at] = (uint8_t)(at * 31);
  write_file(other, bytes, len);
  free(bytes);
  ol_error error;
  ol_corpus *corpus = NULL;
  assert_int_equal(ol_corpus_open(&error, &corpus, other), OL_OK);
  const ol_attribution_policy policy = {.min_span = 40, .max_count = 10};
  ol_corpus_proof *proof = NULL;
  size_t end = 1500;
  while ((text[end] & 0xC0) == 0x80) end--;
  ol_status status = ol_corpus_prove(&error, &proof, corpus, &policy, (ol_slice){text, end});
  if (status != OL_OK) assert_int_equal(status, OL_ERR_LIMIT);
  if (status == OL_OK) ol_corpus_proof_free(proof);
  uint8_t opening[OL_CORPUS_OPENING_BYTES];
  for (uint32_t tree = 0; tree < 4; tree++) {
    assert_int_equal(ol_corpus_opening(&error, opening, &len, corpus, tree, 1), OL_OK);
  }
  assert_int_equal(ol_corpus_opening(&error, opening, &len, corpus, 4, 0), OL_ERR_ARGUMENT);
  assert_int_equal(ol_corpus_opening(&error, opening, &len, corpus, OL_CORPUS_DOCUMENTS, DOCUMENTS),
                   OL_ERR_ARGUMENT);
  ol_corpus_free(corpus);
}

static void test_answers_and_policies_that_are_refused(void **state) {
  (void)state;
  build(path, NULL);
  ol_error error;
  ol_corpus *corpus = NULL;
  ol_corpus_proof *proof = NULL;
  assert_int_equal(ol_corpus_open(&error, &corpus, path), OL_OK);
  ol_attribution_policy policy = {.min_span = 40, .max_count = 10};
  assert_int_equal(ol_corpus_prove(&error, &proof, corpus, &policy, (ol_slice){(const uint8_t *)"ab\xFF", 3}),
                   OL_ERR_ENCODING);
  assert_int_equal(error.offset, 2);
  static uint8_t many[OL_EVIDENCE_RESPONSE + 1];
  memset(many, 'q', sizeof many);
  assert_int_equal(ol_corpus_prove(&error, &proof, corpus, &policy, (ol_slice){many, sizeof many}),
                   OL_ERR_LIMIT);
  for (uint32_t i = 0; i < 4; i++) {
    ol_attribution_policy bad = policy;
    if (i == 0) bad.min_span = 7;
    if (i == 1) bad.min_span = 4097;
    if (i == 2) bad.max_count = 0;
    if (i == 3) bad.owner_rule = 2;
    assert_int_equal(ol_corpus_prove(&error, &proof, corpus, &bad, (ol_slice){text, 100}), OL_ERR_ARGUMENT);
  }
  policy.owner_rule = OL_OWNER_OCCURRENCE;
  policy.max_count = 65;
  assert_int_equal(ol_corpus_prove(&error, &proof, corpus, &policy, (ol_slice){text, 100}), OL_ERR_ARGUMENT);
  ol_corpus_free(corpus);
}

static void test_parts_of_evidence(void **state) {
  (void)state;
  ol_error error;
  static uint8_t out[OL_EVIDENCE_BYTES], rows[60 * (OL_SPLIT_ROWS + 1)], vector[8];
  uint8_t gradient[106] = {0};
  gradient[65] = 4;
  size_t len = 0;
  const ol_slice none = {0}, header = {gradient, 106}, v = {vector, 8}, two = {rows, 120};
  assert_int_equal(ol_corpus_evidence_write(&error, out, sizeof out, &len, NULL, header, v, two), OL_OK);
  assert_int_equal(len, 6 + 106 + 8 + 1 + 120);
  assert_memory_equal(out, "ATRE\1\2", 6);
  assert_int_equal(ol_corpus_evidence_write(&error, out, len - 1, &len, NULL, header, v, two), OL_ERR_MEMORY);
  assert_int_equal(ol_corpus_evidence_write(&error, out, sizeof out, &len, NULL, header, none, two),
                   OL_ERR_ARGUMENT);
  assert_int_equal(ol_corpus_evidence_write(&error, out, sizeof out, &len, NULL, none, v, two),
                   OL_ERR_ARGUMENT);
  assert_int_equal(ol_corpus_evidence_write(&error, out, sizeof out, &len, NULL, v, v, two), OL_ERR_ARGUMENT);
  const ol_slice odd = {rows, 61}, many = {rows, sizeof rows};
  assert_int_equal(ol_corpus_evidence_write(&error, out, sizeof out, &len, NULL, none, none, odd),
                   OL_ERR_ARGUMENT);
  assert_int_equal(ol_corpus_evidence_write(&error, out, sizeof out, &len, NULL, none, none, many),
                   OL_ERR_LIMIT);
}

static int set_up(void **state) {
  (void)state;
  room = UINT64_MAX;
  longest = SIZE_MAX;
  make_text();
  if (mkdtemp(directory) == NULL) return -1;
  snprintf(path, sizeof path, "%s/a.atrc", directory);
  snprintf(other, sizeof other, "%s/b.atrc", directory);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", directory);
  return system(command);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_blocks_give_the_same_file),
      cmocka_unit_test(test_little_memory_gives_the_same_file),
      cmocka_unit_test(test_text_that_is_not_utf8_is_refused),
      cmocka_unit_test(test_utf8_of_each_length_is_taken),
      cmocka_unit_test(test_a_killed_build_is_taken_up),
      cmocka_unit_test(test_what_is_done_is_not_done_again),
      cmocka_unit_test(test_nothing_to_take_up),
      cmocka_unit_test(test_a_cut_file_is_not_taken_up),
      cmocka_unit_test(test_a_full_disk_is_an_error_and_can_be_gone_on_from),
      cmocka_unit_test(test_a_full_disk_while_documents_are_added),
      cmocka_unit_test(test_short_writes_are_gone_on_with),
      cmocka_unit_test(test_arguments),
      cmocka_unit_test(test_files_that_are_no_corpus),
      cmocka_unit_test(test_a_wrong_file_does_no_harm),
      cmocka_unit_test(test_answers_and_policies_that_are_refused),
      cmocka_unit_test(test_parts_of_evidence),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
