// SPDX-License-Identifier: MIT
import { verify } from './verify.mjs';

verify().then((result) => postMessage(result), (error) => postMessage({ error: String(error) }));
