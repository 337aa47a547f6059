// SPDX-License-Identifier: MIT
// Refutations of a corpus (section 3): made by looking at everything, and checked.
import { END, H, Reader, cat, demand, isUtf8, toNumber, u } from './bytes.mjs';
import { corpusId, readDocument, writeHeader } from './corpus.mjs';
import { leftOf, pathRoot, rootOf } from './trees.mjs';

/**
 * @typedef {import('./corpus.mjs').Corpus} Corpus
 * @typedef {{ tree: number, index: bigint, payload: Buffer, path: Buffer, levels: number }} Opening path: its bytes
 */

const TEXT = 0, SUFFIXES = 1, FIRST = 2, DOCUMENTS = 3;
const TAGS = ['TEXT', 'SUFX', 'FRST', 'DOCS'];
export const RULES = ['shape', 'A', 'anchor', 'B', 'C', 'D leaf', 'D node', 'E', 'header'];

/** Nothing was refuted: the file is not of its form ('format'), or shows nothing ('proof'). */
export class Refused extends Error {
  /** @param {'format' | 'proof'} why @param {string} what */
  constructor(why, what) {
    super(`${why}: ${what}`);
    this.why = why;
  }
}
const refuse = (/** @type {boolean} */ when, /** @type {string} */ what) => {
  if (when) throw new Refused('proof', what);
};

/** @param {Corpus} corpus @param {number} tree @param {bigint} index @returns {Opening} */
export function openingOf(corpus, tree, index) {
  const { text, suffixes, first, documents } = corpus.trees;
  const committed = [text, suffixes, first, documents][tree];
  const payload = Buffer.from(committed.payloads[Number(index)]);
  if (tree !== FIRST) {
    const path = committed.path(index);
    return { tree, index, payload, path: cat(...path.map(({ hash }) => hash)), levels: path.length };
  }
  /** @param {bigint} x @param {bigint} y @returns {Buffer[]} */
  const levels = (x, y) => {
    if (y - x === 1n) return [];
    const middle = x + leftOf(y - x);
    const [left, right] = [committed.node(x, middle), committed.node(middle, y)];
    return index < middle ? [...levels(x, middle), cat(u(left.a, 8), u(right.a, 8), right.hash)]
      : [...levels(middle, y), cat(u(right.a, 8), u(left.a, 8), left.hash)];
  };
  const path = levels(0n, committed.count);
  return { tree, index, payload, path: cat(...path, u(committed.top.a, 8)), levels: path.length };
}

/** @param {Uint8Array} header @param {number} rule @param {Opening[]} openings */
export const writeRefutation = (header, rule, openings) => cat('ATRF', u(1, 1), header, u(rule, 1), u(openings.length, 1),
  ...openings.map(({ tree, index, payload, path, levels }) => cat(u(tree, 1), u(index, 8), u(payload.length, 2), payload, u(levels, 1), path)));

/** @param {Uint8Array} bytes */
function readNumbers(bytes) {
  const r = new Reader(bytes);
  return { n: r.u(8), textRoot: r.take(32), suffixRoot: r.take(32), firstRoot: r.take(32), i0: r.u(8), docRoot: r.take(32), docs: r.u(8), epoch: r.u(8) };
}
/** @typedef {ReturnType<typeof readNumbers>} Numbers */

const leavesOf = (/** @type {Numbers} */ { n, docs }) => [(n + 127n) / 128n, n, n, docs];

/** The minima that the path of a first occurrence records, and whether each is that of what is below. @param {Numbers} header @param {Opening} opening */
function firstRoot(header, { index, payload, path, levels }) {
  const r = new Reader(path);
  let hash = H('\0FRST', u(index, 8), payload);
  let below = payload.length === 8 ? toNumber(payload) : undefined;
  let areRight = true;
  /** @type {boolean[]} whether the node is on the right, from the leaf up */
  const sides = [];
  for (let [x, y] = [0n, header.n]; y - x > 1n;) {
    const middle = x + leftOf(y - x);
    sides.unshift(index >= middle);
    [x, y] = index < middle ? [x, middle] : [middle, y];
  }
  refuse(sides.length !== levels, 'a path of another length');
  for (const isRight of sides) {
    const [own, sibling, other] = [r.take(8), r.take(8), r.take(32)];
    if (below !== toNumber(own)) areRight = false;
    below = toNumber(own) < toNumber(sibling) ? toNumber(own) : toNumber(sibling);
    hash = isRight ? H('\x01FRST', sibling, other, own, hash) : H('\x01FRST', own, hash, sibling, other);
  }
  const top = r.u(8);
  if (below !== top) areRight = false;
  return { root: rootOf('FRST', header.n, { hash, a: top }), areRight };
}

/** @param {Numbers} header @param {Opening} opening */
function checkOpening(header, opening) {
  refuse(opening.index >= leavesOf(header)[opening.tree], 'an index behind the end');
  const wanted = [header.textRoot, header.suffixRoot, header.firstRoot, header.docRoot][opening.tree];
  const nodes = Array.from({ length: opening.levels }, (_, i) => ({ hash: opening.path.subarray(32 * i, 32 * i + 32), a: 0n }));
  let root;
  try {
    root = opening.tree === FIRST ? firstRoot(header, opening).root
      : pathRoot(TAGS[opening.tree], opening.index, leavesOf(header)[opening.tree], opening.payload, nodes);
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('proof', 'a path of another length');
  }
  refuse(Buffer.compare(root, wanted) !== 0, 'an opening is of another corpus');
}

/** What a suffix leaf says; undefined if it has not its form. @param {Numbers} header @param {Buffer} payload */
function suffixOf({ n }, payload) {
  if (payload.length < 17) return undefined;
  const [SA, Psi, m] = [toNumber(payload.subarray(0, 8)), toNumber(payload.subarray(8, 16)), BigInt(payload[16])];
  const wanted = n - SA < 32n ? n - SA : 32n;
  if (SA >= n || (Psi >= n && Psi !== END) || m !== wanted || payload.length !== 17 + Number(m)) return undefined;
  return { SA, Psi, prefix: payload.subarray(17) };
}

/** Whether a leaf has its form. @param {Numbers} header @param {Opening} opening */
function hasForm(header, { tree, index, payload }) {
  if (tree === TEXT) return BigInt(payload.length) === (header.n - 128n * index < 128n ? header.n - 128n * index : 128n);
  if (tree === SUFFIXES) return suffixOf(header, payload) !== undefined;
  if (tree === FIRST) return payload.length === 8;
  return payload.length === 76;
}

/**
 * Whether bytes of a text can be part of UTF-8: what begins before them, or ends behind, is not judged.
 * @param {Buffer} bytes @param {boolean} isStart @param {boolean} isEnd whether they begin, or end, where the text does
 */
export function canBeUtf8(bytes, isStart, isEnd) {
  for (let before = 0; before <= (isStart ? 0 : 3); before++) {
    // Continuations of a character that began before.
    if (before > 0 && (bytes.length < before || (bytes[before - 1] & 0xc0) !== 0x80)) break;
    const from = bytes.subarray(before);
    if (isUtf8(from)) return true;
    // All but a last character that is cut, which some next bytes complete.
    for (let cut = 1; !isEnd && cut <= 3 && cut <= from.length; cut++) {
      if (isUtf8(from.subarray(0, from.length - cut)) && isStartOfCharacter(from.subarray(from.length - cut))) return true;
    }
  }
  return false;
}

/** @param {Buffer} bytes 1 to 3 */
function isStartOfCharacter(bytes) {
  const lead = bytes[0];
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc0 || bytes.length >= size) return false;
  const fill = size - bytes.length;
  return [0x80, 0x90, 0xa0, 0xbf].some((byte) => isUtf8(cat(bytes, Buffer.from([byte]), Buffer.alloc(fill - 1, 0x80))));
}

const isWrong = {
  /** 0 @param {Numbers} h @param {Opening[]} o */
  shape: (h, o) => {
    refuse(o.length !== 1, 'openings');
    return !hasForm(h, o[0]);
  },
  /** 1 @param {Numbers} h @param {Opening[]} o */
  successor: (h, o) => {
    const leaf = wellFormed(h, o[0], SUFFIXES);
    if (leaf.Psi === END || leaf.SA === h.n - 1n) {
      refuse(o.length !== 1, 'openings');
      return (leaf.Psi === END) !== (leaf.SA === h.n - 1n);
    }
    refuse(o.length !== 2, 'openings');
    return wellFormed(h, o[1], SUFFIXES, leaf.Psi).SA !== leaf.SA + 1n;
  },
  /** 2 @param {Numbers} h @param {Opening[]} o */
  anchor: (h, o) => {
    refuse(o.length !== 1, 'openings');
    return wellFormed(h, o[0], SUFFIXES, h.i0).SA !== 0n;
  },
  /** 3 @param {Numbers} h @param {Opening[]} o */
  order: (h, o) => {
    refuse(o.length !== 2, 'openings');
    const [a, b] = [wellFormed(h, o[0], SUFFIXES), wellFormed(h, o[1], SUFFIXES, o[0].index + 1n)];
    const rank = (/** @type {bigint} */ Psi) => (Psi === END ? -1n : Psi);
    return a.prefix[0] > b.prefix[0] || (a.prefix[0] === b.prefix[0] && rank(a.Psi) >= rank(b.Psi));
  },
  /** 4 @param {Numbers} h @param {Opening[]} o */
  prefix: (h, o) => {
    const leaf = wellFormed(h, o[0], SUFFIXES);
    refuse(o.length !== (leaf.Psi === END ? 2 : 3), 'openings');
    refuse(o[1].tree !== TEXT || o[1].index !== leaf.SA / 128n || !hasForm(h, o[1]), 'not the chunk');
    if (o[1].payload[Number(leaf.SA % 128n)] !== leaf.prefix[0]) return true;
    if (leaf.Psi === END) return false;
    const next = wellFormed(h, o[2], SUFFIXES, leaf.Psi).prefix;
    const length = Math.min(leaf.prefix.length - 1, next.length);
    return Buffer.compare(leaf.prefix.subarray(1, 1 + length), next.subarray(0, length)) !== 0;
  },
  /** 5 @param {Numbers} h @param {Opening[]} o */
  firstLeaf: (h, o) => {
    refuse(o.length !== 2, 'openings');
    const leaf = wellFormed(h, o[0], SUFFIXES);
    refuse(o[1].tree !== FIRST || o[1].index !== o[0].index || o[1].payload.length !== 8, 'not the first occurrence');
    return toNumber(o[1].payload) !== leaf.SA;
  },
  /** 6 @param {Numbers} h @param {Opening[]} o */
  firstNode: (h, o) => {
    refuse(o.length !== 1 || o[0].tree !== FIRST, 'openings');
    refuse(o[0].payload.length !== 8, 'a leaf without form');
    return !firstRoot(h, o[0]).areRight;
  },
  /** 7 @param {Numbers} h @param {Opening[]} o */
  documents: (h, o) => {
    refuse(o.length === 0 || o[0].tree !== DOCUMENTS || o[0].payload.length !== 76, 'not a document');
    const { start, length } = readDocument(o[0].payload);
    if (o.length === 1) {
      const [isFirst, isLast] = [o[0].index === 0n, o[0].index === h.docs - 1n];
      return start + length >= h.n || (isFirst && start !== 0n) || (isLast && start + length !== h.n - 1n);
    }
    refuse(start + length >= h.n, 'it ends behind the text');
    if (o[1].tree === DOCUMENTS) {
      refuse(o.length !== 2 || o[1].index !== o[0].index + 1n || o[1].payload.length !== 76, 'not the next document');
      return readDocument(o[1].payload).start !== start + length + 1n;
    }
    const chunks = o.slice(1);
    refuse(chunks.some((chunk, i) => chunk.tree !== TEXT || chunk.index !== chunks[0].index + BigInt(i) || !hasForm(h, chunk)), 'not neighbouring chunks');
    const text = cat(...chunks.map(({ payload }) => payload));
    const [from, to] = [128n * chunks[0].index, 128n * chunks[0].index + BigInt(text.length)];
    const end = start + length;
    if (from <= end && end < to && text[Number(end - from)] !== 0xff) return true;
    const [x, y] = [start > from ? start : from, end < to ? end : to];
    return x < y && !canBeUtf8(text.subarray(Number(x - from), Number(y - from)), x === start, y === end);
  },
  /** 8 @param {Numbers} h @param {Opening[]} o */
  header: (h, o) => {
    refuse(o.length !== 0, 'openings');
    return !isHeader(h);
  },
};
const JUDGES = [isWrong.shape, isWrong.successor, isWrong.anchor, isWrong.order, isWrong.prefix, isWrong.firstLeaf, isWrong.firstNode, isWrong.documents,
  isWrong.header];

const isHeader = (/** @type {Numbers} */ { n, i0, docs }) => n > 0n && n < 2n ** 48n && i0 < n && docs > 0n && docs <= n;

/** @param {Numbers} header @param {Opening} opening @param {number} tree @param {bigint} [index] */
function wellFormed(header, opening, tree, index = opening?.index) {
  refuse(!opening || opening.tree !== tree || opening.index !== index, 'not the leaf that the rule asks for');
  const leaf = suffixOf(header, opening.payload);
  refuse(leaf === undefined, 'a leaf without form');
  return /** @type {NonNullable<typeof leaf>} */ (leaf);
}

/** What a refutation shows. Throws Refused. @param {Uint8Array} file ATRF */
export function readRefutation(file) {
  try {
    const r = new Reader(file);
    r.begin('ATRF');
    const headerBytes = r.take(160);
    const rule = Number(r.u(1));
    demand('format', rule < RULES.length);
    const count = Number(r.u(1));
    demand('format', count <= 3);
    /** @type {Opening[]} */
    const openings = Array.from({ length: count }, () => {
      const tree = Number(r.u(1));
      demand('format', tree <= 3);
      const [index, payload, levels] = [r.u(8), r.take(r.u(2)), Number(r.u(1))];
      demand('format', levels <= 64);
      return { tree, index, payload, levels, path: r.take(tree === FIRST ? 48 * levels + 8 : 32 * levels) };
    });
    r.end();
    const header = readNumbers(headerBytes);
    refuse(rule !== 8 && !isHeader(header), 'the header is not one');
    openings.forEach((opening) => {
      checkOpening(header, opening);
      refuse(rule !== 0 && !hasForm(header, opening), 'a leaf without form');
    });
    refuse(!JUDGES[rule](header, openings), 'nothing is wrong');
    return { corpusId: corpusId(headerBytes), rule };
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused('format', String(error));
  }
}

/** Each refutation that a corpus allows, by trying all: [rule, openings]. @param {Corpus} corpus @returns {Buffer[]} */
export function refutationsOf(corpus) {
  const { n } = corpus;
  const open = (/** @type {number} */ tree, /** @type {bigint} */ index) => openingOf(corpus, tree, index);
  const header = writeHeader(corpus.header);
  /** @type {[number, () => Opening[]][]} */
  const tries = [[8, () => []], [2, () => [open(SUFFIXES, corpus.i0)]]];
  const each = (/** @type {bigint} */ count, /** @type {(i: bigint) => void} */ what) => {
    for (let i = 0n; i < count; i++) what(i);
  };
  each((n + 127n) / 128n, (i) => tries.push([0, () => [open(TEXT, i)]]));
  each(corpus.header.docs, (k) => {
    tries.push([0, () => [open(DOCUMENTS, k)]], [7, () => [open(DOCUMENTS, k)]], [7, () => [open(DOCUMENTS, k), open(DOCUMENTS, k + 1n)]]);
    each((n + 127n) / 128n, (i) => tries.push([7, () => [open(DOCUMENTS, k), open(TEXT, i)]], [7, () => [open(DOCUMENTS, k), open(TEXT, i), open(TEXT, i + 1n)]]));
  });
  each(n, (i) => {
    const { SA, Psi } = { SA: corpus.SA[Number(i)], Psi: corpus.Psi[Number(i)] };
    tries.push([0, () => [open(SUFFIXES, i)]], [0, () => [open(FIRST, i)]],
      [1, () => (Psi === END || SA === n - 1n ? [open(SUFFIXES, i)] : [open(SUFFIXES, i), open(SUFFIXES, Psi)])],
      [3, () => [open(SUFFIXES, i), open(SUFFIXES, i + 1n)]],
      [4, () => [open(SUFFIXES, i), open(TEXT, SA / 128n), ...(Psi === END ? [] : [open(SUFFIXES, Psi)])]],
      [5, () => [open(SUFFIXES, i), open(FIRST, i)]], [6, () => [open(FIRST, i)]]);
  });
  return tries.flatMap(([rule, openings]) => {
    try {
      const file = writeRefutation(header, rule, openings());
      readRefutation(file);
      return [file];
    } catch {
      return []; // there is no such leaf, or nothing is wrong with it
    }
  });
}
