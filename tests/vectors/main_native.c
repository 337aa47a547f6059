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

#include "manifest.h"

#define SUITES_MAX 96

static vector_tally tallies[SUITES_MAX];
static bool has_total[SUITES_MAX];

static size_t suite_index(const char *name) {
  size_t index = 0;
  while (index < vector_suite_count && strcmp(vector_suites[index].name, name) != 0) index++;
  return index;
}

static bool run_file(const char *folder, const char *name, const char *file) {
  size_t len = 0, index = suite_index(name);
  if (index == vector_suite_count) {
    fprintf(stderr, "%s: no such suite\n", name);
    return false;
  }
  uint8_t *json = manifest_read(folder, file, &len);
  if (json == NULL) return false;
  vector_tally *tally = &tallies[index];
  uint32_t failed = tally->failed;
  vector_suites[index].run(tally, json, len);
  free(json);
  if (tally->failed > failed) {
    fprintf(stderr, "%s: %s: %s\n", name, file, failed == 0 ? tally->first_failure : "failed");
  }
  return true;
}

/* Calls `each` with the words of every line. */
static bool for_each_line(FILE *lines, const char *folder,
                          bool (*each)(const char *folder, const char *first, const char *second)) {
  char first[MANIFEST_WORD], second[MANIFEST_WORD];
  bool good = true;
  while (manifest_next(lines, first, second)) good = each(folder, first, second) && good;
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

int main(int argc, char **argv) {
  char path[MANIFEST_PATH];
  uint32_t passed = 0, failed = 0;
  if (argc != 3 || vector_suite_count > SUITES_MAX) {
    fprintf(stderr, "usage: %s PREPARED_FOLDER EXPECTED.TXT\n", argv[0]);
    return EXIT_FAILURE;
  }
  FILE *manifest = manifest_open(path, argv[1]);
  if (manifest == NULL) return manifest_absent(path);
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
