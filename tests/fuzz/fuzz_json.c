/* SPDX-License-Identifier: MIT */

/* The input as JSON: every value of what is accepted is read by every accessor, and written; what is written
 * reads and writes to the same text again. */

#include "base/limits.h"
#include "encoding/json.h"
#include "fuzz/fuzz.h"

typedef struct walk {
  size_t len; /* of the text */
  ol_arena hex;
  ol_arena names; /* room for one */
} walk;

static void read_string(walk *in, ol_json value) {
  ol_error error;
  ol_slice text, bytes;
  ol_u256 word;
  uint64_t number;
  uint8_t fixed[32];
  ol_status status = ol_json_string(&error, &text, value);
  FUZZ_REQUIRE((status == OL_OK) == (ol_json_kind_of(value) == OL_JSON_STRING));
  if (status != OL_OK) fuzz_refused(&error, status, in->len);
  FUZZ_REQUIRE(status != OL_OK || text.len <= in->len);
  ol_arena arena = in->hex;
  status = ol_json_hex(&error, &bytes, &arena, value);
  FUZZ_REQUIRE(status != OL_ERR_MEMORY);
  if (status != OL_OK) fuzz_refused(&error, status, in->len);
  ol_status as_fixed = ol_json_hex_fixed(&error, fixed, sizeof fixed, value);
  if (as_fixed != OL_OK) fuzz_refused(&error, as_fixed, in->len);
  FUZZ_REQUIRE((as_fixed == OL_OK) == (status == OL_OK && bytes.len == sizeof fixed));
  FUZZ_REQUIRE(as_fixed != OL_OK || memcmp(fixed, bytes.data, sizeof fixed) == 0);
  ol_status as_word = ol_json_hex_u256(&error, &word, value);
  if (as_word != OL_OK) fuzz_refused(&error, as_word, in->len);
  ol_status as_number = ol_json_hex_u64(&error, &number, value);
  if (as_number != OL_OK) fuzz_refused(&error, as_number, in->len);
  FUZZ_REQUIRE(as_number != OL_OK || as_word == OL_OK);
}

static void read_scalar(walk *in, ol_json value) {
  ol_error error;
  uint64_t number;
  bool truth;
  ol_json_items items;
  ol_json_kind kind = ol_json_kind_of(value);
  FUZZ_REQUIRE(value.offset == OL_NOWHERE || value.offset <= in->len);
  read_string(in, value);
  ol_slice digits = ol_json_number_text(value);
  FUZZ_REQUIRE((digits.len > 0) == (kind == OL_JSON_NUMBER));
  ol_status status = ol_json_u64(&error, &number, value);
  if (status != OL_OK) {
    fuzz_refused(&error, status, in->len);
  } else {
    char text[21];
    int text_len = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    FUZZ_REQUIRE(fuzz_same(digits, ol_slice_of(text, (size_t)text_len)));
  }
  status = ol_json_bool(&error, &truth, value);
  FUZZ_REQUIRE((status == OL_OK) == (kind == OL_JSON_BOOL));
  if (status != OL_OK) fuzz_refused(&error, status, in->len);
  status = ol_json_array(&error, &items, value);
  FUZZ_REQUIRE((status == OL_OK) == (kind == OL_JSON_ARRAY));
  if (status != OL_OK) fuzz_refused(&error, status, in->len);
  status = ol_json_object(&error, &items, value);
  FUZZ_REQUIRE((status == OL_OK) == (kind == OL_JSON_OBJECT));
  if (status != OL_OK) fuzz_refused(&error, status, in->len);
}

/* Returns: a name as the lookups take it, with a zero behind it; NULL when a zero is in it. */
static const char *name_of(walk *in, ol_slice name) {
  if (name.len > 0 && memchr(name.data, 0, name.len) != NULL) return NULL;
  in->names.used = 0;
  char *out = ol_arena_take(&in->names, name.len + 1);
  FUZZ_REQUIRE(out != NULL);
  memcpy(out, name.data, name.len);
  out[name.len] = '\0';
  return out;
}

static void find(ol_json object, const char *name, ol_json value) {
  ol_error error;
  ol_json found;
  bool there = ol_json_kind_of(value) != OL_JSON_NULL;
  FUZZ_REQUIRE(ol_json_find(&found, object, name) == there);
  FUZZ_REQUIRE(found.value == value.value);
  FUZZ_REQUIRE((ol_json_need(&error, &found, object, name, "absent") == OL_OK) == there);
}

static void write_scalar(ol_json_writer *to, const char *name, ol_json value) {
  ol_error error;
  ol_slice text;
  uint64_t number;
  bool truth;
  if (ol_json_string(&error, &text, value) == OL_OK)
    ol_json_write_string(to, name, text);
  else if (ol_json_u64(&error, &number, value) == OL_OK)
    ol_json_write_u64(to, name, number);
  else if (ol_json_bool(&error, &truth, value) == OL_OK)
    ol_json_write_bool(to, name, truth);
  else
    ol_json_write_string(to, name, ol_json_number_text(value)); /* other numbers, and "" for null */
}

/* Opens a container in the writer if it is not too deep for it. */
static bool write_open(ol_json_writer *to, const char *name, ol_json value, size_t depth) {
  if (depth >= OL_JSON_WRITE_DEPTH) {
    ol_json_write_text(to, name, "deeper");
    return false;
  }
  if (ol_json_kind_of(value) == OL_JSON_OBJECT)
    ol_json_write_object(to, name);
  else
    ol_json_write_array(to, name);
  return true;
}

typedef struct level {
  ol_json value;
  ol_json_items items;
  bool written;
} level;

static bool is_container(ol_json value) {
  return ol_json_kind_of(value) == OL_JSON_ARRAY || ol_json_kind_of(value) == OL_JSON_OBJECT;
}

static void begin_level(level *out, ol_json value, bool written) {
  ol_error error;
  *out = (level){.value = value, .written = written};
  ol_status status = ol_json_kind_of(value) == OL_JSON_ARRAY ? ol_json_array(&error, &out->items, value)
                                                             : ol_json_object(&error, &out->items, value);
  FUZZ_REQUIRE(status == OL_OK);
}

/* Reads every value below the root, and writes what the writer can express. */
static void walk_values(walk *in, ol_json_writer *to, ol_json root) {
  level levels[OL_LIMIT_JSON_DEPTH];
  size_t depth = 0;
  read_scalar(in, root);
  if (!is_container(root)) {
    write_scalar(to, NULL, root);
    return;
  }
  begin_level(&levels[depth++], root, write_open(to, NULL, root, 0));
  while (depth > 0) {
    level *top = &levels[depth - 1];
    ol_json value;
    ol_slice name_text = {0};
    if (!ol_json_next(&value, &name_text, &top->items)) {
      if (top->written) ol_json_write_close(to);
      depth--;
      continue;
    }
    read_scalar(in, value);
    bool object = ol_json_kind_of(top->value) == OL_JSON_OBJECT;
    const char *name = object ? name_of(in, name_text) : NULL;
    if (name != NULL) find(top->value, name, value);
    bool write = top->written && (name != NULL) == object;
    if (is_container(value)) {
      FUZZ_REQUIRE(depth < OL_LIMIT_JSON_DEPTH);
      if (write) write = write_open(to, name, value, depth);
      begin_level(&levels[depth++], value, write);
    } else if (write) {
      write_scalar(to, name, value);
    }
  }
}

/* ol_json_memory is enough for every text that is JSON: what it is not enough for, is not. */
static void refused_with_more_memory(ol_slice text) {
  ol_error error;
  ol_json root;
  size_t len = 32 * text.len + 4096;
  uint8_t *memory = fuzz_block(len);
  ol_arena arena = ol_arena_of(memory, len);
  ol_status status = ol_json_read(&error, &root, &arena, text.data, text.len);
  FUZZ_REQUIRE(status == OL_ERR_ENCODING);
  free(memory);
}

/* Reads and writes a text. Returns: what was written, in a block to be freed; NULL if it was refused. */
static uint8_t *rewrite(ol_slice *out, ol_slice text) {
  ol_error error;
  ol_json root;
  ol_json_writer to;
  size_t memory_len = ol_json_memory(text.len), room = 64 * text.len + (1 << 16);
  uint8_t *memory = fuzz_block(memory_len), *written = fuzz_block(room), *hex = fuzz_block(text.len + 64);
  uint8_t *names = fuzz_block(text.len + 64);
  ol_arena arena = ol_arena_of(memory, memory_len), writing = ol_arena_of(written, room);
  ol_status status = ol_json_read(&error, &root, &arena, text.data, text.len);
  uint8_t *copy = NULL;
  if (status == OL_OK) {
    walk in = {
        .len = text.len, .hex = ol_arena_of(hex, text.len + 64), .names = ol_arena_of(names, text.len + 64)};
    ol_json_write_begin(&to, &writing);
    walk_values(&in, &to, root);
    FUZZ_REQUIRE(ol_json_write_end(&error, out, &to) == OL_OK);
    copy = fuzz_copy(out->data, out->len);
    out->data = copy;
  } else {
    fuzz_refused(&error, status, text.len);
    if (status == OL_ERR_MEMORY) refused_with_more_memory(text);
  }
  free(names);
  free(hex);
  free(written);
  free(memory);
  return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_slice once, twice;
  uint8_t *first = rewrite(&once, ol_slice_of(data, len));
  if (first == NULL) return 0;
  uint8_t *second = rewrite(&twice, once);
  FUZZ_REQUIRE(second != NULL && fuzz_same(once, twice));
  free(second);
  free(first);
  return 0;
}
