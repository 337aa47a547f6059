// SPDX-License-Identifier: MIT
// What the tests of `openledger serve` share: a command that serves, requests as no library would send them, and a way
// to a node that can be cut, slow, or lie.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLI } from './cli.mjs';

const START_MS = 40_000;
const WAIT_MS = 30_000;

/** Every server of ours that still runs, so that none outlives the tests. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/**
 * Starts `openledger serve`, without waiting until it listens. `said` is what was heard of it by now, which can come after
 * an answer; `line` its first line, `ended` its exit code or the signal that ended it.
 * @param {string[]} args @param {string[]} [place] where it listens, and how it says so
 */
export function spawnServe(args, place = ['--listen', '127.0.0.1:0', '--json']) {
  const child = spawn(CLI, ['serve', ...place, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const said = { stdout: '', stderr: '' };
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return /** @type {number | string} */ (signal ?? code);
  });
  const line = new Promise((done) => {
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      said.stdout += piece;
      if (said.stdout.includes('\n')) done(said.stdout.split('\n')[0]);
    });
  });
  child.stderr.setEncoding('utf8').on('data', (piece) => (said.stderr += piece));
  const end = (/** @type {NodeJS.Signals} */ signal = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  return { child, said, line, ended, end };
}

/** @typedef {Awaited<ReturnType<typeof startServe>>} Serve */

/** Starts `openledger serve` on a free port. @param {string[]} args */
export async function startServe(args) {
  const started = spawnServe(args);
  const late = new AbortController();
  const first = await Promise.race([started.line, started.ended, sleep(START_MS, 'is late', { signal: late.signal }).catch(() => '')]);
  late.abort();
  if (typeof first !== 'string' || !first.startsWith('{"url":')) {
    await started.end('SIGKILL');
    throw new Error(`openledger serve ${args.join(' ')}: ${first}: ${started.said.stderr}`);
  }
  const { url } = JSON.parse(first);
  return { ...started, url, port: Number(new URL(url).port), ask: askerOf(url) };
}

/** The same for the time of a test. @param {import('node:test').TestContext} t @param {string[]} args */
export async function serveFor(t, args) {
  const served = await startServe(args);
  t.after(() => served.end('SIGKILL'));
  return served;
}

/**
 * A request as it is given. Without one of its own a body is JSON.
 * @param {string} url
 * @param {{ method?: string, path?: string, headers?: Record<string, string>, body?: unknown, signal?: AbortSignal }} [options]
 */
export async function send(url, { method = 'POST', path = '/', headers = {}, body = '', signal } = {}) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const { hostname, port, host } = new URL(url);
  const typed = method === 'POST' ? { 'content-type': 'application/json', 'content-length': String(bytes.length) } : {};
  const all = { host, ...typed, ...headers };
  const request = http.request({ hostname: hostname.replace(/^\[|\]$/g, ''), port, method, path, headers: all, setHost: false, agent: false, signal });
  request.end(bytes);
  const answered = once(request, 'response');
  const upgraded = once(request, 'upgrade').then(([response, socket]) => {
    socket.destroy();
    return [response];
  });
  upgraded.catch(() => {});
  const [response] = await Promise.race([answered, upgraded]);
  return { status: response.statusCode, headers: response.headers, text: response.statusCode === 101 ? '' : await text(response) };
}

/** Asks a server by JSON-RPC. Returns: the response's members. @param {string} url */
export const askerOf = (url) => async (/** @type {string} */ method, /** @type {any[]} */ ...params) => {
  const { status, text: said } = await send(url, { body: { jsonrpc: '2.0', id: 1, method, params } });
  if (status !== 200) throw new Error(`HTTP ${status}: ${said}`);
  return JSON.parse(said);
};

/** Waits for something to become true. @param {() => unknown} is @param {string} what */
export async function until(is, what) {
  const end = Date.now() + WAIT_MS;
  while (!(await is())) {
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await sleep(20);
  }
}

/**
 * @typedef {object} Way
 * @property {boolean} silent takes requests and answers none
 * @property {number} delayMs before each answer
 * @property {(request: any, result: any) => any} [lie] what is said for a result; undefined for the truth
 */

/**
 * A server in front of a node, at an address of its own: it can be cut off and come back, be silent, or lie.
 * @param {import('node:test').TestContext} t @param {string} node
 */
export async function inFrontOf(t, node) {
  /** @type {Way} */
  const way = { silent: false, delayMs: 0 };
  /** @type {string[]} */
  const asked = [];
  const retell = (/** @type {any} */ request, /** @type {any} */ answer) => {
    const told = way.lie?.(request, structuredClone(answer.result));
    return told === undefined ? answer : { ...answer, result: told };
  };
  const server = http.createServer(async (request, response) => {
    const body = await text(request);
    const parsed = JSON.parse(body);
    asked.push(...[parsed].flat().map(({ method }) => method));
    if (way.silent) return;
    if (way.delayMs > 0) await sleep(way.delayMs);
    const { text: said } = await send(node, { body });
    const answer = JSON.parse(said);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(Array.isArray(parsed) ? answer.map((/** @type {any} */ one, /** @type {number} */ i) => retell(parsed[i], one)) : retell(parsed, answer)));
  });
  const listen = (port = 0) => new Promise((done, fail) => {
    server.once('error', fail).listen(port, '127.0.0.1', () => done(undefined));
  });
  await listen();
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const cut = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  t.after(() => server.listening && cut());
  return Object.assign(way, { url: `http://127.0.0.1:${port}`, asked, cut, mend: () => listen(port) });
}
