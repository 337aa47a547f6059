/* SPDX-License-Identifier: MIT */
#include "openledger/key.h"
#include "openledger/text.h"

#include "unit/bytes.h"

static ol_error error;

#define ORDER "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
#define BELOW_ORDER "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140"

/* BIP-32, test vectors 1 to 4: seed, path, key and chain code out of the extended private key. */
static const struct {
  const char *seed, *path, *key, *chain_code;
} published[] = {
    {"000102030405060708090a0b0c0d0e0f", "m",
     "e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35",
     "873dff81c02f525623fd1fe5167eac3a55a049de3d314bb42ee227ffed37d508"},
    {"000102030405060708090a0b0c0d0e0f", "m/0'",
     "edb2e14f9ee77d26dd93b4ecede8d16ed408ce149b6cd80b0715a2d911a0afea",
     "47fdacbd0f1097043b78c63c20c34ef4ed9a111d980047ad16282c7ae6236141"},
    {"000102030405060708090a0b0c0d0e0f", "m/0'/1",
     "3c6cb8d0f6a264c91ea8b5030fadaa8e538b020f0a387421a12de9319dc93368",
     "2a7857631386ba23dacac34180dd1983734e444fdbf774041578e9b6adb37c19"},
    {"000102030405060708090a0b0c0d0e0f", "m/0'/1/2'",
     "cbce0d719ecf7431d88e6a89fa1483e02e35092af60c042b1df2ff59fa424dca",
     "04466b9cc8e161e966409ca52986c584f07e9dc81f735db683c3ff6ec7b1503f"},
    {"000102030405060708090a0b0c0d0e0f", "m/0'/1/2'/2",
     "0f479245fb19a38a1954c5c7c0ebab2f9bdfd96a17563ef28a6a4b1a2a764ef4",
     "cfb71883f01676f587d023cc53a35bc7f88f724b1f8c2892ac1275ac822a3edd"},
    {"000102030405060708090a0b0c0d0e0f", "m/0'/1/2'/2/1000000000",
     "471b76e389e528d6de6d816857e012c5455051cad6660850e58372a6c3e6e7c8",
     "c783e67b921d2beb8f6b389cc646d7263b4145701dadd2161548a8b078e65e9e"},
    {"fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696"
     "663605d5a5754514e4b484542",
     "m", "4b03d6fc340455b363f51020ad3ecca4f0850280cf436c70c727923f6db46c3e",
     "60499f801b896d83179a4374aeb7822aaeaceaa0db1f85ee3e904c4defbd9689"},
    {"fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696"
     "663605d5a5754514e4b484542",
     "m/0", "abe74a98f6c7eabee0428f53798f0ab8aa1bd37873999041703c742f15ac7e1e",
     "f0909affaa7ee7abe5dd4e100598d4dc53cd709d5a5c2cac40e7412f232f7c9c"},
    {"fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696"
     "663605d5a5754514e4b484542",
     "m/0/2147483647'", "877c779ad9687164e9c2f4f0f4ff0340814392330693ce95a58fe18fd52e6e93",
     "be17a268474a6bb9c61e1d720cf6215e2a88c5406c4aee7b38547f585c9a37d9"},
    {"fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696"
     "663605d5a5754514e4b484542",
     "m/0/2147483647'/1", "704addf544a06e5ee4bea37098463c23613da32020d604506da8c0518e1da4b7",
     "f366f48f1ea9f2d1d3fe958c95ca84ea18e4c4ddb9366c336c927eb246fb38cb"},
    {"fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696"
     "663605d5a5754514e4b484542",
     "m/0/2147483647'/1/2147483646'", "f1c7c871a54a804afe328b4c83a1c33b8e5ff48f5087273f04efa83b247d6a2d",
     "637807030d55d01f9a0cb3a7839515d796bd07706386a6eddf06cc29a65a0e29"},
    {"fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696"
     "663605d5a5754514e4b484542",
     "m/0/2147483647'/1/2147483646'/2", "bb7d39bdb83ecf58f2fd82b6d918341cbef428661ef01ab97c28a4842125ac23",
     "9452b549be8cea3ecb7a84bec10dcfd94afe4d129ebfd3b3cb58eedf394ed271"},
    {"4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1"
     "e7d1457df2e5a3c51c73235be",
     "m", "00ddb80b067e0d4993197fe10f2657a844a384589847602d56f0c629c81aae32",
     "01d28a3e53cffa419ec122c968b3259e16b65076495494d97cae10bbfec3c36f"},
    {"4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c64d2e8a1"
     "e7d1457df2e5a3c51c73235be",
     "m/0'", "491f7a2eebc7b57028e0d3faa0acda02e75c33b03c48fb288c41e2ea44e1daef",
     "e5fea12a97b927fc9dc3d2cb0d1ea1cf50aa5a1fdc1f933e8906bb38df3377bd"},
    {"3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678", "m",
     "12c0d59c7aa3a10973dbd3f478b65f2516627e3fe61e00c345be9a477ad2e215",
     "d0c8a1f6edf2500798c3e0b54f1b56e45f6d03e6076abd36e5e2f54101e44ce6"},
};

static ol_key master_of(const char *digits) {
  uint8_t seed[64];
  ol_key key;
  const size_t len = strlen(digits) / 2;
  from_hex(seed, len, digits);
  assert_int_equal(ol_key_from_seed(&error, &key, ol_slice_of(seed, len)), OL_OK);
  return key;
}

static ol_path path_of(const char *text) {
  ol_path path;
  assert_int_equal(ol_path_from_text(&error, &path, text, strlen(text)), OL_OK);
  return path;
}

static void derives_the_published_keys(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
    ol_key key = master_of(published[i].seed);
    ol_path path = path_of(published[i].path);
    assert_int_equal(ol_key_derive(&error, &key, &key, &path), OL_OK);
    assert_bytes(key.secret, 32, published[i].key);
    assert_bytes(key.chain_code, 32, published[i].chain_code);
    assert_int_equal(key.depth, path.depth);
  }
}

static void reads_paths(void **state) {
  (void)state;
  ol_path path = path_of("m");
  assert_int_equal(path.depth, 0);
  path = path_of("m/44'/60h/0H/0/2147483647");
  assert_int_equal(path.depth, 5);
  assert_int_equal(path.steps[0], OL_PATH_HARDENED + 44);
  assert_int_equal(path.steps[1], OL_PATH_HARDENED + 60);
  assert_int_equal(path.steps[2], OL_PATH_HARDENED);
  assert_int_equal(path.steps[3], 0);
  assert_int_equal(path.steps[4], 2147483647);
  path = path_of("m/2147483647'");
  assert_int_equal(path.steps[0], UINT32_MAX);
  assert_int_equal(path_of("m/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16").depth, OL_PATH_STEPS);
  ol_path accounts, written = path_of("m/44'/60'/0'/0");
  ol_path_accounts(&accounts);
  assert_memory_equal(&accounts, &written, sizeof accounts);
}

static void refuses_other_paths(void **state) {
  (void)state;
  const struct {
    const char *text;
    ol_status status;
    uint32_t offset;
    const char *reason;
  } cases[] = {
      {"", OL_ERR_ENCODING, 0, "path does not begin with m"},
      {"M/0", OL_ERR_ENCODING, 0, "path does not begin with m"},
      {"0/1", OL_ERR_ENCODING, 0, "path does not begin with m"},
      {"/0", OL_ERR_ENCODING, 0, "path does not begin with m"},
      {"m0", OL_ERR_ENCODING, 1, "step of the path is not behind a /"},
      {"m/0 ", OL_ERR_ENCODING, 3, "step of the path is not behind a /"},
      {"m/0''", OL_ERR_ENCODING, 4, "step of the path is not behind a /"},
      {"m/0x1", OL_ERR_ENCODING, 3, "step of the path is not behind a /"},
      {"m/", OL_ERR_ENCODING, 2, "step of the path is no number"},
      {"m//0", OL_ERR_ENCODING, 2, "step of the path is no number"},
      {"m/0/", OL_ERR_ENCODING, 4, "step of the path is no number"},
      {"m/'", OL_ERR_ENCODING, 2, "step of the path is no number"},
      {"m/-1", OL_ERR_ENCODING, 2, "step of the path is no number"},
      {"m/+1", OL_ERR_ENCODING, 2, "step of the path is no number"},
      {"m/00", OL_ERR_ENCODING, 2, "step of the path has a leading zero"},
      {"m/044'", OL_ERR_ENCODING, 2, "step of the path has a leading zero"},
      {"m/2147483648", OL_ERR_ENCODING, 2, "step of the path is not below 2^31"},
      {"m/4294967296", OL_ERR_ENCODING, 2, "step of the path is not below 2^31"},
      {"m/42949672960", OL_ERR_ENCODING, 2, "step of the path is not below 2^31"},
      {"m/99999999999999999999", OL_ERR_ENCODING, 2, "step of the path is not below 2^31"},
      {"m/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", OL_ERR_LIMIT, 40, "path has too many steps"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ol_path path = {.depth = 77};
    assert_int_equal(ol_path_from_text(&error, &path, cases[i].text, strlen(cases[i].text)), cases[i].status);
    assert_string_equal(error.reason, cases[i].reason);
    assert_int_equal(error.offset, cases[i].offset);
    assert_int_equal(path.depth, 77);
  }
}

static void refuses_seeds_and_parents(void **state) {
  (void)state;
  uint8_t seed[65] = {1};
  ol_key key;
  ol_address address;
  for (size_t len = 0; len <= 65; len++) {
    ol_status expected = len >= 16 && len <= 64 ? OL_OK : OL_ERR_ARGUMENT;
    assert_int_equal(ol_key_from_seed(&error, &key, ol_slice_of(seed, len)), expected);
  }
  key = master_of(published[0].seed);
  ol_path path = path_of("m/1/2"), none = path_of("m");
  key.depth = 253;
  ol_key deepest;
  assert_int_equal(ol_key_derive(&error, &deepest, &key, &path), OL_OK);
  assert_int_equal(deepest.depth, 255);
  key.depth = 254;
  assert_int_equal(ol_key_derive(&error, &deepest, &key, &path), OL_ERR_LIMIT);
  assert_int_equal(ol_key_accounts(&error, &address, 1, &key, 0), OL_OK);
  key.depth = 255;
  assert_int_equal(ol_key_accounts(&error, &address, 1, &key, 0), OL_ERR_LIMIT);
  key.depth = 0;
  path.depth = OL_PATH_STEPS + 1;
  assert_int_equal(ol_key_derive(&error, &deepest, &key, &path), OL_ERR_LIMIT);
  memset(key.secret, 0, 32);
  assert_int_equal(ol_key_derive(&error, &deepest, &key, &none), OL_ERR_CRYPTO);
  assert_int_equal(ol_key_accounts(&error, &address, 0, &key, 0), OL_ERR_CRYPTO);
  assert_int_equal(ol_key_address(&error, &address, key.secret), OL_ERR_CRYPTO);
}

static void lists_the_accounts_that_it_derives(void **state) {
  (void)state;
  static ol_address listed[50];
  ol_key key = master_of(published[0].seed), parent, child;
  ol_path path;
  ol_address address;
  ol_path_accounts(&path);
  assert_int_equal(ol_key_derive(&error, &parent, &key, &path), OL_OK);
  assert_int_equal(ol_key_accounts(&error, listed, 50, &parent, 7), OL_OK);
  path.depth++;
  for (uint32_t i = 0; i < 50; i++) {
    path.steps[4] = 7 + i;
    assert_int_equal(ol_key_derive(&error, &child, &key, &path), OL_OK);
    assert_int_equal(ol_key_address(&error, &address, child.secret), OL_OK);
    assert_memory_equal(&address, &listed[i], sizeof address);
  }
  assert_int_equal(ol_key_accounts(&error, listed, 2, &parent, 0x7ffffffe), OL_OK);
  assert_int_equal(ol_key_accounts(&error, listed, 2, &parent, 0x7fffffff), OL_ERR_ARGUMENT);
  assert_int_equal(ol_key_accounts(&error, listed, 0, &parent, 0x80000001), OL_ERR_ARGUMENT);
}

static void brings_a_key_along(void **state) {
  (void)state;
  uint8_t key[32], again[32];
  ol_address address;
  char text[43];
  const char *digits = "4c0883a69102937d6231471b5dbb6204FE5129617082792ae468d01a3f362318";
  assert_int_equal(ol_key_from_text(&error, key, text_of(digits)), OL_OK);
  assert_bytes(key, 32, digits);
  assert_int_equal(ol_key_address(&error, &address, key), OL_OK);
  ol_address_text(text, &address);
  assert_string_equal(text, "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23");
  assert_int_equal(
      ol_key_from_text(&error, again,
                       text_of("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")),
      OL_OK);
  assert_memory_equal(key, again, 32);
  assert_int_equal(ol_key_from_text(&error, again, text_of(BELOW_ORDER)), OL_OK);
  assert_bytes(again, 32, BELOW_ORDER);
  assert_int_equal(ol_key_from_text(&error, again, text_of(ORDER)), OL_ERR_CRYPTO);
  assert_int_equal(
      ol_key_from_text(&error, again,
                       text_of("0000000000000000000000000000000000000000000000000000000000000000")),
      OL_ERR_CRYPTO);
  assert_bytes(again, 32, BELOW_ORDER);
  assert_int_equal(
      ol_key_from_text(&error, again,
                       text_of("0X4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")),
      OL_ERR_ENCODING);
  assert_int_equal(ol_key_from_text(&error, again, ol_slice_of(digits, 63)), OL_ERR_ENCODING);
  assert_int_equal(ol_key_from_text(&error, again, ol_slice_of(NULL, 0)), OL_ERR_ENCODING);
  ol_key_wipe(&(ol_key){.depth = 1});
}

/* Of all 256 characters 22 are digits, in every place. */
static void takes_hex_digits_only(void **state) {
  (void)state;
  uint8_t text[64], key[32];
  for (size_t place = 0; place < 64; place++) {
    memset(text, '1', sizeof text);
    uint32_t taken = 0;
    for (uint32_t c = 0; c < 256; c++) {
      text[place] = (uint8_t)c;
      ol_status status = ol_key_from_text(&error, key, ol_slice_of(text, 64));
      if (status != OL_OK) continue;
      const char digit[2] = {(char)c, '\0'};
      uint8_t value = place % 2 == 0 ? key[place / 2] >> 4 : key[place / 2] & 15;
      assert_int_equal(value, strtoul(digit, NULL, 16));
      taken++;
    }
    assert_int_equal(taken, 22);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(derives_the_published_keys),
      cmocka_unit_test(reads_paths),
      cmocka_unit_test(refuses_other_paths),
      cmocka_unit_test(refuses_seeds_and_parents),
      cmocka_unit_test(lists_the_accounts_that_it_derives),
      cmocka_unit_test(brings_a_key_along),
      cmocka_unit_test(takes_hex_digits_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
