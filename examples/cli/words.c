/* SPDX-License-Identifier: MIT */

/* The words of mnemonics: their lists in twelve languages, and showing them to their owner alone. */

#define _POSIX_C_SOURCE 200809L

#include "wallet.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PACK_LEN (1u << 20)

/* Where packs are beside the program: as it is installed, and where it was built. */
static const char *const places[] = {"/../share/openledger/words", "/../sdk/words", "/../../sdk/words"};

/* The program's own directory, for as far as the system tells. */
static bool program_directory(char *out, size_t len) {
  const ssize_t got = readlink("/proc/self/exe", out, len - 1);
  if (got <= 0) return false;
  out[got] = '\0';
  char *slash = strrchr(out, '/');
  if (slash == NULL) return false;
  *slash = '\0';
  return true;
}

/* Finds a pack's file. Returns: false if there is none. */
static bool find_pack(char *out, size_t len, const cli_args *args, const char *name) {
  char directory[2048];
  if (args->words_dir != NULL) {
    snprintf(out, len, "%s/%s.txt", args->words_dir, name);
    return access(out, R_OK) == 0;
  }
  if (!program_directory(directory, sizeof directory)) return false;
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    snprintf(out, len, "%s%s/%s.txt", directory, places[i], name);
    if (access(out, R_OK) == 0) return true;
  }
  return false;
}

void cli_words_clear(cli_words *of) {
  ol_host_free_file(of->file);
  of->file = NULL;
}

/* Returns: false where the pack is not there, or is another text. */
static bool try_words(cli_words *out, ol_error *error, const cli_args *args, uint32_t language) {
  char path[4096];
  size_t len;
  *out = (cli_words){.file = NULL};
  if (language == OL_LANGUAGE_ENGLISH) {
    ol_words_english(&out->words);
    return true;
  }
  *error = cli_error_of(OL_ERR_ARGUMENT, "", "the word list is not beside the program: see --words-dir");
  return find_pack(path, sizeof path, args, ol_language_name(language)) &&
         ol_host_read_file(error, &out->file, &len, path, PACK_LEN) == OL_OK &&
         ol_words_read(error, &out->words, language, (ol_slice){out->file, len}) == OL_OK;
}

int cli_words_read(cli_words *out, const cli_args *args, uint32_t language) {
  ol_error error;
  return try_words(out, &error, args, language) ? EXIT_VERIFIED
                                                : cli_error(ol_language_name(language), &error);
}

/* Reads a mnemonic by each list that is there, English first. Chinese can be of two lists: then --language says which. */
int cli_words_find(const cli_args *args, ol_slice mnemonic_secret, uint8_t out_entropy[32], size_t *out_len,
                   uint32_t *out_language) {
  ol_error error, english;
  uint8_t entropy[32];
  uint32_t found = 0;
  size_t len;
  const uint32_t first = args->has_language ? args->language : 0;
  const uint32_t last = args->has_language ? args->language : OL_LANGUAGES - 1;
  for (uint32_t language = first; language <= last; language++) {
    cli_words list;
    ol_status status = OL_ERR_ARGUMENT;
    if (try_words(&list, &error, args, language))
      status = ol_mnemonic_to_entropy(&error, entropy, &len, &list.words, mnemonic_secret);
    cli_words_clear(&list);
    if (language == first) english = error;
    if (status != OL_OK) continue;
    if (found++ > 0) return cli_usage_error("--language", "needed: the words are valid in more than one");
    memcpy(out_entropy, entropy, sizeof entropy);
    *out_len = len;
    *out_language = language;
  }
  if (found > 0) return EXIT_VERIFIED;
  return cli_error(args->has_language ? "mnemonic" : "mnemonic (in English; no other list has it)", &english);
}

static bool write_all(int fd, const char *text, size_t len) {
  while (len > 0) {
    const ssize_t put = write(fd, text, len);
    if (put <= 0) return false;
    text += put;
    len -= (size_t)put;
  }
  return true;
}

int cli_words_show(const cli_args *args, const char *words_secret, size_t len) {
  FILE *terminal = args->words_fd >= 0 ? NULL : cli_terminal();
  if (args->words_fd < 0 && terminal == NULL)
    return cli_usage_error("--words-fd", "needed, as there is no terminal to show a secret on");
  const int fd = terminal != NULL ? fileno(terminal) : args->words_fd;
  if (write_all(fd, words_secret, len) && write_all(fd, "\n", 1)) return EXIT_VERIFIED;
  return cli_usage_error("--words-fd", "cannot be written to");
}
