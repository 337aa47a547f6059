// SPDX-License-Identifier: MIT
// An endpoint that lies: it stands between a client and an honest chain, and changes what some methods answer.
import { createServer } from 'node:http';

/**
 * @typedef {(method: string, ...params: unknown[]) => Promise<any>} Ask
 * @typedef {(result: any, ask: Ask, params: any[]) => any} Forge gets the honest result, and a way to ask the chain for more
 */

/**
 * @param {Ask} ask the honest chain
 * @param {Record<string, Forge>} forges by the method whose answers they change
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startForger(ask, forges) {
  const answerTo = async ({ id, method, params }) => {
    const honest = await ask(method, ...params);
    return { jsonrpc: '2.0', id, result: forges[method] ? await forges[method](honest, ask, params) : honest };
  };
  const server = createServer(async (request, response) => {
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const asked = JSON.parse(Buffer.concat(chunks).toString());
      const answer = Array.isArray(asked) ? await Promise.all(asked.map(answerTo)) : await answerTo(asked);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    } catch (error) {
      response.statusCode = 502;
      response.end(String(error));
    }
  });
  await new Promise((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', () => done(undefined)));
  return {
    url: `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`,
    stop: () => new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    }),
  };
}
