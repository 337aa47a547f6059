/* SPDX-License-Identifier: MIT */

/*
 * Runs the mutation campaign on the recordings in a folder that vectors/prepare.mjs made.
 *
 *   mutate PART FOLDER [SEED [EACH [EDITS]]]       PART: proofs, beacon or receipts; see mutate_options, 0 for EACH is all
 *
 * Exit status: 0; 1 when a change was accepted; 77 without recordings, unless CI=true makes that a failure.
 */
#include "mutate/mutate.h"

#if !defined(__wasm__) /* there, main_wasm.c */

#include "vectors/manifest.h"

static uint32_t number(int argc, char **argv, int index, uint32_t otherwise) {
  return index < argc ? (uint32_t)strtoul(argv[index], NULL, 10) : otherwise;
}

static const char *const parts[] = {"proofs", "beacon", "receipts"}; /* mutate_part */

static bool is_of(mutate_part part, const char *suite, const char *name) {
  if (part == MUTATE_BEACON) return manifest_is_beacon(suite, name);
  return part == MUTATE_RECEIPTS ? strcmp(suite, "atr_verdicts") == 0 : manifest_is_recording(suite);
}

static bool run_files(mutate_tally *tally, const mutate_options *options, mutate_part part, FILE *manifest,
                      const char *folder) {
  char suite[MANIFEST_WORD], name[MANIFEST_WORD];
  bool any = false;
  while (manifest_next(manifest, suite, name)) {
    size_t len = 0;
    if (!is_of(part, suite, name)) continue;
    uint8_t *json = manifest_read(folder, name, &len);
    if (json == NULL) return false;
    uint32_t failed = tally->groups.failed;
    if (part == MUTATE_BEACON)
      mutate_beacon(tally, options, json, len);
    else if (part == MUTATE_RECEIPTS)
      mutate_receipts(tally, options, json, len);
    else
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
  char path[MANIFEST_PATH];
  size_t part_at = 0;
  while (argc >= 3 && part_at < 3 && strcmp(argv[1], parts[part_at]) != 0) part_at++;
  if (argc < 3 || part_at == 3) {
    fprintf(stderr, "usage: %s proofs|beacon|receipts FOLDER [SEED [EACH [EDITS]]]\n", argv[0]);
    return EXIT_FAILURE;
  }
  const mutate_part part = (mutate_part)part_at;
  const mutate_options options = {.seed = number(argc, argv, 3, 1),
                                  .each = number(argc, argv, 4, 1000),
                                  .edits = number(argc, argv, 5, 1000)};
  FILE *manifest = manifest_open(path, argv[2]);
  if (manifest == NULL) return manifest_absent(path);
  bool good = run_files(&tally, &options, part, manifest, argv[2]);
  fclose(manifest);
  if (part == MUTATE_PROOFS) mutate_garbage(&tally, &options);
  if (!good) fprintf(stderr, "%s: has no recordings\n", path);
  for (size_t i = 0; i < MUTATE_KIND_COUNT; i++) {
    const mutate_counts *counts = &tally.kinds[i];
    if (mutate_part_of((mutate_kind)i) != part) continue;
    printf("%s: %u made, %u refused, %u neutral, %u wrong\n", mutate_kind_names[i], (unsigned)counts->made,
           (unsigned)counts->refused, (unsigned)counts->neutral, (unsigned)counts->wrong);
    good = good && counts->made > 0 && counts->wrong == 0;
  }
  printf("%u passed, %u failed\n", (unsigned)tally.groups.passed, (unsigned)tally.groups.failed);
  if (tally.groups.failed > 0) fprintf(stderr, "first failure: %s\n", tally.groups.first_failure);
  return good && tally.groups.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
