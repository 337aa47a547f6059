// SPDX-License-Identifier: MIT
// Recorded answers for benches and for offline tests: a bootstrap, updates of consecutive periods, and the
// finality and optimistic updates after them, as SSZ and as JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chain, toBytes, toChunk, toJson } from './chain.mjs';
import { hex } from './random.mjs';

/**
 * Writes bootstrap, updates, finality and optimistic, each as .json and .ssz; updates.ssz is framed as the Beacon API
 * frames it, and updates/PERIOD.ssz are bare. network.json tells all that a verifier needs to know beforehand.
 * @param {string} folder
 * @param {object} [options]
 * @param {number} [options.periods]
 * @param {number} [options.firstPeriod]
 * @param {import('./schedule.mjs').Forks} [options.forks]
 * @param {import('./types.mjs').PresetName} [options.preset]
 * @param {string} [options.seed]
 */
export async function writeFixtures(folder, options = {}) {
  const { periods = 46, firstPeriod = 10, forks, preset = 'mainnet', seed = 'fixtures' } = options;
  const genesisTime = 1_600_000_000;
  const scratch = new Chain({ preset, forks, seed, genesisTime });
  const { slotsPerPeriod, slotsPerEpoch } = scratch.schedule;
  const lastSlot = (firstPeriod + periods) * slotsPerPeriod - slotsPerEpoch / 2;
  const clock = () => genesisTime + lastSlot * scratch.secondsPerSlot;
  const chain = new Chain({ preset, forks, seed, genesisTime, clock });

  const checkpointSlot = firstPeriod * slotsPerPeriod + slotsPerEpoch;
  const bootstrap = await chain.bootstrap(checkpointSlot);
  const updates = [];
  for (let period = firstPeriod; period < firstPeriod + periods; period++) updates.push(await chain.update(period));
  const finality = await chain.finalityUpdate(lastSlot);
  const optimistic = await chain.optimisticUpdate(lastSlot);

  mkdirSync(join(folder, 'updates'), { recursive: true });
  const write = (name, content) => writeFileSync(join(folder, name), content);
  for (const answer of [bootstrap, finality, optimistic]) {
    write(`${answer.kind}.json`, JSON.stringify(toJson(answer)));
    write(`${answer.kind}.ssz`, toBytes(answer));
  }
  write('updates.json', JSON.stringify(updates.map(toJson)));
  write('updates.ssz', Buffer.concat(updates.map((update) => toChunk(chain, update))));
  updates.forEach((update, i) => write(`updates/${firstPeriod + i}.ssz`, toBytes(update)));
  const execution = finality.data.finalizedHeader.execution;
  const network = {
    checkpoint: hex(await chain.root(checkpointSlot)),
    checkpoint_slot: checkpointSlot,
    first_period: firstPeriod,
    current_slot: lastSlot,
    version: finality.version,
    finalized_slot: finality.data.finalizedHeader.beacon.slot,
    finalized_block_hash: hex(execution ? execution.blockHash : finality.data.finalizedHeader.executionBlockHash),
    optimistic_slot: optimistic.data.attestedHeader.beacon.slot,
    genesis: chain.genesis(),
    spec: chain.spec(),
  };
  write('network.json', `${JSON.stringify(network, null, 2)}\n`);
  return network;
}
