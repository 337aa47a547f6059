// SPDX-License-Identifier: MIT
// All that is measured takes turns, a short batch each, for many rounds; a figure is the median over the rounds. So
// whatever else the machine does meanwhile falls on all of them alike.

export const ROUNDS = 60;
const WARM_UP_ROUNDS = 10;
const BATCH_US = 4000;

/** @typedef {() => Promise<number> | number} Batch runs once; the figure, microseconds for one unit of work */
/**
 * @typedef {object} Row
 * @property {string} id
 * @property {'bytes' | 'round trips'} [unit] microseconds when there is none
 * @property {Batch} native
 * @property {Batch} wasm
 * @property {Record<string, Batch>} [peers]
 * @property {Record<string, Batch>} [also] more of ours
 * @property {(own: Figures, of: (id: string) => Figures) => Record<string, number>} [ratios] to what is in other rows
 * @property {string[]} [notes] what is not the same for all
 * @property {number} [rounds] fewer of them, where a batch takes a good part of a second
 * @property {Target[]} targets
 */
/** @typedef {{ text: string, met: (own: Figures, of: (id: string) => Figures) => boolean }} Target */
/**
 * @typedef {object} Figures
 * @property {string} id
 * @property {string} unit
 * @property {number} native
 * @property {number} wasm
 * @property {Record<string, number>} peers
 * @property {Record<string, number>} also
 * @property {Record<string, number>} ratios
 * @property {string[]} [notes]
 */

/** @param {unknown} held @param {string} what @returns {asserts held} */
export function must(held, what) {
  if (!held) throw new Error(what);
}

/**
 * A batch that takes about BATCH_US, or does its work once if that takes longer.
 * @param {(count: number) => Promise<number> | number} measure microseconds for one of `count`
 * @returns {Promise<Batch>}
 */
export async function batchOf(measure) {
  for (let count = 1; ; count *= 4) {
    const each = await measure(count);
    if (each * count < BATCH_US / 4) continue;
    const enough = Math.max(1, Math.round(BATCH_US / each));
    return () => measure(enough);
  }
}

/** Microseconds of CPU time that this process has had, for what others on the machine would prolong. */
export function cpuNow() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** CPU time. @param {() => Promise<unknown>} work */
export const busy = (work) => async (/** @type {number} */ count) => {
  const start = cpuNow();
  for (let i = 0; i < count; i++) await work();
  return (cpuNow() - start) / count;
};

/** @param {(() => void) | (() => Promise<unknown>)} work @param {number} units of work in one call */
export const timed = (work, units = 1) => async (/** @type {number} */ count) => {
  const calls = Math.max(1, Math.round(count / units));
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) {
    const pending = work();
    if (pending) await pending;
  }
  return Number(process.hrtime.bigint() - start) / 1000 / (calls * units);
};

/** @param {number[]} values */
const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

/** @param {number} value to four digits, as more is noise */
const rounded = (value) => (value >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));

/** @param {Row} row @returns {{ kind: 'own' | 'peers' | 'also', name: string, batch: Batch, times: number[] }[]} */
const entriesOf = ({ native, wasm, peers = {}, also = {} }) =>
  Object.entries({ own: { native, wasm }, peers, also }).flatMap(([kind, batches]) =>
    Object.entries(batches).map(([name, batch]) => ({ kind: /** @type {'own'} */ (kind), name, batch, times: [] })));

/**
 * Measures rows that take turns with each other too.
 * @param {Row[]} rows
 * @returns {Promise<Figures[]>} without what is in relation to other rows
 */
export async function measure(rows) {
  const all = rows.map((row) => ({ row, entries: entriesOf(row) }));
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    for (const { row, entries } of all) {
      if (row.rounds !== undefined && round < WARM_UP_ROUNDS + ROUNDS - row.rounds - 1) continue;
      for (const { batch, times } of entries) {
        const time = await batch();
        if (round >= WARM_UP_ROUNDS + ROUNDS - (row.rounds ?? ROUNDS)) times.push(time);
      }
    }
  }
  return all.map(({ row, entries }) => {
    const of = (/** @type {string} */ wanted) =>
      Object.fromEntries(entries.filter(({ kind }) => kind === wanted).map(({ name, times }) => [name, rounded(median(times))]));
    const { native, wasm } = of('own');
    return { id: row.id, unit: row.unit ?? 'us', native, wasm, peers: of('peers'), also: of('also'), ratios: {}, notes: row.notes };
  });
}

/** @param {Row} row @param {Figures} figures @param {(id: string) => Figures} of */
export function print(row, figures, of) {
  console.log(`\n${figures.id}`);
  const lines = [['native', figures.native], ['wasm', figures.wasm], ...Object.entries(figures.peers), ...Object.entries(figures.also)];
  const digits = figures.unit === 'us' ? 3 : 0;
  for (const [name, value] of /** @type {[string, number][]} */ (lines)) {
    const ratio = (/** @type {number} */ to) => (value / to).toFixed(2).padStart(9);
    const figure = `${value.toFixed(digits).padStart(12)} ${figures.unit}`;
    console.log(`  ${name.padEnd(30)}${figure}${ratio(figures.native)} x native${ratio(figures.wasm)} x wasm`);
  }
  for (const [name, value] of Object.entries(figures.ratios)) console.log(`  ${name.padEnd(30)}${value.toFixed(3).padStart(12)}`);
  for (const note of row.notes ?? []) console.log(`  note   ${note}`);
  for (const { text, met } of row.targets) console.log(`  ${met(figures, of) ? 'ok    ' : 'misses'} ${text}`);
}
