// SPDX-License-Identifier: MIT
// An EIP-1193 provider: what a wallet or a dApp asks, answered with what is proven.
import { OL_AGE_ANY, OL_AGE_DEFAULT, OL_PROVIDER_BATCH, OL_PROVIDER_HOLD_MS, OL_PROVIDER_REQUEST, ol_status, ol_trust } from './abi.mjs';
import { configOf } from './client.mjs';
import { refuse } from './errors.mjs';
import { readRollup } from './rollup.mjs';
import { Session } from './session.mjs';
import { endpointsIn, isOfBundle, transportsOf } from './transport.mjs';
import { toU32 } from './values.mjs';

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const TRUST = /** @type {Record<string, number>} */ ({
  quorum: ol_trust.OL_TRUST_QUORUM,
  unsafe: ol_trust.OL_TRUST_UNSAFE,
  proposed: ol_trust.OL_TRUST_PROPOSED,
  finalized: ol_trust.OL_TRUST_FINALIZED,
});
const DISCONNECTED = 4900; // EIP-1193
const UNAVAILABLE = -32002;
const OLDEST_L1_MS = 300_000; // what is known of L1 while it is followed further
const INVALID_PARAMS = -32602;
const LIMIT = -32005;
const FRAME = 64; // bytes of a request besides its method and parameters
const MOST_HEADS = 64; // of one poll; a subscriber who was away longer is given the newest

/**
 * @typedef {import('./client.mjs').ClientOptions & {
 *   trust?: 'quorum' | 'unsafe' | 'proposed' | 'finalized',
 *   maxAge?: number,
 *   holdMs?: number,
 *   keptMessages?: number,
 *   maxResponse?: number,
 *   l1IntervalMs?: number,
 *   pollMs?: number,
 *   recording?: import('./bundle.mjs').Recording,
 *   onWant?: (want: import('./transport.mjs').Want) => void,
 *   onBlame?: (blame: import('./errors.mjs').Blame) => void,
 * }} ProviderOptions trust: the lowest that is accepted, "quorum" by default. maxAge: of the latest block, in
 *   seconds; Infinity for any.
 *   holdMs: how long a block stays the latest of a quorum, 2 s by default. maxResponse: bytes, 4 MiB by default.
 *   l1IntervalMs: how often the sync is run, 60 s by default. pollMs: how often subscribers' heads are looked for, 2 s.
 *   recording: keeps the answers that are used, of a sync that has not run yet too, to be packed.
 *   keptMessages: of the sequencer, 4 to 16, each of at most maxAnswer bytes, so that two of one height are evidence
 *   (equivocation); none by default.
 *   onWant: is told each request that goes out. onBlame: is told each answer that was refused.
 */

/** @typedef {{ method: string, params?: readonly unknown[] | object }} RequestArguments */

/** An error of JSON-RPC, as EIP-1193 has it. */
export class ProviderRpcError extends Error {
  /** @param {{ code: number, message: string, data?: unknown }} error */
  constructor({ code, message, data }) {
    super(message);
    this.name = 'ProviderRpcError';
    this.code = code;
    this.data = data;
  }
}

/** @typedef {{ text: string, bytes: number, resolve: (result: any) => void, reject: (error: Error) => void }} Waiting */

/** @param {number | undefined} maxAge */
function ageOf(maxAge) {
  if (maxAge === undefined) return OL_AGE_DEFAULT;
  return maxAge === Infinity ? OL_AGE_ANY : toU32(maxAge, 'maxAge');
}

/** A listener's own mistake is its own: it is thrown where it is in nobody's way. @template T @param {(argument: T) => void} listener @param {T} argument */
function tell(listener, argument) {
  try {
    listener(argument);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** A request in JSON, but for its id and its braces. @param {RequestArguments} request */
function textOf({ method, params }) {
  let text;
  try {
    text = JSON.stringify({ jsonrpc: '2.0', method, params }).slice(1, -1);
  } catch (error) {
    throw new ProviderRpcError({ code: INVALID_PARAMS, message: 'parameters have no form in JSON', data: error });
  }
  const bytes = encoder.encode(text).length + FRAME;
  if (bytes > OL_PROVIDER_REQUEST) throw new ProviderRpcError({ code: LIMIT, message: 'request is longer than 512 KiB' });
  return { text, bytes };
}

/** Whether nobody gave what an answer needs. @param {{ code: number, data?: any }} error */
const isUnavailable = ({ code, data }) => code === UNAVAILABLE && data?.status === 'transport';

/** A provider. Requests made at the same time are answered together, in one chain. Close it to give its memory back. */
export class Provider {
  #core;
  #scope;
  #provider;
  #transports;
  #sync;
  #rollup;
  #now;
  #l1IntervalMs;
  #pollMs;
  #trust;
  /** @type {import('./session.mjs').AskOptions} */
  #told;
  #ahead;
  #l1Due = 0;
  #l1ToldAt = 0;
  #l1IsNew = false;
  /** Why nothing is known of L1. @type {Error | undefined} */
  #lostBy;
  /** What a bundle lacked for the last batch. @type {Error | undefined} */
  #lack;
  /** A run of the sync that goes on. @type {Promise<void> | undefined} */
  #following;
  /** @type {Session | undefined} */
  #session;
  /** @type {Waiting[]} */
  #queue = [];
  #running = false;
  #closed = false;
  /** @type {Map<string, Set<(argument: any) => void>>} */
  #listeners = new Map();
  /** @type {Set<string>} */
  #subscriptions = new Set();
  #nextSubscription = 1;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #polling = false;
  /** @type {bigint | undefined} */
  #head;

  /**
   * @param {import('./index.mjs').OpenLedger} openledger
   * @param {ProviderOptions} options
   */
  constructor(openledger, {
    sync, rollup = 'openledger', endpoints = endpointsIn(rollup).l2 ?? [], l1 = (sync && endpointsIn(rollup).l1) ?? [],
    sequencers = (sync && endpointsIn(rollup).sequencer) ?? [], quorum, chainId, envelopeVersion, timeoutMs, maxAnswer, now = Date.now,
    trust = 'quorum', maxAge, holdMs = OL_PROVIDER_HOLD_MS, keptMessages = 0, maxResponse = 0, l1IntervalMs = 60_000, pollMs = 2000,
    recording, onWant = () => {}, onBlame = () => {},
  }) {
    const core = this.#core = openledger.core;
    this.#transports = { l1: transportsOf(l1), l2: transportsOf(endpoints), sequencer: transportsOf(sequencers) };
    this.#sync = sync;
    this.#rollup = rollup;
    this.#now = () => BigInt(Math.trunc(now()));
    this.#l1IntervalMs = l1IntervalMs;
    this.#pollMs = pollMs;
    this.#trust = trust;
    this.#told = { recording, onWant: (want) => tell(onWant, want), onBlame: (blame) => tell(onBlame, blame) };
    // What is asked while L1 is still followed is of its moment: a bundle does not have it, and another run asks for other things.
    this.#ahead = !recording && !this.#transports.l1.some(isOfBundle);
    if (!(trust in TRUST)) refuse('trust is "quorum", "unsafe", "proposed" or "finalized"');
    this.#scope = core.scope();
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const out = scope.take(4);
      const config = scope.struct('ol_provider_config', {
        client: {
          ...configOf({ endpoints, quorum, chainId, l1, sequencers, envelopeVersion, timeoutMs, maxAnswer }),
          kept_messages: toU32(keptMessages, 'keptMessages'),
        },
        trust: TRUST[trust],
        max_age_s: ageOf(maxAge),
        hold_ms: toU32(holdMs, 'holdMs'),
        max_response: toU32(maxResponse, 'maxResponse'),
      });
      const size = core.exports.ol_provider_size(config) >>> 0;
      core.check(core.exports.ol_provider_init(error, out, config, this.#scope.take(size), size), error);
      this.#provider = core.pointer(out);
      if (!sync) core.exports.ol_provider_rollup(this.#provider, readRollup(core, scope, rollup));
    } catch (error) {
      this.#scope.free();
      throw error;
    } finally {
      scope.free();
    }
  }

  /**
   * Answers a request (EIP-1193).
   * @param {RequestArguments} request
   * @returns {Promise<any>}
   * @throws {ProviderRpcError}
   */
  request(request) {
    return /** @type {Promise<any>} */ (new Promise((resolve, reject) => {
      if (this.#closed) throw new ProviderRpcError({ code: DISCONNECTED, message: 'this provider is closed' });
      if (request.method === 'eth_subscribe') resolve(this.#subscribe(request.params));
      else if (request.method === 'eth_unsubscribe') resolve(this.#unsubscribe(request.params));
      else this.#queue.push({ ...textOf(request), resolve, reject });
      void this.#run();
    }));
  }

  /**
   * The same, with what proves the answer: `{ value, block, head, trust, ageSeconds, ... }`.
   * @param {RequestArguments} request
   * @returns {Promise<any>}
   */
  verified({ method, params }) {
    return this.request({ method: 'openledger_verified', params: [{ method, params }] });
  }

  /**
   * Evidence that the sequencer has signed two blocks of one height, once a request was refused for that: both of its
   * messages (openledger/envelope.h). It needs keptMessages, and stays until there is newer evidence.
   * @returns {Uint8Array | null} null when there is none, or a message of it is not kept
   */
  equivocation() {
    if (this.#closed) throw new ProviderRpcError({ code: DISCONNECTED, message: 'this provider is closed' });
    const core = this.#core;
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const whole = scope.take(4);
      const status = core.exports.ol_provider_equivocation(error, 0, 0, whole, this.#provider);
      if (status === ol_status.OL_ERR_ARGUMENT) return null;
      if (status !== ol_status.OL_ERR_MEMORY) throw core.error(error);
      const len = core.pointer(whole);
      const out = scope.take(len);
      core.check(core.exports.ol_provider_equivocation(error, out, len, whole, this.#provider), error);
      return core.bytes(out, len).slice();
    } finally {
      scope.free();
    }
  }

  /** Runs what is waiting, batch by batch. */
  async #run() {
    if (this.#running) return;
    this.#running = true;
    await null; // what is asked at the same time goes together
    try {
      while (this.#queue.length > 0 && !this.#closed) await this.#answer(this.#nextBatch());
    } finally {
      this.#running = false;
    }
    if (this.#closed) this.#free();
  }

  /** As many of those waiting as go into one batch. */
  #nextBatch() {
    let bytes = 0;
    const fits = this.#queue.findIndex((one, i) => (bytes += one.bytes) > OL_PROVIDER_REQUEST || i === OL_PROVIDER_BATCH);
    return this.#queue.splice(0, fits < 0 ? this.#queue.length : fits);
  }

  /** @param {Waiting[]} batch */
  async #answer(batch) {
    try {
      const text = `[${batch.map((one, id) => `{"id":${id},${one.text}}`)}]`;
      await this.#follow();
      const responses = JSON.parse(await this.#ask(text));
      if (!Array.isArray(responses)) { // the batch as such is refused, for one of them
        if (batch.length === 1) batch[0].reject(new ProviderRpcError(responses.error));
        else for (const one of batch) await this.#answer([one]);
        return;
      }
      // In the order of the requests; where one cannot be read, its id is null.
      const lacking = [];
      for (const [i, { result, error }] of responses.entries()) {
        if (!error) batch[i].resolve(result);
        else if (batch.length > 1 && this.#lack && isUnavailable(error)) lacking.push(batch[i]);
        else batch[i].reject(this.#errorOf(error));
      }
      for (const one of lacking) await this.#answer([one]); // so that each error names what was lacking for it
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      for (const { reject } of batch) reject(new ProviderRpcError({ code: DISCONNECTED, message, data: error }));
    }
    // Where not even an error had room in the response.
    for (const { reject } of batch) reject(new ProviderRpcError({ code: LIMIT, message: 'response is longer than accepted' }));
  }

  /** An error of a response, with what is behind it. @param {{ code: number, message: string, data?: any }} error */
  #errorOf({ code, message, data }) {
    if (isUnavailable({ code, data }) && this.#lack) message = this.#lack.message;
    else if (code === UNAVAILABLE && this.#lostBy && this.#trust !== 'quorum') message += `: ${this.#lostBy.message}`;
    return new ProviderRpcError({ code, message, data });
  }

  /**
   * Sees to it that L1 is followed, where there is a sync. Only when nothing is known of it, or nothing recent, does an
   * answer wait for that.
   */
  async #follow() {
    const now = Number(this.#now());
    if (!this.#sync) return;
    if (!this.#following && now >= this.#l1Due) {
      this.#following = this.#sync.follow(this.#told).then(() => this.#followed()).catch((error) => this.#lost(error));
    }
    if (this.#l1ToldAt === 0 && this.#ahead) this.#tell('rollup');
    else if (this.#following && (this.#l1ToldAt === 0 || now > this.#l1ToldAt + OLDEST_L1_MS)) await this.#following;
    if (this.#l1IsNew) this.#tell('rollup and status');
  }

  /** Whether the memory is given back: a question that was asked before it was closed still waits for L1. */
  get #isFree() {
    return this.#closed && !this.#running;
  }

  #followed() {
    this.#following = undefined;
    this.#lostBy = undefined;
    this.#l1Due = Number(this.#now()) + this.#l1IntervalMs;
    this.#l1IsNew = true;
    if (this.#isFree || this.#l1ToldAt > 0) return; // else it is told before the next question
    this.#tell('rollup and status');
    this.#session?.wake();
  }

  /** @param {Error} error */
  #lost(error) {
    this.#following = undefined;
    if (this.#isFree || Number(this.#now()) <= this.#l1ToldAt + OLDEST_L1_MS) return;
    this.#lostBy = error;
    this.#l1ToldAt = 0;
    this.#tell('nothing');
    this.#session?.wake();
  }

  /** Tells the core what is known of L1. @param {'rollup' | 'rollup and status' | 'nothing'} what */
  #tell(what) {
    const core = this.#core;
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const rollup = what === 'nothing' ? 0 : readRollup(core, scope, this.#rollup);
      const status = what === 'rollup and status' && this.#sync ? this.#sync.statusIn(scope) : 0;
      core.check(core.exports.ol_provider_anchor(error, this.#provider, rollup, status), error);
    } finally {
      scope.free();
    }
    if (what !== 'rollup and status') return;
    this.#l1IsNew = false;
    this.#l1ToldAt = Number(this.#now());
  }

  /** @param {string} text */
  async #ask(text) {
    const core = this.#core;
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      core.check(core.exports.ol_provider_ask(error, this.#provider, scope.slice(text)), error);
      const engine = core.exports.ol_provider_engine(this.#provider);
      this.#session = new Session(core, engine, this.#transports, this.#now, this.#told);
      await this.#session.run();
      this.#lack = this.#session.lack ?? undefined;
      const out = scope.struct('ol_slice');
      core.check(core.exports.ol_provider_response(error, out, this.#provider), error);
      return decoder.decode(core.sliceBytes(core.read('ol_slice', out)));
    } finally {
      this.#session = undefined;
      scope.free();
    }
  }

  /** @param {string} event @param {(argument: any) => void} listener */
  on(event, listener) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return this;
  }

  /** @param {string} event @param {(argument: any) => void} listener */
  removeListener(event, listener) {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  /** @param {string} event @param {unknown} argument */
  #emit(event, argument) {
    for (const listener of this.#listeners.get(event) ?? []) tell(listener, argument);
  }

  /** @param {RequestArguments['params']} params */
  #subscribe(params) {
    const [what] = Array.isArray(params) ? params : [];
    if (what !== 'newHeads') throw new ProviderRpcError({ code: INVALID_PARAMS, message: 'only newHeads can be subscribed to' });
    const id = `0x${(this.#nextSubscription++).toString(16)}`;
    this.#subscriptions.add(id);
    if (this.#subscriptions.size === 1) this.#head = undefined;
    if (!this.#polling) void this.#poll();
    return id;
  }

  /** @param {RequestArguments['params']} params */
  #unsubscribe(params) {
    const [id] = Array.isArray(params) ? params : [];
    const known = this.#subscriptions.delete(id);
    if (this.#subscriptions.size === 0) this.#stopPolling();
    return known;
  }

  /** Tells subscribers of the heads since the last time. What fails is asked again at the next time. */
  async #poll() {
    this.#polling = true;
    this.#timer = undefined;
    try {
      const head = BigInt(await this.request({ method: 'eth_blockNumber' }));
      const since = this.#head === undefined || head - this.#head > MOST_HEADS ? head - 1n : this.#head;
      for (let number = since + 1n; number <= head && number >= 0n; number++) {
        const result = await this.request({ method: 'eth_getHeaderByNumber', params: [`0x${number.toString(16)}`] });
        if (result === null) break; // the chain has become shorter
        for (const subscription of this.#subscriptions) {
          this.#emit('message', { type: 'eth_subscription', data: { subscription, result } });
        }
        this.#head = number;
      }
    } catch (error) {
      if (!this.#closed) this.#emit('error', error);
    }
    if (this.#subscriptions.size > 0) this.#timer = setTimeout(() => this.#poll(), this.#pollMs);
    else this.#polling = false;
  }

  /** Ends the waiting; what is on its way ends by itself. */
  #stopPolling() {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#polling = false;
  }

  #free() {
    for (const { reject } of this.#queue.splice(0)) {
      reject(new ProviderRpcError({ code: DISCONNECTED, message: 'this provider is closed' }));
    }
    this.#scope.free();
  }

  /** Gives the memory back, once what is being answered is answered. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscriptions.clear();
    this.#stopPolling();
    if (!this.#running) this.#free();
  }

  [Symbol.dispose]() {
    this.close();
  }
}
