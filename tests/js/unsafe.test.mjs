// SPDX-License-Identifier: MIT
// Blocks that the sequencer has signed, by the signer that L1 names: an account at the newest of them, and what is
// refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { LIES } from '../devnet/rollup/sequencer.mjs';
import { openledger as ol } from './support.mjs';

/** @typedef {import('openledger').OpenLedgerError} OpenLedgerError */

/** @type {any} */
let devnet;
/** @type {import('openledger').Sync} */
let sync;

/** Why a lie is refused. @type {Record<string, RegExp>} */
const REASONS = {
  'wrong-signer': /^message: is signed by another than L1 names/,
  'wrong-chain-id': /^message: is signed by another than L1 names/,
  'other-block-hash': /^payload blockHash: the block's header does not hash to it/,
  'other-state': /^payload blockHash: the block's header does not hash to it/,
  'old-timestamp': /^payload timestamp: block is more than 60 s old/,
  'future-timestamp': /^payload timestamp: block is more than 5 s ahead of now/,
  'behind': /^message: block is older than one that was seen before/,
  'withdrawals': /^payload withdrawals byte \d+: there are withdrawals/,
  'changed-payload': /^payload blockHash: the block's header does not hash to it/,
  'bad-parity': /^signature: the parity of a signature is 0 or 1/,
  'truncated': /^payload/,
  'short': /^message/,
  'not-snappy': /^message/,
  'bomb': /^message/,
};

before(async () => {
  devnet = await startDevnet();
  await devnet.present();
  const { urls, profile } = devnet;
  sync = ol.sync({ beacon: [urls.beacon], l1: [urls.l1], checkpoint: await devnet.checkpoint(), network: profile });
  await sync.run();
});

after(async () => {
  sync?.close();
  await devnet?.close();
});

const clientOf = (/** @type {any} */ options = {}) => ol.client({
  endpoints: [devnet.urls.l2], l1: [devnet.urls.l1], sequencers: [`${devnet.urls.sequencer}/latest`], envelopeVersion: 3, sync,
  rollup: devnet.profile, ...options,
});

/** The messages of evidence, which are behind its name. @param {Uint8Array} evidence */
function messagesOf(evidence) {
  assert.equal(new TextDecoder().decode(evidence.subarray(0, 8)), 'OLEQUIV1');
  const view = new DataView(evidence.buffer, evidence.byteOffset, evidence.length);
  const messages = [];
  for (let at = 8; at < evidence.length; at += 5 + view.getUint32(at + 1)) {
    assert.equal(view.getUint8(at), 3); // version
    messages.push(evidence.slice(at + 5, at + 5 + view.getUint32(at + 1)));
  }
  return messages;
}

test('an account at the newest block that the sequencer has signed', async () => {
  await devnet.mineL2(2);
  const address = devnet.keys.owner.address;
  const { trust, anchor, block, balance, blame, ageSeconds } = await clientOf().account({ address, trust: 'unsafe' });
  const newest = await devnet.l2.block();
  assert.deepEqual([trust.level, block.hash, blame], ['unsafe', newest.hash, []]);
  assert.equal(balance, BigInt(await devnet.l2.ask('eth_getBalance', address, 'latest')));
  assert.equal(anchor?.signer, devnet.keys.sequencer.address);
  assert.deepEqual([anchor?.outputRoot, anchor?.game, anchor?.index, anchor?.proposedAt, anchor?.finalizesAt], [null, null, null, null, null]);
  assert.equal(anchor?.l1BlockHash, sync.status.optimistic.blockHash);
  assert.ok(ageSeconds < 60);
});

for (const lie of Object.keys(LIES).filter((name) => name !== 'equivocation' && name !== 'behind')) {
  test(`a sequencer's message is refused: ${lie}`, async (t) => {
    t.after(() => devnet.sequencer.tell());
    await devnet.mineL2(1);
    devnet.sequencer.tell(lie);
    await assert.rejects(clientOf().account({ address: devnet.keys.owner.address, trust: 'unsafe' }), (/** @type {OpenLedgerError} */ error) => {
      assert.match(error.message, REASONS[lie]);
      assert.ok(error.blame.some(({ source, endpoint }) => source === 'sequencer' && endpoint === 0), 'the sequencer is not blamed');
      return true;
    });
  });
}

test('another source is asked after one that lied', async (t) => {
  t.after(() => devnet.sequencer.tell());
  await devnet.mineL2(1);
  const honest = new Uint8Array(await (await fetch(`${devnet.urls.sequencer}/latest`)).arrayBuffer());
  devnet.sequencer.tell('wrong-signer');
  const { trust, blame } = await clientOf({ sequencers: [`${devnet.urls.sequencer}/latest`, async () => honest] })
    .account({ address: devnet.keys.owner.address, trust: 'unsafe' });
  assert.equal(trust.level, 'unsafe');
  assert.deepEqual(blame.map(({ source, endpoint }) => [source, endpoint]), [['sequencer', 0]]);
});

test('a height with two blocks, and one that went back', async (t) => {
  const provider = ol.provider({
    endpoints: [devnet.urls.l2], l1: [devnet.urls.l1], sequencers: [`${devnet.urls.sequencer}/latest`], envelopeVersion: 3, sync,
    rollup: devnet.profile, trust: 'unsafe', holdMs: 0, keptMessages: 4,
  });
  t.after(() => {
    devnet.sequencer.tell();
    provider.close();
  });
  await devnet.mineL2(4);
  const asked = { method: 'eth_blockNumber' };
  assert.equal(BigInt(await provider.request(asked)), BigInt((await devnet.l2.block()).number));
  assert.equal((await provider.verified(asked)).trust, 'unsafe');
  devnet.sequencer.tell('behind');
  await assert.rejects(provider.request(asked), { code: -32002, message: REASONS.behind });
  assert.equal(provider.equivocation(), null);
  devnet.sequencer.tell('equivocation');
  await assert.rejects(async () => {
    for (let i = 0; i < 3; i++) await provider.request(asked);
  }, { code: -32002, message: /sequencer has signed two blocks of this height/ });
  const [a, b] = messagesOf(/** @type {Uint8Array} */ (provider.equivocation()))
    .map((envelope) => ol.verifyEnvelope({ envelope, version: 3, chainId: devnet.profile.chainId, signer: devnet.keys.sequencer.address, compressed: false }));
  assert.equal(a.header.number, b.header.number);
  assert.ok(BigInt(a.header.hash) < BigInt(b.header.hash));
});

test('a signer that L1 has replaced', async () => {
  const other = await startDevnet();
  const { urls, profile, keys } = other;
  const address = keys.owner.address;
  await other.setSigner(keys.stranger.address);
  await other.present();
  const followed = ol.sync({ beacon: [urls.beacon], l1: [urls.l1], checkpoint: await other.checkpoint(), network: profile });
  try {
    await followed.run();
    await other.mineL2(1);
    const options = { endpoints: [urls.l2], l1: [urls.l1], sequencers: [`${urls.sequencer}/latest`], sync: followed, rollup: profile };
    await assert.rejects(clientOf(options).account({ address, trust: 'unsafe' }), /is signed by another than L1 names/);
    other.sequencer.tell('wrong-signer'); // who is now the right one
    assert.equal((await clientOf(options).account({ address, trust: 'unsafe' })).anchor?.signer, keys.stranger.address);
  } finally {
    followed.close();
    await other.close();
  }
});

test('a rollup whose SystemConfig is not known', async () => {
  const { contracts, ...profile } = devnet.profile;
  const { systemConfig, ...others } = contracts;
  const client = clientOf({ rollup: { ...profile, contracts: others } });
  await assert.rejects(client.account({ address: devnet.keys.owner.address, trust: 'unsafe' }), /SystemConfig on L1 is not known/);
});
