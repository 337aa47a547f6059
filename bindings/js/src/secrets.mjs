// SPDX-License-Identifier: MIT
// Secrets on their way into a wallet and out of it: mnemonics and keys, as bytes.
import { OL_MNEMONIC_MAX, ol_language } from './abi.mjs';
import { takeEntropy } from './derive.mjs';
import { refuse } from './errors.mjs';
import { addressOf, toU32 } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {import('./core.mjs').Data} Data */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {import('./proposal.mjs').Holder} Holder */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */

/**
 * A mnemonic's language: English by default. Of others, the list of words comes along (sdk/words).
 * @typedef {object} LanguageOptions
 * @property {'english' | 'chinese_simplified' | 'chinese_traditional' | 'czech' | 'french' | 'italian' | 'japanese' | 'korean' |
 *   'portuguese' | 'russian' | 'spanish' | 'turkish'} [language]
 * @property {Data} [words]
 */

/** @param {Core} core @param {Scope} scope @param {LanguageOptions} options */
function wordsOf(core, scope, { language = 'english', words = '' }) {
  const key = /** @type {keyof typeof ol_language} */ (`OL_LANGUAGE_${String(language).toUpperCase()}`);
  if (!(key in ol_language)) refuse(`'${language}' is no language of mnemonics`);
  const error = scope.struct('ol_error');
  const out = scope.struct('ol_words');
  if (language === 'english') core.exports.ol_words_english(out);
  else core.check(core.exports.ol_words_read(error, out, ol_language[key], scope.slice(words)), error);
  return out;
}

/**
 * Makes a new mnemonic. It is to be written down, and added.
 * @param {Holder} holder
 * @param {{ count?: 12 | 15 | 18 | 21 | 24 } & LanguageOptions} [options]
 * @returns {Uint8Array} UTF-8, to be erased by its owner
 */
export function newMnemonic({ core, use, entropy }, { count = 12, ...options } = {}) {
  return use(({ scope, error }) => core.written(scope, error, OL_MNEMONIC_MAX,
    (out, len) => core.exports.ol_mnemonic_create(error, out, OL_MNEMONIC_MAX, len, wordsOf(core, scope, options),
      toU32(count, 'count'), takeEntropy(scope, entropy, 32))));
}

/**
 * @param {Holder} holder
 * @param {Data} mnemonic UTF-8
 * @param {{ passphrase?: Data } & LanguageOptions} [options]
 * @returns {number} the number of the secret, for addAccount
 */
export function addMnemonic({ core, use }, mnemonic, { passphrase = '', ...options } = {}) {
  return use(({ scope, error, wallet, now }) => {
    const words = wordsOf(core, scope, options);
    const [text, entropy, len, seed, out] = [scope.slice(mnemonic), scope.take(32), scope.take(4), scope.take(64), scope.take(4)];
    core.check(core.exports.ol_mnemonic_to_entropy(error, entropy, len, words, text), error);
    core.check(core.exports.ol_mnemonic_seed(error, seed, text, scope.slice(passphrase)), error);
    const slice = scope.struct('ol_slice', { data: entropy, len: core.pointer(len) });
    core.check(core.exports.ol_wallet_add_mnemonic(error, wallet, out, seed, slice, core.read('ol_words', words).language, now), error);
    return core.pointer(out);
  });
}

/** @param {Holder} holder @param {Uint8Array} key 32 bytes @returns {number} the number of the secret */
export function addKey({ core, use }, key) {
  if (!(key instanceof Uint8Array) || key.length !== 32) refuse('a private key is 32 bytes');
  return use(({ scope, error, wallet, now }) => {
    const out = scope.take(4);
    core.check(core.exports.ol_wallet_add_key(error, wallet, out, scope.copy(key).at, now), error);
    return core.pointer(out);
  });
}

/** An account's private key. @param {Holder} holder @param {AddressLike} address @returns {Uint8Array} 32 bytes, to be erased by their owner */
export function revealKey({ core, use }, address) {
  return use(({ scope, error, wallet, now }) => {
    const out = scope.take(32);
    core.check(core.exports.ol_wallet_reveal_key(error, wallet, out, scope.struct('ol_address', addressOf(core, address)), now), error);
    return core.bytes(out, 32).slice();
  });
}

/**
 * The words that an account is of.
 * @param {Holder} holder
 * @param {AddressLike} address
 * @param {LanguageOptions} [options] the language they were added in
 * @returns {Uint8Array} UTF-8, to be erased by its owner
 */
export function revealMnemonic({ core, use }, address, options = {}) {
  return use(({ scope, error, wallet, now }) => {
    const [entropy, entropyLen, language] = [scope.take(32), scope.take(4), scope.take(4)];
    const of = scope.struct('ol_address', addressOf(core, address));
    core.check(core.exports.ol_wallet_reveal_entropy(error, wallet, entropy, entropyLen, language, of, now), error);
    const words = wordsOf(core, scope, options);
    if (core.read('ol_words', words).language !== core.pointer(language)) refuse('the mnemonic is of another language');
    const slice = scope.struct('ol_slice', { data: entropy, len: core.pointer(entropyLen) });
    return core.written(scope, error, OL_MNEMONIC_MAX,
      (out, len) => core.exports.ol_mnemonic_from_entropy(error, out, OL_MNEMONIC_MAX, len, words, slice));
  });
}
