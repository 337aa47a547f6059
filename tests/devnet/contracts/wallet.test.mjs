// SPDX-License-Identifier: MIT
// The whole way: calls written by the core, signed by the wallet, sent by the provider, and each effect proven by it and
// compared with what the contract says.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { concat, keccak256, parseEther, stringToHex, toHex } from 'viem';
import { built, openledger as ol, sdk } from '../../js/support.mjs';
import { noAnvil, quantity } from '../rollup/anvil.mjs';
import { partOf } from '../rollup/proof.mjs';
import { CHAIN_ID, PRESETS, STAKES, deploy, startChain } from './deploy.mjs';
import { TABLES, slotOf } from './slots.mjs';

/** @typedef {`0x${string}`} Hex */
/** @typedef {ReturnType<typeof ol.core.scope>} Scope */
/** @typedef {{ to: Hex, value: bigint, data: Hex }} Call */

const START = 1_800_000_000;
const LATER_MS = 1000 * (START + 10 * 365 * 86_400); // what a chain's own time gets to here is no matter
const ROOM = 1 << 17;
const WORDS = 'test test test test test test test test test test test junk'; // anvil's
const PEOPLE = /** @type {const} */ (['deployer', 'alice', 'bob', 'carol', 'dave']);
const FEES = { maxFeePerGas: 5_000_000_000n, maxPriorityFeePerGas: 1n };
const { votingDelay, votingPeriod, minDelay } = PRESETS.documentation;
/** @type {typeof import('../../../build/js/abi.mjs')} */
const { ol_proposal_step, ol_typed_field, ol_vote_form, ol_vote_support } = await import(pathToFileURL(join(built, 'abi.mjs')).href);
const { core } = ol;
const { exports } = core;
const zero = /** @type {Hex} */ (`0x${'00'.repeat(20)}`);

describe('the wallet on a chain', { skip: noAnvil }, () => {
  /** @type {import('../rollup/anvil.mjs').Anvil} */
  let chain;
  /** @type {import('openledger').Provider} */
  let provider;
  /** @type {import('openledger').Wallet} */
  let wallet;
  /** @type {Record<typeof PEOPLE[number], Hex>} */
  let people;
  /** @type {Awaited<ReturnType<typeof deploy>>['contracts']} */
  let contracts;

  before(async () => {
    chain = await startChain(['--timestamp', String(START), '--balance', '1000000']);
    await chain.ask('anvil_setBlockTimestampInterval', 0);
    const began = Date.now();
    const endpoints = [chain.url];
    provider = ol.provider({ endpoints, quorum: 1, chainId: CHAIN_ID, maxAge: Infinity, holdMs: 0, now: () => LATER_MS + Date.now() - began });
    const first = ol.wallet({ idleMs: 0 });
    const secret = first.addMnemonic(new TextEncoder().encode(WORDS));
    people = /** @type {any} */ (Object.fromEntries(PEOPLE.map((label, path) => [label, first.addAccount(secret, { path, label })])));
    const signer = { address: people.deployer, sign: (/** @type {any} */ request) => /** @type {Hex} */ (first.proposeTransaction(people.deployer, { ...request, type: 2 }).approve().sign().raw) };
    ({ contracts } = await deploy(chain, signer));
    // Who knows the contracts is told what they do; with the same accounts, out of a vault.
    wallet = ol.wallet({ idleMs: 0, contracts: ['gopen', 'governor', 'timelock', 'staking', 'dispersal'].map((kind) =>
      ({ chainId: CHAIN_ID, address: contracts[/** @type {'gopen'} */ (kind)].address, kind: /** @type {any} */ (kind) })) });
    await wallet.open(await first.seal('secret', { passes: 2, memoryKib: 19 << 10 }), 'secret');
    first.close();
  });
  after(async () => {
    wallet?.close();
    provider?.close();
    await chain?.close();
  });

  const pass = async (/** @type {number} */ seconds) => chain.mineAt(await chain.time() + seconds);

  /** A field of a contract by proof, by README.md's tables. @param {any} contract @param {string} field @param {import('./slots.mjs').Keys} [keys] @returns {Promise<any>} */
  async function proven({ name, address }, field, keys = {}) {
    const row = TABLES[name][field];
    const word = await provider.request({ method: 'eth_getStorageAt', params: [address, slotOf(row.slot, keys), 'latest'] });
    if (row.type !== 'parts') return row.type === 'uint256' ? BigInt(word) : word;
    return Object.fromEntries(row.parts.map((part) => [part.name, partOf(word, part)]));
  }

  const provenBalance = async (/** @type {Hex} */ address) => BigInt(await provider.request({ method: 'eth_getBalance', params: [address, 'latest'] }));

  /** A call as the core writes it. @param {(scope: Scope, error: number, out: number, memory: number) => number} write @returns {Call} */
  function callOf(write) {
    const scope = core.scope();
    try {
      const [error, out] = [scope.struct('ol_error'), scope.struct('ol_call')];
      core.check(write(scope, error, out, scope.take(ROOM)), error);
      const { to, value, data } = core.read('ol_call', out);
      return { to: /** @type {Hex} */ (ol.addressText(to)), value: BigInt(toHex(value)), data: toHex(core.sliceBytes(data)) };
    } finally {
      scope.free();
    }
  }

  const word = (/** @type {bigint | number} */ value) => sdk.fromHex(toHex(value, { size: 32 }));
  const hash = (/** @type {Scope} */ scope, /** @type {string} */ value) => scope.struct('ol_hash', sdk.fromHex(value));
  const account = (/** @type {Scope} */ scope, /** @type {Hex} */ address) => scope.struct('ol_address', sdk.fromHex(address));
  const number = (/** @type {Scope} */ scope, /** @type {bigint | number} */ value) => scope.struct('ol_u256', word(value));
  const bytes = (/** @type {Scope} */ scope, /** @type {string} */ hex) => scope.slice(sdk.fromHex(hex));
  const slice = (/** @type {Scope} */ scope, /** @type {string | Uint8Array} */ data) => core.read('ol_slice', scope.slice(data));

  /** A document as the core writes it, for the wallet. @param {any} contract @param {string} name of the domain
   * @param {(scope: Scope, error: number, out: number, domain: number, memory: number) => number} write */
  function documentOf({ address }, name, write) {
    const scope = core.scope();
    try {
      const [error, out] = [scope.struct('ol_error'), scope.struct('ol_slice')];
      const domain = scope.struct('ol_typed_domain', {
        fields: ol_typed_field.OL_TYPED_NAME | ol_typed_field.OL_TYPED_VERSION | ol_typed_field.OL_TYPED_CHAIN_ID | ol_typed_field.OL_TYPED_CONTRACT,
        name: slice(scope, name), version: slice(scope, '1'), chain_id: word(CHAIN_ID), verifying_contract: sdk.fromHex(address),
      });
      core.check(write(scope, error, out, domain, scope.take(ROOM)), error);
      return core.sliceText(core.read('ol_slice', out));
    } finally {
      scope.free();
    }
  }

  /** Signed, sent, and in a block by proof. @param {Hex} from @param {Call} call @param {object} [more] @returns {Promise<any>} the receipt */
  async function send(from, call, more = FEES) {
    const [nonce, gas] = [await provider.request({ method: 'eth_getTransactionCount', params: [from, 'latest'] }), await chain.ask('eth_estimateGas', { from, ...call, value: quantity(call.value) })];
    const proposal = wallet.proposeTransaction(from, { ...call, nonce, gas: BigInt(gas) * 2n, ...more });
    if (call.data !== '0x') assert.ok(proposal.intent.known || !Object.values(contracts).slice(0, 3).some(({ address }) => address === call.to), JSON.stringify(proposal.intent));
    const { raw, hash: name } = proposal.approve().sign();
    assert.equal(await provider.request({ method: 'eth_sendRawTransaction', params: [raw] }), name);
    for (let waited = 0; waited < 20_000; waited += 5) {
      const receipt = await provider.request({ method: 'eth_getTransactionReceipt', params: [name] });
      if (receipt) {
        assert.equal(receipt.status, '0x1');
        return receipt;
      }
      await sleep(5);
    }
    return assert.fail(`${name} is in no block`);
  }

  test('transactions of types 0, 1, 2 and 4 are taken, and do what they say', async () => {
    const { alice, carol, dave } = people;
    const price = { gasPrice: FEES.maxFeePerGas };
    const call = callOf((scope, error, out) => exports.ol_open_send_call(error, out, account(scope, carol), number(scope, 1000n)));
    for (const [type, more] of /** @type {[number, object][]} */ ([[0, price], [1, { ...price, accessList: [{ address: carol, storageKeys: [toHex(1, { size: 32 })] }] }], [2, FEES]])) {
      const had = await provenBalance(carol);
      const receipt = await send(alice, call, { type, ...more });
      assert.equal(Number(receipt.type), type);
      assert.equal(await provenBalance(carol), had + 1000n);
      assert.equal(BigInt(await chain.ask('eth_getBalance', carol, 'latest')), had + 1000n);
    }
    const target = contracts.token.address;
    const proposal = wallet.proposeAuthorization(dave, { address: target, nonce: await provider.request({ method: 'eth_getTransactionCount', params: [dave, 'latest'] }) });
    assert.deepEqual(proposal.intent.effects.map((/** @type {any} */ { kind }) => kind), ['code']);
    const authorization = proposal.approve().sign();
    const receipt = await send(alice, call, { type: 4, ...FEES, gas: 200_000, authorizationList: [authorization] });
    assert.equal(receipt.type, '0x4');
    const code = await provider.request({ method: 'eth_getCode', params: [dave, 'latest'] });
    assert.equal(code, `0xef0100${target.slice(2).toLowerCase()}`);
    assert.equal(await chain.ask('eth_getCode', dave, 'latest'), code);
    await send(alice, call, { type: 4, ...FEES, gas: 200_000, authorizationList: [wallet.proposeAuthorization(dave, { address: zero, nonce: 1 }).approve().sign()] });
    assert.equal(await provider.request({ method: 'eth_getCode', params: [dave, 'latest'] }), '0x');
  });

  test('OPEN is wrapped, transferred and delegated, also by signature', async () => {
    const { alice, bob, carol } = people;
    const { gopen } = contracts;
    /** @param {string} field @param {string} view @param {Hex} of */
    const both = async (field, view, of) => {
      const value = await proven(gopen, field, { account: of });
      const told = await gopen.read(view, [of]);
      assert.deepEqual(typeof value === 'bigint' ? value : BigInt(value.address), BigInt(told));
      return BigInt(told);
    };
    await send(alice, callOf((scope, error, out, memory) => exports.ol_gopen_deposit_call(error, out, account(scope, gopen.address), number(scope, parseEther('90000')), memory, ROOM)));
    assert.equal(await both('balance', 'balanceOf', alice), parseEther('90000'));
    await send(alice, callOf((scope, error, out, memory) => exports.ol_open_transfer_call(error, out, account(scope, gopen.address), account(scope, bob), number(scope, parseEther('30000')), memory, ROOM)));
    assert.equal(await both('balance', 'balanceOf', alice), parseEther('60000'));
    assert.equal(await both('balance', 'balanceOf', bob), parseEther('30000'));
    await send(alice, callOf((scope, error, out, memory) => exports.ol_gopen_delegate_call(error, out, account(scope, gopen.address), account(scope, alice), memory, ROOM)));
    assert.equal(await both('delegatee', 'delegates', alice), BigInt(alice));

    const expiry = await chain.time() + 3600;
    const document = documentOf(gopen, await gopen.read('name'), (scope, error, out, domain, memory) => exports.ol_delegation_write(error, out, domain,
      scope.struct('ol_delegation', { delegatee: sdk.fromHex(bob), nonce: word(0), expiry: word(expiry) }), memory, ROOM));
    const signature = wallet.proposeTypedData(bob, document).approve().sign().bytes;
    await send(carol, callOf((scope, error, out, memory) => exports.ol_gopen_delegate_signed_call(error, out, account(scope, gopen.address), account(scope, bob),
      number(scope, 0), number(scope, expiry), bytes(scope, signature), memory, ROOM)));
    assert.equal(await both('delegatee', 'delegates', bob), BigInt(bob));
    assert.equal(await both('nonce, of permits and delegations alike', 'nonces', bob), 1n);
    assert.equal(await gopen.read('getVotes', [bob]), parseEther('30000'));
  });

  test('a proposal is made, voted for, also by signature, queued and carried out', async () => {
    const { alice, bob, carol, dave } = people;
    const { governor, timelock } = contracts;
    const description = 'Give carol seven OPEN';
    const descriptionHash = keccak256(stringToHex(description));
    await pass(1);
    /** @param {Scope} scope */
    const gift = (scope) => scope.struct('ol_call', { to: sdk.fromHex(carol), value: word(parseEther('7')) });
    await send(alice, callOf((scope, error, out, memory) => exports.ol_proposal_propose_call(error, out, account(scope, governor.address), gift(scope), 1, scope.slice(description), memory, ROOM)));
    const scope = core.scope();
    const [error, out] = [scope.struct('ol_error'), scope.struct('ol_hash')];
    core.check(exports.ol_proposal_id(error, out, gift(scope), 1, hash(scope, descriptionHash), scope.take(ROOM), ROOM), error);
    const id = BigInt(toHex(core.read('ol_hash', out)));
    scope.free();
    const proposal = await proven(governor, 'proposal', { id });
    assert.equal(BigInt(proposal.proposer), BigInt(alice));
    assert.equal(proposal['vote start'], await governor.read('proposalSnapshot', [id]));
    await pass(votingDelay + 1);
    assert.equal(await governor.read('state', [id]), 1);

    /** @param {Partial<import('../../../build/js/abi.mjs').ol_vote>} vote */
    const voteOf = (vote) => callOf((scope, error, out, memory) => exports.ol_vote_call(error, out, account(scope, governor.address),
      scope.struct('ol_vote', { proposal_id: word(id), support: ol_vote_support.OL_VOTE_FOR, form: ol_vote_form.OL_VOTE_OWN, ...vote }), memory, ROOM));
    const ballots = () => Promise.all(['against', 'for', 'to abstain'].map((how) => proven(governor, `votes ${how}`, { id })));
    const hasVoted = async (/** @type {Hex} */ voter) => Object.values(await proven(governor, 'has voted', { id, voter }))[0];
    await send(alice, voteOf({}));
    assert.deepEqual(await ballots(), [0n, parseEther('60000'), 0n]);
    assert.equal(await hasVoted(bob), 0n);
    const document = documentOf(governor, await governor.read('name'), (scope, error, out, domain, memory) => exports.ol_ballot_write(error, out, domain,
      scope.struct('ol_ballot', { proposal_id: word(id), support: ol_vote_support.OL_VOTE_AGAINST, voter: sdk.fromHex(bob), nonce: word(0) }), memory, ROOM));
    const ballot = wallet.proposeTypedData(bob, document);
    assert.ok(ballot.intent.effects.some((/** @type {any} */ { kind, party }) => kind === 'vote' && party === governor.address), JSON.stringify(ballot.intent));
    const signature = sdk.fromHex(ballot.approve().sign().bytes);
    const held = core.scope();
    await send(carol, voteOf({ support: ol_vote_support.OL_VOTE_AGAINST, form: ol_vote_form.OL_VOTE_SIGNED, voter: sdk.fromHex(bob), signature: slice(held, signature) }));
    held.free();
    assert.deepEqual(await ballots(), [parseEther('30000'), parseEther('60000'), 0n]);
    assert.deepEqual(await governor.read('proposalVotes', [id]), [parseEther('30000'), parseEther('60000'), 0n]);
    assert.equal(await hasVoted(bob), 1n);
    assert.equal(await governor.read('hasVoted', [id, bob]), true);

    await pass(votingPeriod);
    /** @param {0 | 1 | 2} step */
    const stepOf = (step) => callOf((scope, error, out, memory) => exports.ol_proposal_step_call(error, out, account(scope, governor.address), step, gift(scope), 1, hash(scope, descriptionHash), memory, ROOM));
    await send(dave, stepOf(ol_proposal_step.OL_PROPOSAL_QUEUE));
    const operation = await proven(governor, 'operation of a queued proposal', { id });
    const eta = await proven(timelock, 'time of an operation', { operation });
    assert.equal(eta, await governor.read('proposalEta', [id]));
    assert.equal(await governor.read('state', [id]), 5);
    await send(alice, callOf((scope, error, out) => exports.ol_open_send_call(error, out, account(scope, timelock.address), number(scope, parseEther('7')))));
    await pass(minDelay);
    const had = await provenBalance(carol);
    await send(dave, stepOf(ol_proposal_step.OL_PROPOSAL_EXECUTE));
    assert.equal(await provenBalance(carol), had + parseEther('7'));
    assert.equal((await proven(governor, 'proposal', { id })).executed, 1n);
    assert.equal(await proven(timelock, 'time of an operation', { operation }), 1n);
    assert.equal(await governor.read('state', [id]), 7);
  });

  test('a stake is made, topped up and paid back, and a reward is claimed', async () => {
    const { deployer, alice, bob } = people;
    const { token, staking, dispersal } = contracts;
    const held = (/** @type {Hex} */ of) => token.read('balanceOf', [of]);
    await send(deployer, callOf((scope, error, out, memory) => exports.ol_open_transfer_call(error, out, account(scope, token.address), account(scope, alice), number(scope, parseEther('1000')), memory, ROOM)));
    await send(alice, callOf((scope, error, out, memory) => exports.ol_open_approve_call(error, out, account(scope, token.address), account(scope, staking.address), number(scope, parseEther('300')), memory, ROOM)));
    const id = await proven(staking, 'next id');
    assert.equal(id, await staking.read('nextStakeId'));
    await send(alice, callOf((scope, error, out, memory) => exports.ol_stake_call(error, out, account(scope, staking.address), number(scope, 0), account(scope, alice), number(scope, parseEther('100')), memory, ROOM)));
    assert.equal(await proven(staking, 'stake: principal', { id }), parseEther('100'));
    assert.equal(BigInt((await proven(staking, 'stake: recipient', { id })).address), BigInt(alice));
    await pass(86_400);
    await send(alice, callOf((scope, error, out, memory) => exports.ol_stake_top_up_call(error, out, account(scope, staking.address), number(scope, id), number(scope, parseEther('200')), memory, ROOM)));
    assert.equal(await proven(staking, 'stake: principal', { id }), parseEther('300'));
    const amount = await proven(staking, 'stake: amount', { id });
    assert.ok(amount > parseEther('300'), 'the yield of a day');
    assert.ok((await staking.read('stakes', [id])).includes(amount));
    await send(alice, callOf((scope, error, out, memory) => exports.ol_unstake_request_call(error, out, account(scope, staking.address), number(scope, id), memory, ROOM)));
    assert.equal(await proven(staking, 'stake: principal', { id }), 0n);
    assert.equal(await proven(staking, 'unstake request: amount', { id }), amount);
    assert.equal(await proven(staking, 'unstake request: requestAt', { id }), BigInt(await chain.time()));
    await pass(STAKES[0].cooldownDuration);
    const had = await held(alice);
    await send(alice, callOf((scope, error, out, memory) => exports.ol_unstake_call(error, out, account(scope, staking.address), number(scope, id), memory, ROOM)));
    assert.equal(await held(alice), had + amount);
    assert.equal(await proven(staking, 'unstake request: amount', { id }), 0n);

    const batch = keccak256(stringToHex('a batch'));
    await send(deployer, { to: dispersal.address, value: 0n, data: dispersal.encode('setBatchEnabled', [batch, true]) });
    const granted = keccak256(concat([bob, toHex(500n, { size: 32 }), batch, dispersal.address, toHex(CHAIN_ID, { size: 32 })]));
    const { bytes: grant } = wallet.proposeMessage(deployer, sdk.fromHex(granted)).approve().sign();
    assert.equal(await proven(dispersal, 'block of a claim', { batch, account: bob }), 0n);
    const receipt = await send(bob, callOf((scope, error, out, memory) => exports.ol_reward_claim_call(error, out, account(scope, dispersal.address), bytes(scope, grant), hash(scope, batch),
      number(scope, 500), account(scope, bob), number(scope, 0), memory, ROOM)));
    assert.equal(await proven(dispersal, 'block of a claim', { batch, account: bob }), BigInt(receipt.blockNumber));
    assert.equal(await dispersal.read('claimed', [batch, bob]), BigInt(receipt.blockNumber));
    assert.equal(await held(bob), 500n);
  });
});
