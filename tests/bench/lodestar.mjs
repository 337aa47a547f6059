// SPDX-License-Identifier: MIT
// Another project's light client in JavaScript, whose signatures are verified by native blst.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createBeaconConfig } from '@lodestar/config';
import { genesisData, mainnetChainConfig } from '@lodestar/config/networks';
import { LightclientSpec } from '@lodestar/light-client/spec';
import { ssz } from '@lodestar/types';
import { must } from './measure.mjs';
import { bytesOf } from './recordings.mjs';

const spec = import.meta.resolve('@lodestar/light-client/spec');
const { validateLightClientBootstrap } = await import(new URL('validateLightClientBootstrap.js', spec).href);

/** Its own copy of a package, which is not ours to import by name. @param {string} name @param {string} file */
function itsOwn(name, file) {
  const folders = createRequire(fileURLToPath(spec)).resolve.paths(name) ?? [];
  const path = folders.map((folder) => join(folder, name, file)).find(existsSync);
  must(path, `@lodestar/light-client has no ${name}`);
  return import(pathToFileURL(path).href);
}
const { default: bls } = await itsOwn('@chainsafe/bls', 'lib/index.js');

const config = createBeaconConfig(mainnetChainConfig, bytesOf(genesisData.mainnet.genesisValidatorsRoot));
const { LightClientBootstrap, LightClientUpdate, LightClientFinalityUpdate } = ssz.fulu;

const parsed = (/** @type {Uint8Array} */ bytes) => JSON.parse(Buffer.from(bytes).toString());

/** @param {{ checkpoint: string, bootstrap: Uint8Array, updates: Uint8Array, finality: Uint8Array }} recording in JSON */
export function lodestar({ checkpoint, bootstrap, updates, finality }) {
  must(bls.implementation === 'blst-native', 'blst is not native here');
  const follow = () => {
    const start = LightClientBootstrap.fromJson(parsed(bootstrap).data);
    validateLightClientBootstrap(config, bytesOf(checkpoint), start);
    const client = new LightclientSpec(config, { allowForcedUpdates: false, updateHeadersOnForcedUpdate: false }, start);
    const last = LightClientFinalityUpdate.fromJson(parsed(finality).data);
    for (const { data } of parsed(updates)) client.onUpdate(last.signatureSlot, LightClientUpdate.fromJson(data));
    client.onFinalityUpdate(last.signatureSlot, last);
    return client.store;
  };
  const root = ssz.phase0.BeaconBlockHeader;
  return {
    run: () => void follow(),
    /** Roots of what is finalized and of the optimistic head, in hex. */
    heads() {
      const { finalizedHeader, optimisticHeader } = follow();
      return [finalizedHeader, optimisticHeader].map(({ beacon }) => Buffer.from(root.hashTreeRoot(beacon)).toString('hex'));
    },
  };
}
