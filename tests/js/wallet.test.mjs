// SPDX-License-Identifier: MIT
// A wallet in JavaScript: its secrets, files, contacts, policy and what it signs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { encryptKeystoreJson, Wallet as EthersWallet } from 'ethers';
import { createSiweMessage } from 'viem/siwe';
import { openledger as ol, sdk } from './support.mjs';

const { fromHex, toHex } = sdk;
const utf8 = (/** @type {string} */ text) => new TextEncoder().encode(text);
const textOf = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);
const WORDS = 'test test test test test test test test test test test junk';
const FIRST = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'; // of these words, as of anvil's
const SECOND = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const LIGHT = { passes: 2, memoryKib: 19 << 10 };
const NOW = 1_800_000_000_000;
const closed = { status: 'argument', reason: 'this wallet is closed' };

/** A wallet with one account, and the clock that it has. @param {import('openledger').WalletOptions} [options] */
function walletOf(options) {
  const clock = { now: NOW };
  const wallet = ol.wallet({ idleMs: 0, now: () => clock.now, ...options });
  const from = wallet.addAccount(wallet.addMnemonic(utf8(WORDS)), { label: 'main' });
  return { wallet, from, clock };
}

const pay = { to: SECOND, value: 5n, nonce: 0, gas: 21_000, maxFeePerGas: 10n, maxPriorityFeePerGas: 1n };

/** Whether the bytes are anywhere in the module's memory. @param {Uint8Array} bytes */
const isInMemory = (bytes) => Buffer.from(ol.core.exports.memory.buffer).includes(bytes);

describe('secrets', () => {
  test('a mnemonic gives its accounts, by number or path, and is given back', () => {
    const { wallet, from } = walletOf();
    assert.equal(from, FIRST);
    assert.equal(wallet.addAccount(0, { path: "m/44'/60'/0'/0/1", label: 'zwei ü' }), SECOND);
    assert.deepEqual(wallet.accounts, [
      { address: FIRST, secret: 0, kind: 'mnemonic', path: "m/44'/60'/0'/0/0", label: 'main' },
      { address: SECOND, secret: 0, kind: 'mnemonic', path: "m/44'/60'/0'/0/1", label: 'zwei ü' },
    ]);
    assert.equal(textOf(wallet.revealMnemonic(SECOND)), WORDS);
    assert.equal(toHex(wallet.revealKey(FIRST)), KEY);
    assert.throws(() => wallet.addAccount(0, { path: 1 }), { status: 'argument' });
    assert.throws(() => wallet.addAccount(0, { path: 'm/x' }), { status: 'encoding' });
    assert.throws(() => wallet.addAccount(0, { path: 2 ** 31 }), { status: 'encoding' });
    assert.throws(() => wallet.addAccount(9), { status: 'argument' });
    assert.throws(() => wallet.addAccount(0, { path: 3, label: 'a\u202eb' }), { status: 'encoding' });
    wallet.removeAccount(SECOND);
    assert.throws(() => wallet.revealKey(SECOND), { status: 'argument' });
    wallet.close();
  });

  test('a passphrase gives other accounts, a wrong word its place', () => {
    const { wallet } = walletOf();
    const other = wallet.addAccount(wallet.addMnemonic(utf8(WORDS), { passphrase: utf8('more') }));
    assert.notEqual(other, FIRST);
    assert.throws(() => wallet.addMnemonic(utf8(WORDS.replace('junk', 'jukn'))), { status: 'encoding', item: 11 });
    assert.throws(() => wallet.addMnemonic(utf8(WORDS.replace('junk', 'test'))), { status: 'mismatch' });
    assert.throws(() => wallet.addMnemonic(utf8(WORDS), { language: 'french', words: 'abaisser' }), { status: 'mismatch' });
    assert.throws(() => wallet.addMnemonic(utf8(WORDS), { language: /** @type {any} */ ('klingon') }), { status: 'argument' });
    wallet.close();
  });

  test('a new mnemonic is of fresh entropy, and nothing is made without', () => {
    const { wallet } = walletOf();
    const [one, two] = [wallet.newMnemonic(), wallet.newMnemonic({ count: 24 })].map(textOf);
    assert.equal(one.split(' ').length, 12);
    assert.equal(two.split(' ').length, 24);
    assert.notEqual(one, textOf(wallet.newMnemonic()));
    assert.equal(wallet.addMnemonic(utf8(one)), 1);
    assert.throws(() => wallet.newMnemonic({ count: /** @type {any} */ (13) }), { status: 'argument' });
    wallet.close();
    assert.throws(() => ol.wallet({ entropy: (length) => new Uint8Array(length) }), { status: 'argument', reason: 'entropy is zero' });
    assert.throws(() => ol.wallet({ entropy: () => new Uint8Array(1).fill(1) }), { status: 'argument' });
    assert.throws(() => ol.wallet({ entropy: () => { throw new Error('no generator'); } }), /no generator/);
    let isBroken = false;
    const { wallet: broken, from } = walletOf({ entropy: (length) => new Uint8Array(length).fill(isBroken ? 0 : 7) });
    isBroken = true;
    assert.throws(() => broken.proposeMessage(from, 'a').approve().sign({ hedged: true }), { status: 'argument', reason: 'entropy is zero' });
    broken.close();
    const fixed = ol.wallet({ idleMs: 0, entropy: (length) => new Uint8Array(length).fill(7) });
    assert.equal(textOf(fixed.newMnemonic()), textOf(fixed.newMnemonic()));
    fixed.close();
  });

  test('a private key', () => {
    const wallet = ol.wallet({ idleMs: 0 });
    assert.equal(wallet.addAccount(wallet.addKey(fromHex(KEY))), FIRST);
    assert.deepEqual(wallet.accounts, [{ address: FIRST, secret: 0, kind: 'key', path: '', label: '' }]);
    assert.throws(() => wallet.revealMnemonic(FIRST), { status: 'argument' });
    assert.throws(() => wallet.addKey(new Uint8Array(32)), { status: 'crypto' });
    assert.throws(() => wallet.addKey(new Uint8Array(31)), { status: 'argument' });
    wallet.close();
  });

  test('no secret stays in the memory of the module when a wallet is locked, or closed', async () => {
    const { wallet, from } = walletOf();
    const key = wallet.revealKey(from);
    assert.ok(isInMemory(key), 'an open wallet holds it');
    await wallet.seal(utf8('correct horse battery'), LIGHT);
    await assert.rejects(wallet.seal(utf8('correct horse battery'), { ...LIGHT, signal: AbortSignal.abort() }), { name: 'AbortError' });
    wallet.revealMnemonic(from);
    assert.ok(!isInMemory(utf8('correct horse battery')));
    const used = () => Buffer.from(ol.core.exports.memory.buffer).reduce((sum, byte) => sum + (byte === 0 ? 0 : 1), 0);
    const [before, abort] = [used(), new AbortController()];
    let most = 0;
    await assert.rejects(wallet.seal('a', { signal: abort.signal, onProgress: (done, total) => {
      most = used();
      if (2 * done > total) abort.abort();
    } }), { name: 'AbortError' });
    assert.ok(most > before + (1 << 20), 'memory was full of what is derived');
    assert.ok(used() < before + 4096, 'what was derived so far is erased');
    assert.ok(!isInMemory(utf8(WORDS)));
    wallet.lock();
    assert.ok(!isInMemory(key));
    const again = walletOf().wallet;
    again.close();
    assert.ok(!isInMemory(key));
    wallet.close();
  });
});

describe('files', () => {
  test('a vault keeps everything, and its password opens it, in steps', async () => {
    const { wallet, from } = walletOf();
    wallet.addContact(SECOND, 'Bob');
    wallet.setPolicy({ version: 1, chains: [1612] });
    /** @type {number[]} */
    const steps = [];
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const vault = await wallet.seal(utf8('password'), { ...LIGHT, memoryKib: 64 << 10, onProgress: (done, total) => steps.push(done / total) });
    clearInterval(counting);
    assert.ok(steps.length > 3 && steps.every((step, i) => i === 0 || step >= steps[i - 1]), `${steps}`);
    assert.equal(steps.at(-1), 1);
    assert.ok(turns > 1, 'others had a turn');
    const other = ol.wallet({ idleMs: 0, now: () => NOW });
    await assert.rejects(other.open(vault, utf8('Password')), { status: 'crypto' });
    await assert.rejects(other.open(vault.slice(0, -1), utf8('password')), { status: 'encoding' });
    const damaged = vault.slice();
    damaged[50] ^= 1;
    await assert.rejects(other.open(damaged, utf8('password')), { status: 'mismatch' });
    assert.deepEqual(other.accounts, []);
    await other.open(vault, utf8('password'));
    assert.deepEqual([other.accounts, other.contacts, other.policy], [wallet.accounts, wallet.contacts, wallet.policy]);
    assert.equal(toHex(other.revealKey(from)), KEY);
    await assert.rejects(wallet.seal(''), { status: 'argument' });
    await assert.rejects(wallet.seal('a', { passes: 1 }), { status: 'limit' });
    wallet.close();
    other.close();
  });

  test('an abort ends it between steps, and a wallet that is closed meanwhile is not filled', async () => {
    const { wallet } = walletOf();
    const abort = new AbortController();
    let steps = 0;
    const sealing = wallet.seal('password', { signal: abort.signal, onProgress: () => ++steps === 2 && abort.abort(new Error('enough')) });
    await assert.rejects(sealing, /enough/);
    assert.equal(steps, 2);
    const vault = await wallet.seal('password', LIGHT);
    wallet.close();
    const other = ol.wallet({ idleMs: 0 });
    const opening = other.open(vault, 'password', { onProgress: () => other.close() });
    await assert.rejects(opening, closed);
  });

  test('keystores of ours open elsewhere, and those of ethers here', async () => {
    const { wallet, from } = walletOf();
    const json = await wallet.keystore(from, utf8('päss'));
    const theirs = await EthersWallet.fromEncryptedJson(json, utf8('päss'));
    assert.equal(theirs.address, FIRST);
    assert.equal(/** @type {any} */ (theirs).privateKey, KEY);
    const light = await encryptKeystoreJson({ address: FIRST, privateKey: KEY }, 'secret', { scrypt: { N: 1024, r: 8, p: 1 } });
    const other = ol.wallet({ idleMs: 0 });
    await assert.rejects(other.addKeystore(light, utf8('Secret')), { status: 'crypto' });
    await assert.rejects(other.addKeystore('{}', utf8('secret')), { status: 'encoding' });
    assert.equal(other.addAccount(await other.addKeystore(light, utf8('secret'))), FIRST);
    wallet.close();
    other.close();
  });
});

test('contacts, and who looks like them', () => {
  const { wallet, from } = walletOf();
  wallet.addContact(SECOND, 'Bob');
  wallet.addContact(SECOND, 'Robert');
  assert.deepEqual(wallet.contacts, [{ address: SECOND, since: BigInt(NOW / 1000), label: 'Robert' }]);
  assert.equal(wallet.resembles(SECOND).likeness, 'contact');
  assert.equal(wallet.resembles(from).likeness, 'account');
  const copy = `${SECOND.slice(0, 6).toLowerCase()}${'0'.repeat(32)}${SECOND.slice(-4).toLowerCase()}`;
  assert.deepEqual(wallet.resembles(copy), { likeness: 'copy', of: wallet.contacts[0] });
  assert.deepEqual(wallet.resembles(`0x${'12'.repeat(20)}`), { likeness: 'nobody', of: null });
  assert.throws(() => wallet.addContact(`0x${'00'.repeat(20)}`, 'none'), { status: 'argument' });
  wallet.removeContact(SECOND);
  assert.throws(() => wallet.removeContact(SECOND), { status: 'argument' });
  wallet.close();
});

describe('locking', () => {
  test('an idle wallet erases its secrets by itself, and says so', async () => {
    let locked = 0;
    const wallet = ol.wallet({ idleMs: 40, onLock: () => locked++ });
    const from = wallet.addAccount(wallet.addKey(fromHex(KEY)));
    assert.ok(wallet.isOpen);
    for (let waited = 0; locked === 0 && waited < 5000; waited += 10) await sleep(10);
    assert.equal(locked, 1);
    assert.ok(!isInMemory(fromHex(KEY)));
    assert.throws(() => wallet.revealKey(from), { status: 'argument' });
    assert.equal(wallet.accounts[0].address, from, 'what it holds is still known');
    await sleep(60);
    assert.equal(locked, 1);
    wallet.close();
  });

  test('use keeps it open, asking does not', () => {
    const { wallet, from, clock } = walletOf({ idleMs: 1000 });
    clock.now += 900;
    wallet.revealKey(from);
    clock.now += 900;
    assert.ok(wallet.isOpen && wallet.isOpen);
    clock.now += 200;
    assert.ok(!wallet.isOpen);
    assert.throws(() => wallet.proposeMessage(from, 'a'), { status: 'argument' });
    wallet.close();
  });

  test('nothing is done after close', async () => {
    const { wallet, from } = walletOf();
    const proposal = wallet.proposeMessage(from, 'a').approve();
    wallet.close();
    wallet.close();
    for (const action of [
      () => wallet.accounts, () => wallet.contacts, () => wallet.policy, () => wallet.lock(), () => wallet.revealKey(from),
      () => wallet.newMnemonic(), () => wallet.addKey(fromHex(KEY)), () => wallet.resembles(from), () => wallet.saveBudget(),
      () => wallet.proposeMessage(from, 'a'), () => wallet.proposeTransaction(from, pay), () => proposal.sign(), () => proposal.reject(),
    ]) assert.throws(action, closed, `${action}`);
    for (const action of [wallet.seal('a'), wallet.keystore(from, 'a'), wallet.open(new Uint8Array(200), 'a')]) await assert.rejects(action, closed);
    assert.equal(wallet.isOpen, false);
    const { wallet: disposed } = walletOf();
    disposed[Symbol.dispose]();
    assert.throws(() => disposed.accounts, closed);
  });
});

describe('signing', () => {
  test('a vault knows how new its budget has to be', async () => {
    const { wallet, from } = walletOf();
    wallet.setPolicy({ version: 1, chains: [1612], messages: 'allow' });
    const [older, newer] = ['one', 'two'].map((text) => (wallet.proposeMessage(from, text).sign(), wallet.saveBudget()));
    const vault = await wallet.seal('a', LIGHT);
    const { wallet: later } = walletOf();
    await later.open(vault, 'a');
    assert.throws(() => later.loadBudget(older.bytes), { status: 'stale' });
    later.loadBudget(newer.bytes);
    assert.equal(later.saveBudget().sequence, 2n);
  });

  test('nothing is signed that nobody agreed to, and everything once', () => {
    const { wallet, from, clock } = walletOf();
    const proposal = wallet.proposeTransaction(from, pay);
    assert.deepEqual([proposal.verdict, proposal.intent.kind, proposal.intent.known], ['ask', 'transaction', true]);
    assert.equal(proposal.intent.digest, proposal.digest);
    const { intent } = wallet.proposeTransaction(from, { ...pay, nonce: 2n ** 60n + 1n });
    assert.deepEqual([intent.nonce, intent.chainId], ['1152921504606846977', '1612'], 'no digit is lost in JSON');
    assert.throws(() => proposal.sign(), { status: 'mismatch' });
    assert.match(proposal.approve().sign().raw, /^0x02/);
    assert.throws(() => proposal.sign(), { status: 'argument' });
    const refused = wallet.proposeTransaction(from, pay).approve();
    refused.reject();
    assert.throws(() => refused.sign(), { status: 'argument' });
    const late = wallet.proposeTransaction(from, pay).approve();
    clock.now += 600_000;
    assert.throws(() => late.sign(), { status: 'argument' });
    wallet.close();
  });

  test('the same signature each time, another with fresh entropy, both good', () => {
    const { wallet, from } = walletOf();
    const sign = (/** @type {boolean} */ hedged) => wallet.proposeMessage(from, 'a').approve().sign({ hedged }).bytes;
    assert.equal(sign(false), sign(false));
    const [one, two] = [sign(true), sign(true)];
    assert.notEqual(one, two);
    for (const signature of [one, two]) assert.ok(ol.verifyMessage({ address: from, message: 'a', signature }));
    wallet.close();
  });

  test('a request that is not whole, for another chain or of another account is refused', () => {
    const { wallet, from } = walletOf();
    const { gas, nonce, ...less } = pay;
    assert.throws(() => wallet.proposeTransaction(from, less), { status: 'argument', reason: 'the transaction lacks: nonce, gas' });
    assert.throws(() => wallet.proposeTransaction(from, { ...pay, chainId: 1 }), { status: 'mismatch' });
    assert.throws(() => wallet.proposeTransaction(from, { ...pay, from: SECOND }), { status: 'argument' });
    assert.throws(() => wallet.proposeTransaction(from, { ...pay, gasPrice: 1 }), { status: 'encoding', field: 'gasPrice' });
    assert.throws(() => wallet.proposeTransaction(from, { ...pay, vlaue: 1 }), { status: 'encoding' });
    assert.throws(() => wallet.proposeTransaction(SECOND, pay), { status: 'argument' });
    assert.throws(() => wallet.proposeAuthorization(from, { chainId: 1, address: SECOND, nonce: 0 }), { status: 'mismatch' });
    wallet.close();
  });

  test('typed data is for this chain, and for none of the own accounts', () => {
    const { wallet, from } = walletOf();
    const document = (/** @type {object} */ domain) => ({
      types: { Mail: [{ name: 'text', type: 'string' }] }, primaryType: 'Mail', domain, message: { text: 'Hallo\u202e' },
    });
    const proposal = wallet.proposeTypedData(from, document({ name: 'Post', chainId: 1612n }));
    assert.deepEqual(proposal.document.message, [{ name: 'text', type: 'string', value: 'Hallo\\u{202e}' }]);
    assert.equal(proposal.document.digest, proposal.digest);
    assert.throws(() => wallet.proposeTypedData(from, document({ name: 'Post', chainId: 1 })), { status: 'mismatch' });
    assert.throws(() => wallet.proposeTypedData(from, document({ name: 'Post', verifyingContract: from })), { status: 'mismatch' });
    assert.throws(() => wallet.proposeTypedData(from, '{}'), { status: 'encoding' });
    wallet.close();
  });

  test('a sign-in is for the page that asks', () => {
    const { wallet, from } = walletOf();
    const message = createSiweMessage({ address: /** @type {any} */ (from), chainId: 1612, domain: 'example.com', nonce: 'abcdefgh1', uri: 'https://example.com/in', version: '1', issuedAt: new Date(NOW) });
    assert.equal(wallet.proposeMessage(from, message, { origin: 'https://example.com' }).intent.kind, 'sign-in');
    assert.throws(() => wallet.proposeMessage(from, message, { origin: 'https://example.com.evil.org' }), { status: 'mismatch' });
    assert.throws(() => wallet.proposeMessage(from, message, { origin: 'http://example.com' }), { status: 'mismatch' });
    assert.throws(() => wallet.proposeMessage(from, message, { origin: 'https://example.com', nonce: 'abcdefgh2' }), { status: 'mismatch' });
    assert.throws(() => wallet.proposeMessage(from, message), { status: 'argument' });
    wallet.close();
  });

  test('a policy allows, asks and denies; its budget outlives the wallet', () => {
    const policy = {
      version: 1, chains: [1612], payees: [{ address: SECOND, rule: 'allow' }],
      assets: [{ asset: 'native', transaction: '1000000', day: '450000' }], messages: 'deny',
    };
    const { wallet, from } = walletOf();
    wallet.setPolicy(policy);
    assert.deepEqual(wallet.policy, policy);
    assert.throws(() => wallet.setPolicy({ ...policy, mesages: 'allow' }), { status: 'encoding' });
    assert.deepEqual(wallet.policy, policy);
    const first = wallet.proposeTransaction(from, pay); // costs 210,005
    assert.equal(first.verdict, 'allow');
    first.sign();
    assert.deepEqual([wallet.proposeMessage(from, 'a').verdict, wallet.proposeTransaction(from, { ...pay, to: `0x${'12'.repeat(20)}`, nonce: 1 }).verdict], ['deny', 'ask']);
    assert.throws(() => wallet.proposeMessage(from, 'a').approve(), { status: 'argument' });
    const { bytes, sequence } = wallet.saveBudget();
    assert.equal(sequence, 1n);
    const { wallet: later } = walletOf();
    later.setPolicy(policy);
    later.loadBudget(bytes, 1n);
    assert.throws(() => later.loadBudget(bytes, 2n), { status: 'stale' });
    later.proposeTransaction(from, { ...pay, nonce: 1 }).sign();
    const third = later.proposeTransaction(from, { ...pay, nonce: 2 });
    assert.equal(third.verdict, 'deny');
    assert.match(third.reason, /day/);
    assert.equal(third.intent.effects[/** @type {number} */ (third.effect)].asset, 'native');
    later.setPolicy(null);
    assert.equal(later.policy, null);
    wallet.close();
    later.close();
  });

  test('contracts of the rollup are known, others where they are given, and what is given comes first', () => {
    const [gopen, governor, staking, token] = ['90', '91', '92', '93'].map((byte) => `0x${byte.repeat(20)}`);
    const rollup = { name: 'mine', l2: { chainId: 7 }, l1: { chainId: 1 }, contracts: { gopen, governor, staking: [staking] } };
    const { wallet, from } = walletOf({ rollup, contracts: [
      { chainId: 7, address: token, kind: 'open' }, { chainId: 7, address: staking, kind: 'staking', asset: token }] });
    const intentOf = (/** @type {string} */ to, /** @type {string} */ signature, /** @type {unknown[]} */ values) =>
      wallet.proposeTransaction(from, { ...pay, chainId: 7, to, value: 0n, data: ol.abi.encode(signature, values) }).intent;
    assert.match(intentOf(gopen, 'delegate(address)', [SECOND]).function, /^delegate\(address/);
    assert.match(intentOf(governor, 'castVote(uint256,uint8)', [1n, 1]).function, /^castVote\(/);
    assert.match(intentOf(token, 'burn(uint256)', [1n]).function, /^burn\(/);
    const { effects } = intentOf(staking, 'stake(uint256,address,uint256)', [0n, from, 5n]);
    assert.equal(effects.some((/** @type {any} */ { asset }) => asset.toLowerCase() === token), true, JSON.stringify(effects));
    assert.throws(() => wallet.proposeTransaction(from, { ...pay, chainId: 1612 }), { status: 'mismatch' });
    assert.throws(() => ol.wallet({ rollup: 'moon' }), { status: 'argument' });
    assert.throws(() => ol.wallet({ rollup: { ...rollup, l2: {} } }), { status: 'encoding', part: 'l2' });
    wallet.close();
    const { wallet: elsewhere } = walletOf({ rollup, chainId: 1612 });
    assert.equal(elsewhere.proposeTransaction(from, { ...pay, to: gopen }).intent.to?.kind, undefined);
    elsewhere.close();
  });

  test('calls of contracts that are known are told by name', () => {
    const gopen = `0x${'90'.repeat(20)}`;
    const { wallet, from } = walletOf({ contracts: [{ chainId: 1612, address: gopen, kind: 'gopen' }] });
    const data = ol.abi.encode('delegate(address)', [SECOND]);
    const { intent } = wallet.proposeTransaction(from, { ...pay, to: gopen, value: 0n, data });
    assert.match(intent.function, /^delegate\(address/);
    assert.equal(intent.effects.some((/** @type {any} */ effect) => effect.kind === 'vote' && effect.party === SECOND), true);
    assert.throws(() => ol.wallet({ contracts: [{ chainId: 1, address: gopen, kind: /** @type {any} */ ('moon') }] }), { status: 'argument' });
    wallet.close();
  });
});

test('the ABI, by signatures', () => {
  const call = ol.abi.encode('transfer(address to, uint256 amount)', { to: SECOND, amount: 7n });
  assert.equal(call, `0xa9059cbb${SECOND.slice(2).toLowerCase().padStart(64, '0')}${'7'.padStart(64, '0')}`);
  assert.deepEqual(ol.abi.decode('transfer(address to, uint256 amount)', call), { to: SECOND, amount: '7' });
  assert.deepEqual(ol.abi.decode('f() returns (bool, int8)', `0x${'1'.padStart(64, '0')}${'f'.repeat(64)}`, 'output'), [true, '-1']);
  assert.throws(() => ol.abi.encode('transfer(address', []), { status: 'encoding', part: 'signature' });
  assert.throws(() => ol.abi.encode('f(uint8)', [256]), { status: 'encoding' });
  assert.throws(() => ol.abi.decode('transfer(address,uint256)', '0x00000000'), { status: 'mismatch' });
});

test('a signature of another, or of something else, is not verified', () => {
  const { wallet, from } = walletOf();
  const { bytes: signature } = wallet.proposeMessage(from, utf8('hello')).approve().sign();
  assert.equal(ol.verifyMessage({ address: from.toLowerCase(), message: 'hello', signature: fromHex(signature) }), true);
  assert.equal(ol.verifyMessage({ address: SECOND, message: 'hello', signature }), false);
  assert.equal(ol.verifyMessage({ address: from, message: 'hallo', signature }), false);
  assert.throws(() => ol.verifyMessage({ address: from, message: 'hello', signature: signature.slice(0, -2).concat('05') }), { status: 'encoding' });
  wallet.close();
});
