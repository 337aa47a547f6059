// SPDX-License-Identifier: MIT
// The Beacon API's endpoints for light clients, on loopback; honest, or with one named lie.
import { createServer } from 'node:http';
import { toBytes, toChunk, toJson } from './chain.mjs';
import { SyntheticExecution } from './execution.mjs';
import { LIES, tell } from './lies.mjs';
import { BeaconBlockHeader } from './types.mjs';
import { hex } from './random.mjs';

/** What goes wrong on the way, whatever is said. @type {Record<string, string>} */
export const TRANSPORT_LIES = {
  'slow': 'each answer waits for `delay` milliseconds',
  'silent': 'the request is never answered',
  'hang-up': 'the connection is closed without an answer',
  'truncated-body': 'the connection is closed in the middle of the body',
  'short-body': 'a complete answer whose body is half of the true one',
  'long-body': 'a complete answer with some bytes after the true body',
  'oversized-body': 'the true body and then 64 MiB',
  'not-json': 'a page of a proxy instead of the answer',
  'wrong-version-label': 'the answer says that it is of another fork',
  'wrong-digest': 'the chunks have the digest of another chain',
  'long-chunk': 'the length of the last chunk is beyond the end',
  'http-404': 'nothing is found',
  'http-500': 'the node is broken',
  'http-503': 'the node is syncing',
  'dies': 'the server hangs up after `lives` answers',
  'empty-updates': 'there are no updates',
  'updates-backwards': 'the updates come in the opposite order',
  'updates-of-other-period': 'the updates are those of the periods after',
  'updates-with-gap': 'an update in the middle is left out',
  'updates-too-many': 'one more update than asked for',
  'updates-repeated': 'the first update, as often as updates are asked for',
};

/** All names of lies that a server knows. */
export const LIE_NAMES = [...Object.keys(LIES).filter((name) => LIES[name].at.length > 0), ...Object.keys(TRANSPORT_LIES)];

const OCTETS = 'application/octet-stream';
const PREFIX = '/eth/v1/beacon/light_client/';

class HttpError extends Error {
  /** @param {number} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * @typedef {object} Body
 * @property {any} [json]
 * @property {Buffer} [octets] of the same
 * @property {string} [version]
 */

/** Does the client like SSZ best? @param {string} [accept] */
function wantsOctets(accept = '') {
  const weights = { [OCTETS]: 0, 'application/json': 0 };
  for (const part of accept.split(',')) {
    const [type, ...parameters] = part.split(';').map((word) => word.trim());
    const weight = parameters.find((word) => word.startsWith('q='));
    if (type in weights) weights[type] = weight ? Number(weight.slice(2)) : 1;
  }
  return weights[OCTETS] > 0 && weights[OCTETS] >= weights['application/json'];
}

export class BeaconServer {
  /**
   * @param {object} options
   * @param {import('./chain.mjs').Chain} options.chain
   * @param {string} [options.lie] one of LIE_NAMES
   * @param {string[]} [options.only] the endpoints it is told at: bootstrap, updates, finality, optimistic; by default all
   * @param {number} [options.period] the only period whose update it is told in
   * @param {number} [options.delay] milliseconds, of `slow`
   * @param {number} [options.lives] answers, of `dies`
   */
  constructor({ chain, lie, only, period, delay = 1000, lives = 3 }) {
    if (lie !== undefined && !LIE_NAMES.includes(lie)) throw new Error(`no such lie: ${lie}`);
    Object.assign(this, { chain, lie, only, period, delay, lives });
    this.answered = 0;
    /** @type {{ path: string, octets: boolean, status: number }[]} */
    this.requests = [];
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** @param {number} [port] 0 for any @returns {Promise<this>} */
  listen(port = 0) {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject).listen(port, '127.0.0.1', () => resolve(this));
    });
  }

  get port() {
    return /** @type {import('node:net').AddressInfo} */ (this.server.address()).port;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The lie, if it is told at this endpoint. @param {string} endpoint */
  lieAt(endpoint) {
    return !this.only || this.only.includes(endpoint) ? this.lie : undefined;
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async serve(request, response) {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const octets = wantsOctets(request.headers.accept);
    const endpoint = url.pathname.startsWith(PREFIX) ? url.pathname.slice(PREFIX.length).split(/[/_]/)[0] : 'other';
    const lie = this.lieAt(endpoint);
    const seen = { path: `${url.pathname}${url.search}`, octets, status: 0 };
    this.requests.push(seen);
    if (lie === 'silent') return;
    if (lie === 'hang-up' || (lie === 'dies' && this.answered >= this.lives)) return void request.socket.destroy();
    if (lie === 'slow') await new Promise((resolve) => setTimeout(resolve, this.delay));
    try {
      const found = { 'http-404': 404, 'http-500': 500, 'http-503': 503 }[lie ?? ''];
      if (found) throw new HttpError(found, 'not today');
      if (request.method === 'POST' && url.pathname === '/') return void response.end(await this.l1(request));
      if (request.method !== 'GET') throw new HttpError(405, 'only GET');
      this.send(response, await this.answer(url, endpoint, lie), octets, lie);
      this.answered++;
    } catch (error) {
      const code = error instanceof HttpError ? error.code : 500;
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code, message: /** @type {Error} */ (error).message }));
    }
    seen.status = response.statusCode;
  }

  /** @param {URL} url @param {string} endpoint @param {string} [lie] @returns {Promise<Body>} */
  async answer(url, endpoint, lie) {
    const { chain } = this;
    if (endpoint === 'bootstrap') return this.bootstrap(url.pathname.split('/').at(-1) ?? '', lie);
    if (endpoint === 'updates') return this.updates(url.searchParams, lie);
    if (endpoint === 'finality') return this.single(await tell(chain, told(lie), 'finality', chain.slotNow()), lie);
    if (endpoint === 'optimistic') return this.single(await tell(chain, told(lie), 'optimistic', chain.slotNow()), lie);
    if (url.pathname === '/eth/v1/beacon/genesis') return { json: { data: chain.genesis() } };
    if (url.pathname === '/eth/v1/config/spec') return { json: { data: chain.spec() } };
    if (url.pathname === '/eth/v1/beacon/headers/head') return this.header(chain.slotNow());
    if (url.pathname === '/eth/v1/beacon/headers/finalized') return this.header(chain.finalizedSlotAt(chain.slotNow()));
    throw new HttpError(404, 'no such endpoint');
  }

  /** The JSON-RPC of made-up execution blocks, so that no other node is needed. @param {import('node:http').IncomingMessage} request */
  async l1(request) {
    const { execution } = this.chain;
    if (!(execution instanceof SyntheticExecution)) throw new HttpError(404, 'ask the L1 node');
    const parts = [];
    for await (const part of request) parts.push(part);
    const { id, method, params } = JSON.parse(String(Buffer.concat(parts)));
    try {
      return JSON.stringify({ jsonrpc: '2.0', id, result: await execution.answer(method, params ?? [], this.chain.slotNow()) });
    } catch (error) {
      return JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: /** @type {Error} */ (error).message } });
    }
  }

  /** @param {string} root @param {string} [lie] */
  async bootstrap(root, lie) {
    if (!/^0x[0-9a-f]{64}$/i.test(root)) throw new HttpError(400, 'not a block root');
    const slot = this.chain.slots.get(root.toLowerCase());
    if (slot === undefined) throw new HttpError(404, 'no such block');
    return this.single(await tell(this.chain, told(lie), 'bootstrap', slot), lie);
  }

  /** @param {import('./chain.mjs').Answer} answer @param {string} [lie] @returns {Body} */
  single(answer, lie) {
    const label = lie === 'wrong-version-label' ? otherLabel(answer.version) : answer.version;
    return { json: { ...toJson(answer), version: label }, octets: Buffer.from(toBytes(answer)), version: label };
  }

  /** @param {URLSearchParams} query @param {string} [lie] @returns {Promise<Body>} */
  async updates(query, lie) {
    const { chain } = this;
    const [start, asked] = ['start_period', 'count'].map((name) => {
      const value = query.get(name) ?? '';
      if (!/^\d{1,15}$/.test(value)) throw new HttpError(400, `${name} is not a number`);
      return Number(value);
    });
    if (asked === 0) throw new HttpError(400, 'count is zero');
    const count = Math.min(asked, 128) + (lie === 'updates-too-many' ? 1 : 0);
    const first = start + (lie === 'updates-of-other-period' ? 1 : 0);
    let periods = [];
    for (let period = first; period < first + count && chain.hasUpdate(period); period++) periods.push(period);
    if (lie === 'empty-updates') periods = [];
    if (lie === 'updates-backwards') periods.reverse();
    if (lie === 'updates-with-gap') periods.splice(Math.floor(periods.length / 2), 1);
    if (lie === 'updates-repeated') periods = periods.map(() => periods[0]);
    const answers = [];
    for (const period of periods) {
      const isTold = this.period === undefined || this.period === period;
      answers.push(await tell(chain, isTold ? told(lie) : undefined, 'update', period));
    }
    const chunks = answers.map((answer) => toChunk(chain, answer));
    if (lie === 'wrong-digest') chunks.forEach((chunk) => (chunk[8] ^= 0xff));
    if (lie === 'long-chunk') chunks.at(-1)?.writeUInt32LE(chunks.at(-1).length + 1000, 0);
    const json = answers.map((answer) => {
      const said = toJson(answer);
      return lie === 'wrong-version-label' ? { ...said, version: otherLabel(said.version) } : said;
    });
    return { json, octets: Buffer.concat(chunks), version: json.at(-1)?.version };
  }

  /** @param {number} slot @returns {Promise<Body>} */
  async header(slot) {
    if (slot <= 0) throw new HttpError(404, 'nothing but the genesis yet');
    const { root, beacon } = await this.chain.block(slot);
    const header = { message: BeaconBlockHeader.toJson(beacon), signature: hex(new Uint8Array(96)) };
    return { json: { execution_optimistic: false, finalized: false, data: { root: hex(root), canonical: true, header } } };
  }

  /** @param {import('node:http').ServerResponse} response @param {Body} answer @param {boolean} wanted octets @param {string} [lie] */
  send(response, { json, octets, version }, wanted, lie) {
    const asOctets = wanted && octets !== undefined;
    let body = asOctets ? octets : Buffer.from(JSON.stringify(json));
    const headers = { 'content-type': asOctets ? OCTETS : 'application/json' };
    if (version) headers['eth-consensus-version'] = version;
    if (lie === 'short-body') body = body.subarray(0, body.length >> 1);
    if (lie === 'long-body') body = Buffer.concat([body, Buffer.from('more of the same')]);
    if (lie === 'not-json') body = Buffer.from('<html><body>Bad gateway</body></html>');
    if (lie === 'truncated-body') {
      response.writeHead(200, { ...headers, 'content-length': body.length });
      response.write(body.subarray(0, body.length >> 1), () => response.destroy());
      return;
    }
    response.writeHead(200, headers);
    if (lie !== 'oversized-body') return void response.end(body);
    response.write(body);
    let left = 64;
    const more = () => {
      while (left-- > 0) if (!response.write(Buffer.alloc(1 << 20, ' '))) return;
      response.end();
    };
    response.on('drain', more);
    more();
  }
}

/** The lie if it is one about what is said. @param {string} [lie] */
const told = (lie) => (lie !== undefined && lie in LIES ? lie : undefined);

/** @param {string} version */
const otherLabel = (version) => (version === 'deneb' ? 'capella' : 'deneb');

/** @param {ConstructorParameters<typeof BeaconServer>[0] & { port?: number }} options */
export const startServer = ({ port, ...options }) => new BeaconServer(options).listen(port);
