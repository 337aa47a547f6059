/* SPDX-License-Identifier: MIT */
#include "encoding/abi.h"
#include "encoding/abi_decode.h"
#include "encoding/abi_encode.h"

#include "base/poison.h"

#define SELECTOR 4

/* Reads a signature into the arena. */
static ol_status read_signature(ol_error *error, ol_abi_signature **out, ol_arena *arena, ol_slice text) {
  *out = (ol_abi_signature *)ol_arena_take(arena, sizeof **out);
  if (*out == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the signature");
  return ol_error_in(error, ol_abi_parse(error, *out, text), "signature", OL_NOWHERE);
}

ol_status ol_abi_describe(ol_error *error, ol_abi_described *out, ol_slice signature, void *memory,
                          size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_abi_signature *parsed;
  char *text;
  ol_error_clear(error);
  OL_TRY(read_signature(error, &parsed, &arena, signature));
  text = (char *)ol_arena_take(&arena, OL_ABI_CANONICAL);
  if (text == NULL) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for the signature");
  *out = (ol_abi_described){.form = parsed->form,
                            .anonymous = parsed->anonymous,
                            .hash = parsed->hash,
                            .text = ol_slice_of(text, ol_abi_canonical(text, parsed))};
  return OL_OK;
}

static ol_status encode(ol_error *error, ol_slice *out, ol_slice signature, ol_slice values, bool packed,
                        void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_abi_signature *parsed;
  ol_json read;
  ol_error_clear(error);
  OL_TRY(read_signature(error, &parsed, &arena, signature));
  if (parsed->form == OL_ABI_EVENT)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "events are not encoded");
  ol_status status = ol_json_read(error, &read, &arena, values.data, values.len);
  if (status == OL_OK)
    status =
        ol_abi_encode(error, out, parsed, read, packed, arena.memory + arena.used, arena.len - arena.used);
  return ol_error_in(error, status, "arguments", OL_NOWHERE);
}

ol_status ol_abi_encode_text(ol_error *error, ol_slice *out, ol_slice signature, ol_slice values,
                             void *memory, size_t len) {
  return encode(error, out, signature, values, false, memory, len);
}

ol_status ol_abi_packed_text(ol_error *error, ol_slice *out, ol_slice signature, ol_slice values,
                             void *memory, size_t len) {
  return encode(error, out, signature, values, true, memory, len);
}

/* Decodes a list into a text that is nothing else. */
static ol_status decode(ol_error *error, ol_abi_decoded *out, const ol_abi_type *list, ol_abi_encoded from,
                        ol_arena *arena) {
  ol_json_writer to;
  ol_slice json;
  bool canonical;
  ol_json_write_begin(&to, arena);
  OL_TRY(ol_error_in(error, ol_abi_decode(error, &to, &canonical, NULL, list, from), "data", OL_NOWHERE));
  OL_TRY(ol_json_write_end(error, &json, &to));
  *out = (ol_abi_decoded){.json = json, .canonical = canonical};
  return OL_OK;
}

/* Whether data begins with the selector of a function or an error. */
static ol_status check_selector(ol_error *error, const ol_abi_signature *signature, ol_slice data) {
  if (data.len < SELECTOR) return ol_fail(error, OL_ERR_ENCODING, data.len, "data has no selector");
  if (memcmp(data.data, signature->hash.bytes, SELECTOR) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, 0, "selector is that of another signature");
  return OL_OK;
}

ol_status ol_abi_decode_text(ol_error *error, ol_abi_decoded *out, ol_slice signature, ol_abi_part part,
                             ol_slice data, void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_abi_encoded from = {.data = data};
  ol_abi_signature *parsed;
  ol_error_clear(error);
  OL_TRY(read_signature(error, &parsed, &arena, signature));
  if (parsed->form == OL_ABI_EVENT)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "events are decoded with their topics");
  if (part == OL_ABI_OUTPUT) {
    if (parsed->output == 0)
      return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "signature does not say what is returned");
    return decode(error, out, parsed->types + parsed->output, from, &arena);
  }
  if (parsed->form == OL_ABI_FUNCTION || parsed->form == OL_ABI_ERROR) {
    OL_TRY(ol_error_in(error, check_selector(error, parsed, data), "data", OL_NOWHERE));
    from.start = SELECTOR;
  }
  return decode(error, out, parsed->types, from, &arena);
}

ol_status ol_abi_event_text(ol_error *error, ol_abi_decoded *out, ol_slice signature, const ol_hash *topics,
                            size_t topics_len, ol_slice data, void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_abi_signature *parsed;
  ol_error_clear(error);
  OL_TRY(read_signature(error, &parsed, &arena, signature));
  if (parsed->form != OL_ABI_EVENT)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "signature is not of an event");
  const size_t first = parsed->anonymous ? 0 : 1;
  if (topics_len != first + parsed->indexed)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "event has another number of topics");
  if (first > 0 && !ol_hash_equal(&topics[0], &parsed->hash))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "event is another one");
  const ol_abi_encoded from = {.data = data, .topics = parsed->indexed > 0 ? topics + first : NULL};
  return decode(error, out, parsed->types, from, &arena);
}

/* What compilers mean by the codes of Panic(uint256) (Solidity documentation, "Panic via assert"). */
static const struct {
  uint8_t code;
  const char *meaning;
} panics[] = {
    {0x00, "generic panic of the compiler"},
    {0x01, "assertion failed"},
    {0x11, "arithmetic overflow or underflow"},
    {0x12, "division or modulo by zero"},
    {0x21, "number is no value of the enum"},
    {0x22, "byte array in storage is badly encoded"},
    {0x31, "pop from an empty array"},
    {0x32, "index is outside of the array"},
    {0x41, "too much memory, or an array that is too long"},
    {0x51, "call of a function variable that was never set"},
};

/* Finds the error whose selector the data has. Out: NULL for none. */
static ol_status find_error(ol_error *error, ol_abi_signature **out, ol_arena *arena,
                            const ol_slice *signatures, size_t signatures_len, ol_slice data) {
  static const char *const known[] = {"Error(string)", "Panic(uint256)"};
  const size_t known_len = sizeof known / sizeof known[0];
  ol_error ignored;
  for (size_t i = 0; i < known_len + signatures_len; i++) {
    const ol_arena before = *arena;
    const ol_slice text =
        i < known_len ? ol_slice_of(known[i], ol_text_len(known[i])) : signatures[i - known_len];
    OL_TRY(ol_error_within(error, read_signature(error, out, arena, text), "signatures",
                           (uint32_t)(i - known_len)));
    if (check_selector(&ignored, *out, data) == OL_OK) return OL_OK;
    *arena = before;
  }
  *out = NULL;
  return OL_OK;
}

static void write_meaning(ol_json_writer *to, ol_slice data) {
  ol_error ignored;
  uint64_t code;
  if (ol_abi_read_u64(&ignored, &code, data, SELECTOR) != OL_OK) return;
  for (size_t i = 0; i < sizeof panics / sizeof panics[0]; i++) {
    if (panics[i].code == code) ol_json_write_text(to, "meaning", panics[i].meaning);
  }
}

ol_status ol_abi_revert_text(ol_error *error, ol_abi_decoded *out, const ol_slice *signatures,
                             size_t signatures_len, ol_slice data, void *memory, size_t len) {
  ol_arena arena = ol_arena_of(memory, len);
  ol_abi_signature *found;
  ol_json_writer to;
  ol_slice json;
  bool canonical = true;
  char text[OL_ABI_CANONICAL];
  ol_error_clear(error);
  OL_TRY(find_error(error, &found, &arena, signatures, signatures_len, data));
  ol_json_write_begin(&to, &arena);
  ol_json_write_object(&to, NULL);
  if (found == NULL) {
    ol_json_write_hex(&to, "data", data.data, data.len);
  } else {
    const ol_abi_encoded from = {.data = data, .start = SELECTOR};
    ol_json_write_string(&to, "name", found->name);
    ol_json_write_string(&to, "signature", ol_slice_of(text, ol_abi_canonical(text, found)));
    OL_TRY(ol_error_in(error, ol_abi_decode(error, &to, &canonical, "arguments", found->types, from), "data",
                       OL_NOWHERE));
    if (ol_load_be32(found->hash.bytes) == 0x4e487b71) write_meaning(&to, data); /* Panic(uint256) */
  }
  ol_json_write_close(&to);
  OL_TRY(ol_json_write_end(error, &json, &to));
  *out = (ol_abi_decoded){.json = json, .canonical = canonical};
  return OL_OK;
}
