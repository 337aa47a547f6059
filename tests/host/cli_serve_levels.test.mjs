// SPDX-License-Identifier: MIT
// openledger serve --trust: what each level answers over a rollup of real parts, what it keeps, and being killed.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { JsonRpcProvider } from 'ethers';
import { createPublicClient, http } from 'viem';
import { hex } from '../devnet/beacon/random.mjs';
import { noAnvil, quantity } from '../devnet/rollup/anvil.mjs';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { MESSAGE_PASSER } from '../devnet/rollup/output.mjs';
import { asBlock, asProof, asReceipt, asTransaction, chain } from '../js/alike.mjs';
import { openledger, scratch } from './cli.mjs';
import { inFrontOf, serveFor, spawnServe, startServe, until } from './serve.mjs';

const file = scratch();
const LEVELS = /** @type {const} */ (['unsafe', 'proposed', 'finalized']);
const ENDS_MS = 10_000;
const FINAL_DEPTH = 70; // blocks, more than anvil waits before it calls one final
const PERIOD_SLOTS = 64; // of the minimal preset

/** @type {any} */
let devnet;
/** A withdrawal that every level has. @type {any} */
let withdrawal;
/** The newest blocks of the levels that the L1 knows. @type {{ finalized: number, proposed: number }} */
let blocks;
/** What says which rollup, and by whom. @type {string[]} */
let options;
/** What each level serves. @type {Record<string, import('./serve.mjs').Serve>} */
const served = {};

before(async () => {
  if (noAnvil) return;
  devnet = await startDevnet({ variant: 'games-0.17.3', preset: 'minimal' });
  await devnet.mineL2(FINAL_DEPTH); // so that what it calls final is not its genesis, which has no accounts
  withdrawal = await devnet.withdraw(12345n);
  const final = await devnet.make('defender-won');
  await devnet.approach(3 * 3600);
  const newest = await devnet.propose();
  await devnet.present();
  blocks = { finalized: Number(final.l2Block), proposed: Number(newest.l2Block) };
  const { urls, profile } = devnet;
  options = ['--rollup', file('profile.json', profile), '--beacon', urls.beacon, '--l1', urls.l1, '--sequencer', `${urls.sequencer}/latest`, '--version', '3'];
  const more = ['--rpc', urls.l2, '--checkpoint', await devnet.checkpoint()];
  for (const trust of LEVELS) served[trust] = await startServe([...options, ...more, '--trust', trust]);
  served.quorum = await startServe(['--rpc', urls.l2, '--rpc', urls.l2.replace('127.0.0.1', 'localhost'), '--max-age', 'any']);
});
after(async () => {
  for (const one of Object.values(served)) await one.end('SIGKILL');
  await devnet?.close();
});

/** What the L2 calls the newest, signed just now, and not ahead of now. */
async function newest() {
  if ((await devnet.l2.time()) < Math.floor(Date.now() / 1000)) await devnet.mineL2(1);
  return devnet.l2.block();
}

/** @param {string} level @param {string} method @param {any[]} params */
const verified = async (level, method, ...params) => {
  const { result, error } = await served[level].ask('openledger_verified', { method, params });
  assert.equal(error, undefined, `${level}: ${method}: ${JSON.stringify(error)}`);
  return result;
};

/** Which block a tag names where. @param {string} level @param {string} tag */
function levelOf(level, tag) {
  const least = { latest: 'unsafe', pending: 'unsafe', safe: 'proposed', finalized: 'finalized' }[tag] ?? '';
  return LEVELS[Math.max(LEVELS.indexOf(/** @type {any} */ (level)), LEVELS.indexOf(/** @type {any} */ (least)))];
}

/** Who vouches for an answer of a level. @param {string} level @param {any} anchor @param {number} block */
async function assertAnchor(level, anchor, block) {
  assert.ok(Number(anchor.l1BlockNumber) > 0);
  assert.equal((await devnet.l1.block(Number(anchor.l1BlockNumber))).hash, anchor.l1BlockHash);
  if (level === 'unsafe') {
    assert.equal(anchor.signer.toLowerCase(), devnet.keys.sequencer.address.toLowerCase());
    assert.equal(anchor.outputRoot, undefined);
    return;
  }
  assert.equal(anchor.signer, undefined);
  assert.equal(anchor.outputRoot, (await devnet.outputAt(block)).root);
  assert.match(anchor.game, /^0x[0-9a-f]{40}$/i);
  assert.ok(Number(anchor.proposedAt) > 0);
  if (level === 'finalized') assert.ok(Number(anchor.finalizesAt) > Number(anchor.proposedAt));
}

for (const level of LEVELS) {
  test(`${level}: each tag is the newest block of its level, and the answer names it`, { skip: noAnvil }, async () => {
    const address = devnet.keys.owner.address;
    for (const tag of ['latest', 'pending', 'safe', 'finalized', undefined]) {
      const of = levelOf(level, tag ?? 'latest');
      const signed = Number((await newest()).number);
      const answer = await verified(level, 'eth_getBalance', address, ...(tag ? [tag] : []));
      const what = `${level} ${tag}`;
      assert.equal(answer.trust, of, what);
      const number = Number(answer.head.number);
      if (of === 'unsafe') assert.ok(number > blocks.proposed && number <= signed, what); // one that was seen holds for a moment
      else assert.equal(number, blocks[of], what);
      const block = await devnet.l2.block(number);
      assert.deepEqual([answer.head.hash, answer.head.timestamp], [block.hash, block.timestamp], what);
      assert.deepEqual(answer.block, answer.head, what);
      assert.equal(answer.value, await devnet.l2.ask('eth_getBalance', address, quantity(number)), what);
      const age = Date.now() / 1000 - Number(block.timestamp);
      assert.ok(Math.abs(answer.ageSeconds - age) < 60, what);
      await assertAnchor(of, answer.anchor, number);
      assert.deepEqual([answer.agreed, answer.asked], [undefined, undefined]);
    }
    await newest();
    const older = await verified(level, 'eth_getBlockByNumber', quantity(withdrawal.block), false);
    assert.deepEqual([Number(older.block.number), older.value.hash], [withdrawal.block, (await devnet.l2.block(withdrawal.block)).hash]);
    assert.ok(Number(older.head.number) >= blocks.finalized);
  });
}

test('a level has no block that is newer than its own', { skip: noAnvil }, async () => {
  const { number, hash } = await newest();
  for (const level of /** @type {const} */ (['proposed', 'finalized'])) {
    const beyond = await served[level].ask('eth_getBalance', devnet.keys.owner.address, number);
    assert.equal(beyond.error?.code, -32001, JSON.stringify(beyond));
    assert.equal((await served[level].ask('eth_getBlockByHash', hash, false)).result, null);
    assert.equal(Number((await served[level].ask('eth_blockNumber')).result), blocks[level]);
  }
});

test('quorum: who agreed is told, and tags are as the endpoints have them', { skip: noAnvil }, async () => {
  for (const tag of ['latest', 'safe', 'finalized']) {
    const answer = await verified('quorum', 'eth_getBalance', devnet.keys.owner.address, tag);
    assert.deepEqual([answer.trust, answer.agreed, answer.asked, answer.anchor], ['quorum', 2, 2, undefined]);
    assert.equal(answer.head.hash, (await devnet.l2.block(Number(answer.head.number))).hash);
    assert.equal(answer.value, await devnet.l2.ask('eth_getBalance', devnet.keys.owner.address, answer.head.number));
  }
  const status = async (/** @type {string} */ level) => (await served[level].ask('openledger_status')).result;
  assert.deepEqual(await status('quorum'), { chainId: '0x64c', trust: 'quorum', endpoints: 2, quorum: 2, anchored: false });
  const { l1Finalized, l1Newest, ...rest } = await status('finalized');
  assert.deepEqual(rest, { chainId: '0x64c', trust: 'finalized', endpoints: 1, quorum: 1, anchored: true });
  assert.ok(Number(l1Finalized.number) < Number(l1Newest.number));
  for (const { number, hash, timestamp } of [l1Finalized, l1Newest]) {
    const block = await devnet.l1.block(Number(number));
    assert.deepEqual([hash, timestamp], [block.hash, block.timestamp]);
  }
});

for (const level of [...LEVELS, 'quorum']) {
  test(`${level}: libraries read what they read of the node at the block of the level`, { skip: noAnvil }, async (t) => {
    await newest();
    const clientOf = (/** @type {string} */ url) => /** @type {any} */ (createPublicClient({ chain, transport: http(url), cacheTime: 0 }));
    const [ours, theirs] = [clientOf(served[level].url), clientOf(devnet.urls.l2)];
    const [through, node] = [new JsonRpcProvider(served[level].url), new JsonRpcProvider(devnet.urls.l2)];
    t.after(() => {
      through.destroy();
      node.destroy();
    });
    const address = devnet.keys.stranger.address;
    const passer = /** @type {const} */ (MESSAGE_PASSER);
    const { hash, slot, block } = withdrawal;
    const [{ hash: transaction }] = (await theirs.getBlock({ blockNumber: BigInt(block), includeTransactions: true })).transactions;
    // "latest" at our door is a block with a number at the node's.
    const at = async () => ({ blockNumber: await ours.getBlockNumber() });
    for (const [what, ask, as = (/** @type {any} */ value) => value] of /** @type {[string, (client: any, place: any) => Promise<any>, ((value: any) => any)?][]} */ ([
      ['a balance', (client, place) => client.getBalance({ address, ...place })],
      ['a nonce', (client, place) => client.getTransactionCount({ address, ...place })],
      ['code', (client, place) => client.getCode({ address: passer, ...place })],
      ['a slot', (client, place) => client.getStorageAt({ address: passer, slot, ...place })],
      ['a proof', (client, place) => client.getProof({ address: passer, storageKeys: [slot], ...place }), asProof],
      ['a block', (client, place) => client.getBlock({ includeTransactions: true, ...place }), asBlock],
      ['an older block', (client) => client.getBlock({ blockNumber: BigInt(block), includeTransactions: true }), asBlock],
      ['a transaction', (client) => client.getTransaction({ hash: transaction }), asTransaction],
      ['a receipt', (client) => client.getTransactionReceipt({ hash: transaction }), asReceipt],
      ['logs', (client) => client.getLogs({ address: passer, fromBlock: 1n, toBlock: BigInt(block) })],
    ])) {
      const [read, expected] = [as(await ask(ours, await at())), as(await ask(theirs, await at()))];
      assert.deepEqual(read, expected, what);
      assert.ok(read !== undefined && read !== null, what);
    }
    assert.equal((await ours.getStorageAt({ address: passer, slot })).slice(-1), '1');
    assert.ok((await ours.getLogs({ address: passer, fromBlock: 1n, toBlock: BigInt(block) })).some(({ data }) => data.includes(hash.slice(2))));
    assert.deepEqual(asReceipt(JSON.parse(JSON.stringify(await through.getTransactionReceipt(transaction)))), asReceipt(JSON.parse(JSON.stringify(await node.getTransactionReceipt(transaction)))));
    assert.equal(await through.getBalance(address), await node.getBalance(address, await through.getBlockNumber()));
    assert.equal(served[level].said.stderr, ''); // nobody is blamed
  });
}

test('a message by another than L1 names is refused, and the next true one is taken', { skip: noAnvil }, async (t) => {
  t.after(() => devnet.sequencer.tell());
  devnet.sequencer.tell('wrong-signer');
  await newest();
  await sleep(2500); // longer than a block stays the latest
  const { result, error } = await served.unsafe.ask('eth_blockNumber');
  assert.deepEqual([result, error?.code], [undefined, -32002]);
  assert.match(error.message, /is signed by another than L1 names/);
  const blame = `openledger: ${devnet.urls.sequencer}/latest: message: is signed by another than L1 names\n`;
  await until(() => served.unsafe.said.stderr.includes(blame), 'the name of the sequencer');
  assert.equal((await verified('unsafe', 'eth_getBalance', devnet.keys.owner.address, 'safe')).trust, 'proposed');
  devnet.sequencer.tell();
  const { number } = await newest();
  assert.equal((await verified('unsafe', 'eth_blockNumber')).value, number);
});

const directoryOf = (/** @type {string} */ name) => join(file(name, ''), '..', `${name}-states`);

test('what is finalized is kept in a directory, for one command at a time', { skip: noAnvil }, async (t) => {
  const directory = `${directoryOf('kept')}/`;
  const args = [...options, '--rpc', devnet.urls.l2, '--trust', 'finalized', '--state', directory];
  const none = await openledger(['serve', '--listen', '127.0.0.1:0', ...args]);
  assert.deepEqual([none.code, none.stdout], [2, '']);
  assert.match(none.stderr, /^openledger: --checkpoint: missing, as there is no saved state yet\n/);
  const checkpoint = ['--checkpoint', await devnet.checkpoint()];
  const first = await serveFor(t, [...args, ...checkpoint]);
  const [name] = readdirSync(directory).filter((one) => one.startsWith('sync-custom-'));
  assert.deepEqual([directory, join(directory, name)].map((path) => statSync(path).mode & 0o777), [0o700, 0o600]);
  const second = await openledger(['serve', '--listen', '127.0.0.1:0', ...args]);
  assert.deepEqual([second.code, second.stdout], [2, '']);
  assert.match(second.stderr, new RegExp(`: process\\[${first.child.pid}\\]: is using the directory\n`));
  assert.equal(Number((await first.ask('eth_blockNumber')).result), blocks.finalized);
  assert.equal(await first.end(), 0);

  const before = devnet.beaconServer.requests.length;
  const again = await serveFor(t, args);
  assert.equal(Number((await again.ask('eth_blockNumber')).result), blocks.finalized);
  assert.equal(await again.end('SIGINT'), 0);
  const paths = devnet.beaconServer.requests.slice(before).map((/** @type {any} */ { path }) => path);
  assert.ok(paths.length > 0 && paths.every((/** @type {string} */ path) => !/bootstrap/.test(path)), paths.join('\n'));
});

test('it goes on after being killed, whatever it was at', { skip: noAnvil }, async (t) => {
  t.after(() => Object.assign(devnet.beaconServer, { lie: undefined }));
  const { beacon, beaconServer, urls } = devnet;
  const directory = `${directoryOf('killed')}/`;
  const args = [...options, '--rpc', urls.l2, '--trust', 'finalized', '--state', directory];
  const checkpoint = ['--checkpoint', hex(await beacon.root(beacon.finalizedSlotAt(beacon.slotNow() - 20 * PERIOD_SLOTS)))];
  Object.assign(beaconServer, { lie: 'slow', delay: 40 });
  let kept = false;
  for (const afterMs of [0, 30, 70, 120, 200]) {
    const before = beaconServer.requests.length;
    const killed = spawnServe([...args, ...(kept ? [] : checkpoint)]);
    await until(() => beaconServer.requests.length > before, 'a request to the beacon node');
    await sleep(afterMs);
    assert.equal(await killed.end('SIGKILL'), 'SIGKILL');
    kept = existsSync(directory) && readdirSync(directory).some((name) => /^sync-custom-[0-9a-f-]+$/.test(name));
  }
  const first = await serveFor(t, [...args, ...checkpoint]);
  assert.equal(Number((await first.ask('eth_blockNumber')).result), blocks.finalized);
  assert.equal(await first.end('SIGKILL'), 'SIGKILL');
  for (const afterMs of [0, 50, 100]) {
    const killed = spawnServe(args);
    await sleep(afterMs);
    await killed.end('SIGKILL');
  }
  const last = await serveFor(t, args); // without a checkpoint
  assert.equal(Number((await last.ask('eth_blockNumber')).result), blocks.finalized);
  assert.deepEqual([await last.end(), last.said.stderr], [0, '']);
  const left = readdirSync(directory);
  assert.deepEqual(left.filter((name) => !/^(lock~openledger|sync-custom-[0-9a-f-]+)$/.test(name)), []);
});

test('a signal ends it while it follows L1', { skip: noAnvil }, async (t) => {
  t.after(() => Object.assign(devnet.beaconServer, { lie: undefined }));
  devnet.beaconServer.lie = 'silent';
  const args = [...options, '--rpc', devnet.urls.l2, '--trust', 'finalized', '--checkpoint', await devnet.checkpoint(), '--timeout', '12'];
  const before = devnet.beaconServer.requests.length;
  const one = spawnServe(args);
  await until(() => devnet.beaconServer.requests.length > before, 'a request to the beacon node');
  const began = Date.now();
  assert.equal(await one.end(), 0, one.said.stderr);
  const tookMs = Date.now() - began;
  assert.ok(tookMs < ENDS_MS, `it took ${tookMs} ms`);
});

test('without its beacon node or its L1 it does not begin', { skip: noAnvil }, async (t) => {
  const way = await inFrontOf(t, devnet.urls.l1);
  await way.cut();
  const checkpoint = ['--checkpoint', await devnet.checkpoint(), '--trust', 'finalized', '--rpc', devnet.urls.l2];
  for (const url of [devnet.urls.beacon, devnet.urls.l1]) {
    const outcome = await openledger(['serve', '--listen', '127.0.0.1:0', ...checkpoint, ...options.map((word) => (word === url ? way.url : word))]);
    assert.deepEqual([outcome.code, outcome.stdout], [3, ''], outcome.stderr);
    assert.match(outcome.stderr, /connection failed/);
  }
  const wrong = await openledger(['serve', ...checkpoint, ...options, '--chain-id', '10']);
  assert.equal(wrong.code, 2, wrong.stderr);
  assert.match(wrong.stderr, /of another chain than the rollup/);
});
