// SPDX-License-Identifier: MIT
// Vectors that npm packages bring, and those that several wallets agree on.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HDNodeWallet, Transaction } from 'ethers';

const CASES = 'node_modules/@ethersproject/testcases/testcases';

/** Which file of the package belongs to which suite. */
const suites = { ethers_transactions: 'transactions', ethers_typed_transactions: 'typed-transactions', ethers_accounts: 'accounts' };

/**
 * Unpacks them below the output. Returns the lines of the manifest.
 * @param {string} repository @param {string} output
 */
export function packaged(repository, output) {
  mkdirSync(join(output, 'ethers'), { recursive: true });
  return Object.entries(suites).map(([suite, name]) => {
    const text = gunzipSync(readFileSync(join(repository, CASES, `${name}.json.gz`)));
    writeFileSync(join(output, 'ethers', `${name}.json`), text);
    return `${suite} ethers/${name}.json\n`;
  });
}

/** The transaction that ethers, viem, micro-eth-signer and wallet-core sign to the same bytes. @param {string} source */
export function interopTransaction(source) {
  const { mnemonic, path, address, tx1559, signedTx } = JSON.parse(readFileSync(join(source, 'interop/openledger.json'), 'utf8'));
  const { privateKey } = HDNodeWallet.fromPhrase(mnemonic, undefined, path);
  const { unsignedSerialized } = Transaction.from({ ...tx1559, type: 2 });
  const value = { key: privateKey, address, unsigned: unsignedSerialized, signed: signedTx, request: tx1559 };
  return { suite: 'interop_transaction', name: 'interop_transaction.json', value };
}
