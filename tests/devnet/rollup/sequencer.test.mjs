// SPDX-License-Identifier: MIT
// The sequencer's envelopes are as the specification has them, by other libraries, and each lie is really told.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createMPT } from '@ethereumjs/mpt';
import { RLP } from '@ethereumjs/rlp';
import Snappy from 'snappyjs';
import { hexToBytes, keccak256, recoverAddress, size, toHex } from 'viem';
import { noVectors, vectors } from '../../host/cli.mjs';
import { noAnvil } from './anvil.mjs';
import { L2_CHAIN_ID, L2_FORKS, startDevnet } from './devnet.mjs';
import { hashOfHeader, headerOf } from './output.mjs';
import { LIES, PAYLOADS } from './sequencer.mjs';

/** @type {Record<string, Awaited<ReturnType<typeof startDevnet>>>} */
const nets = {};

before(async () => {
  if (noAnvil) return;
  for (const l2Fork of Object.keys(L2_FORKS)) {
    const net = nets[l2Fork] = await startDevnet({ variant: 'oracle-0.17.3', l2Fork });
    await net.present();
    await net.mineL2(3);
  }
});
after(() => Promise.all(Object.values(nets).map(({ close }) => close())));

/** @param {string} url @param {string} path */
async function get(url, path) {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, type: response.headers.get('content-type'), bytes: new Uint8Array(await response.arrayBuffer()) };
}

/** Little-endian. @param {Uint8Array} bytes */
const number = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`);

/**
 * Reads an envelope by hand, field by field in their order, and says what is wrong with it.
 * @param {Uint8Array} compressed @param {3 | 4} version @param {string} signer @param {number} now
 */
async function judge(compressed, version, signer, now) {
  const message = new Uint8Array(Snappy.uncompress(compressed));
  const faults = [];
  const payload = message.subarray(65);
  const hash = keccak256(Buffer.concat([new Uint8Array(32), hexToBytes(toHex(L2_CHAIN_ID, { size: 32 })), keccak256(payload, 'bytes')]));
  const parity = message[64];
  if (parity > 1) return { faults: ['parity'] };
  const signature = toHex(Buffer.concat([message.subarray(0, 64), Uint8Array.of(27 + parity)]));
  if ((await recoverAddress({ hash, signature })) !== signer) faults.push('signer');

  const beaconRoot = payload.subarray(0, 32);
  const ssz = payload.subarray(32);
  let at = 0;
  const take = (/** @type {number} */ count) => ssz.subarray(at, (at += count));
  const [parentHash, miner, stateRoot, receiptsRoot, logsBloom, mixHash] = [32, 20, 32, 32, 256, 32].map(take);
  const [blockNumber, gasLimit, gasUsed, timestamp] = [8, 8, 8, 8].map((count) => number(take(count)));
  const extraAt = Number(number(take(4)));
  const baseFeePerGas = number(take(32));
  const blockHash = toHex(take(32));
  const transactionsAt = Number(number(take(4)));
  const withdrawalsAt = Number(number(take(4)));
  const [blobGasUsed, excessBlobGas] = [number(take(8)), number(take(8))];
  const withdrawalsRoot = version === 4 ? toHex(take(32)) : '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';
  assert.equal(at, version === 4 ? 560 : 528);
  if (extraAt !== at) faults.push('offset');
  if (withdrawalsAt !== ssz.length) faults.push(withdrawalsAt < ssz.length ? 'withdrawals' : 'length');

  const list = ssz.subarray(transactionsAt, withdrawalsAt);
  const count = list.length === 0 ? 0 : Number(number(list.subarray(0, 4))) / 4;
  const starts = Array.from({ length: count }, (_, i) => Number(number(list.subarray(4 * i, 4 * i + 4))));
  const trie = await createMPT({});
  for (const [i, start] of starts.entries()) await trie.put(RLP.encode(i), list.subarray(start, starts[i + 1]));
  const block = {
    parentHash: toHex(parentHash), sha3Uncles: '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347', miner: toHex(miner),
    stateRoot: toHex(stateRoot), transactionsRoot: toHex(trie.root()), receiptsRoot: toHex(receiptsRoot), logsBloom: toHex(logsBloom),
    difficulty: '0x0', number: toHex(blockNumber), gasLimit: toHex(gasLimit), gasUsed: toHex(gasUsed), timestamp: toHex(timestamp),
    extraData: toHex(ssz.subarray(extraAt, transactionsAt)), mixHash: toHex(mixHash), nonce: '0x0000000000000000',
    baseFeePerGas: toHex(baseFeePerGas), withdrawalsRoot, blobGasUsed: toHex(blobGasUsed), excessBlobGas: toHex(excessBlobGas),
    parentBeaconBlockRoot: toHex(beaconRoot),
    ...(version === 4 && { requestsHash: '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' }),
  };
  if (hashOfHeader(block) !== blockHash) faults.push('hash');
  if (Number(timestamp) < now - 60) faults.push('old');
  if (Number(timestamp) > now + 5) faults.push('future');
  return { faults, number: Number(blockNumber), blockHash, transactions: count };
}

/** What must be found in each lie. @type {Record<string, string[]>} */
const FAULTS = {
  'wrong-signer': ['signer'], 'wrong-chain-id': ['signer'], 'other-block-hash': ['hash'], 'other-state': ['hash'],
  'old-timestamp': ['old'], 'future-timestamp': ['future'], 'behind': [], 'equivocation': [], 'withdrawals': ['withdrawals'],
  'changed-payload': ['signer', 'hash'], 'bad-parity': ['parity'], 'truncated': ['signer', 'length', 'hash'],
};

/** What goes out instead of an honest envelope, where it is not one any more. @type {Record<string, (honest: Uint8Array) => Uint8Array>} */
const SENT = {
  'short': (honest) => honest.subarray(0, honest.length >> 1),
  'not-snappy': (honest) => new Uint8Array(Snappy.uncompress(honest)),
  'bomb': (honest) => Buffer.concat([Buffer.from('ffffffff0f', 'hex'), honest]),
};

for (const [fork, version] of Object.entries(L2_FORKS)) {
  test(`${fork}: the headers of the L2 hash to what it says`, { skip: noAnvil }, async () => {
    const { l2 } = nets[fork];
    for (let i = 0; i <= Number(await l2.ask('eth_blockNumber')); i++) {
      const block = await l2.block(i);
      assert.equal(hashOfHeader(block), block.hash);
      assert.equal(headerOf(block).length, fork === 'isthmus' ? 21 : 20);
      assert.equal(size(block.extraData), 0);
    }
  });

  test(`${fork}: honest envelopes`, { skip: noAnvil }, async () => {
    const { urls, l2, keys } = nets[fork];
    const signer = await nets[fork].contracts.systemConfig.read('unsafeBlockSigner');
    assert.equal(signer, keys.sequencer.address);
    await l2.send({ from: keys.stranger.address, to: keys.owner.address, value: '0x1' });
    const latest = Number(await l2.ask('eth_blockNumber'));
    assert.equal((await l2.block()).transactions.length, 1);
    for (const path of ['/latest', `/block/${latest - 1}`]) {
      const { status, type, bytes } = await get(urls.sequencer, path);
      assert.deepEqual([status, type], [200, 'application/octet-stream']);
      const said = await judge(bytes, version, signer, await l2.time());
      assert.deepEqual(said.faults, []);
      const block = await l2.block(path === '/latest' ? latest : latest - 1);
      assert.deepEqual([said.number, said.blockHash, said.transactions], [Number(block.number), block.hash, block.transactions.length]);
    }
    for (const path of ['/', '/block/0', `/block/${latest + 1}`, '/block/x', '/block/1/2']) assert.equal((await get(urls.sequencer, path)).status, 404);
  });

  for (const name of Object.keys(LIES)) {
    test(`${fork}: ${name}`, { skip: noAnvil }, async () => {
      const { urls, sequencer, l2, keys } = nets[fork];
      const signer = keys.sequencer.address;
      await l2.send({ from: keys.stranger.address, to: keys.owner.address, value: '0x1' }); // a block that is not old yet
      const newest = await l2.block();
      const honest = (await get(urls.sequencer, '/latest')).bytes;
      sequencer.tell(name);
      try {
        if (SENT[name]) {
          assert.equal(toHex((await get(urls.sequencer, '/latest')).bytes), toHex(SENT[name](honest)));
          return;
        }
        const first = await judge((await get(urls.sequencer, '/latest')).bytes, version, signer, Date.now() / 1000);
        if (name === 'equivocation') {
          const second = await judge((await get(urls.sequencer, '/latest')).bytes, version, signer, Date.now() / 1000);
          assert.deepEqual([first.faults, second.faults], [[], []]);
          assert.equal(first.number, second.number);
          assert.notEqual(first.blockHash, second.blockHash);
        } else {
          assert.deepEqual(first.faults, FAULTS[name]);
          if (name === 'behind') assert.equal(first.number, Number(newest.number) - 3);
        }
      } finally {
        sequencer.tell();
      }
    });
  }
}

test('recorded envelopes have the same form', { skip: noVectors }, () => {
  for (const version of /** @type {const} */ ([3, 4])) {
    const message = Uint8Array.from(Snappy.uncompress(readFileSync(join(vectors, `gossip/op_gossip_v${version}.snappy`))));
    const payload = message.subarray(65 + 32);
    assert.ok(message[64] <= 1);
    assert.deepEqual(PAYLOADS[version].serialize(PAYLOADS[version].deserialize(payload)), payload);
  }
});

test('a lie that there is not', { skip: noAnvil }, () => {
  assert.throws(() => nets.ecotone.sequencer.tell('white'), /no such lie/);
});

test('the owner sets another signer', { skip: noAnvil }, async () => {
  const net = nets.isthmus;
  await net.setSigner(net.keys.stranger.address);
  assert.equal(await net.contracts.systemConfig.read('unsafeBlockSigner'), net.keys.stranger.address);
});
