// SPDX-License-Identifier: MIT
// Questions to a provider in which each request fails in each way, once or from then on: the answer is right or there is
// none, and it does not take for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { noAnvil } from '../devnet/rollup/anvil.mjs';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { FAULTS as COMMON, SESSION_MS, startCounter, timeoutOf, transports } from './faults.mjs';
import { openledger as ol, sdk } from './support.mjs';
import { signer, startWorld } from './world.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */
/** @typedef {{ l2: string, l1?: string, options?: object }} Net */

/** Late answers are waited for, so fewer requests are late: every eighth. */
const LATE_STEP = 8;

const BY_HASH = ['eth_getTransactionReceipt', 'eth_getBlockByHash', 'openledger_getWithdrawal'];

/** @type {Record<string, Fault>} */
const FAULTS = {
  ...COMMON,
  'without a result': (answer) => Buffer.from(JSON.stringify([JSON.parse(Buffer.from(answer).toString())].flat().map(({ id }) => ({ jsonrpc: '2.0', id, result: 7 }))[0])),
};

/**
 * One question, of which the first endpoint of each kind spoils requests from number `first` to before `end`.
 * @param {Net} net @param {any} question @param {number} copies @param {number} first @param {number} end @param {Fault} fault
 */
async function session({ l2, l1, options }, question, copies, first, end, fault) {
  const counter = startCounter();
  const of = (/** @type {string} */ url) => transports({ url, counter, copies, first, end, fault });
  /** @type {import('openledger').Blame[]} */
  const blames = [];
  const provider = ol.provider({
    endpoints: of(l2), l1: l1 ? of(l1) : [], quorum: 1, maxAge: Infinity, maxAnswer: 1 << 18, timeoutMs: timeoutOf(fault),
    onBlame: (blame) => void blames.push(blame), ...options,
  });
  try {
    const given = await Promise.race([provider.request(question), wait(SESSION_MS, undefined, { ref: false }).then(() => assert.fail('no end'))]);
    return { given, asked: counter.asked, blames };
  } catch (error) {
    return { error, asked: counter.asked, blames };
  } finally {
    provider.close();
  }
}

/** @param {import('node:test').TestContext} t @param {Net} net @param {any[]} questions @param {number} copies */
async function sweep(t, net, questions, copies) {
  const outcomes = { right: 0, refused: 0 };
  for (const question of questions) {
    const { asked, given: right } = await session(net, question, copies, 0, 0, FAULTS.failed);
    assert.ok(right !== undefined && right !== null, `no answer without faults: ${question.method}`);
    for (const [way, fault] of Object.entries(FAULTS)) {
      for (let first = 0; first < asked; first += fault === FAULTS.late ? LATE_STEP : 1) {
        for (const end of [first + 1, Infinity]) {
          const what = `${question.method}: request ${first} of ${asked} ${way} ${end === Infinity ? 'and all after it' : 'once'}`;
          const found = await session(net, question, copies, first, end, fault);
          if (found.error) {
            assert.ok(found.error instanceof sdk.ProviderRpcError, `${what}: ${found.error}`);
            assert.equal(copies, 1, `${what}: an honest server was not enough: ${found.error}`);
            outcomes.refused++;
          } else if (copies === 1 && BY_HASH.includes(question.method) && found.given === null) {
            outcomes.refused++; // which says no more than that the server did not say where it is
          } else {
            assert.deepEqual(found.given, right, what);
            outcomes.right++;
          }
          assert.deepEqual(found.blames.filter(({ endpoint }) => endpoint !== 0), [], `${what}: an honest server was blamed`);
        }
      }
    }
  }
  t.diagnostic(`${outcomes.right} right answers, ${outcomes.refused} errors`);
  assert.ok(copies === 2 || outcomes.refused > 0, 'no fault did anything');
}

for (const [copies, besides] of /** @type {[number, string][]} */ ([[1, 'no other server'], [2, 'an honest server besides']])) {
  test(`each request of a provider fails in each way, with ${besides}`, { skip: noAnvil }, async (t) => {
    const world = await startWorld();
    t.after(() => world.close());
    await sweep(t, { l2: world.url }, [
      { method: 'eth_getBalance', params: [signer.address, 'latest'] },
      { method: 'eth_getCode', params: [world.token, '0x5'] },
      { method: 'eth_getTransactionReceipt', params: [world.block.transactions[5].hash] },
      { method: 'eth_getLogs', params: [{ address: world.token, fromBlock: '0x4', toBlock: '0x6' }] },
      { method: 'eth_getBlockByHash', params: [world.block.hash, true] },
    ], copies);
  });

  test(`each request of a provider that is anchored fails in each way, with ${besides}`, { skip: noAnvil }, async (t) => {
    const devnet = await startDevnet({ variant: 'games-0.17.3', preset: 'minimal' });
    t.after(() => devnet.close());
    const { transactionHash } = await devnet.withdraw(1000n);
    await devnet.propose();
    await devnet.present();
    const { urls: { l1, l2, beacon }, profile, keys } = devnet;
    const sync = ol.sync({ beacon: [beacon], l1: [l1], checkpoint: await devnet.checkpoint(), network: profile });
    t.after(() => sync.close());
    const options = { sync, rollup: profile, trust: 'proposed' };
    await sweep(t, { l1, l2, options }, [
      { method: 'eth_getBalance', params: [keys.owner.address, 'latest'] },
      { method: 'openledger_getWithdrawal', params: [transactionHash] },
      { method: 'openledger_getSystemConfig' },
    ], copies);
  });
}
