/* SPDX-License-Identifier: MIT */

/*
 * Building a corpus: documents go straight to where they will be in the file, and each stage adds its part behind. The
 * file lies in a directory of its own until it is complete; `state` there says which stages are.
 */

#define _POSIX_C_SOURCE 200809L

#include "build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {"corpus", "documents", "state", "state.new", "tail.0", "tail.1"};
enum { NAME_CORPUS, NAME_DOCUMENTS, NAME_STATE, NAME_STATE_NEW, NAME_TAIL, NAMES = 6 };

static ol_status write_failed(ol_error *error) {
  switch (errno) {
  case ENOSPC:
  case EDQUOT: return corpus_fail(error, OL_ERR_ARGUMENT, "the disk is full");
  case EFBIG: return corpus_fail(error, OL_ERR_ARGUMENT, "it would be longer than files may be");
  case EIO: return corpus_fail(error, OL_ERR_ARGUMENT, "the disk has failed");
  default: return corpus_fail(error, OL_ERR_ARGUMENT, "it cannot be written");
  }
}

ol_status build_write_at(ol_error *error, int file, uint64_t at, const uint8_t *bytes, size_t len) {
  while (len > 0) {
    ssize_t written = pwrite(file, bytes, len, (off_t)at);
    if (written < 0 && errno == EINTR) continue;
    if (written == 0) errno = ENOSPC;
    if (written <= 0) return write_failed(error);
    bytes += written;
    len -= (size_t)written;
    at += (uint64_t)written;
  }
  return OL_OK;
}

ol_status build_flush(ol_error *error, build_writer *writer) {
  CORPUS_TRY(build_write_at(error, writer->file, writer->at, writer->bytes, writer->used));
  writer->at += writer->used;
  writer->used = 0;
  return OL_OK;
}

ol_status build_sync(ol_error *error, int file) {
  return fsync(file) == 0 ? OL_OK : write_failed(error);
}

void build_tell(const ol_corpus_builder *builder, uint32_t stage, uint64_t done) {
  if (builder->progress != NULL) builder->progress(builder->context, stage, done, builder->n);
}

ol_status build_tail_open(ol_error *error, const ol_corpus_builder *builder, int *out, uint32_t number,
                          bool is_new) {
  int how = is_new ? O_RDWR | O_CREAT | O_TRUNC : O_RDONLY;
  *out = openat(builder->folder, names[NAME_TAIL + number], how | O_CLOEXEC, 0600);
  return *out >= 0 ? OL_OK : write_failed(error);
}

/* --- What is recorded: "ATRB", version, stage, number of the tail, a zero, and five numbers --- */

enum { STATE_BYTES = 8 + 4 * 8 };

ol_status build_record(ol_error *error, const ol_corpus_builder *builder) {
  uint8_t state[STATE_BYTES] = {'A', 'T', 'R', 'B', 1, (uint8_t)builder->stage, (uint8_t)builder->tail, 0};
  const uint64_t numbers[] = {builder->n, builder->count, builder->options.epoch, builder->sorted};
  for (size_t i = 0; i < 4; i++) corpus_put_be(state + 8 + 8 * i, numbers[i], 8);
  int file = openat(builder->folder, names[NAME_STATE_NEW], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return write_failed(error);
  ol_status status = build_write_at(error, file, 0, state, sizeof state);
  if (status == OL_OK) status = build_sync(error, file);
  (void)close(file);
  CORPUS_TRY(status);
  if (renameat(builder->folder, names[NAME_STATE_NEW], builder->folder, names[NAME_STATE]) != 0) {
    return write_failed(error);
  }
  return build_sync(error, builder->folder);
}

/* Returns: false if there is no state, or none that can be gone on from. */
static bool read_state(ol_corpus_builder *builder) {
  uint8_t state[STATE_BYTES + 1];
  int file = openat(builder->folder, names[NAME_STATE], O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t len = pread(file, state, sizeof state, 0);
  (void)close(file);
  if (len != STATE_BYTES || memcmp(state, "ATRB\1", 5) != 0) return false;
  builder->stage = state[5];
  builder->tail = state[6];
  builder->n = corpus_get_be(state + 8, 8);
  builder->count = corpus_get_be(state + 16, 8);
  builder->options.epoch = corpus_get_be(state + 24, 8);
  builder->sorted = corpus_get_be(state + 32, 8);
  return builder->stage > OL_CORPUS_ADDING && builder->stage < OL_CORPUS_FINISHED && builder->tail < 2 &&
         builder->n > 0 && builder->n < CORPUS_MAX_LEN && builder->count <= builder->n &&
         builder->sorted <= builder->n;
}

/* --- Beginning and ending --- */

static char *joined(const char *path, const char *ending) {
  size_t len = strlen(path) + strlen(ending) + 1;
  char *text = malloc(len);
  if (text != NULL) (void)snprintf(text, len, "%s%s", path, ending);
  return text;
}

void ol_corpus_builder_free(ol_corpus_builder *builder) {
  if (builder == NULL) return;
  if (builder->corpus.map != NULL) {
    (void)munmap((void *)(uintptr_t)builder->corpus.map, (size_t)builder->corpus.at.end);
  }
  if (builder->documents >= 0) (void)close(builder->documents);
  if (builder->file >= 0) (void)close(builder->file);
  if (builder->folder >= 0) (void)close(builder->folder);
  free(builder->directory);
  free(builder->path);
  free(builder);
}

static ol_status check_options(ol_error *error, ol_corpus_builder *builder,
                               const ol_corpus_options *options) {
  if (options != NULL) builder->options = *options;
  if (builder->options.memory == 0) builder->options.memory = UINT64_C(1) << 30;
  if (builder->options.memory < UINT64_C(1) << 20) {
    return corpus_fail(error, OL_ERR_ARGUMENT, "building takes at least 1 MiB of memory");
  }
  return OL_OK;
}

static ol_status make_builder(ol_error *error, ol_corpus_builder **out, const char *path,
                              const ol_corpus_options *options) {
  ol_corpus_builder *builder = calloc(1, sizeof *builder);
  if (builder == NULL) return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for it");
  builder->folder = builder->file = builder->documents = -1;
  builder->path = joined(path, "");
  builder->directory = joined(path, ".building");
  ol_status status = OL_OK;
  if (builder->path == NULL || builder->directory == NULL) {
    status = corpus_fail(error, OL_ERR_MEMORY, "there is no memory for it");
  }
  if (status == OL_OK) status = check_options(error, builder, options);
  if (status != OL_OK) {
    ol_corpus_builder_free(builder);
    return status;
  }
  *out = builder;
  return OL_OK;
}

/* Two processes at once would spoil each other's files. */
static ol_status lock_file(ol_error *error, const ol_corpus_builder *builder) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(builder->file, F_SETLK, &lock) == 0) return OL_OK;
  return corpus_fail(error, OL_ERR_ARGUMENT, "another process is building it");
}

static ol_status begin(ol_error *error, ol_corpus_builder *builder) {
  if (mkdir(builder->directory, 0700) != 0 && errno != EEXIST) return write_failed(error);
  builder->folder = open(builder->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (builder->folder < 0) return write_failed(error);
  builder->file = openat(builder->folder, names[NAME_CORPUS], O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (builder->file < 0) return write_failed(error);
  CORPUS_TRY(lock_file(error, builder));
  for (size_t i = NAME_DOCUMENTS; i < NAMES; i++) (void)unlinkat(builder->folder, names[i], 0);
  if (ftruncate(builder->file, 0) != 0) return write_failed(error);
  builder->documents =
      openat(builder->folder, names[NAME_DOCUMENTS], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  return builder->documents >= 0 ? OL_OK : write_failed(error);
}

ol_status ol_corpus_builder_new(ol_error *error, ol_corpus_builder **out, const char *path,
                                const ol_corpus_options *options) {
  ol_corpus_builder *builder = NULL;
  CORPUS_TRY(make_builder(error, &builder, path, options));
  ol_status status = begin(error, builder);
  if (status != OL_OK) {
    ol_corpus_builder_free(builder);
    return status;
  }
  *out = builder;
  return OL_OK;
}

/* --- Adding --- */

/* The system writes what is added together; a document that fails half-way is written over by the next. */
ol_status ol_corpus_builder_add(ol_error *error, ol_corpus_builder *builder, const ol_address *contributor,
                                uint64_t datanet, const ol_hash *licence, ol_slice text) {
  if (builder->stage != OL_CORPUS_ADDING) {
    return corpus_fail(error, OL_ERR_ARGUMENT, "its documents are complete");
  }
  if (text.len >= CORPUS_MAX_LEN - builder->n - 1) {
    return corpus_fail(error, OL_ERR_LIMIT, "it would be longer than a corpus may be");
  }
  size_t end = text.len == 0 ? 0 : corpus_utf8_end(text.data, text.len);
  if (end < text.len) {
    return corpus_fail_at(error, OL_ERR_ENCODING, "document", builder->count, end, "the text is not UTF-8");
  }
  static const uint8_t behind[1] = {0xFF};
  uint8_t leaf[CORPUS_DOCUMENT_BYTES];
  memcpy(leaf, contributor->bytes, 20);
  corpus_put_be(leaf + 20, datanet, 8);
  corpus_put_be(leaf + 28, builder->n, 8);
  corpus_put_be(leaf + 36, text.len, 8);
  memcpy(leaf + 44, licence->bytes, 32);
  uint64_t at = CORPUS_HEAD_BYTES + builder->n;
  CORPUS_TRY(build_write_at(error, builder->file, at, text.data, text.len));
  CORPUS_TRY(build_write_at(error, builder->file, at + text.len, behind, 1));
  CORPUS_TRY(build_write_at(error, builder->documents, builder->count * sizeof leaf, leaf, sizeof leaf));
  builder->n += text.len + 1;
  builder->count++;
  return OL_OK;
}

/* --- Stages --- */

static ol_status map_parts(ol_error *error, ol_corpus_builder *builder) {
  corpus_layout_of(&builder->corpus.at, builder->n, builder->count);
  if (builder->corpus.map != NULL) return OL_OK;
  void *map = mmap(NULL, (size_t)builder->corpus.at.end, PROT_READ, MAP_SHARED, builder->file, 0);
  if (map == MAP_FAILED) return corpus_fail(error, OL_ERR_MEMORY, "its file cannot be mapped");
  builder->corpus.map = map;
  return OL_OK;
}

/* Documents go behind T. From here on the file has its full length, which holes do not fill yet. */
static ol_status complete_documents(ol_error *error, ol_corpus_builder *builder) {
  corpus_layout at;
  corpus_layout_of(&at, builder->n, builder->count);
  if (ftruncate(builder->file, (off_t)at.end) != 0) return write_failed(error);
  uint8_t bytes[CORPUS_DOCUMENT_BYTES * 256];
  uint64_t end = builder->count * CORPUS_DOCUMENT_BYTES;
  for (uint64_t from = 0; from < end; from += sizeof bytes) {
    size_t len = end - from < sizeof bytes ? (size_t)(end - from) : sizeof bytes;
    if (pread(builder->documents, bytes, len, (off_t)from) != (ssize_t)len) {
      return corpus_fail(error, OL_ERR_ARGUMENT, "its documents cannot be read");
    }
    CORPUS_TRY(build_write_at(error, builder->file, at.document + from, bytes, len));
  }
  return OL_OK;
}

static ol_status finish_stage(ol_error *error, ol_corpus_builder *builder) {
  CORPUS_TRY(build_sync(error, builder->file));
  builder->stage++;
  ol_status status = build_record(error, builder);
  if (status != OL_OK) builder->stage--;
  return status;
}

static ol_status name_file(ol_error *error, ol_corpus_builder *builder) {
  CORPUS_TRY(build_sync(error, builder->file));
  if (renameat(builder->folder, names[NAME_CORPUS], AT_FDCWD, builder->path) != 0) return write_failed(error);
  for (size_t i = NAME_DOCUMENTS; i < NAMES; i++) (void)unlinkat(builder->folder, names[i], 0);
  (void)rmdir(builder->directory);
  builder->stage = OL_CORPUS_FINISHED;
  return OL_OK;
}

static ol_status run_stages(ol_error *error, ol_corpus_builder *builder) {
  if (builder->stage == OL_CORPUS_ADDING) {
    if (builder->count == 0) return corpus_fail(error, OL_ERR_ARGUMENT, "it has no documents");
    CORPUS_TRY(complete_documents(error, builder));
    builder->sorted = builder->n;
    CORPUS_TRY(finish_stage(error, builder));
  }
  CORPUS_TRY(map_parts(error, builder));
  if (builder->stage == OL_CORPUS_SORTING) {
    CORPUS_TRY(build_sort(error, builder));
    CORPUS_TRY(finish_stage(error, builder));
  }
  if (builder->stage == OL_CORPUS_RANKING) {
    CORPUS_TRY(build_rank(error, builder));
    CORPUS_TRY(finish_stage(error, builder));
  }
  CORPUS_TRY(build_hash(error, builder));
  return name_file(error, builder);
}

ol_status ol_corpus_builder_finish(ol_error *error, ol_corpus_builder *builder, ol_corpus_header *out,
                                   ol_corpus_progress *progress, void *context) {
  if (builder->stage == OL_CORPUS_FINISHED) return corpus_fail(error, OL_ERR_ARGUMENT, "it is finished");
  builder->progress = progress;
  builder->context = context;
  CORPUS_TRY(run_stages(error, builder));
  *out = builder->corpus.header;
  build_tell(builder, OL_CORPUS_FINISHED, builder->n);
  return OL_OK;
}

/* --- Taking up --- */

static ol_status take_up(ol_error *error, ol_corpus_builder *builder, bool *out_found) {
  *out_found = false;
  builder->folder = open(builder->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (builder->folder < 0)
    return errno == ENOENT ? OL_OK : corpus_fail(error, OL_ERR_ARGUMENT, "it cannot be read");
  if (!read_state(builder)) return OL_OK;
  *out_found = true;
  builder->file = openat(builder->folder, names[NAME_CORPUS], O_RDWR | O_CLOEXEC);
  if (builder->file < 0)
    return corpus_fail(error, OL_ERR_ENCODING, "the file that was being built is not there");
  CORPUS_TRY(lock_file(error, builder));
  struct stat about;
  corpus_layout at;
  corpus_layout_of(&at, builder->n, builder->count);
  if (fstat(builder->file, &about) != 0 || (uint64_t)about.st_size != at.end) {
    return corpus_fail(error, OL_ERR_ENCODING, "the file that was being built has another length");
  }
  return OL_OK;
}

ol_status ol_corpus_builder_resume(ol_error *error, ol_corpus_builder **out, const char *path,
                                   const ol_corpus_options *options) {
  ol_corpus_builder *builder = NULL;
  CORPUS_TRY(make_builder(error, &builder, path, options));
  bool found = false;
  ol_status status = take_up(error, builder, &found);
  if (status != OL_OK || !found) {
    ol_corpus_builder_free(builder);
    builder = NULL;
  }
  if (status == OL_OK) *out = builder;
  return status;
}
