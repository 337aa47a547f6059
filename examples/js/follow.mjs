// SPDX-License-Identifier: MIT
// Ethereum, followed by beacon nodes that need not be trusted; run it again, and it goes on from where it was.
// usage: follow.mjs URL[,URL]... CHECKPOINT FILE [NETWORK]    NETWORK: a name, or a file of JSON
import { readFile, writeFile } from 'node:fs/promises';
import { load } from 'openledger';

const [urls, checkpoint, file, name = 'mainnet'] = process.argv.slice(2);
const saved = await readFile(file).catch(() => null);
const network = name.endsWith('.json') ? JSON.parse(await readFile(name, 'utf8')) : name;
const ol = await load();

const sync = ol.sync({ beacon: urls.split(','), checkpoint, state: saved, network });
const { finalized, optimistic, blame } = await sync.run();
console.log(`finalized ${finalized.blockHash} at slot ${finalized.slot}; newest slot ${optimistic.slot}`);
for (const { endpoint, error } of blame) console.log(`endpoint ${endpoint}: ${error.message}`);
await writeFile(file, sync.save());
