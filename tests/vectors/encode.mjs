// SPDX-License-Identifier: MIT
//
// Encodes transactions, receipts and withdrawals as their tries hold them, from what JSON-RPC returns. It is
// of its own, so that it and the core check each other.

/** @typedef {string | Rlp[]} Rlp hex digits without prefix, or a list */

/** @param {number} length @param {number} base */
function prefix(length, base) {
  if (length < 56) return (base + length).toString(16).padStart(2, '0');
  const hex = length.toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return (base + 55 + even.length / 2).toString(16) + even;
}

/** @param {Rlp} value @returns {string} */
export function rlp(value) {
  if (typeof value !== 'string') {
    const payload = value.map(rlp).join('');
    return prefix(payload.length / 2, 0xc0) + payload;
  }
  if (value.length === 2 && parseInt(value, 16) < 0x80) return value;
  return prefix(value.length / 2, 0x80) + value;
}

/** A quantity without leading zeros. */
const number = (/** @type {string} */ hex) => {
  const digits = BigInt(hex).toString(16);
  return digits === '0' ? '' : digits.length % 2 ? `0${digits}` : digits;
};
const bytes = (/** @type {string | null | undefined} */ hex) => (hex ? hex.slice(2) : '');

const accessList = (/** @type {any[]} */ list) => list.map((entry) => [bytes(entry.address), entry.storageKeys.map(bytes)]);
const authorizations = (/** @type {any[]} */ list) => list.map((entry) => [number(entry.chainId), bytes(entry.address),
  number(entry.nonce), number(entry.yParity ?? entry.v), number(entry.r), number(entry.s)]);

/** @param {any} tx a transaction of JSON-RPC @returns {string} EIP-2718 encoding, hex */
export function transaction(tx) {
  const type = Number(tx.type);
  const signature = [number(tx.yParity ?? tx.v), number(tx.r), number(tx.s)];
  const call = [number(tx.gas), bytes(tx.to), number(tx.value), bytes(tx.input)];
  const fees = [number(tx.maxPriorityFeePerGas ?? '0x0'), number(tx.maxFeePerGas ?? '0x0')];
  switch (type) {
    case 0: return rlp([number(tx.nonce), number(tx.gasPrice), ...call, number(tx.v), number(tx.r), number(tx.s)]);
    case 1: return `01${rlp([number(tx.chainId), number(tx.nonce), number(tx.gasPrice), ...call, accessList(tx.accessList), ...signature])}`;
    case 2: return `02${rlp([number(tx.chainId), number(tx.nonce), ...fees, ...call, accessList(tx.accessList), ...signature])}`;
    case 3: return `03${rlp([number(tx.chainId), number(tx.nonce), ...fees, ...call, accessList(tx.accessList),
      number(tx.maxFeePerBlobGas), tx.blobVersionedHashes.map(bytes), ...signature])}`;
    case 4: return `04${rlp([number(tx.chainId), number(tx.nonce), ...fees, ...call, accessList(tx.accessList),
      authorizations(tx.authorizationList), ...signature])}`;
    default: throw new Error(`transaction of unknown type ${tx.type}`);
  }
}

/** @param {any} receipt @returns {string} EIP-2718 encoding, hex */
export function receipt(receipt) {
  const logs = receipt.logs.map((/** @type {any} */ log) => [bytes(log.address), log.topics.map(bytes), bytes(log.data)]);
  const body = rlp([number(receipt.status), number(receipt.cumulativeGasUsed), bytes(receipt.logsBloom), logs]);
  const type = Number(receipt.type);
  return type === 0 ? body : type.toString(16).padStart(2, '0') + body;
}

/** @param {any} withdrawal EIP-4895 @returns {string} */
export function withdrawal(withdrawal) {
  return rlp([number(withdrawal.index), number(withdrawal.validatorIndex), bytes(withdrawal.address), number(withdrawal.amount)]);
}
