/* SPDX-License-Identifier: MIT */
#include "attribution/receipt.h"
#include "ledger/args.h"

#include "base/poison.h"

/* keccak-256 of reportEquivocation((...),bytes,(...),bytes), with the types of a receipt's fields twice. */
#define REPORT 0xc8970882u

#define PARTS (OL_RECEIPT_FIELDS + 1) /* and the signature */

ol_status ol_equivocation_report_call(ol_error *error, ol_call *out, const ol_address *registry,
                                      ol_slice equivocation, void *memory, size_t len) {
  ol_signed_receipt receipts[2];
  ol_u256 words[2][OL_RECEIPT_FIELDS];
  ol_slice signatures[2];
  ol_arg args[2 * PARTS];
  ol_address signer;
  OL_TRY(ol_equivocation_read(error, &signer, NULL, equivocation));
  for (size_t i = 0; i < 2; i++) {
    const uint8_t *file = equivocation.data + OL_MAGIC_BYTES + i * OL_ATTRIBUTION_RECEIPT_BYTES;
    OL_TRY(ol_attribution_receipt_read(error, &receipts[i], ol_slice_of(file, OL_ATTRIBUTION_RECEIPT_BYTES)));
    signatures[i] = ol_slice_of(receipts[i].signature, sizeof receipts[i].signature);
    for (size_t k = 0; k < OL_RECEIPT_FIELDS; k++) {
      ol_receipt_field_word(&words[i][k], &ol_receipt_fields[k], &receipts[i].receipt);
      args[i * PARTS + k] = (ol_arg){OL_ARG_WORD, ol_receipt_fields[k].name, &words[i][k], 0};
    }
    args[i * PARTS + OL_RECEIPT_FIELDS] = (ol_arg){OL_ARG_RSV, "signature", &signatures[i], 0};
  }
  if (!ol_address_equal(&receipts[0].domain.registry, registry))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "receipts are for another registry");
  if (receipts[0].receipt.sequence != receipts[1].receipt.sequence)
    return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "registries take only two receipts of one number");
  return ol_args_call(error, out, registry, &ol_nothing, REPORT, OL_ARGS(args), memory, len);
}
