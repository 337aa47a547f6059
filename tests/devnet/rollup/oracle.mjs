// SPDX-License-Identifier: MIT
// Proposals in an output oracle, and bad ones by name.
import { keccak256, toHex } from 'viem';
import { outputAt } from './output.mjs';
import { TERMS, pauseAll } from './system.mjs';

/**
 * @typedef {`0x${string}`} Hex
 *
 * @typedef {object} Proposal
 * @property {number} index in the oracle's list
 * @property {Hex} root
 * @property {number} l2Block
 * @property {import('./games.mjs').Output} output the true one of that block
 */

const PASSING = TERMS.finalizationPeriod + 1;

/**
 * The situations, each with what is the matter; `level` and `takes` are as they are of games.
 * @typedef {import('./games.mjs').Level} Level
 * @type {Record<string, { level: Level, takes: number, about: string }>}
 */
export const SITUATIONS = {
  'final': { level: 'finalized', takes: PASSING, about: 'the finalization period has passed' },
  'young': { level: 'proposed', takes: 0, about: 'just proposed' },
  'deleted': {
    level: 'refused',
    takes: PASSING,
    about: 'deleted by the challenger, and old: the list is shorter, but what it held stays in storage',
  },
  'other-block': { level: 'proposed', takes: 0, about: 'the true output root of the block before' },
  'invented': { level: 'proposed', takes: 0, about: 'the output root of no block' },
  'paused': { level: 'refused', takes: PASSING, about: 'as final, while the superchain is paused' },
};

/** @param {import('./games.mjs').World} world */
export function oracleOf({ l1, l2, roles, contracts, time }) {
  const { l2OutputOracle: oracle } = contracts;
  const pass = () => time.advance(PASSING);

  /** @param {(number: number) => Promise<Hex>} [claimOf] by default the truth @returns {Promise<Proposal>} */
  async function propose(claimOf) {
    const l2Block = Number(await oracle.read('nextBlockNumber'));
    const missing = l2Block - Number(await l2.ask('eth_blockNumber'));
    if (missing > 0) await time.mineL2(missing);
    await time.catchUp(Number(await oracle.read('computeL2Timestamp', [BigInt(l2Block)])));
    const output = await outputAt(l2, l2Block);
    const root = claimOf ? await claimOf(l2Block) : output.root;
    const origin = await l1.block();
    await oracle.send(roles.proposer, 'proposeL2Output', [root, BigInt(l2Block), origin.hash, BigInt(origin.number)]);
    return { index: Number(await oracle.read('latestOutputIndex')), root, l2Block, output };
  }

  /** @param {() => Promise<unknown>} after */
  async function proposedAnd(after) {
    const proposal = await propose();
    await after();
    return proposal;
  }

  /** @param {number} index the first that goes */
  const deleteFrom = (index) => oracle.send(roles.challenger, 'deleteL2Outputs', [BigInt(index)]);

  /** @type {Record<keyof typeof SITUATIONS, () => Promise<Proposal>>} */
  const makers = {
    'final': () => proposedAnd(pass),
    'young': () => propose(),
    'deleted': async () => {
      const proposal = await propose();
      await deleteFrom(proposal.index);
      await pass(); // old enough, if its time alone were looked at
      return proposal;
    },
    'other-block': () => propose(async (number) => (await outputAt(l2, number - 1)).root),
    'invented': () => propose(async (number) => keccak256(toHex(`devnet: the output of nothing, ${number}`))),
    'paused': () => proposedAnd(async () => {
      await pass();
      await pauseAll(contracts, roles);
    }),
  };

  return {
    situations: Object.keys(makers),
    /** @param {string} name of a situation @returns {Promise<Proposal & { level: Level }>} the proposal that it is about */
    async make(name) {
      if (!makers[name]) throw new Error(`no such situation: ${name}`);
      return { ...await makers[name](), level: SITUATIONS[name].level };
    },
    /** The true output of the next block that the oracle waits for. */
    propose: () => propose(),
    /** Any root. @param {Hex} root */
    claim: (root) => propose(async () => root),
    deleteFrom,
    /** Until what is proposed now may be relied on. */
    passDelay: pass,
  };
}
