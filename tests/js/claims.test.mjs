// SPDX-License-Identifier: MIT
// Logs of a range that is too long to fetch all of its headers: proven one by one, and never said to be complete.
import assert from 'node:assert/strict';
import { after as afterAll, before, test } from 'node:test';
import { noAnvil, quantity } from '../devnet/rollup/anvil.mjs';
import { after, counting, lying, saying, where } from './proxy.mjs';
import { http, openledger as ol, sdk } from './support.mjs';
import { CHAIN_ID, startWorld } from './world.mjs';

/** @typedef {import('openledger').Blame} Blame */
/** @typedef {import('openledger').Transport} Transport */

const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const CHUNK = 1000;
const EMPTY_BLOCKS = 2 * CHUNK + 300;

/** @type {import('./world.mjs').World} */
let world;
/** Blocks with and without logs, far apart. */
let last = 0, time = 0;
before(async () => {
  if (noAnvil) return;
  world = await startWorld();
  await world.ask('anvil_mine', quantity(EMPTY_BLOCKS), '0x1');
  await world.put({ to: world.token, data: `0xa9059cbb${'11'.repeat(20).padStart(64, '0')}${'7'.padStart(64, '0')}` });
  await world.mine();
  const { number, timestamp } = await world.byNumber('latest');
  [last, time] = [Number(number), Number(timestamp)];
});
afterAll(() => world?.close());

/** @param {Transport[]} endpoints @param {any} filter @param {string} [method] */
async function ask(endpoints, filter, method = 'openledger_getLogs') {
  /** @type {Blame[]} */
  const blames = [];
  const onBlame = (/** @type {Blame} */ blame) => void blames.push(blame);
  const provider = ol.provider({ endpoints, quorum: 1, chainId: CHAIN_ID, maxAge: Infinity, now: () => 1000 * time, onBlame });
  try {
    return { value: await provider.request({ method, params: [filter] }), blames };
  } catch (error) {
    assert.ok(error instanceof sdk.ProviderRpcError, String(error));
    return { error: /** @type {any} */ (error), blames };
  } finally {
    provider.close();
  }
}

const filter = () => ({ address: world.token, topics: [TRANSFER], fromBlock: '0x1', toBlock: quantity(last) });
const claims = () => ({ ...filter(), toBlock: quantity(CHUNK) });
/** @param {any} request */
const isFirst = ({ params: [{ fromBlock }] }) => fromBlock === '0x1';
const truth = async () => world.ask('eth_getLogs', filter());

test('logs of a long range are those that the node has, and not said to be complete', { skip: noAnvil }, async () => {
  const node = counting(http({ url: world.url }));
  const { value, error, blames } = await ask([node], filter());
  assert.equal(error, undefined);
  assert.deepEqual(value, { complete: false, logs: await truth() });
  assert.ok(value.logs.length > 20);
  assert.equal(value.logs.at(-1).blockNumber, quantity(last));
  assert.deepEqual(blames, []);
  const ranges = node.asked.filter(({ method }) => method === 'eth_getLogs').map(({ params: [{ fromBlock, toBlock }] }) => [Number(fromBlock), Number(toBlock)]);
  assert.deepEqual(ranges, [[1, CHUNK], [CHUNK + 1, 2 * CHUNK], [2 * CHUNK + 1, last]]);
});

test('logs of at most 1,000 blocks are those of eth_getLogs, and complete', { skip: noAnvil }, async () => {
  const { value } = await ask([http({ url: world.url })], claims());
  assert.deepEqual(value, { complete: true, logs: (await ask([http({ url: world.url })], claims(), 'eth_getLogs')).value });
  assert.ok(value.logs.length > 20);
});

test('eth_getLogs of a long range is an error, as before', { skip: noAnvil }, async () => {
  const { error } = await ask([http({ url: world.url })], filter(), 'eth_getLogs');
  assert.equal(error.code, -32005);
});

test('logs that an endpoint leaves out are missing, and nothing says that all are there', { skip: noAnvil }, async () => {
  const liar = lying(http({ url: world.url }), 'eth_getLogs', where(isFirst, saying(() => [])));
  const { value, blames } = await ask([liar], filter());
  assert.deepEqual(value, { complete: false, logs: (await truth()).slice(-1) });
  assert.deepEqual(blames, []);
});

const LIES = {
  'a log in a block that has none': {
    reason: /log is not in the block that it is said to be in/,
    change: async (/** @type {any[]} */ logs, /** @type {any} */ ask) => {
      const { hash, number } = await ask('eth_getBlockByNumber', quantity(CHUNK - 1), false);
      logs.push({ ...logs[0], blockHash: hash, blockNumber: number });
    },
  },
  'a log more in a block that has some': {
    reason: /log is not in the block that it is said to be in/,
    change: (/** @type {any[]} */ logs) => void logs.push({ ...logs.at(-1), logIndex: '0xff' }),
  },
  'a block that is not in the chain': {
    reason: /block of a log is not in the chain of the one that is proven/,
    change: (/** @type {any[]} */ logs) => void logs.push({ ...logs[0], blockNumber: quantity(CHUNK - 1), blockHash: `0x${'12'.repeat(32)}` }),
  },
  'a block that was not asked for': {
    reason: /log is of a block that was not asked for/,
    change: (/** @type {any[]} */ logs) => void logs.push({ ...logs[0], blockNumber: quantity(CHUNK + 1) }),
  },
  'logs in another order': {
    reason: /logs are not in their order/,
    change: (/** @type {any[]} */ logs) => void logs.reverse(),
  },
};

for (const [name, { reason, change }] of Object.entries(LIES)) {
  test(`a lie about where logs are gets nowhere: ${name}`, { skip: noAnvil }, async () => {
    const lie = where(isFirst, saying(async (logs, _, chain) => {
      await change(logs, chain);
      return logs;
    }));
    const alone = await ask([lying(http({ url: world.url }), 'eth_getLogs', lie)], filter());
    assert.match(alone.error?.message ?? '', reason);
    assert.equal(alone.error.code, -32002);

    const liar = lying(http({ url: world.url }), 'eth_getLogs', lie);
    const { value, error, blames } = await ask([liar, after(http({ url: world.url }), liar)], filter());
    assert.equal(error, undefined);
    assert.deepEqual(value, { complete: false, logs: await truth() });
    assert.ok(blames.length > 0 && blames.every(({ endpoint }) => endpoint === 0));
    assert.match(blames[0]?.error.message ?? '', reason);
  });
}
