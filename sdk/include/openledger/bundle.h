/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_BUNDLE_H
#define OPENLEDGER_BUNDLE_H

/*
 * Bundles: the answers that a run needed, in one file, so that anybody can verify them again without a network. A
 * bundle stands in the place of servers: the same engines (engine.h) want the same requests, and take what it holds as
 * they take a server's answer. So nothing in it is believed, and there is no second way to verify.
 *
 *     bytes   what, numbers big-endian
 *     8       "OLBUNDLE"
 *     4       version of the form, 1
 *     4       n, how many answers: 1 to OL_BUNDLE_ENTRIES
 *     8       when it was made, Unix seconds
 *     8, 8    chain ids of L1 and L2
 *     32      the checkpoint that the run began with
 *     4       q, bytes of the question: 0 to OL_BUNDLE_QUESTION
 *     q       the question in words: printable ASCII
 *     36 * n  a request's hash (32), and where its answer ends, counted from the first (4); by hash, ascending
 *     ...     the answers, none of them empty
 *     32      SHA-256 of all before
 *
 * A request's hash is keccak-256 of: the source, the method and the format, a byte each; keccak-256 of the path;
 * keccak-256 of the body, of JSON-RPC of what follows the number of its id; of a batch of all, as the ids in it follow
 * from what is asked. Which endpoint was asked is no part of it. Of an answer of JSON-RPC its result is kept, to a batch
 * all, without whitespace between values; any other answer as it came.
 *
 * The checksum tells damage and is no proof. When it was made, its chains, checkpoint and question are its maker's
 * words, for people.
 */

#include "openledger/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_BUNDLE_ENTRIES 256     /* answers, at most */
#define OL_BUNDLE_QUESTION 512    /* bytes of the question, at most */
#define OL_BUNDLE_MAX (16u << 20) /* bytes of a bundle, at most */
#define OL_BUNDLE_AROUND 64       /* bytes that an answer of JSON-RPC has around its result, at most */

/* What a bundle says of itself; nothing proves it. */
typedef struct ol_bundle_about {
  uint64_t made; /* Unix seconds */
  uint64_t l1_chain_id;
  uint64_t l2_chain_id;
  ol_hash checkpoint; /* the root of the beacon block that the run began with; zero if there was none */
  ol_slice question;  /* printable ASCII, OL_BUNDLE_QUESTION at most */
} ol_bundle_about;

/* One answer: the hash of its request, and what is kept of it. */
typedef struct ol_bundle_entry {
  ol_hash request;
  ol_slice answer;
} ol_bundle_entry;

/* A bundle that was read. The slices are inside of its bytes. */
typedef struct ol_bundle {
  ol_bundle_about about;
  uint32_t count;
  ol_slice index;   /* of hashes, and of where their answers end */
  ol_slice answers; /* one after the other */
} ol_bundle;

/*
 * Reads a bundle, strictly: sorted, nothing twice, nothing behind its end. Its bytes must stay readable as long as
 * `out` is used.
 * Returns: OL_ERR_LIMIT above OL_BUNDLE_MAX and OL_BUNDLE_ENTRIES; OL_ERR_ENCODING with the byte at fault.
 */
OL_API OL_CHECKED ol_status ol_bundle_read(ol_error *error, ol_bundle *out, ol_slice bytes) OL_NONNULL;

/* Out: a bundle's name, SHA-256 of all its bytes: what `sha256sum` prints, and what fetch's `integrity` compares. */
OL_API void ol_bundle_id(ol_hash *out, ol_slice bytes) OL_NONNULL;

/*
 * Makes the response to a want, with the want's own id. Out: the text, inside the bundle or inside `memory`.
 * In: Unix time in ms, as the want's engine was told it; memory of the longest answer and OL_BUNDLE_AROUND.
 * Returns: OL_ERR_MISMATCH when the bundle has no answer to it; OL_ERR_STALE when what it lacks is an update of a sync
 * committee's period, and it was made before now; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_bundle_answer(ol_error *error, ol_slice *out, const ol_bundle *bundle,
                                             const ol_want *want, uint64_t now_ms, void *memory,
                                             size_t len) OL_NONNULL;

/*
 * Writes a want for people, e.g. "l1: eth_getProof [...]". Out: at most `len` bytes, with a zero byte at the end.
 * Returns: the text's length without it; the text is cut where `len` ends.
 */
OL_API size_t ol_want_text(char *out, size_t len, const ol_want *want) OL_NONNULL;

/* Out: the hash of a want's request. Returns: OL_ERR_ARGUMENT when its body is not one that an engine writes. */
OL_API OL_CHECKED ol_status ol_bundle_request(ol_error *error, ol_hash *out, const ol_want *want) OL_NONNULL;

/*
 * Makes an entry of a want and the response that its engine has taken (ol_engine_taken). Out: the entry, whose answer
 * is inside the response or inside `memory`. In: memory as long as the response.
 * Returns: OL_ERR_ENCODING when a response of JSON-RPC has no result.
 */
OL_API OL_CHECKED ol_status ol_bundle_entry_of(ol_error *error, ol_bundle_entry *out, const ol_want *want,
                                               ol_slice response, void *memory, size_t len) OL_NONNULL;

/* Returns: bytes of a bundle of these entries; 0 when they are none, too many, or too long. */
OL_API size_t ol_bundle_size(const ol_bundle_about *about, const ol_bundle_entry *entries,
                             size_t count) OL_NONNULL;

/*
 * Writes a bundle. Out: ol_bundle_size bytes. In: entries in any order.
 * Returns: OL_ERR_LIMIT where that is 0; OL_ERR_MEMORY; OL_ERR_ARGUMENT for a request that is there twice, an empty
 * answer, and a question that is not printable ASCII.
 */
OL_API OL_CHECKED ol_status ol_bundle_write(ol_error *error, uint8_t *out, size_t len,
                                            const ol_bundle_about *about, const ol_bundle_entry *entries,
                                            size_t count) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
