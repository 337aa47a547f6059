// SPDX-License-Identifier: MIT
//
// Random transactions of every type: what we sign is what viem and ethers sign, byte for byte, and what they sign reads
// as they say. Everything is asked natively and in WebAssembly.
//
//   node transactions.mjs [COUNT] [SEED]       default: 10000 1
import assert from 'node:assert/strict';
import { SigningKey, Transaction, Wallet } from 'ethers';
import { parseTransaction, recoverTransactionAddress, serializeTransaction } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { ask, drawing } from './peers.mjs';

const ANY_CHAIN = 4; // OL_MISSING_CHAIN_ID
const names = ['legacy', 'eip2930', 'eip1559', 'eip4844', 'eip7702'];

/** What nodes take: a nonce below 2^64-1, but numbers of JavaScript end earlier. */
const NONCE_BITS = 53;

/** @param {ReturnType<typeof drawing>} draw */
function drawTransaction(draw) {
  const type = draw.below(5);
  const address = () => `0x${draw.hex(20)}`;
  const data = `0x${draw.hex([0, 0, 1, 1, 4, 55, 56, 68, 255, 256, 1000][draw.below(11)])}`;
  const creates = type < 3 && data !== '0x' && draw.below(8) === 0;
  const [low, high] = [draw.number(128), draw.number(128)].sort((a, b) => (a < b ? -1 : 1));
  const accessList = () => Array.from({ length: draw.below(4) }, () => (
    { address: address(), storageKeys: Array.from({ length: draw.below(4) }, () => `0x${draw.hex(32)}`) }));
  const chainId = type === 0 && draw.below(4) === 0 ? undefined : [1612, 1, Number(draw.number(40)) || 1][draw.below(3)];
  return {
    type,
    chainId,
    nonce: Number(draw.number(NONCE_BITS)),
    gas: draw.number(64),
    to: creates ? undefined : address(),
    value: draw.number(256),
    data,
    ...(type < 2 ? { gasPrice: draw.number(200) } : { maxPriorityFeePerGas: low, maxFeePerGas: high }),
    ...(type > 0 ? { accessList: accessList() } : {}),
    ...(type === 3 ? {
      maxFeePerBlobGas: draw.number(128),
      blobVersionedHashes: Array.from({ length: 1 + draw.below(4) }, () => `0x01${draw.hex(31)}`),
    } : {}),
    ...(type === 4 ? {
      toAuthorize: Array.from({ length: 1 + draw.below(3) }, () => (
        { key: `0x${draw.hex(32)}`, chainId: draw.below(2) * 1612, address: address(), nonce: Number(draw.number(NONCE_BITS)) })),
    } : {}),
  };
}

/** The same as a dApp may write it. @param {any} tx @param {ReturnType<typeof drawing>} draw */
function requestOf(tx, draw) {
  const number = (/** @type {bigint | number} */ value) => {
    const hex = BigInt(value).toString(16);
    return [`0x${hex}`, `0x00${hex}`.slice(0, 66), `${value}`, BigInt(value) < 1n << 53n ? Number(value) : `0x${hex}`][draw.below(hex.length < 62 ? 4 : 1)];
  };
  const { to, data, accessList, blobVersionedHashes, authorizationList, gas, type, toAuthorize, ...numbers } = tx;
  const out = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined).map(([name, value]) => [name, number(value)]));
  if (draw.below(2) === 0) out.type = number(type);
  out[draw.below(2) === 0 ? 'gas' : 'gasLimit'] = number(gas);
  if (to !== undefined || draw.below(2) === 0) out.to = to ?? null;
  if (data !== '0x' || draw.below(2) === 0) {
    const both = draw.below(3);
    if (both !== 1) out.data = data;
    if (both !== 0) out.input = data;
  }
  if (accessList && (type === 1 || accessList.length > 0 || draw.below(2) === 0)) out.accessList = accessList;
  if (blobVersionedHashes) out.blobVersionedHashes = blobVersionedHashes;
  if (authorizationList) {
    out.authorizationList = authorizationList.map((/** @type {any} */ { chainId, nonce, address, yParity, r, s }) => (
      { chainId: number(chainId), nonce: number(nonce), address, yParity: number(yParity), r, s }));
  }
  return out;
}

/** As viem takes it. @param {any} tx @returns {any} */
const forViem = ({ type, toAuthorize, ...rest }) => ({ ...rest, type: names[type] });

/** As ethers takes it. @param {any} tx @returns {any} */
const forEthers = ({ gas, toAuthorize, chainId, to, authorizationList, ...rest }) => ({
  ...rest,
  gasLimit: gas,
  chainId: chainId ?? 0,
  to: to ?? null,
  ...(authorizationList ? {
    authorizationList: authorizationList.map((/** @type {any} */ { chainId: id, address, nonce, yParity, r, s }) => (
      { chainId: id, address, nonce, signature: { r: padded(r), s: padded(s), v: 27 + yParity } })),
  } : {}),
});

const padded = (/** @type {string} */ hex) => `0x${hex.slice(2).padStart(64, '0')}`;

/** Fails unless what we read is what viem reads. @param {any} ours as JSON-RPC has it @param {any} theirs */
function compareRead(ours, theirs) {
  for (const name of ['nonce', 'gas', 'value', 'gasPrice', 'maxFeePerGas', 'maxPriorityFeePerGas', 'maxFeePerBlobGas', 'yParity', 'r', 's']) {
    if (ours.type !== '0x0' || name !== 'yParity') {
      // viem leaves zeros out; a price that is worked out from a block stands beside the fees.
      if (name === 'gasPrice' && Number(ours.type) >= 2) continue;
      assert.equal(BigInt(ours[name] ?? 0), BigInt(theirs[name] ?? 0), name);
    }
  }
  if (theirs.chainId !== undefined) assert.equal(Number(ours.chainId), theirs.chainId);
  assert.equal(ours.input, theirs.data ?? '0x');
  assert.equal(ours.to, theirs.to ?? null);
  assert.deepEqual(ours.accessList ?? [], theirs.accessList ?? []);
  assert.deepEqual(ours.blobVersionedHashes, theirs.blobVersionedHashes);
  const list = (/** @type {any[] | undefined} */ entries) => entries?.map(({ chainId, address, nonce, yParity, r, s }) =>
    [BigInt(chainId), address, BigInt(nonce), BigInt(yParity), BigInt(r), BigInt(s)]);
  assert.deepEqual(list(ours.authorizationList), list(theirs.authorizationList));
}

/**
 * Signs the authorizations of all transactions, as others do.
 * @param {any[]} transactions
 */
async function authorize(transactions) {
  const wanted = transactions.flatMap((tx) => tx.toAuthorize ?? []);
  const signed = await ask(wanted.map(({ key, ...authorize }) => ({ key, authorize })));
  let next = 0;
  for (const tx of transactions) {
    if (!tx.toAuthorize) continue;
    tx.authorizationList = [];
    for (const { key, chainId, address, nonce } of tx.toAuthorize) {
      const { yParity, r, s, authority, error } = signed[next++];
      assert.equal(error, undefined);
      const account = privateKeyToAccount(key);
      const theirs = await account.signAuthorization({ chainId, address, nonce });
      assert.deepEqual([yParity, BigInt(r), BigInt(s)], [theirs.yParity, BigInt(theirs.r), BigInt(theirs.s)]);
      assert.equal(authority, account.address.toLowerCase());
      const third = new Wallet(key).authorizeSync({ chainId, address, nonce });
      assert.deepEqual([third.signature.yParity, BigInt(third.signature.r), BigInt(third.signature.s)], [yParity, BigInt(r), BigInt(s)]);
      tx.authorizationList.push({ chainId, address, nonce, yParity, r: padded(r), s: padded(s) });
    }
  }
}

/** Compares so many transactions. Returns how many of each type there were. @param {number} count @param {number} seed */
export async function compare(count, seed) {
  const draw = drawing(seed);
  const transactions = Array.from({ length: count }, () => drawTransaction(draw));
  const keys = transactions.map(() => `0x${draw.hex(32)}`);
  await authorize(transactions);
  const ours = await ask(transactions.map((tx, i) => (
    { sign: requestOf(tx, draw), key: keys[i], missing: tx.chainId === undefined ? ANY_CHAIN : 0 })));
  const read = await ask(ours.map(({ signed }) => ({ read: signed ?? '0x' })));
  const counts = names.map(() => 0);
  for (const [i, tx] of transactions.entries()) {
    const where = `transaction ${i} of seed ${seed}: ${names[tx.type]}`;
    const { unsigned, signed, hash, from, error } = ours[i];
    assert.equal(error, undefined, where);
    const account = privateKeyToAccount(/** @type {any} */ (keys[i]));
    assert.equal(from, account.address.toLowerCase(), where);
    // What viem signs, what ethers signs, and what they read in what we sign.
    assert.equal(signed, await account.signTransaction(forViem(tx)), where);
    assert.equal(unsigned, serializeTransaction(forViem(tx)), where);
    const theirs = Transaction.from(forEthers(tx));
    assert.equal(unsigned, theirs.unsignedSerialized, where);
    theirs.signature = new SigningKey(keys[i]).sign(theirs.unsignedHash);
    assert.equal(signed, theirs.serialized, where);
    const third = Transaction.from(signed);
    assert.deepEqual([third.hash, third.from, third.unsignedSerialized], [hash, account.address, unsigned], where);
    assert.equal(await recoverTransactionAddress({ serializedTransaction: signed }), account.address, where);
    assert.equal(read[i].error, undefined, where);
    assert.deepEqual([read[i].transaction.hash, read[i].transaction.from, read[i].unsigned], [hash, from, unsigned], where);
    compareRead(read[i].transaction, parseTransaction(signed));
    counts[tx.type]++;
  }
  return counts;
}

if (process.argv[1] === import.meta.filename) {
  const [count = '10000', seed = '1'] = process.argv.slice(2);
  let left = Number(count);
  const sums = names.map(() => 0);
  for (let part = 0; left > 0; part++, left -= 1000) {
    const counts = await compare(Math.min(left, 1000), Number(seed) * 1000 + part);
    for (const [type, more] of counts.entries()) sums[type] += more;
  }
  console.log(`${names.map((name, type) => `${name} ${sums[type]}`).join(', ')}: viem and ethers say the same`);
}
