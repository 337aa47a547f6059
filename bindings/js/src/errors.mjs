// SPDX-License-Identifier: MIT

/**
 * @typedef {object} Place what was refused, and where
 * @property {string} status "argument", "encoding", "proof", "mismatch", "stale", "quorum", "transport", ...
 * @property {string} reason why, in words
 * @property {string} part what was being read: "header", "accountProof", "storageProof", ...
 * @property {number | null} item which one of that part
 * @property {string} field what within that item: "finality_branch", "pubkeys", ...
 * @property {number | null} node which trie node of that item, or which element of that field
 * @property {number | null} offset the byte at fault in the innermost of these
 */

/** A refusal by the core, or a value that it cannot take. */
export class OpenLedgerError extends Error {
  /**
   * @param {Partial<Place> & { status: string, reason: string }} place
   * @param {string} [message] one line of text
   */
  constructor({ status, reason, part = '', item = null, field = '', node = null, offset = null }, message = reason) {
    super(message);
    this.name = 'OpenLedgerError';
    this.status = status;
    this.reason = reason;
    this.part = part;
    this.item = item;
    this.field = field;
    this.node = node;
    this.offset = offset;
    /** Answers that endpoints gave and the core refused on the way here. @type {Blame[]} */
    this.blame = [];
  }
}

/**
 * @typedef {object} Blame
 * @property {import('./transport.mjs').Want['source']} source which kind of endpoint
 * @property {number} endpoint which of that kind
 * @property {OpenLedgerError} error
 */

/** @param {string} reason @returns {never} */
export const refuse = (reason) => {
  throw new OpenLedgerError({ status: 'argument', reason });
};

/** @typedef {'connection' | 'timeout' | 'too large' | 'http' | 'tls'} TransportFailure */

/** Thrown by a transport; any other error counts as a failed connection. */
export class TransportError extends Error {
  /** @param {TransportFailure} kind @param {string} [message] */
  constructor(kind, message = kind) {
    super(message);
    this.name = 'TransportError';
    this.kind = kind;
  }
}
