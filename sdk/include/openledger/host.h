/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_HOST_H
#define OPENLEDGER_HOST_H

/*
 * The native host: the only part that opens sockets, reads files and the clock, and asks for entropy. It
 * fetches what an engine wants and judges nothing but the transport; what an answer proves is the core's
 * business. Unlike the core, it allocates. A host may be used by one thread at a time.
 */

#include "openledger/openledger.h"
#include "openledger/server.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ol_host ol_host;

/* How to connect. Zeros are the defaults. */
typedef struct ol_host_options {
  const char *ca_file; /* trusted certificates (PEM), instead of the system's; NULL for the system's */
  uint32_t connect_timeout_ms; /* for name, connection and TLS handshake together; 0 for 10 seconds */
} ol_host_options;

/* What the last run cost, or what the run that goes on has cost so far. */
typedef struct ol_host_stats {
  uint64_t requests;       /* sent, or tried to send */
  uint64_t connections;    /* newly opened for them */
  uint64_t bytes_sent;     /* of HTTP, heads and bodies, before TLS */
  uint64_t bytes_received; /* the same */
  uint64_t elapsed_ms;
  uint32_t waiting; /* requests that are out now */
} ol_host_stats;

/* An answer that was refused or did not come, and the URL of the endpoint it is put down to. */
typedef struct ol_host_blame {
  const char *url; /* as it was given; readable as long as the host is */
  ol_error error;
} ol_host_blame;

/* Called a few times a second during a run, and after every answer. */
typedef void ol_host_progress(void *context, const ol_host_stats *stats);

/*
 * Makes a host. In: options, or NULL for the defaults. Returns: OL_ERR_ARGUMENT when ca_file cannot be read,
 * OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_host_new(ol_error *error, ol_host **out, const ol_host_options *options)
    OL_NONNULL_ARGS(1, 2);

/* Closes all connections; `host` may be NULL. */
OL_API void ol_host_free(ol_host *host);

/*
 * Adds the next server of a source: the first one is endpoint 0 of that source, and so on.
 *
 * In: an http or https URL with any path and query; a want's path goes between these two. A user or password
 * in it is refused, as it would show up wherever the URL does, and so is a fragment. The same place twice is
 * refused too: a quorum counts independent endpoints. Of OL_SOURCE_SEQUENCER it may also be the URL of a file on this
 * machine, file:// and its path, which is read whenever something is wanted; whoever writes it replaces it whole.
 * Returns: OL_ERR_ARGUMENT, or OL_ERR_LIMIT for more than OL_MAX_ENDPOINTS of a source.
 */
OL_API OL_CHECKED ol_status ol_host_add_endpoint(ol_error *error, ol_host *host, ol_source source,
                                                 const char *url) OL_NONNULL;

/*
 * Returns: 1 if requests to this URL leave the machine without encryption (http, but not to loopback), so
 * that whoever is on the way reads what is asked. It cannot forge proven answers; 0 otherwise.
 */
OL_API int ol_host_url_in_clear(const char *url) OL_NONNULL;

/*
 * Drives an engine until it is done or has failed; begins it if that was not done.
 *
 * All wants that are out at once are fetched at once, over connections that stay open for the next want and
 * the next run. Certificates and host names are always checked. Nothing is followed: a redirect is a failure
 * like any status other than 200. An answer is cut off as soon as it is longer than wanted. Proxies are taken
 * from the environment (https_proxy, ...), but never for loopback.
 *
 * In: progress, which may be NULL, and its context.
 * Returns: the engine's own error; OL_ERR_ARGUMENT when it wants an endpoint that was not added; OL_ERR_TRANSPORT when
 * it was interrupted. After an error no engine goes on.
 */
OL_API OL_CHECKED ol_status ol_host_run(ol_error *error, ol_host *host, ol_engine *engine,
                                        ol_host_progress *progress, void *context) OL_NONNULL_ARGS(1, 2, 3);

/* Called when the first engine of ol_host_run_both has ended, well or not; unless the run fails. In: what it cost. */
typedef void ol_host_ended(void *context, const ol_host_stats *stats);

/*
 * Drives two engines at once, as ol_host_run does one, until both have ended. `ended` tells the second what it waits for
 * (ol_client_anchor, to a client whose L1 the first follows), or that it waits in vain.
 *
 * With a bundle, or a record, the second begins when the first has ended and `ended` has returned, and only if the first
 * is done: what would be asked ahead is of its moment, and another run could not ask for the same.
 *
 * In: progress, which may be NULL; the context of both functions.
 * Returns: the first engine's error, or else the second's, or as ol_host_run.
 */
OL_API OL_CHECKED ol_status ol_host_run_both(ol_error *error, ol_host *host, ol_engine *first,
                                             ol_engine *second, ol_host_ended *ended,
                                             ol_host_progress *progress, void *context)
    OL_NONNULL_ARGS(1, 2, 3, 4, 5);

/*
 * Puts a bundle (bundle.h) in the place of all servers: runs from now on take what it holds, at once and as of one
 * time, and no socket is opened. Engines must be for one endpoint of each source, as a bundle is one voice.
 *
 * In: a bundle's bytes, readable as long as the host is; Unix time in ms as of which to verify, 0 for the clock's.
 * A time that the bundle says for itself must not be used unseen: how old a checkpoint may be is counted from it.
 * Returns: what ol_bundle_read does. Runs return OL_ERR_MISMATCH or OL_ERR_STALE where the bundle lacks an answer
 * (ol_host_lack names the request), and the core's own error where it has a wrong one, be it needed or not.
 */
OL_API OL_CHECKED ol_status ol_host_bundle(ol_error *error, ol_host *host, ol_slice bytes,
                                           uint64_t now_ms) OL_NONNULL;

/* Returns: the last request of the last run that the bundle had no answer to, as text; NULL if there is none. */
OL_API const char *ol_host_lack(const ol_host *host) OL_NONNULL;

/* From now on keeps what runs use; what was kept before is dropped. */
OL_API void ol_host_record(ol_host *host) OL_NONNULL;

/*
 * Packs what runs have used since ol_host_record. Out: a bundle, to be given to ol_host_free_file.
 * Returns: OL_ERR_MEMORY, also of a run before; OL_ERR_LIMIT for nothing, or more than a bundle holds; what
 * ol_bundle_write does.
 */
OL_API OL_CHECKED ol_status ol_host_recorded(ol_error *error, ol_host *host, uint8_t **out, size_t *out_len,
                                             const ol_bundle_about *about) OL_NONNULL;

/*
 * Lets a file descriptor that becomes readable (ol_server_fd) end the sleep of a run, so that `progress` is called at
 * once. It must then take what there is to read, or the run does not sleep at all. Without `progress` it is not looked
 * at. In: -1 for none, as at first.
 */
OL_API void ol_host_watch(ol_host *host, int fd) OL_NONNULL;

/*
 * Ends the run that goes on, and each that is begun from now on, within a part of a second; their engines have failed
 * then. It may be called in a signal handler.
 */
OL_API void ol_host_interrupt(ol_host *host) OL_NONNULL;

/* Out: the cost of the last run. */
OL_API void ol_host_stats_of(const ol_host *host, ol_host_stats *out) OL_NONNULL;

/* Reads the blames of the last run, oldest first. Returns: 1 if there is one of this index, 0 if not. */
OL_API OL_CHECKED int ol_host_blame_at(const ol_host *host, ol_host_blame *out, size_t index) OL_NONNULL;

/*
 * Asks about an account of OpenLedger (chain id OL_CHAIN_ID) and proves the answer, all in one call.
 *
 * In: URLs of L2 endpoints that are independent of one another; how many of them must agree on the block.
 * Contract code is proven if it is asked for, but only a client of one's own (client.h) can read it.
 * Returns: any error of these calls and of the client.
 */
OL_API OL_CHECKED ol_status ol_host_account(ol_error *error, ol_account_answer *out, const char *const *urls,
                                            size_t url_count, uint32_t quorum,
                                            const ol_account_question *question) OL_NONNULL;

/* Returns: Unix time in milliseconds. */
OL_API uint64_t ol_host_now_ms(void);

/* Out: bytes that nobody can predict, from the operating system. Returns: OL_ERR_CRYPTO if it has none. */
OL_API OL_CHECKED ol_status ol_host_entropy(ol_error *error, uint8_t *out, size_t len) OL_NONNULL;

/*
 * Gives memory for secrets: kept out of core dumps, and between pages that end the process when they are touched.
 * Out: the memory, aligned to 16, zeros, to be given to ol_host_secret_free; whether the system keeps it out of swap
 * too (1; 0 where it locks no more memory).
 * Returns: OL_ERR_MEMORY; OL_ERR_ARGUMENT for no length.
 */
OL_API OL_CHECKED ol_status ol_host_secret_new(ol_error *error, void **out, int *out_locked,
                                               size_t len) OL_NONNULL;

/* Erases and frees what ol_host_secret_new gave; `memory` may be NULL. */
OL_API void ol_host_secret_free(void *memory);

/*
 * Keeps what this process remembers from others: no core dumps from now on, and, on Linux, no debugger of the same user.
 * Returns: OL_ERR_ARGUMENT when the system does not do it.
 */
OL_API OL_CHECKED ol_status ol_host_keep_secrets(ol_error *error) OL_NONNULL;

/*
 * Reads a whole file; "-" is the standard input. Out: its bytes, to be given to ol_host_free_file.
 * Returns: OL_ERR_ARGUMENT when it cannot be read, OL_ERR_LIMIT when it is longer than `max_len`.
 */
OL_API OL_CHECKED ol_status ol_host_read_file(ol_error *error, uint8_t **out, size_t *out_len,
                                              const char *path, size_t max_len) OL_NONNULL;

/* Frees what ol_host_read_file or ol_host_recorded gave; `bytes` may be NULL. */
OL_API void ol_host_free_file(uint8_t *bytes);

/*
 * Replaces a file's contents at once: whoever reads it, and whatever happens meanwhile, finds all of the old or
 * all of the new. What is written has reached the disk on return; nobody but the owner may read it.
 * Returns: OL_ERR_ARGUMENT when it cannot be written; the old file is then as it was.
 */
OL_API OL_CHECKED ol_status ol_host_write_file(ol_error *error, const char *path, const uint8_t *bytes,
                                               size_t len) OL_NONNULL;

/*
 * A directory that keeps what a client needs from one run to the next, in files of plain names: 1 to OL_STATE_NAME
 * letters, digits, '-', '_' and '.', in lower case, and no '.' in front. One process at a time has it.
 */
typedef struct ol_state ol_state;

#define OL_STATE_NAME 64

/*
 * Opens a state directory, or makes it, for its owner alone. Nobody else has it until it is closed or the process
 * ends, in whatever way; a fork of the process counts as the process. What a writer left who was killed is removed.
 *
 * Returns: OL_ERR_ARGUMENT when it cannot be used, when others own it or can write in it, or when it is open
 * elsewhere; the error's part is then "process", and its item the number of that process, if it is known.
 */
OL_API OL_CHECKED ol_status ol_state_open(ol_error *error, ol_state **out, const char *path) OL_NONNULL;

/* Closes a state directory, so that another process can have it. */
OL_API void ol_state_close(ol_state *state) OL_NONNULL;

/*
 * Reads a file of a state directory. Out: its bytes, to be given to ol_host_free_file; NULL if there is no such file.
 * Returns: OL_ERR_ARGUMENT for another name, or when it cannot be read; OL_ERR_LIMIT when it is longer than `max_len`.
 */
OL_API OL_CHECKED ol_status ol_state_read(ol_error *error, ol_state *state, uint8_t **out, size_t *out_len,
                                          const char *name, size_t max_len) OL_NONNULL;

/*
 * Replaces a file's contents at once: whatever happens meanwhile, all of the old or all of the new is there. On return
 * the new has reached the disk.
 * Returns: OL_ERR_ARGUMENT for another name, or when it cannot be written; the old contents are then as they were,
 * unless it is the directory that could not be brought to the disk.
 */
OL_API OL_CHECKED ol_status ol_state_write(ol_error *error, ol_state *state, const char *name,
                                           const uint8_t *bytes, size_t len) OL_NONNULL_ARGS(1, 2, 3);

#ifdef __cplusplus
}
#endif

#endif
