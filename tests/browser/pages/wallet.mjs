// SPDX-License-Identifier: MIT
// Makes a vault with the default parameters and opens it, and measures how long the page cannot do anything else.
import { load } from '/js/index.mjs';

const utf8 = new TextEncoder();

async function measure() {
  const ol = await load();
  const wallet = ol.wallet();
  const address = wallet.addAccount(wallet.addMnemonic(wallet.newMnemonic()));
  let [steps, unseen, mostUnseen, longest, last, ended] = [0, 0, 0, 0, performance.now(), false];
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    [last, unseen] = [now, 0];
    if (!ended) setTimeout(turn);
  };
  const onProgress = () => {
    steps++;
    mostUnseen = Math.max(mostUnseen, ++unseen);
  };
  turn();
  const began = performance.now();
  const vault = await wallet.seal(utf8.encode('password'), { onProgress });
  const took = performance.now() - began;
  const other = ol.wallet();
  await other.open(vault, utf8.encode('password'), { onProgress });
  ended = true;
  const isSame = other.accounts[0].address === address;
  const { bytes: signature } = other.proposeMessage(address, 'hello').approve().sign();
  return { isSame, isVerified: ol.verifyMessage({ address, message: 'hello', signature }), steps, mostUnseen, longest, took };
}

const done = (/** @type {unknown} */ result) => Object.assign(globalThis, { result });
measure().then(done, (error) => done({ error: String(error) }));
