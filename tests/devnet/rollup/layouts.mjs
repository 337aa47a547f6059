#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Where the contracts of each release keep what a client proves, and how the release of a proven code is known.
// As a command it prints the table as JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { keccak256, stringToBytes, toHex } from 'viem';
import { RELEASES, artifactOf, hasArtifact } from './artifacts.mjs';

/**
 * @typedef {`0x${string}`} Hex
 *
 * @typedef {object} Field
 * @property {number} slot of the contract, or relative to the element that it is in
 * @property {number} offset of its lowest byte, counted from the lowest of the slot
 * @property {number} size in bytes
 * @property {'value' | 'array' | 'mapping' | 'struct'} kind
 * @property {Hex} [at] the slot of an array's first element
 * @property {{ slots: number, fields: Record<string, Field> }} [element] of an array, mapping or struct that has fields
 *
 * @typedef {object} Layout
 * @property {string} version that the contract says it has
 * @property {number} codeLength
 * @property {Hex} maskedCodeHash of the code with zeros where immutables are
 * @property {{ start: number, length: number, name: string }[]} immutables the same name has the same value everywhere
 * @property {Record<string, Field>} fields
 */

/** The fields that matter to a client, by contract; a release need not have all of them. @type {Record<string, string[]>} */
const WANTED = {
  Proxy: [],
  SuperchainConfig: ['guardian', 'pauseTimestamps'],
  SystemConfig: ['overhead', 'scalar', 'batcherHash', 'gasLimit', 'basefeeScalar', 'blobbasefeeScalar', 'l2ChainId', 'superchainConfig'],
  L2OutputOracle: ['startingBlockNumber', 'startingTimestamp', 'l2Outputs', 'submissionInterval', 'l2BlockTime', 'challenger', 'proposer',
    'finalizationPeriodSeconds'],
  OptimismPortal: ['finalizedWithdrawals', 'provenWithdrawals', 'superchainConfig', 'l2Oracle', 'systemConfig', '_balance'],
  DisputeGameFactory: ['gameImpls', 'initBonds', '_disputeGames', '_disputeGameList'],
  OptimismPortal2: ['finalizedWithdrawals', 'superchainConfig', 'systemConfig', 'disputeGameFactory', 'provenWithdrawals',
    'disputeGameBlacklist', 'respectedGameType', 'respectedGameTypeUpdatedAt', 'proofSubmitters', 'anchorStateRegistry', 'ethLockbox',
    'superRootsActive'],
  AnchorStateRegistry: ['anchors', 'superchainConfig', 'systemConfig', 'disputeGameFactory', 'anchorGame', 'startingAnchorRoot',
    'disputeGameBlacklist', 'respectedGameType', 'retirementTimestamp'],
  FaultDisputeGame: ['createdAt', 'resolvedAt', 'status', 'initialized', 'l2BlockNumberChallenged', 'wasRespectedGameTypeWhenCreated'],
};
WANTED.PermissionedDisputeGame = WANTED.FaultDisputeGame;

/** @param {number} slot @param {number} [offset] @param {number} [size] @returns {Field} */
const value = (slot, offset = 0, size = 32) => ({ slot, offset, size, kind: 'value' });
/** @param {number} slot @returns {Field} */
const mapping = (slot) => ({ slot, offset: 0, size: 32, kind: 'mapping' });
const anchor = { slots: 2, fields: { root: value(0), l2SequenceNumber: value(1) } };
const game = {
  createdAt: value(0, 0, 8), resolvedAt: value(0, 8, 8), status: value(0, 16, 1), initialized: value(0, 17, 1),
  l2BlockNumberChallenged: value(0, 18, 1), wasRespectedGameTypeWhenCreated: value(10, 0, 1),
};

/** Of the release without artifacts; the tests compare each with what the contracts say of themselves. @type {Record<string, { version: string, fields: Record<string, Field> }>} */
const DEPLOYED = {
  SuperchainConfig: { version: '2.3.0', fields: { guardian: value(0, 2, 20), pauseTimestamps: mapping(1) } },
  SystemConfig: {
    version: '3.4.0',
    fields: {
      overhead: value(101), scalar: value(102), batcherHash: value(103), gasLimit: value(104, 0, 8), basefeeScalar: value(104, 8, 4),
      blobbasefeeScalar: value(104, 12, 4), l2ChainId: value(107), superchainConfig: value(108, 0, 20),
    },
  },
  DisputeGameFactory: {
    version: '1.2.0',
    fields: { gameImpls: mapping(101), initBonds: mapping(102), _disputeGames: mapping(103), _disputeGameList: arrayAt(104) },
  },
  OptimismPortal2: {
    version: '4.6.0',
    fields: {
      finalizedWithdrawals: mapping(51), systemConfig: value(55, 0, 20), provenWithdrawals: mapping(57), proofSubmitters: mapping(60),
      anchorStateRegistry: value(62, 0, 20), ethLockbox: value(63, 0, 20), superRootsActive: value(63, 20, 1),
    },
  },
  AnchorStateRegistry: {
    version: '3.5.0',
    fields: {
      systemConfig: value(0, 2, 20), disputeGameFactory: value(1, 0, 20), anchorGame: value(2, 0, 20),
      startingAnchorRoot: { slot: 3, offset: 0, size: 64, kind: 'struct', element: anchor },
      disputeGameBlacklist: mapping(5), respectedGameType: value(6, 0, 4), retirementTimestamp: value(6, 4, 8),
    },
  },
  FaultDisputeGame: { version: '1.7.0', fields: game },
  PermissionedDisputeGame: { version: '1.7.0', fields: game },
};

/** @param {number} slot @returns {Field} an array whose elements have one word */
function arrayAt(slot) {
  return { slot, offset: 0, size: 32, kind: 'array', at: keccak256(toHex(slot, { size: 32 })) };
}

const slotOf = (/** @type {string} */ text) => keccak256(stringToBytes(text));
const before = (/** @type {Hex} */ slot) => toHex(BigInt(slot) - 1n, { size: 32 });

/** Slots that are the hash of a name, in all releases that have them. */
export const NAMED_SLOTS = {
  Proxy: {
    implementation: before(slotOf('eip1967.proxy.implementation')),
    admin: before(slotOf('eip1967.proxy.admin')),
  },
  SystemConfig: {
    unsafeBlockSigner: slotOf('systemconfig.unsafeblocksigner'), // not less one, as the others are
    optimismPortal: before(slotOf('systemconfig.optimismportal')),
    l1StandardBridge: before(slotOf('systemconfig.l1standardbridge')),
    l1CrossDomainMessenger: before(slotOf('systemconfig.l1crossdomainmessenger')),
    l2OutputOracle: before(slotOf('systemconfig.l2outputoracle')), // to 1.12
    disputeGameFactory: before(slotOf('systemconfig.disputegamefactory')), // from 2 to before 3
    batchInbox: before(slotOf('systemconfig.batchinbox')),
    startBlock: before(slotOf('systemconfig.startBlock')),
    tokenAndDecimals: before(slotOf('opstack.gaspayingtoken')), // of the release that has it
    tokenName: before(slotOf('opstack.gaspayingtokenname')),
    tokenSymbol: before(slotOf('opstack.gaspayingtokensymbol')),
  },
  SuperchainConfig: { // before 2
    paused: before(slotOf('superchainConfig.paused')),
    guardian: before(slotOf('superchainConfig.guardian')),
  },
};

/** @param {Record<string, any>} types of forge @param {{ slot: string, offset: number, type: string }} variable @returns {Field} */
function fieldOf(types, { slot, offset, type }) {
  const { encoding, numberOfBytes, base, value: mapped, members } = types[type];
  const inner = types[base ?? mapped];
  const kind = encoding === 'dynamic_array' ? 'array' : encoding === 'mapping' ? 'mapping' : members ? 'struct' : 'value';
  /** @type {Field} */
  const field = { slot: Number(slot), offset, size: Number(numberOfBytes), kind };
  if (kind === 'array') field.at = arrayAt(field.slot).at;
  const fields = (members ?? inner?.members)?.map((/** @type {any} */ member) => [member.label, fieldOf(types, member)]);
  if (fields) field.element = { slots: Number(types[members ? type : base ?? mapped].numberOfBytes) / 32, fields: Object.fromEntries(fields) };
  return field;
}

/** The version that a contract's source says; proxies have none. @param {string} release @param {string} contract */
function versionIn(release, contract) {
  if (contract === 'Proxy') return '';
  const folder = release === '0.17.3' ? 'contracts-bedrock' : `contracts-bedrock-${release}`;
  const room = { AnchorStateRegistry: 'dispute', DisputeGameFactory: 'dispute', FaultDisputeGame: 'dispute' };
  const source = contract === 'PermissionedDisputeGame' ? 'FaultDisputeGame' : contract;
  const path = join(import.meta.dirname, '../../../node_modules/@eth-optimism', folder, 'src', room[source] ?? 'L1', `${source}.sol`);
  const text = readFileSync(path, 'utf8');
  return text.match(/version = "([^"]+)"/)?.[1] ?? text.match(/function version\(\)[^}]*return "([^"]+)"/)?.[1] ?? '';
}

/** As sources write the names of immutables. @param {string} name */
const constantCase = (name) => (name === name.toUpperCase() ? name : name.replace(/[A-Z]/g, '_$&').toUpperCase());

/** @param {string} release @param {string} contract @returns {Layout} */
export function layoutOf(release, contract) {
  const { runtime, immutables, names, layout } = artifactOf(release, contract);
  const isDeployed = release === 'supersim' && contract !== 'Proxy';
  const wanted = WANTED[contract];
  const found = (layout?.storage ?? []).filter(({ label }) => wanted.includes(label));
  const { version, fields } = isDeployed ? DEPLOYED[contract] : {
    version: versionIn(release, contract),
    fields: Object.fromEntries(found.map((variable) => [variable.label, fieldOf(layout?.types ?? {}, variable)])),
  };
  return {
    version,
    codeLength: runtime.length / 2 - 1,
    maskedCodeHash: keccak256(runtime),
    immutables: immutables.map(([start, length]) => ({ start, length, name: constantCase(names[start]) })),
    fields,
  };
}

/** Of all releases. */
export function layouts() {
  const releases = Object.fromEntries(RELEASES.map((release) => {
    const contracts = Object.keys(WANTED).filter((contract) => contract === 'Proxy' || hasArtifact(release, contract));
    return [release, Object.fromEntries(contracts.map((contract) => [contract, layoutOf(release, contract)]))];
  }));
  return { releases, namedSlots: NAMED_SLOTS, clones: CLONES };
}

const CLONE = {
  lengthAt: 0x36, lengthOver: 2, implementationAt: 0x41, argumentsAt: 0x62,
  arguments: { creator: [0, 20], rootClaim: [20, 32], l1Head: [52, 32], extraData: [84, 32] },
  head: '0x36602c57343d527f9e4ac34f21c619cefc926c8bd93b54bf5a39c7ab2127a895af1cc0691d7e3dff593da1005b363d3d373d3d3d3d610000806062363936013d73',
  tail: '0x5af43d3d93803e606057fd5bf3',
};
/**
 * The code of a game, which is a proxy with the implementation's address in it: `head`, with zeros where the length of
 * what follows is (two bytes), the address, `tail`, the arguments by where they are and their size, and the length
 * again. The length counts the arguments and itself.
 */
export const CLONES = {
  '0.17.2': {
    lengthAt: 9, lengthOver: 2, implementationAt: 0x14, argumentsAt: 0x35,
    arguments: { rootClaim: [0, 32], l1Head: [32, 32], extraData: [64, 32] },
    head: '0x363d3d373d3d3d3d610000806035363936013d73',
    tail: '0x5af43d3d93803e603357fd5bf3',
  },
  '0.17.3': CLONE,
  'supersim': CLONE,
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(JSON.stringify(layouts(), null, 2));
