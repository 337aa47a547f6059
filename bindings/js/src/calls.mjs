// SPDX-License-Identifier: MIT
// Calls of OpenLedger's contracts, of the bridge and of tokens, to be put into transactions: what the contract would refuse, and
// nobody can mean, is refused by the core (open.h, token.h, governance.h, staking.h, registry.h, withdrawal.h).
import {
  ol_gas_scheme, ol_portal_kind, ol_proposal_step, ol_registry_function, ol_token_kind, ol_vote_form, ol_vote_support, structs,
} from './abi.mjs';
import { addressText } from './account.mjs';
import { OpenLedgerError, refuse } from './errors.mjs';
import { bytesLike } from './signing.mjs';
import { addressOf, hashOf, memberOf, toBigInt, toHex, toU256, toU32, toU64, u256Of } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {import('./signing.mjs').BytesLike} BytesLike */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */
/** @typedef {import('./values.mjs').HashLike} HashLike */
/** @typedef {import('./values.mjs').NumberLike} NumberLike */
/** @template E @template {string} P @typedef {import('./values.mjs').Members<E, P>} Members */
/** @typedef {{ to: string, value: bigint, data: string }} Call of a transaction: value is in wei */
/** @typedef {{ to: AddressLike, value?: NumberLike, data?: BytesLike }} CallLike */
/** @typedef {{ contributor: AddressLike, datanet: bigint | number, weight: NumberLike, amount: NumberLike }} SplitRow */
/** @typedef {{ hash: HashLike, sum: NumberLike }} SplitSibling */

/**
 * What a call is written with.
 * @typedef {object} Writing
 * @property {Core} core
 * @property {ReturnType<Core['scope']>} scope
 * @property {number} length bytes of data so far, for which there must be room
 */

/** @param {Writing} to @param {import('./core.mjs').Data} data */
function put(to, data) {
  const { at, len } = to.scope.copy(data);
  to.length += len;
  return { data: at, len };
}

/**
 * An array of structs, and how many they are.
 * @template {import('./core.mjs').StructName} K
 * @template T
 * @param {Writing} to
 * @param {K} name
 * @param {readonly T[]} list
 * @param {(one: T) => any} fields
 */
function putAll(to, name, list, fields) {
  if (!Array.isArray(list)) refuse('is no array');
  const size = to.core.sizeOf(name);
  const at = to.scope.take(size * list.length);
  for (const [i, one] of list.entries()) to.core.write(name, at + i * size, fields(one));
  to.length += size * list.length;
  return [at, list.length];
}

/** @param {unknown} value @returns {string} */
const textOf = (value) => (typeof value === 'string' ? value : refuse('is no text'));

/** The fields of a row of a split. @param {Core} core @param {SplitRow} row */
export const splitRowOf = (core, { contributor, datanet, weight, amount }) => ({
  contributor: addressOf(core, contributor), datanet: toU64(datanet, 'datanet'), weight: u256Of(core, weight), amount: u256Of(core, amount),
});

/** A call that was written. @param {Core} core @param {number} at an ol_call @returns {Call} */
export function readCall(core, at) {
  const { to, value, data } = core.read('ol_call', at);
  return { to: addressText(core, to), value: toBigInt(value), data: toHex(core.sliceBytes(data)) };
}

/** What arguments can be: bytes go by address, so do slices; a list is its address and its length. */
const KINDS = {
  /** @param {Writing} to @param {AddressLike} value */
  address: ({ core }, value) => addressOf(core, value),
  /** @param {Writing} to @param {NumberLike} value */
  number: ({ core }, value) => u256Of(core, value),
  /** @param {Writing} to @param {HashLike} value */
  hash: ({ core }, value) => hashOf(core, value),
  /** @param {Writing} _ @param {bigint | number} value */
  u64: (_, value) => toU64(value, 'the number'),
  /** @param {Writing} _ @param {number} value */
  u32: (_, value) => toU32(value, 'the number'),
  /** @param {Writing} _ @param {boolean} value */
  flag: (_, value) => (typeof value === 'boolean' ? Number(value) : refuse('is neither true nor false')),
  /** @param {Writing} to @param {BytesLike} value */
  bytes: (to, value) => put(to, bytesLike(value)),
  /** @param {Writing} to @param {BytesLike} [value] */
  data: (to, value = '0x') => put(to, bytesLike(value)),
  /** @param {Writing} to @param {string} value */
  text: (to, value) => put(to, textOf(value)),
  /** @param {Writing} to @param {string} [value] */
  reason: (to, value = '') => put(to, textOf(value)),
  /** A text that the call has the hash of. @param {Writing} to @param {string} value */
  hashed: ({ core, scope }, value) => {
    const [out, { at, len }] = [scope.struct('ol_hash'), scope.copy(textOf(value))];
    core.exports.ol_keccak256(out, at, len);
    return core.read('ol_hash', out);
  },
  /** @param {Writing} to @param {readonly NumberLike[]} value */
  numbers: (to, value) => putAll(to, 'ol_u256', value, (one) => u256Of(to.core, one)),
  /** The same, as a slice of words. @param {Writing} to @param {readonly NumberLike[]} value */
  words: (to, value) => {
    const [data, count] = KINDS.numbers(to, value);
    return { data, len: 32 * count };
  },
  /** @param {Writing} to @param {readonly CallLike[]} value */
  calls: (to, value) => {
    to.length += 256 * value?.length;
    return putAll(to, 'ol_call', value, ({ to: target, value: paid = 0n, data }) =>
      ({ to: addressOf(to.core, target), value: u256Of(to.core, paid), data: KINDS.data(to, data) }));
  },
  /** @param {Writing} to @param {SplitRow} value */
  row: ({ core, scope }, value) => [scope.struct('ol_split_row', splitRowOf(core, value))],
  /** @param {Writing} to @param {readonly SplitSibling[]} value */
  path: (to, value) => putAll(to, 'ol_split_sibling', value, ({ hash, sum }) => ({ hash: hashOf(to.core, hash), sum: u256Of(to.core, sum) })),
  /** @param {Writing} _ @param {Members<typeof ol_vote_support, 'OL_VOTE_'>} value */
  support: (_, value) => memberOf(ol_vote_support, 'OL_VOTE_', value, 'way to vote'),
  /** @param {Writing} _ @param {Exclude<Members<typeof ol_vote_form, 'OL_VOTE_'>, 'own'>} [value] */
  form: (_, value = 'signed') => memberOf(ol_vote_form, 'OL_VOTE_', value, 'form of a vote'),
  /** @param {Writing} _ @param {Members<typeof ol_portal_kind, 'OL_PORTAL_'>} value */
  portal: (_, value) => memberOf(ol_portal_kind, 'OL_PORTAL_', value, 'kind of portal'),
  /** @param {Writing} _ @param {Members<typeof ol_gas_scheme, 'OL_GAS_'>} value */
  scheme: (_, value) => memberOf(ol_gas_scheme, 'OL_GAS_', value, 'way to pay for gas'),
};

const NOTHING = new Uint8Array(32);

/**
 * A function of a registry, whose arguments are words; and one that is paid.
 * @template {number} W
 * @template {Readonly<Record<string, keyof typeof KINDS>>} const S
 * @param {W} which
 * @param {S} words
 */
const plain = (which, words) => /** @type {const} */ (['ol_registry_call', { registry: 'address', which, value: NOTHING, ...words }, 'words']);

/**
 * @template {number} W
 * @template {Readonly<Record<string, keyof typeof KINDS>>} const S
 * @param {W} which
 * @param {S} words
 */
const paid = (which, words) => /** @type {const} */ (['ol_registry_call', { registry: 'address', which, value: 'number', ...words }, 'words']);

const { OL_PROPOSAL_QUEUE: QUEUE, OL_PROPOSAL_EXECUTE: EXECUTE, OL_PROPOSAL_CANCEL: CANCEL } = ol_proposal_step;
const STEP = /** @type {const} */ ({ calls: 'calls', description: 'hashed' });
const F = ol_registry_function;

/**
 * Each call: the core's function; its arguments in their order, by their kinds, or as what they always are; and the struct that
 * has those which are fields of it (behind a colon, of another name), or 'words' for those behind what is paid.
 */
const TABLE = /** @type {const} */ ({
  /** Native OPEN, and OPEN between the layers. */
  open: {
    send: ['ol_open_send_call', { to: 'address', amount: 'number' }],
    deposit: ['ol_open_deposit_call', { portal: 'address', kind: 'portal', scheme: 'scheme', to: 'address', amount: 'number' }],
    withdraw: ['ol_open_withdraw_call', { target: 'address', amount: 'number', gasLimit: 'u64', data: 'data' }],
  },
  erc20: {
    transfer: ['ol_open_transfer_call', { token: 'address', to: 'address', amount: 'number' }],
    transferFrom: ['ol_token_call', { kind: ol_token_kind.OL_TOKEN_TRANSFER_FROM, token: 'address', from: 'address', to: 'address', amount: 'number' }, 'ol_token_action'],
    /** An amount of zero takes an allowance back. */
    approve: ['ol_open_approve_call', { token: 'address', spender: 'address', amount: 'number' }],
  },
  erc721: {
    transferFrom: ['ol_token_call', { kind: ol_token_kind.OL_TOKEN_TRANSFER_FROM, token: 'address', from: 'address', to: 'address', id: 'number:amount' }, 'ol_token_action'],
    safeTransferFrom: ['ol_token_call', { kind: ol_token_kind.OL_TOKEN_SEND_DATA, token: 'address', from: 'address', to: 'address', id: 'number', data: 'data' }, 'ol_token_action'],
    /** The zero address takes an approval back. */
    approve: ['ol_token_call', { kind: ol_token_kind.OL_TOKEN_APPROVE, token: 'address', spender: 'address:to', id: 'number:amount' }, 'ol_token_action'],
    setApprovalForAll: ['ol_token_call', { kind: ol_token_kind.OL_TOKEN_APPROVE_ALL, token: 'address', operator: 'address:to', approved: 'flag' }, 'ol_token_action'],
  },
  erc1155: {
    safeTransferFrom: ['ol_token_call', { kind: ol_token_kind.OL_TOKEN_MULTI_SEND, token: 'address', from: 'address', to: 'address', id: 'number', amount: 'number', data: 'data' }, 'ol_token_action'],
    safeBatchTransferFrom: ['ol_token_call', { kind: ol_token_kind.OL_TOKEN_BATCH_SEND, token: 'address', from: 'address', to: 'address', ids: 'words', amounts: 'words', data: 'data' }, 'ol_token_action'],
    setApprovalForAll: ['ol_token_call', { kind: ol_token_kind.OL_TOKEN_APPROVE_ALL, token: 'address', operator: 'address:to', approved: 'flag' }, 'ol_token_action'],
  },
  gopen: {
    /** Wraps native OPEN. */
    deposit: ['ol_gopen_deposit_call', { gopen: 'address', amount: 'number' }],
    /** Takes it out again. */
    withdraw: ['ol_gopen_withdraw_call', { gopen: 'address', amount: 'number' }],
    delegate: ['ol_gopen_delegate_call', { gopen: 'address', delegatee: 'address' }],
    delegateBySig: ['ol_gopen_delegate_signed_call', { gopen: 'address', delegatee: 'address', nonce: 'number', expiry: 'number', signature: 'bytes' }],
    permit: ['ol_gopen_permit_call', { gopen: 'address', owner: 'address', spender: 'address', amount: 'number', deadline: 'number', signature: 'bytes' }],
  },
  governor: {
    propose: ['ol_proposal_propose_call', { governor: 'address', calls: 'calls', description: 'text' }],
    queue: ['ol_proposal_step_call', { governor: 'address', step: QUEUE, ...STEP }],
    execute: ['ol_proposal_step_call', { governor: 'address', step: EXECUTE, ...STEP }],
    cancel: ['ol_proposal_step_call', { governor: 'address', step: CANCEL, ...STEP }],
    /** The same of a proposal whose calls the contract has stored. */
    queueStored: ['ol_proposal_stored_call', { governor: 'address', step: QUEUE, proposalId: 'number' }],
    executeStored: ['ol_proposal_stored_call', { governor: 'address', step: EXECUTE, proposalId: 'number' }],
    cancelStored: ['ol_proposal_stored_call', { governor: 'address', step: CANCEL, proposalId: 'number' }],
    /** With a reason, castVoteWithReason; with parameters, castVoteWithReasonAndParams. */
    castVote: ['ol_vote_call', { governor: 'address', proposalId: 'number', support: 'support', reason: 'reason', params: 'data' }, 'ol_vote'],
    /** The same for a voter who has signed; of a governor of OpenZeppelin 4 ('signed_v4'), which names none, the zero address. */
    castVoteBySig: ['ol_vote_call', { governor: 'address', proposalId: 'number', support: 'support', form: 'form', reason: 'reason', params: 'data', voter: 'address', signature: 'bytes' }, 'ol_vote'],
  },
  staking: {
    stake: ['ol_stake_call', { staking: 'address', configId: 'number', onBehalfOf: 'address', amount: 'number' }],
    topUpStake: ['ol_stake_top_up_call', { staking: 'address', stakeId: 'number', amount: 'number' }],
    commitStake: ['ol_stake_commit_call', { staking: 'address', permit: 'bytes' }],
    requestUnstake: ['ol_unstake_request_call', { staking: 'address', stakeId: 'number' }],
    requestUnstakeWithCommitment: ['ol_unstake_request_committed_call', { staking: 'address', stakeId: 'number', configId: 'number', startTime: 'number', nonce: 'number', amount: 'number' }, 'ol_stake_commitment'],
    unstake: ['ol_unstake_call', { staking: 'address', stakeId: 'number' }],
  },
  /** SigDispersal: airdrops and rewards by signatures. */
  dispersal: {
    claim: ['ol_reward_claim_call', { dispersal: 'address', signature: 'bytes', batch: 'hash', amount: 'number', onBehalfOf: 'address', fee: 'number' }],
  },
  datanets: {
    create: paid(F.OL_DATANET_CREATE, { metadata: 'hash', root: 'hash', size: 'number', minStake: 'number' }),
    update: paid(F.OL_DATANET_UPDATE, { datanet: 'number', root: 'hash', size: 'number' }),
    setMetadata: plain(F.OL_DATANET_SET_METADATA, { datanet: 'number', metadata: 'hash' }),
    setMinStake: plain(F.OL_DATANET_SET_MIN_STAKE, { datanet: 'number', minStake: 'number' }),
    /** The commitment is keccak-256 of the ABI's (uint64 datanet, address contributor, bytes32 content, uint64 size, bytes32 salt). */
    commit: paid(F.OL_DATANET_COMMIT, { datanet: 'number', commitment: 'hash' }),
    reveal: plain(F.OL_DATANET_REVEAL, { contributionId: 'number', content: 'hash', size: 'number', salt: 'hash' }),
    approve: paid(F.OL_DATANET_APPROVE, { contributionId: 'number', root: 'hash' }),
    reject: plain(F.OL_DATANET_REJECT, { contributionId: 'number', forfeit: 'flag' }),
    expire: plain(F.OL_DATANET_EXPIRE, { contributionId: 'number' }),
  },
  models: {
    register: plain(F.OL_MODEL_REGISTER, { baseModel: 'hash', adapterHash: 'hash', runId: 'hash', gradientId: 'hash', priceIn: 'number', priceOut: 'number' }),
    setPrice: plain(F.OL_MODEL_SET_PRICE, { modelId: 'hash', priceIn: 'number', priceOut: 'number' }),
    deploy: plain(F.OL_MODEL_DEPLOY, { modelId: 'hash' }),
    undeploy: plain(F.OL_MODEL_UNDEPLOY, { modelId: 'hash' }),
  },
  nodes: {
    register: ['ol_node_register_call', { registry: 'address', signer: 'address', endpoint: 'text', consent: 'data', bond: 'number' }],
    setEndpoint: ['ol_node_endpoint_call', { registry: 'address', signer: 'address', endpoint: 'text' }],
    addBond: paid(F.OL_NODE_ADD_BOND, { signer: 'address' }),
    revoke: plain(F.OL_NODE_REVOKE, { signer: 'address' }),
    withdrawBond: plain(F.OL_NODE_WITHDRAW_BOND, { signer: 'address' }),
  },
  attribution: {
    postBatch: plain(F.OL_BATCH_POST, { signer: 'address', root: 'hash', receipts: 'number' }),
    publishCorpus: plain(F.OL_CORPUS_PUBLISH, { name: 'hash', corpusId: 'hash' }),
    dispute: paid(F.OL_DISPUTE_OPEN, { subject: 'hash' }),
    settle: plain(F.OL_DISPUTE_SETTLE, { subject: 'hash', upheld: 'flag' }),
    /** The value is the total where it is native OPEN, the token being the zero address; else zero. */
    fund: paid(F.OL_PAYOUT_FUND, { splitRoot: 'hash', leaves: 'number', token: 'address', total: 'number' }),
    reclaim: plain(F.OL_PAYOUT_RECLAIM, { payoutId: 'number' }),
    claim: ['ol_payout_claim_call', { registry: 'address', payoutId: 'number', index: 'u64', row: 'row', path: 'path' }],
    /** The equivocation is a file (ATRQ). */
    reportEquivocation: ['ol_equivocation_report_call', { registry: 'address', equivocation: 'bytes' }],
  },
  grants: {
    propose: ['ol_grant_propose_call', { registry: 'address', metadata: 'hash', amounts: 'numbers' }],
    approve: paid(F.OL_GRANT_APPROVE, { grantId: 'number' }),
    submit: plain(F.OL_GRANT_SUBMIT, { grantId: 'number', index: 'number', evidence: 'hash' }),
    refuse: plain(F.OL_GRANT_REFUSE, { grantId: 'number', index: 'number' }),
    accept: plain(F.OL_GRANT_ACCEPT, { grantId: 'number', index: 'number', evidence: 'hash' }),
    cancel: plain(F.OL_GRANT_CANCEL, { grantId: 'number' }),
  },
  /** StandardBridge, on either layer. */
  bridge: {
    bridgeERC20To: ['ol_bridge_token_call', { bridge: 'address', token: 'address', remoteToken: 'address', to: 'address', amount: 'number', gasLimit: 'u32', data: 'data' }],
  },
  /** OptimismPortal. What proves and finalizes a withdrawal comes with openledger_getWithdrawal. */
  portal: {
    depositTransaction: ['ol_deposit_call', { portal: 'address', kind: 'portal', scheme: 'scheme', to: 'address', gasLimit: 'u64', mint: 'number', value: 'number', data: 'data' }, 'ol_deposit'],
  },
});

/** @typedef {typeof TABLE} Table */
/** @template K @typedef {K extends `${infer B}:${string}` ? B : K} Kind without the name of a field */
/** @template K @typedef {Kind<K> extends keyof typeof KINDS ? Parameters<(typeof KINDS)[Kind<K>]>[1] : never} Argument */
/** @template S @typedef {{ [A in keyof S]: S[A] extends string ? A : never }[keyof S]} Named the arguments that are given */
/** @template S @typedef {{ [A in Named<S>]: undefined extends Argument<S[A]> ? A : never }[Named<S>]} Optional */
/** @template S @typedef {{ [A in Exclude<Named<S>, Optional<S>>]: Argument<S[A]> } & { [A in Optional<S>]?: Argument<S[A]> }} Arguments */
/** @typedef {{ [G in keyof Table]: { [C in keyof Table[G]]: Table[G][C] extends readonly [string, infer S, ...any] ? (given: Arguments<S>) => Call : never } }} Calls */

/** What an argument is, to whoever gave another thing by its name. @param {Writing} to @param {string} name @param {string} kind @param {any} value */
function convert(to, name, kind, value) {
  try {
    return /** @type {any} */ (KINDS)[kind](to, value);
  } catch (error) {
    if (!(error instanceof OpenLedgerError)) throw error;
    throw new OpenLedgerError({ ...error, field: name }, `${name}: ${error.message}`);
  }
}

/** What is passed to the core for a value. @param {Writing} to @param {any} value @returns {any[]} */
function passed({ scope }, value) {
  if (Array.isArray(value)) return value;
  if (value instanceof Uint8Array) return [scope.copy(value).at];
  return [typeof value === 'object' ? scope.struct('ol_slice', value) : value];
}

/** @param {Uint8Array | number} value */
const wordOf = (value) => (typeof value === 'number' ? toU256(BigInt(value)) : new Uint8Array([...new Uint8Array(32 - value.length), ...value]));

/** @param {Core} core @param {readonly [string, any, string?]} row @param {any} given @returns {Call} */
function callOf(core, [name, spec, form], given = {}) {
  const odd = Object.keys(given).find((key) => typeof spec[key] !== 'string');
  if (odd !== undefined) refuse(`'${odd}' is no argument of this call`);
  const to = { core, scope: core.scope(), length: 0 };
  try {
    const fields = new Set(form === undefined || form === 'words' ? [] : structs[/** @type {keyof typeof structs} */ (form)].fields.map(([field]) => field));
    /** @type {any[]} */
    const [args, words] = [[], []];
    /** @type {Record<string, any>} */
    const struct = {};
    for (const [key, what] of Object.entries(spec)) {
      const [kind, field = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = String(what).split(':');
      const value = typeof what === 'string' ? convert(to, key, kind, given[key]) : what;
      if (fields.has(field)) struct[field] = value;
      else if (form === 'words' && args.length === 3) words.push(...wordOf(value)); // behind the registry, which function, and what is paid
      else args.push(...passed(to, value));
    }
    if (form === 'words') args.push(to.scope.copy(Uint8Array.from(words)).at, words.length / 32);
    else if (form !== undefined) args.push(to.scope.struct(/** @type {any} */ (form), struct));
    const [error, out, room] = [to.scope.struct('ol_error'), to.scope.struct('ol_call'), 16384 + to.length];
    // One that writes no data takes no memory: what a function does not take, WebAssembly leaves out.
    core.check(/** @type {any} */ (core.exports)[name](error, out, ...args, to.scope.take(room), room), error);
    return readCall(core, out);
  } finally {
    to.scope.free();
  }
}

/** @param {Core} core @returns {Calls} */
export const callsOf = (core) => /** @type {any} */ (Object.fromEntries(Object.entries(TABLE).map(([group, rows]) => [group,
  Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, (/** @type {any} */ given) => callOf(core, row, given)]))])));
