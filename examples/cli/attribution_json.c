/* SPDX-License-Identifier: MIT */

/* JSON that people wrote - manifests, policies, names -, read so that whatever is wrong in it is named with its place. */

#include "attribution.h"

#include <stdlib.h>
#include <string.h>

int cli_scan_fault(const cli_scan *of, const char *why) {
  ol_error error = cli_error_of(OL_ERR_ENCODING, "", why);
  error.offset = of->at < OL_NOWHERE ? (uint32_t)of->at : OL_NOWHERE;
  return cli_error(of->file, &error);
}

static int next(cli_scan *of) {
  while (of->at < of->text.len && strchr(" \t\r\n", of->text.data[of->at]) != NULL &&
         of->text.data[of->at] != 0)
    of->at++;
  return of->at < of->text.len ? of->text.data[of->at] : -1;
}

bool cli_scan_mark(cli_scan *of, char mark) {
  if (next(of) != mark) return false;
  of->at++;
  return true;
}

int cli_scan_expect(cli_scan *of, char mark) {
  if (cli_scan_mark(of, mark)) return EXIT_VERIFIED;
  switch (mark) {
  case '{': return cli_scan_fault(of, "expected '{'");
  case '}': return cli_scan_fault(of, "expected ',' or '}'");
  case '[': return cli_scan_fault(of, "expected '['");
  case ']': return cli_scan_fault(of, "expected ',' or ']'");
  default: return cli_scan_fault(of, "expected ':'");
  }
}

/* Reads four hex digits. Returns: false when there are not so many. */
static bool hex4(cli_scan *of, uint32_t *out) {
  *out = 0;
  for (int i = 0; i < 4; i++, of->at++) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const int byte = of->at < of->text.len ? of->text.data[of->at] : 0;
    const char *found = byte == 0 ? NULL : strchr(digits, byte);
    if (found == NULL) return false;
    *out = *out << 4 | (uint32_t)((found - digits) & 15);
  }
  return true;
}

static size_t put_character(char *out, uint32_t code) {
  if (code < 0x80) return out[0] = (char)code, 1;
  const size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (size_t i = len - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3f));
  out[0] = (char)((0xf00u >> len & 0xf0u) | code);
  return len;
}

/* Reads what follows on a backslash. Returns: bytes written, 0 for what is no escape. */
static size_t escape(cli_scan *of, char *out) {
  static const char names[] = "\"\\/bfnrt", marks[] = "\"\\/\b\f\n\r\t";
  const int byte = of->at < of->text.len ? of->text.data[of->at++] : 0;
  uint32_t high, low;
  const char *found = byte == 0 ? NULL : strchr(names, byte);
  if (found != NULL) return *out = marks[found - names], 1;
  if (byte != 'u' || !hex4(of, &high) || high == 0 || (high >= 0xdc00 && high < 0xe000)) return 0;
  if (high < 0xd800 || high >= 0xe000) return put_character(out, high);
  if (of->at + 2 > of->text.len || memcmp(of->text.data + of->at, "\\u", 2) != 0) return 0;
  of->at += 2;
  if (!hex4(of, &low) || low < 0xdc00 || low >= 0xe000) return 0;
  return put_character(out, 0x10000 + ((high - 0xd800) << 10 | (low - 0xdc00)));
}

int cli_scan_text(cli_scan *of, char **out) {
  *out = NULL;
  if (next(of) != '"') return cli_scan_fault(of, "expected a text in quotes");
  char *text = malloc(of->text.len - of->at);
  size_t len = 0;
  if (text == NULL) return cli_no_memory();
  for (of->at++; of->at < of->text.len && of->text.data[of->at] != '"';) {
    const uint8_t byte = of->text.data[of->at];
    size_t more = 1;
    if (byte < 0x20) break;
    of->at++;
    if (byte == '\\')
      more = escape(of, text + len);
    else
      text[len] = (char)byte;
    if (more == 0) {
      free(text);
      return cli_scan_fault(of, "not an escape of JSON, or one of a zero byte");
    }
    len += more;
  }
  if (of->at >= of->text.len || of->text.data[of->at] != '"') {
    free(text);
    return cli_scan_fault(of, of->at < of->text.len ? "a control character in a text" : "the text ends here");
  }
  of->at++;
  text[len] = '\0';
  *out = text;
  return EXIT_VERIFIED;
}

int cli_scan_number(cli_scan *of, ol_u256 *out) {
  ol_error error;
  const bool is_text = cli_scan_mark(of, '"'); /* large ones are texts in JSON that scripts write */
  const size_t begin = of->at;
  while (of->at < of->text.len && strchr("0123456789xabcdefABCDEF", of->text.data[of->at]) != NULL &&
         of->text.data[of->at] != 0)
    of->at++;
  const ol_slice digits = {of->text.data + begin, of->at - begin};
  const bool good =
      digits.len > 0 && ol_u256_from_text(&error, out, (const char *)digits.data, digits.len) == OL_OK;
  if (good && (!is_text || cli_scan_mark(of, '"'))) return EXIT_VERIFIED;
  of->at = begin;
  return cli_scan_fault(of, "not a whole number");
}

int cli_scan_end(cli_scan *of) {
  return next(of) == -1 ? EXIT_VERIFIED : cli_scan_fault(of, "something follows on the end");
}
