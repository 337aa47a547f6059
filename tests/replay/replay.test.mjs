// SPDX-License-Identifier: MIT
// Recorded sessions give the same bytes natively and in WebAssembly, and those that they gave when recorded.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { load } from '../../build/js/index.mjs';
import { replay } from './player.mjs';

const folder = join(import.meta.dirname, 'transcripts');
const program = process.env.OL_REPLAY ?? join(import.meta.dirname, '../../build/dev/tests/replay_native');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const ol = await load();
const digest = (/** @type {string} */ text) => Buffer.from(ol.keccak256(new TextEncoder().encode(text))).toString('hex');

test('there are transcripts', () => assert.ok(names.length >= 10));

for (const name of names) {
  const path = join(folder, name);
  const recorded = readFileSync(path.replace(/json$/, 'log'), 'utf8');
  test(`${name} plays to the same bytes`, () => {
    const native = execFileSync(program, [path], { encoding: 'utf8' });
    const wasm = replay(ol, JSON.parse(readFileSync(path, 'utf8')));
    assert.equal(wasm, native);
    assert.equal(digest(wasm), digest(native));
    assert.equal(native, recorded);
  });
}

test('another answer plays to other bytes', () => {
  const transcript = JSON.parse(readFileSync(join(folder, 'honest.json'), 'utf8'));
  const log = replay(ol, transcript);
  const fed = transcript.events.find((/** @type {any[]} */ [kind, , text]) => kind === 'feed' && text.includes('"accountProof"'));
  fed[2] = fed[2].replace('"balance":"0x0"', '"balance":"0x1"');
  assert.notEqual(digest(replay(ol, transcript)), digest(log));
});
