/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_SIGNATURE_H
#define OPENLEDGER_SIGNATURE_H

/*
 * Signatures of accounts: who signed a digest. What only a contract can say (EIP-1271) is asked of it by whoever has
 * proven state; here are the question and what of an answer means yes.
 */

#include "openledger/base.h"
#include "openledger/transaction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An ECDSA signature on secp256k1. */
typedef struct ol_signature {
  ol_u256 r;
  ol_u256 s;
  uint32_t y_parity; /* 0 or 1 */
} ol_signature;

/*
 * Reads 65 bytes, r || s || v with v one of 0, 1, 27, 28, or 64 bytes (EIP-2098).
 * Returns: OL_ERR_ENCODING for another length or v, OL_ERR_CRYPTO when r or s is zero or not below the order of the
 * curve, or s is not the low one of the two (EIP-2).
 */
OL_API OL_CHECKED ol_status ol_signature_read(ol_error *error, ol_signature *out, const uint8_t *bytes,
                                              size_t len) OL_NONNULL_ARGS(1, 2);

/* Writes r || s || v, with v 27 or 28. In: a signature that was read or made. */
OL_API void ol_signature_write(uint8_t out[65], const ol_signature *signature) OL_NONNULL;

/* Writes the compact form (EIP-2098), which not every contract takes. In: as above. */
OL_API void ol_signature_write_compact(uint8_t out[64], const ol_signature *signature) OL_NONNULL;

/* Finds the account that signed a digest. Returns: OL_ERR_CRYPTO when none can have, or s is high. */
OL_API OL_CHECKED ol_status ol_signature_recover(ol_error *error, ol_address *out, const ol_hash *digest,
                                                 const ol_signature *signature) OL_NONNULL;

/* Checks that an account signed a digest. Returns: OL_ERR_MISMATCH when another did, OL_ERR_CRYPTO. */
OL_API OL_CHECKED ol_status ol_signature_check(ol_error *error, const ol_hash *digest,
                                               const ol_signature *signature,
                                               const ol_address *account) OL_NONNULL;

/*
 * A signature of a contract that may not be deployed yet (ERC-6492): `factory`, called with `factory_data`, deploys it,
 * and then it answers for `signature`.
 */
typedef struct ol_wrapped_signature {
  ol_address factory;
  ol_slice factory_data;
  ol_slice signature;
} ol_wrapped_signature;

/* Returns: whether a signature ends as ERC-6492 has it; that is looked at before anything else. */
OL_API bool ol_signature_is_wrapped(const uint8_t *bytes, size_t len) OL_NONNULL;

/*
 * Takes such a signature apart: abi.encode(factory, factoryCalldata, originalSignature) || suffix, as compilers write it.
 * Out: slices into `bytes`. Returns: OL_ERR_ENCODING with the byte at fault.
 */
OL_API OL_CHECKED ol_status ol_signature_unwrap(ol_error *error, ol_wrapped_signature *out,
                                                const uint8_t *bytes, size_t len) OL_NONNULL_ARGS(1, 2);

/*
 * Makes the question whether a contract takes a signature for its own: isValidSignature(bytes32,bytes) of EIP-1271.
 * Out: the call, with its input in `memory`. Returns: OL_ERR_MEMORY; the signature and 164 bytes are enough.
 */
OL_API OL_CHECKED ol_status ol_signature_contract_call(ol_error *error, ol_call *out,
                                                       const ol_address *contract, const ol_hash *digest,
                                                       ol_slice signature, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 3, 4, 6);

/* Checks what a contract answers: the word 0x1626ba7e and zeros, and nothing else. Returns: OL_ERR_MISMATCH. */
OL_API OL_CHECKED ol_status ol_signature_contract_answer(ol_error *error, const uint8_t *bytes, size_t len)
    OL_NONNULL_ARGS(1);

#ifdef __cplusplus
}
#endif

#endif
