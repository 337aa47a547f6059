/* SPDX-License-Identifier: MIT */
#ifndef OL_CRYPTO_BLS_H
#define OL_CRYPTO_BLS_H

/*
 * BLS signatures on BLS12-381 with public keys in G1 (48 bytes) and signatures in G2 (96 bytes), through
 * blst: draft-irtf-cfrg-bls-signature-05 as Ethereum's consensus specification uses it (phase0, "BLS
 * signatures"; altair, bls.md).
 *
 * A point that is not in its subgroup can break every scheme that adds points, so the types keep it out: an
 * ol_bls_pubkey and an ol_bls_signature are filled by functions that checked, and the rest takes only these.
 */

#include "base/base.h"

#define OL_BLS_PUBKEY_BYTES 48
#define OL_BLS_SIGNATURE_BYTES 96

/* A point as it was sent: on the curve, perhaps not in the subgroup, perhaps infinity. */
typedef struct ol_bls_pubkey_unchecked {
  uint64_t opaque[12];
} ol_bls_pubkey_unchecked;

/* A point of G1 other than infinity ("KeyValidate" of the draft, 2.5). */
typedef struct ol_bls_pubkey {
  uint64_t opaque[12];
} ol_bls_pubkey;

/* A point of G2. It may be infinity, which is the sum of no signatures. */
typedef struct ol_bls_signature {
  uint64_t opaque[24];
} ol_bls_signature;

/* A sum of public keys on its way, perhaps infinity. */
typedef struct ol_bls_pubkey_sum {
  uint64_t opaque[18];
} ol_bls_pubkey_sum;

/* What messages are hashed to G2 with: the domain separation tag of a ciphersuite. This is Ethereum's. */
extern const ol_slice ol_bls_ethereum;

/*
 * Decompresses a key and checks it. The two steps can be apart: a committee's keys may be read without
 * the check, as long as each that is used is admitted.
 * Returns: OL_ERR_ENCODING for bytes that are no point; OL_ERR_CRYPTO for infinity or another subgroup.
 */
OL_CHECKED ol_status ol_bls_pubkey_read(ol_error *error, ol_bls_pubkey *out,
                                        const uint8_t bytes[OL_BLS_PUBKEY_BYTES]) OL_NONNULL;
OL_CHECKED ol_status ol_bls_pubkey_decompress(ol_error *error, ol_bls_pubkey_unchecked *out,
                                              const uint8_t bytes[OL_BLS_PUBKEY_BYTES]) OL_NONNULL;
OL_CHECKED ol_status ol_bls_pubkey_admit(ol_error *error, ol_bls_pubkey *out,
                                         const ol_bls_pubkey_unchecked *key) OL_NONNULL;
bool ol_bls_pubkey_is_infinity(const ol_bls_pubkey_unchecked *key) OL_NONNULL;
void ol_bls_pubkey_write(uint8_t out[OL_BLS_PUBKEY_BYTES], const ol_bls_pubkey *key) OL_NONNULL;

/* Decompresses a signature and checks its subgroup. Returns: as ol_bls_pubkey_read; infinity is a signature. */
OL_CHECKED ol_status ol_bls_signature_read(ol_error *error, ol_bls_signature *out,
                                           const uint8_t bytes[OL_BLS_SIGNATURE_BYTES]) OL_NONNULL;
void ol_bls_signature_write(uint8_t out[OL_BLS_SIGNATURE_BYTES],
                            const ol_bls_signature *signature) OL_NONNULL;

/* Out: the coordinates, 48 bytes each, big-endian: x's imaginary and real part, then y's. */
void ol_bls_signature_coordinates(uint8_t out[192], const ol_bls_signature *signature) OL_NONNULL;

/*
 * Sums of keys: all of a committee's, or its aggregate less the absent. Equal and opposite keys add as they
 * should. Returns: OL_ERR_CRYPTO when the sum is infinity, which is no key.
 */
void ol_bls_pubkey_sum_init(ol_bls_pubkey_sum *sum) OL_NONNULL;
void ol_bls_pubkey_sum_add(ol_bls_pubkey_sum *sum, const ol_bls_pubkey *key) OL_NONNULL;
void ol_bls_pubkey_sum_subtract(ol_bls_pubkey_sum *sum, const ol_bls_pubkey *key) OL_NONNULL;
OL_CHECKED ol_status ol_bls_pubkey_sum_end(ol_error *error, ol_bls_pubkey *out,
                                           const ol_bls_pubkey_sum *sum) OL_NONNULL;

/* Adds keys or signatures. Returns: OL_ERR_ARGUMENT when there are none; OL_ERR_CRYPTO for the key infinity. */
OL_CHECKED ol_status ol_bls_aggregate_pubkeys(ol_error *error, ol_bls_pubkey *out, const ol_bls_pubkey *keys,
                                              size_t count) OL_NONNULL_ARGS(1, 2);
OL_CHECKED ol_status ol_bls_aggregate_signatures(ol_error *error, ol_bls_signature *out,
                                                 const ol_bls_signature *signatures, size_t count)
    OL_NONNULL_ARGS(1, 2);

/* One key's signature of one message. */
typedef struct ol_bls_claim {
  const ol_bls_pubkey *key;
  ol_slice message;
  const ol_bls_signature *signature;
} ol_bls_claim;

/* All that verify return OL_OK when the signature is good, otherwise OL_ERR_CRYPTO. */
OL_CHECKED ol_status ol_bls_verify(ol_error *error, ol_slice tag, const ol_bls_pubkey *key, ol_slice message,
                                   const ol_bls_signature *signature) OL_NONNULL;

/* A signature by several keys of one message. None is refused. */
OL_CHECKED ol_status ol_bls_fast_aggregate_verify(ol_error *error, ol_slice tag, const ol_bls_pubkey *keys,
                                                  size_t count, ol_slice message,
                                                  const ol_bls_signature *signature) OL_NONNULL_ARGS(1, 6);

/* The same with Ethereum's exception: nobody's signature of anything is infinity (altair, bls.md). */
OL_CHECKED ol_status ol_bls_eth_fast_aggregate_verify(ol_error *error, const ol_bls_pubkey *keys,
                                                      size_t count, ol_slice message,
                                                      const ol_bls_signature *signature)
    OL_NONNULL_ARGS(1, 5);

/*
 * A signature by several keys, of a message each. None is refused. Messages may repeat, as the scheme with
 * proofs of possession allows; the basic scheme (tag NUL) leaves their difference to the caller.
 */
OL_CHECKED ol_status ol_bls_aggregate_verify(ol_error *error, ol_slice tag, const ol_bls_pubkey *keys,
                                             const ol_slice *messages, size_t count,
                                             const ol_bls_signature *signature) OL_NONNULL_ARGS(1, 6);

/*
 * Checks several signatures with one pairing check, on a random linear combination: the chance of accepting a
 * set with a wrong member is 2^-128. The scalars are a hash of all inputs and of `seed`, so a constant seed is
 * safe and a random one does no harm. On failure some claim is wrong; ol_bls_verify finds which.
 * Returns: OL_ERR_ARGUMENT when there are no claims.
 */
OL_CHECKED ol_status ol_bls_verify_batch(ol_error *error, ol_slice tag, const ol_bls_claim *claims,
                                         size_t count, const uint8_t seed[32]) OL_NONNULL_ARGS(1, 5);

/* Private keys are 32 bytes, big-endian. Returns: OL_ERR_CRYPTO when one is zero or too large. */
OL_CHECKED ol_status ol_bls_pubkey_create(ol_error *error, ol_bls_pubkey *out,
                                          const uint8_t key_secret[32]) OL_NONNULL;
OL_CHECKED ol_status ol_bls_sign(ol_error *error, ol_bls_signature *out, ol_slice tag,
                                 const uint8_t key_secret[32], ol_slice message) OL_NONNULL;

/* Out: a message hashed to G2 (RFC 9380, BLS12381G2_XMD:SHA-256_SSWU_RO_), in the form of a signature. */
void ol_bls_hash_to_g2(ol_bls_signature *out, ol_slice tag, ol_slice message) OL_NONNULL;

#endif
