/* SPDX-License-Identifier: MIT */

/* State directories: who may have one, and what becomes of what was written when writing fails. */

#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE

#include "openledger/host.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define NEW_SUFFIX "~openledger-new"
#define LOCK_NAME "lock~openledger"
#define CONTENT 100000u

static ol_error error;
static char parent[64], place[96];
static uint8_t content[CONTENT];

/* --- Calls to the system that fail when a test says so; the linker puts them in front --- */

static struct {
  int fsyncs; /* this one from now on fails; 0 for none */
  bool rename;
  bool short_write; /* writes a few bytes at a time */
} broken;

#if !defined(__APPLE__)
int __real_fsync(int file);
int __real_renameat(int from, const char *old, int to, const char *now);
ssize_t __real_write(int file, const void *bytes, size_t len);
int __wrap_fsync(int file);
int __wrap_renameat(int from, const char *old, int to, const char *now);
ssize_t __wrap_write(int file, const void *bytes, size_t len);

int __wrap_fsync(int file) {
  if (broken.fsyncs > 0 && --broken.fsyncs == 0) {
    errno = EIO;
    return -1;
  }
  return __real_fsync(file);
}

int __wrap_renameat(int from, const char *old, int to, const char *now) {
  if (broken.rename) {
    errno = EIO;
    return -1;
  }
  return __real_renameat(from, old, to, now);
}

ssize_t __wrap_write(int file, const void *bytes, size_t len) {
  return __real_write(file, bytes, broken.short_write && len > 1000 ? 1000 : len);
}
#endif

/* --- A directory for each test --- */

static int set_up(void **state) {
  (void)state;
  snprintf(parent, sizeof parent, "/tmp/openledger-state-XXXXXX");
  if (mkdtemp(parent) == NULL) return -1;
  snprintf(place, sizeof place, "%s/state", parent);
  memset(&broken, 0, sizeof broken);
  for (size_t i = 0; i < sizeof content; i++) content[i] = (uint8_t)(i * 7);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", parent);
  return system(command);
}

static const char *path_of(const char *name) {
  static char path[256];
  snprintf(path, sizeof path, "%s/%s", place, name);
  return path;
}

static bool is_there(const char *name) {
  struct stat status;
  return lstat(path_of(name), &status) == 0;
}

static mode_t mode_of(const char *path) {
  struct stat status;
  assert_int_equal(stat(path, &status), 0);
  return status.st_mode & 0777;
}

/* Puts a file there without the help of what is tested. */
static void plant(const char *name, const char *text) {
  FILE *file = fopen(path_of(name), "wb");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static ol_state *open_place(void) {
  ol_state *state;
  assert_int_equal(ol_state_open(&error, &state, place), OL_OK);
  return state;
}

static void refused(const char *why) {
  ol_state *state;
  assert_int_equal(ol_state_open(&error, &state, place), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, why);
}

static void write_text(ol_state *state, const char *name, const char *text) {
  assert_int_equal(ol_state_write(&error, state, name, (const uint8_t *)text, strlen(text)), OL_OK);
}

static void assert_holds(ol_state *state, const char *name, const char *text) {
  uint8_t *bytes;
  size_t len;
  assert_int_equal(ol_state_read(&error, state, &bytes, &len, name, 1000), OL_OK);
  assert_non_null(bytes);
  assert_int_equal(len, strlen(text));
  assert_memory_equal(bytes, text, len);
  ol_host_free_file(bytes);
}

static void assert_not_written(ol_state *state, const char *name, const char *why) {
  assert_int_equal(ol_state_write(&error, state, name, content, CONTENT), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, why);
}

/* --- Tests --- */

static void reads_what_was_written(void **unused) {
  (void)unused;
  ol_state *state = open_place();
  uint8_t *bytes = content;
  size_t len = 1;
  assert_int_equal(ol_state_read(&error, state, &bytes, &len, "kept", 10), OL_OK);
  assert_null(bytes);
  assert_int_equal(len, 0);
  write_text(state, "kept", "first");
  assert_holds(state, "kept", "first");
  write_text(state, "kept", "");
  assert_holds(state, "kept", "");
  assert_int_equal(ol_state_write(&error, state, "kept", NULL, 0), OL_OK);
  broken.short_write = true;
  assert_int_equal(ol_state_write(&error, state, "kept", content, CONTENT), OL_OK);
  assert_int_equal(ol_state_read(&error, state, &bytes, &len, "kept", CONTENT), OL_OK);
  assert_int_equal(len, CONTENT);
  assert_memory_equal(bytes, content, CONTENT);
  ol_host_free_file(bytes);
  assert_int_equal(ol_state_read(&error, state, &bytes, &len, "kept", CONTENT - 1), OL_ERR_LIMIT);
  ol_state_close(state);
  state = open_place(); /* that it is there already is all right */
  assert_int_equal(ol_state_read(&error, state, &bytes, &len, "kept", SIZE_MAX), OL_OK);
  assert_int_equal(len, CONTENT);
  ol_host_free_file(bytes);
  ol_state_close(state);
}

static void is_for_the_owner_alone(void **unused) {
  (void)unused;
  mode_t before = umask(0);
  ol_state *state = open_place();
  write_text(state, "kept", "x");
  umask(before);
  assert_int_equal(mode_of(place), 0700);
  assert_int_equal(mode_of(path_of("kept")), 0600);
  assert_int_equal(mode_of(path_of(LOCK_NAME)), 0600);
  ol_state_close(state);
}

static void goes_on_where_it_began(void **unused) {
  (void)unused;
  char before[256];
  assert_non_null(getcwd(before, sizeof before));
  assert_int_equal(chdir(parent), 0);
  ol_state *state;
  assert_int_equal(ol_state_open(&error, &state, "state/"), OL_OK);
  assert_int_equal(chdir(before), 0);
  write_text(state, "kept", "x");
  assert_true(is_there("kept"));
  ol_state_close(state);
}

static void refuses_names(void **unused) {
  (void)unused;
  static char longest[66] = "0123456789abcdefghijklmnopqrstuvwxyz-_.0123456789abcdefghijklmnop";
  static const char *const bad[] = {"",     ".",   "..", ".kept", "a/b",      "/a",   "../a",
                                    "Kept", "a b", "a~", "a\n",   "\xc3\xa4", longest};
  ol_state *state = open_place();
  uint8_t *bytes;
  size_t len;
  assert_int_equal(strlen(longest), 65);
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_int_equal(ol_state_write(&error, state, bad[i], content, 1), OL_ERR_ARGUMENT);
    assert_string_equal(error.part, "name");
    assert_int_equal(ol_state_read(&error, state, &bytes, &len, bad[i], 1), OL_ERR_ARGUMENT);
    assert_string_equal(error.part, "name");
  }
  longest[64] = '\0';
  write_text(state, longest, "x");
  assert_holds(state, longest, "x");
  ol_state_close(state);
}

static void refuses_a_directory_that_others_can_write(void **unused) {
  (void)unused;
  static const mode_t good[] = {0700, 0755, 0750}, bad[] = {0777, 0770, 0720, 0702, 01777};
  ol_state_close(open_place());
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_int_equal(chmod(place, bad[i]), 0);
    refused("others can write in the directory");
  }
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    assert_int_equal(chmod(place, good[i]), 0);
    ol_state_close(open_place());
  }
}

static void refuses_a_directory_of_others(void **unused) {
  (void)unused;
  if (geteuid() == 0) {
    ol_state_close(open_place());
    assert_int_equal(chown(place, 12345, (gid_t)-1), 0);
  } else {
    snprintf(place, sizeof place, "/"); /* is root's */
  }
  refused("the directory belongs to another user");
}

static void refuses_what_is_no_directory(void **unused) {
  (void)unused;
  snprintf(place, sizeof place, "%s/nowhere/state", parent);
  refused("there is no such directory");
  snprintf(place, sizeof place, "%s", parent);
  plant("file", "");
  snprintf(place, sizeof place, "%s/file", parent);
  refused("it is not a directory");
}

static void reads_files_only(void **unused) {
  (void)unused;
  ol_state *state = open_place();
  uint8_t *bytes;
  size_t len;
  assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
  assert_int_equal(mkdir(path_of("folder"), 0700), 0);
  assert_int_equal(symlink("/etc/passwd", path_of("link")), 0);
  static const char *const names[] = {"pipe", "folder", "link"};
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(ol_state_read(&error, state, &bytes, &len, names[i], CONTENT), OL_ERR_ARGUMENT);
  write_text(state, "link", "x"); /* in its place, not where it leads */
  assert_holds(state, "link", "x");
  ol_state_close(state);
}

static void is_for_one_at_a_time(void **unused) {
  (void)unused;
  ol_state *state = open_place(), *other;
  refused("is using the directory");
  assert_string_equal(error.part, "process");
  assert_int_equal(error.item, getpid());
  write_text(state, "kept", "x"); /* that somebody was refused changes nothing */
  refused("is using the directory");
  assert_int_equal(truncate(path_of(LOCK_NAME), 0), 0); /* its holder has not said its number yet */
  refused("another one is using the directory");
  assert_int_equal(error.item, OL_NOWHERE);
  static const char *const odd[] = {"0",          "-1", "x", "99999999999999999999",
                                    "2147483646", "\n"}; /* the last but one is nobody's */
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    plant(LOCK_NAME, odd[i]);
    refused("another one is using the directory");
  }
  ol_state_close(state);
  assert_int_equal(ol_state_open(&error, &other, place), OL_OK);
  ol_state_close(other);
}

static void the_lock_ends_with_its_process(void **unused) {
  (void)unused;
  int ready[2], status;
  char byte;
  assert_int_equal(pipe(ready), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    ol_state *state;
    alarm(20); /* should the test fail before it is killed */
    if (ol_state_open(&error, &state, place) != OL_OK || write(ready[1], "x", 1) != 1) _exit(1);
    for (;;) pause();
  }
  close(ready[1]);
  assert_int_equal(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  refused("is using the directory");
  assert_int_equal(error.item, child);
  kill(child, SIGKILL);
  assert_int_equal(waitpid(child, &status, 0), child);
  ol_state *state = open_place();
  refused("is using the directory");
  assert_int_equal(error.item, getpid());
  ol_state_close(state);
}

static void removes_what_a_killed_writer_left(void **unused) {
  (void)unused;
  ol_state_close(open_place());
  static const char *const left[] = {"kept" NEW_SUFFIX, "a" NEW_SUFFIX};
  static const char *const others[] = {
      "kept", "kept~", "Kept" NEW_SUFFIX, NEW_SUFFIX, "kept" NEW_SUFFIX "~", ".a" NEW_SUFFIX, LOCK_NAME};
  for (size_t i = 0; i < 2; i++) plant(left[i], "half");
  for (size_t i = 0; i < 6; i++) plant(others[i], "whole");
  ol_state *state = open_place();
  for (size_t i = 0; i < 2; i++) assert_false(is_there(left[i]));
  for (size_t i = 0; i < 7; i++) assert_true(is_there(others[i]));
  assert_holds(state, "kept", "whole");
  ol_state_close(state);
  assert_int_equal(mkdir(path_of(left[0]), 0700), 0); /* is none, and in the way */
  refused("what a killed writer left cannot be removed");
}

/* Files of this process can then be no longer than `most`. */
static void limit_files(rlim_t most) {
  struct rlimit limit;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = most == RLIM_INFINITY ? limit.rlim_max : most;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void keeps_the_old_when_there_is_no_room(void **unused) {
  (void)unused;
  const char *why = "it would be longer than files may be";
  ol_state *state = open_place();
  write_text(state, "kept", "old");
  void (*before)(int) = signal(SIGXFSZ, SIG_IGN);
  limit_files(50000); /* the first part of it is written */
  ol_status in_state = ol_state_write(&error, state, "kept", content, CONTENT);
  const char *state_reason = error.reason;
  ol_status new_file = ol_state_write(&error, state, "new", content, CONTENT);
  ol_status file = ol_host_write_file(&error, path_of("kept"), content, CONTENT);
  const char *file_reason = error.reason;
  limit_files(RLIM_INFINITY);
  signal(SIGXFSZ, before);
  assert_int_equal(in_state, OL_ERR_ARGUMENT);
  assert_string_equal(state_reason, why);
  assert_int_equal(new_file, OL_ERR_ARGUMENT);
  assert_int_equal(file, OL_ERR_ARGUMENT);
  assert_string_equal(file_reason, why);
  assert_holds(state, "kept", "old");
  assert_false(is_there("new"));
  assert_false(is_there("kept" NEW_SUFFIX));
  assert_false(is_there("new" NEW_SUFFIX));
  write_text(state, "kept", "new"); /* and goes on */
  assert_holds(state, "kept", "new");
  ol_state_close(state);
}

#if !defined(__APPLE__)
static void keeps_the_old_when_the_disk_fails(void **unused) {
  (void)unused;
  const char *why = "the disk has failed";
  ol_state *state = open_place();
  write_text(state, "kept", "old");
  broken.fsyncs = 1;
  assert_not_written(state, "kept", why);
  broken.rename = true;
  assert_not_written(state, "kept", why);
  broken.rename = false;
  assert_holds(state, "kept", "old");
  assert_false(is_there("kept" NEW_SUFFIX));
  broken.fsyncs = 2; /* of the directory: whether the new is there after a failure of power is not known */
  assert_not_written(state, "kept", why);
  uint8_t *bytes;
  size_t len;
  assert_int_equal(ol_state_read(&error, state, &bytes, &len, "kept", CONTENT), OL_OK);
  assert_int_equal(len, CONTENT);
  ol_host_free_file(bytes);
  broken.fsyncs = 1;
  assert_int_equal(ol_host_write_file(&error, path_of("other"), content, CONTENT), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, why);
  assert_false(is_there("other"));
  ol_state_close(state);
}
#endif

static void says_when_the_directory_is_gone(void **unused) {
  (void)unused;
  ol_state *state = open_place();
  assert_int_equal(unlink(path_of(LOCK_NAME)), 0);
  assert_int_equal(rmdir(place), 0);
  assert_not_written(state, "kept", "there is no such directory");
  ol_state_close(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(reads_what_was_written, set_up, tear_down),
    cmocka_unit_test_setup_teardown(is_for_the_owner_alone, set_up, tear_down),
    cmocka_unit_test_setup_teardown(goes_on_where_it_began, set_up, tear_down),
    cmocka_unit_test_setup_teardown(refuses_names, set_up, tear_down),
    cmocka_unit_test_setup_teardown(refuses_a_directory_that_others_can_write, set_up, tear_down),
    cmocka_unit_test_setup_teardown(refuses_a_directory_of_others, set_up, tear_down),
    cmocka_unit_test_setup_teardown(refuses_what_is_no_directory, set_up, tear_down),
    cmocka_unit_test_setup_teardown(reads_files_only, set_up, tear_down),
    cmocka_unit_test_setup_teardown(is_for_one_at_a_time, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_lock_ends_with_its_process, set_up, tear_down),
    cmocka_unit_test_setup_teardown(removes_what_a_killed_writer_left, set_up, tear_down),
    cmocka_unit_test_setup_teardown(keeps_the_old_when_there_is_no_room, set_up, tear_down),
#if !defined(__APPLE__)
    cmocka_unit_test_setup_teardown(keeps_the_old_when_the_disk_fails, set_up, tear_down),
#endif
    cmocka_unit_test_setup_teardown(says_when_the_directory_is_gone, set_up, tear_down),
  };
  return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
