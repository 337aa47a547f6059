// SPDX-License-Identifier: MIT
// openledger wallet, sign, sign-typed and verify, without a terminal; viem and ethers say what is right.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { Wallet } from 'ethers';
import { hashTypedData, recoverMessageAddress, recoverTypedDataAddress, serializeCompactSignature, parseSignature } from 'viem';
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { openledger } from './cli.mjs';
import { ACCOUNT, KEY, makeWallet, MNEMONIC, PASSWORD, SECOND, unlocked, walletFolder } from './wallets.mjs';

const path = walletFolder();
const FRIEND = '0x00000000000000000000000000000000000f00d5';
const TYPED = {
  domain: { name: 'Ether Mail', version: '1', chainId: 1612, verifyingContract: '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC' },
  types: {
    EIP712Domain: [{ name: 'name', type: 'string' }, { name: 'version', type: 'string' }, { name: 'chainId', type: 'uint256' }, { name: 'verifyingContract', type: 'address' }],
    Person: [{ name: 'name', type: 'string' }, { name: 'wallets', type: 'address[]' }],
    Mail: [{ name: 'from', type: 'Person' }, { name: 'contents', type: 'string' }],
  },
  primaryType: 'Mail',
  message: { from: { name: 'Cow', wallets: ['0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826'] }, contents: 'Hello,\u202e Bob!' },
};

/** @type {string} */
let shared;
before(async () => {
  shared = await makeWallet(path('shared'), '--label', 'main');
});

const open = (/** @type {string} */ file, /** @type {string[]} */ args, given = {}) =>
  unlocked([...args, '--wallet', file], { password: PASSWORD, ...given });
const listed = async (/** @type {string} */ file, password = PASSWORD) =>
  JSON.parse((await unlocked(['wallet', 'list', '--json', '--wallet', file], { password })).stdout);

test('a new wallet in each language', async () => {
  const languages = ['english', 'chinese_simplified', 'chinese_traditional', 'czech', 'french', 'italian', 'japanese', 'korean', 'portuguese', 'russian', 'spanish', 'turkish'];
  const folder = join(import.meta.dirname, '../../sdk/words');
  for (const [at, language] of languages.entries()) {
    const count = [12, 15, 18, 21, 24][at % 5];
    const file = path(language);
    const place = at % 2 ? ['--words-dir', folder] : []; // else beside the program
    const made = await open(file, ['wallet', 'new', '--json', '--words', String(count), '--language', language, ...place], { words: true });
    assert.equal(made.code, 0, made.stderr);
    const words = made.words.trim();
    assert.equal(words.split(/[ \u3000]/).length, count);
    const { account } = JSON.parse(made.stdout);
    assert.equal(account.address, mnemonicToAccount(words.normalize('NFKD')).address);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!readFileSync(file).includes(Buffer.from(words.split(/[ \u3000]/)[0])));

    const again = path(`${language}-again`);
    const found = await unlocked(['wallet', 'import', '--json', '--wallet', again, '--words-dir', folder, ...(language.startsWith('chinese') ? ['--language', language] : [])], { password: PASSWORD, secret: words });
    assert.equal(found.code, 0, found.stderr);
    assert.equal(JSON.parse(found.stdout).account.address, account.address);
    const shown = await open(again, ['wallet', 'export', '--reveal', 'mnemonic', '--words-dir', folder], { answer: 'yes', words: true });
    assert.equal(shown.words.trim(), words);
  }
  const twice = await open(path('english'), ['wallet', 'new'], { words: true });
  assert.equal(twice.code, 2);
  assert.match(twice.stderr, /there is a wallet already/);
});

test('mnemonics with a path and a passphrase, private keys, and accounts', async () => {
  const file = path('several');
  const first = await open(file, ['wallet', 'import', '--json', '--passphrase', '--path', "m/44'/60'/0'/0/7", '--label', 'with "words"'], { secret: `${MNEMONIC}\nTREZOR` });
  assert.equal(first.code, 0, first.stderr);
  assert.equal(JSON.parse(first.stdout).account.address, mnemonicToAccount(MNEMONIC, { passphrase: 'TREZOR', addressIndex: 7 }).address);
  const key = `0x${'11'.repeat(32)}`;
  const second = await open(file, ['wallet', 'import', '--json', '--label', 'key'], { secret: key });
  assert.equal(JSON.parse(second.stdout).account.address, privateKeyToAccount(/** @type {any} */ (key)).address);
  const third = await open(file, ['wallet', 'account', '--json']);
  assert.equal(JSON.parse(third.stdout).account.path, "m/44'/60'/0'/0/1");
  const { accounts, policy } = await listed(file);
  assert.deepEqual(accounts.map((/** @type {any} */ { kind, label, secret }) => [kind, label, secret]), [['mnemonic', 'with "words"', 0], ['key', 'key', 1], ['mnemonic', '', 0]]);
  assert.equal(policy, false);
  const none = await open(file, ['wallet', 'account', '--from', 'key']);
  assert.match(none.stderr, /is a private key, which has no further accounts/);
  const wrong = await open(path('wrong'), ['wallet', 'import'], { secret: MNEMONIC.replace('junk', 'test') });
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /^openledger: mnemonic \(in English; no other list has it\): .*checksum/m);
  assert.ok(!existsSync(path('wrong')));
});

test('keystores, in and out', async () => {
  const written = path('keystore.json');
  writeFileSync(written, Wallet.fromPhrase(MNEMONIC).encryptSync('from ethers', undefined));
  const file = path('of-keystore');
  const wrong = await open(file, ['wallet', 'import', '--keystore', written], { secret: 'from others' });
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /keystore\.json: the password is wrong/);
  const taken = await open(file, ['wallet', 'import', '--json', '--keystore', written], { secret: 'from ethers' });
  assert.equal(taken.code, 0, taken.stderr);
  assert.deepEqual([JSON.parse(taken.stdout).account.address, JSON.parse(taken.stdout).account.kind], [ACCOUNT, 'mnemonic'], 'ethers puts the mnemonic beside the key');

  const out = path('export.json');
  const given = await open(file, ['wallet', 'export', '--out', out], { password: `${PASSWORD}\nfor others` });
  assert.equal(given.code, 0, given.stderr);
  assert.equal(Wallet.fromEncryptedJsonSync(readFileSync(out, 'utf8'), 'for others').privateKey, KEY);
  assert.equal(statSync(out).mode & 0o777, 0o600);
  const key = await open(file, ['wallet', 'export', '--reveal', 'key'], { answer: 'yes', words: true });
  assert.deepEqual([key.words, key.stdout], [`${KEY}\n`, '']);
  const refused = await open(file, ['wallet', 'export', '--reveal', 'key'], { answer: 'no', words: true });
  assert.deepEqual([refused.code, refused.words], [4, '']);
});

test('a wrong password and a damaged file are told apart', async () => {
  const wrong = await open(shared, ['wallet', 'list'], { password: 'wrong horse' });
  assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
  assert.match(wrong.stderr, /the password is wrong/);
  const damaged = path('damaged');
  const bytes = readFileSync(shared);
  bytes[60] ^= 1;
  writeFileSync(damaged, bytes);
  const broken = await open(damaged, ['wallet', 'list']);
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /damaged/);
  assert.doesNotMatch(broken.stderr, /password/);
});

test('another password', async () => {
  const file = await makeWallet(path('passwd'));
  const changed = await open(file, ['wallet', 'passwd'], { password: `${PASSWORD}\nbattery staple` });
  assert.equal(changed.code, 0, changed.stderr);
  assert.equal((await open(file, ['wallet', 'list'])).code, 1);
  assert.equal((await listed(file, 'battery staple')).accounts[0].address, ACCOUNT);
});

test('a state directory and the environment name a wallet', async () => {
  const state = `${path('state')}/`;
  const made = await unlocked(['wallet', 'import', '--state', state], { password: PASSWORD, secret: KEY });
  assert.equal(made.code, 0, made.stderr);
  assert.ok(existsSync(`${state}wallet`));
  const byName = await unlocked(['wallet', 'list', '--json'], { password: PASSWORD, env: { OPENLEDGER_WALLET: `${state}wallet` } });
  assert.equal(JSON.parse(byName.stdout).accounts[0].address, ACCOUNT);
});

test('secrets are no arguments', async () => {
  for (const args of [
    ['wallet', 'import', KEY], ['wallet', 'import', KEY.slice(2)], ['wallet', 'import', MNEMONIC], ['wallet', 'import', ...MNEMONIC.split(' ')],
    ['wallet', 'import', '--label', MNEMONIC], ['wallet', 'import', `--label=${KEY}`], ['wallet', 'import', `--key=${KEY}`],
    ['wallet', 'list', `--password=${PASSWORD}`], ['wallet', 'list', '--password', PASSWORD], ['sign', MNEMONIC], ['send', `--mnemonic=${MNEMONIC}`],
  ]) {
    const outcome = await openledger([...args, '--wallet', path('never')]);
    assert.equal(outcome.code, 2);
    assert.match(outcome.stderr, /is never an argument, where others can read it/, args.join(' '));
    for (const secret of [KEY.slice(2), 'junk', PASSWORD]) assert.ok(!(outcome.stdout + outcome.stderr).includes(secret), args.join(' '));
  }
  assert.ok(!existsSync(path('never')));
});

test('messages', async () => {
  for (const message of ['hello', '', 'ünï\n"code"', 'a'.repeat(136)]) {
    const args = message === '' ? ['sign', '-'] : ['sign', message];
    const signed = await open(shared, args, { answer: 'yes' });
    assert.equal(signed.code, 0, signed.stderr);
    const signature = /** @type {any} */ (signed.stdout.trim());
    assert.match(signature, /^0x[0-9a-f]{130}$/);
    assert.equal(await recoverMessageAddress({ message, signature }), ACCOUNT);
    assert.equal(signature, await privateKeyToAccount(KEY).signMessage({ message }), 'as every wallet computes it (RFC 6979)');
    if (message === '') continue;
    const good = await openledger(['verify', 'message', signature, message, '--address', ACCOUNT]);
    assert.equal(good.code, 0, good.stderr);
    assert.equal((await openledger(['verify', 'message', signature, message, '--address', SECOND])).code, 1);
    const other = JSON.parse((await openledger(['verify', 'message', signature, `${message}!`, '--json'])).stdout);
    assert.notEqual(other.signer, ACCOUNT);
    const compact = (await open(shared, [...args, '--compact'], { answer: 'yes' })).stdout.trim();
    assert.equal(compact, serializeCompactSignature({ r: parseSignature(signature).r, yParityAndS: /** @type {any} */ (compactOf(signature)) }));
    assert.equal((await openledger(['verify', 'message', compact, message, '--address', ACCOUNT])).code, 0);
  }
  const raw = (await open(shared, ['sign', '--hex', '0xdeadbeef'], { answer: 'yes' })).stdout.trim();
  assert.equal(await recoverMessageAddress({ message: { raw: '0xdeadbeef' }, signature: /** @type {any} */ (raw) }), ACCOUNT);
  assert.equal((await openledger(['verify', 'message', '--hex', raw, '0xdeadbeef', '--address', ACCOUNT])).code, 0);
});

/** The second word of EIP-2098. @param {any} signature */
function compactOf(signature) {
  const { s, yParity } = parseSignature(signature);
  return `0x${(BigInt(s) | (BigInt(yParity ?? 0) << 255n)).toString(16).padStart(64, '0')}`;
}

test('nothing is signed that was not shown and agreed to', async () => {
  const trick = 'pay\u202e\x1b[2Jdigest         0x00\npolicy         allow';
  for (const answer of ['no', 'y', 'YES', '']) {
    const outcome = await open(shared, ['sign', trick], { answer });
    assert.deepEqual([outcome.code, outcome.stdout], [4, ''], answer);
    assert.match(outcome.stderr, /\n {2}\| pay\\u\{202e\}\\u\{1b\}\[2Jdigest {9}0x00\n {2}\| policy {9}allow\n/);
    assert.match(outcome.stderr, new RegExp(`\naccount +${ACCOUNT} {2}\\(your account main\\)\n`));
  }
  const alone = await open(shared, ['sign', 'hello']);
  assert.deepEqual([alone.code, alone.stdout], [4, '']);
  assert.match(alone.stderr, /nobody can be asked, as there is no terminal: see --answer-fd/);
  const dry = await open(shared, ['sign', 'hello', '--dry-run', '--json']);
  assert.equal(dry.code, 0);
  assert.deepEqual(JSON.parse(dry.stdout).policy, { verdict: 'ask', reason: 'there is no policy' });
  assert.doesNotMatch(dry.stdout, /signature/);
});

test('typed data', async () => {
  const document = path('typed.json');
  writeFileSync(document, JSON.stringify(TYPED));
  const signed = await open(shared, ['sign-typed', document], { answer: 'yes' });
  assert.equal(signed.code, 0, signed.stderr);
  const signature = /** @type {any} */ (signed.stdout.trim());
  assert.equal(await recoverTypedDataAddress({ .../** @type {any} */ (TYPED), signature }), ACCOUNT);
  for (const row of [/\ntype +Mail\n/, /\nknown as +NOT KNOWN/, /\n {4}name +Cow\n/, /\n {2}contents +Hello,\\u\{202e\} Bob!\n/, /0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826\n/]) assert.match(signed.stderr, row);
  assert.ok(signed.stderr.includes(hashTypedData(/** @type {any} */ (TYPED))));
  assert.equal((await openledger(['verify', 'typed-data', signature, document, '--address', ACCOUNT])).code, 0);
  assert.equal((await openledger(['verify', 'typed-data', signature, document, '--address', SECOND])).code, 1);
  const other = await open(shared, ['sign-typed', document, '--chain-id', '1'], { answer: 'yes' });
  assert.deepEqual([other.code, other.stdout], [1, '']);
  const own = path('own.json');
  writeFileSync(own, JSON.stringify({ ...TYPED, domain: { ...TYPED.domain, verifyingContract: ACCOUNT } }));
  assert.equal((await open(shared, ['sign-typed', own], { answer: 'yes' })).code, 1, 'for one of the own accounts');
});

test('a policy denies, and counts across commands', async () => {
  const file = await makeWallet(path('policy'));
  const rules = path('policy.json');
  writeFileSync(rules, JSON.stringify({ version: 1, chains: [1612], messages: 'allow', unknownTypes: 'deny', rate: { hour: 2 } }));
  assert.equal((await open(file, ['wallet', 'policy', rules])).code, 0);
  assert.equal((await listed(file)).policy, true);
  const document = path('denied.json');
  writeFileSync(document, JSON.stringify(TYPED));
  const denied = await open(file, ['sign-typed', document], { answer: 'yes' });
  assert.deepEqual([denied.code, denied.stdout], [1, '']);
  assert.match(denied.stderr, /openledger: policy: /);
  for (let i = 0; i < 2; i++) assert.equal((await open(file, ['sign', `message ${i}`], { answer: 'yes' })).code, 0);
  assert.equal((await open(file, ['wallet', 'policy', rules])).code, 0, 'which forgets nothing that was signed');
  const third = await open(file, ['sign', 'message 2'], { answer: 'yes' });
  assert.deepEqual([third.code, third.stdout], [1, ''], third.stderr);

  copyFileSync(`${file}.budget`, path('kept'));
  unlinkSync(`${file}.budget`);
  const gone = await open(file, ['sign', 'message 3'], { answer: 'yes' });
  assert.equal(gone.code, 2);
  assert.match(gone.stderr, /\.budget beside it is gone/);
  writeFileSync(`${file}.budget`, readFileSync(path('kept')).fill(7, 20, 24));
  const damaged = await open(file, ['sign', 'message 4'], { answer: 'yes' });
  assert.deepEqual([damaged.code, damaged.stdout], [1, ''], damaged.stderr);
  copyFileSync(path('kept'), `${file}.budget`);
  assert.equal((await open(file, ['wallet', 'policy', '--remove'])).code, 0);
  assert.equal((await listed(file)).policy, false);
});

test('a budget that is put back is noticed', async () => {
  const file = await makeWallet(path('rolled'));
  const rules = path('rolled.json');
  writeFileSync(rules, JSON.stringify({ version: 1, chains: [1612], messages: 'allow', rate: { day: 2 } }));
  assert.equal((await open(file, ['wallet', 'policy', rules])).code, 0);
  const sign = (/** @type {string} */ text) => open(file, ['sign', text], { answer: 'yes' });
  assert.equal((await sign('one')).code, 0);
  copyFileSync(`${file}.budget`, path('older'));
  assert.equal((await sign('two')).code, 0);
  assert.match((await sign('three')).stderr, /openledger: policy: .*day/);

  copyFileSync(path('older'), `${file}.budget`);
  for (const stale of [await sign('three'), await open(file, ['wallet', 'list']), await open(file, ['wallet', 'policy', rules])]) {
    assert.deepEqual([stale.code, stale.stdout], [1, '']);
    assert.match(stale.stderr, /\.budget beside the wallet is older than what the wallet has signed: .*`wallet policy`/);
  }
  unlinkSync(`${file}.budget`);
  assert.equal((await open(file, ['wallet', 'policy', rules])).code, 0, 'the owner may begin anew');
  assert.equal((await sign('three')).code, 0);
  copyFileSync(path('older'), `${file}.budget`);
  assert.equal((await sign('four')).code, 1, 'and the old one stays old');
});

test('a word list that is not the language\'s is none', async () => {
  writeFileSync(path('french.txt'), readFileSync(join(import.meta.dirname, '../../sdk/words/italian.txt')));
  for (const [language, text] of /** @type {[string, RegExp][]} */ ([['french', /^openledger: french: /m], ['czech', /^openledger: czech: the word list is not beside the program: see --words-dir/m]])) {
    const made = await open(path(`no-${language}`), ['wallet', 'new', '--language', language, '--words-dir', path('.')], { words: true });
    assert.deepEqual([made.code === 0, made.words], [false, '']);
    assert.match(made.stderr, text);
  }
});

test('contacts', async () => {
  const file = await makeWallet(path('contacts'));
  assert.equal((await open(file, ['wallet', 'contact', FRIEND, 'food'])).code, 0);
  assert.deepEqual((await listed(file)).contacts.map((/** @type {any} */ { label }) => label), ['food']);
  assert.equal((await open(file, ['wallet', 'contact', FRIEND, 'two\nlines'])).code, 1);
  assert.equal((await open(file, ['wallet', 'contact', FRIEND, '--remove'])).code, 0);
  assert.deepEqual((await listed(file)).contacts, []);
});

test('one command at a time has a wallet', async () => {
  /** @type {(answer: string) => void} */
  let say = () => {};
  const first = open(shared, ['sign', 'slow'], { answer: new Promise((done) => (say = done)) });
  let second;
  for (let tries = 0; tries < 50 && second?.code !== 2; tries++) second = await open(shared, ['sign', 'fast'], { answer: 'yes' }); // until the first has it
  say('yes');
  assert.equal(second?.code, 2);
  assert.match(String(second?.stderr), /another command has this wallet now/);
  assert.equal((await first).code, 0);
});

test('wrong command lines', async () => {
  const cases = /** @type {[string[], RegExp][]} */ ([
    [['wallet'], /^openledger: wallet: the command must be new, import, list/],
    [['wallet', 'make'], /^openledger: make: the command must be/],
    [['wallet', 'list'], /^openledger: --wallet: missing: a file, or \$OPENLEDGER_WALLET/],
    [['wallet', 'list', '--wallet', path('nowhere')], /there is no wallet: see `wallet new`/],
    [['wallet', 'new', '--words', '13', '--wallet', path('x')], /^openledger: --words: not 12, 15, 18, 21 or 24/],
    [['wallet', 'new', '--language', 'latin', '--wallet', path('x')], /^openledger: --language: not a language/],
    [['wallet', 'list', '--words', '12', '--wallet', shared], /^openledger: --words: no such option/],
    [['wallet', 'list', '--password-fd', '99', '--wallet', shared], /^openledger: --password-fd: not the number of a file descriptor that is open/],
    [['wallet', 'import', '--path', '44/60', '--wallet', path('x')], /^openledger: --path: not a path such as/],
    [['wallet', 'contact', FRIEND, '--wallet', shared], /^openledger: LABEL: missing/],
    [['sign'], /^openledger: TEXT: missing/],
    [['verify', 'message', '0x12', 'text'], /^openledger: signature: |^openledger: SIGNATURE: not 0x/],
    [['verify', 'message', 'zz', 'text'], /^openledger: SIGNATURE: not 0x and the hex digits of 64 or 65 bytes/],
    [['send', FRIEND], /^openledger: AMOUNT: missing/],
    [['send', FRIEND, '1'], /^openledger: --rpc: at least one endpoint is needed/],
    [['send', '0x12', '1', '--rpc', 'http://127.0.0.1:1'], /^openledger: 0x12: /],
    [['vote', '1', 'maybe'], /^openledger: maybe: not for, against or abstain/],
    [['delegate', 'me'], /^openledger: me: /],
    [['unstake', 'x'], /^openledger: x: not a number/],
    [['positions'], /^openledger: ACCOUNT: missing/],
  ]);
  for (const [args, text] of cases) {
    const outcome = await openledger(args, { env: { OPENLEDGER_WALLET: '' } });
    assert.ok(outcome.code === 2 || (outcome.code === 1 && args[0] === 'verify'), `${args.join(' ')}: ${outcome.stderr}`);
    assert.match(outcome.stderr, text, args.join(' '));
  }
  for (const command of ['wallet', 'send', 'sign', 'sign-typed', 'vote', 'delegate', 'stake', 'unstake', 'governance', 'positions']) {
    const { code, stdout } = await openledger(['help', command]);
    assert.equal(code, 0);
    assert.ok(stdout.startsWith(`openledger ${command}`));
    for (const line of stdout.split('\n')) assert.ok(line.length <= 116, line);
  }
});
