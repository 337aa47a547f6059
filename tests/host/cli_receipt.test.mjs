// SPDX-License-Identifier: MIT
// openledger receipt: made, verified by files and by the chain, shown as a table and as a page, and claimed.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { keccak256, recoverTypedDataAddress, stringToHex, zeroAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { CHAIN_ID, deploy, signerOf, startChain, TERMS } from '../devnet/contracts/deploy.mjs';
import { typedOf } from '../devnet/contracts/receipts.mjs';
import { batchOf, splitOf } from '../devnet/contracts/split.mjs';
import { noAnvil } from '../devnet/rollup/anvil.mjs';
import { CLI, openledger, run } from './cli.mjs';
import { folder, tableOf, vectorOf, write } from './corpora.mjs';
import { ACCOUNT, KEY, makeWallet, PASSWORD, SECOND, unlocked } from './wallets.mjs';

/** @typedef {`0x${string}`} Hex */

const path = folder();
const EXAMPLE = join(import.meta.dirname, '../../examples/shell/receipt.sh');
const START = 1_600_000_000;
const REGISTRY = '0x00000000000000000000000000000000000a77b1';
const PAYER = '0x00000000000000000000000000000000000000aa';
const hash = (/** @type {string} */ text) => keccak256(stringToHex(text));
const NONCE = hash('nonce');
const MODEL = hash('model');
const ADAPTER = hash('adapter');
const FEE = 1_000_000n;

const QUOTE = 'Whoever keeps a garden keeps a calendar of small defeats, and is happy in it.';
const OTHER = 'The river rose in the night, and nobody in the village had heard it rise.';
const HOSTILE = '<img src=x onerror=alert(1)>"&\'.md';
const TURNED = '\u202etxt.b';
const documents = { [HOSTILE]: `Some words. ${QUOTE} More words.`, [TURNED]: `${OTHER} So it was.`, 'c.txt': `Again: ${OTHER}` };
const ANSWER = `<script>alert("1")</script> & so on:\n${QUOTE}\u202e\u0007\nAnd then, ${OTHER}\n'Quoted.' `;
const REQUEST = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Tell me of gardens.' }] });
const POLICY = { minSpan: 24, maxCount: 1000, contributors: 4000, platform: 3000, model: 2000, stakers: 1000 };

const files = { request: path('request.json'), response: path('answer.txt'), policy: path('policy.json'), corpus: path('a.corpus'), receipt: path('a.receipt'), evidence: path('a.evidence'), split: path('a.split'), names: path('a.corpus.names') };
/** @type {string} */
let wallet;
/** @type {any} */
let made;

/** @param {string} out @param {string[]} more */
const make = (out, ...more) => unlocked(['receipt', 'make', '--corpus', files.corpus, '--request', files.request, '--answer', files.response, '--policy', files.policy,
  '--payer', PAYER, '--nonce', NONCE, '--model', MODEL, '--adapter', ADAPTER, '--fee', String(FEE), '--served-at', String(START + 500), '--wallet', wallet,
  '--out', out, '--evidence', `${out}.evidence`, ...more], { password: PASSWORD, answer: 'yes' });

before(async () => {
  const docs = write(path('docs'), documents);
  const whose = (/** @type {string} */ contributor, /** @type {number} */ datanet) => ({ contributor, datanet, licence: hash('licence') });
  writeFileSync(path('manifest.json'), JSON.stringify({ [HOSTILE]: whose(ACCOUNT, 1), [TURNED]: whose(SECOND, 2), 'c.txt': whose(SECOND, 3) }));
  writeFileSync(files.request, REQUEST);
  writeFileSync(files.response, ANSWER);
  writeFileSync(files.policy, JSON.stringify(POLICY));
  const built = await openledger(['corpus', 'build', docs, '--out', files.corpus, '--manifest', path('manifest.json'), '--epoch', '1', '--json']);
  assert.equal(built.code, 0, built.stderr);
  wallet = await makeWallet(path('wallet'));
  const outcome = await make(files.receipt, '--registry', REGISTRY, '--split', files.split, '--json');
  assert.equal(outcome.code, 0, outcome.stderr);
  made = { ...JSON.parse(outcome.stdout), corpusId: JSON.parse(built.stdout).corpusId };
  writeFileSync(files.evidence, readFileSync(`${files.receipt}.evidence`));
});

const given = { request: files.request, response: files.response, evidence: files.evidence, policy: files.policy };
/** @param {Partial<typeof given> & { receipt?: string }} changed @param {string[]} more */
const verify = ({ receipt = files.receipt, ...changed } = {}, ...more) =>
  openledger(['receipt', 'verify', receipt, ...Object.entries({ ...given, ...changed }).flatMap(([name, file]) => [`--${name}`, file]), ...more]);
const EXPECTED = ['--nonce', NONCE, '--payer', PAYER, '--registry', REGISTRY, '--chain-id', '1612', '--model', MODEL, '--adapter', ADAPTER, '--max-fee', String(FEE)];

describe('receipt make', () => {
  test('signs what EIP-712 says, for whoever the wallet is', async () => {
    const shown = await openledger(['receipt', 'show', files.receipt, '--json']);
    assert.equal(shown.code, 0, shown.stderr);
    const { receipt, digest } = JSON.parse(shown.stdout);
    assert.equal(digest, made.digest);
    const { signature, chainId, registry, ...message } = receipt;
    assert.deepEqual([Number(chainId), registry.toLowerCase()], [1612, REGISTRY.toLowerCase()]);
    assert.equal(await recoverTypedDataAddress({ ...typedOf(/** @type {Hex} */ (REGISTRY), message), signature }), ACCOUNT);
    const sha256 = (/** @type {string} */ text) => `0x${createHash('sha256').update(text).digest('hex')}`;
    assert.deepEqual([message.requestSha256, message.responseSha256, Number(message.responseBytes)], [sha256(REQUEST), sha256(ANSWER), Buffer.byteLength(ANSWER)]);
    assert.deepEqual([message.evidenceHash, message.corpusId], [keccak256(readFileSync(files.evidence)), made.corpusId]);
    assert.deepEqual([BigInt(message.fee), BigInt(message.contributorPool), message.contributors], [FEE, FEE * 4n / 10n, made.rows.length]);
  });

  test('splits as the contracts check it', () => {
    const rows = made.rows.map((/** @type {any} */ { contributor, datanet, weight, amount }) => ({ contributor, datanet: BigInt(datanet), weight: BigInt(weight), amount: BigInt(amount) }));
    assert.equal(rows.length, 2, 'whoever was first, and one copy earns nothing');
    assert.equal(splitOf(rows).root, made.splitRoot);
  });

  test('signs nothing without a yes, and writes nothing', async () => {
    for (const [answer, code] of /** @type {[string, number][]} */ ([['no', 4], ['', 4]])) {
      const outcome = await unlocked(['receipt', 'make', '--corpus', files.corpus, '--request', files.request, '--answer', files.response, '--policy', files.policy, '--payer', PAYER,
        '--nonce', NONCE, '--model', MODEL, '--registry', REGISTRY, '--wallet', wallet, '--out', path('no'), '--evidence', path('no.evidence')], { password: PASSWORD, answer });
      assert.equal(outcome.code, code, outcome.stderr);
      assert.throws(() => readFileSync(path('no')));
    }
  });
});

/** What influence decides on: Ben's data lowered the score. */
const influenced = { table: path('table'), vector: path('vector'), policy: path('influence.json') };

/** @param {string} out @param {string[]} more */
async function makeInfluenced(out, ...more) {
  writeFileSync(influenced.table, tableOf(ADAPTER, [[PAYER, 1, [0, 0]], [/** @type {Hex} */ (ACCOUNT.toLowerCase()), 1, [10, 1]], [REGISTRY, 2, [0, 0]], [/** @type {Hex} */ (SECOND.toLowerCase()), 2, [0, 5]]]));
  writeFileSync(influenced.vector, vectorOf([100, -50]));
  writeFileSync(influenced.policy, JSON.stringify({ ...POLICY, influence: 5000 }));
  const outcome = await make(out, ...more, '--table', influenced.table, '--vector', influenced.vector, '--json').then((first) => {
    assert.match(first.stderr, /influence decides on nothing, by this policy/);
    return unlocked(['receipt', 'make', '--corpus', files.corpus, '--request', files.request, '--answer', files.response, '--policy', influenced.policy,
      '--payer', PAYER, '--nonce', NONCE, '--model', MODEL, '--adapter', ADAPTER, '--fee', String(FEE), '--served-at', String(START + 500), '--wallet', wallet,
      '--out', out, '--evidence', `${out}.evidence`, '--table', influenced.table, '--vector', influenced.vector, ...more, '--json'], { password: PASSWORD, answer: 'yes' });
  });
  assert.equal(outcome.code, 0, outcome.stderr);
  return JSON.parse(outcome.stdout);
}

describe('receipt verify', () => {
  test('weighs influence by the table, whose v is attested', async () => {
    const out = path('influenced');
    const { rows } = await makeInfluenced(out, '--registry', REGISTRY);
    const [spans, influence] = [BigInt(made.totalWeight), 10n * 100n - 50n];
    for (const { contributor, weight } of made.rows) {
      const row = rows.find((/** @type {any} */ each) => each.contributor === contributor);
      const own = contributor === ACCOUNT ? influence : 0n;
      assert.equal(BigInt(row.weight), BigInt(weight) * 5000n * influence + own * 5000n * spans);
    }
    const changed = { receipt: out, evidence: `${out}.evidence`, policy: influenced.policy };
    const outcome = await verify(changed, ...EXPECTED, '--table', influenced.table);
    assert.equal(outcome.code, 5, outcome.stdout);
    assert.match(outcome.stdout, /\n +weights of influence, as they follow from v\n/);
    assert.match(outcome.stdout, /\nattested +v, from which influence follows, is the signer's word\n/);
    assert.equal((await verify(changed, ...EXPECTED)).code, 1, 'without the table');
    writeFileSync(path('other.table'), tableOf(ADAPTER, [[PAYER, 1, [0, 0]], [/** @type {Hex} */ (ACCOUNT.toLowerCase()), 1, [10, 2]]]));
    const other = await verify(changed, ...EXPECTED, '--table', path('other.table'));
    assert.match(other.stdout, /^verdict +REJECTED\nreason +influence table \(35\)/);
  });

  test('finds a receipt right, and is told what the chain has not said', async () => {
    const outcome = await verify({}, ...EXPECTED);
    assert.equal(outcome.code, 5, outcome.stdout + outcome.stderr);
    assert.match(outcome.stdout, new RegExp(`^verdict +PENDING\nsigner +${ACCOUNT}\nreceipt +${made.digest}\nproven +who signed it\n`));
    assert.match(outcome.stdout, /\n +all passages of the corpus that the answer has, their counts and owners\n/);
    assert.match(outcome.stdout, /\nopen +whether the signer is registered and bonded\n/);
    assert.match(outcome.stdout, /\nchain +was not asked \(--rpc\)\n$/);
    const bare = await verify();
    assert.match(bare.stdout, /\nopen +the nonce was not compared \(--nonce\)\n +who pays was not compared/);
    const told = JSON.parse((await verify({}, ...EXPECTED, '--json')).stdout);
    assert.deepEqual([told.verdict, told.signer.toLowerCase(), told.digest], ['PENDING', ACCOUNT.toLowerCase(), made.digest]);
    assert.deepEqual(told.rows.map((/** @type {any} */ { amount }) => amount), made.rows.map((/** @type {any} */ { amount }) => amount));
  });

  test('reads JSON as nodes serve it', async () => {
    const { receipt } = JSON.parse((await openledger(['receipt', 'show', files.receipt, '--json'])).stdout);
    const file = path('receipt.json');
    writeFileSync(file, JSON.stringify({ ...receipt, something: ['else'] }, null, 2));
    const [one, other] = await Promise.all([file, files.receipt].map((name) => verify({ receipt: name }, ...EXPECTED, '--json')));
    assert.deepEqual(one, other);
    writeFileSync(file, JSON.stringify({ ...receipt, fee: '1' }, null, 2));
    assert.equal((await verify({ receipt: file }, ...EXPECTED)).code, 1);
    writeFileSync(file, JSON.stringify({ ...receipt, fee: -1 }, null, 2));
    const bad = await verify({ receipt: file }, ...EXPECTED);
    assert.deepEqual([bad.code, bad.stdout], [1, '']);
    assert.match(bad.stderr, /receipt\.json: .*fee/);
  });

  const change = (/** @type {string} */ file, /** @type {number} */ at) => {
    const bytes = Buffer.from(readFileSync(file));
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
    writeFileSync(path('changed'), bytes);
    return path('changed');
  };
  const text = (/** @type {string} */ content) => (writeFileSync(path('changed'), content), path('changed'));
  const HEADER = 5 + 8 + 20;
  /** @type {[string, number, () => [Parameters<typeof verify>[0], ...string[]]][]} */
  const rejected = [
    ['format', 1, () => [{ receipt: text('ATRR') }]],
    ['format', 1, () => [{ receipt: files.request }]],
    ['version', 2, () => [{ receipt: change(files.receipt, 4) }]],
    ['signature', 4, () => [{ receipt: change(files.receipt, -1) }]],
    ['replayed nonce', 7, () => [{}, ...EXPECTED.with(1, hash('another'))]],
    ['wrong payer', 8, () => [{}, ...EXPECTED.with(3, SECOND)]],
    ['wrong domain', 9, () => [{}, ...EXPECTED.with(5, SECOND)]],
    ['wrong domain', 9, () => [{}, ...EXPECTED.with(7, '1613')]],
    ['request', 10, () => [{ request: text(`${REQUEST} `) }]],
    ['response', 11, () => [{ response: text(ANSWER.replace('garden', 'Garden')) }]],
    ['stream', 12, () => [{}, '--stream-head', hash('another')]],
    ['policy', 13, () => [{ policy: text(JSON.stringify({ ...POLICY, minSpan: 25 })) }]],
    ['policy', 13, () => [{}, ...EXPECTED.with(13, String(FEE - 1n))]],
    ['policy', 13, () => [{}, '--policy-id', hash('another')]],
    ['model', 14, () => [{}, ...EXPECTED.with(9, ADAPTER)]],
    ['adapter', 15, () => [{}, ...EXPECTED.with(11, MODEL)]],
    ['corpus epoch', 16, () => [{}, '--min-epoch', '2']],
  ];
  for (const [reason, number, what] of rejected) {
    test(`rejects for "${reason}"`, async () => {
      const [changed, ...more] = what();
      const outcome = await verify(changed, ...more);
      assert.equal(outcome.code, 1, outcome.stdout);
      assert.match(outcome.stdout, new RegExp(`^verdict +REJECTED\nreason +${reason} \\(${number}\\)`));
      const told = JSON.parse((await verify(changed, ...more, '--json')).stdout);
      assert.equal(told.verdict, 'REJECTED');
      assert.ok(told.detail.startsWith(`${reason} (${number})`));
    });
  }

  test('rejects whatever byte of it is changed', async () => {
    const { length } = readFileSync(files.receipt);
    for (let at = HEADER; at < length; at += 41) {
      const { code, stdout } = await verify({ receipt: change(files.receipt, at) }, ...EXPECTED, '--json');
      // What nobody can compare was signed by nobody whom the chain knows.
      assert.ok(code === 1 || JSON.parse(stdout).signer.toLowerCase() !== ACCOUNT.toLowerCase(), `byte ${at}`);
    }
    const evidence = readFileSync(files.evidence).length;
    for (let at = 0; at < evidence; at += Math.ceil(evidence / 12)) assert.equal((await verify({ evidence: change(files.evidence, at) })).code, 1, `evidence's byte ${at}`);
  });

  /** @type {[string, () => Promise<import('./cli.mjs').Outcome>, number, RegExp][]} */
  const wrong = [
    ['no receipt', () => openledger(['receipt', 'verify']), 2, /FILE: missing: a receipt/],
    ['no request', () => openledger(['receipt', 'verify', files.receipt, '--response', files.response]), 2, /--request: missing/],
    ['no response', () => openledger(['receipt', 'verify', files.receipt, '--request', files.request]), 2, /--response: missing/],
    ['no evidence', () => openledger(['receipt', 'verify', files.receipt, '--request', files.request, '--response', files.response]), 2, /--evidence: missing/],
    ['no policy', () => openledger(['receipt', 'verify', files.receipt, '--request', files.request, '--response', files.response, '--evidence', files.evidence]), 2, /--policy: missing/],
    ['no such file', () => verify({ evidence: path('nowhere') }), 2, /--evidence .*nowhere: /],
    ['a nonce that is none', () => verify({}, '--nonce', '0x12'), 2, /--nonce: not 0x and 64 hex digits/],
    ['an answer twice', () => verify({}, '--response', files.response), 2, /--response: given twice/],
    ['a corpus on no chain', () => verify({}, '--corpus-name', '7'), 2, /--corpus-name: needs --rpc/],
    ['a batch that is no JSON', () => verify({}, '--batch', files.receipt), 1, /--batch .*: byte 0: expected '\{'/],
    ['a batch without a path', () => verify({}, '--batch', text('{"id": 1}')), 1, /id, root, leaves, index or path is missing/],
    ['a batch with a wrong root', () => verify({}, '--batch', text('{"id": 1, "root": "0x12"}')), 1, /not 0x and 64 hex digits/],
    ['a batch with something behind it', () => verify({}, '--batch', text(`{"id": 1, "root": "${NONCE}", "leaves": 1, "index": 0, "path": []} 1`)), 1, /something follows on the end/],
    ['a table that is none', () => verify({}, '--table', files.request), 1, /request\.json: /],
    ['what is no command', () => openledger(['receipt', 'prove']), 2, /prove: none of make, verify, show and claim/],
    ['no command', () => openledger(['receipt']), 2, /receipt: make, verify, show or claim\?/],
    ['a page', () => verify({}, '--html', 'x'), 2, /--html: no such option/],
  ];
  for (const [what, act, code, message] of wrong) {
    test(`is not done with ${what}`, async () => {
      const outcome = await act();
      assert.deepEqual([outcome.code, outcome.stdout], [code, ''], outcome.stderr);
      assert.match(outcome.stderr, message);
    });
  }
});

describe('receipt show', () => {
  const show = (/** @type {string[]} */ ...more) => openledger(['receipt', 'show', files.receipt, ...more]);
  const evidence = ['--evidence', files.evidence, '--response', files.response, '--policy', files.policy];

  test('tells passages, owners and shares', async () => {
    const rows = await show(...evidence, '--names', files.names);
    assert.equal(rows.code, 0, rows.stderr);
    assert.ok(rows.stdout.includes(QUOTE.slice(0, 40)) && rows.stdout.includes(OTHER.slice(0, 40)), rows.stdout);
    assert.ok(!rows.stdout.includes('\u202e') && !rows.stdout.includes('\u0007'), 'nothing moves the terminal');
    assert.match(rows.stdout, /\nnot asked +whether it is for your request/);
    const told = JSON.parse((await show(...evidence, '--request', files.request, '--names', files.names, '--json')).stdout);
    assert.equal(told.verdict, 'PENDING');
    assert.deepEqual(told.spans.map((/** @type {any} */ { name, owner, datanet }) => [name, owner, datanet]), [[HOSTILE, ACCOUNT, '1'], ['c.txt', SECOND, '3']]);
    assert.deepEqual(told.rows, made.rows);
  });

  test('tells nothing that evidence does not prove', async () => {
    writeFileSync(path('other.txt'), `${ANSWER} `);
    writeFileSync(path('other.json'), JSON.stringify({ ...POLICY, minSpan: 25 }));
    for (const [args, text] of /** @type {[string[], RegExp][]} */ ([
      [['--evidence', files.request, ...evidence.slice(2)], /the evidence is not that of the receipt/],
      [['--evidence', files.evidence, '--response', path('other.txt'), '--policy', files.policy], /the response is not that of the receipt/],
      [['--evidence', files.evidence, '--response', files.response, '--policy', path('other.json')], /the policy is not that of the receipt/],
    ])) {
      const outcome = await show(...args);
      assert.deepEqual([outcome.code, outcome.stdout], [1, '']);
      assert.match(outcome.stderr, text);
    }
    assert.match((await show('--evidence', files.evidence)).stderr, /--response: missing/);
    assert.match((await show('--html', path('none.html'))).stderr, /--html: there is nothing to show/);
    const rejected = await show('--evidence', files.evidence, '--response', path('other.txt'), '--policy', files.policy, '--request', files.request);
    assert.equal(rejected.code, 1);
    assert.match(rejected.stdout, /REJECTED\nreason +response \(11\)/);
  });

  describe('as a page', () => {
    /** @type {string} */
    let page;
    before(async () => {
      const outcome = await show(...evidence, '--request', files.request, '--names', files.names, '--html', path('page.html'));
      assert.equal(outcome.code, 0, outcome.stderr);
      page = readFileSync(path('page.html'), 'utf8');
    });

    test('nothing from outside is markup, and nothing moves the text', () => {
      const tags = new Set([...page.matchAll(/<\/?([a-z0-9]+|!doctype)/gi)].map(([, tag]) => tag.toLowerCase()));
      const known = '!doctype html head meta title style body main h1 h2 p strong div mark ul li span code svg text rect table tr th td dl dt dd'.split(' ');
      assert.deepEqual([...tags].filter((tag) => !known.includes(tag)), []);
      assert.ok(page.includes('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; so on:\n'), 'the answer is text');
      assert.ok(page.includes('(&lt;img src=x onerror=alert(1)&gt;&quot;&amp;&#39;.md)'), 'and so are names, in attributes too');
      for (const [, value] of page.matchAll(/ title="([^"]*)"/g)) assert.doesNotMatch(value, /[<>]/);
      assert.ok(page.includes('\\u{202e}') && page.includes('\\u{07}'));
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(page, /[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
      assert.doesNotMatch(page, /javascript:|<script|<style[^>]/i);
    });

    test('it loads nothing, by its own policy too', () => {
      const [, style] = page.match(/<style>([^]*?)<\/style>/) ?? [];
      const [, policy] = page.match(/Content-Security-Policy" content="([^"]*)"/) ?? [];
      const digest = createHash('sha256').update(style).digest('base64');
      assert.equal(policy, `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`);
      const tags = (page.match(/<[a-z][^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""')).join('');
      assert.doesNotMatch(tags, /\s(src|href|srcset|action|data|background|style|on[a-z]+)\b/i);
      assert.doesNotMatch(style, /url\(|@import/);
      assert.match(page, /<meta name="viewport" content="width=device-width, initial-scale=1">/);
    });

    test('it shows the answer by owner, the split and the verdict', () => {
      const [, answer] = page.match(/<div class="answer"[^>]*>([^]*?)<\/div>/) ?? [];
      const marks = [...answer.matchAll(/<mark class="(c\d)" title="passage (\d), document (\d)[^"]*owner (0x\w{40}), datanet (\d)[^"]*">([^<]*)<\/mark>/g)];
      assert.deepEqual(marks.map(([, , number, document, owner, datanet]) => [number, document, owner, datanet]), [['1', '0', ACCOUNT, '1'], ['2', '1', SECOND, '3']]);
      assert.notEqual(marks[0][1], marks[1][1]);
      assert.ok(marks[0][6].includes(QUOTE) && marks[1][6].includes(OTHER));
      const plain = answer.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, '\'').replace(/&amp;/g, '&');
      assert.equal(plain, ANSWER.replace('\u202e', '\\u{202e}').replace('\u0007', '\\u{07}'), 'all of it is there');
      const total = BigInt(made.totalWeight);
      for (const { contributor, weight } of made.rows) {
        const percent = (Number(BigInt(weight) * 1_000_000n / total) / 10_000).toFixed(2);
        assert.ok(page.includes(`width="${percent}%"`) && page.includes(contributor), percent);
      }
      assert.match(page, /<p class="verdict warn"><strong>PENDING<\/strong>/);
    });

    test('its colours can be read', () => {
      const sets = [...page.matchAll(/:root\{([^}]*)\}/g)].map(([, list]) => Object.fromEntries([...list.matchAll(/--(\w+):(#\w{6})/g)].map(([, name, colour]) => [name, colour])));
      assert.equal(sets.length, 2, 'light and dark');
      const light = (/** @type {string} */ colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)).reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
      const contrast = (/** @type {string} */ one, /** @type {string} */ other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
      };
      for (const set of sets) {
        for (const name of ['fg', 'dim', 'ok', 'warn', 'bad']) assert.ok(contrast(set[name], set.bg) >= 4.5, name);
        for (let i = 0; i < 8; i++) {
          assert.ok(contrast(set.fg, set[`m${i}`]) >= 4.5, `m${i}`);
          assert.ok(contrast(set[`b${i}`], set.bg) >= 3, `b${i}`);
        }
      }
    });
  });
});

describe('receipt claim', () => {
  const claim = (/** @type {string[]} */ ...args) => openledger(['receipt', 'claim', ...args]);
  const mine = ['--split', files.split, '--contributor', ACCOUNT];

  test('says what is earned, and proves it in a kilobyte', async () => {
    const row = made.rows.find((/** @type {any} */ { contributor }) => contributor === ACCOUNT);
    const told = JSON.parse((await claim(...mine, '--json')).stdout);
    assert.deepEqual([told.earned, told.amount, told.datanet, told.splitRoot, told.call], [row.amount, row.amount, row.datanet, made.splitRoot, undefined]);
    const rows = await claim(...mine, '--out', path('share'));
    assert.match(rows.stdout, new RegExp(`^earned +${row.amount} in datanet 1, by a weight of ${row.weight}\n`));
    assert.ok(readFileSync(path('share')).length <= 1024);
    assert.deepEqual(JSON.parse((await claim('--share', path('share'), '--json')).stdout), told);
    const bytes = readFileSync(path('share'));
    bytes[60] ^= 1;
    writeFileSync(path('changed.share'), bytes);
    assert.equal((await claim('--share', path('changed.share'))).code, 1);
    const called = JSON.parse((await claim(...mine, '--payout', '1', '--registry', REGISTRY, '--json')).stdout);
    assert.equal(called.call.to.toLowerCase(), REGISTRY.toLowerCase());
    assert.equal(called.call.data, JSON.parse((await claim('--share', path('share'), '--payout', '1', '--registry', REGISTRY, '--json')).stdout).call.data);
  });

  test('wants to know which of several rows', async () => {
    const rows = [1n, 2n].map((datanet) => ({ contributor: /** @type {Hex} */ (ACCOUNT), datanet, weight: datanet, amount: 10n * datanet }));
    const number = (/** @type {bigint} */ value, /** @type {number} */ size) => Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex');
    writeFileSync(path('two.split'), Buffer.concat([Buffer.from('ATRS\x01\0\0\0\x02', 'latin1'), ...rows.flatMap(({ contributor, datanet, weight, amount }) =>
      [Buffer.from(contributor.slice(2), 'hex'), number(datanet, 8), number(weight, 16), number(amount, 16)])]));
    const both = ['--split', path('two.split'), '--contributor', ACCOUNT];
    assert.match((await claim(...both)).stdout, /^earned +30 in 2 datanets\n$/);
    const which = await claim(...both, '--payout', '1', '--registry', REGISTRY);
    assert.equal(which.code, 2);
    assert.match(which.stderr, /--datanet: missing: the contributor has rows in several/);
    const second = JSON.parse((await claim(...both, '--datanet', '2', '--json')).stdout);
    assert.deepEqual([second.earned, second.amount, second.splitRoot], ['30', '20', splitOf(rows).root]);
  });

  /** @type {[string, string[], number, RegExp][]} */
  const wrong = [
    ['nothing', [], 2, /one of --split and --share is needed/],
    ['both', [...mine, '--share', 'x'], 2, /one of --split and --share is needed/],
    ['nobody', ['--split', files.split], 2, /--contributor: missing/],
    ['somebody else', ['--split', files.split, '--contributor', PAYER], 1, /the split has no row of this contributor/],
    ['another datanet', [...mine, '--datanet', '9'], 1, /the split has no row of this contributor/],
    ['what is no split', ['--split', files.request, '--contributor', ACCOUNT], 1, /request\.json: /],
    ['what is no share', ['--share', files.split], 1, /a\.split: /],
    ['no registry', [...mine, '--payout', '1'], 2, /--registry: missing, and no profile names it/],
    ['a payout that is none', [...mine, '--payout', 'first'], 2, /--payout: not a whole number/],
    ['an address that is none', ['--split', files.split, '--contributor', '0x12'], 2, /--contributor: /],
    ['a chain but no payout', [...mine, '--rpc', 'http://127.0.0.1:1'], 2, /--payout: missing/],
  ];
  for (const [what, args, code, text] of wrong) {
    test(`is not done with ${what}`, async () => {
      const outcome = await claim(...args);
      assert.deepEqual([outcome.code, outcome.stdout], [code, ''], outcome.stderr);
      assert.match(outcome.stderr, text);
    });
  }
});

describe('receipt make', () => {
  /** @type {[string, string[], number, RegExp][]} */
  const wrong = [
    ['nowhere to write', ['--out'], 2, /--out: missing/],
    ['nowhere for evidence', ['--evidence'], 2, /--evidence: missing/],
    ['no payer', ['--payer'], 2, /--payer: missing/],
    ['no nonce', ['--nonce'], 2, /--nonce: missing/],
    ['no model', ['--model'], 2, /--model: missing/],
    ['no corpus', ['--corpus'], 2, /--corpus: missing/],
    ['no request', ['--request'], 2, /--request: missing/],
    ['no answer', ['--answer'], 2, /--answer: missing/],
    ['no policy', ['--policy'], 2, /--policy: missing/],
    ['no registry', ['--registry'], 2, /--registry: missing, and no profile names it/],
  ];
  for (const [what, [left], code, text] of wrong) {
    test(`is not done with ${what}`, async () => {
      const all = { '--corpus': files.corpus, '--request': files.request, '--answer': files.response, '--policy': files.policy, '--payer': PAYER, '--nonce': NONCE, '--model': MODEL,
        '--registry': REGISTRY, '--out': path('never'), '--evidence': path('never.evidence'), '--wallet': wallet };
      const outcome = await unlocked(['receipt', 'make', ...Object.entries(all).filter(([name]) => name !== left).flat()], { password: PASSWORD, answer: 'yes' });
      assert.deepEqual([outcome.code, outcome.stdout], [code, ''], outcome.stderr);
      assert.match(outcome.stderr, text);
      assert.throws(() => readFileSync(path('never')));
    });
  }
});

test('the example of the README', async () => {
  for (const [name, from] of [['a.receipt', files.receipt], ['a.evidence', files.evidence], ['answer.txt', files.response], ['request.json', files.request], ['policy.json', files.policy]]) {
    write(path('example'), { [name]: readFileSync(from) });
  }
  const whose = (/** @type {string} */ contributor) => ({ contributor, datanet: 1 });
  write(path('example'), { ...Object.fromEntries(Object.entries(documents).map(([name, content]) => [`docs/${name}`, content])),
    'owners.json': JSON.stringify({ [HOSTILE]: whose(ACCOUNT), [TURNED]: whose(SECOND), 'c.txt': whose(SECOND) }) });
  mkdirSync(path('bin'), { recursive: true });
  symlinkSync(CLI, path('bin/openledger'));
  const outcome = await run('sh', ['-c', `cd "$0" && exec sh "$1"`, path('example'), EXAMPLE], { env: { PATH: `${path('bin')}:${process.env.PATH}` } });
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.match(outcome.stdout, /^corpus +0x[^]*\naudit +right: [^]*\ncomplete +\d+ words[^]*\nverdict +PENDING\n/);
  assert.match(readFileSync(path('example/answer.html'), 'utf8'), /^<!doctype html>/);
});

describe('on a chain', { skip: noAnvil }, () => {
  /** @type {any} */
  let world;
  /** @type {string[]} */
  let options;
  const NAME = hash('a corpus');
  const receipt = path('chain.receipt');
  before(async () => {
    const chain = await startChain(['--timestamp', String(START), '--balance', '1000000']);
    await chain.ask('anvil_setBlockTimestampInterval', 1);
    const owner = signerOf(privateKeyToAccount(KEY));
    const { contracts } = await deploy(chain, owner);
    world = { chain, owner, ...contracts };
    const profile = path('profile.json');
    writeFileSync(profile, JSON.stringify({ name: 'contracts', l2: { chainId: CHAIN_ID }, l1: { chainId: 1 }, endpoints: { l2: [chain.url] },
      contracts: { attributionRegistry: contracts.attribution.address, nodeRegistry: contracts.nodes.address } }));
    options = ['--rollup', profile, '--max-age', 'any'];
    const outcome = await make(receipt, '--rollup', profile, '--split', path('chain.split'), '--json');
    assert.equal(outcome.code, 0, outcome.stderr);
    world.made = JSON.parse(outcome.stdout);
    world.influenced = await makeInfluenced(path('chain.influenced'), '--rollup', profile, '--sequence', '1', '--previous', world.made.digest);
  });
  after(() => world?.chain.close());

  const ask = async (/** @type {string[]} */ ...more) => {
    const outcome = await verify({ receipt, evidence: `${receipt}.evidence` }, ...options, '--corpus-name', NAME, ...more, '--json');
    assert.equal(outcome.stderr.replace(/.*not encrypted.*\n|.*in clear.*\n/g, ''), '');
    return { code: outcome.code, ...JSON.parse(outcome.stdout) };
  };
  const batched = () => {
    const digests = [world.influenced.digest, world.made.digest];
    const { root, pathOf } = batchOf(digests);
    writeFileSync(path('batch.json'), JSON.stringify({ id: 1, root, leaves: 2, index: 1, path: pathOf(1).map((node) => node.hash) }));
    writeFileSync(path('batch0.json'), JSON.stringify({ id: '0x1', root, leaves: 2, index: 0, path: pathOf(0).map((node) => node.hash) }));
    return { root, file: path('batch.json') };
  };

  test('is rejected while the signer is not registered, or the corpus not published', async () => {
    const { nodes, owner, chain } = world;
    const unknown = await ask();
    assert.deepEqual([unknown.code, unknown.verdict, unknown.detail.replace(/:.*/, '')], [1, 'REJECTED', 'signer unregistered (5)']);
    await nodes.send(owner, 'register', [ACCOUNT, 'https://node.example', '0x'], TERMS.minBond);
    await chain.mineAt(START + 1000);
    assert.match((await ask()).detail, /^corpus epoch \(16\)/, 'which is not published yet');
  });

  test('is verified once its batch is there', async () => {
    const { attribution, owner } = world;
    const corpusId = JSON.parse((await openledger(['attribute', '--corpus', files.corpus, '--answer', files.response, '--json'])).stdout).corpusId;
    await attribution.send(owner, 'publishCorpus', [NAME, corpusId]);
    const { root, file } = batched();
    const early = await ask('--batch', file);
    assert.deepEqual([early.code, early.verdict], [1, 'REJECTED'], 'a batch that is not there');
    assert.match(early.detail, /^not anchored \(48\)/);
    assert.equal((await ask()).code, 5);
    await attribution.send(owner, 'postBatch', [ACCOUNT, root, 2n]);
    const done = await ask('--batch', file);
    assert.deepEqual([done.code, done.verdict, done.block.trust], [0, 'VERIFIED', 'quorum']);
    const rows = await verify({ receipt, evidence: `${receipt}.evidence` }, ...options, '--corpus-name', NAME, '--batch', file);
    assert.match(rows.stdout, /^verdict +VERIFIED\n/);
    assert.match(rows.stdout, /\nchain +block \d+ of 2020-09-\S+, trusted as quorum\n$/);
    const named = await verify({ receipt, evidence: `${receipt}.evidence` }, '--rpc', world.chain.url, '--max-age', 'any', '--corpus-name', NAME, '--batch', file,
      '--registry', attribution.address, '--nodes', world.nodes.address, '--json');
    assert.deepEqual([named.code, JSON.parse(named.stdout).verdict], [0, 'VERIFIED'], 'contracts that no profile names');
    assert.equal((await ask('--batch', file, '--min-epoch', '2')).code, 1);
    const elsewhere = await verify({}, ...options, '--registry', REGISTRY, '--corpus-name', NAME);
    assert.deepEqual([elsewhere.code, elsewhere.stdout], [1, ''], 'a registry that is not there');
    assert.match(elsewhere.stderr, /openledger_getReceiptFacts: /);
    const others = await verify({}, '--rpc', world.chain.url, '--rollup', path('profile.json'), '--max-age', 'any', '--corpus-name', NAME);
    assert.match(others.stdout, /REJECTED\nreason +wrong domain \(9\)/);
    const but = await verify({ receipt: path('chain.influenced'), evidence: path('chain.influenced.evidence'), policy: influenced.policy }, ...options, '--corpus-name', NAME,
      '--batch', path('batch0.json'), '--table', influenced.table);
    assert.equal(but.code, 0, but.stdout + but.stderr);
    assert.match(but.stdout, /^verdict +VERIFIED_EXCEPT_INFLUENCE\n/);
    await attribution.send(owner, 'dispute', [world.made.digest], TERMS.disputeBond);
    const open = await ask('--batch', file);
    assert.deepEqual([open.code, open.verdict], [5, 'PENDING']);
    await attribution.send(owner, 'settle', [world.made.digest, true]);
    assert.match((await ask('--batch', file)).detail, /^disputed \(49\)/);
  });

  test('pays what was earned', async () => {
    const { attribution, owner, chain } = world;
    await attribution.send(owner, 'fund', [world.made.splitRoot, BigInt(world.made.rows.length), zeroAddress, BigInt(world.made.totalAmount)], BigInt(world.made.totalAmount));
    await chain.mineAt(await chain.time() + TERMS.disputeWindow + 1);
    const had = BigInt(await chain.ask('eth_getBalance', SECOND, 'latest'));
    const row = world.made.rows.find((/** @type {any} */ { contributor }) => contributor === SECOND);
    const args = ['receipt', 'claim', '--split', path('chain.split'), '--contributor', SECOND, '--payout', '1', ...options, '--wallet', wallet];
    assert.equal((await unlocked(args, { password: PASSWORD, answer: 'no' })).code, 4);
    const claimed = await unlocked([...args, '--wait', '--json'], { password: PASSWORD, answer: 'yes' });
    assert.equal(claimed.code, 0, claimed.stderr);
    assert.match(claimed.stderr, /\ncall +claim\(/);
    assert.equal(JSON.parse(claimed.stdout).receipt.status, '0x1');
    assert.equal(BigInt(await chain.ask('eth_getBalance', SECOND, 'latest')) - had, BigInt(row.amount));
    const again = await unlocked([...args, '--wait'], { password: PASSWORD, answer: 'yes' });
    assert.equal(again.code, 1);
    assert.match(again.stdout, /it FAILED there/);
  });
});
