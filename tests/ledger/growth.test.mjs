// SPDX-License-Identifier: MIT
// What stakes become is what solady's published FixedPointMathLib says on a chain, to the last digit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeFunctionResult, encodeFunctionData, parseAbi } from 'viem';
import { noAnvil, startAnvil } from '../devnet/rollup/anvil.mjs';

const program = process.env.OL_GROWTH ?? join(import.meta.dirname, '../../build/dev/tests/growth_native');
const COUNT = Number(process.env.OL_GROWTH_COUNT ?? 100_000); // of exponents
const BATCH = 4000;
const WAD = 10n ** 18n;
const LEAST = -41446531673892822313n;
const MOST = 135305999368893231589n;

/** The published source, and what calls it for a list; what reverts is told apart. */
const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.27;
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
contract Growth {
  struct Stake { uint256 amount; uint256 rate; uint256 elapsed; uint256 duration; }
  function exp(int256 x) external pure returns (uint256) { return uint256(FixedPointMathLib.expWad(x)); }
  function worth(Stake calldata s) external pure returns (uint256) {
    uint256 counted = s.duration == 0 ? s.elapsed : FixedPointMathLib.min(s.elapsed, s.duration);
    uint256 x = FixedPointMathLib.mulWad(FixedPointMathLib.divWad(counted, 365 days), s.rate);
    return FixedPointMathLib.mulWad(s.amount, uint256(FixedPointMathLib.expWad(int256(x))));
  }
  function exps(int256[] calldata x) external pure returns (uint256[] memory out) {
    out = new uint256[](x.length);
    for (uint256 i = 0; i < x.length; i++) out[i] = uint256(FixedPointMathLib.expWad(x[i]));
  }
  function worths(Stake[] calldata s) external view returns (uint256[] memory out, bool[] memory reverts) {
    (out, reverts) = (new uint256[](s.length), new bool[](s.length));
    for (uint256 i = 0; i < s.length; i++) {
      try this.worth(s[i]) returns (uint256 one) { out[i] = one; } catch { reverts[i] = true; }
    }
  }
}`;
const abi = parseAbi(['struct Stake { uint256 amount; uint256 rate; uint256 elapsed; uint256 duration; }',
  'function exp(int256) view returns (uint256)', 'function exps(int256[]) view returns (uint256[])',
  'function worths(Stake[]) view returns (uint256[] worths, bool[] reverts)']);
const ADDRESS = '0x00000000000000000000000000000000000e4a11';

/** xorshift64*, so that every run has the same numbers. */
let state = 88172645463325252n;
function random(bits = 64n) {
  let out = 0n;
  for (let have = 0n; have < bits; have += 64n) {
    state ^= state >> 12n;
    state = (state ^ (state << 25n)) & (2n ** 64n - 1n);
    state ^= state >> 27n;
    out = (out << 64n) | ((state * 2685821657736338717n) & (2n ** 64n - 1n));
  }
  return out & ((1n << bits) - 1n);
}

const word = (/** @type {bigint} */ value) => BigInt.asUintN(256, value).toString(16).padStart(64, '0');

/** @param {bigint[][]} rows */
function ours(rows) {
  const input = rows.map((row) => `${row.map(word).join(' ')}\n`).join('');
  const lines = execFileSync(program, { input, encoding: 'utf8', maxBuffer: 1 << 28 }).trimEnd().split('\n');
  return lines.map((line) => (line === 'reverts' ? undefined : BigInt(`0x${line}`)));
}

/** @type {import('../devnet/rollup/anvil.mjs').Anvil} */
let chain;

/** @param {any} name @param {any} args @returns {Promise<any>} */
async function theirs(name, ...args) {
  const data = encodeFunctionData({ abi, functionName: name, args: /** @type {any} */ (args) });
  return decodeFunctionResult({ abi, functionName: name, data: await chain.ask('eth_call', { to: ADDRESS, data, gas: '0x3b9aca00' }, 'latest') });
}

before(async () => {
  if (noAnvil) return;
  const solc = createRequire(import.meta.url)('solc');
  const modules = join(import.meta.dirname, '../../node_modules');
  const settings = { optimizer: { enabled: true, runs: 200 }, evmVersion: 'cancun', outputSelection: { '*': { '*': ['evm.deployedBytecode.object'] } } };
  const input = JSON.stringify({ language: 'Solidity', sources: { 'Growth.sol': { content: SOURCE } }, settings });
  const find = (/** @type {string} */ path) => ({ contents: readFileSync(join(modules, path), 'utf8') });
  const { contracts, errors } = JSON.parse(solc.compile(input, { import: find }));
  const code = contracts?.['Growth.sol']?.Growth?.evm.deployedBytecode.object;
  assert.ok(code, errors?.[0]?.formattedMessage);
  chain = await startAnvil(['--chain-id', '1612', '--gas-limit', '2000000000', '--no-mining']);
  await chain.ask('anvil_setCode', ADDRESS, `0x${code}`);
});

after(() => chain?.close());

test(`expWad of ${COUNT} exponents`, { skip: noAnvil }, async () => {
  const edges = [0n, 1n, -1n, WAD, -WAD, MOST - 1n, LEAST, LEAST + 1n, LEAST - 1n, -(2n ** 255n), 693147180559945309n, 346573590279972654n, 346573590279972655n];
  const exponents = [...edges];
  while (exponents.length < COUNT) {
    const bits = random(3n) < 4n ? 60n + random(3n) : 1n + random(6n); // most of what rates give, and every magnitude
    const x = random(bits) * (random(2n) === 0n ? -1n : 1n);
    if (x < MOST) exponents.push(x);
  }
  for (let at = 0; at < exponents.length; at += BATCH) {
    const batch = exponents.slice(at, at + BATCH);
    assert.deepEqual(ours(batch.map((x) => [x])), [...(await theirs('exps', batch))]);
  }
});

test('expWad where solady reverts', { skip: noAnvil }, async () => {
  const above = [MOST, MOST + 1n, 2n ** 255n - 1n, 2n ** 200n];
  for (const x of above) await assert.rejects(theirs('exp', x), /a37bfec9|revert/);
  assert.deepEqual(ours(above.map((x) => [x])), above.map(() => undefined));
});

test('what stakes are worth, and where the contract reverts', { skip: noAnvil }, async () => {
  const rows = [[1n, 0n, 0n, 0n], [WAD, WAD, 31_536_000n, 0n], [WAD, WAD, 31_536_001n, 31_536_000n], [WAD, WAD, 1n, 31_536_000n]];
  while (rows.length < 2000) {
    const amount = random(60n + random(6n)), rate = random(random(5n) === 0n ? 200n : 61n);
    const elapsed = random(random(6n) === 0n ? 210n : 30n), duration = random(2n) === 0n ? 0n : random(26n);
    rows.push([random(5n) === 0n ? amount << 130n : amount, rate, elapsed, duration]);
  }
  const stakes = rows.map(([amount, rate, elapsed, duration]) => ({ amount, rate, elapsed, duration }));
  const expected = [];
  for (let at = 0; at < rows.length; at += 200) {
    const [worths, reverts] = await theirs('worths', stakes.slice(at, at + 200));
    expected.push(...worths.map((/** @type {bigint} */ worth, /** @type {number} */ i) => (reverts[i] ? undefined : worth)));
  }
  assert.ok(expected.filter((one) => one === undefined).length > 20, 'some revert');
  assert.deepEqual(ours(rows), expected);
});
