// SPDX-License-Identifier: MIT
// The descriptors say of OpenLedger's contracts what the contracts, and the core's own tables, say.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TypedDataEncoder } from 'ethers';
import { toFunctionSelector } from 'viem/utils';
import { repository } from './support.mjs';

const folder = join(repository, 'sdk/erc7730');
const script = join(repository, 'scripts/erc7730.mjs');
const descriptors = readdirSync(folder).map((name) => ({ name, file: JSON.parse(readFileSync(join(folder, name), 'utf8')) }));
const known = readFileSync(join(repository, 'sdk/src/ledger/known.c'), 'utf8');
const types = readFileSync(join(repository, 'sdk/src/wallet/typed_known.c'), 'utf8').replace(/"\s*\n?\s*"/g, '');
const contracts = JSON.parse(readFileSync(join(repository, 'tests/devnet/contracts/signatures.json'), 'utf8'));

/** The contract of the devnet that a descriptor is of. */
const contractOf = {
  'calldata-gopen.json': 'GOPEN', 'calldata-governor.json': 'OpenLedgerGovernor', 'calldata-staking.json': 'Staking',
  'calldata-sigdispersal.json': 'SigDispersal', 'calldata-datanets.json': 'DatanetRegistry', 'calldata-models.json': 'ModelRegistry',
  'calldata-nodes.json': 'NodeRegistry', 'calldata-attribution.json': 'AttributionRegistry', 'calldata-grants.json': 'GrantRegistry',
};

/** Whether a path leads somewhere in a list of parameters. */
function leads(path, inputs) {
  const [name, ...rest] = path.split('.');
  const input = inputs.find((one) => one.name === name);
  if (!input) return false;
  if (rest[0] === '[]') return input.type.endsWith(']') && rest.length === 1;
  return rest.length === 0 ? true : leads(rest.join('.'), input.components ?? []);
}

test('each function is one that the core knows, and that the contract has', () => {
  for (const { name, file } of descriptors.filter(({ name }) => name.startsWith('calldata'))) {
    const own = contracts[contractOf[name]].functions;
    for (const [index, signature] of Object.keys(file.display.formats).entries()) {
      assert.ok(known.includes(`"${signature}"`), `${name}: ${signature}`);
      const selector = toFunctionSelector(`function ${signature}`);
      const found = own.find((one) => one.selector === selector);
      assert.ok(found, `${name}: ${signature} is not in the contract`);
      const { stateMutability } = file.context.contract.abi[index];
      assert.equal(stateMutability === 'payable', / payable/.test(found.text), `${name}: ${signature} is payable, or not`);
    }
  }
});

test('each message is one that the core knows by its type', () => {
  for (const { name, file } of descriptors.filter(({ name }) => name.startsWith('eip712'))) {
    for (const { primaryType, types: schema } of file.context.eip712.schemas) {
      const { EIP712Domain, ...own } = schema;
      assert.ok(EIP712Domain);
      const text = TypedDataEncoder.from(own).encodeType(primaryType);
      assert.ok(types.includes(`"${text}"`), `${name}: ${text}`);
      assert.ok(primaryType in file.display.formats, `${name}: ${primaryType}`);
    }
    assert.equal(Object.keys(file.display.formats).length, file.context.eip712.schemas.length);
  }
});

test('each field leads to an argument, and each list of names is there', () => {
  let count = 0;
  for (const { name, file } of descriptors) {
    const inputsOf = file.context.contract
      ? file.context.contract.abi.map(({ inputs }) => inputs)
      : file.context.eip712.schemas.map(({ primaryType, types: schema }) => schema[primaryType]);
    for (const [index, [signature, { fields }]] of Object.entries(file.display.formats).entries()) {
      for (const { path, format, params } of fields) {
        assert.ok(path === '@.value' || leads(path, inputsOf[index]), `${name}: ${signature}: ${path}`);
        if (format === 'enum') assert.ok(params.$ref.split('.').slice(1).reduce((at, key) => at[key], file), `${name}: ${params.$ref}`);
        if (params?.tokenPath && params.tokenPath !== '@.to') assert.ok(leads(params.tokenPath, inputsOf[index]));
        count++;
      }
    }
  }
  assert.ok(count > 100);
});

test('a profile names where the contracts are', () => {
  const work = mkdtempSync(join(tmpdir(), 'erc7730-'));
  const address = '0x7070707070707070707070707070707070707070';
  try {
    const profile = join(work, 'profile.json');
    writeFileSync(profile, JSON.stringify({ l2: { chainId: 1612 }, contracts: { governor: address, grantRegistry: address, staking: [address, address] } }));
    assert.equal(spawnSync(process.execPath, [script, '--profile', profile, join(work, 'out')]).status, 0);
    const made = (name) => JSON.parse(readFileSync(join(work, 'out', name), 'utf8')).context;
    assert.deepEqual(made('calldata-governor.json').contract.deployments, [{ chainId: 1612, address }]);
    assert.deepEqual(made('eip712-governor-ballot.json').eip712.deployments, [{ chainId: 1612, address }]);
    assert.deepEqual(made('calldata-grants.json').contract.deployments, [{ chainId: 1612, address }]);
    assert.equal(made('calldata-staking.json').contract.deployments.length, 2);
    assert.deepEqual(made('calldata-gopen.json').contract.deployments, []);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

test('a descriptor that was changed by hand is told', () => {
  const work = mkdtempSync(join(tmpdir(), 'erc7730-'));
  try {
    cpSync(folder, work, { recursive: true });
    const check = () => spawnSync(process.execPath, [script, '--check', work], { encoding: 'utf8' });
    assert.equal(check().status, 0);
    writeFileSync(join(work, 'calldata-gopen.json'), '{}\n');
    writeFileSync(join(work, 'another.json'), '{}\n');
    const { status, stderr } = check();
    assert.equal(status, 1);
    assert.match(stderr, /calldata-gopen\.json is not what/);
    assert.match(stderr, /another\.json is not what/);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
