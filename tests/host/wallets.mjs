// SPDX-License-Identifier: MIT
// Wallets of the command line in tests: secrets and answers go in by file descriptors, words come out by one.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI } from './cli.mjs';

/** The mnemonic of nodes for development, and its first accounts. */
export const MNEMONIC = 'test test test test test test test test test test test junk';
export const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
export const ACCOUNT = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
export const SECOND = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
export const PASSWORD = 'correct horse';

const [PASSWORD_FD, SECRET_FD, ANSWER_FD, WORDS_FD] = [3, 4, 5, 6];

/**
 * Runs a command with a file descriptor for each of what is given, and its option.
 * @param {string[]} args
 * @param {{ password?: string, secret?: string, answer?: string | Promise<string>, words?: boolean, input?: string, env?: Record<string, string> }} [given]
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string, words: string }>}
 */
export function unlocked(args, { password, secret, answer, words, input = '', env = {} } = {}) {
  const lines = { [PASSWORD_FD]: password, [SECRET_FD]: secret, [ANSWER_FD]: answer };
  const options = [['--password-fd', PASSWORD_FD, password], ['--secret-fd', SECRET_FD, secret],
    ['--answer-fd', ANSWER_FD, answer], ['--words-fd', WORDS_FD, words]]
    .flatMap(([name, fd, value]) => (value === undefined ? [] : [String(name), String(fd)]));
  return new Promise((done, fail) => {
    // A session of its own has no terminal.
    const child = spawn(CLI, [...args, ...options], { env: { ...process.env, ...env }, stdio: Array(7).fill('pipe'), timeout: 120_000, detached: true });
    const out = { code: /** @type {number | null} */ (null), stdout: '', stderr: '', words: '' };
    /** @type {any} */ (child.stdio[1]).setEncoding('utf8').on('data', (/** @type {string} */ text) => (out.stdout += text));
    /** @type {any} */ (child.stdio[2]).setEncoding('utf8').on('data', (/** @type {string} */ text) => (out.stderr += text));
    /** @type {any} */ (child.stdio[WORDS_FD]).setEncoding('utf8').on('data', (/** @type {string} */ text) => (out.words += text));
    for (const [fd, text] of [[0, input], ...Object.entries(lines)]) {
      const pipe = /** @type {any} */ (child.stdio[Number(fd)]);
      pipe.on('error', () => {}); // a command need not read it
      void Promise.resolve(text).then((line) => pipe.end(fd === 0 ? line : line === undefined ? '' : `${line}\n`));
    }
    child.on('error', fail);
    child.on('close', (code) => done({ ...out, code }));
  });
}

/** A folder for wallets, removed when the process ends. */
export function walletFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'openledger-wallet-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  return (/** @type {string} */ name) => join(folder, name);
}

/** Makes a wallet of the mnemonic. @param {string} path @param {string[]} more */
export async function makeWallet(path, ...more) {
  const made = await unlocked(['wallet', 'import', '--wallet', path, ...more], { password: PASSWORD, secret: MNEMONIC });
  if (made.code !== 0) throw new Error(made.stderr);
  return path;
}
