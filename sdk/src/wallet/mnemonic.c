/* SPDX-License-Identifier: MIT */
#include "openledger/mnemonic.h"

#include "base/limits.h"
#include "crypto/kdf.h"
#include "crypto/nfkd.h"
#include "crypto/sha2.h"
#include "wallet/words.h"

#include "base/poison.h"

#define WORD_BITS 11
#define ROUNDS 2048
#define SALT "mnemonic"
#define SALT_LEN (sizeof SALT - 1)

/* A mnemonic as it is read: its words, or their numbers in a list. */
typedef struct words {
  uint32_t count;
  uint32_t index[OL_MNEMONIC_WORDS];
  ol_word word[OL_MNEMONIC_WORDS];
} words;

/* Returns: all ones when two numbers below 2^31 are the same, else zero, without a branch. */
static uint32_t same(uint32_t a, uint32_t b) {
  return (uint32_t)0 - (((a ^ b) - 1) >> 31);
}

/* The words' numbers: the entropy, and behind it as many bits of its SHA-256 as it has words of 32 bits. */
static void number(words *out, ol_slice entropy) {
  uint8_t bits[33];
  ol_hash hash;
  ol_sha256(&hash, entropy.data, entropy.len);
  ol_wipe_stack();
  memcpy(bits, entropy.data, entropy.len);
  bits[entropy.len] = hash.bytes[0];
  out->count = (uint32_t)(entropy.len * 3 / 4);
  for (uint32_t i = 0; i < out->count; i++) {
    uint32_t value = 0;
    for (uint32_t bit = i * WORD_BITS; bit < (i + 1) * WORD_BITS; bit++)
      value = value << 1 | (bits[bit / 8] >> (7 - bit % 8) & 1);
    out->index[i] = value;
  }
  ol_wipe(bits, sizeof bits);
  ol_wipe(&hash, sizeof hash);
}

/* Looks at every word of the list for each, so that which it is does not show. */
static void find_words(words *out, const ol_words *list) {
  ol_word_cursor cursor = ol_word_first(list);
  memset(out->word, 0, sizeof out->word);
  while (ol_word_next(&cursor)) {
    for (uint32_t i = 0; i < out->count; i++) {
      uint64_t mask = same(cursor.index - 1, out->index[i]);
      mask |= mask << 32;
      for (size_t k = 0; k < OL_WORD_PARTS; k++) out->word[i].parts[k] |= cursor.word.parts[k] & mask;
    }
  }
}

/* The same the other way; a word that is in no list has the number OL_WORDS. */
static void find_numbers(words *out, const ol_words *list) {
  ol_word_cursor cursor = ol_word_first(list);
  for (uint32_t i = 0; i < out->count; i++) out->index[i] = OL_WORDS;
  while (ol_word_next(&cursor)) {
    for (uint32_t i = 0; i < out->count; i++) {
      uint64_t differs = 0;
      for (size_t k = 0; k < OL_WORD_PARTS; k++) differs |= cursor.word.parts[k] ^ out->word[i].parts[k];
      uint32_t mask = same((uint32_t)((differs | ((uint64_t)0 - differs)) >> 63), 0);
      out->index[i] = (out->index[i] & ~mask) | ((cursor.index - 1) & mask);
    }
  }
}

/* A word's length, without looking for its end. */
static size_t length_of(const ol_word *word_secret) {
  uint32_t len = 0;
  for (size_t i = 0; i < sizeof word_secret->bytes; i++) len += (word_secret->bytes[i] + 255u) >> 8;
  return ol_disclose(len);
}

static ol_status write_words(ol_error *error, char *out, size_t len, size_t *out_len, const words *from,
                             uint32_t language) {
  static const uint8_t spaces[] = "\xe3\x80\x80", space[] = " ";
  const bool wide = language == OL_LANGUAGE_JAPANESE;
  const ol_slice between = ol_slice_of(wide ? spaces : space, wide ? 3 : 1);
  size_t used = 0;
  for (uint32_t i = 0; i < from->count; i++) {
    const uint8_t *word = from->word[i].bytes;
    const ol_slice parts[2] = {between, ol_slice_of(word, length_of(&from->word[i]))};
    for (size_t k = i == 0; k < 2; k++) {
      if (used + parts[k].len >= len) {
        ol_wipe(out, used);
        return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory for the mnemonic");
      }
      memcpy(out + used, parts[k].data, parts[k].len);
      used += parts[k].len;
    }
  }
  out[used] = '\0';
  *out_len = used;
  return OL_OK;
}

ol_status ol_mnemonic_from_entropy(ol_error *error, char *out, size_t len, size_t *out_len,
                                   const ol_words *words_of, ol_slice entropy_secret) {
  words all;
  ol_error_clear(error);
  if (entropy_secret.len < 16 || entropy_secret.len > 32 || entropy_secret.len % 4 != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "entropy has not 16, 20, 24, 28 or 32 bytes");
  number(&all, entropy_secret);
  find_words(&all, words_of);
  ol_status status = write_words(error, out, len, out_len, &all, words_of->language);
  ol_wipe(&all, sizeof all);
  return status;
}

ol_status ol_mnemonic_create(ol_error *error, char *out, size_t len, size_t *out_len,
                             const ol_words *words_of, uint32_t count, const uint8_t entropy_secret[32]) {
  ol_error_clear(error);
  if (count < 12 || count > OL_MNEMONIC_WORDS || count % 3 != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "mnemonic has not 12, 15, 18, 21 or 24 words");
  ol_slice entropy = ol_slice_of(entropy_secret, (size_t)count / 3 * 4);
  if (ol_disclose(ol_is_zero(entropy)) != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "entropy is zero");
  return ol_mnemonic_from_entropy(error, out, len, out_len, words_of, entropy);
}

/* Returns: how many bytes of white space (Unicode's White_Space, what form KD leaves of it) a text begins with. */
static size_t space_at(ol_slice text) {
  uint32_t c = text.data[0];
  const size_t len = (c & 0x80) == 0 ? 1 : ol_utf8_read(&c, text);
  /* In one sum, as where the words end may show, and the letters not. */
  const uint32_t space =
      (uint32_t)(c - 9 < 5) | (c == ' ') | (c == 0x85) | (c == 0x1680) | (c == 0x2028) | (c == 0x2029);
  return ol_disclose(space) != 0 ? len : 0;
}

/* Normalizes a mnemonic, and makes white space one space each. Out: LIMIT bytes at most. */
static ol_status normalize(ol_error *error, uint8_t out[OL_LIMIT_MNEMONIC], size_t *out_len, ol_slice text) {
  size_t len = 0, used = 0;
  ol_status status = ol_nfkd(error, out, OL_LIMIT_MNEMONIC, &len, text);
  if (status == OL_ERR_MEMORY) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "mnemonic is too long");
  OL_TRY(status);
  for (size_t at = 0, skip; at < len; at += skip) {
    skip = space_at(ol_slice_of(out + at, len - at));
    if (skip == 0) {
      skip = 1;
      out[used++] = out[at];
    } else if (used > 0 && out[used - 1] != ' ') {
      out[used++] = ' ';
    }
  }
  if (used > 0 && out[used - 1] == ' ') used--;
  ol_wipe(out + used, len - used);
  *out_len = used;
  return OL_OK;
}

/* Cuts a normalized mnemonic into words; one that is longer than any is left empty. Returns: how many there are. */
static uint32_t cut(words *out, ol_slice text) {
  uint32_t count = 0;
  memset(out, 0, sizeof *out);
  for (size_t at = 0, start = 0; text.len > 0 && at <= text.len; at++) {
    if (at < text.len && text.data[at] != ' ') continue;
    size_t len = at - start;
    if (count < OL_MNEMONIC_WORDS && len < OL_WORD_MAX)
      memcpy(out->word[count].bytes, text.data + start, len);
    count++;
    start = at + 1;
  }
  return count;
}

static ol_status read_words(ol_error *error, words *out, ol_slice text) {
  uint8_t normal[OL_LIMIT_MNEMONIC];
  size_t len = 0;
  OL_TRY(normalize(error, normal, &len, text));
  uint32_t count = cut(out, ol_slice_of(normal, len));
  ol_wipe(normal, sizeof normal);
  if (count < 12 || count > OL_MNEMONIC_WORDS || count % 3 != 0) {
    ol_wipe(out, sizeof *out);
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "mnemonic has not 12, 15, 18, 21 or 24 words");
  }
  out->count = count;
  return OL_OK;
}

/* Out: the entropy in words that are read. */
static ol_status entropy_of(ol_error *error, uint8_t out[32], size_t *out_len, words *from,
                            const ol_words *list) {
  uint8_t bits[33] = {0};
  words again;
  const size_t len = (size_t)from->count / 3 * 4;
  find_numbers(from, list);
  for (uint32_t i = 0; i < from->count; i++) {
    if (ol_disclose(from->index[i] == OL_WORDS) != 0)
      return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "is not in the list of words"),
                         "word", i);
  }
  for (uint32_t bit = 0; bit < from->count * WORD_BITS; bit++) {
    uint32_t value = from->index[bit / WORD_BITS] >> (WORD_BITS - 1 - bit % WORD_BITS) & 1;
    bits[bit / 8] |= (uint8_t)(value << (7 - bit % 8));
  }
  number(&again, ol_slice_of(bits, len));
  const uint32_t last = from->count - 1;
  const bool right = ol_disclose(again.index[last] == from->index[last]) != 0;
  if (right) {
    memcpy(out, bits, len);
    *out_len = len;
  }
  ol_wipe(bits, sizeof bits);
  ol_wipe(&again, sizeof again);
  if (!right) return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "checksum of the mnemonic is wrong");
  return OL_OK;
}

ol_status ol_mnemonic_to_entropy(ol_error *error, uint8_t out[32], size_t *out_len, const ol_words *words_of,
                                 ol_slice text_secret) {
  words all;
  ol_error_clear(error);
  OL_TRY(read_words(error, &all, text_secret));
  ol_status status = entropy_of(error, out, out_len, &all, words_of);
  ol_wipe(&all, sizeof all);
  return status;
}

ol_status ol_mnemonic_languages(ol_error *error, uint32_t *out, const ol_words *lists, size_t count,
                                ol_slice text_secret) {
  words all;
  uint8_t entropy[32];
  size_t len = 0;
  uint32_t found = 0;
  ol_error_clear(error);
  if (count == 0 || count > 32)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "give 1 to 32 lists of words");
  OL_TRY(read_words(error, &all, text_secret));
  ol_status status = OL_OK;
  for (size_t i = 0; i < count; i++) {
    status = entropy_of(error, entropy, &len, &all, &lists[i]);
    if (status == OL_OK) found |= (uint32_t)1 << i;
  }
  ol_wipe(&all, sizeof all);
  ol_wipe(entropy, sizeof entropy);
  if (found == 0) return status;
  ol_error_clear(error);
  *out = found;
  return OL_OK;
}

/* The seed of a mnemonic that is normalized. */
static ol_status derive(ol_error *error, uint8_t out[OL_SEED_BYTES], ol_slice text, ol_slice passphrase) {
  uint8_t salt[SALT_LEN + OL_LIMIT_PASSPHRASE], memory[192];
  size_t len = 0;
  memcpy(salt, SALT, SALT_LEN);
  ol_status status = ol_nfkd(error, salt + SALT_LEN, OL_LIMIT_PASSPHRASE, &len, passphrase);
  if (status == OL_ERR_MEMORY) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "passphrase is too long");
  OL_TRY(ol_error_in(error, status, "passphrase", OL_NOWHERE));
  const ol_kdf_params params = {.kind = OL_KDF_PBKDF2_SHA512,
                                .cost = ROUNDS,
                                .key_len = OL_SEED_BYTES,
                                .salt = ol_slice_of(salt, SALT_LEN + len)};
  status = ol_kdf_run(error, out, &params, text, memory, sizeof memory);
  ol_wipe(salt, sizeof salt);
  return status;
}

ol_status ol_mnemonic_seed(ol_error *error, uint8_t out[64], ol_slice text_secret,
                           ol_slice passphrase_secret) {
  uint8_t normal[OL_LIMIT_MNEMONIC];
  size_t len = 0;
  ol_error_clear(error);
  OL_TRY(normalize(error, normal, &len, text_secret));
  ol_status status = derive(error, out, ol_slice_of(normal, len), passphrase_secret);
  ol_wipe(normal, sizeof normal);
  return status;
}
