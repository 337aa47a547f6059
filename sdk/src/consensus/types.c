/* SPDX-License-Identifier: MIT */
#include "consensus/types.h"

#include "crypto/sha2.h"
#include "encoding/ssz.h"
#include "trie/ssz_root.h"

#include "base/poison.h"

/* --- The containers, as the specifications list their fields --- */

static const ol_ssz_type u64 = {.kind = OL_SSZ_UINT, .size = 8};
static const ol_ssz_type u256 = {.kind = OL_SSZ_UINT, .size = 32};
static const ol_ssz_type bytes20 = {.kind = OL_SSZ_BYTES, .size = 20};
static const ol_ssz_type bytes32 = {.kind = OL_SSZ_BYTES, .size = 32};
static const ol_ssz_type bytes48 = {.kind = OL_SSZ_BYTES, .size = OL_BLS_KEY};
static const ol_ssz_type bytes96 = {.kind = OL_SSZ_BYTES, .size = 96};
static const ol_ssz_type bloom = {.kind = OL_SSZ_BYTES, .size = 256};
static const ol_ssz_type extra_data = {.kind = OL_SSZ_BYTE_LIST, .size = 32};

#define CONTAINER(name, bytes, list)                                                                         \
  static const ol_ssz_type name = {                                                                          \
      .kind = OL_SSZ_CONTAINER, .size = (bytes), .count = sizeof(list) / sizeof *(list), .fields = (list)}
#define BRANCH(name, depth)                                                                                  \
  static const ol_ssz_type name = {                                                                          \
      .kind = OL_SSZ_VECTOR, .size = 32 * (depth), .count = (depth), .element = &bytes32}

/* phase0, beacon-chain.md: BeaconBlockHeader */
static const ol_ssz_field beacon_fields[] = {{"slot", &u64},
                                             {"proposer_index", &u64},
                                             {"parent_root", &bytes32},
                                             {"state_root", &bytes32},
                                             {"body_root", &bytes32}};
CONTAINER(beacon, OL_BEACON_HEADER_BYTES, beacon_fields);

/* deneb, beacon-chain.md: ExecutionPayloadHeader; Capella's is the same without the last two */
static const ol_ssz_field payload_fields[] = {{"parent_hash", &bytes32},
                                              {"fee_recipient", &bytes20},
                                              {"state_root", &bytes32},
                                              {"receipts_root", &bytes32},
                                              {"logs_bloom", &bloom},
                                              {"prev_randao", &bytes32},
                                              {"block_number", &u64},
                                              {"gas_limit", &u64},
                                              {"gas_used", &u64},
                                              {"timestamp", &u64},
                                              {"extra_data", &extra_data},
                                              {"base_fee_per_gas", &u256},
                                              {"block_hash", &bytes32},
                                              {"transactions_root", &bytes32},
                                              {"withdrawals_root", &bytes32},
                                              {"blob_gas_used", &u64},
                                              {"excess_blob_gas", &u64}};
#define PAYLOAD_STATE_ROOT 2
#define PAYLOAD_EXTRA_DATA 10
#define PAYLOAD_BLOCK_HASH 12
#define PAYLOAD_BLOB_GAS 15
CONTAINER(payload_deneb, 0, payload_fields);
static const ol_ssz_type payload_capella = {
    .kind = OL_SSZ_CONTAINER, .count = PAYLOAD_BLOB_GAS, .fields = payload_fields};

/* altair, beacon-chain.md: SyncCommittee, SyncAggregate; of the preset's size */
static const ol_ssz_type keys_mainnet = {
    .kind = OL_SSZ_VECTOR, .size = 512 * OL_BLS_KEY, .count = 512, .element = &bytes48};
static const ol_ssz_type keys_minimal = {
    .kind = OL_SSZ_VECTOR, .size = 32 * OL_BLS_KEY, .count = 32, .element = &bytes48};
static const ol_ssz_field committee_mainnet_fields[] = {{"pubkeys", &keys_mainnet},
                                                        {"aggregate_pubkey", &bytes48}};
static const ol_ssz_field committee_minimal_fields[] = {{"pubkeys", &keys_minimal},
                                                        {"aggregate_pubkey", &bytes48}};
CONTAINER(committee_mainnet, 513 * OL_BLS_KEY, committee_mainnet_fields);
CONTAINER(committee_minimal, 33 * OL_BLS_KEY, committee_minimal_fields);
static const ol_ssz_type bits_mainnet = {.kind = OL_SSZ_BITS, .size = 512 / 8};
static const ol_ssz_type bits_minimal = {.kind = OL_SSZ_BITS, .size = 32 / 8};
static const ol_ssz_field aggregate_mainnet_fields[] = {{"sync_committee_bits", &bits_mainnet},
                                                        {"sync_committee_signature", &bytes96}};
static const ol_ssz_field aggregate_minimal_fields[] = {{"sync_committee_bits", &bits_minimal},
                                                        {"sync_committee_signature", &bytes96}};
CONTAINER(aggregate_mainnet, 512 / 8 + 96, aggregate_mainnet_fields);
CONTAINER(aggregate_minimal, 32 / 8 + 96, aggregate_minimal_fields);

/* The forms of a header, and with each the depth of the branches that its objects have. */
BRANCH(branch4, 4);
BRANCH(branch5, 5);
BRANCH(branch6, 6);
BRANCH(branch7, 7);
BRANCH(branch9, 9);
BRANCH(branch11, 11);
static const ol_ssz_field header_altair_fields[] = {{"beacon", &beacon}};
static const ol_ssz_field header_capella_fields[] = {
    {"beacon", &beacon}, {"execution", &payload_capella}, {"execution_branch", &branch4}};
static const ol_ssz_field header_deneb_fields[] = {
    {"beacon", &beacon}, {"execution", &payload_deneb}, {"execution_branch", &branch4}};
static const ol_ssz_field header_gloas_fields[] = {
    {"beacon", &beacon}, {"execution_block_hash", &bytes32}, {"execution_branch", &branch11}};
CONTAINER(header_altair, OL_BEACON_HEADER_BYTES, header_altair_fields);
CONTAINER(header_capella, 0, header_capella_fields);
CONTAINER(header_deneb, 0, header_deneb_fields);
CONTAINER(header_gloas, OL_BEACON_HEADER_BYTES + 32 + 11 * 32, header_gloas_fields);

/* All objects of one form and one preset. */
#define OBJECTS(form, preset, header, committee_branch, finality)                                            \
  static const ol_ssz_field bootstrap_##form##_##preset##_fields[] = {                                       \
      {"header", &(header)},                                                                                 \
      {"current_sync_committee", &committee_##preset},                                                       \
      {"current_sync_committee_branch", &(committee_branch)}};                                               \
  static const ol_ssz_field update_##form##_##preset##_fields[] = {                                          \
      {"attested_header", &(header)},                                                                        \
      {"next_sync_committee", &committee_##preset},                                                          \
      {"next_sync_committee_branch", &(committee_branch)},                                                   \
      {"finalized_header", &(header)},                                                                       \
      {"finality_branch", &(finality)},                                                                      \
      {"sync_aggregate", &aggregate_##preset},                                                               \
      {"signature_slot", &u64}};                                                                             \
  static const ol_ssz_field finality_##form##_##preset##_fields[] = {                                        \
      {"attested_header", &(header)},                                                                        \
      {"finalized_header", &(header)},                                                                       \
      {"finality_branch", &(finality)},                                                                      \
      {"sync_aggregate", &aggregate_##preset},                                                               \
      {"signature_slot", &u64}};                                                                             \
  static const ol_ssz_field optimistic_##form##_##preset##_fields[] = {                                      \
      {"attested_header", &(header)}, {"sync_aggregate", &aggregate_##preset}, {"signature_slot", &u64}}

OBJECTS(altair, mainnet, header_altair, branch5, branch6);
OBJECTS(altair, minimal, header_altair, branch5, branch6);
OBJECTS(capella, mainnet, header_capella, branch5, branch6);
OBJECTS(capella, minimal, header_capella, branch5, branch6);
OBJECTS(deneb, mainnet, header_deneb, branch5, branch6);
OBJECTS(deneb, minimal, header_deneb, branch5, branch6);
OBJECTS(electra, mainnet, header_deneb, branch6, branch7);
OBJECTS(electra, minimal, header_deneb, branch6, branch7);
OBJECTS(gloas, mainnet, header_gloas, branch11, branch9);
OBJECTS(gloas, minimal, header_gloas, branch11, branch9);

typedef enum light_form { FORM_ALTAIR, FORM_CAPELLA, FORM_DENEB, FORM_ELECTRA, FORM_GLOAS, FORMS } light_form;

static light_form form_of(ol_beacon_fork fork) {
  switch (fork) {
  case OL_BEACON_PHASE0:
  case OL_BEACON_ALTAIR:
  case OL_BEACON_BELLATRIX: return FORM_ALTAIR;
  case OL_BEACON_CAPELLA: return FORM_CAPELLA;
  case OL_BEACON_DENEB: return FORM_DENEB;
  case OL_BEACON_ELECTRA:
  case OL_BEACON_FULU: return FORM_ELECTRA;
  case OL_BEACON_GLOAS:
  case OL_BEACON_FORKS: break;
  }
  return FORM_GLOAS;
}

static const ol_ssz_type *const header_types[FORMS] = {&header_altair, &header_capella, &header_deneb,
                                                       &header_deneb, &header_gloas};

#define OBJECT(object, form, preset, bytes)                                                                  \
  {                                                                                                          \
    .kind = OL_SSZ_CONTAINER, .size = (bytes),                                                               \
    .count = sizeof(object##_##form##_##preset##_fields) / sizeof(ol_ssz_field),                             \
    .fields = object##_##form##_##preset##_fields                                                            \
  }
#define KINDS(form, preset, header, committee, bits, c_branch, f_branch)                                     \
  {                                                                                                          \
    OBJECT(bootstrap, form, preset, (header) == 0 ? 0 : (header) + (committee) + 32 * (c_branch)),           \
        OBJECT(update, form, preset,                                                                         \
               (header) == 0                                                                                 \
                   ? 0                                                                                       \
                   : 2 * (header) + (committee) + 32 * ((c_branch) + (f_branch)) + (bits) + 96 + 8),         \
        OBJECT(finality, form, preset,                                                                       \
               (header) == 0 ? 0 : 2 * (header) + 32 * (f_branch) + (bits) + 96 + 8),                        \
        OBJECT(optimistic, form, preset, (header) == 0 ? 0 : (header) + (bits) + 96 + 8)                     \
  }
#define PRESETS(form, header, c_branch, f_branch)                                                            \
  {                                                                                                          \
    KINDS(form, mainnet, header, 513 * OL_BLS_KEY, 64, c_branch, f_branch),                                  \
        KINDS(form, minimal, header, 33 * OL_BLS_KEY, 4, c_branch, f_branch)                                 \
  }

static const ol_ssz_type objects[FORMS][2][OL_LIGHT_KINDS] = {
    PRESETS(altair, OL_BEACON_HEADER_BYTES, 5, 6), PRESETS(capella, 0, 5, 6), PRESETS(deneb, 0, 5, 6),
    PRESETS(electra, 0, 6, 7), PRESETS(gloas, OL_BEACON_HEADER_BYTES + 32 + 11 * 32, 11, 9)};

static const ol_ssz_type *object_type(light_form form, const ol_beacon_network *network, ol_light_kind kind) {
  return &objects[form][network->committee_size == 32][kind];
}

/* --- Decoding --- */

static uint64_t load_le64(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; i--) value = value << 8 | bytes[i];
  return value;
}

static ol_hash load_hash(ol_slice bytes) {
  ol_hash hash;
  memcpy(hash.bytes, bytes.data, sizeof hash.bytes);
  return hash;
}

void ol_beacon_header_encode(uint8_t out[OL_BEACON_HEADER_BYTES], const ol_beacon_header *header) {
  for (int i = 0; i < 8; i++) {
    out[i] = (uint8_t)(header->slot >> 8 * i);
    out[8 + i] = (uint8_t)(header->proposer_index >> 8 * i);
  }
  memcpy(out + 16, header->parent_root.bytes, sizeof(ol_hash));
  memcpy(out + 48, header->state_root.bytes, sizeof(ol_hash));
  memcpy(out + 80, header->body_root.bytes, sizeof(ol_hash));
}

void ol_beacon_header_decode(ol_beacon_header *out, ol_hash *out_root,
                             const uint8_t ssz[OL_BEACON_HEADER_BYTES]) {
  *out = (ol_beacon_header){.slot = load_le64(ssz),
                            .proposer_index = load_le64(ssz + 8),
                            .parent_root = load_hash(ol_slice_of(ssz + 16, 32)),
                            .state_root = load_hash(ol_slice_of(ssz + 48, 32)),
                            .body_root = load_hash(ol_slice_of(ssz + 80, 32))};
  ol_ssz_root(out_root, &beacon, ol_slice_of(ssz, OL_BEACON_HEADER_BYTES));
}

/* deneb, electra, gloas sync-protocol.md: where the execution block is in a BeaconBlockBody */
#define EXECUTION_PAYLOAD_GINDEX 25u
#define EXECUTION_BLOCK_HASH_GINDEX 412u
#define EXECUTION_BLOCK_HASH_GINDEX_DENEB 812u
#define EXECUTION_BLOCK_HASH_GINDEX_GLOAS 2856u

static bool payload_is_default(const ol_ssz_type *type, ol_slice payload) {
  for (size_t i = 0; i < type->count; i++) {
    if (!ol_is_zero(ol_ssz_field_of(type, payload, i))) return false;
  }
  return ol_ssz_field_of(type, payload, PAYLOAD_EXTRA_DATA).len == 0;
}

/* The payload header that a header of Capella to Fulu brings along, and the branch that binds it. */
static void decode_payload(ol_light_header *out, const ol_ssz_type *type, ol_slice value,
                           ol_beacon_fork fork) {
  const ol_ssz_type *payload_type = type->fields[1].type;
  ol_slice payload = ol_ssz_field_of(type, value, 1), branch = ol_ssz_field_of(type, value, 2);
  bool is_default = payload_is_default(payload_type, payload);
  out->is_default = out->is_default && is_default && ol_is_zero(branch);
  if (fork < OL_BEACON_CAPELLA) { /* capella, is_valid_light_client_header */
    out->is_valid = is_default && ol_is_zero(branch);
    return;
  }
  bool has_blob_gas = payload_type->count > PAYLOAD_BLOB_GAS;
  if (fork < OL_BEACON_DENEB && has_blob_gas) { /* deneb, is_valid_light_client_header */
    bool none = ol_is_zero(ol_ssz_field_of(payload_type, payload, PAYLOAD_BLOB_GAS)) &&
                ol_is_zero(ol_ssz_field_of(payload_type, payload, PAYLOAD_BLOB_GAS + 1));
    if (!none) return;
  }
  out->block_hash = load_hash(ol_ssz_field_of(payload_type, payload, PAYLOAD_BLOCK_HASH));
  out->state_root = load_hash(ol_ssz_field_of(payload_type, payload, PAYLOAD_STATE_ROOT));
  /* deneb, get_lc_execution_root: before Deneb it is the root of Capella's container, whatever form it came in */
  ol_ssz_root_of_fields(&out->execution_root, payload_type, payload,
                        fork < OL_BEACON_DENEB ? PAYLOAD_BLOB_GAS : payload_type->count);
  out->is_valid =
      ol_ssz_branch_is_valid(&out->execution_root, branch, EXECUTION_PAYLOAD_GINDEX, &out->beacon.body_root);
}

/* gloas, is_valid_light_client_header: of every fork the block hash and a branch, as long as Gloas needs it */
static void decode_block_hash(ol_light_header *out, const ol_ssz_type *type, ol_slice value,
                              ol_beacon_fork fork) {
  ol_slice branch = ol_ssz_field_of(type, value, 2);
  out->block_hash = load_hash(ol_ssz_field_of(type, value, 1));
  bool nothing = ol_is_zero(ol_ssz_field_of(type, value, 1)) && ol_is_zero(branch);
  out->is_default = out->is_default && nothing;
  if (fork < OL_BEACON_CAPELLA) {
    out->is_valid = nothing;
    return;
  }
  out->execution_root = out->block_hash;
  uint64_t index = fork >= OL_BEACON_GLOAS   ? EXECUTION_BLOCK_HASH_GINDEX_GLOAS
                   : fork >= OL_BEACON_DENEB ? EXECUTION_BLOCK_HASH_GINDEX_DENEB
                                             : EXECUTION_BLOCK_HASH_GINDEX;
  out->is_valid = ol_ssz_branch_is_valid(&out->block_hash, branch, index, &out->beacon.body_root);
}

static ol_light_header decode_header(const ol_beacon_network *network, const ol_ssz_type *type,
                                     ol_slice value) {
  ol_slice bytes = ol_ssz_field_of(type, value, 0);
  ol_light_header out = {.is_default = ol_is_zero(bytes)};
  ol_beacon_header_decode(&out.beacon, &out.root, bytes.data);
  ol_beacon_fork fork = ol_beacon_fork_at(network, out.beacon.slot);
  if (type == &header_altair)
    out.is_valid = fork < OL_BEACON_CAPELLA;
  else if (type == &header_gloas)
    decode_block_hash(&out, type, value, fork);
  else
    decode_payload(&out, type, value, fork);
  return out;
}

/*
 * Which form bytes have is not in them, but their slot is, at a place that the form says: the form is the one
 * under which the slot is of that form. Returns: FORMS when there is none.
 */
static light_form find_form(ol_error *error, const ol_beacon_network *network, ol_light_kind kind,
                            ol_slice ssz) {
  light_form found = FORMS;
  for (int i = FORMS - 1; i >= 0 && found == FORMS; i--) {
    const ol_ssz_type *type = object_type((light_form)i, network, kind);
    if (ol_ssz_check(error, type, ssz) != OL_OK) continue;
    ol_slice header = ol_ssz_field_of(type, ssz, 0);
    uint64_t slot = load_le64(ol_ssz_field_of(header_types[i], header, 0).data);
    if ((int)form_of(ol_beacon_fork_at(network, slot)) == i) found = (light_form)i;
  }
  return found;
}

static ol_status no_form(ol_error *error) {
  return ol_fail(error, OL_ERR_ENCODING, 0, "bytes are no light client object of the fork at their slot");
}

ol_status ol_light_bootstrap_decode(ol_error *error, ol_light_bootstrap *out,
                                    const ol_beacon_network *network, ol_slice ssz) {
  light_form form = find_form(error, network, OL_LIGHT_BOOTSTRAP, ssz);
  if (form == FORMS) return no_form(error);
  const ol_ssz_type *type = object_type(form, network, OL_LIGHT_BOOTSTRAP);
  out->header = decode_header(network, header_types[form], ol_ssz_field_of(type, ssz, 0));
  out->committee = ol_ssz_field_of(type, ssz, 1);
  out->committee_branch = ol_ssz_field_of(type, ssz, 2);
  return OL_OK;
}

ol_status ol_light_update_decode(ol_error *error, ol_light_update *out, ol_light_kind kind,
                                 const ol_beacon_network *network, ol_slice ssz) {
  OL_ASSERT(kind != OL_LIGHT_BOOTSTRAP && kind < OL_LIGHT_KINDS);
  light_form form = find_form(error, network, kind, ssz);
  if (form == FORMS) return no_form(error);
  const ol_ssz_type *type = object_type(form, network, kind);
  *out = (ol_light_update){.finalized = {.is_default = true}};
  size_t field = 0;
  out->attested = decode_header(network, header_types[form], ol_ssz_field_of(type, ssz, field++));
  if (kind == OL_LIGHT_UPDATE) {
    out->next_committee = ol_ssz_field_of(type, ssz, field++);
    out->next_committee_branch = ol_ssz_field_of(type, ssz, field++);
  }
  if (kind != OL_LIGHT_OPTIMISTIC_UPDATE) {
    out->finalized = decode_header(network, header_types[form], ol_ssz_field_of(type, ssz, field++));
    out->finality_branch = ol_ssz_field_of(type, ssz, field++);
  }
  ol_slice aggregate = ol_ssz_field_of(type, ssz, field);
  const ol_ssz_type *aggregate_type = type->fields[field++].type;
  out->bits = ol_ssz_field_of(aggregate_type, aggregate, 0);
  out->signature = ol_ssz_field_of(aggregate_type, aggregate, 1);
  out->signature_slot = load_le64(ol_ssz_field_of(type, ssz, field).data);
  return OL_OK;
}

/* --- JSON --- */

/* Reads the slot that decides the form: of the header, or of the attested header. */
static ol_status slot_in_json(ol_error *error, uint64_t *out, ol_light_kind kind, ol_json data) {
  const char *name = kind == OL_LIGHT_BOOTSTRAP ? "header" : "attested_header";
  ol_json value;
  OL_TRY(ol_json_need(error, &value, data, name, "header is missing"));
  OL_TRY(ol_json_need(error, &value, value, "beacon", "beacon header is missing"));
  OL_TRY(ol_json_need(error, &value, value, "slot", "slot is missing"));
  uint8_t bytes[8];
  OL_TRY(ol_ssz_uint_from_json(error, bytes, sizeof bytes, value));
  *out = load_le64(bytes);
  return OL_OK;
}

ol_status ol_light_from_json(ol_error *error, ol_slice *out, ol_arena *arena, ol_light_kind kind,
                             const ol_beacon_network *network, ol_json data) {
  uint64_t slot;
  OL_TRY(slot_in_json(error, &slot, kind, data));
  light_form form = form_of(ol_beacon_fork_at(network, slot));
  return ol_ssz_from_json(error, out, arena, object_type(form, network, kind), data);
}

void ol_committee_root(ol_hash *out, const ol_beacon_network *network, ol_slice committee) {
  ol_ssz_root(out, network->committee_size == 32 ? &committee_minimal : &committee_mainnet, committee);
}
