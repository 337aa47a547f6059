/* SPDX-License-Identifier: MIT */

/*
 * Plays recorded sessions (player.mjs says what they are made of) to the core and prints all that it says, as
 * the player does in WebAssembly.  replay_native TRANSCRIPT
 */
#include "encoding/json.h"
#include "openledger/openledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static ol_error error;

static void give_up(const char *what) {
  char line[256];
  ol_error_text(&error, line, sizeof line);
  fprintf(stderr, "replay: %s: %s\n", what, line);
  exit(1);
}

static ol_json member_of(ol_json object, const char *name) {
  ol_json member;
  if (ol_json_need(&error, &member, object, name, "is missing") != OL_OK) give_up(name);
  return member;
}

static uint64_t number_of(ol_json value) {
  uint64_t number;
  if (ol_json_u64(&error, &number, value) != OL_OK) give_up("number");
  return number;
}

static uint64_t number_in(ol_json object, const char *name) {
  return number_of(member_of(object, name));
}

static void bytes_of(uint8_t *out, size_t len, ol_json value) {
  if (ol_json_hex_fixed(&error, out, len, value) != OL_OK) give_up("bytes");
}

static ol_client *make_client(ol_json config) {
  const ol_client_config read = {.chain_id = number_in(config, "chainId"),
                                 .endpoints = (uint32_t)number_in(config, "endpoints"),
                                 .quorum = (uint32_t)number_in(config, "quorum"),
                                 .timeout_ms = (uint32_t)number_in(config, "timeoutMs"),
                                 .max_answer = (uint32_t)number_in(config, "maxAnswer")};
  size_t size = ol_client_size(&read);
  ol_client *client;
  if (ol_client_init(&error, &client, &read, aligned_alloc(16, size), size) != OL_OK) give_up("config");
  return client;
}

static void ask(ol_client *client, ol_json asked) {
  ol_address address;
  ol_account_question question;
  ol_json_items slots;
  ol_json slot;
  bytes_of(address.bytes, sizeof address, member_of(asked, "address"));
  ol_account_question_init(&question, &address);
  question.block = (uint32_t)number_in(asked, "block");
  question.number = number_in(asked, "number");
  bytes_of(question.hash.bytes, sizeof question.hash, member_of(asked, "hash"));
  question.max_age_s = (uint32_t)number_in(asked, "maxAge");
  question.with_code = (uint32_t)number_in(asked, "code");
  if (ol_json_array(&error, &slots, member_of(asked, "slots")) != OL_OK) give_up("slots");
  while (ol_json_next(&slot, NULL, &slots))
    bytes_of(question.slots[question.slot_count++].bytes, sizeof(ol_u256), slot);
  if (ol_client_ask_account(&error, client, &question) != OL_OK) give_up("question");
}

static void drain(ol_engine *engine) {
  ol_want want;
  ol_blame blame;
  while (ol_engine_next_want(engine, &want) == 1)
    printf("want %" PRIu64 " %" PRIu64 " %u %u %u %u %.*s %.*s\n", want.id, want.deadline_ms, want.source,
           want.endpoint, want.method, want.max_len, (int)want.path.len, (const char *)want.path.data,
           (int)want.body.len, (const char *)want.body.data);
  while (ol_engine_next_blame(engine, &blame) == 1) {
    char line[512];
    ol_error_text(&blame.error, line, sizeof line);
    printf("blame %" PRIu64 " %u %u %s\n", blame.want_id, blame.source, blame.endpoint, line);
  }
  printf("state %d\n", (int)ol_engine_state(engine));
}

static void play(ol_engine *engine, ol_json event) {
  ol_json_items items;
  ol_json part[3];
  ol_slice kind, text;
  size_t count = 0;
  if (ol_json_array(&error, &items, event) != OL_OK) give_up("event");
  while (count < 3 && ol_json_next(&part[count], NULL, &items)) count++;
  if (count < 2 || ol_json_string(&error, &kind, part[0]) != OL_OK) give_up("event");
  uint64_t first = number_of(part[1]);
  switch (kind.data[0]) {
  case 'b':
    if (ol_engine_begin(engine, first) != OL_OK) give_up("begin");
    break;
  case 't': (void)ol_engine_tick(engine, first); break;
  default:
    if (count < 3) give_up("event");
    if (kind.data[1] == 'a') {
      (void)ol_engine_fail(engine, first, (ol_fail_reason)number_of(part[2]));
    } else {
      if (ol_json_string(&error, &text, part[2]) != OL_OK) give_up("feed");
      (void)ol_engine_feed(engine, first, text.data, text.len);
    }
  }
  drain(engine);
}

static void print_end(const ol_client *client) {
  ol_account_answer answer;
  ol_slice code, text;
  if (ol_client_account(&error, &answer, &code, client) != OL_OK) {
    char line[512];
    ol_error_text(&error, line, sizeof line);
    printf("error %s\n", line);
    return;
  }
  size_t size = (32u << 10) + 16 * code.len;
  if (ol_account_answer_json(&error, &text, &answer, code, malloc(size), size) != OL_OK) give_up("answer");
  printf("answer %" PRIu64 " %.*s\n", answer.age_s, (int)text.len, (const char *)text.data);
}

int main(int argc, char **argv) {
  static uint8_t file[1 << 20], memory[16 << 20];
  FILE *in = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (in == NULL) return fputs("usage: replay_native TRANSCRIPT\n", stderr), 2;
  size_t len = fread(file, 1, sizeof file, in);
  fclose(in);
  ol_arena arena = ol_arena_of(memory, sizeof memory);
  ol_json root, event;
  ol_json_items events;
  if (ol_json_read(&error, &root, &arena, file, len) != OL_OK) give_up(argv[1]);
  ol_client *client = make_client(member_of(root, "config"));
  ask(client, member_of(root, "question"));
  if (ol_json_array(&error, &events, member_of(root, "events")) != OL_OK) give_up("events");
  while (ol_json_next(&event, NULL, &events)) play(ol_client_engine(client), event);
  print_end(client);
  free(client);
  return 0;
}
