/* SPDX-License-Identifier: MIT */
#ifndef OL_ENCODING_JSON_H
#define OL_ENCODING_JSON_H

/*
 * JSON (RFC 8259), read over yyjson, made strict: UTF-8 only, nothing behind the value, no duplicate names,
 * bounded depth, size and member count (limits.h). All memory comes from the caller's arena, and parsed
 * values live as long as it does. Writing is our own (json_write.c).
 */

#include "base/arena.h"

/* A value inside a parsed text, and where it stands in that text, in bytes (OL_NOWHERE if unknown). */
typedef struct ol_json {
  const void *value;
  const char *text;
  size_t offset;
} ol_json;

typedef enum ol_json_kind {
  OL_JSON_NULL,
  OL_JSON_BOOL,
  OL_JSON_NUMBER,
  OL_JSON_STRING,
  OL_JSON_ARRAY,
  OL_JSON_OBJECT,
} ol_json_kind;

/* Returns: bytes of arena that parsing a JSON text of `len` bytes takes at most. */
size_t ol_json_memory(size_t len);

/* Parses a text; the text is copied. Returns: OL_ERR_ENCODING, OL_ERR_LIMIT or OL_ERR_MEMORY. */
OL_CHECKED ol_status ol_json_read(ol_error *error, ol_json *out, ol_arena *arena, const uint8_t *text,
                                  size_t len) OL_NONNULL_ARGS(1, 2, 3);

ol_json_kind ol_json_kind_of(ol_json value);

/* Looks up a member of an object. Returns: false when `object` is no object, or has none, or it is null. */
bool ol_json_find(ol_json *out, ol_json object, const char *name) OL_NONNULL;

/* The same; a missing member is OL_ERR_ENCODING with `absent` as the reason. */
OL_CHECKED ol_status ol_json_need(ol_error *error, ol_json *out, ol_json object, const char *name,
                                  const char *absent) OL_NONNULL;

/* The elements of an array, or the members of an object, in the order of the text. */
typedef struct ol_json_items {
  const void *next;
  const char *text;
  size_t left;
  bool object;
} ol_json_items;

/* Begins to walk an array (OL_ERR_ENCODING if it is none); items.left is the number of elements. */
OL_CHECKED ol_status ol_json_array(ol_error *error, ol_json_items *out, ol_json value) OL_NONNULL;

/* Begins to walk an object (OL_ERR_ENCODING if it is none). */
OL_CHECKED ol_status ol_json_object(ol_error *error, ol_json_items *out, ol_json value) OL_NONNULL;

/* Takes the next element. Out: the value, and for objects its name. Returns: false at the end. */
bool ol_json_next(ol_json *out, ol_slice *out_name, ol_json_items *items) OL_NONNULL_ARGS(1, 3);

/*
 * An array's elements as texts, each to be parsed by itself, so that there need be memory for one of them at a
 * time. What is between them is checked here, what is in them when they are parsed.
 */
typedef struct ol_json_cut {
  ol_slice text;
  size_t at;
  bool begun;
} ol_json_cut;

/* Begins. Returns: OL_ERR_ENCODING when the text does not begin an array. */
OL_CHECKED ol_status ol_json_cut_array(ol_error *error, ol_json_cut *out, ol_slice text) OL_NONNULL;

/* Takes the next element. Out: its text; its data is NULL at the array's end. Returns: OL_ERR_ENCODING. */
OL_CHECKED ol_status ol_json_cut_next(ol_error *error, ol_slice *out, ol_json_cut *from) OL_NONNULL;

/*
 * Cuts a member's value out of an object's text, of which nothing is checked that does not bear on where it is.
 * Returns: OL_ERR_ENCODING when the text is no object, or has no member of this name, written without escapes.
 */
OL_CHECKED ol_status ol_json_cut_member(ol_error *error, ol_slice *out, ol_slice text,
                                        const char *name) OL_NONNULL;

/* Reads a string. Out: UTF-8 with escapes resolved. */
OL_CHECKED ol_status ol_json_string(ol_error *error, ol_slice *out, ol_json value) OL_NONNULL;

/* Reads a number that is an unsigned integer of at most 64 bits, written without sign, fraction or exponent. */
OL_CHECKED ol_status ol_json_u64(ol_error *error, uint64_t *out, ol_json value) OL_NONNULL;

/* Returns: a number as it is written; empty when the value is none. */
ol_slice ol_json_number_text(ol_json value);

OL_CHECKED ol_status ol_json_bool(ol_error *error, bool *out, ol_json value) OL_NONNULL;

/* Reads a string of hex (encoding/hex.h): of known length, of any length, a quantity. */
OL_CHECKED ol_status ol_json_hex_fixed(ol_error *error, uint8_t *out, size_t len, ol_json value) OL_NONNULL;
OL_CHECKED ol_status ol_json_hex(ol_error *error, ol_slice *out, ol_arena *arena, ol_json value) OL_NONNULL;
OL_CHECKED ol_status ol_json_hex_u64(ol_error *error, uint64_t *out, ol_json value) OL_NONNULL;
OL_CHECKED ol_status ol_json_hex_u256(ol_error *error, ol_u256 *out, ol_json value) OL_NONNULL;

/*
 * Writes a text as it comes. Calls name each member of an object and pass NULL as the name inside an array and at
 * the root, where one value is written. All that is left of the arena is the writer's from ol_json_write_begin to
 * ol_json_write_end, which leaves the text there and gives back the rest; between the two nothing else may take of
 * it. What there is no room for, and strings that are not UTF-8, fail at the end; calls in between do nothing then.
 */
#define OL_JSON_WRITE_DEPTH 12 /* at most 32 */

typedef struct ol_json_writer {
  ol_arena *arena;
  char *text;
  size_t len;
  size_t room;
  uint32_t depth;
  uint32_t filled;  /* a bit for each open container: something is in it */
  uint32_t objects; /* and: it is an object */
  ol_status status;
} ol_json_writer;

void ol_json_write_begin(ol_json_writer *to, ol_arena *arena) OL_NONNULL;
void ol_json_write_object(ol_json_writer *to, const char *name) OL_NONNULL_ARGS(1);
void ol_json_write_array(ol_json_writer *to, const char *name) OL_NONNULL_ARGS(1);
void ol_json_write_close(ol_json_writer *to) OL_NONNULL;
void ol_json_write_string(ol_json_writer *to, const char *name, ol_slice text) OL_NONNULL_ARGS(1);
void ol_json_write_text(ol_json_writer *to, const char *name, const char *text) OL_NONNULL_ARGS(1, 3);
void ol_json_write_u64(ol_json_writer *to, const char *name, uint64_t value) OL_NONNULL_ARGS(1);
void ol_json_write_bool(ol_json_writer *to, const char *name, bool value) OL_NONNULL_ARGS(1);
void ol_json_write_null(ol_json_writer *to, const char *name) OL_NONNULL_ARGS(1);
void ol_json_write_hex(ol_json_writer *to, const char *name, const uint8_t *bytes, size_t len)
    OL_NONNULL_ARGS(1);
void ol_json_write_quantity(ol_json_writer *to, const char *name, const ol_u256 *value) OL_NONNULL_ARGS(1, 3);
void ol_json_write_quantity_u64(ol_json_writer *to, const char *name, uint64_t value) OL_NONNULL_ARGS(1);

/* Writes what is JSON already, not empty: a value of a text that was read. It is not looked at. */
void ol_json_write_raw(ol_json_writer *to, const char *name, ol_slice json) OL_NONNULL_ARGS(1);

/* Ends a text that is not wanted any longer: all of the arena that was the writer's is given back. */
void ol_json_write_drop(ol_json_writer *to) OL_NONNULL;

/* Out: the text, in the arena, without whitespace. Returns: OL_ERR_MEMORY or OL_ERR_ENCODING, see above. */
OL_CHECKED ol_status ol_json_write_end(ol_error *error, ol_slice *out, ol_json_writer *to) OL_NONNULL;

/* Returns: how many bytes the character at the front of a text, which is not empty, has; 0 for what is not UTF-8 (RFC 3629). */
size_t ol_utf8_len(ol_slice text);

#endif
