// SPDX-License-Identifier: MIT
// When forks come, the versions and digests they have, and the domain that sync committees sign in.
import { createHash } from 'node:crypto';
import { ssz } from '@lodestar/types';
import { FORKS, PRESETS, since } from './types.mjs';
import { hex } from './random.mjs';

const DOMAIN_SYNC_COMMITTEE = Uint8Array.of(7, 0, 0, 0);
const MAX_BLOBS_PER_BLOCK_ELECTRA = 9;

/** @typedef {Record<string, number>} Forks epoch of each fork; Infinity for never */

export class Schedule {
  /**
   * @param {object} options
   * @param {import('./types.mjs').PresetName} options.preset
   * @param {Forks} options.forks those not named come with the next one named (or never, after the last one named)
   * @param {Record<string, Uint8Array>} [options.versions]
   * @param {{ epoch: number, maxBlobs: number }[]} [options.blobSchedule]
   * @param {Uint8Array} options.genesisValidatorsRoot
   */
  constructor({ preset, forks, versions = {}, blobSchedule = [], genesisValidatorsRoot }) {
    const { slotsPerEpoch, epochsPerPeriod } = PRESETS[preset];
    this.slotsPerEpoch = slotsPerEpoch;
    this.slotsPerPeriod = slotsPerEpoch * epochsPerPeriod;
    this.blobSchedule = blobSchedule;
    this.genesisValidatorsRoot = genesisValidatorsRoot;
    const unknown = Object.keys(forks).filter((name) => !FORKS.includes(name));
    if (unknown.length > 0) throw new Error(`no such fork: ${unknown.join(', ')}`);
    /** @type {Forks} */
    this.epochs = {};
    let following = Infinity;
    for (const fork of [...FORKS].reverse()) {
      following = Math.min(forks[fork] ?? following, following);
      this.epochs[fork] = following;
    }
    this.epochs.phase0 = 0;
    /** @type {Record<string, Uint8Array>} */
    this.versions = {};
    FORKS.forEach((fork, i) => (this.versions[fork] = versions[fork] ?? Uint8Array.of(i, 0, 0, preset === 'minimal' ? 1 : 0)));
  }

  /** @param {number} slot */
  epochOf(slot) {
    return Math.floor(slot / this.slotsPerEpoch);
  }

  /** @param {number} slot */
  periodOf(slot) {
    return Math.floor(slot / this.slotsPerPeriod);
  }

  /** @param {number} slot */
  forkAt(slot) {
    const epoch = this.epochOf(slot);
    return FORKS.findLast((fork) => this.epochs[fork] <= epoch) ?? 'phase0';
  }

  /**
   * The fork in whose domain is signed: that of the slot before, by validate_light_client_update of
   * specs/altair/light-client/sync-protocol.md.
   * @param {number} signatureSlot
   */
  signingFork(signatureSlot) {
    return this.forkAt(Math.max(signatureSlot, 1) - 1);
  }

  /** @param {Uint8Array} version @param {Uint8Array} [genesisValidatorsRoot] */
  forkDataRoot(version, genesisValidatorsRoot = this.genesisValidatorsRoot) {
    return ssz.phase0.ForkData.hashTreeRoot({ currentVersion: version, genesisValidatorsRoot });
  }

  /**
   * What a sync committee signs for the header.
   * @param {Uint8Array} headerRoot
   * @param {{ version: Uint8Array, type?: Uint8Array, genesisValidatorsRoot?: Uint8Array }} domain
   */
  signingRoot(headerRoot, { version, type = DOMAIN_SYNC_COMMITTEE, genesisValidatorsRoot }) {
    const domain = new Uint8Array(32);
    domain.set(type);
    domain.set(this.forkDataRoot(version, genesisValidatorsRoot).subarray(0, 28), 4);
    return ssz.phase0.SigningData.hashTreeRoot({ objectRoot: headerRoot, domain });
  }

  /** compute_fork_digest of specs/fulu/beacon-chain.md. @param {number} slot */
  forkDigest(slot) {
    const epoch = this.epochOf(slot);
    const fork = this.forkAt(slot);
    const digest = this.forkDataRoot(this.versions[fork]).slice(0, 4);
    if (!since(fork, 'fulu')) return digest;
    const entries = [...this.blobSchedule].sort((one, other) => other.epoch - one.epoch);
    const found = entries.find((entry) => epoch >= entry.epoch);
    const { epoch: from, maxBlobs } = found ?? { epoch: this.epochs.electra, maxBlobs: MAX_BLOBS_PER_BLOCK_ELECTRA };
    const parameters = Buffer.alloc(16);
    parameters.writeBigUInt64LE(BigInt(from), 0);
    parameters.writeBigUInt64LE(BigInt(maxBlobs), 8);
    const mask = createHash('sha256').update(parameters).digest();
    return digest.map((byte, i) => byte ^ mask[i]);
  }

  /** As in a node's configuration. @returns {Record<string, any>} */
  spec() {
    const far = (/** @type {number} */ epoch) => (epoch === Infinity ? '18446744073709551615' : String(epoch));
    /** @type {Record<string, any>} */
    const spec = { GENESIS_FORK_VERSION: hex(this.versions.phase0) };
    for (const fork of FORKS.slice(1)) {
      spec[`${fork.toUpperCase()}_FORK_VERSION`] = hex(this.versions[fork]);
      spec[`${fork.toUpperCase()}_FORK_EPOCH`] = far(this.epochs[fork]);
    }
    spec.BLOB_SCHEDULE = this.blobSchedule.map(({ epoch, maxBlobs }) => ({
      EPOCH: String(epoch),
      MAX_BLOBS_PER_BLOCK: String(maxBlobs),
    }));
    return spec;
  }
}
