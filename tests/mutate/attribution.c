/* SPDX-License-Identifier: MIT */

/*
 * Receipts of attribution, changed. A changed file of a receipt - itself, its evidence, policy, request or answer - must be
 * rejected. And since a node may sign whatever it makes up, changed evidence is signed for anew: it must be rejected too,
 * or say the same of the answer to the last span and row, as where an absent word is a byte longer.
 */

#include "openledger/attribution.h"
#include "crypto/keccak.h"
#include "crypto/secp256k1.h"
#include "mutate/edit.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS 24
#define EACH_FIELD 200 /* changes of each field of evidence */

/* What changes: one file of a receipt. */
typedef struct receipt_case {
  edited edit; /* first: its verifier is given this */
  ol_attribution_input input;
  ol_slice *file; /* of the input: what is changed */
  bool is_signed; /* anew, after each change */
  ol_secp256k1_signer signer;
  ol_signed_receipt receipt;
  ol_hash statement; /* that the original makes */
  ol_address signed_by;
  void *memory;
} receipt_case;

static ol_slice label_of(const char *text) {
  return ol_slice_of(text, strlen(text));
}

/* Field by field, as what is between fields is anything. */
#define SAY(hash, field) ol_keccak_update(hash, (const uint8_t *)&(field), sizeof(field))

static void say_document(ol_keccak *hash, const ol_corpus_document *document) {
  SAY(hash, document->index);
  SAY(hash, document->contributor);
  SAY(hash, document->datanet);
  SAY(hash, document->start);
  SAY(hash, document->length);
  SAY(hash, document->licence);
}

/* Out: a hash of all that a verdict says of an answer. */
static void state(ol_hash *out, const ol_attribution_result *result) {
  ol_keccak hash;
  ol_attribution_span span;
  ol_corpus_document document;
  ol_split_row row;
  ol_keccak_init(&hash);
  for (uint32_t i = 0; ol_evidence_span(result->evidence, &span, i); i++) {
    SAY(&hash, span.start);
    SAY(&hash, span.end);
    SAY(&hash, span.count);
    SAY(&hash, span.position);
    SAY(&hash, span.rarity);
    SAY(&hash, span.credited);
    SAY(&hash, span.weight);
    if (span.document != OL_SPAN_WITHOUT_OWNER &&
        ol_evidence_document(result->evidence, &document, span.document) == 1)
      say_document(&hash, &document);
  }
  for (uint32_t i = 0; ol_split_at(&result->split, &row, i); i++) {
    SAY(&hash, row.contributor);
    SAY(&hash, row.datanet);
    SAY(&hash, row.weight);
    SAY(&hash, row.amount);
  }
  SAY(&hash, result->total_weight);
  ol_keccak_final(&hash, out);
}

/* In: evidence, for which the receipt is signed. */
static bool sign(receipt_case *of, uint8_t file[OL_ATTRIBUTION_RECEIPT_BYTES], ol_slice evidence) {
  const uint8_t key[32] = {[31] = 7};
  ol_error error;
  ol_hash digest;
  ol_ecdsa_signature signature;
  ol_keccak256(&of->receipt.receipt.evidence_hash, evidence.data, evidence.len);
  ol_attribution_receipt_digest(&digest, &of->receipt.domain, &of->receipt.receipt);
  if (ol_ecdsa_sign(&error, &signature, &of->signer, &digest, key, NULL) != OL_OK) return false;
  memcpy(of->receipt.signature, signature.r, 32);
  memcpy(of->receipt.signature + 32, signature.s, 32);
  of->receipt.signature[64] = (uint8_t)(27 + signature.y_parity);
  return ol_attribution_receipt_write(&error, file, &of->receipt) == OL_OK;
}

static const char *judge(edited *edit, bool *accepted) {
  receipt_case *of = (receipt_case *)(void *)edit;
  uint8_t file[OL_ATTRIBUTION_RECEIPT_BYTES];
  ol_error error;
  ol_attribution_result result;
  ol_attribution_input input = of->input;
  const ol_slice original = *of->file;
  const ol_slice changed = ol_slice_of(edit->bytes, edit->len);
  *of->file = changed;
  input = of->input;
  *of->file = original;
  if (of->is_signed) {
    if (!sign(of, file, changed)) return "cannot be signed";
    input.receipt = ol_slice_of(file, sizeof file);
  }
  ol_status status = ol_attribution_verify(&error, &result, &input, of->memory, ol_attribution_verify_size());
  if (status != OL_OK) return "there is no verdict";
  *accepted = result.verdict != OL_VERDICT_REJECTED;
  if (!*accepted) {
    if (result.reason == OL_REASON_NONE) return "rejected without a reason";
    return campaign_flaw(&error, (ol_status)error.status, OL_NOWHERE);
  }
  const bool is_changed =
      changed.len != original.len || memcmp(changed.data, original.data, changed.len) != 0;
  if (is_changed && !of->is_signed) {
    /* A changed receipt has the signature of a key that nobody has, and that no registry knows. */
    *accepted = memcmp(&result.signer, &of->signed_by, sizeof result.signer) == 0;
    return *accepted ? "VERIFIED though changed" : NULL;
  }
  if (!is_changed) of->signed_by = result.signer;
  ol_hash statement;
  state(&statement, &result);
  if (!is_changed) of->statement = statement;
  return memcmp(&statement, &of->statement, sizeof statement) == 0 ? NULL : "VERIFIED as something else";
}

/* --- Where the fields of evidence are (docs/attribution.md, section 6) --- */

typedef struct fields {
  const uint8_t *bytes;
  size_t at;
  size_t ends[FIELDS]; /* of each; empty ones, too */
  size_t count;
} fields;

static uint64_t number(fields *of) {
  uint64_t value = 0;
  for (uint32_t shift = 0;; shift += 7) {
    const uint8_t byte = of->bytes[of->at++];
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

static void end(fields *of, size_t len) {
  of->at += len;
  of->ends[of->count++] = of->at;
}

static uint64_t be64(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int i = 0; i < 8; i++) value = value << 8 | bytes[i];
  return value;
}

static void find_leaves(fields *of, uint64_t n) {
  size_t width = 0;
  for (uint64_t rest = n; rest > 0; rest >>= 8) width++;
  for (uint64_t count = number(of); count > 0; count--) {
    (void)number(of);
    uint64_t position = 0;
    for (size_t i = 0; i < width; i++) position = position << 8 | of->bytes[of->at + i];
    of->at += 2 * width;
    const uint8_t shared = of->bytes[of->at++];
    const uint64_t prefix = n - position < 32 ? n - position : 32;
    of->at += (size_t)prefix - shared;
  }
  end(of, 0);
}

static void find_spans(fields *of) {
  const uint64_t n = be64(of->bytes + of->at);
  end(of, 8); /* n, then the other parts of the header */
  for (size_t i = 0; i < 3; i++) end(of, 32);
  end(of, 8);
  end(of, 32);
  end(of, 8);
  end(of, 8);
  for (uint64_t count = number(of); count > 0; count--)
    for (size_t i = 0; i < 4; i++) (void)number(of);
  end(of, 0);
  for (uint64_t count = number(of); count > 0; count--)
    for (size_t i = 0; i < 3; i++) (void)number(of);
  end(of, 0);
  find_leaves(of, n);
  size_t siblings = (size_t)number(of);
  end(of, 32 * siblings);
  uint64_t index = 0;
  for (uint64_t count = number(of); count > 0; count--) {
    index += number(of);
    of->at += (size_t)(n - 128 * index < 128 ? n - 128 * index : 128);
  }
  end(of, 0);
  siblings = (size_t)number(of);
  end(of, 32 * siblings);
  for (uint64_t count = number(of); count > 0; count--) {
    (void)number(of);
    of->at += 76;
  }
  end(of, 0);
  siblings = (size_t)number(of);
  end(of, 32 * siblings);
  siblings = (size_t)number(of);
  end(of, 40 * siblings);
}

static void find_fields(fields *of, ol_slice evidence) {
  *of = (fields){.bytes = evidence.data};
  for (size_t i = 0; i < 3; i++) end(of, i == 0 ? 4 : 1); /* magic, version, flags */
  const uint8_t flags = evidence.data[5];
  if ((flags & 1) != 0) find_spans(of);
  if ((flags & 2) != 0) {
    const size_t d = (size_t)evidence.data[of->at + 64] << 8 | evidence.data[of->at + 65];
    end(of, 106);
    end(of, 2 * d);
  }
  end(of, evidence.len - of->at);
}

/* --- */

/* One byte of a field, or two, or one that goes; so often that small fields see every value. */
static void change_fields(campaign *run, receipt_case *of) {
  fields found;
  find_fields(&found, of->edit.original);
  for (size_t field = 0, start = 0; field < found.count; start = found.ends[field++]) {
    const size_t len = found.ends[field] - start;
    for (size_t i = 0; len > 0 && i < EACH_FIELD; i++) {
      bool accepted = false;
      edited *edit = &of->edit;
      memcpy(edit->bytes, edit->original.data, edit->original.len);
      edit->len = edit->original.len;
      for (uint32_t left = 1 + campaign_random(run, 2); left > 0; left--)
        edit->bytes[start + campaign_random(run, len)] ^= (uint8_t)(1 + campaign_random(run, 255));
      if (memcmp(edit->bytes, edit->original.data, edit->len) == 0) edit->bytes[start] ^= 1;
      const char *complaint = edit->verify(edit, &accepted);
      campaign_count(run, accepted, complaint, field * EACH_FIELD + i);
    }
  }
}

static void change_all(campaign *run, receipt_case *of) {
  campaign_begin_group(run, of->is_signed ? MUTATE_EVIDENCE_EDITED : MUTATE_RECEIPT_FLIPPED);
  if (of->is_signed)
    edit_ssz(run, &of->edit);
  else
    edit_flip_some(run, &of->edit);
  campaign_end_group(run);
  if (!of->is_signed) {
    campaign_begin_group(run, MUTATE_RECEIPT_CUT);
    edit_cut(run, &of->edit);
    campaign_end_group(run);
    return;
  }
  campaign_begin_group(run, MUTATE_EVIDENCE_FIELDS);
  change_fields(run, of);
  campaign_end_group(run);
}

static void change_file(campaign *run, receipt_case *of, ol_slice *file) {
  of->file = file;
  of->is_signed = false;
  if (edit_begin(run, &of->edit, *file, judge)) change_all(run, of);
  edit_end(&of->edit);
  if (file != &of->input.evidence) return;
  of->is_signed = true;
  if (edit_begin(run, &of->edit, *file, judge)) change_all(run, of);
  edit_end(&of->edit);
}

static void mutate_receipt(campaign *run, vector_file *file, ol_json test) {
  static receipt_case of;
  const uint8_t seed[32] = {3};
  ol_error error;
  uint32_t reason = 0;
  ol_influence_table *table = NULL;
  ol_slice bytes = vector_bytes(file, test, "table");
  memset(&of, 0, sizeof of);
  of.input = (ol_attribution_input){
      .receipt = vector_bytes(file, test, "receipt"),
      .evidence = vector_bytes(file, test, "evidence"),
      .policy = vector_bytes(file, test, "policy"),
      .request = vector_bytes(file, test, "request"),
      .response = vector_bytes(file, test, "response"),
  };
  if (vector_bytes(file, test, "head").len != 0) return; /* of a stream: its pieces are not here */
  const size_t room = ol_influence_table_size(bytes.len);
  void *kept = malloc(room);
  of.memory = malloc(ol_attribution_verify_size());
  bool good =
      kept != NULL && of.memory != NULL &&
      ol_attribution_receipt_read(&error, &of.receipt, of.input.receipt) == OL_OK &&
      (bytes.len == 0 || ol_influence_table_read(&error, &table, &reason, bytes, kept, room) == OL_OK);
  vector_count(&run->tally->groups, good, label_of("receipt"), "cannot be begun with");
  if (good) {
    of.input.table = table;
    ol_secp256k1_signer_init(&of.signer, seed);
    ol_slice *const files[] = {&of.input.receipt, &of.input.evidence, &of.input.policy, &of.input.request,
                               &of.input.response};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
      if (files[i]->len > 0) change_file(run, &of, files[i]);
  }
  free(of.memory);
  free(kept);
}

void mutate_receipts(mutate_tally *tally, const mutate_options *options, const uint8_t *json, size_t len) {
  campaign run = campaign_of(tally, options);
  vector_file file;
  ol_json test;
  if (!vector_open(&file, &tally->groups, json, len)) return;
  ol_json_items tests = vector_items(&file, file.root, "cases");
  while (ol_json_next(&test, NULL, &tests)) {
    if (vector_u64(&file, test, "code") == 0) mutate_receipt(&run, &file, test);
  }
  vector_close(&file);
}
