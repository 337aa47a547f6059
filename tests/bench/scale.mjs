// SPDX-License-Identifier: MIT
// What many clients cost the nodes that they ask, with bundles (openledger/bundle.h) and without. Measures runs against
// a rollup on this machine, keeps the figures in docs/scale.json, and makes the tables of docs/scale.md out of those.
//
//   node tests/bench/scale.mjs              measures, and writes both
//   node tests/bench/scale.mjs --tables     writes the tables out of the figures that are kept
//   node tests/bench/scale.mjs --check [ROOT]   fails unless the tables follow from the figures
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { pack, unpack } from '../bundle.mjs';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const [FIGURES, DOCUMENT] = ['docs/scale.json', 'docs/scale.md'];
const SOURCES = /** @type {const} */ (['beacon', 'l1', 'l2']);
const PERIOD_SLOTS = 8192;
const VERIFICATIONS = 20;
const ANVIL_PROOFS = 200;

/** What is assumed of a day; to be changed in docs/scale.json, and the tables made again. */
const ASSUMED = {
  clients: 1_000_000,
  questionsADay: 10, // of each client
  coldADay: 0.05, // runs from a checkpoint, of each client: new ones, and those that lost their state
  hits: 0.8, // share of questions that a cached bundle answers
  bundledAccounts: 1000, // for which bundles are made
  bundlesADay: 24, // of each of these
};

/* --- Measuring --- */

/**
 * A transport that counts, in bodies and paths without the heads of HTTP.
 * @param {any} http @param {string} url @param {any} into
 */
const counting = (http, url, into) => async (/** @type {any} */ want, /** @type {AbortSignal} */ signal) => {
  const answer = await http({ url })(want, signal);
  const source = (into[want.source] ??= { requests: 0, sent: 0, received: 0, gzip: 0, proofs: 0, proofBytes: 0 });
  source.requests++;
  source.sent += want.path.length + want.body.length;
  source.received += answer.length;
  source.gzip += gzipSync(answer, { level: 9 }).length;
  if (want.body.includes('"eth_getProof"')) {
    source.proofs++;
    source.proofBytes += answer.length;
  }
  return answer;
};

/** Milliseconds of CPU that a command takes each time. @param {string[]} command */
function cpuOf(command) {
  const script = `for i in $(seq ${VERIFICATIONS}); do "$@" >/dev/null || exit 1; done; times`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')} failed: ${stderr}`);
  const [, minutes, seconds, minutes2, seconds2] = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(stdout) ?? [];
  return (60 * (Number(minutes) + Number(minutes2)) + Number(seconds) + Number(seconds2)) * 1000 / VERIFICATIONS;
}

/** @param {Uint8Array} bytes */
const weigh = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length,
});

/**
 * A bundle's weight where committees do not compress: keys of mainnet are random and rarely the same, while those of
 * the devnet come again each period.
 * @param {Uint8Array} bytes
 */
function weighApart(bytes) {
  const parts = unpack(bytes);
  const isLong = (/** @type {import('../bundle.mjs').Entry} */ { answer }) => answer[0] !== 0x7b && answer[0] !== 0x22 && answer.length > 20_000;
  const committees = parts.entries.filter(isLong);
  const rest = weigh(pack({ ...parts, entries: parts.entries.filter((entry) => !isLong(entry)) }));
  return { committees: committees.reduce((sum, { answer }) => sum + answer.length, 0), rest };
}

/** Bytes of answers of mainnet, where recordings are at hand. */
function recorded() {
  const folder = join(process.env.OL_VECTORS ?? join(repository, '../shared/vectors'), 'beacon/mainnet-electra');
  if (!existsSync(folder)) throw new Error(`no recordings in ${folder} (OL_VECTORS)`);
  const size = (/** @type {string} */ name) => statSync(join(folder, name)).size;
  return {
    bootstrap: size('bootstrap.ssz'),
    update: size('updates_period_1421.ssz'),
    updateBrotli: weigh(readFileSync(join(folder, 'updates_period_1421.ssz'))).brotli,
    proof: size('eth_getProof_0x43506849d7c04f9138d1a2050bbf3a0c054402dd____0x1564a06.json'),
  };
}

/** @param {any} devnet @param {any} sdk @param {string} folder */
async function measureOn(devnet, sdk, folder) {
  const { urls, profile, keys, beacon } = devnet;
  const address = keys.owner.address;
  const periods = 7;
  const root = await beacon.root(beacon.finalizedSlotAt(beacon.slotNow() - periods * PERIOD_SLOTS));
  const checkpoint = `0x${Buffer.from(root).toString('hex')}`;
  const ol = await sdk.load();
  /** @param {any} options of the sync @param {any} recording */
  const run = async (options, recording) => {
    const cost = {};
    const [b, l1, l2] = [urls.beacon, urls.l1, urls.l2].map((url) => [counting(sdk.http, url, cost)]);
    const sync = ol.sync({ beacon: b, l1, network: profile, ...options });
    await sync.run({ recording });
    const { blame } = await ol.client({ endpoints: l2, l1, sync, rollup: profile }).account({ address, trust: 'finalized' }, { recording });
    if (blame.length > 0) throw new Error(`${blame[0].error}`);
    return { cost, state: sync.save() };
  };
  const recording = ol.recording();
  const cold = await run({ checkpoint }, recording);
  const warm = await run({ state: cold.state });
  const made = Math.floor(Date.now() / 1000);
  const bytes = recording.pack({ made, l1ChainId: 900n, l2ChainId: 1612n, checkpoint, question: `account ${address} at finalized` });

  const again = async () => {
    const bundle = ol.bundle(bytes);
    const [b, l1, l2] = SOURCES.map((source) => [bundle.transport(source)]);
    const sync = ol.sync({ beacon: b, l1, network: profile, checkpoint });
    await sync.run();
    await ol.client({ endpoints: l2, l1, sync, rollup: profile }).account({ address, trust: 'finalized' });
    sync.close();
    bundle.close();
  };
  await again(); // compiles
  const before = process.cpuUsage();
  for (let i = 0; i < VERIFICATIONS; i++) await again();
  const { user, system } = process.cpuUsage(before);

  const [file, profileFile] = [join(folder, 'bundle'), join(folder, 'profile.json')];
  writeFileSync(file, bytes);
  writeFileSync(profileFile, JSON.stringify(profile));
  const cli = process.env.OL_CLI ?? join(repository, 'build/openledger');
  const native = cpuOf([cli, 'verify', 'bundle', file, address, '--checkpoint', checkpoint, '--rollup', profileFile]);

  const start = process.hrtime.bigint();
  for (let i = 0; i < ANVIL_PROOFS; i++) await devnet.l2.ask('eth_getProof', address, [], 'latest');
  const anvil = Number(process.hrtime.bigint() - start) / 1e6 / ANVIL_PROOFS;
  return {
    periods,
    cold: cold.cost,
    warm: warm.cost,
    bundle: { ...weigh(bytes), ...weighApart(bytes), answers: recording.count },
    cpuMs: { native, wasm: (user + system) / 1000 / VERIFICATIONS },
    anvilProofMs: anvil,
  };
}

async function measure() {
  const { startDevnet } = await import('../devnet/rollup/devnet.mjs');
  const sdk = await import(pathToFileURL(join(process.env.OL_JS ?? join(repository, 'build/js'), 'index.mjs')).href);
  const folder = mkdtempSync(join(tmpdir(), 'openledger-scale-'));
  const devnet = await startDevnet({ variant: 'games-0.17.3' });
  try {
    await devnet.make('defender-won');
    await devnet.present();
    const round = (/** @type {any} */ _, /** @type {any} */ value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value);
    const measured = { date: new Date().toISOString().slice(0, 10), processor: cpus()[0].model, ...(await measureOn(devnet, sdk, folder)), mainnet: recorded() };
    return JSON.parse(JSON.stringify(measured, round));
  } finally {
    rmSync(folder, { recursive: true });
    await devnet.close();
  }
}

/* --- Tables --- */

/** @param {number} value */
const number = (value) => (value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3))));
/** @param {string[]} head @param {(string | number)[][]} rows */
const table = (head, rows) => [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
  .map((row) => `| ${row.map((cell) => (typeof cell === 'number' ? number(cell) : cell)).join(' | ')} |`).join('\n').replace(/\| ((?:-+:? \| )*-+:?) \|/, (line) => line.replaceAll(' ', ''));

const NAMES = { beacon: 'beacon node', l1: 'L1 node', l2: 'L2 node' };
const NONE = { requests: 0, sent: 0, received: 0, gzip: 0, proofs: 0, proofBytes: 0 };
const DAY_S = 86_400;

/** Tables, by name. @param {any} figures @returns {Record<string, string>} */
function tablesOf({ measured, assumed }) {
  const { cold, warm, bundle, cpuMs, mainnet } = measured;
  /** Bytes, were each proof of an account as long as one of mainnet's. @param {any} of */
  const atMainnet = ({ received, proofs, proofBytes }) => received - proofBytes + proofs * mainnet.proof;
  const runs = /** @type {[string, any][]} */ ([['cold', cold], ['warm', warm]]);
  const own = runs.flatMap(([name, cost]) => SOURCES.map((source) => {
    const of = cost[source] ?? NONE;
    return [`${name}, ${NAMES[source]}`, of.requests, of.proofs, of.sent, of.received, of.gzip, atMainnet(of)];
  }));
  const questions = assumed.clients * assumed.questionsADay;
  const made = assumed.bundledAccounts * assumed.bundlesADay;
  /** A day of one kind of node: runs, and what of each. @param {'beacon' | 'l1' | 'l2'} source @param {number} colds @param {number} warms */
  const dayOf = (source, colds, warms) => {
    const [c, w] = [cold[source] ?? NONE, warm[source] ?? NONE];
    const sum = (/** @type {(of: any) => number} */ what) => colds * what(c) + warms * what(w);
    const requests = sum((of) => of.requests);
    return [requests, requests / DAY_S, sum((of) => of.proofs), sum(atMainnet) / 1e9];
  };
  const colds = assumed.clients * assumed.coldADay;
  const missed = questions * (1 - assumed.hits);
  const day = SOURCES.flatMap((source) => [
    [`${NAMES[source]}s, without`, ...dayOf(source, colds, questions - colds)],
    [`${NAMES[source]}s, with`, ...dayOf(source, colds * (1 - assumed.hits) + made, missed - colds * (1 - assumed.hits))],
  ]);
  const hits = questions * assumed.hits;
  /** As cached and sent, with committees that do not compress. */
  const sent = bundle.rest.brotli + bundle.committees;
  return {
    runs: table(['run', 'requests', 'of them eth_getProof', 'bytes sent', 'bytes received', '... if gzip were used', "... with proofs as long as mainnet's"], own),
    bundle: table(['bundle', ''], [
      ['answers', bundle.answers], ['bytes', bundle.raw],
      ['of them committees: bootstrap and updates', bundle.committees], ['the rest, gzip', bundle.rest.gzip], ['the rest, brotli', bundle.rest.brotli],
      ['all, gzip, where committees repeat as on the devnet', bundle.gzip], ['all, brotli, the same', bundle.brotli],
      ['**all, brotli, committees as they are**', sent],
      ['CPU to verify it, native, ms', cpuMs.native], ['CPU to verify it, WebAssembly, ms', cpuMs.wasm],
    ]),
    mainnet: table(['recorded on mainnet', 'bytes'], [
      ['bootstrap (SSZ)', mainnet.bootstrap], ['update of one period (SSZ)', mainnet.update], ['... brotli', mainnet.updateBrotli], ['eth_getProof of one account', mainnet.proof],
    ]),
    assumed: table(['assumed', ''], [
      ['N, clients', assumed.clients], ['q, questions of each a day', assumed.questionsADay],
      ['c, runs of each from a checkpoint a day', assumed.coldADay], ['h, share of questions that a cached bundle answers', assumed.hits],
      ['a, accounts for which bundles are made', assumed.bundledAccounts], ['b, bundles of each of these a day', assumed.bundlesADay],
      ['p, periods between checkpoint and present, when cold', measured.periods],
    ]),
    day: table(['a day', 'requests', 'requests a second', 'of them eth_getProof', 'GB received'], day),
    cache: table(['a day of the cache', ''], [
      ['bundles made', made], ['bundles read', hits], ['GB read, brotli', (hits * sent) / 1e9],
      ['distinct GB made, brotli', (made * sent) / 1e9],
      ['CPU of a client, ms (q * h bundles, native)', assumed.questionsADay * assumed.hits * cpuMs.native],
    ]),
    anvil: table(['anvil on this machine, not a node of a chain', ''], [['eth_getProof, ms each, one after the other', measured.anvilProofMs]]),
  };
}

/** A document with its tables made again. @param {string} text @param {any} figures */
function withTables(text, figures) {
  const tables = tablesOf(figures);
  const left = new Set(Object.keys(tables));
  const made = text.replace(/(<!-- table: (\w+) -->\n)[^]*?(<!-- end -->)/g, (_, begin, name, end) => {
    if (!left.delete(name)) throw new Error(`${DOCUMENT}: there is no table "${name}", or it is there twice`);
    return `${begin}${tables[name]}\n${end}`;
  });
  if (left.size > 0) throw new Error(`${DOCUMENT}: it lacks the table "${[...left][0]}"`);
  return made;
}

const [command, root = repository] = process.argv.slice(2);
const read = (/** @type {string} */ file) => readFileSync(join(root, file), 'utf8');
try {
  if (![undefined, '--tables', '--check'].includes(command)) throw new Error(`usage: scale.mjs [--tables | --check [ROOT]]`);
  const kept = existsSync(join(root, FIGURES)) ? JSON.parse(read(FIGURES)) : { assumed: ASSUMED };
  const figures = command ? kept : { assumed: kept.assumed, measured: await measure() };
  const text = withTables(read(DOCUMENT), figures);
  if (command === '--check') {
    if (text !== read(DOCUMENT)) throw new Error(`${DOCUMENT}: a table does not follow from ${FIGURES}; run node tests/bench/scale.mjs --tables`);
    process.stdout.write(`scale: the tables of ${DOCUMENT} follow from ${FIGURES}\n`);
  } else {
    writeFileSync(join(root, FIGURES), `${JSON.stringify(figures, null, 1)}\n`);
    writeFileSync(join(root, DOCUMENT), text);
  }
} catch (error) {
  process.stderr.write(`scale: ${/** @type {Error} */ (error).message}\n`);
  process.exitCode = 1;
}
