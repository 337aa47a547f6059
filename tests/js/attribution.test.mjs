// SPDX-License-Identifier: MIT
// Receipts of attribution in JavaScript: the vectors of tests/attribution through ol.attribution, and what it refuses.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { unpack } from '../attribution/pack.mjs';
import { assertNothingStays } from './memory.mjs';
import { openledger as ol, root, sdk } from './support.mjs';

const { attribution } = ol;
const { fromHex, toHex } = sdk;
const hex = (/** @type {string} */ text) => fromHex(`0x${text}`);
/** @param {string} name @returns {any[]} */
const vectors = (name) => unpack(JSON.parse(readFileSync(join(root, `tests/attribution/vectors/${name}.json`), 'utf8')));

const ZERO = '00'.repeat(32);
const CORPUS = `0x${'c0'.repeat(32)}`; // its name, which is the client's to choose
const quantity = (/** @type {any} */ value) => `0x${BigInt(value ?? 0).toString(16)}`;
const DISPUTES = ['none', 'open', 'dismissed', 'upheld'];

/** What a provider would have answered. @param {any} each @returns {object | undefined} */
function factsOf({ facts, receipt, evidence, batch }) {
  if (!facts?.signer || !facts.disputes) return undefined; // which a provider's answer always has
  const question = /** @type {any} */ (attribution.factsQuestion({
    receipt: hex(receipt), evidence: hex(evidence), ...(facts.corpus && { corpus: CORPUS }), ...(batch && { batch: proofOf(batch) }),
  }));
  if (question.batchId && !facts.batch) return undefined;
  const { chainId, registry } = attribution.readReceipt(hex(receipt));
  const dispute = (/** @type {number} */ status) => ({ dispute: DISPUTES[status ?? 0] });
  return {
    chainId: quantity(chainId), registry,
    signer: { ...dispute(facts.disputes.signer), address: question.signer, registeredAt: quantity(facts.signer.registeredAt), revokedAt: quantity(facts.signer.revokedAt),
      bond: quantity(facts.signer.bond), slashed: '0x0', minBond: quantity(facts.signer.minBond) },
    receipt: { ...dispute(facts.disputes.receipt), digest: question.digest }, split: { ...dispute(facts.disputes.split), root: question.splitRoot },
    ...(question.batchId && facts.batch && { batch: { ...dispute(facts.disputes.batch), id: question.batchId, root: `0x${facts.batch.root}`, receipts: quantity(facts.batch.leaves),
      signer: `0x${facts.batch.signer}` } }),
    ...(question.corpusName && facts.corpus && { corpus: { ...dispute(facts.corpus.dispute), name: CORPUS, epoch: question.corpusEpoch, corpusId: `0x${facts.corpus.id}`,
      newest: quantity(facts.corpus.newest) } }),
    trust: 'proposed', block: { number: '0x10', hash: `0x${'11'.repeat(32)}`, timestamp: quantity(facts.timestamp) },
  };
}

const proofOf = (/** @type {any} */ batch) => ({ batchId: BigInt(batch.batchId ?? 0), root: `0x${batch.root}`, leaves: BigInt(batch.leaves), index: BigInt(batch.index),
  path: batch.path.map((/** @type {string} */ one) => `0x${one}`) });
const big = (/** @type {any} */ value) => (value === undefined ? undefined : BigInt(value));
const prefixed = (/** @type {string | undefined} */ value) => (value === undefined ? undefined : `0x${value}`);
const defined = (/** @type {Record<string, any>} */ object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** @param {any} expected */
const expectedOf = (expected) => defined({
  chainId: expected.registry && big(expected.chainId), registry: prefixed(expected.registry), nonce: prefixed(expected.nonce), payer: prefixed(expected.payer),
  policyId: prefixed(expected.policyId), maxFee: big(expected.maxFee), modelId: prefixed(expected.modelId), adapterId: prefixed(expected.adapterId),
  minEpoch: big(expected.minEpoch), maxAgeSeconds: big(expected.maxAge), maxLag: big(expected.maxLag), minWitnesses: expected.minWitnesses,
});

/** @param {any} each @returns {import('openledger').ReceiptQuestion} */
const questionOf = (each) => /** @type {any} */ (defined({
  receipt: hex(each.receipt), evidence: hex(each.evidence), policy: hex(each.policy), request: hex(each.request), response: hex(each.response),
  streamHead: prefixed(each.head), batch: each.batch && proofOf(each.batch), equivocation: each.equivocation && hex(each.equivocation),
  witnesses: each.facts?.witnesses, expected: expectedOf(each.expected), now: each.expected.now === undefined ? undefined : 1000 * Number(each.expected.now),
  corpus: each.facts?.corpus && CORPUS,
}));

describe('verdicts', () => {
  test('are those of the second implementation', () => {
    const seen = new Set();
    let skipped = 0;
    for (const each of vectors('verdicts')) {
      let table;
      try {
        table = each.table && attribution.table(hex(each.table));
      } catch (error) { // judged by what made it no table: the core's own vectors have its reason
        assert.ok(['influence range', 'influence table', 'format', 'version'].includes(each.reason), `${each.name}: ${error}`);
        continue;
      }
      let facts;
      try {
        facts = factsOf(each);
      } catch {
        facts = {}; // of what is no receipt nothing can be asked; it is rejected before
      }
      if (each.facts && !facts) { // facts without a signer, or without disputes
        skipped++;
        continue;
      }
      const result = attribution.verify({ ...questionOf(each), ...(table && { table }), ...(facts && { facts }) });
      table?.close();
      assert.deepEqual([result.verdict, result.reason ?? ''], [each.verdict, each.reason], each.name);
      assert.equal(result.error === null, result.verdict !== 'REJECTED', each.name);
      seen.add(each.reason || each.verdict);
    }
    assert.ok(skipped < 6, `${skipped} are of facts that no provider gives`);
    assert.ok(seen.size >= 38, `only ${[...seen].join(', ')}`);
  });

  test('tell what was proven, and at which trust', () => {
    const each = vectors('verdicts').find(({ name }) => name === 'spans alone');
    const result = attribution.verify({ ...questionOf(each), facts: factsOf(each) });
    assert.equal(result.verdict, 'VERIFIED');
    assert.equal(result.trust, 'proposed');
    for (const what of ['signature', 'request', 'response', 'nonce', 'payer', 'domain', 'spans', 'split', 'signer', 'corpus', 'anchored', 'undisputed', 'witnessed']) {
      assert.ok(result.proven.includes(what), what);
    }
    assert.ok(!result.proven.includes('influence'));
    const text = Buffer.from(each.response, 'hex');
    assert.ok(result.spans.length > 0);
    for (const { start, end, text: quoted, count, owner, credited, rarity, weight } of result.spans) {
      assert.equal(text.subarray(start, end).toString(), quoted);
      assert.ok(count >= 1n);
      assert.equal(weight, BigInt(credited) * BigInt(rarity));
      if (owner !== null) assert.match(owner, /^0x[0-9a-fA-F]{40}$/);
    }
    assert.equal(result.rows.reduce((sum, row) => sum + row.amount, 0n), result.totalAmount);
    assert.equal(result.totalAmount + result.dust, BigInt(result.receipt.contributorPool));
    assert.equal(result.digest, attribution.readReceipt(hex(each.receipt)).digest);
    const alone = attribution.verify({ ...questionOf(each), batch: undefined, witnesses: undefined });
    assert.deepEqual([alone.verdict, alone.trust], ['PENDING', 'given']);
  });

  test('facts about another receipt are refused, not believed', () => {
    const [each, other] = vectors('verdicts').filter(({ verdict, facts }) => verdict === 'VERIFIED' && facts?.signer);
    assert.throws(() => attribution.verify({ ...questionOf(each), facts: factsOf(other) }), { status: 'mismatch' });
    assert.throws(() => attribution.verify({ ...questionOf(each), facts: { ...factsOf(each), trust: 'given' } }), { status: 'encoding' });
    assert.throws(() => attribution.verify({ ...questionOf(each), facts: '{' }), { status: 'encoding' });
  });

  test('wrong arguments are named', () => {
    const [each] = vectors('verdicts');
    const question = questionOf(each);
    assert.throws(() => attribution.verify({ ...question, receipt: /** @type {any} */ (5) }), { status: 'argument' });
    assert.throws(() => attribution.verify({ ...question, expected: { chainId: 1 } }), /go together/);
    assert.throws(() => attribution.verify({ ...question, expected: { nonce: '0x12' } }), { status: 'encoding' });
    assert.throws(() => attribution.verify({ ...question, batch: { batchId: 1, root: `0x${ZERO}`, leaves: 1, index: 0, path: Array(65).fill(`0x${ZERO}`) } }), RangeError);
    assert.throws(() => attribution.factsQuestion({ receipt: hex(each.receipt).subarray(1), evidence: '0x' }), { status: 'encoding' });
  });
});

describe('files', () => {
  test('receipts go to JSON and back, and their signer and digest are known', () => {
    for (const { reason, file, digest, signer } of vectors('receipts')) {
      if (reason) {
        assert.throws(() => attribution.readReceipt(hex(file)), sdk.OpenLedgerError);
        continue;
      }
      const receipt = attribution.readReceipt(hex(file));
      assert.equal(receipt.digest, `0x${digest}`);
      assert.equal(receipt.signer.toLowerCase(), `0x${signer}`);
      assert.equal(toHex(attribution.writeReceipt(receipt)), `0x${file}`);
      assert.equal(attribution.receiptDocument(receipt).primaryType, 'AttributionReceipt');
    }
    assert.throws(() => attribution.writeReceipt({}), { status: 'encoding' });
  });

  test('a receipt is signed as typed data, by a wallet', () => {
    const { file } = vectors('receipts').find(({ reason }) => !reason);
    const receipt = attribution.readReceipt(hex(file));
    const wallet = ol.wallet({ idleMs: 0 });
    const from = wallet.addAccount(wallet.addKey(hex('11'.repeat(32))));
    const { bytes } = wallet.proposeTypedData(from, attribution.receiptDocument(receipt)).approve().sign();
    const signed = attribution.readReceipt(attribution.writeReceipt({ ...receipt, signature: bytes }));
    assert.equal(signed.signer, from);
    assert.equal(signed.digest, receipt.digest);
    wallet.close();
  });

  test('policies are read and written', () => {
    for (const { reason, bytes, id } of vectors('policies')) {
      if (reason) {
        assert.throws(() => attribution.readPolicy(hex(bytes)), sdk.OpenLedgerError);
        continue;
      }
      const policy = attribution.readPolicy(hex(bytes));
      assert.equal(policy.id, `0x${id}`);
      assert.equal(toHex(attribution.writePolicy(policy)), `0x${bytes}`);
      assert.throws(() => attribution.writePolicy({ ...policy, minSpan: 7 }), { status: 'argument' });
      assert.throws(() => attribution.writePolicy({ ...policy, ownerRule: /** @type {any} */ ('latest') }), { status: 'argument' });
    }
  });

  test('equivocations are evidence, and nothing else is', () => {
    for (const { reason, file, signer } of vectors('equivocations')) {
      if (reason) {
        assert.throws(() => attribution.readEquivocation(hex(file)), sdk.OpenLedgerError);
        continue;
      }
      assert.equal(attribution.readEquivocation(hex(file)).signer.toLowerCase(), `0x${signer}`);
      const [one, other] = [hex(file).subarray(5, 675), hex(file).subarray(675)];
      assert.equal(toHex(attribution.equivocation(one, other)), `0x${file}`);
      assert.throws(() => attribution.equivocation(one, one), { status: 'proof' });
    }
  });

  test('a table is checked once, and closed', () => {
    for (const { reason, table, id } of vectors('influence')) {
      if (reason) continue;
      const read = attribution.table(hex(table));
      assert.equal(read.gradientId, `0x${id}`);
      assert.ok(read.rows >= 0 && read.dimensions > 0);
      read.close();
      assert.throws(() => read.address, { reason: 'this table is closed' });
    }
    assert.throws(() => attribution.table('0x41545247'), { status: 'encoding' });
  });
});

describe('what is paid', () => {
  const rows = [['01', 1n, 30n], ['01', 2n, 5n], ['02', 1n, 65n]].map(([who, datanet, amount]) =>
    ({ contributor: `0x${String(who).repeat(20)}`, datanet: BigInt(datanet), weight: 10n * BigInt(amount), amount: BigInt(amount) }));

  test('a split has a root, shares of it, and a sum for each contributor', () => {
    const file = attribution.writeSplit(rows);
    const split = attribution.readSplit(file);
    assert.deepEqual(split.rows.map(({ amount }) => amount), [30n, 5n, 65n]);
    assert.deepEqual([split.weight, split.amount], [1000n, 100n]);
    assert.deepEqual(attribution.earned(file, rows[0].contributor), { amount: 35n, rows: 2 });
    assert.deepEqual(attribution.earned(file, `0x${'09'.repeat(20)}`), { amount: 0n, rows: 0 });
    for (const [index, row] of rows.entries()) {
      const share = attribution.share(file, index);
      const read = attribution.readShare(share);
      assert.deepEqual([read.row.amount, read.splitRoot, read.rows], [row.amount, split.root, 3n]);
      share[30] ^= 1;
      assert.throws(() => attribution.readShare(share), sdk.OpenLedgerError);
    }
    assert.throws(() => attribution.share(file, 3), { status: 'argument' });
    assert.throws(() => attribution.writeSplit([...rows].reverse()), { status: 'argument' });
    assert.deepEqual(attribution.readSplit(attribution.sumSplits([file, file])).rows.map(({ amount }) => amount), [60n, 10n, 130n]);
  });

  test('a share is claimed by a call', () => {
    const share = attribution.share(attribution.writeSplit(rows), 2);
    const registry = `0x${'77'.repeat(20)}`;
    const call = attribution.claim({ registry, payoutId: 4n, share });
    assert.equal(call.to.toLowerCase(), registry);
    const { row } = attribution.readShare(share);
    const direct = ol.calls.attribution.claim({ registry, payoutId: 4n, index: 2n, row, path: pathOf(share) });
    assert.equal(call.data, direct.data);
  });

  /** The siblings in a share's file. @param {Uint8Array} file */
  const pathOf = (file) => Array.from({ length: file[81] }, (_, i) => {
    const at = 82 + 48 * i;
    return { sum: BigInt(toHex(file.subarray(at, at + 16))), hash: toHex(file.subarray(at + 16, at + 48)) };
  });

  test('a receipt is found in its batch, and nowhere else', () => {
    const digests = Array.from({ length: 5 }, (_, i) => toHex(createHash('sha256').update(`${i}`).digest()));
    for (const [i, digest] of digests.entries()) {
      const proof = attribution.batchProof(7n, i, digests);
      assert.equal(proof.root, attribution.batchRoot(digests));
      attribution.verifyBatch(proof, digest);
      assert.throws(() => attribution.verifyBatch(proof, digests[(i + 1) % 5]), { status: 'proof' });
    }
    assert.throws(() => attribution.batchProof(7n, 5, digests), { status: 'argument' });
  });
});

describe('streams', () => {
  const question = { nonce: `0x${ZERO}`, requestSha256: `0x${'01'.repeat(32)}`, modelId: `0x${'02'.repeat(32)}`, adapterId: `0x${'03'.repeat(32)}` };

  test('an edit or a cut shows at once', () => {
    for (const each of vectors('streams')) {
      const asked = { nonce: `0x${each.clientNonce}`, requestSha256: `0x${each.requestSha256}`, modelId: `0x${each.modelId}`, adapterId: `0x${each.adapterId}` };
      const stream = attribution.stream(asked);
      for (const [i, piece] of each.pieces.entries()) assert.equal(stream.add(hex(piece), `0x${each.heads[i + 1]}`), `0x${each.heads[i + 1]}`);
      const { streamHead, responseBytes, responseSha256 } = stream.finish();
      assert.equal(streamHead, `0x${each.heads.at(-1)}`);
      const whole = Buffer.from(each.pieces.join(''), 'hex');
      assert.equal(responseBytes, BigInt(whole.length));
      assert.equal(responseSha256, toHex(createHash('sha256').update(whole).digest()));
      stream.close();
    }
    const stream = attribution.stream(question);
    const head = stream.add('one ');
    assert.throws(() => stream.add('two', head), { status: 'mismatch' });
    assert.throws(() => stream.add('three'), { status: 'mismatch' }, 'a stream that failed stays so');
    assert.throws(() => stream.finish(), { status: 'mismatch' });
    stream.close();
    assert.throws(() => stream.add('four'), { reason: 'this stream is closed' });
    const empty = attribution.stream(question);
    assert.throws(() => empty.add(''), { status: 'argument' });
    empty.close();
  });

  test('nothing stays in memory', async () => {
    const [each] = vectors('verdicts');
    await assertNothingStays(20, async () => {
      const stream = attribution.stream(question);
      stream.add('text');
      stream.close();
      attribution.verify({ ...questionOf(each), facts: factsOf(each) });
      assert.throws(() => attribution.stream({ ...question, nonce: '0x' }));
      assert.throws(() => attribution.table('0x00'));
    });
  });
});
