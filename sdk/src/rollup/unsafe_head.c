/* SPDX-License-Identifier: MIT */
#include "rollup/unsafe_head.h"

#include "base/base.h"

#include "base/poison.h"

_Static_assert(OL_UNSAFE_HEIGHTS == 64, "a bit of `held` for each");

void ol_unsafe_head_empty(ol_unsafe_head *head, uint64_t chain_id, const ol_address *signer) {
  memset(head, 0, sizeof *head);
  head->chain_id = chain_id;
  head->signer = *signer;
}

size_t ol_unsafe_head_size(void) {
  return sizeof(ol_unsafe_head);
}

ol_status ol_unsafe_head_init(ol_error *error, ol_unsafe_head **out, uint64_t chain_id,
                              const ol_address *signer, void *memory, size_t len) {
  ol_error_clear(error);
  if (chain_id == 0) return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "chain id is missing");
  if (len < sizeof(ol_unsafe_head)) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no room for the head");
  if ((uintptr_t)memory % 16 != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "memory of a head is not aligned to 16");
  ol_unsafe_head *head = (ol_unsafe_head *)memory;
  ol_unsafe_head_empty(head, chain_id, signer);
  *out = head;
  return OL_OK;
}

/* After a leap of the newest, places may hold what is too far below it to be kept. */
static const ol_unsafe_block *find(const ol_unsafe_head *head, uint64_t number) {
  size_t place = number % OL_UNSAFE_HEIGHTS;
  bool held = (head->held >> place & 1) != 0 && head->blocks[place].number == number;
  return held && head->newest - number < OL_UNSAFE_HEIGHTS ? &head->blocks[place] : NULL;
}

/* Keeps a block that is not below the heights that are kept; what was in its place now is. */
static void keep(ol_unsafe_head *head, const ol_unsafe_block *block) {
  size_t place = block->number % OL_UNSAFE_HEIGHTS;
  head->blocks[place] = *block;
  if (head->held == 0 || block->number > head->newest) head->newest = block->number;
  head->held |= (uint64_t)1 << place;
}

void ol_unsafe_block_of(ol_unsafe_block *out, const ol_envelope *envelope) {
  const ol_header *header = &envelope->header;
  *out = (ol_unsafe_block){.number = header->number,
                           .timestamp = header->timestamp,
                           .hash = envelope->hash,
                           .parent_hash = header->parent_hash,
                           .payload_hash = envelope->payload_hash};
  memcpy(out->signature, envelope->message.data, sizeof out->signature);
}

ol_unsafe_event ol_unsafe_head_add(ol_unsafe_head *head, const ol_unsafe_block *block) {
  uint64_t number = block->number;
  const ol_unsafe_block *known = find(head, number), *before, *after;
  if (known != NULL) return ol_hash_equal(&known->hash, &block->hash) ? OL_UNSAFE_SAME : OL_UNSAFE_CONFLICT;
  if (head->held != 0 && number < head->newest && head->newest - number >= OL_UNSAFE_HEIGHTS)
    return OL_UNSAFE_OLD;
  before = number > 0 ? find(head, number - 1) : NULL;
  after = number < UINT64_MAX ? find(head, number + 1) : NULL;
  bool fits = (before == NULL || ol_hash_equal(&before->hash, &block->parent_hash)) &&
              (after == NULL || ol_hash_equal(&after->parent_hash, &block->hash));
  keep(head, block);
  return fits ? OL_UNSAFE_NEW : OL_UNSAFE_BRANCH;
}

ol_status ol_unsafe_head_take(ol_error *error, ol_unsafe_head *head, uint32_t *out,
                              const ol_envelope *envelope) {
  ol_error_clear(error);
  ol_unsafe_block block;
  if (envelope->chain_id != head->chain_id ||
      memcmp(envelope->signer.bytes, head->signer.bytes, sizeof head->signer.bytes) != 0)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE,
                   "message was not verified, or for another chain or signer");
  ol_unsafe_block_of(&block, envelope);
  *out = ol_unsafe_head_add(head, &block);
  return OL_OK;
}

int ol_unsafe_head_find(const ol_unsafe_head *head, ol_unsafe_block *out, uint64_t number) {
  const ol_unsafe_block *found = find(head, number);
  if (found == NULL) return 0;
  *out = *found;
  return 1;
}

int ol_unsafe_head_newest(const ol_unsafe_head *head, ol_unsafe_block *out) {
  return ol_unsafe_head_find(head, out, head->newest);
}
