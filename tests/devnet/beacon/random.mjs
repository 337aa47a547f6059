// SPDX-License-Identifier: MIT
// Everything that is made up is a hash of a seed and of what it is for, so that two runs make the same chain.
import { createHash } from 'node:crypto';

/** @param {...(string | number | Uint8Array)} parts @returns {Uint8Array} 32 bytes */
export function bytesOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = Buffer.from(typeof part === 'object' ? part : String(part));
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return new Uint8Array(hash.digest());
}

/** @param {Uint8Array} bytes @returns {bigint} */
export const toBigInt = (bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/** @param {number} below @param {...(string | number | Uint8Array)} parts @returns {number} */
export const numberOf = (below, ...parts) => Number(toBigInt(bytesOf(...parts)) % BigInt(below));

/** The first `count` of 0..n-1 in a random order. @param {number} n @param {number} count @param {...(string | number | Uint8Array)} parts */
export function pick(n, count, ...parts) {
  const all = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const other = i + numberOf(n - i, ...parts, i);
    [all[i], all[other]] = [all[other], all[i]];
  }
  return all.slice(0, count);
}

/** @param {Uint8Array} bytes */
export const hex = (bytes) => `0x${Buffer.from(bytes).toString('hex')}`;

/** @param {string} text */
export const unhex = (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex'));
