// SPDX-License-Identifier: MIT
// Drives the core's engine: it says what it wants, this fetches it. What is believed is decided in the core.
import { ol_engine_status, ol_fail_reason, ol_format, ol_http_method, ol_source } from './abi.mjs';
import { bytesOf } from './core.mjs';
import { OpenLedgerError, TransportError } from './errors.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {import('./errors.mjs').Blame} Blame */
/** @typedef {import('./transport.mjs').Want} Want */
/** @typedef {Partial<Record<Want['source'], import('./transport.mjs').Transport[]>>} Transports */

/** @type {Record<number, Want['source']>} */
const SOURCES = {
  [ol_source.OL_SOURCE_BEACON]: 'beacon',
  [ol_source.OL_SOURCE_L1]: 'l1',
  [ol_source.OL_SOURCE_L2]: 'l2',
  [ol_source.OL_SOURCE_NODE]: 'node',
  [ol_source.OL_SOURCE_SEQUENCER]: 'sequencer',
};

/**
 * @typedef {object} AskOptions
 * @property {AbortSignal} [signal] gives up the question
 * @property {(want: Want) => void} [onWant] is told each request
 * @property {(blame: Blame) => void} [onBlame] is told each answer that was refused
 * @property {import('./bundle.mjs').Recording} [recording] keeps the answers that are used
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
export class Session {
  /** @type {End[]} */
  #arrived = [];
  /** Gives up the requests that are out. @type {Set<() => void>} */
  #out = new Set();
  #wake = () => {};
  /** What a recording needs of the requests that are out. @type {Map<bigint, Want>} */
  #wants = new Map();
  /** What a bundle lacked last. @type {OpenLedgerError | null} */
  lack = null;
  /** Requests that a bundle had no answer to, for which nobody is to blame. @type {Set<bigint>} */
  #lacking = new Set();
  /** @type {Blame[]} */
  blame = [];

  /**
   * @param {Core} core
   * @param {number} engine
   * @param {Transports} transports
   * @param {() => bigint} now
   * @param {AskOptions & { onStep?: () => void }} options onStep is called whenever the core has taken answers in
   */
  constructor(core, engine, transports, now, { signal, onWant = () => {}, onBlame = () => {}, onStep = () => {}, recording }) {
    this.core = core;
    this.engine = engine;
    this.transports = transports;
    this.now = now;
    this.signal = signal;
    this.onWant = onWant;
    this.onBlame = onBlame;
    this.onStep = onStep;
    this.recording = recording;
  }

  get working() {
    return this.core.exports.ol_engine_state(this.engine) === ol_engine_status.OL_ENGINE_WORKING;
  }

  /** @param {Want} want */
  #transport({ source, endpoint }) {
    return this.transports[source]?.[endpoint] ?? (() => Promise.reject(new TransportError('connection')));
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
    if (this.recording) this.#wants.set(want.id, want);
    (async () => bytesOf(await this.#transport(want)(want, controller.signal)))().then(
      (data) => arrive({ data }),
      (error) => {
        if (error instanceof OpenLedgerError) this.#lacks(want, error);
        arrive({ reason: reasonOf(error) });
      },
    );
  }

  /** @param {Want} want @param {OpenLedgerError} error */
  #lacks({ id }, error) {
    this.lack = error;
    this.#lacking.add(id);
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
          source: SOURCES[want.source],
          endpoint: want.endpoint,
          method: want.method === ol_http_method.OL_HTTP_POST ? 'POST' : 'GET',
          format: want.format === ol_format.OL_FORMAT_SSZ ? 'ssz' : 'json',
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

  /** Looks again at what the core wants: it was told something. */
  wake() {
    this.#wake();
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
        const want = this.#wants.get(id);
        if (want) this.recording?.take(this, engine, want, data);
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
        const { source, endpoint, want_id } = core.read('ol_blame', out);
        this.recording?.drop(this, want_id);
        if (this.#lacking.has(want_id)) continue;
        const blame = { source: SOURCES[source], endpoint, error: core.error(out + core.offsetOf('ol_blame', 'error')) };
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
        this.onStep();
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      for (const giveUp of this.#out) giveUp();
      this.#out.clear();
    }
    this.#takeBlame();
    if (core.exports.ol_engine_state(engine) !== ol_engine_status.OL_ENGINE_DONE) {
      const error = core.error(core.exports.ol_engine_error(engine));
      // What a bundle lacks tells more than silence.
      throw Object.assign(this.lack && error.status === 'transport' ? this.lack : error, { blame: this.blame });
    }
  }
}
