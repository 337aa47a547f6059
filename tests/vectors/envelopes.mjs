// SPDX-License-Identifier: MIT
//
// Messages as a sequencer gossips them (OP Stack specification, "Rollup node P2P"), made by libraries that are not
// ours: SSZ, tries, RLP, keccak, ECDSA and snappy. The core must come to the same, and refuse what is wrong in one
// thing and right in all others.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContainerType, ByteListType, ByteVectorType, ListCompositeType, UintBigintType } from '@chainsafe/ssz';
import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { createKeccak } from 'hash-wasm';
import SnappyJS from 'snappyjs';

export const CHAIN_ID = 1612n;
export const TIME = 1763600000n;
const KEY = new Uint8Array(32).fill(0x46);
const ORDER = secp256k1.Point.Fn.ORDER;

const sponge = await createKeccak(256);
/** @param {Uint8Array[]} parts */
export const keccak = (...parts) => Buffer.from(sponge.init().update(Buffer.concat(parts)).digest('binary'));

const bytes = (/** @type {number} */ length) => new ByteVectorType(length);
const uint64 = new UintBigintType(8);
const Withdrawal = new ContainerType({ index: uint64, validatorIndex: uint64, address: bytes(20), amount: uint64 });
const bedrock = {
  parentHash: bytes(32), feeRecipient: bytes(20), stateRoot: bytes(32), receiptsRoot: bytes(32), logsBloom: bytes(256),
  prevRandao: bytes(32), blockNumber: uint64, gasLimit: uint64, gasUsed: uint64, timestamp: uint64,
  extraData: new ByteListType(32), baseFeePerGas: new UintBigintType(32), blockHash: bytes(32),
  transactions: new ListCompositeType(new ByteListType(2 ** 30), 2 ** 20),
};
const canyon = { ...bedrock, withdrawals: new ListCompositeType(Withdrawal, 16) };
const ecotone = { ...canyon, blobGasUsed: uint64, excessBlobGas: uint64 };
const isthmus = { ...ecotone, withdrawalsRoot: bytes(32) };
/** By version. @type {ContainerType<any>[]} */
export const payloads = [bedrock, canyon, ecotone, isthmus].map((fields) => new ContainerType(/** @type {any} */ (fields)));

const EMPTY_ROOT = Buffer.from('56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421', 'hex');
const NO_OMMERS = Buffer.from('1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347', 'hex');
const NO_REQUESTS = Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex');

/** EIP-1559 parameters in extraData. */
const holoceneExtra = Buffer.from('00000000fa00000006', 'hex');
const jovianExtra = Buffer.from('01000000fa000000060000000000000007', 'hex');

/** Forks and what their payloads are like. @type {Record<string, { version: number, extraData: Uint8Array, blobGasUsed?: bigint }>} */
export const forks = {
  bedrock: { version: 1, extraData: Buffer.alloc(0) },
  canyon: { version: 2, extraData: Buffer.alloc(0) },
  ecotone: { version: 3, extraData: Buffer.alloc(0) },
  holocene: { version: 3, extraData: holoceneExtra },
  isthmus: { version: 4, extraData: holoceneExtra },
  jovian: { version: 4, extraData: jovianExtra, blobGasUsed: 1_234_567n },
};

/** Bytes that look random and are the same in each run. @param {string} seed @param {number} length */
function noise(seed, length) {
  const blocks = [];
  for (let i = 0; i * 32 < length; i++) blocks.push(keccak(Buffer.from(`${seed} ${i}`)));
  return Buffer.concat(blocks).subarray(0, length);
}

/** A big-endian number without leading zeros, as RLP has it. @param {bigint} value */
const scalar = (value) => {
  const hex = value.toString(16);
  return value === 0n ? new Uint8Array() : Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
};

/** @param {Uint8Array[]} transactions */
async function listRoot(transactions) {
  const trie = new MerklePatriciaTrie();
  for (const [i, transaction] of transactions.entries()) await trie.put(RLP.encode(i), transaction);
  return Buffer.from(trie.root());
}

/** @param {any} payload @param {number} version @param {Uint8Array} parentBeaconRoot @returns {Promise<Buffer>} its RLP */
export async function headerOf(payload, version, parentBeaconRoot) {
  const fields = [
    payload.parentHash, NO_OMMERS, payload.feeRecipient, payload.stateRoot, await listRoot(payload.transactions),
    payload.receiptsRoot, payload.logsBloom, scalar(0n), scalar(payload.blockNumber), scalar(payload.gasLimit),
    scalar(payload.gasUsed), scalar(payload.timestamp), payload.extraData, payload.prevRandao, new Uint8Array(8),
    scalar(payload.baseFeePerGas),
  ];
  if (version >= 2) fields.push(version >= 4 ? payload.withdrawalsRoot : EMPTY_ROOT);
  if (version >= 3) fields.push(scalar(payload.blobGasUsed), scalar(payload.excessBlobGas), parentBeaconRoot);
  if (version >= 4) fields.push(NO_REQUESTS);
  return Buffer.from(RLP.encode(fields));
}

/** @param {Uint8Array} signed what follows the signature @param {bigint} chainId */
export function signingHash(signed, chainId) {
  const chain = Buffer.from(chainId.toString(16).padStart(64, '0'), 'hex');
  return keccak(Buffer.alloc(32), chain, keccak(signed));
}

/** @param {Uint8Array} signed @param {bigint} chainId @param {Uint8Array} key */
function sign(signed, chainId, key) {
  const recovered = secp256k1.sign(signingHash(signed, chainId), key, { prehash: false, format: 'recovered' });
  return Buffer.concat([recovered.subarray(1), recovered.subarray(0, 1)]);
}

/** @param {Uint8Array} point uncompressed */
export const addressOf = (point) => keccak(point.subarray(1)).subarray(12);

/** @param {Uint8Array} [key] */
export const signerOf = (key = KEY) => addressOf(secp256k1.getPublicKey(key, false));

/** @param {Uint8Array} message */
export const compress = (message) => Buffer.from(SnappyJS.compress(message));

/**
 * @typedef {object} Wish what a message is to be like
 * @property {string} [seed]
 * @property {Uint8Array[]} [transactions]
 * @property {Record<string, any>} [fields] of the payload, in place of others; the block's hash is made of these
 * @property {Record<string, any>} [lies] the same, but the block's hash is made without them
 * @property {bigint} [chainId]
 * @property {Uint8Array} [key]
 */
/** @param {keyof typeof forks} fork @param {Wish} [wish] */
export async function envelope(fork, { seed = 'block', transactions = [noise('deposit', 100)], fields = {}, lies = {}, chainId = CHAIN_ID, key = KEY } = {}) {
  const { version, extraData, blobGasUsed = 0n } = forks[fork];
  const part = (/** @type {string} */ name, /** @type {number} */ length) => noise(`${seed} ${name}`, length);
  const honest = {
    parentHash: part('parentHash', 32), feeRecipient: part('feeRecipient', 20), stateRoot: part('stateRoot', 32),
    receiptsRoot: part('receiptsRoot', 32), logsBloom: part('logsBloom', 256), prevRandao: part('prevRandao', 32),
    blockNumber: 123_456n, gasLimit: 60_000_000n, gasUsed: 21_000n, timestamp: TIME, extraData,
    baseFeePerGas: BigInt(`0x${part('baseFee', 5).toString('hex')}`), transactions, withdrawals: [], blobGasUsed,
    excessBlobGas: 0n, withdrawalsRoot: part('withdrawalsRoot', 32), ...fields,
  };
  const parentBeaconRoot = part('parentBeaconRoot', 32);
  const header = await headerOf(honest, version, parentBeaconRoot);
  const hash = keccak(header);
  const ssz = Buffer.from(payloads[version - 1].serialize({ ...honest, blockHash: hash, ...lies }));
  const signed = version >= 3 ? Buffer.concat([parentBeaconRoot, ssz]) : ssz;
  const message = Buffer.concat([sign(signed, chainId, key), signed]);
  return { fork, version, message, header, hash, transactions: honest.transactions };
}

/** @param {Buffer} message @param {(copy: Buffer) => void} change */
function changed(message, change) {
  const copy = Buffer.from(message);
  change(copy);
  return copy;
}

/** The same signature with its s in the other half. @param {Buffer} message */
const turned = (message) => changed(message, (copy) => {
  const s = ORDER - BigInt(`0x${copy.subarray(32, 64).toString('hex')}`);
  Buffer.from(s.toString(16).padStart(64, '0'), 'hex').copy(copy, 32);
  copy[64] ^= 1;
});

/** Messages that must be refused, and with which status. @returns {Promise<{ name: string, status: string, version: number, message: Buffer }[]>} */
export async function lies() {
  /** @type {{ name: string, status: string, version: number, message: Buffer }[]} */
  const out = [];
  for (const fork of Object.keys(forks)) {
    const good = await envelope(fork);
    const { version, message } = good;
    const add = (/** @type {string} */ name, /** @type {string} */ status, /** @type {Buffer} */ wrong, of = version) =>
      out.push({ name: `${fork}: ${name}`, status, version: of, message: wrong });
    const made = async (/** @type {string} */ name, /** @type {string} */ status, /** @type {Wish} */ wish) =>
      add(name, status, (await envelope(fork, wish)).message);
    await made('another key', 'mismatch', { key: new Uint8Array(32).fill(0x47) });
    await made('another chain', 'mismatch', { chainId: CHAIN_ID + 1n });
    await made('61 s old', 'stale', { fields: { timestamp: TIME - 61n } });
    await made('6 s ahead', 'stale', { fields: { timestamp: TIME + 6n } });
    await made('another block hash', 'mismatch', { lies: { blockHash: noise('other', 32) } });
    await made('another state root', 'mismatch', { lies: { stateRoot: noise('other', 32) } });
    await made('one transaction more', 'mismatch', { lies: { transactions: [...good.transactions, noise('more', 10)] } });
    await made('an empty transaction', 'encoding', { lies: { transactions: [...good.transactions, Buffer.alloc(0)] } });
    add('high s', 'crypto', turned(message));
    add('parity of 27 and 28', 'crypto', changed(message, (copy) => { copy[64] += 27; }));
    add('no signature', 'crypto', changed(message, (copy) => { copy.fill(0, 0, 65); }));
    add('changed after it was signed', 'mismatch', changed(message, (copy) => { copy[copy.length - 1] ^= 1; }));
    add('cut short', 'encoding', message.subarray(0, 400));
    for (let other = 1; other <= 4; other++) if (other !== version) add(`as version ${other}`, 'encoding', message, other);
    if (version >= 2) {
      const withdrawal = { index: 1n, validatorIndex: 2n, address: noise('to', 20), amount: 3n };
      await made('a withdrawal', 'encoding', { lies: { withdrawals: [withdrawal] } });
    }
    if (version >= 3) {
      add('another parent beacon block root', 'mismatch', changed(message, (copy) => { copy[65] ^= 1; }));
      await made('excess blob gas', 'encoding', { fields: { excessBlobGas: 131_072n } });
      if (fork !== 'jovian') await made('blob gas used', 'encoding', { fields: { blobGasUsed: 131_072n } });
      await made('extraData of no fork', 'encoding', { fields: { extraData: Buffer.from('geth') } });
      await made('elasticity of zero', 'encoding', { fields: { extraData: Buffer.from('00000000fa00000000', 'hex') } });
    }
    if (version === 3) await made('extraData of Jovian', 'encoding', { fields: { extraData: jovianExtra } });
    if (version === 4) await made('no extraData', 'encoding', { fields: { extraData: Buffer.alloc(0) } });
  }
  return out;
}

/** Transactions of mixed lengths. @param {number} count */
export const someTransactions = (count) =>
  Array.from({ length: count }, (_, i) => noise(`transaction ${i}`, [1, 31, 32, 110, 180, 700][i % 6]));

/** Good messages: of every fork, with few and many transactions, and at the edges of time. */
export async function truths() {
  const out = [];
  for (const fork of Object.keys(forks)) {
    for (const count of [0, 1, 2, 16, 127, 128, 129, 300]) {
      out.push(await envelope(fork, { seed: `${fork} ${count}`, transactions: someTransactions(count) }));
    }
    out.push(await envelope(fork, { fields: { timestamp: TIME - 60n, blockNumber: 0n, baseFeePerGas: 0n } }));
    out.push(await envelope(fork, { fields: { timestamp: TIME + 5n, blockNumber: 2n ** 64n - 1n, baseFeePerGas: 2n ** 256n - 1n } }));
  }
  out.push(await envelope('bedrock', { fields: { extraData: Buffer.from('BEDROCK') } }));
  return out;
}

const hex = (/** @type {Uint8Array} */ data) => `0x${Buffer.from(data).toString('hex')}`;

/** Recorded messages, and whether the block hash in them is one: that of version 4 is zero. @param {string} source */
const recordedGossip = (source) => [1, 2, 3, 4].map((version) => ({
  suite: 'gossip',
  name: `gossip_v${version}.json`,
  value: { version, hashed: version < 4, message: hex(readFileSync(join(source, `gossip/op_gossip_v${version}.snappy`))) },
}));

/** What suites_envelope.c reads. @param {string} source @returns {Promise<{suite: string, name: string, value: any}[]>} */
export async function envelopeVectors(source) {
  const rules = { chainId: Number(CHAIN_ID), signer: hex(signerOf()), now: Number(TIME) };
  const good = (await truths()).map(({ fork, version, message, header, hash, transactions }) =>
    ({ fork, version, message: hex(compress(message)), header: hex(header), hash: hex(hash), transactions: transactions.length }));
  const bad = (await lies()).map(({ message, ...rest }) => ({ ...rest, message: hex(compress(message)) }));
  return [
    ...recordedGossip(source),
    { suite: 'envelope', name: 'envelopes.json', value: { ...rules, cases: good } },
    { suite: 'envelope_refused', name: 'envelopes_refused.json', value: { ...rules, cases: bad } },
  ];
}
