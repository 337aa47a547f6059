/* SPDX-License-Identifier: MIT */
#include "ledger/args.h"

#include "crypto/secp256k1.h"
#include "encoding/json.h"

#include "base/poison.h"

#define SIGNATURE_LEN 65

const ol_u256 ol_nothing;

/* --- What is refused --- */

static ol_status refuse(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
}

static ol_status check_text(ol_error *error, ol_slice text) {
  for (size_t at = 0; at < text.len;) {
    const size_t len = ol_utf8_len(ol_slice_of(text.data + at, text.len - at));
    if (len == 0) return ol_fail(error, OL_ERR_ARGUMENT, at, "is not UTF-8");
    at += len;
  }
  return OL_OK;
}

/* As OpenZeppelin's ECDSA takes them: of each pair (r, s) and (r, n - s) the one with the lower s, in 65 bytes. */
static ol_status read_signature(ol_error *error, ol_ecdsa_signature *out, ol_slice bytes) {
  static const uint8_t half[32] = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                   0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4,
                                   0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};
  if (bytes.len == 64) return refuse(error, "is a short signature (EIP-2098), which contracts refuse");
  if (bytes.len != SIGNATURE_LEN) return refuse(error, "is not a signature of 65 bytes");
  OL_TRY(ol_ecdsa_read_rsv(error, out, bytes.data));
  if (ol_is_zero(ol_slice_of(out->r, 32)) || ol_is_zero(ol_slice_of(out->s, 32)))
    return ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, "is a signature with a zero in it");
  if (memcmp(out->s, half, sizeof half) > 0)
    return ol_fail(error, OL_ERR_CRYPTO, OL_NOWHERE, "is a signature with a high s, which contracts refuse");
  return OL_OK;
}

static ol_status check(ol_error *error, const ol_arg *arg) {
  ol_ecdsa_signature signature;
  const ol_slice *bytes = arg->of;
  switch (arg->kind) {
  case OL_ARG_AMOUNT: return ol_u256_is_zero((const ol_u256 *)arg->of) ? refuse(error, "is zero") : OL_OK;
  case OL_ARG_ADDRESS:
    return ol_address_is_zero((const ol_address *)arg->of) ? refuse(error, "is the zero address") : OL_OK;
  case OL_ARG_BYTES:
  case OL_ARG_TEXT:
    if (bytes->len > arg->number) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "is too long");
    return arg->kind == OL_ARG_TEXT ? check_text(error, *bytes) : OL_OK;
  case OL_ARG_RSV:
  case OL_ARG_VRS: return read_signature(error, &signature, *bytes);
  default: return OL_OK;
  }
}

/* --- What is written --- */

static size_t words_of(const ol_arg *args, size_t count) {
  size_t words = count;
  for (size_t i = 0; i < count; i++) words += args[i].kind == OL_ARG_VRS ? 2 : 0;
  return words;
}

static void put_signature(ol_abi_writer *to, ol_abi_frame *in, const ol_arg *arg) {
  uint8_t bytes[SIGNATURE_LEN];
  ol_u256 word;
  memcpy(bytes, ((const ol_slice *)arg->of)->data, sizeof bytes);
  if (bytes[64] < 27)
    bytes[64] = (uint8_t)(bytes[64] + 27); /* v of contracts, not the parity of transactions */
  if (arg->kind == OL_ARG_RSV) {
    ol_abi_put_bytes(to, in, ol_slice_of(bytes, sizeof bytes));
    return;
  }
  ol_abi_put_u64(to, in, bytes[64]);
  for (size_t i = 0; i < 64; i += 32) {
    memcpy(word.bytes, bytes + i, sizeof word.bytes);
    ol_abi_put_word(to, in, &word);
  }
}

static void put_calls(ol_abi_writer *to, ol_abi_frame *in, const ol_arg *arg) {
  const ol_call *calls = arg->of;
  ol_abi_frame list = ol_abi_put_array(to, in, (size_t)arg->number, (size_t)arg->number);
  for (size_t i = 0; i < arg->number; i++) {
    if (arg->kind == OL_ARG_TARGETS)
      ol_abi_put_address(to, &list, &calls[i].to);
    else if (arg->kind == OL_ARG_VALUES)
      ol_abi_put_word(to, &list, &calls[i].value);
    else
      ol_abi_put_bytes(to, &list, calls[i].data);
  }
}

static void put_words(ol_abi_writer *to, ol_abi_frame *in, const ol_arg *arg) {
  const ol_u256 *words = arg->of;
  const size_t count = (size_t)arg->number * (arg->kind == OL_ARG_PAIRS ? 2 : 1);
  ol_abi_frame list = ol_abi_put_array(to, in, (size_t)arg->number, count);
  for (size_t i = 0; i < count; i++) ol_abi_put_word(to, &list, &words[i]);
}

static void put(ol_abi_writer *to, ol_abi_frame *in, const ol_arg *arg) {
  switch (arg->kind) {
  case OL_ARG_WORD:
  case OL_ARG_AMOUNT: ol_abi_put_word(to, in, (const ol_u256 *)arg->of); break;
  case OL_ARG_ADDRESS: ol_abi_put_address(to, in, (const ol_address *)arg->of); break;
  case OL_ARG_NUMBER: ol_abi_put_u64(to, in, arg->number); break;
  case OL_ARG_BYTES:
  case OL_ARG_TEXT: ol_abi_put_bytes(to, in, *(const ol_slice *)arg->of); break;
  case OL_ARG_RSV:
  case OL_ARG_VRS: put_signature(to, in, arg); break;
  case OL_ARG_WORDS:
  case OL_ARG_PAIRS: put_words(to, in, arg); break;
  default: put_calls(to, in, arg); break;
  }
}

static ol_status put_all(ol_error *error, ol_slice *out, ol_abi_writer *to, ol_abi_frame in,
                         const ol_arg *args, size_t count) {
  for (size_t i = 0; i < count; i++) {
    OL_TRY(ol_error_in(error, check(error, &args[i]), args[i].name, OL_NOWHERE));
    put(to, &in, &args[i]);
  }
  return ol_abi_end(error, out, to);
}

ol_status ol_args_call(ol_error *error, ol_call *out, const ol_address *to, const ol_u256 *value,
                       uint32_t selector, const ol_arg *args, size_t count, void *memory, size_t len) {
  const ol_arg contract = {OL_ARG_ADDRESS, "contract", to, 0};
  ol_abi_writer writer;
  ol_slice data;
  ol_error_clear(error);
  OL_TRY(ol_error_in(error, check(error, &contract), contract.name, OL_NOWHERE));
  const ol_abi_frame in = ol_abi_begin_call(&writer, selector, words_of(args, count), memory, len);
  OL_TRY(put_all(error, &data, &writer, in, args, count));
  *out = (ol_call){.to = *to, .value = *value, .data = data};
  return OL_OK;
}

ol_status ol_args_hash(ol_error *error, ol_hash *out, const ol_arg *args, size_t count, void *memory,
                       size_t len) {
  ol_abi_writer writer;
  ol_slice data;
  ol_error_clear(error);
  const ol_abi_frame in = ol_abi_begin(&writer, words_of(args, count), memory, len);
  OL_TRY(put_all(error, &data, &writer, in, args, count));
  ol_keccak256(out, data.data, data.len);
  return OL_OK;
}
