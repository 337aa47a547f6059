// SPDX-License-Identifier: MIT
// Rewards by signature.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { concat, keccak256, parseSignature, stringToHex, toHex, zeroAddress } from 'viem';
import { noAnvil } from '../rollup/anvil.mjs';
import { CHAIN_ID } from './deploy.mjs';
import { refused, startWorld } from './world.mjs';

/** @typedef {`0x${string}`} Hex */

const BATCH = keccak256(stringToHex('first batch'));
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const word = (/** @type {bigint | number} */ value) => toHex(value, { size: 32 });

describe('rewards', { skip: noAnvil }, () => {
  /** @type {import('./world.mjs').World} */
  let world;
  before(async () => {
    world = await startWorld();
    await world.dispersal.send(world.deployer, 'setBatchEnabled', [BATCH, true]);
  });
  after(() => world?.close());

  /** @param {any} granter @param {Hex} account @param {bigint} amount @param {{ batch?: Hex, contract?: Hex, chainId?: number }} [other] */
  const grant = (granter, account, amount, { batch = BATCH, contract = world.dispersal.address, chainId = CHAIN_ID } = {}) =>
    granter.account.signMessage({ message: { raw: keccak256(concat([account, word(amount), batch, contract, word(chainId)])) } });

  test('anyone claims what the signer granted, once, for the account that it names', async () => {
    const { dispersal, deployer, alice, bob, token, bank } = world;
    const signature = await grant(deployer, alice.address, 500n);
    const had = await token.read('balanceOf', [bank.address]);
    await dispersal.send(bob, 'claim', [signature, BATCH, 500n, alice.address]);
    assert.equal(await token.read('balanceOf', [alice.address]), 500n);
    assert.equal(await token.read('balanceOf', [bank.address]), had - 500n);
    await refused(dispersal.send(bob, 'claim', [signature, BATCH, 500n, alice.address]), 'AlreadyClaimed');
    await refused(dispersal.send(bob, 'claim', [await grant(deployer, alice.address, 1n), BATCH, 1n, alice.address]), 'AlreadyClaimed');
  });

  test('a signature for something else is refused', async () => {
    const { dispersal, deployer, alice, bob } = world;
    const claim = (/** @type {Hex} */ signature, amount = 7n) => dispersal.send(bob, 'claim', [signature, BATCH, amount, bob.address]);
    const good = await grant(deployer, bob.address, 7n);
    for (const wrong of [
      await grant(alice, bob.address, 7n), await grant(deployer, alice.address, 7n), await grant(deployer, bob.address, 8n),
      await grant(deployer, bob.address, 7n, { batch: keccak256('0x') }), await grant(deployer, bob.address, 7n, { contract: bob.address }),
      await grant(deployer, bob.address, 7n, { chainId: 1 }), '0x', /** @type {Hex} */ (good.slice(0, -2)),
    ]) await refused(claim(/** @type {Hex} */ (wrong)), 'InvalidSignature');
    const { r, s, yParity } = parseSignature(good);
    const high = concat([r, word(ORDER - BigInt(s)), yParity ? '0x1b' : '0x1c']);
    await refused(claim(high), 'InvalidSignature');
    await refused(claim(good, 8n), 'InvalidSignature');
    await claim(good);
  });

  test('the fee of a batch is exact, and the batch must be enabled and the whole active', async () => {
    const { dispersal, deployer, carol, dave, balanceOf } = world;
    const batch = keccak256(stringToHex('with a fee'));
    const signature = await grant(deployer, carol.address, 9n, { batch });
    const claim = (value = 0n) => dispersal.send(dave, 'claim', [signature, batch, 9n, carol.address], value);
    await refused(claim(), 'BatchNotEnabled');
    await dispersal.send(deployer, 'setBatchEnabled', [batch, true]);
    await dispersal.send(deployer, 'setBatchFee', [batch, 1000n]);
    for (const value of [0n, 999n, 1001n]) await refused(claim(value), 'MismatchedFee');
    await dispersal.send(deployer, 'toggleActive');
    await refused(claim(1000n), 'NotActive');
    await dispersal.send(deployer, 'toggleActive');
    await claim(1000n);
    assert.equal(await balanceOf(dispersal.address), 1000n);
    await refused(dispersal.send(dave, 'withdrawFees'), 'Unauthorized');
    await dispersal.send(deployer, 'withdrawFees');
    assert.equal(await balanceOf(dispersal.address), 0n);
  });

  test('only the administrator changes who signs and pays', async () => {
    const { dispersal, alice, deployer, erin } = world;
    for (const [name, args] of /** @type {[string, any[]][]} */ ([['setSigner', [alice.address]], ['withdrawFees', []], ['setVault', [alice.address]],
      ['setToken', [alice.address]], ['toggleActive', []], ['setBatchEnabled', [BATCH, false]], ['setBatchFee', [BATCH, 1n]]])) {
      await refused(dispersal.send(alice, name, args), 'Unauthorized');
    }
    await dispersal.send(deployer, 'setSigner', [alice.address]);
    await refused(dispersal.send(erin, 'claim', [await grant(deployer, erin.address, 1n), BATCH, 1n, erin.address]), 'InvalidSignature');
    await dispersal.send(erin, 'claim', [await grant(alice, erin.address, 1n), BATCH, 1n, erin.address]);
    await dispersal.send(deployer, 'setSigner', [zeroAddress]); // to which what is no signature comes down
    await refused(dispersal.send(alice, 'claim', ['0x', BATCH, 1n, world.dave.address]), 'InvalidSignature');
  });
});
