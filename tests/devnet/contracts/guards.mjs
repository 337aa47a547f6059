#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Takes each check out of our contracts in turn, and runs the tests: one must fail, or nothing guards the check.
// A check is a `require`, each part of one that joins several, or a modifier.
// usage: guards.mjs [PATTERN]   only contracts whose file matches; prints what no test misses, and `N passed, N failed`
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifacts } from './compile.mjs';

const root = join(import.meta.dirname, '../../..');
const work = join(root, 'build/guards-contracts');
const copy = join(work, 'tests/devnet/contracts');

/** The tests that know a contract. @type {Record<string, string[]>} */
const TESTS = {
  'GOPEN.sol': ['governance'], 'Staking.sol': ['staking'], 'Bank.sol': ['staking'], 'SigDispersal.sol': ['claims'],
  'AttributionTree.sol': ['attribution'], 'AttributionRegistry.sol': ['attribution'], 'NodeRegistry.sol': ['registries', 'attribution'],
  'DatanetRegistry.sol': ['registries', 'attribution'], 'ModelRegistry.sol': ['registries'], 'GrantRegistry.sol': ['registries'],
};

/** Where commas or `&&` part a text that has brackets. @param {string} text @param {string} separator */
function partsOf(text, separator) {
  const parts = [''];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if ('(['.includes(text[at])) depth++;
    if (')]'.includes(text[at])) depth--;
    if (depth === 0 && text.startsWith(separator, at)) {
      parts.push('');
      at += separator.length - 1;
    } else parts[parts.length - 1] += text[at];
  }
  return parts;
}

/** @param {string} text @returns {{ what: string, line: number, text: string }[]} */
function mutantsOf(text) {
  const found = [];
  const change = (/** @type {number} */ at, /** @type {string} */ old, /** @type {string} */ fresh, /** @type {string} */ what) => found.push({
    what: what.replace(/\s+/g, ' ').trim(), line: text.slice(0, at).split('\n').length, text: text.slice(0, at) + fresh + text.slice(at + old.length),
  });
  for (const { index, 0: statement, 1: inside } of text.matchAll(/\brequire\(([^;]*)\);/g)) {
    const [condition, ...rest] = partsOf(inside, ',');
    const joined = partsOf(condition, '&&');
    joined.forEach((part, i) => {
      const weaker = joined.map((other, k) => (k === i ? `((${other.trim()}) || true)` : other.trim())).join(' && ');
      change(index, statement, `require(${[weaker, ...rest].join(',')});`, part);
    });
  }
  for (const { index, 0: modifier } of text.matchAll(/ only(Owner|Roles\(\w+\))(?= )/g)) change(index, modifier, '', modifier);
  return found;
}

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
cpSync(join(root, 'tests/devnet'), join(work, 'tests/devnet'), { recursive: true });
symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'));
artifacts(); // what does not change is compiled once
cpSync(join(root, 'build/contracts'), join(work, 'build/contracts'), { recursive: true });

const pattern = new RegExp(process.argv[2] ?? '');
let [passed, failed] = [0, 0];
for (const file of readdirSync(copy).filter((name) => name in TESTS && pattern.test(name))) {
  const path = join(copy, file);
  const original = readFileSync(path, 'utf8');
  for (const { what, line, text } of mutantsOf(original)) {
    writeFileSync(path, text);
    const compiled = spawnSync(process.execPath, [join(copy, 'compile.mjs')], { encoding: 'utf8' });
    const { status } = spawnSync(process.execPath, ['--test', ...TESTS[file].map((name) => join(copy, `${name}.test.mjs`))], { stdio: 'ignore' });
    if (compiled.status === 0 && status !== 0) passed++;
    else {
      failed++;
      console.log(`${file}:${line}: ${compiled.status === 0 ? 'no test misses' : 'does not compile without'} ${what}`);
    }
  }
  writeFileSync(path, original);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
