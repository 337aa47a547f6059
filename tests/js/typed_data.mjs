// SPDX-License-Identifier: MIT
// Random typed data documents: the digest of the module is that of viem and of ethers.
//   usage: node typed_data.mjs [COUNT [SEED]]
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TypedDataEncoder } from 'ethers';
import { hashTypedData } from 'viem';
import { built, random } from './support.mjs';

const { Core } = await import(pathToFileURL(join(built, 'core.mjs')).href);
const { instantiate } = await import(pathToFileURL(join(built, 'loader.mjs')).href);
const core = new Core(await instantiate());

const FIELDS = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address', salt: 'bytes32' };
const TEXTS = ['', 'a', 'OpenLedger', '\u0000\n"\\', 'Straße', '\u202e日本', '😀', 'x'.repeat(200)];

/** A document that is made of what `pick` draws. @param {(below: number) => number} pick */
export function documentOf(pick) {
  const hex = (/** @type {number} */ bytes) => `0x${Array.from({ length: bytes }, () => pick(256).toString(16).padStart(2, '0')).join('')}`;
  const text = () => TEXTS[pick(TEXTS.length)];
  /** At the edges as often as between them. @param {number} bits @param {boolean} signed */
  const integer = (bits, signed) => {
    const [least, most] = signed ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
    const between = BigInt(hex(bits / 8)) + least;
    return [least, most, 0n, 1n < most ? 1n : 0n, between, between][pick(6)];
  };
  const atoms = () => ['bool', 'address', 'string', 'bytes', `bytes${1 + pick(32)}`, `uint${8 + 8 * pick(32)}`, `int${8 + 8 * pick(32)}`][pick(7)];
  const count = 1 + pick(3); // deeper than these and their arrays go is refused
  /** @type {Record<string, {name: string, type: string}[]>} */
  const types = {};
  const nameOf = (/** @type {number} */ i) => `${'ZaMbT'[i]}${'_x9'.slice(0, pick(4))}${i}`;
  const names = Array.from({ length: count }, (_, i) => nameOf(i));
  for (let i = count - 1; i >= 0; i--) {
    // Each struct is in the one before it, so that none is left over; others only come later: no circles.
    const kinds = Array.from({ length: 1 + pick(5) }, () => (i + 1 < count && pick(3) === 0 ? names[i + 1 + pick(count - i - 1)] : atoms()));
    if (i + 1 < count) kinds.push(names[i + 1]);
    types[names[i]] = kinds.map((kind, k) => {
      const dimensions = [0, 0, 0, 1, 1, 2, 3][pick(7)];
      return { name: `${'pqr$_'[pick(5)]}${k}`, type: kind + Array.from({ length: dimensions }, () => (pick(2) ? '[]' : `[${1 + pick(2)}]`)).join('') };
    });
  }
  /** @param {string} type @returns {any} */
  const value = (type) => {
    const [, inner, length] = type.match(/^(.*)\[(\d*)\]$/) ?? [];
    if (inner !== undefined) return Array.from({ length: length ? Number(length) : pick(3) }, () => value(inner));
    if (types[type]) return Object.fromEntries(types[type].map((member) => [member.name, value(member.type)]));
    if (type === 'bool') return pick(2) === 1;
    if (type === 'address') return hex(20);
    if (type === 'string') return text();
    if (type === 'bytes') return hex([0, 1, 31, 32, 33, 136, 300][pick(7)]);
    if (type.startsWith('bytes')) return hex(Number(type.slice(5)));
    return integer(Number(type.replace(/\D/g, '')), type.startsWith('int'));
  };
  /** @type {Record<string, any>} */
  const domain = {};
  if (pick(2)) domain.name = text();
  if (pick(2)) domain.version = text() || '1';
  if (pick(2)) domain.chainId = 1 + pick(100000);
  if (pick(2)) domain.verifyingContract = hex(20);
  if (pick(2)) domain.salt = hex(32);
  return { types, primaryType: names[0], domain, message: value(names[0]) };
}

/** As text; integers in each of the forms that they may have. @param {any} document @param {(below: number) => number} pick */
function textOf(document, pick) {
  const EIP712Domain = Object.entries(FIELDS).filter(([name]) => name in document.domain).map(([name, type]) => ({ name, type }));
  const types = pick(2) ? { ...document.types, EIP712Domain } : document.types;
  const text = JSON.stringify({ ...document, types }, (_, value) => {
    if (typeof value !== 'bigint') return value;
    const form = pick(3);
    return form === 0 ? `bare ${value}` : form === 1 && value >= 0n ? `0x${value.toString(16)}` : `${value}`;
  });
  return text.replace(/"bare (-?\d+)"/g, '$1');
}

/** @param {string} text */
function digestOf(text) {
  const scope = core.scope();
  try {
    const [error, out, slice] = [scope.struct('ol_error'), scope.struct('ol_typed_data'), scope.slice(text)];
    const len = 20 * Buffer.byteLength(text) + 20480;
    core.check(core.exports.ol_typed_data_read(error, out, slice, scope.take(len), len), error);
    const told = scope.struct('ol_slice');
    core.check(core.exports.ol_typed_data_explain(error, told, out, scope.take(1 << 20), 1 << 20), error);
    JSON.parse(core.sliceText(core.read('ol_slice', told)));
    return `0x${Buffer.from(core.read('ol_typed_data', out).digest).toString('hex')}`;
  } finally {
    scope.free();
  }
}

/** Throws at the first document of which the digests differ. @param {number} count @param {number} seed */
export function compare(count, seed) {
  const pick = random(seed);
  for (let i = 0; i < count; i++) {
    const document = documentOf(pick);
    const text = textOf(document, pick);
    const [viem, ethers] = [hashTypedData(/** @type {any} */ (document)), TypedDataEncoder.hash(document.domain, document.types, document.message)];
    if (viem !== ethers) throw new Error(`viem and ethers differ: ${text}`);
    const own = digestOf(text);
    if (own !== viem) throw new Error(`document ${i} of seed ${seed}: ${own}, not ${viem}: ${text}`);
  }
  return count;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 10000, seed = 1] = process.argv.slice(2).map(Number);
  console.log(`${compare(count, seed)} documents of seed ${seed}: the digests are those of viem and ethers`);
}
