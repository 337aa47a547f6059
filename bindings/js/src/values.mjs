// SPDX-License-Identifier: MIT
// Between JavaScript's values and the core's: addresses and hashes are hex texts, numbers are bigints.
import { refuse } from './errors.mjs';

/** @typedef {string | Uint8Array} AddressLike 0x and 40 hex digits (mixed case is a checksum), or 20 bytes */
/** @typedef {string | Uint8Array} HashLike 0x and 64 hex digits, or 32 bytes */
/**
 * @typedef {bigint | number | string | Uint8Array} NumberLike
 *   below 2^256; text is decimal, or hex after 0x; 32 bytes are big-endian
 */

/** @param {Uint8Array} bytes */
export const toHex = (bytes) => `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

/** @param {string} text 0x and an even number of hex digits */
export function fromHex(text) {
  if (!/^0x(?:[0-9a-f]{2})*$/i.test(text)) refuse('not hex: 0x and an even number of digits are expected');
  return Uint8Array.from({ length: text.length / 2 - 1 }, (_, i) => parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16));
}

/** @param {Uint8Array} bytes big-endian */
export const toBigInt = (bytes) => (bytes.length > 0 ? BigInt(toHex(bytes)) : 0n);

/** @param {bigint} value */
export function toU256(value) {
  if (value < 0n || value >> 256n !== 0n) refuse('a number is not between 0 and 2^256');
  return fromHex(`0x${value.toString(16).padStart(64, '0')}`);
}

/** @param {unknown} value @param {string} name */
export function toU64(value, name) {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  const number = isWhole ? BigInt(/** @type {bigint | number} */ (value)) : -1n;
  if (number < 0n || number >> 64n !== 0n) refuse(`${name} is not a whole number of 64 bits`);
  return number;
}

/** @param {unknown} value @param {string} name */
export function toU32(value, name) {
  const fits = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffffffff;
  return fits ? Number(value) : refuse(`${name} is not a whole number of 32 bits`);
}

/**
 * The names of an enum's members, without what they all begin with, in lower case.
 * @template E
 * @template {string} P
 * @typedef {{ [K in keyof E]: K extends `${P}${infer N}` ? Lowercase<N> : never }[keyof E]} Members
 */

/**
 * The member of an enum that has a name.
 * @template {Readonly<Record<string, number>>} E
 * @template {string} P
 * @param {E} members
 * @param {P} prefix
 * @param {Members<E, P>} name
 * @param {string} what it is, for whoever named no such thing
 */
export function memberOf(members, prefix, name, what) {
  const key = `${prefix}${String(name).toUpperCase()}`;
  return Object.hasOwn(members, key) ? members[key] : refuse(`'${name}' is no ${what}`);
}

/**
 * The name of an enum's member.
 * @template {Readonly<Record<string, number>>} E
 * @template {string} P
 * @param {E} members
 * @param {P} prefix
 * @param {number} value
 * @returns {Members<E, P>}
 */
export const nameOf = (members, prefix, value) => /** @type {any} */ (
  Object.keys(members).find((key) => members[key] === value)?.slice(prefix.length).toLowerCase());

/** @param {import('./core.mjs').Core} core @param {'address' | 'hash' | 'u256'} type @param {string} text */
function fromText(core, type, text) {
  const scope = core.scope();
  try {
    const error = scope.struct('ol_error');
    const out = scope.struct(`ol_${type}`);
    const { at, len } = scope.copy(text);
    core.check(core.exports[/** @type {const} */ (`ol_${type}_from_text`)](error, out, at, len), error);
    return core.read(`ol_${type}`, out);
  } finally {
    scope.free();
  }
}

/** @param {unknown} value @param {number} len @returns {value is Uint8Array} */
const isBytes = (value, len) => value instanceof Uint8Array && value.length === len;

/** @param {import('./core.mjs').Core} core @param {AddressLike} value @returns {Uint8Array} */
export function addressOf(core, value) {
  if (typeof value === 'string') return fromText(core, 'address', value);
  return isBytes(value, 20) ? value : refuse('an address is a text or 20 bytes');
}

/** @param {import('./core.mjs').Core} core @param {HashLike} value @returns {Uint8Array} */
export function hashOf(core, value) {
  if (typeof value === 'string') return fromText(core, 'hash', value);
  return isBytes(value, 32) ? value : refuse('a hash is a text or 32 bytes');
}

/** @param {import('./core.mjs').Core} core @param {NumberLike} value @returns {Uint8Array} */
export function u256Of(core, value) {
  if (typeof value === 'string') return fromText(core, 'u256', value);
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return toU256(BigInt(/** @type {bigint} */ (value)));
  return isBytes(value, 32) ? value : refuse('a number is a bigint, a safe integer, a text or 32 bytes');
}
