// SPDX-License-Identifier: MIT
// Each situation of a proposal is really there, by what the oracle says of it itself.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { toHex } from 'viem';
import { noAnvil } from './anvil.mjs';
import { VARIANTS, startDevnet } from './devnet.mjs';
import { layoutOf } from './layouts.mjs';
import { SITUATIONS } from './oracle.mjs';
import { outputRootOf } from './output.mjs';
import { prove } from './proof.mjs';

/** @type {(() => Promise<unknown>)[]} */
const endings = [];
after(() => Promise.all(endings.map((end) => end())));

for (const variant of VARIANTS.filter((name) => name.startsWith('oracle'))) {
  for (const name of Object.keys(SITUATIONS)) {
    test(`${variant}: ${name}`, { skip: noAnvil }, async () => {
      const net = await startDevnet({ variant });
      endings.push(net.close);
      const { l2OutputOracle: oracle, optimismPortal: portal, superchainConfig } = net.contracts;
      const { index, root, l2Block, output, level } = /** @type {any} */ (await net.make(name));
      assert.equal(level, SITUATIONS[name].level);
      assert.equal(outputRootOf(output), output.root);
      assert.equal(root === output.root, name !== 'other-block' && name !== 'invented');
      if (name === 'other-block') assert.equal(root, (await net.outputAt(l2Block - 1)).root);
      assert.equal(await superchainConfig.read('paused'), name === 'paused');
      assert.equal(await portal.read('paused'), name === 'paused');

      const { at } = layoutOf(net.release, 'L2OutputOracle').fields.l2Outputs;
      const slot = toHex(BigInt(/** @type {string} */ (at)) + BigInt(2 * index), { size: 32 });
      const { values: [stored] } = await prove(net.l1, oracle.address, [slot]);
      assert.equal(stored, root, 'it stays in storage, deleted or not');
      if (name === 'deleted') {
        assert.equal(await oracle.read('nextOutputIndex'), BigInt(index));
        await assert.rejects(oracle.read('getL2Output', [BigInt(index)]));
        return;
      }
      const { outputRoot, timestamp, l2BlockNumber } = await oracle.read('getL2Output', [BigInt(index)]);
      assert.deepEqual([outputRoot, l2BlockNumber], [root, BigInt(l2Block)]);
      const isOld = BigInt(await net.l1.time()) > timestamp + (await oracle.read('finalizationPeriodSeconds'));
      assert.equal(isOld, ['final', 'paused'].includes(name));
      assert.equal(await portal.read('isOutputFinalized', [BigInt(index)]), isOld);
      await net.close();
    });
  }
}
