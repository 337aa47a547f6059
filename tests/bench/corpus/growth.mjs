#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// What receipts cost as the corpus grows: builds corpora of 1, 4, 16 and 64 MB (with OL_BENCH_LARGE=1 of 256 MB too, if
// there is as much text), and proves recorded answers from them. The figures of docs/attribution-growth.json make
// docs/attribution-growth.svg and the tables of docs/attribution-scale.md.
//
//   node tests/bench/corpus/growth.mjs            measures, and writes build/bench-corpus.json
//   node tests/bench/corpus/growth.mjs --keep     measures, and writes all three in docs
//   node tests/bench/corpus/growth.mjs --tables   writes plot and tables out of the figures that are kept
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { build, repository } from '../doors.mjs';
import { must } from '../measure.mjs';
import { answers, mixedText } from './texts.mjs';

const MB = 1_000_000;
const SIZES = [1, 4, 16, 64, ...(process.env.OL_BENCH_LARGE === '1' ? [256] : [])];
const KS = [40, 56];
const [FIGURES, PLOT, DOCUMENT] = ['docs/attribution-growth.json', 'docs/attribution-growth.svg', 'docs/attribution-scale.md'];
const program = join(build, 'release/tests/openledger_corpus_bench');

/** @typedef {{ k: number, words: number, hashes: number, bytes: number, mostBytes: number, proveUs: number, mostProveUs: number, verifyUs: number, answers: number, answerBytes: number }} Proof */
/** @typedef {{ n: number, seconds: number, sorting: number, ranking: number, hashing: number, mbPerSecond: number, fileBytes: number }} Built */
/** @typedef {{ mb: number, built: Built, proofs: Proof[] }} Point */

function measure() {
  must(existsSync(program), `${program} is missing; make build makes it`);
  const folder = join(build, 'bench/corpus');
  mkdirSync(folder, { recursive: true });
  const { text, sources, missing } = mixedText();
  const given = answers();
  for (const name of missing) console.log(`bench: missing: ${name}`);
  must(given.length > 0, 'there are no recorded answers');
  const files = given.map((bytes, i) => {
    writeFileSync(join(folder, `answer.${i}`), bytes);
    return join(folder, `answer.${i}`);
  });
  const run = (/** @type {string[]} */ ...args) => JSON.parse(execFileSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 24 }));
  /** @type {Point[]} */
  const points = [];
  for (const mb of SIZES) {
    if (text.length < mb * MB) {
      console.log(`bench: ${mb} MB are skipped, as there are ${Math.floor(text.length / MB)} MB of text`);
      continue;
    }
    let end = mb * MB;
    while ((text[end] & 0xc0) === 0x80) end--;
    const [source, corpus] = [join(folder, 'text'), join(folder, `${mb}.atrc`)];
    writeFileSync(source, text.subarray(0, end));
    const built = run('build', source, corpus);
    const proofs = KS.map((k) => run('prove', corpus, `${k}`, ...files));
    points.push({ mb, built, proofs });
    console.log(`receipt_growth_${mb}: built at ${built.mbPerSecond.toFixed(2)} MB/s; ` + proofs.map((/** @type {Proof} */ p) =>
      `K ${p.k}: mean ${p.bytes}, at most ${p.mostBytes} bytes, ${p.hashes} hashes, proved in ${p.proveUs} us, verified in ${p.verifyUs} us`).join('; '));
  }
  return { date: new Date().toISOString().slice(0, 10), processor: cpus()[0]?.model ?? '', sources, points };
}

/* --- What follows from the figures --- */

/** The line through points that is nearest to them. @param {[number, number][]} points */
function lineOf(points) {
  const mean = (/** @type {number[]} */ values) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const slope = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return { slope, at: (/** @type {number} */ x) => my + slope * (x - mx) };
}

/** @param {Point[]} points @param {number} k @param {(proof: Proof) => number} of */
const series = (points, k, of) => points.map(({ built, proofs }) =>
  /** @type {[number, number]} */ ([Math.log2(built.n), of(/** @type {Proof} */ (proofs.find((proof) => proof.k === k)))]));

const thousands = (/** @type {number} */ value) => Math.round(value).toLocaleString('en-US');

/** @param {ReturnType<typeof measure>} figures */
function tablesOf({ date, processor, sources, points }) {
  const of = (/** @type {Point} */ { proofs }, /** @type {number} */ k) => /** @type {Proof} */ (proofs.find((proof) => proof.k === k));
  const measured = points.flatMap((point) => KS.map((k) => {
    const p = of(point, k);
    return `| ${point.mb} MB | ${k} | ${thousands(p.bytes)} | ${thousands(p.mostBytes)} | ${thousands(p.hashes)} | ${(p.proveUs / 1000).toFixed(1)} | ${(p.mostProveUs / 1000).toFixed(1)} | ${(p.verifyUs / 1000).toFixed(2)} |`;
  }));
  const built = points.map(({ mb, built: b }) =>
    `| ${mb} MB | ${b.mbPerSecond.toFixed(2)} | ${b.sorting.toFixed(1)} | ${b.ranking.toFixed(1)} | ${b.hashing.toFixed(1)} | ${(b.fileBytes / b.n).toFixed(1)} |`);
  const further = points.length < 2 ? [] : [1e9, 1e12].flatMap((n) => KS.map((k) => {
    const line = (/** @type {(proof: Proof) => number} */ get) => lineOf(series(points, k, get)).at(Math.log2(n));
    return `| 10^${Math.log10(n)} | ${k} | ${thousands(line((p) => p.bytes))} | ${thousands(line((p) => p.mostBytes))} | ${thousands(line((p) => p.hashes))} | ${(line((p) => p.verifyUs) / 1000).toFixed(2)} |`;
  }));
  const count = points[0] ? of(points[0], KS[0]) : { answers: 0, answerBytes: 0 };
  return [
    `Measured on ${date}, one core of ${processor}, in CPU time: ${count.answers} answers of ${count.answerBytes} bytes, over text of`,
    `${sources.map(({ name, bytes }) => `${name} (${(bytes / MB).toFixed(1)} MB)`).join(', ')}.`,
    '',
    '| corpus | K | bytes, mean | most | hashes | proving, ms | most | verifying, ms |',
    '|---|---|---|---|---|---|---|---|',
    ...measured,
    '',
    '| corpus | built at, MB/s | sorting, s | ranking, s | hashing, s | file, bytes for each of T |',
    '|---|---|---|---|---|---|',
    ...built,
    '',
    'By the lines that are nearest to these figures, over log2 n:',
    '',
    '| n | K | bytes, mean | most | hashes | verifying, ms |',
    '|---|---|---|---|---|---|',
    ...further,
  ].join('\n');
}

/** @param {ReturnType<typeof measure>} figures */
function plotOf({ points }) {
  const [width, height, left, bottom, top] = [720, 420, 70, 50, 30];
  const [low, high] = [20, 40];
  const x = (/** @type {number} */ log) => left + (log - low) / (high - low) * (width - left - 20);
  const all = KS.map((k) => ({ k, dots: series(points, k, (p) => p.bytes) }));
  const ceiling = Math.ceil(Math.max(...all.map(({ dots }) => lineOf(dots).at(high))) / 10_000) * 10_000;
  const y = (/** @type {number} */ bytes) => height - bottom - bytes / ceiling * (height - bottom - top);
  const colours = ['#2458a6', '#b3541e'];
  const lines = [];
  for (let bytes = 0; bytes <= ceiling; bytes += 10_000) {
    lines.push(`<line x1="${left}" x2="${width - 20}" y1="${y(bytes).toFixed(1)}" y2="${y(bytes).toFixed(1)}" stroke="#ddd"/>`,
      `<text x="${left - 8}" y="${(y(bytes) + 4).toFixed(1)}" text-anchor="end">${bytes / 1000} kB</text>`);
  }
  for (let log = low; log <= high; log += 2) {
    lines.push(`<text x="${x(log).toFixed(1)}" y="${height - bottom + 18}" text-anchor="middle">${log}</text>`);
  }
  for (const [i, { k, dots }] of all.entries()) {
    const { at } = lineOf(dots);
    lines.push(`<line x1="${x(low)}" y1="${y(at(low)).toFixed(1)}" x2="${x(high)}" y2="${y(at(high)).toFixed(1)}" stroke="${colours[i]}" stroke-dasharray="5 4"/>`,
      ...dots.map(([log, bytes]) => `<circle cx="${x(log).toFixed(1)}" cy="${y(bytes).toFixed(1)}" r="4" fill="${colours[i]}"/>`),
      `<text x="${width - 24}" y="${(y(at(high)) - 8).toFixed(1)}" text-anchor="end" fill="${colours[i]}">K = ${k}</text>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
<title>Bytes of evidence for an answer of 2,000 bytes, by log2 of the corpus's length</title>
<rect width="${width}" height="${height}" fill="white"/>
${lines.join('\n')}
<text x="${width / 2}" y="${height - 8}" text-anchor="middle">log2 n (dots are measured, lines are nearest to them)</text>
</svg>
`;
}

/** @param {ReturnType<typeof measure>} figures */
function write(figures) {
  const [begin, end] = ['<!-- tables: made by tests/bench/corpus/growth.mjs -->', '<!-- end of tables -->'];
  const path = join(repository, DOCUMENT);
  const text = readFileSync(path, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  must(from >= 0 && to > from, `${DOCUMENT} has no place for the tables`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${tablesOf(figures)}\n\n${text.slice(to)}`);
  writeFileSync(join(repository, PLOT), plotOf(figures));
}

/** By the names that other figures have. @param {Point[]} points */
function printIds(points) {
  const last = points.at(-1);
  if (!last) return;
  console.log(`corpus_build: ${last.built.mbPerSecond.toFixed(2)} MB/s (${last.mb} MB)`);
  for (const p of last.proofs) {
    console.log(`receipt_prove, K ${p.k}: ${p.proveUs} us, at most ${p.mostProveUs} us`);
    console.log(`evidence_bytes, K ${p.k}: mean ${p.bytes}, at most ${p.mostBytes}`);
  }
}

const kept = join(repository, FIGURES);
const json = (/** @type {unknown} */ value) => `${JSON.stringify(value, null, 1)}\n`;
if (process.argv[2] === '--tables') {
  write(JSON.parse(readFileSync(kept, 'utf8')));
} else if (!existsSync(program) || answers().length === 0) {
  console.log('bench: corpora are skipped, as openledger_corpus_bench is not built or there are no recorded answers');
} else {
  const figures = measure();
  printIds(figures.points);
  writeFileSync(join(build, 'bench-corpus.json'), json(figures));
  if (process.argv[2] === '--keep') {
    writeFileSync(kept, json(figures));
    write(figures);
  }
}
