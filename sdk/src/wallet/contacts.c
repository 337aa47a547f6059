/* SPDX-License-Identifier: MIT */
#include "wallet/wallet.h"

#include "base/poison.h"

static ol_status refuse(ol_error *error, const char *reason) {
  return ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, reason);
}

static uint32_t contact_of(const ol_wallet *wallet, const ol_address *address) {
  for (uint32_t i = 0; i < wallet->contact_count; i++) {
    if (ol_address_equal(&wallet->contacts[i].address, address)) return i;
  }
  return OL_NOWHERE;
}

ol_status ol_wallet_add_contact(ol_error *error, ol_wallet *wallet, const ol_address *address, ol_slice label,
                                uint64_t now_ms) {
  ol_contact contact = {.address = *address, .since = now_ms / 1000};
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  if (ol_address_is_zero(address)) return refuse(error, "the address is zero");
  OL_TRY(ol_error_in(error, ol_label_read(error, contact.label, label), "label", OL_NOWHERE));
  const uint32_t index = contact_of(wallet, address);
  if (index != OL_NOWHERE) {
    memcpy(wallet->contacts[index].label, contact.label, sizeof contact.label);
    return OL_OK;
  }
  if (wallet->contact_count == OL_WALLET_CONTACTS)
    return ol_fail(error, OL_ERR_LIMIT, OL_NOWHERE, "the wallet has no room for another contact");
  wallet->contacts[wallet->contact_count++] = contact;
  return OL_OK;
}

ol_status ol_wallet_remove_contact(ol_error *error, ol_wallet *wallet, const ol_address *address,
                                   uint64_t now_ms) {
  OL_TRY(ol_wallet_use(error, wallet, now_ms));
  const uint32_t index = contact_of(wallet, address);
  if (index == OL_NOWHERE) return refuse(error, "the wallet has no such contact");
  wallet->contact_count--;
  memmove(&wallet->contacts[index], &wallet->contacts[index + 1],
          (wallet->contact_count - index) * sizeof *wallet->contacts);
  return OL_OK;
}

int ol_wallet_contact_at(const ol_wallet *wallet, ol_contact *out, uint32_t index) {
  if (index >= wallet->contact_count) return 0;
  *out = wallet->contacts[index];
  return 1;
}

/* The first and the last four digits. */
static bool has_its_ends(const ol_address *a, const ol_address *b) {
  return memcmp(a->bytes, b->bytes, 2) == 0 && memcmp(a->bytes + 18, b->bytes + 18, 2) == 0;
}

void ol_wallet_resembles(const ol_wallet *wallet, ol_resemblance *out, const ol_address *address) {
  const uint32_t account = ol_wallet_account_of(wallet, address), contact = contact_of(wallet, address);
  *out = (ol_resemblance){.likeness = OL_LIKE_NOBODY};
  if (account != OL_NOWHERE) {
    *out = (ol_resemblance){.likeness = OL_LIKE_ACCOUNT, .index = account};
    return;
  }
  if (contact != OL_NOWHERE) {
    *out = (ol_resemblance){.likeness = OL_LIKE_CONTACT, .index = contact, .is_contact = 1};
    return;
  }
  for (uint32_t i = 0; i < wallet->contact_count; i++) {
    if (has_its_ends(&wallet->contacts[i].address, address))
      *out = (ol_resemblance){.likeness = OL_LIKE_A_COPY, .index = i, .is_contact = 1};
  }
  for (uint32_t i = 0; i < wallet->account_count; i++) {
    if (has_its_ends(&wallet->accounts[i].address, address))
      *out = (ol_resemblance){.likeness = OL_LIKE_A_COPY, .index = i};
  }
}
