// SPDX-License-Identifier: MIT
// On copies of build/dev, which scripts/check builds first.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { check, fails, folder, passes, plant, repository } from './support.mjs';

const build = join(repository, 'build/dev');
const objects = 'CMakeFiles/openledger_core.dir';
const libraries = ['libopenledger.so', 'libopenledger.a', 'libopenledger_host.a', 'libopenledger_corpus.a'];

/** @param {import('node:test').TestContext} t */
function copy(t) {
  const root = folder(t);
  for (const part of [objects, ...libraries.filter((name) => existsSync(join(build, name)))]) {
    cpSync(join(build, part), join(root, part), { recursive: true, dereference: true });
  }
  return root;
}

/** Compiles an object. @param {string} root @param {string} file @param {string} source */
function compile(root, file, source) {
  plant(root, 'planted.c', source);
  execFileSync('cc', ['-O2', '-fPIC', '-c', join(root, 'planted.c'), '-o', join(root, file)]);
  return join(root, file);
}

test('what is there passes', (t) => passes(check('symbols', copy(t))));

test('a build without objects does not', (t) => fails(check('symbols', folder(t)), 'holds no objects of the core'));

test('a core that calls what it may not does not', (t) => {
  const root = copy(t);
  compile(root, `${objects}/planted.o`, 'int socket(int); void *malloc(unsigned long);\n'
    + 'void *ol_planted(void) { return socket(1) ? malloc(8) : 0; }\n');
  fails(check('symbols', root), /planted\.o: needs socket,/, /planted\.o: needs malloc,/);
});

test('a name that could clash does not', (t) => {
  const root = copy(t);
  compile(root, `${objects}/planted.o`, 'int planted(void) { return 0; }\n');
  fails(check('symbols', root), 'planted: the core defines it');
});

test('a static library that shows more does not', (t) => {
  const root = copy(t);
  const object = compile(root, 'planted.o', 'int fopen(void); int yyjson_planted(void) { return fopen(); }\n');
  execFileSync('ar', ['rs', join(root, 'libopenledger.a'), object], { stdio: 'ignore' });
  fails(check('symbols', root), 'libopenledger.a: exports yyjson_planted, which is not declared', 'libopenledger.a: needs fopen');
});

test('a static library that lacks a function does not', (t) => {
  const root = copy(t);
  execFileSync('objcopy', ['--localize-symbol=ol_version', join(root, 'libopenledger.a')]);
  fails(check('symbols', root), 'libopenledger.a: does not export ol_version, which is declared');
});

test('a shared library that shows more does not', (t) => {
  const root = copy(t);
  const wrapper = compile(root, 'planted.o', 'int yyjson_planted(void) { return 0; }\n');
  rmSync(join(root, 'libopenledger.so'));
  // All declared functions from the archive, and one more.
  const archive = ['-Wl,--whole-archive', join(root, 'libopenledger.a'), '-Wl,--no-whole-archive'];
  execFileSync('cc', ['-shared', '-o', join(root, 'libopenledger.so'), wrapper, ...archive]);
  fails(check('symbols', root), 'libopenledger.so: exports yyjson_planted, which is not declared');
});

for (const generator of ['rand', 'srand', 'random', 'drand48', 'rand_r']) {
  test(`a host that calls ${generator} does not`, (t) => {
    const root = copy(t);
    const object = compile(root, 'planted.o', `int ${generator}(void); static int use(void) { return ${generator}(); }\nint (*volatile ol_planted)(void) = use;\n`);
    execFileSync('objcopy', ['--localize-symbol=ol_planted', object]);
    execFileSync('ar', ['rs', join(root, 'libopenledger_host.a'), object], { stdio: 'ignore' });
    fails(check('symbols', root), `libopenledger_host.a: has ${generator}, whose numbers can be guessed`);
  });
}
