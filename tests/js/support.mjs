// SPDX-License-Identifier: MIT
// Where the tests find the built package and the recorded data.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

export const root = resolve(fileURLToPath(import.meta.url), '../../..');
/** The package under test, as `make build` leaves it. */
export const built = resolve(process.env.OL_JS ?? join(root, 'build/js'));
export const wasmPath = join(built, 'openledger.wasm');

/** @type {typeof import('openledger')} */
export const sdk = await import(pathToFileURL(join(built, 'index.mjs')).href);
export const openledger = await sdk.load();
export const { http } = sdk;
export const keccak = (/** @type {Uint8Array} */ bytes) => openledger.keccak256(bytes);

const vectors = resolve(root, process.env.OL_VECTORS ?? '../shared/vectors');
/** Why tests on recorded data are skipped, or false. In CI nothing is: absent data fails. */
export const noVectors = !existsSync(vectors) && process.env.CI !== 'true' ? `no recorded data in ${vectors} (OL_VECTORS)` : false;

/** A recorded JSON file. @param {string} path */
export function vector(path) {
  const bytes = readFileSync(join(vectors, path));
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
}

/** Numbers that look random and are the same in each run. @param {number} seed */
export function random(seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export const address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
export const contract = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
export const stranger = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
export const code = Uint8Array.from([0x60, 0x00, 0x60, 0x00, 0xfd]);

/** Accounts that the made-up chains hold. */
export const accounts = {
  [address.toLowerCase()]: { nonce: 7n, balance: 1500000000000000000n },
  [contract]: { nonce: 1n, code, storage: { '0x0': 42n, '0x1': 2n ** 255n } },
  '0x1000000000000000000000000000000000000001': { balance: 1n },
  '0x1000000000000000000000000000000000000002': { balance: 2n },
};
