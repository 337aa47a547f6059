// SPDX-License-Identifier: MIT
// A rollup to ask: the OP Stack's real contracts on a local L1, whose beacon chain is simulated.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevnet } from '../../tests/devnet/rollup/devnet.mjs';

const HOUR_S = 3600;

/** Starts it, with one output root that is final and a newer one that can still be challenged. */
export async function startRollup() {
  const devnet = await startDevnet();
  const final = await devnet.make('defender-won');
  await devnet.approach(3 * HOUR_S);
  const proposed = await devnet.propose();
  await devnet.present();
  const folder = mkdtempSync(join(tmpdir(), 'openledger-demo-'));
  const profileFile = join(folder, 'rollup.json');
  writeFileSync(profileFile, JSON.stringify(devnet.profile));
  return {
    urls: devnet.urls,
    ask: devnet.l2.ask,
    profile: devnet.profile,
    profileFile,
    checkpoint: await devnet.checkpoint(),
    owner: devnet.keys.owner.address,
    /** The block that each level can reach. */
    blocks: { quorum: Number(await devnet.l2.ask('eth_blockNumber')), proposed: proposed.l2Block, finalized: final.l2Block },
    stop: async () => {
      rmSync(folder, { recursive: true });
      await devnet.close();
    },
  };
}
