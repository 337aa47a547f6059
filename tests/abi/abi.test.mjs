// SPDX-License-Identifier: MIT
//
// The contract ABI beside viem and ethers, over types and values that follow from a seed.
//
//   node --test tests/abi      300 of each; OL_ABI_COUNT and OL_ABI_SEED say otherwise
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { AbiCoder, EventFragment, FunctionFragment, solidityPacked } from 'ethers';
import {
  decodeAbiParameters, encodeAbiParameters, encodeEventTopics, encodePacked, getAddress, parseAbiItem, toEventSelector, toFunctionSelector,
} from 'viem';

const program = process.env.OL_ABI ?? join(import.meta.dirname, '../../build/dev/tests/abi_native');
const COUNT = Number(process.env.OL_ABI_COUNT ?? 300);
const SEED = Number(process.env.OL_ABI_SEED ?? 1612);

/** @typedef {{ type: string, name: string, components?: Type[], indexed?: boolean }} Type as in a JSON ABI */

/** Asks in parts, as one text has a limit. @param {object[]} requests @returns {any[]} */
function ask(requests) {
  const answers = [];
  for (let at = 0; at < requests.length; at += 2000) {
    const input = JSON.stringify(requests.slice(at, at + 2000));
    answers.push(...JSON.parse(execFileSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 30 })));
  }
  return answers;
}

/** Numbers below `limit`, the same for the same seed (xorshift). @param {number} seed */
function drawer(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (/** @type {number} */ limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** @typedef {ReturnType<typeof drawer>} Draw */

/** @param {Draw} draw @param {number} length */
const hex = (draw, length) => `0x${Array.from({ length }, () => draw(256).toString(16).padStart(2, '0')).join('')}`;

const word = /** @type {const} */ (['uint', 'int', 'address', 'bool', 'bytesN', 'function']);

/** @param {Draw} draw */
function wordType(draw) {
  const kind = word[draw(5)];
  if (kind === 'bytesN') return `bytes${1 + draw(32)}`;
  return kind === 'uint' || kind === 'int' ? `${kind}${8 * (1 + draw(32))}` : kind;
}

/** @param {Draw} draw @param {number} depth @param {boolean} named @param {number} index @returns {Type} */
function anyType(draw, depth, named, index) {
  const choice = draw(depth > 0 ? 10 : 6);
  const name = named ? `${'abc'[index % 3]}${index}` : '';
  if (choice < 4) return { type: wordType(draw), name };
  if (choice < 6) return { type: choice === 4 ? 'bytes' : 'string', name };
  if (choice < 8) {
    const item = anyType(draw, depth - 1, named, index);
    const length = draw(2) ? '' : String(1 + draw(3));
    return { ...item, type: `${item.type}[${length}]`, name };
  }
  return { type: 'tuple', name, components: types(draw, depth - 1, draw(2) === 1, 1 + draw(3)) };
}

/** @param {Draw} draw @param {number} depth @param {boolean} named @param {number} count */
const types = (draw, depth, named, count) => Array.from({ length: count }, (_, i) => anyType(draw, depth, named, i));

/** @param {Type} type @returns {string} */
const written = ({ type, name, components, indexed }) => (
  [components ? type.replace('tuple', list(components)) : type, indexed ? 'indexed' : '', name].filter(Boolean).join(' '));

/** @param {Type[]} all */
const list = (all) => `(${all.map(written).join(', ')})`;

/** The type of an array's items. @param {Type} type @returns {{ item: Type, length: string } | undefined} */
function itemOf({ type, components }) {
  const [, item, length] = type.match(/^(.*)\[(\d*)\]$/) ?? [];
  return item === undefined ? undefined : { item: { type: item, name: '', components }, length };
}

/** An integer, often one at the end of its range. @param {Draw} draw @param {boolean} signed @param {number} bits */
function integer(draw, signed, bits) {
  const value = [0n, 1n, (1n << BigInt(bits)) - 1n, 1n << BigInt(bits - 1), BigInt(hex(draw, bits / 8))][draw(5)];
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

const texts = ['', 'a', 'Hello, world!', '"\\/\n\u0001', 'žluťoučký kůň', '\u{1f600}', 'x'.repeat(31), 'y'.repeat(32), 'z'.repeat(33)];

/** A value, with tuples as arrays. @param {Draw} draw @param {Type} type @returns {any} */
function anyValue(draw, type) {
  const array = itemOf(type);
  if (array) {
    const length = array.length === '' ? draw(4) : Number(array.length);
    return Array.from({ length }, () => anyValue(draw, array.item));
  }
  if (type.components) return type.components.map((member) => anyValue(draw, member));
  const [, base, size] = type.type.match(/^([a-z]+)(\d*)$/) ?? [];
  if (base === 'uint' || base === 'int') return integer(draw, base === 'int', Number(size));
  if (base === 'bool') return draw(2) === 1;
  if (base === 'address') return getAddress(/** @type {any} */ (hex(draw, 20)));
  if (base === 'string') return texts[draw(texts.length)];
  return hex(draw, size ? Number(size) : draw(70));
}

/** Whether members are written as an object. @param {Type[]} members */
const isNamed = (members) => members.length > 0 && members.every(({ name }) => name);

/** A value as viem takes it, with tuples as objects. @param {any} value @param {Type} type @returns {any} */
function forViem(value, type) {
  const array = itemOf(type);
  if (array) return value.map((/** @type {any} */ one) => forViem(one, array.item));
  return type.components ? listForViem(value, type.components) : value;
}

/** @param {any[]} values @param {Type[]} members @returns {any} */
function listForViem(values, members) {
  const all = members.map((member, i) => forViem(values[i], member));
  return isNamed(members) ? Object.fromEntries(members.map(({ name }, i) => [name, all[i]])) : all;
}

/** What others or the core say, with tuples as arrays and integers as text. @param {any} value @param {Type} type @returns {any} */
function plain(value, type) {
  const array = itemOf(type);
  if (array) return Array.from(value, (one) => plain(one, array.item));
  if (type.components) return plainList(value, type.components);
  return /^u?int/.test(type.type) ? String(value) : value;
}

/** @param {any} values @param {Type[]} members @returns {any[]} */
const plainList = (values, members) => members.map((member, i) => plain(Array.isArray(values) ? values[i] : values[member.name], member));

/** @param {any} values */
const json = (values) => JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? String(value) : value));

/** @param {number} salt */
function cases(salt) {
  const draw = drawer(SEED + salt);
  return Array.from({ length: COUNT }, () => {
    const all = types(draw, 3, draw(2) === 1, draw(5));
    return { all, values: all.map((type) => anyValue(draw, type)), draw };
  });
}

const coder = AbiCoder.defaultAbiCoder();
const ethersList = (/** @type {Type[]} */ all) => all.map((type) => written({ ...type, name: '' }).replaceAll('(', 'tuple('));

/** Without names: viem makes objects of tuples only where it must. @param {Type} type @returns {Type} */
const unnamed = (type) => ({ ...type, name: '', ...(type.components && { components: type.components.map(unnamed) }) });

/** What the others decode; undefined where they refuse. @param {Type[]} all @param {string} data */
function others(all, data) {
  const attempt = (/** @type {() => any} */ read) => {
    try {
      return plainList(read(), all.map(unnamed));
    } catch {
      return undefined;
    }
  };
  return {
    viem: attempt(() => decodeAbiParameters(all.map(unnamed), /** @type {any} */ (data))),
    ethers: attempt(() => coder.decode(ethersList(all), data).toArray(true)),
  };
}

test('values are encoded as viem and ethers encode them, and are read back', () => {
  const made = cases(1);
  const encoded = made.map(({ all, values }) => encodeAbiParameters(all, all.map((type, i) => forViem(values[i], type))));
  const answers = ask(made.flatMap(({ all, values, draw }, i) => [
    { do: 'encode', signature: list(all), arguments: json(draw(2) ? values : listForViem(values, all)) },
    { do: 'decode', signature: list(all), data: encoded[i] },
  ]));
  for (const [i, { all, values }] of made.entries()) {
    assert.equal(coder.encode(ethersList(all), values), encoded[i]);
    assert.equal(answers[2 * i].data, encoded[i], `${list(all)} ${json(values)} ${answers[2 * i].error}`);
    const decoded = answers[2 * i + 1];
    assert.equal(decoded.canonical, true, decoded.error);
    assert.deepEqual(JSON.parse(decoded.json), JSON.parse(json(listForViem(values, all))));
  }
});

/** Changes a byte, or a word to one that offsets and lengths have, or cuts, or adds. @param {Draw} draw @param {string} data */
function changed(draw, data) {
  const words = (data.slice(2).match(/.{64}/g) ?? []);
  const at = draw(Math.max(1, words.length));
  const number = 32 * draw(words.length + 3) - (draw(8) === 0 ? 1 : 0);
  const kind = draw(8);
  if (kind === 0) words.splice(at, 1);
  else if (kind === 1) words.splice(at, 0, '0'.repeat(64));
  else if (kind === 2) words[at] = hex(draw, 32).slice(2);
  else if (kind < 6) words[at] = Math.max(0, number).toString(16).padStart(64, '0');
  else words[at] = (BigInt(`0x${words[at] ?? '0'}`) ^ (1n << BigInt(draw(256)))).toString(16).padStart(64, '0');
  return `0x${words.join('')}`;
}

test('of data that was changed, what is read is what viem and ethers read', () => {
  const made = cases(2).filter(({ all }) => all.length > 0);
  const requests = made.flatMap(({ all, values, draw }) => {
    const data = encodeAbiParameters(all, all.map((type, i) => forViem(values[i], type)));
    return Array.from({ length: 4 }, () => ({ do: 'decode', signature: list(all), data: changed(draw, data), all }));
  });
  const answers = ask(requests.map(({ all, ...request }) => request));
  const counts = { refused: 0, canonical: 0, other: 0 };
  for (const [i, { all, data }] of requests.entries()) {
    const answer = answers[i];
    if (answer.error) {
      counts.refused++;
      continue;
    }
    counts[answer.canonical ? 'canonical' : 'other']++;
    const ours = plainList(JSON.parse(answer.json), all);
    const { viem, ethers } = others(all, data);
    const told = `${list(all)} ${data}`;
    if (answer.canonical || viem) assert.deepEqual(viem, ours, told);
    if (answer.canonical || ethers) assert.deepEqual(ethers, ours, told);
  }
  for (const [what, count] of Object.entries(counts)) assert.ok(count >= COUNT / 20, `${what}: ${count}`);
});

test('what is packed is what viem and ethers pack', () => {
  const draw = drawer(SEED + 3);
  const made = Array.from({ length: COUNT }, () => {
    const all = Array.from({ length: draw(5) }, () => {
      const base = wordType(draw);
      return { name: '', type: [base, base, `${base}[]`, `${base}[2]`, 'string', 'bytes'][draw(6)] };
    });
    return { all, values: all.map((type) => anyValue(draw, type)) };
  });
  const answers = ask(made.map(({ all, values }) => ({ do: 'pack', signature: list(all), arguments: json(values) })));
  for (const [i, { all, values }] of made.entries()) {
    const names = all.map(({ type }) => type);
    assert.equal(answers[i].data, solidityPacked(names, values));
    assert.equal(answers[i].data, encodePacked(names, values));
  }
});

test('signatures have the selectors and topics that viem and ethers compute', () => {
  const made = cases(4);
  const answers = ask(made.flatMap(({ all }) => [
    { do: 'describe', signature: `function f${list(all)} external view returns (bool)` },
    { do: 'describe', signature: `event E${list(all)}` },
  ]));
  for (const [i, { all }] of made.entries()) {
    const [called, event] = answers.slice(2 * i, 2 * i + 2);
    const ethersFunction = FunctionFragment.from(`function f(${ethersList(all).join(',')})`);
    assert.equal(called.text, ethersFunction.format('sighash'));
    assert.equal(called.hash.slice(0, 10), ethersFunction.selector);
    assert.equal(called.hash.slice(0, 10), toFunctionSelector({ type: 'function', name: 'f', inputs: all, outputs: [], stateMutability: 'view' }));
    assert.equal(event.hash, EventFragment.from(`event E(${ethersList(all).join(',')})`).topicHash);
    assert.equal(event.hash, toEventSelector({ type: 'event', name: 'E', inputs: all.map((type) => ({ ...type, indexed: false })) }));
  }
});

test('events that viem makes are read', () => {
  const draw = drawer(SEED + 5);
  const made = Array.from({ length: COUNT }, () => {
    let left = 3;
    const all = types(draw, 2, true, 1 + draw(5)).map((type) => {
      const indexed = left > 0 && !/\[|tuple/.test(type.type) && draw(2) === 1;
      left -= indexed ? 1 : 0;
      return { ...type, indexed };
    });
    const values = all.map((type) => anyValue(draw, type));
    const abi = [{ type: /** @type {const} */ ('event'), name: 'E', inputs: all }];
    const topics = encodeEventTopics({ abi, eventName: 'E', args: Object.fromEntries(all.map(({ name }, i) => [name, values[i]]).filter((_, i) => all[i].indexed)) });
    const rest = all.map((type, i) => ({ type, value: values[i] })).filter(({ type }) => !type.indexed);
    const data = encodeAbiParameters(rest.map(({ type }) => type), rest.map(({ type, value }) => forViem(value, type)));
    return { all, values, topics: /** @type {string[]} */ (topics), data };
  });
  const answers = ask(made.map(({ all, topics, data }) => (
    { do: 'event', signature: `event E${list(all)}`, topics: `0x${topics.map((topic) => topic.slice(2)).join('')}`, data })));
  for (const [i, { all, values, topics }] of made.entries()) {
    const answer = answers[i];
    assert.equal(answer.canonical, true, answer.error);
    const decoded = JSON.parse(answer.json);
    let topic = 1;
    for (const [k, type] of all.entries()) {
      const own = type.indexed ? topics[topic++] : '';
      const hashed = type.indexed && ['string', 'bytes'].includes(type.type);
      if (hashed) assert.deepEqual(decoded[type.name], { hash: own });
      else assert.deepEqual(plain(decoded[type.name], type), plain(values[k], type));
    }
  }
});

test('signatures that viem reads are read', () => {
  const signatures = ['function transfer(address to, uint256 amount) external returns (bool)', 'event Transfer(address indexed from, address indexed to, uint256 value)',
    'error Unpaid(uint256 owed)', 'function f((uint256 a, string b)[2][] calldata c) view returns (string memory)', 'constructor(address owner) payable'];
  const answers = ask(signatures.map((signature) => ({ do: 'describe', signature })));
  for (const [i, signature] of signatures.entries()) {
    assert.equal(answers[i].error, undefined);
    const item = /** @type {any} */ (parseAbiItem(/** @type {any} */ (signature)));
    if (item.type === 'event') assert.equal(answers[i].hash, toEventSelector(item));
    else if (item.type === 'function') assert.equal(answers[i].hash.slice(0, 10), toFunctionSelector(item));
  }
});
