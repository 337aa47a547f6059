/* SPDX-License-Identifier: MIT */

/*
 * Encodes and decodes what it is asked to; abi.test.mjs compares it with other libraries.  abi_native <INPUT
 *
 * In: [{do, signature, arguments, data, topics}, ...], in which the arguments are a text. Out: an answer to each:
 * {text, hash}, {data} or {json, canonical}, or {error}.
 */
#include "openledger/abi.h"
#include "encoding/json.h"

#include <stdio.h>
#include <stdlib.h>

#define MEMORY ((size_t)1 << 28) /* of all that is asked, and as much for all answers */
#define ROOM ((size_t)1 << 22)   /* of one */

static void *block(size_t len) {
  void *memory = malloc(len);
  if (memory == NULL) abort();
  return memory;
}

static ol_slice text_in(ol_json object, const char *name) {
  ol_error error;
  ol_json value;
  ol_slice text = {NULL, 0};
  if (ol_json_find(&value, object, name) && ol_json_string(&error, &text, value) != OL_OK) abort();
  return text;
}

static ol_slice bytes_in(ol_arena *arena, ol_json object, const char *name) {
  ol_error error;
  ol_json value;
  ol_slice bytes = {NULL, 0};
  if (ol_json_find(&value, object, name) && ol_json_hex(&error, &bytes, arena, value) != OL_OK) abort();
  return bytes;
}

static bool is(ol_slice text, const char *word) {
  return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

static void write_decoded(ol_json_writer *to, const ol_abi_decoded *decoded) {
  ol_json_write_string(to, "json", decoded->json);
  ol_json_write_bool(to, "canonical", decoded->canonical == 1);
}

static ol_status answer(ol_error *error, ol_json_writer *to, ol_arena *arena, ol_json request, void *memory) {
  const ol_slice what = text_in(request, "do"), signature = text_in(request, "signature");
  const ol_slice arguments = text_in(request, "arguments"), data = bytes_in(arena, request, "data");
  const ol_slice topics = bytes_in(arena, request, "topics");
  ol_abi_decoded decoded;
  ol_slice out;
  if (is(what, "describe")) {
    ol_abi_described described;
    OL_TRY(ol_abi_describe(error, &described, signature, memory, ROOM));
    ol_json_write_string(to, "text", described.text);
    ol_json_write_hex(to, "hash", described.hash.bytes, sizeof described.hash.bytes);
    return OL_OK;
  }
  if (is(what, "encode") || is(what, "pack")) {
    OL_TRY(is(what, "pack") ? ol_abi_packed_text(error, &out, signature, arguments, memory, ROOM)
                            : ol_abi_encode_text(error, &out, signature, arguments, memory, ROOM));
    ol_json_write_hex(to, "data", out.data, out.len);
    return OL_OK;
  }
  if (is(what, "event")) {
    ol_hash hashes[4];
    if (topics.len > sizeof hashes) abort();
    if (topics.len > 0) memcpy(hashes, topics.data, topics.len);
    OL_TRY(ol_abi_event_text(error, &decoded, signature, hashes, topics.len / 32, data, memory, ROOM));
  } else {
    OL_TRY(ol_abi_decode_text(error, &decoded, signature, OL_ABI_INPUT, data, memory, ROOM));
  }
  write_decoded(to, &decoded);
  return OL_OK;
}

int main(void) {
  ol_error error;
  ol_json root, request;
  ol_json_items requests;
  ol_json_writer to;
  ol_slice text;
  uint8_t *input = block(MEMORY), *memory = block(ROOM);
  ol_arena read = ol_arena_of(block(MEMORY), MEMORY), written = ol_arena_of(block(MEMORY), MEMORY);
  const size_t len = fread(input, 1, MEMORY, stdin);
  if (ol_json_read(&error, &root, &read, input, len) != OL_OK ||
      ol_json_array(&error, &requests, root) != OL_OK) {
    fprintf(stderr, "abi: %s\n", error.reason);
    return 1;
  }
  ol_json_write_begin(&to, &written);
  ol_json_write_array(&to, NULL);
  while (ol_json_next(&request, NULL, &requests)) {
    char line[256];
    ol_json_write_object(&to, NULL);
    if (answer(&error, &to, &read, request, memory) != OL_OK) {
      ol_error_text(&error, line, sizeof line);
      ol_json_write_text(&to, "error", line);
    }
    ol_json_write_close(&to);
  }
  ol_json_write_close(&to);
  if (ol_json_write_end(&error, &text, &to) != OL_OK) return 1;
  fwrite(text.data, 1, text.len, stdout);
  return 0;
}
