// SPDX-License-Identifier: MIT
// Drives the core's engine: it says what it wants, this fetches it. What is believed is decided in the core.
import { OL_CHAIN_ID, ol_engine_status, ol_fail_reason, ol_http_method } from './abi.mjs';
import { readAnswer, writeQuestion } from './account.mjs';
import { bytesOf } from './core.mjs';
import { TransportError } from './errors.mjs';
import { transportsOf } from './transport.mjs';
import { toU32, toU64 } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {import('./errors.mjs').Blame} Blame */
/** @typedef {import('./transport.mjs').Want} Want */

/**
 * @typedef {object} ClientOptions
 * @property {import('./transport.mjs').Endpoint[]} endpoints of independent operators; URLs, or functions
 * @property {number} [quorum] how many must agree on the block: by default more than half
 * @property {bigint | number} [chainId] that every endpoint must serve: OpenLedger's 1612 by default, 0 for any
 * @property {number} [timeoutMs] for one request, 10 s by default
 * @property {number} [maxAnswer] bytes of one answer, 512 KiB by default
 * @property {() => number} [now] the clock, Unix time in ms
 */

/**
 * @typedef {object} AskOptions
 * @property {AbortSignal} [signal] gives up the question
 * @property {(want: Want) => void} [onWant] is told each request
 * @property {(blame: Blame) => void} [onBlame] is told each answer that was refused
 */

/** @type {Record<import('./errors.mjs').TransportFailure, number>} */
const REASONS = {
  connection: ol_fail_reason.OL_FAIL_CONNECTION,
  timeout: ol_fail_reason.OL_FAIL_TIMEOUT,
  'too large': ol_fail_reason.OL_FAIL_TOO_LARGE,
  http: ol_fail_reason.OL_FAIL_HTTP,
  tls: ol_fail_reason.OL_FAIL_TLS,
};
const TICK_MS = 1000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @param {unknown} error */
const reasonOf = (error) => REASONS[error instanceof TransportError ? error.kind : 'connection'] ?? REASONS.connection;

/** How a request ended. @typedef {{ id: bigint, data?: Uint8Array, reason?: number }} End */

/** One question on its way: requests out, answers in. */
class Session {
  /** @type {End[]} */
  #arrived = [];
  /** Gives up the requests that are out. @type {Set<() => void>} */
  #out = new Set();
  #wake = () => {};
  /** @type {Blame[]} */
  blame = [];

  /**
   * @param {Core} core
   * @param {number} engine
   * @param {import('./transport.mjs').Transport[]} transports
   * @param {() => bigint} now
   * @param {AskOptions} options
   */
  constructor(core, engine, transports, now, { signal, onWant = () => {}, onBlame = () => {} }) {
    this.core = core;
    this.engine = engine;
    this.transports = transports;
    this.now = now;
    this.signal = signal;
    this.onWant = onWant;
    this.onBlame = onBlame;
  }

  get working() {
    return this.core.exports.ol_engine_state(this.engine) === ol_engine_status.OL_ENGINE_WORKING;
  }

  /** @param {Want} want */
  #start(want) {
    const controller = new AbortController();
    const giveUp = () => {
      clearTimeout(late);
      controller.abort();
    };
    /** @param {Omit<End, 'id'>} end */
    const arrive = (end) => {
      clearTimeout(late);
      if (!this.#out.delete(giveUp)) return;
      this.#arrived.push({ id: want.id, ...end });
      this.#wake();
    };
    const left = Math.min(Math.max(want.deadlineMs - Number(this.now()), 0), LONGEST_TIMER_MS);
    const late = setTimeout(() => {
      controller.abort();
      arrive({ reason: REASONS.timeout });
    }, left);
    this.#out.add(giveUp);
    this.onWant(want);
    (async () => bytesOf(await this.transports[want.endpoint](want, controller.signal)))().then(
      (data) => arrive({ data }),
      (error) => arrive({ reason: reasonOf(error) }),
    );
  }

  /** Sends out what the core wants now. */
  #send() {
    const { core, engine } = this;
    const scope = core.scope();
    try {
      const out = scope.struct('ol_want');
      /** @type {Want[]} */
      const wants = [];
      while (core.exports.ol_engine_next_want(engine, out) === 1) {
        const want = core.read('ol_want', out);
        wants.push({
          id: want.id,
          endpoint: want.endpoint,
          method: want.method === ol_http_method.OL_HTTP_POST ? 'POST' : 'GET',
          path: core.sliceText(want.path),
          body: core.sliceText(want.body),
          maxLength: want.max_len,
          deadlineMs: Number(want.deadline_ms),
        });
      }
      for (const want of wants) this.#start(want);
    } finally {
      scope.free();
    }
  }

  /** Waits until there is an answer, or for a second. */
  #wait() {
    return /** @type {Promise<void>} */ (new Promise((resolve) => {
      const timer = setTimeout(resolve, TICK_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#arrived.length > 0 || this.signal?.aborted) this.#wake();
    }));
  }

  /** Gives one answer to the core. @param {End} end */
  #give({ id, data, reason }) {
    const { core, engine } = this;
    const scope = core.scope();
    try {
      if (data === undefined) {
        core.exports.ol_engine_fail(engine, id, reason ?? REASONS.connection);
      } else {
        const { at, len } = scope.copy(data);
        core.exports.ol_engine_feed(engine, id, at, len);
      }
    } finally {
      scope.free();
    }
  }

  #takeBlame() {
    const { core, engine } = this;
    const scope = core.scope();
    try {
      const out = scope.struct('ol_blame');
      while (core.exports.ol_engine_next_blame(engine, out) === 1) {
        const { endpoint } = core.read('ol_blame', out);
        const blame = { endpoint, error: core.error(out + core.offsetOf('ol_blame', 'error')) };
        this.blame.push(blame);
        this.onBlame(blame);
      }
    } finally {
      scope.free();
    }
  }

  /** Runs until there is an answer or none can come. */
  async run() {
    const { core, engine, signal } = this;
    const stop = () => this.#wake();
    signal?.addEventListener('abort', stop);
    try {
      signal?.throwIfAborted();
      core.exports.ol_engine_begin(engine, this.now());
      while (this.working) {
        this.#send();
        if (!this.working) break;
        await this.#wait();
        signal?.throwIfAborted();
        for (const end of this.#arrived.splice(0)) this.#give(end);
        core.exports.ol_engine_tick(engine, this.now());
        this.#takeBlame();
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      for (const giveUp of this.#out) giveUp();
      this.#out.clear();
    }
    this.#takeBlame();
    if (core.exports.ol_engine_state(engine) !== ol_engine_status.OL_ENGINE_DONE) {
      throw Object.assign(core.error(core.exports.ol_engine_error(engine)), { blame: this.blame });
    }
  }
}

/** Asks endpoints that need not be trusted. Any number of questions may be on their way at once. */
export class Client {
  #core;
  #config;
  #transports;
  #now;

  /**
   * @param {import('./index.mjs').OpenLedger} openledger
   * @param {ClientOptions} options
   */
  constructor(openledger, { endpoints, quorum, chainId = OL_CHAIN_ID, timeoutMs = 10_000, maxAnswer = 0, now = Date.now }) {
    this.#core = openledger.core;
    this.#transports = transportsOf(endpoints);
    this.#now = () => BigInt(Math.trunc(now()));
    this.#config = {
      chain_id: toU64(chainId, 'chainId'),
      endpoints: endpoints.length,
      quorum: toU32(quorum ?? Math.floor(endpoints.length / 2) + 1, 'quorum'),
      timeout_ms: toU32(timeoutMs, 'timeoutMs'),
      max_answer: toU32(maxAnswer, 'maxAnswer'),
    };
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

  /**
   * Asks for an account: what it holds, and what proves it.
   * @param {import('./account.mjs').AccountQuestion} question
   * @param {AskOptions} [options]
   * @returns {Promise<import('./account.mjs').AccountAnswer>}
   * @throws {import('./errors.mjs').OpenLedgerError} if there is no proven answer; the signal's reason if it is aborted
   */
  async account(question, options = {}) {
    const core = this.#core;
    const { scope, client } = this.#init();
    try {
      const error = scope.struct('ol_error');
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
