// SPDX-License-Identifier: MIT
// A local chain with something of everything in it: an ERC-20, transactions of all types, some that fail, logs.
import { encodeDeployData, encodeFunctionData, getContractAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { artifactOf } from '../devnet/rollup/artifacts.mjs';
import { quantity, startAnvil } from '../devnet/rollup/anvil.mjs';

export const CHAIN_ID = 1612;
/** Anvil's own first account. */
export const signer = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');
export const other = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
export const third = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
/** An account that is nowhere. */
export const nobody = '0x00000000000000000000000000000000000abcde';

/** OpenZeppelin's ERC-20 with votes, as it is in releases of the OP Stack. */
export const { abi, creation } = artifactOf('0.17.3', 'GovernanceToken');
export const TOTAL_SUPPLY_SLOT = '0x0000000000000000000000000000000000000000000000000000000000000002';

/** Deploys nothing, but logs once: with the topics 4, 3, 2 and 1. */
const LOGS = '0x60426000526020600060106020600160026003600460056006a400';
const FEES = { maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 1n };
const HOUR = 3600;

/** @typedef {Awaited<ReturnType<typeof startWorld>>} World */

/**
 * @param {object} [options]
 * @param {string} [options.hardfork]
 * @param {number} [options.blocks] how many there are in the end, at least
 */
export async function startWorld({ hardfork = 'isthmus', blocks = 0 } = {}) {
  let time = Math.floor(Date.now() / 1000) - HOUR;
  const chain = await startAnvil(['--chain-id', String(CHAIN_ID), '--network', 'optimism', '--hardfork', hardfork, '--timestamp', String(time), '--no-mining', '--order', 'fifo']);
  const { ask } = chain;
  let nonce = 0;

  /** Takes a transaction into the next block; it need not do well. @param {any} transaction @returns {Promise<any>} its hash */
  const put = async (transaction) =>
    ask('eth_sendRawTransaction', await signer.signTransaction({ chainId: CHAIN_ID, nonce: nonce++, gas: 300_000n, ...FEES, ...transaction }));
  const mine = () => chain.mineAt(time += 2);
  /** @param {string} functionName @param {any[]} args @param {object} [more] */
  const call = (functionName, args, more = {}) => put({ to: token, data: encodeFunctionData({ abi, functionName, args }), ...more });
  const token = getContractAddress({ from: signer.address, nonce: 0n });

  await put({ data: encodeDeployData({ abi, bytecode: /** @type {any} */ (creation), args: [] }), gas: 8_000_000n });
  await mine();
  await call('mint', [signer.address, 10n ** 24n]);
  await mine();
  for (let i = 0; i < 6; i++) {
    for (let k = 0; k <= i; k++) await call('transfer', [k % 2 ? other : third, BigInt(100 * i + k)]);
    await mine();
    await mine();
  }

  // A block of everything.
  const gasPrice = 2_000_000_000n;
  const legacy = { type: 'legacy', gasPrice, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined };
  const list = [{ address: other, storageKeys: [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`] }, { address: signer.address, storageKeys: [] }];
  if (hardfork === 'isthmus') {
    const deposit = { from: other, type: '0x7e', value: '0x1', gas: '0x20000', isSystemTx: false, sourceHash: `0x${'33'.repeat(32)}` };
    await ask('eth_sendTransaction', { ...deposit, to: signer.address, mint: '0x5' });
    const authorization = await signer.signAuthorization({ address: other, chainId: CHAIN_ID, nonce: 999 }); // without effect
    await put({ type: 'eip7702', to: other, authorizationList: [authorization] });
  }
  await put({ ...legacy, to: other, value: 1n });
  await put({ ...legacy, chainId: undefined, to: other, data: '0x01' });
  await put({ ...legacy, type: 'eip2930', to: other, accessList: list });
  await put({ type: 'eip1559', data: LOGS });
  await put({ type: 'eip1559', to: other, accessList: list, value: 7n });
  await put({ data: '0xfe' }); // fails
  await call('transferFrom', [other, third, 1n]); // fails: nothing is allowed
  await put({ ...legacy, data: LOGS });
  await call('approve', [other, 12345n]);
  await mine();
  const full = Number((await chain.block()).number);
  for (let number = full; number < blocks; number++) await mine();
  for (let i = 0; i < 3; i++) {
    await call('transfer', [other, 7n]);
    await mine();
  }
  await chain.mineAt(time = Math.floor(Date.now() / 1000));

  const byNumber = (/** @type {number | string} */ number) => ask('eth_getBlockByNumber', typeof number === 'string' ? number : quantity(number), true);
  const [block, head] = [await byNumber(full), await byNumber('latest')];
  const receipts = await ask('eth_getBlockReceipts', quantity(full));
  return { ...chain, token, full, block, third: await byNumber(3), receipts, head, byNumber, put, mine: () => chain.ask('anvil_mine', '0x1') };
}
