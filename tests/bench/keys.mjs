// SPDX-License-Identifier: MIT
import { scrypt } from '@noble/hashes/scrypt.js';
import { HDNodeWallet } from 'ethers';
import { argon2id } from 'hash-wasm';
import scryptJs from 'scrypt-js';
import { batchOf, must, timed } from './measure.mjs';

const ACCOUNTS = 2000;
const SHARE = 20; // of them that a peer derives in a round, as it takes seconds for all

/** Keys: a wallet's accounts, and what a password's time goes to. */
export const keys = {
  inputs: {},
  /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
  async rows({ native, bench }) {
    const password = Buffer.from('password'), salt = Buffer.from('salt');
    const parent = HDNodeWallet.fromSeed(new Uint8Array(64).fill(9)).derivePath("m/44'/60'/0'/0");
    const noble = () => scrypt(password, salt, { N: 16384, r: 8, p: 1, dkLen: 32 });
    const js = () => scryptJs.syncScrypt(password, salt, 16384, 8, 1, 32);
    const argon = () => argon2id({ password: 'password', salt: '0123456789abcdef', iterations: 3, memorySize: 16384, parallelism: 1, hashLength: 32 });
    for (const [name, expected] of /** @type {[string, string][]} */ ([
      ['derive_2000', parent.deriveChild(ACCOUNTS - 1).address.slice(2).toLowerCase()],
      ['scrypt_16384', Buffer.from(noble()).toString('hex')],
      ['argon2id_16', await argon()],
    ])) {
      for (const door of [native, bench]) must((await door.answer(name)).startsWith(expected), `${name}: another answer than the peer's`);
    }
    const own = async (/** @type {string} */ name) => ({
      id: name,
      native: await batchOf((count) => native.run(name, count)),
      wasm: await batchOf((count) => bench.run(name, count)),
    });
    const accounts = timed(() => {
      for (let i = 0; i < SHARE; i++) parent.deriveChild(i);
    });
    return [{
      ...await own('derive_2000'),
      peers: { ethers: async () => await accounts(1) * ACCOUNTS / SHARE },
      notes: [`ethers derives ${SHARE} accounts in a round; its figure is for ${ACCOUNTS}`],
      targets: [{ text: 'wasm faster than ethers', met: ({ wasm, peers }) => wasm <= peers.ethers }],
    }, {
      ...await own('scrypt_16384'),
      peers: { '@noble/hashes': await batchOf(timed(() => void noble())), 'scrypt-js': await batchOf(timed(() => void js())) },
      targets: [{ text: 'wasm faster than @noble/hashes and scrypt-js', met: ({ wasm, peers }) => wasm <= peers['@noble/hashes'] && wasm <= peers['scrypt-js'] }],
    }, {
      ...await own('argon2id_16'),
      peers: { 'hash-wasm': await batchOf(timed(argon)) },
      targets: [{ text: 'wasm at least as fast as hash-wasm', met: ({ wasm, peers }) => wasm <= peers['hash-wasm'] }],
    }];
  },
};
