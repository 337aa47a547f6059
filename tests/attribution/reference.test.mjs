// SPDX-License-Identifier: MIT
//
// The second implementation of ATR-1 (docs/attribution.md): against brute force on small cases, against viem, and on its vectors.
//
//   node --test tests/attribution        OL_ATTRIBUTION_COUNT: random cases, default 60
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashTypedData, keccak256, recoverAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { END, REASONS, Reject, cat, hex, u } from './bytes.mjs';
import { commit, corpusOf, partsOf } from './corpus.mjs';
import { log2q8, verifyEvidence, writeEvidence } from './evidence.mjs';
import { makeVectors } from './make_vectors.mjs';
import { unpack } from './pack.mjs';
import { readPolicy } from './policy.mjs';
import { layOut, maximalSpans, minimalAbsentWords, plan, prove, rangeOf } from './prover.mjs';
import { POLICY, answerOf, drawer, hash32, pick, textOf, textsOf } from './random.mjs';
import { FIELDS, addressOfKey, digestOf, sign } from './receipt.mjs';
import { DOMAIN, fieldsOf } from './cases_small.mjs';
import { canBeUtf8, refutationsOf } from './refutation.mjs';
import { divide } from './split.mjs';
import { Tree, leafOf, multiproofRoot, pathRoot, rangeRoot, rootOf } from './trees.mjs';

const folder = join(import.meta.dirname, 'vectors');
const COUNT = Number(process.env.OL_ATTRIBUTION_COUNT ?? 60);

/** Cases of a file. @param {string} name @returns {any[]} */
const casesOf = (name) => unpack(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));

/** @param {...(string | Uint8Array)} parts */
const hashOf = (...parts) => Buffer.from(keccak256(cat(...parts), 'bytes'));

/** Where a word begins in a text, by looking at each place. @param {Uint8Array} T @param {Uint8Array} P */
const placesOf = (T, P) => Array.from(T, (_, i) => i).filter((i) => Buffer.compare(T.subarray(i, i + P.length), P) === 0);

test('the vectors are made anew to the same bytes', () => {
  const made = makeVectors();
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith('.json')).sort(), Object.keys(made).sort());
  for (const [name, text] of Object.entries(made)) assert.equal(readFileSync(join(folder, name), 'utf8'), text, name);
});

test('there are enough vectors, and each reason has one', () => {
  const all = readdirSync(folder).filter((name) => name.endsWith('.json')).flatMap((name) => casesOf(name.slice(0, -5)));
  assert.ok(all.length >= 300, `${all.length}`);
  const missing = REASONS.filter((_, code) => code > 0 && !all.some((each) => each.code === code));
  assert.deepEqual(missing, []);
});

test('evidence of vectors holds, and each attack is rejected for its reason', () => {
  for (const { name, policy, evidence, response, reason, spans } of casesOf('evidence')) {
    try {
      const proven = verifyEvidence(readPolicy(hex(policy)), hex(evidence), hex(response));
      assert.equal(reason, '', name);
      assert.equal(proven.spans.length, spans.length);
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
      assert.equal(error.reason, reason, name);
    }
  }
});

test('small answers: spans, counts, owners and weights are those that looking everywhere gives', () => {
  const alphabets = [['a', 'b'], ['a', 'b', 'c'], [...'abcd efg']];
  for (let seed = 0; seed < COUNT; seed++) {
    const draw = drawer(1000 + seed);
    const alphabet = pick(draw, alphabets);
    const corpus = corpusOf(textsOf(Array.from({ length: 1 + draw(4) }, () => textOf(draw, alphabet, draw(40)).toString())));
    const policy = { ...POLICY, ownerRule: draw(2), K: 8 + draw(4), maxCount: pick(draw, [1, 3, 64]) };
    const R = answerOf(draw, corpus.T, alphabet, 1 + draw(3)).subarray(0, 60);
    const { spans, weights } = verifyEvidence(policy, writeEvidence({ flags: 1, spans: prove(corpus, R, policy), rows: [] }), R);

    const occurs = (/** @type {number} */ l, /** @type {number} */ r) => placesOf(corpus.T, R.subarray(l, r)).length > 0;
    const wanted = [];
    for (let l = 0; l < R.length; l++) {
      for (let r = l + policy.K; r <= R.length; r++) {
        if (occurs(l, r) && (l === 0 || !occurs(l - 1, r)) && (r === R.length || !occurs(l, r + 1))) wanted.push({ l, r, places: placesOf(corpus.T, R.subarray(l, r)) });
      }
    }
    assert.deepEqual(spans.map(({ start, end, count }) => [start, end, Number(count)]), wanted.map(({ l, r, places }) => [l, r, places.length]));

    /** @type {Map<string, bigint>} */
    const sums = new Map();
    const rarity = wanted.map(({ places }) => log2q8(corpus.n) - log2q8(BigInt(places.length)));
    const credited = wanted.map(() => 0);
    for (let at = 0; at < R.length; at++) {
      const over = wanted.map((span, i) => ({ span, i })).filter(({ span }) => span.places.length <= policy.maxCount && span.l <= at && at < span.r);
      if (over.length === 0) continue;
      const most = Math.max(...over.map(({ i }) => rarity[i]));
      credited[over.filter(({ i }) => rarity[i] === most)[0].i]++;
    }
    wanted.forEach(({ places }, i) => {
      if (places.length > policy.maxCount) return;
      const weight = BigInt(credited[i] * rarity[i]);
      for (const place of policy.ownerRule ? places : [Math.min(...places)]) {
        const owner = corpus.documents.find(({ start, length }) => start <= BigInt(place) && BigInt(place) < start + length);
        const key = `${owner?.contributor.toString('hex')} ${owner?.datanet}`;
        sums.set(key, (sums.get(key) ?? 0n) + (policy.ownerRule ? weight / BigInt(places.length) : weight));
      }
    });
    assert.deepEqual(new Map(weights.map(({ contributor, datanet, weight }) => [`${contributor.toString('hex')} ${datanet}`, weight])),
      new Map([...sums].filter(([, weight]) => weight > 0n).sort(([a], [b]) => (a < b ? -1 : 1))));
  }
});

test('no span can be left out, with all absent words there are', () => {
  for (let seed = 0; seed < COUNT; seed++) {
    const draw = drawer(5000 + seed);
    const corpus = corpusOf(textsOf(Array.from({ length: 2 + draw(4) }, () => textOf(draw, ['a', 'b'], 8 + draw(30)).toString())));
    const R = answerOf(draw, corpus.T, ['a', 'b'], 3).subarray(0, 70);
    const spans = maximalSpans(corpus, R, POLICY.K);
    const words = minimalAbsentWords(corpus, R);
    spans.forEach((_, i) => {
      const fewer = layOut(corpus, plan(corpus, R, POLICY, spans.filter((__, k) => k !== i), words));
      assert.throws(() => verifyEvidence(POLICY, writeEvidence({ flags: 1, spans: fewer, rows: [] }), R), /^Error: incomplete/);
    });
  }
});

test('log2q8 is the floor of 256 times the logarithm', () => {
  for (let x = 1; x < 512; x++) {
    const exact = 256 * Math.log2(x);
    if (x < 256) assert.equal(log2q8(BigInt(x)), Number.isInteger(Math.log2(x)) ? Math.round(exact) : Math.floor(exact), `${x}`);
  }
  assert.equal(log2q8(2n ** 47n), 47 * 256);
  assert.equal(log2q8(2n ** 48n - 1n), 47 * 256 + 255);
});

test('a tree is what section 1.1 says, written out', () => {
  const payloads = Array.from({ length: 6 }, (_, i) => u(10 - i, 8));
  const leaves = payloads.map((payload, i) => leafOf('FRST', BigInt(i), payload).hash);
  const join = (/** @type {[bigint, Buffer]} */ [a, left], /** @type {[bigint, Buffer]} */ [b, right]) => /** @type {[bigint, Buffer]} */ ([a < b ? a : b,
    hashOf('\x01FRST', u(a, 8), left, u(b, 8), right)]);
  const [l0, l1, l2, l3, l4, l5] = leaves.map((leaf, i) => /** @type {[bigint, Buffer]} */ ([BigInt(10 - i), leaf]));
  const [a, top] = join(join(join(l0, l1), join(l2, l3)), join(l4, l5));
  assert.equal(a, 5n);
  assert.deepEqual(new Tree('FRST', payloads).root, hashOf('\x02FRST', u(6, 8), u(5, 8), top));
});

test('paths, multiproofs and range proofs lead to the root, and to no other', () => {
  for (let count = 1; count <= 17; count++) {
    const payloads = Array.from({ length: count }, (_, i) => u((i * 5) % count, 8));
    const tree = new Tree('FRST', payloads);
    const text = new Tree('TEXT', payloads);
    payloads.forEach((payload, i) => assert.deepEqual(pathRoot('FRST', BigInt(i), BigInt(count), payload, tree.path(BigInt(i))), tree.root));
    for (let mask = 0; mask < Math.min(2 ** count, 256); mask++) {
      const indices = payloads.map((_, i) => BigInt(i)).filter((i) => (mask >> Number(i)) & 1);
      const opened = indices.map((index) => ({ index, payload: payloads[Number(index)] }));
      assert.deepEqual(multiproofRoot('TEXT', BigInt(count), opened, text.multiproof(indices)), text.root);
    }
    for (let lo = 0; lo < count; lo++) {
      for (let hi = lo + 1; hi <= count; hi++) {
        const ranges = [{ lo: BigInt(lo), hi: BigInt(hi) }];
        const { root, minima } = rangeRoot(BigInt(count), ranges, tree.rangeProof(ranges));
        assert.deepEqual(root, tree.root);
        assert.equal(minima[0], payloads.slice(lo, hi).map((bytes) => bytes.readBigUInt64BE()).reduce((x, y) => (x < y ? x : y)));
      }
    }
    assert.notDeepEqual(rootOf('TEXT', BigInt(count), text.top), rootOf('TEXT', BigInt(count + 1), text.top));
  }
});

test('digest and signature are those of viem', async () => {
  for (let i = 0; i < 8; i++) {
    const fields = fieldsOf(`viem ${i}`);
    const text = (/** @type {Uint8Array} */ bytes) => /** @type {`0x${string}`} */ (`0x${Buffer.from(bytes).toString('hex')}`);
    const message = Object.fromEntries(FIELDS.map(([name, type]) => [name, !type.startsWith('uint') ? text(fields[name]) : type === 'uint32' ? Number(fields[name]) : fields[name]]));
    const typed = /** @type {any} */ ({ domain: { name: 'AttributionReceipt', version: '1', chainId: Number(DOMAIN.chainId), verifyingContract: text(DOMAIN.registry) },
      types: { AttributionReceipt: FIELDS.map(([name, type]) => ({ name, type })) }, primaryType: 'AttributionReceipt', message });
    const hash = hashTypedData(typed);
    assert.equal(hash, text(digestOf(DOMAIN, fields)));
    const key = hash32(`key ${i}`);
    const signature = text(sign(DOMAIN, fields, key));
    const account = privateKeyToAccount(text(key));
    assert.equal(await account.signTypedData(typed), signature);
    assert.equal((await recoverAddress({ hash, signature })).toLowerCase(), text(addressOfKey(key)));
  }
});

test('a right corpus allows no refutation, and one that differs in a number does', () => {
  for (let seed = 0; seed < 12; seed++) {
    const draw = drawer(9000 + seed);
    const texts = textsOf(Array.from({ length: 1 + draw(3) }, () => textOf(draw, ['a', 'b', 'ä'], draw(8)).toString()));
    assert.equal(refutationsOf(corpusOf(texts)).length, 0);
    const parts = partsOf(texts, 1n);
    const size = parts.SA.length;
    if (size < 3) continue;
    const at = draw(size);
    const other = { ...parts, prefixes: parts.prefixes.map((prefix) => Buffer.from(prefix)), documents: parts.documents.map((document) => ({ ...document })) };
    const changes = [() => { other.SA[at] = (other.SA[at] + 1n) % BigInt(size); }, () => { other.Psi[at] = other.Psi[at] === END ? 0n : END; },
      () => { other.prefixes[at][0] ^= 3; }, () => { other.first[at] += 1n; }, () => { other.documents[0].length += 1n; }, () => { other.i0 = (other.i0 + 1n) % BigInt(size); }];
    changes[seed % changes.length]();
    assert.ok(refutationsOf(commit(other)).length > 0, `seed ${seed}`);
  }
});

test('no part of UTF-8 is taken for wrong', () => {
  const text = Buffer.from('aé€𝄞zß');
  for (let from = 0; from <= text.length; from++) {
    for (let to = from; to <= text.length; to++) assert.ok(canBeUtf8(text.subarray(from, to), from === 0, to === text.length));
  }
  for (const bytes of [[0xff], [0x80, 0x80, 0x80, 0x80], [0xc0], [0xed, 0xa0], [0xe0, 0x80], [0xf4, 0x90], [0xf8], [0xe2, 0x20]]) {
    assert.equal(canBeUtf8(Buffer.from(bytes), false, false), false, `${bytes}`);
  }
  assert.equal(canBeUtf8(Buffer.from([0x80]), true, false), false);
  assert.equal(canBeUtf8(Buffer.from([0xe2, 0x82]), true, true), false);
});

test('what is divided is the pool', () => {
  for (let seed = 0; seed < COUNT; seed++) {
    const draw = drawer(seed);
    const weights = Array.from({ length: 1 + draw(9) }, (_, i) => ({ contributor: hash32(`${i}`).subarray(12), datanet: 1n, weight: BigInt(1 + draw(1e6)) }));
    const pool = BigInt(draw(1e9));
    const { rows, dust } = divide(weights, pool);
    assert.equal(rows.reduce((sum, { amount }) => sum + amount, 0n) + dust, pool);
    assert.ok(dust < BigInt(rows.length));
  }
});

test('suffixes are sorted', () => {
  const corpus = corpusOf(textsOf(['banana', 'bandana', '']));
  for (let i = 1; i < corpus.SA.length; i++) {
    assert.ok(Buffer.compare(corpus.T.subarray(Number(corpus.SA[i - 1])), corpus.T.subarray(Number(corpus.SA[i]))) < 0);
  }
  const { lo, hi } = rangeOf(corpus, Buffer.from('an'));
  assert.deepEqual(corpus.SA.slice(lo, hi).map(Number).sort((a, b) => a - b), placesOf(corpus.T, Buffer.from('an')));
});
