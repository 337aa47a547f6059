// SPDX-License-Identifier: MIT

/** Where the module is unless the caller says otherwise: next to this file. @returns {URL | Uint8Array} */
export const defaultSource = () => new URL('openledger.wasm', import.meta.url);
