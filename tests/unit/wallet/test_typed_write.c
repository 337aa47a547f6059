/* SPDX-License-Identifier: MIT */
#include "openledger/typed_data.h"

#include "unit/wallet/documents.h"

/* Types that are known, and the documents that the wallet makes of them. */

static ol_error error;
static uint8_t written[1 << 14];

static const struct {
  ol_typed_kind kind;
  const char *hash;
} published[] = {
    {OL_TYPED_BALLOT, "f2aad550cf55f045cb27e9c559f9889fdfb6e6cdaa032301d6ea397784ae51d7"},
    {OL_TYPED_EXTENDED_BALLOT, "3e83946653575f9a39005e1545185629e92736b7528ab20ca3816f315424a811"},
    {OL_TYPED_DELEGATION, "e48329057bfd03d55e49b547132e39cffd9c1820ad7b9d4c5307691425d15adf"},
    {OL_TYPED_PERMIT, "6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9"},
    {OL_TYPED_PERMIT_DAI, "ea2aa0a1be11a07ed86d755c93467f4f82362b452371d1ba94d1715123511acb"},
    {OL_TYPED_PERMIT2_SINGLE, "f3841cd1ff0085026a6327b620b67997ce40f282c88a8e905a7a5626e310f3d0"},
    {OL_TYPED_PERMIT2_BATCH, "af1b0d30d2cab0380e68f0689007e3254993c596f2fdd0aaa7f4d04f79440863"},
    {OL_TYPED_PERMIT2_TRANSFER, "939c21a48a8dbe3a9a2404a1d46691e4d39f6583d6ec6b35714604c986d80106"},
    {OL_TYPED_PERMIT2_TRANSFERS, "fcf35f5ac6a2c28868dc44c302166470266239195f02b0ee408334829333b766"},
    {OL_TYPED_TRANSFER_AUTHORIZATION, "7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267"},
    {OL_TYPED_RECEIVE_AUTHORIZATION, "d099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8"},
    {OL_TYPED_CANCEL_AUTHORIZATION, "158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429"},
    {OL_TYPED_STAKE, "33512a8be97bb27ba836137228b9c7df11975f9a9c33875c1354e92734eaa8b5"},
    {OL_TYPED_AGENT_WALLET, "678b53cd718d595370ab070ebf48edfdcd834beac116bf23e625fc7f4d5b7d32"},
};

static void has_the_published_type_hashes(void **state) {
  (void)state;
  ol_hash hash;
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    assert_int_equal(ol_typed_kind_hash(&error, &hash, published[i].kind), OL_OK);
    assert_hash(&hash, published[i].hash);
  }
  assert_int_equal(ol_typed_kind_hash(&error, &hash, OL_TYPED_UNKNOWN), OL_ERR_ARGUMENT);
  assert_int_equal(ol_typed_kind_hash(&error, &hash, (ol_typed_kind)(OL_TYPED_ATTRIBUTION_RECEIPT + 1)),
                   OL_ERR_ARGUMENT);
  assert_null(ol_typed_kind_name(OL_TYPED_UNKNOWN));
  assert_null(ol_typed_kind_name((ol_typed_kind)(OL_TYPED_ATTRIBUTION_RECEIPT + 1)));
  assert_null(ol_typed_kind_name((ol_typed_kind)-1));
}

static ol_typed_domain domain_of(const char *name) {
  ol_typed_domain domain = {.fields =
                                OL_TYPED_NAME | OL_TYPED_VERSION | OL_TYPED_CHAIN_ID | OL_TYPED_CONTRACT,
                            .name = text_of(name),
                            .version = text_of("1")};
  domain.chain_id.bytes[30] = 1612 >> 8;
  domain.chain_id.bytes[31] = 1612 & 255;
  from_hex(domain.verifying_contract.bytes, 20, "f39fd6e51aad88f6f4ce6ab8827279cfffb92266");
  return domain;
}

/* Every kind without arrays is written, read, and recognised; its members are what was written. */
static void writes_every_kind(void **state) {
  (void)state;
  const ol_typed_domain domain = domain_of("Test");
  size_t done = 0;
  for (ol_typed_kind kind = OL_TYPED_BALLOT; kind <= OL_TYPED_ATTRIBUTION_RECEIPT; kind++) {
    ol_typed_value values[32];
    ol_typed_data data;
    ol_slice text;
    ol_hash hash;
    size_t count = 0;
    memset(values, 0, sizeof values);
    for (size_t i = 0; i < 32; i++) {
      values[i].word.bytes[31] = 1;
      values[i].bytes = text_of("x");
    }
    ol_status status = OL_ERR_ARGUMENT;
    while (count < 32 && status != OL_OK)
      status = ol_typed_data_write(&error, &text, kind, &domain, values, count++, written, sizeof written);
    const bool array = kind == OL_TYPED_PERMIT2_BATCH || kind == OL_TYPED_PERMIT2_TRANSFERS;
    assert_int_equal(status, array ? OL_ERR_ARGUMENT : OL_OK);
    if (array) continue;
    /* One less and one more are not the members. */
    assert_int_equal(
        ol_typed_data_write(&error, &text, kind, &domain, values, count, written, sizeof written),
        OL_ERR_ARGUMENT);
    assert_string_equal(error.reason, "values are not those of the kind's members");
    status = ol_typed_data_write(&error, &text, kind, &domain, values, count - 1, written, sizeof written);
    assert_int_equal(status, OL_OK);
    assert_int_equal(read_document(&error, &data, text), OL_OK);
    assert_int_equal(data.kind, kind);
    assert_int_equal(ol_typed_kind_hash(&error, &hash, kind), OL_OK);
    assert_memory_equal(&data.type_hash, &hash, sizeof hash);
    ol_typed_domain_separator(&hash, &domain);
    assert_memory_equal(&data.domain_separator, &hash, sizeof hash);
    done++;
  }
  assert_int_equal(done, 14);
}

static ol_u256 number(uint8_t low) {
  ol_u256 word = {{0}};
  word.bytes[31] = low;
  return word;
}

static ol_address account(uint8_t fill) {
  ol_address address;
  memset(address.bytes, fill, sizeof address.bytes);
  return address;
}

/* Reads what was written. In: the words that are hashed, by hand. */
static void assert_written(ol_status status, ol_slice text, ol_typed_kind kind, const ol_u256 *words,
                           size_t count) {
  ol_typed_data data;
  ol_hash type, hash;
  assert_int_equal(status, OL_OK);
  assert_int_equal(read_document(&error, &data, text), OL_OK);
  assert_int_equal(data.kind, kind);
  assert_int_equal(ol_typed_kind_hash(&error, &type, kind), OL_OK);
  ol_typed_struct_hash(&hash, &type, words, count);
  assert_memory_equal(&data.message_hash, &hash, sizeof hash);
  ol_typed_digest(&hash, &data.domain_separator, &data.message_hash);
  assert_memory_equal(&data.digest, &hash, sizeof hash);
}

static ol_u256 word_of(ol_address address) {
  ol_u256 word = {{0}};
  memcpy(word.bytes + 12, address.bytes, 20);
  return word;
}

static ol_u256 hash_of(const void *data, size_t len) {
  ol_hash hash;
  ol_u256 word;
  ol_keccak256(&hash, data, len);
  memcpy(word.bytes, hash.bytes, 32);
  return word;
}

/* The interop vector: the same digest as four other libraries, of which the signature is a vector. */
static void writes_ballots(void **state) {
  (void)state;
  const ol_typed_domain domain = domain_of("OpenLedger");
  ol_slice text;
  const ol_ballot ballot = {.proposal_id = number(1),
                            .support = 1,
                            .voter = account(0xaa),
                            .nonce = number(4),
                            .reason = text_of("why \"not\"\n"),
                            .params = ol_slice_of("\x01\x02", 2)};
  const ol_u256 words[] = {number(1),
                           number(1),
                           word_of(account(0xaa)),
                           number(4),
                           hash_of("why \"not\"\n", 10),
                           hash_of("\x01\x02", 2)};
  ol_status status = ol_ballot_write(&error, &text, &domain, &ballot, written, sizeof written);
  assert_written(status, text, OL_TYPED_BALLOT, words, 4);
  status = ol_ballot_extended_write(&error, &text, &domain, &ballot, written, sizeof written);
  assert_written(status, text, OL_TYPED_EXTENDED_BALLOT, words, 6);
}

static void writes_permits(void **state) {
  (void)state;
  const ol_typed_domain domain = domain_of("GOpen");
  ol_slice text;
  const ol_delegation delegation = {account(1), number(2), number(3)};
  const ol_u256 delegated[] = {word_of(account(1)), number(2), number(3)};
  ol_status status = ol_delegation_write(&error, &text, &domain, &delegation, written, sizeof written);
  assert_written(status, text, OL_TYPED_DELEGATION, delegated, 3);
  const ol_permit permit = {account(1), account(2), number(3), number(4), number(5)};
  const ol_u256 permitted[] = {word_of(account(1)), word_of(account(2)), number(3), number(4), number(5)};
  status = ol_permit_write(&error, &text, &domain, &permit, written, sizeof written);
  assert_written(status, text, OL_TYPED_PERMIT, permitted, 5);
  const ol_stake stake = {account(1), number(2), number(3), number(4), number(5)};
  const ol_u256 staked[] = {word_of(account(1)), number(2), number(3), number(4), number(5)};
  status = ol_stake_write(&error, &text, &domain, &stake, written, sizeof written);
  assert_written(status, text, OL_TYPED_STAKE, staked, 5);
  const ol_transfer_authorization authorization = {account(1), account(2), number(3),
                                                   number(4),  number(5),  {{6}}};
  ol_u256 authorized[] = {word_of(account(1)), word_of(account(2)), number(3), number(4), number(5), {{6}}};
  status = ol_transfer_authorization_write(&error, &text, &domain, &authorization, written, sizeof written);
  assert_written(status, text, OL_TYPED_TRANSFER_AUTHORIZATION, authorized, 6);
}

static void writes_permits_of_permit2(void **state) {
  (void)state;
  ol_typed_domain domain = domain_of("Permit2");
  domain.fields &= ~(uint32_t)OL_TYPED_VERSION;
  ol_slice text;
  ol_hash type, inner;
  ol_u256 words[4];
  const ol_permit2 permit = {account(1), number(2), 3, account(4), number(5), number(6)};
  const ol_u256 details[] = {word_of(account(1)), number(2), number(3), number(5)};
  ol_keccak256(&type,
               (const uint8_t *)"PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)",
               74);
  ol_typed_struct_hash(&inner, &type, details, 4);
  memcpy(words[0].bytes, inner.bytes, 32);
  words[1] = word_of(account(4));
  words[2] = number(6);
  ol_status status = ol_permit2_single_write(&error, &text, &domain, &permit, written, sizeof written);
  assert_written(status, text, OL_TYPED_PERMIT2_SINGLE, words, 3);
  ol_keccak256(&type, (const uint8_t *)"TokenPermissions(address token,uint256 amount)", 46);
  ol_typed_struct_hash(&inner, &type, details, 2);
  memcpy(words[0].bytes, inner.bytes, 32);
  words[2] = number(5);
  words[3] = number(6);
  status = ol_permit2_transfer_write(&error, &text, &domain, &permit, written, sizeof written);
  assert_written(status, text, OL_TYPED_PERMIT2_TRANSFER, words, 4);
}

/* What is written is only what its type can hold: the reader sees to it. */
static void refuses_what_cannot_be_written(void **state) {
  (void)state;
  const ol_typed_domain domain = domain_of("Test");
  ol_slice text;
  ol_typed_data data;
  ol_ballot ballot = {.support = 256};
  assert_int_equal(ol_ballot_write(&error, &text, &domain, &ballot, written, sizeof written), OL_OK);
  assert_int_equal(read_document(&error, &data, text), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "value is out of the range of its type");
  ballot.reason = ol_slice_of("\xff", 1);
  assert_int_equal(ol_ballot_extended_write(&error, &text, &domain, &ballot, written, sizeof written),
                   OL_ERR_ENCODING);
  assert_int_equal(ol_ballot_write(&error, &text, &domain, &ballot, written, 200), OL_ERR_MEMORY);
  assert_int_equal(
      ol_typed_data_write(&error, &text, OL_TYPED_UNKNOWN, &domain, NULL, 0, written, sizeof written),
      OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "kind is not known");
}

/* Each field alone, and in pairs, as the reader finds them. */
static void separates_domains(void **state) {
  (void)state;
  ol_typed_domain domain = domain_of("Test");
  memset(domain.salt.bytes, 7, 32);
  for (domain.fields = 0; domain.fields < 32; domain.fields++) {
    ol_typed_data data;
    ol_slice text;
    ol_hash hash;
    const ol_stake stake = {.nonce = number(1)};
    assert_int_equal(ol_stake_write(&error, &text, &domain, &stake, written, sizeof written), OL_OK);
    assert_int_equal(read_document(&error, &data, text), OL_OK);
    assert_int_equal(data.domain.fields, domain.fields);
    ol_typed_domain_separator(&hash, &domain);
    assert_memory_equal(&hash, &data.domain_separator, sizeof hash);
    if (domain.fields == 7) /* viem and ethers */
      assert_hash(&hash, "16a91f56b26820605bd5d05f696414bfb5b1d13867ba46f303c8f8c45d96b717");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(has_the_published_type_hashes),
      cmocka_unit_test(writes_every_kind),
      cmocka_unit_test(writes_ballots),
      cmocka_unit_test(writes_permits),
      cmocka_unit_test(writes_permits_of_permit2),
      cmocka_unit_test(refuses_what_cannot_be_written),
      cmocka_unit_test(separates_domains),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
