// SPDX-License-Identifier: MIT
// A rollup to ask: the OP Stack's real contracts on a local L1, whose beacon chain is simulated.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantity } from '../../tests/devnet/rollup/anvil.mjs';
import { L2_FORKS, startDevnet } from '../../tests/devnet/rollup/devnet.mjs';

const HOUR_S = 3600;
const OPEN = 10n ** 18n;

/**
 * Starts it, with one output root that is final and a newer one that can still be challenged; and with blocks that
 * nothing on L1 backs yet, but the sequencer has signed.
 */
export async function startRollup() {
  const devnet = await startDevnet();
  const final = await devnet.make('defender-won');
  const { owner, stranger } = devnet.keys;
  /** So that the owner's balance tells blocks apart. */
  const pay = () => devnet.l2.send({ from: stranger.address, to: owner.address, value: quantity(OPEN) });
  await devnet.approach(3 * HOUR_S);
  await pay();
  const proposed = await devnet.propose();
  await devnet.present();
  await pay();
  const folder = mkdtempSync(join(tmpdir(), 'openledger-demo-'));
  const profileFile = join(folder, 'rollup.json');
  writeFileSync(profileFile, JSON.stringify(devnet.profile));
  const newest = Number(await devnet.l2.ask('eth_blockNumber'));
  return {
    urls: { ...devnet.urls, sequencer: `${devnet.urls.sequencer}/latest` },
    ask: devnet.l2.ask,
    /** @param {number} block @returns {Promise<bigint>} wei of the owner */
    balanceAt: async (block) => BigInt(await devnet.l2.ask('eth_getBalance', owner.address, quantity(block))),
    profile: devnet.profile,
    folder,
    profileFile,
    checkpoint: await devnet.checkpoint(),
    envelopeVersion: L2_FORKS[devnet.l2Fork],
    owner: owner.address,
    /** The block that each level can reach. */
    blocks: { quorum: newest, unsafe: newest, proposed: proposed.l2Block, finalized: final.l2Block },
    /** Ends all its servers; the files are left. */
    stop: devnet.close,
    clear: () => rmSync(folder, { recursive: true }),
  };
}
