// SPDX-License-Identifier: MIT
//
// Writes the vectors of ATR-1: the same bytes in each run.
//
//   node tests/attribution/make_vectors.mjs [FOLDER]       default: vectors, beside
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attackCases, partCases, validCases } from './cases_evidence.mjs';
import { refutationCases } from './cases_refutation.mjs';
import { batchCases, corpusCases, equivocationCases, influenceCases, policyCases, receiptCases, shareCases, splitCases, streamCases, treeCases } from './cases_small.mjs';
import { verdictCases } from './cases_verdict.mjs';
import { pack } from './pack.mjs';

/** Files by name, each with its text. @returns {Record<string, string>} */
export function makeVectors() {
  const shares = shareCases();
  const batches = batchCases();
  const files = {
    trees: treeCases(), policies: policyCases(), corpora: corpusCases(), evidence: [...validCases(), ...partCases(), ...attackCases()], influence: influenceCases(),
    streams: streamCases(), splits: splitCases(), shares: shares.shares, split_files: shares.files, split_sums: shares.sums, receipts: receiptCases(), batches: batches.cases,
    batch_roots: batches.roots, equivocations: equivocationCases(), refutations: refutationCases(), verdicts: verdictCases(),
  };
  const lines = (/** @type {any[]} */ list) => list.map((each) => JSON.stringify(each)).join(',\n');
  return Object.fromEntries(Object.entries(files).map(([name, list]) => {
    const { objects, cases } = pack(list);
    return [`${name}.json`, `{"objects":[\n${lines(objects)}\n],"cases":[\n${lines(cases)}\n]}\n`];
  }));
}

if (process.argv[1] === import.meta.filename) {
  const folder = process.argv[2] ?? join(import.meta.dirname, 'vectors');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(makeVectors())) writeFileSync(join(folder, name), text);
}
