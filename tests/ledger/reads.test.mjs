// SPDX-License-Identifier: MIT
// What is proven of the reference contracts is what their view functions say, step by step.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { encodeAbiParameters, keccak256, parseEther, stringToHex, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { CHAIN_ID, deploy, PRESETS, signerOf, startChain } from '../devnet/contracts/deploy.mjs';
import { noAnvil, quantity } from '../devnet/rollup/anvil.mjs';

const program = process.env.OL_CLI ?? join(import.meta.dirname, '../../build/dev/openledger');
const START = 1_600_000_000; // time passes by weeks, and may not come to be in the future
const DAY = 86_400;
const PEOPLE = ['deployer', 'alice', 'bob', 'carol', 'dave'];
const STATES = ['pending', 'active', 'canceled', 'defeated', 'succeeded', 'queued', 'expired', 'executed'];
const run = promisify(execFile);

/** @typedef {`0x${string}`} Hex */

/** @type {any} */
let world;
/** @type {string} */
let folder;

/** @param {string} name @param {object} profile */
function write(name, profile) {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ name, l2: { chainId: CHAIN_ID }, l1: { chainId: 1 }, endpoints: { l2: [world.chain.url] }, ...profile }));
  return path;
}

/** Asks, by a profile. @param {string} profile @param {string} method @param {unknown[]} params @returns {Promise<any>} the value */
async function askBy(profile, method, ...params) {
  const args = ['ask', method, ...params.map((param) => JSON.stringify(param, (_, value) => (typeof value === 'bigint' ? toHex(value) : value)))];
  const options = ['--max-age', '4000000000', '--rollup', profile];
  const { stdout } = await run(program, [...args, ...options]).catch((fault) => {
    throw new Error(fault.stdout || fault.stderr);
  });
  const { value, trust, block } = JSON.parse(stdout);
  assert.equal(trust, 'quorum');
  if (value) assert.deepEqual([value.trust, value.block.number], [trust, block.number]);
  return value;
}

const ask = (/** @type {string} */ method, /** @type {unknown[]} */ ...params) => askBy(world.profile, method, ...params);
const number = (/** @type {string | undefined} */ text) => (text === undefined ? undefined : BigInt(text));
const same = (/** @type {string} */ ours, /** @type {string} */ theirs) => assert.equal(ours, theirs.toLowerCase());

before(async () => {
  if (noAnvil) return;
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  const chain = await startChain(['--timestamp', String(START), '--balance', '1000000']);
  await chain.ask('anvil_setBlockTimestampInterval', 1);
  const people = Object.fromEntries(PEOPLE.map((name, addressIndex) => {
    const account = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex });
    return [name, signerOf(/** @type {any} */ (account))];
  }));
  const { contracts, addresses } = await deploy(chain, people.deployer, { granter: people.deployer.address });
  const pass = async (/** @type {number} */ seconds) => chain.mineAt(await chain.time() + seconds);
  world = { chain, pass, addresses, ...people, ...contracts };
  const { gopen, governor, timelock, staking, dispersal, datanets, models, nodes, attribution, grants } = contracts;
  const known = {
    gopen: gopen.address, governor: governor.address, staking: [staking.address], datanetRegistry: datanets.address,
    modelRegistry: models.address, nodeRegistry: nodes.address, attributionRegistry: attribution.address, grantRegistry: grants.address,
    sigDispersal: dispersal.address,
  };
  const implementations = await Promise.all([[gopen, 'GOPEN'], [governor, 'OpenLedgerGovernor'], [timelock, 'TimelockController'],
    [staking, 'Staking'], [dispersal, 'SigDispersal']].map(async ([contract, name]) =>
    ({ codeHash: keccak256(await chain.ask('eth_getCode', contract.address, 'latest')), as: `openledger 1 ${name}` })));
  world.profile = write('pinned', { contracts: known, implementations });
  world.assumed = write('assumed', { contracts: known });
  world.wrong = write('wrong', { contracts: known, implementations: implementations.map(({ as }) => ({ as, codeHash: keccak256(stringToHex(as)) })) });
  world.nowhere = write('nowhere', {});
});

after(async () => {
  await world?.chain.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** The parameters of governance are those of the view functions. */
async function checkGovernance() {
  const { governor, timelock, gopen } = world;
  const found = await ask('openledger_getGovernance');
  const at = number(found.timepoint);
  for (const [ours, theirs] of [
    [found.votingDelay, await governor.read('votingDelay')], [found.votingPeriod, await governor.read('votingPeriod')],
    [found.proposalThreshold, await governor.read('proposalThreshold')], [found.quorum, await governor.read('quorum', [at])],
    [found.quorumPercent, await governor.read('quorumNumerator', [at])], [found.totalSupply, await gopen.read('getPastTotalSupply', [at])],
    [found.timelockDelay, await timelock.read('getMinDelay')], [found.proposals, await governor.read('proposalCount')],
  ]) assert.equal(number(ours), BigInt(theirs));
  same(found.timelock, timelock.address);
  assert.equal(found.layout, 'pinned');
}

/** @param {any} person @param {bigint} [time] */
async function checkVotes(person, time) {
  const { gopen, governor } = world;
  const found = await ask('openledger_getVotes', person.address, time ?? null);
  const account = person.address;
  assert.equal(number(found.balance), await gopen.read('balanceOf', [account]));
  same(found.delegatee, await gopen.read('delegates', [account]));
  assert.equal(number(found.votes), await gopen.read('getVotes', [account]));
  assert.equal(number(found.nonce), await gopen.read('nonces', [account]));
  assert.equal(number(found.voteNonce), await governor.read('nonces', [account]));
  assert.equal(number(found.pastVotes), time === undefined ? undefined : await gopen.read('getPastVotes', [account, time]));
}

/** @param {bigint} id @param {any} [voter] */
async function checkProposal(id, voter) {
  const { governor, chain, gopen, timelock } = world;
  const found = await ask('openledger_getProposal', id, voter?.address ?? null);
  assert.equal(STATES.indexOf(found.state), Number(await governor.read('state', [id])));
  same(found.proposer, await governor.read('proposalProposer', [id]));
  const snapshot = await governor.read('proposalSnapshot', [id]);
  assert.equal(number(found.voteStart), snapshot);
  assert.equal(number(found.voteEnd), await governor.read('proposalDeadline', [id]));
  const votes = await governor.read('proposalVotes', [id]);
  assert.deepEqual([found.againstVotes, found.forVotes, found.abstainVotes].map(number), [...votes]);
  const [targets, values, calldatas, descriptionHash] = await governor.read('proposalDetails', [id]);
  assert.deepEqual(found.calls.map((/** @type {any} */ { to, value, data }) => [to, BigInt(value), data]),
    targets.map((/** @type {string} */ target, /** @type {number} */ i) => [target.toLowerCase(), values[i], calldatas[i]]));
  assert.equal(found.descriptionHash, descriptionHash);
  assert.equal(number(found.eta) ?? 0n, await governor.read('proposalEta', [id]));
  if (BigInt(await chain.time()) > snapshot) assert.equal(number(found.quorum), await governor.read('quorum', [snapshot]));
  if (found.state === 'queued') assert.equal(number(found.executableAt), await timelock.read('getTimestamp', [found.operation]));
  if (voter) {
    assert.equal(found.voter.hasVoted, await governor.read('hasVoted', [id, voter.address]));
    if (found.voter.votes) assert.equal(number(found.voter.votes), await gopen.read('getPastVotes', [voter.address, snapshot]));
  }
  const { proposals } = await ask('openledger_getProposals');
  const listed = proposals.find((/** @type {any} */ one) => BigInt(one.id) === id);
  for (const name of Object.keys(listed)) assert.deepEqual(listed[name], found[name], name);
  return found.state;
}

const idOf = (/** @type {any[]} */ [targets, values, calldatas, description]) => BigInt(keccak256(encodeAbiParameters(
  ['address[]', 'uint256[]', 'bytes[]', 'bytes32'].map((type) => ({ type })), [targets, values, calldatas, keccak256(stringToHex(description))])));
const hashed = (/** @type {any[]} */ plan) => [...plan.slice(0, 3), keccak256(stringToHex(plan[3]))];

test('the life of proposals', { skip: noAnvil }, async () => {
  const { gopen, governor, timelock, alice, bob, carol, dave, pass, chain } = world;
  await checkGovernance();
  await checkVotes(alice);
  for (const [person, amount] of [[alice, '60000'], [bob, '30000'], [carol, '10000']]) {
    await gopen.send(person, 'deposit', [], parseEther(amount));
    await gopen.send(person, 'delegate', [person.address]);
  }
  await pass(1);
  await checkGovernance();
  await checkVotes(alice, BigInt(await chain.time()) - 1n);
  await checkVotes(bob, BigInt(START));

  await chain.ask('anvil_setBalance', timelock.address, quantity(10n ** 21n));
  const long = gopen.encode('permit', [alice.address, bob.address, 7n, 8n, 27, keccak256('0x01'), keccak256('0x02')]);
  const give = [[carol.address, gopen.address, governor.address], [parseEther('7'), 0n, 0n],
    ['0x', gopen.encode('approve', [alice.address, 5n]), governor.encode('updateQuorumNumerator', [7n])], 'Give'];
  const lose = [[gopen.address, carol.address], [0n, 0n], [long, '0x0102'], 'Lose'];
  const stop = [[carol.address], [0n], ['0x'], 'Stop'];
  for (const plan of [give, lose, stop]) await governor.send(alice, 'propose', plan);
  const [given, lost, stopped] = [give, lose, stop].map(idOf);
  for (const id of [given, lost, stopped]) assert.equal(await checkProposal(id, alice), 'pending');
  await governor.send(alice, 'cancel', hashed(stop));
  assert.equal(await checkProposal(stopped), 'canceled');

  await pass(PRESETS.documentation.votingDelay + 1);
  await governor.send(alice, 'castVote', [given, 1]);
  await governor.send(bob, 'castVote', [given, 0]);
  await governor.send(carol, 'castVote', [given, 2]);
  await governor.send(alice, 'castVote', [lost, 0]);
  for (const voter of [alice, carol, dave]) assert.equal(await checkProposal(given, voter), 'active');
  assert.equal(await checkProposal(lost, bob), 'active');
  await gopen.send(bob, 'withdraw', [parseEther('1')]); // which changes nothing of votes that have begun
  await pass(PRESETS.documentation.votingPeriod);
  assert.equal(await checkProposal(given, bob), 'succeeded');
  assert.equal(await checkProposal(lost), 'defeated');
  await governor.send(dave, 'queue', hashed(give));
  assert.equal(await checkProposal(given), 'queued');
  await pass(PRESETS.documentation.minDelay);
  await governor.send(dave, 'execute', hashed(give));
  assert.equal(await checkProposal(given), 'executed');
  await pass(2);
  await checkGovernance();
  assert.equal(await ask('openledger_getProposal', 12345n), null);
});

test('votes by a list of checkpoints that takes several rounds', { skip: noAnvil }, async () => {
  const { gopen, dave, chain, pass } = world;
  await gopen.send(dave, 'delegate', [dave.address]);
  const times = [];
  for (let i = 0; i < 40; i++) {
    await gopen.send(dave, 'deposit', [], BigInt(i + 1));
    times.push(BigInt(await chain.time()));
    if (i % 7 === 0) await pass(3);
  }
  await pass(1);
  for (const time of [times[0] - 1n, times[0], times[1], times[16] + 1n, times[20], times[35], times[39]]) await checkVotes(dave, time);
  await checkGovernance();
});

/** Each number of the contract is that of the proof. @param {any} found @param {any} person */
async function checkStakes(found, person) {
  const { staking } = world;
  for (const one of found.positions) {
    const id = BigInt(one.id);
    const [requestAt, requested] = await staking.read('unstakeRequests', [id]);
    const fields = one.stage === 'requested'
      ? [requested.recipient, requested.configId, requested.updatedAt, requested.amount, requested.startTime, requested.principal]
      : await staking.read('stakes', [id]);
    assert.deepEqual([one.configId, one.updatedAt, one.amount, one.startTime, one.principal].map(number), [...fields.slice(1)]);
    same(one.recipient, fields[0]);
    same(one.recipient, person.address);
    assert.equal(number(one.requestAt) ?? 0n, requestAt);
    const config = await staking.read('configs', [BigInt(one.configId)]);
    const ours = one.config;
    assert.deepEqual([ours.interestRate, ours.stakeDuration, ours.cooldownDuration, ours.maxStake, ours.minStake].map(number), [...config.slice(3, 8)]);
    assert.deepEqual([ours.isActive, ours.isTopupEnabled, ours.isPublic], [...config.slice(8)]);
    [ours.bank, ours.manager, ours.token].forEach((address, i) => same(address, config[i]));
    const [recipient, configId, updatedAt, amount, startTime, principal] = fields;
    const worth = one.stage === 'requested' ? amount
      : await staking.read('calculateAmount', [{ recipient, configId, updatedAt, amount, startTime, principal }]);
    assert.equal(number(one.worth), worth);
  }
}

test('stakes', { skip: noAnvil }, async () => {
  const { staking, token, deployer, alice, bob, pass } = world;
  for (const person of [alice, bob]) {
    await token.send(deployer, 'transfer', [person.address, parseEther('100000')]);
    await token.send(person, 'approve', [staking.address, 2n ** 255n]);
  }
  assert.deepEqual((await ask('openledger_getPositions', alice.address)).positions, []);
  const steps = [
    () => staking.send(alice, 'stake', [0n, alice.address, parseEther('1000')]),
    () => staking.send(bob, 'stake', [1n, bob.address, parseEther('1000')]),
    () => staking.send(alice, 'stake', [1n, alice.address, parseEther('3000')]),
    () => pass(10 * DAY),
    () => staking.send(alice, 'topUpStake', [0n, parseEther('500')]),
    () => pass(40 * DAY), // the stake of a month grows no more
    () => staking.send(alice, 'requestUnstake', [0n]),
    () => pass(8 * DAY),
  ];
  for (const step of steps) {
    await step();
    await checkStakes(await ask('openledger_getPositions', alice.address), alice);
  }
  const found = await ask('openledger_getPositions', alice.address);
  assert.deepEqual(found.positions.map((/** @type {any} */ { id, stage }) => [Number(id), stage]), [[2, 'growing'], [0, 'requested']]);
  assert.deepEqual([found.complete, number(found.total), found.layout], [true, 3n, 'pinned']);
  await staking.send(alice, 'unstake', [0n]);
  const [gone, none] = (await ask('openledger_getPositions', [0n, 99n])).positions;
  assert.deepEqual([gone.stage, none.stage], ['none', 'none']);
  const more = await ask('openledger_getPositions', alice.address, 1n);
  assert.deepEqual([more.positions, more.complete], [[], true]);
});

test('entries of the registries', { skip: noAnvil }, async () => {
  const { datanets, models, nodes, attribution, grants, alice, bob, deployer } = world;
  const [one, two] = [keccak256('0x01'), keccak256('0x02')];
  const root = keccak256('0x03');
  const fee = await datanets.read('createFee') + await datanets.read('feePerByte') * 1000n;
  assert.equal(await ask('openledger_getDatanet', 1n), null);
  await datanets.send(alice, 'create', [one, root, 1000n, 5n], fee);
  const datanet = await ask('openledger_getDatanet', 1n);
  same(datanet.owner, alice.address);
  assert.deepEqual([number(datanet.version), datanet.metadata, datanet.root, number(datanet.minStake), datanet.layout], [1n, one, root, 5n, 'assumed']);

  await models.send(alice, 'register', [one, two, root, one, 11n, 12n]);
  const id = await models.read('modelIdAt', [0n]);
  await models.send(alice, 'deploy', [id]);
  const model = await ask('openledger_getModel', id);
  const theirs = await models.read('modelOf', [id]);
  same(model.owner, theirs[0]);
  assert.deepEqual([number(model.deployedAt), model.baseModel, model.adapterHash, model.runId, model.gradientId, number(model.priceIn), number(model.priceOut)],
    [BigInt(theirs[1]), ...theirs.slice(2)]);

  const bond = await nodes.read('minBond');
  for (const endpoint of ['https://n.example', `https://${'n'.repeat(60)}.example/ä`]) {
    const person = endpoint.length < 32 ? alice : bob;
    await nodes.send(person, 'register', [person.address, endpoint, '0x'], bond);
    const node = await ask('openledger_getNode', person.address);
    const { operator, registeredAt, revokedAt, bond: held, slashed } = await nodes.read('nodeOf', [person.address]);
    same(node.operator, operator);
    assert.deepEqual([node.registeredAt, node.revokedAt, node.bond, node.slashed].map(number), [BigInt(registeredAt), BigInt(revokedAt), held, slashed]);
    assert.equal(node.endpoint, endpoint);
  }

  await attribution.send(alice, 'postBatch', [alice.address, root, 9n]);
  const batch = await ask('openledger_getBatch', 1n);
  same(batch.signer, alice.address);
  assert.deepEqual([batch.root, number(batch.receipts)], [root, 9n]);

  await grants.send(bob, 'propose', [one, [5n, 6n, 7n]]);
  await grants.send(deployer, 'approve', [1n], 18n);
  await grants.send(bob, 'submit', [1n, 1n, two]);
  await grants.send(deployer, 'accept', [1n, 1n, two]);
  const grant = await ask('openledger_getGrant', 1n);
  assert.deepEqual([grant.state, number(grant.milestoneCount), number(grant.milestonesPaid), number(grant.total), number(grant.paid)], ['funded', 3n, 1n, 18n, 6n]);
  assert.deepEqual(grant.milestones.map((/** @type {any} */ { amount, progress }) => [number(amount), progress]), [[5n, 'pending'], [6n, 'paid'], [7n, 'pending']]);
  assert.equal(grant.milestones[1].evidence, two);
});

test('what a profile knows of payouts, claims and allowances', { skip: noAnvil }, async () => {
  const { attribution, dispersal, gopen, alice, bob, nowhere } = world;
  const batch = keccak256('0x04');
  assert.equal(await ask('openledger_getPayout', 1n), null);
  await attribution.send(bob, 'fund', [batch, 2n, `0x${'00'.repeat(20)}`, 5n], 5n);
  const payout = await ask('openledger_getPayout', 1n, 1n);
  assert.deepEqual([payout.splitRoot, number(payout.total), payout.claimed, payout.layout], [batch, 5n, false, 'assumed']);
  same(payout.registry, attribution.address);
  const claim = await ask('openledger_getClaim', batch, alice.address);
  assert.deepEqual([number(claim.claimBlock), claim.enabled, claim.layout], [0n, false, 'pinned']);
  same(claim.dispersal, dispersal.address);
  await gopen.send(alice, 'approve', [bob.address, 8n]);
  const { allowance, layout, gopen: at } = await ask('openledger_getAllowance', alice.address, bob.address);
  assert.deepEqual([number(allowance), layout], [8n, 'pinned']);
  same(at, gopen.address);
  await assert.rejects(askBy(nowhere, 'openledger_getClaim', batch, alice.address), /neither the profile nor the request says where the contract is/);
});

test('an answer says whether somebody vouches for the layout', { skip: noAnvil }, async () => {
  const { assumed, wrong, nowhere, gopen, governor, alice, timelock } = world;
  assert.equal((await askBy(assumed, 'openledger_getGovernance')).layout, 'assumed');
  await assert.rejects(askBy(wrong, 'openledger_getGovernance'), /contract has other code than the profile vouches for/);
  await assert.rejects(askBy(nowhere, 'openledger_getGovernance'), /neither the profile nor the request says where the contract is/);
  const named = await askBy(nowhere, 'openledger_getGovernance', null, { gopen: gopen.address, governor: governor.address });
  assert.equal(named.layout, 'assumed');
  same(named.governor, governor.address);
  await assert.rejects(askBy(nowhere, 'openledger_getVotes', alice.address, null, null, { gopen: alice.address }), /there is no contract at this address/);
  await assert.rejects(askBy(nowhere, 'openledger_getGovernance', null, { gopen: gopen.address, governor: timelock.address }), /governor has no timelock|never writes/);
});
