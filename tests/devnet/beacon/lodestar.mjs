// SPDX-License-Identifier: MIT
// Another project's light client, to judge what the simulator says. It knows the forks up to Fulu.
import { createBeaconConfig, defaultChainConfig } from '@lodestar/config';
import { LightclientSpec } from '@lodestar/light-client/spec';
import { toBytes } from './chain.mjs';
import { FORKS } from './types.mjs';

const validator = new URL('validateLightClientBootstrap.js', import.meta.resolve('@lodestar/light-client/spec'));
const { validateLightClientBootstrap } = await import(validator.href);

/** @param {{ schedule: import('./schedule.mjs').Schedule, genesisValidatorsRoot: Uint8Array }} chain */
export function lodestarConfig({ schedule, genesisValidatorsRoot }) {
  const forks = FORKS.slice(1).flatMap((fork) => [
    [`${fork.toUpperCase()}_FORK_EPOCH`, schedule.epochs[fork]],
    [`${fork.toUpperCase()}_FORK_VERSION`, schedule.versions[fork]],
  ]);
  const genesis = {
    GENESIS_FORK_VERSION: schedule.versions.phase0,
    BLOB_SCHEDULE: schedule.blobSchedule.map(({ epoch, maxBlobs }) => ({ EPOCH: epoch, MAX_BLOBS_PER_BLOCK: maxBlobs })),
  };
  return createBeaconConfig({ ...defaultChainConfig, ...genesis, ...Object.fromEntries(forks) }, genesisValidatorsRoot);
}

/** A client started at the block of that slot. @param {import('./chain.mjs').Chain} chain @param {number} slot */
export async function lodestar(chain, slot) {
  const config = lodestarConfig(chain);
  const bootstrap = await chain.bootstrap(slot);
  const received = bootstrap.type.deserialize(toBytes(bootstrap));
  validateLightClientBootstrap(config, await chain.root(slot), received);
  return new LightclientSpec(config, { allowForcedUpdates: false, updateHeadersOnForcedUpdate: false }, received);
}
