/* SPDX-License-Identifier: MIT */
#include "openledger/message.h"

#include "unit/bytes.h"

static ol_error error;
static char text[4096];

#define HEAD "example.com wants you to sign in with your Ethereum account:\n"
#define ADDRESS "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n"
#define STATEMENT "\nI accept the Terms: https://example.com/tos?a=b\n\n"
#define REQUIRED                                                                                             \
  "URI: https://example.com/login\nVersion: 1\nChain ID: 1612\nNonce: 32891756\n"                            \
  "Issued At: 2021-09-30T16:25:24Z"
#define OPTIONAL                                                                                             \
  "\nExpiration Time: 2021-09-30T17:00:00Z\nNot Before: 2021-09-30T16:00:00+00:00\nRequest ID: some-id!1%20" \
  "\nResources:\n- ipfs://bafy/\n- https://user@example.com:8080/a?b=c#d"

static ol_status read_text(ol_siwe *out, const char *message) {
  return ol_siwe_read(&error, out, text_of(message));
}

static void assert_text(ol_slice slice, const char *expected) {
  assert_int_equal(slice.len, strlen(expected));
  assert_memory_equal(slice.data, expected, slice.len);
}

static void reads_all_fields(void **state) {
  (void)state;
  ol_siwe out;
  ol_slice uri;
  assert_int_equal(read_text(&out, "https://" HEAD ADDRESS STATEMENT REQUIRED OPTIONAL), OL_OK);
  assert_text(out.scheme, "https");
  assert_text(out.domain, "example.com");
  assert_bytes(out.address.bytes, 20, "c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2");
  assert_text(out.statement, "I accept the Terms: https://example.com/tos?a=b");
  assert_text(out.uri, "https://example.com/login");
  assert_true(out.chain_id == 1612);
  assert_text(out.nonce, "32891756");
  assert_text(out.issued_at, "2021-09-30T16:25:24Z");
  assert_text(out.expiration_time, "2021-09-30T17:00:00Z");
  assert_text(out.not_before, "2021-09-30T16:00:00+00:00");
  assert_text(out.request_id, "some-id!1%20");
  assert_int_equal(out.has_resources, 1);
  assert_true(ol_siwe_resource_next(&out.resources, &uri));
  assert_text(uri, "ipfs://bafy/");
  assert_true(ol_siwe_resource_next(&out.resources, &uri));
  assert_text(uri, "https://user@example.com:8080/a?b=c#d");
  assert_false(ol_siwe_resource_next(&out.resources, &uri));
}

static void reads_what_need_not_be_there(void **state) {
  (void)state;
  ol_siwe out;
  assert_int_equal(read_text(&out, HEAD ADDRESS "\n\n" REQUIRED), OL_OK);
  assert_null(out.scheme.data);
  assert_null(out.statement.data);
  assert_null(out.expiration_time.data);
  assert_null(out.not_before.data);
  assert_null(out.request_id.data);
  assert_int_equal(out.has_resources, 0);
  assert_int_equal(read_text(&out, HEAD ADDRESS "\n\n\n" REQUIRED), OL_OK); /* an empty statement */
  assert_non_null(out.statement.data);
  assert_int_equal(out.statement.len, 0);
  assert_int_equal(read_text(&out, HEAD ADDRESS "\n\n" REQUIRED "\nRequest ID: "), OL_OK);
  assert_non_null(out.request_id.data);
  assert_int_equal(
      read_text(&out, HEAD ADDRESS "\n\n" REQUIRED "\nNot Before: 2021-09-30T16:00:00Z\nResources:"), OL_OK);
  assert_int_equal(out.has_resources, 1);
  assert_int_equal(out.resources.len, 0);
}

static void refuse(const char *message, const char *part, const char *reason, const char *place) {
  ol_siwe out;
  assert_int_equal(read_text(&out, message), OL_ERR_ENCODING);
  assert_string_equal(error.reason, reason);
  assert_string_equal(error.part, part);
  assert_memory_equal(message + error.offset, place, strlen(place));
}

static void refuse_domain(const char *domain, const char *place) {
  snprintf(text, sizeof text, "%s wants you to sign in with your Ethereum account:\n%s\n\n%s", domain,
           ADDRESS, REQUIRED);
  refuse(text, "domain", "domain is not a host, with a port or without", place);
}

static void refuses_other_origins(void **state) {
  (void)state;
  const char *first = "first line does not ask to sign in";
  refuse("", "domain", first, "");
  refuse("example.com wants you to sign in with your ethereum account:\n" ADDRESS "\n\n" REQUIRED, "domain",
         first, "example");
  refuse("example.com wants you to sign in with your Ethereum account: \n" ADDRESS "\n\n" REQUIRED, "domain",
         first, "example");
  refuse("://" HEAD ADDRESS "\n\n" REQUIRED, "scheme", "scheme is empty or not one", "://");
  refuse_domain("", " wants");
  refuse_domain("https://", " wants");
  refuse_domain("1https://example.com", "//example.com");
  refuse_domain("example.com/path", "/path");
  refuse_domain("exa mple.com", " mple");
  refuse_domain("example.com:80a", "a wants");
  refuse_domain("ex\xc3\xa4mple.com", "\xc3\xa4");
  refuse_domain("a@b@c", "@c");
  refuse_domain("%4", "%4");
  refuse_domain("[::1", "[::1");
  refuse_domain("[]", "[]");
  refuse_domain(":80", " wants");
  static const char *const good[] = {"localhost:3000", "[::1]:8545", "user:name@example.com",
                                     "10.0.0.1",       "a%2fb",      "x:"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    ol_siwe out;
    snprintf(text, sizeof text, "%s wants you to sign in with your Ethereum account:\n%s\n\n%s", good[i],
             ADDRESS, REQUIRED);
    assert_int_equal(read_text(&out, text), OL_OK);
    assert_text(out.domain, good[i]);
  }
}

static void refuses_other_addresses_and_statements(void **state) {
  (void)state;
  refuse(HEAD "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2\n\n\n" REQUIRED, "address",
         "address has no checksum (EIP-55)", "0xc02");
  refuse(HEAD "0xc02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n\n\n" REQUIRED, "address",
         "address has a wrong checksum (EIP-55): mistyped?", "c02aaA39");
  refuse(HEAD "C02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n\n\n" REQUIRED, "address",
         "hex does not begin with 0x", "C02");
  refuse(HEAD "0xC02a\n\n\n" REQUIRED, "address", "hex has the wrong length", "0xC02a");
  refuse(HEAD, "address", "hex does not begin with 0x", "");
  refuse(HEAD ADDRESS "a\n\n" REQUIRED, "address", "line behind it is not empty", "a\n");
  refuse(HEAD ADDRESS "\nI say \"yes\"\n\n" REQUIRED, "statement", "character may not be in a statement",
         "\"yes");
  refuse(HEAD ADDRESS "\n100%20sure\n\n" REQUIRED, "statement", "character may not be in a statement", "%20");
  refuse(HEAD ADDRESS "\n\xe2\x80\xae\n\n" REQUIRED, "statement", "character may not be in a statement",
         "\xe2");
  refuse(HEAD ADDRESS "\na\r\n\n" REQUIRED, "statement", "character may not be in a statement", "\r");
  refuse(HEAD ADDRESS "\na\nb\n\n" REQUIRED, "statement", "line behind it is not empty", "b\n");
  refuse(HEAD ADDRESS "\n\n", "uri", "line does not follow, or is not this one", "");
  refuse(HEAD ADDRESS, "uri", "line does not follow, or is not this one", "");
}

/* Replaces a part of the good message. */
static const char *with(const char *part, const char *other) {
  static const char good[] = HEAD ADDRESS "\n\n" REQUIRED;
  const char *at = strstr(good, part);
  assert_non_null(at);
  snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, other, at + strlen(part));
  return text;
}

static void refuses_other_fields(void **state) {
  (void)state;
  const char *absent = "line does not follow, or is not this one";
  const char *uri = "value is not a URI (RFC 3986)", *nonce = "nonce is not 8 or more letters and digits";
  refuse(with("URI: ", "Uri: "), "uri", absent, "Uri");
  refuse(with("URI: https://example.com/login\n", ""), "uri", absent, "Version");
  refuse(with("https://example.com/login", ""), "uri", uri, "\nVersion");
  refuse(with("https://example.com/login", "/login"), "uri", uri, "/login");
  refuse(with("https://example.com/login", "https//a"), "uri", uri, "//a");
  refuse(with("https://example.com/login", "https"), "uri", uri, "https\n");
  refuse(with("example.com/login", "exa mple"), "uri", uri, " mple");
  refuse(with("example.com/login", "example.com/<>"), "uri", uri, "<>");
  refuse(with("example.com/login", "[::1]x"), "uri", uri, "x\n");
  refuse(with("example.com/login", "a/b#c#d"), "uri", uri, "#d");
  refuse(with("Version: 1", "Version: 2"), "version", "version is not 1", "2");
  refuse(with("Version: 1", "Version: 11"), "version", "version is not 1", "1\nChain");
  refuse(with("1612", "0x64c"), "chain-id", "chain id is not a number", "x64c");
  refuse(with("1612", ""), "chain-id", "chain id is not a number", "\nNonce");
  refuse(with("1612", "18446744073709551616"), "chain-id", "chain id needs more than 64 bits", "18446");
  refuse(with("32891756", "3289175"), "nonce", nonce, "\nIssued");
  refuse(with("32891756", "3289175_6"), "nonce", nonce, "_6");
  refuse(with("Nonce: 32891756\n", ""), "nonce", absent, "Issued");
  refuse(with("24Z", "24"), "issued-at", "time is not one of RFC 3339", "2021-09-30");
  refuse(with("30T16:25:24Z", "31T16:25:24+02:00"), "issued-at", "time is not one of RFC 3339", "2021-09-31");
  refuse(with("\nIssued At: 2021-09-30T16:25:24Z", ""), "issued-at", absent, "");
  const char *order = "line is out of order, or none that such a message has";
#define GOOD HEAD ADDRESS "\n\n" REQUIRED
  refuse(GOOD "\n", "", order, "");
  refuse(GOOD "\nRequest ID: a\nNot Before: 2021-09-30T16:25:24Z", "", order, "Not Before");
  refuse(GOOD "\nRequest ID: a\nRequest ID: a", "", order, "Request ID: a");
  refuse(GOOD "\nRequest ID: a b", "request-id", "character may not be in a request id", " b");
  refuse(GOOD "\nExpiration Time: never", "expiration-time", "time is not one of RFC 3339", "never");
  refuse(GOOD "\nNot Before: ", "not-before", "time is not one of RFC 3339", "");
  refuse(GOOD "\nResources: ", "", order, "Resources: ");
  refuse(GOOD "\nResources:\n", "resources", "line does not begin with \"- \"", "");
  refuse(GOOD "\nResources:\n-ipfs://a", "resources", "line does not begin with \"- \"", "-ipfs");
  refuse(GOOD "\nResources:\n- a:b\n- no uri", "resources", "resource is not a URI (RFC 3986)", " uri");
  refuse(GOOD "\nResources:\n- h", "resources", "resource is not a URI (RFC 3986)", "h");
  refuse(GOOD "\nResources:\n- ", "resources", "resource is not a URI (RFC 3986)", "");
}

static void knows_what_begins_as_such_a_message(void **state) {
  (void)state;
  assert_true(ol_siwe_is(text_of(HEAD)));
  assert_true(ol_siwe_is(text_of("x wants you to sign in with your Ethereum account:")));
  assert_false(ol_siwe_is(text_of("hello\n" HEAD)));
  assert_false(ol_siwe_is(text_of("")));
}

static ol_siwe_expected expected_of(void) {
  ol_siwe_expected expected = {.scheme = text_of("https"),
                               .domain = text_of("Example.com"),
                               .chain_id = 1612,
                               .nonce = text_of("32891756"),
                               .now_ms = 1633019124000};
  from_hex(expected.account.bytes, 20, "c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2");
  return expected;
}

static void check_differs(const ol_siwe *message, const ol_siwe_expected *expected, ol_status status,
                          const char *part) {
  assert_int_equal(ol_siwe_check(&error, message, expected), status);
  assert_string_equal(error.part, part);
}

static void checks_what_a_message_is_for(void **state) {
  (void)state;
  ol_siwe message;
  ol_siwe_expected expected = expected_of(), other;
  assert_int_equal(read_text(&message, GOOD), OL_OK);
  assert_int_equal(ol_siwe_check(&error, &message, &expected), OL_OK);
  other = expected;
  other.domain = text_of("example.org");
  check_differs(&message, &other, OL_ERR_MISMATCH, "domain");
  other.domain = text_of("example.com:443");
  check_differs(&message, &other, OL_ERR_MISMATCH, "domain");
  other.domain = text_of("a.example.com");
  check_differs(&message, &other, OL_ERR_MISMATCH, "domain");
  other = expected;
  other.account.bytes[0] ^= 1;
  check_differs(&message, &other, OL_ERR_MISMATCH, "address");
  other = expected;
  other.chain_id = 1;
  check_differs(&message, &other, OL_ERR_MISMATCH, "chain-id");
  other = expected;
  other.nonce = text_of("32891757");
  check_differs(&message, &other, OL_ERR_MISMATCH, "nonce");
  other.nonce.len = 0;
  assert_int_equal(ol_siwe_check(&error, &message, &other), OL_OK);
  other = expected;
  other.scheme = text_of("http");
  check_differs(&message, &other, OL_ERR_MISMATCH, "scheme");
  assert_int_equal(read_text(&message, "http://" GOOD), OL_OK);
  assert_int_equal(ol_siwe_check(&error, &message, &other), OL_OK);
  check_differs(&message, &expected, OL_ERR_MISMATCH, "scheme");
  /* Characters that differ in the bit of a letter's case are no letters. */
  assert_int_equal(
      read_text(&message, "a_b wants you to sign in with your Ethereum account:\n" ADDRESS "\n\n" REQUIRED),
      OL_OK);
  other = expected;
  other.domain = text_of("a\x7f"
                         "b");
  check_differs(&message, &other, OL_ERR_MISMATCH, "domain");
}

static void checks_when_a_message_is_valid(void **state) {
  (void)state;
  ol_siwe message;
  ol_siwe_expected expected = expected_of();
  assert_int_equal(
      read_text(&message, GOOD "\nExpiration Time: 2021-09-30T16:25:25.5Z\nNot Before: 2021-09-30T16:25:24Z"),
      OL_OK);
  assert_int_equal(ol_siwe_check(&error, &message, &expected), OL_OK);
  expected.now_ms = 1633019123999;
  check_differs(&message, &expected, OL_ERR_STALE, "not-before");
  expected.now_ms = 1633019125499;
  assert_int_equal(ol_siwe_check(&error, &message, &expected), OL_OK);
  expected.now_ms = 1633019125500;
  check_differs(&message, &expected, OL_ERR_STALE, "expiration-time");
  expected.now_ms = UINT64_MAX;
  check_differs(&message, &expected, OL_ERR_STALE, "expiration-time");
  /* Of a message that was not read. */
  expected.now_ms = 1633019125499;
  ol_siwe made = message;
  made.expiration_time = text_of("never");
  assert_int_equal(ol_siwe_check(&error, &made, &expected), OL_ERR_ENCODING);
  made = message;
  made.not_before = text_of("always");
  assert_int_equal(ol_siwe_check(&error, &made, &expected), OL_ERR_ENCODING);
}

static void writes_what_it_reads(void **state) {
  (void)state;
  static const char *const messages[] = {
      GOOD,
      "https://" HEAD ADDRESS STATEMENT REQUIRED,
      HEAD ADDRESS "\n\n\n" REQUIRED,
      GOOD "\nRequest ID: ",
      GOOD "\nResources:",
      GOOD "\nResources:\n- a:b\n- c:d",
      GOOD "\nExpiration Time: 2021-09-30T17:00:00Z\nRequest ID: x\nResources:\n- a:"};
  for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
    uint8_t out[1024];
    size_t len = 0, needed = strlen(messages[i]);
    ol_siwe message;
    assert_int_equal(read_text(&message, messages[i]), OL_OK);
    assert_int_equal(ol_siwe_write(&error, out, sizeof out, &len, &message), OL_OK);
    assert_int_equal(len, needed);
    assert_memory_equal(out, messages[i], len);
    assert_int_equal(ol_siwe_write(&error, out, needed - 1, &len, &message), OL_ERR_MEMORY);
    assert_int_equal(len, needed);
    assert_int_equal(ol_siwe_write(&error, NULL, 0, &len, &message), OL_ERR_MEMORY);
  }
}

/* A line end in a part could make a message that means something else. */
static void writes_only_what_was_meant(void **state) {
  (void)state;
  uint8_t out[1024];
  size_t len;
  ol_siwe message, other;
  assert_int_equal(read_text(&message, HEAD ADDRESS STATEMENT REQUIRED), OL_OK);
  other = message;
  other.nonce = text_of("short");
  assert_int_equal(ol_siwe_write(&error, out, sizeof out, &len, &other), OL_ERR_ENCODING);
  assert_string_equal(error.part, "nonce");
  other = message;
  other.issued_at = text_of("2021-09-30T16:25:24Z\nRequest ID: 1");
  assert_int_equal(ol_siwe_write(&error, out, sizeof out, &len, &other), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "message reads otherwise than it was meant");
  other = message;
  other.request_id = text_of("1\nResources:\n- a:b");
  assert_int_equal(ol_siwe_write(&error, out, sizeof out, &len, &other), OL_ERR_ARGUMENT);
  other = message;
  other.uri = (ol_slice){0};
  assert_int_equal(ol_siwe_write(&error, out, sizeof out, &len, &other), OL_ERR_ENCODING);
  other = message;
  other.domain = text_of("a://example.com");
  assert_int_equal(ol_siwe_write(&error, out, sizeof out, &len, &other), OL_ERR_ARGUMENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_all_fields),
      cmocka_unit_test(reads_what_need_not_be_there),
      cmocka_unit_test(refuses_other_origins),
      cmocka_unit_test(refuses_other_addresses_and_statements),
      cmocka_unit_test(refuses_other_fields),
      cmocka_unit_test(knows_what_begins_as_such_a_message),
      cmocka_unit_test(checks_what_a_message_is_for),
      cmocka_unit_test(checks_when_a_message_is_valid),
      cmocka_unit_test(writes_what_it_reads),
      cmocka_unit_test(writes_only_what_was_meant),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
