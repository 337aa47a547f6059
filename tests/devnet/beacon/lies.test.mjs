// SPDX-License-Identifier: MIT
// Each lie breaks the rules it says it breaks, and no others: the specification's pseudocode refuses it for one of
// them, and takes it when only those are left out. Another project's light client refuses what it has a rule for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import blst from '@chainsafe/blst';
import { LightclientSpec } from '@lodestar/light-client/spec';
import { Chain, toBytes } from './chain.mjs';
import { LIES, committeeLie, rootOf, tell } from './lies.mjs';
import { Reference } from './reference.mjs';
import { lodestarConfig } from './lodestar.mjs';
import { since } from './types.mjs';

const clockAt = (/** @type {number} */ slot, seconds = 6) => () => 1_600_000_000 + slot * seconds;
const NOW = 5 * 64 + 44;
const START = 4 * 64 + 16;

/** A client in the period before this one that knows the committee of this one. @param {Chain} chain @param {number} start @param {number} now */
async function follower(chain, start, now) {
  const reference = new Reference(chain);
  reference.start(await chain.root(start), await chain.bootstrap(start));
  const period = chain.schedule.periodOf(start);
  assert.equal(reference.process(await chain.update(period), now), 'applied');
  return reference;
}

/** What an answer is told about. @param {import('./lies.mjs').Kind} kind */
const argumentOf = (kind) => ({ bootstrap: START, update: 5, finality: NOW, optimistic: NOW })[kind];

const needsExecution = (/** @type {string} */ name) => name.includes('execution');

for (const fork of ['bellatrix', 'deneb', 'fulu', 'gloas']) {
  test(`${fork}: lies in answers`, async (t) => {
    const chain = new Chain({ preset: 'minimal', forks: { [fork]: 0 }, clock: clockAt(NOW) });
    const { store } = await follower(chain, START, NOW);
    const chainRoot = await chain.root(START);
    for (const [name, lie] of Object.entries(LIES)) {
      if (name === 'fork-version-of-signature-slot') continue; // see below
      if (needsExecution(name) && !since(fork, 'capella')) continue;
      for (const kind of lie.at) {
        const said = await tell(chain, name, kind, argumentOf(kind));
        const answer = { ...said, data: said.type.deserialize(toBytes(said)) };
        const client = new Reference(chain);
        client.store = { ...store };
        if (name === 'committee-not-next') client.process(await chain.update(5), NOW);
        const before = client.store.finalized.slot;
        // The root of a block with that layout is another; suppose that this is the one that is trusted.
        const trusted = name === 'branch-of-other-depth' ? rootOf(answer) : chainRoot;
        const hear = () => (kind === 'bootstrap' ? void client.start(trusted, answer) : client.process(answer, NOW));
        if (lie.expect === 'refused') {
          assert.throws(hear, (error) => lie.breaks?.includes(error.message) ?? false, `${name} in ${kind}`);
          client.without = lie.breaks ?? [];
          assert.doesNotThrow(hear, `${name} in ${kind} breaks other rules too`);
        } else {
          assert.doesNotThrow(hear, `${name} in ${kind}`);
          const isSame = client.store.finalized.slot === before;
          if (lie.expect === 'kept' && name !== 'no-next-committee') assert.ok(isSame, `${name} in ${kind}`);
          if (lie.expect === 'true' && kind === 'finality' && name !== 'stale') assert.ok(!isSame, `${name} in ${kind}`);
        }
        t.diagnostic(`${name} in ${kind}`);
      }
    }
  });
}

test('the version in the domain is that of the slot before the signature', async () => {
  const first = 5 * 64 + 24;
  const chain = new Chain({ preset: 'minimal', forks: { electra: 0, fulu: first / 8 }, clock: clockAt(NOW) });
  for (const kind of /** @type {const} */ (['finality', 'optimistic'])) {
    const client = await follower(chain, START, NOW);
    const lie = await tell(chain, 'fork-version-of-signature-slot', kind, first);
    assert.throws(() => client.process(lie, NOW), { message: 'signature' });
    client.process(await tell(chain, undefined, kind, first), NOW);
  }
});

test('lies in the committee of a period', async () => {
  for (const [name, lie] of Object.entries(LIES).filter(([, { committee }]) => committee)) {
    const changeCommittee = committeeLie(name, 5);
    const chain = new Chain({ preset: 'minimal', clock: clockAt(NOW), changeCommittee });
    const client = await follower(chain, START, NOW); // takes the committee: its keys are not used yet
    const hear = async () => client.process(await chain.finalityUpdate(NOW), NOW);
    if (lie.expect === 'true') {
      assert.equal(await hear(), 'applied', name);
      continue;
    }
    await assert.rejects(hear, { message: lie.breaks?.[0] }, name);
    // Where the key is not among the participants, it does not matter to the specification.
    const without = await chain.finalityUpdate(NOW, { absent: [5, 6] });
    assert.equal(client.process(without, NOW), 'applied', name);
  }
});

test('the points outside of the groups are such that only the check of the group tells', async () => {
  const chain = new Chain({ preset: 'minimal', clock: clockAt(NOW), changeCommittee: committeeLie('non-subgroup-keys-that-cancel', 5) });
  const { data } = await chain.finalityUpdate(NOW);
  const message = new Reference(chain).signingRoot(data.attestedHeader.beacon, NOW);
  const keys = chain.committee(5).value.pubkeys.map((bytes) => blst.PublicKey.fromBytes(bytes, false));
  const { syncCommitteeSignature } = data.syncAggregate;
  const signature = blst.Signature.fromBytes(syncCommitteeSignature, false, false);
  const participants = keys.filter((_, i) => data.syncAggregate.syncCommitteeBits.get(i));
  assert.ok(blst.verify(message, blst.aggregatePublicKeys(participants, false), signature, false, true));
  assert.throws(() => blst.aggregatePublicKeys(participants, true));

  const signatures = async (/** @type {string | undefined} */ lie) => {
    const answers = await Promise.all([NOW, NOW - 64].map((slot) => tell(chain, lie, 'finality', slot, { absent: [5, 6] })));
    return answers.map((answer) => answer.data.syncAggregate.syncCommitteeSignature);
  };
  const sum = (/** @type {Uint8Array[]} */ parts) =>
    blst.aggregateSignatures(parts.map((bytes) => blst.Signature.fromBytes(bytes, false, false)), false).toHex();
  const moved = await signatures('non-subgroup-signatures-that-cancel');
  for (const bytes of moved) {
    blst.Signature.fromBytes(bytes, false, false); // it is on the curve
    assert.throws(() => blst.Signature.fromBytes(bytes, true, false));
  }
  assert.equal(sum(moved), sum(await signatures(undefined)));
});

test('mainnet preset: 341 are too few, 342 are enough', async () => {
  const now = 3 * 8192 + 4000;
  const chain = new Chain({ clock: clockAt(now, 12) });
  for (const [name, bits, expected] of /** @type {const} */ ([
    ['participants-below-quorum', 341, 'below two thirds'],
    ['participants-at-quorum', 342, 'applied'],
  ])) {
    const client = await follower(chain, 2 * 8192 + 64, now);
    const answer = await tell(chain, name, 'finality', now);
    assert.equal(answer.data.syncAggregate.syncCommitteeBits.getTrueBitIndexes().length, bits);
    assert.equal(client.process(answer, now), expected);
  }
});

test('another light client refuses the lies that it has a rule for', async () => {
  const now = 3 * 8192 + 4000;
  const start = 2 * 8192 + 64;
  const chain = new Chain({ clock: clockAt(now, 12) });
  const config = lodestarConfig(chain);
  const { data } = await chain.bootstrap(start);
  const before = await chain.update(2);
  /** @type {string[]} */
  const taken = [];
  for (const [name, lie] of Object.entries(LIES)) {
    if (lie.expect !== 'refused' || name === 'fork-version-of-signature-slot') continue;
    for (const kind of lie.at) {
      if (kind === 'bootstrap') continue;
      const client = new LightclientSpec(config, { allowForcedUpdates: false, updateHeadersOnForcedUpdate: false }, structuredClone(data));
      client.onUpdate(now, before.type.clone(before.data));
      const said = await tell(chain, name, kind, kind === 'update' ? 3 : now);
      const method = { update: 'onUpdate', finality: 'onFinalityUpdate', optimistic: 'onOptimisticUpdate' }[kind];
      try {
        client[method](now, said.type.deserialize(toBytes(said)));
        taken.push(`${name} in ${kind}`);
      } catch {
        // refused
      }
    }
  }
  // It takes the depth of a branch from the branch, and does not compare a next committee with the one it knows.
  const lax = ['committee-not-next in update', 'branch-of-other-depth in update', 'branch-of-other-depth in finality'];
  assert.deepEqual(taken, lax);
});
