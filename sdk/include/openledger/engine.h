/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_ENGINE_H
#define OPENLEDGER_ENGINE_H

/*
 * The loop between the core, which never does I/O, and a host, which does nothing else:
 *
 *     ol_engine_begin(engine, now);
 *     while (ol_engine_state(engine) == OL_ENGINE_WORKING) {
 *       while (ol_engine_next_want(engine, &want) == 1) start_request(&want);
 *       wait for an answer, a failure or a second to pass, and call
 *       ol_engine_feed, ol_engine_fail or ol_engine_tick with it;
 *     }
 *
 * What is wanted next follows from the state and the time alone: the same calls give the same bytes, so a
 * recorded session is a test. All wants that are out at once may be fetched at once, and answered in any
 * order. Answers that come late, twice, or to nothing are ignored. An engine holds no host pointer between
 * calls and no pointer into itself, so it may be copied with memcpy.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ol_engine ol_engine;

#define OL_MAX_ENDPOINTS 16 /* of one source */

/* What kind of server a want is for. */
typedef enum ol_source {
  OL_SOURCE_BEACON = 1, /* Ethereum Beacon API */
  OL_SOURCE_L1 = 2,     /* Ethereum JSON-RPC */
  OL_SOURCE_L2 = 3,     /* OP Stack JSON-RPC */
  OL_SOURCE_NODE = 4,   /* a remote inference or training node */
  OL_SOURCE_SEQUENCER =
      5, /* whoever passes on what the sequencer gossips: its newest block (openledger/envelope.h) */
} ol_source;

typedef enum ol_http_method { OL_HTTP_GET = 1, OL_HTTP_POST = 2 } ol_http_method;

/* What an answer should be, for the Accept header. The core sees for itself what came. */
typedef enum ol_format {
  OL_FORMAT_JSON = 1, /* application/json */
  OL_FORMAT_SSZ = 2,  /* application/octet-stream, or else application/json */
} ol_format;

/* One request. `path` and `body` belong to the engine and are readable until the next call to it. */
typedef struct ol_want {
  uint64_t id;          /* never used twice by one engine */
  uint64_t deadline_ms; /* Unix time in ms after which the answer is of no use */
  uint32_t source;      /* an ol_source */
  uint32_t endpoint;    /* which server of that source, counted from 0 */
  uint32_t method;      /* an ol_http_method */
  uint32_t format;      /* an ol_format */
  uint32_t max_len;     /* an answer longer than this, in bytes, is refused */
  ol_slice path;        /* text to append to the server's URL; may be empty */
  ol_slice body;        /* JSON text to POST */
} ol_want;

/* Why a request got no answer. */
typedef enum ol_fail_reason {
  OL_FAIL_CONNECTION = 1, /* no connection, or it broke */
  OL_FAIL_TIMEOUT = 2,
  OL_FAIL_TOO_LARGE = 3, /* more than max_len */
  OL_FAIL_HTTP = 4,      /* an HTTP status other than 200 */
  OL_FAIL_TLS = 5,       /* the server's certificate was refused */
} ol_fail_reason;

typedef enum ol_engine_status {
  OL_ENGINE_IDLE = 0,    /* nothing was asked, or begin was not called */
  OL_ENGINE_WORKING = 1, /* wants are out, or will be */
  OL_ENGINE_DONE = 2,    /* the answer is there */
  OL_ENGINE_FAILED = -1, /* there is none; ol_engine_error says why */
} ol_engine_status;

/* An answer that was refused, or did not come, and who is to blame. */
typedef struct ol_blame {
  uint64_t want_id; /* 0 where several answers together show it */
  uint32_t source;
  uint32_t endpoint;
  ol_error error;
} ol_blame;

/* Starts to work on what was asked. In: Unix time in ms. Returns: OL_ERR_ARGUMENT when nothing was asked. */
OL_API OL_CHECKED ol_status ol_engine_begin(ol_engine *engine, uint64_t now_ms) OL_NONNULL;

/* Takes the next request that nobody has taken yet. Returns: 1 if there is one, 0 if not, < 0 once failed. */
OL_API OL_CHECKED int ol_engine_next_want(ol_engine *engine, ol_want *out) OL_NONNULL;

/*
 * Gives the answer to a want: an HTTP body. It is verified, and what is kept is copied.
 * Returns: OL_OK, also when the answer was refused (see ol_engine_next_blame) and another one is wanted;
 * the engine's own error once it has failed.
 */
OL_API ol_status ol_engine_feed(ol_engine *engine, uint64_t want_id, const uint8_t *data, size_t len)
    OL_NONNULL_ARGS(1);

/* What became of the answer that was fed last. */
typedef enum ol_taken {
  OL_TAKEN_NOT = 0,  /* refused, late, or an answer to nothing */
  OL_TAKEN_IDLE = 1, /* accepted, but it told nothing that was not known */
  OL_TAKEN_USED = 2, /* what the engine goes on with; it may still be blamed later, by its want's id */
} ol_taken;

/* Returns: what became of the answer that was fed last, for those who keep what a run used. */
OL_API ol_taken ol_engine_taken(const ol_engine *engine) OL_NONNULL;

/* Says that a want will not be answered. Returns: as ol_engine_feed. */
OL_API ol_status ol_engine_fail(ol_engine *engine, uint64_t want_id, ol_fail_reason reason) OL_NONNULL;

/*
 * Tells the time, Unix ms; wants past their deadline fail, and those that were not taken yet have all their time from
 * now on. Returns: as ol_engine_feed.
 */
OL_API ol_status ol_engine_tick(ol_engine *engine, uint64_t now_ms) OL_NONNULL;

/* Ends without an answer: nobody fetches any more. The engine has failed then, unless it had ended before. */
OL_API void ol_engine_abandon(ol_engine *engine) OL_NONNULL;

/* Returns: where the engine stands. */
OL_API ol_engine_status ol_engine_state(const ol_engine *engine) OL_NONNULL;

/* Returns: why the engine failed; readable as long as the engine is. */
OL_API const ol_error *ol_engine_error(const ol_engine *engine) OL_NONNULL;

/* Takes the oldest blame; the newest OL_BLAMES are kept. Returns: 1 if there is one, 0 if not. */
#define OL_BLAMES 16
OL_API OL_CHECKED int ol_engine_next_blame(ol_engine *engine, ol_blame *out) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
