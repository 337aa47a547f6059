// SPDX-License-Identifier: MIT
// Random requests: viem and ethers verify what the wallet signs, and we verify what they sign.
//   usage: node wallet_peers.mjs [COUNT [SEED]]
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Transaction, Wallet as EthersWallet } from 'ethers';
import { recoverMessageAddress, recoverTransactionAddress, recoverTypedDataAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { recoverAuthorizationAddress } from 'viem/utils';
import { openledger as ol, random, sdk } from './support.mjs';
import { documentOf } from './typed_data.mjs';

const TYPES = /** @type {const} */ (['legacy', 'eip2930', 'eip1559', 'eip7702']);

/** As viem takes it, but for authorizations. @param {(below: number) => number} pick */
function transactionOf(pick) {
  const hex = (/** @type {number} */ bytes) => /** @type {`0x${string}`} */ (`0x${Array.from({ length: bytes }, () => pick(256).toString(16).padStart(2, '0')).join('')}`);
  const number = (/** @type {number} */ bits) => [0n, 1n, (1n << BigInt(bits)) - 1n, BigInt(hex(32)) >> BigInt(256 - 1 - pick(bits))][pick(4)];
  const type = TYPES[pick(4)];
  const creates = type !== 'eip7702' && pick(8) === 0;
  const [low, high] = [number(100), number(100)].sort((a, b) => (a < b ? -1 : 1));
  const fees = type === 'legacy' || type === 'eip2930' ? { gasPrice: high } : { maxFeePerGas: high, maxPriorityFeePerGas: low };
  return {
    type, chainId: 1612, nonce: Number(number(50)), gas: number(60), value: number(150), ...fees, data: hex(creates ? 40 : [0, 4, 68, 300][pick(4)]),
    ...(!creates && { to: hex(20) }),
    ...(type !== 'legacy' && { accessList: Array.from({ length: pick(3) }, () => ({ address: hex(20), storageKeys: Array.from({ length: pick(3) }, () => hex(32)) })) }),
    ...(type === 'eip7702' && { delegate: { address: hex(20), chainId: 1612 * pick(2), nonce: pick(1000) } }),
  };
}

/** As eth_sendTransaction has it. @param {any} transaction */
const requestOf = ({ type, accessList, ...rest }) => ({ ...rest, type: [0, 1, 2, 4][TYPES.indexOf(type)], ...(accessList && { accessList }) });

/** As hex, without zeros in front, as libraries differ in them. @param {any} one */
const plain = ({ yParity, r, s }) => [Number(yParity), BigInt(r), BigInt(s)];

/** Throws at the first difference. @param {number} count of transactions, documents and messages each @param {number} seed */
export async function compare(count, seed) {
  const pick = random(seed);
  const counts = { transactions: 0, documents: 0, messages: 0, authorizations: 0 };
  for (let i = 0; i < count; i++) {
    const key = Uint8Array.from({ length: 32 }, () => 1 + pick(254));
    const viem = privateKeyToAccount(/** @type {any} */ (sdk.toHex(key)));
    const ethers = new EthersWallet(sdk.toHex(key));
    const wallet = ol.wallet({ idleMs: 0 });
    const from = wallet.addAccount(wallet.addKey(key));
    const where = `number ${i} of seed ${seed}`;
    assert.equal(from, viem.address, where);

    const { delegate, ...transaction } = /** @type {any} */ (transactionOf(pick));
    if (delegate) {
      const own = wallet.proposeAuthorization(from, delegate).approve().sign();
      const theirs = await viem.signAuthorization(delegate);
      assert.deepEqual(plain(own), plain(theirs), where);
      assert.equal(await recoverAuthorizationAddress({ authorization: /** @type {any} */ ({ ...delegate, ...own, nonce: delegate.nonce, chainId: delegate.chainId }) }), from, where);
      transaction.authorizationList = [theirs];
      counts.authorizations++;
    }
    const { authorizationList, ...rest } = requestOf(transaction);
    const { raw, hash } = wallet.proposeTransaction(from, {
      ...rest,
      ...(authorizationList && { authorizationList: authorizationList.map((/** @type {any} */ { address, chainId, nonce, r, s, yParity }) => ({ address, chainId, nonce, r, s, yParity })) }),
    }).approve().sign();
    assert.equal(raw, await viem.signTransaction(transaction), where);
    assert.equal(await recoverTransactionAddress({ serializedTransaction: /** @type {any} */ (raw) }), from, where);
    const read = Transaction.from(raw);
    assert.deepEqual([read.from, read.hash], [from, hash], where);
    counts.transactions++;

    const document = documentOf(pick);
    const { types, primaryType, domain, message } = document;
    if (domain.chainId !== undefined) domain.chainId = 1612;
    const typed = wallet.proposeTypedData(from, document).approve().sign().bytes;
    assert.equal(await recoverTypedDataAddress({ types, primaryType, domain, message, signature: /** @type {any} */ (typed) }), from, where);
    for (const signature of [await viem.signTypedData({ types, primaryType, domain, message }), await ethers.signTypedData(domain, types, message)]) {
      assert.equal(signature, typed, where);
      assert.ok(ol.verifyTypedData({ address: from, document, signature }), where);
    }
    counts.documents++;

    const bytes = Uint8Array.from({ length: pick(200) }, () => pick(256));
    const signed = wallet.proposeMessage(from, bytes).approve().sign().bytes;
    assert.equal(await recoverMessageAddress({ message: { raw: bytes }, signature: /** @type {any} */ (signed) }), from, where);
    for (const signature of [await viem.signMessage({ message: { raw: bytes } }), await ethers.signMessage(bytes)]) {
      assert.equal(signature, signed, where);
      assert.ok(ol.verifyMessage({ address: from, message: bytes, signature }), where);
    }
    counts.messages++;
    wallet.close();
  }
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 10000, seed = 1] = process.argv.slice(2).map(Number);
  const { transactions, documents, messages, authorizations } = await compare(count, seed);
  console.log(`${transactions} transactions, ${documents} documents, ${messages} messages and ${authorizations} authorizations of seed ${seed}: viem and ethers sign and verify the same`);
}
