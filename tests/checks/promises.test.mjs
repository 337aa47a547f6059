// SPDX-License-Identifier: MIT
import { test } from 'node:test';
import { check, fails, passes, plant, tree } from './support.mjs';

const folders = ['docs', ...['unit', 'alloc', 'attribution', 'browser', 'checks', 'core', 'ctime', 'devnet', 'host', 'js', 'ledger', 'residue'].map((name) => `tests/${name}`)];

test('the promises pass', (t) => passes(check('promises', tree(t, ...folders))));

test('a promise whose test is gone does not', (t) => {
  const root = tree(t, ...folders);
  plant(root, 'docs/promise.md', 'Levels above are refused: `tests/unit/client/test_client.c`: `outvotes_a_liar`, `not_there`.\n');
  fails(check('promises', root), 'there is no test "not_there" in tests/unit/client/test_client.c');
});

test('a promise without a test does not', (t) => {
  const root = tree(t, ...folders);
  plant(root, 'docs/promise.md', '| promise | test |\n|---|---|\n| It never fails | trust us |\n');
  fails(check('promises', root), 'a promise without a test: | It never fails | trust us |', 'it promises nothing');
});
