/* SPDX-License-Identifier: MIT */
#ifndef OL_LEDGER_ARGS_H
#define OL_LEDGER_ARGS_H

/*
 * Writes calls from a list of arguments, and refuses by one set of rules what a contract of OpenLedger would refuse or
 * a wallet should not sign. Errors name the argument.
 */

#include "encoding/abi_write.h"
#include "openledger/transaction.h"

/* What an argument is, and what it may not be. */
typedef enum ol_arg_kind {
  OL_ARG_WORD,    /* ol_u256 or ol_hash */
  OL_ARG_AMOUNT,  /* the same, not zero */
  OL_ARG_ADDRESS, /* not zero */
  OL_ARG_NUMBER,  /* `number` */
  OL_ARG_BYTES,   /* ol_slice, of at most `number` bytes */
  OL_ARG_TEXT,    /* the same, in UTF-8 */
  OL_ARG_RSV,     /* ol_slice with a signature, r || s || v of 65 bytes, written as one value of type bytes */
  OL_ARG_VRS,     /* the same, written as v, r, s */
  OL_ARG_WORDS,   /* `number` words, as an array; */
  OL_ARG_PAIRS,   /* the same of pairs of words */
  OL_ARG_TARGETS, /* of `number` calls: their addresses, */
  OL_ARG_VALUES,  /* what they pay, */
  OL_ARG_CALLDATAS /* and their data, as arrays */
} ol_arg_kind;

typedef struct ol_arg {
  ol_arg_kind kind;
  const char *name;
  const void *of;
  uint64_t number;
} ol_arg;

#define OL_ARGS(list) (list), sizeof(list) / sizeof *(list)

extern const ol_u256 ol_nothing;

/*
 * Writes a call. Out: the call, with its data in `memory`. In: the contract; what is paid; the selector.
 * Returns: OL_ERR_ARGUMENT, OL_ERR_LIMIT, OL_ERR_CRYPTO for a signature, OL_ERR_MEMORY.
 */
OL_CHECKED ol_status ol_args_call(ol_error *error, ol_call *out, const ol_address *to, const ol_u256 *value,
                                  uint32_t selector, const ol_arg *args, size_t count, void *memory,
                                  size_t len) OL_NONNULL_ARGS(1, 2, 3, 4, 8);

/* Writes the same arguments without a selector, and hashes them. Out: keccak-256. Returns: as above. */
OL_CHECKED ol_status ol_args_hash(ol_error *error, ol_hash *out, const ol_arg *args, size_t count,
                                  void *memory, size_t len) OL_NONNULL;

#endif
