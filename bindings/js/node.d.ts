// SPDX-License-Identifier: MIT
// As much of Node as the sources use, so that their types need no package.
declare const process: { versions?: { node?: string } } | undefined;
declare module 'node:fs/promises' {
  export function readFile(url: URL): Promise<Uint8Array<ArrayBuffer>>;
}
