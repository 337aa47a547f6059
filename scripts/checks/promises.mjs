// SPDX-License-Identifier: MIT
//
// Each promise of docs/promise.md names tests that are there: `FILE`: `NAME`, `NAME`...
import { finish, repository, textOf } from './shared.mjs';

const root = process.argv[2] ?? repository;
const document = 'docs/promise.md';
const text = textOf(root, document) ?? '';

const named = [...text.matchAll(/`(tests\/[^`]+)`: ((?:`[^`]+`(?:, )?)+)/g)].flatMap(([, file, names]) =>
  [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => ({ file, name })));
const faults = named
  .filter(({ file, name }) => !(textOf(root, file) ?? '').includes(name))
  .map(({ file, name }) => `${document}: there is no test "${name}" in ${file}`);
const rows = text.split('\n').filter((line) => /^\|(?!-)/.test(line) && !/^\| (promise|level) \|/.test(line));
faults.push(...rows.filter((row) => !row.includes('`tests/')).map((row) => `${document}: a promise without a test: ${row}`));
if (named.length === 0) faults.push(`${document}: it promises nothing`);
finish('promises', faults, `${named.length} tests are named, and there`);
