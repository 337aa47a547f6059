// SPDX-License-Identifier: MIT
// Finds what an answer quotes, and writes the evidence: by looking everywhere.
import { compareSuffix, fullyOpened } from './evidence.mjs';

/**
 * @typedef {import('./corpus.mjs').Corpus} Corpus
 * @typedef {import('./policy.mjs').Policy} Policy
 * @typedef {{ s: number, e: number }} Word
 */

const occurs = (/** @type {Corpus} */ corpus, /** @type {Uint8Array} */ P) => corpus.T.includes(P);

/** For each l the largest r with R[l..r) in T. @param {Corpus} corpus @param {Uint8Array} R */
function reaches(corpus, R) {
  let r = 0;
  return Array.from(R, (_, l) => {
    r = Math.max(r, l);
    while (r < R.length && occurs(corpus, R.subarray(l, r + 1))) r++;
    return r;
  });
}

/** @param {Corpus} corpus @param {Uint8Array} R @param {number} K */
export function maximalSpans(corpus, R, K) {
  const reach = reaches(corpus, R);
  return reach.map((r, l) => ({ l, r })).filter(({ l, r }) => r - l >= K && (l === 0 || r > reach[l - 1]));
}

/** @param {Corpus} corpus @param {Uint8Array} R @returns {Word[]} absent words of which every part occurs */
export function minimalAbsentWords(corpus, R) {
  const reach = reaches(corpus, R);
  return reach.map((r, l) => ({ s: l, e: r + 1 })).filter(({ s, e }) => e <= R.length && (s + 1 >= R.length || reach[s + 1] > e - 1));
}

/**
 * The fewest absent words that show what section 2.3 wants: each interval has one inside.
 * @param {{ l: number, r: number }[]} spans @param {Word[]} absent @param {number} length of R @param {number} K
 */
export function cover(spans, absent, length, K) {
  /** @type {[number, number][]} */
  const wanted = [];
  spans.forEach(({ l, r }, i) => {
    if (l > 0) wanted.push([l - 1, r]);
    if (r < length) wanted.push([l, r + 1]);
    const next = spans[i + 1];
    if (next && next.l <= r - K + 1) wanted.push([next.l - 1, r + 1]);
  });
  for (let w = 0; w + K <= length; w++) {
    if (!spans.some(({ l, r }) => l <= w && w + K <= r)) wanted.push([w, w + K]);
  }
  const isIn = (/** @type {Word} */ { s, e }, /** @type {[number, number]} */ [from, to]) => from <= s && e <= to;
  /** @type {Word[]} */
  const chosen = [];
  for (const interval of wanted.sort((a, b) => a[1] - b[1] || b[0] - a[0])) {
    if (chosen.some((word) => isIn(word, interval))) continue;
    const last = absent.filter((word) => isIn(word, interval)).at(-1);
    if (!last) throw new Error('the spans are not the maximal ones');
    chosen.push(last);
  }
  return chosen.sort((a, b) => a.s - b.s);
}

/** Ranks [lo, hi) of the suffixes that start with a word; lo = hi where it is absent. @param {Corpus} corpus @param {Uint8Array} P */
export function rangeOf({ T, SA }, P) {
  const cut = (/** @type {bigint} */ at) => Buffer.compare(T.subarray(Number(at), Number(at) + P.length), P);
  const lo = SA.findIndex((at) => cut(at) >= 0);
  const hi = SA.findIndex((at) => cut(at) > 0);
  return { lo: lo < 0 ? SA.length : lo, hi: hi < 0 ? SA.length : hi };
}

/**
 * Evidence before it is laid out: ranks, and what is opened.
 * @typedef {{ spans: { l: number, r: number, lo: number, hi: number }[], words: { s: number, e: number, u: number }[], leaves: number[],
 *   chunks: number[], documents: number[], ranges: { lo: bigint, hi: bigint }[] }} Plan
 */

/**
 * What spans and words need opened. Attacks give others than the true ones.
 * @param {Corpus} corpus @param {Uint8Array} R @param {Policy} policy @param {{ l: number, r: number, lo?: number, hi?: number }[]} spanList
 * @param {{ s: number, e: number, u?: number }[]} wordList @returns {Plan}
 */
export function plan(corpus, R, policy, spanList, wordList) {
  const size = Number(corpus.n);
  const spans = spanList.map((span) => ({ ...rangeOf(corpus, R.subarray(span.l, span.r)), ...span }));
  const words = wordList.map((word) => ({ u: rangeOf(corpus, R.subarray(word.s, word.e)).hi, ...word }));
  const earns = spans.filter(({ lo, hi }) => hi - lo <= policy.maxCount);
  const isFull = (/** @type {{ lo: number, hi: number }} */ { lo, hi }) => BigInt(hi - lo) <= fullyOpened(policy);
  const leaves = new Set(words.flatMap(({ u }) => [u - 1, u]));
  spans.forEach(({ lo, hi }) => [lo - 1, lo, hi - 1, hi].forEach((at) => leaves.add(at)));
  earns.filter(isFull).forEach(({ lo, hi }) => { for (let at = lo; at < hi; at++) leaves.add(at); });

  /** @type {Set<number>} */
  const chunks = new Set();
  const look = (/** @type {number} */ at, /** @type {Uint8Array} */ P) => {
    if (at < 0 || at >= size) return;
    compareSuffix({ SA: corpus.SA[at], prefix: corpus.prefixes[at] }, P, corpus.n, (index) => {
      chunks.add(Number(index));
      return corpus.chunks[Number(index)];
    });
  };
  words.forEach(({ s, e, u }) => [u - 1, u].forEach((at) => look(at, R.subarray(s, e))));
  spans.forEach(({ l, r, lo, hi }) => [lo - 1, lo, hi - 1, hi].forEach((at) => look(at, R.subarray(l, r))));

  /** @type {Set<number>} */
  const documents = new Set();
  earns.forEach(({ lo, hi }) => {
    const all = corpus.SA.slice(lo, hi).sort((a, b) => (a < b ? -1 : 1));
    for (const position of policy.ownerRule === 0 ? all.slice(0, 1) : all) {
      documents.add(corpus.documents.findIndex(({ start, length }) => start <= position && position < start + length));
    }
  });
  const sorted = (/** @type {Set<number>} */ set) => [...set].sort((a, b) => a - b);
  return {
    spans, words, chunks: sorted(chunks), documents: sorted(documents), leaves: sorted(leaves).filter((at) => at >= 0 && at < size),
    ranges: earns.filter((span) => !isFull(span)).map(({ lo, hi }) => ({ lo: BigInt(lo), hi: BigInt(hi) })),
  };
}

/** Lays a plan out as evidence has it. @param {Corpus} corpus @param {Plan} p @returns {import('./evidence.mjs').SpanPart} */
export function layOut(corpus, p) {
  const { trees } = corpus;
  const ordinalOf = (/** @type {number} */ rank) => p.leaves.filter((at) => at < rank).length;
  const opened = (/** @type {import('./trees.mjs').Tree} */ tree, /** @type {number[]} */ list) => (
    list.map((index) => ({ index: BigInt(index), payload: Buffer.from(tree.payloads[index]) })));
  const proof = (/** @type {import('./trees.mjs').Tree} */ tree, /** @type {number[]} */ list) => tree.multiproof(list.map(BigInt));
  return {
    header: corpus.headerBytes,
    spans: p.spans.map(({ l, r, lo, hi }) => ({ l, r, a: ordinalOf(lo), b: ordinalOf(hi - 1) - ordinalOf(lo) })),
    words: p.words.map(({ s, e, u }) => ({ s, e, u: ordinalOf(u) })),
    leaves: p.leaves.map((at) => ({ index: BigInt(at), SA: corpus.SA[at], Psi: corpus.Psi[at], prefix: corpus.prefixes[at] })),
    siblings: proof(trees.suffixes, p.leaves),
    chunks: opened(trees.text, p.chunks),
    chunkSiblings: proof(trees.text, p.chunks),
    documents: opened(trees.documents, p.documents),
    documentSiblings: proof(trees.documents, p.documents),
    first: p.ranges.length ? trees.first.rangeProof(p.ranges) : [],
  };
}

/** The true spans, and the fewest words for them. @param {Corpus} corpus @param {Uint8Array} R @param {Policy} policy */
export function planOf(corpus, R, policy) {
  const spans = maximalSpans(corpus, R, policy.K);
  return plan(corpus, R, policy, spans, cover(spans, minimalAbsentWords(corpus, R), R.length, policy.K));
}

/** The part of evidence that is of spans. @param {Corpus} corpus @param {Uint8Array} R @param {Policy} policy */
export const prove = (corpus, R, policy) => layOut(corpus, planOf(corpus, R, policy));
