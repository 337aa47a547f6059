// SPDX-License-Identifier: MIT
// The declarations, from the side of a program in TypeScript.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { built, root } from './support.mjs';

const PROGRAM = `
import { load, Client, OpenLedgerError, Outbox, Proposal, Provider, ProviderRpcError, TransportError, Wallet } from '${built}/index.mjs';
import type { AccountAnswer, Call, OutboxEntry, ProviderOptions, RequestArguments, SignedTransaction, Transport, WalletOptions } from '${built}/index.mjs';
const transport: Transport = async ({ body, maxLength }, signal) => {
  if (signal.aborted || body.length > maxLength) throw new TransportError('too large');
  return new Uint8Array();
};
const ol = await load({ source: new URL('https://example.org/openledger.wasm') });
const client: Client = ol.client({ endpoints: ['https://example.org', transport, { url: 'https://example.org', headers: {} }], quorum: 2 });
const answer: AccountAnswer = await client.account({ address: '0x', slots: [1n, '2'], block: 'safe' }, { onBlame: ({ endpoint }) => endpoint.toFixed() });
export const balance: bigint = answer.balance + answer.slots[0].value;
export const code: Uint8Array | undefined = answer.code;
export const place = (error: OpenLedgerError): number | null => error.offset;
export const hash: string = ol.header(new Uint8Array()).hash;
export const slot: bigint = ol.verifySync({ checkpoint: '0x', bootstrap: {}, network: 'sepolia', insist: true }).finalized.slot;
const bundle = ol.bundle(new Uint8Array(), { now: Date.now });
const recording = ol.recording();
await ol.client({ endpoints: [bundle.transport('l2')] }).account({ address: '0x' }, { recording });
export const packed: Uint8Array = recording.pack({ made: bundle.made, question: 'what' });
const options: ProviderOptions = { endpoints: ['https://example.org'], trust: 'proposed', maxAge: Infinity, holdMs: 0, onBlame: ({ endpoint }) => endpoint.toFixed() };
const provider: Provider = ol.provider({ ...options, pollMs: 500, onWant: ({ body }) => body.length });
const request: RequestArguments = { method: 'eth_getBalance', params: ['0x', 'latest'] };
export const answers: string[] = [await provider.request(request), (await provider.verified(request)).trust];
export const code4900 = (error: ProviderRpcError): number => error.code;
provider.on('message', (message) => message.data).removeListener('error', console.error).close();
export const text: string = ol.verifyAccount({ header: {}, proof: '' }).text;
const walletOptions: WalletOptions = { idleMs: 1000, rollup: 'openledger', contracts: [{ chainId: 1612n, address: '0x', kind: 'gopen' }], entropy: (length) => new Uint8Array(length) };
const wallet: Wallet = ol.wallet(walletOptions);
const from: string = wallet.addAccount(wallet.addMnemonic(new Uint8Array(), { passphrase: 'text' }), { path: 1, label: 'a' });
const proposal: Proposal<SignedTransaction> = wallet.proposeTransaction(from, { value: 1n });
export const raw: string = proposal.verdict === 'deny' ? '' : proposal.approve().sign({ hedged: true }).raw;
export const yes: boolean = ol.verifyMessage({ address: from, message: 'a', signature: wallet.proposeMessage(from, 'a').sign().bytes });
const vault: Uint8Array = await wallet.seal('password', { signal: AbortSignal.timeout(1), onProgress: (done, total) => done / total });
await wallet.open(vault, new Uint8Array());
const outbox: Outbox = ol.outbox({ account: from, chainId: 1612, saved: null });
await outbox.follow(provider);
export const waits: OutboxEntry[] = outbox.entries.filter(({ state }) => state === 'waiting');
export const again: string = wallet.proposeTransaction(from, outbox.replace('0x', 1n)).sign().hash;
const vote: Call = ol.calls.governor.castVote({ governor: '0x', proposalId: 1n, support: 'for' });
export const spent: bigint = vote.value + ol.calls.datanets.commit({ registry: '0x', value: 1n, datanet: 1, commitment: '0x' }).value;
ol.calls.governor.propose({ governor: '0x', calls: [vote, { to: '0x' }], description: '' });
`;
const WRONG = `
import { load } from '${built}/index.mjs';
const ol = await load();
ol.client({ endpoints: [], quorum: '1' });
ol.client({ endpoints: [1] });
ol.keccak256('text');
(await ol.client({ endpoints: [] }).account({})).balance.toFixed();
ol.header('').nothing;
ol.bundle('text');
ol.bundle(new Uint8Array()).transport('moon');
ol.provider({ endpoints: [], trust: 'given' });
ol.provider({ endpoints: [], maxAge: '1' });
await ol.provider({ endpoints: [] }).request({ params: [] });
ol.provider({ endpoints: [] }).nothing;
ol.wallet().addKey('0x');
ol.wallet({ contracts: [{ chainId: 1, address: '0x', kind: 'moon' }] });
ol.wallet().proposeMessage('0x', 'a').sign().raw;
ol.wallet().seal();
ol.calls.staking.stake({ staking: '0x', configId: 1, onBehalfOf: '0x' });
ol.calls.staking.unstake({ staking: '0x', stakeId: 1, amount: 1 });
ol.calls.governor.castVote({ governor: '0x', proposalId: 1n, support: 'maybe' });
ol.calls.grants.cancel({ registry: '0x', grantId: 1, value: 1n });
ol.calls.grants.nothing;
ol.outbox({ account: '0x' }).entries[0].state === 'sent';
`;

const LIBRARIES = `
import { load } from '${built}/index.mjs';
import { BrowserProvider } from 'ethers';
import { createPublicClient, custom } from 'viem';
const provider = (await load()).provider({ endpoints: ['https://example.org'] });
export const clients = [createPublicClient({ transport: custom(provider) }), new BrowserProvider(provider)];
`;

/** @param {string} program @param {string[]} [more] options @returns {string} what the compiler says */
function compile(program, more = []) {
  const folder = mkdtempSync(join(root, 'build/types-'));
  try {
    writeFileSync(join(folder, 'program.mts'), program);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,dom'];
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...more, join(folder, 'program.mts')], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return /** @type {any} */ (error).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a program in TypeScript compiles', () => assert.equal(compile(PROGRAM), ''));

test('viem and ethers take a provider as it is', () => assert.equal(compile(LIBRARIES, ['--skipLibCheck']), ''));

test('a wrong one does not, line by line', () => {
  const lines = new Set([...compile(WRONG).matchAll(/program\.mts\((\d+),/g)].map((match) => Number(match[1])));
  assert.deepEqual([...lines].sort(), [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 4, 5, 6, 7, 8, 9]);
});
