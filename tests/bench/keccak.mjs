// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import { createKeccak } from 'hash-wasm';
import { build, memoryOf, openModule } from './doors.mjs';
import { batchOf, must, timed } from './measure.mjs';

/**
 * One permutation. The native figures call the permutation itself; modules export no such thing, so theirs are a
 * hash of 1 MiB divided by its permutations, with the copying of the data into the module, for both alike.
 */
export const keccak = {
  inputs: {},
  /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
  async rows({ native }) {
    const RATE = 136;
    const message = new Uint8Array(1 << 20).map((_, i) => i * 7);
    const permutations = Math.floor(message.length / RATE) + 1;
    const module = await openModule(join(build, 'openledger.wasm'));
    const { view, take, put } = memoryOf(module);
    const [input, out] = [take(message.length), take(32)];
    const hash = () => {
      put(input, message);
      module.ol_keccak256(out, input, message.length);
    };
    const peer = await createKeccak(256);
    const peerHash = () => peer.init().update(message).digest('binary');
    hash();
    must(Buffer.compare(view(out, 32), peerHash()) === 0, 'the module and hash-wasm hash differently');
    must(await native.answer('keccak_own') === await native.answer('keccak_reference'), 'the two native permutations disagree');
    return [{
      id: 'keccak_permutation',
      native: await batchOf((count) => native.run('keccak_own', count)),
      wasm: await batchOf(timed(hash, permutations)),
      peers: {
        c_reference: await batchOf((count) => native.run('keccak_reference', count)),
        'hash-wasm': await batchOf(timed(() => void peerHash(), permutations)),
      },
      targets: [
        { text: 'native within 1.15 x of c_reference', met: ({ native: own, peers }) => own <= 1.15 * peers.c_reference },
        { text: 'wasm at least as fast as hash-wasm', met: ({ wasm: own, peers }) => own <= peers['hash-wasm'] },
      ],
    }];
  },
};
