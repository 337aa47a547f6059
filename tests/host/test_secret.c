/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE

#include <openledger/host.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

/* AddressSanitizer's mlock does nothing, and says that it did. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LOCKS_NOTHING
#endif
#endif

#include <cmocka.h>

/* Memory for secrets: who leaves it is ended, and nothing of it gets out. */

static ol_error error;

static uint8_t *taken(size_t len) {
  void *memory = NULL;
  int locked = -1;
  assert_int_equal(ol_host_secret_new(&error, &memory, &locked, len), OL_OK);
  assert_in_range(locked, 0, 1);
  return memory;
}

static void gives_zeros_that_can_be_written(void **state) {
  static const size_t lengths[] = {1, 15, 16, 4095, 4096, 4097, 100000};
  (void)state;
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    uint8_t *memory = taken(lengths[i]);
    assert_int_equal((uintptr_t)memory % 16, 0);
    for (size_t at = 0; at < lengths[i]; at++) assert_int_equal(memory[at], 0);
    memset(memory, 0xaa, lengths[i]);
    ol_host_secret_free(memory);
  }
  ol_host_secret_free(NULL);
}

static void refuses_no_length(void **state) {
  void *memory;
  int locked;
  (void)state;
  assert_int_equal(ol_host_secret_new(&error, &memory, &locked, 0), OL_ERR_ARGUMENT);
  assert_int_equal(ol_host_secret_new(&error, &memory, &locked, SIZE_MAX), OL_ERR_ARGUMENT);
}

/* Returns: what ends a child that reads a byte. */
static int signal_of_reading(const volatile uint8_t *byte) {
  int status = 0;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGBUS, SIG_DFL);
    (void)*byte;
    _exit(0);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  return WIFSIGNALED(status) ? WTERMSIG(status) : WIFEXITED(status) && WEXITSTATUS(status) != 0 ? SIGSEGV : 0;
}

static void is_between_guards(void **state) {
  uint8_t *memory = taken(64);
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  (void)state;
  assert_int_equal(signal_of_reading(memory + 63), 0);
  assert_int_not_equal(signal_of_reading(memory + 64), 0);
  assert_int_not_equal(signal_of_reading(memory - page), 0);
  ol_host_secret_free(memory);
}

#if defined(__linux__)
/* Returns: the flags that the kernel has for the pages at an address. */
static void flags_of(char out[512], const void *memory) {
  char line[512];
  bool found = false;
  FILE *maps = fopen("/proc/self/smaps", "r");
  assert_non_null(maps);
  out[0] = '\0';
  while (fgets(line, sizeof line, maps) != NULL) {
    unsigned long from, to;
    if (sscanf(line, "%lx-%lx ", &from, &to) == 2 && strchr(line, '-') < line + 17)
      found = from <= (uintptr_t)memory && (uintptr_t)memory < to;
    else if (found && strncmp(line, "VmFlags:", 8) == 0)
      strcpy(out, line);
  }
  fclose(maps);
}

static void is_not_in_core_dumps_and_locked(void **state) {
  char flags[512];
  void *memory = NULL;
  int locked;
  (void)state;
  assert_int_equal(ol_host_secret_new(&error, &memory, &locked, 64), OL_OK);
  flags_of(flags, memory);
  assert_non_null(strstr(flags, " dd"));
#if !defined(LOCKS_NOTHING)
  assert_int_equal(strstr(flags, " lo") != NULL, locked);
#endif
  ol_host_secret_free(memory);
}

#if !defined(LOCKS_NOTHING)
static void says_when_it_is_not_locked(void **state) {
  const struct rlimit none = {0, 0};
  int status = 0;
  (void)state;
  pid_t child = fork();
  if (child == 0) {
    void *memory;
    int locked = -1;
    setrlimit(RLIMIT_MEMLOCK, &none);
    if (setgid(65534) != 0 || setuid(65534) != 0) { /* root is not limited */
    }
    _exit(ol_host_secret_new(&error, &memory, &locked, 64) == OL_OK && locked == 0 ? 7 : 8);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(WEXITSTATUS(status), 7);
}
#endif

static void keeps_the_process_to_itself(void **state) {
  int status = 0;
  (void)state;
  pid_t child = fork();
  if (child == 0) {
    struct rlimit limit;
    bool kept =
        ol_host_keep_secrets(&error) == OL_OK && getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0;
    _exit(kept && prctl(PR_GET_DUMPABLE) == 0 ? 7 : 8);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(WEXITSTATUS(status), 7);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(gives_zeros_that_can_be_written),
    cmocka_unit_test(refuses_no_length),
    cmocka_unit_test(is_between_guards),
#if defined(__linux__)
    cmocka_unit_test(is_not_in_core_dumps_and_locked),
#if !defined(LOCKS_NOTHING)
    cmocka_unit_test(says_when_it_is_not_locked),
#endif
    cmocka_unit_test(keeps_the_process_to_itself),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
