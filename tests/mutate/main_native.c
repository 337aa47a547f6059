/* SPDX-License-Identifier: MIT */

/*
 * Runs the mutation campaign on the recordings in a folder that vectors/prepare.mjs made.
 *
 *   mutate_native FOLDER [SEED [EACH [EDITS]]]       see mutate_options; 0 for EACH is everything
 *
 * Exit status: 0; 1 when a change was accepted; 77 without recordings, unless CI=true makes that a failure.
 */
#include "mutate/mutate.h"

#if !defined(__wasm__) /* there, main_wasm.c */

#include <stdio.h>
#include <stdlib.h>

#define EXIT_SKIPPED 77

static uint8_t *read_file(const char *path, size_t *out_len) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  fseek(file, 0, SEEK_END);
  long len = ftell(file);
  rewind(file);
  uint8_t *bytes = len < 0 ? NULL : malloc((size_t)len + 1);
  *out_len = bytes == NULL ? 0 : fread(bytes, 1, (size_t)len, file);
  fclose(file);
  return bytes;
}

static uint32_t number(int argc, char **argv, int index, uint32_t otherwise) {
  return index < argc ? (uint32_t)strtoul(argv[index], NULL, 10) : otherwise;
}

/* The recordings with headers: lines "suite file" of these two suites. */
static bool is_recording(const char *suite) {
  return strcmp(suite, "header_and_proofs") == 0 || strcmp(suite, "payload") == 0;
}

static bool run_files(mutate_tally *tally, const mutate_options *options, FILE *manifest,
                      const char *folder) {
  char line[512], suite[512], name[512], path[2048];
  bool any = false;
  while (fgets(line, sizeof line, manifest) != NULL) {
    size_t len = 0;
    if (sscanf(line, "%511s %511s", suite, name) != 2 || !is_recording(suite)) continue;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    uint8_t *json = read_file(path, &len);
    if (json == NULL) {
      fprintf(stderr, "%s: cannot be read\n", path);
      return false;
    }
    uint32_t failed = tally->groups.failed;
    mutate_file(tally, options, json, len);
    free(json);
    if (failed == 0 && tally->groups.failed > 0)
      fprintf(stderr, "%s: %s\n", name, tally->groups.first_failure);
    any = true;
  }
  return any;
}

int main(int argc, char **argv) {
  static mutate_tally tally;
  char path[2048];
  if (argc < 2) {
    fprintf(stderr, "usage: %s FOLDER [SEED [EACH [EDITS]]]\n", argv[0]);
    return EXIT_FAILURE;
  }
  const mutate_options options = {.seed = number(argc, argv, 2, 1),
                                  .each = number(argc, argv, 3, 1000),
                                  .edits = number(argc, argv, 4, 1000)};
  snprintf(path, sizeof path, "%s/manifest.txt", argv[1]);
  FILE *manifest = fopen(path, "r");
  if (manifest == NULL) {
    const char *ci = getenv("CI");
    printf("skipped: %s not found\n", path);
    return ci != NULL && strcmp(ci, "true") == 0 ? EXIT_FAILURE : EXIT_SKIPPED;
  }
  bool good = run_files(&tally, &options, manifest, argv[1]);
  fclose(manifest);
  mutate_garbage(&tally, &options);
  if (!good) fprintf(stderr, "%s: has no recordings\n", path);
  for (size_t i = 0; i < MUTATE_KIND_COUNT; i++) {
    const mutate_counts *counts = &tally.kinds[i];
    printf("%s: %u made, %u refused, %u neutral, %u wrong\n", mutate_kind_names[i], (unsigned)counts->made,
           (unsigned)counts->refused, (unsigned)counts->neutral, (unsigned)counts->wrong);
    good = good && counts->made > 0 && counts->wrong == 0;
  }
  printf("%u passed, %u failed\n", (unsigned)tally.groups.passed, (unsigned)tally.groups.failed);
  if (tally.groups.failed > 0) fprintf(stderr, "first failure: %s\n", tally.groups.first_failure);
  return good && tally.groups.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
