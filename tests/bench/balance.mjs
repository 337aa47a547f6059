// SPDX-License-Identifier: MIT
// eth_getBalance at a block that is known already, each time of another account: a request for its proof, and the
// proof verified. All are asked about the same accounts at the same block.
import { ssz } from '@lodestar/types';
import { stateOf } from './accounts.mjs';
import { colibriAt, colibriMemory } from './colibri.mjs';
import { figuresOf, fromPackage } from './doors.mjs';
import { heliosAt, heliosMemory } from './helios.mjs';
import { batchOf, cpuNow, must } from './measure.mjs';
import { joined, recorded } from './recordings.mjs';
import { wrapped } from './wrapped.mjs';

const ACCOUNTS = 1024;
const OF_NATIVE = 64; // QUESTIONS_MAX in balance.c, and as many proofs as Colibri is sent
const BATCH = 8;
const [ENDPOINTS, QUORUM] = [3, 2];
const SMALL_ANSWER = 128 << 10;
const [HELIOS, COLIBRI] = ['@a16z/helios', '@corpus-core/colibri-stateless'];
const EMPTY_BLOCK = 'helios, at an empty block';
const OWN_PROVER = 'colibri, its own prover';

/** @typedef {Awaited<ReturnType<typeof wrapped>>} Wrapped */
/** @typedef {(address: string) => Promise<bigint>} Ask */

const bytes = (/** @type {string} */ text) => new Uint8Array(Buffer.from(text));
const median = (/** @type {number[]} */ values) => values.sort((a, b) => a - b)[values.length >> 1];

/** What the nodes say, and how much that was. */
class Nodes {
  received = 0;
  requests = 0;

  /** @param {Wrapped} chain @param {any[]} results of eth_getProof */
  constructor(chain, results) {
    this.chain = chain;
    this.block = JSON.stringify(chain.execution);
    /** In JSON, which no figure should have in it. @type {Map<string, string>} */
    this.proofs = new Map(results.map((one) => [one.address, JSON.stringify(one)]));
    /** Whether balances are claimed that are not so. */
    this.lie = false;
  }

  /** @param {Uint8Array | undefined} answer */
  #counted(answer) {
    this.requests++;
    this.received += answer?.length ?? 0;
    return answer;
  }

  /** A node of the chain. @param {{ method: string, params: any[], id: number }} request */
  execution({ method, params, id }) {
    const proof = () => {
      const of = this.proofs.get(params[0].toLowerCase());
      return this.lie ? of?.replace(/"balance":"[^"]*"/, '"balance":"0x1"') : of;
    };
    const result = { eth_chainId: () => '"0x1"', eth_getBlockByNumber: () => this.block, eth_getProof: proof }[method]?.();
    return this.#counted(result === undefined ? result : bytes(`{"jsonrpc":"2.0","id":${id},"result":${result}}`));
  }

  /** A beacon node, in JSON as Helios reads it. @param {string} path */
  beacon(path) {
    const { bootstrap, finality, slots, head, finalized } = this.chain;
    if (path.includes('/updates?')) return bytes('[]'); // it is all in one period
    const [, what] = path.match(/\/(bootstrap|finality_update|blocks\/\d+)/) ?? [];
    const of = { bootstrap, finality_update: finality, [`blocks/${slots.head}`]: head, [`blocks/${slots.finalized}`]: finalized }[what];
    return this.#counted(of?.json);
  }

  /** What Colibri asks for. @param {import('./colibri.mjs').Request} request */
  both({ url, payload }) {
    if (payload) return this.execution(/** @type {any} */ (payload));
    const { child, head, bootstrap } = this.chain;
    const of = url?.endsWith('/blocks/head') ? child : url?.includes('/blocks/0x') ? head : url?.includes('/bootstrap/') ? bootstrap : undefined;
    return this.#counted(of?.ssz);
  }
}

/** Ours, by the package. @param {Nodes} nodes @param {number} [maxAnswer] bytes, 0 for the default */
async function ownProvider(nodes, maxAnswer = 0) {
  const ol = await (await fromPackage('index.mjs')).load();
  const endpoint = async (/** @type {{ body: string }} */ { body }) => nodes.execution(JSON.parse(body));
  const endpoints = Array.from({ length: ENDPOINTS }, () => endpoint);
  const provider = ol.provider({ endpoints, quorum: QUORUM, chainId: 1n, maxAnswer, maxResponse: maxAnswer, now: () => nodes.chain.now });
  return {
    /** @type {Ask} */
    balance: async (address) => BigInt(await provider.request({ method: 'eth_getBalance', params: [address, 'latest'] })),
    /** Bytes of all its module has. */
    memory: () => ol.core.exports.memory.buffer.byteLength,
    close: () => provider.close(),
  };
}

/** @param {Promise<unknown>} answer @param {string} who */
const mustRefuse = async (answer, who) => must(await answer.then(() => false, () => true), `${who} takes a balance that is not proven`);

/**
 * Asks one account after the other. Those who keep an account that they verified would not ask a node again, so each
 * question is about another one, and must take as many requests as are named.
 * @param {Ask} balance @param {any[]} results @param {Nodes} nodes @param {number} requests
 */
function inTurn(balance, results, nodes, requests) {
  let next = 0;
  const some = async (/** @type {number} */ count) => {
    const asked = Array.from({ length: count }, () => results[next++ % results.length]);
    nodes.requests = 0;
    const start = cpuNow();
    const told = [];
    for (const { address } of asked) told.push(await balance(address));
    const time = (cpuNow() - start) / count;
    must(told.every((one, i) => one === BigInt(asked[i].balance)), 'a balance is another');
    must(nodes.requests === count * requests, `a question takes ${nodes.requests / count} requests`);
    return time;
  };
  return () => some(BATCH);
}

/** How many bytes a question moves. @param {Ask} balance @param {any[]} results @param {Nodes} nodes */
async function received(balance, results, nodes) {
  const all = [];
  for (const { address } of results) {
    nodes.received = 0;
    await balance(address);
    all.push(nodes.received);
  }
  return median(all);
}

/**
 * @param {number} helios bytes @param {{ memory: () => number }} own @param {{ memory: () => number }} small the same with SMALL_ANSWER
 * @param {number[]} native figures of balance.c @param {number[]} wasm
 * @returns {import('./measure.mjs').Row}
 */
const memoryRow = (helios, own, small, [size, written, smallSize, smallWritten], [, wasmWritten]) => ({
  id: 'balance_warm_memory',
  unit: 'bytes',
  native: () => size,
  wasm: own.memory,
  peers: { [HELIOS]: () => helios, [COLIBRI]: colibriMemory },
  also: {
    'native, written': () => written,
    'wasm, written': () => wasmWritten,
    'native, answers to 128 KiB': () => smallSize,
    'wasm, answers to 128 KiB': small.memory,
    '... of it written': () => smallWritten,
  },
  notes: [
    'native: ol_provider_size, by default for answers of 1 MiB, which is all but the stack; others: all memory of a module that did this alone; Colibri made its proofs too',
    'written: pages that a balance makes use of, which is what a system gives memory for',
  ],
  targets: [],
});

export async function balanceWarm() {
  const [parent, child] = ['parent', 'head'].map((name) =>
    ssz.electra.SignedBeaconBlock.deserialize(recorded(`beacon/mainnet-electra/block_${name}.ssz`)).message);
  const { root, results } = stateOf(ACCOUNTS);
  const chain = await wrapped(parent, child, { stateRoot: root });
  const emptyBlock = await wrapped(parent, child, { stateRoot: root, transactions: [] });
  const few = results.slice(0, OF_NATIVE);
  const listed = (/** @type {(of: any) => unknown} */ what) => joined(few.map((one) => bytes(JSON.stringify(what(one)))));
  /** @type {(() => Promise<void> | void)[]} */
  const closing = [];

  /** The peers and ours, each of which must refuse what is not proven. */
  async function open() {
    const nodes = new Nodes(chain, results);
    const heliosOf = async (/** @type {Nodes} */ of) => {
      const { checkpoint, now } = of.chain;
      const helios = await heliosAt({ checkpoint, now, beacon: of.beacon.bind(of), execution: of.execution.bind(of) });
      closing.unshift(helios.close);
      return helios;
    };
    const helios = await heliosOf(nodes);
    const ofHelios = { received: await received(helios.balance, results.slice(-OF_NATIVE), nodes), memory: heliosMemory() };
    const atEmpty = new Nodes(emptyBlock, results);
    const emptyHelios = await heliosOf(atEmpty);
    const colibri = await colibriAt({ checkpoint: chain.checkpoint, addresses: few.map(({ address }) => address), answer: nodes.both.bind(nodes) });
    const [own, deceived] = [await ownProvider(nodes), await ownProvider(nodes)];
    closing.push(own.close);
    nodes.lie = true;
    const [{ address }] = results; // which nobody keeps yet
    await mustRefuse(helios.balance(address), HELIOS);
    await mustRefuse(deceived.balance(address), 'the package');
    await mustRefuse(colibri.forged(few[1].address), COLIBRI);
    deceived.close();
    nodes.lie = false;
    await own.balance(address); // finds the block
    await colibri.balance(few[0].address);
    return { nodes, helios, ofHelios, atEmpty, emptyHelios, colibri, own };
  }

  return {
    inputs: {
      'balance.now': new Uint8Array(new BigUint64Array([BigInt(chain.now)]).buffer),
      'balance.block': bytes(JSON.stringify(chain.execution)),
      'balance.proofs': listed((of) => of),
      'balance.requests': listed(({ address }) => ({ jsonrpc: '2.0', id: 1, method: 'eth_getBalance', params: [address, 'latest'] })),
      'balance.responses': listed(({ balance }) => ({ jsonrpc: '2.0', id: 1, result: balance })),
    },
    /** @param {import('./bench.mjs').Doors} doors @returns {Promise<import('./measure.mjs').Row[]>} */
    async rows({ native, bench }) {
      const { nodes, helios, ofHelios, atEmpty, emptyHelios, colibri, own } = await open();
      const [requests, bytesOfOne] = await figuresOf(native, 'balance_warm');
      must(requests === 1, 'a question takes more than a request');
      const small = await ownProvider(nodes, SMALL_ANSWER);
      await small.balance(few[0].address);
      closing.push(small.close);
      const by = (/** @type {import('./doors.mjs').Worker} */ door) => batchOf((count) => door.cpu('balance_warm', count));
      const moved = {
        wasm: await received(own.balance, few, nodes),
        prover: await received(colibri.ask, few, nodes),
        proof: median(few.map(({ address }) => colibri.proof(address).length)),
      };
      return [{
        id: 'balance_warm',
        native: await by(native),
        wasm: inTurn(own.balance, results, nodes, 1),
        peers: {
          [HELIOS]: inTurn(helios.balance, results.slice(0, -OF_NATIVE), nodes, 1),
          [EMPTY_BLOCK]: inTurn(emptyHelios.balance, results, atEmpty, 1),
          [COLIBRI]: inTurn(colibri.balance, few, nodes, 0),
          [OWN_PROVER]: inTurn(colibri.ask, few, nodes, 3),
        },
        also: { 'wasm, without JavaScript': await by(bench) },
        notes: [
          'CPU time',
          'of Ethereum: for OP Stack chains Helios has the sequencers\' keys and servers built in, and none of those messages is recorded with proofs; Colibri has no such chain',
          'ours took its block of a quorum, the peers theirs of a sync committee, before the clock starts',
          'of another account each time, as Helios keeps those that it was asked for; its time is more with more transactions in the block, of which there are 171',
          'Colibri: its proofs come from a prover of its own kind; or it is its own prover, and reads two beacon blocks each time',
        ],
        targets: [
          { text: 'native at most 20 us', met: ({ native: own }) => own <= 20 },
          { text: 'wasm at most half of @a16z/helios, even at an empty block', met: ({ wasm, peers }) => wasm <= peers[EMPTY_BLOCK] / 2 },
          { text: 'wasm at most 1.25 times @corpus-core/colibri-stateless', met: ({ wasm, peers }) => wasm <= 1.25 * peers[COLIBRI] },
        ],
      }, {
        id: 'balance_warm_received',
        unit: 'bytes',
        native: () => bytesOfOne,
        wasm: () => moved.wasm,
        peers: { [HELIOS]: () => ofHelios.received, [COLIBRI]: () => moved.proof, [OWN_PROVER]: () => moved.prover },
        notes: ['bodies of answers, as they come: ours and Helios read the hexadecimal of JSON-RPC, Colibri binary'],
        targets: [{ text: 'one proof: at most 1 % more than @a16z/helios', met: ({ wasm, peers }) => wasm <= 1.01 * peers[HELIOS] }],
      }, memoryRow(ofHelios.memory, own, small, await figuresOf(native, 'balance_memory'), await figuresOf(bench, 'balance_memory'))];
    },
    async close() {
      for (const one of closing) await one();
    },
  };
}
