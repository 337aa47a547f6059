#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The weight of the module and of all that a page loads, which has a bound.
// usage: size.mjs [--quiet] [BUILD]    --quiet: no table, and nothing is written
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { finish, repository } from './shared.mjs';

/** Bytes of brotli: what was measured, and a fiftieth. Who adds to them looks first for what can go. */
const MODULE_BOUND = 213_000;
const PAGE_BOUND = 262_100;

const args = process.argv.slice(2).filter((arg) => arg !== '--quiet');
const quiet = args.length < process.argv.length - 2;
const build = resolve(args[0] ?? join(repository, 'build'));

/** @typedef {{ raw: number, gzip: number, brotli: number }} Weight */

/** @param {string} path @returns {Weight} */
function weigh(path) {
  const bytes = readFileSync(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const [gzip, brotli] = [gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes, { params })];
  return { raw: bytes.length, gzip: gzip.length, brotli: brotli.length };
}

/** A script and those that it imports. What it imports of Node, in no page, has no file. @param {string} path */
function graphOf(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const bare = readFileSync(path, 'utf8').replace(/\/\*[^]*?\*\//g, ''); // types are in comments
  for (const [, name] of bare.matchAll(/(?:\bfrom\s*|^import\s*|\bimport\(\s*)['"](\.[^'"\n]+)['"]/gm)) {
    graphOf(resolve(dirname(path), name), found);
  }
  return found;
}

/** @param {Weight[]} weights @returns {Weight} */
const sum = (weights) =>
  weights.reduce((a, b) => ({ raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli }));

const module = join(build, 'openledger.wasm');
const scripts = [...graphOf(join(build, 'js/index.mjs'))];
/** @type {[string, Weight][]} */
const parts = [module, ...scripts].map((path) => [relative(build, path), weigh(path)]);
const report = { module: parts[0][1], browser_total: sum(parts.map(([, weight]) => weight)) };

if (!quiet) {
  writeFileSync(join(build, 'size.json'), `${JSON.stringify(report, null, 1)}\n`);
  const line = (name, ...cells) => console.log(name.padEnd(30), ...cells.map((cell) => String(cell).padStart(9)));
  line('bytes', 'raw', 'gzip', 'brotli');
  for (const [name, { raw, gzip, brotli }] of parts) line(name, raw, gzip, brotli);
  line('all that a page loads', ...Object.values(report.browser_total));
  for (const name of ['openledger', 'release/libopenledger.so', 'release/libopenledger.a']) {
    if (existsSync(join(build, name))) line(name, statSync(join(build, name)).size);
  }
}
const [{ brotli: own }, { brotli: page }] = [report.module, report.browser_total];
finish('size', [
  ...own > MODULE_BOUND ? [`the module has ${own} bytes of brotli, more than ${MODULE_BOUND}`] : [],
  ...page > PAGE_BOUND ? [`a page loads ${page} bytes of brotli, more than ${PAGE_BOUND}`] : [],
], `the module has ${own} bytes of brotli, of at most ${MODULE_BOUND}; a page loads ${page}, of at most ${PAGE_BOUND}`);
