/* SPDX-License-Identifier: MIT */
#include "openledger/signature.h"

#include "openledger/message.h"
#include "unit/bytes.h"

static ol_error error;

/* EIP-2098's second example, and the account of its key, 0x1234...1234. */
#define R "9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76"
#define S "139c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793"
#define COMPACT_S "939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793"
#define HIGH_S "ec6392949dc4bd25a9aa81a18cb5bc2137ba5106c15c4d6fdd85519c80e139ae" /* the order less S */
#define ORDER "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
#define HALF "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"
#define ABOVE_HALF "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define ACCOUNT "2e988a386a799f506693793c6a5af6b54dfaabfb"

static ol_status read_hex(ol_signature *out, const char *digits) {
  uint8_t bytes[80];
  size_t len = strlen(digits) / 2;
  from_hex(bytes, len, digits);
  return ol_signature_read(&error, out, bytes, len);
}

static void example(ol_hash *digest, ol_address *account) {
  static const char text[] = "It's a small(er) world";
  ol_message_digest(digest, (const uint8_t *)text, sizeof text - 1);
  from_hex(account->bytes, 20, ACCOUNT);
}

static void reads_and_writes_every_form(void **state) {
  (void)state;
  ol_signature signature, again;
  uint8_t whole[65], compact[64];
  static const char *const forms[] = {R S "1c", R S "01", R COMPACT_S};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(read_hex(&signature, forms[i]), OL_OK);
    assert_int_equal(signature.y_parity, 1);
    ol_signature_write(whole, &signature);
    assert_bytes(whole, 65, R S "1c");
    ol_signature_write_compact(compact, &signature);
    assert_bytes(compact, 64, R COMPACT_S);
  }
  assert_int_equal(read_hex(&signature, R S), OL_OK);
  assert_int_equal(signature.y_parity, 0);
  assert_int_equal(read_hex(&again, R S "1b"), OL_OK);
  assert_memory_equal(&again, &signature, sizeof again);
  assert_int_equal(read_hex(&again, R S "00"), OL_OK);
}

static void refuse(const char *digits, ol_status status, const char *reason) {
  ol_signature signature;
  assert_int_equal(read_hex(&signature, digits), status);
  assert_string_equal(error.reason, reason);
}

static void refuses_other_signatures(void **state) {
  (void)state;
  const char *lengths = "a signature has 65 bytes, or 64 (EIP-2098)";
  refuse("", OL_ERR_ENCODING, lengths);
  refuse(R S "1c00", OL_ERR_ENCODING, lengths);
  refuse(R, OL_ERR_ENCODING, lengths);
  const char *v = "the last byte of a signature is 0, 1, 27 or 28";
  refuse(R S "02", OL_ERR_ENCODING, v);
  refuse(R S "1a", OL_ERR_ENCODING, v);
  refuse(R S "1d", OL_ERR_ENCODING, v);
  const char *s = "s is zero or above half the order of the curve";
  refuse(R HIGH_S "1b", OL_ERR_CRYPTO, s);
  refuse(R ABOVE_HALF "1b", OL_ERR_CRYPTO, s);
  refuse(R ZERO "1b", OL_ERR_CRYPTO, s);
  refuse(R ABOVE_HALF, OL_ERR_CRYPTO, s);
  const char *r = "r is zero or not below the order of the curve";
  refuse(ORDER S "1b", OL_ERR_CRYPTO, r);
  refuse(ZERO S "1b", OL_ERR_CRYPTO, r);
  ol_signature signature;
  assert_int_equal(read_hex(&signature, R HALF "1b"), OL_OK);
}

static void finds_who_signed(void **state) {
  (void)state;
  ol_signature signature;
  ol_hash digest;
  ol_address account, signer;
  example(&digest, &account);
  assert_int_equal(read_hex(&signature, R COMPACT_S), OL_OK);
  assert_int_equal(ol_signature_recover(&error, &signer, &digest, &signature), OL_OK);
  assert_memory_equal(&signer, &account, sizeof signer);
  assert_int_equal(ol_signature_check(&error, &digest, &signature, &account), OL_OK);
  account.bytes[19] ^= 1;
  assert_int_equal(ol_signature_check(&error, &digest, &signature, &account), OL_ERR_MISMATCH);
  account.bytes[19] ^= 1;
  digest.bytes[0] ^= 1;
  assert_int_equal(ol_signature_check(&error, &digest, &signature, &account), OL_ERR_MISMATCH);
  digest.bytes[0] ^= 1;
  signature.y_parity = 0;
  assert_int_equal(ol_signature_check(&error, &digest, &signature, &account), OL_ERR_MISMATCH);
  signature.y_parity = 257;
  assert_int_equal(ol_signature_check(&error, &digest, &signature, &account), OL_ERR_CRYPTO);
  /* The other signature of the two, which a caller may have made without reading it. */
  signature.y_parity = 0;
  from_hex(signature.s.bytes, 32, HIGH_S);
  assert_int_equal(ol_signature_check(&error, &digest, &signature, &account), OL_ERR_CRYPTO);
  assert_string_equal(error.reason, "s is above half the order of the curve");
}

/* --- ERC-6492 --- */

#define WORD_OF(low) "00000000000000000000000000000000000000000000000000000000000000" low
#define MAGIC "6492649264926492649264926492649264926492649264926492649264926492"
#define HEAD "000000000000000000000000cafebabecafebabecafebabecafebabecafebabe" WORD_OF("60")
#define FIRST WORD_OF("04") "deadbeef00000000000000000000000000000000000000000000000000000000"
#define SECOND WORD_OF("02") "1234000000000000000000000000000000000000000000000000000000000000"

static void takes_a_wrapped_signature_apart(void **state) {
  (void)state;
  uint8_t bytes[512];
  ol_wrapped_signature out;
  static const char digits[] = HEAD WORD_OF("a0") FIRST SECOND MAGIC;
  const size_t len = strlen(digits) / 2;
  from_hex(bytes, len, digits);
  assert_true(ol_signature_is_wrapped(bytes, len));
  assert_int_equal(ol_signature_unwrap(&error, &out, bytes, len), OL_OK);
  assert_bytes(out.factory.bytes, 20, "cafebabecafebabecafebabecafebabecafebabe");
  assert_int_equal(out.factory_data.len, 4);
  assert_bytes(out.factory_data.data, 4, "deadbeef");
  assert_int_equal(out.signature.len, 2);
  assert_bytes(out.signature.data, 2, "1234");
  bytes[len - 1] ^= 1;
  assert_false(ol_signature_is_wrapped(bytes, len));
  assert_int_equal(ol_signature_unwrap(&error, &out, bytes, len), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "signature does not end as ERC-6492 has it");
  assert_false(ol_signature_is_wrapped(bytes, 31));
}

/* In: where the fault is found. */
static void refuse_wrapped(const char *digits, const char *reason, size_t offset) {
  uint8_t bytes[512];
  ol_wrapped_signature out;
  const size_t len = strlen(digits) / 2;
  from_hex(bytes, len, digits);
  assert_int_equal(ol_signature_unwrap(&error, &out, bytes, len), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.offset, offset);
}

static void refuses_other_envelopes(void **state) {
  (void)state;
  refuse_wrapped(MAGIC, "ABI word is cut short", 0);
  refuse_wrapped(HEAD MAGIC, "ABI word is cut short", 64);
  refuse_wrapped("00000000000000000000000100000000000000000000000000000000000000aa" WORD_OF("60")
                     WORD_OF("a0") FIRST SECOND MAGIC,
                 "ABI value is out of range", 11);
  refuse_wrapped("000000000000000000000000cafebabecafebabecafebabecafebabecafebabe" WORD_OF("80")
                     WORD_OF("a0") FIRST SECOND MAGIC,
                 "ABI bytes are not where they belong", 32);
  refuse_wrapped(HEAD WORD_OF("c0") FIRST SECOND MAGIC, "ABI bytes do not end the data", 132);
  refuse_wrapped(HEAD WORD_OF("ff") FIRST SECOND MAGIC, "ABI bytes are cut short", 64);
  refuse_wrapped(HEAD WORD_OF("a0") WORD_OF(
                     "04") "deadbeef00000000000000000000000000000000000000000000000000000001" SECOND MAGIC,
                 "padding of ABI bytes is not zero", 159);
  refuse_wrapped(HEAD WORD_OF("a0") WORD_OF("24") FIRST SECOND MAGIC, "ABI bytes are cut short", 96);
  refuse_wrapped(HEAD WORD_OF("a0") FIRST SECOND WORD_OF("00") MAGIC, "ABI bytes do not end the data", 194);
  refuse_wrapped(HEAD WORD_OF("a0") FIRST WORD_OF("02") "1234" MAGIC, "ABI bytes do not end the data", 194);
}

/* --- EIP-1271 --- */

static void asks_a_contract(void **state) {
  (void)state;
  uint8_t memory[256];
  ol_call call;
  ol_hash digest;
  const ol_address contract = {{0xc0}};
  memset(digest.bytes, 0xdd, 32);
  memset(memory, 0xff, sizeof memory);
  ol_slice signature = ol_slice_of("abcde", 5);
  assert_int_equal(ol_signature_contract_call(&error, &call, &contract, &digest, signature, memory, 132),
                   OL_OK);
  assert_memory_equal(&call.to, &contract, sizeof contract);
  assert_int_equal(call.data.len, 132);
  assert_bytes(call.data.data, 132,
               "1626ba7edddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd" WORD_OF("40")
                   WORD_OF("05") "6162636465000000000000000000000000000000000000000000000000000000");
  for (size_t len = 0; len < 132; len++)
    assert_int_equal(ol_signature_contract_call(&error, &call, &contract, &digest, signature, memory, len),
                     OL_ERR_MEMORY);
  signature.len = 0;
  assert_int_equal(ol_signature_contract_call(&error, &call, &contract, &digest, signature, memory, 100),
                   OL_OK);
  assert_int_equal(call.data.len, 100);
}

static void takes_one_answer_for_yes(void **state) {
  (void)state;
  uint8_t answer[64] = {0x16, 0x26, 0xba, 0x7e};
  assert_int_equal(ol_signature_contract_answer(&error, answer, 32), OL_OK);
  assert_int_equal(ol_signature_contract_answer(&error, answer, 4), OL_ERR_MISMATCH);
  assert_int_equal(ol_signature_contract_answer(&error, answer, 31), OL_ERR_MISMATCH);
  assert_int_equal(ol_signature_contract_answer(&error, answer, 64), OL_ERR_MISMATCH);
  assert_int_equal(ol_signature_contract_answer(&error, NULL, 0), OL_ERR_MISMATCH);
  for (size_t i = 0; i < 32; i++) {
    answer[i] ^= 1;
    assert_int_equal(ol_signature_contract_answer(&error, answer, 32), OL_ERR_MISMATCH);
    answer[i] ^= 1;
  }
  memset(answer, 0, sizeof answer);
  answer[31] = 1; /* true */
  assert_int_equal(ol_signature_contract_answer(&error, answer, 32), OL_ERR_MISMATCH);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_and_writes_every_form),
      cmocka_unit_test(refuses_other_signatures),
      cmocka_unit_test(finds_who_signed),
      cmocka_unit_test(takes_a_wrapped_signature_apart),
      cmocka_unit_test(refuses_other_envelopes),
      cmocka_unit_test(asks_a_contract),
      cmocka_unit_test(takes_one_answer_for_yes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
