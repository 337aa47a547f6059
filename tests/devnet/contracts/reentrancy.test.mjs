// SPDX-License-Identifier: MIT
// Whoever is paid gets control: what was paid is not paid again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeAbiParameters, keccak256, stringToHex, zeroAddress } from 'viem';
import { noAnvil } from '../rollup/anvil.mjs';
import { TERMS, deployOne } from './deploy.mjs';
import { splitOf } from './split.mjs';
import { startWorld } from './world.mjs';

const hash = (/** @type {string} */ text) => keccak256(stringToHex(text));

describe('a payment', { skip: noAnvil }, () => {
  /** @type {import('./world.mjs').World} */
  let world;
  /** @type {import('./deploy.mjs').Contract} */
  let receiver;
  before(async () => {
    world = await startWorld();
    receiver = await deployOne(world.chain, world.alice, 'TestReceiver');
  });
  after(() => world?.close());

  /** @param {any} contract @param {string} name @param {any[]} [args] @param {bigint} [value] */
  const act = (contract, name, args, value) => receiver.send(world.alice, 'act', [contract.address, contract.encode(name, args)], value);

  /** Runs what pays the receiver, which then calls the same again, in vain. @param {any} contract @param {string} name @param {any[]} args
   * @param {() => Promise<unknown>} run */
  async function paysOnce(contract, name, args, run) {
    await receiver.send(world.alice, 'arm', [contract.address, contract.encode(name, args)]);
    const had = await world.balanceOf(receiver.address);
    await run();
    assert.equal(await receiver.read('wasCalled'), true);
    assert.equal(await receiver.read('succeeded'), false);
    return await world.balanceOf(receiver.address) - had;
  }

  test('of unwrapped tokens', async () => {
    const { gopen, bob } = world;
    await gopen.send(bob, 'deposit', [], 100n);
    await act(gopen, 'deposit', [], 10n);
    assert.equal(await paysOnce(gopen, 'withdraw', [10n], () => act(gopen, 'withdraw', [10n])), 10n);
  });

  test('of a row of a split', async () => {
    const { attribution, bob, pass } = world;
    const shares = [receiver.address, bob.address].map((contributor, i) => ({ contributor, datanet: 1n, weight: 1n, amount: BigInt(10 + i) }));
    const split = splitOf(shares);
    for (let i = 0; i < 2; i++) await attribution.send(bob, 'fund', [split.root, 2n, zeroAddress, split.sum], split.sum);
    await pass(TERMS.disputeWindow);
    const args = [1n, 0n, shares[0], split.pathOf(0)];
    assert.equal(await paysOnce(attribution, 'claim', args, () => attribution.send(bob, 'claim', args)), 10n);
  });

  test('of a contribution\'s stake', async () => {
    const { datanets, bob, pass } = world;
    await datanets.send(bob, 'create', [hash('about'), hash('rows'), 0n, 5n], TERMS.createFee);
    const content = [hash('mine'), 3n, hash('salt')];
    const types = ['uint64', 'address', 'bytes32', 'uint64', 'bytes32'].map((type) => ({ type }));
    const commitment = keccak256(encodeAbiParameters(types, [1n, receiver.address, ...content]));
    for (let i = 0; i < 2; i++) await act(datanets, 'commit', [1n, commitment], 20n);
    await act(datanets, 'reveal', [1n, ...content]);
    await pass(TERMS.reviewTime + 1);
    assert.equal(await paysOnce(datanets, 'expire', [1n], () => act(datanets, 'expire', [1n])), 20n);
  });

  test('of a bond', async () => {
    const { nodes, bob, pass, balanceOf } = world;
    await nodes.send(bob, 'register', [bob.address, 'another', '0x'], TERMS.minBond);
    await act(nodes, 'register', [receiver.address, 'its own', '0x'], TERMS.minBond);
    await act(nodes, 'revoke', [receiver.address]);
    await pass(TERMS.revokeDelay);
    await receiver.send(world.alice, 'arm', [nodes.address, nodes.encode('withdrawBond', [receiver.address])]);
    const had = await balanceOf(receiver.address);
    await act(nodes, 'withdrawBond', [receiver.address]);
    assert.equal(await receiver.read('wasCalled'), true); // and is paid nothing
    assert.equal(await balanceOf(receiver.address) - had, TERMS.minBond);
    assert.equal(await balanceOf(nodes.address), TERMS.minBond);
  });
});
