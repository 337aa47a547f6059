// SPDX-License-Identifier: MIT
// Another project's verifier in WebAssembly. Its proof is made here, by itself, of the same recordings.
import Colibri from '@corpus-core/colibri-stateless';
import { must } from './measure.mjs';

const { getC4w } = await import(new URL('wasm.js', import.meta.resolve('@corpus-core/colibri-stateless')).href);

/** What it asks for. @typedef {{ url?: string, payload?: { method: string } }} Request */

/** @typedef {[string, any[]]} Question */

/**
 * @param {object} recording
 * @param {string} recording.checkpoint
 * @param {(request: Request) => Uint8Array | undefined} recording.answer
 */
async function clientOf({ checkpoint, answer }) {
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
  return new Colibri({ chainId: 1, ...nobody, trusted_checkpoint: checkpoint, cache: { cacheable: () => true, get, set() {} } });
}

/** Bytes of its module's memory. */
export const colibriMemory = async () => (await getC4w()).HEAPU8.length;

/**
 * A head and its account, the committee known.
 * @param {Parameters<typeof clientOf>[0] & { address: string }} recording
 */
export async function colibri({ address, ...recording }) {
  const client = await clientOf(recording);
  const question = /** @type {Question} */ (['eth_getProof', [address, [], 'latest']]);
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
    /** @returns {Promise<number>} microseconds for one head and its account */
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

/**
 * Balances at a head that it remembers. What a prover of its own kind would send, its proofs, is made beforehand.
 * @param {Parameters<typeof clientOf>[0] & { addresses: string[] }} recording
 */
export async function colibriAt({ addresses, ...recording }) {
  const client = await clientOf(recording);
  /** @type {Map<string, { question: Question, proof: Uint8Array }>} */
  const proofs = new Map();
  for (const address of addresses) {
    const question = /** @type {Question} */ (['eth_getBalance', [address, 'latest']]);
    proofs.set(address, { question, proof: await client.createProof(...question) });
  }
  const proofOf = (/** @type {string} */ address) => {
    const known = proofs.get(address);
    must(known, 'colibri was sent no proof of that');
    return known;
  };
  const verify = async (/** @type {string} */ address, /** @type {Uint8Array} */ proof) =>
    BigInt(await client.verifyProof(...proofOf(address).question, proof));
  return {
    /** Verifies what a prover sent. @param {string} address */
    balance: (address) => verify(address, proofOf(address).proof),
    /** The same of another account's proof. @param {string} address */
    forged: (address) => verify(address, proofOf(addresses.find((one) => one !== address) ?? '').proof),
    /** Is its own prover. @param {string} address @returns {Promise<bigint>} */
    ask: async (address) => BigInt(await client.rpc(...proofOf(address).question)),
    /** @param {string} address */
    proof: (address) => proofOf(address).proof,
  };
}
