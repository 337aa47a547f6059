// SPDX-License-Identifier: MIT
// Bundles: the answers that runs needed, in one file, which stands in the place of servers. Nothing in it is believed.
import { OL_BUNDLE_AROUND, ol_format, ol_http_method, ol_source, ol_taken } from './abi.mjs';
import { OpenLedgerError, refuse } from './errors.mjs';
import { ofBundle } from './transport.mjs';
import { hashOf, toHex, toU64 } from './values.mjs';

/** @typedef {import('./core.mjs').Core} Core */
/** @typedef {ReturnType<Core['scope']>} Scope */
/** @typedef {import('./transport.mjs').Want} Want */

/**
 * What a bundle says of itself; nothing proves it.
 * @typedef {object} BundleAbout
 * @property {bigint | number} made Unix seconds
 * @property {bigint | number} [l1ChainId]
 * @property {bigint | number} [l2ChainId]
 * @property {string | Uint8Array} [checkpoint] the root of the beacon block that the runs began with
 * @property {string} [question] in words: printable ASCII, 512 characters at most
 */

const SOURCES = {
  beacon: ol_source.OL_SOURCE_BEACON,
  l1: ol_source.OL_SOURCE_L1,
  l2: ol_source.OL_SOURCE_L2,
  node: ol_source.OL_SOURCE_NODE,
  sequencer: ol_source.OL_SOURCE_SEQUENCER,
};
const TEXT = 512; // bytes of a request that is named in an error

/** @param {Scope} scope @param {string | Uint8Array} data */
function sliceOf(scope, data) {
  const { at, len } = scope.copy(data);
  return { data: at, len };
}

/** @param {Scope} scope @param {Want} want @returns {number} the address of an ol_want */
const writeWant = (scope, { id, source, endpoint, method, format, path, body, maxLength }) => scope.struct('ol_want', {
  id,
  source: SOURCES[source],
  endpoint,
  method: method === 'POST' ? ol_http_method.OL_HTTP_POST : ol_http_method.OL_HTTP_GET,
  format: format === 'ssz' ? ol_format.OL_FORMAT_SSZ : ol_format.OL_FORMAT_JSON,
  max_len: maxLength,
  path: sliceOf(scope, path),
  body: sliceOf(scope, body),
});

/** A bundle that was read. Close it to give its memory back. */
export class Bundle {
  #core;
  #scope;
  #at;
  #room;
  #now;

  /**
   * @param {import('./index.mjs').OpenLedger} openledger
   * @param {Uint8Array} bytes
   * @param {{ now?: () => number }} [options] the clock, as the client and the sync have it
   */
  constructor(openledger, bytes, { now = Date.now } = {}) {
    const core = this.#core = openledger.core;
    this.#now = now;
    this.#scope = core.scope();
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const all = this.#scope.slice(bytes);
      this.#at = this.#scope.struct('ol_bundle');
      core.check(core.exports.ol_bundle_read(error, this.#at, all), error);
      const { about, count, answers } = core.read('ol_bundle', this.#at);
      this.#room = answers.len + OL_BUNDLE_AROUND;
      const id = scope.struct('ol_hash');
      core.exports.ol_bundle_id(id, all);
      /** SHA-256 of the file. @type {string} */
      this.id = toHex(core.read('ol_hash', id));
      /** How many answers there are. */
      this.count = count;
      /** Unix seconds; by its own word, as is all that follows. */
      this.made = about.made;
      this.l1ChainId = about.l1_chain_id;
      this.l2ChainId = about.l2_chain_id;
      this.checkpoint = toHex(about.checkpoint);
      this.question = core.sliceText(about.question);
    } catch (error) {
      this.#scope.free();
      throw error;
    } finally {
      scope.free();
    }
  }

  /** @param {Want} want */
  #answer(want) {
    const core = this.#core;
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const out = scope.struct('ol_slice');
      const at = writeWant(scope, want);
      const now = BigInt(Math.trunc(this.#now()));
      if (core.exports.ol_bundle_answer(error, out, this.#at, at, now, scope.take(this.#room), this.#room) === 0) {
        return core.sliceBytes(core.read('ol_slice', out));
      }
      const text = scope.take(TEXT);
      core.exports.ol_want_text(text, TEXT, at);
      const why = core.error(error);
      throw new OpenLedgerError(why, `${core.text(text)}: ${why.message}`);
    } finally {
      scope.free();
    }
  }

  /**
   * The bundle as the first endpoint of a source. It may be the only one, or have others behind it that are asked for
   * what it lacks. It is one voice: a quorum of several needs endpoints that are independent of it.
   * @param {Want['source']} source
   * @returns {import('./transport.mjs').Transport}
   */
  transport(source) {
    if (!(source in SOURCES)) refuse('a source is beacon, l1, l2 or node');
    return ofBundle(async (want) => {
      if (want.endpoint !== 0) refuse('a bundle is the first endpoint of a source, and no second one');
      return this.#answer({ ...want, source });
    });
  }

  /** Gives the memory back; nothing else may be called afterwards. */
  close() {
    this.#scope.free();
  }

  [Symbol.dispose]() {
    this.close();
  }
}

/** @typedef {{ run: object, id: bigint, entry: { request: Uint8Array, answer: Uint8Array } }} Kept */

/** Keeps what runs use: to be given to them as `recording`, and packed in the end. */
export class Recording {
  #core;
  /** By request. @type {Map<string, Kept>} */
  #kept = new Map();

  /** @param {import('./index.mjs').OpenLedger} openledger */
  constructor(openledger) {
    this.#core = openledger.core;
  }

  /**
   * Keeps an answer that an engine was just given, if it used it. Called by runs.
   * @param {object} run whose wants have ids of their own
   * @param {number} engine
   * @param {Want} want
   * @param {Uint8Array} data
   */
  take(run, engine, want, data) {
    const core = this.#core;
    const taken = core.exports.ol_engine_taken(engine);
    if (taken === ol_taken.OL_TAKEN_NOT) return;
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const out = scope.struct('ol_bundle_entry');
      const response = scope.slice(data);
      const memory = scope.take(data.length);
      core.check(core.exports.ol_bundle_entry_of(error, out, writeWant(scope, want), response, memory, data.length), error);
      const { request, answer } = core.read('ol_bundle_entry', out);
      const name = toHex(request);
      // Of two answers to one request the later is the one that the run went on with, unless it told nothing.
      if (this.#kept.has(name) && taken === ol_taken.OL_TAKEN_IDLE) return;
      this.#kept.set(name, { run, id: want.id, entry: { request, answer: core.sliceBytes(answer) } });
    } finally {
      scope.free();
    }
  }

  /** Drops what was blamed. Called by runs. @param {object} run @param {bigint} id */
  drop(run, id) {
    for (const [name, kept] of this.#kept) if (kept.run === run && kept.id === id) this.#kept.delete(name);
  }

  /** How many answers there are. */
  get count() {
    return this.#kept.size;
  }

  /**
   * @param {BundleAbout} about
   * @returns {Uint8Array} a bundle
   */
  pack({ made, l1ChainId = 0n, l2ChainId = 0n, checkpoint = new Uint8Array(32), question = '' }) {
    const core = this.#core;
    const scope = core.scope();
    try {
      const error = scope.struct('ol_error');
      const about = scope.struct('ol_bundle_about', {
        made: toU64(made, 'made'),
        l1_chain_id: toU64(l1ChainId, 'l1ChainId'),
        l2_chain_id: toU64(l2ChainId, 'l2ChainId'),
        checkpoint: hashOf(core, checkpoint),
        question: sliceOf(scope, question),
      });
      const kept = [...this.#kept.values()];
      const size = core.sizeOf('ol_bundle_entry');
      const entries = scope.take(size * kept.length);
      for (const [i, { entry: { request, answer } }] of kept.entries()) {
        core.write('ol_bundle_entry', entries + i * size, { request, answer: sliceOf(scope, answer) });
      }
      const len = core.exports.ol_bundle_size(about, entries, kept.length) >>> 0;
      const out = scope.take(len);
      core.check(core.exports.ol_bundle_write(error, out, len, about, entries, kept.length), error);
      return core.bytes(out, len).slice();
    } finally {
      scope.free();
    }
  }
}
