/* SPDX-License-Identifier: MIT */
#include "consensus/saved.h"

#include "base/writer.h"
#include "crypto/sha2.h"

#include "base/poison.h"

static const uint8_t form[8] = {'O', 'L', 'S', 'Y', 'N', 'C', 0, 1};

static const uint8_t *take_hash(ol_hash *out, const uint8_t *from) {
  memcpy(out->bytes, from, sizeof out->bytes);
  return from + sizeof out->bytes;
}

size_t ol_light_store_save(uint8_t out[OL_SAVED_BYTES], const ol_light_store *store,
                           const ol_hash *checkpoint) {
  const ol_light_header *finalized = &store->finalized;
  uint8_t header[OL_BEACON_HEADER_BYTES];
  ol_writer to = {.out = out, .len = OL_SAVED_BYTES};
  ol_write_bytes(&to, form, sizeof form);
  ol_write_bytes(&to, &store->network.genesis_validators_root, sizeof(ol_hash));
  ol_write_bytes(&to, checkpoint, sizeof *checkpoint);
  ol_beacon_header_encode(header, &finalized->beacon);
  ol_write_bytes(&to, header, sizeof header);
  ol_write_bytes(&to, &finalized->block_hash, sizeof(ol_hash));
  ol_write_bytes(&to, &finalized->execution_root, sizeof(ol_hash));
  ol_write_bytes(&to, &finalized->state_root, sizeof(ol_hash));
  ol_write_be(&to, store->previous_max_participants, 8);
  ol_write_be(&to, store->current_max_participants, 8);
  ol_write_be(&to, store->forced, 8);
  ol_write_bytes(&to, store->current_committee, ol_committee_bytes(&store->network));
  ol_hash checksum;
  ol_sha256(&checksum, out, to.used);
  ol_write_bytes(&to, &checksum, sizeof checksum);
  return to.used;
}

static ol_status check(ol_error *error, const ol_beacon_network *network, ol_slice saved) {
  ol_hash checksum;
  if (saved.len <= OL_SAVED_HEAD + sizeof checksum)
    return ol_fail(error, OL_ERR_ENCODING, saved.len,
                   "is damaged, or was never a saved state: it is too short");
  size_t body = saved.len - sizeof checksum;
  ol_sha256(&checksum, saved.data, body);
  if (memcmp(saved.data + body, checksum.bytes, sizeof checksum) != 0)
    return ol_fail(error, OL_ERR_ENCODING, body,
                   "is damaged, or was never a saved state: its checksum is wrong");
  if (memcmp(saved.data, form, sizeof form) != 0)
    return ol_fail(error, OL_ERR_ENCODING, 0, "is of a form or version that is not known here");
  if (memcmp(saved.data + sizeof form, network->genesis_validators_root.bytes, sizeof(ol_hash)) != 0 ||
      body != OL_SAVED_HEAD + ol_committee_bytes(network))
    return ol_fail(error, OL_ERR_MISMATCH, sizeof form, "is of another network");
  return OL_OK;
}

ol_status ol_light_store_restore(ol_error *error, ol_light_store *out, ol_hash *out_checkpoint,
                                 const ol_beacon_network *network, ol_slice saved) {
  OL_TRY(check(error, network, saved));
  ol_light_header finalized = {.is_valid = true};
  const uint8_t *from = take_hash(out_checkpoint, saved.data + sizeof form + sizeof(ol_hash));
  ol_beacon_header_decode(&finalized.beacon, &finalized.root, from);
  from = take_hash(&finalized.block_hash, from + OL_BEACON_HEADER_BYTES);
  from = take_hash(&finalized.execution_root, from);
  from = take_hash(&finalized.state_root, from);
  memset(out, 0, sizeof *out);
  out->network = *network;
  out->finalized = out->optimistic = finalized;
  out->previous_max_participants = ol_load_be64(from);
  out->current_max_participants = ol_load_be64(from + 8);
  out->forced = ol_load_be64(from + 16) != 0;
  memcpy(out->current_committee, from + 24, ol_committee_bytes(network));
  return OL_OK;
}
