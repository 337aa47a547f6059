// SPDX-License-Identifier: MIT
// Ours, by each way that there is to it: the native program, the module, the package, and the same work as the native
// program's within a module of the same objects.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cpuNow, must } from './measure.mjs';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const build = join(repository, 'build');

const ANSWER_BYTES = 64; // work_answer

/** What work reads, by name: GROUP.PART. @typedef {Record<string, Uint8Array>} Inputs */

/** Work by its name, native or not. @typedef {Awaited<ReturnType<typeof startNative>> | Awaited<ReturnType<typeof openBench>>} Worker */

/** @param {Inputs} inputs */
export async function startNative(inputs) {
  const path = join(build, 'release/tests/openledger_bench');
  must(existsSync(path), `${path} is missing; make build makes it`);
  const folder = join(build, 'bench/inputs');
  mkdirSync(folder, { recursive: true });
  const args = Object.entries(inputs).map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    return `${name}=${join(folder, name)}`;
  });
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((done) => child.once('close', done));
  /** @param {string} name @param {number} count @returns {Promise<string[]>} nanoseconds, those of CPU time, and what it came to */
  const ask = async (name, count) => {
    child.stdin.write(`${name} ${count}\n`);
    const { value, done } = await lines.next();
    must(!done, `the native program cannot do ${name}`);
    return value.split(' ');
  };
  return {
    /** @param {string} name @param {number} count @returns {Promise<number>} microseconds for one */
    run: async (name, count) => Number((await ask(name, count))[0]) / 1000 / count,
    /** The same in CPU time. @param {string} name @param {number} count @returns {Promise<number>} */
    cpu: async (name, count) => Number((await ask(name, count))[1]) / 1000 / count,
    /** @param {string} name @returns {Promise<string>} what it comes to, in hex */
    answer: async (name) => (await ask(name, 1))[2],
    async close() {
      child.stdin.end();
      must(await ended === 0, 'the native program ended badly');
    },
  };
}

/** What work comes to, where that is numbers of eight bytes. @param {Worker} door @param {string} name */
export async function figuresOf(door, name) {
  const bytes = Buffer.from(await door.answer(name), 'hex');
  return Array.from({ length: ANSWER_BYTES / 8 }, (_, i) => Number(bytes.readBigUInt64LE(8 * i)));
}

/** @param {any} exports of a module */
export function memoryOf(exports) {
  /** A fresh view each time, as memory can grow. @param {number} at @param {number} len */
  const view = (at, len) => new Uint8Array(exports.memory.buffer, at, len);
  return {
    view,
    /** @param {number} len */
    take(len) {
      const at = exports.malloc(len + 16);
      must(at !== 0, 'the module is out of memory');
      return Math.ceil(at / 16) * 16;
    },
    /** @param {number} at @param {Uint8Array} bytes */
    put: (at, bytes) => view(at, bytes.length).set(bytes),
  };
}

/** @param {string} path @returns {Promise<any>} the exports of a module that imports nothing */
export const openModule = async (path) => (await WebAssembly.instantiate(readFileSync(path), {})).instance.exports;

/** What the native program does, in WebAssembly. @param {Inputs} inputs */
export async function openBench(inputs) {
  const exports = await openModule(join(build, 'wasm/openledger_bench.wasm'));
  const { view, take, put } = memoryOf(exports);
  const kept = (/** @type {Uint8Array} */ bytes) => {
    const at = take(bytes.length);
    put(at, bytes);
    return at;
  };
  const text = (/** @type {string} */ name) => kept(new TextEncoder().encode(`${name}\0`));
  for (const [name, bytes] of Object.entries(inputs)) must(exports.bench_give(text(name), kept(bytes), bytes.length), 'too many inputs');
  /** @type {Map<string, number>} */
  const names = new Map();
  const answer = take(ANSWER_BYTES);
  /** @param {string} name @param {number} count */
  const ask = (name, count) => {
    const at = names.get(name) ?? text(name);
    names.set(name, at);
    const [start, startCpu] = [process.hrtime.bigint(), cpuNow()];
    const done = exports.bench_run(answer, at, count);
    const cpu = cpuNow() - startCpu;
    const time = Number(process.hrtime.bigint() - start) / 1000;
    must(done, `the module cannot do ${name}`);
    return { time, cpu };
  };
  return {
    run: async (/** @type {string} */ name, /** @type {number} */ count) => ask(name, count).time / count,
    cpu: async (/** @type {string} */ name, /** @type {number} */ count) => ask(name, count).cpu / count,
    answer: async (/** @type {string} */ name) => {
      view(answer, ANSWER_BYTES).fill(0);
      ask(name, 1);
      return Buffer.from(view(answer, ANSWER_BYTES)).toString('hex');
    },
  };
}

/** The package, as it is built. @param {string} file of it */
export const fromPackage = (file) => import(pathToFileURL(join(build, 'js', file)).href);

const describe = [join(repository, 'scripts/api.mjs'), 'describe'];
/**
 * How the module's compiler lays structs out.
 * @type {{ wasm32: { structs: { name: string, size: number, fields: { name: string, offset: number }[] }[] } }}
 */
const { wasm32 } = JSON.parse(execFileSync(process.execPath, describe, { encoding: 'utf8', maxBuffer: 1 << 26 }));

/** @param {string} name */
export function structOf(name) {
  const struct = wasm32.structs.find((one) => one.name === name);
  must(struct, `${name} is not in the public headers`);
  return struct;
}
