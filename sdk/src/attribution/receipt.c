/* SPDX-License-Identifier: MIT */
#include "attribution/receipt.h"

#include "openledger/signature.h"
#include "openledger/typed_data.h"

#include "attribution/number.h"

#include "base/poison.h"

#define FIELD(name, member, kind)                                                                            \
  { name, offsetof(ol_attribution_receipt, member), OL_RECEIPT_##kind }

const ol_receipt_field ol_receipt_fields[OL_RECEIPT_FIELDS] = {
    FIELD("version", version, U32),
    FIELD("flags", flags, U32),
    FIELD("clientNonce", client_nonce, HASH),
    FIELD("payer", payer, ADDRESS),
    FIELD("requestSha256", request_sha256, HASH),
    FIELD("responseSha256", response_sha256, HASH),
    FIELD("streamHead", stream_head, HASH),
    FIELD("responseBytes", response_bytes, U64),
    FIELD("modelId", model_id, HASH),
    FIELD("adapterId", adapter_id, HASH),
    FIELD("runId", run_id, HASH),
    FIELD("corpusId", corpus_id, HASH),
    FIELD("gradientId", gradient_id, HASH),
    FIELD("policyId", policy_id, HASH),
    FIELD("evidenceHash", evidence_hash, HASH),
    FIELD("influenceHash", influence_hash, HASH),
    FIELD("splitRoot", split_root, HASH),
    FIELD("totalWeight", total_weight, U128),
    FIELD("contributors", contributors, U32),
    FIELD("payToken", pay_token, ADDRESS),
    FIELD("fee", fee, U128),
    FIELD("contributorPool", contributor_pool, U128),
    FIELD("servedAt", served_at, U64),
    FIELD("sequence", sequence, U64),
    FIELD("previous", previous, HASH),
};

static const uint8_t lengths[] = {
    [OL_RECEIPT_U32] = 4,      [OL_RECEIPT_U64] = 8,   [OL_RECEIPT_U128] = OL_U128_BYTES,
    [OL_RECEIPT_ADDRESS] = 20, [OL_RECEIPT_HASH] = 32,
};

size_t ol_receipt_field_len(const ol_receipt_field *field) {
  return lengths[field->kind];
}

void ol_receipt_field_word(ol_u256 *out, const ol_receipt_field *field,
                           const ol_attribution_receipt *receipt) {
  const uint8_t *from = (const uint8_t *)receipt + field->offset;
  uint32_t small;
  uint64_t large;
  memset(out, 0, sizeof *out);
  switch (field->kind) {
  case OL_RECEIPT_U32:
    memcpy(&small, from, sizeof small);
    ol_store_be32(out->bytes + 28, small);
    break;
  case OL_RECEIPT_U64:
    memcpy(&large, from, sizeof large);
    ol_store_be64(out->bytes + 24, large);
    break;
  case OL_RECEIPT_ADDRESS: memcpy(out->bytes + 12, from, 20); break;
  default: /* 32 bytes, whatever they are */ memcpy(out->bytes, from, 32);
  }
}

bool ol_receipt_field_set(ol_attribution_receipt *out, const ol_receipt_field *field, const ol_u256 *word) {
  uint8_t *to = (uint8_t *)out + field->offset;
  const size_t len = lengths[field->kind];
  const uint8_t *low = word->bytes + sizeof word->bytes - len;
  if (!ol_is_zero(ol_slice_of(word->bytes, sizeof word->bytes - len))) return false;
  if (field->kind == OL_RECEIPT_U32) {
    uint32_t value = ol_load_be32(low);
    memcpy(to, &value, sizeof value);
  } else if (field->kind == OL_RECEIPT_U64) {
    uint64_t value = ol_load_be64(low);
    memcpy(to, &value, sizeof value);
  } else if (field->kind == OL_RECEIPT_U128) {
    memcpy(to, word->bytes, sizeof word->bytes);
  } else {
    memcpy(to, low, len);
  }
  return true;
}

/* --- Files --- */

static const uint8_t version = OL_ATTRIBUTION_VERSION;

ol_status ol_magic_read(ol_error *error, ol_slice file, const char *magic) {
  if (file.len < OL_MAGIC_BYTES || memcmp(file.data, magic, 4) != 0)
    return ol_fail(error, OL_ERR_ENCODING, 0, "file does not begin as one of its kind");
  if (file.data[4] == version) return OL_OK;
  return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, 4, "version is not known"), "version",
                     OL_NOWHERE);
}

void ol_magic_write(uint8_t out[OL_MAGIC_BYTES], const char *magic) {
  memcpy(out, magic, 4);
  out[4] = version;
}

#define FIELDS_AT (OL_MAGIC_BYTES + 8 + 20)

_Static_assert(FIELDS_AT + OL_ATTRIBUTION_FIELDS_BYTES + 65 == OL_ATTRIBUTION_RECEIPT_BYTES, "nothing else");

ol_status ol_attribution_receipt_read(ol_error *error, ol_signed_receipt *out, ol_slice file) {
  ol_signed_receipt made;
  ol_error_clear(error);
  OL_TRY(ol_magic_read(error, file, "ATRR"));
  if (file.len != OL_ATTRIBUTION_RECEIPT_BYTES)
    return ol_fail(error, OL_ERR_ENCODING, file.len, "a receipt has 670 bytes");
  memset(&made, 0, sizeof made);
  made.domain.chain_id = ol_load_be64(file.data + OL_MAGIC_BYTES);
  memcpy(made.domain.registry.bytes, file.data + OL_MAGIC_BYTES + 8, 20);
  const uint8_t *at = file.data + FIELDS_AT;
  for (size_t i = 0; i < OL_RECEIPT_FIELDS; i++) {
    const size_t len = ol_receipt_field_len(&ol_receipt_fields[i]);
    ol_u256 word = {{0}};
    memcpy(word.bytes + sizeof word.bytes - len, at, len);
    at += len;
    OL_ASSERT(ol_receipt_field_set(&made.receipt, &ol_receipt_fields[i], &word));
  }
  memcpy(made.signature, at, sizeof made.signature);
  if (made.receipt.version != OL_ATTRIBUTION_VERSION)
    return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, FIELDS_AT, "version is not known"), "version",
                       OL_NOWHERE);
  *out = made;
  return OL_OK;
}

ol_status ol_attribution_receipt_write(ol_error *error, uint8_t out[OL_ATTRIBUTION_RECEIPT_BYTES],
                                       const ol_signed_receipt *receipt) {
  uint8_t made[OL_ATTRIBUTION_RECEIPT_BYTES];
  ol_error_clear(error);
  ol_magic_write(made, "ATRR");
  ol_store_be64(made + OL_MAGIC_BYTES, receipt->domain.chain_id);
  memcpy(made + OL_MAGIC_BYTES + 8, receipt->domain.registry.bytes, 20);
  uint8_t *at = made + FIELDS_AT;
  for (uint32_t i = 0; i < OL_RECEIPT_FIELDS; i++) {
    const size_t len = ol_receipt_field_len(&ol_receipt_fields[i]);
    ol_u256 word;
    ol_receipt_field_word(&word, &ol_receipt_fields[i], &receipt->receipt);
    if (!ol_is_zero(ol_slice_of(word.bytes, sizeof word.bytes - len)))
      return ol_error_in(error, ol_fail(error, OL_ERR_ARGUMENT, OL_NOWHERE, "number has more than 128 bits"),
                         ol_receipt_fields[i].name, OL_NOWHERE);
    memcpy(at, word.bytes + sizeof word.bytes - len, len);
    at += len;
  }
  memcpy(at, receipt->signature, sizeof receipt->signature);
  memcpy(out, made, sizeof made);
  return OL_OK;
}

/* --- Signing --- */

static ol_typed_domain typed_domain(const ol_attribution_domain *domain) {
  static const char name[] = "AttributionReceipt";
  static const char first[] = "1";
  return (ol_typed_domain){
      .fields = OL_TYPED_NAME | OL_TYPED_VERSION | OL_TYPED_CHAIN_ID | OL_TYPED_CONTRACT,
      .name = ol_slice_of(name, sizeof name - 1),
      .version = ol_slice_of(first, sizeof first - 1),
      .chain_id = ol_u256_of(domain->chain_id),
      .verifying_contract = domain->registry,
  };
}

void ol_attribution_receipt_digest(ol_hash *out, const ol_attribution_domain *domain,
                                   const ol_attribution_receipt *receipt) {
  const ol_typed_domain typed = typed_domain(domain);
  ol_u256 words[OL_RECEIPT_FIELDS];
  ol_hash separator, type, message;
  ol_error none;
  for (size_t i = 0; i < OL_RECEIPT_FIELDS; i++)
    ol_receipt_field_word(&words[i], &ol_receipt_fields[i], receipt);
  OL_ASSERT(ol_typed_kind_hash(&none, &type, OL_TYPED_ATTRIBUTION_RECEIPT) == OL_OK);
  ol_typed_domain_separator(&separator, &typed);
  ol_typed_struct_hash(&message, &type, words, OL_RECEIPT_FIELDS);
  ol_typed_digest(out, &separator, &message);
}

ol_status ol_attribution_receipt_document(ol_error *error, ol_slice *out, const ol_attribution_domain *domain,
                                          const ol_attribution_receipt *receipt, void *memory, size_t len) {
  const ol_typed_domain typed = typed_domain(domain);
  ol_typed_value values[OL_RECEIPT_FIELDS];
  memset(values, 0, sizeof values);
  for (size_t i = 0; i < OL_RECEIPT_FIELDS; i++)
    ol_receipt_field_word(&values[i].word, &ol_receipt_fields[i], receipt);
  return ol_typed_data_write(error, out, OL_TYPED_ATTRIBUTION_RECEIPT, &typed, values, OL_RECEIPT_FIELDS,
                             memory, len);
}

ol_status ol_attribution_receipt_signer(ol_error *error, ol_address *out, const ol_signed_receipt *receipt) {
  ol_signature signature;
  ol_hash digest;
  ol_error_clear(error);
  /* Other signatures may have v 0 or 1; here that would be a second form of one receipt. */
  if (receipt->signature[64] != 27 && receipt->signature[64] != 28)
    return ol_fail(error, OL_ERR_ENCODING, 64, "v is neither 27 nor 28");
  OL_TRY(ol_signature_read(error, &signature, receipt->signature, sizeof receipt->signature));
  ol_attribution_receipt_digest(&digest, &receipt->domain, &receipt->receipt);
  return ol_signature_recover(error, out, &digest, &signature);
}
