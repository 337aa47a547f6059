// SPDX-License-Identifier: MIT
// From a checkpoint of Ethereum to an account of an L2, through the contracts of a rollup: good games and outputs, and
// bad ones which a server calls the newest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeAbiParameters, toHex } from 'viem';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { http, openledger as ol, sdk } from './support.mjs';

/** @typedef {import('openledger').OpenLedgerError} OpenLedgerError */
/** @typedef {import('openledger').Transport} Transport */

/** Who judges games, if it is not the portal. @param {any} devnet */
const registryOf = ({ release, addresses }) => (release === 'supersim' ? addresses.anchorStateRegistry : 0);

/** What an L1 node would return that calls this proposal the one to look at. @param {any} devnet @param {any} made */
function hintAt(devnet, made) {
  const isGame = devnet.kind === 'games';
  const words = isGame
    ? [BigInt(made.type), BigInt(made.rootClaim), BigInt(made.l2Block), BigInt(made.address), BigInt(registryOf(devnet)), BigInt(made.index)]
    : [BigInt(made.index), BigInt(made.root), 0n, BigInt(made.l2Block)];
  return encodeAbiParameters(words.map(() => ({ type: 'uint256' })), words);
}

/** L1, but for its hints. @param {string} url @param {string} hint @returns {Transport} */
const hinting = (url, hint) => async (want, signal) => {
  if (!want.body.includes('"eth_call"')) return http({ url })(want, signal);
  return JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(want.body).id, result: hint });
};

/** L1, of which the hints are kept. @param {string} url @param {string[]} hints @returns {Transport} */
const listening = (url, hints) => async (want, signal) => {
  const answer = await http({ url })(want, signal);
  if (want.body.includes('"eth_call"')) hints.push(JSON.parse(Buffer.from(/** @type {any} */ (answer)).toString()).result);
  return answer;
};

/** A client that has followed the devnet's L1. @param {import('node:test').TestContext} t @param {any} devnet */
async function clientOf(t, devnet) {
  const { urls, profile } = devnet;
  const sync = ol.sync({ beacon: [urls.beacon], l1: [urls.l1], checkpoint: await devnet.checkpoint(), network: profile });
  t.after(() => sync.close());
  await sync.run();
  /** @param {any} [options] */
  return (options = {}) => ol.client({ endpoints: [urls.l2], l1: [urls.l1], sync, rollup: profile, ...options });
}

/** @param {import('node:test').TestContext} t @param {any} options */
async function devnetOf(t, options) {
  const devnet = await startDevnet(options);
  t.after(() => devnet.close());
  return devnet;
}

const LEVELS = /** @type {const} */ (['proposed', 'finalized']);

/** Why a situation is refused at a level that it does not reach. @type {Record<string, RegExp>} */
const REASONS = {
  'fresh': /game is not final/,
  'in-air-gap': /game is not final/,
  'challenger-won': /game was won by its challenger/,
  'blacklisted': /game is blacklisted/,
  'other-type': /game is of a type that is not respected|game was of a type that was not respected/,
  'retired': /game is retired/,
  'type-no-longer-respected': /game is of a type that is not respected/,
  'other-block': /block is not that of the output root/,
  'number-challenged': /game's L2 block number was disproven/,
  'invented': /block is not that of the output root/,
  'other-factory': /factory has (no|another) game of this output root/,
  'young': /output is not final/,
  'deleted': /oracle has no output of this index/,
};

/** Whose levels the chain itself disproves, and those that it does not look at. */
const UNTRUE = ['other-block', 'invented'];
const NOT_LOOKED_AT = ['paused']; // which stops withdrawals, and says nothing of a root

for (const variant of ['games-0.17.2', 'games-0.17.3', 'games-supersim', 'oracle-0.17.3']) {
  test(`${variant}: an account by the newest output root, and by the newest that is final`, async (t) => {
    const devnet = await devnetOf(t, { variant });
    const final = await devnet.make(devnet.kind === 'games' ? 'defender-won' : 'final');
    await devnet.approach(3 * 3600);
    const newest = await devnet.propose();
    await devnet.present();
    const client = (await clientOf(t, devnet))();
    for (const [trust, { l2Block }] of /** @type {const} */ ([['proposed', newest], ['finalized', final]])) {
      const answer = await client.account({ address: devnet.keys.owner.address, trust });
      assert.equal(answer.trust.level, trust);
      assert.equal(answer.block.number, BigInt(l2Block));
      assert.equal(answer.anchor?.outputRoot, (await devnet.outputAt(l2Block)).root);
      const balance = await devnet.l2.ask('eth_getBalance', devnet.keys.owner.address, `0x${l2Block.toString(16)}`);
      assert.equal(answer.balance, BigInt(balance));
      assert.deepEqual(answer.blame, []);
    }
  });
}

for (const variant of ['games-0.17.3', 'games-supersim', 'oracle-0.17.3']) {
  test(`${variant}: no situation reaches a level that it has not`, async (t) => {
    const { situations } = await devnetOf(t, { variant });
    for (const name of situations.filter((/** @type {string} */ one) => !NOT_LOOKED_AT.includes(one))) {
      const devnet = await startDevnet({ variant });
      try {
        const made = await devnet.makeLately(name);
        const client = (await clientOf(t, devnet))({ l1: [hinting(devnet.urls.l1, hintAt(devnet, made))] });
        for (const trust of LEVELS) {
          const what = `${name} as ${trust}`;
          const reaches = !UNTRUE.includes(name) && (made.level === 'finalized' || made.level === trust);
          const outcome = await client.account({ address: devnet.keys.owner.address, trust })
            .catch((/** @type {OpenLedgerError} */ error) => error);
          if (reaches) {
            assert.ok(!(outcome instanceof Error), `${what}: ${outcome}`);
            assert.equal(outcome.block.number, BigInt(made.l2Block), what);
          } else {
            assert.ok(outcome instanceof sdk.OpenLedgerError, what);
            const notFinal = trust === 'finalized' && made.level === 'proposed';
            assert.match(outcome.message, notFinal ? /is not final/ : REASONS[name], what);
          }
        }
      } finally {
        await devnet.close();
      }
    }
  });
}

for (const variant of ['games-0.17.2', 'games-0.17.3', 'games-supersim']) {
  test(`${variant}: the hint passes over games that are no good`, async (t) => {
    const devnet = await devnetOf(t, { variant });
    const good = await devnet.propose();
    const bad = await devnet.propose();
    await devnet.blacklist(bad.address);
    await devnet.propose({ type: 255 });
    await devnet.present();
    /** @type {string[]} */
    const hints = [];
    const client = (await clientOf(t, devnet))({ l1: [listening(devnet.urls.l1, hints)] });
    const answer = await client.account({ address: devnet.keys.owner.address, trust: 'proposed' });
    assert.equal(answer.block.number, BigInt(good.l2Block));
    assert.deepEqual(answer.blame, []);
    assert.deepEqual(hints, [hintAt(devnet, good)]);
  });
}

for (const name of ['disputeGameFactory', 'optimismPortal', 'anchorStateRegistry', 'faultDisputeGame']) {
  test(`a release of ${name} that is not known is refused, and says so`, async (t) => {
    const devnet = await devnetOf(t, { variant: 'games-supersim' });
    const { implementation, address } = devnet.contracts[name];
    const code = await devnet.l1.ask('eth_getCode', implementation ?? address, 'latest');
    await devnet.l1.ask('anvil_setCode', implementation ?? address, `${code}00`);
    await devnet.propose();
    await devnet.present();
    const client = (await clientOf(t, devnet))();
    await assert.rejects(client.account({ address: devnet.keys.owner.address, trust: 'proposed' }),
      (/** @type {OpenLedgerError} */ { status, reason }) => status === 'mismatch' && reason === 'contract is of an unknown release');
  });
}

for (const variant of ['games-0.17.3', 'games-supersim']) {
  test(`${variant}: a game of another chain is refused`, async (t) => {
    const devnet = await devnetOf(t, { variant });
    const { address } = devnet.contracts.faultDisputeGame;
    const code = await devnet.l1.ask('eth_getCode', address, 'latest');
    const word = (/** @type {number} */ chainId) => toHex(chainId, { size: 32 }).slice(2);
    await devnet.l1.ask('anvil_setCode', address, code.replaceAll(word(devnet.profile.l2.chainId), word(10)));
    await devnet.propose();
    await devnet.present();
    const client = (await clientOf(t, devnet))();
    await assert.rejects(client.account({ address: devnet.keys.owner.address, trust: 'proposed' }),
      (/** @type {OpenLedgerError} */ { reason }) => reason === "game's code is of another chain");
  });
}

test('a hint at another registry, or at none, is a lie', async (t) => {
  for (const [variant, registries] of /** @type {const} */ ([
    ['games-supersim', ['0x0000000000000000000000000000000000000000', '0x4200000000000000000000000000000000000016']],
    ['games-0.17.3', ['0x4200000000000000000000000000000000000016']],
  ])) {
    const devnet = await devnetOf(t, { variant });
    const made = await devnet.propose();
    await devnet.present();
    const open = await clientOf(t, devnet);
    for (const registry of registries) {
      const hint = `${hintAt(devnet, made).slice(0, 2 + 64 * 4)}${registry.slice(2).padStart(64, '0')}${toHex(made.index, { size: 32 }).slice(2)}`;
      const client = open({ l1: [hinting(devnet.urls.l1, hint), devnet.urls.l1] });
      const answer = await client.account({ address: devnet.keys.owner.address, trust: 'proposed' });
      assert.deepEqual(answer.blame.map(({ source, endpoint, error }) => [source, endpoint, error.reason]),
        [['l1', 0, 'portal asks another registry']]);
    }
  }
});

test('a sequencer that shows another chain is blamed', async (t) => {
  const devnet = await devnetOf(t, { variant: 'games-0.17.3' });
  const other = await devnetOf(t, { variant: 'games-0.17.3', days: 100 });
  await devnet.propose();
  await other.mineL2(30);
  await devnet.present();
  const client = (await clientOf(t, devnet))({ endpoints: [other.urls.l2, devnet.urls.l2] });
  const answer = await client.account({ address: devnet.keys.owner.address, trust: 'proposed' });
  assert.deepEqual(answer.blame.map(({ source, endpoint, error }) => [source, endpoint, error.reason]),
    [['l2', 0, 'block is not that of the output root']]);
});
