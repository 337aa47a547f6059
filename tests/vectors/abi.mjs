// SPDX-License-Identifier: MIT
//
// Brings the contract ABI's cases of @ethersproject/testcases into the shape that suites_abi.c reads: signatures as
// people write them, and values as JSON in the core's own form, written by this file from what the cases expect.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { getAddress } from 'viem';

/** @typedef {{ name: string, type: string, indexed?: boolean, components?: Parameter[] }} Parameter */

const cases = join(dirname(createRequire(import.meta.url).resolve('@ethersproject/testcases/package.json')), 'testcases');

/** @param {string} name @returns {any[]} */
const read = (name) => JSON.parse(gunzipSync(readFileSync(join(cases, `${name}.json.gz`))).toString());

/** A parameter as it is written in a signature. @param {Parameter} parameter @returns {string} */
function written({ type, name, indexed, components }) {
  const base = components ? type.replace(/^tuple/, list(components)) : type;
  return [base, indexed ? 'indexed' : '', name].filter(Boolean).join(' ');
}

/** @param {Parameter[]} parameters */
const list = (parameters) => `(${parameters.map(written).join(', ')})`;

/** The value within what says of which kind it is. @param {any} value */
const plain = (value) => (value !== null && typeof value === 'object' && 'value' in value ? value.value : value);

/** Integers are written by their sign and digits. @param {any} value */
function integer(value) {
  const [, sign, digits] = String(value).match(/^(-?)(.*)$/) ?? [];
  return `${sign && BigInt(digits) !== 0n ? '-' : ''}${BigInt(digits)}`;
}

/** A value as the core writes it. @param {any} tagged @param {Parameter} parameter @returns {any} */
function value(tagged, { type, components }) {
  const inner = plain(tagged);
  const [, item] = type.match(/^(.*)\[\d*\]$/) ?? [];
  if (item !== undefined) return inner.map((/** @type {any} */ one) => value(one, { name: '', type: item, components }));
  if (components) return values(inner, components);
  if (/^u?int/.test(type)) return integer(inner);
  if (type === 'address') return getAddress(inner);
  return inner;
}

/** The values of a list: by name, if all have one. @param {any[]} given @param {Parameter[]} parameters */
function values(given, parameters) {
  const all = parameters.map((parameter, i) => value(given[i], parameter));
  const named = all.length > 0 && parameters.every(({ name }) => name);
  return named ? Object.fromEntries(parameters.map(({ name }, i) => [name, all[i]])) : all;
}

/** The values as the cases have them, but for what says of which kind they are. @param {any} tagged @returns {any} */
const asGiven = (tagged) => {
  const inner = plain(tagged);
  return Array.isArray(inner) ? inner.map(asGiven) : inner;
};

/** @param {any} test */
function encoded(test) {
  const [{ outputs }] = JSON.parse(test.interface);
  const given = JSON.parse(test.normalizedValues ?? test.values); // the others have numbers that only wrap into range
  return {
    name: test.name,
    returns: `function test() returns ${list(outputs)}`,
    list: list(outputs),
    given: JSON.stringify(asGiven(given)),
    values: JSON.stringify(values(given, outputs)),
    data: test.result,
  };
}

/** @param {any} test */
function signature(test) {
  const { name, inputs } = JSON.parse(test.abi).find((/** @type {any} */ item) => item.name === 'testSig');
  return { name: test.name, signature: `function ${name}${list(inputs)} external`, canonical: test.signature, selector: test.sigHash };
}

/** @param {any} test */
function event(test) {
  const { name, inputs, anonymous } = JSON.parse(test.interface).find((/** @type {any} */ item) => item.name === 'testEvent');
  const given = inputs.map((/** @type {Parameter} */ parameter, /** @type {number} */ i) => (
    test.hashed[i] ? { hash: test.normalizedValues[i] } : value(test.normalizedValues[i], parameter)));
  const named = Object.fromEntries(inputs.map((/** @type {Parameter} */ parameter, /** @type {number} */ i) => [parameter.name, given[i]]));
  return {
    name: test.name,
    signature: `event ${name}${list(inputs)}${anonymous ? ' anonymous' : ''}`,
    topics: test.topics,
    data: test.data,
    values: JSON.stringify(inputs.length > 0 ? named : given),
  };
}

/** @param {any} test */
const packed = ({ name, types, values: given, keccak256, sha256, ripemd160 }) => (
  { name, list: `(${types.join(',')})`, values: JSON.stringify(given), keccak256, sha256, ripemd160: ripemd160.slice(0, 42) });

const decimals = { wei: 0, kwei: 3, mwei: 6, satoshi: 8, gwei: 9, szabo: 12, finney: 15, ether: 18 };

/** @param {any} test */
const amounts = (test) => ({
  name: test.name,
  wei: test.wei,
  texts: Object.entries(decimals).filter(([unit]) => unit in test).map(([unit, count]) => (
    { decimals: count, text: test[unit], written: (test[`${unit}_format`] ?? test[unit]).replace(/\.0$/, '') })),
});

/** @returns {{ suite: string, name: string, value: any }[]} */
export function abiVectors() {
  /** @param {string} suite @param {string} file @param {(test: any) => any} shape */
  const set = (suite, file, shape) => ({ suite, name: `${suite}.json`, value: { cases: read(file).map(shape) } });
  return [
    set('abi_values', 'contract-interface', encoded),
    set('abi_tuples', 'contract-interface-abi2', encoded),
    set('abi_signatures', 'contract-signatures', signature),
    set('abi_events', 'contract-events', event),
    set('abi_packed', 'solidity-hashes', packed),
    set('amounts', 'units', amounts),
    set('hashes', 'hashes', (test) => ({ name: test.data, ...test })),
  ];
}
