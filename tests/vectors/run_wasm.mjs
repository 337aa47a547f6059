// SPDX-License-Identifier: MIT
//
// Runs all suites in WebAssembly, as main_native.c does natively, and prints the same lines.
//
//   node run_wasm.mjs MODULE.WASM PREPARED_FOLDER EXPECTED.TXT
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const TALLY_BYTES = 264; // vector_tally: two 32-bit counts and 256 bytes of text

const [modulePath, folder, expectedPath] = process.argv.slice(2);
if (!expectedPath) {
  console.error('usage: node run_wasm.mjs MODULE.WASM PREPARED_FOLDER EXPECTED.TXT');
  process.exit(1);
}
const manifest = join(folder, 'manifest.txt');
if (!existsSync(manifest)) {
  console.log(`skipped: ${manifest} not found`);
  process.exit(process.env.CI === 'true' ? 1 : 77);
}

const { instance } = await WebAssembly.instantiate(readFileSync(modulePath), {});
const { exports } = instance;
exports._initialize?.();

/** A view of the module's memory; a fresh one for each access, as memory can grow. */
const bytes = () => new Uint8Array(exports.memory.buffer);
const text = (at) => new TextDecoder().decode(bytes().subarray(at, bytes().indexOf(0, at)));
const counts = (at) => [...new Uint32Array(exports.memory.buffer, at, 2)];

/** The pairs of words in a file of lines; lines that begin with # are comments. */
const pairs = (path) => readFileSync(path, 'utf8').split('\n')
  .filter((line) => !line.startsWith('#')).map((line) => line.trim().split(/\s+/)).filter((words) => words.length === 2);

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
