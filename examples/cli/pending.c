/* SPDX-License-Identifier: MIT */

/*
 * What an account has sent on a chain and is not settled, in a file beside the wallet: an outbox, with its length of 4
 * bytes before it, and the transactions that wait, each with its own.
 */

#include "wallet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH 4

static size_t read_length(ol_slice bytes) {
  return (size_t)bytes.data[0] << 24 | (size_t)bytes.data[1] << 16 | (size_t)bytes.data[2] << 8 |
         bytes.data[3];
}

static void write_length(uint8_t out[LENGTH], size_t len) {
  for (size_t i = 0; i < LENGTH; i++) out[i] = (uint8_t)(len >> 8 * (LENGTH - 1 - i));
}

/* Takes the next piece from the front. */
static bool next_piece(ol_slice *bytes, ol_slice *out) {
  if (bytes->len < LENGTH || read_length(*bytes) > bytes->len - LENGTH) return false;
  *out = (ol_slice){bytes->data + LENGTH, read_length(*bytes)};
  *bytes = (ol_slice){out->data + out->len, bytes->len - LENGTH - out->len};
  return true;
}

static int read_file(cli_pending *of, ol_slice bytes, const ol_address *account, uint64_t chain_id) {
  ol_error error;
  ol_slice outbox = {NULL, 0}, piece;
  ol_transaction transaction;
  const bool good = next_piece(&bytes, &outbox);
  of->kept = bytes;
  if (ol_outbox_read(&error, &of->outbox, good ? outbox.data : bytes.data, good ? outbox.len : 0, account,
                     chain_id, of->memory, ol_outbox_size()) != OL_OK)
    return cli_error("the outbox beside the wallet", &error);
  while (next_piece(&bytes, &piece)) {
    if (ol_transaction_decode(&error, &transaction, piece.data, piece.len) != OL_OK)
      return cli_error("a transaction in the outbox beside the wallet", &error);
  }
  return bytes.len == 0 ? EXIT_VERIFIED
                        : cli_failure(OL_ERR_ENCODING, "the outbox beside the wallet is cut short");
}

int cli_pending_open(cli_pending *out, cli_wallet *of, const ol_address *account, uint64_t chain_id,
                     uint64_t nonce, uint64_t final) {
  ol_error error;
  char address[43];
  size_t len;
  *out = (cli_pending){.of = of, .final = final};
  ol_hex_text(address, account->bytes, sizeof account->bytes);
  snprintf(out->suffix, sizeof out->suffix, ".outbox-%" PRIu64 "-%s", chain_id, address);
  out->memory = malloc(ol_outbox_size());
  if (out->memory == NULL) return cli_no_memory();
  int result = cli_wallet_read_beside(of, out->suffix, &out->file, &len);
  if (result != EXIT_VERIFIED) return result;
  if (out->file != NULL)
    result = read_file(out, (ol_slice){out->file, len}, account, chain_id);
  else if (ol_outbox_init(&error, &out->outbox, account, chain_id, nonce, out->memory, ol_outbox_size()) !=
           OL_OK)
    result = cli_error("outbox", &error);
  if (result != EXIT_VERIFIED) return result;
  ol_outbox_advance(out->outbox, nonce);
  return EXIT_VERIFIED;
}

void cli_pending_end(cli_pending *of) {
  free(of->memory);
  ol_host_free_file(of->file);
  *of = (cli_pending){.of = of->of};
}

/* Whether the outbox has a transaction that is not settled. */
static bool is_kept(const cli_pending *of, ol_slice bytes) {
  ol_error error;
  ol_transaction transaction;
  ol_outbox_entry entry;
  ol_hash hash;
  if (ol_transaction_decode(&error, &transaction, bytes.data, bytes.len) != OL_OK) return false;
  ol_transaction_hash(&hash, &transaction);
  for (uint32_t i = 0; ol_outbox_at(of->outbox, &entry, i) == 1; i++) {
    if (memcmp(&entry.hash, &hash, sizeof hash) == 0) return true;
  }
  return false;
}

static void put_piece(uint8_t *out, size_t *used, ol_slice piece) {
  write_length(out + *used, piece.len);
  memcpy(out + *used + LENGTH, piece.data, piece.len);
  *used += LENGTH + piece.len;
}

/* Writes the outbox, what is kept of before, and one more transaction unless that is empty. */
static int write_all(cli_pending *of, ol_slice more) {
  ol_error error;
  ol_slice rest = of->kept, piece;
  size_t used = 0, len;
  uint8_t *bytes = malloc(LENGTH + OL_OUTBOX_BYTES + of->kept.len + LENGTH + more.len);
  if (bytes == NULL) return cli_no_memory();
  if (ol_outbox_write(&error, bytes + LENGTH, OL_OUTBOX_BYTES, &len, of->outbox) != OL_OK) {
    free(bytes);
    return cli_error("outbox", &error);
  }
  write_length(bytes, len);
  used = LENGTH + len;
  while (next_piece(&rest, &piece)) {
    if (is_kept(of, piece)) put_piece(bytes, &used, piece);
  }
  if (more.len > 0) put_piece(bytes, &used, more);
  const int result = cli_wallet_write_beside(of->of, of->suffix, bytes, used);
  free(bytes);
  return result;
}

int cli_pending_add(cli_pending *of, ol_slice bytes, const ol_transaction *transaction) {
  ol_error error;
  ol_outbox_forget(of->outbox, of->final);
  if (ol_outbox_add(&error, of->outbox, transaction, ol_host_now_ms()) != OL_OK)
    return cli_error("outbox", &error);
  return write_all(of, bytes);
}

/* Looks for the transaction that used a nonce: its receipt is proven. That none of them did is the endpoints' word. */
static ol_status settle(ol_error *error, cli_pending *of, cli_chain *chain, uint64_t nonce) {
  char params[80];
  ol_outbox_entry entry;
  ol_slice receipt;
  bool is_told = true;
  for (uint32_t i = 0; ol_outbox_at(of->outbox, &entry, i) == 1; i++) {
    if (entry.nonce != nonce) continue;
    cli_hex_param(params, entry.hash.bytes, sizeof entry.hash.bytes);
    if (!cli_chain_try(chain, &receipt, "eth_getTransactionReceipt", params))
      is_told = false;
    else if (receipt.data[0] == '{')
      return ol_outbox_settle(error, of->outbox, nonce, &entry.hash);
  }
  return is_told ? ol_outbox_settle(error, of->outbox, nonce, NULL) : OL_OK;
}

int cli_pending_settle(cli_pending *of, cli_chain *chain) {
  ol_error error;
  ol_outbox_entry entry;
  if (of->file == NULL) return EXIT_VERIFIED;
  for (uint32_t i = 0; ol_outbox_at(of->outbox, &entry, i) == 1; i++) {
    if (entry.state == OL_OUTBOX_PASSED && settle(&error, of, chain, entry.nonce) != OL_OK)
      return cli_error("outbox", &error);
  }
  return write_all(of, (ol_slice){NULL, 0});
}

int cli_pending_find(const cli_pending *of, ol_transaction *out, const ol_hash *hash) {
  ol_error error;
  ol_outbox_entry entry;
  ol_slice rest = of->kept, piece;
  ol_hash found;
  for (uint32_t i = 0; ol_outbox_at(of->outbox, &entry, i) == 1; i++) {
    if (memcmp(&entry.hash, hash, sizeof *hash) != 0 || entry.state == OL_OUTBOX_WAITING) continue;
    return cli_usage_error("HASH", entry.state == OL_OUTBOX_CONFIRMED
                                       ? "this transaction does not wait any more: it is in the chain"
                                       : "this transaction does not wait any more: its nonce is used");
  }
  while (next_piece(&rest, &piece)) {
    if (ol_transaction_decode(&error, out, piece.data, piece.len) != OL_OK) continue;
    ol_transaction_hash(&found, out);
    if (memcmp(&found, hash, sizeof found) == 0) return EXIT_VERIFIED;
  }
  return cli_usage_error("HASH", "no transaction that this wallet has sent and that waits");
}
