// SPDX-License-Identifier: MIT
// A check is tested on a copy of what it looks at, in which something is planted.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Runs a check. @param {string} name @param {string[]} args */
export function check(name, ...args) {
  const script = join(repository, `scripts/checks/${name}.mjs`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** @param {ReturnType<typeof check>} result */
export function passes({ status, stderr }) {
  assert.equal(stderr, '');
  assert.equal(status, 0);
}

/** It fails, and says this and nothing else. @param {ReturnType<typeof check>} result @param {...(RegExp | string)} faults */
export function fails({ status, stderr }, ...faults) {
  const said = stderr.trimEnd().split('\n').slice(0, -1); // the last line counts them
  for (const fault of faults) {
    const found = said.findIndex((line) => (typeof fault === 'string' ? line.includes(fault) : fault.test(line)));
    assert.notEqual(found, -1, `not found: ${fault}\nin: ${stderr}`);
    said.splice(found, 1);
  }
  assert.deepEqual(said, []);
  assert.equal(status, 1);
}

/** A folder that is gone when the test ends. @param {import('node:test').TestContext} t */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'openledger-check-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A work tree with copies of parts of ours. @param {import('node:test').TestContext} t @param {...string} parts */
export function tree(t, ...parts) {
  const root = folder(t);
  execFileSync('git', ['init', '--quiet', root]);
  for (const part of parts) cpSync(join(repository, part), join(root, part), { recursive: true });
  return root;
}

/** Writes a file, and its folder where there is none. @param {string} root @param {string} file @param {string | Uint8Array} text */
export function plant(root, file, text) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}
