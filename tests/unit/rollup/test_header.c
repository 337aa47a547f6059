/* SPDX-License-Identifier: MIT */
#include "rollup/header.h"

#include "encoding/rlp.h"
#include "openledger/text.h"
#include "unit/bytes.h"
#include "world.h"

static ol_error error;

/* A header of a form: so many fields, and this extraData. */
static ol_header form(uint32_t field_count, const char *extra_data, uint32_t extra_data_len) {
  ol_header header;
  memset(&header, 0, sizeof header);
  memset(header.parent_hash.bytes, 0x11, sizeof header.parent_hash);
  memset(header.logs_bloom, 0x22, sizeof header.logs_bloom);
  header.number = 5;
  header.timestamp = UINT64_MAX;
  memcpy(header.extra_data, extra_data, extra_data_len);
  header.extra_data_len = extra_data_len;
  header.field_count = field_count;
  return header;
}

static const struct {
  uint32_t field_count;
  const char *extra_data;
  uint32_t extra_data_len;
  ol_fork op, l1;
} forms[] = {
    {15, "", 0, OL_FORK_UNKNOWN, OL_FORK_FRONTIER},
    {16, "", 0, OL_FORK_BEDROCK, OL_FORK_PARIS},
    {16, "BEDROCK", 7, OL_FORK_BEDROCK, OL_FORK_PARIS},
    {17, "", 0, OL_FORK_CANYON, OL_FORK_SHANGHAI},
    {18, "", 0, OL_FORK_UNKNOWN, OL_FORK_UNKNOWN},
    {19, "", 0, OL_FORK_UNKNOWN, OL_FORK_UNKNOWN},
    {20, "", 0, OL_FORK_ECOTONE, OL_FORK_CANCUN},
    {20, "\0\0\0\0\xfa\0\0\0\6", 9, OL_FORK_HOLOCENE, OL_FORK_CANCUN},
    {20, "\0\0\0\0\0\0\0\0\6", 9, OL_FORK_UNKNOWN, OL_FORK_CANCUN},   /* denominator 0 */
    {20, "\0\0\0\0\xfa\0\0\0\0", 9, OL_FORK_UNKNOWN, OL_FORK_CANCUN}, /* elasticity 0 */
    {20, "\1\0\0\0\xfa\0\0\0\6", 9, OL_FORK_UNKNOWN, OL_FORK_CANCUN}, /* version of Jovian */
    {20, "\0\0\0\0\xfa\0\0\0", 8, OL_FORK_UNKNOWN, OL_FORK_CANCUN},
    {21, "\0\0\0\0\xfa\0\0\0\6", 9, OL_FORK_ISTHMUS, OL_FORK_PRAGUE},
    {21, "\1\0\0\0\xfa\0\0\0\6\0\0\0\0\0\0\0\7", 17, OL_FORK_JOVIAN, OL_FORK_PRAGUE},
    {21, "\0\0\0\0\xfa\0\0\0\6\0\0\0\0\0\0\0\7", 17, OL_FORK_UNKNOWN, OL_FORK_PRAGUE},
    {21, "", 0, OL_FORK_UNKNOWN, OL_FORK_PRAGUE},
    {22, "", 0, OL_FORK_UNKNOWN, OL_FORK_UNKNOWN},
    {23, "", 0, OL_FORK_UNKNOWN, OL_FORK_AMSTERDAM},
};

static void tells_the_fork_by_the_form(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    ol_header header = form(forms[i].field_count, forms[i].extra_data, forms[i].extra_data_len);
    assert_int_equal(ol_header_op_fork(&header), forms[i].op);
    assert_int_equal(ol_header_l1_fork(&header), forms[i].l1);
  }
  ol_header mined = form(16, "", 0);
  mined.difficulty.bytes[31] = 1;
  assert_int_equal(ol_header_l1_fork(&mined), OL_FORK_LONDON);
}

static void names_every_fork(void **state) {
  (void)state;
  assert_string_equal(ol_fork_name(OL_FORK_UNKNOWN), "unknown");
  for (int fork = OL_FORK_FRONTIER; fork <= OL_FORK_AMSTERDAM; fork++)
    assert_string_not_equal(ol_fork_name((ol_fork)fork), "unknown");
  for (int fork = OL_FORK_BEDROCK; fork <= OL_FORK_JOVIAN; fork++)
    assert_string_not_equal(ol_fork_name((ol_fork)fork), "unknown");
}

static void encodes_what_it_decodes_in_every_form(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    ol_header header = form(forms[i].field_count, forms[i].extra_data, forms[i].extra_data_len), again;
    uint8_t rlp[2048];
    size_t len;
    assert_int_equal(ol_header_encode(&error, rlp, sizeof rlp, &len, &header), OL_OK);
    assert_int_equal(ol_header_decode(&error, &again, rlp, len), OL_OK);
    assert_memory_equal(&again, &header, sizeof header);
    ol_hash hash, expected;
    ol_header_hash(&hash, &header);
    ol_keccak256(&expected, rlp, len);
    assert_memory_equal(&hash, &expected, sizeof hash);
    assert_int_equal(ol_header_encode(&error, rlp, len - 1, &len, &header), OL_ERR_MEMORY);
    for (size_t cut = 0; cut < len; cut++)
      assert_int_equal(ol_header_decode(&error, &again, rlp, cut), OL_ERR_ENCODING);
  }
}

/* The encoded header of the newest form, with fields behind its last. */
static size_t with_more(uint8_t out[2048], const char *more, size_t more_len) {
  ol_header header = form(OL_HEADER_FIELDS, "", 0);
  uint8_t rlp[2048];
  size_t len;
  assert_int_equal(ol_header_encode(&error, rlp, sizeof rlp, &len, &header), OL_OK);
  ol_rlp cursor = ol_rlp_of(ol_slice_of(rlp, len)), fields;
  assert_int_equal(ol_rlp_list(&error, &fields, &cursor), OL_OK);
  ol_rlp_writer to = {.out = out, .len = 2048};
  ol_rlp_put_list(&to, fields.len + more_len);
  ol_rlp_put_raw(&to, fields.data, fields.len);
  ol_rlp_put_raw(&to, (const uint8_t *)more, more_len);
  return to.used;
}

static void keeps_the_fields_of_later_forks(void **state) {
  (void)state;
  uint8_t rlp[2048], again[2048];
  ol_header header;
  size_t len = with_more(rlp,
                         "\x83"
                         "abc\x07",
                         5),
         again_len;
  assert_int_equal(ol_header_decode(&error, &header, rlp, len), OL_OK);
  assert_int_equal(header.field_count, OL_HEADER_FIELDS + 2);
  assert_int_equal(header.more_len, 5);
  assert_int_equal(ol_header_encode(&error, again, sizeof again, &again_len, &header), OL_OK);
  assert_int_equal(again_len, len);
  assert_memory_equal(again, rlp, len);
  assert_int_equal(ol_header_op_fork(&header), OL_FORK_UNKNOWN);
  assert_int_equal(ol_header_l1_fork(&header), OL_FORK_UNKNOWN);
}

static void bounds_the_fields_of_later_forks(void **state) {
  (void)state;
  uint8_t rlp[2048];
  char more[OL_HEADER_MORE + 1];
  ol_header header;
  memset(more, 7, sizeof more);
  assert_int_equal(ol_header_decode(&error, &header, rlp, with_more(rlp, more, OL_HEADER_MORE)), OL_OK);
  assert_int_equal(ol_header_decode(&error, &header, rlp, with_more(rlp, more, OL_HEADER_MORE + 1)),
                   OL_ERR_LIMIT);
  assert_int_equal(ol_header_decode(&error, &header, rlp, with_more(rlp, "\xc2\x81\x05", 3)),
                   OL_ERR_ENCODING);
}

/* Puts RLP in the place of one item of a header and decodes it. */
static ol_status decode_with(size_t index, const char *item_rlp, size_t item_len) {
  uint8_t payload[1024], rlp[1100];
  ol_header header = form(15, "", 0);
  ol_rlp_writer fields = {.out = payload, .len = sizeof payload}, to = {.out = rlp, .len = sizeof rlp};
  size_t len;
  assert_int_equal(ol_header_encode(&error, rlp, sizeof rlp, &len, &header), OL_OK);
  ol_rlp cursor = ol_rlp_of(ol_slice_of(rlp, len)), list;
  assert_int_equal(ol_rlp_list(&error, &list, &cursor), OL_OK);
  for (size_t i = 0; i < 15; i++) {
    ol_rlp_item item;
    assert_int_equal(ol_rlp_next(&error, &item, &list), OL_OK);
    if (i == index)
      ol_rlp_put_raw(&fields, (const uint8_t *)item_rlp, item_len);
    else
      ol_rlp_put_raw(&fields, item.whole.data, item.whole.len);
  }
  ol_rlp_put_list(&to, fields.used);
  ol_rlp_put_raw(&to, payload, fields.used);
  return ol_header_decode(&error, &header, rlp, to.used);
}

static void refuses_long_extra_data(void **state) {
  (void)state;
  char extra_data[34] = {(char)0xa1, 1};
  assert_int_equal(decode_with(12, extra_data, sizeof extra_data), OL_ERR_LIMIT);
  assert_string_equal(error.reason, "extraData is longer than 32 bytes");
  assert_string_equal(error.part, "header");
}

static void refuses_what_is_no_header(void **state) {
  (void)state;
  ol_header header;
  assert_int_equal(ol_header_decode(&error, &header, (const uint8_t *)"\x80", 1), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP string where a list belongs");
  uint8_t rlp[2048];
  size_t len;
  ol_header good = form(15, "", 0);
  assert_int_equal(ol_header_encode(&error, rlp, sizeof rlp, &len, &good), OL_OK);
  rlp[len] = 0;
  assert_int_equal(ol_header_decode(&error, &header, rlp, len + 1), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "bytes follow where the RLP ends");
  assert_int_equal(ol_header_decode(&error, &header, rlp, with_more(rlp, "\x85", 1)), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP item is longer than its input");
}

static void refuses_fields_of_another_kind(void **state) {
  (void)state;
  for (size_t i = 0; i < 15; i++) {
    assert_int_equal(decode_with(i, "\xc0", 1), OL_ERR_ENCODING);
    assert_string_equal(error.reason, "RLP list where a string belongs");
  }
}

static void refuses_lengths_out_of_range(void **state) {
  (void)state;
  uint8_t rlp[2048];
  size_t len;
  ol_header header = form(21, "", 0);
  header.extra_data_len = 33;
  assert_int_equal(ol_header_encode(&error, rlp, sizeof rlp, &len, &header), OL_ERR_ARGUMENT);
  header = form(21, "", 0);
  header.more_len = OL_HEADER_MORE + 1;
  assert_int_equal(ol_header_encode(&error, rlp, sizeof rlp, &len, &header), OL_ERR_ARGUMENT);
  header = form(14, "", 0);
  assert_int_equal(ol_header_encode(&error, rlp, sizeof rlp, &len, &header), OL_ERR_ARGUMENT);
}

static world_chain earth;
static uint8_t text_memory[1 << 16], parse_memory[1 << 18];

/* A block as JSON, which a test may change. */
static char *block_text(void) {
  static char text[8192];
  ol_arena arena = ol_arena_of(text_memory, sizeof text_memory);
  ol_header header = world_block(&earth, 77, 1);
  ol_json_writer to;
  ol_slice written;
  ol_json_write_begin(&to, &arena);
  world_write_block(&to, NULL, &header);
  assert_int_equal(ol_json_write_end(&error, &written, &to), OL_OK);
  assert_true(written.len < sizeof text);
  memcpy(text, written.data, written.len);
  text[written.len] = '\0';
  return text;
}

static ol_status read_block(const char *text, ol_header *header) {
  ol_hash hash;
  return ol_header_from_text(&error, header, &hash, text_of(text), parse_memory, sizeof parse_memory);
}

static void change(char *text, const char *from, const char *to) {
  char *place = strstr(text, from);
  assert_non_null(place);
  memcpy(place, to, strlen(to));
}

static void reads_a_block_in_json_and_in_an_envelope(void **state) {
  (void)state;
  ol_header header, expected = world_block(&earth, 77, 1);
  assert_int_equal(read_block(block_text(), &header), OL_OK);
  assert_memory_equal(&header, &expected, sizeof header);
  char envelope[8300];
  snprintf(envelope, sizeof envelope, " \n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":%s}\n", block_text());
  assert_int_equal(read_block(envelope, &header), OL_OK);
  assert_memory_equal(&header, &expected, sizeof header);
}

static void reads_a_header_as_hex(void **state) {
  (void)state;
  ol_header header, expected = world_block(&earth, 77, 1);
  uint8_t rlp[2048];
  size_t len;
  char text[4200] = "\t";
  assert_int_equal(ol_header_encode(&error, rlp, sizeof rlp, &len, &expected), OL_OK);
  ol_hex_text(text + 1, rlp, len);
  strcat(text, "\r\n");
  assert_int_equal(read_block(text, &header), OL_OK);
  assert_memory_equal(&header, &expected, sizeof header);
  text[10] = 'x';
  assert_int_equal(read_block(text, &header), OL_ERR_ENCODING);
  assert_int_equal(read_block("0123", &header), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "hex does not begin with 0x");
  assert_int_equal(read_block("0xc0", &header), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "RLP item is missing");
  ol_hash hash;
  assert_int_equal(ol_header_from_text(&error, &header, &hash, text_of("0x00"), parse_memory, 0),
                   OL_ERR_MEMORY);
}

static void refuses_a_block_that_does_not_hash_to_its_hash(void **state) {
  (void)state;
  ol_header header;
  char *text = block_text();
  change(text, "\"gasUsed\":\"0x0\"", "\"gasUsed\":\"0x1\"");
  assert_int_equal(read_block(text, &header), OL_ERR_MISMATCH);
  assert_string_equal(error.part, "hash");
  text = block_text();
  change(text, "\"hash\"", "\"hasz\"");
  assert_int_equal(read_block(text, &header), OL_ERR_ENCODING);
}

static void refuses_missing_fields(void **state) {
  (void)state;
  ol_header header;
  char *text = block_text();
  change(text, "\"stateRoot\"", "\"stateRooz\"");
  assert_int_equal(read_block(text, &header), OL_ERR_ENCODING);
  assert_string_equal(error.part, "stateRoot");
  assert_string_equal(error.reason, "field of the header is missing");
  text = block_text();
  change(text, "\"blobGasUsed\"", "\"blobGasUsez\"");
  assert_int_equal(read_block(text, &header), OL_ERR_ENCODING);
  assert_string_equal(error.part, "excessBlobGas");
  assert_string_equal(error.reason, "field comes without those before it");
  text = block_text();
  change(text, "\"extraData\":\"0x00000000fa00000006", "\"extraData\":\"0x00000000fa0000000g");
  assert_int_equal(read_block(text, &header), OL_ERR_ENCODING);
  assert_string_equal(error.part, "extraData");
}

static void refuses_long_extra_data_in_json(void **state) {
  (void)state;
  ol_header header;
  static char text[9000];
  const char *block = block_text(), *place = strstr(block, "\"extraData\":\"0x") + 15;
  size_t before = (size_t)(place - block);
  for (size_t len = 33; len <= 100; len += 67) {
    memcpy(text, block, before);
    memset(text + before, '1', 2 * len);
    strcpy(text + before + 2 * len, strchr(place, '"'));
    assert_int_equal(read_block(text, &header), OL_ERR_LIMIT);
    assert_string_equal(error.reason, "extraData is longer than 32 bytes");
  }
}

/* keccak-256 of 32 zero bytes, 32 of 0x01, 32 of 0x02 and 32 of 0x03, by an independent library. */
static void computes_the_output_root(void **state) {
  (void)state;
  ol_hash roots[3], out;
  for (int i = 0; i < 3; i++) memset(roots[i].bytes, i + 1, sizeof roots[i]);
  ol_output_root_v0(&out, &roots[0], &roots[1], &roots[2]);
  assert_bytes(out.bytes, sizeof out, "fa846ba062c4f02c422636c114d4c22c219e0d7f9db2db9621eb6f655ac8a51f");
}

static int make_world(void **state) {
  (void)state;
  world_make(&earth);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tells_the_fork_by_the_form),
      cmocka_unit_test(names_every_fork),
      cmocka_unit_test(encodes_what_it_decodes_in_every_form),
      cmocka_unit_test(keeps_the_fields_of_later_forks),
      cmocka_unit_test(bounds_the_fields_of_later_forks),
      cmocka_unit_test(refuses_long_extra_data),
      cmocka_unit_test(refuses_what_is_no_header),
      cmocka_unit_test(refuses_fields_of_another_kind),
      cmocka_unit_test(refuses_lengths_out_of_range),
      cmocka_unit_test(reads_a_block_in_json_and_in_an_envelope),
      cmocka_unit_test(reads_a_header_as_hex),
      cmocka_unit_test(refuses_a_block_that_does_not_hash_to_its_hash),
      cmocka_unit_test(refuses_missing_fields),
      cmocka_unit_test(refuses_long_extra_data_in_json),
      cmocka_unit_test(computes_the_output_root),
  };
  return cmocka_run_group_tests(tests, make_world, NULL);
}
