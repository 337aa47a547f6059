// SPDX-License-Identifier: MIT
// Questions about an account, and their answers, to and from the core's structs.
import { OL_AGE_ANY, OL_MAX_SLOTS, ol_block_tag, ol_trust } from './abi.mjs';
import { refuse } from './errors.mjs';
import { addressOf, hashOf, memberOf, toBigInt, toHex, toU32, toU64, u256Of } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */
/** @typedef {import('./values.mjs').NumberLike} NumberLike */
/** @typedef {'latest' | 'safe' | 'finalized' | bigint | number | string | Uint8Array} Block a tag, a number, or a hash */
/** @typedef {'given' | 'quorum' | 'unsafe' | 'proposed' | 'finalized'} TrustLevel weakest first */

/**
 * @typedef {object} AccountQuestion
 * @property {AddressLike} address
 * @property {NumberLike[]} [slots] storage keys, at most 32
 * @property {Block} [block] 'latest' by default
 * @property {number} [maxAgeSeconds] the oldest block accepted: by default 120 for the latest block, any for others;
 *   Infinity for any
 * @property {boolean} [code] whether to have the contract's code too
 * @property {TrustLevel} [trust] the weakest level accepted, 'quorum' by default
 */

/**
 * @typedef {object} AccountAnswer
 * @property {string} text the whole answer as canonical JSON: the same bytes from every build of the core
 * @property {string} address with its checksum
 * @property {boolean} exists false when it is proven that there is no such account
 * @property {bigint} balance wei
 * @property {bigint} nonce
 * @property {string} codeHash
 * @property {string} storageHash
 * @property {{ key: bigint, value: bigint }[]} slots in the order asked
 * @property {bigint} [chainId] if the endpoints were asked for it
 * @property {{ number: bigint, hash: string, stateRoot: string, timestamp: bigint }} block where this holds
 * @property {{ level: TrustLevel, agreed: number, asked: number }} trust what the block rests on
 * @property {Anchor} [anchor] what anchors the block on L1, for trust above that of a quorum
 * @property {number} ageSeconds of the block, when the answer was found
 * @property {Uint8Array} [code] if it was asked for
 * @property {import('./errors.mjs').Blame[]} blame answers that were refused on the way
 */

/**
 * @typedef {object} Anchor an output root that was proposed on L1; or, of an unsafe block, nothing but its signer
 * @property {string | null} signer of an unsafe block, as SystemConfig names it; then the five that follow are null
 * @property {string | null} outputRoot
 * @property {string | null} game the dispute game's address; null for an output of the L2OutputOracle
 * @property {bigint | null} index of the game in the factory's list, or of the output in the oracle's
 * @property {bigint | null} proposedAt Unix seconds
 * @property {bigint | null} finalizesAt when withdrawals by it can be finalized; null while a game goes on
 * @property {bigint} l1BlockNumber at which all this was proven
 * @property {string} l1BlockHash
 */

/** @param {Core} core @param {Block} block */
function blockFields(core, block) {
  if (block === 'latest') return { block: ol_block_tag.OL_BLOCK_LATEST };
  if (block === 'safe') return { block: ol_block_tag.OL_BLOCK_SAFE };
  if (block === 'finalized') return { block: ol_block_tag.OL_BLOCK_FINALIZED };
  if (typeof block === 'bigint' || typeof block === 'number') {
    return { block: ol_block_tag.OL_BLOCK_NUMBER, number: toU64(block, 'block') };
  }
  if (typeof block === 'string' && /^(?:\d{1,20}|0x[0-9a-f]{1,16})$/i.test(block)) {
    return { block: ol_block_tag.OL_BLOCK_NUMBER, number: toU64(BigInt(block), 'block') };
  }
  return { block: ol_block_tag.OL_BLOCK_HASH, hash: hashOf(core, block) };
}

/**
 * Writes a question.
 * @param {Core} core
 * @param {ReturnType<Core['scope']>} scope
 * @param {AccountQuestion} question
 * @returns {number} the address of an ol_account_question
 */
export function writeQuestion(core, scope, { address, slots = [], block = 'latest', maxAgeSeconds, code, trust }) {
  if (slots.length > OL_MAX_SLOTS) refuse(`a question has at most ${OL_MAX_SLOTS} slots`);
  const at = scope.struct('ol_account_question');
  core.exports.ol_account_question_init(at, scope.struct('ol_address', addressOf(core, address)));
  core.write('ol_account_question', at, {
    ...blockFields(core, block),
    ...(maxAgeSeconds !== undefined && {
      max_age_s: maxAgeSeconds === Infinity ? OL_AGE_ANY : toU32(maxAgeSeconds, 'maxAgeSeconds'),
    }),
    ...(trust !== undefined && { trust: memberOf(ol_trust, 'OL_TRUST_', trust, 'level of trust') }),
    with_code: code ? 1 : 0,
    slot_count: slots.length,
    slots: slots.map((slot) => u256Of(core, slot)),
  });
  return at;
}

/** @param {Core} core @param {Uint8Array} address */
export function addressText(core, address) {
  const scope = core.scope();
  try {
    const out = scope.take(43);
    core.exports.ol_address_text(out, scope.struct('ol_address', address));
    return core.text(out);
  } finally {
    scope.free();
  }
}

/** @param {Core} core @param {Uint8Array} address */
const addressOrNull = (core, address) => (address.some((byte) => byte !== 0) ? addressText(core, address) : null);

/** @param {Core} core @param {import('./abi.mjs').ol_anchor} anchor @returns {Anchor} */
const anchorOf = (core, { signer, output_root, game, index, proposed_at, finalizes_at, l1_block_number, l1_block_hash }) => ({
  signer: addressOrNull(core, signer),
  outputRoot: proposed_at === 0n ? null : toHex(output_root),
  game: addressOrNull(core, game),
  index: proposed_at === 0n ? null : index,
  proposedAt: proposed_at === 0n ? null : proposed_at,
  finalizesAt: finalizes_at === 0n ? null : finalizes_at,
  l1BlockNumber: l1_block_number,
  l1BlockHash: toHex(l1_block_hash),
});

/**
 * Reads an answer.
 * @param {Core} core
 * @param {ReturnType<Core['scope']>} scope
 * @param {number} at the address of an ol_account_answer
 * @param {number} code the address of an ol_slice: the contract's code
 * @returns {AccountAnswer}
 */
export function readAnswer(core, scope, at, code) {
  const error = scope.struct('ol_error');
  const out = scope.struct('ol_slice');
  const room = 16384 + 5 * core.read('ol_slice', code).len;
  const status = core.exports.ol_account_answer_json(error, out, at, code, scope.take(room), room);
  core.check(status, error);
  const answer = core.read('ol_account_answer', at);
  return {
    text: core.sliceText(core.read('ol_slice', out)),
    address: addressText(core, answer.address),
    exists: answer.account.exists !== 0,
    balance: toBigInt(answer.account.balance),
    nonce: answer.account.nonce,
    codeHash: toHex(answer.account.code_hash),
    storageHash: toHex(answer.account.storage_root),
    slots: answer.slots
      .slice(0, answer.slot_count)
      .map(({ key, value }) => ({ key: toBigInt(key), value: toBigInt(value) })),
    ...(answer.chain_id !== 0n && { chainId: answer.chain_id }),
    block: {
      number: answer.block_number,
      hash: toHex(answer.block_hash),
      stateRoot: toHex(answer.state_root),
      timestamp: answer.block_timestamp,
    },
    trust: {
      level: /** @type {TrustLevel} */ (core.text(core.exports.ol_trust_name(answer.trust))),
      agreed: answer.agreed,
      asked: answer.asked,
    },
    ...(answer.trust > ol_trust.OL_TRUST_QUORUM && { anchor: anchorOf(core, answer.anchor) }),
    ageSeconds: Number(answer.age_s),
    ...(answer.with_code !== 0 && { code: core.sliceBytes(core.read('ol_slice', code)) }),
    blame: [],
  };
}
