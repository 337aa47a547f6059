// SPDX-License-Identifier: MIT
// A withdrawal by openledger_getWithdrawal, from the transaction that made it to its end, on the contracts of each
// release: what is called provable and ready is taken by the portal in the very next block, and what is not is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { decodeEventLog, encodeFunctionData, getAddress, parseAbi, toHex } from 'viem';
import { quantity } from '../devnet/rollup/anvil.mjs';
import { VARIANTS, startDevnet } from '../devnet/rollup/devnet.mjs';
import { TERMS } from '../devnet/rollup/system.mjs';
import { lying, saying, where } from './proxy.mjs';
import { http, openledger as ol } from './support.mjs';

/** @typedef {import('openledger').Blame} Blame */
/** @typedef {`0x${string}`} Hex */

const VALUE = 1000n;
const ATTESTED = 24; // seconds, two slots of the beacon chain
const PORTAL = parseAbi([
  'function depositTransaction(address, uint256, uint64, bool, bytes) payable',
  'event WithdrawalFinalized(bytes32 indexed withdrawalHash, bool success)',
]);

/** A devnet whose portal has something to give, and a provider that follows it. @param {import('node:test').TestContext} t @param {any} variant */
async function begin(t, variant) {
  const net = /** @type {any} */ (await startDevnet({ variant }));
  t.after(() => net.close());
  const { urls, profile, keys: { stranger } } = net;
  const data = encodeFunctionData({ abi: PORTAL, functionName: 'depositTransaction', args: [stranger.address, 0n, 100_000n, false, '0x'] });
  await net.l1.send({ from: stranger.address, to: net.addresses.optimismPortal, data, value: quantity(10n * VALUE) });
  let clock = 0;
  const now = () => clock;
  const checkpoint = await net.checkpoint();
  /** @type {Blame[]} */
  const blames = [];
  const sync = ol.sync({ beacon: [urls.beacon], l1: [urls.l1], checkpoint, network: profile, now });
  t.after(() => sync.close());
  /** @param {any} [options] */
  const providerOf = (options) => {
    const provider = ol.provider({
      endpoints: [urls.l2], l1: [urls.l1], sync, rollup: profile, maxAge: Infinity, l1IntervalMs: 0, now, onBlame: (blame) => void blames.push(blame), ...options,
    });
    t.after(() => provider.close());
    return provider;
  };
  /** What a provider says, once L1's newest block has been attested. @param {any} provider @param {string} method @param {any[]} params */
  const ask = async (provider, method, ...params) => {
    await net.l1.mineAt((await net.l1.time()) + ATTESTED);
    await net.checkpoint(); // the beacon chain's clock is that of L1 now
    clock = (await net.l1.time()) * 1000;
    const newest = Number(await net.l1.ask('eth_blockNumber')) - 1;
    for (let known; known !== newest;) {
      await setImmediate();
      known = Number((await provider.request({ method: 'openledger_status' })).l1Newest?.number);
    }
    return provider.request({ method, params });
  };
  /** The same of the withdrawal of a transaction. @param {any} provider @param {any[]} params */
  const withdrawal = (provider, ...params) => ask(provider, 'openledger_getWithdrawal', ...params);
  return { net, providerOf, ask, withdrawal, blames, stranger };
}

/** @param {any} receipt */
function finalizedIn({ logs }) {
  for (const { data, topics } of logs) {
    try {
      return /** @type {any} */ (decodeEventLog({ abi: PORTAL, data, topics })).args;
    } catch {
      continue; // another one
    }
  }
  throw new Error('no WithdrawalFinalized');
}

for (const variant of VARIANTS) {
  test(`${variant}: each stage, and the calls that lead to the next`, async (t) => {
    const { net, providerOf, withdrawal, blames, stranger } = await begin(t, variant);
    const { keys: { owner }, kind } = net;
    const isGame = kind === 'games';
    const before = await net.propose();
    const { transaction, transactionHash, hash } = await net.withdraw(VALUE);
    await net.mineL2(3);
    const provider = providerOf({});

    const waiting = await withdrawal(provider, transactionHash);
    const { nonce, sender, target, value, gasLimit, data } = waiting;
    assert.deepEqual({ nonce: BigInt(nonce), sender: getAddress(sender), target: getAddress(target), value: BigInt(value), gasLimit: BigInt(gasLimit), data }, transaction);
    assert.equal(waiting.withdrawalHash, hash);
    assert.deepEqual([waiting.stage, waiting.prove, waiting.finalize], ['waiting', undefined, undefined]);

    await net.mineL2(20);
    const proposal = await net.propose();
    assert.ok(proposal.l2Block > before.l2Block);
    await net.advance(12); // newer portals take no proof in the second of its game
    const provable = await withdrawal(provider, transactionHash);
    assert.deepEqual([provable.stage, provable.provenAt, provable.finalize], ['provable', undefined, undefined]);
    assert.equal(provable.l1Block.hash, (await net.l1.block(Number(provable.l1Block.number))).hash);
    const { blockNumber } = await net.l1.send({ from: stranger.address, ...provable.prove });
    const { timestamp } = await net.l1.block(Number(blockNumber));

    const proven = await withdrawal(provider, transactionHash);
    assert.deepEqual([proven.stage, Number(proven.provenAt), proven.prove, proven.finalize], ['proven', Number(timestamp), undefined, undefined]);
    if (isGame) {
      assert.deepEqual([getAddress(proven.game), getAddress(proven.submitter)], [getAddress(proposal.address), getAddress(stranger.address)]);
      assert.equal(proven.readyAt, undefined); // the game goes on
      await net.resolve(proposal);
    } else {
      assert.equal(Number(proven.outputIndex), proposal.index);
    }
    const waits = await withdrawal(provider, transactionHash);
    assert.equal(waits.stage, 'proven');
    const readyAt = BigInt(waits.readyAt);

    // At the last second before it is ready it is not; the portal takes it later, from anybody.
    await net.l1.mineAt(Number(readyAt) - 1);
    assert.equal((await withdrawal(provider, transactionHash)).stage, 'proven');
    const ready = await withdrawal(provider, transactionHash);
    assert.deepEqual([ready.stage, BigInt(ready.readyAt), ready.prove], ['ready', readyAt, undefined]);
    const held = BigInt(await net.l1.ask('eth_getBalance', stranger.address, 'latest'));
    assert.deepEqual(finalizedIn(await net.l1.send({ from: owner.address, ...ready.finalize })), { withdrawalHash: hash, success: true });
    assert.equal(BigInt(await net.l1.ask('eth_getBalance', stranger.address, 'latest')), held + VALUE);

    const end = await withdrawal(provider, transactionHash);
    assert.deepEqual([end.stage, end.prove, end.finalize], ['finalized', undefined, undefined]);
    assert.deepEqual(blames, []);
  });
}

/** A withdrawal that was proven by a game or an output. @param {any} world */
async function proven({ net, providerOf, withdrawal, stranger }) {
  const { transactionHash } = await net.withdraw(VALUE);
  await net.mineL2(3);
  const proposal = await net.propose();
  await net.advance(12);
  const provider = providerOf({});
  const { prove } = await withdrawal(provider, transactionHash);
  await net.l1.send({ from: stranger.address, ...prove });
  return { provider, transactionHash, proposal };
}

for (const variant of ['games-0.17.3', 'games-supersim']) {
  test(`${variant}: what was proven by a game that is blacklisted is to be proven again`, async (t) => {
    const world = await begin(t, variant);
    const { net, withdrawal } = world;
    const { provider, transactionHash, proposal } = await proven(world);
    assert.equal((await withdrawal(provider, transactionHash)).stage, 'proven');
    await net.blacklist(proposal.address);
    await net.mineL2(20);
    await net.propose();
    await net.advance(12);
    const again = await withdrawal(provider, transactionHash);
    assert.equal(again.stage, 'provable');
    const { status } = await net.l1.send({ from: net.keys.owner.address, ...again.prove });
    assert.equal(status, '0x1');
    const { stage, submitter } = await withdrawal(provider, transactionHash);
    assert.deepEqual([stage, getAddress(submitter)], ['proven', getAddress(net.keys.owner.address)]);
    // of whoever is asked for
    assert.equal((await withdrawal(provider, transactionHash, '0x0', net.keys.stranger.address)).stage, 'provable');
    assert.equal((await withdrawal(provider, transactionHash, '0x0', net.keys.owner.address)).stage, 'proven');
  });
}

test('an endpoint that names another type of game is blamed', async (t) => {
  const world = await begin(t, 'games-0.17.3');
  const { net, providerOf, withdrawal, blames } = world;
  const { transactionHash } = await proven(world);
  const isType = (/** @type {any} */ { params }) => params[0].data === '0xbbdc02db';
  const liar = lying(http({ url: net.urls.l1 }), 'eth_call', where(isType, saying(() => toHex(1, { size: 32 }))));
  const provider = providerOf({ l1: [liar, net.urls.l1] });
  assert.equal((await withdrawal(provider, transactionHash)).stage, 'proven');
  assert.equal(liar.state.told, 1);
  assert.deepEqual(blames.map(({ source, endpoint, error }) => [source, endpoint, error.reason]), [['l1', 0, 'factory has no game of this output root']]);
});
