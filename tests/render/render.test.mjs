// SPDX-License-Identifier: MIT
// A verified block is written as a node writes it, and other libraries read it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createPublicClient, custom } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { chainConfig } from 'viem/op-stack';
import { noAnvil, startAnvil } from '../devnet/rollup/anvil.mjs';

const program = process.env.OL_RENDER ?? join(import.meta.dirname, '../../build/dev/tests/render_native');
const CHAIN = 1612;
const signer = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
const other = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

/** Deploys nothing, but logs once: with the topics 4, 3, 2 and 1. */
const LOGS = '0x60426000526020600060106020600160026003600460056006a400';

/**
 * Verifies and renders a block.
 * @param {any} block @param {any[]} receipts @param {object} [filter]
 */
function render(block, receipts, filter = {}) {
  const input = JSON.stringify({ chainId: CHAIN, hash: block.hash, block: JSON.stringify(block), receipts: JSON.stringify(receipts), filter });
  return JSON.parse(execFileSync(program, { input, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 26 }));
}

/** A number whatever its form: nodes write letters in upper case and zeros in front. @param {any} value */
const number = (value) => (typeof value === 'string' ? `0x${BigInt(value).toString(16)}` : value);

/** @param {any} object @param {...string} names */
function without(object, ...names) {
  const out = { ...object };
  for (const name of names) delete out[name];
  return out;
}

/** @type {import('../devnet/rollup/anvil.mjs').Anvil} */
let chain;
/** @type {any} */
let block;
/** @type {any[]} */
let receipts;

before(async () => {
  if (noAnvil) return;
  chain = await startAnvil(['--chain-id', String(CHAIN), '--network', 'optimism', '--hardfork', 'isthmus', '--no-mining']);
  let nonce = 0;
  const fees = { maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 1n };
  const list = [{ address: other, storageKeys: [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`] }, { address: signer.address, storageKeys: [] }];
  const send = async (/** @type {any} */ transaction) => {
    const common = { chainId: CHAIN, nonce: nonce++, gas: 200_000n, ...transaction };
    await chain.ask('eth_sendRawTransaction', await signer.signTransaction(common));
  };
  const gasPrice = 2_000_000_000n;
  const deposit = { from: other, type: '0x7e', value: '0x1', gas: '0x20000', isSystemTx: false, sourceHash: `0x${'33'.repeat(32)}` };
  await chain.ask('eth_sendTransaction', { ...deposit, to: signer.address, mint: '0x5' });
  await send({ type: 'legacy', gasPrice, to: other, value: 1n });
  await send({ type: 'legacy', gasPrice, chainId: undefined, to: other, data: '0x01' });
  await send({ type: 'eip2930', gasPrice, to: other, accessList: list });
  await send({ type: 'eip1559', ...fees, data: LOGS });
  await send({ type: 'eip1559', ...fees, to: other, accessList: list, value: 7n });
  const authorization = await signer.signAuthorization({ address: other, chainId: CHAIN, nonce: 99 }); // without effect
  await send({ type: 'eip7702', ...fees, to: other, authorizationList: [authorization] });
  await send({ type: 'eip1559', ...fees, data: '0xfe' }); // fails
  await send({ type: 'legacy', gasPrice, data: LOGS });
  await chain.ask('anvil_mine', '0x1');
  block = await chain.ask('eth_getBlockByNumber', 'latest', true);
  block.size = number(`${BigInt(block.size) + 1n}`); // anvil does not count the empty list of withdrawals
  receipts = (await chain.ask('eth_getBlockReceipts', 'latest')).map((/** @type {any} */ receipt) => ({ ...receipt, type: number(receipt.type) }));
  assert.equal(block.transactions.length, 9);
});
after(() => chain?.close());

test('a block is written as a node writes it', { skip: noAnvil }, async () => {
  const out = render(block, receipts);
  const { transactions, ...own } = out.block;
  assert.deepEqual(own, without(block, 'transactions', 'totalDifficulty'));
  assert.deepEqual(out.hashes, { ...own, transactions: block.transactions.map((/** @type {any} */ { hash }) => hash) });
  assert.deepEqual(out.header, without(own, 'size', 'uncles', 'withdrawals'));
  for (const [i, theirs] of block.transactions.entries()) {
    if (theirs.type !== '0x7e') {
      assert.deepEqual(transactions[i], theirs);
      continue;
    }
    // op-geth writes more of a deposit, and the nonce that its receipt has; zeros are written in several ways.
    const ours = without(transactions[i], 'gasPrice', 'isSystemTx', 'depositReceiptVersion');
    const { depositNonce: nonce } = receipts[i];
    assert.deepEqual({ ...ours, r: number(ours.r), s: number(ours.s) }, { ...theirs, nonce, r: number(theirs.r), s: number(theirs.s) });
  }
});

test('receipts are written as a node writes them', { skip: noAnvil }, () => {
  const out = render(block, receipts);
  assert.equal(out.receipts.length, receipts.length);
  for (const [i, theirs] of receipts.entries()) {
    // What blobs cost follows from no header alone; the time of a receipt is not in the specification.
    assert.deepEqual(out.receipts[i], without(theirs, 'blobGasPrice', 'blockTimestamp'));
  }
  assert.ok(receipts.some(({ status }) => status === '0x0') && receipts.some(({ contractAddress }) => contractAddress));
});

test('logs are those that a node finds', { skip: noAnvil }, async () => {
  const topic = (/** @type {number} */ n) => `0x${n.toString(16).padStart(64, '0')}`;
  const [first, second] = receipts.flatMap(({ logs }) => logs.map((/** @type {any} */ { address }) => address));
  const filters = [
    {},
    { address: first },
    { address: [second, other] },
    { address: [] },
    { topics: [topic(4)] },
    { topics: [topic(3)] },
    { topics: [null, [topic(3), topic(9)]] },
    { topics: [[], null, null, topic(1)] },
    { topics: [null, null, null, null] },
    { address: second, topics: [topic(4), topic(3), topic(2), topic(1)] },
    { address: other, topics: [topic(4)] },
  ];
  for (const filter of filters) {
    const theirs = await chain.ask('eth_getLogs', { ...filter, blockHash: block.hash });
    assert.deepEqual(render(block, receipts, filter).logs, theirs, JSON.stringify(filter));
  }
  assert.equal(render(block, receipts).logs.length, 2);
});

test('viem reads of it what it reads of a node', { skip: noAnvil }, async () => {
  const out = render(block, receipts);
  /** @param {any} full @param {any[]} list */
  const clientOf = (full, list) => createPublicClient({
    chain: { ...chainConfig, id: CHAIN, name: 'local', nativeCurrency: { name: 'OPEN', symbol: 'OPEN', decimals: 18 }, rpcUrls: { default: { http: [] } } },
    transport: custom({
      async request({ method, params }) {
        if (method === 'eth_getBlockByHash') return full;
        if (method === 'eth_getTransactionByHash') return full.transactions.find((/** @type {any} */ { hash }) => hash === params[0]);
        if (method === 'eth_getTransactionReceipt') return list.find(({ transactionHash }) => transactionHash === params[0]);
        throw new Error(method);
      },
    }),
  });
  const [ours, theirs] = [clientOf(out.block, out.receipts), clientOf(block, receipts)];
  const read = await ours.getBlock({ blockHash: block.hash, includeTransactions: true });
  const expected = await theirs.getBlock({ blockHash: block.hash, includeTransactions: true });
  assert.deepEqual(without(read, 'transactions', 'totalDifficulty'), without(expected, 'transactions', 'totalDifficulty'));
  for (const { hash, type } of block.transactions) {
    const receipt = await ours.getTransactionReceipt({ hash });
    assert.deepEqual(without(receipt, 'blobGasPrice', 'blockTimestamp'), without(await theirs.getTransactionReceipt({ hash }), 'blobGasPrice', 'blockTimestamp'));
    const transaction = await ours.getTransaction({ hash });
    assert.ok(transaction.nonce !== undefined && transaction.gas > 0n);
    if (type !== '0x7e') assert.deepEqual(transaction, await theirs.getTransaction({ hash }));
  }
});

test('a receipt that does not belong to the block is refused', { skip: noAnvil }, () => {
  const changed = receipts.map((receipt, i) => (i === 3 ? { ...receipt, status: '0x0' } : receipt));
  assert.throws(() => render(block, changed), /items do not give the root in the header/);
});
