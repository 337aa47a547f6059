// SPDX-License-Identifier: MIT
import { figuresOf } from './doors.mjs';
import { batchOf, must, timed } from './measure.mjs';

const [ROWS, D] = [1000, 512];

/** The table and v of influence.c, as numbers. */
function numbers() {
  let state = 1;
  const byte = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const list = (/** @type {number} */ count) => Int16Array.from({ length: count }, () => byte() << 8 | byte());
  return { table: list(ROWS * D), v: list(D) };
}

/** The sum of what rows weigh, and how many do. A row's sum is below 2^53. @param {Int16Array} table @param {Int16Array} v */
function weigh(table, v) {
  let [total, rows] = [0, 0];
  for (let row = 0; row < ROWS; row++) {
    let score = 0;
    for (let k = 0; k < D; k++) score += table[row * D + k] * v[k];
    if (score <= 0) continue;
    total += score;
    rows++;
  }
  return [total, rows];
}

/** Influence: a receipt's weights from a table that is at hand, and reading such a table. */
export const influence = {
  inputs: {},
  /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
  async rows({ native, bench }) {
    const { table, v } = numbers();
    const expected = weigh(table, v);
    for (const door of [native, bench]) {
      const [total, rows] = await figuresOf(door, 'influence_1000x512');
      must(total === expected[0] && rows === expected[1], 'rows weigh something else than in JavaScript');
    }
    must(await native.answer('influence_table_1000x512') === await bench.answer('influence_table_1000x512'), 'tables have another id');
    return [{
      id: 'influence_1000x512',
      native: await batchOf((count) => native.run('influence_1000x512', count)),
      wasm: await batchOf((count) => bench.run('influence_1000x512', count)),
      peers: { JavaScript: await batchOf(timed(() => void weigh(table, v))) },
      targets: [
        { text: 'wasm at most 0.5 ms', met: ({ wasm }) => wasm <= 500 },
        { text: 'wasm faster than JavaScript', met: ({ wasm, peers }) => wasm <= peers.JavaScript },
      ],
    }, {
      id: 'influence_table_1000x512',
      native: await batchOf((count) => native.run('influence_table_1000x512', count)),
      wasm: await batchOf((count) => bench.run('influence_table_1000x512', count)),
      notes: ['once for an adapter: form, order, root and id of 1,052,111 bytes'],
      targets: [],
    }];
  },
};
