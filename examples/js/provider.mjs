// SPDX-License-Identifier: MIT
// viem, over a provider whose answers are proven: node provider.mjs URL[,URL]... ADDRESS
import { load } from 'openledger';
import { createPublicClient, custom } from 'viem';

const [urls, address] = process.argv.slice(2);
const ol = await load();
const provider = ol.provider({ endpoints: urls.split(',') });
const client = createPublicClient({ transport: custom(provider) });
const balance = await client.getBalance({ address });
const { trust, block } = await provider.verified({ method: 'eth_getBlockByNumber', params: ['latest', false] });
console.log(`${ol.amountText(balance)} OPEN at block ${BigInt(block.number)}, by ${trust}`);
provider.close();
