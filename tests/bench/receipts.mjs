// SPDX-License-Identifier: MIT
import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import { gunzipSync } from 'node:zlib';
import { rlpOf } from './blocks.mjs';
import { batchOf, must, timed } from './measure.mjs';
import { bytesOf, recorded } from './recordings.mjs';

/** @param {any} receipt a receipt as its trie has it; the bloom is the one that is claimed */
function encoded({ type, status, cumulativeGasUsed, logsBloom, logs }) {
  const body = RLP.encode([BigInt(status), BigInt(cumulativeGasUsed), bytesOf(logsBloom),
    logs.map((/** @type {any} */ log) => [bytesOf(log.address), log.topics.map(bytesOf), bytesOf(log.data)])]);
  return Number(type) === 0 ? body : Buffer.concat([Buffer.from([Number(type)]), body]);
}

/** @param {Uint8Array} text */
async function peerRoot(text) {
  const trie = new MerklePatriciaTrie();
  const receipts = JSON.parse(Buffer.from(text).toString());
  for (const [i, receipt] of receipts.entries()) await trie.put(RLP.encode(i), encoded(receipt));
  return Buffer.from(trie.root()).toString('hex');
}

/**
 * The receipts of a block of mainnet, from the JSON of an endpoint to the root in the header. Ours also computes the
 * blooms and compares each claim about places and gas.
 */
export function receipts() {
  const text = gunzipSync(recorded('execution/mainnet-21925176/receipts.json.gz'));
  const block = JSON.parse(recorded('execution/mainnet-21925176/block.json').toString());
  const root = block.receiptsRoot.slice(2);
  const number = (/** @type {string} */ answer) => Number(Buffer.from(answer, 'hex').readBigUInt64LE());
  return {
    inputs: { 'receipts.text': new Uint8Array(text), 'receipts.header': rlpOf(block) },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows({ native, bench }) {
      for (const door of [native, bench]) must((await door.answer('receipts_root')).startsWith(`${root}ca`), 'not all 202 receipts give the root');
      must(await peerRoot(text) === root, 'the peer computes another root');
      const memory = await Promise.all([native, bench].map(async (door) => number(await door.answer('receipts_memory'))));
      return [{
        id: 'receipts_root_202',
        native: await batchOf((count) => native.run('receipts_root', count)),
        wasm: await batchOf((count) => bench.run('receipts_root', count)),
        peers: { '@ethereumjs/mpt': await batchOf(timed(() => peerRoot(text))) },
        targets: [
          { text: 'native at most 3 ms', met: ({ native: own }) => own <= 3000 },
          { text: 'wasm at most a quarter of @ethereumjs/mpt', met: ({ wasm: own, peers }) => own <= peers['@ethereumjs/mpt'] / 4 },
        ],
      }, {
        id: 'receipts_memory_202',
        unit: 'bytes',
        native: () => memory[0],
        wasm: () => memory[1],
        targets: [{ text: 'at most 3 times the text', met: ({ native: own }) => own <= 3 * text.length }],
      }];
    },
  };
}
