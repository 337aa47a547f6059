// SPDX-License-Identifier: MIT
// A wallet's library, pointed at `openledger serve`, whose first endpoint lies.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createPublicClient, formatEther, http } from 'viem';
import { startForger } from './forger.mjs';
import { ONE_MS, bold, cli, green, must, red } from './show.mjs';

/** @typedef {Awaited<ReturnType<typeof import('./rollup.mjs').startRollup>>} Rollup */

const CLAIMED = 1_000_000n * 10n ** 18n;

/**
 * Starts `openledger serve` on a free port.
 * @param {string[]} args
 * @returns {Promise<{ url: string, said: () => string, stop: () => Promise<void> }>} said: what it has warned of
 */
async function startServe(...args) {
  const child = spawn(cli, ['serve', '--listen', '127.0.0.1:0', '--json', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  let warned = '';
  child.stderr.setEncoding('utf8').on('data', (text) => { warned += text; });
  const closed = new Promise((done) => child.once('close', done));
  const stop = async () => {
    child.kill('SIGTERM');
    await closed;
    process.removeListener('exit', kill);
  };
  const late = setTimeout(kill, ONE_MS);
  try {
    const [line] = await Promise.race([
      new Promise((done) => createInterface(child.stdout).once('line', (text) => done([text]))),
      closed.then(() => [undefined]),
    ]);
    must(line, `openledger serve does not start: ${warned}`);
    return { url: JSON.parse(line).url, said: () => warned, stop };
  } finally {
    clearTimeout(late);
  }
}

/** @param {string} url @param {Rollup} rollup */
async function readBy(url, { owner }) {
  const wallet = createPublicClient({ transport: http(url, { retryCount: 0, timeout: ONE_MS }) });
  const start = performance.now();
  const wei = await wallet.getBalance({ address: owner });
  return { wei, ms: performance.now() - start };
}

const line = (/** @type {string} */ by, /** @type {string} */ answer, /** @type {string} */ took) =>
  `${by.padEnd(34)}${answer.padEnd(31)}${took.padStart(6)}`;

/** @param {string} url @param {Rollup} rollup @param {string} by @param {bigint} wei what it must be @param {string} verdict */
async function show(url, rollup, by, wei, verdict) {
  const read = await readBy(url, rollup);
  must(read.wei === wei, `${by}: ${read.wei}`);
  console.log(`${line(by, `${formatEther(read.wei)} OPEN`, read.ms.toFixed(0))}  ${verdict}`);
}

/** @param {Rollup} rollup */
export async function serveWallet(rollup) {
  const { urls, profileFile, checkpoint, blocks } = rollup;
  const claimed = `0x${CLAIMED.toString(16)}`;
  const liar = await startForger(rollup.ask, {
    eth_getBalance: () => claimed,
    eth_getProof: (result) => ({ ...result, balance: claimed }),
  });
  try {
    const anchor = ['--trust', 'proposed', '--rollup', profileFile, '--checkpoint', checkpoint, '--beacon', urls.beacon, '--l1', urls.l1];
    const served = await startServe('--rpc', liar.url, '--rpc', urls.l2, ...anchor);
    try {
      console.log(`\n${bold(line("viem's getBalance of the owner", 'answer', 'ms'))}`);
      await show(liar.url, rollup, 'from a lying endpoint', CLAIMED, red('a lie'));
      await show(served.url, rollup, 'the same behind openledger serve', await rollup.balanceAt(blocks.proposed), green('proposed'));
    } finally {
      await served.stop();
    }
    const [, reason] = served.said().split('\n').find((text) => text.includes(liar.url))?.split(`${liar.url}: `) ?? [];
    must(reason, `openledger serve does not blame the liar: ${served.said()}`);
    console.log(`${'... which blames that endpoint'.padEnd(34)}${red('refused: ')}${reason}`);
  } finally {
    await liar.stop();
  }
}
