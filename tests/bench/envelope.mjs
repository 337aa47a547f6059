// SPDX-License-Identifier: MIT
// A block of 100 transactions as the sequencer gossips it, from compressed bytes to a header: beside libraries that do
// a part of it each.
import { secp256k1 } from '@noble/curves/secp256k1.js';
import SnappyJS from 'snappyjs';
import { CHAIN_ID, addressOf, compress, envelope, headerOf, keccak, payloads, signerOf, signingHash, someTransactions } from '../vectors/envelopes.mjs';
import { batchOf, must, timed } from './measure.mjs';

const VERSION = 4;
const [SIGNATURE, ROOT] = [65, 32];

/** @param {Uint8Array} message */
function signer(message) {
  const digest = signingHash(message.subarray(SIGNATURE), CHAIN_ID);
  const recovered = Buffer.concat([message.subarray(64, 65), message.subarray(0, 64)]);
  const point = secp256k1.recoverPublicKey(recovered, digest, { prehash: false });
  return addressOf(secp256k1.Point.fromBytes(point).toBytes(false));
}

/** @param {Uint8Array} gossiped */
async function check(gossiped) {
  const message = Buffer.from(SnappyJS.uncompress(gossiped));
  const payload = payloads[VERSION - 1].deserialize(message.subarray(SIGNATURE + ROOT));
  const header = await headerOf(payload, VERSION, message.subarray(SIGNATURE, SIGNATURE + ROOT));
  must(Buffer.compare(signer(message), signerOf()) === 0, 'the peer finds another signer');
  must(Buffer.compare(keccak(header), payload.blockHash) === 0, 'the peer finds another hash');
}

export async function envelopeCheck() {
  const made = await envelope('isthmus', { transactions: someTransactions(100) });
  const gossiped = compress(made.message);
  const chain = new Uint8Array(new BigUint64Array([CHAIN_ID]).buffer);
  return {
    inputs: { 'envelope.message': gossiped, 'envelope.rules': Buffer.concat([chain, signerOf()]) },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows({ native, bench }) {
      for (const door of [native, bench]) {
        must((await door.answer('envelope_check')).startsWith(made.hash.toString('hex')), 'the message is of another block');
      }
      const by = (/** @type {import('./doors.mjs').Worker} */ door) => batchOf((count) => door.run('envelope_check', count));
      return [{
        id: 'envelope_check',
        native: await by(native),
        wasm: await by(bench),
        peers: {
          'noble, mpt, ssz, snappyjs': await batchOf(timed(() => check(gossiped))),
          '@noble/curves, signer alone': await batchOf(timed(() => void signer(made.message))),
        },
        targets: [
          { text: 'wasm at most a tenth of the libraries together', met: ({ wasm: own, peers }) => own <= peers['noble, mpt, ssz, snappyjs'] / 10 },
        ],
      }];
    },
  };
}
