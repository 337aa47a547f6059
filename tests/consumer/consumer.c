/* SPDX-License-Identifier: MIT */

/* A user's program. It has a function of its own that is named like one of the library's dependencies. */

#include <openledger/base.h>

#include <stdio.h>
#include <string.h>

int mbedtls_sha256(void);
int mbedtls_sha256(void) {
  return 1612;
}

int main(void) {
  /* keccak-256 of nothing, which Ethereum uses as the hash of an account without code. */
  static const ol_hash empty = {{0xc5, 0xd2, 0x46, 0x01, 0x86, 0xf7, 0x23, 0x3c, 0x92, 0x7e, 0x7d,
                                 0xb2, 0xdc, 0xc7, 0x03, 0xc0, 0xe5, 0x00, 0xb6, 0x53, 0xca, 0x82,
                                 0x27, 0x3b, 0x7b, 0xfa, 0xd8, 0x04, 0x5d, 0x85, 0xa4, 0x70}};
  ol_hash hash;
  ol_keccak256(&hash, NULL, 0);
  printf("openledger %s\n", ol_version());
  return memcmp(&hash, &empty, sizeof hash) == 0 && mbedtls_sha256() == 1612 ? 0 : 1;
}
