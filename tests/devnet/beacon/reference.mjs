// SPDX-License-Identifier: MIT
// The sync protocol as the specification's pseudocode has it, slow and plain, to judge what the simulator says:
// specs/{altair,capella,deneb,electra,gloas}/light-client/sync-protocol.md. It takes from the simulator only the SSZ
// types of light-client data; indices are the specification's numbers, and signatures are checked by another library.
import { createHash } from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { ssz } from '@lodestar/types';
import { BeaconBlockHeader, since, typesOf } from './types.mjs';

const ZERO = Buffer.alloc(32);
const EXECUTION_PAYLOAD_GINDEX = 25;
const EXECUTION_BLOCK_HASH_GINDEX_GLOAS = 2856;
const GINDICES = {
  altair: { finality: 105, current: 54, next: 55 },
  electra: { finality: 169, current: 86, next: 87 },
  gloas: { finality: 735, current: 2945, next: 2946 },
};
const DOMAIN_SYNC_COMMITTEE = Uint8Array.of(7, 0, 0, 0);
const DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_';
const { longSignatures: bls } = bls12_381;

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const isZero = (/** @type {Uint8Array} */ bytes) => bytes.every((byte) => byte === 0);
const isEmpty = (/** @type {Uint8Array[]} */ branch) => branch.every(isZero);

/** is_valid_normalized_merkle_branch */
function isValidBranch(leaf, branch, gindex, root) {
  const depth = Math.floor(Math.log2(gindex));
  const extra = branch.length - depth;
  if (extra < 0 || !isEmpty(branch.slice(0, extra))) return false;
  let value = leaf;
  branch.slice(extra).forEach((sibling, i) => {
    value = (gindex >> i) & 1 ? sha256(sibling, value) : sha256(value, sibling);
  });
  return Buffer.compare(value, root) === 0;
}

const points = new Map();

/** A point on the curve, in the group, not infinity; undefined if it is none. @param {any} Point @param {Uint8Array} bytes */
function pointOf(Point, bytes) {
  const text = Buffer.from(bytes).toString('hex');
  if (!points.has(text)) {
    let point;
    try {
      point = Point.fromBytes(bytes);
      point.assertValidity();
      if (point.is0()) point = undefined;
    } catch {
      point = undefined;
    }
    points.set(text, point);
  }
  return points.get(text);
}

export class Reference {
  /** @param {{ preset: import('./types.mjs').PresetName, schedule: import('./schedule.mjs').Schedule, genesisValidatorsRoot: Uint8Array }} network */
  constructor({ preset, schedule, genesisValidatorsRoot }) {
    Object.assign(this, { preset, schedule, genesisValidatorsRoot });
    /** Rules that are not checked, to see what else an answer breaks. @type {string[]} */
    this.without = [];
    this.store = undefined;
  }

  /** @param {unknown} condition @param {string} rule */
  check(condition, rule) {
    if (!condition && !this.without.includes(rule)) throw new Error(rule);
  }

  /** KeyValidate of those that sign, and FastAggregateVerify. @param {Uint8Array[]} pubkeys @param {Uint8Array} message @param {Uint8Array} signature */
  checkSignature(pubkeys, message, signature) {
    const keys = pubkeys.map((pubkey) => pointOf(bls12_381.G1.Point, pubkey));
    const point = pointOf(bls12_381.G2.Point, signature);
    this.check(keys.every(Boolean), 'a key is not in its group');
    this.check(point, 'the signature is not in its group');
    const isChecked = keys.length > 0 && keys.every(Boolean) && point;
    const sum = isChecked && keys.reduce((one, other) => one.add(other));
    this.check(!isChecked || bls.verify(point, bls.hash(message, DST), sum), 'signature');
  }

  /** @param {number} slot */
  gindices(slot) {
    const fork = this.schedule.forkAt(slot);
    if (since(fork, 'gloas')) return GINDICES.gloas;
    return since(fork, 'electra') ? GINDICES.electra : GINDICES.altair;
  }

  /** is_valid_light_client_header. @param {any} header @param {string} version of the types it came in */
  isValidHeader({ beacon, execution, executionBranch, executionBlockHash }, version) {
    const fork = this.schedule.forkAt(beacon.slot);
    if (!since(version, 'capella')) return !since(fork, 'capella');
    const { bodyRoot } = beacon;
    if (since(version, 'gloas')) {
      if (!since(fork, 'capella')) return isZero(executionBlockHash) && isEmpty(executionBranch);
      const before = since(fork, 'deneb') ? 812 : 412;
      const gindex = since(fork, 'gloas') ? EXECUTION_BLOCK_HASH_GINDEX_GLOAS : before;
      return isValidBranch(executionBlockHash, executionBranch, gindex, bodyRoot);
    }
    if (since(fork, 'gloas')) return false; // data of an older format than its slot
    const { fields } = typesOf(this.preset, version).Header;
    const noBlobs = execution.blobGasUsed === undefined || (execution.blobGasUsed === 0n && execution.excessBlobGas === 0n);
    if (!since(fork, 'deneb') && !noBlobs) return false;
    if (!since(fork, 'capella')) {
      return fields.execution.equals(execution, fields.execution.defaultValue()) && isEmpty(executionBranch);
    }
    if (since(fork, 'deneb') && !since(version, 'deneb')) return false;
    const type = since(fork, 'deneb') ? ssz.deneb.ExecutionPayloadHeader : ssz.capella.ExecutionPayloadHeader;
    return isValidBranch(type.hashTreeRoot(execution), executionBranch, EXECUTION_PAYLOAD_GINDEX, bodyRoot);
  }

  /** initialize_light_client_store. @param {Uint8Array} trustedRoot @param {import('./chain.mjs').Answer} bootstrap */
  start(trustedRoot, { data, version }) {
    const { header, currentSyncCommittee, currentSyncCommitteeBranch } = data;
    this.check(this.isValidHeader(header, version), 'the header is not valid');
    const root = BeaconBlockHeader.hashTreeRoot(header.beacon);
    this.check(Buffer.compare(root, trustedRoot) === 0, 'the header is not the trusted one');
    const leaf = typesOf(this.preset, version).SyncCommittee.hashTreeRoot(currentSyncCommittee);
    const { current } = this.gindices(header.beacon.slot);
    this.check(isValidBranch(leaf, currentSyncCommitteeBranch, current, header.beacon.stateRoot), 'current committee branch');
    this.store = { finalized: header.beacon, optimistic: header.beacon, current: currentSyncCommittee, next: undefined };
  }

  /** validate_light_client_update. @param {import('./chain.mjs').Answer} update @param {number} currentSlot */
  validate({ data, version }, currentSlot) {
    const types = typesOf(this.preset, version);
    const { store, schedule } = this;
    const update = this.whole(data, types);
    const { attestedHeader, finalizedHeader, syncAggregate, signatureSlot } = update;
    const bits = syncAggregate.syncCommitteeBits.toBoolArray();
    const participants = bits.filter(Boolean).length;
    this.check(participants >= 1, 'no participants');
    this.check(this.isValidHeader(attestedHeader, version), 'the attested header is not valid');
    const attested = attestedHeader.beacon.slot;
    const finalized = finalizedHeader.beacon.slot;
    this.check(currentSlot >= signatureSlot, 'signed in the future');
    this.check(signatureSlot > attested, 'signed before it was attested');
    this.check(attested >= finalized, 'finalized after it was attested');
    const storePeriod = schedule.periodOf(store.finalized.slot);
    const signedPeriod = schedule.periodOf(signatureSlot);
    const periods = store.next ? [storePeriod, storePeriod + 1] : [storePeriod];
    this.check(periods.includes(signedPeriod), 'signed in a period of which the committee is not known');
    const hasNext = !isEmpty(update.nextSyncCommitteeBranch);
    const isOfStore = schedule.periodOf(attested) === storePeriod;
    this.check(attested > store.finalized.slot || (!store.next && hasNext && isOfStore), 'not relevant');

    const hasFinality = !isEmpty(update.finalityBranch);
    const emptyHeader = types.Header.defaultValue();
    if (!hasFinality || finalized === 0) {
      this.check(types.Header.equals(finalizedHeader, emptyHeader), 'a finalized header without its branch');
    }
    const { stateRoot } = attestedHeader.beacon;
    const gindices = this.gindices(attested);
    if (hasFinality) {
      let leaf = ZERO;
      if (finalized !== 0) {
        this.check(this.isValidHeader(finalizedHeader, version), 'the finalized header is not valid');
        leaf = BeaconBlockHeader.hashTreeRoot(finalizedHeader.beacon);
      }
      this.check(isValidBranch(leaf, update.finalityBranch, gindices.finality, stateRoot), 'finality branch');
    }
    const { SyncCommittee } = types;
    if (!hasNext) {
      this.check(SyncCommittee.equals(update.nextSyncCommittee, SyncCommittee.defaultValue()), 'a next committee without its branch');
    } else {
      const known = isOfStore && store.next;
      this.check(!known || SyncCommittee.equals(update.nextSyncCommittee, store.next), 'not the next committee');
      const leaf = SyncCommittee.hashTreeRoot(update.nextSyncCommittee);
      this.check(isValidBranch(leaf, update.nextSyncCommitteeBranch, gindices.next, stateRoot), 'next committee branch');
    }
    const { pubkeys } = signedPeriod === storePeriod ? store.current : store.next;
    const message = this.signingRoot(attestedHeader.beacon, signatureSlot);
    const signers = pubkeys.filter((_, i) => bits[i]);
    this.checkSignature(signers, message, syncAggregate.syncCommitteeSignature);
    return { update, participants, hasNext, hasFinality };
  }

  /** @param {any} beacon @param {number} signatureSlot */
  signingRoot(beacon, signatureSlot) {
    const currentVersion = this.schedule.versions[this.schedule.forkAt(Math.max(signatureSlot, 1) - 1)];
    const { genesisValidatorsRoot } = this;
    const fork = ssz.phase0.ForkData.hashTreeRoot({ currentVersion, genesisValidatorsRoot });
    const domain = Buffer.concat([DOMAIN_SYNC_COMMITTEE, fork.subarray(0, 28)]);
    return ssz.phase0.SigningData.hashTreeRoot({ objectRoot: BeaconBlockHeader.hashTreeRoot(beacon), domain });
  }

  /** A finality or optimistic update as an update. @param {any} data @param {any} types */
  whole(data, types) {
    return { ...types.Update.defaultValue(), ...data };
  }

  /** process_light_client_update without forced updates. @param {import('./chain.mjs').Answer} answer @param {number} currentSlot */
  process(answer, currentSlot) {
    const { store, schedule } = this;
    const { update, participants, hasNext, hasFinality } = this.validate(answer, currentSlot);
    const { beacon: finalized } = update.finalizedHeader;
    const { beacon: attested } = update.attestedHeader;
    if (attested.slot > store.optimistic.slot) store.optimistic = attested;
    const size = update.syncAggregate.syncCommitteeBits.bitLen;
    const bringsNext =
      !store.next && hasNext && hasFinality && schedule.periodOf(finalized.slot) === schedule.periodOf(attested.slot);
    if (participants * 3 < size * 2) return 'below two thirds';
    if (finalized.slot <= store.finalized.slot && !bringsNext) return 'nothing new';
    const storePeriod = schedule.periodOf(store.finalized.slot);
    const finalizedPeriod = schedule.periodOf(finalized.slot);
    if (!store.next) {
      this.check(finalizedPeriod === storePeriod, 'finalized in another period');
      store.next = hasNext ? update.nextSyncCommittee : undefined;
    } else if (finalizedPeriod === storePeriod + 1) {
      store.current = store.next;
      store.next = hasNext ? update.nextSyncCommittee : undefined;
    }
    if (finalized.slot > store.finalized.slot) store.finalized = finalized;
    if (store.finalized.slot > store.optimistic.slot) store.optimistic = store.finalized;
    return 'applied';
  }
}
