// SPDX-License-Identifier: MIT
// The SSZ types of light-client data for each preset and fork, and the layouts of the state and of the body that
// the branches are made in. The layouts are those of an independent library; of a state or a body only what light
// clients prove is kept, every other field stands there as a root, which changes no generalized index.
import { ContainerType, ProgressiveContainerType, VectorCompositeType, BitVectorType } from '@chainsafe/ssz';
import { ssz } from '@lodestar/types';

/** Forks in their order. */
export const FORKS = ['phase0', 'altair', 'bellatrix', 'capella', 'deneb', 'electra', 'fulu', 'gloas'];

/** @typedef {'mainnet' | 'minimal'} PresetName */

/** @type {Record<PresetName, { slotsPerEpoch: number, epochsPerPeriod: number, committeeSize: number, secondsPerSlot: number }>} */
export const PRESETS = {
  mainnet: { slotsPerEpoch: 32, epochsPerPeriod: 256, committeeSize: 512, secondsPerSlot: 12 },
  minimal: { slotsPerEpoch: 8, epochsPerPeriod: 8, committeeSize: 32, secondsPerSlot: 6 },
};

export const BeaconBlockHeader = ssz.phase0.BeaconBlockHeader;

/** @param {string} one @param {string} other is fork `one` the other, or later? */
export const since = (one, other) => FORKS.indexOf(one) >= FORKS.indexOf(other);

/** @param {Record<string, any>} fields @param {(name: string, type: any) => any} change */
const mapFields = (fields, change) =>
  Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, change(name, type)]));

/** @param {any} original a container's type @param {(name: string, type: any) => any} change */
function remake(original, change) {
  const fields = mapFields(original.fields, change);
  const options = { typeName: original.typeName, jsonCase: /** @type {const} */ ('eth2') };
  if (!(original instanceof ProgressiveContainerType)) return new ContainerType(fields, options);
  return new ProgressiveContainerType(fields, original.activeFields, options);
}

const cache = new Map();

/**
 * The types of a fork.
 * @param {PresetName} preset @param {string} fork
 */
export function typesOf(preset, fork) {
  const key = `${preset} ${fork}`;
  if (!cache.has(key)) cache.set(key, makeTypes(PRESETS[preset].committeeSize, fork));
  return cache.get(key);
}

/** @param {number} size of the committee @param {string} fork */
function makeTypes(size, fork) {
  const of = ssz[fork];
  const SyncCommittee = new ContainerType(
    { pubkeys: new VectorCompositeType(ssz.BLSPubkey, size), aggregatePubkey: ssz.BLSPubkey },
    { typeName: 'SyncCommittee', jsonCase: 'eth2' },
  );
  const SyncAggregate = new ContainerType(
    { syncCommitteeBits: new BitVectorType(size), syncCommitteeSignature: ssz.BLSSignature },
    { typeName: 'SyncAggregate', jsonCase: 'eth2' },
  );
  const resized = (original) =>
    remake(original, (_, type) => {
      if (type === ssz.altair.SyncCommittee) return SyncCommittee;
      return type === ssz.altair.SyncAggregate ? SyncAggregate : type;
    });

  const keptInState = ['finalizedCheckpoint'];
  const State = remake(of.BeaconState, (name, type) => (keptInState.includes(name) ? type : ssz.Root));
  const bodyType = since(fork, 'capella') && !since(fork, 'gloas') ? of.BlindedBeaconBlockBody : of.BeaconBlockBody;
  const keptInBody = since(fork, 'capella') ? ['executionPayloadHeader', 'signedExecutionPayloadBid'] : [];
  const Body = remake(bodyType, (name, type) => (keptInBody.includes(name) ? type : ssz.Root));

  const at = (type, ...path) => type.getPathInfo(path).gindex;
  const gindex = {
    finality: at(State, 'finalizedCheckpoint', 'root'),
    current: at(State, 'currentSyncCommittee'),
    next: at(State, 'nextSyncCommittee'),
    execution: undefined,
    blockHash: undefined,
  };
  if (since(fork, 'gloas')) {
    gindex.blockHash = at(Body, 'signedExecutionPayloadBid', 'message', 'parentBlockHash');
  } else if (since(fork, 'capella')) {
    gindex.execution = at(Body, 'executionPayloadHeader');
    gindex.blockHash = at(Body, 'executionPayloadHeader', 'blockHash');
  }
  return {
    fork,
    SyncCommittee,
    SyncAggregate,
    State,
    Body,
    gindex,
    Header: of.LightClientHeader,
    Bootstrap: resized(of.LightClientBootstrap),
    Update: resized(of.LightClientUpdate),
    FinalityUpdate: resized(of.LightClientFinalityUpdate),
    OptimisticUpdate: resized(of.LightClientOptimisticUpdate),
  };
}
