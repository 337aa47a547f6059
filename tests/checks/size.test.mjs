// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { check, fails, folder, passes, plant } from './support.mjs';

/** @param {import('node:test').TestContext} t @param {number} moduleLen @param {number} scriptLen */
function built(t, moduleLen, scriptLen = 0) {
  const root = folder(t);
  plant(root, 'openledger.wasm', randomBytes(moduleLen)); // which does not compress
  plant(root, 'js/index.mjs', "import { a } from './a.mjs';\n");
  plant(root, 'js/a.mjs', `// ${randomBytes(scriptLen).toString('latin1').replace(/[^!-~]/g, '.')}\nconst b = await import('./b.mjs');\n`);
  plant(root, 'js/b.mjs', '');
  plant(root, 'js/not-loaded.mjs', randomBytes(1 << 20));
  return root;
}

test('what is there passes', () => passes(check('size', '--quiet')));

test('little passes, and is written down', (t) => {
  const root = built(t, 100_000);
  passes(check('size', root));
  const size = JSON.parse(readFileSync(join(root, 'size.json'), 'utf8'));
  assert.deepEqual(Object.keys(size.module), ['raw', 'gzip', 'brotli']);
  assert.equal(size.module.raw, 100_000);
  assert.ok(size.browser_total.brotli > size.module.brotli && size.browser_total.raw < 101_000);
});

test('too large a module does not pass, though a page may load as much', (t) => {
  passes(check('size', '--quiet', built(t, 212_900)));
  fails(check('size', '--quiet', built(t, 213_001)), /^the module has \d+ bytes of brotli, more than 213000$/m);
});

test('too large a script does not pass', (t) => {
  const root = built(t, 190_000, 200_000);
  fails(check('size', '--quiet', root), /^a page loads \d+ bytes of brotli, more than 262100$/m);
  assert.ok(!existsSync(join(root, 'size.json')));
});

test('both are told of at once', (t) =>
  fails(check('size', '--quiet', built(t, 290_000)), 'the module has', 'a page loads'));
