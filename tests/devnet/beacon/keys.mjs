// SPDX-License-Identifier: MIT
// Validators' keys, and signatures of many of them at once: the secret keys are known, so their sum signs as they
// all would. Also points that are on the curves and outside of the groups, for liars.
import blst from '@chainsafe/blst';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bytesOf, toBigInt } from './random.mjs';

/** Order of the groups. */
const R = bls12_381.fields.Fr.ORDER;
const P = bls12_381.fields.Fp.ORDER;
const { Fp, Fp2 } = bls12_381.fields;
const G1 = bls12_381.G1.Point;
const G2 = bls12_381.G2.Point;

/** @typedef {{ secret: bigint, pubkey: Uint8Array }} Key */

const bytes32 = (/** @type {bigint} */ value) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

/** The key of a validator. @param {string} seed @param {number} index @returns {Key} */
export function keyOf(seed, index) {
  const secret = (toBigInt(bytesOf(seed, 'validator', index)) % (R - 1n)) + 1n;
  return { secret, pubkey: blst.SecretKey.fromBytes(bytes32(secret)).toPublicKey().toBytes() };
}

/** @param {Uint8Array[]} pubkeys in the group @returns {Uint8Array} */
export const sumOfPubkeys = (pubkeys) => blst.aggregateSerializedPublicKeys(pubkeys).toBytes();

/** The signature of no one. */
export const infinity = () => Uint8Array.from({ length: 96 }, (_, i) => (i === 0 ? 0xc0 : 0));

/** What the holders of these secrets sign together. @param {bigint[]} secrets @param {Uint8Array} message */
export function signTogether(secrets, message) {
  const sum = secrets.reduce((one, other) => (one + other) % R, 0n);
  return sum === 0n ? infinity() : blst.SecretKey.fromBytes(bytes32(sum)).sign(message).toBytes();
}

// --- Points outside of the groups; the library writes and reads only those inside ---

const isLarge = (/** @type {bigint} */ y) => y > (P - 1n) / 2n;
const bytes48 = (/** @type {bigint} */ value) => Buffer.from(value.toString(16).padStart(96, '0'), 'hex');

/** @param {InstanceType<typeof G1>} point */
function compressG1(point) {
  const { x, y } = point.toAffine();
  const bytes = new Uint8Array(bytes48(x));
  bytes[0] |= isLarge(y) ? 0xa0 : 0x80;
  return bytes;
}

/** @param {InstanceType<typeof G2>} point */
function compressG2(point) {
  const { x, y } = point.toAffine();
  const bytes = new Uint8Array(Buffer.concat([bytes48(x.c1), bytes48(x.c0)]));
  bytes[0] |= isLarge(y.c1 === 0n ? y.c0 : y.c1) ? 0xa0 : 0x80;
  return bytes;
}

/** @param {any} point @param {bigint} factor of any size */
function times(point, factor) {
  let sum;
  for (const bit of factor.toString(2)) {
    if (sum) sum = sum.double();
    if (bit === '1') sum = sum ? sum.add(point) : point;
  }
  return sum;
}

/** A point of G1's curve whose order is 3. */
const strayG1 = () => G1.fromAffine({ x: 0n, y: 2n });

/** @type {InstanceType<typeof G2> | undefined} */
let strayG2Cache;

/** A point of G2's curve whose order is 13, the smallest prime of the cofactor; its square divides that too. */
function strayG2() {
  const rest = (G2.CURVE().h / 169n) * R;
  for (let i = 1n; !strayG2Cache; i++) {
    const x = Fp2.create({ c0: i, c1: 0n });
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.create({ c0: 4n, c1: 4n }));
    let y;
    try {
      y = Fp2.sqrt(square);
    } catch {
      continue; // not a square
    }
    let point = times(G2.fromAffine({ x, y }), rest);
    if (!times(point, 13n).is0()) point = times(point, 13n);
    if (!point.is0()) strayG2Cache = point;
  }
  return strayG2Cache;
}

/** The key moved out of the group. @param {Uint8Array} pubkey @param {boolean} [backwards] by the opposite point */
export function movedOutG1(pubkey, backwards = false) {
  const stray = backwards ? strayG1().negate() : strayG1();
  return compressG1(G1.fromBytes(pubkey).add(stray));
}

/** The signature moved out of the group. @param {Uint8Array} signature @param {boolean} [backwards] by the opposite point */
export function movedOutG2(signature, backwards = false) {
  const stray = backwards ? strayG2().negate() : strayG2();
  return compressG2(G2.fromBytes(signature).add(stray));
}

/** A key's x with a y that is not on the curve. */
export function offCurveG1() {
  let x = 1n;
  while (Fp.eql(Fp.pow(Fp.create(x ** 3n + 4n), (P - 1n) / 2n), 1n)) x++;
  const bytes = new Uint8Array(bytes48(x));
  bytes[0] |= 0x80;
  return bytes;
}
