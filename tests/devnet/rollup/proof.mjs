// SPDX-License-Identifier: MIT
// Storage as a client proves it, checked by another project's library.
import { verifyMerkleProof } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { hexToBytes, keccak256, toHex } from 'viem';
import { quantity } from './anvil.mjs';

/** @typedef {`0x${string}`} Hex */

/** @param {Hex} root @param {Hex} key @param {Hex[]} proof @returns {Promise<Uint8Array | null>} null: it is proven absent */
async function proven(root, key, proof) {
  const nodes = proof.map((node) => hexToBytes(node));
  if (nodes.length === 0) throw new Error('no proof');
  if (keccak256(nodes[0]) !== root) throw new Error('the proof is of another root');
  return verifyMerkleProof(keccak256(key, 'bytes'), nodes);
}

/**
 * An account of a chain with some of its slots, each proven under the block's state root.
 * @param {import('./anvil.mjs').Anvil} chain @param {Hex} address @param {(Hex | number | bigint)[]} slots
 * @param {number | 'latest'} [number]
 */
export async function prove(chain, address, slots, number = 'latest') {
  const block = await chain.block(number);
  const keys = slots.map((slot) => toHex(BigInt(slot), { size: 32 }));
  const { accountProof, storageProof } = await chain.ask('eth_getProof', address, keys, quantity(Number(block.number)));
  const account = await proven(block.stateRoot, address, accountProof);
  if (!account) throw new Error(`there is no account ${address}`);
  const [, , storageRoot, codeHash] = /** @type {Uint8Array[]} */ (RLP.decode(account)).map((item) => toHex(item));
  const values = [];
  for (const [i, { proof }] of storageProof.entries()) {
    // An empty trie has no node to prove it by.
    const found = proof.length === 0 && storageRoot === keccak256('0x80') ? null : await proven(storageRoot, keys[i], proof);
    const value = found ? /** @type {Uint8Array} */ (RLP.decode(found)) : new Uint8Array();
    values.push(/** @type {Hex} */ (`0x${Buffer.from(value).toString('hex').padStart(64, '0')}`));
  }
  return { block, storageRoot, codeHash, values };
}

/** A part of a word, as a number. @param {Hex} word @param {{ offset: number, size: number }} field */
export const partOf = (word, { offset, size }) => (BigInt(word) >> BigInt(8 * offset)) & ((1n << BigInt(8 * size)) - 1n);
