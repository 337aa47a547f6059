/* SPDX-License-Identifier: MIT */

/*
 * Refutations of planted faults, one rule after the other; what refutes nothing; and files that were changed. A right
 * corpus is refuted by no choice of openings whatsoever.
 */

#include "attribution/commit.h"
#include "attribution/rules.h"
#include "unit/bytes.h"

static commitment made;
static uint8_t text[COMMIT_LEAVES];
static uint8_t file[OL_REFUTATION_BYTES];
static size_t file_len;
static ol_refutation refuted;
static ol_error error;

typedef struct pick {
  uint32_t tree;
  uint64_t index;
} pick;

#define T(i)                                                                                                 \
  { OL_OPENED_TEXT, i }
#define S(i)                                                                                                 \
  { OL_OPENED_SUFFIXES, i }
#define F(i)                                                                                                 \
  { OL_OPENED_FIRST, i }
#define D(i)                                                                                                 \
  { OL_OPENED_DOCUMENTS, i }

static void write_file(uint32_t rule, const pick *picks, size_t count) {
  ol_opening openings[OL_REFUTATION_OPENINGS];
  for (size_t i = 0; i < count; i++) openings[i] = commit_open(&made, i, picks[i].tree, picks[i].index);
  assert_int_equal(
      ol_refutation_write(&error, file, sizeof file, &file_len, &made.header, rule, openings, count), OL_OK);
}

static ol_status read_file(void) {
  return ol_refutation_read(&error, &refuted, ol_slice_of(file, file_len));
}

#define PICKS(...) (const pick[]){__VA_ARGS__}, sizeof((const pick[]){__VA_ARGS__}) / sizeof(pick)

static void accepts(uint32_t rule, const pick *picks, size_t count, uint64_t place, const char *what) {
  uint8_t id[11 + OL_CORPUS_HEADER_BYTES] = "ATR1.corpus";
  ol_hash expected;
  commit_seal(&made);
  write_file(rule, picks, count);
  ol_status status = read_file();
  if (status != OL_OK) print_error("%s\n", error.reason);
  assert_int_equal(status, OL_OK);
  assert_int_equal(refuted.rule, rule);
  assert_int_equal(refuted.count, count);
  assert_string_equal(refuted.text, what);
  assert_true(refuted.place == place);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(refuted.openings[i].tree, picks[i].tree);
    assert_true(refuted.openings[i].index == picks[i].index);
  }
  memcpy(id + 11, file + 5, OL_CORPUS_HEADER_BYTES);
  ol_keccak256(&expected, id, sizeof id);
  assert_memory_equal(&refuted.corpus_id, &expected, sizeof expected);
  assert_memory_equal(&refuted.header, &made.header, sizeof refuted.header);
}

static void refuses(uint32_t rule, const pick *picks, size_t count, uint32_t item, const char *reason) {
  commit_seal(&made);
  write_file(rule, picks, count);
  assert_int_equal(read_file(), OL_ERR_PROOF);
  assert_string_equal(error.reason, reason);
  assert_int_equal(error.item, item);
}

#define OTHER_COUNT "the rule asks for another number of openings"
#define OTHER_TREE "the rule asks for another tree"
#define OTHER_INDEX "the rule asks for another index"
#define NO_FORM "a leaf that has not its form is for another rule"

/* Three documents, one of them empty, of three chunks and some of a fourth. */
static void make(void) {
  static const char middle[] = "Euros \xe2\x82\xac, accents \xc3\xa9, and \xf0\x90\x8d\x88 beyond. ";
  uint8_t longest[10 * sizeof middle];
  for (size_t i = 0; i < 10; i++) memcpy(longest + i * (sizeof middle - 1), middle, sizeof middle - 1);
  const ol_slice documents[] = {
      text_of("abracadabra"), {NULL, 0}, {longest, 10 * (sizeof middle - 1)}, text_of("abra")};
  commit_make(&made, text, documents, 4);
  assert_true(made.header.n > 384 && made.header.n % 128 > 6);
}

/* "abab\xff\xff": few enough leaves for all choices of openings. */
static void make_small(void) {
  const ol_slice documents[] = {text_of("abab"), {NULL, 0}};
  commit_make(&made, text, documents, 2);
}

static uint64_t n_of(void) {
  return made.header.n;
}

static uint8_t *bytes_of(uint32_t tree, uint64_t index) {
  return made.leaves[tree][index].bytes;
}

/* --- Right corpora --- */

static void try_all_choices(uint32_t rule, uint32_t count) {
  const uint64_t leaves[] = {(n_of() + 127) / 128, n_of(), n_of(), made.header.documents};
  uint64_t total = leaves[0] + leaves[1] + leaves[2] + leaves[3];
  uint64_t choices = 1;
  for (uint32_t i = 0; i < count; i++) choices *= total;
  for (uint64_t choice = 0; choice < choices; choice++) {
    pick picks[OL_REFUTATION_OPENINGS];
    uint64_t rest = choice;
    for (uint32_t i = 0; i < count; i++, rest /= total) {
      uint64_t index = rest % total;
      for (picks[i].tree = 0; index >= leaves[picks[i].tree]; picks[i].tree++) index -= leaves[picks[i].tree];
      picks[i].index = index;
    }
    write_file(rule, picks, count);
    assert_int_equal(read_file(), OL_ERR_PROOF);
    /* The openings are the corpus's: what is refused is what they show. */
    assert_string_not_equal(error.reason, "the opening is not under the header's root");
  }
}

static void refutes_no_right_corpus_by_any_openings(void **state) {
  (void)state;
  make_small();
  commit_seal(&made);
  for (uint32_t rule = 0; rule < OL_CORPUS_RULES; rule++) {
    for (uint32_t count = 0; count <= 2; count++) try_all_choices(rule, count);
  }
  try_all_choices(OL_RULE_PREFIX, 3);
  try_all_choices(OL_RULE_DOCUMENTS, 3);
}

static void refutes_no_right_corpus_at_any_place(void **state) {
  (void)state;
  make();
  for (uint64_t i = 0; i < n_of(); i += 7) {
    uint64_t last = commit_rank(&made, n_of() - 1);
    if (i + 7 >= n_of()) i = last;
    uint64_t psi = commit_psi(&made, i);
    bool is_end = psi == COMMIT_END;
    refuses(OL_RULE_SHAPE, PICKS(S(i)), OL_NOWHERE, "the leaf has its form");
    if (is_end) {
      refuses(OL_RULE_SUCCESSOR, PICKS(S(i)), OL_NOWHERE, "Psi of the last suffix is END, as it must be");
      refuses(OL_RULE_PREFIX, PICKS(S(i), T(commit_sa(&made, i) / 128)), OL_NOWHERE,
              "the first byte is that of the text");
    } else {
      refuses(OL_RULE_SUCCESSOR, PICKS(S(i), S(psi)), OL_NOWHERE, "SA[Psi[i]] is SA[i] + 1");
      refuses(OL_RULE_PREFIX, PICKS(S(i), T(commit_sa(&made, i) / 128), S(psi)), OL_NOWHERE,
              "the prefix is that of the text and of the next suffix");
    }
    if (i + 1 < n_of()) {
      write_file(OL_RULE_ORDER, PICKS(S(i), S(i + 1)));
      assert_int_equal(read_file(), OL_ERR_PROOF);
      assert_int_equal(error.item, OL_NOWHERE);
    }
    refuses(OL_RULE_FIRST_LEAF, PICKS(S(i), F(i)), OL_NOWHERE, "the first occurrence is SA");
    refuses(OL_RULE_FIRST_NODE, PICKS(F(i)), OL_NOWHERE, "all recorded minima are right");
    refuses(OL_RULE_SHAPE, PICKS(F(i)), OL_NOWHERE, "the leaf has its form");
    if (i == last) break;
  }
  refuses(OL_RULE_ANCHOR, PICKS(S(made.header.i0)), OL_NOWHERE, "SA[i0] is 0");
  refuses(OL_RULE_HEADER, NULL, 0, OL_NOWHERE, "the header's numbers are in range");
  for (uint64_t k = 0; k < made.header.documents; k++) {
    refuses(OL_RULE_SHAPE, PICKS(D(k)), OL_NOWHERE, "the leaf has its form");
    refuses(OL_RULE_DOCUMENTS, PICKS(D(k)), OL_NOWHERE, "the document starts and ends where it may");
    if (k + 1 < made.header.documents) {
      refuses(OL_RULE_DOCUMENTS, PICKS(D(k), D(k + 1)), OL_NOWHERE, "the next document starts where it must");
    }
    for (uint64_t c = 0; c * 128 < n_of(); c++) {
      refuses(OL_RULE_SHAPE, PICKS(T(c)), OL_NOWHERE, "the leaf has its form");
      refuses(OL_RULE_DOCUMENTS, PICKS(D(k), T(c)), OL_NOWHERE, "the text of the document is right there");
      if ((c + 1) * 128 >= n_of()) continue;
      refuses(OL_RULE_DOCUMENTS, PICKS(D(k), T(c), T(c + 1)), OL_NOWHERE,
              "the text of the document is right there");
    }
  }
}

static void refutes_no_text_that_fills_its_chunks(void **state) {
  (void)state;
  uint8_t bytes[255];
  memset(bytes, 'x', sizeof bytes);
  for (size_t chunks = 1; chunks <= 2; chunks++) {
    const ol_slice document = {bytes, 128 * chunks - 1};
    commit_make(&made, text, &document, 1);
    assert_int_equal(ol_opening_leaves(&made.header, OL_OPENED_TEXT), chunks);
    uint64_t end = commit_rank(&made, n_of() - 1);
    refuses(OL_RULE_SHAPE, PICKS(T(chunks - 1)), OL_NOWHERE, "the leaf has its form");
    refuses(OL_RULE_PREFIX, PICKS(S(end), T(chunks - 1)), OL_NOWHERE, "the first byte is that of the text");
    refuses(OL_RULE_DOCUMENTS, PICKS(D(0), T(chunks - 1)), OL_NOWHERE,
            "the text of the document is right there");
    refuses(OL_RULE_DOCUMENTS, PICKS(D(0)), OL_NOWHERE, "the document starts and ends where it may");
    made.leaves[OL_OPENED_TEXT][chunks - 1].len = 0;
    accepts(OL_RULE_SHAPE, PICKS(T(chunks - 1)), UINT64_MAX, "a chunk of text is not as long as n makes it");
  }
}

/* --- Each rule --- */

static void refutes_headers(void **state) {
  (void)state;
  make_small();
  ol_corpus_header right = made.header;
  for (int i = 0; i < 5; i++) {
    static const char *const what[] = {"n is 0", "n is not below 2^48", "i0 is not below n",
                                       "there are no documents", "there are more documents than bytes"};
    made.header = right;
    commit_seal(&made);
    if (i == 0) made.header.n = 0;
    if (i == 1) made.header.n = UINT64_C(1) << 48;
    if (i == 2) made.header.i0 = right.n;
    if (i == 3) made.header.documents = 0;
    if (i == 4) made.header.documents = right.n + 1;
    write_file(OL_RULE_HEADER, NULL, 0);
    assert_int_equal(read_file(), OL_OK);
    assert_string_equal(refuted.text, what[i]);
  }
  /* The largest that are in range. */
  made.header = right;
  made.header.documents = right.n;
  made.header.i0 = right.n - 1;
  write_file(OL_RULE_HEADER, NULL, 0);
  assert_int_equal(read_file(), OL_ERR_PROOF);
  made.header.n = (UINT64_C(1) << 48) - 1;
  write_file(OL_RULE_HEADER, NULL, 0);
  assert_int_equal(read_file(), OL_ERR_PROOF);
  make_small();
  made.header.i0 = right.n;
  refuses(OL_RULE_HEADER, PICKS(S(0)), OL_NOWHERE, OTHER_COUNT);
}

static void refutes_shapes(void **state) {
  (void)state;
  make();
  uint64_t last_chunk = n_of() / 128;
  made.leaves[OL_OPENED_TEXT][0].len = 127;
  accepts(OL_RULE_SHAPE, PICKS(T(0)), UINT64_MAX, "a chunk of text is not as long as n makes it");
  made.leaves[OL_OPENED_TEXT][0].len = 129;
  accepts(OL_RULE_SHAPE, PICKS(T(0)), UINT64_MAX, "a chunk of text is not as long as n makes it");
  made.leaves[OL_OPENED_TEXT][last_chunk].len++;
  accepts(OL_RULE_SHAPE, PICKS(T(last_chunk)), UINT64_MAX, "a chunk of text is not as long as n makes it");
  made.leaves[OL_OPENED_TEXT][last_chunk].len = 0;
  accepts(OL_RULE_SHAPE, PICKS(T(last_chunk)), UINT64_MAX, "a chunk of text is not as long as n makes it");

  make();
  commit_leaf *leaf = &made.leaves[OL_OPENED_SUFFIXES][5];
  commit_leaf right = *leaf;
  leaf->len = 16;
  accepts(OL_RULE_SHAPE, PICKS(S(5)), UINT64_MAX, "a suffix's leaf has less than 17 bytes");
  leaf->len = 0;
  accepts(OL_RULE_SHAPE, PICKS(S(5)), UINT64_MAX, "a suffix's leaf has less than 17 bytes");
  *leaf = right;
  leaf->len++;
  accepts(OL_RULE_SHAPE, PICKS(S(5)), UINT64_MAX, "a prefix has not m bytes");
  leaf->len -= 2;
  accepts(OL_RULE_SHAPE, PICKS(S(5)), UINT64_MAX, "a prefix has not m bytes");
  *leaf = right;
  leaf->bytes[16]--;
  leaf->len--;
  accepts(OL_RULE_SHAPE, PICKS(S(5)), UINT64_MAX, "m is not what SA and n make it");
  *leaf = right;
  ol_store_be64(leaf->bytes, n_of());
  accepts(OL_RULE_SHAPE, PICKS(S(5)), UINT64_MAX, "SA is not below n");
  *leaf = right;
  ol_store_be64(leaf->bytes + 8, n_of());
  accepts(OL_RULE_SHAPE, PICKS(S(5)), UINT64_MAX, "Psi is neither below n nor END");
  ol_store_be64(leaf->bytes + 8, COMMIT_END - 1);
  accepts(OL_RULE_SHAPE, PICKS(S(5)), UINT64_MAX, "Psi is neither below n nor END");

  make();
  made.leaves[OL_OPENED_FIRST][3].len = 7;
  accepts(OL_RULE_SHAPE, PICKS(F(3)), UINT64_MAX, "a leaf of first occurrences has not 8 bytes");
  made.leaves[OL_OPENED_FIRST][3].len = 0;
  accepts(OL_RULE_SHAPE, PICKS(F(3)), UINT64_MAX, "a leaf of first occurrences has not 8 bytes");
  made.leaves[OL_OPENED_FIRST][3].len = 9;
  accepts(OL_RULE_SHAPE, PICKS(F(3)), UINT64_MAX, "a leaf of first occurrences has not 8 bytes");
  made.leaves[OL_OPENED_DOCUMENTS][1].len = 75;
  accepts(OL_RULE_SHAPE, PICKS(D(1)), UINT64_MAX, "a document has not 76 bytes");
  made.leaves[OL_OPENED_DOCUMENTS][1].len = 77;
  accepts(OL_RULE_SHAPE, PICKS(D(1)), UINT64_MAX, "a document has not 76 bytes");
  refuses(OL_RULE_SHAPE, NULL, 0, OL_NOWHERE, OTHER_COUNT);
  refuses(OL_RULE_SHAPE, PICKS(D(1), D(1)), OL_NOWHERE, OTHER_COUNT);
  /* A leaf that has not its form says nothing under another rule. */
  refuses(OL_RULE_DOCUMENTS, PICKS(D(1)), 0, NO_FORM);
  refuses(OL_RULE_DOCUMENTS, PICKS(D(0), D(1)), 1, NO_FORM);
  made.leaves[OL_OPENED_FIRST][3].len = 9;
  refuses(OL_RULE_FIRST_NODE, PICKS(F(3)), 0, NO_FORM);
}

static void refutes_successors(void **state) {
  (void)state;
  make();
  uint64_t i = commit_rank(&made, 4);
  uint64_t end = commit_rank(&made, n_of() - 1);
  uint64_t psi = commit_psi(&made, i);
  commit_suffix(&made, i, 4, i, text); /* its own successor */
  accepts(OL_RULE_SUCCESSOR, PICKS(S(i), S(i)), UINT64_MAX, "SA[Psi[i]] is not SA[i] + 1");
  refuses(OL_RULE_SUCCESSOR, PICKS(S(i), S(psi)), 1, OTHER_INDEX);
  refuses(OL_RULE_SUCCESSOR, PICKS(S(i), F(i)), 1, OTHER_TREE);
  refuses(OL_RULE_SUCCESSOR, PICKS(F(i), S(i)), 0, OTHER_TREE);
  refuses(OL_RULE_SUCCESSOR, PICKS(S(i)), OL_NOWHERE, OTHER_COUNT);
  refuses(OL_RULE_SUCCESSOR, NULL, 0, OL_NOWHERE, OTHER_COUNT);
  refuses(OL_RULE_SUCCESSOR, PICKS(S(i), S(i), S(i)), OL_NOWHERE, OTHER_COUNT);
  made.leaves[OL_OPENED_SUFFIXES][psi].len = 3;
  refuses(OL_RULE_SUCCESSOR, PICKS(S(psi), S(psi)), 0, NO_FORM);
  commit_suffix(&made, i, 4, psi, text);
  refuses(OL_RULE_SUCCESSOR, PICKS(S(i), S(psi)), 1, NO_FORM);

  commit_suffix(&made, i, 4, COMMIT_END, text);
  accepts(OL_RULE_SUCCESSOR, PICKS(S(i)), UINT64_MAX, "Psi is END, and the suffix is not the last");
  refuses(OL_RULE_SUCCESSOR, PICKS(S(i), S(i)), OL_NOWHERE, OTHER_COUNT);
  commit_suffix(&made, end, n_of() - 1, 0, text);
  accepts(OL_RULE_SUCCESSOR, PICKS(S(end)), UINT64_MAX, "Psi of the last suffix is not END");
}

static void refutes_anchors(void **state) {
  (void)state;
  make();
  uint64_t right = made.header.i0;
  made.header.i0 = right + 1;
  accepts(OL_RULE_ANCHOR, PICKS(S(right + 1)), UINT64_MAX, "SA[i0] is not 0");
  refuses(OL_RULE_ANCHOR, PICKS(S(right)), 0, OTHER_INDEX);
  refuses(OL_RULE_ANCHOR, PICKS(F(right + 1)), 0, OTHER_TREE);
  refuses(OL_RULE_ANCHOR, NULL, 0, OL_NOWHERE, OTHER_COUNT);
  refuses(OL_RULE_ANCHOR, PICKS(S(right + 1), S(right + 1)), OL_NOWHERE, OTHER_COUNT);
}

static void swap_suffixes(uint64_t i, uint64_t j) {
  uint64_t a[2] = {commit_sa(&made, i), commit_psi(&made, i)};
  uint64_t b[2] = {commit_sa(&made, j), commit_psi(&made, j)};
  commit_suffix(&made, i, b[0], b[1], text);
  commit_suffix(&made, j, a[0], a[1], text);
}

static void refutes_orders(void **state) {
  (void)state;
  make();
  /* Both begin with "abra": equal first bytes. */
  uint64_t i = commit_rank(&made, 0);
  assert_true(text[commit_sa(&made, i)] == text[commit_sa(&made, i + 1)]);
  swap_suffixes(i, i + 1);
  accepts(OL_RULE_ORDER, PICKS(S(i), S(i + 1)), UINT64_MAX,
          "the first bytes are equal, and Psi is not below the next one's");
  refuses(OL_RULE_ORDER, PICKS(S(i + 1), S(i)), 1, OTHER_INDEX);
  refuses(OL_RULE_ORDER, PICKS(S(i), S(i + 2)), 1, OTHER_INDEX);
  refuses(OL_RULE_ORDER, PICKS(S(i), F(i + 1)), 1, OTHER_TREE);
  refuses(OL_RULE_ORDER, PICKS(F(i), S(i + 1)), 0, OTHER_TREE);
  refuses(OL_RULE_ORDER, PICKS(S(i)), OL_NOWHERE, OTHER_COUNT);
  refuses(OL_RULE_ORDER, PICKS(S(i), S(i + 1), S(i + 2)), OL_NOWHERE, OTHER_COUNT);
  made.leaves[OL_OPENED_SUFFIXES][i].len = 18;
  refuses(OL_RULE_ORDER, PICKS(S(i), S(i + 1)), 0, NO_FORM);

  make();
  for (i = 0; text[commit_sa(&made, i)] == text[commit_sa(&made, i + 1)]; i++) continue;
  refuses(OL_RULE_ORDER, PICKS(S(i), S(i + 1)), OL_NOWHERE, "the first bytes are in order");
  swap_suffixes(i, i + 1);
  accepts(OL_RULE_ORDER, PICKS(S(i), S(i + 1)), UINT64_MAX,
          "the first byte is above that of the next suffix");

  /* END is below all: the last suffix is the least of those that begin with 0xFF. */
  make();
  i = commit_rank(&made, n_of() - 1);
  refuses(OL_RULE_ORDER, PICKS(S(i), S(i + 1)), OL_NOWHERE, "the first bytes are equal, and Psi is in order");
  swap_suffixes(i, i + 1);
  accepts(OL_RULE_ORDER, PICKS(S(i), S(i + 1)), UINT64_MAX,
          "the first bytes are equal, and Psi is not below the next one's");
  make();
  commit_suffix(&made, 8, commit_sa(&made, 8), commit_psi(&made, 7), text);
  accepts(OL_RULE_ORDER, PICKS(S(7), S(8)), UINT64_MAX,
          "the first bytes are equal, and Psi is not below the next one's");
}

static void refutes_prefixes(void **state) {
  (void)state;
  make();
  uint64_t sa = 150;
  uint64_t i = commit_rank(&made, sa);
  uint64_t psi = commit_psi(&made, i);
  uint8_t *prefix = bytes_of(OL_OPENED_SUFFIXES, i) + 17;
  prefix[0] ^= 1;
  accepts(OL_RULE_PREFIX, PICKS(S(i), T(1), S(psi)), sa, "the first byte is not that of the text");
  refuses(OL_RULE_PREFIX, PICKS(S(i), T(0), S(psi)), 1, OTHER_INDEX);
  refuses(OL_RULE_PREFIX, PICKS(S(i), S(psi), T(1)), 1, OTHER_TREE);
  refuses(OL_RULE_PREFIX, PICKS(F(i), T(1), S(psi)), 0, OTHER_TREE);
  refuses(OL_RULE_PREFIX, PICKS(S(i), T(1)), OL_NOWHERE, OTHER_COUNT);
  made.leaves[OL_OPENED_TEXT][1].len = 120;
  refuses(OL_RULE_PREFIX, PICKS(S(i), T(1), S(psi)), 1, NO_FORM);
  made.leaves[OL_OPENED_TEXT][1].len = 128;
  prefix[0] ^= 1;
  for (size_t at = 1; at < 32; at++) {
    prefix[at] ^= 1;
    accepts(OL_RULE_PREFIX, PICKS(S(i), T(1), S(psi)), sa + at,
            "a prefix does not go on as that of the next suffix");
    prefix[at] ^= 1;
  }
  prefix[5] ^= 1;
  refuses(OL_RULE_PREFIX, PICKS(S(i), T(1), S(i)), 2, OTHER_INDEX);
  refuses(OL_RULE_PREFIX, PICKS(S(i), T(1), F(psi)), 2, OTHER_TREE);
  /* The last byte of the next one's prefix is behind this one's. */
  prefix[5] ^= 1;
  bytes_of(OL_OPENED_SUFFIXES, psi)[17 + 31] ^= 1;
  refuses(OL_RULE_PREFIX, PICKS(S(i), T(1), S(psi)), OL_NOWHERE,
          "the prefix is that of the text and of the next suffix");

  /* At the end of T: two bytes, and one. */
  make();
  uint64_t end = commit_rank(&made, n_of() - 1);
  uint64_t before = commit_rank(&made, n_of() - 2);
  bytes_of(OL_OPENED_SUFFIXES, before)[18] ^= 1;
  accepts(OL_RULE_PREFIX, PICKS(S(before), T(n_of() / 128), S(end)), n_of() - 1,
          "a prefix does not go on as that of the next suffix");
  bytes_of(OL_OPENED_SUFFIXES, end)[17] ^= 1;
  accepts(OL_RULE_PREFIX, PICKS(S(end), T(n_of() / 128)), n_of() - 1,
          "the first byte is not that of the text");
  refuses(OL_RULE_PREFIX, PICKS(S(end), T(n_of() / 128), S(end)), OL_NOWHERE, OTHER_COUNT);
}

static void refutes_first_occurrences(void **state) {
  (void)state;
  make();
  ol_store_be64(bytes_of(OL_OPENED_FIRST, 9), commit_sa(&made, 9) + 1);
  accepts(OL_RULE_FIRST_LEAF, PICKS(S(9), F(9)), UINT64_MAX, "a leaf of first occurrences is not SA");
  refuses(OL_RULE_FIRST_LEAF, PICKS(F(9), S(9)), 0, OTHER_TREE);
  refuses(OL_RULE_FIRST_LEAF, PICKS(S(9), S(9)), 1, OTHER_TREE);
  refuses(OL_RULE_FIRST_LEAF, PICKS(S(8), F(9)), 1, OTHER_INDEX);
  refuses(OL_RULE_FIRST_LEAF, PICKS(S(9)), OL_NOWHERE, OTHER_COUNT);
  refuses(OL_RULE_FIRST_LEAF, PICKS(S(9), F(9), F(9)), OL_NOWHERE, OTHER_COUNT);
  ol_store_be64(bytes_of(OL_OPENED_FIRST, 9), COMMIT_END);
  accepts(OL_RULE_FIRST_LEAF, PICKS(S(9), F(9)), UINT64_MAX, "a leaf of first occurrences is not SA");
  made.leaves[OL_OPENED_FIRST][9].len = 4;
  refuses(OL_RULE_FIRST_LEAF, PICKS(S(9), F(9)), 1, NO_FORM);
  make();
  made.leaves[OL_OPENED_SUFFIXES][9].len = 4;
  refuses(OL_RULE_FIRST_LEAF, PICKS(S(9), F(9)), 0, NO_FORM);
}

static void refutes_minima(void **state) {
  (void)state;
  make_small(); /* six leaves: [0,1) ... [0,2) ... [0,4), [4,6), [0,6) */
  static const struct {
    uint64_t start, end, opened, level, elsewhere;
  } nodes[] = {{2, 3, 2, 0, 3}, {2, 4, 3, 1, 5}, {4, 6, 4, 1, 0},
               {0, 4, 1, 2, 4}, {0, 6, 5, 2, 6}, {0, 6, 0, 3, 6}};
  for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
    made.lies = true;
    made.lie_start = nodes[i].start;
    made.lie_end = nodes[i].end;
    for (made.lie = 6; made.lie < 8; made.lie++) {
      accepts(OL_RULE_FIRST_NODE, PICKS(F(nodes[i].opened)), nodes[i].level,
              nodes[i].level == 0 ? "the minimum that is recorded for a leaf is not the leaf's"
                                  : "the minimum that is recorded for a node is not the lesser of its two");
    }
    /* Elsewhere nothing is wrong: the lie is only seen as a sibling's. */
    if (nodes[i].elsewhere == 6) continue;
    refuses(OL_RULE_FIRST_NODE, PICKS(F(nodes[i].elsewhere)), OL_NOWHERE, "all recorded minima are right");
  }
  refuses(OL_RULE_FIRST_NODE, PICKS(S(0)), 0, OTHER_TREE);
  refuses(OL_RULE_FIRST_NODE, NULL, 0, OL_NOWHERE, OTHER_COUNT);
  refuses(OL_RULE_FIRST_NODE, PICKS(F(0), F(0)), OL_NOWHERE, OTHER_COUNT);

  /* One leaf, whose minimum the root records. */
  const ol_slice empty = {NULL, 0};
  commit_make(&made, text, &empty, 1);
  refuses(OL_RULE_FIRST_NODE, PICKS(F(0)), OL_NOWHERE, "all recorded minima are right");
  made.lies = true;
  made.lie_start = 0;
  made.lie_end = 1;
  made.lie = 1;
  accepts(OL_RULE_FIRST_NODE, PICKS(F(0)), 0, "the minimum that is recorded for a leaf is not the leaf's");
}

static void refutes_places_of_documents(void **state) {
  (void)state;
  make();
  uint64_t n = n_of();
  uint64_t last = made.header.documents - 1;
  commit_document(&made, 0, 1, 1, 10);
  accepts(OL_RULE_DOCUMENTS, PICKS(D(0)), UINT64_MAX, "the first document does not start at 0");
  refuses(OL_RULE_DOCUMENTS, PICKS(T(0)), 0, OTHER_TREE);
  refuses(OL_RULE_DOCUMENTS, NULL, 0, OL_NOWHERE, OTHER_COUNT);
  commit_document(&made, 1, 1, 12, 5);
  accepts(OL_RULE_DOCUMENTS, PICKS(D(1), D(2)), UINT64_MAX,
          "a document does not start one behind the end of that before");
  refuses(OL_RULE_DOCUMENTS, PICKS(D(2), D(1)), 1, OTHER_INDEX);
  refuses(OL_RULE_DOCUMENTS, PICKS(D(1), D(3)), 1, OTHER_INDEX);
  refuses(OL_RULE_DOCUMENTS, PICKS(D(1), S(2)), 1, OTHER_TREE);
  refuses(OL_RULE_DOCUMENTS, PICKS(D(1), D(2), D(3)), OL_NOWHERE, OTHER_COUNT);
  refuses(OL_RULE_DOCUMENTS, PICKS(D(1)), OL_NOWHERE, "the document starts and ends where it may");
  /* Overlapping, and with a gap. */
  for (uint64_t length = 10; length <= 12; length += 2) {
    commit_document(&made, 0, 1, 0, length);
    accepts(OL_RULE_DOCUMENTS, PICKS(D(0), D(1)), UINT64_MAX,
            "a document does not start one behind the end of that before");
  }
  /* Behind the end: start, end, and so far that the sum overflows. */
  static const char behind[] = "a document ends behind the text";
  commit_document(&made, 1, 1, n, 0);
  accepts(OL_RULE_DOCUMENTS, PICKS(D(1)), UINT64_MAX, behind);
  commit_document(&made, 1, 1, 12, n - 12);
  accepts(OL_RULE_DOCUMENTS, PICKS(D(1)), UINT64_MAX, behind);
  commit_document(&made, 1, 1, 12, 0 - UINT64_C(12));
  accepts(OL_RULE_DOCUMENTS, PICKS(D(1)), UINT64_MAX, behind);
  refuses(OL_RULE_DOCUMENTS, PICKS(D(1), D(2)), 0, "a document that ends behind the text is opened alone");
  refuses(OL_RULE_DOCUMENTS, PICKS(D(1), T(0)), 0, "a document that ends behind the text is opened alone");
  make();
  uint64_t start = ol_load_be64(bytes_of(OL_OPENED_DOCUMENTS, last) + 28);
  commit_document(&made, last, 1, start, n - start - 2);
  accepts(OL_RULE_DOCUMENTS, PICKS(D(last)), UINT64_MAX,
          "the last document does not end where the text does");
}

static void plant(uint64_t position, uint8_t byte) {
  text[position] = byte;
  commit_text(&made, text);
}

static void refutes_texts_of_documents(void **state) {
  (void)state;
  make();
  plant(11, 'x');
  accepts(OL_RULE_DOCUMENTS, PICKS(D(0), T(0)), 11, "a document is not followed by 0xFF");
  accepts(OL_RULE_DOCUMENTS, PICKS(D(0), T(0), T(1)), 11, "a document is not followed by 0xFF");
  refuses(OL_RULE_DOCUMENTS, PICKS(D(0), T(1)), OL_NOWHERE, "the text of the document is right there");
  refuses(OL_RULE_DOCUMENTS, PICKS(D(0), T(0), T(2)), 2, OTHER_INDEX);
  refuses(OL_RULE_DOCUMENTS, PICKS(D(0), T(1), T(0)), 2, OTHER_INDEX);
  refuses(OL_RULE_DOCUMENTS, PICKS(D(0), T(0), D(1)), 2, OTHER_TREE);
  made.leaves[OL_OPENED_TEXT][0].len = 100;
  refuses(OL_RULE_DOCUMENTS, PICKS(D(0), T(0)), 1, NO_FORM);
  /* An empty document's. */
  make();
  plant(12, 'x');
  accepts(OL_RULE_DOCUMENTS, PICKS(D(1), T(0)), 12, "a document is not followed by 0xFF");
  /* The last byte of T. */
  make();
  plant(n_of() - 1, 'x');
  accepts(OL_RULE_DOCUMENTS, PICKS(D(3), T(n_of() / 128)), n_of() - 1, "a document is not followed by 0xFF");
  /* 0xFF inside. */
  make();
  plant(3, 0xff);
  accepts(OL_RULE_DOCUMENTS, PICKS(D(0), T(0)), 3, "a document is not UTF-8");
  refuses(OL_RULE_DOCUMENTS, PICKS(D(1), T(0)), OL_NOWHERE, "the text of the document is right there");
  make();
  plant(200, 0xff);
  accepts(OL_RULE_DOCUMENTS, PICKS(D(2), T(1)), 200, "a document is not UTF-8");
  accepts(OL_RULE_DOCUMENTS, PICKS(D(2), T(0), T(1)), 200, "a document is not UTF-8");
  /* A character that the document's end cuts. */
  make();
  plant(10, 0xc3);
  accepts(OL_RULE_DOCUMENTS, PICKS(D(0), T(0)), 10, "a document is not UTF-8");
  /* A document cannot begin inside of a character. */
  make();
  plant(13, 0x80);
  accepts(OL_RULE_DOCUMENTS, PICKS(D(2), T(0)), 13, "a document is not UTF-8");
}

/* Documents whose first and last byte are at borders of chunks. */
static void judges_documents_at_borders(void **state) {
  (void)state;
  uint8_t bytes[400];
  memset(bytes, 'x', sizeof bytes);
  for (size_t len = 126; len <= 129; len++) {
    const ol_slice documents[] = {{bytes, len}, {bytes, 400 - len}};
    for (uint64_t k = 0; k < 2; k++) {
      commit_make(&made, text, documents, 2);
      uint64_t start = k == 0 ? 0 : len + 1;
      uint64_t end = k == 0 ? len : n_of() - 1;
      for (uint64_t c = 0; c < 4; c++) {
        refuses(OL_RULE_DOCUMENTS, PICKS(D(k), T(c)), OL_NOWHERE, "the text of the document is right there");
      }
      plant(end, 'y');
      accepts(OL_RULE_DOCUMENTS, PICKS(D(k), T(end / 128)), end, "a document is not followed by 0xFF");
      plant(end, 0xff);
      plant(start, 0xbf);
      accepts(OL_RULE_DOCUMENTS, PICKS(D(k), T(start / 128)), start, "a document is not UTF-8");
      plant(start, 'x');
      plant(end - 1, 0xe2);
      accepts(OL_RULE_DOCUMENTS,
              end % 128 == 0 ? (const pick[]){D(k), T(end / 128 - 1)} : (const pick[]){D(k), T(end / 128)}, 2,
              end - 1, "a document is not UTF-8");
    }
  }
}

/* --- Parts of UTF-8 --- */

/* RFC 3629 by code points, and not by ranges of bytes. */
static bool is_utf8(const uint8_t *bytes, size_t len) {
  for (size_t at = 0; at < len;) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t point = bytes[at];
    size_t size = point < 0x80 ? 1 : point >> 5 == 6 ? 2 : point >> 4 == 14 ? 3 : point >> 3 == 30 ? 4 : 0;
    if (size == 0 || size > len - at) return false;
    if (size > 1) point &= 0x7fu >> size;
    for (size_t i = 1; i < size; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) return false;
      point = point << 6 | (bytes[at + i] & 0x3f);
    }
    if (point < least[size] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
    at += size;
  }
  return true;
}

/* Whether some text has the part: with what may stand before it and behind it. */
static bool can_be_part(const uint8_t *part, size_t len, bool begins, bool ends) {
  static const char *const before[] = {"", "\xc2", "\xe1", "\xe1\x80", "\xf1", "\xf1\x80", "\xf1\x80\x80"};
  static const char *const behind[] = {"",         "\x80",         "\xbf",        "\x80\x80",
                                       "\xbf\x80", "\x80\x80\x80", "\xbf\x80\x80"};
  for (size_t i = 0; i < (begins ? 1 : 7); i++) {
    for (size_t j = 0; j < (ends ? 1 : 7); j++) {
      uint8_t whole[16];
      size_t front = strlen(before[i]);
      size_t back = strlen(behind[j]);
      memcpy(whole, before[i], front);
      memcpy(whole + front, part, len);
      memcpy(whole + front + len, behind[j], back);
      if (is_utf8(whole, front + len + back)) return true;
    }
  }
  return false;
}

static void finds_parts_that_no_text_has(void **state) {
  (void)state;
  static const uint8_t alphabet[] = {0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf,
                                     0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff};
  const size_t letters = sizeof alphabet;
  size_t parts = 1;
  size_t right = 0;
  for (size_t len = 0; len <= 4; len++, parts *= letters) {
    for (size_t part = 0; part < parts; part++) {
      uint8_t bytes[4];
      size_t rest = part;
      for (size_t i = 0; i < len; i++, rest /= letters) bytes[i] = alphabet[rest % letters];
      for (int mode = 0; mode < 4; mode++) {
        bool begins = (mode & 1) != 0;
        bool ends = (mode & 2) != 0;
        bool is_right = ol_rule_utf8(ol_slice_of(bytes, len), begins, ends) == len;
        assert_int_equal(is_right, can_be_part(bytes, len, begins, ends));
        right += is_right;
      }
    }
  }
  assert_true(right > 1000);
}

/* --- Files --- */

static void plant_order(void) {
  make();
  uint64_t i = commit_rank(&made, 0);
  swap_suffixes(i, i + 1);
  commit_seal(&made);
  write_file(OL_RULE_ORDER, PICKS(S(i), S(i + 1)));
  assert_int_equal(read_file(), OL_OK);
}

static void refuses_files_that_are_cut_or_go_on(void **state) {
  (void)state;
  plant_order();
  size_t whole = file_len;
  for (file_len = 0; file_len < whole; file_len++) {
    assert_int_equal(read_file(), OL_ERR_ENCODING);
    assert_string_equal(error.reason, "the refutation is cut");
    assert_true(error.offset <= file_len);
  }
  file[whole] = 0;
  file_len = whole + 1;
  assert_int_equal(read_file(), OL_ERR_ENCODING);
  assert_string_equal(error.reason, "bytes are left over");
  assert_int_equal(error.offset, whole);
}

/* Each byte belongs to something: none can be another one. */
static void refuses_files_with_any_other_byte(void **state) {
  (void)state;
  plant_order();
  ol_hash id = refuted.corpus_id;
  for (size_t at = 0; at < file_len; at++) {
    for (int bit = 0; bit < 8; bit++) {
      file[at] ^= (uint8_t)(1 << bit);
      ol_status status = read_file();
      /* The roots that nothing is opened of, i0, docs and the epoch may be others: it is another corpus then. */
      if (status == OL_OK) assert_memory_not_equal(&refuted.corpus_id, &id, sizeof id);
      bool is_unread = (at >= 5 + 8 && at < 5 + 40) || (at >= 5 + 72 && at < 5 + 160);
      assert_int_equal(status == OL_OK, is_unread);
      file[at] ^= (uint8_t)(1 << bit);
    }
  }
}

static void names_what_is_wrong_with_a_file(void **state) {
  (void)state;
  plant_order();
  const size_t first = 5 + 160 + 2;
  const size_t path = first + 11 + made.leaves[OL_OPENED_SUFFIXES][0].len + 1;
  const struct {
    size_t at;
    uint8_t byte;
    int status;
    uint32_t item;
    const char *reason;
  } cases[] = {
      {0, 'B', OL_ERR_ENCODING, OL_NOWHERE, "this is no refutation"},
      {4, 2, OL_ERR_ENCODING, OL_NOWHERE, "the version is not 1"},
      {165, 9, OL_ERR_ENCODING, OL_NOWHERE, "there is no such rule"},
      {166, 4, OL_ERR_ENCODING, OL_NOWHERE, "there are more than three openings"},
      {166, 3, OL_ERR_ENCODING, OL_NOWHERE, "the refutation is cut"},
      {166, 1, OL_ERR_ENCODING, OL_NOWHERE, "bytes are left over"},
      {first, 4, OL_ERR_ENCODING, OL_NOWHERE, "there is no such tree"},
      {first + 1, 1, OL_ERR_PROOF, 0, "the index is behind the last leaf"},
      {first + 8, (uint8_t)(file[first + 8] ^ 2), OL_ERR_PROOF, 0,
       "the opening is not under the header's root"},
      {first + 11, 1, OL_ERR_PROOF, 0, "the opening is not under the header's root"},
      {path, (uint8_t)~file[path], OL_ERR_PROOF, 0, "the opening is not under the header's root"},
      {file_len - 1, (uint8_t)~file[file_len - 1], OL_ERR_PROOF, 1,
       "the opening is not under the header's root"},
      {5 + 40, (uint8_t)~file[5 + 40], OL_ERR_PROOF, 0, "the opening is not under the header's root"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint8_t right = file[cases[i].at];
    file[cases[i].at] = cases[i].byte;
    assert_int_equal(read_file(), cases[i].status);
    assert_string_equal(error.reason, cases[i].reason);
    assert_int_equal(error.item, cases[i].item);
    file[cases[i].at] = right;
  }
  assert_int_equal(read_file(), OL_OK);
  /* The openings of another corpus. */
  ol_opening openings[2] = {refuted.openings[0], refuted.openings[1]};
  ol_corpus_header other = made.header;
  other.suffix_root.bytes[0] ^= 1;
  static uint8_t copy[sizeof file];
  size_t len = 0;
  memcpy(copy, file, file_len);
  assert_int_equal(ol_refutation_read(&error, &refuted, ol_slice_of(copy, file_len)), OL_OK);
  openings[0] = refuted.openings[0];
  openings[1] = refuted.openings[1];
  assert_int_equal(ol_refutation_write(&error, file, sizeof file, &len, &other, OL_RULE_ORDER, openings, 2),
                   OL_OK);
  file_len = len;
  assert_int_equal(read_file(), OL_ERR_PROOF);
  assert_string_equal(error.part, "opening");
}

static void refuses_paths_of_other_lengths(void **state) {
  (void)state;
  make();
  uint64_t i = commit_rank(&made, 0);
  swap_suffixes(i, i + 1);
  commit_seal(&made);
  for (int change = -1; change <= 1; change++) {
    ol_opening openings[2] = {commit_open(&made, 0, OL_OPENED_SUFFIXES, i),
                              commit_open(&made, 1, OL_OPENED_SUFFIXES, i + 1)};
    openings[1].path.len = (size_t)((int)openings[1].path.len + 32 * change);
    assert_int_equal(
        ol_refutation_write(&error, file, sizeof file, &file_len, &made.header, OL_RULE_ORDER, openings, 2),
        OL_OK);
    assert_int_equal(read_file(), change == 0 ? OL_OK : OL_ERR_PROOF);
    if (change == 0) continue;
    assert_string_equal(error.reason, "the path has not as many levels as the index has");
    assert_int_equal(error.item, 1);
  }
}

/* A leaf is in one tree only: another tree's, with the same index and path, is none of this one's. */
static void opens_leaves_in_their_own_tree_only(void **state) {
  (void)state;
  make();
  commit_seal(&made);
  for (uint32_t tree = 0; tree < OL_OPENED_TREES; tree++) {
    ol_opening opening = commit_open(&made, 0, tree, 1);
    assert_int_equal(ol_opening_check(&error, &made.header, &opening), OL_OK);
    assert_int_equal(opening.path.len, ol_opening_path_len(&made.header, tree, 1));
    opening.index = 2;
    assert_int_equal(ol_opening_check(&error, &made.header, &opening), OL_ERR_PROOF);
    opening.index = ol_opening_leaves(&made.header, tree);
    assert_int_equal(ol_opening_path_len(&made.header, tree, opening.index), 0);
    assert_int_equal(ol_opening_check(&error, &made.header, &opening), OL_ERR_PROOF);
    opening.index = 1;
    opening.tree = tree ^ 3;
    assert_int_equal(ol_opening_check(&error, &made.header, &opening), OL_ERR_PROOF);
    opening.tree = OL_OPENED_TREES;
    assert_int_equal(ol_opening_check(&error, &made.header, &opening), OL_ERR_ARGUMENT);
  }
  assert_int_equal(ol_opening_leaves(&made.header, OL_OPENED_TREES), 0);
  /* The minima that are recorded are under the root as well. */
  ol_opening first = commit_open(&made, 0, OL_OPENED_FIRST, 1);
  for (size_t at = 0; at < first.path.len; at++) {
    made.paths[0][at] ^= 1;
    assert_int_equal(ol_opening_check(&error, &made.header, &first), OL_ERR_PROOF);
    made.paths[0][at] ^= 1;
  }
}

static void writes_within_bounds(void **state) {
  (void)state;
  make();
  commit_seal(&made);
  ol_opening openings[4] = {commit_open(&made, 0, OL_OPENED_FIRST, 0),
                            commit_open(&made, 1, OL_OPENED_TEXT, 0)};
  const ol_opening right = openings[0];
  assert_int_equal(ol_refutation_write(&error, file, sizeof file, &file_len, &made.header, 0, openings, 2),
                   OL_OK);
  size_t needed = file_len;
  memset(file, 0xaa, sizeof file);
  assert_int_equal(ol_refutation_write(&error, file, needed - 1, &file_len, &made.header, 0, openings, 2),
                   OL_ERR_MEMORY);
  assert_int_equal(file[0], 0xaa);
  assert_int_equal(ol_refutation_write(&error, file, needed, &file_len, &made.header, 0, openings, 2), OL_OK);
  assert_int_equal(file_len, needed);
  assert_int_equal(file[needed], 0xaa);
  assert_int_equal(
      ol_refutation_write(&error, file, sizeof file, &file_len, &made.header, OL_CORPUS_RULES, openings, 1),
      OL_ERR_ARGUMENT);
  assert_int_equal(ol_refutation_write(&error, file, sizeof file, &file_len, &made.header, 0, openings, 4),
                   OL_ERR_ARGUMENT);
  static uint8_t zeros[OL_REFUTATION_PAYLOAD + 1];
  for (int i = 0; i < 5; i++) {
    openings[0] = right;
    if (i == 0) {
      openings[0] = openings[1];
      openings[0].tree = OL_OPENED_TREES;
    }
    if (i == 1) openings[0].payload = ol_slice_of(zeros, sizeof zeros);
    if (i == 2) openings[0].path.len = 7;
    if (i == 3) openings[0].path.len -= 1;
    if (i == 4) openings[0].path = ol_slice_of(zeros, 65 * 48 + 8);
    assert_int_equal(ol_refutation_write(&error, file, sizeof file, &file_len, &made.header, 0, openings, 1),
                     OL_ERR_ARGUMENT);
    assert_int_equal(error.item, 0);
  }
  /* The longest file. */
  for (int i = 0; i < 3; i++) {
    openings[i] = (ol_opening){OL_OPENED_FIRST, 0, ol_slice_of(zeros, OL_REFUTATION_PAYLOAD),
                               ol_slice_of(zeros, 64 * 48 + 8)};
  }
  assert_int_equal(ol_refutation_write(&error, file, sizeof file, &file_len, &made.header, 0, openings, 3),
                   OL_OK);
  assert_int_equal(file_len, OL_REFUTATION_BYTES);
}

static void judges_what_it_is_given(void **state) {
  (void)state;
  ol_refutation tried = {.rule = OL_CORPUS_RULES};
  assert_int_equal(ol_refutation_judge(&error, &tried), OL_ERR_ARGUMENT);
  tried.rule = OL_RULE_HEADER;
  tried.count = 4;
  assert_int_equal(ol_refutation_judge(&error, &tried), OL_ERR_ARGUMENT);
  tried.count = 0;
  assert_int_equal(ol_refutation_judge(&error, &tried), OL_OK);
  assert_string_equal(tried.text, "n is 0");
}

static void names_rules(void **state) {
  (void)state;
  static const char *const names[] = {"shape",  "A",      "anchor", "B",      "C",
                                      "D leaf", "D node", "E",      "header", "unknown"};
  for (uint32_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_string_equal(ol_corpus_rule_name(i), names[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(refutes_no_right_corpus_by_any_openings),
      cmocka_unit_test(refutes_no_right_corpus_at_any_place),
      cmocka_unit_test(refutes_no_text_that_fills_its_chunks),
      cmocka_unit_test(refutes_headers),
      cmocka_unit_test(refutes_shapes),
      cmocka_unit_test(refutes_successors),
      cmocka_unit_test(refutes_anchors),
      cmocka_unit_test(refutes_orders),
      cmocka_unit_test(refutes_prefixes),
      cmocka_unit_test(refutes_first_occurrences),
      cmocka_unit_test(refutes_minima),
      cmocka_unit_test(refutes_places_of_documents),
      cmocka_unit_test(refutes_texts_of_documents),
      cmocka_unit_test(judges_documents_at_borders),
      cmocka_unit_test(finds_parts_that_no_text_has),
      cmocka_unit_test(refuses_files_that_are_cut_or_go_on),
      cmocka_unit_test(refuses_files_with_any_other_byte),
      cmocka_unit_test(names_what_is_wrong_with_a_file),
      cmocka_unit_test(refuses_paths_of_other_lengths),
      cmocka_unit_test(opens_leaves_in_their_own_tree_only),
      cmocka_unit_test(writes_within_bounds),
      cmocka_unit_test(judges_what_it_is_given),
      cmocka_unit_test(names_rules),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
