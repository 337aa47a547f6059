#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Makes the JavaScript package in build/js: the sources, what is generated from the C headers, types, the
// module, and one script with everything inside.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inlineScript } from './inline.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');

/** Runs one of our tools, which say themselves what is wrong. @param {string[]} args */
function run(...args) {
  try {
    execFileSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch {
    throw new Error(`failed: node ${args.join(' ')}`);
  }
}

/** Checks the sources' types strictly, and writes them as declarations. @param {string} out */
function types(out) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) throw new Error('TypeScript is not installed; run scripts/setup');
  writeFileSync(join(out, 'tsconfig.json'), JSON.stringify({
    compilerOptions: {
      target: 'es2022', module: 'nodenext', lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable'], types: [],
      allowJs: true, checkJs: true, strict: true, noUnusedLocals: true, noUnusedParameters: true,
      noImplicitReturns: true, declaration: true, emitDeclarationOnly: true,
    },
    files: ['index.mjs', 'loader.mjs', join(here, 'node.d.ts')],
  }));
  run(tsc, '-p', out);
  rmSync(join(out, 'tsconfig.json'));
}

/** Leaves out comments, which pages would load: the types have been made of them, and have them. @param {string} out */
async function strip(out) {
  const { default: ts } = await import('typescript');
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true };
  for (const file of readdirSync(out).filter((name) => name.endsWith('.mjs'))) {
    const text = readFileSync(join(out, file), 'utf8');
    writeFileSync(join(out, file), `// SPDX-License-Identifier: MIT\n${ts.transpileModule(text, { compilerOptions }).outputText}`);
  }
}

/** @param {string} version */
const packageJson = (version) => ({
  name: 'openledger',
  version,
  description: 'A light client for OpenLedger: answers with proofs, from endpoints that need not be trusted',
  license: 'MIT',
  type: 'module',
  engines: { node: '>=20' },
  sideEffects: false,
  exports: {
    '.': { types: './index.d.mts', default: './index.mjs' },
    './openledger.wasm': './openledger.wasm',
    './openledger.inline.js': './openledger.inline.js',
  },
});

/** @param {string} wasm @param {string} out */
async function build(wasm, out) {
  if (!existsSync(wasm)) throw new Error(`${wasm} is not there; run make build`);
  const version = /^#define OL_VERSION "([^"]+)"/m.exec(readFileSync(join(root, 'sdk/src/base/base.c'), 'utf8'))?.[1];
  if (!version) throw new Error('sdk/src/base/base.c defines no OL_VERSION');
  for (const file of readdirSync(join(here, 'src'))) copyFileSync(join(here, 'src', file), join(out, file));
  run(join(root, 'scripts/api.mjs'), 'js', join(out, 'abi.mjs'));
  copyFileSync(wasm, join(out, 'openledger.wasm'));
  copyFileSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
  types(out);
  await strip(out);
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(packageJson(version), null, 2)}\n`);
  const inside = `const text = '${readFileSync(wasm).toString('base64')}';
export const defaultSource = () => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
`;
  writeFileSync(join(out, 'openledger.inline.js'), inlineScript(out, { 'source.mjs': inside }, 'OpenLedger'));
}

/** Of all that the package is made from. @param {string} wasm */
function stampOf(wasm) {
  const include = join(root, 'sdk/include/openledger');
  const files = [here, join(here, 'src'), join(root, 'scripts'), join(root, 'scripts/api'), include]
    .flatMap((folder) => readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile()).map(({ name }) => join(folder, name)).sort());
  const hash = createHash('sha256');
  for (const file of [...files, join(root, 'sdk/src/base/base.c'), join(root, 'package-lock.json'), wasm]) {
    hash.update(`${file}\0`).update(existsSync(file) ? readFileSync(file) : '').update('\0');
  }
  return hash.digest('hex');
}

const { values } = parseArgs({ options: { wasm: { type: 'string' }, out: { type: 'string' } } });
const out = resolve(values.out ?? join(root, 'build/js'));
const wasm = resolve(values.wasm ?? join(root, 'build/openledger.wasm'));
const stamp = `${out}.stamp`;
const current = stampOf(wasm);
if (!existsSync(join(out, 'openledger.inline.js')) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== current) {
  const fresh = `${out}.new-${process.pid}`;
  try {
    mkdirSync(fresh, { recursive: true });
    await build(wasm, fresh);
    rmSync(out, { recursive: true, force: true });
    renameSync(fresh, out);
    writeFileSync(stamp, current);
  } catch (error) {
    process.stderr.write(`js: ${/** @type {Error} */ (error).message}\n`);
    process.exitCode = 1;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
