// SPDX-License-Identifier: MIT
// What the page and the worker do: load the module, verify proofs, ask over fetch, be refused a forgery.
import { load } from '/js/index.mjs';

export async function verify() {
  const cases = await (await fetch('/cases.json')).json();
  const ol = await load();
  const texts = cases.proofs.map((/** @type {any} */ { header, proof }) => ol.verifyAccount({ header, proof }).text);
  const { address, endpoints, forged } = cases;
  const live = await ol.client({ endpoints, now: () => cases.now }).account({ address });
  /** @type {any} */
  let refusal = null;
  await ol.client({ endpoints: [forged], now: () => cases.now }).account({ address }).catch((/** @type {any} */ error) => {
    refusal = { status: error.status, part: error.part };
  });
  return { texts, live: live.text, refusal };
}
