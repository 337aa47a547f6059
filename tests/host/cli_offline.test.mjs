// SPDX-License-Identifier: MIT
// The command line without the network: recorded proofs, forged ones, and wrong command lines.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CLI, noScript, noVectors, openledger, recorded, run, scratch } from './cli.mjs';

const file = scratch();
const NUMBERS = [26207960, 26207961, 26207963];

/** Wei as the command shows them, worked out anew. */
function amount(wei) {
  const digits = BigInt(wei).toString().padStart(19, '0');
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, '');
}

test('proves every recorded account', { skip: noVectors }, async () => {
  let proven = 0;
  for (const number of NUMBERS) {
    const data = recorded(number);
    const headers = [
      file('header.txt', data.rlp),
      file('header.json', data.block),
      file('envelope.json', { jsonrpc: '2.0', id: 7, result: data.block }),
    ];
    for (const [at, { proof }] of Object.values(data.accounts).entries()) {
      const proofFile = file('proof.json', at % 2 ? proof : { jsonrpc: '2.0', id: 1, result: proof });
      const args = ['verify', 'account', '--header', headers[at % 3], '--proof', proofFile];
      const human = await openledger(args);
      assert.equal(human.code, 0, human.stderr);
      assert.match(human.stdout, /^balance +\S+ OPEN {2}\(\d+ wei\)\n/);
      assert.ok(human.stdout.includes(` ${amount(proof.balance)} OPEN  (${BigInt(proof.balance)} wei)\n`));
      assert.match(human.stdout, /\ntrust +given: nothing anchors the header you brought\n$/);
      assert.doesNotMatch(human.stdout, /\x1b/);
      assert.equal(human.stderr, '');

      const slots = proof.storageProof.flatMap(({ key }) => ['--slot', key]);
      const json = await openledger([...args, '--json', `--address=${proof.address}`, ...slots]);
      assert.equal(json.code, 0, json.stderr);
      assert.match(json.stdout, /^\{.*\}\n$/);
      const { answer } = JSON.parse(json.stdout);
      assert.equal(answer.balance, proof.balance);
      assert.equal(answer.nonce, proof.nonce);
      assert.equal(answer.block.hash, data.hash);
      assert.equal(answer.trust.level, 'given');
      assert.deepEqual(
        answer.slots.map(({ value }) => value),
        proof.storageProof.map(({ value }) => value),
      );
      proven++;
    }
  }
  assert.equal(proven, 18);
});

test('reads one of the files from the standard input', { skip: noVectors }, async () => {
  const data = recorded(NUMBERS[0]);
  const { proof } = data.accounts.Depositor;
  const args = ['verify', 'account', '--header', '-', '--proof', file('proof.json', proof)];
  const outcome = await openledger(args, { input: data.rlp + '\n' });
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.match(outcome.stdout, /\naccount +0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd0001\n/);
});

test('rejects forgeries, and says why', { skip: noVectors }, async () => {
  const data = recorded(NUMBERS[0]);
  const { proof } = data.accounts.L1Block;
  const address = proof.address;
  const flip = (hex) => hex.slice(0, 200) + (hex[200] === '0' ? '1' : '0') + hex.slice(201);
  const change = (edit) => {
    const forged = structuredClone(proof);
    edit(forged);
    return forged;
  };
  const block = { ...data.block };
  const forgeries = [
    // [header, proof, options, status, text]
    [data.rlp, proof, ['--address', '0x4200000000000000000000000000000000000011'], 'mismatch', /another address/],
    [data.rlp, change((p) => (p.accountProof[1] = flip(p.accountProof[1]))), [], 'proof', /accountProof node 1/],
    [data.rlp, change((p) => p.accountProof.pop()), [], 'proof', /accountProof/],
    [data.rlp, change((p) => (p.storageProof[2].proof[1] = flip(p.storageProof[2].proof[0]))), [], 'proof', /./],
    [data.rlp, change((p) => (p.storageProof[0].proof = [])), [], 'proof', /storageProof\[0\]/],
    [data.rlp, change((p) => (p.storageProof[0].value = '0x1')), [], 'mismatch', /storageProof\[0\]/],
    [data.rlp, change((p) => (p.balance = '0x1')), [], 'mismatch', /balance/],
    [data.rlp, change((p) => (p.nonce = '0x1')), [], 'mismatch', /nonce/],
    [data.rlp, change((p) => p.storageProof.pop()), ['--address', address, '--slot', '0', '--slot', '1'], '', /./],
    [{ ...block, stateRoot: block.parentHash }, proof, [], 'mismatch', /hash/],
    [{ ...block, hash: block.parentHash }, proof, [], 'mismatch', /hash/],
    [flip(data.rlp), proof, [], 'proof', /accountProof/],
    [data.rlp.slice(0, -2), proof, [], 'encoding', /header/],
    [data.rlp + '00', proof, [], 'encoding', /header/],
    ['', proof, [], 'encoding', /./],
    [data.rlp, '', [], 'encoding', /./],
    [data.rlp, '[]', [], '', /./],
    [data.rlp, '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no"}}', [], 'remote', /./],
  ];
  for (const [header, forged, options, status, text] of forgeries) {
    const files = ['--header', file('header.txt', header), '--proof', file('proof.json', forged)];
    const outcome = await openledger(['verify', 'account', ...files, ...options, '--json']);
    const label = `${text}: ${outcome.stdout}${outcome.stderr}`;
    assert.equal(outcome.code, 1, label);
    const { error } = JSON.parse(outcome.stdout);
    if (status) assert.equal(error.status, status, label);
    assert.match(error.text, text, label);
    assert.equal(outcome.stderr, `openledger: ${error.text}\n`);
  }
});

test('decodes headers', { skip: noVectors }, async () => {
  for (const number of NUMBERS) {
    const data = recorded(number);
    const json = await openledger(['header', file('header.txt', data.rlp), '--json']);
    assert.equal(json.code, 0, json.stderr);
    const { header, fork, fieldCount } = JSON.parse(json.stdout);
    assert.deepEqual(header, data.block);
    assert.equal(fork, 'holocene');
    assert.equal(fieldCount, 20);
    const human = await openledger(['header', '-'], { input: JSON.stringify(data.block) });
    assert.equal(human.code, 0, human.stderr);
    assert.ok(human.stdout.startsWith(`hash                    ${data.hash}\n`));
    const time = new Date(Number(data.block.timestamp) * 1000).toISOString().replace('.000', '');
    assert.ok(human.stdout.includes(`  (${time})\n`), human.stdout);
    const ethereum = await openledger(['header', '--l1', file('header.txt', data.rlp)]);
    assert.match(ethereum.stdout, /\nfork +cancun, 20 fields\n/);
  }
  const bad = await openledger(['header', file('bad.txt', '0xc0')]);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /^openledger: \S+bad\.txt: header byte \d+: /);
});

const ADDRESS = '0x4200000000000000000000000000000000000015';
const RPC = ['--rpc', 'http://127.0.0.1:1'];
const HASH = '0x' + 'ab'.repeat(32);

/** Wrong command lines, and what must be said of them. */
const wrong = [
  [[], /^command: missing/],
  [['prove'], /^prove: no such command/],
  [['--verbose'], /^--verbose: no such option/],
  [['help', 'prove'], /^prove: no such command/],
  [['account'], /^ADDRESS: missing/],
  [['account', ADDRESS], /^--rpc: at least one endpoint/],
  [['account', ADDRESS, '--rpc'], /^--rpc: a value is missing/],
  [['account', ADDRESS, '--rpc='], /^--rpc: a value is missing/],
  [['account', '0x42', ...RPC], /^0x42: /],
  [['account', ADDRESS.slice(2), ...RPC], /^42000000/],
  [['account', '0xDeaDDEaDDeAdDeAdDEAdDEaddeAddEAdDEAd000A', ...RPC], /^0xDeaD\S+: .*/],
  [['account', ADDRESS, ADDRESS, ...RPC], /one argument too many/],
  [['account', ADDRESS, ...RPC, '--verbose'], /^--verbose: no such option/],
  [['account', ADDRESS, ...RPC, '-v'], /^-v: no such option/],
  [['account', ADDRESS, ...RPC, '--proof', 'x'], /^--proof: no such option/],
  [['account', ADDRESS, ...RPC, ...RPC], /^http:\/\/127\.0\.0\.1:1: the same endpoint twice/],
  [['account', ADDRESS, ...RPC, '--rpc', 'HTTP://127.0.0.1:1/'], /the same endpoint twice/],
  [['account', ADDRESS, '--rpc', 'example.org'], /^example\.org: .*https:\/\//],
  [['account', ADDRESS, '--rpc', 'ftp://example.org'], /^ftp:\/\/example\.org: .*https:\/\//],
  [['account', ADDRESS, '--rpc', 'https://me:secret@example.org'], /a user or password/],
  [['account', ADDRESS, ...Array.from({ length: 17 }, (_, i) => `--rpc=https://${i}.example`)], /^--rpc: too many/],
  [['account', ADDRESS, ...RPC, '--quorum', '0'], /^--quorum: /],
  [['account', ADDRESS, ...RPC, '--quorum', '2'], /^--quorum: more than there are endpoints/],
  [['account', ADDRESS, ...RPC, '--quorum', 'most'], /^--quorum: not a number/],
  [['account', ADDRESS, ...RPC, '--quorum', '1', '--quorum', '1'], /^--quorum: given twice/],
  [['account', ADDRESS, ...RPC, '--block', 'newest'], /^--block: not latest, safe/],
  [['account', ADDRESS, ...RPC, '--block', '-1'], /^--block: not latest, safe/],
  [['account', ADDRESS, ...RPC, '--block', HASH.slice(0, -1)], /^--block: not latest, safe/],
  [['account', ADDRESS, ...RPC, '--block', '18446744073709551616'], /^--block: not latest, safe/],
  [['account', ADDRESS, ...RPC, '--slot', 'balance'], /^--slot: not a number below 2\^256/],
  [['account', ADDRESS, ...RPC, '--slot', (2n ** 256n).toString()], /^--slot: not a number below 2\^256/],
  [['account', ADDRESS, ...RPC, '--slot', '1', '--slot', '0x1'], /^--slot: the same slot twice/],
  [['account', ADDRESS, ...RPC, ...Array.from({ length: 33 }, (_, i) => `--slot=${i}`)], /^--slot: too many/],
  [['account', ADDRESS, ...RPC, '--max-age', 'old'], /^--max-age: not a number of seconds/],
  [['account', ADDRESS, ...RPC, '--max-age', '4294967295'], /^--max-age: not a number of seconds/],
  [['account', ADDRESS, ...RPC, '--chain-id', 'mainnet'], /^--chain-id: not a chain id/],
  [['account', ADDRESS, ...RPC, '--timeout', '0'], /^--timeout: not a number of seconds from 1/],
  [['account', ADDRESS, ...RPC, '--timeout', '601'], /^--timeout: /],
  [['account', ADDRESS, ...RPC, '--code=yes'], /^--code: takes no value/],
  [['account', ADDRESS, ...RPC, '--ca-file', '/nowhere/ca.pem'], /^--ca-file: .*cannot be read/],
  [['verify'], /^verify: what to verify must be "account", "sync", "envelope", "bundle", "message" or "typed-data"/],
  [['verify', 'balance'], /^balance: what to verify must be "account"/],
  [['verify', 'account', '--insist'], /^--insist: no such option/],
  [['verify', '--slot', '1', 'sync'], /^--slot: no such option/],
  [['verify', 'sync'], /^--checkpoint: missing/],
  [['verify', 'sync', '--checkpoint', '0x12'], /^--checkpoint: not a block root/],
  [['verify', 'sync', '--checkpoint', HASH], /^--bootstrap: missing/],
  [['verify', 'sync', '--checkpoint', HASH, '--bootstrap', '-', '--updates', '-'], /^-: the standard input cannot be two/],
  [['verify', 'sync', '--checkpoint', HASH, '--bootstrap', '/nowhere/b'], /^--bootstrap \/nowhere\/b: there is no such file/],
  [['verify', 'sync', '--checkpoint', HASH, '--bootstrap', '/dev/null', '--network', 'goerli'], /^--network goerli: there is no such file/],
  [['verify', 'envelope'], /^FILE: missing/],
  [['verify', 'envelope', 'e'], /^--signer: missing/],
  [['verify', 'envelope', 'e', 'f'], /^f: one argument too many/],
  [['verify', 'account', 'e'], /^e: one argument too many/],
  [['verify', 'envelope', 'e', '--signer', 'me'], /^--signer: /],
  [['verify', 'envelope', 'e', '--signer', ADDRESS, '--chain-id', '0'], /^--chain-id: a signature is for one chain/],
  [['verify', 'envelope', 'e', '--signer', ADDRESS, '--version', '5'], /^--version: not a version from 1 to 4/],
  [['verify', 'envelope', 'e', '--signer', ADDRESS, '--insist'], /^--insist: no such option/],
  [['verify', 'account', '--plain'], /^--plain: no such option/],
  [['verify', 'envelope', '/nowhere/e', '--signer', ADDRESS], /^\/nowhere\/e: there is no such file/],
  [['verify', 'account'], /^--header: missing/],
  [['verify', 'account', '--header', 'h'], /^--proof: missing/],
  [['verify', 'account', '--header', '-', '--proof', '-'], /^-: the standard input cannot be both/],
  [['verify', 'account', '--header', '/nowhere/h', '--proof', '-'], /^--header \/nowhere\/h: there is no such file/],
  [['verify', 'account', '--header', '/tmp', '--proof', '-'], /^--header \/tmp: it is a directory/],
  [['verify', 'account', '--header', 'h', '--proof', 'p', '--slot', '1'], /^--slot: needs --address/],
  [['verify', 'account', '--header', 'h', '--proof', 'p', '--address', 'me'], /^--address: /],
  [['header'], /^FILE: missing/],
  [['header', '/nowhere/h'], /^\/nowhere\/h: there is no such file/],
];

for (const [args, text] of wrong) {
  test(`refuses: openledger ${args.slice(0, 6).join(' ')}`, async () => {
    const plain = await openledger(args);
    assert.equal(plain.code, 2, plain.stderr);
    assert.equal(plain.stdout, '');
    assert.ok(plain.stderr.startsWith('openledger: '));
    assert.match(plain.stderr.slice('openledger: '.length), text);
    assert.match(plain.stderr, /\nTry 'openledger (--help|help \w+)'\.\n$/);
    if (args.length === 0 || args[0] === 'help') return;
    const json = await openledger([...args.slice(0, 1), '--json', ...args.slice(1)]);
    assert.equal(json.code, 2, json.stderr);
    const { error } = JSON.parse(json.stdout);
    assert.equal(error.status, 'argument');
    assert.match(error.text, text);
  });
}

test('escapes what the user typed', async () => {
  const json = await openledger(['account', 'a"\\\n\x1b\xe4', '--json', ...RPC]);
  assert.equal(json.code, 2);
  assert.ok(JSON.parse(json.stdout).error.text.startsWith('a"\\\n\x1b'), json.stdout);
  assert.ok(!json.stderr.includes('\x1b'));
});

test('helps', async () => {
  const overview = await openledger(['--help']);
  assert.equal(overview.code, 0);
  assert.match(overview.stdout, /Exit codes: 0 verified; 1 refused/);
  assert.equal((await openledger(['help'])).stdout, overview.stdout);
  for (const command of ['account', 'verify', 'header']) {
    const help = await openledger(['help', command]);
    assert.equal(help.code, 0);
    assert.ok(help.stdout.startsWith(`openledger ${command} `));
    assert.match(help.stdout, /Exit codes: 0/);
    assert.equal((await openledger([command, '--help'])).stdout, help.stdout);
    assert.ok(help.stdout.split('\n').every((line) => line.length <= 110));
  }
  const source = readFileSync(new URL('../../sdk/src/base/base.c', import.meta.url), 'utf8');
  const version = /#define OL_VERSION "(.*)"/.exec(source)[1];
  assert.equal((await openledger(['--version'])).stdout, `openledger ${version}\n`);
});

test('reports output that cannot be written', async () => {
  const outcome = await run('sh', ['-c', '"$0" --version >/dev/full', CLI]);
  assert.equal(outcome.code, 2);
  assert.match(outcome.stderr, /standard output/);
});

test('has colours on a terminal alone', { skip: noVectors || noScript }, async () => {
  const data = recorded(NUMBERS[0]);
  const files = [file('header.txt', data.rlp), file('proof.json', data.accounts.L1FeeVault.proof)];
  const line = `'${CLI}' verify account --header '${files[0]}' --proof '${files[1]}'`;
  const onTerminal = (env) => run('script', ['-qec', line, '/dev/null'], { env: { TERM: 'xterm', ...env } });
  assert.match((await onTerminal({ NO_COLOR: '' })).stdout, /\x1b\[1m2\.2/);
  assert.doesNotMatch((await onTerminal({ NO_COLOR: '1' })).stdout, /\x1b/);
  assert.doesNotMatch((await onTerminal({ NO_COLOR: '', TERM: 'dumb' })).stdout, /\x1b/);
});
