/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_FEE_H
#define OPENLEDGER_FEE_H

/*
 * What an L2 block says about its L1 origin, and the fees that follow from it (OP Stack specification, "L1
 * attributes" and "Execution engine: fees"). Fees are in wei of the chain's gas token: the protocol applies no rate
 * between ETH and a custom one.
 */

#include "openledger/header.h"
#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The L1 attributes of an L2 block. What its form does not have is zero. */
typedef struct ol_l1_attributes {
  uint32_t form; /* an ol_fork: Bedrock, Ecotone, Isthmus or Jovian; at a fork's first block the one before */
  uint32_t base_fee_scalar;         /* from Ecotone */
  uint32_t blob_base_fee_scalar;    /* from Ecotone */
  uint32_t operator_fee_scalar;     /* from Isthmus */
  uint64_t operator_fee_constant;   /* from Isthmus, wei */
  uint64_t number;                  /* of the L1 origin */
  uint64_t timestamp;               /* of the L1 origin, seconds since the Unix epoch */
  uint64_t sequence_number;         /* L2 blocks with this origin before this one */
  uint32_t da_footprint_gas_scalar; /* from Jovian; 16 bits */
  ol_hash hash;                     /* of the L1 origin */
  ol_hash batcher_hash;             /* who posts the batches: an address in version 0 */
  ol_u256 base_fee;                 /* of the L1 origin, wei */
  ol_u256 blob_base_fee;            /* from Ecotone, wei */
  ol_u256 overhead;                 /* Bedrock: gas */
  ol_u256 scalar;                   /* Bedrock: millionths */
} ol_l1_attributes;

/* Which formula the L1 fee of a block follows. Its form does not tell Ecotone from Fjord; from Holocene on it is Fjord. */
typedef enum ol_l1_fee_rule {
  OL_L1_FEE_BEDROCK = 0,  /* counts 68 bytes for a signature */
  OL_L1_FEE_REGOLITH = 1, /* counts bytes as they are */
  OL_L1_FEE_ECOTONE = 2,  /* prices blobs; the fork's first block still follows Regolith */
  OL_L1_FEE_FJORD = 3,    /* estimates what is left after compression */
} ol_l1_fee_rule;

/*
 * Decodes the L1 attributes from the first transaction of an L2 block.
 * Returns: OL_ERR_MISMATCH when it is no deposit of the depositor to L1Block, OL_ERR_ENCODING for calls of another
 * form or length.
 */
OL_API OL_CHECKED ol_status ol_l1_attributes_decode(ol_error *error, ol_l1_attributes *out,
                                                    const ol_transaction *first) OL_NONNULL;

/* Returns: the length of the bytes after FastLZ, level 1, which Fjord's fee is estimated by; at most 2^32 - 1. */
OL_API uint32_t ol_fastlz_size(const uint8_t *bytes, size_t len) OL_NONNULL;

/*
 * The L1 fee of a transaction that is no deposit. In: its canonical form, signed.
 * Returns: OL_ERR_ARGUMENT for a rule from before the form of the attributes, OL_ERR_LIMIT when a number on the way
 * needs more than 256 bits.
 */
OL_API OL_CHECKED ol_status ol_l1_fee(ol_error *error, ol_u256 *out, const ol_l1_attributes *attributes,
                                      ol_l1_fee_rule rule, const uint8_t *bytes, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 5);

/*
 * The most that a transaction can cost for L1 under Fjord, as GasPriceOracle.getL1FeeUpperBound has it: as if it did
 * not compress. In: its length, unsigned.
 * Returns: OL_ERR_LIMIT as above.
 */
OL_API OL_CHECKED ol_status ol_l1_fee_upper_bound(ol_error *error, ol_u256 *out,
                                                  const ol_l1_attributes *attributes,
                                                  uint32_t unsigned_size) OL_NONNULL;

/*
 * Out: the operator fee of a transaction that is no deposit: for its gas limit when it is bought, for the gas used
 * when it is refunded. In: the fork of the block's header; before Isthmus there is none.
 */
OL_API void ol_operator_fee(ol_u256 *out, const ol_l1_attributes *attributes, ol_fork fork,
                            uint64_t gas) OL_NONNULL;

#define OL_TIPS_MOST 1024       /* tips that one is suggested by */
#define OL_FULL_BLOCKS_MOST 256 /* full blocks that a fee is to survive */

/* What fees are suggested for. */
typedef struct ol_fee_wish {
  uint32_t percentile;  /* of the tips, 0 (the lowest) to 100 */
  uint32_t full_blocks; /* so many full blocks may come before the one that takes the transaction */
  ol_u256 least_tip;    /* wei; also where nobody gave a tip */
  ol_u256 most_tip;     /* wei; not below the least */
} ol_fee_wish;

/* Fees for a unit of gas, in wei. */
typedef struct ol_fees {
  ol_u256 base_fee; /* of the next block */
  ol_u256 max_priority_fee_per_gas;
  ol_u256 max_fee_per_gas;
} ol_fees;

/*
 * Out: the base fee of the L2 block that comes after a header and so many full blocks, which is the highest that it can
 * be there (EIP-1559, with the chain's parameters where the header says them, else those of Canyon).
 * Returns: OL_ERR_ENCODING for a header of no fork that is known; OL_ERR_LIMIT for more than OL_FULL_BLOCKS_MOST, or
 * when a number on the way needs more than 256 bits.
 */
OL_API OL_CHECKED ol_status ol_base_fee_after(ol_error *error, ol_u256 *out, const ol_header *header,
                                              uint32_t full_blocks) OL_NONNULL;

/*
 * Out: a tip: that at the percentile of those which are given in any order, but not outside of the bounds.
 * Returns: OL_ERR_ARGUMENT for a percentile over 100, or bounds that cross; OL_ERR_LIMIT for over OL_TIPS_MOST tips.
 */
OL_API OL_CHECKED ol_status ol_tip_suggest(ol_error *error, ol_u256 *out, const ol_u256 *tips, size_t count,
                                           const ol_fee_wish *wish) OL_NONNULL_ARGS(1, 2, 5);

/*
 * Suggests fees from what is proven: the newest header, and tips that recent blocks took. Out: fees that pay the tip
 * and stay valid for as many full blocks as wished. Returns: as the two above.
 */
OL_API OL_CHECKED ol_status ol_fees_suggest(ol_error *error, ol_fees *out, const ol_header *header,
                                            const ol_u256 *tips, size_t count, const ol_fee_wish *wish)
    OL_NONNULL_ARGS(1, 2, 3, 6);

#ifdef __cplusplus
}
#endif

#endif
