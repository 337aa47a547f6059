/* SPDX-License-Identifier: MIT */

/* Runs a fuzz harness once on each file that is named, or is in a folder that is named; for builds without libFuzzer. */

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t room);

/* What libFuzzer gives to mutators, which nobody calls here. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t room) {
  (void)data;
  (void)room;
  return len;
}

#define PATH_LEN 4096

static int run_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    return -1;
  }
  uint8_t *data = NULL;
  size_t len = 0, room = 0;
  for (;;) {
    if (len == room) {
      room = room == 0 ? 4096 : 2 * room;
      uint8_t *larger = realloc(data, room);
      if (larger == NULL) abort();
      data = larger;
    }
    size_t got = fread(data + len, 1, room - len, file);
    if (got == 0) break;
    len += got;
  }
  int unreadable = ferror(file);
  fclose(file);
  /* An exact copy, so that a sanitizer sees a read past the end. */
  uint8_t *exact = malloc(len > 0 ? len : 1);
  if (exact == NULL) abort();
  for (size_t i = 0; i < len; i++) exact[i] = data[i];
  free(data);
  if (!unreadable) LLVMFuzzerTestOneInput(exact, len);
  free(exact);
  return unreadable ? -1 : 1;
}

/* Returns: how many inputs ran; negative when one could not be read. */
static int run_path(const char *path) {
  struct stat info;
  if (stat(path, &info) != 0) {
    perror(path);
    return -1;
  }
  if (!S_ISDIR(info.st_mode)) return run_file(path);
  DIR *folder = opendir(path);
  if (folder == NULL) {
    perror(path);
    return -1;
  }
  int count = 0;
  struct dirent *entry;
  while (count >= 0 && (entry = readdir(folder)) != NULL) {
    char name[PATH_LEN];
    if (entry->d_name[0] == '.') continue;
    int written = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
    int ran = written < 0 || written >= PATH_LEN ? -1 : run_file(name);
    count = ran < 0 ? -1 : count + ran;
  }
  closedir(folder);
  return count;
}

int main(int argc, char **argv) {
  int count = 0;
  for (int i = 1; i < argc; i++) {
    int ran = run_path(argv[i]);
    if (ran < 0) return EXIT_FAILURE;
    count += ran;
  }
  printf("%d inputs\n", count);
  return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
