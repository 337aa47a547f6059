// SPDX-License-Identifier: MIT
// Whether the module's heap grows.
import assert from 'node:assert/strict';
import { openledger as ol } from './support.mjs';

/** Where the heap has room, and how long it is. */
function heap() {
  const { malloc, free, memory } = ol.core.exports;
  const places = [64, 4096, 1 << 20].map((size) => {
    const at = malloc(size);
    free(at);
    return at;
  });
  return [...places, memory.buffer.byteLength];
}

/** @param {number} rounds @param {(round: number) => Promise<void>} once creates, uses and closes */
export async function assertNothingStays(rounds, once) {
  for (let i = 0; i < 3; i++) await once(i);
  const before = heap();
  for (let i = 0; i < rounds; i++) await once(i);
  assert.deepEqual(heap(), before);
}
