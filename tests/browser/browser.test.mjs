// SPDX-License-Identifier: MIT
// The package in Chromium: from a web page, in workers, under a content security policy, and from a file. What
// it proves there must be byte for byte what it proves here.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { Chain } from '../js/chain.mjs';
import { bodyOf } from '../js/server.mjs';
import { accounts, address, built, contract, keccak, noVectors, openledger as ol, vector } from '../js/support.mjs';

const executablePath = process.env.OL_CHROMIUM ?? '/usr/bin/chromium';
const missing = !existsSync(executablePath) && process.env.CI !== 'true' && `no ${executablePath} (OL_CHROMIUM)`;
const options = { skip: missing, timeout: 60_000 };
const pages = fileURLToPath(new URL('pages/', import.meta.url));
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' http://127.0.0.1:*";
const TYPES = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };

const NOW = 1700000060_000;
const chain = new Chain(keccak, accounts, { timestamp: 1700000000n });
const proofs = [
  { header: { ...chain.block, hash: chain.hash }, proof: chain.proof(contract, ['0x0', '0x1', '0x2']) },
  ...(noVectors ? [] : recorded()),
];
const texts = proofs.map((one) => ol.verifyAccount(one).text);

function recorded() {
  const { parentHeaderRlp, accounts: all } = vector('opstack/op_sepolia_26207960.json.gz');
  return Object.values(all).map((proof) => ({ header: parentHeaderRlp, proof }));
}

/** @type {Record<string, (body: string) => string>} */
const rpc = {
  '/rpc': (body) => chain.respond(body),
  '/forged': (body) => {
    const answer = JSON.parse(chain.respond(body));
    if (answer.result.balance) answer.result.balance = '0x1';
    return JSON.stringify(answer);
  },
};

/** @type {string} */
let origin;
/** @type {string} */
let elsewhere;

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function site(request, response) {
  const { pathname, searchParams } = new URL(request.url ?? '/', origin);
  const policy = searchParams.get('policy');
  if (policy) response.setHeader('content-security-policy', policy);
  if (rpc[pathname]) {
    // Another origin than the page's: the browser asks for leave first, as it does with public endpoints.
    response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', 'content-type');
    return response.end(request.method === 'OPTIONS' ? '' : rpc[pathname](await bodyOf(request)));
  }
  if (pathname === '/cases.json') {
    const cases = { proofs, address, now: NOW, endpoints: [`${origin}/rpc`, `${elsewhere}/rpc`], forged: `${elsewhere}/forged` };
    return response.end(JSON.stringify(cases));
  }
  if (pathname === '/') {
    const script = searchParams.get('script') ?? 'page.mjs';
    const tag = script.endsWith('.mjs') ? `<script type="module" src="/pages/${script}"></script>` : '';
    return response.setHeader('content-type', 'text/html').end(`<!doctype html><title>test</title>${tag}`);
  }
  const [, folder, name] = /^\/(js|pages)\/([\w.-]+)$/.exec(pathname) ?? [];
  const file = name && join(folder === 'js' ? built : pages, name);
  if (!file || !existsSync(file)) return response.writeHead(404).end();
  const type = searchParams.get('type') ?? TYPES[/** @type {keyof typeof TYPES} */ (extname(file))];
  // A worker has the policy of its own script, not that of the page.
  if (name.startsWith('worker')) response.setHeader('content-security-policy', POLICY);
  return response.setHeader('content-type', type).end(readFileSync(file));
}

describe('Chromium', () => {
  /** @type {import('node:http').Server[]} */
  const servers = [];
  const start = async () => {
    const server = createServer(site);
    servers.push(server);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  };
  /** @type {Promise<import('playwright-core').Browser> | undefined} */
  let launched;
  const browser = () => (launched ??= chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  }));

  before(async () => {
    [origin, elsewhere] = [await start(), await start()];
  });
  after(async () => {
    await launched?.then((running) => running.close(), () => {});
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** Opens a page and waits for its result. @param {string} url @returns {Promise<any>} */
  async function open(url) {
    const page = await (await browser()).newPage();
    try {
      await page.goto(url);
      // Playwright's own waiting evaluates text in the page, which the policy forbids.
      for (const until = Date.now() + 30_000; Date.now() < until; await sleep(20)) {
        const result = await page.evaluate('globalThis.result');
        if (result) return result;
      }
      return assert.fail(`no result from ${url}`);
    } finally {
      await page.close();
    }
  }

  /** @param {any} result */
  const isWhole = ({ texts: found, live, refusal, error }) => {
    assert.equal(error, undefined);
    assert.deepEqual(found, texts);
    assert.deepEqual(JSON.parse(live).trust, { level: 'quorum', agreed: 2, asked: 2 });
    assert.equal(JSON.parse(live).balance, '0x14d1120d7b160000');
    assert.equal(refusal.status, 'mismatch');
  };
  const page = (/** @type {Record<string, string>} */ query, hash = '') => `${origin}/?${new URLSearchParams(query)}${hash}`;

  test('a web page', options, async () => isWhole(await open(page({}))));

  test('under a content security policy', options, async () => isWhole(await open(page({ policy: POLICY }))));

  test('a policy that forbids WebAssembly does forbid it', options, async () => {
    const { error } = await open(page({ policy: POLICY.replace("'wasm-unsafe-eval'", '') }));
    assert.match(error, /CompileError/);
  });

  test('a vault is made and opened while the page goes on, step by step', options, async (t) => {
    const { error, isSame, isVerified, steps, mostUnseen, longest, took } = await open(page({ script: 'wallet.mjs', policy: POLICY }));
    assert.equal(error, undefined);
    assert.deepEqual([isSame, isVerified], [true, true]);
    t.diagnostic(`${steps} steps; a vault took ${took.toFixed()} ms; the longest time without a turn was ${longest.toFixed()} ms`);
    assert.ok(steps >= 20, `${steps} steps`);
    assert.ok(mostUnseen <= 2, `${mostUnseen} steps without a turn`);
  });

  test('a worker, under the policy', options, async () =>
    isWhole(await open(page({ script: 'worker-page.mjs', policy: POLICY }, '#worker.mjs'))));

  test('a worker that is no module, with everything inside one script', options, async () => {
    const { error, texts: found } = await open(page({ script: 'worker-page.mjs', policy: POLICY }, '#worker.js'));
    assert.equal(error, undefined);
    assert.deepEqual(found, texts);
  });

  test('a page opened from a file', options, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'openledger-page-'));
    t.after(() => rmSync(folder, { recursive: true }));
    copyFileSync(join(built, 'openledger.inline.js'), join(folder, 'openledger.inline.js'));
    copyFileSync(join(pages, 'classic.js'), join(folder, 'classic.js'));
    writeFileSync(join(folder, 'cases.js'), `globalThis.cases = ${JSON.stringify({ proofs })};`);
    const scripts = ['cases.js', 'openledger.inline.js', 'classic.js'].map((name) => `<script src="${name}"></script>`);
    writeFileSync(join(folder, 'page.html'), `<!doctype html><title>test</title>${scripts.join('')}`);
    const { error, texts: found } = await open(pathToFileURL(join(folder, 'page.html')).href);
    assert.equal(error, undefined);
    assert.deepEqual(found, texts);
  });
});
