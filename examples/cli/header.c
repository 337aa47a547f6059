/* SPDX-License-Identifier: MIT */

/* openledger header: a block header, decoded. */

#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How a field is shown: hex as it is, a number in decimal (in JSON: a QUANTITY), or a time. */
typedef enum field_kind { FIELD_HEX, FIELD_NUMBER, FIELD_TIME } field_kind;

typedef struct field {
  const char *name; /* as in JSON-RPC */
  field_kind kind;
  uint32_t index; /* its place in the RLP list, from 0 */
  const uint8_t *bytes;
  size_t len;
  uint64_t number; /* if `bytes` is NULL */
} field;

#define FIELDS OL_HEADER_FIELDS

static void list_fields(field out[FIELDS], const ol_header *h) {
  const field fields[FIELDS] = {
      {"parentHash", FIELD_HEX, 0, h->parent_hash.bytes, 32, 0},
      {"sha3Uncles", FIELD_HEX, 1, h->ommers_hash.bytes, 32, 0},
      {"miner", FIELD_HEX, 2, h->coinbase.bytes, 20, 0},
      {"stateRoot", FIELD_HEX, 3, h->state_root.bytes, 32, 0},
      {"transactionsRoot", FIELD_HEX, 4, h->transactions_root.bytes, 32, 0},
      {"receiptsRoot", FIELD_HEX, 5, h->receipts_root.bytes, 32, 0},
      {"logsBloom", FIELD_HEX, 6, h->logs_bloom, sizeof h->logs_bloom, 0},
      {"difficulty", FIELD_NUMBER, 7, h->difficulty.bytes, 32, 0},
      {"number", FIELD_NUMBER, 8, NULL, 0, h->number},
      {"gasLimit", FIELD_NUMBER, 9, NULL, 0, h->gas_limit},
      {"gasUsed", FIELD_NUMBER, 10, NULL, 0, h->gas_used},
      {"timestamp", FIELD_TIME, 11, NULL, 0, h->timestamp},
      {"extraData", FIELD_HEX, 12, h->extra_data, h->extra_data_len, 0},
      {"mixHash", FIELD_HEX, 13, h->mix_hash.bytes, 32, 0},
      {"nonce", FIELD_HEX, 14, h->nonce, sizeof h->nonce, 0},
      {"baseFeePerGas", FIELD_NUMBER, 15, h->base_fee.bytes, 32, 0},
      {"withdrawalsRoot", FIELD_HEX, 16, h->withdrawals_root.bytes, 32, 0},
      {"blobGasUsed", FIELD_NUMBER, 17, NULL, 0, h->blob_gas_used},
      {"excessBlobGas", FIELD_NUMBER, 18, NULL, 0, h->excess_blob_gas},
      {"parentBeaconBlockRoot", FIELD_HEX, 19, h->parent_beacon_root.bytes, 32, 0},
      {"requestsHash", FIELD_HEX, 20, h->requests_hash.bytes, 32, 0},
      {"blockAccessListHash", FIELD_HEX, 21, h->block_access_list_hash.bytes, 32, 0},
      {"slotNumber", FIELD_NUMBER, 22, NULL, 0, h->slot_number},
  };
  memcpy(out, fields, sizeof fields);
}

#define VALUE_LEN (2 * sizeof((ol_header *)NULL)->logs_bloom + 3)

static void number_text(char out[79], const field *of) {
  if (of->bytes == NULL) {
    snprintf(out, 79, "%" PRIu64, of->number);
    return;
  }
  ol_u256 value;
  memcpy(value.bytes, of->bytes, sizeof value.bytes);
  ol_u256_text(out, &value);
}

/* A QUANTITY of Ethereum JSON-RPC: hex without leading zeros. */
static void quantity_text(char out[VALUE_LEN], const field *of) {
  if (of->bytes == NULL) {
    snprintf(out, VALUE_LEN, "0x%" PRIx64, of->number);
    return;
  }
  char hex[67];
  ol_hex_text(hex, of->bytes, of->len);
  size_t zeros = strspn(hex + 2, "0");
  snprintf(out, VALUE_LEN, "0x%s", hex + 2 + (zeros < 64 ? zeros : 63));
}

static void print_row(const field *of) {
  char value[VALUE_LEN], when[CLI_TIME_LEN];
  switch (of->kind) {
  case FIELD_HEX:
    ol_hex_text(value, of->bytes, of->len);
    cli_row(of->name, CLI_PLAIN, "%s", value);
    return;
  case FIELD_NUMBER:
    number_text(value, of);
    cli_row(of->name, CLI_PLAIN, "%s", value);
    return;
  case FIELD_TIME:
    cli_time_text(when, of->number);
    cli_row(of->name, CLI_PLAIN, "%" PRIu64 "  (%s)", of->number, when);
  }
}

static void print_table(const ol_header *header, const ol_hash *hash, ol_fork fork) {
  field fields[FIELDS];
  char text[67];
  cli_label_width = 24;
  list_fields(fields, header);
  ol_hex_text(text, hash->bytes, sizeof hash->bytes);
  cli_row("hash", CLI_BOLD, "%s", text);
  cli_row("fork", CLI_PLAIN, "%s, %" PRIu32 " fields", ol_fork_name(fork), header->field_count);
  for (size_t i = 0; i < FIELDS && fields[i].index < header->field_count; i++) print_row(&fields[i]);
  if (header->more_len == 0) return;
  char more[2 * OL_HEADER_MORE + 3];
  ol_hex_text(more, header->more, header->more_len);
  cli_row("later fields, as RLP", CLI_PLAIN, "%s", more);
}

static void print_json(const ol_header *header, const ol_hash *hash, ol_fork fork) {
  field fields[FIELDS];
  char value[VALUE_LEN];
  list_fields(fields, header);
  ol_hex_text(value, hash->bytes, sizeof hash->bytes);
  printf("{\"header\":{\"hash\":\"%s\"", value);
  for (size_t i = 0; i < FIELDS && fields[i].index < header->field_count; i++) {
    if (fields[i].kind == FIELD_HEX)
      ol_hex_text(value, fields[i].bytes, fields[i].len);
    else
      quantity_text(value, &fields[i]);
    printf(",\"%s\":\"%s\"", fields[i].name, value);
  }
  printf("},\"fork\":\"%s\",\"fieldCount\":%" PRIu32, ol_fork_name(fork), header->field_count);
  if (header->more_len > 0) {
    ol_hex_text(value, header->more, header->more_len);
    printf(",\"more\":\"%s\"", value);
  }
  puts("}");
}

int cli_header(const cli_args *args) {
  if (args->operand == NULL) return cli_usage_error("FILE", "missing");
  uint8_t *bytes;
  size_t len = 0;
  int result = cli_file_read(&bytes, &len, NULL, args->operand);
  if (result != EXIT_VERIFIED) return result;
  size_t memory_len = ol_account_verify_memory(len, 0);
  void *memory = malloc(memory_len);
  if (memory == NULL) {
    result = cli_no_memory();
  } else {
    ol_error error;
    ol_header header;
    ol_hash hash;
    if (ol_header_from_text(&error, &header, &hash, (ol_slice){bytes, len}, memory, memory_len) != OL_OK) {
      result = cli_error(args->operand, &error);
    } else {
      ol_fork fork = args->of_l1 ? ol_header_l1_fork(&header) : ol_header_op_fork(&header);
      (args->json ? print_json : print_table)(&header, &hash, fork);
    }
  }
  free(memory);
  ol_host_free_file(bytes);
  return result;
}
