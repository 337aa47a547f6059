// SPDX-License-Identifier: MIT
// Ethereum's consensus through the binding: recorded answers of a beacon node, and forged ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noVectors, openledger as ol, vector } from './support.mjs';

const checkpoint = '0x9bcb90ec3a294591b77dd2a58e973578715cdc0e6eeeb286bc06dd120057f18b';
const recorded = () => {
  const [bootstrap, updates, finality, optimistic] = ['bootstrap', 'updates', 'finality', 'optimistic'].map((kind) =>
    vector(`beacon/mainnet-fulu/lc_${kind}.json`));
  const now = 1606824023000 + 12000 * Number(optimistic.data.signature_slot);
  return { checkpoint, bootstrap, updates, finality, optimistic, now };
};
/** @param {any} change */
const refused = (change) => {
  try {
    ol.verifySync({ ...recorded(), ...change });
  } catch (error) {
    return /** @type {import('openledger').OpenLedgerError} */ (error);
  }
  throw new assert.AssertionError({ message: 'not refused' });
};

test('follows mainnet', { skip: noVectors }, () => {
  const question = recorded();
  const status = ol.verifySync(question);
  const { beacon, execution } = question.finality.data.finalized_header;
  assert.equal(status.finalized.slot, BigInt(beacon.slot));
  assert.equal(status.finalized.blockHash, execution.block_hash);
  assert.equal(status.finalized.stateRoot, execution.state_root);
  assert.equal(status.optimistic.blockHash, question.optimistic.data.attested_header.execution.block_hash);
  assert.deepEqual([status.period, status.updates, status.committeeSize], [1711n, 3, 512]);

  const { finalized, ...start } = ol.verifySync({ checkpoint, bootstrap: JSON.stringify(question.bootstrap), now: question.now });
  assert.deepEqual([finalized.root, start.updates, start.participants], [checkpoint, 0, 0]);
});

test('says what is wrong, and where', { skip: noVectors }, () => {
  const { finality, now } = recorded();
  assert.equal(refused({ now: now + 15 * 86400 * 1000 }).status, 'stale');
  assert.equal(ol.verifySync({ ...recorded(), now: now + 15 * 86400 * 1000, insist: true }).updates, 3);
  assert.equal(refused({ checkpoint: checkpoint.replace(/b$/, 'c') }).status, 'mismatch');
  assert.equal(refused({ network: 'goerli' }).status, 'argument');
  assert.equal(refused({ network: { PRESET_BASE: 'minimal' } }).part, 'network');
  assert.equal(refused({ now: -1 }).status, 'argument');
  assert.equal(refused({ bootstrap: new Uint8Array(40) }).part, 'bootstrap');
  finality.data.finality_branch[2] = checkpoint;
  const error = refused({ finality });
  assert.deepEqual([error.status, error.part, error.field], ['proof', 'finality update', 'finality_branch']);
});
