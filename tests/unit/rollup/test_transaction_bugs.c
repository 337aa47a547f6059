/* SPDX-License-Identifier: MIT */
#include "rollup/transaction.h"

#include "transactions.h"
#include "unit/bytes.h"

/* Mistakes that other wallets and nodes have made, each in every field and type where it can be made, signed or not. */

static ol_error error;

#define SIGNED_TYPES (SAMPLE_TYPES - 1) /* but for deposits */

typedef ol_status decoder(ol_error *error, ol_transaction *out, const uint8_t *bytes, size_t len);
typedef ol_status encoder(ol_error *error, uint8_t *out, size_t len, size_t *out_len,
                          const ol_transaction *transaction);

static decoder *const decoders[2] = {ol_transaction_decode_unsigned, ol_transaction_decode};
static encoder *const encoders[2] = {ol_transaction_encode_unsigned, ol_transaction_encode};

static size_t field_count(const ol_tx_form *form, int is_signed) {
  return is_signed ? form->count : form->signed_count;
}

/* Out: a sample's bytes with other RLP where a field is; behind the last where there is no field of this index. */
static size_t with_field(uint8_t out[2048], uint32_t type, int is_signed, size_t index, ol_slice rlp) {
  uint8_t bytes[1024], payload[2048];
  size_t len;
  const ol_transaction sample = sample_transaction(type);
  assert_int_equal(encoders[is_signed](&error, bytes, sizeof bytes, &len, &sample), OL_OK);
  const size_t type_len = type == OL_TX_LEGACY ? 0 : 1;
  ol_rlp cursor = ol_rlp_of(ol_slice_of(bytes + type_len, len - type_len)), list;
  ol_rlp_item item;
  ol_rlp_writer fields = {.out = payload, .len = sizeof payload};
  assert_int_equal(ol_rlp_list(&error, &list, &cursor), OL_OK);
  size_t at = 0;
  for (; ol_rlp_more(&list); at++) {
    assert_int_equal(ol_rlp_next(&error, &item, &list), OL_OK);
    const ol_slice put = at == index ? rlp : item.whole;
    ol_rlp_put_raw(&fields, put.data, put.len);
  }
  if (index >= at) ol_rlp_put_raw(&fields, rlp.data, rlp.len);
  ol_rlp_writer to = {.out = out, .len = 2048};
  ol_rlp_put_raw(&to, bytes, type_len);
  ol_rlp_put_list(&to, fields.used);
  ol_rlp_put_raw(&to, payload, fields.used);
  return to.used;
}

static void expect_refused(uint32_t type, int is_signed, size_t index, const char *rlp, size_t len,
                           const char *reason) {
  uint8_t bytes[2048];
  ol_transaction out;
  const size_t size = with_field(bytes, type, is_signed, index, ol_slice_of(rlp, len));
  ol_status status = decoders[is_signed](&error, &out, bytes, size);
  if (status != OL_ERR_ENCODING || strcmp(error.reason, reason) != 0)
    print_message("type %u field %zu: %s, not %s\n", type, index, error.reason, reason);
  assert_int_equal(status, OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
}

/* Calls `check` for each field of a kind. Returns: how many there are. */
static size_t for_each_field(bool (*is_kind)(ol_tx_kind kind),
                             void (*check)(uint32_t type, int is_signed, size_t index, ol_tx_kind kind)) {
  size_t count = 0;
  for (size_t i = 0; i < SIGNED_TYPES; i++) {
    const ol_tx_form *form = ol_tx_form_of(sample_types[i]);
    for (int is_signed = 0; is_signed < 2; is_signed++) {
      for (size_t k = 0; k < field_count(form, is_signed); k++) {
        const ol_tx_kind kind = (ol_tx_kind)ol_tx_field_of(form, k)->kind;
        if (!is_kind(kind)) continue;
        check(sample_types[i], is_signed, k, kind);
        count++;
      }
    }
  }
  return count;
}

static bool is_integer(ol_tx_kind kind) {
  return kind == OL_TX_U64 || kind == OL_TX_U256 || kind == OL_TX_PARITY || kind == OL_TX_V;
}

static void check_zeros(uint32_t type, int is_signed, size_t index, ol_tx_kind kind) {
  (void)kind;
  static const char zero[] = "RLP scalar has a leading zero";
  expect_refused(type, is_signed, index, "\x00", 1, zero); /* which is 0x80 */
  expect_refused(type, is_signed, index, "\x82\x00\x01", 3, zero);
  expect_refused(type, is_signed, index, "\x88\x00\x00\x00\x00\x00\x00\x00\x05", 9, zero);
}

/* r and s among them: signatures of which one in 128 is a byte shorter. */
static void no_integer_has_leading_zeros(void **state) {
  (void)state;
  assert_int_equal(for_each_field(is_integer, check_zeros), 2 * (4 + 5 + 6 + 7 + 6) + 3 * 5);
}

static void check_size(uint32_t type, int is_signed, size_t index, ol_tx_kind kind) {
  char rlp[34];
  const bool is_wide = kind == OL_TX_U256;
  memset(rlp, 1, sizeof rlp);
  rlp[0] = (char)(0x80 + (is_wide ? 33 : 9));
  expect_refused(type, is_signed, index, rlp, is_wide ? 34 : 10, "RLP scalar is too large");
}

/* Fees and values of 2^256 and more, and gas, nonces and chain ids of 2^64. */
static void no_integer_is_too_large(void **state) {
  (void)state;
  assert_true(for_each_field(is_integer, check_size) > 0);
}

static bool is_to(ol_tx_kind kind) {
  return kind == OL_TX_TO;
}

static void check_width(uint32_t type, int is_signed, size_t index, ol_tx_kind kind) {
  (void)kind;
  static const size_t widths[] = {1, 2, 19, 21, 32};
  char rlp[40];
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
    memset(rlp, 0x99, sizeof rlp);
    rlp[0] = (char)(0x80 + widths[i]);
    expect_refused(type, is_signed, index, rlp, 1 + widths[i], "RLP string has the wrong length");
  }
  /* A zero byte is not "nobody". */
  expect_refused(type, is_signed, index, "\x00", 1, "RLP string has the wrong length");
}

static void addresses_have_twenty_bytes(void **state) {
  (void)state;
  assert_int_equal(for_each_field(is_to, check_width), 2 * SIGNED_TYPES);
}

static bool is_accesses(ol_tx_kind kind) {
  return kind == OL_TX_ACCESSES;
}

static void check_missing(uint32_t type, int is_signed, size_t index, ol_tx_kind kind) {
  (void)kind;
  uint8_t bytes[2048];
  ol_transaction out;
  const size_t size = with_field(bytes, type, is_signed, index, ol_slice_of("\xc0", 1));
  assert_int_equal(decoders[is_signed](&error, &out, bytes, size), OL_OK);
  assert_int_equal(out.access_list.len, 0);
  expect_refused(type, is_signed, index, "\x80", 1, "RLP string where a list belongs");
  const size_t less = with_field(bytes, type, is_signed, index, (ol_slice){0});
  assert_int_equal(decoders[is_signed](&error, &out, bytes, less), OL_ERR_ENCODING);
}

static void an_empty_access_list_is_not_a_missing_one(void **state) {
  (void)state;
  assert_int_equal(for_each_field(is_accesses, check_missing), 2 * (SIGNED_TYPES - 1));
}

static bool is_parity(ol_tx_kind kind) {
  return kind == OL_TX_PARITY;
}

static void check_parity(uint32_t type, int is_signed, size_t index, ol_tx_kind kind) {
  (void)kind;
  static const char *const others[] = {"\x02", "\x1b", "\x1c"}; /* 27 and 28 are a legacy transaction's */
  for (size_t i = 0; i < 3; i++)
    expect_refused(type, is_signed, index, others[i], 1, "bit is neither 0 nor 1");
}

static void a_parity_is_zero_or_one(void **state) {
  (void)state;
  assert_int_equal(for_each_field(is_parity, check_parity), SIGNED_TYPES - 1);
}

static void a_v_is_of_its_range(void **state) {
  (void)state;
  static const struct {
    const char *rlp;
    size_t len;
    bool is_good;
  } cases[] = {{"\x80", 1, false}, {"\x01", 1, false}, {"\x1a", 1, false}, {"\x1b", 1, true},
               {"\x1c", 1, true},  {"\x1d", 1, false}, {"\x22", 1, false}, {"\x23", 1, false},
               {"\x24", 1, false}, {"\x25", 1, true},  {"\x26", 1, true}};
  uint8_t bytes[2048];
  ol_transaction out;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const size_t size = with_field(bytes, OL_TX_LEGACY, 1, 6, ol_slice_of(cases[i].rlp, cases[i].len));
    ol_status status = ol_transaction_decode(&error, &out, bytes, size);
    assert_int_equal(status, cases[i].is_good ? OL_OK : OL_ERR_ENCODING);
  }
}

static void nothing_follows(void **state) {
  (void)state;
  static const char *const more[] = {"\x00", "\x80", "\xc0"};
  uint8_t bytes[2048];
  ol_transaction out;
  for (size_t i = 0; i < SIGNED_TYPES; i++) {
    for (int is_signed = 0; is_signed < 2; is_signed++) {
      for (size_t k = 0; k < 3; k++) {
        const size_t size = with_field(bytes, sample_types[i], is_signed, SIZE_MAX, ol_slice_of(more[k], 1));
        assert_int_equal(decoders[is_signed](&error, &out, bytes, size), OL_ERR_ENCODING);
        const size_t len = with_field(bytes, sample_types[i], is_signed, SIZE_MAX, (ol_slice){0});
        assert_int_equal(decoders[is_signed](&error, &out, bytes, len), OL_OK);
        bytes[len] = (uint8_t)more[k][0];
        assert_int_equal(decoders[is_signed](&error, &out, bytes, len + 1), OL_ERR_ENCODING);
        assert_string_equal(error.reason, "bytes follow where the RLP ends");
        assert_int_equal(error.offset, len);
      }
    }
  }
}

/* 0x80 to 0xbf are RLP strings, 0xc0 and above lists: no types (EIP-2718). */
static void a_type_is_below_0x80(void **state) {
  (void)state;
  uint8_t bytes[2048];
  ol_transaction out;
  for (int is_signed = 0; is_signed < 2; is_signed++) {
    const size_t len = with_field(bytes, OL_TX_DYNAMIC_FEE, is_signed, SIZE_MAX, (ol_slice){0});
    for (unsigned type = 0x80; type <= 0xff; type++) {
      bytes[0] = (uint8_t)type;
      assert_int_equal(decoders[is_signed](&error, &out, bytes, len), OL_ERR_ENCODING);
      if (type < 0xc0) assert_string_equal(error.reason, "type of the transaction is not known");
    }
  }
}

/* A high s is what decodes, and nobody has signed it (EIP-2); nor is r or s zero, or the order and above. */
static void signatures_are_of_their_range(void **state) {
  (void)state;
  static const char *const numbers[] = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1", /* half of the order, and one: a high s */
  };
  ol_address sender;
  const ol_address signer = sample_sender();
  for (size_t i = 0; i < SIGNED_TYPES; i++) {
    for (size_t k = 0; k < 4; k++) {
      for (int is_s = k == 3; is_s < 2; is_s++) {
        ol_transaction sample = sample_transaction(sample_types[i]), out;
        uint8_t signature[65];
        from_hex(is_s ? sample.s.bytes : sample.r.bytes, 32, numbers[k]);
        assert_int_equal(ol_transaction_sender(&error, &sender, &sample, 0), OL_ERR_CRYPTO);
        memcpy(signature, sample.r.bytes, 32);
        memcpy(signature + 32, sample.s.bytes, 32);
        signature[64] = (uint8_t)sample.y_parity;
        assert_int_equal(ol_transaction_put_signature(&error, &out, &sample, &signer, signature),
                         OL_ERR_CRYPTO);
      }
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_integer_has_leading_zeros),
      cmocka_unit_test(no_integer_is_too_large),
      cmocka_unit_test(addresses_have_twenty_bytes),
      cmocka_unit_test(an_empty_access_list_is_not_a_missing_one),
      cmocka_unit_test(a_parity_is_zero_or_one),
      cmocka_unit_test(a_v_is_of_its_range),
      cmocka_unit_test(nothing_follows),
      cmocka_unit_test(a_type_is_below_0x80),
      cmocka_unit_test(signatures_are_of_their_range),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
