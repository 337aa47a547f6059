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
 * What spans and words need opened. Attacks give others than the true ones.
 * @param {Corpus} corpus @param {Uint8Array} R @param {Policy} policy @param {{ l: number, r: number }[]} spans @param {Word[]} words
 * @returns {import('./evidence.mjs').SpanPart}
 */
export function open(corpus, R, policy, spans, words) {
  const { n, trees } = corpus;
  const size = Number(n);
  const ranges = spans.map(({ l, r }) => rangeOf(corpus, R.subarray(l, r)));
  const places = words.map(({ s, e }) => rangeOf(corpus, R.subarray(s, e)).hi);
  const isFull = ranges.map(({ lo, hi }) => hi - lo <= policy.maxCount && BigInt(hi - lo) <= fullyOpened(policy));
  const isWide = ranges.map(({ lo, hi }, i) => hi - lo <= policy.maxCount && !isFull[i]);
  const needed = new Set(places.flatMap((u) => [u - 1, u]));
  ranges.forEach(({ lo, hi }, i) => {
    [lo - 1, lo, hi - 1, hi].forEach((at) => needed.add(at));
    if (isFull[i]) for (let at = lo; at < hi; at++) needed.add(at);
  });
  const indices = [...needed].filter((at) => at >= 0 && at < size).sort((a, b) => a - b);
  const leaves = indices.map((at) => ({ index: BigInt(at), SA: corpus.SA[at], Psi: corpus.Psi[at], prefix: corpus.prefixes[at] }));
  const ordinalOf = (/** @type {number} */ at) => (at === size ? indices.length : indices.indexOf(at));

  /** @type {Set<bigint>} */
  const read = new Set();
  const look = (/** @type {number} */ at, /** @type {Uint8Array} */ P) => {
    if (at < 0 || at >= size) return;
    compareSuffix({ SA: corpus.SA[at], prefix: corpus.prefixes[at] }, P, n, (index) => {
      read.add(index);
      return corpus.chunks[Number(index)];
    });
  };
  words.forEach(({ s, e }, i) => [places[i] - 1, places[i]].forEach((at) => look(at, R.subarray(s, e))));
  spans.forEach(({ l, r }, i) => [ranges[i].lo - 1, ranges[i].lo, ranges[i].hi - 1, ranges[i].hi].forEach((at) => look(at, R.subarray(l, r))));

  /** @type {Set<bigint>} */
  const owning = new Set();
  ranges.forEach(({ lo, hi }, i) => {
    if (!isFull[i] && !isWide[i]) return;
    const all = corpus.SA.slice(lo, hi).sort((a, b) => (a < b ? -1 : 1));
    for (const position of policy.ownerRule === 0 ? all.slice(0, 1) : all) {
      owning.add(BigInt(corpus.documents.findIndex(({ start, length }) => start <= position && position < start + length)));
    }
  });
  const sorted = (/** @type {Set<bigint>} */ set) => [...set].sort((a, b) => (a < b ? -1 : 1));
  const opened = (/** @type {import('./trees.mjs').Tree} */ tree, /** @type {bigint[]} */ list) => (
    list.map((index) => ({ index, payload: Buffer.from(tree.payloads[Number(index)]) })));
  return {
    header: corpus.headerBytes,
    spans: spans.map(({ l, r }, i) => ({ l, r, a: ordinalOf(ranges[i].lo), b: ordinalOf(ranges[i].hi - 1) - ordinalOf(ranges[i].lo) })),
    words: words.map(({ s, e }, i) => ({ s, e, u: ordinalOf(places[i]) })),
    leaves,
    siblings: trees.suffixes.multiproof(leaves.map(({ index }) => index)),
    chunks: opened(trees.text, sorted(read)),
    chunkSiblings: trees.text.multiproof(sorted(read)),
    documents: opened(trees.documents, sorted(owning)),
    documentSiblings: trees.documents.multiproof(sorted(owning)),
    first: trees.first.rangeProof(ranges.filter((_, i) => isWide[i]).map(({ lo, hi }) => ({ lo: BigInt(lo), hi: BigInt(hi) }))),
  };
}

/** The part of evidence that is of spans. @param {Corpus} corpus @param {Uint8Array} R @param {Policy} policy */
export function prove(corpus, R, policy) {
  const spans = maximalSpans(corpus, R, policy.K);
  return open(corpus, R, policy, spans, cover(spans, minimalAbsentWords(corpus, R), R.length, policy.K));
}
