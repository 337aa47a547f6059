#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The reference contracts on a chain of this machine, for tests in other languages. Prints one line of JSON: `url`,
// `chainId`, `addresses`, and `keys` of accounts that have OPEN; ends with its standard input or on a signal.
// usage: main.mjs [--preset repository|documentation] [--timestamp SECONDS]
import { parseArgs } from 'node:util';
import { bytesToHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { CHAIN_ID, PRESETS, deploy, signerOf, startChain } from './deploy.mjs';

const ACCOUNTS = 5;
const MNEMONIC = 'test test test test test test test test test test test junk'; // anvil's, which everybody knows

const { values: { preset = 'documentation', timestamp } } = parseArgs({ options: { preset: { type: 'string' }, timestamp: { type: 'string' } } });
const governance = PRESETS[/** @type {keyof typeof PRESETS} */ (preset)];
if (!governance) throw new Error(`no such preset: ${preset}`);

const chain = await startChain(timestamp ? ['--timestamp', timestamp] : []);
const end = () => void chain.close().then(() => process.exit(0));
process.on('SIGTERM', end).on('SIGINT', end);
process.stdin.on('end', end).on('error', end).resume();
const accounts = Array.from({ length: ACCOUNTS }, (_, addressIndex) => mnemonicToAccount(MNEMONIC, { addressIndex }));
const { addresses } = await deploy(chain, signerOf(/** @type {any} */ (accounts[0])), { governance });
const keys = accounts.map((account) => ({ address: account.address, key: bytesToHex(/** @type {Uint8Array} */ (account.getHdKey().privateKey)) }));
console.log(JSON.stringify({ url: chain.url, chainId: CHAIN_ID, addresses, keys }));
