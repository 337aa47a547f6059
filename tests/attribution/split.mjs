// SPDX-License-Identifier: MIT
// Who gets what (5.3), shares of it, sums of an epoch, and batches of receipts (6, 7).
import { REASONS, Reader, cat, demand, reasonOf, u } from './bytes.mjs';
import { Tree, nodeBytes, pathRoot, readNode } from './trees.mjs';

/**
 * @typedef {import('./evidence.mjs').Weight} Weight
 * @typedef {{ contributor: Buffer, datanet: bigint, weight: bigint, amount: bigint }} Row
 */

const below128 = (/** @type {bigint} */ value) => {
  demand('overflow', value < 2n ** 128n);
  return value;
};
const keyOf = (/** @type {{ contributor: Uint8Array, datanet: bigint }} */ { contributor, datanet }) => cat(contributor, u(datanet, 8)).toString('hex');
const sum = (/** @type {bigint[]} */ values) => values.reduce((total, value) => below128(total + value), 0n);

/**
 * The weights of rows, sorted by contributor, then datanet.
 * @param {Weight[]} S of spans @param {Weight[]} I of influence @param {number} b basis points of influence @returns {Weight[]}
 */
export function combine(S, I, b) {
  const [totalS, totalI] = [sum(S.map(({ weight }) => weight)), sum(I.map(({ weight }) => weight))];
  const times = (/** @type {bigint[]} */ ...factors) => factors.reduce((product, factor) => below128(product * factor), 1n);
  const onlyS = b === 0 || (b < 10000 && totalI === 0n);
  const onlyI = b === 10000 || (b > 0 && totalS === 0n);
  const rows = new Map();
  for (const row of [...S, ...I]) rows.set(keyOf(row), row);
  const weightIn = (/** @type {Weight[]} */ list, /** @type {string} */ key) => list.find((row) => keyOf(row) === key)?.weight ?? 0n;
  return [...rows].sort(([x], [y]) => (x < y ? -1 : 1)).map(([key, { contributor, datanet }]) => {
    const [s, i] = [weightIn(S, key), weightIn(I, key)];
    const weight = onlyS ? s : onlyI ? i : below128(times(s, BigInt(10000 - b), totalI) + times(i, BigInt(b), totalS));
    return { contributor, datanet, weight };
  }).filter(({ weight }) => weight > 0n);
}

/** @param {Weight[]} weights @param {bigint} pool @returns {{ rows: Row[], totalWeight: bigint, dust: bigint }} */
export function divide(weights, pool) {
  const totalWeight = sum(weights.map(({ weight }) => weight));
  const rows = weights.map((row) => ({ ...row, amount: (pool * row.weight) / totalWeight }));
  return { rows, totalWeight, dust: pool - sum(rows.map(({ amount }) => amount)) };
}

/** @param {Row} row */
export const writeRow = ({ contributor, datanet, weight, amount }) => cat(contributor, u(datanet, 8), u(weight, 16), u(amount, 16));
/** @param {Uint8Array} bytes @returns {Row} */
export function readRow(bytes) {
  const r = new Reader(bytes);
  return { contributor: r.take(20), datanet: r.u(8), weight: r.u(16), amount: r.u(16) };
}

const treeOf = (/** @type {Row[]} */ rows) => new Tree('SPLT', rows.map(writeRow));
/** @param {Row[]} rows */
export const splitRoot = (rows) => treeOf(rows).root;

/** That rows ascend by contributor, then datanet. @param {Row[]} rows */
export function checkRows(rows) {
  rows.forEach((row, i) => demand('format', i === 0 || keyOf(row) > keyOf(rows[i - 1]), `row ${i} does not ascend`));
}

/** @param {Row[]} rows */
export const writeSplit = (rows) => cat('ATRS', u(1, 1), u(rows.length, 4), ...rows.map(writeRow));

/** @param {Uint8Array} file ATRS */
export function readSplit(file) {
  const r = new Reader(file);
  r.begin('ATRS');
  const count = Number(r.u(4));
  demand('format', r.bytes.length - r.at === 60 * count, 'length');
  const rows = Array.from({ length: count }, () => readRow(r.take(60)));
  checkRows(rows);
  return rows;
}

/** An epoch's split: the sums of weights and amounts. @param {Row[][]} splits @returns {Row[]} */
export function addSplits(splits) {
  /** @type {Map<string, Row>} */
  const sums = new Map();
  for (const row of splits.flat()) {
    const before = sums.get(keyOf(row));
    sums.set(keyOf(row), before ? { ...row, weight: below128(before.weight + row.weight), amount: below128(before.amount + row.amount) } : row);
  }
  return [...sums].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, row]) => row);
}

/** What one row earns, as a file (ATRP). @param {Row[]} rows @param {number} index */
export function writeShare(rows, index) {
  const tree = treeOf(rows);
  const path = tree.path(BigInt(index));
  return cat('ATRP', u(1, 1), u(index, 8), u(rows.length, 8), writeRow(rows[index]), u(path.length, 1), ...path.map((node) => nodeBytes('SPLT', node)), tree.root);
}

/** @param {Uint8Array} file ATRP */
export function readShare(file) {
  const r = new Reader(file);
  r.begin('ATRP');
  const [index, count] = [r.u(8), r.u(8)];
  const row = r.take(60);
  const path = Array.from({ length: Number(r.u(1)) }, () => readNode('SPLT', r));
  const root = r.take(32);
  r.end();
  demand('split root', Buffer.compare(pathRoot('SPLT', index, count, row, path), root) === 0);
  return { index, count, row: readRow(row), path, root };
}

/** @param {Uint8Array[]} digests */
export const batchTree = (digests) => new Tree('BTCH', digests);

/**
 * @typedef {{ batchId: bigint, root: Uint8Array, leaves: bigint, index: bigint, path: Uint8Array[] }} BatchProof
 * @param {BatchProof} proof @param {Uint8Array} digest
 */
export function verifyBatch({ root, leaves, index, path }, digest) {
  const nodes = path.map((hash) => ({ hash: Buffer.from(hash), a: 0n }));
  demand('batch inclusion', Buffer.compare(pathRoot('BTCH', index, leaves, digest, nodes, 'batch inclusion'), root) === 0);
}

/**
 * That the rows of evidence are what follows, by reasons 36 to 43.
 * @param {Row[]} rows that ascend @param {Weight[]} S @param {Weight[]} I @param {{ influence: number, contributors: number }} policy
 * @param {{ fee: bigint, contributorPool: bigint, totalWeight: bigint, contributors: number, splitRoot: Uint8Array }} receipt
 */
export function checkSplit(rows, S, I, policy, receipt) {
  /** @type {Set<string>} */
  const failed = new Set();
  const check = (/** @type {string} */ reason, /** @type {boolean} */ holds) => holds || failed.add(reason);
  /** @type {Weight[] | undefined} */
  let wanted;
  check('overflow', reasonOf(() => {
    const combined = combine(S, I, policy.influence);
    sum(combined.map(({ weight }) => weight));
    wanted = combined;
  }) === '');
  if (wanted) {
    const total = sum(wanted.map(({ weight }) => weight));
    for (const row of rows) {
      const want = wanted.find((other) => keyOf(other) === keyOf(row));
      check('phantom contributor', want !== undefined);
      if (!want) continue;
      check('weight', want.weight === row.weight);
      check('amount', row.amount === (receipt.contributorPool * want.weight) / total);
    }
    check('weight', receipt.totalWeight === total);
    check('missing contributor', wanted.every((row) => rows.some((other) => keyOf(other) === keyOf(row))));
  }
  const overflow = reasonOf(() => sum(rows.map(({ amount }) => amount)));
  check('overflow', overflow === '');
  if (overflow === '') check('split root', Buffer.compare(splitRoot(rows), receipt.splitRoot) === 0);
  check('pool', receipt.contributorPool === (receipt.fee * BigInt(policy.contributors)) / 10000n);
  check('total', receipt.contributors === rows.length);
  demand(REASONS.find((name) => failed.has(name)) ?? 'weight', failed.size === 0);
}
