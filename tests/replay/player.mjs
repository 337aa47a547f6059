// SPDX-License-Identifier: MIT
//
// Plays a recorded session to the core in WebAssembly and writes down all that the core says, line by line, as
// replay.c does natively. A transcript is JSON: { config, question, events }, where an event is one of
//   ["begin", now], ["tick", now], ["feed", want id, text], ["fail", want id, reason].

/** @typedef {{ chainId: number, endpoints: number, quorum: number, timeoutMs: number, maxAnswer: number }} Config */
/** @typedef {{ address: string, block: number, number: number, hash: string, maxAge: number, code: number, slots: string[] }} Question */
/** @typedef {{ config: Config, question: Question, events: [string, number, (string | number)?][] }} Transcript */

const bytesOfHex = (/** @type {string} */ hex) => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));

export class Player {
  /** @type {string[]} */
  log = [];
  /** @type {{ id: number, endpoint: number, body: string }[]} */
  wants = [];

  /** @param {import('../../bindings/js/src/index.mjs').OpenLedger} ol @param {Config} config @param {Question} question */
  constructor({ core }, config, question) {
    this.core = core;
    this.scope = core.scope();
    const { exports } = core;
    const scope = this.scope;
    this.error = scope.struct('ol_error');
    const pointer = scope.take(4);
    const at = scope.struct('ol_client_config', {
      chain_id: BigInt(config.chainId), endpoints: config.endpoints, quorum: config.quorum,
      timeout_ms: config.timeoutMs, max_answer: config.maxAnswer,
    });
    const size = exports.ol_client_size(at);
    core.check(exports.ol_client_init(this.error, pointer, at, scope.take(size), size), this.error);
    this.client = core.pointer(pointer);
    this.engine = exports.ol_client_engine(this.client);
    const asked = scope.struct('ol_account_question');
    exports.ol_account_question_init(asked, scope.struct('ol_address', bytesOfHex(question.address)));
    core.write('ol_account_question', asked, {
      block: question.block, number: BigInt(question.number), hash: bytesOfHex(question.hash),
      max_age_s: question.maxAge, with_code: question.code, slot_count: question.slots.length,
      slots: question.slots.map(bytesOfHex),
    });
    core.check(exports.ol_client_ask_account(this.error, this.client, asked), this.error);
  }

  get working() {
    return this.core.exports.ol_engine_state(this.engine) === 1;
  }

  /** @param {[string, number, (string | number)?]} event */
  play([kind, first, second]) {
    const { core, engine } = this;
    const scope = core.scope();
    if (kind === 'begin') core.check(core.exports.ol_engine_begin(engine, BigInt(first)), core.exports.ol_engine_error(engine));
    else if (kind === 'tick') core.exports.ol_engine_tick(engine, BigInt(first));
    else if (kind === 'fail') core.exports.ol_engine_fail(engine, BigInt(first), Number(second));
    else if (kind === 'feed') {
      const { at, len } = scope.copy(String(second));
      core.exports.ol_engine_feed(engine, BigInt(first), at, len);
    } else throw new Error(`there is no event ${kind}`);
    scope.free();
    this.#drain();
  }

  #drain() {
    const { core, engine, log } = this;
    const scope = core.scope();
    const want = scope.struct('ol_want');
    while (core.exports.ol_engine_next_want(engine, want) === 1) {
      const { id, deadline_ms, source, endpoint, method, max_len, path, body } = core.read('ol_want', want);
      const text = core.sliceText(body);
      log.push(`want ${id} ${deadline_ms} ${source} ${endpoint} ${method} ${max_len} ${core.sliceText(path)} ${text}`);
      this.wants.push({ id: Number(id), endpoint, body: text });
    }
    const blame = scope.struct('ol_blame');
    while (core.exports.ol_engine_next_blame(engine, blame) === 1) {
      const { want_id, source, endpoint } = core.read('ol_blame', blame);
      log.push(`blame ${want_id} ${source} ${endpoint} ${core.error(blame + core.offsetOf('ol_blame', 'error')).message}`);
    }
    log.push(`state ${core.exports.ol_engine_state(engine)}`);
    scope.free();
  }

  /** Ends the session. Returns: all that the core said, the answer or the error last. */
  end() {
    const { core, scope } = this;
    const out = scope.struct('ol_account_answer');
    const code = scope.struct('ol_slice');
    if (core.exports.ol_client_account(this.error, out, code, this.client) !== 0) {
      this.log.push(`error ${core.error(this.error).message}`);
    } else {
      const size = (32 << 10) + 16 * (core.read('ol_slice', code).len);
      const text = scope.struct('ol_slice');
      core.check(core.exports.ol_account_answer_json(this.error, text, out, code, scope.take(size), size), this.error);
      this.log.push(`answer ${core.read('ol_account_answer', out).age_s} ${core.sliceText(core.read('ol_slice', text))}`);
    }
    scope.free();
    return `${this.log.join('\n')}\n`;
  }
}

/** Plays a whole transcript. @param {import('../../bindings/js/src/index.mjs').OpenLedger} ol @param {Transcript} transcript */
export function replay(ol, { config, question, events }) {
  const player = new Player(ol, config, question);
  for (const event of events) player.play(event);
  return player.end();
}
