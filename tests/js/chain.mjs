// SPDX-License-Identifier: MIT
// A chain of one block, made up for a test: its state is a real trie, its header hashes to its hash, and it
// answers JSON-RPC. It is written apart from the core, but for keccak-256.

/** A stored value in bytes is RLP already, and claimed to be 1. @typedef {{ nonce?: bigint, balance?: bigint, code?: Uint8Array, storage?: Record<string, bigint | Uint8Array> }} Account */

const hex = (/** @type {Uint8Array} */ bytes) => `0x${Buffer.from(bytes).toString('hex')}`;
const unhex = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text.slice(2), 'hex'));
const quantity = (/** @type {bigint} */ value) => `0x${value.toString(16)}`;

/** @param {bigint} value */
function bigEndian(value) {
  if (value === 0n) return new Uint8Array();
  const digits = value.toString(16);
  return unhex(`0x${digits.padStart(digits.length + (digits.length % 2), '0')}`);
}

/** @param {Uint8Array | any[]} item bytes, or a list of items @returns {Uint8Array} */
export function rlp(item) {
  const isList = Array.isArray(item);
  const body = isList ? Buffer.concat(item.map(rlp)) : item;
  if (!isList && body.length === 1 && body[0] < 0x80) return body;
  const base = isList ? 0xc0 : 0x80;
  if (body.length <= 55) return Buffer.concat([Uint8Array.of(base + body.length), body]);
  const length = bigEndian(BigInt(body.length));
  return Buffer.concat([Uint8Array.of(base + 55 + length.length), length, body]);
}

/** @param {number[]} nibbles @param {boolean} leaf */
function compact(nibbles, leaf) {
  const flag = (leaf ? 2 : 0) + (nibbles.length % 2);
  const all = nibbles.length % 2 ? [flag, ...nibbles] : [flag, 0, ...nibbles];
  return Uint8Array.from({ length: all.length / 2 }, (_, i) => all[2 * i] * 16 + all[2 * i + 1]);
}

/** A Merkle-Patricia trie. */
class Trie {
  /** @param {(bytes: Uint8Array) => Uint8Array} keccak @param {[key: Uint8Array, value: Uint8Array][]} entries */
  constructor(keccak, entries) {
    this.keccak = keccak;
    const hashed = entries.map(([key, value]) => ({ path: nibblesOf(keccak(key)), value }));
    this.top = hashed.length > 0 ? this.build(hashed) : null;
    this.root = keccak(rlp(this.top ? this.top.item : new Uint8Array()));
  }

  /** @param {{ path: number[], value: Uint8Array }[]} entries @returns {any} */
  build(entries) {
    if (entries.length === 1) return { kind: 'leaf', path: entries[0].path, item: [compact(entries[0].path, true), entries[0].value] };
    let common = 0;
    while (entries.every(({ path }) => path[common] === entries[0].path[common])) common++;
    if (common > 0) {
      const child = this.build(entries.map(({ path, value }) => ({ path: path.slice(common), value })));
      const path = entries[0].path.slice(0, common);
      return { kind: 'extension', path, child, item: [compact(path, false), this.reference(child)] };
    }
    const children = Array.from({ length: 16 }, (_, nibble) => {
      const own = entries.filter(({ path }) => path[0] === nibble);
      return own.length > 0 ? this.build(own.map(({ path, value }) => ({ path: path.slice(1), value }))) : null;
    });
    const item = [...children.map((child) => (child ? this.reference(child) : new Uint8Array())), new Uint8Array()];
    return { kind: 'branch', children, item };
  }

  /** @param {any} node */
  reference(node) {
    const bytes = rlp(node.item);
    return bytes.length < 32 ? node.item : this.keccak(bytes);
  }

  /** @param {Uint8Array} key */
  proof(key) {
    const nodes = [];
    let path = nibblesOf(this.keccak(key));
    for (let node = this.top; node; ) {
      const bytes = rlp(node.item);
      if (node === this.top || bytes.length >= 32) nodes.push(hex(bytes));
      if (node.kind === 'leaf') break;
      const fits = node.kind === 'branch' || node.path.every((/** @type {number} */ nibble, /** @type {number} */ i) => nibble === path[i]);
      if (!fits) break;
      const next = node.kind === 'branch' ? node.children[path[0]] : node.child;
      path = path.slice(node.kind === 'branch' ? 1 : node.path.length);
      node = next;
    }
    return nodes;
  }
}

const nibblesOf = (/** @type {Uint8Array} */ bytes) => Array.from(bytes).flatMap((byte) => [byte >> 4, byte & 15]);
const word = (/** @type {bigint} */ value) => unhex(`0x${value.toString(16).padStart(64, '0')}`);

export class Chain {
  /**
   * @param {(bytes: Uint8Array) => Uint8Array} keccak
   * @param {Record<string, Account>} accounts by address in lower case
   * @param {{ chainId?: bigint, number?: bigint, timestamp?: bigint, extra?: string }} [options]
   */
  constructor(keccak, accounts, { chainId = 1612n, number = 100n, timestamp, extra = '0x00000000fa00000006' } = {}) {
    this.keccak = keccak;
    this.chainId = chainId;
    this.accounts = accounts;
    this.tries = new Map();
    const entries = Object.entries(accounts).map(([address, account]) => {
      const { nonce = 0n, balance = 0n, code = new Uint8Array(), storage = {} } = account;
      const slots = Object.entries(storage).map(([key, value]) =>
        [word(BigInt(key)), value instanceof Uint8Array ? value : rlp(bigEndian(value))]);
      const trie = new Trie(keccak, /** @type {[Uint8Array, Uint8Array][]} */ (slots));
      this.tries.set(address, trie);
      return /** @type {[Uint8Array, Uint8Array]} */ (
        [unhex(address), rlp([bigEndian(nonce), bigEndian(balance), trie.root, keccak(code)])]);
    });
    this.state = new Trie(keccak, entries);
    const zero = `0x${'00'.repeat(32)}`;
    this.block = {
      parentHash: zero, sha3Uncles: hex(keccak(rlp([]))), miner: `0x${'00'.repeat(20)}`,
      stateRoot: hex(this.state.root), transactionsRoot: zero, receiptsRoot: zero, logsBloom: `0x${'00'.repeat(256)}`,
      difficulty: '0x0', number: quantity(number), gasLimit: '0x1c9c380', gasUsed: '0x0',
      timestamp: quantity(timestamp ?? BigInt(Math.floor(Date.now() / 1000))), extraData: extra, mixHash: zero,
      nonce: '0x0000000000000000', baseFeePerGas: '0x7', withdrawalsRoot: zero, blobGasUsed: '0x0',
      excessBlobGas: '0x0', parentBeaconBlockRoot: zero, requestsHash: zero,
    };
    const scalars = ['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas', 'blobGasUsed', 'excessBlobGas'];
    const fields = Object.entries(this.block).map(([name, value]) =>
      scalars.includes(name) ? bigEndian(BigInt(value)) : unhex(value));
    this.rlp = rlp(fields);
    this.hash = hex(keccak(this.rlp));
  }

  /** An eth_getProof result. @param {string} address @param {string[]} keys */
  proof(address, keys = []) {
    const account = this.accounts[address.toLowerCase()];
    const trie = this.tries.get(address.toLowerCase()) ?? new Trie(this.keccak, []);
    return {
      address,
      accountProof: this.state.proof(unhex(address)),
      balance: quantity(account?.balance ?? 0n),
      nonce: quantity(account?.nonce ?? 0n),
      codeHash: hex(this.keccak(account?.code ?? new Uint8Array())),
      storageHash: hex(trie.root),
      storageProof: keys.map((key) => {
        const wide = word(BigInt(key));
        const value = Object.entries(account?.storage ?? {}).find(([own]) => BigInt(own) === BigInt(key))?.[1] ?? 0n;
        return { key, value: quantity(value instanceof Uint8Array ? 1n : value), proof: trie.proof(wide) };
      }),
    };
  }

  /** @param {string} method @param {any[]} params @returns {any} */
  result(method, params) {
    if (method === 'eth_chainId') return quantity(this.chainId);
    if (method === 'eth_getBlockByNumber') {
      const known = ['latest', 'safe', 'finalized', this.block.number].includes(params[0]);
      return known ? { ...this.block, hash: this.hash, transactions: [], uncles: [] } : null;
    }
    if (method === 'eth_getBlockByHash') return params[0] === this.hash ? { ...this.block, hash: this.hash } : null;
    if (method === 'eth_getProof') return this.proof(params[0], params[1]);
    if (method === 'eth_getCode') return hex(this.accounts[params[0].toLowerCase()]?.code ?? new Uint8Array());
    throw new Error(`unexpected method ${method}`);
  }

  /** Answers a JSON-RPC request. @param {string} body */
  respond(body) {
    const { id, method, params } = JSON.parse(body);
    return JSON.stringify({ jsonrpc: '2.0', id, result: this.result(method, params) });
  }
}
