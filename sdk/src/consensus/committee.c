/* SPDX-License-Identifier: MIT */
#include "consensus/committee.h"

#include "consensus/store.h"
#include "crypto/sha2.h"

#include "base/poison.h"

/* altair, beacon-chain.md: DOMAIN_SYNC_COMMITTEE */
static const uint8_t domain_sync_committee[4] = {7, 0, 0, 0};

uint32_t ol_light_participants(ol_slice bits) {
  uint32_t count = 0;
  for (size_t i = 0; i < bits.len; i++) {
    for (uint8_t byte = bits.data[i]; byte != 0; byte &= (uint8_t)(byte - 1)) count++;
  }
  return count;
}

static bool takes_part(ol_slice bits, size_t member) {
  return bits.data[member / 8] >> member % 8 & 1;
}

/* compute_signing_root of a beacon header's root, in the domain of sync committees at a slot. */
static ol_hash signing_root_of(const ol_beacon_network *network, const ol_hash *header_root,
                               uint64_t signature_slot) {
  /* altair, validate_light_client_update: the fork is that of the slot before the signature's */
  uint64_t slot = (signature_slot > 1 ? signature_slot : 1) - 1;
  uint8_t fork_data[64] = {0}, signing_data[64];
  ol_hash fork_data_root, out;
  memcpy(fork_data, network->forks[ol_beacon_fork_at(network, slot)].version, 4);
  memcpy(fork_data + 32, network->genesis_validators_root.bytes, 32);
  ol_sha256(&fork_data_root, fork_data, sizeof fork_data);
  memcpy(signing_data, header_root->bytes, 32);
  memcpy(signing_data + 32, domain_sync_committee, 4);
  memcpy(signing_data + 36, fork_data_root.bytes, 28);
  ol_sha256(&out, signing_data, sizeof signing_data);
  return out;
}

ol_light_way ol_light_shorter_way(const ol_beacon_network *network, ol_slice bits) {
  return ol_light_participants(bits) > network->committee_size / 2 ? OL_LIGHT_BY_ABSENT : OL_LIGHT_BY_PRESENT;
}

static ol_status participants_key(ol_error *error, ol_bls_pubkey *out, const ol_beacon_network *network,
                                  ol_slice committee, ol_slice bits, ol_light_way way) {
  uint32_t size = network->committee_size;
  bool by_absence = way == OL_LIGHT_BY_ABSENT;
  ol_bls_pubkey_sum sum;
  ol_bls_pubkey key;
  ol_bls_pubkey_sum_init(&sum);
  if (by_absence) {
    OL_TRY(ol_error_in(error, ol_bls_pubkey_read(error, &key, committee.data + (size_t)size * OL_BLS_KEY),
                       "aggregate_pubkey", OL_NOWHERE));
    ol_bls_pubkey_sum_add(&sum, &key);
  }
  for (uint32_t i = 0; i < size; i++) {
    if (takes_part(bits, i) == by_absence) continue;
    OL_TRY(ol_error_in(error, ol_bls_pubkey_read(error, &key, committee.data + (size_t)i * OL_BLS_KEY),
                       "pubkeys", i));
    if (by_absence)
      ol_bls_pubkey_sum_subtract(&sum, &key);
    else
      ol_bls_pubkey_sum_add(&sum, &key);
  }
  return ol_error_in(error, ol_bls_pubkey_sum_end(error, out, &sum), "sync_committee_bits", OL_NOWHERE);
}

ol_status ol_light_claim_make(ol_error *error, ol_light_claim *out, const ol_beacon_network *network,
                              ol_slice committee, const ol_light_update *update, ol_light_way way) {
  OL_TRY(ol_error_in(error, ol_bls_signature_read(error, &out->signature, update->signature.data),
                     "sync_committee_signature", OL_NOWHERE));
  out->signing_root = signing_root_of(network, &update->attested.root, update->signature_slot);
  return participants_key(error, &out->key, network, committee, update->bits, way);
}

/* Claims that are checked at once; more are checked in parts. */
#define CLAIMS_AT_ONCE 64

ol_status ol_light_claims_verify(ol_error *error, const ol_light_claim *claims, size_t count) {
  static const uint8_t seed[32]; /* the scalars are a hash of all inputs */
  ol_bls_claim batch[CLAIMS_AT_ONCE];
  for (size_t done = 0; done < count;) {
    size_t some = 0;
    for (; some < CLAIMS_AT_ONCE && done < count; some++, done++)
      batch[some] = (ol_bls_claim){.key = &claims[done].key,
                                   .message = ol_slice_of(claims[done].signing_root.bytes, sizeof(ol_hash)),
                                   .signature = &claims[done].signature};
    ol_status status =
        some == 1 ? ol_bls_verify(error, ol_bls_ethereum, batch[0].key, batch[0].message, batch[0].signature)
                  : ol_bls_verify_batch(error, ol_bls_ethereum, batch, some, seed);
    OL_TRY(ol_error_in(error, status, "sync_committee_signature", OL_NOWHERE));
  }
  return OL_OK;
}
