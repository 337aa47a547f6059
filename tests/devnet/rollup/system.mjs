// SPDX-License-Identifier: MIT
// The contracts of one rollup on its L1: an output oracle, or dispute games, of one release.
import { hasArtifact } from './artifacts.mjs';
import { deploy, installerOf } from './contracts.mjs';

/** What the contracts are told, near to what chains on mainnet have; seconds. */
export const TERMS = {
  proofMaturityDelay: 604_800,
  gameFinalityDelay: 302_400,
  maxClock: 302_400,
  clockExtension: 10_800,
  finalizationPeriod: 604_800,
  submissionInterval: 10, // blocks, for a devnet makes them one by one
  l2BlockTime: 2,
  initBond: 80_000_000_000_000_000n,
};

/** Games that there are implementations of; the first is respected in the beginning. */
export const GAME_TYPES = { CANNON: 0, PERMISSIONED_CANNON: 1, ALPHABET: 255 };

/** That of some program; no game here gets as far as to look at it. */
export const ABSOLUTE_PRESTATE = '0x03c7ae758795765c6664a5d39bf63841c71ff191e9189522bad8ebff5d4eca98';

const RESOURCES = {
  maxResourceLimit: 20_000_000,
  elasticityMultiplier: 10,
  baseFeeMaxChangeDenominator: 8,
  minimumBaseFee: 1_000_000_000,
  systemTxMaxGas: 1_000_000,
  maximumBaseFee: 2n ** 128n - 1n,
};
const NONE = '0x0000000000000000000000000000000000000000';
const word = (/** @type {bigint | number | string} */ value) =>
  /** @type {`0x${string}`} */ (`0x${BigInt(value).toString(16).padStart(64, '0')}`);

/**
 * @typedef {import('./anvil.mjs').Anvil} Anvil
 * @typedef {`0x${string}`} Hex
 * @typedef {Record<'owner' | 'guardian' | 'proposer' | 'challenger' | 'sequencer' | 'batcher' | 'stranger', Hex>} Roles
 * @typedef {import('./contracts.mjs').Contract & { implementation?: Hex }} Installed
 * @typedef {Record<string, Installed>} System contracts by name, in lower camel case
 */

/**
 * What both kinds of rollup have.
 * @param {Roles} roles @param {import('./contracts.mjs').Installer} installer
 * @param {Record<'systemConfig' | 'superchainConfig', import('./contracts.mjs').Contract>} proxies
 * @param {Record<string, Hex>} addresses of the rollup's contracts, by the names that SystemConfig has for them
 * @param {number} l2ChainId
 */
async function installCommon(roles, { install }, proxies, addresses, l2ChainId) {
  const superchainConfig = await install(proxies.superchainConfig, 'SuperchainConfig', { guardian: roles.guardian, paused: false });
  const systemConfig = await install(proxies.systemConfig, 'SystemConfig', {
    owner: roles.owner,
    overhead: 188n,
    scalar: 684_000n,
    basefeeScalar: 1368,
    blobbasefeeScalar: 810_949,
    batcherHash: word(roles.batcher),
    gasLimit: 60_000_000n,
    unsafeBlockSigner: NONE, // set below by the owner, as it is changed on a real chain
    config: RESOURCES,
    batchInbox: '0xff00000000000000000000000000000000001612',
    addresses: {
      l1CrossDomainMessenger: NONE, l1ERC721Bridge: NONE, l1StandardBridge: NONE, optimismMintableERC20Factory: NONE,
      disputeGameFactory: NONE, l2OutputOracle: NONE, gasPayingToken: NONE, ...addresses,
    },
    l2ChainId: BigInt(l2ChainId),
    superchainConfig: superchainConfig.address,
  });
  await systemConfig.send(roles.owner, 'setUnsafeBlockSigner', [roles.sequencer]);
  return { superchainConfig, systemConfig };
}

/** An ERC-20 to pay gas with, which the owner mints. @param {Anvil} l1 @param {string} release @param {Hex} owner */
const deployToken = (l1, release, owner) => deploy(l1, owner, release, 'OptimismMintableERC20',
  { bridge: owner, remoteToken: NONE, name: 'Devnet Gas', symbol: 'DVN', decimals: 18 });

/**
 * @param {Anvil} l1 @param {string} release @param {Roles} roles
 * @param {{ time: number, l2ChainId: number, withToken?: boolean }} start when the L2 began; whether its gas is paid with an ERC-20
 * @returns {Promise<System>}
 */
export async function deployOracle(l1, release, roles, { time, l2ChainId, withToken }) {
  const { owner, proposer, challenger } = roles;
  const installer = await installerOf(l1, owner, release);
  const { proxy, install } = installer;
  const proxies = { systemConfig: await proxy(), superchainConfig: await proxy(), oracle: await proxy(), portal: await proxy() };
  const gasToken = withToken ? await deployToken(l1, release, owner) : undefined;
  const addresses = {
    l2OutputOracle: proxies.oracle.address, optimismPortal: proxies.portal.address, ...gasToken && { gasPayingToken: gasToken.address },
  };
  // It is told of the token by SystemConfig, and so is there before.
  const optimismPortal = await install(proxies.portal, 'OptimismPortal', {
    l2Oracle: proxies.oracle.address,
    systemConfig: proxies.systemConfig.address,
    superchainConfig: proxies.superchainConfig.address,
  });
  const common = await installCommon(roles, installer, proxies, addresses, l2ChainId);
  const l2OutputOracle = await install(proxies.oracle, 'L2OutputOracle', {
    submissionInterval: BigInt(TERMS.submissionInterval),
    l2BlockTime: BigInt(TERMS.l2BlockTime),
    startingBlockNumber: 0n,
    startingTimestamp: BigInt(time),
    proposer,
    challenger,
    finalizationPeriodSeconds: BigInt(TERMS.finalizationPeriod),
  });
  return { ...common, l2OutputOracle, optimismPortal, ...gasToken && { gasToken } };
}

/**
 * @param {Anvil} l1 @param {string} release @param {Roles} roles
 * @param {{ anchor: { root: Hex, number: number }, l2ChainId: number }} start the output that games start from
 * @returns {Promise<System>}
 */
export async function deployGames(l1, release, roles, { anchor, l2ChainId }) {
  const { owner } = roles;
  const installer = await installerOf(l1, owner, release);
  const { proxy, install } = installer;
  const proxies = {
    systemConfig: await proxy(), superchainConfig: await proxy(), factory: await proxy(), portal: await proxy(),
    registry: await proxy(), weth: await proxy(), ...hasArtifact(release, 'ETHLockbox') && { lockbox: await proxy() },
  };
  const addresses = { disputeGameFactory: proxies.factory.address, optimismPortal: proxies.portal.address };
  const common = await installCommon(roles, installer, proxies, addresses, l2ChainId);
  const disputeGameFactory = await install(proxies.factory, 'DisputeGameFactory', { owner });
  const shared = {
    systemConfig: common.systemConfig.address,
    superchainConfig: common.superchainConfig.address,
    disputeGameFactory: proxies.factory.address,
    anchorStateRegistry: proxies.registry.address,
  };
  const respected = { initialRespectedGameType: GAME_TYPES.CANNON };
  const optimismPortal = await install(proxies.portal, 'OptimismPortal2', { ...shared, ...respected, ethLockbox: proxies.lockbox?.address }, {
    proofMaturityDelaySeconds: BigInt(TERMS.proofMaturityDelay),
    disputeGameFinalityDelaySeconds: BigInt(TERMS.gameFinalityDelay),
    ...respected,
  });
  // Older registries have an anchor for each type of game, newer ones have one.
  const number = BigInt(anchor.number);
  const outputRoot = { root: anchor.root, l2BlockNumber: number };
  const anchorStateRegistry = await install(proxies.registry, 'AnchorStateRegistry', {
    ...shared,
    startingAnchorRoots: Object.values(GAME_TYPES).map((gameType) => ({ gameType, outputRoot })),
    startingAnchorRoot: { root: anchor.root, l2SequenceNumber: number },
    startingRespectedGameType: GAME_TYPES.CANNON,
  }, { ...shared, disputeGameFinalityDelaySeconds: BigInt(TERMS.gameFinalityDelay) });
  const delayedWETH = await install(proxies.weth, 'DelayedWETH', { ...shared, owner, config: shared.superchainConfig },
    { delay: BigInt(TERMS.proofMaturityDelay) });
  const ethLockbox = proxies.lockbox
    && await install(proxies.lockbox, 'ETHLockbox', { systemConfig: shared.systemConfig, portals: [proxies.portal.address] });
  const system = { ...common, disputeGameFactory, optimismPortal, anchorStateRegistry, delayedWETH, ...ethLockbox && { ethLockbox } };

  const oracle = await deploy(l1, owner, release, 'PreimageOracle', { minProposalSize: 126_000n, challengePeriod: 86_400n });
  const vm = await deploy(l1, owner, release, 'MIPS', { oracle: oracle.address });
  /** @type {Installed[]} */
  const games = [];
  for (const gameType of Object.values(GAME_TYPES)) {
    const isPermissioned = gameType === GAME_TYPES.PERMISSIONED_CANNON;
    const values = {
      gameType,
      absolutePrestate: ABSOLUTE_PRESTATE,
      maxGameDepth: 73n,
      splitDepth: 30n,
      gameDuration: BigInt(2 * TERMS.maxClock),
      clockExtension: BigInt(TERMS.clockExtension),
      maxClockDuration: BigInt(TERMS.maxClock),
      vm: vm.address,
      weth: delayedWETH.address,
      anchorStateRegistry: anchorStateRegistry.address,
      l2ChainId: BigInt(l2ChainId),
      proposer: roles.proposer,
      challenger: roles.challenger,
    };
    const name = isPermissioned ? 'PermissionedDisputeGame' : 'FaultDisputeGame';
    const game = await deploy(l1, owner, release, name, { ...values, params: values });
    await disputeGameFactory.send(owner, 'setImplementation', [gameType, game.address]);
    await disputeGameFactory.send(owner, 'setInitBond', [gameType, TERMS.initBond]);
    games.push(game);
  }
  return { ...system, faultDisputeGame: games[0], permissionedDisputeGame: games[1], vm };
}

/** What the superchain's guardian does in an emergency. @param {System} contracts @param {Roles} roles */
export function pauseAll({ superchainConfig }, { guardian }) {
  const [{ type }] = superchainConfig.abi.find(({ name }) => name === 'pause').inputs;
  return superchainConfig.send(guardian, 'pause', [type === 'address' ? NONE : 'devnet']); // no address: all chains
}
