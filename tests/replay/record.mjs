// SPDX-License-Identifier: MIT
//
// Records the transcripts: sessions with a real local chain, through endpoints of which some lie, break or come
// late. Run it when the core asks for other things than before:  node tests/replay/record.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../../build/js/index.mjs';
import { startAnvil } from '../devnet/rollup/anvil.mjs';
import { Player } from './player.mjs';

const folder = join(import.meta.dirname, 'transcripts');
const word = (/** @type {number} */ value) => `0x${value.toString(16).padStart(64, '0')}`;

/** @typedef {(answer: any, want: { endpoint: number, method: string, try: number }) => any} Lie null breaks the connection */

/** @type {Record<string, { endpoints: number, quorum: number, question?: object, lie?: Lie, order?: 'reversed', late?: number }>} */
const sessions = {
  honest: { endpoints: 1, quorum: 1, question: { code: 1 } },
  'forged-header': {
    endpoints: 3, quorum: 2,
    lie: (answer, { endpoint, method }) =>
      endpoint === 0 && method === 'eth_getBlockByNumber' ? { ...answer, gasUsed: '0x7' } : answer,
  },
  'altered-node': {
    endpoints: 3, quorum: 2,
    lie: (answer, { endpoint, method }) => {
      if (endpoint !== 0 || method !== 'eth_getProof') return answer;
      const [first, ...others] = answer.accountProof;
      return { ...answer, accountProof: [`${first.slice(0, -2)}00`, ...others] };
    },
  },
  'stripped-storage-proof': {
    endpoints: 1, quorum: 1,
    lie: (answer, { method }) => (method === 'eth_getProof' ? { ...answer, storageProof: [] } : answer),
  },
  'wrong-code-first': {
    endpoints: 2, quorum: 2, question: { code: 1 }, order: 'reversed',
    lie: (answer, { endpoint, method }) => (endpoint === 0 && method === 'eth_getCode' ? '0x6001' : answer),
  },
  'silence': { endpoints: 2, quorum: 1, lie: (answer, { endpoint }) => (endpoint === 0 ? null : answer) },
  'broken-once': { endpoints: 1, quorum: 1, lie: (answer, want) => (want.try === 1 ? null : answer) },
  'other-chain': { endpoints: 2, quorum: 2, lie: (answer, { endpoint, method }) => (endpoint === 1 && method === 'eth_chainId' ? '0xa' : answer) },
  'late': { endpoints: 2, quorum: 2, late: 5000 },
  'absent-account': { endpoints: 1, quorum: 1, question: { address: `0x${'ab'.repeat(20)}`, slots: [word(1)] } },
};

const chain = await startAnvil(['--chain-id', '1612', '--network', 'optimism']);
const ol = await load();
const [from] = await chain.ask('eth_accounts');
// A contract of one byte of code (STOP), whose constructor stores 5 at slot 0 and 6 at slot 7.
const { contractAddress } = await chain.send({ from, data: '0x600560005560066007556001600c60003960016000f300' });

for (const [name, { endpoints, quorum, question = {}, lie = (answer) => answer, order, late }] of Object.entries(sessions)) {
  const block = await chain.ask('eth_getBlockByNumber', 'latest', false);
  let now = Number(block.timestamp) * 1000 + 1500;
  const transcript = {
    config: { chainId: 1612, endpoints, quorum, timeoutMs: 4000, maxAnswer: 0 },
    question: { address: contractAddress, block: 0, number: 0, hash: word(0), maxAge: 120, code: 0, slots: [word(0), word(7), word(9)], ...question },
    events: /** @type {[string, number, (string | number)?][]} */ ([]),
  };
  const player = new Player(ol, transcript.config, transcript.question);
  /** @param {[string, number, (string | number)?]} event */
  const play = (event) => {
    transcript.events.push(event);
    player.play(event);
  };
  /** @type {Map<string, number>} */
  const tries = new Map();
  play(['begin', now]);
  while (player.working) {
    const wants = player.wants.splice(0);
    if (order === 'reversed') wants.reverse();
    if (late && transcript.events.length === 1) play(['tick', (now += late)]);
    for (const want of wants) {
      const { method, params } = JSON.parse(want.body);
      const key = `${want.endpoint} ${method}`;
      tries.set(key, (tries.get(key) ?? 0) + 1);
      const result = lie(await chain.ask(method, ...params), { endpoint: want.endpoint, method, try: tries.get(key) ?? 0 });
      if (result === null) play(['fail', want.id, 1]);
      else play(['feed', want.id, JSON.stringify({ jsonrpc: '2.0', id: want.id, result })]);
    }
    play(['tick', (now += 100)]);
  }
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(transcript)}\n`);
  const log = player.end();
  writeFileSync(join(folder, `${name}.log`), log);
  console.log(`${name}: ${log.trimEnd().split('\n').at(-1)?.slice(0, 100)}`);
}
await chain.close();
