// SPDX-License-Identifier: MIT
// Ethereum followed over HTTP, by simulated beacon nodes: honest, behind, dying, and lying in every way they know.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Chain } from '../devnet/beacon/chain.mjs';
import { LIES, committeeLie } from '../devnet/beacon/lies.mjs';
import { hex } from '../devnet/beacon/random.mjs';
import { TRANSPORT_LIES, startServer } from '../devnet/beacon/server.mjs';
import { openledger as ol, root } from './support.mjs';

const run = promisify(execFile);

/** @typedef {import('openledger').OpenLedgerError} OpenLedgerError */

const PERIOD = /** @type {Record<string, number>} */ ({ minimal: 64, mainnet: 8192 }); // slots

/** A chain of so many periods, by a clock that stands. @param {number} periods @param {any} [options] */
function chainOf(periods, { preset = 'minimal', ...options } = {}) {
  const clock = () => 1_600_000_000 + Math.round(periods * PERIOD[preset]) * (preset === 'minimal' ? 6 : 12) + 5;
  return new Chain({ preset, clock, ...options });
}

/** @param {import('node:test').TestContext} t @param {Chain} chain @param {any} [options] */
async function serverOf(t, chain, options = {}) {
  const server = await startServer({ chain, ...options });
  t.after(() => server.close());
  return server;
}

/** A checkpoint so many periods ago. @param {Chain} chain @param {number} periods */
const checkpointOf = (chain, periods) =>
  chain.root(chain.finalizedSlotAt(chain.slotNow() - periods * PERIOD[chain.preset]));

/** @param {import('node:test').TestContext} t @param {Chain} chain @param {any} options */
function syncOf(t, chain, options) {
  const network = { ...chain.spec(), ...chain.genesis() };
  const sync = ol.sync({ network, now: () => chain.clock() * 1000, timeoutMs: 5000, ...options });
  t.after(() => sync.close());
  return sync;
}

/** Whether heads are blocks of the chain. @param {Chain} chain @param {import('openledger').SyncStatus} status */
async function assertTrue(chain, { finalized, optimistic }) {
  for (const head of [finalized, optimistic]) {
    const block = await chain.block(Number(head.slot));
    assert.equal(head.root, hex(block.root), `slot ${head.slot} is not of the chain`);
  }
}

test('40 periods behind, through every fork from Altair to Gloas', async (t) => {
  const epochs = /** @param {number} periods */ (periods) => periods * 256;
  const chain = chainOf(45.5, {
    preset: 'mainnet',
    forks: { altair: 0, bellatrix: epochs(2), capella: epochs(8), deneb: epochs(12), electra: epochs(20), fulu: epochs(30), gloas: epochs(40) },
  });
  const server = await serverOf(t, chain);
  const checkpoint = await checkpointOf(chain, 40);
  const options = { beacon: [server.url], l1: [server.url], checkpoint };
  const sync = syncOf(t, chain, { ...options, insist: true });
  /** @type {import('openledger').SyncProgress[]} */
  const progress = [];
  const status = await sync.run({ onProgress: (at) => progress.push(at) });
  await assertTrue(chain, status);
  assert.equal(Number(status.optimistic.slot), chain.slotNow() - 1);
  assert.equal(Number(status.finalized.slot), chain.finalizedSlotAt(chain.slotNow() - 1));
  assert.equal(status.finalized.blockNumber, status.finalized.slot - 1n); // from Gloas on that of the parent
  assert.deepEqual([status.period, status.committeeSize, status.forced], [45n, 512, false]);
  assert.deepEqual(progress[0], { first: 5n, now: 5n, last: 45n });
  assert.equal(progress.at(-1)?.now, 45n);
  assert.ok(server.requests.filter(({ path }) => path.startsWith('/eth')).every(({ octets }) => octets));

  const strict = syncOf(t, chain, options);
  await assert.rejects(strict.run(), (/** @type {OpenLedgerError} */ { status: kind, part }) => kind === 'stale' && part === 'checkpoint');

  const state = sync.save();
  assert.ok(state.length <= 25_000);
  const before = server.requests.length;
  const resumed = syncOf(t, chain, { beacon: [server.url], state });
  assert.equal((await resumed.run()).finalized.root, status.finalized.root);
  const beacon = server.requests.slice(before).filter(({ path }) => path.startsWith('/eth'));
  assert.deepEqual(beacon.map(({ path }) => path.split('/').at(-1)), ['finality_update', 'optimistic_update']);
});

test('a saved state that is damaged, or of another network or checkpoint', async (t) => {
  const chain = chainOf(5.5);
  const server = await serverOf(t, chain);
  const checkpoint = await checkpointOf(chain, 2);
  const first = syncOf(t, chain, { beacon: [server.url], checkpoint });
  await first.run();
  const state = first.save();
  const damaged = state.slice();
  damaged[1000] ^= 1;
  const again = syncOf(t, chain, { beacon: [server.url], checkpoint, state: damaged });
  assert.equal(again.stateError?.status, 'encoding');
  assert.match(again.stateError?.message ?? '', /^saved state byte \d+: is damaged/);
  assert.equal((await again.run()).finalized.root, first.status.finalized.root);
  const refused = (/** @type {any} */ options) => {
    try {
      syncOf(t, chain, { beacon: [server.url], ...options });
    } catch (error) {
      return /** @type {OpenLedgerError} */ (error).reason;
    }
    return 'not refused';
  };
  assert.match(refused({ state: damaged }), /is damaged/); // there is nothing else to start from
  assert.equal(refused({ state, network: 'mainnet' }), 'is of another network');
  assert.equal(refused({ state, checkpoint: new Uint8Array(32).fill(1) }), 'began with another checkpoint');
  await assert.rejects(syncOf(t, chain, { beacon: [server.url] }).run(), /neither a checkpoint nor a saved state/);
});

test('27 hours without finality, and more', async (t) => {
  for (const [lastFinal, forced] of /** @type {[number, boolean][]} */ ([[3 * 8 + 1, true], [4 * 8 + 3, false]])) {
    // Of five and a half periods nothing is final after this epoch.
    const finality = (/** @type {number} */ slot) => Math.min(Math.floor(slot / 8) - 2, lastFinal) * 8;
    const chain = chainOf(5.5, { finality });
    const server = await serverOf(t, chain);
    const sync = syncOf(t, chain, { beacon: [server.url], checkpoint: await chain.root(2 * 64 + 8) });
    const status = await sync.run();
    await assertTrue(chain, status);
    assert.equal(Number(status.optimistic.slot), chain.slotNow() - 1);
    assert.equal(status.forced, forced);
  }
});

test('a node that dies half-way', async (t) => {
  const chain = chainOf(45.5);
  const checkpoint = await checkpointOf(chain, 40);
  for (const lives of [0, 1, 2, 3, 4]) {
    const dying = await serverOf(t, chain, { lie: 'dies', lives });
    const alone = syncOf(t, chain, { beacon: [dying.url], checkpoint, insist: true });
    await assert.rejects(alone.run(), (/** @type {OpenLedgerError} */ { status, reason }) => status === 'transport' && reason === 'connection failed');
    const dyingToo = await serverOf(t, chain, { lie: 'dies', lives });
    const other = await serverOf(t, chain);
    const sync = syncOf(t, chain, { beacon: [dyingToo.url, other.url], checkpoint, insist: true });
    const status = await sync.run();
    await assertTrue(chain, status);
    assert.equal(Number(status.optimistic.slot), chain.slotNow() - 1);
    assert.ok(status.blame.every(({ source, endpoint }) => source === 'beacon' && endpoint === 0));
    alone.close();
    sync.close();
  }
});

const KIND_OF = /** @type {Record<string, string>} */ ({ bootstrap: 'bootstrap', update: 'updates', finality: 'finality', optimistic: 'optimistic' });

test('no lie is believed, and who tells it is blamed', async (t) => {
  const chain = chainOf(5.5);
  const checkpoint = await checkpointOf(chain, 3);
  const honest = await serverOf(t, chain);
  for (const [lie, { at, expect }] of Object.entries(LIES)) {
    if (lie === 'committee-not-next') continue; // two thirds of a committee tell it, whom a client has to believe
    for (const kind of at) {
      const liar = await serverOf(t, chain, { lie, only: [KIND_OF[kind]] });
      const sync = syncOf(t, chain, { beacon: [liar.url, honest.url], checkpoint });
      const status = await sync.run();
      const what = `${lie} at ${kind}`;
      await assertTrue(chain, status);
      assert.equal(Number(status.optimistic.slot), chain.slotNow() - 1, what);
      assert.ok(status.blame.every(({ endpoint }) => endpoint === 0), what);
      const early = kind === 'bootstrap' || kind === 'update';
      if (early && expect === 'refused') assert.ok(status.blame.length > 0, `nobody is blamed for ${what}`);
      if (expect === 'true') assert.equal(status.blame.length, 0, what);
      const alone = syncOf(t, chain, { beacon: [liar.url], checkpoint });
      const outcome = await alone.run().catch((/** @type {OpenLedgerError} */ error) => error);
      if (early && expect === 'refused') assert.ok(outcome instanceof Error, `${what} is believed`);
      if (expect === 'true') assert.ok(!(outcome instanceof Error), what);
      if (!(outcome instanceof Error)) await assertTrue(chain, outcome);
      sync.close();
      alone.close();
    }
  }
});

/** Lies about keys that need not be read, as the members sign: only the aggregate and the absent are. */
const UNREAD = ['non-subgroup-keys-that-cancel', 'key-not-on-curve', 'infinity-key'];

test('no key of a committee that is read may be bad', async (t) => {
  for (const [lie, { at, expect }] of Object.entries(LIES)) {
    if (at.length > 0) continue;
    const chain = chainOf(5.5, { changeCommittee: committeeLie(lie, 4) });
    const server = await serverOf(t, chain);
    const sync = syncOf(t, chain, { beacon: [server.url], checkpoint: await checkpointOf(chain, 3) });
    const outcome = await sync.run().catch((/** @type {OpenLedgerError} */ error) => error);
    assert.equal(outcome instanceof Error, expect === 'refused' && !UNREAD.includes(lie), lie);
    if (outcome instanceof Error) assert.equal(sync.status.period, 3n); // as far as the committee before says
    else await assertTrue(chain, outcome);
  }
});

test('what goes wrong on the way is put down to the node', async (t) => {
  const chain = chainOf(5.5);
  const checkpoint = await checkpointOf(chain, 3);
  const honest = await serverOf(t, chain);
  for (const lie of Object.keys(TRANSPORT_LIES)) {
    const bad = await serverOf(t, chain, { lie, delay: 3000, lives: 1 });
    const timeoutMs = ['silent', 'slow'].includes(lie) ? 150 : 5000;
    const sync = syncOf(t, chain, { beacon: [bad.url, honest.url], checkpoint, timeoutMs });
    const status = await sync.run();
    await assertTrue(chain, status);
    assert.equal(Number(status.optimistic.slot), chain.slotNow() - 1, lie);
    assert.ok(status.blame.every(({ endpoint }) => endpoint === 0), lie);
    sync.close();
  }
});

test('an L1 node that does not know a block, or tells of another', async (t) => {
  const chain = chainOf(5.5);
  const server = await serverOf(t, chain);
  const checkpoint = await checkpointOf(chain, 2);
  const other = await serverOf(t, new Chain({ preset: 'minimal', seed: 'another', clock: chain.clock }));
  const sync = syncOf(t, chain, { beacon: [server.url], l1: [other.url, server.url], checkpoint });
  const status = await sync.run();
  assert.equal(status.finalized.blockNumber, status.finalized.slot);
  assert.deepEqual(status.blame.map(({ source, endpoint }) => `${source} ${endpoint}`).slice(0, 1), ['l1 0']);
  const alone = syncOf(t, chain, { beacon: [server.url], l1: [other.url], checkpoint });
  await assert.rejects(alone.run(), (/** @type {OpenLedgerError} */ { status: kind, part }) => kind === 'remote' && part === 'finalized block');
});

test('the example runs, and goes on from what it kept', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'openledger-follow-'));
  t.after(() => rm(folder, { recursive: true }));
  const chain = new Chain({ preset: 'minimal', genesisTime: Math.floor(Date.now() / 1000 - 5.5 * 64 * 6) });
  const [server, liar] = [await serverOf(t, chain), await serverOf(t, chain, { lie: 'bad-current-committee-branch' })];
  await writeFile(join(folder, 'network.json'), JSON.stringify({ ...chain.spec(), ...chain.genesis() }));
  const checkpoint = hex(await checkpointOf(chain, 3));
  const args = ['examples/js/follow.mjs', `${liar.url},${server.url}`, checkpoint, join(folder, 'state'), join(folder, 'network.json')];
  const first = (await run(process.execPath, args, { cwd: root })).stdout;
  assert.match(first, /^finalized 0x[0-9a-f]{64} at slot \d+; newest slot \d+\nendpoint 0: bootstrap current_sync_committee_branch: /);
  assert.match((await run(process.execPath, args, { cwd: root })).stdout, /^finalized 0x/);
  assert.equal(server.requests.filter(({ path }) => path.includes('bootstrap')).length, 1);
});

test('a run is given up, and another takes it on', async (t) => {
  const chain = chainOf(5.5);
  const silent = await serverOf(t, chain, { lie: 'silent', only: ['updates'] });
  const sync = syncOf(t, chain, { beacon: [silent.url], checkpoint: await checkpointOf(chain, 3) });
  const controller = new AbortController();
  const run = sync.run({
    signal: controller.signal,
    onWant: ({ path }) => path.includes('updates?') && setTimeout(() => controller.abort(new Error('enough')), 20),
  });
  await assert.rejects(sync.run(), /this sync is running/);
  assert.throws(() => sync.close(), /this sync is running/);
  await assert.rejects(run, /enough/);
  assert.equal(sync.status.period, 2n); // from the bootstrap
  silent.lie = undefined;
  assert.equal((await sync.run()).period, 5n);
  assert.ok(sync.nextUpdateMs > 0 && sync.nextUpdateMs <= 8000);
});
