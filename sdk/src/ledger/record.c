/* SPDX-License-Identifier: MIT */
#include "ledger/record.h"

#include "rollup/slots.h"
#include "rollup/u256.h"

#include "base/poison.h"

static const char *const grant_states[] = {"none", "proposed", "funded", "completed", "canceled"};
static const char *const progress[] = {"pending", "submitted", "paid"};
static const char *const disputes[] = {"none", "open", "dismissed", "upheld"};

#define STATES(list) (list), sizeof(list) / sizeof *(list), OL_PLACE_KEY
#define PLAIN NULL, 0, OL_PLACE_KEY
#define SECOND NULL, 0, OL_PLACE_SECOND
#define OWN NULL, 0, OL_PLACE_CONTRACT

/* clang-format off */
static const ol_record_layout layouts[OL_RECORD_KINDS] = {
    [OL_RECORD_DATANET] = {OL_CONTRACT_DATANETS, "registry", OL_FIELD_NUMBER, OL_FIELD_NONE, 5, 0, 0, 0, NULL,
        {{"owner", 3, 0, 0, 20, OL_FIELD_ADDRESS, PLAIN}, {"version", 3, 0, 20, 8, OL_FIELD_NUMBER, PLAIN},
         {"metadata", 3, 1, 0, 32, OL_FIELD_HASH, PLAIN}, {"root", 3, 2, 0, 32, OL_FIELD_HASH, PLAIN},
         {"minStake", 3, 3, 0, 16, OL_FIELD_NUMBER, PLAIN}},
        {{0}}},
    [OL_RECORD_MODEL] = {OL_CONTRACT_MODELS, "registry", OL_FIELD_HASH, OL_FIELD_NONE, 8, 0, 0, 0, NULL,
        {{"owner", 1, 0, 0, 20, OL_FIELD_ADDRESS, PLAIN}, {"deployedAt", 1, 0, 20, 6, OL_FIELD_NUMBER, PLAIN},
         {"baseModel", 1, 1, 0, 32, OL_FIELD_HASH, PLAIN}, {"adapterHash", 1, 2, 0, 32, OL_FIELD_HASH, PLAIN},
         {"runId", 1, 3, 0, 32, OL_FIELD_HASH, PLAIN}, {"gradientId", 1, 4, 0, 32, OL_FIELD_HASH, PLAIN},
         {"priceIn", 1, 5, 0, 16, OL_FIELD_NUMBER, PLAIN}, {"priceOut", 1, 5, 16, 16, OL_FIELD_NUMBER, PLAIN}},
        {{0}}},
    [OL_RECORD_NODE] = {OL_CONTRACT_NODES, "registry", OL_FIELD_ADDRESS, OL_FIELD_NONE, 7, 0, 0, 0, NULL,
        {{"operator", 2, 0, 0, 20, OL_FIELD_ADDRESS, PLAIN}, {"registeredAt", 2, 0, 20, 6, OL_FIELD_NUMBER, PLAIN},
         {"revokedAt", 2, 0, 26, 6, OL_FIELD_NUMBER, PLAIN}, {"bond", 2, 1, 0, 16, OL_FIELD_NUMBER, PLAIN},
         {"slashed", 2, 1, 16, 16, OL_FIELD_NUMBER, PLAIN}, {"minBond", 0, 1, 0, 16, OL_FIELD_NUMBER, OWN},
         {"endpoint", 2, 2, 0, 32, OL_FIELD_TEXT, PLAIN}},
        {{0}}},
    [OL_RECORD_BATCH] = {OL_CONTRACT_ATTRIBUTION, "registry", OL_FIELD_NUMBER, OL_FIELD_NONE, 3, 0, 0, 0, NULL,
        {{"root", 2, 0, 0, 32, OL_FIELD_HASH, PLAIN}, {"signer", 3, 0, 0, 20, OL_FIELD_ADDRESS, PLAIN},
         {"receipts", 3, 0, 20, 8, OL_FIELD_NUMBER, PLAIN}},
        {{0}}},
    [OL_RECORD_PAYOUT] = {OL_CONTRACT_ATTRIBUTION, "registry", OL_FIELD_NUMBER, OL_FIELD_NUMBER, 10, 0, 0, 0, NULL,
        {{"splitRoot", 8, 0, 0, 32, OL_FIELD_HASH, PLAIN}, {"token", 8, 1, 0, 20, OL_FIELD_ADDRESS, PLAIN},
         {"leaves", 8, 1, 20, 8, OL_FIELD_NUMBER, PLAIN}, {"total", 8, 2, 0, 16, OL_FIELD_NUMBER, PLAIN},
         {"paid", 8, 2, 16, 16, OL_FIELD_NUMBER, PLAIN}, {"funder", 8, 3, 0, 20, OL_FIELD_ADDRESS, PLAIN},
         {"claimableAt", 8, 3, 20, 6, OL_FIELD_NUMBER, PLAIN}, {"claimed", 9, 0, 0, 32, OL_FIELD_BIT, SECOND},
         {"disputedAt", 6, 0, 20, 6, OL_FIELD_NUMBER, NULL, 0, OL_PLACE_FIRST},
         {"dispute", 6, 0, 26, 1, OL_FIELD_STATE, disputes, 4, OL_PLACE_FIRST}},
        {{0}}},
    [OL_RECORD_GRANT] = {OL_CONTRACT_GRANTS, "registry", OL_FIELD_NUMBER, OL_FIELD_NONE, 7, 3, 2, 4, "milestones",
        {{"recipient", 2, 0, 0, 20, OL_FIELD_ADDRESS, PLAIN}, {"state", 2, 0, 20, 1, OL_FIELD_STATE, STATES(grant_states)},
         {"milestoneCount", 2, 0, 21, 4, OL_FIELD_NUMBER, PLAIN}, {"milestonesPaid", 2, 0, 25, 4, OL_FIELD_NUMBER, PLAIN},
         {"metadata", 2, 1, 0, 32, OL_FIELD_HASH, PLAIN}, {"total", 2, 2, 0, 16, OL_FIELD_NUMBER, PLAIN},
         {"paid", 2, 2, 16, 16, OL_FIELD_NUMBER, PLAIN}},
        {{"amount", 0, 0, 0, 16, OL_FIELD_NUMBER, PLAIN}, {"submittedAt", 0, 0, 16, 6, OL_FIELD_NUMBER, PLAIN},
         {"progress", 0, 0, 22, 1, OL_FIELD_STATE, STATES(progress)}, {"evidence", 0, 1, 0, 32, OL_FIELD_HASH, PLAIN}}},
    [OL_RECORD_CLAIM] = {OL_CONTRACT_DISPERSAL, "dispersal", OL_FIELD_HASH, OL_FIELD_ADDRESS, 7, 0, 0, 0, NULL,
        {{"claimBlock", 3, 0, 0, 32, OL_FIELD_NUMBER, SECOND}, {"enabled", 4, 0, 0, 1, OL_FIELD_BOOL, NULL, 2, OL_PLACE_KEY},
         {"fee", 5, 0, 0, 32, OL_FIELD_NUMBER, PLAIN}, {"signer", 0, 0, 0, 20, OL_FIELD_ADDRESS, OWN},
         {"vault", 0, 1, 0, 20, OL_FIELD_ADDRESS, OWN}, {"active", 0, 1, 20, 1, OL_FIELD_BOOL, NULL, 2, OL_PLACE_CONTRACT},
         {"token", 0, 2, 0, 20, OL_FIELD_ADDRESS, OWN}},
        {{0}}},
    [OL_RECORD_ALLOWANCE] = {OL_CONTRACT_GOPEN, "gopen", OL_FIELD_ADDRESS, OL_FIELD_ADDRESS, 1, 0, 0, 0, NULL,
        {{"allowance", 1, 0, 0, 32, OL_FIELD_NUMBER, SECOND}},
        {{0}}},
    [OL_RECORD_CORPUS] = {OL_CONTRACT_ATTRIBUTION, "registry", OL_FIELD_HASH, OL_FIELD_NUMBER, 3, 0, 0, 0, NULL,
        {{"publisher", 4, 0, 0, 20, OL_FIELD_ADDRESS, PLAIN}, {"newest", 4, 0, 20, 8, OL_FIELD_NUMBER, PLAIN},
         {"corpusId", 5, 0, 0, 32, OL_FIELD_HASH, SECOND}},
        {{0}}},
    [OL_RECORD_DISPUTE] = {OL_CONTRACT_ATTRIBUTION, "registry", OL_FIELD_HASH, OL_FIELD_NONE, 3, 0, 0, 0, NULL,
        {{"disputer", 6, 0, 0, 20, OL_FIELD_ADDRESS, PLAIN}, {"disputedAt", 6, 0, 20, 6, OL_FIELD_NUMBER, PLAIN},
         {"dispute", 6, 0, 26, 1, OL_FIELD_STATE, STATES(disputes)}},
        {{0}}},
};
/* clang-format on */

const ol_record_layout *ol_record_layout_of(ol_record_kind kind) {
  OL_ASSERT((uint32_t)kind < OL_RECORD_KINDS);
  return &layouts[kind];
}

bool ol_record_has(const ol_record *record, const ol_field *field) {
  return field->place != OL_PLACE_SECOND || record->has_second;
}

void ol_record_init(ol_record *record, ol_record_kind kind, const ol_address *contract, const ol_u256 *key,
                    const ol_u256 *second) {
  memset(record, 0, sizeof *record);
  record->kind = kind;
  record->contract = (ol_target){.address = *contract, .contract = layouts[kind].contract};
  record->key = *key;
  record->has_second = second != NULL;
  if (second != NULL) record->second = *second;
}

/* Returns: the slot that a field's is counted from. */
static ol_u256 place_of(const ol_record *of, const ol_field *field) {
  ol_u256 place = {{0}}, second = of->second;
  if (field->place == OL_PLACE_CONTRACT) return place;
  place = ol_place_of(field->mapping, field->place == OL_PLACE_FIRST ? &of->values[0] : &of->key);
  if (field->place != OL_PLACE_SECOND) return place;
  if (field->form == OL_FIELD_BIT) ol_u256_div(&second, 256);
  ol_slot_in_mapping(&place, &second, &place);
  return place;
}

/* Takes a field out of its slot. In: the low byte of the second key. */
static ol_status read_field(ol_error *error, ol_u256 *out, const ol_field *field, const ol_u256 *word,
                            uint8_t row) {
  *out = (ol_u256){{0}};
  if (field->form == OL_FIELD_BIT) {
    out->bytes[31] = word->bytes[31 - row / 8] >> row % 8 & 1;
    return OL_OK;
  }
  memcpy(out->bytes + 32 - field->len, word->bytes + 32 - field->offset - field->len, field->len);
  if (field->states != 0 && out->bytes[31] >= field->states)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "slot holds what the contract never writes");
  return OL_OK;
}

/* Reads the fields that are found by the first one's value, or the others. */
static ol_status visit_fields(ol_error *error, ol_record *of, ol_asks *asks, bool by_first) {
  const ol_record_layout *layout = &layouts[of->kind];
  for (uint32_t i = 0; i < layout->field_count; i++) {
    const ol_field *field = &layout->fields[i];
    if ((field->place == OL_PLACE_FIRST) != by_first || !ol_record_has(of, field)) continue;
    const ol_u256 place = place_of(of, field);
    const ol_u256 word = ol_ask(asks, &of->contract, &place, field->slot);
    if (!asks->answered) continue;
    const ol_status status = read_field(error, &of->values[i], field, &word, of->second.bytes[31]);
    OL_TRY(ol_error_in(error, status, field->name, OL_NOWHERE));
  }
  return OL_OK;
}

static ol_status visit_entry(ol_error *error, ol_record *of, ol_asks *asks) {
  const ol_record_layout *layout = &layouts[of->kind];
  OL_TRY(visit_fields(error, of, asks, false));
  if (!asks->answered) return OL_OK;
  of->exists = layout->fields[0].place != OL_PLACE_KEY || !ol_u256_is_zero(&of->values[0]);
  of->step = 1;
  if (layout->element_mapping == 0 || !of->exists) return OL_OK;
  const uint64_t count = ol_slot_read(&of->values[layout->element_count], 0, 4);
  if (count > OL_RECORD_ELEMENTS)
    return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, "list is longer than it can be");
  of->element_count = (uint32_t)count;
  return OL_OK;
}

static ol_status visit_elements(ol_error *error, ol_record *of, ol_asks *asks) {
  const ol_record_layout *layout = &layouts[of->kind];
  const ol_u256 list = ol_place_of(layout->element_mapping, &of->key);
  for (uint32_t k = 0; k < of->element_count; k++) {
    ol_u256 place = {{0}};
    place.bytes[31] = (uint8_t)k;
    ol_slot_in_mapping(&place, &place, &list);
    for (uint32_t i = 0; i < layout->element_field_count; i++) {
      const ol_field *field = &layout->element_fields[i];
      const ol_u256 word = ol_ask(asks, &of->contract, &place, field->slot);
      if (!asks->answered) continue;
      const ol_status status = read_field(error, &of->elements[k][i], field, &word, 0);
      OL_TRY(ol_error_in(error, status, layout->elements, k));
    }
  }
  return OL_OK;
}

static ol_status visit_text(ol_error *error, ol_record *of, const ol_field *field, const ol_u256 *head,
                            ol_asks *asks) {
  const ol_u256 place = ol_place_of(field->mapping, &of->key), words = ol_elements_of(&place, field->slot);
  uint64_t len;
  OL_TRY(ol_asked_length(error, &len, head));
  if (len > OL_RECORD_TEXT) return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "text has more than 512 bytes");
  of->text_len = (uint32_t)len;
  if (len < 32) memcpy(of->text, head->bytes, (size_t)len);
  for (uint32_t at = 0; len >= 32 && at < len; at += 32) {
    const ol_u256 word = ol_ask(asks, &of->contract, &words, at / 32);
    if (asks->answered) memcpy(of->text + at, word.bytes, sizeof word.bytes);
  }
  return OL_OK;
}

ol_status ol_record_visit(ol_error *error, ol_record *of, ol_asks *asks) {
  const ol_record_layout *layout = &layouts[of->kind];
  if (of->step == 0) return visit_entry(error, of, asks);
  if (of->step > 1 || !of->exists) return OL_OK;
  OL_TRY(visit_fields(error, of, asks, true));
  for (uint32_t i = 0; i < layout->field_count; i++) {
    const ol_field *field = &layout->fields[i];
    if (field->form != OL_FIELD_TEXT) continue;
    OL_TRY(ol_error_in(error, visit_text(error, of, field, &of->values[i], asks), field->name, OL_NOWHERE));
  }
  OL_TRY(visit_elements(error, of, asks));
  if (asks->answered) of->step = 2;
  return OL_OK;
}
