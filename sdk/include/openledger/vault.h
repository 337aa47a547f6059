/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_VAULT_H
#define OPENLEDGER_VAULT_H

/*
 * A vault keeps bytes of its owner - what they are is not its business - behind a password: Argon2id (RFC 9106) and
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), which authenticates the header as well. At its end is a checksum,
 * by which a damaged file is told from a wrong password.
 *
 * The form, numbers big-endian: "OLVAULT", version 1 (1 byte), passes (4), KiB of memory (4), salt (16), nonce (24),
 * length of the content (4), the content sealed, tag (16), keccak-256 of all before (32). Every version ends in that
 * checksum.
 */

#include "openledger/derivation.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_VAULT_OVERHEAD 108          /* bytes of a vault beside its content */
#define OL_VAULT_CONTENT (256u << 10)  /* bytes of content, at most */
#define OL_VAULT_PASSES_LEAST 2        /* what is weaker is neither made nor opened */
#define OL_VAULT_KIB_LEAST (19u << 10) /* the same */

/* How hard it is to try passwords. */
typedef struct ol_vault_params {
  uint32_t passes;
  uint32_t memory_kib;
} ol_vault_params;

/* What is known of a vault without its password. */
typedef struct ol_vault {
  ol_vault_params params;
  uint32_t content_len; /* bytes */
} ol_vault;

/* Out: the default: 3 passes over 64 MiB (RFC 9106, section 4, the second recommended option, with one lane). */
OL_API void ol_vault_params_init(ol_vault_params *out) OL_NONNULL;

/* Returns: bytes of memory for making or opening a vault; 0 for parameters that are out of bounds. */
OL_API size_t ol_vault_memory(const ol_vault_params *params) OL_NONNULL;

/*
 * Reads what needs no password.
 * Returns: OL_ERR_ENCODING for what is no vault, is cut short or too long, or has a version or parameters that are not
 * known or too weak; OL_ERR_MISMATCH when it is damaged; OL_ERR_LIMIT when opening it takes too much.
 */
OL_API OL_CHECKED ol_status ol_vault_read(ol_error *error, ol_vault *out, ol_slice vault) OL_NONNULL;

/*
 * Begins to open a vault. Out: the derivation. In: ol_vault_memory bytes of memory.
 * Returns: as ol_vault_read, and OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_vault_open_begin(ol_error *error, ol_derivation **out, ol_slice vault,
                                                ol_slice password_secret, void *memory,
                                                size_t len) OL_NONNULL;

/*
 * Ends opening, when no work is left. Out: the content, and its length.
 * Returns: OL_ERR_CRYPTO when the password is wrong; OL_ERR_ARGUMENT before the work is done, and OL_ERR_MEMORY when
 * `len` is less than the content's, after both of which it can be called again.
 */
OL_API OL_CHECKED ol_status ol_vault_open_end(ol_error *error, ol_derivation *derivation, uint8_t *out,
                                              size_t len, size_t *out_len) OL_NONNULL;

/*
 * Begins to make a vault. Out: the derivation. In: the content, which must stay until the end; 64 bytes of entropy,
 * fresh from the system's generator for every vault; ol_vault_memory bytes of memory.
 * Returns: OL_ERR_ARGUMENT for an empty password, for entropy that is zero and for parameters that are too weak;
 * OL_ERR_LIMIT for such that are too strong and for content that is too long; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_vault_seal_begin(ol_error *error, ol_derivation **out,
                                                const ol_vault_params *params, ol_slice content_secret,
                                                ol_slice password_secret, const uint8_t entropy_secret[64],
                                                void *memory, size_t len) OL_NONNULL;

/*
 * Ends making, when no work is left. Out: the vault: OL_VAULT_OVERHEAD bytes and as many as the content has.
 * Returns: OL_ERR_ARGUMENT and OL_ERR_MEMORY as ol_vault_open_end.
 */
OL_API OL_CHECKED ol_status ol_vault_seal_end(ol_error *error, ol_derivation *derivation, uint8_t *out,
                                              size_t len, size_t *out_len) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
