// SPDX-License-Identifier: MIT
// How wants reach servers: over HTTP with fetch, or in any way that the caller brings.
import { refuse, TransportError } from './errors.mjs';

/**
 * @typedef {object} Want a request that the core wants made
 * @property {bigint} id never used twice by one question
 * @property {'beacon' | 'l1' | 'l2' | 'node' | 'sequencer'} source what kind of server it is for
 * @property {number} endpoint which of that kind, counted from 0
 * @property {'GET' | 'POST'} method
 * @property {'json' | 'ssz'} format that is wanted; where it is SSZ, JSON will do too
 * @property {string} path to append to the server's URL; may be empty
 * @property {string} body JSON
 * @property {number} maxLength bytes; a longer answer is refused
 * @property {number} deadlineMs Unix time after which the answer is of no use
 */

/**
 * Makes one request. It throws a TransportError to say what kind of failure there was, and gives up when the
 * signal says so.
 * @typedef {(want: Want, signal: AbortSignal) => Promise<string | Uint8Array | ArrayBuffer>} Transport
 */

/** @typedef {{ url: string | URL, headers?: Record<string, string> }} HttpEndpoint */
/** @typedef {string | URL | HttpEndpoint | Transport} Endpoint */

/** Reads a body, and stops where it gets too long. @param {Response} response @param {number} maxLength */
async function readBody(response, maxLength) {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxLength) {
      reader.cancel().catch(() => {});
      throw new TransportError('too large');
    }
    chunks.push(value);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

const ACCEPT = { json: 'application/json', ssz: 'application/octet-stream, application/json;q=0.9' };

/** Puts a want's path between an endpoint's own and its query. @param {string | URL} url @param {string} path */
function urlOf(url, path) {
  if (path === '') return `${url}`;
  const { origin, pathname, search } = new URL(url);
  const base = path.startsWith('/') ? pathname.replace(/\/$/, '') : pathname;
  return `${origin}${base}${path}${path.includes('?') ? search.replace('?', '&') : search}`;
}

/**
 * HTTP over fetch: no redirects, no cookies, no cache.
 * @param {HttpEndpoint} endpoint
 * @returns {Transport}
 */
export const http = ({ url, headers = {} }) => async ({ method, format, path, body, maxLength }, signal) => {
  const response = await fetch(urlOf(url, path), {
    method,
    headers: {
      accept: ACCEPT[format],
      ...(method === 'POST' && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: method === 'POST' ? body : undefined,
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    signal,
  });
  if (response.status !== 200) {
    response.body?.cancel().catch(() => {});
    throw new TransportError('http', `HTTP status ${response.status}`);
  }
  return readBody(response, maxLength);
};

/** @type {WeakSet<Transport>} */
const ofBundles = new WeakSet();

/** Marks a transport that answers by a bundle. @param {Transport} transport */
export function ofBundle(transport) {
  ofBundles.add(transport);
  return transport;
}

/** @param {Transport} transport */
export const isOfBundle = (transport) => ofBundles.has(transport);

/** The endpoints that a profile names (rollup.h), by their kinds. @param {unknown} profile @returns {Record<string, string[] | undefined>} */
export const endpointsIn = (profile) => /** @type {any} */ (profile)?.endpoints ?? {};

/**
 * The transports of independent endpoints: the same URL twice would count as two in a quorum, so it is refused.
 * @param {Endpoint[]} endpoints
 * @returns {Transport[]}
 */
export function transportsOf(endpoints) {
  const places = new Set();
  return endpoints.map((endpoint) => {
    if (typeof endpoint === 'function') return endpoint;
    const options = typeof endpoint === 'string' || endpoint instanceof URL ? { url: endpoint } : endpoint;
    const { href } = new URL(options.url);
    const place = href.replace(/\/+$/, '');
    if (places.has(place)) refuse(`the same endpoint twice, ${href}; they must be independent`);
    places.add(place);
    return http({ ...options, url: href });
  });
}
