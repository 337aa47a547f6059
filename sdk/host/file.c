/* SPDX-License-Identifier: MIT */

/* Files: read whole, replaced whole. */

#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_PIECE (64u << 10)

static const char *read_reason(int number) {
  switch (number) {
  case ENOENT: return "there is no such file";
  case EACCES: return "reading it is not permitted";
  case EISDIR: return "it is a directory";
  default: return "it cannot be read";
  }
}

static const char *write_reason(int number) {
  switch (number) {
  case ENOENT: return "there is no such directory";
  case EACCES:
  case EPERM:
  case EROFS: return "writing it is not permitted";
  case EISDIR: return "it is a directory";
  case ENOSPC:
  case EDQUOT: return "the disk is full";
  default: return "it cannot be written";
  }
}

static ol_status read_all(ol_error *error, uint8_t **out, size_t *out_len, FILE *file, size_t max_len) {
  size_t len = 0, capacity = 0;
  uint8_t *bytes = NULL;
  for (;;) {
    if (len == capacity) {
      /* One byte more than allowed shows that a file is too long. */
      size_t larger = capacity == 0 ? FILE_PIECE : 2 * capacity;
      if (larger > max_len) larger = max_len + 1;
      uint8_t *moved = realloc(bytes, larger);
      if (moved == NULL) {
        free(bytes);
        return host_fail(error, OL_ERR_MEMORY, "", "out of memory");
      }
      bytes = moved;
      capacity = larger;
    }
    errno = 0;
    size_t got = fread(bytes + len, 1, capacity - len, file);
    int number = errno;
    len += got;
    if (len > max_len) {
      free(bytes);
      return host_fail(error, OL_ERR_LIMIT, "", "it is longer than accepted");
    }
    if (ferror(file)) {
      free(bytes);
      return host_fail(error, OL_ERR_ARGUMENT, "", read_reason(number));
    }
    if (got == 0) break;
  }
  *out = bytes;
  *out_len = len;
  return OL_OK;
}

ol_status ol_host_read_file(ol_error *error, uint8_t **out, size_t *out_len, const char *path,
                            size_t max_len) {
  if (max_len == SIZE_MAX) max_len--;
  if (strcmp(path, "-") == 0) return read_all(error, out, out_len, stdin, max_len);
  FILE *file = fopen(path, "rb");
  if (file == NULL) return host_fail(error, OL_ERR_ARGUMENT, "", read_reason(errno));
  ol_status status = read_all(error, out, out_len, file, max_len);
  fclose(file);
  return status;
}

void ol_host_free_file(uint8_t *bytes) {
  free(bytes);
}

static bool write_all(int file, const uint8_t *bytes, size_t len) {
  while (len > 0) {
    ssize_t written = write(file, bytes, len);
    if (written < 0 && errno != EINTR) return false;
    if (written < 0) continue;
    bytes += written;
    len -= (size_t)written;
  }
  return true;
}

/* Makes a rename last. Not every file system can; the file itself is whole either way. */
static void sync_directory_of(char *path) {
  char *slash = strrchr(path, '/');
  if (slash != NULL) slash[slash == path ? 1 : 0] = '\0';
  int directory = open(slash != NULL ? path : ".", O_RDONLY | O_CLOEXEC);
  if (directory < 0) return;
  (void)fsync(directory);
  close(directory);
}

/* Writes a new file beside the old one and puts it in its place. In: `name` ends in XXXXXX. Returns: errno, or 0. */
static int replace(const char *path, char *name, const uint8_t *bytes, size_t len) {
  int file = mkstemp(name);
  if (file < 0) return errno;
  bool good = write_all(file, bytes, len) && fsync(file) == 0;
  int number = errno;
  if (close(file) != 0 && good) {
    good = false;
    number = errno;
  }
  if (good && rename(name, path) != 0) {
    good = false;
    number = errno;
  }
  if (!good) unlink(name);
  return good ? 0 : number;
}

ol_status ol_host_write_file(ol_error *error, const char *path, const uint8_t *bytes, size_t len) {
  static const char suffix[] = ".XXXXXX";
  size_t name_len = strlen(path) + sizeof suffix;
  char *name = malloc(name_len);
  if (name == NULL) return host_fail(error, OL_ERR_MEMORY, "", "out of memory");
  snprintf(name, name_len, "%s%s", path, suffix);
  int number = replace(path, name, bytes, len);
  if (number == 0) sync_directory_of(name);
  free(name);
  return number == 0 ? OL_OK : host_fail(error, OL_ERR_ARGUMENT, "", write_reason(number));
}
