// SPDX-License-Identifier: MIT
// The receipt: its fields, digest, signature, file (5.1, 5.2), the head of a stream (5.4), and equivocation (6).
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { H, Reader, cat, demand, toNumber, u } from './bytes.mjs';

/** Names and types, in order. @type {[string, string][]} */
export const FIELDS = [['version', 'uint32'], ['flags', 'uint32'], ['clientNonce', 'bytes32'], ['payer', 'address'], ['requestSha256', 'bytes32'],
  ['responseSha256', 'bytes32'], ['streamHead', 'bytes32'], ['responseBytes', 'uint64'], ['modelId', 'bytes32'], ['adapterId', 'bytes32'],
  ['runId', 'bytes32'], ['corpusId', 'bytes32'], ['gradientId', 'bytes32'], ['policyId', 'bytes32'], ['evidenceHash', 'bytes32'],
  ['influenceHash', 'bytes32'], ['splitRoot', 'bytes32'], ['totalWeight', 'uint128'], ['contributors', 'uint32'], ['payToken', 'address'],
  ['fee', 'uint128'], ['contributorPool', 'uint128'], ['servedAt', 'uint64'], ['sequence', 'uint64'], ['previous', 'bytes32']];

/**
 * @typedef {Record<string, any>} Fields numbers are BigInt, the rest bytes
 * @typedef {{ chainId: bigint, registry: Uint8Array }} Domain
 * @typedef {{ domain: Domain, fields: Fields, signature: Buffer }} Signed
 */

const sizeOf = (/** @type {string} */ type) => (type === 'address' ? 20 : type === 'bytes32' ? 32 : Number(type.slice(4)) / 8);
const isNumber = (/** @type {string} */ type) => type.startsWith('uint');
const pad32 = (/** @type {Uint8Array} */ bytes) => cat(Buffer.alloc(32 - bytes.length), bytes);

/** A field in as many bytes as its type has. @param {Fields} fields @param {[string, string]} field */
const bytesOf = (fields, [name, type]) => (isNumber(type) ? u(fields[name], sizeOf(type)) : fields[name]);

/** @param {Domain} domain */
const domainHash = ({ chainId, registry }) => H(H('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'),
  H('AttributionReceipt'), H('1'), u(chainId, 32), pad32(registry));

/** @param {Domain} domain @param {Fields} fields */
export function digestOf(domain, fields) {
  const type = `AttributionReceipt(${FIELDS.map(([name, kind]) => `${kind} ${name}`).join(',')})`;
  return H('\x19\x01', domainHash(domain), H(H(type), ...FIELDS.map((field) => pad32(bytesOf(fields, field)))));
}

/** @param {Domain} domain @param {Fields} fields @param {Uint8Array} key */
export function sign(domain, fields, key) {
  const signature = secp256k1.sign(digestOf(domain, fields), key, { prehash: false, format: 'recovered', lowS: true });
  return cat(signature.subarray(1), u(27 + signature[0], 1));
}

/** @param {Uint8Array} publicKey 65 bytes */
const addressOf = (publicKey) => H(publicKey.subarray(1)).subarray(12);
/** @param {Uint8Array} key */
export const addressOfKey = (key) => addressOf(secp256k1.getPublicKey(key, false));

/** @param {Signed} receipt @returns {Buffer} address */
export function signerOf({ domain, fields, signature }) {
  const order = secp256k1.Point.Fn.ORDER;
  const [r, s, v] = [toNumber(signature.subarray(0, 32)), toNumber(signature.subarray(32, 64)), signature[64]];
  demand('signature', v === 27 || v === 28, 'v');
  demand('signature', r > 0n && r < order && s > 0n && s <= order / 2n, 'r or s');
  let key;
  try {
    key = new secp256k1.Signature(r, s, v - 27).recoverPublicKey(digestOf(domain, fields));
  } catch {
    demand('signature', false, 'of no key');
  }
  return addressOf(/** @type {any} */ (key).toBytes(false));
}

/** @param {Signed} receipt */
export const writeReceipt = ({ domain, fields, signature }) => cat('ATRR', u(1, 1), u(domain.chainId, 8), domain.registry,
  ...FIELDS.map((field) => bytesOf(fields, field)), signature);

/** @param {Uint8Array} file ATRR @returns {Signed} */
export function readReceipt(file) {
  const r = new Reader(file);
  r.begin('ATRR');
  const domain = { chainId: r.u(8), registry: r.take(20) };
  const fields = Object.fromEntries(FIELDS.map(([name, type]) => [name, isNumber(type) ? r.u(sizeOf(type)) : r.take(sizeOf(type))]));
  const signature = r.take(65);
  r.end();
  demand('version', fields.version === 1n, 'of the receipt');
  return { domain, fields, signature };
}

/** As JSON has it. @param {Signed} receipt */
export function toJson({ domain, fields, signature }) {
  const text = (/** @type {Uint8Array} */ bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
  const values = FIELDS.map(([name, type]) => [name, !isNumber(type) ? text(fields[name]) : type === 'uint32' ? Number(fields[name]) : String(fields[name])]);
  return { ...Object.fromEntries(values), chainId: String(domain.chainId), registry: text(domain.registry), signature: text(signature) };
}

/**
 * Heads of a stream, the first before any piece.
 * @param {Fields} fields @param {Uint8Array[]} pieces @returns {Buffer[]}
 */
export function headsOf({ clientNonce, requestSha256, modelId, adapterId }, pieces) {
  let head = H('ATR1.stream', clientNonce, requestSha256, modelId, adapterId);
  return [head, ...pieces.map((piece) => {
    demand('stream', piece.length > 0, 'an empty piece');
    head = H(head, u(piece.length, 4), piece);
    return head;
  })];
}

/** The head of an answer that came in pieces; as one where they are not known. @param {Fields} fields @param {Uint8Array} R @param {Uint8Array[]} [pieces] */
export const headOf = (fields, R, pieces = R.length ? [R] : []) => /** @type {Buffer} */ (headsOf(fields, pieces).at(-1));

/** @param {Uint8Array} first ATRR @param {Uint8Array} second */
export const writeEquivocation = (first, second) => cat('ATRQ', u(1, 1), first, second);

/**
 * Whose equivocation a file proves. One that proves none is refused for 'equivocation'.
 * @param {Uint8Array} file ATRQ
 */
export function readEquivocation(file) {
  const r = new Reader(file);
  r.begin('ATRQ');
  const [first, second] = [readReceipt(r.take(670)), readReceipt(r.take(670))];
  r.end();
  demand('equivocation', first.domain.chainId === second.domain.chainId && Buffer.compare(first.domain.registry, second.domain.registry) === 0, 'two domains');
  const [signer, other] = [signerOf(first), signerOf(second)];
  demand('equivocation', Buffer.compare(signer, other) === 0, 'two signers');
  const [a, b] = [first, second].map(({ domain, fields }) => ({ digest: digestOf(domain, fields), sequence: fields.sequence, previous: fields.previous }));
  const same = a.sequence === b.sequence && Buffer.compare(a.digest, b.digest) !== 0;
  const follows = b.sequence === a.sequence + 1n && Buffer.compare(b.previous, a.digest) !== 0;
  demand('equivocation', same || follows, 'they may stand side by side');
  return { signer, sequence: b.sequence };
}

