// SPDX-License-Identifier: MIT
//
// Runs the mutation campaign in WebAssembly, as main_native.c does natively, and prints the same lines.
//
//   node run_wasm.mjs MODULE.WASM FOLDER [SEED [EACH [EDITS]]]
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [modulePath, folder, ...numbers] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node run_wasm.mjs MODULE.WASM FOLDER [SEED [EACH [EDITS]]]');
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
const words = (/** @type {number} */ at, /** @type {number} */ count) => new Uint32Array(exports.memory.buffer, at, count);
const text = (/** @type {number} */ at) => new TextDecoder().decode(bytes().subarray(at, bytes().indexOf(0, at)));

const TEXT = 8; // mutate_tally: two 32-bit counts, 256 bytes of text, then four counts for each kind
const KINDS = TEXT + 256;
const kinds = exports.mutate_kinds();
const tally = exports.mutate_alloc(KINDS + 16 * kinds);
const options = exports.mutate_alloc(12);
words(options, 3).set([0, 1, 2].map((i) => Number(numbers[i] ?? [1, 1000, 1000][i])));

let proofs = 0, good = false;
for (const line of readFileSync(manifest, 'utf8').split('\n')) {
  const [suite, file] = line.trim().split(/\s+/);
  if (suite !== 'header_and_proofs' && suite !== 'payload') continue;
  const json = readFileSync(join(folder, file));
  const at = exports.mutate_alloc(json.length);
  bytes().set(json, at);
  const [, failedBefore] = words(tally, 2);
  exports.mutate_run(tally, options, at, json.length);
  const [passed, failed] = words(tally, 2);
  // The check of the heap is not of the campaign: its groups are taken out of the sums again.
  proofs += exports.mutate_verify_level(tally, at, json.length);
  const [, failedThen] = words(tally, 2);
  if (failedThen > failedBefore) console.error(`${file}: ${text(tally + TEXT)}`);
  words(tally, 2).set([passed, failed + (failedThen - failed)]);
  exports.mutate_release(at);
  good = true;
}
if (!good) console.error(`${manifest}: has no recordings`);
exports.mutate_run_garbage(tally, options);

for (let kind = 0; kind < kinds; kind++) {
  const [made, refused, neutral, wrong] = words(tally + KINDS + 16 * kind, 4);
  console.log(`${text(exports.mutate_name(kind))}: ${made} made, ${refused} refused, ${neutral} neutral, ${wrong} wrong`);
  good = good && made > 0 && wrong === 0;
}
const [passed, failed] = words(tally, 2);
console.error(`the heap was left as it was by ${proofs} verifications`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(good && proofs > 0 && failed === 0 ? 0 : 1);
