// SPDX-License-Identifier: MIT
// The core's table of releases (sdk/src/rollup/release.c) is that of the contracts' artifacts, row by row.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { layouts } from './layouts.mjs';

const source = readFileSync(join(import.meta.dirname, '../../../sdk/src/rollup/release.c'), 'utf8');

const KINDS = {
  OptimismPortal2: 'PORTAL2', DisputeGameFactory: 'GAME_FACTORY', FaultDisputeGame: 'FAULT_GAME',
  PermissionedDisputeGame: 'FAULT_GAME', L2OutputOracle: 'OUTPUT_ORACLE',
};

/** Places of immutables by the name of their list in C. @returns {Record<string, number[]>} */
function listsOf() {
  const lists = source.matchAll(/static const uint16_t (\w+)\[\] = \{([^}]*)\}/g);
  return Object.fromEntries([...lists].map(([, name, numbers]) => [name, numbers.split(',').map(Number)]));
}

/** The rows of the table. */
function rowsOf() {
  const row = /\{"contracts-bedrock ([\d.]+) (\w+)", OL_CONTRACT_(\w+), (\d+), (\d+), (?:IMMUTABLES\((\w+)\)|NO_IMMUTABLES),\s*\{\{([^}]*)\}\}\}/g;
  const lists = listsOf();
  return [...source.matchAll(row)].map(([, release, contract, kind, length, delayAt, list, hash]) => ({
    release, contract, kind, length: Number(length), delayAt: Number(delayAt),
    immutables: list ? lists[list] : [],
    hash: `0x${hash.split(',').map((byte) => byte.trim().slice(2)).join('')}`,
  }));
}

/** What the core reads of a contract, by the slot and the byte that it has it at. @type {Record<string, Record<string, [number, number]>>} */
const PLACES = {
  PORTAL2: { disputeGameBlacklist: [58, 0], respectedGameType: [59, 0], respectedGameTypeUpdatedAt: [59, 4] },
  GAME_FACTORY: { _disputeGames: [103, 0] },
  FAULT_GAME: { createdAt: [0, 0], resolvedAt: [0, 8], status: [0, 16], l2BlockNumberChallenged: [0, 18] },
};
/** Its byte is used for nothing where it is missing. */
const LATER = 'l2BlockNumberChallenged';

/** @param {import('./layouts.mjs').Layout} layout @param {string} name */
function placeOf({ fields }, name) {
  if (name === LATER && !fields[name]) return PLACES.FAULT_GAME[LATER];
  return [fields[name].slot, fields[name].offset];
}

test('each row is what the artifact says', () => {
  const rows = rowsOf();
  assert.equal(rows.length, [...source.matchAll(/\{"contracts-bedrock /g)].length, 'a row is not read');
  for (const { release, contract, kind, length, delayAt, immutables, hash } of rows) {
    const what = `${release} ${contract}`;
    const layout = layouts().releases[release][contract];
    assert.equal(kind, KINDS[/** @type {keyof typeof KINDS} */ (contract)], what);
    assert.equal(length, layout.codeLength, what);
    assert.equal(hash, layout.maskedCodeHash, what);
    assert.deepEqual(immutables, layout.immutables.map(({ start }) => start).sort((a, b) => a - b), what);
    for (const [name, place] of Object.entries(PLACES[kind] ?? {})) assert.deepEqual(placeOf(layout, name), place, `${what} ${name}`);
    const delays = layout.immutables.filter(({ name }) => name === 'DISPUTE_GAME_FINALITY_DELAY_SECONDS').map(({ start }) => start);
    if (kind === 'PORTAL2') assert.ok(delays.includes(delayAt), what);
    else assert.equal(delayAt, 0, what);
  }
});

test('no code of the releases with artifacts is left out', () => {
  const known = new Set(rowsOf().map(({ hash }) => hash));
  for (const [release, contracts] of Object.entries(layouts().releases)) {
    if (release === 'supersim') continue; // whose layout is not that of the table: refused as unknown
    for (const [contract, { maskedCodeHash }] of Object.entries(contracts)) {
      if (contract in KINDS) assert.ok(known.has(maskedCodeHash), `${release} ${contract}`);
    }
  }
});
