// SPDX-License-Identifier: MIT
//
// The examples of the README are those that the tests run: each block behind `<!-- example: FILE -->` stands in
// that file, line for line, wherever it is indented to.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(process.argv[2] ?? '.');
const trimmed = (/** @type {string} */ text) => text.split('\n').map((line) => line.trim()).filter(Boolean).join('\n');

let faults = 0;
const examples = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/<!-- example: (\S+) -->\n```\w*\n([^]*?)```/g)];
for (const [, file, block] of examples) {
  const path = join(root, file);
  if (existsSync(path) && `\n${trimmed(readFileSync(path, 'utf8'))}\n`.includes(`\n${trimmed(block)}\n`)) continue;
  console.error(`readme: the example does not stand in ${file}`);
  faults++;
}
if (examples.length < 2) {
  console.error('readme: it should have an example in C and one in JavaScript');
  faults++;
}
if (faults === 0) console.log(`readme: ${examples.length} examples are those that the tests run`);
process.exit(faults === 0 ? 0 : 1);
