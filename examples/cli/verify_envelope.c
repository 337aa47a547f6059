/* SPDX-License-Identifier: MIT */

/* openledger verify envelope: a block as the sequencer gossips it. */

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void show_json(const ol_envelope *envelope) {
  const ol_header *header = &envelope->header;
  char hash[67], state_root[67], payload_hash[67], signer[43];
  ol_hex_text(hash, envelope->hash.bytes, sizeof envelope->hash.bytes);
  ol_hex_text(state_root, header->state_root.bytes, sizeof header->state_root.bytes);
  ol_hex_text(payload_hash, envelope->payload_hash.bytes, sizeof envelope->payload_hash.bytes);
  ol_address_text(signer, &envelope->signer);
  printf("{\"block\":{\"number\":\"0x%" PRIx64
         "\",\"hash\":\"%s\",\"stateRoot\":\"%s\",\"timestamp\":\"0x%" PRIx64 "\",\"transactions\":%" PRIu32
         "},",
         header->number, hash, state_root, header->timestamp, envelope->transaction_count);
  printf("\"fork\":\"%s\",\"version\":%" PRIu32 ",\"chainId\":%" PRIu64
         ",\"signer\":\"%s\",\"payloadHash\":\"%s\",\"trust\":{\"level\":\"%s\"}}\n",
         ol_fork_name(ol_header_op_fork(header)), envelope->version, envelope->chain_id, signer, payload_hash,
         ol_trust_name(OL_TRUST_UNSAFE));
}

static void show_rows(const ol_envelope *envelope) {
  const ol_header *header = &envelope->header;
  char text[67], signer[43], when[CLI_TIME_LEN], age[CLI_SPAN_LEN];
  uint64_t now = ol_host_now_ms() / 1000;
  ol_hex_text(text, envelope->hash.bytes, sizeof envelope->hash.bytes);
  cli_row("block", CLI_BOLD, "%" PRIu64 "  %s", header->number, text);
  cli_time_text(when, header->timestamp);
  cli_span_text(age, now > header->timestamp ? now - header->timestamp : 0);
  cli_row("time", CLI_PLAIN, "%s  (%s ago)", when, age);
  ol_hex_text(text, header->state_root.bytes, sizeof header->state_root.bytes);
  cli_row("state", CLI_PLAIN, "%s", text);
  cli_row("transactions", CLI_PLAIN, "%" PRIu32, envelope->transaction_count);
  cli_row("fork", CLI_PLAIN, "%s", ol_fork_name(ol_header_op_fork(header)));
  cli_row("chain", CLI_PLAIN, "%" PRIu64, envelope->chain_id);
  ol_address_text(signer, &envelope->signer);
  cli_row("signer", CLI_PLAIN, "%s", signer);
  cli_row("trust", CLI_YELLOW, "%s: the signer that you named says so; it is not on L1 yet",
          ol_trust_name(OL_TRUST_UNSAFE));
}

static int verify(const cli_args *args, ol_slice message) {
  ol_error error;
  ol_envelope envelope;
  ol_envelope_rules rules = {.chain_id = args->chain_id,
                             .signer = args->signer,
                             .now_s = ol_host_now_ms() / 1000,
                             .any_time = args->any_time ? 1 : 0};
  if (ol_envelope_verify(&error, &envelope, &rules, message, args->version) != OL_OK)
    return cli_error(args->file, &error);
  (args->json ? show_json : show_rows)(&envelope);
  return EXIT_VERIFIED;
}

static int unpack_and_verify(const cli_args *args, ol_slice gossiped) {
  ol_error error;
  size_t len = 0;
  ol_status status = ol_envelope_unpack(&error, NULL, 0, &len, gossiped);
  if (status != OL_OK && status != OL_ERR_MEMORY) return cli_error(args->file, &error);
  uint8_t *bytes = malloc(len + 1);
  if (bytes == NULL) return cli_no_memory();
  int result = ol_envelope_unpack(&error, bytes, len, &len, gossiped) == OL_OK
                   ? verify(args, (ol_slice){bytes, len})
                   : cli_error(args->file, &error);
  free(bytes);
  return result;
}

int cli_verify_envelope(const cli_args *args) {
  if (args->file == NULL) return cli_usage_error("FILE", "missing");
  if (!args->has_signer) return cli_usage_error("--signer", "missing");
  if (args->chain_id == 0)
    return cli_usage_error("--chain-id", "a signature is for one chain, never for any");
  uint8_t *bytes;
  size_t len = 0;
  int result = cli_file_read(&bytes, &len, NULL, args->file);
  if (result != EXIT_VERIFIED) return result;
  ol_slice file = {bytes, len};
  result = args->plain ? verify(args, file) : unpack_and_verify(args, file);
  ol_host_free_file(bytes);
  return result;
}
