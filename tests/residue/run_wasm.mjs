// SPDX-License-Identifier: MIT
//
// Searches all memory of the module after each case, as main_native.c does natively.
//
//   node run_wasm.mjs MODULE.WASM
import { open } from '../vectors/module.mjs';

const [path] = process.argv.slice(2);
if (!path) {
  console.error('usage: node run_wasm.mjs MODULE.WASM');
  process.exit(1);
}
const { exports, words, text } = await open(path);
let passed = 0, failed = 0;
for (let i = 0, count = exports.residue_cases_count(); i < count; i++) {
  const said = exports.residue_check(i), done = (said & 1) !== 0, found = (said & 2) !== 0;
  const good = done && found === ((said & 4) !== 0);
  good ? passed++ : failed++;
  console.log(`${good ? 'ok    ' : 'not ok'} ${text(exports.residue_name(i))}`);
  if (!done) console.log('       it did not do what it was to do');
  if (!good && found) {
    const [secret, form, at] = words(exports.residue_found(), 3);
    console.log(`       found: ${text(secret)}${text(form)}, at ${at}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
