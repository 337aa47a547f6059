#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Unpacks recorded texts and answers for corpus_recorded, and runs it.  usage: recorded.mjs PROGRAM DIRECTORY
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const source = join(resolve(repository, process.env.OL_VECTORS || '../shared/vectors'), 'attribution');
const [program, directory] = process.argv.slice(2);
if (!existsSync(source)) {
  console.log(`skipped: ${source} is missing`);
  process.exit(process.env.CI === 'true' ? 1 : 77);
}

const texts = ['tinyshakespeare.txt.gz', 'wikitext2_valid.txt.gz'];
/** @type {{ response: string }[]} */
const answers = JSON.parse(readFileSync(join(source, 'llm_answers_60.json'), 'utf8'));
mkdirSync(directory, { recursive: true });
texts.forEach((name, i) => writeFileSync(join(directory, `text.${i}`), gunzipSync(readFileSync(join(source, name)))));
answers.forEach(({ response }, i) => writeFileSync(join(directory, `answer.${i}`), response));
const { status } = spawnSync(program, [directory, `${texts.length}`, `${answers.length}`], { stdio: 'inherit' });
process.exit(status ?? 1);
