// SPDX-License-Identifier: MIT
// What a wallet is asked to sign: decoded, explained, judged by its policy, and signed once somebody agrees.
import { OL_NOWHERE, ol_intent_kind, ol_request_missing } from './abi.mjs';
import { OpenLedgerError, refuse } from './errors.mjs';
import { takeEntropy } from './derive.mjs';
import { encodeUnsigned, jsonOf, readTypedData } from './signing.mjs';
import { addressOf, fromHex, toBigInt, toHex, toU64, u256Of } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */
/** @typedef {import('./values.mjs').NumberLike} NumberLike */

/**
 * What proposals use of their wallet.
 * @typedef {object} Holder
 * @property {Core} core
 * @property {<T>(call: (call: { scope: Scope, error: number, wallet: number, now: bigint }) => T) => T} use
 * @property {{ at: number, len: number }} contracts
 * @property {bigint} chainId
 * @property {import('./derive.mjs').Entropy} entropy
 */

/** @typedef {{ r: string, s: string, yParity: 0 | 1, bytes: string }} Signature bytes: r, s and v, 27 or 28, in hex */
/** @typedef {{ raw: string, hash: string }} SignedTransaction */
/** @typedef {object | Uint8Array} TransactionRequest as eth_sendTransaction takes it, or the bytes that its sender signs */
/** @typedef {{ chainId: bigint, address: string, nonce: bigint, yParity: 0 | 1, r: string, s: string }} SignedAuthorization */
/** @typedef {{ chainId?: NumberLike, address: AddressLike, nonce: NumberLike }} AuthorizationRequest chainId: 0 for any chain */

/**
 * @typedef {object} MessageOptions
 * @property {string | URL} [origin] of the page that asks: a sign-in (EIP-4361) is refused unless it is of this one
 * @property {string} [nonce] that a sign-in must have, where it is known
 */

/**
 * @typedef {object} SignOptions
 * @property {boolean} [hedged] mixes fresh entropy into the nonce: by default, each signing of the same gives the same
 */

/**
 * What waits to be signed.
 * @template T
 */
export class Proposal {
  #holder;
  #finish;

  /**
   * @param {Holder} holder
   * @param {{ decision: import('./abi.mjs').ol_decision, intent: any, document?: any }} what
   * @param {(signature: Signature) => T} finish
   */
  constructor(holder, { decision, intent, document }, finish) {
    const { core } = holder;
    this.#holder = holder;
    this.#finish = finish;
    /** What is signed. */
    this.digest = toHex(decision.digest);
    /** What the policy says; without a policy it is 'ask'. @type {'allow' | 'ask' | 'deny'} */
    this.verdict = /** @type {any} */ (core.text(core.exports.ol_verdict_name(decision.verdict)));
    /** Why, in words. */
    this.reason = core.text(core.exports.ol_policy_reason_text(decision.reason));
    /** Which of the intent's effects decided; null for none. @type {number | null} */
    this.effect = decision.effect === OL_NOWHERE ? null : decision.effect;
    /** What the signature does, in the words of ol_intent_explain (intent.h). */
    this.intent = intent;
    /** Of typed data, all that is signed (ol_typed_data_explain). */
    this.document = document;
  }

  /** Says yes, for whoever was asked. */
  approve() {
    const { core, use } = this.#holder;
    use(({ scope, error, wallet, now }) =>
      core.check(core.exports.ol_wallet_approve(error, wallet, this.#digestIn(scope), now), error));
    return this;
  }

  /** Says no: it waits no more. */
  reject() {
    const { core, use } = this.#holder;
    use(({ scope, wallet }) => core.exports.ol_wallet_reject(wallet, this.#digestIn(scope)));
  }

  /** @param {Scope} scope */
  #digestIn(scope) {
    return scope.struct('ol_hash', fromHex(this.digest));
  }

  /**
   * Signs, once; the policy decides again. The budget has changed then: write it before the signature goes anywhere.
   * @param {SignOptions} [options]
   * @returns {T}
   */
  sign({ hedged = false } = {}) {
    const { core, use, entropy } = this.#holder;
    return this.#finish(use(({ scope, error, wallet, now }) => {
      const out = scope.struct('ol_signature');
      const extra = hedged ? { data: takeEntropy(scope, entropy, 32), len: 32 } : { data: 0, len: 0 };
      core.check(core.exports.ol_wallet_sign(error, wallet, out, scope.struct('ol_decision'), this.#digestIn(scope), now,
        scope.struct('ol_slice', extra)), error);
      const bytes = scope.take(65);
      core.exports.ol_signature_write(bytes, out);
      const { r, s, y_parity } = core.read('ol_signature', out);
      return { r: toHex(r), s: toHex(s), yParity: /** @type {0 | 1} */ (y_parity), bytes: toHex(core.bytes(bytes, 65)) };
    }));
  }
}

/** An intent, told. @param {Core} core @param {Scope} scope @param {number} intent @param {Uint8Array} digest that was proposed */
function told(core, scope, intent, digest) {
  const { arguments: given, digest: own } = core.read('ol_intent', intent);
  if (toHex(own) !== toHex(digest)) refuse('what is explained is not what was proposed');
  const error = scope.struct('ol_error');
  const out = scope.struct('ol_slice');
  const room = 4096 + 12 * given.len + 8 * 1024;
  core.check(core.exports.ol_intent_explain(error, out, intent, scope.take(room), room), error);
  return JSON.parse(core.sliceText(core.read('ol_slice', out)));
}

/** Names of what a request leaves out. @param {number} missing */
const missingNames = (missing) => Object.entries(ol_request_missing)
  .filter(([, bit]) => missing & bit).map(([name]) => name.replace('OL_MISSING_', '').toLowerCase().replaceAll('_', ' '));

/** A request, read. @param {Holder} holder @param {Scope} scope @param {number} error @param {object} request @param {Uint8Array} account */
function readRequest({ core, chainId }, scope, error, request, account) {
  const at = scope.struct('ol_transaction_request');
  const json = scope.slice(jsonOf({ chainId, ...request }));
  const length = core.read('ol_slice', json).len;
  const room = 16 * length + 4096;
  core.check(core.exports.ol_transaction_request_read(error, at, json, scope.take(room), room), error);
  const { from, has_from, missing } = core.read('ol_transaction_request', at);
  if (missing) refuse(`the transaction lacks: ${missingNames(missing).join(', ')}`);
  if (has_from && toHex(from) !== toHex(account)) refuse('the transaction is of another account');
  return { transaction: at + core.offsetOf('ol_transaction_request', 'transaction'), length };
}

/** @param {Core} core @param {Scope} scope @param {number} error @param {Uint8Array} bytes of a transaction that is not signed */
function decodeUnsigned(core, scope, error, bytes) {
  const transaction = scope.struct('ol_transaction');
  const { at, len } = scope.copy(bytes);
  core.check(core.exports.ol_transaction_decode_unsigned(error, transaction, at, len), error);
  return { transaction, length: len };
}

/** The bytes of a request that its sender signs. @param {Holder} holder @param {TransactionRequest} request @param {Uint8Array} account */
const unsignedOf = (holder, request, account) => holder.use(({ scope, error }) => {
  const { core, chainId } = holder;
  const { transaction, length } = request instanceof Uint8Array
    ? decodeUnsigned(core, scope, error, request) : readRequest(holder, scope, error, request, account);
  core.check(core.exports.ol_transaction_to_sign(error, scope.struct('ol_hash'), transaction, chainId, 0), error);
  return encodeUnsigned(core, scope, error, transaction, length);
});

/** @param {Holder} holder @param {Uint8Array} unsigned @param {Uint8Array} account @param {Signature} signature @returns {SignedTransaction} */
function signedTransaction({ core }, unsigned, account, { bytes }) {
  const scope = core.scope();
  try {
    const error = scope.struct('ol_error');
    const { transaction, length } = decodeUnsigned(core, scope, error, unsigned);
    core.check(core.exports.ol_transaction_put_signature(error, transaction, transaction,
      scope.struct('ol_address', account), scope.copy(fromHex(bytes)).at), error);
    const [room, hash] = [length + 128, scope.struct('ol_hash')];
    const raw = core.written(scope, error, room, (out, len) => core.exports.ol_transaction_encode(error, out, room, len, transaction));
    core.exports.ol_transaction_hash(hash, transaction);
    return { raw: toHex(raw), hash: toHex(core.read('ol_hash', hash)) };
  } finally {
    scope.free();
  }
}

/** @param {Holder} holder @param {AddressLike} from @param {TransactionRequest} request @returns {Proposal<SignedTransaction>} */
export function proposeTransaction(holder, from, request) {
  const { core, use, contracts } = holder;
  const account = addressOf(core, from);
  const unsigned = unsignedOf(holder, request, account);
  const what = use(({ scope, error, wallet, now }) => {
    const [sender, bytes] = [scope.struct('ol_address', account), scope.slice(unsigned)];
    const { data, len } = core.read('ol_slice', bytes);
    const room = 20480 + 32 * len;
    const [memory, out] = [scope.take(room), scope.struct('ol_decision')];
    core.check(core.exports.ol_wallet_propose_transaction(error, wallet, out, sender, bytes, now, memory, room), error);
    const [transaction, intent] = [scope.struct('ol_transaction'), scope.struct('ol_intent')];
    core.check(core.exports.ol_transaction_decode_unsigned(error, transaction, data, len), error);
    core.check(core.exports.ol_intent_of_transaction(error, intent, transaction, sender, contracts.at, contracts.len,
      memory, room), error);
    const decision = core.read('ol_decision', out);
    return { decision, intent: told(core, scope, intent, decision.digest) };
  });
  return new Proposal(holder, what, (signature) => signedTransaction(holder, unsigned, account, signature));
}

/** @param {Holder} holder @param {AddressLike} from @param {string | object} document @returns {Proposal<Signature>} */
export function proposeTypedData(holder, from, document) {
  const { core, use, contracts, chainId } = holder;
  const account = addressOf(core, from);
  const what = use(({ scope, error, wallet, now }) => {
    const sender = scope.struct('ol_address', account);
    const { at, text } = readTypedData(core, scope, document);
    const { len } = core.read('ol_slice', text);
    const room = 20480 + 20 * len;
    const out = scope.struct('ol_decision');
    core.check(core.exports.ol_wallet_propose_typed_data(error, wallet, out, sender, text, chainId, now,
      scope.take(room), room), error);
    const intent = scope.struct('ol_intent');
    core.exports.ol_intent_of_typed_data(intent, at, sender, contracts.at, contracts.len);
    const decision = core.read('ol_decision', out);
    const whole = scope.struct('ol_slice');
    const more = 65536 + 24 * len;
    core.check(core.exports.ol_typed_data_explain(error, whole, at, scope.take(more), more), error);
    return {
      decision,
      intent: told(core, scope, intent, decision.digest),
      document: JSON.parse(core.sliceText(core.read('ol_slice', whole))),
    };
  });
  return new Proposal(holder, what, (signature) => signature);
}

/** Checks a sign-in against the page that asks for it. @param {Holder} holder @param {Scope} scope @param {number} text
 * @param {Uint8Array} account @param {MessageOptions} options @param {bigint} now */
function checkSignIn({ core, chainId }, scope, text, account, { origin, nonce = '' }, now) {
  if (origin === undefined) refuse('a sign-in needs the origin of the page that asks');
  const { protocol, host } = new URL(origin);
  const error = scope.struct('ol_error');
  const siwe = scope.struct('ol_siwe');
  const sliceOf = (/** @type {string} */ part) => core.read('ol_slice', scope.slice(part));
  core.check(core.exports.ol_siwe_read(error, siwe, text), error);
  core.check(core.exports.ol_siwe_check(error, siwe, scope.struct('ol_siwe_expected', {
    scheme: sliceOf(protocol.slice(0, -1)), domain: sliceOf(host), account, chain_id: chainId, nonce: sliceOf(nonce), now_ms: now,
  })), error);
}

/**
 * @param {Holder} holder @param {AddressLike} from
 * @param {string | Uint8Array} message
 * @param {MessageOptions} [options]
 * @returns {Proposal<Signature>}
 */
export function proposeMessage(holder, from, message, options = {}) {
  const { core, use } = holder;
  const account = addressOf(core, from);
  const what = use(({ scope, error, wallet, now }) => {
    const [sender, text] = [scope.struct('ol_address', account), scope.slice(message)];
    const { data, len } = core.read('ol_slice', text);
    const [out, intent] = [scope.struct('ol_decision'), scope.struct('ol_intent')];
    core.check(core.exports.ol_intent_of_message(error, intent, data, len, sender), error);
    if (core.read('ol_intent', intent).kind === ol_intent_kind.OL_INTENT_SIGN_IN) checkSignIn(holder, scope, text, account, options, now);
    core.check(core.exports.ol_wallet_propose_message(error, wallet, out, sender, text, now), error);
    const decision = core.read('ol_decision', out);
    return { decision, intent: told(core, scope, intent, decision.digest) };
  });
  return new Proposal(holder, what, (signature) => signature);
}

/**
 * @param {Holder} holder @param {AddressLike} from
 * @param {AuthorizationRequest} request
 * @returns {Proposal<SignedAuthorization>}
 */
export function proposeAuthorization(holder, from, { chainId = holder.chainId, address, nonce }) {
  const { core, use } = holder;
  const account = addressOf(core, from);
  const fields = { chain_id: u256Of(core, chainId), address: addressOf(core, address), nonce: toU64(typeof nonce === 'string' ? BigInt(nonce) : nonce, 'nonce') };
  const chain = toBigInt(fields.chain_id);
  if (chain !== 0n && chain !== holder.chainId) throw new OpenLedgerError({ status: 'mismatch', reason: 'the authorization is for another chain' });
  const what = use(({ scope, error, wallet, now }) => {
    const sender = scope.struct('ol_address', account);
    const [authorization, out, intent] = [scope.struct('ol_authorization', fields), scope.struct('ol_decision'), scope.struct('ol_intent')];
    core.check(core.exports.ol_wallet_propose_authorization(error, wallet, out, sender, authorization, now), error);
    core.exports.ol_intent_of_authorization(intent, authorization, sender);
    const decision = core.read('ol_decision', out);
    return { decision, intent: told(core, scope, intent, decision.digest) };
  });
  return new Proposal(holder, what, ({ r, s, yParity }) => (
    { chainId: chain, address: toHex(fields.address), nonce: fields.nonce, yParity, r, s }));
}
