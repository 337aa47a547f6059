#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Writes proofs.h: proofs of a log (c2sp.org/tlog-proof) as Node's own cryptography makes them.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {ReturnType<typeof keyOf>} Key */

const sha256 = (/** @type {Uint8Array[]} */ ...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const bytes = (/** @type {number[]} */ ...list) => Buffer.from(list);
const u64 = (/** @type {number | bigint} */ value) => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
};

/** @param {string} name @param {number} kind 1 signs notes, 4 checkpoints @param {number} seed */
function keyOf(name, kind, seed) {
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' });
  const pubkey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const id = sha256(Buffer.from(`${name}\n`), bytes(kind), pubkey).subarray(0, 4);
  const lineOf = (/** @type {Uint8Array[]} */ ...parts) => `— ${name} ${Buffer.concat([id, ...parts]).toString('base64')}\n`;
  return {
    text: `${name}+${id.toString('hex')}+${Buffer.concat([bytes(kind), pubkey]).toString('base64')}`,
    /** @param {string} note @param {number} time */
    line: (note, time) => (kind === 1 ? lineOf(sign(null, Buffer.from(note), key))
      : lineOf(u64(time), sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${note}`), key))),
  };
}

/** @param {Buffer[]} leaves @returns {Buffer} */
function rootOf(leaves) {
  if (leaves.length === 1) return leaves[0];
  const middle = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(bytes(1), rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)));
}

/** @param {Buffer[]} leaves @param {number} index @returns {Buffer[]} from the leaf up */
function pathOf(leaves, index) {
  if (leaves.length === 1) return [];
  const middle = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  const [left, right] = [leaves.slice(0, middle), leaves.slice(middle)];
  return index < middle ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - middle), rootOf(left)];
}

/** The entry of batch 7 of chain 1612, at the registry of 0x77s, with this root. @param {number} root its byte */
const entryOf = (root) => Buffer.concat([Buffer.from('ATR1.batch'), u64(1612), Buffer.alloc(20, 0x77), u64(7), Buffer.alloc(32, root)]);

const log = keyOf('log.example/batches', 1, 1);
const witnesses = [2, 3, 4].map((seed) => keyOf(`witness.example/${seed - 1}`, 4, seed));
const stranger = keyOf('witness.example/1', 4, 9); // of a name that is known
const TIME = 1_700_000_000;

/**
 * @param {number} size @param {Record<number, number>} entries roots by index; others are none of ours
 * @param {number} index @param {{ extra?: string, extension?: string, more?: string }} [options]
 */
function proofOf(size, entries, index, { extra = '', extension = '', more = '' } = {}) {
  const leaves = Array.from({ length: size }, (_, i) => sha256(bytes(0), entries[i] ? entryOf(entries[i]) : Buffer.from(`entry ${i}`)));
  const note = `log.example/batches\n${size}\n${rootOf(leaves).toString('base64')}\n${extension}`;
  const path = pathOf(leaves, index).map((hash) => `${hash.toString('base64')}\n`).join('');
  const signatures = [log.line(note, 0), ...witnesses.map((witness, i) => witness.line(note, TIME + i))].join('');
  return `c2sp.org/tlog-proof@v1\n${extra}index ${index}\n${path}\n${note}\n${more}${signatures}`;
}

const unknown = `— other.example ${Buffer.alloc(300, 5).toString('base64')}\n— log.example/batches ${Buffer.alloc(72, 6).toString('base64')}\n`;
const proofs = {
  proof_0_of_1: proofOf(1, { 0: 0x11 }, 0),
  proof_1_of_2: proofOf(2, { 1: 0x11 }, 1),
  proof_2_of_3: proofOf(3, { 2: 0x11 }, 2),
  proof_4_of_6: proofOf(6, { 4: 0x11 }, 4),
  proof_6_of_7: proofOf(7, { 6: 0x11 }, 6),
  proof_0_of_8: proofOf(8, { 0: 0x11 }, 0),
  proof_777_of_1000: proofOf(1000, { 777: 0x11 }, 777),
  proof_with_all: proofOf(5, { 3: 0x11 }, 3, { extra: `extra ${Buffer.alloc(200, 1).toString('base64')}\n`, extension: 'an extension\nand another, ü\n',
    more: unknown + stranger.line('another note', TIME) }),
  other_root: proofOf(9, { 2: 0x11, 7: 0x22 }, 7),
  one_root: proofOf(9, { 2: 0x11, 7: 0x22 }, 2),
  other_view: proofOf(9, { 2: 0x22 }, 2),
};

const inC = (/** @type {string} */ text) => text.replaceAll('—', '\\xe2\\x80\\x94').replaceAll('ü', '\\xc3\\xbc');
const keys = { log_text: log.text, ...Object.fromEntries(witnesses.map(({ text }, i) => [`witness_text_${i}`, text])) };
const out = [
  '/* SPDX-License-Identifier: MIT */', '#ifndef OL_TESTS_UNIT_ATTRIBUTION_PROOFS_H', '#define OL_TESTS_UNIT_ATTRIBUTION_PROOFS_H', '',
  '/* Written by proofs.mjs. */', '', '/* clang-format off */',
  ...Object.entries(keys).map(([name, text]) => `static const char ${name}[] = "${text}";`), '',
  ...Object.entries(proofs).map(([name, text]) =>
    `static const char ${name}[] =\n${text.slice(0, -1).split('\n').map((line) => `    "${inC(line)}\\n"`).join('\n')};\n`),
  '/* clang-format on */', '', '#endif', '',
].join('\n');
writeFileSync(join(import.meta.dirname, 'proofs.h'), out);
