// SPDX-License-Identifier: MIT
//
// The examples of the README are those that the tests run: each block behind `<!-- example: FILE -->` stands in
// that file, line for line, wherever it is indented to.
import { finish, repository, textOf } from './shared.mjs';

const root = process.argv[2] ?? repository;
const trimmed = (/** @type {string} */ text) => text.split('\n').map((line) => line.trim()).filter(Boolean).join('\n');

const readme = textOf(root, 'README.md') ?? '';
const examples = [...readme.matchAll(/<!-- example: (\S+) -->\n```\w*\n([^]*?)```/g)];
const faults = examples
  .filter(([, file, block]) => !`\n${trimmed(textOf(root, file) ?? '')}\n`.includes(`\n${trimmed(block)}\n`))
  .map(([, file]) => `README.md: the example does not stand in ${file}`);
if (examples.length < 2) faults.push('README.md: it should have an example in C and one in JavaScript');
finish('readme', faults, `${examples.length} examples are those that the tests run`);
