// SPDX-License-Identifier: MIT
// What the tests of the command line share: running it, recorded proofs, a JSON-RPC server that can lie, anvil.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export const CLI = resolve(process.env.OL_CLI || join(repository, 'build/openledger'));
export const BALANCE = resolve(process.env.OL_BALANCE || join(repository, 'build/balance'));

/**
 * @typedef {{ code: number | null, stdout: string, stderr: string }} Outcome
 * @param {string} program @param {string[]} args
 * @param {{ input?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(program, args, { input = '', env = {} } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, timeout: 60000 });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.stdin.on('error', () => {}); // a program need not read its input
    child.stdin.end(input);
    child.on('error', fail);
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
}

/** @param {string[]} args @param {Parameters<typeof run>[2]} [options] */
export const openledger = (args, options) => run(CLI, args, options);

/** A folder for a test file's own files, removed when the process ends. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'openledger-cli-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  /** @param {string} name @param {unknown} content text, or a value to write as JSON */
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
}

/** Why tests on a terminal are skipped; false if they are not. */
export const noScript = !!spawnSync('script', ['--version']).error && 'the command "script" is not installed';

export const vectors = resolve(process.env.OL_VECTORS || join(repository, '../shared/vectors'));

/** Why tests on recorded data are skipped; false if they are not. Where CI is true they are not. */
export const noVectors =
  !existsSync(vectors) && process.env.CI !== 'true' && `no recorded data at ${vectors} (set OL_VECTORS)`;

/** Hex of a number as recorded, which may have leading zeros, as JSON-RPC writes it. */
const quantity = (hex) => '0x' + BigInt(hex).toString(16);

/**
 * A recorded block of OP Sepolia and the accounts proven at it.
 * @param {number} number of the block after it, which names the file
 */
export function recorded(number) {
  const file = join(vectors, `opstack/op_sepolia_${number}.json.gz`);
  const data = JSON.parse(gunzipSync(readFileSync(file)).toString());
  const accounts = Object.fromEntries(
    Object.entries(data.accounts).map(([name, { code, ...account }]) => [
      name,
      {
        proof: {
          ...account,
          nonce: quantity(account.nonce),
          balance: quantity(account.balance),
          storageProof: account.storageProof.map((slot) => ({ ...slot, value: quantity(slot.value) })),
        },
        code: code ?? '0x',
      },
    ]),
  );
  return {
    chainId: data.chainId,
    rlp: data.parentHeaderRlp,
    hash: data.parentHeaderHash,
    block: { ...data.parentHeader, hash: data.parentHeaderHash },
    accounts,
  };
}

/**
 * A JSON-RPC server for one recorded block. `change` may replace any result: it is given the method, the
 * result and the parameters, and what it returns is sent; if it throws, the error goes out as the server's.
 * @param {ReturnType<typeof recorded>} data
 * @param {(method: string, result: any, params: any[]) => any} [change]
 */
export async function serveRecorded(data, change = (method, result) => result) {
  const calls = [];
  const results = {
    eth_chainId: () => '0x' + data.chainId.toString(16),
    eth_getBlockByNumber: () => data.block,
    eth_getBlockByHash: () => data.block,
    eth_getProof: ([address, keys]) => {
      const { proof } = Object.values(data.accounts).find((each) => each.proof.address === address);
      const storageProof = keys.map((key) => proof.storageProof.find((slot) => BigInt(slot.key) === BigInt(key)));
      return { ...proof, storageProof };
    },
    eth_getCode: ([address]) => Object.values(data.accounts).find((each) => each.proof.address === address).code,
  };
  return serve((request) => {
    calls.push(request.method);
    const result = results[request.method](request.params);
    return change(request.method, structuredClone(result), request.params);
  }, calls);
}

/** @param {(request: any) => any} handle @param {string[]} [calls] */
export async function serve(handle, calls = []) {
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const { id, ...call } = JSON.parse(body);
    const answer = { jsonrpc: '2.0', id };
    try {
      answer.result = await handle(call);
    } catch (error) {
      answer.error = { code: error.code ?? -32000, message: error.message };
    }
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    calls,
    close: () => (server.closeAllConnections(), new Promise((done) => server.close(done))),
  };
}
