#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The module imports nothing, and exports the listed functions, its memory, malloc and free.  usage: wasm.mjs [MODULE]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declared, differences, finish, repository } from './shared.mjs';

const path = process.argv[2] ?? join(repository, 'build/openledger.wasm');
const module = new WebAssembly.Module(readFileSync(path));
const imports = WebAssembly.Module.imports(module).map((one) => `${path}: imports ${one.module}.${one.name}`);
const found = WebAssembly.Module.exports(module);
const expected = new Set([...declared('js'), 'memory', 'malloc', 'free']);
const kinds = found.filter(({ name, kind }) => kind !== (name === 'memory' ? 'memory' : 'function'))
  .map(({ name, kind }) => `${path}: exports ${name} as a ${kind}`);
const faults = [...imports, ...kinds, ...differences(path, new Set(found.map(({ name }) => name)), expected)];
finish('wasm', faults, `the module has ${expected.size} exports and no imports`);
