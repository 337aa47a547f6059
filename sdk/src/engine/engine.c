/* SPDX-License-Identifier: MIT */
#include "engine/engine.h"

#include "base/base.h"
#include "base/poison.h"

void ol_engine_init(ol_engine *engine, const ol_engine_user *user, uint32_t timeout_ms) {
  memset(engine, 0, sizeof *engine);
  engine->user = user;
  engine->timeout_ms = timeout_ms;
  engine->next_id = 1;
  ol_error_clear(&engine->error);
}

void ol_engine_put(ol_engine *engine, ol_source source, uint32_t endpoint, uint32_t kind, uint32_t item) {
  size_t at = 0;
  while (at < OL_LIMIT_WANTS && engine->wants[at].state != OL_WANT_FREE) at++;
  OL_ASSERT(at < OL_LIMIT_WANTS);
  engine->wants[at] = (ol_engine_want){.id = engine->next_id++,
                                       .deadline_ms = engine->now_ms + engine->timeout_ms,
                                       .state = OL_WANT_READY,
                                       .source = source,
                                       .endpoint = endpoint,
                                       .kind = kind,
                                       .item = item};
}

void ol_engine_drop(ol_engine *engine, uint32_t kind) {
  for (size_t i = 0; i < OL_LIMIT_WANTS; i++) {
    if (engine->wants[i].kind == kind) engine->wants[i].state = OL_WANT_FREE;
  }
}

void ol_engine_drop_item(ol_engine *engine, uint32_t kind, uint32_t item) {
  for (size_t i = 0; i < OL_LIMIT_WANTS; i++) {
    ol_engine_want *want = &engine->wants[i];
    if (want->kind == kind && want->item == item) want->state = OL_WANT_FREE;
  }
}

uint32_t ol_engine_count(const ol_engine *engine, uint32_t kind) {
  uint32_t count = 0;
  for (size_t i = 0; i < OL_LIMIT_WANTS; i++)
    count += engine->wants[i].state != OL_WANT_FREE && engine->wants[i].kind == kind;
  return count;
}

bool ol_failure_may_pass(const ol_error *error) {
  return error->status == OL_ERR_TRANSPORT || error->status == OL_ERR_REMOTE;
}

static int weight(int32_t status) {
  switch (status) {
  case OL_OK: return 0;
  case OL_ERR_TRANSPORT: return 1;
  case OL_ERR_REMOTE: return 2;
  case OL_ERR_STALE: return 3;
  default: return 4;
  }
}

bool ol_failure_tells_less(const ol_error *error, ol_status status) {
  return weight(error->status) < weight(status);
}

void ol_failure_keep_worst(ol_error *worst, const ol_error *error) {
  if (weight(error->status) > weight(worst->status)) *worst = *error;
}

static void end(ol_engine *engine, ol_engine_status state) {
  for (size_t i = 0; i < OL_LIMIT_WANTS; i++) engine->wants[i].state = OL_WANT_FREE;
  engine->state = state;
}

void ol_engine_finish(ol_engine *engine) {
  end(engine, OL_ENGINE_DONE);
}

void ol_engine_give_up(ol_engine *engine, const ol_error *error) {
  OL_ASSERT(error->status != OL_OK);
  engine->error = *error;
  end(engine, OL_ENGINE_FAILED);
}

static ol_status sticky(const ol_engine *engine) {
  return engine->state == OL_ENGINE_FAILED ? (ol_status)engine->error.status : OL_OK;
}

static void tell_time(ol_engine *engine, uint64_t now_ms) {
  if (now_ms > engine->now_ms) engine->now_ms = now_ms; /* a clock set back must not revive a deadline */
}

ol_status ol_engine_begin(ol_engine *engine, uint64_t now_ms) {
  if (engine->user == NULL || engine->state != OL_ENGINE_IDLE)
    return ol_fail(&engine->error, OL_ERR_ARGUMENT, OL_NOWHERE, "nothing was asked, or it was begun before");
  tell_time(engine, now_ms);
  engine->state = OL_ENGINE_WORKING;
  engine->user->begin(engine);
  return sticky(engine);
}

int ol_engine_next_want(ol_engine *engine, ol_want *out) {
  if (engine->state == OL_ENGINE_FAILED) return engine->error.status;
  ol_engine_want *next = NULL;
  for (size_t i = 0; i < OL_LIMIT_WANTS; i++) {
    ol_engine_want *want = &engine->wants[i];
    if (want->state == OL_WANT_READY && (next == NULL || want->id < next->id)) next = want;
  }
  if (next == NULL) return 0;
  *out = (ol_want){.id = next->id,
                   .deadline_ms = next->deadline_ms,
                   .source = next->source,
                   .endpoint = next->endpoint,
                   .format = OL_FORMAT_JSON};
  ol_error error;
  if (engine->user->request(&error, out, engine, next) != OL_OK) {
    ol_engine_give_up(engine, &error);
    return error.status;
  }
  next->state = OL_WANT_OUT;
  next->max_len = out->max_len;
  return 1;
}

void ol_engine_blame(ol_engine *engine, const ol_engine_want *want, const ol_error *error) {
  if (engine->blame_count == OL_BLAMES) {
    engine->blame_first = (engine->blame_first + 1) % OL_BLAMES;
    engine->blame_count--;
  }
  engine->blames[(engine->blame_first + engine->blame_count++) % OL_BLAMES] =
      (ol_blame){.want_id = want->id, .source = want->source, .endpoint = want->endpoint, .error = *error};
  engine->user->lost(engine, want, error);
}

void ol_engine_blame_for(ol_engine *engine, const ol_engine_want *want, ol_status status, const char *part,
                         const char *reason) {
  ol_error error;
  ol_error_set(&error, status, OL_NOWHERE, reason);
  (void)ol_error_in(&error, status, part, OL_NOWHERE);
  ol_engine_blame(engine, want, &error);
}

int ol_engine_next_blame(ol_engine *engine, ol_blame *out) {
  if (engine->blame_count == 0) return 0;
  *out = engine->blames[engine->blame_first];
  engine->blame_first = (engine->blame_first + 1) % OL_BLAMES;
  engine->blame_count--;
  return 1;
}

/* Takes a want that is out from the table. Returns: false when there is none of that id. */
static bool take_want(ol_engine_want *out, ol_engine *engine, uint64_t want_id) {
  for (size_t i = 0; i < OL_LIMIT_WANTS; i++) {
    if (engine->wants[i].state != OL_WANT_OUT || engine->wants[i].id != want_id) continue;
    *out = engine->wants[i];
    engine->wants[i].state = OL_WANT_FREE;
    return true;
  }
  return false;
}

static const char *fail_text(ol_fail_reason reason) {
  switch (reason) {
  case OL_FAIL_CONNECTION: break;
  case OL_FAIL_TIMEOUT: return "no answer in time";
  case OL_FAIL_TOO_LARGE: return "answer is longer than accepted";
  case OL_FAIL_HTTP: return "HTTP status is not 200";
  case OL_FAIL_TLS: return "certificate of the server is refused";
  }
  return "connection failed";
}

static ol_status end_lost(ol_engine *engine, const ol_engine_want *want, ol_fail_reason reason) {
  ol_error error;
  ol_error_set(&error, OL_ERR_TRANSPORT, OL_NOWHERE, fail_text(reason));
  ol_engine_blame(engine, want, &error);
  engine->user->advance(engine);
  return sticky(engine);
}

ol_status ol_engine_feed(ol_engine *engine, uint64_t want_id, const uint8_t *data, size_t len) {
  ol_engine_want want;
  engine->taken = OL_TAKEN_NOT;
  if (!take_want(&want, engine, want_id)) return sticky(engine);
  ol_error error;
  ol_error_clear(&error);
  if (len > want.max_len) return end_lost(engine, &want, OL_FAIL_TOO_LARGE);
  engine->taken = OL_TAKEN_USED;
  if (engine->user->answer(&error, engine, &want, ol_slice_of(data, len)) != OL_OK) {
    engine->taken = OL_TAKEN_NOT;
    ol_engine_blame(engine, &want, &error);
  }
  engine->user->advance(engine);
  return sticky(engine);
}

ol_status ol_engine_fail(ol_engine *engine, uint64_t want_id, ol_fail_reason reason) {
  ol_engine_want want;
  if (!take_want(&want, engine, want_id)) return sticky(engine);
  return end_lost(engine, &want, reason);
}

ol_status ol_engine_tick(ol_engine *engine, uint64_t now_ms) {
  tell_time(engine, now_ms);
  for (size_t i = 0; i < OL_LIMIT_WANTS && engine->state == OL_ENGINE_WORKING; i++) {
    ol_engine_want want = engine->wants[i];
    /* Nobody was asked yet, so that nobody is late: what an answer led to has its whole time from here. */
    if (want.state == OL_WANT_READY) engine->wants[i].deadline_ms = engine->now_ms + engine->timeout_ms;
    if (want.state != OL_WANT_OUT || want.deadline_ms > engine->now_ms) continue;
    engine->wants[i].state = OL_WANT_FREE;
    (void)end_lost(engine, &want, OL_FAIL_TIMEOUT);
  }
  return sticky(engine);
}

void ol_engine_abandon(ol_engine *engine) {
  if (engine->state != OL_ENGINE_WORKING) return;
  ol_error error;
  ol_error_set(&error, OL_ERR_TRANSPORT, OL_NOWHERE, "was given up");
  ol_engine_give_up(engine, &error);
}

ol_engine_status ol_engine_state(const ol_engine *engine) {
  return (ol_engine_status)engine->state;
}

ol_taken ol_engine_taken(const ol_engine *engine) {
  return (ol_taken)engine->taken;
}

const ol_error *ol_engine_error(const ol_engine *engine) {
  return &engine->error;
}
