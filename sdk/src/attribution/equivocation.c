/* SPDX-License-Identifier: MIT */
#include "attribution/receipt.h"

#include "base/poison.h"

_Static_assert(OL_MAGIC_BYTES + 2 * OL_ATTRIBUTION_RECEIPT_BYTES == OL_EQUIVOCATION_BYTES, "nothing else");

typedef struct signed_once {
  ol_signed_receipt file;
  ol_address signer;
  ol_hash digest;
} signed_once;

static ol_status read_one(ol_error *error, signed_once *out, ol_slice file) {
  OL_TRY(ol_attribution_receipt_read(error, &out->file, file));
  OL_TRY(ol_attribution_receipt_signer(error, &out->signer, &out->file));
  ol_attribution_receipt_digest(&out->digest, &out->file.domain, &out->file.receipt);
  return OL_OK;
}

static ol_status refuse(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_PROOF, OL_NOWHERE, reason);
}

/* Returns: OL_OK when no honest key signs both. */
static ol_status check_pair(ol_error *error, const signed_once *a, const signed_once *b) {
  const ol_attribution_receipt *first = &a->file.receipt;
  const ol_attribution_receipt *second = &b->file.receipt;
  if (!ol_address_equal(&a->signer, &b->signer)) return refuse(error, "two keys signed");
  /* Each registry has a chain of receipts of its own. */
  if (a->file.domain.chain_id != b->file.domain.chain_id ||
      !ol_address_equal(&a->file.domain.registry, &b->file.domain.registry))
    return refuse(error, "receipts are for two registries");
  if (ol_hash_equal(&a->digest, &b->digest)) return refuse(error, "receipts are the same");
  if (first->sequence == second->sequence) return OL_OK;
  if (first->sequence == UINT64_MAX || second->sequence != first->sequence + 1)
    return refuse(error, "receipts are not neighbours");
  if (ol_hash_equal(&second->previous, &a->digest))
    return refuse(error, "second receipt follows on the first");
  return OL_OK;
}

ol_status ol_equivocation_read(ol_error *error, ol_address *out_signer, uint64_t *out_sequence,
                               ol_slice file) {
  signed_once a, b;
  ol_error_clear(error);
  OL_TRY(ol_magic_read(error, file, "ATRQ"));
  if (file.len != OL_EQUIVOCATION_BYTES)
    return ol_fail(error, OL_ERR_ENCODING, file.len, "an equivocation has 1,345 bytes");
  const uint8_t *first = file.data + OL_MAGIC_BYTES;
  const uint8_t *second = first + OL_ATTRIBUTION_RECEIPT_BYTES;
  OL_TRY(ol_error_within(error, read_one(error, &a, ol_slice_of(first, OL_ATTRIBUTION_RECEIPT_BYTES)),
                         "receipt", 0));
  OL_TRY(ol_error_within(error, read_one(error, &b, ol_slice_of(second, OL_ATTRIBUTION_RECEIPT_BYTES)),
                         "receipt", 1));
  OL_TRY(check_pair(error, &a, &b));
  *out_signer = b.signer;
  if (out_sequence != NULL) *out_sequence = b.file.receipt.sequence;
  return OL_OK;
}

ol_status ol_equivocation_write(ol_error *error, ol_slice *out, ol_slice first, ol_slice second, void *memory,
                                size_t len) {
  uint8_t *file = (uint8_t *)memory;
  ol_address signer;
  ol_error_clear(error);
  if (first.len != OL_ATTRIBUTION_RECEIPT_BYTES || second.len != OL_ATTRIBUTION_RECEIPT_BYTES)
    return ol_fail(error, OL_ERR_ENCODING, OL_NOWHERE, "a receipt has 670 bytes");
  if (len < OL_EQUIVOCATION_BYTES)
    return ol_fail(error, OL_ERR_MEMORY, OL_NOWHERE, "memory is too small for an equivocation");
  ol_magic_write(file, "ATRQ");
  memcpy(file + OL_MAGIC_BYTES, first.data, first.len);
  memcpy(file + OL_MAGIC_BYTES + first.len, second.data, second.len);
  const ol_slice made = ol_slice_of(file, OL_EQUIVOCATION_BYTES);
  OL_TRY(ol_equivocation_read(error, &signer, NULL, made));
  *out = made;
  return OL_OK;
}
