// SPDX-License-Identifier: MIT
// What the libraries that dApps use, unmodified, read through a door of ours, compared with what they read of the node.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interface, Wallet } from 'ethers';
import { parseAbiItem } from 'viem';
import { chainConfig } from 'viem/op-stack';
import { noAnvil, quantity } from '../devnet/rollup/anvil.mjs';
import { CHAIN_ID, TOTAL_SUPPLY_SLOT, abi, nobody, other, signer, third } from './world.mjs';

/** @typedef {import('./world.mjs').World} World */

export const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const UNKNOWN = '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b22918000d7c6a3a3d2e8f'; // of no event
/** More than one request of headers holds. */
export const BLOCKS = 80;
export const DEAD_LINE_MS = 30_000;
/** The world's chain as viem has them. */
export const chain = { ...chainConfig, id: CHAIN_ID, name: 'local', nativeCurrency: { name: 'OPEN', symbol: 'OPEN', decimals: 18 }, rpcUrls: { default: { http: [] } } };

/** @param {any} object @param {string[]} names */
function without(object, names) {
  const out = { ...object };
  for (const name of names) delete out[name];
  return out;
}

// What differs, each for a reason.
/** anvil does not count the empty list of withdrawals; nobody has the difficulty of all since the Merge. */
const OF_BLOCKS = ['size', 'totalDifficulty'];
/** What a blob costs follows from no header of an L2; the time of a receipt is not in the specification. */
const OF_RECEIPTS = ['blobGasPrice', 'blockTimestamp'];
/** op-geth, whose form ours is, writes of a deposit what anvil does not, and the nonce that its receipt has. */
const OF_DEPOSITS = ['gasPrice', 'isSystemTx', 'depositReceiptVersion', 'nonce', 'r', 's', 'v', 'yParity', 'maxFeePerGas', 'maxPriorityFeePerGas'];

/** @param {any} transaction */
export const asTransaction = (transaction) => (['deposit', '0x7e', 126].includes(transaction?.type) ? without(transaction, OF_DEPOSITS) : transaction);
/** @param {any} block */
export const asBlock = (block) => ({
  ...without(block, OF_BLOCKS),
  transactions: block.transactions.map((/** @type {any} */ one) => (typeof one === 'string' ? one : asTransaction(one))),
});
/** anvil writes the type of deposits with a capital E. @param {any} type */
const asType = (type) => (typeof type === 'string' ? type.toLowerCase() : type);
/** @param {any} receipt */
export const asReceipt = (receipt) => ({ ...without(receipt, OF_RECEIPTS), type: asType(receipt.type) });
/** Keys of slots come as quantities, whether they were asked in 32 bytes or not. @param {any} proof */
export const asProof = (proof) => ({ ...proof, storageProof: proof.storageProof.map((/** @type {any} */ one) => ({ ...one, key: BigInt(one.key) })) });
const same = (/** @type {any} */ value) => value;

const at = (/** @type {World} */ world) => BigInt(world.full);
export const hashAt = (/** @type {World} */ world, /** @type {number} */ index) => world.block.transactions[index].hash;
const range = (/** @type {World} */ world) => ({ fromBlock: 1n, toBlock: at(world) });
const transfer = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');

/** @typedef {[ask: (client: any, world: World) => Promise<any>, as?: (answer: any) => any]} Question and what of its answer is compared */

/** Questions by viem. @type {Record<string, Question>} */
const VIEM = {
  'a balance': [(client) => client.getBalance({ address: signer.address })],
  'a balance at an older block': [(client) => client.getBalance({ address: other, blockNumber: 4n })],
  'the balance of nobody': [(client) => client.getBalance({ address: nobody })],
  'a count of transactions': [(client) => client.getTransactionCount({ address: signer.address })],
  'a count of transactions, pending': [(client) => client.getTransactionCount({ address: signer.address, blockTag: 'pending' })],
  'code': [(client, world) => client.getCode({ address: world.token })],
  'no code': [(client) => client.getCode({ address: other })],
  'code at the block of the deployment': [(client, world) => client.getCode({ address: world.token, blockNumber: 1n })],
  'a slot': [(client, world) => client.getStorageAt({ address: world.token, slot: TOTAL_SUPPLY_SLOT })],
  'an empty slot': [(client, world) => client.getStorageAt({ address: world.token, slot: `0x${'77'.repeat(32)}` })],
  'a slot of nobody': [(client) => client.getStorageAt({ address: nobody, slot: TOTAL_SUPPLY_SLOT, blockNumber: 4n })],
  'a proof': [(client, world) => client.getProof({ address: world.token, storageKeys: [TOTAL_SUPPLY_SLOT, `0x${'77'.repeat(32)}`] }), asProof],
  'a proof at an older block': [(client) => client.getProof({ address: signer.address, storageKeys: [], blockNumber: 5n })],
  'the latest block': [(client) => client.getBlock(), asBlock],
  'the finalized block': [(client) => client.getBlock({ blockTag: 'finalized' }), asBlock],
  'the safe block': [(client) => client.getBlock({ blockTag: 'safe', includeTransactions: true }), asBlock],
  'the earliest block': [(client) => client.getBlock({ blockTag: 'earliest' }), asBlock],
  'a block by its number': [(client, world) => client.getBlock({ blockNumber: at(world) }), asBlock],
  'a block by its number, with transactions': [(client, world) => client.getBlock({ blockNumber: at(world), includeTransactions: true }), asBlock],
  'a block by its hash': [(client, world) => client.getBlock({ blockHash: world.block.hash }), asBlock],
  'a block by its hash, with transactions': [(client, world) => client.getBlock({ blockHash: world.block.hash, includeTransactions: true }), asBlock],
  'a count of a block\'s transactions': [(client, world) => client.getBlockTransactionCount({ blockNumber: at(world) })],
  'a count of a block\'s transactions, by its hash': [(client, world) => client.getBlockTransactionCount({ blockHash: world.block.hash })],
  'receipts of a block': [(client, world) => client.request({ method: 'eth_getBlockReceipts', params: [quantity(world.full)] }),
    (list) => list.map(asReceipt)],
  'every transaction': [(client, world) => Promise.all(world.block.transactions.map((/** @type {any} */ { hash }) => client.getTransaction({ hash }))), (list) => list.map(asTransaction)],
  'every receipt': [(client, world) => Promise.all(world.block.transactions.map((/** @type {any} */ { hash }) => client.getTransactionReceipt({ hash }))), (list) => list.map(asReceipt)],
  'a transaction by its place': [(client, world) => client.getTransaction({ blockNumber: at(world), index: 4 })],
  'a transaction by its place in a block by its hash': [(client, world) => client.getTransaction({ blockHash: world.block.hash, index: 2 })],
  'confirmations of a transaction': [(client, world) => client.getTransactionConfirmations({ hash: hashAt(world, 3) })],
  'the number of the newest block': [(client) => client.getBlockNumber()],
  'the chain': [(client) => client.getChainId()],
  'all logs of a range': [(client, world) => client.getLogs(range(world))],
  'logs of an address': [(client, world) => client.getLogs({ ...range(world), address: world.token })],
  'logs of addresses': [(client, world) => client.getLogs({ ...range(world), address: [world.token, other] })],
  'logs of an event': [(client, world) => client.getLogs({ ...range(world), event: transfer })],
  'logs of an event with arguments': [(client, world) => client.getLogs({ ...range(world), event: transfer, args: { from: signer.address, to: [third, nobody] } })],
  'logs of one block, by its hash': [(client, world) => client.getLogs({ blockHash: world.block.hash })],
  'logs from a block to the newest': [(client, world) => client.getLogs({ fromBlock: at(world), toBlock: 'latest' })],
  'logs of the newest block': [(client) => client.getLogs()],
  'logs of a topic that nothing has': [(client) => client.request({ method: 'eth_getLogs', params: [{ fromBlock: '0x1', topics: [UNKNOWN] }] })],
  'logs by topics: any, a list, none': [(client) => client.request({ method: 'eth_getLogs', params: [{ fromBlock: '0x1', topics: [null, [`0x${'3'.padStart(64, '0')}`], null] }] })],
  'events of a contract': [(client, world) => client.getContractEvents({ ...range(world), address: world.token, abi, eventName: 'Approval' })],
};

/** Questions by ethers. @type {Record<string, Question>} */
const ETHERS = {
  'the network': [async (client) => (await client.getNetwork()).chainId],
  'a balance': [(client) => client.getBalance(signer.address)],
  'a balance at an older block': [(client) => client.getBalance(other, 4)],
  'a count of transactions': [(client) => client.getTransactionCount(signer.address)],
  'code': [(client, world) => client.getCode(world.token)],
  'a slot': [(client, world) => client.getStorage(world.token, 2)],
  'the number of the newest block': [(client) => client.getBlockNumber()],
  'the latest block': [async (client) => (await client.getBlock('latest')).toJSON(), same],
  'a block by its number': [async (client, world) => (await client.getBlock(world.full)).toJSON(), same],
  'a block by its hash, with transactions': [async (client, world) => {
    const block = await client.getBlock(world.block.hash, true);
    return [block.toJSON(), block.prefetchedTransactions.map((/** @type {any} */ one) => asTransaction(one.toJSON()))];
  }],
  'every transaction': [(client, world) => Promise.all(world.block.transactions.map(async (/** @type {any} */ { hash }) => asTransaction((await client.getTransaction(hash)).toJSON())))],
  'every receipt': [(client, world) => Promise.all(world.block.transactions.map(async (/** @type {any} */ { hash }) => JSON.parse(JSON.stringify(await client.getTransactionReceipt(hash))))),
    (list) => list.map(asReceipt)],
  'logs': [async (client, world) => (await client.getLogs({ fromBlock: 1, toBlock: world.full, address: world.token, topics: [[TRANSFER]] }))
    .map((/** @type {any} */ log) => log.toJSON())],
  'logs of one block': [async (client, world) => (await client.getLogs({ blockHash: world.block.hash })).map((/** @type {any} */ log) => log.toJSON())],
  'a proof': [(client, world) => client.send('eth_getProof', [world.token, [TOTAL_SUPPLY_SLOT], 'latest']), asProof],
};

/** @typedef {{ world: World, ours: any, theirs: any }} Pair clients of one kind at our door, and at the node */

/** @param {string} name @param {Record<string, Question>} questions @param {() => Pair} pairOf once tests run */
function reads(name, questions, pairOf) {
  for (const [what, [ask, as = same]] of Object.entries(questions)) {
    test(`${name} reads what it reads of the node: ${what}`, { skip: noAnvil }, async () => {
      const { world, ours, theirs } = pairOf();
      assert.deepEqual(as(await ask(ours, world)), as(await ask(theirs, world)));
    });
  }
}

/** Tests of viem's clients. @param {string} name @param {() => Pair} pairOf once tests run */
export function viemReads(name, pairOf) {
  reads(name, VIEM, pairOf);

  test(`${name} has something to compare`, { skip: noAnvil }, async () => {
    const { world, ours } = pairOf();
    const { transactions } = await ours.getBlock({ blockNumber: at(world), includeTransactions: true });
    assert.deepEqual([...new Set(transactions.map((/** @type {any} */ { type }) => type))].sort(), ['deposit', 'eip1559', 'eip2930', 'eip7702', 'legacy']);
    const receipts = await Promise.all(transactions.map((/** @type {any} */ { hash }) => ours.getTransactionReceipt({ hash })));
    assert.ok(receipts.some(({ status }) => status === 'reverted') && receipts.some(({ contractAddress }) => contractAddress));
    assert.ok((await ours.getLogs(range(world))).length > 20);
    assert.ok((await ours.getLogs({ ...range(world), event: transfer, args: { to: third } })).length > 5);
    assert.ok(await ours.getBlockNumber() > BLOCKS);
  });
}

/** Tests of ethers' providers. @param {string} name @param {() => Pair} pairOf once tests run */
export function ethersReads(name, pairOf) {
  reads(name, ETHERS, pairOf);

  test(`${name} parses logs as those of the node`, { skip: noAnvil }, async () => {
    const { world, ours, theirs } = pairOf();
    const tokens = new Interface(JSON.stringify(abi));
    const read = async (/** @type {any} */ client) => (await client.getLogs({ fromBlock: 1, toBlock: world.full, topics: [TRANSFER] }))
      .map((/** @type {any} */ log) => [...(tokens.parseLog(log)?.args ?? [])]);
    assert.deepEqual(await read(ours), await read(theirs));
  });
}

/** The base fee of the block after one of Canyon to Granite: an elasticity of 6, a denominator of 250. @param {any} block */
function nextBaseFee({ baseFeePerGas, gasLimit, gasUsed }) {
  const [base, target, used] = [BigInt(baseFeePerGas), BigInt(gasLimit) / 6n, BigInt(gasUsed)];
  assert.ok(used < target);
  return base - base * (target - used) / target / 250n;
}

/**
 * Fees follow from proven headers and transactions, as op-geth suggests them.
 * @param {World} older of Ecotone: anvil has no EIP-1559 parameters in its headers, as there are from Holocene on, and
 *   before it goes by those of Bedrock
 * @param {(method: string, ...params: any[]) => Promise<any>} ask at our door over that world
 */
export async function assertFees(older, ask) {
  for (const count of ['0x1', '0x5', '0x12']) {
    for (const percentiles of [[], [0, 25, 50.5, 100]]) {
      const question = ['eth_feeHistory', count, quantity(older.full), percentiles];
      const [read, expected] = await Promise.all([ask(...question), older.ask(...question)]);
      // Of blobs a header of an L2 says nothing. anvil cuts a reward at another place where a percentile falls between two transactions.
      const { oldestBlock, baseFeePerGas } = read;
      assert.deepEqual([oldestBlock, baseFeePerGas.slice(0, -1)], [expected.oldestBlock, expected.baseFeePerGas.slice(0, -1)]);
      assert.equal(BigInt(baseFeePerGas.at(-1)), nextBaseFee(older.block));
      for (const [i, ratio] of read.gasUsedRatio.entries()) assert.ok(Math.abs(ratio - expected.gasUsedRatio[i]) < 1e-9);
      assert.equal(read.reward?.length, percentiles.length ? read.gasUsedRatio.length : undefined);
    }
  }
  const [newest] = (await ask('eth_feeHistory', '0x1', 'latest', [])).baseFeePerGas.slice(-1);
  const tip = await ask('eth_maxPriorityFeePerGas');
  assert.equal(tip, '0xf4240'); // blocks are not full
  assert.equal(BigInt(await ask('eth_gasPrice')), BigInt(newest) + BigInt(tip));
}

/** What libraries make of fees. @param {Pair} viem @param {any} ethers a provider at our door */
export async function assertFeeData({ ours, theirs }, ethers) {
  assert.equal(await ours.estimateMaxPriorityFeePerGas(), 1_000_000n);
  assert.equal(await ours.getGasPrice(), (await ours.getBlock()).baseFeePerGas + 1_000_000n);
  const history = await ours.getFeeHistory({ blockCount: 40, rewardPercentiles: [10, 90] });
  const expected = await theirs.getFeeHistory({ blockCount: 40, rewardPercentiles: [10, 90] });
  assert.deepEqual(history.baseFeePerGas.slice(0, -1), expected.baseFeePerGas.slice(0, -1));
  assert.deepEqual([history.oldestBlock, history.reward.length], [expected.oldestBlock, 40]);
  const { maxPriorityFeePerGas, gasPrice } = await ethers.getFeeData();
  assert.deepEqual([maxPriorityFeePerGas, gasPrice], [1_000_000n, await ours.getGasPrice()]);
}

/**
 * Transactions are sent, and their receipts are proven.
 * @param {World} world of its own @param {any} viem a client at our door @param {any} ethers a provider at our door
 */
export async function assertSending(world, viem, ethers) {
  await world.ask('evm_setAutomine', true);
  const nonce = await viem.getTransactionCount({ address: signer.address });
  const raw = await signer.signTransaction({ chainId: CHAIN_ID, nonce, gas: 21_000n, maxFeePerGas: 10n ** 10n, to: nobody, value: 5n });
  const hash = await viem.sendRawTransaction({ serializedTransaction: raw });
  const receipt = await viem.waitForTransactionReceipt({ hash, timeout: DEAD_LINE_MS });
  assert.deepEqual([receipt.status, receipt.transactionHash], ['success', hash]);
  assert.equal(await viem.getBalance({ address: nobody }), 5n);

  const wallet = new Wallet('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d');
  assert.equal(wallet.address, other);
  const signed = await wallet.signTransaction({
    chainId: CHAIN_ID, nonce: await ethers.getTransactionCount(other), gasLimit: 21_000, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1, to: nobody, value: 2, type: 2,
  });
  const sent = await ethers.broadcastTransaction(signed);
  assert.equal((await sent.wait(1, DEAD_LINE_MS))?.hash, sent.hash);
  assert.equal(await ethers.getBalance(nobody), 7n);

  // Again: the node does not take it a second time.
  await assert.rejects(viem.sendRawTransaction({ serializedTransaction: raw }), (/** @type {any} */ error) =>
    error.walk((/** @type {any} */ one) => one.code === -32003) !== null);
}
