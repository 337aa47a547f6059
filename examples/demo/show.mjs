// SPDX-License-Identifier: MIT
// What the parts of the demo share: how they show things, and how they ask the command line.
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {import('../../build/js/index.mjs').OpenLedger} OpenLedger */
/** @typedef {import('../../build/js/index.mjs').AccountAnswer} Answer */

const repository = resolve(fileURLToPath(import.meta.url), '../../..');
export const cli = join(repository, 'build/openledger');
export const ONE_MS = 20_000;

const colour = process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const paint = (/** @type {number} */ code, /** @type {string} */ text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
export const bold = (/** @type {string} */ text) => paint(1, text);
export const green = (/** @type {string} */ text) => paint(32, text);
export const red = (/** @type {string} */ text) => paint(31, text);
export const say = (/** @type {string} */ text) => console.log(`demo: ${text}`);

const widths = [24, 31, 7, 13, 7, 9, 12];
const COSTS = 4; // from here on the columns are numbers, and yes or no
const padded = (/** @type {string} */ cell, /** @type {number} */ i) => (i < COSTS ? cell.padEnd(widths[i]) : cell.padStart(widths[i]));
export const head = (/** @type {string[]} */ ...cells) => console.log(`\n${bold(cells.map(padded).join(''))}`);
/** The last cell says that all is as it must be. */
export const row = (/** @type {string[]} */ ...cells) =>
  console.log(cells.map((cell, i) => (i === cells.length - 1 ? green(padded(cell, i)) : padded(cell, i))).join(''));

/** @param {unknown} held @param {string} what @returns {asserts held} */
export function must(held, what) {
  if (!held) throw new Error(what);
}

/**
 * Runs the command line.
 * @param {string[]} args
 * @returns {Promise<{ exit: number, out: string, ms: number }>}
 */
export function runCli(...args) {
  const start = performance.now();
  return new Promise((done, fail) => {
    execFile(cli, args, { timeout: ONE_MS, encoding: 'utf8' }, (error, out) => {
      if (error && typeof error.code !== 'number') return fail(error);
      done({ exit: error ? Number(error.code) : 0, out, ms: performance.now() - start });
    });
  });
}
