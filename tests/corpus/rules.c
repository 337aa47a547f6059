/* SPDX-License-Identifier: MIT */

/*
 * That the rules on corpora accept exactly the right commitments, for all texts of at most 6 bytes over 2 and 3 letters,
 * one of which is 0xFF; and that each wrong one is refuted.  usage: rules [all]
 * Without an argument commitments of 6 bytes are audited by chance, and those that A breaks.
 *
 * What is a commitment here: SA in [0, n)^n, Psi in ([0, n) or END)^n, i0 in [0, n), a prefix of min(32, n - SA[i]) letters for each
 * i, n first occurrences, and the minima of their tree; and documents with start and length in [0, n]. For n = 6 there are 5.5e9
 * pairs of SA and Psi alone. The rules are judged by the library's own judge, and so that nothing is lost:
 *
 * A. What it says of i it says of SA[i], Psi[i] and SA[Psi[i]], so for each SA it is asked for each i and each value of
 *    Psi[i] by itself. The pairs that it lets through are exactly the products of the values that it lets through at each i, and
 *    these are all enumerated; every other pair is refuted at some i. That what it says is what A says is compared as well.
 * Anchor. It is asked for all i0 with each pair that A lets through. Those that are left must be the n! permutations with
 *    their successors, and i0 the place of 0. So what follows need only look at these.
 * C. It says of i whether its prefix is T[SA[i]] and that of Psi[i], and of the last suffix whether it is its byte. So the prefix of
 *    Psi[i] being given, one prefix of i is let through: by induction from the end of T one family of prefixes. For n <= 3, and
 *    for n = 4 over two letters, all families are tried with all permutations; beyond, each single letter of the right one is changed.
 * B. With the prefixes that C lets through, all texts with all permutations: only the suffix array may be let through.
 * D. A leaf is judged by itself, so each i and each value in [0, n]; and each node of the tree with each minimum in [0, n].
 * E. All texts, and all lists of up to three documents for n <= 4, of up to two beyond.
 */

#include "corpus/source.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST 6

static commitment made;
static ol_refutation tried;
static ol_audit_report report;
static uint8_t text[MOST];
static uint64_t sa[MOST];
static uint64_t psi[MOST];
static bool audits_all;
static uint64_t random_state = 0x2545f4914f6cdd1d;

static struct counts {
  uint64_t texts, pairs, let_through, permutations, families, right, minima, lists, audits;
} counts;

#define REQUIRE(condition) require(condition, #condition, __LINE__)

static void require(bool holds, const char *condition, int line) {
  if (holds) return;
  fprintf(stderr, "rules.c:%d: does not hold: %s; n %u\n", line, condition, (unsigned)made.header.n);
  exit(EXIT_FAILURE);
}

static uint64_t draw(uint64_t below) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state % below;
}

static uint64_t power(uint64_t base, uint64_t exponent) {
  uint64_t value = 1;
  while (exponent-- > 0) value *= base;
  return value;
}

/* --- The judge --- */

static void open_leaf(uint32_t ordinal, uint32_t tree, uint64_t index) {
  const commit_leaf *leaf = &made.leaves[tree][index];
  tried.openings[ordinal] = (ol_opening){tree, index, ol_slice_of(leaf->bytes, leaf->len), {NULL, 0}};
}

static bool is_broken(uint32_t rule, uint32_t count) {
  ol_error error;
  tried.header = made.header;
  tried.rule = rule;
  tried.count = count;
  ol_status status = ol_refutation_judge(&error, &tried);
  /* An opening that it did not ask for is a fault of this test. */
  REQUIRE(status == OL_OK || (status == OL_ERR_PROOF && error.part[0] == '\0' &&
                              strcmp(error.reason, "the rule asks for another number of openings") != 0));
  return status == OL_OK;
}

static bool breaks_a(uint64_t i) {
  bool is_alone = psi[i] == COMMIT_END || sa[i] == made.header.n - 1;
  open_leaf(0, OL_OPENED_SUFFIXES, i);
  if (!is_alone) open_leaf(1, OL_OPENED_SUFFIXES, psi[i]);
  return is_broken(OL_RULE_SUCCESSOR, is_alone ? 1 : 2);
}

static bool breaks_anchor(void) {
  open_leaf(0, OL_OPENED_SUFFIXES, made.header.i0);
  return is_broken(OL_RULE_ANCHOR, 1);
}

static bool breaks_b(uint64_t i) {
  open_leaf(0, OL_OPENED_SUFFIXES, i);
  open_leaf(1, OL_OPENED_SUFFIXES, i + 1);
  return is_broken(OL_RULE_ORDER, 2);
}

static bool breaks_c(uint64_t i) {
  open_leaf(0, OL_OPENED_SUFFIXES, i);
  open_leaf(1, OL_OPENED_TEXT, 0);
  if (psi[i] != COMMIT_END) open_leaf(2, OL_OPENED_SUFFIXES, psi[i]);
  return is_broken(OL_RULE_PREFIX, psi[i] == COMMIT_END ? 2 : 3);
}

static bool breaks_order(void) {
  for (uint64_t i = 0; i + 1 < made.header.n; i++) {
    if (breaks_b(i)) return true;
  }
  return false;
}

static bool breaks_prefixes(void) {
  for (uint64_t i = 0; i < made.header.n; i++) {
    if (breaks_c(i)) return true;
  }
  return false;
}

static void put_suffixes(void) {
  for (uint64_t i = 0; i < made.header.n; i++) commit_suffix(&made, i, sa[i], psi[i], text);
}

/* The whole audit, with hashes: right exactly when it should be, and then not wrong; the core accepts what it brings. */
static void audit(bool is_right) {
  ol_error error;
  ol_refutation refuted;
  counts.audits++;
  commit_seal(&made);
  ol_audit_source source = commit_source(&made);
  REQUIRE(ol_audit_all(&error, &report, &source) == OL_OK);
  REQUIRE(report.verdict == (is_right ? OL_AUDIT_RIGHT : OL_AUDIT_WRONG));
  if (is_right) return;
  REQUIRE(ol_refutation_read(&error, &refuted, ol_slice_of(report.refutation, report.refutation_len)) ==
          OL_OK);
}

/* --- A and the anchor --- */

static void set_sa(uint64_t number) {
  for (uint64_t i = 0; i < made.header.n; i++, number /= made.header.n) sa[i] = number % made.header.n;
}

static uint64_t value_of_psi(uint64_t choice) {
  return choice == made.header.n ? COMMIT_END : choice;
}

/* Which values of Psi[i] A lets through, as bits; the last is END. */
static void judge_values(uint32_t *values) {
  uint64_t n = made.header.n;
  for (uint64_t i = 0; i < n; i++) {
    values[i] = 0;
    for (uint64_t choice = 0; choice <= n; choice++) {
      psi[i] = value_of_psi(choice);
      commit_suffix(&made, i, sa[i], psi[i], text);
      bool is_end = psi[i] == COMMIT_END;
      bool holds = sa[i] == n - 1 ? is_end : !is_end && sa[psi[i]] == sa[i] + 1;
      REQUIRE(breaks_a(i) == !holds);
      if (holds) values[i] |= 1u << choice;
    }
  }
}

/* A pair that A lets through: with each i0, only a permutation with its successors may go on. */
static void judge_anchors(void) {
  counts.let_through++;
  put_suffixes();
  uint32_t seen = 0;
  for (uint64_t i = 0; i < made.header.n; i++) seen |= 1u << sa[i];
  for (uint64_t i0 = 0; i0 < made.header.n; i0++) {
    made.header.i0 = i0;
    if (breaks_anchor()) continue;
    REQUIRE(seen == (1u << made.header.n) - 1 && sa[i0] == 0);
    counts.permutations++;
  }
}

static void judge_products(const uint32_t *values) {
  uint64_t n = made.header.n;
  uint64_t choice[MOST] = {0};
  for (;;) {
    bool is_let_through = true;
    for (uint64_t i = 0; i < n; i++) {
      psi[i] = value_of_psi(choice[i]);
      if ((values[i] >> choice[i] & 1) == 0) is_let_through = false;
    }
    if (is_let_through) judge_anchors();
    /* The next product; values that are not let through are left out. */
    uint64_t at = 0;
    while (at < n) {
      do choice[at]++;
      while (choice[at] <= n && (values[at] >> choice[at] & 1) == 0);
      if (choice[at] <= n) break;
      choice[at] = 0;
      while (choice[at] < n && (values[at] >> choice[at] & 1) == 0) choice[at]++;
      at++;
    }
    if (at == n) return;
  }
}

static void judge_pairs(uint64_t n) {
  made.header = (ol_corpus_header){.n = n, .documents = 1};
  uint64_t before = counts.permutations;
  uint64_t factorial = 1;
  memset(text, 'a', sizeof text);
  commit_text(&made, text);
  for (uint64_t number = 0; number < power(n, n); number++) {
    uint32_t values[MOST];
    set_sa(number);
    put_suffixes();
    judge_values(values);
    counts.pairs += power(n + 1, n);
    bool is_empty = false;
    for (uint64_t i = 0; i < n; i++) is_empty |= values[i] == 0;
    if (!is_empty) judge_products(values);
  }
  for (uint64_t i = 2; i <= n; i++) factorial *= i;
  REQUIRE(counts.permutations - before == factorial);
}

/* Pairs by chance, which A or the anchor nearly always breaks, audited. */
static void audit_pairs(uint64_t n, uint64_t count) {
  made.header = (ol_corpus_header){.n = n, .documents = 1};
  memset(text, 'a', n - 1);
  text[n - 1] = 0xff;
  commit_text(&made, text);
  commit_document(&made, 0, 1, 0, n - 1);
  uint64_t true_sa[MOST];
  uint64_t true_psi[MOST];
  commit_sort(true_sa, true_psi, text, n);
  for (uint64_t i = 0; i < count; i++) {
    bool is_near = draw(2) == 0;
    for (uint64_t at = 0; at < n; at++) {
      bool stays = is_near && draw(4) != 0;
      sa[at] = stays ? true_sa[at] : draw(n);
      psi[at] = stays ? true_psi[at] : value_of_psi(draw(n + 1));
    }
    made.header.i0 = draw(2) == 0 ? 0 : draw(n);
    put_suffixes();
    bool is_right = sa[made.header.i0] == 0 && memcmp(sa, true_sa, n * sizeof *sa) == 0 &&
                    memcmp(psi, true_psi, n * sizeof *psi) == 0;
    audit(is_right);
  }
}

/* --- B, C and D, over the permutations --- */

static bool next_permutation(uint64_t n) {
  uint64_t i = n - 1;
  while (i > 0 && sa[i - 1] > sa[i]) i--;
  if (i == 0) return false;
  uint64_t j = n - 1;
  while (sa[j] < sa[i - 1]) j--;
  uint64_t kept = sa[i - 1];
  sa[i - 1] = sa[j];
  sa[j] = kept;
  for (uint64_t low = i, high = n - 1; low < high; low++, high--) {
    kept = sa[low];
    sa[low] = sa[high];
    sa[high] = kept;
  }
  return true;
}

static void set_successors(uint64_t n) {
  uint64_t rank[MOST + 1];
  for (uint64_t i = 0; i < n; i++) rank[sa[i]] = i;
  for (uint64_t i = 0; i < n; i++) psi[i] = sa[i] == n - 1 ? COMMIT_END : rank[sa[i] + 1];
  made.header.i0 = rank[0];
}

static uint8_t letter_of(uint64_t letters, uint64_t number) {
  return number == letters - 1 ? 0xff : (uint8_t)('a' + number);
}

/* All families of prefixes: only the right one is let through, whatever else is right. */
static void judge_families(uint64_t letters) {
  uint64_t n = made.header.n;
  uint64_t let_through = 0;
  for (uint64_t number = 0; number < power(letters, n * (n + 1) / 2); number++) {
    uint64_t rest = number;
    bool is_right = true;
    for (uint64_t i = 0; i < n; i++) {
      uint8_t *prefix = made.leaves[OL_OPENED_SUFFIXES][i].bytes + 17;
      for (uint64_t at = 0; at < n - sa[i]; at++, rest /= letters) {
        prefix[at] = letter_of(letters, rest % letters);
        if (prefix[at] != text[sa[i] + at]) is_right = false;
      }
    }
    counts.families++;
    bool holds = !breaks_prefixes();
    REQUIRE(holds == is_right);
    let_through += holds;
  }
  REQUIRE(let_through == 1);
  put_suffixes();
}

static void judge_single_letters(uint64_t letters) {
  uint64_t n = made.header.n;
  for (uint64_t i = 0; i < n; i++) {
    uint8_t *prefix = made.leaves[OL_OPENED_SUFFIXES][i].bytes + 17;
    for (uint64_t at = 0; at < n - sa[i]; at++) {
      for (uint64_t letter = 0; letter < letters; letter++) {
        prefix[at] = letter_of(letters, letter);
        counts.families++;
        REQUIRE(breaks_prefixes() == (prefix[at] != text[sa[i] + at]));
      }
      prefix[at] = text[sa[i] + at];
    }
  }
}

/* Documents that E lets through, if the text has such. Returns: whether it has. */
static bool put_documents(void) {
  uint64_t n = made.header.n;
  uint64_t start = 0;
  made.header.documents = 0;
  for (uint64_t at = 0; at < n; at++) {
    if (text[at] != 0xff) continue;
    commit_document(&made, made.header.documents++, 1, start, at - start);
    start = at + 1;
  }
  return start == n;
}

static void judge_permutations(uint64_t n, uint64_t letters) {
  uint64_t true_sa[MOST];
  uint64_t true_psi[MOST];
  commit_sort(true_sa, true_psi, text, n);
  bool has_documents = put_documents();
  if (!has_documents) {
    made.header.documents = 1;
    commit_document(&made, 0, 1, 0, n - 1);
  }
  for (uint64_t i = 0; i < n; i++) sa[i] = i;
  do {
    set_successors(n);
    put_suffixes();
    bool is_right = memcmp(sa, true_sa, n * sizeof *sa) == 0;
    for (uint64_t i = 0; i < n; i++) REQUIRE(!breaks_a(i));
    REQUIRE(!breaks_anchor() && !breaks_prefixes());
    REQUIRE(breaks_order() == !is_right);
    counts.right += is_right;
    if (n <= 3 || (n == 4 && letters == 2))
      judge_families(letters);
    else if (is_right || draw(50) == 0)
      judge_single_letters(letters);
    if (n < 6 || audits_all || (is_right && draw(4) == 0) || draw(200) == 0) audit(is_right && has_documents);
  } while (next_permutation(n));
}

static void judge_minima(uint64_t n) {
  memset(text, 'a', sizeof text);
  made.header = (ol_corpus_header){.n = n, .documents = 1};
  for (uint64_t i = 0; i < n; i++) sa[i] = i;
  do {
    set_successors(n);
    put_suffixes();
    for (uint64_t i = 0; i < n; i++) {
      for (uint64_t value = 0; value <= n; value++) {
        ol_store_be64(made.leaves[OL_OPENED_FIRST][i].bytes, value);
        open_leaf(0, OL_OPENED_SUFFIXES, i);
        open_leaf(1, OL_OPENED_FIRST, i);
        REQUIRE(is_broken(OL_RULE_FIRST_LEAF, 2) == (value != sa[i]));
        counts.minima++;
      }
      ol_store_be64(made.leaves[OL_OPENED_FIRST][i].bytes, sa[i]);
    }
    if (draw(n == 6 ? 20 : 1) != 0) continue;
    /* Which subtrees there are depends on n alone; others are no nodes, and the lie is told nowhere. */
    for (uint64_t start = 0; start < n; start++) {
      for (uint64_t end = start + 1; end <= n; end++) {
        uint64_t least = n;
        for (uint64_t i = start; i < end; i++) least = sa[i] < least ? sa[i] : least;
        ol_hash honest;
        made.lies = false;
        made.sealed++;
        commit_root(&honest, &made, OL_OPENED_FIRST, n);
        for (uint64_t value = 0; value <= n; value++) {
          made.lies = true;
          made.lie_start = start;
          made.lie_end = end;
          made.lie = value;
          made.sealed++;
          commit_root(&made.header.first_root, &made, OL_OPENED_FIRST, n);
          bool is_other = memcmp(&honest, &made.header.first_root, sizeof honest) != 0;
          REQUIRE(!is_other || value != least);
          bool is_refuted = false;
          for (uint64_t i = 0; i < n; i++) {
            tried.openings[0] = commit_open(&made, 0, OL_OPENED_FIRST, i);
            is_refuted |= is_broken(OL_RULE_FIRST_NODE, 1);
          }
          REQUIRE(is_refuted == is_other);
          counts.minima++;
        }
      }
    }
    made.lies = false;
  } while (next_permutation(n));
}

static void judge_texts(uint64_t n, uint64_t letters) {
  made.header = (ol_corpus_header){.n = n};
  for (uint64_t number = 0; number < power(letters, n); number++) {
    uint64_t rest = number;
    for (uint64_t i = 0; i < n; i++, rest /= letters) text[i] = letter_of(letters, rest % letters);
    commit_text(&made, text);
    counts.texts++;
    judge_permutations(n, letters);
  }
}

/* --- E --- */

static bool breaks_documents(void) {
  uint64_t count = made.header.documents;
  for (uint64_t k = 0; k < count; k++) {
    open_leaf(0, OL_OPENED_DOCUMENTS, k);
    if (is_broken(OL_RULE_DOCUMENTS, 1)) return true;
    if (k + 1 < count) {
      open_leaf(1, OL_OPENED_DOCUMENTS, k + 1);
      if (is_broken(OL_RULE_DOCUMENTS, 2)) return true;
    }
    open_leaf(1, OL_OPENED_TEXT, 0);
    if (is_broken(OL_RULE_DOCUMENTS, 2)) return true;
  }
  return false;
}

/* Of the letters: 0xC3 and 0xA9 are a character together and none alone, 'a' is one. */
static bool is_text(const uint8_t *bytes, uint64_t len) {
  for (uint64_t i = 0; i < len; i++) {
    if (bytes[i] == 'a') continue;
    if (bytes[i] != 0xc3 || i + 1 == len || bytes[i + 1] != 0xa9) return false;
    i++;
  }
  return true;
}

static bool are_documents(const uint64_t (*documents)[2], uint64_t count) {
  uint64_t start = 0;
  for (uint64_t k = 0; k < count; k++) {
    uint64_t end = start + documents[k][1];
    if (documents[k][0] != start || end >= made.header.n || text[end] != 0xff) return false;
    if (!is_text(text + start, documents[k][1])) return false;
    start = end + 1;
  }
  return start == made.header.n;
}

static void judge_lists(uint64_t n, const uint8_t *alphabet, uint64_t letters) {
  uint64_t most = n <= 4 ? 3 : 2;
  if (most > n) most = n;
  made.header = (ol_corpus_header){.n = n};
  for (uint64_t number = 0; number < power(letters, n); number++) {
    uint64_t rest = number;
    for (uint64_t i = 0; i < n; i++, rest /= letters) text[i] = alphabet[rest % letters];
    commit_text(&made, text);
    for (uint64_t count = 1; count <= most; count++) {
      made.header.documents = count;
      for (uint64_t list = 0; list < power((n + 1) * (n + 1), count); list++) {
        uint64_t documents[3][2];
        uint64_t left = list;
        for (uint64_t k = 0; k < count; k++) {
          documents[k][0] = left % (n + 1);
          left /= n + 1;
          documents[k][1] = left % (n + 1);
          left /= n + 1;
          commit_document(&made, k, 1, documents[k][0], documents[k][1]);
        }
        counts.lists++;
        /* A document that ends behind T is opened alone, and the judge says so. */
        bool fits = true;
        for (uint64_t k = 0; k < count; k++) fits &= documents[k][0] + documents[k][1] < n;
        bool holds = fits ? !breaks_documents() : false;
        for (uint64_t k = 0; !fits && k < count; k++) {
          open_leaf(0, OL_OPENED_DOCUMENTS, k);
          if (documents[k][0] + documents[k][1] >= n) REQUIRE(is_broken(OL_RULE_DOCUMENTS, 1));
        }
        REQUIRE(holds == are_documents((const uint64_t(*)[2])documents, count));
      }
    }
  }
}

int main(int argc, char **argv) {
  audits_all = argc > 1 && strcmp(argv[1], "all") == 0;
  for (uint64_t n = 1; n <= MOST; n++) {
    judge_pairs(n);
    for (uint64_t letters = 2; letters <= 3; letters++) judge_texts(n, letters);
    judge_minima(n);
    audit_pairs(n, audits_all ? 200000 : 2000);
    judge_lists(n, (const uint8_t[]){'a', 0xff}, 2);
    judge_lists(n, (const uint8_t[]){0xc3, 0xa9, 0xff}, 3);
  }
  printf("%llu texts; %llu pairs of SA and Psi, of which A lets %llu through, and the anchor %llu;\n"
         "%llu families of prefixes; %llu suffix arrays right; %llu minima; %llu lists of documents; %llu "
         "audits\n",
         (unsigned long long)counts.texts, (unsigned long long)counts.pairs,
         (unsigned long long)counts.let_through, (unsigned long long)counts.permutations,
         (unsigned long long)counts.families, (unsigned long long)counts.right,
         (unsigned long long)counts.minima, (unsigned long long)counts.lists,
         (unsigned long long)counts.audits);
  return EXIT_SUCCESS;
}
