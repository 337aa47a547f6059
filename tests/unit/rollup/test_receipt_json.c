/* SPDX-License-Identifier: MIT */
#include "rollup/receipt.h"

#include "receipts.h"
#include "unit/bytes.h"

static ol_error error;

static ol_status read_text(ol_receipt *out, ol_slice *out_bytes, const char *text) {
  static uint8_t memory[1 << 18];
  return ol_receipt_from_text(&error, out, out_bytes, text_of(text), memory, sizeof memory);
}

static void reads_what_a_node_says_in_every_type(void **state) {
  (void)state;
  for (size_t i = 0; i < SAMPLE_TYPES; i++) {
    ol_receipt sample = sample_receipt(sample_types[i]), out;
    uint8_t expected[2048];
    size_t len;
    ol_slice bytes;
    assert_int_equal(ol_receipt_encode(&error, expected, sizeof expected, &len, &sample), OL_OK);
    char *json = sample_receipt_json(&sample);
    assert_int_equal(read_text(&out, &bytes, json), OL_OK);
    assert_int_equal(bytes.len, len);
    assert_memory_equal(bytes.data, expected, len);
    char digits[4200];
    ol_hex_text(digits, expected, len);
    assert_int_equal(read_text(&out, &bytes, digits), OL_OK);
    assert_memory_equal(bytes.data, expected, len);
    assert_int_equal(out.log_count, 3);
    digits[9] = 'g';
    assert_int_equal(read_text(&out, &bytes, digits), OL_ERR_ENCODING);
    assert_int_equal(read_text(&out, &bytes, "0x05"), OL_ERR_ENCODING);
    free(json);
  }
}

static void reads_what_may_be_left_out(void **state) {
  (void)state;
  ol_receipt sample = sample_receipt(OL_TX_LEGACY), out;
  ol_slice bytes;
  char *json = sample_receipt_json(&sample), *less = sample_edit(json, "\"type\"", "\"kind\"");
  assert_int_equal(read_text(&out, &bytes, less), OL_OK);
  free(less);
  less = sample_edit(json, ",\"removed\":false", "");
  assert_int_equal(read_text(&out, &bytes, less), OL_OK);
  free(less);
  less = sample_edit(json, "\"blockHash\"", "\"other\""); /* the receipt's own */
  assert_int_equal(read_text(&out, &bytes, less), OL_OK);
  free(less);
  free(json);
  sample = sample_receipt(OL_TX_DEPOSIT);
  sample.has_deposit = 0;
  json = sample_receipt_json(&sample);
  less = sample_edit(json, "\"status\"", "\"depositNonce\":\"0x5\",\"status\""); /* Regolith */
  assert_int_equal(read_text(&out, &bytes, less), OL_OK);
  assert_int_equal(out.has_deposit, 0);
  free(less);
  free(json);
}

/* Data of one byte is its own encoding below 0x80 only. */
static void encodes_short_data(void **state) {
  (void)state;
  ol_receipt out;
  ol_slice bytes;
  ol_log log;
  ol_receipt sample = sample_receipt(OL_TX_LEGACY);
  char *json = sample_receipt_json(&sample);
  const char *const data[] = {"0x7f", "0x80", "0x", "0x8080"};
  for (size_t i = 0; i < 4; i++) {
    char text[32];
    snprintf(text, sizeof text, "\"data\":\"%s\"", data[i]);
    char *changed = sample_edit(json, "\"data\":\"0x42\"", text);
    assert_int_equal(read_text(&out, &bytes, changed), OL_OK);
    assert_true(ol_log_next(&out.logs, &log) && ol_log_next(&out.logs, &log));
    assert_int_equal(log.data.len, (strlen(data[i]) - 2) / 2);
    if (log.data.len > 0) assert_int_equal(log.data.data[0], i == 0 ? 0x7f : 0x80);
    free(changed);
  }
  free(json);
}

static const struct {
  const char *from, *to;
  ol_status status;
  const char *part, *field, *reason;
} lies[] = {
    {"\"type\":\"0x7e\"", "\"type\":\"0x5\"", OL_ERR_ENCODING, "receipt", "",
     "type of the receipt is not known"},
    {"\"type\":\"0x7e\"", "\"type\":\"0x10000007e\"", OL_ERR_ENCODING, "receipt", "",
     "type of the receipt is not known"},
    {"\"type\":\"0x7e\"", "\"type\":\"7e\"", OL_ERR_ENCODING, "type", "", "hex does not begin with 0x"},
    {"\"status\"", "\"root\"", OL_ERR_ENCODING, "status", "", "field of the receipt is missing"},
    {"\"status\":\"0x1\"", "\"status\":\"0x2\"", OL_ERR_ENCODING, "receipt", "status",
     "status is neither 0 nor 1"},
    {"\"status\":\"0x1\"", "\"status\":\"0x100000001\"", OL_ERR_ENCODING, "receipt", "status",
     "status is neither 0 nor 1"},
    {"\"cumulativeGasUsed\":\"0x", "\"cumulativeGasUsed\":\"", OL_ERR_ENCODING, "cumulativeGasUsed", "",
     "hex does not begin with 0x"},
    {"\"logsBloom\":\"0x", "\"logsBloom\":\"0x00", OL_ERR_ENCODING, "logsBloom", "",
     "hex has the wrong length"},
    {"\"logsBloom\":\"0x", "\"other\":\"0x", OL_ERR_ENCODING, "logsBloom", "",
     "field of the receipt is missing"},
    {"\"logs\"", "\"other\"", OL_ERR_ENCODING, "logs", "", "field of the receipt is missing"},
    {"\"logs\":[", "\"logs\":{},\"other\":[", OL_ERR_ENCODING, "logs", "", "JSON value is not an array"},
    {"\"address\":\"0x60", "\"address\":\"0x61", OL_ERR_MISMATCH, "receipt", "logsBloom",
     "bloom is not that of the logs"},
    {"\"address\":\"0x60", "\"address\":\"0x", OL_ERR_ENCODING, "logs", "address",
     "hex has the wrong length"},
    {"\"address\":\"0x60", "\"other\":\"0x60", OL_ERR_ENCODING, "logs", "address",
     "field of the receipt is missing"},
    {"\"topics\"", "\"other\"", OL_ERR_ENCODING, "logs", "topics", "field of the receipt is missing"},
    {"\"topics\":[]", "\"topics\":{}", OL_ERR_ENCODING, "logs", "topics", "JSON value is not an array"},
    {"\"topics\":[]", "\"topics\":[0]", OL_ERR_ENCODING, "logs", "topics", "JSON value is not a string"},
    {"\"topics\":[]", "\"topics\":[0,0,0,0,0]", OL_ERR_ENCODING, "logs", "topics",
     "log has more than 4 topics"},
    {"\"data\"", "\"other\"", OL_ERR_ENCODING, "logs", "data", "field of the receipt is missing"},
    {"\"data\":\"0x\"", "\"data\":[]", OL_ERR_ENCODING, "logs", "data", "JSON value is not a string"},
    {"\"data\":\"0x\"", "\"data\":\"\"", OL_ERR_ENCODING, "logs", "data", "hex does not begin with 0x"},
    {"\"data\":\"0x42\"", "\"data\":\"0x4g\"", OL_ERR_ENCODING, "logs", "data",
     "character is not a hex digit"},
    {"\"data\":\"0x42\"", "\"data\":\"0x424\"", OL_ERR_ENCODING, "logs", "data", "hex has the wrong length"},
    {"\"data\":\"0x420700", "\"data\":\"0x42070g", OL_ERR_ENCODING, "logs", "data",
     "character is not a hex digit"},
    {"\"removed\":false", "\"removed\":true", OL_ERR_MISMATCH, "logs", "removed",
     "log was removed with its block"},
    {"\"removed\":false", "\"removed\":0", OL_ERR_ENCODING, "logs", "removed",
     "JSON value is not true or false"},
    {"\"blockNumber\":\"0x9\"", "\"blockNumber\":\"0xa\"", OL_ERR_MISMATCH, "logs", "blockNumber",
     "log claims another place than its receipt"},
    {"\"transactionIndex\":\"0x2\"", "\"transactionIndex\":\"0x3\"", OL_ERR_MISMATCH, "logs",
     "transactionIndex", "log claims another place than its receipt"},
    {"\"transactionIndex\":\"0x2\"", "\"transactionIndex\":\"2\"", OL_ERR_ENCODING, "logs",
     "transactionIndex", "hex does not begin with 0x"},
    {"\"transactionHash\":\"0x00", "\"transactionHash\":\"0x01", OL_ERR_MISMATCH, "logs", "transactionHash",
     "log claims another place than its receipt"},
    {"\"blockHash\":\"0x00", "\"blockHash\":\"0x01", OL_ERR_MISMATCH, "logs", "blockHash",
     "log claims another place than its receipt"},
    {"\"depositNonce\"", "\"other\"", OL_ERR_ENCODING, "depositNonce", "", "field of the receipt is missing"},
    {"\"depositReceiptVersion\":\"0x", "\"depositReceiptVersion\":\"", OL_ERR_ENCODING,
     "depositReceiptVersion", "", "hex does not begin with 0x"},
};

static void refuses_each_lie(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
    ol_receipt sample = sample_receipt(OL_TX_DEPOSIT), out;
    ol_slice bytes;
    char *json = sample_receipt_json(&sample), *changed = sample_edit(json, lies[i].from, lies[i].to);
    assert_int_equal(read_text(&out, &bytes, changed), lies[i].status);
    assert_string_equal(error.reason, lies[i].reason);
    assert_string_equal(error.part, lies[i].part);
    assert_string_equal(error.field, lies[i].field);
    free(json);
    free(changed);
  }
}

/* A claim of a log itself, where the receipt's is the first. */
static void refuses_a_log_with_another_place(void **state) {
  (void)state;
  ol_receipt sample = sample_receipt(OL_TX_DEPOSIT), out;
  ol_slice bytes;
  char *json = sample_receipt_json(&sample);
  char *logs = strstr(json, "\"logs\"");
  char *number = strstr(logs, "\"blockNumber\":\"0x9\"");
  number[strlen("\"blockNumber\":\"")] = 'x';
  assert_int_equal(read_text(&out, &bytes, json), OL_ERR_ENCODING);
  assert_string_equal(error.field, "blockNumber");
  free(json);
}

static void needs_memory(void **state) {
  (void)state;
  ol_receipt sample = sample_receipt(OL_TX_DEPOSIT), out;
  ol_slice bytes;
  char *json = sample_receipt_json(&sample);
  ol_status status = OL_ERR_MEMORY;
  size_t len = 0;
  for (; status == OL_ERR_MEMORY; len += 8) {
    uint8_t *memory = malloc(len + 1);
    status = ol_receipt_from_text(&error, &out, &bytes, text_of(json), memory, len);
    free(memory);
  }
  assert_int_equal(status, OL_OK);
  assert_true(len <= 16 * strlen(json) + 4096);
  free(json);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_what_a_node_says_in_every_type),
      cmocka_unit_test(reads_what_may_be_left_out),
      cmocka_unit_test(encodes_short_data),
      cmocka_unit_test(refuses_each_lie),
      cmocka_unit_test(refuses_a_log_with_another_place),
      cmocka_unit_test(needs_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
