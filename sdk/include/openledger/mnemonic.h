/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_MNEMONIC_H
#define OPENLEDGER_MNEMONIC_H

/*
 * Mnemonics (BIP-39): entropy as 12 to 24 words of a list, and the seed that keys are derived from. The English words
 * are built in; those of other languages are packs, texts that the caller brings (sdk/words), and no other text is
 * taken for them.
 *
 * The time that this takes depends on how long the words are, and on characters beyond ASCII, but not on which words
 * they are.
 */

#include "openledger/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_LANGUAGES 12
#define OL_WORDS 2048        /* in a list */
#define OL_WORD_MAX 36       /* bytes of the longest word in any list, or more, and a zero byte */
#define OL_MNEMONIC_WORDS 24 /* in a mnemonic: 12, 15, 18, 21 or 24 */
#define OL_MNEMONIC_MAX 896  /* bytes of the longest mnemonic in any language, or more, and a zero byte */
#define OL_SEED_BYTES 64

typedef enum ol_language {
  OL_LANGUAGE_ENGLISH = 0,
  OL_LANGUAGE_CHINESE_SIMPLIFIED = 1,
  OL_LANGUAGE_CHINESE_TRADITIONAL = 2,
  OL_LANGUAGE_CZECH = 3,
  OL_LANGUAGE_FRENCH = 4,
  OL_LANGUAGE_ITALIAN = 5,
  OL_LANGUAGE_JAPANESE = 6,
  OL_LANGUAGE_KOREAN = 7,
  OL_LANGUAGE_PORTUGUESE = 8,
  OL_LANGUAGE_RUSSIAN = 9,
  OL_LANGUAGE_SPANISH = 10,
  OL_LANGUAGE_TURKISH = 11,
} ol_language;

/* A list of words. */
typedef struct ol_words {
  uint32_t language; /* an ol_language */
  ol_slice text;     /* the pack */
} ol_words;

/* Returns: a language's name, which is that of its pack's file: "english"; "unknown" for a number that is none. */
OL_API const char *ol_language_name(uint32_t language);

/* Out: the English list. */
OL_API void ol_words_english(ol_words *out) OL_NONNULL;

/*
 * Takes a pack: a text of 2,048 lines in normalization form KD, known by its hash. Out: the list, which is about the
 * text and needs it. Of English, which is built in, the text is empty.
 * Returns: OL_ERR_ARGUMENT for no language, OL_ERR_MISMATCH when the text is not that language's.
 */
OL_API OL_CHECKED ol_status ol_words_read(ol_error *error, ol_words *out, uint32_t language,
                                          ol_slice text) OL_NONNULL;

/*
 * Finds the next word that begins with some letters, for whoever types them; accents count. Out: the word, ended by a
 * zero byte, and its index. In: the index to look from, 0 at first.
 * Returns: false when there is none any more.
 */
OL_API bool ol_words_next(char out_word[36], uint32_t *out_index, const ol_words *words, uint32_t from,
                          ol_slice prefix) OL_NONNULL;

/*
 * Makes a mnemonic of a new wallet. Out: the words between spaces (in Japanese U+3000) and a zero byte; OL_MNEMONIC_MAX
 * bytes are enough, and `out_len` is without the zero. In: how many words; 32 bytes of entropy, fresh from the system's
 * generator, of which as many are used as the words hold: 16, 20, 24, 28 or 32.
 * Returns: OL_ERR_ARGUMENT for another number of words, and for entropy that is zero; OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_mnemonic_create(ol_error *error, char *out, size_t len, size_t *out_len,
                                               const ol_words *words, uint32_t count,
                                               const uint8_t entropy_secret[32]) OL_NONNULL;

/*
 * Writes a mnemonic again whose entropy was kept. Out: as ol_mnemonic_create. In: 16, 20, 24, 28 or 32 bytes, any.
 * Returns: OL_ERR_ARGUMENT for another length, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_mnemonic_from_entropy(ol_error *error, char *out, size_t len, size_t *out_len,
                                                     const ol_words *words,
                                                     ol_slice entropy_secret) OL_NONNULL;

/*
 * Reads a mnemonic: UTF-8 in any normalization form, words between any white space of Unicode. Words are whole, and
 * small letters are small. Out: the entropy, 16 to 32 bytes, and its length.
 * Returns: OL_ERR_ENCODING for a number of words that is none, or with error->item, the word at fault counted from 0;
 * OL_ERR_MISMATCH when all are words but their checksum is wrong; OL_ERR_LIMIT for a text that is too long.
 */
OL_API OL_CHECKED ol_status ol_mnemonic_to_entropy(ol_error *error, uint8_t out[32], size_t *out_len,
                                                   const ol_words *words, ol_slice text_secret) OL_NONNULL;

/*
 * Finds in which of some lists a mnemonic is valid: rarely, in Chinese, in more than one.
 * Out: a bit for each list, the lowest for the first. In: 32 lists at most.
 * Returns: why it is not valid in the last of them, when it is in none; OL_ERR_ARGUMENT without lists or for more.
 */
OL_API OL_CHECKED ol_status ol_mnemonic_languages(ol_error *error, uint32_t *out, const ol_words *lists,
                                                  size_t count, ol_slice text_secret) OL_NONNULL;

/*
 * Derives the seed: PBKDF2-HMAC-SHA512, 2,048 rounds. White space is made one space each; that the words are valid is
 * not looked at, see ol_mnemonic_to_entropy. In: a passphrase, which may be empty.
 * Returns: OL_ERR_ENCODING for what is no UTF-8, OL_ERR_LIMIT for what has more than 1,024 bytes in form KD.
 */
OL_API OL_CHECKED ol_status ol_mnemonic_seed(ol_error *error, uint8_t out[64], ol_slice text_secret,
                                             ol_slice passphrase_secret) OL_NONNULL;

#ifdef __cplusplus
}
#endif

#endif
