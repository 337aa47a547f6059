/* SPDX-License-Identifier: MIT */
#ifndef OL_ENGINE_ENGINE_H
#define OL_ENGINE_ENGINE_H

/*
 * The engine from the side of whoever uses it to fetch: a table of wants, and what to call when one is
 * answered. It knows nothing of questions; those who ask them embed it as their first member.
 */

#include "base/limits.h"
#include "openledger/engine.h"

typedef enum ol_slot_state { OL_WANT_FREE, OL_WANT_READY, OL_WANT_OUT } ol_slot_state;

/* A want in the table; `kind` and `item` are its user's own. */
typedef struct ol_engine_want {
  uint64_t id;
  uint64_t deadline_ms;
  uint32_t state;
  uint32_t source;
  uint32_t endpoint;
  uint32_t kind;
  uint32_t item;
  uint32_t max_len; /* once it is out */
} ol_engine_want;

typedef struct ol_engine_user {
  /* Begins to work: puts the first wants. */
  void (*begin)(ol_engine *engine);
  /* Out: method, path, body and max_len of a want. */
  ol_status (*request)(ol_error *error, ol_want *out, ol_engine *engine, const ol_engine_want *want);
  /* Verifies an answer and keeps what it proves. Anything but OL_OK is put down to the endpoint's blame. */
  ol_status (*answer)(ol_error *error, ol_engine *engine, const ol_engine_want *want, ol_slice data);
  /* A want ended without a good answer; the reason is in `error`. */
  void (*lost)(ol_engine *engine, const ol_engine_want *want, const ol_error *error);
  /* After any of these: puts what is wanted next, or ends (ol_engine_finish, ol_engine_give_up). */
  void (*advance)(ol_engine *engine);
} ol_engine_user;

struct ol_engine {
  const ol_engine_user *user; /* constant, outside of the engine */
  uint64_t now_ms;
  uint64_t next_id;
  int32_t state; /* an ol_engine_status */
  int32_t taken; /* an ol_taken; an answer is used unless its user says that it is idle */
  uint32_t timeout_ms;
  uint32_t blame_first;
  uint32_t blame_count;
  ol_error error;
  ol_engine_want wants[OL_LIMIT_WANTS];
  ol_blame blames[OL_BLAMES];
};

/* Empties an engine. In: its user, or NULL while nothing is asked. */
void ol_engine_init(ol_engine *engine, const ol_engine_user *user, uint32_t timeout_ms) OL_NONNULL_ARGS(1);

/* Adds a want; it must not be more than OL_LIMIT_WANTS at once. */
void ol_engine_put(ol_engine *engine, ol_source source, uint32_t endpoint, uint32_t kind,
                   uint32_t item) OL_NONNULL;

/* Drops the wants of a kind; answers to them are ignored from now on. */
void ol_engine_drop(ol_engine *engine, uint32_t kind) OL_NONNULL;

/* The same of one item of a kind. */
void ol_engine_drop_item(ol_engine *engine, uint32_t kind, uint32_t item) OL_NONNULL;

/* Records a blame and tells the user's `lost`; for what shows to be wrong only after it was accepted. */
void ol_engine_blame(ol_engine *engine, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

/* The same, of an error that is made of a status, the part that is wrong and the reason. */
void ol_engine_blame_for(ol_engine *engine, const ol_engine_want *want, ol_status status, const char *part,
                         const char *reason) OL_NONNULL;

/* Returns: how many wants of a kind wait for their answers. */
uint32_t ol_engine_count(const ol_engine *engine, uint32_t kind) OL_NONNULL;

static inline bool ol_engine_has(const ol_engine *engine, uint32_t kind) {
  return ol_engine_count(engine, kind) > 0;
}

/* How often one endpoint is asked for one thing, when it did not answer or had an error of its own. */
#define OL_TRIES 2

/* Returns: whether a failure is silence or an error of the endpoint's own, which may pass; anything else is a lie. */
bool ol_failure_may_pass(const ol_error *error) OL_NONNULL;

/* Keeps the failure that tells more: a lie more than an old block, that more than an error, that more than silence. */
void ol_failure_keep_worst(ol_error *worst, const ol_error *error) OL_NONNULL;

/* Returns: whether a failure tells less than a status of this kind would. */
bool ol_failure_tells_less(const ol_error *error, ol_status status) OL_NONNULL;

/* Ends with an answer, or with an error; all wants are dropped. */
void ol_engine_finish(ol_engine *engine) OL_NONNULL;
void ol_engine_give_up(ol_engine *engine, const ol_error *error) OL_NONNULL;

#endif
