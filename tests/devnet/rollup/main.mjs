#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// A rollup on this machine. Prints one line of JSON with everything, and ends with its standard input or on a signal.
// usage: main.mjs [--variant NAME] [--l2-fork ecotone|isthmus] [--preset mainnet|minimal] [--situation NAME]...
//                 [--past] [--sequencer-lie NAME] [--beacon-lie NAME] [--profile FILE]
//        main.mjs --list    lists variants, situations and the sequencer's lies
// The situations are made in their order, the last of them lately; then, unless --past is said, both chains come to
// the present.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { VARIANTS, startDevnet } from './devnet.mjs';
import { SITUATIONS as GAMES } from './games.mjs';
import { SITUATIONS as PROPOSALS } from './oracle.mjs';
import { LIES } from './sequencer.mjs';

const text = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({
  options: {
    variant: text, 'l2-fork': text, preset: text, situation: { ...text, multiple: true }, past: { type: 'boolean' },
    'sequencer-lie': text, 'beacon-lie': text, profile: text, list: { type: 'boolean' },
  },
});

function list() {
  const row = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {string} */ about) =>
    console.log(`${kind.padEnd(10)} ${name.padEnd(26)} ${about}`);
  for (const name of VARIANTS) row('variant', name, '');
  for (const [name, { about }] of Object.entries(PROPOSALS)) row('oracle', name, about);
  for (const [name, { about }] of Object.entries(GAMES)) row('games', name, about);
  for (const [name, { about }] of Object.entries(LIES)) row('sequencer', name, about);
}

async function serve() {
  const preset = /** @type {import('../beacon/types.mjs').PresetName | undefined} */ (values.preset);
  const { variant, 'l2-fork': l2Fork, 'sequencer-lie': sequencerLie, 'beacon-lie': beaconLie } = values;
  const net = await startDevnet({ variant, l2Fork, preset, sequencerLie, beaconLie });
  const end = () => void net.close().then(() => process.exit(0));
  process.on('SIGTERM', end).on('SIGINT', end);
  process.stdin.on('end', end).on('error', end).resume();
  /** @type {Record<string, any>} */
  const situations = {};
  const names = values.situation ?? [];
  for (const [i, name] of names.entries()) {
    situations[name] = await (i < names.length - 1 || values.past ? net.make(name) : net.makeLately(name));
  }
  if (!values.past) await net.present();
  if (values.profile) writeFileSync(values.profile, JSON.stringify(net.profile, null, 2));
  const { urls, addresses, keys, profile } = net;
  console.log(JSON.stringify({ variant: net.variant, urls, checkpoint: await net.checkpoint(), addresses, keys, profile, situations }));
}

if (values.list) list();
else await serve();
