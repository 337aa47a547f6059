// SPDX-License-Identifier: MIT
// A provider over a bundle in the place of all servers: what was recorded is answered, at the level that it proves, and
// nothing else; and a provider that records what it is asked.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { pack, unpack } from '../bundle.mjs';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { openledger as command, scratch } from '../host/cli.mjs';
import { openledger as ol, sdk } from './support.mjs';

const file = scratch();
const native = file('native.bundle', '');
const PASSER = '0x4200000000000000000000000000000000000016';
const SLOT = `0x${'00'.repeat(31)}05`;
const LEVELS = /** @type {const} */ (['proposed', 'finalized']);
const balance = (/** @type {string} */ address) => ({ method: 'eth_getBalance', params: [address, 'latest'] });

/** What is left when all servers are gone. @type {any} */
let kept;
/** What is to be closed in the end. @type {{ close(): void }[]} */
const open = [];
after(() => open.forEach((one) => one.close()));

// From here on nothing may leave.
const { fetch } = globalThis;
let fetched = 0;
beforeEach(() => void (fetched = 0));
after(() => void (globalThis.fetch = fetch));

/** What nodes say of the questions that are recorded. @param {any} devnet @param {number} number */
async function truthAt({ l2, keys }, number) {
  const at = `0x${number.toString(16)}`;
  const owner = keys.owner.address;
  return Promise.all([
    ['eth_getBalance', owner], ['eth_getCode', owner], ['eth_getStorageAt', PASSER, SLOT], ['eth_getCode', PASSER], ['eth_getBalance', PASSER],
  ].map(async ([method, ...params]) => ({ method, params, value: await l2.ask(method, ...params, at) })));
}

/** Records by runs, not by a provider. @param {any} devnet @param {string} checkpoint @param {typeof LEVELS[number]} trust */
async function recordedBy({ urls, profile, keys }, checkpoint, trust) {
  const recording = ol.recording();
  const sync = ol.sync({ beacon: [urls.beacon], l1: [urls.l1], checkpoint, network: profile });
  await sync.run({ recording });
  const client = ol.client({ endpoints: [urls.l2], l1: [urls.l1], sync, rollup: profile });
  for (const question of [{ address: keys.owner.address, code: true }, { address: PASSER, code: true }, { address: PASSER, slots: [BigInt(SLOT)] }]) {
    await client.account({ ...question, trust }, { recording });
  }
  sync.close();
  return recording.pack({ made: Math.floor(Date.now() / 1000), checkpoint });
}

/** Records by a provider, from a checkpoint on. @param {any} devnet @param {string} checkpoint @param {any[]} questions */
async function providedBy({ urls, profile }, checkpoint, questions) {
  const recording = ol.recording();
  const sync = ol.sync({ beacon: [urls.beacon], l1: [urls.l1], checkpoint, network: profile });
  const provider = ol.provider({ endpoints: [urls.l2], l1: [urls.l1], sync, rollup: profile, trust: 'finalized', recording });
  const answers = [];
  for (const question of questions) answers.push(await provider.verified(question));
  provider.close();
  sync.close();
  return { questions, answers, bytes: recording.pack({ made: Math.floor(Date.now() / 1000), checkpoint }) };
}

before(async () => {
  const devnet = await startDevnet({ variant: 'games-0.17.3' });
  try {
    const { block } = await devnet.withdraw(7n);
    const [transaction] = (await devnet.l2.block(block)).transactions;
    await devnet.mineL2(40);
    const { l2Block: final } = await devnet.make('defender-won');
    await devnet.approach(3 * 3600);
    const { l2Block: newest } = await devnet.propose();
    await devnet.present();
    const { urls, profile, keys } = devnet;
    const checkpoint = await devnet.checkpoint();
    const bytes = { proposed: await recordedBy(devnet, checkpoint, 'proposed'), finalized: await recordedBy(devnet, checkpoint, 'finalized') };
    const truth = { proposed: await truthAt(devnet, newest), finalized: await truthAt(devnet, final) };
    const logs = { method: 'eth_getLogs', params: [{ fromBlock: `0x${block.toString(16)}`, toBlock: 'latest', address: PASSER }] };
    const receipt = { method: 'eth_getTransactionReceipt', params: [transaction] };
    const provided = await providedBy(devnet, checkpoint, [logs, receipt]);
    const { code, stderr } = await command(['bundle', 'make', keys.owner.address, '--out', native, '--rollup', file('profile.json', profile),
      '--checkpoint', checkpoint, '--trust', 'proposed', '--rpc', urls.l2, '--beacon', urls.beacon, '--l1', urls.l1]);
    assert.equal(code, 0, stderr);
    kept = { owner: keys.owner.address, profile, checkpoint, bytes, truth, heads: { proposed: newest, finalized: final }, provided };
  } finally {
    await devnet.close();
  }
  globalThis.fetch = async () => {
    fetched++;
    throw new Error('there is no network');
  };
});

/** A provider by a bundle alone, from the checkpoint on. @param {Uint8Array} bytes @param {any} [options] */
function providerOver(bytes, { now = Date.now, ...options } = {}) {
  const bundle = ol.bundle(bytes, { now });
  const l1 = [bundle.transport('l1')];
  const sync = ol.sync({ beacon: [bundle.transport('beacon')], l1, checkpoint: kept.checkpoint, network: kept.profile, now });
  /** @type {import('openledger').Blame[]} */
  const blames = [];
  const provider = ol.provider({
    endpoints: [bundle.transport('l2')], l1, sync, rollup: kept.profile, trust: 'proposed', now,
    onBlame: (/** @type {any} */ blame) => void blames.push(blame), ...options,
  });
  open.push(provider, sync, bundle);
  return { provider, blames };
}

/** @param {Promise<any>} promise @returns {Promise<import('openledger').ProviderRpcError>} */
const failure = (promise) => promise.then((value) => assert.fail(`not refused: ${JSON.stringify(value)}`), (error) => {
  assert.ok(error instanceof sdk.ProviderRpcError, String(error));
  return error;
});

for (const trust of LEVELS) {
  test(`what runs recorded is answered by a provider, at ${trust}`, async () => {
    const { provider, blames } = providerOver(kept.bytes[trust], { trust });
    for (const { method, params, value } of kept.truth[trust]) {
      const answer = await provider.verified({ method, params: [...params, 'latest'] });
      assert.deepEqual([answer.value, answer.trust, Number(answer.block.number)], [value, trust, kept.heads[trust]], `${method} ${params}`);
    }
    const together = await Promise.all(kept.truth[trust].map((/** @type {any} */ { method, params }) => provider.request({ method, params: [...params, 'latest'] })));
    assert.deepEqual(together, kept.truth[trust].map((/** @type {any} */ { value }) => value));
    assert.deepEqual([blames, fetched], [[], 0]);
  });
}

test('a bundle that the command line made is answered by a provider', async () => {
  const { provider, blames } = providerOver(readFileSync(native));
  const answer = await provider.verified(balance(kept.owner));
  assert.deepEqual([answer.value, answer.trust, Number(answer.block.number)], [kept.truth.proposed[0].value, 'proposed', kept.heads.proposed]);
  assert.deepEqual([blames, fetched], [[], 0]);
});

test('a level that was not recorded is not answered', async () => {
  const { provider } = providerOver(kept.bytes.proposed, { trust: 'finalized' });
  const { code, message } = await failure(provider.request(balance(kept.owner)));
  assert.equal(code, -32002);
  assert.match(message, /bundle: has no answer to a request of this question$/);
  assert.equal(fetched, 0);
});

test('what was not recorded is an error that names its request, and asks nobody', async () => {
  const { provider } = providerOver(kept.bytes.proposed);
  const stranger = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
  const slot = `0x${'00'.repeat(31)}06`;
  /** @type {[any, RegExp][]} */
  const lacking = [
    [balance(stranger), /^l2: eth_getProof \["0x70997970.*: bundle: has no answer to a request of this question$/],
    [{ method: 'eth_getStorageAt', params: [PASSER, slot, 'latest'] }, /^l2: eth_getProof \["0x42.*: bundle: has no answer/],
    [{ method: 'eth_getBlockReceipts', params: ['latest'] }, /^l2: eth_getBlock.*: bundle: has no answer/],
  ];
  const check = (/** @type {any} */ { code, message }, /** @type {RegExp} */ expected) => {
    assert.equal(code, -32002);
    assert.match(message, expected);
  };
  for (const [question, expected] of lacking) check(await failure(provider.request(question)), expected);
  // Together each has its own, and what was recorded is answered besides.
  const [known, ...errors] = await Promise.all([provider.request(balance(kept.owner)), ...lacking.map(([question]) => failure(provider.request(question)))]);
  assert.equal(known, kept.truth.proposed[0].value);
  for (const [i, [, expected]] of lacking.entries()) check(errors[i], expected);
  assert.equal(fetched, 0);
});

test('a bundle that was altered is refused, by the reason of the core', async () => {
  const flipped = Uint8Array.from(kept.bytes.proposed);
  flipped[300] ^= 1;
  assert.throws(() => ol.bundle(flipped), /is damaged, or was never a bundle/);

  const parts = unpack(kept.bytes.proposed);
  const reasons = new Set();
  for (const [i, { request, answer }] of parts.entries.entries()) {
    const isJson = answer[0] === 0x7b || answer[0] === 0x22;
    const changed = Buffer.from(answer);
    const at = isJson ? answer.length - 8 : Math.min(200, answer.length - 1);
    changed[at] = changed[at] === 0x30 ? 0x31 : 0x30; // a digit, where it is one
    const { provider, blames } = providerOver(pack({ ...parts, entries: parts.entries.with(i, { request, answer: changed }) }));
    for (const { method, params, value } of kept.truth.proposed) {
      const outcome = await provider.request({ method, params: [...params, 'latest'] }).catch((error) => error);
      if (!(outcome instanceof Error)) {
        assert.equal(outcome, value, `answer ${i}: ${method}`); // what was changed is no part of what is proven
        continue;
      }
      assert.ok(outcome instanceof sdk.ProviderRpcError && outcome.code === -32002, `answer ${i}: ${outcome}`);
      // A hint that was changed asks for what the bundle has not.
      assert.ok(blames.length > 0 || /bundle: has no answer/.test(outcome.message), `answer ${i}: ${outcome}`);
      reasons.add(outcome.message);
    }
  }
  const all = [...reasons].join('\n');
  for (const expected of [/node does not hash to the reference in its parent/, /code does not hash to the account's code hash/, /no L1 anchor.*: (bootstrap|finality update|optimistic update) /]) {
    assert.match(all, expected);
  }
  assert.equal(fetched, 0);
});

test('a provider records what it is asked, and the bundle alone answers the same', async () => {
  const { questions, answers, bytes } = kept.provided;
  assert.equal(answers[0].value.length, 1);
  assert.equal(answers[1].value.status, '0x1');
  assert.deepEqual(answers[0].value[0], answers[1].value.logs[0]);
  const { provider, blames } = providerOver(bytes, { trust: 'finalized' });
  const lasting = (/** @type {any} */ { ageSeconds, ...answer }) => answer;
  for (const [i, question] of questions.entries()) {
    assert.deepEqual(lasting(await provider.verified(question)), lasting(answers[i]), question.method);
  }
  assert.deepEqual([blames, fetched], [[], 0]);

  // Nothing in it can be left out.
  const parts = unpack(bytes);
  for (const i of parts.entries.keys()) {
    const less = providerOver(pack({ ...parts, entries: parts.entries.toSpliced(i, 1) }), { trust: 'finalized' }).provider;
    const outcomes = await Promise.allSettled(questions.map((/** @type {any} */ question) => less.verified(question)));
    const isHead = !['0x7b', '0x5b', '0x22'].includes(`0x${parts.entries[i].answer[0].toString(16)}`);
    assert.ok(isHead || outcomes.some(({ status }) => status === 'rejected'), `answer ${i}`);
    for (const [k, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') assert.deepEqual(lasting(outcome.value), lasting(answers[k]));
      else assert.match(outcome.reason.message, /bundle: has no (answer|update)|headers of the L1 blocks are not known/);
    }
  }
});
