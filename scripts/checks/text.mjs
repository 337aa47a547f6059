#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// No file names a package registry's host or a place on somebody's machine; every source says its licence on top.
// usage: text.mjs [ROOT]
import { filesOf, finish, repository, textOf } from './shared.mjs';

const forbidden = [
  {
    what: 'the host of a package registry',
    pattern: new RegExp([
      'registry\\.[a-z]+\\.(?:org|com)', '(?:www\\.)?npmjs\\.(?:org|com)', 'npm\\.pkg\\.github\\.com',
      '(?:deb|ftp|security|snapshot|packages|archive)\\.(?:[a-z0-9-]+\\.)*debian\\.org',
      '(?:archive|security|ports)\\.ubuntu\\.com',
      '(?:files\\.)?pypi(?:thonhosted)?\\.org', 'pythonhosted\\.org', 'crates\\.io', 'proxy\\.golang\\.org',
      'repo1?\\.maven(?:\\.apache)?\\.org', 'cdn\\.jsdelivr\\.net', 'unpkg\\.com', 'registry\\.hub\\.docker\\.com',
    ].join('|'), 'i'),
  },
  {
    what: 'a place on a machine',
    pattern: /(?<![\w.$}\])*~\/-])\/(?:home|Users|root|work|mnt|media)\/[\w.-]|(?<!\w)[A-Z]:\\+Users\\/,
  },
];

/** Kinds of files whose format has comments and which are ours. */
const sources = /(^|\/)(CMakeLists\.txt|Makefile)$|\.(c|h|cc|cpp|hpp|m|swift|java|kt|py|js|mjs|cjs|ts|mts|cmake|sh|html|css|yml|yaml|S)$/;
const LICENCE = 'SPDX-License-Identifier: MIT';

/** @param {string} file @param {string} text */
function faultsOf(file, text) {
  const faults = [];
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    for (const { what, pattern } of forbidden) {
      const found = line.match(pattern);
      if (found) faults.push(`${file}:${index + 1}: "${found[0]}" is ${what}`);
    }
  });
  if (!sources.test(file) && !text.startsWith('#!')) return faults;
  const top = lines[0].startsWith('#!') || /^<!doctype/i.test(lines[0]) ? 1 : 0;
  if (!lines[top]?.includes(LICENCE)) faults.push(`${file}: "${LICENCE}" is not on top`);
  return faults;
}

const root = process.argv[2] ?? repository;
const faults = [];
let count = 0;
for (const file of filesOf(root)) {
  const text = textOf(root, file);
  if (text === undefined || text.includes('\0')) continue;
  count++;
  faults.push(...faultsOf(file, text));
}
if (count === 0) faults.push('there are no files');
finish('text', faults, `${count} files name no registry and no machine, and say their licence`);
