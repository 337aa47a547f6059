/* SPDX-License-Identifier: MIT */

/* openledger corpus audit: whether a corpus is what it is committed to; and whether a refutation shows that one is not. */

#define _POSIX_C_SOURCE 200809L

#include "attribution.h"

#include <openledger/audit.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT_LEN 76
#define PREFIX 32

/* --- A corpus's file as a source of leaves --- */

typedef struct file_source {
  const ol_corpus *corpus;
  ol_corpus_header header;
  ol_slice text;
} file_source;

static void put_u64(uint8_t *out, uint64_t value) {
  for (size_t i = 8; i-- > 0; value >>= 8) out[i] = (uint8_t)value;
}

static size_t suffix_leaf(const file_source *of, uint8_t *out, uint64_t index) {
  uint64_t sa, psi;
  if (ol_corpus_suffix_at(of->corpus, &sa, &psi, index) != 1 || sa >= of->text.len) return 0;
  const size_t left = of->text.len - (size_t)sa, m = left < PREFIX ? left : PREFIX;
  put_u64(out, sa);
  put_u64(out + 8, psi);
  out[16] = (uint8_t)m;
  memcpy(out + 17, of->text.data + sa, m);
  return 17 + m;
}

static size_t document_leaf(const file_source *of, uint8_t *out, uint64_t index) {
  ol_corpus_document document;
  if (ol_corpus_document_at(of->corpus, &document, index) != 1) return 0;
  memcpy(out, document.contributor.bytes, 20);
  put_u64(out + 20, document.datanet);
  put_u64(out + 28, document.start);
  put_u64(out + 36, document.length);
  memcpy(out + 44, document.licence.bytes, 32);
  return DOCUMENT_LEN;
}

static bool leaf(void *context, uint8_t *out, size_t len, size_t *out_len, uint32_t tree, uint64_t index) {
  const file_source *of = context;
  uint64_t sa, psi;
  *out_len = 0;
  if (len < 128) return false;
  if (tree == OL_CORPUS_SUFFIXES) {
    *out_len = suffix_leaf(of, out, index);
  } else if (tree == OL_CORPUS_DOCUMENTS) {
    *out_len = document_leaf(of, out, index);
  } else if (tree == OL_CORPUS_FIRST) {
    if (ol_corpus_suffix_at(of->corpus, &sa, &psi, index) != 1) return false;
    put_u64(out, sa);
    *out_len = 8;
  } else if (index < (of->text.len + 127) / 128) {
    const size_t from = (size_t)index * 128;
    *out_len = of->text.len - from < 128 ? of->text.len - from : 128;
    memcpy(out, of->text.data + from, *out_len);
  }
  return *out_len > 0;
}

/*
 * The path of an opening is behind tree, index, payload with its length, and the number of levels. Of first occurrences the
 * minimum of all follows, which is that of the last level.
 */
static bool path(void *context, uint8_t *out, size_t len, uint32_t tree, uint64_t index) {
  const file_source *of = context;
  uint8_t opening[OL_CORPUS_OPENING_BYTES];
  ol_error error;
  size_t opening_len;
  if (ol_corpus_opening(&error, opening, &opening_len, of->corpus, tree, index) != OL_OK) return false;
  const size_t head = 12 + ((size_t)opening[9] << 8 | opening[10]);
  const uint8_t *from = opening + head;
  if (opening_len - head == len) {
    memcpy(out, from, len);
    return true;
  }
  if (tree != OL_CORPUS_FIRST || opening_len - head + 8 != len) return false;
  memcpy(out, from, len - 8);
  const uint8_t *least =
      len == 8 ? opening + 11 : from + len - 8 - 48; /* a single leaf, or the last level's own */
  if (len > 8 && memcmp(least, least + 8, 8) > 0) least += 8;
  memcpy(out + len - 8, least, 8);
  return true;
}

/* --- What came out --- */

static const char *const verdicts[] = {"right", "wrong", "unavailable"};

/* Documents of the contributor, as they are found. */
typedef struct found_list {
  const cli_names *names;
  bool json;
  uint64_t count;
} found_list;

static void found(void *context, const ol_audit_document *document) {
  found_list *of = context;
  char text[67], name[64] = "";
  const char *called = cli_name_of(of->names, document->index);
  ol_hex_text(text, document->text.bytes, sizeof document->text.bytes);
  if (of->json) {
    printf("%s{\"document\":\"%" PRIu64 "\",\"datanet\":\"%" PRIu64 "\",\"start\":\"%" PRIu64
           "\",\"length\":\"%" PRIu64 "\",\"text\":\"%s\"}",
           of->count == 0 ? "" : ",", document->index, document->datanet, document->start, document->length,
           text);
  } else {
    if (called != NULL) cli_excerpt(name, sizeof name, (ol_slice){(const uint8_t *)called, strlen(called)});
    cli_row(of->count == 0 ? "own documents" : "", CLI_PLAIN,
            "%" PRIu64 ", datanet %" PRIu64 ", %" PRIu64 " bytes, %s  %s", document->index, document->datanet,
            document->length, text, name);
  }
  of->count++;
}

static int show(const cli_args *args, const ol_audit_report *report, const ol_corpus_header *header) {
  static const cli_style styles[] = {CLI_GREEN, CLI_RED, CLI_YELLOW};
  char text[512], id[67];
  ol_hash hash;
  ol_corpus_id(&hash, header);
  ol_hex_text(id, hash.bytes, sizeof hash.bytes);
  (void)ol_audit_text(report, text, sizeof text);
  if (args->json) {
    printf("\"corpusId\":\"%s\",\"verdict\":\"%s\",\"text\":", id, verdicts[report->verdict % 3]);
    cli_json_string(stdout, text);
    printf(",\"judged\":%" PRIu64 ",\"suffixes\":%" PRIu64 ",\"documents\":%" PRIu64, report->judged,
           report->suffixes, report->documents);
    if (report->verdict == OL_AUDIT_WRONG)
      printf(",\"rule\":\"%s\",\"refutationBytes\":%zu", ol_corpus_rule_name(report->wrong.rule),
             report->refutation_len);
    fputs("}\n", stdout);
  } else {
    cli_row("corpus", CLI_PLAIN, "%s", id);
    cli_row("audit", styles[report->verdict % 3], "%s", text);
    cli_row("looked at", CLI_PLAIN,
            "%" PRIu64 " suffixes, %" PRIu64 " documents; rules were applied %" PRIu64 " times",
            report->suffixes, report->documents, report->judged);
  }
  return report->verdict == OL_AUDIT_RIGHT   ? EXIT_VERIFIED
         : report->verdict == OL_AUDIT_WRONG ? EXIT_REFUSED
                                             : EXIT_TRANSPORT;
}

static int audit(const cli_args *args, const ol_corpus *corpus, const cli_names *names) {
  const cli_attribution_args *by = &args->atr;
  file_source file = {.corpus = corpus, .text = ol_corpus_text(corpus)};
  const ol_audit_source source = {.header = &file.header, .leaf = leaf, .path = path, .context = &file};
  found_list list = {.names = names, .json = args->json};
  ol_error error;
  ol_status status;
  ol_audit_report *report = malloc(sizeof *report);
  if (report == NULL) return cli_no_memory();
  ol_corpus_header_of(corpus, &file.header);
  if (args->json) fputs(by->has_contributor ? "{\"own\":[" : "{", stdout);
  if (by->has_contributor) {
    status = ol_audit_contributor(&error, report, &source, &by->contributor, found, &list);
    if (args->json) fputs("],", stdout);
  } else if (by->has_samples) {
    status = ol_audit_some(&error, report, &source, by->seed, by->samples);
  } else {
    status = ol_audit_all(&error, report, &source);
  }
  int result = status == OL_OK ? show(args, report, &file.header) : cli_error("audit", &error);
  if (status == OL_OK && report->verdict == OL_AUDIT_RIGHT && by->has_contributor && list.count == 0)
    cli_warn("--contributor", "nothing in this corpus is theirs");
  if (status == OL_OK && report->verdict == OL_AUDIT_WRONG && args->out_file != NULL) {
    const int written =
        cli_file_write("--out", args->out_file, (ol_slice){report->refutation, report->refutation_len});
    if (written != EXIT_VERIFIED) result = written;
  }
  free(report);
  return result;
}

/* --- Refutations of others --- */

static int explain(const cli_args *args, const ol_refutation *wrong) {
  char id[67], place[64] = "";
  ol_hex_text(id, wrong->corpus_id.bytes, sizeof wrong->corpus_id.bytes);
  if (wrong->place != UINT64_MAX) snprintf(place, sizeof place, " at %" PRIu64, wrong->place);
  if (args->json) {
    printf("{\"corpusId\":\"%s\",\"refuted\":true,\"rule\":\"%s\",\"text\":\"%s\",\"openings\":[", id,
           ol_corpus_rule_name(wrong->rule), wrong->text);
    for (uint32_t i = 0; i < wrong->count; i++)
      printf("%s{\"tree\":%u,\"index\":\"%" PRIu64 "\"}", i == 0 ? "" : ",",
             (unsigned)wrong->openings[i].tree, wrong->openings[i].index);
    puts("]}");
    return EXIT_VERIFIED;
  }
  cli_row("corpus", CLI_BOLD, "%s", id);
  cli_row("refuted", CLI_RED, "rule %s: %s%s", ol_corpus_rule_name(wrong->rule), wrong->text, place);
  for (uint32_t i = 0; i < wrong->count; i++) {
    static const char *const trees[] = {"text", "suffixes", "first occurrences", "documents"};
    cli_row(i == 0 ? "shown by" : "", CLI_PLAIN, "leaf %" PRIu64 " of its %s", wrong->openings[i].index,
            trees[wrong->openings[i].tree % 4]);
  }
  return EXIT_VERIFIED;
}

static int check_refutation(const cli_args *args) {
  const cli_attribution_args *by = &args->atr;
  cli_files files = {.count = 0};
  ol_refutation wrong;
  ol_error error;
  ol_slice bytes;
  int result = cli_files_read(&files, &bytes, "--refutation", by->refutation_file, true);
  if (result == EXIT_VERIFIED && ol_refutation_read(&error, &wrong, bytes) != OL_OK)
    result = cli_error(by->refutation_file, &error);
  if (result == EXIT_VERIFIED && by->has_corpus_id &&
      memcmp(&wrong.corpus_id, &by->corpus_id, sizeof wrong.corpus_id) != 0)
    result = cli_failure(OL_ERR_MISMATCH, "the refutation is of another corpus (--corpus-id)");
  if (result == EXIT_VERIFIED) result = explain(args, &wrong);
  cli_files_free(&files);
  return result;
}

/* --- The command --- */

static int check(const cli_args *args) {
  const cli_attribution_args *by = &args->atr;
  const bool of_refutation = by->refutation_file != NULL;
  if (of_refutation && args->file != NULL)
    return cli_usage_error(args->file, "a refutation needs no corpus: only one of FILE and --refutation");
  if (of_refutation && (by->has_samples || by->has_contributor || args->out_file != NULL))
    return cli_usage_error("--refutation", "not with --random, --contributor or --out");
  if (of_refutation) return EXIT_VERIFIED;
  if (args->file == NULL) return cli_usage_error("FILE", "missing: a corpus; or --refutation");
  if (by->has_corpus_id) return cli_usage_error("--corpus-id", "needs --refutation");
  if (by->has_samples && by->has_contributor)
    return cli_usage_error("--random", "only one of --random and --contributor");
  if (by->has_samples != by->has_seed)
    return cli_usage_error("--seed",
                           "--random needs it, and nothing else does: a number that nobody could foresee");
  return EXIT_VERIFIED;
}

int cli_corpus_audit(const cli_args *args) {
  ol_corpus *corpus = NULL;
  cli_names names = {.list = NULL};
  ol_error error;
  int result = check(args);
  if (result != EXIT_VERIFIED) return result;
  if (args->atr.refutation_file != NULL) return check_refutation(args);
  if (ol_corpus_open(&error, &corpus, args->file) != OL_OK) return cli_error(args->file, &error);
  result = cli_names_read(&names, args->atr.names_file);
  if (result == EXIT_VERIFIED) result = audit(args, corpus, &names);
  cli_names_free(&names);
  ol_corpus_free(corpus);
  return result;
}
