// SPDX-License-Identifier: MIT
// Withdrawals and deposits by the core's own calls, on the contracts of each release: what it calls provable, proven and
// ready is taken by the portal at that second, and not one before.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createMPT } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { decodeEventLog, getAddress, hexToBytes, keccak256, parseAbi, size, slice, toHex } from 'viem';
import { quantity, noAnvil } from './anvil.mjs';
import { VARIANTS, startDevnet } from './devnet.mjs';
import { NAMED_SLOTS } from './layouts.mjs';
import { MESSAGE_PASSER, outputRootOf } from './output.mjs';
import { prove } from './proof.mjs';
import { TERMS } from './system.mjs';

/** @typedef {`0x${string}`} Hex */

const built = process.env.OL_JS ?? join(import.meta.dirname, '../../../build/js');
const { Core } = await import(pathToFileURL(join(built, 'core.mjs')).href);
const { instantiate } = await import(pathToFileURL(join(built, 'loader.mjs')).href);
const abi = await import(pathToFileURL(join(built, 'abi.mjs')).href);
const core = new Core(await instantiate());

const { ol_portal_kind: KIND, ol_gas_scheme: SCHEME, ol_withdrawal_stage: STAGE } = abi;
const kindOf = (/** @type {string} */ variant) => (variant.startsWith('oracle') ? KIND.OL_PORTAL_OUTPUTS
  : variant.endsWith('supersim') ? KIND.OL_PORTAL_REGISTRY : KIND.OL_PORTAL_GAMES);

/** @type {(() => Promise<unknown>)[]} */
const endings = [];
after(() => Promise.all(endings.map((end) => end())));

/** @param {any} options */
async function devnet(options) {
  const net = /** @type {any} */ (await startDevnet(options));
  endings.push(net.close);
  return net;
}

/** Calls the core, and frees what it was told. @template T @param {(scope: any, error: number) => T} use @returns {T} */
function within(use) {
  const scope = core.scope();
  try {
    return use(scope, scope.struct('ol_error'));
  } finally {
    scope.free();
  }
}

const word = (/** @type {bigint | number} */ value) => hexToBytes(toHex(value, { size: 32 }));
const ROOM = 1 << 16;

/** A call of the core that writes a call of a contract. @param {(scope: any, error: number, out: number, memory: number) => number} write */
const callBy = (write) => within((scope, error) => {
  const out = scope.struct('ol_call');
  core.check(write(scope, error, out, scope.take(ROOM)), error);
  const { to, value, data } = core.read('ol_call', out);
  return { to: toHex(to), value: toHex(BigInt(toHex(value))), data: toHex(core.sliceBytes(data)) };
});

/** @param {any} scope @param {any} transaction */
function withdrawalIn(scope, { nonce, sender, target, value, gasLimit, data }) {
  const { at, len } = scope.copy(hexToBytes(data));
  return scope.struct('ol_withdrawal', {
    nonce: word(nonce), sender: hexToBytes(sender), target: hexToBytes(target), value: word(value), gas_limit: word(gasLimit), data: { data: at, len },
  });
}

/** @param {any} scope @param {Hex[]} nodes */
function slicesIn(scope, nodes) {
  const at = scope.take(8 * nodes.length);
  nodes.forEach((node, i) => {
    const { at: data, len } = scope.copy(hexToBytes(node));
    core.write('ol_slice', at + 8 * i, { data, len });
  });
  return at;
}

/** @param {Hex} portal @param {any} transaction @param {{ index: number, root: Hex, output: any, proof: Hex[] }} by */
const proveCall = (portal, transaction, { index, root, output, proof }) => callBy((scope, error, out, memory) =>
  core.exports.ol_withdrawal_prove_call(error, out, scope.struct('ol_address', hexToBytes(portal)), withdrawalIn(scope, transaction),
    scope.struct('ol_withdrawal_output', {
      index: BigInt(index), root: hexToBytes(root), state_root: hexToBytes(output.stateRoot),
      message_passer_root: hexToBytes(output.messagePasserStorageRoot), block_hash: hexToBytes(output.latestBlockhash),
    }), slicesIn(scope, proof), proof.length, memory, ROOM));

/** @param {Hex} portal @param {number} kind @param {any} transaction @param {Hex} [submitter] */
const finalizeCall = (portal, kind, transaction, submitter) => callBy((scope, error, out, memory) =>
  core.exports.ol_withdrawal_finalize_call(error, out, scope.struct('ol_address', hexToBytes(portal)), kind, withdrawalIn(scope, transaction),
    submitter ? scope.struct('ol_address', hexToBytes(submitter)) : 0, memory, ROOM));

/** @param {Hex} portal @param {number} kind @param {number} scheme @param {any} deposit */
const depositCall = (portal, kind, scheme, { to, mint, value, gasLimit, data = '0x' }) => callBy((scope, error, out, memory) => {
  const { at, len } = scope.copy(hexToBytes(data));
  const deposit = scope.struct('ol_deposit', {
    to: hexToBytes(to), gas_limit: BigInt(gasLimit), mint: word(mint), value: word(value), data: { data: at, len },
  });
  return core.exports.ol_deposit_call(error, out, scope.struct('ol_address', hexToBytes(portal)), kind, scheme, deposit, memory, ROOM);
});

/** @param {Hex} token @param {Hex} portal @param {bigint} amount */
const approveCall = (token, portal, amount) => callBy((scope, error, out, memory) =>
  core.exports.ol_deposit_approve_call(error, out, scope.struct('ol_address', hexToBytes(token)), scope.struct('ol_address', hexToBytes(portal)),
    scope.struct('ol_u256', word(amount)), memory, ROOM));

/** What the portal keeps of a withdrawal, by proof. @param {any} net @param {Hex} hash */
async function recordOf(net, hash) {
  const kind = kindOf(net.variant);
  const { stranger } = net.keys;
  const names = ['finalized', 'proven', 'proven_next', 'submitters'];
  const slots = within((scope) => {
    const out = scope.struct('ol_withdrawal_slots');
    core.exports.ol_withdrawal_slots_of(out, kind, scope.struct('ol_hash', hexToBytes(hash)), scope.struct('ol_address', hexToBytes(stranger.address)));
    const read = core.read('ol_withdrawal_slots', out);
    return names.map((name) => toHex(read[name]));
  });
  const { values, block } = await prove(net.l1, net.addresses.optimismPortal, slots);
  const record = within((scope, error) => {
    const out = scope.struct('ol_withdrawal_record');
    const given = scope.struct('ol_withdrawal_slots', Object.fromEntries(names.map((name, i) => [name, hexToBytes(values[i])])));
    core.check(core.exports.ol_withdrawal_record_read(error, out, kind, given), error);
    return core.read('ol_withdrawal_record', out);
  });
  return { record, time: BigInt(block.timestamp) };
}

/** How far it has come. @param {any} net @param {Hex} hash @param {any} view */
async function statusOf(net, hash, view) {
  const { record, time } = await recordOf(net, hash);
  return within((scope) => {
    const out = scope.struct('ol_withdrawal_status');
    const delay = net.kind === 'oracle' ? TERMS.finalizationPeriod : TERMS.proofMaturityDelay;
    core.exports.ol_withdrawal_judge(out, kindOf(net.variant), scope.struct('ol_withdrawal_record', record),
      scope.struct('ol_withdrawal_view', { l1_time: time, delay_s: BigInt(delay), ...view }));
    return core.read('ol_withdrawal_status', out);
  });
}

/** What is to be known of the proposal that it was proven by: games as they are, outputs as they become. @param {any} net @param {any} proposal */
async function viewOf(net, proposal) {
  if (net.kind === 'oracle') {
    const { timestamp } = await net.contracts.l2OutputOracle.read('getL2Output', [BigInt(proposal.index)]);
    return { provable: 1, holds: 1, proposed_at: timestamp, finalizes_at: timestamp + BigInt(TERMS.finalizationPeriod) + 1n };
  }
  const game = net.gameAt(proposal.address);
  const resolved = await game.read('resolvedAt');
  return {
    provable: 1, holds: 1, proposed_at: await game.read('createdAt'),
    finalizes_at: resolved === 0n ? 0n : resolved + BigInt(TERMS.gameFinalityDelay) + 1n,
  };
}

/** Sends a call in a block of a given time. @param {any} net @param {Hex} from @param {any} call @param {bigint} [time] */
async function send(net, from, call, time) {
  if (time !== undefined) await net.l1.ask('evm_setNextBlockTimestamp', quantity(time));
  return net.l1.send({ from, ...call });
}

const EVENTS = parseAbi([
  'event TransactionDeposited(address indexed from, address indexed to, uint256 indexed version, bytes opaqueData)',
  'event WithdrawalFinalized(bytes32 indexed withdrawalHash, bool success)',
]);

/** @param {any} receipt @param {string} eventName @returns {any} */
function eventOf({ logs }, eventName) {
  for (const { data, topics } of logs) {
    try {
      const found = decodeEventLog({ abi: EVENTS, data, topics });
      if (found.eventName === eventName) return found.args;
    } catch {
      continue; // another one
    }
  }
  throw new Error(`no ${eventName}`);
}

/** Opaque data of a deposit: mint, value, gas, whether it creates, data. @param {Hex} data */
const opaque = (data) => [BigInt(slice(data, 0, 32)), BigInt(slice(data, 32, 64)), BigInt(slice(data, 64, 72)), slice(data, 72, 73), size(data) - 73];

const VALUE = 1000n;

/** A withdrawal, and the proposal that it is in. @param {any} net */
async function initiated(net) {
  const withdrawal = await net.withdraw(VALUE);
  const proposal = await net.propose();
  assert.ok(proposal.l2Block >= withdrawal.block);
  const { storageProof: [{ proof }] } = await net.l2.ask('eth_getProof', MESSAGE_PASSER, [withdrawal.slot], toHex(proposal.l2Block));
  return { withdrawal, proposal, by: { index: proposal.index, root: proposal.output.root, output: proposal.output, proof } };
}

/** Until the proposal is final, or as good as. @param {any} net @param {any} proposal */
const settle = (net, proposal) => (net.kind === 'oracle' ? undefined : net.resolve(proposal));

for (const variant of VARIANTS) {
  test(`${variant}: a deposit, and a withdrawal from its beginning to its end`, { skip: noAnvil }, async () => {
    const net = await devnet({ variant });
    const kind = kindOf(variant);
    const portal = net.addresses.optimismPortal;
    const { stranger, owner } = net.keys;

    const gas = BigInt(await net.contracts.optimismPortal.read('minimumGasLimit', [3n]));
    assert.equal(core.exports.ol_deposit_gas(kind, 3n), gas);
    const deposit = { to: owner.address, mint: 5n * VALUE, value: VALUE, gasLimit: gas, data: '0x010203' };
    const made = eventOf(await send(net, stranger.address, depositCall(portal, kind, SCHEME.OL_GAS_ETHER, deposit)), 'TransactionDeposited');
    assert.deepEqual([made.from, made.to, made.version], [stranger.address, owner.address, 0n]);
    assert.deepEqual(opaque(made.opaqueData), [5n * VALUE, VALUE, gas, '0x00', 3]);

    const { withdrawal: { transaction, hash }, proposal, by } = await initiated(net);
    const none = { provable: 0, holds: 0, proposed_at: 0n, finalizes_at: 0n };
    assert.equal((await statusOf(net, hash, none)).stage, STAGE.OL_WITHDRAWAL_WAITING);
    assert.equal((await statusOf(net, hash, { ...none, provable: 1 })).stage, STAGE.OL_WITHDRAWAL_PROVABLE);

    await net.advance(12); // newer portals take no proof in the second of its game
    const { blockNumber } = await send(net, stranger.address, proveCall(portal, transaction, by));
    const { timestamp } = await net.l1.block(Number(blockNumber));
    const { record } = await recordOf(net, hash);
    assert.equal(record.proven_at, BigInt(timestamp));
    if (net.kind === 'oracle') {
      assert.deepEqual([toHex(record.output_root), record.output_index], [proposal.root, BigInt(proposal.index)]);
    } else {
      assert.deepEqual([getAddress(toHex(record.game)), record.submitters], [getAddress(proposal.address), 1n]);
      assert.deepEqual(await net.contracts.optimismPortal.read('provenWithdrawals', [hash, stranger.address]), [getAddress(proposal.address), BigInt(timestamp)]);
      const slot = within((scope) => {
        const out = scope.struct('ol_u256');
        core.exports.ol_withdrawal_submitter_slot(out, scope.struct('ol_hash', hexToBytes(hash)), 0n);
        return toHex(core.read('ol_u256', out));
      });
      const { values: [submitter] } = await prove(net.l1, portal, [slot]);
      assert.equal(getAddress(slice(submitter, 12)), stranger.address);
    }

    const open = await statusOf(net, hash, await viewOf(net, proposal));
    assert.equal(open.stage, STAGE.OL_WITHDRAWAL_PROVEN);
    if (net.kind === 'games') assert.equal(open.ready_at, 0n);
    await settle(net, proposal);
    const { stage, ready_at: ready } = await statusOf(net, hash, await viewOf(net, proposal));
    assert.equal(stage, STAGE.OL_WITHDRAWAL_PROVEN);

    // Others may finalize what one has proven: of outputs anyhow, of games by saying who it was.
    const call = finalizeCall(portal, kind, transaction, net.kind === 'games' ? stranger.address : undefined);
    await assert.rejects(send(net, owner.address, call, ready - 1n));
    assert.equal((await statusOf(net, hash, await viewOf(net, proposal))).stage, STAGE.OL_WITHDRAWAL_PROVEN);
    const before = BigInt(await net.l1.ask('eth_getBalance', stranger.address, 'latest'));
    const receipt = await send(net, owner.address, call, ready);
    assert.deepEqual(eventOf(receipt, 'WithdrawalFinalized'), { withdrawalHash: hash, success: true });
    assert.equal(BigInt(await net.l1.ask('eth_getBalance', stranger.address, 'latest')), before + VALUE);
    const end = await statusOf(net, hash, await viewOf(net, proposal));
    assert.equal(end.stage, STAGE.OL_WITHDRAWAL_FINALIZED);
    assert.equal((await recordOf(net, hash)).record.finalized, 1);
    await assert.rejects(send(net, owner.address, call));
  });

  test(`${variant}: proven late, it waits for the delay of its proof`, { skip: noAnvil }, async () => {
    const net = await devnet({ variant });
    const kind = kindOf(variant);
    const portal = net.addresses.optimismPortal;
    const { stranger } = net.keys;
    await send(net, stranger.address, depositCall(portal, kind, SCHEME.OL_GAS_ETHER, { to: stranger.address, mint: VALUE, value: 0n, gasLimit: 100_000 }));
    const { withdrawal: { transaction, hash }, proposal, by } = await initiated(net);
    await net.advance(12);
    // Proven late: what is waited for is then the proof's own delay.
    await settle(net, proposal);
    await net.advance(TERMS.finalizationPeriod);
    await send(net, stranger.address, proveCall(portal, transaction, by));
    const { ready_at: ready } = await statusOf(net, hash, await viewOf(net, proposal));
    const { record } = await recordOf(net, hash);
    assert.equal(ready, record.proven_at + BigInt(TERMS.proofMaturityDelay) + 1n);
    const call = finalizeCall(portal, kind, transaction);
    await assert.rejects(send(net, stranger.address, call, ready - 1n));
    await send(net, stranger.address, call, ready);
    assert.equal((await statusOf(net, hash, await viewOf(net, proposal))).stage, STAGE.OL_WITHDRAWAL_FINALIZED);
  });

  test(`${variant}: a proof whose last node is inside another`, { skip: noAnvil }, async () => {
    const net = await devnet({ variant });
    const portal = net.addresses.optimismPortal;
    const { transaction, slot } = await net.withdraw(VALUE);
    // As in a trie of billions: another key has the first ten nibbles of this one's.
    const trie = await createMPT();
    const key = keccak256(slot, 'bytes');
    const neighbour = key.slice();
    neighbour[5] ^= 0x10;
    await trie.put(key, Uint8Array.of(1));
    await trie.put(neighbour, Uint8Array.of(1));
    const nodes = (await findNodes(trie, key)).map((node) => toHex(node));
    const parts = { stateRoot: keccak256('0x01'), messagePasserStorageRoot: toHex(trie.root()), latestBlockhash: keccak256('0x02') };
    const root = outputRootOf(parts);
    const proposal = await net.claim(root);
    await net.advance(12);
    await send(net, net.keys.stranger.address, proveCall(portal, transaction, { index: proposal.index, root, output: parts, proof: nodes }));
  });
}

/** The nodes that are hashed, from the root downwards, as eth_getProof has them. @param {any} trie @param {Uint8Array} key */
async function findNodes(trie, key) {
  const { stack } = await trie.findPath(key);
  const all = stack.map((/** @type {any} */ node) => node.serialize()).filter((/** @type {Uint8Array} */ node) => node.length >= 32);
  assert.equal(all.length, 2);
  assert.equal(/** @type {any} */ (RLP.decode(all[1])).length, 17);
  return all;
}

test('oracle-0.17.3: gas is paid with an ERC-20', { skip: noAnvil }, async () => {
  const net = await devnet({ variant: 'oracle-0.17.3', gasToken: true });
  const { gasToken: token, systemConfig } = net.contracts;
  const { stranger, owner } = net.keys;
  const portal = net.addresses.optimismPortal;
  const kind = KIND.OL_PORTAL_OUTPUTS;
  const { tokenAndDecimals, tokenName, tokenSymbol } = NAMED_SLOTS.SystemConfig;
  const { values: [packed, name, symbol] } = await prove(net.l1, systemConfig.address, [tokenAndDecimals, tokenName, tokenSymbol]);
  assert.deepEqual(await systemConfig.read('gasPayingToken'), [getAddress(slice(packed, 12)), Number(slice(packed, 11, 12))]);
  const text = (/** @type {Hex} */ value) => Buffer.from(hexToBytes(value)).toString().replace(/\0+$/, '');
  assert.deepEqual([text(name), text(symbol)], [await systemConfig.read('gasPayingTokenName'), await systemConfig.read('gasPayingTokenSymbol')]);

  await token.send(owner.address, 'mint', [stranger.address, 5n * VALUE]);
  await send(net, stranger.address, approveCall(token.address, portal, 5n * VALUE));
  const deposit = { to: owner.address, mint: 5n * VALUE, value: VALUE, gasLimit: 100_000 };
  const made = eventOf(await send(net, stranger.address, depositCall(portal, kind, SCHEME.OL_GAS_ERC20, deposit)), 'TransactionDeposited');
  assert.deepEqual(opaque(made.opaqueData), [5n * VALUE, VALUE, 100_000n, '0x00', 0]);
  assert.equal(await token.read('balanceOf', [stranger.address]), 0n);
  await assert.rejects(send(net, stranger.address, depositCall(portal, kind, SCHEME.OL_GAS_ETHER, deposit)), 'the portal takes no ether');

  const { withdrawal: { transaction, hash }, proposal, by } = await initiated(net);
  await send(net, stranger.address, proveCall(portal, transaction, by));
  const { ready_at: ready } = await statusOf(net, hash, await viewOf(net, proposal));
  await send(net, stranger.address, finalizeCall(portal, kind, transaction), ready);
  assert.equal(await token.read('balanceOf', [stranger.address]), VALUE);
});

test('what an output root does not show is not proven', { skip: noAnvil }, async () => {
  const net = await devnet({ variant: 'games-0.17.3' });
  const { withdrawal: { transaction }, by } = await initiated(net);
  const portal = net.addresses.optimismPortal;
  const refusal = (/** @type {any} */ withdrawal, /** @type {any} */ other) => {
    try {
      proveCall(portal, withdrawal, { ...by, ...other });
      return '';
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  };
  assert.match(refusal({ ...transaction, value: VALUE + 1n }, {}), /withdrawal was not sent|key is decided/);
  assert.match(refusal(transaction, { root: keccak256('0x') }), /output root is made of other parts/);
  assert.match(refusal({ ...transaction, target: portal }, {}), /withdrawal is to the portal/);
});
