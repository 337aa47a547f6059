// SPDX-License-Identifier: MIT
// Questions over transports that live in this process: honest, lying, slow, broken.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Chain } from './chain.mjs';
import { accounts, address, code, contract, keccak, openledger as ol, sdk, stranger } from './support.mjs';

const { Client, TransportError, toHex } = sdk;
const NOW = 1700000060_000;
const chain = new Chain(keccak, accounts, { timestamp: 1700000000n });
const richer = new Chain(keccak, { ...accounts, [address.toLowerCase()]: { nonce: 7n, balance: 10n ** 30n } }, { timestamp: 1700000000n });

/** @typedef {import('openledger').Want} Want */
const honest = async (/** @type {Want} */ { body }) => chain.respond(body);
const forger = async (/** @type {Want} */ { body }) => richer.respond(body);
const broken = async () => {
  throw new TypeError('no route');
};
const silent = () => new Promise(() => {});
/** Honest but for one method. @param {string} method @param {(body: string) => any} answer */
const but = (method, answer) => async (/** @type {Want} */ { body }) =>
  JSON.parse(body).method === method ? answer(body) : chain.respond(body);
const remoteError = (/** @type {string} */ body) =>
  JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, error: { code: -32603, message: 'sorry' } });

/** @param {import('openledger').Endpoint[]} endpoints @param {object} [options] */
const client = (endpoints, options = {}) => new Client(ol, { endpoints, now: () => NOW, ...options });
/** @param {Promise<unknown>} promise */
const failure = async (promise) => {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof sdk.OpenLedgerError, String(error));
    return error;
  }
  return assert.fail('it did not fail');
};

test('one endpoint, everything asked', async () => {
  const answer = await client([honest]).account({ address: contract, slots: [0n, 1, '2'], code: true });
  assert.equal(answer.address.toLowerCase(), contract);
  assert.deepEqual(answer.slots.map(({ value }) => value), [42n, 2n ** 255n, 0n]);
  assert.deepEqual(answer.code, code);
  assert.equal(answer.codeHash, toHex(keccak(code)));
  assert.deepEqual(answer.trust, { level: 'quorum', agreed: 1, asked: 1 });
  assert.equal(answer.chainId, 1612n);
  assert.equal(answer.ageSeconds, 60);
  assert.equal(answer.block.hash, chain.hash);
  assert.deepEqual(answer.blame, []);
  assert.equal(JSON.parse(answer.text).code, toHex(code));
});

test('an absent account, and one without code', async () => {
  const absent = await client([honest]).account({ address: stranger, code: true });
  assert.deepEqual([absent.exists, absent.balance, absent.code?.length], [false, 0n, 0]);
});

for (const block of /** @type {const} */ (['latest', 'safe', 'finalized', 100, 100n, '100', '0x64', chain.hash, Buffer.from(chain.hash.slice(2), 'hex')])) {
  test(`block ${block instanceof Uint8Array ? 'by hash in bytes' : `${typeof block} ${block}`}`, async () => {
    assert.equal((await client([honest]).account({ address, block })).block.number, 100n);
  });
}

test('the same transcript gives the same bytes', async () => {
  const ask = () => client([honest, honest, forger], { quorum: 2 }).account({ address, slots: [1] });
  assert.equal((await ask()).text, (await ask()).text);
});

test('a quorum outvotes a forger, and blames it', async () => {
  /** @type {unknown[]} */
  const heard = [];
  const answer = await client([forger, honest, honest]).account({ address }, { onBlame: (blame) => heard.push(blame) });
  assert.equal(answer.balance, 1500000000000000000n);
  assert.deepEqual(answer.trust, { level: 'quorum', agreed: 2, asked: 3 });
  assert.deepEqual(answer.blame, heard);
  assert.deepEqual(answer.blame.map(({ endpoint, error }) => [endpoint, error.status]), [[0, 'mismatch']]);
});

test('no quorum, no answer', async () => {
  const error = await failure(client([forger, honest], { quorum: 2 }).account({ address }));
  assert.equal(error.status, 'quorum');
});

test('a forged proof is refused, and another endpoint asked', async () => {
  const forged = but('eth_getProof', (body) => richer.respond(body));
  const answer = await client([forged, honest], { quorum: 2 }).account({ address });
  assert.equal(answer.balance, 1500000000000000000n);
  assert.deepEqual(answer.blame.map(({ endpoint }) => endpoint), [0]);
  assert.equal(answer.blame[0].error.part, 'accountProof');
  const error = await failure(client([forged]).account({ address }));
  assert.equal(error.status, 'proof');
  assert.equal(error.blame.length, 1);
});

test('code that is not the account\'s is refused', async () => {
  const forged = but('eth_getCode', (body) => JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(body).id, result: '0x00' }));
  assert.deepEqual((await client([forged, honest], { quorum: 2 }).account({ address: contract, code: true })).code, code);
  assert.equal((await failure(client([forged]).account({ address: contract, code: true }))).part, 'code');
});

test('an error of the endpoint is asked again', async () => {
  let times = 0;
  const moody = but('eth_getProof', (body) => (times++ === 0 ? remoteError(body) : chain.respond(body)));
  const answer = await client([moody]).account({ address });
  assert.deepEqual(answer.blame.map(({ error }) => error.status), ['remote']);
  assert.equal((await failure(client([but('eth_getProof', remoteError)]).account({ address }))).status, 'remote');
});

test('the wrong chain', async () => {
  assert.equal((await failure(client([honest], { chainId: 1n }).account({ address }))).status, 'mismatch');
  assert.equal((await client([honest], { chainId: 0n }).account({ address })).chainId, undefined);
});

test('an old block', async () => {
  const late = { now: () => NOW + 3600_000 };
  assert.equal((await failure(client([honest], late).account({ address }))).status, 'stale');
  assert.equal((await client([honest], late).account({ address, maxAgeSeconds: 4000 })).ageSeconds, 3660);
  assert.equal((await client([honest], late).account({ address, maxAgeSeconds: Infinity })).ageSeconds, 3660);
  assert.equal((await client([honest], late).account({ address, block: 100 })).ageSeconds, 3660);
  assert.equal((await failure(client([honest], late).account({ address, block: 100, maxAgeSeconds: 60 }))).status, 'stale');
});

test('a broken endpoint is done without', async () => {
  const answer = await client([broken, honest], { quorum: 1 }).account({ address });
  assert.equal(answer.exists, true);
  const error = await failure(client([broken]).account({ address }));
  assert.equal(error.status, 'transport');
  assert.ok(error.blame.length >= 1);
});

test('a transport says what kind of failure it was', async () => {
  for (const [kind, words] of /** @type {const} */ ([['timeout', 'in time'], ['too large', 'longer'], ['http', 'HTTP'], ['tls', 'certificate']])) {
    const error = await failure(client([async () => { throw new TransportError(kind); }]).account({ address }));
    assert.equal(error.status, 'transport');
    assert.match(error.reason, new RegExp(words));
  }
});

test('a synchronous throw, and an answer that is no text, are failures too', async () => {
  const thrower = () => { throw new Error('now'); };
  for (const endpoint of [thrower, async () => undefined, async () => null, async () => 42, async () => ({})]) {
    assert.equal((await failure(client([/** @type {any} */ (endpoint)]).account({ address }))).status, 'transport');
  }
  for (const answer of ['', '[]', 'null', '{', Buffer.from([0xff])]) {
    assert.notEqual((await failure(client([async () => answer]).account({ address }))).status, 'transport');
  }
});

test('a silent endpoint times out', { timeout: 10_000 }, async () => {
  const started = Date.now();
  const impatient = { timeoutMs: 150, now: () => Date.now() - started + NOW };
  const error = await failure(client([silent], impatient).account({ address }));
  assert.equal(error.status, 'transport');
  assert.match(error.reason, /in time/);
  const answer = await client([silent, honest], { ...impatient, quorum: 1 }).account({ address });
  assert.equal(answer.exists, true);
});

test('an answer longer than accepted is refused by the core', async () => {
  const long = async (/** @type {Want} */ { body, maxLength }) => chain.respond(body) + ' '.repeat(maxLength);
  const error = await failure(client([long], { maxAnswer: 4096 }).account({ address }));
  assert.match(error.reason, /longer than accepted/);
});

test('answers that come late, after the question, are ignored', async () => {
  /** @type {(() => void)[]} */
  const later = [];
  const slow = (/** @type {Want} */ { body }) => new Promise((resolve) => later.push(() => resolve(chain.respond(body))));
  const answer = await client([honest, /** @type {any} */ (slow)], { quorum: 1 }).account({ address });
  assert.ok(later.length > 0);
  for (const send of later) send();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await client([honest]).account({ address })).text.length > 0, answer.exists);
});

test('all that can be asked at once is', async () => {
  let out = 0;
  let most = 0;
  const counting = async (/** @type {Want} */ { body }) => {
    most = Math.max(most, ++out);
    await new Promise((resolve) => setImmediate(resolve));
    out--;
    return chain.respond(body);
  };
  await client([counting, counting, counting]).account({ address, code: true });
  assert.equal(most, 6); // chain id and head, of three
});

describe('abort', () => {
  test('before and during', async () => {
    await assert.rejects(client([honest]).account({ address }, { signal: AbortSignal.abort(new Error('no more')) }), /no more/);
    const controller = new AbortController();
    /** @type {AbortSignal[]} */
    const signals = [];
    const waiting = client([(/** @type {Want} */ _want, signal) => {
      signals.push(signal);
      return silent();
    }]).account({ address }, { signal: controller.signal });
    setImmediate(() => controller.abort(new Error('enough')));
    await assert.rejects(waiting, /enough/);
    assert.ok(signals.length > 0 && signals.every(({ aborted }) => aborted));
  });

  test('requests still out at the end are given up', async () => {
    /** @type {AbortSignal | undefined} */
    let left;
    const slow = (/** @type {Want} */ _want, /** @type {AbortSignal} */ signal) => {
      left = signal;
      return silent();
    };
    await client([honest, /** @type {any} */ (slow)], { quorum: 1 }).account({ address });
    assert.equal(left?.aborted, true);
  });
});

test('a host\'s own mistake ends the question', async () => {
  await assert.rejects(client([honest]).account({ address }, { onWant: () => { throw new RangeError('mine'); } }), RangeError);
});

test('bad configurations and questions are refused at once', async () => {
  for (const options of [{ endpoints: [] }, { endpoints: [honest], quorum: 2 }, { endpoints: [honest], quorum: 0 },
    { endpoints: [honest], timeoutMs: 1 }, { endpoints: [honest], maxAnswer: 10 }, { endpoints: Array(17).fill(honest) },
    { endpoints: [honest], chainId: -1n }, { endpoints: [honest], timeoutMs: 1.5 }]) {
    assert.throws(() => new Client(ol, options), { name: 'OpenLedgerError', status: 'argument' });
  }
  assert.throws(() => new Client(ol, { endpoints: ['not a url'] }), TypeError);
  const ask = (/** @type {any} */ question) => failure(client([honest]).account(question));
  assert.equal((await ask({ address: '0x12' })).status, 'encoding');
  assert.equal((await ask({ address, slots: Array(33).fill(1) })).status, 'argument');
  assert.equal((await ask({ address, block: 'newest' })).status, 'encoding');
  assert.equal((await ask({ address, block: -1 })).status, 'argument');
  assert.equal((await ask({ address, trust: 'finalized' })).status, 'argument');
  assert.equal((await ask({ address, trust: 'blind' })).status, 'argument');
  assert.equal((await ask({ address, maxAgeSeconds: -5 })).status, 'argument');
});

test('the same endpoint twice is refused', () => {
  for (const twin of ['http://127.0.0.1:1/rpc', 'http://127.0.0.1:1/rpc/', 'HTTP://127.0.0.1:1/rpc']) {
    assert.throws(() => client(['http://127.0.0.1:1/rpc', { url: twin }]), /the same endpoint twice/);
  }
  client(['http://127.0.0.1:1/rpc', 'http://127.0.0.1:1/other', 'http://127.0.0.1:2/rpc', honest, honest]);
});

test('many questions at once, and nothing leaks', async () => {
  const asker = client([honest, honest, forger]);
  const many = () => Promise.all(Array.from({ length: 8 }, async (_, i) => {
    const answer = await asker.account(i % 2 ? { address } : { address: contract, slots: [0], code: true });
    assert.equal(answer.address.toLowerCase(), i % 2 ? address.toLowerCase() : contract);
    await failure(asker.account({ address, block: 5 }));
  }));
  const probe = () => {
    const block = ol.core.exports.malloc(64);
    ol.core.exports.free(block);
    return [block, ol.core.exports.memory.buffer.byteLength];
  };
  for (let i = 0; i < 3; i++) await many();
  const before = probe();
  for (let i = 0; i < 10; i++) await many();
  assert.deepEqual(probe(), before);
});
