// SPDX-License-Identifier: MIT
// Which rollup: by a name that the core knows, or by a profile; and which contracts it has.
import { ol_known_kind } from './abi.mjs';
import { addressOf, memberOf, toU64 } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */
/** @typedef {string | object} Rollup 'openledger', 'openledger-testnet', 'op-mainnet', 'base', or a profile (rollup.h) */

/**
 * @typedef {object} KnownContract
 * @property {bigint | number} chainId
 * @property {AddressLike} address
 * @property {import('./values.mjs').Members<typeof ol_known_kind, 'OL_KNOWN_'>} kind
 * @property {AddressLike} [asset] the token that it takes, if not the native one
 */

/** @param {Core} core @param {Scope} scope @param {Rollup} rollup @returns {number} the address of an ol_rollup */
export function readRollup(core, scope, rollup) {
  const [error, out] = [scope.struct('ol_error'), scope.struct('ol_rollup')];
  const profile = scope.slice(typeof rollup === 'string' ? rollup : JSON.stringify(rollup));
  const room = 16 * core.read('ol_slice', profile).len + 1024;
  core.check(core.exports.ol_rollup_read(error, out, profile, scope.take(room), room), error);
  return out;
}

/**
 * The chain of a rollup, and the contracts that are known on it: those given, which come first as the core takes the first
 * that fits, and those that the rollup names.
 * @param {Core} core
 * @param {Scope} kept where the contracts stay, as ol_known_contract
 * @param {Rollup} rollup
 * @param {KnownContract[]} given
 */
export function readContracts(core, kept, rollup, given) {
  const scope = core.scope();
  try {
    const all = given.map(({ chainId, address, kind, asset }) => ({
      chain_id: toU64(chainId, 'chainId'), address: addressOf(core, address),
      kind: memberOf(ol_known_kind, 'OL_KNOWN_', kind, 'kind of contract'),
      asset: asset === undefined ? new Uint8Array(20) : addressOf(core, asset),
    }));
    const [read, out] = [readRollup(core, scope, rollup), scope.struct('ol_known_contract')];
    for (let i = 0; core.exports.ol_known_contract_at(out, read, i); i++) all.push(core.read('ol_known_contract', out));
    const size = core.sizeOf('ol_known_contract');
    const at = kept.take(size * all.length);
    for (const [i, one] of all.entries()) core.write('ol_known_contract', at + i * size, one);
    return { chainId: core.read('ol_rollup', read).chain_id, contracts: { at, len: all.length } };
  } finally {
    scope.free();
  }
}
