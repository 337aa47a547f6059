// SPDX-License-Identifier: MIT
// The endpoints: the formats of the Beacon API, the lies on the way, a live L1, the command and the recordings.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createKeccak } from 'hash-wasm';
import { Chain } from './chain.mjs';
import { LiveExecution } from './execution.mjs';
import { writeFixtures } from './fixtures.mjs';
import { Reference } from './reference.mjs';
import { LIE_NAMES, TRANSPORT_LIES, startServer } from './server.mjs';
import { typesOf } from './types.mjs';
import { hex } from './random.mjs';

const NOW = 8 * 64 + 40;
const START = 4 * 64 + 16;
const OCTETS = 'application/octet-stream';
const chain = new Chain({ preset: 'minimal', clock: () => 1_600_000_000 + NOW * 6 });
const types = typesOf('minimal', 'fulu');

/** @type {(() => any)[]} */
const endings = [];
after(() => Promise.all(endings.map((end) => end())));

/** @param {Partial<ConstructorParameters<typeof import('./server.mjs').BeaconServer>[0]>} [options] */
async function serverWith(options = {}) {
  const server = await startServer({ chain, ...options });
  endings.push(() => server.close());
  return server;
}

/** @param {{ url: string }} server @param {string} path @param {string} [accept] */
const get = ({ url }, path, accept = 'application/json') =>
  fetch(`${url}${path}`, { headers: { accept }, signal: AbortSignal.timeout(5000) });

const LIGHT = '/eth/v1/beacon/light_client';

/** @param {Buffer} bytes of a response for updates */
function chunksOf(bytes) {
  const chunks = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    chunks.push({ digest: bytes.subarray(at + 8, at + 12), ssz: bytes.subarray(at + 12, at + 8 + length) });
    at += 8 + length;
  }
  return chunks;
}

test('a client syncs over the endpoints, in SSZ and in JSON', async () => {
  const server = await serverWith();
  const root = hex(await chain.root(START));
  for (const accept of [OCTETS, 'application/json', undefined]) {
    const isBinary = accept === OCTETS;
    const read = async (/** @type {string} */ path, type) => {
      const response = await get(server, `${LIGHT}/${path}`, accept);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), isBinary ? OCTETS : 'application/json');
      assert.equal(response.headers.get('eth-consensus-version'), 'fulu');
      if (!isBinary) {
        const { version, data } = await response.json();
        return { version, type, data: type.fromJson(data) };
      }
      return { version: 'fulu', type, data: type.deserialize(new Uint8Array(await response.arrayBuffer())) };
    };
    const client = new Reference(chain);
    client.start(await chain.root(START), await read(`bootstrap/${root}`, types.Bootstrap));
    const response = await get(server, `${LIGHT}/updates?start_period=4&count=128`, accept);
    const updates = isBinary
      ? chunksOf(Buffer.from(await response.arrayBuffer())).map(({ digest, ssz }) => {
          assert.deepEqual(new Uint8Array(digest), chain.schedule.forkDigest(NOW));
          return types.Update.deserialize(new Uint8Array(ssz));
        })
      : (await response.json()).map(({ data }) => types.Update.fromJson(data));
    assert.equal(updates.length, 5);
    for (const data of updates) assert.equal(client.process({ kind: 'update', slot: 0, version: 'fulu', type: types.Update, data }, NOW), 'applied');
    client.process(await read('finality_update', types.FinalityUpdate), NOW);
    client.process(await read('optimistic_update', types.OptimisticUpdate), NOW);
    assert.equal(client.store.optimistic.slot, NOW - 1);
    assert.equal(client.store.finalized.slot, chain.finalizedSlotAt(NOW - 1));
  }
});

test('what is around: genesis, configuration, headers, errors', async () => {
  const server = await serverWith();
  const data = async (/** @type {string} */ path) => (await (await get(server, path)).json()).data;
  assert.equal((await data('/eth/v1/beacon/genesis')).genesis_validators_root, hex(chain.genesisValidatorsRoot));
  assert.equal((await data('/eth/v1/config/spec')).FULU_FORK_EPOCH, '0');
  assert.equal((await data('/eth/v1/config/spec')).GLOAS_FORK_EPOCH, '18446744073709551615');
  const { root } = await data('/eth/v1/beacon/headers/finalized');
  assert.equal((await get(server, `${LIGHT}/bootstrap/${root}`)).status, 200);
  assert.equal(Number((await data('/eth/v1/beacon/headers/head')).header.message.slot), NOW);
  const status = async (/** @type {string} */ path) => (await get(server, path)).status;
  assert.equal(await status(`${LIGHT}/bootstrap/0x${'00'.repeat(32)}`), 404);
  assert.equal(await status(`${LIGHT}/bootstrap/latest`), 400);
  assert.equal(await status(`${LIGHT}/updates?start_period=4`), 400);
  assert.equal(await status(`${LIGHT}/updates?start_period=4&count=0`), 400);
  assert.equal(await status('/eth/v1/node/peers'), 404);
  assert.deepEqual(await (await get(server, `${LIGHT}/updates?start_period=90&count=2`)).json(), []);
  assert.equal((await get(server, `${LIGHT}/finality_update`, `application/json;q=0.9,${OCTETS}`)).headers.get('content-type'), OCTETS);
});

test('lies on the way', async () => {
  const path = `${LIGHT}/updates?start_period=4&count=3`;
  const honest = Buffer.from(await (await get(await serverWith(), path, OCTETS)).arrayBuffer());
  /** What is got of three updates. @param {string} lie @param {object} [options] */
  const got = async (lie, options) => Buffer.from(await (await get(await serverWith({ lie, ...options }), path, OCTETS)).arrayBuffer());
  const slots = (/** @type {Buffer} */ bytes) =>
    chunksOf(bytes).map(({ ssz }) => chain.schedule.periodOf(types.Update.deserialize(new Uint8Array(ssz)).attestedHeader.beacon.slot));
  const before = Date.now();
  assert.ok((await got('slow', { delay: 60 })).equals(honest));
  assert.ok(Date.now() - before >= 50);
  for (const lie of ['hang-up', 'truncated-body']) await assert.rejects(got(lie), lie);
  const silent = await serverWith({ lie: 'silent' });
  await assert.rejects(fetch(`${silent.url}${path}`, { signal: AbortSignal.timeout(100) }));
  assert.ok((await got('short-body')).equals(honest.subarray(0, honest.length >> 1)));
  assert.ok((await got('long-body')).length > honest.length);
  assert.equal((await got('oversized-body')).length, honest.length + (64 << 20));
  assert.match(String(await got('not-json')), /^<html/);
  const single = await get(await serverWith({ lie: 'wrong-version-label' }), `${LIGHT}/finality_update`);
  assert.equal(single.headers.get('eth-consensus-version'), 'deneb');
  assert.notDeepEqual(chunksOf(await got('wrong-digest'))[0].digest, chunksOf(honest)[0].digest);
  assert.ok(chunksOf(await got('long-chunk')).at(-1).ssz.length === chunksOf(honest)[2].ssz.length);
  for (const code of [404, 500, 503]) {
    assert.equal((await get(await serverWith({ lie: `http-${code}` }), path)).status, code);
  }
  assert.equal((await got('empty-updates')).length, 0);
  assert.deepEqual(slots(honest), [4, 5, 6]);
  assert.deepEqual(slots(await got('updates-backwards')), [6, 5, 4]);
  assert.deepEqual(slots(await got('updates-of-other-period')), [5, 6, 7]);
  assert.deepEqual(slots(await got('updates-with-gap')), [4, 6]);
  assert.deepEqual(slots(await got('updates-too-many')), [4, 5, 6, 7]);
  assert.deepEqual(slots(await got('updates-repeated')), [4, 4, 4]);
  const mortal = await serverWith({ lie: 'dies', lives: 2 });
  for (const status of [200, 200]) assert.equal((await get(mortal, path)).status, status);
  await assert.rejects(get(mortal, path));
  assert.equal(mortal.requests.length >= 3, true);
});

test('each lie can be told; at one endpoint, in one period', async () => {
  for (const lie of LIE_NAMES.filter((name) => !(name in TRANSPORT_LIES))) {
    const server = await serverWith({ lie });
    for (const path of ['updates?start_period=7&count=2', 'finality_update', 'optimistic_update']) {
      assert.equal((await get(server, `${LIGHT}/${path}`, OCTETS)).status, 200, `${lie} ${path}`);
    }
  }
  await assert.rejects(serverWith({ lie: 'no-such-lie' }), /no such lie/);
  const server = await serverWith({ lie: 'bad-signature', only: ['updates'], period: 5 });
  const signature = ({ data }) => data.sync_aggregate.sync_committee_signature;
  const json = async (at, path) => (await get(at, `${LIGHT}/${path}`)).json();
  const honest = await serverWith();
  const [told, truth] = await Promise.all([server, honest].map((at) => json(at, 'updates?start_period=4&count=3')));
  assert.deepEqual(told.map((update, i) => signature(update) === signature(truth[i])), [true, false, true]);
  assert.equal(signature(await json(server, 'finality_update')), signature(await json(honest, 'finality_update')));
});

test('the hash of a made-up execution block is that of its RLP', async () => {
  const { payload, rlp } = await chain.execution.block(START);
  assert.equal(`0x${(await createKeccak(256)).init().update(rlp).digest('hex')}`, hex(payload.blockHash));
});

test('made-up execution blocks are told over JSON-RPC', async () => {
  const { url } = await serverWith();
  const live = new LiveExecution({ url, chainId: 31337, follow: (slot) => slot });
  const { payload } = await chain.execution.block(START);
  const { payload: told } = await live.block(START);
  for (const name of ['blockHash', 'stateRoot', 'prevRandao', 'extraData']) assert.equal(hex(told[name]), hex(payload[name]), name);
  assert.equal((await live.ask('eth_getBlockByHash', hex(payload.blockHash), false)).number, `0x${START.toString(16)}`);
  assert.equal(await live.ask('eth_getBlockByHash', hex(new Uint8Array(32)), false), null);
  const rlp = Buffer.from((await live.ask('debug_getRawHeader', `0x${START.toString(16)}`)).slice(2), 'hex');
  assert.equal(`0x${(await createKeccak(256)).init().update(rlp).digest('hex')}`, hex(payload.blockHash));
  await assert.rejects(live.ask('eth_call'), /does not exist/);
});

const anvil = join(import.meta.dirname, '../../../node_modules/.bin/anvil');

/** A free port, as far as one can know. @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

test('over the blocks of a live chain', { skip: !existsSync(anvil) && 'anvil is not installed' }, async () => {
  const port = await freePort();
  const process = spawn(anvil, ['--port', String(port), '--chain-id', '31337', '--silent'], { stdio: 'ignore' });
  endings.push(() => process.kill());
  const url = `http://127.0.0.1:${port}`;
  const execution = new LiveExecution({ url, chainId: 31337 });
  for (let tries = 0; ; tries++) {
    try {
      await execution.ask('anvil_mine', '0x3');
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const live = new Chain({ preset: 'minimal', execution, clock: () => 1_600_000_000 + NOW * 6 });
  const optimistic = await live.optimisticUpdate(NOW);
  const block = await execution.ask('eth_getBlockByNumber', '0x3', false);
  assert.equal(hex(optimistic.data.attestedHeader.execution.blockHash), block.hash);
  assert.equal(hex(optimistic.data.attestedHeader.execution.stateRoot), block.stateRoot);
  await execution.ask('anvil_mine', '0x1');
  assert.equal((await live.optimisticUpdate(NOW)).data.attestedHeader.execution.blockNumber, 3, 'a slot keeps its block');
  assert.equal((await live.optimisticUpdate(NOW + 1)).data.attestedHeader.execution.blockNumber, 4);
  const client = new Reference(live);
  client.start(await live.root(NOW - 16 - (NOW % 8)), await live.bootstrap(NOW - 16 - (NOW % 8)));
  client.process(await live.finalityUpdate(NOW), NOW);
  await assert.rejects(new LiveExecution({ url, chainId: 1 }).block(5), /chain 31337/);
  const numbered = new LiveExecution({ url, follow: (slot) => slot - 100 });
  assert.equal((await numbered.block(102)).payload.blockNumber, 2);
  assert.equal((await numbered.block(900)).payload.blockNumber, 4);
});

const main = join(import.meta.dirname, 'main.mjs');

test('the command prints its port and checkpoint, and serves it', async () => {
  const args = ['--preset', 'minimal', '--age', '9', '--checkpoint-age', '4', '--fork', 'electra=0', '--fork', 'fulu=30'];
  const process = spawn('node', [main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  endings.push(() => process.kill());
  const line = String(await new Promise((resolve) => process.stdout.once('data', resolve))).trim();
  assert.match(line, /^\d+ 0x[0-9a-f]{64}$/);
  const [port, root] = line.split(' ');
  const response = await get({ url: `http://127.0.0.1:${port}` }, `${LIGHT}/bootstrap/${root}`);
  assert.equal((await response.json()).version, 'fulu');
  process.stdin.end();
  assert.equal(await new Promise((resolve) => process.once('exit', resolve)), 0);
  assert.match(spawnSync('node', [main, '--lies'], { encoding: 'utf8' }).stdout, /^wrong-domain +refused/m);
  const { status, stderr } = spawnSync('node', [main, '--lie', 'nonsense'], { encoding: 'utf8', input: '' });
  assert.equal(status, 1);
  assert.match(stderr, /no such lie: nonsense/);
});

test('recordings of 46 periods', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'beacon-'));
  try {
    const network = await writeFixtures(folder, { preset: 'minimal' });
    const bytes = (/** @type {string} */ name) => new Uint8Array(readFileSync(join(folder, name)));
    const recorded = new Chain({ preset: 'minimal', seed: 'fixtures' });
    const client = new Reference(recorded);
    const answer = (type, data) => ({ kind: /** @type {const} */ ('update'), slot: 0, version: 'fulu', type, data });
    const root = Uint8Array.from(Buffer.from(network.checkpoint.slice(2), 'hex'));
    client.start(root, answer(types.Bootstrap, types.Bootstrap.deserialize(bytes('bootstrap.ssz'))));
    const updates = chunksOf(Buffer.from(bytes('updates.ssz')));
    assert.equal(updates.length, 46);
    assert.equal(readdirSync(join(folder, 'updates')).length, 46);
    for (const { ssz } of updates) {
      assert.equal(client.process(answer(types.Update, types.Update.deserialize(new Uint8Array(ssz))), network.current_slot), 'applied');
    }
    const finality = JSON.parse(readFileSync(join(folder, 'finality.json'), 'utf8'));
    client.process(answer(types.FinalityUpdate, types.FinalityUpdate.fromJson(finality.data)), network.current_slot);
    assert.equal(client.store.finalized.slot, network.finalized_slot);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
