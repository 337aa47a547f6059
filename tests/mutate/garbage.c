/* SPDX-License-Identifier: MIT */
#include "mutate/campaign.h"
#include "openledger/openledger.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of one of several kinds: any, such as are in JSON, digits of hex, prefixes of RLP. */
static void fill(campaign *run, uint8_t *out, size_t len) {
  static const char json[] = "{}[]\":,0x1 \"result\"\"proof\"nulltrue\\u00e9";
  static const char digits[] = "0123456789abcdef";
  static const uint8_t prefixes[] = {0x00, 0x7f, 0x80, 0x81, 0xa0, 0xb7, 0xb8,
                                     0xbf, 0xc0, 0xc2, 0xd1, 0xf8, 0xff};
  uint32_t kind = campaign_random(run, 4);
  for (size_t i = 0; i < len; i++) {
    switch (kind) {
    case 0: out[i] = (uint8_t)campaign_random(run, 256); break;
    case 1: out[i] = (uint8_t)json[campaign_random(run, sizeof json - 1)]; break;
    case 2: out[i] = (uint8_t)digits[campaign_random(run, sizeof digits - 1)]; break;
    default: out[i] = prefixes[campaign_random(run, sizeof prefixes)]; break;
    }
  }
  if (kind == 2 && len > 1) out[1] = 'x';
  if (kind == 2 && len > 1) out[0] = '0';
}

/* In: whether this decoder may take garbage for a value, as some digits are a number. */
static void expect(campaign *run, const ol_error *error, ol_status status, size_t len, bool may_accept,
                   size_t index) {
  if (status == OL_OK)
    campaign_count(run, true, may_accept ? NULL : "ACCEPTED", index);
  else
    campaign_count(run, false, campaign_flaw(error, status, len), index);
}

static void decode_garbage(campaign *run, const uint8_t *bytes, size_t len, void *memory, size_t memory_len,
                           size_t index) {
  ol_error error;
  ol_header header;
  ol_hash hash;
  ol_address address;
  ol_u256 word = {{0}};
  ol_account account;
  static ol_account_answer answer;
  ol_slice text = ol_slice_of(bytes, len);
  ol_status status = ol_header_decode(&error, &header, bytes, len);
  expect(run, &error, status, len, false, index);
  status = ol_header_from_text(&error, &header, &hash, text, memory, memory_len);
  expect(run, &error, status, len, false, index);
  status = ol_account_verify_text(&error, &answer, NULL, text, text, memory, memory_len);
  expect(run, &error, status, len, false, index);

  ol_slice nodes[4];
  size_t cut = campaign_random(run, len + 1), count_of = 1 + campaign_random(run, 4);
  for (size_t i = 0; i < count_of; i++)
    nodes[i] = i % 2 == 0 ? ol_slice_of(bytes, cut) : ol_slice_of(bytes + cut, len - cut);
  for (size_t i = 0; i < sizeof hash; i++) hash.bytes[i] = (uint8_t)campaign_random(run, 256);
  memset(&address, (int)campaign_random(run, 256), sizeof address);
  status = ol_account_verify(&error, &account, &hash, &address, nodes, count_of);
  expect(run, &error, status, len, false, index);
  status = ol_storage_verify(&error, &word, &hash, &word, nodes, count_of);
  expect(run, &error, status, len, false, index);

  status = ol_address_from_text(&error, &address, (const char *)bytes, len);
  expect(run, &error, status, len, true, index);
  status = ol_hash_from_text(&error, &hash, (const char *)bytes, len);
  expect(run, &error, status, len, true, index);
  status = ol_u256_from_text(&error, &word, (const char *)bytes, len);
  expect(run, &error, status, len, true, index);
}

void mutate_garbage(mutate_tally *tally, const mutate_options *options) {
  campaign run = campaign_of(tally, options);
  size_t longest = 20000, memory_len = ol_account_verify_memory(longest, longest);
  void *memory = malloc(memory_len);
  if (memory == NULL) return;
  campaign_begin_group(&run, MUTATE_GARBAGE);
  for (size_t i = 0; i < options->edits; i++) {
    size_t len = i < 600 ? i : campaign_random(&run, i % 64 == 0 ? longest : 400);
    uint8_t *bytes = malloc(len > 0 ? len : 1);
    if (bytes == NULL) break;
    fill(&run, bytes, len);
    decode_garbage(&run, bytes, len, memory, memory_len, i);
    free(bytes);
  }
  campaign_end_group(&run);
  free(memory);
}
