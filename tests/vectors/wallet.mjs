// SPDX-License-Identifier: MIT
//
// Brings published vectors of mnemonics, keys and keystores into the shapes that suites_wallet.c reads: each language
// with the pack of its words. Nothing is computed but encodings, and Argon2id by a library that is not ours.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { argon2id } from '@noble/hashes/argon2.js';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Files of npm's @ethersproject/testcases. @param {string} name */
const ethers = (name) => join(repository, `node_modules/@ethersproject/testcases/testcases/${name}.json.gz`);

/** @param {string} path */
const readJson = (path) => JSON.parse((path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString());

const languages = ['english', 'chinese_simplified', 'chinese_traditional', 'czech', 'french', 'italian', 'japanese',
  'korean', 'portuguese', 'russian', 'spanish', 'turkish'];
/** What ethers calls them. */
const locales = { en: 'english', cz: 'czech', fr: 'french', it: 'italian', ja: 'japanese', ko: 'korean', es: 'spanish', zh_cn: 'chinese_simplified', zh_tw: 'chinese_traditional' };

/** A language and its pack; English has none. @param {string} name */
const language = (name) => ({
  language: languages.indexOf(name),
  words: name === 'english' ? '' : readFileSync(join(repository, `sdk/words/${name}.txt`), 'utf8'),
});

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** @param {Uint8Array} bytes */
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

/** The chain code and the key of a serialized private key (BIP-32, Base58Check). @param {string} text */
function extendedKey(text) {
  const number = [...text].reduce((sum, c) => sum * 58n + BigInt(alphabet.indexOf(c)), 0n);
  const bytes = Buffer.from(number.toString(16).padStart(164, '0'), 'hex');
  if (!sha256(sha256(bytes.subarray(0, 78))).subarray(0, 4).equals(bytes.subarray(78))) throw new Error(`${text}: checksum`);
  return { chainCode: bytes.subarray(13, 45).toString('hex'), key: bytes.subarray(46, 78).toString('hex') };
}

/** @param {string} source */
function bip39(source) {
  const all = readJson(join(source, 'bip/bip39_trezor_vectors.json.gz'));
  return Object.keys(all).map((name) => ({
    suite: 'bip39',
    name: `bip39_${name}.json`,
    value: {
      ...language(name),
      cases: all[name].map(([entropy, mnemonic, seed, xprv]) => ({ entropy, mnemonic, seed, ...extendedKey(xprv) })),
    },
  }));
}

function hdnodes() {
  const all = readJson(ethers('hdnode'));
  return Object.entries(locales).map(([locale, name]) => ({
    suite: 'ethers_hdnode',
    name: `hdnode_${locale}.json`,
    value: {
      ...language(name),
      cases: all.filter((/** @type {any} */ one) => (one.locale ?? 'en') === locale).map((/** @type {any} */ one) => ({ password: '', ...one })),
    },
  })).filter(({ value }) => value.cases.length > 0);
}

const wordlists = () => readJson(ethers('wordlists')).map((/** @type {any} */ { locale, content }) => ({
  suite: 'ethers_wordlists',
  name: `wordlist_${locale}.json`,
  value: { ...language(locales[/** @type {keyof typeof locales} */ (locale)]), cases: [{ content }] },
}));

/** @param {string} source */
function keystores(source) {
  const basic = readJson(join(source, 'ethereum-tests/KeyStoreTests/basic_tests.json'));
  const cases = Object.entries(basic).map(([name, { json, password, priv }]) => ({ name, json: JSON.stringify(json), password, privateKey: priv, mnemonic: '' }));
  const wallets = readJson(ethers('wallets')).map((/** @type {any} */ one) => ({ ...one, mnemonic: one.mnemonic ?? '' }));
  return [
    { suite: 'keystores', name: 'keystore_tests.json', value: { cases } },
    { suite: 'ethers_wallets', name: 'ethers_wallets.json', value: { cases: wallets } },
  ];
}

/** RFC 7914, section 12. The last needs 1 GiB, which is above what is derived with. */
const scryptCases = [
  { password: '', salt: '', n: 16, r: 1, p: 1, key: '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906' },
  { password: 'password', salt: 'NaCl', n: 1024, r: 8, p: 16, key: 'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640' },
  { password: 'pleaseletmein', salt: 'SodiumChloride', n: 16384, r: 8, p: 1, key: '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887' },
  { password: 'pleaseletmein', salt: 'SodiumChloride', n: 1048576, r: 8, p: 1, key: '' },
];

/** Argon2id with one lane, which the vector of RFC 9106 has not, by @noble/hashes. */
const argon2Cases = () => Array.from({ length: 12 }, (_, i) => {
  const salt = sha256(Buffer.from(`salt ${i}`)).subarray(0, 16), password = `password ${i}`.repeat(i);
  const options = { t: 1 + i % 3, m: 8 + 37 * i, p: 1, dkLen: 16 + 5 * i };
  const key = Buffer.from(argon2id(password, salt, options)).toString('hex');
  return { password, salt: salt.toString('hex'), passes: options.t, kib: options.m, key };
});

/** @param {string} source @returns {{suite: string, name: string, value: any}[]} */
export function walletVectors(source) {
  const { mnemonic, path, address } = readJson(join(source, 'interop/openledger.json'));
  return [
    ...bip39(source), ...hdnodes(), ...wordlists(), ...keystores(source),
    { suite: 'interop_account', name: 'interop_account.json', value: { cases: [{ mnemonic, path, address }] } },
    { suite: 'scrypt', name: 'scrypt.json', value: { cases: scryptCases } },
    { suite: 'argon2id', name: 'argon2id.json', value: { cases: argon2Cases() } },
  ];
}
