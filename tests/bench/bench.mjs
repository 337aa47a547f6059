#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Measures the native build, the module and others at the same work, and writes build/bench.json. What they compute
// is compared first. measure.mjs says how, each other file what.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noAnvil } from '../devnet/rollup/anvil.mjs';
import { balanceWarm } from './balance.mjs';
import { beacon } from './beacon.mjs';
import { build, openBench, startNative } from './doors.mjs';
import { envelopeCheck } from './envelope.mjs';
import { balanceFinalized } from './finalized.mjs';
import { headAndAccount } from './head.mjs';
import { influence } from './influence.mjs';
import { keccak } from './keccak.mjs';
import { keys } from './keys.mjs';
import { ROUNDS, measure, must, print } from './measure.mjs';
import { accountProof } from './proof.mjs';
import { noEvidence, receipt } from './receipt.mjs';
import { receipts } from './receipts.mjs';
import { vectors } from './recordings.mjs';
import { signing } from './sign.mjs';
import { updates } from './updates.mjs';

/** @typedef {{ native: import('./doors.mjs').Worker, bench: import('./doors.mjs').Worker }} Doors */
/** Rows that take turns with each other, and what work reads for them. @typedef {{ inputs: import('./doors.mjs').Inputs, rows: (doors: Doors) => Promise<import('./measure.mjs').Row[]>, close?: () => Promise<void> }} Group */

/** @returns {Promise<Group[]>} */
async function recordedGroups() {
  // Balances before others that use the same peers, whose memory only grows.
  if (existsSync(vectors)) return [accountProof(), receipts(), await balanceWarm(), beacon(), headAndAccount()];
  must(process.env.CI !== 'true', `${vectors} is missing`);
  console.log(`bench: what was recorded is skipped, as ${vectors} is missing`);
  return [];
}

/** @returns {Promise<Group[]>} */
async function rollupGroups() {
  if (!noAnvil) return [await balanceFinalized()];
  console.log(`bench: the balance of a rollup is skipped: ${noAnvil}`);
  return [];
}

/** @returns {Group[]} */
function evidenceGroups() {
  const reason = noEvidence();
  if (!reason) return [receipt()];
  console.log(`bench: the evidence of receipts is skipped: ${reason}`);
  return [];
}

async function main() {
  /** @type {Group[]} */
  const groups = [keccak, influence, keys, await signing(), await updates(), await envelopeCheck(), ...evidenceGroups(), ...await recordedGroups(), ...await rollupGroups()];
  /** @type {import('./doors.mjs').Inputs} */
  const inputs = Object.assign({}, ...groups.map((group) => group.inputs));
  const native = await startNative(inputs);
  const doors = { native, bench: await openBench(inputs) };
  /** @type {Map<string, import('./measure.mjs').Figures>} */
  const all = new Map();
  const of = (/** @type {string} */ id) => /** @type {import('./measure.mjs').Figures} */ (all.get(id));
  for (const { rows: rowsOf, close } of groups) {
    const rows = await rowsOf(doors);
    for (const figures of await measure(rows)) all.set(figures.id, figures);
    for (const row of rows) {
      of(row.id).ratios = row.ratios?.(of(row.id), of) ?? {};
      print(row, of(row.id), of);
    }
    await close?.();
  }
  await native.close();
  writeFileSync(join(build, 'bench.json'), `${JSON.stringify([...all.values()], null, 1)}\n`);
  console.log(`\nbench: medians of ${ROUNDS} rounds in turn, in build/bench.json`);
}

main().catch((error) => {
  console.error(`bench: ${error.message}`);
  process.exit(1); // the native program, which waits for work, ends with its input
});
