// SPDX-License-Identifier: MIT
// From a URL or bytes to a running module. It imports nothing, so there is nothing to hand to it.
import { abi, functions } from './abi.mjs';
import { defaultSource } from './source.mjs';

/** @typedef {string | URL | Response | Promise<Response> | ArrayBuffer | Uint8Array | WebAssembly.Module} Source */

/** @param {URL} url a file: URL */
async function readFile(url) {
  const isNode = typeof process === 'object' && process.versions?.node;
  if (!isNode) throw new Error('a page opened from file: cannot fetch the module; use openledger.inline.js');
  return (await import('node:fs/promises')).readFile(url);
}

/** @param {Response} response */
async function compileResponse(response) {
  if (!response.ok) throw new Error(`${response.url}: HTTP status ${response.status}`);
  // Browsers compile a stream only under its proper type; not every server knows it.
  const type = response.headers.get('content-type') ?? '';
  if (/^application\/wasm\s*$/i.test(type)) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** @param {Source} source @returns {Promise<WebAssembly.Module>} */
async function compile(source) {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof Response) return compileResponse(given);
  if (given instanceof ArrayBuffer || given instanceof Uint8Array) {
    return WebAssembly.compile(/** @type {BufferSource} */ (given));
  }
  const url = given instanceof URL ? given : new URL(given, globalThis.location?.href);
  if (url.protocol === 'file:') return WebAssembly.compile(await readFile(url));
  return compileResponse(await fetch(url, { credentials: 'same-origin' }));
}

/** Refuses a module that these scripts were not built for. @param {WebAssembly.Module} module */
function check(module) {
  if (WebAssembly.Module.imports(module).length > 0) throw new Error('the module has imports; it is not ours');
  const [section] = WebAssembly.Module.customSections(module, 'openledger_abi');
  const found = section ? new TextDecoder().decode(section) : 'none';
  if (found !== abi) throw new Error(`the module has interface ${found}, these scripts need ${abi}`);
}

/**
 * Starts the module.
 * @param {{ source?: Source }} [options] by default, openledger.wasm next to this file
 * @returns {Promise<import('./abi.mjs').Exports>}
 */
export async function instantiate({ source = defaultSource() } = {}) {
  const module = await compile(source);
  check(module);
  const { exports } = await WebAssembly.instantiate(module, {});
  for (const [name, signature] of Object.entries(functions)) {
    const value = exports[name];
    const fits = typeof value === 'function' && value.length === signature.length - 2;
    if (!fits) throw new Error(`the module lacks ${name}`);
  }
  return /** @type {import('./abi.mjs').Exports} */ (/** @type {unknown} */ (exports));
}
