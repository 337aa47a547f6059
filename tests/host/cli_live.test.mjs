// SPDX-License-Identifier: MIT
// The command line and the C example against servers: honest, lying, silent, and a live chain.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { noAnvil, startAnvil } from '../devnet/rollup/anvil.mjs';
import {
  BALANCE,
  CLI,
  noScript,
  noVectors,
  openledger,
  recorded,
  run,
  serve,
  serveRecorded,
} from './cli.mjs';

const PREDEPLOY = '0x4200000000000000000000000000000000000015';

/** Servers of a test, closed after it. */
async function withServers(servers, act) {
  const opened = await Promise.all(servers);
  try {
    await act(opened.flatMap(({ url }) => ['--rpc', url]), opened);
  } finally {
    await Promise.all(opened.map((server) => server.close()));
  }
}

/** Runs `openledger account` with --json. */
async function account(...args) {
  const outcome = await openledger(['account', ...args, '--json']);
  assert.match(outcome.stdout, /^\{.*\}\n$/, outcome.stderr);
  return { ...outcome, ...JSON.parse(outcome.stdout) };
}

describe('recorded blocks', { skip: noVectors }, () => {
  const data = noVectors ? undefined : recorded(26207960);
  const CHAIN = ['--chain-id', '11155420'];
  const LATEST = [...CHAIN, '--max-age', 'any'];
  const honest = () => serveRecorded(data);
  const liar = (method, lie) => serveRecorded(data, (asked, result) => (asked === method ? lie(result) : result));
  const silent = () => serve(() => new Promise(() => {}));
  const flip = (hex) => hex.slice(0, 200) + (hex[200] === '0' ? '1' : '0') + hex.slice(201);

  test('one endpoint', async () => {
    await withServers([honest()], async (rpc) => {
      const { proof } = data.accounts.L1Block;
      const slots = proof.storageProof.flatMap(({ key }) => ['--slot', key]);
      const json = await account(PREDEPLOY, ...rpc, ...LATEST, ...slots);
      assert.equal(json.code, 0, json.stderr);
      assert.equal(json.stderr, '');
      assert.deepEqual(Object.keys(json).slice(3), [
        'answer', 'ageSeconds', 'requests', 'bytesReceived', 'milliseconds', 'blame',
      ]);
      assert.equal(json.answer.address, PREDEPLOY);
      assert.equal(json.answer.codeHash, proof.codeHash);
      assert.equal(json.answer.block.hash, data.hash);
      assert.deepEqual(
        json.answer.slots.map(({ value }) => value),
        proof.storageProof.map(({ value }) => value),
      );
      assert.deepEqual(json.answer.trust, { level: 'quorum', agreed: 1, asked: 1 });
      assert.deepEqual(json.blame, []);
      const age = Date.now() / 1000 - Number(data.block.timestamp);
      assert.ok(Math.abs(json.ageSeconds - age) < 60);
      assert.ok(json.requests >= 3 && json.bytesReceived > 10000);

      const human = await openledger(['account', PREDEPLOY, ...rpc, ...LATEST, '--slot', '7']);
      assert.equal(human.code, 0, human.stderr);
      assert.match(human.stdout, /^balance +0 {2}\(0 wei\)\nnonce +0\n/);
      assert.match(human.stdout, /\nslot 0x7 +0x1 {2}\(1\)\n/);
      assert.match(human.stdout, /\nchain +11155420\n/);
      assert.match(human.stdout, /\ntrust +quorum: 1 of 1 endpoint gave this block hash\n/);
      assert.match(human.stdout, /\ncost +\d+ requests, [\d.]+ kB received, \d+ ms\n$/);
      assert.equal(human.stderr, '');
    });
  });

  test('blocks by number and by hash, code, any chain', async () => {
    await withServers([honest()], async (rpc) => {
      for (const block of ['26207959', '0x18fe6d7', data.hash, 'safe', 'finalized']) {
        const json = await account(PREDEPLOY, ...rpc, ...CHAIN, '--block', block);
        assert.equal(json.code, 0, json.stderr);
        assert.equal(json.answer.block.hash, data.hash);
      }
      const code = await account(PREDEPLOY, ...rpc, '--chain-id', '0', '--max-age', 'any', '--code');
      assert.equal(code.answer.code, data.accounts.L1Block.code);
      const none = await openledger(['account', data.accounts.Depositor.proof.address, ...rpc, ...LATEST, '--code']);
      assert.match(none.stdout, /\ncode +none\n/);
      for (const block of ['1', '0x' + '11'.repeat(32)]) {
        const other = await account(PREDEPLOY, ...rpc, ...CHAIN, '--block', block);
        assert.equal(other.code, 1);
        assert.equal(other.error.status, 'mismatch');
      }
    });
  });

  test('a majority is the default quorum', async () => {
    await withServers([honest(), honest(), silent()], async (rpc) => {
      const json = await account(PREDEPLOY, ...rpc, ...LATEST);
      assert.equal(json.code, 0, json.stderr);
      assert.deepEqual(json.answer.trust, { level: 'quorum', agreed: 2, asked: 3 });
    });
    await withServers([honest(), silent(), silent()], async (rpc) => {
      const named = [...CHAIN, '--block', '26207959', '--timeout', '1'];
      const json = await account(PREDEPLOY, ...rpc, ...named);
      assert.equal(json.code, 1, 'one is no majority of three');
      assert.equal(json.error.status, 'quorum');
      const enough = await account(PREDEPLOY, ...rpc, ...LATEST, '--quorum', '1');
      assert.equal(enough.code, 0, enough.stderr);
    });
  });

  test('a forged proof is blamed on who sent it, and another endpoint is asked', async () => {
    const forged = () =>
      liar('eth_getProof', (proof) => ({ ...proof, accountProof: [flip(proof.accountProof[0]), ...proof.accountProof.slice(1)] }));
    await withServers([forged(), honest()], async (rpc, [first]) => {
      const json = await account(PREDEPLOY, ...rpc, ...LATEST);
      assert.equal(json.code, 0, json.stderr);
      assert.equal(json.blame.length, 1);
      assert.equal(json.blame[0].endpoint, first.url);
      assert.match(json.blame[0].reason, /^accountProof node 0: /);
      assert.equal(json.stderr, `openledger: ${first.url}: ${json.blame[0].reason}\n`);
    });
    await withServers([forged(), forged()], async (rpc, servers) => {
      const json = await account(PREDEPLOY, ...rpc, ...LATEST);
      assert.equal(json.code, 1);
      assert.equal(json.error.status, 'proof');
      for (const { url } of servers) assert.ok(json.stderr.includes(`openledger: ${url}: accountProof node 0: `));
    });
  });

  test('lies about blocks, code and the chain are refused', async () => {
    const lies = [
      ['eth_getBlockByNumber', (block) => ({ ...block, stateRoot: block.parentHash }), [], 'mismatch'],
      ['eth_getBlockByNumber', (block) => ({ ...block, number: '0x1' }), [], 'mismatch'],
      ['eth_getBlockByNumber', () => null, [], 'remote'],
      ['eth_getBlockByNumber', () => 'a block', [], 'encoding'],
      ['eth_chainId', () => '0xa', [], 'mismatch'],
      ['eth_getProof', (proof) => ({ ...proof, storageProof: [] }), ['--slot', '0'], 'mismatch'],
      ['eth_getProof', (proof) => ({ ...proof, balance: '0x1' }), [], 'mismatch'],
      ['eth_getCode', () => '0x00', ['--code'], 'proof'],
      ['eth_getProof', () => { throw new Error('out of order'); }, [], 'remote'],
    ];
    for (const [method, lie, options, status] of lies) {
      await withServers([liar(method, lie)], async (rpc) => {
        const json = await account(PREDEPLOY, ...rpc, ...LATEST, ...options);
        assert.equal(json.code, 1, `${method} ${lie}: ${json.stdout}`);
        assert.equal(json.error.status, status, `${method} ${lie}: ${json.stdout}`);
        assert.ok(json.stderr.endsWith(`openledger: ${json.error.text}\n`));
      });
    }
  });

  test('an old block is refused unless it is asked for', async () => {
    await withServers([honest()], async (rpc) => {
      const stale = await account(PREDEPLOY, ...rpc, ...CHAIN);
      assert.equal(stale.code, 1);
      assert.equal(stale.error.status, 'stale');
      const named = await account(PREDEPLOY, ...rpc, ...CHAIN, '--block', '26207959', '--max-age', '60');
      assert.equal(named.error.status, 'stale');
    });
  });

  test('the endpoint of another chain has no say', async () => {
    await withServers([honest()], async (rpc) => {
      const json = await account(PREDEPLOY, ...rpc, '--max-age', 'any');
      assert.equal(json.code, 1);
      assert.equal(json.error.status, 'mismatch');
      assert.match(json.error.text, /another chain/);
    });
  });

  test('URLs are reported as JSON, whatever is in them', async () => {
    // The honest endpoint takes so long that the other one has failed before the answer is there.
    const slow = serveRecorded(data, async (method, result) => (await setTimeout(300), result));
    await withServers([slow], async (rpc) => {
      const odd = 'http://127.0.0.1:1/"x"\\{}';
      const json = await account(PREDEPLOY, '--rpc', odd, ...rpc, ...LATEST, '--quorum', '1');
      assert.equal(json.code, 0, json.stderr);
      assert.ok(json.blame.length > 0);
      for (const { endpoint, reason } of json.blame) {
        assert.equal(endpoint, odd);
        assert.match(reason, /connection failed/);
      }
    });
  });
});

test('silence is a failure of transport', async () => {
  const nobody = await account(PREDEPLOY, '--rpc', 'http://127.0.0.1:1');
  assert.equal(nobody.code, 3);
  assert.equal(nobody.error.status, 'transport');
  assert.match(nobody.stderr, /openledger: http:\/\/127\.0\.0\.1:1: .*connection failed\n/);
  await withServers([serve(() => new Promise(() => {}))], async (rpc) => {
    const late = await account(PREDEPLOY, ...rpc, '--timeout', '1');
    assert.equal(late.code, 3);
    assert.match(late.error.text, /no answer in time/);
    const lines = late.stderr.split('\n').filter((line) => line.includes(rpc[1]));
    assert.equal(lines.length, 1, 'one fault of one endpoint is reported once');
  });
});

test('progress is shown on a terminal', { skip: noScript }, async () => {
  await withServers([serve(() => new Promise(() => {}))], async (rpc) => {
    const line = [CLI, 'account', PREDEPLOY, ...rpc, '--timeout', '1'].map((word) => `'${word}'`).join(' ');
    const outcome = await run('script', ['-qec', line, '/dev/null'], { env: { TERM: 'xterm', NO_COLOR: '1' } });
    assert.equal(outcome.code, 3);
    assert.match(outcome.stdout, /\r\x1b\[Kasking 1 endpoint: 0 of 2 answers, 0 bytes, \d\.\d s/);
    assert.match(outcome.stdout, /\r\x1b\[Kopenledger: http:/);
  });
});

test('plain http beyond this machine is warned about', async () => {
  // A name that no resolver knows (RFC 6761).
  const outcome = await openledger(['account', PREDEPLOY, '--rpc', 'http://rpc.invalid', '--timeout', '2']);
  assert.equal(outcome.code, 3, outcome.stderr);
  assert.match(outcome.stderr, /^openledger: http:\/\/rpc\.invalid: plain http: /);
});

describe('a live chain', { skip: noAnvil }, () => {
  const RICH = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
  const FRIEND = '0x00000000000000000000000000000000000f00d5';
  const CONTRACT = '0x00000000000000000000000000000000000c0de5';
  const CODE = '0x60005460005260206000f3';
  let chain;
  let rpc;

  before(async () => {
    chain = await startAnvil(['--chain-id', '1612', '--network', 'optimism']);
    rpc = ['--rpc', chain.url];
    await chain.ask('anvil_setCode', CONTRACT, CODE);
    await chain.ask('anvil_setStorageAt', CONTRACT, '0x5', '0x' + '2a'.padStart(64, '0'));
    await chain.ask('eth_sendTransaction', { from: RICH, to: FRIEND, value: '0x14d1120d7b160000' });
    await chain.ask('evm_mine');
  });
  after(() => chain.close());

  test('balance, nonce, code, slots, absence', async () => {
    const block = await chain.ask('eth_getBlockByNumber', 'latest', false);
    const friend = await account(FRIEND, ...rpc);
    assert.equal(friend.code, 0, friend.stderr);
    assert.equal(friend.answer.balance, '0x14d1120d7b160000');
    assert.equal(friend.answer.chainId, '0x64c');
    assert.equal(friend.answer.block.hash, block.hash);

    const rich = await account(RICH, ...rpc);
    assert.equal(rich.answer.nonce, '0x1');
    assert.equal(rich.answer.balance, await chain.ask('eth_getBalance', RICH, 'latest'));

    const contract = await account(CONTRACT, ...rpc, '--slot', '5', '--slot', '6', '--code');
    assert.equal(contract.code, 0, contract.stderr);
    assert.deepEqual(contract.answer.slots, [
      { key: '0x5', value: '0x2a' },
      { key: '0x6', value: '0x0' },
    ]);
    assert.equal(contract.answer.code, CODE);

    const nobody = '0x00000000000000000000000000000000000ab5e7';
    const absent = await account(nobody, ...rpc);
    assert.equal(absent.code, 0, absent.stderr);
    assert.equal(absent.answer.exists, false);
    const human = await openledger(['account', nobody, ...rpc]);
    assert.match(human.stdout, /^balance +0 OPEN {2}\(0 wei\)\n/);
    assert.match(human.stdout, /\naccount +\S+ {2}\(does not exist\)\n/);
  });

  test('earlier blocks', async () => {
    await chain.ask('anvil_mine', '0x60');
    await chain.ask('eth_sendTransaction', { from: RICH, to: FRIEND, value: '0x0' });
    await chain.ask('evm_mine');
    const heights = [];
    for (const block of ['1', '0x2', 'safe', 'finalized']) {
      const json = await account(RICH, ...rpc, '--block', block);
      assert.equal(json.code, 0, json.stderr);
      assert.equal(json.answer.nonce, '0x1', 'the nonce before the last transaction');
      heights.push(Number(json.answer.block.number));
    }
    assert.deepEqual(heights.slice(0, 2), [1, 2]);
    assert.ok(heights[3] < heights[2], String(heights));
    assert.equal((await account(RICH, ...rpc)).answer.nonce, '0x2');
  });

  test('the C example prints a proven balance', async () => {
    const outcome = await run(BALANCE, [chain.url, FRIEND]);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.match(outcome.stdout, /^1\.5 OPEN at block \d+\n$/);
  });
});

test('the C example says why it failed', { skip: noVectors }, async () => {
  await withServers([serveRecorded(recorded(26207960))], async (rpc) => {
    const stranger = await run(BALANCE, [rpc[1], PREDEPLOY]);
    assert.equal(stranger.code, 1);
    assert.equal(stranger.stdout, '');
    assert.match(stranger.stderr, /^balance: .*another chain\n$/);
  });
  assert.equal((await run(BALANCE, ['http://127.0.0.1:1', '0x42'])).code, 1);
  assert.equal((await run(BALANCE, [])).code, 2);
});
