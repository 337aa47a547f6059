// SPDX-License-Identifier: MIT
// What the wallet signs is what other libraries sign and verify. OL_WALLET_PEERS: how many, 300 without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './wallet_peers.mjs';

test('the wallet, viem and ethers sign and verify the same', async () => {
  const count = Number(process.env.OL_WALLET_PEERS ?? 300);
  const { transactions, documents, messages, authorizations } = await compare(count, 1613);
  assert.deepEqual([transactions, documents, messages], [count, count, count]);
  assert.ok(authorizations > count / 8, `${authorizations}`);
});
