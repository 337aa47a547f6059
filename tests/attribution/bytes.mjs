// SPDX-License-Identifier: MIT
// Bytes, numbers and hashes as docs/attribution.md has them. All numbers of the format are BigInt.
import { sha256 as sha256Of } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

/** The reasons of section 9 by their number. */
export const REASONS = ['', 'format', 'version', 'flags', 'signature', 'signer unregistered', 'signer revoked', 'replayed nonce',
  'wrong payer', 'wrong domain', 'request', 'response', 'stream', 'policy', 'model', 'adapter', 'corpus epoch', 'corpus disputed',
  'proof shape', 'suffix root', 'text root', 'index range', 'not adjacent', 'order', 'undecided', 'span bounds', 'span lower',
  'span upper', 'span duplicate', 'not left-maximal', 'not right-maximal', 'incomplete', 'owner', 'range-min', 'influence range',
  'influence table', 'weight', 'overflow', 'phantom contributor', 'missing contributor', 'amount', 'pool', 'total', 'split root',
  'batch inclusion', 'witness quorum', 'equivocation', 'state', 'not anchored', 'disputed', 'slashed'];

/** Something is rejected, for a reason of section 9. */
export class Reject extends Error {
  /** @param {string} reason @param {string} [what] */
  constructor(reason, what = '') {
    super(what ? `${reason}: ${what}` : reason);
    this.reason = reason;
    if (!REASONS.includes(reason)) throw new Error(`no such reason: ${reason}`);
  }
}

/** @param {string} reason @param {boolean} holds @param {string} [what] */
export function demand(reason, holds, what) {
  if (!holds) throw new Reject(reason, what);
}

/** @param {() => void} what @returns {string} the reason for which it was rejected; '' if it was not */
export function reasonOf(what) {
  try {
    what();
  } catch (error) {
    if (error instanceof Reject) return error.reason;
    throw error;
  }
  return '';
}

/** @param {...(string | Uint8Array)} parts text is ASCII */
export const cat = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
/** @param {...(string | Uint8Array)} parts */
export const H = (...parts) => Buffer.from(keccak_256(cat(...parts)));
/** @param {Uint8Array} bytes */
export const sha256 = (bytes) => Buffer.from(sha256Of(bytes));
/** @param {string} text */
export const hex = (text) => Buffer.from(text, 'hex');
export const ZERO32 = Buffer.alloc(32);
export const ZERO20 = Buffer.alloc(20);
export const END = 2n ** 64n - 1n;

/** An unsigned number in so many bytes. @param {bigint | number} value @param {number} bytes */
export function u(value, bytes) {
  const number = BigInt(value);
  if (number < 0n || number >> BigInt(8 * bytes) !== 0n) throw new Reject('overflow', `${number} in ${bytes} bytes`);
  return hex(number.toString(16).padStart(2 * bytes, '0'));
}

/** @param {Uint8Array} bytes */
export const toNumber = (bytes) => (bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`));

/** LEB128 in its shortest form. @param {bigint | number} value */
export function uv(value) {
  const out = [];
  let left = BigInt(value);
  for (; left > 127n; left >>= 7n) out.push(Number(left & 127n) | 128);
  return Buffer.from([...out, Number(left)]);
}

/** Signed numbers of 16 bits. @param {number[]} values */
export const int16s = (values) => cat(...values.map((value) => u(value < 0 ? value + 65536 : value, 2)));

/** @param {Uint8Array} bytes */
export const readInt16s = (bytes) => Array.from({ length: bytes.length / 2 }, (_, i) => Buffer.from(bytes).readInt16BE(2 * i));

/** Whether bytes are valid UTF-8. @param {Uint8Array} bytes */
export function isUtf8(bytes) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Reads a file from its start to its end; what is wrong with it is its format. */
export class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = Buffer.from(bytes);
    this.at = 0;
  }

  /** @param {number | bigint} length */
  take(length) {
    demand('format', BigInt(length) <= BigInt(this.bytes.length - this.at), 'cut');
    this.at += Number(length);
    return this.bytes.subarray(this.at - Number(length), this.at);
  }

  /** @param {number} bytes */
  u(bytes) {
    return toNumber(this.take(bytes));
  }

  uv() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(this.take(1)[0]);
      value |= (byte & 127n) << shift;
      demand('format', value < 2n ** 63n && shift < 63n, 'too large a number');
      if (byte < 128n) {
        demand('format', byte !== 0n || shift === 0n, 'not the shortest form');
        return value;
      }
    }
  }

  /** A list with its number of elements before it. @template T @param {number} bound @param {(index: number) => T} one @returns {T[]} */
  list(bound, one) {
    const count = this.uv();
    demand('format', count <= BigInt(bound), 'beyond a bound');
    return Array.from({ length: Number(count) }, (_, index) => one(index));
  }

  /** @param {string} magic @param {boolean} [hasVersion] */
  begin(magic, hasVersion = true) {
    demand('format', this.take(magic.length).toString('latin1') === magic, 'another kind of file');
    if (hasVersion) demand('version', this.u(1) === 1n);
  }

  end() {
    demand('format', this.at === this.bytes.length, 'too long');
  }
}
