// SPDX-License-Identifier: MIT
// Ways to a chain: one that counts what is asked, one that lies, and an honest one that comes after the liar.
import { setImmediate } from 'node:timers/promises';

/** @typedef {import('openledger').Transport} Transport */
/** @typedef {import('openledger').Want} Want */
/** @typedef {{ id: number, method: string, params: any[] }} Request */
/** @typedef {(method: string, ...params: any[]) => Promise<any>} Ask */

/**
 * What is said instead of an answer: another, or bytes; undefined for the truth. A batch is one answer, a list.
 * @typedef {(answer: any, request: Request | Request[], ask: Ask, signal: AbortSignal) => any} Lie
 */

/** An endpoint that remembers what it was asked. @param {Transport} next */
export function counting(next) {
  /** @type {Request[]} */
  const asked = [];
  /** @type {Transport} */
  const transport = (want, signal) => {
    asked.push(...[JSON.parse(want.body || '[]')].flat());
    return next(want, signal);
  };
  return Object.assign(transport, { asked });
}

/**
 * Endpoints whose answers come in waves: all that is out together, and no answer before the last of them is there. So
 * what depends on an answer is in a later wave, and their number is that of the round trips.
 * @param {Transport[]} transports
 */
export function inWaves(transports) {
  const count = { waves: 0 };
  /** @type {{ out: number, end: () => void, ended: Promise<void> } | null} */
  let wave = null;
  const open = () => {
    count.waves++;
    let end = () => {};
    const ended = /** @type {Promise<void>} */ (new Promise((resolve) => (end = resolve)));
    return { out: 0, end, ended };
  };
  /** @param {Transport} next @returns {Transport} */
  const wrap = (next) => async (want, signal) => {
    const own = (wave ??= open());
    own.out++;
    try {
      return await next(want, signal);
    } finally {
      if (--own.out === 0) {
        wave = null;
        own.end();
      }
      await own.ended;
    }
  };
  return { count, transports: transports.map(wrap) };
}

/** Asks a chain by the way of a transport. @param {Transport} next @returns {Ask} */
const askerOf = (next) => async (method, ...params) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const want = /** @type {Want} */ ({ method: 'POST', format: 'json', path: '', body, maxLength: 1 << 26 });
  return JSON.parse(textOf(await next(want, AbortSignal.timeout(20_000)))).result;
};

/** @param {string | Uint8Array | ArrayBuffer} answer */
const textOf = (answer) => (typeof answer === 'string' ? answer : Buffer.from(/** @type {any} */ (answer)).toString());

/**
 * An endpoint that lies where it is asked by a method, and is honest otherwise.
 * @param {Transport} next @param {string} method @param {Lie} lie
 */
export function lying(next, method, lie) {
  const ask = askerOf(next);
  const state = { told: 0, out: 0 };
  /** @type {Transport} */
  const transport = async (want, signal) => {
    state.out++;
    try {
      const request = JSON.parse(want.body);
      const answer = textOf(await next(want, signal));
      if ([request].flat()[0].method !== method) return answer;
      state.told++;
      const said = await lie(JSON.parse(answer), request, ask, signal);
      if (said === undefined) state.told--;
      if (said === undefined) return answer;
      return typeof said === 'string' || said instanceof Uint8Array ? said : JSON.stringify(said);
    } finally {
      state.out--;
    }
  };
  return Object.assign(transport, { state });
}

/** An endpoint whose answers come after those of the liar. @param {Transport} next @param {ReturnType<typeof lying>} liar @returns {Transport} */
export const after = (next, liar) => async (want, signal) => {
  const answer = await next(want, signal);
  while (liar.state.out > 0 && !signal.aborted) await setImmediate();
  await setImmediate(); // the core has it now
  return answer;
};

/**
 * A lie about a result. The change may be made in place, or give another.
 * @param {(result: any, request: Request, ask: Ask) => any} change
 * @returns {Lie}
 */
export const saying = (change) => async (answer, request, ask) => {
  const changed = await change(answer.result, /** @type {Request} */ (request), ask);
  return { ...answer, result: changed === undefined ? answer.result : changed };
};

/** A lie that is told about some requests. @param {(request: Request) => boolean} is @param {Lie} lie @returns {Lie} */
export const where = (is, lie) => (answer, request, ask, signal) =>
  (is(/** @type {Request} */ (request)) ? lie(answer, request, ask, signal) : undefined);
