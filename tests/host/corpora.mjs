// SPDX-License-Identifier: MIT
// Corpora in tests: directories of documents, what they are committed to by, and refutations of what no file has.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bytesToHex, concat, hexToBytes, keccak256, stringToBytes, toHex } from 'viem';

/** @typedef {`0x${string}`} Hex */
/** @typedef {{ contributor: Hex, datanet: bigint, licence: Hex }} Owner */

export const u64 = (/** @type {number | bigint} */ value) => toHex(value, { size: 8 });

/** A folder for a test file's own files, removed when the process ends. */
export function folder() {
  const root = mkdtempSync(join(tmpdir(), 'openledger-corpus-'));
  process.on('exit', () => rmSync(root, { recursive: true, force: true }));
  return (/** @type {string} */ name) => join(root, name);
}

/** Writes files below a directory. @param {string} directory @param {Record<string, string | Uint8Array>} documents */
export function write(directory, documents) {
  for (const [name, text] of Object.entries(documents)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** The root of a tree without annotations (docs/attribution.md, section 1.1). @param {string} tag @param {Hex[]} payloads @returns {Hex} */
export function rootOf(tag, payloads) {
  const sign = bytesToHex(stringToBytes(tag));
  /** @param {Hex[]} nodes @returns {Hex} */
  const top = (nodes) => {
    if (nodes.length === 1) return nodes[0];
    const left = 2 ** Math.ceil(Math.log2(nodes.length) - 1);
    return keccak256(concat(['0x01', sign, top(nodes.slice(0, left)), top(nodes.slice(left))]));
  };
  const leaves = payloads.map((payload, i) => keccak256(concat(['0x00', sign, u64(i), payload])));
  return keccak256(concat(['0x02', sign, u64(leaves.length), top(leaves)]));
}

/** T, and the roots of text and documents, of documents in this order. @param {{ text: string, owner: Owner }[]} documents */
export function committed(documents) {
  const texts = documents.map(({ text }) => Buffer.from(text));
  const whole = Buffer.concat(texts.flatMap((text) => [text, Buffer.from([0xff])]));
  const chunks = Array.from({ length: Math.ceil(whole.length / 128) }, (_, i) => bytesToHex(whole.subarray(128 * i, 128 * i + 128)));
  let start = 0;
  const rows = documents.map(({ owner }, i) => {
    const row = concat([owner.contributor, u64(owner.datanet), u64(start), u64(texts[i].length), owner.licence]);
    start += texts[i].length + 1;
    return row;
  });
  return { n: whole.length, textRoot: rootOf('TEXT', chunks), docRoot: rootOf('DOCS', rows) };
}

/** A corpus of one byte whose only suffix says that another follows on it, and the refutation of that. */
export function wrongCorpus() {
  const payload = concat([u64(0), u64(0), '0x01', '0xff']);
  const zero = toHex(0, { size: 32 });
  const header = concat([u64(1), zero, rootOf('SUFX', [payload]), zero, u64(0), zero, u64(1), u64(0)]);
  const opening = concat(['0x01', u64(0), toHex(18, { size: 2 }), payload, '0x00']);
  return {
    corpusId: keccak256(concat([bytesToHex(stringToBytes('ATR1.corpus')), header])),
    refutation: hexToBytes(concat([bytesToHex(stringToBytes('ATRF')), '0x01', header, '0x01', '0x01', opening])),
  };
}

/**
 * A table of influence: rows of contributor, datanet and numbers, the payout row of a datanet first.
 * @param {Hex} adapter @param {[Hex, number, number[]][]} rows
 */
export function tableOf(adapter, rows) {
  const payloads = rows.map(([contributor, datanet, numbers]) => concat([contributor, u64(datanet), ...numbers.map(int16)]));
  const [, , { length }] = rows[0];
  const header = concat([adapter, toHex(0, { size: 32 }), toHex(length, { size: 2 }), toHex(65536, { size: 4 }), rootOf('GRAD', payloads), toHex(rows.length, { size: 4 })]);
  return hexToBytes(concat([bytesToHex(stringToBytes('ATRG')), '0x01', header, ...payloads]));
}

const int16 = (/** @type {number} */ value) => toHex(value & 0xffff, { size: 2 });

/** @param {number[]} numbers */
export const vectorOf = (numbers) => hexToBytes(concat(numbers.map(int16)));
