/* SPDX-License-Identifier: MIT */

/* Searches all that the process can write. */
#include "residue/residue.h"

#if !defined(__wasm__)

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MAPS 256u

static struct map {
  const uint8_t *from;
  size_t len;
  char name[64];
} maps[MAPS];
static size_t map_count;
static char text[1u << 16];

/* Returns: false when the system does not say what the process can write. */
static bool read_maps(void) {
  FILE *file = fopen("/proc/self/maps", "r");
  map_count = 0;
  if (file == NULL) return false;
  setvbuf(file, text, _IOFBF, sizeof text);
  char line[512];
  while (map_count < MAPS && fgets(line, sizeof line, file) != NULL) {
    uintptr_t from, to;
    char rights[5] = "", name[64] = "";
    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %63s", &from, &to, rights, name) < 3)
      continue;
    if (rights[0] != 'r' || rights[1] != 'w') continue;
    maps[map_count] = (struct map){.from = (const uint8_t *)from, .len = to - from};
    snprintf(maps[map_count++].name, sizeof name, "%s", name[0] == '\0' ? "memory" : name);
  }
  fclose(file);
  return map_count > 0;
}

static unsigned passed, failed;

static void check(const residue_case *one) {
  residue_find find;
  const struct map *where = NULL;
  residue_clear_stack();
  bool done = residue_run(one);
  residue_clear();
  if (!read_maps()) exit(EXIT_FAILURE);
  for (size_t i = 0; i < map_count && where == NULL; i++) {
    if (residue_search(&find, maps[i].from, maps[i].len, ol_slice_of(one->except, one->except_len)))
      where = &maps[i];
  }
  bool good = done && (where != NULL) == one->stays;
  good ? passed++ : failed++;
  printf("%s %s\n", good ? "ok    " : "not ok", one->name);
  if (!done) printf("       it did not do what it was to do\n");
  if (!good && where != NULL)
    printf("       found: %s%s, %zu bytes into %s\n", find.secret, find.form, (size_t)(find.at - where->from),
           where->name);
  fflush(stdout);
}

int main(void) {
  if (!residue_prepare()) {
    printf("the cases could not be prepared\n");
    return EXIT_FAILURE;
  }
  for (size_t i = 0; i < residue_count; i++) {
    residue_clear_stack();
    check(&residue_cases[i]);
    residue_erase();
  }
  printf("%u passed, %u failed\n", passed, failed);
  return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
