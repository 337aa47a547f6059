// SPDX-License-Identifier: MIT
// openledger account, by L1: how many round trips it takes from a checkpoint on, and from a state that was kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { openledger, scratch } from './cli.mjs';
import { startDelaying } from './delaying.mjs';

const file = scratch();

test('an account takes four round trips from a checkpoint on, and as many from a state', async (t) => {
  const devnet = await startDevnet({ variant: 'games-0.17.3' });
  t.after(() => devnet.close());
  await devnet.propose();
  await devnet.approach(3 * 3600);
  const newest = await devnet.propose();
  await devnet.present();
  const { l1, l2, beacon } = devnet.urls;
  const { owner } = devnet.keys;
  const profile = file('profile.json', devnet.profile);
  const state = file('state', '').replace(/state$/, 'kept');
  const begin = ['--checkpoint', await devnet.checkpoint()];

  for (const args of [begin, [...begin, '--state', state], ['--state', state]]) {
    const servers = await startDelaying({ l1, l2, beacon });
    t.after(() => servers.close());
    const { urls, waves } = servers;
    const { code, stdout, stderr } = await openledger(['account', owner.address, '--rpc', urls.l2, '--l1', urls.l1, '--beacon', urls.beacon,
      '--rollup', profile, '--trust', 'proposed', '--json', ...args]);
    assert.equal(code, 0, stderr);
    const { answer, l1: cost, requests, blame } = JSON.parse(stdout);
    assert.equal(BigInt(answer.block.number), BigInt(newest.l2Block));
    assert.deepEqual(blame, []);
    const asked = waves.flat().length;
    assert.ok(cost.requests >= 4 && cost.requests < asked && requests === asked, `${cost.requests} of ${requests} of ${asked}`);
    assert.ok(waves.length > 0 && waves.length <= 4,
      `${waves.length} round trips, not 4:\n${waves.map((wave, i) => `  wave ${i + 1}:\n    ${wave.join('\n    ')}`).join('\n')}`);
  }
});
