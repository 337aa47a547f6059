/* SPDX-License-Identifier: MIT */

/* Audits of planted faults, of what a source does not give or gives wrong, and of what one contributor has. */

#include "openledger/corpus.h"

#include "corpus/source.h"
#include "unit/bytes.h"

static commitment made;
static uint8_t text[COMMIT_LEAVES];
static ol_audit_report report;
static ol_error error;

/* Four documents of the contributors 1, 2, 3 and 1; the third is of four chunks and has characters of all lengths. */
static void make(void) {
  static const char middle[] = "Euros \xe2\x82\xac, accents \xc3\xa9, and \xf0\x90\x8d\x88 beyond. ";
  uint8_t longest[10 * sizeof middle];
  for (size_t i = 0; i < 10; i++) memcpy(longest + i * (sizeof middle - 1), middle, sizeof middle - 1);
  const ol_slice documents[] = {
      text_of("abracadabra"), {NULL, 0}, {longest, 10 * (sizeof middle - 1)}, text_of("abra")};
  commit_make(&made, text, documents, 4);
  commit_seal(&made);
}

/* Paths of a commitment that is audited for long are made once. */
static bool cached_path(void *context, uint8_t *out, size_t len, uint32_t tree, uint64_t index) {
  static ol_corpus_header of;
  static struct {
    bool is_made;
    uint8_t bytes[48 * 16 + 8];
  } paths[OL_OPENED_TREES][COMMIT_LEAVES];
  if (memcmp(&of, &made.header, sizeof of) != 0) memset(paths, 0, sizeof paths);
  of = made.header;
  if (!paths[tree][index].is_made) {
    if (!commit_source_path(context, paths[tree][index].bytes, len, tree, index)) return false;
    paths[tree][index].is_made = true;
  }
  memcpy(out, paths[tree][index].bytes, len);
  return true;
}

static ol_audit_source source_of(void) {
  ol_audit_source source = commit_source(&made);
  source.path = cached_path;
  return source;
}

static void audit_all(void) {
  ol_audit_source source = source_of();
  assert_int_equal(ol_audit_all(&error, &report, &source), OL_OK);
}

static void audit_some(uint64_t seed, uint64_t count) {
  ol_audit_source source = source_of();
  assert_int_equal(ol_audit_some(&error, &report, &source, seed, count), OL_OK);
}

/* What was found is wrong by this rule, and the core says the same of the file. */
static void assert_wrong(uint32_t rule) {
  ol_refutation refuted;
  char line[512];
  ol_audit_text(&report, line, sizeof line);
  if (report.verdict != OL_AUDIT_WRONG || report.wrong.rule != rule) print_error("%s\n", line);
  assert_int_equal(report.verdict, OL_AUDIT_WRONG);
  assert_int_equal(report.wrong.rule, rule);
  assert_int_equal(
      ol_refutation_read(&error, &refuted, ol_slice_of(report.refutation, report.refutation_len)), OL_OK);
  assert_string_equal(refuted.text, report.text);
  assert_memory_equal(&refuted.header, &made.header, sizeof made.header);
}

static void swap_suffixes(uint64_t i, uint64_t j) {
  uint64_t a[2] = {commit_sa(&made, i), commit_psi(&made, i)};
  uint64_t b[2] = {commit_sa(&made, j), commit_psi(&made, j)};
  commit_suffix(&made, i, b[0], b[1], text);
  commit_suffix(&made, j, a[0], a[1], text);
}

static void plant_text(uint64_t position, uint8_t byte) {
  text[position] = byte;
  commit_text(&made, text);
}

static void finds_nothing_wrong(void **state) {
  (void)state;
  char line[200];
  make();
  audit_all();
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  assert_true(report.suffixes == made.header.n && report.documents == 4);
  size_t len = ol_audit_text(&report, line, sizeof line);
  assert_int_equal(len, strlen(line));
  assert_memory_equal(line, "right: 419 suffixes and 4 documents, by ", 40);
  for (uint64_t seed = 0; seed < 20; seed++) {
    audit_some(seed, 20);
    assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
    assert_true(report.suffixes == 20 && report.documents == 20);
  }
  /* One byte: a document that is empty. */
  const ol_slice empty = {NULL, 0};
  commit_make(&made, text, &empty, 1);
  commit_seal(&made);
  audit_all();
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  audit_some(1, 3);
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
}

typedef struct plan {
  const char *what;
  uint32_t rule;
  void (*plant)(void);
} plan;

static void plant_header(void) {
  made.header.i0 = made.header.n;
}

static void plant_shape_of_text(void) {
  made.leaves[OL_OPENED_TEXT][1].len = 127;
}

static void plant_shape_of_suffix(void) {
  made.leaves[OL_OPENED_SUFFIXES][400].len++;
}

static void plant_shape_of_first(void) {
  made.leaves[OL_OPENED_FIRST][400].len = 3;
}

static void plant_shape_of_document(void) {
  made.leaves[OL_OPENED_DOCUMENTS][3].len = 0;
}

static void plant_successor(void) {
  commit_suffix(&made, 200, commit_sa(&made, 200), commit_psi(&made, 201), text);
}

/* Of the least suffix, so that the order stays. */
static void plant_end_too_early(void) {
  commit_suffix(&made, 0, commit_sa(&made, 0), COMMIT_END, text);
}

static void plant_no_end(void) {
  commit_suffix(&made, commit_rank(&made, made.header.n - 1), made.header.n - 1, 0, text);
}

static void plant_anchor(void) {
  made.header.i0++;
}

/* Two whole suffixes, so that Psi is wrong as well as the order; with it set right, only the order is. */
static void plant_order(void) {
  uint64_t i = commit_rank(&made, 0);
  uint64_t before = commit_rank(&made, commit_sa(&made, i + 1) - 1);
  swap_suffixes(i, i + 1);
  made.header.i0 = i + 1;
  commit_suffix(&made, before, commit_sa(&made, before), i, text);
}

static void plant_prefix(void) {
  made.leaves[OL_OPENED_SUFFIXES][300].bytes[17 + 31] ^= 1;
}

static void plant_first_leaf(void) {
  ol_store_be64(made.leaves[OL_OPENED_FIRST][300].bytes, 0);
}

static void plant_first_node(void) {
  made.lies = true;
  made.lie_start = 256;
  made.lie_end = 384;
  made.lie = 500;
}

static void plant_first_top(void) {
  made.lies = true;
  made.lie_start = 0;
  made.lie_end = made.header.n;
  made.lie = 1;
}

static void plant_first_document(void) {
  commit_document(&made, 0, 1, 1, 10);
}

static void plant_last_document(void) {
  made.header.documents--;
}

static void plant_neighbours(void) {
  commit_document(&made, 1, 2, 12, 3);
}

/* Text, suffixes and all else are of the bytes as they are; only that they are documents is wrong. */
static void make_of(const uint8_t *bytes, size_t len) {
  const ol_slice documents[] = {text_of("x"), {bytes, len}};
  commit_make(&made, text, documents, 2);
}

static void plant_terminator(void) {
  uint8_t bytes[140];
  memset(bytes, 'y', sizeof bytes);
  make_of(bytes, sizeof bytes);
  commit_document(&made, 0, 1, 0, 50);
  commit_document(&made, 1, 1, 51, made.header.n - 52);
}

static void plant_utf8(void) {
  uint8_t bytes[300];
  memset(bytes, 'y', sizeof bytes);
  bytes[290] = 0xc0;
  make_of(bytes, sizeof bytes);
}

static const plan plans[] = {
    {"header", OL_RULE_HEADER, plant_header},
    {"shape of text", OL_RULE_SHAPE, plant_shape_of_text},
    {"shape of a suffix", OL_RULE_SHAPE, plant_shape_of_suffix},
    {"shape of a first occurrence", OL_RULE_SHAPE, plant_shape_of_first},
    {"shape of a document", OL_RULE_SHAPE, plant_shape_of_document},
    {"A", OL_RULE_SUCCESSOR, plant_successor},
    {"END too early", OL_RULE_SUCCESSOR, plant_end_too_early},
    {"no END", OL_RULE_SUCCESSOR, plant_no_end},
    {"anchor", OL_RULE_ANCHOR, plant_anchor},
    {"B", OL_RULE_ORDER, plant_order},
    {"C", OL_RULE_PREFIX, plant_prefix},
    {"D leaf", OL_RULE_FIRST_LEAF, plant_first_leaf},
    {"D node", OL_RULE_FIRST_NODE, plant_first_node},
    {"D top", OL_RULE_FIRST_NODE, plant_first_top},
    {"first document", OL_RULE_DOCUMENTS, plant_first_document},
    {"last document", OL_RULE_DOCUMENTS, plant_last_document},
    {"neighbours", OL_RULE_DOCUMENTS, plant_neighbours},
    {"0xFF", OL_RULE_DOCUMENTS, plant_terminator},
    {"UTF-8", OL_RULE_DOCUMENTS, plant_utf8},
};

static void finds_each_fault(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
    make();
    plans[i].plant();
    commit_seal(&made);
    audit_all();
    assert_wrong(plans[i].rule);
  }
}

/* By chance each fault is found as well; how many draws it takes depends on how many places show it. */
static void finds_each_fault_by_chance(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
    make();
    plans[i].plant();
    commit_seal(&made);
    audit_some(i, 5000);
    assert_wrong(plans[i].rule);
  }
}

/* Each thing that is no character at each place around a border of chunks: rule E has a refutation for it. */
static void finds_what_is_no_utf8_at_borders(void **state) {
  (void)state;
  static const char *const wrong[] = {"\x80",
                                      "\xc3",
                                      "\xc1\x80",
                                      "\xe2\x82",
                                      "\xe0\x80\x80",
                                      "\xed\xa0\x80",
                                      "\xf0\x90\x8d",
                                      "\xf4\x90\x80\x80",
                                      "\xff",
                                      "\xf5\x80\x80\x80",
                                      "\xc3\xa9\x80",
                                      "\xe2\x82\xac\x80",
                                      "\xf0\x90\x8d\x88\x80"};
  for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++) {
    for (size_t at = 120; at < 132; at++) {
      for (int ends = 0; ends < 2; ends++) {
        uint8_t bytes[200];
        size_t len = strlen(wrong[w]);
        memset(bytes, 'y', sizeof bytes);
        memcpy(bytes + at, wrong[w], len);
        make_of(bytes, ends != 0 ? at + len : sizeof bytes);
        commit_seal(&made);
        audit_all();
        assert_wrong(OL_RULE_DOCUMENTS);
        assert_string_equal(report.text, "a document is not UTF-8");
      }
    }
  }
}

/* --- Sources --- */

static uint32_t poor_tree;
static uint64_t poor_index;
static int poor_kind; /* 0 no leaf, 1 no path, 2 another leaf, 3 another path */

static bool poor_leaf(void *context, uint8_t *out, size_t len, size_t *out_len, uint32_t tree,
                      uint64_t index) {
  bool is_poor = tree == poor_tree && index == poor_index;
  if (is_poor && poor_kind == 0) return false;
  if (!commit_source_leaf(context, out, len, out_len, tree, index)) return false;
  if (is_poor && poor_kind == 2) out[0] ^= 0x20;
  return true;
}

static bool poor_path(void *context, uint8_t *out, size_t len, uint32_t tree, uint64_t index) {
  bool is_poor = tree == poor_tree && index == poor_index;
  if (is_poor && poor_kind == 1) return false;
  if (!cached_path(context, out, len, tree, index)) return false;
  if (is_poor && poor_kind == 3) out[len - 1] ^= 1;
  return true;
}

/* A source cannot make a right corpus wrong: what it does not give, or gives wrong, is unavailable. */
static void believes_no_source(void **state) {
  (void)state;
  make();
  ol_audit_source source = {&made.header, poor_leaf, poor_path, &made};
  for (poor_tree = 0; poor_tree < OL_OPENED_TREES; poor_tree++) {
    poor_index = poor_tree == OL_OPENED_TEXT ? 0 : 1;
    for (poor_kind = 0; poor_kind < 4; poor_kind++) {
      assert_int_equal(ol_audit_all(&error, &report, &source), OL_OK);
      /* Paths are asked for only where the leaves are not those of the root. */
      bool is_asked = poor_kind == 0 || (poor_kind == 2 && poor_tree != OL_OPENED_SUFFIXES);
      if (poor_kind == 2 && poor_tree == OL_OPENED_SUFFIXES) {
        assert_int_equal(report.verdict,
                         OL_AUDIT_UNAVAILABLE); /* its SA is not below n, and its path does not lead there */
      } else {
        assert_int_equal(report.verdict, is_asked ? OL_AUDIT_UNAVAILABLE : OL_AUDIT_RIGHT);
      }
      if (report.verdict == OL_AUDIT_UNAVAILABLE) {
        char line[200];
        assert_int_equal(report.tree, poor_tree);
        assert_int_equal(report.index, poor_index);
        ol_audit_text(&report, line, sizeof line);
        assert_memory_equal(line, "unavailable: ", 13);
      }
      assert_int_equal(ol_audit_some(&error, &report, &source, 5, 2000), OL_OK);
      assert_int_equal(report.verdict, OL_AUDIT_UNAVAILABLE);
      assert_int_equal(report.tree, poor_tree);
    }
  }
}

/* A root of something else: nothing can be opened under it. */
static void takes_another_root_for_silence(void **state) {
  (void)state;
  for (uint32_t tree = 0; tree < OL_OPENED_TREES; tree++) {
    make();
    ol_hash *const roots[] = {&made.header.text_root, &made.header.suffix_root, &made.header.first_root,
                              &made.header.document_root};
    roots[tree]->bytes[31] ^= 1;
    audit_all();
    assert_int_equal(report.verdict, OL_AUDIT_UNAVAILABLE);
    assert_int_equal(report.tree, tree);
  }
}

/* --- Contributors --- */

static struct {
  size_t count;
  ol_audit_document documents[4];
} found;

static void take(void *context, const ol_audit_document *document) {
  assert_ptr_equal(context, &found);
  assert_true(found.count < 4);
  found.documents[found.count++] = *document;
}

static void audit_contributor(uint8_t contributor) {
  ol_address address;
  ol_audit_source source = source_of();
  memset(&address, contributor, sizeof address);
  found.count = 0;
  assert_int_equal(ol_audit_contributor(&error, &report, &source, &address, take, &found), OL_OK);
}

static void finds_what_a_contributor_has(void **state) {
  (void)state;
  ol_hash hash;
  make();
  audit_contributor(1);
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  assert_true(report.documents == 2 && report.suffixes == 15);
  assert_int_equal(found.count, 2);
  assert_true(found.documents[0].index == 0 && found.documents[0].start == 0 &&
              found.documents[0].length == 11);
  ol_keccak256(&hash, (const uint8_t *)"abracadabra", 11);
  assert_memory_equal(&found.documents[0].text, &hash, sizeof hash);
  assert_true(found.documents[1].index == 3 && found.documents[1].start == 414 &&
              found.documents[1].length == 4);
  assert_true(found.documents[1].datanet == 7 && found.documents[1].licence.bytes[31] == 0x22);
  ol_keccak256(&hash, (const uint8_t *)"abra", 4);
  assert_memory_equal(&found.documents[1].text, &hash, sizeof hash);
  audit_contributor(2);
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  assert_int_equal(found.count, 1);
  ol_keccak256(&hash, NULL, 0);
  assert_memory_equal(&found.documents[0].text, &hash, sizeof hash);
  audit_contributor(3);
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  ol_keccak256(&hash, text + 13, 400);
  assert_memory_equal(&found.documents[0].text, &hash, sizeof hash);
  audit_contributor(4);
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  assert_int_equal(found.count, 0);
}

/* Whatever is wrong with what the third contributor has is found, and what is not its own is not looked at. */
static void finds_faults_of_what_a_contributor_has(void **state) {
  (void)state;
  make();
  uint64_t i = commit_rank(&made, 100);
  made.leaves[OL_OPENED_SUFFIXES][i].bytes[17 + 20] ^= 1;
  commit_seal(&made);
  audit_contributor(1);
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  audit_contributor(3);
  assert_wrong(OL_RULE_PREFIX);

  make();
  plant_text(413, 'x'); /* behind its end; suffixes are of the old text */
  commit_seal(&made);
  audit_contributor(3);
  assert_wrong(OL_RULE_DOCUMENTS);

  make();
  ol_store_be64(made.leaves[OL_OPENED_FIRST][i].bytes, 101);
  commit_seal(&made);
  audit_contributor(3);
  assert_wrong(OL_RULE_FIRST_LEAF);

  make();
  made.lies = true;
  made.lie_start = i;
  made.lie_end = i + 1;
  made.lie = 101;
  commit_seal(&made);
  audit_contributor(3);
  assert_wrong(OL_RULE_FIRST_NODE);

  make();
  i = commit_rank(&made, 13); /* its first position, before any neighbour is looked at */
  commit_suffix(&made, i, 13, commit_psi(&made, commit_rank(&made, 200)), text);
  commit_seal(&made);
  audit_contributor(3);
  assert_wrong(OL_RULE_SUCCESSOR);

  make();
  plant_anchor();
  commit_seal(&made);
  audit_contributor(3);
  assert_wrong(OL_RULE_ANCHOR);

  /* Its suffix is after one that it should precede. */
  make();
  plant_order();
  commit_seal(&made);
  audit_contributor(1);
  assert_wrong(OL_RULE_ORDER);

  make();
  plant_neighbours();
  commit_seal(&made);
  audit_contributor(1);
  assert_wrong(OL_RULE_DOCUMENTS);

  make();
  ol_audit_source source = {&made.header, poor_leaf, poor_path, &made};
  ol_address address;
  memset(&address, 3, sizeof address);
  poor_kind = 2;
  poor_tree = OL_OPENED_TEXT;
  poor_index = 2;
  assert_int_equal(ol_audit_contributor(&error, &report, &source, &address, NULL, NULL), OL_OK);
  assert_int_equal(report.verdict, OL_AUDIT_UNAVAILABLE);
  poor_tree = OL_OPENED_DOCUMENTS;
  poor_index = 0;
  assert_int_equal(ol_audit_contributor(&error, &report, &source, &address, NULL, NULL), OL_OK);
  assert_int_equal(report.verdict, OL_AUDIT_UNAVAILABLE);
}

/* An own suffix behind another's that it should precede: seen from the rank before only, and all else stays right. */
static void looks_at_both_neighbours(void **state) {
  (void)state;
  make();
  uint64_t p = 1;
  uint64_t r = 0;
  uint64_t foreign = 0;
  for (;; p++) {
    assert_true(p < 11);
    r = commit_rank(&made, p);
    foreign = commit_sa(&made, r + 1);
    if (foreign > 13 && foreign < 413 && text[foreign] == text[p] && text[foreign - 1] != text[p - 1]) break;
  }
  uint64_t before = commit_rank(&made, p - 1);
  uint64_t before_foreign = commit_rank(&made, foreign - 1);
  swap_suffixes(r, r + 1);
  commit_suffix(&made, before, p - 1, r + 1, text);
  commit_suffix(&made, before_foreign, foreign - 1, r, text);
  commit_seal(&made);
  audit_contributor(1);
  assert_wrong(OL_RULE_ORDER);
  assert_true(report.wrong.openings[0].index == r);

  make();
  plant_header();
  audit_contributor(1);
  assert_wrong(OL_RULE_HEADER);
}

/* Two bytes of 520: each leaf by its path. */
static void checks_little_by_paths(void **state) {
  (void)state;
  uint8_t bytes[516];
  memset(bytes, 'y', sizeof bytes);
  const ol_slice documents[] = {text_of("ab"), {bytes, sizeof bytes}};
  for (int i = 0; i < 5; i++) {
    commit_make(&made, text, documents, 2);
    assert_true(made.header.n / 256 >= 2);
    uint64_t rank = commit_rank(&made, 1);
    if (i == 1) made.leaves[OL_OPENED_SUFFIXES][rank].bytes[17 + 9] ^= 1;
    if (i == 2) made.lies = true;
    if (i == 3) plant_text(0, 0x80);
    made.lie_start = rank;
    made.lie_end = rank + 1;
    made.lie = 9;
    commit_seal(&made);
    if (i == 4) made.header.suffix_root.bytes[0] ^= 1;
    audit_contributor(1);
    if (i == 1)
      assert_wrong(OL_RULE_PREFIX);
    else if (i == 2)
      assert_wrong(OL_RULE_FIRST_NODE);
    else if (i == 3)
      assert_wrong(OL_RULE_DOCUMENTS);
    else
      assert_int_equal(report.verdict, i == 0 ? OL_AUDIT_RIGHT : OL_AUDIT_UNAVAILABLE);
  }
}

static void says_what_is_wrong_in_words(void **state) {
  (void)state;
  char line[256];
  make();
  plant_prefix();
  commit_seal(&made);
  audit_all();
  char expected[256];
  (void)snprintf(expected, sizeof expected,
                 "wrong, rule C: a prefix does not go on as that of the next suffix: suffix 300, text chunk "
                 "%u, suffix %u; "
                 "byte %u",
                 (unsigned)(commit_sa(&made, 300) / 128), (unsigned)commit_psi(&made, 300),
                 (unsigned)(commit_sa(&made, 300) + 31));
  size_t len = ol_audit_text(&report, line, sizeof line);
  assert_string_equal(line, expected);
  assert_int_equal(len, strlen(expected));
  char cut[10];
  assert_int_equal(ol_audit_text(&report, cut, sizeof cut), len);
  assert_string_equal(cut, "wrong, ru");
}

/* --- A file --- */

static char folder[] = "/tmp/openledger-audit-XXXXXX";
static char path[64];

static ol_corpus *open_file(ol_audit_source *source) {
  ol_corpus *corpus = NULL;
  assert_int_equal(ol_corpus_open(&error, &corpus, path), OL_OK);
  assert_int_equal(ol_corpus_audit_source(&error, source, corpus), OL_OK);
  return corpus;
}

/* The builder's corpora, and a commitment that is made otherwise: the same header, and nothing wrong. */
static void audits_files(void **state) {
  (void)state;
  ol_corpus_builder *builder = NULL;
  ol_corpus_header header;
  ol_audit_source source;
  assert_non_null(mkdtemp(folder));
  (void)snprintf(path, sizeof path, "%s/corpus", folder);
  make();
  const ol_corpus_options options = {.epoch = made.header.epoch};
  assert_int_equal(ol_corpus_builder_new(&error, &builder, path, &options), OL_OK);
  for (uint64_t k = 0; k < made.header.documents; k++) {
    const uint8_t *leaf = made.leaves[OL_OPENED_DOCUMENTS][k].bytes;
    ol_address contributor;
    ol_hash licence;
    memcpy(contributor.bytes, leaf, 20);
    memcpy(licence.bytes, leaf + 44, 32);
    ol_slice document = {text + ol_load_be64(leaf + 28), (size_t)ol_load_be64(leaf + 36)};
    assert_int_equal(ol_corpus_builder_add(&error, builder, &contributor, 7, &licence, document), OL_OK);
  }
  assert_int_equal(ol_corpus_builder_finish(&error, builder, &header, NULL, NULL), OL_OK);
  ol_corpus_builder_free(builder);
  assert_memory_equal(&header, &made.header, sizeof header);

  ol_corpus *corpus = open_file(&source);
  assert_int_equal(ol_audit_all(&error, &report, &source), OL_OK);
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  assert_int_equal(ol_audit_some(&error, &report, &source, 1, 1000), OL_OK);
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  ol_address address;
  memset(&address, 3, sizeof address);
  assert_int_equal(ol_audit_contributor(&error, &report, &source, &address, NULL, NULL), OL_OK);
  assert_int_equal(report.verdict, OL_AUDIT_RIGHT);
  assert_true(report.suffixes == 400);
  /* Every path is that of the commitment, to the byte. */
  for (uint32_t tree = 0; tree < OL_OPENED_TREES; tree++) {
    for (uint64_t i = 0; i < ol_opening_leaves(&header, tree); i++) {
      uint8_t bytes[48 * 16 + 8];
      uint8_t expected[sizeof bytes];
      size_t len = commit_path(&made, expected, tree, i);
      assert_true(source.path(source.context, bytes, len, tree, i));
      assert_memory_equal(bytes, expected, len);
    }
  }
  ol_corpus_free(corpus);
  (void)remove(path);
  (void)remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(finds_nothing_wrong),
      cmocka_unit_test(finds_each_fault),
      cmocka_unit_test(finds_each_fault_by_chance),
      cmocka_unit_test(finds_what_is_no_utf8_at_borders),
      cmocka_unit_test(believes_no_source),
      cmocka_unit_test(takes_another_root_for_silence),
      cmocka_unit_test(finds_what_a_contributor_has),
      cmocka_unit_test(finds_faults_of_what_a_contributor_has),
      cmocka_unit_test(looks_at_both_neighbours),
      cmocka_unit_test(checks_little_by_paths),
      cmocka_unit_test(says_what_is_wrong_in_words),
      cmocka_unit_test(audits_files),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
