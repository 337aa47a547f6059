// SPDX-License-Identifier: MIT
// The contracts on a chain whose time stands still unless a test moves it, with people who have OPEN.
import assert from 'node:assert/strict';
import { mnemonicToAccount } from 'viem/accounts';
import { quantity } from '../rollup/anvil.mjs';
import { CHAIN_ID, deploy, sendBy, signerOf, startChain } from './deploy.mjs';
import { fieldOf } from './slots.mjs';

/** @typedef {`0x${string}`} Hex */
/** @typedef {Awaited<ReturnType<typeof startWorld>>} World */

const START = 1_800_000_000;
const MNEMONIC = 'test test test test test test test test test test test junk'; // anvil's, which everybody knows
const NAMES = /** @type {const} */ (['deployer', 'alice', 'bob', 'carol', 'dave', 'erin']);

/** @param {number} addressIndex */
function personOf(addressIndex) {
  const account = mnemonicToAccount(MNEMONIC, { addressIndex });
  return { ...signerOf(/** @type {any} */ (account)), account };
}

/** @param {Parameters<typeof deploy>[2]} [options] */
export async function startWorld(options) {
  const chain = await startChain(['--timestamp', String(START), '--balance', '1000000']);
  await chain.ask('anvil_setBlockTimestampInterval', 0);
  const people = /** @type {Record<typeof NAMES[number], ReturnType<typeof personOf>>} */ (
    Object.fromEntries(NAMES.map((name, i) => [name, personOf(i)])));
  const { contracts } = await deploy(chain, people.deployer, options).catch(async (fault) => {
    await chain.close();
    throw fault;
  });
  return {
    chain, ...people, ...contracts,
    close: chain.close,
    /** @param {number} seconds */
    pass: async (seconds) => chain.mineAt(await chain.time() + seconds),
    balanceOf: async (/** @type {Hex} */ address) => BigInt(await chain.ask('eth_getBalance', address, 'latest')),
    /** Native OPEN. @param {typeof people.alice} from @param {Hex} to @param {bigint} value @param {Hex} [data] */
    pay: (from, to, value, data) => sendBy(chain, from, { to, value, data }),
    /** By proof. @param {{ address: Hex, name: string }} contract @param {string} field @param {import('./slots.mjs').Keys} [keys] */
    field: (contract, field, keys) => fieldOf(chain, contract, field, keys),
    /** As if an account had signed that is none of ours. @param {Hex} address @param {() => Promise<unknown>} action */
    async as(address, action) {
      await chain.ask('anvil_impersonateAccount', address);
      await chain.ask('anvil_setBalance', address, quantity(10n ** 24n));
      await action();
      await chain.ask('anvil_stopImpersonatingAccount', address);
    },
  };
}

/** EIP-712, signed by a person. @param {ReturnType<typeof personOf>} person @param {string} name of the domain @param {Hex} verifyingContract
 * @param {string} primaryType @param {string} members as in a type's text @param {Record<string, any>} message */
export function signTyped(person, name, verifyingContract, primaryType, members, message) {
  const fields = members.split(',').map((member) => ({ type: member.split(' ')[0], name: member.split(' ')[1] }));
  const domain = { name, version: '1', chainId: CHAIN_ID, verifyingContract };
  return person.account.signTypedData({ domain, types: { [primaryType]: fields }, primaryType, message });
}

/** The action reverts with this error, its arguments apart. @param {Promise<unknown>} action @param {string} error */
export const refused = (action, error) => assert.rejects(action, (/** @type {Error} */ fault) => {
  assert.ok(fault.message.startsWith(`${error}(`), `${fault.message} is not ${error}`);
  return true;
});
