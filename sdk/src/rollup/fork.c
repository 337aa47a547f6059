/* SPDX-License-Identifier: MIT */
#include "openledger/header.h"

#include "base/base.h"
#include "base/poison.h"

static bool any_bit(const uint8_t *bytes, size_t len) {
  uint8_t any = 0;
  for (size_t i = 0; i < len; i++) any |= bytes[i];
  return any != 0;
}

ol_fork ol_header_l1_fork(const ol_header *header) {
  switch (header->field_count) {
  case 15: return OL_FORK_FRONTIER;
  case 16: return ol_u256_is_zero(&header->difficulty) ? OL_FORK_PARIS : OL_FORK_LONDON;
  case 17: return OL_FORK_SHANGHAI;
  case 20: return OL_FORK_CANCUN;
  case 21: return OL_FORK_PRAGUE;
  case 23: return OL_FORK_AMSTERDAM;
  default: return OL_FORK_UNKNOWN;
  }
}

/* Version 0 and 9 bytes (Holocene), or version 1 and 17 (Jovian): denominator and elasticity, both non-zero. */
static bool has_fee_parameters(const ol_header *header, uint8_t version, size_t len) {
  return header->extra_data_len == len && header->extra_data[0] == version &&
         any_bit(header->extra_data + 1, 4) && any_bit(header->extra_data + 5, 4);
}

ol_fork ol_header_op_fork(const ol_header *header) {
  bool holocene = has_fee_parameters(header, 0, 9), jovian = has_fee_parameters(header, 1, 17);
  switch (header->field_count) {
  case 16: return OL_FORK_BEDROCK;
  case 17: return OL_FORK_CANYON;
  case 20:
    return holocene ? OL_FORK_HOLOCENE : header->extra_data_len == 0 ? OL_FORK_ECOTONE : OL_FORK_UNKNOWN;
  case 21: return holocene ? OL_FORK_ISTHMUS : jovian ? OL_FORK_JOVIAN : OL_FORK_UNKNOWN;
  default: return OL_FORK_UNKNOWN;
  }
}

const char *ol_fork_name(ol_fork fork) {
  switch (fork) {
  case OL_FORK_FRONTIER: return "frontier";
  case OL_FORK_LONDON: return "london";
  case OL_FORK_PARIS: return "paris";
  case OL_FORK_SHANGHAI: return "shanghai";
  case OL_FORK_CANCUN: return "cancun";
  case OL_FORK_PRAGUE: return "prague";
  case OL_FORK_AMSTERDAM: return "amsterdam";
  case OL_FORK_BEDROCK: return "bedrock";
  case OL_FORK_CANYON: return "canyon";
  case OL_FORK_ECOTONE: return "ecotone";
  case OL_FORK_HOLOCENE: return "holocene";
  case OL_FORK_ISTHMUS: return "isthmus";
  case OL_FORK_JOVIAN: return "jovian";
  case OL_FORK_UNKNOWN: break;
  }
  return "unknown";
}
