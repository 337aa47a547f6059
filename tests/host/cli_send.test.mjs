// SPDX-License-Identifier: MIT
// openledger send on a live chain: proven nonces and fees, what is kept before it is sent, replacing and cancelling.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { parseEther, parseTransaction, recoverTransactionAddress } from 'viem';
import { noAnvil, startAnvil } from '../devnet/rollup/anvil.mjs';
import { openledger as ol } from '../js/support.mjs';
import { ACCOUNT, makeWallet, PASSWORD, SECOND, unlocked, walletFolder } from './wallets.mjs';

const FRIEND = '0x00000000000000000000000000000000000F00D5';
const COPY = '0x0000111111111111111111111111111111110000'.replace(/0000$/, '00d5');
const CONTRACT = '0x00000000000000000000000000000000000c0de5';
const path = walletFolder();

describe('on a live chain', { skip: noAnvil }, () => {
  /** @type {any} */
  let chain;
  before(async () => {
    chain = await startAnvil(['--chain-id', '1612', '--network', 'optimism']);
    await chain.ask('anvil_setCode', CONTRACT, '0x60005460005260206000f3');
    await chain.ask('eth_sendTransaction', { from: SECOND, to: SECOND });
    await chain.ask('anvil_mine', '0x60');
  });
  after(() => chain?.close());

  /** @param {string} wallet @param {string[]} args @param {{ answer?: string, rpc?: string }} [given] */
  const send = (wallet, args, { answer = 'yes', rpc = chain.url } = {}) =>
    unlocked(['send', ...args, '--wallet', wallet, '--rpc', rpc], { password: PASSWORD, answer });
  const balance = async (/** @type {string} */ of) => BigInt(await chain.ask('eth_getBalance', of, 'latest'));
  const outbox = (/** @type {string} */ wallet) => `${wallet}.outbox-1612-${ACCOUNT.toLowerCase()}`;

  /**
   * The same endpoint, but that `act` answers a method, or fails.
   * @param {string} method @param {(params: any[]) => any} act
   */
  async function between(method, act) {
    const answer = async (/** @type {any} */ { id, method: asked, params }) => {
      try {
        return { jsonrpc: '2.0', id, result: await (asked === method ? act(params) : chain.ask(asked, ...params)) };
      } catch (error) {
        return { jsonrpc: '2.0', id, error: { code: -32000, message: String(error) } };
      }
    };
    const server = http.createServer(async (request, response) => {
      let body = '';
      for await (const piece of request.setEncoding('utf8')) body += piece;
      const calls = JSON.parse(body);
      response.end(JSON.stringify(await (Array.isArray(calls) ? Promise.all(calls.map(answer)) : answer(calls))));
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
    const { port } = /** @type {any} */ (server.address());
    return { url: `http://127.0.0.1:${port}`, close: () => (server.closeAllConnections(), server.close()) };
  }

  test('a payment arrives, and its receipt is proven', async () => {
    const wallet = await makeWallet(path('payment'), '--label', 'main');
    const dry = await send(wallet, [FRIEND, '1.5', '--dry-run']);
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, new RegExp(`\\nspend +1\\.5 OPEN to ${FRIEND}\\n`, 'i'));
    assert.match(dry.stdout, /\nfee +at most 0\.0000\d+ OPEN, for gas\nfee of L1 +not known/);
    assert.ok(!existsSync(outbox(wallet)));
    for (const answer of ['no', '']) assert.equal((await send(wallet, [FRIEND, '1.5'], { answer })).code, 4);
    assert.equal(await balance(FRIEND), 0n);

    const sent = await send(wallet, [FRIEND, '1.5', '--wait', '--json', '--speed', 'fast']);
    assert.equal(sent.code, 0, sent.stderr);
    const { hash, receipt, intent, policy } = JSON.parse(sent.stdout);
    assert.equal(await balance(FRIEND), parseEther('1.5'));
    assert.deepEqual([receipt.transactionHash, receipt.status, policy.verdict], [hash, '0x1', 'ask']);
    const transaction = await chain.ask('eth_getTransactionByHash', hash);
    assert.deepEqual([transaction.type, transaction.gas, BigInt(transaction.value)], ['0x2', '0x5208', parseEther('1.5')]);
    assert.equal(transaction.from, ACCOUNT.toLowerCase());
    assert.equal(intent.nonce, BigInt(transaction.nonce).toString());
    const human = await send(wallet, [FRIEND, '1', '--wait']);
    assert.match(human.stdout, /^transaction +0x[0-9a-f]{64}\nblock +\d+, proven: it is done, gas used 21000\n$/);
  });

  test('what is signed is kept before it is sent', async () => {
    const wallet = await makeWallet(path('kept'));
    const budget = readFileSync(`${wallet}.budget`);
    /** @type {string[]} */
    const seen = [];
    const deaf = await between('eth_sendRawTransaction', ([raw]) => {
      seen.push(raw);
      assert.ok(readFileSync(outbox(wallet)).includes(Buffer.from(raw.slice(2), 'hex')));
      assert.notDeepEqual(readFileSync(`${wallet}.budget`), budget);
      throw new Error('not today');
    });
    try {
      const first = await send(wallet, [FRIEND, '1'], { rpc: deaf.url });
      assert.equal(first.code, 1, first.stderr);
      assert.match(first.stderr, /is signed, kept, and may have arrived/);
      assert.ok(first.stderr.includes(seen[0]), 'and can be sent again');
      const second = await send(wallet, [FRIEND, '1'], { rpc: deaf.url });
      assert.equal(second.code, 1);
    } finally {
      await deaf.close();
    }
    const [one, two] = [...new Set(seen)].map((raw) => parseTransaction(/** @type {any} */ (raw)));
    assert.equal(two.nonce, Number(one.nonce) + 1, 'for one nonce there is never a second transaction');
    assert.equal(await recoverTransactionAddress({ serializedTransaction: /** @type {any} */ (seen[0]) }), ACCOUNT);
    const { entries } = ol.outbox({ account: ACCOUNT, saved: readFileSync(outbox(wallet)) });
    assert.deepEqual(entries.map(({ raw, nonce }) => [raw, nonce]), [...new Set(seen)].map((raw, i) => [raw, BigInt(Number(one.nonce) + i)]), 'and JavaScript reads it');
    const whole = readFileSync(outbox(wallet));
    const last = whole.indexOf(Buffer.from(String(seen.at(-1)).slice(2), 'hex'));
    for (const [bytes, text] of /** @type {[Buffer, RegExp][]} */ ([
      [Buffer.from(whole).fill(9, 30, 34), /the outbox beside the wallet: /],
      [whole.subarray(0, -1), /the outbox beside the wallet is cut short/],
      [Buffer.from(whole).fill(0xc0, last + 1, last + 2), /a transaction in the outbox beside the wallet: /],
    ])) {
      writeFileSync(outbox(wallet), bytes);
      const damaged = await send(wallet, [FRIEND, '1']);
      assert.deepEqual([damaged.code, damaged.stdout], [1, '']);
      assert.match(damaged.stderr, text);
    }
  });

  test('what waits is replaced, and cancelled', async () => {
    const wallet = await makeWallet(path('replaced'));
    await chain.ask('evm_setAutomine', false);
    try {
      const before = await balance(FRIEND);
      const [one, two] = [await send(wallet, [FRIEND, '1', '--json']), await send(wallet, [FRIEND, '2', '--json'])].map(({ stdout }) => JSON.parse(stdout));
      assert.equal(Number(two.intent.nonce), Number(one.intent.nonce) + 1);
      const replaced = await send(wallet, ['--replace', one.hash, '--json']);
      assert.equal(replaced.code, 0, replaced.stderr);
      const three = JSON.parse(replaced.stdout);
      assert.deepEqual([three.intent.nonce, three.intent.value, three.intent.target], [one.intent.nonce, one.intent.value, one.intent.target]);
      const cancelled = await send(wallet, ['--cancel', two.hash, '--json']);
      assert.equal(cancelled.code, 0, cancelled.stderr);
      assert.deepEqual([JSON.parse(cancelled.stdout).intent.nonce, JSON.parse(cancelled.stdout).intent.target], [two.intent.nonce, ACCOUNT]);
      await chain.ask('evm_mine');
      assert.equal(await balance(FRIEND), before + parseEther('1'));
      const late = await send(wallet, ['--replace', three.hash]);
      assert.equal(late.code, 2);
      assert.match(late.stderr, /does not wait any more/);
      const unknown = await send(wallet, ['--cancel', `0x${'12'.repeat(32)}`]);
      assert.match(unknown.stderr, /no transaction that this wallet has sent and that waits/);
    } finally {
      await chain.ask('evm_setAutomine', true);
    }
  });

  test('what was sent before is settled by what the chain proves', async () => {
    const wallet = await makeWallet(path('settled'));
    const sentBefore = async (rpc = chain.url) => {
      const shown = await send(wallet, [FRIEND, '1', '--dry-run', '--json'], { rpc });
      assert.equal(shown.code, 0, shown.stderr);
      return JSON.parse(shown.stdout).sentBefore;
    };
    const sent = async (/** @type {string[]} */ ...args) => JSON.parse((await send(wallet, [...args, '--json'])).stdout);
    await chain.ask('evm_setAutomine', false);
    try {
      const one = await sent(FRIEND, '1');
      assert.deepEqual(one.sentBefore, []);
      const two = await sent('--replace', one.hash);
      const three = await sent(FRIEND, '3');
      const states = (/** @type {string[]} */ ...names) => [one, two, three].map(({ hash, intent }, i) => ({ hash, nonce: intent.nonce, state: names[i] }));
      assert.deepEqual(await sentBefore(), states('waiting', 'waiting', 'waiting'));

      // The replacement gets in; of what comes next, the node has another transaction.
      await chain.ask('anvil_dropTransaction', three.hash);
      await chain.ask('evm_mine');
      await chain.ask('eth_sendTransaction', { from: ACCOUNT, to: SECOND, nonce: `0x${BigInt(three.intent.nonce).toString(16)}` });
      await chain.ask('evm_mine');
      const mute = await between('eth_getTransactionByHash', () => { throw new Error('not today'); });
      try {
        assert.deepEqual(await sentBefore(mute.url), states('passed', 'passed', 'passed'));
      } finally {
        await mute.close();
      }
      assert.deepEqual(await sentBefore(), states('replaced', 'confirmed', 'dropped'));
      const rows = (await send(wallet, [FRIEND, '1', '--dry-run'])).stdout;
      assert.ok(rows.includes(`${two.hash}, nonce ${two.intent.nonce}: is in the chain\n`), rows);
      assert.match((await send(wallet, ['--cancel', two.hash])).stderr, /does not wait any more: it is in the chain/);
      assert.match((await send(wallet, ['--cancel', three.hash])).stderr, /does not wait any more: its nonce is used/);
    } finally {
      await chain.ask('evm_setAutomine', true);
    }
    const { length } = readFileSync(outbox(wallet));
    await chain.ask('anvil_mine', '0x60');
    const next = await sent(FRIEND, '1', '--wait');
    assert.equal(next.sentBefore.length, 3, 'what is final is told');
    assert.deepEqual((await sentBefore()).map((/** @type {any} */ { hash }) => hash), [next.hash], 'and then forgotten');
    assert.ok(readFileSync(outbox(wallet)).length < length - 2 * 175);
  });

  test('addresses that look like others are pointed out', async () => {
    const wallet = await makeWallet(path('copies'));
    assert.equal((await unlocked(['wallet', 'contact', FRIEND, 'food', '--wallet', wallet], { password: PASSWORD })).code, 0);
    const right = await send(wallet, [FRIEND, '1', '--dry-run']);
    assert.match(right.stdout, /\(contact food\)\n/);
    const wrong = await send(wallet, [COPY, '1', '--dry-run']);
    assert.match(wrong.stdout, /\(NOT, but made to look like, food\)\n/);
    const own = `${ACCOUNT.slice(0, 6)}${'1'.repeat(32)}${ACCOUNT.slice(-4)}`.toLowerCase();
    assert.match((await send(wallet, [own, '1', '--dry-run'])).stdout, /\(NOT, but made to look like,\)\n/);
  });

  test('a policy bounds payments, over commands', async () => {
    const wallet = await makeWallet(path('bounded'));
    const policy = path('bounds.json');
    writeFileSync(policy, JSON.stringify({ version: 1, chains: [1612], otherPayees: 'ask', assets: [{ asset: 'native', day: parseEther('3').toString() }] }));
    assert.equal((await unlocked(['wallet', 'policy', policy, '--wallet', wallet], { password: PASSWORD })).code, 0);
    assert.equal((await send(wallet, [FRIEND, '2', '--wait'])).code, 0);
    const before = await balance(FRIEND);
    const more = await send(wallet, [FRIEND, '2']);
    assert.equal(more.code, 1);
    assert.match(more.stderr, /openledger: policy: .*day/);
    assert.equal(await balance(FRIEND), before);
  });

  test('tokens, contracts, and what is not proven', async () => {
    const wallet = await makeWallet(path('tokens'));
    const token = await send(wallet, [FRIEND, '2.5', '--token', CONTRACT, '--decimals', '6', '--dry-run', '--json']);
    assert.equal(token.code, 0, token.stderr);
    const { intent } = JSON.parse(token.stdout);
    assert.deepEqual(intent.effects.find((/** @type {any} */ { kind }) => kind === 'spend').amount, '2500000');
    for (const [args, text] of /** @type {[string[], RegExp][]} */ ([
      [[FRIEND, '1', '--token', CONTRACT], /--decimals: needed: nothing proves how many a token has/],
      [[FRIEND, '1.1234567', '--token', CONTRACT, '--decimals', '6'], /AMOUNT: /],
      [[FRIEND, '0'], /nothing is sent/],
      [[CONTRACT, '1'], /--gas: needed: the receiver is a contract/],
      [[FRIEND, '1', '--chain-id', '10'], /another chain/],
    ])) {
      const outcome = await send(wallet, args);
      assert.ok([1, 2].includes(Number(outcome.code)), outcome.stderr);
      assert.match(outcome.stderr, text);
    }
    const liar = await between('eth_getProof', async (params) => ({ ...await chain.ask('eth_getProof', ...params), nonce: '0x7' }));
    try {
      const lied = await send(wallet, [FRIEND, '1'], { rpc: liar.url });
      assert.deepEqual([lied.code, lied.stdout], [1, ''], 'a nonce that is not proven');
    } finally {
      await liar.close();
    }
    const rich = await send(wallet, [FRIEND, '100000000', '--dry-run']);
    assert.match(rich.stderr, /the account has less than this can cost/);
  });
});
