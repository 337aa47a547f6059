/* SPDX-License-Identifier: MIT */

/*
 * The native side of the figures. It measures when it is told to, so that whoever drives it can take turns
 * between it and others: for each line `NAME COUNT` on stdin it does the work COUNT times and answers with a
 * line: nanoseconds for all of them, those of CPU time, and what the work came to.
 *
 *   openledger_bench [GROUP.PART=FILE]...
 */
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool read_file(ol_slice *out, const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return false;
  long len = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
  uint8_t *bytes = len > 0 ? (uint8_t *)malloc((size_t)len) : NULL;
  rewind(file);
  bool read = bytes != NULL && fread(bytes, 1, (size_t)len, file) == (size_t)len;
  fclose(file);
  *out = (ol_slice){bytes, read ? (size_t)len : 0};
  return read;
}

static bool take_argument(char *argument) {
  ol_slice data;
  char *equals = strchr(argument, '=');
  if (equals == NULL) return false;
  *equals = '\0';
  return read_file(&data, equals + 1) && work_give(argument, data);
}

static uint64_t now_ns(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static bool measure(const char *name, size_t count) {
  work_answer answer = {{0}};
  const work *one = work_named(name);
  const uint64_t start = now_ns(CLOCK_MONOTONIC), start_cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);
  if (one == NULL || !one->run(&answer, count)) return false;
  const uint64_t cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID) - start_cpu, time = now_ns(CLOCK_MONOTONIC) - start;
  printf("%llu %llu ", (unsigned long long)time, (unsigned long long)cpu);
  for (size_t i = 0; i < sizeof answer.bytes; i++) printf("%02x", answer.bytes[i]);
  printf("\n");
  return fflush(stdout) == 0;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (take_argument(argv[i])) continue;
    fprintf(stderr, "usage: %s [GROUP.PART=FILE]...\n", argv[0]);
    return 2;
  }
  char line[128], name[64];
  size_t count;
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (sscanf(line, "%63s %zu", name, &count) != 2 || !measure(name, count)) {
      fprintf(stderr, "%s: cannot do: %s", argv[0], line);
      return 1;
    }
  }
  return 0;
}
