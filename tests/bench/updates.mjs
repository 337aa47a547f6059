// SPDX-License-Identifier: MIT
// Updates of consecutive periods, made by the simulator (tests/devnet/beacon): what one costs when they are processed
// one by one, and when a pairing check is for many. And how much memory a caller has at hand for a sync by eight.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ssz } from '@lodestar/types';
import { writeFixtures } from '../devnet/beacon/fixtures.mjs';
import { build, fromPackage, repository } from './doors.mjs';
import { batchOf, must } from './measure.mjs';
import { trust } from './recordings.mjs';

const PERIODS = 46;
const MEMORY_PERIODS = 8;
const MIB = 1 << 20;

/** The folder of what was recorded from the simulator: once, until it or a package that it is made with changes. */
async function fixtures() {
  const simulator = join(repository, 'tests/devnet/beacon');
  const sources = readdirSync(simulator).filter((name) => name.endsWith('.mjs')).sort().map((name) => join(simulator, name));
  const hash = createHash('sha256');
  for (const path of [...sources, join(repository, 'package-lock.json')]) hash.update(readFileSync(path));
  const folder = join(build, `bench/updates-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  rmSync(`${folder}.new`, { recursive: true, force: true });
  await writeFixtures(`${folder}.new`, { periods: PERIODS });
  renameSync(`${folder}.new`, folder);
  return folder;
}

/** The end of the first so many updates as the Beacon API frames them. @param {Buffer} framed @param {number} count */
function endOf(framed, count) {
  let at = 0;
  for (let i = 0; i < count; i++) at += 8 + Number(framed.readBigUInt64LE(at));
  return at;
}

/** @param {string} folder */
function read(folder) {
  const file = (/** @type {string} */ name) => readFileSync(join(folder, name));
  const { checkpoint, current_slot: slot, genesis, spec } = JSON.parse(file('network.json').toString());
  const now = 1000 * (Number(genesis.genesis_time) + Number(spec.SECONDS_PER_SLOT) * slot);
  const updates = file('updates.ssz');
  const json = JSON.parse(file('updates.json').toString());
  const known = { checkpoint, now, network: { ...spec, ...genesis }, insist: true };
  return {
    last: json.at(-1).data,
    all: { ...known, bootstrap: file('bootstrap.ssz'), updates },
    eight: { ...known, bootstrap: file('bootstrap.json'), updates: Buffer.from(JSON.stringify(json.slice(0, MEMORY_PERIODS))) },
    eightSsz: { ...known, bootstrap: file('bootstrap.ssz'), updates: updates.subarray(0, endOf(updates, MEMORY_PERIODS)) },
  };
}

/** @param {string} group @param {ReturnType<typeof read>['all']} answers */
const inputsOf = (group, { checkpoint, now, network, bootstrap, updates }) => ({
  [`${group}.trust`]: trust(checkpoint, now, JSON.stringify(network)),
  [`${group}.bootstrap`]: bootstrap,
  [`${group}.updates`]: updates,
});

/** By how many bytes a fresh module's memory grows for a sync by the package. @param {ReturnType<typeof read>['all']} answers */
async function growth(answers) {
  const ol = await (await fromPackage('index.mjs')).load();
  const size = () => ol.core.exports.memory.buffer.byteLength; // never less than before
  const before = size();
  must(ol.verifySync(answers).updates === MEMORY_PERIODS, 'the module verifies fewer updates');
  return size() - before;
}

/**
 * Native, what the caller brings: the texts, and the memory that ol_sync_verify_memory asks for; the stack, which is
 * small, is not in it. In WebAssembly, all by which the module's memory grows.
 * @param {import('./bench.mjs').Doors} doors @param {ReturnType<typeof read>} given
 * @returns {Promise<import('./measure.mjs').Row>}
 */
async function memoryRow({ native }, { eight, eightSsz }) {
  const [json, binary] = await Promise.all(['sync_memory', 'sync_memory_ssz'].map((name) => native.answer(name)));
  const number = (/** @type {string} */ hex) => Number(Buffer.from(hex, 'hex').readBigUInt64LE());
  const [wasm, wasmSsz] = [await growth(eight), await growth(eightSsz)];
  return {
    id: 'sync_memory',
    unit: 'bytes',
    native: () => number(json),
    wasm: () => wasm,
    also: { 'native, SSZ': () => number(binary), 'wasm, SSZ': () => wasmSsz },
    targets: [
      { text: 'native below 2 MiB', met: ({ native: own }) => own < 2 * MIB },
      { text: 'wasm below 4 MiB', met: ({ wasm: own }) => own < 4 * MIB },
    ],
  };
}

/** One update, from SSZ on. @param {import('./bench.mjs').Doors} doors @param {string} id @returns {Promise<import('./measure.mjs').Row>} */
async function updateRow({ native, bench }, id) {
  const each = (/** @type {import('./doors.mjs').Worker} */ door) =>
    batchOf(async (count) => await door.run(id, Math.ceil(count / PERIODS)) / PERIODS);
  return { id, native: await each(native), wasm: await each(bench), targets: [] };
}

export async function updates() {
  const given = read(await fixtures());
  return {
    inputs: { ...inputsOf('devnet', given.all), ...inputsOf('eight', given.eight), ...inputsOf('eight_ssz', given.eightSsz) },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows(doors) {
      const header = ssz.phase0.BeaconBlockHeader;
      const roots = ['finalized_header', 'attested_header'].map((name) => header.hashTreeRoot(header.fromJson(given.last[name].beacon)));
      const heads = Buffer.concat(roots).toString('hex');
      for (const door of [doors.native, doors.bench]) {
        for (const name of ['update_single', 'update_batched']) must(await door.answer(name) === heads, `${name} comes to other heads`);
      }
      const [single, batched] = [await updateRow(doors, 'update_single'), await updateRow(doors, 'update_batched')];
      batched.ratios = (own, of) => ({
        'native, update_single / this': of('update_single').native / own.native,
        'wasm, update_single / this': of('update_single').wasm / own.wasm,
      });
      batched.targets = [
        { text: 'native at least 1.6 times as fast as update_single', met: (own, of) => of('update_single').native >= 1.6 * own.native },
      ];
      return [single, batched, await memoryRow(doors, given)];
    },
  };
}
