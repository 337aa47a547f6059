/* SPDX-License-Identifier: MIT */
#include "openledger/signature.h"

#include "crypto/secp256k1.h"
#include "encoding/abi.h"

#include "base/poison.h"

#define WORD sizeof(ol_u256)

/* The order of the curve (SEC 2, 2.4.1), and half of it, rounded down. */
static const uint8_t order[32] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                  0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                                  0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
static const uint8_t half_order[32] = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4,
                                       0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};

static ol_status check_numbers(ol_error *error, const ol_signature *signature) {
  if (ol_u256_is_zero(&signature->r) || memcmp(signature->r.bytes, order, sizeof order) >= 0)
    return ol_fail(error, OL_ERR_CRYPTO, 0, "r is zero or not below the order of the curve");
  if (ol_u256_is_zero(&signature->s) || memcmp(signature->s.bytes, half_order, sizeof half_order) > 0)
    return ol_fail(error, OL_ERR_CRYPTO, 32, "s is zero or above half the order of the curve");
  return OL_OK;
}

ol_status ol_signature_read(ol_error *error, ol_signature *out, const uint8_t *bytes, size_t len) {
  ol_ecdsa_signature plain;
  ol_signature signature;
  uint8_t whole[65] = {0};
  ol_error_clear(error);
  if (len != 64 && len != 65)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "a signature has 65 bytes, or 64 (EIP-2098)");
  memcpy(whole, bytes, len);
  if (len == 64) {
    whole[64] = whole[32] >> 7;
    whole[32] &= 0x7f;
  }
  OL_TRY(ol_ecdsa_read_rsv(error, &plain, whole));
  memcpy(signature.r.bytes, plain.r, sizeof plain.r);
  memcpy(signature.s.bytes, plain.s, sizeof plain.s);
  signature.y_parity = plain.y_parity;
  OL_TRY(check_numbers(error, &signature));
  *out = signature;
  return OL_OK;
}

void ol_signature_write(uint8_t out[65], const ol_signature *signature) {
  memcpy(out, signature->r.bytes, 32);
  memcpy(out + 32, signature->s.bytes, 32);
  out[64] = (uint8_t)(27 + signature->y_parity);
}

void ol_signature_write_compact(uint8_t out[64], const ol_signature *signature) {
  memcpy(out, signature->r.bytes, 32);
  memcpy(out + 32, signature->s.bytes, 32);
  out[32] = (uint8_t)(out[32] | signature->y_parity << 7);
}

ol_status ol_signature_recover(ol_error *error, ol_address *out, const ol_hash *digest,
                               const ol_signature *signature) {
  ol_ecdsa_signature plain;
  ol_secp256k1_pubkey key;
  ol_error_clear(error);
  memcpy(plain.r, signature->r.bytes, sizeof plain.r);
  memcpy(plain.s, signature->s.bytes, sizeof plain.s);
  plain.y_parity = signature->y_parity <= 1 ? (uint8_t)signature->y_parity : 2;
  OL_TRY(ol_ecdsa_recover(error, &key, digest, &plain, OL_ECDSA_LOW_S));
  ol_secp256k1_address(out, &key);
  return OL_OK;
}

ol_status ol_signature_check(ol_error *error, const ol_hash *digest, const ol_signature *signature,
                             const ol_address *account) {
  ol_address signer;
  OL_TRY(ol_signature_recover(error, &signer, digest, signature));
  if (memcmp(&signer, account, sizeof signer) != 0)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "signature is of another account");
  return OL_OK;
}

/* --- ERC-6492 --- */

#define SUFFIX_PAIR 0x64, 0x92
#define SUFFIX_8 SUFFIX_PAIR, SUFFIX_PAIR, SUFFIX_PAIR, SUFFIX_PAIR

static const uint8_t suffix[32] = {SUFFIX_8, SUFFIX_8, SUFFIX_8, SUFFIX_8};

bool ol_signature_is_wrapped(const uint8_t *bytes, size_t len) {
  return len >= sizeof suffix && memcmp(bytes + len - sizeof suffix, suffix, sizeof suffix) == 0;
}

ol_status ol_signature_unwrap(ol_error *error, ol_wrapped_signature *out, const uint8_t *bytes, size_t len) {
  ol_wrapped_signature wrapped;
  uint64_t second;
  ol_error_clear(error);
  if (!ol_signature_is_wrapped(bytes, len))
    return ol_fail(error, OL_ERR_ENCODING, len, "signature does not end as ERC-6492 has it");
  ol_slice data = ol_slice_of(bytes, len - sizeof suffix);
  OL_TRY(ol_abi_read_address(error, &wrapped.factory, data, 0));
  OL_TRY(ol_abi_read_u64(error, &second, data, 2 * WORD));
  if (second > data.len) return ol_fail(error, OL_ERR_ENCODING, 2 * WORD, "ABI bytes are cut short");
  /* Where the second bytes begin, the first have ended. */
  OL_TRY(ol_abi_read_bytes(error, &wrapped.factory_data, ol_slice_of(data.data, (size_t)second), WORD,
                           3 * WORD));
  OL_TRY(ol_abi_read_bytes(error, &wrapped.signature, data, 2 * WORD, (size_t)second));
  *out = wrapped;
  return OL_OK;
}

/* --- EIP-1271 --- */

/* keccak-256 of "isValidSignature(bytes32,bytes)", its first bytes: the selector, and what means yes */
static const uint8_t magic[4] = {0x16, 0x26, 0xba, 0x7e};

#define CALL_HEAD (sizeof magic + 3 * WORD) /* selector, digest, where the bytes are, how many */

ol_status ol_signature_contract_call(ol_error *error, ol_call *out, const ol_address *contract,
                                     const ol_hash *digest, ol_slice signature, void *memory, size_t len) {
  uint8_t *input = (uint8_t *)memory;
  ol_error_clear(error);
  const ol_u256 offset = ol_abi_u64(2 * WORD), count = ol_abi_u64(signature.len);
  const size_t padding = -signature.len % WORD;
  if (len < CALL_HEAD || len - CALL_HEAD < signature.len || len - CALL_HEAD - signature.len < padding)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for the input");
  memcpy(input, magic, sizeof magic);
  memcpy(input + 4, digest->bytes, WORD);
  memcpy(input + 4 + WORD, offset.bytes, WORD);
  memcpy(input + 4 + 2 * WORD, count.bytes, WORD);
  if (signature.len > 0) memcpy(input + CALL_HEAD, signature.data, signature.len);
  memset(input + CALL_HEAD + signature.len, 0, padding);
  *out = (ol_call){.to = *contract, .data = ol_slice_of(input, CALL_HEAD + signature.len + padding)};
  return OL_OK;
}

ol_status ol_signature_contract_answer(ol_error *error, const uint8_t *bytes, size_t len) {
  ol_error_clear(error);
  if (len != WORD || memcmp(bytes, magic, sizeof magic) != 0 ||
      !ol_is_zero(ol_slice_of(bytes + sizeof magic, WORD - sizeof magic)))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "contract does not take the signature for its own");
  return OL_OK;
}
