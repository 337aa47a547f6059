/* SPDX-License-Identifier: MIT */

/*
 * Runs all suites on the folder that prepare.mjs made.
 *
 *   vectors_native PREPARED_FOLDER EXPECTED.TXT
 *
 * Prints `suite passed failed` for each, and the sums; what is wrong goes to stderr. run_wasm.mjs prints the
 * same on stdout. Exit status: 0; 1 when a case failed or is missing; 77 when the folder is absent, unless
 * CI=true makes that a failure.
 */
#include "vectors.h"

#if !defined(__wasm__) /* there, main_wasm.c */

#include <stdio.h>
#include <stdlib.h>

#define SUITES_MAX 64
#define LINE_MAX_LEN 512
#define EXIT_SKIPPED 77

static vector_tally tallies[SUITES_MAX];
static bool has_total[SUITES_MAX];

static size_t suite_index(const char *name) {
  size_t index = 0;
  while (index < vector_suite_count && strcmp(vector_suites[index].name, name) != 0) index++;
  return index;
}

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

static bool run_file(const char *folder, const char *name, const char *file) {
  char path[2 * LINE_MAX_LEN];
  size_t len = 0, index = suite_index(name);
  if (index == vector_suite_count) {
    fprintf(stderr, "%s: no such suite\n", name);
    return false;
  }
  snprintf(path, sizeof path, "%s/%s", folder, file);
  uint8_t *json = read_file(path, &len);
  if (json == NULL) {
    fprintf(stderr, "%s: cannot be read\n", path);
    return false;
  }
  vector_tally *tally = &tallies[index];
  uint32_t failed = tally->failed;
  vector_suites[index].run(tally, json, len);
  free(json);
  if (tally->failed > failed) {
    fprintf(stderr, "%s: %s: %s\n", name, file, failed == 0 ? tally->first_failure : "failed");
  }
  return true;
}

/* Calls `each` with the two words of every line; lines that begin with # are comments. */
static bool for_each_line(FILE *lines, const char *folder,
                          bool (*each)(const char *folder, const char *first, const char *second)) {
  char line[LINE_MAX_LEN], first[LINE_MAX_LEN], second[LINE_MAX_LEN];
  bool good = true;
  while (fgets(line, sizeof line, lines) != NULL) {
    if (line[0] == '#' || sscanf(line, "%511s %511s", first, second) != 2) continue;
    good = each(folder, first, second) && good;
  }
  return good;
}

static bool expect_total(const char *folder, const char *name, const char *total) {
  (void)folder;
  size_t index = suite_index(name);
  unsigned long expected = strtoul(total, NULL, 10);
  unsigned long counted = index == vector_suite_count ? 0 : tallies[index].passed + tallies[index].failed;
  if (index < vector_suite_count) has_total[index] = true;
  if (counted != expected) fprintf(stderr, "%s: %lu cases, expected %lu\n", name, counted, expected);
  return counted == expected;
}

static int skip(const char *path) {
  const char *ci = getenv("CI");
  printf("skipped: %s not found\n", path);
  return ci != NULL && strcmp(ci, "true") == 0 ? EXIT_FAILURE : EXIT_SKIPPED;
}

int main(int argc, char **argv) {
  char path[2 * LINE_MAX_LEN];
  uint32_t passed = 0, failed = 0;
  if (argc != 3 || vector_suite_count > SUITES_MAX) {
    fprintf(stderr, "usage: %s PREPARED_FOLDER EXPECTED.TXT\n", argv[0]);
    return EXIT_FAILURE;
  }
  snprintf(path, sizeof path, "%s/manifest.txt", argv[1]);
  FILE *manifest = fopen(path, "r");
  if (manifest == NULL) return skip(path);
  bool good = for_each_line(manifest, argv[1], run_file);
  fclose(manifest);

  for (size_t i = 0; i < vector_suite_count; i++) {
    printf("%s %u %u\n", vector_suites[i].name, (unsigned)tallies[i].passed, (unsigned)tallies[i].failed);
    passed += tallies[i].passed;
    failed += tallies[i].failed;
  }
  printf("%u passed, %u failed\n", (unsigned)passed, (unsigned)failed);

  FILE *expected = fopen(argv[2], "r");
  if (expected == NULL) {
    fprintf(stderr, "%s: cannot be read\n", argv[2]);
    return EXIT_FAILURE;
  }
  good = for_each_line(expected, argv[1], expect_total) && good;
  fclose(expected);
  for (size_t i = 0; i < vector_suite_count; i++) {
    if (has_total[i]) continue;
    fprintf(stderr, "%s: has no total in %s\n", vector_suites[i].name, argv[2]);
    good = false;
  }
  return good && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
