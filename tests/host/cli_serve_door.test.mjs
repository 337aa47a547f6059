// SPDX-License-Identifier: MIT
// openledger serve: who is let in, what goes wrong behind it, and how it ends.
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPublicClient, webSocket } from 'viem';
import { noAnvil, quantity } from '../devnet/rollup/anvil.mjs';
import { CHAIN_ID, TOTAL_SUPPLY_SLOT, nobody, other, signer, startWorld, third } from '../js/world.mjs';
import { openledger } from './cli.mjs';
import { askerOf, inFrontOf, send, serveFor, spawnServe, startServe, until } from './serve.mjs';

const OPTIONS = ['--chain-id', String(CHAIN_ID), '--max-age', 'any'];
const PAGE = 'https://wallet.example';
const NOWHERE = 'http://127.0.0.1:9';
const ENDS_MS = 10_000;
const LATER_MS = 150;

/** @type {import('../js/world.mjs').World} */
let world;
/** @type {import('./serve.mjs').Serve} */
let served;
before(async () => {
  if (noAnvil) return;
  world = await startWorld();
  served = await startServe([...OPTIONS, '--rpc', world.url, '--origin', PAGE, '--origin', 'http://localhost:5173']);
});
after(async () => {
  await served?.end('SIGKILL');
  await world?.close();
});

const request = (/** @type {unknown} */ id, /** @type {string} */ method, /** @type {any[]} */ ...params) => ({ jsonrpc: '2.0', id, method, params });
const NUMBER = request(1, 'eth_blockNumber');
const SUPPLY = () => ['eth_getStorageAt', world.token, TOTAL_SUPPLY_SLOT, 'latest'];
/** What a browser sends when a page opens a WebSocket. */
const UPGRADE = { 'connection': 'Upgrade', 'upgrade': 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
const CORS = 'access-control-allow-origin';

test('a page that is not allowed gets nothing', { skip: noAnvil }, async () => {
  for (const origin of ['https://evil.example', 'null', 'file://', `${PAGE}.evil.example`, PAGE.replace('https', 'http'), `${PAGE}:8443`, `http://127.0.0.1:${served.port}`, '']) {
    const preflight = { 'origin': origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
    for (const answer of [
      await send(served.url, { headers: { origin }, body: NUMBER }),
      await send(served.url, { headers: preflight, method: 'OPTIONS' }),
      await send(served.url, { headers: { origin, ...UPGRADE }, method: 'GET' }),
    ]) {
      assert.deepEqual([origin, answer.status, answer.headers[CORS]], [origin, 403, undefined]);
      assert.match(answer.text, /"error":"the Origin is not allowed"/);
    }
  }
});

test('a page that is allowed asks, and may read the answer', { skip: noAnvil }, async () => {
  for (const origin of [PAGE, 'http://localhost:5173']) {
    const preflight = await send(served.url, { headers: { 'origin': origin, 'access-control-request-method': 'POST', 'access-control-request-private-network': 'true' }, method: 'OPTIONS' });
    assert.deepEqual([preflight.status, preflight.headers[CORS], preflight.headers['access-control-allow-methods'], preflight.text], [204, origin, 'POST', '']);
    assert.match(preflight.headers['access-control-allow-headers'] ?? '', /content-type/i);
    assert.equal(preflight.headers['access-control-allow-private-network'], 'true');
    const answer = await send(served.url, { headers: { origin }, body: NUMBER });
    assert.deepEqual([answer.status, answer.headers[CORS], answer.headers.vary], [200, origin, 'Origin']);
    assert.equal(JSON.parse(answer.text).result, world.head.number);
    assert.equal((await send(served.url, { headers: { origin, ...UPGRADE }, method: 'GET' })).status, 101);
    const refused = await send(served.url, { headers: { origin, 'content-type': 'text/plain' }, body: NUMBER });
    assert.deepEqual([refused.status, refused.headers[CORS]], [415, origin]); // a page may read why
  }
});

test('a name that was made to lead here is not ours', { skip: noAnvil }, async () => {
  for (const host of ['evil.example', `evil.example:${served.port}`, `127.0.0.1.evil.example:${served.port}`, '127.0.0.1', `127.0.0.1:${served.port + 1}`, `0.0.0.0:${served.port}`, '']) {
    for (const answer of [await send(served.url, { headers: { host }, body: NUMBER }), await send(served.url, { headers: { host, ...UPGRADE }, method: 'GET' })]) {
      assert.deepEqual([host, answer.status], [host, 403]);
      assert.match(answer.text, /the Host is not this server/);
    }
  }
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    assert.equal((await send(served.url, { headers: { host: `${host}:${served.port}` }, body: NUMBER })).status, 200);
  }
});

test('what is no request of JSON-RPC by POST is refused', { skip: noAnvil }, async () => {
  const long = JSON.stringify({ ...NUMBER, params: ['x'.repeat(512 * 1024)] });
  const type = (/** @type {string} */ value) => ({ headers: { 'content-type': value }, body: NUMBER });
  for (const [status, options] of /** @type {const} */ ([
    [405, { method: 'GET' }], [405, { method: 'HEAD' }], [405, { method: 'PUT' }], [405, { method: 'DELETE' }], [405, { method: 'OPTIONS' }],
    [404, { path: '/rpc', body: NUMBER }], [404, { path: '/../', body: NUMBER }],
    [415, type('text/plain')], [415, type('application/x-www-form-urlencoded')], [415, type('application/jsonp')], [415, type('')],
    [413, { body: long }], [400, { method: 'GET', headers: { ...UPGRADE, 'sec-websocket-key': 'short' } }],
    [426, { method: 'GET', headers: { ...UPGRADE, 'sec-websocket-version': '8' } }],
  ])) {
    const answer = await send(served.url, options);
    assert.equal(answer.status, status, JSON.stringify(options).slice(0, 200));
    if (status === 405) assert.equal(answer.headers.allow, 'POST');
  }
  assert.equal((await send(served.url, type('application/json; charset=utf-8'))).status, 200);
  const last = JSON.stringify({ ...NUMBER, params: [] }).padEnd(512 * 1024); // the longest that is taken
  assert.equal(JSON.parse((await send(served.url, { body: last })).text).result, world.head.number);
});

test('text that is no request is told so, in the words of JSON-RPC', { skip: noAnvil }, async () => {
  for (const [body, id, code] of /** @type {const} */ ([
    ['', null, -32700], ['{', null, -32700], ['[', null, -32700], ['"eth_chainId"', null, -32600], ['[]', null, -32600], ['{}', null, -32600],
    [request('a', 'eth_getBalance', '0x12'), 'a', -32602], [request(7, 'eth_nothing'), 7, -32601], [{ id: 8 }, 8, -32600],
    [request(9, 'eth_getBalance', signer.address, '0xffffff'), 9, -32001], [request(10, 'eth_getLogs', { fromBlock: '0x5', toBlock: '0x4' }), 10, -32602],
  ])) {
    const { status, text } = await send(served.url, { body });
    const { error, ...rest } = JSON.parse(text);
    assert.deepEqual([status, rest, error.code], [200, { jsonrpc: '2.0', id }, code], JSON.stringify(body));
    assert.ok(error.message.length > 0);
  }
});

test('50 requests at once are each answered', { skip: noAnvil }, async () => {
  const questions = Array.from({ length: 50 }, (_, i) => [
    ['eth_getBalance', [signer.address, other, third][i % 3], quantity(1 + i % world.full)],
    ['eth_getTransactionCount', signer.address, quantity(1 + i % world.full)],
    SUPPLY(),
    ['eth_getBlockTransactionCountByNumber', quantity(i % world.full)],
    ['eth_blockNumber'],
  ][i % 5]);
  const answers = await Promise.all(questions.map(async ([method, ...params], i) =>
    JSON.parse((await send(served.url, { body: request(i, method, ...params) })).text)));
  const expected = await Promise.all(questions.map(async ([method, ...params], id) => ({ jsonrpc: '2.0', id, result: await world.ask(method, ...params) })));
  assert.deepEqual(answers, expected);
});

test('no answer is too long for what others ask at the same time', { skip: noAnvil }, async (t) => {
  const own = await startWorld();
  t.after(() => own.close());
  for (let i = 0; i < 3; i++) await own.put({ to: other, data: `0x${'11'.repeat(60_000)}`, gas: 3_000_000n });
  await own.mine();
  const way = await inFrontOf(t, own.url);
  const { ask } = await serveFor(t, [...OPTIONS, '--rpc', way.url]);
  way.delayMs = LATER_MS; // so that the others gather
  const answers = await Promise.all(Array.from({ length: 24 }, () => ask('eth_getBlockByNumber', 'latest', true)));
  assert.ok(JSON.stringify(answers[0]).length > 300_000);
  assert.deepEqual(answers.map(({ error }) => error?.message), answers.map(() => undefined));
});

test('a batch of 100 is answered in its order, one of 101 is an error', { skip: noAnvil }, async () => {
  const batch = Array.from({ length: 101 }, (_, i) => request(i % 2 ? i : `number ${i}`, 'eth_getBalance', i % 3 ? other : signer.address, quantity(1 + i % world.full)));
  const answers = JSON.parse((await send(served.url, { body: batch.slice(0, 100) })).text);
  const expected = await Promise.all(batch.slice(0, 100).map(async ({ id, method, params }) => ({ jsonrpc: '2.0', id, result: await world.ask(method, ...params) })));
  assert.deepEqual(answers, expected);
  const { error, ...rest } = JSON.parse((await send(served.url, { body: batch })).text);
  assert.deepEqual([rest, error.code, error.message], [{ jsonrpc: '2.0', id: null }, -32005, 'batch has more than 100 requests']);
});

test('notifications are not answered', { skip: noAnvil }, async () => {
  const silent = { jsonrpc: '2.0', method: 'eth_blockNumber', params: [] };
  for (const body of [silent, [silent], [silent, silent, { jsonrpc: '2.0', method: 'eth_nothing' }]]) {
    const { status, text } = await send(served.url, { body });
    assert.deepEqual([status, text], [204, '']);
  }
  const mixed = JSON.parse((await send(served.url, { body: [silent, NUMBER, silent, request(null, 'eth_chainId')] })).text);
  assert.deepEqual(mixed.map((/** @type {any} */ { id }) => id), [1, null]);

  const client = createPublicClient({ transport: webSocket(served.url.replace('http', 'ws'), { keepAlive: false, reconnect: false }) });
  const { socket } = await client.transport.getRpcClient();
  /** @type {any[]} */
  const heard = [];
  socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(data)));
  for (const body of [silent, [silent, NUMBER], [silent], request('last', 'eth_chainId')]) socket.send(JSON.stringify(body));
  await until(() => heard.some(({ id }) => id === 'last'), 'the last answer');
  socket.close();
  assert.deepEqual(heard.map((one) => (Array.isArray(one) ? one.map(({ id }) => id) : one.id)), [[1], 'last']);
});

test('an endpoint that is down is an error of the answer, and no end', { skip: noAnvil }, async (t) => {
  const way = await inFrontOf(t, world.url);
  await way.cut();
  const { ask, said, url } = await serveFor(t, [...OPTIONS, '--rpc', way.url]);
  const isDown = async () => {
    const { error, result } = await ask(...SUPPLY());
    assert.deepEqual([result, error?.code, error?.data.status], [undefined, -32002, 'transport']);
  };
  await isDown();
  await until(() => new RegExp(`openledger: ${way.url}: .*connection failed`).test(said.stderr), 'the name of the endpoint');
  await way.mend();
  const supply = await world.ask(...SUPPLY());
  assert.equal((await ask(...SUPPLY())).result, supply);
  await way.cut();
  const old = await ask(...SUPPLY());
  assert.ok(old.error?.code === -32002 || old.result === supply); // for a moment it may be known yet
  await sleep(2500); // longer than a block stays the latest of a quorum
  await isDown();
  assert.equal((await ask('eth_chainId')).result, quantity(CHAIN_ID)); // for which nobody is asked
  assert.deepEqual(JSON.parse((await send(url, { body: [NUMBER, request(2, 'eth_chainId')] })).text).map((/** @type {any} */ one) => one.error?.code), [-32002, undefined]);
  await way.mend();
  assert.equal((await ask(...SUPPLY())).result, supply);
});

test('clients that go before they are answered are in nobody\'s way', { skip: noAnvil }, async (t) => {
  const way = await inFrontOf(t, world.url);
  const { ask, url } = await serveFor(t, [...OPTIONS, '--rpc', way.url]);
  way.delayMs = LATER_MS;
  const gone = Array.from({ length: 20 }, (_, i) => send(url, { body: request(i, ...SUPPLY()), signal: AbortSignal.timeout(20 + 5 * i) }).catch(({ name }) => name));
  const outcomes = await Promise.all(gone);
  assert.ok(outcomes.filter((one) => one === 'AbortError').length >= 10, JSON.stringify(outcomes));
  way.delayMs = 0;
  assert.equal((await ask(...SUPPLY())).result, await world.ask(...SUPPLY()));
});

test('one endpoint of two that is down or silent is no matter for a quorum of one', { skip: noAnvil }, async (t) => {
  const way = await inFrontOf(t, world.url);
  const { ask } = await serveFor(t, [...OPTIONS, '--rpc', way.url, '--rpc', world.url, '--quorum', '1', '--timeout', '1']);
  const supply = await world.ask(...SUPPLY());
  for (const silent of [false, true]) {
    if (!silent) await way.cut();
    way.silent = silent;
    assert.equal((await ask(...SUPPLY())).result, supply);
    if (!silent) await way.mend();
  }
});

const flipped = (/** @type {string} */ hex) => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0');

/** What is asked, which answer is changed, and why it is refused. @type {Record<string, [question: () => any[], method: string, lie: (result: any) => any, reason: RegExp]>} */
const LIES = {
  'another proof': [SUPPLY, 'eth_getProof', (proof) => ({ ...proof, accountProof: proof.accountProof.map(flipped) }), /accountProof node \d+: /],
  'another balance': [() => ['eth_getBalance', signer.address, 'latest'], 'eth_getProof', (proof) => ({ ...proof, balance: '0x1' }), /balance/],
  'another value': [SUPPLY, 'eth_getProof', (proof) => ({ ...proof, storageProof: proof.storageProof.map((/** @type {any} */ one) => ({ ...one, value: '0x1' })) }), /storageProof/],
  'other code': [() => ['eth_getCode', world.token, 'latest'], 'eth_getCode', flipped, /code/],
  'another chain': [SUPPLY, 'eth_chainId', () => '0xa', /another chain/],
  'another state': [SUPPLY, 'eth_getBlockByNumber', (block) => ({ ...block, stateRoot: block.parentHash }), /hash/],
  'other transactions': [() => ['eth_getBlockByNumber', quantity(world.full), true], 'eth_getBlockByHash', (block) => block?.transactions?.[0]?.hash && ({ ...block, transactions: block.transactions.slice(1) }), /transactions/],
  'another receipt': [() => ['eth_getBlockReceipts', quantity(world.full)], 'eth_getBlockReceipts', (list) => list.map((/** @type {any} */ one) => ({ ...one, status: '0x1' })), /receipts/],
  'no such transaction': [() => ['eth_getTransactionReceipt', world.block.transactions[3].hash], 'eth_getTransactionByHash', () => null, /^$/],
};

for (const [name, [question, method, lie, reason]] of Object.entries(LIES)) {
  test(`a lie is never passed on, and who told it is named: ${name}`, { skip: noAnvil }, async (t) => {
    const [liar, honest] = [await inFrontOf(t, world.url), await inFrontOf(t, world.url)];
    let told = 0;
    liar.lie = (asked, result) => {
      const said = asked.method === method ? lie(result) : undefined;
      told += said === undefined ? 0 : 1;
      return said;
    };
    const isNamed = (/** @type {import('./serve.mjs').Serve} */ by) =>
      until(() => by.said.stderr.split('\n').some((line) => line.startsWith(`openledger: ${liar.url}: `) && reason.test(line)), `the name of the liar: ${by.said.stderr}`);
    const [asked, ...params] = question();
    const { result } = await served.ask(asked, ...params);
    assert.ok(result);
    const isBlamed = reason.source !== '^$';
    honest.delayMs = LATER_MS; // who answers first is asked for more
    const both = await serveFor(t, [...OPTIONS, '--rpc', honest.url, '--rpc', liar.url, '--quorum', '1']);
    assert.deepEqual((await both.ask(asked, ...params)).result, result);
    assert.ok(told > 0, 'nobody asked the liar');
    if (isBlamed) await isNamed(both);

    const alone = await serveFor(t, [...OPTIONS, '--rpc', liar.url]);
    const refused = await alone.ask(asked, ...params);
    if (isBlamed) {
      assert.equal(refused.error?.code, -32002, JSON.stringify(refused));
      await isNamed(alone);
    } else {
      assert.deepEqual(refused.result, null); // what nobody knows is nowhere
    }
    liar.lie = undefined;
    assert.equal(await both.end(), 0);
    assert.ok(!both.said.stderr.includes(honest.url), both.said.stderr);
    await until(async () => JSON.stringify((await alone.ask(asked, ...params)).result) === JSON.stringify(result), 'the truth, once it is told');
  });
}

test('a signal ends it, with nothing to do', { skip: noAnvil }, async (t) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    const one = await serveFor(t, [...OPTIONS, '--rpc', world.url]);
    assert.equal((await one.ask('eth_blockNumber')).result, world.head.number);
    const began = Date.now();
    assert.deepEqual([await one.end(signal), one.said.stderr], [0, '']);
    assert.ok(Date.now() - began < ENDS_MS);
  }
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  test(`${signal} ends it while requests wait`, { skip: noAnvil }, async (t) => {
    const way = await inFrontOf(t, world.url);
    way.silent = true;
    const one = await serveFor(t, [...OPTIONS, '--rpc', way.url, '--timeout', '12']);
    const waiting = Promise.allSettled(Array.from({ length: 8 }, () => send(one.url, { body: request(1, ...SUPPLY()) })));
    await until(() => way.asked.length > 0, 'a request to the endpoint');
    const began = Date.now();
    assert.equal(await one.end(signal), 0);
    const tookMs = Date.now() - began;
    for (const { status, value } of /** @type {any[]} */ (await waiting)) {
      // An error, or the end of the connection; never an answer.
      if (status === 'fulfilled') assert.ok(value.status === 503 || JSON.parse(value.text).error, JSON.stringify(value));
    }
    assert.ok(tookMs < ENDS_MS, `it took ${tookMs} ms`);
  });
}

test('an address that is not of this machine alone, or is taken', async (t) => {
  const rpc = ['--rpc', NOWHERE];
  for (const [listen, message] of /** @type {const} */ ([
    ['0.0.0.0:0', /not a loopback address; others could ask/], ['[::]:0', /not a loopback address/], ['192.0.2.1:8645', /not a loopback address/],
    ['[::ffff:127.0.0.1]:0', /not a loopback address/], ['localhost:8645', /not an address and port/], ['127.0.0.1', /not an address and port/],
    ['127.0.0.1:', /not an address and port/], ['8645', /not an address and port/], ['127.0.0.1:70000', /port is not a number from 0 to 65535/],
    ['127.0.0.1:8645,0.0.0.0:8645', /not an address and port/], ['127.0.0.1:8645s', /not an address and port/], ['', /--listen: a value is missing/],
  ])) {
    const outcome = await openledger(['serve', ...rpc, '--listen', listen]);
    assert.deepEqual([listen, outcome.code, outcome.stdout], [listen, 2, '']);
    assert.match(outcome.stderr, message);
    assert.match(outcome.stderr, /\nTry 'openledger help serve'\.\n$/);
  }
  const one = await serveFor(t, rpc);
  const other_ = await openledger(['serve', ...rpc, '--listen', `127.0.0.1:${one.port}`]);
  assert.deepEqual([other_.code, other_.stdout], [2, '']);
  assert.match(other_.stderr, new RegExp(`^openledger: 127\\.0\\.0\\.1:${one.port}: listen: the address cannot be listened on; another program may have it\n`));
  assert.equal((await one.ask('eth_chainId')).result, quantity(CHAIN_ID));
  assert.equal(await one.end(), 0);
});

const noSix = !Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1')) && 'no IPv6 here';

test('it listens on a loopback address of IPv6, and says so to people', { skip: noSix }, async (t) => {
  const one = spawnServe(['--rpc', NOWHERE], ['--listen', '[::1]:0']);
  t.after(() => one.end('SIGKILL'));
  const [, url] = (await one.line).match(/^listening on (http:\/\/\[::1\]:\d+\/), trust quorum$/) ?? [];
  assert.ok(url, one.said.stdout + one.said.stderr);
  assert.equal((await askerOf(url)('eth_chainId')).result, quantity(CHAIN_ID));
  assert.equal(await one.end(), 0);
});

test('the command line is checked', async () => {
  const rpc = ['--rpc', NOWHERE];
  const two = [...rpc, ...rpc];
  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [[], /^openledger: --rpc: at least one endpoint is needed/], [['--rpc', 'nowhere'], /nowhere: not a URL/],
    [[...rpc, '--quorum', '2'], /--quorum: more than there are endpoints/], [[...two, '--quorum', '0'], /--quorum: not a number from 1/],
    [[...rpc, '--chain-id', '0'], /--chain-id: is needed, and not 0/], [[...rpc, '--chain-id', 'ten'], /--chain-id: not a chain id/],
    [[...rpc, '--max-age', 'some'], /--max-age: not a number of seconds/], [[...rpc, '--timeout', '0'], /--timeout: not a number of seconds/],
    [[...rpc, '--trust', 'much'], /--trust: not quorum, unsafe, proposed or finalized/], [[...rpc, '--version', '5'], /--version: not a version from 1 to 4/],
    [[...rpc, '--origin', 'wallet.example'], /an allowed origin is scheme:\/\/host/], [[...rpc, '--origin', '*'], /an allowed origin is/],
    [[...rpc, '--origin', `${PAGE}/`], /an allowed origin is/], [[...rpc, 'more'], /more: one argument too many/],
    [[...rpc, '--slot', '1'], /--slot: no such option/], [[...rpc, '--block', '1'], /--block: no such option/], [[...rpc, '--watch'], /--watch: no such option/],
    [[...rpc, '--listen', '127.0.0.1:0', '--listen', '127.0.0.1:0'], /--listen: given twice/], [[...rpc, '--ca-file', '/nonexistent'], /--ca-file: .*cannot be read/],
    ...['--rollup', '--beacon', '--l1', '--sequencer', '--state', '--network', '--checkpoint'].map((name) =>
      [[...rpc, name, name === '--checkpoint' ? `0x${'11'.repeat(32)}` : NOWHERE], new RegExp(`${name}: is only for --trust unsafe, proposed or finalized`)]),
    [[...rpc, '--insist'], /--insist: is only for/],
    [[...rpc, '--trust', 'proposed'], /--rollup: is needed for this level of trust/],
    [[...rpc, '--trust', 'finalized', '--rollup', 'openledger'], /--beacon: at least one endpoint is needed/],
    [[...rpc, '--trust', 'finalized', '--rollup', 'openledger', '--beacon', NOWHERE], /--l1: at least one endpoint is needed/],
    [[...rpc, '--trust', 'unsafe', '--rollup', 'openledger', '--beacon', NOWHERE, '--l1', NOWHERE], /--sequencer: at least one endpoint is needed/],
    [[...rpc, '--trust', 'finalized', '--rollup', '/nonexistent', '--beacon', NOWHERE, '--l1', NOWHERE], /--rollup \/nonexistent: /],
    [[...rpc, '--trust', 'finalized', '--rollup', 'op-mainnet', '--beacon', NOWHERE, '--l1', NOWHERE], /--checkpoint: missing/],
  ])) {
    const outcome = await openledger(['serve', ...args]);
    assert.deepEqual([args.join(' '), outcome.code, outcome.stdout], [args.join(' '), 2, '']);
    assert.match(outcome.stderr, message);
  }
  const help = await openledger(['serve', '--help']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  assert.match(help.stdout, /^openledger serve --rpc URL /);
});
