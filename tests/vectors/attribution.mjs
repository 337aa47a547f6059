// SPDX-License-Identifier: MIT
// The vectors of tests/attribution as the suites take them: numbers of more than 32 bits as bytes, and lists as bytes that C makes, too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpack } from '../attribution/pack.mjs';

const folder = join(import.meta.dirname, '../attribution/vectors');

/** @param {bigint | number | string} value @param {number} bytes */
const u = (value, bytes) => BigInt.asUintN(8 * bytes, BigInt(value)).toString(16).padStart(2 * bytes, '0');
const u64 = (/** @type {any} */ value) => u(value ?? -1, 8);
const u256 = (/** @type {any} */ value) => u(value ?? 0, 32);

/** @param {{ contributor: string, datanet: number, weight: number | string }[]} list */
const weights = (list) => list.map(({ contributor, datanet, weight }) => contributor + u64(datanet) + u64(weight)).join('');

/** What a suite wants of a case, where it is not the case itself. @type {Record<string, (each: any) => any>} */
const forms = {
  corpora: (each) => ({ ...each, T: each.documents.map((/** @type {any} */ document) => `${document.text}ff`).join(''), SA: each.SA.map(u64), Psi: each.Psi.map(u64),
    documents: documentsOf(each.documents) }),
  evidence: (each) => ({ ...each, weights: weights(each.weights), spans: each.spans.map((/** @type {any} */ span) => u(span.start, 4) + u(span.end, 4) + u64(span.count)
    + u64(span.position) + u64(span.document) + u(span.rarity, 4) + u(span.credited, 4) + u64(span.weight)).join('') }),
  influence: (each) => ({ ...each, scores: each.scores.map(u64).join(''), weights: weights(each.weights) }),
  splits: (each) => ({ ...each, pool: u256(each.pool), totalWeight: u256(each.totalWeight || 0), dust: u256(each.dust || 0) }),
  receipts: (each) => ({ ...each, json: each.json ? JSON.stringify(each.json) : '' }),
  trees: (each) => ({ ...each, indices: (each.indices ?? []).map(u64), ranges: (each.ranges ?? []).map((/** @type {number[]} */ range) => range.map(u64).join('')),
    minima: (each.minima ?? []).map(u64).join(''), payloads: each.payloads ?? [] }),
  verdicts: verdict,
};

/** Payloads of leaves. @param {any[]} documents */
function documentsOf(documents) {
  let start = 0;
  return documents.map(({ contributor, datanet, licence, text }) => {
    const length = text.length / 2;
    start += length + 1;
    return contributor + u64(datanet) + u64(start - length - 1) + u64(length) + licence;
  });
}

/** @param {any} each */
function verdict({ expected, facts, batch, ...each }) {
  const has = (/** @type {any} */ value) => value !== undefined;
  const hash = (/** @type {any} */ value) => value ?? '00'.repeat(32);
  const address = (/** @type {any} */ value) => value ?? '00'.repeat(20);
  return { ...each, head: each.head ?? '', table: each.table ?? '', equivocation: each.equivocation ?? '', signer: undefined,
    hasFacts: has(facts), hasBatch: has(batch),
    batch: { root: hash(batch?.root), leaves: u64(batch?.leaves ?? 0), index: u64(batch?.index ?? 0), path: batch?.path ?? [] },
    expected: { hasNonce: has(expected.nonce), nonce: hash(expected.nonce), hasPayer: has(expected.payer), payer: address(expected.payer),
      hasDomain: has(expected.registry), chainId: u64(expected.chainId ?? 0), registry: address(expected.registry), hasPolicy: has(expected.policyId),
      policyId: hash(expected.policyId), hasFee: has(expected.maxFee), maxFee: u256(expected.maxFee), hasModel: has(expected.modelId), modelId: hash(expected.modelId),
      hasAdapter: has(expected.adapterId), adapterId: hash(expected.adapterId), hasEpoch: has(expected.minEpoch), minEpoch: u64(expected.minEpoch ?? 0),
      hasAge: has(expected.maxAge), maxAge: u64(expected.maxAge ?? 0), now: u64(expected.now ?? 0), hasLag: has(expected.maxLag), maxLag: u64(expected.maxLag ?? 0),
      witnesses: expected.minWitnesses ?? 0 },
    facts: { timestamp: u64(facts?.timestamp ?? 0), witnesses: facts?.witnesses ?? 0,
      hasSigner: has(facts?.signer), registeredAt: u64(facts?.signer?.registeredAt ?? 0), revokedAt: u64(facts?.signer?.revokedAt ?? 0), bond: u256(facts?.signer?.bond),
      minBond: u256(facts?.signer?.minBond), hasCorpus: has(facts?.corpus), corpusId: hash(facts?.corpus?.id), newest: u64(facts?.corpus?.newest ?? 0),
      corpusDispute: facts?.corpus?.dispute ?? 0, hasBatch: has(facts?.batch), batchRoot: hash(facts?.batch?.root), batchLeaves: u64(facts?.batch?.leaves ?? 0),
      batchSigner: address(facts?.batch?.signer),
      hasDisputes: has(facts?.disputes), receipt: facts?.disputes?.receipt ?? 0, batch: facts?.disputes?.batch ?? 0, split: facts?.disputes?.split ?? 0,
      key: facts?.disputes?.signer ?? 0 } };
}

const NAMES = ['trees', 'policies', 'corpora', 'evidence', 'influence', 'streams', 'splits', 'split_files', 'split_sums', 'shares', 'receipts', 'batches', 'batch_roots',
  'equivocations', 'refutations', 'verdicts'];

export function attributionVectors() {
  return NAMES.map((name) => {
    /** @type {any[]} */
    const cases = unpack(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
    return { suite: `atr_${name}`, name: `atr_${name}.json`, value: { cases: cases.map((each) => forms[name]?.(each) ?? each) } };
  });
}
