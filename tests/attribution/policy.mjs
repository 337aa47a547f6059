// SPDX-License-Identifier: MIT
// The policy of section 1.4.
import { H, Reader, cat, demand, u } from './bytes.mjs';

/**
 * @typedef {{ ownerRule: number, clipping: number, K: number, maxCount: number, priceIn: bigint, priceOut: bigint, platform: number,
 *   model: number, stakers: number, contributors: number, influence: number, sink: Uint8Array }} Policy
 */

/** @param {Policy} p */
export const writePolicy = (p) => cat(u(1, 1), u(p.ownerRule, 1), u(p.clipping, 1), u(0, 1), u(p.K, 2), u(0, 2), u(p.maxCount, 4),
  u(p.priceIn, 16), u(p.priceOut, 16), u(p.platform, 2), u(p.model, 2), u(p.stakers, 2), u(p.contributors, 2), u(p.influence, 2),
  u(0, 2), p.sink);

/** @param {Uint8Array} bytes @returns {Policy} */
export function readPolicy(bytes) {
  const r = new Reader(bytes);
  demand('format', bytes.length === 76, 'length');
  demand('version', r.u(1) === 1n);
  const number = (/** @type {number} */ width) => Number(r.u(width));
  const [ownerRule, clipping, zero1, K, zero2, maxCount] = [number(1), number(1), number(1), number(2), number(2), number(4)];
  const [priceIn, priceOut] = [r.u(16), r.u(16)];
  const [platform, model, stakers, contributors, influence, zero3] = [2, 2, 2, 2, 2, 2].map(number);
  demand('format', ownerRule <= 1 && clipping <= 1, 'no such rule');
  demand('format', zero1 === 0 && zero2 === 0 && zero3 === 0, 'not zero');
  demand('format', K >= 8 && K <= 4096, 'K');
  demand('format', maxCount >= 1 && maxCount < 2 ** 31 && (ownerRule === 0 || maxCount <= 64), 'maxCount');
  demand('format', platform + model + stakers + contributors === 10000, 'shares');
  demand('format', influence <= 10000, 'influence');
  return { ownerRule, clipping, K, maxCount, priceIn, priceOut, platform, model, stakers, contributors, influence, sink: r.take(20) };
}

/** @param {Uint8Array} bytes */
export const policyId = (bytes) => H('ATR1.policy', bytes);
