/* SPDX-License-Identifier: MIT */

/* What a node proves of an answer: passages, influence, the split of both, and the evidence. */

#define _POSIX_C_SOURCE 200809L

#include "attribution.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPLIT_HEAD 9 /* bytes of a split's file in front of its rows */
#define ROW_LEN 60
#define TABLE_LEN (600u << 20) /* bytes of the largest table */

/* --- Influence --- */

int cli_table_read(ol_influence_table **out, void **out_memory, const char *path) {
  ol_error error;
  uint8_t *bytes;
  size_t len;
  uint32_t reason;
  *out_memory = NULL;
  if (ol_host_read_file(&error, &bytes, &len, path, TABLE_LEN) != OL_OK) return cli_error(path, &error);
  const size_t needed = ol_influence_table_size(len);
  *out_memory = malloc(needed);
  int result = *out_memory == NULL ? cli_no_memory() : EXIT_VERIFIED;
  if (result == EXIT_VERIFIED &&
      ol_influence_table_read(&error, out, &reason, (ol_slice){bytes, len}, *out_memory, needed) != OL_OK)
    result = cli_error(path, &error);
  ol_host_free_file(bytes);
  return result;
}

/* Weighs the rows of a table for v. */
static int weigh(cli_proving *of, const ol_influence_table *table, const ol_gradient_header *header) {
  void *memory = malloc(ol_influence_size());
  ol_influence *influence;
  ol_error error;
  of->influence = calloc((size_t)header->rows + 1, sizeof *of->influence);
  int result = memory == NULL || of->influence == NULL ? cli_no_memory() : EXIT_VERIFIED;
  if (result == EXIT_VERIFIED && ol_influence_begin(&error, &influence, table, of->policy.clipping,
                                                    of->vector, memory, ol_influence_size()) != OL_OK)
    result = cli_error("--vector", &error);
  while (result == EXIT_VERIFIED && of->influence_len < header->rows &&
         ol_influence_next(influence, &of->influence[of->influence_len]) == 1)
    of->influence_len++;
  if (result == EXIT_VERIFIED) ol_attribution_weights_sort(of->influence, of->influence_len);
  free(memory);
  return result;
}

static int read_influence(cli_proving *of, const cli_args *args) {
  ol_influence_table *table;
  ol_gradient_header header;
  ol_error error;
  if (of->policy.influence_bps == 0) {
    const bool given = args->atr.table_file != NULL || args->atr.vector_file != NULL;
    return given ? cli_usage_error("--table", "influence decides on nothing, by this policy") : EXIT_VERIFIED;
  }
  if (args->atr.table_file == NULL || args->atr.vector_file == NULL)
    return cli_usage_error("--policy", "influence decides on a part: --table and --vector are needed");
  int result = cli_files_read(&of->files, &of->vector, "--vector", args->atr.vector_file, true);
  if (result == EXIT_VERIFIED) result = cli_table_read(&table, &of->table_memory, args->atr.table_file);
  if (result != EXIT_VERIFIED) return result;
  ol_influence_table_header(table, &header);
  ol_influence_table_id(table, &of->gradient_id);
  if (ol_gradient_header_write(&error, of->gradient_header, &header) != OL_OK)
    return cli_error("--table", &error);
  return weigh(of, table, &header);
}

/* --- The split --- */

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

/* The rows of what was proven. */
static int divide(cli_proving *of) {
  cli_attribution *told = &of->told;
  ol_attribution_weight weight;
  ol_error error;
  uint32_t count = 0, taken = 0;
  while (of->proof != NULL && ol_corpus_proof_weight(of->proof, &weight, count) == 1) count++;
  ol_attribution_weight *spans = calloc(count + 1, sizeof *spans);
  told->rows = calloc(OL_SPLIT_ROWS, sizeof *told->rows);
  int result = spans == NULL || told->rows == NULL ? cli_no_memory() : EXIT_VERIFIED;
  while (result == EXIT_VERIFIED && taken < count &&
         ol_corpus_proof_weight(of->proof, &spans[taken], taken) == 1)
    taken++;
  if (result == EXIT_VERIFIED &&
      ol_split_make(&error, told->rows, OL_SPLIT_ROWS, &told->row_count, &told->total_weight, &of->policy,
                    &of->pool, spans, taken, of->influence, of->influence_len) != OL_OK)
    result = cli_error("split", &error);
  free(spans);
  return result;
}

static int write_evidence(cli_proving *of) {
  const size_t len = SPLIT_HEAD + (size_t)ROW_LEN * of->told.row_count + 1;
  const bool has_influence = of->policy.influence_bps > 0;
  const ol_slice header = {of->gradient_header, has_influence ? sizeof of->gradient_header : 0};
  uint8_t *memory = malloc(len);
  ol_error error;
  ol_slice file, rows = {NULL, 0};
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
      ol_corpus_evidence_write(&error, of->evidence, OL_EVIDENCE_BYTES, &of->evidence_len, of->proof, header,
                               of->vector, rows) != OL_OK)
    result = cli_error("evidence", &error);
  free(memory);
  return result;
}

/* --- Passages --- */

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

/* Where influence decides on all, passages are not asked for. */
static int read_passages(cli_proving *of, const cli_args *args, ol_slice response) {
  ol_error error;
  if (of->policy.influence_bps == 10000) {
    of->told.response = response;
    return EXIT_VERIFIED;
  }
  if (args->atr.corpus_file == NULL) return cli_usage_error("--corpus", "missing");
  const int result = read_names(&of->names, args);
  if (result != EXIT_VERIFIED) return result;
  of->told.names = &of->names;
  if (ol_corpus_open(&error, &of->corpus, args->atr.corpus_file) != OL_OK)
    return cli_error(args->atr.corpus_file, &error);
  if (ol_corpus_prove(&error, &of->proof, of->corpus, &of->policy, response) != OL_OK)
    return cli_error("answer", &error);
  return cli_attribution_of_proof(&of->told, of->corpus, of->proof, response);
}

int cli_prove(cli_proving *out, const cli_args *args, ol_slice response, bool needs_policy) {
  int result = cli_policy_read(&out->policy, out->policy_bytes, args, needs_policy);
  if (result == EXIT_VERIFIED) result = read_influence(out, args);
  if (result == EXIT_VERIFIED) result = read_passages(out, args, response);
  if (result != EXIT_VERIFIED) return result;
  out->pool = share_of(&args->atr.fee, out->policy.contributors_bps);
  result = divide(out);
  return result == EXIT_VERIFIED ? write_evidence(out) : result;
}

void cli_proving_free(cli_proving *of) {
  cli_attribution_free(&of->told);
  cli_names_free(&of->names);
  ol_corpus_proof_free(of->proof);
  ol_corpus_free(of->corpus);
  cli_files_free(&of->files);
  free(of->influence);
  free(of->table_memory);
  free(of->evidence);
}
