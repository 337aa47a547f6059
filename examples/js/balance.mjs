// SPDX-License-Identifier: MIT
// Prints the balance of an account of OpenLedger, proven: node balance.mjs URL ADDRESS
import { load } from 'openledger';

const [url, address] = process.argv.slice(2);
const ol = await load();
const client = ol.client({ endpoints: [url] });
const { balance, block } = await client.account({ address });
console.log(`${ol.amountText(balance)} OPEN at block ${block.number}`);
