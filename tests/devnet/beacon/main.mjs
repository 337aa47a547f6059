#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// A beacon node for tests; without --l1 it also answers JSON-RPC about its made-up execution blocks (POST /).
// Prints one line, "PORT CHECKPOINT_ROOT", and ends with its standard input or on a signal.
// usage: main.mjs [--port N] [--l1 URL [--chain-id N]] [--preset mainnet|minimal] [--fork NAME=EPOCH]...
//                 [--last-final EPOCH] [--seed TEXT] [--genesis-time SECONDS | --age PERIODS]
//                 [--checkpoint-age PERIODS]
//                 [--lie NAME [--only ENDPOINT]... [--period N] [--delay MS] [--lives N]]
//                 [--lie-committee NAME --committee-period N] [--network FILE]
//        main.mjs --lies              lists the lies
//        main.mjs --fixtures FOLDER [--periods N] [--fork NAME=EPOCH]... [--preset NAME]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Chain } from './chain.mjs';
import { LiveExecution } from './execution.mjs';
import { writeFixtures } from './fixtures.mjs';
import { LIES, committeeLie } from './lies.mjs';
import { TRANSPORT_LIES, startServer } from './server.mjs';
import { PRESETS } from './types.mjs';
import { hex } from './random.mjs';

const text = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({
  options: {
    port: text, l1: text, 'chain-id': text, preset: { ...text, default: 'mainnet' }, fork: { ...text, multiple: true },
    seed: { ...text, default: 'openledger' }, 'genesis-time': text, age: text, 'checkpoint-age': text, 'last-final': text,
    lie: text, only: { ...text, multiple: true }, period: text, delay: text, lives: text,
    'lie-committee': text, 'committee-period': text, network: text, lies: { type: 'boolean' }, fixtures: text, periods: text,
  },
});

/** @param {string | undefined} value */
function numberIn(value) {
  if (value === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(value)) throw new Error(`not a number: ${value}`);
  return Number(value);
}

/** @param {string[]} [pairs] */
function forksOf(pairs) {
  return pairs && Object.fromEntries(pairs.map((pair) => [pair.split('=')[0], numberIn(pair.split('=')[1]) ?? 0]));
}

function listLies() {
  for (const [name, { about, at, expect }] of Object.entries(LIES)) {
    console.log(`${name.padEnd(34)} ${expect.padEnd(8)} ${at.join(',') || 'committee'}: ${about}`);
  }
  for (const [name, about] of Object.entries(TRANSPORT_LIES)) console.log(`${name.padEnd(34)} ${'-'.padEnd(8)} transport: ${about}`);
}

async function serve() {
  const preset = /** @type {import('./types.mjs').PresetName} */ (values.preset);
  if (!(preset in PRESETS)) throw new Error(`no such preset: ${preset}`);
  const { slotsPerEpoch, epochsPerPeriod, secondsPerSlot } = PRESETS[preset];
  const periodSeconds = slotsPerEpoch * epochsPerPeriod * secondsPerSlot;
  const age = numberIn(values.age) ?? 3.5;
  const genesisTime = numberIn(values['genesis-time']) ?? Math.floor(Date.now() / 1000 - age * periodSeconds);
  const lied = values['lie-committee'];
  const lastFinal = numberIn(values['last-final']) ?? Infinity;
  const finality = (/** @type {number} */ slot) => Math.min(Math.floor(slot / slotsPerEpoch) - 2, lastFinal) * slotsPerEpoch;
  const chain = new Chain({
    preset,
    seed: values.seed,
    genesisTime,
    finality,
    forks: forksOf(values.fork),
    execution: values.l1 ? new LiveExecution({ url: values.l1, chainId: numberIn(values['chain-id']) }) : undefined,
    changeCommittee: lied ? committeeLie(lied, numberIn(values['committee-period']) ?? 1) : undefined,
  });
  const back = Math.round((numberIn(values['checkpoint-age']) ?? 0) * slotsPerEpoch * epochsPerPeriod);
  const checkpointSlot = chain.finalizedSlotAt(chain.slotNow() - back);
  if (checkpointSlot <= 0) throw new Error('the chain is too young for that checkpoint');
  const root = hex(await chain.root(checkpointSlot));
  const { lie, only } = values;
  const [period, delay, lives, port] = [values.period, values.delay, values.lives, values.port].map(numberIn);
  const server = await startServer({ chain, lie, only, period, delay, lives, port });
  if (values.network) writeFileSync(values.network, JSON.stringify({ genesis: chain.genesis(), spec: chain.spec() }, null, 2));
  console.log(`${server.port} ${root}`);
  const end = () => void server.close().then(() => process.exit(0));
  process.stdin.on('end', end).on('error', () => {}).resume();
  process.on('SIGTERM', end).on('SIGINT', end);
}

try {
  if (values.lies) listLies();
  else if (values.fixtures) {
    const preset = /** @type {import('./types.mjs').PresetName} */ (values.preset);
    const network = await writeFixtures(values.fixtures, { periods: numberIn(values.periods), forks: forksOf(values.fork), preset });
    console.log(network.checkpoint);
  } else await serve();
} catch (error) {
  console.error(`beacon: ${/** @type {Error} */ (error).message}`);
  process.exit(1);
}
