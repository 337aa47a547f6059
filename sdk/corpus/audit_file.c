/* SPDX-License-Identifier: MIT */

/* A corpus's file as what an audit reads. */

#include "corpus.h"

#include "openledger/audit.h"

static bool read_leaf(void *context, uint8_t *out, size_t len, size_t *out_len, uint32_t tree,
                      uint64_t index) {
  uint8_t payload[CORPUS_PAYLOAD];
  size_t payload_len = corpus_payload(context, payload, tree, index);
  if (payload_len > len) return false;
  memcpy(out, payload, payload_len);
  *out_len = payload_len;
  return true;
}

/* What is behind the payload in an opening, and the byte that says how many levels there are. */
static bool read_path(void *context, uint8_t *out, size_t len, uint32_t tree, uint64_t index) {
  uint8_t bytes[OL_CORPUS_OPENING_BYTES];
  size_t bytes_len = 0;
  ol_error error;
  if (ol_corpus_opening(&error, bytes, &bytes_len, context, tree, index) != OL_OK) return false;
  size_t front = 11 + ((size_t)bytes[9] << 8 | bytes[10]) + 1;
  if (bytes_len - front != len) return false;
  memcpy(out, bytes + front, len);
  return true;
}

ol_status ol_corpus_audit_source(ol_error *error, ol_audit_source *out, const ol_corpus *corpus) {
  /* A leaf cannot be made of a suffix that is not in T, nor can the hashes above it. */
  for (uint64_t i = 0; i < corpus->header.n; i++) {
    if (corpus_sa(corpus, i) >= corpus->header.n) {
      return corpus_fail(error, OL_ERR_ENCODING, "the file has a suffix that is not in the text");
    }
  }
  *out = (ol_audit_source){&corpus->header, read_leaf, read_path, (void *)(uintptr_t)corpus};
  return OL_OK;
}
