// SPDX-License-Identifier: MIT
// The trees of ATR-1 that the registry checks, made: batches of receipts, and splits, whose nodes hash sums too.
import { concat, encodePacked, keccak256, stringToHex, toHex } from 'viem';

/**
 * @typedef {`0x${string}`} Hex
 * @typedef {{ hash: Hex, sum: bigint }} Node
 * @typedef {{ contributor: Hex, datanet: bigint, weight: bigint, amount: bigint }} Share
 */

const u64 = (/** @type {number} */ value) => toHex(value, { size: 8 });
const u128 = (/** @type {bigint} */ value) => toHex(value, { size: 16 });

/** The largest power of two below a count. @param {number} count */
const leftOf = (count) => 2 ** Math.ceil(Math.log2(count) - 1);

/**
 * @param {string} tag @param {Node[]} leaves @param {boolean} hasSums
 * @returns {{ root: Hex, sum: bigint, pathOf: (index: number) => Node[] }} paths from the leaf up
 */
function treeOf(tag, leaves, hasSums) {
  const sign = stringToHex(tag);
  const part = (/** @type {Node} */ { hash, sum }) => (hasSums ? concat([u128(sum), hash]) : hash);
  /** @param {Node[]} nodes @returns {Node} */
  const topOf = (nodes) => {
    if (nodes.length === 1) return nodes[0];
    const [left, right] = [topOf(nodes.slice(0, leftOf(nodes.length))), topOf(nodes.slice(leftOf(nodes.length)))];
    return { hash: keccak256(concat(['0x01', sign, part(left), part(right)])), sum: left.sum + right.sum };
  };
  /** @param {Node[]} nodes @param {number} index @returns {Node[]} */
  const pathIn = (nodes, index) => {
    if (nodes.length === 1) return [];
    const middle = leftOf(nodes.length);
    const [left, right] = [nodes.slice(0, middle), nodes.slice(middle)];
    return index < middle ? [...pathIn(left, index), topOf(right)] : [...pathIn(right, index - middle), topOf(left)];
  };
  const top = topOf(leaves);
  return { root: keccak256(concat(['0x02', sign, u64(leaves.length), part(top)])), sum: top.sum, pathOf: (index) => pathIn(leaves, index) };
}

/** @param {string} tag @param {number} index @param {Hex} payload */
const leafOf = (tag, index, payload) => keccak256(concat(['0x00', stringToHex(tag), u64(index), payload]));

/** @param {Hex[]} digests of receipts */
export const batchOf = (digests) => treeOf('BTCH', digests.map((digest, i) => ({ hash: leafOf('BTCH', i, digest), sum: 0n })), false);

/** @param {Share[]} shares */
export const splitOf = (shares) => treeOf('SPLT', shares.map(({ contributor, datanet, weight, amount }, i) => {
  const row = encodePacked(['address', 'uint64', 'uint128', 'uint128'], [contributor, datanet, weight, amount]);
  return { hash: leafOf('SPLT', i, row), sum: amount };
}), true);
