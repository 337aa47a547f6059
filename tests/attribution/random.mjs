// SPDX-License-Identifier: MIT
// Numbers, bytes and small worlds that are the same for the same seed.
import { H, u } from './bytes.mjs';

/** @typedef {(limit: number) => number} Draw */

/** @param {number} seed @returns {Draw} numbers below a limit (xorshift) */
export function drawer(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** @param {string} seed */
export const hash32 = (seed) => H('ATR1 vectors', seed);
/** @param {number} i */
export const person = (i) => H('person', u(i, 4)).subarray(12);
/** @template T @param {Draw} draw @param {T[]} list */
export const pick = (draw, list) => list[draw(list.length)];

/** @param {Draw} draw @param {string[]} alphabet of characters @param {number} length in characters */
export const textOf = (draw, alphabet, length) => Buffer.from(Array.from({ length }, () => pick(draw, alphabet)).join(''));

/** @param {string[]} texts @param {number[]} [people] @param {number[]} [datanets] @returns {import('./corpus.mjs').Text[]} */
export const textsOf = (texts, people = texts.map((_, i) => i), datanets = texts.map((_, i) => 1 + (i % 3))) => texts.map((text, i) => ({
  contributor: person(people[i]), datanet: BigInt(datanets[i]), text: Buffer.from(text), licence: hash32(`licence ${i % 2}`) }));

/**
 * An answer that has pieces of texts, with and without something between.
 * @param {Draw} draw @param {Uint8Array} T @param {string[]} alphabet @param {number} pieces
 */
export function answerOf(draw, T, alphabet, pieces) {
  const clean = Buffer.from(T).toString('utf8').replaceAll('\ufffd', '');
  const characters = [...clean];
  return Buffer.from(Array.from({ length: pieces }, () => {
    const at = draw(characters.length);
    return draw(4) === 0 ? textOf(draw, alphabet, 1 + draw(4)).toString() : characters.slice(at, at + 4 + draw(60)).join('');
  }).join(''));
}

/** @type {import('./policy.mjs').Policy} */
export const POLICY = { ownerRule: 0, clipping: 0, K: 8, maxCount: 1000, priceIn: 10n ** 18n, priceOut: 3n * 10n ** 18n, platform: 1000, model: 3000,
  stakers: 1000, contributors: 5000, influence: 0, sink: person(99) };
