// SPDX-License-Identifier: MIT
// Bundles: a run recorded, packed, and run again with every server gone; made here and verified natively, and the
// other way round.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pack, sealed, sha256, unpack } from '../bundle.mjs';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { openledger as command, scratch } from '../host/cli.mjs';
import { Chain } from './chain.mjs';
import { accounts, address, keccak, openledger as ol, sdk } from './support.mjs';

/** @typedef {import('openledger').OpenLedgerError} OpenLedgerError */

const file = scratch();
const native = file('native.bundle', '');
const PERIOD_S = 8192 * 12; // of a sync committee of mainnet

/** What is left when all servers are gone. @type {{ owner: string, profile: any, checkpoint: string, answer: any, bytes: Uint8Array, about: any }} */
let kept;
/** What is to be closed in the end. @type {{ close(): void }[]} */
const open = [];
after(() => open.forEach((one) => one.close()));

/** Asks a devnet, or a bundle. @param {any} servers @param {any} [options] */
async function ask(servers, { owner, profile, checkpoint } = kept, { now = Date.now, question = {}, ...options } = /** @type {any} */ ({})) {
  const sync = ol.sync({ beacon: servers.beacon, l1: servers.l1, checkpoint, network: profile, now });
  try {
    await sync.run(options);
    return await ol.client({ endpoints: servers.l2, l1: servers.l1, sync, rollup: profile, now })
      .account({ address: owner, trust: 'finalized', slots: [5n], ...question }, options);
  } finally {
    sync.close();
  }
}

/** @param {Uint8Array} bytes @param {any} [options] */
function serversOf(bytes, options) {
  const bundle = ol.bundle(bytes, options);
  open.push(bundle);
  return { bundle, beacon: [bundle.transport('beacon')], l1: [bundle.transport('l1')], l2: [bundle.transport('l2')] };
}

/** What an answer says that is not of the moment. @param {any} answer */
const lasting = ({ ageSeconds, blame, ...answer }) => answer;

before(async () => {
  const devnet = await startDevnet({ variant: 'games-0.17.3' });
  try {
    await devnet.make('defender-won');
    await devnet.present();
    const { urls, profile, keys } = devnet;
    const owner = keys.owner.address;
    const checkpoint = await devnet.checkpoint();
    const recording = ol.recording();
    const answer = await ask({ beacon: [urls.beacon], l1: [urls.l1], l2: [urls.l2] }, /** @type {any} */ ({ owner, profile, checkpoint }), { recording });
    const about = { made: Math.floor(Date.now() / 1000), l1ChainId: 900n, l2ChainId: 1612n, checkpoint, question: 'an account' };
    kept = { owner, profile, checkpoint, answer, about, bytes: recording.pack(about) };
    const servers = ['--rpc', urls.l2, '--beacon', urls.beacon, '--l1', urls.l1];
    const { code, stderr } = await command(['bundle', 'make', owner, '--out', native, ...natively(), ...servers, '--slot', '5']);
    assert.equal(code, 0, stderr);
  } finally {
    await devnet.close();
  }
});

const natively = () => ['--rollup', file('profile.json', kept.profile), '--checkpoint', kept.checkpoint];

test('a recorded run is run again with all servers gone, to the same answer', async () => {
  const { bundle, ...servers } = serversOf(kept.bytes);
  assert.equal(bundle.id, `0x${sha256(kept.bytes).toString('hex')}`);
  assert.deepEqual([bundle.made, bundle.l1ChainId, bundle.l2ChainId, bundle.checkpoint, bundle.question],
    [BigInt(kept.about.made), 900n, 1612n, kept.checkpoint, 'an account']);
  assert.equal(bundle.count, unpack(kept.bytes).entries.length);
  const answer = await ask(servers);
  assert.deepEqual(lasting(answer), lasting(kept.answer));
  assert.equal(answer.trust.level, 'finalized');
});

test('natively made bundles verify here, ours natively, and the same answers have the same name', async () => {
  const bytes = readFileSync(native);
  const { bundle, ...servers } = serversOf(bytes);
  const recording = ol.recording();
  assert.deepEqual(lasting(await ask(servers, kept, { recording })), lasting(kept.answer));
  const { made, l1ChainId, l2ChainId, checkpoint, question } = bundle;
  assert.deepEqual(Buffer.from(recording.pack({ made, l1ChainId, l2ChainId, checkpoint, question })), bytes);

  const own = file('own.bundle', '');
  writeFileSync(own, kept.bytes);
  const { code, stdout, stderr } = await command(['verify', 'bundle', own, kept.owner, ...natively(), '--slot', '5', '--json']);
  assert.equal(code, 0, stderr);
  const found = JSON.parse(stdout);
  assert.equal(found.bundle.id, ol.bundle(kept.bytes).id);
  assert.equal(BigInt(found.answer.balance), kept.answer.balance);
  assert.equal(found.answer.block.hash, kept.answer.block.hash);
});

test('where an answer is left out, the error names its request; one that was changed is refused by the core', async () => {
  const parts = unpack(kept.bytes);
  const isHead = (/** @type {Buffer} */ answer) => answer[0] !== 0x7b && answer[0] !== 0x22;
  const reasons = new Set();
  for (const [i, { request, answer }] of parts.entries.entries()) {
    const without = serversOf(pack({ ...parts, entries: parts.entries.toSpliced(i, 1) }));
    const lacking = await ask(without).catch((error) => error);
    const said = lacking instanceof sdk.OpenLedgerError
      ? /^(beacon|l1|l2): .*: bundle: has no (answer|update)/.test(lacking.message) || /headers of the L1 blocks are not known/.test(lacking.message)
      : isHead(answer); // of the two kinds of newest heads one can do, where the other says as much
    assert.ok(said, `answer ${i}: ${lacking.message}`);

    const changed = Buffer.from(answer);
    changed[isHead(answer) ? Math.min(200, answer.length - 1) : answer.length - 8] ^= 1;
    const outcome = await ask(serversOf(pack({ ...parts, entries: parts.entries.with(i, { request, answer: changed }) }))).catch((error) => error);
    if (outcome instanceof sdk.OpenLedgerError) reasons.add(`${outcome.status} ${outcome.blame.map(({ error }) => error.status)}`);
    else assert.deepEqual(lasting(outcome), lasting(kept.answer)); // what was changed is no part of what is proven
  }
  assert.ok([...reasons].some((reason) => /proof|crypto|encoding|mismatch/.test(reason)), [...reasons].join());
});

test('another address has no answer, unless an endpoint behind the bundle has it', async () => {
  const { bundle, ...servers } = serversOf(kept.bytes);
  const question = { address: '0x4200000000000000000000000000000000000016' };
  await assert.rejects(ask(servers, kept, { question }), (/** @type {OpenLedgerError} */ error) =>
    error.status === 'mismatch' && /^l2: eth_getProof \["0x42.*: bundle: has no answer to a request of this question$/.test(error.message));
  let asked = 0;
  const live = async () => {
    asked++;
    throw new sdk.TransportError('connection');
  };
  await assert.rejects(ask({ ...servers, l2: [...servers.l2, live] }, kept, { question }));
  assert.ok(asked > 0);
  assert.deepEqual(lasting(await ask({ ...servers, l2: [...servers.l2, live] })), lasting(kept.answer));
});

test('a bundle of a period that is over is stale as of now, and not as of then', async () => {
  const now = () => (kept.about.made + 2 * PERIOD_S) * 1000;
  const { bundle, ...servers } = serversOf(kept.bytes, { now });
  await assert.rejects(ask(servers, kept, { now }), (/** @type {OpenLedgerError} */ error) =>
    error.status === 'stale' && /^beacon: \/eth\/v1\/beacon\/light_client\/updates\?start_period=\d+&count=14: bundle: has no update/.test(error.message));
  const then = () => kept.about.made * 1000;
  assert.deepEqual(lasting(await ask(serversOf(kept.bytes, { now: then }), kept, { now: then })), lasting(kept.answer));
});

test('a bundle is one voice, and no quorum of two', async () => {
  const chain = new Chain(keccak, accounts);
  const recording = ol.recording();
  const transport = async (/** @type {import('openledger').Want} */ { body }) => chain.respond(body);
  await ol.client({ endpoints: [transport] }).account({ address }, { recording });
  const { bundle } = serversOf(recording.pack({ made: 1 }));
  const once = await ol.client({ endpoints: [bundle.transport('l2')] }).account({ address });
  assert.deepEqual([once.trust.level, once.trust.agreed, once.trust.asked], ['quorum', 1, 1]);
  const twice = ol.client({ endpoints: [bundle.transport('l2'), bundle.transport('l2')], quorum: 2 }).account({ address });
  await assert.rejects(twice, /a bundle is the first endpoint of a source, and no second one|too few endpoints/);
});

test('only what was used is kept', async () => {
  const chain = new Chain(keccak, accounts);
  const honest = async (/** @type {import('openledger').Want} */ { body }) => chain.respond(body);
  const slow = async (/** @type {import('openledger').Want} */ want) => {
    if (!want.body.includes('eth_getProof')) await wait(50);
    return honest(want);
  };
  const liar = async (/** @type {import('openledger').Want} */ want) =>
    (want.body.includes('eth_getProof') ? (await honest(want)).replace('"nonce":"0x7"', '"nonce":"0x8"') : honest(want));
  const [with_, without] = [ol.recording(), ol.recording()];
  const answer = await ol.client({ endpoints: [liar, slow], quorum: 1 }).account({ address }, { recording: with_ });
  assert.equal(answer.blame.length, 1);
  await ol.client({ endpoints: [honest], quorum: 1 }).account({ address }, { recording: without });
  assert.equal(with_.count, without.count);
  assert.deepEqual(with_.pack({ made: 1 }), without.pack({ made: 1 }));
  assert.throws(() => ol.recording().pack({ made: 1 }), /answers are none/);
});

test('what is no bundle is refused', () => {
  const flipped = Uint8Array.from(kept.bytes);
  flipped[300] ^= 1;
  assert.throws(() => ol.bundle(flipped), /is damaged, or was never a bundle/);
  assert.throws(() => ol.bundle(kept.bytes.subarray(0, 50)), /ends too early/);
  assert.throws(() => ol.bundle(new Uint8Array()), /is no bundle/);
  const many = Uint8Array.from(kept.bytes);
  many[13] = 1;
  assert.throws(() => ol.bundle(sealed(many)), /number of answers is not 1 to 256/);
  assert.throws(() => ol.bundle(kept.bytes).transport(/** @type {any} */ ('moon')), /a source is beacon, l1, l2 or node/);
  assert.throws(() => ol.recording().pack({ made: 1, question: 'ä' }), /answers are none/);
});
