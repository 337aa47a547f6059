/* SPDX-License-Identifier: MIT */

/* openledger attribute: which documents of a corpus an answer quotes, and what each is worth. */

#define _POSIX_C_SOURCE 200809L

#include "attribution.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPLIT_HEAD 9 /* bytes of a split's file in front of its rows */
#define ROW_LEN 60

/* amount = floor(fee * share / 10,000), which has no more than 142 bits on the way. */
static ol_u256 share_of(const ol_u256 *fee, uint32_t bps) {
  ol_u256 out = *fee;
  uint64_t carry = 0;
  for (size_t i = sizeof out.bytes; i-- > 0; carry >>= 8) {
    carry += (uint64_t)out.bytes[i] * bps;
    out.bytes[i] = (uint8_t)carry;
  }
  carry = 0;
  for (size_t i = 0; i < sizeof out.bytes; i++) {
    carry = carry << 8 | out.bytes[i];
    out.bytes[i] = (uint8_t)(carry / 10000);
    carry %= 10000;
  }
  return out;
}

/* The split of the weights that were proven. */
static int divide(cli_proving *of) {
  cli_attribution *told = &of->told;
  ol_attribution_weight weight;
  ol_error error;
  uint32_t count = 0;
  while (ol_corpus_proof_weight(of->proof, &weight, count) == 1) count++;
  told->rows = calloc(count + 1, sizeof *told->rows);
  if (told->rows == NULL) return cli_no_memory();
  for (; told->row_count < count; told->row_count++) {
    if (ol_corpus_proof_weight(of->proof, &weight, told->row_count) != 1) break;
    told->rows[told->row_count] = (ol_split_row){
        .contributor = weight.contributor, .datanet = weight.datanet, .weight = cli_u256_of(weight.weight)};
  }
  return ol_split_divide(&error, told->rows, told->row_count, &told->total_weight, &of->pool) == OL_OK
             ? EXIT_VERIFIED
             : cli_error("split", &error);
}

static int write_evidence(cli_proving *of) {
  static const ol_slice none = {NULL, 0};
  const size_t len = SPLIT_HEAD + (size_t)ROW_LEN * of->told.row_count + 1;
  uint8_t *memory = malloc(len);
  ol_error error;
  ol_slice file, rows = none;
  ol_split split;
  of->evidence = malloc(OL_EVIDENCE_BYTES);
  int result = memory == NULL || of->evidence == NULL ? cli_no_memory() : EXIT_VERIFIED;
  if (result == EXIT_VERIFIED &&
      (ol_split_write(&error, &file, of->told.rows, of->told.row_count, memory, len) != OL_OK ||
       ol_split_open(&error, &split, file) != OL_OK ||
       ol_split_root(&error, &of->split_root, NULL, &of->told.total_amount, &split) != OL_OK))
    result = cli_error("split", &error);
  if (result == EXIT_VERIFIED) rows = (ol_slice){file.data + SPLIT_HEAD, file.len - SPLIT_HEAD};
  if (result == EXIT_VERIFIED &&
      ol_corpus_evidence_write(&error, of->evidence, OL_EVIDENCE_BYTES, &of->evidence_len, of->proof, none,
                               none, rows) != OL_OK)
    result = cli_error("evidence", &error);
  free(memory);
  return result;
}

/* Names that --names gives, or that lie beside the corpus. */
static int read_names(cli_names *out, const cli_args *args) {
  char *beside = cli_join(args->atr.corpus_file, ".names", "");
  if (beside == NULL) return cli_no_memory();
  const char *file = args->atr.names_file != NULL ? args->atr.names_file
                     : access(beside, R_OK) == 0  ? beside
                                                  : NULL;
  const int result = cli_names_read(out, file);
  free(beside);
  return result;
}

int cli_prove(cli_proving *out, const cli_args *args, ol_slice response, bool needs_policy) {
  ol_error error;
  if (args->atr.corpus_file == NULL) return cli_usage_error("--corpus", "missing");
  int result = cli_policy_read(&out->policy, out->policy_bytes, args, needs_policy);
  if (result == EXIT_VERIFIED && out->policy.influence_bps > 0)
    result = cli_usage_error("--policy",
                             "influence decides on a part, and only who has the adapter can say of that");
  if (result == EXIT_VERIFIED) result = read_names(&out->names, args);
  if (result == EXIT_VERIFIED && ol_corpus_open(&error, &out->corpus, args->atr.corpus_file) != OL_OK)
    result = cli_error(args->atr.corpus_file, &error);
  if (result == EXIT_VERIFIED &&
      ol_corpus_prove(&error, &out->proof, out->corpus, &out->policy, response) != OL_OK)
    result = cli_error("answer", &error);
  if (result != EXIT_VERIFIED) return result;
  out->told.names = &out->names;
  out->pool = share_of(&args->atr.fee, out->policy.contributors_bps);
  result = cli_attribution_of_proof(&out->told, out->corpus, out->proof, response);
  if (result == EXIT_VERIFIED) result = divide(out);
  return result == EXIT_VERIFIED ? write_evidence(out) : result;
}

void cli_proving_free(cli_proving *of) {
  cli_attribution_free(&of->told);
  cli_names_free(&of->names);
  ol_corpus_proof_free(of->proof);
  ol_corpus_free(of->corpus);
  free(of->evidence);
}

/* --- The command --- */

static uint64_t take_uv(ol_slice *of) {
  uint64_t value = 0;
  for (unsigned shift = 0; of->len > 0 && shift < 63; shift += 7) {
    const uint8_t byte = *of->data++;
    of->len--;
    value |= (uint64_t)(byte & 127) << shift;
    if (byte < 128) break;
  }
  return value;
}

/* How many absent words evidence that was just written has: they are behind its spans, of four numbers each. */
static uint64_t words_of(const cli_proving *of) {
  const size_t head = 6 + OL_CORPUS_HEADER_BYTES;
  ol_slice rest = {of->evidence + head, of->evidence_len > head ? of->evidence_len - head : 0};
  for (uint64_t left = 4 * take_uv(&rest); left > 0; left--) (void)take_uv(&rest);
  return take_uv(&rest);
}

static uint32_t bytes_covered(const cli_attribution *of) {
  uint32_t covered = 0, until = 0;
  for (uint32_t i = 0; i < of->span_count; i++) {
    const uint32_t from = of->spans[i].start > until ? of->spans[i].start : until;
    if (of->spans[i].end > from) covered += of->spans[i].end - from;
    if (of->spans[i].end > until) until = of->spans[i].end;
  }
  return covered;
}

static void show(const cli_args *args, const cli_proving *of, uint64_t ms) {
  char id[67], size[CLI_SPAN_LEN];
  ol_hash hash;
  const uint64_t words = words_of(of);
  const uint32_t covered = bytes_covered(&of->told);
  ol_corpus_id(&hash, &of->told.corpus);
  ol_hex_text(id, hash.bytes, sizeof hash.bytes);
  if (args->json) {
    printf("{\"corpusId\":\"%s\",\"bytes\":%zu,\"quoted\":%u,", id, of->told.response.len, (unsigned)covered);
    cli_attribution_json(&of->told);
    printf(",\"words\":%" PRIu64 ",\"evidenceBytes\":%zu,\"ms\":%" PRIu64 "}\n", words, of->evidence_len, ms);
    return;
  }
  cli_size_text(size, of->evidence_len);
  cli_row("corpus", CLI_PLAIN, "%s", id);
  cli_row("answer", CLI_PLAIN, "%zu bytes, %u of them in %u passages of at least %u", of->told.response.len,
          (unsigned)covered, (unsigned)of->told.span_count, (unsigned)of->policy.min_span);
  cli_row("complete", CLI_GREEN,
          "%" PRIu64 " words that the corpus does not have show that there are no others", words);
  cli_row("evidence", CLI_PLAIN, "%s", size);
  if (of->told.span_count > 0) putchar('\n');
  if (of->told.span_count > 0) cli_spans_table(&of->told);
  if (of->told.row_count > 0) putchar('\n');
  if (of->told.row_count > 0) cli_shares_table(&of->told);
}

int cli_attribute(const cli_args *args) {
  const uint64_t began = ol_host_now_ms();
  cli_proving of = {.corpus = NULL};
  cli_files files = {.count = 0};
  ol_slice response;
  int result = cli_files_read(&files, &response, "--answer", args->atr.response_file, true);
  if (result == EXIT_VERIFIED) result = cli_prove(&of, args, response, false);
  if (result == EXIT_VERIFIED && args->out_file != NULL)
    result = cli_file_write("--out", args->out_file, (ol_slice){of.evidence, of.evidence_len});
  if (result == EXIT_VERIFIED) show(args, &of, ol_host_now_ms() - began);
  cli_proving_free(&of);
  cli_files_free(&files);
  return result;
}
