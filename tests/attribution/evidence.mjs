// SPDX-License-Identifier: MIT
// Evidence (section 6): its bytes, and whether it proves what it says (section 2).
import { END, REASONS, Reader, Reject, cat, demand, isUtf8, u, uv } from './bytes.mjs';
import { corpusId, readDocument, readHeader, suffixPayload } from './corpus.mjs';
import { multiproofRoot, nodeBytes, rangeRoot, readNode } from './trees.mjs';

/**
 * @typedef {import('./trees.mjs').Node} Node
 * @typedef {import('./policy.mjs').Policy} Policy
 * @typedef {{ index: bigint, SA: bigint, Psi: bigint, prefix: Buffer }} Leaf
 * @typedef {{ index: bigint, payload: Buffer }} Opened
 * @typedef {{ header: Buffer, spans: { l: number, r: number, a: number, b: number }[], words: { s: number, e: number, u: number }[],
 *   leaves: Leaf[], siblings: Node[], chunks: Opened[], chunkSiblings: Node[], documents: Opened[], documentSiblings: Node[],
 *   first: Node[] }} SpanPart
 * @typedef {{ flags: number, spans?: SpanPart, gradientHeader?: Buffer, v?: Buffer, rows: Buffer[] }} Evidence
 * @typedef {{ start: number, end: number, count: bigint, position: bigint | null, rarity: number, credited: number, weight: bigint,
 *   document: bigint | null }} Proven
 * @typedef {{ contributor: Buffer, datanet: bigint, weight: bigint }} Weight
 */

export const MAX_EVIDENCE = 262144;
export const MAX_RESPONSE = 65536;
const BOUNDS = { spans: 256, words: 1024, leaves: 2048, chunks: 512, documents: 512, rows: 1024 };
const CHUNK = 128n;

/** Which parts a policy wants. @param {Policy} policy */
export const flagsOf = (policy) => (policy.influence < 10000 ? 1 : 0) | (policy.influence > 0 ? 2 : 0);

/** Bytes of a number up to n. @param {bigint} n */
export const widthFor = (n) => Math.ceil(n.toString(2).length / 8);

/** How many first bytes two texts share. @param {Uint8Array} a @param {Uint8Array} b */
function shared(a, b) {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

const min = (/** @type {bigint[]} */ ...values) => values.reduce((least, value) => (value < least ? value : least));

/** The bytes of evidence. @param {Evidence} e */
export function writeEvidence(e) {
  const parts = [cat('ATRE', u(1, 1), u(e.flags, 1))];
  if (e.spans) parts.push(writeSpanPart(e.spans));
  if (e.gradientHeader && e.v) parts.push(e.gradientHeader, e.v);
  return cat(...parts, uv(e.rows.length), ...e.rows);
}

/** @param {SpanPart} s */
function writeSpanPart(s) {
  const n = readHeader(new Reader(s.header)).n;
  const nodes = (/** @type {string} */ tag, /** @type {Node[]} */ list) => [uv(list.length), ...list.map((node) => nodeBytes(tag, node))];
  const width = widthFor(n);
  const opened = (/** @type {Opened[]} */ list) => [uv(list.length),
    ...list.flatMap(({ index, payload }, i) => [uv(index - (i ? list[i - 1].index : 0n)), payload])];
  const leaves = s.leaves.flatMap(({ index, SA, Psi, prefix }, i) => {
    const before = i ? s.leaves[i - 1] : { index: 0n, prefix: Buffer.alloc(0) };
    const c = shared(before.prefix, prefix);
    return [uv(index - before.index), u(SA, width), u(Psi === END ? n : Psi, width), u(c, 1), prefix.subarray(c)];
  });
  return cat(
    s.header,
    uv(s.spans.length), ...s.spans.flatMap(({ l, r, a, b }, i) => [uv(l - (i ? s.spans[i - 1].l : 0)), uv(r - l), uv(a), uv(b)]),
    uv(s.words.length), ...s.words.flatMap(({ s: start, e, u: ordinal }, i) => [uv(start - (i ? s.words[i - 1].s : 0)), uv(e - start), uv(ordinal)]),
    uv(s.leaves.length), ...leaves, ...nodes('SUFX', s.siblings),
    ...opened(s.chunks), ...nodes('TEXT', s.chunkSiblings),
    ...opened(s.documents), ...nodes('DOCS', s.documentSiblings),
    ...nodes('FRST', s.first),
  );
}

/** @param {Uint8Array} bytes @param {number} [flags] that the policy wants @returns {Evidence} */
export function readEvidence(bytes, flags) {
  demand('format', bytes.length <= MAX_EVIDENCE, 'too long');
  const r = new Reader(bytes);
  r.begin('ATRE');
  /** @type {Evidence} */
  const e = { flags: Number(r.u(1)), rows: [] };
  demand('flags', flags === undefined ? e.flags >= 1 && e.flags <= 3 : e.flags === flags);
  if (e.flags & 1) e.spans = readSpanPart(r);
  if (e.flags & 2) {
    e.gradientHeader = r.take(106);
    e.v = r.take(2 * e.gradientHeader.readUInt16BE(64));
  }
  e.rows = r.list(BOUNDS.rows, () => r.take(60));
  r.end();
  return e;
}

/** @param {Reader} r @returns {SpanPart} */
function readSpanPart(r) {
  const header = r.take(160);
  const { n, docs } = readHeader(new Reader(header));
  const width = widthFor(n);
  let at = 0n;
  const from = (/** @type {number} */ i) => (at = (i ? at : 0n) + r.uv());
  const index = (/** @type {number} */ i, /** @type {bigint} */ count) => {
    const before = at;
    from(i);
    demand('format', i === 0 || at > before, 'indices do not increase');
    demand('index range', at < count);
    return at;
  };
  const nodes = (/** @type {string} */ tag) => r.list(MAX_EVIDENCE, () => readNode(tag, r));
  const position = () => Number(min(at, 2n ** 40n)); // far behind any answer
  const spans = r.list(BOUNDS.spans, (i) => {
    from(i);
    return { l: position(), r: position() + Number(r.uv()), a: Number(r.uv()), b: Number(r.uv()) };
  });
  const words = r.list(BOUNDS.words, (i) => {
    from(i);
    return { s: position(), e: position() + Number(r.uv()), u: Number(r.uv()) };
  });
  let prefix = Buffer.alloc(0);
  const leaves = r.list(BOUNDS.leaves, (i) => {
    const at = index(i, n);
    const [SA, Psi, c] = [r.u(width), r.u(width), Number(r.u(1))];
    demand('format', SA < n && Psi <= n, 'of a leaf');
    const m = Number(min(32n, n - SA));
    demand('format', c <= m && c <= prefix.length, 'of a prefix');
    const whole = cat(prefix.subarray(0, c), r.take(m - c));
    demand('format', shared(prefix, whole) === c, 'more bytes are shared');
    prefix = whole;
    return { index: at, SA, Psi: Psi === n ? END : Psi, prefix };
  });
  const siblings = nodes('SUFX');
  const chunks = r.list(BOUNDS.chunks, (i) => {
    const at = index(i, (n + CHUNK - 1n) / CHUNK);
    return { index: at, payload: r.take(min(CHUNK, n - CHUNK * at)) };
  });
  const chunkSiblings = nodes('TEXT');
  const documents = r.list(BOUNDS.documents, (i) => ({ index: index(i, docs), payload: r.take(76) }));
  const documentSiblings = nodes('DOCS');
  return { header, spans, words, leaves, siblings, chunks, chunkSiblings, documents, documentSiblings, first: nodes('FRST') };
}

/**
 * Compares the suffix of an opened leaf with a word (2.1).
 * @param {{ SA: bigint, prefix: Uint8Array }} leaf @param {Uint8Array} P @param {bigint} n
 * @param {(index: bigint) => Uint8Array | undefined} chunk
 * @returns {number | undefined} -1 below, 0 starts with it, 1 above; undefined where a byte is wanting
 */
export function compareSuffix({ SA, prefix }, P, n, chunk) {
  for (let i = 0; i < P.length; i++) {
    let byte = prefix[i];
    if (i >= prefix.length) {
      const at = SA + BigInt(i);
      if (prefix.length < 32 || at >= n) return -1;
      const text = chunk(at / CHUNK);
      if (!text) return undefined;
      byte = text[Number(at % CHUNK)];
    }
    if (byte !== P[i]) return byte < P[i] ? -1 : 1;
  }
  return 0;
}

/** 256 log2(1 + j / 256), rounded down: the largest t with 2^t <= ((256 + j) / 256)^256. */
const LOG2 = Array.from({ length: 256 }, (_, j) => {
  let t = 0;
  while (2n ** BigInt(t + 1) * 256n ** 256n <= BigInt(256 + j) ** 256n) t++;
  return t;
});

/** @param {bigint} x above 0 */
export function log2q8(x) {
  const bits = x.toString(2);
  return 256 * (bits.length - 1) + LOG2[parseInt(bits.slice(1, 9).padEnd(8, '0'), 2)];
}

/** How many leaves of a span are opened one by one, at most (2.4). @param {Policy} policy */
export const fullyOpened = (policy) => BigInt(policy.ownerRule === 0 ? 16 : policy.maxCount);

/**
 * Verifies evidence as far as it is of spans: reasons 1 to 3 and 18 to 33. All checks that can be made are, and the first of
 * those that fail counts, in the order of section 9.
 * @param {Policy} policy @param {Uint8Array} bytes @param {Uint8Array} R
 */
export function verifyEvidence(policy, bytes, R) {
  demand('format', R.length <= MAX_RESPONSE && isUtf8(R), 'the answer');
  const evidence = readEvidence(bytes, flagsOf(policy));
  const proven = evidence.spans ? verifySpans(policy, evidence.spans, R) : { spans: [], weights: [], corpusId: Buffer.alloc(32) };
  return { evidence, ...proven };
}

/** @param {Policy} policy @param {SpanPart} e @param {Uint8Array} R @returns {{ spans: Proven[], weights: Weight[], corpusId: Buffer }} */
function verifySpans(policy, e, R) {
  const header = readHeader(new Reader(e.header));
  const { n } = header;
  /** @type {{ when: number, reason: string, what: string }[]} */
  const failed = [];
  /** When: the number behind which it is judged, where that is not its own. */
  const check = (/** @type {string} */ reason, /** @type {boolean} */ holds, what = '', when = REASONS.indexOf(reason)) => {
    if (!holds) failed.push({ when, reason, what });
    return holds;
  };
  /** Makes a check that throws. @template T @param {() => T} what @param {number} [when] @returns {T | undefined} */
  const attempt = (what, when) => {
    try {
      return what();
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
      check(error.reason, false, error.message, when);
      return undefined;
    }
  };
  const isRoot = (/** @type {string} */ reason, /** @type {Uint8Array | undefined} */ root, /** @type {Uint8Array} */ wanted) => {
    if (root) check(reason, Buffer.compare(root, wanted) === 0);
  };

  isRoot('suffix root', attempt(() => multiproofRoot('SUFX', n,
    e.leaves.map(({ index, SA, Psi, prefix }) => ({ index, payload: suffixPayload(SA, Psi, prefix) })), e.siblings)), header.suffixRoot);
  isRoot('text root', attempt(() => multiproofRoot('TEXT', (n + CHUNK - 1n) / CHUNK, e.chunks, e.chunkSiblings), 19.5), header.textRoot);
  isRoot('owner', attempt(() => multiproofRoot('DOCS', header.docs, e.documents, e.documentSiblings), 31.5), header.docRoot);

  const chunks = new Map(e.chunks.map(({ index, payload }) => [index, payload]));
  const usedChunks = new Set();
  const usedLeaves = new Set();
  const usedDocuments = new Set();
  const compare = (/** @type {number} */ ordinal, /** @type {Uint8Array} */ P, /** @type {number} */ when) => {
    const order = compareSuffix(e.leaves[ordinal], P, n, (index) => {
      if (chunks.has(index)) usedChunks.add(index);
      return chunks.get(index);
    });
    check('undecided', order !== undefined, `leaf ${ordinal}`, when);
    return order;
  };
  /** Whether the leaf before this one is opened, or there is none. */
  const isBehind = (/** @type {number} */ ordinal) => {
    const index = ordinal < e.leaves.length ? e.leaves[ordinal].index : n;
    return index === (ordinal === 0 ? 0n : e.leaves[ordinal - 1].index + 1n);
  };
  const use = (/** @type {number} */ ordinal) => {
    if (ordinal >= 0 && ordinal < e.leaves.length) usedLeaves.add(ordinal);
  };

  // Words that are absent (2.2).
  e.words.forEach(({ s, e: end, u: ordinal }, i) => {
    const inside = check('span bounds', s < end && end <= R.length, `word ${i}`, 23 + i / 2000);
    check('span bounds', i === 0 || (s > e.words[i - 1].s && end > e.words[i - 1].e), `word ${i} does not increase`, 23 + i / 2000);
    if (!check('proof shape', ordinal <= e.leaves.length, `ordinal of word ${i}`, 21.5)) return;
    use(ordinal - 1);
    use(ordinal);
    check('not adjacent', isBehind(ordinal), `word ${i}`);
    if (!inside) return;
    const P = R.subarray(s, end);
    const isOn = (/** @type {number} */ at, /** @type {number} */ side) => {
      const order = at < 0 || at >= e.leaves.length ? undefined : compare(at, P, 23.0002 + i / 2000);
      if (order !== undefined) check('order', order === side, `word ${i}`, 23.0001 + i / 2000);
    };
    isOn(ordinal - 1, -1);
    isOn(ordinal, 1);
  });

  // Spans that occur (2.2).
  const counts = e.spans.map(({ l, r, a, b }, i) => {
    const before = e.spans[i - 1];
    const inside = check('span bounds', r <= R.length && r - l >= policy.K, `span ${i}`, 25 + i / 1000);
    if (before) {
      const isSame = l === before.l && r === before.r;
      check('span duplicate', !isSame, `span ${i}`, 25 + i / 1000);
      check('span bounds', isSame || (l > before.l && r > before.r), `span ${i} does not increase`, 25 + i / 1000);
    }
    const last = a + b;
    if (!check('proof shape', last < e.leaves.length, `ordinals of span ${i}`, 21.5)) return undefined;
    [a - 1, a, last, last + 1].forEach(use);
    check('not adjacent', isBehind(a) && isBehind(last + 1), `span ${i}`);
    if (inside) {
      const P = R.subarray(l, r);
      let when = 26 + i / 1000;
      const is = (/** @type {string} */ reason, /** @type {number} */ at, /** @type {number} */ wanted) => {
        const order = at < 0 || at >= e.leaves.length ? undefined : compare(at, P, when);
        if (order !== undefined) check(reason, order === wanted, `span ${i}`, when);
        when += 1 / 10000;
      };
      is('span lower', a - 1, -1);
      is('span lower', a, 0);
      is('span upper', last, 0);
      is('span upper', last + 1, 1);
    }
    return e.leaves[last].index - e.leaves[a].index + 1n;
  });

  // Maximal, and all of them (2.3).
  const hasWord = (/** @type {number} */ from, /** @type {number} */ to) => e.words.some(({ s, e: end }) => from <= s && end <= to);
  e.spans.forEach(({ l, r }, i) => {
    check('not left-maximal', l === 0 || hasWord(l - 1, r), `span ${i}`);
    check('not right-maximal', r >= R.length || hasWord(l, r + 1), `span ${i}`);
  });
  for (let w = 0; w + policy.K <= R.length; w++) {
    check('incomplete', e.spans.some(({ l, r }) => l <= w && w + policy.K <= r) || hasWord(w, w + policy.K), `window ${w}`);
  }
  for (let i = 0; i + 1 < e.spans.length; i++) {
    const [{ r: b }, { l: c }] = [e.spans[i], e.spans[i + 1]];
    check('incomplete', c > b - policy.K + 1 || hasWord(c - 1, b + 1), `behind span ${i}`);
  }

  // Owners (2.4).
  const earns = counts.map((count) => count !== undefined && count <= BigInt(policy.maxCount));
  const positions = e.spans.map(({ a, b }, i) => {
    const count = counts[i];
    if (!earns[i] || count === undefined || count > fullyOpened(policy)) return [];
    if (!check('not adjacent', count === BigInt(b + 1), `occurrences of span ${i}`)) return [];
    for (let at = a; at <= a + b; at++) use(at);
    return e.leaves.slice(a, a + b + 1).map(({ SA }) => SA);
  });
  const wide = e.spans.map((_, i) => i).filter((i) => earns[i] && counts[i] !== undefined && /** @type {bigint} */ (counts[i]) > fullyOpened(policy));
  const ranges = wide.map((i) => ({ lo: e.leaves[e.spans[i].a].index, hi: e.leaves[e.spans[i].a + e.spans[i].b].index + 1n }));
  if (counts.every((count) => count !== undefined)) {
    const range = ranges.length ? attempt(() => rangeRoot(n, ranges, e.first), 32.5) : undefined;
    check('proof shape', ranges.length > 0 || e.first.length === 0, 'nodes are left', 32.5);
    isRoot('range-min', range?.root, header.firstRoot);
    wide.forEach((i, k) => { positions[i] = range ? [range.minima[k]] : []; });
  }
  const documents = e.documents.map(({ index, payload }) => ({ index, ...readDocument(payload) }));
  const ownerOf = (/** @type {bigint} */ position, /** @type {bigint} */ length) => {
    const owner = documents.find(({ start, length: size }) => start <= position && position + length <= start + size);
    check('owner', owner !== undefined, `of ${position}`, 33.2);
    if (owner) usedDocuments.add(owner.index);
    return owner;
  };
  const owners = e.spans.map(({ l, r }, i) => {
    if (positions[i].length === 0) return [];
    return (policy.ownerRule === 0 ? [min(...positions[i])] : positions[i]).map((position) => ownerOf(position, BigInt(r - l)));
  });
  const least = (/** @type {number} */ i) => (positions[i].length ? min(...positions[i]) : null);

  // What is not used shows when what could use it was checked.
  const holdsTo = (/** @type {number} */ last) => failed.every(({ when }) => when > last);
  if (holdsTo(28)) check('proof shape', usedLeaves.size === e.leaves.length && usedChunks.size === e.chunks.length, 'an unused leaf or chunk', 28.5);
  if (holdsTo(33.2)) check('proof shape', usedDocuments.size === e.documents.length, 'an unused document', 33.5);
  const [first] = failed.sort((x, y) => x.when - y.when);
  if (first) throw new Reject(first.reason, first.what);

  // Weights (2.5): from here on all is proven.
  const rarity = counts.map((count) => log2q8(n) - log2q8(/** @type {bigint} */ (count)));
  const credited = e.spans.map(() => 0);
  for (let at = 0; at < R.length; at++) {
    let best = -1;
    e.spans.forEach(({ l, r }, i) => {
      if (earns[i] && l <= at && at < r && (best < 0 || rarity[i] > rarity[best])) best = i;
    });
    if (best >= 0) credited[best]++;
  }
  /** @type {Map<string, Weight>} */
  const weights = new Map();
  const spans = e.spans.map(({ l, r }, i) => {
    const weight = BigInt(credited[i] * rarity[i]);
    for (const owner of owners[i]) {
      if (owner) credit(weights, owner, policy.ownerRule === 0 ? weight : weight / /** @type {bigint} */ (counts[i]));
    }
    const document = owners[i].length ? /** @type {any} */ (owners[i].reduce((a, b) => (/** @type {any} */ (a).start <= /** @type {any} */ (b).start ? a : b))).index : null;
    return { start: l, end: r, count: /** @type {bigint} */ (counts[i]), position: least(i), rarity: rarity[i], credited: credited[i], weight, document };
  });
  return { spans, weights: sortedWeights(weights), corpusId: corpusId(e.header) };
}

/** @param {Map<string, Weight>} weights @param {{ contributor: Uint8Array, datanet: bigint }} who @param {bigint} weight */
export function credit(weights, { contributor, datanet }, weight) {
  const key = cat(contributor, u(datanet, 8)).toString('hex');
  weights.set(key, { contributor: Buffer.from(contributor), datanet, weight: (weights.get(key)?.weight ?? 0n) + weight });
}

/** By contributor, then datanet, without those that are zero. @param {Map<string, Weight>} weights */
export const sortedWeights = (weights) => [...weights].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, weight]) => weight).filter(({ weight }) => weight > 0n);
