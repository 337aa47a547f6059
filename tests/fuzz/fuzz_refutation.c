/* SPDX-License-Identifier: MIT */

/*
 * Refutations. The first byte chooses: the rest is a file; or leaves that the rules are applied to without hashes; or a small
 * corpus, a change of one leaf, and openings of it. A right corpus is refuted by nothing, and what refutes a wrong one
 * refutes it alone: no byte of the file can be another.
 */

#include "attribution/commit.h"
#include "fuzz/fuzz.h"

static commitment made;

static void check_refuted(const ol_refutation *refuted) {
  FUZZ_REQUIRE(refuted->rule < OL_CORPUS_RULES && refuted->count <= OL_REFUTATION_OPENINGS);
  FUZZ_REQUIRE(refuted->text[0] != '\0');
}

static bool read_file(const uint8_t *bytes, size_t len, ol_refutation *out) {
  ol_error error;
  ol_status status = ol_refutation_read(&error, out, ol_slice_of(bytes, len));
  if (status == OL_OK)
    check_refuted(out);
  else
    fuzz_refused(&error, status, len);
  return status == OL_OK;
}

/* What is accepted is written to the same bytes. */
static void try_file(const uint8_t *bytes, size_t len) {
  ol_refutation refuted;
  ol_error error;
  if (!read_file(bytes, len, &refuted)) return;
  uint8_t *again = fuzz_block(len);
  size_t again_len = 0;
  FUZZ_REQUIRE(ol_refutation_write(&error, again, len, &again_len, &refuted.header, refuted.rule,
                                   refuted.openings, refuted.count) == OL_OK);
  FUZZ_REQUIRE(fuzz_same(ol_slice_of(again, again_len), ol_slice_of(bytes, len)));
  free(again);
}

/* Leaves of any content, each in a block of its own, so that a sanitizer sees what is read behind them. */
static void try_judge(fuzz_input *in) {
  ol_refutation tried = {.rule = fuzz_u8(in) % OL_CORPUS_RULES, .count = fuzz_u8(in) % 4};
  tried.header.n = 1 + fuzz_u16(in) % 1000;
  tried.header.i0 = fuzz_u8(in);
  tried.header.documents = 1 + fuzz_u8(in) % 8;
  for (uint32_t i = 0; i < tried.count; i++) {
    ol_opening *opening = &tried.openings[i];
    opening->tree = fuzz_u8(in) % OL_OPENED_TREES;
    opening->index = fuzz_u16(in) % ol_opening_leaves(&tried.header, opening->tree);
    static const size_t usual[] = {128, 49, 8, 76};
    size_t payload_len = fuzz_u8(in);
    if (payload_len >= 160) payload_len = usual[opening->tree];
    opening->payload = fuzz_cut(in, payload_len);
    opening->payload.data = fuzz_copy(opening->payload.data, opening->payload.len);
    opening->path.len = ol_opening_path_len(&tried.header, opening->tree, opening->index);
    uint8_t *path = fuzz_block(opening->path.len);
    fuzz_fill(in, path, opening->path.len);
    opening->path.data = path;
  }
  ol_error error;
  ol_status status = ol_refutation_judge(&error, &tried);
  if (status == OL_OK)
    check_refuted(&tried);
  else
    fuzz_refused(&error, status, 1 << 16);
  for (uint32_t i = 0; i < tried.count; i++) {
    free((void *)(uintptr_t)tried.openings[i].payload.data);
    free((void *)(uintptr_t)tried.openings[i].path.data);
  }
}

/* Out: documents of the alphabet that is of interest, all of it UTF-8. */
static void make(fuzz_input *in) {
  static const char *const characters[] = {"a",           "b", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x90\x8d\x88",
                                           "\xef\xbf\xbf"};
  static uint8_t bytes[COMMIT_LEAVES];
  static uint8_t text[COMMIT_LEAVES];
  ol_slice documents[8];
  size_t count = 1 + fuzz_u8(in) % 8;
  size_t at = 0;
  for (size_t k = 0; k < count; k++) {
    size_t start = at;
    size_t repeats = fuzz_u8(in) % 2 == 0 ? 4 : 1; /* 512 bytes at most together */
    for (size_t left = fuzz_u8(in) % 5; left > 0; left--) {
      const char *character = characters[fuzz_u8(in) % 6];
      for (size_t i = 0; i < repeats; i++, at += strlen(character))
        memcpy(bytes + at, character, strlen(character));
    }
    documents[k] = ol_slice_of(bytes + start, at - start);
  }
  commit_make(&made, text, documents, count);
}

static void try_corpus(fuzz_input *in) {
  static uint8_t file[1 << 14];
  make(in);
  uint8_t change = fuzz_u8(in);
  if (change != 0) {
    uint32_t tree = fuzz_u8(in) % OL_OPENED_TREES;
    commit_leaf *leaf = &made.leaves[tree][fuzz_u16(in) % ol_opening_leaves(&made.header, tree)];
    leaf->bytes[fuzz_u8(in) % leaf->len] ^= change;
  }
  commit_seal(&made);
  for (int tries = 0; tries < 8; tries++) {
    ol_opening openings[OL_REFUTATION_OPENINGS];
    uint32_t rule = fuzz_u8(in) % OL_CORPUS_RULES;
    size_t count = fuzz_u8(in) % 4;
    for (size_t i = 0; i < count; i++) {
      uint32_t tree = fuzz_u8(in) % OL_OPENED_TREES;
      openings[i] = commit_open(&made, i, tree, fuzz_u16(in) % ol_opening_leaves(&made.header, tree));
      ol_error error;
      FUZZ_REQUIRE(ol_opening_check(&error, &made.header, &openings[i]) == OL_OK);
    }
    ol_error error;
    size_t len = 0;
    ol_refutation refuted;
    FUZZ_REQUIRE(ol_refutation_write(&error, file, sizeof file, &len, &made.header, rule, openings, count) ==
                 OL_OK);
    bool is_refuted = read_file(file, len, &refuted);
    FUZZ_REQUIRE(change != 0 || !is_refuted);
    if (!is_refuted) continue;
    ol_hash id = refuted.corpus_id;
    file[fuzz_u16(in) % len] ^= (uint8_t)(1u << fuzz_u8(in) % 8);
    FUZZ_REQUIRE(!read_file(file, len, &refuted) || !ol_hash_equal(&id, &refuted.corpus_id));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
  fuzz_input in = {data, len};
  uint8_t what = fuzz_u8(&in);
  if (what == 'A')
    try_file(data, len);
  else if ((what & 1) != 0)
    try_judge(&in);
  else
    try_corpus(&in);
  return 0;
}
