/* SPDX-License-Identifier: MIT */

/* openledger verify message, openledger verify typed-data: who has signed. */

#include "wallet.h"

#include <stdlib.h>
#include <string.h>

/* Reads what the command line gives in hex, after 0x. Returns: its length, 0 if it is none or does not fit. */
static size_t read_hex(uint8_t *out, size_t most, const char *text) {
  const size_t digits = strlen(text);
  if (digits < 4 || digits % 2 != 0 || strncmp(text, "0x", 2) != 0 || digits / 2 - 1 > most) return 0;
  for (size_t i = 2; i < digits; i++) {
    static const char all[] = "0123456789abcdefABCDEF";
    const char *found = strchr(all, text[i]);
    if (found == NULL) return 0;
    size_t digit = (size_t)(found - all);
    if (digit > 15) digit -= 6;
    out[i / 2 - 1] = (uint8_t)(i % 2 == 0 ? digit << 4 : out[i / 2 - 1] | digit);
  }
  return digits / 2 - 1;
}

static int check(const cli_args *args, const ol_hash *digest) {
  uint8_t bytes[65];
  char hash[67], account[43];
  ol_error error;
  ol_signature signature;
  ol_address signer;
  const size_t len = read_hex(bytes, sizeof bytes, args->file);
  if (len == 0) return cli_usage_error("SIGNATURE", "not 0x and the hex digits of 64 or 65 bytes");
  if (ol_signature_read(&error, &signature, bytes, len) != OL_OK ||
      ol_signature_recover(&error, &signer, digest, &signature) != OL_OK ||
      (args->has_address && ol_signature_check(&error, digest, &signature, &args->address) != OL_OK))
    return cli_error("signature", &error);
  ol_hex_text(hash, digest->bytes, sizeof digest->bytes);
  ol_address_text(account, &signer);
  if (args->json) {
    printf("{\"signer\":\"%s\",\"digest\":\"%s\"}\n", account, hash);
    return EXIT_VERIFIED;
  }
  cli_row("signer", args->has_address ? CLI_GREEN : CLI_BOLD, "%s", account);
  cli_row("digest", CLI_PLAIN, "%s", hash);
  if (!args->has_address)
    cli_row("", CLI_YELLOW, "whether that is who should have signed is for you to say (--address)");
  return EXIT_VERIFIED;
}

static int operands(const cli_args *args, const char *last) {
  if (args->file == NULL) return cli_usage_error("SIGNATURE", "missing");
  return args->subject == NULL ? cli_usage_error(last, "missing") : EXIT_VERIFIED;
}

int cli_verify_message(const cli_args *args) {
  ol_slice message;
  ol_hash digest;
  uint8_t *file = NULL, *memory = NULL;
  int result = operands(args, "TEXT");
  if (result == EXIT_VERIFIED) result = cli_message_read(&message, &file, &memory, args, args->subject);
  if (result == EXIT_VERIFIED) {
    ol_message_digest(&digest, message.data, message.len);
    result = check(args, &digest);
  }
  free(memory);
  ol_host_free_file(file);
  return result;
}

int cli_verify_typed(const cli_args *args) {
  ol_error error;
  ol_typed_data data;
  uint8_t *file = NULL;
  size_t len = 0;
  void *memory = NULL;
  int result = operands(args, "FILE");
  if (result == EXIT_VERIFIED) result = cli_file_read(&file, &len, NULL, args->subject);
  const size_t needed = 20 * len + (20u << 10);
  if (result == EXIT_VERIFIED && (memory = malloc(needed)) == NULL) result = cli_no_memory();
  if (result == EXIT_VERIFIED &&
      ol_typed_data_read(&error, &data, (ol_slice){file, len}, memory, needed) != OL_OK)
    result = cli_error("typed data", &error);
  if (result == EXIT_VERIFIED) result = check(args, &data.digest);
  free(memory);
  ol_host_free_file(file);
  return result;
}
