/* SPDX-License-Identifier: MIT */

/* openledger bundle make, and verify bundle: an account's proof down to a checkpoint, in one file. */

#include "cli.h"

#include <inttypes.h>
#include <string.h>

#define QUESTION_LEN (OL_BUNDLE_QUESTION + 1)

static uint64_t now_s(void) {
  return ol_host_now_ms() / 1000;
}

static uint64_t ago(uint64_t s) {
  uint64_t now = now_s();
  return now > s ? now - s : 0;
}

void cli_bundle_rows(const cli_bundle_note *note) {
  char id[67], size[CLI_SPAN_LEN], when[CLI_TIME_LEN], age[CLI_SPAN_LEN];
  ol_hex_text(id, note->id.bytes, sizeof note->id.bytes);
  cli_size_text(size, note->len);
  cli_row("bundle", CLI_PLAIN, "%s  %s, %" PRIu32 " answers", id, size, note->bundle.count);
  cli_time_text(when, note->bundle.about.made);
  cli_span_text(age, ago(note->bundle.about.made));
  cli_row("made", CLI_PLAIN, "%s  (%s ago, by its own word)", when, age);
  if (note->at_s == 0) return;
  cli_time_text(when, note->at_s);
  cli_row("as of", CLI_YELLOW, "%s, as you asked: not as of now", when);
}

void cli_bundle_json(const cli_bundle_note *note) {
  char id[67];
  ol_hex_text(id, note->id.bytes, sizeof note->id.bytes);
  printf(",\"bundle\":{\"id\":\"%s\",\"bytes\":%zu,\"answers\":%" PRIu32 ",\"made\":%" PRIu64 ",\"asOf\":",
         id, note->len, note->bundle.count, note->bundle.about.made);
  if (note->at_s == 0)
    fputs("null}", stdout);
  else
    printf("%" PRIu64 "}", note->at_s);
}

static int check_options(const cli_args *args) {
  static const char is_missing[] = "missing", an_endpoint[] = "at least one endpoint is needed";
  if (args->trust <= OL_TRUST_QUORUM)
    return cli_usage_error("--trust", "not proposed or finalized: a bundle is one voice, and no quorum");
  if (!args->has_checkpoint) return cli_usage_error("--checkpoint", is_missing);
  if (args->rollup == NULL) return cli_usage_error("--rollup", is_missing);
  if (args->rpc.of_bundle) return EXIT_VERIFIED;
  if (args->out_file == NULL) return cli_usage_error("--out", is_missing);
  if (args->rpc.count == 0) return cli_usage_error("--rpc", an_endpoint);
  if (args->beacon.count == 0) return cli_usage_error("--beacon", an_endpoint);
  return args->l1.count == 0 ? cli_usage_error("--l1", an_endpoint) : EXIT_VERIFIED;
}

/* The same question, to a bundle. */
static cli_args offline(const cli_args *args) {
  const cli_urls bundle = {.count = 1, .of_bundle = true};
  cli_args of = *args;
  of.rpc = of.beacon = of.l1 = bundle;
  return of;
}

/* Answers a question by a bundle. Returns: as cli_question_answer. */
static int answer_by(cli_question *of, cli_bundle_note *note, const char *file, ol_slice bytes) {
  ol_error error;
  int result = cli_host_open(&of->host, of->args);
  if (result != EXIT_VERIFIED) return result;
  if (ol_host_bundle(&error, of->host, bytes, 1000 * note->at_s) != OL_OK ||
      ol_bundle_read(&error, &note->bundle, bytes) != OL_OK)
    return cli_error(file, &error);
  ol_bundle_id(&note->id, bytes);
  note->len = bytes.len;
  of->bundle = note;
  ol_host_record(of->host);
  return cli_question_answer(of);
}

/* What a bundle says of itself, to whom it proved nothing. */
static void explain(const char *file, const cli_bundle_note *note) {
  char text[QUESTION_LEN + 256], when[CLI_TIME_LEN], age[CLI_SPAN_LEN], checkpoint[67];
  const ol_bundle_about *about = &note->bundle.about;
  if (note->bundle.count == 0) return;
  cli_time_text(when, about->made);
  cli_span_text(age, ago(about->made));
  ol_hex_text(checkpoint, about->checkpoint.bytes, sizeof about->checkpoint.bytes);
  snprintf(text, sizeof text, "by its own word it was made at %s (%s ago), from checkpoint %s, for: %.*s",
           when, age, checkpoint, (int)about->question.len, (const char *)about->question.data);
  cli_warn(file, text);
}

int cli_verify_bundle(const cli_args *args) {
  cli_args read = offline(args);
  cli_question of = {.args = &read};
  cli_bundle_note note = {.at_s = args->at_s};
  uint8_t *bytes = NULL;
  size_t len = 0;
  if (args->file == NULL) return cli_usage_error("FILE", "missing");
  if (args->subject == NULL) return cli_usage_error("ADDRESS", "missing");
  if (!cli_address_read(&read.address, args->subject, args->subject)) return EXIT_USAGE;
  int result = check_options(&read);
  if (result == EXIT_VERIFIED) result = cli_file_read(&bytes, &len, NULL, args->file);
  if (result == EXIT_VERIFIED) result = answer_by(&of, &note, args->file, (ol_slice){bytes, len});
  if (result == EXIT_VERIFIED)
    result = cli_question_show(&of);
  else
    explain(args->file, &note);
  cli_question_end(&of);
  ol_host_free_file(bytes);
  return result;
}

/* The question in words. */
static size_t question_text(char out[QUESTION_LEN], const cli_question *of) {
  char address[43];
  const cli_args *args = of->args;
  ol_address_text(address, &args->address);
  int len = snprintf(out, QUESTION_LEN, "account %s of chain %" PRIu64 " at %s", address,
                     of->rollup.rollup.chain_id, ol_trust_name((ol_trust)args->trust));
  for (uint32_t i = 0; i < args->slot_count && len < QUESTION_LEN; i++) {
    char slot[79];
    ol_u256_text(slot, &args->slots[i]);
    len += snprintf(out + len, QUESTION_LEN - (size_t)len, "%s %s", i == 0 ? ", slots" : "", slot);
  }
  if (args->code && len < QUESTION_LEN) len += snprintf(out + len, QUESTION_LEN - (size_t)len, ", code");
  return len < QUESTION_LEN ? (size_t)len : QUESTION_LEN - 1;
}

/* Asks endpoints, and packs what the run used. Out: a bundle, to be given to ol_host_free_file. */
static int record(uint8_t **out, size_t *out_len, ol_bundle_about *out_about, char question[QUESTION_LEN],
                  const cli_args *args) {
  cli_question of = {.args = args};
  ol_error error;
  int result = cli_host_open(&of.host, args);
  if (result == EXIT_VERIFIED) {
    ol_host_record(of.host);
    result = cli_question_answer(&of);
  }
  if (result == EXIT_VERIFIED) {
    cli_report_blames(of.host);
    const ol_slice text = {(const uint8_t *)question, question_text(question, &of)};
    *out_about = (ol_bundle_about){.made = now_s(),
                                   .l1_chain_id = of.rollup.rollup.l1_chain_id,
                                   .l2_chain_id = of.rollup.rollup.chain_id,
                                   .checkpoint = args->checkpoint,
                                   .question = text};
    if (ol_host_recorded(&error, of.host, out, out_len, out_about) != OL_OK) result = cli_error(NULL, &error);
  }
  cli_question_end(&of);
  return result;
}

/*
 * Verifies a record as its readers will, and writes what was used of it then: what endpoints were asked for in vain,
 * or for a game that was no good, is left out.
 */
static int keep(const cli_args *args, const ol_bundle_about *about, ol_slice recorded) {
  cli_args read = offline(args);
  cli_question of = {.args = &read};
  cli_bundle_note note = {.at_s = about->made};
  ol_error error;
  uint8_t *bytes = NULL;
  size_t len = 0;
  int result = answer_by(&of, &note, "what was recorded", recorded);
  if (result == EXIT_VERIFIED && (ol_host_recorded(&error, of.host, &bytes, &len, about) != OL_OK ||
                                  ol_bundle_read(&error, &note.bundle, (ol_slice){bytes, len}) != OL_OK))
    result = cli_error(NULL, &error);
  if (result == EXIT_VERIFIED && ol_host_write_file(&error, args->out_file, bytes, len) != OL_OK)
    result = cli_error(args->out_file, &error);
  if (result == EXIT_VERIFIED) {
    ol_bundle_id(&note.id, (ol_slice){bytes, len});
    note.len = len;
    note.at_s = 0;
    result = cli_question_show(&of);
  }
  cli_question_end(&of);
  ol_host_free_file(bytes);
  return result;
}

int cli_bundle(const cli_args *args) {
  cli_args read = *args;
  ol_bundle_about about;
  char question[QUESTION_LEN];
  uint8_t *bytes = NULL;
  size_t len = 0;
  if (args->operand == NULL || strcmp(args->operand, "make") != 0)
    return cli_usage_error(args->operand == NULL ? "bundle" : args->operand, "what to do must be \"make\"");
  if (args->file == NULL) return cli_usage_error("ADDRESS", "missing");
  int result = check_options(args);
  if (result != EXIT_VERIFIED) return result;
  if (!cli_address_read(&read.address, args->file, args->file)) return EXIT_USAGE;
  result = record(&bytes, &len, &about, question, &read);
  if (result == EXIT_VERIFIED) result = keep(&read, &about, (ol_slice){bytes, len});
  ol_host_free_file(bytes);
  return result;
}
