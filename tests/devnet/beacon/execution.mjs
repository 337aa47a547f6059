// SPDX-License-Identifier: MIT
// Where the execution blocks come from that the beacon blocks commit to.
import { createKeccak } from 'hash-wasm';
import { RLP } from '@ethereumjs/rlp';
import { ssz } from '@lodestar/types';
import { bytesOf, hex, numberOf, unhex } from './random.mjs';

/**
 * A block as an execution payload header of Deneb; where it is made up, also the RLP of its header and its JSON.
 * @typedef {Record<string, any> & { blockHash: Uint8Array, stateRoot: Uint8Array, blockNumber: number }} Payload
 * @typedef {{ payload: Payload, rlp?: Uint8Array, rpc?: Record<string, any> }} ExecutionBlock
 * @typedef {{ block(slot: number): Promise<ExecutionBlock> }} ExecutionSource
 */

const keccak = await createKeccak(256);
const keccak256 = (/** @type {Uint8Array} */ bytes) => keccak.init().update(bytes).digest('binary');

const EMPTY_LIST_HASH = unhex('0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347');
const EMPTY_TRIE = unhex('0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421');
const EMPTY_SHA256 = unhex('0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
const quantity = (/** @type {bigint} */ value) => `0x${value.toString(16)}`;

/** Blocks without transactions, one for each slot; the hash of each is that of its RLP. @implements {ExecutionSource} */
export class SyntheticExecution {
  /** @param {{ seed?: string, genesisTime?: number, secondsPerSlot?: number, chainId?: number }} [options] */
  constructor({ seed = 'execution', genesisTime = 1_600_000_000, secondsPerSlot = 12, chainId = 31337 } = {}) {
    Object.assign(this, { seed, genesisTime, secondsPerSlot, chainId });
    /** @type {Map<number, ExecutionBlock>} */
    this.blocks = new Map();
  }

  /** @param {number} slot */
  async block(slot) {
    const known = this.blocks.get(slot);
    if (known) return known;
    const made = this.make(slot);
    this.blocks.set(slot, made);
    return made;
  }

  /** What a node would say of the blocks made so far. @param {string} method @param {any[]} params @param {number} latest slot */
  async answer(method, params, latest) {
    if (method === 'eth_chainId') return quantity(BigInt(this.chainId));
    if (method === 'eth_blockNumber') return quantity(BigInt(latest));
    if (method === 'eth_getBlockByHash') {
      return [...this.blocks.values()].find(({ rpc }) => rpc?.hash === params[0])?.rpc ?? null;
    }
    const byNumber = method === 'eth_getBlockByNumber';
    if (!byNumber && method !== 'debug_getRawHeader') throw new Error(`the method ${method} does not exist`);
    const slot = String(params[0]).startsWith('0x') ? Number(params[0]) : latest;
    if (slot > latest) return null;
    const { rpc, rlp } = await this.block(slot);
    return byNumber ? rpc : hex(/** @type {Uint8Array} */ (rlp));
  }

  /** @param {number} slot @returns {ExecutionBlock} */
  make(slot) {
    const { seed } = this;
    const payload = {
      parentHash: bytesOf(seed, 'parent hash', slot), // not the hash of the block before, which would need all of them
      feeRecipient: bytesOf(seed, 'recipient', slot).subarray(0, 20),
      stateRoot: bytesOf(seed, 'state', slot),
      receiptsRoot: EMPTY_TRIE,
      logsBloom: new Uint8Array(256),
      prevRandao: bytesOf(seed, 'randao', slot),
      blockNumber: slot,
      gasLimit: 36_000_000,
      gasUsed: numberOf(36_000_000, seed, 'gas', slot),
      timestamp: this.genesisTime + slot * this.secondsPerSlot,
      extraData: Uint8Array.from(Buffer.from('devnet')),
      baseFeePerGas: BigInt(numberOf(1_000_000_000, seed, 'fee', slot)) + 7n,
      transactionsRoot: ssz.bellatrix.Transactions.hashTreeRoot([]),
      withdrawalsRoot: ssz.capella.Withdrawals.hashTreeRoot([]),
      blobGasUsed: 131072n * BigInt(slot % 7),
      excessBlobGas: 0n,
    };
    // A header of Prague, by the names of JSON-RPC.
    const header = {
      parentHash: payload.parentHash, sha3Uncles: EMPTY_LIST_HASH, miner: payload.feeRecipient,
      stateRoot: payload.stateRoot, transactionsRoot: EMPTY_TRIE, receiptsRoot: EMPTY_TRIE,
      logsBloom: payload.logsBloom, difficulty: 0n, number: BigInt(slot), gasLimit: BigInt(payload.gasLimit),
      gasUsed: BigInt(payload.gasUsed), timestamp: BigInt(payload.timestamp), extraData: payload.extraData,
      mixHash: payload.prevRandao, nonce: new Uint8Array(8), baseFeePerGas: payload.baseFeePerGas,
      withdrawalsRoot: EMPTY_TRIE, blobGasUsed: payload.blobGasUsed, excessBlobGas: payload.excessBlobGas,
      parentBeaconBlockRoot: bytesOf(seed, 'beacon root', slot), requestsHash: EMPTY_SHA256,
    };
    const rlp = RLP.encode(Object.values(header));
    const blockHash = keccak256(rlp);
    const said = Object.entries(header).map(([name, value]) => [name, typeof value === 'bigint' ? quantity(value) : hex(value)]);
    const lists = { uncles: [], transactions: [], withdrawals: [] };
    const rpc = { hash: hex(blockHash), ...Object.fromEntries(said), size: quantity(BigInt(rlp.length)), ...lists };
    return { payload: { ...payload, blockHash }, rlp, rpc };
  }
}

/**
 * The blocks of a live chain, asked over JSON-RPC. Once a slot has its block it keeps it.
 * The two SSZ roots that JSON-RPC does not tell (transactions, withdrawals) are those of the tries instead.
 * @implements {ExecutionSource}
 */
export class LiveExecution {
  /**
   * @param {{ url: string, follow?: 'latest' | ((slot: number, latest: number) => number | Promise<number>), chainId?: number }} options
   * `follow` says which block a slot commits to: the latest when the slot is first asked about, or a number.
   * With `chainId` a node of another chain is refused.
   */
  constructor({ url, follow = 'latest', chainId }) {
    Object.assign(this, { url, follow, chainId });
    /** @type {Map<number, Promise<ExecutionBlock>>} */
    this.blocks = new Map();
    this.checked = false;
  }

  /** @param {string} method @param {...any} params */
  async ask(method, ...params) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });
    const { result, error } = await response.json();
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** @param {number} slot */
  block(slot) {
    let found = this.blocks.get(slot);
    if (!found) {
      found = this.read(slot);
      this.blocks.set(slot, found);
      found.catch(() => this.blocks.delete(slot));
    }
    return found;
  }

  /** @param {number} slot @returns {Promise<ExecutionBlock>} */
  async read(slot) {
    if (this.chainId !== undefined && !this.checked) {
      const id = Number(await this.ask('eth_chainId'));
      if (id !== this.chainId) throw new Error(`the L1 node is of chain ${id}, not ${this.chainId}`);
      this.checked = true;
    }
    let tag = 'latest';
    if (this.follow !== 'latest') {
      const latest = Number(await this.ask('eth_blockNumber'));
      tag = `0x${Math.min(latest, Math.max(0, await this.follow(slot, latest))).toString(16)}`;
    }
    const block = await this.ask('eth_getBlockByNumber', tag, false);
    const zero = hex(new Uint8Array(32));
    return {
      payload: {
        parentHash: unhex(block.parentHash),
        feeRecipient: unhex(block.miner),
        stateRoot: unhex(block.stateRoot),
        receiptsRoot: unhex(block.receiptsRoot),
        logsBloom: unhex(block.logsBloom),
        prevRandao: unhex(block.mixHash ?? zero),
        blockNumber: Number(block.number),
        gasLimit: Number(block.gasLimit),
        gasUsed: Number(block.gasUsed),
        timestamp: Number(block.timestamp),
        extraData: unhex(block.extraData),
        baseFeePerGas: BigInt(block.baseFeePerGas ?? 0),
        blockHash: unhex(block.hash),
        transactionsRoot: unhex(block.transactionsRoot),
        withdrawalsRoot: unhex(block.withdrawalsRoot ?? zero),
        blobGasUsed: BigInt(block.blobGasUsed ?? 0),
        excessBlobGas: BigInt(block.excessBlobGas ?? 0),
      },
    };
  }
}
