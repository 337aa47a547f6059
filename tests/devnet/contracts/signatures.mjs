#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// All functions, events and errors of the reference contracts, in words that people and tables read.
// usage: signatures.mjs [--write]   prints them, or puts them into signatures.json
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatAbiItem, toEventSelector, toFunctionSelector } from 'viem/utils';
import { artifacts } from './compile.mjs';

const KINDS = /** @type {const} */ (['function', 'event', 'error']);

/** A parameter's type in full: a tuple by its members. @param {any} parameter @returns {string} */
const typeOf = ({ type, components }) =>
  (components ? `(${components.map(parameterOf).join(', ')})${type.slice('tuple'.length)}` : type);
/** @param {any} parameter */
const parameterOf = (parameter) => [typeOf(parameter), parameter.indexed && 'indexed', parameter.name].filter(Boolean).join(' ');

/** @param {any} item of an ABI */
function textOf({ type, name, inputs, outputs, stateMutability }) {
  const words = [`${type} ${name}(${inputs.map(parameterOf).join(', ')})`];
  if (type === 'function' && stateMutability !== 'nonpayable') words.push(stateMutability);
  if (outputs?.length) words.push(`returns (${outputs.map(parameterOf).join(', ')})`);
  return words.join(' ');
}

/** Contract by contract, kind by kind, sorted by signature. */
export function signatures() {
  return Object.fromEntries(Object.entries(artifacts()).map(([name, { abi }]) => [name, Object.fromEntries(KINDS.map((kind) => {
    const items = abi.filter(({ type }) => type === kind).map((item) => {
      const id = kind === 'event' ? { topic: toEventSelector(item) } : { selector: toFunctionSelector(`function ${formatAbiItem(item)}`) };
      return { signature: formatAbiItem(item), ...id, text: textOf(item) };
    });
    return [`${kind}s`, items.sort((one, other) => (one.signature < other.signature ? -1 : 1))];
  }))]));
}

export const PATH = join(import.meta.dirname, 'signatures.json');

/** JSON, one item to a line. */
export function text() {
  const block = (/** @type {string[]} */ lines, indent = '') => (lines.length ? `\n${indent}${lines.join(`,\n${indent}`)}\n` : '');
  const contracts = Object.entries(signatures()).map(([name, kinds]) => {
    const lists = Object.entries(kinds).map(([kind, items]) => `  "${kind}": [${block(items.map((item) => JSON.stringify(item)), '   ')}  ]`);
    return ` "${name}": {\n${lists.join(',\n')}\n }`;
  });
  return `{\n${contracts.join(',\n')}\n}\n`;
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv[2] === '--write') writeFileSync(PATH, text());
  else process.stdout.write(text());
}
