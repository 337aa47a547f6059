// SPDX-License-Identifier: MIT
import { verify } from './verify.mjs';

const done = (/** @type {unknown} */ result) => Object.assign(globalThis, { result });
verify().then(done, (error) => done({ error: String(error) }));
