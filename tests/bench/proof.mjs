// SPDX-License-Identifier: MIT
import { join } from 'node:path';
import { verifyMerkleProof } from '@ethereumjs/mpt';
import { build, memoryOf, openModule, structOf } from './doors.mjs';
import { batchOf, must, timed } from './measure.mjs';
import { bytesOf, joined, recorded } from './recordings.mjs';

/** One account of mainnet, from bytes to a balance. The module's figure has the copying of the nodes into it. */
export function accountProof() {
  const read = (/** @type {string} */ name) => {
    const json = JSON.parse(recorded(`execution/mainnet-21925176/${name}`).toString());
    return json.result ?? json;
  };
  const proof = read('proof.json');
  const root = bytesOf(read('block.json').stateRoot);
  const address = bytesOf(proof.address);
  /** @type {Uint8Array[]} */
  const nodes = proof.accountProof.map(bytesOf);
  const balance = BigInt(proof.balance);

  /** @param {any} module */
  function moduleVerify(module) {
    const { view, take, put } = memoryOf(module);
    const [error, out, rootAt, addressAt] = [take(structOf('ol_error').size), take(structOf('ol_account').size), take(32), take(20)];
    const slices = take(8 * nodes.length);
    const data = take(nodes.reduce((sum, { length }) => sum + length, 0));
    const balanceAt = out + (structOf('ol_account').fields.find(({ name }) => name === 'balance')?.offset ?? NaN);
    const verify = () => {
      put(rootAt, root);
      put(addressAt, address);
      const memory = new Uint8Array(module.memory.buffer);
      const words = new Uint32Array(module.memory.buffer, slices, 2 * nodes.length);
      let at = data;
      for (let i = 0; i < nodes.length; i++) {
        memory.set(nodes[i], at);
        words[2 * i] = at;
        words[2 * i + 1] = nodes[i].length;
        at += nodes[i].length;
      }
      must(module.ol_account_verify(error, out, rootAt, addressAt, slices, nodes.length) === 0, 'the module refuses the proof');
    };
    verify();
    must(BigInt(`0x${Buffer.from(view(balanceAt, 32)).toString('hex')}`) === balance, 'the module proves another balance');
    return verify;
  }

  return {
    inputs: { 'account.root': root, 'account.address': address, 'account.nodes': joined(nodes) },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows({ native }) {
      const verify = moduleVerify(await openModule(join(build, 'openledger.wasm')));
      must(BigInt(`0x${(await native.answer('account_proof')).slice(64)}`) === balance, 'the native program proves another balance');
      // Key hashing is on, as for any state trie; the hash is the library's own default.
      const peerVerify = () => verifyMerkleProof(address, nodes, { root, useKeyHashing: true });
      const account = Buffer.from(/** @type {Uint8Array} */ (await peerVerify())).toString('hex');
      must(account.includes(balance.toString(16)), 'the peer proves another balance');
      return [{
        id: 'account_proof',
        native: await batchOf((count) => native.run('account_proof', count)),
        wasm: await batchOf(timed(verify)),
        peers: { '@ethereumjs/mpt': await batchOf(timed(peerVerify)) },
        targets: [
          { text: 'native at most 9 us', met: ({ native: own }) => own <= 9 },
          { text: 'wasm at most a tenth of @ethereumjs/mpt', met: ({ wasm: own, peers }) => own <= peers['@ethereumjs/mpt'] / 10 },
        ],
      }];
    },
  };
}
