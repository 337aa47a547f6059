// SPDX-License-Identifier: MIT
// A balance by each level of trust, from a checkpoint of Ethereum on; the best of them once more out of a file, when all
// servers are gone.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack, unpack } from '../../tests/bundle.mjs';
import { head, must, red, row, runCli } from './show.mjs';

/** @typedef {import('./show.mjs').OpenLedger} OpenLedger */
/** @typedef {Awaited<ReturnType<typeof import('./rollup.mjs').startRollup>>} Rollup */
/** @typedef {'quorum' | 'unsafe' | 'proposed' | 'finalized'} Level */

const LEVELS = /** @type {const} */ (['quorum', 'unsafe', 'proposed', 'finalized']);
const kB = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** Where the rollup is found on Ethereum. @param {Rollup} rollup */
const anchorOf = ({ profileFile, checkpoint }) => ['--rollup', profileFile, '--checkpoint', checkpoint];

/** Each time from the checkpoint on. @param {Rollup} rollup @param {Level} level */
function askCliBy(rollup, level) {
  const { urls, owner, envelopeVersion } = rollup;
  const options = ['account', owner, '--rpc', urls.l2, '--json'];
  if (level !== 'quorum') options.push('--trust', level, ...anchorOf(rollup), '--beacon', urls.beacon, '--l1', urls.l1);
  if (level === 'unsafe') options.push('--sequencer', urls.sequencer, '--version', String(envelopeVersion));
  return runCli(...options);
}

/**
 * @typedef {import('../../build/js/index.mjs').Transport | string} Server
 * @param {OpenLedger} openledger @param {Rollup} rollup @param {Level} trust
 * @param {{ l2: Server, l1: Server, beacon: Server, sequencer?: Server }} servers
 */
async function askModuleBy(openledger, { profile, checkpoint, owner, envelopeVersion }, trust, { l2, l1, beacon, sequencer }) {
  const start = performance.now();
  const endpoints = { endpoints: [l2], l1: [l1] };
  if (trust === 'quorum') {
    const answer = await openledger.client(endpoints).account({ address: owner });
    return { answer, ms: performance.now() - start };
  }
  const sequencers = sequencer ? { sequencers: [sequencer], envelopeVersion } : {};
  const sync = openledger.sync({ beacon: [beacon], l1: [l1], checkpoint, network: profile });
  try {
    await sync.run();
    const answer = await openledger.client({ ...endpoints, ...sequencers, sync, rollup: profile }).account({ address: owner, trust });
    return { answer, ms: performance.now() - start };
  } finally {
    sync.close();
  }
}

/** @param {OpenLedger} openledger @param {Rollup} rollup */
export async function climb(openledger, rollup) {
  head('trust', 'proven balance of the owner', 'block', 'received', 'CLI ms', 'WASM ms', 'same answer');
  for (const level of LEVELS) {
    const { answer, ms } = await askModuleBy(openledger, rollup, level, rollup.urls);
    const native = await askCliBy(rollup, level);
    must(native.exit === 0, `${level}: the command line ends with ${native.exit}: ${native.out}`);
    const { answer: other, bytesReceived } = JSON.parse(native.out);
    const block = rollup.blocks[level];
    const wei = await rollup.balanceAt(block);
    must(answer.trust.level === level && other.trust.level === level, `${level}: answered by ${answer.trust.level}, ${other.trust.level}`);
    must(Number(answer.block.number) === block && Number(other.block.number) === block, `${level}: not at block ${block}: ${native.out}`);
    must(answer.balance === wei && BigInt(other.balance) === wei, `${level}: the chain was told otherwise: ${native.out}`);
    row(level, `${openledger.amountText(answer.balance)} OPEN`, String(block), kB(bytesReceived), native.ms.toFixed(0), ms.toFixed(0), 'yes');
  }
}

/** All that proves the balance at `finalized`, in a file. @param {Rollup} rollup @returns {Promise<string>} where it is */
export async function makeBundle(rollup) {
  const { urls, owner, folder } = rollup;
  const file = join(folder, 'owner.bundle');
  const servers = ['--rpc', urls.l2, '--beacon', urls.beacon, '--l1', urls.l1];
  const made = await runCli('bundle', 'make', owner, '--out', file, ...anchorOf(rollup), ...servers, '--json');
  must(made.exit === 0, `bundle make ends with ${made.exit}: ${made.out}`);
  return file;
}

/** What was proven of the owner, with one digit of it changed and the checksum made right. @param {Uint8Array} bytes @param {string} owner */
function altered(bytes, owner) {
  const parts = unpack(bytes);
  const at = parts.entries.findIndex(({ answer }) => answer.includes('"accountProof"') && answer.includes(owner.toLowerCase()));
  must(at >= 0, 'the bundle has no proof of the owner');
  const answer = Buffer.from(parts.entries[at].answer);
  const digit = answer.indexOf('"balance":"0x') + '"balance":"0x'.length;
  answer[digit] = answer[digit] === 0x39 ? 0x38 : 0x39; // 9, or 8
  return pack({ ...parts, entries: parts.entries.with(at, { ...parts.entries[at], answer }) });
}

/** With all servers gone. @param {OpenLedger} openledger @param {Rollup} rollup @param {string} file @param {bigint} wei */
export async function verifyOffline(openledger, rollup, file, wei) {
  const bytes = readFileSync(file);
  const verify = (/** @type {string} */ path) => runCli('verify', 'bundle', path, rollup.owner, ...anchorOf(rollup), '--json');
  head('servers are gone', 'balance out of a bundle', 'block', 'read', 'CLI ms', 'WASM ms', 'same answer');
  const native = await verify(file);
  must(native.exit === 0, `verify bundle ends with ${native.exit}: ${native.out}`);
  const bundle = openledger.bundle(bytes);
  try {
    const [l2, l1, beacon] = /** @type {const} */ (['l2', 'l1', 'beacon']).map((source) => bundle.transport(source));
    const { answer, ms } = await askModuleBy(openledger, rollup, 'finalized', { l2, l1, beacon });
    const { answer: other } = JSON.parse(native.out);
    must(answer.balance === wei && BigInt(other.balance) === wei, `the bundle proves something else: ${native.out}`);
    must(answer.block.hash === other.block.hash && other.trust.level === 'finalized', `not the same block: ${native.out}`);
    const facts = [`${openledger.amountText(answer.balance)} OPEN`, String(answer.block.number), kB(bytes.length)];
    row(other.trust.level, ...facts, native.ms.toFixed(0), ms.toFixed(0), 'yes');
  } finally {
    bundle.close();
  }
  const forged = join(rollup.folder, 'forged.bundle');
  writeFileSync(forged, altered(bytes, rollup.owner));
  const refused = await verify(forged);
  must(refused.exit === 1, `a forged bundle ends with ${refused.exit}: ${refused.out}`);
  console.log(`${'... forged'.padEnd(24)}${red('refused: ')}${JSON.parse(refused.out).error.text}`);
}
