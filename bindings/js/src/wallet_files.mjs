// SPDX-License-Identifier: MIT
// The files that a wallet is kept in: its own vault, and keystores of other wallets.
import { OL_KEYSTORE_MADE, OL_VAULT_OVERHEAD, OL_WALLET_CONTENT, OL_WALLET_POLICY } from './abi.mjs';
import { derive, takeEntropy } from './derive.mjs';
import { addressOf, toU32 } from './values.mjs';

/** @typedef {import('./core.mjs').Data} Data */
/** @typedef {import('./derive.mjs').DeriveOptions} DeriveOptions */
/** @typedef {import('./proposal.mjs').Holder} Holder */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */

/**
 * All that is kept, behind a password.
 * @param {Holder} holder
 * @param {Data} password UTF-8
 * @param {DeriveOptions & { passes?: number, memoryKib?: number }} [options] how hard it is to try passwords
 * @returns {Promise<Uint8Array>} a vault
 */
export async function sealVault({ core, use, entropy: source }, password, { passes, memoryKib, ...options } = {}) {
  const kept = core.secretScope();
  try {
    const { content, len } = use(({ error, wallet, now }) => {
      const [at, size] = [kept.take(OL_WALLET_CONTENT), kept.take(4)];
      core.check(core.exports.ol_wallet_content(error, wallet, at, OL_WALLET_CONTENT, size, now), error);
      return { content: kept.struct('ol_slice', { data: at, len: core.pointer(size) }), len: core.pointer(size) };
    });
    const params = kept.struct('ol_vault_params');
    core.exports.ol_vault_params_init(params);
    core.write('ol_vault_params', params, {
      ...(passes !== undefined && { passes: toU32(passes, 'passes') }),
      ...(memoryKib !== undefined && { memory_kib: toU32(memoryKib, 'memoryKib') }),
    });
    const entropy = takeEntropy(kept, source, 64);
    return await derive(core, core.exports.ol_vault_memory(params) >>> 0, password,
      (error, out, secret, memory, size) => core.exports.ol_vault_seal_begin(error, out, params, content, secret, entropy, memory, size),
      (error, derivation) => {
        const [out, size] = [kept.take(len + OL_VAULT_OVERHEAD), kept.take(4)];
        core.check(core.exports.ol_vault_seal_end(error, derivation, out, len + OL_VAULT_OVERHEAD, size), error);
        return core.bytes(out, core.pointer(size)).slice();
      }, options);
  } finally {
    kept.free();
  }
}

/**
 * Opens a vault: what the wallet had before is gone.
 * @param {Holder} holder
 * @param {Uint8Array} vault
 * @param {Data} password UTF-8
 * @param {DeriveOptions} [options]
 */
export async function openVault({ core, use }, vault, password, options = {}) {
  const kept = core.secretScope();
  try {
    const file = kept.slice(vault);
    const read = kept.struct('ol_vault');
    use(({ error }) => core.check(core.exports.ol_vault_read(error, read, file), error));
    const { content_len } = core.read('ol_vault', read);
    await derive(core, core.exports.ol_vault_memory(read + core.offsetOf('ol_vault', 'params')) >>> 0, password,
      (error, out, secret, memory, size) => core.exports.ol_vault_open_begin(error, out, file, secret, memory, size),
      (error, derivation) => use(({ scope, wallet, now }) => {
        const [content, len] = [scope.take(content_len), scope.take(4)];
        core.check(core.exports.ol_vault_open_end(error, derivation, content, content_len, len), error);
        const size = core.exports.ol_policy_size(OL_WALLET_POLICY) >>> 0;
        const slice = scope.struct('ol_slice', { data: content, len: core.pointer(len) });
        core.check(core.exports.ol_wallet_open(error, wallet, slice, now, scope.take(size), size), error);
      }), options);
  } finally {
    kept.free();
  }
}

/**
 * Adds the key of a keystore, the file of other wallets.
 * @param {Holder} holder
 * @param {Data} json
 * @param {Data} password UTF-8
 * @param {DeriveOptions} [options]
 * @returns {Promise<number>} the number of the secret
 */
export async function addKeystore({ core, use }, json, password, options = {}) {
  const kept = core.secretScope();
  try {
    const keystore = kept.struct('ol_keystore');
    use(({ scope, error }) => {
      const text = scope.slice(json);
      const room = 16 * core.read('ol_slice', text).len + 4096;
      core.check(core.exports.ol_keystore_read(error, keystore, text, scope.take(room), room), error);
    });
    return await derive(core, core.exports.ol_keystore_open_memory(keystore) >>> 0, password,
      (error, out, secret, memory, size) => core.exports.ol_keystore_open_begin(error, out, keystore, secret, memory, size),
      (error, derivation) => use(({ scope, wallet, now }) => {
        const [key, address, entropy, len, out] = [scope.take(32), scope.struct('ol_address'), scope.take(32), scope.take(4), scope.take(4)];
        core.check(core.exports.ol_keystore_open_end(error, derivation, key, address, entropy, len), error);
        core.check(core.exports.ol_wallet_add_key(error, wallet, out, key, now), error);
        return core.pointer(out);
      }), options);
  } finally {
    kept.free();
  }
}

/**
 * An account's key as a keystore.
 * @param {Holder} holder
 * @param {AddressLike} address
 * @param {Data} password UTF-8
 * @param {DeriveOptions} [options]
 * @returns {Promise<string>} JSON
 */
export async function makeKeystore({ core, use, entropy: source }, address, password, options = {}) {
  const kept = core.secretScope();
  try {
    const key = kept.take(32);
    use(({ scope, error, wallet, now }) =>
      core.check(core.exports.ol_wallet_reveal_key(error, wallet, key, scope.struct('ol_address', addressOf(core, address)), now), error));
    const entropy = takeEntropy(kept, source, 64);
    return await derive(core, core.exports.ol_keystore_make_memory() >>> 0, password,
      (error, out, secret, memory, size) => core.exports.ol_keystore_make_begin(error, out, key, secret, entropy, memory, size),
      (error, derivation) => {
        const [out, len] = [kept.take(OL_KEYSTORE_MADE), kept.take(4)];
        core.check(core.exports.ol_keystore_make_end(error, derivation, out, OL_KEYSTORE_MADE, len), error);
        return core.sliceText({ data: out, len: core.pointer(len) });
      }, options);
  } finally {
    kept.free();
  }
}
