// SPDX-License-Identifier: MIT
// A wallet that is closed gives its memory back, whatever went wrong on the way: the module's heap does not grow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNothingStays } from './memory.mjs';
import { openledger as ol } from './support.mjs';

const ROUNDS = 30;
const LIGHT = { passes: 2, memoryKib: 19 << 10 };
const words = new TextEncoder().encode('test test test test test test test test test test test junk');
const pay = { to: `0x${'12'.repeat(20)}`, value: 5n, nonce: 0, gas: 21_000, maxFeePerGas: 10n, maxPriorityFeePerGas: 1n };

test('after signing, and after refusals', () => assertNothingStays(ROUNDS, async () => {
  const wallet = ol.wallet();
  const from = wallet.addAccount(wallet.addMnemonic(words));
  wallet.proposeTransaction(from, pay).approve().sign();
  wallet.proposeMessage(from, 'a').approve().sign({ hedged: true });
  wallet.addContact(pay.to, 'b');
  wallet.setPolicy({ version: 1, chains: [1612] });
  wallet.loadBudget(wallet.saveBudget().bytes);
  assert.throws(() => wallet.proposeTransaction(from, { ...pay, chainId: 1 }));
  assert.throws(() => wallet.proposeTypedData(from, '{'));
  assert.throws(() => wallet.proposeMessage(from, 'a').sign());
  assert.throws(() => wallet.addMnemonic('test'));
  assert.throws(() => ol.abi.encode('f(uint8', []));
  assert.throws(() => ol.verifyMessage({ address: from, message: '', signature: '0x00' }));
  wallet.close();
  assert.throws(() => ol.wallet({ entropy: () => new Uint8Array(32) }));
}));

test('after vaults and keystores, opened or not', () => assertNothingStays(ROUNDS, async () => {
  const wallet = ol.wallet();
  const from = wallet.addAccount(wallet.addMnemonic(words));
  const vault = await wallet.seal('a', LIGHT);
  await assert.rejects(wallet.open(vault, 'b'), { status: 'crypto' });
  await assert.rejects(wallet.seal('', LIGHT), { status: 'argument' });
  await assert.rejects(wallet.keystore(from, 'a', { onProgress: () => { throw new Error('enough'); } }), /enough/);
  await assert.rejects(wallet.addKeystore('{', 'a'), { status: 'encoding' });
  await wallet.open(vault, 'a');
  wallet.close();
}));
