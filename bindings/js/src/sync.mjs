// SPDX-License-Identifier: MIT
// Ethereum's consensus from a checkpoint: from answers at hand, or by asking beacon nodes.
import { OL_SYNC_SAVED } from './abi.mjs';
import { refuse } from './errors.mjs';
import { Session } from './session.mjs';
import { endpointsIn, transportsOf } from './transport.mjs';
import { hashOf, toHex, toU32, toU64 } from './values.mjs';

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
 * @property {bigint} time of the slot, in Unix seconds
 * @property {string} root
 * @property {string} blockHash from Gloas on that of the parent's payload; zero before Capella
 * @property {string} stateRoot of the execution block; zero from Gloas on, as long as its header is not known
 * @property {bigint | null} blockNumber null as long as the execution block's header is not known
 */

/**
 * @typedef {object} SyncStatus
 * @property {BeaconHead} finalized
 * @property {BeaconHead} optimistic signed by enough of the committee, not final yet
 * @property {bigint} period the sync committee period of what is finalized
 * @property {boolean} forced whether `finalized` is signed by two thirds but not final: its period had no finality
 * @property {number} updates how many were verified in this run
 * @property {number} participants members of the committee who signed the last of them
 * @property {number} committeeSize
 */

/** @param {BeaconAnswer} answer */
const textOf = (answer) => (typeof answer === 'string' || answer instanceof Uint8Array ? answer : JSON.stringify(answer));

/** @param {import('./abi.mjs').ol_beacon_head} head @returns {BeaconHead} */
const headOf = ({ slot, time, root, block_hash, state_root, block_number, has_header }) => ({
  slot,
  time,
  root: toHex(root),
  blockHash: toHex(block_hash),
  stateRoot: toHex(state_root),
  blockNumber: has_header ? block_number : null,
});

/** @param {Core} core @param {number} at an ol_sync_status @returns {SyncStatus} */
function readStatus(core, at) {
  const status = core.read('ol_sync_status', at);
  return {
    finalized: headOf(status.finalized),
    optimistic: headOf(status.optimistic),
    period: status.period,
    forced: status.forced === 1,
    updates: status.updates,
    participants: status.participants,
    committeeSize: status.committee_size,
  };
}

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
    const networkSlice = slice(network);
    const config = scope.struct('ol_sync_config', {
      network: networkSlice,
      checkpoint: hashOf(core, checkpoint),
      now_ms: toU64(now, 'now'),
      insist: insist ? 1 : 0,
    });
    const longest = Math.max(networkSlice.len, ...Object.values(answers).map(({ len }) => len));
    const room = core.exports.ol_sync_verify_memory(longest) >>> 0;
    const texts = scope.struct('ol_sync_texts', answers);
    core.check(core.exports.ol_sync_verify_text(error, out, config, texts, scope.take(room), room), error);
    return readStatus(core, out);
  } finally {
    scope.free();
  }
}

/**
 * @typedef {object} SyncOptions
 * @property {import('./transport.mjs').Endpoint[]} [beacon] nodes' Beacon APIs: URLs, or functions. They and `l1` are by
 *   default those that the network names, if it is a rollup's profile
 * @property {import('./transport.mjs').Endpoint[]} [l1] Ethereum JSON-RPC, for the headers of the execution blocks
 * @property {string | Uint8Array} [checkpoint] the root of a beacon block that is trusted: finalized, and recent; not
 *   needed with a saved state
 * @property {Uint8Array | null} [state] what `save` gave, to go on from; should it be damaged, the checkpoint is used
 * @property {'mainnet' | 'sepolia' | 'hoodi' | object} [network] as for verifySync
 * @property {boolean} [insist] whether to accept a checkpoint or state older than the weak subjectivity period
 * @property {number} [timeoutMs] for one request, 10 s by default
 * @property {() => number} [now] the clock, Unix time in ms
 */

/** Sync committee periods. @typedef {{ first: bigint, now: bigint, last: bigint }} SyncProgress */
/** @typedef {import('./session.mjs').AskOptions & { onProgress?: (progress: SyncProgress) => void }} SyncRunOptions */

const NO_CHECKPOINT = new Uint8Array(32);

/** Follows Ethereum by beacon nodes that need not be trusted. Close it to give its memory back. */
export class Sync {
  #core;
  #scope;
  #sync;
  #transports;
  #now;
  /** A run that goes on. @type {Promise<void> | undefined} */
  #running;
  /** Why the saved state that was given is not gone on from. @type {import('./errors.mjs').OpenLedgerError | null} */
  stateError = null;

  /**
   * @param {import('./index.mjs').OpenLedger} openledger
   * @param {SyncOptions} options
   */
  constructor(openledger, {
    network = 'mainnet', beacon = endpointsIn(network).beacon ?? [], l1 = endpointsIn(network).l1 ?? [], checkpoint, state, insist = false,
    timeoutMs = 10_000, now = Date.now,
  }) {
    const core = this.#core = openledger.core;
    this.#transports = { beacon: transportsOf(beacon), l1: transportsOf(l1) };
    this.#now = () => BigInt(Math.trunc(now()));
    const servers = { beacon: beacon.length, l1: l1.length, timeout_ms: toU32(timeoutMs, 'timeoutMs') };
    this.#scope = core.scope();
    try {
      const size = core.exports.ol_sync_size() >>> 0;
      const memory = this.#scope.take(size);
      this.#sync = this.#with((scope, error) => {
        const out = scope.take(4);
        const { at, len } = scope.copy(textOf(network));
        const config = scope.struct('ol_sync_config', {
          network: { data: at, len },
          checkpoint: checkpoint === undefined ? NO_CHECKPOINT : hashOf(core, checkpoint),
          insist: insist ? 1 : 0,
        });
        core.check(core.exports.ol_sync_init(error, out, config, scope.struct('ol_sync_servers', servers), memory, size), error);
        return core.pointer(out);
      });
      if (state) this.#resume(state, checkpoint !== undefined);
    } catch (error) {
      this.#scope.free();
      throw error;
    }
  }

  /**
   * @template T
   * @param {(scope: ReturnType<Core['scope']>, error: number) => T} call with memory of its own, and an ol_error
   */
  #with(call) {
    const scope = this.#core.scope();
    try {
      return call(scope, scope.struct('ol_error'));
    } finally {
      scope.free();
    }
  }

  /** @param {Uint8Array} state @param {boolean} hasCheckpoint */
  #resume(state, hasCheckpoint) {
    const core = this.#core;
    try {
      this.#with((scope, error) => core.check(core.exports.ol_sync_resume(error, this.#sync, scope.slice(state)), error));
    } catch (error) {
      const reason = /** @type {import('./errors.mjs').OpenLedgerError} */ (error);
      if (!hasCheckpoint || reason.status !== 'encoding') throw error;
      this.stateError = reason;
    }
  }

  /** The status as the core has it, for a client. @param {ReturnType<Core['scope']>} scope @returns {number} its address */
  statusIn(scope) {
    const core = this.#core;
    const error = scope.struct('ol_error');
    const out = scope.struct('ol_sync_status');
    core.check(core.exports.ol_sync_status_of(error, out, this.#sync), error);
    return out;
  }

  /** How far the chain is verified. @returns {SyncStatus} */
  get status() {
    return this.#with((scope) => readStatus(this.#core, this.statusIn(scope)));
  }

  /** How many ms from now on there can be a newer block. */
  get nextUpdateMs() {
    return Number(this.#core.exports.ol_sync_due_ms(this.#sync, this.#now()));
  }

  /** What is finalized, to go on from another time: at most 25 kB. @returns {Uint8Array} */
  save() {
    const core = this.#core;
    return this.#with((scope, error) => core.written(scope, error, OL_SYNC_SAVED,
      (out, len) => core.exports.ol_sync_save(error, out, len, this.#sync)));
  }

  /** @returns {SyncProgress} */
  #progress() {
    return this.#with((scope) => {
      const out = scope.struct('ol_sync_progress');
      this.#core.exports.ol_sync_progress_of(out, this.#sync);
      return this.#core.read('ol_sync_progress', out);
    });
  }

  /**
   * Follows the chain to the present. What was verified is kept even if it does not get there.
   * @param {SyncRunOptions} [options]
   * @returns {Promise<SyncStatus & { blame: import('./errors.mjs').Blame[] }>}
   * @throws {import('./errors.mjs').OpenLedgerError} if the present cannot be reached; the signal's reason if aborted
   */
  async run({ onProgress = () => {}, ...options } = {}) {
    const core = this.#core;
    if (this.#running) refuse('this sync is running');
    this.#with((_scope, error) => core.check(core.exports.ol_sync_start(error, this.#sync), error));
    const session = new Session(core, core.exports.ol_sync_engine(this.#sync), this.#transports, this.#now, {
      ...options,
      onStep: () => {
        const progress = this.#progress();
        if (progress.last > 0n) onProgress(progress); // there is nothing to tell before the bootstrap
      },
    });
    this.#running = session.run();
    try {
      await this.#running;
    } finally {
      this.#running = undefined;
    }
    return { ...this.status, blame: session.blame };
  }

  /** The run that goes on, or a new one: for those who share a sync. @param {SyncRunOptions} [options] */
  async follow(options) {
    await (this.#running ?? this.run(options));
  }

  /** Gives the memory back; nothing else may be called afterwards. */
  close() {
    if (this.#running) refuse('this sync is running; abort it first');
    this.#scope.free();
  }

  [Symbol.dispose]() {
    this.close();
  }
}
