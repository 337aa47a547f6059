// SPDX-License-Identifier: MIT
// The laws that every public prototype obeys.
import { itemsOf } from './parse.mjs';

/** @typedef {import('./parse.mjs').CType} CType */
/** @typedef {import('./parse.mjs').Header} Header */
/** @typedef {import('./parse.mjs').Item} Item */
/** @typedef {{ name: string, type: CType }} Param */

const NAME = { constant: /^OL_[A-Z0-9_]+$/, value: /^OL_[A-Z0-9_]+$/, other: /^ol_[a-z0-9_]+$/ };

/** @param {Param} param */
const isPointer = ({ type }) => type.pointers > 0 || type.count !== null;
/** @param {Param} param */
const isOut = ({ name }) => name === 'out' || name.startsWith('out_');
/** @param {Param} param */
const isLength = ({ name, type }) =>
  type.base === 'size_t' && type.pointers === 0 && (name === 'len' || name.endsWith('_len')) && name !== 'max_len';
/** Bytes, which mean nothing without their length. Constant text may end in a zero byte. @param {Param} param */
const isArray = ({ name, type }) =>
  type.pointers === 1 && type.count === null && name !== 'context' &&
  (['uint8_t', 'void'].includes(type.base) || (type.base === 'char' && !type.constant));

/**
 * Error, handle, outputs, inputs. Workspace (`memory`), a callback and its context are inputs.
 * @param {Param[]} params
 * @param {Map<string, string>} kinds of the types
 */
function orderFault(params, kinds) {
  /** @param {Param} param @param {number} i */
  const rank = (param, i) => {
    if (isLength(param) && i > 0) return rank(params[i - 1], i - 1);
    const { name, type } = param;
    const writes = isPointer(param) && !type.constant;
    if (isOut(param)) return writes ? 2 : 'is an output but const';
    if (type.base === 'ol_error' && type.pointers === 1 && writes) return name === 'error' ? 0 : "is not named 'error'";
    if (kinds.get(type.base) === 'opaque' && type.pointers === 1 && writes) return 1;
    // What a call is about may be constant, and still comes before the outputs.
    if (i === 0 && type.pointers === 1 && params.some(isOut)) return 1;
    if (kinds.get(type.base) === 'callback' || name === 'memory' || name === 'context') return 3;
    return writes ? "is written to, but is not named 'out'" : 3;
  };
  let last = 0;
  for (const [i, param] of params.entries()) {
    const own = rank(param, i);
    if (typeof own === 'string') return `'${param.name}' ${own}`;
    if (own < last) return `'${param.name}' is out of order: error, handle, outputs, inputs`;
    last = own;
  }
  return null;
}

/** @param {Param[]} params @param {string} doc */
function lengthFault(params, doc) {
  for (const [i, param] of params.entries()) {
    const next = params[i + 1];
    const sizedInWords = isOut(param) && /\bOut:[^]*\bbytes\b/.test(doc);
    if (isArray(param) && !sizedInWords && !(next && isLength(next))) return `'${param.name}' has no length behind it`;
    if (!isLength(param) || !params.some(isPointer)) continue;
    const owner = param.name.replace(/_?len$/, '');
    const before = params[i - 1];
    if (!before || !isPointer(before)) return `'${param.name}' is not right behind an array`;
    if (owner && owner !== before.name) return `'${param.name}' is not the length of '${before.name}'`;
  }
  return null;
}

/** @param {Item} item */
function attributeFault({ returns, params = [], checked, nonnull }) {
  const pointers = params.flatMap((param, i) => (isPointer(param) ? [i + 1] : []));
  if (pointers.length > 0 && !nonnull) return 'has pointers but neither OL_NONNULL nor OL_NONNULL_ARGS';
  if (nonnull && pointers.length === 0) return 'has no pointers to be non-null';
  const wrong = nonnull?.find((position) => !pointers.includes(position));
  if (wrong !== undefined) return `argument ${wrong} is not a pointer`;
  const reports = params.some(({ name, type }) => name === 'error' && type.base === 'ol_error' && !type.constant);
  // Without an error object, the handle keeps the failure and may be asked for it later.
  if (reports && !checked) return 'can fail, but is not OL_CHECKED';
  if (reports && returns?.base !== 'ol_status') return 'takes an error but returns no status';
  if (checked && returns?.base === 'void') return 'returns nothing to be checked';
  return null;
}

/** @param {Header[]} headers @returns {string[]} what breaks a law, empty when nothing does */
export function faultsOf(headers) {
  const faults = [];
  const kinds = new Map(itemsOf(headers).map(({ name, kind }) => [name, kind]));
  for (const { file, groups } of headers) {
    for (const { doc, items } of groups) {
      for (const item of items) {
        const found = [];
        if (!(item.kind === 'constant' ? NAME.constant : NAME.other).test(item.name)) found.push('is misnamed');
        for (const value of item.values ?? []) {
          if (!NAME.value.test(value.name)) found.push(`value ${value.name} is misnamed`);
        }
        if (item.kind === 'function') {
          if (!doc) found.push('has no comment');
          // What frees takes one thing, which may be NULL.
          const frees = /_free(_|$)/.test(item.name) && item.params?.length === 1 && item.returns?.base === 'void';
          if (!frees) {
            found.push(orderFault(item.params ?? [], kinds), lengthFault(item.params ?? [], doc), attributeFault(item));
          }
        }
        faults.push(...found.filter((fault) => fault).map((fault) => `${file}: ${item.name}: ${fault}`));
      }
    }
  }
  return faults;
}
