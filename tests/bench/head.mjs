// SPDX-License-Identifier: MIT
// A head that mainnet's committee signed, and an account under its state root. A block's sync aggregate signs its
// parent; of the two recorded blocks an optimistic update is made, by an independent library.
import { ssz } from '@lodestar/types';
import { headerOf } from './blocks.mjs';
import { colibri } from './colibri.mjs';
import { batchOf, must } from './measure.mjs';
import { bytesOf, joined, recorded, timeOf, trust } from './recordings.mjs';

const of = (/** @type {string} */ name) => recorded(`beacon/mainnet-electra/${name}`);
const CHECKPOINT = '0xd9717ecc253684291f828688f311ba74d05af74c31654f6e14077669fca62f6a';
const PROOF = 'eth_getProof_0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48___0x10d6a54a4754c8869d6886b5f5d7fbfa5b452223.json';
const UPDATES = 'updates_period_1421.ssz'; // with the committee of the head's period
const { ExecutionPayloadHeader, SignedBeaconBlock, LightClientOptimisticUpdate } = ssz.electra;

function optimisticUpdate() {
  const [parent, child] = ['parent', 'head'].map((name) => SignedBeaconBlock.deserialize(of(`block_${name}.ssz`)).message);
  const attestedHeader = headerOf(parent);
  const root = ssz.phase0.BeaconBlockHeader.hashTreeRoot(attestedHeader.beacon);
  must(Buffer.compare(root, child.parentRoot) === 0, 'the recorded blocks do not follow each other');
  const payload = ExecutionPayloadHeader.hashTreeRoot(attestedHeader.execution);
  must(Buffer.compare(payload, ssz.electra.ExecutionPayload.hashTreeRoot(parent.body.executionPayload)) === 0, 'the payload has another header');
  return { attestedHeader, syncAggregate: child.body.syncAggregate, signatureSlot: child.slot };
}

/** What Colibri asks for, of what was recorded. @param {import('./colibri.mjs').Request} request */
function answer({ url, payload }) {
  if (payload?.method === 'eth_getProof') return of(PROOF);
  if (url?.endsWith('/blocks/head')) return of('block_head.ssz');
  if (url?.includes('/blocks/0x')) return of('block_parent.ssz');
  if (url?.includes('/bootstrap/')) return of('bootstrap.ssz');
  return url?.includes('/updates?start_period=1421&') ? of(UPDATES) : undefined;
}

export function headAndAccount() {
  const update = optimisticUpdate();
  const proof = JSON.parse(of(PROOF).toString()).result;
  return {
    inputs: {
      'electra.trust': trust(CHECKPOINT, timeOf(update.signatureSlot), 'mainnet'),
      'electra.bootstrap': of('bootstrap.ssz'),
      'electra.updates': of(UPDATES),
      'electra.optimistic': LightClientOptimisticUpdate.serialize(update),
      'electra.address': bytesOf(proof.address),
      'electra.nodes': joined(proof.accountProof.map(bytesOf)),
    },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows({ native, bench }) {
      const peer = await colibri({ checkpoint: CHECKPOINT, address: proof.address, answer });
      const told = (/** @type {{ storageHash: string, balance: string }} */ { storageHash, balance }) => storageHash.slice(2) + BigInt(balance).toString(16).padStart(64, '0');
      must(told(await peer.account()) === told(proof), 'colibri proves another account');
      for (const door of [native, bench]) {
        for (const name of ['head_and_account', 'head_and_account_cold']) must(await door.answer(name) === told(proof), `${name} proves another account`);
      }
      const by = (/** @type {import('./doors.mjs').Worker} */ door, /** @type {string} */ name) => batchOf((count) => door.run(name, count));
      return [{
        id: 'head_and_account',
        native: await by(native, 'head_and_account'),
        wasm: await by(bench, 'head_and_account'),
        peers: { '@corpus-core/colibri-stateless': peer.run },
        also: { 'native, from a checkpoint': await by(native, 'head_and_account_cold'), 'wasm, from a checkpoint': await by(bench, 'head_and_account_cold') },
        targets: [{ text: 'wasm at most 9 ms', met: ({ wasm: own }) => own <= 9000 }],
      }];
    },
  };
}
