/* SPDX-License-Identifier: MIT */
#include "openledger/evidence.h"

#include "crypto/keccak.h"

#include "base/poison.h"

/* Where the fields are (docs/attribution.md, section 1.3). */
enum {
  AT_N = 0,
  AT_TEXT = 8,
  AT_SUFFIX = 40,
  AT_FIRST = 72,
  AT_I0 = 104,
  AT_DOCUMENT = 112,
  AT_DOCUMENTS = 144,
  AT_EPOCH = 152
};

static ol_status refuse(ol_error *error, size_t offset, const char *reason) {
  return ol_error_in(error, ol_fail(error, OL_ERR_ENCODING, offset, reason), "header", OL_NOWHERE);
}

ol_status ol_corpus_header_read(ol_error *error, ol_corpus_header *out,
                                const uint8_t bytes[OL_CORPUS_HEADER_BYTES]) {
  ol_corpus_header header = {
      .n = ol_load_be64(bytes + AT_N),
      .i0 = ol_load_be64(bytes + AT_I0),
      .documents = ol_load_be64(bytes + AT_DOCUMENTS),
      .epoch = ol_load_be64(bytes + AT_EPOCH),
  };
  if (header.n == 0 || header.n >> 48 != 0)
    return refuse(error, AT_N, "a corpus has from 1 to 2^48 - 1 bytes");
  /* What has no leaf cannot be opened, so nobody could refute it. */
  if (header.i0 >= header.n) return refuse(error, AT_I0, "the first suffix has a rank behind the last");
  if (header.documents == 0 || header.documents > header.n)
    return refuse(error, AT_DOCUMENTS, "a corpus has from 1 to n documents");
  memcpy(header.text_root.bytes, bytes + AT_TEXT, sizeof(ol_hash));
  memcpy(header.suffix_root.bytes, bytes + AT_SUFFIX, sizeof(ol_hash));
  memcpy(header.first_root.bytes, bytes + AT_FIRST, sizeof(ol_hash));
  memcpy(header.document_root.bytes, bytes + AT_DOCUMENT, sizeof(ol_hash));
  *out = header;
  return OL_OK;
}

void ol_corpus_header_write(uint8_t out[OL_CORPUS_HEADER_BYTES], const ol_corpus_header *header) {
  ol_store_be64(out + AT_N, header->n);
  memcpy(out + AT_TEXT, header->text_root.bytes, sizeof(ol_hash));
  memcpy(out + AT_SUFFIX, header->suffix_root.bytes, sizeof(ol_hash));
  memcpy(out + AT_FIRST, header->first_root.bytes, sizeof(ol_hash));
  ol_store_be64(out + AT_I0, header->i0);
  memcpy(out + AT_DOCUMENT, header->document_root.bytes, sizeof(ol_hash));
  ol_store_be64(out + AT_DOCUMENTS, header->documents);
  ol_store_be64(out + AT_EPOCH, header->epoch);
}

void ol_corpus_id(ol_hash *out, const ol_corpus_header *header) {
  static const uint8_t domain[11] = {'A', 'T', 'R', '1', '.', 'c', 'o', 'r', 'p', 'u', 's'};
  uint8_t bytes[OL_CORPUS_HEADER_BYTES];
  ol_corpus_header_write(bytes, header);
  ol_keccak keccak;
  ol_keccak_init(&keccak);
  ol_keccak_update(&keccak, domain, sizeof domain);
  ol_keccak_update(&keccak, bytes, sizeof bytes);
  ol_keccak_final(&keccak, out);
}
