/* SPDX-License-Identifier: MIT */

/* Whose the documents of a corpus are, and what they are called. */

#include "attribution.h"

#include <stdlib.h>
#include <string.h>

/* --- The manifest: {"path": {"contributor": "0x...", "datanet": 1, "licence": "0x..."}, ...} --- */

static int read_member(cli_scan *scan, cli_document *out, const char *name, bool *seen) {
  ol_error error;
  ol_u256 number;
  char *text = NULL;
  int result = cli_scan_expect(scan, ':');
  if (result != EXIT_VERIFIED) return result;
  if (*seen) return cli_scan_fault(scan, "the same member twice");
  *seen = true;
  if (strcmp(name, "datanet") == 0) {
    result = cli_scan_number(scan, &number);
    if (result == EXIT_VERIFIED && !cli_u64_of(&out->datanet, &number))
      result = cli_scan_fault(scan, "datanet does not fit in 64 bits");
    return result;
  }
  result = cli_scan_text(scan, &text);
  if (result != EXIT_VERIFIED) return result;
  if (strcmp(name, "licence") == 0) {
    if (ol_hash_from_text(&error, &out->licence, text, strlen(text)) != OL_OK)
      result = cli_scan_fault(scan, "licence is not 0x and 64 hex digits");
  } else if (ol_address_from_text(&error, &out->contributor, text, strlen(text)) != OL_OK) {
    result = cli_scan_fault(scan, "contributor is not an address");
  }
  free(text);
  return result;
}

static int read_owner(cli_scan *scan, cli_document *out) {
  static const char *const names[] = {"contributor", "datanet", "licence"};
  bool seen[3] = {false};
  int result = cli_scan_expect(scan, '{');
  for (bool more = true; result == EXIT_VERIFIED && more;) {
    char *name;
    size_t member = 0;
    result = cli_scan_text(scan, &name);
    if (result != EXIT_VERIFIED) return result;
    while (member < 3 && strcmp(names[member], name) != 0) member++;
    free(name);
    result = member == 3 ? cli_scan_fault(scan, "not contributor, datanet or licence")
                         : read_member(scan, out, names[member], &seen[member]);
    more = result == EXIT_VERIFIED && cli_scan_mark(scan, ',');
  }
  if (result == EXIT_VERIFIED) result = cli_scan_expect(scan, '}');
  if (result == EXIT_VERIFIED && (!seen[0] || !seen[1]))
    result = cli_scan_fault(scan, "contributor or datanet is missing");
  return result;
}

static int by_path(const void *left, const void *right) {
  return strcmp(((const cli_document *)left)->path, ((const cli_document *)right)->path);
}

static int read_entry(cli_scan *scan, cli_documents *of) {
  char *path;
  int result = cli_scan_text(scan, &path);
  if (result != EXIT_VERIFIED) return result;
  const cli_document wanted = {.path = path};
  cli_document *found = bsearch(&wanted, of->list, of->count, sizeof *of->list, by_path);
  free(path);
  if (found == NULL) return cli_scan_fault(scan, "there is no such file below the directory");
  if (found->is_named) return cli_scan_fault(scan, "the same file twice");
  found->is_named = true;
  result = cli_scan_expect(scan, ':');
  return result == EXIT_VERIFIED ? read_owner(scan, found) : result;
}

static int read_manifest(cli_documents *of, const char *path) {
  char name[512];
  cli_files files = {.count = 0};
  cli_scan scan = {.file = name};
  snprintf(name, sizeof name, "--manifest %s", path);
  int result = cli_files_read(&files, &scan.text, "--manifest", path, true);
  if (result == EXIT_VERIFIED) result = cli_scan_expect(&scan, '{');
  bool more = result == EXIT_VERIFIED && !cli_scan_mark(&scan, '}');
  const bool is_empty = !more;
  while (more) {
    result = read_entry(&scan, of);
    more = result == EXIT_VERIFIED && cli_scan_mark(&scan, ',');
  }
  if (result == EXIT_VERIFIED && !is_empty) result = cli_scan_expect(&scan, '}');
  if (result == EXIT_VERIFIED) result = cli_scan_end(&scan);
  for (size_t i = 0; i < of->count && result == EXIT_VERIFIED; i++) {
    if (!of->list[i].is_named)
      result = cli_usage_error(of->list[i].path, "the manifest does not say whose it is");
  }
  cli_files_free(&files);
  return result;
}

int cli_documents_assign(cli_documents *of, const cli_args *args) {
  const cli_attribution_args *by = &args->atr;
  if (by->manifest_file != NULL) return read_manifest(of, by->manifest_file);
  for (size_t i = 0; i < of->count; i++) {
    of->list[i].contributor = by->contributor;
    of->list[i].datanet = by->datanet;
    of->list[i].licence = by->licence;
  }
  return EXIT_VERIFIED;
}

/* --- Names: ["path", ...] by the documents' numbers --- */

static int add_name(cli_names *to, cli_scan *scan) {
  /* A power of two is full. */
  if ((to->count & (to->count - 1)) == 0) {
    char **list = realloc(to->list, (to->count == 0 ? 1 : 2 * to->count) * sizeof *list);
    if (list == NULL) return cli_no_memory();
    to->list = list;
  }
  const int result = cli_scan_text(scan, &to->list[to->count]);
  if (result == EXIT_VERIFIED) to->count++;
  return result;
}

int cli_names_read(cli_names *out, const char *file) {
  char name[512];
  cli_files files = {.count = 0};
  cli_scan scan = {.file = name};
  *out = (cli_names){.list = NULL};
  if (file == NULL) return EXIT_VERIFIED;
  snprintf(name, sizeof name, "--names %s", file);
  int result = cli_files_read(&files, &scan.text, "--names", file, true);
  if (result == EXIT_VERIFIED) result = cli_scan_expect(&scan, '[');
  for (bool more = result == EXIT_VERIFIED; more;) {
    result = add_name(out, &scan);
    more = result == EXIT_VERIFIED && cli_scan_mark(&scan, ',');
  }
  if (result == EXIT_VERIFIED) result = cli_scan_expect(&scan, ']');
  if (result == EXIT_VERIFIED) result = cli_scan_end(&scan);
  cli_files_free(&files);
  return result;
}

void cli_names_free(cli_names *of) {
  for (size_t i = 0; i < of->count; i++) free(of->list[i]);
  free(of->list);
  *of = (cli_names){.list = NULL};
}

const char *cli_name_of(const cli_names *of, uint64_t document) {
  return of != NULL && document < of->count ? of->list[document] : NULL;
}
