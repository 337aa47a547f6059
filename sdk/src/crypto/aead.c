/* SPDX-License-Identifier: MIT */
#include "crypto/aead.h"

#include <sodium/core.h>
#include <sodium/crypto_aead_xchacha20poly1305.h>
#include <sodium/crypto_pwhash_argon2id.h>

#include "base/poison.h"

_Static_assert(OL_AEAD_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key of libsodium");
_Static_assert(OL_AEAD_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "its nonce");
_Static_assert(OL_AEAD_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "its tag");
_Static_assert(OL_ARGON2ID_SALT_BYTES == crypto_pwhash_argon2id_SALTBYTES, "its salt");

/* libsodium takes no NULL, even for nothing. */
static const uint8_t nothing[1] = {0};

/* Lets libsodium choose its implementation for this CPU, once; a failure leaves the portable one. */
static void wake(void) {
  (void)!sodium_init();
}

void ol_aead_seal(uint8_t *out, uint8_t out_tag[OL_AEAD_TAG_BYTES], ol_slice message_secret,
                  ol_slice attached, const uint8_t nonce[OL_AEAD_NONCE_BYTES],
                  const uint8_t key_secret[OL_AEAD_KEY_BYTES]) {
  uint8_t none[1];
  wake();
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached(message_secret.len == 0 ? none : out, out_tag, NULL,
                                                      message_secret.data, message_secret.len, attached.data,
                                                      attached.len, NULL, nonce, key_secret);
}

ol_status ol_aead_open(ol_error *error, uint8_t *out_secret, ol_slice sealed,
                       const uint8_t tag[OL_AEAD_TAG_BYTES], ol_slice attached,
                       const uint8_t nonce[OL_AEAD_NONCE_BYTES],
                       const uint8_t key_secret[OL_AEAD_KEY_BYTES]) {
  wake();
  /*
   * libsodium clears the output when the message is not authentic, and here that may be where the sealed
   * bytes are: a wrong password must not destroy them. So it is asked for the verdict first, without output.
   */
  uint8_t *outputs[2] = {NULL, out_secret};
  const uint8_t *input = sealed.len == 0 ? nothing : sealed.data;
  for (size_t i = 0; i < 2; i++) {
    if (crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
            outputs[i], NULL, input, sealed.len, tag, attached.data, attached.len, nonce, key_secret) != 0) {
      return ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, "the key is wrong, or the sealed bytes were changed");
    }
  }
  return OL_OK;
}

ol_status ol_argon2id(ol_error *error, uint8_t *out_secret, size_t len, ol_slice password_secret,
                      const uint8_t salt[OL_ARGON2ID_SALT_BYTES], uint32_t passes, uint32_t memory_kib) {
  const size_t memory_max = crypto_pwhash_argon2id_MEMLIMIT_MAX / 1024;
  if (len < crypto_pwhash_argon2id_BYTES_MIN || len > UINT32_MAX) {
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "Argon2id cannot derive a key of this length");
  }
  if (passes < crypto_pwhash_argon2id_OPSLIMIT_MIN) {
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "Argon2id needs at least one pass");
  }
  if (memory_kib < crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024 || memory_kib > memory_max) {
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "Argon2id cannot use this much memory");
  }
  if (password_secret.len > UINT32_MAX) {
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "the password is too long");
  }
  wake();
  int failed = crypto_pwhash_argon2id(
      out_secret, len, (const char *)(password_secret.len == 0 ? nothing : password_secret.data),
      password_secret.len, salt, passes, (size_t)memory_kib * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13);
  return failed ? ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory for Argon2id") : OL_OK;
}
