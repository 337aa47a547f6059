// SPDX-License-Identifier: MIT
// What a wallet may sign, and what it has signed: its policy and the budget that remembers.
import { OL_BUDGET_SNAPSHOT } from './abi.mjs';
import { jsonOf } from './signing.mjs';
import { toU64 } from './values.mjs';

/** @typedef {import('./proposal.mjs').Holder} Holder */

/** @param {Holder} holder @returns {any} null without a policy */
export const policyOf = ({ core, use }) => use(({ scope, wallet }) => {
  const out = scope.struct('ol_slice');
  core.exports.ol_wallet_policy(wallet, out);
  const text = core.sliceText(core.read('ol_slice', out));
  return text === '' ? null : JSON.parse(text);
});

/** @param {Holder} holder @param {object | string | null} policy as an object or JSON; null for none */
export const setPolicy = ({ core, use }, policy) => use(({ scope, error, wallet, now }) => {
  const json = scope.slice(policy === null ? '' : typeof policy === 'string' ? policy : jsonOf(policy));
  const size = core.exports.ol_policy_size(core.read('ol_slice', json).len) >>> 0;
  core.check(core.exports.ol_wallet_set_policy(error, wallet, json, now, scope.take(size), size), error);
});

/** @param {Holder} holder */
export const saveBudget = ({ core, use }) => use(({ scope, error, wallet }) => {
  const budget = core.exports.ol_wallet_budget(wallet);
  const bytes = core.written(scope, error, OL_BUDGET_SNAPSHOT,
    (out, len) => core.exports.ol_budget_write(error, out, OL_BUDGET_SNAPSHOT, len, budget));
  return { bytes, sequence: core.exports.ol_budget_sequence(budget) };
});

/** @param {Holder} holder @param {Uint8Array} bytes @param {bigint} [leastSequence] an older one than this is refused */
export const loadBudget = ({ core, use }, bytes, leastSequence = 0n) => use(({ scope, error, wallet }) => {
  const { at, len } = scope.copy(bytes);
  core.check(core.exports.ol_budget_read(error, core.exports.ol_wallet_budget(wallet), at, len, toU64(leastSequence, 'leastSequence')), error);
});
