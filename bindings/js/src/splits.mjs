// SPDX-License-Identifier: MIT
// What receipts pay: splits, shares of them, batches, and receipts that contradict one another.
import { OL_EQUIVOCATION_BYTES, OL_SHARE_BYTES } from './abi.mjs';
import { addressText } from './account.mjs';
import { readCall, splitRowOf } from './calls.mjs';
import { bytesLike, within } from './signing.mjs';
import { addressOf, hashOf, toBigInt, toHex, toU32, toU64, u256Of } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {import('./values.mjs').AddressLike} AddressLike */
/** @typedef {import('./values.mjs').HashLike} HashLike */
/** @typedef {import('./values.mjs').NumberLike} NumberLike */
/** @typedef {import('./signing.mjs').BytesLike} BytesLike */
/** @typedef {{ contributor: string, datanet: bigint, weight: bigint, amount: bigint }} Row */
/** @typedef {import('./calls.mjs').SplitRow} RowLike */
/** @typedef {{ core: Core, scope: Scope, error: number }} Writing */

/** @param {Core} core @param {import('./abi.mjs').ol_split_row} row @returns {Row} */
const rowOf = (core, { contributor, datanet, weight, amount }) =>
  ({ contributor: addressText(core, contributor), datanet, weight: toBigInt(weight), amount: toBigInt(amount) });

export class Splits {
  #core;

  /** @param {Core} core */
  constructor(core) {
    this.#core = core;
  }

  /** Not part of the interface. @template T @param {(to: Writing) => T} call @returns {T} */
  within(call) {
    const core = this.#core;
    return within(core, (scope) => call({ core, scope, error: scope.struct('ol_error') }));
  }

  /** @param {Writing} to @param {BytesLike} file @returns {number} the address of an ol_split */
  #open({ core, scope, error }, file) {
    const out = scope.struct('ol_split');
    core.check(core.exports.ol_split_open(error, out, scope.slice(bytesLike(file))), error);
    return out;
  }

  /** @param {BytesLike} file ATRS @returns {{ rows: Row[], root: string, weight: bigint, amount: bigint }} */
  readSplit(file) {
    return this.within((to) => {
      const { core, scope, error } = to;
      const [split, row, root] = [this.#open(to, file), scope.struct('ol_split_row'), scope.struct('ol_hash')];
      const [weight, amount] = [scope.struct('ol_u256'), scope.struct('ol_u256')];
      core.check(core.exports.ol_split_root(error, root, weight, amount, split), error);
      const rows = [];
      for (let i = 0; core.exports.ol_split_at(split, row, i); i++) rows.push(rowOf(core, core.read('ol_split_row', row)));
      return { rows, root: toHex(core.read('ol_hash', root)), weight: toBigInt(core.read('ol_u256', weight)), amount: toBigInt(core.read('ol_u256', amount)) };
    });
  }

  /** @param {readonly RowLike[]} rows in ascending order of contributor and datanet @returns {Uint8Array} a file (ATRS) */
  writeSplit(rows) {
    return this.within(({ core, scope, error }) => {
      const [size, room] = [core.sizeOf('ol_split_row'), 16 + 60 * rows.length];
      const at = scope.take(size * rows.length);
      for (const [i, row] of rows.entries()) core.write('ol_split_row', at + i * size, splitRowOf(core, row));
      const out = scope.struct('ol_slice');
      core.check(core.exports.ol_split_write(error, out, at, rows.length, scope.take(room), room), error);
      return core.sliceBytes(core.read('ol_slice', out));
    });
  }

  /** The split of several receipts, or of an epoch. @param {readonly BytesLike[]} files @returns {Uint8Array} a file (ATRS) */
  sumSplits(files) {
    return this.within((to) => {
      const { core, scope, error } = to;
      const size = core.sizeOf('ol_split');
      const at = scope.take(size * files.length);
      let room = 16;
      for (const [i, file] of files.entries()) {
        const split = core.read('ol_split', this.#open(to, file));
        core.write('ol_split', at + i * size, split);
        room += 60 * split.count;
      }
      const out = scope.struct('ol_slice');
      core.check(core.exports.ol_split_sum(error, out, at, files.length, scope.take(room), room), error);
      return core.sliceBytes(core.read('ol_slice', out));
    });
  }

  /** What an address earns in a split. @param {BytesLike} file @param {AddressLike} contributor */
  earned(file, contributor) {
    return this.within((to) => {
      const { core, scope, error } = to;
      const [amount, rows] = [scope.struct('ol_u256'), scope.take(4)];
      core.check(core.exports.ol_split_earned(error, amount, rows, this.#open(to, file), scope.struct('ol_address', addressOf(core, contributor))), error);
      return { amount: toBigInt(core.read('ol_u256', amount)), rows: core.pointer(rows) };
    });
  }

  /** What a row earns, with its path: a file (ATRP). @param {BytesLike} file @param {number} index @returns {Uint8Array} */
  share(file, index) {
    return this.within((to) => {
      const { core, scope, error } = to;
      const [share, out] = [scope.struct('ol_share'), scope.struct('ol_slice')];
      core.check(core.exports.ol_share_make(error, share, this.#open(to, file), toU32(index, 'index')), error);
      core.check(core.exports.ol_share_write(error, out, share, scope.take(OL_SHARE_BYTES), OL_SHARE_BYTES), error);
      return core.sliceBytes(core.read('ol_slice', out));
    });
  }

  /** @param {Writing} to @param {BytesLike} file @returns {number} the address of an ol_share */
  #share({ core, scope, error }, file) {
    const share = scope.struct('ol_share');
    core.check(core.exports.ol_share_read(error, share, scope.slice(bytesLike(file))), error);
    return share;
  }

  /** Verifies a share: that the row is in the split. @param {BytesLike} file ATRP */
  readShare(file) {
    return this.within((to) => {
      const { index, rows, row, split_root } = to.core.read('ol_share', this.#share(to, file));
      return { index, rows, row: rowOf(to.core, row), splitRoot: toHex(split_root) };
    });
  }

  /**
   * The call that claims a share of a payout.
   * @param {{ registry: AddressLike, payoutId: NumberLike, share: BytesLike }} claim
   * @returns {import('./calls.mjs').Call}
   */
  claim({ registry, payoutId, share }) {
    return this.within((to) => {
      const { core, scope, error } = to;
      const [out, room] = [scope.struct('ol_call'), 8192];
      core.check(core.exports.ol_share_claim_call(error, out, scope.struct('ol_address', addressOf(core, registry)),
        scope.struct('ol_u256', u256Of(core, payoutId)), this.#share(to, share), scope.take(room), room), error);
      return readCall(core, out);
    });
  }

  /** @param {Writing} to @param {readonly HashLike[]} digests */
  #digests({ core, scope }, digests) {
    const at = scope.take(32 * digests.length);
    for (const [i, digest] of digests.entries()) core.write('ol_hash', at + 32 * i, hashOf(core, digest));
    return at;
  }

  /** The root of a batch of receipts' digests. @param {readonly HashLike[]} digests */
  batchRoot(digests) {
    return this.within((to) => {
      const out = to.scope.struct('ol_hash');
      to.core.exports.ol_batch_root(out, this.#digests(to, digests), digests.length);
      return toHex(to.core.read('ol_hash', out));
    });
  }

  /**
   * @param {NumberLike} batchId
   * @param {bigint | number} index
   * @param {readonly HashLike[]} digests
   */
  batchProof(batchId, index, digests) {
    return this.within((to) => {
      const { core, scope, error } = to;
      const out = scope.struct('ol_batch_proof');
      const id = scope.struct('ol_u256', u256Of(core, batchId));
      core.check(core.exports.ol_batch_prove(error, out, id, toU64(index, 'index'), this.#digests(to, digests), digests.length), error);
      const { batch_id, root, leaves, index: at, path_len, path } = core.read('ol_batch_proof', out);
      return { batchId: toBigInt(batch_id), root: toHex(root), leaves, index: at, path: path.slice(0, path_len).map((hash) => toHex(hash)) };
    });
  }

  /** Not part of the interface. @param {Scope} scope @param {import('./attribution.mjs').BatchProof} proof @returns {number} */
  writeBatchProof(scope, { batchId, root, leaves, index, path }) {
    const core = this.#core;
    return scope.struct('ol_batch_proof', {
      batch_id: u256Of(core, batchId), root: hashOf(core, root), leaves: toU64(leaves, 'leaves'), index: toU64(index, 'index'),
      path_len: path.length, path: path.map((hash) => hashOf(core, hash)),
    });
  }

  /** Throws unless a receipt is in the batch. @param {import('./attribution.mjs').BatchProof} proof @param {HashLike} digest */
  verifyBatch(proof, digest) {
    this.within(({ core, scope, error }) =>
      core.check(core.exports.ol_batch_verify(error, this.writeBatchProof(scope, proof), scope.struct('ol_hash', hashOf(core, digest))), error));
  }

  /** Two receipts of one key that contradict one another, as a file (ATRQ). @param {BytesLike} first @param {BytesLike} second @returns {Uint8Array} */
  equivocation(first, second) {
    return this.within(({ core, scope, error }) => {
      const out = scope.struct('ol_slice');
      core.check(core.exports.ol_equivocation_write(error, out, scope.slice(bytesLike(first)), scope.slice(bytesLike(second)),
        scope.take(OL_EQUIVOCATION_BYTES), OL_EQUIVOCATION_BYTES), error);
      return core.sliceBytes(core.read('ol_slice', out));
    });
  }

  /** Verifies that they do. @param {BytesLike} file ATRQ */
  readEquivocation(file) {
    return this.within(({ core, scope, error }) => {
      const [signer, sequence] = [scope.struct('ol_address'), scope.take(8)];
      core.check(core.exports.ol_equivocation_read(error, signer, sequence, scope.slice(bytesLike(file))), error);
      return { signer: addressText(core, core.read('ol_address', signer)), sequence: toBigInt(core.bytes(sequence, 8).slice().reverse()) };
    });
  }
}
