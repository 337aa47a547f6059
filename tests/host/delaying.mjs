// SPDX-License-Identifier: MIT
// Servers in front of others, which answer late and in waves: nothing before the last of what is out together is there.
// So what depends on an answer is asked for in a later wave, and their number is that of the round trips.
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const DELAY_MS = 150; // by which all that is asked at once has come

/** @param {Record<string, string>} servers their URLs by name */
export async function startDelaying(servers) {
  /** What each wave asked for. @type {string[][]} */
  const waves = [];
  /** @type {{ out: number, end: () => void, ended: Promise<void> } | null} */
  let wave = null;
  const open = () => {
    waves.push([]);
    let end = () => {};
    const ended = /** @type {Promise<void>} */ (new Promise((resolve) => (end = resolve)));
    return { out: 0, end, ended };
  };

  /** @param {string} name @param {string} to */
  const serve = async (name, to) => {
    const server = http.createServer(async (request, response) => {
      let body = '';
      for await (const piece of request.setEncoding('utf8')) body += piece;
      const own = (wave ??= open());
      own.out++;
      waves[waves.length - 1].push(`${name}: ${request.url === '/' ? body.slice(0, 100) : request.url}`);
      const { method, headers } = request;
      const type = headers['content-type'];
      const answer = await fetch(to.replace(/\/$/, '') + request.url, {
        method, body: method === 'POST' ? body : undefined,
        headers: { accept: headers.accept ?? '*/*', ...(type && { 'content-type': type }) },
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      await wait(DELAY_MS);
      if (--own.out === 0) {
        wave = null;
        own.end();
      }
      await own.ended;
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' }).end(bytes);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return { server, url: `http://127.0.0.1:${port}` };
  };

  const all = await Promise.all(Object.entries(servers).map(async ([name, to]) => /** @type {const} */ ([name, await serve(name, to)])));
  return {
    waves,
    urls: Object.fromEntries(all.map(([name, { url }]) => [name, url])),
    close: () => Promise.all(all.map(([, { server }]) => (server.closeAllConnections(), new Promise((done) => server.close(done))))),
  };
}
