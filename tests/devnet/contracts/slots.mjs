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

/** A slot by its expression: numbers, m(slot)[key], a(slot)[index], + number. @param {string} expression @param {Keys} keys */
export function slotOf(expression, keys) {
  let at = 0;
  const take = (/** @type {RegExp} */ pattern) => {
    const [found] = expression.slice(at).match(pattern) ?? [];
    if (found === undefined) throw new Error(`"${expression}" is not understood at ${at}`);
    at += found.length;
    return found;
  };
  const key = () => {
    const [name, divisor] = take(/^[^\]]+/).split(' / ');
    if (keys[name] === undefined) throw new Error(`no value for "${name}"`);
    return divisor ? BigInt(keys[name]) / BigInt(divisor) : BigInt(keys[name]);
  };
  /** @returns {bigint} */
  const sum = () => {
    let slot;
    if (/^[ma]\(/.test(expression.slice(at))) {
      const kind = take(/^[ma]\(/);
      const inner = word(sum());
      take(/^\)\[/);
      const index = key();
      take(/^\]/);
      slot = kind === 'm(' ? BigInt(keccak256(concat([word(index), inner]))) : BigInt(keccak256(inner)) + index;
    } else slot = BigInt(take(/^(0x[0-9a-f]+|\d+)/));
    return expression.startsWith(' + ', at) ? slot + BigInt(take(/^ \+ \d+/).slice(3)) : slot;
  };
  const slot = sum();
  if (at !== expression.length) throw new Error(`"${expression}" is not understood at ${at}`);
  return word(slot);
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
