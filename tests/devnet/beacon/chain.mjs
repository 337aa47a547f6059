// SPDX-License-Identifier: MIT
// A beacon chain as light clients see it. Nothing is simulated between two slots: the block of each slot is made
// when it is asked for, and is the same whenever it is. A state commits to the sync committees and the finalized
// block, a body to the execution block, and the committee of the period signs.
import { BitArray } from '@chainsafe/ssz';
import { Tree } from '@chainsafe/persistent-merkle-tree';
import { BeaconBlockHeader, PRESETS, since, typesOf } from './types.mjs';
import { Schedule } from './schedule.mjs';
import { SyntheticExecution } from './execution.mjs';
import { keyOf, signTogether, sumOfPubkeys } from './keys.mjs';
import { bytesOf, hex, numberOf, pick } from './random.mjs';

const ZERO = new Uint8Array(32);
const GLOAS_EXECUTION_DEPTH = 11;
const zeroBranch = (/** @type {number} */ depth) => Array.from({ length: depth }, () => ZERO);

/**
 * @typedef {{ keys: import('./keys.mjs').Key[], value: { pubkeys: Uint8Array[], aggregatePubkey: Uint8Array } }} Committee
 *
 * @typedef {object} Answer what an endpoint says
 * @property {'bootstrap' | 'update' | 'finality' | 'optimistic'} kind
 * @property {string} version the fork whose types it has
 * @property {any} type its SSZ type
 * @property {any} data its value
 * @property {number} slot of the header it is about: its attested header, or the bootstrap's
 *
 * @typedef {object} StateOptions
 * @property {string} [shape] the fork whose state and body it has, if not that of its slot
 * @property {number} [finalizedSlot] the block that the state calls finalized
 * @property {number} [nextCommitteeOf] the period whose committee the state calls the next
 *
 * @typedef {object} SigningOptions
 * @property {number} [participants] how many sign; which ones is made up
 * @property {number[]} [absent] places in the committee that do not sign
 * @property {boolean[]} [bits] who signs
 * @property {number} [attestedSlot]
 * @property {number} [signatureSlot]
 * @property {boolean} [finality] false: no finalized header
 * @property {boolean} [nextCommittee] false: no next committee
 * @property {number} [signedBy] the period whose committee signs
 * @property {string} [signingFork] the fork whose version is in the domain
 * @property {Uint8Array} [domainType]
 * @property {Uint8Array} [genesisValidatorsRoot] in the domain
 *
 * @typedef {StateOptions & SigningOptions} Options
 */

export class Chain {
  /**
   * @param {object} [options]
   * @param {import('./types.mjs').PresetName} [options.preset]
   * @param {import('./schedule.mjs').Forks} [options.forks] by default Fulu from genesis on
   * @param {Record<string, Uint8Array>} [options.versions] of the forks
   * @param {{ epoch: number, maxBlobs: number }[]} [options.blobSchedule]
   * @param {Uint8Array} [options.genesisValidatorsRoot]
   * @param {number} [options.genesisTime] in seconds
   * @param {number} [options.secondsPerSlot]
   * @param {string} [options.seed]
   * @param {import('./execution.mjs').ExecutionSource} [options.execution]
   * @param {() => number} [options.clock] the time in seconds
   * @param {(slot: number) => number} [options.finality] the slot that is finalized when a slot is attested, the first
   *   one of its epoch or at most 0; by default that of two epochs before
   * @param {(period: number, committee: Committee) => Committee} [options.changeCommittee] for liars
   */
  constructor({
    preset = 'mainnet', forks = { fulu: 0 }, versions, blobSchedule, seed = 'openledger', genesisTime = 1_600_000_000,
    genesisValidatorsRoot = bytesOf(seed, 'genesis validators'), secondsPerSlot = PRESETS[preset].secondsPerSlot,
    execution = new SyntheticExecution({ seed, genesisTime, secondsPerSlot }), clock = () => Date.now() / 1000,
    finality, changeCommittee,
  } = {}) {
    this.schedule = new Schedule({ preset, forks, versions, blobSchedule, genesisValidatorsRoot });
    this.size = PRESETS[preset].committeeSize;
    Object.assign(this, { preset, seed, genesisTime, genesisValidatorsRoot, secondsPerSlot, execution, clock });
    this.changeCommittee = changeCommittee ?? ((_, committee) => committee);
    this.finalizedSlotAt = finality ?? ((slot) => (this.schedule.epochOf(slot) - 2) * this.schedule.slotsPerEpoch);
    this.keys = new Map();
    this.committees = new Map();
    this.blocks = new Map();
    /** The slots of the blocks made so far, by root. @type {Map<string, number>} */
    this.slots = new Map();
  }

  slotNow() {
    return Math.max(0, Math.floor((this.clock() - this.genesisTime) / this.secondsPerSlot));
  }

  /** @param {number} index */
  key(index) {
    if (!this.keys.has(index)) this.keys.set(index, keyOf(this.seed, index));
    return this.keys.get(index);
  }

  /** Half of the validators, another half in each period. @param {number} period @returns {Committee & { root: Uint8Array }} */
  committee(period) {
    const known = this.committees.get(period);
    if (known) return known;
    const keys = pick(2 * this.size, this.size, this.seed, 'committee', period).map((index) => this.key(index));
    const pubkeys = keys.map(({ pubkey }) => pubkey);
    const honest = { keys, value: { pubkeys, aggregatePubkey: sumOfPubkeys(pubkeys) } };
    const made = this.changeCommittee(period, honest);
    const root = typesOf(this.preset, 'altair').SyncCommittee.hashTreeRoot(made.value);
    this.committees.set(period, { ...made, root });
    return this.committees.get(period);
  }

  /**
   * The block of a slot. Blocks that open an epoch may be finalized; what their own states call finalized is made
   * up, for else each block would need all before it. So such a block is not attested with finality.
   * @param {number} slot @param {StateOptions} [options]
   */
  async block(slot, options = {}) {
    const { shape = this.schedule.forkAt(slot), finalizedSlot, nextCommitteeOf } = options;
    const key = [slot, shape, finalizedSlot, nextCommitteeOf].join(' ');
    if (!this.blocks.has(key)) this.blocks.set(key, this.makeBlock(slot, shape, finalizedSlot, nextCommitteeOf));
    return this.blocks.get(key);
  }

  /** @param {number} slot @param {string} fork @param {number} [finalizedSlot] @param {number} [nextCommitteeOf] */
  async makeBlock(slot, fork, finalizedSlot, nextCommitteeOf) {
    const types = typesOf(this.preset, fork);
    const { seed, schedule } = this;
    if (fork === 'phase0') throw new Error(`slot ${slot} is before Altair`);
    const filler = (what, fields) =>
      Object.fromEntries(Object.keys(fields).map((name) => [name, bytesOf(seed, what, name, slot)]));

    const period = schedule.periodOf(slot);
    const checkpoint = await this.finalizedCheckpoint(slot, fork, finalizedSlot);
    const state = types.State.toViewDU({
      ...filler('state', types.State.fields),
      finalizedCheckpoint: checkpoint,
      currentSyncCommittee: this.committee(period).root,
      nextSyncCommittee: this.committee(nextCommitteeOf ?? period + 1).root,
    });

    // A body of another layout than its slot's only where the types of `fork` could not tell it.
    const own = this.schedule.forkAt(slot);
    const bodyFork = since(own, 'gloas') ? fork : own;
    const { Body, gindex } = typesOf(this.preset, bodyFork);
    const isGloas = since(bodyFork, 'gloas');
    // From Gloas on the body tells the hash of the block that the one before it brought.
    const { payload } = await this.execution.block(isGloas ? Math.max(slot - 1, 0) : slot);
    const body = filler('body', Body.fields);
    if (isGloas) {
      const bid = Body.fields.signedExecutionPayloadBid;
      body.signedExecutionPayloadBid = bid.defaultValue();
      Object.assign(body.signedExecutionPayloadBid.message, {
        slot,
        parentBlockHash: payload.blockHash,
        parentBlockRoot: bytesOf(seed, 'parent', slot),
        blockHash: bytesOf(seed, 'bid', slot),
      });
    } else if (since(bodyFork, 'capella')) {
      body.executionPayloadHeader = payload;
    }
    const bodyView = Body.toViewDU(body);

    const beacon = {
      slot,
      proposerIndex: numberOf(2 * this.size, seed, 'proposer', slot),
      parentRoot: bytesOf(seed, 'parent', slot),
      stateRoot: state.hashTreeRoot(),
      bodyRoot: bodyView.hashTreeRoot(),
    };
    const root = BeaconBlockHeader.hashTreeRoot(beacon);
    this.slots.set(hex(root), slot);
    return {
      slot, fork, bodyFork, beacon, root, payload,
      state: new Tree(state.node),
      body: new Tree(bodyView.node),
      gindex: { ...types.gindex, execution: gindex.execution, blockHash: gindex.blockHash },
    };
  }

  /** @param {number} slot @param {string} shape @param {number} [wanted] */
  async finalizedCheckpoint(slot, shape, wanted) {
    const { schedule } = this;
    if (wanted === undefined && slot % schedule.slotsPerEpoch === 0) {
      return { epoch: schedule.epochOf(slot), root: bytesOf(this.seed, 'checkpoint', slot) };
    }
    const finalized = wanted ?? this.finalizedSlotAt(slot);
    if (finalized <= 0) return { epoch: 0, root: ZERO };
    const { root } = await this.block(finalized, this.shapeFor(finalized, slot, shape));
    return { epoch: schedule.epochOf(finalized), root };
  }

  /** The shape of a finalized block, which is another than its own only where that of the attested block is. */
  shapeFor(finalized, attested, shape) {
    if (shape === this.schedule.forkAt(attested)) return {};
    return since(this.schedule.forkAt(finalized), shape) ? { shape } : {};
  }

  /** A block's light-client header, in the format of its body's fork or of a later one. @param {any} block @param {string} fork */
  header({ beacon, bodyFork: own, payload, body, gindex }, fork) {
    if (!since(fork, 'capella')) return { beacon };
    const branch = (/** @type {bigint} */ index) => body.getSingleProof(index);
    if (since(fork, 'gloas')) {
      if (!since(own, 'capella')) {
        return { beacon, executionBlockHash: ZERO, executionBranch: zeroBranch(GLOAS_EXECUTION_DEPTH) };
      }
      const proof = branch(gindex.blockHash);
      const executionBranch = [...zeroBranch(GLOAS_EXECUTION_DEPTH - proof.length), ...proof];
      return { beacon, executionBlockHash: payload.blockHash, executionBranch };
    }
    if (!since(own, 'capella')) return { ...typesOf(this.preset, fork).Header.defaultValue(), beacon };
    const blobs = since(own, 'deneb') ? {} : { blobGasUsed: 0n, excessBlobGas: 0n };
    return { beacon, execution: { ...payload, ...blobs }, executionBranch: branch(gindex.execution) };
  }

  /** @param {number} slot @param {StateOptions} [options] @returns {Promise<Answer>} */
  async bootstrap(slot, options = {}) {
    const block = await this.block(slot, options);
    const data = {
      header: this.header(block, block.fork),
      currentSyncCommittee: this.committee(this.schedule.periodOf(slot)).value,
      currentSyncCommitteeBranch: block.state.getSingleProof(block.gindex.current),
    };
    return { kind: 'bootstrap', version: block.fork, type: typesOf(this.preset, block.fork).Bootstrap, data, slot };
  }

  /** The root of a block; a light client may start at those that open an epoch. @param {number} slot */
  async root(slot) {
    return (await this.block(slot)).root;
  }

  /** The attested slot of a period's update: in its middle, or at the latest the slot before this one. @param {number} period */
  attestedSlotOf(period) {
    const { slotsPerPeriod, slotsPerEpoch } = this.schedule;
    const start = period * slotsPerPeriod;
    const middle = start + slotsPerPeriod / 2 + 1 + numberOf(slotsPerEpoch - 1, this.seed, 'update', period);
    let slot = Math.min(middle, this.slotNow() - 1);
    if (slot % slotsPerEpoch === 0) slot--;
    return slot;
  }

  /** Is there an update of this period yet? @param {number} period */
  hasUpdate(period) {
    const slot = this.attestedSlotOf(period);
    return slot > 0 && this.schedule.periodOf(slot) === period && this.schedule.forkAt(slot) !== 'phase0';
  }

  /** @param {number} period @param {Options} [options] @returns {Promise<Answer>} */
  async update(period, options = {}) {
    const attestedSlot = options.attestedSlot ?? this.attestedSlotOf(period);
    const { block, types, data } = await this.attest({ ...options, attestedSlot });
    const attested = this.schedule.periodOf(attestedSlot);
    const known = options.nextCommittee ?? attested === this.schedule.periodOf(data.signatureSlot);
    const next = known
      ? {
          nextSyncCommittee: this.committee(options.nextCommitteeOf ?? attested + 1).value,
          nextSyncCommitteeBranch: block.state.getSingleProof(block.gindex.next),
        }
      : {
          nextSyncCommittee: types.Update.fields.nextSyncCommittee.defaultValue(),
          nextSyncCommitteeBranch: types.Update.fields.nextSyncCommitteeBranch.defaultValue(),
        };
    return { kind: 'update', version: block.fork, type: types.Update, data: { ...data, ...next }, slot: attestedSlot };
  }

  /** @param {number} signatureSlot @param {Options} [options] @returns {Promise<Answer>} */
  async finalityUpdate(signatureSlot, options = {}) {
    const before = signatureSlot - 1;
    const attestedSlot = options.attestedSlot ?? (before % this.schedule.slotsPerEpoch === 0 ? before - 1 : before);
    const { block, types, data } = await this.attest({ signatureSlot, ...options, attestedSlot });
    return { kind: 'finality', version: block.fork, type: types.FinalityUpdate, data, slot: attestedSlot };
  }

  /** @param {number} signatureSlot @param {Options} [options] @returns {Promise<Answer>} */
  async optimisticUpdate(signatureSlot, options = {}) {
    const attestedSlot = options.attestedSlot ?? signatureSlot - 1;
    const { block, types, data } = await this.attest({ signatureSlot, ...options, attestedSlot, finality: false });
    const { attestedHeader, syncAggregate, signatureSlot: signed } = data;
    const said = { attestedHeader, syncAggregate, signatureSlot: signed };
    return { kind: 'optimistic', version: block.fork, type: types.OptimisticUpdate, data: said, slot: attestedSlot };
  }

  /** What updates of all kinds have in common. @param {Options & { attestedSlot: number }} options */
  async attest(options) {
    const { schedule } = this;
    const { attestedSlot: slot, signatureSlot = slot + 1, finality = true, shape } = options;
    const block = await this.block(slot, options);
    const types = typesOf(this.preset, block.fork);
    let finalizedHeader = types.Header.defaultValue();
    let finalityBranch = types.FinalityUpdate.fields.finalityBranch.defaultValue();
    if (finality) {
      if (slot % schedule.slotsPerEpoch === 0) throw new Error(`slot ${slot} opens an epoch: attest another with finality`);
      const finalized = options.finalizedSlot ?? this.finalizedSlotAt(slot);
      if (finalized > 0) {
        const finalizedBlock = await this.block(finalized, shape ? this.shapeFor(finalized, slot, shape) : {});
        finalizedHeader = this.header(finalizedBlock, block.fork);
      }
      finalityBranch = block.state.getSingleProof(block.gindex.finality);
    }
    const syncAggregate = this.sign(block.root, signatureSlot, options);
    const attestedHeader = this.header(block, block.fork);
    return { block, types, data: { attestedHeader, finalizedHeader, finalityBranch, syncAggregate, signatureSlot } };
  }

  /** @param {Uint8Array} root @param {number} slot @param {SigningOptions} options */
  sign(root, slot, options) {
    const { schedule } = this;
    const { signedBy = schedule.periodOf(slot), signingFork = schedule.signingFork(slot) } = options;
    const bits = this.bits(slot, options);
    const secrets = this.committee(signedBy).keys.filter((_, i) => bits[i]).map(({ secret }) => secret);
    const { domainType: type, genesisValidatorsRoot } = options;
    const message = schedule.signingRoot(root, { version: schedule.versions[signingFork], type, genesisValidatorsRoot });
    return { syncCommitteeBits: BitArray.fromBoolArray(bits), syncCommitteeSignature: signTogether(secrets, message) };
  }

  /** Who signs; by default all but a few. @param {number} slot @param {SigningOptions} options @returns {boolean[]} */
  bits(slot, { participants, absent, bits }) {
    if (bits) return bits;
    const few = Math.max(1, Math.floor(this.size / 64)); // 8 of 512
    const missing = participants === undefined ? numberOf(few, this.seed, 'absent', slot) : this.size - participants;
    const away = new Set(absent ?? pick(this.size, missing, this.seed, 'who', slot));
    return Array.from({ length: this.size }, (_, i) => !away.has(i));
  }

  /** The fewest participants that are two thirds. */
  quorum() {
    return Math.ceil((this.size * 2) / 3);
  }

  /** As a node tells it at /eth/v1/beacon/genesis. */
  genesis() {
    return {
      genesis_time: String(this.genesisTime),
      genesis_validators_root: hex(this.genesisValidatorsRoot),
      genesis_fork_version: hex(this.schedule.versions.phase0),
    };
  }

  /** As a node tells it at /eth/v1/config/spec, or the part of it that light clients need. */
  spec() {
    const { slotsPerEpoch, epochsPerPeriod } = PRESETS[this.preset];
    return {
      CONFIG_NAME: 'devnet',
      PRESET_BASE: this.preset,
      SECONDS_PER_SLOT: String(this.secondsPerSlot),
      SLOT_DURATION_MS: String(this.secondsPerSlot * 1000),
      SLOTS_PER_EPOCH: String(slotsPerEpoch),
      EPOCHS_PER_SYNC_COMMITTEE_PERIOD: String(epochsPerPeriod),
      SYNC_COMMITTEE_SIZE: String(this.size),
      MIN_GENESIS_TIME: String(this.genesisTime),
      ...this.schedule.spec(),
    };
  }
}

/** @param {Answer} answer as SSZ */
export const toBytes = ({ type, data }) => type.serialize(data);

/** @param {Answer} answer as the Beacon API's JSON */
export const toJson = ({ type, data, version }) => ({ version, data: type.toJson(data) });

/** @param {Answer} answer @returns {Answer} one whose data may be changed; bytes are shared in copies by the types' clone() */
export const copyOf = (answer) => ({ ...answer, data: answer.type.deserialize(answer.type.serialize(answer.data)) });

/** A chunk of the response for updates: length, digest, SSZ. @param {Chain} chain @param {Answer} answer */
export function toChunk(chain, answer) {
  const bytes = toBytes(answer);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length + 4));
  return Buffer.concat([length, chain.schedule.forkDigest(answer.slot), bytes]);
}
