// SPDX-License-Identifier: MIT
// A provider under the libraries that dApps use, unmodified: what they read through it is what they read of the node.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { BrowserProvider, Interface, JsonRpcProvider, Wallet } from 'ethers';
import { createPublicClient, custom, http as viemHttp, parseAbiItem } from 'viem';
import { chainConfig } from 'viem/op-stack';
import { noAnvil, quantity } from '../devnet/rollup/anvil.mjs';
import { counting } from './proxy.mjs';
import { bodyOf, serve } from './server.mjs';
import { http, openledger as ol, root, sdk } from './support.mjs';
import { CHAIN_ID, TOTAL_SUPPLY_SLOT, abi, nobody, other, signer, startWorld, third } from './world.mjs';

const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const UNKNOWN = '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b22918000d7c6a3a3d2e8f'; // of no event
const BLOCKS = 80; // more than one request of headers holds
const DEAD_LINE_MS = 30_000;
const chain = { ...chainConfig, id: CHAIN_ID, name: 'local', nativeCurrency: { name: 'OPEN', symbol: 'OPEN', decimals: 18 }, rpcUrls: { default: { http: [] } } };

/** @type {import('./world.mjs').World} */
let world;
/** @type {import('openledger').Provider} */
let provider;
/** @type {any} */
let ours;
/** @type {any} */
let theirs;
/** @type {BrowserProvider} */
let browser;
/** @type {JsonRpcProvider} */
let node;
before(async () => {
  if (noAnvil) return;
  world = await startWorld({ blocks: BLOCKS });
  provider = providerOf();
  ours = createPublicClient({ chain, transport: custom(provider), cacheTime: 0 });
  theirs = createPublicClient({ chain, transport: viemHttp(world.url), cacheTime: 0 });
  browser = new BrowserProvider(/** @type {any} */ (provider));
  node = new JsonRpcProvider(world.url);
});
after(() => {
  browser?.destroy();
  node?.destroy();
  provider?.close();
  return world?.close();
});

/** @param {object} [options] */
const providerOf = (options) => ol.provider({
  endpoints: [http({ url: world.url })], chainId: CHAIN_ID, maxAge: Infinity, ...options,
  onBlame: ({ error }) => assert.fail(`an honest node is blamed: ${error}`),
});

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
const asTransaction = (transaction) => (['deposit', '0x7e', 126].includes(transaction?.type) ? without(transaction, OF_DEPOSITS) : transaction);
/** @param {any} block */
const asBlock = (block) => ({
  ...without(block, OF_BLOCKS),
  transactions: block.transactions.map((/** @type {any} */ one) => (typeof one === 'string' ? one : asTransaction(one))),
});
/** anvil writes the type of deposits with a capital E. @param {any} type */
const asType = (type) => (typeof type === 'string' ? type.toLowerCase() : type);
/** @param {any} receipt */
const asReceipt = (receipt) => ({ ...without(receipt, OF_RECEIPTS), type: asType(receipt.type) });
/** Keys of slots come as quantities, whether they were asked in 32 bytes or not. @param {any} proof */
const asProof = (proof) => ({ ...proof, storageProof: proof.storageProof.map((/** @type {any} */ one) => ({ ...one, key: BigInt(one.key) })) });
const same = (/** @type {any} */ value) => value;

const at = () => BigInt(world.full);
const hashAt = (/** @type {number} */ index) => world.block.transactions[index].hash;
const range = () => ({ fromBlock: 1n, toBlock: at() });
const transfer = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');

/** Questions by viem, and what of the answers is compared. @type {Record<string, [ask: (client: any) => Promise<any>, as?: (answer: any) => any]>} */
const VIEM = {
  'a balance': [(client) => client.getBalance({ address: signer.address })],
  'a balance at an older block': [(client) => client.getBalance({ address: other, blockNumber: 4n })],
  'the balance of nobody': [(client) => client.getBalance({ address: nobody })],
  'a count of transactions': [(client) => client.getTransactionCount({ address: signer.address })],
  'a count of transactions, pending': [(client) => client.getTransactionCount({ address: signer.address, blockTag: 'pending' })],
  'code': [(client) => client.getCode({ address: world.token })],
  'no code': [(client) => client.getCode({ address: other })],
  'code at the block of the deployment': [(client) => client.getCode({ address: world.token, blockNumber: 1n })],
  'a slot': [(client) => client.getStorageAt({ address: world.token, slot: TOTAL_SUPPLY_SLOT })],
  'an empty slot': [(client) => client.getStorageAt({ address: world.token, slot: `0x${'77'.repeat(32)}` })],
  'a slot of nobody': [(client) => client.getStorageAt({ address: nobody, slot: TOTAL_SUPPLY_SLOT, blockNumber: 4n })],
  'a proof': [(client) => client.getProof({ address: world.token, storageKeys: [TOTAL_SUPPLY_SLOT, `0x${'77'.repeat(32)}`] }), asProof],
  'a proof at an older block': [(client) => client.getProof({ address: signer.address, storageKeys: [], blockNumber: 5n })],
  'the latest block': [(client) => client.getBlock(), asBlock],
  'the finalized block': [(client) => client.getBlock({ blockTag: 'finalized' }), asBlock],
  'the safe block': [(client) => client.getBlock({ blockTag: 'safe', includeTransactions: true }), asBlock],
  'the earliest block': [(client) => client.getBlock({ blockTag: 'earliest' }), asBlock],
  'a block by its number': [(client) => client.getBlock({ blockNumber: at() }), asBlock],
  'a block by its number, with transactions': [(client) => client.getBlock({ blockNumber: at(), includeTransactions: true }), asBlock],
  'a block by its hash': [(client) => client.getBlock({ blockHash: world.block.hash }), asBlock],
  'a block by its hash, with transactions': [(client) => client.getBlock({ blockHash: world.block.hash, includeTransactions: true }), asBlock],
  'a count of a block\'s transactions': [(client) => client.getBlockTransactionCount({ blockNumber: at() })],
  'a count of a block\'s transactions, by its hash': [(client) => client.getBlockTransactionCount({ blockHash: world.block.hash })],
  'receipts of a block': [(client) => client.request({ method: 'eth_getBlockReceipts', params: [quantity(world.full)] }),
    (list) => list.map(asReceipt)],
  'every transaction': [(client) => Promise.all(world.block.transactions.map((/** @type {any} */ { hash }) => client.getTransaction({ hash }))), (list) => list.map(asTransaction)],
  'every receipt': [(client) => Promise.all(world.block.transactions.map((/** @type {any} */ { hash }) => client.getTransactionReceipt({ hash }))), (list) => list.map(asReceipt)],
  'a transaction by its place': [(client) => client.getTransaction({ blockNumber: at(), index: 4 })],
  'a transaction by its place in a block by its hash': [(client) => client.getTransaction({ blockHash: world.block.hash, index: 2 })],
  'confirmations of a transaction': [(client) => client.getTransactionConfirmations({ hash: hashAt(3) })],
  'the number of the newest block': [(client) => client.getBlockNumber()],
  'the chain': [(client) => client.getChainId()],
  'all logs of a range': [(client) => client.getLogs(range())],
  'logs of an address': [(client) => client.getLogs({ ...range(), address: world.token })],
  'logs of addresses': [(client) => client.getLogs({ ...range(), address: [world.token, other] })],
  'logs of an event': [(client) => client.getLogs({ ...range(), event: transfer })],
  'logs of an event with arguments': [(client) => client.getLogs({ ...range(), event: transfer, args: { from: signer.address, to: [third, nobody] } })],
  'logs of one block, by its hash': [(client) => client.getLogs({ blockHash: world.block.hash })],
  'logs from a block to the newest': [(client) => client.getLogs({ fromBlock: at(), toBlock: 'latest' })],
  'logs of the newest block': [(client) => client.getLogs()],
  'logs of a topic that nothing has': [(client) => client.request({ method: 'eth_getLogs', params: [{ fromBlock: '0x1', topics: [UNKNOWN] }] })],
  'logs by topics: any, a list, none': [(client) => client.request({ method: 'eth_getLogs', params: [{ fromBlock: '0x1', topics: [null, [`0x${'3'.padStart(64, '0')}`], null] }] })],
  'events of a contract': [(client) => client.getContractEvents({ ...range(), address: world.token, abi, eventName: 'Approval' })],
};

for (const [name, [ask, as = same]] of Object.entries(VIEM)) {
  test(`viem reads what it reads of the node: ${name}`, { skip: noAnvil }, async () =>
    assert.deepEqual(as(await ask(ours)), as(await ask(theirs))));
}

test('there is something to compare', { skip: noAnvil }, async () => {
  const { transactions } = await ours.getBlock({ blockNumber: at(), includeTransactions: true });
  assert.deepEqual([...new Set(transactions.map((/** @type {any} */ { type }) => type))].sort(), ['deposit', 'eip1559', 'eip2930', 'eip7702', 'legacy']);
  const receipts = await Promise.all(transactions.map((/** @type {any} */ { hash }) => ours.getTransactionReceipt({ hash })));
  assert.ok(receipts.some(({ status }) => status === 'reverted') && receipts.some(({ contractAddress }) => contractAddress));
  assert.ok((await ours.getLogs(range())).length > 20);
  assert.ok((await ours.getLogs({ ...range(), event: transfer, args: { to: third } })).length > 5);
  assert.ok(await ours.getBlockNumber() > BLOCKS);
});

/** Questions by ethers. @type {Record<string, [ask: (client: any) => Promise<any>, as?: (answer: any) => any]>} */
const ETHERS = {
  'the network': [async (client) => (await client.getNetwork()).chainId],
  'a balance': [(client) => client.getBalance(signer.address)],
  'a balance at an older block': [(client) => client.getBalance(other, 4)],
  'a count of transactions': [(client) => client.getTransactionCount(signer.address)],
  'code': [(client) => client.getCode(world.token)],
  'a slot': [(client) => client.getStorage(world.token, 2)],
  'the number of the newest block': [(client) => client.getBlockNumber()],
  'the latest block': [async (client) => (await client.getBlock('latest')).toJSON(), same],
  'a block by its number': [async (client) => (await client.getBlock(world.full)).toJSON(), same],
  'a block by its hash, with transactions': [async (client) => {
    const block = await client.getBlock(world.block.hash, true);
    return [block.toJSON(), block.prefetchedTransactions.map((/** @type {any} */ one) => asTransaction(one.toJSON()))];
  }],
  'every transaction': [(client) => Promise.all(world.block.transactions.map(async (/** @type {any} */ { hash }) => asTransaction((await client.getTransaction(hash)).toJSON())))],
  'every receipt': [(client) => Promise.all(world.block.transactions.map(async (/** @type {any} */ { hash }) => JSON.parse(JSON.stringify(await client.getTransactionReceipt(hash))))),
    (list) => list.map(asReceipt)],
  'logs': [async (client) => (await client.getLogs({ fromBlock: 1, toBlock: world.full, address: world.token, topics: [[TRANSFER]] }))
    .map((/** @type {any} */ log) => log.toJSON())],
  'logs of one block': [async (client) => (await client.getLogs({ blockHash: world.block.hash })).map((/** @type {any} */ log) => log.toJSON())],
  'a proof': [(client) => client.send('eth_getProof', [world.token, [TOTAL_SUPPLY_SLOT], 'latest']), asProof],
};

for (const [name, [ask, as = same]] of Object.entries(ETHERS)) {
  test(`ethers reads what it reads of the node: ${name}`, { skip: noAnvil }, async () => assert.deepEqual(as(await ask(browser)), as(await ask(node))));
}

test('ethers parses logs as those of the node', { skip: noAnvil }, async () => {
  const tokens = new Interface(JSON.stringify(abi));
  const read = async (/** @type {any} */ client) => (await client.getLogs({ fromBlock: 1, toBlock: world.full, topics: [TRANSFER] }))
    .map((/** @type {any} */ log) => [...(tokens.parseLog(log)?.args ?? [])]);
  assert.deepEqual(await read(browser), await read(node));
});

/** The base fee of the block after one of Canyon to Granite: an elasticity of 6, a denominator of 250. @param {any} block */
function nextBaseFee({ baseFeePerGas, gasLimit, gasUsed }) {
  const [base, target, used] = [BigInt(baseFeePerGas), BigInt(gasLimit) / 6n, BigInt(gasUsed)];
  assert.ok(used < target);
  return base - base * (target - used) / target / 250n;
}

test('fees follow from proven headers and transactions, as op-geth suggests them', { skip: noAnvil }, async (t) => {
  // anvil has no EIP-1559 parameters in its headers, as there are from Holocene on, and before it goes by those of Bedrock.
  const older = await startWorld({ hardfork: 'ecotone' });
  const own = ol.provider({ endpoints: [older.url], maxAge: Infinity });
  t.after(() => {
    own.close();
    return older.close();
  });
  for (const count of ['0x1', '0x5', '0x12']) {
    for (const percentiles of [[], [0, 25, 50.5, 100]]) {
      const [read, expected] = await Promise.all([own.request({ method: 'eth_feeHistory', params: [count, quantity(older.full), percentiles] }),
        older.ask('eth_feeHistory', count, quantity(older.full), percentiles)]);
      // Of blobs a header of an L2 says nothing. anvil cuts a reward at another place where a percentile falls between two transactions.
      const { oldestBlock, baseFeePerGas } = read;
      assert.deepEqual([oldestBlock, baseFeePerGas.slice(0, -1)], [expected.oldestBlock, expected.baseFeePerGas.slice(0, -1)]);
      assert.equal(BigInt(baseFeePerGas.at(-1)), nextBaseFee(older.block));
      for (const [i, ratio] of read.gasUsedRatio.entries()) assert.ok(Math.abs(ratio - expected.gasUsedRatio[i]) < 1e-9);
      assert.equal(read.reward?.length, percentiles.length ? read.gasUsedRatio.length : undefined);
    }
  }
  const [newest] = (await own.request({ method: 'eth_feeHistory', params: ['0x1', 'latest', []] })).baseFeePerGas.slice(-1);
  const tip = await own.request({ method: 'eth_maxPriorityFeePerGas' });
  assert.equal(tip, '0xf4240'); // blocks are not full
  assert.equal(BigInt(await own.request({ method: 'eth_gasPrice' })), BigInt(newest) + BigInt(tip));

  assert.equal(await ours.estimateMaxPriorityFeePerGas(), 1_000_000n);
  assert.equal(await ours.getGasPrice(), (await ours.getBlock()).baseFeePerGas + 1_000_000n);
  const history = await ours.getFeeHistory({ blockCount: 40, rewardPercentiles: [10, 90] });
  const expected = await theirs.getFeeHistory({ blockCount: 40, rewardPercentiles: [10, 90] });
  assert.deepEqual(history.baseFeePerGas.slice(0, -1), expected.baseFeePerGas.slice(0, -1));
  assert.deepEqual([history.oldestBlock, history.reward.length], [expected.oldestBlock, 40]);
  const { maxPriorityFeePerGas, gasPrice } = await browser.getFeeData();
  assert.deepEqual([maxPriorityFeePerGas, gasPrice], [1_000_000n, await ours.getGasPrice()]);
});

test('a transaction is sent, and its receipt is proven', { skip: noAnvil, timeout: 2 * DEAD_LINE_MS }, async (t) => {
  const own = await startWorld();
  const live = ol.provider({ endpoints: [own.url], maxAge: Infinity, holdMs: 0 });
  const client = /** @type {any} */ (createPublicClient({ chain, transport: custom(live), cacheTime: 0, pollingInterval: 50 }));
  const through = new BrowserProvider(/** @type {any} */ (live), undefined, { cacheTimeout: -1, polling: true, pollingInterval: 50 });
  t.after(() => {
    through.destroy();
    live.close();
    return own.close();
  });
  await own.ask('evm_setAutomine', true);
  const nonce = await client.getTransactionCount({ address: signer.address });
  const raw = await signer.signTransaction({ chainId: CHAIN_ID, nonce, gas: 21_000n, maxFeePerGas: 10n ** 10n, to: nobody, value: 5n });
  const hash = await client.sendRawTransaction({ serializedTransaction: raw });
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: DEAD_LINE_MS });
  assert.deepEqual([receipt.status, receipt.transactionHash], ['success', hash]);
  assert.equal(await client.getBalance({ address: nobody }), 5n);

  const wallet = new Wallet('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d');
  assert.equal(wallet.address, other);
  const signed = await wallet.signTransaction({
    chainId: CHAIN_ID, nonce: await through.getTransactionCount(other), gasLimit: 21_000, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1, to: nobody, value: 2, type: 2,
  });
  const sent = await through.broadcastTransaction(signed);
  assert.equal((await sent.wait(1, DEAD_LINE_MS))?.hash, sent.hash);
  assert.equal(await through.getBalance(nobody), 7n);

  // Again: the node does not take it a second time.
  await assert.rejects(client.sendRawTransaction({ serializedTransaction: raw }), (/** @type {any} */ error) =>
    error.walk((/** @type {any} */ one) => one.code === -32003) !== null);
});

/** A promise, and how to keep it. */
function later() {
  /** @type {(value?: any) => void} */
  let keep = () => {};
  return { promise: new Promise((resolve) => (keep = resolve)), keep };
}

test('blocks are watched, and heads subscribed to', { skip: noAnvil, timeout: DEAD_LINE_MS }, async (t) => {
  const own = await startWorld();
  const live = ol.provider({ endpoints: [own.url], maxAge: Infinity, holdMs: 0, pollMs: 20 });
  const client = createPublicClient({ chain, transport: custom(live), cacheTime: 0 });
  t.after(() => {
    live.close();
    return own.close();
  });
  const first = Number(own.head.number);
  const wanted = [1, 2, 3, 4, 5].map((i) => first + i);
  const watched = later();
  /** @type {number[]} */
  const seen = [];
  const unwatch = client.watchBlocks({
    emitMissed: true, emitOnBegin: true, poll: true, pollingInterval: 20,
    onError: (error) => assert.fail(error),
    onBlock: ({ number }) => {
      seen.push(Number(number));
      if (Number(number) === first + 5) watched.keep();
    },
  });
  const subscribed = later();
  const began = later();
  /** @type {any[]} */
  const heads = [];
  const listener = (/** @type {any} */ message) => {
    heads.push(message);
    began.keep();
    if (Number(message.data.result.number) === first + 5) subscribed.keep();
  };
  live.on('message', listener);
  live.on('error', (error) => assert.fail(error));
  const id = await live.request({ method: 'eth_subscribe', params: ['newHeads'] });
  await began.promise;
  for (let i = 0; i < 5; i++) await own.mine();
  await Promise.all([watched.promise, subscribed.promise]);
  unwatch();
  assert.deepEqual(seen.filter((number) => number > first), wanted);
  assert.deepEqual(heads.map(({ data }) => Number(data.result.number)), [first, ...wanted]);
  assert.ok(heads.every(({ type, data }) => type === 'eth_subscription' && data.subscription === id));
  const theirHead = await own.byNumber(first + 5);
  assert.equal(heads.at(-1).data.result.hash, theirHead.hash);
  assert.equal(heads.at(-1).data.result.stateRoot, theirHead.stateRoot);

  // Away and back while heads are fetched: each comes once.
  assert.equal(await live.request({ method: 'eth_unsubscribe', params: [id] }), true);
  assert.equal(await live.request({ method: 'eth_unsubscribe', params: [id] }), false);
  heads.length = 0;
  const ids = [];
  for (let i = 0; i < 5; i++) {
    const one = await live.request({ method: 'eth_subscribe', params: ['newHeads'] });
    if (i < 4) await live.request({ method: 'eth_unsubscribe', params: [one] });
    else ids.push(one);
  }
  const again = later();
  live.on('message', ({ data }) => Number(data.result.number) === first + 8 && again.keep());
  for (let i = 0; i < 3; i++) await own.mine();
  await again.promise;
  const numbers = heads.filter(({ data }) => data.subscription === ids[0]).map(({ data }) => Number(data.result.number));
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b));
  live.removeListener('message', listener);
  await assert.rejects(live.request({ method: 'eth_subscribe', params: ['logs', {}] }), { code: -32602 });
});

/** Methods that are not answered, and their codes. @type {[code: number, method: string, params: any[]][]} */
const REFUSED = [
  [-32601, 'eth_call', [{ to: other, data: '0x' }, 'latest']],
  [-32601, 'eth_estimateGas', [{ to: other }]],
  [-32601, 'eth_createAccessList', [{ to: other }]],
  [4200, 'eth_requestAccounts', []],
  [4200, 'eth_sendTransaction', [{ from: signer.address, to: other }]],
  [4200, 'eth_signTransaction', [{ from: signer.address }]],
  [4200, 'eth_sign', [signer.address, '0x00']],
  [4200, 'personal_sign', ['0x00', signer.address]],
  [4200, 'eth_signTypedData_v4', [signer.address, '{}']],
  [4200, 'wallet_addEthereumChain', [{ chainId: '0x1' }]],
  [4200, 'wallet_watchAsset', [{}]],
  [4200, 'wallet_getCapabilities', []],
  [4200, 'wallet_sendCalls', [{}]],
  [4902, 'wallet_switchEthereumChain', [{ chainId: '0x1' }]],
  [-32601, 'eth_getUncleByBlockNumberAndIndex', ['latest', '0x0']],
  [-32601, 'eth_newFilter', [{}]],
  [-32601, 'eth_mining', []],
  [-32601, 'debug_traceTransaction', [`0x${'00'.repeat(32)}`]],
  [-32601, 'anvil_setBalance', [signer.address, '0x0']],
  [-32601, 'evm_mine', []],
  [-32601, 'web3_sha3', ['0x']],
  [-32601, 'eth_getbalance', [signer.address]],
  [-32601, '', []],
];

test('what is not proven is not answered, and not passed on', { skip: noAnvil }, async (t) => {
  const endpoint = counting(http({ url: world.url }));
  const own = ol.provider({ endpoints: [endpoint], maxAge: Infinity });
  const viem = createPublicClient({ chain, transport: custom(own) });
  const ethers = new BrowserProvider(/** @type {any} */ (own), CHAIN_ID);
  t.after(() => {
    ethers.destroy();
    own.close();
  });
  await ethers.getBlockNumber();
  const before = endpoint.asked.length;
  for (const [code, method, params] of REFUSED) {
    await assert.rejects(own.request({ method, params }), (/** @type {any} */ error) => error instanceof sdk.ProviderRpcError && error.code === code, method);
    await assert.rejects(own.verified({ method, params }), { code }, method);
    await assert.rejects(viem.request(/** @type {any} */ ({ method, params }), { retryCount: 0 }), (/** @type {any} */ error) =>
      error.walk((/** @type {any} */ one) => one.code === code) !== null, `viem: ${method}`);
    await assert.rejects(ethers.send(method, params), (/** @type {any} */ error) => (error.error?.code ?? error.info?.error?.code) === code || /user-denied|unsupported/.test(error.message), `ethers: ${method}`);
  }
  await assert.rejects(viem.call({ to: world.token, data: '0x18160ddd' }));
  await assert.rejects(viem.readContract({ address: world.token, abi, functionName: 'totalSupply' }));
  await assert.rejects(ethers.call({ to: world.token, data: '0x18160ddd' }));
  await assert.rejects(ethers.estimateGas({ to: other }));
  assert.deepEqual(endpoint.asked.slice(before), []);
  assert.deepEqual(await own.request({ method: 'eth_accounts' }), []);
  assert.equal(await own.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: '0x64c' }] }), null);
  assert.deepEqual(await Promise.all(['eth_chainId', 'net_version', 'eth_syncing'].map((method) => own.request({ method }))), ['0x64c', '1612', false]);
  assert.match(await own.request({ method: 'web3_clientVersion' }), /^openledger\//);
  assert.deepEqual(endpoint.asked.slice(before), []);
});

test('what is passed on is what was asked, and no more', { skip: noAnvil }, async () => {
  const endpoint = counting(http({ url: world.url }));
  const own = ol.provider({ endpoints: [endpoint], maxAge: Infinity });
  await own.request({ method: 'eth_getLogs', params: [{ fromBlock: '0x1', toBlock: 'latest', topics: [TRANSFER] }] });
  await own.request({ method: 'eth_getTransactionReceipt', params: [hashAt(3)] });
  await own.request({ method: 'eth_getCode', params: [world.token, '0x5'] });
  own.close();
  assert.deepEqual([...new Set(endpoint.asked.map(({ method }) => method))].sort(), [
    'eth_chainId', 'eth_getBlockByHash', 'eth_getBlockByNumber', 'eth_getBlockReceipts', 'eth_getCode', 'eth_getProof', 'eth_getTransactionByHash',
  ]);
});

test('what is asked at the same time is answered together, in one chain', { skip: noAnvil }, async (t) => {
  const endpoint = counting(http({ url: world.url }));
  const own = ol.provider({ endpoints: [endpoint], maxAge: Infinity, holdMs: 0 });
  t.after(() => own.close());
  const answers = await Promise.all(Array.from({ length: 250 }, (_, i) => own.verified({ method: 'eth_getBalance', params: [i % 2 ? signer.address : other, 'latest'] })));
  assert.equal(new Set(answers.map(({ head }) => head.hash)).size, 1);
  assert.equal(endpoint.asked.filter(({ method }) => method === 'eth_chainId').length, 3); // 250 are three batches
  assert.deepEqual(answers.slice(0, 2).map(({ value }) => value), await Promise.all([other, signer.address].map((one) => world.ask('eth_getBalance', one, 'latest'))));
});

test('a request that cannot be answered spoils no other', { skip: noAnvil }, async (t) => {
  const own = providerOf();
  t.after(() => own.close());
  const deep = JSON.parse('['.repeat(300) + ']'.repeat(300));
  const bad = /** @type {any[]} */ ([
    { method: 'eth_getBalance', params: [1n] },
    { method: 'eth_getBalance', params: [deep] },
    { method: 'eth_getBalance', params: ['0x12', 'latest'] },
    { method: 'eth_getBalance', params: { address: signer.address } },
    { method: 'eth_getBalance' },
    { method: 7 },
    {},
    { method: 'eth_sendRawTransaction', params: [`0x${'00'.repeat(300_000)}`] },
    { method: 'eth_getLogs', params: [{ fromBlock: '0x5', toBlock: '0x4' }] },
    { method: 'eth_getBalance', params: [signer.address, '0xffffff'] },
  ]);
  const good = () => own.request({ method: 'eth_getBalance', params: [signer.address, 'latest'] });
  const outcomes = await Promise.allSettled([good(), ...bad.map((one) => own.request(one)), good()]);
  assert.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', ...bad.map(() => 'rejected'), 'fulfilled']);
  const codes = outcomes.slice(1, -1).map((one) => /** @type {any} */ (one).reason.code);
  assert.deepEqual(codes, [-32602, -32005, -32602, -32602, -32602, -32600, -32600, -32005, -32602, -32001]);
});

test('an answer that is longer than accepted is an error, and those besides it are not', { skip: noAnvil }, async (t) => {
  const own = providerOf({ maxResponse: 8192 });
  t.after(() => own.close());
  const ask = (/** @type {string} */ method, /** @type {any[]} */ ...params) => own.request({ method, params });
  const outcomes = await Promise.allSettled([
    ask('eth_getBalance', other, 'latest'), ask('eth_getBlockReceipts', quantity(world.full)), ask('eth_getLogs', { fromBlock: '0x1' }), ask('eth_chainId'),
  ]);
  assert.deepEqual(outcomes.map((/** @type {any} */ { status, reason }) => reason?.code ?? status), ['fulfilled', -32005, -32005, 'fulfilled']);
});

test('an answer says what proves it', { skip: noAnvil }, async (t) => {
  const own = ol.provider({ endpoints: [world.url, http({ url: world.url })], quorum: 2, maxAge: Infinity });
  t.after(() => own.close());
  const { value, block, head, trust, agreed, asked, ageSeconds } = await own.verified({ method: 'eth_getBalance', params: [other, '0x4'] });
  assert.equal(value, await world.ask('eth_getBalance', other, '0x4'));
  assert.deepEqual([trust, agreed, asked, Number(block.number), head.hash], ['quorum', 2, 2, 4, world.head.hash]);
  assert.equal(block.hash, (await world.byNumber(4)).hash);
  assert.ok(ageSeconds >= 0);
  assert.deepEqual(await own.verified({ method: 'eth_chainId' }), { value: '0x64c' });
  const gone = await own.verified({ method: 'eth_getTransactionByHash', params: [`0x${'12'.repeat(32)}`] });
  assert.deepEqual([gone.value, gone.block], [null, undefined]);
  const status = await own.request({ method: 'openledger_status' });
  assert.deepEqual(status, { chainId: '0x64c', trust: 'quorum', endpoints: 2, quorum: 2, anchored: false });
});

test('a provider that is closed answers no more, and gives its memory back', { skip: noAnvil }, async () => {
  const asked = async () => {
    const own = providerOf();
    const waiting = own.request({ method: 'eth_blockNumber' });
    own.on('message', () => {});
    await own.request({ method: 'eth_subscribe', params: ['newHeads'] });
    await waiting;
    const last = own.request({ method: 'eth_blockNumber' }).catch((/** @type {any} */ error) => error.code);
    own.close();
    own.close();
    assert.equal(await last, 4900);
    await assert.rejects(own.request({ method: 'eth_chainId' }), { code: 4900 });
  };
  for (let i = 0; i < 3; i++) await asked();
  const before = ol.core.exports.memory.buffer.byteLength;
  for (let i = 0; i < 10; i++) await asked();
  assert.equal(ol.core.exports.memory.buffer.byteLength, before);
});

test('a listener that throws is in nobody\'s way', { skip: noAnvil }, async (t) => {
  const thrown = later();
  const listener = (/** @type {any} */ error) => thrown.keep(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').once('uncaughtException', listener);
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    for (const one of others) process.on('uncaughtException', one);
  });
  let times = 0;
  const own = ol.provider({
    endpoints: [world.url], maxAge: Infinity,
    onWant: () => {
      if (times++ === 0) throw new Error('mine');
    },
  });
  assert.equal(await own.request({ method: 'eth_getBalance', params: [nobody, 'latest'] }), '0x0');
  assert.match((await thrown.promise).message, /mine/);
  assert.equal(await own.request({ method: 'eth_getBalance', params: [nobody, 'latest'] }), '0x0');
  own.close();
});

test('the example prints a proven balance, and fails on a forged one', { skip: noAnvil }, async (t) => {
  const run = promisify(execFile);
  const own = await startWorld();
  t.after(() => own.close());
  await own.mine();
  const { stdout } = await run(process.execPath, ['examples/js/provider.mjs', own.url, other], { cwd: root });
  const number = Number(await own.ask('eth_blockNumber'));
  assert.equal(stdout, `${ol.amountText(BigInt(await own.ask('eth_getBalance', other, 'latest')))} OPEN at block ${number}, by quorum\n`);
  const forged = await serve(t, async (request, response) => {
    const answer = await (await fetch(own.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: await bodyOf(request) })).json();
    if (answer.result.balance) answer.result.balance = '0xffffffffffffffff';
    response.end(JSON.stringify(answer));
  });
  await assert.rejects(run(process.execPath, ['examples/js/provider.mjs', forged, other], { cwd: root }), /claimed value is not the proven one/);
});
