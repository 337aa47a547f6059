// SPDX-License-Identifier: MIT
// What an account has sent and is not settled: nonces, replacements, what was saved, and what became of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parseTransaction } from 'viem';
import { noAnvil } from '../devnet/rollup/anvil.mjs';
import { openledger as ol, root, sdk } from './support.mjs';
import { startWorld } from './world.mjs';

const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const FIRST = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const SECOND = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const NOW = 1_800_000_000_000;
const pay = { to: SECOND, value: 5n, gas: 21_000, maxFeePerGas: 100n, maxPriorityFeePerGas: 10n };
const wallet = ol.wallet({ idleMs: 0 });
wallet.addAccount(wallet.addKey(sdk.fromHex(KEY)));

/** @param {object | Uint8Array} request */
const sign = (request) => wallet.proposeTransaction(FIRST, request).approve().sign();
/** @param {Partial<import('openledger').OutboxOptions>} [options] */
const outboxOf = (options) => ol.outbox({ account: FIRST, now: () => NOW, ...options });
/** @param {import('openledger').Outbox} outbox */
const states = (outbox) => outbox.entries.map(({ nonce, state }) => [nonce, state]);

/** A provider of these answers; functions are asked. @param {Record<string, any>} answers @param {string[]} [asked] */
const answering = (answers, asked = []) => ({
  async request(/** @type {{ method: string, params: any[] }} */ { method, params }) {
    const question = `${method} ${params.join(' ')}`;
    asked.push(question);
    const answer = answers[question];
    if (answer instanceof Error) throw answer;
    return answer ?? null;
  },
});
const count = (/** @type {string} */ tag) => `eth_getTransactionCount ${FIRST} ${tag}`;
const receipt = (/** @type {string} */ hash) => `eth_getTransactionReceipt ${hash}`;

test('the next nonce follows from the proven one and from what waits', () => {
  const outbox = outboxOf();
  assert.throws(() => outbox.nextNonce, { status: 'argument', reason: /proven nonce/ });
  outbox.advance(7);
  assert.equal(outbox.nextNonce, 7n);
  const { raw, hash } = sign({ ...pay, nonce: 7 });
  outbox.add(raw);
  outbox.add(sdk.fromHex(raw));
  assert.deepEqual(outbox.entries, [{
    state: 'waiting', hash, nonce: 7n, to: SECOND, value: 5n, gasLimit: 21_000n, maxFeePerGas: 100n, maxPriorityFeePerGas: 10n,
    type: 2, addedAt: NOW, raw,
  }]);
  assert.equal(outbox.nextNonce, 8n);
  outbox.add(sign({ ...pay, nonce: 10 }).raw);
  assert.deepEqual([outbox.nextNonce, outbox.gaps], [8n, [8n, 9n]]);
  outbox.add(sign({ nonce: 8, value: 0n, gas: 60_000, data: '0x00', gasPrice: 5n }).raw);
  assert.deepEqual([outbox.entries[2].to, outbox.entries[2].maxFeePerGas, outbox.gaps], [null, 5n, [9n]]);
  assert.throws(() => outbox.advance(-1), { status: 'argument' });
  outbox.close();
});

test('another account, another chain, a used nonce and a second transaction of one nonce are refused', () => {
  const outbox = outboxOf();
  outbox.advance(1n);
  outbox.add(sign({ ...pay, nonce: 1 }).raw);
  assert.throws(() => outbox.add(sign({ ...pay, nonce: 0 }).raw), { status: 'argument', field: 'nonce' });
  assert.throws(() => outbox.add(sign({ ...pay, nonce: 1, value: 6n }).raw), { status: 'argument', reason: /a tenth higher/ });
  assert.throws(() => outbox.add('0x02c0'), { status: 'encoding' });
  assert.throws(() => outbox.add('0x0'), { status: 'argument' });
  assert.throws(() => ol.outbox({ account: SECOND }).add(sign({ ...pay, nonce: 1 }).raw), { status: 'mismatch' });
  assert.throws(() => outboxOf({ chainId: 1 }).add(sign({ ...pay, nonce: 1 }).raw), { status: 'mismatch' });
  assert.throws(() => outboxOf({ chainId: 0 }), { status: 'argument', field: 'chainId' });
  assert.throws(() => ol.outbox({ account: '0x12' }), { status: 'encoding' });
  assert.equal(outbox.entries.length, 1);
  outbox.close();
});

test('a replacement has fees that nodes take, and a cancellation does nothing', () => {
  const outbox = outboxOf();
  outbox.advance(3);
  const first = sign({ ...pay, nonce: 3, data: `0x${'ab'.repeat(3000)}`, gas: 200_000 });
  outbox.add(first.raw);
  const second = sign(outbox.replace(first.hash, 95n));
  outbox.add(second.raw);
  const { to, value, data, gas, nonce, maxFeePerGas, maxPriorityFeePerGas } = parseTransaction(/** @type {any} */ (second.raw));
  assert.deepEqual([to?.toLowerCase(), value, data, gas, nonce], [SECOND.toLowerCase(), 5n, `0x${'ab'.repeat(3000)}`, 200_000n, 3]);
  assert.deepEqual([maxFeePerGas, maxPriorityFeePerGas], [110n, 11n]);
  const third = sign(outbox.cancel(3, '0x3e8'));
  outbox.add(third.raw);
  const cancelled = parseTransaction(/** @type {any} */ (third.raw));
  assert.deepEqual([cancelled.to?.toLowerCase(), cancelled.value, cancelled.data, cancelled.gas], [FIRST.toLowerCase(), undefined, undefined, 21_000n]);
  assert.deepEqual([cancelled.maxFeePerGas, cancelled.maxPriorityFeePerGas], [1013n, 13n]);
  assert.throws(() => outbox.replace(`0x${'12'.repeat(32)}`, 1n), { status: 'argument', reason: 'the outbox has no transaction of this hash' });
  assert.throws(() => outbox.replace(first.hash, -1n), { status: 'argument' });
  assert.throws(() => outbox.cancel(4, 1n), { status: 'argument', field: 'nonce' });
  assert.throws(() => outbox.cancel(3, 2n ** 256n - 1n), { status: 'limit' });
  outbox.advance(4);
  assert.throws(() => outbox.replace(first.hash, 1n), { status: 'argument', field: 'nonce' });
  outbox.close();
});

test('bytes that a wallet is given to sign are judged as a request is', () => {
  const elsewhere = outboxOf({ chainId: 10 });
  const other = ol.wallet({ idleMs: 0, chainId: 10 });
  other.addAccount(other.addKey(sdk.fromHex(KEY)));
  elsewhere.add(other.proposeTransaction(FIRST, { ...pay, nonce: 0 }).approve().sign().raw);
  const unsigned = elsewhere.cancel(0, 1n);
  assert.equal(other.proposeTransaction(FIRST, unsigned).intent.known, true);
  assert.throws(() => wallet.proposeTransaction(FIRST, unsigned), { status: 'mismatch' });
  assert.throws(() => other.proposeTransaction(FIRST, unsigned.subarray(1)), { status: 'encoding' });
  assert.throws(() => other.proposeTransaction(SECOND, unsigned), { status: 'argument' });
  elsewhere.close();
  other.close();
});

test('what is saved is read again, by its owner, and damage is seen', () => {
  const outbox = outboxOf();
  outbox.advance(0);
  const [one, two] = [0, 1].map((nonce) => sign({ ...pay, nonce }));
  outbox.add(one.raw);
  outbox.add(two.raw);
  const saved = outbox.save();
  const again = outboxOf({ saved });
  assert.deepEqual(again.entries, outbox.entries);
  assert.throws(() => again.nextNonce, { status: 'argument' });
  again.advance(0);
  assert.equal(again.nextNonce, 2n);
  assert.deepEqual(again.save(), saved);
  assert.ok(again.replace(two.hash, 1n).length > 0);
  for (let length = 0; length < saved.length; length++) {
    // Whole transactions at its end can be missing: without its bytes, one cannot be replaced.
    const cut = saved.slice(0, length);
    try {
      const { entries } = outboxOf({ saved: cut });
      assert.deepEqual([entries[1].hash, entries[1].raw], [two.hash, '0x'], `${length}`);
    } catch (error) {
      assert.equal(/** @type {any} */ (error).status, 'encoding', `${length}: ${error}`);
    }
  }
  assert.throws(() => outboxOf({ saved: saved.slice(0, -1) }), { status: 'encoding', reason: 'the outbox is cut short' });
  for (let at = 0; at < saved.length; at++) {
    const damaged = saved.slice();
    damaged[at] ^= 1;
    assert.throws(() => outboxOf({ saved: damaged }), ({ status }) => ['encoding', 'mismatch', 'crypto'].includes(status), `${at}`);
  }
  assert.throws(() => outboxOf({ saved, account: SECOND }), { status: 'mismatch' });
  assert.throws(() => outboxOf({ saved, chainId: 1 }), { status: 'mismatch' });
  again.close();
  outbox.close();
});

test('what passed is settled by receipts, and forgotten when it is final', async () => {
  const outbox = outboxOf();
  await outbox.follow(answering({ [count('latest')]: '0x5', [count('finalized')]: '0x5' }));
  const first = sign({ ...pay, nonce: 5 });
  outbox.add(first.raw);
  const second = sign(outbox.replace(first.hash, 1n));
  outbox.add(second.raw);
  const third = sign({ ...pay, nonce: 6 });
  outbox.add(third.raw);
  /** @type {string[]} */
  const asked = [];
  await outbox.follow(answering({ [count('latest')]: '0x7', [count('finalized')]: '0x7', [receipt(second.hash)]: {} }, asked));
  assert.deepEqual(states(outbox), [[5n, 'replaced'], [5n, 'confirmed'], [6n, 'passed']], 'what is final is seen once');
  assert.deepEqual(asked, [count('latest'), count('finalized'), receipt(first.hash), receipt(second.hash), receipt(third.hash)]);
  assert.throws(() => outbox.settle(6, second.hash), { status: 'mismatch' });
  assert.throws(() => outbox.settle(7, null), { status: 'argument' });
  outbox.settle(6, null);
  assert.deepEqual(states(outbox).at(-1), [6n, 'dropped']);
  await outbox.follow(answering({ [count('latest')]: '0x5', [count('finalized')]: '0x7' }));
  assert.deepEqual(states(outbox), [[5n, 'waiting'], [5n, 'waiting'], [6n, 'waiting']], 'a nonce that fell');
  await outbox.follow(answering({ [count('latest')]: '0x6', [count('finalized')]: new Error('not known'), [receipt(first.hash)]: {} }));
  assert.deepEqual(states(outbox), [[5n, 'confirmed'], [5n, 'replaced'], [6n, 'waiting']]);
  await outbox.follow(answering({ [count('latest')]: '0x6', [count('finalized')]: '0x7' }));
  assert.deepEqual(states(outbox), [[6n, 'waiting']]);
  assert.equal(outboxOf({ saved: outbox.save() }).entries.length, 1, 'nothing of the others is kept');
  await assert.rejects(outbox.follow(answering({ [count('latest')]: new Error('nobody answers'), [count('finalized')]: '0x9' })), /nobody answers/);
  assert.deepEqual(states(outbox), [[6n, 'waiting']]);
  outbox.close();
});

test('an outbox that is closed gives its memory back, whatever went wrong, and does nothing', () => {
  const { malloc, free, memory } = ol.core.exports;
  const heap = () => [...[64, 4096, 1 << 20].map((size) => {
    const at = malloc(size);
    free(at);
    return at;
  }), memory.buffer.byteLength];
  const { raw, hash } = sign({ ...pay, nonce: 0 });
  const once = () => {
    const outbox = outboxOf();
    outbox.advance(0);
    outbox.add(raw);
    const saved = outbox.save();
    outbox.replace(hash, 1n);
    assert.throws(() => outbox.cancel(9, 1n));
    outbox.close();
    outboxOf({ saved })[Symbol.dispose]();
    assert.throws(() => outboxOf({ saved: saved.slice(0, -1) }));
    assert.throws(() => outboxOf({ saved: saved.slice(0, 90) }));
    return outbox;
  };
  for (let i = 0; i < 3; i++) once();
  const before = heap();
  for (let i = 0; i < 30; i++) once();
  assert.deepEqual(heap(), before);
  const outbox = once();
  outbox.close();
  for (const action of [
    () => outbox.entries, () => outbox.gaps, () => outbox.nextNonce, () => outbox.advance(1), () => outbox.add(raw), () => outbox.settle(0, null),
    () => outbox.forget(0), () => outbox.replace(hash, 1n), () => outbox.cancel(0, 1n), () => outbox.save(),
  ]) assert.throws(action, { status: 'argument', reason: 'this outbox is closed' }, `${action}`);
});

test('the example sends what is then proven, and its outbox knows what became of it', { skip: noAnvil }, async (t) => {
  const world = await startWorld();
  const folder = await mkdtemp(join(tmpdir(), 'openledger-'));
  const [profile, vault, file] = ['profile.json', 'vault', 'outbox'].map((name) => join(folder, name));
  const provider = ol.provider({ endpoints: [world.url], holdMs: 0 });
  t.after(async () => {
    provider.close();
    await rm(folder, { recursive: true });
    await world.close();
  });
  await writeFile(profile, JSON.stringify({ name: 'mine', l2: { chainId: 1612 }, l1: { chainId: 1 }, contracts: { gopen: world.token } }));
  await writeFile(vault, await wallet.seal('password', { passes: 2, memoryKib: 19 << 10 }));
  const send = (/** @type {string} */ password) => {
    const running = promisify(execFile)(process.execPath, ['examples/js/send.mjs', world.url, profile, vault, file], { cwd: root });
    running.child.stdin?.end(password);
    return running;
  };
  await assert.rejects(send('Password'), /OpenLedgerError/);
  const nonce = BigInt(await world.ask('eth_getTransactionCount', FIRST, 'latest'));
  for (const next of [nonce, nonce + 1n]) {
    const { stdout } = await send('password');
    assert.match(stdout, /^delegate\(address delegatee\)/);
    const outbox = outboxOf({ saved: await readFile(file) });
    const { hash, state, nonce: own } = /** @type {any} */ (outbox.entries.at(-1));
    assert.deepEqual([stdout.trim().split('\n').at(-1), state, own], [hash, 'waiting', next]);
    outbox.close();
  }
  await world.mine();
  const outbox = outboxOf({ saved: await readFile(file) });
  await outbox.follow(provider);
  assert.deepEqual(states(outbox), [[nonce, 'confirmed'], [nonce + 1n, 'confirmed']]);
  assert.equal(outbox.nextNonce, nonce + 2n);
  outbox.close();
});
