/* SPDX-License-Identifier: MIT */
#include "openledger/mnemonic.h"

#include "packs.h"
#include "unit/bytes.h"

static ol_error error;
static ol_words english, lists[OL_LANGUAGES];
static uint8_t packs[OL_LANGUAGES][PACK_MAX];

static int read_packs(void **state) {
  (void)state;
  ol_words_english(&english);
  for (uint32_t i = 0; i < OL_LANGUAGES; i++) {
    if (ol_words_read(&error, &lists[i], i, pack_read(packs[i], i)) != OL_OK) return -1;
  }
  return 0;
}

static void assert_entropy(const char *mnemonic, const char *digits) {
  uint8_t entropy[32];
  size_t len = 0;
  assert_int_equal(ol_mnemonic_to_entropy(&error, entropy, &len, &english, text_of(mnemonic)), OL_OK);
  assert_int_equal(2 * len, strlen(digits));
  assert_bytes(entropy, len, digits);
}

static void assert_refused(const ol_words *words, const char *mnemonic, ol_status status, uint32_t item,
                           const char *reason) {
  uint8_t entropy[32] = {0};
  size_t len = 7;
  assert_int_equal(ol_mnemonic_to_entropy(&error, entropy, &len, words, text_of(mnemonic)), status);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.item, item);
  assert_true(len == 7 && ol_is_zero(ol_slice_of(entropy, sizeof entropy)));
}

#define VALID "legal winner thank year wave sausage worth useful legal winner thank yellow"
#define ENTROPY "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f"

static const char no_count[] = "mnemonic has not 12, 15, 18, 21 or 24 words";

static void reads_words_between_any_white_space(void **state) {
  (void)state;
  assert_entropy(VALID, ENTROPY);
  assert_entropy(
      "  \tlegal\nwinner\r\nthank\xc2\xa0year\xe2\x80\x83wave\xe3\x80\x80sausage worth\xe2\x80\xa8useful "
      "legal\xc2\x85winner\xe1\x9a\x80thank  yellow \xe2\x80\xa9",
      ENTROPY);
  /* Full width letters are the same letters in form KD. */
  assert_entropy(
      "\xef\xbd\x8c\xef\xbd\x85gal winner thank year wave sausage worth useful legal winner thank yellow",
      ENTROPY);
  /* What only looks like white space is none: U+200B. */
  assert_refused(&english,
                 "legal\xe2\x80\x8bwinner thank year wave sausage worth useful legal winner thank yellow",
                 OL_ERR_ENCODING, OL_NOWHERE, no_count);
}

static void names_the_word_that_is_none(void **state) {
  (void)state;
  static const char no_word[] = "is not in the list of words";
  assert_refused(&english, "legal winner thank year wave sausage worth useful legal winner thankk yellow",
                 OL_ERR_ENCODING, 10, no_word);
  assert_string_equal(error.part, "word");
  /* Neither the first four letters, nor capital letters, nor more than a word. */
  assert_refused(&english, "lega winner thank year wave sausage worth useful legal winner thank yellow",
                 OL_ERR_ENCODING, 0, no_word);
  assert_refused(&english, "legal Winner thank year wave sausage worth useful legal winner thank yellow",
                 OL_ERR_ENCODING, 1, no_word);
  assert_refused(&english,
                 "legal winner thank year wave sausage worth useful legal winner thank "
                 "yellowyellowyellowyellowyellowyellowyellowyellow",
                 OL_ERR_ENCODING, 11, no_word);
  assert_refused(&lists[OL_LANGUAGE_FRENCH], VALID, OL_ERR_ENCODING, 0, no_word);
}

static void refuses_a_wrong_checksum(void **state) {
  (void)state;
  static const char wrong[] = "checksum of the mnemonic is wrong";
  assert_refused(&english, "legal winner thank year wave sausage worth useful legal winner thank year",
                 OL_ERR_MISMATCH, OL_NOWHERE, wrong);
  assert_refused(&english, "winner legal thank year wave sausage worth useful legal winner thank yellow",
                 OL_ERR_MISMATCH, OL_NOWHERE, wrong);
}

static void refuses_other_numbers_of_words(void **state) {
  (void)state;
  char text[400] = "legal";
  for (uint32_t count = 1; count <= 40; count++) {
    bool good = count == 12 || count == 15 || count == 18 || count == 21 || count == 24;
    if (!good) assert_refused(&english, text, OL_ERR_ENCODING, OL_NOWHERE, no_count);
    strcat(text, " legal");
  }
  assert_refused(&english, "", OL_ERR_ENCODING, OL_NOWHERE, no_count);
  assert_refused(&english, "   ", OL_ERR_ENCODING, OL_NOWHERE, no_count);
}

static void refuses_texts_that_are_too_long_or_no_text(void **state) {
  (void)state;
  char text[1100];
  uint8_t seed[64];
  memset(text, 'a', sizeof text);
  text[1025] = '\0';
  assert_refused(&english, text, OL_ERR_LIMIT, OL_NOWHERE, "mnemonic is too long");
  assert_refused(&english, "legal \xff", OL_ERR_ENCODING, OL_NOWHERE, "text is not UTF-8");
  assert_int_equal(error.offset, 6);
  assert_int_equal(ol_mnemonic_seed(&error, seed, text_of("a\xff"), text_of("")), OL_ERR_ENCODING);
  assert_int_equal(ol_mnemonic_seed(&error, seed, text_of(VALID), text_of("b\xff")), OL_ERR_ENCODING);
  assert_string_equal(error.part, "passphrase");
  assert_int_equal(ol_mnemonic_seed(&error, seed, text_of(VALID), text_of(text)), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "passphrase is too long");
}

static void derives_the_same_seed_from_every_form(void **state) {
  (void)state;
  uint8_t seed[64], again[64];
  assert_int_equal(ol_mnemonic_seed(&error, seed, text_of(VALID), text_of("TREZOR")), OL_OK);
  assert_bytes(seed, 64,
               "2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6f"
               "a457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607");
  assert_int_equal(ol_mnemonic_seed(&error, again, text_of(" " VALID "\n"), text_of("TREZOR")), OL_OK);
  assert_memory_equal(seed, again, 64);
  /* e with an acute accent, in one character and in two; but white space in a passphrase stays. */
  assert_int_equal(ol_mnemonic_seed(&error, seed, text_of(VALID), text_of("caf\xc3\xa9")), OL_OK);
  assert_int_equal(ol_mnemonic_seed(&error, again, text_of(VALID), text_of("cafe\xcc\x81")), OL_OK);
  assert_memory_equal(seed, again, 64);
  assert_int_equal(ol_mnemonic_seed(&error, again, text_of(VALID), text_of("cafe\xcc\x81 ")), OL_OK);
  assert_memory_not_equal(seed, again, 64);
}

static void makes_mnemonics_of_fresh_entropy(void **state) {
  (void)state;
  uint8_t entropy[32], again[32];
  char text[OL_MNEMONIC_MAX];
  size_t len = 0, again_len = 0;
  count_up(entropy, sizeof entropy, 0x80);
  for (uint32_t count = 0; count < 30; count++) {
    bool good = count == 12 || count == 15 || count == 18 || count == 21 || count == 24;
    ol_status status = ol_mnemonic_create(&error, text, sizeof text, &len, &english, count, entropy);
    assert_int_equal(status, good ? OL_OK : OL_ERR_ARGUMENT);
    if (!good) continue;
    assert_int_equal(strlen(text), len);
    assert_int_equal(ol_mnemonic_to_entropy(&error, again, &again_len, &english, ol_slice_of(text, len)),
                     OL_OK);
    assert_int_equal(again_len, count * 4 / 3);
    assert_memory_equal(again, entropy, again_len);
  }
  memset(entropy, 0, 16); /* what is used of it */
  assert_int_equal(ol_mnemonic_create(&error, text, sizeof text, &len, &english, 12, entropy),
                   OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "entropy is zero");
  assert_int_equal(ol_mnemonic_create(&error, text, sizeof text, &len, &english, 24, entropy), OL_OK);
  for (size_t bytes = 0; bytes <= 32; bytes++) {
    bool good = bytes >= 16 && bytes % 4 == 0;
    assert_int_equal(
        ol_mnemonic_from_entropy(&error, text, sizeof text, &len, &english, ol_slice_of(entropy, bytes)),
        good ? OL_OK : OL_ERR_ARGUMENT);
  }
}

static void needs_memory_for_the_text(void **state) {
  (void)state;
  uint8_t entropy[16];
  char text[OL_MNEMONIC_MAX];
  size_t len = 0;
  memset(entropy, 0x7f, sizeof entropy);
  ol_slice bytes = ol_slice_of(entropy, sizeof entropy);
  const size_t exact = sizeof VALID;
  assert_int_equal(ol_mnemonic_from_entropy(&error, text, exact, &len, &english, bytes), OL_OK);
  assert_string_equal(text, VALID);
  for (size_t room = 0; room < exact; room++) {
    memset(text, 0, sizeof text);
    assert_int_equal(ol_mnemonic_from_entropy(&error, text, room, &len, &english, bytes), OL_ERR_MEMORY);
    assert_true(ol_is_zero(ol_slice_of(text, sizeof text)));
  }
}

/* The entropy whose first 23 words are `from` and those behind it, from the first again behind the last. */
static ol_slice entropy_from(uint8_t out[32], uint32_t from) {
  for (size_t bit = 0; bit < 256; bit++) {
    uint32_t word = (from + (uint32_t)(bit / 11)) % OL_WORDS;
    out[bit / 8] = (uint8_t)((uint32_t)out[bit / 8] << 1 | (word >> (10 - bit % 11) & 1));
  }
  return ol_slice_of(out, 32);
}

static void holds_every_word_of_every_list(void **state) {
  (void)state;
  char word[OL_WORD_MAX], text[OL_MNEMONIC_MAX];
  uint8_t entropy[32] = {0}, again[32];
  for (uint32_t i = 0; i < OL_LANGUAGES; i++) {
    size_t longest = 0, len = 0, at = 0;
    uint32_t index = 0, from = 0;
    const size_t space = i == OL_LANGUAGE_JAPANESE ? 3 : 1;
    for (; ol_words_next(word, &index, &lists[i], from, ol_slice_of(NULL, 0)); from++) {
      assert_int_equal(index, from);
      if (strlen(word) > longest) longest = strlen(word);
      if (from % 23 == 0) {
        ol_slice bytes = entropy_from(entropy, from);
        assert_int_equal(ol_mnemonic_from_entropy(&error, text, sizeof text, &len, &lists[i], bytes), OL_OK);
        assert_int_equal(ol_mnemonic_to_entropy(&error, again, &len, &lists[i], text_of(text)), OL_OK);
        assert_true(len == 32 && memcmp(again, entropy, 32) == 0);
        at = 0;
      }
      assert_memory_equal(text + at, word, strlen(word));
      at += strlen(word) + space;
    }
    assert_int_equal(from, OL_WORDS);
    assert_true(longest < OL_WORD_MAX && 24 * longest + 23 * space + 1 <= OL_MNEMONIC_MAX);
  }
}

static void takes_no_other_text_for_a_pack(void **state) {
  (void)state;
  ol_words words = {.language = 99};
  for (uint32_t i = 1; i < OL_LANGUAGES; i++) {
    ol_slice text = pack_read(packs[i], i);
    assert_true(text.len > 0);
    for (uint32_t k = 0; k <= OL_LANGUAGES; k++) {
      ol_status expected = k == i ? OL_OK : k == OL_LANGUAGES ? OL_ERR_ARGUMENT : OL_ERR_MISMATCH;
      assert_int_equal(ol_words_read(&error, &words, k, text), expected);
    }
    packs[i][text.len / 2] ^= 1;
    assert_int_equal(ol_words_read(&error, &words, i, text), OL_ERR_MISMATCH);
    packs[i][text.len / 2] ^= 1;
    assert_int_equal(ol_words_read(&error, &words, i, ol_slice_of(text.data, text.len - 1)), OL_ERR_MISMATCH);
    assert_int_equal(ol_words_read(&error, &words, i, ol_slice_of(NULL, 0)), OL_ERR_MISMATCH);
  }
  assert_string_equal(ol_language_name(0), "english");
  assert_string_equal(ol_language_name(11), "turkish");
  assert_string_equal(ol_language_name(12), "unknown");
}

static void completes_words(void **state) {
  (void)state;
  char word[OL_WORD_MAX];
  uint32_t index = 0, from = 0, count = 0;
  const char *expected[] = {"zebra", "zero", "zone", "zoo"};
  for (; ol_words_next(word, &index, &english, from, text_of("z")); from = index + 1) {
    assert_string_equal(word, expected[count]);
    assert_int_equal(index, 2044 + count);
    count++;
  }
  assert_int_equal(count, 4);
  assert_true(ol_words_next(word, &index, &english, 0, text_of("abandon")));
  assert_int_equal(index, 0);
  assert_false(ol_words_next(word, &index, &english, 0, text_of("abandons")));
  assert_false(ol_words_next(word, &index, &english, OL_WORDS, text_of("")));
  assert_false(
      ol_words_next(word, &index, &english, 0, text_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
  assert_true(ol_words_next(word, &index, &lists[OL_LANGUAGE_SPANISH], 0, text_of("a\xcc\x81")));
  assert_string_equal(word, "a\xcc\x81"
                            "baco");
}

static void finds_the_language(void **state) {
  (void)state;
  uint8_t entropy[32];
  char text[OL_MNEMONIC_MAX];
  size_t len = 0;
  uint32_t found = 0;
  count_up(entropy, sizeof entropy, 0x31);
  for (uint32_t i = 0; i < OL_LANGUAGES; i++) {
    ol_slice bytes = ol_slice_of(entropy, 32);
    assert_int_equal(ol_mnemonic_from_entropy(&error, text, sizeof text, &len, &lists[i], bytes), OL_OK);
    assert_int_equal(ol_mnemonic_languages(&error, &found, lists, OL_LANGUAGES, ol_slice_of(text, len)),
                     OL_OK);
    assert_int_equal(found, 1u << i);
  }
  found = 77;
  assert_int_equal(ol_mnemonic_languages(&error, &found, lists, OL_LANGUAGES, text_of("legal")),
                   OL_ERR_ENCODING);
  assert_string_equal(error.reason, no_count);
  assert_int_equal(
      ol_mnemonic_languages(&error, &found, &english, 1,
                            text_of("legal winner thank year wave sausage worth useful legal winner "
                                    "thank year")),
      OL_ERR_MISMATCH);
  assert_int_equal(ol_mnemonic_languages(&error, &found, &english, 0, text_of(VALID)), OL_ERR_ARGUMENT);
  assert_int_equal(ol_mnemonic_languages(&error, &found, &english, 33, text_of(VALID)), OL_ERR_ARGUMENT);
  assert_int_equal(found, 77);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_words_between_any_white_space),
      cmocka_unit_test(names_the_word_that_is_none),
      cmocka_unit_test(refuses_a_wrong_checksum),
      cmocka_unit_test(refuses_other_numbers_of_words),
      cmocka_unit_test(refuses_texts_that_are_too_long_or_no_text),
      cmocka_unit_test(derives_the_same_seed_from_every_form),
      cmocka_unit_test(makes_mnemonics_of_fresh_entropy),
      cmocka_unit_test(needs_memory_for_the_text),
      cmocka_unit_test(holds_every_word_of_every_list),
      cmocka_unit_test(takes_no_other_text_for_a_pack),
      cmocka_unit_test(completes_words),
      cmocka_unit_test(finds_the_language),
  };
  return cmocka_run_group_tests(tests, read_packs, NULL);
}
