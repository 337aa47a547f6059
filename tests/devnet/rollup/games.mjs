// SPDX-License-Identifier: MIT
// Proposals as dispute games, how they end, and bad ones by name.
import { encodeAbiParameters, keccak256, parseEventLogs, toHex } from 'viem';
import { contractAt, installerOf } from './contracts.mjs';
import { MESSAGE_PASSER, outputAt, rlpOfHeader } from './output.mjs';
import { GAME_TYPES, TERMS, pauseAll } from './system.mjs';

/**
 * @typedef {`0x${string}`} Hex
 * @typedef {Awaited<ReturnType<typeof outputAt>>} Output
 *
 * @typedef {object} Game
 * @property {Hex} address
 * @property {number} index in the factory's list
 * @property {number} type
 * @property {Hex} rootClaim
 * @property {number} l2Block that it claims to be of
 * @property {Hex} uuid the key in the factory's mapping
 * @property {Output} output the true one of that block
 *
 * @typedef {object} World
 * @property {import('./anvil.mjs').Anvil} l1
 * @property {import('./anvil.mjs').Anvil} l2
 * @property {string} release
 * @property {import('./system.mjs').Roles} roles
 * @property {import('./system.mjs').System} contracts
 * @property {{ advance(seconds: number): Promise<void>, mineL2(count: number): Promise<void>, catchUp(seconds?: number): Promise<void> }} time
 * @property {(value: bigint) => Promise<any>} withdraw
 */

export const STATUS = { IN_PROGRESS: 0, CHALLENGER_WINS: 1, DEFENDER_WINS: 2 };

const RESOLVING = 2 * TERMS.maxClock + 1;
const FINISHING = RESOLVING + TERMS.gameFinalityDelay + 1;

/**
 * The situations, each with what is the matter. `level` is the most that may be said of the game by the contracts
 * alone, or that by release; a claim that is not true of any L2 block is none of theirs to see. `takes` is how many
 * seconds pass while it is made, and some more for its blocks.
 * @typedef {'finalized' | 'proposed' | 'refused'} Level
 * @type {Record<string, { level: Level | Record<string, Level>, takes: number, about: string }>}
 */
export const SITUATIONS = {
  'defender-won': { level: 'finalized', takes: FINISHING, about: 'resolved for the proposer, and the delay after it has passed' },
  'anchor': { level: 'finalized', takes: FINISHING, about: 'as defender-won, and what new games start from' },
  'fresh': { level: 'proposed', takes: 0, about: 'just created' },
  'in-air-gap': { level: 'proposed', takes: RESOLVING, about: 'resolved for the proposer, but the delay after it has not passed' },
  'challenger-won': { level: 'refused', takes: FINISHING, about: 'attacked, unanswered, resolved for the challenger' },
  'blacklisted': { level: 'refused', takes: FINISHING, about: 'as defender-won, and then blacklisted by the guardian' },
  'other-type': { level: 'refused', takes: FINISHING, about: 'as defender-won, but of a type that is not respected' },
  'retired': { level: 'refused', takes: FINISHING, about: 'as defender-won, but from before the guardian retired all games' },
  'type-no-longer-respected': {
    // There a game remembers whether its type was respected when it was created, and that is what counts.
    level: { '0.17.2': 'refused', '0.17.3': 'refused', 'supersim': 'finalized' },
    takes: FINISHING,
    about: 'as defender-won, and then another type is respected',
  },
  'other-block': { level: 'proposed', takes: 0, about: 'the true output root of the block before, claimed for a block; in progress' },
  'number-challenged': { level: 'refused', takes: 0, about: 'as other-block, and its number was disproven; in progress' },
  'invented': { level: 'proposed', takes: 0, about: 'the output root of no block; in progress' },
  'other-factory': {
    level: 'refused',
    takes: 0,
    about: 'a true output root, in a game of another factory with the same implementation; in progress',
  },
  'paused': { level: 'refused', takes: FINISHING, about: 'as defender-won, while the superchain is paused' },
};

/** @param {World} world */
export function gamesOf({ l1, l2, release, roles, contracts, time, withdraw }) {
  const { disputeGameFactory: factory, optimismPortal: portal, anchorStateRegistry: registry, faultDisputeGame: { abi } } = contracts;
  const gameAt = (/** @type {Hex} */ address) => contractAt(l1, address, abi);

  /** @param {{ rootClaim: Hex, l2Block: number, type: number, by: Hex, from?: import('./contracts.mjs').Contract }} claim @returns {Promise<Omit<Game, 'output'>>} */
  async function create({ rootClaim, l2Block, type, by, from = factory }) {
    const extraData = encodeAbiParameters([{ type: 'uint256' }], [BigInt(l2Block)]);
    const value = await from.read('initBonds', [type]);
    const { logs } = await from.send(by, 'create', [type, rootClaim, extraData], value);
    const [{ args }] = parseEventLogs({ abi: from.abi, eventName: 'DisputeGameCreated', logs });
    const index = Number(await from.read('gameCount')) - 1;
    const uuid = await from.read('getGameUUID', [type, rootClaim, extraData]);
    return { address: /** @type {any} */ (args).disputeProxy, index, type, rootClaim, l2Block, uuid };
  }

  /** The true output of a new block, or of a given one. @param {{ type?: number, l2Block?: number }} [options] @returns {Promise<Game>} */
  async function propose({ type = GAME_TYPES.CANNON, l2Block } = {}) {
    if (l2Block === undefined) await time.mineL2(TERMS.submissionInterval);
    const output = await outputAt(l2, l2Block ?? Number(await l2.ask('eth_blockNumber')));
    await time.catchUp();
    return { ...await create({ rootClaim: output.root, l2Block: output.number, type, by: roles.proposer }), output };
  }

  /** Attacks the root claim with an arbitrary one. @param {Game} game */
  async function attack({ address, rootClaim }) {
    const game = gameAt(address);
    const value = await game.read('getRequiredBond', [2n]); // the first position below the root
    const claim = keccak256(toHex('devnet: a challenger\'s claim'));
    await game.send(roles.challenger, 'attack', game.abi.find(({ name }) => name === 'attack').inputs.length === 3
      ? [rootClaim, 0n, claim]
      : [0n, claim], value);
  }

  /** Resolves a game when nobody has moved in time. @param {Game} game */
  async function resolve({ address }) {
    await time.advance(RESOLVING);
    const game = gameAt(address);
    const more = game.abi.find(({ name }) => name === 'resolveClaim').inputs.slice(1).map(() => 0n);
    const claims = Number(await game.read('claimDataLen'));
    for (let index = claims - 1; index >= 0; index--) await game.send(roles.stranger, 'resolveClaim', [BigInt(index), ...more]);
    await game.send(roles.stranger, 'resolve');
  }

  // Newer releases keep in the registry what older ones keep in the portal.
  const judge = registry.has('isGameClaimValid') ? registry : portal;
  const airGap = async () => time.advance(Number(await portal.read('disputeGameFinalityDelaySeconds')) + 1);
  const respect = (/** @type {number} */ type) => judge.send(roles.guardian, 'setRespectedGameType', [type]);
  const blacklist = (/** @type {Hex} */ address) => judge.send(roles.guardian, 'blacklistDisputeGame', [address]);
  /** All games until now. */
  const retire = async () => (judge.has('updateRetirementTimestamp')
    ? judge.send(roles.guardian, 'updateRetirementTimestamp')
    : respect(await judge.read('respectedGameType')));

  /** @param {{ type?: number }} [options] */
  async function finished(options) {
    const game = await propose(options);
    await resolve(game);
    await airGap();
    return game;
  }

  /** @param {(game: Game) => Promise<unknown>} after */
  async function finishedAnd(after) {
    const game = await finished();
    await after(game);
    return game;
  }

  /** Older games tell the registry when they are resolved, newer ones when they are closed. @param {Game} game */
  async function anchorAt({ address }) {
    const game = gameAt(address);
    if (game.has('closeGame')) await game.send(roles.stranger, 'closeGame');
  }

  async function inOtherFactory() {
    const { owner } = roles;
    const { proxy, install } = await installerOf(l1, owner, release);
    const other = await install(await proxy(), 'DisputeGameFactory', { owner });
    const type = GAME_TYPES.CANNON;
    await other.send(owner, 'setImplementation', [type, await factory.read('gameImpls', [type])]);
    await time.mineL2(1);
    await time.catchUp();
    const output = await outputAt(l2, Number(await l2.ask('eth_blockNumber')));
    return { ...await create({ rootClaim: output.root, l2Block: output.number, type, by: roles.proposer, from: other }), output };
  }

  /** @param {(l2Block: number) => Promise<Hex>} claimOf */
  async function claimed(claimOf) {
    await time.mineL2(TERMS.submissionInterval);
    await time.catchUp();
    const output = await outputAt(l2, Number(await l2.ask('eth_blockNumber')));
    const rootClaim = await claimOf(output.number);
    return { ...await create({ rootClaim, l2Block: output.number, type: GAME_TYPES.CANNON, by: roles.proposer }), output };
  }

  const ofOtherBlock = () => claimed(async (number) => (await outputAt(l2, number - 1)).root);

  /** @type {Record<string, () => Promise<Game>>} */
  const makers = {
    'defender-won': () => finished(),
    'fresh': () => propose(),
    'anchor': () => finishedAnd(anchorAt),
    'in-air-gap': async () => {
      const game = await propose();
      await resolve(game);
      return game;
    },
    'challenger-won': async () => {
      const game = await propose();
      await attack(game);
      await resolve(game);
      await airGap();
      return game;
    },
    'blacklisted': () => finishedAnd(({ address }) => blacklist(address)),
    'other-type': () => finished({ type: GAME_TYPES.ALPHABET }),
    'retired': () => finishedAnd(retire),
    'type-no-longer-respected': () => finishedAnd(() => respect(GAME_TYPES.PERMISSIONED_CANNON)),
    'other-block': ofOtherBlock,
    'number-challenged': async () => {
      const game = await ofOtherBlock();
      const before = game.l2Block - 1;
      const { version, stateRoot, messagePasserStorageRoot, latestBlockhash } = await outputAt(l2, before);
      await gameAt(game.address).send(roles.challenger, 'challengeRootL2Block',
        [{ version, stateRoot, messagePasserStorageRoot, latestBlockhash }, toHex(rlpOfHeader(await l2.block(before)))]);
      return game;
    },
    'invented': () => claimed(async (number) => keccak256(toHex(`devnet: the output of nothing, ${number}`))),
    'other-factory': inOtherFactory,
    'paused': () => finishedAnd(() => pauseAll(contracts, roles)),
  };

  // The oldest games know no such challenge.
  if (!abi.some(({ name }) => name === 'challengeRootL2Block')) delete makers['number-challenged'];

  return {
    situations: Object.keys(makers),
    /** @param {string} name of a situation @returns {Promise<Game & { level: Level }>} the game that it is about */
    async make(name) {
      if (!makers[name]) throw new Error(`no such situation: ${name}`);
      const { level } = SITUATIONS[name];
      return { ...await makers[name](), level: typeof level === 'string' ? level : level[release] };
    },
    propose, attack, resolve, blacklist, respect, retire, gameAt, judge,
    /** A claim of any root, of a new block. @param {Hex} root */
    claim: (root) => claimed(async () => root),
    /** Until what is resolved now may be relied on. */
    passDelay: airGap,
    /**
     * Proves a withdrawal to the portal by a new game, as a user does; `check` then asks the portal whether it may be
     * finalized, and throws the portal's reason if not.
     * @param {(game: Game) => Promise<unknown>} between what happens to the game
     */
    async withdrawBy(between) {
      const { transaction, hash, slot } = await withdraw(1000n);
      const game = await propose();
      const { storageProof } = await l2.ask('eth_getProof', MESSAGE_PASSER, [slot], toHex(game.l2Block));
      const { version, stateRoot, messagePasserStorageRoot, latestBlockhash } = game.output;
      await time.catchUp();
      await time.advance(12); // the portal wants a proof to be younger than its game
      await portal.send(roles.stranger, 'proveWithdrawalTransaction',
        [transaction, BigInt(game.index), { version, stateRoot, messagePasserStorageRoot, latestBlockhash }, storageProof[0].proof]);
      await between(game);
      const submitter = portal.abi.find(({ name }) => name === 'checkWithdrawal').inputs.length === 2 ? [roles.stranger] : [];
      return { game, check: () => portal.read('checkWithdrawal', [hash, ...submitter]) };
    },
  };
}
