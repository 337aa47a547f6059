/* SPDX-License-Identifier: MIT */
#include "openledger/typed_data.h"

#include "unit/attribution/signing.h"

/* Receipts as files, as JSON and as what is signed (docs/attribution.md, section 5). */

static uint8_t file[OL_ATTRIBUTION_RECEIPT_BYTES];
static uint8_t memory[1 << 17], more[1 << 17];

static ol_slice file_of(const ol_signed_receipt *receipt) {
  assert_int_equal(ol_attribution_receipt_write(&error, file, receipt), OL_OK);
  return ol_slice_of(file, sizeof file);
}

static void file_has_the_fields_in_order(void **state) {
  (void)state;
  const ol_signed_receipt receipt = sample_receipt();
  ol_signed_receipt back;
  const ol_slice bytes = file_of(&receipt);
  assert_memory_equal(file, "ATRR\1", 5);
  assert_int_equal(ol_load_be64(file + 5), 1612);
  assert_memory_equal(file + 13, receipt.domain.registry.bytes, 20);
  assert_bytes(file + 33, 8, "0000000100000003");
  assert_int_equal(file[33 + 8], 0x11);
  assert_int_equal(file[33 + 40], 0x12);
  assert_bytes(file + 33 + 60 + 3 * 32, 8, "0102030405060708");
  assert_memory_equal(file + 33 + 572 - 32, receipt.receipt.previous.bytes, 32);
  assert_bytes(file + 33 + 572 - 48, 16, "ffffffffffffffff000000000000004d");
  assert_bytes(file + 33 + 572 - 80, 32,
               "000000000000000021222324252627280000000000000000"
               "00000000000010e1");
  assert_int_equal(ol_attribution_receipt_read(&error, &back, bytes), OL_OK);
  assert_memory_equal(&back, &receipt, sizeof back);
}

static void other_lengths_are_refused(void **state) {
  (void)state;
  const ol_signed_receipt receipt = sample_receipt();
  ol_signed_receipt back;
  const ol_slice bytes = file_of(&receipt);
  uint8_t longer[sizeof file + 1] = {0};
  for (size_t len = 0; len < bytes.len; len++)
    assert_int_equal(ol_attribution_receipt_read(&error, &back, ol_slice_of(file, len)), OL_ERR_ENCODING);
  memcpy(longer, file, sizeof file);
  assert_int_equal(ol_attribution_receipt_read(&error, &back, ol_slice_of(longer, sizeof longer)),
                   OL_ERR_ENCODING);
}

static void other_magic_and_versions_are_refused(void **state) {
  (void)state;
  ol_signed_receipt receipt = sample_receipt();
  ol_signed_receipt back;
  ol_slice bytes = file_of(&receipt);
  for (size_t i = 0; i < 5; i++) {
    file[i] ^= 1;
    assert_int_equal(ol_attribution_receipt_read(&error, &back, bytes), OL_ERR_ENCODING);
    assert_string_equal(error.part, i == 4 ? "version" : "");
    file[i] ^= 1;
  }
  receipt.receipt.version = 2;
  bytes = file_of(&receipt);
  assert_int_equal(ol_attribution_receipt_read(&error, &back, bytes), OL_ERR_ENCODING);
  assert_string_equal(error.part, "version");
}

static void numbers_of_more_than_128_bits_are_not_written(void **state) {
  (void)state;
  for (int i = 0; i < 3; i++) {
    ol_signed_receipt receipt = sample_receipt();
    ol_u256 *numbers[] = {&receipt.receipt.total_weight, &receipt.receipt.fee,
                          &receipt.receipt.contributor_pool};
    static const char *const names[] = {"totalWeight", "fee", "contributorPool"};
    numbers[i]->bytes[15] = 1;
    assert_int_equal(ol_attribution_receipt_write(&error, file, &receipt), OL_ERR_ARGUMENT);
    assert_string_equal(error.part, names[i]);
    ol_slice text;
    assert_int_equal(ol_attribution_receipt_json(&error, &text, &receipt, memory, sizeof memory),
                     OL_ERR_ARGUMENT);
  }
}

/* --- What is signed --- */

static void digest_is_that_of_the_typed_data(void **state) {
  (void)state;
  for (int zero = 0; zero < 2; zero++) {
    ol_signed_receipt receipt = sample_receipt();
    ol_typed_data data;
    ol_slice text;
    ol_hash digest;
    if (zero == 1) memset(&receipt, 0, sizeof receipt);
    assert_int_equal(
        ol_attribution_receipt_document(&error, &text, &receipt.domain, &receipt.receipt, memory, 8192),
        OL_OK);
    assert_int_equal(ol_typed_data_read(&error, &data, text, more, sizeof more), OL_OK);
    assert_int_equal(data.kind, OL_TYPED_ATTRIBUTION_RECEIPT);
    assert_int_equal(data.domain.fields,
                     OL_TYPED_NAME | OL_TYPED_VERSION | OL_TYPED_CHAIN_ID | OL_TYPED_CONTRACT);
    ol_attribution_receipt_digest(&digest, &receipt.domain, &receipt.receipt);
    assert_memory_equal(digest.bytes, data.digest.bytes, 32);
  }
}

/* Each byte of the domain and of the fields is signed. */
static void digest_depends_on_each_byte(void **state) {
  (void)state;
  const ol_signed_receipt receipt = sample_receipt();
  ol_hash digest, other;
  ol_attribution_receipt_digest(&digest, &receipt.domain, &receipt.receipt);
  const ol_slice bytes = file_of(&receipt);
  for (size_t i = 5; i < sizeof file - 65; i++) {
    ol_signed_receipt back;
    if (i >= 33 && i < 37) continue; /* the version, which is refused */
    file[i] ^= 0x80;
    assert_int_equal(ol_attribution_receipt_read(&error, &back, bytes), OL_OK);
    ol_attribution_receipt_digest(&other, &back.domain, &back.receipt);
    assert_memory_not_equal(digest.bytes, other.bytes, 32);
    file[i] ^= 0x80;
  }
}

static void signer_is_found(void **state) {
  (void)state;
  ol_signed_receipt receipt = sample_receipt();
  const ol_address expected = account_of(7);
  ol_address signer;
  sign_receipt(&receipt, 7);
  assert_int_equal(ol_attribution_receipt_signer(&error, &signer, &receipt), OL_OK);
  assert_memory_equal(&signer, &expected, sizeof signer);
  receipt.receipt.sequence++;
  if (ol_attribution_receipt_signer(&error, &signer, &receipt) == OL_OK)
    assert_memory_not_equal(&signer, &expected, sizeof signer);
}

/* The order of the curve less s, with the other v, is a second signature of the same key. */
static void turn_s(uint8_t signature[65]) {
  static const char order[] = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
  uint8_t n[32];
  uint32_t borrow = 0;
  from_hex(n, sizeof n, order);
  for (size_t i = 32; i-- > 0;) {
    uint32_t difference = (uint32_t)n[i] - signature[32 + i] - borrow;
    signature[32 + i] = (uint8_t)difference;
    borrow = difference >> 31;
  }
  signature[64] = (uint8_t)(55 - signature[64]);
}

static void second_forms_of_a_signature_are_refused(void **state) {
  (void)state;
  ol_signed_receipt receipt = sample_receipt();
  ol_address signer;
  sign_receipt(&receipt, 7);
  const ol_signed_receipt good = receipt;
  turn_s(receipt.signature);
  assert_int_equal(ol_attribution_receipt_signer(&error, &signer, &receipt), OL_ERR_CRYPTO);
  assert_string_equal(error.reason, "s is zero or above half the order of the curve");
  for (uint32_t v = 0; v < 256; v++) {
    receipt = good;
    if (v == 27 || v == 28) continue;
    receipt.signature[64] = (uint8_t)v;
    assert_int_equal(ol_attribution_receipt_signer(&error, &signer, &receipt), OL_ERR_ENCODING);
  }
  for (size_t at = 0; at < 64; at += 32) {
    receipt = good;
    memset(receipt.signature + at, 0, 32);
    assert_int_equal(ol_attribution_receipt_signer(&error, &signer, &receipt), OL_ERR_CRYPTO);
  }
}

/* --- JSON --- */

static void json_says_all_of_it(void **state) {
  (void)state;
  ol_signed_receipt receipt = sample_receipt();
  ol_signed_receipt back;
  ol_slice text;
  sign_receipt(&receipt, 3);
  assert_int_equal(ol_attribution_receipt_json(&error, &text, &receipt, memory, OL_ATTRIBUTION_JSON), OL_OK);
  const char front[] = "{\"version\":1,\"flags\":3,\"clientNonce\":\"0x1111";
  assert_memory_equal(text.data, front, sizeof front - 1);
  assert_int_equal(ol_attribution_receipt_from_json(&error, &back, text, more, sizeof more), OL_OK);
  assert_memory_equal(&back, &receipt, sizeof back);
  assert_int_equal(ol_attribution_receipt_json(&error, &text, &receipt, memory, 1024), OL_ERR_MEMORY);
}

/* Replaces a part of the JSON, which must be there. Returns: how reading it ends. */
static ol_status read_changed(const char *from, const char *to) {
  ol_signed_receipt receipt = sample_receipt();
  ol_signed_receipt back;
  ol_slice text;
  char changed[8192];
  assert_int_equal(ol_attribution_receipt_json(&error, &text, &receipt, memory, OL_ATTRIBUTION_JSON), OL_OK);
  memcpy(changed, text.data, text.len);
  changed[text.len] = '\0';
  char *at = strstr(changed, from);
  assert_non_null(at);
  memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
  memcpy(at, to, strlen(to));
  return ol_attribution_receipt_from_json(&error, &back, text_of(changed), more, sizeof more);
}

static void json_that_is_no_receipt_is_refused(void **state) {
  (void)state;
  static const struct {
    const char *from, *to, *part, *reason;
  } cases[] = {
      {"\"version\":1", "\"version\":2", "version", NULL},
      {"\"flags\":3", "\"flags\":4294967296", "flags", NULL},
      {"\"flags\":3", "\"flag\":3", "flags", "receipt lacks a member"},
      {"\"sequence\":\"77\"", "\"sequence\":\"7x\"", "sequence", NULL},
      {"\"chainId\":\"1612\"", "\"chainId\":\"16x2\"", "chainId", NULL},
      {"\"clientNonce\":\"0x11", "\"clientNonce\":\"0x", "clientNonce", NULL},
      {"\"payer\":\"0x12", "\"payer\":\"0x1212", "payer", NULL},
      {"\"sequence\":\"77\"", "\"sequence\":\"18446744073709551616\"", "sequence", NULL},
      {"\"contributorPool\":\"4321\"", "\"contributorPool\":\"340282366920938463463374607431768211456\"",
       "contributorPool", NULL},
      {"\"chainId\":\"1612\"", "\"chainId\":\"18446744073709551616\"", "chainId", NULL},
      {"\"chainId\":\"1612\"", "\"chain\":\"1612\"", "chainId", "receipt lacks a member"},
      {"\"registry\"", "\"registrar\"", "registry", "receipt lacks a member"},
      {"\"signature\":\"0x00", "\"signature\":\"0x", "signature", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(read_changed(cases[i].from, cases[i].to), OL_ERR_ENCODING);
    assert_string_equal(error.part, cases[i].part);
    if (cases[i].reason != NULL) assert_string_equal(error.reason, cases[i].reason);
  }
  assert_int_equal(read_changed("\"sequence\":\"77\"", "\"sequence\":77"), OL_OK);
  assert_int_equal(read_changed("{\"version\"", "{\"more\":[1],\"version\""), OL_OK);
  ol_signed_receipt back;
  assert_int_equal(ol_attribution_receipt_from_json(&error, &back, text_of("[]"), more, sizeof more),
                   OL_ERR_ENCODING);
  assert_string_equal(error.reason, "receipt is not an object");
  assert_int_equal(ol_attribution_receipt_from_json(&error, &back, text_of("{"), more, sizeof more),
                   OL_ERR_ENCODING);
  assert_string_not_equal(error.reason, "receipt is not an object");
  memset(memory, ' ', 65537);
  assert_int_equal(
      ol_attribution_receipt_from_json(&error, &back, ol_slice_of(memory, 65537), more, sizeof more),
      OL_ERR_LIMIT);
}

/* --- Equivocation --- */

static uint8_t first[OL_ATTRIBUTION_RECEIPT_BYTES], second[OL_ATTRIBUTION_RECEIPT_BYTES];

/* Puts two receipts together, signed by two keys. Returns: how that ends. */
static ol_status put_together(ol_slice *out, ol_signed_receipt a, ol_signed_receipt b, uint8_t a_key,
                              uint8_t b_key) {
  sign_receipt(&a, a_key);
  sign_receipt(&b, b_key);
  assert_int_equal(ol_attribution_receipt_write(&error, first, &a), OL_OK);
  assert_int_equal(ol_attribution_receipt_write(&error, second, &b), OL_OK);
  return ol_equivocation_write(&error, out, ol_slice_of(first, sizeof first),
                               ol_slice_of(second, sizeof second), memory, OL_EQUIVOCATION_BYTES);
}

static void two_histories_are_equivocation(void **state) {
  (void)state;
  const ol_signed_receipt a = sample_receipt();
  const ol_address expected = account_of(5);
  ol_address signer;
  uint64_t sequence;
  ol_slice bytes;
  ol_signed_receipt same = a;
  same.receipt.served_at = 9;
  assert_int_equal(put_together(&bytes, a, same, 5, 5), OL_OK);
  assert_int_equal(bytes.len, OL_EQUIVOCATION_BYTES);
  assert_int_equal(ol_equivocation_read(&error, &signer, &sequence, bytes), OL_OK);
  assert_memory_equal(&signer, &expected, sizeof signer);
  assert_int_equal(sequence, 77);
  ol_signed_receipt next = a;
  next.receipt.sequence = 78;
  assert_int_equal(put_together(&bytes, a, next, 5, 5), OL_OK);
  assert_int_equal(ol_equivocation_read(&error, &signer, &sequence, bytes), OL_OK);
  assert_int_equal(sequence, 78);
}

static void honest_receipts_are_not_equivocation(void **state) {
  (void)state;
  const ol_signed_receipt a = sample_receipt();
  ol_signed_receipt b = a;
  ol_slice bytes;
  assert_int_equal(put_together(&bytes, a, a, 5, 5), OL_ERR_PROOF);
  assert_string_equal(error.reason, "receipts are the same");
  b.receipt.served_at = 9;
  assert_int_equal(put_together(&bytes, a, b, 5, 6), OL_ERR_PROOF);
  assert_string_equal(error.reason, "two keys signed");
  b.domain.chain_id = 1;
  assert_int_equal(put_together(&bytes, a, b, 5, 5), OL_ERR_PROOF);
  assert_string_equal(error.reason, "receipts are for two registries");
  b = a;
  b.domain.registry.bytes[0] ^= 1;
  assert_int_equal(put_together(&bytes, a, b, 5, 5), OL_ERR_PROOF);
  assert_string_equal(error.reason, "receipts are for two registries");
  b = a;
  b.receipt.sequence = 79;
  assert_int_equal(put_together(&bytes, a, b, 5, 5), OL_ERR_PROOF);
  assert_string_equal(error.reason, "receipts are not neighbours");
  b.receipt.sequence = 78;
  ol_attribution_receipt_digest(&b.receipt.previous, &a.domain, &a.receipt);
  assert_int_equal(put_together(&bytes, a, b, 5, 5), OL_ERR_PROOF);
  assert_string_equal(error.reason, "second receipt follows on the first");
  /* The first number does not follow on the last. */
  ol_signed_receipt last = a;
  last.receipt.sequence = UINT64_MAX;
  b.receipt.sequence = 0;
  assert_int_equal(put_together(&bytes, last, b, 5, 5), OL_ERR_PROOF);
  assert_string_equal(error.reason, "receipts are not neighbours");
}

static void malformed_equivocation_is_refused(void **state) {
  (void)state;
  const ol_signed_receipt a = sample_receipt();
  ol_signed_receipt b = a;
  ol_address signer;
  ol_slice bytes;
  b.receipt.served_at = 9;
  assert_int_equal(put_together(&bytes, a, b, 5, 5), OL_OK);
  for (size_t len = 0; len < bytes.len; len++)
    assert_int_equal(ol_equivocation_read(&error, &signer, NULL, ol_slice_of(memory, len)), OL_ERR_ENCODING);
  for (size_t i = 0; i < 2; i++) {
    uint8_t *v = memory + 5 + (i + 1) * sizeof first - 1;
    *v ^= 0x80;
    assert_int_equal(ol_equivocation_read(&error, &signer, NULL, bytes), OL_ERR_ENCODING);
    assert_string_equal(error.part, "receipt");
    assert_int_equal(error.item, i);
    *v ^= 0x80;
  }
  memory[5 + 4] = 2;
  assert_int_equal(ol_equivocation_read(&error, &signer, NULL, bytes), OL_ERR_ENCODING);
  assert_string_equal(error.field, "version");
  memory[5 + 4] = 1;
  memory[4] = 2;
  assert_int_equal(ol_equivocation_read(&error, &signer, NULL, bytes), OL_ERR_ENCODING);
  assert_string_equal(error.part, "version");
  const ol_slice whole = ol_slice_of(first, sizeof first);
  const ol_slice cut = ol_slice_of(first, sizeof first - 1);
  assert_int_equal(ol_equivocation_write(&error, &bytes, cut, whole, memory, sizeof memory), OL_ERR_ENCODING);
  assert_int_equal(ol_equivocation_write(&error, &bytes, whole, cut, memory, sizeof memory), OL_ERR_ENCODING);
  assert_int_equal(ol_equivocation_write(&error, &bytes, whole, whole, memory, OL_EQUIVOCATION_BYTES - 1),
                   OL_ERR_MEMORY);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(file_has_the_fields_in_order),
      cmocka_unit_test(other_lengths_are_refused),
      cmocka_unit_test(other_magic_and_versions_are_refused),
      cmocka_unit_test(numbers_of_more_than_128_bits_are_not_written),
      cmocka_unit_test(digest_is_that_of_the_typed_data),
      cmocka_unit_test(digest_depends_on_each_byte),
      cmocka_unit_test(signer_is_found),
      cmocka_unit_test(second_forms_of_a_signature_are_refused),
      cmocka_unit_test(json_says_all_of_it),
      cmocka_unit_test(json_that_is_no_receipt_is_refused),
      cmocka_unit_test(two_histories_are_equivocation),
      cmocka_unit_test(honest_receipts_are_not_equivocation),
      cmocka_unit_test(malformed_equivocation_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
