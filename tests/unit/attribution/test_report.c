/* SPDX-License-Identifier: MIT */
#include "unit/attribution/signing.h"

/* What such a call says is compared with another library in tests/js/calls.test.mjs, and a registry takes it in
   tests/devnet/contracts/receipt.test.mjs; here it is refused. */

static uint8_t one[OL_ATTRIBUTION_RECEIPT_BYTES], other[OL_ATTRIBUTION_RECEIPT_BYTES];
static uint8_t file[OL_EQUIVOCATION_BYTES], memory[2048];
static ol_signed_receipt receipts[2];
static ol_slice equivocation;
static ol_call call_;

static void put_together(void) {
  for (int i = 0; i < 2; i++) {
    sign_receipt(&receipts[i], 5);
    assert_int_equal(ol_attribution_receipt_write(&error, i == 0 ? one : other, &receipts[i]), OL_OK);
  }
  assert_int_equal(ol_equivocation_write(&error, &equivocation, ol_slice_of(one, sizeof one),
                                         ol_slice_of(other, sizeof other), file, sizeof file),
                   OL_OK);
}

static ol_status report(const ol_address *registry, size_t len) {
  return ol_equivocation_report_call(&error, &call_, registry, equivocation, memory, len);
}

static int make(void **state) {
  (void)state;
  receipts[0] = receipts[1] = sample_receipt();
  receipts[1].receipt.fee = number_of(1);
  put_together();
  return 0;
}

static void reports_two_receipts_of_one_number(void **state) {
  (void)state;
  const ol_address registry = receipts[0].domain.registry;
  assert_int_equal(report(&registry, sizeof memory), OL_OK);
  assert_memory_equal(&call_.to, &registry, sizeof registry);
  assert_bytes(call_.data.data, 4, "c8970882");
  assert_int_equal(call_.data.len, 4 + 32 * (52 + 2 * 4));
  assert_int_equal(report(&registry, call_.data.len - 1), OL_ERR_MEMORY);
}

static void refuses_what_the_registry_would(void **state) {
  (void)state;
  const ol_address registry = receipts[0].domain.registry, another = address_of(0x99);
  assert_int_equal(report(&another, sizeof memory), OL_ERR_MISMATCH);
  assert_string_equal(error.reason, "receipts are for another registry");
  receipts[1].receipt.sequence++; /* it follows on something else than the first: that only a verifier sees */
  put_together();
  assert_int_equal(report(&registry, sizeof memory), OL_ERR_ARGUMENT);
  assert_string_equal(error.reason, "registries take only two receipts of one number");
  memcpy(file + OL_EQUIVOCATION_BYTES - sizeof other, one, sizeof one);
  assert_int_equal(report(&registry, sizeof memory), OL_ERR_PROOF);
  assert_string_equal(error.reason, "receipts are the same");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(reports_two_receipts_of_one_number, make),
      cmocka_unit_test_setup(refuses_what_the_registry_would, make),
  };
  return cmocka_run_group_tests_name("attribution.report", tests, NULL, NULL);
}
