// SPDX-License-Identifier: MIT
// A session from a checkpoint of Ethereum to an account of an L2, in which each request fails in each way, once or from
// then on: the answer is right or there is none, and it does not take for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDevnet } from '../devnet/rollup/devnet.mjs';
import { FAULTS, SESSION_MS, startCounter, timeoutOf, transports } from './faults.mjs';
import { openledger as ol, sdk } from './support.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */

/** Late answers are waited for, so fewer requests are late: every third. */
const LATE_STEP = 3;

/** A rollup whose newest output root is of a block at which an account's balance is known. */
async function world(/** @type {import('node:test').TestContext} */ t) {
  const devnet = await startDevnet({ variant: 'games-0.17.3', preset: 'minimal' });
  t.after(() => devnet.close());
  const { l2Block } = await devnet.propose();
  await devnet.present();
  const address = devnet.keys.owner.address;
  const balance = BigInt(await devnet.l2.ask('eth_getBalance', address, `0x${l2Block.toString(16)}`));
  return { ...devnet, address, block: BigInt(l2Block), balance, root: await devnet.checkpoint() };
}

/** One session. @param {Awaited<ReturnType<typeof world>>} net @param {number} copies @param {number} first @param {number} end @param {Fault} fault */
async function session({ urls, profile, root, address }, copies, first, end, fault) {
  const timeoutMs = timeoutOf(fault);
  const counter = startCounter();
  const of = (/** @type {string} */ url) => transports({ url, counter, copies, first, end, fault });
  const signal = AbortSignal.timeout(SESSION_MS);
  const l1 = of(urls.l1);
  const sync = ol.sync({ beacon: of(urls.beacon), l1, checkpoint: root, network: profile, timeoutMs });
  /** @type {import('openledger').Blame[]} */
  const blames = [];
  const onBlame = (/** @type {import('openledger').Blame} */ blame) => blames.push(blame);
  try {
    await sync.run({ signal, onBlame });
    const client = ol.client({ endpoints: of(urls.l2), l1, sync, rollup: profile, timeoutMs });
    const answer = await client.account({ address, trust: 'proposed' }, { signal, onBlame });
    return { answer, asked: counter.asked, blames };
  } catch (error) {
    return { error, asked: counter.asked, blames };
  } finally {
    sync.close();
  }
}

const CASES = /** @type {const} */ ([
  ['each request fails in each way, with no other server', 1],
  ['each request fails in each way, with an honest server of each kind besides', 2],
]);
for (const [name, copies] of CASES) {
  test(name, async (t) => {
    const net = await world(t);
    const { asked, answer } = await session(net, copies, 0, 0, FAULTS.failed);
    assert.ok(answer, 'no session without faults');
    assert.ok(asked >= 7, `only ${asked} requests`);
    const outcomes = { right: 0, refused: 0 };
    for (const [way, fault] of Object.entries(FAULTS)) {
      for (let first = 0; first < asked; first += fault === FAULTS.late ? LATE_STEP : 1) {
        for (const end of [first + 1, Infinity]) {
          const what = `request ${first} of ${asked} ${way} ${end === Infinity ? 'and all after it' : 'once'}`;
          const found = await session(net, copies, first, end, fault);
          if (found.answer) {
            assert.equal(found.answer.trust.level, 'proposed', what);
            assert.deepEqual([found.answer.block.number, found.answer.balance], [net.block, net.balance], what);
            outcomes.right++;
          } else {
            assert.ok(found.error instanceof sdk.OpenLedgerError, `${what}: ${found.error}`);
            assert.equal(copies, 1, `${what}: an honest server was not enough: ${found.error}`);
            outcomes.refused++;
          }
          assert.deepEqual(found.blames.filter(({ endpoint }) => endpoint !== 0), [], `${what}: an honest server was blamed`);
        }
      }
    }
    t.diagnostic(`${outcomes.right} right answers, ${outcomes.refused} errors`);
    assert.ok(copies === 2 || outcomes.refused > 0, 'no fault did anything');
  });
}
