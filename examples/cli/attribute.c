/* SPDX-License-Identifier: MIT */

/* openledger attribute: which documents of a corpus an answer quotes, and what each is worth. */

#include "attribution.h"

#include <inttypes.h>

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
  if (of->proof == NULL) return 0;
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
  if (of->proof != NULL) {
    cli_row("corpus", CLI_PLAIN, "%s", id);
    cli_row("answer", CLI_PLAIN, "%zu bytes, %u of them in %u passages of at least %u", of->told.response.len,
            (unsigned)covered, (unsigned)of->told.span_count, (unsigned)of->policy.min_span);
    cli_row("complete", CLI_GREEN,
            "%" PRIu64 " words that the corpus does not have show that there are no others", words);
  }
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
