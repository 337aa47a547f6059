// SPDX-License-Identifier: MIT
// What needs no network: hashes, texts, headers, proofs, errors, and the module's memory.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Chain } from './chain.mjs';
import { accounts, address, contract, keccak, noVectors, openledger as ol, random, sdk, stranger, vector } from './support.mjs';

const { OpenLedgerError, toHex, fromHex } = sdk;
const chain = new Chain(keccak, accounts, { timestamp: 1700000000n });
const header = { ...chain.block, hash: chain.hash };

test('keccak-256', () => {
  /** @type {[string | Uint8Array, string][]} */
  const known = [
    ['', '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
    ['transfer(address,uint256)', '0xa9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b'],
  ];
  for (const [input, output] of known) assert.equal(toHex(ol.keccak256(Buffer.from(input))), output);
  assert.throws(() => ol.keccak256(/** @type {any} */ ('abc')), { name: 'OpenLedgerError', status: 'argument' });
});

test('addresses and amounts as people read them', () => {
  assert.equal(ol.addressText(address.toLowerCase()), address);
  assert.equal(ol.addressText(fromHex(address)), address);
  assert.throws(() => ol.addressText(address.replace('F', 'f')), { status: 'encoding' });
  assert.throws(() => ol.addressText('0x12'), { status: 'encoding' });
  assert.throws(() => ol.addressText(new Uint8Array(19)), { status: 'argument' });
  assert.equal(ol.amountText(1500000000000000000n), '1.5');
  assert.equal(ol.amountText('1000001', 6), '1.000001');
  assert.equal(ol.amountText(0), '0');
  assert.throws(() => ol.amountText(-1n), { status: 'argument' });
  assert.throws(() => ol.amountText(2n ** 256n), { status: 'argument' });
  assert.throws(() => ol.amountText(1.5), { status: 'argument' });
  assert.throws(() => ol.amountText(1n, 78), { status: 'argument' });
});

test('a header from RLP, hex and JSON', () => {
  for (const form of [chain.rlp, toHex(chain.rlp), header, JSON.stringify(header), { jsonrpc: '2.0', id: 1, result: header }]) {
    const read = ol.header(form);
    assert.equal(read.hash, chain.hash);
    assert.equal(read.stateRoot, header.stateRoot);
    assert.equal(read.number, 100n);
    assert.equal(read.timestamp, 1700000000n);
    assert.equal(read.baseFeePerGas, 7n);
    assert.equal(read.extraData, header.extraData);
    assert.equal(read.requestsHash, header.requestsHash);
  }
  const { requestsHash, ...shorter } = header;
  assert.throws(() => ol.header(shorter), { status: 'mismatch' });
  assert.throws(() => ol.header(chain.rlp.subarray(1)), { status: 'encoding', offset: 0 });
});

test('accounts, storage and absence, proven offline', () => {
  const account = ol.verifyAccount({ header, proof: chain.proof(address) });
  assert.deepEqual([account.exists, account.balance, account.nonce], [true, 1500000000000000000n, 7n]);
  assert.equal(account.address, address);
  assert.equal(account.trust.level, 'given');
  assert.equal(account.block.hash, chain.hash);
  const { text, ...rest } = account;
  assert.equal(JSON.parse(text).balance, '0x14d1120d7b160000');
  assert.ok(!('code' in rest) && !('chainId' in rest));

  const proof = chain.proof(contract, ['0x0', '0x1', '0x2']);
  const slots = [0n, '0x1', new Uint8Array(32).fill(2, 31)];
  for (const asked of [{}, { address: contract, slots }]) {
    const { slots: proven } = ol.verifyAccount({ header, proof, ...asked });
    assert.deepEqual(proven, [{ key: 0n, value: 42n }, { key: 1n, value: 2n ** 255n }, { key: 2n, value: 0n }]);
  }
  const absent = ol.verifyAccount({ header, proof: JSON.stringify(chain.proof(stranger, ['0x5'])) });
  assert.deepEqual([absent.exists, absent.balance, absent.slots], [false, 0n, [{ key: 5n, value: 0n }]]);
});

test('a refusal names its place', () => {
  const proof = chain.proof(contract, ['0x0', '0x1']);
  const refused = (/** @type {any} */ question) => {
    try {
      ol.verifyAccount({ header, proof, ...question });
    } catch (error) {
      assert.ok(error instanceof OpenLedgerError, String(error));
      assert.ok(error.reason.length > 0 && error.message.includes(error.reason));
      return error;
    }
    return assert.fail('not refused');
  };
  assert.equal(refused({ address }).status, 'mismatch');
  assert.equal(refused({ address: contract, slots: [3] }).status, 'mismatch');
  assert.equal(refused({ address: contract, slots: Array(33).fill(0) }).status, 'argument');
  assert.equal(refused({ slots: [1] }).status, 'argument');

  const other = structuredClone(proof);
  const last = other.storageProof[1].proof.length - 1;
  other.storageProof[1].proof[last] = other.storageProof[1].proof[last].replace(/..$/, 'ff');
  const altered = refused({ proof: other });
  assert.deepEqual([altered.part, altered.item, altered.node], ['storageProof', 1, last]);
  assert.match(altered.message, /^storageProof\[1\] node \d/);
  assert.ok(['proof', 'encoding'].includes(altered.status));

  const stripped = structuredClone(proof);
  stripped.storageProof[0].proof = [];
  assert.equal(refused({ proof: stripped }).part, 'storageProof');
  const lying = { ...proof, balance: '0x1' };
  assert.equal(refused({ proof: lying }).status, 'mismatch');
  assert.equal(refused({ proof: '{' }).status, 'encoding');
  assert.equal(refused({ header: '' }).status, 'encoding');
});

describe('recorded data', () => {
  for (const number of [26207960, 26207961, 26207963]) {
    test(`OP Sepolia after ${number}`, { skip: noVectors }, () => {
      const { parentHeader, parentHeaderRlp, parentHeaderHash, accounts: recorded } = vector(`opstack/op_sepolia_${number}.json.gz`);
      assert.equal(ol.header(parentHeaderRlp).hash, parentHeaderHash);
      assert.equal(ol.header(fromHex(parentHeaderRlp)).hash, parentHeaderHash);
      assert.equal(ol.header(parentHeaderRlp).fork, 'holocene');
      const block = { ...parentHeader, hash: parentHeaderHash };
      let slots = 0;
      for (const proof of Object.values(recorded)) {
        const proven = ol.verifyAccount({ header: block, proof, address: proof.address, slots: proof.storageProof.map((/** @type {any} */ { key }) => key) });
        assert.equal(proven.text, ol.verifyAccount({ header: parentHeaderRlp, proof }).text);
        assert.equal(proven.balance, BigInt(proof.balance));
        assert.equal(proven.nonce, BigInt(proof.nonce));
        assert.deepEqual(proven.slots.map(({ value }) => value), proof.storageProof.map((/** @type {any} */ { value }) => BigInt(value)));
        slots += proven.slots.length;
      }
      assert.ok(slots > 0);
    });
  }

  test('mainnet 21925176', { skip: noVectors }, () => {
    const block = vector('execution/mainnet-21925176/block.json');
    for (const name of ['proof', 'block_miner_proof']) {
      const proof = vector(`execution/mainnet-21925176/${name}.json`);
      const proven = ol.verifyAccount({ header: block, proof });
      assert.equal(proven.balance, BigInt(proof.balance));
      assert.equal(proven.block.number, 21925176n);
    }
    assert.equal(ol.header(block).l1Fork, 'cancun');
  });

  test('malformed input never traps', { skip: noVectors }, () => {
    const { parentHeader, parentHeaderHash, accounts: recorded } = vector('opstack/op_sepolia_26207960.json.gz');
    const { code, ...proof } = recorded.L1Block;
    const [header, text] = [{ ...parentHeader, hash: parentHeaderHash }, proof].map((value) => JSON.stringify(value));
    const question = { address: proof.address, slots: proof.storageProof.map((/** @type {any} */ { key }) => key) };
    const honest = ol.verifyAccount({ header, proof: text, ...question }).text;
    const pick = random(1612);
    let refused = 0;
    const attempt = (/** @type {any} */ header, /** @type {any} */ proof) => {
      try {
        assert.equal(ol.verifyAccount({ header, proof, ...question }).text, honest);
      } catch (error) {
        if (!(error instanceof OpenLedgerError)) throw error; // a trap is a WebAssembly.RuntimeError
        refused++;
      }
    };
    const flipped = (/** @type {string} */ of) => {
      const bytes = Buffer.from(of);
      bytes[pick(bytes.length)] ^= 1 << pick(8);
      return bytes;
    };
    const noise = () => Uint8Array.from({ length: pick(400) }, () => pick(256));
    for (let i = 0; i < 1000; i++) {
      attempt(flipped(header), text);
      attempt(header, flipped(text));
      attempt(header, Buffer.from(text).subarray(0, pick(text.length)));
      attempt(noise(), noise());
    }
    // What is accepted are letters that changed their case.
    assert.ok(refused > 3800 && refused < 4000, `refused ${refused} of 4000`);
    assert.equal(ol.verifyAccount({ header, proof: text, ...question }).text, honest);
  });
});

describe('memory', () => {
  const size = () => ol.core.exports.memory.buffer.byteLength;

  test('views stay right when memory grows', () => {
    const before = size();
    const long = new Uint8Array(2 * before).fill(7);
    const hash = toHex(ol.keccak256(long));
    assert.ok(size() > before);
    assert.equal(toHex(ol.keccak256(long)), hash);
    assert.equal(ol.header(chain.rlp).hash, chain.hash);
  });

  test('running out of memory is an error, and not the end', async () => {
    const fresh = await sdk.load();
    const scope = fresh.core.scope();
    const full = { name: 'OpenLedgerError', status: 'memory' };
    for (const len of [2 ** 31, 2 ** 32 - 8, 2 ** 32, 2 ** 40]) assert.throws(() => scope.take(len), full);
    assert.throws(() => {
      for (let i = 0; i < 5; i++) scope.take(2 ** 30);
    }, full);
    scope.free();
    assert.equal(fresh.header(chain.rlp).hash, chain.hash);
  });

  test('repeated use leaks nothing', () => {
    const proof = JSON.stringify(chain.proof(contract, ['0x0', '0x1']));
    const use = () => {
      ol.verifyAccount({ header, proof });
      ol.addressText(address);
      assert.throws(() => ol.verifyAccount({ header, proof: '{}' }));
      assert.throws(() => ol.verifyAccount({ header, proof, address: '0x1' }));
      assert.throws(() => ol.header(chain.rlp.subarray(1)));
    };
    const probe = () => {
      const block = ol.core.exports.malloc(64);
      ol.core.exports.free(block);
      return [block, size()];
    };
    for (let i = 0; i < 5; i++) use();
    const before = probe();
    for (let i = 0; i < 500; i++) use();
    assert.deepEqual(probe(), before);
  });

  test('instances are apart', async () => {
    const other = await sdk.load();
    assert.notEqual(other.core.exports.memory, ol.core.exports.memory);
    assert.equal(other.version, ol.version);
  });
});
