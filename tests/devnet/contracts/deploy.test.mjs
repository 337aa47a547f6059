// SPDX-License-Identifier: MIT
// Deployment by anything that signs, and the command that other languages use.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createInterface } from 'node:readline';
import { Wallet } from 'ethers';
import { parseTransaction, serializeTransaction } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { noAnvil } from '../rollup/anvil.mjs';
import { CHAIN_ID, PRESETS, STAKES, deploy, sendBy, signerOf, startChain } from './deploy.mjs';

const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'; // anvil's first

/** @type {(() => Promise<unknown>)[]} */
const endings = [];
after(() => Promise.all(endings.map((end) => end())));

async function chainOf() {
  const chain = await startChain();
  endings.push(chain.close);
  return chain;
}

test('anything that signs can deploy: with another library\'s signatures everything is as with viem\'s', { skip: noAnvil }, async () => {
  const wallet = new Wallet(KEY);
  /** @type {import('./deploy.mjs').TransactionRequest[]} */
  const asked = [];
  const ethers = {
    address: /** @type {`0x${string}`} */ (wallet.address),
    sign: async (/** @type {import('./deploy.mjs').TransactionRequest} */ request) => {
      asked.push(request);
      return /** @type {`0x${string}`} */ (await wallet.signTransaction({ ...request, type: 2, gasLimit: request.gas, gas: undefined }));
    },
  };
  const one = await deploy(await chainOf(), ethers);
  const other = await deploy(await chainOf(), signerOf(privateKeyToAccount(KEY)));
  assert.deepEqual(one.addresses, other.addresses);
  assert.deepEqual(Object.keys(one.abis), Object.keys(one.addresses));
  assert.deepEqual(asked.map(({ nonce }) => nonce), asked.map((_, i) => i));
  for (const request of asked) {
    assert.equal(request.chainId, CHAIN_ID);
    assert.equal(parseTransaction(serializeTransaction(/** @type {any} */ (request))).data, request.data);
  }
  const { token, staking, bank } = one.contracts;
  assert.equal(await staking.read('rolesOf', [bank.address]), 1n);
  for (const [configId, terms] of STAKES.entries()) {
    const [, , staked, rate, duration, cooldown] = await staking.read('configs', [configId]);
    assert.deepEqual([staked, rate, duration, cooldown], [token.address, terms.interestRate, BigInt(terms.stakeDuration), BigInt(terms.cooldownDuration)]);
  }
});

test('what would fail is not sent, and the reason is said', { skip: noAnvil }, async () => {
  const chain = await chainOf();
  const signer = signerOf(privateKeyToAccount(KEY));
  const never = { address: signer.address, sign: () => assert.fail('it was signed') };
  await assert.rejects(sendBy(chain, never, { data: '0xfe' }), /InvalidFEOpcode|invalid|revert|opcode/i);
  const { contracts: { gopen } } = await deploy(chain, signer);
  await assert.rejects(gopen.send(never, 'withdraw', [5n]), { message: `ERC20InsufficientBalance(${signer.address}, 0, 5)` });
});

test('the command says where everything is, and ends with its input', { skip: noAnvil }, async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.mjs'), '--preset', 'repository', '--timestamp', '1800000000'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  const { url, chainId, addresses, keys } = JSON.parse(line);
  const ask = async (/** @type {string} */ method, /** @type {any[]} */ ...params) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    return (await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()).result;
  };
  assert.equal(BigInt(await ask('eth_chainId')), BigInt(chainId));
  assert.equal(BigInt(await ask('eth_call', { to: addresses.governor, data: '0x02a251a3' }, 'latest')), BigInt(PRESETS.repository.votingPeriod));
  for (const { address, key } of keys) {
    assert.equal(privateKeyToAccount(key).address, address);
    assert.ok(BigInt(await ask('eth_getBalance', address, 'latest')) > 0n);
  }
  child.stdin.end();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});
