// SPDX-License-Identifier: MIT
// openledger verify envelope: messages of a sequencer made by other libraries, and forged ones.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TIME, compress, envelope, forks, lies, signerOf } from '../vectors/envelopes.mjs';
import { openledger } from './cli.mjs';

const folder = mkdtempSync(join(tmpdir(), 'openledger-envelope-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const file = (/** @type {Uint8Array} */ bytes) => {
  const path = join(folder, 'message');
  writeFileSync(path, bytes);
  return path;
};
const hex = (/** @type {Uint8Array} */ bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
const signer = hex(signerOf());
const verify = (/** @type {Uint8Array} */ bytes, /** @type {(string | number)[]} */ ...more) =>
  openledger(['verify', 'envelope', file(bytes), '--signer', signer, ...more.map(String)]);

test('verifies a message of every fork', async () => {
  for (const fork of Object.keys(forks)) {
    const made = await envelope(fork);
    const outcome = await verify(compress(made.message), '--version', made.version, '--any-time', '--json');
    assert.equal(outcome.code, 0, outcome.stderr);
    const { block, chainId, trust, ...found } = JSON.parse(outcome.stdout);
    assert.deepEqual([block.hash, block.number, block.transactions], [hex(made.hash), '0x1e240', 1]);
    assert.equal(BigInt(block.timestamp), TIME);
    assert.deepEqual([found.fork, found.version, chainId, found.signer.toLowerCase()], [fork, made.version, 1612, signer]);
    assert.equal(trust.level, 'unsafe');

    const human = await verify(compress(made.message), '--version', made.version, '--any-time');
    assert.equal(human.code, 0, human.stderr);
    assert.ok(human.stdout.startsWith(`block          123456  ${hex(made.hash)}\n`), human.stdout);
    assert.match(human.stdout, /\ntrust +unsafe: the signer that you named says so; it is not on L1 yet\n$/);
    assert.ok(human.stdout.includes(`\nfork           ${fork}\n`));
  }
});

test('compares the time with the clock', async () => {
  const now = BigInt(Math.floor(Date.now() / 1000));
  const at = async (/** @type {bigint} */ timestamp) => verify(compress((await envelope('jovian', { fields: { timestamp } })).message));
  const fresh = await at(now - 1n);
  assert.equal(fresh.code, 0, fresh.stderr);
  assert.match(fresh.stdout, /\ntime .* \(\d s ago\)\n/);
  for (const [time, text] of /** @type {[bigint, RegExp][]} */ ([[now - 120n, /more than 60 s old/], [now + 120n, /more than 5 s ahead of now/]])) {
    const outcome = await at(time);
    assert.equal(outcome.code, 1);
    assert.match(outcome.stderr, text);
  }
});

test('reads messages from the standard input, of other chains, and plain ones', async () => {
  const made = await envelope('isthmus', { chainId: 10n });
  const options = ['--signer', signer, '--chain-id', '10', '--any-time', '--json'];
  const other = await openledger(['verify', 'envelope', file(compress(made.message)), ...options]);
  assert.equal(other.code, 0, other.stderr);
  assert.equal(JSON.parse(other.stdout).chainId, 10);
  const input = /** @type {any} */ (compress(made.message));
  assert.equal((await openledger(['verify', 'envelope', '-', ...options], { input })).stdout, other.stdout);
  const plain = await openledger(['verify', ...options, '--plain', 'envelope', file(made.message)]);
  assert.equal(plain.code, 0, plain.stderr);
  assert.equal(plain.stdout, other.stdout);
});

test('refuses every lie', async () => {
  for (const { name, status, version, message } of (await lies()).filter(({ status }) => status !== 'stale')) {
    const outcome = await verify(compress(message), '--version', version, '--any-time', '--json');
    assert.equal(outcome.code, 1, name);
    assert.equal(JSON.parse(outcome.stdout).error.status, status, name);
  }
  const damaged = await verify(Buffer.from([5, 16]));
  assert.equal(damaged.code, 1);
  assert.match(damaged.stderr, /message byte 1: snappy literal is cut short/);
});
