// SPDX-License-Identifier: MIT
// The trees of section 1.1 and their openings (1.2).
import { H, Reader, cat, demand, toNumber, u } from './bytes.mjs';

/**
 * @typedef {{ hash: Buffer, a: bigint }} Node a: the annotation; 0 in trees without
 * @typedef {{ lo: bigint, hi: bigint }} Range
 */

const NONE = Buffer.alloc(32);
const widthOf = (/** @type {string} */ tag) => ({ FRST: 8, SPLT: 16 }[tag] ?? 0);
const part = (/** @type {string} */ tag, /** @type {Node} */ node) => cat(u(node.a, widthOf(tag)), node.hash);
const MAX128 = 2n ** 128n - 1n;

/** @param {string} tag @param {Node} node as it stands in proofs */
export const nodeBytes = part;

/** @param {string} tag @param {bigint} index @param {Uint8Array} payload @returns {Node} */
export function leafOf(tag, index, payload) {
  const a = tag === 'FRST' || tag === 'SPLT' ? toNumber(payload.subarray(payload.length - widthOf(tag))) : 0n;
  return { hash: H('\0', tag, u(index, 8), payload), a };
}

/** @param {string} tag @param {Node} left @param {Node} right @returns {Node} */
export function joinOf(tag, left, right) {
  const a = tag === 'SPLT' ? left.a + right.a : left.a < right.a ? left.a : right.a;
  demand('overflow', a <= MAX128);
  return { hash: H('\x01', tag, part(tag, left), part(tag, right)), a: tag === 'FRST' || tag === 'SPLT' ? a : 0n };
}

/** @param {string} tag @param {bigint} count @param {Node} top */
export const rootOf = (tag, count, top) => H('\x02', tag, u(count, 8), part(tag, top));

/** The size of the left subtree of n > 1 leaves. @param {bigint} n @returns {bigint} */
export const leftOf = (n) => {
  let size = 1n;
  while (size * 2n < n) size *= 2n;
  return size;
};

/** A tree of which all is known. */
export class Tree {
  /** @param {string} tag @param {Uint8Array[]} payloads */
  constructor(tag, payloads) {
    this.tag = tag;
    this.payloads = payloads;
    this.count = BigInt(payloads.length);
    /** @type {Map<string, Node>} */
    this.known = new Map();
  }

  /** Of leaves [x, y). @param {bigint} x @param {bigint} y @returns {Node} */
  node(x, y) {
    const key = `${x} ${y}`;
    const known = this.known.get(key);
    if (known) return known;
    const node = y - x === 1n ? leafOf(this.tag, x, this.payloads[Number(x)])
      : joinOf(this.tag, this.node(x, x + leftOf(y - x)), this.node(x + leftOf(y - x), y));
    this.known.set(key, node);
    return node;
  }

  get top() {
    return this.count === 0n ? { hash: NONE, a: 0n } : this.node(0n, this.count);
  }

  get root() {
    return rootOf(this.tag, this.count, this.top);
  }

  /** @param {bigint} index @returns {Node[]} siblings from the leaf up */
  path(index, x = 0n, y = this.count) {
    if (y - x === 1n) return [];
    const middle = x + leftOf(y - x);
    return index < middle ? [...this.path(index, x, middle), this.node(middle, y)]
      : [...this.path(index, middle, y), this.node(x, middle)];
  }

  /** @param {bigint[]} indices @returns {Node[]} */
  multiproof(indices, x = 0n, y = this.count) {
    if (!indices.some((index) => x <= index && index < y)) return [this.node(x, y)];
    if (y - x === 1n) return [];
    const middle = x + leftOf(y - x);
    return [...this.multiproof(indices, x, middle), ...this.multiproof(indices, middle, y)];
  }

  /** @param {Range[]} ranges @returns {Node[]} */
  rangeProof(ranges, x = 0n, y = this.count) {
    if (!isSplit(ranges, x, y)) return [this.node(x, y)];
    const middle = x + leftOf(y - x);
    return [...this.rangeProof(ranges, x, middle), ...this.rangeProof(ranges, middle, y)];
  }
}

/** Whether a boundary is strictly inside. @param {Range[]} ranges @param {bigint} x @param {bigint} y */
const isSplit = (ranges, x, y) => ranges.some(({ lo, hi }) => [lo, hi].some((b) => x < b && b < y));

/** @param {string} tag @param {Reader} reader @returns {Node} */
export const readNode = (tag, reader) => ({ a: toNumber(reader.take(widthOf(tag))), hash: reader.take(32) });

/**
 * @param {string} tag @param {bigint} index @param {bigint} count @param {Uint8Array} payload @param {Node[]} path
 * @param {string} [reason] of a path of another shape
 */
export function pathRoot(tag, index, count, payload, path, reason = 'proof shape') {
  demand(reason, index < count, 'the index is behind the end');
  let used = 0;
  /** @param {bigint} x @param {bigint} y @returns {Node} */
  const walk = (x, y) => {
    if (y - x === 1n) return leafOf(tag, index, payload);
    const middle = x + leftOf(y - x);
    const node = index < middle ? walk(x, middle) : walk(middle, y);
    demand(reason, used < path.length, 'a sibling is wanting');
    const sibling = path[used++];
    return index < middle ? joinOf(tag, node, sibling) : joinOf(tag, sibling, node);
  };
  const top = walk(0n, count);
  demand(reason, used === path.length, 'siblings are left');
  return rootOf(tag, count, top);
}

/**
 * @param {string} tag @param {bigint} count above 0
 * @param {{ index: bigint, payload: Uint8Array }[]} opened with indices that increase, below the count
 * @param {Node[]} siblings
 */
export function multiproofRoot(tag, count, opened, siblings) {
  let used = 0;
  /** @param {bigint} x @param {bigint} y @param {{ index: bigint, payload: Uint8Array }[]} inside @returns {Node} */
  const walk = (x, y, inside) => {
    if (inside.length === 0) {
      demand('proof shape', used < siblings.length, 'a sibling is wanting');
      return siblings[used++];
    }
    if (y - x === 1n) return leafOf(tag, x, inside[0].payload);
    const middle = x + leftOf(y - x);
    const left = walk(x, middle, inside.filter(({ index }) => index < middle));
    return joinOf(tag, left, walk(middle, y, inside.filter(({ index }) => index >= middle)));
  };
  const top = walk(0n, count, opened);
  demand('proof shape', used === siblings.length, 'siblings are left');
  return rootOf(tag, count, top);
}

/**
 * @param {bigint} count above 0 @param {Range[]} ranges not empty, below the count @param {Node[]} nodes
 * @returns {{ root: Buffer, minima: bigint[] }}
 */
export function rangeRoot(count, ranges, nodes) {
  let used = 0;
  /** @type {{ x: bigint, y: bigint, a: bigint }[]} */
  const whole = [];
  /** @param {bigint} x @param {bigint} y @returns {Node} */
  const walk = (x, y) => {
    if (isSplit(ranges, x, y)) {
      const middle = x + leftOf(y - x);
      const left = walk(x, middle);
      return joinOf('FRST', left, walk(middle, y));
    }
    demand('proof shape', used < nodes.length, 'a node is wanting');
    whole.push({ x, y, a: nodes[used].a });
    return nodes[used++];
  };
  const root = rootOf('FRST', count, walk(0n, count));
  demand('proof shape', used === nodes.length, 'nodes are left');
  const minima = ranges.map(({ lo, hi }) => whole.filter(({ x, y }) => lo <= x && y <= hi).reduce((min, { a }) => (a < min ? a : min), 2n ** 64n));
  return { root, minima };
}
