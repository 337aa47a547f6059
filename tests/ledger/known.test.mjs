// SPDX-License-Identifier: MIT
// The core's table of known functions (sdk/src/ledger/known.c) is what the reference contracts have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const source = readFileSync(join(root, 'sdk/src/ledger/known.c'), 'utf8');
/** @type {Record<string, { functions: { signature: string, selector: string, text: string }[] }>} */
const signatures = JSON.parse(readFileSync(join(root, 'tests/devnet/contracts/signatures.json'), 'utf8'));

/** Contracts by the names of their kinds. @type {Record<string, string>} */
const KINDS = {
  GOPEN: 'GOPEN', GOVERNOR: 'OpenLedgerGovernor', TIMELOCK: 'TimelockController', STAKING: 'Staking', BANK: 'Bank', DISPERSAL: 'SigDispersal',
  DATANETS: 'DatanetRegistry', MODELS: 'ModelRegistry', NODES: 'NodeRegistry', ATTRIBUTION: 'AttributionRegistry', GRANTS: 'GrantRegistry',
};
/** Of OpenZeppelin 4 alone. */
const OLD = ['0x3bccf4fd', '0x03420181'];

/** @param {string} text with names @returns {string} */
const bare = (text) => text.replace(/ [\w]+/g, '');

const rows = [...source.matchAll(/\{(0x[0-9a-f]{8})u, ([A-Z |]+), ([A-Z0-9 |]+), "(.+?)"(?: WITHDRAWAL "(.*?)")?\}/g)]
  .map(([, selector, kinds, effects, signature]) => ({ selector, kinds: kinds.split(' | '), effects, signature }));

test('each row is a function of its contract', () => {
  assert.ok(rows.length > 80);
  let count = 0;
  for (const { selector, kinds, signature } of rows) {
    for (const kind of kinds.filter((name) => KINDS[name])) {
      if (OLD.includes(selector)) continue;
      const found = signatures[KINDS[kind]].functions.find((one) => one.selector === selector);
      assert.ok(found, `${kind} has no ${signature}`);
      assert.equal(bare(signature), found.signature);
      count++;
    }
  }
  assert.ok(count > 65);
});

test('what takes native tokens along is payable', () => {
  for (const { selector, kinds, effects, signature } of rows) {
    for (const kind of kinds.filter((name) => KINDS[name])) {
      const found = signatures[KINDS[kind]].functions.find((one) => one.selector === selector);
      if (found) assert.equal(/\bpayable\b/.test(found.text), effects.includes('PAYS'), signature);
    }
  }
});
