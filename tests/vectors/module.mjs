// SPDX-License-Identifier: MIT
// What the runners in WebAssembly share: the folder that prepare.mjs made, and a module with its memory.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The path of a folder's manifest. Without one the process ends: skipped, or failed where CI is true. @param {string} folder */
export function manifestIn(folder) {
  const manifest = join(folder, 'manifest.txt');
  if (!existsSync(manifest)) {
    console.log(`skipped: ${manifest} not found`);
    process.exit(process.env.CI === 'true' ? 1 : 77);
  }
  return manifest;
}

/** The pairs of words in a file of lines; lines that begin with # are comments. @param {string} path */
export const pairs = (path) => readFileSync(path, 'utf8').split('\n')
  .filter((line) => !line.startsWith('#')).map((line) => line.trim().split(/\s+/)).filter((words) => words.length === 2);

/** @param {string} path of a module that imports nothing */
export async function open(path) {
  const { instance } = await WebAssembly.instantiate(readFileSync(path), {});
  /** @type {any} */
  const exports = instance.exports;
  exports._initialize?.();
  // Views of the module's memory: fresh ones for each access, as memory can grow.
  const bytes = () => new Uint8Array(exports.memory.buffer);
  const words = (/** @type {number} */ at, /** @type {number} */ count) => new Uint32Array(exports.memory.buffer, at, count);
  const text = (/** @type {number} */ at) => new TextDecoder().decode(bytes().subarray(at, bytes().indexOf(0, at)));
  return { exports, bytes, words, text };
}
