/* SPDX-License-Identifier: MIT */
#include "rollup/transaction.h"

#include "base/poison.h"

/* Writes one item of an array, or where there is no memory yet counts it. */
typedef void (*item_put)(ol_rlp_writer *to, const void *items, size_t index);

static void put_hash(ol_rlp_writer *to, const void *items, size_t index) {
  ol_rlp_put_string(to, ((const ol_hash *)items)[index].bytes, sizeof(ol_hash));
}

static void put_access(ol_rlp_writer *to, const void *items, size_t index) {
  const ol_access *access = (const ol_access *)items + index;
  uint8_t prefix[OL_RLP_PREFIX];
  const size_t keys_prefix = ol_rlp_prefix(prefix, true, access->keys.len);
  ol_rlp_put_list(to, 1 + sizeof access->address.bytes + keys_prefix + access->keys.len);
  ol_rlp_put_string(to, access->address.bytes, sizeof access->address.bytes);
  ol_rlp_put_raw(to, prefix, keys_prefix);
  ol_rlp_put_raw(to, access->keys.data, access->keys.len);
}

static void put_fields(ol_rlp_writer *to, const ol_authorization *of) {
  ol_rlp_put_u256(to, &of->chain_id);
  ol_rlp_put_string(to, of->address.bytes, sizeof of->address.bytes);
  ol_rlp_put_u64(to, of->nonce);
  ol_rlp_put_u64(to, of->y_parity);
  ol_rlp_put_u256(to, &of->r);
  ol_rlp_put_u256(to, &of->s);
}

static void put_authorization(ol_rlp_writer *to, const void *items, size_t index) {
  const ol_authorization *of = (const ol_authorization *)items + index;
  ol_rlp_writer counted = {.out = NULL};
  put_fields(&counted, of);
  ol_rlp_put_list(to, counted.used);
  put_fields(to, of);
}

static ol_status write_list(ol_error *error, ol_slice *out, item_put put, const void *items, size_t count,
                            void *memory, size_t len) {
  ol_rlp_writer to = {.out = (uint8_t *)memory, .len = memory == NULL ? 0 : len};
  for (size_t i = 0; i < count; i++) put(&to, items, i);
  if (to.used > to.len) return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "no memory left for a list");
  *out = ol_slice_of(memory, to.used);
  return OL_OK;
}

static ol_status refuse(ol_error *error, const char *part, size_t item, const char *reason) {
  return ol_error_in(error, ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason), part, (uint32_t)item);
}

ol_status ol_hash_list_write(ol_error *error, ol_slice *out, const ol_hash *hashes, size_t count,
                             void *memory, size_t len) {
  ol_error_clear(error);
  return write_list(error, out, put_hash, hashes, count, memory, len);
}

ol_status ol_access_list_write(ol_error *error, ol_slice *out, const ol_access *entries, size_t count,
                               void *memory, size_t len) {
  ol_error_clear(error);
  for (size_t i = 0; i < count; i++) {
    ol_error within;
    if (ol_tx_check_list(&within, OL_TX_HASHES, ol_rlp_of(entries[i].keys)) != OL_OK)
      return refuse(error, "accessList", i, "keys are no list of hashes");
  }
  return write_list(error, out, put_access, entries, count, memory, len);
}

ol_status ol_authorization_list_write(ol_error *error, ol_slice *out, const ol_authorization *authorizations,
                                      size_t count, void *memory, size_t len) {
  ol_error_clear(error);
  for (size_t i = 0; i < count; i++)
    if (authorizations[i].y_parity > UINT8_MAX)
      return refuse(error, "authorizationList", i, "parity of an authorization needs more than 8 bits");
  return write_list(error, out, put_authorization, authorizations, count, memory, len);
}
