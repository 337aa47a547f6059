#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Measures the native build, the module and others at the same work, and writes build/bench.json.
//
// All of them take turns, a short batch each, for many rounds; a figure is the median over the rounds. So whatever
// else the machine does meanwhile falls on all of them alike. What they compute is compared first.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { verifyMerkleProof } from '@ethereumjs/mpt';
import { createKeccak } from 'hash-wasm';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const vectors = resolve(process.env.OL_VECTORS || join(repository, '../shared/vectors'));
const build = join(repository, 'build');

const ROUNDS = 60;
const WARM_UP_ROUNDS = 10;
const BATCH_US = 4000;

/** @typedef {() => Promise<number> | number} Batch runs once; microseconds for one unit of work */
/** @typedef {{ id: string, native: Batch, wasm: Batch, peers: Record<string, Batch>, targets: Target[] }} Row */
/** @typedef {{ text: string, met: (row: Figures) => boolean }} Target */
/** @typedef {{ id: string, unit: string, native: number, wasm: number, peers: Record<string, number> }} Figures */

/** @param {string} hex */
const bytesOf = (hex) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));

/** @param {unknown} held @param {string} what @returns {asserts held} */
function must(held, what) {
  if (!held) throw new Error(what);
}

// --- The native program ---

/** @param {string[]} args */
function startNative(args) {
  const path = join(build, 'release/tests/openledger_bench');
  must(existsSync(path), `${path} is missing; make build makes it`);
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((done) => child.once('close', done));
  return {
    /** @param {string} name @param {number} count @returns {Promise<number>} microseconds for one */
    async run(name, count) {
      child.stdin.write(`${name} ${count}\n`);
      const { value, done } = await lines.next();
      must(!done, `the native program cannot do ${name}`);
      return Number(value) / 1000 / count;
    },
    async close() {
      child.stdin.end();
      must(await ended === 0, 'the native program ended badly: the two native permutations disagree, or worse');
    },
  };
}

// --- The module ---

/** @type {any} */
const wasm = (await WebAssembly.instantiate(readFileSync(join(build, 'openledger.wasm')), {})).instance.exports;

/** @param {number} len */
function take(len) {
  const at = wasm.malloc(len + 16);
  must(at !== 0, 'the module is out of memory');
  return Math.ceil(at / 16) * 16;
}

/** A fresh view each time, as memory can grow. @param {number} at @param {number} len */
const view = (at, len) => new Uint8Array(wasm.memory.buffer, at, len);

/** @param {number} at @param {Uint8Array} bytes */
const put = (at, bytes) => view(at, bytes.length).set(bytes);

const describe = [join(repository, 'scripts/api.mjs'), 'describe'];
/**
 * How the module's compiler lays structs out.
 * @type {{ wasm32: { structs: { name: string, size: number, fields: { name: string, offset: number }[] }[] } }}
 */
const { wasm32 } = JSON.parse(execFileSync(process.execPath, describe, { encoding: 'utf8' }));

/** @param {string} name */
function structOf(name) {
  const struct = wasm32.structs.find((one) => one.name === name);
  must(struct, `${name} is not in the public headers`);
  return struct;
}

// --- The rows ---

/**
 * A batch that takes about BATCH_US.
 * @param {(count: number) => Promise<number> | number} measure microseconds for one of `count`
 * @returns {Promise<Batch>}
 */
async function batchOf(measure) {
  await measure(3);
  const each = Math.min(await measure(20), await measure(20));
  const count = Math.max(1, Math.round(BATCH_US / each));
  return () => measure(count);
}

/** @param {(() => void) | (() => Promise<unknown>)} work @param {number} units of work in one call */
const timed = (work, units = 1) => async (/** @type {number} */ count) => {
  const calls = Math.max(1, Math.round(count / units));
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) {
    const pending = work();
    if (pending) await pending;
  }
  return Number(process.hrtime.bigint() - start) / 1000 / (calls * units);
};

/**
 * One permutation. The native figures call the permutation itself; modules export no such thing, so theirs are a
 * hash of 1 MiB divided by its permutations, with the copying of the data into the module, for both alike.
 * @returns {Promise<Row>}
 */
async function keccakRow(native) {
  const RATE = 136;
  const message = new Uint8Array(1 << 20).map((_, i) => i * 7);
  const permutations = Math.floor(message.length / RATE) + 1;
  const [input, out] = [take(message.length), take(32)];
  const hash = () => {
    put(input, message);
    wasm.ol_keccak256(out, input, message.length);
  };
  const peer = await createKeccak(256);
  const peerHash = () => peer.init().update(message).digest('binary');
  hash();
  must(Buffer.compare(view(out, 32), peerHash()) === 0, 'the module and hash-wasm hash differently');
  return {
    id: 'keccak_permutation',
    native: await batchOf((count) => native.run('keccak_own', count)),
    wasm: await batchOf(timed(hash, permutations)),
    peers: {
      c_reference: await batchOf((count) => native.run('keccak_reference', count)),
      'hash-wasm': await batchOf(timed(() => void peerHash(), permutations)),
    },
    targets: [
      { text: 'native within 1.15 x of c_reference', met: ({ native: own, peers }) => own <= 1.15 * peers.c_reference },
      { text: 'wasm at least as fast as hash-wasm', met: ({ wasm: own, peers }) => own <= peers['hash-wasm'] },
    ],
  };
}

function readProof() {
  const folder = join(vectors, 'execution/mainnet-21925176');
  if (!existsSync(folder)) return undefined;
  const read = (name) => {
    const json = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return json.result ?? json;
  };
  const proof = read('proof.json');
  return { root: bytesOf(read('block.json').stateRoot), address: bytesOf(proof.address),
    nodes: proof.accountProof.map(bytesOf), balance: BigInt(proof.balance) };
}

/** What the native program reads. @param {NonNullable<ReturnType<typeof readProof>>} proof */
function writeProof({ root, address, nodes }) {
  const path = join(build, 'bench/account_proof.bin');
  mkdirSync(dirname(path), { recursive: true });
  const parts = nodes.flatMap((node) => [new Uint8Array(new Uint32Array([node.length]).buffer), node]);
  writeFileSync(path, Buffer.concat([root, address, ...parts]));
  return path;
}

/**
 * One account of mainnet, from bytes to a balance. The module's figure has the copying of the nodes into it.
 * @returns {Promise<Row>}
 */
async function proofRow(native, { root, address, nodes, balance }) {
  const [error, out, rootAt, addressAt] =
    [take(structOf('ol_error').size), take(structOf('ol_account').size), take(32), take(20)];
  const slices = take(8 * nodes.length);
  const data = take(nodes.reduce((sum, { length }) => sum + length, 0));
  const balanceAt = out + (structOf('ol_account').fields.find(({ name }) => name === 'balance')?.offset ?? NaN);
  const verify = () => {
    put(rootAt, root);
    put(addressAt, address);
    const memory = new Uint8Array(wasm.memory.buffer);
    const words = new Uint32Array(wasm.memory.buffer, slices, 2 * nodes.length);
    let at = data;
    for (let i = 0; i < nodes.length; i++) {
      memory.set(nodes[i], at);
      words[2 * i] = at;
      words[2 * i + 1] = nodes[i].length;
      at += nodes[i].length;
    }
    must(wasm.ol_account_verify(error, out, rootAt, addressAt, slices, nodes.length) === 0, 'the module refuses the proof');
  };
  verify();
  must(BigInt(`0x${Buffer.from(view(balanceAt, 32)).toString('hex')}`) === balance, 'the module proves another balance');
  // Key hashing is on, as for any state trie; the hash is the library's own default.
  const peerVerify = () => verifyMerkleProof(address, nodes, { root, useKeyHashing: true });
  const account = Buffer.from(/** @type {Uint8Array} */ (await peerVerify())).toString('hex');
  must(account.includes(balance.toString(16)), 'the peer proves another balance');
  return {
    id: 'account_proof',
    native: await batchOf((count) => native.run('account_proof', count)),
    wasm: await batchOf(timed(verify)),
    peers: { '@ethereumjs/mpt': await batchOf(timed(peerVerify)) },
    targets: [
      { text: 'native at most 9 us', met: ({ native: own }) => own <= 9 },
      { text: 'wasm at most a tenth of @ethereumjs/mpt', met: ({ wasm: own, peers }) => own <= peers['@ethereumjs/mpt'] / 10 },
    ],
  };
}

// --- Taking turns ---

/** @param {number[]} values */
const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

/** @param {number} value to four digits, as more is noise */
const rounded = (value) => Number(value.toPrecision(4));

/** @param {Row} row @returns {Promise<Figures>} */
async function measure(row) {
  const batches = { native: row.native, wasm: row.wasm, ...row.peers };
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(Object.keys(batches).map((name) => [name, []]));
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    for (const [name, batch] of Object.entries(batches)) {
      const time = await batch();
      if (round >= WARM_UP_ROUNDS) times[name].push(time);
    }
  }
  const { native, wasm: module, ...peers } =
    Object.fromEntries(Object.entries(times).map(([name, all]) => [name, rounded(median(all))]));
  return { id: row.id, unit: 'us', native, wasm: module, peers };
}

/** @param {Row} row @param {Figures} figures */
function print(row, figures) {
  console.log(`\n${figures.id}`);
  const lines = [['native', figures.native], ['wasm', figures.wasm], ...Object.entries(figures.peers)];
  for (const [name, value] of /** @type {[string, number][]} */ (lines)) {
    const ratio = (/** @type {number} */ to) => (value / to).toFixed(2).padStart(9);
    console.log(`  ${name.padEnd(18)}${value.toFixed(3).padStart(10)} us${ratio(figures.native)} x native${ratio(figures.wasm)} x wasm`);
  }
  for (const { text, met } of row.targets) console.log(`  ${met(figures) ? 'ok    ' : 'misses'} ${text}`);
}

async function main() {
  const proof = readProof();
  if (!proof) {
    must(process.env.CI !== 'true', `${vectors} is missing`);
    console.log(`bench: account_proof is skipped, as ${vectors} is missing`);
  }
  const native = startNative(proof ? [writeProof(proof)] : []);
  const rows = [await keccakRow(native), ...(proof ? [await proofRow(native, proof)] : [])];
  const all = [];
  for (const row of rows) {
    const figures = await measure(row);
    print(row, figures);
    all.push(figures);
  }
  await native.close();
  const path = join(build, 'bench.json');
  writeFileSync(path, `${JSON.stringify(all, null, 1)}\n`);
  console.log(`\nbench: medians of ${ROUNDS} rounds in turn, in build/bench.json`);
}

main().catch((error) => {
  console.error(`bench: ${error.message}`);
  process.exit(1); // the native program, which waits for work, ends with its input
});
