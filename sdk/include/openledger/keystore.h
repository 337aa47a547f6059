/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_KEYSTORE_H
#define OPENLEDGER_KEYSTORE_H

/*
 * Keystores, the files in which other wallets keep one key behind a password: Web3 Secret Storage version 3, read with
 * scrypt and with PBKDF2, written with scrypt; and wallets of Ethereum's presale, read. Passwords are bytes, which are
 * not normalized.
 */

#include "openledger/derivation.h"
#include "openledger/key.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_KEYSTORE_TEXT 65536    /* bytes of a keystore's text, at most */
#define OL_KEYSTORE_MADE 1024     /* bytes that are enough for one that is made */
#define OL_KEYSTORE_SALT 64       /* bytes of salt, at most */
#define OL_KEYSTORE_SEED 1024     /* bytes of a presale wallet's seed, sealed, at most */
#define OL_KEYSTORE_N 131072      /* of what is made: scrypt with r = 8 and p = 1 */
#define OL_KEYSTORE_ROUNDS 262144 /* of PBKDF2; fewer are weak */

typedef enum ol_keystore_kdf {
  OL_KEYSTORE_SCRYPT = 1,
  OL_KEYSTORE_PBKDF2 = 2,  /* with HMAC-SHA256 */
  OL_KEYSTORE_PRESALE = 3, /* PBKDF2 with 2,000 rounds, salted with the password itself */
} ol_keystore_kdf;

/* A keystore that is read, not opened. */
typedef struct ol_keystore {
  uint32_t kdf;  /* an ol_keystore_kdf */
  uint32_t cost; /* scrypt: N; PBKDF2: rounds */
  uint32_t r;    /* scrypt */
  uint32_t p;    /* scrypt */
  uint32_t weak; /* 1 when N * r * p, or the rounds, are less than what is above: make a new one of it */
  uint32_t has_address;
  ol_address address; /* what the text says it is of; checked when it is opened */
  uint32_t salt_len;
  uint8_t salt[OL_KEYSTORE_SALT];
  uint8_t iv[16];
  uint8_t mac[32];
  uint32_t sealed_len;
  uint8_t sealed[OL_KEYSTORE_SEED]; /* the key, or the seed, encrypted */
  uint32_t entropy_len;             /* of a mnemonic that ethers put beside the key; 0 when there is none */
  uint8_t entropy[32];              /* encrypted */
  uint8_t entropy_iv[16];
  ol_path path; /* of the key below the mnemonic */
} ol_keystore;

/*
 * Reads a keystore's JSON, strictly but for members that are not known. A mnemonic in another language than English is
 * left out. In: memory for parsing, 16 times the text and 4 KiB.
 * Returns: OL_ERR_ENCODING with the member at fault, also for ciphers and functions that are not known; OL_ERR_LIMIT
 * when opening it takes too much; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_keystore_read(ol_error *error, ol_keystore *out, ol_slice text, void *memory,
                                             size_t len) OL_NONNULL;

/* Returns: bytes of memory for opening a keystore that was read; 0 for one that was not. */
OL_API size_t ol_keystore_open_memory(const ol_keystore *keystore) OL_NONNULL;

/* Begins to open a keystore. Out: the derivation. In: ol_keystore_open_memory bytes. Returns: OL_ERR_MEMORY. */
OL_API OL_CHECKED ol_status ol_keystore_open_begin(ol_error *error, ol_derivation **out,
                                                   const ol_keystore *keystore, ol_slice password_secret,
                                                   void *memory, size_t len) OL_NONNULL;

/*
 * Ends opening, when no work is left. Out: the private key; its account; the entropy of the mnemonic beside it, if
 * there is one, and its length, which is else 0.
 * Returns: OL_ERR_CRYPTO when the password is wrong, or the text was changed, or what it holds is no key;
 * OL_ERR_MISMATCH when the key is not of the account, or of the mnemonic, that the text has; OL_ERR_ARGUMENT before
 * the work is done.
 */
OL_API OL_CHECKED ol_status ol_keystore_open_end(ol_error *error, ol_derivation *derivation,
                                                 uint8_t out_key[32], ol_address *out_address,
                                                 uint8_t out_entropy[32], size_t *out_entropy_len) OL_NONNULL;

/* Returns: bytes of memory for making a keystore: 128 MiB and a little. */
OL_API size_t ol_keystore_make_memory(void);

/*
 * Begins to make a keystore of a private key. Out: the derivation. In: 64 bytes of entropy, fresh from the system's
 * generator; ol_keystore_make_memory bytes.
 * Returns: OL_ERR_CRYPTO for what is no key; OL_ERR_ARGUMENT for an empty password and for entropy that is zero;
 * OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_keystore_make_begin(ol_error *error, ol_derivation **out,
                                                   const uint8_t key_secret[32], ol_slice password_secret,
                                                   const uint8_t entropy_secret[64], void *memory,
                                                   size_t len) OL_NONNULL;

/*
 * Ends making, when no work is left. Out: the JSON, OL_KEYSTORE_MADE bytes or less, and its length.
 * Returns: OL_ERR_ARGUMENT before the work is done; OL_ERR_MEMORY when `len` is too little; after both it can be called
 * again.
 */
OL_API OL_CHECKED ol_status ol_keystore_make_end(ol_error *error, ol_derivation *derivation, char *out,
                                                 size_t len, size_t *out_len) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
