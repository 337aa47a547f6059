// SPDX-License-Identifier: MIT
// Text to make corpora of: what was recorded, and what packages of Debian have, brought by apt into build/texts.
// Pieces of all of them are mixed, so that each beginning of the whole is of the same kind.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { build, repository } from '../doors.mjs';

const PIECE = 20_000;
const folder = join(build, 'texts');
const recorded = join(resolve(repository, process.env.OL_VECTORS || '../shared/vectors'), 'attribution');
const PACKAGES = ['dict-gcide', 'wordnet-base', 'bible-kjv-text', 'debian-handbook'];

const plain = (/** @type {string} */ html) =>
  html.replace(/<(script|style)[^]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&nbsp;/g, ' ').replace(/&amp;/g, '&')
    .replace(/[ \t]+/g, ' ').replace(/\n\s*\n+/g, '\n\n');

/** Unpacks a package, downloading it if need be. @param {string} name @returns {string | undefined} where */
function unpacked(name) {
  const target = join(folder, name);
  if (existsSync(target)) return target;
  const downloads = join(folder, 'packages');
  mkdirSync(downloads, { recursive: true });
  spawnSync('apt-get', ['-q', 'download', name], { cwd: downloads, stdio: 'ignore' });
  const file = readdirSync(downloads).find((found) => found.startsWith(`${name}_`));
  if (!file) return undefined;
  return spawnSync('dpkg-deb', ['-x', join(downloads, file), target]).status === 0 ? target : undefined;
}

/** Files of a package that have text. @param {string} root @returns {string[]} */
function textsOf(root) {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).sort().flatMap((name) => {
    const path = join(root, name);
    if (/\.dict\.dz$/.test(name)) return [gunzipSync(readFileSync(path)).toString()];
    if (/\/wordnet\/data\.\w+$/.test(name)) return [readFileSync(path, 'utf8')];
    if (/\/html\/.*\.html$/.test(name)) return [plain(readFileSync(path, 'utf8'))];
    if (/\.txt$/.test(name)) return [readFileSync(path, 'utf8')];
    return [];
  });
}

/** @returns {{ text: Buffer, sources: { name: string, bytes: number }[], missing: string[] }} */
export function mixedText() {
  /** @type {string[]} */
  const missing = [];
  const sources = ['tinyshakespeare.txt.gz', 'wikitext2_valid.txt.gz'].flatMap((name) => {
    const path = join(recorded, name);
    if (existsSync(path)) return [{ name, text: gunzipSync(readFileSync(path)).toString() }];
    missing.push(path);
    return [];
  });
  for (const name of PACKAGES) {
    const root = unpacked(name);
    const text = root ? textsOf(root).join('\n') : '';
    if (text) sources.push({ name, text });
    else missing.push(root ? `${name} (it has no plain text)` : name);
  }
  const pieces = sources.flatMap(({ text }) => {
    const bytes = Buffer.from(text.replaceAll('\uFFFD', ''));
    const list = [];
    for (let at = 0; at < bytes.length;) {
      let end = Math.min(bytes.length, at + PIECE);
      while (end < bytes.length && (bytes[end] & 0xc0) === 0x80) end++;
      list.push(bytes.subarray(at, end));
      at = end;
    }
    return list;
  });
  let chance = 1;
  for (let i = pieces.length - 1; i > 0; i--) {
    chance = (Math.imul(chance, 1664525) + 1013904223) >>> 0;
    const other = chance % (i + 1);
    [pieces[i], pieces[other]] = [pieces[other], pieces[i]];
  }
  return { text: Buffer.concat(pieces), sources: sources.map(({ name, text }) => ({ name, bytes: Buffer.byteLength(text) })), missing };
}

/** Answers of about 2,000 bytes, out of those that were recorded. @returns {Buffer[]} */
export function answers() {
  const path = join(recorded, 'llm_answers_60.json');
  if (!existsSync(path)) return [];
  /** @type {{ response: string }[]} */
  const all = JSON.parse(readFileSync(path, 'utf8'));
  const text = Buffer.from(all.map(({ response }) => response).join('\n\n'));
  const list = [];
  for (let at = 0; at + 2000 <= text.length;) {
    let end = at + 2000;
    while ((text[end] & 0xc0) === 0x80) end--;
    list.push(text.subarray(at, end));
    at = end;
  }
  return list;
}
