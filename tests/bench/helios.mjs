// SPDX-License-Identifier: MIT
// Another project's client in WebAssembly. It asks over fetch for what nodes serve and reads the clock; here fetch
// answers from memory, with no network between, and the clock stands where the recording was made.
import { createHeliosProvider } from '@a16z/helios';
import { must } from './measure.mjs';

const NODE = 'http://beacon.invalid';

/** Of its module, which it loads when the first client is made. @type {WebAssembly.Memory | undefined} */
let memory;
const { instantiateStreaming } = WebAssembly;
WebAssembly.instantiateStreaming = async (...of) => {
  const made = await instantiateStreaming(...of);
  memory = /** @type {WebAssembly.Memory | undefined} */ (made.instance.exports.memory);
  WebAssembly.instantiateStreaming = instantiateStreaming;
  return made;
};

/** Bytes of all that its clients have taken together, at most. */
export function heliosMemory() {
  must(memory, 'helios has no memory');
  return memory.buffer.byteLength;
}

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

/** @typedef {{ method: string, params: any[], id: number }} Request of JSON-RPC */

let clients = 0;

/**
 * A client that is in sync and stays there, asked of a block's accounts. The last one to be made is closed first.
 * @param {object} nodes
 * @param {string} nodes.checkpoint
 * @param {number} nodes.now Unix time in milliseconds
 * @param {(path: string) => Uint8Array | undefined} nodes.beacon what a beacon node answers
 * @param {(request: Request) => Uint8Array | undefined} nodes.execution what a node of the chain answers
 */
export async function heliosAt({ checkpoint, now, beacon, execution }) {
  const { fetch } = globalThis;
  const clock = Date.now;
  const [consensusRpc, executionRpc] = ['beacon', 'execution'].map((kind) => `http://${kind}-${clients}.invalid`);
  clients++;
  globalThis.fetch = async (/** @type {any} */ request, /** @type {any} */ init) => {
    const url = String(request.url ?? request);
    if (url.startsWith(consensusRpc)) return answerTo(url, beacon(url.slice(consensusRpc.length)));
    if (!url.startsWith(executionRpc)) return fetch(request, init);
    return answerTo(url, execution(JSON.parse(await new Response(init?.body ?? request.body).text())));
  };
  Date.now = () => now;
  const client = await createHeliosProvider(
    { consensusRpc, executionRpc, network: 'mainnet', checkpoint, dbType: 'config' }, 'ethereum');
  await client.waitSynced();
  return {
    /** @param {string} address @returns {Promise<bigint>} */
    balance: async (address) => BigInt(await client.request({ method: 'eth_getBalance', params: [address, 'latest'] })),
    async close() {
      await client.shutdown();
      globalThis.fetch = fetch;
      Date.now = clock;
    },
  };
}
