/* SPDX-License-Identifier: MIT */

/* Files of corpora and receipts, and the figures that are told of them. */

#include "attribution.h"

#include <stdlib.h>
#include <string.h>

int cli_files_read(cli_files *of, ol_slice *out, const char *option, const char *path, bool is_needed) {
  uint8_t *file;
  size_t len;
  *out = (ol_slice){NULL, 0};
  if (path == NULL) return is_needed ? cli_usage_error(option, "missing") : EXIT_VERIFIED;
  const int result = cli_file_read(&file, &len, option, path);
  if (result != EXIT_VERIFIED) return result;
  of->list[of->count++] = file;
  *out = (ol_slice){file, len};
  return EXIT_VERIFIED;
}

void cli_files_free(cli_files *of) {
  while (of->count > 0) ol_host_free_file(of->list[--of->count]);
}

int cli_file_write(const char *option, const char *path, ol_slice bytes) {
  char name[512];
  ol_error error;
  if (ol_host_write_file(&error, path, bytes.data, bytes.len) == OL_OK) return EXIT_VERIFIED;
  snprintf(name, sizeof name, "%s %s", option, path);
  return cli_error(name, &error);
}

/* A bundle's name is the SHA-256 of its bytes, whatever they are. */
void cli_sha256(ol_hash *out, ol_slice bytes) {
  ol_bundle_id(out, bytes);
}

ol_u256 cli_u256_of(uint64_t value) {
  ol_u256 number = {{0}};
  for (size_t i = sizeof number.bytes; i > sizeof number.bytes - 8; value >>= 8)
    number.bytes[--i] = (uint8_t)value;
  return number;
}

static double double_of(const ol_u256 *number) {
  double value = 0;
  for (size_t i = 0; i < sizeof number->bytes; i++) value = value * 256 + number->bytes[i];
  return value;
}

/* What is shown has four digits, so doubles do. */
uint32_t cli_fraction(const ol_u256 *part, const ol_u256 *whole) {
  const double of = double_of(whole);
  return of > 0 ? (uint32_t)(double_of(part) / of * 10000 + 0.5) : 0;
}

void cli_percent_text(char out[CLI_PERCENT_LEN], uint32_t hundredths) {
  snprintf(out, CLI_PERCENT_LEN, "%u.%02u", (unsigned)hundredths / 100, (unsigned)hundredths % 100);
}

void cli_rarity_text(char out[CLI_PERCENT_LEN], uint32_t rarity) {
  snprintf(out, CLI_PERCENT_LEN, "%u.%02u", (unsigned)rarity >> 8, (unsigned)(rarity & 255) * 100 / 256);
}

void cli_excerpt(char *out, size_t len, ol_slice text) {
  const size_t most = len - 4; /* with room for the mark of what is left out */
  const size_t whole = ol_text_visible(out, len, text);
  if (whole < most) return;
  size_t end = most;
  while (end > 0 && (out[end] & 0xc0) == 0x80) end--;
  memcpy(out + end, "...", 4);
}

/* Returns: bytes of the character that is next, 1 for a byte that begins none. */
static size_t character(ol_slice text) {
  const uint8_t first = text.data[0];
  const size_t len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  for (size_t i = 1; i < len; i++) {
    if (i >= text.len || (text.data[i] & 0xc0) != 0x80) return 1;
  }
  return len;
}

void cli_json_bytes(FILE *to, ol_slice text) {
  putc('"', to);
  for (size_t at = 0, len; at < text.len; at += len) {
    const uint8_t *byte = text.data + at;
    len = character((ol_slice){byte, text.len - at});
    if (*byte == '"' || *byte == '\\')
      fprintf(to, "\\%c", *byte);
    else if (*byte < 0x20 || *byte == 0x7f)
      fprintf(to, "\\u%04x", *byte);
    else if (*byte >= 0x80 && len == 1)
      fputs("\\ufffd", to); /* spans are of bytes, and may begin inside of a character */
    else
      fwrite(byte, 1, len, to);
  }
  putc('"', to);
}
