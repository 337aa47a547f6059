// SPDX-License-Identifier: MIT
// Stakes: what they are worth to the last unit, who may do what and when.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keccak256, parseEther, parseSignature, toHex } from 'viem';
import { noAnvil } from '../rollup/anvil.mjs';
import { STAKES } from './deploy.mjs';
import { expOf, expOfContract, worthOf } from './exponential.mjs';
import { refused, signTyped, startWorld } from './world.mjs';

/** @typedef {`0x${string}`} Hex */

const DAY = 86_400;
const [FLEXIBLE, MONTH] = [0, 1];
const STAKE = 'address recipient,uint256 configId,uint256 amount,uint256 startTime,uint256 nonce';
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

test('the reference is e to as many digits as are known, and adds up', () => {
  assert.equal(expOf(0n), 10n ** 18n);
  assert.equal(expOf(10n ** 18n), 2_718281828459045235n);
  assert.equal(expOf(2n * 10n ** 18n), 7_389056098930650227n);
  assert.equal(expOf(10n ** 17n), 1_105170918075647624n);
  assert.equal(expOf(20n * 10n ** 18n), 485165195_409790277969106830n);
});

/** Numbers that are the same each time. */
function generator() {
  let state = 12345n;
  return () => (state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n) >> 11n;
}

test('the exponential of the contract is that of the reference, but for one unit, or 1e-18 of large ones', () => {
  const random = generator();
  for (const [top, bound] of [[1n, 0n], [3n, 0n], [40n, 10n ** 18n]]) {
    for (let i = 0; i < 1000; i++) {
      const x = random() * top * 10n ** 18n >> 53n;
      const exact = expOf(x);
      const off = expOfContract(x) - exact;
      const allowed = 1n + (bound && exact / bound);
      assert.ok(off <= allowed && -off <= allowed, `${x}: off by ${off}`);
    }
  }
});

describe('staking', { skip: noAnvil }, () => {
  /** @type {import('./world.mjs').World} */
  let world;
  before(async () => {
    world = await startWorld();
    const { token, staking, deployer, alice, bob } = world;
    for (const person of [alice, bob]) {
      await token.send(deployer, 'transfer', [person.address, parseEther('2000000')]);
      await token.send(person, 'approve', [staking.address, 2n ** 256n - 1n]);
    }
  });
  after(() => world?.close());

  /** @param {any} person @param {number} configId @param {string} amount @returns {Promise<bigint>} its number */
  async function stake(person, configId, amount) {
    const id = await world.staking.read('nextStakeId');
    await world.staking.send(person, 'stake', [configId, person.address, parseEther(amount)]);
    return id;
  }

  const heldBy = (/** @type {any} */ { address }) => world.token.read('balanceOf', [address]);
  const worth = (/** @type {number} */ configId, /** @type {bigint} */ amount, /** @type {number} */ elapsed) =>
    worthOf({ amount, elapsed: BigInt(elapsed), rate: STAKES[configId].interestRate, duration: BigInt(STAKES[configId].stakeDuration) });

  /** What a payment brings. @param {any} person @param {() => Promise<unknown>} action */
  async function gainOf(person, action) {
    const had = await heldBy(person);
    await action();
    return await heldBy(person) - had;
  }

  /** Changes a configuration. @param {number} configId @param {Record<string, any>} changes */
  async function configure(configId, changes) {
    const [, manager, token, interestRate, stakeDuration, cooldownDuration, maxStake, minStake, isActive, isTopupEnabled, isPublic] =
      await world.staking.read('configs', [configId]);
    const config = { manager, token, interestRate, stakeDuration, cooldownDuration, maxStake, minStake, isActive, isTopupEnabled, isPublic };
    await world.bank.send(world.deployer, 'setConfig', [world.staking.address, configId, { bank: world.bank.address, ...config, ...changes }]);
  }

  /** A manager's signature of a private stake. @param {any} recipient @param {number} startTime @param {bigint} amount @param {bigint} nonce */
  const permitFor = (recipient, startTime, amount, nonce) =>
    signTyped(world.deployer, 'Staking', world.staking.address, 'Stake', STAKE,
      { recipient: recipient.address, configId: BigInt(MONTH), amount, startTime: BigInt(startTime), nonce });

  test('worth is as computed at many rates, times and amounts', async () => {
    const { staking, alice, chain } = world;
    for (const [i, rate] of ['0.000000000000000001', '0.37', '1', '4.2'].entries()) {
      const config = { manager: alice.address, token: alice.address, interestRate: parseEther(rate), stakeDuration: i * 500 * DAY, cooldownDuration: 0, maxStake: 0, minStake: 0 };
      const flags = { isActive: false, isTopupEnabled: false, isPublic: false };
      await world.bank.send(world.deployer, 'setConfig', [staking.address, 100 + i, { bank: world.bank.address, ...config, ...flags }]);
    }
    const configIds = [0, 1, 2, 3, 4, 100, 101, 102, 103];
    const now = await chain.time();
    const random = generator();
    for (let i = 0; i < 270; i++) {
      const configId = configIds[i % configIds.length];
      const [, , , rate, duration] = await staking.read('configs', [configId]);
      const elapsed = i < 9 ? 0n : random() % (i % 2 ? 400n * 86_400n : 1_700_000_000n);
      const amount = 10n ** (random() % 10n) * (random() % 10n ** 18n);
      const held = { recipient: alice.address, configId: BigInt(configId), updatedAt: BigInt(now) - elapsed, amount, startTime: 0n, principal: 0n };
      const terms = { amount, rate, elapsed, duration };
      const found = await staking.read('calculateAmount', [held]);
      assert.equal(found, worthOf(terms), `${configId}: ${amount} for ${elapsed} s`);
      const exact = worthOf(terms, expOf);
      const off = found > exact ? found - exact : exact - found;
      assert.ok(off <= 1n + (amount + exact) / 10n ** 18n, `${configId}: ${amount} for ${elapsed} s is off by ${off}`);
    }
  });

  test('a locked stake is paid when its time is over, and grows no more after that', async () => {
    const { staking, alice, bob, pass } = world;
    const first = await stake(alice, MONTH, '1000');
    const second = await stake(alice, MONTH, '500');
    assert.equal(second, first + 1n);
    assert.equal(await staking.read('stakedAmounts', [MONTH, alice.address]), parseEther('1500'));
    await pass(30 * DAY - 1);
    await refused(staking.send(alice, 'requestUnstake', [first]), 'StakeNotEnded');
    await pass(1);
    await refused(staking.send(bob, 'requestUnstake', [first]), 'MismatchedRecipient');
    assert.equal(await gainOf(alice, () => staking.send(alice, 'requestUnstake', [first])), worth(MONTH, parseEther('1000'), 30 * DAY));
    await pass(400 * DAY);
    assert.equal(await gainOf(alice, () => staking.send(alice, 'requestUnstake', [second])), worth(MONTH, parseEther('500'), 30 * DAY));
    assert.equal(await staking.read('stakedAmounts', [MONTH, alice.address]), 0n);
    await refused(staking.send(alice, 'requestUnstake', [first]), 'StakeNotFound');
  });

  test('a flexible stake grows until it is requested, and is paid after the cool-down', async () => {
    const { staking, alice, bob, pass } = world;
    const id = await stake(alice, FLEXIBLE, '1000');
    await refused(staking.send(alice, 'unstake', [id]), 'UnstakeRequestNotFound');
    await pass(1000 * DAY + 17);
    await staking.send(alice, 'requestUnstake', [id]);
    assert.equal((await staking.read('stakes', [id]))[3], 0n);
    await pass(7 * DAY - 1);
    await refused(staking.send(alice, 'unstake', [id]), 'CooldownNotPassed');
    await pass(1);
    await refused(staking.send(bob, 'unstake', [id]), 'MismatchedRecipient');
    assert.equal(await staking.read('stakedAmounts', [FLEXIBLE, alice.address]), parseEther('1000'));
    assert.equal(await gainOf(alice, () => staking.send(alice, 'unstake', [id])), worth(FLEXIBLE, parseEther('1000'), 1000 * DAY + 17));
    await refused(staking.send(alice, 'unstake', [id]), 'UnstakeRequestNotFound');
    assert.equal(await staking.read('stakedAmounts', [FLEXIBLE, alice.address]), 0n);
  });

  test('a request before the end of the lock is paid when both times are over', async () => {
    const { staking, bob, pass } = world;
    await configure(2, { cooldownDuration: 10 * DAY });
    const id = await stake(bob, 2, '100');
    await pass(DAY);
    await staking.send(bob, 'requestUnstake', [id]);
    await pass(10 * DAY);
    await refused(staking.send(bob, 'unstake', [id]), 'StakeNotEnded');
    await pass(79 * DAY);
    assert.equal(await gainOf(bob, () => staking.send(bob, 'unstake', [id])), worth(2, parseEther('100'), DAY));
  });

  test('a top-up adds to what the stake is worth by then, and locks it anew', async () => {
    const { staking, alice, bob, pass, chain } = world;
    const id = await stake(alice, MONTH, '1000');
    await pass(20 * DAY);
    await refused(staking.send(bob, 'topUpStake', [id, 1n]), 'InactiveConfigOrInvalidSender');
    await refused(staking.send(alice, 'topUpStake', [id, 0n]), 'ZeroAmount');
    await staking.send(alice, 'topUpStake', [id, parseEther('200')]);
    const now = BigInt(await chain.time());
    const grown = worth(MONTH, parseEther('1000'), 20 * DAY);
    assert.deepEqual(await staking.read('stakes', [id]),
      [alice.address, BigInt(MONTH), now, grown + parseEther('200'), now, parseEther('1200')]);
    await pass(30 * DAY - 1);
    await refused(staking.send(alice, 'requestUnstake', [id]), 'StakeNotEnded');
    await pass(1);
    await refused(staking.send(alice, 'topUpStake', [id, 1n]), 'StakeEnded');
    assert.equal(await gainOf(alice, () => staking.send(alice, 'requestUnstake', [id])), worth(MONTH, grown + parseEther('200'), 30 * DAY));
    assert.equal(await staking.read('stakedAmounts', [MONTH, alice.address]), 0n);
    const other = await stake(alice, 3, '100');
    await configure(3, { isTopupEnabled: false });
    await refused(staking.send(alice, 'topUpStake', [other, 1n]), 'InactiveConfigOrInvalidSender');
  });

  test('limits are of one recipient, in principal', async () => {
    const { staking, bob, alice } = world;
    await refused(stake(bob, 4, '0'), 'ZeroAmount');
    await refused(staking.send(bob, 'stake', [4, bob.address, parseEther('10') - 1n]), 'StakeAmountTooSmall');
    const id = await stake(bob, 4, '10');
    await staking.send(bob, 'stake', [4, bob.address, 1n]);
    await refused(staking.send(bob, 'stake', [4, bob.address, parseEther('999990')]), 'StakeAmountExceeded');
    await refused(staking.send(bob, 'topUpStake', [id, parseEther('999990') - 1n]), 'StakeAmountExceeded');
    await staking.send(bob, 'topUpStake', [id, parseEther('999990') - 2n]);
    await staking.send(bob, 'stake', [4, bob.address, 1n]); // to the limit itself
    await refused(staking.send(bob, 'stake', [4, bob.address, 1n]), 'StakeAmountExceeded');
    await staking.send(bob, 'stake', [4, alice.address, parseEther('10')]);
    assert.equal(await staking.read('stakedAmounts', [4, alice.address]), parseEther('10'));
    await configure(4, { isActive: false });
    await refused(stake(alice, 4, '10'), 'InactiveConfigOrInvalidSender');
    await configure(4, { isActive: true, isPublic: false });
    await refused(stake(alice, 4, '10'), 'InactiveConfigOrInvalidSender');
    await refused(stake(alice, 55, '10'), 'InactiveConfigOrInvalidSender');
  });

  test('a private stake is what its manager signed, once, and for its recipient', async () => {
    const { staking, alice, bob, chain, pass } = world;
    const start = await chain.time();
    const permit = await permitFor(alice, start, 777n, 5n);
    const id = await staking.read('nextStakeId');
    await staking.send(bob, 'commitStake', [permit]);
    assert.equal(await staking.read('stakeCommitments', [id]), permit);
    assert.equal(await staking.read('replayGuard', [keccak256(permit)]), true);
    await refused(staking.send(bob, 'commitStake', [permit]), 'SignatureReplayed');
    await pass(31 * DAY);
    const open = (/** @type {any} */ person, /** @type {bigint} */ number, /** @type {any[]} */ terms) =>
      staking.send(person, 'requestUnstakeWithCommitment', [number, MONTH, ...terms]);
    await refused(open(bob, id, [start, 5n, 777n]), 'Unauthorized');
    for (const terms of [[start + 1, 5n, 777n], [start, 6n, 777n], [start, 5n, 778n]]) await refused(open(alice, id, terms), 'Unauthorized');
    assert.equal(await gainOf(alice, () => open(alice, id, [start, 5n, 777n])), worth(MONTH, 777n, 30 * DAY));
    await refused(open(alice, id, [start, 5n, 777n]), 'StakeNotFound');

    // The same signature in its other forms is another commitment, and opens nothing.
    const { r, s, yParity } = parseSignature(permit);
    const word = (/** @type {bigint} */ value) => toHex(value, { size: 32 }).slice(2);
    const high = /** @type {Hex} */ (`${r}${word(ORDER - BigInt(s))}${yParity ? '1b' : '1c'}`);
    const compact = /** @type {Hex} */ (`${r}${word(BigInt(s) | (BigInt(yParity) << 255n))}`);
    for (const [form, error] of /** @type {[Hex, string][]} */ ([[high, 'ECDSAInvalidSignatureS'], [compact, 'ECDSAInvalidSignatureLength']])) {
      const again = await staking.read('nextStakeId');
      await staking.send(alice, 'commitStake', [form]);
      await refused(open(alice, again, [start, 5n, 777n]), error);
    }
  });

  test('a configuration is its bank\'s, and banks are those that the owner trusts', async () => {
    const { staking, bank, deployer, alice, bob, token } = world;
    const config = {
      bank: alice.address, manager: alice.address, token: token.address, interestRate: 0n, stakeDuration: 0n, cooldownDuration: 0n,
      maxStake: 1n, minStake: 0n, isActive: true, isTopupEnabled: false, isPublic: true,
    };
    await refused(staking.send(alice, 'setConfig', [200, config]), 'Unauthorized');
    await refused(bank.send(alice, 'setConfig', [staking.address, 200, config]), 'Unauthorized');
    await refused(bank.send(alice, 'approve', [token.address, alice.address, 1n]), 'Unauthorized');
    await staking.send(deployer, 'grantRoles', [bob.address, await staking.read('TRUSTED_BANK')]);
    await staking.send(bob, 'setConfig', [200, config]);
    assert.equal((await staking.read('configs', [200]))[0], bob.address, 'it is the bank that made it');
    await refused(bank.send(deployer, 'setConfig', [staking.address, 200, config]), 'Unauthorized');
    await refused(staking.send(bob, 'setConfig', [MONTH, config]), 'Unauthorized');
  });

  test('a bank that has too little pays nothing', async () => {
    const { staking, token, bank, alice, deployer, pass } = world;
    const id = await stake(alice, MONTH, '10');
    await pass(30 * DAY);
    await bank.send(deployer, 'approve', [token.address, staking.address, 1n]);
    await refused(staking.send(alice, 'requestUnstake', [id]), 'ERC20InsufficientAllowance');
    await bank.send(deployer, 'approve', [token.address, staking.address, 2n ** 256n - 1n]);
    await staking.send(alice, 'requestUnstake', [id]);
  });
});
