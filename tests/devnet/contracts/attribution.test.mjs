// SPDX-License-Identifier: MIT
// Receipts anchored, disputed and paid: what the registry takes, and what it refuses.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hashTypedData, keccak256, maxUint256, stringToHex, toFunctionSelector, toHex, zeroAddress } from 'viem';
import { noAnvil } from '../rollup/anvil.mjs';
import { CHAIN_ID, TERMS, deployOne } from './deploy.mjs';
import { receiptWith, typedOf } from './receipts.mjs';
import { batchOf, splitOf } from './split.mjs';
import { refused, startWorld } from './world.mjs';

/** @typedef {`0x${string}`} Hex */

const hash = (/** @type {string} */ text) => keccak256(stringToHex(text));
const { disputeBond, disputeWindow } = TERMS;

describe('attribution', { skip: noAnvil }, () => {
  /** @type {import('./world.mjs').World} */
  let world;
  before(async () => {
    world = await startWorld();
    await world.nodes.send(world.alice, 'register', [world.alice.address, 'https://node.example', '0x'], TERMS.minBond);
  });
  after(() => world?.close());

  const typed = (/** @type {Record<string, any>} */ message) => typedOf(world.attribution.address, message);

  /** @param {number} count @returns {import('./split.mjs').Share[]} */
  const sharesOf = (count) => Array.from({ length: count }, (_, i) => ({
    contributor: toHex(0xabc00000 + i, { size: 20 }), datanet: BigInt(i % 3), weight: BigInt(i * 7), amount: BigInt(1000 + i * i),
  }));

  /** Funds a split in native OPEN, and waits until it is claimable. @param {ReturnType<typeof splitOf>} split @param {number} leaves @returns {Promise<bigint>} */
  async function fund(split, leaves) {
    await world.attribution.send(world.bob, 'fund', [split.root, BigInt(leaves), zeroAddress, split.sum], split.sum);
    await world.pass(disputeWindow);
    return world.attribution.read('payoutCount');
  }

  test('the digest of a receipt is that of EIP-712, and the domain is told', async () => {
    const receipt = receiptWith();
    assert.equal(await world.attribution.read('receiptDigest', [receipt]), hashTypedData(/** @type {any} */ (typed(receipt))));
    const [, name, version, chainId, contract] = await world.attribution.read('eip712Domain');
    assert.deepEqual([name, version, chainId, contract], ['AttributionReceipt', '1', BigInt(CHAIN_ID), world.attribution.address]);
  });

  test('only an active node posts batches, and each receipt is found in its batch and nowhere else', async () => {
    const { attribution, nodes, alice, bob, deployer } = world;
    const digests = Array.from({ length: 11 }, (_, i) => hash(`receipt ${i}`));
    const batch = batchOf(digests);
    const pathOf = (/** @type {number} */ i) => batch.pathOf(i).map((node) => node.hash);
    await refused(attribution.send(bob, 'postBatch', [bob.address, batch.root, 11n]), 'NotActiveNode');
    await refused(attribution.send(bob, 'postBatch', [alice.address, batch.root, 11n]), 'NotActiveNode');
    await refused(attribution.send(alice, 'postBatch', [alice.address, toHex(0, { size: 32 }), 11n]), 'EmptyRoot');
    await refused(attribution.send(alice, 'postBatch', [alice.address, batch.root, 0n]), 'EmptyRoot');
    await attribution.send(alice, 'postBatch', [alice.address, batch.root, 11n]);
    const id = await attribution.read('batchCount');
    const isIn = (/** @type {number} */ i, /** @type {Hex} */ digest, /** @type {Hex[]} */ path) => attribution.read('isInBatch', [id, BigInt(i), digest, path]);
    for (const [i, digest] of digests.entries()) {
      assert.equal(await isIn(i, digest, pathOf(i)), true);
      assert.equal(await isIn(i, hash('another'), pathOf(i)), false);
    }
    assert.equal(await isIn(1, digests[0], pathOf(0)), false, 'another index');
    const mismatch = new RegExp(toFunctionSelector('PathMismatch()'));
    await assert.rejects(isIn(11, digests[10], pathOf(0).slice(1)), mismatch, 'an index beyond the end');
    await assert.rejects(isIn(0, digests[0], pathOf(0).slice(1)), mismatch, 'too short');
    await assert.rejects(isIn(0, digests[0], [...pathOf(0), hash('more')]), mismatch, 'too long');

    const bond = (await nodes.read('nodeOf', [alice.address])).bond;
    await nodes.send(deployer, 'slash', [alice.address, 1n, deployer.address, hash('test')]);
    assert.ok(bond === TERMS.minBond);
    await refused(attribution.send(alice, 'postBatch', [alice.address, batch.root, 11n]), 'NotActiveNode');
    await nodes.send(bob, 'addBond', [alice.address], 1n);
    await attribution.send(alice, 'postBatch', [alice.address, batch.root, 11n]);
  });

  test('trees of all sizes pay each row exactly its amount, once', async () => {
    const { attribution, balanceOf, dave } = world;
    for (const count of [1, 2, 3, 5, 8, 13, 16]) {
      const shares = sharesOf(count);
      const split = splitOf(shares);
      const payoutId = await fund(split, count);
      for (const [index, share] of shares.entries()) {
        const had = await balanceOf(share.contributor);
        await attribution.send(dave, 'claim', [payoutId, BigInt(index), share, split.pathOf(index)]);
        assert.equal(await balanceOf(share.contributor) - had, share.amount);
        await refused(attribution.send(dave, 'claim', [payoutId, BigInt(index), share, split.pathOf(index)]), 'AlreadyClaimed');
      }
      const [, , , total, paid] = await attribution.read('payoutOf', [payoutId]);
      assert.equal(paid, total);
    }
    assert.equal(await balanceOf(attribution.address), 0n, 'nothing is left');
  });

  test('a row, an index, a path or a sum that is not of the split is refused', async () => {
    const { attribution, dave } = world;
    const shares = sharesOf(6);
    const split = splitOf(shares);
    const payoutId = await fund(split, 6);
    const [share, path] = [shares[2], split.pathOf(2)];
    const claim = (/** @type {any} */ row, index = 2n, siblings = path, id = payoutId) => attribution.send(dave, 'claim', [id, index, row, siblings]);
    for (const change of [{ amount: share.amount + 1n }, { contributor: dave.address }, { datanet: 9n }, { weight: 0n }]) {
      await refused(claim({ ...share, ...change }), 'WrongSplit');
    }
    await refused(claim(share, 3n), 'WrongSplit');
    await refused(claim(share, 6n), 'PathMismatch');
    await refused(claim(share, 2n, path.slice(1)), 'PathMismatch');
    await refused(claim(share, 2n, [...path, path[0]]), 'PathMismatch');
    await refused(claim(share, 2n, [path[1], path[0], ...path.slice(2)]), 'WrongSplit');
    // Moving an amount between siblings keeps the sum, but not the hashes.
    await refused(claim({ ...share, amount: share.amount + 5n }, 2n, [{ ...path[0], sum: path[0].sum - 5n }, ...path.slice(1)]), 'WrongSplit');
    await assert.rejects(claim(share, 2n, [{ ...path[0], sum: 2n ** 128n - 1n }, ...path.slice(1)]), /revert|Panic/, 'a sum overflows');
    await refused(claim(share, 2n, path, payoutId + 1n), 'NotClaimable');
    await claim(share);
  });

  test('a node cannot pass for a leaf, nor a tree for one of another size or tag', async () => {
    const { attribution, dave, bob, pass } = world;
    const shares = sharesOf(4);
    const split = splitOf(shares);
    for (const [root, leaves] of /** @type {[Hex, bigint][]} */ ([[split.root, 5n], [split.root, 3n], [batchOf(shares.map(({ amount }) => hash(String(amount)))).root, 4n]])) {
      await attribution.send(bob, 'fund', [root, leaves, zeroAddress, split.sum], split.sum);
      await pass(disputeWindow);
      const payoutId = await attribution.read('payoutCount');
      await assert.rejects(attribution.send(dave, 'claim', [payoutId, 0n, shares[0], split.pathOf(0)]), /WrongSplit|PathMismatch/);
    }
  });

  test('a split whose sum is not what was funded pays nothing', async () => {
    const { attribution, bob, dave, pass } = world;
    const shares = sharesOf(3);
    const split = splitOf(shares);
    await attribution.send(bob, 'fund', [split.root, 3n, zeroAddress, split.sum - 1n], split.sum - 1n);
    await pass(disputeWindow);
    await refused(attribution.send(dave, 'claim', [await attribution.read('payoutCount'), 0n, shares[0], split.pathOf(0)]), 'WrongSplit');
  });

  test('funding is what it says', async () => {
    const { attribution, bob } = world;
    const fundWith = (/** @type {any[]} */ args, value = 0n) => attribution.send(bob, 'fund', args, value);
    await refused(fundWith([hash('split'), 1n, zeroAddress, 10n], 9n), 'WrongValue');
    await refused(fundWith([hash('split'), 1n, zeroAddress, 10n], 11n), 'WrongValue');
    await refused(fundWith([hash('split'), 1n, world.token.address, 10n], 10n), 'WrongValue');
    await refused(fundWith([hash('split'), 1n, world.token.address, 10n]), 'ERC20InsufficientAllowance');
    await refused(fundWith([toHex(0, { size: 32 }), 1n, zeroAddress, 0n]), 'EmptyRoot');
    await refused(fundWith([hash('split'), 0n, zeroAddress, 0n]), 'EmptyRoot');
  });

  test('payouts in a token', async () => {
    const { chain, attribution, deployer, dave, token, pass } = world;
    const shares = sharesOf(3);
    const split = splitOf(shares);
    await token.send(deployer, 'approve', [attribution.address, maxUint256]);
    await attribution.send(deployer, 'fund', [split.root, 3n, token.address, split.sum]);
    await pass(disputeWindow);
    await attribution.send(dave, 'claim', [await attribution.read('payoutCount'), 1n, shares[1], split.pathOf(1)]);
    assert.equal(await token.read('balanceOf', [shares[1].contributor]), shares[1].amount);
    assert.equal(await token.read('balanceOf', [attribution.address]), split.sum - shares[1].amount);
    const other = await deployOne(chain, deployer, 'TestFeeToken', [deployer.address, 10n ** 9n]);
    await other.send(deployer, 'approve', [attribution.address, maxUint256]);
    await refused(attribution.send(deployer, 'fund', [split.root, 3n, other.address, split.sum]), 'WrongValue');
  });

  test('a payout waits for disputes; one that is upheld sends the money back', async () => {
    const { attribution, deployer, bob, carol, dave, pass, balanceOf } = world;
    const shares = sharesOf(2).map((share) => ({ ...share, datanet: 77n }));
    const split = splitOf(shares);
    await attribution.send(bob, 'fund', [split.root, 2n, zeroAddress, split.sum], split.sum);
    const payoutId = await attribution.read('payoutCount');
    const claim = () => attribution.send(dave, 'claim', [payoutId, 0n, shares[0], split.pathOf(0)]);
    await pass(disputeWindow - 1);
    await refused(claim(), 'NotClaimable');
    await refused(attribution.send(carol, 'dispute', [split.root], disputeBond - 1n), 'WrongBond');
    await attribution.send(carol, 'dispute', [split.root], disputeBond);
    await refused(attribution.send(carol, 'dispute', [split.root], disputeBond), 'NotDisputable');
    await pass(disputeWindow);
    await refused(claim(), 'NotClaimable');
    await refused(attribution.send(bob, 'reclaim', [payoutId]), 'NotReclaimable');
    await refused(attribution.send(carol, 'settle', [split.root, true]), 'OwnableUnauthorizedAccount');
    const had = await balanceOf(carol.address);
    await attribution.send(deployer, 'settle', [split.root, true]);
    assert.equal(await balanceOf(carol.address) - had, disputeBond);
    await refused(attribution.send(deployer, 'settle', [split.root, false]), 'NoOpenDispute');
    await refused(claim(), 'NotClaimable');
    await refused(attribution.send(carol, 'reclaim', [payoutId]), 'NotReclaimable');
    const held = await balanceOf(attribution.address);
    await attribution.send(bob, 'reclaim', [payoutId]);
    assert.equal(held - await balanceOf(attribution.address), split.sum);
    await refused(attribution.send(bob, 'reclaim', [payoutId]), 'NotReclaimable');
  });

  test('a dispute that is dismissed costs its bond; one that comes late stops nothing', async () => {
    const { attribution, deployer, bob, carol, dave, pass, balanceOf } = world;
    const [one, other] = [sharesOf(2), sharesOf(3)].map((shares) => shares.map((share) => ({ ...share, datanet: 78n })));
    const [first, second] = [splitOf(one), splitOf(other)];
    await attribution.send(bob, 'fund', [first.root, 2n, zeroAddress, first.sum], first.sum);
    await attribution.send(carol, 'dispute', [first.root], disputeBond);
    const payoutId = await attribution.read('payoutCount');
    await pass(disputeWindow);
    const had = await balanceOf(attribution.address);
    await attribution.send(deployer, 'settle', [first.root, false]);
    assert.equal(had - await balanceOf(attribution.address), disputeBond);
    await attribution.send(dave, 'claim', [payoutId, 0n, one[0], first.pathOf(0)]);
    await refused(attribution.send(bob, 'reclaim', [payoutId]), 'NotReclaimable');

    const late = await fund(second, 3);
    await attribution.send(carol, 'dispute', [second.root], disputeBond);
    await attribution.send(dave, 'claim', [late, 0n, other[0], second.pathOf(0)]);
    await attribution.send(deployer, 'settle', [second.root, true]);
    await attribution.send(dave, 'claim', [late, 1n, other[1], second.pathOf(1)]);
    await refused(attribution.send(bob, 'reclaim', [late]), 'NotReclaimable');
  });

  test('two receipts of one number are an equivocation; two of others, or of two keys, are none', async () => {
    const { attribution, alice, bob, carol } = world;
    const sign = (/** @type {any} */ person, /** @type {any} */ receipt) => person.account.signTypedData(typed(receipt));
    const [one, two, next] = [receiptWith(), receiptWith({ fee: 1n }), receiptWith({ sequence: 999n })];
    const report = async (/** @type {any} */ a, /** @type {any} */ b, other = alice) =>
      attribution.send(carol, 'reportEquivocation', [a, await sign(alice, a), b, await sign(other, b)]);
    await refused(report(one, one), 'NotEquivocation');
    await refused(report(one, next), 'NotEquivocation');
    await refused(report(one, two, bob), 'NotEquivocation');
    const subject = toHex(BigInt(alice.address), { size: 32 });
    await refused(attribution.send(carol, 'dispute', [subject], disputeBond), 'NotDisputable');
    await report(one, two);
    const [disputer, , status] = await attribution.read('disputeOf', [subject]);
    assert.deepEqual([disputer, status], [carol.address, 3]);
    await refused(report(one, two), 'NotDisputable');
  });

  test('epochs of a corpus follow one another, by its publisher', async () => {
    const { attribution, datanets, alice, bob } = world;
    const name = hash('a corpus of several datanets');
    await attribution.send(bob, 'publishCorpus', [name, hash('one')]);
    await refused(attribution.send(alice, 'publishCorpus', [name, hash('mine')]), 'NotPublisher');
    await attribution.send(bob, 'publishCorpus', [name, hash('two')]);
    await refused(attribution.send(bob, 'publishCorpus', [name, toHex(0, { size: 32 })]), 'EmptyRoot');
    assert.deepEqual(await Promise.all([0n, 1n, 2n, 3n].map((epoch) => attribution.read('corpusId', [name, epoch]))),
      [toHex(0, { size: 32 }), hash('one'), hash('two'), toHex(0, { size: 32 })]);

    await datanets.send(alice, 'create', [hash('about'), hash('rows'), 1n, 0n], TERMS.createFee + TERMS.feePerByte);
    const datanet = toHex(await datanets.read('datanetCount'), { size: 32 });
    await refused(attribution.send(bob, 'publishCorpus', [datanet, hash('theirs')]), 'NotPublisher');
    await refused(attribution.send(bob, 'publishCorpus', [toHex(2n ** 64n - 1n, { size: 32 }), hash('of none')]), 'NotPublisher');
    await attribution.send(alice, 'publishCorpus', [datanet, hash('theirs')]);
    assert.deepEqual(await attribution.read('corpusOf', [datanet]), [alice.address, 1n]);
  });
});
