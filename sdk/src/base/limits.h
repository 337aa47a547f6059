/* SPDX-License-Identifier: MIT */
#ifndef OL_BASE_LIMITS_H
#define OL_BASE_LIMITS_H

/* Every bound of the core, in one place. Larger inputs are refused with OL_ERR_LIMIT. */

#define OL_LIMIT_JSON_DEPTH 32         /* nested arrays and objects in a JSON text */
#define OL_LIMIT_JSON_KEYS 128         /* members of one JSON object */
#define OL_LIMIT_JSON_TEXT (16u << 20) /* bytes of one JSON text */
#define OL_LIMIT_RLP_DEPTH 16          /* nested RLP lists walked by the structural check */

#define OL_LIMIT_TRIE_KEY 64    /* bytes of a trie key; state tries use 32 */
#define OL_LIMIT_TRIE_NODES 129 /* nodes of one proof: one for each nibble of the longest key, and the root */
#define OL_LIMIT_TRIE_BRANCHES 32 /* branches on one path of a trie whose root is computed */
#define OL_LIMIT_WANTS 64         /* requests of one engine that are out at once */

#define OL_LIMIT_TYPED_TEXT (1u << 20)    /* bytes of a typed data document (EIP-712) */
#define OL_LIMIT_TYPED_STRUCTS 64         /* struct types in it */
#define OL_LIMIT_TYPED_MEMBERS 128        /* members of one of them */
#define OL_LIMIT_TYPED_ENCODED (1u << 14) /* bytes of a type that is written with all that it refers to */
#define OL_LIMIT_TYPED_DEPTH 14           /* structs and arrays in one another, in a message */

#endif
