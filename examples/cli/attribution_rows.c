/* SPDX-License-Identifier: MIT */

/* What is told of an answer: its passages, whose they are, and what everybody gets. */

#include "attribution.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- Taking --- */

/* Where spans come from. */
typedef struct source {
  const ol_evidence *evidence; /* or */
  const ol_corpus_proof *proof;
} source;

static bool span_at(const source *of, ol_attribution_span *out, uint32_t ordinal) {
  return (of->evidence != NULL ? ol_evidence_span(of->evidence, out, ordinal)
                               : ol_corpus_proof_span(of->proof, out, ordinal)) == 1;
}

static bool document_at(const source *of, ol_corpus_document *out, uint32_t ordinal) {
  return (of->evidence != NULL ? ol_evidence_document(of->evidence, out, ordinal)
                               : ol_corpus_proof_document(of->proof, out, ordinal)) == 1;
}

static int take(cli_attribution *out, const source *from, ol_slice response) {
  ol_attribution_span span;
  uint32_t count = 0;
  while (span_at(from, &span, count)) count++;
  out->response = response;
  out->spans = calloc(count + 1, sizeof *out->spans);
  out->documents = calloc(count + 1, sizeof *out->documents);
  if (out->spans == NULL || out->documents == NULL) return cli_no_memory();
  for (uint32_t i = 0; i < count && span_at(from, &out->spans[i], i); i++) {
    const uint32_t document = out->spans[i].document;
    if (document != OL_SPAN_WITHOUT_OWNER && !document_at(from, &out->documents[i], document))
      out->spans[i].document = OL_SPAN_WITHOUT_OWNER;
    out->span_count++;
  }
  return EXIT_VERIFIED;
}

int cli_attribution_of_evidence(cli_attribution *out, const ol_evidence *evidence, ol_slice response) {
  const source from = {.evidence = evidence};
  ol_evidence_corpus(evidence, &out->corpus);
  return take(out, &from, response);
}

int cli_attribution_of_proof(cli_attribution *out, const ol_corpus *corpus, const ol_corpus_proof *proof,
                             ol_slice response) {
  const source from = {.proof = proof};
  ol_corpus_header_of(corpus, &out->corpus);
  return take(out, &from, response);
}

int cli_attribution_rows(cli_attribution *out, const ol_split *split) {
  ol_error error;
  ol_hash root;
  out->rows = calloc(split->count + 1, sizeof *out->rows);
  if (out->rows == NULL) return cli_no_memory();
  while (out->row_count < split->count && ol_split_at(split, &out->rows[out->row_count], out->row_count) == 1)
    out->row_count++;
  return ol_split_root(&error, &root, &out->total_weight, &out->total_amount, split) == OL_OK
             ? EXIT_VERIFIED
             : cli_error("split", &error);
}

void cli_attribution_free(cli_attribution *of) {
  free(of->rows);
  free(of->documents);
  free(of->spans);
  *of = (cli_attribution){.spans = NULL};
}

/* --- For people --- */

#define EXCERPT 48

static void shown_name(const cli_attribution *of, char *out, size_t len, uint64_t document) {
  const char *name = cli_name_of(of->names, document);
  if (name == NULL)
    snprintf(out, len, "%" PRIu64, document);
  else
    cli_excerpt(out, len, (ol_slice){(const uint8_t *)name, strlen(name)});
}

void cli_spans_table(const cli_attribution *of) {
  char text[EXCERPT + 8], name[40], owner[43], rarity[CLI_PERCENT_LEN];
  cli_style_on(stdout, CLI_DIM);
  printf("%-4s %-13s %10s %7s %9s  %-42s %8s  %-24s  %s\n", "span", "bytes", "count", "rarity", "weight",
         "owner", "datanet", "document", "text");
  cli_style_off(stdout, CLI_DIM);
  for (uint32_t i = 0; i < of->span_count; i++) {
    const ol_attribution_span *span = &of->spans[i];
    const bool has_owner = span->document != OL_SPAN_WITHOUT_OWNER;
    char place[24];
    snprintf(place, sizeof place, "%u-%u", (unsigned)span->start, (unsigned)span->end);
    cli_excerpt(text, sizeof text, (ol_slice){of->response.data + span->start, span->end - span->start});
    cli_rarity_text(rarity, span->rarity);
    printf("%-4u %-13s %10" PRIu64 " %7s %9" PRIu64 "  ", (unsigned)i + 1, place, span->count, rarity,
           span->weight);
    if (has_owner) {
      ol_address_text(owner, &of->documents[i].contributor);
      shown_name(of, name, sizeof name, of->documents[i].index);
      printf("%-42s %8" PRIu64 "  %-24s  %s\n", owner, of->documents[i].datanet, name, text);
    } else {
      printf("%-42s %8s  %-24s  %s\n", "nobody: too frequent", "-", "-", text);
    }
  }
}

void cli_shares_table(const cli_attribution *of) {
  char owner[43], percent[CLI_PERCENT_LEN], amount[79], weight[79];
  cli_style_on(stdout, CLI_DIM);
  printf("%-42s %8s %8s %16s  %s\n", "contributor", "datanet", "share %", "weight", "amount");
  cli_style_off(stdout, CLI_DIM);
  for (uint32_t i = 0; i < of->row_count; i++) {
    ol_address_text(owner, &of->rows[i].contributor);
    cli_percent_text(percent, cli_fraction(&of->rows[i].weight, &of->total_weight));
    ol_u256_text(weight, &of->rows[i].weight);
    ol_u256_text(amount, &of->rows[i].amount);
    printf("%-42s %8" PRIu64 " %8s %16s  %s\n", owner, of->rows[i].datanet, percent, weight, amount);
  }
}

/* --- For programs --- */

static void span_json(const cli_attribution *of, uint32_t ordinal) {
  const ol_attribution_span *span = &of->spans[ordinal];
  const ol_corpus_document *document = &of->documents[ordinal];
  char owner[43];
  printf("%s{\"start\":%u,\"end\":%u,\"text\":", ordinal == 0 ? "" : ",", (unsigned)span->start,
         (unsigned)span->end);
  cli_json_bytes(stdout, (ol_slice){of->response.data + span->start, span->end - span->start});
  printf(",\"count\":\"%" PRIu64 "\",", span->count);
  if (span->document == OL_SPAN_WITHOUT_OWNER) {
    fputs("\"owner\":null,\"datanet\":null,\"document\":null", stdout);
  } else {
    ol_address_text(owner, &document->contributor);
    printf("\"owner\":\"%s\",\"datanet\":\"%" PRIu64 "\",\"document\":\"%" PRIu64 "\"", owner,
           document->datanet, document->index);
    const char *name = cli_name_of(of->names, document->index);
    if (name != NULL) {
      fputs(",\"name\":", stdout);
      cli_json_bytes(stdout, (ol_slice){(const uint8_t *)name, strlen(name)});
    }
  }
  printf(",\"rarity\":%u,\"credited\":%u,\"weight\":\"%" PRIu64 "\"}", (unsigned)span->rarity,
         (unsigned)span->credited, span->weight);
}

void cli_attribution_json(const cli_attribution *of) {
  char owner[43], amount[79], weight[79];
  fputs("\"spans\":[", stdout);
  for (uint32_t i = 0; i < of->span_count; i++) span_json(of, i);
  fputs("],\"rows\":[", stdout);
  for (uint32_t i = 0; i < of->row_count; i++) {
    ol_address_text(owner, &of->rows[i].contributor);
    ol_u256_text(weight, &of->rows[i].weight);
    ol_u256_text(amount, &of->rows[i].amount);
    printf("%s{\"contributor\":\"%s\",\"datanet\":\"%" PRIu64 "\",\"weight\":\"%s\",\"amount\":\"%s\"}",
           i == 0 ? "" : ",", owner, of->rows[i].datanet, weight, amount);
  }
  ol_u256_text(weight, &of->total_weight);
  ol_u256_text(amount, &of->total_amount);
  printf("],\"totalWeight\":\"%s\",\"totalAmount\":\"%s\"", weight, amount);
}
