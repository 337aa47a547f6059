#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The reference contracts, compiled. What the compiler says is kept under build/ by the hash of what it was given.
// As a command it compiles, and says how large the contracts are.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
const root = join(here, '../../..');
const modules = join(root, 'node_modules');
const cache = join(root, 'build/contracts');

/** What is not ours, by its source. */
const LIBRARY = { TimelockController: '@openzeppelin/contracts/governance/TimelockController.sol' };
const PACKAGES = ['solc', '@openzeppelin/contracts', 'solady'];
const OUTPUTS = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'storageLayout'];

/**
 * @typedef {`0x${string}`} Hex
 * @typedef {{ label: string, slot: string, offset: number, type: string }} Variable
 * @typedef {{ abi: any[], creation: Hex, runtime: Hex, layout: { storage: Variable[], types: Record<string, any> } }} Artifact
 * `runtime` has zeros where immutables are.
 */

const sources = readdirSync(here).filter((name) => name.endsWith('.sol')).sort();
const textOf = (/** @type {string} */ path) => readFileSync(path, 'utf8');

const input = {
  language: 'Solidity',
  sources: Object.fromEntries([
    ...sources.map((name) => [name, { content: textOf(join(here, name)) }]),
    ...Object.values(LIBRARY).map((path) => [path, { content: textOf(join(modules, path)) }]),
  ]),
  settings: {
    optimizer: { enabled: true, runs: 200 },
    evmVersion: 'prague',
    metadata: { bytecodeHash: 'none' }, // comments change no code
    outputSelection: { '*': { '*': OUTPUTS } },
  },
};

function compile() {
  const require = createRequire(import.meta.url);
  const find = (/** @type {string} */ path) => {
    const file = join(modules, path);
    return existsSync(file) ? { contents: textOf(file) } : { error: `there is no ${path}` };
  };
  const output = JSON.parse(require('solc').compile(JSON.stringify(input), { import: find }));
  const faults = (output.errors ?? []).filter((/** @type {any} */ { sourceLocation, severity }) =>
    severity === 'error' || sources.includes(sourceLocation?.file));
  if (faults.length) throw new Error(faults.map((/** @type {any} */ fault) => fault.formattedMessage).join('\n'));
  const files = [...sources, ...Object.values(LIBRARY)];
  const made = files.flatMap((file) => Object.entries(output.contracts[file] ?? {}));
  return Object.fromEntries(made.filter(([, { abi }]) => abi.some((/** @type {any} */ { type }) => type === 'function')).map(([name, { abi, evm, storageLayout }]) => [name, {
    abi, creation: `0x${evm.bytecode.object}`, runtime: `0x${evm.deployedBytecode.object}`, layout: storageLayout,
  }]));
}

/** @returns {Record<string, Artifact>} */
function load() {
  const versions = PACKAGES.map((name) => JSON.parse(textOf(join(modules, name, 'package.json'))).version);
  const key = createHash('sha256').update(JSON.stringify([versions, input, textOf(import.meta.filename)])).digest('hex');
  const path = join(cache, `${key.slice(0, 32)}.json`);
  if (existsSync(path)) return JSON.parse(textOf(path));
  const artifacts = compile();
  mkdirSync(cache, { recursive: true });
  const draft = `${path}.${process.pid}`; // tests compile side by side
  writeFileSync(draft, JSON.stringify(artifacts));
  renameSync(draft, path);
  return artifacts;
}

/** @type {Record<string, Artifact> | undefined} */
let loaded;

/** All contracts by name; a library whose functions are internal is part of those that use it. */
export const artifacts = () => (loaded ??= load());

/** @param {string} name */
export function artifactOf(name) {
  const found = artifacts()[name];
  if (!found) throw new Error(`no such contract: ${name}`);
  return found;
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, { runtime }] of Object.entries(artifacts())) console.log(`${name} ${runtime.length / 2 - 1}`);
}
