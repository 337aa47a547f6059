// SPDX-License-Identifier: MIT
// openledger vote, delegate, stake, unstake, governance and positions, on the reference contracts.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { encodeAbiParameters, keccak256, parseEther, stringToHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { CHAIN_ID, deploy, PRESETS, sendBy, signerOf, startChain } from '../devnet/contracts/deploy.mjs';
import { noAnvil } from '../devnet/rollup/anvil.mjs';
import { openledger } from './cli.mjs';
import { ACCOUNT, KEY, makeWallet, PASSWORD, SECOND, unlocked, walletFolder } from './wallets.mjs';

const START = 1_600_000_000; // time passes by weeks, and may not come to be in the future
const DAY = 86_400;
const path = walletFolder();

describe('the reference contracts', { skip: noAnvil }, () => {
  /** @type {any} */
  let world;
  /** @type {string[]} */
  let options;
  /** @type {string} */
  let wallet;
  before(async () => {
    const chain = await startChain(['--timestamp', String(START), '--balance', '1000000']);
    await chain.ask('anvil_setBlockTimestampInterval', 1);
    const owner = signerOf(privateKeyToAccount(KEY));
    const { contracts } = await deploy(chain, owner);
    const pass = async (/** @type {number} */ seconds) => chain.mineAt(await chain.time() + seconds);
    world = { chain, owner, pass, ...contracts };
    const profile = path('profile.json');
    const { gopen, governor, staking } = contracts;
    writeFileSync(profile, JSON.stringify({ name: 'contracts', l2: { chainId: CHAIN_ID }, l1: { chainId: 1 }, endpoints: { l2: [chain.url] },
      contracts: { gopen: gopen.address, governor: governor.address, staking: [staking.address] } }));
    wallet = await makeWallet(path('wallet'), '--label', 'main');
    options = ['--rollup', profile, '--max-age', 'any'];
    await gopen.send(owner, 'deposit', [], parseEther('60000'));
  });
  after(() => world?.chain.close());

  const run = (/** @type {string[]} */ args, answer = 'yes') => unlocked([...args, ...options, '--wallet', wallet], { password: PASSWORD, answer });
  /** @param {string[]} args */
  async function json(...args) {
    const outcome = await openledger([...args, ...options, '--json']);
    assert.equal(outcome.code, 0, outcome.stderr);
    return JSON.parse(outcome.stdout);
  }

  test('delegations, sent and signed', async () => {
    const { gopen, chain, owner } = world;
    const self = await run(['delegate', 'self', '--wait']);
    assert.equal(self.code, 0, self.stderr);
    assert.match(self.stderr, /\ncall +delegate\(address delegatee\) {2}of GOPEN 0x/);
    assert.match(self.stderr, /\nvote +at, or to, 0xf39\S+ {2}\(your account main\)\n/);
    assert.equal(await gopen.read('delegates', [ACCOUNT]), ACCOUNT);

    const signed = await run(['delegate', SECOND, '--by-signature', '--json']);
    assert.equal(signed.code, 0, signed.stderr);
    assert.match(signed.stderr, /\nknown as +.*[Dd]elegation/);
    const { to, data } = JSON.parse(signed.stdout);
    await sendBy(chain, owner, { to, data });
    assert.equal(await gopen.read('delegates', [ACCOUNT]), SECOND);
    assert.equal((await run(['delegate', 'self', '--wait'])).code, 0);
    assert.equal((await run(['delegate', SECOND], 'no')).code, 4);
  });

  test('votes, sent and signed, and what governance says', async () => {
    const { governor, owner, pass, chain } = world;
    await pass(1);
    const plan = (/** @type {string} */ words) => [[SECOND], [0n], ['0x'], words];
    const idOf = (/** @type {any[]} */ [targets, values, calldatas, words]) => BigInt(keccak256(encodeAbiParameters(
      ['address[]', 'uint256[]', 'bytes[]', 'bytes32'].map((type) => ({ type })), [targets, values, calldatas, keccak256(stringToHex(words))])));
    for (const words of ['one', 'two']) await governor.send(owner, 'propose', plan(words));
    const [one, two] = ['one', 'two'].map((words) => idOf(plan(words)));
    await pass(PRESETS.documentation.votingDelay + 1);

    const voted = await run(['vote', String(one), 'for', '--wait']);
    assert.equal(voted.code, 0, voted.stderr);
    assert.match(voted.stderr, /\ncall +castVote\(/);
    assert.deepEqual(await governor.read('proposalVotes', [one]), [0n, parseEther('60000'), 0n]);
    const twice = await run(['vote', String(one), 'against', '--wait']);
    assert.equal(twice.code, 1, 'it fails in its block');
    assert.match(twice.stdout, /it FAILED there/);

    const signed = await run(['vote', `0x${two.toString(16)}`, 'abstain', '--reason', 'not sure\u202e', '--by-signature', '--json']);
    assert.equal(signed.code, 0, signed.stderr);
    assert.match(signed.stderr, /reason +not sure\\u\{202e\}\n/);
    const { to, data } = JSON.parse(signed.stdout);
    await sendBy(chain, owner, { to, data });
    assert.deepEqual(await governor.read('proposalVotes', [two]), [0n, 0n, parseEther('60000')]);

    const none = await run(['vote', '12345', 'for']);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /there is no such proposal, which is proven/);

    const { governance, proposals } = await json('governance');
    assert.equal(BigInt(governance.votingDelay), BigInt(PRESETS.documentation.votingDelay));
    assert.deepEqual(proposals.proposals.map((/** @type {any} */ { id }) => BigInt(id)), [two, one]);
    const human = await openledger(['governance', ...options]);
    assert.match(human.stdout, /\nvoting period +7 days\n/);
    assert.match(human.stdout, /\n {2}for +60000\n/);
    assert.match(human.stdout, /\nlayout +assumed\ntrust +quorum\nblock +\d+\n$/);
    const shown = await openledger(['governance', String(one), ...options]);
    assert.match(shown.stdout, new RegExp(`\\n {2}calls +${SECOND}\\n`, 'i'));
    assert.equal((await openledger(['governance', '99', ...options])).code, 1);
  });

  test('stakes', async () => {
    const { token, pass } = world;
    const named = ['--token', token.address, '--decimals', '18'];
    const unallowed = await run(['stake', '0', '1000', ...named, '--wait']);
    assert.equal(unallowed.code, 1, 'nothing is allowed yet');
    const staked = await run(['stake', '0', '1000.5', ...named, '--approve', '--wait'], 'yes\nyes');
    assert.equal(staked.code, 0, staked.stderr);
    assert.match(staked.stderr, /\nallow +1000\.5 of the token/);
    assert.match(staked.stderr, /\nspend +1000\.5 of the token/);
    const { positions, complete } = await json('positions', ACCOUNT);
    assert.deepEqual([positions.length, BigInt(positions[0].principal), positions[0].stage, complete], [1, parseEther('1000.5'), 'growing', true]);
    assert.match((await openledger(['positions', ACCOUNT, ...options])).stdout, /\n {2}principal +1000\.5\n/);

    const id = String(BigInt(positions[0].id));
    assert.equal((await run(['unstake', id, '--request', '--wait'])).code, 0);
    assert.equal((await json('positions', ACCOUNT)).positions[0].stage, 'requested');
    await pass(8 * DAY);
    const before = await token.read('balanceOf', [ACCOUNT]);
    const paid = await run(['unstake', id, '--wait']);
    assert.equal(paid.code, 0, paid.stderr);
    assert.ok(await token.read('balanceOf', [ACCOUNT]) >= before + parseEther('1000.5'));
    assert.deepEqual((await json('positions', ACCOUNT)).positions, []);
  });

  test('without a profile nobody knows where the contracts are', async () => {
    const outcome = await unlocked(['delegate', 'self', '--rpc', world.chain.url, '--wallet', wallet], { password: PASSWORD, answer: 'yes' });
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /--rollup: needed: a profile that says where this contract is/);
  });
});
