// SPDX-License-Identifier: MIT
// A contract on a chain: deployed by its constructor, called and read by its ABI.
import { decodeFunctionResult, encodeDeployData, encodeFunctionData, getAddress, keccak256, slice } from 'viem';
import { argumentsOf, artifactOf, withImmutables } from './artifacts.mjs';
import { quantity } from './anvil.mjs';

/**
 * @typedef {import('./anvil.mjs').Anvil} Anvil
 * @typedef {`0x${string}`} Hex
 * @typedef {ReturnType<typeof contractAt>} Contract
 */

/** @param {Anvil} chain @param {Hex} address @param {any[]} abi */
export function contractAt(chain, address, abi) {
  const has = (/** @type {string} */ name) => abi.some((item) => item.type === 'function' && item.name === name);
  return {
    address: getAddress(address),
    abi,
    has,
    /** What a view says now, or at a block. @param {string} functionName @param {any[]} [args] @param {number} [block] @returns {Promise<any>} */
    async read(functionName, args = [], block) {
      const call = { to: address, data: encodeFunctionData({ abi, functionName, args }) };
      const data = await chain.ask('eth_call', call, block === undefined ? 'latest' : quantity(block));
      return decodeFunctionResult({ abi, functionName, data });
    },
    /** @param {Hex} from @param {string} functionName @param {any[]} [args] @param {bigint} [value] */
    send: (from, functionName, args = [], value = 0n) =>
      chain.send({ from, to: address, data: encodeFunctionData({ abi, functionName, args }), value: quantity(value) }),
  };
}

/**
 * @param {Anvil} chain @param {Hex} from @param {string} release @param {string} name
 * @param {Record<string, any>} [values] the constructor's arguments by name
 */
export async function deploy(chain, from, release, name, values = {}) {
  const artifact = artifactOf(release, name);
  const { abi, creation } = artifact;
  if (artifact.deployed) {
    // There is no creation code of it. What its constructor would do is done to its code.
    const code = withImmutables(artifact, values);
    const address = /** @type {Hex} */ (slice(keccak256(code), 12));
    await chain.ask('anvil_setCode', address, code);
    return contractAt(chain, address, abi);
  }
  if (!creation) throw new Error(`there is no code of ${name}`);
  const parameters = abi.find(({ type }) => type === 'constructor')?.inputs ?? [];
  const data = encodeDeployData({ abi, bytecode: creation, args: argumentsOf(parameters, values) });
  const { contractAddress } = await chain.send({ from, data });
  return contractAt(chain, contractAddress, abi);
}

/** @typedef {Awaited<ReturnType<typeof installerOf>>} Installer */

/**
 * Proxies of the OP Stack, and what is put behind them, by the ProxyAdmin that owns them: newer contracts let nobody
 * else initialize them.
 * @param {Anvil} chain @param {Hex} owner @param {string} release
 */
export async function installerOf(chain, owner, release) {
  const admin = await deploy(chain, owner, release, 'ProxyAdmin', { owner });
  return {
    admin,
    proxy: () => deploy(chain, owner, release, 'Proxy', { admin: admin.address }),
    /**
     * Puts an implementation behind a proxy, and initializes it in the same transaction.
     * @param {Contract} proxy @param {string} name @param {Record<string, any>} values arguments of `initialize` by name
     * @param {Record<string, any>} [built] arguments of the implementation's constructor
     */
    async install(proxy, name, values, built) {
      const { abi, address } = await deploy(chain, owner, release, name, built);
      const parameters = abi.find((item) => item.type === 'function' && item.name === 'initialize').inputs;
      const call = encodeFunctionData({ abi, functionName: 'initialize', args: argumentsOf(parameters, values) });
      await admin.send(owner, 'upgradeAndCall', [proxy.address, address, call]);
      return { ...contractAt(chain, proxy.address, abi), implementation: address };
    },
  };
}
