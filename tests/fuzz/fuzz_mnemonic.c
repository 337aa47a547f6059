/* SPDX-License-Identifier: MIT */

/* The input as a mnemonic that a person typed; one that is valid is written again, and gives the same seed. */

#include "fuzz/fuzz.h"
#include "openledger/mnemonic.h"

static void check_valid(const ol_words *words, ol_slice text, ol_slice entropy) {
  ol_error error;
  uint8_t again[32], seed[64], other[64];
  size_t len = 0, again_len = 0;
  char *written = (char *)fuzz_block(OL_MNEMONIC_MAX);
  FUZZ_REQUIRE(ol_mnemonic_from_entropy(&error, written, OL_MNEMONIC_MAX, &len, words, entropy) == OL_OK);
  FUZZ_REQUIRE(strlen(written) == len);
  ol_slice canonical = ol_slice_of(written, len);
  FUZZ_REQUIRE(ol_mnemonic_to_entropy(&error, again, &again_len, words, canonical) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(entropy, ol_slice_of(again, again_len)));
  FUZZ_REQUIRE(ol_mnemonic_seed(&error, seed, text, ol_slice_of(NULL, 0)) == OL_OK);
  FUZZ_REQUIRE(ol_mnemonic_seed(&error, other, canonical, ol_slice_of(NULL, 0)) == OL_OK);
  FUZZ_REQUIRE(memcmp(seed, other, sizeof seed) == 0);
  free(written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  ol_error error;
  ol_words words;
  uint8_t entropy[32];
  size_t entropy_len = 0;
  char word[OL_WORD_MAX];
  uint32_t index = 0;
  ol_words_english(&words);
  ol_status status = ol_mnemonic_to_entropy(&error, entropy, &entropy_len, &words, ol_slice_of(data, len));
  if (status == OL_OK) {
    check_valid(&words, ol_slice_of(data, len), ol_slice_of(entropy, entropy_len));
  } else {
    fuzz_refused(&error, status, len);
  }
  if (ol_words_next(word, &index, &words, 0, ol_slice_of(data, len)))
    FUZZ_REQUIRE(strlen(word) >= len && memcmp(word, data, len) == 0);
  return 0;
}
