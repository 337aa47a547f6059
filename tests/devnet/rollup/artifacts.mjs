// SPDX-License-Identifier: MIT
// The OP Stack's contracts as their authors published them, in several releases: forge's artifacts, or code deployed
// in a genesis. And what of a code is the same on every chain.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexToBytes, slice, toHex } from 'viem';
import { PUBLISHED, deployedOf, hasDeployed, orderOf } from './genesis.mjs';

const modules = join(import.meta.dirname, '../../../node_modules/@eth-optimism');

/** The folder of each release's package; that of the last has no artifacts. @type {Record<string, string>} */
const FOLDERS = { '0.17.2': 'contracts-bedrock-0.17.2', '0.17.3': 'contracts-bedrock', 'supersim': '' };

export const RELEASES = Object.keys(FOLDERS);

/** The immutables of a release whose artifacts have no trees, by the ids of their declarations. @type {Record<string, string>} */
const DECLARED = {
  84154: 'PROOF_MATURITY_DELAY_SECONDS', 84157: 'DISPUTE_GAME_FINALITY_DELAY_SECONDS', 93682: 'DISPUTE_GAME_FACTORY',
  94380: 'ABSOLUTE_PRESTATE', 94383: 'MAX_GAME_DEPTH', 94386: 'SPLIT_DEPTH', 94390: 'GAME_DURATION', 94394: 'VM',
  94398: 'GAME_TYPE', 94402: 'WETH', 94406: 'ANCHOR_STATE_REGISTRY', 94409: 'L2_CHAIN_ID', 96513: 'PROPOSER', 96516: 'CHALLENGER',
};

/** What is not in the genesis, and has not changed, is taken from this one. */
const OLDER = '0.17.3';

/**
 * @typedef {`0x${string}`} Hex
 * @typedef {{ name: string, type: string, components?: Parameter[] }} Parameter
 * @typedef {{ label: string, slot: string, offset: number, type: string }} Variable
 * @typedef {[start: number, length: number]} Range
 *
 * @typedef {object} Artifact
 * @property {any[]} abi
 * @property {Hex} [creation] code, to which the arguments are appended
 * @property {Hex} [deployed] code with immutables, where there is no creation code
 * @property {Hex} runtime code with zeros where immutables are
 * @property {Range[]} immutables
 * @property {Record<string, string>} names of immutables by their range's start, where they are known
 * @property {{ storage: Variable[], types: Record<string, any> }} [layout]
 */

/** @type {Map<string, Artifact>} */
const cache = new Map();

/** @param {string} release @param {string} contract */
const pathOf = (release, contract) => join(modules, FOLDERS[release], 'forge-artifacts', `${contract}.sol`, `${contract}.json`);

/** @param {string} release @param {string} contract */
export const hasArtifact = (release, contract) => (FOLDERS[release] ? existsSync(pathOf(release, contract)) : hasDeployed(contract));

/** @param {string} release @param {string} contract @returns {Artifact} */
export function artifactOf(release, contract) {
  if (!(release in FOLDERS)) throw new Error(`no such release: ${release}`);
  const key = `${release} ${contract}`;
  const found = cache.get(key) ?? (FOLDERS[release] ? readForge(release, contract) : fromGenesis(contract));
  cache.set(key, found);
  return found;
}

/** @param {string} release @param {string} contract @returns {Artifact} */
function readForge(release, contract) {
  const { abi, bytecode, deployedBytecode, storageLayout, ast } = JSON.parse(readFileSync(pathOf(release, contract), 'utf8'));
  /** @type {Record<string, { start: number, length: number }[]>} */
  const references = deployedBytecode.immutableReferences ?? {};
  // A contract's own tree has not what it inherits; all trees of a build number their nodes together.
  const declared = ast
    ? namesIn(contract === 'PermissionedDisputeGame' ? astOf(release, 'FaultDisputeGame') : undefined, namesIn(ast))
    : new Map(Object.entries(DECLARED));
  const immutables = Object.entries(references).flatMap(([id, ranges]) => ranges.map(({ start, length }) => ({ id, start, length })));
  immutables.sort((one, other) => one.start - other.start);
  return {
    abi,
    creation: bytecode.object,
    runtime: deployedBytecode.object,
    immutables: immutables.map(({ start, length }) => /** @type {Range} */ ([start, length])),
    names: Object.fromEntries(immutables.flatMap(({ id, start }) => (declared.has(id) ? [[start, declared.get(id)]] : []))),
    layout: storageLayout,
  };
}

/** @param {string} release @param {string} contract */
const astOf = (release, contract) => JSON.parse(readFileSync(pathOf(release, contract), 'utf8')).ast;

/** The names of variables by the ids of their declarations; not all releases tell them. @param {any} node @param {Map<string, string>} [found] */
function namesIn(node, found = new Map()) {
  if (node?.nodeType === 'VariableDeclaration') found.set(String(node.id), node.name);
  for (const child of node?.nodes ?? []) namesIn(child, found);
  return found;
}

/** @param {string} contract @returns {Artifact} */
function fromGenesis(contract) {
  if (!hasDeployed(contract)) return artifactOf(OLDER, contract);
  const { abi, creation, deployed } = deployedOf(contract);
  // Creation code has the runtime code at its end, after the constructor's RETURN and an INVALID.
  const runtime = deployed ?? /** @type {Hex} */ (`0x${creation?.slice(/** @type {string} */ (creation).indexOf('f3fe6080604052') + 4)}`);
  const immutables = immutablesIn(hexToBytes(runtime));
  const order = orderOf(contract);
  const published = Object.entries(PUBLISHED[contract] ?? {});
  const nameAt = (/** @type {number} */ start) => published.find(([, value]) => BigInt(slice(runtime, start, start + 32)) === value)?.[0];
  const names = Object.fromEntries(immutables.map(([start], i) => [start, order[i] ?? nameAt(start)]).filter(([, name]) => name));
  return { abi, creation, deployed, runtime: masked(runtime, immutables), immutables, names };
}

/** What a constructor does: puts values in the place of immutables. @param {Artifact} artifact @param {Record<string, any>} values by name */
export function withImmutables({ deployed, immutables, names }, values) {
  const bytes = hexToBytes(/** @type {Hex} */ (deployed));
  for (const [start, length] of immutables) {
    const value = values[names[start]];
    if (value !== undefined) bytes.set(hexToBytes(toHex(BigInt(value), { size: length })), start);
  }
  return toHex(bytes);
}

/**
 * Where a code has immutables, if nobody tells it: the operands of PUSH32 that begin with zeros, for which the
 * compiler would otherwise take a shorter PUSH. An immutable of 32 full bytes is found only in code that has no value
 * for it yet.
 * @param {Uint8Array} code @returns {Range[]}
 */
export function immutablesIn(code) {
  /** @type {Range[]} */
  const found = [];
  for (let at = 0; at < code.length; at++) {
    const size = code[at] - 0x5f;
    if (size < 1 || size > 32) continue;
    if (size === 32 && code.subarray(at + 1, at + 5).every((byte) => byte === 0) && at + 33 <= code.length) found.push([at + 1, 32]);
    at += size;
  }
  return found;
}

/** The code with zeros where its immutables are. @param {Hex} code @param {Range[]} ranges @returns {Hex} */
export function masked(code, ranges) {
  const bytes = hexToBytes(code);
  for (const [start, length] of ranges) bytes.fill(0, start, start + length);
  return toHex(bytes);
}

/**
 * Arguments by the names of their parameters, so that one list of values serves releases that order them otherwise.
 * @param {Parameter[]} parameters @param {Record<string, any>} values by name, without leading underscores
 * @returns {any[]}
 */
export function argumentsOf(parameters, values) {
  return parameters.map(({ name, components, type }) => {
    const value = values[name.replace(/^_/, '')];
    if (value === undefined) throw new Error(`no value for the parameter "${name}"`);
    if (!components || type.endsWith(']')) return value;
    const missing = components.find((member) => value[member.name] === undefined);
    if (missing) throw new Error(`no value for "${name}.${missing.name}"`);
    return value;
  });
}
