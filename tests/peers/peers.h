/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_PEERS_H
#define OL_TESTS_PEERS_H

/*
 * What other libraries are compared with. A question is one line of JSON, and so is its answer:
 *
 *     {"sign": REQUEST, "key": HEX, "missing": BITS}   {"unsigned", "signed", "hash", "from"}, once nothing else is missing
 *     {"authorize": {"chainId", "address", "nonce"}, "key": HEX}   {"yParity", "r", "s", "authority"}
 *     {"read": HEX}                                    {"unsigned", "transaction"}, as eth_getTransactionByHash has it
 *
 * or {"error": TEXT}.
 */

#include <stddef.h>
#include <stdint.h>

#define PEERS_ANSWER ((size_t)1 << 18)

/* Out: the answer, not zero-terminated. Returns: its length. */
size_t peers_answer(char out[PEERS_ANSWER], const uint8_t *question, size_t len);

#endif
