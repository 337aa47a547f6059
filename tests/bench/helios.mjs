// SPDX-License-Identifier: MIT
// Another project's client in WebAssembly. It asks over fetch for what a beacon node serves and reads the clock; here
// fetch answers from memory, with no network between, and the clock stands where the recording was made.
import { createHeliosProvider } from '@a16z/helios';
import { must } from './measure.mjs';

const NODE = 'http://beacon.invalid';

/** @param {string} url @param {Uint8Array} [body] none where the node has no answer */
function answerTo(url, body) {
  const status = body ? 200 : 404;
  const response = new Response(/** @type {BodyInit} */ (body) ?? JSON.stringify({ code: status, message: 'not recorded' }), { status });
  return Object.defineProperty(response, 'url', { value: url }); // which it parses
}

/**
 * @param {object} recording
 * @param {string} recording.checkpoint
 * @param {number} recording.now Unix time in milliseconds
 * @param {Uint8Array} recording.bootstrap JSON, as are the others
 * @param {Uint8Array} recording.updates
 * @param {Uint8Array} recording.finality
 */
export function helios({ checkpoint, now, bootstrap, updates, finality }) {
  const answers = { bootstrap, updates, finality_update: finality };
  /** @type {string[]} slots of blocks that it asked for once it was in sync */
  let blocks = [];
  const { fetch } = globalThis;
  const clock = Date.now;
  const served = (/** @type {any} */ request, /** @type {any} */ init) => {
    const url = String(request.url ?? request);
    if (!url.startsWith(NODE)) return fetch(request, init);
    const [, kind] = url.match(/\/light_client\/(\w+)/) ?? [];
    const [, slot] = url.match(/\/blocks\/(\d+)$/) ?? [];
    if (slot) blocks.push(slot);
    return Promise.resolve(answerTo(url, answers[/** @type {'bootstrap'} */ (kind)]));
  };

  async function sync() {
    const start = process.hrtime.bigint();
    const client = await createHeliosProvider(
      { consensusRpc: NODE, executionRpc: NODE, network: 'mainnet', checkpoint, dbType: 'config' }, 'ethereum');
    await client.waitSynced();
    const time = Number(process.hrtime.bigint() - start) / 1000;
    await client.shutdown();
    return time;
  }

  /** Follows the recording from its checkpoint once. @returns {Promise<number>} microseconds */
  const run = async () => {
    blocks = [];
    globalThis.fetch = served;
    Date.now = () => now;
    try {
      return await sync();
    } finally {
      globalThis.fetch = fetch;
      Date.now = clock;
    }
  };

  return {
    run,
    /** Slots of the heads that it came to: the optimistic one and the finalized one, whose blocks it asks for. */
    async heads() {
      await run();
      must(blocks.length === 2, 'helios did not come in sync');
      return blocks.map(Number);
    },
  };
}
