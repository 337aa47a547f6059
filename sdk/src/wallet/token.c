/* SPDX-License-Identifier: MIT */
#include "openledger/token.h"

#include "encoding/abi_read.h"
#include "encoding/abi_write.h"
#include "rollup/slots.h"

#include "base/poison.h"

#define WORD sizeof(ol_u256)
#define SELECTOR 4

/*
 * Selectors of calls, and the parameters of calls and events, in order, each a letter:
 *   c caller, f from, t to: addresses      o approved: a bool      d data: bytes       v y_parity, as 27 or 28
 *   i id, a amount, e deadline, r, s: words                        I ids, A amounts: arrays of words
 */
static const struct {
  uint32_t selector;
  char fields[8];
} calls[] = {
    /* transfer(address,uint256) */
    [OL_TOKEN_TRANSFER] = {0xa9059cbb, "ta"},
    /* transferFrom(address,address,uint256) */
    [OL_TOKEN_TRANSFER_FROM] = {0x23b872dd, "fta"},
    /* approve(address,uint256) */
    [OL_TOKEN_APPROVE] = {0x095ea7b3, "ta"},
    /* increaseAllowance(address,uint256) */
    [OL_TOKEN_INCREASE] = {0x39509351, "ta"},
    /* decreaseAllowance(address,uint256) */
    [OL_TOKEN_DECREASE] = {0xa457c2d7, "ta"},
    /* permit(address,address,uint256,uint256,uint8,bytes32,bytes32) */
    [OL_TOKEN_PERMIT] = {0xd505accf, "ftaevrs"},
    /* safeTransferFrom(address,address,uint256) */
    [OL_TOKEN_SEND] = {0x42842e0e, "fti"},
    /* safeTransferFrom(address,address,uint256,bytes) */
    [OL_TOKEN_SEND_DATA] = {0xb88d4fde, "ftid"},
    /* setApprovalForAll(address,bool) */
    [OL_TOKEN_APPROVE_ALL] = {0xa22cb465, "to"},
    /* safeTransferFrom(address,address,uint256,uint256,bytes) */
    [OL_TOKEN_MULTI_SEND] = {0xf242432a, "ftiad"},
    /* safeBatchTransferFrom(address,address,uint256[],uint256[],bytes) */
    [OL_TOKEN_BATCH_SEND] = {0x2eb2c2d6, "ftIAd"},
};

/* keccak-256 of the events' signatures */
enum { TRANSFER, APPROVAL, APPROVAL_FOR_ALL, TRANSFER_SINGLE, TRANSFER_BATCH };
static const ol_hash topics[] = {
    /* Transfer(address,address,uint256) */
    [TRANSFER] = {{0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0,
                   0x68, 0xfc, 0x37, 0x8d, 0xaa, 0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4,
                   0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef}},
    /* Approval(address,address,uint256) */
    [APPROVAL] = {{0x8c, 0x5b, 0xe1, 0xe5, 0xeb, 0xec, 0x7d, 0x5b, 0xd1, 0x4f, 0x71,
                   0x42, 0x7d, 0x1e, 0x84, 0xf3, 0xdd, 0x03, 0x14, 0xc0, 0xf7, 0xb2,
                   0x29, 0x1e, 0x5b, 0x20, 0x0a, 0xc8, 0xc7, 0xc3, 0xb9, 0x25}},
    /* ApprovalForAll(address,address,bool) */
    [APPROVAL_FOR_ALL] = {{0x17, 0x30, 0x7e, 0xab, 0x39, 0xab, 0x61, 0x07, 0xe8, 0x89, 0x98,
                           0x45, 0xad, 0x3d, 0x59, 0xbd, 0x96, 0x53, 0xf2, 0x00, 0xf2, 0x20,
                           0x92, 0x04, 0x89, 0xca, 0x2b, 0x59, 0x37, 0x69, 0x6c, 0x31}},
    /* TransferSingle(address,address,address,uint256,uint256) */
    [TRANSFER_SINGLE] = {{0xc3, 0xd5, 0x81, 0x68, 0xc5, 0xae, 0x73, 0x97, 0x73, 0x1d, 0x06,
                          0x3d, 0x5b, 0xbf, 0x3d, 0x65, 0x78, 0x54, 0x42, 0x73, 0x43, 0xf4,
                          0xc0, 0x83, 0x24, 0x0f, 0x7a, 0xac, 0xaa, 0x2d, 0x0f, 0x62}},
    /* TransferBatch(address,address,address,uint256[],uint256[]) */
    [TRANSFER_BATCH] = {{0x4a, 0x39, 0xdc, 0x06, 0xd4, 0xc0, 0xdb, 0xc6, 0x4b, 0x70, 0xaf,
                         0x90, 0xfd, 0x69, 0x8a, 0x23, 0x3a, 0x51, 0x8a, 0xa5, 0xd0, 0x7e,
                         0x59, 0x5d, 0x98, 0x3b, 0x8c, 0x05, 0x26, 0xc8, 0xf7, 0xfb}},
};

/* ERC-20 and ERC-721 have the same events, but the last value of the one is in its data, of the other in a topic. */
static const struct {
  uint8_t kind;
  uint8_t topic;
  uint8_t indexed;
  char fields[8];
} events[] = {
    {OL_TOKEN_SENT, TRANSFER, 2, "fta"},
    {OL_TOKEN_ID_SENT, TRANSFER, 3, "fti"},
    {OL_TOKEN_APPROVED, APPROVAL, 2, "fta"},
    {OL_TOKEN_ID_APPROVED, APPROVAL, 3, "fti"},
    {OL_TOKEN_ALL_APPROVED, APPROVAL_FOR_ALL, 2, "fto"},
    {OL_TOKEN_MULTI_SENT, TRANSFER_SINGLE, 3, "cftia"},
    {OL_TOKEN_BATCH_SENT, TRANSFER_BATCH, 3, "cftIA"},
};

#define CALLS (sizeof calls / sizeof calls[0])
#define EVENTS (sizeof events / sizeof events[0])

static ol_address *address_of(ol_token_action *action, char field) {
  return field == 'c' ? &action->caller : field == 'f' ? &action->from : &action->to;
}

static ol_u256 *word_of(ol_token_action *action, char field) {
  switch (field) {
  case 'i': return &action->id;
  case 'a': return &action->amount;
  case 'e': return &action->deadline;
  case 'r': return &action->r;
  default: return &action->s;
  }
}

static ol_slice *words_of(ol_token_action *action, char field) {
  return field == 'I' ? &action->ids : &action->amounts;
}

/* --- Calls --- */

static void put_words(ol_abi_writer *to, ol_abi_frame *in, ol_slice words) {
  const size_t count = words.len / WORD;
  ol_abi_frame items = ol_abi_put_array(to, in, count, count);
  for (size_t i = 0; i < count; i++) {
    ol_u256 word;
    memcpy(word.bytes, words.data + WORD * i, WORD);
    ol_abi_put_word(to, &items, &word);
  }
}

static void put_field(ol_abi_writer *to, ol_abi_frame *in, ol_token_action *action, char field) {
  switch (field) {
  case 'f':
  case 't': ol_abi_put_address(to, in, address_of(action, field)); break;
  case 'o': ol_abi_put_u64(to, in, action->approved); break;
  case 'v': ol_abi_put_u64(to, in, 27 + action->y_parity); break;
  case 'd': ol_abi_put_bytes(to, in, action->data); break;
  case 'I':
  case 'A': put_words(to, in, *words_of(action, field)); break;
  default: ol_abi_put_word(to, in, word_of(action, field));
  }
}

static ol_status check_call(ol_error *error, const ol_token_action *action) {
  const char *reason = NULL;
  if (action->kind >= CALLS) reason = "kind is not that of a call";
  if (action->approved > 1 || action->y_parity > 1) reason = "neither 0 nor 1";
  if (action->ids.len != action->amounts.len || action->ids.len % WORD != 0)
    reason = "ids and amounts are not as many words";
  return reason == NULL ? OL_OK : ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
}

ol_status ol_token_call(ol_error *error, ol_call *out, const ol_token_action *action, void *memory,
                        size_t len) {
  ol_error_clear(error);
  OL_TRY(check_call(error, action));
  ol_token_action copy = *action;
  ol_abi_writer to;
  ol_slice input;
  const char *fields = calls[action->kind].fields;
  ol_abi_frame in = ol_abi_begin_call(&to, calls[action->kind].selector, ol_text_len(fields), memory, len);
  for (; *fields != '\0'; fields++) put_field(&to, &in, &copy, *fields);
  OL_TRY(ol_abi_end(error, &input, &to));
  *out = (ol_call){.to = action->token, .data = input};
  return OL_OK;
}

/* --- Reading --- */

static ol_status take_words(ol_error *error, ol_slice *out, ol_abi_args *from, ol_abi_frame *in) {
  ol_abi_frame items;
  size_t count;
  OL_TRY(ol_abi_take_array(error, &items, &count, from, in, 1));
  *out = ol_slice_of(from->input.data + items.base, WORD * count);
  return OL_OK;
}

static ol_status take_parity(ol_error *error, uint32_t *out, ol_abi_args *from, ol_abi_frame *in) {
  uint64_t v;
  const size_t at = in->next;
  OL_TRY(ol_abi_take_u64(error, &v, from, in));
  if (v != 27 && v != 28) return ol_fail(error, OL_ERR_ENCODING, at, "v of a signature is neither 27 nor 28");
  *out = (uint32_t)v - 27;
  return OL_OK;
}

static ol_status take_field(ol_error *error, ol_token_action *out, char field, ol_abi_args *from,
                            ol_abi_frame *in) {
  bool truth;
  switch (field) {
  case 'c':
  case 'f':
  case 't': return ol_abi_take_address(error, address_of(out, field), from, in);
  case 'o':
    OL_TRY(ol_abi_take_bool(error, &truth, from, in));
    out->approved = truth;
    return OL_OK;
  case 'v': return take_parity(error, &out->y_parity, from, in);
  case 'd': return ol_abi_take_bytes(error, &out->data, from, in);
  case 'I':
  case 'A': return take_words(error, words_of(out, field), from, in);
  default: return ol_abi_take_word(error, word_of(out, field), from, in);
  }
}

/* Reads the fields from the `first` on, which are all that there is. */
static ol_status take_fields(ol_error *error, ol_token_action *out, const char *fields, uint32_t first,
                             ol_abi_args *from, ol_abi_frame *in) {
  for (uint32_t i = first; fields[i] != '\0'; i++)
    OL_TRY(ol_error_in(error, take_field(error, out, fields[i], from, in), "argument", i));
  if (out->ids.len != out->amounts.len)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "ids and amounts are not as many");
  return ol_abi_args_end(error, from);
}

ol_status ol_token_from_input(ol_error *error, ol_token_action *out, const uint8_t *input, size_t len) {
  ol_error_clear(error);
  for (uint32_t kind = 0; kind < CALLS && len >= SELECTOR; kind++) {
    ol_token_action action = {.kind = kind};
    ol_abi_args from;
    ol_abi_frame in;
    const char *fields = calls[kind].fields;
    if (calls[kind].selector != ol_load_be32(input)) continue;
    OL_TRY(ol_abi_args_begin_call(error, &from, &in, ol_slice_of(input, len), calls[kind].selector,
                                  ol_text_len(fields)));
    OL_TRY(take_fields(error, &action, fields, 0, &from, &in));
    *out = action;
    return OL_OK;
  }
  return ol_fail(error, OL_ERR_MISMATCH, 0, "call is none of a token's");
}

static ol_status read_event(ol_error *error, ol_token_action *out, const ol_log *log, uint32_t indexed,
                            const char *fields) {
  ol_abi_args from;
  ol_abi_frame in;
  for (uint32_t i = 0; i < indexed; i++) {
    ol_abi_frame topic = {0, 0};
    from = (ol_abi_args){.input = ol_slice_of(log->topics[i + 1].bytes, WORD), .used = WORD};
    OL_TRY(ol_error_in(error, take_field(error, out, fields[i], &from, &topic), "topic", i + 1));
  }
  OL_TRY(ol_abi_args_begin(error, &from, &in, log->data, ol_text_len(fields) - indexed));
  return take_fields(error, out, fields, indexed, &from, &in);
}

ol_status ol_token_from_log(ol_error *error, ol_token_action *out, const ol_log *log) {
  ol_error_clear(error);
  for (size_t i = 0; i < EVENTS; i++) {
    ol_token_action action = {.kind = events[i].kind, .token = log->address};
    if (log->topic_count != events[i].indexed + 1u ||
        !ol_hash_equal(&log->topics[0], &topics[events[i].topic]))
      continue;
    OL_TRY(read_event(error, &action, log, events[i].indexed, events[i].fields));
    *out = action;
    return OL_OK;
  }
  return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "event is none of a token's");
}

/* --- What calls return --- */

ol_status ol_token_number(ol_error *error, ol_u256 *out, const uint8_t *returned, size_t len) {
  ol_error_clear(error);
  if (len != WORD) return ol_fail(error, OL_ERR_ENCODING, len, "token returned something else than a number");
  memcpy(out->bytes, returned, WORD);
  return OL_OK;
}

ol_status ol_token_decimals(ol_error *error, uint32_t *out, const uint8_t *returned, size_t len) {
  ol_u256 number;
  OL_TRY(ol_token_number(error, &number, returned, len));
  OL_TRY(ol_abi_read_uint(error, &number, 8, ol_slice_of(number.bytes, WORD), 0));
  *out = number.bytes[WORD - 1];
  return OL_OK;
}

ol_status ol_token_text(ol_error *error, ol_slice *out, const uint8_t *returned, size_t len) {
  ol_abi_args from;
  ol_abi_frame in;
  ol_error_clear(error);
  if (len == WORD) {
    size_t used = WORD;
    while (used > 0 && returned[used - 1] == 0) used--;
    *out = ol_slice_of(returned, used);
    return OL_OK;
  }
  /* Some compilers have left words behind the string. */
  OL_TRY(ol_abi_args_begin(error, &from, &in, ol_slice_of(returned, len), 1));
  return ol_abi_take_bytes(error, out, &from, &in);
}

ol_status ol_token_done(ol_error *error, const uint8_t *returned, size_t len) {
  bool done;
  ol_error_clear(error);
  if (len == 0) return OL_OK;
  OL_TRY(ol_abi_read_bool(error, &done, ol_slice_of(returned, len), 0));
  return done ? OL_OK : ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "token says that it has not done it");
}

/* --- Where they are stored --- */

void ol_token_balance_slot(ol_u256 *out, const ol_address *owner, const ol_u256 *base) {
  const ol_u256 key = ol_abi_address(owner);
  ol_slot_in_mapping(out, &key, base);
}

void ol_token_allowance_slot(ol_u256 *out, const ol_address *owner, const ol_address *spender,
                             const ol_u256 *base) {
  ol_u256 inner;
  ol_token_balance_slot(&inner, owner, base);
  ol_token_balance_slot(out, spender, &inner);
}
