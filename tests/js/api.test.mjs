// SPDX-License-Identifier: MIT
// The reader of the public headers, the laws it checks, and what it generates.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultsOf } from '../../scripts/api/check.mjs';
import { abiOf, assertionsOf, jsOf } from '../../scripts/api/layout.mjs';
import { itemsOf, parseHeaders, parseText } from '../../scripts/api/parse.mjs';
import { referenceOf } from '../../scripts/api/reference.mjs';
import { root } from './support.mjs';

/** @param {string} body */
const header = (body) => parseText(`/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_TEST_H
#define OPENLEDGER_TEST_H

/* A header. */

#include <stdint.h>

/* Errors. */
typedef struct ol_error { int32_t status; } ol_error;

/* Statuses. */
typedef enum ol_status { OL_OK = 0 } ol_status;

/* Opaque. */
typedef struct ol_thing ol_thing;

${body}

#endif
`);

/** @param {string} body */
const faults = (body) => faultsOf([header(body)]).map((fault) => fault.replace(/^.*?: /, ''));

test('the public headers obey the laws, and the reference is up to date', () => {
  execFileSync(process.execPath, ['scripts/api.mjs', 'check'], { cwd: root, stdio: 'pipe' });
});

test('the export list has every prototype of the headers and nothing else', () => {
  const names = execFileSync(process.execPath, ['scripts/api.mjs', 'symbols'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(names, itemsOf(parseHeaders(`${root}/sdk/include`)).filter(({ kind }) => kind === 'function').map(({ name }) => name));
  assert.ok(names.includes('ol_keccak256') && names.every((name) => /^ol_/.test(name)));
});

test('the module exports what a program of ours calls, and nothing else', () => {
  const names = execFileSync(process.execPath, ['scripts/api.mjs', 'symbols', 'js'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const programs = ['bindings/js/src', 'tests/devnet', 'tests/bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.mjs'))
      .map((file) => readFileSync(join(root, folder, file), 'utf8'))).join('\n');
  const called = new Set(programs.match(/\bol_\w+/g));
  for (const type of ['address', 'hash', 'u256']) called.add(`ol_${type}_from_text`); // by a name that is put together
  assert.deepEqual(names.filter((name) => !called.has(name)), []);
});

test('structs are laid out as wasm32 does', () => {
  const parsed = header(`/* A. */
#define OL_N (1u << 2)

/* B. */
typedef struct ol_small {
  uint8_t bytes[3];
} ol_small;

/* C. */
typedef struct ol_big {
  uint8_t flag;
  uint64_t wide; /* aligned
                    to 8 */
  ol_small many[OL_N + 1];
  const char *text;
  size_t len;
} ol_big;`);
  const { structs, constants } = abiOf([parsed]);
  assert.equal(constants.OL_N, 4);
  assert.deepEqual(structs[2], {
    name: 'ol_big', size: 40, align: 8,
    fields: [
      { name: 'flag', offset: 0, kind: 'u8', count: 0 },
      { name: 'wide', offset: 8, kind: 'u64', count: 0 },
      { name: 'many', offset: 16, kind: 'ol_small', count: 5 },
      { name: 'text', offset: 32, kind: 'u32', count: 0 },
      { name: 'len', offset: 36, kind: 'u32', count: 0 },
    ],
  });
  assert.equal(itemsOf([parsed]).find(({ name }) => name === 'ol_big')?.fields?.[1].doc, 'aligned to 8');
  assert.match(assertionsOf([parsed]), /offsetof\(ol_big, many\) == 16/);
  assert.match(jsOf([parsed], []), /\['many', 16, 'ol_small', 5\]/);
});

test('the digest follows the declarations, not the words', () => {
  const digest = (/** @type {string} */ body) => abiOf([header(body)]).digest;
  const one = '/* One. */\nOL_API int ol_a(uint32_t x);';
  assert.equal(digest(one), digest(one.replace('One', 'Two')));
  assert.notEqual(digest(one), digest(one.replace('uint32_t', 'uint64_t')));
});

const unreadable = {
  'a union': 'typedef union ol_u { int a; } ol_u;',
  'an unknown type': '/* F. */\nOL_API void ol_f(unsigned x);',
  'a prototype that is not exported': '/* F. */\nvoid ol_f(void);',
  'a bit field': 'typedef struct ol_s { uint32_t a : 1; } ol_s;',
  'a variable': '/* V. */\nextern int ol_v;',
  'an unknown attribute': '/* F. */\nOL_API void ol_f(void) OL_MAGIC;',
  'a function body': '/* F. */\nOL_API int ol_f(void) { return 1; }',
  'a line comment': '// words',
  'a macro with arguments': '#define OL_MAX(a, b) ((a) > (b))',
  'a constant of text': '#define OL_NAME "name"',
  'a conditional declaration': '#if defined(OL_X)\n/* F. */\nOL_API void ol_f(void);\n#endif',
  'two headers in one': '#endif\n#ifndef OTHER\n#define OTHER',
  'a parameter without a name': '/* F. */\nOL_API void ol_f(uint32_t);',
  'an opaque struct by value': '/* S. */\ntypedef struct ol_s { ol_thing thing; } ol_s;',
  'a comment on nothing': '/* F. */\nOL_API void ol_f(void);\n\n/* Lost. */\n\n/* G. */\nOL_API void ol_g(void);',
};
for (const [what, body] of Object.entries(unreadable)) {
  test(`what is not understood is an error: ${what}`, () => {
    assert.throws(() => header(body), /test\.h:\d+: /);
  });
}

test('a lawful prototype has no faults', () => {
  assert.deepEqual(faults(`/* Does. */
OL_API OL_CHECKED ol_status ol_do(ol_error *error, ol_thing *thing, uint8_t *out, size_t len, size_t *out_len,
                                  const uint8_t *data, size_t data_len, void *memory, size_t memory_len) OL_NONNULL;`), []);
});

/** @type {[fault: RegExp, declaration: string][]} */
const lawless = [
  [/'error' is out of order/, 'OL_API OL_CHECKED ol_status ol_f(ol_thing *thing, ol_error *error) OL_NONNULL;'],
  [/'out' is out of order/, 'OL_API OL_CHECKED ol_status ol_f(ol_error *error, uint32_t x, uint32_t *out) OL_NONNULL;'],
  [/'thing' is out of order/, 'OL_API OL_CHECKED ol_status ol_f(ol_error *error, uint32_t *out, ol_thing *thing) OL_NONNULL;'],
  [/'result' is written to/, 'OL_API void ol_f(uint32_t x, uint32_t *result) OL_NONNULL;'],
  [/'out' is an output but const/, 'OL_API void ol_f(const uint32_t *out) OL_NONNULL;'],
  [/'data' has no length/, 'OL_API void ol_f(const uint8_t *data, uint32_t x) OL_NONNULL;'],
  [/'len' is not right behind/, 'OL_API void ol_f(const uint32_t *data, uint32_t x, size_t len) OL_NONNULL;'],
  [/'b_len' is not the length of 'a'/, 'OL_API void ol_f(const uint8_t *a, size_t b_len) OL_NONNULL;'],
  [/not OL_CHECKED/, 'OL_API ol_status ol_f(ol_error *error) OL_NONNULL;'],
  [/neither OL_NONNULL/, 'OL_API OL_CHECKED ol_status ol_f(ol_error *error);'],
  [/argument 2 is not a pointer/, 'OL_API void ol_f(uint32_t *out, uint32_t x) OL_NONNULL_ARGS(1, 2);'],
  [/returns no status/, 'OL_API OL_CHECKED int ol_f(ol_error *error) OL_NONNULL;'],
  [/is misnamed/, 'OL_API void f(void);'],
];
for (const [fault, declaration] of lawless) {
  test(`a broken law is found: ${fault.source}`, () => {
    const found = faults(`/* F. */\n${declaration}`);
    assert.ok(found.some((text) => fault.test(text)), `found ${JSON.stringify(found)}`);
  });
}

test('a function without a comment is found', () => {
  assert.match(faults('OL_API void ol_f(void);').join(), /has no comment/);
});

test('the reference names every declaration once, with its words', () => {
  const headers = parseHeaders(`${root}/sdk/include`);
  const reference = referenceOf(headers);
  for (const { name } of itemsOf(headers)) {
    assert.equal(reference.split(`<a id="${name}"></a>`).length, 2, name);
  }
  assert.match(reference, /\*\*Returns:\*\*/);
});
