/* SPDX-License-Identifier: MIT */
#ifndef OL_PROVIDER_PROVIDER_H
#define OL_PROVIDER_PROVIDER_H

/*
 * A provider: a view of the chain for each tag that is asked for, and jobs, one for each request of a batch. As many
 * jobs as there is room for are at work at once; their responses are written in the order of the batch.
 */

#include "client/body.h"
#include "client/locate.h"
#include "client/run.h"
#include "openledger/provider.h"
#include "provider/bridge.h"
#include "provider/claims.h"
#include "provider/ledger.h"
#include "provider/origin.h"
#include "provider/render.h"

#define OL_JOBS 8
#define OL_KEEPS 4
#define OL_PARAMS 5
#define OL_TAGS 3 /* of ol_block_tag: latest, safe, finalized */
#define OL_PERCENTILES 16
#define OL_RANGE_BLOCKS 1000  /* what public endpoints take at most */
#define OL_SUGGEST_BLOCKS 100 /* by whose tips fees are suggested, at most */
_Static_assert(OL_RANGE_BLOCKS <= OL_RUN_BLOCKS, "a range is one run");

/* What a want is for, behind those of fetching; the item is the job's number, and of a body that of its keep. */
typedef enum ol_provider_want {
  OL_WANT_LOOKUP = OL_FETCH_KINDS, /* where something is that is asked for by its hash */
  OL_WANT_HEADER,                  /* the header of a block that is placed */
  OL_WANT_SEND,
  OL_WANT_ORIGIN,      /* a hash of an L1 block; the source is L1 */
  OL_WANT_ORIGIN_CODE, /* never asked */
  OL_WANT_CLAIMS,      /* in which blocks there are logs; the item is a chunk's number */
  OL_WANT_LEDGER,      /* storage of OpenLedger's contracts; the item is a read's number */
  OL_WANT_LEDGER_CODE, /* never asked */
  OL_WANT_VERDICT,     /* what a contract says of a signature */
  OL_PROVIDER_KINDS
} ol_provider_want;

/* --- What is seen of the chain --- */

typedef enum ol_seen_state { OL_SEEN_NONE, OL_SEEN_CANDIDATE, OL_SEEN_SETTLED, OL_SEEN_FAILED } ol_seen_state;

/* The block of a tag. */
typedef struct ol_seen {
  ol_seen_state state;
  ol_block block;
  uint32_t trust; /* an ol_trust */
  uint32_t agreed;
  uint64_t taken_ms;
  ol_anchor anchor; /* for trust above that of a quorum */
  ol_error error;   /* why there is none */
} ol_seen;

/* --- Jobs --- */

/* Codes of JSON-RPC 2.0, EIP-1474 and EIP-1193. */
enum {
  OL_RPC_PARSE = -32700,
  OL_RPC_INVALID_REQUEST = -32600,
  OL_RPC_NO_METHOD = -32601,
  OL_RPC_INVALID_PARAMS = -32602,
  OL_RPC_NOT_FOUND = -32001,
  OL_RPC_UNAVAILABLE = -32002, /* no verified answer is to be had */
  OL_RPC_REJECTED = -32003,    /* a transaction that is refused */
  OL_RPC_LIMIT = -32005,
  OL_RPC_UNSUPPORTED = 4200,
  OL_RPC_OTHER_CHAIN = 4902, /* EIP-3326 */
};

/* Which block a request is about. */
typedef enum ol_at_kind { OL_AT_TAG, OL_AT_NUMBER, OL_AT_HASH } ol_at_kind;

typedef struct ol_at {
  ol_at_kind kind;
  uint32_t tag; /* an ol_block_tag; latest for the others */
  uint64_t number;
  ol_hash hash;
} ol_at;

/* Where something is, as an endpoint says. */
typedef struct ol_lookup {
  bool done;
  uint32_t nulls; /* endpoints that do not know it */
  uint64_t number;
  uint64_t index;
  ol_engine_want want; /* which brought it */
  uint8_t tries[OL_MAX_ENDPOINTS];
} ol_lookup;

typedef enum ol_job_state { OL_JOB_FREE, OL_JOB_WORKING, OL_JOB_READY, OL_JOB_FAILED } ol_job_state;

struct ol_method;

typedef struct ol_job {
  ol_job_state state;
  const struct ol_method *method; /* NULL when there is none; constant */
  uint32_t index;                 /* in the batch */
  uint32_t text_at;               /* in what was asked; */
  uint32_t id_at;                 /* and of the request's id, */
  uint32_t id_len;                /* 0 for a notification */
  bool with_proof;                /* openledger_verified: the result is to name its block and its trust */
  int32_t code;                   /* of a failure */
  uint64_t chain_id;
  ol_error error; /* why it failed, or the worst so far */
  /* What is asked: */
  ol_at at;
  ol_address address;
  ol_hash hash;
  ol_u256 slots[OL_MAX_SLOTS];
  uint32_t slot_count;
  uint32_t slot_words;           /* bit i says that slot i was asked for as a word, and not as a quantity */
  uint64_t number;               /* an index, or a count of blocks */
  uint64_t skip;                 /* of a list */
  uint32_t topic;                /* an ol_topic, */
  ol_ledger_contracts contracts; /* and contracts that the request names */
  bool full;                     /* of a block, with receipts; of an account, with code */
  bool with_nodes;               /* of an account, with its proof */
  bool to_head;                  /* of a range that ends above the head: there */
  bool has_from;
  ol_at from; /* the beginning of a range, whose end is `at` */
  ol_log_filter filter;
  uint32_t percentile_count;
  uint32_t percentiles[OL_PERCENTILES]; /* in hundredths of a percent */
  uint32_t raw_at;                      /* of a transaction in hex, in what was asked */
  uint32_t raw_len;
  /* How far it is: */
  bool is_null;  /* there is no such thing */
  bool is_empty; /* a range that begins behind its end */
  bool placed;
  bool locating;
  bool begun;   /* what comes after the place */
  bool asking;  /* endpoints, what a contract says of a signature */
  bool partial; /* of a range of logs: in the blocks that endpoints claim */
  ol_lookup lookup;
  ol_locate locate; /* locate.at is the block once it is placed */
  ol_read read;
  ol_origin origin;   /* of a block that is read */
  uint32_t keep;      /* the first of its keeps, counted from 1; 0 for none, */
  uint32_t kept_len;  /* of which so much is taken before a proof comes */
  uint32_t next;      /* the block of a sweep that is to be taken next */
  uint32_t swept_at;  /* what a sweep has written, behind the responses, or */
  uint32_t swept_len; /* at the end of their memory */
} ol_job;

/* A request or a batch as somebody has asked it, and its response. */
typedef struct ol_text {
  uint32_t first; /* of its requests; */
  uint32_t count; /* one, where the text as such is refused */
  bool is_batch;
  uint64_t subscriber; /* who has asked it; 0 for nobody who can be told anything later */
  int32_t code;        /* of what is wrong with the text as such; 0 for nothing */
  ol_error fault;
  bool is_crowded; /* there was no room for its response beside those of other texts */
  size_t out_at;
  size_t out_len;
} ol_text;

/* Memory for a block, code or a proof, lent to one job. */
typedef struct ol_keep {
  uint32_t owner; /* a job's number, counted from 1; 0 for nobody */
  uint32_t len;
  uint32_t block; /* of a sweep: which of the run */
  ol_body body;
} ol_keep;

struct ol_provider {
  ol_view view; /* the first member: an engine of a provider is the provider */
  ol_provider_config config;
  ol_seen seen[OL_TAGS];
  uint32_t finding; /* the tag whose block the view looks for; OL_TAGS for none */
  uint32_t generation;
  ol_readers from;
  ol_job jobs[OL_JOBS];
  ol_keep keeps[OL_KEEPS];
  uint32_t run_owner; /* a job's number, counted from 1 */
  union {             /* what it has: */
    ol_run run;
    ol_claims claims;
    ol_bridge bridge;
    ol_ledger_work ledger;
  };
  bool has_rollup; /* ol_provider_rollup */
  ol_rollup rollup;
  uint32_t subscription_count;
  uint64_t last_subscription;
  ol_provider_subscription subscriptions[OL_PROVIDER_SUBSCRIPTIONS];
  uint32_t text_count;
  ol_text texts[OL_PROVIDER_TEXTS];
  uint32_t request_len; /* of all texts */
  uint32_t batch_count;
  uint32_t started; /* requests that are jobs, or were */
  uint32_t written; /* whose responses are written */
  uint32_t batch_at[OL_PROVIDER_BATCH];
  uint32_t batch_len[OL_PROVIDER_BATCH];
  size_t out_len;
  size_t memory_at; /* from the provider's beginning: the keeps' memory, and then the responses */
  uint8_t request[OL_PROVIDER_REQUEST];
  _Alignas(16) uint8_t memory[]; /* scratch, keeps, responses */
};

/* --- How a method works (methods.c) --- */

typedef enum ol_job_step { OL_STEP_WAIT, OL_STEP_DONE, OL_STEP_FAILED } ol_job_step;

/* What a result is written from, and where. */
typedef struct ol_result {
  ol_json_writer *to;
  const char *name; /* of the member */
  ol_provider *provider;
  const ol_job *job;
  ol_arena *arena; /* for what is needed meanwhile */
} ol_result;

typedef struct ol_method {
  const char *name;
  uint8_t required; /* parameters, at least */
  /* Reads the parameters; NULL where there are none. Those that are missing have no value. */
  ol_status (*read)(ol_error *error, ol_job *job, const ol_json params[OL_PARAMS], ol_arena *arena);
  /* Goes on as far as it can; NULL where there is nothing to do. */
  ol_job_step (*work)(ol_provider *provider, ol_job *job);
  /* Writes the result; NULL for null. */
  ol_status (*write)(ol_error *error, const ol_result *of);
  /* Of a range: whether a block is needed with all that is in it; and what is written of one, into an open array. */
  bool (*match)(const ol_job *job, const ol_header *header);
  ol_status (*sweep)(ol_error *error, ol_json_writer *to, const ol_job *job, const ol_rpc_block *block,
                     ol_arena *arena);
} ol_method;

/* Returns: a method of this name, or NULL. */
const ol_method *ol_method_of(ol_slice name);

/* Returns: why a method is known and not answered, and its code; NULL for one that is not known. */
const char *ol_method_refused(ol_slice name, int32_t *out_code) OL_NONNULL;

static inline uint32_t ol_job_number(const ol_provider *provider, const ol_job *job) {
  return (uint32_t)(job - provider->jobs);
}

/* Returns: whether what a job answers holds at a block. */
bool ol_job_needs_block(const ol_job *job) OL_NONNULL;

/* Ends a job. */
ol_job_step ol_job_fail(ol_job *job, int32_t code, ol_status status, const char *reason) OL_NONNULL;

/* The same, when nobody is left to ask: by the worst that was seen. */
ol_job_step ol_job_stuck(ol_job *job) OL_NONNULL;

/* --- Works that methods share (work.c) --- */

/* Finds the block of a job. Returns: OL_STEP_DONE also when there is none (job->is_null). */
ol_job_step ol_job_place(ol_provider *provider, ol_job *job) OL_NONNULL;

/* Returns: the block of a tag, when it is settled; NULL before. */
const ol_seen *ol_job_seen(const ol_provider *provider, const ol_job *job) OL_NONNULL;

/* Asks where something is. Returns: OL_STEP_DONE also when nobody knows it (job->is_null). */
ol_job_step ol_job_look_up(ol_provider *provider, ol_job *job) OL_NONNULL;

/* Goes on with the read of a job, which is begun. */
ol_job_step ol_job_read(ol_provider *provider, ol_job *job) OL_NONNULL;

/* Lends a keep to a job. Returns: its index, or OL_KEEPS when none is free. */
uint32_t ol_keep_take(ol_provider *provider, ol_job *job) OL_NONNULL;

/* Returns: the memory of a keep. */
ol_arena ol_keep_memory(ol_provider *provider, uint32_t keep) OL_NONNULL;

/* Gives back all keeps of a job, and drops the wants for what was to be in them. */
void ol_keeps_release(ol_provider *provider, const ol_job *job) OL_NONNULL;

/* Gives back all that a job has, and drops its wants: it can begin anew. */
void ol_job_release(ol_provider *provider, ol_job *job) OL_NONNULL;

/* Goes on with the body in a keep of a job. */
ol_job_step ol_keep_advance(ol_provider *provider, ol_job *job, uint32_t keep) OL_NONNULL;

/* Lists a body that was kept. Returns: OL_ERR_MEMORY. */
OL_CHECKED ol_status ol_keep_block(ol_error *error, ol_rpc_block *out, ol_provider *provider, uint32_t keep,
                                   ol_arena *arena) OL_NONNULL;

/* Works: a place alone; an account, a block, or a header there; something by its hash. */
ol_job_step ol_work_place(ol_provider *provider, ol_job *job);
ol_job_step ol_work_account(ol_provider *provider, ol_job *job);
ol_job_step ol_work_body(ol_provider *provider, ol_job *job);
ol_job_step ol_work_header(ol_provider *provider, ol_job *job);
ol_job_step ol_work_transaction(ol_provider *provider, ol_job *job);
ol_job_step ol_work_send(ol_provider *provider, ol_job *job);

/* Compares the L1 origin of the block in a job's keep with what is proven of L1 (origin.c). */
ol_job_step ol_job_origin(ol_provider *provider, ol_job *job) OL_NONNULL;

/* Returns: who is asked for that. */
ol_readers ol_origin_readers(const ol_provider *provider) OL_NONNULL;

/* Begin and end a subscription (subscribe.c). */
ol_job_step ol_work_subscribe(ol_provider *provider, ol_job *job);
ol_job_step ol_work_unsubscribe(ol_provider *provider, ol_job *job);

/* A range of blocks (range.c): its headers, and in their order those blocks that the method needs. */
ol_job_step ol_work_range(ol_provider *provider, ol_job *job);

/* Out: the number at which a range begins, at most its end. Returns: false as long as that is not known. */
bool ol_range_first(const ol_provider *provider, const ol_job *job, uint64_t *out) OL_NONNULL;

/*
 * Takes the run, or what is in its place - claims, the bridge -, which one job has at a time. Whoever has it gives it back once its response
 * is written, in its turn: so it is taken from one that comes later in the batch, which begins anew.
 */
bool ol_range_take(ol_provider *provider, ol_job *job) OL_NONNULL;

/*
 * Goes on with the bodies in all keeps of a job. Out: the keep with the lowest block, OL_KEEPS for none. Returns: how
 * far that one is; OL_STEP_FAILED for any.
 */
ol_job_step ol_sweep_advance(uint32_t *out_first, ol_provider *provider, ol_job *job) OL_NONNULL;

/* Writes what the method says of a block that is there behind what was swept before, and gives the keep back. */
ol_job_step ol_sweep_take(ol_provider *provider, ol_job *job, uint32_t keep) OL_NONNULL;

/* A range of logs of any length up to OL_CLAIMS_RANGE (claims.c). */
ol_job_step ol_work_claims(ol_provider *provider, ol_job *job);

/* SystemConfig on L1, and a withdrawal to there (bridge.c). */
ol_job_step ol_work_system_config(ol_provider *provider, ol_job *job);
ol_job_step ol_work_withdrawal(ol_provider *provider, ol_job *job);

/* What OpenLedger's contracts say (ledger.c). */
ol_job_step ol_work_ledger(ol_provider *provider, ol_job *job);

/* Begins a reader of what a job asks of a receipt (facts.c). In: where the contracts are. */
void ol_facts_begin(ol_facts *facts, const ol_job *job, const ol_ledger_contracts *at) OL_NONNULL;

/* The functions of an engine's user for what the two want. */
OL_CHECKED ol_status ol_bridge_request(ol_error *error, ol_want *out, const ol_provider *provider,
                                       const ol_job *job, const ol_engine_want *want,
                                       ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_bridge_answer(ol_error *error, ol_provider *provider, const ol_job *job,
                                      const ol_engine_want *want, ol_json result, ol_arena *arena) OL_NONNULL;
void ol_bridge_lost(ol_provider *provider, const ol_job *job, const ol_engine_want *want,
                    const ol_error *error) OL_NONNULL;

/* Whose a signature is (signature.c), and the functions of an engine's user for what that wants. */
ol_job_step ol_work_signature(ol_provider *provider, ol_job *job);
OL_CHECKED ol_status ol_signature_request(ol_error *error, ol_want *out, const ol_provider *provider,
                                          const ol_job *job, const ol_engine_want *want,
                                          ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_signature_answer(ol_error *error, ol_job *job, const ol_engine_want *want,
                                         ol_json response, ol_arena *arena) OL_NONNULL;

/* Returns: the memory of the responses, of which what is written is used. */
ol_arena ol_provider_out(ol_provider *provider) OL_NONNULL;

/* The functions of an engine's user for what jobs want (work.c). */
OL_CHECKED ol_status ol_job_request(ol_error *error, ol_want *out, ol_provider *provider,
                                    const ol_engine_want *want, ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_job_answer(ol_error *error, ol_provider *provider, const ol_engine_want *want,
                                   ol_slice data) OL_NONNULL;
void ol_job_lost(ol_provider *provider, const ol_engine_want *want, const ol_error *error) OL_NONNULL;

#endif
