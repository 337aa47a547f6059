// SPDX-License-Identifier: MIT
// Signing with a key that is unlocked: a transaction of EIP-1559, and the ballot of a governor. Rows without "_wallet" are
// the work that the peers do: encode, hash, sign, encode. The others are a wallet's whole way: it decodes what it is to
// sign, asks its policy, waits for a yes, asks again with its budget and, of a transaction, finds who signed.
import { createRequire } from 'node:module';
import { Transaction, TypedDataEncoder, Wallet, keccak256 } from 'ethers';
import { Transaction as MicroTransaction, signTyped } from 'micro-eth-signer';
import { serializeTransaction } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { figuresOf } from './doors.mjs';
import { batchOf, must, timed } from './measure.mjs';
import { bytesOf } from './recordings.mjs';

const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'; // which nodes for development have
const ACCOUNT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const GOVERNOR = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const CHAIN_ID = 1612;
const GWEI = 1_000_000_000n;
const KIB = 1024;

const domain = { name: 'OpenLedger', version: '1', chainId: CHAIN_ID, verifyingContract: /** @type {const} */ (GOVERNOR) };
const types = {
  Ballot: [
    { name: 'proposalId', type: 'uint256' }, { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' }, { name: 'nonce', type: 'uint256' },
  ],
};
const message = { proposalId: '1', support: 1, voter: ACCOUNT, nonce: '0' };
const document = {
  types: {
    EIP712Domain: [
      { name: 'name', type: 'string' }, { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' }, { name: 'verifyingContract', type: 'address' },
    ],
    ...types,
  },
  primaryType: 'Ballot',
  domain,
  message,
};

const viemTransaction = /** @type {const} */ ({
  type: 'eip1559', chainId: CHAIN_ID, nonce: 0, to: ACCOUNT, value: 1n, gas: 21000n, maxFeePerGas: GWEI, maxPriorityFeePerGas: 1n,
});

const policy = JSON.stringify({ version: 1, chains: [CHAIN_ID], knownTypes: 'allow', otherPayees: 'allow', otherTargets: 'allow', otherAssets: 'allow' });

/** Shortest big-endian. @param {bigint | number} value */
const shortest = (value) => {
  const hex = BigInt(value).toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
};

/** Each comes to the signed transaction. @returns {Promise<Record<string, () => string | Promise<string>>>} */
async function transactionPeers() {
  const account = privateKeyToAccount(KEY);
  const wallet = new Wallet(KEY);
  const ethersTransaction = { type: 2, chainId: CHAIN_ID, nonce: 0, to: ACCOUNT, value: 1n, gasLimit: 21000n, maxFeePerGas: GWEI, maxPriorityFeePerGas: 1n };
  const { core, proto } = await walletCore();
  const trust = () => {
    const input = proto.SigningInput.create({
      chainId: shortest(CHAIN_ID), nonce: shortest(0), txMode: proto.TransactionMode.Enveloped, gasLimit: shortest(21000),
      maxInclusionFeePerGas: shortest(1), maxFeePerGas: shortest(GWEI), toAddress: ACCOUNT, privateKey: bytesOf(KEY),
      transaction: { transfer: { amount: shortest(1) } },
    });
    const { encoded } = proto.SigningOutput.decode(core.AnySigner.sign(proto.SigningInput.encode(input).finish(), core.CoinType.ethereum));
    return `0x${Buffer.from(encoded).toString('hex')}`;
  };
  return {
    viem: () => account.signTransaction(viemTransaction),
    ethers: () => {
      const transaction = Transaction.from(ethersTransaction);
      transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
      return transaction.serialized;
    },
    'micro-eth-signer': () => MicroTransaction.prepare({
      type: 'eip1559', chainId: BigInt(CHAIN_ID), nonce: 0n, to: ACCOUNT, value: 1n, gasLimit: 21000n, maxFeePerGas: GWEI, maxPriorityFeePerGas: 1n,
    }).signBy(KEY, false).toHex(),
    'wallet-core': trust,
  };
}

async function walletCore() {
  const { initWasm, TW } = createRequire(import.meta.url)('@trustwallet/wallet-core');
  return { core: await initWasm(), proto: TW.Ethereum.Proto };
}

/** Each comes to r, s and v. @returns {Promise<Record<string, () => string | Promise<string>>>} */
async function typedDataPeers() {
  const account = privateKeyToAccount(KEY);
  const wallet = new Wallet(KEY);
  const { core } = await walletCore();
  const key = core.PrivateKey.createWithData(bytesOf(KEY));
  const text = JSON.stringify(document);
  const numbers = { ...message, proposalId: 1n, support: 1n, nonce: 0n };
  return {
    viem: () => account.signTypedData({ domain, types, primaryType: 'Ballot', message: { ...numbers, support: 1, voter: ACCOUNT } }),
    ethers: () => wallet.signingKey.sign(TypedDataEncoder.hash(domain, types, message)).serialized,
    'micro-eth-signer': () => signTyped(/** @type {any} */ ({ ...document, domain: { ...domain, chainId: BigInt(CHAIN_ID) }, message: numbers }), KEY, false),
    'wallet-core': () => {
      const signature = core.EthereumMessageSigner.signTypedMessage(key, text);
      return signature.startsWith('0x') ? signature : `0x${signature}`;
    },
  };
}

/** @typedef {{ id: string, peers: Record<string, () => string | Promise<string>>, targets: import('./measure.mjs').Target[] }} Signing */

/** @param {import('./bench.mjs').Doors} doors @param {Signing} signing @returns {Promise<import('./measure.mjs').Row[]>} */
async function rowsOf({ native, bench }, { id, peers, targets }) {
  /** @type {Record<string, import('./measure.mjs').Batch>} */
  const batches = {};
  for (const [name, peer] of Object.entries(peers)) {
    const hash = keccak256(await peer()).slice(2);
    for (const [door, of] of [native, bench].flatMap((one) => [[one, id], [one, `${id}_wallet`]])) {
      must((await door.answer(of)).startsWith(hash), `${of}: ${name} signs to other bytes`);
    }
    batches[name] = await batchOf(timed(async () => void await peer()));
  }
  const own = async (/** @type {string} */ of) => ({
    id: of,
    native: await batchOf((count) => native.run(of, count)),
    wasm: await batchOf((count) => bench.run(of, count)),
  });
  return [
    { ...await own(id), peers: batches, targets },
    {
      ...await own(`${id}_wallet`),
      ratios: (/** @type {any} */ { native: ours, wasm }, /** @type {any} */ of) => ({ [`native, this / ${id}`]: ours / of(id).native, [`wasm, this / ${id}`]: wasm / of(id).wasm }),
      targets: [],
    },
  ];
}

/** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row>} */
async function memoryRow({ native, bench }) {
  const [own, wasm] = await Promise.all([native, bench].map((door) => figuresOf(door, 'wallet_memory')));
  return {
    id: 'wallet_memory',
    unit: 'bytes',
    native: () => own[0],
    wasm: () => wasm[0],
    also: { 'wasm, its budget': () => wasm[1], 'wasm, to read a policy': () => wasm[2] },
    notes: ['of 64 accounts, 128 contacts, 16 secrets and a budget of a day; proposing takes 20 KiB and 32 times the input beside it'],
    targets: [{ text: 'at most 256 KiB', met: ({ native: ours, wasm: of }) => Math.max(ours, of) <= 256 * KIB }],
  };
}

/** @param {Record<string, number>} peers */
const fastest = (peers) => Math.min(...Object.values(peers));

export async function signing() {
  return {
    inputs: {
      'sign.key': bytesOf(KEY),
      'sign.policy': Buffer.from(policy),
      'sign.transaction': bytesOf(serializeTransaction(viemTransaction)),
      'sign.document': Buffer.from(JSON.stringify(document)),
    },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows(doors) {
      return [
        ...await rowsOf(doors, {
          id: 'sign_tx_1559',
          peers: await transactionPeers(),
          targets: [
            { text: 'native at most 25 us', met: ({ native }) => native <= 25 },
            { text: 'wasm at most 75 us', met: ({ wasm }) => wasm <= 75 },
            { text: 'wasm at most half of the fastest peer', met: ({ wasm, peers }) => wasm <= fastest(peers) / 2 },
          ],
        }),
        ...await rowsOf(doors, {
          id: 'sign_typed_data',
          peers: await typedDataPeers(),
          targets: [
            { text: 'wasm at most 85 us', met: ({ wasm }) => wasm <= 85 },
            { text: 'wasm at most half of the fastest peer', met: ({ wasm, peers }) => wasm <= fastest(peers) / 2 },
          ],
        }),
        await memoryRow(doors),
      ];
    },
  };
}
