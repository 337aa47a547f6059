/* SPDX-License-Identifier: MIT */
#ifndef OL_WALLET_WALLET_H
#define OL_WALLET_WALLET_H

/* What a wallet is made of. */

#include "crypto/secp256k1.h"
#include "openledger/wallet.h"
#include "wallet/policy.h"

typedef struct ol_wallet_secret {
  uint32_t kind; /* an ol_secret_kind */
  uint32_t language;
  uint32_t entropy_len;
  uint8_t entropy[32];
  uint8_t bytes[OL_SEED_BYTES]; /* the seed of a mnemonic; or a key, and zeros */
} ol_wallet_secret;

typedef struct ol_wallet_proposal {
  bool is_waiting;
  bool is_approved;
  uint64_t at_ms;
  uint32_t account;
  ol_intent intent; /* without what is in the caller's memory */
} ol_wallet_proposal;

struct ol_wallet {
  ol_wallet_config config;
  ol_secp256k1_signer signer;
  uint64_t used_ms;
  bool is_open;

  /* Secret; zeros when it is locked. */
  ol_wallet_secret secrets[OL_WALLET_SECRETS];
  uint8_t keys[OL_WALLET_ACCOUNTS][32];
  ol_wallet_proposal proposals[OL_WALLET_PROPOSALS];

  /* Known when it is locked, too. */
  uint32_t secret_count;
  uint32_t account_count;
  uint32_t contact_count;
  uint32_t policy_len;
  ol_wallet_account accounts[OL_WALLET_ACCOUNTS];
  ol_contact contacts[OL_WALLET_CONTACTS];
  uint8_t policy_json[OL_WALLET_POLICY];
  ol_policy policy;
  ol_budget budget;
};

/* Refuses when a wallet is locked, which it becomes when it was idle; and counts as use. */
OL_CHECKED ol_status ol_wallet_use(ol_error *error, ol_wallet *wallet, uint64_t now_ms) OL_NONNULL;

/* Returns: the number of an account; OL_NOWHERE when there is none. */
uint32_t ol_wallet_account_of(const ol_wallet *wallet, const ol_address *address) OL_NONNULL;

/* Out: the key and address of an account by its secret and path. Returns: OL_ERR_CRYPTO, OL_ERR_LIMIT. */
OL_CHECKED ol_status ol_wallet_derive(ol_error *error, uint8_t out_key[32], ol_address *out_address,
                                      const ol_wallet_secret *secret, const ol_path *path) OL_NONNULL;

/* Takes a label. Returns: OL_ERR_ENCODING when it is too long, or not all of it is seen as it is. */
OL_CHECKED ol_status ol_label_read(ol_error *error, uint8_t out[OL_WALLET_LABEL], ol_slice label)
    OL_NONNULL_ARGS(1, 2);

/* Reads a policy's JSON into the wallet, or takes it away. */
OL_CHECKED ol_status ol_wallet_take_policy(ol_error *error, ol_wallet *wallet, ol_slice json, void *memory,
                                           size_t len) OL_NONNULL_ARGS(1, 2, 4);

#endif
