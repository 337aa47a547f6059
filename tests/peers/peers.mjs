// SPDX-License-Identifier: MIT
// Asks the core, natively and in WebAssembly, what peers.h describes; and draws what it is asked about from a seed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { open } from '../vectors/module.mjs';

const builds = join(import.meta.dirname, '../../build');
const program = process.env.OL_PEERS ?? join(builds, 'dev/tests/peers_native');
const ANSWER = 1 << 18; // PEERS_ANSWER

/** Answers of the native program. @param {object[]} questions @returns {any[]} */
function native(questions) {
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const lines = execFileSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 30 }).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** Answers of the module. @param {object[]} questions @returns {Promise<any[]>} */
async function wasm(questions) {
  const { exports, bytes } = await open(join(builds, 'wasm/openledger_peers.wasm'));
  const out = exports.peers_alloc(ANSWER);
  const at = exports.peers_alloc(ANSWER);
  return questions.map((question) => {
    const text = new TextEncoder().encode(JSON.stringify(question));
    assert.ok(text.length <= ANSWER);
    bytes().set(text, at);
    const len = exports.peers_ask(out, at, text.length);
    return JSON.parse(new TextDecoder().decode(bytes().subarray(out, out + len)));
  });
}

/** Answers, which must be the same from both. @param {object[]} questions @returns {Promise<any[]>} */
export async function ask(questions) {
  const answers = native(questions);
  assert.deepEqual(await wasm(questions), answers);
  return answers;
}

/** Numbers that follow from a seed. @param {number} seed */
export function drawing(seed) {
  let state = seed >>> 0;
  /** mulberry32 */
  const word = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (/** @type {number} */ count) => word() % count;
  const hex = (/** @type {number} */ length) =>
    Array.from({ length }, () => below(256).toString(16).padStart(2, '0')).join('');
  /** At most so many bits, often at an edge: nothing, a byte with or without its highest bit, all bits. @param {number} bits */
  const number = (bits) => {
    const width = 1 + below(bits);
    const edge = [0n, 1n, 127n, 128n, 255n, 256n, (1n << BigInt(bits)) - 1n, (1n << BigInt(width)) - 1n][below(16)];
    return edge ?? BigInt(`0x${hex(32)}`) >> BigInt(256 - width);
  };
  return { below, hex, number };
}
