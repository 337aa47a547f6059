#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The C sources are laid out by clang-format. Long files and functions are mentioned, and are no fault.
// usage: format.mjs [ROOT]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { filesOf, finish, repository, textOf } from './shared.mjs';

const MAX_FILE_LINES = 600;
const MAX_FUNCTION_LINES = 70;

/** The functions of a source in our layout: a body closes with a brace in the first column. @param {string} text */
function longFunctions(text) {
  const found = [];
  let start = -1;
  let name = '';
  text.split('\n').forEach((line, index) => {
    const [, begun] = line.match(/^[A-Za-z_][^;={}]*?\b(\w+)\([^;{}]*/) ?? [];
    if (begun && start < 0) name = begun;
    if (start < 0 && name && /\)\s*\{$/.test(line)) start = index;
    if (line !== '}') return;
    if (start >= 0 && index - start > MAX_FUNCTION_LINES) found.push({ name, line: start + 1, length: index - start });
    [start, name] = [-1, ''];
  });
  return found;
}

const root = process.argv[2] ?? repository;
const files = filesOf(root, '*.c', '*.h').filter((file) => textOf(root, file) !== undefined);
const faults = [];
if (files.length === 0) faults.push('there are no sources');
const style = `-style=file:${join(root, '.clang-format')}`;
const args = ['--dry-run', '-Werror', style, ...files];
const { status, stderr, error } = spawnSync('clang-format', args, { cwd: root, encoding: 'utf8' });
if (error) faults.push(`clang-format: ${error.message}`);
for (const [, place] of (stderr ?? '').matchAll(/^(\S+:\d+:\d+): error/gm)) {
  faults.push(`${place}: not as clang-format lays it out`);
}
if (status !== 0 && faults.length === 0) faults.push(`clang-format: ${stderr}`);

for (const file of files) {
  const text = /** @type {string} */ (textOf(root, file));
  const lines = text.split('\n').length - 1;
  if (lines > MAX_FILE_LINES) process.stdout.write(`note: ${file} has ${lines} lines\n`);
  for (const { name, line, length } of longFunctions(text)) {
    process.stdout.write(`note: ${file}:${line}: ${name} has ${length} lines\n`);
  }
}
finish('format', faults, `${files.length} sources are laid out`);
if (status !== 0 && !error) process.stderr.write('make format lays the sources out\n');
