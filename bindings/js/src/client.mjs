// SPDX-License-Identifier: MIT
// Questions to a chain, answered with proofs.
import { OL_CHAIN_ID } from './abi.mjs';
import { readAnswer, writeQuestion } from './account.mjs';
import { readRollup } from './rollup.mjs';
import { Session } from './session.mjs';
import { endpointsIn, transportsOf } from './transport.mjs';
import { toU32, toU64 } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */

/**
 * @typedef {object} ClientOptions
 * @property {import('./transport.mjs').Endpoint[]} [endpoints] of independent operators; URLs, or functions. They, `l1` and
 *   `sequencers` are by default those that the rollup's profile names
 * @property {number} [quorum] how many must agree on the block: by default more than half
 * @property {bigint | number} [chainId] that every endpoint must serve: OpenLedger's 1612 by default, 0 for any
 * @property {import('./transport.mjs').Endpoint[]} [l1] Ethereum JSON-RPC, for trust above that of a quorum
 * @property {import('./transport.mjs').Endpoint[]} [sequencers] that pass on the sequencer's newest block as it is
 *   gossiped (GET), for trust 'unsafe'
 * @property {1 | 2 | 3 | 4} [envelopeVersion] of the gossip, the newest by default
 * @property {import('./sync.mjs').Sync} [sync] what is proven of Ethereum; it needs L1 endpoints too, and to have run
 * @property {import('./rollup.mjs').Rollup} [rollup] whose contracts on L1 anchor the blocks
 * @property {number} [timeoutMs] for one request, 10 s by default
 * @property {number} [maxAnswer] bytes of one answer, 512 KiB by default
 * @property {() => number} [now] the clock, Unix time in ms
 */

/** The core's configuration for these options. @param {ClientOptions} options */
export const configOf = ({ endpoints = [], quorum, chainId = OL_CHAIN_ID, l1 = [], sequencers = [], envelopeVersion = undefined, timeoutMs = 10_000, maxAnswer = 0 }) => ({
  chain_id: toU64(chainId, 'chainId'),
  endpoints: endpoints.length,
  quorum: toU32(quorum ?? Math.floor(endpoints.length / 2) + 1, 'quorum'),
  timeout_ms: toU32(timeoutMs, 'timeoutMs'),
  max_answer: toU32(maxAnswer, 'maxAnswer'),
  l1_endpoints: l1.length,
  sequencers: sequencers.length,
  envelope_version: toU32(envelopeVersion ?? 0, 'envelopeVersion'),
});

/** Asks endpoints that need not be trusted. Any number of questions may be on their way at once. */
export class Client {
  #core;
  #config;
  #transports;
  #sync;
  #rollup;
  #now;

  /**
   * @param {import('./index.mjs').OpenLedger} openledger
   * @param {ClientOptions} options
   */
  constructor(openledger, {
    sync, rollup = 'openledger', endpoints = endpointsIn(rollup).l2 ?? [], l1 = (sync && endpointsIn(rollup).l1) ?? [],
    sequencers = (sync && endpointsIn(rollup).sequencer) ?? [], quorum, chainId, envelopeVersion, timeoutMs, maxAnswer, now = Date.now,
  }) {
    this.#core = openledger.core;
    this.#transports = { l1: transportsOf(l1), l2: transportsOf(endpoints), sequencer: transportsOf(sequencers) };
    this.#sync = sync;
    this.#rollup = rollup;
    this.#now = () => BigInt(Math.trunc(now()));
    this.#config = configOf({ endpoints, quorum, chainId, l1, sequencers, envelopeVersion, timeoutMs, maxAnswer });
    this.#init().scope.free(); // refuses a bad configuration now
  }

  /** Makes the core's client. @returns {{ scope: ReturnType<Core['scope']>, client: number }} */
  #init() {
    const core = this.#core;
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const out = scope.take(4);
      const config = scope.struct('ol_client_config', this.#config);
      const size = core.exports.ol_client_size(config) >>> 0;
      core.check(core.exports.ol_client_init(error, out, config, scope.take(size), size), error);
      return { scope, client: core.pointer(out) };
    } catch (error) {
      scope.free();
      throw error;
    }
  }

  /** Tells the core's client what is proven of L1. @param {ReturnType<Core['scope']>} scope @param {number} client */
  #anchor(scope, client) {
    const core = this.#core;
    if (!this.#sync) return;
    const error = scope.struct('ol_error');
    const rollup = readRollup(core, scope, this.#rollup);
    core.check(core.exports.ol_client_anchor(error, client, rollup, this.#sync.statusIn(scope)), error);
  }

  /**
   * Asks for an account: what it holds, and what proves it.
   * @param {import('./account.mjs').AccountQuestion} question
   * @param {import('./session.mjs').AskOptions} [options]
   * @returns {Promise<import('./account.mjs').AccountAnswer>}
   * @throws {import('./errors.mjs').OpenLedgerError} if there is no proven answer; the signal's reason if it is aborted
   */
  async account(question, options = {}) {
    const core = this.#core;
    const { scope, client } = this.#init();
    try {
      const error = scope.struct('ol_error');
      this.#anchor(scope, client);
      core.check(core.exports.ol_client_ask_account(error, client, writeQuestion(core, scope, question)), error);
      const session = new Session(core, core.exports.ol_client_engine(client), this.#transports, this.#now, options);
      await session.run();
      const out = scope.struct('ol_account_answer');
      const code = scope.struct('ol_slice');
      core.check(core.exports.ol_client_account(error, out, code, client), error);
      return { ...readAnswer(core, scope, out, code), blame: session.blame };
    } finally {
      scope.free();
    }
  }
}
