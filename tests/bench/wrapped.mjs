// SPDX-License-Identifier: MIT
// Blocks of mainnet under a sync committee whose keys are made here: with mainnet's types, forks and domain, and a
// checkpoint of its own. So what follows mainnet can be asked about a state that is made here too.
import { Tree } from '@chainsafe/persistent-merkle-tree';
import { ssz } from '@lodestar/types';
import { keyOf, signTogether, sumOfPubkeys } from '../devnet/beacon/keys.mjs';
import { typesOf } from '../devnet/beacon/types.mjs';
import { executionBlockOf, headerOf } from './blocks.mjs';
import { must } from './measure.mjs';
import { bytesOf, timeOf } from './recordings.mjs';

const GENESIS_VALIDATORS_ROOT = bytesOf('0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95');
const ELECTRA_VERSION = Uint8Array.of(5, 0, 0, 0);
const DOMAIN_SYNC_COMMITTEE = Uint8Array.of(7, 0, 0, 0);
const COMMITTEE = 512;
const [SLOTS_PER_EPOCH, EPOCHS_TO_FINALITY] = [32, 2];

const { BeaconBlock, BeaconBlockBody, SignedBeaconBlock, LightClientBootstrap, LightClientFinalityUpdate } = ssz.electra;
const { State, gindex } = typesOf('mainnet', 'electra');

/** compute_signing_root (consensus-specs, phase0/beacon-chain.md). @param {Uint8Array} objectRoot */
function signingRoot(objectRoot) {
  const forkData = { currentVersion: ELECTRA_VERSION, genesisValidatorsRoot: GENESIS_VALIDATORS_ROOT };
  const domain = Buffer.concat([DOMAIN_SYNC_COMMITTEE, ssz.phase0.ForkData.hashTreeRoot(forkData).subarray(0, 28)]);
  return ssz.phase0.SigningData.hashTreeRoot({ objectRoot, domain });
}

/** A state in which nothing is but what light clients are shown. @param {any} fields */
function beaconState(fields) {
  const view = State.toViewDU({ ...State.defaultValue(), ...fields });
  const tree = new Tree(view.node);
  return { root: view.hashTreeRoot(), branch: (/** @type {bigint} */ at) => tree.getSingleProof(at) };
}

function committeeOf() {
  const keys = Array.from({ length: COMMITTEE }, (_, i) => keyOf('bench', i));
  const pubkeys = keys.map(({ pubkey }) => pubkey);
  const value = { pubkeys, aggregatePubkey: sumOfPubkeys(pubkeys) };
  return {
    value,
    root: ssz.altair.SyncCommittee.hashTreeRoot(value),
    /** All of them sign. @param {Uint8Array} root */
    sign(root) {
      const aggregate = ssz.altair.SyncAggregate.defaultValue();
      for (let i = 0; i < COMMITTEE; i++) aggregate.syncCommitteeBits.set(i, true);
      return { ...aggregate, syncCommitteeSignature: signTogether(keys.map(({ secret }) => secret), signingRoot(root)) };
    },
  };
}

/** The block with other fields of its payload, and its execution block. @param {any} block @param {any} fields */
async function changed(block, fields) {
  const { executionPayload } = block.body;
  must((await executionBlockOf(block)).hash === `0x${Buffer.from(executionPayload.blockHash).toString('hex')}`, 'the recorded block has another hash');
  const made = (/** @type {any} */ own) => ({ ...block, body: { ...block.body, executionPayload: { ...executionPayload, ...fields, ...own } } });
  const execution = await executionBlockOf(made({}));
  return { block: made({ blockHash: bytesOf(execution.hash) }), execution };
}

/** What a beacon node says, in JSON and in SSZ. @param {any} type @param {any} data */
const told = (type, data) => ({
  json: new Uint8Array(Buffer.from(JSON.stringify({ version: 'electra', data: type.toJson(data) }))),
  ssz: type.serialize(data),
});

/**
 * @param {any} recorded a beacon block of Electra
 * @param {any} recordedChild the next one
 * @param {any} fields that are put in the place of the payload's: its state's root, and what else
 */
export async function wrapped(recorded, recordedChild, fields) {
  const committee = committeeOf();
  const { block, execution } = await changed(recorded, fields);
  const epoch = Math.floor(block.slot / SLOTS_PER_EPOCH) - EPOCHS_TO_FINALITY;
  const start = beaconState({ currentSyncCommittee: committee.root });
  const body = BeaconBlockBody.defaultValue();
  body.executionPayload.blockNumber = block.body.executionPayload.blockNumber - SLOTS_PER_EPOCH * EPOCHS_TO_FINALITY;
  const finalized = { ...BeaconBlock.defaultValue(), slot: epoch * SLOTS_PER_EPOCH, stateRoot: start.root, body };
  const checkpoint = BeaconBlock.hashTreeRoot(finalized);
  const state = beaconState({ currentSyncCommittee: committee.root, finalizedCheckpoint: { epoch, root: checkpoint } });
  const head = { ...block, stateRoot: state.root };
  const headRoot = BeaconBlock.hashTreeRoot(head);
  const syncAggregate = committee.sign(headRoot);
  const child = { ...recordedChild, parentRoot: headRoot, body: { ...recordedChild.body, syncAggregate } };

  const [attestedHeader, finalizedHeader] = [head, finalized].map(headerOf);
  const signed = (/** @type {any} */ message) => told(SignedBeaconBlock, { message, signature: syncAggregate.syncCommitteeSignature });
  const [currentSyncCommitteeBranch, finalityBranch] = [start.branch(gindex.current), state.branch(gindex.finality)];
  return {
    checkpoint: `0x${Buffer.from(checkpoint).toString('hex')}`,
    now: timeOf(child.slot),
    execution,
    bootstrap: told(LightClientBootstrap, { header: finalizedHeader, currentSyncCommittee: committee.value, currentSyncCommitteeBranch }),
    finality: told(LightClientFinalityUpdate, { attestedHeader, finalizedHeader, finalityBranch, syncAggregate, signatureSlot: child.slot }),
    slots: { head: head.slot, finalized: finalized.slot },
    head: signed(head),
    finalized: signed(finalized),
    child: signed(child),
  };
}
