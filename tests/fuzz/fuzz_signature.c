/* SPDX-License-Identifier: MIT */

/* The input as a signature in each form, as an envelope of ERC-6492, and as what a contract answers. */

#include "encoding/abi.h"
#include "fuzz/fuzz.h"
#include "openledger/signature.h"

static void read_plain(const uint8_t *data, size_t len) {
  ol_error error;
  ol_signature signature, again;
  ol_hash digest;
  ol_address signer;
  uint8_t whole[65], compact[64];
  ol_status status = ol_signature_read(&error, &signature, data, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  FUZZ_REQUIRE((len == 64 || len == 65) && signature.y_parity <= 1);
  ol_signature_write(whole, &signature);
  ol_signature_write_compact(compact, &signature);
  FUZZ_REQUIRE(len == 65 ? memcmp(whole, data, 64) == 0 : memcmp(compact, data, 64) == 0);
  FUZZ_REQUIRE(ol_signature_read(&error, &again, whole, sizeof whole) == OL_OK);
  FUZZ_REQUIRE(memcmp(&again, &signature, sizeof again) == 0);
  FUZZ_REQUIRE(ol_signature_read(&error, &again, compact, sizeof compact) == OL_OK);
  FUZZ_REQUIRE(memcmp(&again, &signature, sizeof again) == 0);
  ol_keccak256(&digest, data, len);
  if (ol_signature_recover(&error, &signer, &digest, &signature) == OL_OK)
    FUZZ_REQUIRE(ol_signature_check(&error, &digest, &signature, &signer) == OL_OK);
}

static size_t put_bytes(uint8_t *out, size_t at, ol_slice bytes) {
  const ol_u256 count = ol_abi_u64(bytes.len);
  memcpy(out + at, count.bytes, 32);
  if (bytes.len > 0) memcpy(out + at + 32, bytes.data, bytes.len);
  return at + 32 + bytes.len + -bytes.len % 32;
}

/* Encodes what was taken apart: it must be what was given. */
static void read_wrapped(const uint8_t *data, size_t len) {
  ol_error error;
  ol_wrapped_signature wrapped;
  ol_status status = ol_signature_unwrap(&error, &wrapped, data, len);
  if (status != OL_OK) {
    fuzz_refused(&error, status, len);
    return;
  }
  FUZZ_REQUIRE(ol_signature_is_wrapped(data, len));
  uint8_t *out = calloc(1, len);
  if (out == NULL) abort();
  const ol_u256 factory = ol_abi_address(&wrapped.factory), first = ol_abi_u64(96);
  memcpy(out, factory.bytes, 32);
  memcpy(out + 32, first.bytes, 32);
  size_t at = put_bytes(out, 96, wrapped.factory_data);
  const ol_u256 second = ol_abi_u64(at);
  memcpy(out + 64, second.bytes, 32);
  at = put_bytes(out, at, wrapped.signature);
  FUZZ_REQUIRE(at + 32 == len && memcmp(out, data, at) == 0);
  free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_call call;
  ol_hash digest = {{1}};
  const ol_address contract = {{2}};
  read_plain(data, len);
  read_wrapped(data, len);
  ol_status status = ol_signature_contract_answer(&error, data, len);
  FUZZ_REQUIRE(status == OL_OK || status == OL_ERR_MISMATCH);
  uint8_t *input = fuzz_block(len + 164);
  status =
      ol_signature_contract_call(&error, &call, &contract, &digest, ol_slice_of(data, len), input, len + 164);
  FUZZ_REQUIRE(status == OL_OK && call.data.len % 32 == 4);
  free(input);
  return 0;
}
