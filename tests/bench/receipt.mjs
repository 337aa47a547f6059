// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, mixedText } from './corpus/texts.mjs';
import { build } from './doors.mjs';
import { batchOf, must } from './measure.mjs';

const MB = 1_000_000;
const MOST = 64; // MB of the corpus, if there is as much text

/** Why evidence cannot be had, if it cannot. */
export const noEvidence = () =>
  !existsSync(join(build, 'release/tests/openledger_corpus_bench')) ? 'openledger_corpus_bench is not built'
  : answers().length === 0 ? 'there are no recorded answers'
  : '';

/** Evidence for an answer of 2,000 bytes, verified. */
export function receipt() {
  const program = join(build, 'release/tests/openledger_corpus_bench');
  const folder = join(build, 'bench/corpus');
  mkdirSync(folder, { recursive: true });
  const { text } = mixedText();
  const mb = Math.min(MOST, Math.floor(text.length / MB));
  const corpus = join(folder, `${mb}.atrc`);
  const path = (/** @type {string} */ name) => join(folder, name);
  if (!existsSync(corpus)) {
    let end = mb * MB;
    while ((text[end] & 0xc0) === 0x80) end--;
    writeFileSync(path('text'), text.subarray(0, end));
    execFileSync(program, ['build', path('text'), corpus]);
  }
  const [answer] = answers();
  writeFileSync(path('answer'), answer);
  execFileSync(program, ['save', corpus, '40', path('answer'), path('evidence'), path('policy')]);
  const [evidence, policy] = ['evidence', 'policy'].map((name) => new Uint8Array(readFileSync(path(name))));
  return {
    inputs: { 'receipt.evidence': evidence, 'receipt.policy': policy, 'receipt.answer': new Uint8Array(answer) },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows({ native, bench }) {
      const suffixRoot = Buffer.from(evidence.subarray(6 + 40, 6 + 72)).toString('hex');
      for (const door of [native, bench]) must((await door.answer('receipt_verify')).startsWith(suffixRoot), 'another corpus');
      return [{
        id: 'receipt_verify',
        native: await batchOf((count) => native.run('receipt_verify', count)),
        wasm: await batchOf((count) => bench.run('receipt_verify', count)),
        notes: [`an answer of ${answer.length} bytes over ${mb} MB: ${evidence.length} bytes of evidence`],
        targets: [
          { text: 'native at most 0.5 ms', met: ({ native: own }) => own <= 500 },
          { text: 'wasm at most 1.4 ms', met: ({ wasm: own }) => own <= 1400 },
        ],
      }];
    },
  };
}
