// SPDX-License-Identifier: MIT
// What a sequencer gossips, through the binding: messages made by other libraries, and forged ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHAIN_ID, TIME, compress, envelope, forks, lies, signerOf, truths } from '../vectors/envelopes.mjs';
import { openledger as ol, sdk } from './support.mjs';

const now = 1000 * Number(TIME);
const signer = sdk.toHex(signerOf());
const question = (/** @type {any} */ { version, message }) => ({ envelope: compress(message), version, signer, now });

/** @param {any} asked */
const refused = (asked) => {
  try {
    ol.verifyEnvelope(asked);
  } catch (error) {
    return /** @type {import('openledger').OpenLedgerError} */ (error);
  }
  throw new assert.AssertionError({ message: 'not refused' });
};

test('verifies messages of every fork', async () => {
  for (const made of await truths()) {
    const found = ol.verifyEnvelope(question(made));
    assert.equal(found.header.hash, sdk.toHex(made.hash));
    assert.equal(found.header.fork, made.fork);
    assert.deepEqual(found.header, ol.header(Uint8Array.from(made.header)));
    assert.deepEqual(found.transactions.map(sdk.toHex), made.transactions.map(sdk.toHex));
    assert.equal(found.signer, ol.addressText(signer));
    assert.equal(found.signature, sdk.toHex(made.message.subarray(0, 65)));
    assert.equal(found.payloadHash, sdk.toHex(ol.keccak256(Uint8Array.from(made.message.subarray(65)))));
    assert.deepEqual([found.chainId, found.version], [CHAIN_ID, forks[made.fork].version]);
  }
});

test('refuses every lie', async () => {
  for (const lie of await lies()) assert.equal(refused(question(lie)).status, lie.status, lie.name);
});

test('says what is wrong, and where', async () => {
  const good = question(await envelope('jovian'));
  const late = refused({ ...good, now: now + 61_000 });
  assert.deepEqual([late.status, late.part, late.field], ['stale', 'payload', 'timestamp']);
  assert.equal(refused({ ...good, now: now - 6_000 }).status, 'stale');
  assert.equal(ol.verifyEnvelope({ ...good, now: now + 60_999 }).version, 4);
  assert.equal(ol.verifyEnvelope({ ...good, now: 0, anyTime: true }).version, 4);
  assert.equal(refused({ ...good, now: undefined }).status, 'stale'); // by the clock
  assert.equal(refused({ ...good, chainId: 10 }).part, 'signature');
  assert.equal(refused({ ...good, signer: `0x${'11'.repeat(20)}` }).status, 'mismatch');
  assert.equal(refused({ ...good, version: 0 }).status, 'argument');
  assert.equal(refused({ ...good, version: undefined }).status, 'argument');
  assert.equal(refused({ ...good, chainId: 0 }).status, 'argument');
  assert.equal(refused({ ...good, envelope: 'abc' }).status, 'argument');
  const damaged = refused({ ...good, envelope: good.envelope.subarray(0, 100) });
  assert.deepEqual([damaged.status, damaged.part], ['encoding', 'message']);
  assert.equal(refused({ ...good, envelope: Uint8Array.of(0x81, 0x80, 0x80, 0x05) }).status, 'limit');
  assert.equal(refused({ ...good, envelope: new Uint8Array() }).status, 'encoding');
  assert.equal(refused({ ...good, envelope: Uint8Array.of(0) }).status, 'encoding');
});

test('takes messages that are not compressed, when that is said', async () => {
  const made = await envelope('isthmus');
  const plain = { ...question(made), envelope: Uint8Array.from(made.message) };
  assert.equal(ol.verifyEnvelope({ ...plain, compressed: false }).header.hash, sdk.toHex(made.hash));
  assert.notEqual(refused(plain).status, 'argument');
  assert.equal(refused({ ...plain, envelope: compress(made.message), compressed: false }).status, 'encoding');
});
