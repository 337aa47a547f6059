#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// Proves what a local chain says, once with the command line and once in WebAssembly; then has both asked by a
// forger; then proves a balance by each level of trust, down to Ethereum; serves it to a wallet; proves it without any
// server; and makes a receipt of attribution. Ends with 1 if anything is not as it must be.
import { existsSync } from 'node:fs';
import { load } from '../../build/js/index.mjs';
import { startAnvil } from '../../tests/devnet/rollup/anvil.mjs';
import { startForger } from './forger.mjs';
import { climb, makeBundle, verifyOffline } from './levels.mjs';
import { showReceipt } from './receipt.mjs';
import { startRollup } from './rollup.mjs';
import { ONE_MS, bold, cli, green, head, must, red, row, runCli, say } from './show.mjs';
import { serveWallet } from './wallet.mjs';

const ALL_MS = 120_000;
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

const word = (/** @type {bigint} */ value) => value.toString(16).padStart(64, '0');
const short = (/** @type {string} */ hex) => `${hex.slice(0, 6)}..${hex.slice(-4)}`;

/** @typedef {import('./show.mjs').OpenLedger} OpenLedger */
/** @typedef {import('./show.mjs').Answer} Answer */
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

/** @param {OpenLedger} openledger @param {string} url @param {Chain} chain */
async function prove(openledger, url, chain) {
  head('question', 'proven answer', 'block', 'trust', 'CLI ms', 'WASM ms', 'same bytes');
  for (const { name, ask, show, is } of questionsOf(openledger, chain)) {
    const { answer, ms } = await askModule(openledger, url, chain.block, ask);
    const native = await askCli(url, chain.block, ask);
    must(native.exit === 0, `${name}: the command line ends with ${native.exit}: ${native.out}`);
    must(is(answer), `${name}: the chain was told otherwise: ${answer.text}`);
    // The answer is a member of what the command line prints; no byte of it may differ.
    must(native.out.startsWith(`{"answer":${answer.text},`), `${name}: not the same bytes:\n${native.out}${answer.text}`);
    const { level, agreed, asked } = answer.trust;
    const trust = `${level} ${agreed}/${asked}`;
    row(name, show(answer), String(answer.block.number), trust, native.ms.toFixed(0), ms.toFixed(0), 'yes');
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
  console.log(`\n${bold(`${'forgery'.padEnd(28)}${'exit'.padEnd(6)}${'status'.padEnd(11)}reason, by both`)}`);
  for (const { name, ask, forge } of forgeriesOf(chain)) {
    const forger = await startForger(honest.ask, { eth_getProof: forge });
    try {
      const native = await askCli(forger.url, chain.block, ask);
      const refused = await askModule(openledger, forger.url, chain.block, ask).then(
        ({ answer }) => { throw new Error(`${name}: the module believes it: ${answer.text}`); }, (error) => error);
      must(native.exit === 1, `${name}: the command line ends with ${native.exit}, not 1: ${native.out}`);
      const { error } = JSON.parse(native.out);
      must(refused.name === 'OpenLedgerError', String(refused.stack));
      must(error.status === refused.status && error.text === refused.message,
        `${name}: refused for different reasons: ${error.status}: ${error.text}; ${refused.status}: ${refused.message}`);
      console.log(`${name.padEnd(28)}${red(String(native.exit).padEnd(6))}${error.status.padEnd(11)}${error.text}`);
    } finally {
      await forger.stop();
    }
  }
}

/** @param {OpenLedger} openledger */
async function showRollup(openledger) {
  const rollup = await startRollup();
  try {
    await climb(openledger, rollup);
    await serveWallet(rollup);
    const file = await makeBundle(rollup);
    const wei = await rollup.balanceAt(rollup.blocks.finalized);
    await rollup.stop();
    await verifyOffline(openledger, rollup, file, wei);
  } finally {
    await rollup.stop();
    rollup.clear();
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
    await showRollup(openledger);
    console.log();
    say('making a receipt for an answer: whom it quotes, and what each gets');
    await showReceipt('build/demo-receipt.html');
  } finally {
    await chain.close();
  }
  console.log(`\n${green('demo: every answer is what the chains were told, and every forgery was refused')}`);
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
