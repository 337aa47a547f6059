/* SPDX-License-Identifier: MIT */
#include "openledger/envelope.h"

#include "work.h"

#include <string.h>

/* A message as it is gossiped, from compressed bytes on. envelope.rules is its chain id and its signer. */
bool envelope_check(work_answer *answer, size_t count) {
  ol_slice gossiped = work_input("envelope", "message"), given = work_input("envelope", "rules");
  ol_envelope_rules rules = {.any_time = 1};
  if (given.len != 8 + sizeof rules.signer.bytes) return false;
  rules.chain_id = work_u64(given.data);
  memcpy(rules.signer.bytes, given.data + 8, sizeof rules.signer.bytes);
  ol_error error;
  ol_envelope envelope;
  uint8_t *memory = work_memory(OL_ENVELOPE_MAX);
  for (size_t i = 0; i < count; i++) {
    size_t len;
    if (memory == NULL || ol_envelope_unpack(&error, memory, OL_ENVELOPE_MAX, &len, gossiped) != OL_OK)
      return false;
    if (ol_envelope_verify(&error, &envelope, &rules, (ol_slice){memory, len}, 4) != OL_OK) return false;
  }
  memcpy(answer->bytes, envelope.hash.bytes, 32);
  memcpy(answer->bytes + 32, envelope.header.transactions_root.bytes, 32);
  return envelope.transaction_count == 100;
}
