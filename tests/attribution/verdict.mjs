// SPDX-License-Identifier: MIT
// The verdict (section 9): all checks in the order of their numbers; the first that fails is the reason.
import { H, Reader, Reject, ZERO32, demand, isUtf8, sha256 } from './bytes.mjs';
import { corpusId as idOfCorpus, readHeader } from './corpus.mjs';
import { MAX_EVIDENCE, MAX_RESPONSE, flagsOf, readEvidence, verifyEvidence } from './evidence.mjs';
import { byContributor, gradientId, influenceHash, influenceOf, readGradientHeader, readTable } from './influence.mjs';
import { policyId, readPolicy } from './policy.mjs';
import { digestOf, headOf, readEquivocation, readReceipt, signerOf } from './receipt.mjs';
import { checkRows, checkSplit, readRow, verifyBatch } from './split.mjs';

/**
 * What the chain says at a block. What was not brought is absent.
 * @typedef {{ timestamp: bigint,
 *   signer?: { registeredAt: bigint, revokedAt: bigint, bond: bigint, minBond: bigint },
 *   corpus?: { id: Uint8Array, newest: bigint, dispute: number },
 *   batch?: { root: Uint8Array, leaves: bigint, signer: Uint8Array },
 *   disputes?: { receipt: number, batch: number, split: number, signer: number },
 *   witnesses: number }} Facts disputes: 0 none, 1 open, 2 dismissed, 3 upheld
 *
 * What the client knows. What is absent is not compared.
 * @typedef {{ nonce?: Uint8Array, payer?: Uint8Array, chainId?: bigint, registry?: Uint8Array, policyId?: Uint8Array, maxFee?: bigint,
 *   modelId?: Uint8Array, adapterId?: Uint8Array, minEpoch?: bigint, maxLag?: bigint, now?: bigint, maxAge?: bigint,
 *   minWitnesses?: number }} Expected
 *
 * @typedef {{ receipt: Uint8Array, evidence: Uint8Array, policy: Uint8Array, request: Uint8Array, response: Uint8Array, head?: Uint8Array,
 *   table?: Uint8Array, expected: Expected, batch?: import('./split.mjs').BatchProof, facts?: Facts, equivocation?: Uint8Array }} Input
 */

const same = (/** @type {Uint8Array} */ a, /** @type {Uint8Array} */ b) => Buffer.compare(a, b) === 0;
const agrees = (/** @type {Uint8Array | undefined} */ wanted, /** @type {Uint8Array} */ value) => wanted === undefined || same(wanted, value);
const UPHELD = 3;
const OPEN = 1;

/** @param {Input} input @returns {{ verdict: string, reason: string, signer?: Buffer, digest?: Buffer }} */
export function verdictOf(input) {
  try {
    return { reason: '', ...judge(input) };
  } catch (error) {
    if (error instanceof Reject) return { verdict: 'REJECTED', reason: error.reason };
    throw error;
  }
}

/** @param {Input} input */
function judge({ receipt: file, evidence: evidenceBytes, policy: policyBytes, request, response, head, table: tableFile, expected, batch, facts, equivocation }) {
  const receipt = readReceipt(file);
  const { fields, domain } = receipt;
  const policy = readPolicy(policyBytes);
  const flags = flagsOf(policy);

  demand('flags', fields.flags === BigInt(flags), 'of the receipt');
  demand('flags', (flags & 1) !== 0 || same(fields.corpusId, ZERO32), 'a corpus without spans');
  demand('flags', (flags & 2) !== 0 || (same(fields.gradientId, ZERO32) && same(fields.influenceHash, ZERO32)), 'a table without influence');
  demand('format', evidenceBytes.length <= MAX_EVIDENCE, 'evidence is too long');
  const start = new Reader(evidenceBytes);
  start.begin('ATRE');
  demand('flags', start.u(1) === BigInt(flags), 'of evidence');

  const signer = signerOf(receipt);
  const digest = digestOf(domain, fields);
  if (facts?.signer) {
    const { registeredAt, revokedAt } = facts.signer;
    demand('signer unregistered', registeredAt !== 0n && registeredAt <= fields.servedAt);
    demand('signer revoked', revokedAt === 0n || revokedAt > fields.servedAt);
  }
  demand('replayed nonce', agrees(expected.nonce, fields.clientNonce));
  demand('wrong payer', agrees(expected.payer, fields.payer));
  demand('wrong domain', agrees(expected.registry, domain.registry) && (expected.chainId === undefined || expected.chainId === domain.chainId));
  demand('request', same(sha256(request), fields.requestSha256));
  demand('format', response.length <= MAX_RESPONSE && isUtf8(response), 'the answer');
  demand('response', same(sha256(response), fields.responseSha256) && fields.responseBytes === BigInt(response.length));
  demand('stream', same(head ?? headOf(fields, response), fields.streamHead));
  demand('policy', same(policyId(policyBytes), fields.policyId) && agrees(expected.policyId, fields.policyId));
  demand('policy', expected.maxFee === undefined || fields.fee <= expected.maxFee, 'the fee');
  demand('model', agrees(expected.modelId, fields.modelId));
  demand('adapter', agrees(expected.adapterId, fields.adapterId));
  if (flags & 1) {
    const header = start.take(160);
    const { epoch } = readHeader(new Reader(header));
    demand('corpus epoch', same(idOfCorpus(header), fields.corpusId), 'another corpus');
    demand('corpus epoch', expected.minEpoch === undefined || epoch >= expected.minEpoch, 'too old');
    if (facts?.corpus) {
      demand('corpus epoch', same(facts.corpus.id, fields.corpusId), 'not in the registry');
      demand('corpus epoch', expected.maxLag === undefined || epoch + expected.maxLag >= facts.corpus.newest, 'too far behind');
      demand('corpus disputed', facts.corpus.dispute !== UPHELD);
    }
  }

  readEvidence(evidenceBytes, flags);
  demand('proof shape', same(H(evidenceBytes), fields.evidenceHash), 'other evidence');
  const { evidence, weights: S } = verifyEvidence(policy, evidenceBytes, response);
  /** @type {import('./evidence.mjs').Weight[]} */
  let I = [];
  if (evidence.gradientHeader && evidence.v) {
    const header = readGradientHeader(evidence.gradientHeader);
    demand('influence range', same(header.adapterId, fields.adapterId), 'of another adapter');
    demand('influence range', same(influenceHash(fields.gradientId, evidence.v), fields.influenceHash), 'another v');
    const table = readTable(tableFile ?? Buffer.alloc(0));
    demand('influence table', same(gradientId(evidence.gradientHeader), fields.gradientId) && same(table.id, fields.gradientId), 'another table');
    I = byContributor(influenceOf(table, policy.clipping, evidence.v).weights);
  }
  const rows = evidence.rows.map(readRow);
  checkRows(rows);
  checkSplit(rows, S, I, policy, /** @type {any} */ ({ ...fields, contributors: Number(fields.contributors) }));

  if (batch) verifyBatch(batch, digest);
  if (facts && expected.minWitnesses) demand('witness quorum', facts.witnesses >= expected.minWitnesses);
  demand('equivocation', facts?.disputes?.signer !== UPHELD);
  if (equivocation) demand('equivocation', !isEquivocationOf(equivocation, signer));
  if (facts) {
    demand('state', facts.timestamp >= fields.servedAt, 'older than the receipt');
    demand('state', expected.maxAge === undefined || facts.timestamp + expected.maxAge >= (expected.now ?? 0n), 'too old');
  }
  if (batch && facts?.batch) demand('not anchored', same(facts.batch.root, batch.root) && facts.batch.leaves === batch.leaves && same(facts.batch.signer, signer));
  const disputes = facts?.disputes;
  demand('disputed', ![disputes?.receipt, disputes?.batch, disputes?.split].includes(UPHELD));
  if (facts?.signer) demand('slashed', facts.signer.bond >= facts.signer.minBond);

  const isKnown = facts?.signer && facts.batch && disputes && batch && (facts.corpus || !(flags & 1));
  const isOpen = [disputes?.receipt, disputes?.batch, disputes?.split, disputes?.signer, facts?.corpus?.dispute].includes(OPEN);
  const verdict = !isKnown || isOpen ? 'PENDING' : flags & 2 ? 'VERIFIED_EXCEPT_INFLUENCE' : 'VERIFIED';
  return { verdict, signer, digest };
}

/** Whether a file proves that this key equivocated; one that proves nothing is no ground to reject. @param {Uint8Array} file @param {Uint8Array} signer */
function isEquivocationOf(file, signer) {
  try {
    return same(readEquivocation(file).signer, signer);
  } catch (error) {
    if (error instanceof Reject) return false;
    throw error;
  }
}
