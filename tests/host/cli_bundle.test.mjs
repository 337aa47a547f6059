// SPDX-License-Identifier: MIT
// openledger bundle make, and verify bundle: with every server gone, and by bundles that were tampered with.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { pack, sha256, unpack } from '../bundle.mjs';
import { hex } from '../devnet/beacon/random.mjs';
import { startServer } from '../devnet/beacon/server.mjs';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { openledger, scratch } from './cli.mjs';

const file = scratch();
const path = file('account.bundle', '');
const altered = file('altered.bundle', '');
const DAY = 86_400;
const PERIOD_SLOTS = 8192; // so that an update is among the answers

/** What is left when all servers are gone. @type {{ owner: string, verify: string[], made: any, bytes: Buffer, made_s: number }} */
let kept;

before(async () => {
  const devnet = await startDevnet({ variant: 'games-0.17.3' });
  try {
    await make(devnet);
  } finally {
    await devnet.close();
  }
});

/** @param {import('../devnet/rollup/devnet.mjs').Devnet} devnet */
async function make(devnet) {
  const final = await devnet.make('defender-won');
  await devnet.present();
  const { urls, keys, beacon } = devnet;
  const profile = file('profile.json', devnet.profile);
  const owner = keys.owner.address;
  const checkpoint = hex(await beacon.root(beacon.finalizedSlotAt(beacon.slotNow() - PERIOD_SLOTS)));
  const question = ['--rollup', profile, '--checkpoint', checkpoint];
  const servers = ['--rpc', urls.l2, '--beacon', urls.beacon, '--l1', urls.l1];
  const { code, stdout, stderr } = await openledger(['bundle', 'make', owner, '--out', path, ...question, ...servers, '--slot', '5', '--json']);
  assert.equal(code, 0, stderr);
  const made = JSON.parse(stdout);
  assert.equal(BigInt(made.answer.block.number), BigInt(final.l2Block));
  const text = await openledger(['bundle', 'make', owner, '--out', file('rows.bundle', ''), ...question, ...servers]);
  assert.equal(text.code, 0, text.stderr);
  assert.match(text.stdout, /\ntrust +finalized\n[^]*\nbundle +0x[0-9a-f]{64} {2}\d+\.\d kB, \d+ answers\nmade +20\d\d-.*Z {2}\(0 s ago, by its own word\)\ncost /);
  kept = { owner, verify: ['verify', 'bundle', path, owner, ...question, '--slot', '5'], made, bytes: readFileSync(path), made_s: made.bundle.made };
}

/** Answers of JSON-RPC begin as JSON does, and the others are SSZ. @param {import('../bundle.mjs').Entry} entry */
const isBeacon = ({ answer }) => answer[0] !== 0x7b && answer[0] !== 0x22;

/** @param {Uint8Array} bytes @param {string[]} [more] */
function verify(bytes, more = []) {
  writeFileSync(altered, bytes);
  return openledger([...kept.verify.map((word) => (word === path ? altered : word)), ...more]);
}

test('a bundle verifies with all servers gone, to the same answer', async () => {
  const { code, stdout, stderr } = await openledger([...kept.verify, '--json']);
  assert.equal(code, 0, stderr);
  const found = JSON.parse(stdout);
  assert.deepEqual(found.answer, kept.made.answer);
  assert.equal(found.answer.trust.level, 'finalized');
  assert.deepEqual(found.blame, []);
  assert.equal(found.bundle.id, `0x${sha256(kept.bytes).toString('hex')}`);
  assert.equal(found.bundle.id, kept.made.bundle.id);
  assert.deepEqual([found.bundle.bytes, found.bundle.asOf], [kept.bytes.length, null]);
  assert.equal(unpack(kept.bytes).question.toString(), `account ${kept.owner} of chain 1612 at finalized, slots 5`);
});

test('every answer is needed, and where one is left out the error names its request', async () => {
  const parts = unpack(kept.bytes);
  const named = new Set();
  for (const [i] of parts.entries.entries()) {
    const { code, stdout, stderr } = await verify(pack({ ...parts, entries: parts.entries.toSpliced(i, 1) }));
    // Of the two kinds of newest heads one can do, where the other says as much.
    if (code === 0 && isBeacon(parts.entries[i])) continue;
    assert.deepEqual([code, stdout], [1, ''], `answer ${i}: ${stderr}`);
    const [, request] = /^openledger: (?:beacon|l1|l2): (.+): bundle: (?:has no answer to a request of this question|has no update of a sync committee period that is over: it is too old, or not whole)$/m.exec(stderr) ?? [];
    assert.ok(request, `answer ${i}: ${stderr}`);
    named.add(request.split(' ')[0]);
  }
  for (const name of ['eth_call', 'eth_getProof', 'eth_getCode', 'eth_getBlockByHash', 'eth_getBlockByNumber']) assert.ok(named.has(name), name);
});

test('an answer that was changed is refused by the reason of the core', async () => {
  const parts = unpack(kept.bytes);
  const reasons = new Set();
  for (const [i, { answer, request }] of parts.entries.entries()) {
    const changed = Buffer.from(answer);
    changed[isBeacon({ request, answer }) ? Math.min(200, answer.length - 1) : answer.length >> 1] ^= 1;
    const { code, stdout, stderr } = await verify(pack({ ...parts, entries: parts.entries.with(i, { request, answer: changed }) }));
    if (code === 0) { // such as the hash of a transaction in a block, which is no part of its header
      assert.ok(answer.includes('"parentHash"'), `answer ${i}`);
      continue;
    }
    assert.deepEqual([code, stdout], [1, ''], `answer ${i}: ${stderr}`);
    reasons.add(stderr.split('\n').filter((line) => !/by its own word/.test(line)).at(-2));
  }
  const all = [...reasons].join('\n');
  for (const reason of [/signature/, /proof|node|hash/i]) assert.match(all, reason);
});

test('what liars and old nodes said is not in a bundle', async () => {
  const devnet = await startDevnet({ variant: 'oracle-0.17.3' });
  const nodes = [];
  try {
    await devnet.make('final');
    await devnet.present();
    for (const lie of ['stale', 'bad-signature', 'no-finality']) nodes.push(await startServer({ chain: devnet.beacon, lie }));
    const { urls, keys } = devnet;
    const owner = keys.owner.address;
    const question = ['--rollup', file('other.json', devnet.profile), '--checkpoint', await devnet.checkpoint(), '--trust', 'finalized'];
    const [some, all] = [file('some.bundle', ''), file('all.bundle', '')];
    const make = (/** @type {string} */ out, /** @type {string[]} */ beacons) => openledger(['bundle', 'make', owner, '--out', out, ...question,
      '--rpc', urls.l1, '--rpc', urls.l2, '--l1', urls.l2, '--l1', urls.l1, ...beacons.flatMap((url) => ['--beacon', url]), '--json']);
    const honest = await make(some, [urls.beacon]);
    assert.equal(honest.code, 0, honest.stderr);
    const among = await make(all, [...nodes.map(({ url }) => url), urls.beacon]);
    assert.equal(among.code, 0, among.stderr);
    assert.match(among.stderr, /signature/);
    assert.deepEqual(JSON.parse(among.stdout).blame, []); // of the bundle itself
    await devnet.close();
    const { code, stdout, stderr } = await openledger(['verify', 'bundle', all, owner, ...question, '--json']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout).answer, JSON.parse(among.stdout).answer);
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
    await devnet.close();
  }
});

test('another address, slot, checkpoint or rollup finds no answer', async () => {
  const other = kept.verify.map((word) => (word === kept.owner ? '0x4200000000000000000000000000000000000016' : word));
  const address = await openledger(other);
  assert.equal(address.code, 1);
  assert.match(address.stderr, /l2: eth_getProof \["0x4200000000000000000000000000000000000016",.*: bundle: has no answer to a request of this question\n/);
  assert.match(address.stderr, /by its own word it was made at 20\d\d-.*Z \(.* ago\), from checkpoint 0x[0-9a-f]{64}, for: account 0x/);
  const slot = await openledger([...kept.verify, '--slot', '6']);
  assert.match(slot.stderr, /l2: eth_getProof/);
  const checkpoint = kept.verify[kept.verify.indexOf('--checkpoint') + 1];
  const another = await openledger(kept.verify.map((word) => (word === checkpoint ? `0x${'11'.repeat(32)}` : word)));
  assert.equal(another.code, 1);
  assert.match(another.stderr, /beacon: \/eth\/v1\/beacon\/light_client\/bootstrap\/0x1111.*: bundle: has no answer/);
  const level = await openledger([...kept.verify, '--trust', 'proposed']);
  assert.equal(level.code, 1);
});

test('a bundle is verified as of now or as of a time that is given, and says when it is too old', async () => {
  const early = await openledger([...kept.verify, '--at', String(kept.made_s - 30 * DAY)]);
  assert.equal(early.code, 1, early.stdout);
  const then = new Date(kept.made_s * 1000).toISOString().replace('.000', '');
  for (const at of [String(kept.made_s), then]) {
    const { code, stdout, stderr } = await openledger([...kept.verify, '--at', at, '--json']);
    assert.equal(code, 0, stderr);
    const { answer, bundle } = JSON.parse(stdout);
    assert.deepEqual(answer, kept.made.answer);
    assert.equal(bundle.asOf, kept.made_s);
  }
  const rows = await openledger([...kept.verify, '--at', then]);
  assert.match(rows.stdout, new RegExp(`\nas of +${then}, as you asked: not as of now\n`));
  // As of a time that is after it was made, a period's update that it lacks makes it stale.
  const parts = unpack(kept.bytes);
  const updates = parts.entries.filter(isBeacon).sort((a, b) => b.answer.length - a.answer.length)[0];
  const old = Buffer.from(parts.head);
  old.writeBigUInt64BE(BigInt(kept.made_s - DAY), 16);
  const lacking = pack({ ...parts, head: old, entries: parts.entries.filter((entry) => entry !== updates) });
  const stale = await verify(lacking, ['--json']);
  assert.deepEqual([stale.code, JSON.parse(stale.stdout).error.status], [1, 'stale']);
  assert.match(stale.stderr, /^openledger: beacon: \/eth\/v1\/beacon\/light_client\/updates\?start_period=\d+&count=14: bundle: has no update of a sync committee period that is over: it is too old, or not whole\n/);
  assert.match(stale.stderr, /by its own word it was made at 20\d\d-.*Z \(24 h \d+ min ago\)/);
  const young = await openledger([...kept.verify, '--max-age', '1']);
  assert.deepEqual([young.code, /older than accepted/.test(young.stderr)], [1, true]);
});

test('files that are no bundles, and a wrong command line', async () => {
  const cases = /** @type {const} */ ([
    [Buffer.from('{}'), /bundle byte 0: is no bundle\n/],
    [kept.bytes.subarray(0, 90), /bundle byte 90: ends too early\n/],
    [kept.bytes.subarray(0, -1), /is damaged, or was never a bundle\n/],
    [Buffer.concat([kept.bytes, Buffer.from([0])]), /is damaged, or was never a bundle\n/],
    [Buffer.concat([kept.bytes.subarray(0, 500), Buffer.from([kept.bytes[500] ^ 1]), kept.bytes.subarray(501)]), /is damaged/],
  ]);
  for (const [bytes, reason] of cases) {
    const { code, stdout, stderr } = await verify(bytes);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, reason);
  }
  const url = 'http://127.0.0.1:9';
  for (const [args, reason] of /** @type {[string[], RegExp][]} */ ([
    [['bundle'], /^openledger: bundle: what to do must be "make"\n/],
    [['bundle', 'burn'], /^openledger: burn: what to do must be "make"\n/],
    [['bundle', 'make'], /ADDRESS: missing/],
    [['bundle', 'make', kept.owner, '--trust', 'quorum'], /--trust: not proposed or finalized: a bundle is one voice, and no quorum/],
    [['bundle', 'make', kept.owner, '--checkpoint', `0x${'11'.repeat(32)}`, '--rollup', 'base'], /--out: missing/],
    [['bundle', 'make', kept.owner, '--checkpoint', `0x${'11'.repeat(32)}`, '--rollup', 'base', '--out', 'x', '--rpc', url, '--beacon', url], /--l1: at least one endpoint/],
    [['bundle', 'make', kept.owner, '--at', '1'], /--at: no such option/],
    [['verify', 'bundle'], /FILE: missing/],
    [['verify', 'bundle', path], /ADDRESS: missing/],
    [['verify', 'bundle', path, 'x'], /x: /],
    [['verify', 'bundle', path, kept.owner], /--checkpoint: missing/],
    [['verify', 'bundle', path, kept.owner, '--trust', 'quorum'], /one voice/],
    [['verify', 'bundle', path, kept.owner, 'more'], /more: one argument too many/],
    [[...kept.verify, '--at', 'noon'], /--at: not a time/],
    [[...kept.verify, '--at', '2026-13-01T00:00:00Z'], /--at: not a time/],
    [[...kept.verify, '--at', '4000000000'], /--at: is in the future/],
    [[...kept.verify, '--rpc', url], /--rpc: no such option/],
    [kept.verify.map((word) => (word === path ? '/nonexistent' : word)), /no such file/],
  ])) {
    const { code, stderr } = await openledger(args);
    assert.equal(code, 2, `${args}: ${stderr}`);
    assert.match(stderr, reason);
  }
});
