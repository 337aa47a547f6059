/* SPDX-License-Identifier: MIT */

/*
 * What corpora cost, measured in CPU time; each command prints one line of JSON.
 *
 *   openledger_corpus_bench build TEXT CORPUS [MEMORY]         documents of about 20 kB
 *   openledger_corpus_bench prove CORPUS K ANSWER...           proves and verifies each answer
 *   openledger_corpus_bench save CORPUS K ANSWER EVIDENCE POLICY
 */

#include "openledger/corpus.h"

#include "attribution/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PIECE 20000
#define VERIFICATIONS 20

static void stop(const char *what) {
  fprintf(stderr, "openledger_corpus_bench: %s\n", what);
  exit(EXIT_FAILURE);
}

static void check(ol_status status, const ol_error *error) {
  char text[300];
  if (status == OL_OK) return;
  (void)ol_error_text(error, text, sizeof text);
  stop(text);
}

static double cpu_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static ol_slice read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) stop(path);
  size_t len = (size_t)ftell(file);
  rewind(file);
  uint8_t *bytes = malloc(len + 1);
  if (bytes == NULL || fread(bytes, 1, len, file) != len) stop(path);
  fclose(file);
  return (ol_slice){bytes, len};
}

static void write_file(const char *path, const uint8_t *bytes, size_t len) {
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(bytes, 1, len, file) != len || fclose(file) != 0) stop(path);
}

/* --- Building --- */

static double begun[OL_CORPUS_FINISHED + 1];

static void note(void *context, uint32_t stage, uint64_t done, uint64_t total) {
  (void)context, (void)done, (void)total;
  if (begun[stage] == 0) begun[stage] = cpu_now();
}

static void build(const char *text_path, const char *path, uint64_t memory) {
  ol_slice text = read_file(text_path);
  ol_error error;
  ol_corpus_builder *builder = NULL;
  const ol_corpus_options options = {.memory = memory};
  check(ol_corpus_builder_new(&error, &builder, path, &options), &error);
  double start = cpu_now();
  uint64_t number = 0;
  for (size_t at = 0; at < text.len; number++) {
    size_t end = text.len - at < PIECE ? text.len : at + PIECE;
    while (end < text.len && (text.data[end] & 0xC0) == 0x80) end++;
    ol_address contributor = {{(uint8_t)(number % 50)}};
    const ol_hash licence = {{1}};
    const ol_slice piece = {text.data + at, end - at};
    check(ol_corpus_builder_add(&error, builder, &contributor, number % 3, &licence, piece), &error);
    at = end;
  }
  ol_corpus_header header;
  check(ol_corpus_builder_finish(&error, builder, &header, note, NULL), &error);
  double end = cpu_now();
  ol_corpus_builder_free(builder);
  printf("{\"n\": %llu, \"documents\": %llu, \"seconds\": %.3f, \"sorting\": %.3f, \"ranking\": %.3f, "
         "\"hashing\": %.3f, "
         "\"mbPerSecond\": %.3f, \"fileBytes\": %zu}\n",
         (unsigned long long)header.n, (unsigned long long)header.documents, end - start,
         begun[OL_CORPUS_RANKING] - begun[OL_CORPUS_SORTING],
         begun[OL_CORPUS_HASHING] - begun[OL_CORPUS_RANKING], end - begun[OL_CORPUS_HASHING],
         (double)header.n / 1e6 / (end - start), read_file(path).len);
}

/* --- Proving --- */

typedef struct totals {
  size_t answers, spans, words, hashes, bytes, most_bytes, answer_bytes;
  double prove, most_prove, verify;
} totals;

/* Hashes that verifying takes: of each tree its leaves, and a node for each two nodes but the top. */
static size_t hashes_of(const ol_evidence *evidence) {
  size_t leaves = evidence->leaves_len + evidence->chunks_len + evidence->documents_len;
  size_t nodes =
      (evidence->leaf_siblings.len + evidence->chunk_siblings.len + evidence->document_siblings.len) / 32 +
      evidence->first_nodes.len / 40;
  return 2 * leaves + nodes;
}

static size_t prove(totals *sum, const ol_corpus *corpus, const ol_attribution_policy *policy,
                    ol_slice answer, uint8_t *out) {
  static uint8_t memory[1 << 20];
  ol_error error;
  ol_corpus_proof *proof = NULL;
  size_t len = 0;
  const ol_slice none = {0};
  double start = cpu_now();
  check(ol_corpus_prove(&error, &proof, corpus, policy, answer), &error);
  check(ol_corpus_evidence_write(&error, out, OL_EVIDENCE_BYTES, &len, proof, none, none, none), &error);
  double took = cpu_now() - start;
  ol_corpus_proof_free(proof);
  ol_evidence *evidence = NULL;
  uint32_t reason = 0;
  start = cpu_now();
  for (int i = 0; i < VERIFICATIONS; i++) {
    check(ol_evidence_verify(&error, &evidence, &reason, policy, (ol_slice){out, len}, answer, memory,
                             sizeof memory),
          &error);
  }
  sum->verify += (cpu_now() - start) / VERIFICATIONS;
  sum->answers++;
  sum->answer_bytes += answer.len;
  sum->spans += evidence->spans_len;
  sum->words += evidence->words_len;
  sum->hashes += hashes_of(evidence);
  sum->bytes += len;
  if (len > sum->most_bytes) sum->most_bytes = len;
  sum->prove += took;
  if (took > sum->most_prove) sum->most_prove = took;
  return len;
}

int main(int argc, char **argv) {
  if (argc >= 4 && strcmp(argv[1], "build") == 0) {
    build(argv[2], argv[3], argc > 4 ? strtoull(argv[4], NULL, 10) : UINT64_C(4) << 30);
    return 0;
  }
  bool saves = argc == 7 && strcmp(argv[1], "save") == 0;
  if (argc < 5 || (!saves && strcmp(argv[1], "prove") != 0))
    stop("usage: build TEXT CORPUS | prove CORPUS K ANSWER... | save ...");
  ol_error error;
  ol_corpus *corpus = NULL;
  check(ol_corpus_open(&error, &corpus, argv[2]), &error);
  const ol_attribution_policy policy = {
      .min_span = (uint32_t)strtoul(argv[3], NULL, 10), .max_count = 1000, .contributors_bps = 10000};
  static uint8_t out[OL_EVIDENCE_BYTES];
  totals sum = {0};
  if (saves) {
    size_t len = prove(&sum, corpus, &policy, read_file(argv[4]), out);
    uint8_t bytes[OL_ATTRIBUTION_POLICY_BYTES];
    check(ol_attribution_policy_write(&error, bytes, &policy), &error);
    write_file(argv[5], out, len);
    write_file(argv[6], bytes, sizeof bytes);
    return 0;
  }
  for (int round = 0; round < 2; round++) { /* the first brings the file into memory */
    sum = (totals){0};
    for (int i = 4; i < argc; i++) (void)prove(&sum, corpus, &policy, read_file(argv[i]), out);
  }
  double count = (double)sum.answers;
  printf(
      "{\"k\": %u, \"answers\": %zu, \"answerBytes\": %.0f, \"spans\": %zu, \"words\": %.1f, \"hashes\": "
      "%.1f, "
      "\"bytes\": %.0f, \"mostBytes\": %zu, \"proveUs\": %.0f, \"mostProveUs\": %.0f, \"verifyUs\": %.1f}\n",
      policy.min_span, sum.answers, (double)sum.answer_bytes / count, sum.spans, (double)sum.words / count,
      (double)sum.hashes / count, (double)sum.bytes / count, sum.most_bytes, sum.prove / count * 1e6,
      sum.most_prove * 1e6, sum.verify / count * 1e6);
  ol_corpus_free(corpus);
  return 0;
}
