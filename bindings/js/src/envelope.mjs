// SPDX-License-Identifier: MIT
// What a sequencer gossips: blocks that it signed, before they are on L1.
import { OL_CHAIN_ID, OL_ENVELOPE_SIGNATURE, ol_status } from './abi.mjs';
import { addressText } from './account.mjs';
import { refuse } from './errors.mjs';
import { readHeader } from './header.mjs';
import { addressOf, toHex, toU32, toU64 } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */

/**
 * @typedef {object} EnvelopeQuestion
 * @property {Uint8Array} envelope the message as it is gossiped, compressed
 * @property {1 | 2 | 3 | 4} version of the message, which its topic says: /optimism/CHAIN_ID/{0,1,2,3}/blocks are 1 to 4
 * @property {bigint | number} [chainId] 1612 by default, which is OpenLedger's
 * @property {import('./values.mjs').AddressLike} signer who must have signed: SystemConfig's unsafeBlockSigner
 * @property {number} [now] Unix time in milliseconds; by default what the clock says
 * @property {boolean} [anyTime] whether to accept a block of another time than now: for messages that were kept
 * @property {boolean} [compressed] false for a message that is not
 */

/**
 * @typedef {object} Envelope a block that the sequencer signed
 * @property {import('./header.mjs').Header} header with the block's hash
 * @property {Uint8Array[]} transactions in their typed encoding (EIP-2718)
 * @property {string} signer with its checksum
 * @property {bigint} chainId
 * @property {number} version
 * @property {string} payloadHash what is signed, with the chain id
 * @property {string} signature
 */

/**
 * Decompresses a message into the core's memory.
 * @param {Core} core
 * @param {ReturnType<Core['scope']>} scope
 * @param {number} error
 * @param {Uint8Array} gossiped
 * @returns {number} the address of an ol_slice
 */
function unpack(core, scope, error, gossiped) {
  const block = scope.slice(gossiped);
  const whole = scope.take(4);
  const status = core.exports.ol_envelope_unpack(error, 0, 0, whole, block);
  if (status !== 0 && status !== ol_status.OL_ERR_MEMORY) throw core.error(error);
  const len = core.pointer(whole);
  const data = scope.take(len);
  core.check(core.exports.ol_envelope_unpack(error, data, len, whole, block), error);
  return scope.struct('ol_slice', { data, len });
}

/** @param {Core} core @param {ReturnType<Core['scope']>} scope @param {number} at an ol_envelope @returns {Envelope} */
function readEnvelope(core, scope, at) {
  const envelope = core.read('ol_envelope', at);
  const slice = scope.struct('ol_slice');
  return {
    header: readHeader(core, at + core.offsetOf('ol_envelope', 'header'), envelope.hash),
    transactions: Array.from({ length: envelope.transaction_count }, (_, i) => {
      core.exports.ol_envelope_transaction(at, slice, i);
      return core.sliceBytes(core.read('ol_slice', slice));
    }),
    signer: addressText(core, envelope.signer),
    chainId: envelope.chain_id,
    version: envelope.version,
    payloadHash: toHex(envelope.payload_hash),
    signature: toHex(core.bytes(envelope.message.data, OL_ENVELOPE_SIGNATURE)),
  };
}

/**
 * @param {Core} core
 * @param {EnvelopeQuestion} question
 * @returns {Envelope}
 */
export function verifyEnvelope(core, { envelope, version, chainId = OL_CHAIN_ID, signer, now = Date.now(), anyTime = false, compressed = true }) {
  if (!(envelope instanceof Uint8Array)) refuse('an envelope is bytes');
  const scope = core.scope();
  try {
    const error = scope.struct('ol_error');
    const out = scope.struct('ol_envelope');
    const rules = scope.struct('ol_envelope_rules', {
      chain_id: toU64(chainId, 'chainId'),
      signer: addressOf(core, signer),
      now_s: toU64(Math.floor(now / 1000), 'now'),
      any_time: anyTime ? 1 : 0,
    });
    const message = compressed ? unpack(core, scope, error, envelope) : scope.slice(envelope);
    core.check(core.exports.ol_envelope_verify(error, out, rules, message, toU32(version, 'version')), error);
    return readEnvelope(core, scope, out);
  } finally {
    scope.free();
  }
}
