// SPDX-License-Identifier: MIT
// A corpus and what it is committed to by (section 1.3). Suffixes are sorted by comparing them.
import { END, H, Reader, cat, demand, isUtf8, u } from './bytes.mjs';
import { Tree } from './trees.mjs';

/**
 * @typedef {{ contributor: Uint8Array, datanet: bigint, text: Uint8Array, licence: Uint8Array }} Text
 * @typedef {{ contributor: Uint8Array, datanet: bigint, start: bigint, length: bigint, licence: Uint8Array }} Document
 * @typedef {{ n: bigint, textRoot: Uint8Array, suffixRoot: Uint8Array, firstRoot: Uint8Array, i0: bigint, docRoot: Uint8Array,
 *   docs: bigint, epoch: bigint }} Header
 * @typedef {{ T: Buffer, SA: bigint[], Psi: bigint[], prefixes: Buffer[], first: bigint[], i0: bigint, documents: Document[],
 *   epoch: bigint }} Parts what is committed to, be it right or not
 * @typedef {Parts & { n: bigint, chunks: Buffer[], header: Header, headerBytes: Buffer, id: Buffer,
 *   trees: { text: Tree, suffixes: Tree, first: Tree, documents: Tree } }} Corpus
 */

/** @param {Header} h */
export const writeHeader = (h) => cat(u(h.n, 8), h.textRoot, h.suffixRoot, h.firstRoot, u(h.i0, 8), h.docRoot, u(h.docs, 8), u(h.epoch, 8));

/** @param {Reader} r @returns {Header} */
export function readHeader(r) {
  const header = { n: r.u(8), textRoot: r.take(32), suffixRoot: r.take(32), firstRoot: r.take(32), i0: r.u(8), docRoot: r.take(32),
    docs: r.u(8), epoch: r.u(8) };
  demand('format', header.n > 0n && header.n < 2n ** 48n, 'n');
  demand('format', header.i0 < header.n, 'i0');
  demand('format', header.docs > 0n && header.docs <= header.n, 'documents');
  return header;
}

/** @param {Uint8Array} header its bytes */
export const corpusId = (header) => H('ATR1.corpus', header);

/** @param {Document} d */
export const documentPayload = (d) => cat(d.contributor, u(d.datanet, 8), u(d.start, 8), u(d.length, 8), d.licence);

/** @param {Uint8Array} payload @returns {Document} */
export function readDocument(payload) {
  const r = new Reader(payload);
  return { contributor: r.take(20), datanet: r.u(8), start: r.u(8), length: r.u(8), licence: r.take(32) };
}

/** @param {bigint} SA @param {bigint} Psi @param {Uint8Array} prefix */
export const suffixPayload = (SA, Psi, prefix) => cat(u(SA, 8), u(Psi, 8), u(prefix.length, 1), prefix);

export const chunksOf = (/** @type {Buffer} */ T) => Array.from({ length: Math.ceil(T.length / 128) }, (_, i) => T.subarray(128 * i, 128 * i + 128));

/** What the truth is. @param {Text[]} texts @param {bigint} epoch @returns {Parts} */
export function partsOf(texts, epoch) {
  let start = 0n;
  const documents = texts.map(({ contributor, datanet, text, licence }) => {
    if (!isUtf8(text)) throw new Error('a text is not UTF-8');
    const document = { contributor, datanet, start, length: BigInt(text.length), licence };
    start += BigInt(text.length) + 1n;
    return document;
  });
  const T = cat(...texts.flatMap(({ text }) => [text, '\xff']));
  const sorted = Array.from(T, (_, i) => i).sort((a, b) => Buffer.compare(T.subarray(a), T.subarray(b)));
  const rank = new Map(sorted.map((position, i) => [position, BigInt(i)]));
  const Psi = sorted.map((position) => rank.get(position + 1) ?? END);
  const prefixes = sorted.map((position) => T.subarray(position, position + 32));
  const SA = sorted.map(BigInt);
  return { T, SA, Psi, prefixes, first: [...SA], i0: /** @type {bigint} */ (rank.get(0)), documents, epoch };
}

/** @param {Parts} parts @returns {Corpus} */
export function commit(parts) {
  const chunks = chunksOf(parts.T);
  const trees = {
    text: new Tree('TEXT', chunks),
    suffixes: new Tree('SUFX', parts.SA.map((SA, i) => suffixPayload(SA, parts.Psi[i], parts.prefixes[i]))),
    first: new Tree('FRST', parts.first.map((SA) => u(SA, 8))),
    documents: new Tree('DOCS', parts.documents.map(documentPayload)),
  };
  const n = BigInt(parts.T.length);
  const header = { n, textRoot: trees.text.root, suffixRoot: trees.suffixes.root, firstRoot: trees.first.root, i0: parts.i0,
    docRoot: trees.documents.root, docs: BigInt(parts.documents.length), epoch: parts.epoch };
  const headerBytes = writeHeader(header);
  return { ...parts, n, chunks, trees, header, headerBytes, id: corpusId(headerBytes) };
}

/** @param {Text[]} texts @param {bigint} epoch */
export const corpusOf = (texts, epoch = 1n) => commit(partsOf(texts, epoch));
