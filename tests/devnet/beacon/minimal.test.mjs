// SPDX-License-Identifier: MIT
// The minimal preset before another project's light client, which has one preset a process.
process.env.LODESTAR_PRESET = 'minimal';
import assert from 'node:assert/strict';
import { test } from 'node:test';
const { Chain, toBytes } = await import('./chain.mjs');
const { lodestar } = await import('./lodestar.mjs');

for (const fork of ['capella', 'electra', 'fulu']) {
  test(`${fork}: 40 periods of the minimal preset`, async () => {
    const now = 44 * 64 + 40;
    const chain = new Chain({ preset: 'minimal', forks: { [fork]: 0 }, clock: () => 1_600_000_000 + now * 6 });
    const client = await lodestar(chain, 4 * 64 + 8);
    for (let period = 4; chain.hasUpdate(period); period++) {
      const update = await chain.update(period);
      client.onUpdate(now, update.type.deserialize(toBytes(update)));
    }
    const finality = await chain.finalityUpdate(now);
    client.onFinalityUpdate(now, finality.type.deserialize(toBytes(finality)));
    assert.equal(client.store.finalizedHeader.beacon.slot, chain.finalizedSlotAt(now - 1));
  });
}
