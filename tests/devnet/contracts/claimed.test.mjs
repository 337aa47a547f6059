// SPDX-License-Identifier: MIT
// What was claimed, paid and allowed is proven to be what the contracts' views say, before and after.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { concat, keccak256, maxUint256, parseEther, stringToHex, toHex, zeroAddress } from 'viem';
import { openledger as ol } from '../../js/support.mjs';
import { noAnvil } from '../rollup/anvil.mjs';
import { CHAIN_ID, TERMS } from './deploy.mjs';
import { splitOf } from './split.mjs';
import { startWorld } from './world.mjs';

/** @typedef {`0x${string}`} Hex */

const LATER_MS = 1000 * (1_800_000_000 + 10 * 365 * 86_400); // what a chain's own time gets to here is no matter
const BATCH = keccak256(stringToHex('a batch'));
const word = (/** @type {bigint | number} */ value) => toHex(value, { size: 32 });
const lower = (/** @type {string} */ text) => text.toLowerCase();

describe('what was claimed', { skip: noAnvil }, () => {
  /** @type {import('./world.mjs').World} */
  let world;
  /** @type {import('openledger').Provider} */
  let provider;
  before(async () => {
    world = await startWorld();
    const began = Date.now();
    const rollup = { name: 'devnet', l2: { chainId: CHAIN_ID }, l1: { chainId: 1 }, contracts: { sigDispersal: world.dispersal.address } };
    provider = ol.provider({ rollup, endpoints: [world.chain.url], quorum: 1, chainId: CHAIN_ID, maxAge: Infinity, holdMs: 0, now: () => LATER_MS + Date.now() - began });
  });
  after(async () => {
    provider?.close();
    await world?.close();
  });

  /** @param {string} method @param {(Hex | number | bigint | null)[]} keys @param {Record<string, Hex>} [contracts] @returns {Promise<any>} */
  const ask = (method, keys, contracts) =>
    provider.request({ method, params: [...keys.map((key) => (key === null || typeof key === 'string' ? key : toHex(key))), 'latest', contracts ?? null] });

  /** All that is proven of a claim is what the views say. @param {Hex} account @param {Hex} [batch] @returns {Promise<bigint>} the block */
  async function checkClaim(account, batch = BATCH) {
    const { dispersal } = world;
    const found = await ask('openledger_getClaim', [batch, account]); // the profile says where
    const [claimed, enabled, fee, active, signer, vault, token] = await Promise.all([
      dispersal.read('claimed', [batch, account]), dispersal.read('batchEnabled', [batch]), dispersal.read('batchFee', [batch]),
      dispersal.read('active'), dispersal.read('signer'), dispersal.read('vault'), dispersal.read('token')]);
    assert.deepEqual([found.claimBlock, found.fee].map(BigInt), [claimed, fee]);
    assert.deepEqual([found.enabled, found.active], [enabled, active]);
    assert.deepEqual([found.signer, found.vault, found.token, found.dispersal], [signer, vault, token, dispersal.address].map(lower));
    return claimed;
  }

  test('a reward: once for each account and batch', async () => {
    const { dispersal, deployer, alice, bob } = world;
    assert.equal(await checkClaim(alice.address), 0n);
    await dispersal.send(deployer, 'setBatchEnabled', [BATCH, true]);
    await dispersal.send(deployer, 'setBatchFee', [BATCH, 9n]);
    assert.equal(await checkClaim(alice.address), 0n);
    const granted = keccak256(concat([alice.address, word(500), BATCH, dispersal.address, word(CHAIN_ID)]));
    const signature = await deployer.account.signMessage({ message: { raw: granted } });
    const { blockNumber } = await dispersal.send(bob, 'claim', [signature, BATCH, 500n, alice.address], 9n);
    assert.equal(await checkClaim(alice.address), BigInt(blockNumber));
    assert.equal(await checkClaim(bob.address), 0n, 'of who only sent it');
    assert.equal(await checkClaim(alice.address, keccak256(BATCH)), 0n, 'of another batch');
    await dispersal.send(deployer, 'toggleActive', []);
    assert.equal(await checkClaim(alice.address), BigInt(blockNumber));
    await dispersal.send(deployer, 'toggleActive', []);
  });

  /** The same of a payout, and of rows of it. @param {bigint} payoutId @param {bigint[]} rows @returns {Promise<any>} */
  async function checkPayout(payoutId, rows) {
    const { attribution } = world;
    const registry = { registry: attribution.address };
    const [splitRoot, token, leaves, total, paid, funder, claimableAt] = await attribution.read('payoutOf', [payoutId]);
    const [, disputedAt, status] = await attribution.read('disputeOf', [splitRoot]);
    const found = await ask('openledger_getPayout', [payoutId, null], registry);
    assert.deepEqual([found.leaves, found.total, found.paid, found.claimableAt, found.disputedAt].map(BigInt), [leaves, total, paid, claimableAt, disputedAt].map(BigInt));
    assert.deepEqual([found.splitRoot, found.token, found.funder, found.registry], [splitRoot, token, funder, attribution.address].map(lower));
    assert.equal(found.dispute, ['none', 'open', 'dismissed', 'upheld'][status]);
    assert.ok(!('claimed' in found));
    for (const row of rows) {
      const { claimed, ...rest } = await ask('openledger_getPayout', [payoutId, row], registry);
      assert.equal(claimed, await attribution.read('isClaimed', [payoutId, row]), String(row));
      assert.deepEqual(rest, found);
    }
    return found;
  }

  test('a payout: each row once, and what a dispute makes of it', async () => {
    const { attribution, bob, carol, dave, deployer, pass } = world;
    const registry = { registry: attribution.address };
    const rows = [0n, 2n, 3n, 4n, 255n, 256n, 257n, 299n];
    assert.equal(await ask('openledger_getPayout', [1, 0], registry), null);
    const shares = Array.from({ length: 300 }, (_, i) => ({ contributor: carol.address, datanet: 1n, weight: 1n, amount: BigInt(1 + i) }));
    const split = splitOf(shares);
    await attribution.send(bob, 'fund', [split.root, 300n, zeroAddress, split.sum], split.sum);
    assert.equal(BigInt((await checkPayout(1n, rows)).total), split.sum);
    await pass(TERMS.disputeWindow);
    for (const row of [3, 256, 299]) {
      const claim = () => attribution.send(dave, 'claim', [1n, BigInt(row), shares[row], split.pathOf(row)]);
      const { claimed } = await ask('openledger_getPayout', [1, row], registry);
      assert.equal(claimed, false);
      await claim();
      assert.equal((await ask('openledger_getPayout', [1, row], registry)).claimed, true);
      await assert.rejects(claim(), /AlreadyClaimed/);
      await checkPayout(1n, rows);
    }
    assert.equal(BigInt((await checkPayout(1n, rows)).paid), 4n + 257n + 300n);

    const wrong = splitOf(shares.slice(0, 2));
    await attribution.send(bob, 'fund', [wrong.root, 2n, zeroAddress, wrong.sum], wrong.sum);
    await attribution.send(dave, 'dispute', [wrong.root], TERMS.disputeBond);
    const { dispute, disputedAt, claimableAt } = await checkPayout(2n, [0n, 1n]);
    assert.equal(dispute, 'open');
    assert.ok(BigInt(disputedAt) < BigInt(claimableAt));
    await pass(TERMS.disputeWindow);
    await assert.rejects(attribution.send(dave, 'claim', [2n, 0n, shares[0], wrong.pathOf(0)]), /NotClaimable/);
    await attribution.send(deployer, 'settle', [wrong.root, true]);
    assert.equal((await checkPayout(2n, [0n, 1n])).dispute, 'upheld');
    await attribution.send(bob, 'reclaim', [2n]);
    const { paid, total } = await checkPayout(2n, [0n, 1n]);
    assert.equal(paid, total);
    await checkPayout(1n, rows);
  });

  test('an allowance of GOPEN', async () => {
    const { gopen, alice, bob, carol } = world;
    /** @param {bigint} amount */
    const check = async (amount) => {
      for (const [owner, spender] of [[alice, bob], [bob, alice], [alice, carol]]) {
        const { allowance } = await ask('openledger_getAllowance', [owner.address, spender.address], { gopen: gopen.address });
        assert.equal(BigInt(allowance), await gopen.read('allowance', [owner.address, spender.address]));
        assert.equal(BigInt(allowance), owner === alice && spender === bob ? amount : 0n);
      }
    };
    await check(0n);
    await gopen.send(alice, 'deposit', [], parseEther('3'));
    await gopen.send(alice, 'approve', [bob.address, maxUint256 - 1n]);
    await check(maxUint256 - 1n);
    await gopen.send(alice, 'approve', [bob.address, 70n]);
    await gopen.send(bob, 'transferFrom', [alice.address, bob.address, 30n]);
    await check(40n);
  });
});
