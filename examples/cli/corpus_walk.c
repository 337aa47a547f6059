/* SPDX-License-Identifier: MIT */

/* The documents of a corpus: the files below a directory, in the order of their paths. */

#define _POSIX_C_SOURCE 200809L

#include "attribution.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DOCUMENT_LEN (1u << 30) /* bytes of one */

static int system_fault(const char *what) {
  const ol_error error = cli_error_of(OL_ERR_ARGUMENT, "", strerror(errno));
  cli_error(what, &error);
  return EXIT_USAGE;
}

/* A path with what is below it. Returns: NULL without memory. */
static char *below(const char *directory, const char *path) {
  return *path == '\0' ? cli_join(directory, "", "") : cli_join(directory, "/", path);
}

static int add(cli_documents *to, char *path) {
  if (to->count == to->room) {
    const size_t room = to->room == 0 ? 64 : 2 * to->room;
    cli_document *list = realloc(to->list, room * sizeof *list);
    if (list == NULL) {
      free(path);
      return cli_no_memory();
    }
    to->list = list;
    to->room = room;
  }
  to->list[to->count++] = (cli_document){.path = path};
  return EXIT_VERIFIED;
}

/* Directories that are still to be read. */
typedef struct waiting {
  char **list;
  size_t count, room;
} waiting;

static int put(waiting *to, char *path) {
  if (path == NULL) return cli_no_memory();
  if (to->count == to->room) {
    const size_t room = to->room == 0 ? 16 : 2 * to->room;
    char **list = realloc(to->list, room * sizeof *list);
    if (list == NULL) {
      free(path);
      return cli_no_memory();
    }
    to->list = list;
    to->room = room;
  }
  to->list[to->count++] = path;
  return EXIT_VERIFIED;
}

/* Takes one entry. In: its path below the directory, to be given away. */
static int take(cli_documents *out, waiting *todo, const char *directory, char *path) {
  struct stat about;
  char *whole = path == NULL ? NULL : below(directory, path);
  if (whole == NULL) {
    free(path);
    return cli_no_memory();
  }
  const int found = lstat(whole, &about);
  const int result = found != 0 ? system_fault(whole) : EXIT_VERIFIED;
  free(whole);
  if (result == EXIT_VERIFIED && S_ISDIR(about.st_mode)) return put(todo, path);
  if (result == EXIT_VERIFIED && S_ISREG(about.st_mode)) return add(out, path);
  if (result == EXIT_VERIFIED) out->skipped++;
  free(path);
  return result;
}

static int read_directory(cli_documents *out, waiting *todo, const char *directory, const char *path) {
  char *whole = below(directory, path);
  if (whole == NULL) return cli_no_memory();
  DIR *open = opendir(whole);
  int result = open == NULL ? system_fault(whole) : EXIT_VERIFIED;
  const struct dirent *entry;
  while (result == EXIT_VERIFIED && (errno = 0, entry = readdir(open)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    result = take(out, todo, directory,
                  *path == '\0' ? cli_join(entry->d_name, "", "") : cli_join(path, "/", entry->d_name));
  }
  if (result == EXIT_VERIFIED && errno != 0) result = system_fault(whole);
  if (open != NULL) closedir(open);
  free(whole);
  return result;
}

static int by_path(const void *left, const void *right) {
  return strcmp(((const cli_document *)left)->path, ((const cli_document *)right)->path);
}

int cli_documents_find(cli_documents *out, const char *directory) {
  waiting todo = {.list = NULL};
  *out = (cli_documents){.list = NULL};
  int result = put(&todo, cli_join("", "", ""));
  while (todo.count > 0) {
    char *path = todo.list[--todo.count];
    if (result == EXIT_VERIFIED) result = read_directory(out, &todo, directory, path);
    free(path);
  }
  free(todo.list);
  if (result == EXIT_VERIFIED && out->count == 0)
    result = cli_usage_error(directory, "there is no file below it");
  if (out->count > 1) qsort(out->list, out->count, sizeof *out->list, by_path);
  return result;
}

void cli_documents_free(cli_documents *of) {
  for (size_t i = 0; i < of->count; i++) free(of->list[i].path);
  free(of->list);
  *of = (cli_documents){.list = NULL};
}

int cli_document_read(ol_slice *out, uint8_t **out_file, const char *directory,
                      const cli_document *document) {
  ol_error error;
  size_t len = 0;
  char *whole = below(directory, document->path);
  *out_file = NULL;
  if (whole == NULL) return cli_no_memory();
  int result = EXIT_VERIFIED;
  if (ol_host_read_file(&error, out_file, &len, whole, DOCUMENT_LEN) != OL_OK)
    result = cli_error(whole, &error);
  *out = (ol_slice){*out_file, len};
  free(whole);
  return result;
}
