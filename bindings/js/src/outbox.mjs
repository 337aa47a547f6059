// SPDX-License-Identifier: MIT
// What an account has signed on a chain and is not settled yet, with the transactions themselves (outbox.h).
import { OL_CHAIN_ID, OL_OUTBOX_BYTES, ol_outbox_state } from './abi.mjs';
import { addressText } from './account.mjs';
import { OpenLedgerError, refuse } from './errors.mjs';
import { bytesLike, encodeUnsigned } from './signing.mjs';
import { addressOf, hashOf, nameOf, toBigInt, toHex, toU64, u256Of } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {import('./signing.mjs').BytesLike} BytesLike */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */
/** @typedef {import('./values.mjs').HashLike} HashLike */
/** @typedef {import('./values.mjs').NumberLike} NumberLike */

/**
 * @typedef {object} OutboxOptions
 * @property {AddressLike} account
 * @property {bigint | number} [chainId] OpenLedger's 1612 by default
 * @property {Uint8Array | null} [saved] what `save` gave; null for a new one
 * @property {() => number} [now] the clock, Unix time in ms
 */

/**
 * @typedef {object} OutboxEntry a transaction that was signed
 * @property {import('./values.mjs').Members<typeof ol_outbox_state, 'OL_OUTBOX_'>} state
 * @property {string} hash
 * @property {bigint} nonce
 * @property {string | null} to null when it creates a contract
 * @property {bigint} value wei
 * @property {bigint} gasLimit
 * @property {bigint} maxFeePerGas or the gas price; wei
 * @property {bigint} maxPriorityFeePerGas the same
 * @property {number} type
 * @property {number} addedAt Unix time in ms
 * @property {string} raw the transaction
 */

const LENGTH = 4; // bytes of a length before what is saved: the outbox, and each transaction

/** The pieces that were saved. @param {Uint8Array} saved */
function piecesOf(saved) {
  const view = new DataView(saved.buffer, saved.byteOffset, saved.length);
  const pieces = [];
  for (let at = 0; at < saved.length;) {
    const end = at + LENGTH <= saved.length ? at + LENGTH + view.getUint32(at) : Infinity;
    if (end > saved.length) throw new OpenLedgerError({ status: 'encoding', reason: 'the outbox is cut short', offset: at });
    pieces.push(saved.subarray(at + LENGTH, end));
    at = end;
  }
  return pieces;
}

/** Close it to give its memory back. */
export class Outbox {
  #core;
  #scope;
  #outbox;
  #account;
  #now;
  /** The transactions by their hashes. @type {Map<string, Uint8Array>} */
  #kept = new Map();
  #isTold = false;
  #closed = false;

  /**
   * @param {import('./index.mjs').OpenLedger} openledger
   * @param {OutboxOptions} options
   */
  constructor(openledger, { account, chainId = OL_CHAIN_ID, saved = null, now = Date.now }) {
    const core = this.#core = openledger.core;
    this.#now = now;
    this.#account = addressOf(core, account);
    this.#scope = core.scope();
    const scope = core.scope();
    try {
      const [error, out, owner] = [scope.struct('ol_error'), scope.take(4), scope.struct('ol_address', this.#account)];
      const [chain, size] = [toU64(chainId, 'chainId'), core.exports.ol_outbox_size() >>> 0];
      const memory = this.#scope.take(size);
      const [head, ...transactions] = saved === null ? [] : piecesOf(saved);
      if (saved === null) {
        core.check(core.exports.ol_outbox_init(error, out, owner, chain, 0n, memory, size), error);
      } else {
        const { at, len } = scope.copy(head ?? saved);
        core.check(core.exports.ol_outbox_read(error, out, at, len, owner, chain, memory, size), error);
      }
      this.#outbox = core.pointer(out);
      const hashes = new Set(this.entries.map(({ hash }) => hash));
      for (const bytes of transactions) {
        const { hash } = this.#decode(scope, error, bytes);
        if (!hashes.has(hash)) throw new OpenLedgerError({ status: 'mismatch', reason: 'the outbox has no such transaction as was saved with it' });
        this.#kept.set(hash, bytes.slice());
      }
    } catch (error) {
      this.#scope.free();
      throw error;
    } finally {
      scope.free();
    }
  }

  /** @template T @param {(scope: Scope, error: number) => T} call with memory of its own */
  #use(call) {
    if (this.#closed) refuse('this outbox is closed');
    const scope = this.#core.scope();
    try {
      return call(scope, scope.struct('ol_error'));
    } finally {
      scope.free();
    }
  }

  /** @param {Scope} scope @param {number} error @param {Uint8Array} bytes */
  #decode(scope, error, bytes) {
    const core = this.#core;
    const [transaction, hash] = [scope.struct('ol_transaction'), scope.struct('ol_hash')];
    const { at, len } = scope.copy(bytes);
    core.check(core.exports.ol_transaction_decode(error, transaction, at, len), error);
    core.exports.ol_transaction_hash(hash, transaction);
    return { transaction, hash: toHex(core.read('ol_hash', hash)) };
  }

  /** Transactions, in the order in which they were added. @returns {OutboxEntry[]} */
  get entries() {
    const core = this.#core;
    return this.#use((scope) => {
      const out = scope.struct('ol_outbox_entry');
      const all = [];
      while (core.exports.ol_outbox_at(this.#outbox, out, all.length)) {
        const entry = core.read('ol_outbox_entry', out);
        const hash = toHex(entry.hash);
        all.push({
          state: nameOf(ol_outbox_state, 'OL_OUTBOX_', entry.state), hash, nonce: entry.nonce,
          to: entry.is_create ? null : addressText(core, entry.to), value: toBigInt(entry.value), gasLimit: entry.gas_limit,
          maxFeePerGas: toBigInt(entry.max_fee), maxPriorityFeePerGas: toBigInt(entry.priority_fee),
          type: entry.type, addedAt: Number(entry.time), raw: toHex(this.#kept.get(hash) ?? new Uint8Array()),
        });
      }
      return all;
    });
  }

  /**
   * Asks what is proven of the account, and settles what has passed where a receipt proves which transaction it was. What was
   * passed when this was called before, and is final now, is forgotten.
   * @param {{ request(question: { method: string, params: any[] }): Promise<any> }} provider always of the same trust
   */
  async follow(provider) {
    const ask = (/** @type {string} */ method, /** @type {any[]} */ ...params) => provider.request({ method, params });
    const counts = ['latest', 'finalized'].map((tag) => ask('eth_getTransactionCount', addressText(this.#core, this.#account), tag));
    const [latest, final] = await Promise.allSettled(counts);
    if (latest.status === 'rejected') throw latest.reason;
    const nonce = BigInt(latest.value);
    // What is final is not known at each level of trust, nor at once: then nothing is forgotten.
    if (final.status === 'fulfilled') this.forget(BigInt(final.value) < nonce ? BigInt(final.value) : nonce);
    this.advance(nonce);
    for (const { hash, nonce: used } of this.entries.filter(({ state }) => state === 'passed')) {
      if (await ask('eth_getTransactionReceipt', hash) !== null) this.settle(used, hash);
    }
  }

  /** Tells the account's nonce as it is proven. @param {bigint | number} nonce */
  advance(nonce) {
    this.#use(() => this.#core.exports.ol_outbox_advance(this.#outbox, toU64(nonce, 'nonce')));
    this.#isTold = true;
  }

  /** The nonce for the next transaction. What was saved is of another time, so the proven one has to be told before. */
  get nextNonce() {
    if (!this.#isTold) refuse('the proven nonce is not known yet: follow a provider, or advance');
    return this.#use(() => this.#core.exports.ol_outbox_next_nonce(this.#outbox));
  }

  /** The lowest nonces that nothing has while something that waits has a higher one, and is stuck; 64 at most. @returns {bigint[]} */
  get gaps() {
    const core = this.#core;
    return this.#use((scope) => {
      const out = scope.take(8);
      const all = [];
      const view = () => new DataView(core.exports.memory.buffer).getBigUint64(out, true);
      while (all.length < 64 && core.exports.ol_outbox_gap(this.#outbox, out, all.length)) all.push(view());
      return all;
    });
  }

  /** Adds a transaction that is signed, to be saved before it is sent. @param {BytesLike} raw */
  add(raw) {
    const core = this.#core;
    const bytes = bytesLike(raw);
    this.#use((scope, error) => {
      const { transaction, hash } = this.#decode(scope, error, bytes);
      core.check(core.exports.ol_outbox_add(error, this.#outbox, transaction, BigInt(Math.trunc(this.#now()))), error);
      this.#kept.set(hash, bytes.slice());
    });
  }

  /**
   * Tells what used a nonce that has passed.
   * @param {bigint | number} nonce
   * @param {HashLike | null} found that was found in the chain, or null when none of those with this nonce was
   */
  settle(nonce, found) {
    const core = this.#core;
    this.#use((scope, error) => core.check(core.exports.ol_outbox_settle(error, this.#outbox, toU64(nonce, 'nonce'),
      found === null ? 0 : scope.struct('ol_hash', hashOf(core, found))), error));
  }

  /** Forgets what has passed below a nonce, which is to be that of a block that is final. @param {bigint | number} nonce */
  forget(nonce) {
    this.#use(() => this.#core.exports.ol_outbox_forget(this.#outbox, toU64(nonce, 'nonce')));
    const hashes = new Set(this.entries.map(({ hash }) => hash));
    for (const hash of this.#kept.keys()) if (!hashes.has(hash)) this.#kept.delete(hash);
  }

  /**
   * A transaction that waits, with fees by which it replaces all of its nonce.
   * @param {HashLike} hash
   * @param {NumberLike} baseFee of the next block, wei
   * @returns {Uint8Array} for Wallet.proposeTransaction
   */
  replace(hash, baseFee) {
    const core = this.#core;
    const kept = this.#kept.get(toHex(hashOf(core, hash))) ?? refuse('the outbox has no transaction of this hash');
    return this.#unsigned(kept.length, (scope, error, out) => core.exports.ol_outbox_replace(error, out, this.#outbox,
      this.#decode(scope, error, kept).transaction, scope.struct('ol_u256', u256Of(core, baseFee))));
  }

  /**
   * A transaction that does nothing, and replaces all of a nonce.
   * @param {bigint | number} nonce
   * @param {NumberLike} baseFee of the next block, wei
   * @returns {Uint8Array} for Wallet.proposeTransaction
   */
  cancel(nonce, baseFee) {
    const core = this.#core;
    return this.#unsigned(0, (scope, error, out) => core.exports.ol_outbox_cancel(error, out, this.#outbox,
      toU64(nonce, 'nonce'), scope.struct('ol_u256', u256Of(core, baseFee))));
  }

  /** @param {number} length @param {(scope: Scope, error: number, out: number) => number} make */
  #unsigned(length, make) {
    const core = this.#core;
    return this.#use((scope, error) => {
      const transaction = scope.struct('ol_transaction');
      core.check(make(scope, error, transaction), error);
      return encodeUnsigned(core, scope, error, transaction, length);
    });
  }

  /** All that is known here, to be kept whenever it has changed. @returns {Uint8Array} */
  save() {
    const core = this.#core;
    const head = this.#use((scope, error) => core.written(scope, error, OL_OUTBOX_BYTES,
      (out, len) => core.exports.ol_outbox_write(error, out, OL_OUTBOX_BYTES, len, this.#outbox)));
    const pieces = [head, ...this.#kept.values()];
    const saved = new Uint8Array(pieces.reduce((sum, { length }) => sum + LENGTH + length, 0));
    let at = 0;
    for (const piece of pieces) {
      new DataView(saved.buffer).setUint32(at, piece.length);
      saved.set(piece, at + LENGTH);
      at += LENGTH + piece.length;
    }
    return saved;
  }

  /** Gives the memory back; nothing else may be called afterwards. */
  close() {
    if (!this.#closed) this.#scope.free();
    this.#closed = true;
  }

  [Symbol.dispose]() {
    this.close();
  }
}
