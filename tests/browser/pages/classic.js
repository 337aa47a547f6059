// SPDX-License-Identifier: MIT
// For scripts that are no modules. A page gives the cases in a variable, where it cannot fetch them.
(async () => {
  const scope = /** @type {any} */ (globalThis);
  const cases = scope.cases ?? (await (await fetch('/cases.json')).json());
  const ol = await scope.OpenLedger.load();
  return { texts: cases.proofs.map((/** @type {any} */ { header, proof }) => ol.verifyAccount({ header, proof }).text) };
})()
  .catch((error) => ({ error: String(error) }))
  .then((result) => (typeof document === 'object' ? Object.assign(globalThis, { result }) : postMessage(result)));
