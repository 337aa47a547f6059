/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_WALLET_H
#define OPENLEDGER_WALLET_H

/*
 * A wallet: secrets, the accounts that are derived from them, and contacts. It is filled from a vault's content, locks
 * itself when nobody uses it, and signs nothing but what it was shown before and its policy let pass:
 *
 *     ol_wallet_propose_...   decodes what is to be signed, and decides; gives the digest that stands for it
 *     ol_wallet_approve       somebody who was asked says yes
 *     ol_wallet_sign          signs what that digest stands for, once, and remembers it in the budget
 *
 * All times are Unix time in milliseconds, by the caller's clock. The memory holds secrets: it is to be of
 * ol_host_secret_new, or erased by ol_wallet_lock before it is given back.
 */

#include "openledger/key.h"
#include "openledger/message.h"
#include "openledger/mnemonic.h"
#include "openledger/policy.h"
#include "openledger/signature.h"
#include "openledger/typed_data.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_WALLET_SECRETS 16
#define OL_WALLET_ACCOUNTS 64
#define OL_WALLET_CONTACTS 128
#define OL_WALLET_LABEL 64           /* bytes of a label in UTF-8, and a zero byte */
#define OL_WALLET_POLICY 16384       /* bytes of a policy's JSON */
#define OL_WALLET_CONTENT 65536      /* bytes of a vault's content, at most */
#define OL_WALLET_PROPOSALS 8        /* that are waiting; the oldest goes for a ninth */
#define OL_WALLET_PROPOSAL_MS 600000 /* for which one waits */

typedef enum ol_secret_kind {
  OL_SECRET_MNEMONIC = 1, /* a seed, and the entropy of its words */
  OL_SECRET_KEY = 2,      /* one private key */
} ol_secret_kind;

/* An account, as it can be known of a wallet that is locked. */
typedef struct ol_wallet_account {
  ol_address address;
  uint32_t secret; /* which of the secrets it is of */
  uint32_t kind;   /* an ol_secret_kind */
  ol_path path;    /* below a mnemonic's seed */
  uint8_t label[OL_WALLET_LABEL];
} ol_wallet_account;

/* Somebody whose address is known. */
typedef struct ol_contact {
  ol_address address;
  uint64_t since; /* Unix seconds */
  uint8_t label[OL_WALLET_LABEL];
} ol_contact;

/* What an address looks like to somebody who compares its ends. */
typedef enum ol_likeness {
  OL_LIKE_NOBODY = 0,
  OL_LIKE_ACCOUNT = 1, /* it is one of the wallet's own */
  OL_LIKE_CONTACT = 2, /* it is a contact's */
  OL_LIKE_A_COPY = 3,  /* it is not an account's or contact's, but begins and ends as one */
} ol_likeness;

typedef struct ol_resemblance {
  uint32_t likeness;   /* an ol_likeness */
  uint32_t index;      /* of whom: among contacts, or accounts */
  uint32_t is_contact; /* which of both */
} ol_resemblance;

typedef struct ol_wallet_config {
  uint64_t idle_ms;                   /* after which it locks itself; 0 for never */
  const ol_known_contract *contracts; /* whose functions are known; they stay readable */
  size_t contracts_len;
} ol_wallet_config;

typedef struct ol_wallet ol_wallet;

/* Returns: bytes of memory for a wallet, aligned to 16. */
OL_API size_t ol_wallet_size(void);

/*
 * Makes an empty wallet in `memory`. Out: the wallet, open. In: 32 bytes of entropy, which blind the arithmetic of
 * signing and change no result.
 * Returns: OL_ERR_ARGUMENT for less memory than ol_wallet_size, and for entropy that is zero.
 */
OL_API OL_CHECKED ol_status ol_wallet_init(ol_error *error, ol_wallet **out, const ol_wallet_config *config,
                                           const uint8_t entropy_secret[32], uint64_t now_ms, void *memory,
                                           size_t len) OL_NONNULL;

/*
 * Fills a wallet with what ol_wallet_content gave; what was in it is gone. Of the budget it has the sequence alone:
 * what was signed is to be read (ol_budget_read), which refuses what is older. In: memory for reading the policy:
 * ol_policy_size of OL_WALLET_POLICY is enough.
 * Returns: OL_ERR_ENCODING for bytes that are no such content, OL_ERR_ARGUMENT for too little memory; the wallet is then
 * empty and locked.
 */
OL_API OL_CHECKED ol_status ol_wallet_open(ol_error *error, ol_wallet *wallet, ol_slice content_secret,
                                           uint64_t now_ms, void *memory, size_t len) OL_NONNULL;

/*
 * Writes what a vault is to keep: secrets, accounts, contacts, the policy, and the budget's sequence: a vault that is
 * written after the budget tells an older one. Out: the content and its length.
 * Returns: OL_ERR_MEMORY when `len` is less; OL_WALLET_CONTENT is enough. OL_ERR_ARGUMENT when it is locked.
 */
OL_API OL_CHECKED ol_status ol_wallet_content(ol_error *error, ol_wallet *wallet, uint8_t *out, size_t len,
                                              size_t *out_len, uint64_t now_ms) OL_NONNULL;

/* Erases all secrets and all that was proposed. Accounts, contacts, policy and budget stay. */
OL_API void ol_wallet_lock(ol_wallet *wallet) OL_NONNULL;

/* Returns: 1 when it is open; 0 once it is locked, which it does here when it was idle for too long. */
OL_API int ol_wallet_is_open(ol_wallet *wallet, uint64_t now_ms) OL_NONNULL;

/*
 * Adds a mnemonic: what ol_mnemonic_to_entropy and ol_mnemonic_seed gave of it. Out: the number of the secret.
 * In: its language (ol_language), to write it again.
 * Returns: OL_ERR_ARGUMENT when it is locked, for other lengths, or when it is there already; OL_ERR_LIMIT.
 */
OL_API OL_CHECKED ol_status ol_wallet_add_mnemonic(ol_error *error, ol_wallet *wallet, uint32_t *out,
                                                   const uint8_t seed_secret[64], ol_slice entropy_secret,
                                                   uint32_t language, uint64_t now_ms) OL_NONNULL;

/* Adds a private key. Out: the number of the secret. Returns: OL_ERR_CRYPTO for no key; otherwise the same. */
OL_API OL_CHECKED ol_status ol_wallet_add_key(ol_error *error, ol_wallet *wallet, uint32_t *out,
                                              const uint8_t key_secret[32], uint64_t now_ms) OL_NONNULL;

/*
 * Adds an account of a secret. Out: its number. In: a path below a mnemonic's seed, not looked at for a key; a label in
 * UTF-8.
 * Returns: OL_ERR_ARGUMENT when it is locked, for no such secret, or when the account is there already;
 * OL_ERR_ENCODING for a label that is no UTF-8, too long, or has control characters; OL_ERR_LIMIT, OL_ERR_CRYPTO.
 */
OL_API OL_CHECKED ol_status ol_wallet_add_account(ol_error *error, ol_wallet *wallet, uint32_t *out,
                                                  uint32_t secret, const ol_path *path, ol_slice label,
                                                  uint64_t now_ms) OL_NONNULL;

/* Forgets an account; of the last of a secret, the secret as well. Returns: OL_ERR_ARGUMENT. */
OL_API OL_CHECKED ol_status ol_wallet_remove_account(ol_error *error, ol_wallet *wallet,
                                                     const ol_address *address, uint64_t now_ms) OL_NONNULL;

/* Reads an account by its number, from 0; also of a wallet that is locked. Returns: 1; 0 when there is none. */
OL_API OL_CHECKED int ol_wallet_account_at(const ol_wallet *wallet, ol_wallet_account *out,
                                           uint32_t index) OL_NONNULL;

/* Out: an account's private key. Returns: OL_ERR_ARGUMENT when there is none, or it is locked. */
OL_API OL_CHECKED ol_status ol_wallet_reveal_key(ol_error *error, ol_wallet *wallet, uint8_t out[32],
                                                 const ol_address *address, uint64_t now_ms) OL_NONNULL;

/* Out: the entropy of an account's mnemonic, its length and language. Returns: the same. */
OL_API OL_CHECKED ol_status ol_wallet_reveal_entropy(ol_error *error, ol_wallet *wallet, uint8_t out[32],
                                                     size_t *out_len, uint32_t *out_language,
                                                     const ol_address *address, uint64_t now_ms) OL_NONNULL;

/*
 * Adds a contact, or changes the label of one. Returns: OL_ERR_ARGUMENT when it is locked, or for the address zero;
 * OL_ERR_ENCODING for the label, OL_ERR_LIMIT.
 */
OL_API OL_CHECKED ol_status ol_wallet_add_contact(ol_error *error, ol_wallet *wallet,
                                                  const ol_address *address, ol_slice label,
                                                  uint64_t now_ms) OL_NONNULL;

/* Forgets a contact. Returns: OL_ERR_ARGUMENT when there is none, or it is locked. */
OL_API OL_CHECKED ol_status ol_wallet_remove_contact(ol_error *error, ol_wallet *wallet,
                                                     const ol_address *address, uint64_t now_ms) OL_NONNULL;

/* Reads a contact by its number, from 0. Returns: 1; 0 when there is none. */
OL_API OL_CHECKED int ol_wallet_contact_at(const ol_wallet *wallet, ol_contact *out,
                                           uint32_t index) OL_NONNULL;

/*
 * Out: whom an address resembles. People compare the first and the last few digits, so whoever wants to be taken for
 * another makes an address that has those: one that has the first four and the last four of another is a copy.
 */
OL_API void ol_wallet_resembles(const ol_wallet *wallet, ol_resemblance *out,
                                const ol_address *address) OL_NONNULL;

/*
 * Sets the policy. In: JSON as policy.h has it, or nothing for none: then somebody is asked about all. Memory for
 * reading it: ol_policy_size.
 * Returns: as ol_policy_read; OL_ERR_ARGUMENT when it is locked. The policy before stays when it fails.
 */
OL_API OL_CHECKED ol_status ol_wallet_set_policy(ol_error *error, ol_wallet *wallet, ol_slice json,
                                                 uint64_t now_ms, void *memory, size_t len)
    OL_NONNULL_ARGS(1, 2, 5);

/* Out: the policy's JSON, readable until it is set again; empty when there is none. */
OL_API void ol_wallet_policy(const ol_wallet *wallet, ol_slice *out) OL_NONNULL;

/*
 * Returns: the wallet's budget, to be written when something was signed and before that goes anywhere, and to be read
 * when a wallet was made (policy.h).
 */
OL_API ol_budget *ol_wallet_budget(ol_wallet *wallet) OL_NONNULL;

/*
 * Proposes to sign. Out: what the policy decides, with the digest that stands for it from now on, for ten minutes;
 * what is denied does not wait. In: the account; the unsigned bytes of a transaction, a document of typed data, the
 * bytes of a personal message, or an authorization; for typed data the active chain. Memory as
 * ol_intent_of_transaction and ol_typed_data_read need it.
 * Returns: OL_ERR_ARGUMENT when it is locked or has no such account; why it cannot be decoded.
 */
OL_API OL_CHECKED ol_status ol_wallet_propose_transaction(ol_error *error, ol_wallet *wallet,
                                                          ol_decision *out, const ol_address *account,
                                                          ol_slice unsigned_bytes, uint64_t now_ms,
                                                          void *memory, size_t len) OL_NONNULL;
OL_API OL_CHECKED ol_status ol_wallet_propose_typed_data(ol_error *error, ol_wallet *wallet, ol_decision *out,
                                                         const ol_address *account, ol_slice document,
                                                         uint64_t chain_id, uint64_t now_ms, void *memory,
                                                         size_t len) OL_NONNULL;
OL_API OL_CHECKED ol_status ol_wallet_propose_message(ol_error *error, ol_wallet *wallet, ol_decision *out,
                                                      const ol_address *account, ol_slice message,
                                                      uint64_t now_ms) OL_NONNULL;
OL_API OL_CHECKED ol_status ol_wallet_propose_authorization(ol_error *error, ol_wallet *wallet,
                                                            ol_decision *out, const ol_address *account,
                                                            const ol_authorization *authorization,
                                                            uint64_t now_ms) OL_NONNULL;

/*
 * Says yes to what was asked about, for whoever may. Returns: OL_ERR_ARGUMENT when nothing waits by that digest, or it
 * is locked.
 */
OL_API OL_CHECKED ol_status ol_wallet_approve(ol_error *error, ol_wallet *wallet, const ol_hash *digest,
                                              uint64_t now_ms) OL_NONNULL;

/* Drops what waits by a digest, if it does. */
OL_API void ol_wallet_reject(ol_wallet *wallet, const ol_hash *digest) OL_NONNULL;

/*
 * Signs what waits by a digest, once. The policy decides again, by the budget as it is now. Out: the signature; the
 * decision. In: 32 bytes of fresh entropy that hedge the nonce (RFC 6979, 3.6), or nothing for the signature that
 * every wallet computes.
 * Returns: OL_ERR_ARGUMENT when nothing waits, it is locked, or for entropy of another length; OL_ERR_MISMATCH when it
 * is denied, or not approved; OL_ERR_LIMIT when the budget is full.
 */
OL_API OL_CHECKED ol_status ol_wallet_sign(ol_error *error, ol_wallet *wallet, ol_signature *out,
                                           ol_decision *out_decision, const ol_hash *digest, uint64_t now_ms,
                                           ol_slice extra_secret) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
