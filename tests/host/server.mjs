// SPDX-License-Identifier: MIT
// A web server with bad manners, for the tests of the native host. It listens on loopback, prints
// "PORT TLS_PORT STRANGER_PORT CERTIFICATE_FILE", and ends with its standard input. The certificate file is
// what the TLS port presents, for "localhost"; the stranger's is signed by itself for another name, and is in
// the file too.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { selfSigned } from './certificate.mjs';

let connections = 0;
let redirected = 0;
/** @type {http.ServerResponse[]} */
let gathered = [];

const routes = {
  '/echo': (request, response, query, body) =>
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        headers: request.headers,
        bytesRead: request.socket.bytesRead,
        body,
      }),
    ),
  '/connections': (request, response) => response.end(String(connections)),
  '/redirected': (request, response) => response.end(String(redirected)),
  '/status': (request, response, query) => response.writeHead(Number(query.get('code'))).end('{"sorry":true}'),
  '/redirect': (request, response) => response.writeHead(302, { location: '/target' }).end(),
  '/target': (request, response) => {
    redirected++;
    response.end('target');
  },
  '/long': (request, response, query) => {
    const data = Buffer.alloc(Number(query.get('len')), 'x');
    if (query.has('announced')) response.setHeader('content-length', data.length);
    else response.write(data.subarray(0, 1)); // so that it goes out in chunks
    response.end(query.has('announced') ? data : data.subarray(1));
  },
  // Never ends by itself.
  '/flood': (request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65536, 'x')));
    };
    response.on('drain', more);
    more();
  },
  '/silence': () => {},
  '/hang': (request, response) => response.write('{"half":'),
  '/break': (request) => request.socket.destroy(),
  '/halfway': (request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('x'.repeat(10), () => request.socket.destroy());
  },
  '/garbage': (request) => request.socket.end('this is not HTTP\r\n\r\n'),
  '/gzip': (request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"packed":true}')),
  // Answers when so many requests are open at once, and never if they come one after the other.
  '/gather': (request, response, query) => {
    gathered.push(response);
    if (gathered.length < Number(query.get('count'))) return;
    for (const each of gathered) each.end(String(gathered.length));
    gathered = [];
  },
};

function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const name = pathname.slice(pathname.lastIndexOf('/'));
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const route = routes[name];
    if (route) route(request, response, searchParams, Buffer.concat(pieces).toString());
    else response.writeHead(404).end();
  });
}

const folder = mkdtempSync(join(tmpdir(), 'openledger-host-'));
const certificateFile = join(folder, 'certificates.pem');
const own = selfSigned('localhost');
const stranger = selfSigned('somebody.example');
writeFileSync(certificateFile, own.cert + stranger.cert);
process.on('exit', () => rmSync(folder, { recursive: true }));

const servers = [http.createServer(answer), https.createServer(own, answer), https.createServer(stranger, answer)];
servers[0].on('connection', () => connections++);
await Promise.all(servers.map((server) => new Promise((done) => server.listen(0, '127.0.0.1', done))));
console.log(...servers.map((server) => server.address().port), certificateFile);
process.stdin.resume().on('end', () => process.exit(0));
