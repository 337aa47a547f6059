/* SPDX-License-Identifier: MIT */
#include "openledger/message.h"

#include "base/writer.h"
#include "encoding/abi.h"
#include "encoding/text.h"
#include "openledger/text.h"

#include "base/poison.h"

/* Sign-In with Ethereum. Grammar: EIP-4361, "Message Format", and for its URIs RFC 3986, appendix A. */

static const char request[] = " wants you to sign in with your Ethereum account:";

/* --- Characters --- */

static bool is_digit(uint8_t c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c) {
  return (uint8_t)((c | 0x20) - 'a') < 26;
}

static bool is_one_of(uint8_t c, const char *set) {
  while (*set != '\0' && (uint8_t)*set != c) set++;
  return *set != '\0';
}

static bool is_hex_digit(uint8_t c) {
  return is_digit(c) || (is_letter(c) && (c | 0x20) <= 'f');
}

/* How much of a text is unreserved, a sub-delimiter, "%" and two digits, or one of `also`. */
static size_t span(ol_slice text, const char *also) {
  size_t at = 0;
  while (at < text.len) {
    const uint8_t c = text.data[at];
    if (c == '%' && text.len - at > 2 && is_hex_digit(text.data[at + 1]) && is_hex_digit(text.data[at + 2])) {
      at += 3;
      continue;
    }
    if (!is_letter(c) && !is_digit(c) && !is_one_of(c, "-._~!$&'()*+,;=") && !is_one_of(c, also)) break;
    at++;
  }
  return at;
}

static ol_slice cut(ol_slice text, size_t len) {
  return ol_slice_of(text.data + len, text.len - len);
}

/* How much of a text is a scheme, which begins with a letter; 0 for none. */
static size_t scheme_len(ol_slice text) {
  size_t len = 0;
  if (text.len == 0 || !is_letter(text.data[0])) return 0;
  while (len < text.len &&
         (is_letter(text.data[len]) || is_digit(text.data[len]) || is_one_of(text.data[len], "+-.")))
    len++;
  return len;
}

/* How much of a text is a host: a name, which may be empty, or an address of IPv6 in brackets. */
static size_t host_len(ol_slice text) {
  size_t len = 1;
  if (text.len == 0 || text.data[0] != '[') return span(text, "");
  while (len < text.len && (is_hex_digit(text.data[len]) || text.data[len] == ':' || text.data[len] == '.'))
    len++;
  return len > 2 && len < text.len && text.data[len] == ']' ? len + 1 : 0;
}

/* How much of a text is an authority: [userinfo "@"] host [":" port]. Out: whether its host is empty. */
static size_t authority_len(ol_slice text, bool *out_empty) {
  size_t at = span(text, ":");
  at = at < text.len && text.data[at] == '@' ? at + 1 : 0;
  const size_t host = host_len(cut(text, at));
  *out_empty = host == 0;
  at += host;
  if (at < text.len && text.data[at] == ':')
    for (at++; at < text.len && is_digit(text.data[at]);) at++;
  return at;
}

/* How much of a text is a URI: all of it, or up to the character at fault. */
static size_t uri_len(ol_slice text) {
  bool empty;
  size_t at = scheme_len(text);
  if (at == text.len) return 0; /* a scheme and nothing behind it is none */
  if (at == 0 || text.data[at] != ':') return at;
  at++;
  if (ol_slice_begins(cut(text, at), "//")) {
    at += 2;
    at += authority_len(cut(text, at), &empty);
    if (at < text.len && !is_one_of(text.data[at], "/?#")) return at;
  }
  at += span(cut(text, at), ":@/");
  if (at < text.len && text.data[at] == '?') at += 1 + span(cut(text, at + 1), ":@/?");
  if (at < text.len && text.data[at] == '#') at += 1 + span(cut(text, at + 1), ":@/?");
  return at;
}

/* --- Reading --- */

typedef struct lines {
  ol_slice text;
  size_t at;    /* behind the line */
  size_t begin; /* of the line */
  bool ended;   /* there is no further line */
} lines;

static ol_slice take_line(lines *in) {
  in->begin = in->at;
  while (in->at < in->text.len && in->text.data[in->at] != '\n') in->at++;
  ol_slice line = ol_slice_of(in->text.data + in->begin, in->at - in->begin);
  in->ended = in->at == in->text.len;
  in->at += !in->ended;
  return line;
}

static ol_status fail_at(ol_error *error, const lines *in, size_t at, const char *part, const char *reason) {
  return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, in->begin + at, reason), part, OL_NOWHERE);
}

static ol_status read_origin(ol_error *error, ol_siwe *out, lines *in) {
  ol_slice line = take_line(in);
  const size_t request_len = sizeof request - 1;
  bool empty;
  if (line.len < request_len || memcmp(line.data + line.len - request_len, request, request_len) != 0)
    return fail_at(error, in, 0, "domain", "first line does not ask to sign in");
  ol_slice origin = ol_slice_of(line.data, line.len - request_len);
  size_t at = scheme_len(origin);
  if (ol_slice_begins(cut(origin, at), "://")) {
    if (at == 0) return fail_at(error, in, 0, "scheme", "scheme is empty or not one");
    out->scheme = ol_slice_of(origin.data, at);
    at += 3;
  } else {
    at = 0;
  }
  out->domain = cut(origin, at);
  const size_t len = authority_len(out->domain, &empty);
  if (len < out->domain.len || empty)
    return fail_at(error, in, at + len, "domain", "domain is not a host, with a port or without");
  return OL_OK;
}

static ol_status read_address(ol_error *error, ol_siwe *out, lines *in) {
  ol_slice line = take_line(in);
  char checked[43];
  ol_status status = ol_address_from_text(error, &out->address, (const char *)line.data, line.len);
  if (status != OL_OK) {
    if (error->offset != OL_NOWHERE) error->offset += (uint32_t)in->begin;
    return ol_error_in(error, status, "address", OL_NOWHERE);
  }
  ol_address_text(checked, &out->address);
  if (!ol_slice_is(line, checked))
    return fail_at(error, in, 0, "address", "address has no checksum (EIP-55)");
  if (take_line(in).len != 0) return fail_at(error, in, 0, "address", "line behind it is not empty");
  return OL_OK;
}

static ol_status read_statement(ol_error *error, ol_siwe *out, lines *in) {
  ol_slice line = take_line(in);
  /* An empty statement has an empty line as any other behind it. */
  if (line.len == 0 && (in->at == in->text.len || in->text.data[in->at] != '\n')) return OL_OK;
  const size_t len = span(line, ":/?#[]@ ");
  size_t percent = 0;
  while (percent < len && line.data[percent] != '%') percent++;
  if (percent < line.len)
    return fail_at(error, in, percent, "statement", "character may not be in a statement");
  out->statement = line;
  if (take_line(in).len != 0) return fail_at(error, in, 0, "statement", "line behind it is not empty");
  return OL_OK;
}

/* --- The lines with a name --- */

typedef size_t measure(ol_slice text);

static size_t version_len(ol_slice text) {
  return ol_slice_begins(text, "1") ? 1 : 0;
}

static size_t digits_len(ol_slice text) {
  size_t len = 0;
  while (len < text.len && is_digit(text.data[len])) len++;
  return len;
}

static size_t nonce_len(ol_slice text) {
  size_t len = 0;
  while (len < text.len && (is_digit(text.data[len]) || is_letter(text.data[len]))) len++;
  return len;
}

static size_t id_len(ol_slice text) {
  return span(text, ":@");
}

static size_t time_len(ol_slice text) {
  ol_error unused; /* the reason is this line's */
  int64_t time;
  if (ol_time_from_text(&unused, &time, text) == OL_OK) return text.len;
  /* What is at fault can be that it ends, or all of it, such as a day that is not in the month. */
  return unused.offset < text.len ? unused.offset : 0;
}

#define NONE SIZE_MAX /* not a field of ol_siwe that is a slice */

/* In their order; URI to issued-at must be there. */
static const struct field {
  const char *label, *part;
  measure *len; /* how much of the value is well formed */
  size_t least; /* characters */
  size_t place; /* in ol_siwe */
  const char *reason;
} fields[] = {
    {"URI: ", "uri", uri_len, 1, offsetof(ol_siwe, uri), "value is not a URI (RFC 3986)"},
    {"Version: ", "version", version_len, 1, NONE, "version is not 1"},
    {"Chain ID: ", "chain-id", digits_len, 1, NONE, "chain id is not a number"},
    {"Nonce: ", "nonce", nonce_len, 8, offsetof(ol_siwe, nonce), "nonce is not 8 or more letters and digits"},
    {"Issued At: ", "issued-at", time_len, 1, offsetof(ol_siwe, issued_at), "time is not one of RFC 3339"},
    {"Expiration Time: ", "expiration-time", time_len, 1, offsetof(ol_siwe, expiration_time),
     "time is not one of RFC 3339"},
    {"Not Before: ", "not-before", time_len, 1, offsetof(ol_siwe, not_before), "time is not one of RFC 3339"},
    {"Request ID: ", "request-id", id_len, 0, offsetof(ol_siwe, request_id),
     "character may not be in a request id"},
};

#define FIELDS (sizeof fields / sizeof fields[0])
#define CHAIN_ID 2 /* its index */
#define REQUIRED 5 /* at the front */

static ol_slice *slice_in(ol_siwe *message, size_t place) {
  return (ol_slice *)(void *)((uint8_t *)message + place);
}

static ol_status read_chain_id(ol_error *error, uint64_t *out, const lines *in, ol_slice digits) {
  ol_u256 number;
  const char *reason = "chain id needs more than 64 bits";
  if (ol_u256_from_text(error, &number, (const char *)digits.data, digits.len) != OL_OK ||
      !ol_u256_to_u64(out, &number))
    return fail_at(error, in, ol_text_len(fields[CHAIN_ID].label), fields[CHAIN_ID].part, reason);
  return OL_OK;
}

/* Reads the lines that are there. Out: the first that is none of them, or `*out_more` false at the end. */
static ol_status read_fields(ol_error *error, ol_siwe *out, ol_slice *out_line, bool *out_more, lines *in) {
  *out_more = !in->ended;
  *out_line = take_line(in);
  for (size_t i = 0; i < FIELDS && (*out_more || i < REQUIRED); i++) {
    const struct field *field = &fields[i];
    const size_t label = ol_text_len(field->label);
    if (!*out_more || !ol_slice_begins(*out_line, field->label)) {
      if (i >= REQUIRED) continue;
      return fail_at(error, in, 0, field->part, "line does not follow, or is not this one");
    }
    const ol_slice value = cut(*out_line, label);
    const size_t good = field->len(value);
    if (good < value.len || good < field->least)
      return fail_at(error, in, label + good, field->part, field->reason);
    if (field->place != NONE) *slice_in(out, field->place) = value;
    if (i == CHAIN_ID) OL_TRY(read_chain_id(error, &out->chain_id, in, value));
    *out_more = !in->ended;
    if (*out_more) *out_line = take_line(in);
  }
  return OL_OK;
}

static ol_status read_resources(ol_error *error, ol_siwe *out, ol_slice line, lines *in) {
  if (!ol_slice_is(line, "Resources:"))
    return fail_at(error, in, 0, "", "line is out of order, or none that such a message has");
  out->has_resources = 1;
  out->resources = cut(in->text, in->at);
  while (!in->ended) {
    line = take_line(in);
    if (!ol_slice_begins(line, "- "))
      return fail_at(error, in, 0, "resources", "line does not begin with \"- \"");
    const ol_slice uri = cut(line, 2);
    const size_t good = uri_len(uri);
    if (good < uri.len || good == 0)
      return fail_at(error, in, 2 + good, "resources", "resource is not a URI (RFC 3986)");
  }
  return OL_OK;
}

bool ol_siwe_is(ol_slice text) {
  lines in = {.text = text};
  ol_slice line = take_line(&in);
  const size_t len = sizeof request - 1;
  return line.len >= len && memcmp(line.data + line.len - len, request, len) == 0;
}

ol_status ol_siwe_read(ol_error *error, ol_siwe *out, ol_slice text) {
  lines in = {.text = text};
  ol_siwe message;
  ol_slice line;
  bool more;
  ol_error_clear(error);
  memset(&message, 0, sizeof message);
  OL_TRY(read_origin(error, &message, &in));
  OL_TRY(read_address(error, &message, &in));
  OL_TRY(read_statement(error, &message, &in));
  OL_TRY(read_fields(error, &message, &line, &more, &in));
  if (more) OL_TRY(read_resources(error, &message, line, &in));
  *out = message;
  return OL_OK;
}

bool ol_siwe_resource_next(ol_slice *list, ol_slice *out) {
  lines in = {.text = *list};
  if (list->len == 0) return false;
  ol_slice line = take_line(&in);
  *out = cut(line, line.len < 2 ? line.len : 2);
  *list = cut(*list, in.at);
  return true;
}

/* --- Checking --- */

static bool is_same_host(ol_slice a, ol_slice b) {
  if (a.len != b.len) return false;
  for (size_t i = 0; i < a.len; i++) {
    const bool same_letter = is_letter(a.data[i]) && (a.data[i] | 0x20) == (b.data[i] | 0x20);
    if (a.data[i] != b.data[i] && !same_letter) return false;
  }
  return true;
}

static ol_status differs(ol_error *error, const char *part, const char *reason) {
  return ol_error_in(error, ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, reason), part, OL_NOWHERE);
}

/* Out: a time, or `otherwise` when the message has none. */
static ol_status time_of(ol_error *error, int64_t *out, ol_slice text, int64_t otherwise) {
  *out = otherwise;
  return text.data == NULL ? OL_OK : ol_time_from_text(error, out, text);
}

ol_status ol_siwe_check(ol_error *error, const ol_siwe *message, const ol_siwe_expected *expected) {
  int64_t from, until;
  const int64_t now = expected->now_ms < INT64_MAX ? (int64_t)expected->now_ms : INT64_MAX - 1;
  ol_error_clear(error);
  const ol_slice scheme = message->scheme.data != NULL ? message->scheme : ol_slice_text("https");
  if (!is_same_host(scheme, expected->scheme))
    return differs(error, "scheme", "scheme is not that of the page");
  if (!is_same_host(message->domain, expected->domain))
    return differs(error, "domain", "domain is not that of the page");
  if (memcmp(&message->address, &expected->account, sizeof message->address) != 0)
    return differs(error, "address", "address is another account");
  if (message->chain_id != expected->chain_id) return differs(error, "chain-id", "chain is another one");
  if (expected->nonce.len > 0 && !ol_slice_equal(message->nonce, expected->nonce))
    return differs(error, "nonce", "nonce is another one");
  OL_TRY(time_of(error, &from, message->not_before, INT64_MIN));
  OL_TRY(time_of(error, &until, message->expiration_time, INT64_MAX));
  if (now < from)
    return ol_error_in(error, ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "message is not valid yet"),
                       "not-before", OL_NOWHERE);
  if (now >= until)
    return ol_error_in(error, ol_fail(error, OL_ERR_STALE, OL_NOWHERE, "message has expired"),
                       "expiration-time", OL_NOWHERE);
  return OL_OK;
}

/* --- Writing --- */

static void put_text(ol_writer *to, const char *text) {
  ol_write_slice(to, ol_slice_text(text));
}

/* Writes what stands before the lines with a name. */
static void put_head(ol_writer *to, const ol_siwe *message) {
  char address[43];
  ol_address_text(address, &message->address);
  ol_write_slice(to, message->scheme);
  if (message->scheme.data != NULL) put_text(to, "://");
  ol_write_slice(to, message->domain);
  put_text(to, request);
  put_text(to, "\n");
  put_text(to, address);
  put_text(to, "\n\n");
  ol_write_slice(to, message->statement);
  if (message->statement.data != NULL) put_text(to, "\n");
}

/* Whether what was written has other parts than what it was written of, as one of them had a line end in it. */
static bool is_other(const ol_siwe *a, const ol_siwe *b) {
  static const size_t others[] = {offsetof(ol_siwe, scheme), offsetof(ol_siwe, domain),
                                  offsetof(ol_siwe, statement), offsetof(ol_siwe, resources)};
  ol_siwe first = *a, second = *b;
  bool same = true;
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    same &= ol_slice_equal(*slice_in(&first, others[i]), *slice_in(&second, others[i]));
  for (size_t i = 0; i < FIELDS; i++) {
    const size_t place = fields[i].place;
    same &= place == NONE || ol_slice_equal(*slice_in(&first, place), *slice_in(&second, place));
  }
  return !same;
}

ol_status ol_siwe_write(ol_error *error, uint8_t *out, size_t len, size_t *out_len, const ol_siwe *message) {
  ol_writer to = {.out = out, .len = len};
  const ol_u256 chain_id = ol_abi_u64(message->chain_id);
  char digits[79];
  ol_siwe again = *message;
  ol_error_clear(error);
  ol_u256_text(digits, &chain_id);
  put_head(&to, message);
  for (size_t i = 0; i < FIELDS; i++) {
    ol_slice value = i == CHAIN_ID ? ol_slice_text(digits) : ol_slice_text("1");
    if (fields[i].place != NONE) value = *slice_in(&again, fields[i].place);
    if (value.data == NULL && i >= REQUIRED) continue;
    put_text(&to, "\n");
    put_text(&to, fields[i].label);
    ol_write_slice(&to, value);
  }
  if (message->has_resources != 0) put_text(&to, "\nResources:");
  if (message->resources.len > 0) put_text(&to, "\n");
  ol_write_slice(&to, message->resources);
  *out_len = to.used;
  if (to.used > len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the message");
  OL_TRY(ol_siwe_read(error, &again, ol_slice_of(out, to.used)));
  if (is_other(&again, message))
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "message reads otherwise than it was meant");
  return OL_OK;
}
