// SPDX-License-Identifier: MIT
//
// Runs all suites in WebAssembly, as main_native.c does natively, and prints the same lines.
//
//   node run_wasm.mjs MODULE.WASM PREPARED_FOLDER EXPECTED.TXT
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestIn, open, pairs } from './module.mjs';

const TALLY_BYTES = 264; // vector_tally: two 32-bit counts and 256 bytes of text

const [modulePath, folder, expectedPath] = process.argv.slice(2);
if (!expectedPath) {
  console.error('usage: node run_wasm.mjs MODULE.WASM PREPARED_FOLDER EXPECTED.TXT');
  process.exit(1);
}
const manifest = manifestIn(folder);
const { exports, bytes, words, text } = await open(modulePath);
const counts = (at) => [...words(at, 2)];

const suites = new Map();
for (let index = 0; index < exports.vectors_count(); index++) {
  suites.set(text(exports.vectors_name(index)), { index, tally: exports.vectors_alloc(TALLY_BYTES), hasTotal: false });
}

let good = true;
const complain = (message) => {
  console.error(message);
  good = false;
};

for (const [name, file] of pairs(manifest)) {
  const suite = suites.get(name);
  if (!suite) {
    complain(`${name}: no such suite`);
    continue;
  }
  const json = readFileSync(join(folder, file));
  const at = exports.vectors_alloc(json.length);
  bytes().set(json, at);
  const [, failedBefore] = counts(suite.tally);
  exports.vectors_run(suite.index, at, json.length, suite.tally);
  exports.vectors_free(at);
  const [, failed] = counts(suite.tally);
  if (failed > failedBefore) {
    complain(`${name}: ${file}: ${failedBefore === 0 ? text(suite.tally + 8) : 'failed'}`);
  }
}

const sums = [0, 0];
for (const [name, suite] of suites) {
  const [passed, failed] = counts(suite.tally);
  console.log(`${name} ${passed} ${failed}`);
  sums[0] += passed;
  sums[1] += failed;
}
console.log(`${sums[0]} passed, ${sums[1]} failed`);

for (const [name, total] of pairs(expectedPath)) {
  const suite = suites.get(name);
  const [passed, failed] = suite ? counts(suite.tally) : [0, 0];
  if (suite) suite.hasTotal = true;
  if (passed + failed !== Number(total)) complain(`${name}: ${passed + failed} cases, expected ${total}`);
}
for (const [name, suite] of suites) {
  if (!suite.hasTotal) complain(`${name}: has no total in ${expectedPath}`);
}
process.exit(good ? 0 : 1);
