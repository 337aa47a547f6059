// SPDX-License-Identifier: MIT
import { test } from 'node:test';
import { check, fails, passes, plant, tree } from './support.mjs';

const examples = ['README.md', 'examples/c', 'examples/js', 'examples/shell'];

test('the README passes', (t) => passes(check('readme', tree(t, ...examples))));

test('an example that does not stand in its file does not', (t) => {
  const root = tree(t, ...examples);
  plant(root, 'examples/js/balance.mjs', "import { load } from 'openledger';\n");
  fails(check('readme', root), 'the example does not stand in examples/js/balance.mjs');
});

test('a README without examples does not', (t) => {
  const root = tree(t, ...examples);
  plant(root, 'README.md', '# Nothing\n');
  fails(check('readme', root), 'it should have an example in C and one in JavaScript');
});
