// SPDX-License-Identifier: MIT
// The module's digests of typed data are those of other libraries.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './typed_data.mjs';

test('random documents have the digests of viem and ethers', () => {
  assert.equal(compare(300, 1612), 300);
});
