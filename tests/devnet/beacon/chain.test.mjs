// SPDX-License-Identifier: MIT
// What the simulator says when it is honest is believed by another project's light client (from Altair to Fulu) and
// by the specification's pseudocode (all forks), over periods and across forks.
import assert from 'node:assert/strict';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { computeForkDigest } from '@lodestar/config';
import { Chain, toBytes, toJson } from './chain.mjs';
import { lodestar, lodestarConfig } from './lodestar.mjs';
import { Reference } from './reference.mjs';
import { Schedule } from './schedule.mjs';
import { FORKS, typesOf } from './types.mjs';
import { unhex } from './random.mjs';

const vectors = process.env.OL_VECTORS ?? join(import.meta.dirname, '../../../../shared/vectors');
const clockAt = (/** @type {number} */ slot, seconds = 12) => () => 1_600_000_000 + slot * seconds;

/** @param {import('./chain.mjs').Answer} answer */
const received = ({ type, data }) => type.deserialize(type.serialize(data));

test('the indices are those of the specification', () => {
  const expected = {
    altair: [105, 54, 55], bellatrix: [105, 54, 55], capella: [105, 54, 55, 25, 412], deneb: [105, 54, 55, 25, 812],
    electra: [169, 86, 87, 25, 812], fulu: [169, 86, 87, 25, 812], gloas: [735, 2945, 2946, undefined, 2856],
  };
  for (const preset of /** @type {const} */ (['mainnet', 'minimal'])) {
    for (const fork of FORKS.slice(1)) {
      const { finality, current, next, execution, blockHash } = typesOf(preset, fork).gindex;
      const numbers = [finality, current, next, execution, blockHash].map((index) => index && Number(index));
      assert.deepEqual(numbers.slice(0, expected[fork].length), expected[fork], fork);
    }
  }
});

test('fork digests are those that another project computes', () => {
  const blobSchedule = [{ epoch: 700, maxBlobs: 15 }, { epoch: 650, maxBlobs: 12 }];
  const { schedule, genesisValidatorsRoot } = new Chain({ forks: { altair: 0, electra: 500, fulu: 600, gloas: 800 }, blobSchedule });
  const config = lodestarConfig({ schedule, genesisValidatorsRoot });
  for (const epoch of [0, 499, 500, 600, 649, 650, 699, 700, 800, 900]) {
    assert.deepEqual(schedule.forkDigest(epoch * 32 + 7), computeForkDigest(config, genesisValidatorsRoot, epoch));
  }
});

for (const fork of FORKS.slice(1)) {
  test(`${fork}: bootstrap, three periods, finality and optimistic updates`, async () => {
    const now = 5 * 8192 + 4000;
    const chain = new Chain({ forks: { [fork]: 0 }, clock: clockAt(now) });
    const start = 2 * 8192 + 64;
    const client = fork === 'gloas' ? undefined : await lodestar(chain, start);
    const reference = new Reference(chain);
    reference.start(await chain.root(start), await chain.bootstrap(start));
    for (const period of [2, 3, 4]) {
      const update = await chain.update(period);
      assert.equal(update.version, fork);
      client?.onUpdate(now, received(update));
      assert.equal(reference.process(update, now), 'applied');
    }
    const finality = await chain.finalityUpdate(now);
    const optimistic = await chain.optimisticUpdate(now);
    client?.onFinalityUpdate(now, received(finality));
    client?.onOptimisticUpdate(now, received(optimistic));
    assert.equal(reference.process(finality, now), 'applied');
    reference.process(optimistic, now);
    const { store } = client ?? reference;
    const finalized = client ? store.finalizedHeader.beacon.slot : store.finalized.slot;
    assert.equal(finalized, chain.finalizedSlotAt(now - 1));
    assert.equal(reference.store.finalized.slot, finalized);
    assert.equal(reference.store.optimistic.slot, now - 1);
    for (const answer of [finality, optimistic, await chain.update(4), await chain.bootstrap(start)]) {
      const { data } = JSON.parse(JSON.stringify(toJson(answer)));
      assert.ok(answer.type.equals(answer.type.fromJson(data), answer.data), 'as JSON');
    }
  });
}

/** Forks in the middle of their periods. @param {number} slotsPerPeriod @param {number} slotsPerEpoch */
function oneForkAPeriod(slotsPerPeriod, slotsPerEpoch) {
  const names = FORKS.slice(2);
  const epochs = names.map((_, i) => ((i + 1) * slotsPerPeriod + slotsPerPeriod / 2) / slotsPerEpoch);
  return { altair: 0, ...Object.fromEntries(names.map((name, i) => [name, epochs[i]])) };
}

/** The slots around a fork: signed in its first slot, attested in it, finality from before and from after. */
const around = (epoch, perEpoch) => [-1, 0, 2, perEpoch + 3, 2 * perEpoch + 3, 3 * perEpoch + 3].map((more) => epoch * perEpoch + more);

test('across all forks, mainnet preset; finalized headers of the fork before', async () => {
  const forks = oneForkAPeriod(8192, 32);
  const now = 8 * 8192;
  const chain = new Chain({ forks, clock: clockAt(now) });
  const start = 8192 - 64;
  const client = await lodestar(chain, start);
  const reference = new Reference(chain);
  reference.start(await chain.root(start), await chain.bootstrap(start));
  const first = await chain.update(0, { attestedSlot: start + 33 });
  client.onUpdate(now, received(first));
  assert.equal(reference.process(first, now), 'applied');
  let mixed = 0;
  for (const [i, fork] of FORKS.slice(2).entries()) {
    const answers = [await chain.update(i + 1, { attestedSlot: (i + 1) * 8192 + 100 })];
    for (const slot of around(forks[fork], 32)) answers.push(await chain.finalityUpdate(slot));
    for (const answer of answers) {
      const { attestedHeader, finalizedHeader } = answer.data;
      const isMixed = chain.schedule.forkAt(finalizedHeader.beacon.slot) !== chain.schedule.forkAt(attestedHeader.beacon.slot);
      mixed += Number(isMixed);
      assert.equal(answer.version, chain.schedule.forkAt(attestedHeader.beacon.slot));
      if (answer.version !== 'gloas') {
        if (answer.kind === 'update') client.onUpdate(now, received(answer));
        else client.onFinalityUpdate(now, received(answer));
      }
      reference.process(answer, now);
    }
    assert.equal(reference.store.finalized.slot, (forks[fork] + 1) * 32, fork);
  }
  assert.ok(mixed >= 2 * FORKS.slice(2).length);
});

test('across all forks, minimal preset', async () => {
  const forks = oneForkAPeriod(64, 8);
  const now = 8 * 64;
  const chain = new Chain({ preset: 'minimal', forks, clock: clockAt(now, 6) });
  const reference = new Reference(chain);
  reference.start(await chain.root(24), await chain.bootstrap(24));
  reference.process(await chain.update(0), now);
  for (const [i, fork] of FORKS.slice(2).entries()) {
    const update = await chain.update(i + 1);
    assert.equal(reference.process(update, now), 'applied');
    for (const slot of around(forks[fork], 8)) {
      const finality = await chain.finalityUpdate(slot);
      if (slot - 1 > reference.store.finalized.slot) reference.process(finality, now);
    }
  }
  assert.equal(chain.schedule.forkAt(reference.store.finalized.slot), 'gloas');
});

test('signed by the next committee in the first slots of a period', async () => {
  const chain = new Chain({ clock: clockAt(4 * 8192) });
  const client = await lodestar(chain, 2 * 8192 + 64);
  const reference = new Reference(chain);
  reference.start(await chain.root(2 * 8192 + 64), await chain.bootstrap(2 * 8192 + 64));
  const update = await chain.update(2);
  reference.process(update, 4 * 8192);
  client.onUpdate(4 * 8192, received(update));
  const finality = await chain.finalityUpdate(3 * 8192);
  assert.equal(finality.data.attestedHeader.beacon.slot, 3 * 8192 - 1);
  reference.process(finality, 4 * 8192);
  client.onFinalityUpdate(4 * 8192, received(finality));
  assert.equal(client.store.optimisticHeader.beacon.slot, 3 * 8192 - 1);
});

test('the same seed makes the same chain, another one another', async () => {
  const make = (/** @type {string} */ seed) => new Chain({ seed, preset: 'minimal', clock: clockAt(1000, 6) });
  const [one, same, other] = await Promise.all(['a', 'a', 'b'].map(async (seed) => Buffer.from(toBytes(await make(seed).update(3)))));
  assert.ok(one.equals(same));
  assert.ok(!one.equals(other));
  const chain = make('a');
  assert.notDeepEqual(chain.committee(3).value.aggregatePubkey, chain.committee(4).value.aggregatePubkey);
});

test('before anything is final: a zero checkpoint root, proven', async () => {
  const chain = new Chain({ preset: 'minimal', clock: clockAt(14, 6) });
  const reference = new Reference(chain);
  reference.start(await chain.root(8), await chain.bootstrap(8));
  const finality = await chain.finalityUpdate(14);
  assert.equal(finality.data.finalizedHeader.beacon.slot, 0);
  assert.equal(reference.process(finality, 14), 'nothing new');
  assert.equal(reference.store.optimistic.slot, 13);
});

test('the specification in reference.mjs believes what mainnet says', { skip: !existsSync(vectors) && `no ${vectors}` }, async () => {
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(vectors, 'beacon/mainnet-fulu', name), 'utf8'));
  const root = unhex('0x9bcb90ec3a294591b77dd2a58e973578715cdc0e6eeeb286bc06dd120057f18b');
  const genesisValidatorsRoot = unhex('0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95');
  const forks = { altair: 74240, bellatrix: 144896, capella: 194048, deneb: 269568, electra: 364032, fulu: 411392 };
  const schedule = new Schedule({ preset: 'mainnet', forks, genesisValidatorsRoot });
  const reference = new Reference({ preset: 'mainnet', schedule, genesisValidatorsRoot });
  const types = typesOf('mainnet', 'fulu');
  const answer = (type, { data, version }) => ({ kind: 'update', slot: 0, version, type, data: type.fromJson(data) });
  reference.start(root, answer(types.Bootstrap, read('lc_bootstrap.json')));
  assert.equal(reference.process(answer(types.Update, read('lc_updates.json')[0]), 2 ** 30), 'applied');
  assert.equal(reference.process(answer(types.FinalityUpdate, read('lc_finality.json')), 2 ** 30), 'applied');
});

test('a chain that stopped to finalize', async () => {
  const now = 6 * 64 + 40;
  const stuck = 4 * 64 + 24;
  const finality = (/** @type {number} */ slot) => Math.min(Math.floor(slot / 8) * 8 - 16, stuck);
  const chain = new Chain({ preset: 'minimal', finality, clock: clockAt(now, 6) });
  const reference = new Reference(chain);
  reference.start(await chain.root(4 * 64 + 8), await chain.bootstrap(4 * 64 + 8));
  assert.equal(reference.process(await chain.update(4), now), 'applied');
  const update = await chain.update(5);
  assert.equal(update.data.finalizedHeader.beacon.slot, stuck);
  reference.process(update, now);
  assert.equal(reference.store.finalized.slot <= stuck, true);
  assert.equal(reference.store.optimistic.slot, update.slot);
  assert.throws(() => reference.validate({ ...update, data: { ...update.data, signatureSlot: 6 * 64 } }, now), /not known/);
});
