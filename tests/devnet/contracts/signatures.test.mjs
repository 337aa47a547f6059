// SPDX-License-Identifier: MIT
// The contracts have the interface that is published, and the list of signatures is theirs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { keccak256, stringToBytes } from 'viem';
import { artifactOf } from './compile.mjs';
import { PATH, signatures, text } from './signatures.mjs';

const all = signatures();

/** Published selectors, by contract. */
const SELECTORS = {
  GOPEN: {
    'deposit()': 'd0e30db0', 'withdraw(uint256)': '2e1a7d4d', 'delegate(address)': '5c19a95c', 'getVotes(address)': '9ab24eb0',
    'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)': 'd505accf',
    'delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)': 'c3cda520',
  },
  OpenLedgerGovernor: {
    'propose(address[],uint256[],bytes[],string)': '7d5e81e2', 'castVote(uint256,uint8)': '56781388',
    'castVoteBySig(uint256,uint8,address,bytes)': '8ff262e3',
  },
  Staking: {
    'stake(uint256,address,uint256)': '6e9c931c', 'topUpStake(uint256,uint256)': '08c3c4d5', 'commitStake(bytes)': 'd2406a4f',
    'requestUnstakeWithCommitment(uint256,uint256,uint256,uint256,uint256)': '50027f84', 'requestUnstake(uint256)': '23095721',
    'unstake(uint256)': '2e17de78',
  },
  SigDispersal: { 'claim(bytes,bytes32,uint256,address)': '12f908ad' },
};

/** Published topics, and how many arguments are indexed. @type {Record<string, Record<string, [string, number]>>} */
const TOPICS = {
  GOPEN: {
    'Deposit(address,uint256)': ['e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c', 1],
    'Withdrawal(address,uint256)': ['7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65', 1],
    'DelegateChanged(address,address,address)': ['3134e8a2e6d97e929a7e54011ea5485d7d196dd5f0ba4d4ef95803e8e3fc257f', 3],
  },
  OpenLedgerGovernor: {
    'VoteCast(address,uint256,uint8,uint256,string)': ['b8e138887d0aa13bab447e82de9d5c1777041ecd21ca36ba824ff1e6c07ddda4', 1],
    'ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)':
      ['7d84a6263ae0d98d3329bd7b46bb4e8d6f98cd35a7adb45c274c8b7fd5ebd5e0', 0],
  },
  Staking: {
    'Staked(uint256,address,uint256)': ['18dcd430020e4d4899772fd94a8b40451dc5044dfb70bc46b532eeae431c864f', 3],
    'ToppedUp(uint256,address,uint256)': ['f19b343790b563def8e3295fefceb8287c0389331561e09afd814bca77f1850a', 2],
    'Unstaked(uint256,address)': ['81b0ac4b13aab1ab3b86d524dd62924e99a9d694e94e235f627bb41589717ff7', 2],
    'RequestUnstake(uint256,address)': ['31159605084327548f769cbdbd72e8abca5a043cd0a976d4fa97cfd932efd8ec', 2],
    'CommitStake(uint256,bytes)': ['620370f45870d6716490cfd0daae2e9d26c79f2e6d4022f899f5fafc08116cb1', 1],
  },
  SigDispersal: { 'AirdropClaimed(bytes32,address,uint256)': ['fc17c9eeb95f1fc3b7ab9c994f98087e328edfe1cf7f11bb36f658b85e000f14', 2] },
};

/** Published types of messages. @type {Record<string, string>} */
const TYPE_HASHES = {
  'Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)': 'f2aad550cf55f045cb27e9c559f9889fdfb6e6cdaa032301d6ea397784ae51d7',
  'ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)':
    '3e83946653575f9a39005e1545185629e92736b7528ab20ca3816f315424a811',
  'Delegation(address delegatee,uint256 nonce,uint256 expiry)': 'e48329057bfd03d55e49b547132e39cffd9c1820ad7b9d4c5307691425d15adf',
  'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)': '6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9',
  'Stake(address recipient,uint256 configId,uint256 amount,uint256 startTime,uint256 nonce)': '33512a8be97bb27ba836137228b9c7df11975f9a9c33875c1354e92734eaa8b5',
};
const TYPED = { Ballot: 'OpenLedgerGovernor', ExtendedBallot: 'OpenLedgerGovernor', Delegation: 'GOPEN', Permit: 'GOPEN', Stake: 'Staking' };

const hashOf = (/** @type {string} */ signature) => keccak256(stringToBytes(signature));

test('published selectors are those of the contracts', () => {
  for (const [contract, selectors] of Object.entries(SELECTORS)) {
    for (const [signature, selector] of Object.entries(selectors)) {
      assert.equal(all[contract].functions.find((item) => item.signature === signature)?.selector, `0x${selector}`, signature);
      assert.equal(hashOf(signature).slice(2, 10), selector);
    }
  }
});

test('published topics are those of the contracts, with as many arguments indexed', () => {
  for (const [contract, topics] of Object.entries(TOPICS)) {
    for (const [signature, [topic, indexed]] of Object.entries(topics)) {
      assert.equal(all[contract].events.find((item) => item.signature === signature)?.topic, `0x${topic}`, signature);
      const [name] = signature.split('(');
      const { inputs } = artifactOf(contract).abi.find((item) => item.type === 'event' && item.name === name);
      assert.equal(inputs.filter((/** @type {any} */ input) => input.indexed).length, indexed, signature);
      assert.equal(hashOf(signature), `0x${topic}`);
    }
  }
});

test('published types of messages are in the code that checks their signatures', () => {
  for (const [type, hash] of Object.entries(TYPE_HASHES)) {
    assert.equal(hashOf(type), `0x${hash}`);
    const contract = TYPED[/** @type {keyof typeof TYPED} */ (type.split('(')[0])];
    assert.ok(artifactOf(contract).runtime.includes(hash), type);
  }
});

test('the errors and events of a parent or library are listed too', () => {
  const has = (/** @type {string} */ contract, /** @type {'errors' | 'events'} */ kind, /** @type {string} */ signature) =>
    all[contract][kind].some((item) => item.signature === signature);
  assert.ok(has('GOPEN', 'errors', 'ZeroValueNotAllowed()'));
  assert.ok(has('GOPEN', 'errors', 'ERC2612ExpiredSignature(uint256)'));
  assert.ok(has('OpenLedgerGovernor', 'errors', 'GovernorUnexpectedProposalState(uint256,uint8,bytes32)'));
  assert.ok(has('AttributionRegistry', 'errors', 'PathMismatch()'));
  assert.ok(has('TimelockController', 'events', 'CallScheduled(bytes32,uint256,address,uint256,bytes,bytes32,uint256)'));
});

test('the list of signatures is up to date', () => {
  assert.equal(readFileSync(PATH, 'utf8'), text(), 'signatures.mjs --write makes it anew');
});

test('selectors and topics are the hashes of what stands beside them', () => {
  for (const kinds of Object.values(all)) {
    for (const item of [...kinds.functions, ...kinds.errors]) assert.equal(item.selector, hashOf(item.signature).slice(0, 10));
    for (const item of kinds.events) assert.equal(item.topic, hashOf(item.signature));
  }
});
