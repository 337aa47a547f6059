/* SPDX-License-Identifier: MIT */

/* openledger account: an account of a live chain, proven. */

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void anchor_rows(const cli_question *of, const ol_account_answer *answer) {
  static const ol_address none; /* an oracle's output is in no game */
  const ol_anchor *anchor = &answer->anchor;
  char text[67], when[CLI_TIME_LEN];
  cli_row("trust", CLI_GREEN, "%s", ol_trust_name((ol_trust)answer->trust));
  if (answer->trust == OL_TRUST_UNSAFE) {
    ol_address_text(text, &anchor->signer);
    cli_row("signer", CLI_PLAIN, "%s", text);
  } else {
    ol_hex_text(text, anchor->output_root.bytes, sizeof anchor->output_root.bytes);
    cli_time_text(when, anchor->proposed_at);
    cli_row("output", CLI_PLAIN, "%s  %s", text, when);
  }
  ol_address_text(text, &anchor->game);
  if (memcmp(&anchor->game, &none, sizeof none) != 0)
    cli_row("game", CLI_PLAIN, "%s  no. %" PRIu64, text, anchor->index);
  ol_hex_text(text, anchor->l1_block_hash.bytes, sizeof anchor->l1_block_hash.bytes);
  cli_row("L1 block", CLI_PLAIN, "%" PRIu64 "  %s", anchor->l1_block_number, text);
  cli_stats_row("L1 cost", &of->l1_cost);
}

static void trust_rows(const cli_question *of, const ol_account_answer *answer) {
  if (answer->trust > OL_TRUST_QUORUM) {
    anchor_rows(of, answer);
    return;
  }
  cli_row("trust", CLI_GREEN, "%s: %" PRIu32 " of %" PRIu32 " endpoint%s gave this block hash",
          ol_trust_name((ol_trust)answer->trust), answer->agreed, answer->asked,
          answer->asked == 1 ? "" : "s");
}

static void set_question(ol_account_question *out, const cli_args *args) {
  ol_account_question_init(out, &args->address);
  out->block = args->block;
  out->number = args->number;
  out->hash = args->hash;
  out->trust = args->trust;
  if (args->has_max_age) out->max_age_s = args->max_age_s;
  out->with_code = args->code;
  out->slot_count = args->slot_count;
  memcpy(out->slots, args->slots, sizeof out->slots);
}

static void show_json(const cli_question *of, const ol_account_answer *answer) {
  printf(",\"ageSeconds\":%" PRIu64, answer->age_s);
  if (answer->trust > OL_TRUST_QUORUM) {
    fputs(",\"l1\":{", stdout);
    cli_stats_json(&of->l1_cost);
    putchar('}');
  }
  if (of->bundle != NULL) cli_bundle_json(of->bundle);
  cli_costs_json(of->host);
}

int cli_question_show(const cli_question *of) {
  const ol_account_answer *answer = &of->answer;
  cli_report_blames(of->host);
  if (of->args->json) {
    int result = cli_answer_json(answer, of->code);
    if (result == EXIT_VERIFIED) show_json(of, answer);
    return result;
  }
  cli_answer_rows(answer, of->code, answer->age_s);
  trust_rows(of, answer);
  if (of->bundle != NULL) cli_bundle_rows(of->bundle);
  cli_costs_row(of->host);
  return EXIT_VERIFIED;
}

static void show_progress(void *context, const ol_host_stats *stats) {
  const cli_question *of = context;
  const cli_args *args = of->args;
  char size[CLI_SPAN_LEN];
  if (of->follow != NULL && ol_engine_state(ol_sync_engine(of->follow->sync)) == OL_ENGINE_WORKING) {
    cli_follow_progress(of->follow, stats);
    return;
  }
  cli_size_text(size, stats->bytes_received);
  cli_progress("asking %" PRIu32 " endpoint%s: %" PRIu64 " of %" PRIu64 " answers, %s, %.1f s",
               args->rpc.count, args->rpc.count == 1 ? "" : "s", stats->requests - stats->waiting,
               stats->requests, size, (double)stats->elapsed_ms / 1000);
}

/* Makes the client and gives it the question; what is proven of L1 follows. */
static int begin(cli_question *of) {
  const cli_args *args = of->args;
  const ol_client_config config = cli_client_config(args, &of->rollup);
  size_t len = ol_client_size(&config);
  of->memory = malloc(len);
  if (of->memory == NULL) return cli_no_memory();
  ol_error error;
  ol_account_question question;
  set_question(&question, args);
  ol_status status = ol_client_init(&error, &of->client, &config, of->memory, len);
  if (status == OL_OK && cli_by_l1(args))
    status = ol_client_anchor(&error, of->client, &of->rollup.rollup, NULL);
  if (status == OL_OK) status = ol_client_ask_account(&error, of->client, &question);
  return status == OL_OK ? EXIT_VERIFIED : cli_error(NULL, &error);
}

/* A sync can do without the newest block's header, an anchor cannot. */
static int check_headers(const cli_question *of) {
  const ol_error lacking =
      cli_error_of(OL_ERR_MISMATCH, "bundle", "has no answer to a request of this question");
  const char *lack = ol_host_lack(of->host);
  bool has_headers = of->l1.finalized.has_header && of->l1.optimistic.has_header;
  return has_headers || lack == NULL ? EXIT_VERIFIED : cli_error(lack, &lacking);
}

/* Tells the client what is proven of L1. */
static int tell_l1(cli_question *of) {
  ol_error error;
  ol_status status = ol_sync_status_of(&error, &of->l1, of->follow->sync);
  int result = status == OL_OK ? check_headers(of) : EXIT_VERIFIED;
  if (result != EXIT_VERIFIED) return result;
  if (status == OL_OK) status = ol_client_anchor(&error, of->client, &of->rollup.rollup, &of->l1);
  return status == OL_OK ? EXIT_VERIFIED : cli_error(NULL, &error);
}

/* L1 is followed to the present, or it cannot be. */
static void take_l1(void *context, const ol_host_stats *stats) {
  cli_question *of = context;
  ol_error error;
  bool is_done = ol_engine_state(ol_sync_engine(of->follow->sync)) == OL_ENGINE_DONE;
  of->l1_cost = *stats;
  cli_progress_end();
  of->saved = cli_follow_save(of->follow);
  if (is_done) of->l1_told = tell_l1(of);
  if (is_done && of->l1_told == EXIT_VERIFIED) return;
  if (ol_client_anchor(&error, of->client, NULL, NULL) != OL_OK) of->l1_told = cli_error(NULL, &error);
}

static int ask(cli_question *of) {
  ol_error error;
  ol_engine *engine = ol_client_engine(of->client);
  ol_status status = of->follow == NULL ? ol_host_run(&error, of->host, engine, show_progress, of)
                                        : ol_host_run_both(&error, of->host, ol_sync_engine(of->follow->sync),
                                                           engine, take_l1, show_progress, of);
  cli_progress_end();
  if (status != OL_OK) {
    cli_report_blames(of->host);
    return of->l1_told != EXIT_VERIFIED ? of->l1_told : cli_error(ol_host_lack(of->host), &error);
  }
  status = ol_client_account(&error, &of->answer, &of->code, of->client);
  return status == OL_OK ? EXIT_VERIFIED : cli_error(NULL, &error);
}

/* Asks while L1 is followed: a round trip or two are saved, and nothing is believed before. */
static int ask_by_l1(cli_question *of) {
  cli_follow follow;
  ol_error error;
  int result = cli_follow_rollup(&follow, of->args, of->host, &of->rollup);
  if (result == EXIT_VERIFIED && ol_sync_start(&error, follow.sync) != OL_OK)
    result = cli_error(NULL, &error);
  of->follow = &follow;
  if (result == EXIT_VERIFIED) result = ask(of);
  of->follow = NULL;
  cli_follow_end(&follow);
  return result;
}

int cli_question_answer(cli_question *of) {
  const cli_args *args = of->args;
  int result = args->rollup != NULL ? cli_rollup_read(&of->rollup, args->rollup) : EXIT_VERIFIED;
  if (result == EXIT_VERIFIED) result = cli_add_endpoints(of->host, OL_SOURCE_L2, &args->rpc);
  if (result == EXIT_VERIFIED) result = cli_add_endpoints(of->host, OL_SOURCE_SEQUENCER, &args->sequencers);
  if (result == EXIT_VERIFIED) result = begin(of);
  if (result != EXIT_VERIFIED) return result;
  return cli_by_l1(args) ? ask_by_l1(of) : ask(of);
}

void cli_question_end(cli_question *of) {
  free(of->memory);
  cli_rollup_clear(&of->rollup);
  ol_host_free(of->host);
  *of = (cli_question){.args = of->args};
}

static int check_options(const cli_args *args) {
  return args->operand == NULL ? cli_usage_error("ADDRESS", "missing") : cli_check_levels(args);
}

int cli_account(const cli_args *args) {
  cli_args read = *args;
  cli_question of = {.args = &read};
  int result = check_options(args);
  if (result != EXIT_VERIFIED) return result;
  if (!cli_address_read(&read.address, args->operand, args->operand)) return EXIT_USAGE;
  result = cli_host_open(&of.host, args);
  if (result == EXIT_VERIFIED) result = cli_question_answer(&of);
  if (result == EXIT_VERIFIED) result = cli_question_show(&of);
  if (result == EXIT_VERIFIED) result = of.saved;
  cli_question_end(&of);
  return result;
}
