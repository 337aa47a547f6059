// SPDX-License-Identifier: MIT
// What the checks share. Each is a program that names every fault and exits with 1, or says in one line what it saw.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Runs a tool and returns what it prints. @param {string} tool @param {string[]} args */
export const run = (tool, args, options = {}) =>
  execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'], ...options });

/** The files of a work tree, those not added yet too. @param {string} root @param {string[]} patterns */
export const filesOf = (root, ...patterns) =>
  run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns], { cwd: root })
    .split('\0').filter((file, index, all) => file && all.indexOf(file) === index).sort();

/** The text of a file, or undefined if it was removed. @param {string} root @param {string} file */
export function textOf(root, file) {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The names that the public headers declare. @param {...string} kind nothing, 'host', 'corpus', or 'js' */
export function declared(...kind) {
  const names = run(process.execPath, [join(repository, 'scripts/api.mjs'), 'symbols', ...kind]).split('\n').filter(Boolean);
  if (names.length === 0) throw new Error('the public headers declare nothing');
  return new Set(names);
}

/**
 * What is in one set and not in the other, as faults.
 * @param {string} where @param {Set<string>} found @param {Set<string>} expected
 */
export const differences = (where, found, expected) => [
  ...[...found].filter((name) => !expected.has(name)).map((name) => `${where}: exports ${name}, which is not declared`),
  ...[...expected].filter((name) => !found.has(name)).map((name) => `${where}: does not export ${name}, which is declared`),
];

/** Ends a check. @param {string} name @param {string[]} faults @param {string} seen */
export function finish(name, faults, seen) {
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (faults.length > 0) {
    process.stderr.write(`${name}: ${faults.length} fault${faults.length === 1 ? '' : 's'}\n`);
    process.exitCode = 1;
  } else {
    process.stdout.write(`${name}: ${seen}\n`);
  }
}
