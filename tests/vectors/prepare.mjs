// SPDX-License-Identifier: MIT
//
// Unpacks the published vectors and writes which file belongs to which suite (manifest.txt: "suite file").
//
//   node prepare.mjs [--own] [OUTPUT]       OUTPUT: default build/vectors
//
// The vectors are in $OL_VECTORS, by default ../shared/vectors beside the repository. Where they are absent it
// exits with 77, or with 1 when CI=true. With --own it takes those alone that are of this repository, and writes an
// expected.txt for them beside the manifest.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { abiVectors } from './abi.mjs';
import { attributionVectors } from './attribution.mjs';
import { beaconRecordings } from './beacon.mjs';
import { envelopeVectors } from './envelopes.mjs';
import { interopTransaction, packaged } from './packaged.mjs';
import { recordings } from './recordings.mjs';
import { signingVectors } from './signing.mjs';
import { walletVectors } from './wallet.mjs';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const source = resolve(process.env.OL_VECTORS || join(repository, '../shared/vectors'));
const isOwn = process.argv[2] === '--own';
const output = resolve(process.argv[isOwn ? 3 : 2] || join(repository, 'build/vectors'));

const blsKinds = ['aggregate', 'aggregate_verify', 'batch_verify', 'deserialization_G1', 'deserialization_G2',
  'fast_aggregate_verify', 'hash_to_G2', 'sign', 'verify'];

/** Names in a folder of the source, sorted. @param {string} folder */
const readdirIfThere = (folder) => (existsSync(join(source, folder)) ? readdirSync(join(source, folder)).sort() : []);

/** @type {{suite: string, folder: string, files: RegExp}[]} every file of a folder that matches is run */
const sets = [
  { suite: 'wycheproof_ecdsa_bitcoin', folder: 'wycheproof', files: /^ecdsa_secp256k1_sha256_bitcoin_test/ },
  { suite: 'wycheproof_ecdsa_p1363', folder: 'wycheproof', files: /^ecdsa_secp256k1_sha256_p1363_test/ },
  { suite: 'wycheproof_hmac_sha256', folder: 'wycheproof', files: /^hmac_sha256_test/ },
  { suite: 'wycheproof_hmac_sha512', folder: 'wycheproof', files: /^hmac_sha512_test/ },
  { suite: 'wycheproof_pbkdf2_sha256', folder: 'wycheproof', files: /^pbkdf2_hmacsha256_test/ },
  { suite: 'wycheproof_pbkdf2_sha512', folder: 'wycheproof', files: /^pbkdf2_hmacsha512_test/ },
  { suite: 'wycheproof_xchacha20_poly1305', folder: 'wycheproof', files: /^xchacha20_poly1305_test/ },
  { suite: 'wycheproof_bls_hash_to_g2', folder: 'wycheproof', files: /^bls_hash_to_g2_test/ },
  { suite: 'wycheproof_bls_verify', folder: 'wycheproof', files: /^bls_sig_g2_(basic|pop)_verify_test/ },
  { suite: 'wycheproof_bls_aggregate_verify', folder: 'wycheproof', files: /^bls_sig_g2_aggregate_verify_test/ },
  { suite: 'rlp_valid', folder: 'ethereum-tests/RLPTests', files: /^rlptest/ },
  { suite: 'rlp_valid', folder: 'ethereum-tests/RLPTests/RandomRLPTests', files: /\.json$/ },
  { suite: 'rlp_invalid', folder: 'ethereum-tests/RLPTests', files: /^invalid/ },
  { suite: 'trie', folder: 'ethereum-tests/TrieTests', files: /^(trietest|trieanyorder)\.json$/ },
  { suite: 'trie_secure', folder: 'ethereum-tests/TrieTests', files: /secure/i },
  { suite: 'trie_neighbours', folder: 'ethereum-tests/TrieTests', files: /nextprev/ },
  ...readdirIfThere('ethereum-tests/TransactionTests').map((folder) => (
    { suite: 'transactions', folder: `ethereum-tests/TransactionTests/${folder}`, files: /\.json$/ })),
  ...blsKinds.map((kind) => ({ suite: `bls_${kind}`, folder: `bls/bls_tests_json/${kind}`, files: /\.json$/ })),
];

rmSync(output, { recursive: true, force: true });
if (isOwn) {
  const lines = write(attributionVectors(), 'own');
  const suites = new Set(lines.map((line) => line.split(' ')[0]));
  const totals = readFileSync(join(import.meta.dirname, 'expected.txt'), 'utf8').trim().split('\n').filter((line) => !line.startsWith('#'));
  writeFileSync(join(output, 'expected.txt'), totals.map((line) => (suites.has(line.split(' ')[0]) ? `${line}\n` : `${line.split(' ')[0]} 0\n`)).join(''));
  writeFileSync(join(output, 'manifest.txt'), lines.join(''));
  process.exit(0);
}
if (!existsSync(source)) {
  console.log(`skipped: ${source} not found`);
  process.exit(process.env.CI === 'true' ? 1 : 77);
}

/** Writes what was made, in a folder. Returns the lines of the manifest. @param {{ suite: string, name: string, value: any }[]} made @param {string} folder */
function write(made, folder) {
  mkdirSync(join(output, folder), { recursive: true });
  return made.map(({ suite, name, value }) => {
    writeFileSync(join(output, folder, name), JSON.stringify(value));
    return `${suite} ${folder}/${name}\n`;
  });
}

/** Copies a file, unpacked. Returns its path below the output. */
function unpack(folder, name) {
  const bytes = readFileSync(join(source, folder, name));
  const path = join(folder, basename(name, '.gz'));
  mkdirSync(join(output, folder), { recursive: true });
  writeFileSync(join(output, path), name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  return path;
}

const manifest = packaged(repository, output);
for (const { suite, folder, files } of sets) {
  const names = readdirSync(join(source, folder)).filter((name) => files.test(name)).sort();
  for (const name of names) manifest.push(`${suite} ${unpack(folder, name)}\n`);
}
/** What is made of files rather than copied: each gives what it makes of the folder. */
const makers = [
  recordings,
  beaconRecordings,
  envelopeVectors,
  abiVectors,
  signingVectors,
  walletVectors,
  interopTransaction,
];
manifest.push(...write((await Promise.all(makers.map((make) => make(source)))).flat(), 'recorded'), ...write(attributionVectors(), 'own'));
writeFileSync(join(output, 'manifest.txt'), manifest.join(''));
console.log(`${manifest.length} files of vectors in ${output}`);
