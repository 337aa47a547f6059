#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Makes the ERC-7730 descriptors (version 1) of OpenLedger's contracts, by which other wallets show what is signed.
// usage: erc7730.mjs [--check] [OUT]       writes sdk/erc7730, or says whether it is up to date
//        erc7730.mjs --profile FILE OUT    the same with the addresses that a rollup's profile names under "contracts"
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** @typedef {{ path: string, label: string, format: string, params?: object }} Field */
/** @typedef {[intent: string, fields: Field[]]} Format */

/* How a field is shown. A path without a mark is an argument's; "@." is the transaction's. */

/** @param {string} path @param {string} label @param {string} format @param {object} [params] @returns {Field} */
const field = (path, label, format, params) => ({ path, label, format, ...(params && { params }) });

const raw = (/** @type {string} */ path, /** @type {string} */ label) => field(path, label, 'raw');
const address = (/** @type {string} */ path, /** @type {string} */ label, types = ['wallet', 'eoa', 'contract']) =>
  field(path, label, 'addressName', { types, sources: ['local', 'ens'] });
const contract = (/** @type {string} */ path, /** @type {string} */ label) => address(path, label, ['contract']);
const native = (/** @type {string} */ path, /** @type {string} */ label) => field(path, label, 'amount');
const token = (/** @type {string} */ path, /** @type {string} */ label, tokenPath = '@.to') =>
  field(path, label, 'tokenAmount', { tokenPath });
const time = (/** @type {string} */ path, /** @type {string} */ label) => field(path, label, 'date', { encoding: 'timestamp' });
const oneOf = (/** @type {string} */ path, /** @type {string} */ label, /** @type {string} */ name) =>
  field(path, label, 'enum', { $ref: `$.metadata.enums.${name}` });
/** What a transaction pays. */
const value = (label = 'Paid') => native('@.value', label);

const support = oneOf('support', 'Vote', 'support');
const targets = [contract('targets.[]', 'Calls'), native('values.[]', 'Pays'), raw('calldatas.[]', 'Input')];

/** @type {Record<string, { title: string, profile: string, enums?: object, formats: Record<string, Format> }>} */
const contracts = {
  gopen: {
    title: 'GOPEN',
    profile: 'gopen',
    formats: {
      'deposit()': ['Wrap OPEN', [value('Amount')]],
      'withdraw(uint256 amount)': ['Unwrap OPEN', [token('amount', 'Amount')]],
      'transfer(address to,uint256 amount)': ['Send', [address('to', 'To'), token('amount', 'Amount')]],
      'transferFrom(address from,address to,uint256 amount)': ['Send for another',
        [address('from', 'From'), address('to', 'To'), token('amount', 'Amount')]],
      'approve(address spender,uint256 amount)': ['Let spend', [address('spender', 'Spender'), token('amount', 'At most')]],
      'permit(address owner,address spender,uint256 amount,uint256 deadline,uint8 v,bytes32 r,bytes32 s)': ['Let spend, by signature',
        [address('owner', 'Owner'), address('spender', 'Spender'), token('amount', 'At most'), time('deadline', 'Signature until')]],
      'delegate(address delegatee)': ['Delegate votes', [address('delegatee', 'To')]],
      'delegateBySig(address delegatee,uint256 nonce,uint256 expiry,uint8 v,bytes32 r,bytes32 s)': ['Delegate votes, by signature',
        [address('delegatee', 'To'), raw('nonce', 'Nonce'), time('expiry', 'Signature until')]],
    },
  },
  governor: {
    title: 'OpenLedger Governor',
    profile: 'governor',
    enums: { support: { 0: 'Against', 1: 'For', 2: 'Abstain' } },
    formats: {
      'propose(address[] targets,uint256[] values,bytes[] calldatas,string description)': ['Propose',
        [raw('description', 'Description'), ...targets]],
      'castVote(uint256 proposalId,uint8 support)': ['Vote', [raw('proposalId', 'Proposal'), support]],
      'castVoteWithReason(uint256 proposalId,uint8 support,string reason)': ['Vote',
        [raw('proposalId', 'Proposal'), support, raw('reason', 'Reason')]],
      'castVoteWithReasonAndParams(uint256 proposalId,uint8 support,string reason,bytes params)': ['Vote',
        [raw('proposalId', 'Proposal'), support, raw('reason', 'Reason'), raw('params', 'Parameters')]],
      'castVoteBySig(uint256 proposalId,uint8 support,address voter,bytes signature)': ['Vote for another, by signature',
        [raw('proposalId', 'Proposal'), support, address('voter', 'Voter'), raw('signature', 'Signature')]],
      'queue(address[] targets,uint256[] values,bytes[] calldatas,bytes32 descriptionHash)': ['Queue a proposal', targets],
      'execute(address[] targets,uint256[] values,bytes[] calldatas,bytes32 descriptionHash)': ['Execute a proposal', [...targets, value()]],
      'cancel(address[] targets,uint256[] values,bytes[] calldatas,bytes32 descriptionHash)': ['Cancel a proposal', targets],
      'queue(uint256 proposalId)': ['Queue a proposal', [raw('proposalId', 'Proposal')]],
      'execute(uint256 proposalId)': ['Execute a proposal', [raw('proposalId', 'Proposal'), value()]],
      'cancel(uint256 proposalId)': ['Cancel a proposal', [raw('proposalId', 'Proposal')]],
    },
  },
  staking: {
    title: 'OpenLedger Staking',
    profile: 'staking',
    formats: {
      'stake(uint256 configId,address onBehalfOf,uint256 amount)': ['Stake',
        [raw('configId', 'Terms'), address('onBehalfOf', 'For'), raw('amount', 'Amount, smallest units')]],
      'topUpStake(uint256 stakeId,uint256 amount)': ['Add to a stake', [raw('stakeId', 'Stake'), raw('amount', 'Amount, smallest units')]],
      'commitStake(bytes permit)': ['Commit to a stake', [raw('permit', 'Permit')]],
      'requestUnstake(uint256 stakeId)': ['Ask to unstake', [raw('stakeId', 'Stake')]],
      'requestUnstakeWithCommitment(uint256 stakeId,uint256 configId,uint256 startTime,uint256 nonce,uint256 amount)': ['Ask to unstake what was committed',
        [raw('stakeId', 'Stake'), raw('configId', 'Terms'), time('startTime', 'Since'), raw('nonce', 'Nonce'), raw('amount', 'Amount, smallest units')]],
      'unstake(uint256 stakeId)': ['Unstake', [raw('stakeId', 'Stake')]],
    },
  },
  sigdispersal: {
    title: 'OpenLedger rewards',
    profile: 'sigDispersal',
    formats: {
      'claim(bytes signature,bytes32 batch,uint256 amount,address onBehalfOf)': ['Claim a reward',
        [raw('batch', 'Batch'), raw('amount', 'Amount, smallest units'), address('onBehalfOf', 'For'), value('Fee')]],
    },
  },
  datanets: {
    title: 'OpenLedger Datanets',
    profile: 'datanetRegistry',
    formats: {
      'create(bytes32 metadata,bytes32 root,uint64 size,uint128 minStake)': ['Create a datanet',
        [raw('metadata', 'Metadata'), raw('root', 'Content'), raw('size', 'Bytes'), native('minStake', 'Stake of contributors'), value('Fee')]],
      'update(uint64 datanet,bytes32 root,uint64 size)': ['Publish a version',
        [raw('datanet', 'Datanet'), raw('root', 'Content'), raw('size', 'Bytes'), value('Fee')]],
      'setMetadata(uint64 datanet,bytes32 metadata)': ['Describe a datanet', [raw('datanet', 'Datanet'), raw('metadata', 'Metadata')]],
      'setMinStake(uint64 datanet,uint128 minStake)': ['Set the stake of contributors',
        [raw('datanet', 'Datanet'), native('minStake', 'Stake of contributors')]],
      'commit(uint64 datanet,bytes32 commitment)': ['Announce a contribution',
        [raw('datanet', 'Datanet'), raw('commitment', 'Commitment'), value('Stake')]],
      'reveal(uint256 contributionId,bytes32 content,uint64 size,bytes32 salt)': ['Reveal a contribution',
        [raw('contributionId', 'Contribution'), raw('content', 'Content'), raw('size', 'Bytes'), raw('salt', 'Salt')]],
      'approve(uint256 contributionId,bytes32 root)': ['Accept a contribution',
        [raw('contributionId', 'Contribution'), raw('root', 'Content of the version'), value('Fee')]],
      'reject(uint256 contributionId,bool forfeit)': ['Reject a contribution',
        [raw('contributionId', 'Contribution'), raw('forfeit', 'Its stake is lost')]],
      'expire(uint256 contributionId)': ['Take back a contribution', [raw('contributionId', 'Contribution')]],
    },
  },
  models: {
    title: 'OpenLedger Models',
    profile: 'modelRegistry',
    formats: {
      'register(bytes32 baseModel,bytes32 adapterHash,bytes32 runId,bytes32 gradientId,uint128 priceIn,uint128 priceOut)': ['Register a model',
        [raw('baseModel', 'Base model'), raw('adapterHash', 'Adapter'), raw('runId', 'Training run'), raw('gradientId', 'Gradients'),
          native('priceIn', 'Price of 1,000 tokens in'), native('priceOut', 'Price of 1,000 tokens out')]],
      'setPrice(bytes32 modelId,uint128 priceIn,uint128 priceOut)': ['Set a price',
        [raw('modelId', 'Model'), native('priceIn', 'Price of 1,000 tokens in'), native('priceOut', 'Price of 1,000 tokens out')]],
      'deploy(bytes32 modelId)': ['Offer a model', [raw('modelId', 'Model')]],
      'undeploy(bytes32 modelId)': ['Withdraw a model', [raw('modelId', 'Model')]],
    },
  },
  nodes: {
    title: 'OpenLedger Nodes',
    profile: 'nodeRegistry',
    formats: {
      'register(address signer,string endpoint,bytes consent)': ['Register a node',
        [address('signer', 'Signer'), raw('endpoint', 'Endpoint'), value('Bond')]],
      'addBond(address signer)': ['Add to a bond', [address('signer', 'Node'), value('Bond')]],
      'setEndpoint(address signer,string endpoint)': ['Move a node', [address('signer', 'Node'), raw('endpoint', 'Endpoint')]],
      'revoke(address signer)': ['Revoke a node', [address('signer', 'Node')]],
      'withdrawBond(address signer)': ['Take back a bond', [address('signer', 'Node')]],
    },
  },
  attribution: {
    title: 'OpenLedger Attribution',
    profile: 'attributionRegistry',
    formats: {
      'postBatch(address signer,bytes32 root,uint64 receipts)': ['Anchor receipts',
        [address('signer', 'Node'), raw('root', 'Batch'), raw('receipts', 'Receipts')]],
      'publishCorpus(bytes32 name,bytes32 id)': ['Publish a corpus', [raw('name', 'Corpus'), raw('id', 'Commitment')]],
      'dispute(bytes32 subject)': ['Dispute', [raw('subject', 'What'), value('Bond')]],
      'fund(bytes32 splitRoot,uint64 leaves,address token,uint128 total)': ['Fund a payout',
        [raw('splitRoot', 'Split'), raw('leaves', 'Rows'), token('total', 'Total', 'token'), value()]],
      'claim(uint256 payoutId,uint64 index,(address contributor,uint64 datanet,uint128 weight,uint128 amount) share,(bytes32 hash,uint128 sum)[] path)': ['Claim a share',
        [raw('payoutId', 'Payout'), address('share.contributor', 'For'), raw('share.datanet', 'Datanet'), raw('share.amount', 'Amount, smallest units')]],
      'reclaim(uint256 payoutId)': ['Take back what nobody claimed', [raw('payoutId', 'Payout')]],
    },
  },
  grants: {
    title: 'OpenCircle Grants',
    profile: 'grantRegistry',
    formats: {
      'propose(bytes32 metadata,uint128[] amounts)': ['Ask for a grant', [raw('metadata', 'Metadata'), native('amounts.[]', 'Milestone')]],
      'approve(uint256 grantId)': ['Give a grant', [raw('grantId', 'Grant'), value()]],
      'submit(uint256 grantId,uint256 index,bytes32 evidence)': ['Submit a milestone',
        [raw('grantId', 'Grant'), raw('index', 'Milestone'), raw('evidence', 'Evidence')]],
      'accept(uint256 grantId,uint256 index,bytes32 evidence)': ['Pay a milestone',
        [raw('grantId', 'Grant'), raw('index', 'Milestone'), raw('evidence', 'Evidence')]],
      'refuse(uint256 grantId,uint256 index)': ['Refuse a milestone', [raw('grantId', 'Grant'), raw('index', 'Milestone')]],
      'cancel(uint256 grantId)': ['Cancel a grant', [raw('grantId', 'Grant')]],
    },
  },
};

/** Typed data, by the contract that it is for. @type {Record<string, { title: string, profile: string, domain: object, enums?: object, formats: Record<string, Format> }>} */
const messages = {
  'gopen-permit': {
    title: 'GOPEN',
    profile: 'gopen',
    domain: { name: 'GOpen', version: '1' },
    formats: {
      'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)': ['Let spend',
        [address('owner', 'Owner'), address('spender', 'Spender'), token('value', 'At most'), time('deadline', 'Signature until')]],
      'Delegation(address delegatee,uint256 nonce,uint256 expiry)': ['Delegate votes',
        [address('delegatee', 'To'), time('expiry', 'Signature until')]],
    },
  },
  'governor-ballot': {
    title: 'OpenLedger Governor',
    profile: 'governor',
    domain: { name: 'OpenLedger', version: '1' },
    enums: { support: { 0: 'Against', 1: 'For', 2: 'Abstain' } },
    formats: {
      'Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)': ['Vote',
        [raw('proposalId', 'Proposal'), support, address('voter', 'Voter')]],
      'ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)': ['Vote',
        [raw('proposalId', 'Proposal'), support, address('voter', 'Voter'), raw('reason', 'Reason'), raw('params', 'Parameters')]],
    },
  },
  'staking-commitment': {
    title: 'OpenLedger Staking',
    profile: 'staking',
    domain: { name: 'Staking', version: '1' },
    formats: {
      'Stake(address recipient,uint256 configId,uint256 amount,uint256 startTime,uint256 nonce)': ['Commit a stake to',
        [address('recipient', 'For'), raw('configId', 'Terms'), raw('amount', 'Amount, smallest units'), time('startTime', 'Since')]],
    },
  },
};

const schema = 'https://eips.ethereum.org/assets/eip-7730/erc7730-v1.schema.json';

/** @param {Record<string, Format>} formats @param {(key: string) => string} keyOf */
const display = (formats, keyOf) => ({
  formats: Object.fromEntries(Object.entries(formats).map(([signature, [intent, fields]]) => [keyOf(signature), { intent, fields, required: fields.map(({ path }) => path) }])),
});

/** A function or a type as an ABI has it. @param {string} signature @param {Field[]} fields one shows what is paid, or it takes nothing */
function abiOf(signature, fields = []) {
  const [, name, list] = /** @type {RegExpMatchArray} */ (signature.match(/^(\w+)\((.*)\)$/));
  const stateMutability = fields.some(({ path }) => path === '@.value') ? 'payable' : 'nonpayable';
  return { type: 'function', name, inputs: parameters(list), outputs: [], stateMutability };
}

/** @param {string} list of "type name", tuples as "(..) name" @returns {object[]} */
function parameters(list) {
  /** @type {string[]} */
  const parts = [];
  let depth = 0;
  for (const piece of list.split(',').filter(Boolean)) {
    if (depth > 0) parts[parts.length - 1] += `,${piece}`;
    else parts.push(piece);
    depth += [...piece].filter((c) => c === '(').length - [...piece].filter((c) => c === ')').length;
  }
  return parts.map((part) => {
    const [, type, name] = /** @type {RegExpMatchArray} */ (part.match(/^(.*) (\w+)$/));
    const tuple = type.match(/^\((.*)\)((?:\[\d*\])*)$/);
    return tuple ? { name, type: `tuple${tuple[2]}`, components: parameters(tuple[1]) } : { name, type };
  });
}

/**
 * All descriptors by their file.
 * @param {Record<string, { chainId: number, address: string }[]>} deployments by the name that a profile has for a contract
 */
export function descriptors(deployments = {}) {
  /** @type {Record<string, object>} */
  const files = {};
  for (const [name, { title, profile, enums, formats }] of Object.entries(contracts)) {
    files[`calldata-${name}.json`] = {
      $schema: schema,
      context: { $id: title, contract: { deployments: deployments[profile] ?? [], abi: Object.entries(formats).map(([signature, [, fields]]) => abiOf(signature, fields)) } },
      metadata: { owner: 'OpenLedger', ...(enums && { enums }) },
      display: display(formats, (signature) => signature),
    };
  }
  for (const [name, { title, profile, domain, enums, formats }] of Object.entries(messages)) {
    files[`eip712-${name}.json`] = {
      $schema: schema,
      context: {
        $id: title,
        eip712: {
          domain,
          deployments: deployments[profile] ?? [],
          schemas: Object.keys(formats).map((type) => {
            const { name: primaryType, inputs } = abiOf(type);
            return {
              primaryType,
              types: {
                EIP712Domain: parameters('string name,string version,uint256 chainId,address verifyingContract'),
                [primaryType]: inputs,
              },
            };
          }),
        },
      },
      metadata: { owner: 'OpenLedger', ...(enums && { enums }) },
      display: display(formats, (type) => type.slice(0, type.indexOf('('))),
    };
  }
  return files;
}

/** What a rollup's profile says of its contracts. @param {string} path */
function deploymentsOf(path) {
  const { l2, contracts: named = {} } = JSON.parse(readFileSync(path, 'utf8'));
  return Object.fromEntries(Object.entries(named).map(([name, addresses]) => [name,
    [addresses].flat().map((one) => ({ chainId: l2.chainId, address: one }))]));
}

function main() {
  const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' }, profile: { type: 'string' } }, allowPositionals: true });
  const out = resolve(positionals[0] ?? join(root, 'sdk/erc7730'));
  const files = descriptors(values.profile ? deploymentsOf(values.profile) : {});
  const textOf = (/** @type {object} */ file) => `${JSON.stringify(file, null, 2)}\n`;
  if (!values.check) {
    mkdirSync(out, { recursive: true });
    for (const [name, file] of Object.entries(files)) writeFileSync(join(out, name), textOf(file));
    return;
  }
  const stale = Object.entries(files).filter(([name, file]) =>
    !existsSync(join(out, name)) || readFileSync(join(out, name), 'utf8') !== textOf(file)).map(([name]) => name);
  stale.push(...readdirSync(out).filter((name) => name.endsWith('.json') && !(name in files)));
  for (const name of stale) process.stderr.write(`erc7730: ${join(out, name)} is not what node scripts/erc7730.mjs makes\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
