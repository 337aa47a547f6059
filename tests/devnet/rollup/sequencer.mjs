// SPDX-License-Identifier: MIT
// The sequencer's newest blocks, signed as they go over gossip (specs/protocol/rollup-node-p2p.md), but over HTTP:
//   GET /latest, GET /block/N   snappy block of: signature (65) || [parent beacon block root (32)] || SSZ payload
import { createServer } from 'node:http';
import { ContainerType } from '@chainsafe/ssz';
import { ssz } from '@lodestar/types';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import Snappy from 'snappyjs';
import { concat, hexToBytes, keccak256, numberToBytes, toHex } from 'viem';
import { quantity } from './anvil.mjs';
import { hashOfHeader } from './output.mjs';

/** @typedef {`0x${string}`} Hex */
/** @typedef {3 | 4} Version of the topic, which follows from the fork: Ecotone, Isthmus */

/** @type {Record<Version, any>} */
export const PAYLOADS = {
  3: ssz.deneb.ExecutionPayload,
  4: new ContainerType({ ...ssz.deneb.ExecutionPayload.fields, withdrawalsRoot: ssz.Root }, { typeName: 'ExecutionPayloadV4' }),
};

/** @param {Uint8Array} payload what follows the signature @param {number | bigint} chainId */
export const signingHash = (payload, chainId) =>
  keccak256(concat([new Uint8Array(32), numberToBytes(chainId, { size: 32 }), keccak256(payload, 'bytes')]), 'bytes');

/** @param {Uint8Array} payload @param {Hex} key @param {number} chainId @returns {Uint8Array} r, s, parity */
export function signPayload(payload, key, chainId) {
  const signed = secp256k1.sign(signingHash(payload, chainId), hexToBytes(key), { prehash: false, format: 'recovered' });
  return concat([signed.subarray(1), signed.subarray(0, 1)]);
}

/**
 * @typedef {object} Lie what is said instead of the truth
 * @property {string} about
 * @property {(block: any) => any} [block] changes the block; its hash is made right again
 * @property {(payload: any) => void} [payload] changes the payload, which is then signed
 * @property {(bytes: Uint8Array) => Uint8Array} [signed] changes what was signed
 * @property {(bytes: Uint8Array) => Uint8Array} [sent] changes what goes out, compressed
 * @property {'stranger'} [signer]
 * @property {number} [chainId]
 * @property {number} [back] so many blocks are missing in the end
 * @property {boolean} [once] told every second time only
 */

const flipped = (/** @type {Uint8Array} */ bytes, /** @type {number} */ at) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
const later = (/** @type {any} */ block, /** @type {number} */ seconds) => ({ ...block, timestamp: quantity(Number(block.timestamp) + seconds) });

/** @type {Record<string, Lie>} */
export const LIES = {
  'wrong-signer': { about: 'signed by a key that is not in SystemConfig', signer: 'stranger' },
  'wrong-chain-id': { about: 'signed for chain 10', chainId: 10 },
  'other-block-hash': { about: 'a block hash that is not the header\'s, signed', payload: (payload) => void (payload.blockHash[31] ^= 1) },
  'other-state': { about: 'another state root under the same hash, signed', payload: (payload) => void (payload.stateRoot[0] ^= 1) },
  'old-timestamp': { about: 'a block of an hour ago, with its hash, signed', block: (block) => later(block, -3600) },
  'future-timestamp': { about: 'a block of an hour to come, with its hash, signed', block: (block) => later(block, 3600) },
  'behind': { about: 'a true block, but three before the newest', back: 3 },
  'equivocation': {
    about: 'every second answer is another block of the same height, with its hash, signed',
    block: (block) => ({ ...block, miner: '0x4200000000000000000000000000000000000011' }),
    once: true,
  },
  'withdrawals': {
    about: 'a withdrawal in the list that must be empty, signed',
    payload: (payload) => void payload.withdrawals.push({ index: 0, validatorIndex: 0, address: new Uint8Array(20), amount: 1n }),
  },
  'changed-payload': { about: 'a bit of the payload changed after it was signed', signed: (bytes) => flipped(bytes, 200) },
  'bad-parity': { about: 'a parity of neither 0 nor 1', signed: (bytes) => bytes.map((byte, i) => (i === 64 ? 7 : byte)) },
  'truncated': { about: 'the end of the payload is missing, and the snappy block is whole', signed: (bytes) => bytes.subarray(0, -40) },
  'short': { about: 'the end of the snappy block is missing', sent: (bytes) => bytes.subarray(0, bytes.length >> 1) },
  'not-snappy': { about: 'not compressed', sent: (bytes) => Snappy.uncompress(bytes) },
  'bomb': { about: 'a snappy block that claims four gigabytes', sent: (bytes) => concat([new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f]), bytes]) },
};

/** @param {any} block as JSON-RPC tells it @param {Uint8Array[]} transactions */
function payloadOf(block, transactions) {
  const bytes = (/** @type {string} */ name) => hexToBytes(block[name]);
  const number = (/** @type {string} */ name) => Number(block[name]);
  return {
    parentHash: bytes('parentHash'), feeRecipient: bytes('miner'), stateRoot: bytes('stateRoot'),
    receiptsRoot: bytes('receiptsRoot'), logsBloom: bytes('logsBloom'), prevRandao: bytes('mixHash'),
    blockNumber: number('number'), gasLimit: number('gasLimit'), gasUsed: number('gasUsed'), timestamp: number('timestamp'),
    extraData: bytes('extraData'), baseFeePerGas: BigInt(block.baseFeePerGas), blockHash: bytes('hash'), transactions,
    withdrawals: [], blobGasUsed: BigInt(block.blobGasUsed), excessBlobGas: BigInt(block.excessBlobGas),
    withdrawalsRoot: bytes('withdrawalsRoot'),
  };
}

/**
 * @typedef {object} Options
 * @property {import('./anvil.mjs').Anvil} l2
 * @property {number} chainId
 * @property {Version} version
 * @property {Hex} key
 * @property {Hex} stranger another key
 */

/** A signed block before it is compressed. @param {Options} options @param {any} honest the block @param {Lie} lie */
export async function envelopeOf({ l2, chainId, version, key, stranger }, honest, lie = { about: '' }) {
  const transactions = await Promise.all(honest.transactions.map((/** @type {Hex} */ hash) => l2.ask('eth_getRawTransactionByHash', hash)));
  let block = honest;
  if (lie.block) {
    block = lie.block(honest);
    block = { ...block, hash: hashOfHeader(block) };
  }
  const payload = payloadOf(block, transactions.map((raw) => hexToBytes(raw)));
  lie.payload?.(payload);
  const body = concat([hexToBytes(block.parentBeaconBlockRoot), PAYLOADS[version].serialize(payload)]);
  const signature = signPayload(body, lie.signer === 'stranger' ? stranger : key, lie.chainId ?? chainId);
  const signed = concat([signature, body]);
  return lie.signed ? lie.signed(signed) : signed;
}

/** @param {Options & { lie?: string }} options */
export async function startSequencer({ lie: first, ...options }) {
  let lie = first;
  let answered = 0;
  const check = (/** @type {string | undefined} */ name) => {
    if (name !== undefined && !LIES[name]) throw new Error(`no such lie: ${name}`);
  };
  check(lie);

  /** @param {string} path @returns {Promise<Uint8Array | undefined>} undefined: there is no such block */
  async function answer(path) {
    const said = lie === undefined ? undefined : LIES[lie];
    const told = said?.once && answered++ % 2 === 0 ? undefined : said;
    const [, number] = path.match(/^\/block\/(\d{1,15})$/) ?? [];
    if (number === undefined && path !== '/latest') return undefined;
    const latest = Number(await options.l2.ask('eth_blockNumber'));
    const wanted = number === undefined ? Math.max(1, latest - (told?.back ?? 0)) : Number(number);
    if (wanted < 1 || wanted > latest) return undefined;
    const bytes = Snappy.compress(await envelopeOf(options, await options.l2.block(wanted), told));
    return told?.sent ? told.sent(bytes) : bytes;
  }

  const server = createServer(async (request, response) => {
    try {
      const found = await answer(new URL(request.url ?? '/', 'http://localhost').pathname);
      response.writeHead(found ? 200 : 404, { 'content-type': found ? 'application/octet-stream' : 'text/plain' });
      response.end(found ?? 'no such block\n');
    } catch (error) {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    }
  });
  await new Promise((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', () => done(undefined)));
  return {
    url: `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`,
    /** From now on tells this lie, or the truth. @param {string} [name] */
    tell(name) {
      check(name);
      lie = name;
      answered = 0;
    },
    close: () => new Promise((done) => {
      server.closeAllConnections();
      server.close(() => done(undefined));
    }),
  };
}
