/* SPDX-License-Identifier: MIT */

/* State directories: files replaced whole, by one process at a time. */

#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names of our own have a character that names of files do not. */
#define LOCK_NAME "lock~openledger"
#define NEW_SUFFIX "~openledger-new"
#define NEW_NAME (OL_STATE_NAME + sizeof NEW_SUFFIX)

struct ol_state {
  int directory;
  int lock;
};

static ol_status fail(ol_error *error, const char *part, const char *reason) {
  return host_fail(error, OL_ERR_ARGUMENT, part, reason);
}

static bool is_plain(const char *name, size_t len) {
  if (len == 0 || len > OL_STATE_NAME || name[0] == '.') return false;
  for (size_t i = 0; i < len; i++) {
    char c = name[i];
    if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

static ol_status check_name(ol_error *error, const char *name) {
  if (is_plain(name, strlen(name))) return OL_OK;
  return fail(error, "name", "is not 1 to 64 of a-z, 0-9, '-', '_' and '.', or begins with '.'");
}

/* --- Opening --- */

/* Makes a directory that is new last. Not every file system can. */
static void sync_parent(int directory) {
  int parent = openat(directory, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return;
  (void)fsync(parent);
  close(parent);
}

static ol_status open_directory(ol_error *error, ol_state *state, const char *path) {
  struct stat status;
  bool made = mkdir(path, S_IRWXU) == 0;
  if (!made && errno != EEXIST) return fail(error, "", host_write_reason(errno));
  state->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (state->directory < 0)
    return fail(error, "", errno == ENOTDIR ? "it is not a directory" : host_read_reason(errno));
  if (fstat(state->directory, &status) != 0) return fail(error, "", host_read_reason(errno));
  if (status.st_uid != geteuid()) return fail(error, "", "the directory belongs to another user");
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return fail(error, "", "others can write in the directory");
  if (made) sync_parent(state->directory);
  return OL_OK;
}

/* Returns: the process that wrote its number into the lock, if it is still there; else 0. */
static pid_t holder_of(int lock) {
  char text[24];
  ssize_t len = pread(lock, text, sizeof text - 1, 0);
  if (len <= 0) return 0;
  text[len] = '\0';
  long number = strtol(text, NULL, 10);
  if (number <= 0 || number >= INT32_MAX) return 0;
  return kill((pid_t)number, 0) == 0 || errno == EPERM ? (pid_t)number : 0;
}

static ol_status taken(ol_error *error, int lock) {
  pid_t holder = holder_of(lock);
  if (holder == 0) return fail(error, "process", "another one is using the directory");
  ol_status status = fail(error, "process", "is using the directory");
  error->item = (uint32_t)holder;
  return status;
}

/* The lock is the kernel's, and ends with the process. The file stays: a new one would be another lock. */
static ol_status take_lock(ol_error *error, ol_state *state) {
  char text[24];
  state->lock =
      openat(state->directory, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (state->lock < 0) return fail(error, "lock", host_write_reason(errno));
  if (flock(state->lock, LOCK_EX | LOCK_NB) != 0)
    return errno == EWOULDBLOCK ? taken(error, state->lock) : fail(error, "lock", "it cannot be taken");
  /* Only for whoever comes meanwhile: without it they are told that somebody has the lock, and not who. */
  int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
  if (ftruncate(state->lock, 0) != 0 || pwrite(state->lock, text, (size_t)len, 0) != len) errno = 0;
  return OL_OK;
}

static bool is_leftover(const char *name) {
  size_t len = strlen(name), suffix = sizeof NEW_SUFFIX - 1;
  return len > suffix && strcmp(name + len - suffix, NEW_SUFFIX) == 0 && is_plain(name, len - suffix);
}

static ol_status remove_leftovers(ol_error *error, int directory) {
  int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *list = copy < 0 ? NULL : fdopendir(copy);
  if (list == NULL) {
    int number = errno;
    if (copy >= 0) close(copy);
    return fail(error, "", host_read_reason(number));
  }
  ol_status status = OL_OK;
  struct dirent *entry = NULL;
  while (status == OL_OK && (errno = 0, entry = readdir(list)) != NULL) {
    if (is_leftover(entry->d_name) && unlinkat(directory, entry->d_name, 0) != 0)
      status = fail(error, "", "what a killed writer left cannot be removed");
  }
  if (status == OL_OK && errno != 0) status = fail(error, "", host_read_reason(errno));
  closedir(list);
  return status;
}

ol_status ol_state_open(ol_error *error, ol_state **out, const char *path) {
  ol_state *state = malloc(sizeof *state);
  if (state == NULL) return host_fail(error, OL_ERR_MEMORY, "", "out of memory");
  *state = (ol_state){.directory = -1, .lock = -1};
  ol_status status = open_directory(error, state, path);
  if (status == OL_OK) status = take_lock(error, state);
  if (status == OL_OK) status = remove_leftovers(error, state->directory);
  if (status == OL_OK)
    *out = state;
  else
    ol_state_close(state);
  return status;
}

void ol_state_close(ol_state *state) {
  if (state->lock >= 0) close(state->lock);
  if (state->directory >= 0) close(state->directory);
  free(state);
}

/* --- Files --- */

ol_status ol_state_read(ol_error *error, ol_state *state, uint8_t **out, size_t *out_len, const char *name,
                        size_t max_len) {
  struct stat status;
  if (check_name(error, name) != OL_OK) return OL_ERR_ARGUMENT;
  /* Without waiting for whoever would write into a pipe. */
  int file = openat(state->directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) {
    *out = NULL;
    *out_len = 0;
    return OL_OK;
  }
  FILE *stream = file < 0 ? NULL : fdopen(file, "rb");
  if (stream == NULL) {
    int number = errno;
    if (file >= 0) close(file);
    return fail(error, "", host_read_reason(number));
  }
  ol_status result = fstat(file, &status) == 0 && S_ISREG(status.st_mode)
                         ? host_stream_read(error, out, out_len, stream, max_len)
                         : fail(error, "", "it is not a file");
  fclose(stream);
  return result;
}

ol_status ol_state_write(ol_error *error, ol_state *state, const char *name, const uint8_t *bytes,
                         size_t len) {
  char temporary[NEW_NAME];
  if (check_name(error, name) != OL_OK) return OL_ERR_ARGUMENT;
  snprintf(temporary, sizeof temporary, "%s" NEW_SUFFIX, name);
  int file = openat(state->directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                    S_IRUSR | S_IWUSR);
  int number = file < 0 ? errno : host_file_put(state->directory, name, temporary, file, bytes, len);
  /* File systems that cannot bring a directory to the disk say EINVAL. */
  if (number == 0 && fsync(state->directory) != 0 && errno != EINVAL) number = errno;
  return number == 0 ? OL_OK : fail(error, "", host_write_reason(number));
}
