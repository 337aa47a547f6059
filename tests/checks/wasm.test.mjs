// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { check, fails, folder, passes, plant, repository } from './support.mjs';

const declared = execFileSync(process.execPath, [join(repository, 'scripts/api.mjs'), 'symbols', 'js'], { encoding: 'utf8' })
  .split('\n').filter(Boolean);
const expected = [...declared, 'malloc', 'free'];

/** @param {number} number @returns {number[]} */
const leb = (number) => (number < 128 ? [number] : [(number & 127) | 128, ...leb(number >> 7)]);
/** @param {number[][]} items */
const vector = (items) => [...leb(items.length), ...items.flat()];
/** @param {number} id @param {number[]} bytes */
const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
/** @param {string} text */
const name = (text) => vector([...Buffer.from(text)].map((byte) => [byte]));

const FUNCTION = 0;
const MEMORY = 2;

/**
 * A module of one function that does nothing, under many names.
 * @param {{ functions: string[], memory?: string[], imports?: [string, string][] }} parts
 */
function moduleOf({ functions, memory = ['memory'], imports = [] }) {
  const exports = [...functions.map((one) => [...name(one), FUNCTION, ...leb(imports.length)]), ...memory.map((one) => [...name(one), MEMORY, 0])];
  return new Uint8Array([
    ...Buffer.from('\0asm'), 1, 0, 0, 0,
    ...section(1, vector([[0x60, 0, 0]])),
    ...section(2, vector(imports.map(([from, what]) => [...name(from), ...name(what), FUNCTION, 0]))),
    ...section(3, vector([[0]])),
    ...section(5, vector([[0, 1]])),
    ...section(7, vector(exports)),
    ...section(10, vector([[2, 0, 0x0b]])),
  ]);
}

/** @param {import('node:test').TestContext} t @param {Parameters<typeof moduleOf>[0]} parts */
function checked(t, parts) {
  const root = folder(t);
  plant(root, 'planted.wasm', moduleOf(parts));
  return check('wasm', join(root, 'planted.wasm'));
}

test('what is there passes', () => passes(check('wasm')));

test('the listed functions pass', (t) => passes(checked(t, { functions: expected })));

test('an import does not', (t) => fails(checked(t, { functions: expected, imports: [['env', 'clock']] }), 'imports env.clock'));

test('one export more does not', (t) => fails(checked(t, { functions: [...expected, 'realloc'] }), 'exports realloc, which is not declared'));

test('one export less does not', (t) => fails(checked(t, { functions: expected.slice(1) }), `does not export ${expected[0]}`));

test('a function called memory does not', (t) => fails(checked(t, { functions: [...expected, 'memory'], memory: [] }), 'exports memory as a function'));

test('a memory called malloc does not', (t) => {
  const functions = expected.filter((one) => one !== 'malloc');
  fails(checked(t, { functions, memory: ['memory', 'malloc'] }), 'exports malloc as a memory');
});
