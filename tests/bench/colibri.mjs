// SPDX-License-Identifier: MIT
// Another project's verifier in WebAssembly. Its proof is made here, by itself, of the same recordings.
import Colibri from '@corpus-core/colibri-stateless';
import { must } from './measure.mjs';

const { getC4w } = await import(new URL('wasm.js', import.meta.resolve('@corpus-core/colibri-stateless')).href);

/** What it asks for. @typedef {{ url?: string, payload?: { method: string } }} Request */

/**
 * @param {object} recording
 * @param {string} recording.checkpoint
 * @param {string} recording.address
 * @param {(request: Request) => Uint8Array | undefined} recording.answer
 */
export async function colibri({ checkpoint, address, answer }) {
  /** Its committees, which it keeps from one start to the next. @type {Map<string, Uint8Array>} */
  const kept = new Map();
  await Colibri.register_storage({
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, new Uint8Array(value)),
    del: (key) => void kept.delete(key),
  });
  const get = (/** @type {Request} */ request) => {
    const bytes = answer(request);
    must(bytes, `colibri asks for what was not recorded: ${request.url ?? request.payload?.method}`);
    return bytes;
  };
  const nobody = { rpcs: [], prover: [], beacon_apis: [], checkpointz: [] };
  const client = new Colibri({ chainId: 1, ...nobody, trusted_checkpoint: checkpoint, cache: { cacheable: () => true, get, set() {} } });
  const question = /** @type {[string, any[]]} */ (['eth_getProof', [address, [], 'latest']]);
  const proof = await client.createProof(...question);

  // It remembers the heads that it verified. With its memory as it was before, each time is the first, as in a fresh
  // instance, but with its code compiled.
  const module = await getC4w();
  const fresh = module.HEAPU8.slice();
  const forget = () => {
    module.HEAPU8.set(fresh);
    module.HEAPU8.fill(0, fresh.length);
  };
  const verify = () => client.verifyProof(...question, proof);
  await verify(); // and learns the committee

  return {
    /** @returns {Promise<number>} microseconds for one head and its account, the committee known */
    async run() {
      forget();
      const start = process.hrtime.bigint();
      await verify();
      return Number(process.hrtime.bigint() - start) / 1000;
    },
    /** The account, as eth_getProof has it. @returns {Promise<{ storageHash: string, balance: string }>} */
    account: verify,
  };
}
