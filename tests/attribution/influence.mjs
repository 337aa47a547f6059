// SPDX-License-Identifier: MIT
// Tables of gradients and what they say of an answer (section 4).
import { H, Reader, cat, demand, int16s, readInt16s, u } from './bytes.mjs';
import { credit, sortedWeights } from './evidence.mjs';
import { Tree } from './trees.mjs';

/**
 * @typedef {{ contributor: Buffer, datanet: bigint, X: number[] }} Row
 * @typedef {{ adapterId: Uint8Array, seed: Uint8Array, d: number, scale: number, root: Uint8Array, rows: number }} GradientHeader
 */

/** @param {Row} row */
const payload = ({ contributor, datanet, X }) => cat(contributor, u(datanet, 8), int16s(X));

/** @param {Row[]} rows */
export const gradientRoot = (rows) => new Tree('GRAD', rows.map(payload)).root;

/** @param {GradientHeader} h */
export const writeGradientHeader = (h) => cat(h.adapterId, h.seed, u(h.d, 2), u(h.scale, 4), h.root, u(h.rows, 4));

/** @param {Uint8Array} bytes @returns {GradientHeader} */
export function readGradientHeader(bytes) {
  const r = new Reader(bytes);
  const header = { adapterId: r.take(32), seed: r.take(32), d: Number(r.u(2)), scale: Number(r.u(4)), root: r.take(32), rows: Number(r.u(4)) };
  demand('influence range', header.d >= 1 && header.d <= 4096 && header.rows <= 65536, 'header');
  return header;
}

/** @param {Uint8Array} header its bytes */
export const gradientId = (header) => H('ATR1.grad', header);
/** @param {Uint8Array} id gradientId @param {Uint8Array} v */
export const influenceHash = (id, v) => H('ATR1.influence', id, v);

/** @param {Uint8Array} header @param {Row[]} rows */
export const writeTable = (header, rows) => cat('ATRG', u(1, 1), header, ...rows.map(payload));

/** Rows in order: groups of datanets that ascend, the payout row first. @param {Row[]} rows */
function checkOrder(rows) {
  /** @type {Row | undefined} */
  let payout;
  rows.forEach((row, i) => {
    const before = rows[i - 1];
    if (!before || row.datanet !== before.datanet) {
      demand('influence range', !before || row.datanet > before.datanet, `datanet of row ${i}`);
      payout = row;
      return;
    }
    demand('influence range', payout !== undefined && Buffer.compare(row.contributor, payout.contributor) !== 0, `row ${i} is the payout's`);
    demand('influence range', before === payout || Buffer.compare(row.contributor, before.contributor) > 0, `order of row ${i}`);
  });
}

/** @param {Uint8Array} file ATRG */
export function readTable(file) {
  const r = new Reader(file);
  r.begin('ATRG');
  const headerBytes = r.take(106);
  const header = readGradientHeader(headerBytes);
  /** @type {Row[]} */
  const rows = Array.from({ length: header.rows }, () => ({ contributor: r.take(20), datanet: r.u(8), X: readInt16s(r.take(2 * header.d)) }));
  r.end();
  checkOrder(rows);
  demand('influence table', Buffer.compare(gradientRoot(rows), header.root) === 0, 'root');
  return { headerBytes, header, rows, id: gradientId(headerBytes) };
}

/** v . X of a row. @param {number[]} v @param {Row} row */
const dot = (v, { X }) => X.reduce((sum, x, i) => sum + BigInt(x) * BigInt(v[i]), 0n);

/**
 * What each row weighs, in the order of the table, and v . X of each.
 * @param {{ header: GradientHeader, rows: Row[] }} table @param {number} clipping @param {Uint8Array} vBytes
 */
export function influenceOf({ header, rows }, clipping, vBytes) {
  demand('influence range', vBytes.length === 2 * header.d, 'v');
  const scores = rows.map((row) => dot(readInt16s(vBytes), row));
  const weighed = rows.map(({ contributor, datanet }, i) => {
    if (clipping === 0) return { contributor, datanet, weight: scores[i] };
    const isPayout = i === 0 || rows[i - 1].datanet !== datanet;
    return { contributor, datanet, weight: isPayout ? rows.reduce((sum, row, k) => (row.datanet === datanet ? sum + scores[k] : sum), 0n) : 0n };
  }).filter(({ weight }) => weight > 0n);
  return { scores, weights: weighed };
}

/** The weights by contributor, then datanet. @param {{ contributor: Uint8Array, datanet: bigint, weight: bigint }[]} weights */
export function byContributor(weights) {
  const sums = new Map();
  for (const weight of weights) credit(sums, weight, weight.weight);
  return sortedWeights(sums);
}
