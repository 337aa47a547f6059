// SPDX-License-Identifier: MIT
// Each call of a contract, beside what viem writes by the contract's signature; and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeFunctionData, getAddress, keccak256, parseAbi, stringToHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { equivocationOf, RECEIPT, receiptWith, typedOf } from '../devnet/contracts/receipts.mjs';
import { openledger as ol, sdk } from './support.mjs';

const { calls } = ol;
const at = (/** @type {number} */ byte) => getAddress(/** @type {any} */ (`0x${byte.toString(16).padStart(2, '0').repeat(20)}`));
const word = (/** @type {number} */ byte) => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const CONTRACT = at(0xc0);
const [ALICE, BOB, ZERO] = [at(1), at(2), at(0)];
const BIG = 2n ** 200n + 7n;
const signature = await privateKeyToAccount(/** @type {any} */ (word(0x11))).sign({ hash: /** @type {any} */ (word(0x22)) });
const [r, s, v] = [signature.slice(0, 66), `0x${signature.slice(66, 130)}`, Number(`0x${signature.slice(130)}`)];
const LONG = 'ein Grund, ü '.repeat(50);
const list = [{ to: ALICE, value: 3n, data: `0x${'ab'.repeat(1000)}` }, { to: BOB }];
const parts = [[ALICE, BOB], [3n, 0n], [list[0].data, '0x']];
const described = keccak256(stringToHex(LONG));
const row = { contributor: ALICE, datanet: 4n, weight: 5n, amount: 6n };
const path = Array.from({ length: 64 }, (_, i) => ({ hash: word(i + 1), sum: BigInt(i) }));
const registry = CONTRACT;
const signer = privateKeyToAccount(/** @type {any} */ (word(0x33)));
const [one, other] = [{ fee: 1n }, { fee: 2n ** 128n - 1n }].map((changes) => receiptWith({ version: 1, ...changes }));
const [oneSignature, otherSignature] = await Promise.all([one, other].map((receipt) => signer.signTypedData(typedOf(registry, receipt))));
const TUPLE = `(${RECEIPT.map(({ type }) => type)})`;
const fields = (/** @type {Record<string, any>} */ receipt) => RECEIPT.map(({ name }) => receipt[name]);

/**
 * Calls by group and name: what they are given, the contract's function, its arguments, and what is paid.
 * @type {Record<string, Record<string, [given: any, signature: string, values: any[], value?: bigint, to?: string]>>}
 */
const SAMPLES = {
  open: {
    deposit: [{ portal: CONTRACT, kind: 'outputs', scheme: 'erc20', to: ALICE, amount: 9n }, 'depositERC20Transaction(address,uint256,uint256,uint64,bool,bytes)', [ALICE, 9n, 9n, 21000n, false, '0x']],
    withdraw: [{ target: ALICE, amount: 9n, gasLimit: 100_000, data: '0xabcd' }, 'initiateWithdrawal(address,uint256,bytes)', [ALICE, 100_000n, '0xabcd'], 9n, '0x4200000000000000000000000000000000000016'],
  },
  erc20: {
    transfer: [{ token: CONTRACT, to: ALICE, amount: BIG }, 'transfer(address,uint256)', [ALICE, BIG]],
    transferFrom: [{ token: CONTRACT, from: ALICE, to: BOB, amount: '7' }, 'transferFrom(address,address,uint256)', [ALICE, BOB, 7n]],
    approve: [{ token: CONTRACT, spender: ALICE, amount: 0 }, 'approve(address,uint256)', [ALICE, 0n]],
  },
  erc721: {
    transferFrom: [{ token: CONTRACT, from: ALICE, to: BOB, id: BIG }, 'transferFrom(address,address,uint256)', [ALICE, BOB, BIG]],
    safeTransferFrom: [{ token: CONTRACT, from: ALICE, to: BOB, id: 5 }, 'safeTransferFrom(address,address,uint256,bytes)', [ALICE, BOB, 5n, '0x']],
    approve: [{ token: CONTRACT, spender: ZERO, id: 5 }, 'approve(address,uint256)', [ZERO, 5n]],
    setApprovalForAll: [{ token: CONTRACT, operator: ALICE, approved: true }, 'setApprovalForAll(address,bool)', [ALICE, true]],
  },
  erc1155: {
    safeTransferFrom: [{ token: CONTRACT, from: ALICE, to: BOB, id: 5, amount: 6n, data: new Uint8Array([1]) }, 'safeTransferFrom(address,address,uint256,uint256,bytes)', [ALICE, BOB, 5n, 6n, '0x01']],
    safeBatchTransferFrom: [{ token: CONTRACT, from: ALICE, to: BOB, ids: [1, BIG, 3], amounts: [4n, 5n, '6'] }, 'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)', [ALICE, BOB, [1n, BIG, 3n], [4n, 5n, 6n], '0x']],
    setApprovalForAll: [{ token: CONTRACT, operator: ALICE, approved: false }, 'setApprovalForAll(address,bool)', [ALICE, false]],
  },
  gopen: {
    deposit: [{ gopen: CONTRACT, amount: 9n }, 'deposit()', [], 9n],
    withdraw: [{ gopen: CONTRACT, amount: 9n }, 'withdraw(uint256)', [9n]],
    delegate: [{ gopen: CONTRACT, delegatee: ALICE }, 'delegate(address)', [ALICE]],
    delegateBySig: [{ gopen: CONTRACT, delegatee: ALICE, nonce: 1, expiry: 2, signature }, 'delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)', [ALICE, 1n, 2n, v, r, s]],
    permit: [{ gopen: CONTRACT, owner: ALICE, spender: BOB, amount: 1, deadline: 2, signature }, 'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)', [ALICE, BOB, 1n, 2n, v, r, s]],
  },
  governor: {
    propose: [{ governor: CONTRACT, calls: list, description: LONG }, 'propose(address[],uint256[],bytes[],string)', [...parts, LONG]],
    queue: [{ governor: CONTRACT, calls: list, description: LONG }, 'queue(address[],uint256[],bytes[],bytes32)', [...parts, described]],
    execute: [{ governor: CONTRACT, calls: list, description: LONG }, 'execute(address[],uint256[],bytes[],bytes32)', [...parts, described]],
    cancel: [{ governor: CONTRACT, calls: list, description: LONG }, 'cancel(address[],uint256[],bytes[],bytes32)', [...parts, described]],
    queueStored: [{ governor: CONTRACT, proposalId: BIG }, 'queue(uint256)', [BIG]],
    executeStored: [{ governor: CONTRACT, proposalId: BIG }, 'execute(uint256)', [BIG]],
    cancelStored: [{ governor: CONTRACT, proposalId: BIG }, 'cancel(uint256)', [BIG]],
    castVote: [{ governor: CONTRACT, proposalId: BIG, support: 'abstain' }, 'castVote(uint256,uint8)', [BIG, 2]],
    castVoteBySig: [{ governor: CONTRACT, proposalId: BIG, support: 'for', voter: ALICE, signature }, 'castVoteBySig(uint256,uint8,address,bytes)', [BIG, 1, ALICE, signature]],
  },
  staking: {
    stake: [{ staking: CONTRACT, configId: 0, onBehalfOf: ALICE, amount: 9n }, 'stake(uint256,address,uint256)', [0n, ALICE, 9n]],
    topUpStake: [{ staking: CONTRACT, stakeId: 1, amount: 9n }, 'topUpStake(uint256,uint256)', [1n, 9n]],
    commitStake: [{ staking: CONTRACT, permit: signature }, 'commitStake(bytes)', [signature]],
    requestUnstake: [{ staking: CONTRACT, stakeId: 1 }, 'requestUnstake(uint256)', [1n]],
    requestUnstakeWithCommitment: [{ staking: CONTRACT, stakeId: 1, configId: 2, startTime: 3, nonce: 4, amount: 5 }, 'requestUnstakeWithCommitment(uint256,uint256,uint256,uint256,uint256)', [1n, 2n, 3n, 4n, 5n]],
    unstake: [{ staking: CONTRACT, stakeId: 1 }, 'unstake(uint256)', [1n]],
  },
  dispersal: {
    claim: [{ dispersal: CONTRACT, signature, batch: word(3), amount: 9n, onBehalfOf: ALICE, fee: 4n }, 'claim(bytes,bytes32,uint256,address)', [signature, word(3), 9n, ALICE], 4n],
  },
  datanets: {
    create: [{ registry, value: 8n, metadata: word(1), root: word(2), size: 3, minStake: 4 }, 'create(bytes32,bytes32,uint64,uint128)', [word(1), word(2), 3n, 4n], 8n],
    update: [{ registry, value: 8n, datanet: 1, root: word(2), size: 3 }, 'update(uint64,bytes32,uint64)', [1n, word(2), 3n], 8n],
    setMetadata: [{ registry, datanet: 1, metadata: word(2) }, 'setMetadata(uint64,bytes32)', [1n, word(2)]],
    setMinStake: [{ registry, datanet: 1, minStake: 2 }, 'setMinStake(uint64,uint128)', [1n, 2n]],
    commit: [{ registry, value: 8n, datanet: 1, commitment: word(2) }, 'commit(uint64,bytes32)', [1n, word(2)], 8n],
    reveal: [{ registry, contributionId: 1, content: word(2), size: 3, salt: word(4) }, 'reveal(uint256,bytes32,uint64,bytes32)', [1n, word(2), 3n, word(4)]],
    approve: [{ registry, value: 8n, contributionId: 1, root: word(2) }, 'approve(uint256,bytes32)', [1n, word(2)], 8n],
    reject: [{ registry, contributionId: 1, forfeit: true }, 'reject(uint256,bool)', [1n, true]],
    expire: [{ registry, contributionId: 1 }, 'expire(uint256)', [1n]],
  },
  models: {
    register: [{ registry, baseModel: word(1), adapterHash: word(2), runId: word(3), gradientId: word(4), priceIn: 5, priceOut: 6 }, 'register(bytes32,bytes32,bytes32,bytes32,uint128,uint128)', [word(1), word(2), word(3), word(4), 5n, 6n]],
    setPrice: [{ registry, modelId: word(1), priceIn: 5, priceOut: 6 }, 'setPrice(bytes32,uint128,uint128)', [word(1), 5n, 6n]],
    deploy: [{ registry, modelId: word(1) }, 'deploy(bytes32)', [word(1)]],
    undeploy: [{ registry, modelId: word(1) }, 'undeploy(bytes32)', [word(1)]],
  },
  nodes: {
    register: [{ registry, signer: ALICE, endpoint: 'https://example.org', consent: signature, bond: 8n }, 'register(address,string,bytes)', [ALICE, 'https://example.org', signature], 8n],
    setEndpoint: [{ registry, signer: ALICE, endpoint: 'https://example.org' }, 'setEndpoint(address,string)', [ALICE, 'https://example.org']],
    addBond: [{ registry, value: 8n, signer: ALICE }, 'addBond(address)', [ALICE], 8n],
    revoke: [{ registry, signer: ALICE }, 'revoke(address)', [ALICE]],
    withdrawBond: [{ registry, signer: ALICE }, 'withdrawBond(address)', [ALICE]],
  },
  attribution: {
    postBatch: [{ registry, signer: ALICE, root: word(2), receipts: 3 }, 'postBatch(address,bytes32,uint64)', [ALICE, word(2), 3n]],
    publishCorpus: [{ registry, name: word(1), corpusId: word(2) }, 'publishCorpus(bytes32,bytes32)', [word(1), word(2)]],
    dispute: [{ registry, value: 8n, subject: word(1) }, 'dispute(bytes32)', [word(1)], 8n],
    settle: [{ registry, subject: word(1), upheld: false }, 'settle(bytes32,bool)', [word(1), false]],
    fund: [{ registry, value: 4n, splitRoot: word(1), leaves: 2, token: ZERO, total: 4 }, 'fund(bytes32,uint64,address,uint128)', [word(1), 2n, ZERO, 4n], 4n],
    reclaim: [{ registry, payoutId: 1 }, 'reclaim(uint256)', [1n]],
    claim: [{ registry, payoutId: 1, index: 2, row, path }, 'claim(uint256,uint64,(address,uint64,uint128,uint128),(bytes32,uint128)[])', [1n, 2n, [ALICE, 4n, 5n, 6n], path.map(({ hash, sum }) => [hash, sum])]],
    reportEquivocation: [{ registry, equivocation: equivocationOf(registry, [[one, oneSignature], [other, otherSignature]]) },
      `reportEquivocation(${TUPLE},bytes,${TUPLE},bytes)`, [fields(one), oneSignature, fields(other), otherSignature]],
  },
  grants: {
    propose: [{ registry, metadata: word(1), amounts: [1, 2n, '3'] }, 'propose(bytes32,uint128[])', [word(1), [1n, 2n, 3n]]],
    approve: [{ registry, value: 8n, grantId: 1 }, 'approve(uint256)', [1n], 8n],
    submit: [{ registry, grantId: 1, index: 0, evidence: word(3) }, 'submit(uint256,uint256,bytes32)', [1n, 0n, word(3)]],
    refuse: [{ registry, grantId: 1, index: 0 }, 'refuse(uint256,uint256)', [1n, 0n]],
    accept: [{ registry, grantId: 1, index: 0, evidence: word(3) }, 'accept(uint256,uint256,bytes32)', [1n, 0n, word(3)]],
    cancel: [{ registry, grantId: 1 }, 'cancel(uint256)', [1n]],
  },
  bridge: {
    bridgeERC20To: [{ bridge: CONTRACT, token: ALICE, remoteToken: BOB, to: at(3), amount: 9n, gasLimit: 200_000, data: '0x01' }, 'bridgeERC20To(address,address,address,uint256,uint32,bytes)', [ALICE, BOB, at(3), 9n, 200_000, '0x01']],
  },
  portal: {
    depositTransaction: [{ portal: CONTRACT, kind: 'games', scheme: 'ether', to: ALICE, gasLimit: 100_000, mint: 9n, value: 8n, data: '0x01' }, 'depositTransaction(address,uint256,uint64,bool,bytes)', [ALICE, 8n, 100_000n, false, '0x01'], 9n],
  },
};

/** @param {string} signature @param {any[]} args */
const encoded = (signature, args) => encodeFunctionData({ abi: parseAbi([`function ${signature}`]), args });

test('each call is what its contract takes, to the contract, and pays what it is to pay', () => {
  let count = 0;
  for (const [group, samples] of Object.entries(SAMPLES)) {
    for (const [name, [given, signature, values, value = 0n, to = CONTRACT]] of Object.entries(samples)) {
      assert.deepEqual(/** @type {any} */ (calls)[group][name](given), { to, value, data: encoded(signature, values) }, `${group}.${name}`);
      count++;
    }
  }
  assert.deepEqual(calls.open.send({ to: ALICE, amount: 5n }), { to: ALICE, value: 5n, data: '0x' });
  assert.equal(Object.values(calls).flatMap((group) => Object.keys(group)).length, count + 1, 'all of them');
});

test('a vote is written in the least form that says it', () => {
  const vote = { governor: CONTRACT, proposalId: 7n, support: /** @type {const} */ ('against') };
  const { castVote, castVoteBySig } = calls.governor;
  assert.equal(castVote({ ...vote, reason: LONG }).data, encoded('castVoteWithReason(uint256,uint8,string)', [7n, 0, LONG]));
  assert.equal(castVote({ ...vote, params: '0x01' }).data, encoded('castVoteWithReasonAndParams(uint256,uint8,string,bytes)', [7n, 0, '', '0x01']));
  assert.equal(castVoteBySig({ ...vote, reason: 'a', voter: ALICE, signature }).data,
    encoded('castVoteWithReasonAndParamsBySig(uint256,uint8,address,string,bytes,bytes)', [7n, 0, ALICE, 'a', '0x', signature]));
  assert.equal(castVoteBySig({ ...vote, form: 'contract', voter: ALICE, signature: '0x1234' }).data,
    encoded('castVoteBySig(uint256,uint8,address,bytes)', [7n, 0, ALICE, '0x1234']));
  assert.equal(castVoteBySig({ ...vote, form: 'signed_v4', voter: ZERO, signature }).data,
    encoded('castVoteBySig(uint256,uint8,uint8,bytes32,bytes32)', [7n, 0, v, r, s]));
});

test('the largest proposal, and the longest lists, have room', () => {
  const data = `0x${'cd'.repeat(65536)}`;
  const most = Array.from({ length: 16 }, (_, i) => ({ to: at(i + 1), value: BigInt(i), data }));
  const description = 'x'.repeat(32768);
  assert.equal(calls.governor.propose({ governor: CONTRACT, calls: most, description }).data,
    encoded('propose(address[],uint256[],bytes[],string)', [most.map(({ to }) => to), most.map(({ value }) => value), most.map(() => data), description]));
  const many = Array.from({ length: 3000 }, (_, i) => BigInt(i));
  assert.equal(calls.erc1155.safeBatchTransferFrom({ token: CONTRACT, from: ALICE, to: BOB, ids: many, amounts: many }).data,
    encoded('safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)', [ALICE, BOB, many, many, '0x']));
});

test('what is missing, of another type or of another name is refused by its name, and so is what contracts refuse', () => {
  const any = /** @type {any} */ (calls);
  const refused = (/** @type {any} */ given, /** @type {any} */ place, name = 'stake', group = 'staking') =>
    assert.throws(() => any[group][name](given), (error) => {
      assert.ok(error instanceof sdk.OpenLedgerError, `${error}`);
      for (const [key, value] of Object.entries(place)) assert.equal(/** @type {any} */ (error)[key], value, `${error}`);
      return true;
    });
  const stake = SAMPLES.staking.stake[0];
  refused({ ...stake, amount: undefined }, { status: 'argument', field: 'amount' });
  refused(undefined, { status: 'argument', field: 'staking' });
  refused({ ...stake, onBehalfOf: '0x12' }, { status: 'encoding', field: 'onBehalfOf' });
  refused({ ...stake, amuont: 1n }, { status: 'argument', reason: "'amuont' is no argument of this call" });
  refused({ ...stake, toString: 1n }, { status: 'argument', reason: "'toString' is no argument of this call" });
  refused({ ...stake, amount: 0n }, { status: 'argument' });
  refused({ ...stake, onBehalfOf: ZERO }, { status: 'argument' });
  refused({ registry, grantId: 1, value: 1n }, { status: 'argument', reason: "'value' is no argument of this call" }, 'cancel', 'grants');
  refused({ registry, grantId: 1, which: 1 }, { status: 'argument' }, 'cancel', 'grants');
  refused({ registry, datanet: 2n ** 64n, minStake: 1 }, { status: 'argument', item: 0 }, 'setMinStake', 'datanets');
  refused({ registry, contributionId: 1, forfeit: 1 }, { status: 'argument', field: 'forfeit' }, 'reject', 'datanets');
  refused({ staking: CONTRACT, permit: 5 }, { status: 'argument', field: 'permit' }, 'commitStake');
  refused({ staking: CONTRACT, permit: signature.replace(/..$/, '05') }, { status: 'encoding' }, 'commitStake');
  const vote = SAMPLES.governor.castVote[0];
  refused({ ...vote, support: 'maybe' }, { status: 'argument', field: 'support', reason: "'maybe' is no way to vote" }, 'castVote', 'governor');
  refused({ ...vote, support: 'own' }, { status: 'argument', field: 'support' }, 'castVote', 'governor');
  refused({ ...vote, reason: 5 }, { status: 'argument', field: 'reason' }, 'castVote', 'governor');
  refused({ governor: CONTRACT, description: 'a' }, { status: 'argument', field: 'calls' }, 'propose', 'governor');
  refused({ governor: CONTRACT, calls: [], description: 'a' }, { status: 'argument' }, 'propose', 'governor');
  refused({ governor: CONTRACT, calls: [{ to: 'x' }], description: 'a' }, { status: 'encoding', field: 'calls' }, 'queue', 'governor');
  refused({ ...SAMPLES.open.deposit[0], scheme: 'native' }, { status: 'argument' }, 'deposit', 'open');
  refused({ ...SAMPLES.open.withdraw[0], gasLimit: -1 }, { status: 'argument', field: 'gasLimit' }, 'withdraw', 'open');
  refused({ ...SAMPLES.erc1155.safeBatchTransferFrom[0], ids: [1] }, { status: 'argument' }, 'safeBatchTransferFrom', 'erc1155');
});
