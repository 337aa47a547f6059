// SPDX-License-Identifier: MIT
// Each situation of a game is really there, by what the contracts say of it themselves.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { toFunctionSelector } from 'viem';
import { noAnvil } from './anvil.mjs';
import { VARIANTS, startDevnet } from './devnet.mjs';
import { SITUATIONS, STATUS } from './games.mjs';
import { outputRootOf } from './output.mjs';
import { GAME_TYPES } from './system.mjs';

/** @type {(() => Promise<unknown>)[]} */
const endings = [];
after(() => Promise.all(endings.map((end) => end())));

/** @typedef {import('./devnet.mjs').Devnet & ReturnType<typeof import('./games.mjs').gamesOf>} Net */

/** @param {string} variant @returns {Promise<Net>} */
async function devnet(variant) {
  const net = await startDevnet({ variant });
  endings.push(net.close);
  return /** @type {any} */ (net);
}

const RESOLVED = ['defender-won', 'anchor', 'in-air-gap', 'blacklisted', 'other-type', 'retired', 'type-no-longer-respected', 'paused'];

/** @param {Net} net @param {string} name @param {import('./games.mjs').Game} game */
async function checkGame(net, name, game) {
  const { l1, contracts: { disputeGameFactory: factory, superchainConfig, systemConfig } } = net;
  const view = net.gameAt(game.address);
  assert.equal(await view.read('rootClaim'), game.rootClaim);
  assert.equal(await view.read('l2BlockNumber'), BigInt(game.l2Block));
  assert.equal(game.output.number, game.l2Block);
  assert.equal(outputRootOf(game.output), game.output.root);
  const block = await net.l2.block(game.l2Block);
  assert.equal(block.hash, game.output.latestBlockhash);
  assert.ok(Number(block.timestamp) < (await view.read('createdAt')), 'the block was there before the game');

  const status = RESOLVED.includes(name) ? STATUS.DEFENDER_WINS : name === 'challenger-won' ? STATUS.CHALLENGER_WINS : STATUS.IN_PROGRESS;
  assert.equal(await view.read('status'), status);
  const [type, , address] = await factory.read('gameAtIndex', [BigInt(game.index)]).catch(() => []);
  if (name === 'other-factory') assert.notEqual(address, game.address);
  else assert.deepEqual([type, address], [game.type, game.address]);
  const isTrue = !['other-block', 'number-challenged', 'invented'].includes(name);
  assert.equal(game.rootClaim === game.output.root, isTrue);
  if (view.has('l2BlockNumberChallenged')) assert.equal(await view.read('l2BlockNumberChallenged'), name === 'number-challenged');
  if (name === 'other-block' || name === 'number-challenged') assert.equal(game.rootClaim, (await net.outputAt(game.l2Block - 1)).root);

  const delay = await net.contracts.optimismPortal.read('disputeGameFinalityDelaySeconds');
  const age = BigInt(await l1.time()) - (await view.read('resolvedAt'));
  if (name === 'in-air-gap') assert.ok(age <= delay);
  else if (status !== STATUS.IN_PROGRESS) assert.ok(age > delay);

  const { judge } = net;
  assert.equal(await judge.read('disputeGameBlacklist', [game.address]), name === 'blacklisted');
  assert.equal(await judge.read('respectedGameType') === game.type, !['other-type', 'type-no-longer-respected'].includes(name));
  const retired = judge.has('retirementTimestamp')
    ? (await view.read('createdAt')) <= (await judge.read('retirementTimestamp'))
    : (await view.read('createdAt')) < (await judge.read('respectedGameTypeUpdatedAt'));
  // In older releases to set the type is to retire.
  const hasSetType = name === 'type-no-longer-respected' && !judge.has('retirementTimestamp');
  assert.equal(retired, name === 'retired' || hasSetType);
  assert.equal(await (superchainConfig.has('paused') && superchainConfig.abi.find((/** @type {any} */ item) => item.name === 'paused').inputs.length === 0
    ? superchainConfig : systemConfig).read('paused'), name === 'paused');
  // Older registries take a game for their anchor once it is resolved, be it still in the air gap.
  const [anchor] = await net.contracts.anchorStateRegistry.read('anchors', [game.type]);
  const isOld = !judge.has('isGameClaimValid');
  assert.equal(anchor === game.rootClaim, name === 'anchor' || (isOld && RESOLVED.includes(name)));
}

/** What a newer registry says of a game. @param {Net} net @param {string} name @param {import('./games.mjs').Game & { level: string }} game */
async function checkRegistry({ judge, ...net }, name, { address, level }) {
  const is = (/** @type {string} */ what) => judge.read(`isGame${what}`, [address]);
  assert.equal(await is('ClaimValid'), level === 'finalized');
  assert.equal(await is('Registered'), name !== 'other-factory');
  assert.equal(await is('Respected'), name !== 'other-type');
  assert.equal(await is('Blacklisted'), name === 'blacklisted');
  assert.equal(await is('Retired'), name === 'retired');
  assert.equal(await is('Resolved'), RESOLVED.includes(name) || name === 'challenger-won');
  assert.equal(await is('Finalized'), (RESOLVED.includes(name) && name !== 'in-air-gap') || name === 'challenger-won');
  assert.equal(await is('Proper'), !['other-factory', 'blacklisted', 'retired', 'paused'].includes(name));
  assert.equal(await net.gameAt(address).read('wasRespectedGameTypeWhenCreated'), name !== 'other-type');
}

for (const variant of VARIANTS.filter((name) => name.startsWith('games'))) {
  for (const name of Object.keys(SITUATIONS)) {
    if (name === 'number-challenged' && variant === 'games-0.17.2') continue; // its games know no such challenge
    test(`${variant}: ${name}`, { skip: noAnvil }, async () => {
      const net = await devnet(variant);
      assert.ok(net.situations.includes(name));
      const game = await net.make(name);
      await checkGame(net, name, game);
      if (net.judge.has('isGameClaimValid')) await checkRegistry(net, name, game);
      await net.close();
    });
  }

  test(`${variant}: games of each type`, { skip: noAnvil }, async () => {
    const net = await devnet(variant);
    for (const type of Object.values(GAME_TYPES)) {
      const game = await net.propose({ type });
      assert.equal(await net.gameAt(game.address).read('gameType'), type);
    }
    await net.close();
  });

  test(`${variant}: the portal pays a withdrawal only by a good game`, { skip: noAnvil }, async () => {
    const net = await devnet(variant);
    // Newer portals have one reason for all that is wrong with a game, and it is a custom error.
    const isNew = net.judge.has('isGameClaimValid');
    const bad = toFunctionSelector('OptimismPortal_InvalidRootClaim()');
    const young = toFunctionSelector('OptimismPortal_ProofNotOldEnough()');
    const week = () => net.advance(604_801);
    const reasonOf = async (/** @type {(game: import('./games.mjs').Game) => Promise<unknown>} */ between) => {
      const { check } = await net.withdrawBy(between);
      return check().then(() => 'none', (/** @type {Error} */ error) => error.message);
    };
    const finish = async (/** @type {import('./games.mjs').Game} */ game) => {
      await net.resolve(game);
      await week();
    };
    assert.equal(await reasonOf(finish), 'none');
    assert.match(await reasonOf(week), isNew ? RegExp(bad) : /output proposal has not been validated/);
    assert.match(await reasonOf(async () => {}), isNew ? RegExp(young) : /not matured/);
    assert.match(await reasonOf(async (game) => {
      await net.attack(game);
      await finish(game);
    }), isNew ? RegExp(bad) : /output proposal has not been validated/);
    assert.match(await reasonOf(async (game) => {
      await week();
      await net.resolve(game);
    }), isNew ? RegExp(bad) : /air-gap/);
    assert.match(await reasonOf(async (game) => {
      await finish(game);
      await net.blacklist(game.address);
    }), isNew ? RegExp(bad) : /blacklisted/);
    assert.match(await reasonOf(async (game) => {
      await finish(game);
      await net.retire();
    }), isNew ? RegExp(bad) : /before respected game type was updated/);
    await net.close();
  });
}
