/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_BEACON_ANSWER_H
#define OL_CLIENT_BEACON_ANSWER_H

/*
 * What a beacon node answers, decoded: JSON or SSZ, which the first bytes tell apart. Of SSZ what comes out lies in
 * the answer; of JSON it lies in the arena `keep`. `scratch` is for parsing and free again afterwards.
 */

#include "base/arena.h"
#include "consensus/types.h"

#define OL_OBJECT_SSZ (28u << 10)  /* one object is shorter than this in SSZ, */
#define OL_OBJECT_JSON (80u << 10) /* ... and one longer than this in JSON is refused; it takes 60 KiB */

/*
 * Memory for parsing JSON of this length: its copy, and a value for every sixth byte, which is far more than answers
 * have. One that has more is refused; ol_json_memory is for texts that nobody knows.
 */
#define OL_ANSWER_PARSING(len) (4 * (size_t)(len) + 4096)

/* Reads "mainnet", "sepolia", "hoodi", a configuration in JSON, or the "l1.network" of a profile (rollup.h). Returns: OL_ERR_ARGUMENT, OL_ERR_ENCODING. */
OL_CHECKED ol_status ol_network_answer_read(ol_error *error, ol_beacon_network *out, ol_slice network,
                                            ol_arena scratch) OL_NONNULL;

OL_CHECKED ol_status ol_bootstrap_answer_read(ol_error *error, ol_light_bootstrap *out,
                                              const ol_beacon_network *network, ol_slice answer,
                                              ol_arena *keep, ol_arena scratch) OL_NONNULL;

/* In: OL_LIGHT_FINALITY_UPDATE or OL_LIGHT_OPTIMISTIC_UPDATE. */
OL_CHECKED ol_status ol_update_answer_read(ol_error *error, ol_light_update *out, ol_light_kind kind,
                                           const ol_beacon_network *network, ol_slice answer, ol_arena *keep,
                                           ol_arena scratch) OL_NONNULL;

/* Updates by range: elements of a JSON array, or framed SSZ. */
typedef struct ol_update_answers {
  bool is_ssz;
  ol_json_cut json;
  ol_slice ssz; /* what is left of it */
  size_t ssz_len;
} ol_update_answers;

OL_CHECKED ol_status ol_update_answers_begin(ol_error *error, ol_update_answers *out,
                                             ol_slice answer) OL_NONNULL;

/* Takes the next update. Out: whether there was one. */
OL_CHECKED ol_status ol_update_answers_next(ol_error *error, ol_light_update *out, bool *out_any,
                                            ol_update_answers *from, const ol_beacon_network *network,
                                            ol_arena *keep, ol_arena scratch) OL_NONNULL;

#endif
