/* SPDX-License-Identifier: MIT */
#include "crypto/hmac.h"

#include "unit/bytes.h"

static uint8_t message[300];

static int fill_message(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof message; i++) message[i] = (uint8_t)(i * 31 + 7);
  return 0;
}

static void hashes_published_texts(void **state) {
  (void)state;
  uint8_t bytes[64];
  ol_hash hash;
  ol_sha256(&hash, (const uint8_t *)"abc", 3);
  assert_bytes(hash.bytes, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ol_sha512(bytes, (const uint8_t *)"abc", 3);
  assert_bytes(bytes, 64,
               "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  ol_ripemd160(bytes, (const uint8_t *)"abc", 3);
  assert_bytes(bytes, 20, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
}

/* The first `len` bytes of the message, hashed by npm @noble/hashes. */
static const struct {
  size_t len;
  const char *sha256, *sha512, *ripemd160;
} by_length[] = {
    {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931b"
     "d47417a81a538327af927da3e",
     "9c1185a5c5e9fc54612808977ee8f548b2258d31"},
    {3, "647674a296197442f518bcca323ec605dd8d098b2d4f22ee1fdcdd2bb753a189",
     "a4fb160ae2ee41d19cbec56b514cc5fb0c07adb0a398968a15857c9ef56ba3813d640099a21cd216a543d7e3feb42493cdf5f57"
     "87ec7c0f0a853bcb245f8f243",
     "cca595233a7ba0b522ffa7faf71505d96f2a6b88"},
    {55, "8aa994584139d128848eeebc4e815639ba5ab6e6e39574195a63ac4f14f7c43b",
     "330eb5e81b4d722cae1e0efbf883efb180c3e346d2b3b797dafc90409583ed35af65dc2d7974a353f0c21663e196b60d3ee5a2c"
     "70c50b7b3bccdb93a5dbce6bf",
     "b0b8230474939917ecb5359dd78d492965729965"},
    {56, "ad574708f75c044c9b85de64cb568ee7711ff4f36448c6242f053ba8f6cc2b63",
     "1b5b63bfd5420b2dc480abce3dbdb3e19e5f9d4fabffba7764883937eaae878a55362c938c141712c44c3076c3fabb2c60814c2"
     "994c311c33049a8d6de2a8898",
     "d627d48d28fd05a3954f02580221823e667c5c37"},
    {64, "c6ab9724ade5b6a7a1edfffb12f3aa9181351355af8fd08c919952ad211339dd",
     "4c7aba3659929c4fd87604c532a3b5f174d0626b2d661dbbbfac76c97a49a5a7789d2c68324c754f66bf629fa72054f334feaad"
     "8b1cf4c885ae03a1e634afc18",
     "13aaed2eefca44031dfcb63eca3f3bad8eebad46"},
    {111, "dd1413178fb627f9abbc041ffe39c44aa7aaa0e2e6d2ca5c4528ac7073a2da45",
     "da780d8338a8a920ceb6892cb4ecbb0cc0c66956269aadd5dd0f48790a00857bd975890f3b2955a317738cc7a770820c29f922f"
     "fbc22020f1909d594cc987d1b",
     "875954d4cb74e237765832d9bddf2542d1fd1d2e"},
    {112, "a65c92dac124062d0ab951a42773cb04fc98d1d4bf8897b176f8cff3509d379e",
     "053182f7fa4e59f8636e415a77ed4fdc650f0a43834c9d35adf899599c3ab9c4153f02ff50bd01888060cd36a6fa12d9db242fc"
     "35164c80135613514186d5843",
     "510f89b63f755e15b93b07a3551597ce95b082de"},
    {128, "cc548ca2dec1f6fe4f58b2e27aa9c7521607df1130d140b55a4dad0665302356",
     "df007a08f3aaae47e0c92ef840ecd43645ae6098c819f2a4a66174ef1cd49e5c6dfccf0616895e570b7564af641de5863dff9f8"
     "9c752913d30cf0ecf678e1635",
     "1305c367f78ac6a31efeafff434034ea427f452b"},
    {300, "4ebe2a8bd5ece93fb899b68e8a5fe64464b2058a5ddca6c079bc907930aa3003",
     "cd8fc4c36e0e79546fca813c67f25da21fb6d02035d86fa340c0fc5d4df796434a5b613d435ddf9fdf2ed55595947135b0e74fb"
     "5b13900f9d95da5e4c27905f2",
     "3b02f75bfe86f2ca9c3e82e1a8a901ff49a45ff7"},
};

static void hashes_lengths_around_a_block(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof by_length / sizeof by_length[0]; i++) {
    const uint8_t *data = by_length[i].len == 0 ? NULL : message;
    uint8_t bytes[64];
    ol_hash hash;
    ol_sha256(&hash, data, by_length[i].len);
    assert_bytes(hash.bytes, 32, by_length[i].sha256);
    ol_sha512(bytes, data, by_length[i].len);
    assert_bytes(bytes, 64, by_length[i].sha512);
    ol_ripemd160(bytes, data, by_length[i].len);
    assert_bytes(bytes, 20, by_length[i].ripemd160);
  }
}

static void hashes_the_same_in_pieces(void **state) {
  (void)state;
  ol_hash whole256, hash256;
  uint8_t whole512[64], hash512[64];
  ol_sha256(&whole256, message, sizeof message);
  ol_sha512(whole512, message, sizeof message);
  for (size_t first = 0; first <= sizeof message; first++) {
    ol_sha256_state state256, copy256, zero256;
    ol_sha512_state state512, zero512;
    memset(&zero256, 0, sizeof zero256);
    memset(&zero512, 0, sizeof zero512);
    ol_sha256_init(&state256);
    ol_sha256_update(&state256, message, first);
    ol_sha256_update(&state256, NULL, 0);
    copy256 = state256;
    ol_sha256_update(&copy256, message + first, sizeof message - first);
    ol_sha256_final(&copy256, &hash256);
    assert_true(ol_hash_equal(&hash256, &whole256));
    assert_memory_equal(&copy256, &zero256, sizeof zero256);
    ol_sha512_init(&state512);
    ol_sha512_update(&state512, message, first);
    ol_sha512_update(&state512, message + first, sizeof message - first);
    ol_sha512_final(&state512, hash512);
    assert_memory_equal(hash512, whole512, 64);
    assert_memory_equal(&state512, &zero512, sizeof zero512);
  }
}

static void authenticates(void **state) {
  (void)state;
  uint8_t key[32], tag[64];
  count_up(key, sizeof key, 1);
  ol_hmac_sha256(tag, ol_slice_of(key, 32), text_of("abc"));
  assert_bytes(tag, 32, "a21b1f5d4cf4f73a4dd939750f7a066a7f98cc131cb16a6692759021cfab8181");
  ol_hmac_sha512(tag, ol_slice_of(key, 32), text_of("abc"));
  assert_bytes(tag, 64,
               "2cf64d2e8520c31db1b4e21efc5fcf90ded3577d609ff29804c6cff403bfbf34"
               "7212b6c296c9602556f6405b57cd5a9c66561908b717f30db4167e8489cd2f45");
  /* An empty key and an empty message. */
  ol_hmac_sha256(tag, ol_slice_of(NULL, 0), ol_slice_of(NULL, 0));
  assert_bytes(tag, 32, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hashes_published_texts),
      cmocka_unit_test(hashes_lengths_around_a_block),
      cmocka_unit_test(hashes_the_same_in_pieces),
      cmocka_unit_test(authenticates),
  };
  return cmocka_run_group_tests(tests, fill_message, NULL);
}
