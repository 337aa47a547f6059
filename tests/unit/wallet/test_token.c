/* SPDX-License-Identifier: MIT */
#include "openledger/token.h"

#include "encoding/abi_type.h"
#include "openledger/text.h"
#include "unit/bytes.h"

static ol_error error;

/* An action in which no two fields are alike. */
static ol_token_action sample(uint32_t kind) {
  static uint8_t words[4][32], data[5];
  ol_token_action out = {.kind = kind, .approved = 1, .y_parity = 1};
  uint8_t *const fields[] = {out.token.bytes, out.caller.bytes, out.from.bytes, out.to.bytes};
  uint8_t *const numbers[] = {out.id.bytes, out.amount.bytes, out.deadline.bytes, out.r.bytes, out.s.bytes};
  for (size_t i = 0; i < 4; i++) count_up(fields[i], 20, (uint8_t)(1 + 20 * i));
  for (size_t i = 0; i < 5; i++) count_up(numbers[i], 32, (uint8_t)(101 + i));
  for (size_t i = 0; i < 4; i++) count_up(words[i], 32, (uint8_t)(201 + i));
  count_up(data, sizeof data, 51);
  out.ids = ol_slice_of(words[0], 64);
  out.amounts = ol_slice_of(words[2], 64);
  out.data = ol_slice_of(data, sizeof data);
  return out;
}

/* Keeps the fields whose letters are named, and makes all others zero. */
static ol_token_action only(const ol_token_action *full, const char *fields) {
  ol_token_action out = {.kind = full->kind};
  for (; *fields != '\0'; fields++) {
    switch (*fields) {
    case 'c': out.caller = full->caller; break;
    case 'f': out.from = full->from; break;
    case 't': out.to = full->to; break;
    case 'i': out.id = full->id; break;
    case 'a': out.amount = full->amount; break;
    case 'o': out.approved = full->approved; break;
    case 'd': out.data = full->data; break;
    case 'e': out.deadline = full->deadline; break;
    case 'v': out.y_parity = full->y_parity; break;
    case 'r': out.r = full->r; break;
    case 's': out.s = full->s; break;
    case 'I': out.ids = full->ids; break;
    default: out.amounts = full->amounts; break;
    }
  }
  return out;
}

static void assert_slice(ol_slice a, ol_slice b) {
  assert_int_equal(a.len, b.len);
  if (a.len > 0) assert_memory_equal(a.data, b.data, a.len);
}

static void assert_action(ol_token_action a, ol_token_action b) {
  assert_slice(a.ids, b.ids);
  assert_slice(a.amounts, b.amounts);
  assert_slice(a.data, b.data);
  assert_int_equal(a.kind, b.kind);
  assert_int_equal(a.approved, b.approved);
  assert_int_equal(a.y_parity, b.y_parity);
  assert_memory_equal(&a.token, &b.token, 4 * sizeof a.token);
  assert_memory_equal(&a.id, &b.id, 5 * sizeof a.id);
}

/* Signatures as the standards have them, and which fields their parameters are. */
static const struct {
  const char *signature, *fields;
} calls[] = {
    [OL_TOKEN_TRANSFER] = {"transfer(address,uint256)", "ta"},
    [OL_TOKEN_TRANSFER_FROM] = {"transferFrom(address,address,uint256)", "fta"},
    [OL_TOKEN_APPROVE] = {"approve(address,uint256)", "ta"},
    [OL_TOKEN_INCREASE] = {"increaseAllowance(address,uint256)", "ta"},
    [OL_TOKEN_DECREASE] = {"decreaseAllowance(address,uint256)", "ta"},
    [OL_TOKEN_PERMIT] = {"permit(address,address,uint256,uint256,uint8,bytes32,bytes32)", "ftaevrs"},
    [OL_TOKEN_SEND] = {"safeTransferFrom(address,address,uint256)", "fti"},
    [OL_TOKEN_SEND_DATA] = {"safeTransferFrom(address,address,uint256,bytes)", "ftid"},
    [OL_TOKEN_APPROVE_ALL] = {"setApprovalForAll(address,bool)", "to"},
    [OL_TOKEN_MULTI_SEND] = {"safeTransferFrom(address,address,uint256,uint256,bytes)", "ftiad"},
    [OL_TOKEN_BATCH_SEND] = {"safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)", "ftIAd"},
};

static const struct {
  const char *signature, *fields;
} events[] = {
    [OL_TOKEN_SENT] = {"event Transfer(address indexed,address indexed,uint256)", "fta"},
    [OL_TOKEN_ID_SENT] = {"event Transfer(address indexed,address indexed,uint256 indexed)", "fti"},
    [OL_TOKEN_APPROVED] = {"event Approval(address indexed,address indexed,uint256)", "fta"},
    [OL_TOKEN_ID_APPROVED] = {"event Approval(address indexed,address indexed,uint256 indexed)", "fti"},
    [OL_TOKEN_ALL_APPROVED] = {"event ApprovalForAll(address indexed,address indexed,bool)", "fto"},
    [OL_TOKEN_MULTI_SENT] =
        {"event TransferSingle(address indexed,address indexed,address indexed,uint256,uint256)", "cftia"},
    [OL_TOKEN_BATCH_SENT] =
        {"event TransferBatch(address indexed,address indexed,address indexed,uint256[],uint256[])", "cftIA"},
};

/* Puts bytes in hex, and a comma. */
static size_t put_hex(char *out, const uint8_t *bytes, size_t len) {
  char hex[80];
  ol_hex_text(hex, bytes, len);
  return (size_t)sprintf(out, "\"%s\",", hex);
}

static size_t put_field(char *out, const ol_token_action *action, char field) {
  const ol_slice words = field == 'I' ? action->ids : action->amounts;
  size_t used = 0;
  switch (field) {
  case 'c': return put_hex(out, action->caller.bytes, 20);
  case 'f': return put_hex(out, action->from.bytes, 20);
  case 't': return put_hex(out, action->to.bytes, 20);
  case 'i': return put_hex(out, action->id.bytes, 32);
  case 'a': return put_hex(out, action->amount.bytes, 32);
  case 'e': return put_hex(out, action->deadline.bytes, 32);
  case 'r': return put_hex(out, action->r.bytes, 32);
  case 's': return put_hex(out, action->s.bytes, 32);
  case 'd': return put_hex(out, action->data.data, action->data.len);
  case 'o': return (size_t)sprintf(out, "%s,", action->approved ? "true" : "false");
  case 'v': return (size_t)sprintf(out, "%u,", (unsigned)(27 + action->y_parity));
  default:
    used += (size_t)sprintf(out, "[");
    for (size_t i = 0; i < words.len; i += 32) used += put_hex(out + used, words.data + i, 32);
    return used - 1 + (size_t)sprintf(out + used - 1, "],");
  }
}

/* Writes an action's values as JSON, in the order of the fields. */
static ol_slice json_of(char out[2048], const ol_token_action *action, const char *fields) {
  size_t used = (size_t)sprintf(out, "[");
  for (; *fields != '\0'; fields++) used += put_field(out + used, action, *fields);
  out[used - 1] = ']';
  return ol_slice_of(out, used);
}

static void writes_calls_as_their_signatures_say(void **state) {
  (void)state;
  static uint8_t memory[1 << 16], input[1024];
  char json[2048];
  for (uint32_t kind = 0; kind < sizeof calls / sizeof calls[0]; kind++) {
    const ol_token_action full = sample(kind);
    ol_token_action expected = only(&full, calls[kind].fields), out;
    ol_slice encoded;
    ol_call call;
    assert_int_equal(ol_token_call(&error, &call, &full, input, sizeof input), OL_OK);
    assert_memory_equal(&call.to, &full.token, sizeof call.to);
    assert_true(ol_u256_is_zero(&call.value));
    assert_int_equal(ol_abi_encode_text(&error, &encoded, text_of(calls[kind].signature),
                                        json_of(json, &full, calls[kind].fields), memory, sizeof memory),
                     OL_OK);
    assert_slice(call.data, encoded);
    assert_int_equal(ol_token_from_input(&error, &out, call.data.data, call.data.len), OL_OK);
    assert_action(out, expected);
    /* As much memory as the header says, and with less a refusal. */
    assert_true(call.data.len <= 320 + 64 + 64 + 32);
    assert_int_equal(ol_token_call(&error, &call, &full, input, call.data.len - 1), OL_ERR_MEMORY);
    assert_int_equal(ol_token_from_input(&error, &out, input, encoded.len - 1), OL_ERR_ENCODING);
    assert_int_equal(ol_token_from_input(&error, &out, input, encoded.len + 1), OL_ERR_ENCODING);
  }
}

/* The log of an event, with its data in memory. */
static ol_log log_of(uint32_t kind, uint8_t data[512]) {
  static ol_abi_signature signature;
  static uint8_t memory[1 << 16];
  const ol_token_action full = sample(kind);
  ol_log log = {.address = full.token};
  char json[2048], list[256] = "(", rest[8] = "";
  size_t fields = 0, used = 1;
  ol_slice encoded;
  assert_int_equal(ol_abi_parse(&error, &signature, text_of(events[kind].signature)), OL_OK);
  log.topics[log.topic_count++] = signature.hash;
  for (; fields < signature.indexed; fields++, log.topic_count++) {
    const char field = events[kind].fields[fields];
    if (field == 'i')
      memcpy(log.topics[log.topic_count].bytes, full.id.bytes, 32);
    else
      memcpy(log.topics[log.topic_count].bytes + 12,
             field == 'c'   ? full.caller.bytes
             : field == 'f' ? full.from.bytes
                            : full.to.bytes,
             20);
  }
  strcpy(rest, events[kind].fields + fields);
  for (const char *field = rest; *field != '\0'; field++)
    used += (size_t)sprintf(list + used, "%s,",
                            *field == 'o'  ? "bool"
                            : *field < 'a' ? "uint256[]"
                                           : "uint256");
  list[used > 1 ? used - 1 : used] = ')';
  if (rest[0] == '\0') return log;
  assert_int_equal(
      ol_abi_encode_text(&error, &encoded, text_of(list), json_of(json, &full, rest), memory, sizeof memory),
      OL_OK);
  memcpy(data, encoded.data, encoded.len);
  log.data = ol_slice_of(data, encoded.len);
  return log;
}

static void reads_events_as_their_signatures_say(void **state) {
  (void)state;
  uint8_t data[512];
  for (uint32_t kind = OL_TOKEN_SENT; kind <= OL_TOKEN_BATCH_SENT; kind++) {
    const ol_token_action full = sample(kind);
    ol_token_action expected = only(&full, events[kind].fields), out;
    ol_log log = log_of(kind, data);
    expected.token = full.token;
    assert_int_equal(ol_token_from_log(&error, &out, &log), OL_OK);
    assert_action(out, expected);
    log.data = ol_slice_of(data, log.data.len + 32);
    assert_int_equal(ol_token_from_log(&error, &out, &log), OL_ERR_ENCODING);
    log = log_of(kind, data);
    log.topics[2].bytes[11] = 1;
    assert_int_equal(ol_token_from_log(&error, &out, &log), OL_ERR_ENCODING);
    assert_string_equal(error.part, "topic");
    assert_int_equal(error.item, 2);
    log = log_of(kind, data);
    log.topics[0].bytes[31] ^= 1;
    assert_int_equal(ol_token_from_log(&error, &out, &log), OL_ERR_MISMATCH);
    log.topic_count = 0;
    assert_int_equal(ol_token_from_log(&error, &out, &log), OL_ERR_MISMATCH);
  }
}

static void refuses_actions_that_are_no_calls(void **state) {
  (void)state;
  uint8_t memory[1024];
  ol_call call;
  ol_token_action action = sample(OL_TOKEN_SENT);
  assert_int_equal(ol_token_call(&error, &call, &action, memory, sizeof memory), OL_ERR_ARGUMENT);
  action = sample(OL_TOKEN_PERMIT);
  action.y_parity = 2;
  assert_int_equal(ol_token_call(&error, &call, &action, memory, sizeof memory), OL_ERR_ARGUMENT);
  action = sample(OL_TOKEN_APPROVE_ALL);
  action.approved = 2;
  assert_int_equal(ol_token_call(&error, &call, &action, memory, sizeof memory), OL_ERR_ARGUMENT);
  action = sample(OL_TOKEN_BATCH_SEND);
  action.ids.len = 32;
  assert_int_equal(ol_token_call(&error, &call, &action, memory, sizeof memory), OL_ERR_ARGUMENT);
  action.ids.len = action.amounts.len = 33;
  assert_int_equal(ol_token_call(&error, &call, &action, memory, sizeof memory), OL_ERR_ARGUMENT);
}

static void refuses_inputs_that_are_none(void **state) {
  (void)state;
  uint8_t memory[1024];
  ol_call call;
  ol_token_action out, action = sample(OL_TOKEN_PERMIT);
  assert_int_equal(ol_token_from_input(&error, &out, memory, 0), OL_ERR_MISMATCH);
  assert_int_equal(ol_token_call(&error, &call, &action, memory, sizeof memory), OL_OK);
  memory[4 + 32 * 4 + 31] = 29;
  assert_int_equal(ol_token_from_input(&error, &out, memory, call.data.len), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "v of a signature is neither 27 nor 28");
  assert_int_equal(error.item, 4);
  memory[3]++;
  assert_int_equal(ol_token_from_input(&error, &out, memory, call.data.len), OL_ERR_MISMATCH);
  /* Two ids, and one amount: the second array takes the word that is left. */
  action = sample(OL_TOKEN_BATCH_SEND);
  action.data.len = 0;
  action.ids.len = action.amounts.len = 32;
  assert_int_equal(ol_token_call(&error, &call, &action, memory, sizeof memory), OL_OK);
  memmove(memory + 4 + 32 * 7, memory + 4 + 32 * 6, 32 * 4);
  memory[4 + 32 * 5 + 31] = 2;
  memory[4 + 32 * 3 + 30] = 1;
  memory[4 + 32 * 3 + 31] = 0;
  memory[4 + 32 * 4 + 30] = 1;
  memory[4 + 32 * 4 + 31] = 0x40;
  assert_int_equal(ol_token_from_input(&error, &out, memory, call.data.len + 32), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ids and amounts are not as many");
}

/* Writes the sample of a kind, and changes a byte of its arguments. */
static void refuse_byte(uint32_t kind, size_t word, size_t byte, uint32_t argument, const char *reason) {
  uint8_t memory[1024];
  ol_call call;
  ol_token_action out, action = sample(kind);
  assert_int_equal(ol_token_call(&error, &call, &action, memory, sizeof memory), OL_OK);
  memory[4 + 32 * word + byte] += 2;
  assert_int_equal(ol_token_from_input(&error, &out, memory, call.data.len), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.item, argument);
}

static void refuses_arguments_that_are_wrong(void **state) {
  (void)state;
  uint8_t memory[1024];
  ol_call call;
  ol_token_action out, action = sample(OL_TOKEN_TRANSFER);
  refuse_byte(OL_TOKEN_TRANSFER, 0, 11, 0, "ABI value is out of range");
  refuse_byte(OL_TOKEN_PERMIT, 4, 0, 4, "ABI value is out of range");
  refuse_byte(OL_TOKEN_APPROVE_ALL, 1, 31, 1, "ABI bool is neither 0 nor 1");
  refuse_byte(OL_TOKEN_BATCH_SEND, 2, 31, 2, "ABI value is not where it belongs");
  refuse_byte(OL_TOKEN_BATCH_SEND, 4, 31, 4, "ABI value is not where it belongs");
  assert_int_equal(ol_token_call(&error, &call, &action, memory, sizeof memory), OL_OK);
  assert_int_equal(ol_token_from_input(&error, &out, memory, 4 + 32), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI data is cut short");
  ol_log log = log_of(OL_TOKEN_SENT, memory);
  log.data.len = 31;
  assert_int_equal(ol_token_from_log(&error, &out, &log), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI data is cut short");
}

static void reads_what_calls_return(void **state) {
  (void)state;
  uint8_t words[96] = {0};
  ol_u256 number;
  uint32_t decimals;
  ol_slice text;
  words[31] = 18;
  assert_int_equal(ol_token_number(&error, &number, words, 32), OL_OK);
  assert_int_equal(number.bytes[31], 18);
  assert_int_equal(ol_token_number(&error, &number, words, 31), OL_ERR_ENCODING);
  assert_int_equal(ol_token_number(&error, &number, words, 64), OL_ERR_ENCODING);
  assert_int_equal(ol_token_number(&error, &number, NULL, 0), OL_ERR_ENCODING);
  assert_int_equal(ol_token_decimals(&error, &decimals, words, 32), OL_OK);
  assert_int_equal(decimals, 18);
  assert_int_equal(ol_token_decimals(&error, &decimals, words, 31), OL_ERR_ENCODING);
  words[30] = 1;
  assert_int_equal(ol_token_decimals(&error, &decimals, words, 32), OL_ERR_ENCODING);
  assert_int_equal(ol_token_text(&error, &text, words, 31), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "ABI data is cut short");
  memset(words, 0, sizeof words);
  memcpy(words, "MKR", 3);
  assert_int_equal(ol_token_text(&error, &text, words, 32), OL_OK);
  assert_slice(text, text_of("MKR"));
  memset(words, 0, sizeof words);
  words[31] = 32;
  words[63] = 4;
  memcpy(words + 64, "OPEN", 4);
  assert_int_equal(ol_token_text(&error, &text, words, 96), OL_OK);
  assert_slice(text, text_of("OPEN"));
  assert_int_equal(ol_token_text(&error, &text, words, 64), OL_ERR_ENCODING);
  words[63] = 33;
  assert_int_equal(ol_token_text(&error, &text, words, 96), OL_ERR_ENCODING);
  assert_int_equal(ol_token_text(&error, &text, NULL, 0), OL_ERR_ENCODING);
}

static void knows_when_a_token_has_not_done_it(void **state) {
  (void)state;
  uint8_t word[32] = {0};
  assert_int_equal(ol_token_done(&error, NULL, 0), OL_OK);
  assert_int_equal(ol_token_done(&error, word, 32), OL_ERR_MISMATCH);
  word[31] = 1;
  assert_int_equal(ol_token_done(&error, word, 32), OL_OK);
  assert_int_equal(ol_token_done(&error, word, 31), OL_ERR_ENCODING);
  word[31] = 2;
  assert_int_equal(ol_token_done(&error, word, 32), OL_ERR_ENCODING);
}

/* keccak-256 of the key and the slot, once, and twice from the inside out. */
static void finds_balances_and_allowances(void **state) {
  (void)state;
  ol_address owner, spender;
  ol_u256 base = {{0}}, slot;
  ol_hash inner, outer;
  uint8_t words[64] = {0};
  count_up(owner.bytes, 20, 1);
  count_up(spender.bytes, 20, 101);
  base.bytes[31] = 51;
  memcpy(words + 12, owner.bytes, 20);
  words[63] = 51;
  ol_keccak256(&inner, words, 64);
  ol_token_balance_slot(&slot, &owner, &base);
  assert_memory_equal(slot.bytes, inner.bytes, 32);
  memcpy(words + 12, spender.bytes, 20);
  memcpy(words + 32, inner.bytes, 32);
  ol_keccak256(&outer, words, 64);
  ol_token_allowance_slot(&slot, &owner, &spender, &base);
  assert_memory_equal(slot.bytes, outer.bytes, 32);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(writes_calls_as_their_signatures_say),
      cmocka_unit_test(reads_events_as_their_signatures_say),
      cmocka_unit_test(refuses_actions_that_are_no_calls),
      cmocka_unit_test(refuses_inputs_that_are_none),
      cmocka_unit_test(refuses_arguments_that_are_wrong),
      cmocka_unit_test(reads_what_calls_return),
      cmocka_unit_test(knows_when_a_token_has_not_done_it),
      cmocka_unit_test(finds_balances_and_allowances),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
