// SPDX-License-Identifier: MIT
// Joins the modules into one classic script with the WebAssembly inside, for pages opened from file:, where
// browsers load neither modules nor the wasm. It knows the forms of import and export that the sources use.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const IMPORT = /^import (\{[^}]*\}) from '\.\/([\w.]+\.mjs)';\n/gm;
const REEXPORT = /^export (\{[\w, ]*\}) from '\.\/([\w.]+\.mjs)';\n/gm;
const EXPORT = /^export (?=(?:async )?(?:function|class|const) (\w+))/gm;

/** `{ a, b as c }` for a destructuring. @param {string} names */
const destructured = (names) => names.replace(/(\w+) as (\w+)/g, '$1: $2');
/** @param {string} file */
const variable = (file) => `_${file.replace(/\W/g, '_')}`;

/**
 * @param {string} folder of the modules
 * @param {Record<string, string>} replaced texts to take instead of some files
 * @param {string} global the variable that gets what index.mjs exports
 */
export function inlineScript(folder, replaced, global) {
  /** @type {string[]} */
  const parts = [];
  const done = new Set();
  /** @param {string} file */
  const add = (file) => {
    if (done.has(file)) return;
    done.add(file);
    const text = replaced[file] ?? readFileSync(join(folder, file), 'utf8');
    for (const [, , needed] of [...text.matchAll(IMPORT), ...text.matchAll(REEXPORT)]) add(needed);
    const exported = [...text.matchAll(EXPORT)].map(([, name]) => name);
    for (const [, names, from] of text.matchAll(REEXPORT)) {
      exported.push(...names.replace(/[{}\s]/g, '').split(',').map((name) => `${name}: ${variable(from)}.${name}`));
    }
    const body = text
      .replace(/^\/\/ SPDX.*\n/, '')
      .replace(IMPORT, (_, names, from) => `const ${destructured(names)} = ${variable(from)};\n`)
      .replace(REEXPORT, '')
      .replace(EXPORT, '');
    const left = body.split('\n').find((line) => /^(?:import|export)\b/.test(line) || line.includes('import.meta'));
    if (left) throw new Error(`${file}: cannot inline: ${left}`);
    parts.push(`const ${variable(file)} = (() => {\n${body}return { ${exported.join(', ')} };\n})();\n`);
  };
  add('index.mjs');
  return `// SPDX-License-Identifier: MIT
(() => {
'use strict';
${parts.join('')}globalThis.${global} = ${variable('index.mjs')};
})();
`;
}
