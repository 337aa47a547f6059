/* SPDX-License-Identifier: MIT */

/* What --state keeps from one run to the next: in a file that it names, or in one of a state directory. */

#define _POSIX_C_SOURCE 200809L

#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT_LEN (1u << 20) /* bytes at most */

bool cli_is_directory(const char *path) {
  struct stat status;
  return cli_ends_in_slash(path) || (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

bool cli_ends_in_slash(const char *path) {
  const size_t len = strlen(path);
  return len > 0 && path[len - 1] == '/';
}

char *cli_join(const char *first, const char *second, const char *third) {
  const size_t len = strlen(first) + strlen(second) + strlen(third) + 1;
  char *out = malloc(len);
  if (out != NULL) snprintf(out, len, "%s%s%s", first, second, third);
  return out;
}

int cli_kept_open(cli_kept *out, const char *path, const char *name) {
  ol_error error;
  *out = (cli_kept){0};
  if (path == NULL) return EXIT_VERIFIED;
  bool in_directory = cli_is_directory(path);
  out->path =
      in_directory ? cli_join(path, cli_ends_in_slash(path) ? "" : "/", name) : cli_join(path, "", "");
  if (out->path == NULL) return cli_no_memory();
  if (!in_directory) return EXIT_VERIFIED;
  out->name = out->path + strlen(out->path) - strlen(name);
  return ol_state_open(&error, &out->directory, path) == OL_OK ? EXIT_VERIFIED : cli_error(path, &error);
}

int cli_kept_read(const cli_kept *of, uint8_t **out, size_t *out_len) {
  ol_error error;
  *out = NULL;
  *out_len = 0;
  if (of->path == NULL) return EXIT_VERIFIED;
  if (of->directory == NULL)
    return access(of->path, F_OK) == 0 ? cli_file_read(out, out_len, "--state", of->path) : EXIT_VERIFIED;
  if (ol_state_read(&error, of->directory, out, out_len, of->name, KEPT_LEN) == OL_OK) return EXIT_VERIFIED;
  return cli_error(of->path, &error);
}

int cli_kept_write(const cli_kept *of, const uint8_t *bytes, size_t len) {
  ol_error error;
  ol_status status = of->directory == NULL ? ol_host_write_file(&error, of->path, bytes, len)
                                           : ol_state_write(&error, of->directory, of->name, bytes, len);
  return status == OL_OK ? EXIT_VERIFIED : cli_error(of->path, &error);
}

/* In a directory by writing it once more: what is there goes when its successor is written. */
static bool copy_aside(const cli_kept *of, const char *name) {
  ol_error error;
  uint8_t *bytes;
  size_t len;
  if (ol_state_read(&error, of->directory, &bytes, &len, of->name, KEPT_LEN) != OL_OK || bytes == NULL)
    return false;
  bool done = ol_state_write(&error, of->directory, name, bytes, len) == OL_OK;
  ol_host_free_file(bytes);
  return done;
}

bool cli_kept_put_aside(const cli_kept *of) {
  char *path = cli_join(of->path, ".damaged", "");
  if (path == NULL) return false;
  bool done =
      of->directory == NULL ? rename(of->path, path) == 0 : copy_aside(of, path + (of->name - of->path));
  if (done) cli_warn(path, "what was there before is kept here");
  free(path);
  return done;
}

void cli_kept_close(cli_kept *of) {
  if (of->directory != NULL) ol_state_close(of->directory);
  free(of->path);
  *of = (cli_kept){0};
}
