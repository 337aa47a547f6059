// SPDX-License-Identifier: MIT
// The whole way: a checkpoint, the beacon chain's head, the hash of an L1 block, its state, a proposal, an L2 block.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { getAddress, keccak256, encodeAbiParameters, slice, toHex } from 'viem';
import { Reference } from '../beacon/reference.mjs';
import { hex } from '../beacon/random.mjs';
import { noAnvil } from './anvil.mjs';
import { VARIANTS, startDevnet } from './devnet.mjs';
import { STATUS } from './games.mjs';
import { layoutOf } from './layouts.mjs';
import { MESSAGE_PASSER, hashOfHeader, outputRootOf } from './output.mjs';
import { prove } from './proof.mjs';

/** @type {(() => Promise<unknown>)[]} */
const endings = [];
after(() => Promise.all(endings.map((end) => end())));

/** @param {Parameters<typeof startDevnet>[0]} options */
async function devnet(options) {
  const net = await startDevnet(options);
  endings.push(net.close);
  return net;
}

test('from a checkpoint to a proposal', { skip: noAnvil }, async () => {
  const net = await devnet({ variant: 'games-0.17.3' });
  const game = /** @type {import('./games.mjs').Game} */ (await net.make('defender-won'));
  await net.present();
  const checkpoint = await net.checkpoint();
  const { data: bootstrap } = await (await fetch(`${net.urls.beacon}/eth/v1/beacon/light_client/bootstrap/${checkpoint}`)).json();
  const { data: update } = await (await fetch(`${net.urls.beacon}/eth/v1/beacon/light_client/finality_update`)).json();
  const client = new Reference(net.beacon);
  const slot = Number(bootstrap.header.beacon.slot);
  client.start(await net.beacon.root(slot), await net.beacon.bootstrap(slot));
  client.process(await net.beacon.finalityUpdate(net.beacon.slotNow()), net.beacon.slotNow());
  assert.equal(hex(await net.beacon.root(slot)), checkpoint);

  const { finalized_header: finalized, attested_header: attested } = update;
  const l1 = await net.finalizedL1();
  assert.equal(finalized.execution.block_hash, l1.hash);
  assert.equal(finalized.execution.state_root, l1.stateRoot);
  assert.equal(hashOfHeader(l1), l1.hash);
  assert.ok(Number(attested.execution.block_number) > Number(l1.number), 'the newest L1 block is not final yet');

  const { disputeGameFactory } = net.profile.contracts;
  const { slot: games } = layoutOf(net.release, 'DisputeGameFactory').fields._disputeGames;
  const key = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [game.uuid, BigInt(games)]));
  const { block, values: [id] } = await prove(net.l1, disputeGameFactory, [key], Number(l1.number));
  assert.equal(block.hash, finalized.execution.block_hash);
  assert.equal(getAddress(slice(id, 12)), game.address);
  const { stateRoot, hash } = await net.l2.block(game.l2Block);
  const { storageRoot } = await prove(net.l2, MESSAGE_PASSER, [], game.l2Block);
  assert.equal(outputRootOf({ stateRoot, messagePasserStorageRoot: storageRoot, latestBlockhash: hash }), game.rootClaim);
});

test('slots commit to the L1 block of their time', { skip: noAnvil }, async () => {
  const net = await devnet({ variant: 'oracle-0.17.2', preset: 'minimal' });
  await net.advance(1000);
  const middle = await net.l1.block();
  await net.advance(1000);
  const { beacon } = net;
  const slotAt = (/** @type {number} */ time) => Math.floor((time - beacon.genesisTime) / beacon.secondsPerSlot);
  const at = Number(middle.timestamp);
  assert.equal(hex((await beacon.block(slotAt(at + 6))).payload.blockHash), middle.hash);
  assert.equal(hex((await beacon.block(slotAt(at + 900))).payload.blockHash), middle.hash);
  assert.ok((await beacon.block(slotAt(at - 6))).payload.blockNumber < Number(middle.number));
  await assert.rejects(net.advance(1e9), /future/);
  await net.approach(5000);
  const seconds = Date.now() / 1000 - 5000;
  for (const chain of [net.l1, net.l2]) assert.ok(Math.abs((await chain.time()) - seconds) < 5);
});

test('a situation of lately is final on the L1, and still what it is', { skip: noAnvil }, async () => {
  const net = /** @type {any} */ (await devnet({ variant: 'games-0.17.3' }));
  const game = await net.makeLately('in-air-gap');
  const view = net.gameAt(game.address);
  const finalized = await net.finalizedL1();
  assert.equal(await view.read('status', [], Number(finalized.number)), STATUS.DEFENDER_WINS);
  const age = (await net.l1.time()) - Number(await view.read('resolvedAt'));
  assert.ok(age > 1200 && age < 3600, String(age));
});

test('in the present both chains are of now, and stay there', { skip: noAnvil }, async () => {
  const net = await devnet({ variant: 'games-supersim' });
  await net.present();
  const before = await net.l2.block();
  await net.propose();
  for (const chain of [net.l1, net.l2]) assert.ok(Math.abs((await chain.time()) - Date.now() / 1000) < 45);
  assert.ok(Number((await net.l2.block()).number) > Number(before.number));
  assert.ok((await net.l2.time()) < Date.now() / 1000 + 5);
});

test('a profile names what a client must be told', { skip: noAnvil }, async () => {
  for (const variant of VARIANTS) {
    const net = await devnet({ variant });
    const { profile, addresses } = net;
    assert.deepEqual(Object.keys(profile), ['name', 'l2', 'l1', 'contracts']);
    assert.equal(Number(await net.l1.ask('eth_chainId')), profile.l1.chainId);
    assert.equal(Number(await net.l2.ask('eth_chainId')), profile.l2.chainId);
    assert.equal(profile.l1.network.PRESET_BASE, 'mainnet');
    assert.match(profile.l1.network.genesis_validators_root, /^0x[0-9a-f]{64}$/);
    const named = net.kind === 'oracle' ? ['l2OutputOracle'] : ['anchorStateRegistry', 'disputeGameFactory'];
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(profile.contracts))).sort(),
      [...named, 'optimismPortal', 'superchainConfig', 'systemConfig'].sort());
    for (const [name, address] of Object.entries(profile.contracts)) assert.equal(address, addresses[name]);
    await net.close();
  }
});

test('a beacon node that lies', { skip: noAnvil }, async () => {
  const net = await devnet({ variant: 'oracle-0.17.3', beaconLie: 'http-503' });
  assert.equal((await fetch(`${net.urls.beacon}/eth/v1/beacon/light_client/finality_update`)).status, 503);
});

test('what there is not', { skip: noAnvil }, async () => {
  await assert.rejects(startDevnet({ variant: 'games-9' }), /no such variant/);
  await assert.rejects(startDevnet({ l2Fork: 'bedrock' }), /no such fork/);
  await assert.rejects(startDevnet({ sequencerLie: 'white' }), /no such lie/);
  const net = await devnet({ l2Fork: 'isthmus' });
  await assert.rejects(net.make('sunny'), /no such situation/);
  await assert.rejects(net.makeLately('sunny'), /no such situation/);
  await assert.rejects(net.withdraw(1n), /ecotone/);
});

test('as a command', { skip: noAnvil }, async () => {
  const args = [join(import.meta.dirname, 'main.mjs'), '--variant', 'games-supersim', '--situation', 'fresh', '--sequencer-lie', 'wrong-signer'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  for await (const piece of child.stdout.setEncoding('utf8')) {
    text += piece;
    if (text.endsWith('\n')) break;
  }
  const said = JSON.parse(text);
  assert.deepEqual(Object.keys(said), ['variant', 'urls', 'checkpoint', 'addresses', 'keys', 'profile', 'situations']);
  assert.equal(said.situations.fresh.index, 0);
  assert.equal((await fetch(`${said.urls.sequencer}/latest`)).status, 200);
  assert.equal((await fetch(`${said.urls.beacon}/eth/v1/beacon/light_client/bootstrap/${said.checkpoint}`)).status, 200);
  child.stdin.end();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  await assert.rejects(fetch(said.urls.l1, { method: 'POST', body: toHex(0) }));
});
