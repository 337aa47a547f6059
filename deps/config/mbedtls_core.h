/* SPDX-License-Identifier: MIT */

/*
 * mbedTLS for the core: hashes and AES, and nothing that needs a platform. Installed as
 * the prefix's mbedtls_config.h, so whoever includes the headers sees the same structures.
 */

#define MBEDTLS_SHA224_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C
#define MBEDTLS_RIPEMD160_C

#define MBEDTLS_AES_C
#define MBEDTLS_CIPHER_MODE_CBC
#define MBEDTLS_CIPHER_MODE_CTR

#if !defined(__wasm__)
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_AESNI_C
#else
#define MBEDTLS_AES_FEWER_TABLES
#endif
