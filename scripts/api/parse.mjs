// SPDX-License-Identifier: MIT
// Reads the restricted C of the public headers into a description. What it does not understand is an error,
// so that nothing public is ever left out of the bindings, the export list or the reference in silence.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ base: string, constant: boolean, pointers: number, count: number | null }} CType
 *   `pointers` counts the stars, `count` is the array length; `constant` is what is pointed to, or the value
 * @typedef {{ name: string, type: CType, doc: string }} Field
 * @typedef {{ name: string, value: number, doc: string }} Value
 * @typedef {object} Item
 * @property {'constant' | 'opaque' | 'struct' | 'enum' | 'callback' | 'function'} kind
 *   a callback is the type of a function that the caller brings
 * @property {string} name
 * @property {string} source the declaration as it is in the header
 * @property {string} [doc] the comment behind a constant
 * @property {number} [value] of a constant
 * @property {Field[]} [fields] of a struct
 * @property {Value[]} [values] of an enum
 * @property {CType} [returns] of a function or callback
 * @property {{ name: string, type: CType }[]} [params] the same
 * @property {boolean} [checked] whether the result must not be ignored
 * @property {number[] | null} [nonnull] positions, counted from 1, that must not be NULL; null if unmarked
 * @typedef {{ doc: string, items: Item[] }} Group declarations without an empty line between, and their comment
 * @typedef {{ file: string, doc: string, includes: string[], groups: Group[] }} Header
 * @typedef {{ kind: string, text: string, start: number, end: number }} Token
 */

const ATTRIBUTES = ['OL_API', 'OL_CHECKED', 'OL_NONNULL', 'OL_NONNULL_ARGS'];
const SCALARS = ['void', 'bool', 'char', 'int', 'size_t', 'uint8_t', 'uint16_t', 'uint32_t', 'uint64_t', 'int32_t',
  'int64_t'];
const GIVEN = { UINT32_MAX: 0xffffffff };

const TOKEN = new RegExp(
  [
    '(?<space>\\s+)',
    '(?<comment>/\\*[^]*?\\*/)',
    '(?<directive>^[ \\t]*#(?:\\\\\\n|(?!/\\*).)*)',
    '(?<word>[A-Za-z_]\\w*)',
    '(?<number>0[xX][0-9a-fA-F]+[uU]?|\\d+[uU]?)',
    '(?<string>"[^"\\n]*")',
    '(?<mark><<|[-+*(){}\\[\\],;=])',
  ].join('|'),
  'ymu',
);

/** @param {string} text @param {(offset: number, what: string) => never} fail */
function tokenize(text, fail) {
  /** @type {Token[]} */
  const tokens = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) fail(at, `cannot read ${JSON.stringify(text.slice(at, at + 20))}`);
    const [kind] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? ['space'];
    const token = match[0].trimEnd();
    if (kind !== 'space') tokens.push({ kind, text: token, start: at, end: at + token.length });
  }
  return tokens;
}

/** The text of a comment, without its frame. @param {string} comment */
const plain = (comment) =>
  comment.slice(2, -2).split('\n').map((line) => line.replace(/^\s*\* ?/, '').trimEnd()).join('\n').trim();

/** The same on one line. @param {string} comment */
const oneLine = (comment) => plain(comment).replace(/\s+/g, ' ');

class Parser {
  /**
   * @param {string} file
   * @param {string} text
   * @param {Map<string, number>} constants what the headers before this one define; added to
   * @param {Map<string, string>} types the kind of each type known so far; added to
   */
  constructor(file, text, constants, types) {
    this.file = file;
    this.text = text;
    this.constants = constants;
    this.types = types;
    this.at = 0;
    this.tokens = tokenize(text, (offset, what) => this.fail(offset, what));
    /** @type {Header} */
    this.header = { file, doc: '', includes: [], groups: [] };
    this.groupEnd = -1;
  }

  /** @param {number | Token} where @param {string} what @returns {never} */
  fail(where, what) {
    const offset = typeof where === 'number' ? where : where.start;
    throw new Error(`${this.file}:${this.text.slice(0, offset).split('\n').length}: ${what}`);
  }

  /** The token ahead; comments and the end count. @returns {Token} */
  get ahead() {
    return this.tokens[this.at] ?? { kind: 'end', text: 'end of file', start: this.text.length, end: this.text.length };
  }

  get previousEnd() {
    return this.at > 0 ? this.tokens[this.at - 1].end : 0;
  }

  take() {
    const token = this.ahead;
    if (token.kind === 'end') this.fail(token, 'the file ends in the middle of a declaration');
    this.at++;
    return token;
  }

  /** Takes the token if it is this one. @param {string} text */
  accept(text) {
    if (this.ahead.text !== text || this.ahead.kind === 'comment') return false;
    this.at++;
    return true;
  }

  /** @param {string} text */
  expect(text) {
    if (!this.accept(text)) this.fail(this.ahead, `expected '${text}', found '${this.ahead.text}'`);
  }

  word() {
    if (this.ahead.kind !== 'word') this.fail(this.ahead, `expected a name, found '${this.ahead.text}'`);
    return this.take().text;
  }

  /** The comment that follows on the same line, if any. */
  trailing() {
    const comment = this.ahead;
    if (comment.kind !== 'comment' || this.text.slice(this.previousEnd, comment.start).includes('\n')) return '';
    this.at++;
    return oneLine(comment.text);
  }

  /* Constant expressions: + - * << ( ), numbers and names. */

  /** @returns {number} */
  primary() {
    const token = this.take();
    if (token.kind === 'number') return Number(token.text.replace(/u$/i, ''));
    if (token.text === '-') return -this.primary();
    if (token.text === '(') {
      const value = this.expression();
      this.expect(')');
      return value;
    }
    const value = this.constants.get(token.text);
    if (value === undefined) this.fail(token, `'${token.text}' is not a known constant`);
    return value;
  }

  product() {
    let value = this.primary();
    while (this.accept('*')) value *= this.primary();
    return value;
  }

  sum() {
    let value = this.product();
    for (;;) {
      if (this.accept('+')) value += this.product();
      else if (this.accept('-')) value -= this.product();
      else return value;
    }
  }

  /** @returns {number} */
  expression() {
    let value = this.sum();
    while (this.accept('<<')) value *= 2 ** this.sum();
    return value;
  }

  /* Declarations. */

  /** A type and the name that it gives: `const ol_hash *state_root`, `char out[43]`. */
  declarator() {
    const constant = this.accept('const');
    const token = this.ahead;
    const base = this.word();
    if (!SCALARS.includes(base) && !this.types.has(base)) this.fail(token, `type '${base}' is not known`);
    let pointers = 0;
    while (this.accept('*')) {
      pointers++;
      this.accept('const'); // of the pointer itself, which is of no concern
    }
    const name = this.ahead.kind === 'word' ? this.word() : '';
    let count = null;
    if (name && this.accept('[')) {
      count = this.expression();
      this.expect(']');
    }
    return { name, token, type: { base, constant, pointers, count } };
  }

  fields() {
    /** @type {Field[]} */
    const fields = [];
    while (!this.accept('}')) {
      const { name, token, type } = this.declarator();
      if (!name) this.fail(this.ahead, 'a field needs a name');
      const shapeless = ['opaque', 'callback'].includes(this.types.get(type.base) ?? '');
      if (type.pointers === 0 && shapeless) this.fail(token, `'${type.base}' has no layout`);
      this.expect(';');
      fields.push({ name, type, doc: this.trailing() });
    }
    return fields;
  }

  values() {
    /** @type {Value[]} */
    const values = [];
    let next = 0;
    while (!this.accept('}')) {
      const name = this.word();
      const value = this.accept('=') ? this.expression() : next;
      const more = this.accept(',');
      values.push({ name, value, doc: this.trailing() });
      this.constants.set(name, value);
      if (!more && this.ahead.text !== '}') this.fail(this.ahead, `expected ',' or '}', found '${this.ahead.text}'`);
      next = value + 1;
    }
    return values;
  }

  /** @returns {Omit<Item, 'source'>} */
  typedef() {
    if (this.ahead.text !== 'struct' && this.ahead.text !== 'enum') {
      const { name, type: returns } = this.declarator();
      const params = this.params();
      this.expect(';');
      this.types.set(name, 'callback');
      return { kind: 'callback', name, returns, params };
    }
    const kind = this.word();
    const name = this.word();
    const opaque = !this.accept('{');
    if (opaque && kind === 'enum') this.fail(this.ahead, `'${name}' has no values`);
    const body = opaque ? {} : kind === 'struct' ? { fields: this.fields() } : { values: this.values() };
    if (this.word() !== name) this.fail(this.previousEnd, `the typedef of '${name}' has another name`);
    this.expect(';');
    this.types.set(name, opaque ? 'opaque' : kind);
    return { kind: opaque ? 'opaque' : /** @type {'struct' | 'enum'} */ (kind), name, ...body };
  }

  params() {
    /** @type {{ name: string, type: CType }[]} */
    const params = [];
    this.expect('(');
    if (this.ahead.text === 'void' && this.tokens[this.at + 1]?.text === ')') this.take();
    else {
      do {
        const { name, type } = this.declarator();
        if (!name) this.fail(this.ahead, 'a parameter needs a name');
        params.push({ name, type });
      } while (this.accept(','));
    }
    this.expect(')');
    return params;
  }

  /** @returns {Omit<Item, 'source'>} */
  prototype() {
    const checked = this.accept('OL_CHECKED');
    const { name, type: returns } = this.declarator();
    const params = this.params();
    const pointer = (/** @type {CType} */ type) => type.pointers > 0 || type.count !== null;
    /** @type {number[] | null} */
    let nonnull = null;
    if (this.accept('OL_NONNULL')) nonnull = params.flatMap(({ type }, i) => (pointer(type) ? [i + 1] : []));
    else if (this.accept('OL_NONNULL_ARGS')) {
      nonnull = [];
      this.expect('(');
      do nonnull.push(this.primary());
      while (this.accept(','));
      this.expect(')');
    }
    this.expect(';');
    return { kind: 'function', name, returns, params, checked, nonnull };
  }

  /** `#define OL_NAME value` @param {Token} token @returns {Omit<Item, 'source'>} */
  constant(token) {
    const match = /^\s*#\s*define\s+(OL_[A-Z0-9_]+)\s+([^(\s].*|\(.*\))$/.exec(token.text);
    if (!match) this.fail(token, `not understood: ${token.text}`);
    const inner = new Parser(this.file, match[2], this.constants, this.types);
    const value = inner.expression();
    if (inner.ahead.kind !== 'end') this.fail(token, `not a constant: ${match[2]}`);
    this.constants.set(match[1], value);
    return { kind: 'constant', name: match[1], value, doc: this.trailing() };
  }

  /* The file. */

  /** Skips to the matching #endif. @param {(token: Token) => void} each what is inside */
  conditional(each) {
    for (;;) {
      const token = this.take();
      const directive = token.kind === 'directive' ? token.text.replace(/\s*#\s*/, '#') : '';
      if (directive.startsWith('#endif')) return;
      if (directive.startsWith('#if')) this.fail(token, 'nested conditionals are not understood');
      each(token);
    }
  }

  /** @param {Token} token @returns {Omit<Item, 'source'> | null} */
  directive(token) {
    const text = token.text.trim();
    if (/^#include </.test(text)) return null;
    const include = /^#include "(openledger\/\w+\.h)"$/.exec(text);
    if (include) this.header.includes.push(include[1]);
    else if (text === '#ifdef __cplusplus') this.conditional(() => {});
    else if (/^#if /.test(text)) {
      this.conditional((inner) => {
        const name = /^#(?:elif .*|else|define (\w+)(?:\(\.\.\.\))?(?: .*)?)$/.exec(inner.text.trim());
        if (!name || (name[1] && !ATTRIBUTES.includes(name[1]))) {
          this.fail(inner, 'a conditional may define only OL_API and the attributes');
        }
      });
    } else if (/^#define /.test(text)) return this.constant(token);
    else if (!include) this.fail(token, `not understood: ${text}`);
    return null;
  }

  /** @param {Omit<Item, 'source'>} item @param {number} start @param {Token | null} comment */
  add(item, start, comment) {
    const gap = this.text.slice(this.groupEnd, start);
    const joins = !comment && this.groupEnd >= 0 && /^[ \t]*\n[ \t]*$/.test(gap);
    if (!joins) this.header.groups.push({ doc: comment ? plain(comment.text) : '', items: [] });
    this.header.groups[this.header.groups.length - 1].items.push(
      /** @type {Item} */ ({ ...item, source: this.text.slice(start, this.previousEnd).trim() }));
    this.groupEnd = this.previousEnd;
  }

  /** @returns {Header} */
  parse() {
    const guard = `OPENLEDGER_${this.file.replace(/^.*\//, '').replace(/\W/g, '_').toUpperCase()}`;
    if (plain(this.take().text) !== 'SPDX-License-Identifier: MIT') this.fail(0, 'the licence line is missing');
    this.expect(`#ifndef ${guard}`);
    this.expect(`#define ${guard}`);
    /** @type {Token | null} the comment that waits for its declaration */
    let comment = null;
    for (;;) {
      const token = this.take();
      const detached = comment && /\n\s*\n/.test(this.text.slice(comment.end, token.start));
      const apart = detached || token.kind === 'comment' || /^#(include|if)/.test(token.text);
      if (comment && apart) {
        if (this.header.doc || this.header.groups.length) this.fail(comment, 'this comment belongs to nothing');
        this.header.doc = plain(comment.text);
        comment = null;
      }
      if (token.kind === 'directive' && /^#endif/.test(token.text)) break;
      if (token.kind === 'comment') {
        comment = token;
        continue;
      }
      const item =
        token.kind === 'directive' ? this.directive(token)
        : token.text === 'typedef' ? this.typedef()
        : token.text === 'OL_API' ? this.prototype()
        : this.fail(token, `a declaration that starts with '${token.text}' is not understood`);
      if (!item) continue;
      this.add(item, token.start, comment);
      comment = null;
    }
    if (this.ahead.kind !== 'end') this.fail(this.ahead, 'there is text behind the include guard');
    return this.header;
  }
}

/**
 * @param {string} text of a header
 * @param {string} [file] its name
 * @returns {Header}
 */
export const parseText = (text, file = 'test.h', known = newKnown()) =>
  new Parser(file, text, known.constants, known.types).parse();

const newKnown = () => ({
  constants: new Map(Object.entries(GIVEN)),
  types: /** @type {Map<string, string>} */ (new Map()),
});

/**
 * Reads the public headers, each after those that it includes.
 * @param {string} include the folder that holds openledger/
 * @param {string} first the header to begin with
 * @returns {Header[]}
 */
export function parseHeaders(include, first = 'openledger/openledger.h') {
  const known = newKnown();
  /** @type {Header[]} */
  const done = [];
  const queue = [first];
  const waiting = new Set();
  while (queue.length > 0) {
    const file = queue[queue.length - 1];
    const text = readFileSync(join(include, file), 'utf8');
    const needs = [...text.matchAll(/^#include "(openledger\/\w+\.h)"$/gm)].map((match) => match[1]);
    const missing = needs.filter((need) => !done.some((header) => header.file === need));
    if (missing.length > 0) {
      if (waiting.has(file)) throw new Error(`${file}: headers include each other`);
      waiting.add(file);
      queue.push(...missing.reverse());
      continue;
    }
    queue.pop();
    if (!done.some((header) => header.file === file)) done.push(parseText(text, file, known));
  }
  return done;
}

/** @param {Header[]} headers @returns {Item[]} */
export const itemsOf = (headers) => headers.flatMap(({ groups }) => groups.flatMap(({ items }) => items));
