// SPDX-License-Identifier: MIT
// The tables of docs/scale.md follow from the figures that are kept beside it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { plant, repository, tree } from './support.mjs';

/** @param {string} root */
function check(root) {
  const { status, stderr } = spawnSync(process.execPath, [join(repository, 'tests/bench/scale.mjs'), '--check', root], { encoding: 'utf8' });
  return { status, stderr };
}

test('the tables pass', (t) => assert.deepEqual(check(tree(t, 'docs')), { status: 0, stderr: '' }));

for (const [what, file, from, to] of /** @type {[string, string, RegExp, string][]} */ ([
  ['a table that was written by hand', 'docs/scale.md', /(\| answers \| )\d+/, '$19999'],
  ['an assumption that was changed without it', 'docs/scale.json', /"hits": [\d.]+/, '"hits": 0.99'],
  ['a figure that was changed without it', 'docs/scale.json', /"anvilProofMs": [\d.]+/, '"anvilProofMs": 0.01'],
  ['a table that is gone', 'docs/scale.md', /<!-- table: day -->/, ''],
])) {
  test(`${what} does not`, (t) => {
    const root = tree(t, 'docs');
    const text = readFileSync(join(root, file), 'utf8');
    assert.match(text, from);
    plant(root, file, text.replace(from, to));
    const { status, stderr } = check(root);
    assert.equal(status, 1);
    assert.match(stderr, /^scale: docs\/scale\.md: /);
  });
}
