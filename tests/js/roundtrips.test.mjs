// SPDX-License-Identifier: MIT
// How many round trips an answer takes, from nothing but a checkpoint on: each transport's answers come in waves, so that
// what depends on an answer is in a later one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { inWaves } from './proxy.mjs';
import { http, openledger as ol } from './support.mjs';

/** @typedef {import('openledger').Transport} Transport */

/** What a request asks, in a line. @param {import('openledger').Want} want */
function lineOf({ source, endpoint, path, body }) {
  const asked = body ? [JSON.parse(body)].flat().map(({ method, params }) => `${method} ${JSON.stringify(params)}`).join(', ') : path;
  return `${source} ${endpoint}: ${asked.slice(0, 120)}`;
}

/** L1 whose node knows which block is final; anvil calls the 64th before the newest so. @param {string} url @param {string} number @returns {Transport} */
const knowing = (url, number) => (want, signal) => http({ url })({ ...want, body: want.body.replace('"finalized"', `"${number}"`) }, signal);

/** Transports to servers whose answers come in waves, and what each wave asked for. @param {Record<string, Transport[]>} next */
function waved(next) {
  /** @type {string[][]} */
  const waves = [];
  const kinds = Object.entries(next);
  const { count, transports } = inWaves(kinds.flatMap(([, list]) => list));
  /** @param {Transport} next @returns {Transport} */
  const noted = (next) => (want, signal) => {
    const answer = next(want, signal); // which is in its wave by now
    (waves[count.waves - 1] ??= []).push(lineOf(want));
    return answer;
  };
  const servers = Object.fromEntries(kinds.map(([kind, list]) => [kind, list.map(() => noted(/** @type {Transport} */ (transports.shift())))]));
  return { waves, servers };
}

/** @param {string[][]} waves @param {number} wanted @param {string} what */
function assertWaves(waves, wanted, what) {
  const asked = waves.map((wave, i) => `  wave ${i + 1}:\n${wave.map((line) => `    ${line}`).join('\n')}`).join('\n');
  assert.ok(waves.length > 0 && waves.length <= wanted, `${what} took ${waves.length} round trips, not ${wanted}:\n${asked}`);
}

/**
 * A provider that knows nothing but a checkpoint, asked for a balance twice.
 * @param {any} devnet @param {{ trust: 'proposed' | 'finalized', checkpoint: string, l1: Transport, copies?: number }} options
 */
async function coldAndWarm({ urls, profile, keys }, { trust, checkpoint, l1, copies = 1 }) {
  const all = (/** @type {Transport} */ one) => Array(copies).fill(one);
  const { waves, servers } = waved({ beacon: all(http({ url: urls.beacon })), l1: all(l1), l2: all(http({ url: urls.l2 })) });
  const sync = ol.sync({ beacon: servers.beacon, l1: servers.l1, checkpoint, network: profile });
  /** @type {import('openledger').Blame[]} */
  const blames = [];
  const provider = ol.provider({
    endpoints: servers.l2, l1: servers.l1, sync, rollup: profile, trust, onBlame: (blame) => void blames.push(blame),
  });
  const balanceOf = (/** @type {string} */ address) => provider.verified({ method: 'eth_getBalance', params: [address, 'latest'] });
  try {
    const cold = await balanceOf(keys.owner.address);
    const before = waves.length;
    const warm = await balanceOf(keys.guardian.address);
    assert.deepEqual(blames, []);
    return { answers: [cold, warm], cold: waves.slice(0, before), warm: waves.slice(before) };
  } finally {
    provider.close();
    sync.close();
  }
}

/** @param {any} devnet @param {any[]} answers @param {'proposed' | 'finalized'} trust @param {{ l2Block: number }} made */
async function assertBalances({ keys, l2 }, answers, trust, { l2Block }) {
  for (const [i, { address }] of [keys.owner, keys.guardian].entries()) {
    const { value, block, trust: level } = answers[i];
    assert.deepEqual([level, BigInt(block.number)], [trust, BigInt(l2Block)]);
    assert.equal(value, await l2.ask('eth_getBalance', address, `0x${l2Block.toString(16)}`));
  }
}

for (const variant of ['games-0.17.3', 'games-supersim', 'oracle-0.17.3']) {
  test(`${variant}: a cold balance at proposed takes four round trips, and a warm one one`, async (t) => {
    const devnet = await startDevnet({ variant });
    t.after(() => devnet.close());
    const final = await devnet.make(devnet.kind === 'games' ? 'defender-won' : 'final');
    await devnet.approach(3 * 3600);
    const newest = await devnet.propose();
    await devnet.present();
    const checkpoint = await devnet.checkpoint();
    const { number } = await devnet.finalizedL1();
    const l1 = knowing(devnet.urls.l1, number);
    for (const [trust, made] of /** @type {const} */ ([['proposed', newest], ['finalized', final]])) {
      for (const copies of [1, 2]) {
        const what = `${trust}, with ${copies} of each server`;
        const { answers, cold, warm } = await coldAndWarm(devnet, { trust, checkpoint, l1, copies });
        assertWaves(cold, 4, `a cold balance at ${what}`);
        assertWaves(warm, 1, `a warm balance at ${what}`);
        await assertBalances(devnet, answers, trust, made);
      }
    }
    // Where a node calls another block final, at which there is nothing yet, it is asked again, and not blamed.
    const { answers, cold } = await coldAndWarm(devnet, { trust: 'finalized', checkpoint, l1: http({ url: devnet.urls.l1 }) });
    assertWaves(cold, 5, 'a cold balance at finalized, by a node that is behind');
    await assertBalances(devnet, answers, 'finalized', final);
  });
}
