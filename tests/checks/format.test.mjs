// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, fails, passes, plant, tree } from './support.mjs';

test('what is laid out passes', (t) => {
  const root = tree(t, '.clang-format', 'sdk');
  passes(check('format', root));
});

test('an empty tree does not', (t) => fails(check('format', tree(t, '.clang-format')), 'there are no sources'));

test('what is not laid out does not', (t) => {
  const root = tree(t, '.clang-format', 'sdk');
  plant(root, 'tests/planted.c', 'int  planted( void ) {\n    return 0; }\n');
  const result = check('format', root);
  assert.match(result.stderr, /^tests\/planted\.c:1:4: not as clang-format lays it out$/m);
  assert.match(result.stderr, /make format/);
  assert.equal(result.status, 1);
});

test('long files and functions are mentioned', (t) => {
  const root = tree(t, '.clang-format');
  plant(root, 'long.c', `static int planted(int a) {\n${'  a++;\n'.repeat(70)}  return a;\n}\n${'\nint b;\n'.repeat(300)}`);
  const result = check('format', root);
  assert.match(result.stdout, /note: long\.c has 673 lines/);
  assert.match(result.stdout, /note: long\.c:1: planted has 72 lines/);
});
