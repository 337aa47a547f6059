// SPDX-License-Identifier: MIT
// Delegates the votes of a wallet's first account to itself, and keeps what was sent. The password is read from the standard input.
// usage: send.mjs URL[,URL]... PROFILE VAULT OUTBOX    PROFILE: of the rollup, with its contracts; OUTBOX: made where it is not there
import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { load } from 'openledger';

const [urls, profile, vault, file] = process.argv.slice(2);
const rollup = JSON.parse(await readFile(profile, 'utf8'));
const { gopen } = rollup.contracts;
const saved = await readFile(file).catch((error) => (error.code === 'ENOENT' ? null : Promise.reject(error)));
const password = await buffer(process.stdin);
const ol = await load();
const provider = ol.provider({ endpoints: urls.split(','), rollup });

const wallet = ol.wallet({ rollup });
await wallet.open(await readFile(vault), password);
const [{ address: from }] = wallet.accounts;
const outbox = ol.outbox({ account: from, saved });
await outbox.follow(provider);

const { maxFeePerGas, maxPriorityFeePerGas } = (await provider.request({ method: 'openledger_suggestFees' })).normal;
const call = ol.calls.gopen.delegate({ gopen, delegatee: from });
const proposal = wallet.proposeTransaction(from, { ...call, nonce: outbox.nextNonce, gas: 150_000, maxFeePerGas, maxPriorityFeePerGas });
console.log(proposal.intent.function, proposal.intent.effects);
const { raw } = proposal.approve().sign(); // once whoever was asked says yes
outbox.add(raw);
await writeFile(file, outbox.save()); // before it is sent
console.log(await provider.request({ method: 'eth_sendRawTransaction', params: [raw] }));

password.fill(0);
wallet.close();
provider.close();
