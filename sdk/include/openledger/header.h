/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_HEADER_H
#define OPENLEDGER_HEADER_H

/*
 * Block headers of Ethereum and of every OP Stack fork: decoded, encoded, hashed. A header is bound by its
 * hash, keccak-256 of its RLP, so whoever agrees on the hash agrees on every field.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fields that this version knows; later ones are kept as they came, in `more`. */
#define OL_HEADER_FIELDS 23
#define OL_HEADER_MORE 160

/* A block header, fields in the order of their RLP. What `field_count` does not reach is zero. */
typedef struct ol_header {
  ol_hash parent_hash;
  ol_hash ommers_hash;
  ol_address coinbase;
  ol_hash state_root;
  ol_hash transactions_root;
  ol_hash receipts_root;
  uint8_t logs_bloom[256];
  ol_u256 difficulty;
  uint64_t number;
  uint64_t gas_limit;
  uint64_t gas_used;
  uint64_t timestamp; /* seconds since the Unix epoch */
  uint8_t extra_data[32];
  uint32_t extra_data_len;
  ol_hash mix_hash; /* prevRandao since Paris */
  uint8_t nonce[8];
  ol_u256 base_fee;           /* 16th field: London (EIP-1559), wei */
  ol_hash withdrawals_root;   /* 17th: Shanghai (EIP-4895); OP Stack: Canyon, from Isthmus the storage root of
                               L2ToL1MessagePasser */
  uint64_t blob_gas_used;     /* 18th: Cancun (EIP-4844); OP Stack: Ecotone, from Jovian the DA footprint */
  uint64_t excess_blob_gas;   /* 19th */
  ol_hash parent_beacon_root; /* 20th: EIP-4788 */
  ol_hash requests_hash;      /* 21st: Prague (EIP-7685); OP Stack: Isthmus */
  ol_hash block_access_list_hash; /* 22nd: Amsterdam (EIP-7928) */
  uint64_t slot_number;           /* 23rd: EIP-7843 */
  uint32_t field_count;           /* 15 or more */
  uint32_t more_len;
  uint8_t more[OL_HEADER_MORE]; /* the RLP of the fields behind the 23rd */
} ol_header;

/* Forks, as far as a header shows them. Forks that changed no header form bear the name of the one before. */
typedef enum ol_fork {
  OL_FORK_UNKNOWN = 0,
  OL_FORK_FRONTIER = 1,  /* Ethereum: to Berlin, 15 fields */
  OL_FORK_LONDON = 2,    /* 16, with proof of work */
  OL_FORK_PARIS = 3,     /* 16, without */
  OL_FORK_SHANGHAI = 4,  /* 17 */
  OL_FORK_CANCUN = 5,    /* 20 */
  OL_FORK_PRAGUE = 6,    /* 21; Osaka too */
  OL_FORK_AMSTERDAM = 7, /* 23 */
  OL_FORK_BEDROCK = 16,  /* OP Stack: 16; Regolith too */
  OL_FORK_CANYON = 17,   /* 17; Delta too */
  OL_FORK_ECOTONE = 18,  /* 20, no extraData; Fjord and Granite too */
  OL_FORK_HOLOCENE = 19, /* 20, EIP-1559 parameters in extraData */
  OL_FORK_ISTHMUS = 20,  /* 21, the same */
  OL_FORK_JOVIAN = 21,   /* 21, and the minimum base fee */
} ol_fork;

/*
 * Decodes a header from its RLP, which must be canonical and have nothing behind it.
 * Returns: OL_ERR_ENCODING with the byte at fault, or OL_ERR_LIMIT for extraData over 32 bytes.
 */
OL_API OL_CHECKED ol_status ol_header_decode(ol_error *error, ol_header *out, const uint8_t *rlp,
                                             size_t len) OL_NONNULL;

/*
 * Reads a header from text: RLP in hex, or a block in JSON as eth_getBlockByNumber returns it, which may be
 * inside a JSON-RPC envelope. A JSON block must hash to the "hash" that it claims.
 * Out: the header, and the block hash. In: memory for parsing JSON, 16 times the text and 1 KiB.
 */
OL_API OL_CHECKED ol_status ol_header_from_text(ol_error *error, ol_header *out, ol_hash *out_hash,
                                                ol_slice text, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 5);

/*
 * Encodes a header as RLP.
 * Out: at most `len` bytes and *out_len, the length of the whole; OL_ERR_MEMORY when `len` is less.
 */
OL_API OL_CHECKED ol_status ol_header_encode(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                                             const ol_header *header) OL_NONNULL;

/* Out: the block hash. */
OL_API void ol_header_hash(ol_hash *out, const ol_header *header) OL_NONNULL;

/* Returns: the fork that the header's form shows, of the OP Stack or of Ethereum. */
OL_API ol_fork ol_header_op_fork(const ol_header *header) OL_NONNULL;
OL_API ol_fork ol_header_l1_fork(const ol_header *header) OL_NONNULL;

/* Returns: a fork's name in lower case, e.g. "isthmus". */
OL_API const char *ol_fork_name(ol_fork fork);

/*
 * Out: the output root, version 0: keccak-256 of 32 zero bytes and the three roots (OP Stack specification,
 * "L2 Output Root Proposals").
 * In: the storage root of L2ToL1MessagePasser; a header's withdrawals_root is that only from Isthmus on.
 */
OL_API void ol_output_root_v0(ol_hash *out, const ol_hash *state_root, const ol_hash *message_passer_root,
                              const ol_hash *block_hash) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
