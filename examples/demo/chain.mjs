// SPDX-License-Identifier: MIT
// A local L2 to ask: anvil with the chain id of OpenLedger, on a free port of this machine.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const START_MS = 30_000;
const ANSWER_MS = 10_000;
const CHAIN_ID = 1612;

/** The platform's anvil, as npm brings it. */
function anvilPath() {
  const scope = resolve(fileURLToPath(import.meta.url), '../../../node_modules/@foundry-rs');
  const packages = existsSync(scope) ? readdirSync(scope) : [];
  const paths = packages.flatMap((name) => ['anvil', 'anvil.exe'].map((file) => join(scope, name, 'bin', file)));
  const found = paths.find((path) => existsSync(path));
  if (!found) throw new Error('npm brought no anvil for this platform, so there is no local chain to ask');
  return found;
}

/**
 * Starts a chain. It ends with this process, or when it is stopped.
 * @returns {Promise<{ url: string, stop: () => void }>}
 */
export function startChain() {
  const args = ['--chain-id', String(CHAIN_ID), '--network', 'optimism', '--host', '127.0.0.1', '--port', '0'];
  const child = spawn(anvilPath(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => void child.kill('SIGKILL');
  process.once('exit', stop);
  return new Promise((done, fail) => {
    let said = '';
    const late = setTimeout(() => fail(new Error(`anvil does not start:\n${said}`)), START_MS);
    const listen = (/** @type {Buffer} */ chunk) => {
      if (said.length > 100_000) return; // it goes on to tell of every request
      said += chunk;
      const [, port] = said.match(/Listening on 127\.0\.0\.1:(\d+)/) ?? [];
      if (!port) return;
      clearTimeout(late);
      done({ url: `http://127.0.0.1:${port}`, stop });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', fail);
    child.once('exit', () => fail(new Error(`anvil ended:\n${said}`)));
  });
}

let lastId = 0;

/**
 * @param {string} url @param {string} method @param {unknown[]} params
 * @returns {Promise<any>}
 */
export async function rpc(url, method, ...params) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: ++lastId, method, params }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

/**
 * Sends a transaction of an account that anvil holds the key of, and waits until it is in a block.
 * @param {string} url @param {object} transaction
 * @returns {Promise<any>} its receipt
 */
export async function send(url, transaction) {
  const hash = await rpc(url, 'eth_sendTransaction', transaction);
  for (const end = Date.now() + ANSWER_MS; Date.now() < end; await sleep(20)) {
    const receipt = await rpc(url, 'eth_getTransactionReceipt', hash);
    if (receipt?.status === '0x1') return receipt;
    if (receipt) throw new Error(`a transaction failed: ${hash}`);
  }
  throw new Error(`a transaction is in no block after ${ANSWER_MS / 1000} s: ${hash}`);
}
