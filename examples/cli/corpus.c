/* SPDX-License-Identifier: MIT */

/* openledger corpus build: a corpus of the files below a directory. What was killed goes on where it was. */

#define _XOPEN_SOURCE 700

#include "attribution.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A build. */
typedef struct building {
  const cli_args *args;
  const char *directory;
  char *inputs; /* the file that says of which documents an unfinished build is */
  char *unfinished;
  cli_documents documents;
  ol_corpus_builder *builder;
  ol_corpus_header header;
  bool goes_on;
  uint64_t bytes; /* of documents */
  uint64_t began_ms, stage_ms, shown_ms;
  uint32_t stage;
} building;

/* --- Progress --- */

#define BAR 24

static void show_progress(void *context, uint32_t stage, uint64_t done, uint64_t total) {
  static const char *const names[] = {"reading", "sorting", "ranking", "hashing", "finishing"};
  building *of = context;
  char bar[BAR + 1];
  const uint64_t now = ol_host_now_ms();
  if (of->args->json || stage > OL_CORPUS_FINISHED) return;
  if (stage != of->stage || of->stage_ms == 0) {
    of->stage = stage;
    of->stage_ms = now;
  } else if (now - of->shown_ms < 100) {
    return;
  }
  of->shown_ms = now;
  const double part = total == 0 ? 1 : (double)done / (double)total;
  const double seconds = (double)(now - of->stage_ms) / 1000;
  for (size_t i = 0; i < BAR; i++) bar[i] = (double)i < part * BAR ? '#' : '.';
  bar[BAR] = '\0';
  cli_progress("%-9s [%s] %3d %%  %.1f MB/s", names[stage], bar, (int)(part * 100),
               seconds > 0.05 ? (double)done / 1e6 / seconds : 0.0);
}

/* --- Documents --- */

/* What an unfinished build is of: paths, owners and texts, hashed one behind the other. */
static void add_to_mark(ol_hash *mark, const cli_document *document, ol_slice text) {
  uint8_t row[32 + 32 + 20 + 8 + 32 + 32];
  ol_hash path, content;
  ol_keccak256(&path, (const uint8_t *)document->path, strlen(document->path));
  ol_keccak256(&content, text.data, text.len);
  const ol_u256 datanet = cli_u256_of(document->datanet);
  memcpy(row, mark->bytes, 32);
  memcpy(row + 32, path.bytes, 32);
  memcpy(row + 64, document->contributor.bytes, 20);
  memcpy(row + 84, datanet.bytes + 24, 8);
  memcpy(row + 92, document->licence.bytes, 32);
  memcpy(row + 124, content.bytes, 32);
  ol_keccak256(mark, row, sizeof row);
}

static int add_document(building *of, const cli_document *document, ol_slice text) {
  ol_error error;
  if (ol_corpus_builder_add(&error, of->builder, &document->contributor, document->datanet,
                            &document->licence, text) == OL_OK)
    return EXIT_VERIFIED;
  char *name = cli_join(of->directory, "/", document->path);
  error.item = OL_NOWHERE; /* its number says less than its name */
  const int result = cli_error(name, &error);
  free(name);
  return result;
}

/* Reads all documents: adds them to the corpus, unless they are in it. Out: the mark. */
static int read_documents(building *of, ol_hash *out_mark, bool adds) {
  const ol_u256 epoch = cli_u256_of(of->args->atr.epoch);
  int result = EXIT_VERIFIED;
  memcpy(out_mark->bytes, epoch.bytes, sizeof out_mark->bytes);
  of->bytes = 0;
  for (size_t i = 0; i < of->documents.count && result == EXIT_VERIFIED; i++) {
    uint8_t *file;
    ol_slice text;
    result = cli_document_read(&text, &file, of->directory, &of->documents.list[i]);
    if (result == EXIT_VERIFIED) {
      add_to_mark(out_mark, &of->documents.list[i], text);
      if (adds) result = add_document(of, &of->documents.list[i], text);
      of->bytes += text.len;
    }
    ol_host_free_file(file);
    if (!of->args->json) cli_progress("reading   %zu of %zu files", i + 1, of->documents.count);
  }
  cli_progress_end();
  return result;
}

/* --- Building --- */

static ol_corpus_options options_of(const building *of) {
  return (ol_corpus_options){.epoch = of->args->atr.epoch, .memory = of->args->atr.memory_mb << 20};
}

/* Whether the unfinished build, if there is one, is of these documents. */
static int take_up(building *of, bool *out_goes_on) {
  const ol_corpus_options options = options_of(of);
  ol_error error;
  ol_hash mark;
  uint8_t *file = NULL;
  size_t len;
  *out_goes_on = false;
  if (access(of->inputs, F_OK) != 0) return EXIT_VERIFIED;
  if (ol_corpus_builder_resume(&error, &of->builder, of->args->out_file, &options) != OL_OK) {
    cli_warn(of->unfinished, "is not whole: the build begins anew");
    of->builder = NULL;
    return EXIT_VERIFIED;
  }
  if (of->builder == NULL) return EXIT_VERIFIED;
  int result = read_documents(of, &mark, false);
  if (result == EXIT_VERIFIED) result = cli_file_read(&file, &len, NULL, of->inputs);
  if (result == EXIT_VERIFIED)
    *out_goes_on = len == sizeof mark.bytes && memcmp(file, mark.bytes, sizeof mark.bytes) == 0;
  ol_host_free_file(file);
  if (result != EXIT_VERIFIED || *out_goes_on) return result;
  cli_warn(of->unfinished, "is of other documents: the build begins anew");
  ol_corpus_builder_free(of->builder);
  of->builder = NULL;
  return EXIT_VERIFIED;
}

/* Removes what a build left that cannot go on. */
static void clear(const building *of) {
  DIR *open = opendir(of->unfinished);
  const struct dirent *entry;
  while (open != NULL && (entry = readdir(open)) != NULL) {
    char *path = cli_join(of->unfinished, "/", entry->d_name);
    if (path != NULL && entry->d_name[0] != '.') (void)unlink(path);
    free(path);
  }
  if (open != NULL) closedir(open);
  (void)rmdir(of->unfinished);
}

static int begin(building *of) {
  const ol_corpus_options options = options_of(of);
  ol_error error;
  ol_hash mark;
  (void)unlink(of->inputs);
  if (ol_corpus_builder_new(&error, &of->builder, of->args->out_file, &options) != OL_OK)
    return cli_error(of->args->out_file, &error);
  int result = read_documents(of, &mark, true);
  if (result == EXIT_VERIFIED)
    result = cli_file_write("--out", of->inputs, (ol_slice){mark.bytes, sizeof mark.bytes});
  if (result != EXIT_VERIFIED) {
    ol_corpus_builder_free(of->builder);
    of->builder = NULL;
    clear(of);
  }
  return result;
}

/* Names of documents are no part of the commitment: they are for people, and lie beside. */
static int write_names(const building *of) {
  char *text = NULL, *path = cli_join(of->args->out_file, ".names", "");
  size_t len = 0;
  FILE *to = path == NULL ? NULL : open_memstream(&text, &len);
  int result = to == NULL ? cli_no_memory() : EXIT_VERIFIED;
  for (size_t i = 0; to != NULL && i < of->documents.count; i++) {
    const char *name = of->documents.list[i].path;
    fputs(i == 0 ? "[" : ",\n", to);
    cli_json_bytes(to, (ol_slice){(const uint8_t *)name, strlen(name)});
  }
  if (to != NULL) fputs("]\n", to);
  if (to != NULL && fclose(to) != 0) result = cli_no_memory();
  if (result == EXIT_VERIFIED) result = cli_file_write("--out", path, (ol_slice){(const uint8_t *)text, len});
  free(text);
  free(path);
  return result;
}

static int build(building *of) {
  ol_error error;
  int result = take_up(of, &of->goes_on);
  if (result == EXIT_VERIFIED && of->goes_on && !of->args->json)
    fprintf(stderr, "openledger: %s: goes on where it was ended\n", of->unfinished);
  if (result == EXIT_VERIFIED && !of->goes_on) result = begin(of);
  if (result != EXIT_VERIFIED) return result;
  const ol_status status = ol_corpus_builder_finish(&error, of->builder, &of->header, show_progress, of);
  cli_progress_end();
  if (status != OL_OK) return cli_error(of->args->out_file, &error);
  (void)unlink(of->inputs);
  return write_names(of);
}

/* --- What came out --- */

static void header_json(const ol_corpus_header *header) {
  const struct {
    const char *name;
    const ol_hash *hash;
  } roots[] = {{"textRoot", &header->text_root},
               {"suffixRoot", &header->suffix_root},
               {"firstRoot", &header->first_root},
               {"docRoot", &header->document_root}};
  char text[67];
  printf("{\"n\":\"%" PRIu64 "\",\"i0\":\"%" PRIu64 "\",\"docs\":\"%" PRIu64 "\",\"epoch\":\"%" PRIu64 "\"",
         header->n, header->i0, header->documents, header->epoch);
  for (size_t i = 0; i < 4; i++) {
    ol_hex_text(text, roots[i].hash->bytes, 32);
    printf(",\"%s\":\"%s\"", roots[i].name, text);
  }
  putchar('}');
}

static uint64_t length_of(const char *path) {
  FILE *file = fopen(path, "rb");
  const off_t end = file != NULL && fseeko(file, 0, SEEK_END) == 0 ? ftello(file) : 0;
  if (file != NULL) fclose(file);
  return end > 0 ? (uint64_t)end : 0;
}

static void show(const building *of) {
  const ol_corpus_header *header = &of->header;
  const uint64_t file_len = length_of(of->args->out_file), ms = ol_host_now_ms() - of->began_ms;
  uint8_t bytes[OL_CORPUS_HEADER_BYTES];
  char id[67], encoded[2 * sizeof bytes + 3], text[CLI_SPAN_LEN], whole[CLI_SPAN_LEN];
  ol_hash hash;
  ol_corpus_id(&hash, header);
  ol_hex_text(id, hash.bytes, sizeof hash.bytes);
  ol_corpus_header_write(bytes, header);
  ol_hex_text(encoded, bytes, sizeof bytes);
  if (of->args->json) {
    printf("{\"corpusId\":\"%s\",\"header\":", id);
    header_json(header);
    printf(",\"headerBytes\":\"%s\",\"documents\":%zu,\"bytes\":%" PRIu64 ",\"fileBytes\":%" PRIu64
           ",\"skipped\":%zu,\"wentOn\":%s,\"ms\":%" PRIu64 "}\n",
           encoded, of->documents.count, of->bytes, file_len, of->documents.skipped,
           of->goes_on ? "true" : "false", ms);
    return;
  }
  cli_size_text(text, of->bytes);
  cli_size_text(whole, file_len);
  cli_row("corpus", CLI_BOLD, "%s", id);
  cli_row("documents", CLI_PLAIN, "%zu, %s of text", of->documents.count, text);
  cli_row("epoch", CLI_PLAIN, "%" PRIu64, header->epoch);
  cli_row("file", CLI_PLAIN, "%s, %s; names of documents in %s.names", of->args->out_file, whole,
          of->args->out_file);
  cli_row("header", CLI_PLAIN, "%s", encoded);
  cli_row("time", CLI_PLAIN, "%" PRIu64 ".%03" PRIu64 " s%s", ms / 1000, ms % 1000,
          of->goes_on ? ", gone on where it was ended" : "");
}

/* --- The command --- */

/* A corpus below its own documents would be one of them. */
static int check_place(const cli_args *args) {
  char *directory = realpath(args->file, NULL);
  if (directory == NULL) return cli_usage_error(args->file, strerror(errno));
  char *parent = cli_join(args->out_file, "", "");
  char *slash = parent == NULL ? NULL : strrchr(parent, '/');
  int result = EXIT_VERIFIED;
  if (parent == NULL) {
    free(directory);
    return cli_no_memory();
  }
  if (slash != NULL) slash[slash == parent] = '\0';
  char *found = realpath(slash == NULL ? "." : parent, NULL);
  if (found == NULL) {
    result = cli_usage_error(args->out_file, "there is no such directory");
  } else {
    const size_t len = strlen(directory);
    if (strncmp(found, directory, len) == 0 && (found[len] == '/' || found[len] == '\0' || len == 1))
      result = cli_usage_error("--out", "is below the directory: it would be a document of itself");
  }
  free(found);
  free(parent);
  free(directory);
  return result;
}

static int check(const cli_args *args) {
  const cli_attribution_args *by = &args->atr;
  if (args->file == NULL) return cli_usage_error("DIR", "missing");
  if (args->out_file == NULL) return cli_usage_error("--out", "missing");
  if (by->manifest_file != NULL && (by->has_contributor || by->has_datanet || by->has_licence))
    return cli_usage_error("--manifest",
                           "says whose documents are: not with --contributor, --datanet or --licence");
  if (by->manifest_file == NULL && !by->has_contributor)
    return cli_usage_error("--contributor", "missing: whose are the documents? Or --manifest");
  if (by->manifest_file == NULL && !by->has_datanet) return cli_usage_error("--datanet", "missing");
  return check_place(args);
}

int cli_corpus_build(const cli_args *args) {
  building of = {.args = args, .directory = args->file, .began_ms = ol_host_now_ms()};
  int result = check(args);
  if (result != EXIT_VERIFIED) return result;
  of.inputs = cli_join(args->out_file, ".inputs", "");
  of.unfinished = cli_join(args->out_file, ".building", "");
  if (of.inputs == NULL || of.unfinished == NULL) result = cli_no_memory();
  if (result == EXIT_VERIFIED) result = cli_documents_find(&of.documents, of.directory);
  if (result == EXIT_VERIFIED && of.documents.skipped > 0)
    cli_warn(of.directory, "what is neither a file nor a directory there is left out");
  if (result == EXIT_VERIFIED) result = cli_documents_assign(&of.documents, args);
  if (result == EXIT_VERIFIED) result = build(&of);
  if (result == EXIT_VERIFIED) show(&of);
  ol_corpus_builder_free(of.builder);
  cli_documents_free(&of.documents);
  free(of.unfinished);
  free(of.inputs);
  return result;
}

int cli_corpus(const cli_args *args) {
  if (args->operand == NULL) return cli_usage_error("corpus", "build or audit?");
  if (strcmp(args->operand, "build") == 0) return cli_corpus_build(args);
  if (strcmp(args->operand, "audit") == 0) return cli_corpus_audit(args);
  return cli_usage_error(args->operand, "neither build nor audit");
}
