#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The libraries export what the public headers declare, and the core needs nothing but its dependencies and mem*.
// usage: symbols.mjs [BUILD] of a build without sanitizers; by default build/dev
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { declared, differences, finish, repository, run } from './shared.mjs';

const build = resolve(process.argv[2] ?? join(repository, 'build/dev'));

/** What the core may call that is not its own. */
const dependencies = [
  /^secp256k1_/, /^blst_/, /^BLS12_381_/, /^(crypto|sodium)_/, /^mbedtls_/, /^(unsafe_)?yyjson_/,
  /^mem[a-z]+$/,
];
/** What the compiler brings: the table of position-independent code, and its own record of the CPU. */
const compiler = /^(_GLOBAL_OFFSET_TABLE_|__cpu_model)$/;

/** What the code of our dependencies may call too: memory and its bytes; no files, no clock, no entropy, no sockets. */
const libc = /^(mem[a-z]+|explicit_bzero|strlen|malloc|calloc|realloc|free|abort)$/;

/** Generators that can be predicted, whose numbers would be keys: nobody defines one, or needs one. */
const guessable = /^(s?rand(om)?(_r)?|[dejlmn]rand48(_r)?|(srand|seed|lcong)48(_r)?|initstate(_r)?|setstate(_r)?)$/;

/** Names in the order of nm's portable format. @param {string[]} args */
const names = (...args) =>
  run('nm', ['--format=posix', ...args]).split('\n').map((line) => line.match(/^(\S+) \S/)?.[1])
    .filter((name) => name !== undefined).map((name) => name.replace(/@.*/, ''));

/** @param {string} folder @returns {string[]} */
const objectsIn = (folder) =>
  !existsSync(folder) ? []
  : readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.o')).map((name) => join(folder, name));

function faultsOfExports() {
  const expected = declared();
  /** @type {[string, string[]][]} */
  const libraries = [['libopenledger.so', ['--dynamic']], ['libopenledger.a', ['--extern-only']]];
  const faults = libraries.flatMap(([library, args]) =>
    differences(library, new Set(names('--defined-only', ...args, join(build, library))), expected));
  for (const kind of ['host', 'corpus']) {
    const library = `libopenledger_${kind}.a`;
    if (!existsSync(join(build, library))) continue;
    const found = new Set(names('--defined-only', '--extern-only', join(build, library)));
    faults.push(...differences(library, found, declared(kind)));
  }
  return faults;
}

/** Of all libraries; in an archive also what is not shown to others. */
const faultsOfGenerators = () =>
  ['libopenledger.so', 'libopenledger.a', 'libopenledger_host.a', 'libopenledger_corpus.a'].filter((library) => existsSync(join(build, library)))
    .flatMap((library) => names(...(library.endsWith('.so') ? ['--dynamic'] : []), join(build, library))
      .filter((name) => guessable.test(name)).map((name) => `${library}: has ${name}, whose numbers can be guessed`));

/** @param {string[]} objects */
function faultsOfNeeds(objects) {
  const own = new Set(objects.flatMap((object) => names('--defined-only', '--extern-only', object)));
  const faults = [...own].filter((name) => !name.startsWith('ol_'))
    .map((name) => `${name}: the core defines it, but it does not begin with ol_`);
  for (const object of objects) {
    for (const name of names('--undefined-only', object)) {
      if (own.has(name) || compiler.test(name) || dependencies.some((known) => known.test(name))) continue;
      faults.push(`${relative(build, object)}: needs ${name}, which no dependency of the core may bring`);
    }
  }
  for (const name of names('--undefined-only', join(build, 'libopenledger.a'))) {
    if (libc.test(name) || compiler.test(name)) continue;
    faults.push(`libopenledger.a: needs ${name}, so it does more than to compute`);
  }
  return faults;
}

const objects = objectsIn(join(build, 'CMakeFiles/openledger_core.dir'));
const faults = objects.length === 0 ? [`${build}: holds no objects of the core`]
  : [...faultsOfExports(), ...faultsOfNeeds(objects), ...faultsOfGenerators()];
const seen = `${declared().size} functions declared and exported; ${objects.length} objects need dependencies and mem* alone`;
finish('symbols', faults, seen);
