// SPDX-License-Identifier: MIT
// The module's memory: structs, texts and blocks that are freed together. Memory moves when it grows, so no
// view of it is kept across a call.
import { OL_NOWHERE, structs } from './abi.mjs';
import { OpenLedgerError } from './errors.mjs';

/** @typedef {import('./abi.mjs').Structs} Structs */
/** @typedef {keyof Structs} StructName */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const ALIGNMENT = 16;
const LARGEST = 2 ** 31; // beyond it, lengths would wrap around on their way into the module

/** @param {StructName} name */
const bytesOnly = (name) => structs[name].fields.length === 1 && structs[name].fields[0][2] === 'u8';

/**
 * @typedef {object} Scalar
 * @property {number} size
 * @property {(view: DataView, at: number) => number | bigint} get
 * @property {(view: DataView, at: number, value: any) => void} set
 */

/** @type {Record<string, Scalar>} */
const scalars = {
  u8: { size: 1, get: (view, at) => view.getUint8(at), set: (view, at, to) => view.setUint8(at, to) },
  u16: { size: 2, get: (view, at) => view.getUint16(at, true), set: (view, at, to) => view.setUint16(at, to, true) },
  u32: { size: 4, get: (view, at) => view.getUint32(at, true), set: (view, at, to) => view.setUint32(at, to, true) },
  i32: { size: 4, get: (view, at) => view.getInt32(at, true), set: (view, at, to) => view.setInt32(at, to, true) },
  u64: { size: 8, get: (view, at) => view.getBigUint64(at, true), set: (view, at, to) => view.setBigUint64(at, to, true) },
  i64: { size: 8, get: (view, at) => view.getBigInt64(at, true), set: (view, at, to) => view.setBigInt64(at, to, true) },
};

/** @typedef {string | ArrayBufferView | ArrayBuffer} Data bytes, or a text as UTF-8 */

/** @param {Data} data */
export function bytesOf(data) {
  if (typeof data === 'string') return encoder.encode(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new TypeError('neither bytes nor text');
}

/**
 * Blocks of the module's memory that are given back together:
 * `const scope = core.scope(); try { ... } finally { scope.free(); }`
 */
class Scope {
  /** @type {{ block: number, len: number }[]} */
  #blocks = [];
  #core;
  #isSecret;

  /** @param {Core} core @param {boolean} isSecret */
  constructor(core, isSecret) {
    this.#core = core;
    this.#isSecret = isSecret;
  }

  /** A block aligned to 16; its contents are not defined. @param {number} len */
  take(len) {
    const block = len < LARGEST ? this.#core.exports.malloc(len + ALIGNMENT) : 0;
    if (block === 0) throw new OpenLedgerError({ status: 'memory', reason: 'the module is out of memory' });
    this.#blocks.push({ block, len: len + ALIGNMENT });
    // malloc's own alignment is 8 or 16, depending on the compiler.
    return Math.ceil((block >>> 0) / ALIGNMENT) * ALIGNMENT;
  }

  /** A copy of data. @param {Data} data */
  copy(data) {
    const bytes = bytesOf(data);
    const at = this.take(bytes.length);
    this.#core.bytes(at, bytes.length).set(bytes);
    if (this.#isSecret && typeof data === 'string') bytes.fill(0);
    return { at, len: bytes.length };
  }

  /** The same, as the address of an ol_slice. @param {Data} data */
  slice(data) {
    const { at, len } = this.copy(data);
    return this.struct('ol_slice', { data: at, len });
  }

  /**
   * A struct, zero but for the fields given.
   * @template {StructName} K
   * @param {K} name
   * @param {Structs[K] extends Uint8Array ? Uint8Array : Partial<Structs[K]>} [value]
   */
  struct(name, value) {
    const at = this.take(structs[name].size);
    this.#core.bytes(at, structs[name].size).fill(0);
    if (value) this.#core.write(name, at, value);
    return at;
  }

  free() {
    for (const { block, len } of this.#blocks.splice(0)) {
      if (this.#isSecret) this.#core.bytes(block, len).fill(0);
      this.#core.exports.free(block);
    }
  }
}

export class Core {
  /** @param {import('./abi.mjs').Exports} exports */
  constructor(exports) {
    this.exports = exports;
  }

  scope() {
    return new Scope(this, false);
  }

  /** A scope whose memory is erased before it is given back. */
  secretScope() {
    return new Scope(this, true);
  }

  /** The module's own bytes: good until the next call into it. @param {number} at @param {number} len */
  bytes(at, len) {
    return new Uint8Array(this.exports.memory.buffer, at >>> 0, len);
  }

  /** A copy of what a slice points to. @param {import('./abi.mjs').ol_slice} slice */
  sliceBytes({ data, len }) {
    return this.bytes(data, len).slice();
  }

  /** A text with a zero byte at its end. @param {number} at */
  text(at) {
    const memory = new Uint8Array(this.exports.memory.buffer);
    return decoder.decode(memory.subarray(at >>> 0, memory.indexOf(0, at >>> 0)));
  }

  /** The text of a slice. @param {import('./abi.mjs').ol_slice} slice */
  sliceText({ data, len }) {
    return decoder.decode(this.bytes(data, len));
  }

  /** A pointer in memory. @param {number} at */
  pointer(at) {
    return new DataView(this.exports.memory.buffer).getUint32(at >>> 0, true);
  }

  /** A number of 64 bits that is small enough. @param {number} at */
  number(at) {
    return Number(new DataView(this.exports.memory.buffer).getBigUint64(at >>> 0, true));
  }

  /** The bytes of a struct. @param {StructName} name */
  sizeOf(name) {
    return structs[name].size;
  }

  /**
   * Where a field is in its struct.
   * @template {StructName} K
   * @param {K} name
   * @param {keyof Structs[K]} field
   */
  offsetOf(name, field) {
    const place = structs[name].fields.find(([own]) => own === field);
    if (!place) throw new RangeError(`${name} has no field ${String(field)}`);
    return place[1];
  }

  /**
   * Reads a struct; one of nothing but bytes is read as bytes.
   * @template {StructName} K
   * @param {K} name
   * @param {number} at
   * @returns {Structs[K]}
   */
  read(name, at) {
    at >>>= 0;
    if (bytesOnly(name)) return /** @type {any} */ (this.bytes(at, structs[name].size).slice());
    const view = new DataView(this.exports.memory.buffer);
    /** @param {string} kind @param {number} place */
    const one = (kind, place) =>
      kind in scalars ? scalars[kind].get(view, place) : this.read(/** @type {StructName} */ (kind), place);
    /** @type {Record<string, unknown>} */
    const value = {};
    for (const [field, offset, kind, count] of structs[name].fields) {
      const size = scalars[kind]?.size ?? structs[/** @type {StructName} */ (kind)].size;
      if (!count) value[field] = one(kind, at + offset);
      else if (kind === 'u8') value[field] = this.bytes(at + offset, count).slice();
      else value[field] = Array.from({ length: count }, (_, i) => one(kind, at + offset + i * size));
    }
    return /** @type {any} */ (value);
  }

  /**
   * Writes the fields given and leaves the others; arrays may be shorter than their place.
   * @template {StructName} K
   * @param {K} name
   * @param {number} at
   * @param {Structs[K] extends Uint8Array ? Uint8Array : Partial<Structs[K]>} value
   */
  write(name, at, value) {
    at >>>= 0;
    const view = new DataView(this.exports.memory.buffer);
    const fields = bytesOnly(name) ? { bytes: value } : /** @type {Record<string, any>} */ (value);
    for (const [field, offset, kind, count] of structs[name].fields) {
      if (!(field in fields)) continue;
      const values = count ? fields[field] : [fields[field]];
      if (values.length > (count || 1)) throw new RangeError(`${name}.${field} holds ${count}, not ${values.length}`);
      const size = scalars[kind]?.size ?? structs[/** @type {StructName} */ (kind)].size;
      for (const [i, one] of values.entries()) {
        const place = at + offset + i * size;
        if (kind in scalars) scalars[kind].set(view, place, one);
        else this.write(/** @type {StructName} */ (kind), place, one);
      }
    }
  }

  /** An ol_error as an exception. @param {number} at */
  error(at) {
    const { status, item, node, offset, part, field, reason } = this.read('ol_error', at);
    /** @param {number} position */
    const known = (position) => (position === OL_NOWHERE ? null : position);
    const scope = this.scope();
    try {
      const line = scope.take(512);
      this.exports.ol_error_text(at, line, 512);
      return new OpenLedgerError(
        {
          status: this.text(this.exports.ol_status_name(status)),
          reason: this.text(reason),
          part: this.text(part),
          item: known(item),
          field: this.text(field),
          node: known(node),
          offset: known(offset),
        },
        this.text(line),
      );
    } finally {
      scope.free();
    }
  }

  /**
   * What a function writes that tells how much it has written.
   * @param {Scope} scope
   * @param {number} error address of its ol_error
   * @param {number} room bytes at most
   * @param {(out: number, len: number) => number} write gives a status
   * @returns {Uint8Array} a copy, the caller's own
   */
  written(scope, error, room, write) {
    const [out, len] = [scope.take(room), scope.take(4)];
    this.check(write(out, len), error);
    return this.bytes(out, this.pointer(len)).slice();
  }

  /** Throws unless a call went well. @param {number} status @param {number} error address of its ol_error */
  check(status, error) {
    if (status !== 0) throw this.error(error);
  }
}
