// SPDX-License-Identifier: MIT
const worker = new Worker(`/pages/${location.hash.slice(1)}`, { type: location.hash.endsWith('.mjs') ? 'module' : 'classic' });
worker.onmessage = ({ data }) => Object.assign(globalThis, { result: data });
worker.onerror = ({ message }) => Object.assign(globalThis, { result: { error: message } });
