// SPDX-License-Identifier: MIT
// The table of layouts is that of the contracts: codes as they are deployed, and slots by proofs against getters.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test } from 'node:test';
import { join } from 'node:path';
import { encodeAbiParameters, getAddress, hexToBytes, keccak256, size, slice, toHex } from 'viem';
import { noAnvil } from './anvil.mjs';
import { RELEASES, artifactOf, hasArtifact, immutablesIn, masked } from './artifacts.mjs';
import { L2_CHAIN_ID, VARIANTS, startDevnet } from './devnet.mjs';
import { PROXY, PUBLISHED, codeOf } from './genesis.mjs';
import { CLONES, NAMED_SLOTS, layoutOf, layouts } from './layouts.mjs';
import { partOf, prove } from './proof.mjs';
import { ABSOLUTE_PRESTATE, TERMS } from './system.mjs';

/** @typedef {`0x${string}`} Hex */

/** @type {(() => Promise<unknown>)[]} */
const endings = [];
after(() => Promise.all(endings.map((end) => end())));

/** @param {string} variant */
async function devnet(variant) {
  const net = await startDevnet({ variant });
  endings.push(net.close);
  return net;
}

const keyOf = (/** @type {string} */ type, /** @type {any} */ key, /** @type {number} */ slot) =>
  keccak256(encodeAbiParameters([{ type }, { type: 'uint256' }], [key, BigInt(slot)]));

/** The contracts of a system by the names of their artifacts. */
const NAMES = {
  superchainConfig: 'SuperchainConfig', systemConfig: 'SystemConfig', l2OutputOracle: 'L2OutputOracle',
  disputeGameFactory: 'DisputeGameFactory', anchorStateRegistry: 'AnchorStateRegistry', faultDisputeGame: 'FaultDisputeGame',
  permissionedDisputeGame: 'PermissionedDisputeGame',
};

test('immutables are where the compiler says, found without being told', () => {
  for (const release of RELEASES.filter((name) => name !== 'supersim')) {
    for (const contract of Object.values(NAMES)) {
      if (!hasArtifact(release, contract)) continue;
      const { runtime, immutables } = artifactOf(release, contract);
      assert.deepEqual(immutablesIn(hexToBytes(runtime)), immutables, `${release} ${contract}`);
    }
  }
});

test('an immutable is the whole operand of a PUSH32, so that no value of it changes what the code does', () => {
  for (const [release, contracts] of Object.entries(layouts().releases)) {
    for (const [contract, { immutables }] of Object.entries(contracts)) {
      const code = hexToBytes(artifactOf(release, contract).runtime);
      const operands = new Set();
      for (let at = 0; at < code.length; at++) {
        if (code[at] === 0x7f) operands.add(at + 1);
        if (code[at] >= 0x60 && code[at] <= 0x7f) at += code[at] - 0x5f;
      }
      for (const { start, length } of immutables) assert.ok(length === 32 && operands.has(start), `${release} ${contract} ${start}`);
    }
  }
});

test('all immutables have names', () => {
  for (const contracts of Object.values(layouts().releases)) {
    for (const { immutables } of Object.values(contracts)) assert.ok(immutables.every(({ name }) => /^[A-Z0-9_]+$/.test(name)));
  }
});

test('the immutables of code that was deployed are all named', () => {
  for (const [contract, values] of Object.entries(PUBLISHED)) {
    const { names, immutables } = artifactOf('supersim', contract);
    assert.equal(Object.keys(names).length, immutables.length, contract);
    assert.deepEqual(new Set(Object.values(names)), new Set(Object.keys(values)), contract);
  }
});

test('the proxy is the same in all releases', () => {
  const { runtime } = artifactOf('0.17.3', 'Proxy');
  assert.equal(artifactOf('0.17.2', 'Proxy').runtime, runtime);
  assert.equal(codeOf(PROXY), runtime);
});

test('the facts that the SDK is built on', () => {
  const { l2Outputs } = layoutOf('0.17.3', 'L2OutputOracle').fields;
  assert.equal(l2Outputs.at, '0xc2575a0e9e593c00f959f8c92f12db2869c3395a3b0502d05e2516446f71f85b');
  assert.deepEqual(l2Outputs.element, {
    slots: 2,
    fields: {
      outputRoot: { slot: 0, offset: 0, size: 32, kind: 'value' },
      timestamp: { slot: 1, offset: 0, size: 16, kind: 'value' },
      l2BlockNumber: { slot: 1, offset: 16, size: 16, kind: 'value' },
    },
  });
  for (const release of RELEASES) {
    const { _disputeGames: games, _disputeGameList: list } = layoutOf(release, 'DisputeGameFactory').fields;
    assert.equal(games.slot, 103, release);
    assert.equal(list.at, '0xa2153420d844928b4421650203c77babc8b33d7f2e7b450e2966db0c22097753', release);
  }
  assert.equal(NAMED_SLOTS.SystemConfig.unsafeBlockSigner, '0x65a7ed542fb37fe237fdfbdd70b31598523fe5b32879e307bae27a0bd9581c08');
  assert.equal(NAMED_SLOTS.SystemConfig.disputeGameFactory, '0x52322a25d9f59ea17656545543306b7aef62bc0cc53a0e65ccfa0c75b97aa906');
});

test('the command prints the table', () => {
  const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'layouts.mjs')], { encoding: 'utf8' });
  assert.deepEqual(JSON.parse(printed), JSON.parse(JSON.stringify(layouts())));
});

/** Each immutable has the value that its name says, wherever it is. @param {Awaited<ReturnType<typeof devnet>>} net */
async function checkImmutables({ l1, contracts, addresses, keys, release }) {
  const isNew = release === 'supersim';
  const shared = {
    ABSOLUTE_PRESTATE, MAX_GAME_DEPTH: 73, SPLIT_DEPTH: 30, CLOCK_EXTENSION: TERMS.clockExtension, MAX_CLOCK_DURATION: TERMS.maxClock,
    GAME_DURATION: 2 * TERMS.maxClock, WETH: addresses.delayedWETH, ANCHOR_STATE_REGISTRY: addresses.anchorStateRegistry, L2_CHAIN_ID,
    VM: addresses.vm, PROPOSER: keys.proposer.address, CHALLENGER: keys.challenger.address,
  };
  /** @type {Record<string, Record<string, any>>} */
  const expected = {
    faultDisputeGame: { ...shared, GAME_TYPE: 0 },
    permissionedDisputeGame: { ...shared, GAME_TYPE: 1 },
    anchorStateRegistry: { DISPUTE_GAME_FACTORY: addresses.disputeGameFactory, DISPUTE_GAME_FINALITY_DELAY_SECONDS: TERMS.gameFinalityDelay, INIT_VERSION: 1 },
    optimismPortal: {
      PROOF_MATURITY_DELAY_SECONDS: TERMS.proofMaturityDelay, DISPUTE_GAME_FINALITY_DELAY_SECONDS: TERMS.gameFinalityDelay, INIT_VERSION: 2,
    },
    disputeGameFactory: { INIT_VERSION: 1 },
    systemConfig: { INIT_VERSION: 2 },
    superchainConfig: { INIT_VERSION: 2 },
  };
  for (const [name, values] of Object.entries(expected)) {
    if (!contracts[name]) continue;
    const artifact = name === 'optimismPortal' ? (contracts.l2OutputOracle ? 'OptimismPortal' : 'OptimismPortal2') : NAMES[name];
    const { immutables } = layoutOf(release, artifact);
    const code = await l1.ask('eth_getCode', contracts[name].implementation ?? contracts[name].address, 'latest');
    for (const { start, length, name: immutable } of immutables) {
      assert.equal(BigInt(slice(code, start, start + length)), BigInt(values[immutable]), `${release} ${name} ${immutable} at ${start}`);
    }
    assert.equal(immutables.some(({ name: immutable }) => immutable === 'INIT_VERSION'), isNew && !name.endsWith('Game'));
  }
}

for (const variant of VARIANTS) {
  test(`${variant}: code, proxies, slots`, { skip: noAnvil }, async () => {
    const net = await devnet(variant);
    const { l1, contracts, release } = net;
    const portal = net.kind === 'oracle' ? 'OptimismPortal' : 'OptimismPortal2';
    const names = { ...NAMES, optimismPortal: portal };
    const proposal = await net.make(net.kind === 'oracle' ? 'final' : 'blacklisted');

    for (const [name, contract] of Object.entries(contracts)) {
      if (!names[name]) continue;
      const layout = layoutOf(release, names[name]);
      let place = /** @type {Hex} */ (contract.address);
      if (contract.implementation) {
        // Behind the real proxy, where its code is that of the table and its slot has the implementation.
        const { codeHash, values } = await prove(l1, contract.address, [NAMED_SLOTS.Proxy.implementation]);
        assert.equal(codeHash, layoutOf('0.17.3', 'Proxy').maskedCodeHash, name);
        place = getAddress(slice(values[0], 12));
        assert.equal(place, getAddress(contract.implementation), name);
      }
      const code = await l1.ask('eth_getCode', place, 'latest');
      const { codeHash } = await prove(l1, place, []);
      assert.equal(keccak256(code), codeHash);
      assert.equal(size(code), layout.codeLength, name);
      const ranges = layout.immutables.map(({ start, length }) => /** @type {[number, number]} */ ([start, length]));
      assert.equal(keccak256(masked(code, ranges)), layout.maskedCodeHash, name);
      if (ranges.length > 0) assert.notEqual(codeHash, layout.maskedCodeHash, `${name}: its hash is not the same on all chains`);
      if (contract.has('version') && layout.version) assert.equal(await contract.read('version'), layout.version, name);
    }

    await checkImmutables(net);

    /** What a field of a contract is by proof, as a number. @param {string} name @param {string} field @param {Hex} [at] @param {Hex} [address] */
    async function read(name, field, at, address = contracts[name].address) {
      const found = layoutOf(release, names[name]).fields[field];
      const { values } = await prove(l1, address, [at ?? found.slot]);
      return partOf(values[0], found);
    }
    const same = async (/** @type {string} */ name, /** @type {string} */ field, /** @type {string} */ getter = field) =>
      assert.equal(await read(name, field), BigInt(await contracts[name].read(getter)), `${name}.${field}`);

    const { values: [signer] } = await prove(l1, contracts.systemConfig.address, [NAMED_SLOTS.SystemConfig.unsafeBlockSigner]);
    assert.equal(getAddress(slice(signer, 12)), net.keys.sequencer.address);
    assert.equal(await contracts.systemConfig.read('unsafeBlockSigner'), net.keys.sequencer.address);
    assert.equal(await contracts.systemConfig.read('UNSAFE_BLOCK_SIGNER_SLOT'), NAMED_SLOTS.SystemConfig.unsafeBlockSigner);
    for (const field of Object.keys(layoutOf(release, 'SystemConfig').fields)) {
      if (contracts.systemConfig.has(field)) await same('systemConfig', field);
    }
    for (const [name, slots] of /** @type {const} */ ([['systemConfig', NAMED_SLOTS.SystemConfig], ['superchainConfig', NAMED_SLOTS.SuperchainConfig]])) {
      for (const [field, slot] of Object.entries(slots)) {
        const { values: [word] } = await prove(l1, contracts[name].address, [slot]);
        const isMoved = release === 'supersim' && ['paused', 'guardian', 'disputeGameFactory'].includes(field);
        if (isMoved) assert.equal(BigInt(word), 0n, `${name}.${field} is elsewhere`);
        else if (contracts[name].has(field)) assert.equal(BigInt(word), BigInt(await contracts[name].read(field)), `${name}.${field}`);
      }
    }

    await net.pause();
    if (release === 'supersim') {
      await same('superchainConfig', 'guardian');
      const nobody = /** @type {Hex} */ (`0x${'00'.repeat(20)}`);
      const at = await contracts.superchainConfig.read('pauseTimestamps', [nobody]);
      assert.notEqual(at, 0n);
      const { slot } = layoutOf(release, 'SuperchainConfig').fields.pauseTimestamps;
      assert.equal(await read('superchainConfig', 'pauseTimestamps', keyOf('address', nobody, slot)), at);
    } else {
      assert.equal(await contracts.superchainConfig.read('paused'), true);
      const { values: [word] } = await prove(l1, contracts.superchainConfig.address, [NAMED_SLOTS.SuperchainConfig.paused]);
      assert.equal(BigInt(word), 1n);
    }

    if (net.kind === 'oracle') {
      const { fields } = layoutOf(release, 'L2OutputOracle');
      for (const field of Object.keys(fields)) if (field !== 'l2Outputs') await same('l2OutputOracle', field);
      const { l2Outputs } = fields;
      const first = BigInt(/** @type {Hex} */ (l2Outputs.at)) + BigInt(2 * proposal.index);
      const { values: [count, root, packed] } = await prove(l1, contracts.l2OutputOracle.address, [l2Outputs.slot, first, first + 1n]);
      const output = await contracts.l2OutputOracle.read('getL2Output', [BigInt(proposal.index)]);
      assert.equal(BigInt(count), await contracts.l2OutputOracle.read('nextOutputIndex'));
      const { timestamp, l2BlockNumber } = /** @type {NonNullable<typeof l2Outputs.element>} */ (l2Outputs.element).fields;
      assert.deepEqual(output, { outputRoot: root, timestamp: partOf(packed, timestamp), l2BlockNumber: partOf(packed, l2BlockNumber) });
      await same('optimismPortal', 'l2Oracle');
      return;
    }

    // --- Games ---
    const { address, index, type, uuid, rootClaim, l2Block } = /** @type {import('./games.mjs').Game} */ (proposal);
    const { disputeGameFactory: factory, anchorStateRegistry: registry } = contracts;
    const { fields } = layoutOf(release, 'DisputeGameFactory');
    const item = toHex(BigInt(/** @type {Hex} */ (fields._disputeGameList.at)) + BigInt(index), { size: 32 });
    const { values: [count, inList, byUuid, implementation, bond] } = await prove(l1, factory.address, [fields._disputeGameList.slot, item,
      keyOf('bytes32', uuid, fields._disputeGames.slot), keyOf('uint32', type, fields.gameImpls.slot), keyOf('uint32', type, fields.initBonds.slot)]);
    const [gameType, timestamp, proxy] = await factory.read('gameAtIndex', [BigInt(index)]);
    assert.equal(BigInt(count), await factory.read('gameCount'));
    assert.equal(inList, toHex((BigInt(gameType) << 224n) | (timestamp << 160n) | BigInt(proxy), { size: 32 }));
    assert.equal(byUuid, inList);
    assert.equal(getAddress(proxy), getAddress(address));
    assert.equal(getAddress(slice(implementation, 12)), await factory.read('gameImpls', [type]));
    assert.equal(BigInt(bond), await factory.read('initBonds', [type]));

    const game = net.gameAt(address);
    for (const field of Object.keys(layoutOf(release, 'FaultDisputeGame').fields)) {
      const proven = await read('faultDisputeGame', field, undefined, address);
      if (field === 'initialized') assert.equal(proven, 1n);
      else assert.equal(proven, BigInt(await game.read(field)), field);
    }

    // The game's code names its implementation and what it is about.
    const clone = CLONES[release];
    const code = await l1.ask('eth_getCode', address, 'latest');
    const args = slice(code, clone.argumentsAt);
    const length = toHex(size(args), { size: 2 });
    assert.equal(slice(code, clone.lengthAt, clone.lengthAt + 2), toHex(size(args), { size: 2 }));
    const head = masked(slice(code, 0, clone.implementationAt), [[clone.lengthAt, 2]]);
    assert.equal(head, clone.head);
    assert.equal(getAddress(slice(code, clone.implementationAt, clone.implementationAt + 20)), await factory.read('gameImpls', [type]));
    assert.equal(slice(code, clone.implementationAt + 20, clone.argumentsAt), clone.tail);
    const part = (/** @type {string} */ name) => slice(args, clone.arguments[name][0], clone.arguments[name][0] + clone.arguments[name][1]);
    assert.equal(part('rootClaim'), rootClaim);
    assert.equal(BigInt(part('extraData')), BigInt(l2Block));
    assert.equal(part('l1Head'), await game.read('l1Head'));
    assert.equal(slice(args, -2), length);

    const judge = net.judge === registry ? 'anchorStateRegistry' : 'optimismPortal';
    const { disputeGameBlacklist } = layoutOf(release, names[judge]).fields;
    assert.equal(await read(judge, 'disputeGameBlacklist', keyOf('address', address, disputeGameBlacklist.slot)), 1n);
    assert.equal(await net.judge.read('disputeGameBlacklist', [address]), true);
    await net.respect(1);
    await net.retire();
    assert.equal(await read(judge, 'respectedGameType'), 1n);
    assert.notEqual(await read(judge, judge === 'optimismPortal' ? 'respectedGameTypeUpdatedAt' : 'retirementTimestamp'), 0n);
    for (const name of ['optimismPortal', 'anchorStateRegistry']) {
      for (const [field, { kind }] of Object.entries(layoutOf(release, names[name]).fields)) {
        if (kind === 'value' && contracts[name].has(field)) await same(name, field);
      }
    }
    const { superRootsActive } = layoutOf(release, 'OptimismPortal2').fields;
    if (superRootsActive) {
      const { address: portal } = contracts.optimismPortal;
      const word = (1n << BigInt(8 * superRootsActive.offset)) | BigInt(net.addresses.ethLockbox);
      await l1.ask('anvil_setStorageAt', portal, toHex(superRootsActive.slot, { size: 32 }), toHex(word, { size: 32 }));
      await l1.ask('anvil_mine', '0x1');
      assert.equal(await contracts.optimismPortal.read('superRootsActive'), true);
    }
    const { anchors, startingAnchorRoot } = layoutOf(release, 'AnchorStateRegistry').fields;
    const start = anchors ? BigInt(keyOf('uint32', type, anchors.slot)) : BigInt(startingAnchorRoot.slot);
    const { values: [anchorRoot, anchorNumber] } = await prove(l1, registry.address, [start, start + 1n]);
    const [saidRoot, saidNumber] = await registry.read('anchors', [type]);
    assert.deepEqual([anchorRoot, BigInt(anchorNumber)], [saidRoot, saidNumber]);
  });
}
