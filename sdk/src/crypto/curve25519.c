/* SPDX-License-Identifier: MIT */
#include "crypto/curve25519.h"

#include <sodium/crypto_scalarmult_curve25519.h>
#include <sodium/crypto_sign_ed25519.h>

#include "base/poison.h"

/* libsodium keeps the public key behind the private one. The caller wipes `both`. */
static void expand(uint8_t pubkey[32], uint8_t both[64], const uint8_t key_secret[32]) {
  OL_ASSERT(crypto_sign_ed25519_seed_keypair(pubkey, both, key_secret) == 0);
}

void ol_ed25519_pubkey(uint8_t out[32], const uint8_t key_secret[32]) {
  uint8_t both[64];
  expand(out, both, key_secret);
  ol_wipe(both, sizeof both);
}

void ol_ed25519_sign(uint8_t out[64], const uint8_t key_secret[32], ol_slice message) {
  uint8_t both[64], pubkey[32];
  expand(pubkey, both, key_secret);
  OL_ASSERT(crypto_sign_ed25519_detached(out, NULL, message.data, message.len, both) == 0);
  ol_wipe(both, sizeof both);
}

ol_status ol_ed25519_verify(ol_error *error, const uint8_t pubkey[32], ol_slice message,
                            const uint8_t signature[64]) {
  if (crypto_sign_ed25519_verify_detached(signature, message.data, message.len, pubkey) == 0) return OL_OK;
  return ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, "the signature is not this key's");
}

void ol_x25519_pubkey(uint8_t out[32], const uint8_t key_secret[32]) {
  OL_ASSERT(crypto_scalarmult_curve25519_base(out, key_secret) == 0);
}

ol_status ol_x25519(ol_error *error, uint8_t out[32], const uint8_t pubkey[32],
                    const uint8_t key_secret[32]) {
  uint8_t shared[32];
  ol_status status = OL_OK;
  if (ol_disclose(crypto_scalarmult_curve25519(shared, key_secret, pubkey) == 0) != 0) {
    memcpy(out, shared, sizeof shared);
  } else {
    status = ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, "the public key is a point of low order");
  }
  ol_wipe(shared, sizeof shared);
  return status;
}
