// SPDX-License-Identifier: MIT
// A state of which some accounts are known, and the rest are hashes that nobody asks behind: proofs in it are as deep
// and as long as those of mainnet.
import { RLP } from '@ethereumjs/rlp';
import { keccak } from '../vectors/envelopes.mjs';
import { must } from './measure.mjs';

const BRANCHES = 7; // full ones, above each leaf
const noise = (/** @type {string} */ seed) => keccak(Buffer.from(seed));
const hex = (/** @type {Uint8Array} */ bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
const EMPTY_TRIE = keccak(RLP.encode(new Uint8Array(0)));
const NO_CODE = keccak(new Uint8Array(0));

/**
 * @typedef {object} Known
 * @property {Uint8Array} address
 * @property {number} nonce
 * @property {bigint} balance
 * @property {string} path of nibbles
 * @property {Uint8Array[]} nodes of its proof
 */

/** @param {Known} account */
function leafOf({ path, nonce, balance }) {
  const rest = path.slice(BRANCHES); // an odd number of nibbles
  return RLP.encode([Buffer.from(`3${rest}`, 'hex'), RLP.encode([nonce, balance, EMPTY_TRIE, NO_CODE])]);
}

/** Makes the node above these accounts, and puts it in front of their proofs. @param {Known[]} below @param {number} level @returns {Uint8Array} its hash */
function node(below, level) {
  must(level < BRANCHES || below.length === 1, 'two accounts of the state are too near');
  const prefix = below[0].path.slice(0, level);
  const child = (/** @type {string} */ nibble) => {
    const own = below.filter(({ path }) => path[level] === nibble);
    return own.length > 0 ? node(own, level + 1) : noise(`${prefix}${nibble}`);
  };
  const made = level === BRANCHES ? leafOf(below[0]) : RLP.encode([...[...'0123456789abcdef'].map(child), new Uint8Array(0)]);
  for (const { nodes } of below) nodes.unshift(made);
  return keccak(made);
}

/**
 * @param {number} count of accounts that are known
 * @returns the state's root, and what eth_getProof returns of each
 */
export function stateOf(count) {
  const known = Array.from({ length: count }, (_, i) => {
    const address = noise(`account ${i}`).subarray(12);
    return { address, nonce: i, balance: BigInt(hex(noise(`balance ${i}`).subarray(0, 9))), path: keccak(address).toString('hex'), nodes: [] };
  });
  const root = node(known, 0);
  const results = known.map(({ address, nonce, balance, nodes }) => ({
    address: hex(address), accountProof: nodes.map(hex), balance: `0x${balance.toString(16)}`, codeHash: hex(NO_CODE),
    nonce: `0x${nonce.toString(16)}`, storageHash: hex(EMPTY_TRIE), storageProof: [],
  }));
  return { root, results };
}
