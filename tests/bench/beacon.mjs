// SPDX-License-Identifier: MIT
// Mainnet from a checkpoint: a bootstrap, the updates and the finality update as a beacon node answered them in JSON.
// And its floor: one pairing check.
import { SecretKey, verify } from '@chainsafe/blst';
import { ssz } from '@lodestar/types';
import { fromPackage } from './doors.mjs';
import { helios } from './helios.mjs';
import { lodestar } from './lodestar.mjs';
import { batchOf, must, timed } from './measure.mjs';
import { framed, recorded, timeOf, trust } from './recordings.mjs';

const CHECKPOINT = '0x9bcb90ec3a294591b77dd2a58e973578715cdc0e6eeeb286bc06dd120057f18b';

function pairing() {
  const secret = SecretKey.fromKeygen(new Uint8Array(32).fill(7));
  const message = new Uint8Array(32).fill(1);
  const [key, signature] = [secret.toPublicKey(), secret.sign(message)];
  return {
    inputs: { 'pairing.message': message, 'pairing.key': key.toBytes(), 'pairing.signature': signature.toBytes() },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row>} */
    async row({ native, bench }) {
      const peer = () => must(verify(message, key, signature), 'blst refuses the signature');
      return {
        id: 'pairing_check',
        native: await batchOf((count) => native.run('pairing_check', count)),
        wasm: await batchOf((count) => bench.run('pairing_check', count)),
        peers: { '@chainsafe/blst': await batchOf(timed(peer)) },
        targets: [],
      };
    },
  };
}

function recording() {
  const [bootstrap, updates, finality] = ['bootstrap', 'updates', 'finality'].map((kind) => recorded(`beacon/mainnet-fulu/lc_${kind}.json`));
  const now = timeOf(Number(JSON.parse(finality.toString()).data.signature_slot));
  return { checkpoint: CHECKPOINT, now, bootstrap, updates, finality };
}

/** The same answers in SSZ. @param {ReturnType<typeof recording>} json */
function inSsz(json) {
  const { LightClientBootstrap, LightClientUpdate, LightClientFinalityUpdate } = ssz.fulu;
  const data = (/** @type {Buffer} */ text) => JSON.parse(text.toString());
  const updates = data(json.updates).map((/** @type {any} */ update) => framed(LightClientUpdate.serialize(LightClientUpdate.fromJson(update.data))));
  return {
    ...json,
    bootstrap: LightClientBootstrap.serialize(LightClientBootstrap.fromJson(data(json.bootstrap).data)),
    updates: Buffer.concat(updates),
    finality: LightClientFinalityUpdate.serialize(LightClientFinalityUpdate.fromJson(data(json.finality).data)),
  };
}

/** @param {string} group @param {ReturnType<typeof inSsz>} answers */
const inputsOf = (group, { checkpoint, now, bootstrap, updates, finality }) => ({
  [`${group}.trust`]: trust(checkpoint, now, 'mainnet'),
  [`${group}.bootstrap`]: bootstrap,
  [`${group}.updates`]: updates,
  [`${group}.finality`]: finality,
});

/** All must come to the heads that the finality update names. @param {any} all */
async function compare({ native, ol, json, binary, peers }) {
  const { attested_header: attested, finalized_header: finalized } = JSON.parse(json.finality.toString()).data;
  const headers = [finalized.beacon, attested.beacon].map((header) => ssz.phase0.BeaconBlockHeader.fromJson(header));
  const roots = headers.map((header) => Buffer.from(ssz.phase0.BeaconBlockHeader.hashTreeRoot(header)).toString('hex'));
  for (const name of ['beacon_sync', 'beacon_sync_ssz']) must(await native.answer(name) === roots.join(''), `the native program's ${name} comes to other heads`);
  for (const answers of [json, binary]) {
    const status = ol.verifySync(answers);
    must([status.finalized, status.optimistic].every(({ root }, i) => root === `0x${roots[i]}`), 'the module comes to other heads');
  }
  must(peers.lodestar.heads().join() === roots.join(), 'lodestar comes to other heads');
  must((await peers.helios.heads()).sort().join() === headers.map(({ slot }) => slot).sort().join(), 'helios comes to other heads');
}

/** @param {import('./measure.mjs').Figures} own @param {(id: string) => import('./measure.mjs').Figures} of */
const toFloor = (own, of) => ({
  'native / pairing_check': own.native / of('pairing_check').native,
  'wasm / pairing_check': own.wasm / of('pairing_check').wasm,
});

export function beacon() {
  const floor = pairing();
  const json = recording();
  const binary = inSsz(json);
  return {
    inputs: { ...floor.inputs, ...inputsOf('fulu', json), ...inputsOf('fulu_ssz', binary) },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows(doors) {
      const { native } = doors;
      const ol = await (await fromPackage('index.mjs')).load();
      const peers = { helios: helios(json), lodestar: lodestar(json) };
      await compare({ native, ol, json, binary, peers });
      return [await floor.row(doors), {
        id: 'beacon_sync',
        native: await batchOf((count) => native.run('beacon_sync', count)),
        wasm: await batchOf(timed(() => void ol.verifySync(json))),
        peers: { '@a16z/helios': peers.helios.run, '@lodestar/light-client': await batchOf(timed(peers.lodestar.run)) },
        also: {
          'native, SSZ': await batchOf((count) => native.run('beacon_sync_ssz', count)),
          'wasm, SSZ': await batchOf(timed(() => void ol.verifySync(binary))),
        },
        ratios: toFloor,
        targets: [
          { text: 'native at most 2.5 ms', met: ({ native: own }) => own <= 2500 },
          { text: 'native at most a fifth of @lodestar/light-client', met: ({ native: own, peers: { '@lodestar/light-client': peer } }) => own <= peer / 5 },
          { text: 'wasm at most 15 ms', met: ({ wasm: own }) => own <= 15000 },
          { text: 'wasm at most 0.4 of @a16z/helios', met: ({ wasm: own, peers: { '@a16z/helios': peer } }) => own <= 0.4 * peer },
        ],
      }];
    },
  };
}
