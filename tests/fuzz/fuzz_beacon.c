/* SPDX-License-Identifier: MIT */
#include "consensus/types.h"
#include "encoding/json.h"

#include "fuzz.h"

/* Objects of the beacon chain in SSZ and JSON, of every fork and both presets. */

static ol_beacon_network network_of(uint8_t choice) {
  ol_beacon_network network;
  const char name[] = "mainnet";
  FUZZ_REQUIRE(ol_beacon_network_named(&network, ol_slice_of(name, sizeof name - 1)));
  for (size_t i = 0; i < OL_BEACON_FORKS; i++)
    network.forks[i].epoch = i <= (choice & 7u) ? 0 : OL_BEACON_NEVER;
  if ((choice & 8u) == 0) return network;
  network.committee_size = 32;
  network.slots_per_epoch = 8;
  network.epochs_per_period = 8;
  return network;
}

static void inside(ol_slice part, ol_slice whole) {
  FUZZ_REQUIRE(part.len == 0 || (part.data >= whole.data && part.len <= whole.len &&
                                 (size_t)(part.data - whole.data) <= whole.len - part.len));
}

static void decode(const ol_beacon_network *network, ol_light_kind kind, ol_slice ssz) {
  ol_error error;
  if (kind == OL_LIGHT_BOOTSTRAP) {
    ol_light_bootstrap bootstrap;
    ol_status status = ol_light_bootstrap_decode(&error, &bootstrap, network, ssz);
    if (status != OL_OK) {
      fuzz_refused(&error, status, ssz.len);
      return;
    }
    FUZZ_REQUIRE(bootstrap.committee.len == ol_committee_bytes(network));
    inside(bootstrap.committee, ssz);
    inside(bootstrap.committee_branch, ssz);
    return;
  }
  ol_light_update update;
  ol_status status = ol_light_update_decode(&error, &update, kind, network, ssz);
  if (status != OL_OK) {
    fuzz_refused(&error, status, ssz.len);
    return;
  }
  FUZZ_REQUIRE(update.bits.len == network->committee_size / 8);
  FUZZ_REQUIRE(update.signature.len == 96);
  inside(update.next_committee, ssz);
  inside(update.next_committee_branch, ssz);
  inside(update.finality_branch, ssz);
  inside(update.bits, ssz);
  inside(update.signature, ssz);
}

static void decode_json(const ol_beacon_network *network, ol_light_kind kind, ol_slice text) {
  ol_error error;
  ol_json data;
  ol_slice ssz;
  size_t len = ol_json_memory(text.len) + (64u << 10);
  uint8_t *memory = fuzz_block(len);
  ol_arena arena = ol_arena_of(memory, len);
  ol_status status = ol_json_read(&error, &data, &arena, text.data, text.len);
  if (status == OL_OK) status = ol_light_from_json(&error, &ssz, &arena, kind, network, data);
  if (status == OL_OK)
    decode(network, kind, ssz);
  else
    fuzz_refused(&error, status, text.len);
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_input in = {data, len};
  ol_beacon_network network = network_of(fuzz_u8(&in));
  ol_light_kind kind = (ol_light_kind)(fuzz_u8(&in) % OL_LIGHT_KINDS);
  size_t left = in.left;
  uint8_t *copy = fuzz_copy(in.data, left); /* ends where a sanitizer sees it */
  ol_slice object = {copy, left};
  if (left > 0 && copy[0] == '{')
    decode_json(&network, kind, object);
  else
    decode(&network, kind, object);
  free(copy);
  return 0;
}
