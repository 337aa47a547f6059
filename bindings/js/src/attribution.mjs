// SPDX-License-Identifier: MIT
// Receipts of attribution (docs/attribution.md): read, made, and judged; answers checked as they stream in.
import {
  OL_ATTRIBUTION_JSON, OL_ATTRIBUTION_POLICY_BYTES, OL_ATTRIBUTION_RECEIPT_BYTES, ol_clipping, ol_owner_rule,
  ol_trust,
} from './abi.mjs';
import { addressText } from './account.mjs';
import { refuse } from './errors.mjs';
import { bytesLike, jsonOf } from './signing.mjs';
import { Splits } from './splits.mjs';
import { addressOf, hashOf, memberOf, nameOf, toBigInt, toHex, toU32, toU64, u256Of } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {import('./core.mjs').Data} Data */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */
/** @typedef {import('./values.mjs').HashLike} HashLike */
/** @typedef {import('./values.mjs').NumberLike} NumberLike */
/** @typedef {import('./signing.mjs').BytesLike} BytesLike */

/**
 * @typedef {object} AttributionPolicy how answers are attributed and paid
 * @property {'earliest' | 'occurrence'} ownerRule
 * @property {'contributor' | 'datanet'} clipping
 * @property {number} minSpan bytes: K
 * @property {number} maxCount occurrences, at most, of a span that earns
 * @property {NumberLike} priceIn per 1,000 tokens, in units of the pay token
 * @property {NumberLike} priceOut
 * @property {number} platformBps basis points of the fee; 10,000 with the three that follow
 * @property {number} modelBps
 * @property {number} stakersBps
 * @property {number} contributorsBps
 * @property {number} influenceBps of the contributors' pool
 * @property {AddressLike} sink
 */

/**
 * @typedef {object} AttributionReceipt fields under the names of section 5.1: bytes as hex, numbers above 32 bits as decimal
 *   text; `chainId`, `registry` and `signature` besides
 * @property {string} digest which names it everywhere
 * @property {string} signer
 * @property {string} clientNonce
 * @property {string} payer
 * @property {string} corpusId
 * @property {string} policyId
 * @property {string} splitRoot
 * @property {string} fee
 * @property {string} contributorPool
 * @property {string} servedAt
 * @property {string} sequence
 * @property {string} chainId
 * @property {string} registry
 * @property {string} signature
 */

/**
 * @typedef {object} Expected what the client knows of what it asked for; what is left out is not compared
 * @property {bigint | number} [chainId] with registry
 * @property {AddressLike} [registry]
 * @property {HashLike} [nonce]
 * @property {AddressLike} [payer]
 * @property {HashLike} [policyId]
 * @property {NumberLike} [maxFee]
 * @property {HashLike} [modelId]
 * @property {HashLike} [adapterId]
 * @property {bigint | number} [minEpoch] of the corpus
 * @property {bigint | number} [maxAgeSeconds] of the block that facts are of
 * @property {bigint | number} [maxLag] epochs by which the corpus may be behind the newest
 * @property {number} [minWitnesses]
 */

/**
 * @typedef {object} BatchProof that a receipt is in a batch
 * @property {NumberLike} batchId
 * @property {HashLike} root
 * @property {bigint | number} leaves
 * @property {bigint | number} index
 * @property {readonly HashLike[]} path
 */

/**
 * @typedef {object} ReceiptQuestion
 * @property {BytesLike} receipt file (ATRR)
 * @property {BytesLike} evidence file (ATRE)
 * @property {BytesLike} policy 76 bytes
 * @property {Data} request its body, as it was sent
 * @property {Data} response the answer's text
 * @property {HashLike} [streamHead] that an answer had at its end; without it, it came in one piece
 * @property {InfluenceTable} [table] of the receipt's adapter, where influence decides
 * @property {BatchProof} [batch]
 * @property {HashLike} [corpus] name of the corpus that the client has agreed to
 * @property {string | object} [facts] what openledger_getReceiptFacts answered: what the chain says
 * @property {number} [witnesses] that have cosigned the batch's entry in a log
 * @property {BytesLike} [equivocation] file (ATRQ) that somebody brought
 * @property {Expected} [expected]
 * @property {number} [now] Unix time in milliseconds
 */

/**
 * @typedef {object} Span
 * @property {number} start in the answer, bytes
 * @property {number} end
 * @property {string} text
 * @property {bigint} count occurrences in the corpus
 * @property {string | null} owner null where it earns nothing
 * @property {bigint | null} datanet
 * @property {bigint | null} document
 * @property {bigint | null} position of the earliest
 * @property {number} rarity log2(n / count), in units of 1 / 256
 * @property {number} credited bytes
 * @property {bigint} weight
 */

/**
 * @typedef {object} Verdict
 * @property {'VERIFIED' | 'VERIFIED_EXCEPT_INFLUENCE' | 'PENDING' | 'REJECTED'} verdict
 * @property {string | null} reason of a rejection (section 9)
 * @property {import('./errors.mjs').OpenLedgerError | null} error where, and why
 * @property {string[]} proven
 * @property {string} trust what proves the block that facts are of; 'given' without
 * @property {string} signer
 * @property {string} digest
 * @property {bigint} totalWeight
 * @property {bigint} totalAmount
 * @property {bigint} dust
 * @property {Span[]} spans
 * @property {import('./splits.mjs').Row[]} rows
 * @property {AttributionReceipt} receipt
 */

const bigintOrNull = (/** @type {string | null | undefined} */ text) => (text === null || text === undefined ? null : BigInt(text));

/** @param {any} told @returns {Omit<Verdict, 'error' | 'trust'>} */
const verdictOf = (told) => ({
  ...told,
  totalWeight: BigInt(told.totalWeight), totalAmount: BigInt(told.totalAmount), dust: BigInt(told.dust),
  spans: told.spans.map((/** @type {any} */ span) => ({
    ...span, count: BigInt(span.count), weight: BigInt(span.weight), position: bigintOrNull(span.position),
    datanet: bigintOrNull(span.datanet), document: bigintOrNull(span.document),
  })),
  rows: told.rows.map((/** @type {any} */ row) =>
    ({ ...row, datanet: BigInt(row.datanet), weight: BigInt(row.weight), amount: BigInt(row.amount) })),
});

/** @param {Core} core @param {Expected} expected @param {number | undefined} now */
function expectedOf(core, { chainId, registry, nonce, payer, policyId, maxFee, modelId, adapterId, minEpoch, maxAgeSeconds, maxLag, minWitnesses = 0 }, now = Date.now()) {
  if ((chainId === undefined) !== (registry === undefined)) refuse('chainId and registry go together');
  return {
    min_witnesses: toU32(minWitnesses, 'minWitnesses'),
    ...(chainId !== undefined && registry !== undefined
      && { has_domain: 1, domain: { chain_id: toU64(chainId, 'chainId'), registry: addressOf(core, registry) } }),
    ...(nonce !== undefined && { has_nonce: 1, client_nonce: hashOf(core, nonce) }),
    ...(payer !== undefined && { has_payer: 1, payer: addressOf(core, payer) }),
    ...(policyId !== undefined && { has_policy: 1, policy_id: hashOf(core, policyId) }),
    ...(maxFee !== undefined && { has_max_fee: 1, max_fee: u256Of(core, maxFee) }),
    ...(modelId !== undefined && { has_model: 1, model_id: hashOf(core, modelId) }),
    ...(adapterId !== undefined && { has_adapter: 1, adapter_id: hashOf(core, adapterId) }),
    ...(minEpoch !== undefined && { has_min_epoch: 1, min_epoch: toU64(minEpoch, 'minEpoch') }),
    ...(maxAgeSeconds !== undefined
      && { has_max_age: 1, max_age: toU64(maxAgeSeconds, 'maxAgeSeconds'), now: toU64(Math.floor(now / 1000), 'now') }),
    ...(maxLag !== undefined && { has_max_lag: 1, max_lag: toU64(maxLag, 'maxLag') }),
  };
}

/** Attribution: what `ol.attribution` is. */
export class Attribution extends Splits {
  /** @param {Core} core */
  constructor(core) {
    super(core);
    this.#core = core;
  }

  #core;

  /** @param {Scope} scope @param {number} error @param {BytesLike} file @returns {number} the address of an ol_signed_receipt */
  #read(scope, error, file) {
    const core = this.#core;
    const out = scope.struct('ol_signed_receipt');
    core.check(core.exports.ol_attribution_receipt_read(error, out, scope.slice(bytesLike(file))), error);
    return out;
  }

  /** Reads a receipt's file (ATRR). Who its signer is must be known for it to mean anything. @param {BytesLike} file @returns {AttributionReceipt} */
  readReceipt(file) {
    return this.within(({ core, scope, error }) => {
      const [receipt, text, digest, signer] = [this.#read(scope, error, file), scope.struct('ol_slice'), scope.struct('ol_hash'), scope.struct('ol_address')];
      core.check(core.exports.ol_attribution_receipt_json(error, text, receipt, scope.take(OL_ATTRIBUTION_JSON), OL_ATTRIBUTION_JSON), error);
      core.check(core.exports.ol_attribution_receipt_signer(error, signer, receipt), error);
      core.exports.ol_attribution_receipt_digest(digest, receipt + core.offsetOf('ol_signed_receipt', 'domain'), receipt + core.offsetOf('ol_signed_receipt', 'receipt'));
      return {
        ...JSON.parse(core.sliceText(core.read('ol_slice', text))),
        digest: toHex(core.read('ol_hash', digest)), signer: addressText(core, core.read('ol_address', signer)),
      };
    });
  }

  /** @param {Scope} scope @param {number} error @param {string | object} json @returns {number} the address of an ol_signed_receipt */
  #fromJson(scope, error, json) {
    const core = this.#core;
    const [out, text] = [scope.struct('ol_signed_receipt'), scope.slice(typeof json === 'string' ? json : jsonOf(json))];
    const room = 20 * core.read('ol_slice', text).len + 4096;
    core.check(core.exports.ol_attribution_receipt_from_json(error, out, text, scope.take(room), room), error);
    return out;
  }

  /** Makes a receipt's file of what readReceipt gives, or of what a node sent. @param {string | object} json @returns {Uint8Array} */
  writeReceipt(json) {
    return this.within(({ core, scope, error }) => {
      const [receipt, out] = [this.#fromJson(scope, error, json), scope.take(OL_ATTRIBUTION_RECEIPT_BYTES)];
      core.check(core.exports.ol_attribution_receipt_write(error, out, receipt), error);
      return core.bytes(out, OL_ATTRIBUTION_RECEIPT_BYTES).slice();
    });
  }

  /** The typed data that a node signs (EIP-712), of a receipt whose signature does not matter yet. @param {object} receipt @returns {object} */
  receiptDocument(receipt) {
    return this.within(({ core, scope, error }) => {
      const at = this.#fromJson(scope, error, { signature: `0x${'00'.repeat(65)}`, ...receipt });
      const [out, room] = [scope.struct('ol_slice'), 8192];
      core.check(core.exports.ol_attribution_receipt_document(error, out, at + core.offsetOf('ol_signed_receipt', 'domain'),
        at + core.offsetOf('ol_signed_receipt', 'receipt'), scope.take(room), room), error);
      return JSON.parse(core.sliceText(core.read('ol_slice', out)));
    });
  }

  /** @param {BytesLike} bytes 76 of them @returns {AttributionPolicy & { id: string, priceIn: bigint, priceOut: bigint, sink: string }} */
  readPolicy(bytes) {
    return this.within(({ core, scope, error }) => {
      const [out, id, from] = [scope.struct('ol_attribution_policy'), scope.struct('ol_hash'), scope.copy(bytesLike(bytes))];
      core.check(core.exports.ol_attribution_policy_read(error, out, scope.struct('ol_slice', { data: from.at, len: from.len })), error);
      core.exports.ol_attribution_policy_id(id, from.at);
      const policy = core.read('ol_attribution_policy', out);
      return {
        ownerRule: nameOf(ol_owner_rule, 'OL_OWNER_', policy.owner_rule), clipping: nameOf(ol_clipping, 'OL_CLIP_', policy.clipping),
        minSpan: policy.min_span, maxCount: policy.max_count, priceIn: toBigInt(policy.price_in), priceOut: toBigInt(policy.price_out),
        platformBps: policy.platform_bps, modelBps: policy.model_bps, stakersBps: policy.stakers_bps,
        contributorsBps: policy.contributors_bps, influenceBps: policy.influence_bps, sink: addressText(core, policy.sink),
        id: toHex(core.read('ol_hash', id)),
      };
    });
  }

  /** @param {AttributionPolicy} policy @returns {Uint8Array} 76 bytes */
  writePolicy(policy) {
    return this.within(({ core, scope, error }) => {
      const number = (/** @type {'minSpan' | 'maxCount' | 'platformBps' | 'modelBps' | 'stakersBps' | 'contributorsBps' | 'influenceBps'} */ name) => toU32(policy[name], name);
      const from = scope.struct('ol_attribution_policy', {
        owner_rule: memberOf(ol_owner_rule, 'OL_OWNER_', policy.ownerRule, 'rule of owners'), clipping: memberOf(ol_clipping, 'OL_CLIP_', policy.clipping, 'way to clip'),
        min_span: number('minSpan'), max_count: number('maxCount'), price_in: u256Of(core, policy.priceIn), price_out: u256Of(core, policy.priceOut),
        platform_bps: number('platformBps'), model_bps: number('modelBps'), stakers_bps: number('stakersBps'),
        contributors_bps: number('contributorsBps'), influence_bps: number('influenceBps'), sink: addressOf(core, policy.sink),
      });
      const out = scope.take(OL_ATTRIBUTION_POLICY_BYTES);
      core.check(core.exports.ol_attribution_policy_write(error, out, from), error);
      return core.bytes(out, OL_ATTRIBUTION_POLICY_BYTES).slice();
    });
  }

  /**
   * Judges a receipt. A rejection is a verdict, not an exception.
   * @param {ReceiptQuestion} question
   * @returns {Verdict}
   */
  verify({ receipt, evidence, policy, request, response, streamHead, table, batch, corpus, facts, witnesses = 0, equivocation, expected = {}, now }) {
    return this.within(({ core, scope, error }) => {
      const slice = (/** @type {Data} */ data) => {
        const { at, len } = scope.copy(data);
        return { data: at, len };
      };
      const [file, answer] = [slice(bytesLike(receipt)), slice(response)];
      const input = scope.struct('ol_attribution_input', {
        receipt: file, evidence: slice(bytesLike(evidence)), policy: slice(bytesLike(policy)), request: slice(request), response: answer,
        expected: scope.struct('ol_attribution_expected', expectedOf(core, expected, now)),
        ...(streamHead !== undefined && { stream_head: scope.struct('ol_hash', hashOf(core, streamHead)) }),
        ...(table !== undefined && { table: table.address }),
        ...(batch !== undefined && { batch: this.writeBatchProof(scope, batch) }),
        ...(equivocation !== undefined && { equivocation: slice(bytesLike(equivocation)) }),
      });
      const question = facts === undefined ? 0 : this.#asked(scope, scope.struct('ol_error'), input, corpus);
      if (facts !== undefined && question !== 0) { // without a question the receipt is one to be rejected
        const [told, json] = [scope.struct('ol_attribution_facts'), scope.slice(typeof facts === 'string' ? facts : jsonOf(facts))];
        const room = 20 * core.read('ol_slice', json).len + 4096;
        core.check(core.exports.ol_receipt_facts_read(error, told, question, json, scope.take(room), room), error);
        core.write('ol_attribution_facts', told, { witnesses: toU32(witnesses, 'witnesses') });
        core.write('ol_attribution_input', input, { facts: told });
      }
      const [out, size] = [scope.struct('ol_attribution_result'), core.exports.ol_attribution_verify_size() >>> 0];
      core.check(core.exports.ol_attribution_verify(error, out, input, scope.take(size), size), error);
      const { reason, trust, spans, rows } = core.read('ol_attribution_result', out);
      const failure = reason === 0 ? null : core.error(error);
      const [text, room] = [scope.struct('ol_slice'), 32768 + 400 * (spans + rows) + 6 * spans * answer.len];
      core.check(core.exports.ol_attribution_explain(error, text, out, scope.struct('ol_slice', answer), scope.take(room), room), error);
      const told = JSON.parse(core.sliceText(core.read('ol_slice', text)));
      return { ...verdictOf(told), error: failure, trust: nameOf(ol_trust, 'OL_TRUST_', trust) };
    });
  }

  /**
   * What to ask a provider for, before a receipt is judged: `provider.request({ method: 'openledger_getReceiptFacts', params: [question] })`.
   * @param {Pick<ReceiptQuestion, 'receipt' | 'evidence' | 'batch' | 'corpus'>} question
   * @returns {object}
   */
  factsQuestion(question) {
    return this.within(({ core, scope, error }) => {
      const slice = (/** @type {BytesLike} */ data) => core.read('ol_slice', scope.slice(bytesLike(data)));
      const input = scope.struct('ol_attribution_input', {
        receipt: slice(question.receipt), evidence: slice(question.evidence),
        ...(question.batch !== undefined && { batch: this.writeBatchProof(scope, question.batch) }),
      });
      const [out, room] = [scope.struct('ol_slice'), 2048];
      const asked = this.#asked(scope, error, input, question.corpus);
      if (asked === 0) throw core.error(error);
      core.check(core.exports.ol_receipt_question_json(error, out, asked, scope.take(room), room), error);
      return JSON.parse(core.sliceText(core.read('ol_slice', out)));
    });
  }

  /** @param {Scope} scope @param {number} error @param {number} input @param {HashLike} [corpus] @returns {number} the address of an ol_receipt_question; 0 for what is no receipt */
  #asked(scope, error, input, corpus) {
    const core = this.#core;
    const out = scope.struct('ol_receipt_question');
    const name = corpus === undefined ? 0 : scope.struct('ol_hash', hashOf(core, corpus));
    return core.exports.ol_receipt_question_of(error, out, input, name) === 0 ? out : 0;
  }

  /** Checks a table of influence, once for all receipts of its adapter. @param {BytesLike} file ATRG @returns {InfluenceTable} */
  table(file) {
    return new InfluenceTable(this.#core, file);
  }

  /**
   * Begins to check an answer that streams in.
   * @param {{ nonce: HashLike, requestSha256: HashLike, modelId: HashLike, adapterId: HashLike }} question
   * @returns {AttributionStream}
   */
  stream(question) {
    return new AttributionStream(this.#core, question);
  }
}

/** A table of influence that was checked. To be closed. */
export class InfluenceTable {
  #scope;
  #table;

  /** @param {Core} core @param {BytesLike} file */
  constructor(core, file) {
    this.#scope = core.scope();
    const scope = core.scope();
    try {
      const [error, from] = [scope.struct('ol_error'), scope.slice(bytesLike(file))];
      const [out, reason, id, header] = [scope.take(4), scope.take(4), scope.struct('ol_hash'), scope.struct('ol_gradient_header')];
      const size = core.exports.ol_influence_table_size(core.read('ol_slice', from).len) >>> 0;
      core.check(core.exports.ol_influence_table_read(error, out, reason, from, this.#scope.take(size), size), error);
      this.#table = core.pointer(out);
      core.exports.ol_influence_table_id(this.#table, id);
      core.exports.ol_influence_table_header(this.#table, header);
      const { adapter, d, rows } = core.read('ol_gradient_header', header);
      this.gradientId = toHex(core.read('ol_hash', id));
      this.adapterId = toHex(adapter);
      this.dimensions = d;
      this.rows = rows;
    } catch (error) {
      this.#scope.free();
      throw error;
    } finally {
      scope.free();
    }
  }

  /** Not part of the interface. */
  get address() {
    return this.#table === 0 ? refuse('this table is closed') : this.#table;
  }

  close() {
    this.#table = 0;
    this.#scope.free();
  }

  [Symbol.dispose]() {
    this.close();
  }
}

/** An answer that comes piece by piece. To be closed. */
export class AttributionStream {
  #core;
  #scope;
  #stream;

  /** @param {Core} core @param {{ nonce: HashLike, requestSha256: HashLike, modelId: HashLike, adapterId: HashLike }} question */
  constructor(core, { nonce, requestSha256, modelId, adapterId }) {
    this.#core = core;
    this.#scope = core.scope();
    const scope = this.#scope;
    try {
      const [error, out] = [scope.struct('ol_error'), scope.take(4)];
      const [a, b, c, d] = [nonce, requestSha256, modelId, adapterId].map((value) => scope.struct('ol_hash', hashOf(core, value)));
      const size = core.exports.ol_attribution_stream_size() >>> 0;
      core.check(core.exports.ol_attribution_stream_new(error, out, a, b, c, d, scope.take(size), size), error);
      this.#stream = core.pointer(out);
    } catch (error) {
      scope.free();
      throw error;
    }
  }

  /** @template T @param {(scope: Scope, error: number, stream: number) => T} call */
  #within(call) {
    if (this.#stream === 0) refuse('this stream is closed');
    const scope = this.#core.scope();
    try {
      return call(scope, scope.struct('ol_error'), this.#stream);
    } finally {
      scope.free();
    }
  }

  /** Adds a piece. @param {Data} piece @param {HashLike} [head] that its event claims @returns {string} the head up to here */
  add(piece, head) {
    return this.#within((scope, error, stream) => {
      const core = this.#core;
      const [out, claimed] = [scope.struct('ol_hash'), head === undefined ? 0 : scope.struct('ol_hash', hashOf(core, head))];
      core.check(core.exports.ol_attribution_stream_add(error, stream, out, scope.slice(piece), claimed), error);
      return toHex(core.read('ol_hash', out));
    });
  }

  /** Ends: what the receipt must say. */
  finish() {
    return this.#within((scope, error, stream) => {
      const core = this.#core;
      const out = scope.struct('ol_attribution_stream_end');
      core.check(core.exports.ol_attribution_stream_finish(error, stream, out), error);
      const { head, response_sha256, response_bytes } = core.read('ol_attribution_stream_end', out);
      return { streamHead: toHex(head), responseSha256: toHex(response_sha256), responseBytes: response_bytes };
    });
  }

  close() {
    this.#stream = 0;
    this.#scope.free();
  }

  [Symbol.dispose]() {
    this.close();
  }
}
