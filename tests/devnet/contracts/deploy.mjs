// SPDX-License-Identifier: MIT
// The reference contracts on a local chain, wired, by transactions that anything with a key can sign.
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeErrorResult, encodeDeployData, encodeFunctionData, maxUint256, parseEther, zeroAddress } from 'viem';
import { quantity, startAnvil } from '../rollup/anvil.mjs';
import { contractAt as viewsAt } from '../rollup/contracts.mjs';
import { artifactOf, artifacts } from './compile.mjs';

/**
 * @typedef {`0x${string}`} Hex
 * @typedef {import('../rollup/anvil.mjs').Anvil} Anvil
 * @typedef {ReturnType<typeof contractAt>} Contract
 * @typedef {Awaited<ReturnType<typeof deploy>>} Deployment
 *
 * @typedef {object} TransactionRequest an EIP-1559 transaction, complete but for the signature
 * @property {'eip1559'} type
 * @property {number} chainId
 * @property {number} nonce
 * @property {bigint} gas
 * @property {bigint} maxFeePerGas
 * @property {bigint} maxPriorityFeePerGas
 * @property {Hex} [to] none: a contract is made
 * @property {bigint} value
 * @property {Hex} data
 *
 * @typedef {{ address: Hex, sign: (request: TransactionRequest) => Hex | Promise<Hex> }} Signer `sign` says the raw
 * transaction
 */

export const CHAIN_ID = 1612;
const ANSWER_MS = 20_000;
const DAY = 86_400;
const FEES = { maxFeePerGas: 5_000_000_000n, maxPriorityFeePerGas: 1n };

/** The parameters of governance as they are published, in seconds, units of 1e-18 GOPEN and percent. */
export const PRESETS = {
  /** The project's repository, in July 2025; its deployment script has a timelock of an hour. */
  repository: { votingDelay: DAY, votingPeriod: 14 * DAY, proposalThreshold: parseEther('100'), quorum: 25, minDelay: DAY },
  /** The documentation. */
  documentation: { votingDelay: DAY, votingPeriod: 7 * DAY, proposalThreshold: parseEther('10000'), quorum: 5, minDelay: 7 * DAY },
};

/** What can be staked here, by configId: the published durations. Rates are ours: none is published as a parameter. */
export const STAKES = [
  { interestRate: parseEther('0.05'), stakeDuration: 0, cooldownDuration: 7 * DAY, isTopupEnabled: true },
  ...[[30, '0.08'], [90, '0.1'], [180, '0.12'], [365, '0.15']].map(([days, rate]) => ({
    interestRate: parseEther(String(rate)), stakeDuration: Number(days) * DAY, cooldownDuration: 0, isTopupEnabled: true,
  })),
];

/** Terms of the registries. */
export const TERMS = {
  minBond: parseEther('100'), revokeDelay: 14 * DAY, disputeBond: parseEther('10'), disputeWindow: 3 * DAY,
  createFee: parseEther('1'), feePerByte: 1_000_000_000_000n, revealTime: DAY, reviewTime: 7 * DAY,
};

/** A chain that counts as OpenLedger's; its accounts are anvil's. @param {string[]} [args] */
export const startChain = (args = []) =>
  startAnvil(['--chain-id', String(CHAIN_ID), '--network', 'optimism', '--hardfork', 'isthmus', '--order', 'fifo', ...args]);

/** An account of viem's as a signer. @param {import('viem').PrivateKeyAccount} account @returns {Signer} */
export const signerOf = (account) => ({ address: account.address, sign: (request) => account.signTransaction(request) });

const allErrors = () => Object.values(artifacts()).flatMap(({ abi }) => abi.filter(({ type }) => type === 'error'));

/** What a contract reverted with, in words. @param {unknown} fault */
function reasonOf(fault) {
  const text = fault instanceof Error ? fault.message : String(fault);
  const [, data] = text.match(/"(0x[0-9a-f]{8,})"/) ?? [];
  if (!data) return text;
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: allErrors(), data: /** @type {Hex} */ (data) });
    return `${errorName}(${args.join(', ')})`;
  } catch {
    return text;
  }
}

/**
 * Signs, sends, and waits for the receipt. What would fail is not sent: the reason is thrown.
 * @param {Anvil} chain @param {Signer} signer @param {{ to?: Hex, data?: Hex, value?: bigint }} transaction
 * @returns {Promise<any>} the receipt
 */
export async function sendBy(chain, { address, sign }, { to, data = '0x', value = 0n }) {
  const call = { from: address, to, data, value: quantity(value) };
  const gas = BigInt(await chain.ask('eth_estimateGas', call).catch((fault) => { throw new Error(reasonOf(fault)); }));
  const nonce = Number(await chain.ask('eth_getTransactionCount', address, 'pending'));
  const raw = await sign({ type: 'eip1559', chainId: CHAIN_ID, nonce, gas: gas + gas / 4n, ...FEES, to, value, data });
  const hash = await chain.ask('eth_sendRawTransaction', raw);
  const end = Date.now() + ANSWER_MS;
  let receipt;
  while (!(receipt = await chain.ask('eth_getTransactionReceipt', hash))) {
    if (Date.now() > end) throw new Error(`a transaction is in no block: ${hash}`);
    await sleep(2);
  }
  if (receipt.status !== '0x1') throw new Error(`a transaction failed: ${hash}`);
  return receipt;
}

/** @param {Anvil} chain @param {Hex} address @param {string} name */
export function contractAt(chain, address, name) {
  const { abi } = artifactOf(name);
  const views = viewsAt(chain, address, abi);
  return {
    name, abi, address: /** @type {Hex} */ (views.address), read: views.read,
    /** @param {string} functionName @param {any[]} [args] @returns {Hex} */
    encode: (functionName, args = []) => encodeFunctionData({ abi, functionName, args }),
    /** @param {Signer} signer @param {string} functionName @param {any[]} [args] @param {bigint} [value] */
    send: (signer, functionName, args = [], value = 0n) =>
      sendBy(chain, signer, { to: address, data: encodeFunctionData({ abi, functionName, args }), value }),
  };
}

/** @param {Anvil} chain @param {Signer} signer @param {string} name @param {any[]} [args] of the constructor */
export async function deployOne(chain, signer, name, args = []) {
  const { abi, creation } = artifactOf(name);
  const { contractAddress } = await sendBy(chain, signer, { data: encodeDeployData({ abi, bytecode: creation, args }) });
  return contractAt(chain, contractAddress, name);
}

/**
 * @param {Anvil} chain @param {Signer} signer
 * @param {Partial<typeof PRESETS.documentation>} terms
 */
async function deployGovernance(chain, signer, terms) {
  const { votingDelay, votingPeriod, proposalThreshold, quorum, minDelay } = { ...PRESETS.documentation, ...terms };
  const gopen = await deployOne(chain, signer, 'GOPEN');
  const timelock = await deployOne(chain, signer, 'TimelockController', [minDelay, [], [], signer.address]);
  const governor = await deployOne(chain, signer, 'OpenLedgerGovernor',
    [gopen.address, timelock.address, votingDelay, votingPeriod, proposalThreshold, quorum]);
  // The governor alone proposes and cancels, anyone executes, and nobody stays above them.
  for (const [role, account] of [['PROPOSER_ROLE', governor.address], ['CANCELLER_ROLE', governor.address], ['EXECUTOR_ROLE', zeroAddress]]) {
    await timelock.send(signer, 'grantRole', [await timelock.read(role), account]);
  }
  await timelock.send(signer, 'renounceRole', [await timelock.read('DEFAULT_ADMIN_ROLE'), signer.address]);
  return { gopen, timelock, governor };
}

/** @param {Anvil} chain @param {Signer} signer @param {Hex} manager of private stakes */
async function deployStaking(chain, signer, manager) {
  const token = await deployOne(chain, signer, 'TestToken', [signer.address, parseEther('1000000000')]);
  const staking = await deployOne(chain, signer, 'Staking');
  const bank = await deployOne(chain, signer, 'Bank');
  const dispersal = await deployOne(chain, signer, 'SigDispersal', [manager, signer.address, bank.address]);
  await staking.send(signer, 'grantRoles', [bank.address, await staking.read('TRUSTED_BANK')]);
  const limits = { maxStake: parseEther('1000000'), minStake: parseEther('10') };
  for (const [configId, terms] of STAKES.entries()) {
    const shared = { bank: bank.address, manager, token: token.address, ...limits, isActive: true, isPublic: true };
    await bank.send(signer, 'setConfig', [staking.address, configId, { ...shared, ...terms }]);
  }
  await bank.send(signer, 'approve', [token.address, staking.address, maxUint256]);
  await bank.send(signer, 'approve', [token.address, dispersal.address, maxUint256]);
  await token.send(signer, 'transfer', [bank.address, parseEther('10000000')]); // for yields and rewards
  await dispersal.send(signer, 'setToken', [token.address]);
  await dispersal.send(signer, 'toggleActive');
  return { token, staking, bank, dispersal };
}

/** @param {Anvil} chain @param {Signer} signer @param {Hex} owner @param {Hex} granter */
async function deployRegistries(chain, signer, owner, granter) {
  const { minBond, revokeDelay, createFee, feePerByte, revealTime, reviewTime, disputeBond, disputeWindow } = TERMS;
  const nodes = await deployOne(chain, signer, 'NodeRegistry', [owner, minBond, revokeDelay]);
  const datanets = await deployOne(chain, signer, 'DatanetRegistry', [owner, createFee, feePerByte, revealTime, reviewTime]);
  const attribution = await deployOne(chain, signer, 'AttributionRegistry',
    [owner, nodes.address, datanets.address, disputeBond, disputeWindow]);
  const models = await deployOne(chain, signer, 'ModelRegistry');
  const grants = await deployOne(chain, signer, 'GrantRegistry', [granter]);
  return { nodes, datanets, attribution, models, grants };
}

/**
 * All contracts, wired. The chain mines at once.
 * @param {Anvil} chain @param {Signer} signer who pays, and has the whole supply of the token
 * @param {object} [options]
 * @param {Partial<typeof PRESETS.documentation>} [options.governance] what differs from the documentation's parameters
 * @param {Hex} [options.manager] signs private stakes and rewards; by default the signer
 * @param {Hex} [options.owner] of the registries, which settles disputes; by default the signer
 * @param {Hex} [options.granter] by default the timelock, so that grants are decided by vote
 */
export async function deploy(chain, signer, { governance = {}, manager = signer.address, owner = signer.address, granter } = {}) {
  const governed = await deployGovernance(chain, signer, governance);
  const staked = await deployStaking(chain, signer, manager);
  const registries = await deployRegistries(chain, signer, owner, granter ?? governed.timelock.address);
  const contracts = { ...governed, ...staked, ...registries };
  const each = (/** @type {(contract: Contract) => any} */ part) =>
    Object.fromEntries(Object.entries(contracts).map(([key, contract]) => [key, part(contract)]));
  return {
    contracts,
    addresses: each(({ address }) => address),
    abis: each(({ abi }) => abi),
    layouts: each(({ name }) => artifactOf(name).layout),
  };
}
