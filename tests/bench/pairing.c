/* SPDX-License-Identifier: MIT */
#include "crypto/bls.h"

#include "work.h"

static struct {
  ol_bls_pubkey key;
  ol_bls_signature signature;
  ol_slice message;
} given;

static bool read_given(void) {
  ol_error error;
  ol_slice key = work_input("pairing", "key"), signature = work_input("pairing", "signature");
  given.message = work_input("pairing", "message");
  return key.len == OL_BLS_PUBKEY_BYTES && signature.len == OL_BLS_SIGNATURE_BYTES &&
         ol_bls_pubkey_read(&error, &given.key, key.data) == OL_OK &&
         ol_bls_signature_read(&error, &given.signature, signature.data) == OL_OK;
}

/*
 * What no light client can do with less: one signature by one key, both read and checked before. That is hashing
 * the message to the curve, and e(key, H(message)) == e(generator, signature).
 */
bool pairing_check(work_answer *answer, size_t count) {
  (void)answer;
  ol_error error;
  bool good = given.message.len > 0 || read_given();
  for (size_t i = 0; i < count && good; i++)
    good = ol_bls_verify(&error, ol_bls_ethereum, &given.key, given.message, &given.signature) == OL_OK;
  return good;
}
