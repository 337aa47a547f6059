// SPDX-License-Identifier: MIT
import { toBigInt, toHex } from './values.mjs';

/**
 * A block header. Fields from baseFeePerGas on are there if the header has them.
 * @typedef {object} Header
 * @property {string} hash of the block: keccak-256 of the header
 * @property {string} fork of the OP Stack that the header's form shows: "bedrock", ..., "isthmus"; "unknown" for others
 * @property {string} l1Fork the same for Ethereum
 * @property {string} parentHash
 * @property {string} sha3Uncles
 * @property {string} miner
 * @property {string} stateRoot
 * @property {string} transactionsRoot
 * @property {string} receiptsRoot
 * @property {string} logsBloom
 * @property {bigint} difficulty
 * @property {bigint} number
 * @property {bigint} gasLimit
 * @property {bigint} gasUsed
 * @property {bigint} timestamp seconds since the Unix epoch
 * @property {string} extraData
 * @property {string} mixHash
 * @property {string} nonce
 * @property {bigint} [baseFeePerGas] wei
 * @property {string} [withdrawalsRoot]
 * @property {bigint} [blobGasUsed]
 * @property {bigint} [excessBlobGas]
 * @property {string} [parentBeaconBlockRoot]
 * @property {string} [requestsHash]
 * @property {string} [blockAccessListHash]
 * @property {bigint} [slotNumber]
 */

/**
 * Reads a header out of the core.
 * @param {import('./core.mjs').Core} core
 * @param {number} at the address of an ol_header
 * @param {Uint8Array} hash
 * @returns {Header}
 */
export function readHeader(core, at, hash) {
  const { exports } = core;
  const header = core.read('ol_header', at);
  const later = Object.entries({
    baseFeePerGas: toBigInt(header.base_fee),
    withdrawalsRoot: toHex(header.withdrawals_root),
    blobGasUsed: header.blob_gas_used,
    excessBlobGas: header.excess_blob_gas,
    parentBeaconBlockRoot: toHex(header.parent_beacon_root),
    requestsHash: toHex(header.requests_hash),
    blockAccessListHash: toHex(header.block_access_list_hash),
    slotNumber: header.slot_number,
  });
  return {
    hash: toHex(hash),
    fork: core.text(exports.ol_fork_name(exports.ol_header_op_fork(at))),
    l1Fork: core.text(exports.ol_fork_name(exports.ol_header_l1_fork(at))),
    parentHash: toHex(header.parent_hash),
    sha3Uncles: toHex(header.ommers_hash),
    miner: toHex(header.coinbase),
    stateRoot: toHex(header.state_root),
    transactionsRoot: toHex(header.transactions_root),
    receiptsRoot: toHex(header.receipts_root),
    logsBloom: toHex(header.logs_bloom),
    difficulty: toBigInt(header.difficulty),
    number: header.number,
    gasLimit: header.gas_limit,
    gasUsed: header.gas_used,
    timestamp: header.timestamp,
    extraData: toHex(header.extra_data.slice(0, header.extra_data_len)),
    mixHash: toHex(header.mix_hash),
    nonce: toHex(header.nonce),
    ...Object.fromEntries(later.slice(0, header.field_count - 15)),
  };
}
