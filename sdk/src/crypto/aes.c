/* SPDX-License-Identifier: MIT */
#include "crypto/aes.h"

#include <mbedtls/aes.h>

#include "base/poison.h"

/* What can fail is a length that our types and callers do not have. */
#define MUST(expression) OL_ASSERT((expression) == 0)

void ol_aes_ctr(uint8_t *out_secret, ol_slice in_secret, ol_slice key_secret,
                const uint8_t counter[OL_AES_BLOCK]) {
  mbedtls_aes_context context;
  uint8_t next[OL_AES_BLOCK], stream[OL_AES_BLOCK];
  size_t used = 0;
  memcpy(next, counter, sizeof next);
  mbedtls_aes_init(&context);
  MUST(mbedtls_aes_setkey_enc(&context, key_secret.data, (unsigned)key_secret.len * 8));
  MUST(mbedtls_aes_crypt_ctr(&context, in_secret.len, &used, next, stream, in_secret.data, out_secret));
  mbedtls_aes_free(&context);
  ol_wipe(stream, sizeof stream);
}

void ol_aes_cbc_decrypt(uint8_t *out_secret, ol_slice in, ol_slice key_secret,
                        const uint8_t iv[OL_AES_BLOCK]) {
  mbedtls_aes_context context;
  uint8_t last[OL_AES_BLOCK];
  memcpy(last, iv, sizeof last);
  mbedtls_aes_init(&context);
  MUST(mbedtls_aes_setkey_dec(&context, key_secret.data, (unsigned)key_secret.len * 8));
  MUST(mbedtls_aes_crypt_cbc(&context, MBEDTLS_AES_DECRYPT, in.len, last, in.data, out_secret));
  mbedtls_aes_free(&context); /* which erases it */
}
