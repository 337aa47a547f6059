/* SPDX-License-Identifier: MIT */
#include "consensus/types.h"

#include "unit/bytes.h"

/* What the recordings do not show of decoding: objects of no fork, and JSON without what decides the form. */

static ol_error error;
static ol_beacon_network network;
static uint8_t memory[1 << 16], parse_memory[1 << 14];

static ol_status from_json(const char *text, ol_light_kind kind) {
  ol_arena parse = ol_arena_of(parse_memory, sizeof parse_memory), arena = ol_arena_of(memory, sizeof memory);
  ol_json json;
  ol_slice out;
  assert_true(ol_beacon_network_named(&network, text_of("mainnet")));
  assert_int_equal(ol_json_read(&error, &json, &parse, (const uint8_t *)text, strlen(text)), OL_OK);
  return ol_light_from_json(&error, &out, &arena, kind, &network, json);
}

static void refuses_json_without_a_slot(void **state) {
  (void)state;
  static const struct {
    const char *text, *reason;
  } faults[] = {{"{}", "header is missing"},
                {"{\"attested_header\":{}}", "beacon header is missing"},
                {"{\"attested_header\":{\"beacon\":{}}}", "slot is missing"},
                {"{\"attested_header\":{\"beacon\":{\"slot\":7}}}", "JSON value is not a string"},
                {"{\"attested_header\":{\"beacon\":{\"slot\":\"x\"}}}", "character is not a decimal digit"},
                {"{\"attested_header\":{\"beacon\":{\"slot\":\"7\"}}}", "field is missing"}};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    assert_int_equal(from_json(faults[i].text, OL_LIGHT_OPTIMISTIC_UPDATE), OL_ERR_ENCODING);
    assert_string_equal(error.reason, faults[i].reason);
  }
  assert_int_equal(from_json("{\"attested_header\":{}}", OL_LIGHT_BOOTSTRAP), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "header is missing");
}

static void refuses_bytes_of_no_fork(void **state) {
  (void)state;
  static uint8_t bytes[30000];
  ol_light_update update;
  ol_light_bootstrap bootstrap;
  assert_true(ol_beacon_network_named(&network, text_of("mainnet")));
  for (size_t len = 0; len < sizeof bytes; len += 61) {
    ol_slice ssz = ol_slice_of(bytes, len);
    assert_int_equal(ol_light_bootstrap_decode(&error, &bootstrap, &network, ssz), OL_ERR_ENCODING);
    assert_int_equal(ol_light_update_decode(&error, &update, OL_LIGHT_UPDATE, &network, ssz),
                     OL_ERR_ENCODING);
    assert_string_equal(error.reason, "bytes are no light client object of the fork at their slot");
  }
}

/* An optimistic update of Altair's form: its size decides, and its slot must be of that form's forks. */
static void tells_the_form_by_the_slot(void **state) {
  (void)state;
  uint8_t bytes[112 + 64 + 96 + 8] = {0};
  ol_light_update update;
  ol_slice ssz = ol_slice_of(bytes, sizeof bytes);
  assert_true(ol_beacon_network_named(&network, text_of("mainnet")));
  assert_int_equal(ol_light_update_decode(&error, &update, OL_LIGHT_OPTIMISTIC_UPDATE, &network, ssz), OL_OK);
  assert_true(update.attested.is_valid);
  assert_true(update.attested.is_default);
  uint64_t capella = UINT64_C(194048) * 32;
  for (uint64_t slot = capella - 1; slot <= capella; slot++) {
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(slot >> 8 * i);
    assert_int_equal(ol_light_update_decode(&error, &update, OL_LIGHT_OPTIMISTIC_UPDATE, &network, ssz),
                     slot < capella ? OL_OK : OL_ERR_ENCODING);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(refuses_json_without_a_slot),
      cmocka_unit_test(refuses_bytes_of_no_fork),
      cmocka_unit_test(tells_the_form_by_the_slot),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
