/* SPDX-License-Identifier: MIT */
#include "client/beacon_answer.h"

#include "base/poison.h"

ol_status ol_network_answer_read(ol_error *error, ol_beacon_network *out, ol_slice network,
                                 ol_arena scratch) {
  ol_json config;
  if (ol_beacon_network_named(out, network)) return OL_OK;
  if (network.len == 0 || network.data[0] != '{')
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "is not mainnet, sepolia, hoodi or JSON");
  OL_TRY(ol_json_read(error, &config, &scratch, network.data, network.len));
  ol_json l1, of_l1;
  if (ol_json_find(&l1, config, "l1") && ol_json_find(&of_l1, l1, "network")) config = of_l1;
  ol_slice name;
  if (ol_json_kind_of(config) != OL_JSON_STRING) return ol_beacon_network_from_json(error, out, config);
  OL_TRY(ol_json_string(error, &name, config));
  if (ol_beacon_network_named(out, name)) return OL_OK;
  return ol_fail(error, OL_ERR_ARGUMENT, config.offset, "is not mainnet, sepolia or hoodi");
}

/* All SSZ begins with an offset, a slot or a length, of which high bytes are 0; JSON has no such byte. */
static bool is_ssz(ol_slice text) {
  return text.len >= 8 && (text.data[3] == 0 || text.data[7] == 0);
}

/* Encodes {"version": ..., "data": an object} as SSZ. */
static ol_status encode(ol_error *error, ol_slice *out, ol_light_kind kind, const ol_beacon_network *network,
                        ol_slice text, ol_arena *keep, ol_arena scratch) {
  ol_json answer, data;
  if (text.len > OL_OBJECT_JSON)
    return ol_fail(error, OL_ERR_LIMIT, OL_OBJECT_JSON, "JSON is too long for a light client object");
  OL_TRY(ol_json_read(error, &answer, &scratch, text.data, text.len));
  OL_TRY(ol_json_need(error, &data, answer, "data", "answer of the Beacon API has no data"));
  return ol_light_from_json(error, out, keep, kind, network, data);
}

static ol_status read_object(ol_error *error, ol_slice *out, ol_light_kind kind,
                             const ol_beacon_network *network, ol_slice answer, ol_arena *keep,
                             ol_arena scratch) {
  *out = answer;
  return is_ssz(answer) ? OL_OK : encode(error, out, kind, network, answer, keep, scratch);
}

ol_status ol_bootstrap_answer_read(ol_error *error, ol_light_bootstrap *out, const ol_beacon_network *network,
                                   ol_slice answer, ol_arena *keep, ol_arena scratch) {
  ol_slice ssz;
  OL_TRY(read_object(error, &ssz, OL_LIGHT_BOOTSTRAP, network, answer, keep, scratch));
  return ol_light_bootstrap_decode(error, out, network, ssz);
}

ol_status ol_update_answer_read(ol_error *error, ol_light_update *out, ol_light_kind kind,
                                const ol_beacon_network *network, ol_slice answer, ol_arena *keep,
                                ol_arena scratch) {
  ol_slice ssz;
  OL_TRY(read_object(error, &ssz, kind, network, answer, keep, scratch));
  return ol_light_update_decode(error, out, kind, network, ssz);
}

ol_status ol_update_answers_begin(ol_error *error, ol_update_answers *out, ol_slice answer) {
  *out =
      (ol_update_answers){.is_ssz = answer.len == 0 || is_ssz(answer), .ssz = answer, .ssz_len = answer.len};
  return out->is_ssz ? OL_OK : ol_json_cut_array(error, &out->json, answer);
}

/* Beacon API, getLightClientUpdatesByRange: before each update come a length and what that counts too, a digest. */
#define FRAME_LENGTH 8u
#define FRAME_DIGEST 4u /* says the fork, which the update's slot says too */

static ol_status next_frame(ol_error *error, ol_slice *out, ol_update_answers *from) {
  ol_slice rest = from->ssz;
  uint64_t length = 0;
  for (size_t i = 0; rest.len >= FRAME_LENGTH && i < FRAME_LENGTH; i++)
    length |= (uint64_t)rest.data[i] << 8 * i;
  if (length < FRAME_DIGEST || length > rest.len - FRAME_LENGTH)
    return ol_fail(error, OL_ERR_ENCODING, from->ssz_len - rest.len,
                   "length before an update does not fit what follows");
  *out = ol_slice_of(rest.data + FRAME_LENGTH + FRAME_DIGEST, (size_t)length - FRAME_DIGEST);
  size_t taken = FRAME_LENGTH + (size_t)length;
  from->ssz = ol_slice_of(rest.data + taken, rest.len - taken);
  return OL_OK;
}

ol_status ol_update_answers_next(ol_error *error, ol_light_update *out, bool *out_any,
                                 ol_update_answers *from, const ol_beacon_network *network, ol_arena *keep,
                                 ol_arena scratch) {
  ol_slice ssz;
  *out_any = false;
  if (from->is_ssz) {
    if (from->ssz.len == 0) return OL_OK;
    OL_TRY(next_frame(error, &ssz, from));
  } else {
    ol_slice text;
    OL_TRY(ol_json_cut_next(error, &text, &from->json));
    if (text.data == NULL) return OL_OK;
    OL_TRY(encode(error, &ssz, OL_LIGHT_UPDATE, network, text, keep, scratch));
  }
  OL_TRY(ol_light_update_decode(error, out, OL_LIGHT_UPDATE, network, ssz));
  *out_any = true;
  return OL_OK;
}
