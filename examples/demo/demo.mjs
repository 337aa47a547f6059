#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// Proves what a local chain says, once with the command line and once in WebAssembly; then has both asked by a
// forger; then proves a balance by each level of trust, down to Ethereum. Ends with 1 if anything is not as it must be.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from '../../build/js/index.mjs';
import { startAnvil } from '../../tests/devnet/rollup/anvil.mjs';
import { startForger } from './forger.mjs';
import { startRollup } from './rollup.mjs';

const repository = resolve(fileURLToPath(import.meta.url), '../../..');
const cli = join(repository, 'build/openledger');
const ALL_MS = 120_000;
const ONE_MS = 20_000;
const OPEN = 10n ** 18n;
const START_BALANCE = 10_000n * OPEN; // what anvil gives to each of its accounts
const SENT_TO_BOB = 1_234n * OPEN + OPEN / 2n;

/**
 * A contract that stores its second word of input at its first:
 *   60 20 35   PUSH1 32  CALLDATALOAD   the value
 *   60 00 35   PUSH1 0   CALLDATALOAD   the slot
 *   55 00      SSTORE    STOP
 */
const RUNTIME = '6020356000355500';
/**
 * What makes it:
 *   67 ...        PUSH8 (the code above)   60 00 52  PUSH1 0  MSTORE    at the end of memory's first word
 *   60 08 60 18   PUSH1 8  PUSH1 24        f3        RETURN             these 8 bytes of it
 */
const CREATION = `0x67${RUNTIME}60005260086018f3`;

const colour = process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const paint = (/** @type {number} */ code, /** @type {string} */ text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
const say = (/** @type {string} */ text) => console.log(`demo: ${text}`);

const word = (/** @type {bigint} */ value) => value.toString(16).padStart(64, '0');
const short = (/** @type {string} */ hex) => `${hex.slice(0, 6)}..${hex.slice(-4)}`;

/** @param {unknown} held @param {string} what @returns {asserts held} */
function must(held, what) {
  if (!held) throw new Error(what);
}

/**
 * Runs the command line.
 * @param {string[]} args
 * @returns {Promise<{ exit: number, out: string, ms: number }>}
 */
function runCli(...args) {
  const start = performance.now();
  return new Promise((done, fail) => {
    execFile(cli, args, { timeout: ONE_MS, encoding: 'utf8' }, (error, out) => {
      if (error && typeof error.code !== 'number') return fail(error);
      done({ exit: error ? Number(error.code) : 0, out, ms: performance.now() - start });
    });
  });
}

/** @typedef {import('../../build/js/index.mjs').OpenLedger} OpenLedger */
/** @typedef {import('../../build/js/index.mjs').AccountAnswer} Answer */
/** @typedef {import('../../tests/devnet/rollup/anvil.mjs').Anvil} Anvil */
/** @typedef {Awaited<ReturnType<typeof live>>} Chain */
/** @typedef {{ address: string, slots?: bigint[], code?: boolean }} Question */

/** @param {string} url @param {number} block @param {Question} question */
const askCli = (url, block, { address, slots = [], code }) =>
  runCli('account', address, '--rpc', url, '--block', String(block), '--max-age', 'any', ...(code ? ['--code'] : []),
    ...slots.flatMap((slot) => ['--slot', String(slot)]), '--json');

/** @param {OpenLedger} openledger @param {string} url @param {number} block @param {Question} question */
async function askModule(openledger, url, block, question) {
  const client = openledger.client({ endpoints: [url] });
  const start = performance.now();
  const answer = await client.account({ ...question, block, maxAgeSeconds: Infinity }, { signal: AbortSignal.timeout(ONE_MS) });
  return { answer, ms: performance.now() - start };
}

/** Some things happen on the chain. @param {Anvil} chain */
async function live({ ask, send }) {
  const [alice, bob, carol] = await ask('eth_accounts');
  const amount = (/** @type {bigint} */ wei) => `0x${wei.toString(16)}`;
  await send({ from: alice, to: bob, value: amount(SENT_TO_BOB) });
  await send({ from: alice, to: carol, value: amount(1n) });
  const { contractAddress } = await send({ from: alice, data: CREATION });
  await send({ from: alice, to: contractAddress, data: `0x${word(7n)}${word(1612n)}` });
  return { alice, bob, carol, contract: contractAddress, block: Number(await ask('eth_blockNumber')) };
}

/**
 * What is asked, and what must come out.
 * @param {OpenLedger} openledger @param {Chain} chain
 * @returns {{ name: string, ask: Question, show: (answer: Answer) => string, is: (answer: Answer) => boolean }[]}
 */
function questionsOf(openledger, { alice, bob, carol, contract }) {
  const nobody = '0x000000000000000000000000000000000000dEaD';
  const balance = (/** @type {Answer} */ answer) => `${openledger.amountText(answer.balance)} OPEN`;
  const slot = (/** @type {Answer} */ answer) => answer.slots[0].value;
  return [
    {
      name: "Bob's balance",
      ask: { address: bob },
      show: balance,
      is: (answer) => answer.balance === START_BALANCE + SENT_TO_BOB,
    },
    { name: "Carol's balance", ask: { address: carol }, show: balance, is: (answer) => answer.balance === START_BALANCE + 1n },
    { name: "Alice's nonce", ask: { address: alice }, show: ({ nonce }) => String(nonce), is: ({ nonce }) => nonce === 4n },
    {
      name: 'contract: slot 7, code',
      ask: { address: contract, slots: [7n], code: true },
      show: (answer) => `${slot(answer)}, ${answer.code?.length} bytes of code`,
      is: (answer) => slot(answer) === 1612n && Buffer.from(answer.code ?? []).toString('hex') === RUNTIME,
    },
    {
      name: 'contract: slot 8',
      ask: { address: contract, slots: [8n] },
      show: (answer) => `${slot(answer)} (never set)`,
      is: (answer) => slot(answer) === 0n,
    },
    {
      name: `account ${short(nobody)}`,
      ask: { address: nobody },
      show: ({ exists }) => (exists ? 'exists' : 'does not exist'),
      is: ({ exists, balance: wei }) => !exists && wei === 0n,
    },
  ];
}

const widths = [24, 31, 7, 13, 7, 9, 12];
const COSTS = 4; // from here on the columns are numbers, and yes or no
const row = (/** @type {string[]} */ ...cells) =>
  cells.map((cell, i) => (i < COSTS ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('');

/** @param {OpenLedger} openledger @param {string} url @param {Chain} chain */
async function prove(openledger, url, chain) {
  console.log(`\n${paint(1, row('question', 'proven answer', 'block', 'trust', 'CLI ms', 'WASM ms', 'same bytes'))}`);
  for (const { name, ask, show, is } of questionsOf(openledger, chain)) {
    const { answer, ms } = await askModule(openledger, url, chain.block, ask);
    const native = await askCli(url, chain.block, ask);
    must(native.exit === 0, `${name}: the command line ends with ${native.exit}: ${native.out}`);
    must(is(answer), `${name}: the chain was told otherwise: ${answer.text}`);
    // The answer is a member of what the command line prints; no byte of it may differ.
    must(native.out.startsWith(`{"answer":${answer.text},`), `${name}: not the same bytes:\n${native.out}${answer.text}`);
    const { level, agreed, asked } = answer.trust;
    const trust = `${level} ${agreed}/${asked}`;
    const facts = [name, show(answer), String(answer.block.number), trust, native.ms.toFixed(0), ms.toFixed(0)];
    console.log(row(...facts) + paint(32, 'yes'.padStart(widths[6])));
  }
}

/** @param {Chain} chain @returns {{ name: string, ask: Question, forge: import('./forger.mjs').Forge }[]} */
const forgeriesOf = ({ alice, bob, contract }) => [
  {
    name: "Alice's proof, for Bob",
    ask: { address: bob },
    forge: async (result, ask, [, slots, block]) => ({ ...await ask('eth_getProof', alice, slots, block), address: result.address }),
  },
  {
    name: 'storage without its proof',
    ask: { address: contract, slots: [7n] },
    forge: (result) => ({ ...result, storageProof: result.storageProof.map((slot) => ({ ...slot, proof: [] })) }),
  },
  {
    name: 'one bit of a trie node',
    ask: { address: bob },
    forge: (result) => {
      const proof = [...result.accountProof];
      const last = proof.length - 1;
      const digit = (parseInt(proof[last].at(-1), 16) ^ 1).toString(16);
      proof[last] = proof[last].slice(0, -1) + digit;
      return { ...result, accountProof: proof };
    },
  },
];

/** @param {OpenLedger} openledger @param {Anvil} honest @param {Chain} chain */
async function refuseForgeries(openledger, honest, chain) {
  console.log(`\n${paint(1, `${'forgery'.padEnd(28)}${'exit'.padEnd(6)}${'status'.padEnd(11)}reason, by both`)}`);
  for (const { name, ask, forge } of forgeriesOf(chain)) {
    const forger = await startForger(honest.ask, forge);
    try {
      const native = await askCli(forger.url, chain.block, ask);
      const refused = await askModule(openledger, forger.url, chain.block, ask).then(
        ({ answer }) => { throw new Error(`${name}: the module believes it: ${answer.text}`); }, (error) => error);
      must(native.exit === 1, `${name}: the command line ends with ${native.exit}, not 1: ${native.out}`);
      const { error } = JSON.parse(native.out);
      must(refused.name === 'OpenLedgerError', String(refused.stack));
      must(error.status === refused.status && error.text === refused.message,
        `${name}: refused for different reasons: ${error.status}: ${error.text}; ${refused.status}: ${refused.message}`);
      console.log(`${name.padEnd(28)}${paint(31, String(native.exit).padEnd(6))}${error.status.padEnd(11)}${error.text}`);
    } finally {
      await forger.stop();
    }
  }
}

/** @typedef {Awaited<ReturnType<typeof startRollup>>} Rollup */
/** @typedef {'quorum' | 'proposed' | 'finalized'} Level */

/** Each time from the checkpoint on. @param {Rollup} rollup @param {Level} level */
function askCliBy({ urls, profileFile, checkpoint, owner }, level) {
  const anchor = ['--trust', level, '--rollup', profileFile, '--beacon', urls.beacon, '--l1', urls.l1, '--checkpoint', checkpoint];
  return runCli('account', owner, '--rpc', urls.l2, '--json', ...(level === 'quorum' ? [] : anchor));
}

/** @param {OpenLedger} openledger @param {Rollup} rollup @param {Level} level */
async function askModuleBy(openledger, { urls, profile, checkpoint, owner }, level) {
  const start = performance.now();
  const endpoints = { endpoints: [urls.l2], l1: [urls.l1] };
  if (level === 'quorum') {
    const answer = await openledger.client(endpoints).account({ address: owner });
    return { answer, ms: performance.now() - start };
  }
  const sync = openledger.sync({ beacon: [urls.beacon], l1: [urls.l1], checkpoint, network: profile });
  try {
    await sync.run();
    const answer = await openledger.client({ ...endpoints, sync, rollup: profile }).account({ address: owner, trust: level });
    return { answer, ms: performance.now() - start };
  } finally {
    sync.close();
  }
}

/** @param {OpenLedger} openledger @param {Rollup} rollup */
async function climb(openledger, rollup) {
  console.log(`\n${paint(1, row('trust', 'proven balance of the owner', 'block', 'received', 'CLI ms', 'WASM ms', 'same answer'))}`);
  for (const level of /** @type {const} */ (['quorum', 'proposed', 'finalized'])) {
    const { answer, ms } = await askModuleBy(openledger, rollup, level);
    const native = await askCliBy(rollup, level);
    must(native.exit === 0, `${level}: the command line ends with ${native.exit}: ${native.out}`);
    const { answer: other, l1, bytesReceived } = JSON.parse(native.out);
    const block = rollup.blocks[level];
    const wei = await rollup.ask('eth_getBalance', rollup.owner, `0x${block.toString(16)}`);
    must(answer.trust.level === level && other.trust.level === level, `${level}: answered by ${answer.trust.level}, ${other.trust.level}`);
    must(Number(answer.block.number) === block && Number(other.block.number) === block, `${level}: not at block ${block}: ${native.out}`);
    must(answer.balance === BigInt(wei) && other.balance === wei, `${level}: the chain was told otherwise: ${native.out}`);
    const size = `${((bytesReceived + (l1?.bytesReceived ?? 0)) / 1000).toFixed(1)} kB`;
    const facts = [level, `${openledger.amountText(answer.balance)} OPEN`, String(block), size, native.ms.toFixed(0), ms.toFixed(0)];
    console.log(row(...facts) + paint(32, 'yes'.padStart(widths[6])));
  }
}

async function main() {
  must(existsSync(cli), `${cli} is missing; make build makes it`);
  say('starting a local chain');
  const chain = await startAnvil(['--chain-id', '1612', '--network', 'optimism']);
  try {
    say('moving some OPEN, making a contract');
    const state = await live(chain);
    const openledger = await load();
    await prove(openledger, chain.url, state);
    await refuseForgeries(openledger, chain, state);
    console.log();
    say('starting a rollup: the contracts of the OP Stack, on an Ethereum whose sync committees are simulated');
    const rollup = await startRollup();
    try {
      await climb(openledger, rollup);
    } finally {
      await rollup.stop();
    }
  } finally {
    await chain.close();
  }
  console.log(`\n${paint(32, 'demo: every answer proven twice, every forgery refused')}`);
}

const late = setTimeout(() => {
  console.error(`demo: not done after ${ALL_MS / 1000} s`);
  process.exit(1);
}, ALL_MS);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

main().catch((error) => {
  console.error(`demo: ${error.message}`);
  process.exitCode = 1;
}).finally(() => clearTimeout(late));
