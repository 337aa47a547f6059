// SPDX-License-Identifier: MIT
import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js';
import { scrypt as nobleScrypt } from '@noble/hashes/scrypt.js';
import { HDNodeWallet } from 'ethers';
import { argon2id, scrypt } from 'hash-wasm';
import scryptJs from 'scrypt-js';
import { figuresOf } from './doors.mjs';
import { batchOf, must, timed } from './measure.mjs';

const ACCOUNTS = 2000;
const SHARE = 20; // of them that a peer derives in a round, as it takes seconds for all
const ROUNDS = 7; // for what takes a good part of a second
const MIB = 1 << 20;
const COST = { N: 131072, r: 8, p: 1 }; // of a keystore
const PASSES = { t: 3, m: 65536, p: 1 }; // of a vault

/** As the peers take it. */
const [password, salt, longSalt] = [Buffer.from('password'), Buffer.from('salt'), Buffer.from('0123456789abcdef')];

/** Each comes to 32 bytes. @type {Record<string, Record<string, () => Uint8Array | Promise<Uint8Array>>>} */
const peersOf = {
  scrypt_131072: {
    '@noble/hashes': () => nobleScrypt(password, salt, { ...COST, dkLen: 32, maxmem: 2 ** 30 }),
    'scrypt-js': () => scryptJs.syncScrypt(password, salt, COST.N, COST.r, COST.p, 32),
    'hash-wasm': () => scrypt({ password, salt, costFactor: COST.N, blockSize: COST.r, parallelism: COST.p, hashLength: 32, outputType: 'binary' }),
  },
  argon2id: {
    '@noble/hashes': () => nobleArgon2id(password, longSalt, { ...PASSES, dkLen: 32 }),
    'hash-wasm': () => argon2id({ password, salt: longSalt, iterations: PASSES.t, memorySize: PASSES.m, parallelism: PASSES.p, hashLength: 32, outputType: 'binary' }),
  },
};

/** @param {import('./bench.mjs').Doors} doors @param {string} id @returns {Promise<import('./measure.mjs').Row>} */
async function passwordRow({ native, bench }, id) {
  /** @type {Record<string, import('./measure.mjs').Batch>} */
  const peers = {};
  for (const [name, peer] of Object.entries(peersOf[id])) {
    const expected = Buffer.from(await peer()).toString('hex');
    for (const door of [native, bench]) must((await door.answer(id)).startsWith(expected), `${id}: another answer than that of ${name}`);
    peers[name] = () => timed(async () => void await peer())(1);
  }
  return {
    id,
    native: () => native.run(id, 1),
    wasm: () => bench.run(id, 1),
    peers,
    rounds: ROUNDS,
    notes: [`${ROUNDS} rounds`],
    targets: [{ text: 'wasm faster than each of them', met: ({ wasm, peers: all }) => wasm <= Math.min(...Object.values(all)) }],
  };
}

/** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row>} */
async function memoryRow({ native, bench }) {
  const [own, wasm] = await Promise.all([native, bench].map((door) => figuresOf(door, 'kdf_memory')));
  return {
    id: 'kdf_memory',
    unit: 'bytes',
    native: () => own[0],
    wasm: () => wasm[0],
    also: { 'native, Argon2id': () => own[1], 'wasm, Argon2id': () => wasm[1] },
    targets: [{
      text: 'at most 256 KiB beside the 128 MiB of scrypt and the 64 MiB of Argon2id',
      met: ({ wasm: scryptOf, also }) => scryptOf <= 128.25 * MIB && also['wasm, Argon2id'] <= 64.25 * MIB,
    }],
  };
}

/** Keys: a wallet's accounts, and what a password's time goes to. */
export const keys = {
  inputs: {},
  /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
  async rows(doors) {
    const { native, bench } = doors;
    const parent = HDNodeWallet.fromSeed(new Uint8Array(64).fill(9)).derivePath("m/44'/60'/0'/0");
    const last = parent.deriveChild(ACCOUNTS - 1).address.slice(2).toLowerCase();
    for (const door of [native, bench]) must((await door.answer('derive_2000')).startsWith(last), 'another account than that of ethers');
    const accounts = timed(() => {
      for (let i = 0; i < SHARE; i++) parent.deriveChild(i);
    });
    return [{
      id: 'derive_2000',
      native: () => native.run('derive_2000', 1),
      wasm: () => bench.run('derive_2000', 1),
      peers: { ethers: async () => await accounts(1) * ACCOUNTS / SHARE },
      rounds: 2 * ROUNDS,
      notes: [`ethers derives ${SHARE} accounts in a round; its figure is for ${ACCOUNTS}; ${2 * ROUNDS} rounds`],
      targets: [{ text: 'wasm faster than ethers', met: ({ wasm, peers }) => wasm <= peers.ethers }],
    }, await passwordRow(doors, 'scrypt_131072'), await passwordRow(doors, 'argon2id'), await memoryRow(doors)];
  },
};
