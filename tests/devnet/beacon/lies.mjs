// SPDX-License-Identifier: MIT
// The named ways in which an endpoint lies. Each breaks one rule and is true in all else: where a rule is about
// what was signed, the lie is signed for real.
import { BitArray } from '@chainsafe/ssz';
import { copyOf } from './chain.mjs';
import { infinity, movedOutG1, movedOutG2, offCurveG1, sumOfPubkeys } from './keys.mjs';
import { BeaconBlockHeader, FORKS, since } from './types.mjs';
import { bytesOf } from './random.mjs';

/**
 * @typedef {import('./chain.mjs').Chain} Chain
 * @typedef {import('./chain.mjs').Answer} Answer
 * @typedef {import('./chain.mjs').Options} Options
 * @typedef {import('./chain.mjs').Committee} Committee
 * @typedef {'bootstrap' | 'update' | 'finality' | 'optimistic'} Kind
 *
 * @typedef {object} Lie
 * @property {string} about
 * @property {Kind[]} at the answers it is told in
 * @property {'refused' | 'kept' | 'true'} expect of a client by the specification: it refuses the answer; it takes it
 *   but does not move its finalized header; or it is no lie and takes it
 * @property {string[]} [breaks] the rules it breaks, as reference.mjs calls them, and no others
 * @property {(chain: Chain, arg: number, kind: Kind) => Options} [options] how it is made
 * @property {(answer: Answer, chain: Chain) => void | Promise<void>} [change] what is changed after it was signed
 * @property {(honest: Committee, chain: Chain) => Committee} [committee] what the committee of a period is made of
 */

/** @type {Kind[]} */
const SIGNED = ['update', 'finality', 'optimistic'];
/** @type {Kind[]} */
const FINAL = ['update', 'finality'];

/** @param {Uint8Array} bytes */
const flip = (bytes) => {
  bytes[bytes.length - 1] ^= 1;
};
/** @param {Answer} answer */
const mainHeader = ({ data }) => data.header ?? data.attestedHeader;
/** @param {number} slot @param {Chain} chain the slot that an answer of this kind and argument attests */
const attestedSlot = (chain, slot, kind) => (kind === 'update' ? chain.attestedSlotOf(slot) : slot - 1);

/** @type {Record<string, Lie>} */
export const LIES = {
  // --- Who signs ---
  'participants-below-quorum': {
    about: 'one participant short of two thirds (341 of 512)',
    at: SIGNED,
    expect: 'kept',
    options: (chain) => ({ participants: chain.quorum() - 1 }),
  },
  'participants-at-quorum': {
    about: 'exactly two thirds (342 of 512)',
    at: SIGNED,
    expect: 'true',
    options: (chain) => ({ participants: chain.quorum() }),
  },
  'participants-one': {
    about: 'a single participant',
    at: SIGNED,
    expect: 'kept',
    options: () => ({ participants: 1 }),
  },
  'zero-bits': {
    about: 'nobody signs, the signature is infinity',
    at: SIGNED,
    expect: 'refused',
    breaks: ['no participants', 'the signature is not in its group'],
    options: () => ({ participants: 0 }),
  },
  'zero-bits-signed': {
    about: 'the bits say that nobody signed, the signature is of all',
    at: SIGNED,
    expect: 'refused',
    breaks: ['no participants'],
    change: ({ data }, chain) => {
      data.syncAggregate.syncCommitteeBits = BitArray.fromBitLen(chain.size);
    },
  },
  'swapped-bits': {
    about: 'a participant and an absent one change places in the bits',
    at: SIGNED,
    expect: 'refused',
    breaks: ['signature'],
    options: () => ({ absent: [3] }),
    change: ({ data }) => {
      data.syncAggregate.syncCommitteeBits.set(3, true);
      data.syncAggregate.syncCommitteeBits.set(4, false);
    },
  },
  'extra-bit': {
    about: 'the bits name a participant that did not sign',
    at: SIGNED,
    expect: 'refused',
    breaks: ['signature'],
    options: () => ({ absent: [3] }),
    change: ({ data }) => data.syncAggregate.syncCommitteeBits.set(3, true),
  },

  // --- What is signed ---
  'wrong-domain': {
    about: 'signed in the domain of attestations',
    at: SIGNED,
    expect: 'refused',
    breaks: ['signature'],
    options: () => ({ domainType: Uint8Array.of(1, 0, 0, 0) }),
  },
  'wrong-fork-version': {
    about: "signed with an older fork's version",
    at: SIGNED,
    expect: 'refused',
    breaks: ['signature'],
    options: (chain, arg, kind) => ({ signingFork: before(chain.schedule.forkAt(attestedSlot(chain, arg, kind))) }),
  },
  'fork-version-of-signature-slot': {
    about: 'signed with the version at the signature slot, not at the one before; a lie in the first slot of a fork',
    at: ['finality', 'optimistic'],
    expect: 'refused',
    breaks: ['signature'],
    options: (chain, slot) => ({ signingFork: chain.schedule.forkAt(slot) }),
  },
  'wrong-genesis-root': {
    about: 'signed for another genesis',
    at: SIGNED,
    expect: 'refused',
    breaks: ['signature'],
    options: () => ({ genesisValidatorsRoot: bytesOf('another genesis') }),
  },
  'wrong-period-committee': {
    about: 'signed by the committee of the next period',
    at: SIGNED,
    expect: 'refused',
    breaks: ['signature'],
    options: (chain, arg, kind) => ({ signedBy: (kind === 'update' ? arg : chain.schedule.periodOf(arg)) + 1 }),
  },
  'old-period-committee': {
    about: 'signed by the committee of the period before',
    at: SIGNED,
    expect: 'refused',
    breaks: ['signature'],
    options: (chain, arg, kind) => ({ signedBy: Math.max((kind === 'update' ? arg : chain.schedule.periodOf(arg)) - 1, 0) }),
  },
  'bad-signature': {
    about: 'a valid signature of something else',
    at: SIGNED,
    expect: 'refused',
    breaks: ['signature'],
    change: ({ data }, chain) => {
      const bits = data.syncAggregate.syncCommitteeBits.toBoolArray();
      data.syncAggregate = chain.sign(bytesOf('something else'), data.signatureSlot, { bits });
    },
  },
  'signature-not-a-point': {
    about: 'a signature that is no point',
    at: SIGNED,
    expect: 'refused',
    breaks: ['the signature is not in its group'],
    change: ({ data }) => void data.syncAggregate.syncCommitteeSignature.fill(0xff),
  },
  'non-subgroup-signature': {
    about: 'the signature plus a point outside of the group',
    at: SIGNED,
    expect: 'refused',
    breaks: ['the signature is not in its group'],
    change: ({ data }) => {
      data.syncAggregate.syncCommitteeSignature = movedOutG2(data.syncAggregate.syncCommitteeSignature);
    },
  },
  'non-subgroup-signatures-that-cancel': {
    about: 'the same point of order 13 added in even periods and taken away in odd ones: in a sum it may vanish',
    at: SIGNED,
    expect: 'refused',
    breaks: ['the signature is not in its group'],
    change: ({ data, slot }, chain) => {
      const isOdd = chain.schedule.periodOf(slot) % 2 === 1;
      data.syncAggregate.syncCommitteeSignature = movedOutG2(data.syncAggregate.syncCommitteeSignature, isOdd);
    },
  },
  'infinity-signature': {
    about: 'infinity as the signature of all',
    at: SIGNED,
    expect: 'refused',
    breaks: ['the signature is not in its group'],
    change: ({ data }) => {
      data.syncAggregate.syncCommitteeSignature = infinity();
    },
  },

  // --- Slots ---
  'future-signature-slot': {
    about: 'signed, for real, in a slot to come',
    at: SIGNED,
    expect: 'refused',
    breaks: ['signed in the future'],
    options: (chain, arg, kind) => ({ attestedSlot: attestedIn(chain, arg, kind), signatureSlot: chain.slotNow() + 2 }),
  },
  'signature-slot-not-after-attested': {
    about: 'signed, for real, in the attested slot itself',
    at: SIGNED,
    expect: 'refused',
    breaks: ['signed before it was attested'],
    options: (chain, arg, kind) => ({ attestedSlot: attestedIn(chain, arg, kind), signatureSlot: attestedIn(chain, arg, kind) }),
  },
  'attested-before-finalized': {
    about: 'a state that calls a later block finalized',
    at: FINAL,
    expect: 'refused',
    breaks: ['finalized after it was attested'],
    options: (chain, arg, kind) => {
      const { slotsPerEpoch } = chain.schedule;
      const attested = attestedIn(chain, arg, kind) - slotsPerEpoch;
      return { attestedSlot: attested, signatureSlot: attested + 1, finalizedSlot: (chain.schedule.epochOf(attested) + 1) * slotsPerEpoch };
    },
  },
  stale: {
    about: 'true, but of three epochs ago',
    at: ['finality', 'optimistic'],
    expect: 'true',
    options: (chain, slot, kind) => {
      const attested = attestedIn(chain, slot, kind) - 3 * chain.schedule.slotsPerEpoch;
      return { attestedSlot: attested, signatureSlot: attested + 1 };
    },
  },

  // --- Branches, and what they prove ---
  'bad-finality-branch': {
    about: 'one bit of the finality branch',
    at: FINAL,
    expect: 'refused',
    breaks: ['finality branch'],
    change: ({ data }) => flip(data.finalityBranch.at(-1)),
  },
  'bad-next-committee-branch': {
    about: 'one bit of the branch of the next committee',
    at: ['update'],
    expect: 'refused',
    breaks: ['next committee branch'],
    change: ({ data }) => flip(data.nextSyncCommitteeBranch[0]),
  },
  'bad-current-committee-branch': {
    about: 'one bit of the branch of the current committee',
    at: ['bootstrap'],
    expect: 'refused',
    breaks: ['current committee branch'],
    change: ({ data }) => flip(data.currentSyncCommitteeBranch[0]),
  },
  'bad-execution-branch': {
    about: 'one bit of the branch of the execution block',
    at: ['bootstrap', ...SIGNED],
    expect: 'refused',
    breaks: ['the header is not valid', 'the attested header is not valid'],
    change: (answer) => flip(mainHeader(answer).executionBranch[0]),
  },
  'bad-finalized-execution-branch': {
    about: "one bit of the branch of the finalized header's execution block",
    at: FINAL,
    expect: 'refused',
    breaks: ['the finalized header is not valid'],
    change: ({ data }) => flip(data.finalizedHeader.executionBranch[0]),
  },
  'changed-execution': {
    about: 'another execution state root, or block hash from Gloas on',
    at: ['bootstrap', ...SIGNED],
    expect: 'refused',
    breaks: ['the header is not valid', 'the attested header is not valid'],
    change: (answer) => {
      const header = mainHeader(answer);
      flip(header.execution ? header.execution.stateRoot : header.executionBlockHash);
    },
  },
  'changed-finalized-execution': {
    about: 'another execution state root, or block hash, in the finalized header',
    at: FINAL,
    expect: 'refused',
    breaks: ['the finalized header is not valid'],
    change: ({ data: { finalizedHeader: header } }) => {
      flip(header.execution ? header.execution.stateRoot : header.executionBlockHash);
    },
  },
  'changed-attested-header': {
    about: 'another state root in the attested header',
    at: SIGNED,
    expect: 'refused',
    breaks: ['finality branch', 'next committee branch', 'signature'],
    change: ({ data }) => flip(data.attestedHeader.beacon.stateRoot),
  },
  'unrelated-finalized-header': {
    about: 'a real header that the attested state does not call finalized',
    at: FINAL,
    expect: 'refused',
    breaks: ['finality branch'],
    change: async ({ data, version }, chain) => {
      const slot = data.finalizedHeader.beacon.slot + chain.schedule.slotsPerEpoch;
      data.finalizedHeader = chain.header(await chain.block(slot), version);
    },
  },
  'finalized-header-without-branch': {
    about: 'a finalized header whose branch is all zeros',
    at: FINAL,
    expect: 'refused',
    breaks: ['a finalized header without its branch'],
    change: ({ data }) => data.finalityBranch.forEach((part) => part.fill(0)),
  },
  'finality-without-header': {
    about: 'a finality branch whose header is all zeros',
    at: FINAL,
    expect: 'refused',
    breaks: ['finality branch'],
    change: ({ data, type }) => {
      data.finalizedHeader = type.fields.finalizedHeader.defaultValue();
    },
  },
  'no-finality': {
    about: 'no finalized header at all',
    at: FINAL,
    expect: 'kept',
    options: () => ({ finality: false }),
  },
  'no-next-committee': {
    about: 'no next committee',
    at: ['update'],
    expect: 'kept',
    options: () => ({ nextCommittee: false }),
  },
  'next-committee-without-branch': {
    about: 'a next committee whose branch is all zeros',
    at: ['update'],
    expect: 'refused',
    breaks: ['a next committee without its branch'],
    change: ({ data }) => data.nextSyncCommitteeBranch.forEach((part) => part.fill(0)),
  },
  'changed-next-committee': {
    about: "a next committee with two keys in each other's place",
    at: ['update'],
    expect: 'refused',
    breaks: ['next committee branch'],
    change: ({ data: { nextSyncCommittee: { pubkeys } } }) => void ([pubkeys[0], pubkeys[1]] = [pubkeys[1], pubkeys[0]]),
  },
  'committee-not-next': {
    about: 'another next committee, proven and signed: a lie to a client that knows the next one already',
    at: ['update'],
    expect: 'refused',
    breaks: ['not the next committee'],
    options: (chain, period) => ({ nextCommitteeOf: period + 1000, attestedSlot: earlier(chain, chain.attestedSlotOf(period)) }),
  },
  'branch-of-other-depth': {
    about: 'a state and body with the layout of another fork, in the types of that fork, signed',
    at: ['bootstrap', ...FINAL],
    expect: 'refused',
    breaks: [
      'the header is not valid',
      'the attested header is not valid',
      'the finalized header is not valid',
      'finality branch',
      'next committee branch',
      'current committee branch',
    ],
    options: (chain, arg, kind) => {
      const slot = kind === 'bootstrap' ? arg : attestedSlot(chain, arg, kind);
      return { shape: otherShape(chain.schedule.forkAt(slot)) };
    },
  },
  'bootstrap-of-other-block': {
    about: 'a true bootstrap, of another block than asked',
    at: ['bootstrap'],
    expect: 'refused',
    breaks: ['the header is not the trusted one'],
    change: async (answer, chain) => {
      answer.data = (await chain.bootstrap(answer.slot + chain.schedule.slotsPerEpoch)).data;
    },
  },
  'bootstrap-with-other-committee': {
    about: 'the committee of the next period in the bootstrap',
    at: ['bootstrap'],
    expect: 'refused',
    breaks: ['current committee branch'],
    change: ({ data, slot }, chain) => {
      data.currentSyncCommittee = chain.committee(chain.schedule.periodOf(slot) + 1).value;
    },
  },

  // --- Committees that the chain itself has; see changeCommittee ---
  'duplicate-keys': {
    about: 'some keys are twice in the committee, as they are in real ones',
    at: [],
    expect: 'true',
    committee: ({ keys }) => {
      const twice = keys.map((key, i) => (i % 4 === 1 ? keys[i - 1] : key));
      const pubkeys = twice.map(({ pubkey }) => pubkey);
      return { keys: twice, value: { pubkeys, aggregatePubkey: sumOfPubkeys(pubkeys) } };
    },
  },
  'same-key-everywhere': {
    about: 'one key in all places',
    at: [],
    expect: 'true',
    committee: ({ keys }) => {
      const same = keys.map(() => keys[0]);
      const pubkeys = same.map(({ pubkey }) => pubkey);
      return { keys: same, value: { pubkeys, aggregatePubkey: sumOfPubkeys(pubkeys) } };
    },
  },
  'non-subgroup-key': {
    about: 'a key outside of the group; the holder of the one inside signs',
    at: [],
    expect: 'refused',
    breaks: ['a key is not in its group'],
    committee: (honest) => withKeys(honest, { 5: movedOutG1(honest.value.pubkeys[5]) }, movedOutG1(honest.value.aggregatePubkey)),
  },
  'non-subgroup-keys-that-cancel': {
    about: 'two keys outside of the group whose sum is in it',
    at: [],
    expect: 'refused',
    breaks: ['a key is not in its group'],
    committee: (honest) => {
      const { pubkeys } = honest.value;
      return withKeys(honest, { 5: movedOutG1(pubkeys[5]), 6: movedOutG1(pubkeys[6], true) });
    },
  },
  'key-not-on-curve': {
    about: 'a key that is no point',
    at: [],
    expect: 'refused',
    breaks: ['a key is not in its group'], committee: (honest) => withKeys(honest, { 5: offCurveG1() }),
  },
  'infinity-key': {
    about: 'infinity as a key',
    at: [],
    expect: 'refused',
    breaks: ['a key is not in its group'],
    committee: (honest) => {
      const rest = honest.value.pubkeys.filter((_, i) => i !== 5);
      const keys = honest.keys.map((key, i) => (i === 5 ? { ...key, secret: 0n } : key));
      return withKeys({ ...honest, keys }, { 5: infinity().slice(0, 48) }, sumOfPubkeys(rest));
    },
  },
  'wrong-aggregate-key': {
    about: 'an aggregate key that is not the sum; the specification does not look at it',
    at: [],
    expect: 'true',
    committee: (honest) => withKeys(honest, {}, honest.value.pubkeys[0]),
  },
};

/** @param {string} fork */
const before = (fork) => FORKS[FORKS.indexOf(fork) - 1];

/** @param {string} fork one whose branches have another depth, while headers look alike where that is possible */
function otherShape(fork) {
  if (since(fork, 'gloas')) return 'electra';
  return since(fork, 'electra') ? 'deneb' : 'electra';
}

/** @param {Chain} chain @param {number} slot the slot before that does not open an epoch */
const earlier = (chain, slot) => slot - ((slot - 1) % chain.schedule.slotsPerEpoch === 0 ? 2 : 1);

/** What would be attested with finality by default. @param {Chain} chain @param {number} arg @param {Kind} kind */
function attestedIn(chain, arg, kind) {
  const slot = attestedSlot(chain, arg, kind);
  return slot % chain.schedule.slotsPerEpoch === 0 ? slot - 1 : slot;
}

/** @param {Committee} honest @param {Record<number, Uint8Array>} other keys by their place @param {Uint8Array} [aggregatePubkey] */
function withKeys({ keys, value }, other, aggregatePubkey = value.aggregatePubkey) {
  return { keys, value: { pubkeys: value.pubkeys.map((key, i) => other[i] ?? key), aggregatePubkey } };
}

const METHODS = /** @type {const} */ ({
  bootstrap: 'bootstrap',
  update: 'update',
  finality: 'finalityUpdate',
  optimistic: 'optimisticUpdate',
});

/**
 * An answer with a lie in it, or an honest one where that lie is not told.
 * @param {Chain} chain @param {string | undefined} name of the lie @param {Kind} kind
 * @param {number} arg the slot (of the bootstrap, of the signature) or the period @param {Options} [options]
 * @returns {Promise<Answer>}
 */
export async function tell(chain, name, kind, arg, options = {}) {
  const lie = name === undefined ? undefined : LIES[name];
  if (name !== undefined && !lie) throw new Error(`no such lie: ${name}`);
  if (!lie?.at.includes(kind)) return chain[METHODS[kind]](arg, options);
  const answer = copyOf(await chain[METHODS[kind]](arg, { ...options, ...lie.options?.(chain, arg, kind) }));
  await lie.change?.(answer, chain);
  return answer;
}

/** For a chain in which the committee of one period is made so. @param {string} name @param {number} period */
export function committeeLie(name, period) {
  const { committee } = LIES[name] ?? {};
  if (!committee) throw new Error(`no such lie about committees: ${name}`);
  return (/** @type {number} */ of, /** @type {Committee} */ honest) => (of === period ? committee(honest) : honest);
}

/** @param {Answer} answer */
export const rootOf = (answer) => BeaconBlockHeader.hashTreeRoot(mainHeader(answer).beacon);
