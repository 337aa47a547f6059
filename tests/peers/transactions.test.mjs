// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transaction } from 'ethers';
import { compare } from './transactions.mjs';
import { ask } from './peers.mjs';

test('what we sign is what viem and ethers sign, and the other way around', async () => {
  const counts = await compare(300, 7);
  assert.equal(counts.reduce((sum, count) => sum + count), 300);
  assert.ok(counts.every((count) => count > 30), `${counts}`);
});

test('the comparison notices a difference', async () => {
  const [{ signed }] = await ask([{ sign: { to: `0x${'11'.repeat(20)}`, nonce: 1, gas: 1, gasPrice: 1, chainId: 1612 }, key: `0x${'22'.repeat(32)}`, missing: 0 }]);
  assert.equal(Transaction.from(signed).nonce, 1);
  const changed = `${signed.slice(0, 6)}02${signed.slice(8)}`;
  const [read, cut] = await ask([{ read: changed }, { read: signed.slice(0, -2) }]);
  assert.equal(read.transaction.nonce, '0x2');
  assert.notEqual(read.transaction.from, Transaction.from(signed).from?.toLowerCase());
  assert.match(cut.error, /RLP/);
});
