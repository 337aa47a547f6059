// SPDX-License-Identifier: MIT
// Vectors of evidence: what holds, and every way to break it.
import { REASONS, cat, reasonOf, u, uv } from './bytes.mjs';
import { corpusOf } from './corpus.mjs';
import { verifyEvidence, writeEvidence } from './evidence.mjs';
import { writePolicy } from './policy.mjs';
import { layOut, maximalSpans, minimalAbsentWords, plan, planOf, prove, rangeOf } from './prover.mjs';
import { POLICY, answerOf, drawer, hash32, pick, textOf, textsOf } from './random.mjs';

/**
 * @typedef {import('./policy.mjs').Policy} Policy
 * @typedef {import('./corpus.mjs').Corpus} Corpus
 * @typedef {import('./evidence.mjs').SpanPart} SpanPart
 * @typedef {import('./prover.mjs').Plan} Plan
 */

const text = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('hex');

/** A vector: what verifying gives, or why not. @param {string} name @param {Policy} policy @param {Uint8Array} evidence @param {Uint8Array} R */
export function evidenceVector(name, policy, evidence, R) {
  const vector = { name, policy: text(writePolicy(policy)), response: text(R), evidence: text(evidence), reason: '', code: 0, spans: /** @type {any[]} */ ([]),
    weights: /** @type {any[]} */ ([]), corpusId: '' };
  vector.reason = reasonOf(() => {
    const { spans, weights, corpusId } = verifyEvidence(policy, evidence, R);
    vector.spans = spans.map((span) => ({ start: span.start, end: span.end, count: Number(span.count), position: span.position === null ? null : Number(span.position),
      document: span.document === null ? null : Number(span.document), rarity: span.rarity, credited: span.credited, weight: Number(span.weight) }));
    vector.weights = weights.map(({ contributor, datanet, weight }) => ({ contributor: text(contributor), datanet: Number(datanet), weight: Number(weight) }));
    vector.corpusId = text(corpusId);
  });
  vector.code = REASONS.indexOf(vector.reason);
  return vector;
}
/** @typedef {ReturnType<typeof evidenceVector>} Vector */

const write = (/** @type {SpanPart} */ spans) => writeEvidence({ flags: 1, spans, rows: [] });

/** The world of the attacks: spans at both ends of R, overlapping, neighbouring, of one and of many occurrences, and longer than a prefix. */
export const world = corpusOf(textsOf([
  'the quick brown fox jumps over the lazy dog, then it sleeps in the long shade of an old oak tree',
  'a quick brown fox jumps over nothing',
  'and then it sleeps in the sun.',
  'but then it sleeps in the sun. no more to say',
  'A text that nobody ever quotes, which goes on and on until one more chunk of so many bytes has begun. X Y Z',
]), 7n);
export const answer = Buffer.from('the quick brown fox jumps over nothing? then it sleeps in the long shade of an old oak; then it sleeps in the sun');

/** Cases that hold. @returns {Vector[]} */
export function validCases() {
  const vectors = [];
  const add = (/** @type {string} */ name, /** @type {Policy} */ policy, /** @type {Corpus} */ corpus, /** @type {Uint8Array} */ R) => (
    vectors.push(evidenceVector(name, policy, write(prove(corpus, R, policy)), R)));
  for (const ownerRule of [0, 1]) {
    const policy = { ...POLICY, ownerRule, maxCount: ownerRule ? 64 : 1000 };
    const rule = ownerRule ? 'occurrence' : 'earliest';
    add(`world, ${rule}`, policy, world, answer);
    add(`world, ${rule}, K 20`, { ...policy, K: 20 }, world, answer);
    add(`world, ${rule}, maxCount 1`, { ...policy, maxCount: 1 }, world, answer);
    add(`empty answer, ${rule}`, policy, world, Buffer.alloc(0));
    add(`answer shorter than K, ${rule}`, policy, world, Buffer.from('the qui'));
    add(`answer that is one span, ${rule}`, policy, world, Buffer.from('quick brown fox'));
    add(`answer that quotes nothing, ${rule}`, policy, world, Buffer.from('0123456789 0123456789'));
    add(`byte that T has not, ${rule}`, policy, world, Buffer.from('#the quick brown fox#sleeps in the sun'));
    add(`one document of one byte, ${rule}`, policy, corpusOf(textsOf(['x'])), Buffer.from('xxxxxxxxx'));
    add(`one empty document, ${rule}`, policy, corpusOf(textsOf([''])), Buffer.from('xxxxxxxx'));
    add(`n = 256, ${rule}`, policy, corpusOf(textsOf([`${'abcdefghijklmnopqrstuvwxyz'.repeat(9)}0123456789`, 'zyxwvutsrq'])), Buffer.from('!yzabcdefghijklmnop!'));
    const ring = 'All your base are belong to us. ';
    add(`17 occurrences, ${rule}`, policy, corpusOf(textsOf(Array.from({ length: 17 }, (_, i) => `${i}${ring}`))), Buffer.from(`${ring}12`));
    add(`16 occurrences, ${rule}`, policy, corpusOf(textsOf(Array.from({ length: 16 }, (_, i) => `${i}${ring}`))), Buffer.from(`${ring}12`));
    add(`more than maxCount, ${rule}`, { ...policy, maxCount: 20 }, corpusOf(textsOf([ring.repeat(21), 'base are none'])), Buffer.from(`${ring}base are none`));
    add(`two ranges, ${rule}`, policy, corpusOf(textsOf([ring.repeat(18), 'who is who? '.repeat(19)])), Buffer.from(`x${ring}xwho is who?x`));
    add(`overlapping repeats, ${rule}`, policy, corpusOf(textsOf(['a'.repeat(40), 'b'.repeat(9), 'a'.repeat(12)])), Buffer.from(`${'a'.repeat(30)}${'b'.repeat(9)}`));
    add(`suffix that ends in a prefix, ${rule}`, policy, corpusOf(textsOf(['0123456789abcdef0123456789'])), Buffer.from('0123456789abcdef0123456789abcdef'));
  }
  const hidden = hiddenWorld();
  add('three spans of which one hides between', POLICY, hidden.corpus, hidden.R);
  const alphabets = [['a', 'b'], ['a', 'b', 'c', ' '], [...'etaoin shrdlu'], ['ä', 'b', '€', '𝄞']];
  for (let i = 0; i < 24; i++) {
    const draw = drawer(100 + i);
    const alphabet = alphabets[i % 4];
    const corpus = corpusOf(textsOf(Array.from({ length: 1 + draw(6) }, () => textOf(draw, alphabet, draw(60)).toString())), BigInt(draw(9)));
    const policy = { ...POLICY, ownerRule: draw(2), K: 8 + draw(i % 3 ? 3 : 20), maxCount: pick(draw, [1, 2, 10, 64]) };
    add(`random ${i}`, policy, corpus, answerOf(draw, corpus.T, alphabet, 1 + draw(4)));
  }
  return vectors;
}

/** A span all of whose windows two others cover. */
function hiddenWorld() {
  const R = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRST');
  const part = (/** @type {number} */ from, /** @type {number} */ to) => R.subarray(from, to).toString();
  return { R, corpus: corpusOf(textsOf([part(0, 16), part(4, 20), part(8, 30), 'something else'])) };
}

/** @template T @param {T} value @param {(copy: T) => void} change */
const changed = (value, change) => {
  const copy = structuredClone(value);
  change(copy);
  return copy;
};
const flip = (/** @type {Uint8Array} */ bytes, at = 0) => {
  const copy = Buffer.from(bytes);
  copy[at] ^= 1;
  return copy;
};
const buffers = (/** @type {any} */ value) => {
  for (const [key, entry] of Object.entries(value)) {
    if (entry instanceof Uint8Array) value[key] = Buffer.from(entry);
    else if (entry && typeof entry === 'object') buffers(entry);
  }
  return value;
};

/** Attacks, each of one thing. @returns {Vector[]} */
export function attackCases() {
  /** @type {Vector[]} */
  const vectors = [];
  const expect = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {Policy} */ policy, /** @type {Uint8Array} */ bytes, /** @type {Uint8Array} */ R) => {
    const vector = evidenceVector(name, policy, bytes, R);
    if (vector.reason !== reason) throw new Error(`${name}: '${vector.reason}' and not '${reason}'`);
    vectors.push(vector);
  };
  for (const ownerRule of [0, 1]) {
    const policy = { ...POLICY, ownerRule, maxCount: ownerRule ? 64 : 1000 };
    const R = answer;
    const good = planOf(world, R, policy);
    const laid = layOut(world, good);
    const rule = ownerRule ? ', occurrence' : '';
    const onLaid = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {(part: SpanPart) => void} */ change) => (
      expect(reason, `${name}${rule}`, policy, write(buffers(changed(laid, (copy) => change(buffers(copy))))), R));
    const onPlan = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {(plan: Plan) => void} */ change) => (
      expect(reason, `${name}${rule}`, policy, write(layOut(world, changed(good, change))), R));
    const replan = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {{ l: number, r: number, lo?: number, hi?: number }[]} */ spans,
      /** @type {{ s: number, e: number, u?: number }[]} */ words) => expect(reason, `${name}${rule}`, policy, write(layOut(world, plan(world, R, policy, spans, words))), R);
    const spans = good.spans.map(({ l, r }) => ({ l, r }));
    const words = minimalAbsentWords(world, R);
    const drop = (/** @type {number[]} */ list, /** @type {number} */ rank) => list.splice(list.indexOf(rank), 1);

    // Under the other rule, what it makes different.
    if (ownerRule === 1) {
      const [some] = good.spans.filter(({ lo, hi }) => hi - lo > 1);
      onPlan('proof shape', 'a document is opened and owns nothing', (p) => { p.documents = [0, 1, 2, 3, 4]; });
      onPlan('owner', 'the document of an occurrence is wanting', (p) => p.documents.pop());
      onPlan('not adjacent', 'the leaf above a span is wanting', (p) => drop(p.leaves, some.hi));
      onPlan('undecided', 'a chunk is wanting', (p) => drop(p.chunks, 1));
      onLaid('owner', 'another contributor of a document', (e) => { e.documents[0].payload = flip(e.documents[0].payload, 3); });
      onLaid('proof shape', 'a node of first occurrences is left', (e) => e.first.push(e.siblings[0]));
      replan('incomplete', 'no spans', [], words);
      continue;
    }

    // 18 to 21: openings
    onLaid('proof shape', 'a sibling of suffixes is left', (e) => e.siblings.push(e.siblings[0]));
    onLaid('proof shape', 'a sibling of suffixes is wanting', (e) => e.siblings.pop());
    onLaid('proof shape', 'a sibling of text is left', (e) => e.chunkSiblings.push(e.siblings[0]));
    onLaid('proof shape', 'a sibling of documents is wanting', (e) => e.documentSiblings.pop());
    onLaid('proof shape', 'an ordinal of a span is behind the leaves', (e) => { e.spans[0].b = e.leaves.length - e.spans[0].a; });
    onLaid('proof shape', 'an ordinal of a word is behind the leaves', (e) => { e.words[0].u = e.leaves.length + 1; });
    onPlan('proof shape', 'a leaf is opened and not used', (p) => {
      const spare = Array.from({ length: Number(world.n) }, (_, i) => i).filter((at) => !p.leaves.includes(at))[30];
      p.leaves = [...p.leaves, spare].sort((a, b) => a - b);
    });
    onPlan('proof shape', 'a chunk is opened and not read', (p) => { p.chunks = [0, 1, 2]; });
    onPlan('proof shape', 'a document is opened and owns nothing', (p) => { p.documents = [0, 1, 2, 3, 4].slice(0, p.documents.length + 1); });
    onLaid('suffix root', 'another byte of a prefix', (e) => { e.leaves[3].prefix = flip(e.leaves[3].prefix, 31); });
    onLaid('suffix root', 'another SA', (e) => { e.leaves[2].SA ^= 1n; });
    onLaid('suffix root', 'another Psi', (e) => { e.leaves[2].Psi ^= 1n; });
    onLaid('proof shape', 'another index', (e) => { e.leaves[e.leaves.length - 1].index += 1n; });
    onLaid('suffix root', 'another sibling of suffixes', (e) => { e.siblings[1].hash = flip(e.siblings[1].hash); });
    onLaid('suffix root', 'siblings of suffixes in another order', (e) => e.siblings.reverse());
    onLaid('suffix root', 'another root of suffixes', (e) => { e.header = flip(e.header, 8 + 32); });
    onLaid('text root', 'another byte of a chunk', (e) => { e.chunks[0].payload = flip(e.chunks[0].payload, 1); });
    onLaid('text root', 'another root of text', (e) => { e.header = flip(e.header, 8); });
    onLaid('text root', 'a proof of another tree', (e) => { e.chunkSiblings = e.chunkSiblings.map((_, i) => e.documentSiblings[i] ?? e.siblings[0]); });
    onLaid('index range', 'a leaf behind the end', (e) => { e.leaves[e.leaves.length - 1].index = world.n; });
    onLaid('index range', 'a document behind the end', (e) => { e.documents[e.documents.length - 1].index = 5n; });

    // 22 to 24: places
    const word = good.words.find(({ u: at }) => good.leaves.includes(at) && !good.spans.some(({ lo, hi }) => [lo - 1, lo, hi - 1, hi].includes(at))
      && good.words.filter((other) => other.u === at || other.u - 1 === at).length === 1);
    if (!word) throw new Error('no word stands alone');
    onPlan('not adjacent', 'the leaf above a word is not its neighbour', (p) => drop(p.leaves, word.u));
    const [first] = good.spans;
    onPlan('not adjacent', 'the leaf below a span is wanting', (p) => drop(p.leaves, first.lo - 1));
    onPlan('not adjacent', 'the leaf above a span is wanting', (p) => drop(p.leaves, first.hi));
    replan('order', 'a word beside the leaves that it is between', spans, words.map((each, i) => (i === 1 ? { ...each, u: rangeOf(world, R.subarray(each.s, each.e)).hi + 1 } : each)));
    replan('order', 'a word that occurs as absent, behind its occurrences', spans, [...words, { s: 45, e: 50 }].sort((a, b) => a.s - b.s));
    replan('order', 'a word that occurs as absent, before its occurrences', spans, [...words, { s: 45, e: 50, u: rangeOf(world, R.subarray(45, 50)).lo }].sort((a, b) => a.s - b.s));
    for (const chunk of good.chunks) onPlan('undecided', `chunk ${chunk} is wanting`, (p) => drop(p.chunks, chunk));

    // 25 to 31: spans
    const end = R.length;
    onLaid('span bounds', 'a span behind the answer', (e) => { /** @type {any} */ (e.spans.at(-1)).r = end + 1; });
    onLaid('span bounds', 'a word behind the answer', (e) => { /** @type {any} */ (e.words.at(-1)).e = end + 1; });
    replan('span bounds', 'a span shorter than K', [{ l: 0, r: 7 }, ...spans.slice(1)], words);
    replan('span bounds', 'a span inside of the one before', [spans[0], { l: spans[0].l + 1, r: spans[0].r }, ...spans.slice(1)], words);
    const edit = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {number} */ i, /** @type {number} */ lo, /** @type {number} */ hi) => {
      const changedSpans = spans.map((span, k) => (k === i ? { ...span, lo: good.spans[k].lo + lo, hi: good.spans[k].hi + hi } : span));
      replan(reason, name, changedSpans, words);
    };
    const many = good.spans.findIndex(({ lo, hi }) => hi - lo > 1);
    edit('span lower', 'a count that is too large below', many, -1, 0);
    edit('span lower', 'a count that is too small below', many, 1, 0);
    edit('span upper', 'a count that is too large above', many, 0, 1);
    edit('span upper', 'a count that is too small above', many, 0, -1);
    replan('span lower', 'a span that does not occur', [{ l: 0, r: spans[0].r + 1, lo: first.lo, hi: first.hi }, ...spans.slice(1)], words);
    replan('span duplicate', 'a span twice', [spans[0], ...spans], words);
    replan('not left-maximal', 'a span cut on the left', spans.map((span, i) => (i === 2 ? { l: span.l + 1, r: span.r } : span)), words);
    replan('not right-maximal', 'a span cut on the right', spans.map((span, i) => (i === 2 ? { l: span.l, r: span.r - 1 } : span)), words);
    spans.forEach((_, i) => replan('incomplete', `span ${i} is left out`, spans.filter((__, k) => k !== i), words));
    replan('incomplete', 'no spans', [], words);
    const between = words.filter(({ s, e }) => !spans.some(({ l, r }) => (l <= s && e <= r + 1) || (l - 1 <= s && e <= r)));
    if (between.length > 0) {
      const loose = words.filter((each) => !between.includes(each));
      const vector = evidenceVector(`words of windows are wanting${rule}`, policy, write(layOut(world, plan(world, R, policy, spans, loose))), R);
      if (vector.reason === 'incomplete') vectors.push(vector);
    }

    // 32, 33: owners
    onPlan('owner', 'the document of a span is wanting', (p) => p.documents.pop());
    onLaid('owner', 'another contributor of a document', (e) => { e.documents[0].payload = flip(e.documents[0].payload, 3); });
    onLaid('owner', 'another datanet of a document', (e) => { e.documents[0].payload = flip(e.documents[0].payload, 27); });
    onLaid('owner', 'another root of documents', (e) => { e.header = flip(e.header, 8 + 96 + 8); });
  }

  // 2.3 (c)
  const hidden = hiddenWorld();
  const all = maximalSpans(hidden.corpus, hidden.R, POLICY.K);
  expect('incomplete', 'a span whose windows its neighbours cover', POLICY, write(layOut(hidden.corpus, plan(hidden.corpus, hidden.R, POLICY,
    all.filter((_, i) => i !== 1), minimalAbsentWords(hidden.corpus, hidden.R)))), hidden.R);

  rangeAttacks(expect);
  formAttacks(expect);
  return vectors;
}

/** @typedef {(reason: string, name: string, policy: Policy, bytes: Uint8Array, R: Uint8Array) => void} Expect */

/** Spans with more occurrences than are opened one by one. @param {Expect} expect */
function rangeAttacks(expect) {
  const ring = 'All your base are belong to us. ';
  const corpus = corpusOf(textsOf(['nothing of it', ring.repeat(17), 'later: All your base are belong to us. ']));
  const R = Buffer.from(`${ring}12later: A`);
  const good = planOf(corpus, R, POLICY);
  const laid = layOut(corpus, good);
  const onLaid = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {(part: SpanPart) => void} */ change) => (
    expect(reason, name, POLICY, write(buffers(changed(laid, (copy) => change(buffers(copy))))), R));
  onLaid('proof shape', 'a node of first occurrences is left', (e) => e.first.push(e.first[0]));
  onLaid('proof shape', 'a node of first occurrences is wanting', (e) => e.first.pop());
  const inside = laid.first.findIndex(({ a }) => a >= corpus.documents[1].start);
  onLaid('range-min', 'a lower minimum', (e) => { e.first[inside].a -= 1n; });
  onLaid('range-min', 'another node of first occurrences', (e) => { e.first[0].hash = flip(e.first[0].hash); });
  onLaid('range-min', 'another root of first occurrences', (e) => { e.header = flip(e.header, 8 + 64); });
  expect('owner', 'a later copy has the document', POLICY, write(buffers(changed(laid, (copy) => {
    const [, , later] = corpus.documents.keys();
    copy.documents = [{ index: BigInt(later), payload: Buffer.from(corpus.trees.documents.payloads[later]) }];
    copy.documentSiblings = corpus.trees.documents.multiproof([BigInt(later)]);
  }))), R);
  expect('not adjacent', 'of few occurrences one is not opened', POLICY, (() => {
    const few = corpusOf(textsOf([ring, ring, `${ring}later: A`]));
    const p = planOf(few, R, POLICY);
    p.leaves = p.leaves.filter((at) => at !== p.spans[0].lo + 1);
    return write(layOut(few, p));
  })(), R);
  expect('proof shape', 'nodes of first occurrences without a range', POLICY, (() => {
    const few = corpusOf(textsOf([ring, `${ring}later: A`]));
    const e = prove(few, R, POLICY);
    e.first = [few.trees.first.top];
    return write(e);
  })(), R);
}

/** The form of the file. @param {Expect} expect */
function formAttacks(expect) {
  const corpus = corpusOf(textsOf(['the quick brown fox', 'jumps']));
  const R = Buffer.from('a quick brown dog');
  const good = write(prove(corpus, R, POLICY));
  const laid = prove(corpus, R, POLICY);
  const refuse = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {Uint8Array} */ bytes, policy = POLICY, response = R) => expect(reason, name, policy, bytes, response);
  refuse('format', 'another kind of file', flip(good, 0));
  refuse('format', 'cut by a byte', good.subarray(0, -1));
  refuse('format', 'cut behind the header', good.subarray(0, 166));
  refuse('format', 'cut to nothing', Buffer.alloc(0));
  refuse('format', 'a byte more', cat(good, Buffer.alloc(1)));
  refuse('version', 'version 0', cat('ATRE', u(0, 1), good.subarray(5)));
  refuse('version', 'version 2', cat('ATRE', u(2, 1), good.subarray(5)));
  for (const flags of [0, 2, 3, 5]) refuse('flags', `flags ${flags}`, cat(good.subarray(0, 5), u(flags, 1), good.subarray(6)));
  refuse('flags', 'spans alone where the policy wants influence, too', good, { ...POLICY, influence: 2000 });
  refuse('format', 'an answer that is not UTF-8', good, POLICY, cat(R, Buffer.from([0xff])));
  refuse('format', 'an answer that is cut inside of a character', good, POLICY, cat(R, Buffer.from([0xe2, 0x82])));
  refuse('format', 'an answer with a surrogate', good, POLICY, cat(R, Buffer.from([0xed, 0xa0, 0x80])));
  const headerWith = (/** @type {number} */ at, /** @type {Uint8Array} */ bytes) => cat(good.subarray(0, 6 + at), bytes, good.subarray(6 + at + bytes.length));
  refuse('format', 'n = 0', headerWith(0, u(0, 8)));
  refuse('format', 'n = 2^48', headerWith(0, u(2n ** 48n, 8)));
  refuse('format', 'i0 = n', headerWith(104, u(corpus.n, 8)));
  refuse('format', 'no documents', headerWith(144, u(0, 8)));
  refuse('format', 'more documents than bytes', headerWith(144, u(corpus.n + 1n, 8)));
  const spansAt = 166;
  refuse('format', 'a number that is not in its shortest form', cat(good.subarray(0, spansAt), Buffer.from([0x81, 0]), good.subarray(spansAt + 1)));
  refuse('format', 'a number of 2^63', cat(good.subarray(0, spansAt), uv(2n ** 63n), good.subarray(spansAt + 1)));
  refuse('format', '257 spans', cat(good.subarray(0, spansAt), uv(257), good.subarray(spansAt + 1)));
  refuse('format', '1,025 words', cat(good.subarray(0, spansAt), uv(0), uv(1025), good.subarray(spansAt + 1)));
  refuse('format', '2,049 leaves', cat(good.subarray(0, spansAt), uv(0), uv(0), uv(2049), good.subarray(spansAt + 1)));
  refuse('format', '1,025 rows', cat(good.subarray(0, -1), uv(1025)));
  const broken = (/** @type {(part: SpanPart) => void} */ change) => write(buffers(changed(laid, (copy) => change(buffers(copy)))));
  refuse('format', 'a leaf with SA = n', broken((e) => { e.leaves[0].SA = corpus.n; e.leaves[0].prefix = Buffer.alloc(0); }));
  refuse('format', 'a leaf with Psi behind the end', broken((e) => { e.leaves[0].Psi = corpus.n + 1n; }));
  refuse('format', 'a leaf twice', broken((e) => e.leaves.splice(1, 0, e.leaves[0])));
  refuse('span bounds', 'a word twice', broken((e) => e.words.splice(1, 0, e.words[0])));
  // Shares less with the prefix before than it could: a bare byte where c is.
  const leaves = laid.leaves;
  const at = leaves.findIndex((leaf, i) => i > 0 && leaf.prefix[0] === leaves[i - 1].prefix[0]);
  if (at > 0) {
    const tail = write({ ...laid, leaves: leaves.slice(0, at) }).length - write({ ...laid, leaves: [] }).length;
    const start = write({ ...laid, leaves: [], siblings: [], chunks: [], chunkSiblings: [], documents: [], documentSiblings: [] }).length - 9 + 1 + tail;
    const c = start + uv(leaves[at].index - leaves[at - 1].index).length + 2;
    const shared = good[c];
    refuse('format', 'a prefix that shares more than is said', cat(good.subarray(0, c), u(shared - 1, 1), leaves[at].prefix.subarray(shared - 1, shared), good.subarray(c + 1)));
    refuse('format', 'a prefix that shares more than there is', cat(good.subarray(0, c), u(33, 1), good.subarray(c + 1)));
  }
}

/** Evidence with other parts. */
export function partCases() {
  const R = Buffer.from('quick brown fox');
  const header = cat(hash32('adapter'), hash32('seed'), u(2, 2), u(65536, 4), hash32('root'), u(3, 4));
  const v = Buffer.from('0001ffff', 'hex');
  const corpus = corpusOf(textsOf(['the quick brown fox', 'jumps']));
  const both = { ...POLICY, influence: 4000 };
  const spans = prove(corpus, R, both);
  return [
    evidenceVector('spans and influence', both, writeEvidence({ flags: 3, spans, gradientHeader: header, v, rows: [] }), R),
    evidenceVector('influence alone', { ...POLICY, influence: 10000 }, writeEvidence({ flags: 2, gradientHeader: header, v, rows: [Buffer.alloc(60)] }), R),
    evidenceVector('influence alone where the policy wants spans, too', both, writeEvidence({ flags: 2, gradientHeader: header, v, rows: [] }), R),
    evidenceVector('v is cut', { ...POLICY, influence: 10000 }, writeEvidence({ flags: 2, gradientHeader: header, v: v.subarray(1), rows: [] }), R),
  ];
}

