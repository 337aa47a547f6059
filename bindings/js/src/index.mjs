// SPDX-License-Identifier: MIT
// The SDK in JavaScript: a typed door to the core, and fetch as its host.
import { addressText, readAnswer, writeQuestion } from './account.mjs';
import { Attribution } from './attribution.mjs';
import { Bundle, Recording } from './bundle.mjs';
import { callsOf } from './calls.mjs';
import { Client } from './client.mjs';
import { Core } from './core.mjs';
import { verifyEnvelope } from './envelope.mjs';
import { refuse } from './errors.mjs';
import { readHeader } from './header.mjs';
import { instantiate } from './loader.mjs';
import { Outbox } from './outbox.mjs';
import { Provider } from './provider.mjs';
import { Abi, recover, recoverMessage, recoverTypedData } from './signing.mjs';
import { Sync, verifySync } from './sync.mjs';
import { addressOf, toU32, u256Of } from './values.mjs';
import { Wallet } from './wallet.mjs';

export { Attribution, AttributionStream, InfluenceTable } from './attribution.mjs';
export { Bundle, Recording } from './bundle.mjs';
export { Client } from './client.mjs';
export { OpenLedgerError, TransportError } from './errors.mjs';
export { Outbox } from './outbox.mjs';
export { Proposal } from './proposal.mjs';
export { Provider, ProviderRpcError } from './provider.mjs';
export { Sync } from './sync.mjs';
export { http } from './transport.mjs';
export { fromHex, toHex } from './values.mjs';
export { Wallet } from './wallet.mjs';

/** @typedef {import('./account.mjs').AccountAnswer} AccountAnswer */
/** @typedef {import('./account.mjs').AccountQuestion} AccountQuestion */
/** @typedef {import('./attribution.mjs').AttributionPolicy} AttributionPolicy */
/** @typedef {import('./attribution.mjs').AttributionReceipt} AttributionReceipt */
/** @typedef {import('./attribution.mjs').BatchProof} BatchProof */
/** @typedef {import('./attribution.mjs').ReceiptQuestion} ReceiptQuestion */
/** @typedef {import('./attribution.mjs').Span} Span */
/** @typedef {import('./attribution.mjs').Verdict} Verdict */
/** @typedef {import('./bundle.mjs').BundleAbout} BundleAbout */
/** @typedef {import('./calls.mjs').Call} Call */
/** @typedef {import('./calls.mjs').Calls} Calls */
/** @typedef {import('./client.mjs').ClientOptions} ClientOptions */
/** @typedef {import('./envelope.mjs').Envelope} Envelope */
/** @typedef {import('./envelope.mjs').EnvelopeQuestion} EnvelopeQuestion */
/** @typedef {import('./errors.mjs').Blame} Blame */
/** @typedef {import('./header.mjs').Header} Header */
/** @typedef {import('./loader.mjs').Source} Source */
/** @typedef {import('./derive.mjs').DeriveOptions} DeriveOptions */
/** @typedef {import('./outbox.mjs').OutboxEntry} OutboxEntry */
/** @typedef {import('./outbox.mjs').OutboxOptions} OutboxOptions */
/** @typedef {import('./proposal.mjs').Signature} Signature */
/** @typedef {import('./proposal.mjs').SignedAuthorization} SignedAuthorization */
/** @typedef {import('./proposal.mjs').SignedTransaction} SignedTransaction */
/** @typedef {import('./provider.mjs').ProviderOptions} ProviderOptions */
/** @typedef {import('./provider.mjs').RequestArguments} RequestArguments */
/** @typedef {import('./session.mjs').AskOptions} AskOptions */
/** @typedef {import('./sync.mjs').BeaconAnswer} BeaconAnswer */
/** @typedef {import('./sync.mjs').BeaconHead} BeaconHead */
/** @typedef {import('./sync.mjs').SyncOptions} SyncOptions */
/** @typedef {import('./sync.mjs').SyncProgress} SyncProgress */
/** @typedef {import('./sync.mjs').SyncQuestion} SyncQuestion */
/** @typedef {import('./sync.mjs').SyncRunOptions} SyncRunOptions */
/** @typedef {import('./sync.mjs').SyncStatus} SyncStatus */
/** @typedef {import('./transport.mjs').Endpoint} Endpoint */
/** @typedef {import('./transport.mjs').Transport} Transport */
/** @typedef {import('./transport.mjs').Want} Want */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */
/** @typedef {import('./values.mjs').NumberLike} NumberLike */
/** @typedef {import('./wallet.mjs').Contact} Contact */
/** @typedef {import('./wallet.mjs').WalletAccount} WalletAccount */
/** @typedef {import('./wallet.mjs').WalletOptions} WalletOptions */

/** JSON-RPC results come as text, as bytes of text, or parsed. @typedef {string | Uint8Array | object} Json */

/** @param {Json} json */
const jsonText = (json) =>
  typeof json === 'string' || json instanceof Uint8Array ? json : JSON.stringify(json) ?? refuse('this is not JSON');

/** The core, running. `load` makes one; there may be several. */
export class OpenLedger {
  /** @param {import('./abi.mjs').Exports} exports */
  constructor(exports) {
    /** What the parts of the SDK share: not part of the interface. */
    this.core = new Core(exports);
  }

  /** The ABI of contracts. */
  get abi() {
    return new Abi(this.core);
  }

  /**
   * Calls of contracts, to be put into transactions: what the contract would refuse is refused here.
   * @returns {import('./calls.mjs').Calls}
   */
  get calls() {
    return callsOf(this.core);
  }

  /**
   * Receipts of attribution.
   * @returns {import('./attribution.mjs').Attribution}
   */
  get attribution() {
    return new Attribution(this.core);
  }

  /** The version of the core. */
  get version() {
    return this.core.text(this.core.exports.ol_version());
  }

  /**
   * A client for questions over the network.
   * @param {ClientOptions} options
   * @returns {import('./client.mjs').Client}
   */
  client(options) {
    return new Client(this, options);
  }

  /**
   * A provider for wallets and libraries (EIP-1193), whose answers are proven.
   * @param {ProviderOptions} options
   * @returns {import('./provider.mjs').Provider}
   */
  provider(options) {
    return new Provider(this, options);
  }

  /**
   * A wallet, empty and open.
   * @param {WalletOptions} [options]
   * @returns {import('./wallet.mjs').Wallet}
   */
  wallet(options) {
    return new Wallet(this, options);
  }

  /**
   * What an account has signed on a chain and is not settled yet.
   * @param {OutboxOptions} options
   * @returns {import('./outbox.mjs').Outbox}
   */
  outbox(options) {
    return new Outbox(this, options);
  }

  /**
   * Who signed a digest. A contract's signature (EIP-1271) is for the contract to judge.
   * @param {import('./values.mjs').HashLike} digest
   * @param {string | Uint8Array} signature 65 bytes, or 64 (EIP-2098)
   * @returns {string} the address
   */
  recover(digest, signature) {
    return recover(this.core, digest, signature);
  }

  /**
   * Whether an account signed a personal message (EIP-191).
   * @param {{ address: AddressLike, message: string | Uint8Array, signature: string | Uint8Array }} question
   */
  verifyMessage({ address, message, signature }) {
    return this.addressText(address) === recoverMessage(this.core, message, signature);
  }

  /**
   * Whether an account signed typed data (EIP-712).
   * @param {{ address: AddressLike, document: string | object, signature: string | Uint8Array }} question
   */
  verifyTypedData({ address, document, signature }) {
    return this.addressText(address) === recoverTypedData(this.core, document, signature);
  }

  /**
   * Verifies an eth_getProof result against a block header, without a network. How far to trust the header is
   * for the caller to know.
   * @param {object} question
   * @param {Json} question.header a block as eth_getBlockByNumber returns it, or RLP in hex
   * @param {Json} question.proof
   * @param {AddressLike} [question.address] that the proof must be about; by default, whatever it is about
   * @param {NumberLike[]} [question.slots] that it must prove, in this order, if an address is given
   * @returns {AccountAnswer}
   */
  verifyAccount({ header, proof, address, slots }) {
    if (address === undefined && slots !== undefined) refuse('slots need the address that they belong to');
    const { core } = this;
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const out = scope.struct('ol_account_answer');
      const question = address === undefined ? 0 : writeQuestion(core, scope, { address, slots, trust: 'given' });
      const [headerAt, proofAt] = [scope.slice(jsonText(header)), scope.slice(jsonText(proof))];
      const room = core.exports.ol_account_verify_memory(
        core.read('ol_slice', headerAt).len, core.read('ol_slice', proofAt).len) >>> 0;
      const memory = scope.take(room);
      core.check(core.exports.ol_account_verify_text(error, out, question, headerAt, proofAt, memory, room), error);
      return readAnswer(core, scope, out, scope.struct('ol_slice'));
    } finally {
      scope.free();
    }
  }

  /**
   * Follows Ethereum's sync committees from a checkpoint by answers of a beacon node, without a network.
   * @param {SyncQuestion} question
   * @returns {SyncStatus}
   */
  verifySync(question) {
    return verifySync(this.core, question);
  }

  /**
   * Follows Ethereum from a checkpoint by beacon nodes that need not be trusted.
   * @param {SyncOptions} options
   * @returns {import('./sync.mjs').Sync}
   */
  sync(options) {
    return new Sync(this, options);
  }

  /**
   * Reads a bundle: answers that runs needed, in the place of servers. Nothing in it is believed.
   * @param {Uint8Array} bytes
   * @param {{ now?: () => number }} [options] the clock, as the client and the sync have it
   * @returns {import('./bundle.mjs').Bundle}
   */
  bundle(bytes, options) {
    return new Bundle(this, bytes, options);
  }

  /**
   * A record of what runs use, to be given to them as `recording`, and packed as a bundle.
   * @returns {import('./bundle.mjs').Recording}
   */
  recording() {
    return new Recording(this);
  }

  /**
   * Verifies a block as the sequencer gossips it: that the sequencer signed it, and that its hash covers it.
   * @param {EnvelopeQuestion} question
   * @returns {Envelope}
   */
  verifyEnvelope(question) {
    return verifyEnvelope(this.core, question);
  }

  /**
   * Decodes and hashes a block header.
   * @param {Json} header RLP as bytes or in hex, or a block as eth_getBlockByNumber returns it
   * @returns {Header}
   */
  header(header) {
    const { core } = this;
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const out = scope.struct('ol_header');
      const hash = scope.struct('ol_hash');
      if (header instanceof Uint8Array) {
        const { at, len } = scope.copy(header);
        core.check(core.exports.ol_header_decode(error, out, at, len), error);
        core.exports.ol_header_hash(hash, out);
      } else {
        const text = scope.slice(/** @type {string} */ (jsonText(header)));
        const room = 16 * core.read('ol_slice', text).len + 1024;
        core.check(core.exports.ol_header_from_text(error, out, hash, text, scope.take(room), room), error);
      }
      return readHeader(core, out, core.read('ol_hash', hash));
    } finally {
      scope.free();
    }
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {Uint8Array} 32 bytes: the hash of Ethereum, not NIST SHA3-256
   */
  keccak256(bytes) {
    if (!(bytes instanceof Uint8Array)) refuse('keccak256 takes bytes');
    const { core } = this;
    const scope = core.scope();
    try {
      const out = scope.struct('ol_hash');
      const { at, len } = scope.copy(bytes);
      core.exports.ol_keccak256(out, at, len);
      return core.read('ol_hash', out);
    } finally {
      scope.free();
    }
  }

  /**
   * An address with its checksum (EIP-55).
   * @param {AddressLike} address
   */
  addressText(address) {
    return addressText(this.core, addressOf(this.core, address));
  }

  /**
   * A number of smallest units as a decimal fraction: 1500000000000000000n is "1.5".
   * @param {NumberLike} value
   * @param {number} [decimals] at most 77
   */
  amountText(value, decimals = 18) {
    if (toU32(decimals, 'decimals') > 77) refuse('decimals are more than 77');
    const { core } = this;
    const scope = core.scope();
    try {
      const out = scope.take(80);
      core.exports.ol_amount_text(out, scope.struct('ol_u256', u256Of(core, value)), decimals);
      return core.text(out);
    } finally {
      scope.free();
    }
  }
}

/**
 * Loads the module.
 * @param {{ source?: Source }} [options] where from: by default, openledger.wasm next to this file
 */
export const load = async (options) => new OpenLedger(await instantiate(options));
