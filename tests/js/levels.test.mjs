// SPDX-License-Identifier: MIT
// A provider whose blocks are anchored on Ethereum, by the contracts of a rollup: what its tags mean at each level, what
// its answers name, and how many round trips they take.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { encodeAbiParameters } from 'viem';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { after, inWaves, lying, saying, where } from './proxy.mjs';
import { http, openledger as ol, sdk } from './support.mjs';

/** @typedef {import('openledger').Transport} Transport */
/** @typedef {import('openledger').Blame} Blame */

const HOUR = 3600;
const OWNER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const balance = (/** @type {string} */ at) => ({ method: 'eth_getBalance', params: [OWNER, at] });
const block = (/** @type {string} */ at) => ({ method: 'eth_getBlockByNumber', params: [at, false] });
const hex = (/** @type {number} */ number) => `0x${number.toString(16)}`;

/** @param {import('node:test').TestContext} t @param {any} options */
async function devnetOf(t, options) {
  const devnet = await startDevnet(options);
  t.after(() => devnet.close());
  return devnet;
}

/** @param {import('node:test').TestContext} t @param {any} devnet @param {object} [options] */
async function syncOf(t, devnet, options) {
  const { urls, profile } = devnet;
  const sync = ol.sync({ beacon: [urls.beacon], l1: [urls.l1], checkpoint: await devnet.checkpoint(), network: profile, ...options });
  t.after(() => sync.close());
  return sync;
}

/** @param {import('node:test').TestContext} t @param {any} devnet @param {import('openledger').Sync} sync @param {object} [options] */
function providerOf(t, { urls, profile }, sync, options) {
  /** @type {Blame[]} */
  const blames = [];
  const onBlame = (/** @type {Blame} */ blame) => void blames.push(blame);
  const provider = ol.provider({ endpoints: [urls.l2], l1: [urls.l1], sync, rollup: profile, quorum: 1, maxAge: Infinity, onBlame, ...options });
  t.after(() => provider.close());
  return { provider, blames };
}

/** Until L1 is followed to the present, so that what comes then does not look for it. @param {import('openledger').Provider} provider */
async function anchored(provider) {
  while (!(await provider.request({ method: 'openledger_status' })).anchored) await setImmediate();
}

/** @param {Promise<any>} promise @returns {Promise<any>} */
const failure = (promise) => promise.then((value) => assert.fail(`not refused: ${JSON.stringify(value)}`), (error) => {
  assert.ok(error instanceof sdk.ProviderRpcError, String(error));
  return error;
});

for (const variant of ['games-0.17.3', 'oracle-0.17.3']) {
  test(`${variant}: latest, safe and finalized are what L1 says of them`, async (t) => {
    const devnet = await devnetOf(t, { variant });
    await devnet.mineL2(80);
    const final = await devnet.make(devnet.kind === 'games' ? 'defender-won' : 'final');
    await devnet.approach(3 * HOUR);
    const newest = await devnet.propose();
    await devnet.present();
    const sync = await syncOf(t, devnet);
    const head = Number(await devnet.l2.ask('eth_blockNumber'));
    assert.ok(final.l2Block < newest.l2Block && newest.l2Block < head);
    const [F, P] = [['finalized', final.l2Block], ['proposed', newest.l2Block]];
    for (const [trust, tags] of /** @type {[any, Record<string, any>][]} */ ([
      ['quorum', { latest: ['quorum', head], safe: P, finalized: F }],
      ['proposed', { latest: P, safe: P, finalized: F }],
      ['finalized', { latest: F, safe: F, finalized: F }],
    ])) {
      const { provider, blames } = providerOf(t, devnet, sync, { trust });
      await anchored(provider);
      for (const [tag, [level, number]] of Object.entries(tags)) {
        const what = `${tag} of ${trust}`;
        const answer = await provider.verified(balance(tag));
        assert.deepEqual([answer.trust, Number(answer.block.number), Number(answer.head.number)], [level, number, number], what);
        assert.equal(answer.value, await devnet.l2.ask('eth_getBalance', OWNER, hex(number)), what);
        assert.equal(answer.block.hash, (await devnet.l2.block(number)).hash, what);
        assert.equal((await provider.request(block(tag))).hash, answer.block.hash, what);
        if (level === 'quorum') {
          assert.deepEqual([answer.anchor, answer.agreed, answer.asked], [undefined, 1, 1]);
          continue;
        }
        const { outputRoot, game, proposedAt, finalizesAt, l1BlockNumber, l1BlockHash } = answer.anchor;
        assert.equal(outputRoot, (await devnet.outputAt(number)).root, what);
        if (devnet.kind === 'games') assert.equal(game.toLowerCase(), (number === final.l2Block ? final : newest).address.toLowerCase());
        assert.equal(l1BlockHash, (await devnet.l1.block(Number(l1BlockNumber))).hash);
        assert.ok(Number(proposedAt) > 0 && (Number(finalizesAt) === 0 || Number(finalizesAt) > Number(proposedAt)), `${proposedAt} ${finalizesAt}`);
        assert.equal(l1BlockHash, level === 'finalized' ? sync.status.finalized.blockHash : sync.status.optimistic.blockHash);
      }
      // Below what is anchored, by the chain of headers; above it nothing is.
      const top = tags.latest[1];
      const older = await provider.verified(block(hex(top - 10)));
      assert.deepEqual([older.value.hash, Number(older.head.number)], [(await devnet.l2.block(top - 10)).hash, top]);
      assert.equal(await provider.request(block(hex(top + 1))), null);
      assert.equal((await failure(provider.request(balance(hex(top + 1))))).code, -32001);
      // No state of this fork tells older hashes, so it is gone back from parent to parent.
      if (top > 70) assert.match((await failure(provider.request(block(hex(top - 70))))).message, /too far back/);
      assert.equal(Number(await provider.request({ method: 'eth_blockNumber' })), top);
      const status = await provider.request({ method: 'openledger_status' });
      assert.deepEqual([status.trust, status.anchored, status.l1Finalized.hash], [trust, true, sync.status.finalized.blockHash]);
      assert.deepEqual(blames, []);
    }
  });
}

test('a profile may name the endpoints', async (t) => {
  const { urls: { l1, l2, beacon }, ...devnet } = await devnetOf(t, { variant: 'games-0.17.3' });
  const { l2Block } = await devnet.propose();
  await devnet.present();
  const profile = { ...devnet.profile, endpoints: { l2: [l2], l1: [l1], beacon: [beacon] } };
  const sync = ol.sync({ network: profile, checkpoint: await devnet.checkpoint() });
  t.after(() => sync.close());
  const provider = ol.provider({ rollup: profile, sync, trust: 'proposed' });
  t.after(() => provider.close());
  assert.equal(Number(await provider.request({ method: 'eth_blockNumber' })), l2Block);
  await sync.run();
  const { block } = await ol.client({ rollup: profile, sync }).account({ address: OWNER, trust: 'proposed' });
  assert.equal(block.number, BigInt(l2Block));
  assert.equal((await ol.client({ rollup: profile }).account({ address: OWNER, maxAge: Infinity })).trust.level, 'quorum');
  assert.throws(() => ol.client({ rollup: devnet.profile }), /number of endpoints is not 1 to 16/);
});

test('a level above that of a quorum is not answered without L1', async (t) => {
  const devnet = await devnetOf(t, { variant: 'games-0.17.3' });
  const provider = ol.provider({ endpoints: [devnet.urls.l2], trust: 'proposed', maxAge: Infinity });
  t.after(() => provider.close());
  const { code, data } = await failure(provider.request(balance('latest')));
  assert.deepEqual([code, data.reason], [-32002, 'this trust level is out of reach: there is no L1 anchor to prove the block by']);
});

test('what cannot be anchored is an error of those who ask, and of nobody else', async (t) => {
  const devnet = await devnetOf(t, { variant: 'games-0.17.3', preset: 'minimal' });
  await devnet.propose();
  await devnet.present();
  const { urls: { l1 } } = devnet;
  const sync = await syncOf(t, devnet);
  for (const [options, reason] of /** @type {[object, RegExp][]} */ ([
    [{ l1: [] }, /client has no L1 endpoints/],
    [{ rollup: 'op-mainnet' }, /client is of another chain than the rollup/],
    [{ rollup: 'nowhere' }, /is not openledger/],
    [{ sync: await syncOf(t, devnet, { l1: [] }) }, /L1 could not be followed|headers of the L1 blocks are not known/],
    [{ sync: await syncOf(t, devnet, { beacon: ['http://127.0.0.1:1'], l1: [l1] }) }, /L1 could not be followed/],
  ])) {
    const { provider } = providerOf(t, devnet, sync, { trust: 'proposed', ...options });
    for (let i = 0; i < 3; i++) assert.match((await failure(provider.request(balance('latest')))).message, reason);
    // What goes on in the background comes to its end, without a word.
    for (let over = false; !over; await setImmediate()) over = await sync.run().then(() => true, ({ reason }) => reason !== 'this sync is running');
  }
});

test('providers share a sync, and one that is closed still answers what it was asked', async (t) => {
  const devnet = await devnetOf(t, { variant: 'games-0.17.3', preset: 'minimal' });
  const { l2Block } = await devnet.propose();
  await devnet.present();
  const sync = await syncOf(t, devnet);
  const many = [1, 2, 3].map(() => providerOf(t, devnet, sync, { trust: 'proposed' }).provider);
  const answers = many.map((provider) => provider.request({ method: 'eth_blockNumber' }));
  await null; // it is on its way
  many[1].close();
  assert.deepEqual((await Promise.all(answers)).map(Number), [l2Block, l2Block, l2Block]);
});

/** L1, but for its hints. @param {any} devnet @param {any} made what it calls the newest @returns {Transport} */
function hinting({ kind, urls }, made) {
  const words = kind === 'games'
    ? [BigInt(made.type), BigInt(made.rootClaim), BigInt(made.l2Block), BigInt(made.address), 0n, BigInt(made.index)]
    : [BigInt(made.index), BigInt(made.root), 0n, BigInt(made.l2Block)];
  return lying(http({ url: urls.l1 }), 'eth_call', saying(() => encodeAbiParameters(words.map(() => ({ type: 'uint256' })), words)));
}

for (const [situation, reason] of /** @type {[string, RegExp][]} */ ([
  ['challenger-won', /game was won by its challenger/], ['blacklisted', /game is blacklisted/],
])) {
  test(`a game that is ${situation} proves no block`, async (t) => {
    const devnet = await devnetOf(t, { variant: 'games-0.17.3' });
    const made = await devnet.makeLately(situation);
    const sync = await syncOf(t, devnet);
    for (const trust of ['proposed', 'finalized']) {
      const { provider } = providerOf(t, devnet, sync, { trust, l1: [hinting(devnet, made)] });
      for (const tag of ['latest', 'safe', 'finalized']) {
        const { code, message } = await failure(provider.request(balance(tag)));
        assert.equal(code, -32002);
        assert.match(message, reason);
      }
    }
    const { provider } = providerOf(t, devnet, sync, { l1: [hinting(devnet, made)] });
    assert.match((await failure(provider.request(balance('safe')))).message, reason);
    assert.equal((await provider.verified(balance('latest'))).trust, 'quorum'); // which is no matter of L1
  });
}

test('L1 goes on, and with it what is latest', async (t) => {
  const devnet = await devnetOf(t, { variant: 'games-0.17.3' });
  const first = await devnet.propose();
  await devnet.approach(3 * HOUR);
  let clock = 0;
  const now = () => clock;
  const setClock = async () => {
    await devnet.checkpoint(); // the beacon chain's clock is that of L1 now
    clock = (await devnet.l1.time()) * 1000;
  };
  const sync = await syncOf(t, devnet, { now });
  await setClock();
  const { provider, blames } = providerOf(t, devnet, sync, { trust: 'proposed', now });
  const before = await provider.verified(balance('latest'));
  assert.equal(Number(before.head.number), first.l2Block);

  const second = await devnet.propose();
  assert.equal(Number((await provider.verified(balance('latest'))).head.number), first.l2Block); // until L1 is looked at
  await devnet.approach(2 * HOUR);
  await setClock();
  const later = await provider.verified(balance('latest'));
  assert.equal(Number(later.head.number), second.l2Block);
  assert.ok(Number(later.anchor.l1BlockNumber) > Number(before.anchor.l1BlockNumber));
  assert.equal(later.value, await devnet.l2.ask('eth_getBalance', OWNER, hex(second.l2Block)));
  // What was before is below it.
  assert.equal((await provider.request(block(hex(second.l2Block - 5)))).hash, (await devnet.l2.block(second.l2Block - 5)).hash);
  assert.deepEqual(blames, []);
});

test('a warm balance takes one round trip', async (t) => {
  const devnet = await devnetOf(t, { variant: 'games-0.17.3' });
  await devnet.make('defender-won');
  await devnet.approach(3 * HOUR);
  await devnet.propose();
  await devnet.present();
  const { urls } = devnet;
  const sync = await syncOf(t, devnet);
  for (const [options, most] of /** @type {[any, number][]} */ ([
    [{ trust: 'quorum' }, 2], [{ trust: 'quorum', quorum: 2 }, 2], [{ trust: 'proposed' }, 3], [{ trust: 'finalized' }, 3],
  ])) {
    const { count, transports: [l1, one, other] } = inWaves([http({ url: urls.l1 }), http({ url: urls.l2 }), http({ url: urls.l2 })]);
    const { provider } = providerOf(t, devnet, sync, { l1: [l1], endpoints: [one, other], holdMs: 3_600_000, ...options });
    await anchored(provider);
    assert.equal(count.waves, 0);
    await provider.request(balance('latest'));
    assert.ok(count.waves <= most, `a cold balance at ${options.trust} took ${count.waves} round trips`);
    for (const question of [balance('latest'), { method: 'eth_getTransactionCount', params: [devnet.keys.proposer.address, 'latest'] },
      { method: 'eth_getCode', params: [OWNER, 'latest'] }, block('latest')]) {
      const before = count.waves;
      await provider.request(question);
      assert.equal(count.waves - before, 1, question.method);
    }
    const before = count.waves;
    await Promise.all(Object.values(devnet.keys).map(({ address }) => provider.request({ method: 'eth_getBalance', params: [address, 'latest'] })));
    assert.equal(count.waves - before, 1, 'many at the same time');
  }
});

test('finalized is not answered with another block', async (t) => {
  const devnet = await devnetOf(t, { variant: 'games-0.17.3' });
  const { l2Block } = await devnet.make('defender-won');
  await devnet.approach(3 * HOUR);
  await devnet.mineL2(30);
  await devnet.present();
  const { urls } = devnet;
  const sync = await syncOf(t, devnet);
  const honest = http({ url: urls.l2 });
  const right = await devnet.l2.ask('eth_getBalance', OWNER, hex(l2Block));
  for (const [said, reason] of /** @type {[string, RegExp][]} */ ([
    ['latest', /another number than the one asked/], [hex(l2Block - 1), /another number than the one asked/], [hex(l2Block), /header's fields do not hash to it/],
  ])) {
    // The last is the one that was asked, but for its state.
    const lie = where(({ params }) => params[0] === hex(l2Block), saying(async (_, __, chain) => {
      const shown = await chain('eth_getBlockByNumber', said, false);
      return said === hex(l2Block) ? { ...shown, stateRoot: shown.hash } : shown;
    }));
    const alone = lying(honest, 'eth_getBlockByNumber', lie);
    const refused = providerOf(t, devnet, sync, { trust: 'finalized', endpoints: [alone] });
    await anchored(refused.provider);
    assert.match((await failure(refused.provider.request(balance('finalized')))).message, reason);
    const liar = lying(honest, 'eth_getBlockByNumber', lie);
    const { provider, blames } = providerOf(t, devnet, sync, { trust: 'finalized', endpoints: [liar, after(honest, liar)] });
    await anchored(provider);
    assert.equal(await provider.request(balance('finalized')), right);
    assert.ok(alone.state.told > 0 && liar.state.told > 0);
    assert.deepEqual([...new Set(blames.map(({ source, endpoint }) => `${source} ${endpoint}`))], ['l2 0']);
    assert.match(blames[0].error.reason, reason);
  }
});
