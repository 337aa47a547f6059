#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The public headers are the one hand-written description of the API. This reads them, and writes what else
// needs to know it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf } from './api/check.mjs';
import { abiOf, assertionsOf, jsOf } from './api/layout.mjs';
import { itemsOf, parseHeaders } from './api/parse.mjs';
import { referenceOf } from './api/reference.mjs';

const USAGE = `usage: api.mjs COMMAND
  symbols [host|corpus|js]  names of the exported functions, one a line; of openledger/host.h with 'host', of
                     openledger/corpus.h with 'corpus', of the module with 'js'
  describe [OUT]     the whole description as JSON
  js OUT             struct layouts, constants and signatures for JavaScript (wasm32)
  layout OUT.c       the same as assertions for the compiler of the WebAssembly module
  reference OUT.md   the reference
  check              argument order, attributes, comments, and whether docs/api.md is up to date
  OL_INCLUDE names the folder of the headers, if it is not sdk/include.
`;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const include = process.env.OL_INCLUDE ?? join(root, 'sdk/include');

/** Writes a file unless it is the same already, so that builds see no change. */
function write(/** @type {string | undefined} */ path, /** @type {string} */ text) {
  if (!path) return void process.stdout.write(text);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(resolve(path)), { recursive: true });
  writeFileSync(path, text);
}

const names = (/** @type {import('./api/parse.mjs').Header[]} */ headers) =>
  itemsOf(headers).filter(({ kind }) => kind === 'function').map(({ name }) => name);

/** Native headers that are no part of the core. @param {string} name */
function native(name) {
  const core = parseHeaders(include);
  if (!existsSync(join(include, `openledger/${name}.h`))) return [];
  return parseHeaders(include, `openledger/${name}.h`).filter(({ file }) => !core.some((header) => header.file === file));
}

const everything = () => [...parseHeaders(include), ...native('host'), ...native('corpus')];

/** The functions that the module exports (bindings/js/exports.txt), in the order of the headers. */
function moduleExports() {
  const listed = readFileSync(join(root, 'bindings/js/exports.txt'), 'utf8').split('\n').filter((line) => /^\w/.test(line));
  const known = names(parseHeaders(include));
  const strange = listed.find((name, i) => !known.includes(name) || listed.indexOf(name) !== i);
  if (strange) throw new Error(`bindings/js/exports.txt: ${strange} is not declared, or is there twice`);
  return known.filter((name) => listed.includes(name));
}

function symbols(/** @type {string | undefined} */ kind) {
  if (kind === 'js') return moduleExports();
  return names(kind ? native(kind) : parseHeaders(include));
}

function describe() {
  const headers = parseHeaders(include);
  const { digest, structs, functions } = abiOf(headers);
  return { digest, headers, wasm32: { structs, functions } };
}

function check() {
  const headers = parseHeaders(include);
  const faults = faultsOf(everything());
  abiOf(headers);
  const reference = join(root, 'docs/api.md');
  const current = existsSync(reference) ? readFileSync(reference, 'utf8') : '';
  if (current !== referenceOf(everything())) {
    faults.push('docs/api.md is out of date; run: node scripts/api.mjs reference docs/api.md');
  }
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

function main([command, ...rest] = process.argv.slice(2)) {
  const [out] = rest;
  const needed = ['js', 'layout', 'reference'].includes(command);
  const known = command !== 'symbols' || [undefined, 'host', 'corpus', 'js'].includes(out);
  if (rest.length > 1 || (needed && !out) || !known) return false;
  if (command === 'symbols') write(undefined, symbols(out).map((name) => `${name}\n`).join(''));
  else if (command === 'describe') write(out, `${JSON.stringify(describe(), null, 1)}\n`);
  else if (command === 'js') write(out, jsOf(parseHeaders(include), moduleExports()));
  else if (command === 'layout') write(out, assertionsOf(parseHeaders(include)));
  else if (command === 'reference') write(out, referenceOf(everything()));
  else if (command === 'check' && rest.length === 0) check();
  else return false;
  return true;
}

try {
  if (!main()) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  process.stderr.write(`api: ${/** @type {Error} */ (error).message}\n`);
  process.exitCode = 1;
}
