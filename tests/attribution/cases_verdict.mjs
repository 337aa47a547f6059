// SPDX-License-Identifier: MIT
// Vectors of verdicts: everything that one is made of, and every way to break it.
import { H, REASONS, ZERO32, cat, int16s, sha256, u } from './bytes.mjs';
import { KEY, DOMAIN, tableOf } from './cases_small.mjs';
import { corpusOf } from './corpus.mjs';
import { flagsOf, verifyEvidence, writeEvidence } from './evidence.mjs';
import { byContributor, gradientId, gradientRoot, influenceHash, influenceOf, readTable, writeGradientHeader, writeTable } from './influence.mjs';
import { policyId, writePolicy } from './policy.mjs';
import { prove } from './prover.mjs';
import { POLICY, drawer, hash32, person, textsOf } from './random.mjs';
import { addressOfKey, digestOf, headOf, headsOf, sign, writeEquivocation, writeReceipt } from './receipt.mjs';
import { batchTree, combine, divide, splitRoot, writeRow } from './split.mjs';
import { verdictOf } from './verdict.mjs';

/**
 * @typedef {import('./policy.mjs').Policy} Policy
 * @typedef {import('./split.mjs').Row} Row
 * @typedef {import('./verdict.mjs').Input} Input
 */

const text = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('hex');
const flip = (/** @type {Uint8Array} */ bytes, at = 0) => {
  const copy = Buffer.from(bytes);
  copy[at] ^= 1;
  return copy;
};
const SERVED = 1_760_000_000n;
const corpus = corpusOf(textsOf(['the quick brown fox jumps over the lazy dog', 'then it sleeps in the sun']), 5n);
const R = Buffer.from('A quick brown fox jumps over nothing, then it sleeps in the sun.');
const request = Buffer.from('{"model":"m","messages":[{"role":"user","content":"What does the fox do?"}]}');

/**
 * An answer that is served as it should be. What is given changes a part before that is signed for.
 * @param {{ policy?: Partial<Policy>, fields?: Record<string, any>, rows?: (rows: Row[]) => Row[], pool?: bigint, key?: Uint8Array, evidence?: (bytes: Buffer) => Uint8Array,
 *   table?: (bytes: Buffer) => Uint8Array, response?: Buffer, weights?: (rows: Row[]) => Row[], domain?: import('./receipt.mjs').Domain, v?: Buffer,
 *   tableRows?: (rows: import('./influence.mjs').Row[]) => import('./influence.mjs').Row[], d?: number, sequence?: bigint }} [change]
 */
function serve(change = {}) {
  const policy = { ...POLICY, ...change.policy };
  const policyBytes = writePolicy(policy);
  const flags = flagsOf(policy);
  const response = change.response ?? R;
  const draw = drawer(77);
  const { rows: madeRows, d } = tableOf(draw, 4, [2, 1]);
  const tableRows = change.tableRows?.(madeRows) ?? madeRows;
  const gradientHeader = writeGradientHeader({ adapterId: hash32('adapter'), seed: hash32('seed'), d, scale: 65536, root: gradientRoot(tableRows), rows: tableRows.length });
  const goodV = int16s([300, -20, 1000, 7]);
  const v = change.v ?? goodV;
  const goodTable = writeTable(gradientHeader, tableRows);
  const table = change.table?.(goodTable) ?? goodTable;
  const parts = { flags, ...(flags & 1 ? { spans: prove(corpus, response, policy) } : {}), ...(flags & 2 ? { gradientHeader, v } : {}) };
  const S = flags & 1 ? verifyEvidence(policy, writeEvidence({ ...parts, rows: [] }), response).weights : [];
  let I = /** @type {import('./evidence.mjs').Weight[]} */ ([]);
  if (flags & 2) {
    try {
      I = byContributor(influenceOf(readTable(goodTable), policy.clipping, v).weights);
    } catch {
      // a table that is refused
    }
  }
  const fee = 1_000_000_007n;
  const contributorPool = (fee * BigInt(policy.contributors)) / 10000n;
  const { rows: good, totalWeight } = divide(combine(S, I, policy.influence), contributorPool);
  const rows = change.rows?.(good) ?? good;
  let evidence = writeEvidence({ ...parts, rows: rows.map(writeRow) });
  if (change.evidence) evidence = Buffer.from(change.evidence(evidence));
  let root = ZERO32;
  try {
    root = splitRoot(rows);
  } catch {
    // a sum that overflows
  }
  const served = { version: 1n, flags: BigInt(flags), clientNonce: hash32('nonce'), payer: person(300), requestSha256: sha256(request), responseSha256: sha256(response),
    responseBytes: BigInt(response.length), modelId: hash32('model'), adapterId: hash32('adapter'), runId: hash32('run'), corpusId: flags & 1 ? corpus.id : ZERO32,
    gradientId: flags & 2 ? gradientId(gradientHeader) : ZERO32, policyId: policyId(policyBytes), evidenceHash: H(evidence),
    influenceHash: flags & 2 ? influenceHash(gradientId(gradientHeader), v) : ZERO32, splitRoot: root, totalWeight, contributors: BigInt(rows.length), payToken: person(301), fee,
    contributorPool, servedAt: SERVED, sequence: 3n, previous: hash32('previous') };
  const fields = { ...served, streamHead: headOf({ ...served, ...change.fields }, response), ...change.fields };
  const domain = change.domain ?? DOMAIN;
  const key = change.key ?? KEY;
  const receipt = writeReceipt({ domain, fields, signature: sign(domain, fields, key) });
  const digest = digestOf(domain, fields);
  const digests = [hash32('another receipt'), digest, hash32('one more')];
  const tree = batchTree(digests);
  const batch = { batchId: 12n, root: tree.root, leaves: 3n, index: 1n, path: tree.path(1n).map(({ hash }) => hash) };
  /** @type {Input} */
  const input = {
    receipt, evidence, policy: policyBytes, request, response, ...(flags & 2 ? { table } : {}), batch,
    expected: { nonce: hash32('nonce'), payer: person(300), chainId: DOMAIN.chainId, registry: DOMAIN.registry, policyId: policyId(policyBytes), maxFee: fee,
      modelId: hash32('model'), adapterId: hash32('adapter'), minEpoch: 5n, maxLag: 2n, now: SERVED + 2000n, maxAge: 1500n, minWitnesses: 2 },
    facts: { timestamp: SERVED + 1000n, signer: { registeredAt: SERVED - 5000n, revokedAt: 0n, bond: 100n, minBond: 100n }, corpus: { id: fields.corpusId, newest: 6n, dispute: 0 },
      batch: { root: tree.root, leaves: 3n, signer: addressOfKey(key) }, disputes: { receipt: 0, batch: 0, split: 0, signer: 0 }, witnesses: 2 },
  };
  if (!(flags & 1)) delete input.facts?.corpus;
  return { input, fields, domain, digest, key };
}

/** @param {any} value numbers as text, bytes as hex */
function json(value) {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return text(value);
  if (Array.isArray(value)) return value.map(json);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined).map(([name, entry]) => [name, json(entry)]));
}

export function verdictCases() {
  /** @type {any[]} */
  const vectors = [];
  /** @param {string} verdict or a reason @param {string} name @param {Input} input */
  const add = (verdict, name, input) => {
    const out = verdictOf(input);
    const told = out.verdict === 'REJECTED' ? out.reason : out.verdict;
    if (told !== verdict) throw new Error(`${name}: '${told}' and not '${verdict}'`);
    vectors.push({ name, ...json(input), verdict: out.verdict, reason: out.reason, code: REASONS.indexOf(out.reason) });
  };
  const both = { influence: 3000 };
  const policies = { 'spans alone': {}, 'spans and influence': both, 'influence alone': { influence: 10000 }, 'by datanet': { influence: 5000, clipping: 1 },
    'by occurrence': { ownerRule: 1, maxCount: 64 }, 'K 12': { K: 12 } };
  for (const [name, policy] of Object.entries(policies)) add(flagsOf({ ...POLICY, ...policy }) & 2 ? 'VERIFIED_EXCEPT_INFLUENCE' : 'VERIFIED', name, serve({ policy }).input);
  add('VERIFIED', 'an answer that quotes nothing', serve({ response: Buffer.from('0123456789 0123456789') }).input);
  add('VERIFIED', 'an empty answer', serve({ response: Buffer.alloc(0) }).input);

  const base = serve();
  const good = base.input;
  /** @type {(reason: string, name: string, change: Partial<Input>) => void} */
  const put = (reason, name, change) => add(reason, name, { ...good, ...change });
  /** @type {(reason: string, name: string, change: Parameters<typeof serve>[0]) => void} */
  const serving = (reason, name, change) => add(reason, name, { ...serve(change).input, expected: good.expected });
  const facts = /** @type {NonNullable<Input['facts']>} */ (good.facts);
  const fact = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {Partial<typeof facts>} */ change) => put(reason, name, { facts: { ...facts, ...change } });
  const expect = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {Partial<Input['expected']>} */ change) => put(reason, name, { expected: { ...good.expected, ...change } });
  const signer = /** @type {NonNullable<typeof facts.signer>} */ (facts.signer);
  const anchored = /** @type {NonNullable<typeof facts.batch>} */ (facts.batch);
  const corpusFacts = /** @type {NonNullable<typeof facts.corpus>} */ (facts.corpus);

  // Less that is known
  put('VERIFIED', 'nothing is expected', { expected: {} });
  put('PENDING', 'the chain was not asked', { facts: undefined });
  put('PENDING', 'in no batch', { batch: undefined });
  fact('PENDING', 'nothing of the signer', { signer: undefined });
  fact('PENDING', 'nothing of the corpus', { corpus: undefined });
  fact('PENDING', 'nothing of the batch', { batch: undefined });
  fact('PENDING', 'nothing of disputes', { disputes: undefined });
  for (const [what, dispute] of /** @type {[string, any][]} */ (Object.entries({ receipt: { receipt: 1 }, batch: { batch: 1 }, split: { split: 1 } }))) {
    fact('PENDING', `an open dispute of the ${what}`, { disputes: { ...facts.disputes, ...dispute } });
  }
  fact('PENDING', 'an open dispute of the corpus', { corpus: { ...corpusFacts, dispute: 1 } });
  fact('VERIFIED', 'disputes that were dismissed', { corpus: { ...corpusFacts, dispute: 2 }, disputes: { receipt: 2, batch: 2, split: 2, signer: 0 } });

  // 1 to 6
  put('format', 'a receipt that is cut', { receipt: good.receipt.subarray(0, -1) });
  put('format', 'evidence that is cut', { evidence: good.evidence.subarray(0, -1) });
  serving('format', 'evidence that is cut, and signed for', { evidence: (bytes) => bytes.subarray(0, -1) });
  put('format', 'evidence that is cut to its version', { evidence: good.evidence.subarray(0, 5) });
  put('format', 'a policy that is cut', { policy: good.policy.subarray(0, -1) });
  serving('format', 'evidence with a byte more', { evidence: (bytes) => cat(bytes, u(0, 1)) });
  serving('format', 'rows that do not ascend', { rows: (rows) => [...rows].reverse() });
  serving('version', 'a receipt of version 2', { fields: { version: 2n } });
  put('version', 'a policy of version 2', { policy: cat(u(2, 1), good.policy.subarray(1)) });
  serving('version', 'evidence of version 2', { evidence: (bytes) => cat('ATRE', u(2, 1), bytes.subarray(5)) });
  serving('flags', 'flags of influence where there is none', { fields: { flags: 3n } });
  serving('flags', 'no flags', { fields: { flags: 0n } });
  serving('flags', 'a table where there is no influence', { fields: { gradientId: hash32('x') } });
  serving('flags', 'a vector where there is no influence', { fields: { influenceHash: hash32('x') } });
  serving('flags', 'a corpus where there are no spans', { policy: { influence: 10000 }, fields: { corpusId: hash32('x') } });
  put('flags', 'evidence with other parts', { evidence: serve({ policy: { influence: 10000 } }).input.evidence });
  put('flags', 'a policy that wants influence', { policy: writePolicy({ ...POLICY, ...both }) });
  const tail = good.receipt.length;
  put('signature', 'v = 0', { receipt: cat(good.receipt.subarray(0, tail - 1), u(0, 1)) });
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = BigInt(`0x${text(good.receipt.subarray(tail - 33, tail - 1))}`);
  put('signature', 'the other s', { receipt: cat(good.receipt.subarray(0, tail - 33), u(order - s, 32), u(good.receipt[tail - 1] ^ 7, 1)) });
  put('signature', 'r = 0', { receipt: cat(good.receipt.subarray(0, tail - 65), u(0, 32), good.receipt.subarray(tail - 33)) });
  fact('signer unregistered', 'a signer that is not registered', { signer: { ...signer, registeredAt: 0n } });
  fact('signer unregistered', 'a signer that was registered later', { signer: { ...signer, registeredAt: SERVED + 1n } });
  fact('signer revoked', 'a signer that was revoked before', { signer: { ...signer, revokedAt: SERVED - 1n } });
  fact('VERIFIED', 'a signer that was revoked later', { signer: { ...signer, revokedAt: SERVED + 1n } });

  // 7 to 15
  expect('replayed nonce', 'another nonce', { nonce: hash32('fresh') });
  expect('wrong payer', 'another payer', { payer: person(302) });
  expect('wrong domain', 'another chain', { chainId: 1n });
  expect('wrong domain', 'another registry', { registry: person(501) });
  put('request', 'another request', { request: cat(good.request, ' ') });
  put('response', 'another answer', { response: cat(good.response.subarray(0, -1), '!') });
  serving('response', 'another length', { fields: { responseBytes: BigInt(R.length + 1) } });
  put('format', 'another answer, which is not UTF-8', { response: cat(good.response, Buffer.from([0xff])) });
  add('format', 'an answer that is not UTF-8', serve({ policy: { influence: 10000 }, response: cat(R, Buffer.from([0xff])) }).input);
  serving('stream', 'another head', { fields: { streamHead: hash32('head') } });
  const pieces = [R.subarray(0, 9), R.subarray(9, 30), R.subarray(30)];
  const streamed = /** @type {Buffer} */ (headsOf(base.fields, pieces).at(-1));
  add('VERIFIED', 'an answer in three pieces', { ...serve({ fields: { streamHead: streamed } }).input, head: streamed });
  add('stream', 'an answer in other pieces', { ...serve({ fields: { streamHead: streamed } }).input, head: headOf(base.fields, R, [R.subarray(0, 8), R.subarray(8)]) });
  put('stream', 'one piece where three came', { head: streamed });
  expect('policy', 'another policy than was agreed', { policyId: hash32('policy') });
  put('policy', 'a policy that is not in the receipt', { policy: writePolicy({ ...POLICY, sink: person(98) }) });
  expect('policy', 'a fee above the maximum', { maxFee: 1_000_000_006n });
  expect('model', 'another model', { modelId: hash32('other') });
  expect('adapter', 'another adapter', { adapterId: hash32('other') });

  // 16, 17
  serving('corpus epoch', 'another corpus in the receipt', { fields: { corpusId: hash32('corpus') } });
  expect('corpus epoch', 'a corpus that is too old', { minEpoch: 6n });
  fact('corpus epoch', 'a corpus that the registry has not', { corpus: { ...corpusFacts, id: hash32('other') } });
  fact('corpus epoch', 'a corpus that is too far behind', { corpus: { ...corpusFacts, newest: 8n } });
  fact('corpus disputed', 'a corpus that was found wrong', { corpus: { ...corpusFacts, dispute: 3 } });

  // 18 to 33: of evidence; that they come through
  put('proof shape', 'other evidence than was signed for', { evidence: serve({ rows: (rows) => rows.slice(1) }).input.evidence });
  serving('suffix root', 'a byte of a prefix', { evidence: (bytes) => flip(bytes, bytes.indexOf('quick brown')) });
  serving('corpus epoch', 'another epoch in evidence', { evidence: (bytes) => flip(bytes, 6 + 159) });
  serving('incomplete', 'spans of another answer', { evidence: () => writeEvidence({ flags: 1, spans: prove(corpus, Buffer.alloc(0), POLICY), rows: [] }) });

  // 34, 35
  const influence = (/** @type {string} */ reason, /** @type {string} */ name, /** @type {NonNullable<Parameters<typeof serve>[0]>} */ change) => add(reason, name, serve({ policy: both, ...change }).input);
  influence('influence range', 'another vector than was signed for', { fields: { influenceHash: hash32('v') } });
  add('influence range', 'a table of another adapter', { ...serve({ policy: both, fields: { adapterId: hash32('other') } }).input, expected: {} });
  influence('influence range', 'rows of a table out of order', { tableRows: (rows) => [rows[0], rows[2], rows[1], ...rows.slice(3)] });
  influence('influence table', 'another table', { table: () => writeTable(writeGradientHeader({ adapterId: hash32('b'), seed: hash32('seed'), d: 4, scale: 1, root: gradientRoot([]), rows: 0 }), []) });
  influence('influence table', 'another number in the table', { table: (bytes) => flip(bytes, bytes.length - 1) });
  influence('influence range', 'another gradientId', { fields: { gradientId: hash32('g') } });
  influence('influence table', 'another gradientId, and a hash with it', { fields: { gradientId: hash32('g'), influenceHash: influenceHash(hash32('g'), int16s([300, -20, 1000, 7])) } });
  add('format', 'no table', { ...serve({ policy: both }).input, table: undefined });
  influence('format', 'a table that is cut', { table: (bytes) => bytes.subarray(0, -1) });
  influence('version', 'a table of version 2', { table: (bytes) => cat('ATRG', u(2, 1), bytes.subarray(5)) });

  // 36 to 43
  serving('weight', 'another weight of a row', { rows: ([row, ...rest]) => [{ ...row, weight: row.weight + 1n }, ...rest] });
  serving('weight', 'another total', { fields: { totalWeight: 1n } });
  serving('overflow', 'amounts that overflow', { rows: (rows) => rows.map((row) => ({ ...row, amount: 2n ** 128n - 1n })) });
  serving('phantom contributor', 'a row for nobody', { rows: (rows) => [...rows, { contributor: Buffer.alloc(20, 0xff), datanet: 1n, weight: 0n, amount: 0n }] });
  serving('phantom contributor', 'a row of another datanet', { rows: (rows) => [...rows.slice(0, -1), { ...rows[rows.length - 1], datanet: 77n }] });
  serving('missing contributor', 'a row is left out', { rows: (rows) => rows.slice(1) });
  serving('missing contributor', 'no rows', { rows: () => [] });
  serving('amount', 'a larger amount', { rows: ([row, ...rest]) => [{ ...row, amount: row.amount + 1n }, ...rest] });
  serving('amount', 'amounts exchanged', { rows: ([a, b, ...rest]) => [{ ...a, amount: b.amount }, { ...b, amount: a.amount }, ...rest] });
  serving('amount', 'another pool, not divided', { fields: { contributorPool: 1n } });
  serving('pool', 'another pool', { policy: {}, fields: { fee: 900_000_000n } });
  serving('total', 'another number of rows', { fields: { contributors: 1n } });
  serving('split root', 'another root', { fields: { splitRoot: hash32('root') } });
  influence('weight', 'influence clipped in the other way', { policy: { ...both, clipping: 1 }, rows: () => rowsOf({ policy: both }) });

  // 44 to 50
  const batch = /** @type {NonNullable<Input['batch']>} */ (good.batch);
  put('batch inclusion', 'another root of the batch', { batch: { ...batch, root: hash32('root') } });
  put('batch inclusion', 'another place in the batch', { batch: { ...batch, index: 0n } });
  put('batch inclusion', 'a receipt of another batch', { batch: { ...batch, path: [hash32('x'), batch.path[1]] } });
  expect('witness quorum', 'too few witnesses', { minWitnesses: 3 });
  const other = serve({ fields: { previous: hash32('other') } });
  put('equivocation', 'two receipts of one number', { equivocation: writeEquivocation(good.receipt, other.input.receipt) });
  put('equivocation', 'two others of that signer', { equivocation: writeEquivocation(serve({ fields: { sequence: 9n } }).input.receipt, serve({ fields: { sequence: 9n, fee: 1n } }).input.receipt) });
  put('VERIFIED', 'what is no equivocation', { equivocation: writeEquivocation(good.receipt, good.receipt) });
  const key = hash32('another key');
  put('VERIFIED', 'an equivocation of another', { equivocation: writeEquivocation(serve({ key }).input.receipt, serve({ key, fields: { fee: 1n } }).input.receipt) });
  fact('equivocation', 'a key that was reported', { disputes: { receipt: 0, batch: 0, split: 0, signer: 3 } });
  fact('state', 'a block that is older than the receipt', { timestamp: SERVED - 1n });
  expect('state', 'a block that is too old', { now: SERVED + 2501n });
  fact('not anchored', 'another root on chain', { batch: { ...anchored, root: hash32('root') } });
  fact('not anchored', 'another number of receipts on chain', { batch: { ...anchored, leaves: 4n } });
  fact('not anchored', 'posted for another node', { batch: { ...anchored, signer: person(9) } });
  fact('not anchored', 'no such batch', { batch: { root: ZERO32, leaves: 0n, signer: new Uint8Array(20) } });
  for (const what of ['receipt', 'batch', 'split']) fact('disputed', `an upheld dispute of the ${what}`, { disputes: { receipt: 0, batch: 0, split: 0, signer: 0, [what]: 3 } });
  fact('slashed', 'a bond below the minimum', { signer: { ...signer, bond: 99n } });
  return vectors;
}

/** The rows of what is served. @param {Parameters<typeof serve>[0]} change @returns {Row[]} */
function rowsOf(change) {
  /** @type {Row[]} */
  let out = [];
  serve({ ...change, rows: (rows) => (out = rows) });
  return out;
}

