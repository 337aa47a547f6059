// SPDX-License-Identifier: MIT
// openledger ask: one request of JSON-RPC on the command line, with what proves its answer.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { getAddress } from 'viem';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { openledger, scratch } from './cli.mjs';

const file = scratch();

/** What is to be asked of a devnet, which has come to the present. @param {any} devnet */
async function asking({ urls, profile, checkpoint }) {
  const options = ['--rpc', urls.l2, '--rollup', file('profile.json', profile), '--beacon', urls.beacon, '--l1', urls.l1,
    '--checkpoint', await checkpoint(), '--trust', 'proposed'];
  return async (/** @type {string[]} */ ...args) => {
    const { code, stdout, stderr } = await openledger(['ask', ...args, ...options]);
    return { code, said: JSON.parse(stdout || 'null'), stderr };
  };
}

test('a withdrawal, and SystemConfig', async (t) => {
  const devnet = await startDevnet({ variant: 'games-supersim' });
  t.after(() => devnet.close());
  const { transactionHash, hash, transaction } = await devnet.withdraw(1000n);
  await devnet.approach(3600);
  const { l2Block } = await devnet.propose();
  await devnet.present();
  const ask = await asking(devnet);

  const { code, said } = await ask('openledger_getWithdrawal', transactionHash);
  assert.equal(code, 0);
  assert.deepEqual([said.trust, Number(said.head.number)], ['proposed', l2Block]);
  assert.deepEqual([said.value.withdrawalHash, said.value.stage, BigInt(said.value.nonce)], [hash, 'provable', transaction.nonce]);
  const { status } = await devnet.l1.send({ from: devnet.keys.stranger.address, ...said.value.prove });
  assert.equal(status, '0x1');

  const { value: config } = (await ask('openledger_getSystemConfig')).said;
  assert.deepEqual([config.address, config.unsafeBlockSigner, config.batcher].map(getAddress),
    [devnet.addresses.systemConfig, devnet.keys.sequencer.address, devnet.keys.batcher.address].map(getAddress));
  assert.deepEqual(config.gasToken, { scheme: 'ether' });
  assert.equal(config.l1Block.hash, (await devnet.l1.block(Number(config.l1Block.number))).hash);

  const none = await ask('openledger_getWithdrawal', transactionHash, '0x1');
  assert.equal(none.code, 1);
  assert.match(none.said.error.message, /has made no withdrawal of this index/);
  assert.deepEqual((await ask('openledger_getWithdrawal', `0x${'12'.repeat(32)}`)).said.value, null);
});

test('gas that is paid with an ERC-20', async (t) => {
  const devnet = await startDevnet({ variant: 'oracle-0.17.3', gasToken: true });
  t.after(() => devnet.close());
  await devnet.approach(3600);
  await devnet.propose();
  await devnet.present();
  const { said: { value } } = await (await asking(devnet))('openledger_getSystemConfig');
  const { gasToken: token, systemConfig } = /** @type {any} */ (devnet.contracts);
  assert.deepEqual({ ...value.gasToken, address: getAddress(value.gasToken.address) }, {
    scheme: 'erc20', address: getAddress(token.address), decimals: 18, name: await systemConfig.read('gasPayingTokenName'), symbol: await systemConfig.read('gasPayingTokenSymbol'),
  });
});

test('what is read and how it is asked for', async (t) => {
  const devnet = await startDevnet({});
  t.after(() => devnet.close());
  await devnet.present();
  const { urls: { l2: rpc }, keys: { owner } } = devnet;
  const ask = async (/** @type {string[]} */ ...args) => openledger(['ask', ...args, '--rpc', rpc]);
  const right = await devnet.l2.ask('eth_getBalance', owner.address, '0x1');
  for (const params of [[owner.address, '0x1'], [JSON.stringify(owner.address), '"0x1"'], [owner.address, '{"blockNumber":"0x1"}']]) {
    const { code, stdout } = await ask('eth_getBalance', ...params);
    assert.equal(code, 0);
    const { value, trust, block } = JSON.parse(stdout);
    assert.deepEqual([value, trust, block.number], [right, 'quorum', '0x1']);
  }
  const { stdout } = await ask('eth_getBlockByNumber', 'latest', 'false');
  assert.equal(JSON.parse(stdout).value.hash, (await devnet.l2.block()).hash);
  for (const [args, code, message] of /** @type {[string[], number, RegExp][]} */ ([
    [['eth_call', '{}'], 2, /contract code is not executed yet/],
    [['eth_nothing'], 2, /method is not known/],
    [['eth_getBalance', 'x'], 2, /hex does not begin with 0x/],
    [['eth_getBalance', '[1'], 2, /text is not JSON/],
    [['eth_getBalance', owner.address, '0xffffff'], 1, /no such block/],
    [['openledger_getSystemConfig'], 2, /no L1 to prove this by/],
    [['eth_getBalance', 'a"b'], 2, /a parameter is JSON, or text that needs no escapes/],
    [['eth"'], 2, /not the name of a method/],
    [['eth_chainId', ...'123456'], 2, /one parameter too many/],
    [[], 2, /METHOD: missing/],
  ])) {
    const outcome = await ask(...args);
    assert.equal(outcome.code, code, `${args}`);
    assert.match(outcome.stdout + outcome.stderr, message);
  }
  const nobody = await openledger(['ask', 'eth_blockNumber', '--rpc', 'http://127.0.0.1:9']);
  assert.equal(nobody.code, 3);
  assert.match(nobody.stdout, /^\{"error":\{"code":-32002,"message":"connection failed"/);
});

test('the endpoints of a profile', async (t) => {
  const devnet = await startDevnet({});
  t.after(() => devnet.close());
  await devnet.approach(3600);
  const { l2Block } = await devnet.propose();
  await devnet.present();
  const { urls: { l1, l2, beacon }, profile, checkpoint } = devnet;
  const of = (/** @type {object} */ endpoints) => file('profile.json', { ...profile, endpoints });
  const all = of({ l2: [l2], l1: [l1], beacon: [beacon] });
  const above = ['--trust', 'proposed', '--checkpoint', await checkpoint()];
  const ask = (/** @type {string[]} */ ...args) => openledger(['ask', 'eth_blockNumber', ...args]);
  assert.equal(Number(JSON.parse((await ask('--rollup', all)).stdout).value), Number(await devnet.l2.ask('eth_blockNumber')));
  assert.equal(Number(JSON.parse((await ask('--rollup', all, ...above)).stdout).value), l2Block);
  // The command line comes first, and its chain is then the profile's too.
  const other = await ask('--rollup', all, '--rpc', 'http://127.0.0.1:9');
  assert.deepEqual([other.code, /--rollup: is only for --trust/.test(other.stderr)], [2, true]);
  assert.equal((await ask('--rollup', all, ...above, '--beacon', 'http://127.0.0.1:9')).code, 3);
  const elsewhere = await ask('--rollup', file('profile.json', { ...profile, l2: { chainId: 10 }, endpoints: { l2: [l2] } }));
  assert.match(elsewhere.stdout, /endpoint serves another chain/);
  for (const [endpoints, message] of /** @type {[object, RegExp][]} */ ([
    [{ l2: [] }, /--rpc: at least one endpoint is needed/],
    [{ l2: [7] }, /--rollup: l2\[0\] byte \d+: JSON value is not a string/],
    [{ l2: Array(17).fill(l2) }, /more endpoints than accepted/],
  ])) {
    const outcome = await ask('--rollup', of(endpoints));
    assert.match(outcome.stderr, message);
    assert.notEqual(outcome.code, 0);
  }
  const balance = await openledger(['account', devnet.keys.owner.address, '--rollup', of({ l2: [l2] }), '--json']);
  assert.equal(balance.code, 0, balance.stderr);
});

test("the sequencer's message out of a file", async (t) => {
  const devnet = await startDevnet({});
  t.after(() => devnet.close());
  await devnet.present();
  const { urls: { l1, l2, beacon, sequencer }, profile, checkpoint } = devnet;
  const message = async () => Buffer.from(await (await fetch(`${sequencer}/latest`)).arrayBuffer());
  const path = file('message', '');
  writeFileSync(path, await message());
  const ask = async (/** @type {string} */ source) => openledger(['ask', 'eth_blockNumber', '--rpc', l2, '--rollup', file('profile.json', profile), '--beacon', beacon,
    '--l1', l1, '--checkpoint', await checkpoint(), '--trust', 'unsafe', '--version', '3', '--sequencer', source]);
  const { code, stdout, stderr } = await ask(`file://${path}`);
  assert.equal(code, 0, stderr + stdout);
  assert.deepEqual([Number(JSON.parse(stdout).value), JSON.parse(stdout).trust], [Number(await devnet.l2.ask('eth_blockNumber')), 'unsafe']);
  writeFileSync(path, Buffer.concat([await message(), Buffer.alloc(1)]));
  assert.match((await ask(`file://${path}`)).stderr, /message/);
  writeFileSync(path, Buffer.alloc(3 << 20));
  assert.match((await ask(`file://${path}`)).stdout, /answer is longer than accepted/);
  for (const [url, exit, said] of /** @type {[string, number, RegExp][]} */ ([
    [`file://${path}.none`, 3, /connection failed/],
    ['file:///dev', 3, /connection failed/],
    ['file://here', 2, /file:\/\/ and an absolute path/],
    [`file://${path}%20`, 2, /neither escapes nor a query/],
  ])) {
    const outcome = await ask(url);
    assert.equal(outcome.code, exit, `${url}: ${outcome.stderr}${outcome.stdout}`);
    assert.match(outcome.stderr + outcome.stdout, said);
  }
  const rpc = await openledger(['ask', 'eth_blockNumber', '--rpc', `file://${path}`]);
  assert.deepEqual([rpc.code, /begins with http/.test(rpc.stderr)], [2, true]);
});
