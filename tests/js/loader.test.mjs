// SPDX-License-Identifier: MIT
// All the ways to load the module, and modules that must not be loaded.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { serve } from './server.mjs';
import { built, sdk, wasmPath } from './support.mjs';

const { load, toHex } = sdk;
const bytes = readFileSync(wasmPath);
const works = (/** @type {{ keccak256(bytes: Uint8Array): Uint8Array }} */ ol) =>
  assert.match(toHex(ol.keccak256(new Uint8Array())), /^0xc5d24601/);

test('the module imports nothing', () => {
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytes)), []);
});

test('from where it is by default, a file: URL, bytes, a compiled module', async () => {
  const exact = new Uint8Array(bytes).buffer;
  const file = pathToFileURL(wasmPath);
  for (const source of [undefined, file, file.href, bytes, exact, new WebAssembly.Module(bytes), Promise.resolve(new Response(bytes))]) {
    works(await load({ source }));
  }
});

test('over HTTP, whatever type the server gives it', async (t) => {
  const url = await serve(t, (request, response) => {
    const type = { '/right': 'application/wasm', '/wrong': 'application/octet-stream' }[request.url ?? ''];
    if (request.url === '/missing') response.writeHead(404).end('no');
    else response.writeHead(200, type ? { 'content-type': type } : {}).end(bytes);
  });
  for (const path of ['/right', '/wrong', '/none']) {
    works(await load({ source: `${url}${path}` }));
    works(await load({ source: new URL(`${url}${path}`) }));
    works(await load({ source: fetch(`${url}${path}`) }));
    works(await load({ source: await fetch(`${url}${path}`) }));
  }
  await assert.rejects(load({ source: `${url}/missing` }), /HTTP status 404/);
});

/** A section of a module. @param {number} id @param {number[]} content */
const section = (id, content) => [id, content.length, ...content];
const text = (/** @type {string} */ value) => [value.length, ...Buffer.from(value)];
const empty = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

test('a module that is not ours is refused', async () => {
  const importing = [...empty, ...section(1, [1, 0x60, 0, 0]), ...section(2, [1, ...text('env'), ...text('now'), 0, 0])];
  await assert.rejects(load({ source: Uint8Array.from(importing) }), /has imports/);
  await assert.rejects(load({ source: Uint8Array.from(empty) }), /interface none/);
  const older = [...empty, ...section(0, [...text('openledger_abi'), ...Buffer.from('0123456789abcdef')])];
  await assert.rejects(load({ source: Uint8Array.from(older) }), /interface 0123456789abcdef, these scripts need [0-9a-f]{16}/);
  const [ours] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), 'openledger_abi');
  const hollow = [...empty, ...section(0, [...text('openledger_abi'), ...new Uint8Array(ours)])];
  await assert.rejects(load({ source: Uint8Array.from(hollow) }), /lacks ol_/);
  await assert.rejects(load({ source: bytes.subarray(0, 1000) }), WebAssembly.CompileError);
  await assert.rejects(load({ source: pathToFileURL(`${wasmPath}.missing`) }), /ENOENT/);
});

test('the script with everything inside', async () => {
  runInThisContext(readFileSync(join(built, 'openledger.inline.js'), 'utf8'));
  const inline = /** @type {any} */ (globalThis).OpenLedger;
  assert.deepEqual(Object.keys(inline).sort(), Object.keys(sdk).sort());
  works(await inline.load());
});
