// SPDX-License-Identifier: MIT
// openledger corpus and openledger attribute: building, going on, auditing, refutations, and what an answer quotes.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { concat, keccak256, stringToHex } from 'viem';
import { CLI, noScript, openledger } from './cli.mjs';
import { committed, folder, wrongCorpus, write } from './corpora.mjs';

/** @typedef {`0x${string}`} Hex */

const path = folder();
const ALICE = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const BOB = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const LICENCE = keccak256(stringToHex('a licence'));
const ZERO = /** @type {Hex} */ (`0x${'00'.repeat(32)}`);
const WHOSE = ['--contributor', ALICE, '--datanet', '7'];

const FOX = 'The quick brown fox jumps over the lazy dog, and the dog does not mind it at all.';
const documents = { 'b.md': `${FOX} That was in the second of them.`, 'a.txt': `First of all: ${FOX}`, 'sub/ü.txt': 'Über allen Gipfeln ist Ruh, in allen Wipfeln spürest du kaum einen Hauch.', 'sub.txt': '' };
/** By bytes of the path, "sub.txt" is before "sub/ü.txt". */
const ORDER = ['a.txt', 'b.md', 'sub.txt', 'sub/ü.txt'];
const docs = write(path('docs'), documents);

/** @param {string[]} args */
async function json(...args) {
  const outcome = await openledger([...args, '--json']);
  assert.equal(outcome.code, 0, outcome.stderr);
  return JSON.parse(outcome.stdout);
}
const build = (/** @type {string} */ out, ...more) => json('corpus', 'build', docs, '--out', path(out), ...(more.length > 0 ? more : WHOSE));

describe('corpus build', () => {
  test('commits to the files, in the order of their paths', async () => {
    const made = await build('one.corpus', ...WHOSE, '--licence', LICENCE, '--epoch', '3');
    const owner = /** @type {any} */ ({ contributor: ALICE, datanet: 7n, licence: LICENCE });
    const { n, textRoot, docRoot } = committed(ORDER.map((name) => ({ text: documents[/** @type {keyof typeof documents} */ (name)], owner })));
    const { header } = made;
    assert.deepEqual([header.n, header.textRoot, header.docRoot, header.docs, header.epoch], [String(n), textRoot, docRoot, '4', '3']);
    assert.equal(made.corpusId, keccak256(concat([stringToHex('ATR1.corpus'), made.headerBytes])));
    assert.deepEqual([made.documents, made.bytes, made.wentOn, made.skipped], [4, n - 4, false, 0]);
    assert.equal(made.fileBytes, readFileSync(path('one.corpus')).length);
    assert.deepEqual(JSON.parse(readFileSync(path('one.corpus.names'), 'utf8')), ORDER);
    assert.ok(!existsSync(path('one.corpus.building')) && !existsSync(path('one.corpus.inputs')));

    const rows = await openledger(['corpus', 'build', docs, '--out', path('two.corpus'), ...WHOSE, '--licence', LICENCE, '--epoch', '3', '--memory', '1']);
    assert.equal(rows.code, 0, rows.stderr);
    assert.match(rows.stdout, new RegExp(`^corpus +${made.corpusId}\ndocuments +4, \\d+ bytes of text\nepoch +3\n`), 'whatever memory it has');
    assert.equal(rows.stderr, '');
    assert.notEqual((await build('other.corpus')).corpusId, made.corpusId, 'the licence and the epoch are part of it');
  });

  test('says whose each file is by a manifest', async () => {
    const manifest = path('manifest.json');
    const bobs = { contributor: BOB, datanet: 9, licence: LICENCE };
    writeFileSync(manifest, JSON.stringify({ 'a.txt': { contributor: ALICE, datanet: '7' }, 'b.md': bobs, 'sub/ü.txt': bobs, 'sub.txt': bobs }).replace('ü', '\\u00fc'));
    const { header } = await build('manifest.corpus', '--manifest', manifest);
    const of = (/** @type {string} */ name) => /** @type {any} */ (name === 'a.txt' ? { contributor: ALICE, datanet: 7n, licence: ZERO } : { ...bobs, datanet: 9n });
    assert.equal(header.docRoot, committed(ORDER.map((name) => ({ text: documents[/** @type {keyof typeof documents} */ (name)], owner: of(name) }))).docRoot);
  });

  test('leaves out what is no file, and says so', async () => {
    const linked = write(path('linked'), { 'a.txt': 'a' });
    symlinkSync('/etc/hostname', path('linked/link'));
    const made = await openledger(['corpus', 'build', linked, '--out', path('linked.corpus'), ...WHOSE, '--json']);
    assert.match(made.stderr, /is left out/);
    assert.deepEqual([JSON.parse(made.stdout).documents, JSON.parse(made.stdout).skipped], [1, 1]);
  });

  /** @type {[string, () => string[], number, RegExp][]} */
  const wrong = [
    ['no directory', () => ['corpus', 'build', '--out', path('x'), ...WHOSE], 2, /DIR: missing/],
    ['no such directory', () => ['corpus', 'build', path('nowhere'), '--out', path('x'), ...WHOSE], 2, /nowhere: No such file/],
    ['no file', () => ['corpus', 'build', docs, ...WHOSE], 2, /--out: missing/],
    ['nobody', () => ['corpus', 'build', docs, '--out', path('x')], 2, /--contributor: missing: whose are the documents/],
    ['no datanet', () => ['corpus', 'build', docs, '--out', path('x'), '--contributor', ALICE], 2, /--datanet: missing/],
    ['an address that is none', () => ['corpus', 'build', docs, '--out', path('x'), '--contributor', '0x12', '--datanet', '1'], 2, /--contributor: .*40 hex digits|--contributor: /],
    ['two ways to say whose', () => ['corpus', 'build', docs, '--out', path('x'), ...WHOSE, '--manifest', 'm'], 2, /--manifest: says whose documents are/],
    ['a corpus among its documents', () => ['corpus', 'build', docs, '--out', `${docs}/sub/x`, ...WHOSE], 2, /--out: is below the directory/],
    ['nowhere to write', () => ['corpus', 'build', docs, '--out', path('none/x'), ...WHOSE], 2, /no such directory/],
    ['nothing to read', () => ['corpus', 'build', write(path('empty/of'), { '../x/y': '' }) && path('x/z'), '--out', path('x.corpus'), ...WHOSE], 2, /No such file|no file below it/],
    ['too little memory', () => ['corpus', 'build', docs, '--out', path('x'), ...WHOSE, '--memory', '0'], 2, /--memory: not a whole number from 1/],
    ['a file that is not UTF-8', () => ['corpus', 'build', write(path('latin'), { 'a.txt': 'fine', 'b/latin.txt': Buffer.from('gr\xfc\xdfe', 'latin1') }), '--out', path('x'), ...WHOSE], 1, /latin\/b\/latin\.txt: .*byte 2: .*UTF-8/],
    ['a manifest that is no JSON', () => manifest('{"a.txt": {"contributor" '), 1, /--manifest .*wrong\.json: byte 25: expected ':'/],
    ['a manifest with an unknown member', () => manifest('{"a.txt": {"owner": 1}}'), 1, /not contributor, datanet or licence/],
    ['a manifest of other files', () => manifest('{"z.txt": {}}'), 1, /there is no such file below the directory/],
    ['a manifest that names one twice', () => manifest(`{"a.txt": ${bob}, "a.txt": ${bob}}`), 1, /the same file twice/],
    ['a manifest that leaves one out', () => manifest(`{"a.txt": ${bob}}`), 2, /b\.md: the manifest does not say whose it is/],
    ['a manifest without a datanet', () => manifest(`{"a.txt": {"contributor": "${BOB}"}}`), 1, /contributor or datanet is missing/],
    ['a manifest with a wrong address', () => manifest('{"a.txt": {"contributor": "0x1"}}'), 1, /contributor is not an address/],
    ['neither build nor audit', () => ['corpus', 'make'], 2, /make: neither build nor audit/],
    ['an option of another command', () => ['corpus', 'build', docs, '--random', '5'], 2, /--random: no such option/],
  ];
  const bob = JSON.stringify({ contributor: BOB, datanet: 1 });
  const manifest = (/** @type {string} */ text) => (writeFileSync(path('wrong.json'), text), ['corpus', 'build', docs, '--out', path('x'), '--manifest', path('wrong.json')]);
  for (const [what, args, code, text] of wrong) {
    test(`is not done with ${what}`, async () => {
      const outcome = await openledger(args());
      assert.deepEqual([outcome.code, outcome.stdout], [code, ''], outcome.stderr);
      assert.match(outcome.stderr, text);
      assert.ok(!existsSync(path('x')) && !existsSync(path('x.building')), 'nothing is left');
      assert.deepEqual(Object.keys(JSON.parse((await openledger([...args(), '--json'])).stdout).error), ['status', 'text']);
    });
  }

  test('shows how far it is on a terminal, and nowhere else', { skip: noScript }, () => {
    const command = [CLI, 'corpus', 'build', docs, '--out', path('tty.corpus'), ...WHOSE];
    const on = (/** @type {string[]} */ more) => spawnSync('script', ['-qec', [...command, ...more].map((word) => `'${word}'`).join(' '), '/dev/null'], { env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' }, encoding: 'utf8' });
    const said = on([]);
    assert.equal(said.status, 0);
    assert.match(said.stdout, /\r\x1b\[Ksorting +\[[#.]{24}\] +\d+ %  \d+\.\d MB\/s/);
    assert.doesNotMatch(on(['--json']).stdout, /\[[#.]+\]/);
  });

  test('goes on where it was killed, unless the documents are others', { timeout: 300_000 }, async () => {
    let state = 1;
    const word = () => ((state = Math.imul(state, 1664525) + 1013904223) >>> 0).toString(36);
    const much = write(path('much'), Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.txt`, Array.from({ length: 60_000 }, word).join(' ')])));
    const args = (/** @type {string} */ out) => ['corpus', 'build', much, '--out', path(out), ...WHOSE, '--memory', '16', '--json'];
    const whole = JSON.parse((await openledger(args('whole.corpus'))).stdout);
    assert.equal(whole.wentOn, false);

    /** Kills a build so long after its documents are in. @param {number} ms */
    async function kill(ms) {
      const child = spawn(CLI, args('killed.corpus'), { stdio: 'ignore' });
      const ended = new Promise((done) => child.on('close', (code) => done(code)));
      while (!existsSync(path('killed.corpus.inputs')) && child.exitCode === null) await sleep(1);
      await sleep(ms);
      child.kill('SIGKILL');
      return ended;
    }
    let goneOn = 0;
    for (const ms of [0, 40, 80, 160, 320, 640]) {
      if (await kill(ms) === 0) break; // it was done before it was killed
      assert.ok(!existsSync(path('killed.corpus')), 'there is no file before it is whole');
      const next = await openledger(ms === 160 ? args('killed.corpus').slice(0, -1) : args('killed.corpus'));
      assert.equal(next.code, 0, next.stderr);
      assert.ok(next.stdout.includes(whole.corpusId));
      goneOn += Number(/"wentOn":true/.test(next.stdout) || /, gone on where it was ended\n/.test(next.stdout) && /\.building: goes on where it was ended\n/.test(next.stderr));
      assert.deepEqual(readFileSync(path('killed.corpus')), readFileSync(path('whole.corpus')));
      spawnSync('rm', [path('killed.corpus')]);
      if (goneOn > 0 && ms > 100) break;
    }
    assert.ok(goneOn > 0, 'some were gone on with');

    for (const ms of [160, 320, 640]) {
      await kill(ms);
      if (existsSync(path('killed.corpus.inputs'))) break;
    }
    write(much, { '3.txt': 'Something else.' });
    const next = await openledger(args('killed.corpus'));
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stderr, /is of other documents: the build begins anew/);
    assert.notEqual(JSON.parse(next.stdout).corpusId, whole.corpusId);
    assert.equal(JSON.parse(next.stdout).wentOn, false);
  });
});

describe('corpus audit', () => {
  test('finds a right corpus right: all of it, some of it, and one contributor\'s', async () => {
    const { corpusId, header } = await build('right.corpus');
    const file = path('right.corpus');
    const all = await json('corpus', 'audit', file);
    assert.deepEqual([all.verdict, all.corpusId, all.suffixes, all.documents], ['right', corpusId, Number(header.n), 4]);
    const some = await json('corpus', 'audit', file, '--random', '30', '--seed', '5');
    assert.deepEqual([some.verdict, some.suffixes], ['right', 30]);
    const own = await json('corpus', 'audit', file, '--contributor', ALICE);
    assert.deepEqual([own.verdict, own.own.map((/** @type {any} */ { text }) => text)],
      ['right', ORDER.map((name) => keccak256(new Uint8Array(Buffer.from(documents[/** @type {keyof typeof documents} */ (name)]))))]);
    const rows = await openledger(['corpus', 'audit', file, '--contributor', ALICE, '--names', `${file}.names`]);
    assert.match(rows.stdout, /own documents +0, datanet 7, \d+ bytes, 0x[0-9a-f]{64} {2}a\.txt\n/);
    const others = await openledger(['corpus', 'audit', file, '--contributor', BOB]);
    assert.match(others.stderr, /nothing in this corpus is theirs/);
  });

  test('finds a damaged one out', async () => {
    await build('damaged.corpus');
    const bytes = readFileSync(path('damaged.corpus'));
    const at = bytes.indexOf('quick');
    bytes[at] ^= 1;
    writeFileSync(path('damaged.corpus'), bytes);
    const outcome = await openledger(['corpus', 'audit', path('damaged.corpus'), '--json']);
    assert.equal(outcome.code, 3, outcome.stdout);
    assert.equal(JSON.parse(outcome.stdout).verdict, 'unavailable');
    writeFileSync(path('cut.corpus'), bytes.subarray(0, bytes.length - 40));
    assert.equal((await openledger(['corpus', 'audit', path('cut.corpus')])).code, 1);
  });

  test('checks a refutation, and says what it shows', async () => {
    const { corpusId, refutation } = wrongCorpus();
    writeFileSync(path('wrong.refutation'), refutation);
    const found = await json('corpus', 'audit', '--refutation', path('wrong.refutation'), '--corpus-id', corpusId);
    assert.deepEqual([found.corpusId, found.refuted, found.rule, found.openings], [corpusId, true, 'A', [{ tree: 1, index: '0' }]]);
    const rows = await openledger(['corpus', 'audit', '--refutation', path('wrong.refutation')]);
    assert.equal(rows.code, 0, rows.stderr);
    assert.match(rows.stdout, /refuted +rule A: .+\nshown by +leaf 0 of its suffixes\n/);

    const other = await openledger(['corpus', 'audit', '--refutation', path('wrong.refutation'), '--corpus-id', ZERO]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /of another corpus/);
    for (let at = 0; at < refutation.length; at++) {
      if (at % 7 !== 0) continue;
      const changed = Uint8Array.from(refutation);
      changed[at] ^= 1;
      writeFileSync(path('changed.refutation'), changed);
      const { code } = await openledger(['corpus', 'audit', '--refutation', path('changed.refutation'), '--corpus-id', corpusId]);
      assert.equal(code, 1, `with byte ${at} changed`);
    }
  });

  /** @type {[string, string[], number, RegExp][]} */
  const wrong = [
    ['no file', [], 2, /FILE: missing/],
    ['no such file', [path('nothing')], 2, /nothing: /],
    ['what is no corpus', [`${docs}/a.txt`], 1, /a\.txt: /],
    ['a number without a seed', [path('right.corpus'), '--random', '5'], 2, /--seed: --random needs it/],
    ['a seed without a number', [path('right.corpus'), '--seed', '5'], 2, /--seed: --random needs it/],
    ['two kinds of audit', [path('right.corpus'), '--random', '5', '--seed', '1', '--contributor', ALICE], 2, /only one of --random and --contributor/],
    ['an id without a refutation', [path('right.corpus'), '--corpus-id', ZERO], 2, /--corpus-id: needs --refutation/],
    ['a corpus and a refutation', [path('right.corpus'), '--refutation', 'f'], 2, /only one of FILE and --refutation/],
    ['a refutation and a number', ['--refutation', 'f', '--random', '1'], 2, /--refutation: not with/],
    ['no refutation', ['--refutation', `${docs}/a.txt`], 1, /a\.txt: /],
    ['an id that is none', ['--refutation', 'f', '--corpus-id', '0x12'], 2, /--corpus-id: not 0x and 64 hex digits/],
  ];
  for (const [what, args, code, text] of wrong) {
    test(`is not done with ${what}`, async () => {
      const outcome = await openledger(['corpus', 'audit', ...args]);
      assert.deepEqual([outcome.code, outcome.stdout], [code, ''], outcome.stderr);
      assert.match(outcome.stderr, text);
    });
  }
});

describe('attribute', () => {
  const answer = 'They say that the quick brown fox jumps over the lazy dog, und über allen Gipfeln ist Ruh.';
  const file = path('answer.txt');
  writeFileSync(file, answer);

  test('finds what is quoted, whose it is, and what everybody gets', async () => {
    const manifest = path('whose.json');
    const of = (/** @type {string} */ contributor, /** @type {number} */ datanet) => ({ contributor, datanet });
    writeFileSync(manifest, JSON.stringify({ 'a.txt': of(ALICE, 1), 'b.md': of(BOB, 2), 'sub/ü.txt': of(BOB, 3), 'sub.txt': of(BOB, 3) }));
    const { corpusId } = await build('whose.corpus', '--manifest', manifest);
    const args = ['attribute', '--corpus', path('whose.corpus'), '--answer', file, '--min-span', '12'];
    const told = await json(...args, '--fee', '1000', '--out', path('evidence'));
    assert.equal(told.corpusId, corpusId);
    assert.deepEqual(told.spans.map((/** @type {any} */ { text, count, owner, datanet, name }) => [text, count, owner, datanet, name]), [
      ['he quick brown fox jumps over the lazy dog, ', '2', ALICE, '1', 'a.txt'],
      ['ber allen Gipfeln ist Ruh', '1', BOB, '3', 'sub/ü.txt'],
    ]);
    for (const { start, end, text } of told.spans) assert.equal(Buffer.from(answer).subarray(start, end).toString(), text);
    const total = told.rows.reduce((/** @type {bigint} */ sum, /** @type {any} */ { weight }) => sum + BigInt(weight), 0n);
    assert.equal(String(total), told.totalWeight);
    for (const { weight, amount } of told.rows) assert.equal(BigInt(amount), 1000n * BigInt(weight) / total);
    assert.equal(told.evidenceBytes, readFileSync(path('evidence')).length);
    assert.ok(told.words > 0);

    const rows = await openledger(args);
    assert.match(rows.stdout, /\nanswer +\d+ bytes, \d+ of them in 2 passages of at least 12\ncomplete +\d+ words that the corpus does not have/);
    assert.ok(rows.stdout.includes(`${ALICE}        1  a.txt `), rows.stdout);
    assert.deepEqual((await json(...args.slice(0, -1), '60')).spans, []);
    const both = await json(...args, '--owner', 'occurrence');
    assert.ok(both.rows.some((/** @type {any} */ { contributor, datanet }) => contributor === BOB && datanet === '2'), 'each occurrence is paid');
    const rare = await json(...args, '--max-count', '1');
    assert.deepEqual([rare.spans[0].owner, rare.spans[0].weight, rare.spans[1].owner], [null, '0', BOB]);
  });

  test('takes a policy as bytes and as JSON', async () => {
    const policy = path('policy.json');
    writeFileSync(policy, JSON.stringify({ minSpan: 12, owner: 'occurrence', maxCount: 64, contributors: 10000, priceIn: '1' }));
    const bytes = Buffer.alloc(76);
    bytes.set([1, 1]);
    bytes.writeUInt16BE(12, 4);
    bytes.writeUInt32BE(64, 8);
    bytes[27] = 1;
    bytes.writeUInt16BE(10000, 50);
    writeFileSync(path('policy'), bytes);
    const [one, other] = await Promise.all([policy, path('policy')].map((name) => json('attribute', '--corpus', path('whose.corpus'), '--answer', file, '--policy', name, '--out', `${name}.evidence`)));
    assert.deepEqual({ ...one, ms: 0 }, { ...other, ms: 0 });
    assert.deepEqual(readFileSync(`${policy}.evidence`), readFileSync(path('policy.evidence')));
  });

  const wrongPolicy = (/** @type {string} */ text) => (writeFileSync(path('p.json'), text), ['--corpus', path('whose.corpus'), '--answer', file, '--policy', path('p.json')]);
  /** @type {[string, () => string[], number, RegExp][]} */
  const wrong = [
    ['no answer', () => ['--corpus', path('whose.corpus')], 2, /--answer: missing/],
    ['no corpus', () => ['--answer', file], 2, /--corpus: missing/],
    ['an answer that is not UTF-8', () => (writeFileSync(path('latin.txt'), Buffer.from([0x61, 0xfc, 0x61])), ['--corpus', path('whose.corpus'), '--answer', path('latin.txt')]), 1, /answer: .*UTF-8/],
    ['an answer that is too long', () => (writeFileSync(path('long.txt'), 'x'.repeat(65537)), ['--corpus', path('whose.corpus'), '--answer', path('long.txt')]), 1, /answer: /],
    ['passages that are too short', () => ['--corpus', path('whose.corpus'), '--answer', file, '--min-span', '7'], 2, /--min-span: not a whole number from 8 to 4096/],
    ['no rule', () => ['--corpus', path('whose.corpus'), '--answer', file, '--owner', 'latest'], 2, /--owner: not earliest or occurrence/],
    ['a policy, and what it says', () => [...wrongPolicy('{"minSpan": 12, "contributors": 10000}'), '--min-span', '12'], 2, /--policy: says it all/],
    ['a policy of shares that are not all', () => wrongPolicy('{"minSpan": 12, "contributors": 9999}'), 2, /p\.json: /],
    ['a policy that is cut', () => wrongPolicy('\x01\x00'), 1, /--policy .*p\.json: /],
    ['a policy with an unknown member', () => wrongPolicy('{"minspan": 12}'), 1, /byte 10: no member of a policy/],
    ['a policy with a member twice', () => wrongPolicy('{"minSpan": 12, "minSpan": 12}'), 1, /the same member twice/],
    ['a policy of influence', () => wrongPolicy('{"minSpan": 12, "contributors": 10000, "influence": 1}'), 2, /influence decides on a part: --table and --vector are needed/],
    ['a fee of 2^128', () => ['--corpus', path('whose.corpus'), '--answer', file, '--fee', String(2n ** 128n)], 2, /--fee: not a whole number below 2\^128/],
    ['an operand', () => ['x'], 2, /x: one argument too many/],
  ];
  for (const [what, args, code, text] of wrong) {
    test(`is not done with ${what}`, async () => {
      const outcome = await openledger(['attribute', ...args()]);
      assert.deepEqual([outcome.code, outcome.stdout], [code, ''], outcome.stderr);
      assert.match(outcome.stderr, text);
    });
  }
});
