// SPDX-License-Identifier: MIT
// A receipt of attribution: a corpus of two contributors, an answer that quotes both, what each gets, and forgeries.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ONE_MS, bold, cli, green, must, red } from './show.mjs';

const MNEMONIC = 'test test test test test test test test test test test junk'; // anvil's, which everybody knows
const PASSWORD = 'a password';
const ADA = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const BEN = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const NAMES = { [ADA]: 'Ada', [BEN]: 'Ben' };
const word = (/** @type {string} */ digits) => `0x${digits.repeat(64 / digits.length)}`;

const GARDEN = 'a garden is never finished, it is only left alone for a while';
const RIVER = 'the river takes back in one night what a village has dug in ten years';
const documents = {
  'ada/garden.md': `On gardens.\n\nMy grandmother used to say that ${GARDEN}; and she was out there by five.\n`,
  'ben/river.md': `On rivers.\n\nOlder people here know that ${RIVER}. So they build uphill.\n`,
  'ben/copy.md': `Many say that ${GARDEN}; this was copied.\n`,
};
const ANSWER = `People say that ${GARDEN}; but with water it is worse: ${RIVER}!`;
const POLICY = { minSpan: 24, maxCount: 1000, contributors: 4000, platform: 3000, model: 2000, stakers: 1000 };

/** Runs the command line, with a password, a secret and an answer by descriptors. @param {string[]} args @param {string[]} given */
function run(args, given = []) {
  const child = spawn(cli, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'], detached: true, timeout: ONE_MS });
  let out = '';
  let said = '';
  /** @type {any} */ (child.stdout).setEncoding('utf8').on('data', (/** @type {string} */ text) => { out += text; });
  /** @type {any} */ (child.stderr).setEncoding('utf8').on('data', (/** @type {string} */ text) => { said += text; });
  for (const i of [3, 4, 5]) {
    const pipe = /** @type {any} */ (child.stdio[i]);
    pipe.on('error', () => {}); // it need not be read
    pipe.end(given[i - 3] === undefined ? '' : `${given[i - 3]}\n`);
  }
  return new Promise((/** @type {(outcome: { exit: number | null, out: string, said: string }) => void} */ done, fail) => {
    child.on('error', fail);
    child.on('close', (exit) => done({ exit, out, said }));
  });
}

/** @param {string[]} args @param {string[]} [given] */
async function json(args, given) {
  const { exit, out, said } = await run([...args, '--json'], given);
  must(exit === 0, `openledger ${args.slice(0, 2).join(' ')} ends with ${exit}: ${said}`);
  return JSON.parse(out);
}

/** @param {(name: string) => string} at */
async function make(at) {
  for (const [name, text] of Object.entries(documents)) {
    mkdirSync(dirname(at(`docs/${name}`)), { recursive: true });
    writeFileSync(at(`docs/${name}`), text);
  }
  const owners = Object.fromEntries(Object.keys(documents).map((name) => [name, { contributor: name.startsWith('ada') ? ADA : BEN, datanet: 1 }]));
  writeFileSync(at('owners.json'), JSON.stringify(owners));
  writeFileSync(at('request.json'), JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Gardens or rivers?' }] }));
  writeFileSync(at('answer.txt'), ANSWER);
  writeFileSync(at('policy.json'), JSON.stringify(POLICY));
  const corpus = await json(['corpus', 'build', at('docs'), '--out', at('a.corpus'), '--manifest', at('owners.json')]);
  console.log(`${'corpus of'.padEnd(20)}${corpus.documents} documents: ${corpus.corpusId}`);
  await json(['wallet', 'import', '--wallet', at('wallet'), '--password-fd', '3', '--secret-fd', '4'], [PASSWORD, MNEMONIC]);
  return json(['receipt', 'make', '--corpus', at('a.corpus'), '--request', at('request.json'), '--answer', at('answer.txt'), '--policy', at('policy.json'),
    '--payer', BEN, '--nonce', word('1'), '--model', word('2'), '--registry', `0x${'3'.repeat(40)}`, '--fee', '1000000',
    '--out', at('a.receipt'), '--evidence', at('a.evidence'), '--wallet', at('wallet'), '--password-fd', '3', '--answer-fd', '5'], [PASSWORD, '', 'yes']);
}

/** @param {(name: string) => string} at @param {Record<string, string>} [changed] @param {string[]} more */
const verify = (at, changed = {}, ...more) => run(['receipt', 'verify', changed.receipt ?? at('a.receipt'), '--request', at('request.json'), '--response', changed.answer ?? at('answer.txt'),
  '--evidence', changed.evidence ?? at('a.evidence'), '--policy', changed.policy ?? at('policy.json'), ...more, '--json']);

/** @param {(name: string) => string} at */
async function refuse(at) {
  const write = (/** @type {string} */ name, /** @type {string | Uint8Array} */ content) => (writeFileSync(at(name), content), at(name));
  const evidence = readFileSync(at('a.evidence'));
  evidence[evidence.length - 1] ^= 1;
  /** @type {[string, Record<string, string>, ...string[]][]} */
  const forgeries = [
    ['one word of the answer', { answer: write('other.txt', ANSWER.replace('never', 'always')) }],
    ["one bit of Ada's amount", { evidence: write('other.evidence', evidence) }],
    ['another policy', { policy: write('other.json', JSON.stringify({ ...POLICY, contributors: 3000, platform: 4000 })) }],
    ['the receipt of another request', {}, '--nonce', word('9')],
  ];
  console.log(`\n${bold(`${'forgery'.padEnd(34)}${'exit'.padEnd(6)}reason`)}`);
  for (const [name, changed, ...more] of forgeries) {
    const { exit, out } = await verify(at, changed, ...more);
    const { verdict, detail } = JSON.parse(out);
    must(exit === 1 && verdict === 'REJECTED', `${name}: ${out}`);
    console.log(`${name.padEnd(34)}${red(String(exit).padEnd(6))}${detail}`);
  }
}

/** @param {string} page where the page goes */
export async function showReceipt(page) {
  const root = mkdtempSync(join(tmpdir(), 'openledger-receipt-'));
  const at = (/** @type {string} */ name) => join(root, name);
  try {
    const { spans, rows, evidenceBytes } = await make(at);
    console.log(`\n${bold(`${'passage'.padEnd(66)}${'times'.padStart(6)}  first in`)}`);
    for (const { text, count, owner, name } of spans) console.log(`${text.trim().slice(0, 62).padEnd(66)}${count.padStart(6)}  ${name} (${NAMES[owner]})`);
    must(spans.length === 2 && spans[0].owner === ADA && spans[0].count === '2' && spans[1].owner === BEN, `other passages: ${JSON.stringify(spans)}`);
    const { exit, out } = await verify(at);
    const { verdict } = JSON.parse(out);
    must(exit === 5 && verdict === 'PENDING', out);
    const shares = rows.map((/** @type {any} */ { contributor, amount }) => `${NAMES[contributor]} ${amount}`).join(', ');
    console.log(`\n${'of a fee of 1000000'.padEnd(34)}${shares}, by ${evidenceBytes} bytes of evidence\n${'verdict'.padEnd(34)}${green(verdict)}: nothing is wrong, and the chain was not asked`);
    await refuse(at);
    const shown = await run(['receipt', 'show', at('a.receipt'), '--request', at('request.json'), '--response', at('answer.txt'), '--evidence', at('a.evidence'),
      '--policy', at('policy.json'), '--names', at('a.corpus.names'), '--html', resolve(page)]);
    must(shown.exit === 0, shown.said);
    console.log(`\n${'as a page'.padEnd(34)}${page}`);
  } finally {
    rmSync(root, { recursive: true });
  }
}
