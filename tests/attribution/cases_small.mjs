// SPDX-License-Identifier: MIT
// Vectors of all that is not evidence, a refutation or a verdict.
import { REASONS, cat, int16s, reasonOf, u } from './bytes.mjs';
import { corpusOf } from './corpus.mjs';
import { gradientId, gradientRoot, influenceHash, influenceOf, readTable, writeGradientHeader, writeTable } from './influence.mjs';
import { policyId, readPolicy, writePolicy } from './policy.mjs';
import { POLICY, drawer, hash32, person, textOf, textsOf } from './random.mjs';
import { FIELDS, digestOf, headsOf, readEquivocation, readReceipt, sign, signerOf, toJson, writeEquivocation, writeReceipt } from './receipt.mjs';
import { addSplits, batchTree, combine, divide, readShare, readSplit, splitRoot, verifyBatch, writeShare, writeSplit } from './split.mjs';
import { Tree, multiproofRoot, nodeBytes, pathRoot, rangeRoot, readNode } from './trees.mjs';
import { Reader } from './bytes.mjs';

const text = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('hex');
const flip = (/** @type {Uint8Array} */ bytes, at = 0) => {
  const copy = Buffer.from(bytes);
  copy[at] ^= 1;
  return copy;
};
const reason = (/** @type {() => void} */ what) => {
  const name = reasonOf(what);
  return { reason: name, code: REASONS.indexOf(name) };
};

/** @param {string} tag @param {Uint8Array} bytes */
function readNodes(tag, bytes) {
  const reader = new Reader(bytes);
  const nodes = [];
  while (reader.at < reader.bytes.length) nodes.push(readNode(tag, reader));
  return nodes;
}


const KINDS = ['TEXT', 'SUFX', 'FRST', 'DOCS', 'GRAD', 'SPLT', 'BTCH'];
const payloadOf = (/** @type {string} */ tag, /** @type {number} */ i, /** @type {number} */ count) => ({
  TEXT: Buffer.from(`chunk ${i}`), SUFX: cat(u(i, 8), u(i + 1, 8), u(2, 1), 'ab'), FRST: u((i * 7) % count, 8), DOCS: cat(person(i), u(i, 8), u(2 * i, 8), u(1, 8), hash32('l')),
  GRAD: cat(person(i), u(i, 8), int16s([i, -i])), SPLT: cat(person(i), u(i, 8), u(i, 16), u(1000 * i + 1, 16)), BTCH: hash32(`digest ${i}`),
}[tag]);

export function treeCases() {
  const cases = [];
  for (const [kind, tag] of KINDS.entries()) {
    for (const count of [0, 1, 2, 3, 5, 8, 13]) {
      const payloads = Array.from({ length: count }, (_, i) => /** @type {Buffer} */ (payloadOf(tag, i, count)));
      const tree = new Tree(tag, payloads);
      const root = text(tree.root);
      if (count < 6 || tag === 'SPLT') cases.push({ what: 'root', tag, kind, payloads: payloads.map(text), root, annotation: String(tree.top.a) });
      if (count < 5 || (tag !== 'TEXT' && tag !== 'SPLT' && tag !== 'FRST')) continue;
      const index = count - 1 - (kind % 3);
      const path = cat(...tree.path(BigInt(index)).map((node) => nodeBytes(tag, node)));
      const add = (/** @type {Uint8Array} */ bytes, /** @type {number} */ at, /** @type {number} */ leaves) => {
        let out = '';
        const refused = reasonOf(() => { out = text(pathRoot(tag, BigInt(at), BigInt(leaves), payloads[index], readNodes(tag, bytes))); });
        cases.push({ what: 'path', tag, kind, index: at, count: leaves, payload: text(payloads[index]), path: text(bytes), root: out, refused: refused !== '' });
      };
      add(path, index, count);
      add(cat(path, path.subarray(0, tag === 'TEXT' ? 32 : tag === 'FRST' ? 40 : 48)), index, count);
      add(path.subarray(tag === 'TEXT' ? 32 : tag === 'FRST' ? 40 : 48), index, count);
      add(path, count, count);
      add(path, index, count + 1);
    }
  }
  const draw = drawer(7);
  for (let i = 0; i < 24; i++) {
    const tag = ['TEXT', 'SUFX', 'DOCS'][i % 3];
    const count = 1 + draw(40);
    const payloads = Array.from({ length: count }, (_, k) => /** @type {Buffer} */ (payloadOf(tag, k, count)));
    const tree = new Tree(tag, payloads);
    const indices = payloads.map((_, k) => BigInt(k)).filter(() => draw(6) === 0);
    const siblings = tree.multiproof(indices);
    const given = i % 6 === 4 ? siblings.slice(1) : i % 6 === 5 ? [...siblings, siblings[0] ?? tree.top] : siblings;
    let root = '';
    const refused = reasonOf(() => { root = text(multiproofRoot(tag, BigInt(count), indices.map((index) => ({ index, payload: payloads[Number(index)] })), given)); });
    cases.push({ what: 'multiproof', tag, kind: KINDS.indexOf(tag), count, indices: indices.map(Number), payloads: indices.map((index) => text(payloads[Number(index)])),
      siblings: text(cat(...given.map(({ hash }) => hash))), root, refused: refused !== '' });
  }
  for (let i = 0; i < 24; i++) {
    const count = 1 + draw(60);
    const payloads = Array.from({ length: count }, () => u(draw(1000), 8));
    const tree = new Tree('FRST', payloads);
    const ranges = Array.from({ length: 1 + draw(3) }, () => {
      const lo = draw(count);
      return { lo: BigInt(lo), hi: BigInt(lo + 1 + draw(count - lo)) };
    });
    const nodes = tree.rangeProof(ranges);
    const given = i % 6 === 4 ? nodes.slice(1) : i % 6 === 5 ? [...nodes, nodes[0]] : nodes;
    let result = { root: Buffer.alloc(0), minima: /** @type {bigint[]} */ ([]) };
    const refused = reasonOf(() => { result = rangeRoot(BigInt(count), ranges, given); });
    if (refused === '') {
      const wanted = ranges.map(({ lo, hi }) => payloads.slice(Number(lo), Number(hi)).map((bytes) => bytes.readBigUInt64BE()).reduce((a, b) => (a < b ? a : b)));
      if (String(wanted) !== String(result.minima)) throw new Error('a minimum is not the minimum');
    }
    cases.push({ what: 'range', tag: 'FRST', kind: 2, count, ranges: ranges.map(({ lo, hi }) => [Number(lo), Number(hi)]), nodes: text(cat(...given.map((node) => nodeBytes('FRST', node)))),
      root: text(result.root), minima: result.minima.map(Number), refused: refused !== '' });
  }
  return cases;
}

export function policyCases() {
  const add = (/** @type {string} */ name, /** @type {Uint8Array} */ bytes) => {
    let fields = {};
    const why = reason(() => {
      const { sink, priceIn, priceOut, ...rest } = readPolicy(bytes);
      fields = { ...rest, priceIn: String(priceIn), priceOut: String(priceOut), sink: text(sink) };
    });
    return { name, bytes: text(bytes), ...why, id: why.code ? '' : text(policyId(bytes)), fields };
  };
  const good = writePolicy(POLICY);
  const at = (/** @type {number} */ offset, /** @type {Uint8Array} */ bytes) => cat(good.subarray(0, offset), bytes, good.subarray(offset + bytes.length));
  const of = (/** @type {Partial<import('./policy.mjs').Policy>} */ change) => writePolicy({ ...POLICY, ...change });
  return [
    add('earliest', good),
    add('occurrence', of({ ownerRule: 1, maxCount: 64 })),
    add('clipping by datanet', of({ clipping: 1, influence: 10000 })),
    add('the largest numbers', of({ K: 4096, maxCount: 2 ** 31 - 1, priceIn: 2n ** 128n - 1n, priceOut: 2n ** 128n - 1n, influence: 9999 })),
    add('the smallest numbers', of({ K: 8, maxCount: 1, priceIn: 0n, priceOut: 0n, platform: 0, model: 0, stakers: 0, contributors: 10000 })),
    add('nothing for contributors', of({ platform: 10000, model: 0, stakers: 0, contributors: 0 })),
    add('version 0', at(0, u(0, 1))),
    add('version 2', at(0, u(2, 1))),
    add('no such owner rule', at(1, u(2, 1))),
    add('no such clipping', at(2, u(2, 1))),
    add('byte 3 is not zero', at(3, u(1, 1))),
    add('K = 7', of({ K: 7 })),
    add('K = 4,097', of({ K: 4097 })),
    add('byte 7 is not zero', at(7, u(1, 1))),
    add('maxCount = 0', of({ maxCount: 0 })),
    add('maxCount = 2^31', of({ maxCount: 2 ** 31 })),
    add('occurrence, maxCount = 65', of({ ownerRule: 1, maxCount: 65 })),
    add('shares that are less', of({ model: 2999 })),
    add('shares that are more', of({ model: 3001 })),
    add('shares that are right modulo 2^16', of({ platform: 60000, model: 15536, stakers: 0, contributors: 0 })),
    add('influence = 10,001', of({ influence: 10001 })),
    add('byte 55 is not zero', at(55, u(1, 1))),
    add('cut', good.subarray(0, 75)),
    add('too long', cat(good, u(0, 1))),
  ];
}

export function corpusCases() {
  const alphabets = [['a', 'b'], [...'abc '], ['ä', 'b', '€', '𝄞']];
  const worlds = [textsOf(['']), textsOf(['a']), textsOf(['', '', '']), textsOf(['banana', 'bandana', 'ananas']), textsOf(['a'.repeat(130)])];
  for (let i = 0; i < 9; i++) {
    const draw = drawer(40 + i);
    worlds.push(textsOf(Array.from({ length: 1 + draw(4) }, () => textOf(draw, alphabets[i % 3], draw(50)).toString())));
  }
  return worlds.map((texts, i) => {
    const corpus = corpusOf(texts, BigInt(i));
    return { epoch: i, documents: texts.map((each) => ({ contributor: text(each.contributor), datanet: Number(each.datanet), licence: text(each.licence), text: text(each.text) })),
      SA: corpus.SA.map(Number), Psi: corpus.Psi.map((rank) => (rank >= corpus.n ? -1 : Number(rank))), header: text(corpus.headerBytes), id: text(corpus.id) };
  });
}

/** @typedef {import('./influence.mjs').Row} Row */

/** A table of datanets with so many contributors behind the payout row. @param {import('./random.mjs').Draw} draw @param {number} d @param {number[]} groups */
export function tableOf(draw, d, groups) {
  const X = () => Array.from({ length: d }, () => draw(2001) - 1000);
  /** @type {Row[]} */
  const rows = groups.flatMap((size, k) => {
    const people = Array.from({ length: size }, (_, i) => person(10 * k + i)).sort(Buffer.compare);
    return [person(90 + k), ...people].map((contributor) => ({ contributor, datanet: BigInt(3 * k + 1), X: X() }));
  });
  return { rows, d };
}
const headerOf = (/** @type {Row[]} */ rows, /** @type {number} */ d, change = {}) => writeGradientHeader({ adapterId: hash32('adapter'), seed: hash32('seed'), d,
  scale: 65536, root: gradientRoot(rows), rows: rows.length, ...change });

export function influenceCases() {
  /** @type {any[]} */
  const cases = [];
  const add = (/** @type {string} */ name, /** @type {Uint8Array} */ table, /** @type {Uint8Array} */ v) => {
    for (const clipping of name.startsWith('table') ? [0, 1] : [0]) {
      const vector = { name, table: text(table), v: text(v), clipping, id: '', hash: '', scores: /** @type {number[]} */ ([]), weights: /** @type {any[]} */ ([]) };
      const why = reason(() => {
        const read = readTable(table);
        const { scores, weights } = influenceOf(read, clipping, v);
        vector.id = text(read.id);
        vector.hash = text(influenceHash(gradientId(read.headerBytes), v));
        vector.scores = scores.map(Number);
        vector.weights = weights.map(({ contributor, datanet, weight }) => ({ contributor: text(contributor), datanet: Number(datanet), weight: Number(weight) }));
      });
      cases.push({ ...vector, ...why });
    }
  };
  const draw = drawer(5);
  const vOf = (/** @type {number} */ d) => int16s(Array.from({ length: d }, () => draw(65536) - 32768));
  for (const [i, groups] of [[0], [1], [3], [2, 0, 4], [1, 2, 3, 4], []].entries()) {
    const { rows, d } = tableOf(draw, [1, 2, 3, 8, 5, 4][i], groups);
    add(`table ${i}`, writeTable(headerOf(rows, d), rows), vOf(d));
  }
  const extreme = [person(1), person(2)].map((contributor, i) => ({ contributor, datanet: BigInt(i), X: [-32768, 32767, -32768] }));
  add('table of the largest numbers', writeTable(headerOf(extreme, 3), extreme), int16s([-32768, 32767, -32768]));
  add('table of the least numbers', writeTable(headerOf(extreme, 3), extreme), int16s([32767, -32768, 32767]));

  const { rows, d } = tableOf(drawer(6), 2, [2, 2]);
  const good = writeTable(headerOf(rows, d), rows);
  const v = vOf(d);
  const of = (/** @type {Row[]} */ list) => writeTable(headerOf(list, d), list);
  const [p, a, b, q, x, y] = rows;
  add('another kind of file', flip(good), v);
  add('version 2', cat('ATRG', u(2, 1), good.subarray(5)), v);
  add('cut', good.subarray(0, -1), v);
  add('too long', cat(good, u(0, 1)), v);
  add('d = 0', writeTable(headerOf([], 0), []), Buffer.alloc(0));
  add('d = 4,097', writeTable(headerOf([], 4097), []), Buffer.alloc(2 * 4097));
  add('65,537 rows', writeTable(headerOf([], 2, { rows: 65537 }), []), v);
  add('v too short', good, v.subarray(2));
  add('v too long', good, cat(v, u(0, 2)));
  add('rows of a datanet out of order', of([p, b, a, q, x, y]), v);
  add('a row twice', of([p, a, a, q, x, y]), v);
  add('the payout address again', of([p, { ...a, contributor: p.contributor }, q, x, y]), v);
  add('a payout address again behind others', of([{ ...p, contributor: b.contributor }, a, b, q, x, y]), v);
  add('datanets out of order', of([q, x, y, p, a, b]), v);
  add('a datanet in two groups', of([p, a, q, x, { ...y, datanet: p.datanet }]), v);
  add('another number', flip(good, good.length - 1), v);
  add('another contributor', flip(good, 111), v);
  add('another root', flip(good, 5 + 70), v);
  return cases;
}

export function streamCases() {
  const draw = drawer(9);
  return Array.from({ length: 6 }, (_, i) => {
    const fields = { clientNonce: hash32(`nonce ${i}`), requestSha256: hash32(`request ${i}`), modelId: hash32('model'), adapterId: hash32(`adapter ${i}`) };
    const pieces = Array.from({ length: i }, () => textOf(draw, ['a', 'ä', ' ', '€'], 1 + draw(30)));
    return { ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, text(value)])), pieces: pieces.map(text), heads: headsOf(fields, pieces).map(text) };
  });
}

export function splitCases() {
  /** @type {any[]} */
  const cases = [];
  const weight = (/** @type {number} */ who, /** @type {number} */ datanet, /** @type {bigint} */ value) => ({ contributor: person(who), datanet: BigInt(datanet), weight: value });
  /** @typedef {ReturnType<typeof weight>} Weight */
  const byKey = (/** @type {Weight[]} */ list) => list.sort((x, y) => Buffer.compare(cat(x.contributor, u(x.datanet, 8)), cat(y.contributor, u(y.datanet, 8))));
  const json = (/** @type {Weight[]} */ list) => list.map((row) => ({ contributor: text(row.contributor), datanet: Number(row.datanet), weight: String(row.weight) }));
  const add = (/** @type {string} */ name, /** @type {Weight[]} */ S, /** @type {Weight[]} */ I, /** @type {number} */ influence, /** @type {bigint} */ pool) => {
    const vector = { name, S: json(byKey(S)), I: json(byKey(I)), influence, pool: String(pool), file: '', totalWeight: '', dust: '', root: '' };
    const why = reason(() => {
      const { rows, totalWeight, dust } = divide(combine(S, I, influence), pool);
      Object.assign(vector, { file: text(writeSplit(rows)), totalWeight: String(totalWeight), dust: String(dust), root: text(splitRoot(rows)) });
    });
    cases.push({ ...vector, ...why });
  };
  const S = [weight(1, 1, 500n), weight(2, 1, 300n), weight(2, 2, 7n), weight(3, 1, 1n)];
  const I = [weight(2, 1, 90000n), weight(4, 1, 5n)];
  for (const b of [0, 1, 2500, 5000, 9999, 10000]) add(`both, ${b}`, S, I, b, 1000003n);
  for (const b of [0, 2500, 10000]) {
    add(`no influence, ${b}`, S, [], b, 10n ** 18n);
    add(`no spans, ${b}`, [], I, b, 10n ** 18n);
    add(`neither, ${b}`, [], [], b, 10n ** 18n);
  }
  add('an empty pool', S, I, 5000, 0n);
  add('a pool that is too small for all', S, I, 0, 3n);
  add('the largest pool', [weight(1, 1, 2n ** 127n), weight(2, 1, 2n ** 127n - 1n)], [], 0, 2n ** 128n - 1n);
  add('one weight of 2^128 - 1', [weight(1, 1, 2n ** 128n - 1n)], [], 0, 2n ** 128n - 1n);
  add('a sum of 2^128', [weight(1, 1, 2n ** 127n), weight(2, 1, 2n ** 127n)], [], 0, 1n);
  add('a product of more than 2^128', [weight(1, 1, 2n ** 64n)], [weight(1, 1, 2n ** 64n)], 5000, 1n);
  add('products below 2^128 and a sum above', [weight(1, 1, 2n ** 58n), weight(2, 1, 2n ** 58n)], [weight(1, 1, 2n ** 57n), weight(2, 1, 2n ** 57n)], 5000, 1n);
  const draw = drawer(11);
  for (let i = 0; i < 8; i++) {
    const list = () => [...new Map(Array.from({ length: draw(9) }, () => weight(draw(6), draw(3), BigInt(1 + draw(1e9)))).map((row) => [`${text(row.contributor)} ${row.datanet}`, row])).values()];
    add(`random ${i}`, list(), list(), draw(10001), BigInt(draw(1e9)) * 10n ** BigInt(draw(20)));
  }
  return cases;
}

/** Rows that a case of splits has. @param {number} count */
const rowsOf = (count) => divide(Array.from({ length: count }, (_, i) => ({ contributor: person(i), datanet: BigInt(i % 3), weight: BigInt(1 + i * i) }))
  .sort((x, y) => Buffer.compare(x.contributor, y.contributor)), 10n ** 20n).rows;

export function shareCases() {
  /** @type {any[]} */
  const shares = [];
  const add = (/** @type {string} */ name, /** @type {Uint8Array} */ file) => shares.push({ name, file: text(file), ...reason(() => readShare(file)) });
  for (const [count, index] of [[1, 0], [2, 1], [3, 2], [5, 4], [7, 3], [20, 19]]) add(`row ${index} of ${count}`, writeShare(rowsOf(count), index));
  const good = writeShare(rowsOf(5), 2);
  const at = (/** @type {number} */ offset, /** @type {Uint8Array} */ bytes) => cat(good.subarray(0, offset), bytes, good.subarray(offset + bytes.length));
  add('another amount', flip(good, 21 + 59));
  add('another sum beside', flip(good, 82 + 15));
  add('another root', flip(good, good.length - 1));
  add('another index', at(5, u(3, 8)));
  add('an index behind the end', at(5, u(5, 8)));
  add('another number of rows', at(13, u(6, 8)));
  add('a sum that overflows', at(82, Buffer.alloc(16, 0xff)));
  add('a level less', cat(good.subarray(0, 81), u(good[81] - 1, 1), good.subarray(82, 82 + 48 * (good[81] - 1)), good.subarray(-32)));
  add('a level more', cat(good.subarray(0, 81), u(good[81] + 1, 1), good.subarray(82, -32), good.subarray(82, 82 + 48), good.subarray(-32)));
  add('version 2', cat('ATRP', u(2, 1), good.subarray(5)));
  add('another kind of file', flip(good));
  add('cut', good.subarray(0, -1));
  add('too long', cat(good, u(0, 1)));
  const files = [];
  const split = writeSplit(rowsOf(4));
  const read = (/** @type {string} */ name, /** @type {Uint8Array} */ file) => files.push({ name, file: text(file), ...reason(() => readSplit(file)) });
  read('rows', split);
  read('no rows', writeSplit([]));
  read('rows out of order', writeSplit(rowsOf(4).reverse()));
  read('a row twice', writeSplit([rowsOf(1)[0], rowsOf(1)[0]]));
  read('version 2', cat('ATRS', u(2, 1), split.subarray(5)));
  read('another kind of file', flip(split));
  read('cut', split.subarray(0, -1));
  read('too long', cat(split, u(0, 1)));
  const sums = [[rowsOf(3), rowsOf(5)], [rowsOf(1), rowsOf(1), rowsOf(6), []], []].map((splits) => {
    const sum = addSplits(splits);
    return { splits: splits.map((rows) => text(writeSplit(rows))), sum: text(writeSplit(sum)), root: text(splitRoot(sum)) };
  });
  return { shares, files, sums };
}

export const KEY = hash32('key of a node');
export const DOMAIN = { chainId: 1612n, registry: person(500) };

/** Fields of a receipt that has nothing behind it. @param {string} seed @param {Record<string, any>} [change] */
export const fieldsOf = (seed, change = {}) => ({
  ...Object.fromEntries(FIELDS.map(([name, type]) => [name, type === 'bytes32' ? hash32(`${seed} ${name}`) : type === 'address' ? hash32(`${seed} ${name}`).subarray(12)
    : hash32(`${seed} ${name}`).readUIntBE(0, Number(type.slice(4)) >= 64 ? 6 : 4)]).map(([name, value]) => [name, typeof value === 'number' ? BigInt(value) : value])),
  version: 1n, ...change,
});

export function receiptCases() {
  /** @type {any[]} */
  const cases = [];
  const add = (/** @type {string} */ name, /** @type {Uint8Array} */ file) => {
    /** @type {Record<string, any>} */
    const vector = { name, file: text(file), digest: '', signer: '', json: null };
    const why = reason(() => {
      const read = readReceipt(file);
      vector.digest = text(digestOf(read.domain, read.fields));
      vector.json = toJson(read);
      vector.signer = text(signerOf(read));
    });
    cases.push({ ...vector, ...why });
  };
  const signed = (/** @type {string} */ seed, change = {}, domain = DOMAIN, key = KEY) => {
    const fields = fieldsOf(seed, change);
    return writeReceipt({ domain, fields, signature: sign(domain, fields, key) });
  };
  for (let i = 0; i < 6; i++) add(`receipt ${i}`, signed(`receipt ${i}`, {}, i % 2 ? { chainId: 1n, registry: person(i) } : DOMAIN, hash32(`key ${i % 3}`)));
  add('the largest numbers', signed('large', { flags: 2n ** 32n - 1n, totalWeight: 2n ** 128n - 1n, fee: 2n ** 128n - 1n, contributorPool: 2n ** 128n - 1n, servedAt: 2n ** 64n - 1n,
    sequence: 2n ** 64n - 1n, contributors: 2n ** 32n - 1n, responseBytes: 2n ** 64n - 1n }));
  const good = signed('receipt');
  const end = good.length;
  add('another signature', flip(good, end - 34));
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = BigInt(`0x${text(good.subarray(end - 33, end - 1))}`);
  const v = (/** @type {number} */ value) => cat(good.subarray(0, end - 1), u(value, 1));
  add('the other s', cat(good.subarray(0, end - 33), u(order - s, 32), u(good[end - 1] ^ 7, 1)));
  add('s of half of the order and one', cat(good.subarray(0, end - 33), u(order / 2n + 1n, 32), good.subarray(end - 1)));
  add('s = 0', cat(good.subarray(0, end - 33), u(0, 32), good.subarray(end - 1)));
  add('r = 0', cat(good.subarray(0, end - 65), u(0, 32), good.subarray(end - 33)));
  add('r of the order', cat(good.subarray(0, end - 65), u(order, 32), good.subarray(end - 33)));
  add('r of no point', cat(good.subarray(0, end - 65), u(5, 32), good.subarray(end - 33)));
  add('v = 0', v(0));
  add('v = 1', v(1));
  add('v = 29', v(29));
  add('version 2 of the file', cat('ATRR', u(2, 1), good.subarray(5)));
  add('version 2 of the receipt', signed('receipt', { version: 2n }));
  add('another kind of file', flip(good));
  add('cut', good.subarray(0, -1));
  add('too long', cat(good, u(0, 1)));
  return cases;
}

export function batchCases() {
  const cases = [];
  for (const count of [1, 2, 3, 6, 9]) {
    const digests = Array.from({ length: count }, (_, i) => hash32(`digest ${i}`));
    const tree = batchTree(digests);
    const index = (count * 2) % count || count - 1;
    const good = { batchId: BigInt(count), root: tree.root, leaves: BigInt(count), index: BigInt(index), path: tree.path(BigInt(index)).map(({ hash }) => hash) };
    const add = (/** @type {string} */ name, /** @type {import('./split.mjs').BatchProof} */ proof, digest = digests[index]) => cases.push({ name: `${name}, ${count}`, root: text(proof.root),
      leaves: Number(proof.leaves), index: Number(proof.index), path: proof.path.map(text), digest: text(digest), ...reason(() => verifyBatch(proof, digest)) });
    add('a batch', good);
    add('another digest', good, hash32('another'));
    add('another root', { ...good, root: flip(good.root) });
    add('an index behind the end', { ...good, index: good.leaves });
    add('another number of leaves', { ...good, leaves: good.leaves + 1n });
    add('a sibling left', { ...good, path: [...good.path, hash32('x')] });
    if (count > 1) add('another sibling', { ...good, path: [flip(good.path[0]), ...good.path.slice(1)] });
    if (count > 1) add('another index', { ...good, index: good.index - 1n });
  }
  return { cases, roots: [0, 1, 4].map((count) => {
    const digests = Array.from({ length: count }, (_, i) => hash32(`digest ${i}`));
    return { digests: digests.map(text), root: text(batchTree(digests).root) };
  }) };
}

export function equivocationCases() {
  const make = (/** @type {string} */ seed, /** @type {Record<string, any>} */ change, domain = DOMAIN, key = KEY) => {
    const fields = fieldsOf(seed, change);
    return { file: writeReceipt({ domain, fields, signature: sign(domain, fields, key) }), digest: digestOf(domain, fields) };
  };
  const five = make('a', { sequence: 5n });
  const add = (/** @type {string} */ name, /** @type {{ file: Uint8Array }} */ second, first = five, change = (/** @type {Buffer} */ file) => file) => {
    const file = change(writeEquivocation(first.file, second.file));
    const vector = { name, file: text(file), signer: '' };
    const why = reason(() => { vector.signer = text(readEquivocation(file).signer); });
    return { ...vector, ...why };
  };
  return [
    add('two of one number', make('b', { sequence: 5n })),
    add('one that does not follow', make('b', { sequence: 6n })),
    add('one that follows', make('b', { sequence: 6n, previous: five.digest })),
    add('one that follows, in the other order', five, make('b', { sequence: 6n, previous: hash32('other') })),
    add('the same twice', five),
    add('numbers apart', make('b', { sequence: 7n })),
    add('two signers', make('b', { sequence: 5n }, DOMAIN, hash32('another key'))),
    add('two chains', make('b', { sequence: 5n }, { ...DOMAIN, chainId: 1n })),
    add('two registries', make('b', { sequence: 5n }, { ...DOMAIN, registry: person(501) })),
    add('a signature of no key', make('b', { sequence: 5n }), five, (file) => cat(file.subarray(0, -65), u(0, 32), file.subarray(-33))),
    add('another kind of file', make('b', { sequence: 5n }), five, (file) => flip(file)),
    add('version 2', make('b', { sequence: 5n }), five, (file) => cat('ATRQ', u(2, 1), file.subarray(5))),
    add('cut', make('b', { sequence: 5n }), five, (file) => file.subarray(0, -1)),
    add('too long', make('b', { sequence: 5n }), five, (file) => cat(file, u(0, 1))),
  ];
}

