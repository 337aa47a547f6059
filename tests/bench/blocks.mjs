// SPDX-License-Identifier: MIT
// Blocks of Ethereum, beacon blocks of Electra and what is in them, by independent libraries.
import { ProofType, createProof } from '@chainsafe/persistent-merkle-tree';
import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { ssz } from '@lodestar/types';
import { keccak } from '../vectors/envelopes.mjs';
import { must } from './measure.mjs';
import { bytesOf } from './recordings.mjs';

const { BeaconBlockBody } = ssz.electra;
const { Transactions, Withdrawals } = { ...ssz.bellatrix, ...ssz.capella };
const NO_OMMERS = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347';
const NO_REQUESTS = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'; // EIP-7685

const fields = ['parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom', 'difficulty',
  'number', 'gasLimit', 'gasUsed', 'timestamp', 'extraData', 'mixHash', 'nonce', 'baseFeePerGas', 'withdrawalsRoot',
  'blobGasUsed', 'excessBlobGas', 'parentBeaconBlockRoot', 'requestsHash'];
const quantities = new Set(['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas', 'blobGasUsed', 'excessBlobGas']);

/** @param {any} block as a node has it in JSON @returns {Uint8Array} its header */
export const rlpOf = (block) => RLP.encode(fields.filter((name) => block[name] !== undefined)
  .map((name) => (quantities.has(name) ? BigInt(block[name]) : bytesOf(block[name]))));

/** block_to_light_client_header (consensus-specs, capella/light-client/full-node.md). @param {any} block */
export function headerOf({ slot, proposerIndex, parentRoot, stateRoot, body }) {
  const { transactions, withdrawals, ...payload } = body.executionPayload;
  const roots = { transactionsRoot: Transactions.hashTreeRoot(transactions), withdrawalsRoot: Withdrawals.hashTreeRoot(withdrawals) };
  const { gindex } = BeaconBlockBody.getPathInfo(['executionPayload']);
  const proof = createProof(BeaconBlockBody.toView(body).node, { type: ProofType.single, gindex });
  return {
    beacon: { slot, proposerIndex, parentRoot, stateRoot, bodyRoot: BeaconBlockBody.hashTreeRoot(body) },
    execution: { ...payload, ...roots },
    executionBranch: /** @type {import('@chainsafe/persistent-merkle-tree').SingleProof} */ (proof).witnesses,
  };
}

const hex = (/** @type {Uint8Array} */ bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
const quantity = (/** @type {number | bigint} */ value) => `0x${value.toString(16)}`;

/** @param {Uint8Array[]} items */
async function listRoot(items) {
  const trie = new MerklePatriciaTrie();
  for (const [i, item] of items.entries()) await trie.put(RLP.encode(i), item);
  return hex(trie.root());
}

/**
 * The execution block of a beacon block, as a node has it in JSON.
 * @param {any} block @returns {Promise<any>}
 */
export async function executionBlockOf({ parentRoot, body }) {
  const { executionPayload: payload, executionRequests } = body;
  must(Object.values(executionRequests).every(({ length }) => length === 0), 'the block has requests'); // whose hash is not made here
  const withdrawals = payload.withdrawals.map((/** @type {any} */ one) => RLP.encode([one.index, one.validatorIndex, one.address, one.amount]));
  const block = {
    parentHash: hex(payload.parentHash), sha3Uncles: NO_OMMERS, miner: hex(payload.feeRecipient), stateRoot: hex(payload.stateRoot),
    transactionsRoot: await listRoot(payload.transactions), receiptsRoot: hex(payload.receiptsRoot), logsBloom: hex(payload.logsBloom),
    difficulty: '0x0', number: quantity(payload.blockNumber), gasLimit: quantity(payload.gasLimit), gasUsed: quantity(payload.gasUsed),
    timestamp: quantity(payload.timestamp), extraData: hex(payload.extraData), mixHash: hex(payload.prevRandao), nonce: '0x0000000000000000',
    baseFeePerGas: quantity(payload.baseFeePerGas), withdrawalsRoot: await listRoot(withdrawals), blobGasUsed: quantity(payload.blobGasUsed),
    excessBlobGas: quantity(payload.excessBlobGas), parentBeaconBlockRoot: hex(parentRoot), requestsHash: NO_REQUESTS,
    uncles: [], transactions: payload.transactions.map((/** @type {Uint8Array} */ one) => hex(keccak(one))),
  };
  return { hash: hex(keccak(rlpOf(block))), ...block };
}
