// SPDX-License-Identifier: MIT
// Nodes, datanets, models and grants: who may do what and when, and where the money goes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeAbiParameters, keccak256, parseEther, stringToHex, toHex } from 'viem';
import { noAnvil } from '../rollup/anvil.mjs';
import { PRESETS, TERMS } from './deploy.mjs';
import { refused, signTyped, startWorld } from './world.mjs';

/** @typedef {`0x${string}`} Hex */

const hash = (/** @type {string} */ text) => keccak256(stringToHex(text));
const { minBond, revokeDelay, createFee, feePerByte, revealTime, reviewTime } = TERMS;

/** @type {import('./world.mjs').World} */
let world;
before(async () => { if (!noAnvil) world = await startWorld(); });
after(() => world?.close());

describe('nodes', { skip: noAnvil }, () => {
  const consentOf = (/** @type {any} */ signer, /** @type {Hex} */ operator) =>
    signTyped(signer, 'NodeRegistry', world.nodes.address, 'Registration', 'address operator', { operator });

  test('a key is registered with its consent, with a bond, and once', async () => {
    const { nodes, alice, bob, carol } = world;
    const register = (/** @type {any} */ consent, value = minBond) => nodes.send(alice, 'register', [bob.address, 'https://node.example', consent], value);
    await refused(register('0x'), 'NoConsent');
    await refused(register(await consentOf(carol, alice.address)), 'NoConsent');
    await refused(register(await consentOf(bob, carol.address)), 'NoConsent');
    await refused(register(await consentOf(bob, alice.address), minBond - 1n), 'BondTooSmall');
    assert.equal(await nodes.read('isActive', [bob.address]), false);
    await register(await consentOf(bob, alice.address));
    assert.equal(await nodes.read('isActive', [bob.address]), true);
    await refused(register(await consentOf(bob, alice.address)), 'AlreadyRegistered');
    await refused(nodes.send(bob, 'register', [bob.address, 'mine', '0x'], minBond), 'AlreadyRegistered');
  });

  test('the operator keeps the endpoint and the bond', async () => {
    const { nodes, alice, bob, carol } = world;
    await refused(nodes.send(bob, 'setEndpoint', [bob.address, 'x']), 'NotOperator');
    await nodes.send(alice, 'setEndpoint', [bob.address, 'https://other.example']);
    assert.equal((await nodes.read('nodeOf', [bob.address])).endpoint, 'https://other.example');
    await nodes.send(carol, 'addBond', [bob.address], 5n);
    await refused(nodes.send(carol, 'addBond', [carol.address], 5n), 'NotRegistered');
    assert.equal((await nodes.read('nodeOf', [bob.address])).bond, minBond + 5n);
  });

  test('a node that is slashed below the minimum is not active', async () => {
    const { nodes, alice, bob, deployer, balanceOf } = world;
    await refused(nodes.send(alice, 'slash', [bob.address, 1n, alice.address, hash('why')]), 'OwnableUnauthorizedAccount');
    await refused(nodes.send(deployer, 'slash', [deployer.address, 1n, alice.address, hash('why')]), 'NotRegistered');
    const harmed = toHex(0xdead01, { size: 20 });
    await nodes.send(deployer, 'slash', [bob.address, 6n, harmed, hash('why')]);
    assert.equal(await balanceOf(harmed), 6n);
    assert.equal(await nodes.read('isActive', [bob.address]), false);
    await nodes.send(alice, 'addBond', [bob.address], 1n);
    assert.equal(await nodes.read('isActive', [bob.address]), true);
    await nodes.send(deployer, 'setMinBond', [minBond + 1n]);
    assert.equal(await nodes.read('isActive', [bob.address]), false);
    await nodes.send(deployer, 'setMinBond', [minBond]);
  });

  test('a revoked key is out at once and for good, its bond free later, and slashed until then', async () => {
    const { nodes, alice, bob, carol, deployer, pass, balanceOf } = world;
    await refused(nodes.send(carol, 'revoke', [bob.address]), 'NotOperator');
    await refused(nodes.send(alice, 'withdrawBond', [bob.address]), 'NotWithdrawable');
    await nodes.send(bob, 'revoke', [bob.address]);
    assert.equal(await nodes.read('isActive', [bob.address]), false);
    await refused(nodes.send(alice, 'revoke', [bob.address]), 'Revoked');
    await refused(nodes.send(alice, 'addBond', [bob.address], 1n), 'Revoked');
    await pass(revokeDelay - 1);
    await refused(nodes.send(alice, 'withdrawBond', [bob.address]), 'NotWithdrawable');
    await nodes.send(deployer, 'slash', [bob.address, 1n, deployer.address, hash('late')]);
    await pass(1);
    await refused(nodes.send(bob, 'withdrawBond', [bob.address]), 'NotOperator');
    const had = await balanceOf(nodes.address);
    await nodes.send(alice, 'withdrawBond', [bob.address]);
    assert.equal(had - await balanceOf(nodes.address), minBond - 1n);
    await refused(nodes.send(bob, 'register', [bob.address, 'again', '0x'], minBond), 'AlreadyRegistered');
    await nodes.send(deployer, 'slash', [bob.address, 99n, deployer.address, hash('nothing is left')]);
    assert.deepEqual([(await nodes.read('nodeOf', [bob.address])).bond, (await nodes.read('nodeOf', [bob.address])).slashed], [0n, 7n]);
  });
});

describe('datanets', { skip: noAnvil }, () => {
  const content = [hash('rows'), 200n, hash('salt')];
  const commitmentOf = (/** @type {bigint} */ datanet, /** @type {Hex} */ contributor, terms = content) =>
    keccak256(encodeAbiParameters(['uint64', 'address', 'bytes32', 'uint64', 'bytes32'].map((type) => ({ type })), [datanet, contributor, ...terms]));

  /** carol's, revealed. @returns {Promise<bigint>} */
  async function contribution() {
    const { datanets, carol } = world;
    await datanets.send(carol, 'commit', [1n, commitmentOf(1n, carol.address)], 50n);
    const id = await datanets.read('contributionCount');
    await datanets.send(carol, 'reveal', [id, ...content]);
    return id;
  }

  test('a datanet costs a fee by its size, and each version is kept', async () => {
    const { datanets, alice, bob } = world;
    const create = (/** @type {any[]} */ args, /** @type {bigint} */ value) => datanets.send(alice, 'create', args, value);
    await refused(create([hash('about'), hash('v1'), 1000n, 50n], createFee + 1000n * feePerByte - 1n), 'WrongFee');
    await refused(create([hash('about'), hash('v1'), 1000n, 50n], createFee + 1000n * feePerByte + 1n), 'WrongFee');
    await refused(create([hash('about'), hash('v1'), 5_000_001n, 50n], createFee + 5_000_001n * feePerByte), 'WrongSize');
    await refused(create([hash('about'), toHex(0, { size: 32 }), 0n, 50n], createFee), 'EmptyRoot');
    await create([hash('about'), hash('v1'), 1000n, 50n], createFee + 1000n * feePerByte);
    assert.equal(await datanets.read('ownerOf', [1n]), alice.address);
    await refused(datanets.send(bob, 'update', [1n, hash('v2'), 0n]), 'NotDatanetOwner');
    await refused(datanets.send(bob, 'setMetadata', [1n, hash('other')]), 'NotDatanetOwner');
    await refused(datanets.send(bob, 'setMinStake', [1n, 0n]), 'NotDatanetOwner');
    await datanets.send(alice, 'update', [1n, hash('v2'), 3n], 3n * feePerByte);
    await datanets.send(alice, 'setMetadata', [1n, hash('edited')]);
    assert.deepEqual(await datanets.read('datanetOf', [1n]), [alice.address, 2n, hash('edited'), hash('v2'), 50n]);
    assert.deepEqual(await Promise.all([1n, 2n].map((version) => datanets.read('versionRoot', [1n, version]))), [hash('v1'), hash('v2')]);
  });

  test('a contribution is shown as it was committed to, by who did, in time', async () => {
    const { datanets, bob, carol, pass } = world;
    await refused(datanets.send(carol, 'commit', [1n, hash('x')], 49n), 'StakeTooSmall');
    await refused(datanets.send(carol, 'commit', [9n, hash('x')], 50n), 'NoDatanet');
    await datanets.send(carol, 'commit', [1n, commitmentOf(1n, carol.address)], 50n);
    const id = await datanets.read('contributionCount');
    const reveal = (/** @type {any} */ person, terms = content) => datanets.send(person, 'reveal', [id, ...terms]);
    await refused(reveal(bob), 'NotContributor');
    for (const wrong of [[hash('y'), 200n, hash('salt')], [hash('rows'), 201n, hash('salt')], [hash('rows'), 200n, hash('y')]]) {
      await refused(reveal(carol, wrong), 'WrongReveal');
    }
    await refused(reveal(carol, [hash('rows'), 0n, hash('salt')]), 'WrongSize');
    // Whoever copies the commitment cannot open it.
    await datanets.send(bob, 'commit', [1n, commitmentOf(1n, carol.address)], 50n);
    const copied = await datanets.read('contributionCount');
    await refused(datanets.send(bob, 'reveal', [copied, ...content]), 'WrongReveal');
    await pass(revealTime);
    await refused(datanets.send(bob, 'expire', [copied]), 'TooEarly');
    await reveal(carol);
    await refused(reveal(carol), 'WrongState');
    await pass(1);
    const collected = await datanets.read('collected');
    await datanets.send(carol, 'expire', [copied]); // anyone
    assert.equal(await datanets.read('collected') - collected, 50n);
    await refused(datanets.send(bob, 'expire', [copied]), 'WrongState');
    await datanets.send(carol, 'commit', [1n, commitmentOf(1n, carol.address)], 50n);
    await pass(revealTime + 1);
    await refused(datanets.send(carol, 'reveal', [await datanets.read('contributionCount'), ...content]), 'TooLate');
  });

  test('what is approved is a new version; what is rejected is none, and its stake goes back or is forfeited', async () => {
    const { datanets, alice, bob, carol, balanceOf } = world;
    const [approved, rejected, harmful] = [await contribution(), await contribution(), await contribution()];
    const fee = 200n * feePerByte;
    const [, version] = await datanets.read('datanetOf', [1n]);
    await refused(datanets.send(bob, 'approve', [approved, hash('v3')], fee), 'NotDatanetOwner');
    await refused(datanets.send(alice, 'approve', [approved, hash('v3')], fee - 1n), 'WrongFee');
    let [collected, had] = [await datanets.read('collected'), await balanceOf(carol.address)];
    await datanets.send(alice, 'approve', [approved, hash('v3')], fee);
    assert.equal(await balanceOf(carol.address) - had, 50n);
    assert.equal(await datanets.read('collected') - collected, fee);
    assert.equal(await datanets.read('versionRoot', [1n, version + 1n]), hash('v3'));
    await refused(datanets.send(alice, 'approve', [approved, hash('v4')], fee), 'WrongState');
    await refused(datanets.send(bob, 'reject', [rejected, false]), 'NotDatanetOwner');
    [collected, had] = [await datanets.read('collected'), await balanceOf(carol.address)];
    await datanets.send(alice, 'reject', [rejected, false]);
    assert.equal(await balanceOf(carol.address) - had, 50n);
    await datanets.send(alice, 'reject', [harmful, true]);
    assert.equal(await balanceOf(carol.address) - had, 50n);
    assert.equal(await datanets.read('collected') - collected, 50n);
    await refused(datanets.send(alice, 'reject', [harmful, true]), 'WrongState');
    assert.equal((await datanets.read('datanetOf', [1n]))[1], version + 1n);
  });

  test('what nobody reviews is taken back by who contributed it', async () => {
    const { datanets, bob, carol, pass } = world;
    const id = await contribution();
    await pass(reviewTime);
    await refused(datanets.send(carol, 'expire', [id]), 'TooEarly');
    await pass(1);
    await refused(datanets.send(bob, 'expire', [id]), 'NotContributor');
    await datanets.send(carol, 'expire', [id]);
    assert.equal((await datanets.read('contributionOf', [id]))[2], 6);
    await refused(datanets.send(carol, 'expire', [id]), 'WrongState');
  });

  test('fees are the registry\'s owner\'s, stakes are not', async () => {
    const { datanets, alice, deployer, balanceOf, carol } = world;
    await datanets.send(carol, 'commit', [1n, hash('open')], 60n);
    const [had, collected] = [await balanceOf(datanets.address), await datanets.read('collected')];
    await refused(datanets.send(alice, 'withdrawCollected', [alice.address]), 'OwnableUnauthorizedAccount');
    await refused(datanets.send(alice, 'setFees', [0n, 0n]), 'OwnableUnauthorizedAccount');
    await datanets.send(deployer, 'withdrawCollected', [toHex(0xfee5, { size: 20 })]);
    assert.equal(await datanets.read('collected'), 0n);
    assert.equal(await balanceOf(datanets.address), had - collected);
    assert.ok(had - collected >= 60n);
    await datanets.send(deployer, 'setFees', [7n, 0n]);
    await datanets.send(alice, 'create', [hash('b'), hash('b1'), 9n, 0n], 7n);
  });
});

test('a model is its owner\'s', { skip: noAnvil }, async () => {
  const { models, alice, bob, chain } = world;
  const terms = [hash('base'), hash('adapter'), hash('run'), hash('gradient'), parseEther('0.002'), parseEther('0.004')];
  await refused(models.send(alice, 'register', [toHex(0, { size: 32 }), ...terms.slice(1)]), 'EmptyModel');
  await models.send(alice, 'register', terms);
  await refused(models.send(alice, 'register', terms), 'AlreadyRegistered');
  await models.send(bob, 'register', terms); // another id
  assert.equal(await models.read('modelCount'), 2n);
  const id = await models.read('modelIdAt', [0n]);
  assert.equal(id, keccak256(encodeAbiParameters(['address', 'bytes32', 'bytes32'].map((type) => ({ type })), [alice.address, hash('base'), hash('adapter')])));
  assert.deepEqual(await models.read('modelOf', [id]), [alice.address, 0, ...terms]);
  for (const [name, args] of /** @type {[string, any[]][]} */ ([['setPrice', [id, 1n, 2n]], ['deploy', [id]], ['undeploy', [id]]])) {
    await refused(models.send(bob, name, args), 'NotModelOwner');
  }
  await refused(models.send(alice, 'undeploy', [id]), 'NotDeployed');
  await models.send(alice, 'deploy', [id]);
  await refused(models.send(alice, 'deploy', [id]), 'AlreadyDeployed');
  assert.equal((await models.read('modelOf', [id]))[1], await chain.time());
  await models.send(alice, 'setPrice', [id, 1n, 2n]);
  assert.deepEqual((await models.read('modelOf', [id])).slice(-2), [1n, 2n]);
  await models.send(alice, 'undeploy', [id]);
  assert.equal((await models.read('modelOf', [id]))[1], 0);
});

describe('grants', { skip: noAnvil }, () => {
  test('a grant that is voted for is paid by its milestones', async () => {
    const { grants, governor, gopen, timelock, alice, bob, pass, pay, balanceOf } = world;
    const { votingDelay, votingPeriod, minDelay } = PRESETS.documentation;
    await gopen.send(alice, 'deposit', [], parseEther('20000'));
    await gopen.send(alice, 'delegate', [alice.address]);
    await pass(1);
    await pay(alice, timelock.address, parseEther('30'));

    /** @param {string} name @param {any[]} args @param {bigint} [value] */
    async function decide(name, args, value = 0n) {
      const plan = [[grants.address], [value], [grants.encode(name, args)]];
      await governor.send(alice, 'propose', [...plan, name]);
      const id = await governor.read('getProposalId', [...plan, hash(name)]);
      await pass(votingDelay + 1);
      await governor.send(alice, 'castVote', [id, 1]);
      await pass(votingPeriod);
      await governor.send(bob, 'queue', [id]);
      await pass(minDelay);
      await governor.send(bob, 'execute', [id]);
    }

    await grants.send(bob, 'propose', [hash('plan'), [parseEther('10'), parseEther('20')]]);
    await refused(grants.send(alice, 'approve', [1n], parseEther('30')), 'OwnableUnauthorizedAccount');
    await refused(grants.send(bob, 'submit', [1n, 0n, hash('done')]), 'WrongState');
    await decide('approve', [1n], parseEther('30'));
    assert.equal(await balanceOf(grants.address), parseEther('30'));
    await grants.send(bob, 'submit', [1n, 0n, hash('done')]);
    const had = await balanceOf(grants.address);
    await decide('accept', [1n, 0n, hash('done')]);
    assert.equal(had - await balanceOf(grants.address), parseEther('10'));
    await decide('cancel', [1n]);
    assert.equal(await balanceOf(grants.address), 0n);
    assert.equal(await balanceOf(timelock.address), parseEther('20'));
    assert.equal((await grants.read('grantOf', [1n]))[1], 4);
  });

  test('milestones are submitted by the recipient, accepted as they were looked at, and paid once', async () => {
    const other = await startWorld({ granter: world.deployer.address });
    try {
      const { grants, deployer, alice, bob, balanceOf } = other;
      await refused(grants.send(bob, 'propose', [hash('plan'), []]), 'WrongMilestones');
      await refused(grants.send(bob, 'propose', [hash('plan'), Array(33).fill(1n)]), 'WrongMilestones');
      await refused(grants.send(bob, 'propose', [hash('plan'), [1n, 0n]]), 'WrongMilestones');
      await grants.send(bob, 'propose', [hash('plan'), [5n, 6n]]);
      await refused(grants.send(deployer, 'approve', [1n], 10n), 'WrongValue');
      await refused(grants.send(deployer, 'approve', [2n], 0n), 'WrongState');
      await grants.send(deployer, 'approve', [1n], 11n);
      await refused(grants.send(deployer, 'approve', [1n], 11n), 'WrongState');
      await refused(grants.send(alice, 'submit', [1n, 0n, hash('x')]), 'NotRecipient');
      await refused(grants.send(bob, 'submit', [1n, 2n, hash('x')]), 'WrongMilestones');
      await refused(grants.send(deployer, 'accept', [1n, 0n, hash('x')]), 'WrongMilestones');
      await grants.send(bob, 'submit', [1n, 0n, hash('x')]);
      await grants.send(bob, 'submit', [1n, 0n, hash('better')]);
      await refused(grants.send(deployer, 'accept', [1n, 0n, hash('x')]), 'WrongMilestones');
      await refused(grants.send(alice, 'accept', [1n, 0n, hash('better')]), 'OwnableUnauthorizedAccount');
      await refused(grants.send(alice, 'refuse', [1n, 0n]), 'OwnableUnauthorizedAccount');
      await grants.send(deployer, 'refuse', [1n, 0n]);
      await refused(grants.send(deployer, 'accept', [1n, 0n, hash('better')]), 'WrongMilestones');
      await grants.send(bob, 'submit', [1n, 0n, hash('best')]);
      await grants.send(deployer, 'accept', [1n, 0n, hash('best')]);
      await refused(grants.send(deployer, 'accept', [1n, 0n, hash('best')]), 'WrongMilestones');
      await refused(grants.send(bob, 'submit', [1n, 0n, hash('again')]), 'WrongMilestones');
      await refused(grants.send(bob, 'cancel', [1n]), 'OwnableUnauthorizedAccount');
      await grants.send(bob, 'submit', [1n, 1n, hash('end')]);
      await grants.send(deployer, 'accept', [1n, 1n, hash('end')]);
      assert.equal(await balanceOf(grants.address), 0n);
      assert.equal((await grants.read('grantOf', [1n]))[1], 3);
      await refused(grants.send(deployer, 'cancel', [1n]), 'WrongState');
      await grants.send(bob, 'propose', [hash('plan'), [5n]]);
      await refused(grants.send(alice, 'cancel', [2n]), 'OwnableUnauthorizedAccount');
      await grants.send(bob, 'cancel', [2n]);
      assert.equal((await grants.read('grantOf', [2n]))[1], 4);
    } finally {
      await other.close();
    }
  });
});
