// SPDX-License-Identifier: MIT
// Vectors of refutations: of corpora that are wrong in one place, and what is refused.
import { END, cat, u } from './bytes.mjs';
import { commit, corpusOf, partsOf } from './corpus.mjs';
import { RULES, Refused, openingOf, readRefutation, refutationsOf, writeRefutation } from './refutation.mjs';
import { textsOf } from './random.mjs';
import { Tree } from './trees.mjs';

/** @typedef {import('./corpus.mjs').Corpus} Corpus */

const text = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('hex');
const TEXTS = ['a banana and a bandana', 'äöü €', '', 'ananas '.repeat(14), 'zz'];

/** @param {string} name @param {Uint8Array} file */
export function refutationVector(name, file) {
  try {
    const { corpusId, rule } = readRefutation(file);
    return { name, file: text(file), refused: '', rule, corpusId: text(corpusId) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { name, file: text(file), refused: error.why, rule: -1, corpusId: '' };
  }
}

export function refutationCases() {
  /** @type {ReturnType<typeof refutationVector>[]} */
  const vectors = [];
  /** Adds one refutation of each rule that is wanted. @param {string} name @param {Corpus} corpus @param {number[]} rules */
  const wrong = (name, corpus, rules) => {
    const files = refutationsOf(corpus);
    for (const rule of rules) {
      const file = files.filter((each) => readRefutation(each).rule === rule).at(-1);
      if (!file) throw new Error(`${name}: not refuted by ${RULES[rule]}, but by ${files.map((each) => readRefutation(each).rule)}`);
      vectors.push(refutationVector(`${name} (${RULES[rule]})`, file));
    }
  };
  const truth = () => {
    const parts = partsOf(textsOf(TEXTS), 3n);
    return { ...parts, T: Buffer.from(parts.T), prefixes: parts.prefixes.map((prefix) => Buffer.from(prefix)) };
  };
  const n = BigInt(truth().T.length);
  const changed = (/** @type {(parts: ReturnType<typeof truth>) => void} */ change) => {
    const parts = truth();
    change(parts);
    return commit(parts);
  };
  wrong('an SA behind the end', changed((p) => { p.SA[4] = n; }), [0]);
  wrong('a Psi behind the end', changed((p) => { p.Psi[4] = n; }), [0]);
  wrong('a prefix that is too short', changed((p) => { p.prefixes[4] = p.prefixes[4].subarray(0, 3); }), [0]);
  wrong('an SA twice', changed((p) => { p.SA[5] = p.SA[6]; }), [1, 5]);
  wrong('a Psi that skips', changed((p) => { [p.Psi[7], p.Psi[8]] = [p.Psi[8], p.Psi[7]]; }), [1, 3]);
  wrong('END in the middle', changed((p) => { p.Psi[9] = END; }), [1]);
  wrong('no END', changed((p) => { p.Psi[p.Psi.indexOf(END)] = 0n; }), [1]);
  wrong('another anchor', changed((p) => { p.i0 += 1n; }), [2]);
  wrong('neighbours in the other order', (() => {
    const p = truth();
    const swap = (/** @type {any[]} */ list, a = 10, b = 11) => { [list[a], list[b]] = [list[b], list[a]]; };
    [p.SA, p.Psi, p.prefixes, p.first].forEach((list) => swap(list));
    p.Psi = p.Psi.map((rank) => (rank === 10n ? 11n : rank === 11n ? 10n : rank));
    if (p.i0 === 10n || p.i0 === 11n) p.i0 = 21n - p.i0;
    return commit(p);
  })(), [3]);
  wrong('another byte in a prefix', changed((p) => { p.prefixes[30][5] ^= 1; }), [4]);
  wrong('another first byte in a prefix', changed((p) => { p.prefixes[30][0] = 0x7a; }), [4]);
  wrong('another byte in the text', changed((p) => { p.T[20] = 0x62; }), [4]);
  wrong('another first occurrence', changed((p) => { p.first[3] += 1n; }), [5]);
  const minimum = (/** @type {(x: bigint, y: bigint) => boolean} */ where) => {
    const corpus = corpusOf(textsOf(TEXTS), 3n);
    const { first } = corpus.trees;
    const node = Tree.prototype.node;
    first.known.clear();
    first.node = function (x, y) {
      const key = `${x} ${y}`;
      if (this.known.has(key)) return node.call(this, x, y);
      const right = node.call(this, x, y);
      const wrongNode = where(x, y) ? { hash: right.hash, a: right.a + 1n } : right;
      this.known.set(key, wrongNode);
      return wrongNode;
    };
    corpus.header.firstRoot = first.root;
    return corpus;
  };
  wrong('another minimum of a node', minimum((x, y) => x === 8n && y === 16n), [6]);
  wrong('another minimum of a leaf', minimum((x, y) => x === 8n && y === 9n), [6]);
  wrong('another minimum in the root', minimum((x, y) => x === 0n && y === n), [6]);
  wrong('a first document that starts later', changed((p) => { p.documents[0].start = 1n; }), [7]);
  wrong('a last document that is too short', changed((p) => { /** @type {any} */ (p.documents.at(-1)).length -= 1n; }), [7]);
  wrong('a document that ends behind the text', changed((p) => { p.documents[1].length = n; }), [7]);
  wrong('a document whose end overflows', changed((p) => { p.documents[1].length = END; }), [7]);
  wrong('a gap between documents', changed((p) => { p.documents[1].start += 1n; }), [7]);
  wrong('a text without its end', changed((p) => { p.T[22] = 0x20; }), [7]);
  wrong('an end inside of a text', changed((p) => { p.T[7] = 0xff; }), [7]);
  wrong('a text that is not UTF-8', changed((p) => { p.T[24] = 0x20; }), [7]);
  const acrossChunks = (/** @type {number[]} */ bytes) => {
    const parts = partsOf(textsOf(['x'.repeat(126) + '€€' + 'y'.repeat(10)]), 1n);
    const T = Buffer.from(parts.T);
    bytes.forEach((byte, i) => { T[126 + i] = byte; });
    return commit({ ...parts, T });
  };
  wrong('a character that is cut between chunks', acrossChunks([0xe2, 0x82, 0x20]), [7]);
  wrong('a surrogate between chunks', acrossChunks([0xed, 0xa0]), [7]);
  wrong('an overlong character between chunks', acrossChunks([0xe0, 0x82]), [7]);
  wrong('a continuation without a character', acrossChunks([0x20, 0x20]), [7]);
  for (const [name, at, bytes] of /** @type {[string, number, Uint8Array][]} */ ([['n = 0', 0, u(0, 8)], ['n = 2^48', 0, u(2n ** 48n, 8)], ['i0 = n', 104, u(n, 8)],
    ['no documents', 144, u(0, 8)], ['more documents than bytes', 144, u(n + 1n, 8)]])) {
    const header = corpusOf(textsOf(TEXTS), 3n).headerBytes;
    vectors.push(refutationVector(`${name} (header)`, writeRefutation(cat(header.subarray(0, at), bytes, header.subarray(at + bytes.length)), 8, [])));
  }

  // What shows nothing.
  const right = corpusOf(textsOf(TEXTS), 3n);
  const open = (/** @type {number} */ tree, /** @type {bigint} */ index) => openingOf(right, tree, index);
  const refuse = (/** @type {string} */ name, /** @type {number} */ rule, /** @type {import('./refutation.mjs').Opening[]} */ openings, header = right.headerBytes) => {
    const vector = refutationVector(`refused: ${name}`, writeRefutation(header, rule, openings));
    if (vector.refused === '') throw new Error(`${name} is not refused`);
    vectors.push(vector);
  };
  const i = right.SA.findIndex((SA) => SA === 30n);
  const Psi = right.Psi[i];
  const end = BigInt(right.Psi.indexOf(END));
  for (const tree of [0, 1, 2, 3]) refuse(`a leaf of tree ${tree} with its form`, 0, [open(tree, 1n)]);
  refuse('A holds', 1, [open(1, BigInt(i)), open(1, Psi)]);
  refuse('A holds at the end', 1, [open(1, end)]);
  refuse('A, not the successor', 1, [open(1, BigInt(i)), open(1, Psi + 1n)]);
  refuse('A, without the successor', 1, [open(1, BigInt(i))]);
  refuse('A, one opening too many', 1, [open(1, BigInt(i)), open(1, Psi), open(1, 0n)]);
  refuse('A, of another tree', 1, [open(0, 0n), open(1, Psi)]);
  refuse('the anchor holds', 2, [open(1, right.i0)]);
  refuse('not the anchor', 2, [open(1, right.i0 + 1n)]);
  refuse('B holds', 3, [open(1, 10n), open(1, 11n)]);
  refuse('B, not neighbours', 3, [open(1, 11n), open(1, 10n)]);
  refuse('C holds', 4, [open(1, BigInt(i)), open(0, 0n), open(1, Psi)]);
  refuse('C holds at the end', 4, [open(1, end), open(0, (n - 1n) / 128n)]);
  refuse('C, not the chunk', 4, [open(1, BigInt(i)), open(0, 1n), open(1, Psi)]);
  refuse('D holds for a leaf', 5, [open(1, 9n), open(2, 9n)]);
  refuse('D, not the leaf', 5, [open(1, 9n), open(2, 8n)]);
  refuse('D holds for nodes', 6, [open(2, 9n)]);
  refuse('D, of another tree', 6, [open(1, 9n)]);
  for (const k of [0n, 4n]) refuse(`E holds for document ${k}`, 7, [open(3, k)]);
  refuse('E, a document in the middle', 7, [open(3, 2n)]);
  refuse('E holds for neighbours', 7, [open(3, 1n), open(3, 2n)]);
  refuse('E, not neighbours', 7, [open(3, 1n), open(3, 3n)]);
  refuse('E holds in a chunk', 7, [open(3, 1n), open(0, 0n)]);
  refuse('E holds in two chunks', 7, [open(3, 3n), open(0, 0n), open(0, 1n)]);
  refuse('E, a chunk elsewhere', 7, [open(3, 0n), open(0, 1n)]);
  refuse('E, chunks in the other order', 7, [open(3, 3n), open(0, 1n), open(0, 0n)]);
  refuse('E, characters that are cut by chunks', 7, (() => {
    const corpus = acrossChunks([0xe2, 0x82, 0xac]);
    return [openingOf(corpus, 3, 0n), openingOf(corpus, 0, 0n)];
  })(), acrossChunks([0xe2, 0x82, 0xac]).headerBytes);
  refuse('a header that is right', 8, []);
  refuse('no openings', 1, []);
  const good = writeRefutation(right.headerBytes, 1, [open(1, BigInt(i)), open(1, Psi)]);
  const wrongFile = vectors.find(({ rule }) => rule === 1);
  if (!wrongFile) throw new Error('there is no refutation by A');
  const shown = Buffer.from(wrongFile.file, 'hex');
  const form = (/** @type {string} */ name, /** @type {Uint8Array} */ file) => vectors.push(refutationVector(`refused: ${name}`, file));
  const flip = (/** @type {number} */ at) => {
    const copy = Buffer.from(shown);
    copy[at] ^= 1;
    return copy;
  };
  form('another kind of file', flip(0));
  form('version 0', flip(4));
  form('another corpus', flip(5 + 8 + 32));
  form('another payload', flip(5 + 160 + 2 + 1 + 8 + 2));
  form('another path', flip(shown.length - 1));
  form('cut', shown.subarray(0, -1));
  form('too long', cat(shown, u(0, 1)));
  form('rule 9', cat(good.subarray(0, 165), u(9, 1), good.subarray(166)));
  form('tree 4', cat(good.subarray(0, 167), u(4, 1), good.subarray(168)));
  form('four openings', cat(good.subarray(0, 166), u(4, 1), good.subarray(167)));
  return vectors;
}
