// SPDX-License-Identifier: MIT
// The tables of slots in README.md, for tests that read them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexToBytes, keccak256, concat, toHex } from 'viem';
import { partOf, prove } from '../rollup/proof.mjs';

/**
 * @typedef {`0x${string}`} Hex
 * @typedef {Record<string, Hex | number | bigint>} Keys what the names in a slot's expression stand for
 * @typedef {{ name: string, offset: number, size: number }} Part
 * @typedef {{ slot: string, type: 'uint256' | 'bytes32' | 'bytes' | 'parts', parts: Part[] }} Row
 */

const text = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

/** @param {string} cell @returns {Pick<Row, 'type' | 'parts'>} */
function partsOf(cell) {
  if (cell === 'uint256' || cell === 'bytes32' || cell === 'bytes') return { type: cell, parts: [] };
  const parts = cell.split(', ').map((part) => {
    const [, name, offset, size] = part.match(/^(.+) (\d+):(\d+)$/) ?? [];
    if (!name) throw new Error(`no part: ${part}`);
    return { name, offset: Number(offset), size: Number(size) };
  });
  return { type: 'parts', parts };
}

/** Contract by contract, field by field. @type {Record<string, Record<string, Row>>} */
export const TABLES = Object.fromEntries(text.split(/^### /m).slice(1).map((section) => {
  const rows = [...section.matchAll(/^\| (.+?) \| `(.+?)` \| (.+?) \|/gm)];
  return [section.slice(0, section.indexOf('\n')), Object.fromEntries(rows.map(([, field, slot, cell]) => [field, { slot, ...partsOf(cell) }]))];
}));

const word = (/** @type {Hex | number | bigint} */ value) => toHex(BigInt(value), { size: 32 });

/**
 * @typedef {{ kind: 'number', slot: bigint, plus: bigint }} Fixed
 * @typedef {{ kind: 'm' | 'a', inner: Expression, key: string, plus: bigint }} Computed in a mapping or an array
 * @typedef {Fixed | Computed} Expression
 */

/** Numbers, m(slot)[key], a(slot)[index], each + a number. @param {string} text @returns {Expression} */
function parse(text) {
  let at = 0;
  const take = (/** @type {RegExp} */ pattern) => {
    const [found] = text.slice(at).match(pattern) ?? [];
    if (found === undefined) throw new Error(`"${text}" is not understood at ${at}`);
    at += found.length;
    return found;
  };
  const plus = () => (text.startsWith(' + ', at) ? BigInt(take(/^ \+ \d+/).slice(3)) : 0n);
  /** @returns {Expression} */
  const expression = () => {
    if (!/^[ma]\(/.test(text.slice(at))) return { kind: 'number', slot: BigInt(take(/^(0x[0-9a-f]+|\d+)/)), plus: plus() };
    const kind = /** @type {'m' | 'a'} */ (take(/^[ma]\(/)[0]);
    const inner = expression();
    const key = take(/^\)\[[^\]]+\]/).slice(2, -1);
    return { kind, inner, key, plus: plus() };
  };
  const parsed = expression();
  if (at !== text.length) throw new Error(`"${text}" is not understood at ${at}`);
  return parsed;
}

/** @param {string} expression @param {Keys} keys */
export function slotOf(expression, keys) {
  const keyOf = (/** @type {string} */ text) => {
    const [name, divisor] = text.split(' / ');
    if (keys[name] === undefined) throw new Error(`no value for "${name}"`);
    return BigInt(keys[name]) / BigInt(divisor ?? 1);
  };
  /** @param {Expression} part @returns {bigint} */
  const valueOf = (part) => {
    if (part.kind === 'number') return part.slot + part.plus;
    const [inner, key] = [word(valueOf(part.inner)), keyOf(part.key)];
    if (part.kind === 'm') return BigInt(keccak256(concat([word(key), inner]))) + part.plus;
    return BigInt(keccak256(inner)) + key + part.plus;
  };
  return word(valueOf(parse(expression)));
}

/**
 * What the compiler has in a slot: the parts, with the type of each.
 * @param {import('./compile.mjs').Artifact['layout']} layout @param {string} expression
 */
export function compiledAt({ storage, types }, expression) {
  /** @param {{ label: string, slot: string, offset: number, type: string }[]} variables @param {bigint} slot @returns {{ offset: number, size: number, type: any }[]} */
  const among = (variables, slot) => variables.flatMap(({ slot: first, offset, type }) => {
    const { members, numberOfBytes } = types[type];
    const within = slot - BigInt(first);
    if (within < 0n || within >= BigInt(Math.ceil(Number(numberOfBytes) / 32))) return [];
    return members ? among(members, within) : [{ offset, size: Number(numberOfBytes), type: types[type] }];
  });
  /** @param {Expression} part @returns {{ offset: number, size: number, type: any }[]} */
  const find = (part) => {
    if (part.kind === 'number') return among(storage, part.slot + part.plus);
    const [container, ...more] = find(part.inner);
    const inside = container?.type[part.kind === 'm' ? 'value' : 'base'];
    if (!inside || more.length) throw new Error(`"${expression}" is in no mapping or array`);
    return among([{ label: '', slot: '0', offset: 0, type: inside }], part.plus);
  };
  return find(parse(expression));
}

/**
 * A field by proof: its parts by name, or the whole as `value`.
 * @param {import('../rollup/anvil.mjs').Anvil} chain @param {{ address: Hex, name: string }} contract @param {string} field @param {Keys} [keys]
 * @returns {Promise<Record<string, any>>} numbers; bytes32 and bytes are hex
 */
export async function fieldOf(chain, { address, name }, field, keys = {}) {
  const row = TABLES[name]?.[field];
  if (!row) throw new Error(`${name} has no field "${field}"`);
  const slot = slotOf(row.slot, keys);
  const { values: [value] } = await prove(chain, address, [slot]);
  if (row.type === 'parts') return Object.fromEntries(row.parts.map((part) => [part.name, partOf(value, part)]));
  if (row.type === 'uint256') return { value: BigInt(value) };
  if (row.type === 'bytes32') return { value };
  if ((BigInt(value) & 1n) === 0n) return { value: toHex(hexToBytes(value).subarray(0, Number(BigInt(value) & 0xffn) / 2)) };
  const size = Number(BigInt(value) >> 1n);
  const first = BigInt(keccak256(slot));
  const { values } = await prove(chain, address, Array.from({ length: Math.ceil(size / 32) }, (_, i) => first + BigInt(i)));
  return { value: concat(values).slice(0, 2 + 2 * size) };
}
