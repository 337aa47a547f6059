// SPDX-License-Identifier: MIT
// Each row of README.md's tables is read by proof, and says what the contract's view says.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { concat, encodeAbiParameters, keccak256, maxUint256, pad, parseEther, stringToHex, toHex } from 'viem';
import { noAnvil } from '../rollup/anvil.mjs';
import { prove } from '../rollup/proof.mjs';
import { artifactOf } from './compile.mjs';
import { TERMS } from './deploy.mjs';
import { splitOf } from './split.mjs';
import { TABLES, compiledAt, slotOf } from './slots.mjs';
import { signTyped, startWorld } from './world.mjs';

/** @typedef {`0x${string}`} Hex */

const DAY = 86_400;
const hash = (/** @type {string} */ text) => keccak256(stringToHex(text));
const ENDPOINT = 'https://node.example/a-path-that-is-too-long-for-one-word-of-storage/v1';
/** Longer than a word, and so kept elsewhere. */
const CALL = toHex(Uint8Array.from({ length: 100 }, (_, i) => i + 1));

test('slots of expressions', () => {
  const word = (/** @type {number | bigint} */ value) => toHex(value, { size: 32 });
  const balance = keccak256(concat([pad('0x0123'), word(0)]));
  assert.equal(slotOf('m(0)[account]', { account: '0x0123' }), balance);
  assert.equal(slotOf('a(10)[i] + 1', { i: 5 }), word(BigInt(keccak256(word(10))) + 6n));
  assert.equal(slotOf('m(m(1)[a])[b] + 3', { a: 7, b: 8 }), word(BigInt(keccak256(concat([word(8), keccak256(concat([word(7), word(1)]))]))) + 3n));
  assert.equal(slotOf('m(2)[index / 256]', { index: 513 }), keccak256(concat([word(2), word(2)])));
  assert.throws(() => slotOf('m(2)[key]', {}), /no value/);
  for (const expression of ['m(2', 'm(2)[k', '2 - 1', 'x', '']) assert.throws(() => slotOf(expression, { k: 1 }), /not understood|no value/);
});

test('the tables have what the compiler has, part by part', () => {
  for (const [contract, rows] of Object.entries(TABLES)) {
    for (const [field, { slot, type, parts }] of Object.entries(rows)) {
      if (slot.startsWith('0x')) continue; // of a name's hash, which the compiler does not know
      const found = compiledAt(artifactOf(contract).layout, slot);
      const encoding = found[0]?.type.encoding;
      if (type === 'bytes') assert.ok(found.length === 1 && encoding === 'bytes', `${contract}: ${field}`);
      else if (type !== 'parts') assert.ok(found.length === 1 && found[0].size === 32 && encoding !== 'bytes' && encoding !== 'mapping', `${contract}: ${field}`);
      else assert.deepEqual(parts.map(({ offset, size }) => ({ offset, size })), found.map(({ offset, size }) => ({ offset, size })), `${contract}: ${field}`);
    }
  }
});

describe('storage', { skip: noAnvil }, () => {
  /** @type {import('./world.mjs').World} */
  let world;
  /** What has been read. @type {Record<string, Set<string>>} */
  const seen = Object.fromEntries(Object.keys(TABLES).map((name) => [name, new Set()]));
  before(async () => { world = await startWorld(); });
  after(() => world?.close());

  /** Compares a row with values by part; of a row without parts, with one value. @param {any} contract @param {string} field @param {any} keys @param {any} expected */
  async function same(contract, field, keys, expected) {
    const found = await world.field(contract, field, keys);
    const whole = typeof expected !== 'object';
    const plain = (/** @type {any} */ value) => (typeof value === 'string' && value.length !== 42 ? value : BigInt(value));
    const wanted = Object.fromEntries(Object.entries(whole ? { value: expected } : expected).map(([name, value]) => [name, plain(value)]));
    assert.deepEqual(found, wanted, `${contract.name}: ${field}`);
    seen[contract.name].add(field);
  }

  test('GOPEN', async () => {
    const { gopen, alice, bob, carol, pass, chain, field } = world;
    await gopen.send(alice, 'deposit', [], parseEther('1000'));
    await gopen.send(alice, 'delegate', [bob.address]);
    await gopen.send(alice, 'approve', [carol.address, 77n]);
    const times = [];
    for (let i = 0; i < 3; i++) {
      times.push(await chain.time());
      await pass(100);
      await gopen.send(alice, 'deposit', [], parseEther(String(i + 1)));
    }
    const deadline = BigInt(await chain.time() + 9);
    const signed = await signTyped(alice, 'GOpen', gopen.address, 'Permit', 'address owner,address spender,uint256 value,uint256 nonce,uint256 deadline',
      { owner: alice.address, spender: carol.address, value: 78n, nonce: 0n, deadline });
    await gopen.send(carol, 'permit', [alice.address, carol.address, 78n, deadline, Number(`0x${signed.slice(-2)}`), signed.slice(0, 66), `0x${signed.slice(66, 130)}`]);

    const account = alice.address;
    await same(gopen, 'balance', { account }, await gopen.read('balanceOf', [account]));
    await same(gopen, 'allowance', { owner: account, spender: carol.address }, await gopen.read('allowance', [account, carol.address]));
    await same(gopen, 'total supply', {}, await gopen.read('totalSupply'));
    await same(gopen, 'nonce, of permits and delegations alike', { account }, await gopen.read('nonces', [account]));
    assert.equal(await gopen.read('nonces', [account]), 1n);
    await same(gopen, 'delegatee', { account }, { address: await gopen.read('delegates', [account]) });
    const count = await gopen.read('numCheckpoints', [bob.address]);
    await same(gopen, "number of an account's checkpoints", { account: bob.address }, count);
    assert.equal(count, 4);
    for (let i = 0; i < count; i++) {
      const { _key, _value } = await gopen.read('checkpoints', [bob.address, i]);
      await same(gopen, 'checkpoint of an account', { account: bob.address, i }, { time: _key, votes: _value });
      const supply = i < times.length ? await gopen.read('getPastTotalSupply', [times[i]]) : await gopen.read('totalSupply');
      await same(gopen, 'checkpoint of the supply', { i }, { time: _key, supply });
    }
    await same(gopen, 'number of checkpoints of the supply', {}, 4);
    assert.equal((await field(gopen, 'balance', { account: carol.address })).value, 0n, 'absent');
  });

  test('governor and timelock', async () => {
    const { gopen, governor, timelock, alice, bob, carol, pass } = world;
    await gopen.send(carol, 'deposit', [], parseEther('20000'));
    await gopen.send(carol, 'delegate', [carol.address]);
    await pass(1);
    const targets = [alice.address, bob.address, governor.address];
    const values = [1n, 2n, 0n];
    const calldatas = ['0x', '0x01020304', CALL];
    const description = 'Three calls';
    await governor.send(carol, 'propose', [[alice.address], [0n], ['0x'], 'first']);
    await governor.send(carol, 'propose', [targets, values, calldatas, description]);
    const id = await governor.read('getProposalId', [targets, values, calldatas, hash(description)]);
    const other = await governor.read('getProposalId', [[alice.address], [0n], ['0x'], hash('first')]);
    await governor.send(carol, 'cancel', [other]);
    await pass(DAY + 1);
    for (const [voter, support] of /** @type {const} */ ([[carol, 1], [bob, 0]])) await governor.send(voter, 'castVote', [id, support]);
    const ballot = { proposalId: id, support: 2, voter: alice.address, nonce: 0n };
    const vote = await signTyped(alice, 'OpenLedger', governor.address, 'Ballot', 'uint256 proposalId,uint8 support,address voter,uint256 nonce', ballot);
    await governor.send(bob, 'castVoteBySig', [id, 2, alice.address, vote]);

    await same(governor, 'nonce of ballots', { voter: alice.address }, await governor.read('nonces', [alice.address]));
    const coreOf = async (/** @type {bigint} */ proposal) => {
      const start = await governor.read('proposalSnapshot', [proposal]);
      const deadline = await governor.read('proposalDeadline', [proposal]);
      return { proposer: await governor.read('proposalProposer', [proposal]), 'vote start': start, 'vote duration': deadline - start };
    };
    await same(governor, 'proposal', { id }, { ...await coreOf(id), executed: 0, canceled: 0 });
    await same(governor, 'proposal', { id: other }, { ...await coreOf(other), executed: 0, canceled: 1 });
    await same(governor, 'threshold', {}, await governor.read('proposalThreshold'));
    await same(governor, 'voting delay and period', {}, { delay: await governor.read('votingDelay'), period: await governor.read('votingPeriod') });
    const votes = await governor.read('proposalVotes', [id]);
    for (const [i, how] of ['against', 'for', 'to abstain'].entries()) await same(governor, `votes ${how}`, { id }, votes[i]);
    for (const person of [alice, carol, world.dave]) {
      await same(governor, 'has voted', { id, voter: person.address }, { bool: Number(await governor.read('hasVoted', [id, person.address])) });
    }
    await same(governor, 'number of proposals', {}, await governor.read('proposalCount'));
    for (const i of [0n, 1n]) await same(governor, 'id of a proposal', { i }, (await governor.read('proposalDetailsAt', [i]))[0]);
    const [storedTargets, storedValues, storedCalls, storedHash] = await governor.read('proposalDetails', [id]);
    for (const what of ['targets', 'values', 'calldatas']) await same(governor, `number of ${what}`, { id }, 3);
    for (let i = 0; i < 3; i++) {
      await same(governor, 'target', { id, i }, { address: storedTargets[i] });
      await same(governor, 'value', { id, i }, storedValues[i]);
      await same(governor, 'calldata', { id, i }, storedCalls[i]);
      assert.equal(storedCalls[i], calldatas[i]);
    }
    await same(governor, 'hash of the description', { id }, storedHash);
    await same(governor, 'number of quorum checkpoints', {}, 1);
    const { time } = await world.field(governor, 'quorum checkpoint', { i: 0 });
    await same(governor, 'quorum checkpoint', { i: 0 }, { time, percent: await governor.read('quorumNumerator', [time]) });
    await same(governor, 'timelock', {}, { address: await governor.read('timelock') });

    await pass(7 * DAY);
    await governor.send(bob, 'queue', [id]);
    await same(governor, 'ETA of a queued proposal', { id }, { seconds: await governor.read('proposalEta', [id]) });
    const salt = toHex(BigInt(hash(description)) ^ BigInt(pad(governor.address, { dir: 'right' })), { size: 32 });
    const operation = await timelock.read('hashOperationBatch', [targets, values, calldatas, pad('0x'), salt]);
    await same(governor, 'operation of a queued proposal', { id }, operation);
    await same(timelock, 'time of an operation', { operation }, await timelock.read('getTimestamp', [operation]));
    await same(timelock, 'minimal delay', {}, await timelock.read('getMinDelay'));
    const role = await timelock.read('PROPOSER_ROLE');
    for (const { address } of [governor, alice]) {
      await same(timelock, 'role of an account', { role, account: address }, { bool: Number(await timelock.read('hasRole', [role, address])) });
    }
  });

  test('staking and rewards', async () => {
    const { token, staking, bank, dispersal, deployer, alice, bob, pass, field, chain } = world;
    await token.send(deployer, 'transfer', [alice.address, parseEther('5000')]);
    await token.send(alice, 'approve', [staking.address, maxUint256]);
    for (const configId of [0, 1]) await staking.send(alice, 'stake', [configId, bob.address, parseEther('100')]);
    await staking.send(alice, 'stake', [2, alice.address, parseEther('50')]);
    await staking.send(alice, 'commitStake', [CALL]);
    await pass(40 * DAY);
    await staking.send(alice, 'topUpStake', [2n, parseEther('7')]);
    await staking.send(bob, 'requestUnstake', [0n]);

    const members = ['recipient', 'configId', 'updatedAt', 'amount', 'startTime', 'principal'];
    for (const id of [1n, 2n]) {
      const stake = await staking.read('stakes', [id]);
      for (const [i, member] of members.entries()) await same(staking, `stake: ${member}`, { id }, i ? stake[i] : { address: stake[i] });
    }
    const [requestAt, held] = await staking.read('unstakeRequests', [0n]);
    assert.ok(held.amount > parseEther('100'));
    await same(staking, 'unstake request: requestAt', { id: 0n }, requestAt);
    for (const [i, member] of members.entries()) await same(staking, `unstake request: ${member}`, { id: 0n }, i ? held[member] : { address: held[member] });
    await same(staking, 'commitment', { id: 3n }, await staking.read('stakeCommitments', [3n]));
    await same(staking, 'permit was committed', { permitHash: keccak256(CALL) }, { bool: 1 });
    await same(staking, 'next id', {}, await staking.read('nextStakeId'));
    const config = await staking.read('configs', [1]);
    for (const [i, member] of ['bank', 'manager', 'token'].entries()) await same(staking, `configuration: ${member}`, { configId: 1 }, { address: config[i] });
    for (const [i, member] of ['interestRate', 'stakeDuration', 'cooldownDuration', 'maxStake', 'minStake'].entries()) {
      await same(staking, `configuration: ${member}`, { configId: 1 }, config[3 + i]);
    }
    const [isActive, isTopupEnabled, isPublic] = config.slice(8).map(Number);
    await same(staking, 'configuration: flags', { configId: 1 }, { isActive, isTopupEnabled, isPublic });
    await same(staking, 'staked by a recipient', { configId: 2, recipient: alice.address }, await staking.read('stakedAmounts', [2, alice.address]));
    await same(staking, 'owner', {}, { address: await staking.read('owner') });
    for (const contract of [bank, dispersal]) {
      const { values: [owner] } = await prove(chain, contract.address, [TABLES.Staking.owner.slot]);
      assert.equal(BigInt(owner), BigInt(deployer.address));
    }
    const { values: [roles] } = await prove(chain, staking.address, [keccak256(concat([bank.address, '0x00000000000000008b78c6d8']))]);
    assert.equal(BigInt(roles), await staking.read('rolesOf', [bank.address]));
    assert.equal(BigInt(roles), await staking.read('TRUSTED_BANK'));

    const batch = hash('batch');
    await dispersal.send(deployer, 'setBatchEnabled', [batch, true]);
    await dispersal.send(deployer, 'setBatchFee', [batch, 9n]);
    const packed = concat([alice.address, toHex(5n, { size: 32 }), batch, dispersal.address, toHex(1612n, { size: 32 })]);
    const signature = await deployer.account.signMessage({ message: { raw: keccak256(packed) } });
    await dispersal.send(bob, 'claim', [signature, batch, 5n, alice.address], 9n);
    await same(dispersal, 'signer', {}, { address: await dispersal.read('signer') });
    await same(dispersal, 'vault', {}, { address: await dispersal.read('vault'), active: Number(await dispersal.read('active')) });
    await same(dispersal, 'token', {}, { address: await dispersal.read('token') });
    const claimed = await dispersal.read('claimed', [batch, alice.address]);
    assert.equal(claimed, BigInt((await chain.block()).number));
    await same(dispersal, 'block of a claim', { batch, account: alice.address }, claimed);
    await same(dispersal, 'batch is enabled', { batch }, { bool: 1 });
    await same(dispersal, 'fee of a batch', { batch }, await dispersal.read('batchFee', [batch]));
    assert.equal((await field(dispersal, 'block of a claim', { batch, account: bob.address })).value, 0n);
  });

  test('nodes', async () => {
    const { nodes, deployer, alice, bob, carol } = world;
    const consent = await signTyped(bob, 'NodeRegistry', nodes.address, 'Registration', 'address operator', { operator: alice.address });
    await nodes.send(alice, 'register', [bob.address, ENDPOINT, consent], parseEther('150'));
    await nodes.send(carol, 'register', [carol.address, 'short', '0x'], parseEther('100'));
    await nodes.send(deployer, 'slash', [bob.address, parseEther('3'), deployer.address, hash('late')]);
    await nodes.send(carol, 'revoke', [carol.address]);
    await same(nodes, 'owner', {}, { address: await nodes.read('owner') });
    await same(nodes, 'minimal bond', {}, { amount: await nodes.read('minBond') });
    for (const signer of [bob.address, carol.address]) {
      const node = await nodes.read('nodeOf', [signer]);
      await same(nodes, 'node', { signer }, { operator: node.operator, registered: node.registeredAt, revoked: node.revokedAt });
      await same(nodes, 'node: bond', { signer }, { bond: node.bond, slashed: node.slashed });
      await same(nodes, 'node: endpoint', { signer }, stringToHex(node.endpoint));
    }
    await same(nodes, 'number of nodes', {}, await nodes.read('signerCount'));
    for (const i of [0n, 1n]) await same(nodes, 'key of a node', { i }, { address: await nodes.read('signerAt', [i]) });
  });

  test('datanets', async () => {
    const { datanets, deployer, alice, bob } = world;
    const fee = (/** @type {bigint} */ size) => TERMS.feePerByte * size;
    await datanets.send(alice, 'create', [hash('about'), hash('v1'), 1000n, 5n], TERMS.createFee + fee(1000n));
    await datanets.send(alice, 'update', [1n, hash('v2'), 10n], fee(10n));
    const content = [hash('rows'), 200n, hash('salt')];
    const commitment = keccak256(encodeAbiParameters(['uint64', 'address', 'bytes32', 'uint64', 'bytes32'].map((type) => ({ type })), [1n, bob.address, ...content]));
    await datanets.send(bob, 'commit', [1n, commitment], 6n);
    await datanets.send(bob, 'commit', [1n, commitment], 7n);
    await datanets.send(bob, 'reveal', [2n, ...content]);

    await same(datanets, 'owner', {}, { address: deployer.address });
    await same(datanets, 'fees', {}, { 'to create': await datanets.read('createFee'), 'per byte': await datanets.read('feePerByte') });
    await same(datanets, 'number of datanets', {}, { count: await datanets.read('datanetCount') });
    const [owner, version, metadata, root, minStake] = await datanets.read('datanetOf', [1n]);
    await same(datanets, 'datanet', { datanet: 1n }, { owner, version });
    await same(datanets, 'datanet: metadata', { datanet: 1n }, metadata);
    await same(datanets, 'datanet: root', { datanet: 1n }, root);
    await same(datanets, 'datanet: minimal stake', { datanet: 1n }, { amount: minStake });
    for (const number of [1n, 2n]) await same(datanets, 'root of a version', { datanet: 1n, version: number }, await datanets.read('versionRoot', [1n, number]));
    await same(datanets, 'number of contributions', {}, await datanets.read('contributionCount'));
    for (const contributionId of [1n, 2n]) {
      const [contributor, datanet, state, kept, stake, dueAt, size] = await datanets.read('contributionOf', [contributionId]);
      await same(datanets, 'contribution', { contributionId }, { contributor, datanet, state });
      await same(datanets, 'contribution: hash', { contributionId }, kept);
      await same(datanets, 'contribution: stake', { contributionId }, { stake, 'due at': dueAt, size });
    }
    await same(datanets, 'collected fees', {}, await datanets.read('collected'));
  });

  test('attribution', async () => {
    const { attribution, alice, bob, carol, pass } = world;
    await attribution.send(alice, 'postBatch', [bob.address, hash('batch'), 3n]);
    await attribution.send(alice, 'publishCorpus', [toHex(1n, { size: 32 }), hash('corpus')]);
    await attribution.send(carol, 'dispute', [hash('corpus')], TERMS.disputeBond);
    const shares = Array.from({ length: 300 }, (_, i) => ({ contributor: carol.address, datanet: 1n, weight: 1n, amount: BigInt(i) }));
    const split = splitOf(shares);
    await attribution.send(bob, 'fund', [split.root, 300n, pad('0x', { size: 20 }), split.sum], split.sum);
    await pass(TERMS.disputeWindow);
    for (const index of [3, 257, 299]) await attribution.send(bob, 'claim', [1n, BigInt(index), shares[index], split.pathOf(index)]);

    await same(attribution, 'owner', {}, { address: await attribution.read('owner') });
    await same(attribution, 'number of batches', {}, await attribution.read('batchCount'));
    await same(attribution, 'root of a batch', { batchId: 1n }, await attribution.read('batchRoot', [1n]));
    const [signer, receipts] = await attribution.read('batchOf', [1n]);
    await same(attribution, 'batch', { batchId: 1n }, { signer, receipts });
    const [publisher, epochs] = await attribution.read('corpusOf', [pad('0x01')]);
    await same(attribution, 'corpus', { name: 1n }, { publisher, 'newest epoch': epochs });
    await same(attribution, 'corpusId', { name: 1n, epoch: 1n }, await attribution.read('corpusId', [pad('0x01'), 1n]));
    const [disputer, openedAt, status] = await attribution.read('disputeOf', [hash('corpus')]);
    await same(attribution, 'dispute', { subject: hash('corpus') }, { disputer, opened: openedAt, status });
    await same(attribution, 'number of payouts', {}, await attribution.read('payoutCount'));
    const [splitRoot, token, leaves, total, paid, funder, claimableAt] = await attribution.read('payoutOf', [1n]);
    await same(attribution, 'payout: split root', { payoutId: 1n }, splitRoot);
    await same(attribution, 'payout: token', { payoutId: 1n }, { address: token, leaves });
    await same(attribution, 'payout: total', { payoutId: 1n }, { total, paid });
    await same(attribution, 'payout: funder', { payoutId: 1n }, { funder, 'claimable at': claimableAt });
    assert.equal(paid, 3n + 257n + 299n);
    await same(attribution, 'claimed rows, 256 in a word', { payoutId: 1n, index: 3 }, 1n << 3n);
    await same(attribution, 'claimed rows, 256 in a word', { payoutId: 1n, index: 257 }, (1n << 1n) | (1n << 43n));
    for (const [index, isClaimed] of /** @type {const} */ ([[3n, true], [4n, false], [257n, true], [1n, false], [299n, true]])) {
      assert.equal(await attribution.read('isClaimed', [1n, index]), isClaimed);
    }
  });

  test('models and grants', async () => {
    const { models, grants, timelock, alice } = world;
    for (const adapter of ['one', 'two']) await models.send(alice, 'register', [hash('base'), hash(adapter), hash('run'), hash('gradient'), 3n, 4n]);
    const modelId = await models.read('modelIdOf', [alice.address, hash('base'), hash('two')]);
    await models.send(alice, 'deploy', [modelId]);
    await same(models, 'number of models', {}, await models.read('modelCount'));
    for (const i of [0n, 1n]) await same(models, 'id of a model', { i }, await models.read('modelIdAt', [i]));
    const [owner, deployedAt, base, adapter, run, gradient, priceIn, priceOut] = await models.read('modelOf', [modelId]);
    assert.ok(deployedAt !== 0);
    await same(models, 'model', { modelId }, { owner, 'deployed at': deployedAt });
    for (const [what, value] of Object.entries({ 'base model': base, adapter, run, gradientId: gradient })) await same(models, `model: ${what}`, { modelId }, value);
    await same(models, 'model: price of 1,000 tokens', { modelId }, { in: priceIn, out: priceOut });

    await grants.send(alice, 'propose', [hash('plan'), [5n, 6n, 7n]]);
    await world.as(timelock.address, async () => {
      const send = (/** @type {string} */ name, /** @type {any[]} */ args, value = 0n) =>
        world.chain.send({ from: timelock.address, to: grants.address, data: grants.encode(name, args), value: toHex(value) });
      await send('approve', [1n], 18n);
      for (const index of [0n, 2n]) await grants.send(alice, 'submit', [1n, index, hash(`done ${index}`)]);
      await send('accept', [1n, 2n, hash('done 2')]);
    });
    await same(grants, 'owner', {}, { address: timelock.address });
    await same(grants, 'number of grants', {}, await grants.read('grantCount'));
    const [recipient, state, milestones, paidMilestones, metadata, total, paid] = await grants.read('grantOf', [1n]);
    await same(grants, 'grant', { grantId: 1n }, { recipient, state, milestones, 'paid milestones': paidMilestones });
    await same(grants, 'grant: metadata', { grantId: 1n }, metadata);
    await same(grants, 'grant: total', { grantId: 1n }, { total, paid });
    for (const i of [0n, 1n, 2n]) {
      const [amount, submittedAt, progress, evidence] = await grants.read('milestoneOf', [1n, i]);
      assert.equal(progress, [1, 0, 2][Number(i)]);
      await same(grants, 'milestone', { grantId: 1n, i }, { amount, 'submitted at': submittedAt, progress });
      await same(grants, 'milestone: evidence', { grantId: 1n, i }, evidence);
    }
  });

  test('no row was left out', () => {
    for (const [contract, rows] of Object.entries(TABLES)) assert.deepEqual([...seen[contract]].sort(), Object.keys(rows).sort(), contract);
  });
});
