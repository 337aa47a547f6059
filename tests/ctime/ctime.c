/* SPDX-License-Identifier: MIT */

/*
 * Runs what touches secrets under valgrind's memcheck, and planted leaks, each of which memcheck must report.
 *
 *   valgrind --expensive-definedness-checks=yes ctime
 */
#include "ctime/ctime.h"

#include "crypto/secp256k1.h"

#include <secp256k1_preallocated.h>
#include <stdio.h>
#include <valgrind/memcheck.h>

/* --- What is made public: the linker puts these in front --- */

static unsigned disclosed;

uint32_t __wrap_ol_disclose(uint32_t number);
int __real_crypto_verify_16(const unsigned char *a, const unsigned char *b);
int __wrap_crypto_verify_16(const unsigned char *a, const unsigned char *b);
void __real_ol_hex_digits_of(char *out, const uint8_t *bytes, size_t len);
void __wrap_ol_hex_digits_of(char *out, const uint8_t *bytes, size_t len);
ol_status __real_ol_secp256k1_pubkey_create(ol_error *error, ol_secp256k1_pubkey *out,
                                            const ol_secp256k1_signer *signer, const uint8_t key[32]);
ol_status __wrap_ol_secp256k1_pubkey_create(ol_error *error, ol_secp256k1_pubkey *out,
                                            const ol_secp256k1_signer *signer, const uint8_t key[32]);
secp256k1_context *__real_secp256k1_context_preallocated_create(void *memory, unsigned flags);
secp256k1_context *__wrap_secp256k1_context_preallocated_create(void *memory, unsigned flags);

uint32_t __wrap_ol_disclose(uint32_t number) {
  disclosed++;
  ctime_show(&number, sizeof number);
  return number;
}

/* libsodium's verdict on a tag. */
int __wrap_crypto_verify_16(const unsigned char *a, const unsigned char *b) {
  int verdict = __real_crypto_verify_16(a, b);
  ctime_show(&verdict, sizeof verdict);
  return verdict;
}

/* What a keystore's text has in it is sealed. */
void __wrap_ol_hex_digits_of(char *out, const uint8_t *bytes, size_t len) {
  ctime_show(bytes, len);
  __real_ol_hex_digits_of(out, bytes, len);
}

/* A public key is public. */
ol_status __wrap_ol_secp256k1_pubkey_create(ol_error *error, ol_secp256k1_pubkey *out,
                                            const ol_secp256k1_signer *signer, const uint8_t key[32]) {
  ol_status status = __real_ol_secp256k1_pubkey_create(error, out, signer, key);
  ctime_show(out, sizeof *out);
  return status;
}

/* Lets libsecp256k1 show what it takes for public itself: that a nonce is one, and that a signature was made. */
secp256k1_context *__wrap_secp256k1_context_preallocated_create(void *memory, unsigned flags) {
  return __real_secp256k1_context_preallocated_create(memory, flags | SECP256K1_CONTEXT_DECLASSIFY);
}

/* --- Secret and public --- */

void ctime_hide(const void *bytes, size_t len) {
  VALGRIND_MAKE_MEM_UNDEFINED(bytes, len);
}

void ctime_show(const void *bytes, size_t len) {
  VALGRIND_MAKE_MEM_DEFINED(bytes, len);
}

void ctime_hide_letters(uint8_t *text, size_t len) {
  static const uint8_t low_bits = 0x1f, nothing = 0;
  for (size_t i = 0; i < len; i++) VALGRIND_SET_VBITS(text + i, text[i] == ' ' ? &nothing : &low_bits, 1);
}

/* --- Running --- */

static unsigned passed, failed;

static void run(const ctime_check *check) {
  unsigned before = VALGRIND_COUNT_ERRORS;
  bool done = check->run();
  ctime_show(&done, sizeof done);
  unsigned reports = VALGRIND_COUNT_ERRORS - before;
  bool good = done && (reports > 0) == check->leaks;
  good ? passed++ : failed++;
  printf("%s %s%s\n", good ? "ok    " : "not ok", check->leaks ? "a planted leak is found: " : "",
         check->name);
  if (!done) printf("       it did not do what it was to do\n");
  if (!check->leaks && reports > 0) printf("       reports: %u\n", reports);
  fflush(stdout);
}

int main(void) {
  if (RUNNING_ON_VALGRIND == 0) {
    printf("skipped: not under valgrind\n");
    return 77;
  }
  for (size_t i = 0; i < ctime_planted_count; i++) run(&ctime_planted[i]);
  for (size_t i = 0; i < ctime_core_count; i++) run(&ctime_core[i]);
  for (size_t i = 0; i < ctime_wallet_count; i++) run(&ctime_wallet[i]);
  printf("%u verdicts and lengths were disclosed\n%u passed, %u failed\n", disclosed, passed, failed);
  return failed == 0 && passed > 0 && disclosed > 0 ? 0 : 1;
}
