/* SPDX-License-Identifier: MIT */

/* A corpus's file: its layout, and reading it. */

#define _POSIX_C_SOURCE 200809L

#include "corpus.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

ol_status corpus_fail_at(ol_error *error, ol_status status, const char *part, uint64_t item, uint64_t offset,
                         const char *reason) {
  *error = (ol_error){.status = status,
                      .item = item < OL_NOWHERE ? (uint32_t)item : OL_NOWHERE,
                      .node = OL_NOWHERE,
                      .offset = offset < OL_NOWHERE ? (uint32_t)offset : OL_NOWHERE,
                      .part = part,
                      .field = "",
                      .reason = reason};
  return status;
}

ol_status corpus_fail(ol_error *error, ol_status status, const char *reason) {
  return corpus_fail_at(error, status, "corpus", OL_NOWHERE, OL_NOWHERE, reason);
}

/* --- Layout --- */

uint64_t corpus_leaves(const corpus_layout *at, uint32_t tree) {
  switch (tree) {
  case OL_CORPUS_TEXT: return (at->n + CORPUS_CHUNK - 1) / CORPUS_CHUNK;
  case OL_CORPUS_DOCUMENTS: return at->documents;
  default: return at->n;
  }
}

size_t corpus_node_len(uint32_t tree) {
  return tree == OL_CORPUS_FIRST ? 40 : 32;
}

uint64_t corpus_level_at(const corpus_layout *at, uint32_t tree, uint32_t level) {
  uint64_t nodes = 0;
  for (uint32_t below = CORPUS_LOWEST; below < level; below++) {
    nodes += corpus_level_count(corpus_leaves(at, tree), below);
  }
  return at->nodes[tree] + nodes * corpus_node_len(tree);
}

static uint64_t aligned(uint64_t offset) {
  return (offset + 63) / 64 * 64;
}

void corpus_layout_of(corpus_layout *out, uint64_t n, uint64_t documents) {
  out->n = n;
  out->documents = documents;
  /* All ones is END, so it is no rank. */
  out->width = n <= UINT32_MAX ? 4 : n < (UINT64_C(1) << 40) ? 5 : 8;
  out->text = CORPUS_HEAD_BYTES;
  out->document = aligned(out->text + n);
  out->sa = aligned(out->document + documents * CORPUS_DOCUMENT_BYTES);
  out->psi = aligned(out->sa + n * out->width);
  uint64_t end = aligned(out->psi + n * out->width);
  for (uint32_t tree = 0; tree < CORPUS_TREES; tree++) {
    out->nodes[tree] = end;
    uint64_t leaves = corpus_leaves(out, tree);
    uint32_t top = corpus_top(leaves);
    uint64_t after = top < CORPUS_LOWEST ? end : corpus_level_at(out, tree, top) + corpus_node_len(tree);
    end = aligned(after);
  }
  out->end = end;
}

void corpus_header_put(uint8_t out[OL_CORPUS_HEADER_BYTES], const ol_corpus_header *header) {
  corpus_put_be(out, header->n, 8);
  memcpy(out + 8, header->text_root.bytes, 32);
  memcpy(out + 40, header->suffix_root.bytes, 32);
  memcpy(out + 72, header->first_root.bytes, 32);
  corpus_put_be(out + 104, header->i0, 8);
  memcpy(out + 112, header->document_root.bytes, 32);
  corpus_put_be(out + 144, header->documents, 8);
  corpus_put_be(out + 152, header->epoch, 8);
}

static void header_get(ol_corpus_header *out, const uint8_t bytes[OL_CORPUS_HEADER_BYTES]) {
  out->n = corpus_get_be(bytes, 8);
  memcpy(out->text_root.bytes, bytes + 8, 32);
  memcpy(out->suffix_root.bytes, bytes + 40, 32);
  memcpy(out->first_root.bytes, bytes + 72, 32);
  out->i0 = corpus_get_be(bytes + 104, 8);
  memcpy(out->document_root.bytes, bytes + 112, 32);
  out->documents = corpus_get_be(bytes + 144, 8);
  out->epoch = corpus_get_be(bytes + 152, 8);
}

/* "ATRC", version, width, two zeros, header, and a hash of these: a file that was not finished has none. */
enum { HEAD_HEADER = 8, HEAD_HASH = HEAD_HEADER + OL_CORPUS_HEADER_BYTES };

static const uint8_t magic[5] = {'A', 'T', 'R', 'C', 1};

void corpus_head_write(uint8_t out[CORPUS_HEAD_BYTES], const ol_corpus_header *header, uint32_t width) {
  memset(out, 0, CORPUS_HEAD_BYTES);
  memcpy(out, magic, sizeof magic);
  out[5] = (uint8_t)width;
  corpus_header_put(out + HEAD_HEADER, header);
  ol_hash hash;
  ol_keccak256(&hash, out, HEAD_HASH);
  memcpy(out + HEAD_HASH, hash.bytes, sizeof hash.bytes);
}

bool corpus_head_read(ol_corpus_header *out, uint32_t *out_width, const uint8_t head[CORPUS_HEAD_BYTES]) {
  ol_hash hash;
  ol_keccak256(&hash, head, HEAD_HASH);
  if (memcmp(head, magic, sizeof magic) != 0 || memcmp(head + HEAD_HASH, hash.bytes, sizeof hash.bytes) != 0)
    return false;
  *out_width = head[5];
  header_get(out, head + HEAD_HEADER);
  return true;
}

/* --- Opening --- */

static ol_status map_file(ol_error *error, ol_corpus *corpus, int file) {
  struct stat about;
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
    return corpus_fail(error, OL_ERR_ARGUMENT, "it is no file that can be read");
  }
  uint8_t head[CORPUS_HEAD_BYTES];
  uint32_t width = 0;
  if (pread(file, head, sizeof head, 0) != (ssize_t)sizeof head ||
      !corpus_head_read(&corpus->header, &width, head)) {
    return corpus_fail(error, OL_ERR_ENCODING, "it is no corpus");
  }
  const ol_corpus_header *header = &corpus->header;
  if (header->n == 0 || header->n >= CORPUS_MAX_LEN || header->documents > header->n ||
      header->i0 >= header->n) {
    return corpus_fail(error, OL_ERR_ENCODING, "its header is that of no corpus");
  }
  corpus_layout_of(&corpus->at, header->n, header->documents);
  if (width != corpus->at.width || (uint64_t)about.st_size != corpus->at.end) {
    return corpus_fail(error, OL_ERR_ENCODING, "it has another length than its header says");
  }
  void *map = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) return corpus_fail(error, OL_ERR_MEMORY, "it cannot be mapped");
  corpus->map = map;
  return OL_OK;
}

ol_status ol_corpus_open(ol_error *error, ol_corpus **out, const char *path) {
  ol_corpus *corpus = calloc(1, sizeof *corpus);
  if (corpus == NULL) return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for it");
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    free(corpus);
    return corpus_fail(error, OL_ERR_ARGUMENT,
                       errno == ENOENT ? "there is no such file" : "it cannot be read");
  }
  ol_status status = map_file(error, corpus, file);
  (void)close(file);
  if (status != OL_OK) {
    free(corpus);
    return status;
  }
  *out = corpus;
  return OL_OK;
}

void ol_corpus_free(ol_corpus *corpus) {
  if (corpus == NULL) return;
  (void)munmap((void *)(uintptr_t)corpus->map, (size_t)corpus->at.end);
  free(corpus);
}

/* --- Reading --- */

void ol_corpus_header_of(const ol_corpus *corpus, ol_corpus_header *out) {
  *out = corpus->header;
}

ol_slice ol_corpus_text(const ol_corpus *corpus) {
  return (ol_slice){.data = corpus_t(corpus), .len = (size_t)corpus->at.n};
}

void corpus_document_read(const ol_corpus *corpus, ol_corpus_document *out, uint64_t index) {
  const uint8_t *leaf = corpus_document(corpus, index);
  out->index = index;
  memcpy(out->contributor.bytes, leaf, 20);
  out->datanet = corpus_get_be(leaf + 20, 8);
  out->start = corpus_get_be(leaf + 28, 8);
  out->length = corpus_get_be(leaf + 36, 8);
  memcpy(out->licence.bytes, leaf + 44, 32);
}

int ol_corpus_document_at(const ol_corpus *corpus, ol_corpus_document *out, uint64_t index) {
  if (index >= corpus->at.documents) return 0;
  corpus_document_read(corpus, out, index);
  return 1;
}

uint64_t corpus_document_of(const ol_corpus *corpus, uint64_t position) {
  uint64_t lo = 0;
  uint64_t hi = corpus->at.documents;
  while (hi - lo > 1) {
    uint64_t middle = lo + (hi - lo) / 2;
    if (corpus_document_start(corpus, middle) <= position) {
      lo = middle;
    } else {
      hi = middle;
    }
  }
  return lo;
}

int ol_corpus_suffix_at(const ol_corpus *corpus, uint64_t *out_sa, uint64_t *out_psi, uint64_t rank) {
  if (rank >= corpus->at.n) return 0;
  *out_sa = corpus_sa_as_is(corpus, rank);
  *out_psi = corpus_psi(corpus, rank);
  return 1;
}

/* --- Searching --- */

uint64_t corpus_alike(const ol_corpus *corpus, uint64_t position, ol_slice word, uint64_t from) {
  const uint8_t *suffix = corpus_t(corpus) + position;
  uint64_t left = corpus->at.n - position;
  uint64_t most = left < word.len ? left : word.len;
  uint64_t alike = from;
  for (; alike + 8 <= most; alike += 8) {
    uint64_t a;
    uint64_t b;
    memcpy(&a, suffix + alike, 8);
    memcpy(&b, word.data + alike, 8);
    if (a != b) break;
  }
  while (alike < most && suffix[alike] == word.data[alike]) alike++;
  return alike;
}

/*
 * Halves [lo, hi] until the suffixes before it are on the low side. Whatever lies between two suffixes has alike with the
 * word what both have, so no comparison begins at its start.
 */
static uint64_t bound(const ol_corpus *corpus, ol_slice word, uint64_t lo, uint64_t hi, bool prefix_is_low) {
  uint64_t alike_lo = 0;
  uint64_t alike_hi = 0;
  while (lo < hi) {
    uint64_t middle = lo + (hi - lo) / 2;
    uint64_t position = corpus_sa(corpus, middle);
    uint64_t alike = corpus_alike(corpus, position, word, alike_lo < alike_hi ? alike_lo : alike_hi);
    bool is_low = false;
    if (alike == word.len) {
      is_low = prefix_is_low;
    } else {
      is_low = position + alike == corpus->at.n || corpus_t(corpus)[position + alike] < word.data[alike];
    }
    if (is_low) {
      lo = middle + 1;
      alike_lo = alike;
    } else {
      hi = middle;
      alike_hi = alike;
    }
  }
  return lo;
}

uint64_t corpus_lower(const ol_corpus *corpus, ol_slice word, uint64_t lo, uint64_t hi) {
  return bound(corpus, word, lo, hi, false);
}

uint64_t corpus_upper(const ol_corpus *corpus, ol_slice word, uint64_t lo, uint64_t hi) {
  return bound(corpus, word, lo, hi, true);
}

uint64_t ol_corpus_find(const ol_corpus *corpus, uint64_t *out_lo, uint64_t *out_hi, ol_slice word) {
  *out_lo = corpus_lower(corpus, word, 0, corpus->at.n);
  *out_hi = corpus_upper(corpus, word, *out_lo, corpus->at.n);
  return *out_hi - *out_lo;
}

/* --- Small things --- */

/* Returns: bytes of the character that starts here; 0 if none does. */
static size_t character(const uint8_t *text, size_t len) {
  uint8_t lead = text[0];
  if (lead < 0x80) return 1;
  size_t count = lead >= 0xC2 && lead <= 0xDF   ? 2
                 : lead >= 0xE0 && lead <= 0xEF ? 3
                 : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                : 0;
  if (count == 0 || count > len) return 0;
  uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  uint8_t most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (text[1] < least || text[1] > most) return 0;
  for (size_t i = 2; i < count; i++) {
    if ((text[i] & 0xC0) != 0x80) return 0;
  }
  return count;
}

size_t corpus_utf8_end(const uint8_t *text, size_t len) {
  size_t at = 0;
  while (at < len) {
    uint64_t eight = 0;
    if (len - at >= 8) memcpy(&eight, text + at, 8);
    if (len - at >= 8 && (eight & UINT64_C(0x8080808080808080)) == 0) {
      at += 8;
      continue;
    }
    size_t count = character(text + at, len - at);
    if (count == 0) return at;
    at += count;
  }
  return at;
}

/* Squaring a number between 1 and 2 doubles its logarithm, so each squaring gives one bit of it. */
uint32_t corpus_log2q8(uint64_t x) {
  uint32_t whole = 63u - (uint32_t)__builtin_clzll(x);
  uint32_t eighth = (uint32_t)(whole >= 8 ? x >> (whole - 8) : x << (8 - whole)); /* 256 to 511 */
  uint64_t square = (uint64_t)eighth << 23;                                       /* 31 fractional bits */
  uint32_t fraction = 0;
  for (int bit = 0; bit < 8; bit++) {
    square = square * square >> 31;
    uint32_t over = square >> 32 != 0;
    fraction = fraction << 1 | over;
    square >>= over;
  }
  return whole * 256 + fraction;
}
