#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Includes point down the list of rooms only, and each library is known to one room.  usage: rooms.mjs [ROOT]
import { existsSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { filesOf, finish, repository, textOf } from './shared.mjs';

// A room may include itself and what stands before it.
const rooms = ['base', 'encoding', 'crypto', 'trie', 'consensus', 'rollup', 'evm', 'ledger', 'wallet', 'attribution',
  'engine', 'client', 'provider'];

/** The first room that may include a public header. */
const publicRoom = {
  base: 'base',
  abi: 'encoding',
  text: 'encoding',
  account: 'trie',
  block: 'rollup',
  envelope: 'rollup',
  fee: 'rollup',
  header: 'rollup',
  receipt: 'rollup',
  rollup: 'rollup',
  transaction: 'rollup',
  withdrawal: 'rollup',
  governance: 'ledger',
  known: 'ledger',
  open: 'ledger',
  registry: 'ledger',
  staking: 'ledger',
  derivation: 'wallet',
  intent: 'wallet',
  key: 'wallet',
  keystore: 'wallet',
  message: 'wallet',
  mnemonic: 'wallet',
  outbox: 'wallet',
  policy: 'wallet',
  request: 'wallet',
  signature: 'wallet',
  token: 'wallet',
  typed_data: 'wallet',
  vault: 'wallet',
  wallet: 'wallet',
  attribution: 'attribution',
  evidence: 'attribution',
  influence: 'attribution',
  refutation: 'attribution',
  witness: 'attribution',
  engine: 'engine',
  bundle: 'client',
  client: 'client',
  sync: 'client',
  provider: 'provider',
};

/** Public headers that are for no room: everything, and what is native only. */
const forNoRoom = ['openledger', 'host', 'server', 'corpus', 'influence_table', 'audit'];

/** Headers of C that bring no allocation, no I/O and no locale. */
const freestanding = new Set(['limits.h', 'stdarg.h', 'stdbool.h', 'stddef.h', 'stdint.h', 'string.h']);

/** Which of our sources may include a library's header. */
const libraries = [
  {
    header: /^(mbedtls\/|psa\/|sodium(\.h$|\/)|blst|secp256k1)/,
    only: /^sdk\/src\/crypto\/[^/]+\.c$/,
    where: 'a source of crypto',
  },
  { header: /^yyjson\.h$/, only: /^sdk\/src\/encoding\/json\.c$/, where: 'encoding/json.c' },
  { header: /^curl\//, only: /^sdk\/host\//, where: 'sdk/host' },
  { header: /^divsufsort/, only: /^sdk\/corpus\//, where: 'sdk/corpus' },
  { header: /^civetweb\.h$/, only: /^sdk\/host\/server/, where: "sdk/host's server" },
];

/** @param {string} text */
function includesOf(text) {
  // Comments go, lines stay, so that places are right.
  const bare = text.replace(/\/\*[^]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ''));
  return bare.split('\n').flatMap((line, index) => {
    const [, rest] = line.match(/^\s*#\s*include\b\s*(.*?)\s*$/) ?? [];
    if (rest === undefined) return [];
    const [, quoted, angled] = rest.match(/^(?:"([^"]+)"|<([^>]+)>)$/) ?? [];
    return [{ line: index + 1, rest, quoted, angled }];
  });
}

/** @param {string} header of openledger/ */
const nameOf = (header) => /** @type {keyof typeof publicRoom} */ (basename(header, '.h'));

/**
 * Why a source of a room, or a public header that belongs to one, may not include something of ours.
 * @param {string} root @param {string} room @param {string} header
 */
function faultOfOurs(root, room, header) {
  const target = dirname(header) === 'openledger' ? publicRoom[nameOf(header)] : dirname(header);
  if (target === undefined) return 'is for users, not for rooms';
  if (!rooms.includes(target)) return 'is in no room';
  const folder = dirname(header) === 'openledger' ? 'sdk/include' : 'sdk/src';
  if (!existsSync(join(root, folder, header))) return 'does not exist';
  return rooms.indexOf(target) > rooms.indexOf(room) ? `is in ${target}, which comes after ${room}` : undefined;
}

/** @param {string} root @param {string} room @param {{ quoted?: string, angled?: string }} include */
function faultInCore(root, room, { quoted, angled }) {
  if (quoted) return faultOfOurs(root, room, quoted);
  const known = libraries.some(({ header }) => header.test(angled ?? ''));
  return known || freestanding.has(angled ?? '') ? undefined : 'is not for the core';
}

/** @param {string} root @param {string} file @param {{ quoted?: string, angled?: string }} include */
function faultInPublic(root, file, { quoted, angled }) {
  if (angled) return freestanding.has(angled) ? undefined : 'is not for the core';
  if (dirname(quoted ?? '') !== 'openledger') return 'is not public';
  if (forNoRoom.includes(basename(file, '.h'))) return undefined;
  return faultOfOurs(root, publicRoom[nameOf(file)], quoted ?? '');
}

/**
 * Outside of the core: own folder, and what is installed.
 * @param {string} root @param {string} file @param {{ quoted?: string }} include
 */
function faultOutside(root, file, { quoted }) {
  if (!quoted) return undefined;
  if (dirname(quoted) === 'openledger') return existsSync(join(root, 'sdk/include', quoted)) ? undefined : 'does not exist';
  const near = existsSync(join(root, dirname(file), quoted)) && !quoted.includes('..');
  return near ? undefined : 'is neither public nor of this folder';
}

/** @param {string} root @param {string} file @param {string} text */
function faultsOfSource(root, file, text) {
  const [, room] = file.match(/^sdk\/src\/([^/]+)\/[^/]+$/) ?? [];
  const isPublic = file.startsWith('sdk/include/');
  if (file.startsWith('sdk/src/') && !rooms.includes(room)) return [`${file}: is in no room`];
  if (isPublic && !publicRoom[nameOf(file)] && !forNoRoom.includes(nameOf(file))) {
    return [`${file}: belongs to no room; name it in scripts/checks/rooms.mjs`];
  }
  const faults = [];
  const includes = includesOf(text);
  for (const include of includes) {
    const library = libraries.find(({ header }) => header.test(include.angled ?? include.quoted ?? ''));
    let fault;
    if (!include.quoted && !include.angled) fault = 'is not a plain name';
    else if (library && !library.only.test(file)) fault = `is for ${library.where} alone`;
    else if (room) fault = faultInCore(root, room, include);
    else if (isPublic) fault = faultInPublic(root, file, include);
    else fault = faultOutside(root, file, include);
    if (fault) faults.push(`${file}:${include.line}: ${include.rest} ${fault}`);
  }
  if (room && file.endsWith('.c') && includes.at(-1)?.quoted !== 'base/poison.h') {
    faults.push(`${file}: its last include must be "base/poison.h"`);
  }
  return faults;
}

/** What pages load depends on nothing but itself. @param {string} file @param {string} text */
function faultsOfScript(file, text) {
  const faults = [];
  for (const { 1: name, index } of text.matchAll(/(?:\bfrom\s*|^import\s*|\bimport\(\s*)['"]([^'"\n]+)['"]/gm)) {
    const inside = name.startsWith('./') && posix.join(dirname(file), name).startsWith('bindings/js/src/');
    if (inside || name.startsWith('node:')) continue;
    faults.push(`${file}:${text.slice(0, index).split('\n').length}: '${name}' is outside of bindings/js/src`);
  }
  return faults;
}

const root = process.argv[2] ?? repository;
const sources = filesOf(root, 'sdk/*.c', 'sdk/*.h', 'wasm/*.c', 'wasm/*.h', 'examples/*.c', 'examples/*.h');
const scripts = filesOf(root, 'bindings/js/src/*.mjs');
const faults = [
  ...sources.flatMap((file) => faultsOfSource(root, file, textOf(root, file) ?? '#include "base/poison.h"')),
  ...scripts.flatMap((file) => faultsOfScript(file, textOf(root, file) ?? '')),
];
if (sources.length === 0) faults.push('there are no sources');
finish('rooms', faults, `${sources.length} sources and ${scripts.length} scripts include only what they may`);
