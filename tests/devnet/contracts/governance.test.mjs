// SPDX-License-Identifier: MIT
// What a proposal can live through, each state read from proven slots as well.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { encodeAbiParameters, keccak256, pad, parseEther, parseSignature, serializeCompactSignature, stringToHex, toHex, zeroAddress } from 'viem';
import { noAnvil } from '../rollup/anvil.mjs';
import { PRESETS } from './deploy.mjs';
import { refused, signTyped, startWorld } from './world.mjs';

/** @typedef {`0x${string}`} Hex */
/** @typedef {import('./world.mjs').World} World */
/** @typedef {{ targets: Hex[], values: bigint[], calldatas: Hex[], description: string }} Plan */

const STATES = ['Pending', 'Active', 'Canceled', 'Defeated', 'Succeeded', 'Queued', 'Expired', 'Executed'];
const [AGAINST, FOR, ABSTAIN] = [0, 1, 2];
const { votingDelay, votingPeriod, minDelay } = PRESETS.documentation;
const BALLOT = 'uint256 proposalId,uint8 support,address voter,uint256 nonce';

/** @type {(() => Promise<unknown>)[]} */
const endings = [];
afterEach(() => Promise.all(endings.splice(0).map((end) => end())));

/** A world where some have votes: alice 60,000, bob 30,000, carol 10,000. @param {Parameters<typeof startWorld>[0]} [options] */
async function votersWorld(options) {
  const world = await startWorld(options);
  endings.push(world.close);
  const { gopen, alice, bob, carol, pass } = world;
  for (const [person, amount] of /** @type {const} */ ([[alice, '60000'], [bob, '30000'], [carol, '10000']])) {
    await gopen.send(person, 'deposit', [], parseEther(amount));
    await gopen.send(person, 'delegate', [person.address]);
  }
  await pass(1);
  return world;
}

const argumentsOf = (/** @type {Plan} */ { targets, values, calldatas, description }) =>
  [targets, values, calldatas, keccak256(stringToHex(description))];

/** Of a proposal, or with other words in the place of its description's of an operation. @param {Plan} plan @param {Hex[]} [words] */
const hashOf = ({ targets, values, calldatas, description }, words = [keccak256(stringToHex(description))]) => keccak256(encodeAbiParameters(
  ['address[]', 'uint256[]', 'bytes[]', ...words.map(() => 'bytes32')].map((type) => ({ type })), [targets, values, calldatas, ...words]));

const idOf = (/** @type {Plan} */ plan) => BigInt(hashOf(plan));

/** @param {World} world @param {Plan} plan @returns {Hex} */
const saltOf = ({ governor }, { description }) =>
  toHex(BigInt(keccak256(stringToHex(description))) ^ BigInt(pad(governor.address, { dir: 'right' })), { size: 32 });
/** In the timelock. @param {World} world @param {Plan} plan */
const operationOf = (world, plan) => hashOf(plan, [pad('0x'), saltOf(world, plan)]);

/** The value of a history at a time, by proof: the last checkpoint that is not later. @param {World} world
 * @param {any} contract @param {string} row @param {string} count @param {string} part @param {bigint} time @param {any} [keys] */
async function valueAt({ field }, contract, row, count, part, time, keys = {}) {
  const { value: length } = await field(contract, count, keys);
  for (let i = length - 1n; i >= 0n; i--) {
    const checkpoint = await field(contract, row, { ...keys, i });
    if (checkpoint.time <= time) return checkpoint[part];
  }
  return 0n;
}

/** A proposal's state by what README.md says of slots. @param {World} world @param {bigint} id */
async function provenState(world, id) {
  const { field, governor, gopen, timelock, chain } = world;
  const proposal = await field(governor, 'proposal', { id });
  const now = BigInt(await chain.time());
  const start = proposal['vote start'];
  if (proposal.executed) return 'Executed';
  if (proposal.canceled) return 'Canceled';
  if (start === 0n) return undefined;
  if (now <= start) return 'Pending';
  if (now <= start + proposal['vote duration']) return 'Active';
  const [against, forIt, abstain] = await Promise.all(['against', 'for', 'to abstain'].map(async (how) => (await field(governor, `votes ${how}`, { id })).value));
  const supply = await valueAt(world, gopen, 'checkpoint of the supply', 'number of checkpoints of the supply', 'supply', start);
  const percent = await valueAt(world, governor, 'quorum checkpoint', 'number of quorum checkpoints', 'percent', start);
  if (forIt <= against || forIt + abstain < supply * percent / 100n) return 'Defeated';
  if ((await field(governor, 'ETA of a queued proposal', { id })).seconds === 0n) return 'Succeeded';
  const { value: operation } = await field(governor, 'operation of a queued proposal', { id });
  const { value: time } = await field(timelock, 'time of an operation', { operation });
  return time > 1n ? 'Queued' : time === 1n ? 'Executed' : 'Canceled';
}

/** The contract and the slots say the same. @param {World} world @param {Plan} plan @param {string} expected */
async function isIn(world, plan, expected) {
  const id = idOf(plan);
  assert.equal(STATES[await world.governor.read('state', [id])], expected);
  assert.equal(await provenState(world, id), expected);
}

/** @param {World} world @param {Plan} plan @param {any} [proposer] */
async function propose(world, plan, proposer = world.alice) {
  const { targets, values, calldatas, description } = plan;
  await world.governor.send(proposer, 'propose', [targets, values, calldatas, description]);
  return idOf(plan);
}

/** Pending to Succeeded, if the votes say so. @param {World} world @param {Plan} plan @param {[any, number][]} votes */
async function decide(world, plan, votes) {
  const id = await propose(world, plan);
  await world.pass(votingDelay + 1);
  for (const [voter, support] of votes) await world.governor.send(voter, 'castVote', [id, support]);
  await world.pass(votingPeriod);
  return id;
}

/** Succeeded to Executed. @param {World} world @param {Plan} plan */
async function carryOut({ governor, dave, pass }, plan) {
  await governor.send(dave, 'queue', argumentsOf(plan));
  await pass(minDelay);
  await governor.send(dave, 'execute', argumentsOf(plan));
}

/** @param {World} world @param {string} [description] @returns {Plan} that carol gets 7 OPEN of the treasury */
const gift = ({ carol }, description = 'Give') => ({ targets: [carol.address], values: [parseEther('7')], calldatas: ['0x'], description });
/** A call of one of the contracts. @param {any} contract @param {string} name @param {any[]} args @param {bigint} [value] @returns {Plan} */
const call = (contract, name, args, value = 0n) =>
  ({ targets: [contract.address], values: [value], calldatas: [contract.encode(name, args)], description: `${name} ${args}` });

test('OPEN is wrapped one to one, and unwrapped', { skip: noAnvil }, async () => {
  const world = await startWorld();
  endings.push(world.close);
  const { gopen, alice, pay, balanceOf } = world;
  const { logs } = await gopen.send(alice, 'deposit', [], 5n);
  assert.ok(logs.some((/** @type {any} */ { topics: [topic, account], data }) =>
    topic === keccak256(stringToHex('Deposit(address,uint256)')) && account === pad(alice.address).toLowerCase() && BigInt(data) === 5n));
  await pay(alice, gopen.address, 3n);
  assert.equal(await gopen.read('balanceOf', [alice.address]), 8n);
  assert.equal(await balanceOf(gopen.address), 8n);
  await assert.rejects(pay(alice, gopen.address, 3n, '0xd0e30db1'), /revert/);
  await refused(gopen.send(alice, 'deposit'), 'ZeroValueNotAllowed');
  await refused(gopen.send(alice, 'withdraw', [0n]), 'ZeroValueNotAllowed');
  await refused(gopen.send(alice, 'withdraw', [9n]), 'ERC20InsufficientBalance');
  await gopen.send(alice, 'withdraw', [8n]);
  assert.equal(await balanceOf(gopen.address), 0n);
  assert.equal(await gopen.read('totalSupply'), 0n);
  assert.equal(await gopen.read('CLOCK_MODE'), 'mode=timestamp');
});

test('both published sets of parameters', { skip: noAnvil }, async () => {
  for (const preset of Object.values(PRESETS)) {
    const world = await startWorld({ governance: preset });
    endings.push(world.close);
    const { governor, timelock, gopen } = world;
    assert.equal(await governor.read('name'), 'OpenLedger');
    assert.equal(await governor.read('votingDelay'), BigInt(preset.votingDelay));
    assert.equal(await governor.read('votingPeriod'), BigInt(preset.votingPeriod));
    assert.equal(await governor.read('proposalThreshold'), preset.proposalThreshold);
    assert.equal(await governor.read('quorumNumerator'), BigInt(preset.quorum));
    assert.equal(await timelock.read('getMinDelay'), BigInt(preset.minDelay));
    assert.equal(await governor.read('token'), gopen.address);
  }
});

test('the governor alone proposes to the timelock, and nobody administers it', { skip: noAnvil }, async () => {
  const world = await startWorld();
  endings.push(world.close);
  const { timelock, governor, deployer, alice } = world;
  const has = async (/** @type {string} */ role, /** @type {Hex} */ account) => timelock.read('hasRole', [await timelock.read(role), account]);
  assert.ok(await has('PROPOSER_ROLE', governor.address) && await has('CANCELLER_ROLE', governor.address));
  assert.ok(await has('EXECUTOR_ROLE', zeroAddress) && await has('DEFAULT_ADMIN_ROLE', timelock.address));
  for (const role of ['PROPOSER_ROLE', 'CANCELLER_ROLE', 'DEFAULT_ADMIN_ROLE']) {
    for (const { address } of [deployer, alice]) assert.ok(!await has(role, address), role);
  }
});

test('a proposal from its making to its execution', { skip: noAnvil }, async () => {
  const world = await votersWorld();
  const { governor, timelock, alice, bob, carol, dave, pass, pay, balanceOf, chain } = world;
  const plan = gift(world);
  const id = await propose(world, plan);
  const made = await chain.time();
  assert.equal(await governor.read('proposalSnapshot', [id]), BigInt(made + votingDelay));
  assert.equal(await governor.read('proposalDeadline', [id]), BigInt(made + votingDelay + votingPeriod));
  assert.equal(await governor.read('hashProposal', argumentsOf(plan)), id);
  await isIn(world, plan, 'Pending');
  await refused(governor.send(alice, 'castVote', [id, FOR]), 'GovernorUnexpectedProposalState');
  await pass(votingDelay);
  await isIn(world, plan, 'Pending');
  await pass(1);
  await isIn(world, plan, 'Active');
  await governor.send(alice, 'castVote', [id, FOR]);
  await refused(governor.send(alice, 'castVote', [id, FOR]), 'GovernorAlreadyCastVote');
  await governor.send(bob, 'castVoteWithReason', [id, AGAINST, 'too much']);
  await governor.send(carol, 'castVote', [id, ABSTAIN]);
  await refused(governor.send(dave, 'castVote', [id, 3]), 'GovernorInvalidVoteType');
  assert.deepEqual(await governor.read('proposalVotes', [id]), [parseEther('30000'), parseEther('60000'), parseEther('10000')]);
  await pass(votingPeriod - 1);
  await isIn(world, plan, 'Active');
  await refused(governor.send(dave, 'queue', argumentsOf(plan)), 'GovernorUnexpectedProposalState');
  await pass(1);
  await isIn(world, plan, 'Succeeded');
  assert.equal(await governor.read('proposalNeedsQueuing', [id]), true);
  await governor.send(dave, 'queue', argumentsOf(plan));
  await isIn(world, plan, 'Queued');
  const operation = operationOf(world, plan);
  assert.equal((await world.field(governor, 'operation of a queued proposal', { id })).value, operation);
  assert.equal(await governor.read('proposalEta', [id]), await timelock.read('getTimestamp', [operation]));
  await pay(dave, timelock.address, parseEther('7'));
  await pass(minDelay - 1);
  await refused(governor.send(dave, 'execute', argumentsOf(plan)), 'TimelockUnexpectedOperationState');
  await pass(1);
  const before = await balanceOf(carol.address);
  await governor.send(dave, 'execute', argumentsOf(plan));
  await isIn(world, plan, 'Executed');
  assert.equal(await balanceOf(carol.address) - before, parseEther('7'));
  assert.equal((await world.field(timelock, 'time of an operation', { operation })).value, 1n);
  await refused(governor.send(dave, 'execute', argumentsOf(plan)), 'GovernorUnexpectedProposalState');
});

test('what is stored of a proposal is enough to queue and execute it', { skip: noAnvil }, async () => {
  const world = await votersWorld();
  const { governor, dave, alice, pass, pay, timelock } = world;
  const plan = gift(world);
  const id = await decide(world, plan, [[alice, FOR]]);
  await governor.send(dave, 'queue', [id]);
  await pay(dave, timelock.address, parseEther('7'));
  await pass(minDelay);
  await governor.send(dave, 'execute', [id]);
  await isIn(world, plan, 'Executed');
});

test('votes, delegations and permits by signature', { skip: noAnvil }, async () => {
  const world = await votersWorld();
  const { governor, gopen, alice, bob, carol, dave, erin, pass, chain } = world;
  const deadline = BigInt(await chain.time() + 1000);

  // erin delegates bob's wrapped OPEN, which he permits her to take, to himself by his signature: one counter of nonces.
  const permit = { owner: bob.address, spender: erin.address, value: 5n, nonce: 0n, deadline };
  const members = 'address owner,address spender,uint256 value,uint256 nonce,uint256 deadline';
  const { r, s, v } = parseSignature(await signTyped(bob, 'GOpen', gopen.address, 'Permit', members, permit));
  const permitted = [bob.address, erin.address, 5n, deadline, Number(v), r, s];
  await refused(gopen.send(erin, 'permit', [...permitted.slice(0, 2), 6n, ...permitted.slice(3)]), 'ERC2612InvalidSigner');
  await gopen.send(erin, 'permit', permitted);
  await refused(gopen.send(erin, 'permit', permitted), 'ERC2612InvalidSigner');
  await gopen.send(erin, 'transferFrom', [bob.address, dave.address, 5n]);
  assert.equal(await gopen.read('balanceOf', [dave.address]), 5n);
  const delegation = { delegatee: carol.address, nonce: 1n, expiry: deadline };
  const signed = parseSignature(await signTyped(bob, 'GOpen', gopen.address, 'Delegation', 'address delegatee,uint256 nonce,uint256 expiry', delegation));
  const delegated = [carol.address, 1n, deadline, Number(signed.v), signed.r, signed.s];
  await gopen.send(erin, 'delegateBySig', delegated);
  assert.equal(await gopen.read('delegates', [bob.address]), carol.address);
  assert.equal(await gopen.read('nonces', [bob.address]), 2n);
  await refused(gopen.send(erin, 'delegateBySig', delegated), 'InvalidAccountNonce');
  await pass(1001);
  const late = [...permitted.slice(0, 3), deadline, ...permitted.slice(4)];
  await refused(gopen.send(erin, 'permit', late), 'ERC2612ExpiredSignature');
  await refused(gopen.send(erin, 'delegateBySig', delegated), 'VotesExpiredSignature');

  const plan = gift(world);
  const id = await propose(world, plan);
  await pass(votingDelay + 1);
  const ballot = { proposalId: id, support: FOR, voter: alice.address, nonce: 0n };
  const vote = await signTyped(alice, 'OpenLedger', governor.address, 'Ballot', BALLOT, ballot);
  const compact = serializeCompactSignature(/** @type {any} */ (compactOf(vote)));
  await refused(governor.send(erin, 'castVoteBySig', [id, FOR, alice.address, compact]), 'GovernorInvalidSignature');
  await refused(governor.send(erin, 'castVoteBySig', [id, AGAINST, alice.address, vote]), 'GovernorInvalidSignature');
  await governor.send(erin, 'castVoteBySig', [id, FOR, alice.address, vote]);
  await refused(governor.send(erin, 'castVoteBySig', [id, FOR, alice.address, vote]), 'GovernorInvalidSignature');
  const extended = { proposalId: id, support: ABSTAIN, voter: carol.address, nonce: 0n, reason: 'unsure', params: '0x1234' };
  const long = await signTyped(carol, 'OpenLedger', governor.address, 'ExtendedBallot', `${BALLOT},string reason,bytes params`, extended);
  await governor.send(erin, 'castVoteWithReasonAndParamsBySig', [id, ABSTAIN, carol.address, 'unsure', '0x1234', long]);
  assert.deepEqual(await governor.read('proposalVotes', [id]), [0n, parseEther('60000'), parseEther('40000') - 5n]);
  assert.equal((await world.field(governor, 'nonce of ballots', { voter: alice.address })).value, 1n);
});

/** @param {Hex} signature of 65 bytes */
function compactOf(signature) {
  const { r, s, yParity } = parseSignature(signature);
  return { r, yParityAndS: yParity ? toHex(BigInt(s) | (1n << 255n), { size: 32 }) : s };
}

test('a proposal is defeated by votes, by a tie, and by the quorum that abstentions count for', { skip: noAnvil }, async () => {
  const world = await votersWorld();
  const { alice, bob, carol, dave, governor, gopen, pass } = world;
  const outvoted = gift(world, 'outvoted');
  await decide(world, outvoted, [[alice, AGAINST], [bob, FOR]]);
  await isIn(world, outvoted, 'Defeated');
  await refused(governor.send(dave, 'queue', argumentsOf(outvoted)), 'GovernorUnexpectedProposalState');
  const nobody = gift(world, 'nobody came');
  await decide(world, nobody, []);
  await isIn(world, nobody, 'Defeated');

  // The quorum is 5 % of 200,000 now: 10,000, which carol has to the unit.
  await gopen.send(dave, 'deposit', [], parseEther('100000'));
  const enough = gift(world, 'just enough');
  await decide(world, enough, [[carol, FOR]]);
  await isIn(world, enough, 'Succeeded');
  await gopen.send(dave, 'deposit', [], 20n);
  const short = gift(world, 'short by a unit');
  await decide(world, short, [[carol, FOR]]);
  await isIn(world, short, 'Defeated');
  await gopen.send(alice, 'transfer', [dave.address, 1n]);
  await gopen.send(dave, 'delegate', [dave.address]);
  await pass(1);
  const abstained = gift(world, 'abstained');
  await decide(world, abstained, [[carol, FOR], [dave, ABSTAIN]]);
  await isIn(world, abstained, 'Succeeded');
  const tie = gift(world, 'tie');
  await gopen.send(bob, 'transfer', [carol.address, parseEther('10000')]);
  await pass(1);
  await decide(world, tie, [[carol, FOR], [bob, AGAINST]]);
  await isIn(world, tie, 'Defeated');
});

test('votes count as they were at the start, and only where they are delegated', { skip: noAnvil }, async () => {
  const world = await votersWorld();
  const { alice, bob, dave, governor, gopen, pass } = world;
  const id = await propose(world, gift(world));
  await pass(votingDelay + 1);
  await gopen.send(alice, 'transfer', [dave.address, parseEther('60000')]);
  await gopen.send(dave, 'delegate', [dave.address]);
  await gopen.send(bob, 'withdraw', [parseEther('30000')]);
  await pass(1);
  for (const voter of [alice, bob, dave]) await governor.send(voter, 'castVote', [id, FOR]);
  assert.deepEqual(await governor.read('proposalVotes', [id]), [0n, parseEther('90000'), 0n]);
});

test('a proposal is canceled by its proposer while it is pending, and by the timelock\'s canceller later', { skip: noAnvil }, async () => {
  const world = await votersWorld();
  const { alice, bob, carol, dave, governor, timelock, pass } = world;
  const early = gift(world, 'early');
  await propose(world, early);
  await refused(governor.send(bob, 'cancel', argumentsOf(early)), 'GovernorUnableToCancel');
  await governor.send(alice, 'cancel', argumentsOf(early));
  await isIn(world, early, 'Canceled');
  const started = gift(world, 'started');
  await propose(world, started);
  await pass(votingDelay + 1);
  await refused(governor.send(alice, 'cancel', argumentsOf(started)), 'GovernorUnableToCancel');

  const role = call(timelock, 'grantRole', [await timelock.read('CANCELLER_ROLE'), carol.address]);
  await decide(world, role, [[alice, FOR]]);
  await carryOut(world, role);
  const queued = gift(world, 'queued');
  const id = await decide(world, queued, [[alice, FOR]]);
  await governor.send(dave, 'queue', argumentsOf(queued));
  await refused(timelock.send(bob, 'cancel', [operationOf(world, queued)]), 'AccessControlUnauthorizedAccount');
  await timelock.send(carol, 'cancel', [operationOf(world, queued)]);
  await isIn(world, queued, 'Canceled');
  assert.equal((await world.field(governor, 'proposal', { id })).canceled, 0n);
});

test('what is queued does not expire, and may be executed in the timelock by anyone', { skip: noAnvil }, async () => {
  const world = await votersWorld();
  const { alice, dave, governor, timelock, pass, pay } = world;
  await pay(dave, timelock.address, parseEther('14'));
  const [late, direct] = [gift(world, 'late'), gift(world, 'direct')];
  for (const plan of [late, direct]) {
    await decide(world, plan, [[alice, FOR]]);
    await governor.send(dave, 'queue', argumentsOf(plan));
  }
  await pass(3 * 365 * 86_400);
  await isIn(world, late, 'Queued');
  await governor.send(dave, 'execute', argumentsOf(late));
  await isIn(world, late, 'Executed');
  await timelock.send(dave, 'executeBatch', [direct.targets, direct.values, direct.calldatas, pad('0x'), saltOf(world, direct)]);
  await isIn(world, direct, 'Executed');
  assert.equal((await world.field(governor, 'proposal', { id: idOf(direct) })).executed, 0n, 'the governor was not told');
});

test('proposing takes the threshold of votes', { skip: noAnvil }, async () => {
  const world = await votersWorld();
  const { gopen, carol, erin, governor, pass } = world;
  await refused(propose(world, gift(world), erin), 'GovernorInsufficientProposerVotes');
  await gopen.send(carol, 'withdraw', [1n]);
  await pass(1);
  await refused(propose(world, gift(world), carol), 'GovernorInsufficientProposerVotes');
  await gopen.send(carol, 'deposit', [], 1n);
  await pass(1);
  await propose(world, gift(world), carol);
  await refused(propose(world, gift(world), carol), 'GovernorUnexpectedProposalState');
  const { targets, calldatas, description } = gift(world, 'uneven');
  await refused(governor.send(carol, 'propose', [targets, [], calldatas, description]), 'GovernorInvalidProposalLength');
});

test('governance changes its own parameters, and old proposals keep the quorum of their start', { skip: noAnvil }, async () => {
  const world = await votersWorld();
  const { governor, timelock, alice, carol, field } = world;
  await refused(governor.send(alice, 'setVotingDelay', [1]), 'GovernorOnlyExecutor');
  const before = gift(world, 'before');
  await decide(world, before, [[carol, FOR]]);
  await isIn(world, before, 'Succeeded'); // 10 % of the supply
  for (const plan of [
    call(governor, 'setVotingDelay', [votingDelay / 2]), call(governor, 'updateQuorumNumerator', [11n]), call(timelock, 'updateDelay', [1n]),
  ]) {
    await decide(world, plan, [[alice, FOR]]);
    await carryOut(world, plan);
  }
  assert.equal((await field(governor, 'voting delay and period')).delay, BigInt(votingDelay / 2));
  assert.equal((await field(timelock, 'minimal delay')).value, 1n);
  assert.equal(await governor.read('quorumNumerator'), 11n);
  assert.equal((await field(governor, 'number of quorum checkpoints')).value, 2n);
  await isIn(world, before, 'Succeeded');
  const now = gift(world, 'now');
  await decide(world, now, [[carol, FOR]]);
  await isIn(world, now, 'Defeated');
});
