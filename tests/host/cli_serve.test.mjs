// SPDX-License-Identifier: MIT
// openledger serve under the libraries that dApps use, unmodified: what they read through it, over HTTP and over a
// WebSocket, is what they read of the node.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { JsonRpcProvider, WebSocketProvider } from 'ethers';
import { createPublicClient, http, webSocket } from 'viem';
import { noAnvil } from '../devnet/rollup/anvil.mjs';
import { BLOCKS, assertFeeData, assertFees, assertSending, chain, ethersReads, viemReads } from '../js/alike.mjs';
import { CHAIN_ID, nobody, other, signer, startWorld } from '../js/world.mjs';
import { serveFor, startServe } from './serve.mjs';

const OPTIONS = ['--chain-id', String(CHAIN_ID), '--max-age', 'any'];
const socketOf = (/** @type {string} */ url) => url.replace('http:', 'ws:');

/** @type {import('../js/world.mjs').World} */
let world;
/** @type {import('./serve.mjs').Serve} */
let served;
/** viem's clients and ethers' providers, by the way they ask. @type {Record<string, any>} */
const viem = {};
/** @type {Record<string, any>} */
const ethers = {};

before(async () => {
  if (noAnvil) return;
  world = await startWorld({ blocks: BLOCKS });
  served = await startServe([...OPTIONS, '--rpc', world.url]);
  const clientOf = (/** @type {any} */ transport) => createPublicClient({ chain, transport, cacheTime: 0 });
  viem.node = clientOf(http(world.url));
  viem.http = clientOf(http(served.url));
  viem.batches = clientOf(http(served.url, { batch: true }));
  viem.socket = clientOf(webSocket(socketOf(served.url)));
  ethers.node = new JsonRpcProvider(world.url);
  ethers.http = new JsonRpcProvider(served.url);
  ethers.socket = new WebSocketProvider(socketOf(served.url));
});
after(async () => {
  if (noAnvil) return;
  for (const provider of Object.values(ethers)) await provider.destroy();
  (await viem.socket?.transport.getRpcClient())?.close();
  await served?.end('SIGKILL');
  await world?.close();
});

for (const [name, way] of [['viem', 'http'], ['viem in batches', 'batches'], ['viem over a WebSocket', 'socket']]) {
  viemReads(name, () => ({ world, ours: viem[way], theirs: viem.node }));
}
for (const [name, way] of [['ethers', 'http'], ['ethers over a WebSocket', 'socket']]) {
  ethersReads(name, () => ({ world, ours: ethers[way], theirs: ethers.node }));
}

test('fees follow from proven headers and transactions, as op-geth suggests them', { skip: noAnvil }, async (t) => {
  const older = await startWorld({ hardfork: 'ecotone' });
  t.after(() => older.close());
  const { ask } = await serveFor(t, [...OPTIONS, '--rpc', older.url]);
  await assertFees(older, async (method, ...params) => (await ask(method, ...params)).result);
  await assertFeeData({ world, ours: viem.http, theirs: viem.node }, ethers.http);
});

test('a transaction is sent, and its receipt is proven', { skip: noAnvil }, async (t) => {
  const own = await startWorld();
  t.after(() => own.close());
  const { url } = await serveFor(t, [...OPTIONS, '--rpc', own.url]);
  const through = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, polling: true, pollingInterval: 50 });
  t.after(() => through.destroy());
  await assertSending(own, createPublicClient({ chain, transport: http(url), cacheTime: 0, pollingInterval: 50 }), through);
});

test('nothing was wrong with an honest node', { skip: noAnvil }, () => {
  assert.equal(served.said.stderr, '');
  assert.equal(served.said.stdout, `{"url":"http://127.0.0.1:${served.port}/"}\n`);
});

test('what is not proven is not answered, and no key is here', { skip: noAnvil }, async () => {
  for (const [code, method, params] of /** @type {[number, string, any[]][]} */ ([
    [-32601, 'eth_call', [{ to: world.token, data: '0x18160ddd' }, 'latest']],
    [-32601, 'eth_estimateGas', [{ to: other }]],
    [4200, 'eth_sendTransaction', [{ from: signer.address, to: other }]],
    [4200, 'personal_sign', ['0x00', signer.address]],
    [-32601, 'anvil_setBalance', [nobody, '0x1']],
    [-32601, 'evm_mine', []],
    [-32601, 'admin_peers', []],
  ])) {
    const { result, error } = await served.ask(method, ...params);
    assert.deepEqual([method, result, error?.code], [method, undefined, code]);
    await assert.rejects(viem.http.request({ method, params }, { retryCount: 0 }), (/** @type {any} */ error_) =>
      error_.walk((/** @type {any} */ one) => one.code === code) !== null, method);
  }
  await assert.rejects(ethers.http.call({ to: world.token, data: '0x18160ddd' }));
  assert.deepEqual((await served.ask('eth_accounts')).result, []);
  assert.equal((await served.ask('net_version')).result, String(CHAIN_ID));
});
