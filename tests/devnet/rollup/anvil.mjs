// SPDX-License-Identifier: MIT
// Local chains: starting them, asking them, and moving their time.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 30_000;
const ANSWER_MS = 20_000;
const scope = join(import.meta.dirname, '../../../node_modules/@foundry-rs');

/** The platform's anvil as npm brings it; undefined if it brought none. */
function anvilPath() {
  const packages = existsSync(scope) ? readdirSync(scope) : [];
  return packages.flatMap((name) => ['anvil', 'anvil.exe'].map((file) => join(scope, name, 'bin', file))).find(existsSync);
}

/** Why tests on live chains are skipped; false if they are not. Where CI is true they are not. */
export const noAnvil = !anvilPath() && process.env.CI !== 'true' && 'npm brought no anvil for this platform';

/** @typedef {Awaited<ReturnType<typeof startAnvil>>} Anvil */

/**
 * Starts a chain on a free port. It ends with this process, or when it is closed.
 * @param {string[]} args
 */
export async function startAnvil(args) {
  const path = anvilPath();
  if (!path) throw new Error('npm brought no anvil for this platform');
  const child = spawn(path, ['--host', '127.0.0.1', '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const url = await new Promise((done, fail) => {
    let said = '';
    const late = setTimeout(() => fail(new Error(`anvil does not start:\n${said}`)), START_MS);
    const listen = (/** @type {Buffer} */ chunk) => {
      if (said.length > 100_000) return; // it goes on to tell of every request
      said += chunk;
      const [, port] = said.match(/Listening on 127\.0\.0\.1:(\d+)/) ?? [];
      if (!port) return;
      clearTimeout(late);
      done(`http://127.0.0.1:${port}`);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', fail);
    child.once('exit', () => fail(new Error(`anvil ended:\n${said}`)));
  });

  let lastId = 0;
  /** @param {string} method @param {unknown[]} params @returns {Promise<any>} */
  async function ask(method, ...params) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++lastId, method, params });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
    const { result, error } = await response.json();
    if (error) throw new Error(`${method}: ${error.message}${error.data ? ` ${JSON.stringify(error.data)}` : ''}`);
    return result;
  }

  /** @param {number | 'latest'} [number] */
  const block = (number = 'latest') => ask('eth_getBlockByNumber', number === 'latest' ? number : quantity(number), false);
  const time = async () => Number((await block()).timestamp);

  /** Sends a transaction of an account whose key anvil holds; it is in the block that is made of it. @param {Record<string, unknown>} transaction */
  async function send(transaction) {
    const hash = await ask('eth_sendTransaction', { gas: '0x1000000', ...transaction });
    const end = Date.now() + ANSWER_MS;
    let receipt;
    while (!(receipt = await ask('eth_getTransactionReceipt', hash))) {
      if (Date.now() > end) throw new Error(`a transaction is in no block: ${hash}`);
      await sleep(2);
    }
    if (receipt.status === '0x1') return receipt;
    // The reason is in no receipt; a call of the same says it.
    await ask('eth_call', { gas: '0x1000000', ...transaction }, quantity(Number(receipt.blockNumber) - 1));
    throw new Error(`a transaction failed: ${hash}`);
  }

  /** The next block has this time, and time goes on from there. @param {number} seconds since 1970 */
  async function mineAt(seconds) {
    await ask('evm_setNextBlockTimestamp', quantity(seconds));
    await ask('anvil_mine', '0x1');
  }

  const close = () => new Promise((done) => {
    process.removeListener('exit', kill);
    child.removeAllListeners('exit').once('exit', () => done(undefined));
    kill();
  });
  return { url, ask, block, time, send, mineAt, close };
}

/** A number as JSON-RPC writes it. @param {number | bigint} value */
export const quantity = (value) => `0x${value.toString(16)}`;
