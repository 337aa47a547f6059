// SPDX-License-Identifier: MIT
// A wallet: secrets in the module's memory, which signs what it was shown before and its policy lets pass.
import { OL_PATH_HARDENED, ol_likeness, ol_secret_kind } from './abi.mjs';
import { addressText } from './account.mjs';
import { systemEntropy, takeEntropy } from './derive.mjs';
import { refuse } from './errors.mjs';
import { proposeAuthorization, proposeMessage, proposeTransaction, proposeTypedData } from './proposal.mjs';
import { readContracts } from './rollup.mjs';
import { addKey, addMnemonic, newMnemonic, revealKey, revealMnemonic } from './secrets.mjs';
import { addressOf, toU32, toU64 } from './values.mjs';
import { addKeystore, makeKeystore, openVault, sealVault } from './wallet_files.mjs';
import { loadBudget, policyOf, saveBudget, setPolicy } from './wallet_policy.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {import('./core.mjs').Data} Data */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {import('./derive.mjs').DeriveOptions} DeriveOptions */
/** @typedef {import('./secrets.mjs').LanguageOptions} LanguageOptions */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */
/** @typedef {{ scope: Scope, error: number, wallet: number, now: bigint }} Call */

/** @typedef {{ address: string, secret: number, kind: 'mnemonic' | 'key', path: string, label: string }} WalletAccount path: empty of a key */
/** @typedef {{ address: string, since: bigint, label: string }} Contact since: Unix seconds */
/** @typedef {{ likeness: 'nobody' | 'account' | 'contact' | 'copy', of: WalletAccount | Contact | null }} Resemblance copy: begins and ends as `of` */

/**
 * @typedef {object} WalletOptions
 * @property {import('./rollup.mjs').Rollup} [rollup] whose contracts are known, so that calls of them are explained:
 *   'openledger' by default
 * @property {bigint | number} [chainId] that is signed for, by default the rollup's
 * @property {import('./rollup.mjs').KnownContract[]} [contracts] that are known besides, or as something else
 * @property {number} [idleMs] after which it locks itself, 5 minutes by default; 0 for never
 * @property {() => void} [onLock] is told when it locked itself
 * @property {import('./derive.mjs').Entropy} [entropy] fresh bytes, by default of crypto.getRandomValues
 * @property {() => number} [now] the clock, Unix time in ms
 */

const LIKENESS = /** @type {const} */ ({
  [ol_likeness.OL_LIKE_NOBODY]: 'nobody',
  [ol_likeness.OL_LIKE_ACCOUNT]: 'account',
  [ol_likeness.OL_LIKE_CONTACT]: 'contact',
  [ol_likeness.OL_LIKE_A_COPY]: 'copy',
});
const IDLE_MS = 300_000;

/** A text in a field of bytes. @param {Uint8Array} bytes */
const labelOf = (bytes) => new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));

/** @param {import('./abi.mjs').ol_path} path */
const pathText = ({ depth, steps }) => ['m', ...steps.slice(0, depth)
  .map((step) => (step >= OL_PATH_HARDENED ? `${step - OL_PATH_HARDENED}'` : `${step}`))].join('/');

/** Close it to erase its secrets and give its memory back. */
export class Wallet {
  #core;
  #scope;
  #wallet;
  #now;
  #idleMs;
  #onLock;
  #holder;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #closed = false;

  /**
   * @param {import('./index.mjs').OpenLedger} openledger
   * @param {WalletOptions} [options]
   */
  constructor(openledger, {
    rollup = 'openledger', chainId, contracts: given = [], idleMs = IDLE_MS, onLock = () => {}, entropy = systemEntropy, now = Date.now,
  } = {}) {
    const core = this.#core = openledger.core;
    this.#now = () => BigInt(Math.trunc(now()));
    this.#idleMs = toU32(idleMs, 'idleMs');
    this.#onLock = onLock;
    this.#scope = core.secretScope();
    const scope = core.secretScope();
    try {
      const { chainId: own, contracts } = readContracts(core, this.#scope, rollup, given);
      const error = scope.struct('ol_error');
      const out = scope.take(4);
      const size = core.exports.ol_wallet_size() >>> 0;
      const config = scope.struct('ol_wallet_config', { idle_ms: BigInt(idleMs), contracts: contracts.at, contracts_len: contracts.len });
      core.check(core.exports.ol_wallet_init(error, out, config, takeEntropy(scope, entropy, 32), this.#now(),
        this.#scope.take(size), size), error);
      this.#wallet = core.pointer(out);
      this.#holder = {
        core, contracts, chainId: chainId === undefined ? own : toU64(chainId, 'chainId'), entropy,
        use: this.#use.bind(this),
      };
    } catch (error) {
      this.#scope.free();
      throw error;
    } finally {
      scope.free();
    }
    this.#watch();
  }

  /** @template T @param {(call: Call) => T} call with memory of its own, which is erased */
  #use(call) {
    if (this.#closed) refuse('this wallet is closed');
    const scope = this.#core.secretScope();
    try {
      return call({ scope, error: scope.struct('ol_error'), wallet: this.#wallet, now: this.#now() });
    } finally {
      scope.free();
      this.#watch();
    }
  }

  /** Looks from time to time whether it was idle for long enough, and locks it then, also when nobody asks. */
  #watch() {
    if (this.#idleMs === 0 || this.#timer !== undefined || !this.isOpen) return;
    const timer = /** @type {any} */ (setInterval(() => {
      if (this.isOpen) return;
      this.#stopWatching();
      this.#onLock();
    }, this.#idleMs / 8));
    this.#timer = timer;
    timer.unref?.(); // nobody waits for it
  }

  #stopWatching() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whether its secrets are there. Asking keeps nothing open. */
  get isOpen() {
    return !this.#closed && this.#core.exports.ol_wallet_is_open(this.#wallet, this.#now()) !== 0;
  }

  /** Erases all secrets. What they are of is still known. */
  lock() {
    this.#use(({ wallet }) => this.#core.exports.ol_wallet_lock(wallet));
    this.#stopWatching();
  }

  /** Erases everything and gives the memory back; nothing else may be called afterwards. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    this.#scope.free();
  }

  [Symbol.dispose]() {
    this.close();
  }

  // --- Secrets and accounts ---

  /**
   * Makes a new mnemonic. It is to be written down, and added.
   * @param {{ count?: 12 | 15 | 18 | 21 | 24 } & LanguageOptions} [options]
   * @returns {Uint8Array} UTF-8, to be erased by its owner
   */
  newMnemonic(options) {
    return newMnemonic(this.#holder, options);
  }

  /**
   * @param {Data} mnemonic UTF-8
   * @param {{ passphrase?: Data } & LanguageOptions} [options]
   * @returns {number} the number of the secret, for addAccount
   */
  addMnemonic(mnemonic, options) {
    return addMnemonic(this.#holder, mnemonic, options);
  }

  /** @param {Uint8Array} key 32 bytes @returns {number} the number of the secret */
  addKey(key) {
    return addKey(this.#holder, key);
  }

  /**
   * @param {number} secret
   * @param {{ path?: string | number, label?: string }} [options] path: below a mnemonic, or the last number of
   *   m/44'/60'/0'/0/...; 0 by default
   * @returns {string} its address
   */
  addAccount(secret, { path = 0, label = '' } = {}) {
    const core = this.#core;
    return this.#use(({ scope, error, wallet, now }) => {
      const out = scope.take(4);
      const at = scope.struct('ol_path');
      const { at: text, len } = scope.copy(typeof path === 'number' ? `m/44'/60'/0'/0/${toU32(path, 'path')}` : path);
      core.check(core.exports.ol_path_from_text(error, at, text, len), error);
      core.check(core.exports.ol_wallet_add_account(error, wallet, out, toU32(secret, 'secret'), at, scope.slice(label), now), error);
      return this.accounts[core.pointer(out)].address;
    });
  }

  /** @param {string} name @param {AddressLike} address */
  #remove(name, address) {
    const core = this.#core;
    const remove = core.exports[/** @type {'ol_wallet_remove_account' | 'ol_wallet_remove_contact'} */ (name)];
    this.#use(({ scope, error, wallet, now }) =>
      core.check(remove(error, wallet, scope.struct('ol_address', addressOf(core, address)), now), error));
  }

  /** Forgets an account; with the last one of a secret, the secret. @param {AddressLike} address */
  removeAccount(address) {
    this.#remove('ol_wallet_remove_account', address);
  }

  /** Also of a wallet that is locked. @returns {WalletAccount[]} */
  get accounts() {
    return this.#list('ol_wallet_account', ({ address, secret, kind, path, label }) => {
      const isKey = kind === ol_secret_kind.OL_SECRET_KEY;
      return { address: addressText(this.#core, address), secret, kind: isKey ? 'key' : 'mnemonic', path: isKey ? '' : pathText(path), label: labelOf(label) };
    });
  }

  /**
   * @template {'ol_wallet_account' | 'ol_contact'} K
   * @template T
   * @param {K} name
   * @param {(value: import('./abi.mjs').Structs[K]) => T} read
   */
  #list(name, read) {
    const core = this.#core;
    if (this.#closed) refuse('this wallet is closed');
    const next = name === 'ol_contact' ? core.exports.ol_wallet_contact_at : core.exports.ol_wallet_account_at;
    const scope = core.scope();
    try {
      const out = scope.struct(name);
      const all = [];
      while (next(this.#wallet, out, all.length)) all.push(read(core.read(name, out)));
      return all;
    } finally {
      scope.free();
    }
  }

  /** An account's private key. @param {AddressLike} address @returns {Uint8Array} 32 bytes, to be erased by their owner */
  revealKey(address) {
    return revealKey(this.#holder, address);
  }

  /**
   * The words that an account is of.
   * @param {AddressLike} address
   * @param {LanguageOptions} [options] the language they were added in
   * @returns {Uint8Array} UTF-8, to be erased by its owner
   */
  revealMnemonic(address, options) {
    return revealMnemonic(this.#holder, address, options);
  }

  // --- Contacts ---

  /** Adds a contact, or changes its label. @param {AddressLike} address @param {string} label */
  addContact(address, label) {
    const core = this.#core;
    this.#use(({ scope, error, wallet, now }) => core.check(core.exports.ol_wallet_add_contact(
      error, wallet, scope.struct('ol_address', addressOf(core, address)), scope.slice(label), now), error));
  }

  /** @param {AddressLike} address */
  removeContact(address) {
    this.#remove('ol_wallet_remove_contact', address);
  }

  /** @returns {Contact[]} */
  get contacts() {
    return this.#list('ol_contact', ({ address, since, label }) => ({ address: addressText(this.#core, address), since, label: labelOf(label) }));
  }

  /** Whom an address looks like: people compare its ends only. @param {AddressLike} address @returns {Resemblance} */
  resembles(address) {
    const core = this.#core;
    const { likeness, index, is_contact } = this.#use(({ scope, wallet }) => {
      const out = scope.struct('ol_resemblance');
      core.exports.ol_wallet_resembles(wallet, out, scope.struct('ol_address', addressOf(core, address)));
      return core.read('ol_resemblance', out);
    });
    const name = LIKENESS[/** @type {keyof typeof LIKENESS} */ (likeness)];
    return { likeness: name, of: name === 'nobody' ? null : (is_contact ? this.contacts : this.accounts)[index] };
  }

  // --- Policy and budget ---

  /** What may be signed (policy.h). @returns {any} null without a policy: then somebody is asked about all */
  get policy() {
    return policyOf(this.#holder);
  }

  /** @param {object | string | null} policy as an object or JSON; null for none */
  setPolicy(policy) {
    setPolicy(this.#holder, policy);
  }

  /** What was signed, for the policy's limits: to be kept, with its sequence, before a signature goes anywhere. */
  saveBudget() {
    return saveBudget(this.#holder);
  }

  /**
   * After `open`, which knows the sequence as of `seal`: an older one is refused.
   * @param {Uint8Array} bytes @param {bigint} [leastSequence] refused below this too, where it is remembered elsewhere
   */
  loadBudget(bytes, leastSequence) {
    loadBudget(this.#holder, bytes, leastSequence);
  }

  // --- Files ---

  /**
   * All that is kept, behind a password.
   * @param {Data} password UTF-8
   * @param {DeriveOptions & { passes?: number, memoryKib?: number }} [options] how hard it is to try passwords
   * @returns {Promise<Uint8Array>} a vault
   */
  seal(password, options) {
    return sealVault(this.#holder, password, options);
  }

  /**
   * Opens a vault: what the wallet had before is gone.
   * @param {Uint8Array} vault
   * @param {Data} password UTF-8
   * @param {DeriveOptions} [options]
   */
  open(vault, password, options) {
    return openVault(this.#holder, vault, password, options);
  }

  /**
   * Adds the key of a keystore, the file of other wallets.
   * @param {Data} json
   * @param {Data} password UTF-8
   * @param {DeriveOptions} [options]
   * @returns {Promise<number>} the number of the secret
   */
  addKeystore(json, password, options) {
    return addKeystore(this.#holder, json, password, options);
  }

  /**
   * An account's key as a keystore.
   * @param {AddressLike} address
   * @param {Data} password UTF-8
   * @param {DeriveOptions} [options]
   * @returns {Promise<string>} JSON
   */
  keystore(address, password, options) {
    return makeKeystore(this.#holder, address, password, options);
  }

  // --- Signing ---

  /**
   * Proposes a transaction. What a request leaves out, but for the chain, is refused.
   * @param {AddressLike} from
   * @param {import('./proposal.mjs').TransactionRequest} request
   */
  proposeTransaction(from, request) {
    return proposeTransaction(this.#holder, from, request);
  }

  /** Proposes typed data (EIP-712). @param {AddressLike} from @param {string | object} document as eth_signTypedData_v4 takes it */
  proposeTypedData(from, document) {
    return proposeTypedData(this.#holder, from, document);
  }

  /**
   * Proposes a personal message (EIP-191).
   * @param {AddressLike} from
   * @param {string | Uint8Array} message a text, or bytes: hex is not read as bytes
   * @param {import('./proposal.mjs').MessageOptions} [options]
   */
  proposeMessage(from, message, options) {
    return proposeMessage(this.#holder, from, message, options);
  }

  /** Proposes an authorization (EIP-7702). @param {AddressLike} from @param {import('./proposal.mjs').AuthorizationRequest} request */
  proposeAuthorization(from, request) {
    return proposeAuthorization(this.#holder, from, request);
  }
}
