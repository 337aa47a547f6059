/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_HOST_KILLED_H
#define OL_TESTS_HOST_KILLED_H

/* Writers that are killed (SIGKILL) at moments that follow from a seed. */

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

static uint64_t random_state;

static void seed_random(uint64_t seed) {
  random_state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

/* Kills a process after `us` microseconds, less than a second. Returns: false when it had ended before. */
static bool kill_after(pid_t writer, uint64_t us) {
  struct timespec left = {.tv_sec = 0, .tv_nsec = (long)(us * 1000)};
  int status;
  while (nanosleep(&left, &left) != 0) continue;
  return kill(writer, SIGKILL) == 0 && waitpid(writer, &status, 0) == writer && WIFSIGNALED(status);
}

#endif
