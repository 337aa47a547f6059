// SPDX-License-Identifier: MIT
// A provider under the libraries that dApps use, unmodified: what they read through it is what they read of the node.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { BrowserProvider, JsonRpcProvider } from 'ethers';
import { createPublicClient, custom, http as viemHttp } from 'viem';
import { noAnvil, quantity } from '../devnet/rollup/anvil.mjs';
import { BLOCKS, DEAD_LINE_MS, TRANSFER, assertFeeData, assertFees, assertSending, chain, ethersReads, hashAt, viemReads } from './alike.mjs';
import { counting } from './proxy.mjs';
import { bodyOf, serve } from './server.mjs';
import { http, openledger as ol, root, sdk } from './support.mjs';
import { CHAIN_ID, abi, nobody, other, signer, startWorld } from './world.mjs';

/** @type {import('./world.mjs').World} */
let world;
/** @type {import('openledger').Provider} */
let provider;
/** @type {any} */
let ours;
/** @type {any} */
let theirs;
/** @type {BrowserProvider} */
let browser;
/** @type {JsonRpcProvider} */
let node;
before(async () => {
  if (noAnvil) return;
  world = await startWorld({ blocks: BLOCKS });
  provider = providerOf();
  ours = createPublicClient({ chain, transport: custom(provider), cacheTime: 0 });
  theirs = createPublicClient({ chain, transport: viemHttp(world.url), cacheTime: 0 });
  browser = new BrowserProvider(/** @type {any} */ (provider));
  node = new JsonRpcProvider(world.url);
});
after(() => {
  browser?.destroy();
  node?.destroy();
  provider?.close();
  return world?.close();
});

/** @param {object} [options] */
const providerOf = (options) => ol.provider({
  endpoints: [http({ url: world.url })], chainId: CHAIN_ID, maxAge: Infinity, ...options,
  onBlame: ({ error }) => assert.fail(`an honest node is blamed: ${error}`),
});

viemReads('viem', () => ({ world, ours, theirs }));
ethersReads('ethers', () => ({ world, ours: browser, theirs: node }));

test('fees follow from proven headers and transactions, as op-geth suggests them', { skip: noAnvil }, async (t) => {
  const older = await startWorld({ hardfork: 'ecotone' });
  const own = ol.provider({ endpoints: [older.url], maxAge: Infinity });
  t.after(() => {
    own.close();
    return older.close();
  });
  await assertFees(older, (method, ...params) => own.request({ method, params }));
  await assertFeeData({ world, ours, theirs }, browser);
});

test('a transaction is sent, and its receipt is proven', { skip: noAnvil, timeout: 2 * DEAD_LINE_MS }, async (t) => {
  const own = await startWorld();
  const live = ol.provider({ endpoints: [own.url], maxAge: Infinity, holdMs: 0 });
  const client = createPublicClient({ chain, transport: custom(live), cacheTime: 0, pollingInterval: 50 });
  const through = new BrowserProvider(/** @type {any} */ (live), undefined, { cacheTimeout: -1, polling: true, pollingInterval: 50 });
  t.after(() => {
    through.destroy();
    live.close();
    return own.close();
  });
  await assertSending(own, client, through);
});

/** A promise, and how to keep it. */
function later() {
  /** @type {(value?: any) => void} */
  let keep = () => {};
  return { promise: new Promise((resolve) => (keep = resolve)), keep };
}

test('blocks are watched, and heads subscribed to', { skip: noAnvil, timeout: DEAD_LINE_MS }, async (t) => {
  const own = await startWorld();
  const live = ol.provider({ endpoints: [own.url], maxAge: Infinity, holdMs: 0, pollMs: 20 });
  const client = createPublicClient({ chain, transport: custom(live), cacheTime: 0 });
  t.after(() => {
    live.close();
    return own.close();
  });
  const first = Number(own.head.number);
  const wanted = [1, 2, 3, 4, 5].map((i) => first + i);
  const watched = later();
  /** @type {number[]} */
  const seen = [];
  const unwatch = client.watchBlocks({
    emitMissed: true, emitOnBegin: true, poll: true, pollingInterval: 20,
    onError: (error) => assert.fail(error),
    onBlock: ({ number }) => {
      seen.push(Number(number));
      if (Number(number) === first + 5) watched.keep();
    },
  });
  const subscribed = later();
  const began = later();
  /** @type {any[]} */
  const heads = [];
  const listener = (/** @type {any} */ message) => {
    heads.push(message);
    began.keep();
    if (Number(message.data.result.number) === first + 5) subscribed.keep();
  };
  live.on('message', listener);
  live.on('error', (error) => assert.fail(error));
  const id = await live.request({ method: 'eth_subscribe', params: ['newHeads'] });
  await began.promise;
  for (let i = 0; i < 5; i++) await own.mine();
  await Promise.all([watched.promise, subscribed.promise]);
  unwatch();
  assert.deepEqual(seen.filter((number) => number > first), wanted);
  assert.deepEqual(heads.map(({ data }) => Number(data.result.number)), [first, ...wanted]);
  assert.ok(heads.every(({ type, data }) => type === 'eth_subscription' && data.subscription === id));
  const theirHead = await own.byNumber(first + 5);
  assert.equal(heads.at(-1).data.result.hash, theirHead.hash);
  assert.equal(heads.at(-1).data.result.stateRoot, theirHead.stateRoot);

  // Away and back while heads are fetched: each comes once.
  assert.equal(await live.request({ method: 'eth_unsubscribe', params: [id] }), true);
  assert.equal(await live.request({ method: 'eth_unsubscribe', params: [id] }), false);
  heads.length = 0;
  const ids = [];
  for (let i = 0; i < 5; i++) {
    const one = await live.request({ method: 'eth_subscribe', params: ['newHeads'] });
    if (i < 4) await live.request({ method: 'eth_unsubscribe', params: [one] });
    else ids.push(one);
  }
  const again = later();
  live.on('message', ({ data }) => Number(data.result.number) === first + 8 && again.keep());
  for (let i = 0; i < 3; i++) await own.mine();
  await again.promise;
  const numbers = heads.filter(({ data }) => data.subscription === ids[0]).map(({ data }) => Number(data.result.number));
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b));
  live.removeListener('message', listener);
  await assert.rejects(live.request({ method: 'eth_subscribe', params: ['logs', {}] }), { code: -32602 });
});

/** Methods that are not answered, and their codes. @type {[code: number, method: string, params: any[]][]} */
const REFUSED = [
  [-32601, 'eth_call', [{ to: other, data: '0x' }, 'latest']],
  [-32601, 'eth_estimateGas', [{ to: other }]],
  [-32601, 'eth_createAccessList', [{ to: other }]],
  [4200, 'eth_requestAccounts', []],
  [4200, 'eth_sendTransaction', [{ from: signer.address, to: other }]],
  [4200, 'eth_signTransaction', [{ from: signer.address }]],
  [4200, 'eth_sign', [signer.address, '0x00']],
  [4200, 'personal_sign', ['0x00', signer.address]],
  [4200, 'eth_signTypedData_v4', [signer.address, '{}']],
  [4200, 'wallet_addEthereumChain', [{ chainId: '0x1' }]],
  [4200, 'wallet_watchAsset', [{}]],
  [4200, 'wallet_getCapabilities', []],
  [4200, 'wallet_sendCalls', [{}]],
  [4902, 'wallet_switchEthereumChain', [{ chainId: '0x1' }]],
  [-32601, 'eth_getUncleByBlockNumberAndIndex', ['latest', '0x0']],
  [-32601, 'eth_newFilter', [{}]],
  [-32601, 'eth_mining', []],
  [-32601, 'debug_traceTransaction', [`0x${'00'.repeat(32)}`]],
  [-32601, 'anvil_setBalance', [signer.address, '0x0']],
  [-32601, 'evm_mine', []],
  [-32601, 'web3_sha3', ['0x']],
  [-32601, 'eth_getbalance', [signer.address]],
  [-32601, '', []],
];

test('what is not proven is not answered, and not passed on', { skip: noAnvil }, async (t) => {
  const endpoint = counting(http({ url: world.url }));
  const own = ol.provider({ endpoints: [endpoint], maxAge: Infinity });
  const viem = createPublicClient({ chain, transport: custom(own) });
  const ethers = new BrowserProvider(/** @type {any} */ (own), CHAIN_ID);
  t.after(() => {
    ethers.destroy();
    own.close();
  });
  await ethers.getBlockNumber();
  const before = endpoint.asked.length;
  for (const [code, method, params] of REFUSED) {
    await assert.rejects(own.request({ method, params }), (/** @type {any} */ error) => error instanceof sdk.ProviderRpcError && error.code === code, method);
    await assert.rejects(own.verified({ method, params }), { code }, method);
    await assert.rejects(viem.request(/** @type {any} */ ({ method, params }), { retryCount: 0 }), (/** @type {any} */ error) =>
      error.walk((/** @type {any} */ one) => one.code === code) !== null, `viem: ${method}`);
    await assert.rejects(ethers.send(method, params), (/** @type {any} */ error) => (error.error?.code ?? error.info?.error?.code) === code || /user-denied|unsupported/.test(error.message), `ethers: ${method}`);
  }
  await assert.rejects(viem.call({ to: world.token, data: '0x18160ddd' }));
  await assert.rejects(viem.readContract({ address: world.token, abi, functionName: 'totalSupply' }));
  await assert.rejects(ethers.call({ to: world.token, data: '0x18160ddd' }));
  await assert.rejects(ethers.estimateGas({ to: other }));
  assert.deepEqual(endpoint.asked.slice(before), []);
  assert.deepEqual(await own.request({ method: 'eth_accounts' }), []);
  assert.equal(await own.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: '0x64c' }] }), null);
  assert.deepEqual(await Promise.all(['eth_chainId', 'net_version', 'eth_syncing'].map((method) => own.request({ method }))), ['0x64c', '1612', false]);
  assert.match(await own.request({ method: 'web3_clientVersion' }), /^openledger\//);
  assert.deepEqual(endpoint.asked.slice(before), []);
});

test('what is passed on is what was asked, and no more', { skip: noAnvil }, async () => {
  const endpoint = counting(http({ url: world.url }));
  const own = ol.provider({ endpoints: [endpoint], maxAge: Infinity });
  await own.request({ method: 'eth_getLogs', params: [{ fromBlock: '0x1', toBlock: 'latest', topics: [TRANSFER] }] });
  await own.request({ method: 'eth_getTransactionReceipt', params: [hashAt(world, 3)] });
  await own.request({ method: 'eth_getCode', params: [world.token, '0x5'] });
  own.close();
  assert.deepEqual([...new Set(endpoint.asked.map(({ method }) => method))].sort(), [
    'eth_chainId', 'eth_getBlockByHash', 'eth_getBlockByNumber', 'eth_getBlockReceipts', 'eth_getCode', 'eth_getProof', 'eth_getTransactionByHash',
  ]);
});

test('what is asked at the same time is answered together, in one chain', { skip: noAnvil }, async (t) => {
  const endpoint = counting(http({ url: world.url }));
  const own = ol.provider({ endpoints: [endpoint], maxAge: Infinity, holdMs: 0 });
  t.after(() => own.close());
  const answers = await Promise.all(Array.from({ length: 250 }, (_, i) => own.verified({ method: 'eth_getBalance', params: [i % 2 ? signer.address : other, 'latest'] })));
  assert.equal(new Set(answers.map(({ head }) => head.hash)).size, 1);
  assert.equal(endpoint.asked.filter(({ method }) => method === 'eth_chainId').length, 3); // 250 are three batches
  assert.deepEqual(answers.slice(0, 2).map(({ value }) => value), await Promise.all([other, signer.address].map((one) => world.ask('eth_getBalance', one, 'latest'))));
});

test('a request that cannot be answered spoils no other', { skip: noAnvil }, async (t) => {
  const own = providerOf();
  t.after(() => own.close());
  const deep = JSON.parse('['.repeat(300) + ']'.repeat(300));
  const bad = /** @type {any[]} */ ([
    { method: 'eth_getBalance', params: [1n] },
    { method: 'eth_getBalance', params: [deep] },
    { method: 'eth_getBalance', params: ['0x12', 'latest'] },
    { method: 'eth_getBalance', params: { address: signer.address } },
    { method: 'eth_getBalance' },
    { method: 7 },
    {},
    { method: 'eth_sendRawTransaction', params: [`0x${'00'.repeat(300_000)}`] },
    { method: 'eth_getLogs', params: [{ fromBlock: '0x5', toBlock: '0x4' }] },
    { method: 'eth_getBalance', params: [signer.address, '0xffffff'] },
  ]);
  const good = () => own.request({ method: 'eth_getBalance', params: [signer.address, 'latest'] });
  const outcomes = await Promise.allSettled([good(), ...bad.map((one) => own.request(one)), good()]);
  assert.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', ...bad.map(() => 'rejected'), 'fulfilled']);
  const codes = outcomes.slice(1, -1).map((one) => /** @type {any} */ (one).reason.code);
  assert.deepEqual(codes, [-32602, -32005, -32602, -32602, -32602, -32600, -32600, -32005, -32602, -32001]);
});

test('an answer that is longer than accepted is an error, and those besides it are not', { skip: noAnvil }, async (t) => {
  const own = providerOf({ maxResponse: 8192 });
  t.after(() => own.close());
  const ask = (/** @type {string} */ method, /** @type {any[]} */ ...params) => own.request({ method, params });
  const outcomes = await Promise.allSettled([
    ask('eth_getBalance', other, 'latest'), ask('eth_getBlockReceipts', quantity(world.full)), ask('eth_getLogs', { fromBlock: '0x1' }), ask('eth_chainId'),
  ]);
  assert.deepEqual(outcomes.map((/** @type {any} */ { status, reason }) => reason?.code ?? status), ['fulfilled', -32005, -32005, 'fulfilled']);
});

test('an answer says what proves it', { skip: noAnvil }, async (t) => {
  const own = ol.provider({ endpoints: [world.url, http({ url: world.url })], quorum: 2, maxAge: Infinity });
  t.after(() => own.close());
  const { value, block, head, trust, agreed, asked, ageSeconds } = await own.verified({ method: 'eth_getBalance', params: [other, '0x4'] });
  assert.equal(value, await world.ask('eth_getBalance', other, '0x4'));
  assert.deepEqual([trust, agreed, asked, Number(block.number), head.hash], ['quorum', 2, 2, 4, world.head.hash]);
  assert.equal(block.hash, (await world.byNumber(4)).hash);
  assert.ok(ageSeconds >= 0);
  assert.deepEqual(await own.verified({ method: 'eth_chainId' }), { value: '0x64c' });
  const gone = await own.verified({ method: 'eth_getTransactionByHash', params: [`0x${'12'.repeat(32)}`] });
  assert.deepEqual([gone.value, gone.block], [null, undefined]);
  const status = await own.request({ method: 'openledger_status' });
  assert.deepEqual(status, { chainId: '0x64c', trust: 'quorum', endpoints: 2, quorum: 2, anchored: false });
});

test('a provider that is closed answers no more, and gives its memory back', { skip: noAnvil }, async () => {
  const asked = async () => {
    const own = providerOf();
    const waiting = own.request({ method: 'eth_blockNumber' });
    own.on('message', () => {});
    await own.request({ method: 'eth_subscribe', params: ['newHeads'] });
    await waiting;
    const last = own.request({ method: 'eth_blockNumber' }).catch((/** @type {any} */ error) => error.code);
    own.close();
    own.close();
    assert.equal(await last, 4900);
    await assert.rejects(own.request({ method: 'eth_chainId' }), { code: 4900 });
  };
  for (let i = 0; i < 3; i++) await asked();
  const before = ol.core.exports.memory.buffer.byteLength;
  for (let i = 0; i < 10; i++) await asked();
  assert.equal(ol.core.exports.memory.buffer.byteLength, before);
});

test('a listener that throws is in nobody\'s way', { skip: noAnvil }, async (t) => {
  const thrown = later();
  const listener = (/** @type {any} */ error) => thrown.keep(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').once('uncaughtException', listener);
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    for (const one of others) process.on('uncaughtException', one);
  });
  let times = 0;
  const own = ol.provider({
    endpoints: [world.url], maxAge: Infinity,
    onWant: () => {
      if (times++ === 0) throw new Error('mine');
    },
  });
  assert.equal(await own.request({ method: 'eth_getBalance', params: [nobody, 'latest'] }), '0x0');
  assert.match((await thrown.promise).message, /mine/);
  assert.equal(await own.request({ method: 'eth_getBalance', params: [nobody, 'latest'] }), '0x0');
  own.close();
});

test('the example prints a proven balance, and fails on a forged one', { skip: noAnvil }, async (t) => {
  const run = promisify(execFile);
  const own = await startWorld();
  t.after(() => own.close());
  await own.mine();
  const { stdout } = await run(process.execPath, ['examples/js/provider.mjs', own.url, other], { cwd: root });
  const number = Number(await own.ask('eth_blockNumber'));
  assert.equal(stdout, `${ol.amountText(BigInt(await own.ask('eth_getBalance', other, 'latest')))} OPEN at block ${number}, by quorum\n`);
  const forged = await serve(t, async (request, response) => {
    const answer = await (await fetch(own.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: await bodyOf(request) })).json();
    if (answer.result.balance) answer.result.balance = '0xffffffffffffffff';
    response.end(JSON.stringify(answer));
  });
  await assert.rejects(run(process.execPath, ['examples/js/provider.mjs', forged, other], { cwd: root }), /claimed value is not the proven one/);
});
