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

const char *host_read_reason(int number) {
  switch (number) {
  case ENOENT: return "there is no such file";
  case EACCES: return "reading it is not permitted";
  case EISDIR: return "it is a directory";
  case EIO: return "the disk has failed";
  default: return "it cannot be read";
  }
}

const char *host_write_reason(int number) {
  switch (number) {
  case ENOENT: return "there is no such directory";
  case EACCES:
  case EPERM:
  case EROFS: return "writing it is not permitted";
  case EISDIR: return "it is a directory";
  case ENOSPC:
  case EDQUOT: return "the disk is full";
  case EFBIG: return "it would be longer than files may be";
  case EIO: return "the disk has failed";
  default: return "it cannot be written";
  }
}

ol_status host_stream_read(ol_error *error, uint8_t **out, size_t *out_len, FILE *file, size_t max_len) {
  if (max_len == SIZE_MAX) max_len--;
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
      return host_fail(error, OL_ERR_ARGUMENT, "", host_read_reason(number));
    }
    if (got == 0) break;
  }
  *out = bytes;
  *out_len = len;
  return OL_OK;
}

ol_status ol_host_read_file(ol_error *error, uint8_t **out, size_t *out_len, const char *path,
                            size_t max_len) {
  if (strcmp(path, "-") == 0) return host_stream_read(error, out, out_len, stdin, max_len);
  FILE *file = fopen(path, "rb");
  if (file == NULL) return host_fail(error, OL_ERR_ARGUMENT, "", host_read_reason(errno));
  ol_status status = host_stream_read(error, out, out_len, file, max_len);
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

int host_file_put(int directory, const char *name, const char *temporary, int file, const uint8_t *bytes,
                  size_t len) {
  bool good = write_all(file, bytes, len) && fsync(file) == 0;
  int number = errno;
  if (close(file) != 0 && good) {
    good = false;
    number = errno;
  }
  if (good && renameat(directory, temporary, directory, name) != 0) {
    good = false;
    number = errno;
  }
  if (!good) unlinkat(directory, temporary, 0);
  return good ? 0 : number;
}

ol_status ol_host_write_file(ol_error *error, const char *path, const uint8_t *bytes, size_t len) {
  static const char suffix[] = ".XXXXXX";
  size_t name_len = strlen(path) + sizeof suffix;
  char *name = malloc(name_len);
  if (name == NULL) return host_fail(error, OL_ERR_MEMORY, "", "out of memory");
  snprintf(name, name_len, "%s%s", path, suffix);
  int file = mkstemp(name);
  int number = file < 0 ? errno : host_file_put(AT_FDCWD, path, name, file, bytes, len);
  if (number == 0) sync_directory_of(name);
  free(name);
  return number == 0 ? OL_OK : host_fail(error, OL_ERR_ARGUMENT, "", host_write_reason(number));
}
