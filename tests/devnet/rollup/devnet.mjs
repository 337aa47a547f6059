// SPDX-License-Identifier: MIT
// A rollup of real parts on this machine: an L1 and an L2, the OP Stack's contracts, a proposer, a sequencer that
// signs its blocks, and a beacon chain whose blocks are those of the L1.
import { hex } from '../beacon/random.mjs';
import { Chain } from '../beacon/chain.mjs';
import { LiveExecution } from '../beacon/execution.mjs';
import { startServer } from '../beacon/server.mjs';
import { PRESETS } from '../beacon/types.mjs';
import { concat, keccak256, pad, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { quantity, startAnvil } from './anvil.mjs';
import { RELEASES, artifactOf, hasArtifact } from './artifacts.mjs';
import { contractAt } from './contracts.mjs';
import { MESSAGE_PASSER, outputAt } from './output.mjs';
import { startSequencer } from './sequencer.mjs';
import { SITUATIONS as OF_GAMES, gamesOf } from './games.mjs';
import { SITUATIONS as OF_PROPOSALS, oracleOf } from './oracle.mjs';
import { TERMS, deployGames, deployOracle, pauseAll } from './system.mjs';

export const L1_CHAIN_ID = 900;
export const L2_CHAIN_ID = 1612;
export const VARIANTS = RELEASES.flatMap((release) =>
  [['oracle', 'L2OutputOracle'], ['games', 'DisputeGameFactory']]
    .filter(([, contract]) => hasArtifact(release, contract))
    .map(([kind]) => `${kind}-${release}`));

/** The forks that the L2 can be of, and the version of the sequencer's envelopes in each. @type {Record<string, 3 | 4>} */
export const L2_FORKS = { ecotone: 3, isthmus: 4 };

const DAY = 86_400;
const LATELY = 2400; // seconds; some of it goes to the blocks of a situation
const MNEMONIC = 'test test test test test test test test test test test junk'; // anvil's own
const ROLES = /** @type {const} */ (['owner', 'guardian', 'proposer', 'challenger', 'sequencer', 'batcher', 'stranger']);

/** @typedef {`0x${string}`} Hex */
/** @typedef {Awaited<ReturnType<typeof startDevnet>>} Devnet */

function keysOfRoles() {
  const keys = ROLES.map((role, addressIndex) => {
    const account = mnemonicToAccount(MNEMONIC, { addressIndex });
    return [role, { address: account.address, key: toHex(/** @type {Uint8Array} */ (account.getHdKey().privateKey)) }];
  });
  return /** @type {Record<typeof ROLES[number], { address: Hex, key: Hex }>} */ (Object.fromEntries(keys));
}

/**
 * The chains' time: both begin `days` ago, are moved on from there, and come to the present at last.
 * @param {import('./anvil.mjs').Anvil} l1 @param {import('./anvil.mjs').Anvil} l2
 */
function timeOf(l1, l2) {
  let isPresent = false;
  const newest = async () => Math.max(await l1.time(), await l2.time());
  return {
    isPresent: () => isPresent,
    /** The time of the L1 while it is in the past, then that of the machine. */
    now: async () => (isPresent ? Date.now() / 1000 : l1.time()),
    /** Both chains, each with a block. @param {number} seconds */
    async advance(seconds) {
      const to = (await newest()) + seconds;
      if (to > Date.now() / 1000) throw new Error('that is in the future: begin with more days');
      await l2.mineAt(to);
      await l1.mineAt(to);
    },
    /** As near to now as this, in one leap. @param {number} seconds before now */
    async approach(seconds) {
      await this.advance(Math.floor(Date.now() / 1000) - seconds - (await newest()));
    },
    /** To now, with some seconds for the blocks of the next moments. */
    async present() {
      if (isPresent) return;
      const now = Math.floor(Date.now() / 1000);
      await l1.mineAt(now - 30);
      await l2.mineAt(now - 15);
      isPresent = true;
    },
    /** L2 blocks with nothing in them. @param {number} count */
    async mineL2(count) {
      await l2.ask('anvil_mine', quantity(count), quantity(isPresent ? 1 : TERMS.l2BlockTime));
    },
    /** The L1 must be after the L2 when it is told of a block, and after a given time. @param {number} [seconds] since 1970 */
    async catchUp(seconds = 0) {
      const to = Math.max(await l2.time(), seconds) + 1;
      if (to > (await l1.time())) await l1.mineAt(to);
    },
  };
}

/** Which L1 block a slot commits to: the last that is not younger. @param {import('./anvil.mjs').Anvil} l1 @param {(slot: number) => number} timeOfSlot */
function blockOfSlot(l1, timeOfSlot) {
  /** @type {Map<number, number>} */
  const times = new Map();
  const timeAt = async (/** @type {number} */ number) => {
    if (!times.has(number)) times.set(number, Number((await l1.block(number)).timestamp));
    return /** @type {number} */ (times.get(number));
  };
  return async (/** @type {number} */ slot, /** @type {number} */ latest) => {
    let [low, high] = [0, latest];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((await timeAt(middle)) <= timeOfSlot(slot)) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}

/**
 * @param {object} [options]
 * @param {string} [options.variant] one of VARIANTS
 * @param {string} [options.l2Fork] one of L2_FORKS
 * @param {number} [options.days] how long ago both chains begin; as much can be spent by `advance`
 * @param {import('../beacon/types.mjs').PresetName} [options.preset] of the beacon chain
 * @param {string} [options.sequencerLie] one of the sequencer's LIES
 * @param {string} [options.beaconLie] one of the beacon server's LIE_NAMES
 * @param {boolean} [options.gasToken] of `oracle-0.17.3`: gas on the L2 is paid with an ERC-20 of the L1
 */
export async function startDevnet({
  variant = 'games-0.17.3', l2Fork = 'ecotone', days = 200, preset = 'mainnet', sequencerLie, beaconLie, gasToken = false,
} = {}) {
  if (!VARIANTS.includes(variant)) throw new Error(`no such variant: ${variant}`);
  if (!L2_FORKS[l2Fork]) throw new Error(`no such fork of the L2: ${l2Fork}`);
  if (gasToken && variant !== 'oracle-0.17.3') throw new Error(`no gas token in ${variant}`);
  const [kind, release] = variant.split('-');
  const keys = keysOfRoles();
  const roles = /** @type {import('./system.mjs').Roles} */ (Object.fromEntries(ROLES.map((role) => [role, keys[role].address])));
  const began = Math.floor(Date.now() / 1000) - days * DAY;
  /** @type {(() => Promise<unknown>)[]} */
  const closing = [];
  const close = async () => {
    await Promise.all(closing.splice(0).map((end) => end()));
  };

  try {
    const start = ['--timestamp', String(began), '--mnemonic', MNEMONIC];
    const [l1, l2] = await Promise.all([
      startAnvil(['--chain-id', String(L1_CHAIN_ID), ...start]),
      startAnvil(['--chain-id', String(L2_CHAIN_ID), '--network', 'optimism', '--hardfork', l2Fork, ...start]),
    ]);
    closing.push(l1.close, l2.close);
    // A rollup's genesis has its predeploys without deploying them; anvil's has none.
    await l2.ask('anvil_setCode', MESSAGE_PASSER, artifactOf(release, 'L2ToL1MessagePasser').runtime);
    await l2.ask('anvil_mine', '0x1');

    const time = timeOf(l1, l2);
    const anchor = await outputAt(l2, 1);
    const contracts = kind === 'oracle'
      ? await deployOracle(l1, release, roles, { time: began, l2ChainId: L2_CHAIN_ID, withToken: gasToken })
      : await deployGames(l1, release, roles, { anchor, l2ChainId: L2_CHAIN_ID });

    const secondsPerSlot = PRESETS[preset].secondsPerSlot;
    const genesisTime = began - DAY; // so that what is finalized at the beginning is after the genesis
    const slotTime = (/** @type {number} */ slot) => genesisTime + slot * secondsPerSlot;
    const follow = blockOfSlot(l1, slotTime);
    let clock = began;
    const beacon = new Chain({
      preset, genesisTime,
      execution: new LiveExecution({ url: l1.url, chainId: L1_CHAIN_ID, follow }),
      clock: () => (time.isPresent() ? Date.now() / 1000 : clock),
    });
    const beaconServer = await startServer({ chain: beacon, lie: beaconLie });
    closing.push(() => beaconServer.close());
    const sequencer = await startSequencer({
      l2, chainId: L2_CHAIN_ID, version: L2_FORKS[l2Fork], key: keys.sequencer.key, stranger: keys.stranger.key, lie: sequencerLie,
    });
    closing.push(sequencer.close);

    const world = { l1, l2, release, roles, contracts, time, withdraw: withdrawOn(l2, l2Fork, roles.stranger) };
    const proposals = kind === 'oracle' ? oracleOf(world) : gamesOf(world);
    const addresses = Object.fromEntries(Object.entries(contracts).map(([name, { address }]) => [name, address]));
    const { systemConfig, superchainConfig, optimismPortal, disputeGameFactory, anchorStateRegistry, l2OutputOracle } = addresses;
    const profile = {
      name: `devnet-${variant}`,
      l2: { chainId: L2_CHAIN_ID, blockTime: TERMS.l2BlockTime },
      l1: { chainId: L1_CHAIN_ID, network: { ...beacon.spec(), ...beacon.genesis() } },
      contracts: { systemConfig, superchainConfig, optimismPortal, disputeGameFactory, anchorStateRegistry, l2OutputOracle },
    };

    return {
      variant, kind, release, l2Fork, keys, contracts, addresses, profile, l1, l2, beacon, beaconServer, sequencer, close,
      ...proposals,
      urls: { l1: l1.url, l2: l2.url, beacon: beaconServer.url, sequencer: sequencer.url },
      advance: time.advance,
      approach: (/** @type {number} */ seconds) => time.approach(seconds),
      present: time.present,
      mineL2: time.mineL2,
      /**
       * Makes a situation so that it is about half an hour old in the present, which has then come: finalized by the beacon
       * chain, and no delay has passed since that is not part of it.
       * @param {string} name
       */
      async makeLately(name) {
        if (!proposals.situations.includes(name)) throw new Error(`no such situation: ${name}`);
        await time.approach((kind === 'oracle' ? OF_PROPOSALS : OF_GAMES)[name].takes + LATELY);
        const made = await proposals.make(name);
        await time.present();
        return made;
      },
      withdraw: world.withdraw,
      pause: () => pauseAll(contracts, roles),
      /** @param {Hex} address */
      setSigner: (address) => contracts.systemConfig.send(roles.owner, 'setUnsafeBlockSigner', [address]),
      /** The output root of an L2 block, with what it is made of. @param {number} number */
      outputAt: (number) => outputAt(l2, number),
      /** The root of the newest finalized beacon block, to start from. @returns {Promise<Hex>} */
      async checkpoint() {
        clock = await time.now();
        return /** @type {Hex} */ (hex(await beacon.root(beacon.finalizedSlotAt(beacon.slotNow()))));
      },
      /** The L1 block that beacon nodes call finalized now. */
      async finalizedL1() {
        clock = await time.now();
        return l1.block(await follow(beacon.finalizedSlotAt(beacon.slotNow()), Number(await l1.ask('eth_blockNumber'))));
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param {import('./anvil.mjs').Anvil} l2 @param {string} fork @param {Hex} from */
function withdrawOn(l2, fork, from) {
  const passer = contractAt(l2, MESSAGE_PASSER, artifactOf('0.17.3', 'L2ToL1MessagePasser').abi);
  /** A withdrawal to an address on the L1, with what proves it at an L2 block. @param {bigint} value */
  return async (value) => {
    // From Isthmus on a header has the passer's storage root, which anvil does not put there once it is not empty.
    if (fork !== 'ecotone') throw new Error('withdrawals need an L2 of the fork ecotone');
    const { transactionHash, blockNumber, logs } = await passer.send(from, 'initiateWithdrawal', [from, 100_000n, '0x'], value);
    const [, nonce] = logs[0].topics;
    const transaction = { nonce: BigInt(nonce), sender: from, target: from, value, gasLimit: 100_000n, data: /** @type {Hex} */ ('0x') };
    const hash = /** @type {Hex} */ (`0x${logs[0].data.slice(2 + 64 * 3, 2 + 64 * 4)}`);
    const slot = keccak256(concat([hash, pad('0x00')])); // of sentMessages[hash]
    return { transaction, transactionHash, hash, slot, block: Number(blockNumber) };
  };
}
