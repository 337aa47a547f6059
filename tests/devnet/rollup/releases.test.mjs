// SPDX-License-Identifier: MIT
// The core's table of releases (sdk/src/rollup/release.c) is that of the contracts' artifacts, row by row.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hexToBytes, keccak256, stringToBytes, toHex } from 'viem';
import { artifactOf } from './artifacts.mjs';
import { layouts } from './layouts.mjs';

const root = join(import.meta.dirname, '../../..');
const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');
const source = read('sdk/src/rollup/release.c');

/** The packages of the releases, as rows name them. @type {Record<string, string>} */
const PACKAGES = { '0.17.2': 'contracts-bedrock 0.17.2', '0.17.3': 'contracts-bedrock 0.17.3', 'supersim': 'supersim 0.1.0-alpha.58' };
/** Of what no package has the code. */
const VOUCHED = ['optimism 3.13.1 SystemConfig', ...['GOPEN', 'OpenLedgerGovernor', 'TimelockController', 'Staking', 'DatanetRegistry',
  'ModelRegistry', 'NodeRegistry', 'AttributionRegistry', 'GrantRegistry', 'SigDispersal'].map((name) => `openledger 1 ${name}`)];

/** @param {string} release @param {string} contract */
function kindOf(release, contract) {
  const isNew = release === 'supersim';
  return /** @type {Record<string, string>} */ ({
    OptimismPortal: 'PORTAL', OptimismPortal2: isNew ? 'PORTAL_OF_REGISTRY' : 'PORTAL2', DisputeGameFactory: 'GAME_FACTORY',
    FaultDisputeGame: 'FAULT_GAME', PermissionedDisputeGame: 'FAULT_GAME', AnchorStateRegistry: isNew ? 'REGISTRY' : 'ANCHORS',
    L2OutputOracle: 'OUTPUT_ORACLE', SystemConfig: 'SYSTEM_CONFIG',
  })[contract];
}

/** What only some releases of a contract have. @param {string} release @param {string} contract */
function formOf(release, contract) {
  if (layouts().releases[release][contract].fields.wasRespectedGameTypeWhenCreated) return 'REMEMBERS';
  const has = (/** @type {string} */ name) => artifactOf(release, contract).abi.some((item) => item.name === name);
  return has('gasPayingToken') || has('depositERC20Transaction') ? 'ERC20' : 'PLAIN';
}

/** The letters of immutables that matter; that of others is a dot. @type {Record<string, string>} */
const LETTERS = {
  DISPUTE_GAME_FINALITY_DELAY_SECONDS: 'f', PROOF_MATURITY_DELAY_SECONDS: 'm', ANCHOR_STATE_REGISTRY: 'r', L2_CHAIN_ID: 'c', GAME_TYPE: 'g',
};

/** Places of immutables by the name of their list in C. @returns {Record<string, number[]>} */
function listsOf() {
  const lists = source.matchAll(/static const uint16_t (\w+)\[\] = \{([^}]*)\}/g);
  return Object.fromEntries([...lists].map(([, name, numbers]) => [name, numbers.split(',').map(Number)]));
}

/** Bytes as C writes them. @param {string} text @returns {`0x${string}`} */
const bytesOf = (text) => `0x${text.split(',').map((byte) => byte.trim().slice(2)).join('')}`;

/** The rows of the table. */
function rowsOf() {
  const row = /\{"([\w-]+ [\w.-]+) (\w+)", OL_CONTRACT_(\w+), OL_FORM_(\w+), (\d+),\s*(?:IMMUTABLES\((\w+), "([^"]*)"\)|NO_IMMUTABLES),\s*\{\{([^}]*)\}\}\}/g;
  const lists = listsOf();
  return [...source.matchAll(row)].map(([, name, contract, kind, form, length, list, letters, hash]) => ({
    name: `${name} ${contract}`, contract, kind, form, length: Number(length),
    release: Object.keys(PACKAGES).find((release) => PACKAGES[release] === name) ?? '',
    immutables: list ? lists[list] : [],
    letters: letters ?? '',
    hash: bytesOf(hash),
  }));
}

/** What the core reads of a contract, by the slot and the byte that it has it at. @type {Record<string, Record<string, [number, number]>>} */
const PLACES = {
  PORTAL: { finalizedWithdrawals: [51, 0], provenWithdrawals: [52, 0] },
  PORTAL2: {
    finalizedWithdrawals: [51, 0], provenWithdrawals: [57, 0], proofSubmitters: [60, 0],
    disputeGameBlacklist: [58, 0], respectedGameType: [59, 0], respectedGameTypeUpdatedAt: [59, 4],
  },
  PORTAL_OF_REGISTRY: {
    finalizedWithdrawals: [51, 0], provenWithdrawals: [57, 0], proofSubmitters: [60, 0],
    anchorStateRegistry: [62, 0], superRootsActive: [63, 20],
  },
  ANCHORS: { anchors: [1, 0] },
  REGISTRY: {
    disputeGameFactory: [1, 0], anchorGame: [2, 0], startingAnchorRoot: [3, 0], disputeGameBlacklist: [5, 0], respectedGameType: [6, 0],
    retirementTimestamp: [6, 4],
  },
  OUTPUT_ORACLE: { l2Outputs: [3, 0], finalizationPeriodSeconds: [8, 0] },
  SYSTEM_CONFIG: { batcherHash: [103, 0] },
  GAME_FACTORY: { _disputeGames: [103, 0], _disputeGameList: [104, 0] },
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
  assert.equal(rows.length, [...source.matchAll(/OL_CONTRACT_\w+, OL_FORM_/g)].length, 'a row is not read');
  for (const { name, release, contract, kind, form, length, immutables, letters, hash } of rows) {
    if (VOUCHED.includes(name)) {
      assert.deepEqual([length, immutables, hash], [0, [], '0x'], name); // all zeros
      continue;
    }
    const layout = layouts().releases[release][contract];
    assert.equal(kind, kindOf(release, contract), name);
    assert.equal(form, formOf(release, contract), name);
    assert.equal(length, layout.codeLength, name);
    assert.equal(hash, layout.maskedCodeHash, name);
    const places = [...layout.immutables].sort((one, other) => one.start - other.start);
    assert.deepEqual(immutables, places.map(({ start }) => start), name);
    assert.equal(letters, places.map((place) => LETTERS[place.name] ?? '.').join(''), name);
    for (const [field, place] of Object.entries(PLACES[kind])) assert.deepEqual(placeOf(layout, field), place, `${name} ${field}`);
    if (form === 'REMEMBERS') assert.deepEqual(placeOf(layout, 'wasRespectedGameTypeWhenCreated'), [10, 0], name);
  }
});

test('each immutable of a row is the whole operand of a PUSH32', () => {
  for (const { name, release, contract, immutables } of rowsOf()) {
    if (VOUCHED.includes(name)) continue;
    const code = hexToBytes(artifactOf(release, contract).runtime);
    const operands = new Set();
    for (let at = 0; at < code.length; at++) {
      if (code[at] === 0x7f) operands.add(at + 1);
      if (code[at] >= 0x60 && code[at] <= 0x7f) at += code[at] - 0x5f;
    }
    for (const at of immutables) assert.ok(operands.has(at), `${name} ${at}`);
  }
});

test('no code of the releases is left out', () => {
  const known = new Set(rowsOf().map(({ hash }) => hash));
  for (const [release, contracts] of Object.entries(layouts().releases)) {
    for (const [contract, { maskedCodeHash }] of Object.entries(contracts)) {
      if (kindOf(release, contract)) assert.ok(known.has(maskedCodeHash), `${release} ${contract}`);
    }
  }
});

test('the packages that rows name are those that are installed', () => {
  const versionOf = (/** @type {string} */ path) => JSON.parse(read(`node_modules/${path}/package.json`)).version;
  assert.equal(PACKAGES['0.17.2'], `contracts-bedrock ${versionOf('@eth-optimism/contracts-bedrock-0.17.2')}`);
  assert.equal(PACKAGES['0.17.3'], `contracts-bedrock ${versionOf('@eth-optimism/contracts-bedrock')}`);
  assert.equal(PACKAGES.supersim, `supersim ${versionOf('supersim')}`);
});

test('the slots of SystemConfig are the hashes of their names', () => {
  const text = read('sdk/src/rollup/system_config.c');
  const slotOf = (/** @type {string} */ field) => {
    const [, bytes] = text.match(new RegExp(`\\.${field} = \\{\\{([^}]*)\\}\\}`)) ?? [];
    return bytesOf(bytes);
  };
  const hash = (/** @type {string} */ name) => keccak256(stringToBytes(name));
  const before = (/** @type {string} */ name) => toHex(BigInt(hash(name)) - 1n, { size: 32 });
  assert.equal(slotOf('unsafe_block_signer'), hash('systemconfig.unsafeblocksigner'));
  assert.equal(slotOf('gas_token'), before('opstack.gaspayingtoken'));
  assert.equal(slotOf('gas_token_name'), before('opstack.gaspayingtokenname'));
  assert.equal(slotOf('gas_token_symbol'), before('opstack.gaspayingtokensymbol'));
  const feature = Buffer.concat([Buffer.from('CUSTOM_GAS_TOKEN'.padEnd(32, '\0')), hexToBytes(toHex(109, { size: 32 }))]);
  assert.equal(slotOf('custom_gas_token'), keccak256(feature));
});
