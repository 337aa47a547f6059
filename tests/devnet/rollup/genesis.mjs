// SPDX-License-Identifier: MIT
// The newest of the OP Stack's contracts that are published as a package: in no artifacts, but deployed in the L1
// genesis that a program of the same authors carries. The program is read, and never run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAbi } from 'viem';

const program = join(import.meta.dirname, '../../../node_modules/supersim/bin/supersim');

/** @typedef {`0x${string}`} Hex */

/** Where the genesis has each implementation. @type {Record<string, string>} */
const IMPLEMENTATIONS = {
  AnchorStateRegistry: '50a19fef2ae17260798f0a0adf180868844af1a3',
  DelayedWETH: '33dadc2d1aa9bb613a7ae6b28425ea00d44c6998',
  DisputeGameFactory: '33d1e8571a85a538ed3d5a4d88f46c112383439d',
  ETHLockbox: '784d2f03593a42a6e4676a012762f18775ecbbe6',
  MIPS: 'a4c760fe39f5319e62930e4d9ce5cb9977577342',
  OptimismPortal2: 'c67fc3c8a99c3a0f1ba31119bc7310e3978af001',
  PreimageOracle: '407a2be310b06fd1fe1bcf9db924786a9e8f4607',
  SuperchainConfig: 'ce28685eb204186b557133766eca00334eb441e4',
  SystemConfig: 'faa660bf783cbaa55e1b7f3475c20db74a53b9fa',
};

/**
 * The values that immutables have there, by the names of the constructor's parameters. A value is in the code as often
 * as it is read; that no other immutable has the same is checked by a test.
 * @type {Record<string, Record<string, bigint>>}
 */
export const PUBLISHED = {
  AnchorStateRegistry: { disputeGameFinalityDelaySeconds: 6n, initVersion: 1n },
  DelayedWETH: { delay: 302_400n, initVersion: 1n },
  DisputeGameFactory: { initVersion: 1n },
  ETHLockbox: { initVersion: 1n },
  MIPS: { oracle: BigInt(`0x${IMPLEMENTATIONS.PreimageOracle}`), stateVersion: 8n },
  OptimismPortal2: { proofMaturityDelaySeconds: 12n, initVersion: 2n },
  PreimageOracle: { minProposalSize: 10_000n, challengePeriod: 120n },
  SuperchainConfig: { initVersion: 2n },
  SystemConfig: { initVersion: 2n },
};

/** Letters for the immutables of games. @type {Record<string, string>} */
const LETTERS = {
  a: 'absolutePrestate', c: 'l2ChainId', d: 'maxGameDepth', e: 'clockExtension', g: 'gameType', h: 'challenger',
  m: 'maxClockDuration', p: 'proposer', r: 'anchorStateRegistry', s: 'splitDepth', v: 'vm', w: 'weth',
};

/** The immutables of games in the order in which their code has them; a test compares them with games that are deployed. */
const ORDER = {
  FaultDisputeGame: 'vwreagcmsdmwwsdsmdveseemmwrrrrrwgrmmdddsdavvscgsssss',
  PermissionedDisputeGame: 'vwhreapgcmsdmwwphrrrrpmmddphvscgsdsmdveseemmwrwgrdsdavsssss',
};

/** The name of each immutable of a game, in the order of its code. @param {string} contract @returns {string[]} */
export const orderOf = (contract) => [...(ORDER[contract] ?? '')].map((letter) => LETTERS[letter]);

/** A proxy of one of its chains. */
export const PROXY = '0324a671dbe95599622defb1ea222acef76ba613';

/** Contracts that each chain has its own of are kept as creation code, cut in two where it is longer than a contract may be. */
const BLUEPRINTS = {
  FaultDisputeGame: ['065e5d14a280701c054d5a6a67f31f228233b823', '481f6ffbbba2f205bb04fc584d5ce940658d41e4'],
  PermissionedDisputeGame: ['2538da6a2862914fd87ce8e88ff133f81c289f80', 'b8d4ea750956c54b394f4a9d270caf2eda627013'],
};
const BLUEPRINT_PREFIX = '0xfe7100'; // ERC-5202

const RESOURCES = 'struct ResourceConfig { uint32 maxResourceLimit; uint8 elasticityMultiplier; uint8 baseFeeMaxChangeDenominator; uint32 minimumBaseFee; uint32 systemTxMaxGas; uint128 maximumBaseFee; }';
const GAME = [
  'struct Params { uint32 gameType; bytes32 absolutePrestate; uint256 maxGameDepth; uint256 splitDepth; uint64 clockExtension; uint64 maxClockDuration; address vm; address weth; address anchorStateRegistry; uint256 l2ChainId; }',
  'function version() view returns (string)',
  'function attack(bytes32 _disputed, uint256 _parentIndex, bytes32 _claim) payable',
  'function resolveClaim(uint256 _claimIndex, uint256 _numToResolve)',
  'function resolve() returns (uint8)',
  'function closeGame()',
  'struct Output { bytes32 version; bytes32 stateRoot; bytes32 messagePasserStorageRoot; bytes32 latestBlockhash; }',
  'function challengeRootL2Block(Output _outputRootProof, bytes _headerRLP)',
  'function getRequiredBond(uint128 _position) view returns (uint256)',
  'function claimDataLen() view returns (uint256)',
  'function status() view returns (uint8)',
  'function createdAt() view returns (uint64)',
  'function resolvedAt() view returns (uint64)',
  'function gameType() view returns (uint32)',
  'function rootClaim() view returns (bytes32)',
  'function l1Head() view returns (bytes32)',
  'function l2BlockNumber() view returns (uint256)',
  'function l2BlockNumberChallenged() view returns (bool)',
  'function gameCreator() view returns (address)',
  'function wasRespectedGameTypeWhenCreated() view returns (bool)',
];

/** What the devnet calls; each selector is in the code. @type {Record<string, string[]>} */
const SIGNATURES = {
  AnchorStateRegistry: [
    'struct Proposal { bytes32 root; uint256 l2SequenceNumber; }',
    'function initialize(address _systemConfig, address _disputeGameFactory, Proposal _startingAnchorRoot, uint32 _startingRespectedGameType)',
    'function version() view returns (string)',
    'function systemConfig() view returns (address)',
    'function disputeGameFactory() view returns (address)',
    'function disputeGameFinalityDelaySeconds() view returns (uint256)',
    'function respectedGameType() view returns (uint32)',
    'function retirementTimestamp() view returns (uint64)',
    'function disputeGameBlacklist(address) view returns (bool)',
    'function anchorGame() view returns (address)',
    'function anchors(uint32) view returns (bytes32, uint256)',
    'function getAnchorRoot() view returns (bytes32, uint256)',
    'function paused() view returns (bool)',
    'function setRespectedGameType(uint32 _gameType)',
    'function updateRetirementTimestamp()',
    'function blacklistDisputeGame(address _disputeGame)',
    ...['Registered', 'Respected', 'Blacklisted', 'Retired', 'Resolved', 'Proper', 'Finalized', 'ClaimValid']
      .map((what) => `function isGame${what}(address _game) view returns (bool)`),
  ],
  DelayedWETH: ['function initialize(address _systemConfig)', 'function version() view returns (string)'],
  DisputeGameFactory: [
    'function initialize(address _owner)',
    'function version() view returns (string)',
    'function create(uint32 _gameType, bytes32 _rootClaim, bytes _extraData) payable returns (address)',
    'function setImplementation(uint32 _gameType, address _impl)',
    'function setInitBond(uint32 _gameType, uint256 _initBond)',
    'function gameImpls(uint32) view returns (address)',
    'function initBonds(uint32) view returns (uint256)',
    'function gameCount() view returns (uint256)',
    'function gameAtIndex(uint256 _index) view returns (uint32 gameType_, uint64 timestamp_, address proxy_)',
    'function games(uint32 _gameType, bytes32 _rootClaim, bytes _extraData) view returns (address proxy_, uint64 timestamp_)',
    'function getGameUUID(uint32 _gameType, bytes32 _rootClaim, bytes _extraData) pure returns (bytes32)',
    'event DisputeGameCreated(address indexed disputeProxy, uint32 indexed gameType, bytes32 indexed rootClaim)',
  ],
  ETHLockbox: [
    'function initialize(address _systemConfig, address[] _portals)',
    'function version() view returns (string)',
    'function authorizedPortals(address) view returns (bool)',
  ],
  MIPS: ['function version() view returns (string)', 'function oracle() view returns (address)'],
  OptimismPortal2: [
    'struct Withdrawal { uint256 nonce; address sender; address target; uint256 value; uint256 gasLimit; bytes data; }',
    'struct Output { bytes32 version; bytes32 stateRoot; bytes32 messagePasserStorageRoot; bytes32 latestBlockhash; }',
    'function initialize(address _systemConfig, address _anchorStateRegistry, address _ethLockbox)',
    'function version() view returns (string)',
    'function proveWithdrawalTransaction(Withdrawal _tx, uint256 _disputeGameIndex, Output _outputRootProof, bytes[] _withdrawalProof)',
    'function checkWithdrawal(bytes32 _withdrawalHash, address _proofSubmitter) view',
    'function depositTransaction(address _to, uint256 _value, uint64 _gasLimit, bool _isCreation, bytes _data) payable',
    'function minimumGasLimit(uint64 _byteCount) pure returns (uint64)',
    'function finalizedWithdrawals(bytes32) view returns (bool)',
    'function provenWithdrawals(bytes32, address) view returns (address disputeGameProxy, uint64 timestamp)',
    'function proofSubmitters(bytes32, uint256) view returns (address)',
    'function numProofSubmitters(bytes32 _withdrawalHash) view returns (uint256)',
    'event TransactionDeposited(address indexed from, address indexed to, uint256 indexed version, bytes opaqueData)',
    'event WithdrawalFinalized(bytes32 indexed withdrawalHash, bool success)',
    'function ethLockbox() view returns (address)',
    'function superRootsActive() view returns (bool)',
    'function anchorStateRegistry() view returns (address)',
    'function systemConfig() view returns (address)',
    'function respectedGameType() view returns (uint32)',
    'function respectedGameTypeUpdatedAt() view returns (uint64)',
    'function disputeGameBlacklist(address) view returns (bool)',
    'function disputeGameFinalityDelaySeconds() view returns (uint256)',
    'function proofMaturityDelaySeconds() view returns (uint256)',
    'function paused() view returns (bool)',
  ],
  PreimageOracle: ['function version() view returns (string)'],
  SuperchainConfig: [
    'function initialize(address _guardian)',
    'function version() view returns (string)',
    'function guardian() view returns (address)',
    'function pause(address _identifier)',
    'function unpause(address _identifier)',
    'function paused(address _identifier) view returns (bool)',
    'function pauseTimestamps(address) view returns (uint256)',
    'function pauseExpiry() view returns (uint256)',
  ],
  SystemConfig: [
    RESOURCES,
    'struct Addresses { address l1CrossDomainMessenger; address l1ERC721Bridge; address l1StandardBridge; address optimismPortal; address optimismMintableERC20Factory; }',
    'function initialize(address _owner, uint32 _basefeeScalar, uint32 _blobbasefeeScalar, bytes32 _batcherHash, uint64 _gasLimit, address _unsafeBlockSigner, ResourceConfig _config, address _batchInbox, Addresses _addresses, uint256 _l2ChainId, address _superchainConfig)',
    'function version() view returns (string)',
    'function unsafeBlockSigner() view returns (address)',
    'function setUnsafeBlockSigner(address _unsafeBlockSigner)',
    'function UNSAFE_BLOCK_SIGNER_SLOT() view returns (bytes32)',
    'function optimismPortal() view returns (address)',
    'function disputeGameFactory() view returns (address)',
    'function superchainConfig() view returns (address)',
    'function l2ChainId() view returns (uint256)',
    'function batcherHash() view returns (bytes32)',
    'function gasLimit() view returns (uint64)',
    'function guardian() view returns (address)',
    'function paused() view returns (bool)',
  ],
  FaultDisputeGame: [...GAME, 'constructor(Params _params)'],
  PermissionedDisputeGame: [...GAME, 'constructor(Params _params, address _proposer, address _challenger)'],
};

/** @type {Record<string, { code?: Hex }> | undefined} */
let alloc;

/** The first genesis in the program: the JSON object around the first member "alloc" that is one. */
function readAlloc() {
  const bytes = readFileSync(program);
  for (let at = bytes.indexOf('"alloc"'); at >= 0; at = bytes.indexOf('"alloc"', at + 1)) {
    const start = bytes.lastIndexOf('{', bytes.lastIndexOf('"config"', at));
    const end = bytes.indexOf('\n}', at); // members are indented
    if (start < 0 || end < 0 || at - start > 10_000) continue;
    try {
      return JSON.parse(bytes.toString('utf8', start, end + 2)).alloc;
    } catch {
      continue; // not a genesis, but text that looks like one
    }
  }
  throw new Error('there is no genesis in the program');
}

/** @param {string} address without 0x @returns {Hex} */
export function codeOf(address) {
  alloc ??= readAlloc();
  const code = alloc?.[address]?.code;
  if (!code) throw new Error(`the genesis has no code at ${address}`);
  return code;
}

/** Does this release have it? @param {string} contract */
export const hasDeployed = (contract) => contract in SIGNATURES;

/** @param {string} contract @returns {{ abi: any[], creation?: Hex, deployed?: Hex }} creation code, or code with its immutables */
export function deployedOf(contract) {
  if (!hasDeployed(contract)) throw new Error(`the genesis has no ${contract}`);
  const abi = /** @type {any[]} */ (/** @type {unknown} */ (parseAbi(SIGNATURES[contract])));
  const parts = BLUEPRINTS[contract];
  if (!parts) return { abi, deployed: codeOf(IMPLEMENTATIONS[contract]) };
  return { abi, creation: `0x${parts.map((/** @type {string} */ part) => codeOf(part).slice(BLUEPRINT_PREFIX.length)).join('')}` };
}
