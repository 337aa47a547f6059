// SPDX-License-Identifier: MIT
// Secrets and questions on a terminal: what is typed is not shown, and the terminal becomes as it was.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { recoverMessageAddress } from 'viem';
import { CLI, noScript } from './cli.mjs';
import { ACCOUNT, makeWallet, MNEMONIC, PASSWORD, walletFolder } from './wallets.mjs';

const path = walletFolder();
const WAIT_MS = 20_000;

/**
 * Runs a command on a terminal, and types when it asks.
 * @param {string[]} args
 * @param {[RegExp, (match: RegExpMatchArray, said: string) => string][]} answers what is asked, in this order, and what is typed
 * @param {string} [behind] a command that the shell runs afterwards
 */
function onTerminal(args, answers, behind = '') {
  const line = [CLI, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `trap : INT; ${line}; code=$?; ${behind} exit $code`, '/dev/null'], { env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' } });
  let said = '';
  let from = 0;
  let next = 0;
  return new Promise((/** @type {(outcome: { code: number | null, said: string }) => void} */ done, fail) => {
    const late = setTimeout(() => (child.kill(), fail(new Error(`it does not go on:\n${said}`))), WAIT_MS);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said += text;
      const match = next < answers.length && said.slice(from).match(answers[next][0]);
      if (!match) return;
      from = said.length;
      child.stdin.write(answers[next++][1](match, said));
    });
    child.stdin.on('error', () => {});
    child.on('error', fail);
    child.on('close', (code) => (clearTimeout(late), done({ code, said })));
  });
}

const type = (/** @type {string} */ text) => () => `${text}\r`;

describe('on a terminal', { skip: noScript }, () => {
  test('a new wallet shows its words, and asks two of them back', async () => {
    const file = path('new');
    /** @type {string[]} */
    let words = [];
    const word = (/** @type {RegExpMatchArray} */ match, /** @type {string} */ said) => {
      words = (said.match(/(?:^|\n)((?:[a-z]+ ){11}[a-z]+)\r?\n/)?.[1] ?? '').split(' ');
      return `${words[Number(match[1]) - 1]}\r`;
    };
    const made = await onTerminal(['wallet', 'new', '--wallet', file], [[/new password: $/, type('pass wörd')], [/the same again: $/, type('pass wörd')],
      [/word (\d+) of these: $/, word], [/word (\d+) of these: $/, word]]);
    assert.equal(made.code, 0, made.said);
    assert.equal(words.length, 12);
    assert.doesNotMatch(made.said, /pass w/, 'a password is not shown');
    assert.match(made.said, /account +0x[0-9a-fA-F]{40} {2}mnemonic m\/44'\/60'\/0'\/0\/0/);

    const wrong = path('wrong');
    const refused = await onTerminal(['wallet', 'new', '--wallet', wrong], [[/new password: $/, type('pw')], [/the same again: $/, type('pw')], [/word (\d+) of these: $/, type('zo')]]);
    assert.equal(refused.code, 4);
    assert.match(refused.said, /that is another word, so no wallet was made/);
    assert.ok(!existsSync(wrong));
  });

  test('a password that is not typed the same twice is none', async () => {
    const outcome = await onTerminal(['wallet', 'new', '--wallet', path('twice')], [[/new password: $/, type('one')], [/the same again: $/, type('two')]]);
    assert.equal(outcome.code, 2);
    assert.match(outcome.said, /new password: was not typed the same twice/);
  });

  test('keys and mnemonics are not shown either, and can be corrected', async () => {
    const typed = `wrong\x15${MNEMONIC}xyzä\x7f\x7f\x7f\x7f`; // ^U, and a character of two bytes that is taken back
    const outcome = await onTerminal(['wallet', 'import', '--wallet', path('import')], [[/new password: $/, type(PASSWORD)], [/the same again: $/, type(PASSWORD)],
      [/private key or mnemonic: $/, type(typed)]]);
    assert.equal(outcome.code, 0, outcome.said);
    assert.ok(outcome.said.includes(ACCOUNT));
    assert.doesNotMatch(outcome.said, /junk|wrong|horse/);
  });

  test('what is to be signed is shown where the question is asked', async () => {
    const file = await makeWallet(path('sign'));
    const signed = await onTerminal(['sign', 'hello', '--wallet', file], [[/password: $/, type(PASSWORD)], [/Sign this\? Type "yes" if so: $/, type('yes')]]);
    assert.equal(signed.code, 0, signed.said);
    assert.match(signed.said, /\n {2}\| hello\r\n[^]*Sign this\?/);
    assert.match(signed.said, /deriving a key \[#*\.*\] \d+ %/);
    const [signature] = /** @type {any} */ (signed.said.match(/0x[0-9a-f]{130}/));
    assert.equal(await recoverMessageAddress({ message: 'hello', signature }), ACCOUNT);
    const not = await onTerminal(['sign', 'hello', '--wallet', file], [[/password: $/, type(PASSWORD)], [/Sign this\? Type "yes" if so: $/, type('y')]]);
    assert.equal(not.code, 4);
    assert.doesNotMatch(not.said, /0x[0-9a-f]{130}/);
  });

  test('whoever gives up at a prompt has a terminal that shows what is typed', async () => {
    const file = await makeWallet(path('give-up'));
    const ended = await onTerminal(['wallet', 'list', '--wallet', file], [[/password: $/, () => '\x03']], 'stty -a;');
    assert.notEqual(ended.code, 0);
    assert.match(ended.said, /[^-]echo\b/);
    assert.match(ended.said, /[^-]icanon\b/);
  });
});
