// SPDX-License-Identifier: MIT
// fetch as the host, against servers with good and bad manners; and the example.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Chain } from './chain.mjs';
import { bodyOf, serve } from './server.mjs';
import { accounts, address, keccak, openledger as ol, root } from './support.mjs';

const run = promisify(execFile);
const chain = new Chain(keccak, accounts);

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
const honest = async (/** @type {Request} */ request, /** @type {Response} */ response) => {
  response.setHeader('content-type', 'application/json').end(chain.respond(await bodyOf(request)));
};

/** @param {string | object} endpoint @param {object} [options] */
const ask = (endpoint, options = {}) =>
  ol.client({ endpoints: [/** @type {any} */ (endpoint)], ...options }).account({ address });
/** @param {string} url @param {RegExp} reason @param {object} [options] */
const fails = (url, reason, options) =>
  assert.rejects(ask(url, options), (/** @type {any} */ error) => error.status === 'transport' && reason.test(error.reason));

test('a question over HTTP', async (t) => {
  /** @type {Request[]} */
  const requests = [];
  const url = await serve(t, (request, response) => {
    requests.push(request);
    return honest(request, response);
  });
  for (const endpoint of [url, new URL(url), { url: `${url}/v1?key=abc`, headers: { 'x-token': 'secret' } }]) {
    assert.equal((await ask(endpoint)).balance, 1500000000000000000n);
  }
  const last = requests[requests.length - 1];
  assert.equal(last.method, 'POST');
  assert.equal(last.url, '/v1?key=abc');
  assert.equal(last.headers['x-token'], 'secret');
  assert.equal(last.headers['content-type'], 'application/json');
  assert.equal(last.headers.cookie, undefined);
});

test('an HTTP status other than 200', async (t) => {
  await fails(await serve(t, (_request, response) => response.writeHead(503).end('later')), /HTTP status/);
});

test('a redirect is not followed', async (t) => {
  let followed = 0;
  const target = await serve(t, (request, response) => {
    followed++;
    return honest(request, response);
  });
  await fails(await serve(t, (_request, response) => response.writeHead(307, { location: target }).end()), /connection failed/);
  assert.equal(followed, 0);
});

test('an endless answer is cut off', { timeout: 20_000 }, async (t) => {
  let sent = 0;
  const url = await serve(t, (_request, response) => {
    const chunk = Buffer.alloc(65536, 0x20);
    const more = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
    };
    response.on('drain', more);
    more();
  });
  await fails(url, /longer than accepted/, { maxAnswer: 8192 });
  assert.ok(sent < 64 << 20, `sent ${sent} bytes`);
});

test('an answer that stops in the middle times out', { timeout: 20_000 }, async (t) => {
  const url = await serve(t, (_request, response) => response.write('{"jsonrpc":'));
  await fails(url, /in time/, { timeoutMs: 200 });
});

test('a server that hangs up, and none at all', async (t) => {
  const url = await serve(t, (_request, response) => response.destroy());
  await fails(url, /connection failed/);
  await fails('http://127.0.0.1:1', /connection failed/);
});

test('the example prints a proven balance, and fails on a forged one', async (t) => {
  const url = await serve(t, honest);
  const { stdout } = await run(process.execPath, ['examples/js/balance.mjs', url, address], { cwd: root });
  assert.equal(stdout, '1.5 OPEN at block 100\n');
  const forged = await serve(t, async (request, response) => {
    const answer = JSON.parse(chain.respond(await bodyOf(request)));
    if (answer.result.balance) answer.result.balance = '0xffffffffffffffff';
    response.end(JSON.stringify(answer));
  });
  await assert.rejects(run(process.execPath, ['examples/js/balance.mjs', forged, address], { cwd: root }), /OpenLedgerError/);
});
