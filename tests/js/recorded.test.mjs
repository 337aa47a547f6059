// SPDX-License-Identifier: MIT
// A provider over recordings of real chains: what was recorded is what is answered, and no altered recording is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noVectors, openledger as ol, random, sdk, vector } from './support.mjs';

/** @typedef {import('openledger').Transport} Transport */

const lower = (/** @type {string} */ text) => text.toLowerCase();

/**
 * An endpoint that serves a recording, the last of whose blocks is its newest.
 * @param {{ chainId: string, blocks: any[], proofs: any[] }} recording of the newest block are the proofs
 * @returns {Transport}
 */
const serving = ({ chainId, blocks, proofs }) => async ({ body }) => {
  const { id, method, params } = JSON.parse(body);
  const newest = blocks[blocks.length - 1];
  const proofOf = (/** @type {string} */ address) => proofs.find((one) => lower(one.address) === lower(address));
  const result = () => {
    if (method === 'eth_chainId') return chainId;
    if (method === 'eth_getBlockByHash') return blocks.find(({ hash }) => hash === params[0]) ?? null;
    if (method === 'eth_getBlockByNumber') return params[0] === 'latest' ? newest : blocks.find(({ number }) => BigInt(number) === BigInt(params[0])) ?? null;
    if (method === 'eth_getCode') return proofOf(params[0])?.code ?? '0x';
    if (method !== 'eth_getProof') return null;
    const found = proofOf(params[0]);
    if (!found || BigInt(params[2]) !== BigInt(newest.number)) return null;
    const { code: _, ...proof } = found;
    return { ...proof, storageProof: params[1].map((/** @type {string} */ key) => found.storageProof.find((/** @type {any} */ one) => BigInt(one.key) === BigInt(key))) };
  };
  return JSON.stringify({ jsonrpc: '2.0', id, result: result() });
};

/** @param {import('node:test').TestContext} t @param {any} recording */
function providerOf(t, recording) {
  const provider = ol.provider({ endpoints: [serving(recording)], chainId: BigInt(recording.chainId), maxAge: Infinity, maxAnswer: 4 << 20 });
  t.after(() => provider.close());
  return (/** @type {string} */ method, /** @type {any[]} */ ...params) => provider.request({ method, params });
}

/** Every account and slot of a recording. @param {any} recording @param {(method: string, ...params: any[]) => Promise<any>} ask */
async function assertAccounts({ proofs }, ask) {
  for (const { address, balance, nonce, code, codeHash, storageHash, accountProof, storageProof } of proofs) {
    assert.equal(BigInt(await ask('eth_getBalance', address, 'latest')), BigInt(balance));
    assert.equal(BigInt(await ask('eth_getTransactionCount', address, 'latest')), BigInt(nonce));
    if (code) assert.equal(await ask('eth_getCode', address, 'latest'), code);
    for (const { key, value } of storageProof) assert.equal(BigInt(await ask('eth_getStorageAt', address, key, 'latest')), BigInt(value));
    const keys = storageProof.map((/** @type {any} */ one) => one.key);
    const proof = await ask('eth_getProof', address, keys, 'latest');
    assert.deepEqual([proof.address, proof.codeHash, proof.storageHash, proof.accountProof], [lower(address), codeHash, storageHash, accountProof]);
    assert.deepEqual(proof.storageProof.map((/** @type {any} */ one) => [BigInt(one.key), BigInt(one.value), one.proof]),
      storageProof.map((/** @type {any} */ one) => [BigInt(one.key), BigInt(one.value), one.proof]));
  }
}

/** @param {number} number */
function sepolia(number) {
  const { chainId, parentHeader, parentHeaderHash, accounts } = vector(`opstack/op_sepolia_${number}.json.gz`);
  const block = { ...parentHeader, hash: parentHeaderHash, transactions: [], uncles: [] };
  return { chainId: `0x${BigInt(chainId).toString(16)}`, blocks: [block], proofs: Object.values(accounts) };
}

for (const number of [26207960, 26207961, 26207963]) {
  test(`the predeploys of OP Sepolia, by the recording of block ${number}`, { skip: noVectors }, async (t) => {
    const recording = sepolia(number);
    const ask = providerOf(t, recording);
    assert.ok(recording.proofs.some(({ storageProof }) => storageProof.length > 0));
    assert.equal(Number(await ask('eth_blockNumber')), number - 1);
    await assertAccounts(recording, ask);
    const [{ transactions: _, uncles: __, ...header }] = recording.blocks;
    assert.deepEqual(await ask('eth_getHeaderByNumber', 'latest'), header);
    assert.deepEqual(await ask('eth_getHeaderByHash', header.hash), header);
  });
}

test('blocks of OP Sepolia that follow each other', { skip: noVectors }, async (t) => {
  const [before, after] = [sepolia(26207960), sepolia(26207961)];
  const ask = providerOf(t, { ...after, blocks: [...before.blocks, ...after.blocks] });
  const { transactions: _, uncles: __, ...header } = before.blocks[0];
  assert.deepEqual(await ask('eth_getHeaderByNumber', header.number), header);
  const other = providerOf(t, { ...after, blocks: [...sepolia(26207963).blocks.map((one) => ({ ...one, number: header.number })), ...after.blocks] });
  await assert.rejects(other('eth_getHeaderByNumber', header.number), { code: -32002 });
});

function mainnet() {
  const proof = { ...vector('execution/mainnet/storage_proof.json'), code: vector('execution/mainnet/code.json') };
  return { chainId: '0x1', blocks: [vector('execution/mainnet/proof_block.json.gz')], proofs: [proof] };
}

test('block 23223655 of mainnet, with all its transactions', { skip: noVectors }, async (t) => {
  const recording = mainnet();
  const [block] = recording.blocks;
  const ask = providerOf(t, recording);
  await assertAccounts(recording, ask);
  const { transactions, ...own } = await ask('eth_getBlockByNumber', block.number, false);
  // A rollup has no withdrawals; those of L1 are not looked at, nor the size of which they are a part.
  const { transactions: theirs, withdrawals: _, size: __, ...rest } = block;
  assert.deepEqual(transactions, theirs.map((/** @type {any} */ { hash }) => hash));
  assert.deepEqual(own, rest);
  assert.deepEqual(await ask('eth_getBlockByHash', block.hash, false), { ...own, transactions });
  assert.equal(Number(await ask('eth_getBlockTransactionCountByHash', block.hash)), theirs.length);
  // What a deposit's nonce was stands in its receipt, so whole transactions are given with receipts only.
  await assert.rejects(ask('eth_getBlockByHash', block.hash, true), { code: -32002 });
});

test('accounts at block 21925176 of mainnet', { skip: noVectors }, async (t) => {
  const at = (/** @type {string} */ name) => vector(`execution/mainnet-21925176/${name}.json`);
  const recording = { chainId: '0x1', blocks: [at('block')], proofs: [{ ...at('proof'), code: at('account').code }, { ...at('block_miner_proof'), code: '0x' }] };
  await assertAccounts(recording, providerOf(t, recording));
});

/** Changes one digit of a text. @param {string} text @param {(below: number) => number} pick */
function altered(text, pick) {
  const at = 2 + pick(text.length - 2);
  const digit = (parseInt(text[at], 16) + 1 + pick(15)) % 16;
  return `${text.slice(0, at)}${digit.toString(16)}${text.slice(at + 1)}`;
}

/** The places of a recording in which there is hex. @param {any} value @param {(string | number)[]} path @returns {(string | number)[][]} */
function places(value, path = []) {
  if (typeof value === 'string') return /^0x[0-9a-f]+$/i.test(value) ? [path] : [];
  return Object.entries(value ?? {}).flatMap(([name, one]) => places(one, [...path, name]));
}

test('no altered recording is answered with', { skip: noVectors }, async (t) => {
  const pick = random(1612);
  let refused = 0;
  for (const recording of [sepolia(26207960), mainnet()]) {
    const [proven] = recording.proofs.filter(({ storageProof }) => storageProof.length > 0);
    const { address, storageProof: [{ key }] } = proven;
    const right = await providerOf(t, recording)('eth_getProof', address, [key], 'latest');
    const read = { header: recording.blocks[0], proof: { ...proven, storageProof: [proven.storageProof[0]], code: undefined } };
    read.header = { ...read.header, transactions: [] }; // not read of a header
    const all = places(read).filter(([part, name]) => !['size', 'totalDifficulty', 'withdrawals'].includes(String(part === 'header' && name)));
    assert.ok(all.length > 30);
    for (let i = 0; i < 120; i++) {
      const path = all[i % all.length];
      const copy = structuredClone(read);
      const last = /** @type {any} */ (path.slice(0, -1).reduce((/** @type {any} */ at, name) => at[name], copy));
      const name = path[path.length - 1];
      const before = last[name];
      last[name] = altered(before, pick);
      const provider = ol.provider({ endpoints: [serving({ ...recording, blocks: [copy.header], proofs: [copy.proof] })], chainId: BigInt(recording.chainId), maxAge: Infinity });
      const outcome = await provider.request({ method: 'eth_getProof', params: [address, [key], 'latest'] }).catch((error) => error);
      provider.close();
      if (outcome instanceof sdk.ProviderRpcError) refused++;
      else assert.deepEqual(outcome, right, `${path.join('.')}: ${before} became ${last[name]}`);
    }
  }
  assert.ok(refused > 200, `only ${refused} of 240 were refused`);
});
