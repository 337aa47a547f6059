/* SPDX-License-Identifier: MIT */

/* What people and programs read: tables, colours, progress, JSON, errors. */

#define _POSIX_C_SOURCE 200809L

#include "cli.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

bool cli_json = false;
const char *cli_command = NULL;

static bool is_terminal(FILE *file) {
  const char *kind = getenv("TERM");
  return isatty(fileno(file)) == 1 && (kind == NULL || strcmp(kind, "dumb") != 0);
}

/* https://no-color.org */
static bool has_colours(FILE *file) {
  const char *none = getenv("NO_COLOR");
  return (none == NULL || none[0] == '\0') && is_terminal(file);
}

void cli_style_on(FILE *to, cli_style style) {
  static const char *const codes[] = {[CLI_PLAIN] = "",   [CLI_BOLD] = "1", [CLI_DIM] = "2",
                                      [CLI_GREEN] = "32", [CLI_RED] = "31", [CLI_YELLOW] = "33"};
  if (style != CLI_PLAIN && has_colours(to)) fprintf(to, "\033[%sm", codes[style]);
}

void cli_style_off(FILE *to, cli_style style) {
  if (style != CLI_PLAIN && has_colours(to)) fputs("\033[0m", to);
}

int cli_label_width = 15;

FILE *cli_row_file = NULL;

void cli_row(const char *label, cli_style style, const char *format, ...) {
  FILE *to = cli_row_file == NULL ? stdout : cli_row_file;
  cli_style_on(to, CLI_DIM);
  fprintf(to, "%-*s", cli_label_width, label);
  cli_style_off(to, CLI_DIM);
  cli_style_on(to, style);
  va_list values;
  va_start(values, format);
  vfprintf(to, format, values);
  va_end(values);
  cli_style_off(to, style);
  putc('\n', to);
}

void cli_warn(const char *what, const char *text) {
  cli_style_on(stderr, CLI_YELLOW);
  fprintf(stderr, "openledger: %s: %s\n", what, text);
  cli_style_off(stderr, CLI_YELLOW);
}

void cli_json_string(FILE *to, const char *text) {
  putc('"', to);
  for (const char *c = text; *c != '\0'; c++) {
    unsigned char byte = (unsigned char)*c;
    if (byte == '"' || byte == '\\')
      fprintf(to, "\\%c", byte);
    else if (byte < 0x20 || byte == 0x7f)
      fprintf(to, "\\u%04x", byte);
    else if (byte < 0x80)
      putc(byte, to);
    else
      fputs("\\ufffd", to); /* an argument need not be UTF-8, but JSON must be */
  }
  putc('"', to);
}

static void error_json(ol_status status, const char *text) {
  fputs("{\"error\":{\"status\":", stdout);
  cli_json_string(stdout, ol_status_name(status));
  fputs(",\"text\":", stdout);
  cli_json_string(stdout, text);
  fputs("}}\n", stdout);
}

/* Command-line text goes to a terminal without its control characters. */
static void put_plain(FILE *to, const char *text) {
  for (; *text != '\0'; text++) putc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, to);
}

static void error_line(ol_status status, const char *what, const char *why) {
  if (cli_json) {
    size_t what_len = what == NULL ? 0 : strlen(what), why_len = strlen(why);
    char *text = malloc(what_len + why_len + 3);
    if (text != NULL) {
      if (what == NULL)
        memcpy(text, why, why_len + 1);
      else
        snprintf(text, what_len + why_len + 3, "%s: %s", what, why);
    }
    error_json(status, text != NULL ? text : why);
    free(text);
  }
  cli_style_on(stderr, CLI_RED);
  fputs("openledger: ", stderr);
  if (what != NULL) {
    put_plain(stderr, what);
    fputs(": ", stderr);
  }
  fputs(why, stderr);
  cli_style_off(stderr, CLI_RED);
  putc('\n', stderr);
}

static void hint(void) {
  if (cli_command == NULL)
    fputs("Try 'openledger --help'.\n", stderr);
  else
    fprintf(stderr, "Try 'openledger help %s'.\n", cli_command);
}

int cli_usage_error(const char *what, const char *why) {
  error_line(OL_ERR_ARGUMENT, what, why);
  hint();
  return EXIT_USAGE;
}

int cli_error(const char *what, const ol_error *error) {
  char line[512];
  ol_error_text(error, line, sizeof line);
  error_line((ol_status)error->status, what, line);
  switch (error->status) {
  case OL_ERR_ARGUMENT: hint(); return EXIT_USAGE;
  case OL_ERR_TRANSPORT: return EXIT_TRANSPORT;
  default: return EXIT_REFUSED;
  }
}

ol_error cli_error_of(ol_status status, const char *part, const char *reason) {
  return (ol_error){.status = status,
                    .item = OL_NOWHERE,
                    .node = OL_NOWHERE,
                    .offset = OL_NOWHERE,
                    .part = part,
                    .field = "",
                    .reason = reason};
}

int cli_failure(ol_status status, const char *text) {
  error_line(status, NULL, text);
  return status == OL_ERR_TRANSPORT ? EXIT_TRANSPORT : EXIT_REFUSED;
}

int cli_declined(const char *why) {
  error_line(OL_ERR_ARGUMENT, "declined", why);
  return EXIT_DECLINED;
}

int cli_no_memory(void) {
  error_line(OL_ERR_MEMORY, NULL, "there is not enough memory");
  return EXIT_REFUSED;
}

static bool progress_shown = false;

void cli_progress(const char *format, ...) {
  if (!is_terminal(stderr)) return;
  va_list values;
  va_start(values, format);
  fputs("\r\033[K", stderr);
  vfprintf(stderr, format, values);
  va_end(values);
  fflush(stderr);
  progress_shown = true;
}

void cli_progress_end(void) {
  if (progress_shown) fputs("\r\033[K", stderr);
  progress_shown = false;
}

void cli_time_text(char out[CLI_TIME_LEN], uint64_t seconds) {
  struct tm utc;
  time_t when = (time_t)seconds;
  /* Year 9999 ends there: whatever is later was never a time. */
  if (seconds > 253402300799u || gmtime_r(&when, &utc) == NULL ||
      strftime(out, CLI_TIME_LEN, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
    snprintf(out, CLI_TIME_LEN, "%" PRIu64 " s after 1970", seconds);
}

void cli_span_text(char out[CLI_SPAN_LEN], uint64_t seconds) {
  if (seconds < 120)
    snprintf(out, CLI_SPAN_LEN, "%" PRIu64 " s", seconds);
  else if (seconds < 7200)
    snprintf(out, CLI_SPAN_LEN, "%" PRIu64 " min %" PRIu64 " s", seconds / 60, seconds % 60);
  else if (seconds < 172800)
    snprintf(out, CLI_SPAN_LEN, "%" PRIu64 " h %" PRIu64 " min", seconds / 3600, seconds / 60 % 60);
  else
    snprintf(out, CLI_SPAN_LEN, "%" PRIu64 " days", seconds / 86400);
}

void cli_size_text(char out[CLI_SPAN_LEN], uint64_t bytes) {
  if (bytes < 1000)
    snprintf(out, CLI_SPAN_LEN, "%" PRIu64 " bytes", bytes);
  else if (bytes < 1000000)
    snprintf(out, CLI_SPAN_LEN, "%" PRIu64 ".%" PRIu64 " kB", bytes / 1000, bytes / 100 % 10);
  else
    snprintf(out, CLI_SPAN_LEN, "%" PRIu64 ".%" PRIu64 " MB", bytes / 1000000, bytes / 100000 % 10);
}

/* Writes a slot's number in hex, without leading zeros. */
static void short_hex(char out[67], const ol_u256 *value) {
  char digits[67];
  ol_hex_text(digits, value->bytes, sizeof value->bytes);
  size_t zeros = strspn(digits + 2, "0");
  if (zeros == 64) zeros = 63;
  snprintf(out, 67, "0x%s", digits + 2 + zeros);
}

static void code_row(const ol_account_answer *answer, ol_slice code) {
  char hash[67];
  ol_hash nothing;
  ol_keccak256(&nothing, NULL, 0);
  ol_hex_text(hash, answer->account.code_hash.bytes, sizeof answer->account.code_hash.bytes);
  if (memcmp(nothing.bytes, answer->account.code_hash.bytes, sizeof nothing.bytes) == 0)
    cli_row("code", CLI_PLAIN, "none");
  else if (answer->with_code)
    cli_row("code", CLI_PLAIN, "%zu bytes, hash %s", code.len, hash);
  else
    cli_row("code", CLI_PLAIN, "hash %s", hash);
}

/* Hashes and packed values say nothing in decimal; amounts, numbers and times do. */
#define DECIMAL_DIGITS 39

static void slot_row(const ol_slot *slot) {
  char key[67], hex[67], decimal[79], label[80];
  short_hex(key, &slot->key);
  short_hex(hex, &slot->value);
  ol_u256_text(decimal, &slot->value);
  bool is_number = strlen(decimal) <= DECIMAL_DIGITS;
  snprintf(label, sizeof label, "slot %s ", key);
  cli_row(label, CLI_PLAIN, is_number ? "%s  (%s)" : "%s", hex, decimal);
}

void cli_answer_rows(const ol_account_answer *answer, ol_slice code, uint64_t age_s) {
  char address[43], hash[67], amount[80], wei[79], when[CLI_TIME_LEN], age[CLI_SPAN_LEN];
  ol_address_text(address, &answer->address);
  ol_amount_text(amount, &answer->account.balance, 18);
  ol_u256_text(wei, &answer->account.balance);
  /* Another chain's coin has another name; offline, nothing tells the chain. */
  bool ours = answer->chain_id == OL_CHAIN_ID || answer->chain_id == 0;
  cli_row("balance", CLI_BOLD, "%s%s  (%s wei)", amount, ours ? " OPEN" : "", wei);
  cli_row("nonce", CLI_PLAIN, "%" PRIu64, answer->account.nonce);
  code_row(answer, code);
  for (uint32_t i = 0; i < answer->slot_count; i++) slot_row(&answer->slots[i]);
  cli_row("account", CLI_PLAIN, "%s%s", address, answer->account.exists ? "" : "  (does not exist)");
  if (answer->chain_id != 0) cli_row("chain", CLI_PLAIN, "%" PRIu64, answer->chain_id);
  ol_hex_text(hash, answer->block_hash.bytes, sizeof answer->block_hash.bytes);
  cli_row("block", CLI_PLAIN, "%" PRIu64 "  %s", answer->block_number, hash);
  cli_time_text(when, answer->block_timestamp);
  cli_span_text(age, age_s);
  cli_row("time", CLI_PLAIN, "%s  (%s ago)", when, age);
}

/* The text of the most slots, and of each byte of code, with what the writer needs to make it. */
#define ANSWER_JSON_LEN (32u << 10)
#define ANSWER_JSON_CODE 16u

int cli_answer_json(const ol_account_answer *answer, ol_slice code) {
  ol_error error;
  ol_slice json;
  size_t len = ANSWER_JSON_LEN + ANSWER_JSON_CODE * code.len;
  void *memory = malloc(len);
  if (memory == NULL) return cli_no_memory();
  int result = EXIT_VERIFIED;
  if (ol_account_answer_json(&error, &json, answer, code, memory, len) == OL_OK) {
    fputs("{\"answer\":", stdout);
    fwrite(json.data, 1, json.len, stdout);
  } else {
    result = cli_error(NULL, &error);
  }
  free(memory);
  return result;
}

/* Far more than a proof of the most slots takes. */
#define FILE_LEN (16u << 20)

int cli_file_read(uint8_t **out, size_t *out_len, const char *what, const char *path) {
  ol_error error;
  *out = NULL;
  if (ol_host_read_file(&error, out, out_len, path, FILE_LEN) == OL_OK) return EXIT_VERIFIED;
  char name[512];
  if (what == NULL)
    snprintf(name, sizeof name, "%s", path);
  else
    snprintf(name, sizeof name, "%s %s", what, path);
  return cli_error(name, &error);
}

int cli_finish(int code) {
  bool lost = ferror(stdout) != 0;
  lost = fclose(stdout) != 0 || lost;
  if (!lost) return code;
  fputs("openledger: standard output: it cannot be written\n", stderr);
  return code == EXIT_VERIFIED ? EXIT_USAGE : code;
}
