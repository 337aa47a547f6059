/* SPDX-License-Identifier: MIT */

/*
 * The input as a bundle, whose checksum is made right where the first byte is odd: what is read must be written again
 * byte by byte, and each of its answers found. And as a response, of which an entry is made: its answer, as the
 * response to another want, is cut out the same again.
 */

#include "client/bundle.h"
#include "crypto/sha2.h"
#include "encoding/json.h"
#include "fuzz/fuzz.h"

static void read_again(const ol_bundle *bundle, ol_slice bytes) {
  static ol_bundle_entry entries[OL_BUNDLE_ENTRIES];
  ol_error error;
  size_t begin = 0;
  for (size_t i = bundle->count; i-- > 0;) { /* in another order */
    const uint8_t *entry = bundle->index.data + OL_BUNDLE_INDEX * i;
    memcpy(entries[bundle->count - 1 - i].request.bytes, entry, sizeof(ol_hash));
  }
  for (size_t i = 0; i < bundle->count; i++) {
    const uint8_t *end_at = bundle->index.data + OL_BUNDLE_INDEX * i + sizeof(ol_hash);
    size_t end = (size_t)end_at[0] << 24 | (size_t)end_at[1] << 16 | (size_t)end_at[2] << 8 | end_at[3];
    FUZZ_REQUIRE(end > begin && end <= bundle->answers.len);
    entries[bundle->count - 1 - i].answer = ol_slice_of(bundle->answers.data + begin, end - begin);
    begin = end;
  }
  FUZZ_REQUIRE(begin == bundle->answers.len);
  FUZZ_REQUIRE(ol_bundle_size(&bundle->about, entries, bundle->count) == bytes.len);
  uint8_t *again = fuzz_block(bytes.len);
  FUZZ_REQUIRE(ol_bundle_write(&error, again, bytes.len, &bundle->about, entries, bundle->count) == OL_OK);
  FUZZ_REQUIRE(memcmp(again, bytes.data, bytes.len) == 0);
  free(again);
}

static void fuzz_read(const uint8_t *data, size_t len, bool sealed) {
  ol_error error;
  ol_bundle bundle;
  uint8_t *exact = fuzz_copy(data, len);
  ol_hash checksum;
  if (sealed && len >= sizeof checksum) {
    ol_sha256(&checksum, exact, len - sizeof checksum);
    memcpy(exact + len - sizeof checksum, checksum.bytes, sizeof checksum);
  }
  ol_status status = ol_bundle_read(&error, &bundle, ol_slice_of(exact, len));
  if (status == OL_OK)
    read_again(&bundle, ol_slice_of(exact, len));
  else
    fuzz_refused(&error, status, len);
  free(exact);
}

static ol_want want_of(uint64_t id, const char *body) {
  return (ol_want){.id = id,
                   .source = OL_SOURCE_L2,
                   .method = OL_HTTP_POST,
                   .format = OL_FORMAT_JSON,
                   .body = ol_slice_of(body, strlen(body))};
}

/* A bundle of the one entry answers the same want of another run. */
static void answer_again(const ol_bundle_entry *entry) {
  ol_error error;
  ol_bundle bundle;
  ol_bundle_entry again;
  ol_slice answer;
  const ol_bundle_about about = {.made = 1};
  const ol_want want = want_of(22, OL_BUNDLE_BODY "22,\"method\":\"m\",\"params\":[]}");
  size_t size = ol_bundle_size(&about, entry, 1), room = entry->answer.len + OL_BUNDLE_AROUND;
  uint8_t *bytes = fuzz_block(size), *memory = fuzz_block(room), *cut = fuzz_block(room);
  FUZZ_REQUIRE(size > 0 && ol_bundle_write(&error, bytes, size, &about, entry, 1) == OL_OK);
  FUZZ_REQUIRE(ol_bundle_read(&error, &bundle, ol_slice_of(bytes, size)) == OL_OK);
  FUZZ_REQUIRE(ol_bundle_answer(&error, &answer, &bundle, &want, 0, memory, room) == OL_OK);
  FUZZ_REQUIRE(ol_bundle_entry_of(&error, &again, &want, answer, cut, room) == OL_OK);
  FUZZ_REQUIRE(ol_hash_equal(&again.request, &entry->request) && fuzz_same(again.answer, entry->answer));
  free(bytes);
  free(memory);
  free(cut);
}

static void fuzz_entry(const uint8_t *data, size_t len) {
  ol_error error;
  ol_bundle_entry entry;
  const ol_want want = want_of(7, OL_BUNDLE_BODY "7,\"method\":\"m\",\"params\":[]}");
  uint8_t *exact = fuzz_copy(data, len), *memory = fuzz_block(len);
  ol_status status = ol_bundle_entry_of(&error, &entry, &want, ol_slice_of(exact, len), memory, len);
  if (status != OL_OK)
    fuzz_refused(&error, status, len);
  else if (entry.answer.len > 0)
    answer_again(&entry);
  free(exact);
  free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  if (len == 0) return 0;
  fuzz_read(data + 1, len - 1, (data[0] & 1) != 0);
  fuzz_entry(data + 1, len - 1);
  return 0;
}
