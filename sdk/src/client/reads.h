/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_READS_H
#define OL_CLIENT_READS_H

/*
 * Accounts, their slots and their code, proven at a block whose state root is known. For each of them one endpoint
 * after the other is asked until one is sound: what anybody sends is proven all the same. Part of an engine's user,
 * who gives it the wants of two kinds; the item of a want is the index of what is read.
 */

#include "encoding/json.h"
#include "engine/engine.h"
#include "openledger/client.h"

#define OL_READS 8

/* Who is asked for an account, and by which kinds of wants. The item of a want is the caller's number for a read. */
typedef struct ol_readers {
  uint32_t source;     /* an ol_source */
  uint32_t proof_kind; /* of wants */
  uint32_t code_kind;
  uint32_t order_count;
  uint8_t order[OL_MAX_ENDPOINTS]; /* the endpoints, in the order in which they are asked */
} ol_readers;

/* What is read of one account. In: what is asked. Out, once proven: the account, and the slots' values. */
typedef struct ol_read {
  uint64_t block_number;
  ol_hash state_root;
  ol_address address;
  bool with_code;
  uint32_t slot_count;
  ol_slot slots[OL_MAX_SLOTS];
  ol_account account;
  bool proven;
  bool has_code;      /* code came, from whomever; it is the account's once `proven` is true too */
  uint32_t code_from; /* the endpoint that sent it */
  uint64_t code_want;
  ol_hash code_hash;
  uint8_t tries[2]
               [OL_MAX_ENDPOINTS]; /* for the proof, and for the code; OL_TRIES for who is not asked again */
} ol_read;

/* How far all of it is. */
typedef enum ol_reads_step { OL_READS_WAIT, OL_READS_DONE, OL_READS_STUCK } ol_reads_step;

/* Accounts that are read at one block. */
typedef struct ol_reads {
  ol_readers from;
  uint64_t block_number;
  ol_hash state_root;
  uint32_t count;
  ol_read list[OL_READS];
} ol_reads;

/*
 * Makes sure that somebody is being asked for item `item` of a kind: whoever was asked least. In: how often each
 * endpoint was asked; `count` endpoints in their order, NULL for 0, 1, 2...
 * Returns: false when each was asked OL_TRIES times.
 */
bool ol_seek(ol_engine *engine, uint8_t tries[OL_MAX_ENDPOINTS], const uint8_t *order, uint32_t count,
             ol_source source, uint32_t kind, uint32_t item) OL_NONNULL_ARGS(1, 2);

/* Empties a read at a block. */
void ol_read_init(ol_read *read, uint64_t block_number, const ol_hash *state_root, const ol_address *address,
                  bool with_code) OL_NONNULL;

/* Adds a slot to what is asked. */
void ol_read_slot(ol_read *read, const ol_u256 *slot) OL_NONNULL;

/* Out: the request of a want for a read. */
OL_CHECKED ol_status ol_read_request(ol_error *error, ol_want *out, const ol_readers *from,
                                     const ol_read *read, const ol_engine_want *want,
                                     ol_arena *arena) OL_NONNULL;

/*
 * Takes the answer to a want for a read. Out: code, which the caller keeps if it is needed; its data is NULL for a
 * proof.
 */
OL_CHECKED ol_status ol_read_answer(ol_error *error, ol_slice *out_code, const ol_readers *from,
                                    ol_read *read, const ol_engine_want *want, ol_json result,
                                    ol_arena *arena) OL_NONNULL;

/* A want for a read ended without a good answer. */
void ol_read_lost(const ol_readers *from, ol_read *read, const ol_engine_want *want,
                  const ol_error *error) OL_NONNULL;

/* Asks for what is missing of a read. Returns: whether there is nothing left to do, or nobody left to ask. */
ol_reads_step ol_read_advance(ol_engine *engine, const ol_readers *from, ol_read *read,
                              uint32_t item) OL_NONNULL;

/* The same of a list, whose index is the item. In: who is asked; the block. */
void ol_reads_init(ol_reads *reads, const ol_readers *from, uint64_t block_number,
                   const ol_hash *state_root) OL_NONNULL;

/* Returns: the next read of the list, empty but for its address. There must be room. */
ol_read *ol_reads_add(ol_reads *reads, const ol_address *address, bool with_code) OL_NONNULL;

OL_CHECKED ol_status ol_reads_request(ol_error *error, ol_want *out, const ol_reads *reads,
                                      const ol_engine_want *want, ol_arena *arena) OL_NONNULL;
OL_CHECKED ol_status ol_reads_answer(ol_error *error, ol_slice *out_code, ol_reads *reads,
                                     const ol_engine_want *want, ol_json result, ol_arena *arena) OL_NONNULL;
void ol_reads_lost(ol_reads *reads, const ol_engine_want *want, const ol_error *error) OL_NONNULL;
ol_reads_step ol_reads_advance(ol_engine *engine, ol_reads *reads) OL_NONNULL;

#endif
