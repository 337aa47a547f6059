// SPDX-License-Identifier: MIT
// openledger account --trust: from a checkpoint of Ethereum to an account of an L2, on the command line.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { openledger, scratch } from './cli.mjs';

const file = scratch();
const ADDRESS = '0x4200000000000000000000000000000000000016';

test('an account by the newest output root, and by the newest that is final', async (t) => {
  const devnet = await startDevnet({ variant: 'games-0.17.3' });
  t.after(() => devnet.close());
  const final = await devnet.make('defender-won');
  await devnet.approach(3 * 3600);
  const newest = await devnet.propose();
  await devnet.present();
  const { urls, keys } = devnet;
  const profile = file('profile.json', devnet.profile);
  const state = file('state', '').replace(/state$/, 'kept');
  const ask = ['account', keys.owner.address, '--rpc', urls.l2, '--rollup', profile, '--beacon', urls.beacon, '--l1', urls.l1];
  const checkpoint = ['--checkpoint', await devnet.checkpoint()];

  for (const [trust, { l2Block }] of /** @type {const} */ ([['proposed', newest], ['finalized', final]])) {
    const outcome = await openledger([...ask, ...checkpoint, '--trust', trust, '--state', state, '--json']);
    assert.equal(outcome.code, 0, outcome.stderr);
    const { answer, l1, requests, blame } = JSON.parse(outcome.stdout);
    assert.equal(answer.trust.level, trust);
    assert.equal(BigInt(answer.block.number), BigInt(l2Block));
    assert.equal(answer.anchor.outputRoot, (await devnet.outputAt(l2Block)).root);
    assert.equal(BigInt(answer.balance), BigInt(await devnet.l2.ask('eth_getBalance', keys.owner.address, `0x${l2Block.toString(16)}`)));
    assert.ok(l1.requests >= 3 && l1.bytesReceived > 0 && requests > 0);
    assert.deepEqual(blame, []);
  }
  assert.ok(existsSync(state));

  const rows = await openledger([...ask, '--trust', 'finalized', '--state', state]);
  assert.equal(rows.code, 0, rows.stderr);
  assert.match(rows.stdout, /\ntrust +finalized\noutput +0x[0-9a-f]{64} {2}20\d\d-.*Z\ngame +0x[0-9a-fA-F]{40} {2}no\. \d+\nL1 block +\d+ {2}0x[0-9a-f]{64}\nL1 cost +\d+ requests/);

  // What is wrong is said, and nothing is answered.
  const other = { ...devnet.profile, contracts: { ...devnet.profile.contracts, disputeGameFactory: ADDRESS } };
  const none = { ...devnet.profile, contracts: {} };
  for (const [args, code, message] of /** @type {const} */ ([
    [['--trust', 'finalized', '--checkpoint', `0x${'11'.repeat(32)}`], 3, /bootstrap/],
    [['--trust', 'finalized'], 2, /--checkpoint: missing/],
    [['--trust', 'safe', ...checkpoint], 2, /--trust: not quorum, unsafe, proposed or finalized/],
    [['--trust', 'unsafe', ...checkpoint], 2, /--sequencer: at least one endpoint is needed/],
    [checkpoint, 2, /--rollup: is only for --trust unsafe, proposed or finalized/],
    [['--trust', 'finalized', ...checkpoint, '--chain-id', '10'], 2, /client is of another chain than the rollup/],
    [['--trust', 'finalized', ...checkpoint, '--block', '1'], 2, /block/],
    [['--trust', 'finalized', ...checkpoint, '--network', 'sepolia'], 1, /openledger: /],
  ])) {
    const outcome = await openledger([...ask, ...args]);
    assert.equal(outcome.code, code, `${args}: ${outcome.stderr}`);
    assert.match(outcome.stderr, message);
    assert.equal(outcome.stdout, '');
  }
  for (const [wrong, code, message] of /** @type {const} */ ([
    [other, 1, /hint: endpoint knows of no such output root/],
    [none, 2, /contracts on L1 are not known/],
    ['{', 1, /not JSON/],
  ])) {
    writeFileSync(profile, typeof wrong === 'string' ? wrong : JSON.stringify(wrong));
    const outcome = await openledger([...ask, ...checkpoint, '--trust', 'finalized']);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.match(outcome.stderr, message);
    assert.equal(outcome.stdout, '');
  }
});

test('options of a level that are missing', async () => {
  const url = 'http://127.0.0.1:9';
  const ask = ['account', ADDRESS, '--rpc', url, '--trust', 'proposed'];
  for (const [args, message] of /** @type {const} */ ([
    [[], /--rollup: is needed for this level of trust/],
    [['--rollup', 'openledger'], /--beacon: at least one endpoint is needed/],
    [['--rollup', 'openledger', '--beacon', url], /--l1: at least one endpoint is needed/],
    [['--rollup', '/nonexistent', '--beacon', url, '--l1', url], /--rollup \/nonexistent: /],
  ])) {
    const outcome = await openledger([...ask, ...args]);
    assert.equal(outcome.code, 2, outcome.stderr);
    assert.match(outcome.stderr, message);
  }
});
