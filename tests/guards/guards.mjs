// SPDX-License-Identifier: MIT
//
// Deletes each check of the core in turn and runs the unit tests: some test must fail, or the check is not
// guarded. A check is an `if` that returns a failure, or has a policy speak against something, or an OL_TRY that passes one on.
//
//   node guards.mjs [--slice N/M] [PATTERN]     only every Mth check, the Nth of them; only files that match
//
// Prints each check that no test misses, and `N passed, N failed`.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const work = join(root, 'build/guards');
const rooms = ['base', 'encoding', 'crypto', 'trie', 'consensus', 'rollup', 'ledger', 'wallet', 'attribution', 'engine', 'client', 'provider'];
const deps = join(root, 'build/deps/native');
const flags = ['-std=c11', '-O1', '-w', '-fPIC', '-ftrivial-auto-var-init=zero', '-D_POSIX_C_SOURCE=200809L', `-DOL_TESTS_DIR="${join(root, 'tests')}"`,
  `-I${root}/sdk/include`, `-I${root}/sdk/src`, `-I${root}/tests`, `-I${deps}/include`];
const libraries = [`-L${deps}/lib`, '-lsecp256k1', '-lblst', '-lsodium', '-lmbedcrypto', '-lyyjson', '-lutf8proc'];
const failure = /\b(ol_fail|fails|refuse|malformed|extra_too_long|remote_error|mismatch|unproven|no_form|fail_at|differs|no_member|other_type|too_deep|missing|ol_reject|ol_reject_file|ol_evidence_reject|refuse_response|broken|nothing|wrong|cut|stop)\s*\(/;

// Checks that no input can reach while those around them stand; each with the reason.
const unreachable = readFileSync(join(root, 'tests/guards/unreachable.txt'), 'utf8')
  .split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(' | ').slice(0, 2));

/** The index behind the bracket that closes the one at `open`. */
function closing(text, open) {
  let depth = 0;
  const tokens = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[()]/g; // brackets in strings and characters are none
  tokens.lastIndex = open;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    if (token[0] === '(') depth++;
    else if (token[0] === ')' && --depth === 0) return tokens.lastIndex;
  }
  throw new Error('unbalanced');
}

/** All checks of a file: where, and the text without it. */
function mutants(file) {
  const text = readFileSync(file, 'utf8');
  const out = [];
  const line = (at) => text.slice(0, at).split('\n').length;
  for (const match of text.matchAll(/\bif \(/g)) {
    const open = match.index + 3;
    const end = closing(text, open);
    const statement = text.slice(end, text.indexOf(';', end) + 1);
    const fails = /^\s*(return|status =|[a-z]+ = )/.test(statement) && failure.test(statement);
    if (!fails && !/^\s*against\(/.test(statement)) continue;
    out.push({ line: line(match.index), source: text.slice(match.index, end + statement.length), text: `${text.slice(0, open)}(0)${text.slice(end)}` });
  }
  for (const match of text.matchAll(/\bOL_TRY\(/g)) {
    const end = closing(text, match.index + 6);
    out.push({ line: line(match.index), source: text.slice(match.index, end), text: `${text.slice(0, match.index)}(void)${text.slice(match.index + 6)}` });
  }
  return out.sort((a, b) => a.line - b.line).map((mutant) => ({ ...mutant, source: mutant.source.replace(/\s+/g, ' ') }));
}

const cc = (...args) => execFileSync('gcc', args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
const sources = rooms.flatMap((room) => readdirSync(join(root, 'sdk/src', room)).filter((name) => name.endsWith('.c'))
  .map((name) => join('sdk/src', room, name)));
const objectOf = (source) => join(work, `${source.replaceAll('/', '_')}.o`);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
for (const source of sources) cc(...flags, '-c', source, '-o', objectOf(source));
/** Links the core as a library, so that the tests need not be linked again. @param {string} [source] @param {string} [object] */
function linkCore(source, object) {
  const objects = sources.map((other) => (object && other === source ? object : objectOf(other)));
  cc('-shared', '-o', join(work, 'libcore.so'), ...objects, ...libraries);
}
const linkProgram = (/** @type {string} */ out, /** @type {string[]} */ ...own) =>
  cc(...flags, '-o', out, ...own, `-L${work}`, `-Wl,-rpath,${work}`, '-lcore', '-lcmocka', ...libraries);
linkCore();

const tests = rooms.flatMap((room) => readdirSync(join(root, 'tests/unit', room)).filter((name) => name.endsWith('.c'))
  .map((name) => ({ room, program: join(work, `${room}_${basename(name, '.c')}`), args: [], source: join('tests/unit', room, name) })));
const worlds = readdirSync(join(root, 'tests/attribution')).filter((name) => name.endsWith('.c')).map((name) => join('tests/attribution', name));
for (const { room, program, source } of tests) linkProgram(program, source, ...(room === 'attribution' ? worlds : []));

// The published vectors are a test too, where they are: of the rooms whose rules they are about.
const vectors = join(root, 'build/vectors');
const vectorProgram = { room: '', program: join(work, 'vectors'), args: [vectors, 'tests/vectors/expected.txt'], source: '' };
const hasVectors = existsSync(join(vectors, 'manifest.txt'));
if (hasVectors) {
  linkProgram(vectorProgram.program, ...readdirSync(join(root, 'tests/vectors'))
    .filter((name) => name.endsWith('.c') && name !== 'main_wasm.c').map((name) => join('tests/vectors', name)));
}

// A test that fails anyway would seem to miss every check.
for (const { program, args } of hasVectors ? [...tests, vectorProgram] : tests) {
  if (!passes(program, args, 120_000)) throw new Error(`${program} fails before anything is deleted`);
}

/** @param {string} program @param {string[]} args */
function passes(program, args, timeout = 20_000) {
  return spawnSync(program, args, { cwd: root, stdio: 'ignore', timeout }).status === 0;
}

/** Whether a test fails when `object` stands for the object of `source`. Tests of the same room come first. */
function caught(source, object) {
  linkCore(source, object);
  const room = source.split('/')[2];
  const ordered = [...tests].sort((a, b) => Number(b.room === room) - Number(a.room === room));
  if (hasVectors && ['encoding', 'crypto', 'trie', 'consensus'].includes(room)) ordered.push(vectorProgram);
  return ordered.some(({ program, args }) => !passes(program, args));
}

const slice = /^(\d+)\/(\d+)$/.exec(process.argv[process.argv.indexOf('--slice') + 1] ?? '') ?? [null, '0', '1'];
const pattern = process.argv.slice(2).filter((word, i, all) => !word.startsWith('--') && all[i - 1] !== '--slice')[0] ?? '';
let passed = 0, failed = 0, index = 0;
for (const source of sources.filter((name) => name.includes(pattern))) {
  for (const mutant of mutants(join(root, source))) {
    if (index++ % Number(slice[2]) !== Number(slice[1])) continue;
    if (unreachable.some(([file, text]) => source.endsWith(file) && mutant.source.includes(text))) continue;
    const file = join(work, basename(source));
    writeFileSync(file, mutant.text);
    const object = join(work, 'mutant.o');
    cc(...flags, `-I${join(root, dirname(source))}`, '-c', file, '-o', object);
    if (caught(source, object)) passed++;
    else {
      failed++;
      console.log(`${source}:${mutant.line}: no test misses: ${mutant.source.slice(0, 160)}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
