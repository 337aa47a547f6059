/* SPDX-License-Identifier: MIT */

/* Mnemonics, keys, keystores, and the derivations that are slow (wallet.mjs). */
#include "vectors.h"

#include "crypto/kdf.h"
#include "crypto/nfkd.h"
#include "openledger/keystore.h"
#include "openledger/mnemonic.h"
#include "openledger/text.h"

#include <stdlib.h>

/* Returns: why a case fails; NULL when it does not. */
typedef const char *(*run_case)(vector_file *file, const ol_words *words, ol_json test);

static void run_cases(vector_tally *tally, const uint8_t *json, size_t len, const char *label, run_case run) {
  ol_error error;
  vector_file file;
  ol_json test, language;
  ol_words words;
  if (!vector_open(&file, tally, json, len)) return;
  ol_words_english(&words);
  if (ol_json_find(&language, file.root, "language") &&
      ol_words_read(&error, &words, (uint32_t)vector_u64(&file, file.root, "language"),
                    vector_text(&file, file.root, "words")) != OL_OK) {
    vector_count(tally, false, ol_slice_of("words", 5), error.reason);
  }
  ol_json_items tests = vector_items(&file, file.root, "cases");
  while (ol_json_next(&test, NULL, &tests)) {
    const size_t used = file.arena.used;
    const char *why = run(&file, &words, test);
    ol_json name;
    ol_slice shown = ol_slice_of(label, strlen(label));
    if (ol_json_find(&name, test, "name")) shown = vector_text(&file, test, "name");
    vector_count(tally, why == NULL, shown, why == NULL ? "" : why);
    file.arena.used = used;
  }
  vector_close(&file);
}

#define EXPECT(condition, why)                                                                               \
  do {                                                                                                       \
    if (!(condition)) return why;                                                                            \
  } while (0)

/* Whether two texts are the same; some files have them in normalization form C. */
static bool same_text(ol_slice a, ol_slice b) {
  ol_error error;
  uint8_t normal[2][2048];
  size_t len[2] = {0, 0};
  return ol_nfkd(&error, normal[0], sizeof normal[0], &len[0], a) == OL_OK &&
         ol_nfkd(&error, normal[1], sizeof normal[1], &len[1], b) == OL_OK &&
         vector_same(ol_slice_of(normal[0], len[0]), ol_slice_of(normal[1], len[1]));
}

/* Entropy to mnemonic, back, and the seed. Out: the seed. */
static const char *check_mnemonic(vector_file *file, uint8_t seed[64], const ol_words *words, ol_json test,
                                  ol_slice passphrase) {
  ol_error error;
  char text[OL_MNEMONIC_MAX];
  uint8_t entropy[32];
  size_t len = 0;
  ol_slice expected = vector_bytes(file, test, "entropy"), mnemonic = vector_text(file, test, "mnemonic");
  EXPECT(ol_mnemonic_from_entropy(&error, text, sizeof text, &len, words, expected) == OL_OK, error.reason);
  EXPECT(same_text(mnemonic, ol_slice_of(text, len)), "another mnemonic");
  EXPECT(ol_mnemonic_to_entropy(&error, entropy, &len, words, mnemonic) == OL_OK, error.reason);
  EXPECT(vector_same(expected, ol_slice_of(entropy, len)), "another entropy");
  EXPECT(ol_mnemonic_seed(&error, seed, mnemonic, passphrase) == OL_OK, error.reason);
  EXPECT(vector_same(vector_bytes(file, test, "seed"), ol_slice_of(seed, 64)), "another seed");
  return NULL;
}

static const char *run_bip39_case(vector_file *file, const ol_words *words, ol_json test) {
  ol_error error;
  uint8_t seed[64];
  ol_key key;
  const char *why = check_mnemonic(file, seed, words, test, ol_slice_of("TREZOR", 6));
  if (why != NULL) return why;
  EXPECT(ol_key_from_seed(&error, &key, ol_slice_of(seed, 64)) == OL_OK, error.reason);
  EXPECT(vector_same(vector_bytes(file, test, "key"), ol_slice_of(key.secret, 32)), "another master key");
  EXPECT(vector_same(vector_bytes(file, test, "chainCode"), ol_slice_of(key.chain_code, 32)),
         "another chain code");
  return NULL;
}

void run_bip39(vector_tally *tally, const uint8_t *json, size_t len) {
  run_cases(tally, json, len, "mnemonic", run_bip39_case);
}

static const char *run_hdnode_case(vector_file *file, const ol_words *words, ol_json test) {
  ol_error error;
  uint8_t seed[64];
  ol_json node;
  const char *why = check_mnemonic(file, seed, words, test, vector_text(file, test, "password"));
  if (why != NULL) return why;
  ol_json_items nodes = vector_items(file, test, "hdnodes");
  while (ol_json_next(&node, NULL, &nodes)) {
    ol_path path;
    ol_key key;
    ol_address address;
    ol_slice text = vector_text(file, node, "path");
    EXPECT(ol_path_from_text(&error, &path, (const char *)text.data, text.len) == OL_OK, error.reason);
    EXPECT(ol_key_from_seed(&error, &key, ol_slice_of(seed, 64)) == OL_OK, error.reason);
    EXPECT(ol_key_derive(&error, &key, &key, &path) == OL_OK, error.reason);
    EXPECT(ol_key_address(&error, &address, key.secret) == OL_OK, error.reason);
    EXPECT(vector_same(vector_bytes(file, node, "privateKey"), ol_slice_of(key.secret, 32)), "another key");
    EXPECT(vector_same(vector_bytes(file, node, "address"), ol_slice_of(address.bytes, 20)),
           "another account");
  }
  return NULL;
}

void run_ethers_hdnode(vector_tally *tally, const uint8_t *json, size_t len) {
  run_cases(tally, json, len, "node", run_hdnode_case);
}

/* Every word of the list, in order and no more, in normalization form KD. */
static const char *run_wordlist_case(vector_file *file, const ol_words *words, ol_json test) {
  ol_error error;
  ol_slice content = vector_text(file, test, "content");
  uint8_t *normal = ol_arena_take(&file->arena, 4 * content.len);
  size_t len = 0, at = 0;
  uint32_t index = 0, count = 0;
  char word[OL_WORD_MAX];
  EXPECT(normal != NULL, "no memory");
  EXPECT(ol_nfkd(&error, normal, 4 * content.len, &len, content) == OL_OK, error.reason);
  for (; ol_words_next(word, &index, words, count, ol_slice_of(NULL, 0)); count++) {
    size_t word_len = strlen(word);
    EXPECT(index == count && word_len + 1 <= len - at, "has fewer words");
    EXPECT(memcmp(normal + at, word, word_len) == 0 && normal[at + word_len] == '\n', "another word");
    at += word_len + 1;
  }
  EXPECT(count == OL_WORDS && at == len, "has more words");
  return NULL;
}

void run_ethers_wordlists(vector_tally *tally, const uint8_t *json, size_t len) {
  run_cases(tally, json, len, "list", run_wordlist_case);
}

static const char *check_opened(vector_file *file, ol_json test, ol_derivation *derivation) {
  ol_error error;
  uint8_t key[32], entropy[32];
  ol_address address;
  char text[OL_MNEMONIC_MAX];
  size_t len = 0, text_len = 0;
  ol_words words;
  ol_json expected;
  while (ol_derivation_step(derivation)) {
  }
  EXPECT(ol_keystore_open_end(&error, derivation, key, &address, entropy, &len) == OL_OK, error.reason);
  EXPECT(vector_same(vector_bytes(file, test, "privateKey"), ol_slice_of(key, 32)), "another key");
  if (ol_json_find(&expected, test, "address"))
    EXPECT(vector_same(vector_bytes(file, test, "address"), ol_slice_of(address.bytes, 20)),
           "another account");
  ol_words_english(&words);
  if (len > 0)
    EXPECT(ol_mnemonic_from_entropy(&error, text, sizeof text, &text_len, &words,
                                    ol_slice_of(entropy, len)) == OL_OK,
           error.reason);
  EXPECT(vector_same(vector_text(file, test, "mnemonic"), ol_slice_of(text, text_len)), "another mnemonic");
  return NULL;
}

static const char *run_keystore_case(vector_file *file, const ol_words *words, ol_json test) {
  ol_error error;
  ol_keystore keystore;
  ol_derivation *derivation = NULL;
  (void)words;
  ol_slice text = vector_text(file, test, "json"), password = vector_text(file, test, "password");
  const size_t parse_len = 16 * text.len + 4096;
  void *parse = malloc(parse_len);
  ol_status status =
      parse == NULL ? OL_ERR_MEMORY : ol_keystore_read(&error, &keystore, text, parse, parse_len);
  free(parse);
  EXPECT(status == OL_OK, error.reason);
  const size_t len = ol_keystore_open_memory(&keystore);
  void *memory = malloc(len);
  EXPECT(memory != NULL, "no memory");
  status = ol_keystore_open_begin(&error, &derivation, &keystore, password, memory, len);
  const char *why = status == OL_OK ? check_opened(file, test, derivation) : error.reason;
  free(memory);
  return why;
}

void run_keystores(vector_tally *tally, const uint8_t *json, size_t len) {
  run_cases(tally, json, len, "keystore", run_keystore_case);
}

void run_ethers_wallets(vector_tally *tally, const uint8_t *json, size_t len) {
  run_cases(tally, json, len, "wallet", run_keystore_case);
}

static const char *run_account_case(vector_file *file, const ol_words *words, ol_json test) {
  ol_error error;
  uint8_t entropy[32], seed[64];
  size_t len = 0;
  ol_key key;
  ol_path path;
  ol_address address, expected, listed;
  ol_slice mnemonic = vector_text(file, test, "mnemonic"), text = vector_text(file, test, "path");
  ol_slice account = vector_text(file, test, "address");
  EXPECT(ol_mnemonic_to_entropy(&error, entropy, &len, words, mnemonic) == OL_OK, error.reason);
  EXPECT(ol_mnemonic_seed(&error, seed, mnemonic, ol_slice_of(NULL, 0)) == OL_OK, error.reason);
  EXPECT(ol_path_from_text(&error, &path, (const char *)text.data, text.len) == OL_OK, error.reason);
  EXPECT(ol_key_from_seed(&error, &key, ol_slice_of(seed, 64)) == OL_OK, error.reason);
  EXPECT(ol_key_derive(&error, &key, &key, &path) == OL_OK, error.reason);
  EXPECT(ol_key_address(&error, &address, key.secret) == OL_OK, error.reason);
  EXPECT(ol_address_from_text(&error, &expected, (const char *)account.data, account.len) == OL_OK,
         error.reason);
  EXPECT(memcmp(&address, &expected, sizeof address) == 0, "another account");
  ol_path_accounts(&path);
  EXPECT(ol_key_from_seed(&error, &key, ol_slice_of(seed, 64)) == OL_OK, error.reason);
  EXPECT(ol_key_derive(&error, &key, &key, &path) == OL_OK, error.reason);
  EXPECT(ol_key_accounts(&error, &listed, 1, &key, 0) == OL_OK, error.reason);
  EXPECT(memcmp(&listed, &expected, sizeof listed) == 0, "another account in the list");
  return NULL;
}

void run_interop_account(vector_tally *tally, const uint8_t *json, size_t len) {
  run_cases(tally, json, len, "account", run_account_case);
}

static const char *check_kdf(ol_kdf_params *params, ol_slice password, ol_slice key) {
  ol_error error;
  size_t len = 0;
  params->key_len = key.len > 0 ? key.len : 64;
  ol_status status = ol_kdf_memory(&error, &len, params);
  if (key.len == 0) return status == OL_ERR_LIMIT ? NULL : "is not refused for its size";
  EXPECT(status == OL_OK, error.reason);
  uint8_t *memory = malloc(len + key.len);
  EXPECT(memory != NULL, "no memory");
  status = ol_kdf_run(&error, memory + len, params, password, memory, len);
  bool same = status == OL_OK && vector_same(key, ol_slice_of(memory + len, key.len));
  free(memory);
  return same ? NULL : "another key";
}

static const char *run_scrypt_case(vector_file *file, const ol_words *words, ol_json test) {
  (void)words;
  ol_kdf_params params = {.kind = OL_KDF_SCRYPT,
                          .cost = (uint32_t)vector_u64(file, test, "n"),
                          .size = (uint32_t)vector_u64(file, test, "r"),
                          .lanes = (uint32_t)vector_u64(file, test, "p"),
                          .salt = vector_text(file, test, "salt")};
  return check_kdf(&params, vector_text(file, test, "password"), vector_bytes(file, test, "key"));
}

void run_scrypt(vector_tally *tally, const uint8_t *json, size_t len) {
  run_cases(tally, json, len, "scrypt", run_scrypt_case);
}

static const char *run_argon2id_case(vector_file *file, const ol_words *words, ol_json test) {
  (void)words;
  ol_kdf_params params = {.kind = OL_KDF_ARGON2ID,
                          .cost = (uint32_t)vector_u64(file, test, "passes"),
                          .size = (uint32_t)vector_u64(file, test, "kib"),
                          .salt = vector_bytes(file, test, "salt")};
  return check_kdf(&params, vector_text(file, test, "password"), vector_bytes(file, test, "key"));
}

void run_argon2id(vector_tally *tally, const uint8_t *json, size_t len) {
  run_cases(tally, json, len, "argon2id", run_argon2id_case);
}
