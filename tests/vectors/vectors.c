/* SPDX-License-Identifier: MIT */
#include "vectors.h"

#include "encoding/hex.h"

#include <stdlib.h>

static size_t append(char *text, size_t size, size_t used, ol_slice more) {
  for (size_t i = 0; i < more.len && used + 1 < size; i++) text[used++] = (char)more.data[i];
  text[used] = '\0';
  return used;
}

void vector_count(vector_tally *tally, bool passed, ol_slice label, const char *why) {
  if (passed) {
    tally->passed++;
    return;
  }
  if (tally->failed++ > 0) return;
  const size_t size = sizeof tally->first_failure;
  size_t used = append(tally->first_failure, size, 0, label);
  used = append(tally->first_failure, size, used, ol_slice_of(": ", 2));
  append(tally->first_failure, size, used, ol_slice_of(why, strlen(why)));
}

static void fail_shape(vector_tally *tally, const char *name, const char *why) {
  vector_count(tally, false, ol_slice_of(name, strlen(name)), why);
}

bool vector_open(vector_file *file, vector_tally *tally, const uint8_t *json, size_t len) {
  ol_error error;
  /* Bytes of hex are half as long as their text, but each is aligned and some are read twice. */
  size_t size = ol_json_memory(len) + 8 * len + 4096;
  void *memory = malloc(size);
  file->tally = tally;
  file->arena = ol_arena_of(memory, memory == NULL ? 0 : size);
  if (memory != NULL && ol_json_read(&error, &file->root, &file->arena, json, len) == OL_OK) return true;
  fail_shape(tally, "file", memory == NULL ? "no memory" : error.reason);
  vector_close(file);
  return false;
}

void vector_close(vector_file *file) {
  free(file->arena.memory);
  file->arena = ol_arena_of(NULL, 0);
}

static bool find(vector_file *file, ol_json *out, ol_json object, const char *name) {
  if (ol_json_find(out, object, name)) return true;
  fail_shape(file->tally, name, "is missing in the file");
  return false;
}

ol_slice vector_text(vector_file *file, ol_json object, const char *name) {
  ol_error error;
  ol_json value;
  ol_slice text = {NULL, 0};
  if (!find(file, &value, object, name)) return text;
  if (ol_json_string(&error, &text, value) != OL_OK) fail_shape(file->tally, name, error.reason);
  return text;
}

ol_slice vector_bytes_of(vector_file *file, ol_json value) {
  ol_error error;
  ol_slice text = {NULL, 0};
  if (ol_json_string(&error, &text, value) != OL_OK) {
    fail_shape(file->tally, "bytes", error.reason);
    return text;
  }
  if (text.len >= 2 && text.data[0] == '0' && text.data[1] == 'x') {
    text = ol_slice_of(text.data + 2, text.len - 2);
  }
  uint8_t *bytes = ol_arena_take(&file->arena, text.len / 2 + 1);
  if (bytes == NULL) {
    fail_shape(file->tally, "bytes", "no memory");
    return ol_slice_of(NULL, 0);
  }
  if (ol_hex_decode(&error, bytes, (const char *)text.data, text.len) != OL_OK) {
    fail_shape(file->tally, "bytes", error.reason);
    return ol_slice_of(NULL, 0);
  }
  return ol_slice_of(bytes, text.len / 2);
}

ol_slice vector_bytes(vector_file *file, ol_json object, const char *name) {
  ol_json value;
  if (!find(file, &value, object, name)) return ol_slice_of(NULL, 0);
  return vector_bytes_of(file, value);
}

uint64_t vector_u64(vector_file *file, ol_json object, const char *name) {
  ol_error error;
  ol_json value;
  uint64_t number = 0;
  if (find(file, &value, object, name) && ol_json_u64(&error, &number, value) != OL_OK) {
    fail_shape(file->tally, name, error.reason);
  }
  return number;
}

bool vector_bool(vector_file *file, ol_json object, const char *name) {
  ol_error error;
  ol_json value;
  bool truth = false;
  if (find(file, &value, object, name) && ol_json_bool(&error, &truth, value) != OL_OK) {
    fail_shape(file->tally, name, error.reason);
  }
  return truth;
}

ol_json_items vector_items(vector_file *file, ol_json object, const char *name) {
  ol_error error;
  ol_json value;
  ol_json_items items = {.next = NULL, .text = NULL, .left = 0, .object = false};
  if (find(file, &value, object, name) && ol_json_array(&error, &items, value) != OL_OK) {
    fail_shape(file->tally, name, error.reason);
  }
  return items;
}

bool vector_same(ol_slice a, ol_slice b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
