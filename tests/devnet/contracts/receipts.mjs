// SPDX-License-Identifier: MIT
// Receipts of ATR-1 as typed data that any wallet signs.
import { concat, encodePacked, keccak256, stringToHex, toHex } from 'viem';
import { CHAIN_ID } from './deploy.mjs';

/** @typedef {`0x${string}`} Hex */

/** ATR-1, section 5. */
export const RECEIPT = `uint32 version,uint32 flags,bytes32 clientNonce,address payer,bytes32 requestSha256,bytes32 responseSha256,bytes32 streamHead,
  uint64 responseBytes,bytes32 modelId,bytes32 adapterId,bytes32 runId,bytes32 corpusId,bytes32 gradientId,bytes32 policyId,bytes32 evidenceHash,
  bytes32 influenceHash,bytes32 splitRoot,uint128 totalWeight,uint32 contributors,address payToken,uint128 fee,uint128 contributorPool,
  uint64 servedAt,uint64 sequence,bytes32 previous`.split(',').map((member) => ({ type: member.trim().split(' ')[0], name: member.trim().split(' ')[1] }));

/** Each member another value. @param {Record<string, any>} [changes] @returns {Record<string, any>} */
export const receiptWith = (changes = {}) => ({
  ...Object.fromEntries(RECEIPT.map(({ name, type }, i) => [name,
    type === 'bytes32' ? keccak256(stringToHex(name)) : type === 'address' ? toHex(i + 1, { size: 20 }) : ['uint64', 'uint128'].includes(type) ? BigInt(i + 1) : i + 1])),
  ...changes,
});

/** For this chain. @param {Hex} registry @param {Record<string, any>} message @returns {any} */
export const typedOf = (registry, message) => ({
  domain: { name: 'AttributionReceipt', version: '1', chainId: CHAIN_ID, verifyingContract: registry },
  types: { AttributionReceipt: RECEIPT }, primaryType: 'AttributionReceipt', message,
});

/** ATRR, of this chain. @param {Hex} registry @param {Record<string, any>} message @param {Hex} signature */
const fileOf = (registry, message, signature) => concat([stringToHex('ATRR'), '0x01', toHex(CHAIN_ID, { size: 8 }), registry,
  encodePacked(RECEIPT.map(({ type }) => type), RECEIPT.map(({ name }) => message[name])), signature]);

/** ATRQ. @param {Hex} registry @param {[message: Record<string, any>, signature: Hex][]} two */
export const equivocationOf = (registry, two) => concat([stringToHex('ATRQ'), '0x01', ...two.map(([message, signature]) => fileOf(registry, message, signature))]);
