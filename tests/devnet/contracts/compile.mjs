#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The reference contracts, compiled. What the compiler says is kept under build/ by the hash of what it was given.
// As a command it compiles, and says how large the contracts are.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const here = import.meta.dirname;
const root = join(here, '../../..');
const modules = join(root, 'node_modules');
const cache = join(root, 'build/contracts');

/** What is not ours. */
const LIBRARY = { TimelockController: '@openzeppelin/contracts/governance/TimelockController.sol' };
const PACKAGES = ['solc', '@openzeppelin/contracts', 'solady'];
const OUTPUTS = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'storageLayout'];

/**
 * @typedef {`0x${string}`} Hex
 * @typedef {{ label: string, slot: string, offset: number, type: string }} Variable
 * @typedef {{ abi: any[], creation: Hex, runtime: Hex, layout: { storage: Variable[], types: Record<string, any> } }} Artifact
 * `runtime` has zeros where immutables are.
 */

const textOf = (/** @type {string} */ path) => readFileSync(path, 'utf8');
const ours = readdirSync(here).filter((name) => name.endsWith('.sol')).sort();

/** A source of ours with those of ours that it imports. @param {string} name @param {Record<string, { content: string }>} [found] */
function sourcesOf(name, found = {}) {
  const content = textOf(join(here, name));
  found[name] = { content };
  for (const [, imported] of content.matchAll(/from "\.\/(\w+\.sol)"/g)) if (!found[imported]) sourcesOf(imported, found);
  return found;
}

const versions = PACKAGES.map((name) => JSON.parse(textOf(join(modules, name, 'package.json'))).version);
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'prague',
  metadata: { bytecodeHash: 'none' }, // comments change no code
  outputSelection: { '*': { '*': OUTPUTS } },
};

/** What a source makes. @param {string} file @param {object} input of the compiler @returns {Record<string, Artifact>} */
function compile(file, input) {
  const require = createRequire(import.meta.url);
  const find = (/** @type {string} */ path) => {
    const found = join(modules, path);
    return existsSync(found) ? { contents: textOf(found) } : { error: `there is no ${path}` };
  };
  const output = JSON.parse(require('solc').compile(JSON.stringify(input), { import: find }));
  const faults = (output.errors ?? []).filter((/** @type {any} */ { sourceLocation, severity }) =>
    severity === 'error' || ours.includes(sourceLocation?.file));
  if (faults.length) throw new Error(faults.map((/** @type {any} */ fault) => fault.formattedMessage).join('\n'));
  /** @type {[string, any][]} */
  const made = Object.entries(output.contracts[file] ?? {});
  const callable = made.filter(([, { abi }]) => abi.some((/** @type {any} */ { type }) => type === 'function'));
  return Object.fromEntries(callable.map(([name, { abi, evm, storageLayout }]) => [name, {
    abi, creation: `0x${evm.bytecode.object}`, runtime: `0x${evm.deployedBytecode.object}`, layout: storageLayout,
  }]));
}

/** @param {string} file @param {Record<string, { content: string }>} sources @returns {Record<string, Artifact>} */
function load(file, sources) {
  const input = { language: 'Solidity', sources, settings };
  const key = createHash('sha256').update(JSON.stringify([versions, input, textOf(import.meta.filename)])).digest('hex');
  const path = join(cache, `${basename(file, '.sol')}-${key.slice(0, 16)}.json`);
  if (existsSync(path)) return JSON.parse(textOf(path));
  const made = compile(file, input);
  mkdirSync(cache, { recursive: true });
  const draft = `${path}.${process.pid}`; // tests compile side by side
  writeFileSync(draft, JSON.stringify(made));
  renameSync(draft, path);
  return made;
}

/** @returns {Record<string, Artifact>} */
function loadAll() {
  const library = Object.values(LIBRARY).map((path) => load(path, { [path]: { content: textOf(join(modules, path)) } }));
  const found = Object.assign({}, ...library, ...ours.map((name) => load(name, sourcesOf(name))));
  return Object.fromEntries(Object.entries(found).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** @type {Record<string, Artifact> | undefined} */
let loaded;

/** All contracts by name; a library whose functions are internal is part of those that use it. */
export const artifacts = () => (loaded ??= loadAll());

/** @param {string} name */
export function artifactOf(name) {
  const found = artifacts()[name];
  if (!found) throw new Error(`no such contract: ${name}`);
  return found;
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, { runtime }] of Object.entries(artifacts())) console.log(`${name} ${runtime.length / 2 - 1}`);
}
