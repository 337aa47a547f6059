// SPDX-License-Identifier: MIT
// Keys from passwords: slow on purpose, so done in steps between which a page can draw.
import { OpenLedgerError, refuse } from './errors.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {(length: number) => Uint8Array} Entropy fresh bytes of a generator for secrets */

/**
 * @typedef {object} DeriveOptions
 * @property {(done: number, total: number) => void} [onProgress] after each step
 * @property {AbortSignal} [signal] gives up, and erases what was derived so far
 */

/** The platform's generator. There is no other: where it is missing or fails, nothing is made. @type {Entropy} */
export const systemEntropy = (length) => crypto.getRandomValues(new Uint8Array(length));

/** Fresh bytes, copied into memory that is erased. @param {Scope} scope a secret one @param {Entropy} entropy @param {number} length */
export function takeEntropy(scope, entropy, length) {
  const bytes = entropy(length);
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) refuse(`entropy is not ${length} bytes`);
  if (bytes.every((byte) => byte === 0)) refuse('entropy is zero');
  const { at } = scope.copy(bytes);
  bytes.fill(0);
  return at;
}

/** The next turn of the event loop. A timer would do, but waits long in a page that is not seen. @returns {Promise<void>} */
const turn = () => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(null);
});

/**
 * Derives a key.
 * @template T
 * @param {Core} core
 * @param {number} size bytes of memory
 * @param {import('./core.mjs').Data} password as it is given away: its copy is erased at once
 * @param {(error: number, out: number, password: number, memory: number, size: number) => number} begin
 * @param {(error: number, derivation: number) => T} end
 * @param {DeriveOptions} options
 * @returns {Promise<T>}
 */
export async function derive(core, size, password, begin, end, { onProgress = () => {}, signal }) {
  if (size === 0) throw new OpenLedgerError({ status: 'limit', reason: 'these parameters are out of bounds' });
  const scope = core.scope();
  let derivation = 0;
  try {
    const [error, out, done, total] = [scope.struct('ol_error'), scope.take(4), scope.take(8), scope.take(8)];
    const memory = scope.take(size);
    const secret = core.secretScope();
    try {
      core.check(begin(error, out, secret.slice(password), memory, size), error);
    } finally {
      secret.free();
    }
    derivation = core.pointer(out);
    for (let left = 1; left;) {
      await turn();
      signal?.throwIfAborted();
      left = core.exports.ol_derivation_step(derivation);
      core.exports.ol_derivation_progress(derivation, done, total);
      onProgress(core.number(done), core.number(total));
    }
    const ended = derivation;
    derivation = 0; // its end erases it
    return end(error, ended);
  } finally {
    if (derivation) core.exports.ol_derivation_drop(derivation);
    scope.free();
  }
}
