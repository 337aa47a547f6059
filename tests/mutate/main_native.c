/* SPDX-License-Identifier: MIT */

/*
 * Runs the mutation campaign on the recordings in a folder that vectors/prepare.mjs made.
 *
 *   mutate PART FOLDER [SEED [EACH [EDITS]]]       PART: proofs or beacon; see mutate_options, 0 for EACH is all
 *
 * Exit status: 0; 1 when a change was accepted; 77 without recordings, unless CI=true makes that a failure.
 */
#include "mutate/mutate.h"

#if !defined(__wasm__) /* there, main_wasm.c */

#include "vectors/manifest.h"

static uint32_t number(int argc, char **argv, int index, uint32_t otherwise) {
  return index < argc ? (uint32_t)strtoul(argv[index], NULL, 10) : otherwise;
}

static bool run_files(mutate_tally *tally, const mutate_options *options, mutate_part part, FILE *manifest,
                      const char *folder) {
  char suite[MANIFEST_WORD], name[MANIFEST_WORD];
  bool any = false;
  while (manifest_next(manifest, suite, name)) {
    size_t len = 0;
    if (part == MUTATE_BEACON ? !manifest_is_beacon(suite, name) : !manifest_is_recording(suite)) continue;
    uint8_t *json = manifest_read(folder, name, &len);
    if (json == NULL) return false;
    uint32_t failed = tally->groups.failed;
    if (part == MUTATE_BEACON)
      mutate_beacon(tally, options, json, len);
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
  if (argc < 3 || (strcmp(argv[1], "proofs") != 0 && strcmp(argv[1], "beacon") != 0)) {
    fprintf(stderr, "usage: %s proofs|beacon FOLDER [SEED [EACH [EDITS]]]\n", argv[0]);
    return EXIT_FAILURE;
  }
  const mutate_part part = argv[1][0] == 'b' ? MUTATE_BEACON : MUTATE_PROOFS;
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
