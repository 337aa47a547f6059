// SPDX-License-Identifier: MIT
// What needs no secret: who signed, and the ABI of contracts.
import { ol_abi_part } from './abi.mjs';
import { addressText } from './account.mjs';
import { refuse } from './errors.mjs';
import { fromHex, hashOf, toHex } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {string | Uint8Array} BytesLike hex after 0x, or bytes */

/** @param {BytesLike} value @returns {Uint8Array} */
export const bytesLike = (value) => (typeof value === 'string' ? fromHex(value)
  : value instanceof Uint8Array ? value : refuse('bytes are hex, or a Uint8Array'));

/** The bytes that the sender of a transaction signs. @param {Core} core @param {Scope} scope @param {number} error
 * @param {number} transaction address of an ol_transaction @param {number} length of its data at most, or of what it was read from */
export function encodeUnsigned(core, scope, error, transaction, length) {
  const room = length + 1024;
  return core.written(scope, error, room, (out, len) => core.exports.ol_transaction_encode_unsigned(error, out, room, len, transaction));
}

/** JSON, with bigints as decimal text. @param {unknown} value */
export const jsonOf = (value) =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one)) ?? refuse('this is not JSON');

/**
 * Reads a document of typed data.
 * @param {Core} core
 * @param {Scope} scope
 * @param {string | object} document
 */
export function readTypedData(core, scope, document) {
  const error = scope.struct('ol_error');
  const out = scope.struct('ol_typed_data');
  const text = scope.slice(typeof document === 'string' ? document : jsonOf(document));
  const room = 20 * core.read('ol_slice', text).len + 20480;
  core.check(core.exports.ol_typed_data_read(error, out, text, scope.take(room), room), error);
  return { at: out, text };
}

/**
 * @param {Core} core
 * @param {Scope} scope
 * @param {number} digest
 * @param {BytesLike} signature
 */
function recoverAt(core, scope, digest, signature) {
  const error = scope.struct('ol_error');
  const [read, out] = [scope.struct('ol_signature'), scope.struct('ol_address')];
  const { at, len } = scope.copy(bytesLike(signature));
  core.check(core.exports.ol_signature_read(error, read, at, len), error);
  core.check(core.exports.ol_signature_recover(error, out, digest, read), error);
  return addressText(core, core.read('ol_address', out));
}

/** @template T @param {Core} core @param {(scope: Scope) => T} call */
export function within(core, call) {
  const scope = core.scope();
  try {
    return call(scope);
  } finally {
    scope.free();
  }
}

/** @param {Core} core @param {import('./values.mjs').HashLike} digest @param {BytesLike} signature */
export const recover = (core, digest, signature) =>
  within(core, (scope) => recoverAt(core, scope, scope.struct('ol_hash', hashOf(core, digest)), signature));

/** @param {Core} core @param {string | Uint8Array} message @param {BytesLike} signature */
export const recoverMessage = (core, message, signature) => within(core, (scope) => {
  const digest = scope.struct('ol_hash');
  const { at, len } = scope.copy(message);
  core.exports.ol_message_digest(digest, at, len);
  return recoverAt(core, scope, digest, signature);
});

/** @param {Core} core @param {string | object} document @param {BytesLike} signature */
export const recoverTypedData = (core, document, signature) => within(core, (scope) => {
  const { at } = readTypedData(core, scope, document);
  return recoverAt(core, scope, at + core.offsetOf('ol_typed_data', 'digest'), signature);
});

/** The ABI of contracts, by signatures as people write them (abi.h). */
export class Abi {
  #core;

  /** @param {Core} core */
  constructor(core) {
    this.#core = core;
  }

  /**
   * @template T
   * @param {string} signature
   * @param {string | Uint8Array} input
   * @param {(scope: Scope, error: number, signature: number, input: number, memory: number, room: number) => T} call
   */
  #with(signature, input, call) {
    const core = this.#core;
    return within(core, (scope) => {
      const [text, given] = [scope.slice(signature), scope.slice(input)];
      const room = 20480 + 40 * (core.read('ol_slice', text).len + core.read('ol_slice', given).len);
      return call(scope, scope.struct('ol_error'), text, given, scope.take(room), room);
    });
  }

  /**
   * Encodes arguments; behind the selector of a function or an error.
   * @param {string} signature "transfer(address,uint256)", "(uint256 a, bytes b)", ...
   * @param {readonly unknown[] | object} values in their order, or by their names
   * @returns {string} hex
   */
  encode(signature, values) {
    const core = this.#core;
    return this.#with(signature, jsonOf(values), (scope, error, text, json, memory, room) => {
      const out = scope.struct('ol_slice');
      core.check(core.exports.ol_abi_encode_text(error, out, text, json, memory, room), error);
      return toHex(core.sliceBytes(core.read('ol_slice', out)));
    });
  }

  /**
   * Decodes arguments, or what a function returned: integers are decimal text, bytes are hex.
   * @param {string} signature
   * @param {BytesLike} data
   * @param {'input' | 'output'} [part]
   * @returns {any} an array; an object where all have names
   */
  decode(signature, data, part = 'input') {
    const core = this.#core;
    if (part !== 'input' && part !== 'output') refuse('a part is "input" or "output"');
    return this.#with(signature, bytesLike(data), (scope, error, text, bytes, memory, room) => {
      const out = scope.struct('ol_abi_decoded');
      const which = part === 'input' ? ol_abi_part.OL_ABI_INPUT : ol_abi_part.OL_ABI_OUTPUT;
      core.check(core.exports.ol_abi_decode_text(error, out, text, which, bytes, memory, room), error);
      return JSON.parse(core.sliceText(core.read('ol_abi_decoded', out).json));
    });
  }
}
