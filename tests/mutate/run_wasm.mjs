// SPDX-License-Identifier: MIT
//
// Runs the mutation campaign in WebAssembly, as main_native.c does natively, and prints the same lines.
//
//   node run_wasm.mjs MODULE.WASM proofs|beacon|receipts FOLDER [SEED [EACH [EDITS]]]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestIn, open, pairs } from '../vectors/module.mjs';

const [modulePath, part, folder, ...numbers] = process.argv.slice(2);
const parts = ['proofs', 'beacon', 'receipts'];
if (!folder || !parts.includes(part)) {
  console.error('usage: node run_wasm.mjs MODULE.WASM proofs|beacon|receipts FOLDER [SEED [EACH [EDITS]]]');
  process.exit(1);
}
const manifest = manifestIn(folder);
const { exports, bytes, words, text } = await open(modulePath);

const TEXT = 8; // mutate_tally: two 32-bit counts, 256 bytes of text, then four counts for each kind
const KINDS = TEXT + 256;
const kinds = exports.mutate_kinds();
const tally = exports.mutate_alloc(KINDS + 16 * kinds);
const options = exports.mutate_alloc(12);
words(options, 3).set([0, 1, 2].map((i) => Number(numbers[i] ?? [1, 1000, 1000][i])));

const isProofs = part === 'proofs';
const isWanted = (suite, file) => (part === 'receipts' ? suite === 'atr_verdicts' : part === 'beacon' ? suite === 'beacon_sync' && file.includes('mainnet')
  : suite === 'header_and_proofs' || suite === 'payload');
const run = { proofs: exports.mutate_run, beacon: exports.mutate_run_beacon, receipts: exports.mutate_run_receipts }[part];

let proofs = 0, good = false;
for (const [suite, file] of pairs(manifest)) {
  if (!isWanted(suite, file)) continue;
  const json = readFileSync(join(folder, file));
  const at = exports.mutate_alloc(json.length);
  bytes().set(json, at);
  const [, failedBefore] = words(tally, 2);
  run(tally, options, at, json.length);
  const [passed, failed] = words(tally, 2);
  // The check of the heap is not of the campaign: its groups are taken out of the sums again.
  if (isProofs) proofs += exports.mutate_verify_level(tally, at, json.length);
  const [, failedThen] = words(tally, 2);
  if (failedThen > failedBefore) console.error(`${file}: ${text(tally + TEXT)}`);
  words(tally, 2).set([passed, failed + (failedThen - failed)]);
  exports.mutate_release(at);
  good = true;
}
if (!good) console.error(`${manifest}: has no recordings`);
if (isProofs) exports.mutate_run_garbage(tally, options);

for (let kind = 0; kind < kinds; kind++) {
  if (parts[exports.mutate_part_at(kind)] !== part) continue;
  const [made, refused, neutral, wrong] = words(tally + KINDS + 16 * kind, 4);
  console.log(`${text(exports.mutate_name(kind))}: ${made} made, ${refused} refused, ${neutral} neutral, ${wrong} wrong`);
  good = good && made > 0 && wrong === 0;
}
const [passed, failed] = words(tally, 2);
if (isProofs) {
  console.error(`the heap was left as it was by ${proofs} verifications`);
  good = good && proofs > 0;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(good && failed === 0 ? 0 : 1);
