// SPDX-License-Identifier: MIT
// What an L2 commits to: the hash of a header, and the output root of a block.
import { RLP } from '@ethereumjs/rlp';
import { concat, hexToBytes, keccak256, pad, toHex } from 'viem';

/** @typedef {`0x${string}`} Hex */

export const MESSAGE_PASSER = '0x4200000000000000000000000000000000000016';

const FIELDS = ['parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom', 'difficulty', 'number',
  'gasLimit', 'gasUsed', 'timestamp', 'extraData', 'mixHash', 'nonce', 'baseFeePerGas', 'withdrawalsRoot', 'blobGasUsed',
  'excessBlobGas', 'parentBeaconBlockRoot', 'requestsHash'];
const NUMBERS = new Set(['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas', 'blobGasUsed', 'excessBlobGas']);

/** The header's fields as JSON-RPC tells them, in their order; those of later forks are absent. @param {any} block */
export const headerOf = (block) => FIELDS.filter((name) => block[name] !== undefined).map((name) => [name, block[name]]);

/** @param {any} block as JSON-RPC tells it */
export const rlpOfHeader = (block) => RLP.encode(headerOf(block).map(([name, value]) => {
  if (!NUMBERS.has(name)) return hexToBytes(value);
  return BigInt(value) === 0n ? new Uint8Array() : hexToBytes(toHex(BigInt(value)));
}));

/** @param {any} block as JSON-RPC tells it @returns {Hex} */
export const hashOfHeader = (block) => keccak256(rlpOfHeader(block));

/**
 * Version 0 of an output root, by specs/protocol/proposals.md.
 * @param {{ stateRoot: Hex, messagePasserStorageRoot: Hex, latestBlockhash: Hex }} parts
 */
export const outputRootOf = ({ stateRoot, messagePasserStorageRoot, latestBlockhash }) =>
  keccak256(concat([pad('0x00'), stateRoot, messagePasserStorageRoot, latestBlockhash]));

/** @param {import('./anvil.mjs').Anvil} l2 @param {number} number */
export async function outputAt(l2, number) {
  const block = await l2.block(number);
  const { storageHash } = await l2.ask('eth_getProof', MESSAGE_PASSER, [], block.number);
  const parts = { stateRoot: block.stateRoot, messagePasserStorageRoot: storageHash, latestBlockhash: block.hash };
  return { version: pad('0x00'), ...parts, number, root: outputRootOf(parts) };
}
