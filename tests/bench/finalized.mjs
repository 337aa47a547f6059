// SPDX-License-Identifier: MIT
// eth_getBalance at the finalized block of a rollup, by a client that has a checkpoint of Ethereum and the rollup's
// profile, and nothing else. The rollup is that of tests/devnet/rollup: its answers are recorded once, and then the
// nodes are of memory.
import { setImmediate as turn } from 'node:timers/promises';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { inWaves } from '../js/proxy.mjs';
import { figuresOf, fromPackage } from './doors.mjs';
import { batchOf, busy, must } from './measure.mjs';
import { joined, trust } from './recordings.mjs';

const PERIODS = 7; // between the checkpoint and the present: about a week
const PERIOD_SLOTS = 8192;
const SOURCES = /** @type {const} */ ({ beacon: 1, l1: 2, l2: 3 }); // ol_source

/** @typedef {{ source: keyof typeof SOURCES, path: string, body: string }} Want */
/** @typedef {Record<keyof typeof SOURCES, import('openledger').Transport>} Nodes */

const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text));

/** What a want asks for, its id apart. @param {Want} want */
const keyOf = ({ source, path, body }) => String.fromCharCode(SOURCES[source]) + path + body.slice(Math.max(0, body.indexOf(',"method"')));

/**
 * Asks once, from nothing.
 * @param {any} ol @param {Nodes} nodes @param {{ checkpoint: string, profile: any, now: number }} known @param {string} address
 * @returns {Promise<string>} the balance
 */
async function ask(ol, { beacon, l1, l2 }, { checkpoint, profile, now }, address) {
  const clock = () => now;
  const sync = ol.sync({ beacon: [beacon], l1: [l1], checkpoint, network: profile, now: clock });
  const provider = ol.provider({ endpoints: [l2], l1: [l1], sync, rollup: profile, now: clock });
  const balance = await provider.request({ method: 'eth_getBalance', params: [address, 'finalized'] });
  provider.close();
  sync.close();
  return balance;
}

/** Asks the rollup itself, and keeps what it says. @param {any} sdk */
async function record(sdk) {
  const devnet = await startDevnet({ variant: 'games-0.17.3' });
  try {
    await devnet.make('defender-won');
    await devnet.present();
    const { urls, profile, keys, beacon } = devnet;
    const root = await beacon.root(beacon.finalizedSlotAt(beacon.slotNow() - PERIODS * PERIOD_SLOTS));
    const known = { checkpoint: `0x${Buffer.from(root).toString('hex')}`, profile, now: Date.now() };
    /** @type {Map<string, Uint8Array>} */
    const answers = new Map();
    const { number } = await devnet.finalizedL1();
    const keeping = (/** @type {string} */ url) => async (/** @type {any} */ want, /** @type {AbortSignal} */ signal) => {
      const body = want.body.replace('"finalized"', `"${number}"`); // anvil calls the 64th block before the newest so
      const answer = await sdk.http({ url })({ ...want, body }, signal);
      answers.set(keyOf(want), body === '' ? answer : bytes(JSON.stringify(JSON.parse(Buffer.from(answer).toString()).result)));
      return answer;
    };
    const nodes = { beacon: keeping(urls.beacon), l1: keeping(urls.l1), l2: keeping(urls.l2) };
    const { address } = keys.owner;
    const balance = await ask(await sdk.load(), nodes, known, address);
    return { known, address, balance, answers };
  } finally {
    await devnet.close();
  }
}

/** Nodes that say what was recorded. @param {Map<string, Uint8Array>} answers @returns {Nodes} */
function replaying(answers) {
  const transport = async (/** @type {Want} */ want) => {
    const kept = answers.get(keyOf(want));
    must(kept, `nobody was asked for that: ${want.path}${want.body}`);
    return want.body === '' ? kept : `{"jsonrpc":"2.0","id":${JSON.parse(want.body).id},"result":${Buffer.from(kept)}}`;
  };
  return { beacon: transport, l1: transport, l2: transport };
}

/** The same, counted. @param {Nodes} nodes */
function counting({ l1: transport }) {
  const moved = { received: 0 };
  const { count, transports } = inWaves(Array(3).fill(async (/** @type {any} */ want, /** @type {AbortSignal} */ signal) => {
    await turn(); // for all that is wanted at the same time
    const answer = await transport(want, signal);
    moved.received += Buffer.from(/** @type {any} */ (answer)).length;
    return answer;
  }));
  const [beacon, l1, l2] = transports;
  return { moved, count, nodes: { beacon, l1, l2 } };
}

export async function balanceFinalized() {
  const sdk = await fromPackage('index.mjs');
  const { known, address, balance, answers } = await record(sdk);
  const question = { jsonrpc: '2.0', id: 1, method: 'eth_getBalance', params: [address, 'finalized'] };
  return {
    inputs: {
      'finalized.trust': trust(known.checkpoint, known.now, JSON.stringify(known.profile)),
      'finalized.request': bytes(JSON.stringify(question)),
      'finalized.response': bytes(JSON.stringify({ jsonrpc: '2.0', id: 1, result: balance })),
      'finalized.requests': joined([...answers.keys()].map(bytes)),
      'finalized.answers': joined([...answers.values()]),
    },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows({ native, bench }) {
      const ol = await sdk.load();
      const nodes = replaying(answers);
      const counted = counting(nodes);
      must(await ask(ol, counted.nodes, known, address) === balance, 'the package proves another balance');
      const [rounds, requests, received, size] = await figuresOf(native, 'balance_finalized');
      const by = (/** @type {import('./doors.mjs').Worker} */ door) => batchOf((count) => door.cpu('balance_finalized', count));
      const about = `CPU time, from a checkpoint ${PERIODS} periods old, with one node of a kind; the devnet's states are small, and so are its proofs`;
      return [{
        id: 'balance_finalized',
        native: await by(native),
        wasm: await batchOf(busy(() => ask(ol, nodes, known, address))),
        also: { 'wasm, without JavaScript': await by(bench) },
        notes: [about],
        targets: [],
      }, {
        id: 'balance_finalized_round_trips',
        unit: 'round trips',
        native: () => rounds,
        wasm: () => counted.count.waves,
        notes: [`${requests} requests`],
        targets: [],
      }, {
        id: 'balance_finalized_received',
        unit: 'bytes',
        native: () => received,
        wasm: () => counted.moved.received,
        targets: [],
      }, {
        id: 'balance_finalized_memory',
        unit: 'bytes',
        native: () => size,
        wasm: () => ol.core.exports.memory.buffer.byteLength,
        notes: ['native: ol_provider_size and ol_sync_size; wasm: all memory of the module'],
        targets: [],
      }];
    },
  };
}
