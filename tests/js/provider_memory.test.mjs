// SPDX-License-Identifier: MIT
// A provider that is closed gives its memory back, whatever became of what it was asked: the module's heap does not grow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { Chain } from './chain.mjs';
import { assertNothingStays } from './memory.mjs';
import { accounts, address, contract, keccak, openledger as ol } from './support.mjs';

/** @typedef {import('openledger').Transport} Transport */

const ROUNDS = 50;
const chain = new Chain(keccak, accounts);
/** @type {Transport} */
const honest = async ({ body }) => chain.respond(body);
/** @type {Transport} */
const liar = async ({ body }) => chain.respond(body).replace('"nonce":"0x7"', '"nonce":"0x8"');
/** @type {Transport} */
const silent = () => new Promise(() => {});
const balance = { method: 'eth_getBalance', params: [address, 'latest'] };

test('closed after its answers', () => assertNothingStays(ROUNDS, async () => {
  const provider = ol.provider({ endpoints: [honest], maxAge: Infinity });
  assert.equal(await provider.request(balance), '0x14d1120d7b160000');
  await Promise.all([
    provider.verified({ method: 'eth_getStorageAt', params: [contract, '0x0', 'latest'] }),
    provider.request({ method: 'eth_getCode', params: [contract, 'latest'] }),
    assert.rejects(provider.request({ method: 'eth_getBalance', params: ['0x12', 'latest'] }), { code: -32602 }),
    assert.rejects(provider.request({ method: 'eth_getBalance', params: [`0x${'00'.repeat(300_000)}`, 'latest'] }), { code: -32005 }),
  ]);
  provider.close();
  provider.close();
}));

test('closed after lies and silence', () => assertNothingStays(ROUNDS, async () => {
  const lied = ol.provider({ endpoints: [liar], maxAge: Infinity });
  await assert.rejects(lied.request(balance), { code: -32002 });
  lied.close();
  const failed = ol.provider({ endpoints: [async () => { throw new Error('gone'); }], maxAge: Infinity });
  await assert.rejects(failed.request(balance), { code: -32002 });
  failed.close();
}));

test('closed while it is asking, and with others waiting', () => assertNothingStays(ROUNDS, async () => {
  /** @type {(() => void)[]} */
  const held = [];
  const slow = (/** @type {import('openledger').Want} */ { body }) => new Promise((resolve) => held.push(() => resolve(chain.respond(body))));
  const provider = ol.provider({ endpoints: [/** @type {Transport} */ (slow)], maxAge: Infinity });
  await provider.request({ method: 'eth_subscribe', params: ['newHeads'] });
  const asked = [...Array(3)].map(() => provider.request(balance).catch(({ code }) => code));
  while (held.length === 0) await turn();
  const late = provider.request({ method: 'eth_getCode', params: [contract, 'latest'] }).catch(({ code }) => code);
  provider.close();
  const answer = async () => {
    for (const release of held.splice(0)) release();
    await turn();
  };
  const all = Promise.all([...asked, late]);
  let isDone = false;
  void all.finally(() => (isDone = true));
  while (!isDone) await answer();
  assert.equal((await all).at(-1), 4900);
}));

test('never asked, and refused from the start', () => assertNothingStays(ROUNDS, async () => {
  ol.provider({ endpoints: [silent] }).close();
  assert.throws(() => ol.provider({ endpoints: [silent], chainId: 0n }), { name: 'OpenLedgerError' });
  assert.throws(() => ol.provider({ endpoints: [silent], maxResponse: 5 }), { name: 'OpenLedgerError' });
  assert.throws(() => ol.provider({ endpoints: [silent], trust: /** @type {any} */ ('blind') }), { name: 'OpenLedgerError' });
}));

test('with a sync, a record and a bundle', async (t) => {
  const devnet = await startDevnet({ variant: 'games-0.17.3', preset: 'minimal' });
  t.after(() => devnet.close());
  await devnet.propose();
  await devnet.present();
  const { urls, profile, keys } = devnet;
  const checkpoint = await devnet.checkpoint();
  const question = { method: 'eth_getBalance', params: [keys.owner.address, 'latest'] };
  const made = Math.floor(Date.now() / 1000);
  /** @param {any} servers @param {object} [options] */
  const ask = async (servers, options) => {
    const sync = ol.sync({ beacon: servers.beacon, l1: servers.l1, checkpoint, network: profile });
    const provider = ol.provider({ endpoints: servers.l2, l1: servers.l1, sync, rollup: profile, trust: 'proposed', ...options });
    const value = await provider.request(question);
    provider.close();
    sync.close();
    return value;
  };
  const servers = { beacon: [urls.beacon], l1: [urls.l1], l2: [urls.l2] };
  const recording = ol.recording();
  const value = await ask(servers, { recording });
  const bytes = recording.pack({ made, checkpoint });
  const now = () => made * 1000;
  await assertNothingStays(ROUNDS, async (round) => {
    if (round % 10 === 0) assert.equal(await ask(servers), value);
    const own = ol.recording();
    const bundle = ol.bundle(bytes, { now });
    const offline = { beacon: [bundle.transport('beacon')], l1: [bundle.transport('l1')], l2: [bundle.transport('l2')] };
    assert.equal(await ask(offline, { recording: own }), value);
    assert.deepEqual(own.pack({ made, checkpoint }).length, bytes.length);
    bundle.close();
  });
});
