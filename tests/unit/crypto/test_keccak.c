/* SPDX-License-Identifier: MIT */
#include "crypto/keccak.h"

#include "unit/bytes.h"

#define MESSAGE_LEN 4096

static uint8_t message[MESSAGE_LEN];

static int fill_message(void **state) {
  (void)state;
  for (size_t i = 0; i < MESSAGE_LEN; i++) message[i] = (uint8_t)(i * 31 + 7);
  return 0;
}

static void assert_hash(const ol_hash *hash, const char *expected) {
  assert_bytes(hash->bytes, sizeof hash->bytes, expected);
}

static void hashes_published_texts(void **state) {
  (void)state;
  ol_hash hash;
  ol_keccak256(&hash, NULL, 0);
  assert_hash(&hash, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  ol_keccak256(&hash, (const uint8_t *)"abc", 3);
  assert_hash(&hash, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  const char *fox = "The quick brown fox jumps over the lazy dog";
  ol_keccak256(&hash, (const uint8_t *)fox, strlen(fox));
  assert_hash(&hash, "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15");
}

/* The first `len` bytes of the message, hashed by npm hash-wasm. */
static const struct {
  size_t len;
  const char *hash;
} by_length[] = {
    {0, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"},
    {1, "ee2a4bc7db81da2b7164e56b3649b1e2a09c58c455b15dabddd9146c7582cebc"},
    {7, "924099220dce70b94ce3067683548ea0cfd74b7ecd1c2fe3167eb40efe2192fd"},
    {8, "6e97170ea1143bd6c3e98bbbe2c8337f480a0a890e7c75d6c044d42944afcf67"},
    {9, "29fe55d7b6fd96d534132ab2f62fc53827d2af29e14f53953b74412d4a4d7936"},
    {31, "e26887732fb2b99d9de7c6198e8af62233e786b072008f63e51bc0e005007891"},
    {32, "dc7b69b8512dce347cacd51f7cff541905fdb5fabb71b37dc6b271c152bc8efc"},
    {100, "b73c9de45d2fd9c9655cfdce9160cd36d83ec99b2c124c788a67adeb044897a1"},
    {134, "8b2af3b215fa1425ced8e97e7a45902093b060e08317780d936040bce17997d0"},
    {135, "adee8145bb33dc0320ad44945eeeb391e4668f0f7c69ccbbf6550a7cba245e52"},
    {136, "eaccfc5aa7bf6bf1941809ef7cc9ee6a2fa306a7dd1de3f2e8504849b0a5e3c4"},
    {137, "ea0e0b9657469f0b4f53604f1068ab4bd4a5e7b0a458d24a78f1fe2ec7bd4db0"},
    {143, "0ca54a0deafaff5a9e1568ec7449643b5e1265a66aebe400313c5f55f22f9c3e"},
    {144, "c5a0b237162011c4f1169427b34579a839154fbc4005a7724afae57d2dc2d849"},
    {271, "407871b419dca15e033dd9777154af2116326a7849eacadbc46b1618055ee0a2"},
    {272, "c62d6a60780d4e03408834062e58004a549cff1c7487c0b9a130810621b0fcae"},
    {273, "b47ca693c8d675afa3b0b644da6dc96613f07c6f8971f9a0077ed6b7c994561d"},
    {532, "574528f02548ffbf687fcdd37753bd14b234801dc480c575fb113d7101a701b7"},
    {1000, "c77d9bffcae9f0984e6dff7eea63cc14cad5f367f791e27b08a1953f192f30a5"},
    {4096, "1a8708a1b490543348ef1468dc6dd07aa8f556e311f5ce378e71452b0d180d03"},
};

static void hashes_lengths_around_a_block(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof by_length / sizeof by_length[0]; i++) {
    ol_hash hash;
    ol_keccak256(&hash, message, by_length[i].len);
    assert_hash(&hash, by_length[i].hash);
  }
}

static void permutes_zeros_as_published(void **state) {
  (void)state;
  uint64_t words[25] = {0};
  ol_keccak_f1600(words);
  assert_true(words[0] == 0xf1258f7940e1dde7);
  assert_true(words[1] == 0x84d5ccf933c0478a);
  assert_true(words[24] == 0xeaf1ff7b5ceca249);
  ol_keccak_f1600(words);
  assert_true(words[0] == 0x2d5c954df96ecb3c);
  assert_true(words[24] == 0x20d06cd26a8fbf5c);
}

static void hashes_the_same_in_pieces(void **state) {
  (void)state;
  const size_t len = 300;
  ol_hash whole;
  ol_keccak256(&whole, message, len);
  for (size_t first = 0; first <= len; first++) {
    for (size_t second = 0; first + second <= len; second += 1 + first % 7) {
      ol_keccak keccak;
      ol_hash hash;
      ol_keccak_init(&keccak);
      ol_keccak_update(&keccak, message, first);
      ol_keccak_update(&keccak, NULL, 0);
      ol_keccak_update(&keccak, message + first, second);
      ol_keccak_update(&keccak, message + first + second, len - first - second);
      ol_keccak_final(&keccak, &hash);
      assert_true(ol_hash_equal(&hash, &whole));
    }
  }
}

static void erases_what_it_hashed(void **state) {
  (void)state;
  ol_keccak keccak, zero;
  ol_hash hash;
  memset(&zero, 0, sizeof zero);
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, message, 100);
  ol_keccak_final(&keccak, &hash);
  assert_memory_equal(&keccak, &zero, sizeof zero);
}

#define EACH_MAX 40

/* Messages of uneven lengths: around a block, empty, long, so that columns end at different times. */
static void check_each(size_t ways, size_t count, uint32_t seed) {
  ol_slice inputs[EACH_MAX] = {{NULL, 0}};
  ol_hash out[EACH_MAX + 1], expected;
  memset(out, 0xa5, sizeof out);
  for (size_t i = 0; i < count; i++) {
    static const size_t lens[] = {0, 1, 135, 136, 137, 271, 272, 273, 532, 544, 545, 1500, 4000};
    seed = seed * 1664525 + 1013904223;
    size_t len = lens[(seed >> 16) % (sizeof lens / sizeof lens[0])];
    inputs[i] = len == 0 ? ol_slice_of(NULL, 0) : ol_slice_of(message + i, len);
  }
  if (ways == 0) {
    ol_keccak256_each(out, inputs, count);
  } else {
    ol_keccak256_each_by(ways, out, inputs, count);
  }
  for (size_t i = 0; i < count; i++) {
    ol_keccak256(&expected, inputs[i].data, inputs[i].len);
    assert_true(ol_hash_equal(&out[i], &expected));
  }
  for (size_t i = 0; i < 32; i++) assert_int_equal(out[count].bytes[i], 0xa5);
}

static void check_each_width(size_t ways) {
  for (size_t count = 0; count <= EACH_MAX; count++) {
    for (uint32_t seed = 1; seed <= 5; seed++) check_each(ways, count, seed);
  }
}

static void hashes_each_one_at_a_time(void **state) {
  (void)state;
  check_each_width(1);
}

static void hashes_each_four_at_a_time(void **state) {
  (void)state;
  if (ol_keccak_ways() < 4) skip();
  check_each_width(4);
}

static void hashes_each_eight_at_a_time(void **state) {
  (void)state;
  if (ol_keccak_ways() < 8) skip();
  check_each_width(8);
}

static void hashes_each_as_wide_as_it_can(void **state) {
  (void)state;
  check_each_width(0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hashes_published_texts),        cmocka_unit_test(hashes_lengths_around_a_block),
      cmocka_unit_test(permutes_zeros_as_published),   cmocka_unit_test(hashes_the_same_in_pieces),
      cmocka_unit_test(erases_what_it_hashed),         cmocka_unit_test(hashes_each_one_at_a_time),
      cmocka_unit_test(hashes_each_four_at_a_time),    cmocka_unit_test(hashes_each_eight_at_a_time),
      cmocka_unit_test(hashes_each_as_wide_as_it_can),
  };
  return cmocka_run_group_tests(tests, fill_message, NULL);
}
