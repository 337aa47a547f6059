// SPDX-License-Identifier: MIT
// What was recorded, and the shapes that the C side reads it in.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repository } from './doors.mjs';

const GENESIS_TIME = 1606824023; // of mainnet
const SECONDS_PER_SLOT = 12;

export const vectors = resolve(repository, process.env.OL_VECTORS || '../shared/vectors');

/** @param {string} path */
export const recorded = (path) => readFileSync(join(vectors, path));

/** @param {string} hex */
export const bytesOf = (hex) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));

/** When a slot of mainnet is, in milliseconds. @param {number} slot */
export const timeOf = (slot) => 1000 * (GENESIS_TIME + SECONDS_PER_SLOT * slot);

const u32 = (/** @type {number} */ value) => new Uint8Array(new Uint32Array([value]).buffer);
const u64 = (/** @type {number} */ value) => new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);

/** Nodes of a proof, each after its length: account.c. @param {Uint8Array[]} nodes */
export const joined = (nodes) => Buffer.concat(nodes.flatMap((node) => [u32(node.length), node]));

/** An update as the Beacon API has it: after its length, and a digest which nobody reads. @param {Uint8Array} ssz */
export const framed = (ssz) => Buffer.concat([u64(ssz.length + 4), new Uint8Array(4), ssz]);

/**
 * What a sync rests on: sync.c and light.c.
 * @param {string} checkpoint @param {number} now Unix time in milliseconds @param {string} network
 */
export const trust = (checkpoint, now, network) => Buffer.concat([bytesOf(checkpoint), u64(now), Buffer.from(network)]);
