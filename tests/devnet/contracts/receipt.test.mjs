// SPDX-License-Identifier: MIT
// A receipt on chain, from its batch to its money: what is proven of it is what the views say, whatever happens to it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hashTypedData, keccak256, padHex, stringToHex, toHex, zeroAddress, zeroHash } from 'viem';
import { openledger as ol } from '../../js/support.mjs';
import { noAnvil } from '../rollup/anvil.mjs';
import { CHAIN_ID, TERMS } from './deploy.mjs';
import { equivocationOf, receiptWith, typedOf } from './receipts.mjs';
import { batchOf, splitOf } from './split.mjs';
import { startWorld } from './world.mjs';

/** @typedef {`0x${string}`} Hex */
/** @typedef {{ signer: Hex, digest: Hex, splitRoot: Hex, batchId?: bigint, corpusName?: Hex, corpusEpoch?: bigint }} Question */

const LATER_MS = 1000 * (1_800_000_000 + 10 * 365 * 86_400);
const STATES = ['none', 'open', 'dismissed', 'upheld'];
const CORPUS = keccak256(stringToHex('a corpus'));
const hash = (/** @type {string} */ text) => keccak256(stringToHex(text));
const lower = (/** @type {string} */ text) => text.toLowerCase();

describe('a receipt on chain', { skip: noAnvil }, () => {
  /** @type {import('./world.mjs').World} */
  let world;
  /** @type {import('openledger').Provider} */
  let provider;
  /** What happens here is about this one. @type {Required<Question>} */
  let question;
  /** @type {ReturnType<typeof splitOf>} */
  let split;
  /** @type {import('./split.mjs').Share[]} */
  let shares;
  /** @type {Record<string, any>} */
  let receipt;

  before(async () => {
    world = await startWorld();
    const began = Date.now();
    const rollup = { name: 'devnet', l2: { chainId: CHAIN_ID }, l1: { chainId: 1 },
      contracts: { nodeRegistry: world.nodes.address, attributionRegistry: world.attribution.address } };
    provider = ol.provider({ rollup, endpoints: [world.chain.url], quorum: 1, chainId: CHAIN_ID, maxAge: Infinity, holdMs: 0, now: () => LATER_MS + Date.now() - began });
    const { alice, attribution, carol, dave } = world;
    shares = [carol, dave, carol].map(({ address }, i) => ({ contributor: address, datanet: BigInt(i), weight: BigInt(10 + i), amount: BigInt(1000 * (i + 1)) }));
    split = splitOf(shares);
    receipt = receiptWith({ version: 1, flags: 1, splitRoot: split.root, sequence: 5n });
    question = { signer: alice.address, digest: hashTypedData(typedOf(attribution.address, receipt)), splitRoot: split.root, batchId: 1n, corpusName: CORPUS, corpusEpoch: 2n };
  });
  after(async () => {
    provider?.close();
    await world?.close();
  });

  /** @param {string} method @param {any[]} params @param {string} [block] @returns {Promise<any>} */
  const ask = (method, params, block = 'latest') => provider.request({ method, params: [...params, block, null] });

  /** @param {Question} of @param {string} [block] */
  const factsOf = (of, block) => ask('openledger_getReceiptFacts',
    [Object.fromEntries(Object.entries(of).map(([name, value]) => [name, typeof value === 'bigint' ? toHex(value) : value]))], block);

  /** @param {any} found @param {Hex} subject as a word */
  async function checkDispute(found, subject) {
    const [disputer, openedAt, status] = await world.attribution.read('disputeOf', [subject]);
    assert.equal(found.dispute, STATES[status]);
    const alone = await ask('openledger_getDispute', [subject]);
    if (status === 0) {
      assert.equal(alone, null);
      return assert.ok(!('disputer' in found) && !('disputedAt' in found));
    }
    assert.deepEqual([found.disputer, BigInt(found.disputedAt)], [lower(disputer), BigInt(openedAt)]);
    assert.deepEqual([alone.disputer, alone.disputedAt, alone.dispute, alone.registry], [found.disputer, found.disputedAt, found.dispute, lower(world.attribution.address)]);
  }

  /** All facts are what the views say. @param {Question} [of] @returns {Promise<any>} */
  async function check(of = question) {
    const { attribution, nodes, chain } = world;
    const { signer, digest, splitRoot, batchId, corpusName, corpusEpoch } = of;
    const found = await factsOf(of);
    assert.deepEqual([found.chainId, found.registry, found.nodes], [toHex(CHAIN_ID), lower(attribution.address), lower(nodes.address)]);
    assert.deepEqual([found.layout, found.trust, found.block.number], ['assumed', 'quorum', await chain.ask('eth_blockNumber')]);
    const node = await nodes.read('nodeOf', [signer]);
    assert.deepEqual([found.signer.registeredAt, found.signer.revokedAt, found.signer.bond, found.signer.slashed, found.signer.minBond].map(BigInt),
      [node.registeredAt, node.revokedAt, node.bond, node.slashed, await nodes.read('minBond')].map(BigInt));
    assert.deepEqual([found.signer.address, found.signer.operator], [signer, node.operator].map(lower));
    await checkDispute(found.signer, padHex(signer));
    assert.deepEqual([found.receipt.digest, found.split.root], [digest, splitRoot]);
    await checkDispute(found.receipt, digest);
    await checkDispute(found.split, splitRoot);
    assert.deepEqual(['batch' in found, 'corpus' in found], [batchId !== undefined, corpusName !== undefined]);
    if (batchId !== undefined) {
      const [root, [poster, receipts]] = [await attribution.read('batchRoot', [batchId]), await attribution.read('batchOf', [batchId])];
      assert.deepEqual([found.batch.root, found.batch.signer, BigInt(found.batch.id), BigInt(found.batch.receipts)], [root, lower(poster), batchId, receipts]);
      await checkDispute(found.batch, root);
    }
    if (corpusName !== undefined) {
      const [publisher, newest] = await attribution.read('corpusOf', [corpusName]);
      const id = await attribution.read('corpusId', [corpusName, corpusEpoch]);
      assert.deepEqual([found.corpus.name, found.corpus.corpusId, found.corpus.publisher], [corpusName, id, lower(publisher)]);
      assert.deepEqual([found.corpus.newest, found.corpus.epoch].map(BigInt), [newest, corpusEpoch]);
      await checkDispute(found.corpus, id);
    }
    return found;
  }

  /** @param {any} person @param {{ to: string, value: bigint, data: string }} call */
  const send = (person, { to, value, data }) => world.pay(person, /** @type {Hex} */ (to), value, /** @type {Hex} */ (data));

  test('of which the chain knows nothing yet', async () => {
    const found = await check();
    assert.deepEqual([found.signer.registeredAt, found.batch.root, found.corpus.corpusId], ['0x0', zeroHash, zeroHash]);
    assert.equal(await ask('openledger_getCorpus', [CORPUS, null]), null);
    await check({ signer: question.signer, digest: question.digest, splitRoot: question.splitRoot });
  });

  test('its signer is registered, its corpus published, its batch posted', async () => {
    const { alice, attribution, bob, nodes } = world;
    const registry = attribution.address;
    await send(alice, ol.calls.nodes.register({ registry: nodes.address, signer: alice.address, endpoint: 'https://node.example', consent: '0x', bond: TERMS.minBond }));
    const node = await ask('openledger_getNode', [alice.address]);
    assert.deepEqual([node.bond, node.minBond].map(BigInt), [TERMS.minBond, TERMS.minBond]);
    await nodes.send(alice, 'setEndpoint', [alice.address, 'https://node.example/'.padEnd(900, 'n')]);
    await check(); // whatever a node calls its endpoint
    for (const epoch of [1, 2, 3]) await send(bob, ol.calls.attribution.publishCorpus({ registry, name: CORPUS, corpusId: hash(`epoch ${epoch}`) }));
    const found = await check();
    assert.deepEqual([found.corpus.corpusId, found.corpus.newest], [hash('epoch 2'), '0x3']);
    for (const epoch of [0n, 1n, 3n, 4n]) await check({ ...question, corpusEpoch: epoch });
    const corpus = await ask('openledger_getCorpus', [CORPUS, '0x3']);
    assert.deepEqual([corpus.publisher, corpus.newest, corpus.corpusId], [lower(bob.address), '0x3', hash('epoch 3')]);
    assert.ok(!('corpusId' in await ask('openledger_getCorpus', [CORPUS, null])));

    const batch = batchOf([hash('another'), question.digest, hash('a third')]);
    await send(alice, ol.calls.attribution.postBatch({ registry, signer: alice.address, root: batch.root, receipts: 3 }));
    assert.equal((await check()).batch.root, batch.root);
    assert.ok(await attribution.read('isInBatch', [1n, 1n, question.digest, batch.pathOf(1).map((node) => node.hash)]));
    await check({ ...question, batchId: 2n });
    await check({ ...question, signer: bob.address });
  });

  test('what it earns is claimed by a call of the SDK, and what was paid is proven', async () => {
    const { attribution, balanceOf, bob, erin, pass } = world;
    const registry = attribution.address;
    await send(bob, ol.calls.attribution.fund({ registry, splitRoot: split.root, leaves: shares.length, token: zeroAddress, total: split.sum, value: split.sum }));
    const claim = (/** @type {number} */ index, /** @type {number} */ row = index) =>
      send(erin, ol.calls.attribution.claim({ registry, payoutId: 1, index, row: shares[row], path: split.pathOf(index) }));
    await assert.rejects(claim(0), /NotClaimable/);
    await pass(TERMS.disputeWindow);
    let paid = 0n;
    for (const [index, { contributor, amount }] of shares.entries()) {
      await assert.rejects(claim(index, (index + 1) % shares.length), /WrongSplit|PathMismatch/, 'the amount of another row');
      assert.equal((await ask('openledger_getPayout', ['0x1', toHex(index)])).claimed, false);
      const had = await balanceOf(contributor);
      await claim(index);
      paid += amount;
      const payout = await ask('openledger_getPayout', ['0x1', toHex(index)]);
      assert.deepEqual([payout.claimed, BigInt(payout.paid), payout.splitRoot], [true, paid, split.root]);
      assert.equal(await balanceOf(contributor) - had, amount);
      await assert.rejects(claim(index), /AlreadyClaimed/);
    }
    assert.equal(paid, split.sum);
    assert.equal(await balanceOf(registry), 0n);
  });

  test('each of its parts is disputed by itself, and a dispute settled', async () => {
    const { attribution, dave, deployer } = world;
    const registry = attribution.address;
    const { batch } = await check();
    const subjects = { receipt: question.digest, split: question.splitRoot, batch: batch.root, corpus: hash('epoch 2') };
    for (const [i, [name, subject]] of Object.entries(subjects).entries()) {
      const before_ = await check();
      await send(dave, ol.calls.attribution.dispute({ registry, subject, value: TERMS.disputeBond }));
      const opened = await check();
      for (const other of ['signer', ...Object.keys(subjects)]) {
        assert.equal(opened[other].dispute, other === name ? 'open' : before_[other].dispute);
      }
      const upheld = i % 2 === 0;
      await send(deployer, ol.calls.attribution.settle({ registry, subject, upheld }));
      assert.equal((await check())[name].dispute, upheld ? 'upheld' : 'dismissed');
    }
  });

  test('its signer is slashed, and revoked; at an older block it was not', async () => {
    const { alice, chain, deployer, nodes } = world;
    const block = await chain.ask('eth_blockNumber');
    await nodes.send(deployer, 'slash', [alice.address, 7n, deployer.address, hash('a reason')]);
    const slashed = await check();
    assert.deepEqual([slashed.signer.slashed, BigInt(slashed.signer.bond)], ['0x7', TERMS.minBond - 7n]);
    await send(alice, ol.calls.nodes.revoke({ registry: nodes.address, signer: alice.address }));
    assert.notEqual((await check()).signer.revokedAt, '0x0');
    const older = await factsOf(question, block);
    assert.deepEqual([older.block.number, older.signer.slashed, older.signer.revokedAt], [block, '0x0', '0x0']);
  });

  test('its signer has signed another of the same number', async () => {
    const { alice, attribution, erin } = world;
    assert.equal((await check()).signer.dispute, 'none');
    const other = receiptWith({ version: 1, sequence: 5n, fee: 1n });
    const registry = attribution.address;
    const sign = (/** @type {any} */ message) => alice.account.signTypedData(typedOf(attribution.address, message));
    const equivocation = equivocationOf(registry, [[receipt, await sign(receipt)], [other, await sign(other)]]);
    await send(erin, ol.calls.attribution.reportEquivocation({ registry, equivocation }));
    const found = await check();
    assert.deepEqual([found.signer.dispute, found.signer.disputer, found.receipt.dispute], ['upheld', lower(erin.address), 'upheld']);
    assert.equal((await check({ ...question, signer: erin.address })).signer.dispute, 'none');
  });
});
