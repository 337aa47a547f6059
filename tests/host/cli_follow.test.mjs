// SPDX-License-Identifier: MIT
// openledger sync: simulated beacon nodes, a state that is kept, a terminal, and being killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Chain } from '../devnet/beacon/chain.mjs';
import { hex } from '../devnet/beacon/random.mjs';
import { startServer } from '../devnet/beacon/server.mjs';
import { CLI, noScript, openledger, run, scratch } from './cli.mjs';

const file = scratch();
let files = 0;

/** A chain of the minimal preset with so many periods behind it, its nodes, and the options to follow it. */
async function devnet(t, { periods = 5.5, behind = 3, secondsPerSlot = 6, ...options } = {}) {
  const genesisTime = Math.floor(Date.now() / 1000 - periods * 64 * secondsPerSlot);
  const chain = new Chain({ preset: 'minimal', genesisTime, secondsPerSlot, ...options });
  const network = file(`network${files++}.json`, { ...chain.spec(), ...chain.genesis() });
  const checkpoint = hex(await chain.root(chain.finalizedSlotAt(chain.slotNow() - behind * 64)));
  const serve = async (lie) => {
    const server = await startServer({ chain, ...lie });
    t.after(() => server.close());
    return server;
  };
  return { chain, checkpoint, network, serve, follow: ['sync', '--network', network, '--checkpoint', checkpoint] };
}

test('follows the chain, and keeps its state', async (t) => {
  const { chain, follow, network, serve } = await devnet(t);
  const server = await serve();
  const state = file('state', '').replace(/state$/, 'kept');
  const urls = ['--beacon', server.url, '--l1', server.url];
  const first = await openledger([...follow, ...urls, '--state', state, '--json']);
  assert.equal(first.code, 0, first.stderr);
  const found = JSON.parse(first.stdout);
  for (const head of [found.finalized, found.optimistic]) {
    assert.equal(head.root, hex((await chain.block(head.slot)).root));
    assert.equal(head.time, chain.genesisTime + 6 * head.slot);
    assert.equal(head.blockNumber, head.slot);
  }
  assert.deepEqual([found.committeeSize, found.forced, found.blame], [32, false, []]);
  assert.ok(found.nextUpdateMilliseconds > 0 && found.nextUpdateMilliseconds <= 8000);
  assert.ok(found.requests >= 6 && found.bytesReceived > 1000 && found.milliseconds >= 0);
  assert.equal(readFileSync(state).subarray(0, 6).toString(), 'OLSYNC');

  const before = server.requests.length;
  const again = await openledger(['sync', '--network', network, ...urls, '--state', state]);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, new RegExp(`^finalized +slot \\d+  0x[0-9a-f]{64}  20\\d\\d-.*Z\nfinalized block +\\d+  0x`));
  assert.match(again.stdout, /\nnext update +due in \d+ ms\ncost +4 requests, /);
  assert.ok(server.requests.slice(before).every(({ path }) => !/bootstrap|updates/.test(path)));
});

test('a state that is damaged is put aside, one of another network is not touched', async (t) => {
  const { follow, network, serve, checkpoint } = await devnet(t);
  const server = await serve();
  const state = file('torn', 'OLSYNC and then nothing');
  const outcome = await openledger([...follow, '--beacon', server.url, '--state', state]);
  assert.equal(outcome.code, 0, outcome.stderr);
  const [why, then, kept] = outcome.stderr.split('\n');
  assert.equal(why, `openledger: ${state}: saved state byte 23: is damaged, or was never a saved state: it is too short`);
  assert.equal(then, `openledger: ${state}: starting from the checkpoint`);
  assert.equal(kept, `openledger: ${state}.damaged: what was there before is kept here`);
  assert.equal(readFileSync(`${state}.damaged`, 'utf8'), 'OLSYNC and then nothing');

  const good = readFileSync(state);
  const bad = Buffer.from(good);
  bad[500] ^= 1;
  writeFileSync(state, bad);
  const alone = await openledger(['sync', '--network', network, '--beacon', server.url, '--state', state, '--json']);
  assert.equal(alone.code, 1); // there is no checkpoint to start from
  assert.equal(JSON.parse(alone.stdout).error.status, 'encoding');
  assert.deepEqual(readFileSync(state), bad);

  writeFileSync(state, good);
  const other = await openledger(['sync', '--checkpoint', checkpoint, '--beacon', server.url, '--state', state]);
  assert.deepEqual([other.code, other.stderr], [1, `openledger: ${state}: saved state byte 8: is of another network\n`]);
  const elsewhere = checkpoint.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const begun = await openledger(['sync', '--network', network, '--checkpoint', elsewhere, '--beacon', server.url, '--state', state]);
  assert.deepEqual([begun.code, begun.stderr], [1, `openledger: ${state}: saved state: began with another checkpoint\n`]);
  assert.deepEqual(readFileSync(state), good);
});

test('a state that cannot be written is said, and what was proven is shown', async (t) => {
  const { follow, serve } = await devnet(t);
  const server = await serve();
  const outcome = await openledger([...follow, '--beacon', server.url, '--state', '/nonexistent/state', '--json']);
  assert.equal(outcome.code, 2);
  assert.match(outcome.stderr, /^openledger: \/nonexistent\/state: there is no such directory\n/);
});

test('a directory keeps the state of each network apart', async (t) => {
  const [one, other] = [await devnet(t), await devnet(t, { seed: 'another network' })];
  const directory = file('directory', '').replace(/directory$/, 'states/');
  const names = [];
  for (const { chain, checkpoint, network, serve } of [one, other]) {
    const server = await serve();
    const args = ['sync', '--network', network, '--beacon', server.url, '--state', directory];
    const none = await openledger(args);
    assert.deepEqual([none.code, none.stderr.split('\n')[0]], [2, 'openledger: --checkpoint: missing, as there is no saved state yet']);
    const first = await openledger([...args, '--checkpoint', checkpoint]);
    assert.deepEqual([first.code, first.stderr], [0, '']);
    const name = `sync-custom-${hex(chain.genesisValidatorsRoot).slice(2, 18)}-${hex(chain.schedule.versions.phase0).slice(2)}`;
    names.push(name);
    const before = server.requests.length;
    const again = await openledger(args.map((arg) => (arg === directory ? directory.slice(0, -1) : arg))); // it is one now
    assert.deepEqual([again.code, again.stderr], [0, '']);
    assert.ok(server.requests.slice(before).every(({ path }) => !/bootstrap/.test(path)));
  }
  assert.deepEqual(readdirSync(directory).sort(), ['lock~openledger', ...names].sort());
  assert.deepEqual([directory, join(directory, names[0])].map((path) => statSync(path).mode & 0o777), [0o700, 0o600]);

  writeFileSync(join(directory, names[0]), 'OLSYNC and then nothing');
  const server = await one.serve();
  const damaged = await openledger([...one.follow, '--beacon', server.url, '--state', directory]);
  assert.equal(damaged.code, 0, damaged.stderr);
  assert.match(damaged.stderr, new RegExp(`^openledger: ${directory}${names[0]}: saved state byte 23: is damaged`));
  assert.match(damaged.stderr, new RegExp(`\nopenledger: ${directory}${names[0]}.damaged: what was there before is kept here\n$`));
  assert.equal(readFileSync(join(directory, `${names[0]}.damaged`), 'utf8'), 'OLSYNC and then nothing');
  assert.equal(readFileSync(join(directory, names[0])).subarray(0, 6).toString(), 'OLSYNC');
});

test('a directory is for one command at a time, and for its owner', async (t) => {
  const { follow, serve } = await devnet(t, { secondsPerSlot: 1 });
  const server = await serve();
  const directory = file('directory', '').replace(/directory$/, 'shared');
  mkdirSync(directory);
  const args = [...follow, '--beacon', server.url, '--state', directory];
  const child = spawn(CLI, [...args, '--watch', '--json']);
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const refused = await openledger([...args, '--json']);
  assert.equal(refused.code, 2);
  assert.equal(refused.stderr.split('\n')[0], `openledger: ${directory}: process[${child.pid}]: is using the directory`);
  child.kill('SIGKILL');
  await once(child, 'close');
  const free = await openledger(args);
  assert.deepEqual([free.code, free.stderr], [0, '']);

  chmodSync(directory, 0o777);
  const open = await openledger(args);
  assert.equal(open.code, 2);
  assert.equal(open.stderr.split('\n')[0], `openledger: ${directory}: others can write in the directory`);
});

test('who lied or died is named, and what was proven is kept', async (t) => {
  const { follow, serve } = await devnet(t, { periods: 45.5, behind: 40 });
  const liar = await serve({ lie: 'bad-next-committee-branch', only: ['updates'], period: 7 });
  const honest = await serve();
  const both = await openledger([...follow, '--beacon', liar.url, '--beacon', honest.url]);
  assert.equal(both.code, 0, both.stderr);
  const fault = 'updates[2] next_sync_committee_branch: sync committee is not in the attested state';
  assert.equal(both.stderr, `openledger: ${liar.url}: ${fault}\n`);
  const alone = await openledger([...follow, '--beacon', liar.url]);
  assert.deepEqual([alone.code, alone.stderr], [1, `openledger: ${liar.url}: ${fault}\nopenledger: ${fault}\n`]);

  const dying = await serve({ lie: 'dies', lives: 4 }); // the bootstrap, two heads, 14 updates
  const state = file('half', '').replace(/half$/, 'half-way');
  const cut = await openledger([...follow, '--beacon', dying.url, '--state', state]);
  assert.equal(cut.code, 3);
  assert.match(cut.stderr, /\nopenledger: updates\[19\]: connection failed\n$/);
  const before = honest.requests.length;
  const rest = await openledger([...follow, '--beacon', honest.url, '--state', state]);
  assert.equal(rest.code, 0, rest.stderr);
  const paths = honest.requests.slice(before).map(({ path }) => path);
  assert.ok(paths.some((path) => path.includes('updates?start_period=18&')), paths.join('\n')); // one period's update is asked for again
});

test('the command line is checked', async () => {
  const root = `0x${'ab'.repeat(32)}`;
  const fails = async (args, pattern) => {
    const { code, stderr } = await openledger(['sync', ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, pattern);
  };
  await fails(['--checkpoint', root], /^openledger: --beacon: at least one endpoint is needed\n/);
  await fails(['--beacon', 'http://127.0.0.1:1'], /^openledger: --checkpoint: missing\n/);
  await fails(['--beacon', 'http://127.0.0.1:1', '--state', '/nonexistent/file'], /--checkpoint: missing, as there is no saved state yet\n/);
  await fails(['--beacon', 'nowhere', '--checkpoint', root], /^openledger: nowhere: not a URL/);
  await fails(['--beacon', 'http://127.0.0.1:1', '--checkpoint', 'ab'], /--checkpoint: not a block root/);
  await fails(['--beacon', 'http://127.0.0.1:1', '--checkpoint', root, '--network', '/nonexistent/file'], /no such file/);
  await fails(['--beacon', 'http://127.0.0.1:1', '--checkpoint', root, 'more'], /more: one argument too many/);
  await fails(['--beacon', 'http://127.0.0.1:1', '--checkpoint', root, '--quorum', '2'], /--quorum: no such option/);
  const silent = await openledger(['sync', '--beacon', 'http://127.0.0.1:1', '--checkpoint', root]);
  assert.equal(silent.code, 3);
  assert.match(silent.stderr, /openledger: bootstrap: connection failed\n$/);
});

test('shows progress on a terminal', { skip: noScript }, async (t) => {
  const { follow, serve } = await devnet(t, { periods: 45.5, behind: 40 });
  const server = await serve({ lie: 'slow', delay: 250 });
  const command = [CLI, ...follow, '--beacon', server.url].join(' ');
  const { stdout } = await run('script', ['-qec', command, '/dev/null'], { env: { TERM: 'xterm' } });
  assert.match(stdout, /period 19 of 45 \[#{8}\.{16}\] 35 %, \d+\.\d kB, left: \d+ s/);
  assert.match(stdout, /newest blocks, /);
  assert.match(stdout, /\r\x1b\[K/);
});

test('watches, and outlives being killed', async (t) => {
  const { follow, serve } = await devnet(t, { secondsPerSlot: 1 });
  const server = await serve();
  const state = file('watch', '').replace(/watch$/, 'watched');
  const args = [...follow, '--beacon', server.url, '--state', state, '--watch', '--json'];
  for (let kill = 0; kill < 6; kill++) {
    const child = spawn(CLI, args);
    let lines = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (lines += text));
    if (kill === 0) {
      while (lines.split('\n').length < 4) await wait(50);
      const slots = lines.trim().split('\n').map((line) => JSON.parse(line).optimistic.slot);
      assert.ok(slots[2] > slots[0], `the newest slots seen are ${slots}`);
    } else {
      await wait(kill * 23);
    }
    child.kill('SIGKILL');
    await new Promise((done) => child.on('close', done));
    const resumed = await openledger([...args.filter((word) => word !== '--watch')]);
    assert.deepEqual([resumed.code, resumed.stderr], [0, '']);
  }
  assert.ok(!existsSync(`${state}.damaged`));
});
