/* SPDX-License-Identifier: MIT */
#include "ledger/layout.h"

#include "trie/account.h"

#include "base/poison.h"

ol_status ol_layout_of(ol_error *error, ol_layout *out, const ol_rollup *rollup, const ol_target *target,
                       const ol_account *account) {
  bool is_vouched = false;
  if (account->exists == 0 || ol_hash_equal(&account->code_hash, &ol_empty_code_hash))
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE, "there is no contract at this address");
  for (uint32_t i = 0; rollup != NULL && i < rollup->pin_count; i++) {
    const ol_rollup_pin *pin = &rollup->pins[i];
    if (ol_release_at(pin->release)->contract != target->contract) continue;
    is_vouched = true;
    if (!ol_hash_equal(&pin->code_hash, &account->code_hash)) continue;
    *out = OL_LAYOUT_PINNED;
    return OL_OK;
  }
  if (is_vouched)
    return ol_fail(error, OL_ERR_MISMATCH, OL_NOWHERE,
                   "contract has other code than the profile vouches for");
  *out = OL_LAYOUT_ASSUMED;
  return OL_OK;
}

const char *ol_layout_name(ol_layout layout) {
  return layout == OL_LAYOUT_PINNED ? "pinned" : "assumed";
}
