/* SPDX-License-Identifier: MIT */
#include "crypto/aead.h"

#include <sodium/core.h>
#include <sodium/crypto_aead_xchacha20poly1305.h>

#include "base/poison.h"

_Static_assert(OL_AEAD_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the key of libsodium");
_Static_assert(OL_AEAD_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "its nonce");
_Static_assert(OL_AEAD_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "its tag");

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
  ol_wipe_stack();
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
  int refused = 0;
  for (size_t i = 0; i < 2 && refused == 0; i++) {
    refused = crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
        outputs[i], NULL, input, sealed.len, tag, attached.data, attached.len, nonce, key_secret);
  }
  ol_wipe_stack();
  if (refused != 0)
    return ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, "the key is wrong, or the sealed bytes were changed");
  return OL_OK;
}
