/* SPDX-License-Identifier: MIT */
#include "encoding/abi_type.h"

#include "base/limits.h"

#include "base/poison.h"

typedef struct parser {
  ol_error *error;
  ol_slice text;
  size_t at;
  ol_abi_signature *out;
} parser;

static ol_status fails(const parser *from, size_t at, const char *reason) {
  return ol_fail(from->error, OL_ERR_ENCODING, at, reason);
}

static bool is_letter(uint8_t character) {
  return (character | 32) - (unsigned)'a' < 26 || character == '_' || character == '$';
}

static bool is_digit(uint8_t character) {
  return character - (unsigned)'0' < 10;
}

static bool is_word(ol_slice word, const char *text) {
  return word.len == ol_text_len(text) && memcmp(word.data, text, word.len) == 0;
}

static bool is_one_of(ol_slice word, const char *const *texts) {
  while (*texts != NULL && !is_word(word, *texts)) texts++;
  return *texts != NULL;
}

/* Skips spaces. Returns: the character behind them, zero at the end. */
static uint8_t peek(parser *from) {
  const uint8_t *text = from->text.data;
  while (from->at < from->text.len && (text[from->at] == ' ' || text[from->at] - (unsigned)'\t' < 5))
    from->at++;
  return from->at < from->text.len ? text[from->at] : 0;
}

static bool accept(parser *from, char character) {
  if (peek(from) != (uint8_t)character) return false;
  from->at++;
  return true;
}

/* Takes a name or a keyword; empty when there is none. */
static ol_slice take_word(parser *from) {
  const bool begins = is_letter(peek(from));
  const uint8_t *text = from->text.data;
  const size_t start = from->at;
  while (begins && from->at < from->text.len && (is_letter(text[from->at]) || is_digit(text[from->at])))
    from->at++;
  return ol_slice_of(text + start, from->at - start);
}

/* Reads a decimal number without leading zeros. Returns: false when it is none, or above OL_ABI_WORDS. */
static bool number_of(uint32_t *out, ol_slice digits) {
  uint32_t number = 0;
  if (digits.len == 0 || (digits.len > 1 && digits.data[0] == '0')) return false;
  for (size_t i = 0; i < digits.len; i++) {
    if (!is_digit(digits.data[i])) return false;
    number = 10 * number + (digits.data[i] - (uint32_t)'0');
    if (number > OL_ABI_WORDS) return false;
  }
  *out = number;
  return true;
}

/* Puts a type at a place of the table; what is there goes one further. */
static ol_status insert(parser *from, size_t at, ol_abi_type type) {
  ol_abi_signature *out = from->out;
  if (out->used == OL_ABI_TYPES)
    return ol_fail(from->error, OL_ERR_LIMIT, from->at, "signature has too many types");
  memmove(out->types + at + 1, out->types + at, (out->used - at) * sizeof type);
  out->types[at] = type;
  out->used++;
  return OL_OK;
}

/* The names of types that are words, and of the two that are bytes; with how many bytes or bits they go. */
typedef struct elementary {
  char name[9];
  uint8_t kind;
  uint8_t size; /* bytes, when no number follows; 0 when one must */
  uint8_t unit; /* what the number counts: bits for each byte; 0 when none may follow */
} elementary;

static const elementary elementaries[] = {
    {"uint", OL_ABI_UINT, 32, 8},        {"int", OL_ABI_INT, 32, 8},
    {"address", OL_ABI_ADDRESS, 20, 0},  {"bool", OL_ABI_BOOL, 1, 0},
    {"bytes", OL_ABI_FIXED_BYTES, 0, 1}, {"function", OL_ABI_FUNCTION_TYPE, 24, 0},
    {"bytes", OL_ABI_BYTES, 0, 0},       {"string", OL_ABI_STRING, 0, 0},
};
#define ELEMENTARIES (sizeof elementaries / sizeof elementaries[0])

/* Returns: false when the word names no such type. */
static bool elementary_of(ol_abi_type *out, ol_slice word) {
  size_t letters = 0;
  while (letters < word.len && !is_digit(word.data[letters])) letters++;
  const ol_slice name = ol_slice_of(word.data, letters);
  const ol_slice digits = ol_slice_of(word.data + letters, word.len - letters);
  for (size_t i = 0; i < ELEMENTARIES; i++) {
    const elementary *row = &elementaries[i];
    uint32_t number = 0, size = row->size;
    if (!is_word(name, row->name)) continue;
    if (digits.len > 0) {
      if (row->unit == 0 || !number_of(&number, digits) || number % row->unit != 0) continue;
      size = number / row->unit;
      if (size == 0 || size > 32) continue;
    } else if (size == 0 && row->unit != 0) {
      continue;
    }
    *out = (ol_abi_type){.kind = row->kind,
                         .size = (uint8_t)size,
                         .dynamic = row->kind >= OL_ABI_BYTES,
                         .span = 1,
                         .words = 1};
    return true;
  }
  return false;
}

static ol_status read_elementary(parser *from, ol_slice word) {
  ol_abi_type type;
  const size_t at = from->at - word.len;
  const size_t prefix = word.len > 0 && word.data[0] == 'u' ? 1 : 0;
  if (word.len == 0) return fails(from, at, "type is missing");
  if (word.len - prefix >= 5 && memcmp(word.data + prefix, "fixed", 5) == 0)
    return fails(from, at, "fixed-point numbers are not supported: no compiler has them");
  if (!elementary_of(&type, word)) return fails(from, at, "type is none of the ABI's");
  return insert(from, from->out->used, type);
}

/* Says how many words a tuple or a fixed array has, and how deep it goes. */
static ol_status measure(const parser *from, ol_abi_type *type, uint64_t inside, uint32_t height) {
  if (height > OL_ABI_DEPTH) return ol_fail(from->error, OL_ERR_LIMIT, from->at, "types are nested too deep");
  if (inside > OL_ABI_WORDS) return ol_fail(from->error, OL_ERR_LIMIT, from->at, "type is too large");
  type->height = (uint8_t)height;
  type->inside = (uint32_t)inside;
  type->words = type->dynamic ? 1 : type->inside;
  return OL_OK;
}

/* Makes an array of the type at a place: what is inside of the brackets follows. */
static ol_status read_array(parser *from, size_t at) {
  const ol_abi_type item = from->out->types[at];
  ol_abi_type array = {.kind = OL_ABI_ARRAY, .dynamic = true, .span = (uint16_t)(item.span + 1)};
  peek(from);
  const size_t start = from->at;
  while (from->at < from->text.len && is_digit(from->text.data[from->at])) from->at++;
  const ol_slice digits = ol_slice_of(from->text.data + start, from->at - start);
  if (!accept(from, ']')) return fails(from, from->at, "array is not closed by ]");
  if (digits.len > 0) {
    array.kind = OL_ABI_FIXED_ARRAY;
    array.dynamic = item.dynamic;
    if (!number_of(&array.count, digits))
      return fails(from, start, "length of an array is not a number, or too large");
  }
  /* Any number of them would be in no bytes at all. */
  if (item.words == 0) return fails(from, start, "items of an array have no size");
  OL_TRY(measure(from, &array, (uint64_t)array.count * item.words, item.height + 1u));
  return insert(from, at, array);
}

/* Reads what can follow a parameter's type: array brackets, where it is, its name. In: whether it may be indexed. */
static ol_status read_rest(parser *from, size_t at, bool may_be_indexed) {
  static const char *const locations[] = {"memory", "calldata", "storage", NULL};
  ol_abi_signature *out = from->out;
  while (accept(from, '[')) OL_TRY(read_array(from, at));
  ol_abi_type *type = &out->types[at];
  for (;;) {
    const ol_slice word = take_word(from);
    const size_t start = from->at - word.len;
    if (word.len == 0) return OL_OK;
    if (type->name.len > 0) return fails(from, start, "parameter has more than a type and a name");
    if (is_word(word, "indexed")) {
      if (!may_be_indexed || type->indexed)
        return fails(from, start, "only parameters of events are indexed, once");
      type->indexed = true;
      out->indexed++;
    } else if (!is_one_of(word, locations) && !(type->kind == OL_ABI_ADDRESS && is_word(word, "payable"))) {
      if (word.len > OL_ABI_NAME)
        return ol_fail(from->error, OL_ERR_LIMIT, start, "name of a parameter is too long");
      type->name = word;
    }
  }
}

/* Returns: whether a name is one of a tuple's members' from `at` on. */
static bool is_taken(const ol_abi_type *types, size_t at, size_t end, ol_slice name) {
  for (; at < end; at += types[at].span) {
    if (types[at].name.len == name.len && memcmp(types[at].name.data, name.data, name.len) == 0) return true;
  }
  return false;
}

/* Closes a tuple, whose members are all behind it. */
static ol_status close_tuple(parser *from, size_t at) {
  ol_abi_type *types = from->out->types, *tuple = &types[at];
  const size_t end = from->out->used;
  uint64_t inside = 0;
  uint32_t height = 0;
  tuple->span = (uint16_t)(end - at);
  tuple->named = end > at + 1;
  for (size_t i = at + 1; i < end; i += types[i].span) {
    tuple->count++;
    if (!types[i].indexed) inside += types[i].words;
    if (!types[i].indexed && types[i].dynamic) tuple->dynamic = true;
    if (types[i].height > height) height = types[i].height;
    if (types[i].name.len == 0 || is_taken(types, i + types[i].span, end, types[i].name))
      tuple->named = false;
  }
  if (tuple->count > OL_LIMIT_JSON_KEYS) tuple->named = false; /* an object cannot have as many */
  return measure(from, tuple, inside, height + 1);
}

/* Reads a list of parameters, and all the tuples in it. */
static ol_status read_list(parser *from, bool of_event) {
  static const ol_abi_type tuple = {.kind = OL_ABI_TUPLE, .span = 1};
  size_t open[OL_ABI_DEPTH], depth = 0, at;
  for (;;) {
    /* What begins here is a tuple, of which the list itself is the first, or a type with a name. */
    const ol_slice word = depth > 0 ? take_word(from) : (ol_slice){NULL, 0};
    if ((word.len == 0 || is_word(word, "tuple")) && accept(from, '(')) {
      if (depth == OL_ABI_DEPTH)
        return ol_fail(from->error, OL_ERR_LIMIT, from->at - 1, "types are nested too deep");
      open[depth++] = from->out->used;
      OL_TRY(insert(from, from->out->used, tuple));
      if (peek(from) != ')') continue;
    } else if (depth == 0) {
      return fails(from, from->at, "list of parameters is missing");
    } else {
      at = from->out->used;
      OL_TRY(read_elementary(from, word));
      OL_TRY(read_rest(from, at, of_event && depth == 1));
    }
    while (!accept(from, ',')) {
      if (!accept(from, ')')) return fails(from, from->at, "parameter is not followed by , or )");
      at = open[--depth];
      OL_TRY(close_tuple(from, at));
      if (depth == 0) return OL_OK;
      OL_TRY(read_rest(from, at, of_event && depth == 1));
    }
  }
}

/* Reads what can follow the parameters. */
static ol_status read_end(parser *from) {
  static const char *const modifiers[] = {"external", "public",     "internal", "private", "view",     "pure",
                                          "payable",  "nonpayable", "constant", "virtual", "override", NULL};
  ol_abi_signature *out = from->out;
  bool callable = out->form == OL_ABI_FUNCTION || out->form == OL_ABI_CONSTRUCTOR;
  for (;;) {
    const ol_slice word = take_word(from);
    if (word.len == 0) break;
    if (out->form == OL_ABI_EVENT && is_word(word, "anonymous")) {
      out->anonymous = true;
    } else if (out->form == OL_ABI_FUNCTION && out->output == 0 && is_word(word, "returns")) {
      out->output = out->used;
      OL_TRY(read_list(from, false));
    } else if (!callable || out->output != 0 || !is_one_of(word, modifiers)) {
      return fails(from, from->at - word.len, "word behind the parameters is not understood");
    }
  }
  accept(from, ';');
  if (peek(from) != 0 || from->at < from->text.len)
    return fails(from, from->at, "something is left behind the signature");
  if (out->indexed > (out->anonymous ? 4 : 3))
    return fails(from, OL_NOWHERE, "event has more indexed parameters than topics");
  return OL_OK;
}

/* Reads what is in front of the parameters: what it is, if it says so, and its name. `error` may be a name too. */
static ol_status read_name(parser *from) {
  static const char *const words[] = {"function", "event", "error"};
  ol_abi_signature *out = from->out;
  out->name = take_word(from);
  out->form = out->name.len == 0 ? OL_ABI_PARAMETERS : OL_ABI_FUNCTION;
  if (is_word(out->name, "constructor")) out->form = OL_ABI_CONSTRUCTOR;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (!is_word(out->name, words[i]) || (i == 2 && peek(from) == '(')) continue;
    out->form = (ol_abi_form)(OL_ABI_FUNCTION + i);
    out->name = take_word(from);
    if (out->name.len == 0 || is_word(out->name, words[0]) || is_word(out->name, words[1]))
      return fails(from, from->at, "signature has no name");
    break;
  }
  return OL_OK;
}

ol_status ol_abi_parse(ol_error *error, ol_abi_signature *out, ol_slice text) {
  parser from = {.error = error, .text = text, .out = out};
  char canonical[OL_ABI_CANONICAL];
  if (text.len > OL_ABI_TEXT) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "signature is too long");
  if (text.len == 0) return ol_fail(error, OL_ERR_ENCODING, 0, "signature is empty");
  memset(out, 0, offsetof(ol_abi_signature, types));
  OL_TRY(read_name(&from));
  OL_TRY(read_list(&from, out->form == OL_ABI_EVENT));
  OL_TRY(read_end(&from));
  ol_keccak256(&out->hash, (const uint8_t *)canonical, ol_abi_canonical(canonical, out));
  return OL_OK;
}

/* --- Writing --- */

static size_t put_text(char *out, size_t used, const char *text) {
  size_t len = ol_text_len(text);
  memcpy(out + used, text, len);
  return used + len;
}

static size_t put_number(char *out, size_t used, uint32_t number) {
  char digits[10];
  size_t at = sizeof digits;
  do digits[--at] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  memcpy(out + used, digits + at, sizeof digits - at);
  return used + sizeof digits - at;
}

static size_t put_elementary(char *out, size_t used, const ol_abi_type *type) {
  size_t row = 0;
  while (elementaries[row].kind != type->kind) row++;
  used = put_text(out, used, elementaries[row].name);
  uint32_t unit = elementaries[row].unit;
  return unit != 0 ? put_number(out, used, unit * type->size) : used;
}

static size_t put_end(char *out, size_t used, const ol_abi_type *type) {
  if (type->kind == OL_ABI_TUPLE) return put_text(out, used, ")");
  used = put_text(out, used, "[");
  if (type->kind == OL_ABI_FIXED_ARRAY) used = put_number(out, used, type->count);
  return put_text(out, used, "]");
}

size_t ol_abi_canonical(char out[OL_ABI_CANONICAL], const ol_abi_signature *signature) {
  const ol_abi_type *open[OL_ABI_DEPTH], *end = signature->types + signature->types[0].span;
  size_t used = signature->name.len, depth = 0;
  if (used > 0) memcpy(out, signature->name.data, used);
  for (const ol_abi_type *type = signature->types; type < end; type++) {
    while (depth > 0 && type >= open[depth - 1] + open[depth - 1]->span)
      used = put_end(out, used, open[--depth]);
    if (depth > 0 && open[depth - 1]->kind == OL_ABI_TUPLE && type > open[depth - 1] + 1)
      used = put_text(out, used, ",");
    if (type->kind < OL_ABI_FIXED_ARRAY) {
      used = put_elementary(out, used, type);
      continue;
    }
    open[depth++] = type;
    if (type->kind == OL_ABI_TUPLE) used = put_text(out, used, "(");
  }
  while (depth > 0) used = put_end(out, used, open[--depth]);
  return used;
}

ol_status ol_abi_within(ol_error *error, ol_status status, size_t depth, size_t argument, size_t item) {
  if (status == OL_OK || depth == 0) return status;
  if (depth > 1) status = ol_error_in(error, status, "item", (uint32_t)item);
  return ol_error_within(error, status, "argument", (uint32_t)argument);
}
