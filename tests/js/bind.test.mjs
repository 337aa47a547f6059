// SPDX-License-Identifier: MIT
// Every field of a question binds the answer: what a server can put in the place of it, or do to it, and that no such
// answer gets through a provider. Each lie is told alone, where it is refused with its reason; and besides an honest
// endpoint that comes second, where the right answer is found and the liar is blamed.
import assert from 'node:assert/strict';
import { after as afterAll, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { noAnvil, quantity } from '../devnet/rollup/anvil.mjs';
import { Chain } from './chain.mjs';
import { after, counting, lying, saying, where } from './proxy.mjs';
import { http, keccak, openledger as ol, sdk } from './support.mjs';
import { CHAIN_ID, TOTAL_SUPPLY_SLOT, nobody, other, signer, startWorld } from './world.mjs';

/** @typedef {import('openledger').Blame} Blame */
/** @typedef {import('openledger').Transport} Transport */
/** @typedef {import('./proxy.mjs').Lie} Lie */
/** @typedef {{ method: string, params: any[] }} Question */

const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const TIMEOUT_MS = 1000; // of answers that do not come
const EMPTY_SLOT = `0x${'77'.repeat(32)}`;

/** @type {import('./world.mjs').World} */
let world;
before(async () => {
  if (!noAnvil) world = await startWorld();
});
afterAll(() => world?.close());

/** @param {Transport[]} endpoints @param {object} [options] */
function providerOf(endpoints, options = {}) {
  /** @type {Blame[]} */
  const blames = [];
  const onBlame = (/** @type {Blame} */ blame) => void blames.push(blame);
  return { blames, provider: ol.provider({ endpoints, quorum: 1, chainId: CHAIN_ID, maxAge: 1800, onBlame, ...options }) };
}

/** @param {Transport[]} endpoints @param {Question} question @param {object} [options] */
async function ask(endpoints, question, options) {
  const { provider, blames } = providerOf(endpoints, options);
  try {
    return { value: await provider.request(question), blames };
  } catch (error) {
    assert.ok(error instanceof sdk.ProviderRpcError, String(error));
    return { error: /** @type {any} */ (error), blames };
  } finally {
    provider.close();
  }
}

/** @typedef {{ asks: () => Question, method: string, lie: Lie, reason: RegExp, options?: object }} Case */

const at = (/** @type {any} */ block) => block.number;
const balance = () => ({ method: 'eth_getBalance', params: [signer.address, 'latest'] });
const slot = () => ({ method: 'eth_getStorageAt', params: [world.token, TOTAL_SUPPLY_SLOT, 'latest'] });
const proof = () => ({ method: 'eth_getProof', params: [world.token, [TOTAL_SUPPLY_SLOT], 'latest'] });
const receipts = () => ({ method: 'eth_getBlockReceipts', params: [at(world.block)] });
const transactionOf = (/** @type {number} */ index) => ({ method: 'eth_getTransactionByHash', params: [world.block.transactions[index].hash] });
const receiptOf = (/** @type {number} */ index) => ({ method: 'eth_getTransactionReceipt', params: [world.block.transactions[index].hash] });
const logs = () => ({ method: 'eth_getLogs', params: [{ address: world.token, topics: [TRANSFER], fromBlock: '0x1', toBlock: at(world.block) }] });
const fees = () => ({ method: 'eth_feeHistory', params: ['0xa', 'latest', []] });

/** Whether a request is for the newest block. @param {import('./proxy.mjs').Request} request */
const isHead = ({ params }) => params[0] === 'latest';
const isNumber = (/** @type {import('./proxy.mjs').Request} */ request) => !isHead(request);
/** Whether receipts are those of the block behind the deployment and the mint. @param {import('./proxy.mjs').Request} request */
const isLast = ({ params }) => params[0] === world.third.hash;
/** Whether a proof is of what was asked, and not of the way to it. @param {import('./proxy.mjs').Request} request */
const isAsked = ({ params }) => params[0].toLowerCase() === world.token.toLowerCase();

/** @type {Record<string, Case>} */
const LIES = {
  'the account proof of another address': {
    asks: balance, method: 'eth_getProof', reason: /node does not hash to the reference in its parent/,
    lie: saying(async (result, { params }, chain) => ({ ...(await chain('eth_getProof', other, ...params.slice(1))), address: result.address })),
  },
  'the account of another address, named': {
    asks: balance, method: 'eth_getProof', reason: /proof is for another address/,
    lie: saying(async (_, { params }, chain) => chain('eth_getProof', other, ...params.slice(1))),
  },
  'the storage proof of another slot': {
    asks: slot, method: 'eth_getProof', reason: /proof ends before the key is decided/,
    lie: where(isAsked, saying(async (result, { params }, chain) => {
      const [theirs] = (await chain('eth_getProof', params[0], [EMPTY_SLOT], params[2])).storageProof;
      result.storageProof = [{ ...theirs, key: result.storageProof[0].key }];
    })),
  },
  'the slot of another contract': {
    asks: slot, method: 'eth_getProof', reason: /first node does not hash to the root/,
    lie: where(isAsked, saying(async (result, { params }, chain) => {
      result.storageProof = (await chain('eth_getProof', other, ...params.slice(1))).storageProof;
    })),
  },
  'no storage proof': {
    asks: slot, method: 'eth_getProof', reason: /number of storage proofs is not that of slots asked/,
    lie: where(isAsked, saying((result) => void (result.storageProof = []))),
  },
  'a storage proof without nodes, and a value of zero': {
    asks: slot, method: 'eth_getProof', reason: /proof is empty/,
    lie: where(isAsked, saying((result) => void Object.assign(result.storageProof[0], { value: '0x0', proof: [] }))),
  },
  'a storage proof without its last node': {
    asks: slot, method: 'eth_getProof', reason: /proof ends before the key is decided/,
    lie: where(isAsked, saying((result) => void Object.assign(result.storageProof[0], { value: '0x0', proof: result.storageProof[0].proof.slice(0, -1) }))),
  },
  'an account that is said to be absent': {
    asks: balance, method: 'eth_getProof', reason: /claimed value is not the proven one/,
    lie: saying(async (result, { params }, chain) => {
      const absent = await chain('eth_getProof', nobody, [], params[2]);
      return { ...absent, address: result.address, accountProof: result.accountProof };
    }),
  },
  'the absence of another account': {
    asks: balance, method: 'eth_getProof', reason: /proof ends before the key is decided/,
    lie: saying(async (result, { params }, chain) => ({ ...(await chain('eth_getProof', nobody, [], params[2])), address: result.address })),
  },
  'an account proof without its last node': {
    asks: balance, method: 'eth_getProof', reason: /proof ends before the key is decided/,
    lie: saying((result) => void result.accountProof.pop()),
  },
  'a slot that is said to be absent': {
    asks: slot, method: 'eth_getProof', reason: /claimed value is not the proven one/,
    lie: where(isAsked, saying((result) => void (result.storageProof[0].value = '0x0'))),
  },
  'a storage value of more than 32 bytes': {
    asks: slot, method: 'eth_getProof', reason: /quantity is longer than 32 bytes/,
    lie: where(isAsked, saying((result) => void (result.storageProof[0].value = `0x${'01'.repeat(33)}`))),
  },
  'another balance': {
    asks: balance, method: 'eth_getProof', reason: /claimed value is not the proven one/,
    lie: saying((result) => void (result.balance = quantity(BigInt(result.balance) + 1n))),
  },
  'another nonce': {
    asks: () => ({ method: 'eth_getTransactionCount', params: [signer.address, 'latest'] }), method: 'eth_getProof', reason: /claimed value is not the proven one/,
    lie: saying((result) => void (result.nonce = '0x0')),
  },
  'another code hash': {
    asks: proof, method: 'eth_getProof', reason: /claimed hash is not the proven one/,
    lie: where(isAsked, saying((result) => void (result.codeHash = `0x${'12'.repeat(32)}`))),
  },
  'another storage root': {
    asks: proof, method: 'eth_getProof', reason: /claimed hash is not the proven one/,
    lie: where(isAsked, saying((result) => void (result.storageHash = `0x${'12'.repeat(32)}`))),
  },
  'a node more than the proof has': {
    asks: balance, method: 'eth_getProof', reason: /proof goes on after the key is decided/,
    lie: saying((result) => void result.accountProof.push(result.accountProof[0])),
  },
  'a short node behind the proof': {
    asks: slot, method: 'eth_getProof', reason: /proof goes on after the key is decided/,
    lie: where(isAsked, saying((result) => void result.storageProof[0].proof.push('0xc22001'))),
  },
  'a node in another form of the same': {
    asks: balance, method: 'eth_getProof', reason: /node does not hash to the reference in its parent/,
    lie: saying((result) => {
      const leaf = result.accountProof.pop(); // a list of 56 to 255 bytes, whose length takes one byte: as of two
      result.accountProof.push(`0xf900${leaf.slice(4)}`);
    }),
  },
  'the value of an older block': {
    asks: slot, method: 'eth_getProof', reason: /first node does not hash to the root/,
    lie: where(isAsked, saying((_, { params }, chain) => chain('eth_getProof', params[0], params[1], '0x1'))),
  },

  'the code of another account': {
    asks: () => ({ method: 'eth_getCode', params: [world.token, 'latest'] }), method: 'eth_getCode', reason: /code does not hash to the account's code hash/,
    lie: saying(() => '0x60006000fd'),
  },
  'no code': {
    asks: () => ({ method: 'eth_getCode', params: [world.token, 'latest'] }), method: 'eth_getCode', reason: /code does not hash to the account's code hash/,
    lie: saying(() => '0x'),
  },

  'a transaction with another hash, by its place': {
    asks: () => transactionOf(3), method: 'eth_getTransactionByHash', reason: /transaction is not where it is said to be/,
    lie: saying((result) => void (result.transactionIndex = '0x4')),
  },
  'a transaction that is in another block': {
    asks: () => transactionOf(3), method: 'eth_getTransactionByHash', reason: /transaction is not where it is said to be/,
    lie: saying((result) => void (result.blockNumber = '0x2')),
  },
  'another transaction in the block': {
    asks: () => transactionOf(3), method: 'eth_getBlockByHash', reason: /items do not give the root in the header/,
    lie: saying((result) => void (result.transactions[3] = { ...result.transactions[4], transactionIndex: '0x3' })),
  },
  'a transaction of another value': {
    asks: () => transactionOf(2), method: 'eth_getBlockByHash', reason: /transaction's fields do not hash to it/,
    lie: saying((result) => void (result.transactions[2].value = '0xffff')),
  },
  'a transaction by its place that is another': {
    asks: () => ({ method: 'eth_getTransactionByBlockNumberAndIndex', params: [at(world.block), '0x2'] }), method: 'eth_getBlockByHash', reason: /claim is not what the block shows/,
    lie: saying(({ transactions }) => void transactions.reverse()),
  },
  'a transaction that is left out of its block': {
    asks: () => ({ method: 'eth_getBlockTransactionCountByNumber', params: [at(world.block)] }), method: 'eth_getBlockByHash', reason: /items do not give the root in the header/,
    lie: saying(({ transactions }) => void transactions.pop()),
  },
  'another sender of a transaction': {
    asks: () => transactionOf(4), method: 'eth_getBlockByHash', reason: /transaction was not signed by the claimed sender/,
    lie: saying(({ transactions }) => void (transactions[4].from = other)),
  },

  'the receipt of another index': {
    asks: () => receiptOf(3), method: 'eth_getBlockReceipts', reason: /claim is not what the block shows/,
    lie: saying((result) => void ([result[3], result[4]] = [result[4], result[3]])),
  },
  'the receipt of another index, dressed up': {
    asks: () => receiptOf(3), method: 'eth_getBlockReceipts', reason: /items do not give the root in the header/,
    lie: saying((result) => {
      const { transactionHash, transactionIndex, from, to, type, cumulativeGasUsed, gasUsed, effectiveGasPrice } = result[3];
      result[3] = { ...result[7], transactionHash, transactionIndex, from, to, type, cumulativeGasUsed, gasUsed, effectiveGasPrice };
    }),
  },
  'the receipt of another transaction, by its name': {
    asks: () => receiptOf(3), method: 'eth_getBlockReceipts', reason: /claim is not what the block shows/,
    lie: saying((result) => void (result[3].transactionHash = result[4].transactionHash)),
  },
  'the receipts of another block': {
    asks: receipts, method: 'eth_getBlockReceipts', reason: /block has not as many transactions as receipts/,
    lie: saying((_, __, chain) => chain('eth_getBlockReceipts', '0x2')),
  },
  'a receipt that says that it did well': {
    asks: () => receiptOf(8), method: 'eth_getBlockReceipts', reason: /items do not give the root in the header/,
    lie: saying((result) => result.map((/** @type {any} */ one) => ({ ...one, status: '0x1' }))),
  },
  'more gas used': {
    asks: receipts, method: 'eth_getBlockReceipts', reason: /claim is not what the block shows/,
    lie: saying((result) => void (result[2].cumulativeGasUsed = quantity(BigInt(result[2].cumulativeGasUsed) + 1n))),
  },
  'another gas used of one, where the sum is right': {
    asks: receipts, method: 'eth_getBlockReceipts', reason: /claim is not what the block shows/,
    lie: saying((result) => void (result[2].gasUsed = quantity(BigInt(result[2].gasUsed) + 1n))),
  },
  'another bloom of a receipt': {
    asks: receipts, method: 'eth_getBlockReceipts', reason: /bloom is not that of the logs/,
    lie: saying((result) => void (result.find((/** @type {any} */ { logs: own }) => own.length > 0).logsBloom = `0x${'00'.repeat(256)}`)),
  },
  'another index of a log, where the root is right': {
    asks: receipts, method: 'eth_getBlockReceipts', reason: /claim is not what the block shows/,
    lie: saying((result) => void (logIn(result).logIndex = '0x3')),
  },
  'another price that was paid': {
    asks: receipts, method: 'eth_getBlockReceipts', reason: /claim is not what the block shows/,
    lie: saying((result) => void (result[2].effectiveGasPrice = '0x1')),
  },

  'a log that is left out': {
    asks: logs, method: 'eth_getBlockReceipts', reason: /bloom is not that of the logs/,
    lie: saying((result) => void result[0].logs.pop()),
  },
  'a log that is added': {
    asks: logs, method: 'eth_getBlockReceipts', reason: /claim is not what the block shows/,
    lie: saying((result) => void result[0].logs.push(result[0].logs[0])),
  },
  'a log of another address': {
    asks: logs, method: 'eth_getBlockReceipts', reason: /bloom is not that of the logs/,
    lie: saying((result) => void (logIn(result).address = other)),
  },
  'a log with another topic': {
    asks: logs, method: 'eth_getBlockReceipts', reason: /bloom is not that of the logs/,
    lie: saying((result) => void (logIn(result).topics[1] = EMPTY_SLOT)),
  },
  'a log of another block': {
    asks: logs, method: 'eth_getBlockReceipts', reason: /block has not as many transactions as receipts/,
    lie: saying((_, __, chain) => chain('eth_getBlockReceipts', at(world.block))),
  },
  'the logs of another block, dressed up': {
    asks: logs, method: 'eth_getBlockReceipts', reason: /claim is not what the block shows|items do not give the root in the header/,
    lie: where(isLast, saying(async ([own], _, chain) => {
      const [theirs] = await chain('eth_getBlockReceipts', '0x2');
      const { blockHash, blockNumber, transactionHash } = own;
      const dress = (/** @type {any} */ one) => ({ ...one, blockHash, blockNumber, transactionHash, blockTimestamp: undefined });
      return [{ ...own, logsBloom: theirs.logsBloom, logs: theirs.logs.map(dress) }];
    })),
  },
  'logs that a bloom hides': {
    asks: logs, method: 'eth_getBlockByNumber', reason: /header's fields do not hash to it/,
    lie: (answers, requests) => (Array.isArray(requests)
      ? answers.map((/** @type {any} */ one) => ({ ...one, result: { ...one.result, logsBloom: `0x${'00'.repeat(256)}` } })) : undefined),
  },
  'headers of other blocks in a range': {
    asks: logs, method: 'eth_getBlockByNumber', reason: /block has another number than the one asked/,
    lie: (answers, requests) => (Array.isArray(requests)
      ? answers.map((/** @type {any} */ one, /** @type {number} */ i) => ({ ...one, result: answers[Math.max(i - 1, 0)].result })) : undefined),
  },

  'another block by its number': {
    asks: () => ({ method: 'eth_getBlockByNumber', params: ['0x5', false] }), method: 'eth_getBlockByNumber', reason: /block has another number than the one asked/,
    lie: where(isNumber, saying((_, __, chain) => chain('eth_getBlockByNumber', '0x6', false))),
  },
  'a block with its number changed': {
    asks: () => ({ method: 'eth_getBlockByNumber', params: ['0x5', false] }), method: 'eth_getBlockByNumber', reason: /header's fields do not hash to it/,
    lie: where(isNumber, saying(async (_, __, chain) => ({ ...(await chain('eth_getBlockByNumber', '0x6', false)), number: '0x5' }))),
  },
  'another block by its hash': {
    asks: () => ({ method: 'eth_getBlockByHash', params: [world.block.hash, false] }), method: 'eth_getBlockByHash', reason: /block has another hash than the one asked/,
    lie: saying((_, __, chain) => chain('eth_getBlockByNumber', '0x6', true)),
  },
  'a block with a field changed': {
    asks: () => ({ method: 'eth_getBlockByHash', params: [world.block.hash, false] }), method: 'eth_getBlockByHash', reason: /header's fields do not hash to it/,
    lie: saying((result) => void (result.gasLimit = '0x1')),
  },
  'a header with a field changed': {
    asks: () => ({ method: 'eth_getHeaderByNumber', params: ['0x5'] }), method: 'eth_getBlockByHash', reason: /header's fields do not hash to it/,
    lie: saying((result) => void (result.miner = other)),
  },
  'an older block that its state does not name': {
    asks: () => ({ method: 'eth_getBlockByNumber', params: ['0x5', false] }), method: 'eth_getProof', reason: /node does not hash to the reference in its parent/,
    lie: saying(async (result, { params }, chain) => {
      const six = `0x${'6'.padStart(64, '0')}`;
      const [theirs] = (await chain('eth_getProof', params[0], [six], params[2])).storageProof;
      result.storageProof = [{ ...theirs, key: result.storageProof[0].key }];
    }),
  },
  'an old block as the latest': {
    asks: balance, method: 'eth_getBlockByNumber', reason: /block is older than accepted/,
    lie: where(isHead, saying(() => world.block)),
  },
  'the number of another chain': {
    asks: balance, method: 'eth_chainId', reason: /endpoint serves another chain/, lie: saying(() => '0xa'),
  },

  'the answer of the request before': {
    asks: balance, method: 'eth_getProof', reason: /JSON-RPC response is to another request/,
    lie: (answer) => ({ ...answer, id: answer.id - 1 }),
  },
  'an answer half of which came': {
    asks: balance, method: 'eth_getProof', reason: /text is not JSON/,
    lie: (answer) => JSON.stringify(answer).slice(0, 500),
  },
  'an answer twice': {
    asks: balance, method: 'eth_getProof', reason: /text is not JSON/,
    lie: (answer) => JSON.stringify(answer) + JSON.stringify(answer),
  },
  'an answer that is none': {
    asks: balance, method: 'eth_getProof', reason: /endpoint has no result for the request/, lie: saying(() => null),
  },
  'an answer that does not come': {
    asks: balance, method: 'eth_getProof', reason: /in time/, options: { timeoutMs: TIMEOUT_MS },
    lie: async (answer, _, __, signal) => {
      await wait(60_000, undefined, { signal, ref: false });
      return answer;
    },
  },
  'an answer without end': {
    asks: balance, method: 'eth_getProof', reason: /longer than accepted/, options: { maxAnswer: 1 << 16 },
    lie: (answer) => JSON.stringify(answer) + ' '.repeat(1 << 16),
  },
  'a batch with an answer missing': {
    asks: fees, method: 'eth_getBlockByNumber', reason: /answers are not as many as were asked for/,
    lie: (answers, requests) => (Array.isArray(requests) ? answers.slice(1) : undefined),
  },
  'a batch with an answer twice': {
    asks: fees, method: 'eth_getBlockByNumber', reason: /JSON-RPC response is to another request/,
    lie: (answers, requests) => (Array.isArray(requests) ? [...answers.slice(1), answers[1]] : undefined),
  },
  'a batch with an answer more': {
    asks: fees, method: 'eth_getBlockByNumber', reason: /answers are not as many as were asked for/,
    lie: (answers, requests) => (Array.isArray(requests) ? [...answers, answers[0]] : undefined),
  },
  'a batch whose answers have changed their places': {
    asks: fees, method: 'eth_getBlockByNumber', reason: /block has another number than the one asked/,
    lie: (answers, requests) => (Array.isArray(requests)
      ? answers.map((/** @type {any} */ one, /** @type {number} */ i) => ({ ...one, result: answers[answers.length - 1 - i].result })) : undefined),
  },
};

/** The first log in receipts. @param {any[]} list */
const logIn = (list) => list.find(({ logs: own }) => own.length > 0).logs[0];

for (const [name, { asks, method, lie, reason, options }] of Object.entries(LIES)) {
  test(`refused: ${name}`, { skip: noAnvil }, async () => {
    const honest = http({ url: world.url });
    const right = await ask([honest], asks(), options);
    assert.ok(right.value && right.blames.length === 0, right.error);

    const alone = lying(honest, method, lie);
    const refused = await ask([alone], asks(), options);
    assert.ok(alone.state.told > 0, 'it was not told');
    assert.equal(refused.value, undefined);
    assert.match(refused.error.data.reason, reason);
    assert.match(refused.blames[0].error.reason, reason);

    const liar = lying(honest, method, lie);
    const found = await ask([liar, after(honest, liar)], asks(), options);
    assert.deepEqual(found.value, right.value);
    assert.ok(liar.state.told > 0, 'it was not told');
    assert.deepEqual([...new Set(found.blames.map(({ endpoint }) => endpoint))], [0]);
    assert.match(found.blames[0].error.reason, reason);
  });
}

test('a batch in another order is right', { skip: noAnvil }, async () => {
  const honest = http({ url: world.url });
  const liar = lying(honest, 'eth_getBlockByNumber', (answers, requests) => (Array.isArray(requests) ? answers.reverse() : undefined));
  const { value, blames } = await ask([liar], fees());
  assert.deepEqual([value, blames, liar.state.told], [(await ask([honest], fees())).value, [], 1]);
});

test('what one endpoint does not know, another may', { skip: noAnvil }, async () => {
  const honest = http({ url: world.url });
  const nowhere = saying(() => null);
  const inNoBlock = saying((result) => void (result.blockNumber = result.transactionIndex = null));
  const toCome = saying((result) => void (result.blockNumber = '0xffffff'));
  const block = { method: 'eth_getBlockByHash', params: [world.block.hash, true] };
  for (const [question, method, lies] of /** @type {[Question, string, Lie[]][]} */ ([
    [transactionOf(3), 'eth_getTransactionByHash', [nowhere, inNoBlock, toCome]],
    [receiptOf(3), 'eth_getTransactionByHash', [nowhere, inNoBlock, toCome]],
    [block, 'eth_getBlockByHash', [nowhere]],
  ])) {
    const right = (await ask([honest], question)).value;
    assert.ok(right);
    for (const lie of lies) {
      assert.equal((await ask([lying(honest, method, lie)], question)).value ?? null, null);
      const liar = lying(honest, method, lie);
      assert.deepEqual((await ask([liar, after(honest, liar)], question)).value, right);
      assert.ok(liar.state.told > 0);
    }
  }
});

test('what was before is not answered with what is, nor the other way round', { skip: noAnvil }, async () => {
  const honest = http({ url: world.url });
  const heads = ['latest', 'safe', 'finalized'];
  const [older, newer] = [await world.byNumber(0x5), world.head];
  for (const tag of heads) {
    const question = { method: 'openledger_verified', params: [{ method: 'eth_getBalance', params: [signer.address, tag] }] };
    const right = (await ask([honest, honest, honest], question, { quorum: 2 })).value;
    for (const said of [older, newer, await world.byNumber(0xe)]) {
      const liar = lying(honest, 'eth_getBlockByNumber', where(({ params }) => heads.includes(params[0]), saying(() => said)));
      const { value } = await ask([liar, after(honest, liar), after(honest, liar)], question, { quorum: 2 });
      assert.ok(liar.state.told > 0);
      assert.deepEqual({ ...value, agreed: 0, ageSeconds: 0 }, { ...right, agreed: 0, ageSeconds: 0 }, tag);
    }
  }
});

test('a transaction that is sent is the one that was signed, for this chain', { skip: noAnvil }, async () => {
  const honest = http({ url: world.url });
  /** @param {object} [more] */
  const signed = async (more) => ({
    method: 'eth_sendRawTransaction',
    params: [await signer.signTransaction({ chainId: CHAIN_ID, nonce: 500, gas: 21_000n, maxFeePerGas: 10n ** 10n, to: other, ...more })],
  });
  const liar = lying(honest, 'eth_sendRawTransaction', (answer) => ({ jsonrpc: '2.0', id: answer.id, result: EMPTY_SLOT }));
  const { error } = await ask([liar], await signed());
  assert.equal(error.data.reason, 'endpoint took another transaction than was sent');
  for (const [question, reason] of /** @type {[Question, RegExp][]} */ ([
    [await signed({ chainId: 10 }), /transaction is for another chain/],
    [{ method: 'eth_sendRawTransaction', params: ['0x7ef8'] }, /RLP length is cut short/],
    [{ method: 'eth_sendRawTransaction', params: [`${(await signed()).params[0]}00`] }, /bytes follow where the RLP ends/],
  ])) {
    const watched = counting(honest);
    const refused = await ask([watched], question);
    assert.equal(refused.error.code, -32602);
    assert.match(refused.error.data.reason, reason);
    assert.deepEqual(watched.asked, []);
  }
});

test('values that no state can hold are refused, though a trie holds them', async () => {
  const account = '0x00000000000000000000000000000000000c0de5';
  const rlp = (/** @type {string} */ hex) => new Uint8Array(Buffer.from(hex, 'hex'));
  for (const [stored, reason] of /** @type {[Uint8Array, RegExp][]} */ ([
    [rlp(`a1${'01'.repeat(33)}`), /RLP scalar is too large/],
    [rlp('820001'), /RLP scalar has a leading zero/],
    [rlp('8105'), /string of one byte below 0x80 has a prefix/],
    [rlp('c101'), /RLP list where a string belongs/],
    [rlp('0102'), /bytes follow where the RLP ends/],
  ])) {
    const chain = new Chain(keccak, { [account]: { storage: { '0x1': stored, '0x2': 2n } } });
    const question = { method: 'eth_getStorageAt', params: [account, '0x1', 'latest'] };
    const { value, error } = await ask([async ({ body }) => chain.respond(body)], question);
    assert.equal(value, undefined);
    assert.match(error.data.reason, reason);
  }
});
