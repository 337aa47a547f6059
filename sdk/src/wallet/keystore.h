/* SPDX-License-Identifier: MIT */
#ifndef OL_WALLET_KEYSTORE_H
#define OL_WALLET_KEYSTORE_H

#include "openledger/keystore.h"

#include "crypto/kdf.h"

/* Out: how the key of a keystore is derived; its salt is the keystore's. */
void ol_keystore_kdf_of(ol_kdf_params *out, const ol_keystore *keystore) OL_NONNULL;

#endif
