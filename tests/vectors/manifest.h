/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_MANIFEST_H
#define OL_TESTS_MANIFEST_H

/* The folder that prepare.mjs made, for native programs: its manifest has a line "suite file" for each file. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANIFEST_PATH 2048
#define MANIFEST_WORD 512

/* Out: the manifest's path. Returns: NULL if there is none. */
static inline FILE *manifest_open(char path[MANIFEST_PATH], const char *folder) {
  snprintf(path, MANIFEST_PATH, "%s/manifest.txt", folder);
  return fopen(path, "r");
}

/* Says that there is no manifest. Returns: the exit code for "skipped", unless CI=true makes that a failure. */
static inline int manifest_absent(const char *path) {
  const char *ci = getenv("CI");
  printf("skipped: %s not found\n", path);
  return ci != NULL && strcmp(ci, "true") == 0 ? EXIT_FAILURE : 77;
}

/* Out: the words of the next line of two; lines that begin with # are comments. Returns: false at the end. */
static inline bool manifest_next(FILE *lines, char first[MANIFEST_WORD], char second[MANIFEST_WORD]) {
  char line[MANIFEST_WORD];
  while (fgets(line, sizeof line, lines) != NULL) {
    if (line[0] != '#' && sscanf(line, "%511s %511s", first, second) == 2) return true;
  }
  return false;
}

/* Returns: whether the files of a suite are recordings with headers. */
static inline bool manifest_is_recording(const char *suite) {
  return strcmp(suite, "header_and_proofs") == 0 || strcmp(suite, "payload") == 0;
}

/* Returns: whether a file is a recording of a public beacon chain. */
static inline bool manifest_is_beacon(const char *suite, const char *name) {
  return strcmp(suite, "beacon_sync") == 0 && strstr(name, "mainnet") != NULL;
}

/* Returns: the bytes of a file, to be freed; NULL once it was reported that it cannot be read. */
static inline uint8_t *manifest_read(const char *folder, const char *name, size_t *out_len) {
  char path[MANIFEST_PATH];
  uint8_t *bytes = NULL;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (file != NULL) {
    fseek(file, 0, SEEK_END);
    long len = ftell(file);
    rewind(file);
    bytes = len < 0 ? NULL : malloc((size_t)len + 1);
    *out_len = bytes == NULL ? 0 : fread(bytes, 1, (size_t)len, file);
    fclose(file);
  }
  if (bytes == NULL) fprintf(stderr, "%s: cannot be read\n", path);
  return bytes;
}

#endif
