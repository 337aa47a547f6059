// SPDX-License-Identifier: MIT
// Ethereum's consensus from a checkpoint, to and from the core's structs.
import { hashOf, toHex, toU64 } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */

/**
 * An answer of a beacon node: bytes of SSZ, or JSON as text or parsed.
 * @typedef {string | Uint8Array | object} BeaconAnswer
 */

/**
 * @typedef {object} SyncQuestion
 * @property {string | Uint8Array} checkpoint the root of a beacon block that is trusted: finalized, and recent
 * @property {BeaconAnswer} bootstrap of that block, as the Beacon API returns it
 * @property {BeaconAnswer} [updates] of the periods from the bootstrap's on, in their order
 * @property {BeaconAnswer} [finality] a finality update
 * @property {BeaconAnswer} [optimistic] an optimistic update
 * @property {'mainnet' | 'sepolia' | 'hoodi' | object} [network] 'mainnet' by default; or the members of the Beacon
 *   API's config/spec and beacon/genesis in one object
 * @property {number} [now] Unix time in milliseconds; by default what the clock says
 * @property {boolean} [insist] whether to accept a checkpoint older than the weak subjectivity period
 */

/**
 * @typedef {object} BeaconHead a beacon block, and the execution block that it commits to
 * @property {bigint} slot
 * @property {string} root
 * @property {string} blockHash from Gloas on that of the parent's payload; zero before Capella
 * @property {string} stateRoot of the execution block; zero from Gloas on, which tells its hash alone
 */

/**
 * @typedef {object} SyncStatus
 * @property {BeaconHead} finalized
 * @property {BeaconHead} optimistic signed by enough of the committee, not final yet
 * @property {bigint} period the sync committee period of what is finalized
 * @property {number} updates how many were verified
 * @property {number} participants members of the committee who signed the last of them
 * @property {number} committeeSize
 */

/** @param {BeaconAnswer} answer */
const textOf = (answer) => (typeof answer === 'string' || answer instanceof Uint8Array ? answer : JSON.stringify(answer));

/** @param {import('./abi.mjs').ol_beacon_head} head @returns {BeaconHead} */
const headOf = ({ slot, root, block_hash, state_root }) => ({
  slot,
  root: toHex(root),
  blockHash: toHex(block_hash),
  stateRoot: toHex(state_root),
});

/**
 * @param {Core} core
 * @param {SyncQuestion} question
 * @returns {SyncStatus}
 */
export function verifySync(core, { checkpoint, bootstrap, updates = '', finality = '', optimistic = '', network = 'mainnet', now = Date.now(), insist = false }) {
  const scope = core.scope();
  try {
    /** @param {BeaconAnswer} answer */
    const slice = (answer) => {
      const { at, len } = scope.copy(textOf(answer));
      return { data: at, len };
    };
    const answers = { bootstrap: slice(bootstrap), updates: slice(updates), finality: slice(finality), optimistic: slice(optimistic) };
    const error = scope.struct('ol_error');
    const out = scope.struct('ol_sync_status');
    const config = scope.struct('ol_sync_config', {
      network: slice(network),
      checkpoint: hashOf(core, checkpoint),
      now_ms: toU64(now, 'now'),
      insist: insist ? 1 : 0,
    });
    const room = core.exports.ol_sync_verify_memory(Math.max(...Object.values(answers).map(({ len }) => len))) >>> 0;
    const texts = scope.struct('ol_sync_texts', answers);
    core.check(core.exports.ol_sync_verify_text(error, out, config, texts, scope.take(room), room), error);
    const status = core.read('ol_sync_status', out);
    return {
      finalized: headOf(status.finalized),
      optimistic: headOf(status.optimistic),
      period: status.period,
      updates: status.updates,
      participants: status.participants,
      committeeSize: status.committee_size,
    };
  } finally {
    scope.free();
  }
}
