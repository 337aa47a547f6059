// SPDX-License-Identifier: MIT
// openledger verify sync: recorded answers of beacon nodes, and forged ones.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { noVectors, openledger, scratch, vectors } from './cli.mjs';

const file = scratch();
const FULU = 'beacon/mainnet-fulu/lc_';
const CHECKPOINT = '0x9bcb90ec3a294591b77dd2a58e973578715cdc0e6eeeb286bc06dd120057f18b';
const KINDS = ['bootstrap', 'updates', 'finality', 'optimistic'];

const path = (name) => join(vectors, name);
const json = (kind) => JSON.parse(readFileSync(path(`${FULU}${kind}.json`), 'utf8'));
const options = (files) => Object.entries(files).flatMap(([kind, name]) => [`--${kind}`, name]);
const verify = (checkpoint, files, ...more) =>
  openledger(['verify', 'sync', '--checkpoint', checkpoint, ...options(files), ...more]);
const recorded = () => Object.fromEntries(KINDS.map((kind) => [kind, path(`${FULU}${kind}.json`)]));

/** The root of a beacon block header, at its place in SSZ. */
function rootOf(bytes) {
  const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const number = (at) => Buffer.concat([bytes.subarray(at, at + 8), Buffer.alloc(24)]);
  const zeros = Buffer.alloc(32);
  const nothing = sha(zeros, zeros);
  const [parent, state, body] = [16, 48, 80].map((at) => bytes.subarray(at, at + 32));
  const [left, right] = [sha(sha(number(0), number(8)), sha(parent, state)), sha(sha(body, zeros), nothing)];
  return `0x${sha(left, right).toString('hex')}`;
}

test('follows mainnet from JSON', { skip: noVectors }, async () => {
  const outcome = await verify(CHECKPOINT, recorded(), '--insist', '--json');
  assert.equal(outcome.code, 0, outcome.stderr);
  const [finality, optimistic] = ['finality', 'optimistic'].map((kind) => json(kind).data);
  const head = ({ beacon, execution }) => [Number(beacon.slot), execution.block_hash, execution.state_root];
  const found = JSON.parse(outcome.stdout);
  const shown = ({ slot, blockHash, stateRoot }) => [slot, blockHash, stateRoot];
  assert.deepEqual(shown(found.finalized), head(finality.finalized_header));
  assert.deepEqual(shown(found.optimistic), head(optimistic.attested_header));
  assert.deepEqual([found.period, found.updates, found.committeeSize], [1711, 3, 512]);

  const human = await verify(CHECKPOINT, recorded(), '--insist');
  assert.equal(human.code, 0, human.stderr);
  assert.match(human.stdout, new RegExp(`^finalized +slot ${found.finalized.slot}  ${found.finalized.root}  20\\d\\d-.*Z\n`));
  assert.ok(human.stdout.includes(` ${found.finalized.blockHash}\n`));
  assert.ok(human.stdout.endsWith(` ${found.participants} of 512\n`));
});

test('follows mainnet from SSZ, and not from updates of another time', { skip: noVectors }, async () => {
  const electra = (name) => path(`beacon/mainnet-electra/${name}.ssz`);
  const bytes = readFileSync(electra('bootstrap'));
  const header = bytes.subarray(bytes.readUInt32LE(0));
  const slot = Number(header.readBigUInt64LE(0));
  const checkpoint = rootOf(header);
  const files = { bootstrap: electra('bootstrap'), updates: electra('updates_period_1421') };
  const outcome = await verify(checkpoint, files, '--insist', '--json');
  assert.equal(outcome.code, 0, outcome.stderr);
  const { finalized, updates } = JSON.parse(outcome.stdout);
  assert.equal(updates, 1);
  assert.ok(finalized.slot >= slot);
  const other = await verify(checkpoint, { ...files, updates: electra('updates_period_1401') }, '--insist');
  assert.equal(other.code, 1);
  assert.match(other.stderr, /^openledger: updates\[0\] /);
});

test('refuses what is old, of another chain, or altered', { skip: noVectors }, async () => {
  const old = await verify(CHECKPOINT, recorded(), '--json');
  assert.equal(old.code, 1);
  assert.equal(JSON.parse(old.stdout).error.status, 'stale');
  assert.match(old.stderr, /is older than the weak subjectivity period/);

  const other = await verify(CHECKPOINT.replace(/b$/, 'c'), recorded(), '--insist');
  assert.deepEqual([other.code, other.stderr], [1, 'openledger: bootstrap header: block is not the checkpoint\n']);

  const elsewhere = await verify(CHECKPOINT, recorded(), '--insist', '--network', 'hoodi');
  assert.equal(elsewhere.code, 1);

  const altered = json('finality');
  altered.data.finalized_header.execution.state_root = CHECKPOINT;
  const forged = await verify(CHECKPOINT, { ...recorded(), finality: file('finality.json', altered) }, '--insist');
  assert.equal(forged.code, 1);
  assert.match(forged.stderr, /^openledger: finality update finalized_header: execution block is not/);
});

test('takes a network from a file', { skip: noVectors }, async () => {
  const config = file('network.json', { PRESET_BASE: 'minimal' });
  const outcome = await verify(CHECKPOINT, recorded(), '--network', config);
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /^openledger: network SECONDS_PER_SLOT/);
});
