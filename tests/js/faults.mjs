// SPDX-License-Identifier: MIT
// The ways in which a request fails, and a server that fails so for some of them.
import { setTimeout as wait } from 'node:timers/promises';
import { http, sdk } from './support.mjs';

/** @typedef {import('openledger').Transport} Transport */
/** @typedef {import('openledger').Want} Want */
/** @typedef {(answer: Uint8Array, want: Want, before: Uint8Array, signal: AbortSignal) => Uint8Array | Promise<Uint8Array>} Fault */

const TIMEOUT_MS = 5000;
/** Where an answer is late, which is waited for. */
const SHORT_TIMEOUT_MS = 500;
export const SESSION_MS = 20_000;

const concat = (/** @type {Uint8Array[]} */ ...parts) => new Uint8Array(Buffer.concat(parts));

/** @type {Record<string, Fault>} */
export const FAULTS = {
  failed: () => { throw new sdk.TransportError('connection'); },
  empty: () => new Uint8Array(),
  truncated: (answer) => answer.subarray(0, answer.length >> 1),
  doubled: (answer) => concat(answer, answer),
  'another\'s': (_, __, before) => before,
  oversized: (answer, { maxLength }) => concat(answer, new Uint8Array(maxLength + 1 - answer.length).fill(0x20)),
  late: async (answer, _, __, signal) => {
    await wait(SESSION_MS, undefined, { signal, ref: false });
    return answer;
  },
};

/** @param {Fault} fault */
export const timeoutOf = (fault) => (fault === FAULTS.late ? SHORT_TIMEOUT_MS : TIMEOUT_MS);

export const startCounter = () => ({ asked: 0, before: new Uint8Array() });

/**
 * Transports to a server, one of which spoils its requests from number `first` to before `end`, counted over the session.
 * @param {{ url: string, counter: ReturnType<typeof startCounter>, copies: number, first: number, end: number, fault: Fault }} options
 * @returns {Transport[]}
 */
export function transports({ url, counter, copies, first, end, fault }) {
  const honest = http({ url });
  /** @type {Transport} */
  const spoiled = async (want, signal) => {
    const number = counter.asked++;
    const answer = /** @type {Uint8Array<ArrayBuffer>} */ (await honest(want, signal));
    const { before } = counter;
    counter.before = answer;
    return number >= first && number < end ? fault(answer, want, before, signal) : answer;
  };
  return [spoiled, ...Array.from({ length: copies - 1 }, () => honest)];
}
